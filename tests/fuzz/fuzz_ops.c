/*
 * Any machine, any operations. After each: the events fold into the model's own structures, byte for byte; a model that
 * nobody watches does the same; and a refused operation changed nothing.
 */
#include "fuzz.h"
#include "structs.h"

#define MAX_OPS 1024u

struct run {
  struct pf_machine machine;
  struct pf_engine *watched, *muted;
  struct pf_map *map;
  uint64_t engine_size, map_size;
  struct pf_event events[64];
  struct pf_sink sink;
};

static void fold(struct pf_sink *sink) {
  struct run *run = sink->context;
  MUST(pf_map_fold(run->map, sink->events, sink->count, NULL) == PF_OK);
  sink->count = 0;
}

static void open_run(struct run *run, struct fuzz_input *in) {
  const uint32_t layers = PF_LAYER_FRAMES | PF_LAYER_STRUCTURES;
  run->machine = fuzz_machine(in);
  run->engine_size = pf_engine_size(&run->machine);
  run->map_size = pf_map_size(&run->machine, layers);
  MUST(run->engine_size && run->map_size);
  run->watched = fuzz_memory(run->engine_size);
  run->muted = fuzz_memory(run->engine_size);
  run->map = fuzz_memory(run->map_size);
  MUST(pf_engine_init(run->watched, run->engine_size, &run->machine) == PF_OK);
  MUST(pf_engine_init(run->muted, run->engine_size, &run->machine) == PF_OK);
  MUST(pf_map_init(run->map, run->map_size, &run->machine, layers) == PF_OK);
  run->sink = (struct pf_sink){run->events, 1 + fuzz_byte(in) % 64, 0, 0, fold, run};
}

static void close_run(struct run *run) {
  free(run->watched);
  free(run->muted);
  free(run->map);
}

static bool same_engines(const struct run *run) {
  return memcmp(run->watched, run->muted, (size_t)run->engine_size) == 0;
}

static bool fold_law_holds(const struct run *run) {
  const struct pf_structs *model = pf_engine_structs(run->watched);
  return memcmp(model, pf_map_structs(run->map), model->bytes) == 0;
}

static void apply(struct run *run, const struct pf_op *op) {
  struct pf_result watched = {0}, muted = {0};
  enum pf_status status = pf_engine_apply(run->watched, op, &run->sink, &watched);
  fold(&run->sink);
  MUST(status == PF_OK || same_engines(run));
  MUST(pf_engine_apply(run->muted, op, NULL, &muted) == status);
  MUST(watched.outcome == muted.outcome && watched.bug == muted.bug);
  MUST(watched.result == muted.result && watched.value == muted.value);
  MUST(same_engines(run));
  MUST(fold_law_holds(run));
}

/* The operation on `count` frames one after the other: it takes many to fill a table. */
static void apply_repeatedly(struct run *run, struct pf_op op, uint32_t count) {
  for (; count > 1; count--, op.arg[0]++) {
    MUST(pf_engine_apply(run->watched, &op, &run->sink, NULL) == pf_engine_apply(run->muted, &op, NULL, NULL));
    fold(&run->sink);
  }
  apply(run, &op);
}

/* Every state that operations lead to is one that can be saved and loaded, and looked at. */
static void save_and_load(struct run *run) {
  struct pf_finding finding;
  uint8_t *scratch = fuzz_memory(((uint64_t)pf_structs_frames(pf_map_structs(run->map)) + 7) / 8);
  pf_check_map(run->map, scratch, &finding);
  free(scratch);
  memset(run->muted, 0, (size_t)run->engine_size);
  MUST(pf_engine_load(run->muted, run->engine_size, run->watched, run->engine_size) == PF_OK);
  MUST(same_engines(run));
  struct pf_map *map = fuzz_memory(run->map_size);
  MUST(pf_map_load(map, run->map_size, run->map, run->map_size) == PF_OK);
  MUST(pf_map_digest(map) == pf_map_digest(run->map));
  MUST(pf_map_of_engine(map, run->watched) == PF_OK);
  MUST(memcmp(pf_map_structs(map), pf_map_structs(run->map), pf_map_structs(map)->bytes) == 0);
  free(map);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct fuzz_input in = {bytes, size};
  struct run run;
  open_run(&run, &in);
  for (uint32_t n = 0, count; in.left && n < MAX_OPS; n += count) {
    uint32_t repeat = fuzz_byte(&in);
    struct pf_op op = fuzz_op(&in, &run.machine);
    count = op.kind != PF_OP_GET_PAGE || repeat < 0xf0 ? 1 : 16 * (repeat - 0xef);
    apply_repeatedly(&run, op, count);
  }
  save_and_load(&run);
  close_run(&run);
  return 0;
}
