/* What lies in pageblocks: whose their frames are by type. Found by a walk when somebody asks. */
#include "map.h"

struct survey {
  const struct pf_map *map;
  const struct pf_structs *s;
  uint32_t first, count; /* pageblocks by number */
  struct pf_pageblock_view *views;
};

static struct pf_pageblock_view *view_at(const struct survey *v, uint32_t pfn) {
  uint32_t block = (pfn >> v->s->pageblock_order) - v->first;
  return block < v->count ? &v->views[block] : NULL;
}

/* The blocks of a list, as far as it is whole: a free block may be several pageblocks. */
static void survey_list(const struct survey *v, uint32_t zone, uint32_t list) {
  const struct pf_frame *link = pf_frames_const(v->s);
  const uint32_t head = pf_head(v->s, zone, list), size = 1u << v->s->pageblock_order;
  struct pf_list_view of;
  pf_list_view(v->s, list, &of);
  uint32_t at = link[head].next;
  for (uint32_t steps = 0; at < v->s->nr_frames && steps < v->s->nr_frames; steps++, at = link[at].next) {
    uint32_t type = of.is_pcp ? (link[at].flags & PF_FRAME_TYPE) >> PF_FRAME_TYPE_SHIFT : of.type;
    for (uint32_t done = 0; done < 1u << of.order; done += size) {
      struct pf_pageblock_view *view = view_at(v, at + done);
      if (view)
        view->listed |= 1u << type;
    }
  }
}

/* The frames that somebody has, by who asked for them. */
static void survey_owned(const struct survey *v, const uint8_t *asked, uint32_t nr_asked) {
  const struct pf_map_word *word = pf_map_words_const(v->map);
  const struct pf_frame *link = pf_frames_const(v->s);
  const uint32_t order = v->s->pageblock_order;
  for (uint32_t i = 0; i < v->count; i++) {
    uint32_t pfn = (v->first + i) << order, end = pfn + (1u << order), types = 0;
    for (; pfn < end && pfn < v->map->nr_frames; pfn++) {
      uint32_t state = word[pfn].word & PF_WORD_STATE, owner = word[pfn].owner;
      if (state != PF_STATE_ALLOCATED && state != PF_STATE_LOST)
        continue;
      if (owner < nr_asked && (owner > 0 || link[pfn].flags & PF_FRAME_LRU) && asked[owner] < PF_MAX_TYPES)
        types |= 1u << asked[owner];
    }
    v->views[i].asked = types;
  }
}

uint32_t pf_map_pageblocks(const struct pf_map *map, const uint8_t *asked, uint32_t nr_asked, uint32_t pfn,
                           uint32_t capacity, struct pf_pageblock_view *views) {
  const struct pf_structs *s = pf_map_structs(map);
  if (!s || s->pageblock_order == 0 || pfn >= map->nr_frames)
    return 0;
  uint32_t left = ((map->nr_frames - 1) >> s->pageblock_order) + 1 - (pfn >> s->pageblock_order);
  struct survey v = {map, s, pfn >> s->pageblock_order, left < capacity ? left : capacity, views};
  for (uint32_t i = 0; i < v.count; i++)
    views[i] = (struct pf_pageblock_view){.type = pf_pageblock_type(s, (v.first + i) << s->pageblock_order)};
  for (uint32_t zone = 0; zone < s->nr_zones; zone++)
    for (uint32_t list = 0; list < s->nr_lists; list++)
      survey_list(&v, zone, list);
  survey_owned(&v, asked, nr_asked);
  return left;
}
