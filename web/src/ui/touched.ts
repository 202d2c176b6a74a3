/** Which frames the events shown are about: what the map outlines. */
import { EVENTS } from '../generated/tables.ts';
import type { Ev, View, ZoneView } from '../protocol.ts';

export type Range = [pfn: number, count: number];

/** These say best what an operation was about; the others only where none of them came. */
const CHIEF = new Set(['handed_out', 'given_up', 'taken_back', 'moved', 'boot_handed_out']);
/** Kinds whose events name a frame. */
const NAMING = new Map(
  EVENTS.filter((info) => info.fields.some((field) => field.name === 'pfn')).map((info) => [info.name as string, info]),
);

const ZONED = new Set<string>(
  EVENTS.filter((info) => info.fields.some((field) => field.name === 'zone')).map((info) => info.name),
);

/** The frames that one event names; null where it names none. Fields that are zero are left out of events. */
export function rangeOf(event: Ev): Range | null {
  const info = NAMING.get(event.kind);
  if (!info) return null;
  const number = (name: string): number => Number(event[name] ?? 0);
  if (event.kind === 'split' || event.kind === 'merge')
    return [Math.min(number('pfn'), number('buddy')), 2 ** (number('order') + 1)];
  if (info.fields.some((field) => field.name === 'order')) return [number('pfn'), 2 ** number('order')];
  const isRange = info.fields.some((field) => field.name === 'count' && field.type === 'U32');
  return isRange ? (number('count') > 0 ? [number('pfn'), number('count')] : null) : [number('pfn'), 1];
}

/** The zones, that of the latest event that names one first: it is what the operation is about. */
export function zonesAt(view: View): ZoneView[] {
  const latest = view.events.slice(0, view.happened).findLast((event) => ZONED.has(event.kind));
  const zone = Number(latest?.zone ?? 0);
  const zones = view.zones.filter(({ size }) => size > 0);
  return latest ? [...zones.filter((one) => one.zone === zone), ...zones.filter((one) => one.zone !== zone)] : zones;
}

/** In rising order, neighbours and overlaps made one. */
export function united(ranges: readonly Range[]): Range[] {
  const out: Range[] = [];
  for (const [pfn, count] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last && pfn <= last[0] + last[1]) last[1] = Math.max(last[1], pfn + count - last[0]);
    else out.push([pfn, count]);
  }
  return out;
}

/** After an operation: the frames it was chiefly about. Inside one: those of the latest step that names any. */
export function touchedAt(view: Pick<View, 'events' | 'happened' | 'place'>): Range[] {
  const past = view.events.slice(0, view.happened);
  if (view.place.inner > 0) {
    const latest = past.map(rangeOf).findLast((range) => range !== null);
    return latest ? [latest] : [];
  }
  const chief = past.filter((event) => CHIEF.has(event.kind));
  return united((chief.length > 0 ? chief : past).map(rangeOf).filter((range) => range !== null));
}

/** Frames shown large. */
const MOST = 16;

/** The frames to show large: those of the operation, from the first on. */
export function closeFrames(view: Parameters<typeof touchedAt>[0]): number[] {
  const out: number[] = [];
  for (const [pfn, count] of touchedAt(view))
    for (let i = 0; i < count && out.length < MOST; i++) if (!out.includes(pfn + i)) out.push(pfn + i);
  return out.sort((a, b) => a - b);
}
