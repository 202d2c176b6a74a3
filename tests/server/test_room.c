/* The room, without any socket: what its members are sent, in which order, and that they all end with the same map. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "room.h"

static const char tiny[] =
    "{\"format\":\"pageframe-run/1\",\"kernel\":\"linux-2.4.20\",\"name\":\"a \\\"name\\\"\",\"about\":\"для\","
    "\"machine\":{\"nodes\":[{\"start_pfn\":0,\"pages\":64}]}}\n"
    "{\"op\":\"free_area_init\",\"start_pfn\":0,\"sizes\":[64,0,0]}\n"
    "{\"op\":\"check\"}\n"
    "{\"op\":\"free_boot_range\",\"start\":0,\"end\":64,\"dir\":\"up\"}\n"
    "{\"op\":\"__get_free_pages\",\"gfp\":\"GFP_ATOMIC\",\"order\":3,\"as\":\"buf\"}\n"
    "{\"op\":\"free_pages\",\"addr\":\"buf\",\"order\":3}\n";
#define TINY_OPERATIONS 4

struct setting {
  struct pf_run run;
  struct pf_room *room;
};

static int open_text(struct setting *setting, const char *text) {
  struct pf_error error = {""};
  struct pf_text copy = {strdup(text), strlen(text)};
  if (pf_run_parse("run", copy, &setting->run, &error) < 0)
    fail_msg("%s", error.text);
  setting->room = pf_room_open(&setting->run, setting->run.nr_operations, 2.5, &error);
  if (!setting->room)
    fail_msg("%s", error.text);
  return 0;
}

static int set_up(void **state) {
  struct setting *setting = calloc(1, sizeof *setting);
  *state = setting;
  return open_text(setting, tiny);
}

static int tear_down(void **state) {
  struct setting *setting = *state;
  pf_room_close(setting->room);
  pf_run_free(&setting->run);
  free(setting);
  return 0;
}

/* The member's next message, parsed; NULL: there is none. */
static cJSON *next(struct pf_room *room, struct pf_member *member) {
  struct pf_message *message = pf_room_next(room, member);
  if (!message)
    return NULL;
  assert_int_equal(strlen(message->text), message->size);
  memset(message->text - PF_MESSAGE_HEADROOM, 0xff, PF_MESSAGE_HEADROOM); /* as a transport may */
  cJSON *object = cJSON_ParseWithOpts(message->text, NULL, 1);
  assert_true(cJSON_IsObject(object));
  assert_int_equal((int)cJSON_GetObjectItemCaseSensitive(object, "version")->valuedouble, PF_VERSION);
  pf_message_release(message);
  return object;
}

static const char *text_of(const cJSON *object, const char *key) {
  return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
}

static uint32_t number_of(const cJSON *object, const char *key) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
  assert_true(cJSON_IsNumber(item));
  return (uint32_t)item->valuedouble;
}

/* Takes the next message, which must be of that type. */
static cJSON *expect(struct pf_room *room, struct pf_member *member, const char *type) {
  cJSON *object = next(room, member);
  assert_non_null(object);
  assert_string_equal(text_of(object, "type"), type);
  return object;
}

static void expect_nothing(struct pf_room *room, struct pf_member *member) {
  cJSON *object = next(room, member);
  assert_null(object);
}

static uint32_t events_in(const cJSON *object) {
  return (uint32_t)cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(object, "events"));
}

/* The map in a snapshot message, from malloc. */
static struct pf_map *map_of(const cJSON *snapshot) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const char *text = text_of(snapshot, "map");
  size_t length = strlen(text), size = 0;
  unsigned char *packed = malloc(length);
  uint32_t bits = 0, nr_bits = 0;
  for (; *text && *text != '='; text++) {
    assert_non_null(strchr(digits, *text));
    bits = bits << 6 | (uint32_t)(strchr(digits, *text) - digits);
    nr_bits += 6;
    if (nr_bits >= 8)
      packed[size++] = (unsigned char)(bits >> (nr_bits -= 8));
  }
  uLongf bytes = number_of(snapshot, "bytes");
  unsigned char *unpacked = malloc(bytes);
  struct pf_map *map = malloc(bytes);
  assert_int_equal(uncompress(unpacked, &bytes, packed, size), Z_OK);
  assert_int_equal(bytes, number_of(snapshot, "bytes"));
  assert_int_equal(pf_map_load(map, bytes, unpacked, bytes), PF_OK);
  free(unpacked);
  free(packed);
  return map;
}

static void must_have_digest(const struct pf_map *map, const char *digest) {
  char text[17];
  snprintf(text, sizeof text, "%016llx", (unsigned long long)pf_map_digest(map));
  assert_string_equal(text, digest);
}

/* ---------------------------------------------------------------- tests */

static void test_hello_tells_the_machine(void **state) {
  struct setting *setting = *state;
  struct pf_member *member = pf_room_join(setting->room);
  cJSON *hello = expect(setting->room, member, "hello");
  assert_string_equal(text_of(hello, "name"), "a \"name\"");
  assert_string_equal(text_of(hello, "about"), "для");
  assert_string_equal(text_of(hello, "kernel"), "linux-2.4.20");
  assert_int_equal(number_of(hello, "operations"), TINY_OPERATIONS);
  assert_true(cJSON_GetObjectItemCaseSensitive(hello, "rate")->valuedouble == 2.5);
  const cJSON *machine = cJSON_GetObjectItemCaseSensitive(hello, "machine");
  assert_true(cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(machine, "numa")));
  assert_int_equal(number_of(machine, "cpus"), 1);
  assert_int_equal(number_of(machine, "bits_per_long"), 32);
  const cJSON *node = cJSON_GetObjectItemCaseSensitive(machine, "nodes")->child;
  assert_int_equal(number_of(node, "id"), 0);
  assert_int_equal(number_of(node, "start_pfn"), 0);
  assert_int_equal(number_of(node, "pages"), 64);
  assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(hello, "layers")), PF_NR_LAYERS);
  cJSON_Delete(hello);
  expect_nothing(setting->room, member);
}

/* Whoever knows hello alone makes the map that the room began with. */
static void test_hello_is_enough_for_the_same_map(void **state) {
  (void)state;
  struct setting wide = {0};
  open_text(&wide, "{\"format\":\"pageframe-run/1\",\"kernel\":\"linux-2.6.10\",\"bits_per_long\":64,\"cpus\":3,"
                   "\"config\":{\"sizeof_struct_page\":56},\"build\":\"numa\","
                   "\"machine\":{\"nodes\":[{\"start_pfn\":0,\"pages\":64}]}}\n");
  struct pf_member *member = pf_room_join(wide.room);
  cJSON *hello = expect(wide.room, member, "hello");
  const cJSON *told = cJSON_GetObjectItemCaseSensitive(hello, "machine");
  const struct pf_machine machine = {
      .kernel = pf_kernel_find(text_of(hello, "kernel")),
      .numa = (uint32_t)cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(told, "numa")),
      .nr_cpus = number_of(told, "cpus"),
      .bits_per_long = number_of(told, "bits_per_long"),
      .nr_nodes = 1,
      .node = {{.start_pfn = 0, .pages = 64}},
  };
  const uint32_t layers = PF_LAYER_FRAMES | PF_LAYER_STRUCTURES;
  uint64_t size = pf_map_size(&machine, layers);
  struct pf_map *map = malloc(size);
  assert_int_equal(pf_map_init(map, size, &machine, layers), PF_OK);
  pf_room_step(wide.room, 1);
  cJSON *end = expect(wide.room, member, "end");
  must_have_digest(map, text_of(end, "digest"));
  cJSON_Delete(end);
  cJSON_Delete(hello);
  free(map);
  pf_room_close(wide.room);
  pf_run_free(&wide.run);
}

static void test_events_follow_without_gap_to_the_end(void **state) {
  struct setting *setting = *state;
  struct pf_member *member = pf_room_join(setting->room);
  uint32_t sequence = 0, batches = 0;
  cJSON_Delete(expect(setting->room, member, "hello"));
  int goes_on = 1;
  for (uint32_t step = 1; goes_on; step++) {
    goes_on = pf_room_step(setting->room, 1);
    assert_int_equal(goes_on, step < TINY_OPERATIONS);
    cJSON *events = expect(setting->room, member, "events");
    assert_int_equal(number_of(events, "sequence"), sequence);
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(events, "events");
    assert_string_equal(text_of(list->child, "kind"), "op_begin");
    assert_string_equal(text_of(list->child->prev, "kind"), "op_end"); /* the first child's prev is the last */
    sequence += events_in(events);
    batches++;
    cJSON_Delete(events);
  }
  cJSON *end = expect(setting->room, member, "end");
  assert_int_equal(number_of(end, "sequence"), sequence);
  assert_int_equal(strlen(text_of(end, "digest")), 16);
  cJSON_Delete(end);
  assert_int_equal(batches, TINY_OPERATIONS);
  assert_true(pf_room_is_over(setting->room));
  expect_nothing(setting->room, member);
  assert_int_equal(pf_room_step(setting->room, 9), 0);
  expect_nothing(setting->room, member);
}

static void test_late_member_begins_with_a_snapshot(void **state) {
  struct setting *setting = *state;
  struct pf_member *early = pf_room_join(setting->room);
  pf_room_step(setting->room, 2);
  struct pf_member *late = pf_room_join(setting->room);
  cJSON_Delete(expect(setting->room, late, "hello"));
  cJSON *snapshot = expect(setting->room, late, "snapshot");
  uint32_t sequence = number_of(snapshot, "sequence");
  assert_int_equal(number_of(snapshot, "entries"), 2);
  struct pf_map *map = map_of(snapshot);
  assert_int_equal(pf_map_frames(map), 64);
  struct pf_map_frame frame;
  assert_true(pf_map_frame(map, 63, &frame));
  assert_int_equal(frame.state, PF_STATE_BUDDY);
  free(map);
  cJSON_Delete(snapshot);
  expect_nothing(setting->room, late);
  pf_room_step(setting->room, 1);
  cJSON *events = expect(setting->room, late, "events");
  assert_int_equal(number_of(events, "sequence"), sequence);
  cJSON_Delete(events);
  cJSON_Delete(expect(setting->room, early, "hello"));
  cJSON *first = expect(setting->room, early, "events"); /* two operations in one step are one batch */
  assert_int_equal(events_in(first), sequence);
  cJSON_Delete(first);
}

static void test_member_after_the_end_gets_the_last_map(void **state) {
  struct setting *setting = *state;
  pf_room_step(setting->room, 100);
  struct pf_member *member = pf_room_join(setting->room);
  cJSON_Delete(expect(setting->room, member, "hello"));
  cJSON *snapshot = expect(setting->room, member, "snapshot");
  cJSON *end = expect(setting->room, member, "end");
  assert_int_equal(number_of(snapshot, "sequence"), number_of(end, "sequence"));
  struct pf_map *map = map_of(snapshot);
  must_have_digest(map, text_of(end, "digest"));
  free(map);
  cJSON_Delete(snapshot);
  cJSON_Delete(end);
  expect_nothing(setting->room, member);
}

static void test_asked_snapshot_replaces_what_waits(void **state) {
  struct setting *setting = *state;
  static const char ask[] = " {\"type\":\"snapshot\"} ";
  struct pf_member *member = pf_room_join(setting->room);
  cJSON_Delete(expect(setting->room, member, "hello"));
  pf_room_step(setting->room, 1);
  pf_room_receive(member, ask, strlen(ask));
  pf_room_step(setting->room, 1);
  cJSON *snapshot = expect(setting->room, member, "snapshot");
  assert_int_equal(number_of(snapshot, "entries"), 2);
  cJSON_Delete(snapshot);
  expect_nothing(setting->room, member);
  pf_room_step(setting->room, 9);
  cJSON_Delete(expect(setting->room, member, "events"));
  cJSON_Delete(expect(setting->room, member, "end"));
  pf_room_receive(member, ask, strlen(ask));
  cJSON_Delete(expect(setting->room, member, "snapshot"));
  cJSON_Delete(expect(setting->room, member, "end"));
  expect_nothing(setting->room, member);
}

static void test_bad_messages_are_answered(void **state) {
  struct setting *setting = *state;
  static const struct {
    const char *text, *code;
  } cases[] = {
      {"", "malformed"},
      {"hello", "malformed"},
      {"[1]", "malformed"},
      {"\"snapshot\"", "malformed"},
      {"{\"type\":\"snapshot\"", "malformed"},
      {"{}", "malformed"},
      {"{\"type\":7}", "malformed"},
      {"{\"type\":\"snapshot\"}{\"type\":\"snapshot\"}", "malformed"},
      {"{\"type\":\"Snapshot\"}", "unknown"},
      {"{\"type\":\"step\",\"count\":3}", "unknown"},
      {"{\"type\":\"\"}", "unknown"},
  };
  struct pf_member *member = pf_room_join(setting->room);
  cJSON_Delete(expect(setting->room, member, "hello"));
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    pf_room_receive(member, cases[i].text, strlen(cases[i].text));
    cJSON *error = expect(setting->room, member, "error");
    assert_string_equal(text_of(error, "code"), cases[i].code);
    assert_true(strlen(text_of(error, "message")) > 10);
    cJSON_Delete(error);
    expect_nothing(setting->room, member);
  }
  for (int i = 0; i < 1000; i++)
    pf_room_refuse(member, PF_ROOM_OVERSIZED);
  for (uint32_t i = 0; i < PF_QUEUE_ERRORS; i++) {
    cJSON *error = expect(setting->room, member, "error");
    assert_string_equal(text_of(error, "code"), "oversized");
    cJSON_Delete(error);
  }
  expect_nothing(setting->room, member);
}

/* A member that takes nothing for longer than its queue is long loses no state, only steps. */
static void test_slow_member_takes_a_snapshot(void **state) {
  struct setting *setting = *state;
  struct pf_buffer text = {0};
  pf_buffer_add(&text, tiny, strlen(tiny));
  for (uint32_t i = 0; i < PF_QUEUE_MESSAGES; i++)
    pf_buffer_print(&text, "{\"op\":\"alloc_page\",\"gfp\":\"GFP_ATOMIC\"}\n");
  struct setting large = {0};
  open_text(&large, text.bytes);
  pf_buffer_free(&text);
  struct pf_member *slow = pf_room_join(large.room), *quick = pf_room_join(large.room);
  cJSON_Delete(expect(large.room, slow, "hello"));
  cJSON_Delete(expect(large.room, quick, "hello"));
  for (uint32_t i = 0; i < PF_QUEUE_MESSAGES; i++) {
    pf_room_step(large.room, 1);
    cJSON_Delete(expect(large.room, quick, "events"));
  }
  struct pf_message *first = pf_room_next(large.room, slow); /* the queue is full, and not yet over */
  assert_non_null(strstr(first->text, "{\"type\":\"events\","));
  assert_non_null(strstr(first->text, ",\"sequence\":0,"));
  pf_message_release(first);
  pf_room_step(large.room, 1);
  pf_room_step(large.room, 1);
  cJSON *snapshot = expect(large.room, slow, "snapshot");
  assert_int_equal(number_of(snapshot, "entries"), PF_QUEUE_MESSAGES + 2);
  cJSON_Delete(snapshot);
  expect_nothing(large.room, slow);
  pf_room_step(large.room, 9999);
  cJSON_Delete(expect(large.room, slow, "events"));
  cJSON *end = expect(large.room, slow, "end");
  cJSON_Delete(end);
  pf_room_leave(large.room, quick);
  pf_room_close(large.room);
  pf_run_free(&large.run);
  (void)setting;
}

/* An operation with very many events is cut into batches that follow each other. */
static void test_long_operation_is_cut(void **state) {
  (void)state;
  struct setting large = {0};
  open_text(&large, "{\"format\":\"pageframe-run/1\",\"kernel\":\"linux-2.4.20\","
                    "\"machine\":{\"nodes\":[{\"start_pfn\":0,\"pages\":4096}]}}\n"
                    "{\"op\":\"free_area_init\",\"start_pfn\":0,\"sizes\":[4096,0,0]}\n"
                    "{\"op\":\"free_boot_range\",\"start\":0,\"end\":4096,\"dir\":\"up\"}\n");
  struct pf_member *member = pf_room_join(large.room);
  cJSON_Delete(expect(large.room, member, "hello"));
  pf_room_step(large.room, 2);
  uint32_t sequence = 0, batches = 0;
  cJSON *object;
  while ((object = next(large.room, member)) && strcmp(text_of(object, "type"), "events") == 0) {
    assert_int_equal(number_of(object, "sequence"), sequence);
    sequence += events_in(object);
    batches++;
    cJSON_Delete(object);
  }
  assert_non_null(object);
  assert_int_equal(number_of(object, "sequence"), sequence);
  cJSON_Delete(object);
  assert_true(batches > 2);
  pf_room_close(large.room);
  pf_run_free(&large.run);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_hello_tells_the_machine, set_up, tear_down),
      cmocka_unit_test(test_hello_is_enough_for_the_same_map),
      cmocka_unit_test_setup_teardown(test_events_follow_without_gap_to_the_end, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_late_member_begins_with_a_snapshot, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_member_after_the_end_gets_the_last_map, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_asked_snapshot_replaces_what_waits, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_bad_messages_are_answered, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_slow_member_takes_a_snapshot, set_up, tear_down),
      cmocka_unit_test(test_long_operation_is_cut),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
