/*
 * `boot`: what an i386 PC with Linux 2.4.20 does from power-on until the page allocator has all memory, from the
 * header's `memory` and `reserved` ranges. It is made of the calls that a run file could make one by one.
 */
#include "../boot_ranges.h"
#include "linux_2_4_20.h"

#define PG PF_PAGE_SIZE
#define DMA_END 4096u   /* 16 MiB */
#define LOW_END 229376u /* 896 MiB: above is HighMem */

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
  uint64_t size[NR_ZONE_TYPES], hole[NR_ZONE_TYPES];
  pf_zone_sizes(k, node, NR_ZONE_TYPES, border, size, hole);
  pf_tell_call(k, node, PF_OP_FREE_AREA_INIT, (uint64_t)n->start_pfn * PG, (uint64_t)n->pages * PG);
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
static uint32_t low_end_of(const struct pf_node_desc *n) {
  return (uint32_t)pf_least(n->start_pfn + n->pages, LOW_END);
}

static bool set_up_bootmem(struct pf_ctx *k, uint32_t node) {
  const struct pf_node_desc *n = &k->machine->node[node];
  uint32_t low_end = low_end_of(n), map_pages = ((low_end - n->start_pfn + 7) / 8 + PG - 1) / PG;
  uint32_t mapstart = pf_place_bitmap(k, node, low_end, map_pages);
  uint64_t first = (uint64_t)n->start_pfn * PG, end = (uint64_t)low_end * PG;
  pf_tell_call(k, node, PF_OP_INIT_BOOTMEM, first, end - first);
  pf_boot_map_set_up(k, node, mapstart, n->start_pfn, low_end);
  for (uint32_t i = 0; i < pf_memory_ranges(k); i++) {
    struct pf_span s = pf_memory_span(k, node, i, first, end);
    if (s.end <= s.first)
      continue;
    pf_tell_call(k, node, PF_OP_FREE_BOOTMEM, s.first, s.end - s.first);
    if (!pf_24_free_bootmem_core(k, node, (uint32_t)s.first, (uint32_t)(s.end - s.first)))
      return false;
  }
  for (uint32_t i = 0; i < k->machine->nr_reserved; i++) {
    struct pf_span s = pf_cut_span(pf_range_span(&k->machine->reserved[i]), first, end);
    if (s.end <= s.first)
      continue;
    pf_tell_call(k, node, PF_OP_RESERVE_BOOTMEM, s.first, s.end - s.first);
    if (!pf_24_reserve_bootmem_core(k, node, (uint32_t)s.first, (uint32_t)(s.end - s.first)))
      return false;
  }
  pf_tell_call(k, node, PF_OP_RESERVE_BOOTMEM, (uint64_t)mapstart * PG, (uint64_t)map_pages * PG);
  return pf_24_reserve_bootmem_core(k, node, mapstart * PG, map_pages * PG);
}

static bool retire(struct pf_ctx *k, uint32_t node) {
  const struct pf_boot *boot = &k->s->boot[node];
  uint32_t pages = 0;
  pf_tell_call(k, node, PF_OP_FREE_ALL_BOOTMEM, (uint64_t)boot->start_pfn * PG,
               (uint64_t)(boot->end_pfn - boot->start_pfn) * PG);
  return pf_24_free_all_bootmem_core(k, node, &pages);
}

/* HighMem never was in the bitmap: its frames are freed one by one, downwards. */
static bool free_highmem(struct pf_ctx *k, uint32_t node) {
  for (uint32_t i = pf_memory_ranges(k); i-- > 0;) {
    struct pf_span s = pf_memory_span(k, node, i, (uint64_t)LOW_END * PG, UINT64_MAX);
    uint32_t first = (uint32_t)((s.first + PG - 1) / PG), end = (uint32_t)(s.end / PG);
    if (s.end <= s.first || end <= first)
      continue;
    pf_tell_call(k, node, PF_OP_FREE_BOOT_RANGE, (uint64_t)first * PG, (uint64_t)(end - first) * PG);
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
