/*
 * map.h - the map's memory: the frames layer (8 bytes a frame) and, behind it, a copy of the structures.
 */
#ifndef PF_MAP_H
#define PF_MAP_H

#include "structs.h"

/* A frame's word: state (4 bits), marks (4), order of its block (5), then: */
#define PF_WORD_STATE 0xfu
#define PF_WORD_MARK_SHIFT 4u
#define PF_WORD_MARKS (0xfu << PF_WORD_MARK_SHIFT)
#define PF_WORD_ORDER_SHIFT 8u
#define PF_WORD_ORDER (0x1fu << PF_WORD_ORDER_SHIFT)
#define PF_WORD_HEAD (1u << 13)      /* first frame of an allocated block */
#define PF_WORD_LISTED (1u << 14)    /* first frame of a block on a list */
#define PF_WORD_LIST_ORDER_SHIFT 16u /* that list's order */
#define PF_WORD_LIST_TYPE_SHIFT 21u  /* and its migratetype; 0: a CPU's, where the frame itself remembers */
#define PF_WORD_LIST (PF_WORD_LISTED | 0x1fu << PF_WORD_LIST_ORDER_SHIFT | 0xfu << PF_WORD_LIST_TYPE_SHIFT)

struct pf_map_word {
  uint32_t word;
  uint32_t owner; /* number of the operation */
};

struct pf_map {
  uint32_t magic, version;
  struct pf_u64 bytes;
  uint32_t layers, nr_frames;
  uint32_t number; /* of the operation that runs or ran last */
  uint32_t frames_at;
  struct pf_u64 structs_at;  /* 0: no structures layer */
  struct pf_machine machine; /* kernel, numa and nodes; the rest is 0, for it tells nothing about the map */
};

static inline struct pf_map_word *pf_map_words(struct pf_map *map) {
  return (struct pf_map_word *)(void *)((unsigned char *)map + map->frames_at);
}
static inline const struct pf_map_word *pf_map_words_const(const struct pf_map *map) {
  return (const struct pf_map_word *)(const void *)((const unsigned char *)map + map->frames_at);
}
/* What a word says of the first frame of a block on a zone's list. */
static inline uint32_t pf_word_listed(const struct pf_structs *s, uint32_t order, uint32_t list) {
  uint32_t type = list < s->nr_free_lists ? (list - order * s->nr_types) & 0xf : 0;
  return PF_WORD_LISTED | order << PF_WORD_LIST_ORDER_SHIFT | type << PF_WORD_LIST_TYPE_SHIFT;
}
struct pf_structs *pf_map_structs_mutable(struct pf_map *map);

#endif
