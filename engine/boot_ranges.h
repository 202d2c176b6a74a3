/*
 * boot_ranges.h - `boot`, as far as it is the same whichever kernel boots: what it finds in a machine's description
 * (its ranges of memory, those that are reserved, a place for a node's bitmap, how the nodes' memory falls into zones),
 * and the order in which it makes the kernel's own calls.
 *
 * Inline, because a kernel's files are compiled twice: see PF_MUTED in model.h.
 */
#ifndef PF_BOOT_RANGES_H
#define PF_BOOT_RANGES_H

#include "model.h"

/* Bytes; empty where end <= first. */
struct pf_span {
  uint64_t first, end;
};

static inline uint64_t pf_least(uint64_t a, uint64_t b) { return a < b ? a : b; }
static inline uint64_t pf_most(uint64_t a, uint64_t b) { return a > b ? a : b; }

static inline struct pf_span pf_range_span(const struct pf_range *range) {
  uint64_t first = (uint64_t)range->addr.hi << 32 | range->addr.lo;
  return (struct pf_span){first, first + ((uint64_t)range->size.hi << 32 | range->size.lo)};
}

static inline struct pf_span pf_cut_span(struct pf_span s, uint64_t first, uint64_t end) {
  return (struct pf_span){pf_most(s.first, first), pf_least(s.end, end)};
}

static inline struct pf_span pf_node_span(const struct pf_node_desc *n) {
  uint64_t first = n->start_pfn;
  return (struct pf_span){first * PF_PAGE_SIZE, (first + n->pages) * PF_PAGE_SIZE};
}

static inline uint32_t pf_memory_ranges(const struct pf_ctx *k) {
  return k->machine->nr_memory ? k->machine->nr_memory : 1;
}

/* Range `i` of the machine's memory (its whole node where the machine names none), cut to the node's frames and to
 * [first, end). */
static inline struct pf_span pf_memory_span(const struct pf_ctx *k, uint32_t node, uint32_t i, uint64_t first,
                                            uint64_t end) {
  struct pf_span s = pf_cut_span(pf_node_span(&k->machine->node[node]), first, end);
  if (k->machine->nr_memory) {
    struct pf_span memory = pf_range_span(&k->machine->memory[i]);
    s = pf_cut_span(s, memory.first, memory.end);
  }
  return s;
}

static inline bool pf_overlaps_reserved(const struct pf_ctx *k, uint64_t first, uint64_t end, uint64_t *past) {
  for (uint32_t i = 0; i < k->machine->nr_reserved; i++) {
    struct pf_span reserved = pf_range_span(&k->machine->reserved[i]);
    if (reserved.first < end && first < reserved.end) {
      *past = reserved.end;
      return true;
    }
  }
  return false;
}

/* The first `frames` whole frames below low_end that lie in memory and in no reserved range; the node's first frame if
 * there are none. */
static inline uint32_t pf_place_bitmap(const struct pf_ctx *k, uint32_t node, uint32_t low_end, uint32_t frames) {
  uint64_t bytes = (uint64_t)frames * PF_PAGE_SIZE;
  for (uint32_t i = 0; i < pf_memory_ranges(k); i++) {
    struct pf_span s = pf_memory_span(k, node, i, 0, (uint64_t)low_end * PF_PAGE_SIZE);
    uint64_t at = s.first;
    do
      at = (at + PF_PAGE_SIZE - 1) / PF_PAGE_SIZE * PF_PAGE_SIZE;
    while (at + bytes <= s.end && pf_overlaps_reserved(k, at, at + bytes, &at));
    if (at + bytes <= s.end)
      return (uint32_t)(at / PF_PAGE_SIZE);
  }
  return k->machine->node[node].start_pfn;
}

/* What of [first, end), in frames, is memory: whole frames of it. */
static inline uint64_t pf_real_frames(const struct pf_ctx *k, uint32_t node, uint64_t first, uint64_t end) {
  uint64_t real = 0;
  for (uint32_t i = 0; i < pf_memory_ranges(k); i++) {
    struct pf_span s = pf_memory_span(k, node, i, first * PF_PAGE_SIZE, end * PF_PAGE_SIZE);
    uint64_t whole = (s.first + PF_PAGE_SIZE - 1) / PF_PAGE_SIZE;
    real += s.end / PF_PAGE_SIZE > whole ? s.end / PF_PAGE_SIZE - whole : 0;
  }
  return real;
}

/* The sizes of a node's zones, and the holes in each. Zone t is what lies from border[t] to border[t + 1], in frames.
 */
static inline void pf_zone_sizes(const struct pf_ctx *k, uint32_t node, uint32_t nr_types, const uint32_t *border,
                                 uint64_t *sizes, uint64_t *holes) {
  const struct pf_node_desc *n = &k->machine->node[node];
  for (uint32_t type = 0; type < nr_types; type++) {
    uint64_t first = pf_most(n->start_pfn, border[type]), end = pf_least(n->start_pfn + n->pages, border[type + 1]);
    sizes[type] = end > first ? end - first : 0;
    holes[type] = sizes[type] - pf_least(sizes[type], pf_real_frames(k, node, first, end));
  }
}

/* A call that boot makes, with the bytes that it is for. */
static inline void pf_tell_call(struct pf_ctx *k, uint32_t node, uint32_t op, uint64_t addr, uint64_t size) {
  uint64_t frames = (addr % PF_PAGE_SIZE + size + PF_PAGE_SIZE - 1) / PF_PAGE_SIZE;
  pf_emit(k, PF_EV_CALLS, node, op, (uint32_t)(addr / PF_PAGE_SIZE), (uint32_t)frames, 0);
}

/* --- the calls that `boot` is made of ------------------------------------------------------------------------ */

/* A kernel's own. All return false where the simulated kernel stopped. */
struct pf_boot_calls {
  uint32_t low_end; /* the frame where the memory ends that the kernel reaches by address: what lies above is HighMem */
  bool (*free_bootmem)(struct pf_ctx *k, uint32_t node, uint64_t addr, uint64_t size);
  bool (*reserve_bootmem)(struct pf_ctx *k, uint32_t node, uint64_t addr, uint64_t size);
  bool (*set_up_zones)(struct pf_ctx *k, uint32_t node);
  bool (*free_all_bootmem)(struct pf_ctx *k, uint32_t node, uint32_t *pages);
  bool (*free_page)(struct pf_ctx *k, uint32_t pfn);
  bool downwards; /* HighMem is freed from its end */
};

static inline bool pf_has_low_memory(const struct pf_ctx *k, uint32_t node, uint32_t low_end) {
  return k->machine->node[node].start_pfn < low_end;
}

static inline bool pf_boot_node_bitmap(struct pf_ctx *k, uint32_t node, const struct pf_boot_calls *calls) {
  const struct pf_node_desc *n = &k->machine->node[node];
  uint32_t end_pfn = (uint32_t)pf_least(n->start_pfn + n->pages, calls->low_end);
  uint32_t map_pages = ((end_pfn - n->start_pfn + 7) / 8 + PF_PAGE_SIZE - 1) / PF_PAGE_SIZE;
  uint32_t mapstart = pf_place_bitmap(k, node, end_pfn, map_pages);
  uint64_t first = (uint64_t)n->start_pfn * PF_PAGE_SIZE, end = (uint64_t)end_pfn * PF_PAGE_SIZE;
  uint64_t map = (uint64_t)mapstart * PF_PAGE_SIZE, map_size = (uint64_t)map_pages * PF_PAGE_SIZE;
  pf_tell_call(k, node, PF_OP_INIT_BOOTMEM, first, end - first);
  pf_boot_map_set_up(k, node, mapstart, n->start_pfn, end_pfn);
  for (uint32_t i = 0; i < pf_memory_ranges(k); i++) {
    struct pf_span s = pf_memory_span(k, node, i, first, end);
    if (s.end <= s.first)
      continue;
    pf_tell_call(k, node, PF_OP_FREE_BOOTMEM, s.first, s.end - s.first);
    if (!calls->free_bootmem(k, node, s.first, s.end - s.first))
      return false;
  }
  for (uint32_t i = 0; i < k->machine->nr_reserved; i++) {
    struct pf_span s = pf_cut_span(pf_range_span(&k->machine->reserved[i]), first, end);
    if (s.end <= s.first)
      continue;
    pf_tell_call(k, node, PF_OP_RESERVE_BOOTMEM, s.first, s.end - s.first);
    if (!calls->reserve_bootmem(k, node, s.first, s.end - s.first))
      return false;
  }
  pf_tell_call(k, node, PF_OP_RESERVE_BOOTMEM, map, map_size);
  return calls->reserve_bootmem(k, node, map, map_size);
}

static inline bool pf_boot_node_retires(struct pf_ctx *k, uint32_t node, const struct pf_boot_calls *calls) {
  const struct pf_boot *boot = &k->s->boot[node];
  uint32_t pages = 0;
  pf_tell_call(k, node, PF_OP_FREE_ALL_BOOTMEM, (uint64_t)boot->start_pfn * PF_PAGE_SIZE,
               (uint64_t)(boot->end_pfn - boot->start_pfn) * PF_PAGE_SIZE);
  return calls->free_all_bootmem(k, node, &pages);
}

/* HighMem never was in the bitmap: its frames are freed one by one. */
static inline bool pf_boot_node_highmem(struct pf_ctx *k, uint32_t node, const struct pf_boot_calls *calls) {
  uint32_t ranges = pf_memory_ranges(k);
  for (uint32_t i = 0; i < ranges; i++) {
    struct pf_span s = pf_memory_span(k, node, calls->downwards ? ranges - 1 - i : i,
                                      (uint64_t)calls->low_end * PF_PAGE_SIZE, UINT64_MAX);
    uint32_t first = (uint32_t)((s.first + PF_PAGE_SIZE - 1) / PF_PAGE_SIZE), end = (uint32_t)(s.end / PF_PAGE_SIZE);
    if (s.end <= s.first || end <= first)
      continue;
    pf_tell_call(k, node, PF_OP_FREE_BOOT_RANGE, (uint64_t)first * PF_PAGE_SIZE,
                 (uint64_t)(end - first) * PF_PAGE_SIZE);
    for (uint32_t n = 0; n < end - first; n++)
      if (!calls->free_page(k, calls->downwards ? end - 1 - n : first + n))
        return false;
  }
  return true;
}

/* Step by step, each for all nodes: the bitmaps, the zones, the bitmaps' frames and theirs, HighMem. */
static inline bool pf_boot_nodes(struct pf_ctx *k, const struct pf_boot_calls *calls) {
  const uint32_t nodes = k->s->nr_nodes, low_end = calls->low_end;
  for (uint32_t node = 0; node < nodes; node++)
    if (pf_has_low_memory(k, node, low_end) && !pf_boot_node_bitmap(k, node, calls))
      return false;
  for (uint32_t node = 0; node < nodes; node++)
    if (!calls->set_up_zones(k, node))
      return false;
  for (uint32_t node = 0; node < nodes; node++)
    if (pf_has_low_memory(k, node, low_end) && !pf_boot_node_retires(k, node, calls))
      return false;
  for (uint32_t node = 0; node < nodes; node++)
    if (!pf_boot_node_highmem(k, node, calls))
      return false;
  return true;
}

#endif
