/*
 * `boot`: what a PC with Linux 2.6.10 does from power-on until the page allocator has all memory, from the header's
 * `memory` and `reserved` ranges. It is made of the calls that a run file could make one by one. With 32-bit addresses
 * memory above 896 MiB is HighMem; 64 bits reach all of it.
 */
#include "../boot_ranges.h"
#include "linux_2_6_10.h"

#define PG PF_PAGE_SIZE
#define DMA_END 4096u /* 16 MiB */

/* The frame where the memory ends that the kernel reaches by address: what lies above is HighMem. */
static uint32_t low_end(const struct pf_ctx *k) { return k->s->bits_per_long == 64 ? UINT32_MAX : 229376; }

static bool has_low_memory(const struct pf_ctx *k, uint32_t node) {
  return k->machine->node[node].start_pfn < low_end(k);
}

static bool set_up_bootmem(struct pf_ctx *k, uint32_t node) {
  const struct pf_node_desc *n = &k->machine->node[node];
  uint32_t end_pfn = (uint32_t)pf_least(n->start_pfn + n->pages, low_end(k));
  uint32_t map_pages = ((end_pfn - n->start_pfn + 7) / 8 + PG - 1) / PG;
  uint32_t mapstart = pf_place_bitmap(k, node, end_pfn, map_pages);
  uint64_t first = (uint64_t)n->start_pfn * PG, end = (uint64_t)end_pfn * PG;
  pf_tell_call(k, node, PF_OP_INIT_BOOTMEM, first, end - first);
  pf_boot_map_set_up(k, node, mapstart, n->start_pfn, end_pfn);
  for (uint32_t i = 0; i < pf_memory_ranges(k); i++) {
    struct pf_span s = pf_memory_span(k, node, i, first, end);
    if (s.end <= s.first)
      continue;
    pf_tell_call(k, node, PF_OP_FREE_BOOTMEM, s.first, s.end - s.first);
    if (!pf_26_free_bootmem_core(k, node, s.first, s.end - s.first))
      return false;
  }
  for (uint32_t i = 0; i < k->machine->nr_reserved; i++) {
    struct pf_span s = pf_cut_span(pf_range_span(&k->machine->reserved[i]), first, end);
    if (s.end <= s.first)
      continue;
    pf_tell_call(k, node, PF_OP_RESERVE_BOOTMEM, s.first, s.end - s.first);
    if (!pf_26_reserve_bootmem_core(k, node, s.first, s.end - s.first))
      return false;
  }
  pf_tell_call(k, node, PF_OP_RESERVE_BOOTMEM, (uint64_t)mapstart * PG, (uint64_t)map_pages * PG);
  return pf_26_reserve_bootmem_core(k, node, (uint64_t)mapstart * PG, (uint64_t)map_pages * PG);
}

/* The tables that this takes from the boot allocator are its own concern. */
static bool set_up_zones(struct pf_ctx *k, uint32_t node) {
  const struct pf_node_desc *n = &k->machine->node[node];
  const uint32_t border[NR_ZONE_TYPES + 1] = {0, DMA_END, low_end(k), UINT32_MAX};
  uint64_t size[NR_ZONE_TYPES], hole[NR_ZONE_TYPES];
  pf_zone_sizes(k, node, NR_ZONE_TYPES, border, size, hole);
  pf_tell_call(k, node, PF_OP_FREE_AREA_INIT, (uint64_t)n->start_pfn * PG, (uint64_t)n->pages * PG);
  return pf_26_free_area_init(k, node, n->start_pfn, size, hole);
}

static bool retire(struct pf_ctx *k, uint32_t node) {
  const struct pf_boot *boot = &k->s->boot[node];
  uint32_t pages = 0;
  pf_tell_call(k, node, PF_OP_FREE_ALL_BOOTMEM, (uint64_t)boot->start_pfn * PG,
               (uint64_t)(boot->end_pfn - boot->start_pfn) * PG);
  return pf_26_free_all_bootmem_core(k, node, &pages);
}

/* HighMem never was in the bitmap: its frames are freed one by one, upwards. */
static bool free_highmem(struct pf_ctx *k, uint32_t node) {
  for (uint32_t i = 0; i < pf_memory_ranges(k); i++) {
    struct pf_span s = pf_memory_span(k, node, i, (uint64_t)low_end(k) * PG, UINT64_MAX);
    uint32_t first = (uint32_t)((s.first + PG - 1) / PG), end = (uint32_t)(s.end / PG);
    if (s.end <= s.first || end <= first)
      continue;
    pf_tell_call(k, node, PF_OP_FREE_BOOT_RANGE, (uint64_t)first * PG, (uint64_t)(end - first) * PG);
    for (uint32_t pfn = first; pfn < end; pfn++)
      if (!pf_26_free_boot_block(k, pfn, 0))
        return false;
  }
  return true;
}

void pf_26_op_boot(struct pf_ctx *k, const uint64_t *arg) {
  static const struct {
    bool (*run)(struct pf_ctx *, uint32_t);
    bool low_only;
  } step[] = {{set_up_bootmem, true}, {set_up_zones, false}, {retire, true}, {free_highmem, false}};
  (void)arg;
  for (uint32_t i = 0; i < sizeof step / sizeof step[0]; i++)
    for (uint32_t node = 0; node < k->s->nr_nodes; node++)
      if ((!step[i].low_only || has_low_memory(k, node)) && !step[i].run(k, node))
        return;
  pf_tell_call(k, 0, PF_OP_INIT_PER_ZONE_PAGES_MIN, 0, 0);
  pf_26_init_per_zone_pages_min(k);
}
