/* The table of Linux 2.6.10: what it has and which function does what. See bootmem.c, page_alloc.c, boot.c. */
#include "linux_2_6_10.h"

#define KERNEL_USER (GFP_BIT_WAIT | GFP_BIT_IO | GFP_BIT_FS)

static const struct pf_gfp_name gfps[] = {
    {"GFP_KERNEL", KERNEL_USER},
    {"GFP_ATOMIC", GFP_BIT_HIGH},
    {"GFP_USER", KERNEL_USER},
    {"GFP_HIGHUSER", KERNEL_USER | GFP_BIT_HIGHMEM},
    {"GFP_NOIO", GFP_BIT_WAIT},
    {"GFP_NOFS", GFP_BIT_WAIT | GFP_BIT_IO},
    {"GFP_DMA", GFP_BIT_DMA},
    {"__GFP_DMA", GFP_BIT_DMA},
    {"__GFP_HIGHMEM", GFP_BIT_HIGHMEM},
    {"__GFP_WAIT", GFP_BIT_WAIT},
    {"__GFP_HIGH", GFP_BIT_HIGH},
    {"__GFP_IO", GFP_BIT_IO},
    {"__GFP_FS", GFP_BIT_FS},
    {"__GFP_COLD", GFP_BIT_COLD},
    {"__GFP_NOWARN", GFP_BIT_NOWARN},
    {"__GFP_REPEAT", GFP_BIT_REPEAT},
    {"__GFP_NOFAIL", GFP_BIT_NOFAIL},
    {"__GFP_NORETRY", GFP_BIT_NORETRY},
    {"__GFP_NO_GROW", GFP_BIT_NO_GROW},
    {"__GFP_COMP", GFP_BIT_COMP},
    {NULL, 0},
};

static const char *const zone_names[] = {"DMA", "Normal", "HighMem"};

/* Each operation has two forms: recorded, and muted (muted.c). */
#define RECORDED(id, function) [PF_OP_##id] = function,
#define MUTED(id, function) [PF_OP_##id] = function##_muted,
#define DECLARE_MUTED(id, function) pf_op_function function##_muted;
OPERATIONS(DECLARE_MUTED)

const struct pf_model pf_linux_2_6_10 = {
    .info = {.name = "linux-2.6.10",
             .nr_orders = MAX_ORDER,
             .nr_pair_orders = MAX_ORDER - 1,
             .nr_zone_types = NR_ZONE_TYPES,
             .nr_types = 1,
             .nr_pcp_lists = 2,
             .nr_pcps = 2,
             .nr_pcp_orders = 1,
             .bits_per_long = 32,
             .may_be_64_bit = 1,
             .nr_spare_frames = 1,
             .unlinked = PF_POISON,
             .page_offset = 0xc0000000u,
             .zone_names = zone_names,
             .gaps = PF_GAP(RECLAIM) | PF_GAP(KSWAPD) | PF_GAP(OOM_KILLER) | PF_GAP(LRU) | PF_GAP(COMPOUND) |
                     PF_GAP(STRAY_WRITES) | PF_GAP(CONTENTS),
             .gfps = gfps},
    .op = {OPERATIONS(RECORDED)},
    .muted = {OPERATIONS(MUTED)},
};
