/*
 * The buddy allocator of Linux 2.4.20: zones, watermarks, ten free lists a zone, one bit a pair of buddies, and the
 * calls that drivers make (Gorman, ch. 6; Love, "Getting Pages" and "Freeing pages").
 *
 * What the kernel does not check is not checked here: a wrong page, address or order is carried out as it was there.
 *
 * Not modelled: reclaim (it is asked and frees nothing), kswapd, the LRU lists, buffers and mappings that
 * __free_pages also looks at, and the contents of pages.
 */
#include "linux_2_4_20.h"

#define NR_PAIR_ORDERS (MAX_ORDER - 1)

/* --- taking a block from a zone -------------------------------------------------------------------------- */

/* Is this link a frame of this zone? (Below its start the difference wraps to something huge.) */
static bool frame_of_zone(const struct pf_ctx *k, uint32_t z, uint32_t link) {
  const struct pf_zone *zone = &k->s->zone[z];
  return link - zone->start_pfn < zone->size;
}

/* Cuts the block at `pfn` down from order `high` to `low`: the lower half goes back, the upper goes on. */
static bool expand(struct pf_ctx *k, uint32_t z, uint32_t *pfn, uint32_t low, uint32_t high) {
  while (high > low) {
    if (!frame_of_zone(k, z, *pfn))
      return pf_bug(k, PF_BUG_EXPAND_OUTSIDE, *pfn);
    high--;
    pf_emit(k, PF_EV_SPLIT, high, z, *pfn, *pfn + (1u << high), 0);
    if (!pf_list_add(k, z, high, *pfn))
      return false;
    pf_flip_pair(k, z, high, *pfn);
    *pfn += 1u << high;
  }
  return frame_of_zone(k, z, *pfn) || pf_bug(k, PF_BUG_EXPAND_REST_OUTSIDE, *pfn);
}

/* Takes a block from the first list, from `order` up, that is not empty. *pfn is PF_NULL if all are. False: stopped. */
static inline bool rmqueue(struct pf_ctx *k, uint32_t z, uint32_t order, uint32_t *pfn) {
  uint32_t c = order, head;
  *pfn = PF_NULL;
  for (head = k->s->zone[z].first_head + c; c < MAX_ORDER && pf_frames(k->s)[head].next == head; c++)
    head++; /* the heads of a zone lie side by side */
  if (c == MAX_ORDER) {
    pf_emit(k, PF_EV_ZONE_EMPTY, order, z, 0, 0, 0);
    return true;
  }
  uint32_t f = pf_frames(k->s)[head].next;
  if (!frame_of_zone(k, z, f))
    return pf_bug(k, PF_BUG_RMQUEUE_OUTSIDE, f);
  pf_emit(k, PF_EV_BLOCK_FOUND, c, z, f, 0, 0);
  if (!pf_list_del(k, z, c, f))
    return false;
  if (c < NR_PAIR_ORDERS)
    pf_flip_pair(k, z, c, f);
  pf_set_free_pages(k, z, k->s->zone[z].free_pages - (1u << order));
  if (c > order && !expand(k, z, &f, order, c))
    return false;
  pf_set_count(k, f, 1);
  *pfn = f;
  return true;
}

/* --- watermarks and zone lists ---------------------------------------------------------------------------- */

/* The zones to try, in falling order: HighMem, Normal, DMA, from where the mask begins. Some may not exist. */
struct zonelist {
  uint32_t first, last;
};

static struct zonelist zonelist(uint32_t node, uint32_t gfp) {
  uint32_t type = gfp & GFP_BIT_DMA ? ZONE_DMA : gfp & GFP_BIT_HIGHMEM ? ZONE_HIGHMEM : ZONE_NORMAL;
  return (struct zonelist){node * NR_ZONE_TYPES + type, node * NR_ZONE_TYPES};
}

enum mark { MARK_LOW, MARK_MIN, MARK_MIN_QUARTER, MARK_NONE };

static uint32_t mark_of(const struct pf_zone *zone, enum mark mark) {
  if (mark == MARK_LOW)
    return zone->pages_low;
  return mark == MARK_MIN ? zone->pages_min : zone->pages_min / 4;
}

/* Tries each zone whose free pages are above 2^order plus the marks of all zones so far. */
static inline bool try_zones(struct pf_ctx *k, struct zonelist list, uint32_t order, enum mark which, uint32_t *pfn) {
  uint32_t limit = 1u << order;
  *pfn = PF_NULL;
  for (uint32_t z = list.first + 1; z-- > list.last;) {
    const struct pf_zone *zone = &k->s->zone[z];
    if (zone->size == 0)
      continue;
    if (which != MARK_NONE) {
      uint32_t mark = mark_of(zone, which);
      limit += mark;
      bool passed = zone->free_pages > limit;
      pf_emit(k, PF_EV_ZONE_TRIED, passed, z, zone->free_pages, limit, mark);
      if (!passed)
        continue;
    }
    if (!rmqueue(k, z, order, pfn))
      return false;
    if (*pfn != PF_NULL)
      return true;
  }
  return true;
}

static void wake_kswapd(struct pf_ctx *k, uint32_t z) {
  pf_emit(k, PF_EV_KSWAPD_WOKEN, 0, z, 0, 0, 0);
  k->s->zone[z].need_balance = 1;
  pf_emit(k, PF_EV_NEED_BALANCE_SET, 0, z, 1, 0, 0);
}

/* Below the low marks: kswapd, the minimum, the emergency reserve, reclaim. */
static PF_COLD bool alloc_slow(struct pf_ctx *k, struct zonelist list, uint32_t gfp, uint32_t order, uint32_t *pfn) {
  bool wait = gfp & GFP_BIT_WAIT;
  while (k->s->zone[list.first].size == 0) {
    if (list.first-- == list.last)
      return true; /* no zone at all */
  }
  wake_kswapd(k, list.first);
  if (!try_zones(k, list, order, wait ? MARK_MIN : MARK_MIN_QUARTER, pfn) || *pfn != PF_NULL)
    return k->result->outcome == PF_OUTCOME_DONE;
  if (k->op->task & (PF_TASK_MEMALLOC | PF_TASK_MEMDIE)) {
    pf_emit(k, PF_EV_LIMITS_LIFTED, 0, list.first, 0, 0, 0);
    return try_zones(k, list, order, MARK_NONE, pfn);
  }
  if (!wait)
    return true;
  pf_emit(k, PF_EV_RECLAIM_ASKED, order, list.first, 0, 0, 0);
  if (!try_zones(k, list, order, MARK_MIN, pfn) || *pfn != PF_NULL)
    return k->result->outcome == PF_OUTCOME_DONE;
  if (order > 3)
    return true;
  pf_emit(k, PF_EV_STALL, order, 0, 0, 0, 0);
  k->result->outcome = PF_OUTCOME_STALL;
  return false;
}

/* __alloc_pages on one node. False: the kernel stopped or would wait for ever. */
static inline bool alloc_on_node(struct pf_ctx *k, uint32_t node, uint32_t gfp, uint32_t order, uint32_t *pfn) {
  struct zonelist list = zonelist(node, gfp);
  if (!try_zones(k, list, order, MARK_LOW, pfn))
    return false;
  return *pfn != PF_NULL || alloc_slow(k, list, gfp, order, pfn);
}

static PF_COLD bool alloc_named(struct pf_ctx *k, uint32_t node, uint32_t gfp, uint32_t order, uint32_t *pfn) {
  return alloc_on_node(k, node, gfp, order, pfn);
}

/* The call that names no node goes round the node list: from node 0 to its end, then from its front. */
static PF_COLD bool alloc_round(struct pf_ctx *k, uint32_t gfp, uint32_t order, uint32_t *pfn) {
  uint32_t n = k->s->nr_nodes, at = 0;
  while (at < n - 1 && k->s->boot_list[at] != 0)
    at++;
  for (uint32_t i = 0; i < n; i++)
    if (!alloc_on_node(k, k->s->boot_list[(at + i) % n], gfp, order, pfn) || *pfn != PF_NULL)
      return k->result->outcome == PF_OUTCOME_DONE;
  return true;
}

/* alloc_pages. The first frame, or PF_NULL with the outcome saying why. One node's list is used unless the kernel is
 * built for several and the call names none. */
static uint32_t alloc_pages(struct pf_ctx *k, uint32_t gfp, uint32_t order, uint64_t node) {
  uint32_t pfn = PF_NULL;
  bool went = true;
  if (order < MAX_ORDER) {
    if (!k->machine->numa)
      went = alloc_on_node(k, 0, gfp, order, &pfn);
    else
      went = node == UINT64_MAX ? alloc_round(k, gfp, order, &pfn) : alloc_named(k, (uint32_t)node, gfp, order, &pfn);
  }
  if (!went)
    return PF_NULL;
  if (pfn == PF_NULL)
    k->result->outcome = PF_OUTCOME_FAILED;
  else
    pf_emit(k, PF_EV_HANDED_OUT, order, 0, pfn, gfp, 0);
  return pfn;
}

/* --- giving a block back ----------------------------------------------------------------------------------- */

/* Merges the block upwards while the pair bit says that its buddy is free, then lists it. */
static inline bool merge_and_list(struct pf_ctx *k, uint32_t z, uint32_t pfn, uint32_t order) {
  const struct pf_zone *zone = &k->s->zone[z];
  uint32_t idx = pfn - zone->start_pfn, o = order;
  for (; o != NR_PAIR_ORDERS; o++) {
    if (o > NR_PAIR_ORDERS)
      return pf_bug(k, PF_BUG_FREE_PAGES_PAST_LAST_LIST, pfn);
    uint32_t buddy = idx ^ 1u << o;
    if (pf_flip_pair(k, z, o, zone->start_pfn + idx)) {
      pf_emit(k, PF_EV_MERGE_ENDS, o, z, zone->start_pfn + idx, zone->start_pfn + buddy, 0);
      break;
    }
    if (buddy >= zone->size)
      return pf_bug(k, PF_BUG_FREE_PAGES_BUDDY_OUTSIDE, zone->start_pfn + buddy);
    pf_emit(k, PF_EV_MERGE, o, z, zone->start_pfn + idx, zone->start_pfn + buddy, 0);
    if (!pf_list_del(k, z, o, zone->start_pfn + buddy))
      return false;
    idx &= ~(1u << o);
  }
  if (o == NR_PAIR_ORDERS)
    pf_emit(k, PF_EV_MERGE_ENDS, o, z, zone->start_pfn + idx, 0, 1);
  return pf_list_add(k, z, o, zone->start_pfn + idx);
}

/* A reserved frame: nothing happens. One without a struct page: it counts as well, but cannot be freed. */
static PF_COLD bool free_unusual(struct pf_ctx *k, uint32_t pfn) {
  if (pfn < k->s->nr_frames && pf_frames(k->s)[pfn].flags & PF_FRAME_RESERVED) {
    pf_emit(k, PF_EV_FREE_IGNORED, 0, 0, pfn, (uint32_t)pf_frames(k->s)[pfn].count, 1);
    return true;
  }
  int32_t count = (int32_t)((uint32_t)pf_count_get(k->s, pfn) - 1);
  pf_set_count_anywhere(k, pfn, count);
  if (count == 0)
    return pf_bug(k, PF_BUG_FREE_PAGES_NO_FRAME, pfn);
  pf_emit(k, PF_EV_FREE_IGNORED, 0, 0, pfn, (uint32_t)count, 0);
  return true;
}

/* __free_pages. False: the kernel stopped. */
static bool free_pages(struct pf_ctx *k, uint32_t pfn, uint32_t order) {
  const uint32_t usual = PF_FRAME_PRESENT, unusual = PF_FRAME_RESERVED;
  if (pfn >= k->s->nr_frames || (pf_frames(k->s)[pfn].flags & (usual | unusual)) != usual)
    return free_unusual(k, pfn);
  struct pf_frame *f = &pf_frames(k->s)[pfn];
  pf_set_count(k, pfn, (int32_t)((uint32_t)f->count - 1));
  if (f->count != 0) {
    pf_emit(k, PF_EV_FREE_IGNORED, 0, 0, pfn, (uint32_t)f->count, 0);
    return true;
  }
  pf_emit(k, PF_EV_GIVEN_UP, order, 0, pfn, k->claim, 0);
  uint32_t z = f->flags >> PF_FRAME_ZONE_SHIFT;
  if ((pfn - k->s->zone[z].start_pfn) & ((1u << order) - 1))
    return pf_bug(k, PF_BUG_FREE_PAGES_NOT_ALIGNED, pfn);
  pf_set_free_pages(k, z, k->s->zone[z].free_pages + (1u << order));
  if (!merge_and_list(k, z, pfn, order))
    return false;
  pf_emit(k, PF_EV_TAKEN_BACK, order, PF_STATE_BUDDY, pfn, 0, 0);
  return true;
}

/* A frame that the boot kept is given to the page allocator. */
bool pf_24_free_boot_page(struct pf_ctx *k, uint32_t pfn) {
  if (pfn < k->s->nr_frames) {
    pf_set_reserved_clear(k, pfn);
    pf_set_count(k, pfn, 1);
  }
  return free_pages(k, pfn, 0);
}

/* --- setting a node's zones up ----------------------------------------------------------------------------- */

static uint32_t pages_min(uint32_t real) {
  uint32_t mark = real / 128;
  return mark < 20 ? 20 : mark > 255 ? 255 : mark;
}

void pf_24_free_area_init(struct pf_ctx *k, uint32_t node, uint32_t start_pfn, const uint64_t *sizes,
                          const uint64_t *holes) {
  uint32_t at = start_pfn, misaligned = 0;
  for (uint32_t type = 0; type < NR_ZONE_TYPES; type++) {
    uint32_t z = node * NR_ZONE_TYPES + type, size = (uint32_t)sizes[type], hole = (uint32_t)holes[type];
    pf_zone_set_up(k->s, z, at, size, hole);
    pf_emit(k, PF_EV_ZONE_SET_UP, 0, z, at, size, hole);
    if (size == 0)
      continue;
    pf_emit(k, PF_EV_FRAMES_ARE, PF_STATE_RESERVED, 0, at, size, 0);
    struct pf_zone *zone = &k->s->zone[z];
    zone->pages_min = pages_min(size - hole);
    zone->pages_low = 2 * zone->pages_min;
    zone->pages_high = 3 * zone->pages_min;
    pf_emit(k, PF_EV_ZONE_MARKS_SET, 0, z, zone->pages_min, zone->pages_low, zone->pages_high);
    misaligned += at % (1u << NR_PAIR_ORDERS) != 0;
    at += size;
  }
  if (misaligned)
    pf_emit(k, PF_EV_WARN_ZONE_ALIGNMENT, 0, 0, misaligned, 0, 0);
}

/* --- operations: what drivers call --------------------------------------------------------------------------- */

void pf_24_op_free_area_init(struct pf_ctx *k, const uint64_t *arg) {
  pf_24_free_area_init(k, (uint32_t)arg[0], (uint32_t)arg[1], &arg[2], &arg[5]);
}

void pf_24_op_free_boot_range(struct pf_ctx *k, const uint64_t *arg) {
  uint32_t start = (uint32_t)arg[0], end = (uint32_t)arg[1];
  for (uint32_t i = 0; i < end - start; i++)
    if (!pf_24_free_boot_page(k, arg[2] ? end - 1 - i : start + i))
      return;
}

static void return_page(struct pf_ctx *k, uint32_t pfn) {
  if (pfn != PF_NULL)
    pf_return(k, PF_RESULT_PFN, pfn);
}

/* The frame's address for the kernel. HighMem has none, so the caller gets 0 and the frame stays allocated. */
static bool return_address(struct pf_ctx *k, uint32_t pfn) {
  if (pfn == PF_NULL)
    return false;
  if (k->s->zone[pf_frames(k->s)[pfn].flags >> PF_FRAME_ZONE_SHIFT].type == ZONE_HIGHMEM) {
    k->result->outcome = PF_OUTCOME_FAILED;
    return false;
  }
  pf_return(k, PF_RESULT_ADDR, (uint64_t)pfn << PF_PAGE_SHIFT);
  return true;
}

void pf_24_op_alloc_pages(struct pf_ctx *k, const uint64_t *arg) {
  return_page(k, alloc_pages(k, (uint32_t)arg[0], (uint32_t)arg[1], arg[2]));
}

void pf_24_op_alloc_pages_node(struct pf_ctx *k, const uint64_t *arg) {
  return_page(k, alloc_pages(k, (uint32_t)arg[1], (uint32_t)arg[2], arg[0]));
}

void pf_24_op_alloc_page(struct pf_ctx *k, const uint64_t *arg) {
  return_page(k, alloc_pages(k, (uint32_t)arg[0], 0, UINT64_MAX));
}

void pf_24_op_get_free_pages(struct pf_ctx *k, const uint64_t *arg) {
  return_address(k, alloc_pages(k, (uint32_t)arg[0], (uint32_t)arg[1], UINT64_MAX));
}

void pf_24_op_get_free_page(struct pf_ctx *k, const uint64_t *arg) {
  return_address(k, alloc_pages(k, (uint32_t)arg[0], 0, UINT64_MAX));
}

void pf_24_op_get_dma_pages(struct pf_ctx *k, const uint64_t *arg) {
  return_address(k, alloc_pages(k, (uint32_t)arg[0] | GFP_BIT_DMA, (uint32_t)arg[1], UINT64_MAX));
}

void pf_24_op_get_zeroed_page(struct pf_ctx *k, const uint64_t *arg) {
  uint32_t pfn = alloc_pages(k, (uint32_t)arg[0], 0, UINT64_MAX);
  if (pfn != PF_NULL && !return_address(k, pfn))
    pf_oops(k, PF_BUG_NULL_POINTER, pfn); /* it is zeroed through an address that it does not have */
}

void pf_24_op_free_pages_page(struct pf_ctx *k, const uint64_t *arg) {
  free_pages(k, (uint32_t)arg[0], (uint32_t)arg[1]);
}

void pf_24_op_free_page_page(struct pf_ctx *k, const uint64_t *arg) { free_pages(k, (uint32_t)arg[0], 0); }

/* The offset within the frame is ignored; NULL never comes here. */
void pf_24_op_free_pages(struct pf_ctx *k, const uint64_t *arg) {
  free_pages(k, (uint32_t)(arg[0] >> PF_PAGE_SHIFT), (uint32_t)arg[1]);
}

void pf_24_op_free_page(struct pf_ctx *k, const uint64_t *arg) {
  free_pages(k, (uint32_t)(arg[0] >> PF_PAGE_SHIFT), 0);
}

void pf_24_op_get_page(struct pf_ctx *k, const uint64_t *arg) {
  uint32_t pfn = (uint32_t)arg[0];
  pf_set_count_anywhere(k, pfn, (int32_t)((uint32_t)pf_count_get(k->s, pfn) + 1));
}
