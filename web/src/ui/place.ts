/** Moves in time. A place is (entries done, events of the next one done); see protocol.ts. */
import type { Place } from '../protocol.ts';

export const START: Place = { entry: 0, inner: 0 };

export function samePlace(a: Place, b: Place): boolean {
  return a.entry === b.entry && a.inner === b.inner && (a.other ?? 0) === (b.other ?? 0);
}

/** Into what the timeline has: entries 0 .. length, and no inner steps past its end. */
export function clampPlace(place: Place, length: number): Place {
  const entry = Math.min(Math.max(0, Math.trunc(place.entry) || 0), length);
  const isInside = entry === place.entry && entry < length;
  const steps = (inner = 0): number => (isInside ? Math.max(0, Math.trunc(inner) || 0) : 0);
  return { entry, inner: steps(place.inner), ...(place.other ? { other: steps(place.other) } : {}) };
}

/** The place as the other side has it: inside an operation each side has steps of its own. */
export function turned({ entry, inner, other = 0 }: Place): Place {
  return { entry, inner: other, other: inner };
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
