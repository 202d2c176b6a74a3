/* linux_2_4_20.h - what the files of this kernel share. */
#ifndef PF_LINUX_2_4_20_H
#define PF_LINUX_2_4_20_H

#include "../model.h"

/* Masks of that kernel (facts of its interface). */
#define GFP_BIT_DMA 0x01u
#define GFP_BIT_HIGHMEM 0x02u
#define GFP_BIT_WAIT 0x10u
#define GFP_BIT_HIGH 0x20u
#define GFP_BIT_IO 0x40u
#define GFP_BIT_HIGHIO 0x80u
#define GFP_BIT_FS 0x100u

enum { ZONE_DMA, ZONE_NORMAL, ZONE_HIGHMEM, NR_ZONE_TYPES };
#define MAX_ORDER 10u
#define CACHE_LINE 32u
#define DMA_GOAL 0x1000000u /* MAX_DMA_ADDRESS: where boot allocations begin to look, unless they are to be low */

/* bootmem.c. These return false where the simulated kernel stopped. */
bool pf_24_reserve_bootmem_core(struct pf_ctx *k, uint32_t node, uint32_t addr, uint32_t size);
bool pf_24_free_bootmem_core(struct pf_ctx *k, uint32_t node, uint32_t addr, uint32_t size);
bool pf_24_alloc_bootmem(struct pf_ctx *k, uint32_t node, uint32_t size, uint32_t align, uint32_t goal, uint32_t *addr);
bool pf_24_free_all_bootmem_core(struct pf_ctx *k, uint32_t node, uint32_t *pages);

/* page_alloc.c */
void pf_24_free_area_init(struct pf_ctx *k, uint32_t node, uint32_t start_pfn, const uint64_t *sizes,
                          const uint64_t *holes);
bool pf_24_free_boot_page(struct pf_ctx *k, uint32_t pfn);

/* Which function carries out what. */
#define OPERATIONS(X)                                                                                                  \
  X(BOOT, pf_24_op_boot)                                                                                               \
  X(INIT_BOOTMEM, pf_24_op_init_bootmem)                                                                               \
  X(INIT_BOOTMEM_NODE, pf_24_op_init_bootmem)                                                                          \
  X(RESERVE_BOOTMEM, pf_24_op_reserve_bootmem)                                                                         \
  X(RESERVE_BOOTMEM_NODE, pf_24_op_reserve_bootmem)                                                                    \
  X(FREE_BOOTMEM, pf_24_op_free_bootmem)                                                                               \
  X(FREE_BOOTMEM_NODE, pf_24_op_free_bootmem)                                                                          \
  X(ALLOC_BOOTMEM, pf_24_op_alloc_bootmem)                                                                             \
  X(ALLOC_BOOTMEM_ON, pf_24_op_alloc_bootmem)                                                                          \
  X(ALLOC_BOOTMEM_ANY, pf_24_op_alloc_bootmem_any)                                                                     \
  X(ALLOC_BOOTMEM_LOW, pf_24_op_alloc_bootmem_low)                                                                     \
  X(ALLOC_BOOTMEM_PAGES, pf_24_op_alloc_bootmem_pages)                                                                 \
  X(ALLOC_BOOTMEM_LOW_PAGES, pf_24_op_alloc_bootmem_low_pages)                                                         \
  X(ALLOC_BOOTMEM_NODE, pf_24_op_alloc_bootmem_node)                                                                   \
  X(ALLOC_BOOTMEM_PAGES_NODE, pf_24_op_alloc_bootmem_pages_node)                                                       \
  X(ALLOC_BOOTMEM_LOW_PAGES_NODE, pf_24_op_alloc_bootmem_low_pages_node)                                               \
  X(FREE_ALL_BOOTMEM, pf_24_op_free_all_bootmem)                                                                       \
  X(FREE_ALL_BOOTMEM_NODE, pf_24_op_free_all_bootmem)                                                                  \
  X(FREE_AREA_INIT, pf_24_op_free_area_init)                                                                           \
  X(FREE_BOOT_RANGE, pf_24_op_free_boot_range)                                                                         \
  X(ALLOC_PAGES, pf_24_op_alloc_pages)                                                                                 \
  X(ALLOC_PAGES_NODE, pf_24_op_alloc_pages_node)                                                                       \
  X(ALLOC_PAGE, pf_24_op_alloc_page)                                                                                   \
  X(GET_FREE_PAGES, pf_24_op_get_free_pages)                                                                           \
  X(GET_FREE_PAGE, pf_24_op_get_free_page)                                                                             \
  X(GET_DMA_PAGES, pf_24_op_get_dma_pages)                                                                             \
  X(GET_ZEROED_PAGE, pf_24_op_get_zeroed_page)                                                                         \
  X(FREE_PAGES_PAGE, pf_24_op_free_pages_page)                                                                         \
  X(FREE_PAGE_PAGE, pf_24_op_free_page_page)                                                                           \
  X(FREE_PAGES, pf_24_op_free_pages)                                                                                   \
  X(FREE_PAGE, pf_24_op_free_page)                                                                                     \
  X(GET_PAGE, pf_24_op_get_page)

#define DECLARE(id, function) pf_op_function function;
OPERATIONS(DECLARE)
#undef DECLARE

#endif
