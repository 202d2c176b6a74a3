/**
 * What one entry of a source says, as far as it can be held against another's: read from its events, and, where it failed, from the
 * state that it led to.
 */
import { EVENTS, LAYOUT, OUTCOMES, PAGE_SIZE, STATES } from '../generated/tables.ts';
import type { Ev } from '../protocol.ts';
import { ALL } from './engine.ts';
import { decode, EVENT_BYTES, kindNumber } from './events.ts';
import type { Source } from './source.ts';

/** Where free frames are: a zone's free lists, a CPU's hot or cold list, or its own one of an order and a type. */
export type ListName = 'free' | 'hot' | 'cold' | 'own';

/** How an operation ended. */
export interface End {
  outcome: string;
  bug: string;
  /** The count that fell below zero without a word; 0: none did. */
  below: number;
  /** What came back. */
  result: string;
  value: number | null;
  /** Where nothing was given: frames that lay free on CPUs' own lists all the while. */
  onCpus: number;
}

/** Frames that were handed out. */
export interface Got {
  pfn: number;
  order: number;
  list: ListName;
  /** The block that a free list gave for them: first frame and order. */
  block: [pfn: number, order: number] | null;
  /** Where that was split: which half went on each time. */
  half: 'lower' | 'upper' | null;
  /** Frames that the CPU's list was topped up with first. */
  fetched: number;
}

/** Where freed frames went. */
export interface Freed {
  list: ListName;
  /** The block that they are part of now. */
  pfn: number;
  order: number;
  /** Frames that the CPU's list gave back to make room. */
  drained: number;
}

/**
 * A test of a zone, passed with `least` free frames or more. Their sum is made of those asked for, a mark, and, besides, the marks of
 * the zones tried before or the zone's protection; one kernel must have as many, the other more.
 */
export interface Test {
  zone: number;
  free: number;
  passed: boolean;
  least: number;
  request: number;
  mark: number;
  besides: number;
  adds: 'marks' | 'protection';
}

export interface Told {
  op: string;
  end: End;
  skipped: boolean;
  got: Got | null;
  freed: Freed | null;
  tests: Test[];
  complaints: Map<string, { times: number; event: Ev }>;
  /** Boot allocations made: how many, their bytes, where the first lies, where its search began, whether it shares a page. */
  booted: { count: number; bytes: number; address: number; search: number; shared: boolean };
  words: { count: number; bits: number };
  /** Many frames were freed, one by one or as whole words: a boot hands its memory over. */
  handsOver: boolean;
  /** A zone was set up; marks were set. */
  hasZones: boolean;
  hasMarks: boolean;
  cpuLists: { low: number; high: number; batch: number } | null;
}

const number = (event: Ev, field: string): number => Number(event[field] ?? 0);
const text = (event: Ev, field: string): string => String(event[field] ?? '');

function nothing(): Told {
  return {
    op: '',
    end: { outcome: 'done', bug: '', below: 0, result: 'none', value: null, onCpus: 0 },
    skipped: false,
    got: null,
    freed: null,
    tests: [],
    complaints: new Map(),
    booted: { count: 0, bytes: 0, address: 0, search: 0, shared: false },
    words: { count: 0, bits: 0 },
    handsOver: false,
    hasZones: false,
    hasMarks: false,
    cpuLists: null,
  };
}

/** The way that the next block takes, as far as the events have told. */
interface Way {
  order: number;
  list: ListName;
  block: Got['block'];
  half: Got['half'];
  /** Frames that the next test leaves out, as the atomic reserve holds them. */
  setAside: number;
}

const half = (event: Ev): Got['half'] => (number(event, 'buddy') < number(event, 'pfn') ? 'lower' : 'upper');
const cpuList = (isCold: boolean): ListName => (isCold ? 'cold' : 'hot');
/** A CPU's list where it has but one counter for all its lists. */
const isShared = ({ kernel }: Source): boolean => kernel !== null && kernel.nrPcps < kernel.nrPcpLists;
const complain = (told: Told, event: Ev): void => {
  const known = told.complaints.get(event.kind);
  if (known) known.times++;
  else told.complaints.set(event.kind, { times: 1, event });
};
const stopped = (told: Told, event: Ev): void => {
  told.end.bug = text(event, 'bug');
};

/** The test of a kernel that wants more than a limit, which holds the marks of the zones before. */
function limitTest(event: Ev, way: Way): Test {
  const mark = number(event, 'mark');
  const limit = number(event, 'limit');
  const request = 2 ** way.order;
  const besides = limit - mark - request;
  const [zone, free] = [number(event, 'zone'), number(event, 'free_pages')];
  return { zone, free, passed: event.passed === true, least: limit + 1, request, mark, besides, adds: 'marks' };
}

/** The test of a kernel that wants at least a mark, the request and the zone's protection. */
function floorTest(event: Ev, passed: boolean): Test {
  const mark = number(event, 'mark');
  const request = 2 ** number(event, 'order');
  const besides = number(event, 'protection');
  const [zone, free] = [number(event, 'zone'), number(event, 'free_pages')];
  return { zone, free, passed, least: mark + request + besides, request, mark, besides, adds: 'protection' };
}

/**
 * The test of a kernel that takes the request and what is set aside for others from the free frames first. One that then finds no
 * block that is large enough has passed it.
 */
function leftTest(event: Ev, { order, setAside }: Way): Test {
  const mark = number(event, 'min');
  const request = 2 ** order;
  const besides = number(event, 'reserve') + setAside;
  const [zone, free] = [number(event, 'zone'), number(event, 'free') + request - 1 + setAside];
  const passed = number(event, 'result') !== 0;
  return { zone, free, passed, least: mark + request + besides, request, mark, besides, adds: 'protection' };
}

type Listener = (told: Told, event: Ev, way: Way) => void;

/** What each kind of event adds. Kinds that are not here are passed over unread: a boot has millions of them. */
const LISTENERS: Readonly<Record<string, Listener>> = {
  op_begin: (told, event) => {
    told.op = text(event, 'op');
  },
  op_arg: (_told, event, way) => {
    if (event.arg === 'order') way.order = number(event, 'lo');
  },
  op_end: (told, event) => {
    const { lo, hi, result, outcome } = event;
    told.end.outcome = String(outcome);
    told.end.result = String(result);
    told.end.value = result === 'none' ? null : Number(hi) * 2 ** 32 + Number(lo);
  },
  skipped: (told) => {
    told.skipped = true;
  },
  bug: stopped,
  oops: stopped,
  panic: stopped,
  free_ignored: (told, event) => {
    told.end.below = Math.min(0, number(event, 'count'));
  },
  warn_reserved_twice: complain,
  warn_zone_alignment: complain,
  warn_bad_page: complain,
  warn_alloc_failed: complain,
  warn_bad_frame: complain,
  zone_tried: (told, event, way) => told.tests.push(limitTest(event, way)),
  zone_passed: (told, event) => told.tests.push(floorTest(event, true)),
  zone_refused: (told, event) => told.tests.push(floorTest(event, false)),
  mark_rule: (_told, event, way) => {
    way.setAside = number(event, 'nr_reserved_highatomic');
  },
  mark_tested: (told, event, way) => {
    told.tests.push(leftTest(event, way));
    way.setAside = 0;
  },
  block_found: (_told, event, way) => {
    Object.assign(way, { list: 'free', block: [number(event, 'pfn'), number(event, 'order')], half: null });
  },
  split: (_told, event, way) => {
    way.half = half(event);
  },
  pcp_taken: (_told, event, way) => {
    Object.assign(way, { list: cpuList(event.cold === true), block: null, half: null });
  },
  pcp_list_taken: (_told, _event, way) => {
    Object.assign(way, { list: 'own', block: null, half: null });
  },
  handed_out: (told, event, { list, block, half }) => {
    told.got = { pfn: number(event, 'pfn'), order: number(event, 'order'), list, block, half, fetched: 0 };
  },
  boot_search: (told, event) => {
    if (told.booted.count === 0 && told.booted.search === 0) told.booted.search = number(event, 'pfn');
  },
  boot_page_shared: (told) => {
    if (told.booted.count === 0) told.booted.shared = true;
  },
  boot_handed_out: ({ booted }, event) => {
    if (booted.count === 0) booted.address = number(event, 'pfn') * PAGE_SIZE + number(event, 'offset');
    booted.count++;
    booted.bytes += number(event, 'bytes');
  },
  boot_whole_word: ({ words }, event) => {
    words.count++;
    words.bits = number(event, 'count');
  },
  zone_set_up: (told) => {
    told.hasZones = true;
  },
  zone_marks_set: (told) => {
    told.hasMarks = true;
  },
  pcp_set_up: (told, event) => {
    if (event.cold === true) return;
    told.cpuLists = { low: number(event, 'low'), high: number(event, 'high'), batch: number(event, 'batch') };
  },
};

const BY_KIND = EVENTS.map((info): Listener | null => LISTENERS[info.name] ?? null);
/** These come by the million: of them only the last is read, or they are counted. */
const LIST_ADD = kindNumber('list_add');
const COUNT_SET = kindNumber('pcp_count_set');
const TAKEN_BACK = kindNumber('taken_back');
const MOVED = kindNumber('moved');
export const ON_CPU = STATES.indexOf('pcp');

/** The last record of each kind, by its byte; -1: there is none. */
type Last = Int32Array;

/** Who else is told of an entry: the first `count` of its `total` records. */
export type Listening = (records: DataView, count: number, total: number) => void;

/** What entry `entry` says. The source stands behind it afterwards. */
export function tell(source: Source, entry: number, listening?: Listening): Told {
  const { count, total } = source.engine.seek(entry, ALL);
  const records = source.engine.records(count);
  listening?.(records, count, total);
  const told = nothing();
  const way: Way = { order: 0, list: 'free', block: null, half: null, setAside: 0 };
  const last: Last = new Int32Array(EVENTS.length).fill(-1);
  const moved = { onto: 0, off: 0 };
  let taken = 0;
  for (let i = 0, at = 0; i < count; i++, at += EVENT_BYTES) {
    const kind = records.getUint8(at);
    last[kind] = at;
    if (kind === MOVED) moved[records.getUint16(at + LAYOUT.pf_event.t, true) === ON_CPU ? 'onto' : 'off']++;
    if (kind === TAKEN_BACK) taken++;
    BY_KIND[kind]?.(told, decode(records, at), way);
  }
  if (told.got) told.got.fetched = moved.onto;
  told.handsOver = taken > 1;
  told.freed = freed(records, last, moved.off, isShared(source));
  if (count < total) told.end.outcome = OUTCOMES[source.engine.outcome(entry)] ?? 'done';
  if (told.end.outcome === 'failed' || told.end.outcome === 'stall') told.end.onCpus = freeOnCpus(source);
  return told;
}

function freed(records: DataView, last: Last, drained: number, isOwn: boolean): Freed | null {
  const read = (kind: number): Ev | null => ((last[kind] ?? -1) < 0 ? null : decode(records, last[kind] ?? 0));
  const taken = read(TAKEN_BACK);
  if (!taken) return null;
  const isOnCpu = taken.state === 'pcp';
  const block = (isOnCpu ? null : read(LIST_ADD)) ?? taken;
  const onCpu = isOwn ? 'own' : cpuList(read(COUNT_SET)?.cold === true);
  const list = isOnCpu ? onCpu : 'free';
  return { list, pfn: number(block, 'pfn'), order: number(block, 'order'), drained };
}

/** Frames that CPUs keep on lists of their own. */
function freeOnCpus({ engine, kernel }: Source): number {
  let frames = 0;
  for (let zone = 0; zone < engine.zones; zone++)
    for (let cpu = 0; cpu < engine.cpus; cpu++)
      for (let which = 0; which < (kernel?.nrPcps ?? 0); which++) frames += engine.pcp(zone, cpu, which)?.count ?? 0;
  return frames;
}
