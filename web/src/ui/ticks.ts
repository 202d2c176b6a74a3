/** The strip of time: one tick an operation, or one for several where they are many. */

export interface Tick {
  /** Entries first .. end-1. */
  first: number;
  end: number;
  /** One of them went wrong: a BUG, an oops, a panic, a hang, or an allocation that failed. */
  wrong: boolean;
}

/** `room`: ticks that fit. */
export function ticksOf(
  outcomes: Uint8Array,
  length: number,
  room: number,
  isWrong: (outcome: number) => boolean,
): Tick[] {
  const count = Math.min(length, Math.max(1, Math.floor(room)));
  const ticks: Tick[] = [];
  for (let i = 0; i < count; i++) {
    const first = Math.floor((i * length) / count);
    const end = Math.floor(((i + 1) * length) / count);
    let wrong = false;
    for (let entry = first; entry < end && !wrong; entry++) wrong = isWrong(outcomes[entry] ?? 255);
    ticks.push({ first, end, wrong });
  }
  return ticks;
}

/** The place in time at a point of the strip, 0 .. 1. */
export function entryAt(fraction: number, length: number): number {
  return Math.min(length, Math.max(0, Math.round(fraction * length)));
}
