/**
 * A sentence is a list of parts, not HTML: the page decides how a frame, a zone or a call is shown and linked.
 */
import { digits } from './ui.en.ts';

export interface Part {
  text: string;
  /** The frame the text names. */
  frame?: number;
  /** First frame and number of frames that the text names. */
  frames?: [number, number];
  /** Zone slot (node * zone types + type). */
  zone?: number;
  /** A kernel function, by its own name. */
  op?: string;
}

/** `p\`Frame ${frame(7)} is free.\``: text, numbers and parts in one template; arrays of parts are spliced in. */
export function p(strings: TemplateStringsArray, ...values: (string | number | Part | Part[])[]): Part[] {
  const out: Part[] = [];
  const add = (part: Part): void => {
    const last = out[out.length - 1];
    if (last && isPlain(last) && isPlain(part)) last.text += part.text;
    else if (part.text !== '') out.push({ ...part });
  };
  strings.forEach((text, i) => {
    add({ text });
    const value = values[i];
    if (value === undefined) return;
    if (Array.isArray(value)) value.forEach(add);
    else add(typeof value === 'object' ? value : { text: typeof value === 'number' ? digits(value) : value });
  });
  return out;
}

function isPlain(part: Part): boolean {
  return Object.keys(part).length === 1;
}

/** The sentence as plain text, for aria labels, tests and copies. */
export function plain(parts: readonly Part[]): string {
  return parts.map((part) => part.text).join('');
}

/** Addresses and frame numbers are written in hexadecimal, counts in decimal. */
export function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}

export function frame(pfn: number): Part {
  return { text: hex(pfn), frame: pfn };
}

/** "0x10–0x1f"; one frame is just itself. */
export function span(first: number, count: number): Part {
  if (count <= 1) return frame(first);
  return { text: `${hex(first)}–${hex(first + count - 1)}`, frames: [first, count] };
}

/** With a small first letter, to go on behind a colon. */
export function small(parts: readonly Part[]): Part[] {
  return parts.map((part, i) =>
    i === 0 ? { ...part, text: part.text.charAt(0).toLowerCase() + part.text.slice(1) } : part,
  );
}

/** With a capital letter, to begin a sentence. */
export function capital(parts: readonly Part[]): Part[] {
  return parts.map((part, i) =>
    i === 0 ? { ...part, text: part.text.charAt(0).toUpperCase() + part.text.slice(1) } : part,
  );
}

export function call(text: string, op = text): Part {
  return { text, op };
}

/**
 * The same keys with the same kinds of values in another language: texts stay texts, functions keep their arguments.
 * A key that a language lacks is a type error.
 */
export type Translated<T> = T extends string
  ? string
  : T extends (...args: infer A) => infer R
    ? (...args: A) => R
    : { readonly [K in keyof T]: Translated<T[K]> };
