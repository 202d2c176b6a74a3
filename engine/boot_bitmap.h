/*
 * boot_bitmap.h - what the boot allocators of Linux 2.4 and 2.6 share: a node's bitmap, one bit a frame, 1 = reserved,
 * which itself lies in memory and is of no use once the page allocator has all (Gorman, ch. 5).
 *
 * Inline, because a kernel's files are compiled twice: see PF_MUTED in model.h.
 */
#ifndef PF_BOOT_BITMAP_H
#define PF_BOOT_BITMAP_H

#include "model.h"

/* The node's frames that the bitmap tells of. */
static inline uint32_t pf_boot_frames(const struct pf_boot *boot) { return boot->end_pfn - boot->start_pfn; }

/* Whole words of the machine; the bits behind the last frame are 1. */
static inline uint32_t pf_boot_map_bytes(const struct pf_ctx *k, uint32_t frames) {
  uint32_t word = k->s->bits_per_long / 8;
  return ((frames + 7) / 8 + word - 1) / word * word;
}

/* Ends the operation where the bitmap is touched after retirement (or before there was one). */
static inline bool pf_boot_map_is_there(struct pf_ctx *k, const struct pf_boot *boot) {
  return boot->has_map || pf_oops(k, PF_BUG_NULL_POINTER, boot->start_pfn);
}

/* Says which frames at the edges of a freed range lie in it only in part, and so stay reserved. */
static inline void pf_boot_tell_partial(struct pf_ctx *k, uint32_t node, uint64_t addr, uint64_t end) {
  uint64_t first = addr / PF_PAGE_SIZE, last = end / PF_PAGE_SIZE, edge = (first + 1) * PF_PAGE_SIZE;
  if (end < addr || first < k->s->boot[node].start_pfn)
    return;
  if (addr % PF_PAGE_SIZE)
    pf_emit(k, PF_EV_BOOT_PARTIAL, 0, node, (uint32_t)first, (uint32_t)((end < edge ? end : edge) - addr), 0);
  if (end % PF_PAGE_SIZE && (last != first || addr % PF_PAGE_SIZE == 0))
    pf_emit(k, PF_EV_BOOT_PARTIAL, 0, node, (uint32_t)last, end % PF_PAGE_SIZE, 0);
}

/* An allocation is zeroed. Where it covers part of a node's live bitmap, those bits become 0: free. */
static inline void pf_boot_wipe_maps(struct pf_ctx *k, uint64_t addr, uint64_t size) {
  uint64_t end = size < UINT64_MAX - addr ? addr + size : UINT64_MAX;
  for (uint32_t node = 0; node < k->s->nr_nodes; node++) {
    const struct pf_boot *boot = &k->s->boot[node];
    uint64_t map = (uint64_t)boot->mapstart * PF_PAGE_SIZE;
    uint64_t map_end = map + pf_boot_map_bytes(k, pf_boot_frames(boot));
    uint64_t from = map > addr ? map : addr, to = map_end < end ? map_end : end;
    if (!boot->has_map || from >= to)
      continue;
    uint32_t first = boot->start_pfn + (uint32_t)(from - map) * 8, last = boot->start_pfn + (uint32_t)(to - map) * 8;
    if (last > boot->end_pfn)
      last = boot->end_pfn;
    if (first < last)
      pf_boot_clear(k, node, first, last - first);
  }
}

#endif
