/*
 * The whole-state checker: the first thing that cannot be where nobody misused the allocator. It trusts nothing that it
 * checks: walks end after as many steps as there are frames.
 */
#include <string.h>

#include "map.h"

struct check {
  const struct pf_structs *s;
  const struct pf_kernel_info *kernel;
  const struct pf_frame *link;
  uint8_t *seen; /* one bit a frame: in a free block */
  struct pf_finding *finding;
};

static bool found(const struct check *c, uint32_t kind, uint32_t zone, uint32_t list, uint32_t pfn) {
  *c->finding = (struct pf_finding){kind, zone, list, pfn};
  return false;
}

static bool mark_block(const struct check *c, uint32_t zone, uint32_t order, uint32_t pfn) {
  const struct pf_zone *z = &c->s->zone[zone];
  uint32_t idx = pfn - z->start_pfn, place = c->kernel->is_aligned_by_pfn ? pfn : idx;
  if (pfn < z->start_pfn || idx >= z->size || z->size - idx < 1u << order || place & ((1u << order) - 1))
    return found(c, PF_FINDING_PLACE, zone, order, pfn);
  for (uint32_t at = pfn; at < pfn + (1u << order); at++) {
    if (c->seen[at >> 3] >> (at & 7) & 1)
      return found(c, PF_FINDING_TWICE, zone, order, at);
    c->seen[at >> 3] = (uint8_t)(c->seen[at >> 3] | 1u << (at & 7));
    if (c->link[at].count != 0 || c->link[at].flags & PF_FRAME_RESERVED)
      return found(c, PF_FINDING_COUNT, zone, order, at);
  }
  return true;
}

/* What a kernel with migratetypes notes on the first frame of a listed block: the free mark, where it is on a free
 * list; a type, where it is on a CPU's. */
static bool check_head(const struct check *c, uint32_t zone, uint32_t list, uint32_t pfn) {
  uint32_t flags = c->link[pfn].flags, is_free = list < c->s->nr_free_lists;
  uint32_t want = is_free ? PF_FRAME_FREE | pf_list_order(c->s, list) << PF_FRAME_FREE_ORDER_SHIFT : 0;
  if (c->s->nr_types == 1)
    return true;
  if ((flags & (PF_FRAME_FREE | (is_free ? PF_FRAME_FREE_ORDER : 0))) != want)
    return found(c, PF_FINDING_FREE_MARK, zone, list, pfn);
  if (!is_free && (flags & PF_FRAME_TYPE) >> PF_FRAME_TYPE_SHIFT >= c->s->nr_types)
    return found(c, PF_FINDING_TYPE, zone, list, pfn);
  return pf_pageblock_type(c->s, pfn) != PF_NO_TYPE || found(c, PF_FINDING_TYPE, zone, list, pfn);
}

static bool walk_list(const struct check *c, uint32_t zone, uint32_t list, uint32_t *blocks) {
  uint32_t head = pf_head(c->s, zone, list), order = pf_list_order(c->s, list), at = head, steps = 0;
  for (;;) {
    uint32_t next = c->link[at].next;
    if (next >= c->s->nr_links || c->link[next].prev != at || steps++ > c->s->nr_frames)
      return found(c, PF_FINDING_RING, zone, list, at);
    if (next == head)
      return true;
    if (next >= c->s->nr_frames)
      return found(c, PF_FINDING_RING, zone, list, at);
    if (!mark_block(c, zone, order, next) || !check_head(c, zone, list, next))
      return false;
    ++*blocks;
    at = next;
  }
}

/* A pair bit is 1 if and only if exactly one buddy is listed: every listed block has a bit of its own, and there are no
 * others. */
static bool walk_pairs(const struct check *c, uint32_t zone, uint32_t order) {
  const struct pf_zone *z = &c->s->zone[zone];
  uint32_t nr = (z->size + (2u << order) - 1) >> (order + 1), head = pf_head(c->s, zone, order), listed = 0, set = 0;
  for (uint32_t at = c->link[head].next; at != head; at = c->link[at].next, listed++)
    if (pf_pair_bit(c->s, zone, order, (at - z->start_pfn) >> (order + 1)) != 1)
      return found(c, PF_FINDING_PAIR, zone, order, at);
  for (uint32_t i = 0; i < nr; i++)
    set += (uint32_t)pf_pair_bit(c->s, zone, order, i);
  return set == listed || found(c, PF_FINDING_PAIR, zone, order, z->start_pfn);
}

/* All lists of an order. */
static bool check_order(const struct check *c, uint32_t zone, uint32_t order, uint32_t *pages) {
  uint32_t blocks = 0, first = order * c->s->nr_types;
  for (uint32_t type = 0; type < c->s->nr_types; type++)
    if (!walk_list(c, zone, first + type, &blocks))
      return false;
  *pages += blocks << order;
  if (c->s->nr_types > 1 && blocks != c->s->zone[zone].nr_free[order])
    return found(c, PF_FINDING_NR_FREE, zone, first, c->s->zone[zone].start_pfn);
  return true;
}

/* A CPU's lists and its counters, each of which is for as many of the lists. */
static bool check_cpu(const struct check *c, uint32_t zone, uint32_t cpu) {
  const uint32_t each = c->s->nr_pcp_lists / c->s->nr_pcps;
  uint32_t pages = 0;
  for (uint32_t index = 0; index < c->s->nr_pcp_lists; index++) {
    uint32_t blocks = 0, list = pf_pcp_number(c->s, cpu, index);
    if (!walk_list(c, zone, list, &blocks))
      return false;
    pages += blocks << pf_list_order(c->s, list);
    if ((index + 1) % each)
      continue;
    if (pages != pf_pcp_const(c->s, zone, cpu)[index / each].count)
      return found(c, PF_FINDING_PCP, zone, list, c->s->zone[zone].start_pfn);
    pages = 0;
  }
  return true;
}

static bool check_zone(const struct check *c, uint32_t zone) {
  const struct pf_zone *z = &c->s->zone[zone];
  uint32_t pages = 0;
  if (z->size == 0)
    return true;
  for (uint32_t order = 0; order < c->s->nr_orders; order++)
    if (!check_order(c, zone, order, &pages))
      return false;
  for (uint32_t order = 0; order < c->s->nr_pair_orders; order++)
    if (!walk_pairs(c, zone, order))
      return false;
  for (uint32_t cpu = 0; cpu < c->s->nr_cpus; cpu++)
    if (!check_cpu(c, zone, cpu))
      return false;
  return pages == pf_zone_free_pages(c->s, zone) || found(c, PF_FINDING_FREE_PAGES, zone, 0, z->start_pfn);
}

/* Free marks are where listed blocks begin, and nowhere else. */
static bool check_marks(const struct check *c) {
  uint32_t marks = 0, blocks = 0;
  for (uint32_t pfn = 0; pfn < c->s->nr_frames; pfn++)
    marks += (c->link[pfn].flags & PF_FRAME_FREE) != 0;
  for (uint32_t zone = 0; zone < c->s->nr_zones; zone++)
    for (uint32_t order = 0; order < c->s->nr_orders; order++)
      blocks += c->s->zone[zone].nr_free[order];
  return c->s->nr_types == 1 || marks == blocks || found(c, PF_FINDING_FREE_MARK, PF_NULL, 0, 0);
}

static bool check_boot(const struct check *c, uint32_t node) {
  const struct pf_boot *boot = &c->s->boot[node];
  uint32_t pages = boot->end_pfn - boot->start_pfn;
  bool fits = boot->start_pfn <= boot->end_pfn && boot->end_pfn <= c->s->nr_frames &&
              boot->last_offset < PF_PAGE_SIZE && (boot->last_pos < pages || boot->last_pos == 0);
  return fits || found(c, PF_FINDING_BOOT, PF_NULL, 0, boot->start_pfn);
}

static bool check_all(const struct check *c) {
  memset(c->seen, 0, (c->s->nr_frames + 7) / 8);
  for (uint32_t node = 0; node < c->s->nr_nodes; node++)
    if (!check_boot(c, node))
      return false;
  for (uint32_t zone = 0; zone < c->s->nr_zones; zone++)
    if (!check_zone(c, zone))
      return false;
  return check_marks(c);
}

/* Every frame of a listed block is free in the way of that list, and its first one alone is known to be listed. */
static bool check_block(const struct check *c, const struct pf_map *map, uint32_t zone, uint32_t list, uint32_t pfn) {
  const struct pf_map_word *word = pf_map_words_const(map);
  uint32_t order = pf_list_order(c->s, list), state = list < c->s->nr_free_lists ? PF_STATE_BUDDY : PF_STATE_PCP;
  uint32_t want = state | pf_word_listed(c->s, order, list);
  for (uint32_t at = pfn; at < pfn + (1u << order); at++, want = state)
    if ((word[at].word & (PF_WORD_LIST | PF_WORD_STATE)) != want)
      return found(c, PF_FINDING_MAP, zone, list, at);
  return true;
}

static bool check_blocks(const struct check *c, const struct pf_map *map) {
  const struct pf_map_word *word = pf_map_words_const(map);
  uint32_t heads = 0, listed = 0;
  for (uint32_t pfn = 0; pfn < map->nr_frames; pfn++)
    heads += (word[pfn].word & PF_WORD_LISTED) != 0;
  for (uint32_t zone = 0; zone < c->s->nr_zones; zone++)
    for (uint32_t list = 0; list < c->s->nr_lists; list++) {
      uint32_t head = pf_head(c->s, zone, list);
      for (uint32_t at = c->link[head].next; at != head; at = c->link[at].next, listed++)
        if (!check_block(c, map, zone, list, at))
          return false;
    }
  return heads == listed || found(c, PF_FINDING_MAP, PF_NULL, 0, 0);
}

/* The frames layer says `buddy` or `pcp` of exactly those frames that the lists hold. */
static bool check_frames(const struct check *c, const struct pf_map *map) {
  const struct pf_map_word *word = pf_map_words_const(map);
  for (uint32_t pfn = 0; pfn < map->nr_frames; pfn++) {
    bool listed = c->seen[pfn >> 3] >> (pfn & 7) & 1;
    uint32_t state = word[pfn].word & PF_WORD_STATE;
    if (listed != (state == PF_STATE_BUDDY || state == PF_STATE_PCP) || word[pfn].word & PF_WORD_MARKS)
      return found(c, PF_FINDING_MAP, c->link[pfn].flags >> PF_FRAME_ZONE_SHIFT, 0, pfn);
  }
  return check_blocks(c, map);
}

uint32_t pf_check_map(const struct pf_map *map, uint8_t *scratch, struct pf_finding *finding) {
  const struct pf_structs *s = pf_map_structs(map);
  *finding = (struct pf_finding){0};
  if (!s)
    return PF_FINDING_NONE;
  struct check c = {s, pf_kernel_info(s->kernel), pf_frames_const(s), scratch, finding};
  if (check_all(&c))
    check_frames(&c, map);
  return finding->kind;
}
