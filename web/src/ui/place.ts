/** Moves in time. A place is (entries done, events of the next one done); see protocol.ts. */
import type { Place, SideNumber } from '../protocol.ts';

export const START: Place = { entry: 0, inner: 0 };

export function samePlace(a: Place, b: Place): boolean {
  return a.entry === b.entry && a.inner === b.inner && String(moved(a)) === String(moved(b));
}

/** Inner steps of the other sides, up to the last that has made any. */
export function moved({ others = [] }: Place): number[] {
  return others.slice(0, 1 + others.findLastIndex((inner) => inner > 0));
}

/** Inner steps of a side. */
export function innerOf({ inner, others = [] }: Place, side: SideNumber): number {
  return side === 0 ? inner : (others[side - 1] ?? 0);
}

/** The same place with another number of inner steps of one side. */
export function withInner(place: Place, side: SideNumber, inner: number): Place {
  if (side === 0) return { ...place, inner };
  const others = Array.from({ length: Math.max(side, place.others?.length ?? 0) }, (_, i) => place.others?.[i] ?? 0);
  return { ...place, others: others.with(side - 1, inner) };
}

/** Into what the timeline has: entries 0 .. length, and no inner steps past its end. */
export function clampPlace(place: Place, length: number): Place {
  const entry = Math.min(Math.max(0, Math.trunc(place.entry) || 0), length);
  const isInside = entry === place.entry && entry < length;
  const steps = (inner = 0): number => (isInside ? Math.max(0, Math.trunc(inner) || 0) : 0);
  const others = moved({ ...place, others: place.others?.map(steps) });
  return { entry, inner: steps(place.inner), ...(others.length > 0 ? { others } : {}) };
}

/** The place as a side has it: it changes places with side 0, so that the steps of `inner` are its own. */
export function turned(place: Place, side: SideNumber): Place {
  return withInner(withInner(place, side, place.inner), 0, innerOf(place, side));
}

/** To the end of the operation that is next or under way. */
export function stepOver(place: Place, length: number): Place {
  return clampPlace({ entry: place.entry + 1, inner: 0 }, length);
}

/** To the beginning of the operation under way, or else of the one before. */
export function stepBack(place: Place): Place {
  return place.inner > 0 ? { entry: place.entry, inner: 0 } : { entry: Math.max(0, place.entry - 1), inner: 0 };
}

/** One inner step on; after the last of `innerTotal` the operation is done. */
export function stepInto(place: Place, innerTotal: number, length: number): Place {
  if (place.entry >= length) return place;
  return place.inner + 1 >= innerTotal ? stepOver(place, length) : { ...place, inner: place.inner + 1 };
}

/** One inner step back; from a boundary between operations, to the one before. */
export function stepOut(place: Place): Place {
  return place.inner > 1 ? { ...place, inner: place.inner - 1 } : stepBack(place);
}

/** The place after event `index` of an entry that has `total`. */
export function afterEvent(entry: number, index: number, total: number): Place {
  return index + 1 >= total ? { entry: entry + 1, inner: 0 } : { entry, inner: index + 1 };
}
