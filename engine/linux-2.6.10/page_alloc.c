/*
 * The page allocator of Linux 2.6.10: eleven free lists a zone with one bit a pair of buddies, in front of them a hot
 * and a cold list of single frames for each CPU, watermarks and zone protection, and the calls that drivers make
 * (Gorman, ch. 6; Love, "Getting Pages" and "Freeing pages").
 *
 * What the kernel does not check is not checked here: a wrong page, address or order is carried out as it was there.
 *
 * Not modelled: reclaim (it is asked and frees nothing), kswapd, the OOM killer, compound pages, the LRU lists, and the
 * contents of pages. Where misuse makes the kernel write outside its own tables (an order past the last list, a bit of
 * a frame outside the zone, a frame without a descriptor), the operation ends there or leaves that write out.
 */
#include "linux_2_6_10.h"

#define NR_PAIR_ORDERS (MAX_ORDER - 1)

/* Is this link a frame of this zone? (Below its start the difference wraps to something huge.) */
static bool frame_of_zone(const struct pf_ctx *k, uint32_t z, uint32_t link) {
  const struct pf_zone *zone = &k->s->zone[z];
  return link - zone->start_pfn < zone->size;
}

/* Has its pair a bit in the zone's map? The frame right behind the zone, a spare descriptor's, has one, too. */
static bool has_pair(const struct pf_zone *zone, uint32_t pfn) { return pfn - zone->start_pfn <= zone->size; }

static uint32_t present_pages(const struct pf_zone *zone) { return zone->size - zone->holes; }

/* --- taking a block from a zone's free lists ----------------------------------------------------------------- */

/* Cuts the block at `pfn` down from order `high` to `low`: the upper halves go back, the lower goes on. */
static bool expand(struct pf_ctx *k, uint32_t z, uint32_t pfn, uint32_t low, uint32_t high) {
  while (high > low) {
    high--;
    uint32_t upper = pfn + (1u << high);
    if (!frame_of_zone(k, z, upper))
      return pf_bug(k, PF_BUG_EXPAND_REST_OUTSIDE, upper);
    pf_emit(k, PF_EV_SPLIT, high, z, upper, pfn, 0);
    if (!pf_list_add(k, z, high, upper))
      return false;
    pf_flip_pair(k, z, high, upper);
  }
  return true;
}

/* Instead of a frame: the simulated kernel stopped. PF_NULL says that there is none. */
#define STOPPED PF_POISON

/* Takes a block from the first list, from `order` up, that is not empty: its first frame. */
static uint32_t take(struct pf_ctx *k, uint32_t z, uint32_t order) {
  uint32_t c = order, head = k->s->zone[z].first_head + c;
  for (; c < MAX_ORDER && pf_frames(k->s)[head].next == head; c++)
    head++; /* the heads of a zone lie side by side */
  if (c == MAX_ORDER) {
    pf_emit(k, PF_EV_ZONE_EMPTY, order, z, 0, 0, 0);
    return PF_NULL;
  }
  uint32_t f = pf_frames(k->s)[head].next;
  if (f >= k->s->nr_links) {
    pf_bad_link(k, f);
    return STOPPED;
  }
  pf_emit(k, PF_EV_BLOCK_FOUND, c, z, f, 0, 0);
  if (!pf_list_del(k, z, c, f))
    return STOPPED;
  if (c < NR_PAIR_ORDERS && has_pair(&k->s->zone[z], f))
    pf_flip_pair(k, z, c, f);
  pf_set_free_pages(k, z, k->s->zone[z].free_pages - (1u << order));
  if (f >= k->s->nr_frames) { /* another list's head, taken for a frame */
    pf_bug(k, PF_BUG_RMQUEUE_OUTSIDE, f);
    return STOPPED;
  }
  return c == order || expand(k, z, f, order, c) ? f : STOPPED;
}

/* --- giving a block back to a zone's free lists -------------------------------------------------------------- */

/* Merges the block upwards while the pair bit says that its buddy is free, then lists it. Nobody looks whether the
 * buddy is on that list. */
static bool give(struct pf_ctx *k, uint32_t z, uint32_t pfn, uint32_t order) {
  const struct pf_zone *zone = &k->s->zone[z];
  uint32_t idx = pfn - zone->start_pfn;
  if (idx & ((1u << order) - 1))
    return pf_bug(k, PF_BUG_FREE_PAGES_NOT_ALIGNED, pfn);
  if (order >= MAX_ORDER)
    return pf_bug(k, PF_BUG_FREE_PAGES_PAST_LAST_LIST, pfn);
  pf_set_free_pages(k, z, zone->free_pages + (1u << order));
  for (; order < NR_PAIR_ORDERS && has_pair(zone, zone->start_pfn + idx); order++) {
    uint32_t buddy = idx ^ 1u << order;
    if (pf_flip_pair(k, z, order, zone->start_pfn + idx)) {
      pf_emit(k, PF_EV_MERGE_ENDS, order, z, zone->start_pfn + idx, zone->start_pfn + buddy, 0);
      break;
    }
    if (buddy >= zone->size)
      return pf_bug(k, PF_BUG_FREE_PAGES_BUDDY_OUTSIDE, zone->start_pfn + buddy);
    pf_emit(k, PF_EV_MERGE, order, z, zone->start_pfn + idx, zone->start_pfn + buddy, 0);
    if (!pf_list_del(k, z, order, zone->start_pfn + buddy))
      return false;
    idx &= ~(1u << order);
  }
  if (order == NR_PAIR_ORDERS)
    pf_emit(k, PF_EV_MERGE_ENDS, order, z, zone->start_pfn + idx, 0, 1);
  return pf_list_add(k, z, order, zone->start_pfn + idx);
}

/* --- per-CPU lists ------------------------------------------------------------------------------------------- */

/* The list of the CPU that calls. */
static uint32_t pcp_list(const struct pf_ctx *k, uint32_t cold) { return pf_pcp_number(k->s, k->op->cpu, cold); }

/* Frames from the free lists to the tail of the CPU's list, until they are `batch` or there are no more. */
static PF_COLD bool refill(struct pf_ctx *k, uint32_t z, uint32_t cold, struct pf_pcp *pcp) {
  uint32_t moved = 0;
  pf_emit(k, PF_EV_PCP_REFILL, cold, z, pcp->count, pcp->low, pcp->batch);
  for (; moved < pcp->batch; moved++) {
    uint32_t pfn = take(k, z, 0);
    if (pfn == PF_NULL)
      break;
    if (pfn == STOPPED || !pf_pcp_add_tail(k, z, pcp_list(k, cold), pfn))
      return false;
    pf_emit(k, PF_EV_MOVED, 0, PF_STATE_PCP, pfn, 0, 0);
  }
  pf_set_pcp_count(k, pcp, z, cold, pcp->count + moved);
  return true;
}

/* Frames from the tail of the CPU's list to the free lists, at most `most`. */
static bool drain(struct pf_ctx *k, uint32_t z, uint32_t cold, uint32_t most) {
  struct pf_pcp *pcp = &pf_pcp(k->s, z, k->op->cpu)[cold];
  uint32_t list = pcp_list(k, cold), head = pf_head(k->s, z, list), moved = 0;
  for (uint32_t pfn; moved < most && (pfn = pf_frames(k->s)[head].prev) != head; moved++) {
    if (pfn < k->s->nr_links && !pf_pcp_del(k, z, list, pfn))
      return false;
    if (pfn >= k->s->nr_frames) /* nowhere, or another list's head, which is no frame to give */
      return pf_bad_link(k, pfn);
    if (!give(k, z, pfn, 0))
      return false;
    pf_emit(k, PF_EV_MOVED, 0, PF_STATE_BUDDY, pfn, 0, 0);
  }
  pf_set_pcp_count(k, pcp, z, cold, pcp->count - moved);
  return true;
}

/* A single frame from the CPU's list, topped up first if it is low; else from the free lists. */
PF_INLINE uint32_t take_single(struct pf_ctx *k, uint32_t z, uint32_t cold) {
  struct pf_pcp *pcp = &pf_pcp(k->s, z, k->op->cpu)[cold];
  if (pcp->count <= pcp->low && !refill(k, z, cold, pcp))
    return STOPPED;
  if (pcp->count == 0) {
    pf_emit(k, PF_EV_PCP_EMPTY, cold, z, 0, 0, 0);
    return take(k, z, 0);
  }
  uint32_t list = pcp_list(k, cold), f = pf_frames(k->s)[pf_head(k->s, z, list)].next;
  if (f >= k->s->nr_links) {
    pf_bad_link(k, f);
    return STOPPED;
  }
  pf_emit(k, PF_EV_PCP_TAKEN, cold, z, f, 0, 0);
  if (!pf_pcp_del(k, z, list, f))
    return STOPPED;
  pf_set_pcp_count(k, pcp, z, cold, pcp->count - 1);
  return f;
}

/* --- watermarks and zone lists ------------------------------------------------------------------------------- */

/* The zones to try, one after the other: the node's own from where the mask begins, HighMem first and DMA last, then
 * those of the other nodes. Zones without memory are left out. */
struct zonelist {
  uint32_t node, nodes_left;
  uint32_t end, type; /* of each node the types below `end`; of this one those below `type` are left */
};

static inline struct zonelist zonelist(const struct pf_structs *s, uint32_t node, uint32_t gfp) {
  static const uint32_t ends[] = {ZONE_NORMAL + 1, ZONE_DMA + 1, ZONE_HIGHMEM + 1, 0 /* there is no such list */};
  uint32_t end = ends[gfp & (GFP_BIT_DMA | GFP_BIT_HIGHMEM)];
  return (struct zonelist){node, s->nr_nodes, end, end};
}

/* False: there are no more. */
static inline bool next_zone(const struct pf_structs *s, struct zonelist *left, uint32_t *z) {
  for (; left->nodes_left > 0; left->nodes_left--) {
    while (left->type > 0) {
      *z = left->node * NR_ZONE_TYPES + --left->type;
      if (present_pages(&s->zone[*z]))
        return true;
    }
    left->type = left->end;
    left->node = left->node + 1 == s->nr_nodes ? 0 : left->node + 1;
  }
  return false;
}

/* What is wanted, and what the watermarks make of it. */
struct request {
  uint32_t gfp, order;
  uint32_t first_type; /* of the first zone of the list */
  bool high, harder;
};

static inline uint32_t mark_of(const struct pf_zone *zone, uint32_t round, const struct request *want) {
  uint32_t mark = round == 1 ? zone->pages_low : zone->pages_min;
  if (round > 1 && want->high)
    mark /= 2;
  return round > 1 && want->harder ? mark - mark / 4 : mark;
}

/* A block of the zone, without any test. */
PF_INLINE uint32_t take_from_zone(struct pf_ctx *k, uint32_t z, const struct request *want) {
  uint32_t pfn = want->order == 0 ? take_single(k, z, (want->gfp & GFP_BIT_COLD) != 0) : take(k, z, want->order);
  if (pfn == PF_NULL || pfn == STOPPED)
    return pfn;
  if (!frame_of_zone(k, z, pfn)) {
    pf_bug(k, PF_BUG_RMQUEUE_OUTSIDE, pfn);
    return STOPPED;
  }
  pf_set_count(k, pfn, 1);
  return pfn;
}

/* The same, if the zone keeps at least its mark and its protection. */
PF_INLINE uint32_t try_zone(struct pf_ctx *k, uint32_t z, const struct request *want, uint32_t round) {
  const struct pf_zone *zone = &k->s->zone[z];
  uint32_t mark = mark_of(zone, round, want), protection = zone->protection[want->first_type];
  bool passed = zone->free_pages >= mark + (1u << want->order) + protection;
  pf_emit(k, passed ? PF_EV_ZONE_PASSED : PF_EV_ZONE_REFUSED, want->order, z, zone->free_pages, mark, protection);
  return passed ? take_from_zone(k, z, want) : PF_NULL;
}

static uint32_t try_zones(struct pf_ctx *k, struct zonelist list, const struct request *want, uint32_t round) {
  uint32_t pfn = PF_NULL;
  for (uint32_t z; pfn == PF_NULL && next_zone(k->s, &list, &z);)
    pfn = try_zone(k, z, want, round);
  return pfn;
}

static uint32_t try_round(struct pf_ctx *k, struct zonelist list, const struct request *want, uint32_t round) {
  pf_emit(k, PF_EV_ZONE_ROUND, round, 0, want->high, want->harder, 0);
  return try_zones(k, list, want, round);
}

/* PF_MEMALLOC and PF_MEMDIE take what there is. */
static uint32_t try_without_limits(struct pf_ctx *k, struct zonelist list, const struct request *want) {
  uint32_t pfn = PF_NULL;
  for (uint32_t z; pfn == PF_NULL && next_zone(k->s, &list, &z);)
    pfn = take_from_zone(k, z, want);
  return pfn;
}

/* The first zone gave nothing: the others, and below the low marks the minimum, the emergency reserve, reclaim. */
static PF_COLD uint32_t alloc_slow(struct pf_ctx *k, uint32_t gfp, uint32_t order, struct zonelist list) {
  struct zonelist others = list;
  uint32_t task = k->op->task, first;
  bool wait = gfp & GFP_BIT_WAIT, irq = task & PF_TASK_IRQ;
  next_zone(k->s, &others, &first);
  struct request want = {gfp, order, others.type, gfp & GFP_BIT_HIGH, !wait || (task & PF_TASK_RT && !irq)};
  uint32_t pfn = try_zones(k, others, &want, 1);
  if (pfn == PF_NULL)
    pfn = try_round(k, list, &want, 2);
  if (pfn != PF_NULL)
    return pfn;
  if (task & (PF_TASK_MEMALLOC | PF_TASK_MEMDIE) && !irq) {
    pf_emit(k, PF_EV_LIMITS_LIFTED, 0, first, 0, 0, 0);
    return try_without_limits(k, list, &want);
  }
  if (!wait)
    return PF_NULL;
  pf_emit(k, PF_EV_RECLAIM_ASKED, order, first, 0, 0, 0);
  pfn = try_round(k, list, &want, 3);
  bool again = order <= 3 || gfp & (GFP_BIT_REPEAT | GFP_BIT_NOFAIL);
  if (pfn != PF_NULL || gfp & GFP_BIT_NORETRY || !again)
    return pfn;
  pf_emit(k, PF_EV_STALL, order, 0, 0, 0, 0);
  k->result->outcome = PF_OUTCOME_STALL; /* it waits for ever */
  return STOPPED;
}

static PF_COLD uint32_t alloc_failed(struct pf_ctx *k, uint32_t gfp, uint32_t order) {
  k->result->outcome = PF_OUTCOME_FAILED;
  if (!(gfp & GFP_BIT_NOWARN))
    pf_emit(k, PF_EV_WARN_ALLOC_FAILED, order, 0, gfp, 0, 0);
  return PF_NULL;
}

/* alloc_pages. The first frame, or PF_NULL with the outcome saying why. The call that names no node has node 0's CPU.
 */
static inline uint32_t alloc_pages(struct pf_ctx *k, uint32_t gfp, uint32_t order, uint64_t node) {
  const struct zonelist list = zonelist(k->s, node == UINT64_MAX ? 0 : (uint32_t)node, gfp);
  struct zonelist left = list;
  uint32_t first;
  if (order >= MAX_ORDER || !next_zone(k->s, &left, &first))
    return alloc_failed(k, GFP_BIT_NOWARN, order); /* and nothing is said */
  uint32_t pfn = try_zone(k, first, &(struct request){.gfp = gfp, .order = order, .first_type = left.type}, 1);
  if (pfn == PF_NULL)
    pfn = alloc_slow(k, gfp, order, list);
  if (pfn == PF_NULL)
    return alloc_failed(k, gfp, order);
  if (pfn == STOPPED)
    return PF_NULL;
  pf_emit(k, PF_EV_HANDED_OUT, order, 0, pfn, gfp, 0);
  return pfn;
}

/* --- freeing ------------------------------------------------------------------------------------------------- */

static bool has_descriptor(const struct pf_ctx *k, uint32_t pfn) {
  return pfn < k->s->nr_frames && pf_frames(k->s)[pfn].flags & PF_FRAME_PRESENT;
}

static PF_COLD void bad_page(struct pf_ctx *k, uint32_t descriptor, uint32_t pfn) {
  const struct pf_frame *f = &pf_frames(k->s)[descriptor];
  bool mapped = f->flags & PF_FRAME_MAPPED;
  pf_emit(k, PF_EV_WARN_BAD_PAGE, mapped, 0, pfn, (uint32_t)f->count, 0);
  if (f->count != 0)
    pf_set_count(k, descriptor, 0);
  if (mapped)
    pf_set_mapped_clear(k, descriptor);
}

/* A frame that somebody still has is complained of, repaired, and freed all the same. */
static inline void check_frame(struct pf_ctx *k, uint32_t descriptor, uint32_t pfn) {
  const struct pf_frame *f = &pf_frames(k->s)[descriptor];
  if (f->count != 0 || f->flags & PF_FRAME_MAPPED)
    bad_page(k, descriptor, pfn);
}

/* free_hot_page, free_cold_page: to the head of the CPU's list, of which `batch` frames go back first if it is full. */
static inline bool free_single(struct pf_ctx *k, uint32_t pfn, uint32_t cold) {
  uint32_t z = pf_frames(k->s)[pfn].flags >> PF_FRAME_ZONE_SHIFT;
  struct pf_pcp *pcp = &pf_pcp(k->s, z, k->op->cpu)[cold];
  check_frame(k, pfn, pfn);
  if (pcp->count >= pcp->high) {
    pf_emit(k, PF_EV_PCP_DRAIN, cold, z, pcp->count, pcp->high, pcp->batch);
    if (!drain(k, z, cold, pcp->batch))
      return false;
  }
  if (!pf_pcp_add(k, z, pcp_list(k, cold), pfn))
    return false;
  pf_set_pcp_count(k, pcp, z, cold, pcp->count + 1);
  pf_emit(k, PF_EV_TAKEN_BACK, 0, PF_STATE_PCP, pfn, 0, 0);
  return true;
}

/* Checks a block's frames in the memory map of its node, where a spare descriptor follows the last frame's. */
static void check_block(struct pf_ctx *k, uint32_t pfn, uint32_t order) {
  uint32_t node = k->s->nr_nodes - 1;
  while (node > 0 && pfn < k->machine->node[node].start_pfn)
    node--;
  uint32_t past = k->machine->node[node].start_pfn + k->machine->node[node].pages;
  uint64_t end = (uint64_t)pfn + (1u << order);
  for (uint32_t at = pfn; at < end && at < past; at++)
    check_frame(k, at, at);
  if (end > past)
    check_frame(k, k->s->nr_frames - 1 - node, past);
}

static bool free_block(struct pf_ctx *k, uint32_t pfn, uint32_t order) {
  check_block(k, pfn, order);
  pf_poison_links(k, pfn);
  if (!give(k, pf_frames(k->s)[pfn].flags >> PF_FRAME_ZONE_SHIFT, pfn, order))
    return false;
  pf_emit(k, PF_EV_TAKEN_BACK, order, PF_STATE_BUDDY, pfn, 0, 0);
  return true;
}

/* Drops one reference. *gone: it was the last. False: there was none. */
static inline bool drop_reference(struct pf_ctx *k, uint32_t pfn, uint32_t order, uint32_t bug, bool *gone) {
  int32_t count = pf_count_get(k->s, pfn);
  if (count == 0)
    return pf_bug(k, bug, pfn);
  count = (int32_t)((uint32_t)count - 1);
  pf_set_count_anywhere(k, pfn, count);
  *gone = count == 0;
  if (!*gone)
    pf_emit(k, PF_EV_FREE_IGNORED, 0, 0, pfn, (uint32_t)count, 0);
  else if (pfn < k->s->nr_frames) /* past the end of memory nobody owned any */
    pf_emit(k, PF_EV_GIVEN_UP, order, 0, pfn, k->claim, 0);
  return true;
}

/* __free_pages. False: the kernel stopped. */
static inline bool free_pages(struct pf_ctx *k, uint32_t pfn, uint32_t order) {
  bool gone;
  if (pfn < k->s->nr_frames && pf_frames(k->s)[pfn].flags & PF_FRAME_RESERVED) {
    pf_emit(k, PF_EV_FREE_IGNORED, 0, 0, pfn, (uint32_t)pf_frames(k->s)[pfn].count, 1);
    return true;
  }
  if (!drop_reference(k, pfn, order, PF_BUG_FREE_PAGES_COUNT_ZERO, &gone))
    return false;
  if (!gone)
    return true;
  if (!has_descriptor(k, pfn))
    return pf_oops(k, PF_BUG_NULL_POINTER, pfn);
  return order == 0 ? free_single(k, pfn, 0) : free_block(k, pfn, order);
}

bool pf_26_free_boot_block(struct pf_ctx *k, uint32_t pfn, uint32_t order) {
  for (uint32_t at = pfn; at < pfn + (1u << order) && at < k->s->nr_frames; at++)
    pf_set_reserved_clear(k, at);
  pf_set_count_anywhere(k, pfn, 1);
  return free_pages(k, pfn, order);
}

/* --- setting a node's zones up ------------------------------------------------------------------------------- */

/* One table of the kernel, from the boot allocator. Where no boot allocator ever was, the tables lie elsewhere. */
static bool table(struct pf_ctx *k, uint32_t node, uint64_t bytes) {
  uint64_t addr;
  if (k->s->nr_boot_nodes == 0)
    return true;
  pf_emit(k, PF_EV_CALLS, node, PF_OP_ALLOC_BOOTMEM, 0, (uint32_t)((bytes + PF_PAGE_SIZE - 1) / PF_PAGE_SIZE), 0);
  return pf_26_alloc_bootmem_node(k, node, bytes, CACHE_LINE, DMA_GOAL, &addr);
}

static uint32_t descriptor_bytes(const struct pf_ctx *k) {
  if (k->machine->sizeof_struct_page)
    return k->machine->sizeof_struct_page;
  return k->s->bits_per_long == 64 ? 56 : 32;
}

/* A hash table of queues to wait for the zone's pages in. */
static uint32_t wait_table_bytes(const struct pf_ctx *k, uint32_t size) {
  bool smp = k->machine->smp || k->machine->nr_cpus > 1;
  uint32_t queues = 4, word = k->s->bits_per_long / 8;
  while (queues < size / 256 && queues < 4096)
    queues *= 2;
  return queues * (smp ? 3 * word : 2 * word);
}

static bool zone_tables(struct pf_ctx *k, uint32_t node, uint32_t size) {
  uint32_t word = k->s->bits_per_long / 8;
  if (!table(k, node, wait_table_bytes(k, size)))
    return false;
  for (uint32_t order = 0; order < NR_PAIR_ORDERS; order++) {
    uint32_t bytes = ((size - 1) >> (order + 4)) + 1, words = (bytes + word - 1) / word;
    if (!table(k, node, (uint64_t)words * word))
      return false;
  }
  return true;
}

static void set_up_pcp(struct pf_ctx *k, uint32_t z, uint32_t cold, uint32_t low, uint32_t high, uint32_t batch) {
  pf_pcp_set_up(k->s, z, cold, low, high, batch);
  pf_emit(k, PF_EV_PCP_SET_UP, cold, z, low, high, batch);
}

static uint32_t batch_of(uint32_t present) {
  uint32_t batch = present / 1024;
  batch = (batch > 64 ? 64 : batch) / 4;
  return batch ? batch : 1;
}

bool pf_26_free_area_init(struct pf_ctx *k, uint32_t node, uint32_t start_pfn, const uint64_t *sizes,
                          const uint64_t *holes) {
  uint32_t at = start_pfn, frames = (uint32_t)(sizes[0] + sizes[1] + sizes[2]);
  if (!table(k, node, ((uint64_t)frames + 1) * descriptor_bytes(k)))
    return false;
  for (uint32_t type = 0; type < NR_ZONE_TYPES; type++) {
    uint32_t z = node * NR_ZONE_TYPES + type, size = (uint32_t)sizes[type], hole = (uint32_t)holes[type];
    pf_zone_set_up(k->s, z, at, size, hole);
    pf_emit(k, PF_EV_ZONE_SET_UP, 0, z, at, size, hole);
    if (size == 0)
      continue;
    uint32_t batch = batch_of(size - hole);
    pf_emit(k, PF_EV_FRAMES_ARE, PF_STATE_RESERVED, 0, at, size, 0);
    set_up_pcp(k, z, 0, 2 * batch, 6 * batch, batch);
    set_up_pcp(k, z, 1, 0, 2 * batch, batch);
    if (!zone_tables(k, node, size))
      return false;
    at += size;
  }
  return true;
}

/* --- watermarks and protection, once all memory is there ----------------------------------------------------- */

static uint32_t square_root(uint64_t x) {
  uint64_t root = 0;
  for (uint64_t bit = (uint64_t)1 << 31; bit; bit >>= 1)
    if ((root + bit) * (root + bit) <= x)
      root += bit;
  return (uint32_t)root;
}

/* Pages above the high marks in every node's list of Normal and DMA zones: with several nodes each is counted once a
 * node. */
static uint64_t lowmem_above_high(const struct pf_structs *s) {
  uint64_t sum = 0;
  for (uint32_t node = 0; node < s->nr_nodes; node++) {
    struct zonelist left = zonelist(s, node, 0);
    for (uint32_t z; next_zone(s, &left, &z);) {
      const struct pf_zone *zone = &s->zone[z];
      uint32_t present = present_pages(zone);
      sum += present > zone->pages_high ? present - zone->pages_high : 0;
    }
  }
  return sum;
}

/* `total` pages are shared out by size; `all` is what Normal and DMA zones have together. */
static uint32_t pages_min(const struct pf_ctx *k, const struct pf_zone *zone, uint32_t total, uint32_t all) {
  uint32_t present = present_pages(zone);
  if (zone->type == ZONE_HIGHMEM) {
    uint32_t mark = present / 1024;
    return mark < 32 ? 32 : mark > 128 ? 128 : mark;
  }
  return all ? (uint32_t)(wrap(k, (uint64_t)total * present) / all) : 0;
}

static void set_marks(struct pf_ctx *k) {
  uint32_t total = k->s->min_free_kbytes / (PF_PAGE_SIZE / 1024), all = 0;
  for (uint32_t z = 0; z < k->s->nr_zones; z++)
    if (k->s->zone[z].type != ZONE_HIGHMEM)
      all += present_pages(&k->s->zone[z]);
  for (uint32_t z = 0; z < k->s->nr_zones; z++) {
    struct pf_zone *zone = &k->s->zone[z];
    if (zone->size == 0)
      continue;
    zone->pages_min = pages_min(k, zone, total, all);
    zone->pages_low = (uint32_t)(wrap(k, (uint64_t)zone->pages_min * 5) / 4);
    zone->pages_high = (uint32_t)(wrap(k, (uint64_t)zone->pages_min * 6) / 4);
    pf_emit(k, PF_EV_ZONE_MARKS_SET, 0, z, zone->pages_min, zone->pages_low, zone->pages_high);
  }
}

/* What each of a node's zones keeps from requests that could have begun in a higher zone. */
static void set_node_protection(struct pf_ctx *k, uint32_t node) {
  struct pf_zone *zone = &k->s->zone[(size_t)node * NR_ZONE_TYPES];
  uint32_t top = NR_ZONE_TYPES;
  while (top > 0 && present_pages(&zone[top - 1]) == 0)
    top--;
  for (uint32_t t = 0; t < NR_ZONE_TYPES; t++) {
    uint32_t kept = 0;
    for (uint32_t z = NR_ZONE_TYPES; z-- > 0;) {
      bool keeps = z < top && z < t;
      if (keeps && present_pages(&zone[z + 1]))
        kept += zone[z + 1].pages_low * k->s->lower_zone_protection;
      if (zone[z].size)
        zone[z].protection[t] = keeps ? kept : 0;
    }
  }
  for (uint32_t type = 0; type < NR_ZONE_TYPES; type++) {
    const uint32_t *protection = zone[type].protection;
    if (zone[type].size)
      pf_emit(k, PF_EV_PROTECTION_SET, 0, node * NR_ZONE_TYPES + type, protection[0], protection[1], protection[2]);
  }
}

static void set_sysctls(struct pf_ctx *k, uint32_t min_free_kbytes, uint32_t lower_zone_protection) {
  k->s->min_free_kbytes = min_free_kbytes;
  k->s->lower_zone_protection = lower_zone_protection;
  pf_emit(k, PF_EV_SYSCTLS_SET, 0, 0, min_free_kbytes, lower_zone_protection, 0);
}

static void set_protection(struct pf_ctx *k) {
  for (uint32_t node = 0; node < k->s->nr_nodes; node++)
    set_node_protection(k, node);
}

void pf_26_init_per_zone_pages_min(struct pf_ctx *k) {
  uint32_t kbytes = square_root(lowmem_above_high(k->s) * (PF_PAGE_SIZE / 1024) * 16);
  kbytes = kbytes < 128 ? 128 : kbytes > 65536 ? 65536 : kbytes;
  set_sysctls(k, kbytes, k->s->lower_zone_protection);
  set_marks(k);
  set_protection(k);
}

/* --- operations: what drivers call --------------------------------------------------------------------------- */

void pf_26_op_free_area_init(struct pf_ctx *k, const uint64_t *arg) {
  pf_26_free_area_init(k, (uint32_t)arg[0], (uint32_t)arg[1], &arg[2], &arg[5]);
}

void pf_26_op_free_boot_range(struct pf_ctx *k, const uint64_t *arg) {
  uint32_t start = (uint32_t)arg[0], end = (uint32_t)arg[1];
  for (uint32_t i = 0; i < end - start; i++)
    if (!pf_26_free_boot_block(k, arg[2] ? end - 1 - i : start + i, 0))
      return;
}

void pf_26_op_init_per_zone_pages_min(struct pf_ctx *k, const uint64_t *arg) {
  (void)arg;
  pf_26_init_per_zone_pages_min(k);
}

void pf_26_op_sysctl(struct pf_ctx *k, const uint64_t *arg) {
  if (arg[0] == PF_SYSCTL_MIN_FREE_KBYTES) {
    set_sysctls(k, (uint32_t)arg[1], k->s->lower_zone_protection);
    set_marks(k);
  } else {
    set_sysctls(k, k->s->min_free_kbytes, (uint32_t)arg[1]);
  }
  set_protection(k);
}

static void return_page(struct pf_ctx *k, uint32_t pfn) {
  if (pfn != PF_NULL)
    pf_return(k, PF_RESULT_PFN, pfn);
}

/* The frame's address for the kernel. HighMem has none, so the caller gets 0 and the frame stays allocated. */
static void return_address(struct pf_ctx *k, uint32_t pfn) {
  if (pfn == PF_NULL)
    return;
  if (k->s->zone[pf_frames(k->s)[pfn].flags >> PF_FRAME_ZONE_SHIFT].type == ZONE_HIGHMEM)
    k->result->outcome = PF_OUTCOME_FAILED;
  else
    pf_return(k, PF_RESULT_ADDR, (uint64_t)pfn << PF_PAGE_SHIFT);
}

void pf_26_op_alloc_pages(struct pf_ctx *k, const uint64_t *arg) {
  return_page(k, alloc_pages(k, (uint32_t)arg[0], (uint32_t)arg[1], arg[2]));
}

void pf_26_op_alloc_pages_node(struct pf_ctx *k, const uint64_t *arg) {
  return_page(k, alloc_pages(k, (uint32_t)arg[1], (uint32_t)arg[2], arg[0]));
}

void pf_26_op_alloc_page(struct pf_ctx *k, const uint64_t *arg) {
  return_page(k, alloc_pages(k, (uint32_t)arg[0], 0, UINT64_MAX));
}

void pf_26_op_get_free_pages(struct pf_ctx *k, const uint64_t *arg) {
  return_address(k, alloc_pages(k, (uint32_t)arg[0], (uint32_t)arg[1], UINT64_MAX));
}

void pf_26_op_get_free_page(struct pf_ctx *k, const uint64_t *arg) {
  return_address(k, alloc_pages(k, (uint32_t)arg[0], 0, UINT64_MAX));
}

void pf_26_op_get_dma_pages(struct pf_ctx *k, const uint64_t *arg) {
  return_address(k, alloc_pages(k, (uint32_t)arg[0] | GFP_BIT_DMA, (uint32_t)arg[1], UINT64_MAX));
}

void pf_26_op_get_zeroed_page(struct pf_ctx *k, const uint64_t *arg) {
  if (arg[0] & GFP_BIT_HIGHMEM)
    pf_bug(k, PF_BUG_ZEROED_HIGHMEM, 0);
  else
    return_address(k, alloc_pages(k, (uint32_t)arg[0], 0, UINT64_MAX));
}

void pf_26_op_free_pages_page(struct pf_ctx *k, const uint64_t *arg) {
  free_pages(k, (uint32_t)arg[0], (uint32_t)arg[1]);
}

void pf_26_op_free_page_page(struct pf_ctx *k, const uint64_t *arg) { free_pages(k, (uint32_t)arg[0], 0); }

/* The offset within the frame is ignored; NULL never comes here. */
static void free_address(struct pf_ctx *k, uint64_t addr, uint32_t order) {
  uint64_t pfn = addr >> PF_PAGE_SHIFT;
  if (pfn >= k->s->nr_frames - k->s->nr_spare_frames)
    pf_bug(k, PF_BUG_FREE_PAGES_ADDRESS, pfn > UINT32_MAX ? PF_NULL : (uint32_t)pfn);
  else
    free_pages(k, (uint32_t)pfn, order);
}

void pf_26_op_free_pages(struct pf_ctx *k, const uint64_t *arg) { free_address(k, arg[0], (uint32_t)arg[1]); }
void pf_26_op_free_page(struct pf_ctx *k, const uint64_t *arg) { free_address(k, arg[0], 0); }

/* To the CPU's list, whatever its count is: callers drop their reference first, or should have. */
static bool free_to_cpu(struct pf_ctx *k, uint32_t pfn, uint32_t cold) {
  if (!has_descriptor(k, pfn))
    return pf_oops(k, PF_BUG_NULL_POINTER, pfn);
  pf_emit(k, PF_EV_GIVEN_UP, 0, 0, pfn, k->claim, 0);
  return free_single(k, pfn, cold);
}

void pf_26_op_free_hot_page(struct pf_ctx *k, const uint64_t *arg) { free_to_cpu(k, (uint32_t)arg[0], 0); }
void pf_26_op_free_cold_page(struct pf_ctx *k, const uint64_t *arg) { free_to_cpu(k, (uint32_t)arg[0], 1); }

/* From the last to the first. */
void pf_26_op_pagevec_free(struct pf_ctx *k, const uint64_t *arg) {
  for (uint32_t i = PF_PAGEVEC_SIZE; i-- > 0;)
    if (arg[i] != PF_NO_PFN && !free_to_cpu(k, (uint32_t)arg[i], arg[PF_PAGEVEC_SIZE] != 0))
      return;
}

void pf_26_op_drain_local_pages(struct pf_ctx *k, const uint64_t *arg) {
  (void)arg;
  for (uint32_t z = 0; z < k->s->nr_zones; z++)
    for (uint32_t cold = 0; cold < 2 && k->s->zone[z].size; cold++) {
      uint32_t count = pf_pcp(k->s, z, k->op->cpu)[cold].count;
      pf_emit(k, PF_EV_PCP_DRAIN_ALL, cold, z, count, 0, 0);
      if (!drain(k, z, cold, count))
        return;
    }
}

void pf_26_op_get_page(struct pf_ctx *k, const uint64_t *arg) {
  uint32_t pfn = (uint32_t)arg[0];
  pf_set_count_anywhere(k, pfn, (int32_t)((uint32_t)pf_count_get(k->s, pfn) + 1));
}

void pf_26_op_put_page_testzero(struct pf_ctx *k, const uint64_t *arg) {
  bool gone;
  if (drop_reference(k, (uint32_t)arg[0], 0, PF_BUG_PUT_PAGE_COUNT_ZERO, &gone))
    pf_return(k, PF_RESULT_BOOL, gone);
}
