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

static bool set_up_zones(struct pf_ctx *k, uint32_t node) {
  const struct pf_node_desc *n = &k->machine->node[node];
  const uint32_t border[NR_ZONE_TYPES + 1] = {0, DMA_END, LOW_END, UINT32_MAX};
  uint64_t size[NR_ZONE_TYPES], hole[NR_ZONE_TYPES];
  pf_zone_sizes(k, node, NR_ZONE_TYPES, border, size, hole);
  pf_tell_call(k, node, PF_OP_FREE_AREA_INIT, (uint64_t)n->start_pfn * PG, (uint64_t)n->pages * PG);
  pf_24_free_area_init(k, node, n->start_pfn, size, hole);
  if (!pf_has_low_memory(k, node, LOW_END))
    return true;
  if (!table(k, node, 48 * (n->pages + 1)))
    return false;
  for (uint32_t type = 0; type < NR_ZONE_TYPES; type++)
    if (size[type] && !zone_tables(k, node, (uint32_t)size[type]))
      return false;
  return !k->machine->numa || table(k, node, ((n->pages + 7) / 8 + 3) & ~3u);
}

/* Addresses and sizes are those of i386. */
static bool free_bootmem(struct pf_ctx *k, uint32_t node, uint64_t addr, uint64_t size) {
  return pf_24_free_bootmem_core(k, node, (uint32_t)addr, (uint32_t)size);
}

static bool reserve_bootmem(struct pf_ctx *k, uint32_t node, uint64_t addr, uint64_t size) {
  return pf_24_reserve_bootmem_core(k, node, (uint32_t)addr, (uint32_t)size);
}

void pf_24_op_boot(struct pf_ctx *k, const uint64_t *arg) {
  static const struct pf_boot_calls calls = {.low_end = LOW_END,
                                             .free_bootmem = free_bootmem,
                                             .reserve_bootmem = reserve_bootmem,
                                             .set_up_zones = set_up_zones,
                                             .free_all_bootmem = pf_24_free_all_bootmem_core,
                                             .free_page = pf_24_free_boot_page,
                                             .downwards = true};
  (void)arg;
  pf_boot_nodes(k, &calls);
}
