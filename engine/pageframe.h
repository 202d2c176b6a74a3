/*
 * pageframe.h - the whole public interface of the Pageframe engine.
 *
 * The engine is a library of kernel models (which page frames does this kernel give out and take back, and
 * why), of events, and of the fold that turns events into a page map.
 *
 * What the whole interface promises:
 *   - The caller brings all memory: ask for a size, give that many bytes, aligned to 8. Nothing is allocated.
 *   - No clock, no randomness, no globals, no input or output, no callbacks but the sink's.
 *   - Objects hold no pointers: a copy of their bytes is a snapshot, and *_load() checks foreign bytes.
 *   - The same machine and the same operations give the same events and the same digest, in every build.
 *   - A refused call (any status but PF_OK) leaves everything as it was, unless it says otherwise.
 *
 * Units: pfn = page frame number; order = log2 of a block's frames; addresses are physical bytes.
 */
#ifndef PAGEFRAME_H
#define PAGEFRAME_H

#include <stddef.h>
#include <stdint.h>

#define PF_VERSION 3u /* of events, snapshots and the wire; an unknown one is refused */

#define PF_PAGE_SHIFT 12u
#define PF_PAGE_SIZE 4096u
#define PF_MAX_NODES 16u
#define PF_MAX_ZONE_TYPES 5u
#define PF_MAX_ORDERS 11u
#define PF_MAX_RANGES 64u
#define PF_MAX_FRAMES (1u << 26) /* 256 GiB */
#define PF_MAX_ARGS 16u
#define PF_MAX_CPUS 256u
#define PF_MAX_TYPES 5u     /* migratetypes */
#define PF_PAGEVEC_SIZE 14u /* frames that one pagevec_free gives back */

/* Links other than frames and list heads. */
#define PF_NULL 0xffffffffu
#define PF_POISON 0xfffffffeu

/* ---------------------------------------------------------------- the tables, as C sees them */

enum pf_op_kind {
  PF_OP_NONE,
#define PF_ARG(place, name, type, need)
#define PF_OP(id, name, result, claim, args) PF_OP_##id,
#include "ops.def"
#undef PF_OP
#undef PF_ARG
  PF_NR_OPS
};

enum pf_event_kind {
  PF_EV_NONE,
#define PF_EVENT(id, name, layer, s, t, a, b, c) PF_EV_##id,
#include "events.def"
#undef PF_EVENT
  PF_NR_EVENTS
};

enum pf_bug {
#define PF_BUG(id, text) PF_BUG_##id,
#include "bugs.def"
#undef PF_BUG
  PF_NR_BUGS
};

enum pf_arg_type {
  PF_ARG_NODE,
  PF_ARG_PFN,
  PF_ARG_ADDR,
  PF_ARG_SIZE,
  PF_ARG_ALIGN,
  PF_ARG_ORDER,
  PF_ARG_GFP,
  PF_ARG_COUNT,
  PF_ARG_DIR,
  PF_ARG_PAGES3,
  PF_ARG_PFNS,
  PF_ARG_SYSCTL,
  PF_NR_ARG_TYPES
};

/* What a frame is on the map. The names are those of `pageframe map`. */
#define PF_STATES(X)                                                                                                   \
  X(HOLE, "hole")           /* no such memory */                                                                       \
  X(UNKNOWN, "unknown")     /* nothing told yet */                                                                     \
  X(RESERVED, "reserved")   /* boot bitmap 1, or PG_reserved */                                                        \
  X(BOOT_FREE, "boot-free") /* boot bitmap 0 */                                                                        \
  X(BUDDY, "buddy")         /* free, on a zone's lists */                                                              \
  X(PCP, "pcp")             /* free, on a per-CPU list */                                                              \
  X(ALLOCATED, "allocated") /* somebody owns it */                                                                     \
  X(LOST, "lost")           /* in use, without an owner */

/* How an operation ended. */
#define PF_OUTCOMES(X)                                                                                                 \
  X(DONE, "done")                                                                                                      \
  X(FAILED, "failed") /* the simulated caller got NULL */                                                              \
  X(STALL, "stall")   /* the kernel would wait for reclaim for ever */                                                 \
  X(BUG, "bug")                                                                                                        \
  X(OOPS, "oops")                                                                                                      \
  X(PANIC, "panic")                                                                                                    \
  X(HANG, "hang")                                                                                                      \
  X(NOTHING, "nothing") /* called with NULL or an unset name: nothing to do */

/* What an operation returns. */
#define PF_RESULTS(X)                                                                                                  \
  X(NONE, "none")                                                                                                      \
  X(PFN, "pfn")                                                                                                        \
  X(ADDR, "addr")                                                                                                      \
  X(BYTES, "bytes")                                                                                                    \
  X(PAGES, "pages")                                                                                                    \
  X(BOOL, "bool")                                                                                                      \
  X(PFNS, "pfns") /* how many frames; which they are, its HANDED_OUT events say */

/* The layers of events; a source declares which it has. */
#define PF_LAYERS(X) X(FRAMES, "frames") X(STRUCTURES, "structures") X(DECISIONS, "decisions")

/* Marks that the fold puts on a frame: what the kernel did not notice. */
#define PF_MARKS(X)                                                                                                    \
  X(TWO_OWNERS, "two-owners")         /* handed out while somebody still owned it */                                   \
  X(FREE_YET_OWNED, "free-yet-owned") /* taken back as part of another's block */

#define PF_ENUM(id, text) PF_STATE_##id,
enum pf_state_kind { PF_STATES(PF_ENUM) PF_NR_STATES };
#undef PF_ENUM
#define PF_ENUM(id, text) PF_OUTCOME_##id,
enum pf_outcome { PF_OUTCOMES(PF_ENUM) PF_NR_OUTCOMES };
#undef PF_ENUM
#define PF_ENUM(id, text) PF_RESULT_##id,
enum pf_result_kind { PF_RESULTS(PF_ENUM) PF_NR_RESULTS };
#undef PF_ENUM
#define PF_ENUM(id, text) PF_LAYER_BIT_##id,
enum pf_layer_bit { PF_LAYERS(PF_ENUM) PF_NR_LAYERS };
#undef PF_ENUM
#define PF_ENUM(id, text) PF_MARK_BIT_##id,
enum pf_mark_bit { PF_MARKS(PF_ENUM) PF_NR_MARKS };
#undef PF_ENUM
#define PF_LAYER_FRAMES (1u << PF_LAYER_BIT_FRAMES)
#define PF_LAYER_STRUCTURES (1u << PF_LAYER_BIT_STRUCTURES)
#define PF_MARK_TWO_OWNERS (1u << PF_MARK_BIT_TWO_OWNERS)
#define PF_MARK_FREE_YET_OWNED (1u << PF_MARK_BIT_FREE_YET_OWNED)

/* What an argument of type SYSCTL names. */
#define PF_SYSCTLS(X) X(MIN_FREE_KBYTES, "min_free_kbytes") X(LOWER_ZONE_PROTECTION, "lower_zone_protection")
#define PF_ENUM(id, text) PF_SYSCTL_##id,
enum pf_sysctl { PF_SYSCTLS(PF_ENUM) PF_NR_SYSCTLS };
#undef PF_ENUM

/* What a request may do beyond the marks, in events of Linux 6.1. */
#define PF_RIGHT_KSWAPD 1u      /* may wake kswapd */
#define PF_RIGHT_NOFRAGMENT 2u  /* must not mix types */
#define PF_RIGHT_MIN_RESERVE 4u /* half of min */
#define PF_RIGHT_NON_BLOCK 8u   /* with MIN_RESERVE a quarter of the rest */
#define PF_RIGHT_HIGHATOMIC 16u /* the atomic reserve */
#define PF_RIGHT_OOM 32u        /* half of min */
#define PF_RIGHT_NO_WATERMARKS 64u

/* Why Linux 6.1 complains of a frame. */
#define PF_REASONS(X)                                                                                                  \
  X(NONE, "")                                                                                                          \
  X(MAPCOUNT, "nonzero mapcount")                                                                                      \
  X(MAPPING, "non-NULL mapping")                                                                                       \
  X(REFCOUNT, "nonzero _refcount")                                                                                     \
  X(FLAGS, "PAGE_FLAGS_CHECK_AT_FREE flag(s) set")                                                                     \
  X(CHARGED, "page still charged to cgroup")
#define PF_ENUM(id, text) PF_REASON_##id,
enum pf_reason { PF_REASONS(PF_ENUM) PF_NR_REASONS };
#undef PF_ENUM

/* What a kernel does that its model leaves out; the models' header comments say how. */
#define PF_GAPS(X)                                                                                                     \
  X(RECLAIM, "reclaim")               /* it is asked and frees nothing */                                              \
  X(COMPACTION, "compaction")         /* the same */                                                                   \
  X(KSWAPD, "kswapd")                 /* it is woken and does nothing */                                               \
  X(OOM_KILLER, "oom-killer")         /* nobody is killed */                                                           \
  X(LRU, "lru")                       /* lists of the page replacement */                                              \
  X(COMPOUND, "compound")             /* compound pages */                                                             \
  X(MAPPINGS, "mappings")             /* buffers and mappings that freeing also looks at */                            \
  X(STRAY_WRITES, "stray-writes")     /* what misuse makes the kernel write outside its tables */                      \
  X(POLICIES, "policies")             /* memory groups, cpusets, memory policies */                                    \
  X(NOFAIL, "nofail")                 /* __GFP_NOFAIL */                                                               \
  X(REAL_TIME, "real-time")           /* callers that are real-time tasks */                                           \
  X(DIRTY_LIMITS, "dirty-limits")     /* __GFP_WRITE */                                                                \
  X(ZONE_MOVABLE, "zone-movable")     /* and contiguous areas, isolation, hot-plug */                                  \
  X(DEFERRED_INIT, "deferred-init")   /* frames handed over late at boot */                                            \
  X(MEMBLOCK, "memblock")             /* the boot allocator before it hands its memory over */                         \
  X(PCP_AGEING, "pcp-ageing")         /* of other nodes' per-CPU lists */                                              \
  X(CONTENTION, "contention")         /* between CPUs */                                                               \
  X(FAILURE_REPORT, "failure-report") /* the console's message about a failed allocation */                            \
  X(TINY, "tiny")                     /* machines so small that types are switched off */                              \
  X(CONTENTS, "contents")             /* what frames hold */
#define PF_ENUM(id, text) PF_GAP_##id,
enum pf_gap { PF_GAPS(PF_ENUM) PF_NR_GAPS };
#undef PF_ENUM
#define PF_GAP(id) (1u << PF_GAP_##id)

/* Names, from the tables. NULL for a number that is in no table. */
const char *pf_op_name(uint32_t op);
const char *pf_event_name(uint32_t kind);
const char *pf_bug_text(uint32_t bug);
const char *pf_state_name(uint32_t state);
const char *pf_outcome_name(uint32_t outcome);
const char *pf_result_name(uint32_t result);
const char *pf_sysctl_name(uint32_t sysctl);
const char *pf_reason_text(uint32_t reason);
uint32_t pf_op_find(const char *name); /* PF_OP_NONE if there is none */

struct pf_arg_info {
  const char *name;
  uint32_t type;     /* enum pf_arg_type */
  uint32_t required; /* 1: must be given */
  uint32_t absent;   /* its value where it may be left out; UINT32_MAX: -1 */
  uint32_t index;    /* its (first) place in pf_op.arg */
  uint32_t places;   /* how many it takes */
};
struct pf_op_info {
  const char *name;
  uint32_t result;   /* enum pf_result_kind */
  uint32_t is_trace; /* 1: a line of a trace, in no run file */
  uint32_t nr_args;
  struct pf_arg_info arg[PF_MAX_ARGS];
};
int pf_op_info(uint32_t op, struct pf_op_info *info); /* 0 for an unknown number */

enum pf_status {
  PF_OK,
  PF_E_MACHINE,     /* the machine description is wrong; pf_machine_check() names the field */
  PF_E_MEMORY,      /* the memory given is too small or misaligned */
  PF_E_ARGUMENT,    /* an argument is out of its range */
  PF_E_UNSUPPORTED, /* this kernel has no such operation */
  PF_E_EVENT,       /* an event that does not fit the map (from outside: gap, corruption) */
  PF_E_VERSION,     /* bytes of another version */
  PF_E_CORRUPT,     /* bytes that no version wrote */
  PF_E_FULL         /* the region is full: give a larger one (pf_timeline_move) */
};
const char *pf_status_text(uint32_t status);

/* ---------------------------------------------------------------- machine, operation, event */

struct pf_u64 {
  uint32_t lo, hi;
};

/* A machine. Zero means that kernel's default. 32-bit words only, the same layout in every build. */
struct pf_machine {
  uint32_t kernel;   /* pf_kernel_find(); 0: none, a map for a trace */
  uint32_t numa;     /* the kernel was built for NUMA */
  uint32_t nr_cpus;  /* 0: 1 */
  uint32_t nr_nodes; /* nodes in rising order of start_pfn, not overlapping */
  uint32_t nr_names; /* how many allocations the run names */
  uint32_t nr_memory, nr_reserved;
  uint32_t bits_per_long; /* 32 or 64, where the kernel can be built for either */
  uint32_t smp;           /* built for several CPUs: some of its tables are larger; nr_cpus above 1 implies it */
  uint32_t sizeof_struct_page;
  uint32_t spare[2];
  struct pf_node_desc {
    uint32_t start_pfn, pages;
    uint32_t cpus[PF_MAX_CPUS / 32]; /* bit a CPU: it belongs here. Where no node has any, all belong to node 0 */
  } node[PF_MAX_NODES];
  struct pf_range { /* for `boot` and `memblock_free_all`: bytes, physical */
    struct pf_u64 addr, size;
    uint32_t node;
    uint32_t spare;
  } memory[PF_MAX_RANGES], reserved[PF_MAX_RANGES];
};

/* One operation. Arguments by the index that ops.def gives them; PAGES3 takes three places, PFNS PF_PAGEVEC_SIZE, of
 * which those past the last frame are PF_NO_PFN. NODE -1 is (uint64_t)-1; NULL is PF_NO_ADDRESS; DIR: 0 up, 1 down;
 * SYSCTL: enum pf_sysctl. */
#define PF_NO_ADDRESS UINT64_MAX
#define PF_NO_PFN UINT64_MAX
#define PF_TASK_MEMALLOC 1u
#define PF_TASK_MEMDIE 2u
#define PF_TASK_RT 4u  /* a real-time task */
#define PF_TASK_IRQ 8u /* called in an interrupt */
#define PF_TASK_OOM_VICTIM 16u
#define PF_TASK_KERNEL 32u /* the kernel's own call: what it frees had one reference */
struct pf_op {
  uint32_t kind; /* enum pf_op_kind */
  uint32_t cpu;
  uint32_t task; /* PF_TASK_* */
  uint32_t line; /* where the source has it; 0: nowhere */
  uint32_t as;   /* 1 + the name that the result gets; 0: none */
  uint32_t refs; /* bit i: arg[i] is a reference: low half the name, high half the offset in frames */
  uint32_t skip; /* 1: the kernel lacks what is asked for; nothing is done, and the operation counts all the same */
  uint32_t spare;
  uint64_t arg[PF_MAX_ARGS];
};

/* One event: 16 bytes. What the fields mean stands in events.def. */
struct pf_event {
  uint8_t kind; /* enum pf_event_kind */
  uint8_t s;
  uint16_t t;
  uint32_t a, b, c;
};

/* Where events go. When `events` is full, `drain` is called and must set count to 0; without a drain further
 * events are dropped and counted in `dropped`. A NULL sink mutes the model. */
struct pf_sink {
  struct pf_event *events;
  uint32_t capacity, count, dropped;
  void (*drain)(struct pf_sink *sink);
  void *context;
};

struct pf_result {
  uint32_t outcome; /* enum pf_outcome */
  uint32_t result;  /* enum pf_result_kind: what `value` is; NONE also where nothing came back */
  uint64_t value;
  uint32_t bug; /* enum pf_bug, for BUG, OOPS and PANIC */
};

/* ---------------------------------------------------------------- kernels */

struct pf_gfp_name {
  const char *name;
  uint32_t mask;
};
/* What a model has, for readers that must not test its name. */
struct pf_kernel_info {
  const char *name;
  uint32_t nr_orders;            /* free lists a zone has: orders 0 .. nr_orders-1 */
  uint32_t nr_pair_orders;       /* orders with a bitmap of buddy pairs */
  uint32_t nr_zone_types;        /* zone = node * nr_zone_types + type */
  uint32_t nr_types;             /* free lists an order has: 1, or one a migratetype */
  uint32_t nr_pcp_lists;         /* lists of a CPU in a zone: none; hot and cold; or by order and type */
  uint32_t nr_pcps;              /* counters of a CPU in a zone: none; one a list; or one for all its lists */
  uint32_t nr_pcp_orders;        /* orders that per-CPU lists hold: 0 .. this - 1, and pageblock_order */
  uint32_t pageblock_order;      /* blocks of that order have a type; 0: there are none */
  uint32_t is_aligned_by_pfn;    /* blocks lie at multiples of their size by pfn; else by their index in the zone */
  uint32_t is_poisoned_at_first; /* frames that were never on a list have links as if unlinked; else to themselves */
  uint32_t bits_per_long;        /* how wide its addresses are, unless the machine says otherwise */
  uint32_t may_be_64_bit;        /* the machine may say 64 */
  uint32_t nr_spare_frames;      /* descriptors that a node's memory map has past its last frame */
  uint32_t unlinked;             /* what unlinking leaves in a frame's links: PF_NULL or PF_POISON */
  uint32_t page_offset;          /* kernel virtual address = physical + page_offset (32-bit kernels) */
  const char *const *zone_names; /* by type */
  const char *const *type_names; /* migratetypes; NULL where there is one list an order */
  uint32_t nr_lent_types;        /* types 0 .. this - 1, which requests ask for, borrow from each other */
  uint32_t nr_lenders;           /* each of them from so many, ... */
  const uint8_t *lenders;        /* ... in this order: lenders[type * nr_lenders + i] */
  uint32_t highatomic_share; /* a zone's atomic reserve grows to 1/this of its frames and a pageblock; 0: it has none */
  uint32_t gaps;             /* what is not modelled: PF_GAP() bits */
  const struct pf_gfp_name *gfps; /* ends with a NULL name */
  uint32_t gfp_hints;             /* flags that only tell what frames are for: a kernel without them does without */
};
uint32_t pf_kernel_find(const char *name);                    /* 0 if there is none */
const struct pf_kernel_info *pf_kernel_info(uint32_t kernel); /* NULL past the last; kernels count from 1 */
int pf_kernel_has(uint32_t kernel, uint32_t op);              /* can it carry out this operation (enum pf_op_kind)? */
/* A mask from names joined by '|'; hints of another kernel add nothing. Returns 0 and leaves *mask if a name is
 * unknown: then *bad and *bad_len say which. */
int pf_gfp_parse(uint32_t kernel, const char *text, uint32_t *mask, const char **bad, size_t *bad_len);

/* ---------------------------------------------------------------- the model */

struct pf_engine;
struct pf_structs; /* the allocator's own data: read through the pf_zone_*, pf_list_*, pf_boot_* calls below */

enum pf_status pf_machine_check(const struct pf_machine *machine, const char **what);
uint32_t pf_cpu_node(const struct pf_machine *machine, uint32_t cpu);
/* How wide the machine's addresses are: 32 or 64; 0 if it names no kernel. */
uint32_t pf_machine_bits(const struct pf_machine *machine);
uint64_t pf_engine_size(const struct pf_machine *machine); /* bytes; 0 if the machine is wrong */
enum pf_status pf_engine_init(struct pf_engine *engine, uint64_t size, const struct pf_machine *machine);
enum pf_status pf_engine_load(struct pf_engine *engine, uint64_t size, const void *bytes, uint64_t nr_bytes);
uint64_t pf_engine_bytes(const struct pf_engine *engine); /* how many bytes a snapshot of it has */
const struct pf_machine *pf_engine_machine(const struct pf_engine *engine);
const struct pf_structs *pf_engine_structs(const struct pf_engine *engine);

/* The one door: carry out one operation as the kernel did. Its events go to `sink` (NULL: muted), its outcome
 * to `result` (may be NULL). PF_E_UNSUPPORTED and PF_E_ARGUMENT are the caller's errors, PF_E_FULL says that no further
 * frame past the end of memory can keep a count; what goes wrong inside the simulated kernel is an outcome. */
enum pf_status pf_engine_apply(struct pf_engine *engine, const struct pf_op *op, struct pf_sink *sink,
                               struct pf_result *result);
uint32_t pf_engine_ops(const struct pf_engine *engine); /* operations so far */

/* ---------------------------------------------------------------- the allocator's data, of a model or of a map */

struct pf_zone_view {
  uint32_t node, type;
  uint32_t start_pfn, size, holes;
  uint32_t free_pages; /* Linux 6.1: as the zone's counter says, which lags, and may be below 0 */
  uint32_t pages_min, pages_low, pages_high, need_balance;
  /* Pages kept from requests whose first zone is of that type (2.6), or that may go as high as it (6.1:
   * lowmem_reserve).
   */
  uint32_t protection[PF_MAX_ZONE_TYPES];
  uint32_t managed;                /* frames ever handed to the page allocator */
  uint32_t boost, boosted;         /* what fallbacks added to the marks; kswapd was to be told */
  uint32_t reclaim_active;         /* kswapd is at work: CPUs keep less to themselves */
  uint32_t nr_reserved_highatomic; /* frames */
  uint32_t nr_free[PF_MAX_ORDERS]; /* blocks by order, as counted */
};
/* A hot or cold list of a zone and CPU, or all its lists (nr_pcps). */
struct pf_pcp_view {
  uint32_t count;          /* frames, as the counter says */
  uint32_t low, high;      /* refilled when it has no more than low, drained when it has high */
  uint32_t batch;          /* by so many frames */
  uint32_t free_factor;    /* how often the drained amount has doubled */
  int32_t vm_stat_diff;    /* what the CPU has not yet added to the zone's free_pages ... */
  uint32_t stat_threshold; /* ... and how far that may go */
};
struct pf_boot_view {
  uint32_t mapstart, start_pfn, end_pfn;
  uint32_t last_pos, last_offset;
  struct pf_u64 last_success; /* bytes */
};
struct pf_frame_view {
  uint32_t next, prev; /* links */
  int32_t count;
  uint32_t reserved, mapped;
  uint32_t held;           /* PF_HELD_*: what others have of it */
  uint32_t lru;            /* on the page-replacement lists */
  uint32_t free_order;     /* 1 + the order of the free mark that it carries; 0: none */
  uint32_t compound_order; /* the same of the compound mark */
  uint32_t type;           /* the migratetype that it remembers */
};
#define PF_HELD_FLAG 1u /* a flag that must not be set when it is freed */
#define PF_HELD_MAPPED 2u
#define PF_HELD_MAPPING 4u
#define PF_HELD_CHARGED 8u
/* Which list of a zone a number means. */
struct pf_list_view {
  uint32_t is_pcp;
  uint32_t order, type; /* of its blocks; hot and cold lists hold order 0; a list for several types has the lowest */
  uint32_t cpu, index;  /* a per-CPU list: whose, and its number among that CPU's */
};
uint32_t pf_structs_kernel(const struct pf_structs *structs);
/* Frames are 0 .. this - 1, spare descriptors past the end of memory included; later links are heads. */
uint32_t pf_structs_frames(const struct pf_structs *structs);
uint32_t pf_structs_zones(const struct pf_structs *structs); /* zone slots, set up or not */
uint32_t pf_structs_nodes(const struct pf_structs *structs);
int pf_zone_view(const struct pf_structs *structs, uint32_t zone, struct pf_zone_view *view); /* 0: not set up */
int pf_boot_view(const struct pf_structs *structs, uint32_t node, struct pf_boot_view *view); /* 0: no bitmap */
int pf_boot_bit(const struct pf_structs *structs, uint32_t node, uint32_t pfn);               /* -1: outside */
int pf_pair_bit(const struct pf_structs *structs, uint32_t zone, uint32_t order, uint32_t index);
int pf_frame_view(const struct pf_structs *structs, uint32_t pfn, struct pf_frame_view *view); /* 0: no such frame */
/* Frames past the end of memory that still keep a count: pfn and count by index; 0 past the last. */
int pf_outside_count(const struct pf_structs *structs, uint32_t index, uint32_t *pfn, int32_t *count);
uint32_t pf_structs_cpus(const struct pf_structs *structs); /* CPUs that have lists of their own; 0 if none has */
/* `which` of a CPU's nr_pcps counters: hot (0) or cold (1), or 0. */
int pf_pcp_view(const struct pf_structs *structs, uint32_t zone, uint32_t cpu, uint32_t which,
                struct pf_pcp_view *view);
uint32_t pf_min_free_kbytes(const struct pf_structs *structs);
uint32_t pf_lower_zone_protection(const struct pf_structs *structs);
uint32_t pf_watermark_boost_factor(const struct pf_structs *structs);
uint32_t pf_watermark_scale_factor(const struct pf_structs *structs);
uint32_t pf_percpu_pagelist_high_fraction(const struct pf_structs *structs);
uint32_t pf_pageblock_type(const struct pf_structs *structs, uint32_t pfn); /* PF_NO_TYPE: none is known there */
#define PF_NO_TYPE 15u
/* In which order a node's requests go to the nodes: itself first. Writes as many numbers as there are nodes. */
void pf_node_order(const struct pf_structs *structs, uint32_t node, uint32_t *order);
/* Lists. A head is a link; walk with pf_link_next until you meet the head again (or what misuse put there). A zone's
 * lists are numbered: its free lists by order and, within an order, by type (order * nr_types + type); then each CPU's
 * lists (cpu * nr_pcp_lists + index). */
uint32_t pf_free_list(const struct pf_structs *structs, uint32_t zone, uint32_t order,
                      uint32_t type); /* the head's link; PF_NULL if there is none */
uint32_t pf_pcp_list(const struct pf_structs *structs, uint32_t zone, uint32_t cpu, uint32_t index);
uint32_t pf_zone_list(const struct pf_structs *structs, uint32_t zone, uint32_t list);        /* any, by its number */
int pf_list_view(const struct pf_structs *structs, uint32_t list, struct pf_list_view *view); /* 0: no such list */
/* The head's link in every engine and map of the machine. */
uint32_t pf_machine_list(const struct pf_machine *machine, uint32_t zone, uint32_t list);
/* The same as pf_list_view by a kernel's table alone, for any number of CPUs. */
int pf_kernel_list(const struct pf_kernel_info *kernel, uint32_t list, struct pf_list_view *view);
uint32_t pf_link_next(const struct pf_structs *structs, uint32_t link); /* PF_NULL after NULL */
/* Is the link a list's head? Then of which zone, and which of its lists. */
int pf_link_is_head(const struct pf_structs *structs, uint32_t link, uint32_t *zone, uint32_t *list);

/* ---------------------------------------------------------------- the map: what events fold into */

struct pf_map;

uint64_t pf_map_size(const struct pf_machine *machine, uint32_t layers); /* PF_LAYER_FRAMES, or with STRUCTURES */
enum pf_status pf_map_init(struct pf_map *map, uint64_t size, const struct pf_machine *machine, uint32_t layers);
enum pf_status pf_map_load(struct pf_map *map, uint64_t size, const void *bytes, uint64_t nr_bytes);
uint64_t pf_map_bytes(const struct pf_map *map);
const struct pf_structs *pf_map_structs(const struct pf_map *map); /* NULL without that layer */

/* The map of a model's present state, for a source that begins there (a machine that booted muted): the same machine,
 * and a map with structures. It knows no owners, and of an allocated block neither order nor first frame beyond what
 * the counts tell. */
enum pf_status pf_map_of_engine(struct pf_map *map, const struct pf_engine *engine);

/* Folds events in. Every field is checked: the first event that does not fit ends it with PF_E_EVENT, *folded being
 * the number of events before it (may be NULL). */
enum pf_status pf_map_fold(struct pf_map *map, const struct pf_event *events, uint32_t count, uint32_t *folded);
/* What no operation of the model has done is told to it as events: the state that a run begins with, or what the page
 * replacement did meanwhile. The structures' events change the model as they would a map; the others are for maps. */
enum pf_status pf_engine_fold(struct pf_engine *engine, const struct pf_event *events, uint32_t count,
                              uint32_t *folded);
uint64_t pf_map_digest(const struct pf_map *map);

struct pf_map_frame {
  uint32_t state; /* enum pf_state_kind */
  uint32_t marks; /* PF_MARK_* */
  uint32_t order; /* of the block it is in, where allocated or lost */
  uint32_t head;  /* pfn of that block's first frame */
  uint32_t owner; /* number of the operation that owns it, or owned it last; 0: none known */
};
uint32_t pf_map_frames(const struct pf_map *map);
int pf_map_frame(const struct pf_map *map, uint32_t pfn, struct pf_map_frame *frame); /* 0: no such frame */
/* The state of pfn and for how many frames from there it stays the same. */
uint32_t pf_map_run(const struct pf_map *map, uint32_t pfn, uint32_t *count);
/* One byte a frame for drawing: state in bits 0-3, PF_PAINT_*. */
#define PF_PAINT_HEAD 0x10u   /* first frame of its block: an outline begins */
#define PF_PAINT_MARKED 0x20u /* has a mark */
void pf_map_paint(const struct pf_map *map, uint32_t first, uint32_t count, uint8_t *paint);
/* Frames in each state (PF_NR_STATES numbers), marks not regarded. */
void pf_map_counts(const struct pf_map *map, uint32_t counts[]);

/* What lies in a pageblock. Bit t of a set is the migratetype of number t. */
struct pf_pageblock_view {
  uint32_t type;   /* where frames freed there go; PF_NO_TYPE: none is known */
  uint32_t listed; /* types of the lists that its free frames stand on */
  uint32_t asked;  /* types that frames in use were asked for with */
};
/* The pageblocks from the one of `pfn` on, at most `capacity` of them; returns how many there are from there on, 0
 * where the kernel has none. asked[n]: the type that operation number n asked for, for n < nr_asked (PF_NO_TYPE: none);
 * asked[0]: that of frames without a known owner that are on the page-replacement lists. */
uint32_t pf_map_pageblocks(const struct pf_map *map, const uint8_t *asked, uint32_t nr_asked, uint32_t pfn,
                           uint32_t capacity, struct pf_pageblock_view *views);

/* ---------------------------------------------------------------- the checker */

/* The first thing in a state that cannot be where nobody misused the allocator. 0: nothing found. */
enum pf_finding_kind {
  PF_FINDING_NONE,
  PF_FINDING_RING,       /* next and prev disagree, a ring does not close, NULL or a foreign head in it */
  PF_FINDING_TWICE,      /* a frame in two lists or two blocks */
  PF_FINDING_PLACE,      /* a block not aligned or not inside its zone */
  PF_FINDING_PAIR,       /* a pair bit that does not fit the lists */
  PF_FINDING_COUNT,      /* a free frame with a reference, or reserved */
  PF_FINDING_FREE_PAGES, /* the zone's counter does not fit its lists */
  PF_FINDING_PCP,        /* a per-CPU list's counter does not fit the list */
  PF_FINDING_FREE_MARK,  /* a listed block without its free mark, or a mark without a block */
  PF_FINDING_NR_FREE,    /* an order's counter does not fit its lists */
  PF_FINDING_TYPE,       /* a frame on a per-CPU list that its type does not belong to */
  PF_FINDING_BOOT,       /* a boot bitmap or its shared page out of range */
  PF_FINDING_MAP,        /* the frames layer and the lists disagree */
  PF_NR_FINDINGS
};
struct pf_finding {
  uint32_t kind;
  uint32_t zone, list, pfn;
};
/* A map's structures, and its two layers against each other. `scratch` is one bit a frame, (pf_map_frames() + 7) / 8
 * bytes. Returns the kind found; none without the structures layer. */
uint32_t pf_check_map(const struct pf_map *map, uint8_t *scratch, struct pf_finding *finding);
const char *pf_finding_text(uint32_t kind);

/* ---------------------------------------------------------------- troubles */

/* What is wrong with a map and the kernel did not notice: found by a walk when somebody asks. */
#define PF_TROUBLES(X)                                                                                                 \
  X(TWO_LISTS, "two-lists")           /* frames in two free blocks at once */                                          \
  X(RING_NULL, "ring-null")           /* a list's links lead to NULL */                                                \
  X(RING_LOOP, "ring-loop")           /* ... round in a circle that misses the head */                                 \
  X(RING_ELSEWHERE, "ring-elsewhere") /* ... into another list's ring */                                               \
  X(COUNTER, "counter")               /* free_pages is not what the lists hold */                                      \
  X(PCP_COUNTER, "pcp-counter")       /* a per-CPU list's count is not what it holds */                                \
  X(BELOW_ZERO, "below-zero")         /* freed more often than taken: a count below 0 */                               \
  X(LOST, "lost")                     /* in use, without an owner */                                                   \
  X(TWO_OWNERS, "two-owners")         /* handed out while somebody still owned them */                                 \
  X(FREE_YET_OWNED, "free-yet-owned") /* free, while somebody still thinks they own them */
#define PF_ENUM(id, text) PF_TROUBLE_##id,
enum pf_trouble_kind { PF_TROUBLES(PF_ENUM) PF_NR_TROUBLES };
#undef PF_ENUM
const char *pf_trouble_name(uint32_t kind);

struct pf_trouble {
  uint32_t kind;
  uint32_t zone, list; /* of the list or the counter, the list by its number in the zone; PF_NULL for frames */
  uint32_t pfn, count; /* frames, or where a ring breaks off; for a counter: what it says, and what the lists hold */
};
/* Writes up to `capacity` of them, lists and counters by zone, then frames in rising order; returns how many there are.
 * `scratch`: two bits a frame, pf_map_frames() / 4 + 8 bytes. None without the structures layer. */
uint32_t pf_map_troubles(const struct pf_map *map, uint8_t *scratch, struct pf_trouble *troubles, uint32_t capacity);

/* ---------------------------------------------------------------- the timeline */

/*
 * A log of entries (an operation to replay, or a batch of events to fold, into the engine too if there is one) with
 * snapshots in 64 KiB chunks that are shared while unchanged. It moves an engine and a map, which stay the caller's but
 * are changed by it alone, to any place of the log. A place is (entry, inner): `entry` entries done, then `inner`
 * events of the next one.
 */
struct pf_timeline;

/* `engine_bytes` 0 where the source has no model. `log_bytes` may grow later, `snapshot_bytes` is a fixed budget. */
uint64_t pf_timeline_size(uint64_t engine_bytes, uint64_t map_bytes, uint64_t log_bytes, uint64_t snapshot_bytes);
/* The engine (or NULL) and map given are the beginning: entry 0. The beginning is kept whole. */
enum pf_status pf_timeline_init(struct pf_timeline *timeline, uint64_t size, const struct pf_engine *engine,
                                const struct pf_map *map, uint64_t log_bytes, uint64_t snapshot_bytes);
/* Moves the timeline to a larger region; `to` and `from` may overlap only if they are the same. */
enum pf_status pf_timeline_move(struct pf_timeline *to, uint64_t size, const struct pf_timeline *from);
/* Append at the end. PF_E_FULL: nothing was appended; move to a larger region and try again. */
enum pf_status pf_timeline_append_op(struct pf_timeline *timeline, const struct pf_op *op);
enum pf_status pf_timeline_append_events(struct pf_timeline *timeline, const struct pf_event *events, uint32_t count);
uint32_t pf_timeline_length(const struct pf_timeline *timeline); /* entries */
enum pf_status pf_timeline_op(const struct pf_timeline *timeline, uint32_t entry, struct pf_op *op);
/* Forget the entries from `length` on: what follows is another future. */
enum pf_status pf_timeline_truncate(struct pf_timeline *timeline, uint32_t length);
/* Takes engine and map to a place. Also the events of entry `entry`: those from `first` on, up to `window->capacity`,
 * are left in `window` (may be NULL), and *total (may be NULL) is how many the entry has. inner UINT32_MAX: after all
 * of them, which is the same place as (entry + 1, 0). At entry == length there is no next entry, and inner must be 0.
 */
enum pf_status pf_timeline_seek(struct pf_timeline *timeline, struct pf_engine *engine, struct pf_map *map,
                                uint32_t entry, uint32_t inner, uint32_t first, struct pf_sink *window,
                                uint32_t *total);
/* How an entry ended, once it has been passed: enum pf_outcome; PF_NR_OUTCOMES if it has not. */
uint32_t pf_timeline_outcome(const struct pf_timeline *timeline, uint32_t entry);

/* ---------------------------------------------------------------- real traces (trace.c) */

/*
 * Reads the text of tracefs `trace` (Linux 6.1; also `trace_pipe` and `trace-cmd report`) and of kpageflags in the text
 * form `first_pfn count flags`, both fed in pieces of any size. The importer keeps the events until all are read,
 * because what comes later tells where frames were at first.
 *
 * PF_E_FULL, from any call: move to a region of at least stats.frames frames and of more than stats.events events, then
 * give what was not taken again.
 */
struct pf_trace;

struct pf_trace_stats {
  uint32_t lines;    /* lines read */
  uint32_t events;   /* entries: page events used, failed allocations, and places where events were lost */
  uint32_t ignored;  /* mm_page_free_batched: duplicates */
  uint32_t skipped;  /* other lines that are neither comment nor blank */
  uint32_t lost;     /* events the kernel says were lost, as far as it says how many */
  uint32_t failed;   /* mm_page_alloc that failed: nothing changed */
  uint32_t frames;   /* one past the highest frame seen; after PF_E_FULL, the frames needed */
  uint32_t bad_line; /* first line that names a page event but cannot be read; 0: none */
  uint32_t bad;      /* how many such lines */
};
uint64_t pf_trace_size(uint32_t max_events,
                       uint32_t max_frames); /* bytes; 0 if more than 2^28 events or PF_MAX_FRAMES */
enum pf_status pf_trace_init(struct pf_trace *trace, uint64_t size, uint32_t max_events, uint32_t max_frames);
/* To a larger region, as pf_timeline_move. */
enum pf_status pf_trace_move(struct pf_trace *to, uint64_t size, const struct pf_trace *from, uint32_t max_events,
                             uint32_t max_frames);
/* The starting state first, if there is one; a piece is taken whole or not at all. PF_E_CORRUPT: *line (may be NULL)
 * cannot be read. 0 bytes: no more comes, so a last line without newline is read now (else the first feed reads it),
 * and a start that tells of no frame is PF_E_CORRUPT, too. */
enum pf_status pf_trace_start(struct pf_trace *trace, const char *text, size_t bytes, uint32_t *line);
/* Then the trace. *used bytes were taken (all, unless PF_E_FULL: move, then go on from there). */
enum pf_status pf_trace_feed(struct pf_trace *trace, const char *text, size_t bytes, size_t *used);
/* No more text. Afterwards the results can be read. */
enum pf_status pf_trace_finish(struct pf_trace *trace);
void pf_trace_stats(const struct pf_trace *trace, struct pf_trace_stats *stats);
/* The machine that the trace shows: kernel 0, one node from 0. PF_E_ARGUMENT: it shows no frame, or is not finished. */
enum pf_status pf_trace_machine(const struct pf_trace *trace, struct pf_machine *machine);
/* The state before the first event, as FRAMES_ARE events that cover all frames, from *cursor (begin with 0) on; returns
 * how many were written, 0 at the end. */
uint32_t pf_trace_beginning(const struct pf_trace *trace, uint32_t *cursor, struct pf_event *events, uint32_t capacity);
/* Entry `index` (0 .. stats.events - 1) as the events of one timeline entry: OP_BEGIN; FRAMES_ARE where the frames had
 * moved without an event; the frame event, unless the allocation failed; OP_END. Returns how many; 0 if there is no
 * such entry, or capacity is below PF_TRACE_ENTRY_MAX. */
#define PF_TRACE_ENTRY_MAX 4u
uint32_t pf_trace_entry(const struct pf_trace *trace, uint32_t index, struct pf_event *events, uint32_t capacity);

/* Layout that foreign code relies on (wasm views, snapshots): the same in every build. */
#define PF_ASSERT_LAYOUT(cond) _Static_assert(cond, "layout differs between builds")
PF_ASSERT_LAYOUT(sizeof(struct pf_event) == 16);
PF_ASSERT_LAYOUT(sizeof(struct pf_op) == 32 + 8 * PF_MAX_ARGS);
PF_ASSERT_LAYOUT(sizeof(struct pf_machine) ==
                 sizeof(uint32_t) * (12 + (2 + PF_MAX_CPUS / 32) * PF_MAX_NODES + 12 * PF_MAX_RANGES));

#endif
