/* A kernel trace's text into the map at its end. */
#include "trace_map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A trace being read, in memory that grows as it asks for more. */
struct reading {
  struct pf_trace *trace;
  uint32_t max_events, max_frames;
};

/* Twice the events or the frames that it asks for, whichever it lacks. */
static enum pf_status grow(struct reading *reading) {
  struct pf_trace_stats stats;
  uint32_t events = reading->max_events, frames = reading->max_frames;
  pf_trace_stats(reading->trace, &stats);
  if (stats.frames > frames)
    frames = stats.frames > PF_MAX_FRAMES / 2 ? PF_MAX_FRAMES : 2 * stats.frames;
  else
    events = events > UINT32_MAX / 2 ? UINT32_MAX : 2 * events;
  uint64_t size = pf_trace_size(events, frames);
  struct pf_trace *trace = size && size <= SIZE_MAX ? malloc((size_t)size) : NULL;
  if (!trace || pf_trace_move(trace, size, reading->trace, events, frames) != PF_OK) {
    free(trace);
    return PF_E_MEMORY;
  }
  free(reading->trace);
  *reading = (struct reading){trace, events, frames};
  return PF_OK;
}

static enum pf_status begin(struct reading *reading) {
  *reading = (struct reading){NULL, 1 << 16, 1 << 16};
  uint64_t size = pf_trace_size(reading->max_events, reading->max_frames);
  reading->trace = malloc((size_t)size);
  return reading->trace ? pf_trace_init(reading->trace, size, reading->max_events, reading->max_frames) : PF_E_MEMORY;
}

static enum pf_status read_start(struct reading *reading, const struct pf_text *text, uint32_t *line) {
  const size_t pieces[] = {text->size, 0}; /* then no more comes */
  enum pf_status status = PF_OK;
  for (size_t i = 0; i < 2 && status == PF_OK; i++) {
    while ((status = pf_trace_start(reading->trace, text->bytes, pieces[i], line)) == PF_E_FULL) {
      if (grow(reading) != PF_OK)
        return PF_E_MEMORY;
    }
  }
  return status;
}

static enum pf_status read_trace(struct reading *reading, const struct pf_text *text) {
  size_t at = 0, used = 0;
  enum pf_status status;
  while ((status = pf_trace_feed(reading->trace, text->bytes + at, text->size - at, &used)) == PF_E_FULL) {
    at += used;
    if (grow(reading) != PF_OK)
      return PF_E_MEMORY;
  }
  while (status == PF_OK && (status = pf_trace_finish(reading->trace)) == PF_E_FULL) {
    if (grow(reading) != PF_OK)
      return PF_E_MEMORY;
    status = PF_OK;
  }
  return status;
}

static enum pf_status fold(const struct pf_trace *trace, struct pf_map *map) {
  struct pf_event events[64];
  struct pf_trace_stats stats;
  uint32_t cursor = 0, count;
  enum pf_status status = PF_OK;
  while (status == PF_OK && (count = pf_trace_beginning(trace, &cursor, events, 64)) > 0)
    status = pf_map_fold(map, events, count, NULL);
  pf_trace_stats(trace, &stats);
  for (uint32_t i = 0; i < stats.events && status == PF_OK; i++) {
    count = pf_trace_entry(trace, i, events, 64);
    status = pf_map_fold(map, events, count, NULL);
  }
  return status;
}

static enum pf_status make_map(const struct pf_trace *trace, struct pf_map **map) {
  struct pf_machine machine;
  enum pf_status status = pf_trace_machine(trace, &machine);
  if (status != PF_OK)
    return status;
  uint64_t size = pf_map_size(&machine, PF_LAYER_FRAMES);
  *map = size && size <= SIZE_MAX ? malloc((size_t)size) : NULL;
  if (!*map)
    return PF_E_MEMORY;
  status = pf_map_init(*map, size, &machine, PF_LAYER_FRAMES);
  return status == PF_OK ? fold(trace, *map) : status;
}

struct pf_map *pf_trace_map(const char *path, const struct pf_text *text, const char *start_path,
                            const struct pf_text *start, struct pf_error *error) {
  struct reading reading;
  struct pf_trace_stats stats = {0};
  struct pf_map *map = NULL;
  uint32_t line = 0;
  int is_start_bad = 0;
  enum pf_status status = begin(&reading);
  if (status == PF_OK && start) {
    status = read_start(&reading, start, &line);
    is_start_bad = status == PF_E_CORRUPT;
  }
  if (status == PF_OK)
    status = read_trace(&reading, text);
  if (status == PF_OK) {
    pf_trace_stats(reading.trace, &stats);
    status = make_map(reading.trace, &map);
  }
  free(reading.trace);
  if (status == PF_OK && stats.bad_line)
    fprintf(stderr, "%s:%u: passed over: a page event that cannot be read\n", path, stats.bad_line);
  if (status == PF_OK)
    return map;
  free(map);
  if (is_start_bad)
    pf_fail(error, "%s:%u: expected \"first_pfn count flags\", pfn and flags in hex, in rising order", start_path,
            line);
  else if (status == PF_E_ARGUMENT)
    pf_fail(error, "%s: neither a run file nor a kernel trace: no line of it is a page event", path);
  else
    pf_fail(error, "%s: cannot be replayed: %s", path, pf_status_text(status));
  return NULL;
}
