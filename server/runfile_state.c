/*
 * Run files: the `state` line, which a run may begin with instead of a boot, and what `check` lines tell that no
 * operation does (`lru`). Both become events, which the model and the map take in.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runfile_internal.h"

/* One line on its way into events. */
struct state {
  struct pf_run_reader *reader;
  struct pf_run_line *line;
  size_t capacity;
  char at[64];   /* "zones[1]" */
  uint32_t slot; /* of that zone */
  uint32_t start_pfn, end_pfn;
};

/* ---------------------------------------------------------------- events */

static int emit(struct state *state, uint32_t kind, uint32_t s, uint32_t a, uint32_t b, uint32_t c) {
  struct pf_run_line *line = state->line;
  if (line->nr_events == state->capacity) {
    size_t capacity = state->capacity ? 2 * state->capacity : 256;
    struct pf_event *events = realloc(line->events, capacity * sizeof *events);
    if (!events)
      return pf_run_no_memory(state->reader);
    line->events = events;
    state->capacity = capacity;
  }
  line->events[line->nr_events++] = (struct pf_event){(uint8_t)kind, (uint8_t)s, (uint16_t)state->slot, a, b, c};
  return 0;
}

/* ---------------------------------------------------------------- parts of a line */

/* What stands at `field` of the zone (or below it) is not what it should be. */
static int bad(struct state *state, const char *field, const cJSON *item, const char *expected) {
  char whole[160];
  snprintf(whole, sizeof whole, "%s.%s", state->at, field);
  return pf_run_bad(state->reader, whole, item, "%s", expected);
}

static int number(struct state *state, const cJSON *object, const char *key, int64_t low, int64_t high,
                  int64_t *value) {
  char expected[64];
  const cJSON *item = pf_json_member(object, key);
  if (pf_json_whole(item, low, high, value))
    return 0;
  snprintf(expected, sizeof expected, "a number from %lld to %lld", (long long)low, (long long)high);
  return bad(state, key, item, expected);
}

/* A number that is 0 where it is left out. */
static int optional_number(struct state *state, const cJSON *object, const char *key, int64_t high, int64_t *value) {
  *value = 0;
  return pf_json_member(object, key) ? number(state, object, key, 0, high, value) : 0;
}

/* An array of `size` elements (any number: -1). */
static int array(struct state *state, const cJSON *item, const char *field, int size) {
  char expected[64] = "an array";
  if (cJSON_IsArray(item) && (size < 0 || cJSON_GetArraySize(item) == size))
    return 0;
  if (size >= 0)
    snprintf(expected, sizeof expected, "an array of %d", size);
  return bad(state, field, item, expected);
}

/* A block of the zone by its first frame. */
static int block(struct state *state, const cJSON *item, const char *field, uint32_t order, uint32_t *pfn) {
  char expected[96];
  int64_t value, last = (int64_t)state->end_pfn - ((int64_t)1 << order);
  if (pf_json_whole(item, state->start_pfn, last, &value)) {
    *pfn = (uint32_t)value;
    return 0;
  }
  snprintf(expected, sizeof expected, "the first frame of a block of order %u, from %u to %lld", order,
           state->start_pfn, (long long)last);
  return bad(state, field, item, expected);
}

/* What a run [first, frames] or [first, frames, value] becomes. */
typedef int take_run(struct state *state, uint32_t first, uint32_t frames, int64_t value);

/* The runs of a key, each inside the zone; none where the key is missing. */
static int runs(struct state *state, const cJSON *zone, const char *key, int64_t low, int64_t high, take_run *take) {
  const cJSON *list = pf_json_member(zone, key), *run;
  const int parts = high < low ? 2 : 3;
  uint32_t i = 0;
  if (!list)
    return 0;
  if (array(state, list, key, -1) < 0)
    return -1;
  cJSON_ArrayForEach(run, list) {
    int64_t first, frames, value = 0;
    char field[64];
    snprintf(field, sizeof field, "%s[%u]", key, i++);
    if (array(state, run, field, parts) < 0)
      return -1;
    const cJSON *part = run->child;
    if (!pf_json_whole(part, state->start_pfn, (int64_t)state->end_pfn - 1, &first) ||
        !pf_json_whole(part->next, 1, state->end_pfn - first, &frames) ||
        (parts == 3 && !pf_json_whole(part->next->next, low, high, &value)))
      return bad(state, field, run,
                 parts == 3 ? "[first frame, frames, value] inside the zone" : "[first frame, frames] inside the zone");
    if (take(state, (uint32_t)first, (uint32_t)frames, value) < 0)
      return -1;
  }
  return 0;
}

/* ---------------------------------------------------------------- frames */

static int take_reserved(struct state *state, uint32_t first, uint32_t frames, int64_t value) {
  (void)value;
  return emit(state, PF_EV_RESERVED_SET, 1, first, frames, 0) | emit(state, PF_EV_COUNTS_SET, 0, first, frames, 1) |
         emit(state, PF_EV_FRAMES_ARE, PF_STATE_RESERVED, first, frames, 0);
}
static int take_count(struct state *state, uint32_t first, uint32_t frames, int64_t value) {
  return emit(state, PF_EV_COUNTS_SET, 0, first, frames, (uint32_t)value);
}
static int take_held(struct state *state, uint32_t first, uint32_t frames, int64_t value) {
  return emit(state, PF_EV_HELD_SET, (uint32_t)value, first, frames, 0);
}
static int take_lru(struct state *state, uint32_t first, uint32_t frames, int64_t value) {
  (void)value;
  return emit(state, PF_EV_LRU_SET, 1, first, frames, 0);
}

/* Frames that nothing is said of have an owner; their count is 1 or, where counts are told, 0: they lie inside a block.
 * Where the line says nothing of reserved frames, all are. */
static int read_frames(struct state *state, const cJSON *zone) {
  uint32_t first = state->start_pfn, frames = state->end_pfn - first;
  if (emit(state, PF_EV_COUNTS_SET, 0, first, frames, pf_json_member(zone, "page_count_runs") ? 0 : 1) < 0)
    return -1;
  if (!pf_json_member(zone, "reserved"))
    return emit(state, PF_EV_FRAMES_ARE, PF_STATE_RESERVED, first, frames, 0);
  if (emit(state, PF_EV_RESERVED_SET, 0, first, frames, 0) < 0 ||
      emit(state, PF_EV_FRAMES_ARE, PF_STATE_ALLOCATED, first, frames, 0) < 0)
    return -1;
  return runs(state, zone, "reserved", 1, 0, take_reserved) < 0 ||
                 runs(state, zone, "page_count_runs", INT32_MIN, INT32_MAX, take_count) < 0 ||
                 runs(state, zone, "held", 0, 15, take_held) < 0 || runs(state, zone, "lru", 1, 0, take_lru) < 0
             ? -1
             : 0;
}

/* Runs of pageblocks: their first may begin before the zone. */
static int read_pageblocks(struct state *state, const cJSON *zone) {
  const struct pf_kernel_info *kernel = state->reader->kernel;
  const cJSON *list = pf_json_member(zone, "pageblocks"), *run;
  const uint32_t order = kernel->pageblock_order, first_block = state->start_pfn >> order;
  const uint32_t end_block = (state->end_pfn - 1) / (1u << order) + 1;
  uint32_t i = 0;
  if (array(state, list, "pageblocks", -1) < 0)
    return -1;
  cJSON_ArrayForEach(run, list) {
    int64_t first, blocks, type;
    char field[64];
    snprintf(field, sizeof field, "pageblocks[%u]", i++);
    if (array(state, run, field, 3) < 0)
      return -1;
    const cJSON *part = run->child;
    if (!pf_json_whole(part, (int64_t)first_block << order, ((int64_t)end_block << order) - 1, &first) ||
        first % (1 << order) || !pf_json_whole(part->next, 1, end_block - (first >> order), &blocks) ||
        !(pf_json_whole(part->next->next, 0, kernel->nr_types - 1, &type) ||
          pf_json_whole(part->next->next, 255, 255, &type)))
      return bad(state, field, run, "[first frame, pageblocks, type] inside the zone");
    if (emit(state, PF_EV_PAGEBLOCKS_SET, type == 255 ? PF_NO_TYPE : (uint32_t)type, (uint32_t)first, (uint32_t)blocks,
             0) < 0)
      return -1;
  }
  return 0;
}

/* ---------------------------------------------------------------- lists */

/* A list's blocks to its tail, one after the other. `list`: its number in the zone. */
static int read_list(struct state *state, const cJSON *blocks, const char *field, uint32_t list,
                     const struct pf_list_view *view) {
  const cJSON *item;
  uint32_t i = 0, pfn, in = view->is_pcp ? PF_STATE_PCP : PF_STATE_BUDDY;
  uint32_t head = pf_machine_list(&state->reader->run->machine, state->slot, list);
  if (array(state, blocks, field, -1) < 0)
    return -1;
  cJSON_ArrayForEach(item, blocks) {
    char element[96];
    snprintf(element, sizeof element, "%s[%u]", field, i++);
    if (block(state, item, element, view->order, &pfn) < 0)
      return -1;
    if (emit(state, PF_EV_COUNTS_SET, 0, pfn, 1u << view->order, 0) < 0 ||
        emit(state, PF_EV_FRAMES_ARE, in, pfn, 1u << view->order, 0) < 0 ||
        emit(state, view->is_pcp ? PF_EV_TYPE_REMEMBERED : PF_EV_FREE_MARK_SET, view->is_pcp ? view->type : view->order,
             pfn, 0, 0) < 0 ||
        emit(state, PF_EV_LIST_ADD_TAIL, view->order, pfn, head, 0) < 0)
      return -1;
  }
  return 0;
}

static int read_free_area(struct state *state, const cJSON *zone) {
  const struct pf_kernel_info *kernel = state->reader->kernel;
  const cJSON *orders = pf_json_member(zone, "free_area"), *counts = pf_json_member(zone, "nr_free");
  if (array(state, orders, "free_area", (int)kernel->nr_orders) < 0 ||
      array(state, counts, "nr_free", (int)kernel->nr_orders) < 0)
    return -1;
  for (uint32_t order = 0; order < kernel->nr_orders; order++) {
    char field[64];
    int64_t count;
    const cJSON *types = cJSON_GetArrayItem(orders, (int)order), *item = cJSON_GetArrayItem(counts, (int)order);
    snprintf(field, sizeof field, "nr_free[%u]", order);
    if (!pf_json_whole(item, 0, UINT32_MAX, &count))
      return bad(state, field, item, "a number of blocks");
    if (emit(state, PF_EV_NR_FREE_SET, order, (uint32_t)count, 0, 0) < 0)
      return -1;
    snprintf(field, sizeof field, "free_area[%u]", order);
    if (array(state, types, field, (int)kernel->nr_types) < 0)
      return -1;
    for (uint32_t type = 0; type < kernel->nr_types; type++) {
      const struct pf_list_view view = {.order = order, .type = type};
      snprintf(field, sizeof field, "free_area[%u][%u]", order, type);
      if (read_list(state, cJSON_GetArrayItem(types, (int)type), field, order * kernel->nr_types + type, &view) < 0)
        return -1;
    }
  }
  return 0;
}

/* Frames that remember another type than their list's: [pfn, type]. */
static int read_other(struct state *state, const cJSON *pcp, const char *at) {
  const cJSON *list = pf_json_member(pcp, "other"), *pair;
  char field[64];
  uint32_t i = 0;
  snprintf(field, sizeof field, "%s.other", at);
  if (!list)
    return 0;
  if (array(state, list, field, -1) < 0)
    return -1;
  cJSON_ArrayForEach(pair, list) {
    int64_t pfn, type;
    snprintf(field, sizeof field, "%s.other[%u]", at, i++);
    if (array(state, pair, field, 2) < 0)
      return -1;
    if (!pf_json_whole(pair->child, state->start_pfn, (int64_t)state->end_pfn - 1, &pfn) ||
        !pf_json_whole(pair->child->next, 0, state->reader->kernel->nr_types - 1, &type))
      return bad(state, field, pair, "[frame, type] inside the zone");
    if (emit(state, PF_EV_TYPE_REMEMBERED, (uint32_t)type, (uint32_t)pfn, 0, 0) < 0)
      return -1;
  }
  return 0;
}

static int read_cpu(struct state *state, const cJSON *pcp, uint32_t cpu) {
  const struct pf_kernel_info *kernel = state->reader->kernel;
  char at[24], field[64];
  struct {
    const char *key;
    int64_t low, high, value;
  } part[] = {{"cpu", cpu, cpu, 0},
              {"count", 0, INT32_MAX, 0},
              {"high", 0, UINT32_MAX, 0},
              {"batch", 0, UINT32_MAX, 0},
              {"free_factor", 0, 5, 0},
              {"vm_stat_diff", INT32_MIN, INT32_MAX, 0},
              {"stat_threshold", 0, UINT32_MAX, 0}};
  snprintf(at, sizeof at, "pcp[%u]", cpu);
  for (size_t i = 0; i < sizeof part / sizeof part[0]; i++) {
    const cJSON *item = pf_json_member(pcp, part[i].key);
    if (pf_json_whole(item, part[i].low, part[i].high, &part[i].value))
      continue;
    char expected[64];
    snprintf(field, sizeof field, "%s.%s", at, part[i].key);
    snprintf(expected, sizeof expected, "a number from %lld to %lld", (long long)part[i].low, (long long)part[i].high);
    return bad(state, field, item, expected);
  }
  if (emit(state, PF_EV_PCP_LIMITS_SET, cpu, (uint32_t)part[2].value, (uint32_t)part[3].value,
           (uint32_t)part[6].value) < 0 ||
      emit(state, PF_EV_PCP_COUNT_SET, 0, cpu, (uint32_t)part[1].value, 0) < 0 ||
      emit(state, PF_EV_FREE_FACTOR_SET, (uint32_t)part[4].value, cpu, 0, 0) < 0 ||
      emit(state, PF_EV_VM_STAT_DIFF_SET, 0, cpu, (uint32_t)(int32_t)part[5].value, 0) < 0)
    return -1;
  const cJSON *lists = pf_json_member(pcp, "lists");
  snprintf(field, sizeof field, "%s.lists", at);
  if (array(state, lists, field, (int)kernel->nr_pcp_lists) < 0)
    return -1;
  for (uint32_t index = 0; index < kernel->nr_pcp_lists; index++) {
    struct pf_list_view view;
    uint32_t list = kernel->nr_orders * kernel->nr_types + cpu * kernel->nr_pcp_lists + index;
    pf_kernel_list(kernel, list, &view);
    snprintf(field, sizeof field, "%s.lists[%u]", at, index);
    if (read_list(state, cJSON_GetArrayItem(lists, (int)index), field, list, &view) < 0)
      return -1;
  }
  return read_other(state, pcp, at);
}

static int read_cpus(struct state *state, const cJSON *zone) {
  const cJSON *cpus = pf_json_member(zone, "pcp"), *pcp;
  uint32_t cpu = 0;
  if (!cpus)
    return 0;
  if (array(state, cpus, "pcp", (int)state->reader->run->machine.nr_cpus) < 0)
    return -1;
  cJSON_ArrayForEach(pcp, cpus) {
    if (read_cpu(state, pcp, cpu++) < 0)
      return -1;
  }
  return 0;
}

/* ---------------------------------------------------------------- zones */

/* Watermarks, and what else the zone has where the kernel has set it already. */
static int read_marks(struct state *state, const cJSON *zone) {
  int64_t min, low, high, boost, atomic;
  const cJSON *reserve = pf_json_member(zone, "lowmem_reserve"), *item;
  if (optional_number(state, zone, "min", UINT32_MAX, &min) < 0 ||
      optional_number(state, zone, "low", UINT32_MAX, &low) < 0 ||
      optional_number(state, zone, "high", UINT32_MAX, &high) < 0 ||
      optional_number(state, zone, "boost", UINT32_MAX, &boost) < 0 ||
      optional_number(state, zone, "nr_reserved_highatomic", UINT32_MAX, &atomic) < 0)
    return -1;
  if (emit(state, PF_EV_ZONE_MARKS_SET, 0, (uint32_t)min, (uint32_t)low, (uint32_t)high) < 0 ||
      emit(state, PF_EV_BOOST_SET, (uint32_t)cJSON_IsTrue(pf_json_member(zone, "boosted")), (uint32_t)boost, 0, 0) <
          0 ||
      emit(state, PF_EV_RECLAIM_ACTIVE_SET, (uint32_t)cJSON_IsTrue(pf_json_member(zone, "reclaim_active")), 0, 0, 0) <
          0 ||
      emit(state, PF_EV_HIGHATOMIC_SET, 0, (uint32_t)atomic, 0, 0) < 0)
    return -1;
  if (reserve && array(state, reserve, "lowmem_reserve", PF_MAX_ZONE_TYPES) < 0)
    return -1;
  uint32_t highest = 0;
  cJSON_ArrayForEach(item, reserve) {
    int64_t pages;
    if (!pf_json_whole(item, 0, UINT32_MAX, &pages))
      return bad(state, "lowmem_reserve", reserve, "an array of numbers");
    if (emit(state, PF_EV_RESERVE_SET, highest++, (uint32_t)pages, 0, 0) < 0)
      return -1;
  }
  return 0;
}

/* Which zone of the machine this is. */
static int find_zone(struct state *state, const cJSON *zone) {
  const struct pf_kernel_info *kernel = state->reader->kernel;
  const char *name = cJSON_GetStringValue(pf_json_member(zone, "zone"));
  int64_t node;
  if (!cJSON_IsObject(zone))
    return pf_run_bad(state->reader, state->at, zone, "an object");
  if (number(state, zone, "node", 0, (int64_t)state->reader->run->machine.nr_nodes - 1, &node) < 0)
    return -1;
  uint32_t type = 0;
  while (type < kernel->nr_zone_types && !(name && strcmp(name, kernel->zone_names[type]) == 0))
    type++;
  state->slot = (uint32_t)node * kernel->nr_zone_types + type;
  return type < kernel->nr_zone_types ? 0 : bad(state, "zone", pf_json_member(zone, "zone"), "a zone of the kernel");
}

static int read_zone(struct state *state, const cJSON *zone) {
  int64_t start, spanned, present, managed, free_pages;
  if (find_zone(state, zone) < 0)
    return -1;
  const struct pf_machine *machine = &state->reader->run->machine;
  const struct pf_node_desc *node = &machine->node[state->slot / state->reader->kernel->nr_zone_types];
  if (number(state, zone, "start_pfn", node->start_pfn, (int64_t)node->start_pfn + node->pages - 1, &start) < 0 ||
      number(state, zone, "spanned", 1, node->start_pfn + node->pages - start, &spanned) < 0 ||
      number(state, zone, "present", 0, spanned, &present) < 0 ||
      number(state, zone, "managed", 0, spanned, &managed) < 0 ||
      number(state, zone, "free_pages", INT32_MIN, INT32_MAX, &free_pages) < 0)
    return -1;
  state->start_pfn = (uint32_t)start;
  state->end_pfn = (uint32_t)(start + spanned);
  state->reader->zone[state->slot].start_pfn = state->start_pfn;
  state->reader->zone[state->slot].pages = (uint32_t)spanned;
  if (emit(state, PF_EV_ZONE_SET_UP, 0, (uint32_t)start, (uint32_t)spanned, (uint32_t)(spanned - present)) < 0 ||
      emit(state, PF_EV_MANAGED_SET, 0, (uint32_t)managed, 0, 0) < 0 ||
      emit(state, PF_EV_FREE_PAGES_SET, 0, (uint32_t)(int32_t)free_pages, 0, 0) < 0)
    return -1;
  return read_marks(state, zone) < 0 || read_pageblocks(state, zone) < 0 || read_frames(state, zone) < 0 ||
                 read_free_area(state, zone) < 0 || read_cpus(state, zone) < 0
             ? -1
             : 0;
}

/* ---------------------------------------------------------------- lines */

/* The settings stand in the header. */
static int read_settings(struct state *state) {
  static const struct {
    const char *key;
    uint32_t absent;
  } settings[] = {{"min_free_kbytes", 0},
                  {"watermark_boost_factor", 15000},
                  {"watermark_scale_factor", 10},
                  {"percpu_pagelist_high_fraction", 0}};
  int64_t value[4];
  int status = 0;
  cJSON *header = pf_run_json(state->reader->run, &state->reader->run->header);
  for (size_t i = 0; i < 4 && status == 0; i++) {
    const cJSON *item = pf_json_member(header, settings[i].key);
    value[i] = settings[i].absent;
    if (item && !pf_json_whole(item, 0, UINT32_MAX, &value[i])) {
      state->reader->line = state->reader->run->header.op.line;
      status = pf_run_bad(state->reader, settings[i].key, item, "a number from 0 to %u", UINT32_MAX);
    }
  }
  cJSON_Delete(header);
  if (status < 0 || emit(state, PF_EV_SYSCTLS_SET, 0, (uint32_t)value[0], 0, 0) < 0)
    return -1;
  return emit(state, PF_EV_TUNABLES_SET, 0, (uint32_t)value[1], (uint32_t)value[2], (uint32_t)value[3]);
}

static int for_each_zone(struct state *state, const cJSON *object, int (*read)(struct state *, const cJSON *)) {
  const cJSON *zones = pf_json_member(object, "zones"), *zone;
  uint32_t i = 0;
  if (!cJSON_IsArray(zones))
    return pf_run_bad(state->reader, "zones", zones, "an array");
  cJSON_ArrayForEach(zone, zones) {
    snprintf(state->at, sizeof state->at, "zones[%u]", i++);
    if (read(state, zone) < 0)
      return -1;
  }
  return 0;
}

const char *const pf_chosen_names[PF_NR_CHOSEN] = {"order", "types", "pcp"};

static int read_chosen(struct pf_run_reader *reader, const cJSON *object) {
  const cJSON *chosen = pf_json_member(object, "chosen"), *item;
  uint32_t i = 0;
  if (chosen && !cJSON_IsArray(chosen))
    return pf_run_bad(reader, "chosen", chosen, "an array");
  cJSON_ArrayForEach(item, chosen) {
    const char *name = cJSON_GetStringValue(item);
    uint32_t what = 0;
    char field[32];
    while (what < PF_NR_CHOSEN && !(name && strcmp(name, pf_chosen_names[what]) == 0))
      what++;
    snprintf(field, sizeof field, "chosen[%u]", i++);
    if (what == PF_NR_CHOSEN)
      return pf_run_bad(reader, field, item, "\"order\", \"types\" or \"pcp\"");
    reader->run->chosen |= 1u << what;
  }
  return 0;
}

int pf_run_state(struct pf_run_reader *reader, const cJSON *object, struct pf_run_line *line) {
  struct state state = {.reader = reader, .line = line};
  line->kind = PF_LINE_STATE;
  if (reader->kernel->nr_types == 1)
    return pf_run_bad(reader, "op", pf_json_member(object, "op"), "an operation of %s", reader->kernel->name);
  if (reader->run->nr_lines > 1)
    return pf_run_bad(reader, "op", pf_json_member(object, "op"), "an operation, as a state comes before all others");
  return read_settings(&state) < 0 || read_chosen(reader, object) < 0 ? -1 : for_each_zone(&state, object, read_zone);
}

/* Which frames the page replacement has now: those of before are forgotten. */
static int read_lru(struct state *state, const cJSON *zone) {
  if (!pf_json_member(zone, "lru"))
    return 0;
  if (find_zone(state, zone) < 0)
    return -1;
  uint32_t first = state->reader->zone[state->slot].start_pfn, pages = state->reader->zone[state->slot].pages;
  if (pages == 0)
    return bad(state, "lru", pf_json_member(zone, "lru"), "nothing, as no state line has told of the zone");
  state->start_pfn = first;
  state->end_pfn = first + pages;
  return emit(state, PF_EV_LRU_SET, 0, first, pages, 0) < 0 || runs(state, zone, "lru", 1, 0, take_lru) < 0 ? -1 : 0;
}

int pf_run_check(struct pf_run_reader *reader, const cJSON *object, struct pf_run_line *line) {
  struct state state = {.reader = reader, .line = line};
  line->kind = PF_LINE_CHECK;
  return reader->kernel->nr_types > 1 && pf_json_member(object, "zones") ? for_each_zone(&state, object, read_lru) : 0;
}
