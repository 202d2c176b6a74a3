/* The table of Linux 2.4.20 on i386: what it has and which function does what. See bootmem.c, page_alloc.c, boot.c. */
#include "linux_2_4_20.h"

/* The muted forms (muted.c). */
pf_op_function pf_24_op_boot_muted, pf_24_op_init_bootmem_muted, pf_24_op_reserve_bootmem_muted,
    pf_24_op_free_bootmem_muted, pf_24_op_alloc_bootmem_muted, pf_24_op_free_all_bootmem_muted,
    pf_24_op_free_area_init_muted, pf_24_op_free_boot_range_muted, pf_24_op_alloc_pages_muted,
    pf_24_op_alloc_page_muted, pf_24_op_get_free_pages_muted, pf_24_op_get_free_page_muted,
    pf_24_op_get_zeroed_page_muted, pf_24_op_free_pages_page_muted, pf_24_op_free_page_page_muted,
    pf_24_op_free_pages_muted, pf_24_op_free_page_muted, pf_24_op_get_page_muted;

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
#define RECORDED(name) name
#define MUTED(name) name##_muted
#define OPERATIONS(FORM)                                                                                               \
  [PF_OP_BOOT] = FORM(pf_24_op_boot), [PF_OP_INIT_BOOTMEM] = FORM(pf_24_op_init_bootmem),                              \
  [PF_OP_RESERVE_BOOTMEM] = FORM(pf_24_op_reserve_bootmem), [PF_OP_FREE_BOOTMEM] = FORM(pf_24_op_free_bootmem),        \
  [PF_OP_ALLOC_BOOTMEM] = FORM(pf_24_op_alloc_bootmem), [PF_OP_FREE_ALL_BOOTMEM] = FORM(pf_24_op_free_all_bootmem),    \
  [PF_OP_FREE_AREA_INIT] = FORM(pf_24_op_free_area_init), [PF_OP_FREE_BOOT_RANGE] = FORM(pf_24_op_free_boot_range),    \
  [PF_OP_ALLOC_PAGES] = FORM(pf_24_op_alloc_pages), [PF_OP_ALLOC_PAGE] = FORM(pf_24_op_alloc_page),                    \
  [PF_OP_GET_FREE_PAGES] = FORM(pf_24_op_get_free_pages), [PF_OP_GET_FREE_PAGE] = FORM(pf_24_op_get_free_page),        \
  [PF_OP_GET_ZEROED_PAGE] = FORM(pf_24_op_get_zeroed_page), [PF_OP_FREE_PAGES_PAGE] = FORM(pf_24_op_free_pages_page),  \
  [PF_OP_FREE_PAGE_PAGE] = FORM(pf_24_op_free_page_page), [PF_OP_FREE_PAGES] = FORM(pf_24_op_free_pages),              \
  [PF_OP_FREE_PAGE] = FORM(pf_24_op_free_page), [PF_OP_GET_PAGE] = FORM(pf_24_op_get_page)

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
