import { KERNELS, type KernelTable } from '../generated/tables.ts';
import type { KernelInfo } from '../protocol.ts';
import type { MachineSpec } from './engine.ts';

/** What the page is told of a model, and of the machine it runs on. */
export function kernelInfo(
  table: KernelTable,
  machine: Pick<MachineSpec, 'nodes' | 'cpus' | 'bitsPerLong'>,
): KernelInfo {
  const { name, nrOrders, nrPairOrders, nrZoneTypes, hasPcp, nrSpareFrames, zoneNames, typeNames } = table;
  const { nrPcpLists, nrPcpOrders, pageblockOrder } = table;
  const bitsPerLong = machine.bitsPerLong || table.bitsPerLong;
  const last = machine.nodes.at(-1) ?? { start_pfn: 0, pages: 0 };
  return {
    name,
    nrOrders,
    nrPairOrders,
    nrZoneTypes,
    hasPcp,
    bitsPerLong,
    pageOffset: bitsPerLong === 32 ? table.pageOffset : 0,
    zoneNames: [...zoneNames],
    nrNodes: machine.nodes.length,
    nrFrames: last.start_pfn + last.pages,
    nrSpareFrames,
    nrLists: nrOrders * Math.max(1, typeNames.length) + nrPcpLists * Math.max(1, machine.cpus),
    typeNames,
    nrPcpLists,
    nrPcpOrders,
    pageblockOrder,
  };
}

/** Number of the model as the engine counts, 0 for none. */
export function kernelNumber(name: string): number {
  return KERNELS.findIndex((kernel) => kernel.name === name) + 1;
}
