/**
 * Pageblocks at a place in time: their types, and whether what lies in them is of those types, kept up to date by what changed. For which
 * type an operation asked is learnt from its events; of frames that nobody is known to have asked for, those of the page replacement are
 * movable.
 */
import { KERNELS, type KernelTable, LAYOUT } from '../generated/tables.ts';
import { MIXED, TYPE } from '../map/patterns.ts';
import type { KernelInfo, PageblockRun, View } from '../protocol.ts';
import type { Range } from './changes.ts';
import { type Engine, NO_TYPE } from './engine.ts';
import { kindNumber } from './events.ts';
import { typeAsked } from './kernel.ts';

const { a: A, b: B } = LAYOUT.pf_event;
const OP_BEGIN = kindNumber('op_begin');
const HANDED_OUT = kindNumber('handed_out');
const OF_PAGE_REPLACEMENT = '__GFP_MOVABLE';
/** Where this part of all changed, it is as quick to read them all. */
const MUCH = 1 / 4;

/** What the page is told of them. */
type Told = Pick<View, 'pageblocks' | 'pageblockRuns' | 'pageblockTypes' | 'mixedPageblocks'>;

export class Pageblocks {
  /** log2 of a pageblock's frames. */
  readonly order: number;
  /** By number of the block: its type (NO_TYPE: none is known), and MIXED. */
  readonly codes: Uint8Array;
  /** Of the types. */
  readonly names: readonly string[];
  private readonly engine: Engine;
  private readonly table: KernelTable;
  private readonly listed: Uint8Array;
  private readonly asked: Uint8Array;
  /** By type. */
  private readonly counts: { blocks: number; mixed: number }[];
  private operation = 0;
  /** Operations and the types that they asked for, which the engine does not know yet. */
  private readonly untold: [operation: number, type: number][] = [];
  /** Types that requests ask for; of others (the atomic reserve) nothing is known by who asked. */
  private readonly ordinary: number;
  private isKnown = false;
  /** What was told last, as long as it is so. */
  private told: Told | null = null;

  /** null where the kernel has no pageblocks. */
  static of(engine: Engine, kernel: KernelInfo | null): Pageblocks | null {
    const table = KERNELS.find(({ name }) => name === kernel?.name);
    return kernel && table && kernel.pageblockOrder > 0 ? new Pageblocks(engine, table) : null;
  }

  private constructor(engine: Engine, table: KernelTable) {
    this.engine = engine;
    this.table = table;
    this.order = table.pageblockOrder;
    this.names = table.typeNames;
    const blocks = Math.ceil(engine.frames / 2 ** this.order);
    this.codes = new Uint8Array(blocks).fill(NO_TYPE);
    this.listed = new Uint8Array(blocks);
    this.asked = new Uint8Array(blocks);
    this.counts = table.typeNames.map(() => ({ blocks: 0, mixed: 0 }));
    const askable = [0, ...Object.values(table.gfps)].map((mask) => typeAsked(table, mask));
    this.ordinary = askable.reduce((types, type) => types | (1 << type), 0);
    engine.ask(0, typeAsked(table, table.gfps[OF_PAGE_REPLACEMENT] ?? 0));
  }

  /** The next event. */
  take(event: number, records: DataView, at: number): void {
    if (event === OP_BEGIN) this.operation = records.getUint32(at + A, true);
    else if (event === HANDED_OUT)
      this.untold.push([this.operation, typeAsked(this.table, records.getUint32(at + B, true))]);
  }

  /** The entry's events have been read: the engine may be told now, whose memory, where they lie, can grow by it and move. */
  after(): void {
    for (const [operation, type] of this.untold) this.engine.ask(operation, type);
    this.untold.length = 0;
  }

  /** The engine stands elsewhere now; `changed` frames may be different, null: all of them. */
  update(changed: readonly Range[] | null): void {
    const total = changed?.reduce((sum, [, count]) => sum + count, 0) ?? Infinity;
    if (!changed || !this.isKnown || total > this.engine.frames * MUCH) this.read(0, this.codes.length);
    else for (const [pfn, count] of changed) this.read(pfn >>> this.order, Math.ceil((pfn + count) / 2 ** this.order));
    this.isKnown = true;
  }

  private read(first: number, end: number): void {
    const blocks = Math.min(end, this.codes.length) - first;
    if (blocks <= 0) return;
    const views = this.engine.pageblocks(first * 2 ** this.order, blocks);
    for (let i = 0; i < blocks; i++)
      this.note(first + i, views[3 * i] ?? NO_TYPE, views[3 * i + 1] ?? 0, views[3 * i + 2] ?? 0);
  }

  private note(block: number, type: number, listed: number, asked: number): void {
    const { codes } = this;
    const code = type | (type !== NO_TYPE && this.isMixed(type, listed, asked) ? MIXED : 0);
    const before = codes[block] ?? NO_TYPE;
    if (code === before && listed === this.listed[block] && asked === this.asked[block]) return;
    this.tally(before, -1);
    this.tally(code, 1);
    codes[block] = code;
    this.listed[block] = listed;
    this.asked[block] = asked;
    this.told = null;
  }

  private tally(code: number, sign: number): void {
    const count = this.counts[code & TYPE];
    if (!count) return;
    count.blocks += sign;
    if (code & MIXED) count.mixed += sign;
  }

  private isMixed(type: number, listed: number, asked: number): boolean {
    const others = ~(1 << type);
    const isOrdinary = ((this.ordinary >> type) & 1) !== 0;
    return (listed & others) !== 0 || (isOrdinary ? (asked & others) !== 0 : (asked & (asked - 1)) !== 0);
  }

  /** How they are, with the first `most` runs. */
  tell(most: number): Told {
    this.told ??= {
      ...this.runs(most),
      pageblockTypes: this.counts.map((count) => ({ ...count })),
      mixedPageblocks: this.counts.reduce((sum, { mixed }) => sum + mixed, 0),
    };
    return this.told;
  }

  /** The one that a frame lies in; null: none is known. */
  at(pfn: number): PageblockRun | null {
    const block = pfn >>> this.order;
    const known = ((this.codes[block] ?? NO_TYPE) & TYPE) !== NO_TYPE;
    return known ? this.run(block, block + 1) : null;
  }

  private run(first: number, end: number): PageblockRun {
    const code = this.codes[first] ?? NO_TYPE;
    return {
      pfn: first * 2 ** this.order,
      blocks: end - first,
      type: code & TYPE,
      listed: this.listed[first] ?? 0,
      asked: this.asked[first] ?? 0,
      mixed: (code & MIXED) !== 0,
    };
  }

  private runs(most: number): Pick<Told, 'pageblocks' | 'pageblockRuns'> {
    const { codes, listed, asked } = this;
    const runs: PageblockRun[] = [];
    let total = 0;
    for (let first = 0, end = 0; first < codes.length; first = end) {
      const code = codes[first] ?? NO_TYPE;
      for (end = first + 1; end < codes.length; end++)
        if (codes[end] !== code || listed[end] !== listed[first] || asked[end] !== asked[first]) break;
      if (code !== NO_TYPE && ++total <= most) runs.push(this.run(first, end));
    }
    return { pageblocks: runs, pageblockRuns: total };
  }
}
