/*
 * The timeline: a log of entries, and snapshots of engine and map that make every place of it near.
 *
 * One region: header, snapshot table, chunk references, chunks, and last the log, which therefore can grow. The log
 * fills from its start with packed entries and from its end with their offsets. A snapshot is a list of 64 KiB chunks;
 * a chunk that did not change since the snapshot before is shared. When no chunk is left, every second snapshot goes
 * and the distance between them doubles, so that the cost of a seek grows with the length of the history and never its
 * memory.
 */
#include <string.h>

#include "model.h"

#define CHUNK 65536u
#define MAX_SNAPSHOTS 256u
#define NO_CHUNK UINT32_MAX
#define BATCH_OF_EVENTS 512u

/* Entry: a head word, then an operation (packed) or events. */
#define HEAD_OP 0x80000000u
#define HEAD_OUTCOME_SHIFT 27u
#define HEAD_OUTCOME (0xfu << HEAD_OUTCOME_SHIFT)
#define HEAD_WORDS 0x07ffffffu
#define OUTCOME_UNKNOWN 0xfu

struct snapshot {
  uint32_t entry;
};

struct pf_timeline {
  uint64_t size, engine_bytes, map_bytes;
  uint64_t snapshots_at, references_at, slots_at, chunks_at, log_at; /* from the start, in bytes */
  uint64_t log_bytes;
  uint32_t log_used, length;    /* words of the log; entries */
  uint32_t nr_chunks, nr_slots; /* chunks of a snapshot; chunks that there is room for */
  uint32_t first_free;          /* slot, or NO_CHUNK */
  uint32_t nr_snapshots;
  uint64_t interval, since; /* events between snapshots; events since the last was due */
  uint32_t entry;           /* where engine and map are ... */
  uint32_t settled;         /* ... if 1; 0: somewhere inside an entry, or nowhere */
};

/* --- layout ------------------------------------------------------------------------------------------------ */

static uint64_t align8(uint64_t x) { return (x + 7) & ~(uint64_t)7; }
static uint64_t chunks_in(uint64_t bytes) { return (bytes + CHUNK - 1) / CHUNK; }

static uint64_t lay_out(struct pf_timeline *t, uint64_t engine_bytes, uint64_t map_bytes, uint64_t log_bytes,
                        uint64_t snapshot_bytes) {
  uint64_t nr_chunks = chunks_in(engine_bytes) + chunks_in(map_bytes);
  uint64_t nr_slots = nr_chunks + chunks_in(snapshot_bytes);
  *t = (struct pf_timeline){.engine_bytes = engine_bytes,
                            .map_bytes = map_bytes,
                            .log_bytes = log_bytes & ~(uint64_t)7,
                            .nr_chunks = (uint32_t)nr_chunks,
                            .nr_slots = (uint32_t)nr_slots};
  t->snapshots_at = align8(sizeof *t);
  t->references_at = align8(t->snapshots_at + MAX_SNAPSHOTS * sizeof(struct snapshot));
  t->slots_at = align8(t->references_at + MAX_SNAPSHOTS * nr_chunks * 4);
  t->chunks_at = align8(t->slots_at + nr_slots * 4);
  t->log_at = t->chunks_at + nr_slots * CHUNK;
  t->size = t->log_at + t->log_bytes;
  return t->size;
}

uint64_t pf_timeline_size(uint64_t engine_bytes, uint64_t map_bytes, uint64_t log_bytes, uint64_t snapshot_bytes) {
  struct pf_timeline t;
  return lay_out(&t, engine_bytes, map_bytes, log_bytes, snapshot_bytes);
}

static void *at(struct pf_timeline *t, uint64_t offset) { return (unsigned char *)t + offset; }
static const void *at_const(const struct pf_timeline *t, uint64_t offset) { return (const unsigned char *)t + offset; }

static struct snapshot *snapshots(struct pf_timeline *t) { return at(t, t->snapshots_at); }
static uint32_t *references(struct pf_timeline *t, uint32_t snapshot) {
  return (uint32_t *)at(t, t->references_at) + (uint64_t)snapshot * t->nr_chunks;
}
/* Of a slot in use: how many snapshots share it. Of a free one: the next free slot. */
static uint32_t *slots(struct pf_timeline *t) { return at(t, t->slots_at); }
static unsigned char *chunk(struct pf_timeline *t, uint32_t slot) {
  return at(t, t->chunks_at + (uint64_t)slot * CHUNK);
}
static uint32_t *log_words(struct pf_timeline *t) { return at(t, t->log_at); }
static const uint32_t *log_words_const(const struct pf_timeline *t) { return at_const(t, t->log_at); }
static uint64_t nr_log_words(const struct pf_timeline *t) { return t->log_bytes / 4; }
static uint32_t offset_of(const struct pf_timeline *t, uint32_t entry) {
  return log_words_const(t)[nr_log_words(t) - 1 - entry];
}

/* --- snapshots --------------------------------------------------------------------------------------------- */

/* Part `index` of the two objects, as one row of chunks. */
static unsigned char *part(const struct pf_timeline *t, struct pf_engine *engine, struct pf_map *map, uint32_t index,
                           uint32_t *bytes) {
  uint64_t of_engine = chunks_in(t->engine_bytes);
  uint64_t from = (index < of_engine ? index : index - of_engine) * (uint64_t)CHUNK;
  uint64_t all = index < of_engine ? t->engine_bytes : t->map_bytes;
  *bytes = all - from < CHUNK ? (uint32_t)(all - from) : CHUNK;
  return (index < of_engine ? (unsigned char *)engine : (unsigned char *)map) + from;
}

static void drop_references(struct pf_timeline *t, uint32_t snapshot, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    uint32_t slot = references(t, snapshot)[i];
    if (--slots(t)[slot] == 0) {
      slots(t)[slot] = t->first_free;
      t->first_free = slot;
    }
  }
}

/* Every second snapshot goes; the beginning stays. */
static void thin_out(struct pf_timeline *t) {
  uint32_t kept = 1;
  for (uint32_t i = 1; i < t->nr_snapshots; i++) {
    if (i % 2) {
      drop_references(t, i, t->nr_chunks);
      continue;
    }
    snapshots(t)[kept] = snapshots(t)[i];
    memmove(references(t, kept), references(t, i), (size_t)t->nr_chunks * 4);
    kept++;
  }
  t->nr_snapshots = kept;
  t->interval *= 2;
}

static bool store(struct pf_timeline *t, struct pf_engine *engine, struct pf_map *map, uint32_t snapshot) {
  for (uint32_t i = 0; i < t->nr_chunks; i++) {
    uint32_t bytes, before = snapshot ? references(t, snapshot - 1)[i] : NO_CHUNK;
    const unsigned char *now = part(t, engine, map, i, &bytes);
    if (before != NO_CHUNK && memcmp(chunk(t, before), now, bytes) == 0) {
      slots(t)[before]++;
      references(t, snapshot)[i] = before;
      continue;
    }
    uint32_t slot = t->first_free;
    if (slot == NO_CHUNK) {
      drop_references(t, snapshot, i);
      return false;
    }
    t->first_free = slots(t)[slot];
    slots(t)[slot] = 1;
    memcpy(chunk(t, slot), now, bytes);
    references(t, snapshot)[i] = slot;
  }
  return true;
}

/* Keeps this place, if there is or can be made room. */
static void take_snapshot(struct pf_timeline *t, struct pf_engine *engine, struct pf_map *map) {
  t->since = 0;
  if (t->nr_snapshots == MAX_SNAPSHOTS)
    thin_out(t);
  while (!store(t, engine, map, t->nr_snapshots)) {
    if (t->nr_snapshots == 1)
      return;
    thin_out(t);
  }
  snapshots(t)[t->nr_snapshots++].entry = t->entry;
}

static void restore(struct pf_timeline *t, struct pf_engine *engine, struct pf_map *map, uint32_t snapshot) {
  for (uint32_t i = 0; i < t->nr_chunks; i++) {
    uint32_t bytes;
    unsigned char *to = part(t, engine, map, i, &bytes);
    memcpy(to, chunk(t, references(t, snapshot)[i]), bytes);
  }
  t->entry = snapshots(t)[snapshot].entry;
  t->settled = 1;
}

static uint32_t nearest_snapshot(struct pf_timeline *t, uint32_t entry) {
  uint32_t low = 0, high = t->nr_snapshots;
  while (high - low > 1) {
    uint32_t middle = (low + high) / 2;
    if (snapshots(t)[middle].entry <= entry)
      low = middle;
    else
      high = middle;
  }
  return low;
}

/* --- making, growing, cutting ------------------------------------------------------------------------------- */

enum pf_status pf_timeline_init(struct pf_timeline *t, uint64_t size, const struct pf_engine *engine,
                                const struct pf_map *map, uint64_t log_bytes, uint64_t snapshot_bytes) {
  struct pf_timeline head;
  uint64_t engine_bytes = engine ? pf_engine_bytes(engine) : 0;
  if (size < lay_out(&head, engine_bytes, pf_map_bytes(map), log_bytes, snapshot_bytes) || (uintptr_t)t % 8)
    return PF_E_MEMORY;
  *t = head;
  for (uint32_t i = 0; i < t->nr_slots; i++)
    slots(t)[i] = i + 1 < t->nr_slots ? i + 1 : NO_CHUNK;
  t->settled = 1;
  t->interval = 16384 + (engine_bytes + t->map_bytes) / 64;
  /* The objects are only read here; restoring later writes to those that the caller gives then. */
  take_snapshot(t, (struct pf_engine *)(uintptr_t)engine, (struct pf_map *)(uintptr_t)map);
  return PF_OK;
}

enum pf_status pf_timeline_move(struct pf_timeline *to, uint64_t size, const struct pf_timeline *from) {
  if (size < from->size || (uintptr_t)to % 8)
    return PF_E_MEMORY;
  uint64_t old_bytes = from->log_bytes, new_bytes = (size - from->log_at) & ~(uint64_t)7;
  uint64_t used = from->log_at + (uint64_t)from->log_used * 4, table = (uint64_t)from->length * 4;
  const unsigned char *old_end = (const unsigned char *)from + from->log_at + old_bytes;
  if (to != from)
    memcpy(to, from, (size_t)used);
  memmove((unsigned char *)to + to->log_at + new_bytes - table, old_end - table, (size_t)table);
  to->log_bytes = new_bytes;
  to->size = to->log_at + new_bytes;
  return PF_OK;
}

uint32_t pf_timeline_length(const struct pf_timeline *t) { return t->length; }

enum pf_status pf_timeline_truncate(struct pf_timeline *t, uint32_t length) {
  if (length > t->length)
    return PF_E_ARGUMENT;
  if (length == t->length)
    return PF_OK;
  t->log_used = offset_of(t, length);
  t->length = length;
  while (snapshots(t)[t->nr_snapshots - 1].entry > length)
    drop_references(t, --t->nr_snapshots, t->nr_chunks);
  t->settled &= t->entry <= length;
  return PF_OK;
}

/* --- entries ---------------------------------------------------------------------------------------------- */

/* Room for an entry of `words` after its head word; NULL if the log is full. */
static uint32_t *add_entry(struct pf_timeline *t, uint32_t kind, uint32_t words) {
  uint64_t room = nr_log_words(t) - t->length - t->log_used;
  if (room < (uint64_t)words + 2)
    return NULL;
  uint32_t *head = log_words(t) + t->log_used;
  head[0] = kind | OUTCOME_UNKNOWN << HEAD_OUTCOME_SHIFT | (words + 1);
  log_words(t)[nr_log_words(t) - 1 - t->length] = t->log_used;
  t->log_used += words + 1;
  t->length++;
  return head + 1;
}

/* Packed: kind, task and which of the rest follow; line; which halves of arguments are not 0; then as, refs, those
 * halves. */
#define PACK_TASK_SHIFT 8u
#define PACK_TASK 0x3fu
#define PACK_AS 0x4000u
#define PACK_REFS 0x8000u
#define PACK_CPU_SHIFT 16u
#define PACK_SKIP 0x1000000u
#define PACK_HIGH_SHIFT PF_MAX_ARGS /* behind the low halves, a bit an argument */

enum pf_status pf_timeline_append_op(struct pf_timeline *t, const struct pf_op *op) {
  uint32_t word[5 + 2 * PF_MAX_ARGS], n = 3, low = 0, high = 0;
  if (op->kind >= PF_NR_OPS || op->cpu >= PF_MAX_CPUS || op->task > PACK_TASK || op->refs >> PF_MAX_ARGS)
    return PF_E_ARGUMENT;
  word[0] = op->kind | op->task << PACK_TASK_SHIFT | (op->as ? PACK_AS : 0) | (op->refs ? PACK_REFS : 0) |
            (op->skip ? PACK_SKIP : 0) | op->cpu << PACK_CPU_SHIFT;
  word[1] = op->line;
  if (op->as)
    word[n++] = op->as;
  if (op->refs)
    word[n++] = op->refs;
  for (uint32_t i = 0; i < PF_MAX_ARGS; i++) {
    if (op->arg[i] >> 32) {
      high |= 1u << i;
      word[n++] = (uint32_t)(op->arg[i] >> 32);
    }
    if ((uint32_t)op->arg[i]) {
      low |= 1u << i;
      word[n++] = (uint32_t)op->arg[i];
    }
  }
  word[2] = low | high << PACK_HIGH_SHIFT;
  uint32_t *to = add_entry(t, HEAD_OP, n);
  if (!to)
    return PF_E_FULL;
  memcpy(to, word, n * sizeof word[0]);
  return PF_OK;
}

static void unpack(const uint32_t *word, struct pf_op *op) {
  uint32_t head = word[0], n = 3;
  *op = (struct pf_op){.kind = head & 0xff,
                       .cpu = head >> PACK_CPU_SHIFT & (PF_MAX_CPUS - 1),
                       .task = head >> PACK_TASK_SHIFT & PACK_TASK,
                       .line = word[1],
                       .skip = (head & PACK_SKIP) != 0};
  if (head & PACK_AS)
    op->as = word[n++];
  if (head & PACK_REFS)
    op->refs = word[n++];
  for (uint32_t i = 0; i < PF_MAX_ARGS; i++) {
    if (word[2] >> (PACK_HIGH_SHIFT + i) & 1)
      op->arg[i] = (uint64_t)word[n++] << 32;
    if (word[2] >> i & 1)
      op->arg[i] |= word[n++];
  }
}

enum pf_status pf_timeline_append_events(struct pf_timeline *t, const struct pf_event *events, uint32_t count) {
  const uint32_t words = sizeof *events / 4;
  if (count > HEAD_WORDS / words - 1)
    return PF_E_ARGUMENT;
  uint32_t *to = add_entry(t, 0, count * words);
  if (!to)
    return PF_E_FULL;
  memcpy(to, events, count * sizeof *events);
  return PF_OK;
}

enum pf_status pf_timeline_op(const struct pf_timeline *t, uint32_t entry, struct pf_op *op) {
  if (entry >= t->length)
    return PF_E_ARGUMENT;
  const uint32_t *head = log_words_const(t) + offset_of(t, entry);
  if (!(head[0] & HEAD_OP))
    return PF_E_UNSUPPORTED;
  unpack(head + 1, op);
  return PF_OK;
}

uint32_t pf_timeline_outcome(const struct pf_timeline *t, uint32_t entry) {
  if (entry >= t->length)
    return PF_NR_OUTCOMES;
  uint32_t outcome = (log_words_const(t)[offset_of(t, entry)] & HEAD_OUTCOME) >> HEAD_OUTCOME_SHIFT;
  return outcome < PF_NR_OUTCOMES ? outcome : PF_NR_OUTCOMES;
}

/* --- moving ----------------------------------------------------------------------------------------------- */

/* What one entry's events go through: the first `inner` are folded, those from `first` on are shown. */
struct passage {
  struct pf_map *map;
  uint32_t inner, first, seen;
  uint32_t outcome;
  struct pf_sink *window;
  enum pf_status status;
};

static void pass(struct passage *p, const struct pf_event *events, uint32_t count) {
  uint32_t fold = p->inner <= p->seen ? 0 : p->inner - p->seen < count ? p->inner - p->seen : count;
  if (p->status == PF_OK)
    p->status = pf_map_fold(p->map, events, fold, NULL);
  for (uint32_t i = 0; i < count; i++) {
    if (events[i].kind == PF_EV_OP_END)
      p->outcome = events[i].s;
    if (p->window && p->seen + i >= p->first && p->window->count < p->window->capacity)
      p->window->events[p->window->count++] = events[i];
  }
  p->seen += count;
}

static void drain_passage(struct pf_sink *sink) {
  pass(sink->context, sink->events, sink->count);
  sink->count = 0;
}

/* Carries out or folds the entry where we are. Afterwards the engine is behind it, and the map p->inner events into it.
 */
static enum pf_status pass_entry(struct pf_timeline *t, struct pf_engine *engine, struct passage *p) {
  uint32_t *head = log_words(t) + offset_of(t, t->entry);
  enum pf_status status = PF_OK;
  t->settled = 0;
  if (head[0] & HEAD_OP) {
    struct pf_event buffer[BATCH_OF_EVENTS];
    struct pf_sink sink = {buffer, BATCH_OF_EVENTS, 0, 0, drain_passage, p};
    struct pf_op op;
    if (!engine)
      return PF_E_UNSUPPORTED;
    unpack(head + 1, &op);
    status = pf_engine_apply(engine, &op, &sink, NULL);
    if (status == PF_OK)
      drain_passage(&sink);
  } else {
    const struct pf_event *events = (const struct pf_event *)(const void *)(head + 1);
    uint32_t count = ((head[0] & HEAD_WORDS) - 1) / 4;
    if (engine)
      status = pf_engine_fold(engine, events, count, NULL);
    pass(p, events, count);
  }
  head[0] = (head[0] & ~HEAD_OUTCOME) | (p->outcome & 0xf) << HEAD_OUTCOME_SHIFT;
  return status != PF_OK ? status : p->status;
}

static enum pf_status go_past(struct pf_timeline *t, struct pf_engine *engine, struct passage *p) {
  enum pf_status status = pass_entry(t, engine, p);
  if (status != PF_OK)
    return status;
  t->entry++;
  t->settled = 1;
  t->since += p->seen;
  if (t->since >= t->interval && t->entry > snapshots(t)[t->nr_snapshots - 1].entry)
    take_snapshot(t, engine, p->map);
  return PF_OK;
}

static enum pf_status go_to(struct pf_timeline *t, struct pf_engine *engine, struct pf_map *map, uint32_t entry) {
  uint32_t nearest = nearest_snapshot(t, entry);
  if (!t->settled || t->entry > entry || t->entry < snapshots(t)[nearest].entry) {
    restore(t, engine, map, nearest);
    t->since = 0;
  }
  while (t->entry < entry) {
    struct passage p = {.map = map, .inner = UINT32_MAX, .outcome = PF_OUTCOME_DONE};
    enum pf_status status = go_past(t, engine, &p);
    if (status != PF_OK)
      return status;
  }
  return PF_OK;
}

enum pf_status pf_timeline_seek(struct pf_timeline *t, struct pf_engine *engine, struct pf_map *map, uint32_t entry,
                                uint32_t inner, uint32_t first, struct pf_sink *window, uint32_t *total) {
  if (entry > t->length || (entry == t->length && inner != 0) ||
      (engine ? pf_engine_bytes(engine) : 0) != t->engine_bytes || pf_map_bytes(map) != t->map_bytes)
    return PF_E_ARGUMENT;
  if (window)
    window->count = 0;
  if (total)
    *total = 0;
  enum pf_status status = go_to(t, engine, map, entry);
  if (status != PF_OK || entry == t->length || (inner == 0 && !window && !total))
    return status;
  struct passage p = {map, inner, first, 0, PF_OUTCOME_DONE, window, PF_OK};
  status = inner == UINT32_MAX ? go_past(t, engine, &p) : pass_entry(t, engine, &p);
  if (total)
    *total = p.seen;
  if (status == PF_OK && inner == 0)
    status = go_to(t, engine, map, entry); /* the events were asked for, not the place */
  return status;
}
