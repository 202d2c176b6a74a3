/**
 * How all frames look at a place in time, one PF_PAINT byte each, kept up to date by what changed: and with it how many frames are
 * in each state, and where one state ends and the next begins.
 */
import { STATES } from '../generated/tables.ts';
import { STATE } from '../map/patterns.ts';
import type { Engine } from './engine.ts';

const UNKNOWN = STATES.indexOf('unknown');
/** Where this part of all frames changed, it is as quick to read them all. */
const MUCH = 1 / 4;

export class Painted {
  readonly bytes: Uint8Array;
  /** The same, four frames at once. */
  private readonly words: Uint32Array;
  /** By state. */
  readonly counts: number[] = STATES.map(() => 0);
  /** Runs of frames in one state. */
  runsTotal = 0;
  private readonly engine: Engine;
  private isKnown = false;

  constructor(engine: Engine) {
    this.engine = engine;
    this.words = new Uint32Array(Math.ceil(engine.frames / 4));
    this.bytes = new Uint8Array(this.words.buffer, 0, engine.frames);
  }

  /** The engine stands elsewhere now; `changed` frames may look different, null: all of them. Returns what has to be drawn. */
  update(changed: readonly (readonly [pfn: number, count: number])[] | null): typeof changed {
    const total = changed?.reduce((sum, [, count]) => sum + count, 0) ?? Infinity;
    if (!changed || !this.isKnown || total > this.bytes.length * MUCH) {
      this.readAll();
      return null;
    }
    for (const [pfn, count] of changed) this.read(pfn, count);
    return changed;
  }

  /** The state of a frame; of one that is in no memory, that it is not known. */
  stateOf(pfn: number): number {
    const byte = this.bytes[pfn];
    return byte === undefined ? UNKNOWN : byte & STATE;
  }

  private readAll(): void {
    const { bytes, counts } = this;
    bytes.set(this.engine.paint());
    counts.fill(0);
    this.runsTotal = 0;
    for (let pfn = 0, end = 0; pfn < bytes.length; pfn = end, this.runsTotal++) {
      end = this.runEnd(pfn);
      const state = (bytes[pfn] ?? 0) & STATE;
      counts[state] = (counts[state] ?? 0) + end - pfn;
    }
    this.isKnown = true;
  }

  /** One past the last frame of the run that pfn is in. */
  private runEnd(pfn: number): number {
    const { bytes, words } = this;
    const state = (bytes[pfn] ?? 0) & STATE;
    const four = state * 0x01010101;
    let at = pfn + 1;
    while (at < bytes.length) {
      if (at % 4 === 0 && at + 4 <= bytes.length && ((words[at >> 2] ?? 0) & 0x0f0f0f0f) === four) at += 4;
      else if (((bytes[at] ?? 0) & STATE) === state) at++;
      else break;
    }
    return at;
  }

  private read(pfn: number, count: number): void {
    const end = Math.min(pfn + count, this.bytes.length);
    if (end <= pfn) return;
    this.tally(pfn, end, -1);
    this.bytes.set(this.engine.paint(pfn, end - pfn), pfn);
    this.tally(pfn, end, 1);
  }

  /** Adds (or, with sign -1, takes away) what frames pfn .. end - 1 count for. */
  private tally(pfn: number, end: number, sign: number): void {
    const { bytes, counts } = this;
    let before = pfn > 0 ? (bytes[pfn - 1] ?? 0) & STATE : -1;
    for (let at = pfn; at < end; at++) {
      const state = (bytes[at] ?? 0) & STATE;
      counts[state] = (counts[state] ?? 0) + sign;
      if (state !== before) this.runsTotal += sign;
      before = state;
    }
    if (end < bytes.length && ((bytes[end] ?? 0) & STATE) !== before) this.runsTotal += sign;
  }

  /** Frames by state among those of the ranges. */
  among(ranges: readonly (readonly [pfn: number, count: number])[]): number[] {
    const out = STATES.map(() => 0);
    for (const [pfn, count] of ranges)
      for (const byte of this.bytes.subarray(pfn, pfn + count)) out[byte & STATE] = (out[byte & STATE] ?? 0) + 1;
    return out;
  }

  /** The first `most` runs, from frame 0 on. */
  runs(most: number): { pfn: number; count: number; state: number }[] {
    const { bytes } = this;
    const out: { pfn: number; count: number; state: number }[] = [];
    for (let pfn = 0, end = 0; pfn < bytes.length && out.length < most; pfn = end) {
      end = this.runEnd(pfn);
      out.push({ pfn, count: end - pfn, state: (bytes[pfn] ?? 0) & STATE });
    }
    return out;
  }
}
