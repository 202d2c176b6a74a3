/* What the page's example runs claim, carried out by the kernels that they are about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "player.h"

#define EXAMPLES PAGEFRAME_SOURCE_DIR "/web/public/examples/"
#define HUGE_ORDER 9
#define MANY 4000
#define MOST_OPERATIONS 3000

static const char *const kernels[] = {"linux-2.4.20", "linux-2.6.10", "linux-6.1"};

/* A run as a kernel carried it out: how each operation ended. */
struct played {
  struct pf_run run;
  struct pf_result results[MANY];
  uint32_t complained; /* of bad frames */
};

static void count_complaints(struct pf_player *player, const struct pf_event *events, uint32_t count) {
  struct played *played = player->context;
  for (uint32_t i = 0; i < count; i++)
    played->complained += events[i].kind == PF_EV_WARN_BAD_FRAME;
}

/* The run file as if its header named another kernel. */
static struct pf_text text_for(const char *path, const char *kernel) {
  static char file[1 << 20];
  FILE *in = fopen(path, "r");
  assert_non_null(in);
  size_t size = fread(file, 1, sizeof file - 1, in);
  fclose(in);
  file[size] = '\0';
  char *name = strstr(file, kernels[0]);
  assert_non_null(name);
  *name = '\0';
  struct pf_text text = {NULL, 0};
  int length = asprintf(&text.bytes, "%s%s%s", file, kernel, name + strlen(kernels[0]));
  assert_true(length > 0);
  text.size = (size_t)length;
  return text;
}

static struct played *play(const char *example, const char *kernel) {
  struct played *played = calloc(1, sizeof *played);
  struct pf_player player;
  struct pf_error error = {""};
  char path[1024];
  snprintf(path, sizeof path, EXAMPLES "%s.jsonl", example);
  if (pf_run_parse(path, text_for(path, kernel), &played->run, &error) < 0 ||
      pf_player_open(&player, &played->run, &error) < 0)
    fail_msg("%s", error.text);
  assert_true(played->run.nr_lines <= MANY);
  player.show = count_complaints;
  player.context = played;
  for (size_t i = 0; i < played->run.nr_lines; i++)
    if (pf_player_apply(&player, &played->run.lines[i], &played->results[i], &error) < 0)
      fail_msg("%s", error.text);
  pf_player_close(&player);
  return played;
}

static void put(struct played *played) {
  pf_run_free(&played->run);
  free(played);
}

static uint32_t asks_for_huge(const struct pf_op *op) {
  return op->kind == PF_OP_ALLOC_PAGES && op->arg[1] == HUGE_ORDER;
}

/* Beside the requests for large blocks, none fails; of those each fails at first where `fails`, and none once all is
 * free. */
static void check_eras(const struct played *played, int fails) {
  uint32_t asked = 0, half = 8;
  for (size_t i = 0; i < played->run.nr_lines; i++) {
    const struct pf_op *op = &played->run.lines[i].op;
    uint32_t outcome = played->results[i].outcome;
    int is_first = asks_for_huge(op) && asked++ < half;
    if (is_first && fails)
      assert_int_equal(outcome, PF_OUTCOME_FAILED);
    else if (outcome != PF_OUTCOME_NOTHING)
      assert_int_equal(outcome, PF_OUTCOME_DONE);
  }
  assert_int_equal(asked, 2 * half);
}

static void test_three_eras_fail_where_types_are_mixed(void **state) {
  (void)state;
  for (size_t i = 0; i < 3; i++) {
    struct played *played = play("three-eras", kernels[i]);
    assert_true(played->run.nr_operations < MOST_OPERATIONS);
    assert_int_equal(played->run.machine.node[0].pages, 96u << 8);
    assert_int_equal(played->run.lines[0].op.kind, PF_OP_BOOT);
    check_eras(played, i < 2);
    put(played);
  }
}

/* The kernels differ in what they have only where the run does not look: all operations are carried out by all. */
static void test_double_free_ends_otherwise_in_each(void **state) {
  (void)state;
  static const uint32_t bugs[3][14] = {
      {0}, {[3] = PF_BUG_FREE_PAGES_COUNT_ZERO, [9] = PF_BUG_FREE_PAGES_COUNT_ZERO}, {[12] = PF_BUG_LIST_ADD_DOUBLE}};
  for (size_t i = 0; i < 3; i++) {
    struct played *played = play("double-free", kernels[i]);
    assert_int_equal(played->run.nr_lines, 14);
    for (size_t j = 0; j < 14; j++)
      assert_int_equal(played->results[j].bug, bugs[i][j]);
    assert_int_equal(played->complained, i == 2);
    put(played);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_three_eras_fail_where_types_are_mixed),
      cmocka_unit_test(test_double_free_ends_otherwise_in_each),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
