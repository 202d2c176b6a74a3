import { KERNELS, type KernelTable } from '../generated/tables.ts';
import type { KernelInfo } from '../protocol.ts';

/** What the page is told of a model. */
export function kernelInfo(table: KernelTable, nrNodes = 1): KernelInfo {
  const { name, nrOrders, nrPairOrders, nrZoneTypes, hasPcp, pageOffset, zoneNames } = table;
  return { name, nrOrders, nrPairOrders, nrZoneTypes, hasPcp, pageOffset, zoneNames: [...zoneNames], nrNodes };
}

/** Number of the model as the engine counts, 0 for none. */
export function kernelNumber(name: string): number {
  return KERNELS.findIndex((kernel) => kernel.name === name) + 1;
}
