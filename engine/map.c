/* The page map as an object: its memory, its digest, and what the page and the tests read from it. */
#include "map.h"

#include <string.h>

#include "model.h"

#define ALIGN8(x) (((x) + 7u) & ~(uint64_t)7)
#define MAGIC 0x50464d50u /* "PFMP" */

static uint32_t frames_of(const struct pf_machine *m) {
  return m->node[m->nr_nodes - 1].start_pfn + m->node[m->nr_nodes - 1].pages;
}

/* The part of a machine that the map depends on, what it leaves to the kernel filled in: the same machine gives the
 * same bytes. */
static struct pf_machine essence(const struct pf_machine *machine) {
  struct pf_machine m = {.kernel = machine->kernel,
                         .numa = machine->numa,
                         .nr_cpus = pf_nr_cpus(machine),
                         .bits_per_long = pf_machine_bits(machine),
                         .nr_nodes = machine->nr_nodes};
  for (uint32_t i = 0; i < machine->nr_nodes; i++) {
    m.node[i].start_pfn = machine->node[i].start_pfn;
    m.node[i].pages = machine->node[i].pages;
  }
  return m;
}

static uint64_t lay_out(struct pf_map *map, const struct pf_machine *machine, uint32_t layers) {
  bool structures = layers & PF_LAYER_STRUCTURES;
  if (pf_machine_wrong(machine, 1) || !(layers & PF_LAYER_FRAMES) || (structures && machine->kernel == 0))
    return 0;
  *map = (struct pf_map){.magic = MAGIC,
                         .version = PF_VERSION,
                         .layers = layers & (PF_LAYER_FRAMES | PF_LAYER_STRUCTURES),
                         .nr_frames = frames_of(machine),
                         .frames_at = (uint32_t)ALIGN8(sizeof *map),
                         .machine = essence(machine)};
  uint64_t at = map->frames_at + (uint64_t)map->nr_frames * sizeof(struct pf_map_word);
  if (structures) {
    map->structs_at = (struct pf_u64){(uint32_t)at, (uint32_t)(at >> 32)};
    at += pf_structs_size(machine);
  }
  map->bytes = (struct pf_u64){(uint32_t)at, (uint32_t)(at >> 32)};
  return at;
}

uint64_t pf_map_size(const struct pf_machine *machine, uint32_t layers) {
  struct pf_map map;
  return lay_out(&map, machine, layers);
}

struct pf_structs *pf_map_structs_mutable(struct pf_map *map) {
  uint64_t at = (uint64_t)map->structs_at.hi << 32 | map->structs_at.lo;
  return at ? (struct pf_structs *)(void *)((unsigned char *)map + at) : NULL;
}

const struct pf_structs *pf_map_structs(const struct pf_map *map) {
  uint64_t at = (uint64_t)map->structs_at.hi << 32 | map->structs_at.lo;
  return at ? (const struct pf_structs *)(const void *)((const unsigned char *)map + at) : NULL;
}

enum pf_status pf_map_init(struct pf_map *map, uint64_t size, const struct pf_machine *machine, uint32_t layers) {
  struct pf_map head;
  uint64_t need = lay_out(&head, machine, layers);
  if (need == 0)
    return PF_E_MACHINE;
  if (size < need || (uintptr_t)map % 8)
    return PF_E_MEMORY;
  memset(map, 0, (size_t)(head.frames_at + (uint64_t)head.nr_frames * sizeof(struct pf_map_word)));
  *map = head;
  struct pf_map_word *word = pf_map_words(map);
  for (uint32_t i = 0; i < machine->nr_nodes; i++)
    for (uint32_t n = 0; n < machine->node[i].pages; n++)
      word[machine->node[i].start_pfn + n].word = PF_STATE_UNKNOWN;
  if (pf_map_structs(map))
    pf_structs_init(pf_map_structs_mutable(map), machine);
  return PF_OK;
}

uint64_t pf_map_bytes(const struct pf_map *map) { return (uint64_t)map->bytes.hi << 32 | map->bytes.lo; }
uint32_t pf_map_frames(const struct pf_map *map) { return map->nr_frames; }

static bool words_valid(const struct pf_map *map) {
  const struct pf_map_word *word = pf_map_words_const(map);
  for (uint32_t pfn = 0; pfn < map->nr_frames; pfn++)
    if ((word[pfn].word & PF_WORD_STATE) >= PF_NR_STATES)
      return false;
  return true;
}

enum pf_status pf_map_load(struct pf_map *map, uint64_t size, const void *bytes, uint64_t nr_bytes) {
  const struct pf_map *from = bytes;
  struct pf_map want;
  if ((uintptr_t)bytes % 8 || (uintptr_t)map % 8)
    return PF_E_MEMORY;
  if (nr_bytes < sizeof *from || from->magic != MAGIC)
    return PF_E_CORRUPT;
  if (from->version != PF_VERSION)
    return PF_E_VERSION;
  uint64_t need = lay_out(&want, &from->machine, from->layers);
  want.number = from->number;
  if (need == 0 || need != nr_bytes || memcmp(&want, from, sizeof want) != 0 || !words_valid(from) ||
      (pf_map_structs(from) && !pf_structs_valid(pf_map_structs(from), &from->machine)))
    return PF_E_CORRUPT;
  if (size < need)
    return PF_E_MEMORY;
  memcpy(map, bytes, (size_t)need);
  return PF_OK;
}

/* --- beginning from a model ------------------------------------------------------------------------------ */

static uint32_t word_of(const struct pf_frame *frame) {
  if (!(frame->flags & PF_FRAME_PRESENT))
    return PF_STATE_UNKNOWN;
  if (frame->flags & PF_FRAME_RESERVED)
    return PF_STATE_RESERVED;
  return PF_STATE_ALLOCATED | (frame->count > 0 ? PF_WORD_HEAD : 0);
}

/* The frames of a list's blocks are free. A broken list ends where it leads elsewhere. */
static void enter_list(struct pf_map *map, const struct pf_structs *s, uint32_t zone, uint32_t list) {
  struct pf_map_word *word = pf_map_words(map);
  const uint32_t head = pf_head(s, zone, list), order = pf_list_order(s, list);
  const uint32_t state = list < s->nr_free_lists ? PF_STATE_BUDDY : PF_STATE_PCP;
  const uint32_t listed = state | pf_word_listed(s, order, list);
  uint32_t at = pf_link_next(s, head);
  for (; at < map->nr_frames && !(word[at].word & PF_WORD_LISTED); at = pf_link_next(s, at)) {
    uint64_t end = (uint64_t)at + (1u << order);
    word[at].word = listed;
    for (uint32_t pfn = at + 1; pfn < end && pfn < map->nr_frames; pfn++)
      word[pfn].word = (word[pfn].word & PF_WORD_LIST) | state;
  }
}

enum pf_status pf_map_of_engine(struct pf_map *map, const struct pf_engine *engine) {
  const struct pf_structs *s = pf_engine_structs(engine);
  struct pf_machine machine = essence(pf_engine_machine(engine));
  if (!pf_map_structs(map) || memcmp(&machine, &map->machine, sizeof machine) != 0)
    return PF_E_MACHINE;
  memcpy(pf_map_structs_mutable(map), s, s->bytes);
  map->number = pf_engine_ops(engine);
  struct pf_map_word *word = pf_map_words(map);
  for (uint32_t i = 0; i < machine.nr_nodes; i++)
    for (uint32_t n = 0, pfn = machine.node[i].start_pfn; n < machine.node[i].pages; n++, pfn++)
      word[pfn] = (struct pf_map_word){word_of(&pf_frames_const(s)[pfn]), 0};
  for (uint32_t zone = 0; zone < s->nr_zones; zone++)
    for (uint32_t list = 0; list < s->nr_lists; list++)
      enter_list(map, s, zone, list);
  return PF_OK;
}

/* Over all bytes of the map, which begin zeroed and hold 32-bit words only: two lanes of multiply and mix. */
uint64_t pf_map_digest(const struct pf_map *map) {
  const uint32_t *word = (const uint32_t *)(const void *)map;
  uint64_t n = pf_map_bytes(map) / 4;
  uint64_t h = 0x9e3779b97f4a7c15u ^ n;
  for (uint64_t i = 0; i < n; i++) {
    h = (h ^ word[i]) * 0xff51afd7ed558ccdu;
    h ^= h >> 32;
  }
  h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53u;
  return h ^ h >> 29;
}

/* --- reading -------------------------------------------------------------------------------------------- */

/* The boot bitmap decides while it is there: which node's covers pfn, and up to which pfn the answer holds. */
static const struct pf_boot *boot_over(const struct pf_structs *s, uint32_t pfn, uint32_t *until) {
  const struct pf_boot *over = NULL;
  for (uint32_t node = 0; s && node < s->nr_nodes; node++) {
    const struct pf_boot *boot = &s->boot[node];
    if (!boot->has_map)
      continue;
    if (pfn >= boot->start_pfn && pfn < boot->end_pfn) {
      over = boot;
      if (boot->end_pfn < *until)
        *until = boot->end_pfn;
    } else if (boot->start_pfn > pfn && boot->start_pfn < *until) {
      *until = boot->start_pfn;
    }
  }
  return over;
}

static uint32_t boot_state(const struct pf_structs *s, uint32_t pfn) {
  return pf_boot_bit_get(s, pfn) ? PF_STATE_RESERVED : PF_STATE_BOOT_FREE;
}

static uint32_t state_at(const struct pf_map *map, uint32_t pfn) {
  const struct pf_structs *s = pf_map_structs(map);
  uint32_t until = map->nr_frames;
  return boot_over(s, pfn, &until) ? boot_state(s, pfn) : pf_map_words_const(map)[pfn].word & PF_WORD_STATE;
}

uint32_t pf_map_run(const struct pf_map *map, uint32_t pfn, uint32_t *count) {
  *count = 0;
  if (pfn >= map->nr_frames)
    return PF_STATE_HOLE;
  const struct pf_structs *s = pf_map_structs(map);
  const struct pf_map_word *word = pf_map_words_const(map);
  uint32_t state = state_at(map, pfn), at = pfn;
  while (at < map->nr_frames && state_at(map, at) == state) {
    uint32_t until = map->nr_frames;
    if (boot_over(s, at, &until))
      at = pf_boot_find(s, at, until, state != PF_STATE_RESERVED);
    else
      while (at < until && (word[at].word & PF_WORD_STATE) == state)
        at++;
  }
  *count = at - pfn;
  return state;
}

/* First frame of the allocated or lost block that pfn is in: the nearest head before it that reaches so far. */
static uint32_t owned_head(const struct pf_map *map, uint32_t pfn) {
  const struct pf_map_word *word = pf_map_words_const(map);
  uint32_t order = (word[pfn].word & PF_WORD_ORDER) >> PF_WORD_ORDER_SHIFT;
  for (uint32_t at = pfn, n = 0; n < 1u << order; at--, n++) {
    if (word[at].word & PF_WORD_HEAD && word[at].owner == word[pfn].owner)
      return at;
    if (at == 0)
      break;
  }
  return pfn;
}

/* First frame of the listed block that pfn is in, and its order. pfn itself if none covers it. */
static uint32_t listed_head(const struct pf_map *map, uint32_t pfn, uint32_t *order) {
  const struct pf_map_word *word = pf_map_words_const(map);
  const struct pf_structs *s = pf_map_structs(map);
  uint32_t flags = s ? pf_frames_const(s)[pfn].flags : 0;
  if (flags & PF_FRAME_PRESENT) { /* and so in its zone */
    bool by_pfn = pf_kernel_info(s->kernel)->is_aligned_by_pfn;
    uint32_t start = by_pfn ? 0 : s->zone[flags >> PF_FRAME_ZONE_SHIFT].start_pfn;
    for (uint32_t o = 0; o < s->nr_orders; o++) {
      uint32_t head = start + ((pfn - start) & ~((1u << o) - 1));
      uint32_t list = word[head].word >> PF_WORD_LIST_ORDER_SHIFT & 0x1f;
      if (word[head].word & PF_WORD_LISTED && list >= o) {
        *order = list;
        return head;
      }
    }
  }
  *order = 0;
  return pfn;
}

int pf_map_frame(const struct pf_map *map, uint32_t pfn, struct pf_map_frame *frame) {
  if (pfn >= map->nr_frames)
    return 0;
  const struct pf_map_word *word = &pf_map_words_const(map)[pfn];
  *frame = (struct pf_map_frame){.state = state_at(map, pfn),
                                 .marks = (word->word & PF_WORD_MARKS) >> PF_WORD_MARK_SHIFT,
                                 .order = (word->word & PF_WORD_ORDER) >> PF_WORD_ORDER_SHIFT,
                                 .head = pfn,
                                 .owner = word->owner};
  if (frame->state == PF_STATE_ALLOCATED || frame->state == PF_STATE_LOST)
    frame->head = owned_head(map, pfn);
  else if (frame->state == PF_STATE_BUDDY || frame->state == PF_STATE_PCP)
    frame->head = listed_head(map, pfn, &frame->order);
  else
    frame->order = 0;
  return 1;
}

static uint8_t paint_word(uint32_t word) {
  uint32_t state = word & PF_WORD_STATE;
  bool owned = state == PF_STATE_ALLOCATED || state == PF_STATE_LOST;
  bool head = owned ? word & PF_WORD_HEAD : word & PF_WORD_LISTED;
  return (uint8_t)(state | (head ? PF_PAINT_HEAD : 0) | (word & PF_WORD_MARKS ? PF_PAINT_MARKED : 0));
}

void pf_map_paint(const struct pf_map *map, uint32_t first, uint32_t count, uint8_t *paint) {
  const struct pf_structs *s = pf_map_structs(map);
  const struct pf_map_word *word = pf_map_words_const(map);
  uint32_t end = first < map->nr_frames && count < map->nr_frames - first ? first + count : map->nr_frames;
  for (uint32_t pfn = first; pfn < end;) {
    uint32_t until = end;
    if (boot_over(s, pfn, &until))
      for (; pfn < until; pfn++)
        *paint++ = (uint8_t)boot_state(s, pfn);
    else
      for (; pfn < until; pfn++)
        *paint++ = paint_word(word[pfn].word);
  }
}

void pf_map_counts(const struct pf_map *map, uint32_t counts[]) {
  memset(counts, 0, PF_NR_STATES * sizeof counts[0]);
  for (uint32_t pfn = 0, n; pfn < map->nr_frames; pfn += n) {
    uint32_t state = pf_map_run(map, pfn, &n); /* before n is read */
    counts[state] += n;
  }
}
