/* What the kernel did not notice is told: each kind of misuse, and nothing where there was none. First what is the same
 * on every kernel, then what each does in its own way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "map.h"
#include "random_run.h"

#define ATOMIC (run->gfp[1])

static struct rr *run;
static uint8_t scratch[4096];
static struct pf_trouble found[64];
static uint32_t nr_found;

static uint32_t kernel;

/* One zone of 512 frames. */
static int set_up(void **state) {
  (void)state;
  struct pf_machine machine = {.kernel = kernel, .nr_nodes = 1, .nr_cpus = 2, .nr_names = 4};
  machine.node[0].pages = 512;
  run = rr_on(&machine, 1);
  rr_boot_free(run, 512, 0, 0);
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

/* Two frames that are buddies, each somebody's own. The lower one; the other is the next. */
static uint32_t take_buddies(void) {
  bool taken[512] = {false};
  for (;;) {
    uint32_t pfn = take(0, 0);
    taken[pfn] = true;
    if (taken[pfn ^ 1])
      return pfn & ~1u;
  }
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

static void test_troubles_order_too_small(void **state) {
  (void)state;
  uint32_t pfn = take(3, 0);
  give(pfn, 2);
  expect(PF_TROUBLE_LOST, pfn + 4, 4);
  assert_int_equal(nr_found, 1);
  give(pfn + 4, 2); /* the other half: its first frame has no count */
  expect(PF_TROUBLE_LOST, pfn + 4, 4);
}

static void test_troubles_frame_not_aligned_to_the_order(void **state) {
  (void)state;
  uint32_t pfn = take_buddies() + 1;
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
  uint32_t low = take_buddies(), high = low + 1;
  give(low, 1);
  expect(PF_TROUBLE_FREE_YET_OWNED, high, 1);
  assert_int_equal(take(1, 0), low);
  expect(PF_TROUBLE_TWO_OWNERS, high, 1);
}

/* A reference and a free of a frame inside a free block: it is free twice. */
static void test_troubles_frame_in_two_places(void **state) {
  (void)state;
  uint32_t pfn = take(3, 0);
  give(pfn, 3);
  RR_CALL(run, PF_OP_GET_PAGE, pfn + 2);
  give(pfn + 2, 0);
  expect(PF_TROUBLE_TWO_LISTS, pfn + 2, 1);
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

/* On any machine, with the spare descriptors of however many nodes. */
static void test_troubles_scratch_is_large_enough(void **state) {
  (void)state;
  for (uint32_t nodes = 1; nodes <= PF_MAX_NODES; nodes++) {
    struct pf_machine machine = {.kernel = kernel, .nr_nodes = nodes, .numa = nodes > 1};
    for (uint32_t i = 0; i < nodes; i++)
      machine.node[i] = (struct pf_node_desc){.start_pfn = i * 64, .pages = 64 - nodes / 2};
    struct rr *r = rr_on(&machine, 1);
    uint32_t size = pf_map_frames(r->map) / 4 + 8;
    scratch[size] = 0xa5;
    assert_int_equal(pf_map_troubles(r->map, scratch, found, 64), 0);
    assert_int_equal(scratch[size], 0xa5);
    rr_free(r);
  }
}

/* Each kind of broken ring, made by hand, of every list that holds something. */
static void test_troubles_rings_by_hand(void **state) {
  (void)state;
  struct pf_structs *s = pf_map_structs_mutable(run->map);
  uint32_t lists = 0;
  for (uint32_t i = 0; i < 8; i++)
    take(0, 0);
  take(5, 0);
  for (uint32_t list = 0; list < s->nr_lists; list++) {
    uint32_t head = pf_head(s, 0, list), block = pf_frames(s)[head].next, next = pf_frames(s)[block].next;
    if (block == head)
      continue;
    pf_frames(s)[block].next = s->unlinked;
    expect(PF_TROUBLE_RING_NULL, block, 0);
    assert_int_equal(look(PF_TROUBLE_RING_NULL)->list, list);
    pf_frames(s)[block].next = block;
    expect(PF_TROUBLE_RING_LOOP, block, 0);
    pf_frames(s)[block].next = pf_head(s, 0, (list + 1) % s->nr_lists);
    expect(PF_TROUBLE_RING_ELSEWHERE, block, 0);
    pf_frames(s)[block].next = next;
    pf_frames(s)[head].next = PF_NULL;
    expect(PF_TROUBLE_RING_NULL, PF_NULL, 0);
    pf_frames(s)[head].next = block;
    lists++;
  }
  assert_true(lists > 3);
  assert_null(look(PF_NR_TROUBLES));
  assert_int_equal(nr_found, 0);
}

/* --- linux-2.4.20 ------------------------------------------------------------------------------------------------ */

/* The count only sinks. */
static void test_24_second_free(void **state) {
  (void)state;
  uint32_t pfn = take(0, 0);
  give(pfn, 0);
  give(pfn, 0);
  expect(PF_TROUBLE_BELOW_ZERO, pfn, 1);
  assert_int_equal(nr_found, 1);
}

/* An order past the last list: the counter grew for memory that never was. */
static void test_24_counter(void **state) {
  (void)state;
  rr_apply(run, &(struct pf_op){.kind = PF_OP_ALLOC_PAGES, .task = PF_TASK_MEMALLOC, .arg = {ATOMIC, 9, UINT64_MAX}});
  assert_int_equal(run->result.result, PF_RESULT_PFN);
  give(0, 10);
  assert_int_equal(run->result.outcome, PF_OUTCOME_BUG);
  expect(PF_TROUBLE_COUNTER, 1024, 0);
}

/* --- linux-2.6.10 ------------------------------------------------------------------------------------------------ */

static uint32_t hot_list(void) { return run->kernel->nr_orders; } /* of CPU 0 */
static uint32_t hot_count(void) {
  struct pf_pcp_view pcp;
  assert_int_equal(pf_pcp_view(pf_map_structs(run->map), 0, 0, 0, &pcp), 1);
  return pcp.count;
}

/* It notices, and nothing has changed. */
static void test_26_second_free(void **state) {
  (void)state;
  uint32_t pfn = take(0, 0);
  give(pfn, 0);
  give(pfn, 0);
  assert_int_equal(run->result.outcome, PF_OUTCOME_BUG);
  assert_int_equal(run->result.bug, PF_BUG_FREE_PAGES_COUNT_ZERO);
  assert_null(look(PF_NR_TROUBLES));
  assert_int_equal(nr_found, 0);
}

/* The neighbour is free, but on a CPU's list: now it is in the block as well, and gets two owners. */
static void test_26_order_too_large_over_a_cpus_frame(void **state) {
  (void)state;
  uint32_t low = take_buddies(), high = low + 1;
  give(high, 0);
  give(low, 1);
  expect(PF_TROUBLE_TWO_LISTS, high, 1);
  assert_int_equal(nr_found, 1);
  assert_int_equal(take(0, 0), high);
  assert_int_equal(take(1, 0), low);
  expect(PF_TROUBLE_TWO_OWNERS, high, 1);
}

/* A frame that is on a CPU's list already: the ring closes behind it, the counter goes on counting. */
static void test_26_free_hot_page_twice(void **state) {
  (void)state;
  uint32_t pfn = take(0, 0), count;
  take(0, 0); /* so that the list is not full */
  give(pfn, 0);
  count = hot_count();
  RR_CALL(run, PF_OP_FREE_HOT_PAGE, pfn);
  assert_int_equal(run->result.outcome, PF_OUTCOME_DONE);
  expect(PF_TROUBLE_RING_LOOP, pfn, 0);
  expect(PF_TROUBLE_PCP_COUNTER, count + 1, 1);
  assert_int_equal(look(PF_TROUBLE_PCP_COUNTER)->zone, 0);
  assert_int_equal(look(PF_TROUBLE_PCP_COUNTER)->list, hot_list());
  assert_int_equal(nr_found, 2);
}

/* Each of two CPUs has the frame on its list: both give it to somebody. */
static void test_26_frame_of_two_cpus(void **state) {
  (void)state;
  uint32_t pfn = take(0, 0);
  give(pfn, 0);
  run->cpu = 1;
  RR_CALL(run, PF_OP_FREE_HOT_PAGE, pfn);
  run->cpu = 0;
  assert_non_null(look(PF_TROUBLE_PCP_COUNTER));
  assert_int_equal(look(PF_TROUBLE_PCP_COUNTER)->list, hot_list());
  assert_non_null(look(PF_TROUBLE_RING_ELSEWHERE)); /* CPU 0's list leads to CPU 1's head */
  assert_int_equal(look(PF_TROUBLE_RING_ELSEWHERE)->list, hot_list());
  expect(PF_TROUBLE_TWO_LISTS, pfn, 1);
}

/* A CPU's list takes a frame that its new owner still holds: complained of, repaired, freed all the same. */
static void test_26_free_hot_page_of_anothers(void **state) {
  (void)state;
  uint32_t pfn = take(0, 1);
  give_name(1, 0);
  assert_int_equal(take(0, 2), pfn);
  rr_apply(run, &(struct pf_op){.kind = PF_OP_FREE_HOT_PAGE, .refs = 1, .arg = {0}});
  assert_int_equal(run->seen[PF_EV_WARN_BAD_PAGE], 1);
  expect(PF_TROUBLE_FREE_YET_OWNED, pfn, 1);
  assert_int_equal(take(0, 3), pfn);
  expect(PF_TROUBLE_TWO_OWNERS, pfn, 1);
}

/* The descriptor past the end of memory: a frame that is none, on DMA's hot list until somebody wants it. */
static void test_26_frame_past_the_end(void **state) {
  (void)state;
  take(0, 0); /* so that the list is not full */
  uint32_t count = hot_count();
  give(512, 0);
  assert_int_equal(run->result.outcome, PF_OUTCOME_DONE);
  assert_int_equal(run->seen[PF_EV_WARN_BAD_PAGE], 1);
  assert_int_equal(hot_count(), count + 1);
  assert_null(look(PF_NR_TROUBLES));
  assert_int_equal(nr_found, 0);
  RR_CALL(run, PF_OP_ALLOC_PAGES, ATOMIC, 0, UINT64_MAX);
  assert_int_equal(run->result.outcome, PF_OUTCOME_BUG);
  assert_int_equal(run->result.bug, PF_BUG_RMQUEUE_OUTSIDE);
}

/* Nothing is said: the count is -1, and forgotten when the frame is handed out again. */
static void test_61_second_free_of_a_frame(void **state) {
  (void)state;
  uint32_t pfn = take(0, 0);
  give(pfn, 0);
  give(pfn, 0);
  assert_int_equal(run->result.outcome, PF_OUTCOME_DONE);
  expect(PF_TROUBLE_BELOW_ZERO, pfn, 1);
  assert_int_equal(take(0, 0), pfn);
  assert_null(look(PF_TROUBLE_BELOW_ZERO));
}

/* The rest of the block is freed once more, in halves: it is in two places. */
static void test_61_second_free_of_a_block(void **state) {
  (void)state;
  uint32_t pfn = take(3, 0);
  give(pfn, 3);
  give(pfn, 3);
  assert_int_equal(run->result.outcome, PF_OUTCOME_DONE);
  assert_non_null(look(PF_TROUBLE_TWO_LISTS));
  expect(PF_TROUBLE_BELOW_ZERO, pfn, 1);
}

static void test_61_order_too_small(void **state) {
  (void)state;
  uint32_t pfn = take(3, 0);
  give(pfn, 2);
  expect(PF_TROUBLE_LOST, pfn + 4, 4);
}

/* The neighbour's reference gives it away: the block is reported, refused, and lost. */
static void test_61_order_too_large(void **state) {
  (void)state;
  uint32_t pfn = take_buddies();
  give(pfn, 1);
  assert_int_equal(run->seen[PF_EV_WARN_BAD_FRAME], 1);
  assert_int_equal(run->seen[PF_EV_BLOCK_LOST], 1);
  expect(PF_TROUBLE_LOST, pfn, 1);
}

/* With a reference too many it is freed again while it is first on its list: the list check stops the machine. */
static void test_61_frame_on_its_list_twice(void **state) {
  (void)state;
  uint32_t pfn = take(0, 0);
  give(pfn, 0);
  RR_CALL(run, PF_OP_GET_PAGE, pfn);
  give(pfn, 0);
  assert_int_equal(run->result.outcome, PF_OUTCOME_BUG);
  assert_int_equal(run->result.bug, PF_BUG_LIST_ADD_DOUBLE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(test_troubles_none_in_normal_life),     TEST(test_troubles_free_after_reallocation),
      TEST(test_troubles_frame_in_two_places),     TEST(test_troubles_rings_by_hand),
      TEST(test_troubles_scratch_is_large_enough),
  };
  /* Kernels that look neither at the frames that they take back nor at their lists. */
  const struct CMUnitTest tests_unchecked[] = {
      TEST(test_troubles_order_too_small),
      TEST(test_troubles_frame_not_aligned_to_the_order),
      TEST(test_troubles_order_too_large),
      TEST(test_troubles_real_double_insertion),
  };
  const struct CMUnitTest tests_24[] = {TEST(test_24_second_free), TEST(test_24_counter)};
  const struct CMUnitTest tests_26[] = {
      TEST(test_26_second_free),         TEST(test_26_order_too_large_over_a_cpus_frame),
      TEST(test_26_free_hot_page_twice), TEST(test_26_frame_of_two_cpus),
      TEST(test_26_frame_past_the_end),  TEST(test_26_free_hot_page_of_anothers),
  };
  int failed = 0;
  for (kernel = 1; pf_kernel_info(kernel); kernel++) {
    failed += cmocka_run_group_tests_name(pf_kernel_info(kernel)->name, tests, NULL, NULL);
    if (pf_kernel_info(kernel)->nr_types == 1)
      failed += cmocka_run_group_tests_name(pf_kernel_info(kernel)->name, tests_unchecked, NULL, NULL);
  }
  kernel = pf_kernel_find("linux-2.4.20");
  failed += cmocka_run_group_tests_name("linux-2.4.20 in its own way", tests_24, NULL, NULL);
  kernel = pf_kernel_find("linux-2.6.10");
  failed += cmocka_run_group_tests_name("linux-2.6.10 in its own way", tests_26, NULL, NULL);
  const struct CMUnitTest tests_61[] = {TEST(test_61_second_free_of_a_frame), TEST(test_61_second_free_of_a_block),
                                        TEST(test_61_order_too_small), TEST(test_61_order_too_large),
                                        TEST(test_61_frame_on_its_list_twice)};
  kernel = pf_kernel_find("linux-6.1");
  failed += cmocka_run_group_tests_name("linux-6.1 in its own way", tests_61, NULL, NULL);
  return failed;
}
