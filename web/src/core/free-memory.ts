/**
 * Free memory over time: the free blocks of every zone by order after each operation, counted from the events as the entries are
 * learnt, and thinned out. Of a trace, which does not show lists, the free frames.
 */
import { LAYOUT, STATES } from '../generated/tables.ts';
import { STATE } from '../map/patterns.ts';
import { type FreeMemory, type KernelInfo, NONE } from '../protocol.ts';
import type { Engine } from './engine.ts';
import { kindNumber } from './events.ts';
import { firstHead, listOf } from './kernel.ts';
import { Samples } from './samples.ts';

const { s: S, t: T, a: A, b: B } = LAYOUT.pf_event;
const FRAMES_ARE = kindNumber('frames_are');
const HANDED_OUT = kindNumber('handed_out');
const TAKEN_BACK = kindNumber('taken_back');
const MOVED = kindNumber('moved');
const LOST_EVENTS = kindNumber('lost_events');
const ZONE_SET_UP = kindNumber('zone_set_up');
const FREE_PAGES_SET = kindNumber('free_pages_set');
const LIST_ADD = kindNumber('list_add');
const LIST_ADD_TAIL = kindNumber('list_add_tail');
const LIST_DEL = kindNumber('list_del');
const IN_BUDDY = STATES.indexOf('buddy');
const ON_CPU = STATES.indexOf('pcp');

/** What is counted at one moment. Of each zone: free blocks by order, frames on CPUs' own lists, free pages by its own counter. */
interface Count {
  readonly now: Int32Array;
  take(event: number, records: DataView, at: number): void;
  /** Anew, from where the engine stands. */
  read(engine: Engine): void;
}

/** By the lists that frames join and leave, as the kernel itself would keep count. */
class OfLists implements Count {
  readonly now: Int32Array;
  private readonly width: number;
  private readonly orders: number;
  private readonly lists: number;
  private readonly types: number;
  private readonly firstHead: number;
  /** Of each of a zone's lists: the column that it counts for, and how much each of its blocks. */
  private readonly columns: Int32Array;
  private readonly blockCounts: Int32Array;

  constructor(kernel: KernelInfo, zones: number) {
    this.orders = kernel.nrOrders;
    this.width = kernel.nrOrders + 2;
    this.lists = kernel.nrLists;
    this.types = kernel.nrTypes;
    this.firstHead = firstHead(kernel);
    this.now = new Int32Array(zones * this.width);
    const lists = Array.from({ length: this.lists }, (_, list) => listOf(kernel, list));
    this.columns = Int32Array.from(lists, ({ cpu, order }) => (cpu === null ? order : kernel.nrOrders));
    this.blockCounts = Int32Array.from(lists, ({ cpu, order }) => (cpu === null ? 1 : 2 ** order));
  }

  take(event: number, records: DataView, at: number): void {
    if (event === LIST_ADD || event === LIST_ADD_TAIL) this.joins(records, at, 1);
    else if (event === LIST_DEL) this.joins(records, at, -1);
    else if (event === FREE_PAGES_SET)
      this.now[records.getUint16(at + T, true) * this.width + this.orders + 1] = records.getUint32(at + A, true);
    else if (event === ZONE_SET_UP) {
      const first = records.getUint16(at + T, true) * this.width;
      this.now.fill(0, first, first + this.width);
    }
  }

  private joins(records: DataView, at: number, blocks: number): void {
    const head = records.getUint32(at + B, true);
    const list = head - this.firstHead;
    // Merging unlinks a buddy from whatever list of its order it is on.
    if (head === NONE) this.add(records.getUint16(at + T, true), records.getUint8(at + S) * this.types, blocks);
    else if (list >= 0) this.add(Math.floor(list / this.lists), list % this.lists, blocks);
  }

  private add(zone: number, list: number, blocks: number): void {
    const column = zone * this.width + (this.columns[list] ?? 0);
    if (column < this.now.length) this.now[column] = (this.now[column] ?? 0) + blocks * (this.blockCounts[list] ?? 0);
  }

  read(engine: Engine): void {
    this.now.fill(0);
    for (let zone = 0; zone * this.width < this.now.length; zone++) {
      const view = engine.zone(zone);
      if (!view) continue;
      const first = zone * this.width;
      for (let list = 0; list < this.lists; list++) this.add(zone, list, engine.list(zone, list, 0).length);
      this.now[first + this.orders + 1] = view.free_pages;
    }
  }
}

/** By the frames that are handed out and taken back. */
class OfFrames implements Count {
  readonly now = new Int32Array(2);
  private readonly states: Uint8Array;

  constructor(frames: number) {
    this.states = new Uint8Array(frames);
  }

  take(event: number, records: DataView, at: number): void {
    const pfn = records.getUint32(at + A, true);
    if (event === FRAMES_ARE) this.set(pfn, records.getUint32(at + B, true), records.getUint8(at + S));
    else if (event === HANDED_OUT) this.set(pfn, 2 ** records.getUint8(at + S), 0);
    else if (event === TAKEN_BACK || event === MOVED)
      this.set(pfn, 2 ** records.getUint8(at + S), records.getUint16(at + T, true));
    else if (event === LOST_EVENTS) this.set(0, this.states.length, 0);
  }

  private set(first: number, count: number, state: number): void {
    for (let pfn = first; pfn < Math.min(first + count, this.states.length); pfn++) {
      this.add(this.states[pfn] ?? 0, -1);
      this.states[pfn] = state;
      this.add(state, 1);
    }
  }

  private add(state: number, frames: number): void {
    if (state === ON_CPU) this.now[0] = (this.now[0] ?? 0) + frames;
    else if (state === IN_BUDDY) this.now[1] = (this.now[1] ?? 0) + frames;
  }

  read(engine: Engine): void {
    for (const [pfn, paint] of engine.paint().entries()) this.set(pfn, 1, paint & STATE);
  }
}

export class FreeMemoryLog {
  private readonly count: Count;
  private readonly samples: Samples;
  private readonly orders: number;
  private readonly width: number;
  private readonly engine: Engine;

  /** The engine stands at the beginning. */
  constructor(engine: Engine, kernel: KernelInfo | null) {
    this.engine = engine;
    this.orders = kernel?.nrOrders ?? 0;
    this.width = this.orders + 2;
    this.count = kernel ? new OfLists(kernel, engine.zones) : new OfFrames(engine.frames);
    this.count.read(engine);
    this.samples = new Samples(this.count.now.length);
    this.samples.push(this.count.now);
  }

  take(event: number, records: DataView, at: number): void {
    this.count.take(event, records, at);
  }

  /** An entry is over. `isWhole` false: not all of its events came by, and the engine stands behind it. */
  after(isWhole: boolean): void {
    if (!isWhole) this.count.read(this.engine);
    this.samples.push(this.count.now);
  }

  /** Forgets the entries from `length` on; the engine stands behind the last that stays. */
  truncate(length: number): void {
    this.count.read(this.engine);
    this.samples.truncate(length + 1, this.count.now);
  }

  /** Of one zone, or of all together, as where it never had a free page. */
  of(zone: number | null): FreeMemory {
    const held = this.zonesHeld();
    const zones = zone !== null && held.includes(zone) ? [zone] : held;
    const sum = (column: number): Int32Array => {
      const total = new Int32Array(this.samples.kept().length);
      for (const one of zones)
        for (const [i, value] of this.samples.column(one * this.width + column).entries())
          total[i] = (total[i] ?? 0) + value;
      return total;
    };
    return {
      zone: zones === held ? null : zone,
      zones: held,
      places: this.samples.kept(),
      stride: this.samples.stride,
      blocks: Array.from({ length: this.orders }, (_, order) => sum(order)),
      onCpus: sum(this.orders),
      freePages: sum(this.orders + 1),
    };
  }

  /** Zones that had a free page at any time; of a trace, the one that stands for all memory. */
  private zonesHeld(): number[] {
    const zones = Array.from({ length: this.count.now.length / this.width }, (_, zone) => zone);
    return zones.filter(
      (zone) => this.orders === 0 || this.samples.column(zone * this.width + this.orders + 1).some(Boolean),
    );
  }
}
