/* linux_2_6_10.h - what the files of this kernel share. */
#ifndef PF_LINUX_2_6_10_H
#define PF_LINUX_2_6_10_H

#include "../model.h"

/* Masks of that kernel (facts of its interface). */
#define GFP_BIT_DMA 0x01u
#define GFP_BIT_HIGHMEM 0x02u
#define GFP_BIT_WAIT 0x10u
#define GFP_BIT_HIGH 0x20u
#define GFP_BIT_IO 0x40u
#define GFP_BIT_FS 0x80u
#define GFP_BIT_COLD 0x100u
#define GFP_BIT_NOWARN 0x200u
#define GFP_BIT_REPEAT 0x400u
#define GFP_BIT_NOFAIL 0x800u
#define GFP_BIT_NORETRY 0x1000u
#define GFP_BIT_NO_GROW 0x2000u
#define GFP_BIT_COMP 0x4000u

enum { ZONE_DMA, ZONE_NORMAL, ZONE_HIGHMEM, NR_ZONE_TYPES };
#define MAX_ORDER 11u
#define CACHE_LINE 32u
#define DMA_GOAL 0x1000000u /* MAX_DMA_ADDRESS: where boot allocations begin to look, unless they are to be low */

/* Sums and products are as wide as the machine's `long`. */
static inline uint64_t wrap(const struct pf_ctx *k, uint64_t x) { return k->s->bits_per_long == 32 ? (uint32_t)x : x; }

/* bootmem.c. These return false where the simulated kernel stopped. Addresses and sizes are as wide as the machine's.
 */
bool pf_26_reserve_bootmem_core(struct pf_ctx *k, uint32_t node, uint64_t addr, uint64_t size);
bool pf_26_free_bootmem_core(struct pf_ctx *k, uint32_t node, uint64_t addr, uint64_t size);
/* __alloc_bootmem_node: on the node, else on any; panics where none has room. */
bool pf_26_alloc_bootmem_node(struct pf_ctx *k, uint32_t node, uint64_t size, uint64_t align, uint64_t goal,
                              uint64_t *addr);
bool pf_26_free_all_bootmem_core(struct pf_ctx *k, uint32_t node, uint32_t *pages);

/* page_alloc.c */
bool pf_26_free_area_init(struct pf_ctx *k, uint32_t node, uint32_t start_pfn, const uint64_t *sizes,
                          const uint64_t *holes);
/* Frames that the boot kept are given to the page allocator as one block: reserved is cleared on all, the first gets
 * the count 1. */
bool pf_26_free_boot_block(struct pf_ctx *k, uint32_t pfn, uint32_t order);
void pf_26_init_per_zone_pages_min(struct pf_ctx *k);

/* Which function carries out what. */
#define OPERATIONS(X)                                                                                                  \
  X(BOOT, pf_26_op_boot)                                                                                               \
  X(INIT_BOOTMEM, pf_26_op_init_bootmem)                                                                               \
  X(INIT_BOOTMEM_NODE, pf_26_op_init_bootmem)                                                                          \
  X(RESERVE_BOOTMEM, pf_26_op_reserve_bootmem)                                                                         \
  X(RESERVE_BOOTMEM_NODE, pf_26_op_reserve_bootmem)                                                                    \
  X(FREE_BOOTMEM, pf_26_op_free_bootmem)                                                                               \
  X(FREE_BOOTMEM_NODE, pf_26_op_free_bootmem)                                                                          \
  X(ALLOC_BOOTMEM, pf_26_op_alloc_bootmem)                                                                             \
  X(ALLOC_BOOTMEM_ON, pf_26_op_alloc_bootmem)                                                                          \
  X(ALLOC_BOOTMEM_ANY, pf_26_op_alloc_bootmem_any)                                                                     \
  X(ALLOC_BOOTMEM_LOW, pf_26_op_alloc_bootmem_low)                                                                     \
  X(ALLOC_BOOTMEM_PAGES, pf_26_op_alloc_bootmem_pages)                                                                 \
  X(ALLOC_BOOTMEM_LOW_PAGES, pf_26_op_alloc_bootmem_low_pages)                                                         \
  X(ALLOC_BOOTMEM_NODE, pf_26_op_alloc_bootmem_node)                                                                   \
  X(ALLOC_BOOTMEM_PAGES_NODE, pf_26_op_alloc_bootmem_pages_node)                                                       \
  X(ALLOC_BOOTMEM_LOW_PAGES_NODE, pf_26_op_alloc_bootmem_low_pages_node)                                               \
  X(FREE_ALL_BOOTMEM, pf_26_op_free_all_bootmem)                                                                       \
  X(FREE_ALL_BOOTMEM_NODE, pf_26_op_free_all_bootmem)                                                                  \
  X(FREE_AREA_INIT, pf_26_op_free_area_init)                                                                           \
  X(FREE_BOOT_RANGE, pf_26_op_free_boot_range)                                                                         \
  X(INIT_PER_ZONE_PAGES_MIN, pf_26_op_init_per_zone_pages_min)                                                         \
  X(SYSCTL, pf_26_op_sysctl)                                                                                           \
  X(ALLOC_PAGES, pf_26_op_alloc_pages)                                                                                 \
  X(ALLOC_PAGES_NODE, pf_26_op_alloc_pages_node)                                                                       \
  X(ALLOC_PAGE, pf_26_op_alloc_page)                                                                                   \
  X(GET_FREE_PAGES, pf_26_op_get_free_pages)                                                                           \
  X(GET_FREE_PAGE, pf_26_op_get_free_page)                                                                             \
  X(GET_DMA_PAGES, pf_26_op_get_dma_pages)                                                                             \
  X(GET_ZEROED_PAGE, pf_26_op_get_zeroed_page)                                                                         \
  X(FREE_PAGES_PAGE, pf_26_op_free_pages_page)                                                                         \
  X(FREE_PAGE_PAGE, pf_26_op_free_page_page)                                                                           \
  X(FREE_PAGES, pf_26_op_free_pages)                                                                                   \
  X(FREE_PAGE, pf_26_op_free_page)                                                                                     \
  X(FREE_HOT_PAGE, pf_26_op_free_hot_page)                                                                             \
  X(FREE_COLD_PAGE, pf_26_op_free_cold_page)                                                                           \
  X(PAGEVEC_FREE, pf_26_op_pagevec_free)                                                                               \
  X(DRAIN_LOCAL_PAGES, pf_26_op_drain_local_pages)                                                                     \
  X(GET_PAGE, pf_26_op_get_page)                                                                                       \
  X(PUT_PAGE_TESTZERO, pf_26_op_put_page_testzero)

#define DECLARE(id, function) pf_op_function function;
OPERATIONS(DECLARE)
#undef DECLARE

#endif
