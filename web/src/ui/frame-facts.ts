/** What a frame's number and its links mean to the kernel that has them: one place for who says so. */

import { firstHead, type ListOf, listOf, NULL, POISON } from '../core/kernel.ts';
import { PAGE_SIZE } from '../generated/tables.ts';
import type { FrameView, KernelInfo } from '../protocol.ts';

/** Its frames are mapped when somebody asks, not for good. */
const HIGHMEM = 'HighMem';
const MOST_ADDRESS = 0xffffffff;

export const physicalOf = (pfn: number): number => pfn * PAGE_SIZE;

/**
 * Where the kernel's direct map has a frame: its address, the offset from a base that nobody told, or 'none'. The base is a fact of
 * 32-bit kernels; on 64 bits it is chosen at boot or differs by version, and is not part of the model.
 */
export function virtualOf(
  { pfn, zone }: Pick<FrameView, 'pfn' | 'zone'>,
  { bitsPerLong, pageOffset }: Pick<KernelInfo, 'bitsPerLong' | 'pageOffset'>,
): { address: number } | { offset: number } | 'none' {
  const physical = physicalOf(pfn);
  if (bitsPerLong === 32 && (zone === HIGHMEM || physical + pageOffset > MOST_ADDRESS)) return 'none';
  return pageOffset > 0 ? { address: physical + pageOffset } : { offset: physical };
}

/** Where a link leads: to a frame, to the head of a list of a zone, or nowhere. */
export type Target = { pfn: number } | (ListOf & { zone: string; node: number }) | 'NULL' | 'POISON';

export function targetOf(link: number, kernel: KernelInfo): Target {
  if (link === NULL) return 'NULL';
  if (link === POISON) return 'POISON';
  const head = link - firstHead(kernel);
  if (head < 0) return { pfn: link };
  const slot = Math.floor(head / kernel.nrLists);
  const zone = kernel.zoneNames[slot % kernel.nrZoneTypes] ?? String(slot);
  return { ...listOf(kernel, head % kernel.nrLists), zone, node: Math.floor(slot / kernel.nrZoneTypes) };
}
