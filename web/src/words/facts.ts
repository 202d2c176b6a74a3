/**
 * What the events of one operation say, gathered so that a sentence can be made of it in any language.
 */

import { gfpNames } from '../core/gfp.ts';
import { type ArgInfo, KERNELS, OPS, type OpName } from '../generated/tables.ts';
import type { Ev, KernelInfo } from '../protocol.ts';
import { hex, type Part } from './parts.ts';

export const PAGE_SIZE = 4096;

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

/** The argument's name; of an array's further values, with the index: `sizes[1]`. */
export function element(event: Ev): string {
  const index = num(event, 'index');
  return index === 0 ? text(event, 'arg') : `${text(event, 'arg')}[${index}]`;
}

function argumentText(type: string, value: number | null, gfp: (mask: number) => string): string {
  if (value === null) return type === 'NODE' ? '-1' : 'NULL';
  if (type === 'GFP') return gfp(value);
  if (type === 'DIR') return value === 0 ? 'up' : 'down';
  return type === 'PFN' || type === 'ADDR' ? hex(value) : String(value);
}

export function zonePart(slot: number, kernel: KernelInfo | null, zoneOfNode: ZoneOfNode): Part {
  const types = kernel?.nrZoneTypes ?? 1;
  const name = kernel?.zoneNames[slot % types] ?? String(slot);
  return { text: (kernel?.nrNodes ?? 1) > 1 ? zoneOfNode(name, Math.floor(slot / types)) : name, zone: slot };
}

/** Where the zones are tried anew with lower marks. */
const NEW_PASS = new Set(['kswapd_woken', 'reclaim_asked']);
const OF_PASS = new Set(['zone_tried', 'zone_empty']);

/** The zones that refused in the last pass over them, in the order tried: kept out by a mark, or without a block. */
export function refusals(facts: Facts): Ev[] {
  const from = facts.events.findLastIndex((event) => NEW_PASS.has(event.kind));
  return facts.events.slice(from + 1).filter((event) => OF_PASS.has(event.kind) && event.passed !== true);
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

export type Mark = 'low' | 'min' | 'quarter';

/** Before kswapd of this node was woken, the low marks count; then the min marks, or a quarter of them for who cannot wait. */
function markOf(event: Ev, facts: Facts): Mark {
  const types = facts.kernel?.nrZoneTypes ?? 1;
  const node = Math.floor(num(event, 'zone') / types);
  const before = facts.events.slice(0, facts.events.indexOf(event));
  const woken = before.some((one) => one.kind === 'kswapd_woken' && Math.floor(num(one, 'zone') / types) === node);
  if (!woken) return 'low';
  const wait = KERNELS.find((kernel) => kernel.name === facts.kernel?.name)?.gfps.__GFP_WAIT ?? 0;
  return ((facts.arg('gfp') ?? 0) & wait) !== 0 ? 'min' : 'quarter';
}

/** What freeing a boot range that holds whole frames may come to nothing by: it wraps around 2^32, or begins below the node. */
export function freesNothing(facts: Facts): 'narrow' | 'wraps' | 'below' {
  const start = facts.arg('addr') ?? 0;
  const end = start + (facts.arg('size') ?? 0);
  if (Math.floor(end / PAGE_SIZE) <= Math.ceil(start / PAGE_SIZE)) return 'narrow';
  return end >= 2 ** 32 ? 'wraps' : 'below';
}

/** What the kernel was at when it faulted: the list operation before the oops. */
export function faultAt(facts: Facts): Ev | undefined {
  const end = facts.events.findIndex((event) => event.kind === 'oops');
  return facts.events.slice(0, Math.max(0, end)).findLast((event) => /^list_|^count_set/.test(event.kind));
}

/** Runs of neighbouring frames out of single frames or ranges, in the order they came. */
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
