/*
 * The page allocator of Linux 6.1: eleven orders with a free list for each migratetype, pageblocks that say where freed
 * frames go, fallback and stealing between types, the atomic reserve, watermark boost, fourteen per-CPU lists a zone,
 * counters that lag, and the calls that drivers make.
 *
 * The kernel checks frames and lists as it goes: a bad frame is reported and its block lost, a list that does not hang
 * together stops the machine. What it does not check is carried out as it was there.
 *
 * Not modelled: reclaim, compaction, kswapd and the OOM killer (they are asked and do nothing: boost stays, pageblocks
 * do not come back from the atomic reserve, who would wait waits for ever); memory groups, cpusets and policies;
 * __GFP_NOFAIL and real-time callers; limits on dirty pages; zone Movable, contiguous areas, isolation and hot-plug;
 * the boot allocator before it hands over, and deferred initialisation; the ageing of remote per-CPU lists; contention;
 * what frames hold; the messages about failed allocations; machines of fewer than 2560 frames, which have no types.
 */
#include "linux_6_1.h"

#define RESERVE_RIGHTS (PF_RIGHT_NON_BLOCK | PF_RIGHT_MIN_RESERVE | PF_RIGHT_HIGHATOMIC | PF_RIGHT_OOM)

static uint32_t list_number(uint32_t order, uint32_t type) { return order * NR_TYPES + type; }

/* A CPU's list by its number among that CPU's; its counters. */
static uint32_t pcp_list(uint32_t cpu, uint32_t index) { return MAX_ORDER * NR_TYPES + NR_PCP_LISTS * cpu + index; }
PF_INLINE struct pf_pcp *pcp_of(const struct pf_ctx *k, uint32_t z, uint32_t cpu) {
  return (struct pf_pcp *)(void *)((unsigned char *)k->s + k->s->pcp_at) + (size_t)z * k->s->nr_cpus + cpu;
}

static uint32_t zone_of(const struct pf_ctx *k, uint32_t pfn) {
  return pf_frames(k->s)[pfn].flags >> PF_FRAME_ZONE_SHIFT;
}

static uint32_t type_at(const struct pf_ctx *k, uint32_t pfn) { return pf_pageblock(k->s, pfn / PAGEBLOCK); }

static bool has_descriptor(const struct pf_ctx *k, uint32_t pfn) {
  return pfn < k->s->nr_frames && pf_frames(k->s)[pfn].flags & PF_FRAME_PRESENT;
}

static bool is_free(const struct pf_frame *f, uint32_t order) {
  const uint32_t mask = PF_FRAME_FREE | PF_FRAME_FREE_ORDER;
  return (f->flags & mask) == (PF_FRAME_FREE | order << PF_FRAME_FREE_ORDER_SHIFT);
}

/* Is there such a frame in this zone, and is it first of a free block of this order? */
static bool is_free_in_zone(const struct pf_ctx *k, uint32_t z, uint32_t pfn, uint32_t order) {
  return pfn < k->s->nr_frames && is_free(&pf_frames(k->s)[pfn], order) && zone_of(k, pfn) == z;
}

/* --- lists, checked before they are written to --------------------------------------------------------------- */

static uint32_t head_of(const struct pf_ctx *k, uint32_t z, uint32_t list) { return k->s->zone[z].first_head + list; }

static bool is_empty(const struct pf_ctx *k, uint32_t z, uint32_t list) {
  uint32_t head = head_of(k, z, list);
  return pf_frames(k->s)[head].next == head;
}

/* The list check stops the machine. Of several reasons it gives the first. */
static PF_COLD bool add_refused(struct pf_ctx *k, uint32_t pfn, uint32_t prev, uint32_t next) {
  const struct pf_frame *link = pf_frames(k->s);
  if (prev >= k->s->nr_links || next >= k->s->nr_links)
    return pf_bad_link(k, pfn);
  if (link[next].prev != prev)
    return pf_bug(k, PF_BUG_LIST_ADD_NEXT, pfn);
  return pf_bug(k, link[prev].next != next ? PF_BUG_LIST_ADD_PREV : PF_BUG_LIST_ADD_DOUBLE, pfn);
}

static PF_COLD bool del_refused(struct pf_ctx *k, uint32_t pfn) {
  const struct pf_frame *link = pf_frames(k->s);
  uint32_t next = link[pfn].next, prev = link[pfn].prev;
  if (next == PF_POISON)
    return pf_bug(k, PF_BUG_LIST_DEL_POISON1, pfn);
  if (prev == PF_POISON)
    return pf_bug(k, PF_BUG_LIST_DEL_POISON2, pfn);
  if (next >= k->s->nr_links || prev >= k->s->nr_links)
    return pf_bad_link(k, pfn);
  return pf_bug(k, link[prev].next != pfn ? PF_BUG_LIST_DEL_PREV : PF_BUG_LIST_DEL_NEXT, pfn);
}

/* Behind the head, which itself points to who shall be next; the frame's own links are not looked at. */
PF_INLINE bool may_add(const struct pf_ctx *k, uint32_t head, uint32_t pfn) {
  const struct pf_frame *link = pf_frames(k->s);
  uint32_t next = link[head].next;
  return next < k->s->nr_links && link[next].prev == head && next != pfn;
}
PF_INLINE bool may_add_tail(const struct pf_ctx *k, uint32_t head, uint32_t pfn) {
  const struct pf_frame *link = pf_frames(k->s);
  uint32_t prev = link[head].prev;
  return prev < k->s->nr_links && link[prev].next == head && prev != pfn;
}

/* After the check. */
PF_INLINE bool link_first(struct pf_ctx *k, uint32_t z, uint32_t order, uint32_t head, uint32_t pfn) {
  pf_emit(k, PF_EV_LIST_ADD, order, z, pfn, head, 0);
  return pf_ring_add(pf_frames(k->s), k->s->nr_links, pfn, head);
}

static bool list_add(struct pf_ctx *k, uint32_t z, uint32_t order, uint32_t list, uint32_t pfn) {
  uint32_t head = head_of(k, z, list);
  if (!may_add(k, head, pfn))
    return add_refused(k, pfn, head, pf_frames(k->s)[head].next);
  return link_first(k, z, order, head, pfn);
}

static bool list_add_tail(struct pf_ctx *k, uint32_t z, uint32_t order, uint32_t list, uint32_t pfn) {
  uint32_t head = head_of(k, z, list);
  if (!may_add_tail(k, head, pfn))
    return add_refused(k, pfn, pf_frames(k->s)[head].prev, head);
  pf_emit(k, PF_EV_LIST_ADD_TAIL, order, z, pfn, head, 0);
  return pf_ring_add_tail(pf_frames(k->s), k->s->nr_links, pfn, head);
}

/* Unlinking does not ask which list it is; `head` is for the record, PF_NULL where the kernel cannot know. */
PF_INLINE bool may_del(const struct pf_ctx *k, uint32_t pfn) {
  const struct pf_frame *link = pf_frames(k->s);
  uint32_t next = link[pfn].next, prev = link[pfn].prev;
  return next < k->s->nr_links && prev < k->s->nr_links && link[prev].next == pfn && link[next].prev == pfn;
}

/* After the check. */
PF_INLINE bool unlink_frame(struct pf_ctx *k, uint32_t z, uint32_t order, uint32_t head, uint32_t pfn) {
  pf_emit(k, PF_EV_LIST_DEL, order, z, pfn, head, 0);
  return pf_ring_del(pf_frames(k->s), k->s->nr_links, pfn, PF_POISON);
}

static bool list_del(struct pf_ctx *k, uint32_t z, uint32_t order, uint32_t head, uint32_t pfn) {
  return may_del(k, pfn) ? unlink_frame(k, z, order, head, pfn) : del_refused(k, pfn);
}

/* A block goes on a free list, with its mark; or leaves the one that it is on. */
static inline bool add_free(struct pf_ctx *k, uint32_t z, uint32_t order, uint32_t type, uint32_t pfn, bool tail) {
  uint32_t list = list_number(order, type);
  pf_set_free_mark(k, pfn, order);
  if (!(tail ? list_add_tail(k, z, order, list, pfn) : list_add(k, z, order, list, pfn)))
    return false;
  pf_set_nr_free(k, z, order, k->s->zone[z].nr_free[order] + 1);
  return true;
}
static inline bool del_free(struct pf_ctx *k, uint32_t z, uint32_t order, uint32_t head, uint32_t pfn) {
  if (!list_del(k, z, order, head, pfn))
    return false;
  pf_clear_free_mark(k, pfn);
  pf_set_nr_free(k, z, order, k->s->zone[z].nr_free[order] - 1);
  return true;
}

/* From whatever list it is on to the tail of another. */
static bool move_block(struct pf_ctx *k, uint32_t z, uint32_t order, uint32_t type, uint32_t pfn) {
  return list_del(k, z, order, PF_NULL, pfn) && list_add_tail(k, z, order, list_number(order, type), pfn);
}

/* --- the counter of free frames ------------------------------------------------------------------------------------
 */

/* Frames more in the zone (or fewer): the acting CPU keeps small differences to itself. */
static inline void count_free(struct pf_ctx *k, uint32_t z, int32_t frames) {
  const struct pf_pcp *pcp = pcp_of(k, z, k->op->cpu);
  int32_t x = (int32_t)((uint32_t)pcp->vm_stat_diff + (uint32_t)frames);
  int64_t size = x < 0 ? -(int64_t)x : x;
  if (size <= pcp->stat_threshold) {
    pf_set_vm_stat_diff(k, z, k->op->cpu, x);
    return;
  }
  pf_set_free_pages(k, z, k->s->zone[z].free_pages + (uint32_t)x);
  if (pcp->vm_stat_diff != 0)
    pf_set_vm_stat_diff(k, z, k->op->cpu, 0);
}

/* --- bad frames ---------------------------------------------------------------------------------------------- */

#define BAD_FLAGS                                                                                                      \
  (PF_FRAME_FREE | PF_FRAME_MAPPED | PF_FRAME_MAPPING | PF_FRAME_FLAGGED | PF_FRAME_RESERVED | PF_FRAME_CHARGED)

/* The last reason that applies is the one given. */
static PF_COLD void bad_frame(struct pf_ctx *k, uint32_t pfn) {
  const struct pf_frame *f = &pf_frames(k->s)[pfn];
  uint32_t reason = PF_REASON_NONE;
  if (f->flags & (PF_FRAME_FREE | PF_FRAME_MAPPED))
    reason = PF_REASON_MAPCOUNT;
  if (f->flags & PF_FRAME_MAPPING)
    reason = PF_REASON_MAPPING;
  if (f->count != 0)
    reason = PF_REASON_REFCOUNT;
  if (f->flags & (PF_FRAME_FLAGGED | PF_FRAME_RESERVED))
    reason = PF_REASON_FLAGS;
  if (f->flags & PF_FRAME_CHARGED)
    reason = PF_REASON_CHARGED;
  pf_emit(k, PF_EV_WARN_BAD_FRAME, reason, 0, pfn, (uint32_t)f->count, 0);
  if (f->flags & PF_FRAME_FREE)
    pf_clear_free_mark(k, pfn);
  if (f->flags & PF_FRAME_MAPPED)
    pf_set_mapped_clear(k, pfn);
}

static inline bool is_bad(const struct pf_frame *f) { return f->count != 0 || f->flags & BAD_FLAGS; }

/* Reports the frame if it is bad. */
static inline bool report_bad(struct pf_ctx *k, uint32_t pfn) {
  bool bad = is_bad(&pf_frames(k->s)[pfn]);
  if (bad)
    bad_frame(k, pfn);
  return bad;
}

/* Nobody will use the block again. */
static PF_COLD void lose_block(struct pf_ctx *k, uint32_t z, uint32_t pfn, uint32_t order) {
  pf_emit(k, PF_EV_BLOCK_LOST, order, z, pfn, 0, 0);
  for (uint32_t at = pfn; at < pfn + (1u << order) && has_descriptor(k, at); at++)
    pf_emit(k, PF_EV_FRAMES_ARE, PF_STATE_LOST, 0, at, 1, 0);
}

/* A block that left the free lists is looked at up to its first bad frame. */
static inline bool check_new(struct pf_ctx *k, uint32_t z, uint32_t pfn, uint32_t order) {
  for (uint32_t at = pfn, end = pfn + (1u << order); at < end && at < k->s->nr_frames; at++)
    if (report_bad(k, at)) {
      lose_block(k, z, pfn, order);
      return false;
    }
  return true;
}

/* --- taking a block from the free lists ---------------------------------------------------------------------- */

/* What is wanted. */
struct zonelist {
  uint32_t count, node;
  bool is_whole; /* else only the first zone is known */
  uint32_t zone[PF_MAX_NODES * NR_ZONE_TYPES];
};
struct request {
  uint32_t gfp, order, type;
  uint32_t highest; /* zone index that it may go up to */
  uint32_t rights;
  struct zonelist list;
};

/* From the type's own lists, the smallest block that serves; upper halves go back. *pfn is PF_NULL if there is none. */
static inline bool smallest(struct pf_ctx *k, uint32_t z, uint32_t order, uint32_t type, uint32_t *pfn) {
  uint32_t c = order;
  *pfn = PF_NULL;
  while (c < MAX_ORDER && is_empty(k, z, list_number(c, type)))
    c++;
  if (c == MAX_ORDER)
    return true;
  uint32_t head = head_of(k, z, list_number(c, type)), f = pf_frames(k->s)[head].next;
  if (f >= k->s->nr_frames)
    return pf_bad_link(k, f);
  pf_emit(k, PF_EV_BLOCK_FOUND, c, z, f, type, 0);
  if (!del_free(k, z, c, head, f))
    return false;
  while (c > order) {
    uint32_t upper = f + (1u << --c);
    if (!has_descriptor(k, upper)) /* a block that misuse made too long */
      return pf_bad_link(k, upper);
    pf_emit(k, PF_EV_SPLIT, c, z, upper, f, 0);
    if (!add_free(k, z, c, type, upper, false))
      return false;
  }
  pf_remember_type(k, f, type);
  *pfn = f;
  return true;
}

/* The lender whose list of this order is not empty; NR_TYPES: none. */
static uint32_t lender_at(const struct pf_ctx *k, uint32_t z, uint32_t order, uint32_t type) {
  for (uint32_t i = 0; i < NR_LENDERS; i++)
    if (!is_empty(k, z, list_number(order, pf_61_lenders[type][i])))
      return pf_61_lenders[type][i];
  return NR_TYPES;
}

static bool may_steal(uint32_t order, uint32_t type) { return order >= PAGEBLOCK_ORDER / 2 || type != TYPE_MOVABLE; }

/* Where the fallback takes its block: the largest there is, or, if that may not be stolen from, the smallest. False:
 * nobody lends. */
static bool find_loan(const struct pf_ctx *k, uint32_t z, const struct request *want, uint32_t *order, uint32_t *from) {
  bool whole_blocks = want->rights & PF_RIGHT_NOFRAGMENT && want->order < PAGEBLOCK_ORDER;
  uint32_t lowest = whole_blocks ? PAGEBLOCK_ORDER : want->order, c = MAX_ORDER;
  do {
    if (c-- == lowest)
      return false;
    *from = lender_at(k, z, c, want->type);
  } while (*from == NR_TYPES);
  if (!may_steal(c, want->type) && c > want->order)
    for (c = want->order; (*from = lender_at(k, z, c, want->type)) == NR_TYPES; c++)
      ;
  *order = c;
  return true;
}

/* A theft smaller than a pageblock is a bad sign: the marks rise, so that reclaim makes room. */
static void boost_watermark(struct pf_ctx *k, uint32_t z, uint32_t rights) {
  const struct pf_zone *zone = &k->s->zone[z];
  if (k->s->watermark_boost_factor == 0 || zone->managed < 4 * PAGEBLOCK)
    return;
  uint64_t limit = (uint64_t)zone->pages_high * k->s->watermark_boost_factor / 10000;
  if (limit == 0)
    return;
  limit = limit < PAGEBLOCK ? PAGEBLOCK : limit;
  uint64_t boost = (uint64_t)zone->boost + PAGEBLOCK;
  boost = boost < limit ? boost : limit;
  pf_set_boost(k, z, (uint32_t)boost, rights & PF_RIGHT_KSWAPD ? 1 : zone->boosted);
}

/* Every free block of the pageblock of `pfn`, a free block's first frame, moves to the lists of `type`. *free: frames
 * moved; *lru: frames that can be moved on. False: stopped. */
static bool move_free_blocks(struct pf_ctx *k, uint32_t z, uint32_t pfn, uint32_t type, uint32_t *free, uint32_t *lru) {
  const struct pf_zone *zone = &k->s->zone[z];
  uint32_t start = pfn & ~(PAGEBLOCK - 1), end = start + PAGEBLOCK;
  *free = *lru = 0;
  if (start < zone->start_pfn)
    start = pfn;
  if (end > zone->start_pfn + zone->size)
    return true;
  for (uint32_t at = start; at < end;) {
    const struct pf_frame *f = &pf_frames(k->s)[at];
    if (!(f->flags & PF_FRAME_FREE)) {
      *lru += (f->flags & PF_FRAME_LRU) != 0;
      at++;
      continue;
    }
    uint32_t order = (f->flags & PF_FRAME_FREE_ORDER) >> PF_FRAME_FREE_ORDER_SHIFT;
    if (!move_block(k, z, order, type, at))
      return false;
    at += 1u << order;
    *free += 1u << order;
  }
  return true;
}

enum { ALONE_RESERVE, ALONE_WHOLE_BLOCKS, ALONE_TOO_SMALL, ALONE_NOTHING_ELSE };

static bool steal_alone(struct pf_ctx *k, uint32_t z, uint32_t order, uint32_t type, uint32_t pfn, uint32_t why) {
  pf_emit(k, PF_EV_BLOCK_STOLEN, order, z, pfn, type, why);
  return move_block(k, z, order, type, pfn);
}

/* The block at f of `order`, and what goes with it, becomes the type's. False: stopped. */
static bool steal(struct pf_ctx *k, uint32_t z, const struct request *want, uint32_t f, uint32_t order) {
  uint32_t was = type_at(k, f), type = want->type, free, lru;
  if (was == TYPE_HIGHATOMIC)
    return steal_alone(k, z, order, type, f, ALONE_RESERVE);
  if (order >= PAGEBLOCK_ORDER) {
    pf_set_pageblocks(k, f, 1u << (order - PAGEBLOCK_ORDER), type);
    return steal_alone(k, z, order, type, f, ALONE_WHOLE_BLOCKS);
  }
  boost_watermark(k, z, want->rights);
  if (!may_steal(order, type))
    return steal_alone(k, z, order, type, f, ALONE_TOO_SMALL);
  if (!move_free_blocks(k, z, f, type, &free, &lru))
    return false;
  if (free == 0)
    return steal_alone(k, z, order, type, f, ALONE_NOTHING_ELSE);
  uint32_t alike = type == TYPE_MOVABLE ? lru : was == TYPE_MOVABLE ? PAGEBLOCK - free - lru : 0;
  pf_emit(k, PF_EV_PAGEBLOCK_STOLEN, type, z, f & ~(PAGEBLOCK - 1), free, alike);
  if (free + alike >= PAGEBLOCK / 2)
    pf_set_pageblocks(k, f & ~(PAGEBLOCK - 1), 1, type);
  return true;
}

/* No block of the type is left: another type lends. *lent says whether. False: stopped. */
static PF_COLD bool fallback(struct pf_ctx *k, uint32_t z, const struct request *want, bool *lent) {
  uint32_t order, from;
  *lent = find_loan(k, z, want, &order, &from);
  if (!*lent)
    return true;
  uint32_t f = pf_frames(k->s)[head_of(k, z, list_number(order, from))].next;
  if (f >= k->s->nr_frames)
    return pf_bad_link(k, f);
  pf_emit(k, PF_EV_EXTFRAG, want->order, order, f, want->type, from);
  return steal(k, z, want, f, order);
}

/* Where misuse made counters or marks disagree with the lists, the kernel looks for ever. */
static PF_COLD bool hang(struct pf_ctx *k, uint32_t z) {
  pf_emit(k, PF_EV_HANG, 0, k->s->zone[z].node, k->s->zone[z].start_pfn, 0, 0);
  k->result->outcome = PF_OUTCOME_HANG;
  return false;
}

/* A block of the type, its own or lent. What was lent can be taken, unless it had lost its free mark and did not come
 * along. */
static inline bool get(struct pf_ctx *k, uint32_t z, const struct request *want, uint32_t *pfn) {
  bool lent;
  if (!smallest(k, z, want->order, want->type, pfn))
    return false;
  if (*pfn != PF_NULL)
    return true;
  if (!fallback(k, z, want, &lent))
    return false;
  if (!lent) {
    pf_emit(k, PF_EV_ZONE_EMPTY, want->order, z, 0, 0, 0);
    return true;
  }
  return smallest(k, z, want->order, want->type, pfn) && (*pfn != PF_NULL || hang(k, z));
}

/* --- per-CPU lists ------------------------------------------------------------------------------------------- */

static bool is_pcp_order(uint32_t order) { return order < NR_PCP_ORDERS || order == PAGEBLOCK_ORDER; }

/* A CPU's list for blocks of this order and type. The atomic reserve has none. */
static uint32_t pcp_index(uint32_t order, uint32_t type) {
  if (type >= NR_ORDINARY)
    type = TYPE_MOVABLE;
  if (order == PAGEBLOCK_ORDER)
    return NR_PCP_ORDERS * NR_ORDINARY + (type == TYPE_MOVABLE);
  return NR_ORDINARY * order + type;
}

/* Blocks from the free lists to the tail of the CPU's list. What the zone has lost by it is told once. */
static PF_COLD bool refill(struct pf_ctx *k, uint32_t z, const struct request *want, uint32_t index) {
  struct pf_pcp *pcp = pcp_of(k, z, k->op->cpu);
  uint32_t n = pcp->batch, taken = 0, listed = 0, list = pcp_list(k->op->cpu, index), pfn;
  if (n > 1)
    n = n >> want->order > 2 ? n >> want->order : 2;
  pf_emit(k, PF_EV_PCP_LIST_REFILL, index, z, n, pcp->batch, 0);
  for (; taken < n; taken++) {
    if (!get(k, z, want, &pfn))
      return false;
    if (pfn == PF_NULL)
      break;
    if (!check_new(k, z, pfn, want->order))
      continue;
    if (!list_add_tail(k, z, want->order, list, pfn))
      return false;
    pf_emit(k, PF_EV_MOVED, want->order, PF_STATE_PCP, pfn, 0, 0);
    listed++;
  }
  if (listed)
    pf_set_cpu_count(k, pcp, z, k->op->cpu, pcp->count + (listed << want->order));
  if (taken)
    count_free(k, z, -(int32_t)(taken << want->order));
  return true;
}

/* The head of the CPU's list, which is refilled if it is empty. *pfn is PF_NULL if that was no use. */
static bool take_pcp(struct pf_ctx *k, uint32_t z, const struct request *want, uint32_t *pfn) {
  uint32_t cpu = k->op->cpu, index = pcp_index(want->order, want->type), list = pcp_list(cpu, index);
  struct pf_pcp *pcp = pcp_of(k, z, cpu);
  *pfn = PF_NULL;
  if (is_empty(k, z, list) && !refill(k, z, want, index))
    return false;
  if (is_empty(k, z, list))
    return true;
  uint32_t head = head_of(k, z, list), f = pf_frames(k->s)[head].next;
  if (f >= k->s->nr_frames)
    return pf_bad_link(k, f);
  pf_emit(k, PF_EV_PCP_LIST_TAKEN, index, z, f, 0, 0);
  if (!list_del(k, z, want->order, head, f))
    return false;
  pf_set_cpu_count(k, pcp, z, cpu, pcp->count - (1u << want->order));
  *pfn = f;
  return true;
}

/* From the free lists themselves. */
static PF_COLD bool take_direct(struct pf_ctx *k, uint32_t z, const struct request *want, uint32_t *pfn) {
  for (;;) {
    *pfn = PF_NULL;
    if (want->rights & PF_RIGHT_HIGHATOMIC && !smallest(k, z, want->order, TYPE_HIGHATOMIC, pfn))
      return false;
    if (*pfn == PF_NULL && !get(k, z, want, pfn))
      return false;
    if (*pfn == PF_NULL && want->rights & (PF_RIGHT_OOM | PF_RIGHT_NON_BLOCK) &&
        !smallest(k, z, want->order, TYPE_HIGHATOMIC, pfn))
      return false;
    if (*pfn == PF_NULL)
      return true;
    count_free(k, z, -(int32_t)(1u << want->order));
    if (check_new(k, z, *pfn, want->order))
      return true;
  }
}

/* A block of the zone, which passed the test. *pfn is PF_NULL where it has none after all. False: stopped. */
static bool take(struct pf_ctx *k, uint32_t z, const struct request *want, uint32_t *pfn) {
  uint32_t factor = pcp_of(k, z, k->op->cpu)->free_factor;
  *pfn = PF_NULL;
  if (is_pcp_order(want->order)) {
    if (factor)
      pf_set_free_factor(k, z, k->op->cpu, factor / 2);
    if (!take_pcp(k, z, want, pfn))
      return false;
  }
  if (*pfn == PF_NULL && !take_direct(k, z, want, pfn))
    return false;
  if (k->s->zone[z].boosted)
    pf_set_boost(k, z, k->s->zone[z].boost, 0);
  return true;
}

/* --- giving a block back to the free lists ------------------------------------------------------------------- */

/* May blocks of these types merge into more than a pageblock? */
static bool may_join(uint32_t type, uint32_t other) {
  return type == other || (type < NR_ORDINARY && other < NR_ORDINARY);
}

/* A further merge is likely where the next larger buddy is free already. */
static bool upper_buddy_is_free(const struct pf_ctx *k, uint32_t z, uint32_t pfn, uint32_t order, uint32_t *upper) {
  if (order >= MAX_ORDER - 2)
    return false;
  *upper = (pfn & ~(1u << order)) ^ 2u << order;
  return is_free_in_zone(k, z, *upper, order + 1);
}

/* Merges the block upwards while its buddy is free, and lists it as the type: at the head, or at the tail where a
 * further merge is likely, and at boot. */
static bool merge(struct pf_ctx *k, uint32_t z, uint32_t pfn, uint32_t order, uint32_t type, bool tail) {
  uint32_t upper;
  count_free(k, z, (int32_t)(1u << order));
  for (; order < MAX_ORDER - 1; order++) {
    uint32_t buddy = pfn ^ 1u << order;
    if (!is_free_in_zone(k, z, buddy, order)) {
      pf_emit(k, PF_EV_MERGE_ENDS, order, z, pfn, buddy, 0);
      break;
    }
    if (order >= PAGEBLOCK_ORDER && !may_join(type, type_at(k, buddy))) {
      pf_emit(k, PF_EV_MERGE_BARRED, order, z, pfn, buddy, type_at(k, buddy));
      break;
    }
    pf_emit(k, PF_EV_MERGE, order, z, pfn, buddy, 0);
    if (!del_free(k, z, order, PF_NULL, buddy))
      return false;
    pfn &= buddy;
  }
  if (order == MAX_ORDER - 1)
    pf_emit(k, PF_EV_MERGE_ENDS, order, z, pfn, 0, 1);
  if (!tail && upper_buddy_is_free(k, z, pfn, order, &upper)) {
    pf_emit(k, PF_EV_TAIL_CHOSEN, order, z, pfn, upper, 0);
    tail = true;
  }
  return add_free(k, z, order, type, pfn, tail);
}

/* --- draining the CPUs' lists -------------------------------------------------------------------------------- */

/* What is left of a drain, and which lists are still looked at. */
struct drain {
  int64_t left;
  int32_t first, last, at;
};

/* The next list that is not empty, round and round in a range that narrows at its ends. False: there is none. */
static bool next_list(const struct pf_ctx *k, uint32_t z, uint32_t cpu, struct drain *d) {
  while (d->first <= d->last) {
    if (++d->at > d->last)
      d->at = d->first;
    if (!is_empty(k, z, pcp_list(cpu, (uint32_t)d->at)))
      return true;
    if (d->at == d->last)
      d->last--;
    if (d->at == d->first)
      d->first++;
  }
  return false;
}

/* The list's last block goes back to the free lists, as the type that it remembers. */
static bool drain_block(struct pf_ctx *k, uint32_t z, uint32_t cpu, uint32_t index, uint32_t *frames) {
  uint32_t list = pcp_list(cpu, index), order = pf_list_order(k->s, list), head = head_of(k, z, list);
  uint32_t pfn = pf_frames(k->s)[head].prev;
  *frames = 1u << order;
  if (pfn >= k->s->nr_frames)
    return pf_bad_link(k, pfn);
  if (!list_del(k, z, order, head, pfn))
    return false;
  pf_set_cpu_count(k, pcp_of(k, z, cpu), z, cpu, pcp_of(k, z, cpu)->count - *frames);
  if (report_bad(k, pfn)) {
    lose_block(k, z, pfn, order);
    return true;
  }
  if (!merge(k, z, pfn, order, pf_remembered_type(k, pfn), false))
    return false;
  pf_emit(k, PF_EV_MOVED, order, PF_STATE_BUDDY, pfn, 0, 0);
  return true;
}

/* n frames of a CPU's lists, beginning with list `first`. */
static PF_COLD bool drain(struct pf_ctx *k, uint32_t z, uint32_t cpu, int64_t n, uint32_t first) {
  int32_t count = (int32_t)pcp_of(k, z, cpu)->count;
  struct drain d = {n < count ? n : count, 0, NR_PCP_LISTS - 1, (int32_t)first - 1};
  while (d.left > 0) {
    if (!next_list(k, z, cpu, &d))
      return hang(k, z);
    uint32_t index = (uint32_t)d.at, frames;
    pf_emit(k, PF_EV_PCP_LIST_DRAIN, index, z, cpu, (uint32_t)d.left, 0);
    do {
      if (!drain_block(k, z, cpu, index, &frames))
        return false;
      d.left -= frames;
    } while (d.left > 0 && !is_empty(k, z, pcp_list(cpu, index)));
  }
  return true;
}

/* How many frames a CPU keeps to itself: fewer while kswapd is at work. */
static inline int64_t pcp_limit(const struct pf_zone *zone, const struct pf_pcp *pcp) {
  int64_t least = 4 * (int64_t)pcp->batch;
  return zone->reclaim_active && least < pcp->high ? least : pcp->high;
}

/* How many frames a full per-CPU list gives back: twice as many each time nobody took one in between. */
static int64_t overflow_amount(struct pf_ctx *k, uint32_t z, int64_t limit) {
  const struct pf_pcp *pcp = pcp_of(k, z, k->op->cpu);
  int64_t batch = pcp->batch;
  if (limit < batch)
    return 1;
  int64_t n = batch << pcp->free_factor;
  if (n < limit - batch && pcp->free_factor < PF_MAX_FREE_FACTOR)
    pf_set_free_factor(k, z, k->op->cpu, pcp->free_factor + 1);
  n = n > batch ? n : batch;
  return n < limit - batch ? n : limit - batch;
}

/* To the head of the CPU's list for the type of its pageblock; what is too much goes back to the free lists. */
static bool give_pcp(struct pf_ctx *k, uint32_t z, uint32_t pfn, uint32_t order, uint32_t type) {
  struct pf_pcp *pcp = pcp_of(k, z, k->op->cpu);
  uint32_t index = pcp_index(order, type);
  pf_remember_type(k, pfn, type);
  if (!list_add(k, z, order, pcp_list(k->op->cpu, index), pfn))
    return false;
  pf_set_cpu_count(k, pcp, z, k->op->cpu, pcp->count + (1u << order));
  pf_emit(k, PF_EV_TAKEN_BACK, order, PF_STATE_PCP, pfn, 0, 0);
  bool all = pcp->free_factor > 0 && order - 1 < NR_PCP_ORDERS - 1;
  int32_t count = (int32_t)pcp->count;
  int64_t limit = all ? 0 : pcp_limit(&k->s->zone[z], pcp);
  if (count < limit)
    return true;
  int64_t n = all ? count : overflow_amount(k, z, limit);
  pf_emit(k, PF_EV_PCP_OVERFLOW, index, z, (uint32_t)count, (uint32_t)limit, (uint32_t)n);
  return drain(k, z, k->op->cpu, n, index);
}

/* --- freeing ------------------------------------------------------------------------------------------------- */

/* Flags that a frame has only while it is in use: gone, so far as they do not make it bad. */
#define IN_USE_FLAGS (PF_FRAME_RESERVED | PF_FRAME_FLAGGED | PF_FRAME_LRU | PF_FRAME_COMPOUND)
static PF_COLD void clear_flags(struct pf_ctx *k, uint32_t pfn) {
  const struct pf_frame *f = &pf_frames(k->s)[pfn];
  if (f->flags & PF_FRAME_RESERVED)
    pf_set_reserved_clear(k, pfn);
  if (f->flags & PF_FRAME_FLAGGED)
    pf_set_held(k, pfn, 1, pf_held_bits(f->flags) & ~PF_HELD_FLAG);
  if (f->flags & PF_FRAME_LRU)
    pf_set_lru(k, pfn, 1, false);
  if (f->flags & PF_FRAME_COMPOUND)
    pf_clear_compound(k, pfn);
}

/* Are all frames of a block free of other uses? The first is looked at last, and only where no CPU's list will hold the
 * block; every bad one is reported. *good false: the block is lost. False: stopped. */
static bool check_freed(struct pf_ctx *k, uint32_t pfn, uint32_t order, bool *good) {
  *good = true;
  for (uint64_t at = (uint64_t)pfn + 1, end = pfn + ((uint64_t)1 << order); at < end; at++) {
    if (!has_descriptor(k, at < k->s->nr_frames ? (uint32_t)at : PF_NULL))
      return pf_oops(k, PF_BUG_NULL_POINTER, (uint32_t)at);
    if (report_bad(k, (uint32_t)at))
      *good = false;
  }
  if (!is_pcp_order(order) && report_bad(k, pfn))
    *good = false;
  return true;
}

/* Nobody has the block any more, whose first frame there is: to a CPU's list, or to the free lists. False: stopped. */
static bool free_block(struct pf_ctx *k, uint32_t pfn, uint32_t order) {
  bool good;
  uint32_t z = zone_of(k, pfn);
  if (!check_freed(k, pfn, order, &good))
    return false;
  if (!good) {
    pf_emit(k, PF_EV_BLOCK_LOST, order, z, pfn, 0, 0);
    return true;
  }
  if (order >= MAX_ORDER) /* there is no such list: whatever lies behind the last one is written to */
    return pf_oops(k, PF_BUG_NULL_POINTER, pfn);
  for (uint32_t at = pfn; at < pfn + (1u << order); at++)
    if (pf_frames(k->s)[at].flags & IN_USE_FLAGS)
      clear_flags(k, at);
  uint32_t type = type_at(k, pfn);
  if (is_pcp_order(order))
    return give_pcp(k, z, pfn, order, type);
  if (!merge(k, z, pfn, order, type, false))
    return false;
  pf_emit(k, PF_EV_TAKEN_BACK, order, PF_STATE_BUDDY, pfn, 0, 0);
  return true;
}

/* Somebody holds the first frame: the others are freed at once, in halves. */
static PF_COLD bool free_rest(struct pf_ctx *k, uint32_t pfn, uint32_t order, int32_t count) {
  pf_emit(k, PF_EV_REST_FREED, order, 0, pfn, (uint32_t)count, 0);
  pf_emit(k, PF_EV_BLOCK_CUT, 0, 0, pfn, 0, 0);
  while (order-- > 0) {
    uint64_t piece = (uint64_t)pfn + ((uint64_t)1 << order);
    if (!has_descriptor(k, piece < k->s->nr_frames ? (uint32_t)piece : PF_NULL))
      return pf_oops(k, PF_BUG_NULL_POINTER, (uint32_t)piece);
    pf_emit(k, PF_EV_BLOCK_CUT, order, order, (uint32_t)piece, 0, 0);
    pf_emit(k, PF_EV_GIVEN_UP, order, 0, (uint32_t)piece, k->claim, 0);
    if (!free_block(k, (uint32_t)piece, order))
      return false;
  }
  return true;
}

/* The kernel's own blocks: nothing else refers to them, whatever the run's beginning said. */
static PF_COLD void own_last_reference(struct pf_ctx *k, uint32_t pfn, uint32_t order) {
  uint64_t end = pfn + ((uint64_t)1 << order);
  uint32_t count = (uint32_t)(end < k->s->nr_frames ? end : k->s->nr_frames) - pfn;
  pf_set_counts(k, pfn, count, 0);
  pf_set_count(k, pfn, 1);
}

/* Drops a reference to the first frame. *count: those that are left. */
static void drop_reference(struct pf_ctx *k, uint32_t pfn, uint32_t order, int32_t *count) {
  if (k->op->task & PF_TASK_KERNEL)
    own_last_reference(k, pfn, order);
  *count = (int32_t)((uint32_t)pf_frames(k->s)[pfn].count - 1);
  pf_set_count(k, pfn, *count);
  if (*count == 0)
    pf_emit(k, PF_EV_GIVEN_UP, order, 0, pfn, k->claim, 0);
}

static PF_COLD bool free_pages(struct pf_ctx *k, uint32_t pfn, uint32_t order) {
  int32_t count;
  if (!has_descriptor(k, pfn))
    return pf_oops(k, PF_BUG_NULL_POINTER, pfn);
  bool compound = pf_frames(k->s)[pfn].flags & PF_FRAME_COMPOUND;
  drop_reference(k, pfn, order, &count);
  if (count == 0)
    return free_block(k, pfn, order);
  if (!compound && order > 0)
    return free_rest(k, pfn, order, count);
  pf_emit(k, PF_EV_FREE_IGNORED, 0, 0, pfn, (uint32_t)count, 0);
  return true;
}

/* What free_pages comes to for most single frames: nobody else has it, nothing is odd about it, and the CPU's list
 * takes it without being too much. False: it is not so, and nothing was done. */
PF_INLINE bool free_by_hand(struct pf_ctx *k, uint32_t pfn) {
  const struct pf_frame *f = &pf_frames(k->s)[pfn];
  if (!has_descriptor(k, pfn) || f->count != 1 || f->flags & IN_USE_FLAGS || k->op->task & PF_TASK_KERNEL)
    return false;
  uint32_t z = zone_of(k, pfn), cpu = k->op->cpu, type = type_at(k, pfn);
  uint32_t head = head_of(k, z, pcp_list(cpu, pcp_index(0, type)));
  struct pf_pcp *pcp = pcp_of(k, z, cpu);
  if (!may_add(k, head, pfn) || (int32_t)pcp->count + 1 >= pcp_limit(&k->s->zone[z], pcp))
    return false;
  pf_set_count(k, pfn, 0);
  pf_emit(k, PF_EV_GIVEN_UP, 0, 0, pfn, k->claim, 0);
  pf_remember_type(k, pfn, type);
  link_first(k, z, 0, head, pfn);
  pf_set_cpu_count(k, pcp, z, cpu, pcp->count + 1);
  pf_emit(k, PF_EV_TAKEN_BACK, 0, PF_STATE_PCP, pfn, 0, 0);
  return true;
}

bool pf_61_free_to_tail(struct pf_ctx *k, uint32_t pfn, uint32_t order) {
  if (!has_descriptor(k, pfn) || !has_descriptor(k, pfn + (1u << order) - 1))
    return pf_oops(k, PF_BUG_NULL_POINTER, pfn);
  uint32_t z = zone_of(k, pfn);
  pf_set_reserved(k, pfn, 1u << order, false);
  pf_set_counts(k, pfn, 1u << order, 0);
  pf_set_managed(k, z, k->s->zone[z].managed + (1u << order));
  if (!merge(k, z, pfn, order, type_at(k, pfn), true))
    return false;
  pf_emit(k, PF_EV_TAKEN_BACK, order, PF_STATE_BUDDY, pfn, 0, 0);
  return true;
}

/* --- the zones to try ---------------------------------------------------------------------------------------- */

/* The nearest node that is left, nodes of a higher number first; ties are spread by a load that grows where a node is
 * the first choice of another. */
static uint32_t nearest_node(uint32_t nr_nodes, uint32_t from, const bool *taken, const uint32_t *load) {
  uint32_t best = from, least = UINT32_MAX;
  for (uint32_t to = 0; to < nr_nodes; to++) {
    uint32_t cost = (20u + (to < from)) * 1024 + load[to];
    if (!taken[to] && cost < least) {
      best = to;
      least = cost;
    }
  }
  return best;
}

void pf_61_node_order(const struct pf_structs *s, uint32_t node, uint32_t *order) {
  uint32_t load[PF_MAX_NODES] = {0};
  for (uint32_t from = 0; from <= node; from++) {
    bool taken[PF_MAX_NODES] = {false};
    taken[from] = true;
    order[0] = from;
    for (uint32_t i = 1; i < s->nr_nodes; i++) {
      order[i] = nearest_node(s->nr_nodes, from, taken, load);
      taken[order[i]] = true;
      load[order[i]] += i == 1; /* those after it are just as far away */
    }
  }
}

/* The node's zones from type `highest` down. */
static void add_node(const struct pf_ctx *k, struct zonelist *list, uint32_t node, uint32_t highest) {
  for (uint32_t type = highest + 1; type-- > 0;)
    if (k->s->zone[node * NR_ZONE_TYPES + type].managed)
      list->zone[list->count++] = node * NR_ZONE_TYPES + type;
}

static PF_COLD void add_others(const struct pf_ctx *k, struct request *want) {
  struct zonelist *list = &want->list;
  uint32_t order[PF_MAX_NODES], highest = want->highest < ZONE_NORMAL ? want->highest : ZONE_NORMAL;
  pf_61_node_order(k->s, list->node, order);
  list->count = 0;
  for (uint32_t i = 0; i < (want->gfp & GFP_BIT_THISNODE ? 1 : k->s->nr_nodes); i++)
    add_node(k, list, order[i], highest);
  list->is_whole = true;
}

/* The zone that is to be tried as number `i`; false: there are no more. Most requests end with the first zone, so that
 * the others are looked for only then. */
static bool candidate(const struct pf_ctx *k, struct request *want, uint32_t i, uint32_t *z) {
  if (i >= want->list.count && !want->list.is_whole)
    add_others(k, want);
  *z = want->list.zone[i < want->list.count ? i : 0];
  return i < want->list.count;
}

/* By the bits MOVABLE and RECLAIMABLE, which are the type's number; both at once are the caller's error. */
static uint32_t type_of(uint32_t gfp) {
  uint32_t type = gfp / GFP_BIT_MOVABLE & 3;
  return type < NR_ORDINARY ? type : TYPE_MOVABLE;
}

/* By the bits DMA, HIGHMEM, DMA32 and MOVABLE: up to zone Movable, which is empty, only with HIGHMEM and MOVABLE. */
static uint32_t highest_zone(uint32_t gfp) {
  static const uint8_t highest[] = {2, 0, 2, 0, 1, 0, 1, 0, 2, 0, 3, 0, 1, 0, 1, 0};
  return highest[gfp & (GFP_BIT_DMA | GFP_BIT_HIGHMEM | GFP_BIT_DMA32 | GFP_BIT_MOVABLE)];
}

/* The node that the call names, or the acting CPU's; its highest zone that is not empty, NULL if there is none. */
PF_INLINE uint32_t node_for(const struct pf_ctx *k, uint64_t node) {
  return node == UINT64_MAX ? pf_cpu_node(k->machine, k->op->cpu) : (uint32_t)node;
}
PF_INLINE const struct pf_zone *preferred_zone(const struct pf_ctx *k, uint32_t node, uint32_t highest) {
  uint32_t first = node * NR_ZONE_TYPES;
  const struct pf_zone *lowest = &k->s->zone[first];
  const struct pf_zone *zone = lowest + (highest < ZONE_NORMAL ? highest : ZONE_NORMAL);
  while (!zone->managed)
    if (zone-- == lowest)
      return NULL;
  return zone;
}
PF_INLINE uint32_t zone_number(const struct pf_ctx *k, const struct pf_zone *zone) {
  return (uint32_t)(zone - k->s->zone);
}

/* False: nobody could ever serve it. */
static bool prepare(const struct pf_ctx *k, struct request *want, uint32_t gfp, uint32_t order, uint64_t node) {
  uint32_t z;
  const struct pf_zone *zone;
  want->gfp = gfp;
  want->order = order;
  want->type = type_of(gfp);
  want->highest = highest_zone(gfp);
  want->rights = 0;
  want->list.node = node_for(k, node);
  want->list.is_whole = false;
  zone = preferred_zone(k, want->list.node, want->highest);
  want->list.zone[0] = zone ? zone_number(k, zone) : PF_NULL;
  want->list.count = zone != NULL;
  return order < MAX_ORDER && candidate(k, want, 0, &z);
}

/* --- watermarks ---------------------------------------------------------------------------------------------- */

enum { TOO_FEW, PASSED, NO_BLOCK };

/* Is there a block of this order or a higher one on a list that the request may use in the end? */
static bool has_block(const struct pf_ctx *k, uint32_t z, uint32_t order, uint32_t rights) {
  uint32_t types = rights & (PF_RIGHT_HIGHATOMIC | PF_RIGHT_OOM) ? TYPE_HIGHATOMIC + 1 : NR_ORDINARY;
  for (; order < MAX_ORDER; order++)
    for (uint32_t type = 0; type < types; type++)
      if (!is_empty(k, z, list_number(order, type)))
        return true;
  return false;
}

/* What of the mark the rights leave. */
static uint64_t mark_left(uint64_t min, uint32_t rights) {
  if (rights & PF_RIGHT_MIN_RESERVE) {
    min -= min / 2;
    if (rights & PF_RIGHT_NON_BLOCK)
      min -= min / 4;
  }
  return rights & PF_RIGHT_OOM ? min - min / 2 : min;
}

PF_INLINE bool passes(struct pf_ctx *k, uint32_t z, uint32_t rights, uint32_t order, uint32_t highest, uint32_t mark,
                      uint32_t boost) {
  const struct pf_zone *zone = &k->s->zone[z];
  uint32_t set_aside = rights & RESERVE_RIGHTS ? 0 : zone->nr_reserved_highatomic, result = PASSED;
  uint64_t min = mark_left((uint64_t)mark + boost, rights);
  int64_t free = (int32_t)zone->free_pages < 0 ? 0 : (int32_t)zone->free_pages;
  free -= ((int64_t)1 << order) - 1 + (int64_t)set_aside;
  if (free <= (int64_t)(min + zone->protection[highest]))
    result = TOO_FEW;
  else if (order > 0 && !has_block(k, z, order, rights))
    result = NO_BLOCK;
  if (rights & RESERVE_RIGHTS || boost || set_aside)
    pf_emit(k, PF_EV_MARK_RULE, rights, z, mark, boost, set_aside);
  pf_emit(k, PF_EV_MARK_TESTED, result, z, (uint32_t)(int32_t)free, (uint32_t)min, zone->protection[highest]);
  return result == PASSED;
}

/* Tests the zone with its low or its min mark. A single frame that may not wait is let in past the boost. */
static bool may_give(struct pf_ctx *k, uint32_t z, const struct request *want, bool low) {
  const struct pf_zone *zone = &k->s->zone[z];
  uint32_t rights = want->rights;
  if (low) /* no reserve is open yet */
    return passes(k, z, rights & ~RESERVE_RIGHTS, want->order, want->highest, zone->pages_low, zone->boost);
  if (passes(k, z, rights, want->order, want->highest, zone->pages_min, zone->boost))
    return true;
  return want->order == 0 && want->gfp & GFP_BIT_ATOMIC && zone->boost != 0 &&
         passes(k, z, rights, 0, want->highest, zone->pages_min, 0);
}

/* --- the request --------------------------------------------------------------------------------------------- */

/* A big atomic request that was served has its whole pageblock set aside, for the next one. */
static PF_COLD bool set_aside(struct pf_ctx *k, uint32_t z, uint32_t pfn) {
  uint32_t reserved = k->s->zone[z].nr_reserved_highatomic, free, lru;
  if (reserved >= k->s->zone[z].managed / HIGHATOMIC_SHARE + PAGEBLOCK || type_at(k, pfn) >= NR_ORDINARY)
    return true;
  pf_set_highatomic(k, z, reserved + PAGEBLOCK);
  pf_set_pageblocks(k, pfn & ~(PAGEBLOCK - 1), 1, TYPE_HIGHATOMIC);
  return move_free_blocks(k, z, pfn, TYPE_HIGHATOMIC, &free, &lru);
}

static bool hand_out(struct pf_ctx *k, uint32_t z, const struct request *want, uint32_t pfn) {
  pf_set_count(k, pfn, 1);
  if (want->gfp & GFP_BIT_COMP && want->order > 0)
    pf_set_compound(k, pfn, want->order);
  return !(want->rights & PF_RIGHT_HIGHATOMIC) || set_aside(k, z, pfn);
}

static uint32_t node_of(const struct pf_ctx *k, uint32_t z) { return k->s->zone[z].node; }

/* One pass over the zones. *pfn is PF_NULL if none gave. False: stopped. */
static bool walk(struct pf_ctx *k, struct request *want, bool low, uint32_t *pfn) {
  uint32_t z;
  *pfn = PF_NULL;
  for (uint32_t i = 0;; i++) {
    bool more = candidate(k, want, i, &z);
    if (!more && !(want->rights & PF_RIGHT_NOFRAGMENT))
      return true;
    if (want->rights & PF_RIGHT_NOFRAGMENT && (!more || node_of(k, z) != node_of(k, want->list.zone[0]))) {
      want->rights &= ~PF_RIGHT_NOFRAGMENT;
      pf_emit(k, PF_EV_NOFRAGMENT_DROPPED, 0, want->list.zone[0], 0, 0, 0);
      i = UINT32_MAX; /* from the first zone again */
      continue;
    }
    if (!may_give(k, z, want, low) && !(want->rights & PF_RIGHT_NO_WATERMARKS))
      continue;
    if (!take(k, z, want, pfn))
      return false;
    if (*pfn != PF_NULL)
      return hand_out(k, z, want, *pfn);
  }
}

static uint32_t fast_rights(const struct pf_ctx *k, const struct request *want) {
  uint32_t rights = want->gfp & GFP_BIT_KSWAPD_RECLAIM ? PF_RIGHT_KSWAPD : 0, preferred = want->list.zone[0];
  const struct pf_zone *zone = &k->s->zone[preferred];
  if (zone->type == ZONE_NORMAL && (k->s->nr_nodes == 1 || zone[-1].managed))
    rights |= PF_RIGHT_NOFRAGMENT;
  return rights;
}

static uint32_t slow_rights(const struct request *want) {
  uint32_t rights = want->gfp & GFP_BIT_KSWAPD_RECLAIM ? PF_RIGHT_KSWAPD : 0;
  if (want->gfp & GFP_BIT_HIGH)
    rights |= PF_RIGHT_MIN_RESERVE;
  if (!(want->gfp & (GFP_BIT_DIRECT_RECLAIM | GFP_BIT_NOMEMALLOC)))
    rights |= PF_RIGHT_NON_BLOCK;
  if (rights & PF_RIGHT_NON_BLOCK && rights & PF_RIGHT_MIN_RESERVE && want->order > 0)
    rights |= PF_RIGHT_HIGHATOMIC;
  return rights;
}

/* What the caller may, whatever the request says. */
static uint32_t reserve_rights(const struct pf_ctx *k, uint32_t gfp) {
  if (gfp & GFP_BIT_NOMEMALLOC)
    return 0;
  if (gfp & GFP_BIT_MEMALLOC || k->op->task & PF_TASK_MEMALLOC)
    return PF_RIGHT_NO_WATERMARKS;
  return k->op->task & PF_TASK_OOM_VICTIM ? PF_RIGHT_OOM : 0;
}

static bool walk_again(struct pf_ctx *k, struct request *want, uint32_t pass, uint32_t *pfn) {
  pf_emit(k, PF_EV_WALK_BEGINS, pass, want->list.zone[0], want->rights, 0, 0);
  return walk(k, want, false, pfn);
}

/* Reclaim is asked and frees nothing. Small requests ask again and again, unless they said that they would not. */
static bool would_wait(struct pf_ctx *k, const struct request *want) {
  pf_emit(k, PF_EV_RECLAIM_ASKED, want->order, want->list.zone[0], 0, 0, 0);
  if (want->order > 3 || want->gfp & (GFP_BIT_NORETRY | GFP_BIT_RETRY_MAYFAIL))
    return true;
  pf_emit(k, PF_EV_STALL, want->order, 0, 0, 0, 0);
  k->result->outcome = PF_OUTCOME_STALL;
  return false;
}

/* Below the low marks. False: the kernel stopped, or would wait for ever. */
static PF_COLD bool alloc_slow(struct pf_ctx *k, struct request *want, uint32_t *pfn) {
  if (want->gfp & GFP_BIT_DIRECT_RECLAIM)
    want->gfp &= ~GFP_BIT_ATOMIC;
  want->rights = slow_rights(want);
  if (want->rights & PF_RIGHT_KSWAPD)
    pf_emit(k, PF_EV_KSWAPD_WOKEN, 0, want->list.zone[0], 0, 0, 0);
  if (!walk_again(k, want, 2, pfn) || *pfn != PF_NULL)
    return k->result->outcome == PF_OUTCOME_DONE;
  uint32_t rights = reserve_rights(k, want->gfp);
  if (rights)
    want->rights = (want->rights & PF_RIGHT_KSWAPD) | rights;
  if (rights & PF_RIGHT_NO_WATERMARKS)
    pf_emit(k, PF_EV_LIMITS_LIFTED, 0, want->list.zone[0], 0, 0, 0);
  if (!walk_again(k, want, 3, pfn) || *pfn != PF_NULL)
    return k->result->outcome == PF_OUTCOME_DONE;
  return !(want->gfp & GFP_BIT_DIRECT_RECLAIM) || k->op->task & PF_TASK_MEMALLOC || would_wait(k, want);
}

/* A prepared request. The first frame; PF_NULL with the outcome saying why. */
static uint32_t serve(struct pf_ctx *k, struct request *want) {
  uint32_t pfn = PF_NULL, gfp = want->gfp;
  want->rights = fast_rights(k, want);
  if (!walk(k, want, true, &pfn) || (pfn == PF_NULL && !alloc_slow(k, want, &pfn)))
    return PF_NULL;
  if (pfn == PF_NULL)
    k->result->outcome = PF_OUTCOME_FAILED;
  else
    pf_emit(k, PF_EV_HANDED_OUT, want->order, 0, pfn, gfp, 0);
  return pfn;
}

static uint32_t alloc_pages(struct pf_ctx *k, uint32_t gfp, uint32_t order, uint64_t node) {
  struct request want;
  if (prepare(k, &want, gfp, order, node))
    return serve(k, &want);
  k->result->outcome = PF_OUTCOME_FAILED;
  return PF_NULL;
}

/* Has the zone single frames above its low mark, with no boost to tell of? */
PF_INLINE bool has_plenty(const struct pf_zone *zone, uint32_t highest) {
  uint64_t kept = (uint64_t)zone->pages_low + zone->boost + zone->protection[highest] + zone->nr_reserved_highatomic;
  return (int32_t)zone->free_pages > (int64_t)kept && !zone->boosted;
}

/* What alloc_pages comes to for most single frames: the zone that the request prefers has plenty, and the CPU has a
 * frame of it in its list, after no overflow. PF_NULL: it is not so, and nothing was done. */
PF_INLINE uint32_t alloc_by_hand(struct pf_ctx *k, uint32_t gfp, uint64_t node) {
  uint32_t highest = highest_zone(gfp), index = pcp_index(0, type_of(gfp)), cpu = k->op->cpu;
  const struct pf_zone *zone = preferred_zone(k, node_for(k, node), highest);
  if (!zone || !has_plenty(zone, highest))
    return PF_NULL;
  uint32_t z = zone_number(k, zone), head = zone->first_head + pcp_list(cpu, index), pfn = pf_frames(k->s)[head].next;
  struct pf_pcp *pcp = pcp_of(k, z, cpu);
  if (pfn >= k->s->nr_frames || !may_del(k, pfn) || pcp->free_factor)
    return PF_NULL;
  passes(k, z, 0, 0, highest, zone->pages_low, zone->boost); /* as is known; for the record */
  pf_emit(k, PF_EV_PCP_LIST_TAKEN, index, z, pfn, 0, 0);
  unlink_frame(k, z, 0, head, pfn);
  pf_set_cpu_count(k, pcp, z, cpu, pcp->count - 1);
  pf_set_count(k, pfn, 1);
  pf_emit(k, PF_EV_HANDED_OUT, 0, 0, pfn, gfp, 0);
  return pfn;
}

/* --- many frames at once ------------------------------------------------------------------------------------- */

/* The zone of the preferred zone's node that can give n frames and stay above its mark; PF_NULL: none. */
static uint32_t bulk_zone(struct pf_ctx *k, struct request *want, uint32_t n) {
  uint32_t preferred = want->list.zone[0], z;
  for (uint32_t i = 0; candidate(k, want, i, &z) && node_of(k, z) == node_of(k, preferred); i++)
    if (passes(k, z, 0, 0, preferred % NR_ZONE_TYPES, k->s->zone[z].pages_low + n, k->s->zone[z].boost))
      return z;
  return PF_NULL;
}

/* How many frames the CPU's list gave, n at most. False: stopped. */
static bool take_bulk(struct pf_ctx *k, uint32_t z, const struct request *want, uint32_t n, uint32_t *taken) {
  uint32_t pfn;
  for (*taken = 0; *taken < n; ++*taken) {
    if (!take_pcp(k, z, want, &pfn))
      return false;
    if (pfn == PF_NULL)
      return true;
    pf_set_count(k, pfn, 1);
    pf_emit(k, PF_EV_HANDED_OUT, 0, 0, pfn, want->gfp, 0);
  }
  return true;
}

void pf_61_op_alloc_pages_bulk(struct pf_ctx *k, const uint64_t *arg) {
  struct request want;
  uint32_t n = (uint32_t)arg[1], taken = 0, z = PF_NULL;
  if (n > 0 && prepare(k, &want, (uint32_t)arg[0], 0, arg[2])) {
    if (n > 1)
      z = bulk_zone(k, &want, n);
    if (z != PF_NULL && !take_bulk(k, z, &want, n, &taken))
      return;
    if (taken == 0) /* the ordinary way, for one */
      taken = alloc_pages(k, (uint32_t)arg[0], 0, arg[2]) != PF_NULL;
  }
  if (k->result->outcome == PF_OUTCOME_FAILED)
    k->result->outcome = PF_OUTCOME_DONE; /* an empty array is an answer */
  if (k->result->outcome == PF_OUTCOME_DONE)
    pf_return(k, PF_RESULT_PFNS, taken);
}

/* --- marks, reserves, limits --------------------------------------------------------------------------------- */

/* The highest number whose square is no more. */
static uint32_t square_root(uint64_t x) {
  uint64_t root = 0;
  for (uint64_t bit = (uint64_t)1 << 31; bit; bit >>= 1)
    if ((root + bit) * (root + bit) <= x)
      root += bit;
  return (uint32_t)root;
}

/* The number of the highest bit that is set, from 1. */
static uint32_t last_bit(uint32_t x) { return x ? 32 - (uint32_t)__builtin_clz(x) : 0; }

static uint64_t managed_frames(const struct pf_structs *s) {
  uint64_t frames = 0;
  for (uint32_t z = 0; z < s->nr_zones; z++)
    frames += s->zone[z].managed;
  return frames;
}

static uint32_t at_most(uint64_t x, uint32_t most) { return x < most ? (uint32_t)x : most; }

static void set_zone_marks(struct pf_ctx *k, uint32_t z) {
  struct pf_zone *zone = &k->s->zone[z];
  uint64_t m = (uint64_t)(k->s->min_free_kbytes / 4) * zone->managed / managed_frames(k->s);
  uint64_t step = (uint64_t)zone->managed * k->s->watermark_scale_factor / 10000;
  step = step < m / 4 ? m / 4 : step;
  zone->pages_min = at_most(m, INT32_MAX);
  zone->pages_low = at_most(m + step, INT32_MAX);
  zone->pages_high = at_most(m + 2 * step, INT32_MAX);
  pf_emit(k, PF_EV_ZONE_MARKS_SET, 0, z, zone->pages_min, zone->pages_low, zone->pages_high);
  pf_set_boost(k, z, 0, zone->boosted);
}

/* The CPUs that belong to the zone's node; all where it has none. */
static uint32_t cpus_of_zone(const struct pf_ctx *k, uint32_t z) {
  uint32_t cpus = 0;
  for (uint32_t cpu = 0; cpu < k->s->nr_cpus; cpu++)
    cpus += pf_cpu_node(k->machine, cpu) == k->s->zone[z].node;
  return cpus ? cpus : pf_nr_cpus(k->machine);
}

static uint32_t pcp_batch(uint32_t managed) {
  uint32_t batch = at_most(managed / 1024, 256) / 4;
  batch = batch < 1 ? 1 : batch;
  uint32_t bits = last_bit(batch + batch / 2);
  return bits > 1 ? (1u << (bits - 1)) - 1 : 1;
}

/* What the CPUs' lists of the zone may hold. */
static void set_zone_limits(struct pf_ctx *k, uint32_t z) {
  const struct pf_zone *zone = &k->s->zone[z];
  uint32_t batch = pcp_batch(zone->managed), fraction = k->s->percpu_pagelist_high_fraction;
  uint32_t high = (fraction ? zone->managed / fraction : zone->pages_low) / cpus_of_zone(k, z);
  high = high < 4 * batch ? 4 * batch : high;
  for (uint32_t cpu = 0; cpu < k->s->nr_cpus; cpu++)
    pf_set_pcp_limits(k, z, cpu, high, batch, pcp_of(k, z, cpu)->stat_threshold);
}

/* Marks first: the limits come from them. */
static void set_marks(struct pf_ctx *k) {
  for (uint32_t z = 0; z < k->s->nr_zones; z++)
    if (k->s->zone[z].managed) {
      set_zone_marks(k, z);
      set_zone_limits(k, z);
    }
}

/* What each zone keeps from requests that could have had a higher zone of the node. */
static void set_reserves(struct pf_ctx *k, uint32_t z) {
  uint32_t ratio = k->s->zone[z].type == ZONE_NORMAL ? 32 : 256, above = 0;
  for (uint32_t highest = k->s->zone[z].type + 1; highest < NR_ZONE_INDICES; highest++) {
    if (highest < NR_ZONE_TYPES)
      above += k->s->zone[z + highest - k->s->zone[z].type].managed;
    pf_set_reserve(k, z, highest, above / ratio);
  }
}

static void set_thresholds(struct pf_ctx *k, uint32_t z) {
  uint32_t threshold = 2 * last_bit(k->s->nr_cpus) * (1 + last_bit(k->s->zone[z].managed / 32768));
  for (uint32_t cpu = 0; cpu < k->s->nr_cpus; cpu++) {
    const struct pf_pcp *pcp = pcp_of(k, z, cpu);
    pf_set_pcp_limits(k, z, cpu, pcp->high, pcp->batch, at_most(threshold, 125));
  }
}

static void set_min_free_kbytes(struct pf_ctx *k, uint32_t kbytes) {
  k->s->min_free_kbytes = kbytes;
  pf_emit(k, PF_EV_SYSCTLS_SET, 0, 0, kbytes, k->s->lower_zone_protection, 0);
}

static void set_tunables(struct pf_ctx *k, uint32_t boost_factor, uint32_t scale_factor, uint32_t high_fraction) {
  k->s->watermark_boost_factor = boost_factor;
  k->s->watermark_scale_factor = scale_factor;
  k->s->percpu_pagelist_high_fraction = high_fraction;
  pf_emit(k, PF_EV_TUNABLES_SET, 0, 0, boost_factor, scale_factor, high_fraction);
}

void pf_61_init_marks(struct pf_ctx *k) {
  uint32_t kbytes = square_root(managed_frames(k->s) * (PF_PAGE_SIZE / 1024) * 16);
  set_min_free_kbytes(k, kbytes < 128 ? 128 : at_most(kbytes, 262144));
  set_tunables(k, 15000, 10, 0);
  set_marks(k);
  for (uint32_t z = 0; z < k->s->nr_zones; z++)
    if (k->s->zone[z].managed) {
      set_reserves(k, z);
      set_thresholds(k, z);
    }
}

void pf_61_op_set_min_free_kbytes(struct pf_ctx *k, const uint64_t *arg) {
  set_min_free_kbytes(k, (uint32_t)arg[0]);
  set_marks(k);
}
void pf_61_op_set_watermark_boost_factor(struct pf_ctx *k, const uint64_t *arg) {
  set_tunables(k, (uint32_t)arg[0], k->s->watermark_scale_factor, k->s->percpu_pagelist_high_fraction);
}
void pf_61_op_set_watermark_scale_factor(struct pf_ctx *k, const uint64_t *arg) {
  set_tunables(k, k->s->watermark_boost_factor, (uint32_t)arg[0], k->s->percpu_pagelist_high_fraction);
  set_marks(k);
}
void pf_61_op_set_percpu_pagelist_high_fraction(struct pf_ctx *k, const uint64_t *arg) {
  set_tunables(k, k->s->watermark_boost_factor, k->s->watermark_scale_factor, (uint32_t)arg[0]);
  set_marks(k);
}

/* --- operations: what drivers call --------------------------------------------------------------------------- */

static void return_page(struct pf_ctx *k, uint32_t pfn) {
  if (pfn != PF_NULL)
    pf_return(k, PF_RESULT_PFN, pfn);
}
static void return_address(struct pf_ctx *k, uint32_t pfn) {
  if (pfn != PF_NULL)
    pf_return(k, PF_RESULT_ADDR, (uint64_t)pfn << PF_PAGE_SHIFT);
}

static PF_COLD void alloc_and_return(struct pf_ctx *k, uint32_t gfp, uint32_t order, uint64_t node) {
  return_page(k, alloc_pages(k, gfp, order, node));
}
void pf_61_op_alloc_pages(struct pf_ctx *k, const uint64_t *arg) {
  uint32_t gfp = (uint32_t)arg[0], order = (uint32_t)arg[1];
  uint32_t pfn = order == 0 ? alloc_by_hand(k, gfp, arg[2]) : PF_NULL;
  if (pfn != PF_NULL)
    pf_return(k, PF_RESULT_PFN, pfn);
  else
    alloc_and_return(k, gfp, order, arg[2]);
}
void pf_61_op_alloc_pages_node(struct pf_ctx *k, const uint64_t *arg) {
  alloc_and_return(k, (uint32_t)arg[1], (uint32_t)arg[2], arg[0]);
}
void pf_61_op_alloc_page(struct pf_ctx *k, const uint64_t *arg) {
  alloc_and_return(k, (uint32_t)arg[0], 0, UINT64_MAX);
}

/* The address of a frame is all that the caller gets, so memory without one is not asked for. */
static uint32_t lowmem(uint64_t gfp) { return (uint32_t)gfp & ~GFP_BIT_HIGHMEM; }

void pf_61_op_get_free_pages(struct pf_ctx *k, const uint64_t *arg) {
  return_address(k, alloc_pages(k, lowmem(arg[0]), (uint32_t)arg[1], UINT64_MAX));
}
void pf_61_op_get_free_page(struct pf_ctx *k, const uint64_t *arg) {
  return_address(k, alloc_pages(k, lowmem(arg[0]), 0, UINT64_MAX));
}
void pf_61_op_get_dma_pages(struct pf_ctx *k, const uint64_t *arg) {
  return_address(k, alloc_pages(k, lowmem(arg[0]) | GFP_BIT_DMA, (uint32_t)arg[1], UINT64_MAX));
}
void pf_61_op_get_zeroed_page(struct pf_ctx *k, const uint64_t *arg) {
  return_address(k, alloc_pages(k, lowmem(arg[0]) | GFP_BIT_ZERO, 0, UINT64_MAX));
}

void pf_61_op_free_pages_page(struct pf_ctx *k, const uint64_t *arg) {
  uint32_t pfn = (uint32_t)arg[0], order = (uint32_t)arg[1];
  if (order > 0 || !free_by_hand(k, pfn))
    free_pages(k, pfn, order);
}
void pf_61_op_free_page_page(struct pf_ctx *k, const uint64_t *arg) { free_pages(k, (uint32_t)arg[0], 0); }

/* An address outside memory has no frame either. */
static void free_address(struct pf_ctx *k, uint64_t addr, uint32_t order) {
  free_pages(k, addr >> PF_PAGE_SHIFT < PF_POISON ? (uint32_t)(addr >> PF_PAGE_SHIFT) : PF_NULL, order);
}
void pf_61_op_free_pages(struct pf_ctx *k, const uint64_t *arg) { free_address(k, arg[0], (uint32_t)arg[1]); }
void pf_61_op_free_page(struct pf_ctx *k, const uint64_t *arg) { free_address(k, arg[0], 0); }

void pf_61_op_get_page(struct pf_ctx *k, const uint64_t *arg) {
  uint32_t pfn = (uint32_t)arg[0];
  if (has_descriptor(k, pfn))
    pf_set_count(k, pfn, (int32_t)((uint32_t)pf_frames(k->s)[pfn].count + 1));
  else
    pf_oops(k, PF_BUG_NULL_POINTER, pfn);
}

void pf_61_op_put_page(struct pf_ctx *k, const uint64_t *arg) {
  uint32_t pfn = (uint32_t)arg[0], order = 0;
  int32_t count;
  if (!has_descriptor(k, pfn)) {
    pf_oops(k, PF_BUG_NULL_POINTER, pfn);
    return;
  }
  if (pf_frames(k->s)[pfn].flags & PF_FRAME_COMPOUND)
    order = (pf_frames(k->s)[pfn].flags & PF_FRAME_COMPOUND_ORDER) >> PF_FRAME_COMPOUND_ORDER_SHIFT;
  drop_reference(k, pfn, order, &count);
  if (count == 0)
    free_block(k, pfn, order);
  else
    pf_emit(k, PF_EV_FREE_IGNORED, 0, 0, pfn, (uint32_t)count, 0);
}

void pf_61_op_split_page(struct pf_ctx *k, const uint64_t *arg) {
  uint32_t pfn = (uint32_t)arg[0], order = (uint32_t)arg[1];
  uint64_t end = pfn + ((uint64_t)1 << order);
  if (end > k->s->nr_frames || !has_descriptor(k, pfn) || !has_descriptor(k, (uint32_t)end - 1)) {
    pf_oops(k, PF_BUG_NULL_POINTER, pfn);
    return;
  }
  if (order > 0)
    pf_set_counts(k, pfn + 1, (uint32_t)end - pfn - 1, 1);
  pf_emit(k, PF_EV_BLOCK_CUT, order, 0, pfn, 0, 0);
}

/* One round of a CPU's lists of a zone after the other, until they are empty. */
static bool drain_zone(struct pf_ctx *k, uint32_t z, uint32_t cpu) {
  const struct pf_pcp *pcp = pcp_of(k, z, cpu);
  while ((int32_t)pcp->count > 0) {
    int64_t n = (int64_t)32 * pcp->batch;
    n = n < (int32_t)pcp->count ? n : (int32_t)pcp->count;
    if (n == 0)
      return hang(k, z);
    pf_emit(k, PF_EV_PCP_DRAIN_CPU, 0, z, cpu, pcp->count, (uint32_t)n);
    if (!drain(k, z, cpu, n, 0))
      return false;
  }
  return true;
}

void pf_61_op_drain_all_pages(struct pf_ctx *k, const uint64_t *arg) {
  (void)arg;
  for (uint32_t cpu = 0; cpu < k->s->nr_cpus; cpu++)
    for (uint32_t z = 0; z < k->s->nr_zones; z++)
      if (!drain_zone(k, z, cpu))
        return;
}

/* The CPU's differences go to the zones. */
void pf_61_op_vmstat_fold(struct pf_ctx *k, const uint64_t *arg) {
  (void)arg;
  for (uint32_t z = 0; z < k->s->nr_zones; z++) {
    int32_t diff = pcp_of(k, z, k->op->cpu)->vm_stat_diff;
    if (diff == 0)
      continue;
    pf_set_free_pages(k, z, k->s->zone[z].free_pages + (uint32_t)diff);
    pf_set_vm_stat_diff(k, z, k->op->cpu, 0);
  }
}
