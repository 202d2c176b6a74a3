/*
 * A room of each kernel under members who come, go, send anything and read when they like. Each gets whole JSON texts,
 * and its events follow one another without a gap unless a snapshot stands between.
 */
#include "fuzz.h"
#include "json_line.h"
#include "room.h"

#define MEMBERS 3u
#define MAX_STEPS 256u

static const char run_text[] = "{\"format\":\"pageframe-run/1\",\"kernel\":\"%s\",\"name\":\"a room\","
                               "\"machine\":{\"nodes\":[{\"start_pfn\":0,\"pages\":96}]}}\n"
                               "%s"
                               "{\"op\":\"alloc_pages\",\"gfp\":\"GFP_DMA\",\"order\":2,\"as\":\"buf\"}\n"
                               "{\"op\":\"__free_pages\",\"page\":\"buf\",\"order\":2}\n"
                               "{\"op\":\"__free_pages\",\"page\":\"buf\",\"order\":2}\n"
                               "{\"op\":\"get_page\",\"page\":\"buf+1\"}\n"
                               "{\"op\":\"alloc_pages\",\"gfp\":\"GFP_ATOMIC\",\"order\":0}\n";

/* All memory is free and on lists. */
static const char with_zones[] = "{\"op\":\"free_area_init\",\"start_pfn\":0,\"sizes\":[96,0,0]}\n"
                                 "{\"op\":\"free_boot_range\",\"start\":0,\"end\":96,\"dir\":\"up\"}\n";
static const char with_boot[] = "{\"op\":\"boot\"}\n";

struct viewer {
  struct pf_member *member; /* NULL: not in the room */
  int has_hello, has_place;
  int64_t next; /* the number of the next event, once there was a first */
};

static int64_t whole(const cJSON *message, const char *key) {
  int64_t value = -1;
  MUST(pf_json_whole(pf_json_member(message, key), 0, PF_JSON_WHOLE_MAX, &value));
  return value;
}

static void check_message(struct viewer *viewer, const struct pf_message *sent) {
  cJSON *message = pf_json_parse(sent->text, sent->size);
  const char *type = cJSON_GetStringValue(pf_json_member(message, "type"));
  MUST(type && whole(message, "version") == PF_VERSION);
  MUST(viewer->has_hello == (strcmp(type, "hello") != 0));
  viewer->has_hello = 1;
  if (strcmp(type, "events") == 0) {
    int64_t first = whole(message, "sequence");
    MUST(!viewer->has_place ? first == 0 : first == viewer->next);
    viewer->has_place = 1;
    viewer->next = first + cJSON_GetArraySize(pf_json_member(message, "events"));
  } else if (strcmp(type, "snapshot") == 0) {
    viewer->has_place = 1;
    viewer->next = whole(message, "sequence");
  } else if (strcmp(type, "end") == 0) {
    MUST(viewer->has_place && whole(message, "sequence") == viewer->next);
  }
  cJSON_Delete(message);
}

/* What the member is to be sent, up to `most` messages. */
static void receive(struct pf_room *room, struct viewer *viewer, uint32_t most) {
  struct pf_message *message;
  while (most-- > 0 && (message = pf_room_next(room, viewer->member))) {
    check_message(viewer, message);
    pf_message_release(message);
  }
}

/* A text of the input, in memory of its own size. */
static void send(struct viewer *viewer, struct fuzz_input *in) {
  size_t size = (size_t)fuzz_number(in, 1);
  if (size > in->left)
    size = in->left;
  char *text = fuzz_memory(size + 1); /* the reader of JSON may look at one byte more, as the server's inbox lets it */
  memcpy(text, in->at, size);
  pf_room_receive(viewer->member, text, size);
  in->at += size;
  in->left -= size;
  free(text);
}

static void act(struct pf_room *room, struct viewer *viewer, uint32_t what, struct fuzz_input *in) {
  if (!viewer->member) {
    *viewer = (struct viewer){.member = pf_room_join(room)};
    MUST(viewer->member);
  } else if (what % 4 == 0) {
    pf_room_leave(room, viewer->member);
    viewer->member = NULL;
  } else if (what % 4 == 1) {
    receive(room, viewer, 1 + what / 4);
  } else if (what % 4 == 2) {
    send(viewer, in);
  } else {
    pf_room_refuse(viewer->member, what / 4 % PF_NR_ROOM_ERRORS);
  }
}

static void open_run(struct pf_run *run, const char *kernel) {
  struct pf_error error;
  const char *begin = pf_kernel_has(pf_kernel_find(kernel), PF_OP_FREE_AREA_INIT) ? with_zones : with_boot;
  size_t room = sizeof run_text + strlen(kernel) + strlen(begin);
  struct pf_text text = {fuzz_memory(room), 0};
  text.size = (size_t)snprintf(text.bytes, room, run_text, kernel, begin);
  MUST(text.size < room && pf_run_parse("a room", text, run, &error) == 0);
}

static void visit_room(const char *kernel, struct fuzz_input in) {
  struct viewer viewers[MEMBERS] = {{0}};
  struct pf_run run;
  struct pf_error error;
  open_run(&run, kernel);
  struct pf_room *room = pf_room_open(&run, run.nr_operations, 2, &error);
  MUST(room);
  for (uint32_t n = 0; in.left && n < MAX_STEPS; n++) {
    uint32_t who = fuzz_byte(&in) % (MEMBERS + 1), what = fuzz_byte(&in);
    if (who == MEMBERS)
      pf_room_step(room, what % 4);
    else
      act(room, &viewers[who], what, &in);
  }
  while (pf_room_step(room, 1)) {
  }
  for (uint32_t i = 0; i < MEMBERS; i++)
    if (viewers[i].member) {
      receive(room, &viewers[i], UINT32_MAX);
      pf_room_leave(room, viewers[i].member);
    }
  pf_room_close(room);
  pf_run_free(&run);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  for (uint32_t kernel = 1; pf_kernel_info(kernel); kernel++)
    visit_room(pf_kernel_info(kernel)->name, (struct fuzz_input){bytes, size});
  return 0;
}
