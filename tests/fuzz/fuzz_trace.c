/*
 * Any text as a trace and its starting state. However it is cut into pieces, and however often the importer moves to a
 * larger region, it says the same; and what it says folds.
 */
#include "fuzz.h"

#define MAX_FRAMES (1u << 17)

struct import {
  struct pf_trace *trace;
  uint64_t size;
  uint32_t max_events, max_frames;
  uint32_t started; /* the starting state was taken */
};

static void open_import(struct import *import, uint32_t max_events, uint32_t max_frames) {
  *import = (struct import){.max_events = max_events, .max_frames = max_frames};
  import->size = pf_trace_size(max_events, max_frames);
  import->trace = fuzz_memory(import->size);
  MUST(pf_trace_init(import->trace, import->size, max_events, max_frames) == PF_OK);
}

/* As much room as the importer says it needs. False: more than this test gives. */
static bool grow(struct import *import) {
  struct pf_trace_stats stats;
  pf_trace_stats(import->trace, &stats);
  uint32_t events = stats.events < import->max_events ? import->max_events : stats.events + 1;
  uint32_t frames = stats.frames < import->max_frames ? import->max_frames : stats.frames;
  MUST(events > import->max_events || frames > import->max_frames);
  if (frames > MAX_FRAMES)
    return false;
  uint64_t size = pf_trace_size(events, frames);
  struct pf_trace *to = fuzz_memory(size);
  MUST(pf_trace_move(to, size, import->trace, events, frames) == PF_OK);
  free(import->trace);
  *import = (struct import){to, size, events, frames, import->started};
  return true;
}

/* PF_E_FULL: the text shows more frames than this test has memory for. */
static enum pf_status give_start(struct import *import, const char *text, size_t bytes) {
  enum pf_status status;
  uint32_t line = 0;
  while ((status = pf_trace_start(import->trace, text, bytes, &line)) == PF_E_FULL && grow(import)) {
  }
  MUST(status == PF_OK || status == PF_E_FULL || (status == PF_E_CORRUPT && line > 0));
  return status;
}

static enum pf_status give_piece(struct import *import, const char *text, size_t bytes) {
  size_t used = 0;
  enum pf_status status = PF_OK;
  for (size_t at = 0; at < bytes; at += used) {
    status = pf_trace_feed(import->trace, text + at, bytes - at, &used);
    MUST(used <= bytes - at && (used == bytes - at) == (status == PF_OK));
    if (status != PF_OK && !grow(import))
      break;
  }
  return status;
}

/* Feeds all; `piece` 0: in one piece, else in pieces of 1 .. piece bytes. */
static enum pf_status import_all(struct import *import, const char *start, size_t start_bytes, const char *text,
                                 size_t bytes, uint32_t piece) {
  uint32_t random = piece;
  enum pf_status status = PF_OK;
  for (size_t at = 0, n; at < start_bytes && status == PF_OK; at += n) {
    random = random * 1103515245u + 12345u;
    n = piece ? 1 + (random >> 16) % piece : start_bytes;
    n = n < start_bytes - at ? n : start_bytes - at;
    status = give_start(import, start + at, n);
  }
  if (status == PF_OK && start_bytes)
    status = give_start(import, "", 0);
  for (size_t at = 0, n; at < bytes && status == PF_OK; at += n) {
    random = random * 1103515245u + 12345u;
    n = piece ? 1 + (random >> 16) % piece : bytes;
    n = n < bytes - at ? n : bytes - at;
    status = give_piece(import, text + at, n);
  }
  while (status == PF_OK && (status = pf_trace_finish(import->trace)) == PF_E_FULL && grow(import))
    status = PF_OK;
  return status;
}

static void fold_all(const struct pf_trace *trace) {
  struct pf_machine machine;
  struct pf_trace_stats stats;
  struct pf_event events[PF_TRACE_ENTRY_MAX];
  uint32_t cursor = 0, covered = 0;
  pf_trace_stats(trace, &stats);
  if (pf_trace_machine(trace, &machine) != PF_OK)
    return;
  uint64_t size = pf_map_size(&machine, PF_LAYER_FRAMES);
  struct pf_map *map = fuzz_memory(size);
  MUST(pf_map_init(map, size, &machine, PF_LAYER_FRAMES) == PF_OK);
  for (uint32_t n; (n = pf_trace_beginning(trace, &cursor, events, 3)) > 0;) {
    MUST(pf_map_fold(map, events, n, NULL) == PF_OK);
    for (uint32_t i = 0; i < n; i++)
      covered += events[i].b;
  }
  MUST(covered == stats.frames);
  for (uint32_t i = 0; i < stats.events; i++) {
    uint32_t n = pf_trace_entry(trace, i, events, PF_TRACE_ENTRY_MAX);
    MUST(n >= 2 && pf_map_fold(map, events, n, NULL) == PF_OK);
  }
  MUST(pf_trace_entry(trace, stats.events, events, PF_TRACE_ENTRY_MAX) == 0);
  free(map);
}

static void compare(const struct pf_trace *a, const struct pf_trace *b) {
  struct pf_trace_stats of_a, of_b;
  struct pf_event from_a[PF_TRACE_ENTRY_MAX], from_b[PF_TRACE_ENTRY_MAX];
  uint32_t at_a = 0, at_b = 0, n;
  pf_trace_stats(a, &of_a);
  pf_trace_stats(b, &of_b);
  MUST(memcmp(&of_a, &of_b, sizeof of_a) == 0);
  do {
    n = pf_trace_beginning(a, &at_a, from_a, 1);
    MUST(pf_trace_beginning(b, &at_b, from_b, 1) == n && memcmp(from_a, from_b, n * sizeof from_a[0]) == 0);
  } while (n);
  for (uint32_t i = 0; i < of_a.events; i++) {
    n = pf_trace_entry(a, i, from_a, PF_TRACE_ENTRY_MAX);
    MUST(pf_trace_entry(b, i, from_b, PF_TRACE_ENTRY_MAX) == n && memcmp(from_a, from_b, n * sizeof from_a[0]) == 0);
  }
}

/* Two bytes: how many of the bytes are the starting state; one: the largest piece. Then the text. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct fuzz_input in = {bytes, size};
  size_t start_bytes = (size_t)fuzz_number(&in, 2);
  uint32_t piece = 1 + fuzz_byte(&in);
  if (start_bytes > in.left)
    start_bytes = 0;
  const char *start = (const char *)in.at, *text = start + start_bytes;
  struct import whole, pieces;
  open_import(&whole, 256, 1024);
  open_import(&pieces, 0, 0);
  enum pf_status one = import_all(&whole, start, start_bytes, text, in.left - start_bytes, 0);
  enum pf_status many = import_all(&pieces, start, start_bytes, text, in.left - start_bytes, piece);
  MUST(one == many || one == PF_E_FULL || many == PF_E_FULL);
  if (one == PF_OK && many == PF_OK) {
    fold_all(whole.trace);
    compare(whole.trace, pieces.trace);
  }
  free(whole.trace);
  free(pieces.trace);
  return 0;
}
