/**
 * The engine in WebAssembly, in Node and in browsers alike. One Engine is one instance of the module and one source: a machine,
 * its map, its timeline. Views on the module's memory are made anew for every call, since memory may grow.
 */
import { LAYOUT, STATES, STATUSES, TROUBLES } from '../generated/tables.ts';
import type { Ev, ListView, NodeInfo, References, Settings, Trouble } from '../protocol.ts';
import { decode, EVENT_BYTES } from './events.ts';

const is = (bits: number, bit: number): boolean => (bits & bit) !== 0;

type Call = (...args: number[]) => number;
const NAMES = [
  'alloc', 'free', 'machine', 'op', 'words', 'open', 'open_engine', 'load_map', 'follow', 'map', 'fold', 'begin', 'append_op', 'append_events',
  'length', 'outcome', 'window', 'seek', 'frames', 'paint', 'counts', 'digest', 'runs', 'zones', 'nodes', 'zone', 'boot',
  'boot_runs', 'cpus', 'pcp', 'pageblocks', 'pageblock_type', 'sysctls', 'list', 'frame', 'pairs', 'references', 'references_outside', 'troubles', 'trace_open', 'trace_start', 'trace_feed', 'trace_finish', 'trace_beginning', 'trace_entry', 'trace_close', 'truncate', 'machine_wrong',
] as const; // biome-ignore format: a list
type Exports = Record<(typeof NAMES)[number], Call>;

/** A pageblock's type where none is known: PF_NO_TYPE. */
export const NO_TYPE = 15;

export const FRAMES_LAYER = 1;
export const STRUCTURES_LAYER = 2;
/** Entry `inner` events: after all of them. */
export const ALL = 0xffffffff;

const NO_MEMORY = STATUSES.indexOf('the memory given is too small or not aligned to 8');

/** A call that the engine refused. */
export class EngineError extends Error {
  readonly status: number;
  constructor(status: number, doing: string) {
    super(`${doing}: ${status === NO_MEMORY ? 'not enough memory' : (STATUSES[status] ?? `status ${status}`)}`);
    this.status = status;
  }
}

/** A machine that cannot be; the message names what is wrong with it. */
export class MachineError extends Error {}

export interface MachineSpec {
  /** Number of the kernel model, 0 for none. */
  kernel: number;
  numa: boolean;
  cpus: number;
  names: number;
  /** Here and below 0 is the kernel's own: 32 or 64 where it can be built for either. */
  bitsPerLong: number;
  /** Built for several CPUs, whether it has them or not. */
  smp: boolean;
  sizeofStructPage: number;
  /** `cpus`: which belong there; where no node says so, all belong to the first. */
  nodes: NodeInfo[];
  memory: { addr: number; size: number; node: number }[];
  reserved: { addr: number; size: number; node: number }[];
}

/** Values that an operation has room for, and what none of them is: NULL, or no frame. */
export const MAX_ARGS = (LAYOUT.pf_op.sizeof - LAYOUT.pf_op.arg) / 8;
export const NO_VALUE = 2n ** 64n - 1n;

export interface OpSpec {
  kind: number;
  cpu: number;
  task: number;
  line: number;
  /** 1 + the name that the result gets; 0: none. */
  as: number;
  refs: number;
  /** The flag or operation that the kernel lacks: this one is skipped, and counts all the same. */
  lacking?: string;
  /** Hints of other kernels, joined by |, that this one passes over. */
  passedOver?: string;
  arg: bigint[];
}

export interface SeekResult {
  /** Events of the entry in all. */
  total: number;
  /** How many of them are in the window. */
  count: number;
}

const WINDOW = 4096;
/** Of an operation with more events, the first of them can be seen (64 MiB of records). */
const MOST_EVENTS = 1 << 22;
const CHUNK = 1 << 16;

export class Engine {
  private readonly calls: Exports;
  private readonly memory: WebAssembly.Memory;
  private readonly words: number;
  private scratch = 0;
  private scratchBytes = 0;
  private windowAt = 0;
  private windowCapacity = 0;
  /** By number of the operation, the type that it asked for. */
  private askedAt = 0;
  private askedLength = 0;

  constructor(module: WebAssembly.Module) {
    const instance = new WebAssembly.Instance(module, { env: { emscripten_notify_memory_growth: () => undefined } });
    const all = instance.exports as Record<string, unknown>;
    this.memory = all.memory as WebAssembly.Memory;
    (all._initialize as (() => void) | undefined)?.();
    this.calls = Object.fromEntries(
      NAMES.map((name) => {
        const exported = all[`pf_w_${name}`] as Call;
        return [name, (...args: number[]) => exported(...args) >>> 0];
      }),
    ) as Exports;
    this.words = this.calls.words();
  }

  // ------------------------------------------------------------------ memory

  private u32(at: number, count: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, at, count);
  }

  private word(index: number): number {
    return this.u32(this.words, index + 1)[index] ?? 0;
  }

  private view(at: number): DataView {
    return new DataView(this.memory.buffer, at);
  }

  private text(at: number): string {
    const bytes = new Uint8Array(this.memory.buffer, at);
    return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
  }

  /** A region that the next user overwrites. */
  private room(bytes: number): number {
    if (bytes > this.scratchBytes) {
      if (this.scratch) this.calls.free(this.scratch);
      this.scratch = this.calls.alloc(bytes);
      this.scratchBytes = this.scratch ? bytes : 0;
      if (!this.scratch) throw new EngineError(NO_MEMORY, 'reading');
    }
    return this.scratch;
  }

  private check(status: number, doing: string): void {
    if (status !== 0) throw new EngineError(status, doing);
  }

  // ------------------------------------------------------------------ a source's beginning

  private writeMachine(spec: MachineSpec): void {
    const at = this.calls.machine();
    const layout = LAYOUT.pf_machine;
    new Uint8Array(this.memory.buffer, at, layout.sizeof).fill(0);
    const view = this.view(at);
    const head: [number, number][] = [
      [layout.kernel, spec.kernel],
      [layout.numa, spec.numa ? 1 : 0],
      [layout.nr_cpus, spec.cpus],
      [layout.nr_nodes, spec.nodes.length],
      [layout.nr_names, spec.names],
      [layout.nr_memory, spec.memory.length],
      [layout.nr_reserved, spec.reserved.length],
      [layout.bits_per_long, spec.bitsPerLong],
      [layout.smp, spec.smp ? 1 : 0],
      [layout.sizeof_struct_page, spec.sizeofStructPage],
    ];
    for (const [offset, value] of head) view.setUint32(offset, value, true);
    spec.nodes.forEach((node, i) => {
      const place = layout.node + i * LAYOUT.pf_node_desc.sizeof;
      view.setUint32(place + LAYOUT.pf_node_desc.start_pfn, node.start_pfn, true);
      view.setUint32(place + LAYOUT.pf_node_desc.pages, node.pages, true);
      const cpus = new Uint8Array(this.memory.buffer, place + LAYOUT.pf_node_desc.cpus);
      for (const cpu of node.cpus ?? []) cpus[cpu >> 3] = (cpus[cpu >> 3] ?? 0) | (1 << (cpu & 7));
    });
    const ranges = (base: number, list: MachineSpec['memory']): void =>
      list.forEach((range, i) => {
        const place = base + i * LAYOUT.pf_range.sizeof;
        view.setBigUint64(place + LAYOUT.pf_range.addr, BigInt(range.addr), true);
        view.setBigUint64(place + LAYOUT.pf_range.size, BigInt(range.size), true);
        view.setUint32(place + LAYOUT.pf_range.node, range.node, true);
      });
    ranges(layout.memory, spec.memory);
    ranges(layout.reserved, spec.reserved);
  }

  /** What the machine's memory holds now, as the trace importer left it there. */
  private machineNodes(): MachineSpec['nodes'] {
    const layout = LAYOUT.pf_machine;
    const view = this.view(this.calls.machine());
    return Array.from({ length: view.getUint32(layout.nr_nodes, true) }, (_, i) => {
      const place = layout.node + i * LAYOUT.pf_node_desc.sizeof;
      return {
        start_pfn: view.getUint32(place + LAYOUT.pf_node_desc.start_pfn, true),
        pages: view.getUint32(place + LAYOUT.pf_node_desc.pages, true),
      };
    });
  }

  /** A map of the machine, and a model where `withModel`. Follow with fold() or loadMap() if there is a state before, then begin(). */
  open(spec: MachineSpec, layers: number, withModel: boolean): void {
    this.writeMachine(spec);
    const wrong = this.calls.machine_wrong();
    if (wrong !== 0) throw new MachineError(this.text(wrong));
    this.openMap(layers);
    if (withModel) this.check(this.calls.open_engine(), 'making the machine');
  }

  private openMap(layers: number): void {
    this.check(this.calls.open(layers), 'making the map');
  }

  /** `log`: bytes that the entries to come will take, as far as one can know. The log grows where they take more. */
  begin(log = 0): void {
    const frames = this.frames;
    // A snapshot of everything each few steps for small machines; some dozen of them for large ones.
    const snapshots = Math.min(256 << 20, Math.max(4 << 20, frames * 48 * 24));
    this.check(this.calls.begin(Math.max(1 << 20, log), snapshots), 'beginning the timeline');
  }

  /** From here on, events that do not fit the map are refused when they are appended, wherever the timeline stands. */
  follow(): void {
    this.check(this.calls.follow(), 'following events');
  }

  loadMap(bytes: Uint8Array): void {
    const at = this.copyIn(bytes);
    this.check(this.calls.load_map(at, bytes.length), 'reading the snapshot');
  }

  /** A snapshot of the map. */
  mapBytes(): Uint8Array {
    const at = this.calls.map();
    return new Uint8Array(this.memory.buffer, at, this.word(0)).slice();
  }

  private copyIn(bytes: Uint8Array): number {
    const at = this.room(Math.max(bytes.length, CHUNK));
    new Uint8Array(this.memory.buffer, at, bytes.length).set(bytes);
    return at;
  }

  // ------------------------------------------------------------------ the log

  appendOp(op: OpSpec): void {
    const at = this.calls.op();
    const view = this.view(at);
    const layout = LAYOUT.pf_op;
    for (let i = 0; i < layout.sizeof; i += 4) view.setUint32(i, 0, true);
    for (const key of ['kind', 'cpu', 'task', 'line', 'as', 'refs'] as const)
      view.setUint32(layout[key], op[key], true);
    view.setUint32(layout.skip, op.lacking ? 1 : 0, true);
    op.arg.forEach((value, i) => {
      view.setBigUint64(layout.arg + 8 * i, BigInt.asUintN(64, value), true);
    });
    this.check(this.calls.append_op(), 'adding an operation');
  }

  /** Lets `write` put `count` records into the engine's memory. */
  private withRecords(count: number, write: (records: DataView) => void): number {
    const at = this.room(Math.max(count * EVENT_BYTES, CHUNK));
    write(new DataView(this.memory.buffer, at, count * EVENT_BYTES));
    return at;
  }

  appendEvents(count: number, write: (records: DataView) => void): void {
    this.check(this.calls.append_events(this.withRecords(count, write), count), 'adding events');
  }

  /** Folds events into the map before the timeline begins. */
  fold(count: number, write: (records: DataView) => void): void {
    this.check(this.calls.fold(this.withRecords(count, write), count), 'folding events');
  }

  get length(): number {
    return this.calls.length();
  }

  /** Forgets the entries from `length` on. */
  truncate(length: number): void {
    this.check(this.calls.truncate(length), 'shortening the timeline');
  }

  outcome(entry: number): number {
    return this.calls.outcome(entry);
  }

  // ------------------------------------------------------------------ a place in time

  /** Goes there. The events of entry `entry` are then in the window, all of them up to MOST_EVENTS. */
  seek(entry: number, inner: number): SeekResult {
    this.ensureWindow(WINDOW);
    for (;;) {
      this.check(this.calls.seek(entry, inner, 0), 'seeking');
      const total = this.word(0);
      const count = this.word(1);
      if (count >= total || !this.ensureWindow(total)) return { total, count };
    }
  }

  private ensureWindow(capacity: number): boolean {
    if (capacity <= this.windowCapacity) return true;
    const at = this.calls.window(Math.min(capacity, MOST_EVENTS));
    if (at === 0 || this.windowCapacity >= MOST_EVENTS) return false;
    this.windowAt = at;
    this.windowCapacity = Math.min(capacity, MOST_EVENTS);
    return true;
  }

  /** The records of the latest seek, in place: to be read before the next call. */
  records(count: number): DataView {
    return new DataView(this.memory.buffer, this.windowAt, count * EVENT_BYTES);
  }

  events(first: number, count: number): Ev[] {
    const records = this.records(first + count);
    return Array.from({ length: count }, (_, i) => decode(records, (first + i) * EVENT_BYTES));
  }

  // ------------------------------------------------------------------ what a place looks like

  get frames(): number {
    return this.calls.frames();
  }

  /** One byte a frame, in place: to be read before the next call. */
  paint(first = 0, count = this.frames): Uint8Array {
    const at = this.room(Math.max(count, CHUNK));
    this.calls.paint(first, count, at);
    return new Uint8Array(this.memory.buffer, at, count);
  }

  counts(): number[] {
    this.calls.counts();
    return Array.from(this.u32(this.words, STATES.length));
  }

  /** Of the map at this place, or, of a room, of where its events lead. */
  digest(of: 'place' | 'followed' = 'place'): string {
    this.calls.digest(of === 'followed' ? 1 : 0);
    const [low = 0, high = 0] = this.u32(this.words, 2);
    return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
  }

  runs(most: number): { runs: { pfn: number; count: number; state: number }[]; total: number } {
    const at = this.room(Math.max(12 * most, CHUNK));
    const total = this.calls.runs(at, most);
    const flat = this.u32(at, 3 * Math.min(total, most));
    const runs = Array.from({ length: flat.length / 3 }, (_, i) => {
      const [pfn = 0, count = 0, state = 0] = flat.subarray(3 * i, 3 * i + 3);
      return { pfn, count, state };
    });
    return { runs, total };
  }

  /** Zone slots, set up or not. */
  get zones(): number {
    return this.calls.zones();
  }

  get nodes(): number {
    return this.calls.nodes();
  }

  private struct<T extends Record<string, number>>(layout: T, base = 0): { [K in keyof T]: number } {
    const view = this.view(this.words + base);
    const entries = Object.entries(layout).filter(([key]) => key !== 'sizeof');
    return Object.fromEntries(entries.map(([key, offset]) => [key, view.getUint32(offset, true)])) as {
      [K in keyof T]: number;
    };
  }

  zone(slot: number) {
    if (!this.calls.zone(slot)) return null;
    const { protection: first, managed, nr_free: counts, sizeof } = LAYOUT.pf_zone_view;
    const view = this.struct(LAYOUT.pf_zone_view);
    const numbers = (from: number, end: number): number[] => Array.from(this.u32(this.words + from, (end - from) / 4));
    return {
      ...view,
      free_pages: view.free_pages | 0,
      boosted: view.boosted !== 0,
      reclaim_active: view.reclaim_active !== 0,
      protection: numbers(first, managed),
      nr_free: numbers(counts, sizeof),
    };
  }

  boot(node: number) {
    if (!this.calls.boot(node)) return null;
    const [low = 0, high = 0] = this.u32(this.words + LAYOUT.pf_boot_view.last_success, 2);
    return { ...this.struct(LAYOUT.pf_boot_view), last_success: high * 2 ** 32 + low };
  }

  /** CPUs that have lists of their own. */
  get cpus(): number {
    return this.calls.cpus();
  }

  /** One of a CPU's counters of a zone, by number, and its limits: of the hot (0) or the cold list (1), or of all lists (0). */
  pcp(zone: number, cpu: number, which: number) {
    if (!this.calls.pcp(zone, cpu, which)) return null;
    const view = this.struct(LAYOUT.pf_pcp_view);
    return { ...view, count: view.count | 0, vm_stat_diff: view.vm_stat_diff | 0 };
  }

  /** All settings that any kernel has. */
  sysctls(): Required<Settings> {
    this.calls.sysctls();
    const [min_free_kbytes = 0, lower_zone_protection = 0, boost = 0, scale = 0, fraction = 0] = this.u32(
      this.words,
      5,
    );
    return {
      min_free_kbytes,
      lower_zone_protection,
      watermark_boost_factor: boost,
      watermark_scale_factor: scale,
      percpu_pagelist_high_fraction: fraction,
    };
  }

  /** Takes note of the type that an operation asked for; number 0: what frames that only the page replacement is known to have are. */
  ask(operation: number, type: number): void {
    if (operation >= this.askedLength) this.growAsked(operation + 1);
    new Uint8Array(this.memory.buffer, this.askedAt + operation, 1)[0] = type;
  }

  private growAsked(needed: number): void {
    const length = Math.max(needed, 2 * this.askedLength, 1024);
    const at = this.calls.alloc(length);
    if (!at) throw new EngineError(NO_MEMORY, 'noting an operation');
    const bytes = new Uint8Array(this.memory.buffer, at, length).fill(NO_TYPE);
    if (this.askedAt) {
      bytes.set(new Uint8Array(this.memory.buffer, this.askedAt, this.askedLength));
      this.calls.free(this.askedAt);
    }
    this.askedAt = at;
    this.askedLength = length;
  }

  /** Pageblocks from that of frame `pfn` on, a pf_pageblock_view each, in place: to be read before the next call. */
  pageblocks(pfn: number, count: number): Uint32Array {
    const { sizeof } = LAYOUT.pf_pageblock_view;
    const at = this.room(Math.max(count * sizeof, CHUNK));
    const left = this.calls.pageblocks(this.askedAt, this.askedLength, pfn, count, at);
    return this.u32(at, (Math.min(left, count) * sizeof) / 4);
  }

  /** The type of the pageblock that a frame lies in; null: none is known. */
  pageblockType(pfn: number): number | null {
    const type = this.calls.pageblock_type(pfn);
    return type === NO_TYPE ? null : type;
  }

  bootRuns(node: number): [number, number][] {
    let most = 1024;
    for (;;) {
      const at = this.room(Math.max(8 * most, CHUNK));
      const total = this.calls.boot_runs(node, at, most);
      if (total > most) {
        most = total;
        continue;
      }
      const flat = this.u32(at, 2 * total);
      return Array.from({ length: total }, (_, i): [number, number] => [flat[2 * i] ?? 0, flat[2 * i + 1] ?? 0]);
    }
  }

  /** A zone's list by its number there (KernelInfo.nrLists). */
  list(zone: number, list: number, most: number): ListView {
    const at = this.room(Math.max(4 * most, CHUNK));
    this.calls.list(zone, list, at, most);
    const length = this.word(0);
    const end = (['whole', 'null', 'loop', 'other'] as const)[this.word(1)] ?? 'other';
    return { blocks: Array.from(this.u32(at, Math.min(length, most))), length, end };
  }

  frame(pfn: number) {
    const known = this.calls.frame(pfn);
    if (known === 0) return null;
    const { state, marks, order, head, owner } = this.struct(LAYOUT.pf_map_frame);
    const frame = { state, marks, order, head, owner };
    if (known === 1) return frame;
    const of = this.struct(LAYOUT.pf_frame_view, LAYOUT.pf_map_frame.sizeof);
    return {
      ...frame,
      count: of.count | 0,
      reserved: of.reserved !== 0,
      mapped: of.mapped !== 0,
      next: of.next,
      prev: of.prev,
      freeOrder: of.free_order === 0 ? null : of.free_order - 1,
      compoundOrder: of.compound_order === 0 ? null : of.compound_order - 1,
      remembered: of.type,
      pageblock: this.pageblockType(pfn),
      held: { flag: is(of.held, 1), mapped: is(of.held, 2), mapping: is(of.held, 4), charged: is(of.held, 8) },
      lru: of.lru !== 0,
    };
  }

  /** Pair bits of a zone's order from index `first` on, as '0' and '1', and how many pairs there are. */
  pairs(zone: number, order: number, first: number, count: number): { bits: string; total: number } {
    const at = this.room(CHUNK);
    const total = this.calls.pairs(zone, order, first, count, at);
    const shown = Math.max(0, Math.min(count, total - first));
    return { bits: Array.from(new Uint8Array(this.memory.buffer, at, shown)).join(''), total };
  }

  /** Of the runs of frames whose count is neither 0 nor 1, those that begin among these frames: the first `most`, and how many. */
  references(pfn: number, frames: number, most: number): { runs: References[]; total: number } {
    const at = this.room(Math.max(12 * most, CHUNK));
    const total = this.calls.references(pfn, frames, at, most);
    const flat = this.u32(at, 3 * Math.min(total, most));
    const runs = Array.from({ length: flat.length / 3 }, (_, i) => {
      const [first = 0, count = 0, references = 0] = flat.subarray(3 * i, 3 * i + 3);
      return { pfn: first, frames: count, count: references | 0, outside: false };
    });
    return { runs, total };
  }

  /** Frames past the end of memory that keep a count. */
  referencesOutside(most: number): { runs: References[]; total: number } {
    const at = this.room(Math.max(8 * most, CHUNK));
    const total = this.calls.references_outside(at, most);
    const flat = this.u32(at, 2 * Math.min(total, most));
    const runs = Array.from({ length: flat.length / 2 }, (_, i) => {
      const [pfn = 0, count = 0] = flat.subarray(2 * i, 2 * i + 2);
      return { pfn, frames: 1, count: count | 0, outside: true };
    });
    return { runs, total };
  }

  /** What the kernel did not notice, at this place, or, of a room, where its events lead. */
  troubles(most: number, of: 'place' | 'followed' = 'place'): { troubles: Trouble[]; total: number } {
    const at = this.room(Math.max(20 * most, CHUNK));
    const total = this.calls.troubles(at, most, of === 'followed' ? 1 : 0);
    if (total === 0xffffffff) throw new EngineError(NO_MEMORY, 'looking for troubles');
    const flat = this.u32(at, 5 * Math.min(total, most));
    const troubles = Array.from({ length: flat.length / 5 }, (_, i) => {
      const [kind = 0, zone = 0, list = 0, pfn = 0, count = 0] = flat.subarray(5 * i, 5 * i + 5);
      return { kind: TROUBLES[kind] ?? 'lost', zone, list, pfn, count };
    });
    return { troubles, total };
  }

  // ------------------------------------------------------------------ real traces

  traceOpen(): void {
    this.check(this.calls.trace_open(), 'reading the trace');
  }

  /** A piece of the starting state; an empty one ends it. Returns the line that cannot be read, 0 where all is well. */
  traceStart(text: Uint8Array): number {
    const status = this.calls.trace_start(this.copyIn(text), text.length);
    const line = this.word(0);
    if (status !== 0 && line === 0) this.check(status, 'reading the start file');
    return line;
  }

  traceFeed(text: Uint8Array): void {
    this.check(this.calls.trace_feed(this.copyIn(text), text.length), 'reading the trace');
  }

  /** All text is read. Null where the trace shows no frame at all. */
  traceFinish() {
    const status = this.calls.trace_finish();
    const stats = this.struct(LAYOUT.pf_trace_stats);
    if (stats.frames === 0) return { stats, nodes: [] };
    this.check(status, 'reading the trace');
    return { stats, nodes: this.machineNodes() };
  }

  /** The map as it was before the trace's first event, and a timeline that begins there. */
  traceBegin(): void {
    this.openMap(FRAMES_LAYER);
    this.check(this.calls.trace_beginning(), 'reading the trace');
    this.begin();
    this.ensureWindow(WINDOW);
  }

  /** Appends entry `index` of the trace. Returns how many events it has: they are in the window. */
  traceEntry(index: number): number {
    this.check(this.calls.trace_entry(index), 'reading the trace');
    return this.word(0);
  }

  traceClose(): void {
    this.calls.trace_close();
  }
}

export async function compileEngine(bytes: BufferSource): Promise<WebAssembly.Module> {
  return WebAssembly.compile(bytes);
}
