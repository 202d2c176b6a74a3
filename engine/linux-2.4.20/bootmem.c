/*
 * The boot memory allocator of Linux 2.4.20: one bit a frame, 1 = reserved (Gorman, ch. 5 and 6).
 *
 * All arithmetic on addresses is unsigned and 32 bits wide: it wraps, as it did there. free_bootmem() and
 * free_bootmem_node() are one core; the node is the only difference. reserve rounds outwards, free inwards.
 *
 * Not modelled: the bytes of memory. Where a zeroed allocation covers a live bitmap, its bits are cleared.
 */
#include "../boot_bitmap.h"
#include "linux_2_4_20.h"

#define PG PF_PAGE_SIZE

static uint32_t round_up_pages(uint32_t bytes) { return (bytes + PG - 1) / PG; }

bool pf_24_reserve_bootmem_core(struct pf_ctx *k, uint32_t node, uint32_t addr, uint32_t size) {
  const struct pf_boot *boot = &k->s->boot[node];
  uint32_t start = boot->start_pfn * PG;
  uint32_t first = (addr - start) / PG;
  uint32_t last = round_up_pages(addr + size - start);
  if (size == 0)
    return pf_bug(k, PF_BUG_RESERVE_SIZE_ZERO, addr / PG);
  if (first >= last)
    return pf_bug(k, PF_BUG_RESERVE_FIRST_NOT_BELOW_LAST, addr / PG);
  if (addr / PG >= boot->end_pfn)
    return pf_bug(k, PF_BUG_RESERVE_ADDRESS_PAST_END, addr / PG);
  if (round_up_pages(addr + size) > boot->end_pfn)
    return pf_bug(k, PF_BUG_RESERVE_END_PAST_END, addr / PG);
  if (!pf_boot_map_is_there(k, boot))
    return false;
  uint32_t pfn = boot->start_pfn + first;
  uint32_t end = boot->start_pfn + (last < pf_boot_frames(boot) ? last : pf_boot_frames(boot));
  while (pfn < end) { /* a run of clear bits is set, a run of set bits complained of */
    uint32_t taken = pf_boot_find(k->s, pfn, end, true);
    pf_boot_set(k, node, pfn, taken - pfn);
    pfn = pf_boot_find(k->s, taken, end, false);
    if (pfn > taken)
      pf_emit(k, PF_EV_WARN_RESERVED_TWICE, 0, node, taken, pfn - taken, 0);
  }
  return true;
}

bool pf_24_free_bootmem_core(struct pf_ctx *k, uint32_t node, uint32_t addr, uint32_t size) {
  const struct pf_boot *boot = &k->s->boot[node];
  uint32_t last = (addr + size - boot->start_pfn * PG) / PG;
  if (size == 0)
    return pf_bug(k, PF_BUG_FREE_SIZE_ZERO, addr / PG);
  if ((addr + size) / PG > boot->end_pfn)
    return pf_bug(k, PF_BUG_FREE_END_PAST_END, addr / PG);
  pf_boot_tell_partial(k, node, addr, addr + size);
  uint32_t first = round_up_pages(addr) - boot->start_pfn;
  if (first >= last)
    return true;
  if (!pf_boot_map_is_there(k, boot))
    return false;
  uint32_t pfn = boot->start_pfn + first;
  uint32_t end = boot->start_pfn + (last < pf_boot_frames(boot) ? last : pf_boot_frames(boot));
  uint32_t clear = pf_boot_find(k->s, pfn, end, false);
  pf_boot_clear(k, node, pfn, clear - pfn);
  return clear == end || pf_bug(k, PF_BUG_FREE_ALREADY_FREE, clear);
}

/* --- alloc_bootmem ------------------------------------------------------------------------------------ */

struct search {
  uint32_t preferred, shift, step, pages;
};

/* One pass over the node's bits. The index that fits, or the number of pages if none does. */
static uint32_t scan(struct pf_ctx *k, uint32_t node, uint32_t begin, const struct search *want) {
  const struct pf_boot *boot = &k->s->boot[node];
  uint32_t n = pf_boot_frames(boot), base = boot->start_pfn;
  uint32_t i = begin;
  pf_emit(k, PF_EV_BOOT_SEARCH, 0, node, base + begin, want->step, want->pages);
  while (i < n && want->pages <= n - i) {
    uint32_t taken = pf_boot_find(k->s, base + i, base + i + want->pages, true) - base;
    if (taken == i + want->pages) {
      if (i > begin)
        pf_emit(k, PF_EV_BOOT_SCANNED, 0, node, base + begin, i - begin, 0);
      pf_emit(k, PF_EV_BOOT_SCANNED, 1, node, base + i, want->pages, 0);
      return i;
    }
    uint32_t clear = pf_boot_find(k->s, base + taken, base + n, false) - base;
    uint32_t steps = (clear - i + want->step - 1) / want->step; /* every candidate between meets the taken run */
    i += steps * want->step;
  }
  if (begin < n)
    pf_emit(k, PF_EV_BOOT_SCANNED, 0, node, base + begin, n - begin, 0);
  return n;
}

static struct search prepare(const struct pf_boot *boot, uint32_t size, uint32_t align, uint32_t goal) {
  uint32_t start = boot->start_pfn * PG;
  uint32_t offset = goal && goal >= start && goal / PG < boot->end_pfn ? goal - start : 0;
  struct search want = {.step = align / PG ? align / PG : 1, .pages = round_up_pages(size)};
  if (align && start & (align - 1))
    want.shift = (align - (start & (align - 1))) / PG;
  want.preferred = ((offset + align - 1) & ~(align - 1)) / PG + want.shift;
  return want;
}

/* Takes the pages at index s, sharing the page where the last allocation ended if that lies just before. */
static uint32_t place(struct pf_ctx *k, uint32_t node, uint32_t s, uint32_t size, uint32_t align) {
  const struct pf_boot *boot = &k->s->boot[node];
  uint32_t start = boot->start_pfn * PG, pages = round_up_pages(size);
  uint32_t pos = s + pages - 1, offset = size % PG, addr = start + s * PG;
  if (align <= PG && boot->last_offset != 0 && boot->last_pos + 1 == s) {
    uint32_t off = (boot->last_offset + align - 1) & ~(align - 1), room = PG - off;
    addr = start + boot->last_pos * PG + off;
    pf_emit(k, PF_EV_BOOT_PAGE_SHARED, 0, node, boot->start_pfn + boot->last_pos, off, room);
    if (size < room) {
      pages = 0;
      pos = boot->last_pos;
      offset = off + size;
    } else {
      pages = round_up_pages(size - room);
      pos = s + pages - 1;
      offset = size - room;
    }
    offset %= PG;
  }
  /* A size that wrapped to no pages may have become many: past the end of the bitmap nothing is modelled. */
  uint32_t left = pf_boot_frames(boot) - s;
  pf_boot_last(k, node, pos, offset);
  pf_boot_set(k, node, boot->start_pfn + s, pages < left ? pages : left);
  return addr;
}

/* The second pass begins at an index that is not 0, so the kernel would begin it again and again. */
static bool hang(struct pf_ctx *k, uint32_t node, uint32_t pfn) {
  pf_emit(k, PF_EV_HANG, 0, node, pfn, 0, 0);
  k->result->outcome = PF_OUTCOME_HANG;
  return false;
}

/* Finds a place on one node. *addr stays as it is where there is none. False: the kernel stopped. */
bool pf_24_alloc_bootmem(struct pf_ctx *k, uint32_t node, uint32_t size, uint32_t align, uint32_t goal,
                         uint32_t *addr) {
  const struct pf_boot *boot = &k->s->boot[node];
  uint32_t n = pf_boot_frames(boot);
  if (size == 0)
    return pf_bug(k, PF_BUG_ALLOC_SIZE_ZERO, 0);
  if (align & (align - 1))
    return pf_bug(k, PF_BUG_ALLOC_ALIGN, 0);
  struct search want = prepare(boot, size, align, goal);
  if ((want.preferred < n || want.shift < n) && !pf_boot_map_is_there(k, boot))
    return false;
  uint32_t s = scan(k, node, want.preferred, &want);
  if (s == n && want.preferred != 0) {
    s = scan(k, node, want.shift, &want);
    if (s == n && want.shift != 0)
      return hang(k, node, boot->start_pfn + want.shift);
  }
  if (s == n)
    return true;
  *addr = place(k, node, s, size, align);
  pf_emit(k, PF_EV_BOOT_HANDED_OUT, 0, *addr % PG, *addr / PG, round_up_pages(*addr % PG + size), size);
  pf_boot_wipe_maps(k, *addr, size);
  return true;
}

/* --- free_all_bootmem ----------------------------------------------------------------------------------- */

bool pf_24_free_all_bootmem_core(struct pf_ctx *k, uint32_t node, uint32_t *pages) {
  const struct pf_boot *boot = &k->s->boot[node];
  if (!boot->has_map)
    return pf_bug(k, PF_BUG_FREE_ALL_NO_BITMAP, 0);
  for (uint32_t pfn = boot->start_pfn; pfn < boot->end_pfn; pfn++) {
    if (pf_boot_bit_get(k->s, pfn))
      continue;
    if (!pf_24_free_boot_page(k, pfn))
      return false;
    ++*pages;
  }
  uint32_t map_pages = round_up_pages(pf_boot_frames(boot) / 8); /* rounds down twice: the last page may be forgotten */
  for (uint32_t i = 0; i < map_pages; i++, ++*pages)
    if (!pf_24_free_boot_page(k, boot->mapstart + i))
      return false;
  pf_boot_map_gone(k, node);
  return true;
}

/* --- operations ------------------------------------------------------------------------------------------ */

void pf_24_op_init_bootmem(struct pf_ctx *k, const uint64_t *arg) {
  uint32_t start = (uint32_t)arg[2], end = (uint32_t)arg[3];
  pf_boot_map_set_up(k, (uint32_t)arg[0], (uint32_t)arg[1], start, end);
  pf_return(k, PF_RESULT_BYTES, pf_boot_map_bytes(k, end - start));
}

void pf_24_op_reserve_bootmem(struct pf_ctx *k, const uint64_t *arg) {
  pf_24_reserve_bootmem_core(k, (uint32_t)arg[0], (uint32_t)arg[1], (uint32_t)arg[2]);
}

void pf_24_op_free_bootmem(struct pf_ctx *k, const uint64_t *arg) {
  pf_24_free_bootmem_core(k, (uint32_t)arg[0], (uint32_t)arg[1], (uint32_t)arg[2]);
}

/* On a node, or, where none is named, on the first that has room: latest initialised first. */
static void alloc_bootmem(struct pf_ctx *k, uint64_t node, uint64_t size, uint32_t align, uint64_t goal) {
  uint32_t addr = PF_NULL, want = goal == PF_NO_ADDRESS ? 0 : (uint32_t)goal;
  uint32_t nodes = node == UINT64_MAX ? k->s->nr_boot_nodes : 1;
  for (uint32_t i = 0; i < nodes && addr == PF_NULL; i++) {
    uint32_t on = node == UINT64_MAX ? k->s->boot_list[i] : (uint32_t)node;
    if (!pf_24_alloc_bootmem(k, on, (uint32_t)size, align, want, &addr))
      return;
  }
  if (addr == PF_NULL)
    pf_stop(k, PF_OUTCOME_PANIC, PF_EV_PANIC, PF_BUG_OUT_OF_MEMORY, 0);
  else
    pf_return(k, PF_RESULT_ADDR, addr);
}

void pf_24_op_alloc_bootmem(struct pf_ctx *k, const uint64_t *arg) {
  alloc_bootmem(k, arg[0], arg[1], (uint32_t)arg[2], arg[3]);
}

void pf_24_op_alloc_bootmem_any(struct pf_ctx *k, const uint64_t *arg) {
  alloc_bootmem(k, UINT64_MAX, arg[0], (uint32_t)arg[1], arg[2]);
}

/* The shorthands: aligned to a cache line or a page, from the end of DMA memory up or from anywhere (low). */
void pf_24_op_alloc_bootmem_low(struct pf_ctx *k, const uint64_t *arg) {
  alloc_bootmem(k, UINT64_MAX, arg[0], CACHE_LINE, 0);
}

void pf_24_op_alloc_bootmem_pages(struct pf_ctx *k, const uint64_t *arg) {
  alloc_bootmem(k, UINT64_MAX, arg[0], PG, DMA_GOAL);
}

void pf_24_op_alloc_bootmem_low_pages(struct pf_ctx *k, const uint64_t *arg) {
  alloc_bootmem(k, UINT64_MAX, arg[0], PG, 0);
}

void pf_24_op_alloc_bootmem_node(struct pf_ctx *k, const uint64_t *arg) {
  alloc_bootmem(k, arg[0], arg[1], CACHE_LINE, DMA_GOAL);
}

void pf_24_op_alloc_bootmem_pages_node(struct pf_ctx *k, const uint64_t *arg) {
  alloc_bootmem(k, arg[0], arg[1], PG, DMA_GOAL);
}

void pf_24_op_alloc_bootmem_low_pages_node(struct pf_ctx *k, const uint64_t *arg) {
  alloc_bootmem(k, arg[0], arg[1], PG, 0);
}

void pf_24_op_free_all_bootmem(struct pf_ctx *k, const uint64_t *arg) {
  uint32_t pages = 0;
  if (pf_24_free_all_bootmem_core(k, (uint32_t)arg[0], &pages))
    pf_return(k, PF_RESULT_PAGES, pages);
}
