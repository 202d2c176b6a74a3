/* Events as JSON, parsed again with cJSON and held against the table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>
#include <cmocka.h>
#include <string.h>

#include "event_json.h"

/* The table as texts, apart from how the formatter keeps it. */
struct field {
  const char *name, *type;
  int is_signed;
};
struct row {
  const char *name;
  struct field fields[5];
};
#define PF_F(name, type)                                                                                               \
  { name, #type, 0 }
#define PF_I(name, type)                                                                                               \
  { name, #type, 1 }
#define PF_NO                                                                                                          \
  { NULL, NULL, 0 }
#define PF_EVENT(id, name, layer, s, t, a, b, c) {name, {s, t, a, b, c}},
static const struct row rows[] = {
    {"none", {{NULL, NULL, 0}}},
#include "events.def"
};

static uint32_t value_of(const struct pf_event *event, size_t i) {
  return i == 0 ? event->s : i == 1 ? event->t : i == 2 ? event->a : i == 3 ? event->b : event->c;
}

/* The name of a value of a named type; NULL for other types. */
static const char *name_of(const char *type, uint32_t value, const struct pf_event *event) {
  struct pf_op_info info;
  if (strcmp(type, "OP") == 0)
    return pf_op_name(value);
  if (strcmp(type, "STATE") == 0)
    return pf_state_name(value);
  if (strcmp(type, "OUTCOME") == 0)
    return pf_outcome_name(value);
  if (strcmp(type, "RESULT") == 0)
    return pf_result_name(value);
  if (strcmp(type, "BUG") == 0)
    return pf_bug_text(value);
  if (strcmp(type, "REASON") == 0)
    return pf_reason_text(value);
  if (strcmp(type, "ARG") != 0)
    return NULL;
  assert_true(pf_op_info(event->t, &info));
  return info.arg[value].name;
}

static void check_field(const cJSON *object, const struct field *field, uint32_t value, const struct pf_event *event) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, field->name);
  const char *name = name_of(field->type, value, event);
  if (name) {
    assert_true(cJSON_IsString(item));
    assert_string_equal(item->valuestring, name);
  } else if (value == 0) {
    assert_null(item);
  } else if (strcmp(field->type, "BOOL") == 0) {
    assert_true(cJSON_IsTrue(item));
  } else {
    assert_true(cJSON_IsNumber(item));
    assert_true(item->valuedouble == (field->is_signed ? (double)(int32_t)value : (double)value));
  }
}

static void check_event(const struct pf_event *event) {
  char text[PF_EVENT_JSON_MAX];
  memset(text, 'x', sizeof text);
  size_t size = pf_event_json(text, event);
  assert_true(size < sizeof text);
  assert_int_equal(strlen(text), size);
  cJSON *object = cJSON_ParseWithOpts(text, NULL, 1);
  assert_true(cJSON_IsObject(object));
  const struct row *row = &rows[event->kind];
  int count = 1;
  assert_string_equal(cJSON_GetObjectItemCaseSensitive(object, "kind")->valuestring, row->name);
  for (size_t i = 0; i < 5; i++) {
    if (!row->fields[i].name)
      continue;
    check_field(object, &row->fields[i], value_of(event, i), event);
    count += cJSON_GetObjectItemCaseSensitive(object, row->fields[i].name) != NULL;
  }
  assert_int_equal(cJSON_GetArraySize(object), count);
  cJSON_Delete(object);
}

/* Named fields must hold a number that has a name. */
static void make_valid(struct pf_event *event) {
  for (size_t i = 0; i < 2; i++) {
    const char *type = rows[event->kind].fields[i].type;
    uint32_t value = i == 0 ? event->s : event->t;
    if (!type)
      continue;
    if (strcmp(type, "OP") == 0)
      value = 1 + value % (PF_NR_OPS - 1);
    else if (strcmp(type, "STATE") == 0)
      value %= PF_NR_STATES;
    else if (strcmp(type, "OUTCOME") == 0)
      value %= PF_NR_OUTCOMES;
    else if (strcmp(type, "RESULT") == 0)
      value %= PF_NR_RESULTS;
    else if (strcmp(type, "BUG") == 0)
      value %= PF_NR_BUGS;
    else if (strcmp(type, "REASON") == 0)
      value %= PF_NR_REASONS;
    else if (strcmp(type, "ARG") == 0)
      value %= 4;
    if (i == 0)
      event->s = (uint8_t)value;
    else
      event->t = (uint16_t)value;
  }
  if (event->kind == PF_EV_OP_ARG)
    event->t = PF_OP_FREE_AREA_INIT; /* four arguments, of which two fill three places each */
}

static void test_event_json_of_zeros(void **state) {
  (void)state;
  for (uint32_t kind = 1; kind < PF_NR_EVENTS; kind++) {
    struct pf_event event = {.kind = (uint8_t)kind};
    make_valid(&event);
    check_event(&event);
  }
}

static void test_event_json_of_greatest_values(void **state) {
  (void)state;
  for (uint32_t kind = 1; kind < PF_NR_EVENTS; kind++) {
    struct pf_event event = {(uint8_t)kind, UINT8_MAX, UINT16_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX};
    make_valid(&event);
    check_event(&event);
    event = (struct pf_event){(uint8_t)kind, 1, 1, 0x80000000u, 0x80000000u, 0x7fffffffu};
    make_valid(&event);
    check_event(&event);
  }
}

static void test_event_json_of_random_records(void **state) {
  (void)state;
  uint32_t seed = 20240229;
  print_message("seed %u\n", seed);
  for (int i = 0; i < 100000; i++) {
    uint32_t number[5];
    for (size_t j = 0; j < 5; j++) {
      seed = seed * 1664525u + 1013904223u;
      number[j] = (seed >> 4) >> (seed >> 28); /* short numbers as often as long ones */
    }
    struct pf_event event = {(uint8_t)(1 + number[0] % (PF_NR_EVENTS - 1)),
                             (uint8_t)number[1],
                             (uint16_t)number[2],
                             number[3],
                             number[4],
                             number[0]};
    make_valid(&event);
    check_event(&event);
  }
}

static void test_event_json_is_the_documented_text(void **state) {
  (void)state;
  char text[PF_EVENT_JSON_MAX];
  pf_event_json(text, &(struct pf_event){PF_EV_LIST_ADD, 3, 0, 56, 4099, 0});
  assert_string_equal(text, "{\"kind\":\"list_add\",\"order\":3,\"pfn\":56,\"head\":4099}");
  pf_event_json(text, &(struct pf_event){PF_EV_COUNT_SET, 0, 0, 7, (uint32_t)-2, 0});
  assert_string_equal(text, "{\"kind\":\"count_set\",\"pfn\":7,\"count\":-2}");
  pf_event_json(text, &(struct pf_event){PF_EV_OP_END, PF_OUTCOME_DONE, PF_RESULT_NONE, 0, 0, 0});
  assert_string_equal(text, "{\"kind\":\"op_end\",\"outcome\":\"done\",\"result\":\"none\"}");
}

/* An argument behind an array is named by its number, not by the place where its value stands. */
static void test_event_json_names_arguments_behind_arrays(void **state) {
  (void)state;
  char text[PF_EVENT_JSON_MAX];
  pf_event_json(text, &(struct pf_event){PF_EV_OP_ARG, 3, PF_OP_FREE_AREA_INIT, 8, 0, 2});
  assert_string_equal(text, "{\"kind\":\"op_arg\",\"arg\":\"holes\",\"op\":\"free_area_init\",\"lo\":8,\"index\":2}");
  pf_event_json(text, &(struct pf_event){PF_EV_OP_ARG, 1, PF_OP_PAGEVEC_FREE, 1, 0, 0});
  assert_string_equal(text, "{\"kind\":\"op_arg\",\"arg\":\"cold\",\"op\":\"pagevec_free\",\"lo\":1}");
}

/* A record from nowhere is still one JSON object. */
static void test_event_json_of_unknown_numbers(void **state) {
  (void)state;
  for (unsigned kind = 0; kind < 256; kind++) {
    char text[PF_EVENT_JSON_MAX];
    pf_event_json(text, &(struct pf_event){(uint8_t)kind, 255, 65535, 1, 2, 3});
    cJSON *object = cJSON_ParseWithOpts(text, NULL, 1);
    assert_non_null(object);
    cJSON_Delete(object);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_event_json_of_zeros),
      cmocka_unit_test(test_event_json_of_greatest_values),
      cmocka_unit_test(test_event_json_of_random_records),
      cmocka_unit_test(test_event_json_is_the_documented_text),
      cmocka_unit_test(test_event_json_of_unknown_numbers),
      cmocka_unit_test(test_event_json_names_arguments_behind_arrays),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
