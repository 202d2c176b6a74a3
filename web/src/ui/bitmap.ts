/** The part of a boot bitmap that is worth looking at: whole rows around the frames concerned. */
import type { BootView, View } from '../protocol.ts';
import { num } from '../words/facts.ts';

export interface BitRow {
  pfn: number;
  /** One an existing frame: 1 reserved. */
  bits: number[];
}

/** The latest search for a run of zeros, as far as it has come. */
export interface Scan {
  /** Where it began, in steps of how many bits, and how many zeros it needs. */
  from: number;
  step: number;
  pages: number;
  /** The windows that it has looked at, the latest last. */
  windows: { pfn: number; count: number; fits: boolean }[];
}

/** What the events so far say of a node's latest search; null: there was none. */
export function scanOf(view: Pick<View, 'events' | 'happened'>, node: number): Scan | null {
  const here = view.events.slice(0, view.happened).filter((event) => num(event, 'node') === node);
  const begin = here.findLastIndex(({ kind }) => kind === 'boot_search');
  const search = here[begin];
  if (!search) return null;
  const windows = here
    .slice(begin)
    .filter(({ kind }) => kind === 'boot_scanned')
    .map((event) => ({ pfn: num(event, 'pfn'), count: num(event, 'count'), fits: event.fits === true }));
  return { from: num(search, 'pfn'), step: Math.max(1, num(search, 'step')), pages: num(search, 'pages'), windows };
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
