/** Colours as eyes see them: lightness, difference, and the three kinds of colour-blindness (Machado, Oliveira, Fernandes 2009). */

type Triple = [number, number, number];

const linear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

export function linearOf(hex: string): Triple {
  const n = parseInt(hex.slice(1), 16);
  return [linear((n >> 16) / 255), linear(((n >> 8) & 0xff) / 255), linear((n & 0xff) / 255)];
}

const NORMAL: Triple[] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** By kind, a matrix over linear red, green and blue; full severity. */
export const EYES: Record<'normal' | 'protan' | 'deutan' | 'tritan', Triple[]> = {
  normal: NORMAL,
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

export function seenBy(eyes: keyof typeof EYES, colour: Triple): Triple {
  const [r, g, b] = colour;
  return EYES[eyes].map((row) => Math.min(1, Math.max(0, row[0] * r + row[1] * g + row[2] * b))) as Triple;
}

/** CIE L*a*b* of linear sRGB under D65. */
export function lab([r, g, b]: Triple): Triple {
  const f = (t: number): number => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 / 116) * t + 16 / 116);
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** CIE 1976: about 2.3 is just noticeable. */
export function difference(a: Triple, b: Triple): number {
  return Math.hypot(...lab(a).map((value, i) => value - (lab(b)[i] ?? 0)));
}

/** Relative luminance, as the contrast ratio of WCAG has it. */
export const luminance = ([r, g, b]: Triple): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;
