/* A room: a run that is carried out while people look on. */
#include "room.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "event_json.h"
#include "json_line.h"

#define BATCH_BYTES ((size_t)256 << 10) /* a longer batch is cut, in mid-operation if need be */

/* needs_* are sent in this order, then errors, then the queue, then the end. */
struct pf_member {
  struct pf_member *next;
  int needs_hello, needs_snapshot, has_end;
  uint8_t errors[PF_QUEUE_ERRORS];
  uint32_t nr_errors;
  struct pf_message *queue[PF_QUEUE_MESSAGES]; /* a ring: `count` from `first` on */
  uint32_t first, count;
  size_t bytes;
};

struct pf_room {
  struct pf_player player;
  size_t line;       /* the run's next line */
  uint32_t entries;  /* operations done */
  uint64_t sequence; /* events so far */
  int is_over;
  uint32_t operations;
  double rate;
  struct pf_member *members;
  struct pf_buffer batch; /* the events being gathered; empty: none */
  struct pf_message *hello, *end, *errors[PF_NR_ROOM_ERRORS];
  struct pf_message *snapshot; /* of the moment `snapshot_sequence`; NULL: none yet */
  uint64_t snapshot_sequence;
};

/* ---------------------------------------------------------------- messages */

/* A message's buffer begins with the headroom. */
static void begin(struct pf_buffer *buffer) {
  static const char headroom[PF_MESSAGE_HEADROOM];
  pf_buffer_add(buffer, headroom, sizeof headroom);
}

/* Makes the buffer a message and empties it. NULL without memory. */
static struct pf_message *seal(struct pf_buffer *buffer) {
  struct pf_message *message = buffer->failed ? NULL : malloc(sizeof *message);
  if (!message) {
    pf_buffer_free(buffer);
    return NULL;
  }
  *message = (struct pf_message){1, buffer->size - PF_MESSAGE_HEADROOM, buffer->bytes + PF_MESSAGE_HEADROOM};
  *buffer = (struct pf_buffer){0};
  return message;
}

void pf_message_release(struct pf_message *message) {
  if (!message || --message->refs > 0)
    return;
  free(message->text - PF_MESSAGE_HEADROOM);
  free(message);
}

static struct pf_message *share(struct pf_message *message) {
  if (message)
    message->refs++;
  return message;
}

static void add_chosen(struct pf_buffer *text, uint32_t chosen) {
  int written = 0;
  pf_buffer_print(text, ",\"chosen\":[");
  for (uint32_t what = 0; what < PF_NR_CHOSEN; what++) {
    if (chosen >> what & 1)
      pf_buffer_print(text, "%s\"%s\"", written++ ? "," : "", pf_chosen_names[what]);
  }
  pf_buffer_print(text, "]");
}

static struct pf_message *hello_message(const struct pf_room *room) {
  const struct pf_run *run = room->player.run;
  const struct pf_machine *machine = &run->machine;
  struct pf_buffer text = {0};
  begin(&text);
  pf_buffer_print(&text, "{\"type\":\"hello\",\"version\":%u,\"name\":", PF_VERSION);
  pf_buffer_json_string(&text, run->name);
  pf_buffer_print(&text, ",\"about\":");
  pf_buffer_json_string(&text, run->about);
  add_chosen(&text, run->chosen);
  pf_buffer_print(&text, ",\"kernel\":\"%s\",\"machine\":{\"numa\":%s,\"cpus\":%u,\"bits_per_long\":%u,\"nodes\":[",
                  pf_kernel_info(machine->kernel)->name, machine->numa ? "true" : "false", machine->nr_cpus,
                  pf_machine_bits(machine));
  for (uint32_t i = 0; i < machine->nr_nodes; i++)
    pf_buffer_print(&text, "%s{\"id\":%u,\"start_pfn\":%u,\"pages\":%u}", i ? "," : "", i, machine->node[i].start_pfn,
                    machine->node[i].pages);
#define PF_TEXT(id, name) ",\"" name "\""
  static const char layers[] = "" PF_LAYERS(PF_TEXT);
#undef PF_TEXT
  pf_buffer_print(&text, "]},\"layers\":[%s],\"operations\":%u,\"rate\":%.9g}", layers + 1, room->operations,
                  room->rate);
  return seal(&text);
}

static struct pf_message *end_message(const struct pf_room *room) {
  struct pf_buffer text = {0};
  begin(&text);
  pf_buffer_print(&text, "{\"type\":\"end\",\"version\":%u,\"sequence\":%" PRIu64 ",\"digest\":\"%016" PRIx64 "\"}",
                  PF_VERSION, room->sequence, pf_map_digest(room->player.map));
  return seal(&text);
}

static struct pf_message *error_message(enum pf_room_error error) {
  static const struct {
    const char *code, *message;
  } errors[PF_NR_ROOM_ERRORS] = {
      [PF_ROOM_MALFORMED] = {"malformed", "expected a text message that holds one JSON object with a \\\"type\\\""},
      [PF_ROOM_UNKNOWN] = {"unknown",
                           "expected {\\\"type\\\":\\\"snapshot\\\"}: the one message that clients may send"},
      [PF_ROOM_OVERSIZED] = {"oversized", "expected a message of at most 4096 bytes"},
  };
  struct pf_buffer text = {0};
  begin(&text);
  pf_buffer_print(&text, "{\"type\":\"error\",\"version\":%u,\"code\":\"%s\",\"message\":\"%s\"}", PF_VERSION,
                  errors[error].code, errors[error].message);
  return seal(&text);
}

/* ---------------------------------------------------------------- snapshots */

static void add_base64(struct pf_buffer *out, const unsigned char *bytes, size_t size) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
  char *at = pf_buffer_room(out, (size + 2) / 3 * 4);
  if (!at)
    return;
  for (size_t i = 0; i < size; i += 3) {
    size_t left = size - i;
    uint32_t three = (uint32_t)bytes[i] << 16;
    three |= left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0;
    three |= left > 2 ? bytes[i + 2] : 0;
    *at++ = digits[three >> 18];
    *at++ = digits[three >> 12 & 63];
    *at++ = digits[left > 1 ? three >> 6 & 63 : 64];
    *at++ = digits[left > 2 ? three & 63 : 64];
  }
  *at = 0;
  out->size += (size + 2) / 3 * 4;
}

/* The map as it is now; the same message for all who need it at this moment. */
static struct pf_message *snapshot_message(struct pf_room *room) {
  if (room->snapshot && room->snapshot_sequence == room->sequence)
    return room->snapshot;
  pf_message_release(room->snapshot);
  room->snapshot = NULL;
  uLong bytes = (uLong)pf_map_bytes(room->player.map);
  uLongf packed = compressBound(bytes);
  unsigned char *deflated = malloc(packed);
  if (!deflated || compress2(deflated, &packed, (const unsigned char *)room->player.map, bytes, 6) != Z_OK) {
    free(deflated);
    return NULL;
  }
  struct pf_buffer text = {0};
  begin(&text);
  pf_buffer_print(
      &text, "{\"type\":\"snapshot\",\"version\":%u,\"sequence\":%" PRIu64 ",\"entries\":%u,\"bytes\":%lu,\"map\":\"",
      PF_VERSION, room->sequence, room->entries, bytes);
  add_base64(&text, deflated, packed);
  pf_buffer_print(&text, "\"}");
  free(deflated);
  room->snapshot = seal(&text);
  room->snapshot_sequence = room->sequence;
  return room->snapshot;
}

/* ---------------------------------------------------------------- members */

static struct pf_message *dequeue(struct pf_member *member) {
  if (member->count == 0)
    return NULL;
  struct pf_message *message = member->queue[member->first];
  member->first = (member->first + 1) % PF_QUEUE_MESSAGES;
  member->count--;
  member->bytes -= message->size;
  return message;
}

/* The snapshot to come holds all that waits, and all until it is sent. */
static void need_snapshot(struct pf_member *member) {
  while (member->count)
    pf_message_release(dequeue(member));
  member->needs_snapshot = 1;
  member->has_end = 0;
}

static void enqueue(struct pf_member *member, struct pf_message *message) {
  if (member->needs_snapshot)
    return;
  if (member->count == PF_QUEUE_MESSAGES || member->bytes + message->size > PF_QUEUE_BYTES) {
    need_snapshot(member);
    return;
  }
  member->queue[(member->first + member->count++) % PF_QUEUE_MESSAGES] = share(message);
  member->bytes += message->size;
}

struct pf_member *pf_room_join(struct pf_room *room) {
  struct pf_member *member = calloc(1, sizeof *member);
  if (!member)
    return NULL;
  member->needs_hello = 1;
  member->needs_snapshot = room->sequence > 0;
  member->next = room->members;
  room->members = member;
  return member;
}

static void free_member(struct pf_member *member) {
  while (member->count)
    pf_message_release(dequeue(member));
  free(member);
}

void pf_room_leave(struct pf_room *room, struct pf_member *member) {
  struct pf_member **link = &room->members;
  while (*link != member)
    link = &(*link)->next;
  *link = member->next;
  free_member(member);
}

void pf_room_refuse(struct pf_member *member, enum pf_room_error error) {
  if (member->nr_errors < PF_QUEUE_ERRORS)
    member->errors[member->nr_errors++] = (uint8_t)error;
}

void pf_room_receive(struct pf_member *member, const char *text, size_t size) {
  cJSON *object = pf_json_parse(text, size);
  const cJSON *type = cJSON_IsObject(object) ? pf_json_member(object, "type") : NULL;
  const char *name = cJSON_GetStringValue(type);
  if (!name)
    pf_room_refuse(member, PF_ROOM_MALFORMED);
  else if (strcmp(name, "snapshot") == 0)
    need_snapshot(member);
  else
    pf_room_refuse(member, PF_ROOM_UNKNOWN);
  cJSON_Delete(object);
}

static struct pf_message *next_error(const struct pf_room *room, struct pf_member *member) {
  uint8_t error = member->errors[0];
  memmove(member->errors, member->errors + 1, --member->nr_errors);
  return share(room->errors[error]);
}

struct pf_message *pf_room_next(struct pf_room *room, struct pf_member *member) {
  if (member->needs_hello) {
    member->needs_hello = 0;
    return share(room->hello);
  }
  if (member->nr_errors)
    return next_error(room, member);
  if (member->needs_snapshot) {
    struct pf_message *snapshot = snapshot_message(room);
    member->needs_snapshot = !snapshot; /* without memory: again at the next chance */
    return share(snapshot);
  }
  if (member->count)
    return dequeue(member);
  if (room->is_over && !member->has_end) {
    member->has_end = 1;
    return share(room->end);
  }
  return NULL;
}

/* ---------------------------------------------------------------- the run */

/* Closes the batch and hands it out. */
static void hand_out(struct pf_room *room) {
  if (room->batch.size == 0 && !room->batch.failed)
    return;
  pf_buffer_print(&room->batch, "]}");
  struct pf_message *message = seal(&room->batch);
  for (struct pf_member *member = room->members; member; member = member->next) {
    if (message)
      enqueue(member, message);
    else
      need_snapshot(member);
  }
  pf_message_release(message);
}

static void gather(struct pf_player *player, const struct pf_event *events, uint32_t count) {
  struct pf_room *room = player->context;
  struct pf_buffer *batch = &room->batch;
  for (uint32_t i = 0; i < count; i++, room->sequence++) {
    if (!room->members)
      continue;
    if (batch->size == 0) {
      begin(batch);
      pf_buffer_print(batch, "{\"type\":\"events\",\"version\":%u,\"sequence\":%" PRIu64 ",\"events\":[", PF_VERSION,
                      room->sequence);
    } else {
      pf_buffer_add(batch, ",", 1);
    }
    char *at = pf_buffer_room(batch, PF_EVENT_JSON_MAX);
    if (at)
      batch->size += pf_event_json(at, &events[i]);
    if (batch->size > BATCH_BYTES)
      hand_out(room);
  }
}

int pf_room_is_over(const struct pf_room *room) { return room->is_over; }

static void finish(struct pf_room *room) {
  room->is_over = 1;
  room->end = end_message(room);
}

int pf_room_step(struct pf_room *room, uint32_t operations) {
  const struct pf_run *run = room->player.run;
  while (operations > 0 && room->entries < room->operations && room->line < run->nr_lines) {
    const struct pf_run_line *line = &run->lines[room->line++];
    struct pf_result result;
    struct pf_error error;
    if (pf_player_tell(&room->player, line, &error) < 0)
      room->operations = room->entries;
    if (line->kind != PF_LINE_OP)
      continue;
    if (pf_player_apply(&room->player, line, &result, &error) < 0)
      room->operations = room->entries; /* the model refused it, and so all that follows */
    else
      room->entries++;
    operations--;
  }
  hand_out(room);
  if (!room->is_over && (room->entries == room->operations || room->line == run->nr_lines))
    finish(room);
  return !room->is_over;
}

struct pf_room *pf_room_open(const struct pf_run *run, uint32_t operations, double rate, struct pf_error *error) {
  struct pf_room *room = calloc(1, sizeof *room);
  if (!room) {
    pf_fail(error, "%s: not enough memory", run->path);
    return NULL;
  }
  if (pf_player_open(&room->player, run, error) < 0) {
    free(room);
    return NULL;
  }
  room->player.show = gather;
  room->player.context = room;
  room->operations = operations;
  room->rate = rate;
  room->hello = hello_message(room);
  int is_whole = room->hello != NULL;
  for (enum pf_room_error i = 0; i < PF_NR_ROOM_ERRORS; i++) {
    room->errors[i] = error_message(i);
    is_whole = is_whole && room->errors[i];
  }
  if (is_whole)
    return room;
  pf_room_close(room);
  pf_fail(error, "%s: not enough memory", run->path);
  return NULL;
}

void pf_room_close(struct pf_room *room) {
  while (room->members)
    pf_room_leave(room, room->members);
  pf_buffer_free(&room->batch);
  pf_message_release(room->hello);
  pf_message_release(room->end);
  pf_message_release(room->snapshot);
  for (enum pf_room_error i = 0; i < PF_NR_ROOM_ERRORS; i++)
    pf_message_release(room->errors[i]);
  pf_player_close(&room->player);
  free(room);
}
