/** Operations that stand out on the timeline: the kernel stopped, an allocation failed, something went wrong unnoticed. */
import { countBefore } from '../core/search.ts';
import { OUTCOMES, type OutcomeName } from '../generated/tables.ts';
import type { Place } from '../protocol.ts';

/** The gravest first: where several share a place, it is the one that is seen. */
export const MARKER_KINDS = ['bug', 'misuse', 'failed'] as const;
export type MarkerKind = (typeof MARKER_KINDS)[number];

export interface Markers {
  /** Entries, in order, and the kind of each by its number. */
  entries: Uint32Array;
  kinds: Uint8Array;
  /** How many there are of each kind. */
  counts: Record<MarkerKind, number>;
}

const OF_OUTCOME: Readonly<Partial<Record<OutcomeName, MarkerKind>>> = {
  bug: 'bug',
  oops: 'bug',
  panic: 'bug',
  hang: 'bug',
  failed: 'failed',
  stall: 'failed',
};
const NONE = MARKER_KINDS.length;
const RANKS = OUTCOMES.map((outcome) => {
  const kind = OF_OUTCOME[outcome];
  return kind ? MARKER_KINDS.indexOf(kind) : NONE;
});
/** The number of the kind that an outcome is marked with; NONE: it is not. */
const rank = (outcome: number): number => RANKS[outcome] ?? NONE;
const MISUSE = MARKER_KINDS.indexOf('misuse');

export const NO_MARKERS: Markers = {
  entries: new Uint32Array(0),
  kinds: new Uint8Array(0),
  counts: { bug: 0, misuse: 0, failed: 0 },
};

/** @param misuse entries that brought troubles, in order */
export function markersOf(outcomes: Uint8Array, misuse: readonly number[]): Markers {
  const entries: number[] = [];
  const kinds: number[] = [];
  const counts = { ...NO_MARKERS.counts };
  for (let entry = 0, next = 0; entry < outcomes.length; entry++) {
    const isMisuse = misuse[next] === entry;
    if (isMisuse) next++;
    const kind = Math.min(rank(outcomes[entry] ?? 0), isMisuse ? MISUSE : NONE);
    if (kind === NONE) continue;
    entries.push(entry);
    kinds.push(kind);
    counts[MARKER_KINDS[kind] ?? 'bug']++;
  }
  return { entries: Uint32Array.from(entries), kinds: Uint8Array.from(kinds), counts };
}

/** Of two sides, the outcome that is marked for the graver reason. */
export function graver(here: Uint8Array, there: Uint8Array): Uint8Array {
  return here.map((outcome, i) => {
    const other = there[i] ?? outcome;
    return rank(other) < rank(outcome) ? other : outcome;
  });
}

/** Where the first marker behind a place is seen: after its operation. null: there is none. */
export function nextMarker({ entries }: Markers, place: Place): Place | null {
  const entry = entries[indexFrom(entries, place.entry)];
  return entry === undefined ? null : { entry: entry + 1, inner: 0 };
}

export function previousMarker({ entries }: Markers, place: Place): Place | null {
  // at (entry, 0) the operation before is the one that is seen
  const entry = entries[indexFrom(entries, place.inner > 0 ? place.entry : place.entry - 1) - 1];
  return entry === undefined ? null : { entry: entry + 1, inner: 0 };
}

/** The first of the sorted entries that is not below `least`. */
function indexFrom(entries: Uint32Array, least: number): number {
  return countBefore(entries.length, (i) => (entries[i] ?? 0) < least);
}
