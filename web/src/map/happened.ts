/** What an operation did to the map, out of its events: which frames it changed, and how blocks split and merged on the way. */
import { EVENTS } from '../generated/tables.ts';
import type { Ev, Place, View } from '../protocol.ts';
import { type Range, rangeOf, united } from '../ui/touched.ts';
import type { Step } from './motion.ts';

const FRAMES = new Set<string>(EVENTS.filter(({ layer }) => layer === 'frames').map(({ name }) => name));

/** All frames that the operation has changed so far: of the one before, where none has begun. */
export function alteredAt(view: Pick<View, 'events' | 'happened'>): Range[] {
  const past = view.events.slice(0, view.happened).filter((event) => FRAMES.has(event.kind));
  return united(past.map(rangeOf).filter((range) => range !== null));
}

function stepOf(event: Ev): Step[] {
  if (event.kind !== 'split' && event.kind !== 'merge') return [];
  const pfn = Math.min(Number(event.pfn ?? 0), Number(event.buddy ?? 0));
  return [{ kind: event.kind, pfn, order: Number(event.order ?? 0) }];
}

/** The splits and merges between two places, where the way is one step forward: an operation, or a step inside one. */
export function stepsBetween(
  before: Place | null,
  view: Pick<View, 'events' | 'eventsFirst' | 'eventsEntry' | 'happened' | 'place'>,
): Step[] {
  const { place } = view;
  if (!before || before.entry !== view.eventsEntry) return [];
  const isOver = place.inner === 0 && place.entry === before.entry + 1;
  const isInto = place.entry === before.entry && place.inner > before.inner;
  if (!isOver && !isInto) return [];
  return view.events.slice(Math.max(0, before.inner - view.eventsFirst), view.happened).flatMap(stepOf);
}
