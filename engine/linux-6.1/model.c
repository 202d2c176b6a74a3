/* The table of Linux 6.1: what it has and which function does what. See page_alloc.c, boot.c. */
#include "linux_6_1.h"

#define NOIO (GFP_BIT_DIRECT_RECLAIM | GFP_BIT_KSWAPD_RECLAIM)
#define KERNEL (NOIO | GFP_BIT_IO | GFP_BIT_FS)
#define USER (KERNEL | GFP_BIT_HARDWALL)
#define HIGHUSER (USER | GFP_BIT_HIGHMEM)

static const struct pf_gfp_name gfps[] = {
    {"GFP_KERNEL", KERNEL},
    {"GFP_ATOMIC", GFP_BIT_HIGH | GFP_BIT_ATOMIC | GFP_BIT_KSWAPD_RECLAIM},
    {"GFP_NOWAIT", GFP_BIT_KSWAPD_RECLAIM},
    {"GFP_USER", USER},
    {"GFP_HIGHUSER", HIGHUSER},
    {"GFP_HIGHUSER_MOVABLE", HIGHUSER | GFP_BIT_MOVABLE},
    {"GFP_NOIO", NOIO},
    {"GFP_NOFS", NOIO | GFP_BIT_IO},
    {"GFP_DMA", GFP_BIT_DMA},
    {"GFP_DMA32", GFP_BIT_DMA32},
    {"__GFP_DMA", GFP_BIT_DMA},
    {"__GFP_HIGHMEM", GFP_BIT_HIGHMEM},
    {"__GFP_DMA32", GFP_BIT_DMA32},
    {"__GFP_MOVABLE", GFP_BIT_MOVABLE},
    {"__GFP_RECLAIMABLE", GFP_BIT_RECLAIMABLE},
    {"__GFP_HIGH", GFP_BIT_HIGH},
    {"__GFP_IO", GFP_BIT_IO},
    {"__GFP_FS", GFP_BIT_FS},
    {"__GFP_ZERO", GFP_BIT_ZERO},
    {"__GFP_ATOMIC", GFP_BIT_ATOMIC},
    {"__GFP_DIRECT_RECLAIM", GFP_BIT_DIRECT_RECLAIM},
    {"__GFP_KSWAPD_RECLAIM", GFP_BIT_KSWAPD_RECLAIM},
    {"__GFP_WRITE", GFP_BIT_WRITE},
    {"__GFP_NOWARN", GFP_BIT_NOWARN},
    {"__GFP_RETRY_MAYFAIL", GFP_BIT_RETRY_MAYFAIL},
    {"__GFP_NOFAIL", GFP_BIT_NOFAIL},
    {"__GFP_NORETRY", GFP_BIT_NORETRY},
    {"__GFP_MEMALLOC", GFP_BIT_MEMALLOC},
    {"__GFP_COMP", GFP_BIT_COMP},
    {"__GFP_NOMEMALLOC", GFP_BIT_NOMEMALLOC},
    {"__GFP_HARDWALL", GFP_BIT_HARDWALL},
    {"__GFP_THISNODE", GFP_BIT_THISNODE},
    {"__GFP_ACCOUNT", GFP_BIT_ACCOUNT},
    {NULL, 0},
};

static const char *const zone_names[] = {"DMA", "DMA32", "Normal"};
static const char *const type_names[] = {"Unmovable", "Movable", "Reclaimable", "HighAtomic", "Isolate"};

const uint8_t pf_61_lenders[NR_ORDINARY][NR_LENDERS] = {
    [TYPE_UNMOVABLE] = {TYPE_RECLAIMABLE, TYPE_MOVABLE},
    [TYPE_MOVABLE] = {TYPE_RECLAIMABLE, TYPE_UNMOVABLE},
    [TYPE_RECLAIMABLE] = {TYPE_UNMOVABLE, TYPE_MOVABLE},
};

/* Each operation has two forms: recorded, and muted (muted.c). */
#define RECORDED(id, function) [PF_OP_##id] = function,
#define MUTED(id, function) [PF_OP_##id] = function##_muted,
#define DECLARE_MUTED(id, function) pf_op_function function##_muted;
OPERATIONS(DECLARE_MUTED)

const struct pf_model pf_linux_6_1 = {
    .info = {.name = "linux-6.1",
             .nr_orders = MAX_ORDER,
             .nr_zone_types = NR_ZONE_TYPES,
             .nr_types = NR_TYPES,
             .nr_pcp_lists = NR_PCP_LISTS,
             .nr_pcps = 1,
             .nr_pcp_orders = NR_PCP_ORDERS,
             .pageblock_order = PAGEBLOCK_ORDER,
             .is_aligned_by_pfn = 1,
             .is_poisoned_at_first = 1,
             .bits_per_long = 64,
             .unlinked = PF_POISON,
             .zone_names = zone_names,
             .type_names = type_names,
             .nr_lent_types = NR_ORDINARY,
             .nr_lenders = NR_LENDERS,
             .lenders = pf_61_lenders[0],
             .highatomic_share = HIGHATOMIC_SHARE,
             .gaps = PF_GAP(RECLAIM) | PF_GAP(COMPACTION) | PF_GAP(KSWAPD) | PF_GAP(OOM_KILLER) | PF_GAP(POLICIES) |
                     PF_GAP(NOFAIL) | PF_GAP(REAL_TIME) | PF_GAP(DIRTY_LIMITS) | PF_GAP(ZONE_MOVABLE) |
                     PF_GAP(DEFERRED_INIT) | PF_GAP(MEMBLOCK) | PF_GAP(PCP_AGEING) | PF_GAP(CONTENTION) |
                     PF_GAP(FAILURE_REPORT) | PF_GAP(TINY) | PF_GAP(CONTENTS),
             .gfps = gfps,
             .gfp_hints = GFP_BIT_MOVABLE | GFP_BIT_RECLAIMABLE},
    .op = {OPERATIONS(RECORDED)},
    .muted = {OPERATIONS(MUTED)},
    .node_order = pf_61_node_order,
};
