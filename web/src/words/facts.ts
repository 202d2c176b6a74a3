/**
 * What the events of one operation say, gathered so that a sentence can be made of it in any language.
 */

import { gfpNames } from '../core/gfp.ts';
import { cpuListNumber, firstHead, listOf as listAt } from '../core/kernel.ts';
import { type ArgInfo, KERNELS, OPS, type OpName, PAGE_SIZE, PAGEVEC_SIZE, SYSCTLS } from '../generated/tables.ts';
import { type Ev, type KernelInfo, NONE } from '../protocol.ts';
import { hex, type Part } from './parts.ts';

/** Calls that are another by a further name: one headline tells both. */
export const TOLD_LIKE = {
  init_bootmem_node: 'init_bootmem',
  reserve_bootmem_node: 'reserve_bootmem',
  free_bootmem_node: 'free_bootmem',
  __alloc_bootmem: 'alloc_bootmem',
  __alloc_bootmem_node: 'alloc_bootmem',
  alloc_bootmem_low: 'alloc_bootmem',
  alloc_bootmem_pages: 'alloc_bootmem',
  alloc_bootmem_low_pages: 'alloc_bootmem',
  alloc_bootmem_node: 'alloc_bootmem',
  alloc_bootmem_pages_node: 'alloc_bootmem',
  alloc_bootmem_low_pages_node: 'alloc_bootmem',
  free_all_bootmem_node: 'free_all_bootmem',
  alloc_pages_node: 'alloc_pages',
  alloc_page: 'alloc_pages',
  __get_free_pages: 'alloc_pages',
  __get_free_page: 'alloc_pages',
  __get_dma_pages: 'alloc_pages',
  __free_page: '__free_pages',
  free_pages: '__free_pages',
  free_page: '__free_pages',
  free_cold_page: 'free_hot_page',
} as const satisfies Partial<Record<OpName, OpName>>;

/** A number out of an event; fields that are absent are zero. */
export function num(event: Ev | undefined, field: string): number {
  const value = event?.[field];
  return typeof value === 'number' ? value : 0;
}

export function text(event: Ev | undefined, field: string): string {
  const value = event?.[field];
  return typeof value === 'string' ? value : '';
}

/** A zone's list: a free list, or (`cpu` not null) a CPU's hot or cold list of single frames. */
export interface List {
  zone: Part;
  /** Its number in the zone (KernelInfo.nrLists); null where an event does not tell. */
  number: number | null;
  order: number;
  cpu: number | null;
  cold: boolean;
  /** The migratetypes of its blocks, where there are such; empty where the kernel does not say. */
  types?: string;
}

/** lo and hi as one number; null where all 64 bits are 1: NULL, or node -1. Exact up to 2^53. */
function wide(event: Ev): number | null {
  const lo = num(event, 'lo');
  const hi = num(event, 'hi');
  return lo === 0xffffffff && hi === 0xffffffff ? null : hi * 2 ** 32 + lo;
}

export interface Facts {
  /** The operation's name; empty where the events are of none (a source's beginning). */
  op: string;
  number: number;
  cpu: number;
  outcome: string;
  /** What came back: a pfn, an address, bytes or pages, as `result` says; null for nothing or NULL. */
  value: number | null;
  result: string;
  /** What the kernel said when it stopped. */
  bug: string;
  events: readonly Ev[];
  kernel: KernelInfo | null;
  /** An argument; 0 where it was not given, null for NULL and node -1. */
  arg(name: string): number | null;
  /** The same as text, in the way the kernel's programmers write it. */
  argText(name: string): string;
  /** The arguments as a caller writes them. */
  args: readonly ArgInfo[];
  /** The call as it was made: `__get_free_pages(GFP_KERNEL, 3)`. */
  call: Part;
  gfp(mask: number): string;
  zone(slot: number): Part;
  /** Is there no such memory? */
  isOutside(pfn: number): boolean;
  /** The list that an event is about: by its head, its order, or as one of the CPU that acts. */
  list(event: Ev | undefined): List;
  first(kind: string): Ev | undefined;
  all(kind: string): Ev[];
}

/** How a language calls a zone where there are several nodes. */
export type ZoneOfNode = (zone: string, node: number) => string;

export function gatherFacts(
  events: readonly Ev[],
  kernel: KernelInfo | null,
  zoneOfNode: ZoneOfNode = (zone) => zone,
): Facts {
  const all = (kind: string): Ev[] => events.filter((event) => event.kind === kind);
  const first = (kind: string): Ev | undefined => events.find((event) => event.kind === kind);
  const begin = first('op_begin');
  const end = first('op_end');
  const op = text(begin, 'op');
  const given = new Map(all('op_arg').map((event) => [element(event), wide(event)]));
  const infos: readonly ArgInfo[] = OPS.find((info) => info.name === op)?.args ?? [];
  const arg = (name: string): number | null => given.get(name) ?? (given.has(name) ? null : 0);
  const gfp = (mask: number): string => gfpNames(kernel?.name ?? '', mask);
  const argText = (name: string): string => {
    const type = infos.find((candidate) => candidate.name === name)?.type ?? 'COUNT';
    if (type === 'PAGES3') return `[${[name, `${name}[1]`, `${name}[2]`].map(arg).join(', ')}]`;
    if (type === 'PFNS') return `[${pfnsOf(name, arg).map(hex).join(', ')}]`;
    return argumentText(type, arg(name), gfp);
  };
  const args = written(infos, arg);
  return {
    op,
    number: num(begin, 'number'),
    cpu: num(begin, 'cpu'),
    outcome: text(end, 'outcome'),
    value: end && text(end, 'result') !== 'none' ? wide(end) : null,
    result: text(end, 'result'),
    bug: text(first('bug') ?? first('oops') ?? first('panic'), 'bug'),
    events,
    kernel,
    arg,
    argText,
    args,
    call: { text: `${op}(${args.map((info) => argText(info.name)).join(', ')})`, op },
    gfp,
    zone: (slot) => zonePart(slot, kernel, zoneOfNode),
    isOutside: (pfn) => kernel !== null && pfn >= kernel.nrFrames,
    list: (event) => listOf(event, num(begin, 'cpu'), kernel, zoneOfNode),
    first,
    all,
  };
}

/** Without a node that is not named, and without what stands last and is as if left out. */
function written(infos: readonly ArgInfo[], arg: Facts['arg']): ArgInfo[] {
  const isLeftOut = (info: ArgInfo): boolean => {
    const values = info.type === 'PAGES3' ? [info.name, `${info.name}[1]`, `${info.name}[2]`] : [info.name];
    return !info.required && values.every((name) => (arg(name) ?? -1) === info.default);
  };
  const last = infos.findLastIndex((info) => !isLeftOut(info));
  return infos.slice(0, last + 1).filter((info) => info.type !== 'NODE' || !isLeftOut(info));
}

/** The frames of an argument of type PFNS: unused places hold no number. */
export function pfnsOf(name: string, arg: Facts['arg']): number[] {
  const places = Array.from({ length: PAGEVEC_SIZE }, (_, i) => arg(i === 0 ? name : `${name}[${i}]`));
  return places.filter((pfn) => pfn !== null);
}

/** The argument's name; of an array's further values, with the index: `sizes[1]`. */
export function element(event: Ev): string {
  const index = num(event, 'index');
  return index === 0 ? text(event, 'arg') : `${text(event, 'arg')}[${index}]`;
}

const isNone = (event: Ev, type: ArgInfo['type']): boolean => {
  const info = OPS.find(({ name }) => name === text(event, 'op'))?.args.find(({ name }) => name === text(event, 'arg'));
  return info?.type === type && wide(event) === null;
};

/** A place of an array of frames that holds none. */
export const isUnused = (event: Ev): boolean => isNone(event, 'PFNS');

/** A node argument that is -1. */
export const namesNoNode = (event: Ev): boolean => isNone(event, 'NODE');

function argumentText(type: string, value: number | null, gfp: (mask: number) => string): string {
  if (value === null) return type === 'NODE' ? '-1' : 'NULL';
  if (type === 'GFP') return gfp(value);
  if (type === 'DIR') return value === 0 ? 'up' : 'down';
  if (type === 'SYSCTL') return SYSCTLS[value] ?? String(value);
  return type === 'PFN' || type === 'ADDR' ? hex(value) : String(value);
}

export function zonePart(slot: number, kernel: KernelInfo | null, zoneOfNode: ZoneOfNode): Part {
  const types = kernel?.nrZoneTypes ?? 1;
  const name = kernel?.zoneNames[slot % types] ?? String(slot);
  return { text: (kernel?.nrNodes ?? 1) > 1 ? zoneOfNode(name, Math.floor(slot / types)) : name, zone: slot };
}

/** The name of a migratetype. */
export function typeName(type: number, kernel: KernelInfo | null): string {
  return kernel?.typeNames[type] ?? String(type);
}

/** A list by its number in the zone. */
export function listByNumber(slot: number, list: number, kernel: KernelInfo | null, zoneOfNode: ZoneOfNode): List {
  const zone = zonePart(slot, kernel, zoneOfNode);
  if (!kernel) return { zone, number: list, order: list, cpu: null, cold: false };
  const { order, types, cpu, cold } = listAt(kernel, list);
  const named = kernel.typeNames.length > 0 ? { types: types.map((type) => typeName(type, kernel)).join(', ') } : {};
  return { zone, number: list, order, cpu, cold, ...named };
}

function listOf(event: Ev | undefined, acting: number, kernel: KernelInfo | null, zoneOfNode: ZoneOfNode): List {
  const zone = num(event, 'zone');
  const cpu = event && 'cpu' in event ? num(event, 'cpu') : acting;
  if (event && kernel && ('cold' in event || 'list' in event)) {
    const index = 'cold' in event ? Number(event.cold) : num(event, 'list');
    return listByNumber(zone, cpuListNumber(kernel, cpu, index), kernel, zoneOfNode);
  }
  // Merging unlinks a buddy from whatever list it is on.
  if (num(event, 'head') === NONE)
    return {
      zone: zonePart(zone, kernel, zoneOfNode),
      number: null,
      order: num(event, 'order'),
      cpu: null,
      cold: false,
    };
  // Links count the frames first, then the list heads, zone by zone.
  const behind = kernel ? num(event, 'head') - firstHead(kernel) : -1;
  if (!kernel || behind < 0)
    return listByNumber(zone, num(event, 'order') * (kernel?.nrTypes ?? 1), kernel, zoneOfNode);
  return listByNumber(Math.floor(behind / kernel.nrLists), behind % kernel.nrLists, kernel, zoneOfNode);
}

/** Rights of a request, as events have them (PF_RIGHT_*). */
const MIN_RESERVE = 4;
const NON_BLOCK = 8;
const OOM = 32;
const NO_WATERMARKS = 64;

/** Where the zones are tried anew with lower marks. */
const NEW_PASS = new Set(['kswapd_woken', 'reclaim_asked', 'zone_round', 'walk_begins', 'nofragment_dropped']);
const OF_PASS = new Set(['zone_tried', 'zone_refused', 'zone_empty', 'mark_tested']);
const PASSED = 1;

const isPassed = (event: Ev): boolean => event.passed === true || num(event, 'result') === PASSED;
/** A later word on a zone, which counts. */
const ANSWERS = new Set(['mark_tested', 'block_found']);
/** A CPU's list is filled up. */
const REFILLS = new Set(['pcp_refill', 'pcp_list_refill']);

/** A CPU's list gave a block. */
export const takenFromCpu = (facts: Facts): Ev | undefined => facts.first('pcp_taken') ?? facts.first('pcp_list_taken');

/** The zones that refused in the last pass over them, in the order tried: kept out by a mark, or without a block. */
export function refusals(facts: Facts): Ev[] {
  const from = facts.events.findLastIndex((event) => NEW_PASS.has(event.kind));
  const isOpen = (num(facts.events[from], 'rights') & NO_WATERMARKS) !== 0;
  const out: Ev[] = [];
  let refill = '';
  for (const event of facts.events.slice(from + 1)) {
    if (REFILLS.has(event.kind)) refill = event.kind;
    if (event.kind === 'pcp_count_set') refill = '';
    // A zone that is tested twice, or gives from its reserve, has not refused.
    const last = out.at(-1);
    if (last && ANSWERS.has(event.kind) && num(last, 'zone') === num(event, 'zone')) out.pop();
    // A CPU's list that finds no more to fetch may have frames all the same.
    const isMark = event.kind === 'mark_tested' && isOpen;
    if (OF_PASS.has(event.kind) && !isPassed(event) && refill === '' && !isMark) out.push(event);
    // Where the list stays empty, the zone's own lists are asked next.
    if (event.kind === 'zone_empty' && refill === 'pcp_list_refill') refill = '';
  }
  return out;
}

/** The blocks fetched before a CPU's list gave one, and the event that says why. */
export function refill(facts: Facts): { why: Ev; moved: number } | null {
  const taken = facts.events.indexOf(takenFromCpu(facts) ?? { kind: '' });
  const before = facts.events.slice(0, Math.max(0, taken));
  const from = before.findLastIndex((event) => REFILLS.has(event.kind));
  const why = before[from];
  if (!why || num(why, 'zone') !== num(facts.events[taken], 'zone')) return null;
  return { why, moved: before.slice(from).filter((event) => event.kind === 'moved').length };
}

/** Were the zones tried without any limit: the emergency reserve? */
export function reserve(facts: Facts): boolean {
  return facts.first('limits_lifted') !== undefined;
}

/** The limit of a zone_tried event, taken apart: what is asked for, the marks of the zones before, its own. */
export function limitOf(event: Ev, facts: Facts): { request: number; before: number; mark: number; which: Mark } {
  const request = 2 ** (facts.arg('order') ?? 0);
  const mark = num(event, 'mark');
  const before = (num(event, 'limit') - mark - request) >>> 0;
  return { request, before, mark, which: markOf(event, facts) };
}

/** The mark that counts: of the min marks a part, for those who cannot wait or are in need. */
export type Mark = 'low' | 'min' | 'quarter' | 'half' | 'three-quarters' | 'three-eighths';

/** What a zone_passed or zone_refused event says that the zone must have, taken apart. */
export function needOf(event: Ev, facts: Facts) {
  const request = 2 ** num(event, 'order');
  const mark = num(event, 'mark');
  const protection = num(event, 'protection');
  return { need: mark + request + protection, request, mark, protection, which: roundMark(event, facts) };
}

/** In the first round over the zones the low marks count, then the min marks or a part of them. */
function roundMark(event: Ev, facts: Facts): Mark {
  const before = facts.events.slice(0, facts.events.indexOf(event));
  return markOfRound(before.findLast((one) => one.kind === 'zone_round'));
}

export function markOfRound(round: Ev | undefined): Mark {
  if (!round || num(round, 'round') < 2) return 'low';
  if (round.high === true) return round.harder === true ? 'three-eighths' : 'half';
  return round.harder === true ? 'three-quarters' : 'min';
}

/** Before kswapd of this node was woken, the low marks count; then the min marks, or a quarter of them for who cannot wait. */
function markOf(event: Ev, facts: Facts): Mark {
  const types = facts.kernel?.nrZoneTypes ?? 1;
  const node = Math.floor(num(event, 'zone') / types);
  const before = facts.events.slice(0, facts.events.indexOf(event));
  const woken = before.some((one) => one.kind === 'kswapd_woken' && Math.floor(num(one, 'zone') / types) === node);
  if (!woken) return 'low';
  return mayWait(facts) ? 'min' : 'quarter';
}

/** May the caller sleep until memory is freed? */
export function mayWait(facts: Facts): boolean {
  const wait = KERNELS.find((kernel) => kernel.name === facts.kernel?.name)?.gfps.__GFP_WAIT ?? 0;
  return ((facts.arg('gfp') ?? 0) & wait) !== 0;
}

/** What freeing a boot range that holds whole frames may come to nothing by: it wraps around 2^32, or begins below the node. */
export function freesNothing(facts: Facts): 'narrow' | 'wraps' | 'below' {
  const start = facts.arg('addr') ?? 0;
  const end = start + (facts.arg('size') ?? 0);
  if (Math.floor(end / PAGE_SIZE) <= Math.ceil(start / PAGE_SIZE)) return 'narrow';
  return end >= 2 ** 32 ? 'wraps' : 'below';
}

/** What the kernel was at when it faulted: the list operation right before the oops. */
export function faultAt(facts: Facts): Ev | undefined {
  const before = facts.events[facts.events.findIndex((event) => event.kind === 'oops') - 1];
  return before?.kind.startsWith('list_') ? before : undefined;
}

/** A request's first borrowing from another type: what it asked for, what it took, and whether whole pageblocks are the type's now. */
export function borrowing(facts: Facts): { asked: Ev; taken: Ev | undefined; isWhole: boolean; more: number } | null {
  const asked = facts.first('extfrag');
  if (!asked) return null;
  const behind = facts.events.slice(facts.events.indexOf(asked));
  const taken = behind.find(({ kind }) => kind === 'pageblock_stolen' || kind === 'block_stolen');
  const half = 2 ** (facts.kernel?.pageblockOrder ?? 0) / 2;
  const isWhole =
    taken?.kind === 'pageblock_stolen'
      ? num(taken, 'free') + num(taken, 'alike') >= half
      : num(taken, 'why') === WHOLE_PAGEBLOCKS;
  return { asked, taken, isWhole, more: facts.all('extfrag').length - 1 };
}
/** Why a block is taken alone (block_stolen): it is whole pageblocks. */
export const WHOLE_PAGEBLOCKS = 1;

/**
 * What a kernel that hangs is at: searching boot memory, borrowing from another type, or emptying a CPU's lists. Where the events do not
 * tell: a kernel whose lists have types hangs at lists of some kind.
 */
export function hangsAt({ events, kernel }: Pick<Facts, 'events' | 'kernel'>): 'boot' | 'fallback' | 'drain' | 'lists' {
  const latest = events.findLast(({ kind }) => /^boot_|^extfrag$|^pcp_/.test(kind))?.kind;
  if (latest === undefined) return (kernel?.lenders.length ?? 0) > 0 ? 'lists' : 'boot';
  if (latest.startsWith('boot_')) return 'boot';
  return latest === 'extfrag' ? 'fallback' : 'drain';
}

/**
 * The arithmetic of a mark_tested event. `counted`: the zone's free_pages, of which the rest of the request and what is set aside for
 * atomic requests do not count; `mark`, and `boost` on top of it, of which the request's rights leave `part`.
 */
export function markTest(event: Ev, facts: Facts) {
  const before = facts.events.slice(0, facts.events.indexOf(event));
  const rule = before.at(-1)?.kind === 'mark_rule' ? before.at(-1) : undefined;
  const walk = before.findLast(({ kind }) => kind === 'walk_begins');
  const rest = 2 ** (facts.arg('order') ?? 0) - 1;
  const aside = num(rule, 'nr_reserved_highatomic');
  const rights = num(rule, 'rights');
  const free = num(event, 'free');
  const min = num(event, 'min');
  const half: Mark = (rights & (MIN_RESERVE | NON_BLOCK)) === (MIN_RESERVE | NON_BLOCK) ? 'three-eighths' : 'half';
  return {
    free,
    rest,
    aside,
    counted: free + rest + aside,
    min,
    reserve: num(event, 'reserve'),
    mark: rule ? num(rule, 'mark') : min,
    boost: num(rule, 'boost'),
    which: walk ? ('min' as const) : ('low' as const),
    part: rights & (MIN_RESERVE | OOM) ? half : null,
    result: num(event, 'result'),
  };
}

/** The CPU's list that a frame came to before this event, where that is told. */
export function cpuListOf(event: Ev, facts: Facts): List | null {
  if (text(event, 'state') !== 'pcp') return null;
  const before = facts.events.slice(0, facts.events.indexOf(event));
  const added = before.findLast((one) => one.kind.startsWith('list_add') && num(one, 'pfn') === num(event, 'pfn'));
  return added ? facts.list(added) : null;
}

/** Single frames as runs of neighbours. */
export function framesOf(events: readonly Ev[]): [number, number][] {
  return ranges(events.map((event) => ({ kind: event.kind, pfn: num(event, 'pfn') })));
}

/** Runs of neighbouring frames out of single frames or ranges with a `count`, in the order they came. */
export function ranges(events: readonly Ev[]): [number, number][] {
  const out: [number, number][] = [];
  for (const event of events) {
    const pfn = num(event, 'pfn');
    const count = num(event, 'count') || 1;
    const last = out[out.length - 1];
    if (last && last[0] + last[1] === pfn) last[1] += count;
    else out.push([pfn, count]);
  }
  return out;
}
