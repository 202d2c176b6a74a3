/* What no recorded run shows of linux-2.6.10's page allocator: spare descriptors where they are hard to reach, a list's
 * head taken for a frame, watermarks of 64 bits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "map.h"
#include "random_run.h"

#define ATOMIC (run->gfp[1])

static struct rr *run;

/* Nodes side by side, all of their memory DMA's. */
static void open_machine(uint32_t bits, uint32_t nodes, uint32_t pages) {
  struct pf_machine machine = {
      .kernel = pf_kernel_find("linux-2.6.10"), .nr_nodes = nodes, .numa = nodes > 1, .bits_per_long = bits};
  for (uint32_t i = 0; i < nodes; i++)
    machine.node[i] = (struct pf_node_desc){.start_pfn = i * pages, .pages = pages};
  run = rr_on(&machine, 1);
  run->task = PF_TASK_MEMALLOC; /* down to the last frame */
  for (uint32_t i = 0; i < nodes; i++)
    RR_CALL(run, PF_OP_FREE_AREA_INIT, i, i * pages, pages);
  RR_CALL(run, PF_OP_FREE_BOOT_RANGE, 0, nodes * pages);
}

static int close_machine(void **state) {
  (void)state;
  const struct pf_structs *s = pf_engine_structs(run->engine);
  assert_int_equal(run->folded, PF_OK);
  assert_memory_equal(s, pf_map_structs(run->map), s->bytes);
  rr_free(run);
  return 0;
}

static uint64_t take(uint32_t order, uint64_t node) {
  RR_CALL(run, PF_OP_ALLOC_PAGES, ATOMIC, order, node);
  return run->result.value;
}

static void take_all(uint32_t node, uint32_t frames) {
  for (uint32_t i = 0; i < frames; i++)
    take(0, node);
}

static int32_t count_of(uint32_t pfn) { return pf_frames_const(pf_engine_structs(run->engine))[pfn].count; }

/* Frees a block. The complaint about a bad page, or an event of no kind. */
static struct pf_event give(uint32_t pfn, uint32_t order) {
  struct pf_event events[64], warning = {0};
  struct pf_sink sink = {.events = events, .capacity = 64};
  const struct pf_op op = {.kind = PF_OP_FREE_PAGES_PAGE, .arg = {pfn, order}};
  assert_int_equal(pf_engine_apply(run->engine, &op, &sink, &run->result), PF_OK);
  assert_int_equal(pf_map_fold(run->map, events, sink.count, NULL), PF_OK);
  assert_int_equal(sink.dropped, 0);
  for (uint32_t i = 0; i < sink.count; i++)
    if (events[i].kind == PF_EV_WARN_BAD_PAGE)
      warning = events[i];
  return warning;
}

static void expect_warning(struct pf_event warning, uint32_t pfn, uint32_t count) {
  assert_int_equal(warning.kind, PF_EV_WARN_BAD_PAGE);
  assert_int_equal(warning.a, pfn);
  assert_int_equal(warning.b, count);
}

/* An order too large at the end of a node meets the spare descriptor of that node's memory map, once; the next node's
 * first frame, which somebody holds, is described elsewhere. */
static void test_block_past_the_end_of_a_node(void **state) {
  (void)state;
  open_machine(32, 2, 64);
  take_all(0, 128);
  assert_int_equal(count_of(64), 1);
  for (uint32_t node = 0; node < 2; node++) {
    uint32_t last = 64 * node + 63;
    expect_warning(give(last, 1), last + 1, 1);
    assert_int_equal(run->result.bug, PF_BUG_FREE_PAGES_NOT_ALIGNED);
    RR_CALL(run, PF_OP_GET_PAGE, last);
    assert_int_equal(give(last, 1).kind, PF_EV_NONE);
  }
  assert_int_equal(count_of(64), 1);
}

/* On its way from the free lists to a CPU's the spare descriptor is like any frame: only who gets it is stopped. */
static void test_spare_descriptor_in_the_free_lists(void **state) {
  (void)state;
  open_machine(32, 1, 64);
  take_all(0, 64);
  expect_warning(give(64, 0), 64, 0);
  give(5, 0);
  RR_CALL(run, PF_OP_DRAIN_LOCAL_PAGES, 0);
  assert_int_equal(pf_engine_structs(run->engine)->zone[0].free_pages, 2);
  assert_int_equal(take(0, 0), 5); /* one at a time, from the tail: 64 went to the free lists first */
  assert_int_equal(take(0, 0), 0);
  assert_int_equal(run->result.bug, PF_BUG_RMQUEUE_OUTSIDE);
  assert_int_equal(pf_engine_structs(run->engine)->zone[0].free_pages, 0);
}

/* Where a zone's size is odd, its last frame's buddy is the spare descriptor, and they merge. */
static void test_spare_descriptor_merges(void **state) {
  (void)state;
  open_machine(32, 1, 63);
  take_all(0, 63);
  give(62, 0);
  give(63, 0);
  RR_CALL(run, PF_OP_DRAIN_LOCAL_PAGES, 0);
  assert_int_equal(run->result.outcome, PF_OUTCOME_DONE);
  assert_int_equal(take(1, 0), 62);
  assert_int_equal(run->result.outcome, PF_OUTCOME_DONE);
}

/* A full list whose ring leads to another list's head: that is unlinked as a frame would be, before it is given. */
static void test_head_drained_as_a_frame(void **state) {
  (void)state;
  open_machine(32, 1, 64);
  take_all(0, 64);
  struct pf_structs *both[] = {(struct pf_structs *)(uintptr_t)pf_engine_structs(run->engine),
                               pf_map_structs_mutable(run->map)};
  uint32_t hot = pf_pcp_list(both[0], 0, 0, 0), cold = pf_pcp_list(both[0], 0, 0, 1);
  for (uint32_t i = 0; i < 2; i++) {
    pf_frames(both[i])[cold].prev = hot;
    pf_pcp(both[i], 0, 0)[1].count = 2;
  }
  RR_CALL(run, PF_OP_FREE_COLD_PAGE, 7);
  assert_int_equal(run->result.bug, PF_BUG_POISONED_LINK);
  assert_int_equal(pf_frames(both[0])[hot].next, PF_POISON);
  assert_int_equal(pf_pcp(both[0], 0, 0)[1].count, 2);
}

/* 5/4 and 6/4 of a mark are taken of a product that 64 bits hold, and that 32 bits cut. */
static void expect_marks(uint32_t bits, uint32_t min, uint32_t low, uint32_t high) {
  open_machine(bits, 1, 64);
  RR_CALL(run, PF_OP_SYSCTL, PF_SYSCTL_MIN_FREE_KBYTES, UINT32_MAX);
  struct pf_zone_view zone;
  assert_true(pf_zone_view(pf_engine_structs(run->engine), 0, &zone));
  assert_int_equal(zone.pages_min, min);
  assert_int_equal(zone.pages_low, low);
  assert_int_equal(zone.pages_high, high);
}

static void test_marks_with_64_bits(void **state) {
  (void)state;
  const uint32_t total = (1u << 30) - 1;
  expect_marks(64, total, (uint32_t)((uint64_t)total * 5 / 4), (uint32_t)((uint64_t)total * 6 / 4));
}

static void test_marks_with_32_bits(void **state) {
  (void)state;
  const uint32_t min = ((1u << 30) - 1) * 64u / 64; /* the only zone's share, of a product that was cut */
  expect_marks(32, min, min * 5 / 4, min * 6 / 4);
}

#define TEST(name) cmocka_unit_test_teardown(name, close_machine)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(test_block_past_the_end_of_a_node), TEST(test_spare_descriptor_in_the_free_lists),
      TEST(test_spare_descriptor_merges),      TEST(test_head_drained_as_a_frame),
      TEST(test_marks_with_64_bits),           TEST(test_marks_with_32_bits),
  };
  return cmocka_run_group_tests_name("page_alloc", tests, NULL, NULL);
}
