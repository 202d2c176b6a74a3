/*
 * The fold: the map before, plus events, is the map after.
 *
 * The frames layer takes every source's word for who has which frame. Marks (two owners, free yet owned) and lost
 * frames need the structures layer: a trace hides some frees and allocations, so from it nothing of the kind can be
 * concluded. The structures layer does again what the primitive did in the model.
 */
#include "map.h"

/* A map, or an engine's structures, which have no words. */
struct fold {
  struct pf_map *map;       /* NULL: an engine's */
  struct pf_map_word *word; /* nr_words of them */
  uint32_t nr_words, nr_frames;
  struct pf_structs *s; /* NULL: no structures layer */
};

/* --- frames ---------------------------------------------------------------------------------------------- */

static uint32_t state_of(uint32_t word) { return word & PF_WORD_STATE; }

static uint32_t block_end(const struct fold *f, uint32_t pfn, uint32_t order) {
  uint64_t end = (uint64_t)pfn + ((uint64_t)1 << order);
  return end < f->map->nr_frames ? (uint32_t)end : f->map->nr_frames;
}

/* New state and marks; what the lists say of the frame stays. */
static void put(struct pf_map_word *w, uint32_t word) { w->word = (w->word & PF_WORD_LIST) | word; }

static void set_range(const struct fold *f, uint32_t first, uint32_t end, uint32_t state) {
  for (uint32_t pfn = first; pfn < end; pfn++) {
    put(&f->word[pfn], state);
    f->word[pfn].owner = 0;
  }
}

static void hand_out(const struct fold *f, uint32_t pfn, uint32_t order) {
  for (uint32_t at = pfn, end = block_end(f, pfn, order); at < end; at++) {
    struct pf_map_word *w = &f->word[at];
    bool owned = state_of(w->word) == PF_STATE_ALLOCATED || w->word & PF_MARK_FREE_YET_OWNED << PF_WORD_MARK_SHIFT;
    uint32_t marks = f->s && owned ? PF_MARK_TWO_OWNERS << PF_WORD_MARK_SHIFT : 0;
    put(w, PF_STATE_ALLOCATED | marks | order << PF_WORD_ORDER_SHIFT | (at == pfn ? PF_WORD_HEAD : 0));
    w->owner = f->map->number;
  }
}

/* The frames of a block that somebody owns, in pieces from now on. */
static void cut(const struct fold *f, uint32_t pfn, uint32_t order, uint32_t piece) {
  for (uint32_t at = pfn, end = block_end(f, pfn, order); at < end; at++) {
    struct pf_map_word *w = &f->word[at];
    if (state_of(w->word) == PF_STATE_ALLOCATED)
      w->word = (w->word & ~(PF_WORD_ORDER | PF_WORD_HEAD)) | piece << PF_WORD_ORDER_SHIFT |
                ((at - pfn) & ((1u << piece) - 1) ? 0 : PF_WORD_HEAD);
  }
}

/* Nobody owns the block at pfn any more: all of it, for who gives a part back keeps nothing. Where who frees it names
 * an allocation (`claim`) that is not the block's, its owner still thinks that it is theirs. */
static void give_up(const struct fold *f, uint32_t pfn, uint32_t claim) {
  if (pfn >= f->map->nr_frames)
    return;
  uint32_t word = f->word[pfn].word, owner = f->word[pfn].owner;
  if (state_of(word) != PF_STATE_ALLOCATED || (claim && claim != owner))
    return;
  uint32_t end = block_end(f, pfn, (word & PF_WORD_ORDER) >> PF_WORD_ORDER_SHIFT);
  for (uint32_t at = pfn; at < end && state_of(f->word[at].word) == PF_STATE_ALLOCATED && f->word[at].owner == owner;
       at++)
    f->word[at].word = (f->word[at].word & ~PF_WORD_STATE) | PF_STATE_LOST;
}

/* Somebody other than who gave it back still thinks that the frame is theirs. */
static bool still_owned(const struct fold *f, uint32_t pfn) {
  uint32_t word = f->word[pfn].word;
  if (!f->s)
    return false;
  if (state_of(word) == PF_STATE_RESERVED)
    return pf_frames(f->s)[pfn].flags & PF_FRAME_RESERVED;
  return state_of(word) == PF_STATE_ALLOCATED || word & (PF_MARK_TWO_OWNERS | PF_MARK_FREE_YET_OWNED)
                                                            << PF_WORD_MARK_SHIFT;
}

static void take_back(const struct fold *f, uint32_t pfn, uint32_t order, uint32_t state) {
  for (uint32_t at = pfn, end = block_end(f, pfn, order); at < end; at++)
    put(&f->word[at], state | (still_owned(f, at) ? PF_MARK_FREE_YET_OWNED << PF_WORD_MARK_SHIFT : 0));
}

/* A frame that somebody has and that moves nevertheless is in two places. */
static void move(const struct fold *f, uint32_t pfn, uint32_t order, uint32_t state) {
  for (uint32_t at = pfn, end = block_end(f, pfn, order); at < end; at++) {
    uint32_t word = f->word[at].word;
    bool owned = f->s && state_of(word) == PF_STATE_ALLOCATED;
    f->word[at].word = (word & ~PF_WORD_STATE) | state | (owned ? PF_MARK_FREE_YET_OWNED << PF_WORD_MARK_SHIFT : 0);
  }
}

static void doubt_all(const struct fold *f) {
  for (uint32_t pfn = 0; pfn < f->map->nr_frames; pfn++) {
    uint32_t state = state_of(f->word[pfn].word);
    if (state != PF_STATE_HOLE && state != PF_STATE_RESERVED)
      set_range(f, pfn, pfn + 1, PF_STATE_UNKNOWN);
  }
}

static void set_owner(const struct fold *f, uint32_t pfn, uint32_t count) {
  uint32_t end = count < f->map->nr_frames - pfn ? pfn + count : f->map->nr_frames;
  for (; pfn < end; pfn++)
    f->word[pfn].owner = f->map->number;
}

static bool is_range(const struct fold *f, uint32_t pfn, uint32_t count) {
  return pfn <= f->nr_frames && count <= f->nr_frames - pfn;
}

/* Spare descriptors can be freed like frames, but are none. */
static bool is_block(const struct fold *f, const struct pf_event *e) {
  return e->a < (f->s ? f->s->nr_frames : f->nr_frames) && e->s < 32;
}

static bool fold_frames(const struct fold *f, const struct pf_event *e) {
  switch (e->kind) {
  case PF_EV_OP_BEGIN:
    f->map->number = e->a;
    return e->t < PF_NR_OPS;
  case PF_EV_FRAMES_ARE:
    if (!is_range(f, e->a, e->b) || e->s >= PF_NR_STATES)
      return false;
    set_range(f, e->a, e->a + e->b, e->s);
    return true;
  case PF_EV_BOOT_HANDED_OUT:
    if (e->a < f->map->nr_frames)
      set_owner(f, e->a, e->b);
    return true;
  case PF_EV_LOST_EVENTS:
    doubt_all(f);
    return true;
  case PF_EV_HANDED_OUT:
    if (!is_block(f, e))
      return false;
    hand_out(f, e->a, e->s);
    return true;
  case PF_EV_GIVEN_UP:
    if (!is_block(f, e))
      return false;
    give_up(f, e->a, e->b);
    return true;
  case PF_EV_BLOCK_CUT:
    if (!is_block(f, e) || e->t > e->s)
      return false;
    cut(f, e->a, e->s, e->t);
    return true;
  case PF_EV_TAKEN_BACK:
  case PF_EV_MOVED:
    if (!is_block(f, e) || e->t >= PF_NR_STATES)
      return false;
    (e->kind == PF_EV_MOVED ? move : take_back)(f, e->a, e->s, e->t);
    return true;
  default:
    return true; /* op_arg, op_end: words only */
  }
}

/* --- structures --------------------------------------------------------------------------------------------- */

static bool set_up_zone(const struct fold *f, const struct pf_event *e) {
  if (e->t >= f->s->nr_zones || !is_range(f, e->a, e->b) || e->c > e->b)
    return false;
  pf_zone_set_up(f->s, e->t, e->a, e->b, e->c);
  for (uint32_t pfn = e->a; pfn < e->a + e->b && pfn < f->nr_words; pfn++)
    f->word[pfn].word &= ~PF_WORD_LIST;
  return true;
}

static bool set_up_boot_map(const struct fold *f, const struct pf_event *e) {
  if (e->t >= f->s->nr_nodes || e->b > e->c || e->c > f->nr_frames)
    return false;
  pf_boot_set_up(f->s, e->t, e->a, e->b, e->c);
  return true;
}

/* The same ring operation; whether it met a NULL link does not matter, for the kernel stopped at the same write. */
static bool relist(const struct fold *f, const struct pf_event *e) {
  struct pf_structs *s = f->s;
  if (e->a >= (e->kind == PF_EV_LIST_DEL ? s->nr_links : s->nr_frames))
    return false;
  bool done;
  uint32_t list = 0;
  if (e->kind == PF_EV_LIST_DEL) {
    done = pf_ring_del(pf_frames(s), s->nr_links, e->a, s->unlinked);
  } else {
    if (e->b < s->nr_frames || e->b >= s->nr_links || e->s >= s->nr_orders)
      return false;
    done = (e->kind == PF_EV_LIST_ADD ? pf_ring_add : pf_ring_add_tail)(pf_frames(s), s->nr_links, e->a, e->b);
    list = pf_word_listed(s, e->s, e->b - pf_head(s, e->t, 0));
  }
  if (done && e->a < f->nr_words)
    f->word[e->a].word = (f->word[e->a].word & ~PF_WORD_LIST) | list;
  return true;
}

/* The frame's own links, or one of its flags. */
static bool fold_frame(const struct fold *f, const struct pf_event *e) {
  bool has_order = e->kind == PF_EV_FREE_MARK_SET || e->kind == PF_EV_COMPOUND_SET;
  if (e->a >= f->s->nr_frames || (has_order && e->s >= f->s->nr_orders) ||
      (e->kind == PF_EV_TYPE_REMEMBERED && e->s >= f->s->nr_types))
    return false;
  struct pf_frame *frame = &pf_frames(f->s)[e->a];
  switch (e->kind) {
  case PF_EV_RESERVED_CLEARED:
    frame->flags &= ~PF_FRAME_RESERVED;
    return true;
  case PF_EV_MAPPED_CLEARED:
    frame->flags &= ~PF_FRAME_MAPPED;
    return true;
  case PF_EV_FREE_MARK_SET:
    frame->flags = (frame->flags & ~PF_FRAME_FREE_ORDER) | PF_FRAME_FREE | (uint32_t)e->s << PF_FRAME_FREE_ORDER_SHIFT;
    return true;
  case PF_EV_FREE_MARK_CLEARED:
    frame->flags &= ~(PF_FRAME_FREE | PF_FRAME_FREE_ORDER);
    return true;
  case PF_EV_COMPOUND_SET:
    frame->flags =
        (frame->flags & ~PF_FRAME_COMPOUND_ORDER) | PF_FRAME_COMPOUND | (uint32_t)e->s << PF_FRAME_COMPOUND_ORDER_SHIFT;
    return true;
  case PF_EV_COMPOUND_CLEARED:
    frame->flags &= ~(PF_FRAME_COMPOUND | PF_FRAME_COMPOUND_ORDER);
    return true;
  case PF_EV_TYPE_REMEMBERED:
    frame->flags = (frame->flags & ~PF_FRAME_TYPE) | (uint32_t)e->s << PF_FRAME_TYPE_SHIFT;
    return true;
  default:
    frame->next = frame->prev = f->s->unlinked;
    if (e->a < f->nr_words)
      f->word[e->a].word &= ~PF_WORD_LIST;
    return true;
  }
}

static bool flip(const struct fold *f, const struct pf_event *e) {
  const struct pf_structs *s = f->s;
  if (e->t >= s->nr_zones || e->s >= s->nr_pair_orders || e->b > s->zone[e->t].size >> (e->s + 1))
    return false;
  return pf_pair_flip(pf_pair_bits(f->s), s->zone[e->t].first_pair[e->s] + e->b) == e->c;
}

static bool set_count(const struct fold *f, const struct pf_event *e) {
  if (!pf_count_fits(f->s, e->a))
    return false;
  pf_count_put(f->s, e->a, (int32_t)e->b);
  return true;
}

static bool fold_boot(const struct fold *f, const struct pf_event *e) {
  if (e->t >= f->s->nr_nodes)
    return false;
  struct pf_boot *boot = &f->s->boot[e->t];
  switch (e->kind) {
  case PF_EV_BOOT_MAP_GONE:
    boot->has_map = 0;
    return true;
  case PF_EV_BOOT_LAST_SET:
    boot->last_pos = e->a;
    boot->last_offset = e->b;
    return true;
  case PF_EV_BOOT_LAST_SUCCESS_SET:
    boot->last_success = (struct pf_u64){e->a, e->b};
    return true;
  default:
    if (!is_range(f, e->a, e->b))
      return false;
    pf_boot_fill(f->s, e->a, e->b, e->kind == PF_EV_BOOT_BITS_SET);
    return true;
  }
}

/* A run of frames, or of pageblocks. */
static bool fold_run(const struct fold *f, const struct pf_event *e) {
  if (e->kind == PF_EV_PAGEBLOCKS_SET) {
    uint32_t order = f->s->pageblock_order, first = e->a >> order;
    if (order == 0 || e->a >= f->nr_frames || e->b > ((f->nr_frames - 1) >> order) + 1 - first ||
        (e->s >= f->s->nr_types && e->s != PF_NO_TYPE))
      return false;
    pf_pageblocks_fill(f->s, e->a, e->b, e->s);
    return true;
  }
  if (!is_range(f, e->a, e->b))
    return false;
  switch (e->kind) {
  case PF_EV_RESERVED_SET:
    pf_flags_fill(f->s, e->a, e->b, PF_FRAME_RESERVED, e->s ? PF_FRAME_RESERVED : 0);
    return true;
  case PF_EV_HELD_SET:
    pf_flags_fill(f->s, e->a, e->b, PF_FRAME_HELD, pf_held_flags(e->s));
    return true;
  case PF_EV_LRU_SET:
    pf_flags_fill(f->s, e->a, e->b, PF_FRAME_LRU, e->s ? PF_FRAME_LRU : 0);
    return true;
  default:
    for (uint32_t pfn = e->a; pfn < e->a + e->b; pfn++)
      pf_frames(f->s)[pfn].count = (int32_t)e->c;
    return true;
  }
}

/* A CPU's counters of a zone. */
static bool fold_pcp(const struct fold *f, const struct pf_event *e) {
  uint32_t cpu = e->kind == PF_EV_PCP_LIMITS_SET ? e->s : e->a, which = e->kind == PF_EV_PCP_COUNT_SET ? e->s & 1 : 0;
  if (e->t >= f->s->nr_zones || cpu >= f->s->nr_cpus || which >= f->s->nr_pcps ||
      (e->kind == PF_EV_FREE_FACTOR_SET && e->s > PF_MAX_FREE_FACTOR) ||
      (e->kind == PF_EV_PCP_LIMITS_SET && e->b > f->s->nr_frames))
    return false;
  struct pf_pcp *pcp = &pf_pcp(f->s, e->t, cpu)[which];
  switch (e->kind) {
  case PF_EV_PCP_LIMITS_SET:
    pcp->high = e->a;
    pcp->batch = e->b;
    pcp->stat_threshold = e->c;
    return true;
  case PF_EV_FREE_FACTOR_SET:
    pcp->free_factor = e->s;
    return true;
  case PF_EV_VM_STAT_DIFF_SET:
    pcp->vm_stat_diff = (int32_t)e->b;
    return true;
  default:
    pcp->count = e->b;
    return true;
  }
}

static bool fold_zone(const struct fold *f, const struct pf_event *e) {
  if (e->t >= f->s->nr_zones)
    return false;
  struct pf_zone *zone = &f->s->zone[e->t];
  switch (e->kind) {
  case PF_EV_ZONE_MARKS_SET:
    zone->pages_min = e->a;
    zone->pages_low = e->b;
    zone->pages_high = e->c;
    return true;
  case PF_EV_FREE_PAGES_SET:
    zone->free_pages = e->a;
    return true;
  case PF_EV_PROTECTION_SET:
    zone->protection[0] = e->a;
    zone->protection[1] = e->b;
    zone->protection[2] = e->c;
    return true;
  case PF_EV_PCP_SET_UP:
    if ((e->s & 1u) >= f->s->nr_pcps || e->c > f->s->nr_frames)
      return false;
    pf_pcp_set_up(f->s, e->t, e->s & 1, e->a, e->b, e->c);
    return true;
  case PF_EV_NR_FREE_SET:
    if (e->s >= f->s->nr_orders)
      return false;
    zone->nr_free[e->s] = e->a;
    return true;
  case PF_EV_BOOST_SET:
    zone->boost = e->a;
    zone->boosted = e->s;
    return true;
  case PF_EV_RECLAIM_ACTIVE_SET:
    zone->reclaim_active = e->s;
    return true;
  case PF_EV_HIGHATOMIC_SET:
    zone->nr_reserved_highatomic = e->a;
    return true;
  case PF_EV_MANAGED_SET:
    zone->managed = e->a;
    return true;
  case PF_EV_RESERVE_SET:
    if (e->s >= PF_MAX_ZONE_TYPES)
      return false;
    zone->protection[e->s] = e->a;
    return true;
  default:
    zone->need_balance = e->a;
    return true;
  }
}

static bool fold_structures(const struct fold *f, const struct pf_event *e) {
  switch (e->kind) {
  case PF_EV_LIST_ADD:
  case PF_EV_LIST_ADD_TAIL:
  case PF_EV_LIST_DEL:
    return relist(f, e);
  case PF_EV_PAIR_FLIPPED:
    return flip(f, e);
  case PF_EV_COUNT_SET:
    return set_count(f, e);
  case PF_EV_RESERVED_CLEARED:
  case PF_EV_MAPPED_CLEARED:
  case PF_EV_LINKS_POISONED:
  case PF_EV_FREE_MARK_SET:
  case PF_EV_FREE_MARK_CLEARED:
  case PF_EV_TYPE_REMEMBERED:
  case PF_EV_COMPOUND_SET:
  case PF_EV_COMPOUND_CLEARED:
    return fold_frame(f, e);
  case PF_EV_SYSCTLS_SET:
    f->s->min_free_kbytes = e->a;
    f->s->lower_zone_protection = e->b;
    return true;
  case PF_EV_TUNABLES_SET:
    f->s->watermark_boost_factor = e->a;
    f->s->watermark_scale_factor = e->b;
    f->s->percpu_pagelist_high_fraction = e->c;
    return true;
  case PF_EV_ZONE_SET_UP:
    return set_up_zone(f, e);
  case PF_EV_BOOT_MAP_SET_UP:
    return set_up_boot_map(f, e);
  case PF_EV_ZONE_MARKS_SET:
  case PF_EV_FREE_PAGES_SET:
  case PF_EV_NEED_BALANCE_SET:
  case PF_EV_PROTECTION_SET:
  case PF_EV_PCP_SET_UP:
  case PF_EV_NR_FREE_SET:
  case PF_EV_BOOST_SET:
  case PF_EV_RECLAIM_ACTIVE_SET:
  case PF_EV_HIGHATOMIC_SET:
  case PF_EV_MANAGED_SET:
  case PF_EV_RESERVE_SET:
    return fold_zone(f, e);
  case PF_EV_PCP_COUNT_SET:
  case PF_EV_PCP_LIMITS_SET:
  case PF_EV_FREE_FACTOR_SET:
  case PF_EV_VM_STAT_DIFF_SET:
    return fold_pcp(f, e);
  case PF_EV_PAGEBLOCKS_SET:
  case PF_EV_RESERVED_SET:
  case PF_EV_HELD_SET:
  case PF_EV_LRU_SET:
  case PF_EV_COUNTS_SET:
    return fold_run(f, e);
  default:
    return fold_boot(f, e);
  }
}

/* --- the door of the fold ------------------------------------------------------------------------------------ */

static const uint8_t layer_of[PF_NR_EVENTS] = {
#define PF_EVENT(id, name, layer, s, t, a, b, c) [PF_EV_##id] = PF_LAYER_BIT_##layer,
#include "events.def"
#undef PF_EVENT
};

static bool fold_one(const struct fold *f, const struct pf_event *e) {
  if (e->kind == PF_EV_NONE || e->kind >= PF_NR_EVENTS)
    return false;
  if (layer_of[e->kind] == PF_LAYER_BIT_FRAMES)
    return !f->map || fold_frames(f, e);
  if (layer_of[e->kind] == PF_LAYER_BIT_STRUCTURES && f->s)
    return fold_structures(f, e);
  return true;
}

static enum pf_status fold_all(const struct fold *f, const struct pf_event *events, uint32_t count, uint32_t *folded) {
  uint32_t i = 0;
  while (i < count && fold_one(f, &events[i]))
    i++;
  if (folded)
    *folded = i;
  return i == count ? PF_OK : PF_E_EVENT;
}

enum pf_status pf_map_fold(struct pf_map *map, const struct pf_event *events, uint32_t count, uint32_t *folded) {
  const struct fold f = {map, pf_map_words(map), map->nr_frames, map->nr_frames, pf_map_structs_mutable(map)};
  return fold_all(&f, events, count, folded);
}

enum pf_status pf_structs_fold(struct pf_structs *s, const struct pf_event *events, uint32_t count, uint32_t *folded) {
  const struct fold f = {NULL, NULL, 0, s->nr_frames - s->nr_spare_frames, s};
  return fold_all(&f, events, count, folded);
}
