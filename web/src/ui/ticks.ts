/** The strip of time: one tick an operation, or one for several where they are many. */
import type { Place } from '../protocol.ts';
import { MARKER_KINDS, type MarkerKind, type Markers } from './markers.ts';

export interface Tick {
  /** Entries first .. end-1. */
  first: number;
  end: number;
  /** The gravest of the markers among them. */
  marker: MarkerKind | null;
}

/** `room`: ticks that fit. */
export function ticksOf(length: number, room: number, { entries, kinds }: Markers): Tick[] {
  const count = Math.min(length, Math.max(1, Math.floor(room)));
  const ticks = Array.from({ length: count }, (_, i): Tick => {
    return { first: Math.floor((i * length) / count), end: Math.floor(((i + 1) * length) / count), marker: null };
  });
  for (const [i, entry] of entries.entries()) {
    const tick = ticks[Math.floor(((entry + 1) * count - 1) / length)];
    const kind = MARKER_KINDS[kinds[i] ?? 0] ?? null;
    if (tick && kind && (!tick.marker || MARKER_KINDS.indexOf(kind) < MARKER_KINDS.indexOf(tick.marker)))
      tick.marker = kind;
  }
  return ticks;
}

/** Ticks whose markers have room for their shapes, `least` ticks apart; the gravest are asked first. */
export function shapedTicks(ticks: readonly Tick[], least: number): number[] {
  const shaped: number[] = [];
  const taken = new Uint8Array(ticks.length);
  for (const kind of MARKER_KINDS)
    for (const [i, tick] of ticks.entries()) {
      if (tick.marker !== kind || taken[i]) continue;
      shaped.push(i);
      taken.fill(1, Math.max(0, i - least + 1), i + least);
    }
  return shaped;
}

/** The place in time at a point of the strip, 0 .. 1. */
export function entryAt(fraction: number, length: number): number {
  return Math.min(length, Math.max(0, Math.round(fraction * length)));
}

/** Where in time a pointer held on a strip leads, from `place`; null: it only passes by, or leads nowhere else. */
export function placeHeld(event: PointerEvent, place: Place, length: number): Place | null {
  const entry = heldAt(event, length);
  return entry === null || (entry === place.entry && place.inner === 0) ? null : { entry, inner: 0 };
}

/** The place in time where a pointer is held on a strip; null: it only passes by. */
export function heldAt(event: PointerEvent, length: number): number | null {
  const strip = event.currentTarget as HTMLElement;
  if (event.type === 'pointerdown') strip.setPointerCapture(event.pointerId);
  else if (!(event.buttons & 1)) return null;
  const { left, width } = strip.getBoundingClientRect();
  return entryAt((event.clientX - left) / width, length);
}
