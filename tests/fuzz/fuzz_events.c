/*
 * Events and snapshots that nobody vouches for. What is refused changes nothing but the events before it; what is taken
 * in can be folded into, looked at and, where it is a model, worked with, and every call returns.
 */
#include "fuzz.h"
#include "structs.h"

#define MAX_EVENTS 2048u
#define MAX_OPS 64u

/* ---------------------------------------------------------------- all that a reader may ask */

static void read_list(const struct pf_structs *s, uint32_t head) {
  uint32_t at = head, zone, list;
  for (uint32_t steps = 0; at != PF_NULL && steps < 64; steps++) {
    struct pf_frame_view frame;
    pf_frame_view(s, at, &frame);
    struct pf_list_view view;
    if (pf_link_is_head(s, at, &zone, &list)) {
      MUST(pf_zone_list(s, zone, list) == at && pf_list_view(s, list, &view));
      MUST((view.is_pcp ? pf_pcp_list(s, zone, view.cpu, view.index) : pf_free_list(s, zone, view.order, view.type)) ==
           at);
    }
    at = pf_link_next(s, at);
  }
}

static void read_pcp(const struct pf_structs *s, uint32_t zone) {
  struct pf_pcp_view view;
  for (uint32_t cpu = 0; cpu <= pf_structs_cpus(s); cpu++)
    for (uint32_t index = 0; index <= 14; index++) {
      pf_pcp_view(s, zone, cpu, index, &view);
      read_list(s, pf_pcp_list(s, zone, cpu, index));
    }
}

static void read_lists(const struct pf_structs *s) {
  for (uint32_t zone = 0; zone <= pf_structs_zones(s); zone++) {
    struct pf_zone_view view;
    pf_zone_view(s, zone, &view);
    read_pcp(s, zone);
    for (uint32_t order = 0; order <= PF_MAX_ORDERS; order++) {
      for (uint32_t type = 0; type <= PF_MAX_TYPES; type++)
        read_list(s, pf_free_list(s, zone, order, type));
      for (uint32_t index = 0; index < 8; index++)
        MUST(pf_pair_bit(s, zone, order, index) <= 1);
      pf_pair_bit(s, zone, order, pf_structs_frames(s) >> (order + 1));
    }
  }
}

static void read_boot(const struct pf_structs *s) {
  struct pf_boot_view view;
  uint32_t pfn;
  int32_t count;
  for (uint32_t node = 0; node <= pf_structs_nodes(s); node++)
    if (pf_boot_view(s, node, &view))
      for (uint32_t at = view.start_pfn; at <= view.end_pfn; at++)
        MUST(pf_boot_bit(s, node, at) <= 1);
  for (uint32_t index = 0; pf_outside_count(s, index, &pfn, &count); index++)
    MUST(index < PF_MAX_OUTSIDE);
}

/* Runs of equal states cover all frames once, and agree with what each frame, the paint and the counts say. */
static void read_frames(const struct pf_map *map) {
  uint32_t frames = pf_map_frames(map), counts[PF_NR_STATES], sum[PF_NR_STATES] = {0}, n = 0;
  uint8_t *paint = fuzz_memory(frames);
  pf_map_paint(map, 0, frames, paint);
  pf_map_counts(map, counts);
  for (uint32_t pfn = 0; pfn < frames; pfn += n) {
    uint32_t state = pf_map_run(map, pfn, &n);
    struct pf_map_frame frame;
    MUST(state < PF_NR_STATES && n > 0 && n <= frames - pfn);
    sum[state] += n;
    MUST(pf_map_frame(map, pfn, &frame) && frame.state == state && frame.head <= pfn);
    MUST((paint[pfn] & 0xf) == state && (paint[pfn + n - 1] & 0xf) == state);
  }
  MUST(memcmp(counts, sum, sizeof sum) == 0);
  free(paint);
}

static void read_troubles(const struct pf_map *map) {
  struct pf_trouble troubles[16];
  uint8_t *scratch = fuzz_memory((uint64_t)pf_map_frames(map) / 4 + 8);
  uint32_t count = pf_map_troubles(map, scratch, troubles, 16);
  for (uint32_t i = 0; i < count && i < 16; i++)
    MUST(pf_trouble_name(troubles[i].kind));
  free(scratch);
}

static void read_everything(const struct pf_map *map) {
  const struct pf_structs *s = pf_map_structs(map);
  struct pf_finding finding;
  uint8_t *scratch = fuzz_memory(s ? ((uint64_t)pf_structs_frames(s) + 7) / 8 : 0);
  uint32_t kind = pf_check_map(map, scratch, &finding);
  MUST(kind == finding.kind && pf_finding_text(kind));
  free(scratch);
  pf_map_digest(map);
  read_troubles(map);
  read_frames(map);
  if (!s)
    return;
  read_lists(s);
  read_boot(s);
}

/* ---------------------------------------------------------------- bytes from outside */

/* A record, its first byte mostly a kind that there is. */
static struct pf_event take_event(struct fuzz_input *in) {
  struct pf_event event = {.kind = (uint8_t)(fuzz_byte(in) % (PF_NR_EVENTS + 1)), .s = (uint8_t)fuzz_byte(in)};
  uint32_t wide = fuzz_byte(in), *const field[] = {&event.a, &event.b, &event.c};
  event.t = (uint16_t)fuzz_number(in, wide & 8 ? 2 : 1);
  for (uint32_t i = 0; i < 3; i++)
    *field[i] = (uint32_t)fuzz_number(in, wide >> i & 1 ? 4 : 2);
  return event;
}

/* Folding one by one and together is the same, and stops at the same event. */
static void fold_events(struct pf_map *map, struct fuzz_input *in) {
  struct pf_event *events = fuzz_memory(MAX_EVENTS * sizeof *events);
  uint64_t size = pf_map_bytes(map);
  struct pf_map *one_by_one = fuzz_memory(size);
  uint32_t count = 0, folded = 0, n = 0, taken = 1;
  memcpy(one_by_one, map, (size_t)size);
  while (in->left && count < MAX_EVENTS)
    events[count++] = take_event(in);
  enum pf_status status = pf_map_fold(map, events, count, &folded);
  MUST(status == (folded == count ? PF_OK : PF_E_EVENT));
  while (n < count && pf_map_fold(one_by_one, &events[n], 1, &taken) == PF_OK)
    n++;
  MUST(n == folded && memcmp(map, one_by_one, (size_t)size) == 0);
  free(one_by_one);
  free(events);
}

/* Overwrites single bytes and words: damage that a magic number does not stop. */
static void damage(uint8_t *bytes, uint64_t size, struct fuzz_input *in) {
  for (uint32_t count = fuzz_byte(in) % 32; count > 0; count--) {
    uint64_t at = fuzz_number(in, 3) % size;
    uint32_t width = 1u << fuzz_byte(in) % 3;
    for (uint64_t value = fuzz_number(in, width); width > 0 && at < size; width--, at++, value >>= 8)
      bytes[at] = (uint8_t)value;
  }
}

/* A model after some operations, and the map of its events. */
struct state {
  struct pf_machine machine;
  struct pf_engine *engine;
  struct pf_map *map;
  uint64_t engine_size, map_size;
};

static void fold_sink(struct pf_sink *sink) {
  MUST(pf_map_fold(sink->context, sink->events, sink->count, NULL) == PF_OK);
  sink->count = 0;
}

static enum pf_status call(struct state *state, const struct pf_op *op) {
  struct pf_event events[64];
  struct pf_sink sink = {events, 64, 0, 0, fold_sink, state->map};
  enum pf_status status = pf_engine_apply(state->engine, op, &sink, NULL);
  fold_sink(&sink);
  return status;
}

static void bring_up(struct state *state, uint32_t node, uint32_t how) {
  uint64_t start = state->machine.node[node].start_pfn, pages = state->machine.node[node].pages, half = pages / 2;
  const struct pf_op ops[] = {
      {.kind = PF_OP_INIT_BOOTMEM, .arg = {node, start, start, start + pages}},
      {.kind = PF_OP_FREE_BOOTMEM, .arg = {node, start << PF_PAGE_SHIFT, pages << PF_PAGE_SHIFT}},
      {.kind = PF_OP_ALLOC_BOOTMEM, .arg = {node, 5000, 32, 0}},
      {.kind = PF_OP_FREE_AREA_INIT, .arg = {node, start, half, pages - half, 0}},
      {.kind = PF_OP_FREE_ALL_BOOTMEM, .arg = {node}},
      {.kind = PF_OP_ALLOC_PAGES, .arg = {0x1f0, 1, UINT64_MAX}},
  };
  for (uint32_t i = 0; i < sizeof ops / sizeof ops[0] && i < how; i++)
    call(state, &ops[i]);
}

static void open_state(struct state *state, struct fuzz_input *in) {
  uint32_t how = fuzz_byte(in);
  state->machine = fuzz_machine(in);
  state->engine_size = pf_engine_size(&state->machine);
  uint32_t layers = how & 0x80 ? PF_LAYER_FRAMES : PF_LAYER_FRAMES | PF_LAYER_STRUCTURES;
  state->map_size = pf_map_size(&state->machine, layers);
  state->engine = fuzz_memory(state->engine_size);
  state->map = fuzz_memory(state->map_size);
  MUST(pf_engine_init(state->engine, state->engine_size, &state->machine) == PF_OK);
  MUST(pf_map_init(state->map, state->map_size, &state->machine, layers) == PF_OK);
  for (uint32_t node = 0; node < state->machine.nr_nodes; node++)
    bring_up(state, node, how & 7);
}

/* A model with any past works on from there: muted the same, and its events fold into the map of where it began. */
static void work_with(struct state *loaded, struct fuzz_input *in) {
  struct pf_engine *muted = fuzz_memory(loaded->engine_size);
  memcpy(muted, loaded->engine, (size_t)loaded->engine_size);
  for (uint32_t n = 0; in->left && n < MAX_OPS; n++) {
    struct pf_op op = fuzz_op(in, &loaded->machine);
    MUST(call(loaded, &op) == pf_engine_apply(muted, &op, NULL, NULL));
    MUST(memcmp(loaded->engine, muted, (size_t)loaded->engine_size) == 0);
    const struct pf_structs *model = pf_engine_structs(loaded->engine);
    MUST(memcmp(model, pf_map_structs(loaded->map), model->bytes) == 0);
  }
  free(muted);
}

static void load_map(const struct state *state, struct fuzz_input *in) {
  struct pf_map *map = fuzz_memory(state->map_size);
  damage((uint8_t *)state->map, state->map_size, in);
  if (pf_map_load(map, state->map_size, state->map, state->map_size) == PF_OK) {
    read_everything(map);
    fold_events(map, in);
    read_everything(map);
  }
  free(map);
}

static void load_engine(const struct state *state, struct fuzz_input *in) {
  const uint32_t layers = PF_LAYER_FRAMES | PF_LAYER_STRUCTURES;
  struct state loaded = {.machine = state->machine, .engine_size = state->engine_size};
  loaded.engine = fuzz_memory(loaded.engine_size);
  damage((uint8_t *)state->engine, state->engine_size, in);
  if (pf_engine_load(loaded.engine, loaded.engine_size, state->engine, state->engine_size) == PF_OK) {
    loaded.machine = *pf_engine_machine(loaded.engine);
    loaded.map_size = pf_map_size(&loaded.machine, layers);
    loaded.map = fuzz_memory(loaded.map_size);
    MUST(pf_map_init(loaded.map, loaded.map_size, &loaded.machine, layers) == PF_OK);
    MUST(pf_map_of_engine(loaded.map, loaded.engine) == PF_OK);
    read_everything(loaded.map);
    work_with(&loaded, in);
    read_everything(loaded.map);
  }
  free(loaded.engine);
  free(loaded.map);
}

/* The input itself as a snapshot. */
static void load_raw(const struct fuzz_input *in) {
  uint8_t *bytes = fuzz_memory(in->left);
  uint64_t room = (uint64_t)1 << 16;
  void *to = fuzz_memory(room);
  memcpy(bytes, in->at, in->left);
  pf_engine_load(to, room, bytes, in->left);
  if (pf_map_load(to, room, bytes, in->left) == PF_OK)
    read_everything(to);
  free(to);
  free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct fuzz_input in = {bytes, size};
  struct state state;
  uint32_t what = fuzz_byte(&in);
  if (what % 4 == 3) {
    load_raw(&in);
    return 0;
  }
  open_state(&state, &in);
  if (what % 4 == 0) {
    fold_events(state.map, &in);
    read_everything(state.map);
  } else {
    (what % 4 == 1 ? load_map : load_engine)(&state, &in);
  }
  free(state.engine);
  free(state.map);
  return 0;
}
