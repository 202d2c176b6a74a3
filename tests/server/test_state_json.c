/* A check line held against a state: of a model, and of a map that was told less than happened. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "player.h"
#include "state_json.h"

static const char text[] = "{\"format\":\"pageframe-run/"
                           "1\",\"kernel\":\"linux-2.4.20\",\"machine\":{\"nodes\":[{\"start_pfn\":0,\"pages\":64}]}}\n"
                           "{\"op\":\"init_bootmem\",\"mapstart\":1,\"start\":0,\"end\":64}\n"
                           "{\"op\":\"free_area_init\",\"start_pfn\":0,\"sizes\":[40,24,0]}\n"
                           "{\"op\":\"free_boot_range\",\"start\":0,\"end\":64,\"dir\":\"up\"}\n"
                           "{\"op\":\"get_page\",\"pfn\":9}\n"
                           "{\"op\":\"get_page\",\"pfn\":9}\n";

struct setting {
  struct pf_run run;
  struct pf_player player;
};

static int set_up(void **state) {
  struct setting *setting = calloc(1, sizeof *setting);
  struct pf_error error = {""};
  struct pf_text copy = {strdup(text), strlen(text)};
  assert_int_equal(pf_run_parse("text", copy, &setting->run, &error), 0);
  assert_int_equal(pf_player_open(&setting->player, &setting->run, &error), 0);
  *state = setting;
  return 0;
}

static int tear_down(void **state) {
  struct setting *setting = *state;
  pf_player_close(&setting->player);
  pf_run_free(&setting->run);
  free(setting);
  return 0;
}

static void run_all(struct setting *setting) {
  struct pf_error error = {""};
  assert_int_equal(pf_player_run(&setting->player, &error), 0);
}

static cJSON *parse(const char *json) {
  cJSON *object = cJSON_ParseWithOpts(json, NULL, 1);
  assert_non_null(object);
  return object;
}

/* What differs from the check line: its path, "" if nothing does. */
static void must_differ_at(const cJSON *check, const cJSON *state, const char *path) {
  struct pf_difference difference = {"", NULL, NULL};
  int differs = pf_state_differs(check, state, &difference);
  assert_string_equal(difference.path, path);
  assert_int_equal(differs, path[0] != 0);
}

static void test_state_json_of_model_and_map(void **state) {
  struct setting *setting = *state;
  run_all(setting);
  cJSON *model = pf_state_json(pf_engine_structs(setting->player.engine));
  cJSON *map = pf_state_json(pf_map_structs(setting->player.map));
  cJSON *check = parse(
      "{\"op\":\"check\",\"bootmem\":[{\"node\":0,\"reserved\":[[0,64]],\"last_pos\":0,\"last_offset\":0}],\"zones\":["
      "{\"node\":0,\"zone\":\"DMA\",\"free_pages\":40,\"free_area\":[[],[],[],[32],[],[0],[],[],[],[]],"
      "\"map\":[[],[],[],[2],[],[0],[],[],[]],\"need_balance\":0,\"n_reserved\":0,\"n_count1\":0,\"page_count\":[[9,2]]"
      "},"
      "{\"node\":0,\"zone\":\"Normal\",\"free_pages\":24,\"free_area\":[[],[],[],[56],[40],[],[],[],[],[]],"
      "\"map\":[[],[],[],[1],[0],[],[],[],[]],\"need_balance\":0,\"n_reserved\":0,\"n_count1\":0,\"page_count\":[]}]}");
  must_differ_at(check, model, "");
  must_differ_at(check, map, "");
  assert_true(cJSON_Compare(model, map, 1));
  cJSON_Delete(check);
  cJSON_Delete(map);
  cJSON_Delete(model);
}

/* A fold that misses one event is caught. */
static void test_state_differs_where_the_map_missed_an_event(void **state) {
  struct setting *setting = *state;
  struct pf_event events[256];
  struct pf_sink sink = {.events = events, .capacity = 256};
  struct pf_result result;
  run_all(setting);
  const struct pf_op op = {.kind = PF_OP_GET_PAGE, .arg = {10}};
  assert_int_equal(pf_engine_apply(setting->player.engine, &op, &sink, &result), PF_OK);
  assert_int_equal(pf_engine_apply(setting->player.engine, &op, &sink, &result), PF_OK);
  cJSON *check = pf_state_json(pf_engine_structs(setting->player.engine));
  cJSON *map = pf_state_json(pf_map_structs(setting->player.map));
  must_differ_at(check, map, "zones[0].page_count[1]");
  assert_int_equal(pf_map_fold(setting->player.map, events, sink.count, NULL), PF_OK);
  cJSON_Delete(map);
  map = pf_state_json(pf_map_structs(setting->player.map));
  must_differ_at(check, map, "");
  cJSON_Delete(map);
  cJSON_Delete(check);
}

static void test_state_differs_names_the_place(void **state) {
  (void)state;
  static const struct {
    const char *check, *state, *path;
  } cases[] = {
      {"{\"op\":\"check\"}", "{}", ""},
      {"{\"op\":\"check\",\"note\":\"x\"}", "{}", ""},
      {"{\"op\":\"check\"}", "{\"zones\":[{}]}", "zones"},
      {"{\"bootmem\":[{}]}", "{}", "bootmem"},
      {"{\"slab\":{}}", "{}", "slab"},
      {"{\"zones\":[{\"a\":1}]}", "{\"zones\":[{\"a\":1,\"b\":2}]}", ""},
      {"{\"zones\":[{\"a\":1,\"c\":3}]}", "{\"zones\":[{\"a\":1,\"b\":2}]}", "zones[0].c"},
      {"{\"zones\":[{\"a\":1}]}", "{\"zones\":[{\"a\":1},{\"a\":2}]}", "zones[1]"},
      {"{\"zones\":[{\"l\":[[1],[2,3]]}]}", "{\"zones\":[{\"l\":[[1],[3,2]]}]}", "zones[0].l[1]"},
      {"{\"zones\":[{\"l\":[[1],[2,null]]}]}", "{\"zones\":[{\"l\":[[1],[2,\"loop\"]]}]}", "zones[0].l[1]"},
      {"{\"zones\":[{\"l\":[[1]]}]}", "{\"zones\":[{\"l\":[]}]}", "zones[0].l[0]"},
      {"{\"zones\":[{\"l\":{}}]}", "{\"zones\":[{\"l\":[]}]}", "zones[0].l"},
      {"{\"zones\":5}", "{\"zones\":[1]}", "zones"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    cJSON *check = parse(cases[i].check), *actual = parse(cases[i].state);
    must_differ_at(check, actual, cases[i].path);
    cJSON_Delete(actual);
    cJSON_Delete(check);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_state_json_of_model_and_map, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_state_differs_where_the_map_missed_an_event, set_up, tear_down),
      cmocka_unit_test(test_state_differs_names_the_place),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
