/* The allocator's state as a check line holds it. */
#include "state_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_line.h"

static void add_number(cJSON *array, double value) { cJSON_AddItemToArray(array, cJSON_CreateNumber(value)); }

static void add_pair(cJSON *array, double first, double second) {
  cJSON *pair = cJSON_CreateArray();
  add_number(pair, first);
  add_number(pair, second);
  cJSON_AddItemToArray(array, pair);
}

static void add_if_any(cJSON *state, const char *key, cJSON *array) {
  if (array && array->child)
    cJSON_AddItemToObject(state, key, array);
  else
    cJSON_Delete(array);
}

/* ---------------------------------------------------------------- boot allocator */

static void add_boot(cJSON *array, const struct pf_structs *structs, uint32_t node, const struct pf_boot_view *boot) {
  cJSON *item = cJSON_CreateObject();
  cJSON_AddItemToArray(array, item);
  cJSON_AddNumberToObject(item, "node", node);
  cJSON *reserved = cJSON_AddArrayToObject(item, "reserved");
  uint32_t first = boot->start_pfn;
  for (uint32_t pfn = boot->start_pfn; pfn < boot->end_pfn; pfn++) {
    if (pf_boot_bit(structs, node, pfn) == 1)
      continue;
    if (pfn > first)
      add_pair(reserved, first, pfn - first);
    first = pfn + 1;
  }
  if (boot->end_pfn > first)
    add_pair(reserved, first, boot->end_pfn - first);
  cJSON_AddNumberToObject(item, "last_pos", boot->last_pos);
  cJSON_AddNumberToObject(item, "last_offset", boot->last_offset);
  cJSON_AddNumberToObject(item, "last_success", (double)boot->last_success.hi * 4294967296.0 + boot->last_success.lo);
}

/* ---------------------------------------------------------------- zones */

static const char *zone_name(const struct pf_structs *structs, uint32_t type) {
  return pf_kernel_info(pf_structs_kernel(structs))->zone_names[type];
}

/* A CPU's two lists of a zone, and the counter that stands beside one in a check. */
static const struct { const char *list, *counter; } pcp_keys[] = {{"hot", "hot_count"}, {"cold", "cold_count"}};

/* Another list's head as "node/zone/order" or "node/zone/cpu0/hot"; "other" where an order has several lists. */
static void add_head(cJSON *list, const struct pf_structs *structs, uint32_t zone, uint32_t number) {
  const struct pf_kernel_info *kernel = pf_kernel_info(pf_structs_kernel(structs));
  uint32_t types = kernel->nr_zone_types;
  struct pf_list_view view;
  char text[64];
  int size = snprintf(text, sizeof text, "%u/%s/", zone / types, zone_name(structs, zone % types));
  pf_list_view(structs, number, &view);
  if (kernel->nr_types > 1)
    snprintf(text, sizeof text, "other");
  else if (view.is_pcp)
    snprintf(text + size, sizeof text - (size_t)size, "cpu%u/%s", view.cpu, pcp_keys[view.index].list);
  else
    snprintf(text + size, sizeof text - (size_t)size, "%u", number);
  cJSON_AddItemToArray(list, cJSON_CreateString(text));
}

/* A list's frames from its head by the forward links, and what ended the walk where that is not the head again. `seen`
 * is a bit a frame, none set before and after. */
static cJSON *list_json(const struct pf_structs *structs, uint32_t head, uint8_t *seen) {
  uint32_t frames = pf_structs_frames(structs);
  cJSON *list = cJSON_CreateArray();
  uint32_t zone, number;
  for (uint32_t link = pf_link_next(structs, head); link != head; link = pf_link_next(structs, link)) {
    if (pf_link_is_head(structs, link, &zone, &number)) {
      add_head(list, structs, zone, number);
      break;
    }
    if (link >= frames) {
      cJSON_AddItemToArray(list, cJSON_CreateNull());
      break;
    }
    if (seen[link / 8] & 1u << link % 8) {
      cJSON_AddItemToArray(list, cJSON_CreateString("loop"));
      break;
    }
    seen[link / 8] |= (uint8_t)(1u << link % 8);
    add_number(list, link);
  }
  const cJSON *item;
  cJSON_ArrayForEach(item, list) {
    if (cJSON_IsNumber(item))
      seen[(uint32_t)item->valuedouble / 8] = 0;
  }
  return list;
}

/* The set bits of one order's pair bitmap, which has a bit for every two blocks. */
static cJSON *pairs_json(const struct pf_structs *structs, uint32_t zone, uint32_t order, uint32_t size) {
  cJSON *bits = cJSON_CreateArray();
  uint32_t count = (uint32_t)(((uint64_t)size + (2ull << order) - 1) >> (order + 1));
  for (uint32_t i = 0; i < count; i++) {
    if (pf_pair_bit(structs, zone, order, i) == 1)
      add_number(bits, i);
  }
  return bits;
}

/* How many frames a list holds; what broke its walk off is none. */
static uint32_t list_length(const cJSON *list) {
  uint32_t length = 0;
  const cJSON *item;
  cJSON_ArrayForEach(item, list) length += (uint32_t)cJSON_IsNumber(item);
  return length;
}

/* Each CPU's lists, and a counter where it is not the list's length. */
static void add_pcp(cJSON *item, const struct pf_structs *structs, uint32_t slot, uint8_t *seen) {
  cJSON *cpus = cJSON_AddArrayToObject(item, "pcp");
  for (uint32_t cpu = 0; cpu < pf_structs_cpus(structs); cpu++) {
    cJSON *lists = cJSON_CreateObject();
    cJSON_AddItemToArray(cpus, lists);
    cJSON_AddNumberToObject(lists, "cpu", cpu);
    for (uint32_t cold = 0; cold < 2; cold++) {
      struct pf_pcp_view view;
      cJSON *list = list_json(structs, pf_pcp_list(structs, slot, cpu, cold), seen);
      cJSON_AddItemToObject(lists, pcp_keys[cold].list, list);
      if (pf_pcp_view(structs, slot, cpu, cold, &view) && view.count != list_length(list))
        cJSON_AddNumberToObject(lists, pcp_keys[cold].counter, view.count);
    }
  }
}

static void add_frames(cJSON *item, const struct pf_structs *structs, const struct pf_zone_view *zone) {
  uint32_t reserved = 0, ones = 0;
  cJSON *counts = cJSON_CreateArray();
  for (uint32_t pfn = zone->start_pfn; pfn < zone->start_pfn + zone->size; pfn++) {
    struct pf_frame_view frame;
    if (!pf_frame_view(structs, pfn, &frame))
      continue;
    reserved += frame.reserved;
    ones += frame.count == 1;
    if (frame.count != 0 && frame.count != 1)
      add_pair(counts, pfn, frame.count);
  }
  cJSON_AddNumberToObject(item, "n_reserved", reserved);
  cJSON_AddNumberToObject(item, "n_count1", ones);
  cJSON_AddItemToObject(item, "page_count", counts);
}

static void add_zone(cJSON *array, const struct pf_structs *structs, uint32_t slot, const struct pf_zone_view *zone,
                     uint8_t *seen) {
  const struct pf_kernel_info *kernel = pf_kernel_info(pf_structs_kernel(structs));
  cJSON *item = cJSON_CreateObject();
  cJSON_AddItemToArray(array, item);
  cJSON_AddNumberToObject(item, "node", zone->node);
  cJSON_AddStringToObject(item, "zone", zone_name(structs, zone->type));
  cJSON_AddNumberToObject(item, "free_pages", zone->free_pages);
  cJSON *lists = cJSON_AddArrayToObject(item, "free_area");
  for (uint32_t order = 0; order < kernel->nr_orders; order++)
    cJSON_AddItemToArray(lists, list_json(structs, pf_free_list(structs, slot, order, 0), seen));
  cJSON *maps = cJSON_AddArrayToObject(item, "map");
  for (uint32_t order = 0; order < kernel->nr_pair_orders; order++)
    cJSON_AddItemToArray(maps, pairs_json(structs, slot, order, zone->size));
  if (kernel->nr_pcps)
    add_pcp(item, structs, slot, seen);
  cJSON_AddNumberToObject(item, "need_balance", zone->need_balance);
  add_frames(item, structs, zone);
}

/* ---------------------------------------------------------------- zones whose lists have types */

static void add_typed_lists(cJSON *item, const struct pf_structs *structs, uint32_t slot,
                            const struct pf_zone_view *zone, uint8_t *seen) {
  const struct pf_kernel_info *kernel = pf_kernel_info(pf_structs_kernel(structs));
  cJSON *counts = cJSON_AddArrayToObject(item, "nr_free"), *orders = cJSON_AddArrayToObject(item, "free_area");
  for (uint32_t order = 0; order < kernel->nr_orders; order++) {
    cJSON *types = cJSON_CreateArray();
    add_number(counts, zone->nr_free[order]);
    cJSON_AddItemToArray(orders, types);
    for (uint32_t type = 0; type < kernel->nr_types; type++)
      cJSON_AddItemToArray(types, list_json(structs, pf_free_list(structs, slot, order, type), seen));
  }
}

/* Frames of a CPU's list that remember another type than the list's. */
static void add_other_types(cJSON *other, const struct pf_structs *structs, const cJSON *list, uint32_t type) {
  const cJSON *item;
  cJSON_ArrayForEach(item, list) {
    struct pf_frame_view frame;
    if (cJSON_IsNumber(item) && pf_frame_view(structs, (uint32_t)item->valuedouble, &frame) && frame.type != type)
      add_pair(other, item->valuedouble, frame.type);
  }
}

static void add_cpu(cJSON *cpus, const struct pf_structs *structs, uint32_t slot, uint32_t cpu, uint8_t *seen) {
  const struct pf_kernel_info *kernel = pf_kernel_info(pf_structs_kernel(structs));
  struct pf_pcp_view view;
  cJSON *item = cJSON_CreateObject(), *other = cJSON_CreateArray();
  cJSON_AddItemToArray(cpus, item);
  pf_pcp_view(structs, slot, cpu, 0, &view);
  cJSON_AddNumberToObject(item, "cpu", cpu);
  cJSON_AddNumberToObject(item, "count", (int32_t)view.count);
  cJSON_AddNumberToObject(item, "high", view.high);
  cJSON_AddNumberToObject(item, "batch", view.batch);
  cJSON_AddNumberToObject(item, "free_factor", view.free_factor);
  cJSON_AddNumberToObject(item, "vm_stat_diff", view.vm_stat_diff);
  cJSON_AddNumberToObject(item, "stat_threshold", view.stat_threshold);
  cJSON *lists = cJSON_AddArrayToObject(item, "lists");
  for (uint32_t index = 0; index < kernel->nr_pcp_lists; index++) {
    struct pf_list_view list;
    cJSON *frames = list_json(structs, pf_pcp_list(structs, slot, cpu, index), seen);
    cJSON_AddItemToArray(lists, frames);
    pf_kernel_list(kernel, kernel->nr_orders * kernel->nr_types + index, &list);
    add_other_types(other, structs, frames, list.type);
  }
  if (other->child)
    cJSON_AddItemToObject(item, "other", other);
  else
    cJSON_Delete(other);
}

/* Runs of pageblocks of one type; 255: no such memory. */
static void add_pageblocks(cJSON *item, const struct pf_structs *structs, const struct pf_zone_view *zone) {
  uint32_t order = pf_kernel_info(pf_structs_kernel(structs))->pageblock_order;
  cJSON *runs = cJSON_AddArrayToObject(item, "pageblocks");
  uint32_t block = zone->start_pfn >> order, end = ((zone->start_pfn + zone->size - 1) >> order) + 1;
  while (block < end) {
    uint32_t first = block, type = pf_pageblock_type(structs, block << order);
    while (block < end && pf_pageblock_type(structs, block << order) == type)
      block++;
    cJSON *run = cJSON_CreateArray();
    add_number(run, (double)first * (1u << order));
    add_number(run, block - first);
    add_number(run, type == PF_NO_TYPE ? 255 : type);
    cJSON_AddItemToArray(runs, run);
  }
}

static void add_typed_zone(cJSON *array, const struct pf_structs *structs, uint32_t slot,
                           const struct pf_zone_view *zone, uint8_t *seen) {
  cJSON *item = cJSON_CreateObject();
  cJSON_AddItemToArray(array, item);
  cJSON_AddNumberToObject(item, "node", zone->node);
  cJSON_AddStringToObject(item, "zone", zone_name(structs, zone->type));
  cJSON_AddNumberToObject(item, "managed", zone->managed);
  cJSON_AddNumberToObject(item, "free_pages", (int32_t)zone->free_pages);
  cJSON_AddNumberToObject(item, "min", zone->pages_min);
  cJSON_AddNumberToObject(item, "low", zone->pages_low);
  cJSON_AddNumberToObject(item, "high", zone->pages_high);
  cJSON_AddNumberToObject(item, "boost", zone->boost);
  if (zone->boosted)
    cJSON_AddTrueToObject(item, "boosted");
  if (zone->reclaim_active)
    cJSON_AddTrueToObject(item, "reclaim_active");
  cJSON_AddNumberToObject(item, "nr_reserved_highatomic", zone->nr_reserved_highatomic);
  cJSON *reserve = cJSON_AddArrayToObject(item, "lowmem_reserve");
  for (uint32_t highest = 0; highest < PF_MAX_ZONE_TYPES; highest++)
    add_number(reserve, zone->protection[highest]);
  add_typed_lists(item, structs, slot, zone, seen);
  cJSON *cpus = cJSON_AddArrayToObject(item, "pcp");
  for (uint32_t cpu = 0; cpu < pf_structs_cpus(structs); cpu++)
    add_cpu(cpus, structs, slot, cpu, seen);
  add_pageblocks(item, structs, zone);
}

/* Sets the bit of every frame that a zone's free lists begin a block with. */
static void mark_listed(const cJSON *state, uint8_t *listed) {
  const cJSON *zone, *order, *type, *item;
  cJSON_ArrayForEach(zone, pf_json_member(state, "zones")) cJSON_ArrayForEach(order, pf_json_member(zone, "free_area"))
      cJSON_ArrayForEach(type, order) cJSON_ArrayForEach(item, type) {
    uint32_t pfn = cJSON_IsNumber(item) ? (uint32_t)item->valuedouble : 0;
    listed[pfn / 8] |= (uint8_t)(cJSON_IsNumber(item) ? 1u << pfn % 8 : 0);
  }
}

static void add_flags(cJSON *list, const struct pf_structs *structs, const uint8_t *listed, int want_mark) {
  for (uint32_t pfn = 0; pfn < pf_structs_frames(structs); pfn++) {
    struct pf_frame_view frame;
    int is_listed = listed[pfn / 8] >> pfn % 8 & 1;
    if (!pf_frame_view(structs, pfn, &frame) || is_listed == (frame.free_order != 0) || is_listed == want_mark)
      continue;
    cJSON *pair = cJSON_CreateArray();
    add_number(pair, pfn);
    cJSON_AddItemToArray(pair, want_mark ? cJSON_CreateNumber(frame.free_order - 1) : cJSON_CreateNull());
    cJSON_AddItemToArray(list, pair);
  }
}

void pf_state_add_misuse(cJSON *state, const struct pf_structs *structs, const struct pf_structs *before) {
  uint32_t frames = pf_structs_frames(structs);
  uint8_t *listed = calloc((size_t)frames / 8 + 1, 1);
  cJSON *counts = cJSON_CreateArray(), *flags = cJSON_CreateArray();
  for (uint32_t pfn = 0; pfn < frames; pfn++) {
    struct pf_frame_view frame, was;
    if (!pf_frame_view(structs, pfn, &frame) || frame.count == 0 || frame.count == 1 ||
        (pf_frame_view(before, pfn, &was) && was.count == frame.count && was.held == frame.held))
      continue;
    add_pair(counts, pfn, frame.count);
  }
  if (listed) {
    mark_listed(state, listed);
    add_flags(flags, structs, listed, 1);
    add_flags(flags, structs, listed, 0);
  }
  free(listed);
  add_if_any(state, "page_count", counts);
  add_if_any(state, "buddy_flag", flags);
}

cJSON *pf_state_json(const struct pf_structs *structs) {
  const struct pf_kernel_info *kernel = pf_kernel_info(pf_structs_kernel(structs));
  cJSON *state = cJSON_CreateObject();
  cJSON *bootmem = cJSON_CreateArray(), *zones = cJSON_CreateArray();
  uint8_t *seen = calloc(((size_t)pf_structs_frames(structs) + 7) / 8 + 1, 1);
  for (uint32_t node = 0; node < pf_structs_nodes(structs); node++) {
    struct pf_boot_view boot;
    if (pf_boot_view(structs, node, &boot))
      add_boot(bootmem, structs, node, &boot);
  }
  for (uint32_t slot = 0; seen && slot < pf_structs_zones(structs); slot++) {
    struct pf_zone_view zone;
    if (pf_zone_view(structs, slot, &zone) && zone.size)
      (kernel->nr_types > 1 ? add_typed_zone : add_zone)(zones, structs, slot, &zone, seen);
  }
  free(seen);
  add_if_any(state, "bootmem", bootmem);
  add_if_any(state, "zones", zones);
  return state;
}

/* ---------------------------------------------------------------- settings */

/* The limits of the CPUs' lists, as the first CPU has them. */
static void add_pcp_limits(cJSON *item, const struct pf_structs *structs, uint32_t slot) {
  cJSON *limits = cJSON_AddObjectToObject(item, "pcp");
  for (uint32_t cold = 0; cold < 2; cold++) {
    struct pf_pcp_view view;
    if (!pf_pcp_view(structs, slot, 0, cold, &view))
      continue;
    cJSON *list = cJSON_AddObjectToObject(limits, pcp_keys[cold].list);
    cJSON_AddNumberToObject(list, "low", view.low);
    cJSON_AddNumberToObject(list, "high", view.high);
    cJSON_AddNumberToObject(list, "batch", view.batch);
  }
}

static void add_settings(cJSON *array, const struct pf_structs *structs, uint32_t slot,
                         const struct pf_zone_view *zone) {
  const struct pf_kernel_info *kernel = pf_kernel_info(pf_structs_kernel(structs));
  cJSON *item = cJSON_CreateObject();
  cJSON_AddItemToArray(array, item);
  cJSON_AddNumberToObject(item, "node", zone->node);
  cJSON_AddStringToObject(item, "zone", zone_name(structs, zone->type));
  cJSON_AddNumberToObject(item, "pages_min", zone->pages_min);
  cJSON_AddNumberToObject(item, "pages_low", zone->pages_low);
  cJSON_AddNumberToObject(item, "pages_high", zone->pages_high);
  cJSON *protection = cJSON_AddArrayToObject(item, "protection");
  for (uint32_t type = 0; type < kernel->nr_zone_types; type++)
    add_number(protection, zone->protection[type]);
  if (kernel->nr_pcps == kernel->nr_pcp_lists && kernel->nr_pcps)
    add_pcp_limits(item, structs, slot);
}

cJSON *pf_settings_json(const struct pf_structs *structs) {
  cJSON *settings = cJSON_CreateObject();
  cJSON_AddNumberToObject(settings, "min_free_kbytes", pf_min_free_kbytes(structs));
  cJSON *zones = cJSON_AddArrayToObject(settings, "zones");
  for (uint32_t slot = 0; slot < pf_structs_zones(structs); slot++) {
    struct pf_zone_view zone;
    if (pf_zone_view(structs, slot, &zone) && zone.size)
      add_settings(zones, structs, slot, &zone);
  }
  return settings;
}

/* ---------------------------------------------------------------- differences */

static int is_plain(const cJSON *item) { return !cJSON_IsArray(item) && !cJSON_IsObject(item); }

static int is_plain_list(const cJSON *array) {
  const cJSON *item;
  cJSON_ArrayForEach(item, array) {
    if (!is_plain(item))
      return 0;
  }
  return cJSON_IsArray(array);
}

static int found(struct pf_difference *difference, const cJSON *expected, const cJSON *got) {
  difference->expected = expected;
  difference->got = got;
  return 1;
}

static int differs(const cJSON *expected, const cJSON *got, struct pf_difference *difference, size_t size);

/* The path grows for a look inside and shrinks again where nothing was found there. */
static int differs_inside(const cJSON *expected, const cJSON *got, struct pf_difference *difference, size_t size,
                          const char *step) {
  size_t room = sizeof difference->path - size;
  int more = snprintf(difference->path + size, room, "%s", size == 0 && step[0] == '.' ? step + 1 : step);
  if (differs(expected, got, difference, more < 0 || (size_t)more >= room ? size : size + (size_t)more))
    return 1;
  difference->path[size] = 0;
  return 0;
}

static int arrays_differ(const cJSON *expected, const cJSON *got, struct pf_difference *difference, size_t size) {
  const cJSON *a = expected->child, *b = got->child;
  for (uint32_t i = 0; a || b; i++) {
    char step[24];
    snprintf(step, sizeof step, "[%u]", i);
    if (differs_inside(a, b, difference, size, step))
      return 1;
    a = a ? a->next : NULL;
    b = b ? b->next : NULL;
  }
  return 0;
}

static int members_differ(const cJSON *expected, const cJSON *got, struct pf_difference *difference, size_t size,
                          const char *key) {
  char step[64];
  snprintf(step, sizeof step, ".%s", key);
  return differs_inside(pf_json_member(expected, key), pf_json_member(got, key), difference, size, step);
}

/* What is left out where it says nothing, beside which array: then it must be missing here, too. */
static const struct {
  const char *beside, *key;
} told_if_special[] = {{"hot", "hot_count"},
                       {"cold", "cold_count"},
                       {"free_area", "boosted"},
                       {"free_area", "reclaim_active"},
                       {"lists", "other"}};

static int objects_differ(const cJSON *expected, const cJSON *got, struct pf_difference *difference, size_t size) {
  const cJSON *item;
  cJSON_ArrayForEach(item, expected) {
    if (members_differ(expected, got, difference, size, item->string))
      return 1;
  }
  for (size_t i = 0; i < sizeof told_if_special / sizeof told_if_special[0]; i++) {
    if (cJSON_IsArray(pf_json_member(expected, told_if_special[i].beside)) &&
        members_differ(expected, got, difference, size, told_if_special[i].key))
      return 1;
  }
  return 0;
}

static int differs(const cJSON *expected, const cJSON *got, struct pf_difference *difference, size_t size) {
  if (!expected || !got)
    return expected == got ? 0 : found(difference, expected, got);
  if (cJSON_IsObject(expected) && cJSON_IsObject(got))
    return objects_differ(expected, got, difference, size);
  int are_arrays = cJSON_IsArray(expected) && cJSON_IsArray(got);
  if (are_arrays && !(is_plain_list(expected) && is_plain_list(got)))
    return arrays_differ(expected, got, difference, size);
  return cJSON_Compare(expected, got, 1) ? 0 : found(difference, expected, got);
}

int pf_json_differs(const cJSON *expected, const cJSON *got, struct pf_difference *difference) {
  difference->path[0] = 0;
  return differs(expected, got, difference, 0);
}

int pf_state_differs(const cJSON *check, const cJSON *state, struct pf_difference *difference) {
  static const char *const wholes[] = {"bootmem", "zones", "page_count", "buddy_flag"};
  difference->path[0] = 0;
  for (size_t i = 0; i < sizeof wholes / sizeof wholes[0]; i++) {
    if (differs_inside(pf_json_member(check, wholes[i]), pf_json_member(state, wholes[i]), difference, 0, wholes[i]))
      return 1;
  }
  const cJSON *item;
  cJSON_ArrayForEach(item, check) {
    int is_remark = strcmp(item->string, "op") == 0 || strcmp(item->string, "note") == 0;
    if (!is_remark && differs_inside(item, pf_json_member(state, item->string), difference, 0, item->string))
      return 1;
  }
  return 0;
}
