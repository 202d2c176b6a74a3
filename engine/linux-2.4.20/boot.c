/*
 * `boot`: what an i386 PC with Linux 2.4.20 does from power-on until the page allocator has all memory, from the
 * header's `memory` and `reserved` ranges. It is made of the calls that a run file could make one by one.
 */
#include "linux_2_4_20.h"

#define PG PF_PAGE_SIZE
#define DMA_END 4096u   /* 16 MiB */
#define LOW_END 229376u /* 896 MiB: above is HighMem */

static uint64_t value(struct pf_u64 v) { return (uint64_t)v.hi << 32 | v.lo; }

struct span {
  uint64_t first, end; /* bytes */
};

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }
static uint64_t most(uint64_t a, uint64_t b) { return a > b ? a : b; }

/* Range `i` of the machine's memory (its whole node where the header has none), cut to [first, end). */
static struct span memory_span(struct pf_ctx *k, uint32_t node, uint32_t i, uint64_t first, uint64_t end) {
  const struct pf_machine *m = k->machine;
  const struct pf_node_desc *n = &m->node[node];
  struct span s = {(uint64_t)n->start_pfn * PG, ((uint64_t)n->start_pfn + n->pages) * PG};
  if (m->nr_memory) {
    s.first = most(s.first, value(m->memory[i].addr));
    s.end = least(s.end, value(m->memory[i].addr) + value(m->memory[i].size));
  }
  return (struct span){most(s.first, first), least(s.end, end)};
}

static uint32_t memory_ranges(struct pf_ctx *k) { return k->machine->nr_memory ? k->machine->nr_memory : 1; }

static bool overlaps_reserved(struct pf_ctx *k, uint64_t first, uint64_t end, uint64_t *past) {
  const struct pf_machine *m = k->machine;
  for (uint32_t i = 0; i < m->nr_reserved; i++) {
    uint64_t r = value(m->reserved[i].addr), r_end = r + value(m->reserved[i].size);
    if (r < end && first < r_end) {
      *past = r_end;
      return true;
    }
  }
  return false;
}

/* The first whole frames in memory and in no reserved range that hold the bitmap; the node's first frame if there are
 * none. */
static uint32_t place_bitmap(struct pf_ctx *k, uint32_t node, uint32_t low_end, uint32_t pages) {
  for (uint32_t i = 0; i < memory_ranges(k); i++) {
    struct span s = memory_span(k, node, i, 0, (uint64_t)low_end * PG);
    uint64_t at = s.first;
    do
      at = (at + PG - 1) / PG * PG;
    while (at + (uint64_t)pages * PG <= s.end && overlaps_reserved(k, at, at + (uint64_t)pages * PG, &at));
    if (at + (uint64_t)pages * PG <= s.end)
      return (uint32_t)(at / PG);
  }
  return k->machine->node[node].start_pfn;
}

static void tell(struct pf_ctx *k, uint32_t node, uint32_t op, uint64_t addr, uint64_t size) {
  pf_emit(k, PF_EV_CALLS, node, op, (uint32_t)(addr / PG), (uint32_t)((addr % PG + size + PG - 1) / PG), 0);
}

/* One table of the kernel, from the boot allocator of its node. */
static bool table(struct pf_ctx *k, uint32_t node, uint32_t bytes) {
  uint32_t addr = PF_NULL;
  pf_emit(k, PF_EV_CALLS, node, PF_OP_ALLOC_BOOTMEM, 0, (bytes + PG - 1) / PG, 0);
  if (!pf_24_alloc_bootmem(k, node, bytes, CACHE_LINE, DMA_GOAL, &addr))
    return false;
  return addr != PF_NULL || pf_stop(k, PF_OUTCOME_PANIC, PF_EV_PANIC, PF_BUG_OUT_OF_MEMORY, 0);
}

static bool zone_tables(struct pf_ctx *k, uint32_t node, uint32_t size) {
  uint32_t queues = 1;
  while (queues < (size + 255) / 256 && queues < 4096)
    queues *= 2;
  if (!table(k, node, 12 * queues))
    return false;
  for (uint32_t order = 0; order < MAX_ORDER - 1; order++)
    if (!table(k, node, (((size - 1) >> (order + 4)) + 1 + 3) & ~3u))
      return false;
  return true;
}

static bool has_low_memory(const struct pf_node_desc *n) { return n->start_pfn < LOW_END; }

static bool set_up_zones(struct pf_ctx *k, uint32_t node) {
  const struct pf_node_desc *n = &k->machine->node[node];
  const uint32_t border[NR_ZONE_TYPES + 1] = {0, DMA_END, LOW_END, UINT32_MAX};
  uint64_t size[NR_ZONE_TYPES], hole[NR_ZONE_TYPES] = {0};
  for (uint32_t type = 0; type < NR_ZONE_TYPES; type++) {
    uint64_t first = most(n->start_pfn, border[type]), end = least(n->start_pfn + n->pages, border[type + 1]);
    size[type] = end > first ? end - first : 0;
    uint64_t real = 0;
    for (uint32_t i = 0; i < memory_ranges(k); i++) {
      struct span s = memory_span(k, node, i, first * PG, end * PG);
      real += s.end > s.first ? s.end / PG - (s.first + PG - 1) / PG : 0;
    }
    hole[type] = size[type] > real ? size[type] - real : 0;
  }
  tell(k, node, PF_OP_FREE_AREA_INIT, (uint64_t)n->start_pfn * PG, (uint64_t)n->pages * PG);
  pf_24_free_area_init(k, node, n->start_pfn, size, hole);
  if (!has_low_memory(n))
    return true;
  if (!table(k, node, 48 * (n->pages + 1)))
    return false;
  for (uint32_t type = 0; type < NR_ZONE_TYPES; type++)
    if (size[type] && !zone_tables(k, node, (uint32_t)size[type]))
      return false;
  return !k->machine->numa || table(k, node, ((n->pages + 7) / 8 + 3) & ~3u);
}

/* Where the low memory of a node ends. */
static uint32_t low_end_of(const struct pf_node_desc *n) { return (uint32_t)least(n->start_pfn + n->pages, LOW_END); }

static bool set_up_bootmem(struct pf_ctx *k, uint32_t node) {
  const struct pf_machine *m = k->machine;
  const struct pf_node_desc *n = &m->node[node];
  uint32_t low_end = low_end_of(n), map_pages = ((low_end - n->start_pfn + 7) / 8 + PG - 1) / PG;
  uint32_t mapstart = place_bitmap(k, node, low_end, map_pages);
  tell(k, node, PF_OP_INIT_BOOTMEM, (uint64_t)n->start_pfn * PG, (uint64_t)(low_end - n->start_pfn) * PG);
  pf_24_init_bootmem(k, node, mapstart, n->start_pfn, low_end);
  for (uint32_t i = 0; i < memory_ranges(k); i++) {
    struct span s = memory_span(k, node, i, 0, (uint64_t)low_end * PG);
    if (s.end <= s.first)
      continue;
    tell(k, node, PF_OP_FREE_BOOTMEM, s.first, s.end - s.first);
    if (!pf_24_free_bootmem_core(k, node, (uint32_t)s.first, (uint32_t)(s.end - s.first)))
      return false;
  }
  for (uint32_t i = 0; i < m->nr_reserved; i++) {
    uint64_t first = most(value(m->reserved[i].addr), (uint64_t)n->start_pfn * PG);
    uint64_t end = least(value(m->reserved[i].addr) + value(m->reserved[i].size), (uint64_t)low_end * PG);
    if (end <= first)
      continue;
    tell(k, node, PF_OP_RESERVE_BOOTMEM, first, end - first);
    if (!pf_24_reserve_bootmem_core(k, node, (uint32_t)first, (uint32_t)(end - first)))
      return false;
  }
  tell(k, node, PF_OP_RESERVE_BOOTMEM, (uint64_t)mapstart * PG, (uint64_t)map_pages * PG);
  return pf_24_reserve_bootmem_core(k, node, mapstart * PG, map_pages * PG);
}

static bool retire(struct pf_ctx *k, uint32_t node) {
  const struct pf_node_desc *n = &k->machine->node[node];
  uint32_t pages = 0;
  tell(k, node, PF_OP_FREE_ALL_BOOTMEM, (uint64_t)n->start_pfn * PG, (uint64_t)n->pages * PG);
  return pf_24_free_all_bootmem_core(k, node, &pages);
}

/* HighMem never was in the bitmap: its frames are freed one by one, downwards. */
static bool free_highmem(struct pf_ctx *k, uint32_t node) {
  for (uint32_t i = memory_ranges(k); i-- > 0;) {
    struct span s = memory_span(k, node, i, (uint64_t)LOW_END * PG, UINT64_MAX);
    uint32_t first = (uint32_t)((s.first + PG - 1) / PG), end = (uint32_t)(s.end / PG);
    if (s.end <= s.first || end <= first)
      continue;
    tell(k, node, PF_OP_FREE_BOOT_RANGE, (uint64_t)first * PG, (uint64_t)(end - first) * PG);
    for (uint32_t pfn = end; pfn-- > first;)
      if (!pf_24_free_boot_page(k, pfn))
        return false;
  }
  return true;
}

void pf_24_op_boot(struct pf_ctx *k, const uint64_t *arg) {
  static const struct {
    bool (*run)(struct pf_ctx *, uint32_t);
    bool low_only;
  } step[] = {{set_up_bootmem, true}, {set_up_zones, false}, {retire, true}, {free_highmem, false}};
  (void)arg;
  for (uint32_t i = 0; i < sizeof step / sizeof step[0]; i++)
    for (uint32_t node = 0; node < k->s->nr_nodes; node++) {
      bool concerned = !step[i].low_only || has_low_memory(&k->machine->node[node]);
      if (concerned && !step[i].run(k, node))
        return;
    }
}
