/**
 * One open source, whatever it is: an engine with its timeline, and what is learnt of each entry when it comes in, so that going
 * anywhere is cheap.
 */
import { EVENTS, LAYOUT, MARKS, OPS, OUTCOMES } from '../generated/tables.ts';
import type {
  BootView,
  CodeEntry,
  ConsoleLine,
  Ev,
  FrameView,
  FreeList,
  FreeMemory,
  KernelInfo,
  PcpList,
  PcpView,
  Place,
  Settings,
  SourceInfo,
  Touch,
  Trouble,
  View,
  ZoneView,
} from '../protocol.ts';
import { closeFrames, touchedAt } from '../ui/touched.ts';
import { Changes } from './changes.ts';
import { ALL, type Engine } from './engine.ts';
import { decode, EVENT_BYTES, kindNumber } from './events.ts';
import { FreeMemoryLog } from './free-memory.ts';
import { cpuListNumber, listOf } from './kernel.ts';
import { MisuseWatch } from './misuse.ts';
import type { Pageblocks } from './pageblocks.ts';
import { Painted } from './painted.ts';
import { ReferenceCounts } from './references.ts';
import { Thefts } from './thefts.ts';
import { newTroubles } from './troubles.ts';

const SHOWN_EVENTS = 512;
const SHOWN_BLOCKS = 64;
const SHOWN_PAGEBLOCKS = 400;
/** Of a CPU's list: more than it has before it is drained. */
const SHOWN_PCP = 128;
const SHOWN_RUNS = 200;
const SHOWN_LINES = 200;
const SHOWN_THEFTS = 40;
const SHOWN_TOUCHES = 100;
const SHOWN_PAIRS = 64;
const PAIRS_ALIGN = 8;
const SHOWN_REFERENCES = 100;
const SHOWN_TROUBLES = 100;
const MOST_TROUBLES = 4096;
const KEPT_TROUBLES = 64;
/** In a larger map troubles are looked for when somebody asks. */
const MOST_FRAMES = 4_000_000;
const MOST_TOUCHES = 1 << 21;
const UNKNOWN = 255;

const OP_BEGIN = kindNumber('op_begin');
const OP_ARG = kindNumber('op_arg');
const OP_END = kindNumber('op_end');
const CALLS = kindNumber('calls');
const CONSOLE = new Set(
  [
    'bug',
    'oops',
    'panic',
    'hang',
    'stall',
    'warn_reserved_twice',
    'warn_zone_alignment',
    'warn_bad_page',
    'warn_alloc_failed',
    'warn_bad_frame',
  ].map(kindNumber),
);

/** Before there are zones, a frame's bit in the boot bitmap is all that it has. */
const BOOT_BITS: ReadonlySet<string> = new Set(['boot_bits_set', 'boot_bits_cleared']);
/** How many frames a record that tells of frames is about: by its order, by its count, or not about any. */
const TOUCHES = EVENTS.map((info) => {
  if ((info.layer !== 'frames' && !BOOT_BITS.has(info.name)) || !info.fields.some((field) => field.name === 'pfn'))
    return null;
  return info.fields.some((field) => field.name === 'order') ? 'order' : 'count';
});

type Picture = Pick<
  View,
  | 'zones'
  | 'boots'
  | 'sysctls'
  | 'pageblocks'
  | 'pageblockRuns'
  | 'pageblockTypes'
  | 'mixedPageblocks'
  | 'counts'
  | 'runs'
  | 'runsTotal'
  | 'references'
  | 'referencesTotal'
>;
const NO_PAGEBLOCKS = { pageblocks: [], pageblockRuns: 0, pageblockTypes: [], mixedPageblocks: 0 };
type Troubled = Pick<View, 'troubles' | 'troublesTotal' | 'newTroubles' | 'marked'>;
interface Troubles {
  troubles: Trouble[];
  total: number;
}
const NO_TROUBLE: Troubled = { troubles: [], troublesTotal: 0, newTroubles: [], marked: MARKS.map(() => 0) };

function tellTroubles({ troubles, total }: Troubles, news: Trouble[]): Troubled {
  const marked = MARKS.map((mark) => troubles.reduce((sum, one) => sum + (one.kind === mark ? one.count : 0), 0));
  const cut = (list: Trouble[]): Trouble[] => list.slice(0, SHOWN_TROUBLES);
  return { troubles: cut(troubles), troublesTotal: total, newTroubles: cut(news), marked };
}

/** Numbers in rows of four, growing. */
class Rows {
  private cells = new Uint32Array(4096);
  length = 0;

  push(a: number, b: number, c: number, d: number): void {
    const at = this.length * 4;
    if (at === this.cells.length) {
      const larger = new Uint32Array(at * 2);
      larger.set(this.cells);
      this.cells = larger;
    }
    this.cells[at] = a;
    this.cells[at + 1] = b;
    this.cells[at + 2] = c;
    this.cells[at + 3] = d;
    this.length++;
  }

  cell(row: number, column: number): number {
    return this.cells[row * 4 + column] ?? 0;
  }

  /** Forgets the last rows as long as they are `unwanted`. */
  dropWhile(unwanted: (row: number) => boolean): void {
    while (this.length > 0 && unwanted(this.length - 1)) this.length--;
  }
}

/** Columns of what is kept for each entry. */
const TOTAL = 0;
const LINE = 1;
const OUTCOME = 2;
const KIND = 3;

let ofPageblocks: typeof import('./pageblocks.ts') | null = null;

/** What only kernels with pageblocks need; to be done before a source of such a kernel is made. */
export async function fetchPageblocks(): Promise<void> {
  ofPageblocks ??= await import('./pageblocks.ts');
}

export class Source {
  readonly engine: Engine;
  readonly info: SourceInfo;
  /** The source's own text of a line, counted from 1. */
  lineText: (line: number) => string = () => '';
  private readonly entries = new Rows();
  private readonly touches = new Rows();
  private readonly lackings = new Map<number, string>();
  private readonly passings = new Map<number, string>();
  private readonly said: (ConsoleLine & { index: number })[] = [];
  private readonly thefts = new Thefts();
  private readonly changes = new Changes();
  /** How the frames look at the place reached last, and which of them look different since the place before; null: any. */
  readonly painted: Painted;
  drawn: readonly (readonly [pfn: number, count: number])[] | null = null;
  private place: Place | null = null;
  private readonly freeMemory: FreeMemoryLog;
  private readonly misuse: MisuseWatch | null;
  /** Pageblocks at the place reached last, where the kernel has them. */
  readonly pageblocks: Pageblocks | null;
  private readonly references: ReferenceCounts | null;
  /** Entries that are no operations, but tell something. */
  private readonly tellings: number[] = [];

  /** The engine stands at the beginning of its timeline. */
  constructor(
    engine: Engine,
    info: Omit<SourceInfo, 'frames' | 'first' | 'length' | 'outcomes' | 'misuse'>,
    first = 0,
  ) {
    this.engine = engine;
    this.painted = new Painted(engine);
    this.info = { ...info, first, frames: engine.frames, length: 0, outcomes: new Uint8Array(0), misuse: [] };
    const hasStructures = info.layers.includes('structures');
    this.freeMemory = new FreeMemoryLog(engine, hasStructures ? info.kernel : null);
    this.pageblocks = ofPageblocks?.Pageblocks.of(engine, hasStructures ? info.kernel : null) ?? null;
    const kept = engine.frames + (info.kernel?.nrSpareFrames ?? 0);
    this.references = hasStructures ? new ReferenceCounts(engine, kept) : null;
    const isWatched = hasStructures && engine.frames <= MOST_FRAMES;
    this.misuse = isWatched
      ? new MisuseWatch(engine.frames, first > 0 ? engine.troubles(MOST_TROUBLES).troubles : [])
      : null;
  }

  get length(): number {
    return this.entries.length;
  }

  get kernel(): KernelInfo | null {
    return this.info.kernel;
  }

  // ------------------------------------------------------------------ learning

  /**
   * Takes note of the next entry, whose records these are (the first `count` of `total`). A run stands behind it now, a room's events
   * lead there. `telling`: the line of one that is no operation, but tells something. Returns its outcome, 255 where neither they nor the timeline
   * tell.
   */
  learn(records: DataView, count: number, total = count, telling = 0): number {
    const entry = this.entries.length;
    let line = telling;
    let outcome = count < total ? this.engine.outcome(entry) : UNKNOWN;
    if (telling > 0) {
      this.tellings.push(entry);
      outcome = outcomeNumber('done');
    }
    let op = 0;
    for (let i = 0, at = 0; i < count; i++, at += EVENT_BYTES) {
      const kind = records.getUint8(at);
      if (kind === OP_BEGIN) {
        line = records.getUint32(at + LAYOUT.pf_event.b, true);
        op = records.getUint16(at + LAYOUT.pf_event.t, true);
      } else if (kind === OP_END) outcome = records.getUint8(at + LAYOUT.pf_event.s);
      else if (CONSOLE.has(kind)) this.said.push({ entry, index: i, event: decode(records, at) });
      this.thefts.take(entry, i, kind, records, at);
      const by = TOUCHES[kind];
      if (by && this.touches.length < MOST_TOUCHES) this.touch(entry, kind, by, records, at);
      this.freeMemory.take(kind, records, at);
      this.pageblocks?.take(kind, records, at);
    }
    this.entries.push(total, line, outcome, op);
    this.changes.learn(records, count, count === total);
    this.freeMemory.after(count === total);
    this.pageblocks?.after();
    const where = this.info.kind === 'live' ? 'followed' : 'place';
    this.misuse?.after(entry, () => this.engine.troubles(MOST_TROUBLES, where).troubles);
    return outcome;
  }

  /**
   * Finds the operations that brought troubles where looking after each of them would have taken too long. True: the source stands
   * elsewhere now.
   */
  searchMisuse(): boolean {
    const lookAfter = (entries: number): readonly Trouble[] => this.look(entries, false).troubles;
    return this.misuse?.search(lookAfter, this.info.kind === 'run' ? this.length : undefined) ?? false;
  }

  /** Entries from `from` on that brought troubles. */
  misused(from: number): number[] {
    return this.misuse?.entries.filter((entry) => entry >= from) ?? [];
  }

  /** Free memory over time, of one zone or of all. */
  freeOverTime(zone: number | null): FreeMemory {
    return this.freeMemory.of(zone);
  }

  /** Forgets the entries from `length` on, as if they had never been. The engine stands behind the last afterwards. */
  truncate(length: number): void {
    this.engine.truncate(length);
    this.entries.dropWhile((row) => row >= length);
    this.touches.dropWhile((row) => this.touches.cell(row, 0) >= length);
    while ((this.said.at(-1)?.entry ?? -1) >= length) this.said.pop();
    while ((this.tellings.at(-1) ?? -1) >= length) this.tellings.pop();
    for (const known of [this.lackings, this.passings, this.lately])
      for (const entry of known.keys()) if (entry >= length) known.delete(entry);
    this.thefts.truncate(length);
    this.changes.truncate(length);
    if (this.place && this.place.entry >= length) this.place = null;
    this.goTo(length);
    this.freeMemory.truncate(length);
    this.misuse?.truncate(length, () => this.engine.troubles(MOST_TROUBLES).troubles);
  }

  /** The next entry is skipped, as the kernel lacks this flag or operation. */
  lacks(name: string): void {
    this.lackings.set(this.length, name);
  }

  /** What the kernel lacked for an entry; empty: nothing. */
  lacking(entry: number): string {
    return this.lackings.get(entry) ?? '';
  }

  /** The next entry is carried out without these hints, joined by |, which the kernel does not know. */
  passesOver(names: string): void {
    this.passings.set(this.length, names);
  }

  /** Hints that the kernel passed over at an entry, joined by |; empty: none. */
  passedOver(entry: number): string {
    return this.passings.get(entry) ?? '';
  }

  private touch(entry: number, kind: number, by: 'order' | 'count', records: DataView, at: number): void {
    const { s, a, b } = LAYOUT.pf_event;
    const count = by === 'order' ? 2 ** records.getUint8(at + s) : records.getUint32(at + b, true);
    this.touches.push(entry, kind, records.getUint32(at + a, true), count);
  }

  outcomes(from: number): Uint8Array {
    return Uint8Array.from({ length: this.length - from }, (_, i) => this.entries.cell(from + i, OUTCOME));
  }

  /** The operation of each entry, by number. */
  kinds(): Uint8Array {
    return Uint8Array.from({ length: this.length }, (_, entry) => this.entries.cell(entry, KIND));
  }

  /** The operation of an entry, by number. */
  kind(entry: number): number {
    return this.entries.cell(entry, KIND);
  }

  /** Operations, by number, whose result has no name somewhere. */
  unnamed(): number[] {
    return [...new Set(this.kinds())];
  }

  /** Which operation bound each name that an entry uses; a source without names has none. */
  binders(_entry: number): Record<string, string> {
    return {};
  }

  /** What code is made of, for `count` entries from `from` on. The engine stands elsewhere afterwards. */
  code(from: number, count: number): CodeEntry[] {
    const end = Math.min(from + count, this.length);
    return Array.from({ length: Math.max(0, end - from) }, (_, i) => {
      const entry = from + i;
      const found = this.engine.seek(entry, ALL);
      return {
        entry,
        operation: this.operation(found.count),
        outcome: OUTCOMES[this.entries.cell(entry, OUTCOME)] ?? '',
        said: this.said.filter((line) => line.entry === entry).map(({ event }) => event),
        line: this.lineOf(entry),
        lacking: this.lacking(entry),
        binders: this.binders(entry),
      };
    });
  }

  /** The line of the source that made an entry; 0: none. */
  lineNumber(entry: number): number {
    return entry < 0 ? 0 : this.entries.cell(entry, LINE);
  }

  /** The source's own text of an entry; empty: it has none. */
  lineOf(entry: number): string {
    const line = this.lineNumber(entry);
    return line === 0 ? '' : this.lineText(line);
  }

  /** The source as the page is told of it. */
  describe(): SourceInfo {
    const { engine, length } = this;
    return { ...this.info, frames: engine.frames, length, outcomes: this.outcomes(0), misuse: this.misused(0) };
  }

  // ------------------------------------------------------------------ a place

  /** Goes to a place (inner below 0, or past the end: after the whole entry) and tells what it looks like. */
  at(entry: number, inner: number, withDigest: boolean, asked = false): View {
    let goal = Math.min(Math.max(0, entry), this.length);
    let part = goal === this.length ? 0 : inner;
    if (part < 0 || part >= this.total(goal)) {
      if (part !== 0) goal = Math.min(goal + 1, this.length);
      part = 0;
    }
    const about = part > 0 ? goal : goal - 1;
    const earlier = part > 0 ? this.troubledBefore(goal, asked) : null;
    const found = about < 0 ? { total: 0, count: 0 } : this.engine.seek(about, part > 0 ? part : ALL);
    if (about < 0) this.engine.seek(0, 0);
    const first = this.firstShown(found.count, part);
    const shown = Math.min(found.count - first, SHOWN_EVENTS);
    const line = about < 0 ? 0 : this.entries.cell(about, LINE);
    const told = {
      place: { entry: goal, inner: part },
      operation: about < 0 ? [] : this.operation(found.count),
      events: this.engine.events(first, about < 0 ? 0 : shown),
      happened: part > 0 ? Math.min(part - first, shown) : shown,
    };
    this.repaint(told.place);
    const { thefts, total: theftsTotal } = this.thefts.upTo(goal, part, SHOWN_THEFTS);
    return {
      ...told,
      length: this.length,
      innerTotal: this.total(goal),
      eventsFirst: first,
      eventsTotal: found.total,
      eventsEntry: about,
      line: this.lineOf(about),
      lineNumber: line,
      lacking: this.lacking(about),
      passedOver: this.passedOver(about),
      binders: this.binders(about),
      close: closeFrames(told).map((pfn) => ({ pfn, state: this.painted.stateOf(pfn) })),
      ...this.picture(touchedAt(told)[0]?.[0] ?? null),
      ...(earlier ?? this.troubled(goal, asked)),
      console: this.consoleAt(goal, part),
      thefts,
      theftsTotal,
      ...(withDigest ? { digest: this.engine.digest() } : {}),
    };
  }

  /** Reads how things are here, where they may be different. */
  private repaint(place: Place): void {
    const changed = this.place && this.changes.between(this.place, place);
    this.drawn = this.painted.update(changed);
    this.pageblocks?.update(changed);
    this.references?.update(changed);
    this.place = place;
  }

  /** The end of the call that a place inside an operation is in: the next call that the operation makes, or its own end. */
  afterCall({ entry, inner }: Place): Place {
    const done = { entry: Math.min(entry + 1, this.length), inner: 0 };
    if (inner === 0 || entry >= this.length) return done;
    const { count } = this.engine.seek(entry, ALL);
    const records = this.engine.records(count);
    for (let next = inner + 1; next < count; next++)
      if (records.getUint8(next * EVENT_BYTES) === CALLS) return { entry, inner: next };
    return done;
  }

  private total(entry: number): number {
    return entry < this.length ? this.entries.cell(entry, TOTAL) : 0;
  }

  /** The part of a long operation that is shown: around the place, or its end. */
  private firstShown(count: number, inner: number): number {
    const most = Math.max(0, count - SHOWN_EVENTS);
    return inner === 0 ? most : Math.min(most, Math.max(0, inner - SHOWN_EVENTS / 2));
  }

  /** op_begin, op_args and op_end of the entry in the window: the first few records and the last. */
  private operation(count: number): Ev[] {
    const records = this.engine.records(count);
    const kind = (i: number): number => records.getUint8(i * EVENT_BYTES);
    const out: Ev[] = [];
    for (let i = 0; i < count && (kind(i) === OP_BEGIN || kind(i) === OP_ARG); i++)
      out.push(decode(records, i * EVENT_BYTES));
    if (count > 0 && kind(count - 1) === OP_END) out.push(decode(records, (count - 1) * EVENT_BYTES));
    return out;
  }

  private consoleAt(entry: number, inner: number): ConsoleLine[] {
    const past = this.said.filter((line) => line.entry < entry || (line.entry === entry && line.index < inner));
    return past.slice(-SHOWN_LINES).map(({ entry: at, event }) => ({ entry: at, event }));
  }

  private picture(concerned: number | null): Picture {
    const references = this.references?.runs(SHOWN_REFERENCES) ?? { runs: [], total: 0 };
    return {
      zones: this.zones(concerned),
      boots: this.boots(),
      sysctls: this.settings(),
      ...(this.pageblocks?.tell(SHOWN_PAGEBLOCKS) ?? NO_PAGEBLOCKS),
      counts: [...this.painted.counts],
      runs: this.painted.runs(SHOWN_RUNS),
      runsTotal: this.painted.runsTotal,
      references: references.runs,
      referencesTotal: references.total,
    };
  }

  // ------------------------------------------------------------------ what the kernel did not notice

  /** Between operations, by the number of those done: what was found there lately. */
  private readonly lately = new Map<number, Troubles>();

  /** After `entry` operations, where the engine stands already, or else is taken to. */
  private look(entry: number, isThere: boolean): Troubles {
    const known = this.lately.get(entry);
    if (known) return known;
    if (!isThere) this.goTo(entry);
    const found = this.engine.troubles(MOST_TROUBLES);
    if (this.lately.size >= KEPT_TROUBLES) this.lately.delete(this.lately.keys().next().value ?? 0);
    // What comes in live may yet add to the last operation.
    if (entry < this.length || this.info.kind === 'run') this.lately.set(entry, found);
    return found;
  }

  private goTo(entry: number): void {
    if (entry === 0) this.engine.seek(0, 0);
    else this.engine.seek(entry - 1, ALL);
  }

  /** What an entry brought that is wrong and that the kernel did not notice. The engine stands elsewhere afterwards. */
  brought(entry: number): Trouble[] {
    return newTroubles(this.look(entry, false).troubles, this.look(entry + 1, false).troubles);
  }

  /** Nothing, where there are no structures or the map is too large to look unasked. */
  private unlooked(asked: boolean): Troubled | null {
    if (!this.info.layers.includes('structures')) return NO_TROUBLE;
    return this.engine.frames > MOST_FRAMES && !asked ? { ...NO_TROUBLE, troublesTotal: -1 } : null;
  }

  /** Inside operation `entry`: those from before it. The engine may stand elsewhere afterwards. */
  private troubledBefore(entry: number, asked: boolean): Troubled {
    return this.unlooked(asked) ?? tellTroubles(this.look(entry, false), []);
  }

  /** Between operations, where the engine stands, and stands again afterwards. */
  private troubled(entry: number, asked: boolean): Troubled {
    const not = this.unlooked(asked);
    if (not) return not;
    const found = this.look(entry, true);
    if (found.total === 0 || entry === 0) return tellTroubles(found, []);
    const goesAway = !this.lately.has(entry - 1);
    const before = this.look(entry - 1, false);
    if (goesAway) this.goTo(entry);
    return tellTroubles(found, newTroubles(before.troubles, found.troubles));
  }

  zones(concerned: number | null = null): ZoneView[] {
    const kernel = this.kernel;
    if (!kernel) return [];
    const out: ZoneView[] = [];
    for (let zone = 0; zone < this.engine.zones; zone++) {
      const view = this.engine.zone(zone);
      if (!view) continue;
      const { holes: _, protection, nr_free, ...shown } = view;
      const lists = this.freeLists(zone, kernel);
      out.push({
        ...shown,
        zone,
        name: kernel.zoneNames[view.type] ?? '',
        protection: protection.slice(0, kernel.nrZoneTypes),
        nr_free: kernel.nrTypes > 1 ? nr_free : lists.map(({ length }) => length),
        lists,
        pcp: this.pcp(zone, kernel),
        pairs: this.pairs(zone, view, concerned),
      });
    }
    return out;
  }

  private freeLists(zone: number, { nrOrders, nrTypes }: KernelInfo): FreeList[] {
    return Array.from({ length: nrOrders * nrTypes }, (_, list) => ({
      order: Math.floor(list / nrTypes),
      type: list % nrTypes,
      ...this.engine.list(zone, list, SHOWN_BLOCKS),
    }));
  }

  /** Each CPU's counters and, with each of them, the lists that it is for. */
  private pcp(zone: number, kernel: KernelInfo): PcpView[] {
    const { nrPcps, nrPcpLists } = kernel;
    const each = nrPcpLists / nrPcps;
    const out: PcpView[] = [];
    for (let number = 0; number < nrPcps * this.engine.cpus; number++) {
      const cpu = Math.floor(number / nrPcps);
      const view = this.engine.pcp(zone, cpu, number % nrPcps);
      const first = cpuListNumber(kernel, 0, number * each);
      const lists = Array.from({ length: each }, (_, i) => this.pcpList(zone, kernel, first + i));
      if (view) out.push({ ...view, cpu, lists });
    }
    return out;
  }

  private pcpList(zone: number, kernel: KernelInfo, list: number): PcpList {
    const { index, order, types, cold } = listOf(kernel, list);
    return { index, order, types, cold, ...this.engine.list(zone, list, SHOWN_PCP) };
  }

  private settings(): Settings | null {
    const names = this.kernel?.settings ?? [];
    if (names.length === 0) return null;
    const all = this.engine.sysctls();
    return Object.fromEntries(names.map((name) => [name, all[name]]));
  }

  /** Of each order's bitmap the part around the frame concerned, or its beginning. */
  private pairs(zone: number, { start_pfn, size }: { start_pfn: number; size: number }, concerned: number | null) {
    const inside = concerned !== null && concerned >= start_pfn && concerned - start_pfn < size;
    return Array.from({ length: size > 0 ? (this.kernel?.nrPairOrders ?? 0) : 0 }, (_, order) => {
      const most = Math.max(0, ((size - 1) >>> (order + 1)) + 1 - SHOWN_PAIRS);
      const wanted = inside ? ((concerned - start_pfn) >>> (order + 1)) - SHOWN_PAIRS / 2 : 0;
      const first = Math.min(Math.max(0, wanted - (wanted % PAIRS_ALIGN)), most);
      return { order, first, ...this.engine.pairs(zone, order, first, SHOWN_PAIRS) };
    });
  }

  private boots(): BootView[] {
    const out: BootView[] = [];
    for (let node = 0; node < this.engine.nodes; node++) {
      const view = this.engine.boot(node);
      if (!view) continue;
      out.push({ ...view, node, reserved: this.engine.bootRuns(node) });
    }
    return out;
  }

  // ------------------------------------------------------------------ a frame

  /** What the place reached last says of a frame. */
  frame(pfn: number): FrameView | null {
    const frame = this.engine.frame(pfn);
    if (!frame) return null;
    const block = this.pageblocks?.at(pfn) ?? null;
    return { pfn, ...frame, owner: this.numberShown(frame.owner), ...(block ? { block } : {}), ...this.zoneOf(pfn) };
  }

  /** Numbers of operations as they are shown: every entry counts, also those that are none. 0: nobody's. */
  private numberShown(operation: number): number {
    let entry = operation - 1 - this.info.first;
    if (entry < 0) return operation;
    for (const telling of this.tellings) if (telling <= entry) entry++;
    return entry + 1 + this.info.first;
  }

  private zoneOf(pfn: number): Pick<FrameView, 'zone' | 'node'> {
    const kernel = this.kernel;
    if (!kernel) return {};
    for (let slot = 0; slot < this.engine.zones; slot++) {
      const zone = this.engine.zone(slot);
      if (zone && pfn >= zone.start_pfn && pfn - zone.start_pfn < zone.size)
        return { zone: kernel.zoneNames[zone.type] ?? '', ...(this.engine.nodes > 1 ? { node: zone.node } : {}) };
    }
    return {};
  }

  /** Begin, arguments and end of the operation of a number; empty where it was before the timeline. The engine stands elsewhere then. */
  operationOf(number: number): Ev[] {
    const entry = number - 1 - this.info.first;
    return entry >= 0 && entry < this.length ? this.operation(this.engine.seek(entry, ALL).count) : [];
  }

  /** What happened to a frame in the entries before `entry`, the latest last. */
  history(pfn: number, entry: number): Touch[] {
    const out: Touch[] = [];
    for (let i = 0; i < this.touches.length && this.touches.cell(i, 0) < entry; i++) {
      const first = this.touches.cell(i, 2);
      if (pfn < first || pfn - first >= this.touches.cell(i, 3)) continue;
      const at = this.touches.cell(i, 0);
      out.push({ entry: at, kind: EVENTS[this.touches.cell(i, 1)]?.name ?? '', op: opName(this.kind(at)) });
    }
    return out.slice(-SHOWN_TOUCHES);
  }
}

export const outcomeNumber = (name: (typeof OUTCOMES)[number]): number => OUTCOMES.indexOf(name);
export const opName = (kind: number): string => OPS[kind]?.name ?? '';
