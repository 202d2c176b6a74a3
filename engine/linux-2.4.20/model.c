/* The table of Linux 2.4.20 on i386: what it has and which function does what. See bootmem.c, page_alloc.c, boot.c. */
#include "linux_2_4_20.h"

/* The muted forms (muted.c). */
pf_op_function pf_24_op_alloc_bootmem_muted, pf_24_op_alloc_bootmem_any_muted, pf_24_op_alloc_bootmem_low_muted,
    pf_24_op_alloc_bootmem_low_pages_muted, pf_24_op_alloc_bootmem_low_pages_node_muted,
    pf_24_op_alloc_bootmem_node_muted, pf_24_op_alloc_bootmem_pages_muted, pf_24_op_alloc_bootmem_pages_node_muted,
    pf_24_op_alloc_page_muted, pf_24_op_alloc_pages_muted, pf_24_op_alloc_pages_node_muted, pf_24_op_boot_muted,
    pf_24_op_free_all_bootmem_muted, pf_24_op_free_area_init_muted, pf_24_op_free_boot_range_muted,
    pf_24_op_free_bootmem_muted, pf_24_op_free_page_muted, pf_24_op_free_page_page_muted, pf_24_op_free_pages_muted,
    pf_24_op_free_pages_page_muted, pf_24_op_get_dma_pages_muted, pf_24_op_get_free_page_muted,
    pf_24_op_get_free_pages_muted, pf_24_op_get_page_muted, pf_24_op_get_zeroed_page_muted, pf_24_op_init_bootmem_muted,
    pf_24_op_reserve_bootmem_muted;

#define KERNEL_USER (GFP_BIT_WAIT | GFP_BIT_IO | GFP_BIT_HIGHIO | GFP_BIT_FS)

static const struct pf_gfp_name gfps[] = {
    {"GFP_KERNEL", GFP_BIT_HIGH | KERNEL_USER},
    {"GFP_ATOMIC", GFP_BIT_HIGH},
    {"GFP_USER", KERNEL_USER},
    {"GFP_HIGHUSER", KERNEL_USER | GFP_BIT_HIGHMEM},
    {"GFP_NOIO", GFP_BIT_HIGH | GFP_BIT_WAIT},
    {"GFP_NOHIGHIO", GFP_BIT_HIGH | GFP_BIT_WAIT | GFP_BIT_IO},
    {"GFP_NOFS", GFP_BIT_HIGH | GFP_BIT_WAIT | GFP_BIT_IO | GFP_BIT_HIGHIO},
    {"GFP_KSWAPD", KERNEL_USER},
    {"GFP_DMA", GFP_BIT_DMA},
    {"__GFP_DMA", GFP_BIT_DMA},
    {"__GFP_HIGHMEM", GFP_BIT_HIGHMEM},
    {"__GFP_WAIT", GFP_BIT_WAIT},
    {"__GFP_HIGH", GFP_BIT_HIGH},
    {"__GFP_IO", GFP_BIT_IO},
    {"__GFP_HIGHIO", GFP_BIT_HIGHIO},
    {"__GFP_FS", GFP_BIT_FS},
    {NULL, 0},
};

static const char *const zone_names[] = {"DMA", "Normal", "HighMem"};

/* Which function carries out what, in its two forms. */
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

#define RECORDED(id, function) [PF_OP_##id] = function,
#define MUTED(id, function) [PF_OP_##id] = function##_muted,

const struct pf_model pf_linux_2_4_20 = {
    .info = {.name = "linux-2.4.20",
             .nr_orders = MAX_ORDER,
             .nr_pair_orders = MAX_ORDER - 1,
             .nr_zone_types = NR_ZONE_TYPES,
             .page_offset = 0xc0000000u,
             .zone_names = zone_names,
             .gfps = gfps},
    .last_address = UINT32_MAX,
    .op = {OPERATIONS(RECORDED)},
    .muted = {OPERATIONS(MUTED)},
};
