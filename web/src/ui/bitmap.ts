/** The part of a boot bitmap that is worth looking at: whole rows around the frames concerned. */
import type { BootView } from '../protocol.ts';

export interface BitRow {
  pfn: number;
  /** One an existing frame: 1 reserved. */
  bits: number[];
}

/** At most `rows` rows of `columns` bits around `pfn`, or the first ones. */
export function bitWindow(boot: BootView, pfn: number | null, columns: number, rows: number): BitRow[] {
  const total = Math.ceil((boot.end_pfn - boot.start_pfn) / columns);
  const inside = pfn !== null && pfn >= boot.start_pfn && pfn < boot.end_pfn;
  const wanted = inside ? Math.floor((pfn - boot.start_pfn) / columns) - Math.floor(rows / 2) : 0;
  const from = Math.max(0, Math.min(wanted, total - rows));
  const out: BitRow[] = [];
  for (let row = from; row < Math.min(total, from + rows); row++) {
    const first = boot.start_pfn + row * columns;
    out.push({ pfn: first, bits: bitsOf(boot.reserved, first, Math.min(columns, boot.end_pfn - first)) });
  }
  return out;
}

function bitsOf(runs: readonly [number, number][], first: number, count: number): number[] {
  const bits = new Array<number>(count).fill(0);
  for (const [pfn, length] of runs) {
    const from = Math.max(pfn, first);
    const to = Math.min(pfn + length, first + count);
    if (to > from) bits.fill(1, from - first, to - first);
  }
  return bits;
}
