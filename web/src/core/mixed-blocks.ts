/**
 * Blocks of 512 frames in which unmovable frames lie among others, over time. They are counted in the same way for every kernel, whether
 * it knows pageblocks or not: by what the run's calls asked for, and by who has which frame.
 */
import { LAYOUT, STATES } from '../generated/tables.ts';
import { STATE } from '../map/patterns.ts';
import { MIXED_ORDER } from '../protocol.ts';
import { ALL } from './engine.ts';
import { EVENT_BYTES, kindNumber } from './events.ts';
import { Samples } from './samples.ts';
import type { Source } from './source.ts';

const { s: S, t: T, a: A, b: B } = LAYOUT.pf_event;
const FRAMES_ARE = kindNumber('frames_are');
const HANDED_OUT = kindNumber('handed_out');
const TAKEN_BACK = kindNumber('taken_back');
const MOVED = kindNumber('moved');
const ALLOCATED = STATES.indexOf('allocated');
const FREE_STATES = new Set([STATES.indexOf('buddy'), STATES.indexOf('pcp')]);

/** What a frame counts as. The page allocator never had the others. */
const [OTHER, FREE, MOVABLE, UNMOVABLE] = [0, 1, 2, 3];

/** A call that says of its frames that they can be moved. */
const SAYS_MOVABLE = /"gfp"\s*:\s*"[^"]*MOVABLE/;

/** Mixed blocks after so many operations. */
export interface MixedOverTime {
  places: Uint32Array;
  counts: Int32Array;
}

/** Of one source, entry by entry as they are passed. */
export class MixedBlocks {
  private readonly source: Source;
  private readonly first: number;
  private readonly kinds: Uint8Array;
  /** Of each block: its unmovable frames, and those that are free or movable. */
  private readonly unmovable: Uint16Array;
  private readonly others: Uint16Array;
  private readonly samples = new Samples(1);
  private readonly count = new Int32Array(1);

  /** Begins after `first` entries. The source stands elsewhere afterwards. */
  constructor(source: Source, first: number) {
    const { engine } = source;
    const blocks = Math.ceil(engine.frames / 2 ** MIXED_ORDER);
    this.source = source;
    this.first = first;
    this.kinds = new Uint8Array(engine.frames);
    this.unmovable = new Uint16Array(blocks);
    this.others = new Uint16Array(blocks);
    if (first === 0) engine.seek(0, 0);
    else engine.seek(first - 1, ALL);
    this.read();
    this.samples.push(this.count);
  }

  /** The next entry: the first `count` of its `total` records. The source stands behind it. */
  take(entry: number, records: DataView, count: number, total: number): void {
    if (count < total) this.read();
    else for (let i = 0, at = 0; i < count; i++, at += EVENT_BYTES) this.event(entry, records, at);
    this.samples.push(this.count);
  }

  private event(entry: number, records: DataView, at: number): void {
    const kind = records.getUint8(at);
    const pfn = records.getUint32(at + A, true);
    if (kind === HANDED_OUT) this.set(pfn, 2 ** records.getUint8(at + S), this.askedAt(entry));
    else if (kind === TAKEN_BACK || kind === MOVED)
      this.set(pfn, 2 ** records.getUint8(at + S), kindOf(records.getUint16(at + T, true)));
    else if (kind === FRAMES_ARE) this.set(pfn, records.getUint32(at + B, true), kindOf(records.getUint8(at + S)));
  }

  /** What the frames that an entry hands out count as. */
  private askedAt(entry: number): number {
    return SAYS_MOVABLE.test(this.source.lineOf(entry)) ? MOVABLE : UNMOVABLE;
  }

  private set(first: number, count: number, kind: number): void {
    const end = Math.min(first + count, this.kinds.length);
    for (let pfn = first; pfn < end; pfn++) {
      const before = this.kinds[pfn] ?? OTHER;
      if (before === kind) continue;
      this.kinds[pfn] = kind;
      const block = pfn >>> MIXED_ORDER;
      const wasMixed = this.isMixed(block);
      this.add(block, before, -1);
      this.add(block, kind, 1);
      this.count[0] = (this.count[0] ?? 0) + Number(this.isMixed(block)) - Number(wasMixed);
    }
  }

  private add(block: number, kind: number, frames: number): void {
    const counts = kind === UNMOVABLE ? this.unmovable : this.others;
    if (kind !== OTHER) counts[block] = (counts[block] ?? 0) + frames;
  }

  private isMixed(block: number): boolean {
    return (this.unmovable[block] ?? 0) > 0 && (this.others[block] ?? 0) > 0;
  }

  /** Anew, from where the engine stands. */
  private read(): void {
    for (const [pfn, paint] of this.source.engine.paint().slice().entries()) {
      const state = paint & STATE;
      this.set(pfn, 1, state === ALLOCATED ? this.ownedKind(pfn) : kindOf(state));
    }
  }

  private ownedKind(pfn: number): number {
    const owner = this.source.frame(pfn)?.owner ?? 0;
    return owner > 0 ? this.askedAt(owner - 1 - this.source.info.first) : OTHER;
  }

  overTime(): MixedOverTime {
    const places = this.samples.kept().map((place) => place + this.first);
    return { places, counts: this.samples.column(0) };
  }
}

const kindOf = (state: number): number => (FREE_STATES.has(state) ? FREE : OTHER);
