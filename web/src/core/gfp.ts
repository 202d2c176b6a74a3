import { KERNELS } from '../generated/tables.ts';

const bits = (mask: number): number => {
  let count = 0;
  for (let rest = mask >>> 0; rest !== 0; rest &= rest - 1) count++;
  return count;
};

/** A mask in the words of the kernel's programmers: compound names first (GFP_KERNEL|__GFP_COMP); what has no name in hex. */
export function gfpNames(kernel: string, mask: number): string {
  const table = KERNELS.find((candidate) => candidate.name === kernel);
  if (mask === 0) return '0';
  if (!table) return `0x${mask.toString(16)}`;
  const names = Object.entries(table.gfps).filter(([, value]) => value !== 0);
  // A compound of one bit (GFP_ATOMIC is __GFP_HIGH) is meant only where it is the whole mask.
  const whole = names.find(([name, value]) => value === mask && name.startsWith('GFP_'));
  if (whole) return whole[0];
  const ranked = names.sort(
    ([a, x], [b, y]) => bits(y) - bits(x) || Number(b.startsWith('__')) - Number(a.startsWith('__')),
  );
  const out: string[] = [];
  let rest = mask >>> 0;
  for (const [name, value] of ranked) {
    if ((rest & value) >>> 0 !== value >>> 0) continue;
    out.push(name);
    rest = (rest & ~value) >>> 0;
  }
  if (rest !== 0) out.push(`0x${rest.toString(16)}`);
  return out.join('|');
}
