/*
 * boot_ranges.h - what `boot` finds in a machine's description, whichever kernel boots: its ranges of memory, those
 * that are reserved, a place for a node's bitmap, and how the nodes' memory falls into zones.
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

#endif
