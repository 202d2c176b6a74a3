/*
 * structs.h - the allocator's own data, as one block of 32-bit words without pointers.
 *
 * A model owns one, the map's structures layer is another: both change only through the primitives below, each of which
 * is one event kind. A primitive called by a model records itself; called by the fold it only changes the data.
 *
 * Frames are numbered by pfn, 0 .. nr_frames-1; a kernel may have spare descriptors past the end of memory. A link is a
 * 32-bit number: a frame, then the list heads (nr_frames + zone * nr_lists + list), PF_NULL or PF_POISON. Heads have
 * link records of their own behind the frames, so a ring does not care which it meets. A zone's lists are its free
 * lists by order and type and, where the kernel has them, each CPU's lists.
 *
 * Equations (where nobody misused the allocator; check.c tests them):
 *   free_pages(zone) + vm_stat_diff(its CPUs) = sum over free lists of 2^order * length(list)
 *   nr_free(order)    = sum over the order's lists of length(list), where the kernel counts them
 *   count(pcp)        = sum over the lists that it is for of 2^order * length(list)
 *   pair bit          = 1 if and only if exactly one of the two buddies is on the order's list
 *   free mark         = the first frame of a block on a free list carries it, with the block's order
 *   a listed frame has count 0, is not reserved, and lies at a multiple of 2^order from its zone's start (or by pfn)
 */
#ifndef PF_STRUCTS_H
#define PF_STRUCTS_H

#include <stdbool.h>

#include "pageframe.h"

#define PF_MAX_ZONES (PF_MAX_NODES * PF_MAX_ZONE_TYPES)
#define PF_MAX_OUTSIDE 1024u
#define PF_MAX_FREE_FACTOR 5u

/* Small, and on every operation's way: part of its caller, however large the library has grown. */
#define PF_INLINE static inline __attribute__((always_inline))
/* Code that an ordinary operation does not reach: kept out of its way. */
#define PF_COLD __attribute__((cold, noinline))

#define PF_FRAME_RESERVED 1u /* PG_reserved */
#define PF_FRAME_PRESENT 2u  /* has a struct page: its zone was set up */
#define PF_FRAME_MAPPED 4u   /* some page table has it */
/* Linux 6.1 */
#define PF_FRAME_FLAGGED 8u /* a flag that must not be set when it is freed */
#define PF_FRAME_MAPPING 16u
#define PF_FRAME_CHARGED 32u
#define PF_FRAME_LRU 64u   /* on the page-replacement lists */
#define PF_FRAME_FREE 128u /* first of a block on a free list ... */
#define PF_FRAME_FREE_ORDER_SHIFT 8u
#define PF_FRAME_FREE_ORDER (0xfu << PF_FRAME_FREE_ORDER_SHIFT) /* ... of this order */
#define PF_FRAME_COMPOUND 0x1000u                               /* first of a block that is freed by what it says ... */
#define PF_FRAME_COMPOUND_ORDER_SHIFT 13u
#define PF_FRAME_COMPOUND_ORDER (0xfu << PF_FRAME_COMPOUND_ORDER_SHIFT) /* ... of this order */
#define PF_FRAME_TYPE_SHIFT 17u
#define PF_FRAME_TYPE (7u << PF_FRAME_TYPE_SHIFT) /* remembered */
#define PF_FRAME_ZONE_SHIFT 24u                   /* the topmost, so that no mask is needed */

struct pf_frame {
  uint32_t next, prev; /* links of the ring it is in */
  int32_t count;       /* page->count */
  uint32_t flags;      /* PF_FRAME_*, zone slot in the top bits */
};

struct pf_boot {
  uint32_t has_map;
  uint32_t mapstart, start_pfn, end_pfn;
  uint32_t last_pos, last_offset;
  struct pf_u64 last_success; /* bytes */
};

struct pf_zone {
  uint32_t node, type;
  uint32_t start_pfn, size, holes; /* size 0: not set up */
  uint32_t free_pages, pages_min, pages_low, pages_high, need_balance;
  uint32_t protection[PF_MAX_ZONE_TYPES];
  uint32_t first_head;                /* link of its order-0 list */
  uint32_t first_pair[PF_MAX_ORDERS]; /* bit of its first pair, by order */
  /* Linux 6.1 */
  uint32_t managed, boost, boosted, reclaim_active, nr_reserved_highatomic;
  uint32_t nr_free[PF_MAX_ORDERS];
};

/* A CPU's hot or cold list of a zone, or all its lists. */
struct pf_pcp {
  uint32_t count, low, high, batch;
  uint32_t free_factor;
  int32_t vm_stat_diff;
  uint32_t stat_threshold;
  uint32_t spare;
};

struct pf_outside {
  uint32_t pfn;
  int32_t count;
};

struct pf_structs {
  uint32_t version, bytes;
  uint32_t kernel, nr_frames, nr_links, nr_nodes, nr_zones, nr_zone_types, nr_orders, nr_pair_orders;
  uint32_t nr_spare_frames;         /* of nr_frames, the last: the last node's comes first */
  uint32_t nr_cpus;                 /* that have lists of their own */
  uint32_t nr_types, nr_free_lists; /* nr_orders * nr_types */
  uint32_t nr_pcp_lists, nr_pcps;   /* of a CPU in a zone */
  uint32_t nr_lists;                /* of a zone: nr_free_lists + nr_pcp_lists * nr_cpus */
  uint32_t pageblock_order;
  uint32_t bits_per_long;                      /* of addresses */
  uint32_t unlinked;                           /* what unlinking leaves: PF_NULL or PF_POISON ... */
  uint32_t is_poisoned_at_first;               /* ... and what frames have that never were on a list */
  uint32_t boot_bits_at, pair_bits_at, pcp_at; /* in bytes from here */
  uint32_t pageblocks_at;                      /* 4 bits a block of 2^pageblock_order frames */
  uint32_t pair_base[PF_MAX_ORDERS];           /* first bit of an order's pairs */
  uint32_t nr_outside, nr_boot_nodes;
  uint32_t min_free_kbytes, lower_zone_protection;
  uint32_t watermark_boost_factor, watermark_scale_factor, percpu_pagelist_high_fraction;
  uint32_t boot_list[PF_MAX_NODES]; /* all nodes: the nr_boot_nodes initialised ones, latest first, then the others */
  struct pf_boot boot[PF_MAX_NODES];
  struct pf_zone zone[PF_MAX_ZONES];
  struct pf_outside outside[PF_MAX_OUTSIDE];
};

static inline uint32_t pf_nr_cpus(const struct pf_machine *m) { return m->nr_cpus ? m->nr_cpus : 1; }
uint64_t pf_structs_size(const struct pf_machine *machine);
void pf_structs_init(struct pf_structs *s, const struct pf_machine *machine);
/* Foreign bytes already copied to `s`: are all sizes and indices those of `machine`, every link in range? */
bool pf_structs_valid(const struct pf_structs *s, const struct pf_machine *machine);
/* The structures' events, as in a map: fold.c. */
enum pf_status pf_structs_fold(struct pf_structs *s, const struct pf_event *events, uint32_t count, uint32_t *folded);

/* Frames come first behind the head. */
#define PF_FRAMES_AT ((sizeof(struct pf_structs) + 7) & ~(size_t)7)

static inline struct pf_frame *pf_frames(struct pf_structs *s) {
  return (struct pf_frame *)(void *)((unsigned char *)s + PF_FRAMES_AT);
}
static inline const struct pf_frame *pf_frames_const(const struct pf_structs *s) {
  return (const struct pf_frame *)(const void *)((const unsigned char *)s + PF_FRAMES_AT);
}
static inline uint32_t *pf_boot_bits(struct pf_structs *s) {
  return (uint32_t *)(void *)((unsigned char *)s + s->boot_bits_at);
}
static inline uint32_t *pf_pair_bits(struct pf_structs *s) {
  return (uint32_t *)(void *)((unsigned char *)s + s->pair_bits_at);
}
static inline const uint32_t *pf_boot_bits_const(const struct pf_structs *s) {
  return (const uint32_t *)(const void *)((const unsigned char *)s + s->boot_bits_at);
}
static inline const uint32_t *pf_pair_bits_const(const struct pf_structs *s) {
  return (const uint32_t *)(const void *)((const unsigned char *)s + s->pair_bits_at);
}
/* The link of a list's head; `list` is its number in the zone. */
static inline uint32_t pf_head(const struct pf_structs *s, uint32_t zone, uint32_t list) {
  return s->nr_frames + zone * s->nr_lists + list;
}
/* A CPU's counters of a zone: nr_pcps of them. */
static inline struct pf_pcp *pf_pcp(struct pf_structs *s, uint32_t zone, uint32_t cpu) {
  return (struct pf_pcp *)(void *)((unsigned char *)s + s->pcp_at) + (size_t)s->nr_pcps * (zone * s->nr_cpus + cpu);
}
static inline const struct pf_pcp *pf_pcp_const(const struct pf_structs *s, uint32_t zone, uint32_t cpu) {
  return (const struct pf_pcp *)(const void *)((const unsigned char *)s + s->pcp_at) +
         (size_t)s->nr_pcps * (zone * s->nr_cpus + cpu);
}
static inline uint32_t pf_pcp_number(const struct pf_structs *s, uint32_t cpu, uint32_t index) {
  return s->nr_free_lists + s->nr_pcp_lists * cpu + index;
}
/* The order of a zone's list by its number. */
static inline uint32_t pf_list_order(const struct pf_structs *s, uint32_t list) {
  struct pf_list_view view;
  return pf_list_view(s, list, &view) ? view.order : 0;
}
/* The zone's free frames: what its counter says, and what the CPUs have not yet added to it. */
static inline uint32_t pf_zone_free_pages(const struct pf_structs *s, uint32_t zone) {
  uint32_t pages = s->zone[zone].free_pages;
  for (uint32_t i = 0; i < s->nr_cpus * s->nr_pcps; i++)
    pages += (uint32_t)pf_pcp_const(s, zone, 0)[i].vm_stat_diff;
  return pages;
}
/* The type of a pageblock by its number, or by a frame of it; PF_NO_TYPE where none is known. */
static inline uint32_t pf_pageblock(const struct pf_structs *s, uint32_t block) {
  const uint32_t *words = (const uint32_t *)(const void *)((const unsigned char *)s + s->pageblocks_at);
  return words[block >> 3] >> 4 * (block & 7) & 0xf;
}
static inline uint32_t pf_pageblock_get(const struct pf_structs *s, uint32_t pfn) {
  return pf_pageblock(s, pfn >> s->pageblock_order);
}

/* --- the primitives' effects: shared by the models and the fold ------------------------------------------ */

/* First pfn in [first, end) whose boot bit is `value`; `end` if there is none. */
uint32_t pf_boot_find(const struct pf_structs *s, uint32_t first, uint32_t end, bool value);
void pf_boot_fill(struct pf_structs *s, uint32_t first, uint32_t count, bool value);
void pf_boot_set_up(struct pf_structs *s, uint32_t node, uint32_t mapstart, uint32_t start, uint32_t end);
void pf_zone_set_up(struct pf_structs *s, uint32_t zone, uint32_t start_pfn, uint32_t size, uint32_t holes);
void pf_pcp_set_up(struct pf_structs *s, uint32_t zone, uint32_t cold, uint32_t low, uint32_t high, uint32_t batch);
void pf_pageblocks_fill(struct pf_structs *s, uint32_t pfn, uint32_t blocks, uint32_t type);
/* Clears and sets flags of a run of frames. */
void pf_flags_fill(struct pf_structs *s, uint32_t pfn, uint32_t count, uint32_t clear, uint32_t set);
/* Flags of the held bits (PF_HELD_*). */
#define PF_FRAME_HELD (PF_FRAME_FLAGGED | PF_FRAME_MAPPED | PF_FRAME_MAPPING | PF_FRAME_CHARGED)
static inline uint32_t pf_held_flags(uint32_t held) {
  return (held & PF_HELD_FLAG ? PF_FRAME_FLAGGED : 0) | (held & PF_HELD_MAPPED ? PF_FRAME_MAPPED : 0) |
         (held & PF_HELD_MAPPING ? PF_FRAME_MAPPING : 0) | (held & PF_HELD_CHARGED ? PF_FRAME_CHARGED : 0);
}
static inline uint32_t pf_held_bits(uint32_t flags) {
  return (flags & PF_FRAME_FLAGGED ? PF_HELD_FLAG : 0) | (flags & PF_FRAME_MAPPED ? PF_HELD_MAPPED : 0) |
         (flags & PF_FRAME_MAPPING ? PF_HELD_MAPPING : 0) | (flags & PF_FRAME_CHARGED ? PF_HELD_CHARGED : 0);
}
/* page->count, also of frames past the end of memory, which stand in the table `outside` while it is not 0. */
int32_t pf_count_get(const struct pf_structs *s, uint32_t pfn);
void pf_count_put(struct pf_structs *s, uint32_t pfn, int32_t count);
bool pf_count_fits(const struct pf_structs *s, uint32_t pfn); /* false: it is outside, and the table is full */

static inline bool pf_boot_bit_get(const struct pf_structs *s, uint32_t pfn) {
  return pf_boot_bits_const(s)[pfn >> 5] >> (pfn & 31) & 1;
}

/* Flips a pair bit and returns its new value. */
PF_INLINE uint32_t pf_pair_flip(uint32_t *pairs, uint32_t bit) {
  uint32_t *word = pairs + (bit >> 5);
  *word ^= 1u << (bit & 31);
  return *word >> (bit & 31) & 1;
}

/* Ring operations with the kernel's order of writes. False: a write met a NULL link, and stopped there. */
PF_INLINE bool pf_ring_add(struct pf_frame *link, uint32_t nr_links, uint32_t pfn, uint32_t head) {
  uint32_t next = link[head].next;
  if (next >= nr_links)
    return false;
  link[next].prev = pfn;
  link[pfn].next = next;
  link[pfn].prev = head;
  link[head].next = pfn;
  return true;
}
PF_INLINE bool pf_ring_add_tail(struct pf_frame *link, uint32_t nr_links, uint32_t pfn, uint32_t head) {
  uint32_t prev = link[head].prev;
  link[head].prev = pfn;
  link[pfn].next = head;
  link[pfn].prev = prev;
  if (prev >= nr_links)
    return false;
  link[prev].next = pfn;
  return true;
}

/* `unlinked` is what it leaves in the frame's own links. */
PF_INLINE bool pf_ring_del(struct pf_frame *link, uint32_t nr_links, uint32_t pfn, uint32_t unlinked) {
  uint32_t prev = link[pfn].prev, next = link[pfn].next;
  if (next >= nr_links)
    return false;
  link[next].prev = prev;
  if (prev >= nr_links)
    return false;
  link[prev].next = next;
  link[pfn].next = link[pfn].prev = unlinked;
  return true;
}

#endif
