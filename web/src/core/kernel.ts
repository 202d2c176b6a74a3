import { KERNELS, type KernelTable, PAGE_SIZE, SYSCTLS } from '../generated/tables.ts';
import type { KernelInfo, SettingName, SourceInfo } from '../protocol.ts';
import type { MachineSpec } from './engine.ts';

const SETTINGS: readonly SettingName[] = [
  'min_free_kbytes',
  'lower_zone_protection',
  'watermark_boost_factor',
  'watermark_scale_factor',
  'percpu_pagelist_high_fraction',
];

/** The settings that a kernel's calls can change: by a call of their own, or by `sysctl`, which names them. */
function settingsOf({ ops }: KernelTable): SettingName[] {
  const named: readonly string[] = ops.includes('sysctl') ? SYSCTLS : [];
  return SETTINGS.filter((name) => named.includes(name) || (ops as readonly string[]).includes(`set_${name}`));
}

/** What the page is told of a model, and of the machine it runs on. */
export function kernelInfo(
  table: KernelTable,
  machine: Pick<MachineSpec, 'nodes' | 'cpus' | 'bitsPerLong'>,
): KernelInfo {
  const { name, nrOrders, nrPairOrders, nrZoneTypes, hasPcp, nrSpareFrames, zoneNames, typeNames } = table;
  const { nrPcpLists, nrPcps, nrPcpOrders, pageblockOrder, lenders, highatomicShare } = table;
  const bitsPerLong = machine.bitsPerLong || table.bitsPerLong;
  const last = machine.nodes.at(-1) ?? { start_pfn: 0, pages: 0 };
  const nrTypes = Math.max(1, typeNames.length);
  const nrCpus = nrPcpLists > 0 ? Math.max(1, machine.cpus) : 0;
  return {
    name,
    nrOrders,
    nrPairOrders,
    nrZoneTypes,
    hasPcp,
    bitsPerLong,
    pageOffset: bitsPerLong === 32 ? table.pageOffset : 0,
    zoneNames: [...zoneNames],
    typeNames: [...typeNames],
    nrTypes,
    nrPcpLists,
    nrPcps,
    nrPcpOrders,
    pageblockOrder,
    lenders,
    highatomicShare,
    settings: settingsOf(table),
    nrCpus,
    nrNodes: machine.nodes.length,
    nrFrames: last.start_pfn + last.pages,
    nrSpareFrames: nrSpareFrames * machine.nodes.length,
    nrLists: nrOrders * nrTypes + nrPcpLists * nrCpus,
  };
}

/** The ranges that the kernel's boot allocator begins with, where it keeps ranges; a machine that names no memory is memory as a whole. */
export function memblockOf({ ops }: KernelTable, { memory, reserved, nodes }: MachineSpec): SourceInfo['memblock'] {
  if (!ops.includes('memblock_free_all')) return undefined;
  const whole = nodes.map(({ start_pfn, pages }) => ({ addr: start_pfn * PAGE_SIZE, size: pages * PAGE_SIZE }));
  return { memory: memory.length > 0 ? memory : whole, reserved };
}

/** Number of the model as the engine counts, 0 for none. */
export function kernelNumber(name: string): number {
  return KERNELS.findIndex((kernel) => kernel.name === name) + 1;
}

/** What a zone's list with a number is for. */
export interface ListOf {
  /** Of its blocks; hot and cold lists hold order 0. */
  order: number;
  /** Of its blocks, by number: one, or all that share the list; a kernel without types has type 0 alone. */
  types: number[];
  /** Whose list it is, null: the zone's own free list. */
  cpu: number | null;
  /** A CPU's list: its number among that CPU's. */
  index: number;
  /** A list of frames that are not in the CPU's cache. */
  cold: boolean;
}

/** Of `nrTypes` types that CPUs' lists have, whole pageblocks share two lists: one for all but the movable ones, and theirs. */
function pageblockListTypes(nrTypes: number, list: number): number[] {
  const isMovable = (type: number): boolean => type === 1;
  return Array.from({ length: nrTypes }, (_, type) => type).filter((type) => isMovable(type) === (list === 1));
}

/** pf_kernel_list: the free lists by order and, within an order, by type; then each CPU's lists. */
export function listOf(kernel: KernelInfo, list: number): ListOf {
  const { nrOrders, nrTypes, nrPcpLists, nrPcps, nrPcpOrders, pageblockOrder } = kernel;
  const number = list - nrOrders * nrTypes;
  if (number < 0 || nrPcpLists === 0)
    return { order: Math.floor(list / nrTypes), types: [list % nrTypes], cpu: null, index: 0, cold: false };
  const ofAnOrder = Math.floor(nrPcpLists / nrPcpOrders);
  const whole = ofAnOrder * nrPcpOrders;
  const index = number % nrPcpLists;
  const isWhole = index < whole;
  return {
    order: isWhole ? Math.floor(index / ofAnOrder) : pageblockOrder,
    types: nrTypes === 1 ? [0] : isWhole ? [index % ofAnOrder] : pageblockListTypes(ofAnOrder, index - whole),
    cpu: Math.floor(number / nrPcpLists),
    index,
    // Lists with a counter each are a hot and a cold one.
    cold: nrPcps === nrPcpLists && index === 1,
  };
}

/** The number in the zone of a CPU's list, by its number among that CPU's. */
export const cpuListNumber = ({ nrOrders, nrTypes, nrPcpLists }: KernelInfo, cpu: number, index: number): number =>
  nrOrders * nrTypes + nrPcpLists * cpu + index;

/** Links that lead nowhere, as the engine has them. */
export const NULL = 0xffffffff;
export const POISON = 0xfffffffe;

/** Where links to heads begin, behind all frames: the first list of the first zone. */
export const firstHead = ({ nrFrames, nrSpareFrames }: KernelInfo): number => nrFrames + nrSpareFrames;

/** The type of memory that a request asks for: the one that a flag of the mask is named after, else the first. */
export function typeAsked({ gfps, typeNames }: Pick<KernelTable, 'gfps' | 'typeNames'>, gfp: number): number {
  return Math.max(
    0,
    typeNames.findIndex((name) => (gfp & (gfps[`__GFP_${name.toUpperCase()}`] ?? 0)) !== 0),
  );
}
