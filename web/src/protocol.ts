/**
 * What the page and its worker say to each other. The worker owns engine, fold, timeline and the drawing; the page
 * owns words, controls and pace. Nothing else crosses.
 *
 * A place in time is (entry, inner): `entry` entries of the timeline are done, and `inner` events of the next one.
 *
 * Several sources can stand side by side: side 0 is what was opened, the others are the same run on another kernel or machine, or
 * what it was before a fork (core/beside.ts). They share the entries of one timeline; inside an entry each has inner steps of its own.
 */

import type { Difference, DifferenceGroup } from './core/compare.ts';
import type { MixedOverTime } from './core/mixed-blocks.ts';
import type { Wanted } from './core/runfile.ts';
import type { Chosen } from './core/runfile-state.ts';
import type { TroubleName } from './generated/tables.ts';
import type { DrawOrder } from './map/painter.ts';
import type { Caption, PictureFile } from './map/picture.ts';

/** One decoded event: `kind` and the fields of its row in engine/events.def, the same shape as on the wire. */
export interface Ev {
  kind: string;
  [field: string]: string | number | boolean;
}

/** No zone, and no frame: PF_NULL of the engine. */
export const NONE = 0xffffffff;

/** Something that is wrong and that the kernel did not notice (pf_map_troubles). */
export interface Trouble {
  kind: TroubleName;
  /** Of the list or the counter, the list by its number in the zone (KernelInfo.nrLists). NONE for frames. */
  zone: number;
  list: number;
  /** Frames; where a ring breaks off; for a counter, what it says and what the lists hold. */
  pfn: number;
  count: number;
}

export interface Place {
  entry: number;
  inner: number;
  /** Inner steps of the sides beside side 0, where several are compared: of side 1 first. */
  others?: readonly number[];
}

export type SideNumber = 0 | 1 | 2;
export const MOST_SIDES = 3;

export interface NodeInfo {
  start_pfn: number;
  pages: number;
  /** Its CPUs; where no node names any, all belong to the first. */
  cpus?: number[];
}

/** What the kernel model declares (pf_kernel_info); null for a trace. */
export interface KernelInfo {
  name: string;
  nrOrders: number;
  nrPairOrders: number;
  nrZoneTypes: number;
  hasPcp: boolean;
  /** How wide addresses are: 32 or 64. */
  bitsPerLong: number;
  pageOffset: number;
  zoneNames: string[];
  /** Migratetypes by number, in the kernel's words; none where an order has one list. */
  typeNames: string[];
  /** Free lists of an order: 1, or one a type. */
  nrTypes: number;
  /** Lists of a CPU in a zone, and the counters beside them: one a list, or one for all. */
  nrPcpLists: number;
  nrPcps: number;
  /** Orders that those lists hold: 0 up to this, excluded, and pageblockOrder. */
  nrPcpOrders: number;
  /** Blocks of this order have a type; 0: there are none. */
  pageblockOrder: number;
  /** From which types a type borrows, in order, by type; none where no list is a type's own. */
  lenders: readonly (readonly number[])[];
  /** A zone's atomic reserve grows to 1/this of its frames and a pageblock; 0: it has none. */
  highatomicShare: number;
  /** Settings that it has. */
  settings: SettingName[];
  /** CPUs that have lists of their own; 0 where none has. */
  nrCpus: number;
  /** Nodes of the machine it runs on; 1 where it does not say. */
  nrNodes?: number;
  /** Frames up to the end of its memory, and descriptors behind that. */
  nrFrames: number;
  nrSpareFrames: number;
  /** Lists of a zone: its free lists by order and, within an order, by type (order * nrTypes + type), then each CPU's (core/kernel.ts). */
  nrLists: number;
}

/** Bytes, physical. */
export interface ByteRange {
  addr: number;
  size: number;
}

export interface SourceInfo {
  kind: 'run' | 'trace' | 'live';
  /** File name, or the room's. */
  name: string;
  about: string;
  kernel: KernelInfo | null;
  layers: string[];
  nodes: NodeInfo[];
  frames: number;
  /** The run begins with a state instead of a boot; what of it nobody told, so that it was chosen. */
  beginning?: Chosen[];
  /** Operations that happened before the timeline begins: in a room, before the viewer came. Numbers shown count from here. */
  first: number;
  /** Entries in the timeline so far. */
  length: number;
  /** One outcome (index into OUTCOMES) an entry; 255: not known yet. */
  outcomes: Uint8Array;
  /** Entries that brought troubles: something is wrong since then, and the kernel did not notice. */
  misuse: number[];
  /** Where the kernel's boot allocator keeps ranges: what it knows before it hands its memory over. */
  memblock?: { memory: ByteRange[]; reserved: ByteRange[] };
  /** Of a run: how it was changed. What else is open cannot be. */
  edits?: Edits;
  /** Of what stands beside another source: it is that source's run as it was before a fork. */
  isBefore?: boolean;
  /** For a trace: lines read, used, ignored, skipped, lost. */
  trace?: {
    lines: number;
    events: number;
    ignored: number;
    skipped: number;
    lost: number;
    failed: number;
    /** Lines that name a page event but cannot be read, and the first of them. */
    bad: number;
    badLine: number;
    hasStart: boolean;
  };
}

/** A future of a run that others are to have, too. */
export interface Kept {
  /** It followed entry `entry`, one line of a run file an operation. */
  entry: number;
  /** It came after the fork that was gone back behind; else it is what happened before the fork. */
  isNew: boolean;
  text: string;
}

/** How a run was changed since it was opened. */
export interface Edits {
  canUndo: boolean;
  canRedo: boolean;
  /**
   * The future that is kept: so many operations followed entry `entry`. It is what happened before the latest fork, or, where that was
   * gone back to, what came after it (`isNew`).
   */
  before: { entry: number; length: number; isNew: boolean } | null;
}

/** Why a call was not made. `field`: of the line; empty: all of it together. */
export interface Refusal {
  field: string;
  /** What the field holds, as an error text has it. */
  found: string;
  wanted: Omit<Wanted, 'what'> & { what: Wanted['what'] | 'range' | 'full' | 'lacks' | 'stopped' };
  /** The whole text. */
  message: string;
}

/** A name that means something at a place, and the operation that bound it. */
export interface NameInfo {
  name: string;
  op: string;
  entry: number;
}

/** What the C of one entry is made of. */
export interface CodeEntry extends Pick<View, 'operation' | 'line' | 'lacking'> {
  entry: number;
  binders: Record<string, string>;
  outcome: string;
  /** What the kernel's console said. */
  said: Ev[];
}

/** A list's blocks by their first pfns, head first, cut at 64 (a CPU's list at 128); `length` is the whole count; `end` tells a broken list. */
export interface ListView {
  blocks: number[];
  length: number;
  end: 'whole' | 'null' | 'loop' | 'other';
}

/** A list of a CPU in a zone. */
export interface PcpList extends ListView {
  /** Its number among that CPU's. */
  index: number;
  /** Of its blocks; `types`: migratetypes by number, one or those that share the list; a kernel without types has 0 alone. */
  order: number;
  types: number[];
  /** A cold list, where the kernel keeps a hot and a cold one. */
  cold: boolean;
}

/**
 * A counter of a CPU in a zone, and the lists that it is for: a hot or a cold list, which is refilled when it has no more than `low`
 * frames; or all of the CPU's, each refilled when it is empty. Drained when there are `high`; by `batch`.
 */
export interface PcpView {
  cpu: number;
  /** Frames, as the counter says. */
  count: number;
  low: number;
  high: number;
  batch: number;
  /** How often the amount that is drained has doubled. */
  free_factor: number;
  /** What the CPU has not yet added to the zone's free_pages, and how far that may go; 0 where nothing lags. */
  vm_stat_diff: number;
  stat_threshold: number;
  lists: PcpList[];
}

export interface ZoneView {
  zone: number;
  node: number;
  type: number;
  name: string;
  start_pfn: number;
  size: number;
  /** By the zone's own counter, which may lag (PcpView.vm_stat_diff), and even be below 0. */
  free_pages: number;
  pages_min: number;
  pages_low: number;
  pages_high: number;
  need_balance: number;
  /**
   * Pages kept from requests: from those whose zone list begins with the zone type of that number, or (lowmem_reserve) that may go as
   * high as it.
   */
  protection: number[];
  /** Frames that the page allocator was ever given; 0 where the kernel does not count them. */
  managed: number;
  /** What fallbacks added to each of the marks, and whether kswapd is to be told of it. */
  boost: number;
  boosted: boolean;
  /** kswapd is at work: CPUs keep less to themselves. */
  reclaim_active: boolean;
  /** Frames in pageblocks that are set aside for atomic requests. */
  nr_reserved_highatomic: number;
  /** Free blocks by order, as the kernel counts them; where it does not, as the lists hold. */
  nr_free: number[];
  /** Free lists by order and, within an order, by type; a kernel without types has type 0 alone. */
  lists: FreeList[];
  /** Each CPU's own lists, where the kernel has them: frames that are free to that CPU and on no free list. */
  pcp: PcpView[];
  /** Bitmaps of buddy pairs by order: bits from index `first` on, those around the frames concerned; `total` in all. */
  pairs: { order: number; first: number; bits: string; total: number }[];
}

export interface FreeList extends ListView {
  order: number;
  type: number;
}

/** Neighbouring pageblocks that are alike. `listed` and `asked`: bit t is the migratetype of number t. */
export interface PageblockRun {
  pfn: number;
  blocks: number;
  /** Where frames freed there go. */
  type: number;
  /** Types of the lists that the free frames stand on. */
  listed: number;
  /** Types that the allocated frames were asked for with, as far as the events tell; frames of the page replacement are movable. */
  asked: number;
  /** Something in it is of another type than its own. */
  mixed: boolean;
}

/** Settings of the kernel by their names in /proc/sys/vm; those that it has. */
export type Settings = Partial<Record<SettingName, number>>;
export type SettingName =
  | 'min_free_kbytes'
  | 'lower_zone_protection'
  | 'watermark_boost_factor'
  | 'watermark_scale_factor'
  | 'percpu_pagelist_high_fraction';

/** Neighbouring frames with one reference count that is neither 0 nor 1; `outside`: past the end of memory. */
export interface References {
  pfn: number;
  frames: number;
  count: number;
  outside: boolean;
}

export interface BootView {
  node: number;
  start_pfn: number;
  end_pfn: number;
  mapstart: number;
  last_pos: number;
  last_offset: number;
  /** Bytes: where the next search begins (2.6). */
  last_success: number;
  /** Runs of set bits: [first pfn, count]. */
  reserved: [number, number][];
}

/** A request that had to borrow from another type: where it was over, what it asked for, and what it took. */
export interface Theft extends Place {
  /** The extfrag event. */
  asked: Ev;
  /** pageblock_stolen or block_stolen; null where the kernel stopped before it. */
  taken: Ev | null;
}

/** A line of the kernel's console: the event that said it, and where. */
export interface ConsoleLine {
  entry: number;
  event: Ev;
}

/** Everything the page shows of one place. */
export interface View {
  place: Place;
  /** Entries in the timeline now. */
  length: number;
  /** Events of the entry `place.entry` in all; 0 at the end of the timeline. */
  innerTotal: number;
  /**
   * The events that the sentence is about: those of the last entry done when inner is 0 (the operation that led here), else
   * those of the entry we are inside. At most 512.
   */
  events: Ev[];
  /** Number of events[0] within its entry: 0 unless the entry has too many to show at once. */
  eventsFirst: number;
  /** Events of that entry in all. */
  eventsTotal: number;
  /** The entry's own op_begin, op_args and (once known) op_end, also where `events` leaves them out. */
  operation: Ev[];
  /** How many of `events` have happened at this place. */
  happened: number;
  /** The entry they belong to; -1 at the very beginning. */
  eventsEntry: number;
  /** The source's own line for that entry (run file or trace text), empty if there is none. */
  line: string;
  lineNumber: number;
  /** The flag or operation that the kernel lacks, so that the entry was skipped; empty: none. */
  lacking: string;
  /** Hints among its flags that the kernel does not know and passed over, joined by |; empty: none. */
  passedOver: string;
  /** For each name in the line, the operation that bound it last. */
  binders?: Record<string, string>;
  /** The frames that the events are about, as far as they are shown large, and the state that each is in. */
  close: { pfn: number; state: number }[];
  zones: ZoneView[];
  boots: BootView[];
  /** The settings behind watermarks and protection; null where the kernel has none. */
  sysctls: Settings | null;
  /** Pageblocks, where the kernel has them: by rising pfn, cut at 400 runs, and how many runs there are in all. */
  pageblocks: PageblockRun[];
  pageblockRuns: number;
  /** Pageblocks of each migratetype, by its number; and how many are mixed, of all of them. */
  pageblockTypes: { blocks: number; mixed: number }[];
  mixedPageblocks: number;
  console: ConsoleLine[];
  /** Up to this place, the latest 40, latest last. */
  thefts: Theft[];
  theftsTotal: number;
  /** The first 100; see `referencesTotal`. */
  references: References[];
  referencesTotal: number;
  /**
   * What the kernel has not noticed so far, the first 100: as it was after the last operation done, since inside one the
   * structures are under way. `troublesTotal` -1: not looked for, as the map is large and nobody asked.
   */
  troubles: Trouble[];
  troublesTotal: number;
  /** Those that the last operation brought. */
  newTroubles: Trouble[];
  /** Frames with each mark, by number of the mark. */
  marked: number[];
  /** Frames in each state, by PF state number. */
  counts: number[];
  /** Runs of frames by state, from 0, cut at 200, for the text equivalent of the map. */
  runs: { pfn: number; count: number; state: number }[];
  runsTotal: number;
  /** Digest of the folded map, 16 hex digits, where it was asked for. */
  digest?: string;
  /** The other sides at the same place, and in what each differs from side 0 at the entry that the view is about. */
  others?: View[];
  differences?: Difference[][];
}

/** What happened to a frame: the kind of the event, and the operation. */
export interface Touch {
  entry: number;
  kind: string;
  op: string;
}

export interface FrameView {
  pfn: number;
  state: number;
  marks: number;
  order: number;
  head: number;
  owner: number;
  /** page->count and PG_reserved, where the source has structures. */
  count?: number;
  reserved?: boolean;
  /** A page table has it. */
  mapped?: boolean;
  /** It is the first of a free block, and says so: the block's order. */
  freeOrder?: number | null;
  /** It is the first of a compound block: the order by which that is freed. */
  compoundOrder?: number | null;
  /** The migratetype that it remembers from when it left a free list or came to a CPU's; the type of its pageblock. */
  remembered?: number;
  pageblock?: number | null;
  /** Its pageblock, where one is known. */
  block?: PageblockRun;
  /** What others have of it: a flag that must not be set when it is freed, a mapping into page tables, an address space, a charge. */
  held?: { flag: boolean; mapped: boolean; mapping: boolean; charged: boolean };
  /** On the page-replacement lists. */
  lru?: boolean;
  /** page->list: frames, heads of lists, NULL or POISON of the engine. */
  next?: number;
  prev?: number;
  zone?: string;
  /** Its node, where the machine has several. */
  node?: number;
}

/**
 * Free memory over time, of one zone or of all together: at the places after `places[i]` operations, every `stride` of them and the
 * last. Of a trace, which shows no lists, only `freePages` and `onCpus`.
 */
export interface FreeMemory {
  /** null: all of them. */
  zone: number | null;
  /** Zones that ever had free pages. */
  zones: number[];
  places: Uint32Array;
  stride: number;
  /** Free blocks, by order. */
  blocks: Int32Array[];
  /** Frames on CPUs' own lists. */
  onCpus: Int32Array;
  /** Free pages by the zone's own counter; of a trace, frames in buddy lists. */
  freePages: Int32Array;
}

/** The order of the blocks that may be mixed: what linux-6.1 keeps types for, and the largest that all kernels can give. */
export const MIXED_ORDER = 9;

/** Which pageblocks are asked for: bit t, those of type t (none: of any); and this, only mixed ones. 0: all. */
export const ONLY_MIXED = 1 << 8;

/** How fragmented a side's memory is over time, where several are compared. */
export interface Fragmentation {
  memory: FreeMemory;
  mixed: MixedOverTime;
}

/** The colours and measures the drawing needs; made from the page's CSS custom properties. */
export interface Theme {
  dark: boolean;
  colours: Record<string, string>;
}

export type ToWorker =
  /** `kept`: with a future that was kept for it. */
  | { type: 'open-run'; name: string; bytes: ArrayBuffer; kept: Kept | null }
  | { type: 'open-trace'; name: string; bytes: ArrayBuffer; start: ArrayBuffer | null }
  | { type: 'open-live'; url: string }
  | { type: 'close' }
  /** What stands beside the run that is open from now on, by its texts (core/beside.ts); none: there is one side only. */
  | { type: 'compare'; beside: readonly string[] }
  /** Makes a call after `entry` entries; `text` is a line of a run file. What followed there is kept. */
  | { type: 'call'; entry: number; text: string }
  /** Takes the last change of the run back, makes it again, or goes over to what happened before and keeps this. */
  | { type: 'change'; how: 'undo' | 'redo' | 'switch' }
  /** The run as a file. */
  | { type: 'save' }
  /** The names that mean something after `entry` entries. */
  | { type: 'names'; entry: number }
  /** What code is made of: of all entries in short, of some in full. */
  | { type: 'code'; from: number; count: number }
  /** inner -1: after the whole entry, the same as (entry + 1, 0). */
  | { type: 'seek'; entry: number; inner: number; others?: readonly number[]; digest?: boolean; troubles?: boolean }
  | { type: 'draw'; side: SideNumber; order: DrawOrder }
  | { type: 'theme'; theme: Theme }
  /** The picture of a side as a file, with what is said of it. */
  | { type: 'picture'; side: SideNumber; format: 'png' | 'svg'; caption: Caption }
  | { type: 'inspect'; side: SideNumber; pfn: number }
  /** How much of each state is among these frames. */
  | { type: 'mixture'; side: SideNumber; ranges: [pfn: number, count: number][] }
  /** Free memory over time; zone null: of all zones. */
  | { type: 'free-memory'; side: SideNumber; zone: number | null }
  /** A seek to the end of the call that a place inside an operation is in: the next call that it makes, or its own end. */
  | { type: 'step-over'; side: SideNumber; entry: number; inner: number; others?: readonly number[] };

export type FromWorker =
  | { type: 'ready' }
  | { type: 'opened'; source: SourceInfo }
  /** The sides beside side 0 that are there now. */
  | { type: 'compared'; sources: SourceInfo[] }
  /** What was found in the first `entries` entries, of each of those sides; more follows until they are all. */
  | { type: 'differences'; groups: DifferenceGroup[][]; entries: number }
  /** A live source grew (or ended). */
  | {
      type: 'grown';
      length: number;
      ended: boolean;
      connected: boolean;
      outcomes: Uint8Array;
      misuse: number[];
      from: number;
    }
  | { type: 'free-memory'; memory: FreeMemory }
  /** Of each side, once all is compared. */
  | { type: 'fragmentation'; sides: Fragmentation[] }
  | { type: 'view'; view: View }
  /** Frames by state. */
  | { type: 'mixture'; side: SideNumber; counts: number[] }
  /**
   * The run was changed; `place` is worth looking at. `text`: the run as it is now, `kept`: the future that is kept; null where that is
   * long.
   */
  | { type: 'edited'; source: SourceInfo; place: Place; text: string | null; kept: Kept | null }
  /** A call was not made, and nothing was changed. */
  | { type: 'refused'; refusal: Refusal }
  | { type: 'saved'; name: string; text: string }
  /** The latest names first. */
  | { type: 'names'; entry: number; names: NameInfo[] }
  /**
   * `kinds`: the operation of each entry, by number; `unnamed`: those whose result has no name somewhere; `names`: all of the run's with
   * the operation that binds them first.
   */
  | {
      type: 'code';
      kinds: Uint8Array;
      unnamed: number[];
      names: NameInfo[];
      from: number;
      entries: CodeEntry[];
    }
  /** `call`: begin, arguments and end of the operation that has the frame; empty where none has. */
  | { type: 'inspected'; side: SideNumber; frame: FrameView | null; history: Touch[]; call: Ev[] }
  /** null: too many shapes for an SVG. */
  | { type: 'pictured'; format: 'png' | 'svg'; file: PictureFile | null }
  /** Bad input: nothing was lost, what was open stays open. `message` names file, line and field in full. */
  | { type: 'error'; where: 'run' | 'trace' | 'live' | 'beside' | 'engine'; name: string; message: string };
