/**
 * Reference counts other than 0 and 1 at a place in time, kept up to date by what changed: in each piece of memory, how many runs of
 * frames with such a count begin.
 */
import type { References } from '../protocol.ts';
import type { Range } from './changes.ts';
import type { Engine } from './engine.ts';

const PIECE = 1024;

export class ReferenceCounts {
  private readonly engine: Engine;
  private readonly begins: Uint16Array;
  private total = 0;
  private isKnown = false;

  /** `frames`: the engine's, and those that it keeps past the end of memory. */
  constructor(engine: Engine, frames: number) {
    this.engine = engine;
    this.begins = new Uint16Array(Math.ceil(frames / PIECE));
  }

  /** The engine stands elsewhere now; `changed` frames may have other counts, null: all of them. */
  update(changed: readonly Range[] | null): void {
    if (changed && this.isKnown) {
      // The frame after a change may begin a run, or no more.
      for (const [pfn, count] of changed) this.read(Math.floor(pfn / PIECE), Math.floor((pfn + count) / PIECE) + 1);
      return;
    }
    this.read(0, this.begins.length);
    this.isKnown = true;
  }

  private read(first: number, end: number): void {
    for (let piece = first; piece < Math.min(end, this.begins.length); piece++) {
      const { total } = this.engine.references(piece * PIECE, PIECE, 0);
      this.total += total - (this.begins[piece] ?? 0);
      this.begins[piece] = total;
    }
  }

  /** The first `most` runs, those past the end of memory last, and how many there are. */
  runs(most: number): { runs: References[]; total: number } {
    const runs: References[] = [];
    for (let piece = 0; piece < this.begins.length && runs.length < most; piece++)
      if (this.begins[piece] !== 0) runs.push(...this.engine.references(piece * PIECE, PIECE, most - runs.length).runs);
    const outside = this.engine.referencesOutside(most - runs.length);
    return { runs: [...runs, ...outside.runs], total: this.total + outside.total };
  }
}
