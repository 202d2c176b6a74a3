/*
 * `boot`: what a PC with Linux 2.6.10 does from power-on until the page allocator has all memory, from the header's
 * `memory` and `reserved` ranges. It is made of the calls that a run file could make one by one. With 32-bit addresses
 * memory above 896 MiB is HighMem; 64 bits reach all of it.
 */
#include "../boot_ranges.h"
#include "linux_2_6_10.h"

#define DMA_END 4096u /* 16 MiB */

/* With 64 bits all memory is reached by address. */
static uint32_t low_end(const struct pf_ctx *k) { return k->s->bits_per_long == 64 ? UINT32_MAX : 229376; }

/* The tables that this takes from the boot allocator are its own concern. */
static bool set_up_zones(struct pf_ctx *k, uint32_t node) {
  const struct pf_node_desc *n = &k->machine->node[node];
  const uint32_t border[NR_ZONE_TYPES + 1] = {0, DMA_END, low_end(k), UINT32_MAX};
  uint64_t size[NR_ZONE_TYPES], hole[NR_ZONE_TYPES];
  pf_zone_sizes(k, node, NR_ZONE_TYPES, border, size, hole);
  pf_tell_call(k, node, PF_OP_FREE_AREA_INIT, (uint64_t)n->start_pfn * PF_PAGE_SIZE, (uint64_t)n->pages * PF_PAGE_SIZE);
  return pf_26_free_area_init(k, node, n->start_pfn, size, hole);
}

static bool free_page(struct pf_ctx *k, uint32_t pfn) { return pf_26_free_boot_block(k, pfn, 0); }

void pf_26_op_boot(struct pf_ctx *k, const uint64_t *arg) {
  const struct pf_boot_calls calls = {.low_end = low_end(k),
                                      .free_bootmem = pf_26_free_bootmem_core,
                                      .reserve_bootmem = pf_26_reserve_bootmem_core,
                                      .set_up_zones = set_up_zones,
                                      .free_all_bootmem = pf_26_free_all_bootmem_core,
                                      .free_page = free_page};
  (void)arg;
  if (!pf_boot_nodes(k, &calls))
    return;
  pf_tell_call(k, 0, PF_OP_INIT_PER_ZONE_PAGES_MIN, 0, 0);
  pf_26_init_per_zone_pages_min(k);
}
