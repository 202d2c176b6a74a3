/*
 * binding.c - the engine as a bare WebAssembly module, and the only file that knows Emscripten.
 *
 * One instance of the module is one source: at most one machine, one map, one timeline. A new source is a new instance,
 * so nothing here is ever torn down. The caller writes pf_machine, pf_op and text into the module's memory and reads
 * events, views and numbers there; every view must be made anew after a call that may have grown the memory.
 * Calls that can fail return enum pf_status; numbers come back in the words at pf_w_words().
 */
#include <stdlib.h>

#include "pageframe.h"

/* A function that the module exports as pf_w_NAME. */
#define EXPORT(type, name, ...)                                                                                        \
  __attribute__((export_name("pf_w_" #name))) type w_##name(__VA_ARGS__);                                              \
  type w_##name(__VA_ARGS__)

enum { NR_WORDS = 64, BATCH = 4096 };

static struct pf_machine machine;
static struct pf_op operation;
static uint32_t words[NR_WORDS];

static struct pf_engine *engine;
static struct pf_map *map;
static struct pf_map *followed; /* of a room: where its events lead, wherever the viewer stands */
static struct pf_timeline *timeline;
static struct pf_trace *trace;
static uint64_t engine_size, map_size;
static uint64_t log_bytes, snapshot_bytes;
static uint32_t trace_events, trace_frames;

/* Events of a seek: read in place, never copied. */
static struct pf_event *window;
static uint32_t window_capacity;

static void *take(uint64_t bytes) { return bytes <= SIZE_MAX ? malloc((size_t)bytes) : NULL; }

EXPORT(void *, alloc, uint32_t bytes) { return malloc(bytes); }
EXPORT(void, free, void *bytes) { free(bytes); }
EXPORT(struct pf_machine *, machine, void) { return &machine; }
EXPORT(struct pf_op *, op, void) { return &operation; }
EXPORT(uint32_t *, words, void) { return words; }

/* ---------------------------------------------------------------- a machine, its map, its timeline */

/* Engine and map of the machine described at pf_w_machine(): an engine only where it names a kernel. `layers` as
 * PF_LAYER_*. */
EXPORT(uint32_t, open, uint32_t layers) {
  map_size = pf_map_size(&machine, layers);
  if (map_size == 0)
    return PF_E_MACHINE;
  map = take(map_size);
  if (!map)
    return PF_E_MEMORY;
  return pf_map_init(map, map_size, &machine, layers);
}

EXPORT(uint32_t, open_engine, void) {
  engine_size = pf_engine_size(&machine);
  if (engine_size == 0)
    return PF_E_MACHINE;
  engine = take(engine_size);
  if (!engine)
    return PF_E_MEMORY;
  return pf_engine_init(engine, engine_size, &machine);
}

/* What is wrong with the machine, in words that end with 0; NULL: nothing. */
EXPORT(const char *, machine_wrong, void) {
  const char *what = "";
  return pf_machine_check(&machine, &what) == PF_OK ? NULL : what;
}

/* A map from a snapshot's bytes, which may be anybody's. */
EXPORT(uint32_t, load_map, const void *bytes, uint32_t nr_bytes) { return pf_map_load(map, map_size, bytes, nr_bytes); }

/* The map's bytes as they are: a snapshot. words: how many. */
EXPORT(const void *, map, void) {
  words[0] = (uint32_t)pf_map_bytes(map);
  return map;
}

/* Events that stand before the first entry: into the map, and into the engine, if there is one. */
EXPORT(uint32_t, fold, const struct pf_event *events, uint32_t count) {
  uint32_t status = engine ? pf_engine_fold(engine, events, count, NULL) : PF_OK;
  return status == PF_OK ? pf_map_fold(map, events, count, NULL) : status;
}

/* The place where engine and map are now becomes the timeline's beginning; an earlier timeline is dropped. */
EXPORT(uint32_t, begin, uint32_t log, uint32_t snapshots) {
  free(timeline);
  log_bytes = log;
  snapshot_bytes = snapshots;
  uint64_t size = pf_timeline_size(engine_size, map_size, log_bytes, snapshot_bytes);
  timeline = take(size);
  if (!timeline)
    return PF_E_MEMORY;
  return pf_timeline_init(timeline, size, engine, map, log_bytes, snapshot_bytes);
}

/* From here on what is appended must fit: events from outside fold into a second map first. */
EXPORT(uint32_t, follow, void) {
  followed = take(map_size);
  return followed ? pf_map_load(followed, map_size, map, pf_map_bytes(map)) : PF_E_MEMORY;
}

/* A full log doubles: the timeline moves into a larger region. */
static uint32_t grow_log(void) {
  uint64_t larger = log_bytes * 2;
  uint64_t size = pf_timeline_size(engine_size, map_size, larger, snapshot_bytes);
  struct pf_timeline *to = take(size);
  if (!to)
    return PF_E_MEMORY;
  uint32_t status = pf_timeline_move(to, size, timeline);
  if (status != PF_OK) {
    free(to);
    return status;
  }
  free(timeline);
  timeline = to;
  log_bytes = larger;
  return PF_OK;
}

EXPORT(uint32_t, append_op, void) {
  for (;;) {
    uint32_t status = pf_timeline_append_op(timeline, &operation);
    if (status != PF_E_FULL)
      return status;
    status = grow_log();
    if (status != PF_OK)
      return status;
  }
}

EXPORT(uint32_t, append_events, const struct pf_event *events, uint32_t count) {
  uint32_t fits = followed ? pf_map_fold(followed, events, count, NULL) : PF_OK;
  if (fits != PF_OK)
    return fits;
  for (;;) {
    uint32_t status = pf_timeline_append_events(timeline, events, count);
    if (status != PF_E_FULL)
      return status;
    status = grow_log();
    if (status != PF_OK)
      return status;
  }
}

/* Forgets the entries from `length` on. */
EXPORT(uint32_t, truncate, uint32_t length) { return pf_timeline_truncate(timeline, length); }
EXPORT(uint32_t, length, void) { return pf_timeline_length(timeline); }
EXPORT(uint32_t, outcome, uint32_t entry) { return pf_timeline_outcome(timeline, entry); }

/* Room for that many events; where they will be. NULL where there is no memory for it: then the room stays as it was.
 */
EXPORT(struct pf_event *, window, uint32_t capacity) {
  if (capacity <= window_capacity)
    return window;
  struct pf_event *larger = take((uint64_t)capacity * sizeof *window);
  if (!larger)
    return NULL;
  free(window);
  window = larger;
  window_capacity = capacity;
  return window;
}

/* words: events that the entry has in all, events left at pf_w_window(). */
EXPORT(uint32_t, seek, uint32_t entry, uint32_t inner, uint32_t first) {
  struct pf_sink sink = {.events = window, .capacity = window_capacity};
  uint32_t total = 0;
  uint32_t status = pf_timeline_seek(timeline, engine, map, entry, inner, first, window ? &sink : NULL, &total);
  words[0] = total;
  words[1] = sink.count;
  return status;
}

/* ---------------------------------------------------------------- what a place looks like */

EXPORT(uint32_t, frames, void) { return pf_map_frames(map); }
EXPORT(void, paint, uint32_t first, uint32_t count, uint8_t *paint) { pf_map_paint(map, first, count, paint); }
EXPORT(void, counts, void) { pf_map_counts(map, words); }

/* words: the digest of the map at this place, or of where a room's events lead. */
EXPORT(void, digest, uint32_t of_followed) {
  uint64_t digest = pf_map_digest(of_followed ? followed : map);
  words[0] = (uint32_t)digest;
  words[1] = (uint32_t)(digest >> 32);
}

/* Runs of one state as (pfn, count, state), at most `capacity` of them into `runs`. Returns how many there are. */
EXPORT(uint32_t, runs, uint32_t *runs, uint32_t capacity) {
  uint32_t found = 0;
  for (uint32_t pfn = 0, count; pfn < pf_map_frames(map); pfn += count, found++) {
    uint32_t state = pf_map_run(map, pfn, &count);
    if (found < capacity) {
      runs[3 * found] = pfn;
      runs[3 * found + 1] = count;
      runs[3 * found + 2] = state;
    }
  }
  return found;
}

static const struct pf_structs *structs(void) { return map ? pf_map_structs(map) : NULL; }

EXPORT(uint32_t, zones, void) { return structs() ? pf_structs_zones(structs()) : 0; }
EXPORT(uint32_t, nodes, void) { return structs() ? pf_structs_nodes(structs()) : 0; }
/* words: struct pf_zone_view, struct pf_boot_view. */
EXPORT(int, zone, uint32_t zone) { return pf_zone_view(structs(), zone, (struct pf_zone_view *)(void *)words); }
EXPORT(int, boot, uint32_t node) { return pf_boot_view(structs(), node, (struct pf_boot_view *)(void *)words); }

/* Runs of set bits of a node's boot bitmap as (pfn, count), at most `capacity` of them. Returns how many there are. */
EXPORT(uint32_t, boot_runs, uint32_t node, uint32_t *runs, uint32_t capacity) {
  struct pf_boot_view view;
  if (!pf_boot_view(structs(), node, &view))
    return 0;
  uint32_t found = 0;
  for (uint32_t pfn = view.start_pfn; pfn < view.end_pfn;) {
    uint32_t first = pfn;
    while (pfn < view.end_pfn && pf_boot_bit(structs(), node, pfn) == 1)
      pfn++;
    if (pfn == first) {
      pfn++;
      continue;
    }
    if (found < capacity) {
      runs[2 * found] = first;
      runs[2 * found + 1] = pfn - first;
    }
    found++;
  }
  return found;
}

/* Where a walk along a list ended. */
enum list_end { LIST_WHOLE, LIST_NULL, LIST_LOOP, LIST_OTHER };

EXPORT(uint32_t, cpus, void) { return structs() ? pf_structs_cpus(structs()) : 0; }
/* words: struct pf_pcp_view. */
EXPORT(int, pcp, uint32_t zone, uint32_t cpu, uint32_t cold) {
  return pf_pcp_view(structs(), zone, cpu, cold, (struct pf_pcp_view *)(void *)words);
}
/* words: min_free_kbytes, lower_zone_protection, then those of Linux 6.1: watermark_boost_factor,
 * watermark_scale_factor, percpu_pagelist_high_fraction. */
EXPORT(void, sysctls, void) {
  words[0] = structs() ? pf_min_free_kbytes(structs()) : 0;
  words[1] = structs() ? pf_lower_zone_protection(structs()) : 0;
  words[2] = structs() ? pf_watermark_boost_factor(structs()) : 0;
  words[3] = structs() ? pf_watermark_scale_factor(structs()) : 0;
  words[4] = structs() ? pf_percpu_pagelist_high_fraction(structs()) : 0;
}

/* The blocks of a zone's list, by its number (pf_link_is_head), head first, at most `capacity` of them. words: how many
 * there are, enum list_end. A ring that does not come back to its head within as many steps as there are frames loops.
 */
EXPORT(void, list, uint32_t zone, uint32_t list, uint32_t *pfns, uint32_t capacity) {
  const struct pf_structs *data = structs();
  uint32_t frames = pf_structs_frames(data);
  uint32_t head = pf_zone_list(data, zone, list);
  uint32_t link = pf_link_next(data, head);
  uint32_t length = 0;
  while (link < frames && length < frames) {
    if (length < capacity)
      pfns[length] = link;
    length++;
    link = pf_link_next(data, link);
  }
  words[0] = length;
  words[1] = link == head ? LIST_WHOLE : link < frames ? LIST_LOOP : link >= PF_POISON ? LIST_NULL : LIST_OTHER;
}

/* words: struct pf_map_frame, then struct pf_frame_view. Returns 0: no such frame; 1: only the first; 2: both. */
EXPORT(uint32_t, frame, uint32_t pfn) {
  struct pf_map_frame *of_map = (struct pf_map_frame *)(void *)words;
  struct pf_frame_view *of_structs = (struct pf_frame_view *)(void *)(words + sizeof *of_map / sizeof *words);
  if (!pf_map_frame(map, pfn, of_map))
    return 0;
  return structs() && pf_frame_view(structs(), pfn, of_structs) ? 2 : 1;
}

/* The pageblocks from that of `pfn` on, at most `capacity` of them. Returns how many there are from there on. */
EXPORT(uint32_t, pageblocks, const uint8_t *asked, uint32_t nr_asked, uint32_t pfn, uint32_t capacity,
       struct pf_pageblock_view *views) {
  return pf_map_pageblocks(map, asked, nr_asked, pfn, capacity, views);
}
/* The type of the pageblock that a frame lies in; PF_NO_TYPE: none. */
EXPORT(uint32_t, pageblock_type, uint32_t pfn) { return structs() ? pf_pageblock_type(structs(), pfn) : PF_NO_TYPE; }

/* Pair bits of a zone's order, `count` of them from index `first` on, one byte each into `bits`. Returns how many pairs
 * there are. */
EXPORT(uint32_t, pairs, uint32_t zone, uint32_t order, uint32_t first, uint32_t count, uint8_t *bits) {
  struct pf_zone_view view;
  if (!pf_zone_view(structs(), zone, &view))
    return 0;
  uint32_t pairs = ((view.size - 1) >> (order + 1)) + 1;
  for (uint32_t i = 0; i < count && first + i < pairs; i++)
    bits[i] = pf_pair_bit(structs(), zone, order, first + i) == 1;
  return pairs;
}

static int32_t count_of(uint32_t pfn) {
  struct pf_frame_view view;
  return pf_frame_view(structs(), pfn, &view) ? view.count : 0;
}

/* Runs of frames with one reference count that is neither 0 nor 1, those that begin among frames pfn .. pfn+nr-1, as
 * (pfn, frames, count), at most `capacity` of them into `runs`. Returns how many there are. */
EXPORT(uint32_t, references, uint32_t pfn, uint32_t nr, uint32_t *runs, uint32_t capacity) {
  const uint32_t frames = structs() ? pf_structs_frames(structs()) : 0;
  const uint32_t end = pfn < frames && nr < frames - pfn ? pfn + nr : frames;
  uint32_t found = 0;
  int32_t last = pfn > 0 && pfn < end ? count_of(pfn - 1) : 0;
  for (uint32_t at = pfn; at < end; at++) {
    int32_t count = count_of(at);
    if (count != last && count != 0 && count != 1 && found++ < capacity) {
      uint32_t *run = runs + (size_t)3 * (found - 1);
      run[0] = at;
      run[2] = (uint32_t)count;
      for (run[1] = 1; at + run[1] < frames && count_of(at + run[1]) == count;)
        run[1]++;
    }
    last = count;
  }
  return found;
}

/* The frames past the end of memory that keep a count, as (pfn, count), at most `capacity` of them. Returns how many
 * there are. */
EXPORT(uint32_t, references_outside, uint32_t *runs, uint32_t capacity) {
  uint32_t found = 0, pfn;
  int32_t count;
  for (; structs() && pf_outside_count(structs(), found, &pfn, &count); found++)
    if (found < capacity) {
      runs[2 * found] = pfn;
      runs[2 * found + 1] = (uint32_t)count;
    }
  return found;
}

/* What the kernel did not notice at this place, or where a room's events lead, at most `capacity` of them. Returns how
 * many there are, UINT32_MAX if there is no memory to look for them. */
EXPORT(uint32_t, troubles, struct pf_trouble *troubles, uint32_t capacity, uint32_t of_followed) {
  static uint8_t *scratch;
  if (!structs())
    return 0;
  if (!scratch)
    scratch = take(pf_map_frames(map) / 4 + 8);
  return scratch ? pf_map_troubles(of_followed ? followed : map, scratch, troubles, capacity) : UINT32_MAX;
}

/* ---------------------------------------------------------------- real traces */

EXPORT(uint32_t, trace_open, void) {
  trace_events = 1u << 15;
  trace_frames = 1u << 16;
  uint64_t size = pf_trace_size(trace_events, trace_frames);
  trace = take(size);
  if (!trace)
    return PF_E_MEMORY;
  return pf_trace_init(trace, size, trace_events, trace_frames);
}

/* As much room as the importer asks for, and some to spare. */
static uint32_t grow_trace(void) {
  struct pf_trace_stats stats;
  pf_trace_stats(trace, &stats);
  uint32_t frames = trace_frames;
  while (frames < stats.frames && frames < PF_MAX_FRAMES)
    frames *= 2;
  uint32_t events = frames > trace_frames && stats.events < trace_events ? trace_events : trace_events * 2;
  uint64_t size = pf_trace_size(events, frames);
  struct pf_trace *to = take(size);
  if (!to)
    return PF_E_MEMORY;
  uint32_t status = pf_trace_move(to, size, trace, events, frames);
  if (status != PF_OK) {
    free(to);
    return status;
  }
  free(trace);
  trace = to;
  trace_events = events;
  trace_frames = frames;
  return PF_OK;
}

/* The whole text of a kpageflags file. words: the line that cannot be read. */
EXPORT(uint32_t, trace_start, const char *text, uint32_t bytes) {
  for (;;) {
    words[0] = 0;
    uint32_t status = pf_trace_start(trace, text, bytes, &words[0]);
    if (status != PF_E_FULL)
      return status;
    status = grow_trace();
    if (status != PF_OK)
      return status;
  }
}

/* A piece of the trace's text, of any size. */
EXPORT(uint32_t, trace_feed, const char *text, uint32_t bytes) {
  for (;;) {
    size_t used = 0;
    uint32_t status = pf_trace_feed(trace, text, bytes, &used);
    if (status != PF_E_FULL)
      return status;
    text += used;
    bytes -= (uint32_t)used;
    status = grow_trace();
    if (status != PF_OK)
      return status;
  }
}

/* No more text. words: struct pf_trace_stats. The machine that the trace shows is at pf_w_machine(). */
EXPORT(uint32_t, trace_finish, void) {
  uint32_t status = pf_trace_finish(trace);
  while (status == PF_E_FULL && grow_trace() == PF_OK)
    status = pf_trace_finish(trace);
  pf_trace_stats(trace, (struct pf_trace_stats *)(void *)words);
  return status == PF_OK ? pf_trace_machine(trace, &machine) : status;
}

/* Folds the state before the first event into the map. */
EXPORT(uint32_t, trace_beginning, void) {
  uint32_t cursor = 0;
  if (!w_window(BATCH))
    return PF_E_MEMORY;
  for (;;) {
    uint32_t count = pf_trace_beginning(trace, &cursor, window, BATCH);
    if (count == 0)
      return PF_OK;
    uint32_t status = pf_map_fold(map, window, count, NULL);
    if (status != PF_OK)
      return status;
  }
}

/* Entry `index` of the trace goes to the end of the timeline. Its events are left at pf_w_window(); words: how many. */
EXPORT(uint32_t, trace_entry, uint32_t index) {
  words[0] = pf_trace_entry(trace, index, window, window_capacity);
  return w_append_events(window, words[0]);
}

/* The importer has done its work: its memory is given back. */
EXPORT(void, trace_close, void) {
  free(trace);
  trace = NULL;
}
