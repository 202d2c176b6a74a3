/* What the kernel did not notice is told: each kind of misuse, and nothing where there was none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "map.h"
#include "random_run.h"

#define ATOMIC (run->gfp[1])

static struct rr *run;
static uint8_t scratch[4096];
static struct pf_trouble found[64];
static uint32_t nr_found;

static int set_up(void **state) {
  (void)state;
  run = calloc(1, sizeof *run);
  run->machine = (struct pf_machine){.kernel = pf_kernel_find("linux-2.4.20"), .nr_nodes = 1, .nr_names = 4};
  run->machine.node[0].pages = 512;
  rr_open(run);
  RR_CALL(run, PF_OP_FREE_AREA_INIT, 0, 0, 512, 0, 0);
  RR_CALL(run, PF_OP_FREE_BOOT_RANGE, 0, 512, 0);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  rr_free(run);
  return 0;
}

static uint32_t take(uint32_t order, uint32_t as) {
  rr_apply(run, &(struct pf_op){.kind = PF_OP_ALLOC_PAGES, .as = as, .arg = {ATOMIC, order, UINT64_MAX}});
  assert_int_equal(run->result.result, PF_RESULT_PFN);
  return (uint32_t)run->result.value;
}

static void give(uint32_t pfn, uint32_t order) { RR_CALL(run, PF_OP_FREE_PAGES_PAGE, pfn, order); }
static void give_name(uint32_t name, uint32_t order) {
  rr_apply(run, &(struct pf_op){.kind = PF_OP_FREE_PAGES_PAGE, .refs = 1, .arg = {name - 1, order}});
}

static const struct pf_trouble *look(uint32_t kind) {
  nr_found = pf_map_troubles(run->map, scratch, found, 64);
  for (uint32_t i = 0; i < nr_found && i < 64; i++)
    if (found[i].kind == kind)
      return &found[i];
  return NULL;
}

static void expect(uint32_t kind, uint32_t pfn, uint32_t count) {
  const struct pf_trouble *trouble = look(kind);
  assert_non_null(trouble);
  assert_int_equal(trouble->pfn, pfn);
  assert_int_equal(trouble->count, count);
}

static void test_troubles_none_in_normal_life(void **state) {
  (void)state;
  for (uint32_t i = 0; i < 500; i++)
    rr_step(run);
  assert_null(look(PF_NR_TROUBLES));
  assert_int_equal(nr_found, 0);
}

static void test_troubles_second_free(void **state) {
  (void)state;
  uint32_t pfn = take(0, 0);
  give(pfn, 0);
  give(pfn, 0);
  expect(PF_TROUBLE_BELOW_ZERO, pfn, 1);
  assert_int_equal(nr_found, 1);
}

static void test_troubles_order_too_small(void **state) {
  (void)state;
  uint32_t pfn = take(3, 0);
  give(pfn, 2);
  expect(PF_TROUBLE_LOST, pfn + 4, 4);
  assert_int_equal(nr_found, 1);
  give(pfn + 4, 2); /* the other half: its first frame's count only sinks */
  expect(PF_TROUBLE_LOST, pfn + 4, 4);
}

static void test_troubles_frame_not_aligned_to_the_order(void **state) {
  (void)state;
  uint32_t pfn = take(0, 0);
  assert_int_equal(pfn % 2, 1);
  give(pfn, 1);
  assert_int_equal(run->result.outcome, PF_OUTCOME_BUG);
  expect(PF_TROUBLE_LOST, pfn, 1);
}

/* A free by a name whose allocation was given back before: the frame has another owner, who is not asked. */
static void test_troubles_free_after_reallocation(void **state) {
  (void)state;
  uint32_t pfn = take(0, 1);
  give_name(1, 0);
  assert_int_equal(take(0, 2), pfn);
  give_name(1, 0);
  expect(PF_TROUBLE_FREE_YET_OWNED, pfn, 1);
  assert_int_equal(take(0, 3), pfn);
  expect(PF_TROUBLE_TWO_OWNERS, pfn, 1);
  give_name(2, 0);
  expect(PF_TROUBLE_FREE_YET_OWNED, pfn, 1);
}

/* An order too large frees a neighbour that somebody holds. */
static void test_troubles_order_too_large(void **state) {
  (void)state;
  uint32_t high = take(0, 0), low = take(0, 0);
  assert_int_equal(high, low + 1);
  give(low, 1);
  expect(PF_TROUBLE_FREE_YET_OWNED, high, 1);
  assert_int_equal(take(1, 0), low);
  expect(PF_TROUBLE_TWO_OWNERS, high, 1);
}

/* An order past the last list: the counter grew for memory that never was. */
static void test_troubles_counter(void **state) {
  (void)state;
  rr_apply(run, &(struct pf_op){.kind = PF_OP_ALLOC_PAGES, .task = PF_TASK_MEMALLOC, .arg = {ATOMIC, 9, UINT64_MAX}});
  assert_int_equal(run->result.result, PF_RESULT_PFN);
  give(0, 10);
  assert_int_equal(run->result.outcome, PF_OUTCOME_BUG);
  expect(PF_TROUBLE_COUNTER, 1024, 0);
}

/* A reference and a free of a listed frame: listed again, or a "merge" with a buddy in use. */
static void test_troubles_real_double_insertion(void **state) {
  (void)state;
  bool twice = false, broken = false;
  for (uint32_t i = 0; i < 40; i++) {
    uint32_t order = i % 3, a = take(order, 0), b = take(order, 0);
    give(a, order);
    RR_CALL(run, PF_OP_GET_PAGE, a);
    give(a, order);
    give(b, order);
    twice |= look(PF_TROUBLE_TWO_LISTS) != NULL;
    broken |= look(PF_TROUBLE_RING_NULL) || look(PF_TROUBLE_RING_LOOP) || look(PF_TROUBLE_RING_ELSEWHERE);
    tear_down(NULL);
    set_up(NULL);
    for (uint32_t n = 0; n < i; n++) /* another surrounding each time */
      take(n % 4, 0);
  }
  assert_true(twice);
  assert_true(broken);
}

/* Each kind of broken ring, made by hand. */
static void test_troubles_rings_by_hand(void **state) {
  (void)state;
  struct pf_structs *s = pf_map_structs_mutable(run->map);
  for (uint32_t i = 0; i < 8; i++)
    take(0, 0);
  take(5, 0);
  uint32_t head = pf_head(s, 0, 6), block = pf_frames(s)[head].next;
  assert_true(block < s->nr_frames);
  pf_frames(s)[block].next = PF_NULL;
  expect(PF_TROUBLE_RING_NULL, block, 0);
  pf_frames(s)[block].next = block;
  expect(PF_TROUBLE_RING_LOOP, block, 0);
  pf_frames(s)[block].next = pf_head(s, 0, 7);
  expect(PF_TROUBLE_RING_ELSEWHERE, block, 0);
  pf_frames(s)[head].next = PF_NULL;
  expect(PF_TROUBLE_RING_NULL, PF_NULL, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_troubles_none_in_normal_life, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_troubles_second_free, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_troubles_order_too_small, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_troubles_frame_not_aligned_to_the_order, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_troubles_free_after_reallocation, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_troubles_order_too_large, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_troubles_counter, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_troubles_real_double_insertion, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_troubles_rings_by_hand, set_up, tear_down),
  };
  return cmocka_run_group_tests_name("trouble", tests, NULL, NULL);
}
