/*
 * pageframe verify FILE...: replays recorded runs. Every recorded result is compared, and each check twice: with the
 * model's own state, and with what the events folded into.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "json_line.h"
#include "player.h"
#include "state_json.h"

/* One file being verified. */
struct verifier {
  struct pf_player player;
  cJSON *warn; /* what the running operation complained of, as a run file says it; NULL: nothing */
  uint32_t operations, checks;
  char difference[640]; /* "line N: expected ..., got ...", empty: none so far */
};

/* ---------------------------------------------------------------- results */

/* Adds the frames to the list of those reserved twice; runs that touch become one. */
static void warn_reserved_twice(cJSON *warn, uint32_t pfn, uint32_t count) {
  cJSON *list = cJSON_GetObjectItemCaseSensitive(warn, "reserved_twice");
  if (!list)
    list = cJSON_AddArrayToObject(warn, "reserved_twice");
  cJSON *last = list && list->child ? list->child->prev : NULL; /* the first child's prev is the last */
  if (last && last->child->valuedouble + last->child->next->valuedouble >= pfn &&
      last->child->valuedouble + last->child->next->valuedouble <= pfn) {
    cJSON_SetNumberValue(last->child->next, last->child->next->valuedouble + count);
    return;
  }
  cJSON *pair = cJSON_CreateArray();
  cJSON_AddItemToArray(pair, cJSON_CreateNumber(pfn));
  cJSON_AddItemToArray(pair, cJSON_CreateNumber(count));
  cJSON_AddItemToArray(list, pair);
}

static void collect_warnings(struct pf_player *player, const struct pf_event *events, uint32_t count) {
  struct verifier *verifier = player->context;
  for (uint32_t i = 0; i < count; i++) {
    int is_twice = events[i].kind == PF_EV_WARN_RESERVED_TWICE;
    if (!is_twice && events[i].kind != PF_EV_WARN_ZONE_ALIGNMENT)
      continue;
    if (!verifier->warn)
      verifier->warn = cJSON_CreateObject();
    if (is_twice)
      warn_reserved_twice(verifier->warn, events[i].a, events[i].b);
    else
      cJSON_AddNumberToObject(verifier->warn, "zone_alignment", events[i].a);
  }
}

/* The results as a run file says them. `ret` is there where the operation returns something. */
static cJSON *results_json(struct verifier *verifier, const struct pf_run_line *line, const struct pf_result *result) {
  cJSON *object = cJSON_CreateObject();
  if (result->outcome == PF_OUTCOME_STALL)
    cJSON_AddStringToObject(object, "ret", "stall");
  else if (result->result != PF_RESULT_NONE)
    cJSON_AddNumberToObject(object, "ret", (double)result->value);
  else if (line->result != PF_RESULT_NONE)
    cJSON_AddNullToObject(object, "ret");
  if (result->outcome == PF_OUTCOME_BUG || result->outcome == PF_OUTCOME_OOPS || result->outcome == PF_OUTCOME_PANIC)
    cJSON_AddStringToObject(object, pf_outcome_name(result->outcome), pf_bug_text(result->bug));
  if (result->outcome == PF_OUTCOME_HANG)
    cJSON_AddTrueToObject(object, "hang");
  if (verifier->warn)
    cJSON_AddItemToObject(object, "warn", verifier->warn);
  verifier->warn = NULL;
  return object;
}

static void print_value(char text[200], const cJSON *value) {
  char *printed = value ? cJSON_PrintUnformatted(value) : NULL;
  int is_long = printed && strlen(printed) > 160;
  snprintf(text, 200, "%.160s%s", printed ? printed : "nothing", is_long ? "..." : "");
  cJSON_free(printed);
}

/* `side` says whose state it is: "model: ", "fold: " or "". */
static int report(struct verifier *verifier, uint32_t line, const char *side, const struct pf_difference *difference) {
  char expected[200], got[200];
  print_value(expected, difference->expected);
  print_value(got, difference->got);
  snprintf(verifier->difference, sizeof verifier->difference, "line %u: expected %s%s %s, got %s", line, side,
           difference->path, expected, got);
  return 1;
}

/* Does the line tell how the operation ended? */
static int has_results(const cJSON *recording) {
  static const char *const keys[] = {"ret", "bug", "oops", "panic", "hang", "warn"};
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    if (pf_json_member(recording, keys[i]))
      return 1;
  }
  return 0;
}

/* Both ways for what did not happen: nothing recorded means that nothing must have come. `ret` only where recorded. */
static int results_differ(struct verifier *verifier, uint32_t line, const cJSON *recording, const cJSON *results) {
  static const char *const keys[] = {"bug", "oops", "panic", "hang", "warn", "ret"};
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    const cJSON *expected = pf_json_member(recording, keys[i]);
    const cJSON *got = pf_json_member(results, keys[i]);
    struct pf_difference difference;
    if (!expected && (!got || strcmp(keys[i], "ret") == 0))
      continue;
    if (!pf_json_differs(expected, got, &difference)) {
      if (cJSON_Compare(expected, got, 1))
        continue;
      difference = (struct pf_difference){.expected = expected, .got = got}; /* a warning more than recorded */
    }
    char path[sizeof difference.path];
    int is_deeper = difference.path[0] != 0 && difference.path[0] != '[';
    snprintf(path, sizeof path, "%s%s%.100s", keys[i], is_deeper ? "." : "", difference.path);
    memcpy(difference.path, path, sizeof path);
    return report(verifier, line, "", &difference);
  }
  return 0;
}

/* ---------------------------------------------------------------- lines */

/* 1: differs; 2: the run ends here. */
static int verify_operation(struct verifier *verifier, const struct pf_run_line *line, struct pf_error *error) {
  struct pf_result result;
  if (pf_player_apply(&verifier->player, line, &result, error) < 0) {
    cJSON_Delete(verifier->warn);
    return -1;
  }
  cJSON *recording = pf_run_json(verifier->player.run, line);
  cJSON *results = results_json(verifier, line, &result);
  int differs = 0;
  if (verifier->player.run->is_golden || has_results(recording))
    differs = results_differ(verifier, line->op.line, recording, results);
  cJSON_Delete(recording);
  cJSON_Delete(results);
  return differs ? 1 : pf_player_stops(&verifier->player, &result) ? 2 : 0;
}

static int verify_check(struct verifier *verifier, const struct pf_run_line *line) {
  const struct {
    const char *side;
    const struct pf_structs *structs;
  } sides[] = {{"model: ", pf_engine_structs(verifier->player.engine)},
               {"fold: ", pf_map_structs(verifier->player.map)}};
  cJSON *check = pf_run_json(verifier->player.run, line);
  int differs = 0;
  for (size_t i = 0; i < 2 && !differs; i++) {
    struct pf_difference difference;
    cJSON *state = pf_state_json(sides[i].structs);
    if (pf_state_differs(check, state, &difference))
      differs = report(verifier, line->op.line, sides[i].side, &difference);
    cJSON_Delete(state);
  }
  cJSON_Delete(check);
  return differs;
}

static int verify_lines(struct verifier *verifier, struct pf_error *error) {
  const struct pf_run *run = verifier->player.run;
  for (size_t i = 0; i < run->nr_lines; i++) {
    const struct pf_run_line *line = &run->lines[i];
    int status = 0;
    *(line->kind == PF_LINE_CHECK ? &verifier->checks : &verifier->operations) += 1;
    if (line->kind == PF_LINE_OP)
      status = verify_operation(verifier, line, error);
    else if (line->kind == PF_LINE_CHECK)
      status = verify_check(verifier, line);
    if (status != 0)
      return status < 0 ? -1 : 0;
  }
  return 0;
}

/* ---------------------------------------------------------------- files */

static int verify_file(const char *path) {
  struct pf_error error;
  struct pf_run run;
  struct verifier verifier = {0};
  if (pf_run_read(path, &run, &error) < 0)
    return pf_complain(error.text);
  int status = pf_player_open(&verifier.player, &run, &error);
  if (status == 0) {
    verifier.player.show = collect_warnings;
    verifier.player.context = &verifier;
    status = verify_lines(&verifier, &error);
    pf_player_close(&verifier.player);
  }
  pf_run_free(&run);
  if (status < 0)
    return pf_complain(error.text);
  if (verifier.difference[0])
    printf("differs %s %s\n", path, verifier.difference);
  else
    printf("ok %s: %u operations, %u checks\n", path, verifier.operations, verifier.checks);
  return verifier.difference[0] ? PF_EXIT_DIFFERS : PF_EXIT_GOOD;
}

int pf_cmd_verify(int argc, char **argv) {
  int worst = PF_EXIT_GOOD;
  if (argc < 2 || argv[1][0] == '-')
    return pf_misuse("verify FILE...");
  for (int i = 1; i < argc; i++) {
    int code = verify_file(argv[i]);
    worst = code > worst ? code : worst;
    fflush(stdout); /* so that errors on stderr stand between the right lines */
  }
  return pf_written(worst);
}
