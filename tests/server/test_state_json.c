/* A check line held against a state: of a model, and of a map that was told less than happened. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
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

/* A frame on one CPU's list is freed once more, by another CPU: the first list then leads into the second. */
static const char pcp_text[] = "{\"format\":\"pageframe-run/1\",\"kernel\":\"linux-2.6.10\",\"cpus\":2,"
                               "\"machine\":{\"nodes\":[{\"start_pfn\":0,\"pages\":64}]}}\n"
                               "{\"op\":\"free_area_init\",\"start_pfn\":0,\"sizes\":[40,24,0]}\n"
                               "{\"op\":\"free_boot_range\",\"start\":0,\"end\":64,\"dir\":\"up\"}\n"
                               "{\"op\":\"drain_local_pages\"}\n"
                               "{\"op\":\"alloc_pages\",\"gfp\":\"GFP_DMA\",\"order\":1,\"as\":\"two\"}\n"
                               "{\"op\":\"put_page_testzero\",\"page\":\"two\"}\n"
                               "{\"op\":\"pagevec_free\",\"pfns\":[\"two\",\"two+1\"],\"cold\":1}\n"
                               "{\"op\":\"free_hot_page\",\"page\":\"two\",\"cpu\":1}\n"
                               "{\"op\":\"sysctl\",\"name\":\"min_free_kbytes\",\"value\":64}\n"
                               "{\"op\":\"sysctl\",\"name\":\"lower_zone_protection\",\"value\":2}\n";

struct setting {
  struct pf_run run;
  struct pf_player player;
};

static int set_up_run(void **state, const char *run) {
  struct setting *setting = calloc(1, sizeof *setting);
  struct pf_error error = {""};
  struct pf_text copy = {strdup(run), strlen(run)};
  assert_int_equal(pf_run_parse("text", copy, &setting->run, &error), 0);
  assert_int_equal(pf_player_open(&setting->player, &setting->run, &error), 0);
  *state = setting;
  return 0;
}
static int set_up(void **state) { return set_up_run(state, text); }
static int set_up_pcp(void **state) { return set_up_run(state, pcp_text); }

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

/* The check's zone DMA with other lists of CPU 0, held against the state. */
static void must_differ_with(const char *lists, const cJSON *state, const char *path) {
  char text_of[256];
  snprintf(text_of, sizeof text_of, "{\"zones\":[{\"pcp\":[{\"cpu\":0,%s},{\"cpu\":1}]},{}]}", lists);
  cJSON *check = parse(text_of);
  must_differ_at(check, state, path);
  cJSON_Delete(check);
}

static void test_state_json_of_per_cpu_lists(void **state) {
  struct setting *setting = *state;
  run_all(setting);
  cJSON *model = pf_state_json(pf_engine_structs(setting->player.engine));
  cJSON *map = pf_state_json(pf_map_structs(setting->player.map));
  assert_true(cJSON_Compare(model, map, 1));
  must_differ_with("\"hot\":[],\"cold\":[32,\"0/DMA/cpu1/hot\"],\"cold_count\":2", model, "");
  must_differ_with("\"hot\":[]", model, "");
  must_differ_with("\"hot\":[],\"cold\":[32,\"0/DMA/cpu1/cold\"],\"cold_count\":2", model, "zones[0].pcp[0].cold");
  must_differ_with("\"hot\":[],\"cold\":[32,\"0/DMA/cpu1/hot\"],\"cold_count\":1", model, "zones[0].pcp[0].cold_count");
  must_differ_with("\"hot\":[],\"cold\":[32,\"0/DMA/cpu1/hot\"]", model, "zones[0].pcp[0].cold_count");
  must_differ_with("\"hot\":[],\"hot_count\":1", model, "zones[0].pcp[0].hot_count");
  cJSON_Delete(map);
  cJSON_Delete(model);
}

/* Once the frame is taken from the second list, the first ends in a poisoned link. */
static void test_state_json_of_a_poisoned_list(void **state) {
  struct setting *setting = *state;
  struct pf_result result;
  run_all(setting);
  const struct pf_op op = {.kind = PF_OP_ALLOC_PAGE, .cpu = 1, .arg = {1}};
  assert_int_equal(pf_engine_apply(setting->player.engine, &op, NULL, &result), PF_OK);
  cJSON *model = pf_state_json(pf_engine_structs(setting->player.engine));
  must_differ_with("\"hot\":[],\"cold\":[32,null],\"cold_count\":2", model, "");
  cJSON_Delete(model);
}

static void test_settings_json_of_model_and_map(void **state) {
  struct setting *setting = *state;
  run_all(setting);
  cJSON *model = pf_settings_json(pf_engine_structs(setting->player.engine));
  cJSON *map = pf_settings_json(pf_map_structs(setting->player.map));
#define LIMITS "\"pcp\":{\"hot\":{\"low\":2,\"high\":6,\"batch\":1},\"cold\":{\"low\":0,\"high\":2,\"batch\":1}}"
  cJSON *settings = parse(
      "{\"min_free_kbytes\":64,\"zones\":["
      "{\"node\":0,\"zone\":\"DMA\",\"pages_min\":10,\"pages_low\":12,\"pages_high\":15,\"protection\":[0,14,14]"
      "," LIMITS "},"
      "{\"node\":0,\"zone\":\"Normal\",\"pages_min\":6,\"pages_low\":7,\"pages_high\":9,\"protection\":[0,0,0]," LIMITS
      "}]}");
  assert_true(cJSON_Compare(settings, model, 1));
  assert_true(cJSON_Compare(settings, map, 1));
  cJSON_Delete(settings);
  cJSON_Delete(map);
  cJSON_Delete(model);
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
      cmocka_unit_test_setup_teardown(test_state_json_of_per_cpu_lists, set_up_pcp, tear_down),
      cmocka_unit_test_setup_teardown(test_state_json_of_a_poisoned_list, set_up_pcp, tear_down),
      cmocka_unit_test_setup_teardown(test_settings_json_of_model_and_map, set_up_pcp, tear_down),
      cmocka_unit_test(test_state_differs_names_the_place),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
