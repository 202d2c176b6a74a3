/** Play and pause: which place is due, given the time that has gone by. No timers here; the caller has the clock. */
import type { Place } from '../protocol.ts';
import { clampPlace } from './place.ts';

/** Operations a second that the page offers. */
export const SPEEDS = [0.5, 1, 2, 5, 20, 100, 1000] as const;
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
  return { ...player, speed, since: now };
}

/** Milliseconds until the next move is due. */
export function wait(player: Player, now: number): number {
  return Math.max(0, player.since + Math.max(SHORTEST, 1000 / player.speed) - now);
}

/** Where to be at `now`. At the end, playing stops unless `more` is to come. */
export function advance(
  player: Player,
  place: Place,
  length: number,
  now: number,
  more: boolean,
): { player: Player; place: Place } {
  if (!player.playing) return { player, place };
  const steps = Math.floor(((now - player.since) * player.speed) / 1000 + 1e-6);
  if (steps < 1) return { player, place };
  const next = clampPlace({ entry: place.entry + steps, inner: 0 }, length);
  const since = next.entry >= length ? now : player.since + (steps * 1000) / player.speed;
  return { player: { ...player, since, playing: more || next.entry < length }, place: next };
}
