/*
 * Which free block lies on which list, and which pageblock has which type. kpageflags tells what each frame is used
 * for, pagetypeinfo how many blocks of each sort there are, and nothing which is which. So a pageblock gets the type
 * that most of what is in it speaks for, as many pageblocks each type as are counted, and a free block its pageblock's
 * type, as long as the count of its order lasts.
 */
#include <stdlib.h>
#include <string.h>

#include "proc.h"

#define NO_LIST 15u /* a free block that has no list yet */

enum { UNMOVABLE, MOVABLE, RECLAIMABLE }; /* the kernel's numbers; the types beyond them are rare */

struct zone_at_work {
  struct pf_proc *proc;
  struct pf_proc_zone *zone;
  uint32_t start, end; /* frames */
};

static uint32_t block_order(const struct pf_proc *proc, uint32_t pfn) { return (proc->block[pfn] & 15u) - 1; }
static uint32_t block_type(const struct pf_proc *proc, uint32_t pfn) { return proc->block[pfn] >> 4; }
static uint32_t type_of(const struct pf_proc *proc, uint32_t pfn) {
  return proc->pageblock[pfn >> proc->kernel->pageblock_order];
}

/* ---------------------------------------------------------------- free blocks */

/* Free frames are cut into the largest blocks that are aligned: merging leaves no other. */
static void cut(struct zone_at_work *w) {
  struct pf_proc *proc = w->proc;
  for (uint32_t pfn = w->start; pfn < w->end;) {
    uint32_t order = 0, past = pfn;
    while (past < w->end && proc->frame[past] & PF_PROC_FREE)
      past++;
    for (; pfn < past; pfn += 1u << order) {
      order = proc->kernel->nr_orders - 1;
      while (pfn & ((1u << order) - 1) || 1u << order > past - pfn)
        order--;
      proc->block[pfn] = (uint8_t)(NO_LIST << 4 | (order + 1));
    }
    pfn++; /* this one is not free */
  }
}

/* ---------------------------------------------------------------- pageblocks */

/* Does a free block of the order speak for the type? 1: all of its order are of it, -1: none is, 0: nobody knows. */
static int free_speaks(const struct pf_proc_zone *zone, uint32_t order, uint32_t type) {
  int64_t all = 0;
  for (uint32_t i = 0; i < PF_MAX_TYPES; i++)
    all += zone->nr_free[order][i];
  if (all == 0)
    return 0;
  return zone->nr_free[order][type] == all ? 1 : zone->nr_free[order][type] == 0 ? -1 : 0;
}

/* The same for a frame in use. What a process has is movable; of the kernel's own, caches of objects may be
 * reclaimable. What was reserved at boot never chose a pageblock. */
static int use_speaks(uint8_t frame, uint32_t type) {
  if (frame & PF_PROC_RESERVED || type > RECLAIMABLE)
    return 0;
  if (frame & (PF_PROC_LRU | PF_PROC_ANON))
    return type == MOVABLE ? 1 : -1;
  if (frame & PF_PROC_SLAB)
    return type == MOVABLE ? -1 : 1;
  return type == UNMOVABLE ? 1 : -1;
}

struct candidate {
  int32_t speaks; /* for less against, in thousandths of those that say anything */
  uint32_t pageblock;
};

static struct candidate ask(const struct zone_at_work *w, uint32_t pageblock, uint32_t type) {
  const struct pf_proc *proc = w->proc;
  const uint32_t frames = 1u << proc->kernel->pageblock_order, first = pageblock * frames;
  int32_t sum = 0, told = 0, says = 0;
  /* A block larger than a pageblock begins before it. */
  uint32_t head = first & ~((1u << (proc->kernel->nr_orders - 1)) - 1);
  for (uint32_t pfn = head; pfn < first + frames && pfn < w->end; pfn++) {
    if (pfn < w->start)
      continue;
    if (proc->block[pfn])
      says = free_speaks(w->zone, block_order(proc, pfn), type);
    if (pfn < first)
      continue;
    int one = proc->frame[pfn] & PF_PROC_FREE ? says : use_speaks(proc->frame[pfn], type);
    sum += one;
    told += one != 0;
  }
  return (struct candidate){told ? sum * 1000 / told : 0, pageblock};
}

/* Those that more speaks for come first; of equals the lower. */
static int by_speech(const void *a, const void *b) {
  const struct candidate *one = a, *other = b;
  if (one->speaks != other->speaks)
    return one->speaks < other->speaks ? 1 : -1;
  return one->pageblock < other->pageblock ? -1 : 1;
}

/* Have all frames of the pageblock that are the zone's these flags, and no others? */
static int has_only(const struct zone_at_work *w, uint32_t pageblock, uint8_t flags) {
  const uint32_t order = w->proc->kernel->pageblock_order;
  uint32_t pfn = pageblock << order, past = (pageblock + 1) << order;
  pfn = pfn < w->start ? w->start : pfn;
  past = past > w->end ? w->end : past;
  while (pfn < past && w->proc->frame[pfn] == flags)
    pfn++;
  return pfn == past;
}

/* Later kernels tell nothing of frames that are not there, and that is what they tell of much that is in use, too.
 * Where more pageblocks are there than were counted, the longest stretches of such are taken for the memory that is
 * not. */
static void drop_blanks(const struct zone_at_work *w, uint32_t first, uint32_t last, int64_t excess) {
  uint8_t *const pageblock = w->proc->pageblock, *const frame = w->proc->frame;
  const uint32_t order = w->proc->kernel->pageblock_order;
  while (excess > 0) {
    uint32_t end = first, longest = 0, size = 0;
    for (uint32_t i = first; i <= last; i++) {
      size = pageblock[i] != PF_NO_TYPE && has_only(w, i, 0) ? size + 1 : 0;
      if (size > longest) {
        longest = size;
        end = i + 1;
      }
    }
    if (longest == 0)
      return;
    uint32_t begin = end - (excess < longest ? (uint32_t)excess : longest);
    for (uint32_t pfn = begin << order; pfn < end << order && pfn < w->end; pfn++)
      frame[pfn] = pfn < w->start ? frame[pfn] : PF_PROC_ABSENT | PF_PROC_RESERVED;
    memset(pageblock + begin, PF_NO_TYPE, end - begin);
    excess -= end - begin;
    w->zone->nr_dropped += end - begin;
  }
}

/* Which pageblocks are there. Returns how many. */
static int64_t find_pageblocks(struct zone_at_work *w, uint32_t first, uint32_t last) {
  struct pf_proc *proc = w->proc;
  int64_t counted = 0, there = 0, left = 0;
  for (uint32_t type = 0; type < PF_MAX_TYPES; type++)
    counted += w->zone->nr_pageblocks[type];
  for (uint32_t i = first; i <= last; i++) {
    proc->pageblock[i] = has_only(w, i, PF_PROC_ABSENT | PF_PROC_RESERVED) ? PF_NO_TYPE : MOVABLE;
    there += proc->pageblock[i] != PF_NO_TYPE;
  }
  drop_blanks(w, first, last, there - counted);
  for (uint32_t i = first; i <= last; i++)
    left += proc->pageblock[i] != PF_NO_TYPE;
  return left;
}

/* As many pageblocks as are counted get the type: those that most speaks for, of those without one. */
static void give(const struct zone_at_work *w, uint32_t type, struct candidate *candidates, uint32_t *left) {
  uint8_t *const pageblock = w->proc->pageblock;
  int64_t wanted = w->zone->nr_pageblocks[type];
  uint32_t taken = wanted < *left ? (uint32_t)wanted : *left;
  for (uint32_t i = 0; i < *left; i++)
    candidates[i] = ask(w, candidates[i].pageblock, type);
  qsort(candidates, *left, sizeof *candidates, by_speech);
  for (uint32_t i = 0; i < taken; i++)
    pageblock[candidates[i].pageblock] = (uint8_t)type;
  memmove(candidates, candidates + taken, (*left - taken) * sizeof *candidates);
  *left -= taken;
}

/* The rarest first: they are told apart best. The movable ones are the rest. */
static int give_types(struct zone_at_work *w) {
  struct pf_proc *proc = w->proc;
  const uint32_t order = proc->kernel->pageblock_order, first = w->start >> order, last = (w->end - 1) >> order;
  struct candidate *candidates = calloc((size_t)find_pageblocks(w, first, last) + 1, sizeof *candidates);
  uint32_t left = 0;
  if (!candidates)
    return -1;
  for (uint32_t pageblock = first; pageblock <= last; pageblock++) {
    if (proc->pageblock[pageblock] != PF_NO_TYPE)
      candidates[left++].pageblock = pageblock;
  }
  for (uint32_t type = proc->kernel->nr_types; type-- > 0;) {
    if (type != MOVABLE)
      give(w, type, candidates, &left);
  }
  free(candidates);
  return 0;
}

/* ---------------------------------------------------------------- lists */

/* First those that agree with their pageblock; then the others, on the lists that still lack blocks. A block too many
 * for all counts is of its pageblock's type. */
static void give_lists(struct zone_at_work *w) {
  struct pf_proc *proc = w->proc;
  int64_t left[PF_MAX_ORDERS][PF_MAX_TYPES];
  memcpy(left, w->zone->nr_free, sizeof left);
  for (int round = 0; round < 2; round++) {
    for (uint32_t pfn = w->start; pfn < w->end; pfn++) {
      if (proc->block[pfn] == 0 || block_type(proc, pfn) != NO_LIST)
        continue;
      uint32_t order = block_order(proc, pfn), type = type_of(proc, pfn), other = 0;
      if (left[order][type] <= 0 && round == 0)
        continue;
      while (other < proc->kernel->nr_types && left[order][other] <= 0)
        other++;
      if (left[order][type] <= 0 && other < proc->kernel->nr_types)
        type = other;
      left[order][type]--;
      proc->block[pfn] = (uint8_t)(type << 4 | (order + 1));
    }
  }
}

int pf_proc_conclude(struct pf_proc *proc, struct pf_error *error) {
  proc->block = calloc(proc->nr_frames, 1);
  proc->pageblock = calloc((proc->nr_frames >> proc->kernel->pageblock_order) + 1, 1);
  if (!proc->block || !proc->pageblock)
    return pf_fail(error, "not enough memory");
  for (uint32_t slot = 0; slot < proc->nr_nodes * proc->kernel->nr_zone_types; slot++) {
    struct pf_proc_zone *zone = &proc->zone[slot];
    struct zone_at_work w = {proc, zone, (uint32_t)zone->start_pfn, (uint32_t)(zone->start_pfn + zone->spanned)};
    if (zone->present <= 0)
      continue;
    cut(&w);
    if (give_types(&w) < 0)
      return pf_fail(error, "not enough memory");
    give_lists(&w);
  }
  return 0;
}

void pf_proc_fit(const struct pf_proc *proc, uint32_t slot, struct pf_proc_fit *fit) {
  const struct pf_proc_zone *zone = &proc->zone[slot];
  const uint32_t start = (uint32_t)zone->start_pfn, end = (uint32_t)(zone->start_pfn + zone->spanned);
  const uint32_t order = proc->kernel->pageblock_order;
  *fit = (struct pf_proc_fit){0};
  for (uint32_t pfn = start; pfn < end; pfn++) {
    if (!proc->block[pfn])
      continue;
    fit->nr_free[block_order(proc, pfn)]++;
    fit->pages += (int64_t)1 << block_order(proc, pfn);
    fit->foreign += block_type(proc, pfn) != type_of(proc, pfn);
  }
  for (uint32_t pageblock = start >> order; pageblock <= (end - 1) >> order; pageblock++)
    fit->nr_pageblocks += proc->pageblock[pageblock] != PF_NO_TYPE;
}
