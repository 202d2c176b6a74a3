/* A run being carried out. */
#include "player.h"

#include <stdlib.h>

#define SINK_EVENTS 4096

static void drain(struct pf_sink *sink) {
  struct pf_player *player = sink->context;
  if (player->folded == PF_OK)
    player->folded = pf_map_fold(player->map, sink->events, sink->count, NULL);
  if (player->show)
    player->show(player, sink->events, sink->count);
  sink->count = 0;
}

/* Memory of the size the engine asked for; NULL also where that is more than there can be. */
static void *region(uint64_t size) { return size && size <= SIZE_MAX ? malloc((size_t)size) : NULL; }

int pf_player_open(struct pf_player *player, const struct pf_run *run, struct pf_error *error) {
  const struct pf_machine *machine = &run->machine;
  const uint32_t layers = PF_LAYER_FRAMES | PF_LAYER_STRUCTURES;
  uint64_t engine_size = pf_engine_size(machine), map_size = pf_map_size(machine, layers);
  *player = (struct pf_player){.run = run, .engine = region(engine_size), .map = region(map_size)};
  player->sink = (struct pf_sink){.events = malloc(SINK_EVENTS * sizeof(struct pf_event)),
                                  .capacity = SINK_EVENTS,
                                  .drain = drain,
                                  .context = player};
  enum pf_status status = PF_E_MEMORY;
  if (player->engine && player->map && player->sink.events)
    status = pf_engine_init(player->engine, engine_size, machine);
  if (status == PF_OK)
    status = pf_map_init(player->map, map_size, machine, layers);
  if (status == PF_OK)
    return 0;
  pf_player_close(player);
  return pf_fail(error, "%s: the machine cannot be set up: %s", run->path,
                 status == PF_E_MEMORY ? "not enough memory" : pf_status_text(status));
}

int pf_player_tell(struct pf_player *player, const struct pf_run_line *line, struct pf_error *error) {
  uint32_t count = (uint32_t)line->nr_events;
  enum pf_status status = pf_engine_fold(player->engine, line->events, count, NULL);
  if (status == PF_OK)
    status = pf_map_fold(player->map, line->events, count, NULL);
  if (status == PF_OK && count && player->show)
    player->show(player, line->events, count);
  return status == PF_OK ? 0
                         : pf_fail(error, "%s:%u: expected a state that the machine can have: %s", player->run->path,
                                   line->op.line, pf_status_text(status));
}

int pf_player_apply(struct pf_player *player, const struct pf_run_line *line, struct pf_result *result,
                    struct pf_error *error) {
  const struct pf_run *run = player->run;
  const char *name = pf_op_name(line->op.kind);
  enum pf_status status = pf_engine_apply(player->engine, &line->op, &player->sink, result);
  if (player->sink.count)
    drain(&player->sink);
  if (status == PF_E_UNSUPPORTED)
    return pf_fail(error, "%s:%u: field \"op\": expected an operation of %s, found \"%s\"", run->path, line->op.line,
                   pf_kernel_info(run->machine.kernel)->name, name);
  if (status == PF_E_ARGUMENT)
    return pf_fail(error, "%s:%u: expected arguments that %s takes, found one out of its range", run->path,
                   line->op.line, name);
  if (status == PF_E_FULL)
    return pf_fail(error, "%s:%u: expected few frames past the end of memory that keep a count, found more than 1024",
                   run->path, line->op.line);
  if (status != PF_OK)
    return pf_fail(error, "%s:%u: %s: %s", run->path, line->op.line, name, pf_status_text(status));
  if (player->folded != PF_OK)
    return pf_fail(error, "%s:%u: %s: the map refuses its events: %s", run->path, line->op.line, name,
                   pf_status_text(player->folded));
  return 0;
}

int pf_player_stops(const struct pf_player *player, const struct pf_result *result) {
  return player->run->stop_on_bug && result->outcome == PF_OUTCOME_BUG;
}

int pf_player_run(struct pf_player *player, struct pf_error *error) {
  const struct pf_run *run = player->run;
  for (size_t i = 0; i < run->nr_lines; i++) {
    struct pf_result result;
    if (pf_player_tell(player, &run->lines[i], error) < 0)
      return -1;
    if (run->lines[i].kind != PF_LINE_OP)
      continue;
    if (pf_player_apply(player, &run->lines[i], &result, error) < 0)
      return -1;
    if (pf_player_stops(player, &result))
      break;
  }
  return 0;
}

void pf_player_close(struct pf_player *player) {
  free(player->engine);
  free(player->map);
  free(player->sink.events);
  *player = (struct pf_player){0};
}
