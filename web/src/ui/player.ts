/** Play and pause: which place is due, given the time that has gone by. No timers here; the caller has the clock. */
import type { Place } from '../protocol.ts';
import { clampPlace } from './place.ts';

/** In place of a speed: playing makes one step, and the next key or press the next. */
export const BY_KEY = 0;
/** Operations a second that the page offers. */
export const SPEEDS = [BY_KEY, 0.5, 1, 2, 5, 20, 100, 1000] as const;
/** Between two moves at least this many milliseconds: a screen shows no more. */
const SHORTEST = 33;

export interface Player {
  playing: boolean;
  speed: number;
  /** When the last move was made, in ms. */
  since: number;
}

export const PAUSED: Player = { playing: false, speed: 1, since: 0 };

export function play(player: Player, now: number): Player {
  return { ...player, playing: true, since: now };
}

export function pause(player: Player): Player {
  return { ...player, playing: false };
}

/** A new speed counts from now. */
export function withSpeed(player: Player, speed: number, now: number): Player {
  return { ...player, speed, since: now, playing: player.playing && speed !== BY_KEY };
}

/** The next speed up (1) or down (-1). */
export function nextSpeed(speed: number, direction: 1 | -1): number {
  const at = (SPEEDS as readonly number[]).indexOf(speed);
  return SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at + direction))] ?? speed;
}

/** Milliseconds until the next move is due. */
export function wait(player: Player, now: number): number {
  return Math.max(0, player.since + Math.max(SHORTEST, 1000 / player.speed) - now);
}

/** A range that is played again and again: places after `from` .. `to` operations. */
export interface Loop {
  from: number;
  to: number;
}

/** The loop with its beginning here; without an end yet, to the end of time. There is no loop of one place. */
export function loopFrom(loop: Loop | null, entry: number, length: number): Loop | null {
  if (entry >= length) return loop;
  return { from: entry, to: loop && loop.to > entry ? loop.to : length };
}

/** The loop with its end here; without a beginning yet, from the beginning of time. */
export function loopTo(loop: Loop | null, entry: number): Loop | null {
  if (entry <= 0) return loop;
  return { from: loop && loop.from < entry ? loop.from : 0, to: entry };
}

/** `steps` operations on, where what lies behind a loop's end is its beginning. */
function ahead(entry: number, steps: number, loop: Loop | null): number {
  if (!loop || entry + steps <= loop.to) return entry + steps;
  return entry > loop.to ? loop.from : loop.from + ((entry + steps - loop.to - 1) % (loop.to - loop.from + 1));
}

/** Where to be at `now`. At the end, playing stops unless `more` is to come. */
export function advance(
  player: Player,
  place: Place,
  length: number,
  now: number,
  more: boolean,
  loop: Loop | null = null,
): { player: Player; place: Place } {
  if (!player.playing) return { player, place };
  const steps = Math.floor(((now - player.since) * player.speed) / 1000 + 1e-6);
  if (steps < 1) return { player, place };
  const next = clampPlace({ entry: ahead(place.entry, steps, loop), inner: 0 }, length);
  const isLast = next.entry >= length && !loop;
  const since = isLast ? now : player.since + (steps * 1000) / player.speed;
  return { player: { ...player, since, playing: more || !isLast }, place: next };
}
