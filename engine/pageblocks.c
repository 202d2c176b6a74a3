/* What lies in pageblocks: whose their frames are by type. Found by a look at their own frames when somebody asks. */
#include "map.h"

/* The type of the list that the block at pfn stands on, as a set. */
static uint32_t listed_type(const struct pf_map *map, const struct pf_structs *s, uint32_t pfn) {
  uint32_t word = pf_map_words_const(map)[pfn].word;
  uint32_t remembered = (pf_frames_const(s)[pfn].flags & PF_FRAME_TYPE) >> PF_FRAME_TYPE_SHIFT;
  bool is_pcp = (word & PF_WORD_STATE) == PF_STATE_PCP;
  return 1u << (is_pcp ? remembered : word >> PF_WORD_LIST_TYPE_SHIFT & 0xf);
}

/* The list of a block that is larger than a pageblock, and began before this one. */
static uint32_t listed_before(const struct pf_map *map, const struct pf_structs *s, uint32_t pfn) {
  for (uint32_t order = s->pageblock_order + 1; order < s->nr_orders; order++) {
    uint32_t head = pfn & ~((1u << order) - 1), word = pf_map_words_const(map)[head].word;
    if (head != pfn && word & PF_WORD_LISTED && (word >> PF_WORD_LIST_ORDER_SHIFT & 0x1f) >= order)
      return listed_type(map, s, head);
  }
  return 0;
}

/* The type that somebody who has the frame asked for, as a set. */
static uint32_t asked_type(const struct pf_map *map, const struct pf_structs *s, const uint8_t *asked,
                           uint32_t nr_asked, uint32_t pfn) {
  const struct pf_map_word *word = &pf_map_words_const(map)[pfn];
  uint32_t state = word->word & PF_WORD_STATE;
  if ((state != PF_STATE_ALLOCATED && state != PF_STATE_LOST) || word->owner >= nr_asked ||
      asked[word->owner] >= PF_MAX_TYPES)
    return 0;
  bool is_known = word->owner > 0 || pf_frames_const(s)[pfn].flags & PF_FRAME_LRU;
  return is_known ? 1u << asked[word->owner] : 0;
}

uint32_t pf_map_pageblocks(const struct pf_map *map, const uint8_t *asked, uint32_t nr_asked, uint32_t pfn,
                           uint32_t capacity, struct pf_pageblock_view *views) {
  const struct pf_structs *s = pf_map_structs(map);
  if (!s || s->pageblock_order == 0 || pfn >= map->nr_frames)
    return 0;
  const uint32_t order = s->pageblock_order;
  uint32_t first = pfn >> order, left = ((map->nr_frames - 1) >> order) + 1 - first;
  for (uint32_t i = 0; i < left && i < capacity; i++) {
    uint32_t at = (first + i) << order, end = at + (1u << order);
    struct pf_pageblock_view view = {.type = pf_pageblock_type(s, at), .listed = listed_before(map, s, at)};
    for (; at < end && at < map->nr_frames; at++) {
      if (pf_map_words_const(map)[at].word & PF_WORD_LISTED)
        view.listed |= listed_type(map, s, at);
      view.asked |= asked_type(map, s, asked, nr_asked, at);
    }
    views[i] = view;
  }
  return left;
}
