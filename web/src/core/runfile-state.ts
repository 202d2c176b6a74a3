/**
 * The `state` line, which a run may begin with instead of a boot, and what `check` lines tell that no operation does (`lru`). Both
 * become events, which model and map take in. server/runfile_state.c is the same in C.
 */
import { EVENTS, KERNELS, STATES, type StateName } from '../generated/tables.ts';
import type { KernelInfo } from '../protocol.ts';
import { type MachineSpec, NO_TYPE } from './engine.ts';
import { Records } from './events.ts';
import { cpuListNumber, firstHead, kernelInfo, type ListOf, listOf } from './kernel.ts';

type EventKind = (typeof EVENTS)[number]['name'];
type Json = Record<string, unknown>;
type Bad = (field: string, value: unknown, expected: string) => never;

const U32_MAX = 0xffffffff;
const I32_MIN = -0x80000000;
const I32_MAX = 0x7fffffff;
const MOST_FREE_FACTOR = 5;
const MOST_HELD = 15;
/** "No such memory", as files say it. */
const NO_TYPE_IN_FILES = 255;
/** Zone types that lowmem_reserve tells of: also of those that this kernel has and the machine has not. */
const RESERVE_LENGTH = 5;
/** What the header sets besides; left out, it is this. */
const SETTINGS = {
  min_free_kbytes: 0,
  watermark_boost_factor: 15000,
  watermark_scale_factor: 10,
  percpu_pagelist_high_fraction: 0,
};
type Settings = typeof SETTINGS;
export const SETTING_NAMES = Object.keys(SETTINGS) as (keyof Settings)[];

const KIND = new Map(EVENTS.map(({ name }, number) => [name, number]));
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isWhole = (value: unknown, low: number, high: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high;
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The settings that a header holds. */
export function readSettings(header: Json, bad: Bad): Settings {
  const out = { ...SETTINGS };
  for (const name of SETTING_NAMES) {
    const value = Object.hasOwn(header, name) ? header[name] : SETTINGS[name];
    out[name] = isWhole(value, 0, U32_MAX) ? value : bad(name, value, `a number from 0 to ${U32_MAX}`);
  }
  return out;
}

interface Zone {
  start: number;
  end: number;
}

/**
 * What nobody told of the state that a run begins with, so that whoever wrote it down chose: the order of the blocks on their lists,
 * which pageblocks and free blocks have which type, which frames lie on the CPUs' lists.
 */
export const CHOSEN = ['order', 'types', 'pcp'] as const;
export type Chosen = (typeof CHOSEN)[number];

/** In the order of CHOSEN, whatever theirs is. */
export function readChosen({ chosen }: Json, bad: Bad): Chosen[] {
  if (chosen !== undefined && !Array.isArray(chosen)) return bad('chosen', chosen, 'an array');
  const known: readonly unknown[] = CHOSEN;
  for (const [i, name] of list(chosen).entries())
    if (!known.includes(name)) bad(`chosen[${i}]`, name, '"order", "types" or "pcp"');
  return CHOSEN.filter((name) => list(chosen).includes(name));
}

/** The reader of a run's state and checks. */
export class StateReader {
  private readonly machine: MachineSpec;
  private readonly kernel: KernelInfo;
  private readonly bad: Bad;
  /** Zones that the state line has told of, by their number. */
  private readonly zones = new Map<number, Zone>();
  private records = new Records();
  /** "zones[1]", its number, its frames. */
  private at = '';
  private slot = 0;
  private start = 0;
  private end = 0;

  constructor(machine: MachineSpec, bad: Bad) {
    const table = KERNELS[machine.kernel - 1];
    if (!table) throw new Error('a run without a kernel');
    this.machine = machine;
    this.kernel = kernelInfo(table, machine);
    this.bad = bad;
  }

  /** Records of events: the state that a run begins with. */
  state(json: Json, settings: Settings): Uint8Array {
    this.records = new Records();
    this.slot = 0;
    this.emit('sysctls_set', 0, settings.min_free_kbytes);
    const { watermark_boost_factor: boost, watermark_scale_factor: scale } = settings;
    this.emit('tunables_set', 0, boost, scale, settings.percpu_pagelist_high_fraction);
    this.eachZone(json, (zone) => this.zone(zone));
    return this.records.all();
  }

  /** Records of events: what a check tells that no operation does. Mostly none. */
  check(json: Json): Uint8Array {
    this.records = new Records();
    if (this.kernel.nrTypes > 1 && json.zones !== undefined) this.eachZone(json, (zone) => this.lru(zone));
    return this.records.all();
  }

  private emit(kind: EventKind, s: number, a: number, b = 0, c = 0): void {
    this.records.push(KIND.get(kind) ?? 0, s, this.slot, a, b, c);
  }

  private areNow(state: StateName, first: number, frames: number): void {
    this.emit('frames_are', STATES.indexOf(state), first, frames);
  }

  // ------------------------------------------------------------------ parts of a line

  private wrong(field: string, value: unknown, expected: string): never {
    return this.bad(`${this.at}.${field}`, value, expected);
  }

  private number(json: Json, key: string, low: number, high: number, at = ''): number {
    const value = json[key];
    return isWhole(value, low, high) ? value : this.wrong(`${at}${key}`, value, `a number from ${low} to ${high}`);
  }

  private optional(json: Json, key: string, high: number): number {
    return json[key] === undefined ? 0 : this.number(json, key, 0, high);
  }

  /** An array of `size` elements; of any number, where that is left out. */
  private array(value: unknown, field: string, size?: number): unknown[] {
    if (Array.isArray(value) && (size === undefined || value.length === size)) return value;
    return this.wrong(field, value, size === undefined ? 'an array' : `an array of ${size}`);
  }

  private eachZone(json: Json, read: (zone: unknown) => void): void {
    if (!Array.isArray(json.zones)) this.bad('zones', json.zones, 'an array');
    for (const [i, zone] of list(json.zones).entries()) {
      this.at = `zones[${i}]`;
      read(zone);
    }
  }

  /** Runs [first, frames] or, with `values`, [first, frames, value], each inside the zone; none where the key is missing. */
  private runs(
    zone: Json,
    key: string,
    take: (first: number, frames: number, value: number) => void,
    values?: [low: number, high: number],
  ): void {
    if (zone[key] === undefined) return;
    const expected = values ? '[first frame, frames, value] inside the zone' : '[first frame, frames] inside the zone';
    for (const [i, run] of this.array(zone[key], key).entries()) {
      const field = `${key}[${i}]`;
      const [first, frames, value = 0] = this.array(run, field, values ? 3 : 2);
      if (
        !isWhole(first, this.start, this.end - 1) ||
        !isWhole(frames, 1, this.end - first) ||
        !isWhole(value, values?.[0] ?? 0, values?.[1] ?? 0)
      )
        return this.wrong(field, run, expected);
      take(first, frames, value);
    }
  }

  // ------------------------------------------------------------------ a zone

  /** Which zone of the machine this is. */
  private find(zone: unknown): Json {
    if (!isObject(zone)) return this.bad(this.at, zone, 'an object');
    const node = this.number(zone, 'node', 0, this.machine.nodes.length - 1);
    const type = this.kernel.zoneNames.indexOf(zone.zone as string);
    if (type < 0) this.wrong('zone', zone.zone, 'a zone of the kernel');
    this.slot = node * this.kernel.nrZoneTypes + type;
    return zone;
  }

  private zone(value: unknown): void {
    const zone = this.find(value);
    const node = this.machine.nodes[Math.floor(this.slot / this.kernel.nrZoneTypes)] ?? { start_pfn: 0, pages: 0 };
    const past = node.start_pfn + node.pages;
    const start = this.number(zone, 'start_pfn', node.start_pfn, past - 1);
    const spanned = this.number(zone, 'spanned', 1, past - start);
    const present = this.number(zone, 'present', 0, spanned);
    const managed = this.number(zone, 'managed', 0, spanned);
    const freePages = this.number(zone, 'free_pages', I32_MIN, I32_MAX);
    this.start = start;
    this.end = start + spanned;
    this.zones.set(this.slot, { start, end: this.end });
    this.emit('zone_set_up', 0, start, spanned, spanned - present);
    this.emit('managed_set', 0, managed);
    this.emit('free_pages_set', 0, freePages);
    this.marks(zone);
    this.pageblocks(zone);
    this.frames(zone);
    this.freeArea(zone);
    this.cpus(zone);
  }

  /** Watermarks, and what else the zone has where the kernel has set it already. */
  private marks(zone: Json): void {
    const [min, low, high, boost, atomic] = ['min', 'low', 'high', 'boost', 'nr_reserved_highatomic'].map((key) =>
      this.optional(zone, key, U32_MAX),
    ) as [number, number, number, number, number];
    this.emit('zone_marks_set', 0, min, low, high);
    this.emit('boost_set', zone.boosted === true ? 1 : 0, boost);
    this.emit('reclaim_active_set', zone.reclaim_active === true ? 1 : 0, 0);
    this.emit('highatomic_set', 0, atomic);
    const reserve = zone.lowmem_reserve;
    if (reserve === undefined) return;
    for (const [highest, pages] of this.array(reserve, 'lowmem_reserve', RESERVE_LENGTH).entries()) {
      if (!isWhole(pages, 0, U32_MAX)) return this.wrong('lowmem_reserve', reserve, 'an array of numbers');
      this.emit('reserve_set', highest, pages);
    }
  }

  /** Runs of pageblocks; their first may begin before the zone. */
  private pageblocks(zone: Json): void {
    const { pageblockOrder: order, nrTypes } = this.kernel;
    const size = 2 ** order;
    const firstBlock = Math.floor(this.start / size);
    const endBlock = Math.ceil(this.end / size);
    for (const [i, run] of this.array(zone.pageblocks, 'pageblocks').entries()) {
      const field = `pageblocks[${i}]`;
      const [first, blocks, type] = this.array(run, field, 3);
      if (
        !isWhole(first, firstBlock * size, endBlock * size - 1) ||
        first % size !== 0 ||
        !isWhole(blocks, 1, endBlock - first / size) ||
        !(isWhole(type, 0, nrTypes - 1) || type === NO_TYPE_IN_FILES)
      )
        return this.wrong(field, run, '[first frame, pageblocks, type] inside the zone');
      this.emit('pageblocks_set', type === NO_TYPE_IN_FILES ? NO_TYPE : type, first, blocks);
    }
  }

  /**
   * Frames that nothing is said of have an owner; their count is 1 or, where counts are told, 0: they lie inside a block. Where the
   * line says nothing of reserved frames, all are.
   */
  private frames(zone: Json): void {
    const frames = this.end - this.start;
    this.emit('counts_set', 0, this.start, frames, zone.page_count_runs === undefined ? 1 : 0);
    if (zone.reserved === undefined) return this.areNow('reserved', this.start, frames);
    this.emit('reserved_set', 0, this.start, frames);
    this.areNow('allocated', this.start, frames);
    this.runs(zone, 'reserved', (first, count) => {
      this.emit('reserved_set', 1, first, count);
      this.emit('counts_set', 0, first, count, 1);
      this.areNow('reserved', first, count);
    });
    this.runs(zone, 'page_count_runs', (first, count, value) => this.emit('counts_set', 0, first, count, value), [
      I32_MIN,
      I32_MAX,
    ]);
    this.runs(zone, 'held', (first, count, value) => this.emit('held_set', value, first, count), [0, MOST_HELD]);
    this.runs(zone, 'lru', (first, count) => this.emit('lru_set', 1, first, count));
  }

  // ------------------------------------------------------------------ lists

  private freeArea(zone: Json): void {
    const { nrOrders, nrTypes } = this.kernel;
    const orders = this.array(zone.free_area, 'free_area', nrOrders);
    const counts = this.array(zone.nr_free, 'nr_free', nrOrders);
    for (const [order, count] of counts.entries()) {
      if (!isWhole(count, 0, U32_MAX)) return this.wrong(`nr_free[${order}]`, count, 'a number of blocks');
      this.emit('nr_free_set', order, count);
      const types = this.array(orders[order], `free_area[${order}]`, nrTypes);
      for (const [type, blocks] of types.entries())
        this.list(blocks, `free_area[${order}][${type}]`, order * nrTypes + type);
    }
  }

  /** A list's blocks to its tail, one after the other. `number`: the list's in the zone. */
  private list(blocks: unknown, field: string, number: number): void {
    const of = listOf(this.kernel, number);
    for (const [i, pfn] of this.array(blocks, field).entries()) this.block(pfn, `${field}[${i}]`, number, of);
  }

  private block(pfn: unknown, field: string, number: number, { cpu, order, types }: ListOf): void {
    const last = this.end - 2 ** order;
    if (!isWhole(pfn, this.start, last)) {
      const expected = `the first frame of a block of order ${order}, from ${this.start} to ${last}`;
      return this.wrong(field, pfn, expected);
    }
    this.emit('counts_set', 0, pfn, 2 ** order);
    this.areNow(cpu === null ? 'buddy' : 'pcp', pfn, 2 ** order);
    if (cpu === null) this.emit('free_mark_set', order, pfn);
    else this.emit('type_remembered', types[0] ?? 0, pfn);
    this.emit('list_add_tail', order, pfn, firstHead(this.kernel) + this.slot * this.kernel.nrLists + number);
  }

  private cpus(zone: Json): void {
    if (zone.pcp === undefined) return;
    for (const [cpu, pcp] of this.array(zone.pcp, 'pcp', this.machine.cpus).entries())
      this.cpu(isObject(pcp) ? pcp : {}, cpu, `pcp[${cpu}]`);
  }

  private cpu(pcp: Json, cpu: number, at: string): void {
    const number = (key: string, low: number, high: number): number => this.number(pcp, key, low, high, `${at}.`);
    number('cpu', cpu, cpu);
    const count = number('count', 0, I32_MAX);
    const high = number('high', 0, U32_MAX);
    const batch = number('batch', 0, U32_MAX);
    const factor = number('free_factor', 0, MOST_FREE_FACTOR);
    const difference = number('vm_stat_diff', I32_MIN, I32_MAX);
    const threshold = number('stat_threshold', 0, U32_MAX);
    this.emit('pcp_limits_set', cpu, high, batch, threshold);
    this.emit('pcp_count_set', 0, cpu, count);
    this.emit('free_factor_set', factor, cpu);
    this.emit('vm_stat_diff_set', 0, cpu, difference);
    for (const [index, blocks] of this.array(pcp.lists, `${at}.lists`, this.kernel.nrPcpLists).entries())
      this.list(blocks, `${at}.lists[${index}]`, cpuListNumber(this.kernel, cpu, index));
    this.other(pcp, at);
  }

  /** Frames that remember another type than their list's: [pfn, type]. */
  private other({ other }: Json, at: string): void {
    if (other === undefined) return;
    for (const [i, pair] of this.array(other, `${at}.other`).entries()) {
      const field = `${at}.other[${i}]`;
      const [pfn, type] = this.array(pair, field, 2);
      if (!isWhole(pfn, this.start, this.end - 1) || !isWhole(type, 0, this.kernel.nrTypes - 1))
        return this.wrong(field, pair, '[frame, type] inside the zone');
      this.emit('type_remembered', type, pfn);
    }
  }

  // ------------------------------------------------------------------ a check

  /** Which frames the page replacement has now: those of before are forgotten. */
  private lru(value: unknown): void {
    if (!isObject(value) || value.lru === undefined) return;
    const zone = this.find(value);
    const known = this.zones.get(this.slot);
    if (!known) return this.wrong('lru', zone.lru, 'nothing, as no state line has told of the zone');
    this.start = known.start;
    this.end = known.end;
    this.emit('lru_set', 0, known.start, known.end - known.start);
    this.runs(zone, 'lru', (first, count) => this.emit('lru_set', 1, first, count));
  }
}
