/*
 * The boot memory allocator of Linux 2.6.10: one bit a frame, 1 = reserved (Gorman, ch. 5 and 6). Against 2.4: it
 * remembers where a search succeeded last, leaps over reserved runs, asks further nodes when one is full, says nothing
 * when a frame is reserved twice, and hands whole words of free frames over as blocks.
 *
 * All arithmetic on addresses and indices is unsigned and as wide as the machine's `long`: it wraps, as it did there.
 * Indices of frames count from the node's start. reserve rounds outwards, free inwards.
 *
 * Not modelled: the bytes of memory. The bits from a node's last frame to the end of its last word read 1, what lies
 * behind the bitmap reads 0, and writing to either goes nowhere. Where a zeroed allocation covers a live bitmap, the
 * bits of its frames are cleared.
 */
#include "../boot_bitmap.h"
#include "linux_2_6_10.h"

#define PG PF_PAGE_SIZE

static uint64_t round_up_pages(const struct pf_ctx *k, uint64_t bytes) { return wrap(k, bytes + PG - 1) / PG; }

/* To a multiple of a power of two; 0 to a multiple of 0. */
static uint64_t round_up(const struct pf_ctx *k, uint64_t x, uint64_t to) { return wrap(k, (x + to - 1) & ~(to - 1)); }

static uint64_t start_of(const struct pf_ctx *k, const struct pf_boot *boot) {
  return wrap(k, (uint64_t)boot->start_pfn * PG);
}

/* For events: frames that a wrapped address means may have numbers past all 32 bits. */
static uint32_t cut(uint64_t x) { return x < UINT32_MAX ? (uint32_t)x : UINT32_MAX; }

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

/* --- the bits as the kernel meets them, behind the node's last frame, too ------------------------------------- */

static uint64_t map_bits(const struct pf_ctx *k, const struct pf_boot *boot) {
  return (uint64_t)8 * pf_boot_map_bytes(k, pf_boot_frames(boot));
}

static bool is_set(const struct pf_ctx *k, const struct pf_boot *boot, uint64_t i) {
  return i < pf_boot_frames(boot) ? pf_boot_bit_get(k->s, boot->start_pfn + (uint32_t)i) : i < map_bits(k, boot);
}

/* The first index from i on whose bit is 0. */
static uint64_t next_clear(const struct pf_ctx *k, const struct pf_boot *boot, uint64_t i) {
  if (i < pf_boot_frames(boot))
    i = pf_boot_find(k->s, boot->start_pfn + (uint32_t)i, boot->end_pfn, false) - boot->start_pfn;
  return i >= pf_boot_frames(boot) && i < map_bits(k, boot) ? map_bits(k, boot) : i;
}

/* The first index of [i, end) whose bit is 1 or that is no frame of the node; `end` or more if there is none. */
static uint64_t next_taken(const struct pf_ctx *k, const struct pf_boot *boot, uint64_t i, uint64_t end) {
  end = least(end, pf_boot_frames(boot));
  if (i >= end)
    return i;
  return pf_boot_find(k->s, boot->start_pfn + (uint32_t)i, boot->start_pfn + (uint32_t)end, true) - boot->start_pfn;
}

/* --- reserve_bootmem, free_bootmem ------------------------------------------------------------------------------ */

bool pf_26_reserve_bootmem_core(struct pf_ctx *k, uint32_t node, uint64_t addr, uint64_t size) {
  const struct pf_boot *boot = &k->s->boot[node];
  uint64_t start = start_of(k, boot);
  uint64_t first = wrap(k, addr - start) / PG;
  uint64_t last = round_up_pages(k, addr + size - start);
  if (size == 0)
    return pf_bug(k, PF_BUG_RESERVE_SIZE_ZERO, cut(addr / PG));
  if (first >= last)
    return pf_bug(k, PF_BUG_RESERVE_FIRST_NOT_BELOW_LAST, cut(addr / PG));
  if (addr / PG >= boot->end_pfn)
    return pf_bug(k, PF_BUG_RESERVE_ADDRESS_PAST_END, cut(addr / PG));
  if (round_up_pages(k, addr + size) > boot->end_pfn)
    return pf_bug(k, PF_BUG_RESERVE_END_PAST_END, cut(addr / PG));
  if (!pf_boot_map_is_there(k, boot))
    return false;
  uint32_t pfn = boot->start_pfn + (uint32_t)least(first, pf_boot_frames(boot));
  uint32_t end = boot->start_pfn + (uint32_t)least(last, pf_boot_frames(boot));
  while (pfn < end) { /* a run of clear bits is set, a run of set bits is no matter */
    uint32_t taken = pf_boot_find(k->s, pfn, end, true);
    pf_boot_set(k, node, pfn, taken - pfn);
    pfn = pf_boot_find(k->s, taken, end, false);
  }
  return true;
}

/* last_success comes down with what is freed: before anything else is looked at, so also where nothing is freed. It
 * counts from the node's start, and `addr` from that of memory: nobody minds. */
static void lower_last_success(struct pf_ctx *k, uint32_t node, uint64_t addr) {
  struct pf_u64 last = k->s->boot[node].last_success;
  if (addr < ((uint64_t)last.hi << 32 | last.lo))
    pf_boot_last_success(k, node, addr);
}

bool pf_26_free_bootmem_core(struct pf_ctx *k, uint32_t node, uint64_t addr, uint64_t size) {
  const struct pf_boot *boot = &k->s->boot[node];
  uint64_t end = wrap(k, addr + size), last = wrap(k, end - start_of(k, boot)) / PG;
  if (size == 0)
    return pf_bug(k, PF_BUG_FREE_SIZE_ZERO, cut(addr / PG));
  if (end / PG > boot->end_pfn)
    return pf_bug(k, PF_BUG_FREE_END_PAST_END, cut(addr / PG));
  lower_last_success(k, node, addr);
  pf_boot_tell_partial(k, node, addr, end);
  uint64_t first = wrap(k, round_up_pages(k, addr) - start_of(k, boot) / PG);
  if (first >= last)
    return true;
  if (!pf_boot_map_is_there(k, boot))
    return false;
  uint64_t clear = next_clear(k, boot, first), upto = least(least(clear, last), pf_boot_frames(boot));
  if (first < upto)
    pf_boot_clear(k, node, boot->start_pfn + (uint32_t)first, (uint32_t)(upto - first));
  return clear >= last || pf_bug(k, PF_BUG_FREE_ALREADY_FREE, cut(boot->start_pfn + clear));
}

/* --- alloc_bootmem ------------------------------------------------------------------------------------ */

struct search {
  uint64_t preferred, shift, step, pages;
};

/* One pass over the node's bits. False: nothing fits. *s may lie behind the node's end, where bits read 0. */
static bool scan(struct pf_ctx *k, uint32_t node, uint64_t begin, const struct search *want, uint64_t *s) {
  const struct pf_boot *boot = &k->s->boot[node];
  uint32_t n = pf_boot_frames(boot), base = boot->start_pfn;
  uint64_t i = begin;
  bool fits = false;
  pf_emit(k, PF_EV_BOOT_SEARCH, 0, node, base + (uint32_t)least(begin, n), cut(want->step), cut(want->pages));
  while (i < n && !fits) {
    i = round_up(k, next_clear(k, boot, i), want->step);
    if (is_set(k, boot, i)) {
      i += want->step;
      continue;
    }
    uint64_t taken = next_taken(k, boot, i + 1, i + want->pages);
    fits = taken >= i + want->pages;
    if (!fits) /* rounded up and a step on: a place between the two is never tried */
      i = round_up(k, taken, want->step) + want->step;
  }
  uint64_t end = least(i, n);
  if (begin < end)
    pf_emit(k, PF_EV_BOOT_SCANNED, 0, node, base + (uint32_t)begin, (uint32_t)(end - begin), 0);
  if (fits && i < n)
    pf_emit(k, PF_EV_BOOT_SCANNED, 1, node, base + (uint32_t)i, cut(want->pages), 0);
  *s = i;
  return fits;
}

static struct search prepare(const struct pf_ctx *k, const struct pf_boot *boot, uint64_t size, uint64_t align,
                             uint64_t goal) {
  uint64_t start = start_of(k, boot), offset = 0;
  struct search want = {.step = align / PG ? align / PG : 1, .pages = round_up_pages(k, size)};
  if (align && start & (align - 1))
    want.shift = (align - (start & (align - 1))) / PG;
  if (goal && goal >= start && goal / PG < boot->end_pfn) {
    uint64_t last_success = (uint64_t)boot->last_success.hi << 32 | boot->last_success.lo;
    offset = goal - start > last_success ? goal - start : last_success;
  }
  want.preferred = round_up(k, offset, align) / PG + want.shift;
  return want;
}

/* Takes the pages at index s, sharing the page where the last allocation ended if that lies just before. False: the
 * kernel stopped. */
static bool place(struct pf_ctx *k, uint32_t node, uint32_t s, uint64_t size, uint64_t align, uint64_t *addr) {
  const struct pf_boot *boot = &k->s->boot[node];
  uint64_t pages = round_up_pages(k, size), offset = size % PG;
  uint32_t pos = s + (uint32_t)pages - 1;
  *addr = wrap(k, start_of(k, boot) + (uint64_t)s * PG);
  if (align < PG && boot->last_offset != 0 && boot->last_pos + 1 == s) {
    uint64_t off = round_up(k, boot->last_offset, align), room = PG - off; /* of align below PG: never past it */
    *addr = wrap(k, *addr - room);
    pf_emit(k, PF_EV_BOOT_PAGE_SHARED, 0, node, boot->start_pfn + boot->last_pos, (uint32_t)off, (uint32_t)room);
    if (size < room) {
      pages = 0;
      pos = boot->last_pos;
      offset = off + size;
    } else {
      pages = round_up_pages(k, size - room);
      pos = s + (uint32_t)pages - 1;
      offset = size - room;
    }
    offset %= PG;
  }
  pf_boot_last(k, node, pos, (uint32_t)offset);
  /* A size that wrapped to no pages may have become many: these need not be free. */
  uint64_t end = s + pages, taken = next_taken(k, boot, s, end);
  pf_boot_set(k, node, boot->start_pfn + s, (uint32_t)taken - s);
  return taken >= end || !is_set(k, boot, taken) ||
         pf_bug(k, PF_BUG_ALLOC_ALREADY_RESERVED, boot->start_pfn + (uint32_t)taken);
}

/* Finds a place on one node. *addr stays as it is where there is none. False: the kernel stopped. */
static bool alloc_on_node(struct pf_ctx *k, uint32_t node, uint64_t size, uint64_t align, uint64_t goal,
                          uint64_t *addr) {
  const struct pf_boot *boot = &k->s->boot[node];
  uint32_t n = pf_boot_frames(boot);
  uint64_t s;
  if (size == 0)
    return pf_bug(k, PF_BUG_ALLOC_SIZE_ZERO, 0);
  if (align & (align - 1))
    return pf_bug(k, PF_BUG_ALLOC_ALIGN, 0);
  struct search want = prepare(k, boot, size, align, goal);
  if ((want.preferred < n || want.shift < n) && !pf_boot_map_is_there(k, boot))
    return false;
  if (!scan(k, node, want.preferred, &want, &s) &&
      !(want.preferred > want.shift && scan(k, node, want.shift, &want, &s)))
    return true;
  pf_boot_last_success(k, node, wrap(k, s * PG));
  if (s >= n) /* a bit behind the bitmap was taken for a free frame's */
    return pf_bug(k, PF_BUG_ALLOC_START_PAST_END, cut(boot->start_pfn + s));
  if (!place(k, node, (uint32_t)s, size, align, addr))
    return false;
  uint64_t covered = round_up_pages(k, *addr % PG + size);
  pf_emit(k, PF_EV_BOOT_HANDED_OUT, 0, *addr % PG, (uint32_t)(*addr / PG), cut(covered), cut(size));
  pf_boot_wipe_maps(k, *addr, size);
  return true;
}

/* On the first node that has room: latest initialised first. */
static bool alloc_on_any(struct pf_ctx *k, uint64_t size, uint64_t align, uint64_t goal, uint64_t *addr) {
  for (uint32_t i = 0; i < k->s->nr_boot_nodes && *addr == PF_NO_ADDRESS; i++)
    if (!alloc_on_node(k, k->s->boot_list[i], size, align, goal, addr))
      return false;
  return *addr != PF_NO_ADDRESS || pf_stop(k, PF_OUTCOME_PANIC, PF_EV_PANIC, PF_BUG_OUT_OF_MEMORY, 0);
}

bool pf_26_alloc_bootmem_node(struct pf_ctx *k, uint32_t node, uint64_t size, uint64_t align, uint64_t goal,
                              uint64_t *addr) {
  *addr = PF_NO_ADDRESS;
  return alloc_on_node(k, node, size, align, goal, addr) && alloc_on_any(k, size, align, goal, addr);
}

/* --- free_all_bootmem ----------------------------------------------------------------------------------- */

/* The frames of one word of the bitmap: as one block where all are free and the node begins at a multiple of two such
 * blocks, else one by one. */
static bool hand_over_word(struct pf_ctx *k, uint32_t node, uint32_t pfn, uint32_t *pages) {
  const struct pf_boot *boot = &k->s->boot[node];
  uint32_t word = k->s->bits_per_long, left = boot->end_pfn - pfn, end = pfn + (left < word ? left : word);
  bool fast = boot->start_pfn % (2 * word) == 0;
  if (fast && left >= word && pf_boot_find(k->s, pfn, end, true) == end) {
    pf_emit(k, PF_EV_BOOT_WHOLE_WORD, 0, node, pfn, word, 0);
    *pages += word;
    return pf_26_free_boot_block(k, pfn, (uint32_t)__builtin_ctz(word));
  }
  while ((pfn = pf_boot_find(k->s, pfn, end, false)) < end) {
    if (!pf_26_free_boot_block(k, pfn++, 0))
      return false;
    ++*pages;
  }
  return true;
}

bool pf_26_free_all_bootmem_core(struct pf_ctx *k, uint32_t node, uint32_t *pages) {
  const struct pf_boot *boot = &k->s->boot[node];
  if (!boot->has_map)
    return pf_bug(k, PF_BUG_FREE_ALL_NO_BITMAP, 0);
  for (uint32_t pfn = boot->start_pfn; pfn < boot->end_pfn; pfn += k->s->bits_per_long)
    if (!hand_over_word(k, node, pfn, pages))
      return false;
  uint64_t map_pages =
      round_up_pages(k, pf_boot_frames(boot) / 8); /* rounds down first: the last page may be forgotten */
  for (uint32_t i = 0; i < map_pages; i++, ++*pages)
    if (!pf_26_free_boot_block(k, boot->mapstart + i, 0))
      return false;
  pf_boot_map_gone(k, node);
  return true;
}

/* --- operations ------------------------------------------------------------------------------------------ */

void pf_26_op_init_bootmem(struct pf_ctx *k, const uint64_t *arg) {
  uint32_t start = (uint32_t)arg[2], end = (uint32_t)arg[3];
  pf_boot_map_set_up(k, (uint32_t)arg[0], (uint32_t)arg[1], start, end);
  pf_return(k, PF_RESULT_BYTES, pf_boot_map_bytes(k, end - start));
}

void pf_26_op_reserve_bootmem(struct pf_ctx *k, const uint64_t *arg) {
  pf_26_reserve_bootmem_core(k, (uint32_t)arg[0], arg[1], arg[2]);
}

void pf_26_op_free_bootmem(struct pf_ctx *k, const uint64_t *arg) {
  pf_26_free_bootmem_core(k, (uint32_t)arg[0], arg[1], arg[2]);
}

static void alloc_bootmem(struct pf_ctx *k, uint64_t node, uint64_t size, uint64_t align, uint64_t goal) {
  uint64_t addr = PF_NO_ADDRESS, want = goal == PF_NO_ADDRESS ? 0 : goal;
  bool went = node == UINT64_MAX ? alloc_on_any(k, size, align, want, &addr)
                                 : pf_26_alloc_bootmem_node(k, (uint32_t)node, size, align, want, &addr);
  if (went)
    pf_return(k, PF_RESULT_ADDR, addr);
}

void pf_26_op_alloc_bootmem(struct pf_ctx *k, const uint64_t *arg) { alloc_bootmem(k, arg[0], arg[1], arg[2], arg[3]); }

void pf_26_op_alloc_bootmem_any(struct pf_ctx *k, const uint64_t *arg) {
  alloc_bootmem(k, UINT64_MAX, arg[0], arg[1], arg[2]);
}

/* The shorthands: aligned to a cache line or a page, from the end of DMA memory up or from anywhere (low). */
void pf_26_op_alloc_bootmem_low(struct pf_ctx *k, const uint64_t *arg) {
  alloc_bootmem(k, UINT64_MAX, arg[0], CACHE_LINE, 0);
}

void pf_26_op_alloc_bootmem_pages(struct pf_ctx *k, const uint64_t *arg) {
  alloc_bootmem(k, UINT64_MAX, arg[0], PG, DMA_GOAL);
}

void pf_26_op_alloc_bootmem_low_pages(struct pf_ctx *k, const uint64_t *arg) {
  alloc_bootmem(k, UINT64_MAX, arg[0], PG, 0);
}

void pf_26_op_alloc_bootmem_node(struct pf_ctx *k, const uint64_t *arg) {
  alloc_bootmem(k, arg[0], arg[1], CACHE_LINE, DMA_GOAL);
}

void pf_26_op_alloc_bootmem_pages_node(struct pf_ctx *k, const uint64_t *arg) {
  alloc_bootmem(k, arg[0], arg[1], PG, DMA_GOAL);
}

void pf_26_op_alloc_bootmem_low_pages_node(struct pf_ctx *k, const uint64_t *arg) {
  alloc_bootmem(k, arg[0], arg[1], PG, 0);
}

void pf_26_op_free_all_bootmem(struct pf_ctx *k, const uint64_t *arg) {
  uint32_t pages = 0;
  if (pf_26_free_all_bootmem_core(k, (uint32_t)arg[0], &pages))
    pf_return(k, PF_RESULT_PAGES, pages);
}
