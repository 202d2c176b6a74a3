/*
 * pageframe verify FILE...: replays recorded runs. Every recorded result is compared, and each state twice: with the
 * model's own, and with what the events folded into.
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
  cJSON *warn;              /* what the running operation complained of, as a run file says it; NULL: nothing */
  cJSON *made;              /* the boot allocator's calls that the latest operation made on its own, as lines ... */
  const cJSON *next_made;   /* ... and the first of them that no line has told of */
  cJSON *extfrag;           /* the running operation's fallbacks; NULL: none */
  uint32_t bad_frames;      /* that the run has told of so far */
  cJSON *handed_out;        /* first frames of the blocks that it handed out */
  int is_live;              /* a recording of a running system, which has no fallbacks in it */
  struct pf_engine *before; /* as the run began, where its checks tell of counts and free marks; NULL: they do not */
  uint32_t maker;           /* that operation's line */
  uint32_t operations, checks;
  char difference[640]; /* "line N: expected ..., got ...", empty: none so far */
};

/* ---------------------------------------------------------------- differences */

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

/* What differs was found below `path`. */
static void set_below(struct pf_difference *difference, const char *path) {
  char whole[sizeof difference->path];
  int is_deeper = difference->path[0] != 0 && difference->path[0] != '[';
  snprintf(whole, sizeof whole, "%s%s%.60s", path, is_deeper ? "." : "", difference->path);
  memcpy(difference->path, whole, sizeof whole);
}

/* ---------------------------------------------------------------- what the events tell */

static cJSON *warnings(struct verifier *verifier) {
  if (!verifier->warn)
    verifier->warn = cJSON_CreateObject();
  return verifier->warn;
}

/* The list that a warning is. */
static cJSON *warning_list(struct verifier *verifier, const char *key) {
  cJSON *list = cJSON_GetObjectItemCaseSensitive(warnings(verifier), key);
  return list ? list : cJSON_AddArrayToObject(verifier->warn, key);
}

static void add_pair(cJSON *list, double first, double second) {
  cJSON *pair = cJSON_CreateArray();
  cJSON_AddItemToArray(pair, cJSON_CreateNumber(first));
  cJSON_AddItemToArray(pair, cJSON_CreateNumber(second));
  cJSON_AddItemToArray(list, pair);
}

/* Adds the frames to the list of those reserved twice; runs that touch become one. */
static void add_reserved_twice(cJSON *list, uint32_t pfn, uint32_t count) {
  cJSON *last = list && list->child ? list->child->prev : NULL; /* the first child's prev is the last */
  if (last && last->child->valuedouble + last->child->next->valuedouble >= pfn &&
      last->child->valuedouble + last->child->next->valuedouble <= pfn)
    cJSON_SetNumberValue(last->child->next, last->child->next->valuedouble + count);
  else
    add_pair(list, pfn, count);
}

/* A call of the boot allocator, as a line of its own would tell it. */
static void add_made(struct verifier *verifier, const struct pf_event *event) {
  cJSON *call = cJSON_CreateObject();
  cJSON_AddStringToObject(call, "op", pf_op_name(PF_OP_ALLOC_BOOTMEM));
  cJSON_AddNumberToObject(call, "size", event->c);
  cJSON_AddNumberToObject(call, "ret", (double)event->a * PF_PAGE_SIZE + event->t);
  cJSON_AddItemToArray(verifier->made, call);
}

/* A fallback: the block found, the order asked and found, the type asked and found. */
static void add_extfrag(struct verifier *verifier, const struct pf_event *event) {
  const uint32_t parts[] = {event->a, event->s, event->t, event->b, event->c};
  cJSON *fallback = cJSON_CreateArray();
  if (!verifier->extfrag)
    verifier->extfrag = cJSON_CreateArray();
  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
    cJSON_AddItemToArray(fallback, cJSON_CreateNumber(parts[i]));
  cJSON_AddItemToArray(verifier->extfrag, fallback);
}

/* After so many the kernel says nothing more for a minute, and no recorded run takes that long. */
#define BAD_FRAME_REPORTS 60u

static void add_bad_frame(struct verifier *verifier, const struct pf_event *event) {
  if (verifier->bad_frames++ >= BAD_FRAME_REPORTS)
    return;
  cJSON *pair = cJSON_CreateArray();
  cJSON_AddItemToArray(pair, cJSON_CreateNumber(event->a));
  cJSON_AddItemToArray(pair, cJSON_CreateString(pf_reason_text(event->s)));
  cJSON_AddItemToArray(warning_list(verifier, "bad_page"), pair);
}

static void collect(struct pf_player *player, const struct pf_event *events, uint32_t count) {
  struct verifier *verifier = player->context;
  for (uint32_t i = 0; i < count; i++) {
    const struct pf_event *event = &events[i];
    switch (event->kind) {
    case PF_EV_WARN_RESERVED_TWICE:
      add_reserved_twice(warning_list(verifier, "reserved_twice"), event->a, event->b);
      break;
    case PF_EV_WARN_ZONE_ALIGNMENT:
      cJSON_AddNumberToObject(warnings(verifier), "zone_alignment", event->a);
      break;
    case PF_EV_WARN_BAD_PAGE:
      add_pair(warning_list(verifier, "bad_page"), event->a, (int32_t)event->b);
      break;
    case PF_EV_WARN_BAD_FRAME:
      add_bad_frame(verifier, event);
      break;
    case PF_EV_EXTFRAG:
      add_extfrag(verifier, event);
      break;
    case PF_EV_HANDED_OUT:
      if (verifier->handed_out)
        cJSON_AddItemToArray(verifier->handed_out, cJSON_CreateNumber(event->a));
      break;
    case PF_EV_WARN_ALLOC_FAILED:
      cJSON_AddTrueToObject(warnings(verifier), "alloc_failed");
      break;
    case PF_EV_BOOT_HANDED_OUT:
      add_made(verifier, event);
      break;
    default:
      break;
    }
  }
}

/* ---------------------------------------------------------------- results */

/* `ret` as a run file says it; NULL where the operation returns nothing. */
static cJSON *ret_json(struct verifier *verifier, const struct pf_run_line *line, const struct pf_result *result) {
  cJSON *frames = verifier->handed_out;
  if (frames && line->result == PF_RESULT_PFNS) {
    verifier->handed_out = NULL;
    return frames;
  }
  if (result->outcome == PF_OUTCOME_STALL)
    return cJSON_CreateString("stall");
  if (result->result == PF_RESULT_BOOL)
    return cJSON_CreateBool(result->value != 0);
  if (result->result != PF_RESULT_NONE)
    return cJSON_CreateNumber((double)result->value);
  return line->result != PF_RESULT_NONE ? cJSON_CreateNull() : NULL;
}

/* The results as a run file says them. */
static cJSON *results_json(struct verifier *verifier, const struct pf_run_line *line, const struct pf_result *result) {
  cJSON *object = cJSON_CreateObject();
  cJSON *ret = ret_json(verifier, line, result);
  if (ret)
    cJSON_AddItemToObject(object, "ret", ret);
  if (result->outcome == PF_OUTCOME_BUG || result->outcome == PF_OUTCOME_OOPS || result->outcome == PF_OUTCOME_PANIC)
    cJSON_AddStringToObject(object, pf_outcome_name(result->outcome), pf_bug_text(result->bug));
  if (result->outcome == PF_OUTCOME_HANG)
    cJSON_AddTrueToObject(object, "hang");
  if (verifier->warn)
    cJSON_AddItemToObject(object, "warn", verifier->warn);
  if (verifier->extfrag)
    cJSON_AddItemToObject(object, "extfrag", verifier->extfrag);
  verifier->warn = verifier->extfrag = NULL;
  return object;
}

/* Does the line tell how the operation ended? Else nothing of it is compared, unless it is a recording's. */
static int has_results(const struct verifier *verifier, const cJSON *recording) {
  static const char *const keys[] = {"ret", "bug", "oops", "panic", "hang", "warn", "extfrag"};
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    if (pf_json_member(recording, keys[i]))
      return 1;
  }
  return verifier->player.run->is_golden != 0;
}

/* Both ways for what did not happen: nothing recorded means that nothing must have come. `ret` only where recorded. */
static int results_differ(struct verifier *verifier, uint32_t line, const cJSON *recording, const cJSON *results) {
  static const char *const keys[] = {"bug", "oops", "panic", "hang", "warn", "extfrag", "ret"};
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    const cJSON *expected = pf_json_member(recording, keys[i]);
    const cJSON *got = pf_json_member(results, keys[i]);
    struct pf_difference difference;
    int is_unsaid = strcmp(keys[i], "ret") == 0 || (verifier->is_live && strcmp(keys[i], "extfrag") == 0);
    if (!expected && (!got || is_unsaid))
      continue;
    if (!pf_json_differs(expected, got, &difference)) {
      if (cJSON_Compare(expected, got, 1))
        continue;
      difference = (struct pf_difference){.expected = expected, .got = got}; /* a warning more than recorded */
    }
    set_below(&difference, keys[i]);
    return report(verifier, line, "", &difference);
  }
  return 0;
}

/* ---------------------------------------------------------------- states */

/* How a recorded line differs from a state: 1 and *difference, or 0. */
typedef int differs_from(const cJSON *recording, const cJSON *state, struct pf_difference *difference);

/* What only a line tells, and no state has. */
static void forget_what_is_told(cJSON *recording) {
  static const char *const keys[] = {"start_pfn", "spanned", "present", "reserved", "lru", "page_count_runs", "held"};
  cJSON *zone;
  cJSON_DeleteItemFromObjectCaseSensitive(recording, "chosen");
  cJSON_ArrayForEach(zone, cJSON_GetObjectItemCaseSensitive(recording, "zones")) {
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
      cJSON_DeleteItemFromObjectCaseSensitive(zone, keys[i]);
  }
}

/* Holds a line against the state of the model, then of the fold. */
static int states_differ(struct verifier *verifier, const struct pf_run_line *line,
                         cJSON *(*state_json)(const struct pf_structs *), differs_from *differs) {
  const struct {
    const char *side;
    const struct pf_structs *structs;
  } sides[] = {{"model: ", pf_engine_structs(verifier->player.engine)},
               {"fold: ", pf_map_structs(verifier->player.map)}};
  cJSON *recording = pf_run_json(verifier->player.run, line);
  int is_different = 0;
  forget_what_is_told(recording);
  for (size_t i = 0; i < 2 && !is_different; i++) {
    struct pf_difference difference;
    cJSON *state = state_json(sides[i].structs);
    if (verifier->before && line->kind == PF_LINE_CHECK)
      pf_state_add_misuse(state, sides[i].structs, pf_engine_structs(verifier->before));
    if (differs(recording, state, &difference))
      is_different = report(verifier, line->op.line, sides[i].side, &difference);
    cJSON_Delete(state);
  }
  cJSON_Delete(recording);
  return is_different;
}

/* The watermarks and protection that an operation says it has left. */
static int settings_differ(const cJSON *recording, const cJSON *settings, struct pf_difference *difference) {
  static const char *const keys[] = {"min_free_kbytes", "zones"};
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    const cJSON *expected = pf_json_member(recording, keys[i]);
    if (expected && pf_json_differs(expected, pf_json_member(settings, keys[i]), difference)) {
      set_below(difference, keys[i]);
      return 1;
    }
  }
  return 0;
}

/* The settings of a zone by node and name; NULL: it is not set up. */
static const cJSON *zone_settings(const cJSON *settings, uint32_t node, const cJSON *name) {
  const cJSON *zone;
  cJSON_ArrayForEach(zone, pf_json_member(settings, "zones")) {
    if (pf_json_member(zone, "node")->valuedouble == node && cJSON_Compare(pf_json_member(zone, "zone"), name, 1))
      return zone;
  }
  return NULL;
}

/* The limits of the per-CPU lists that the header gives, of the zones that are set up. */
static int header_differs(const cJSON *header, const cJSON *settings, struct pf_difference *difference) {
  const cJSON *node, *zone;
  uint32_t i = 0;
  cJSON_ArrayForEach(node, pf_json_member(pf_json_member(header, "machine"), "nodes")) {
    uint32_t j = 0;
    cJSON_ArrayForEach(zone, pf_json_member(node, "zones")) {
      const cJSON *limits = pf_json_member(zone, "pcp"),
                  *set = zone_settings(settings, i, pf_json_member(zone, "name"));
      if (limits && set && pf_json_differs(limits, pf_json_member(set, "pcp"), difference)) {
        char path[64];
        snprintf(path, sizeof path, "machine.nodes[%u].zones[%u].pcp", i, j);
        set_below(difference, path);
        return 1;
      }
      j++;
    }
    i++;
  }
  return 0;
}

/* ---------------------------------------------------------------- lines */

/* What the operation made on its own. Its own allocation is no such call. */
static void begin_made(struct verifier *verifier, const struct pf_run_line *line) {
  cJSON_Delete(verifier->made);
  verifier->made = cJSON_CreateArray();
  cJSON_Delete(verifier->handed_out);
  verifier->handed_out = line->result == PF_RESULT_PFNS ? cJSON_CreateArray() : NULL;
  verifier->maker = line->op.line;
}

static void settle_made(struct verifier *verifier, const struct pf_run_line *line) {
  verifier->next_made = verifier->made && line->result != PF_RESULT_ADDR ? verifier->made->child : NULL;
}

/* 1: differs; 2: the run ends here. */
static int verify_operation(struct verifier *verifier, const struct pf_run_line *line, struct pf_error *error) {
  struct pf_result result;
  begin_made(verifier, line);
  if (pf_player_apply(&verifier->player, line, &result, error) < 0)
    return -1;
  settle_made(verifier, line);
  cJSON *recording = pf_run_json(verifier->player.run, line);
  cJSON *results = results_json(verifier, line, &result);
  int differs = has_results(verifier, recording) && results_differ(verifier, line->op.line, recording, results);
  int has_settings = pf_json_member(recording, "zones") || pf_json_member(recording, "min_free_kbytes");
  cJSON_Delete(recording);
  cJSON_Delete(results);
  if (!differs && has_settings)
    differs = states_differ(verifier, line, pf_settings_json, settings_differ);
  if (!differs && line->op.kind == PF_OP_FREE_AREA_INIT && verifier->player.run->is_golden)
    differs = states_differ(verifier, &verifier->player.run->header, pf_settings_json, header_differs);
  return differs ? 1 : pf_player_stops(&verifier->player, &result) ? 2 : 0;
}

/* A call that the operation above made: it must be the next one that the model's operation made. What failed has handed
 * out nothing. */
static int verify_made(struct verifier *verifier, const struct pf_run_line *line) {
  static const char *const keys[] = {"op", "size", "ret"};
  cJSON *recording = pf_run_json(verifier->player.run, line);
  const cJSON *made = verifier->next_made;
  int differs = 0;
  if (has_results(verifier, recording) && !cJSON_IsNull(pf_json_member(recording, "ret"))) {
    struct pf_difference difference = {"made", recording, NULL};
    differs = !made && report(verifier, line->op.line, "", &difference);
    for (size_t i = 0; made && !differs && i < sizeof keys / sizeof keys[0]; i++) {
      const cJSON *expected = pf_json_member(recording, keys[i]);
      if (expected && pf_json_differs(expected, pf_json_member(made, keys[i]), &difference)) {
        set_below(&difference, keys[i]);
        differs = report(verifier, line->op.line, "made ", &difference);
      }
    }
    verifier->next_made = made ? made->next : NULL;
  }
  cJSON_Delete(recording);
  return differs;
}

/* The lines below an operation of a recording have told of all calls that it made. */
static int verify_all_told(struct verifier *verifier) {
  const struct pf_difference difference = {"made", NULL, verifier->next_made};
  verifier->next_made = NULL;
  return difference.got && verifier->player.run->is_golden && report(verifier, verifier->maker, "", &difference);
}

/* The zones that a node's requests go to, in order, as [node, zone]. */
static cJSON *zonelist_json(const struct pf_structs *structs, uint32_t node) {
  const struct pf_kernel_info *kernel = pf_kernel_info(pf_structs_kernel(structs));
  uint32_t order[PF_MAX_NODES];
  cJSON *list = cJSON_CreateArray();
  pf_node_order(structs, node, order);
  for (uint32_t i = 0; i < pf_structs_nodes(structs); i++)
    for (uint32_t type = kernel->nr_zone_types; type-- > 0;) {
      struct pf_zone_view zone;
      if (!pf_zone_view(structs, order[i] * kernel->nr_zone_types + type, &zone) || !zone.managed)
        continue;
      cJSON *pair = cJSON_CreateArray();
      cJSON_AddItemToArray(pair, cJSON_CreateNumber(order[i]));
      cJSON_AddItemToArray(pair, cJSON_CreateString(kernel->zone_names[type]));
      cJSON_AddItemToArray(list, pair);
    }
  return list;
}

/* Those that the header gives. */
static int zonelists_differ(struct verifier *verifier) {
  const struct pf_run *run = verifier->player.run;
  cJSON *header = pf_run_json(run, &run->header);
  const cJSON *node;
  uint32_t i = 0;
  int is_different = 0;
  cJSON_ArrayForEach(node, pf_json_member(pf_json_member(header, "machine"), "nodes")) {
    struct pf_difference difference;
    const cJSON *expected = pf_json_member(node, "zonelist");
    cJSON *got = zonelist_json(pf_engine_structs(verifier->player.engine), i);
    if (expected && !is_different && pf_json_differs(expected, got, &difference)) {
      char path[64];
      snprintf(path, sizeof path, "machine.nodes[%u].zonelist", i);
      set_below(&difference, path);
      is_different = report(verifier, run->header.op.line, "model: ", &difference);
    }
    cJSON_Delete(got);
    i++;
  }
  cJSON_Delete(header);
  return is_different;
}

/* The beginning is a state like any other: told to both, they must hold it. */
static int begin_with_state(struct verifier *verifier, const struct pf_run_line *line, struct pf_error *error) {
  if (pf_player_tell(&verifier->player, line, error) < 0)
    return -1;
  cJSON *recording = pf_run_json(verifier->player.run, line);
  const cJSON *zones = pf_json_member(recording, "zones");
  int tells_counts = pf_json_member(zones ? zones->child : NULL, "page_count_runs") != NULL;
  cJSON_Delete(recording);
  if (tells_counts) {
    size_t size = (size_t)pf_engine_bytes(verifier->player.engine);
    verifier->before = malloc(size);
    if (!verifier->before)
      return pf_fail(error, "%s: not enough memory", verifier->player.run->path);
    memcpy(verifier->before, verifier->player.engine, size);
  }
  return zonelists_differ(verifier) ? 1 : states_differ(verifier, line, pf_state_json, pf_state_differs);
}

static int verify_line(struct verifier *verifier, const struct pf_run_line *line, struct pf_error *error) {
  verifier->checks += line->kind == PF_LINE_CHECK;
  verifier->operations += line->kind == PF_LINE_OP || line->kind == PF_LINE_MADE;
  if (line->kind == PF_LINE_MADE)
    return verify_made(verifier, line);
  if (verify_all_told(verifier))
    return 1;
  if (line->kind == PF_LINE_STATE)
    return begin_with_state(verifier, line, error);
  if (line->kind == PF_LINE_OP)
    return verify_operation(verifier, line, error);
  int differs = states_differ(verifier, line, pf_state_json, pf_state_differs);
  return differs ? differs : pf_player_tell(&verifier->player, line, error);
}

static int verify_lines(struct verifier *verifier, struct pf_error *error) {
  const struct pf_run *run = verifier->player.run;
  int status = 0;
  cJSON *header = pf_run_json(run, &run->header);
  const char *suite = cJSON_GetStringValue(pf_json_member(header, "suite"));
  verifier->is_live = suite && strcmp(suite, "live") == 0;
  cJSON_Delete(header);
  for (size_t i = 0; i < run->nr_lines && status == 0; i++)
    status = verify_line(verifier, &run->lines[i], error);
  if (status == 0)
    verify_all_told(verifier);
  cJSON_Delete(verifier->warn);
  cJSON_Delete(verifier->made);
  cJSON_Delete(verifier->extfrag);
  cJSON_Delete(verifier->handed_out);
  free(verifier->before);
  return status < 0 ? -1 : 0;
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
    verifier.player.show = collect;
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
