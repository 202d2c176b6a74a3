/*
 * model.h - what a kernel model is, and the primitives it is written in.
 *
 * A kernel is a table: what it has, and one whole function an operation. Models share structs.h and this file; each
 * keeps its own functions, so that two kernels can be read side by side.
 */
#ifndef PF_MODEL_H
#define PF_MODEL_H

#include "structs.h"

/* What one operation works with; lives on the stack of pf_engine_apply. */
struct pf_ctx {
  struct pf_structs *s;
  struct pf_sink *sink;
  struct pf_event *next, *end; /* in the sink's buffer: where the next event goes ... */
  struct pf_event waste;       /* ... or here, when it is full and nobody drains it */
  const struct pf_machine *machine;
  const struct pf_op *op;
  uint32_t claim; /* the operation that bound the name which the call frees by; 0: it uses none */
  struct pf_result *result;
};

/* One operation of a kernel. `arg` as ops.def orders it. */
typedef void pf_op_function(struct pf_ctx *k, const uint64_t *arg);

/*
 * A model's files are compiled twice: as they are, and once more with PF_MUTED (muted.c), which takes every event out,
 * so that an operation that nobody watches does not pay for them.
 */
struct pf_model {
  struct pf_kernel_info info;
  pf_op_function *op[PF_NR_OPS];
  pf_op_function *muted[PF_NR_OPS];
  /* In which order a node's requests go to the nodes; NULL: upwards from itself, and round. */
  void (*node_order)(const struct pf_structs *s, uint32_t node, uint32_t *order);
};

extern const struct pf_model pf_linux_2_4_20;
extern const struct pf_model pf_linux_2_6_10;
extern const struct pf_model pf_linux_6_1;

/* The table of models; kernels count from 1. NULL past the last. */
const struct pf_model *pf_model(uint32_t kernel);
/* The row of an operation in ops.def; NULL for an unknown number. */
const struct pf_op_info *pf_op_row(uint32_t op);
/* How many places of pf_op.arg an argument of this type (enum pf_arg_type) takes. */
#define PF_PLACES(type) ((type) == PF_ARG_PAGES3 ? 3u : (type) == PF_ARG_PFNS ? PF_PAGEVEC_SIZE : 1u)
/* The field of a machine description that is wrong, or NULL. A map needs no kernel. */
const char *pf_machine_wrong(const struct pf_machine *machine, int is_map);

/* --- events ------------------------------------------------------------------------------------------------ */

/* The sink's buffer is full: it is drained, or what comes now is dropped. */
void pf_sink_full(struct pf_ctx *k);

PF_INLINE void pf_emit(struct pf_ctx *k, uint32_t kind, uint32_t s, uint32_t t, uint32_t a, uint32_t b, uint32_t c) {
#ifdef PF_MUTED
  (void)k, (void)kind, (void)s, (void)t, (void)a, (void)b, (void)c;
#else
  struct pf_event *next = k->next++;
  *next = (struct pf_event){(uint8_t)kind, (uint8_t)s, (uint16_t)t, a, b, c};
  if (__builtin_expect(k->next == k->end, 0))
    pf_sink_full(k);
#endif
}

/* The simulated kernel stops here: the operation ends with what it has changed so far. Always returns false. */
PF_INLINE bool pf_stop(struct pf_ctx *k, uint32_t outcome, uint32_t event, uint32_t bug, uint32_t pfn) {
  pf_emit(k, event, 0, bug, pfn, 0, 0);
  k->result->outcome = outcome;
  k->result->bug = bug;
  return false;
}
PF_INLINE bool pf_bug(struct pf_ctx *k, uint32_t bug, uint32_t pfn) {
  return pf_stop(k, PF_OUTCOME_BUG, PF_EV_BUG, bug, pfn);
}
PF_INLINE bool pf_oops(struct pf_ctx *k, uint32_t bug, uint32_t pfn) {
  return pf_stop(k, PF_OUTCOME_OOPS, PF_EV_OOPS, bug, pfn);
}
/* A link of the frame that leads nowhere was followed. */
static inline __attribute__((cold)) bool pf_bad_link(struct pf_ctx *k, uint32_t pfn) {
  return pf_oops(k, k->s->unlinked == PF_POISON ? PF_BUG_POISONED_LINK : PF_BUG_NULL_POINTER, pfn);
}

PF_INLINE void pf_return(struct pf_ctx *k, uint32_t kind, uint64_t value) {
  k->result->result = kind;
  k->result->value = value;
}

/* --- primitives: change the state and record themselves ---------------------------------------------------- */

PF_INLINE void pf_boot_map_set_up(struct pf_ctx *k, uint32_t node, uint32_t mapstart, uint32_t start, uint32_t end) {
  pf_boot_set_up(k->s, node, mapstart, start, end);
  pf_emit(k, PF_EV_BOOT_MAP_SET_UP, 0, node, mapstart, start, end);
}

PF_INLINE void pf_boot_map_gone(struct pf_ctx *k, uint32_t node) {
  k->s->boot[node].has_map = 0;
  pf_emit(k, PF_EV_BOOT_MAP_GONE, 0, node, 0, 0, 0);
}

PF_INLINE void pf_boot_set(struct pf_ctx *k, uint32_t node, uint32_t pfn, uint32_t count) {
  if (count == 0)
    return;
  pf_boot_fill(k->s, pfn, count, true);
  pf_emit(k, PF_EV_BOOT_BITS_SET, 0, node, pfn, count, 0);
}

PF_INLINE void pf_boot_clear(struct pf_ctx *k, uint32_t node, uint32_t pfn, uint32_t count) {
  if (count == 0)
    return;
  pf_boot_fill(k->s, pfn, count, false);
  pf_emit(k, PF_EV_BOOT_BITS_CLEARED, 0, node, pfn, count, 0);
}

PF_INLINE void pf_boot_last(struct pf_ctx *k, uint32_t node, uint32_t pos, uint32_t offset) {
  struct pf_boot *boot = &k->s->boot[node];
  boot->last_pos = pos;
  boot->last_offset = offset;
  pf_emit(k, PF_EV_BOOT_LAST_SET, 0, node, pos, offset, 0);
}

PF_INLINE void pf_boot_last_success(struct pf_ctx *k, uint32_t node, uint64_t bytes) {
  struct pf_u64 halves = {(uint32_t)bytes, (uint32_t)(bytes >> 32)}, *last = &k->s->boot[node].last_success;
  if (last->lo == halves.lo && last->hi == halves.hi)
    return; /* most tables share a page: nothing new to tell */
  *last = halves;
  pf_emit(k, PF_EV_BOOT_LAST_SUCCESS_SET, 0, node, halves.lo, halves.hi, 0);
}

PF_INLINE void pf_set_reserved_clear(struct pf_ctx *k, uint32_t pfn) {
  pf_frames(k->s)[pfn].flags &= ~PF_FRAME_RESERVED;
  pf_emit(k, PF_EV_RESERVED_CLEARED, 0, 0, pfn, 0, 0);
}

PF_INLINE void pf_set_mapped_clear(struct pf_ctx *k, uint32_t pfn) {
  pf_frames(k->s)[pfn].flags &= ~PF_FRAME_MAPPED;
  pf_emit(k, PF_EV_MAPPED_CLEARED, 0, 0, pfn, 0, 0);
}

/* For a frame that has a struct page, and for one that may have none. */
PF_INLINE void pf_set_count(struct pf_ctx *k, uint32_t pfn, int32_t count) {
  pf_frames(k->s)[pfn].count = count;
  pf_emit(k, PF_EV_COUNT_SET, 0, 0, pfn, (uint32_t)count, 0);
}
PF_INLINE void pf_set_count_anywhere(struct pf_ctx *k, uint32_t pfn, int32_t count) {
  pf_count_put(k->s, pfn, count);
  pf_emit(k, PF_EV_COUNT_SET, 0, 0, pfn, (uint32_t)count, 0);
}

PF_INLINE void pf_set_free_pages(struct pf_ctx *k, uint32_t zone, uint32_t free_pages) {
  k->s->zone[zone].free_pages = free_pages;
  pf_emit(k, PF_EV_FREE_PAGES_SET, 0, zone, free_pages, 0, 0);
}

PF_INLINE bool pf_list_add(struct pf_ctx *k, uint32_t zone, uint32_t order, uint32_t pfn) {
  uint32_t head = k->s->zone[zone].first_head + order;
  pf_emit(k, PF_EV_LIST_ADD, order, zone, pfn, head, 0);
  return pf_ring_add(pf_frames(k->s), k->s->nr_links, pfn, head) || pf_bad_link(k, pfn);
}

/* To a CPU's list, `list` by its number in the zone: at its head, or its tail. */
PF_INLINE bool pf_pcp_add(struct pf_ctx *k, uint32_t zone, uint32_t list, uint32_t pfn) {
  uint32_t head = k->s->zone[zone].first_head + list;
  pf_emit(k, PF_EV_LIST_ADD, 0, zone, pfn, head, 0);
  return pf_ring_add(pf_frames(k->s), k->s->nr_links, pfn, head) || pf_bad_link(k, pfn);
}
PF_INLINE bool pf_pcp_add_tail(struct pf_ctx *k, uint32_t zone, uint32_t list, uint32_t pfn) {
  uint32_t head = k->s->zone[zone].first_head + list;
  pf_emit(k, PF_EV_LIST_ADD_TAIL, 0, zone, pfn, head, 0);
  return pf_ring_add_tail(pf_frames(k->s), k->s->nr_links, pfn, head) || pf_bad_link(k, pfn);
}
/* The counter of the calling CPU's list `pcp`: the hot or cold one of the zone. */
PF_INLINE void pf_set_pcp_count(struct pf_ctx *k, struct pf_pcp *pcp, uint32_t zone, uint32_t cold, uint32_t count) {
  pcp->count = count;
  pf_emit(k, PF_EV_PCP_COUNT_SET, cold, zone, k->op->cpu, count, 0);
}

/* The frame was put on a list that nobody else knows, and taken off it. */
PF_INLINE void pf_poison_links(struct pf_ctx *k, uint32_t pfn) {
  pf_frames(k->s)[pfn].next = pf_frames(k->s)[pfn].prev = k->s->unlinked;
  pf_emit(k, PF_EV_LINKS_POISONED, 0, 0, pfn, 0, 0);
}

PF_INLINE bool pf_list_del(struct pf_ctx *k, uint32_t zone, uint32_t order, uint32_t pfn) {
  pf_emit(k, PF_EV_LIST_DEL, order, zone, pfn, k->s->zone[zone].first_head + order, 0);
  return pf_ring_del(pf_frames(k->s), k->s->nr_links, pfn, k->s->unlinked) || pf_bad_link(k, pfn);
}
/* From a CPU's list, `list` by its number in the zone. */
PF_INLINE bool pf_pcp_del(struct pf_ctx *k, uint32_t zone, uint32_t list, uint32_t pfn) {
  pf_emit(k, PF_EV_LIST_DEL, 0, zone, pfn, k->s->zone[zone].first_head + list, 0);
  return pf_ring_del(pf_frames(k->s), k->s->nr_links, pfn, k->s->unlinked) || pf_bad_link(k, pfn);
}

/* Flips the pair bit of the block at pfn and returns its new value. */
PF_INLINE uint32_t pf_flip_pair(struct pf_ctx *k, uint32_t zone, uint32_t order, uint32_t pfn) {
  const struct pf_zone *z = &k->s->zone[zone];
  uint32_t index = (pfn - z->start_pfn) >> (order + 1);
  uint32_t bit = pf_pair_flip(pf_pair_bits(k->s), z->first_pair[order] + index);
  pf_emit(k, PF_EV_PAIR_FLIPPED, order, zone, pfn, index, bit);
  return bit;
}

/* --- primitives of kernels with migratetypes ----------------------------------------------------------------- */

PF_INLINE void pf_set_free_mark(struct pf_ctx *k, uint32_t pfn, uint32_t order) {
  struct pf_frame *f = &pf_frames(k->s)[pfn];
  f->flags = (f->flags & ~PF_FRAME_FREE_ORDER) | PF_FRAME_FREE | order << PF_FRAME_FREE_ORDER_SHIFT;
  pf_emit(k, PF_EV_FREE_MARK_SET, order, 0, pfn, 0, 0);
}
PF_INLINE void pf_clear_free_mark(struct pf_ctx *k, uint32_t pfn) {
  pf_frames(k->s)[pfn].flags &= ~(PF_FRAME_FREE | PF_FRAME_FREE_ORDER);
  pf_emit(k, PF_EV_FREE_MARK_CLEARED, 0, 0, pfn, 0, 0);
}

PF_INLINE void pf_set_compound(struct pf_ctx *k, uint32_t pfn, uint32_t order) {
  struct pf_frame *f = &pf_frames(k->s)[pfn];
  f->flags = (f->flags & ~PF_FRAME_COMPOUND_ORDER) | PF_FRAME_COMPOUND | order << PF_FRAME_COMPOUND_ORDER_SHIFT;
  pf_emit(k, PF_EV_COMPOUND_SET, order, 0, pfn, 0, 0);
}
PF_INLINE void pf_clear_compound(struct pf_ctx *k, uint32_t pfn) {
  pf_frames(k->s)[pfn].flags &= ~(PF_FRAME_COMPOUND | PF_FRAME_COMPOUND_ORDER);
  pf_emit(k, PF_EV_COMPOUND_CLEARED, 0, 0, pfn, 0, 0);
}

PF_INLINE uint32_t pf_remembered_type(const struct pf_ctx *k, uint32_t pfn) {
  return (pf_frames(k->s)[pfn].flags & PF_FRAME_TYPE) >> PF_FRAME_TYPE_SHIFT;
}
/* Most frames are remembered as what they were: nothing new to tell. */
PF_INLINE void pf_remember_type(struct pf_ctx *k, uint32_t pfn, uint32_t type) {
  struct pf_frame *f = &pf_frames(k->s)[pfn];
  if ((f->flags & PF_FRAME_TYPE) == type << PF_FRAME_TYPE_SHIFT)
    return;
  f->flags = (f->flags & ~PF_FRAME_TYPE) | type << PF_FRAME_TYPE_SHIFT;
  pf_emit(k, PF_EV_TYPE_REMEMBERED, type, 0, pfn, 0, 0);
}

PF_INLINE void pf_set_pageblocks(struct pf_ctx *k, uint32_t pfn, uint32_t blocks, uint32_t type) {
  pf_pageblocks_fill(k->s, pfn, blocks, type);
  pf_emit(k, PF_EV_PAGEBLOCKS_SET, type, 0, pfn, blocks, 0);
}

PF_INLINE void pf_set_nr_free(struct pf_ctx *k, uint32_t zone, uint32_t order, uint32_t nr_free) {
  k->s->zone[zone].nr_free[order] = nr_free;
  pf_emit(k, PF_EV_NR_FREE_SET, order, zone, nr_free, 0, 0);
}
PF_INLINE void pf_set_boost(struct pf_ctx *k, uint32_t zone, uint32_t boost, uint32_t boosted) {
  k->s->zone[zone].boost = boost;
  k->s->zone[zone].boosted = boosted;
  pf_emit(k, PF_EV_BOOST_SET, boosted, zone, boost, 0, 0);
}
PF_INLINE void pf_set_highatomic(struct pf_ctx *k, uint32_t zone, uint32_t frames) {
  k->s->zone[zone].nr_reserved_highatomic = frames;
  pf_emit(k, PF_EV_HIGHATOMIC_SET, 0, zone, frames, 0, 0);
}
PF_INLINE void pf_set_managed(struct pf_ctx *k, uint32_t zone, uint32_t managed) {
  k->s->zone[zone].managed = managed;
  pf_emit(k, PF_EV_MANAGED_SET, 0, zone, managed, 0, 0);
}
PF_INLINE void pf_set_reserve(struct pf_ctx *k, uint32_t zone, uint32_t highest, uint32_t pages) {
  k->s->zone[zone].protection[highest] = pages;
  pf_emit(k, PF_EV_RESERVE_SET, highest, zone, pages, 0, 0);
}

/* `pcp` is that CPU's, at hand where this is done. */
PF_INLINE void pf_set_cpu_count(struct pf_ctx *k, struct pf_pcp *pcp, uint32_t zone, uint32_t cpu, uint32_t count) {
  pcp->count = count;
  pf_emit(k, PF_EV_PCP_COUNT_SET, 0, zone, cpu, count, 0);
}
PF_INLINE void pf_set_vm_stat_diff(struct pf_ctx *k, uint32_t zone, uint32_t cpu, int32_t diff) {
  pf_pcp(k->s, zone, cpu)->vm_stat_diff = diff;
  pf_emit(k, PF_EV_VM_STAT_DIFF_SET, 0, zone, cpu, (uint32_t)diff, 0);
}
PF_INLINE void pf_set_free_factor(struct pf_ctx *k, uint32_t zone, uint32_t cpu, uint32_t factor) {
  pf_pcp(k->s, zone, cpu)->free_factor = factor;
  pf_emit(k, PF_EV_FREE_FACTOR_SET, factor, zone, cpu, 0, 0);
}
PF_INLINE void pf_set_pcp_limits(struct pf_ctx *k, uint32_t zone, uint32_t cpu, uint32_t high, uint32_t batch,
                                 uint32_t stat_threshold) {
  struct pf_pcp *pcp = pf_pcp(k->s, zone, cpu);
  pcp->high = high;
  pcp->batch = batch;
  pcp->stat_threshold = stat_threshold;
  pf_emit(k, PF_EV_PCP_LIMITS_SET, cpu, zone, high, batch, stat_threshold);
}

PF_INLINE void pf_set_reserved(struct pf_ctx *k, uint32_t pfn, uint32_t count, bool reserved) {
  pf_flags_fill(k->s, pfn, count, PF_FRAME_RESERVED, reserved ? PF_FRAME_RESERVED : 0);
  pf_emit(k, PF_EV_RESERVED_SET, reserved, 0, pfn, count, 0);
}
PF_INLINE void pf_set_held(struct pf_ctx *k, uint32_t pfn, uint32_t count, uint32_t held) {
  pf_flags_fill(k->s, pfn, count, PF_FRAME_HELD, pf_held_flags(held));
  pf_emit(k, PF_EV_HELD_SET, held, 0, pfn, count, 0);
}
PF_INLINE void pf_set_lru(struct pf_ctx *k, uint32_t pfn, uint32_t count, bool lru) {
  pf_flags_fill(k->s, pfn, count, PF_FRAME_LRU, lru ? PF_FRAME_LRU : 0);
  pf_emit(k, PF_EV_LRU_SET, lru, 0, pfn, count, 0);
}
PF_INLINE void pf_set_counts(struct pf_ctx *k, uint32_t pfn, uint32_t frames, int32_t count) {
  for (uint32_t at = pfn; at < pfn + frames; at++)
    pf_frames(k->s)[at].count = count;
  pf_emit(k, PF_EV_COUNTS_SET, 0, 0, pfn, frames, (uint32_t)count);
}

#endif
