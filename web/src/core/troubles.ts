/** What an operation brought: the troubles after it that were not there before. */
import type { Trouble } from '../protocol.ts';

/** Troubles of lists and counters are told apart by where they are, those of frames by their frames. */
const OF_LISTS = new Set<string>(['ring-null', 'ring-loop', 'ring-elsewhere', 'counter', 'pcp-counter']);

export function newTroubles(before: readonly Trouble[], after: readonly Trouble[]): Trouble[] {
  const known = new Set(before.map(nameOf));
  return after.filter((trouble) => !known.has(nameOf(trouble)) && !before.some((old) => covers(old, trouble)));
}

/** Most are what they were; there may be thousands. */
const nameOf = ({ kind, zone, list, pfn, count }: Trouble): string => `${kind} ${zone} ${list} ${pfn} ${count}`;

function covers(old: Trouble, trouble: Trouble): boolean {
  if (old.kind !== trouble.kind) return false;
  if (OF_LISTS.has(old.kind)) return old.zone === trouble.zone && old.list === trouble.list;
  return old.pfn <= trouble.pfn && old.pfn + old.count >= trouble.pfn + trouble.count;
}
