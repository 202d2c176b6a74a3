/* linux_6_1.h - what the files of this kernel share. */
#ifndef PF_LINUX_6_1_H
#define PF_LINUX_6_1_H

#include "../model.h"

/* Masks of that kernel (facts of its interface). */
#define GFP_BIT_DMA 0x1u
#define GFP_BIT_HIGHMEM 0x2u
#define GFP_BIT_DMA32 0x4u
#define GFP_BIT_MOVABLE 0x8u
#define GFP_BIT_RECLAIMABLE 0x10u
#define GFP_BIT_HIGH 0x20u
#define GFP_BIT_IO 0x40u
#define GFP_BIT_FS 0x80u
#define GFP_BIT_ZERO 0x100u
#define GFP_BIT_ATOMIC 0x200u
#define GFP_BIT_DIRECT_RECLAIM 0x400u
#define GFP_BIT_KSWAPD_RECLAIM 0x800u
#define GFP_BIT_WRITE 0x1000u
#define GFP_BIT_NOWARN 0x2000u
#define GFP_BIT_RETRY_MAYFAIL 0x4000u
#define GFP_BIT_NOFAIL 0x8000u
#define GFP_BIT_NORETRY 0x10000u
#define GFP_BIT_MEMALLOC 0x20000u
#define GFP_BIT_COMP 0x40000u
#define GFP_BIT_NOMEMALLOC 0x80000u
#define GFP_BIT_HARDWALL 0x100000u
#define GFP_BIT_THISNODE 0x200000u
#define GFP_BIT_ACCOUNT 0x400000u

/* Zones Movable and Device are empty here: only requests know of them. */
enum { ZONE_DMA, ZONE_DMA32, ZONE_NORMAL, NR_ZONE_TYPES };
#define NR_ZONE_INDICES 5u
enum {
  TYPE_UNMOVABLE,
  TYPE_MOVABLE,
  TYPE_RECLAIMABLE,
  NR_ORDINARY,
  TYPE_HIGHATOMIC = NR_ORDINARY,
  TYPE_ISOLATE,
  NR_TYPES
};
#define NR_LENDERS 2u
#define HIGHATOMIC_SHARE 100u
#define MAX_ORDER 11u
#define PAGEBLOCK_ORDER 9u
#define PAGEBLOCK 512u
#define NR_PCP_ORDERS 4u
#define NR_PCP_LISTS 14u
/* Where a node's frames change zone. */
#define DMA_END 4096u       /* 16 MiB */
#define DMA32_END 0x100000u /* 4 GiB */

/* model.c. Who lends to whom, in order. */
extern const uint8_t pf_61_lenders[NR_ORDINARY][NR_LENDERS];

/* page_alloc.c. Frees a reserved block at boot: to its list's tail. False: the simulated kernel stopped. */
bool pf_61_free_to_tail(struct pf_ctx *k, uint32_t pfn, uint32_t order);
/* Watermarks, reserves and the limits of per-CPU lists, from the frames that the zones have now. */
void pf_61_init_marks(struct pf_ctx *k);
void pf_61_node_order(const struct pf_structs *s, uint32_t node, uint32_t *order);

/* Which function carries out what. */
#define OPERATIONS(X)                                                                                                  \
  X(BOOT, pf_61_op_boot)                                                                                               \
  X(MEMBLOCK_FREE_ALL, pf_61_op_memblock_free_all)                                                                     \
  X(ALLOC_PAGES, pf_61_op_alloc_pages)                                                                                 \
  X(ALLOC_PAGES_NODE, pf_61_op_alloc_pages_node)                                                                       \
  X(ALLOC_PAGE, pf_61_op_alloc_page)                                                                                   \
  X(ALLOC_PAGES_BULK, pf_61_op_alloc_pages_bulk)                                                                       \
  X(GET_FREE_PAGES, pf_61_op_get_free_pages)                                                                           \
  X(GET_FREE_PAGE, pf_61_op_get_free_page)                                                                             \
  X(GET_DMA_PAGES, pf_61_op_get_dma_pages)                                                                             \
  X(GET_ZEROED_PAGE, pf_61_op_get_zeroed_page)                                                                         \
  X(FREE_PAGES_PAGE, pf_61_op_free_pages_page)                                                                         \
  X(FREE_PAGE_PAGE, pf_61_op_free_page_page)                                                                           \
  X(FREE_PAGES, pf_61_op_free_pages)                                                                                   \
  X(FREE_PAGE, pf_61_op_free_page)                                                                                     \
  X(GET_PAGE, pf_61_op_get_page)                                                                                       \
  X(PUT_PAGE, pf_61_op_put_page)                                                                                       \
  X(SPLIT_PAGE, pf_61_op_split_page)                                                                                   \
  X(DRAIN_ALL_PAGES, pf_61_op_drain_all_pages)                                                                         \
  X(SET_MIN_FREE_KBYTES, pf_61_op_set_min_free_kbytes)                                                                 \
  X(SET_WATERMARK_BOOST_FACTOR, pf_61_op_set_watermark_boost_factor)                                                   \
  X(SET_WATERMARK_SCALE_FACTOR, pf_61_op_set_watermark_scale_factor)                                                   \
  X(SET_PERCPU_PAGELIST_HIGH_FRACTION, pf_61_op_set_percpu_pagelist_high_fraction)                                     \
  X(VMSTAT_FOLD, pf_61_op_vmstat_fold)

#define DECLARE(id, function) pf_op_function function;
OPERATIONS(DECLARE)
#undef DECLARE

#endif
