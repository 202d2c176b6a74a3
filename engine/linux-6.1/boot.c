/*
 * How Linux 6.1 comes to its memory: memblock knows ranges of memory and ranges that are reserved, and hands the
 * difference to the page allocator in the largest blocks that are aligned and fit, lowest first, each to its list's
 * tail.
 *
 * `boot` is made of that: zones by the machine's nodes, the hand-over, then marks, reserves and limits by what was
 * handed over. (The genuine kernel computes these before it frees its own start-up code and tables, from a little
 * less.)
 */
#include "../boot_ranges.h"
#include "linux_6_1.h"

#define PG PF_PAGE_SIZE

/* --- memblock ------------------------------------------------------------------------------------------------ */

static uint32_t whole_from(uint64_t bytes) { return (uint32_t)((bytes + PG - 1) / PG); }

/* Hands over frames [first, end). False: stopped. */
static bool free_piece(struct pf_ctx *k, uint32_t first, uint32_t end, uint32_t *pages) {
  pf_emit(k, PF_EV_MEMBLOCK_PIECE, 0, 0, first, end - first, 0);
  for (uint32_t order; first < end; first += 1u << order) {
    order = first ? (uint32_t)__builtin_ctz(first) : MAX_ORDER - 1;
    order = order < MAX_ORDER - 1 ? order : MAX_ORDER - 1;
    while (end - first < 1u << order)
      order--;
    if (!pf_61_free_to_tail(k, first, order))
      return false;
    *pages += 1u << order;
  }
  return true;
}

/* The first byte of [at, end) that no reserved range covers, and where the next such range begins. */
static struct pf_span next_free(const struct pf_ctx *k, uint64_t at, uint64_t end) {
  uint64_t past;
  while (at < end && pf_overlaps_reserved(k, at, at + 1, &past))
    at = past;
  uint64_t until = end;
  for (uint32_t i = 0; i < k->machine->nr_reserved; i++) {
    struct pf_span reserved = pf_range_span(&k->machine->reserved[i]);
    if (reserved.first > at && reserved.first < until)
      until = reserved.first;
  }
  return (struct pf_span){at, until};
}

/* Frames of a node's zones that are not reserved by memblock, whole ones only. */
static bool free_range(struct pf_ctx *k, struct pf_span range, uint32_t *pages) {
  while (range.first < range.end) {
    struct pf_span piece = next_free(k, range.first, range.end);
    uint32_t first = whole_from(piece.first), end = (uint32_t)(piece.end / PG);
    if (piece.first < piece.end && first < end && !free_piece(k, first, end, pages))
      return false;
    range.first = piece.end;
  }
  return true;
}

/* In rising order, whatever the order in which the machine names its memory. False: stopped. */
static bool free_all(struct pf_ctx *k, uint32_t *pages) {
  for (uint32_t node = 0; node < k->s->nr_nodes; node++) {
    struct pf_span whole = pf_node_span(&k->machine->node[node]);
    for (uint64_t at = whole.first; at < whole.end;) {
      struct pf_span next = {whole.end, whole.end};
      for (uint32_t i = 0; i < pf_memory_ranges(k); i++) {
        struct pf_span s = pf_memory_span(k, node, i, at, whole.end);
        if (s.first < s.end && s.first < next.first)
          next = s;
      }
      if (!free_range(k, next, pages))
        return false;
      at = next.end;
    }
  }
  return true;
}

void pf_61_op_memblock_free_all(struct pf_ctx *k, const uint64_t *arg) {
  uint32_t pages = 0;
  (void)arg;
  if (free_all(k, &pages))
    pf_return(k, PF_RESULT_PAGES, pages);
}

/* --- boot -----------------------------------------------------------------------------------------------------------
 */

/* Every pageblock whose first frame is in the zone is Movable at first. One that begins before stays what its bits
 * were: Unmovable. */
static void set_up_pageblocks(struct pf_ctx *k, uint32_t start, uint32_t size) {
  uint32_t first = (start + PAGEBLOCK - 1) & ~(PAGEBLOCK - 1), end = start + size;
  if (first > start && pf_pageblock_get(k->s, start) == PF_NO_TYPE)
    pf_set_pageblocks(k, start & ~(PAGEBLOCK - 1), 1, TYPE_UNMOVABLE);
  if (first < end)
    pf_set_pageblocks(k, first, (end - first + PAGEBLOCK - 1) / PAGEBLOCK, TYPE_MOVABLE);
}

static void set_up_zones(struct pf_ctx *k, uint32_t node) {
  static const uint32_t border[NR_ZONE_TYPES + 1] = {0, DMA_END, DMA32_END, UINT32_MAX};
  uint64_t size[NR_ZONE_TYPES], hole[NR_ZONE_TYPES];
  pf_zone_sizes(k, node, NR_ZONE_TYPES, border, size, hole);
  for (uint32_t type = 0, start = k->machine->node[node].start_pfn; type < NR_ZONE_TYPES; type++) {
    uint32_t z = node * NR_ZONE_TYPES + type, frames = (uint32_t)size[type];
    if (frames == 0)
      continue;
    pf_zone_set_up(k->s, z, start, frames, (uint32_t)hole[type]);
    pf_emit(k, PF_EV_ZONE_SET_UP, 0, z, start, frames, (uint32_t)hole[type]);
    pf_emit(k, PF_EV_FRAMES_ARE, PF_STATE_RESERVED, 0, start, frames, 0);
    pf_set_counts(k, start, frames, 1);
    set_up_pageblocks(k, start, frames);
    start += frames;
  }
}

void pf_61_op_boot(struct pf_ctx *k, const uint64_t *arg) {
  uint32_t pages = 0;
  (void)arg;
  for (uint32_t node = 0; node < k->s->nr_nodes; node++)
    set_up_zones(k, node);
  pf_tell_call(k, 0, PF_OP_MEMBLOCK_FREE_ALL, 0, 0);
  if (free_all(k, &pages))
    pf_61_init_marks(k);
}
