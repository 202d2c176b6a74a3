/* What misuse did to a map without the kernel noticing. Walks every list, however broken, and every frame once. */
#include <string.h>

#include "map.h"

struct survey {
  const struct pf_map *map;
  const struct pf_structs *s;
  const struct pf_frame *link;
  uint8_t *in_a_block, *in_this_list; /* one bit a frame each */
  struct pf_trouble *out;
  uint32_t capacity, found;
};

static bool get(const uint8_t *bits, uint32_t i) { return bits[i >> 3] >> (i & 7) & 1; }
static void put(uint8_t *bits, uint32_t i, bool value) {
  uint32_t mask = 1u << (i & 7);
  bits[i >> 3] = (uint8_t)(value ? bits[i >> 3] | mask : bits[i >> 3] & ~mask);
}

static void report(struct survey *v, uint32_t kind, uint32_t zone, uint32_t list, uint32_t pfn, uint32_t count) {
  if (v->found < v->capacity)
    v->out[v->found] = (struct pf_trouble){kind, zone, list, pfn, count};
  v->found++;
}

/* Enters a listed block's frames; those that another block holds already come out as one run a block. */
static void enter_block(struct survey *v, uint32_t pfn, uint32_t order) {
  uint64_t past = (uint64_t)pfn + (1u << order);
  uint32_t end = past < v->s->nr_frames ? (uint32_t)past : v->s->nr_frames, first = end, last = pfn;
  for (uint32_t at = pfn; at < end; at++) {
    if (get(v->in_a_block, at)) {
      first = at < first ? at : first;
      last = at + 1;
    }
    put(v->in_a_block, at, true);
  }
  if (first < last)
    report(v, PF_TROUBLE_TWO_LISTS, PF_NULL, order, first, last - first);
}

/* Follows a list from its head. Returns the pages that it holds. */
static uint32_t walk(struct survey *v, uint32_t zone, uint32_t list) {
  uint32_t head = pf_head(v->s, zone, list), order = pf_list_order(v->s, list), at = head, pages = 0, next;
  for (; (next = v->link[at].next) < v->s->nr_frames && !get(v->in_this_list, next); at = next) {
    put(v->in_this_list, next, true);
    enter_block(v, next, order);
    pages += 1u << order;
  }
  uint32_t kind = next >= v->s->nr_links    ? PF_TROUBLE_RING_NULL
                  : next >= v->s->nr_frames ? PF_TROUBLE_RING_ELSEWHERE
                                            : PF_TROUBLE_RING_LOOP;
  if (next != head)
    report(v, kind, zone, list, at == head ? PF_NULL : at, 0);
  for (uint32_t back = v->link[head].next; back < v->s->nr_frames && get(v->in_this_list, back);
       back = v->link[back].next)
    put(v->in_this_list, back, false);
  return pages;
}

static void survey_cpu(struct survey *v, uint32_t zone, uint32_t cpu) {
  const uint32_t each = v->s->nr_pcp_lists / v->s->nr_pcps;
  uint32_t pages = 0;
  for (uint32_t index = 0; index < v->s->nr_pcp_lists; index++) {
    const struct pf_pcp *pcp = &pf_pcp_const(v->s, zone, cpu)[index / each];
    uint32_t list = pf_pcp_number(v->s, cpu, index);
    pages += walk(v, zone, list);
    if ((index + 1) % each)
      continue;
    if (pages != pcp->count)
      report(v, PF_TROUBLE_PCP_COUNTER, zone, list, pcp->count, pages);
    pages = 0;
  }
}

static void survey_lists(struct survey *v) {
  for (uint32_t zone = 0; zone < v->s->nr_zones; zone++) {
    uint32_t pages = 0, counted = pf_zone_free_pages(v->s, zone);
    for (uint32_t list = 0; list < v->s->nr_free_lists; list++)
      pages += walk(v, zone, list);
    if (pages != counted)
      report(v, PF_TROUBLE_COUNTER, zone, 0, counted, pages);
    for (uint32_t cpu = 0; cpu < v->s->nr_cpus; cpu++)
      survey_cpu(v, zone, cpu);
  }
}

/* What is wrong with one frame by itself; PF_NR_TROUBLES: nothing. */
static uint32_t frame_trouble(const struct survey *v, uint32_t pfn) {
  uint32_t word = pf_map_words_const(v->map)[pfn].word, marks = word >> PF_WORD_MARK_SHIFT;
  if (marks & PF_MARK_TWO_OWNERS)
    return PF_TROUBLE_TWO_OWNERS;
  if (marks & PF_MARK_FREE_YET_OWNED)
    return PF_TROUBLE_FREE_YET_OWNED;
  if ((word & PF_WORD_STATE) == PF_STATE_LOST)
    return PF_TROUBLE_LOST;
  return v->link[pfn].count < 0 ? PF_TROUBLE_BELOW_ZERO : PF_NR_TROUBLES;
}

static void survey_frames(struct survey *v) {
  uint32_t nr_frames = v->map->nr_frames;
  for (uint32_t pfn = 0; pfn < nr_frames;) {
    uint32_t kind = frame_trouble(v, pfn), first = pfn++;
    while (pfn < nr_frames && frame_trouble(v, pfn) == kind)
      pfn++;
    if (kind != PF_NR_TROUBLES)
      report(v, kind, PF_NULL, 0, first, pfn - first);
  }
}

uint32_t pf_map_troubles(const struct pf_map *map, uint8_t *scratch, struct pf_trouble *troubles, uint32_t capacity) {
  const struct pf_structs *s = pf_map_structs(map);
  if (!s)
    return 0;
  uint32_t bytes = s->nr_frames / 8 + 1;
  struct survey v = {map, s, pf_frames_const(s), scratch, scratch + bytes, troubles, capacity, 0};
  memset(scratch, 0, (size_t)2 * bytes);
  survey_lists(&v);
  survey_frames(&v);
  return v.found;
}
