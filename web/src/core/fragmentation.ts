/**
 * How fragmented free memory is, by the kernel's own two measures: what /sys/kernel/debug/extfrag/ shows of every zone and order.
 *
 * Both are M. Gorman's and A. Whitcroft's ("The What, The Why and the Where To of Anti-Fragmentation", Ottawa Linux Symposium
 * 2006); what their values mean is in the kernel's Documentation/admin-guide/sysctl/vm.rst (extfrag_threshold). The 1 that the
 * kernel adds in the second is seen in recordings of its files beside /proc/buddyinfo, which the test holds these against.
 *
 * `free[i]` is the number of free blocks of 2^i pages, as /proc/buddyinfo counts them.
 */

type Blocks = ArrayLike<number>;

/** Pages in free blocks of `from` and larger orders. */
export function freePages(free: Blocks, from = 0): number {
  let pages = 0;
  for (let order = from; order < free.length; order++) pages += (free[order] ?? 0) * 2 ** order;
  return pages;
}

function freeBlocks(free: Blocks): number {
  let blocks = 0;
  for (let order = 0; order < free.length; order++) blocks += free[order] ?? 0;
  return blocks;
}

/**
 * The unusable free space index: the share of free pages that lie in blocks too small for a request of `order`. From 0 (all of
 * them can serve it) to 1 (none can); with nothing free, 1.
 */
export function unusableFreeSpace(free: Blocks, order: number): number {
  const total = freePages(free);
  return total > 0 ? (total - freePages(free, order)) / total : 1;
}

/**
 * The external fragmentation index: why a request of `order` fails. Towards 0 there is too little free memory, towards 1 there is
 * enough of it, in pieces. -1: there is a block that is large enough, and it does not fail.
 */
export function externalFragmentation(free: Blocks, order: number): number {
  if (freePages(free, order) > 0) return -1;
  const blocks = freeBlocks(free);
  return blocks > 0 ? Math.max(0, 1 - (1 + freePages(free) / 2 ** order) / blocks) : 0;
}
