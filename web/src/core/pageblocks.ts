/**
 * Pageblocks at a place in time: their types, and whether what lies in them is of those types. For which type an operation asked is
 * learnt from its events; of frames that nobody is known to have asked for, those of the page replacement are movable.
 */
import { KERNELS, type KernelTable, LAYOUT } from '../generated/tables.ts';
import type { KernelInfo, PageblockRun } from '../protocol.ts';
import { type Engine, NO_TYPE, type Pageblock } from './engine.ts';
import { kindNumber } from './events.ts';
import { typeAsked } from './kernel.ts';

const { a: A, b: B } = LAYOUT.pf_event;
const OP_BEGIN = kindNumber('op_begin');
const HANDED_OUT = kindNumber('handed_out');
const OF_PAGE_REPLACEMENT = '__GFP_MOVABLE';

export class Pageblocks {
  private readonly engine: Engine;
  private readonly table: KernelTable;
  private readonly order: number;
  /** By number of the operation. */
  private asked = new Uint8Array(1024).fill(NO_TYPE);
  private operation = 0;
  /** Types that requests ask for; of others (the atomic reserve) nothing is known by who asked. */
  private readonly ordinary: number;

  /** null where the kernel has no pageblocks. */
  static of(engine: Engine, kernel: KernelInfo | null): Pageblocks | null {
    const table = KERNELS.find(({ name }) => name === kernel?.name);
    return kernel && table && kernel.pageblockOrder > 0 ? new Pageblocks(engine, table) : null;
  }

  private constructor(engine: Engine, table: KernelTable) {
    this.engine = engine;
    this.table = table;
    this.order = table.pageblockOrder;
    const askable = [0, ...Object.values(table.gfps)].map((mask) => typeAsked(table, mask));
    this.ordinary = askable.reduce((types, type) => types | (1 << type), 0);
    this.asked[0] = typeAsked(table, table.gfps[OF_PAGE_REPLACEMENT] ?? 0);
  }

  /** The next event. */
  take(event: number, records: DataView, at: number): void {
    if (event === OP_BEGIN) this.operation = records.getUint32(at + A, true);
    else if (event === HANDED_OUT) this.note(typeAsked(this.table, records.getUint32(at + B, true)));
  }

  private note(type: number): void {
    if (this.operation >= this.asked.length) {
      const larger = new Uint8Array(2 * this.operation).fill(NO_TYPE);
      larger.set(this.asked);
      this.asked = larger;
    }
    this.asked[this.operation] = type;
  }

  private isMixed({ type, listed, asked }: Pageblock): boolean {
    const others = ~(1 << type);
    const isOrdinary = ((this.ordinary >> type) & 1) !== 0;
    return (listed & others) !== 0 || (isOrdinary ? (asked & others) !== 0 : (asked & (asked - 1)) !== 0);
  }

  /** The pageblocks where the engine stands, as runs, the first `most` of them. */
  runs(most: number): { runs: PageblockRun[]; total: number; mixed: number } {
    const runs: PageblockRun[] = [];
    let last: PageblockRun | null = null;
    let total = 0;
    let mixed = 0;
    for (const [i, block] of this.engine.pageblocks(this.asked).entries()) {
      const isMixed = block.type !== NO_TYPE && this.isMixed(block);
      if (isMixed) mixed++;
      const goesOn =
        last !== null && last.type === block.type && last.listed === block.listed && last.asked === block.asked;
      if (last && goesOn) last.blocks++;
      else last = { pfn: i * 2 ** this.order, blocks: 1, ...block, mixed: isMixed };
      if (goesOn || block.type === NO_TYPE) continue;
      total++;
      if (runs.length < most) runs.push(last);
    }
    return { runs, total, mixed };
  }
}
