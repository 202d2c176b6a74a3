/* The allocator's data: layout, set-up, bitmaps, and the views that readers get. */
#include "structs.h"

#include <string.h>

#define ALIGN8(x) (((x) + 7u) & ~(uint64_t)7)

static uint64_t words(uint64_t bits) { return (bits + 31) / 32; }

/* Blocks that have a type, the last perhaps in part past the end of memory. */
static uint32_t pageblocks(const struct pf_structs *s) {
  return s->pageblock_order ? (s->nr_frames >> s->pageblock_order) + 1 : 0;
}

/* Fills in the header's sizes and places. */
static uint64_t lay_out(struct pf_structs *s, const struct pf_machine *machine) {
  const struct pf_kernel_info *kernel = pf_kernel_info(machine->kernel);
  if (!kernel || machine->nr_nodes == 0)
    return 0;
  const struct pf_node_desc *last = &machine->node[machine->nr_nodes - 1];
  s->version = PF_VERSION;
  s->kernel = machine->kernel;
  s->nr_spare_frames = kernel->nr_spare_frames * machine->nr_nodes;
  s->nr_frames = last->start_pfn + last->pages + s->nr_spare_frames;
  s->nr_nodes = machine->nr_nodes;
  s->nr_zone_types = kernel->nr_zone_types;
  s->nr_zones = s->nr_nodes * s->nr_zone_types;
  s->nr_orders = kernel->nr_orders;
  s->nr_pair_orders = kernel->nr_pair_orders;
  s->nr_cpus = kernel->nr_pcps ? pf_nr_cpus(machine) : 0;
  s->nr_types = kernel->nr_types;
  s->nr_free_lists = s->nr_orders * s->nr_types;
  s->nr_pcp_lists = kernel->nr_pcp_lists;
  s->nr_pcps = kernel->nr_pcps;
  s->pageblock_order = kernel->pageblock_order;
  s->nr_lists = s->nr_free_lists + s->nr_pcp_lists * s->nr_cpus;
  s->nr_links = s->nr_frames + s->nr_zones * s->nr_lists;
  s->bits_per_long = pf_machine_bits(machine);
  s->unlinked = kernel->unlinked;
  s->is_poisoned_at_first = kernel->is_poisoned_at_first;

  uint64_t at = PF_FRAMES_AT + (uint64_t)s->nr_links * sizeof(struct pf_frame);
  s->boot_bits_at = (uint32_t)at;
  at += ALIGN8(4 * words(s->nr_frames));
  s->pair_bits_at = (uint32_t)at;
  uint32_t bit = 0;
  for (uint32_t order = 0; order < s->nr_pair_orders; order++) {
    s->pair_base[order] = bit;
    bit += (s->nr_frames >> (order + 1)) + s->nr_zones + 1;
  }
  at += ALIGN8(4 * words(bit));
  s->pcp_at = (uint32_t)at;
  at += (uint64_t)s->nr_pcps * s->nr_zones * s->nr_cpus * sizeof(struct pf_pcp);
  s->pageblocks_at = (uint32_t)at;
  at += ALIGN8(4 * words(4 * (uint64_t)pageblocks(s)));
  s->bytes = (uint32_t)at;
  return at;
}

uint64_t pf_structs_size(const struct pf_machine *machine) {
  struct pf_structs s = {0};
  return lay_out(&s, machine);
}

/* A struct page as it is before anything happens to it. */
static struct pf_frame new_frame(const struct pf_structs *s, uint32_t pfn, uint32_t flags) {
  uint32_t link = s->is_poisoned_at_first ? s->unlinked : pfn;
  return (struct pf_frame){link, link, 0, flags};
}
/* The spare descriptors begin here: neither zones nor boot bitmaps cover them. */
static uint32_t end_of_memory(const struct pf_structs *s) { return s->nr_frames - s->nr_spare_frames; }

void pf_structs_init(struct pf_structs *s, const struct pf_machine *machine) {
  memset(s, 0, (size_t)pf_structs_size(machine));
  lay_out(s, machine);
  struct pf_frame *link = pf_frames(s);
  for (uint32_t i = 0; i < s->nr_frames; i++)
    link[i] = new_frame(s, i, 0);
  for (uint32_t i = s->nr_frames; i < s->nr_links; i++)
    link[i].next = link[i].prev = i;
  pf_pageblocks_fill(s, 0, pageblocks(s), PF_NO_TYPE);
  for (uint32_t i = 0; i < s->nr_nodes; i++)
    s->boot_list[i] = s->nr_nodes - 1 - i;
}

static bool link_ok(const struct pf_structs *s, uint32_t link) {
  return link < s->nr_links || link == PF_NULL || link == PF_POISON;
}

/* A zone's place: pairs are counted from its start, and every zone has one spare bit an order before it. */
static struct pf_zone placed_zone(const struct pf_structs *s, uint32_t slot, uint32_t start_pfn, uint32_t size) {
  struct pf_zone zone = {.node = slot / s->nr_zone_types,
                         .type = slot % s->nr_zone_types,
                         .start_pfn = start_pfn,
                         .size = size,
                         .first_head = pf_head(s, slot, 0)};
  for (uint32_t order = 0; order < s->nr_pair_orders; order++)
    zone.first_pair[order] = s->pair_base[order] + (start_pfn >> (order + 1)) + slot;
  return zone;
}

static bool zone_ok(const struct pf_structs *s, uint32_t slot) {
  const struct pf_zone *zone = &s->zone[slot], never = {0};
  struct pf_zone want = placed_zone(s, slot, zone->start_pfn, zone->size);
  if (memcmp(zone, &never, sizeof never) == 0)
    return true;
  return zone->node == want.node && zone->type == want.type && zone->start_pfn <= end_of_memory(s) &&
         zone->size <= end_of_memory(s) - zone->start_pfn && zone->first_head == want.first_head &&
         memcmp(zone->first_pair, want.first_pair, sizeof want.first_pair) == 0;
}

/* Its links lead somewhere, and a frame with a struct page lies in its zone, a spare one in the first. */
static bool frame_ok(const struct pf_structs *s, uint32_t link) {
  const struct pf_frame *f = &pf_frames_const(s)[link];
  uint32_t slot = f->flags >> PF_FRAME_ZONE_SHIFT;
  if (!link_ok(s, f->next) || !link_ok(s, f->prev) || slot >= s->nr_zones)
    return false;
  const struct pf_zone *zone = &s->zone[slot];
  if (f->flags & PF_FRAME_FREE && (f->flags & PF_FRAME_FREE_ORDER) >> PF_FRAME_FREE_ORDER_SHIFT >= s->nr_orders)
    return false;
  if (!(f->flags & PF_FRAME_PRESENT))
    return true;
  if (link < s->nr_frames && link >= end_of_memory(s))
    return slot == 0 && zone->first_head != 0;
  return link >= zone->start_pfn && link - zone->start_pfn < zone->size;
}

static bool boot_ok(const struct pf_structs *s, const struct pf_boot *boot) {
  return boot->has_map <= 1 && boot->start_pfn <= boot->end_pfn && boot->end_pfn <= end_of_memory(s);
}

/* Refills that end, doublings that a shift can do, and a type for every block. */
static bool pcps_ok(const struct pf_structs *s) {
  const struct pf_pcp *pcp = pf_pcp_const(s, 0, 0);
  for (uint32_t i = 0; i < s->nr_pcps * s->nr_zones * s->nr_cpus; i++)
    if (pcp[i].batch > s->nr_frames || pcp[i].free_factor > PF_MAX_FREE_FACTOR)
      return false;
  for (uint32_t block = 0; block < pageblocks(s); block++) {
    uint32_t type = pf_pageblock(s, block);
    if (type >= s->nr_types && type != PF_NO_TYPE)
      return false;
  }
  return true;
}

bool pf_structs_valid(const struct pf_structs *s, const struct pf_machine *machine) {
  struct pf_structs want = {0};
  lay_out(&want, machine);
  if (memcmp(s, &want, offsetof(struct pf_structs, nr_outside)) != 0)
    return false;
  if (s->nr_outside > PF_MAX_OUTSIDE || s->nr_boot_nodes > s->nr_nodes)
    return false;
  for (uint32_t i = 0; i < s->nr_nodes; i++)
    if (s->boot_list[i] >= s->nr_nodes)
      return false;
  for (uint32_t i = 0; i < s->nr_nodes; i++)
    if (!boot_ok(s, &s->boot[i]))
      return false;
  for (uint32_t i = 0; i < s->nr_zones; i++)
    if (!zone_ok(s, i))
      return false;
  for (uint32_t i = 0; i < s->nr_links; i++)
    if (!frame_ok(s, i))
      return false;
  return pcps_ok(s);
}

/* --- bitmaps ------------------------------------------------------------------------------------------- */

uint32_t pf_boot_find(const struct pf_structs *s, uint32_t first, uint32_t end, bool value) {
  const uint32_t *bits = pf_boot_bits_const(s);
  uint32_t invert = value ? 0 : UINT32_MAX;
  for (uint32_t pfn = first; pfn < end;) {
    uint32_t word = (bits[pfn >> 5] ^ invert) >> (pfn & 31);
    if (word) {
      pfn += (uint32_t)__builtin_ctz(word);
      return pfn < end ? pfn : end;
    }
    pfn = (pfn | 31) + 1;
  }
  return end;
}

void pf_boot_fill(struct pf_structs *s, uint32_t first, uint32_t count, bool value) {
  uint32_t *bits = pf_boot_bits(s);
  for (uint32_t pfn = first, end = first + count; pfn < end;) {
    uint32_t in_word = 32 - (pfn & 31);
    uint32_t n = end - pfn < in_word ? end - pfn : in_word;
    uint32_t mask = (n == 32 ? UINT32_MAX : (1u << n) - 1) << (pfn & 31);
    bits[pfn >> 5] = value ? bits[pfn >> 5] | mask : bits[pfn >> 5] & ~mask;
    pfn += n;
  }
}

void pf_boot_set_up(struct pf_structs *s, uint32_t node, uint32_t mapstart, uint32_t start, uint32_t end) {
  struct pf_boot *boot = &s->boot[node];
  boot->has_map = 1;
  boot->mapstart = mapstart;
  boot->start_pfn = start;
  boot->end_pfn = end;
  pf_boot_fill(s, start, end - start, true);
  uint32_t at = 0; /* the node moves to the front */
  while (at < s->nr_nodes - 1 && s->boot_list[at] != node)
    at++;
  if (at >= s->nr_boot_nodes)
    s->nr_boot_nodes++;
  memmove(&s->boot_list[1], &s->boot_list[0], at * sizeof s->boot_list[0]);
  s->boot_list[0] = node;
}

/* --- zones and frames ------------------------------------------------------------------------------------ */

static void clear_pairs(struct pf_structs *s, uint32_t zone) {
  for (uint32_t order = 0; order < s->nr_pair_orders; order++) {
    uint32_t first = s->zone[zone].first_pair[order], n = (s->zone[zone].size + (2u << order) - 1) >> (order + 1);
    for (uint32_t bit = first; bit < first + n; bit++)
      pf_pair_bits(s)[bit >> 5] &= ~(1u << (bit & 31));
  }
}

/* A zone that is set up anew gets new struct pages: frames that it had have none until some zone gives them one. */
static void forget_frames(struct pf_structs *s, uint32_t zone) {
  const struct pf_zone *old = &s->zone[zone];
  struct pf_frame *link = pf_frames(s);
  for (uint32_t pfn = old->start_pfn; pfn < old->start_pfn + old->size; pfn++)
    if (link[pfn].flags >> PF_FRAME_ZONE_SHIFT == zone)
      link[pfn] = new_frame(s, pfn, 0);
}

/* All zeroes, which the kernel reads as: one reference, mapped, in the first zone. They come with that zone. */
static void set_up_spare_frames(struct pf_structs *s) {
  for (uint32_t pfn = end_of_memory(s); pfn < s->nr_frames; pfn++)
    pf_frames(s)[pfn] = (struct pf_frame){PF_NULL, PF_NULL, 1, PF_FRAME_PRESENT | PF_FRAME_MAPPED};
}

void pf_zone_set_up(struct pf_structs *s, uint32_t zone, uint32_t start_pfn, uint32_t size, uint32_t holes) {
  struct pf_frame *link = pf_frames(s);
  forget_frames(s, zone);
  s->zone[zone] = placed_zone(s, zone, start_pfn, size);
  s->zone[zone].holes = holes;
  for (uint32_t list = 0; list < s->nr_lists; list++) {
    uint32_t head = pf_head(s, zone, list);
    link[head].next = link[head].prev = head;
  }
  clear_pairs(s, zone);
  for (uint32_t pfn = start_pfn; pfn < start_pfn + size; pfn++)
    link[pfn] = new_frame(s, pfn, PF_FRAME_RESERVED | PF_FRAME_PRESENT | zone << PF_FRAME_ZONE_SHIFT);
  if (zone == 0)
    set_up_spare_frames(s);
}

void pf_pcp_set_up(struct pf_structs *s, uint32_t zone, uint32_t cold, uint32_t low, uint32_t high, uint32_t batch) {
  for (uint32_t cpu = 0; cpu < s->nr_cpus; cpu++)
    pf_pcp(s, zone, cpu)[cold] = (struct pf_pcp){.low = low, .high = high, .batch = batch};
}

void pf_pageblocks_fill(struct pf_structs *s, uint32_t pfn, uint32_t blocks, uint32_t type) {
  uint32_t *word = (uint32_t *)(void *)((unsigned char *)s + s->pageblocks_at);
  for (uint32_t block = pfn >> s->pageblock_order, end = block + blocks; block < end; block++)
    word[block >> 3] = (word[block >> 3] & ~(0xfu << 4 * (block & 7))) | type << 4 * (block & 7);
}

void pf_flags_fill(struct pf_structs *s, uint32_t pfn, uint32_t count, uint32_t clear, uint32_t set) {
  struct pf_frame *link = pf_frames(s);
  for (uint32_t end = pfn + count; pfn < end; pfn++)
    link[pfn].flags = (link[pfn].flags & ~clear) | set;
}

static PF_COLD uint32_t find_outside(const struct pf_structs *s, uint32_t pfn) {
  uint32_t i = 0;
  while (i < s->nr_outside && s->outside[i].pfn != pfn)
    i++;
  return i;
}

bool pf_count_fits(const struct pf_structs *s, uint32_t pfn) {
  return pfn < s->nr_frames || s->nr_outside < PF_MAX_OUTSIDE || find_outside(s, pfn) < s->nr_outside;
}

int32_t pf_count_get(const struct pf_structs *s, uint32_t pfn) {
  if (pfn < s->nr_frames)
    return pf_frames_const(s)[pfn].count;
  uint32_t i = find_outside(s, pfn);
  return i < s->nr_outside ? s->outside[i].count : 0;
}

void pf_count_put(struct pf_structs *s, uint32_t pfn, int32_t count) {
  if (pfn < s->nr_frames) {
    pf_frames(s)[pfn].count = count;
    return;
  }
  uint32_t i = find_outside(s, pfn);
  if (count != 0 && i < PF_MAX_OUTSIDE) {
    s->outside[i] = (struct pf_outside){pfn, count};
    s->nr_outside += i == s->nr_outside;
  } else if (count == 0 && i < s->nr_outside) {
    s->outside[i] = s->outside[--s->nr_outside];
    s->outside[s->nr_outside] = (struct pf_outside){0, 0}; /* the bytes count in the digest */
  }
}

/* --- what readers see ---------------------------------------------------------------------------------- */

uint32_t pf_structs_kernel(const struct pf_structs *s) { return s->kernel; }
uint32_t pf_structs_frames(const struct pf_structs *s) { return s->nr_frames; }
uint32_t pf_structs_zones(const struct pf_structs *s) { return s->nr_zones; }
uint32_t pf_structs_nodes(const struct pf_structs *s) { return s->nr_nodes; }

int pf_zone_view(const struct pf_structs *s, uint32_t zone, struct pf_zone_view *view) {
  if (zone >= s->nr_zones || s->zone[zone].size == 0)
    return 0;
  const struct pf_zone *z = &s->zone[zone];
  *view = (struct pf_zone_view){.node = z->node,
                                .type = z->type,
                                .start_pfn = z->start_pfn,
                                .size = z->size,
                                .holes = z->holes,
                                .free_pages = z->free_pages,
                                .pages_min = z->pages_min,
                                .pages_low = z->pages_low,
                                .pages_high = z->pages_high,
                                .need_balance = z->need_balance,
                                .managed = z->managed,
                                .boost = z->boost,
                                .boosted = z->boosted,
                                .reclaim_active = z->reclaim_active,
                                .nr_reserved_highatomic = z->nr_reserved_highatomic};
  memcpy(view->protection, z->protection, sizeof view->protection);
  memcpy(view->nr_free, z->nr_free, sizeof view->nr_free);
  return 1;
}

int pf_boot_view(const struct pf_structs *s, uint32_t node, struct pf_boot_view *view) {
  if (node >= s->nr_nodes || !s->boot[node].has_map)
    return 0;
  const struct pf_boot *b = &s->boot[node];
  *view = (struct pf_boot_view){b->mapstart, b->start_pfn, b->end_pfn, b->last_pos, b->last_offset, b->last_success};
  return 1;
}

int pf_boot_bit(const struct pf_structs *s, uint32_t node, uint32_t pfn) {
  struct pf_boot_view view;
  if (!pf_boot_view(s, node, &view) || pfn < view.start_pfn || pfn >= view.end_pfn)
    return -1;
  return pf_boot_bit_get(s, pfn);
}

int pf_pair_bit(const struct pf_structs *s, uint32_t zone, uint32_t order, uint32_t index) {
  if (zone >= s->nr_zones || order >= s->nr_pair_orders ||
      index >= (s->zone[zone].size + (2u << order) - 1) >> (order + 1))
    return -1;
  uint32_t bit = s->zone[zone].first_pair[order] + index;
  return (int)(pf_pair_bits_const(s)[bit >> 5] >> (bit & 31) & 1);
}

int pf_frame_view(const struct pf_structs *s, uint32_t pfn, struct pf_frame_view *view) {
  if (pfn >= s->nr_frames)
    return 0;
  const struct pf_frame *f = &pf_frames_const(s)[pfn];
  uint32_t free_order = 1 + ((f->flags & PF_FRAME_FREE_ORDER) >> PF_FRAME_FREE_ORDER_SHIFT);
  uint32_t compound_order = 1 + ((f->flags & PF_FRAME_COMPOUND_ORDER) >> PF_FRAME_COMPOUND_ORDER_SHIFT);
  *view = (struct pf_frame_view){.next = f->next,
                                 .prev = f->prev,
                                 .count = f->count,
                                 .reserved = f->flags & PF_FRAME_RESERVED,
                                 .mapped = f->flags / PF_FRAME_MAPPED & 1,
                                 .held = pf_held_bits(f->flags),
                                 .lru = f->flags / PF_FRAME_LRU & 1,
                                 .free_order = f->flags & PF_FRAME_FREE ? free_order : 0,
                                 .compound_order = f->flags & PF_FRAME_COMPOUND ? compound_order : 0,
                                 .type = (f->flags & PF_FRAME_TYPE) >> PF_FRAME_TYPE_SHIFT};
  return (f->flags & PF_FRAME_PRESENT) != 0;
}

int pf_outside_count(const struct pf_structs *s, uint32_t index, uint32_t *pfn, int32_t *count) {
  if (index >= s->nr_outside)
    return 0;
  *pfn = s->outside[index].pfn;
  *count = s->outside[index].count;
  return 1;
}

uint32_t pf_zone_list(const struct pf_structs *s, uint32_t zone, uint32_t list) {
  return zone < s->nr_zones && list < s->nr_lists ? pf_head(s, zone, list) : PF_NULL;
}

uint32_t pf_free_list(const struct pf_structs *s, uint32_t zone, uint32_t order, uint32_t type) {
  return order < s->nr_orders && type < s->nr_types ? pf_zone_list(s, zone, order * s->nr_types + type) : PF_NULL;
}

uint32_t pf_structs_cpus(const struct pf_structs *s) { return s->nr_cpus; }
uint32_t pf_min_free_kbytes(const struct pf_structs *s) { return s->min_free_kbytes; }
uint32_t pf_lower_zone_protection(const struct pf_structs *s) { return s->lower_zone_protection; }
uint32_t pf_watermark_boost_factor(const struct pf_structs *s) { return s->watermark_boost_factor; }
uint32_t pf_watermark_scale_factor(const struct pf_structs *s) { return s->watermark_scale_factor; }
uint32_t pf_percpu_pagelist_high_fraction(const struct pf_structs *s) { return s->percpu_pagelist_high_fraction; }

uint32_t pf_pageblock_type(const struct pf_structs *s, uint32_t pfn) {
  return s->pageblock_order && pfn < s->nr_frames ? pf_pageblock_get(s, pfn) : PF_NO_TYPE;
}

int pf_pcp_view(const struct pf_structs *s, uint32_t zone, uint32_t cpu, uint32_t which, struct pf_pcp_view *view) {
  if (zone >= s->nr_zones || cpu >= s->nr_cpus || which >= s->nr_pcps || s->zone[zone].size == 0)
    return 0;
  const struct pf_pcp *pcp = &pf_pcp_const(s, zone, cpu)[which];
  *view = (struct pf_pcp_view){pcp->count,       pcp->low,          pcp->high,          pcp->batch,
                               pcp->free_factor, pcp->vm_stat_diff, pcp->stat_threshold};
  return 1;
}

uint32_t pf_pcp_list(const struct pf_structs *s, uint32_t zone, uint32_t cpu, uint32_t index) {
  return cpu < s->nr_cpus && index < s->nr_pcp_lists ? pf_zone_list(s, zone, pf_pcp_number(s, cpu, index)) : PF_NULL;
}

/* A CPU has as many lists an order for each of its orders; those left over hold pageblocks. */
int pf_kernel_list(const struct pf_kernel_info *kernel, uint32_t list, struct pf_list_view *view) {
  uint32_t nr_free_lists = kernel->nr_orders * kernel->nr_types;
  *view = (struct pf_list_view){0};
  if (list < nr_free_lists) {
    view->order = list / kernel->nr_types;
    view->type = list % kernel->nr_types;
    return 1;
  }
  if (kernel->nr_pcp_lists == 0)
    return 0;
  uint32_t number = list - nr_free_lists, an_order = kernel->nr_pcp_lists / kernel->nr_pcp_orders;
  uint32_t whole = an_order * kernel->nr_pcp_orders, index = number % kernel->nr_pcp_lists;
  view->is_pcp = 1;
  view->cpu = number / kernel->nr_pcp_lists;
  view->index = index;
  view->order = index < whole ? index / an_order : kernel->pageblock_order;
  if (kernel->nr_types > 1)
    view->type = index < whole ? index % an_order : index - whole;
  return 1;
}

int pf_list_view(const struct pf_structs *s, uint32_t list, struct pf_list_view *view) {
  return list < s->nr_lists && pf_kernel_list(pf_kernel_info(s->kernel), list, view);
}

uint32_t pf_machine_list(const struct pf_machine *machine, uint32_t zone, uint32_t list) {
  struct pf_structs s = {0};
  return lay_out(&s, machine) ? pf_zone_list(&s, zone, list) : PF_NULL;
}

uint32_t pf_link_next(const struct pf_structs *s, uint32_t link) {
  return link < s->nr_links ? pf_frames_const(s)[link].next : PF_NULL;
}

int pf_link_is_head(const struct pf_structs *s, uint32_t link, uint32_t *zone, uint32_t *list) {
  if (link < s->nr_frames || link >= s->nr_links)
    return 0;
  *zone = (link - s->nr_frames) / s->nr_lists;
  *list = (link - s->nr_frames) % s->nr_lists;
  return 1;
}
