/*
 * Properties that hold for every machine and every list of operations. Each failing run prints its seed; PF_SEED=n runs
 * only that one. Every kernel of the table goes through all of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random_run.h"
#include "structs.h"

#define CHECKED_RUNS 160u
#define CHECKED_STEPS 1000u
#define RUNS 60u

/* All seeds, or the one that the environment asks for, on every kernel. */
static void for_each_run(uint64_t runs, void (*one)(uint32_t kernel, uint64_t seed)) {
  const char *only = getenv("PF_SEED");
  uint64_t first = only ? strtoull(only, NULL, 10) : 1, last = only ? first : runs;
  for (uint32_t kernel = 1; pf_kernel_info(kernel); kernel++)
    for (uint64_t seed = first; seed <= last; seed++)
      one(kernel, seed);
}

#define CHECK(r, condition)                                                                                            \
  do {                                                                                                                 \
    if (!(condition))                                                                                                  \
      fail_msg("%s, seed %llu, operation %u: %s", (r)->kernel->name, (unsigned long long)(r)->seed,                    \
               pf_engine_ops((r)->engine), #condition);                                                                \
  } while (0)

/* Law 1: what was folded from the events is, byte for byte, what the model holds. */
static int folded_is_model(const struct rr *r) {
  const struct pf_structs *model = pf_engine_structs(r->engine), *fold = pf_map_structs(r->map);
  return r->folded == PF_OK && memcmp(model, fold, model->bytes) == 0;
}

static uint32_t found(const struct rr *r, const struct pf_map *map) {
  struct pf_finding finding;
  uint8_t *scratch = rr_take(pf_structs_frames(pf_map_structs(map)) / 8 + 1);
  uint32_t kind = pf_check_map(map, scratch, &finding);
  if (kind)
    print_error("%s, seed %llu: %s (zone %u, list %u, pfn %u)\n", r->kernel->name, (unsigned long long)r->seed,
                pf_finding_text(kind), finding.zone, finding.list, finding.pfn);
  free(scratch);
  return kind;
}

static void check_correct(struct rr *r, const struct pf_op *op) {
  (void)op;
  CHECK(r, r->refused == 0);
  CHECK(r, folded_is_model(r));
  CHECK(r, found(r, r->map) == PF_FINDING_NONE);
}

/* Now and then a zone is large enough for per-CPU lists of more than a few frames. */
static void one_correct_run(uint32_t kernel, uint64_t seed) {
  struct rr *r = rr_new(kernel, seed, seed % 16 ? 1500 : 20000);
  rr_boot(r);
  r->after = check_correct;
  for (uint32_t i = 0; i < (seed % 16 ? CHECKED_STEPS : CHECKED_STEPS / 10); i++)
    rr_step(r);
  rr_free(r);
}

static void test_checker_and_fold_after_each_operation(void **state) {
  (void)state;
  for_each_run(CHECKED_RUNS, one_correct_run);
}

static void check_fold(struct rr *r, const struct pf_op *op) {
  (void)op;
  CHECK(r, folded_is_model(r));
}

static void misuse_now_and_then(struct rr *r, uint32_t steps) {
  for (uint32_t i = 0; i < steps; i++)
    if (rr_random(r, 12) == 0)
      rr_misuse(r);
    else
      rr_step(r);
}

/* Misuse breaks the allocator's data, but never the law, never us. */
static void one_wrong_run(uint32_t kernel, uint64_t seed) {
  struct rr *r = rr_new(kernel, seed, 1500);
  r->after = check_fold;
  rr_boot(r);
  misuse_now_and_then(r, 600);
  rr_free(r);
}

static void test_fold_follows_misuse(void **state) {
  (void)state;
  for_each_run(5 * RUNS, one_wrong_run);
}

/* The blocks of each list, as one byte a frame and list. Where there are pageblocks, their types change, and with them
 * lists and what merges beyond them: there it is a byte a frame and order, and larger blocks count as pageblocks. */
static void enter(const struct pf_structs *s, uint8_t *blocks, uint32_t pfn, uint32_t list) {
  uint32_t order = pf_list_order(s, list),
           most = s->pageblock_order && order > s->pageblock_order ? s->pageblock_order : order;
  for (uint32_t at = pfn; at < pfn + (1u << order); at += 1u << most)
    blocks[(size_t)at * s->nr_lists + (s->pageblock_order ? most : list)] = 1;
}

static uint8_t *collect(const struct rr *r) {
  const struct pf_structs *s = pf_engine_structs(r->engine);
  size_t size = (size_t)s->nr_frames * s->nr_lists;
  uint8_t *blocks = memset(rr_take(size), 0, size);
  for (uint32_t zone = 0; zone < s->nr_zones; zone++)
    for (uint32_t list = 0; list < s->nr_lists; list++) {
      uint32_t head = pf_head(s, zone, list);
      for (uint32_t at = pf_link_next(s, head); at != head; at = pf_link_next(s, at))
        enter(s, blocks, at, list);
    }
  return blocks;
}

/* What the lists hold, once no CPU keeps any frames for itself. */
static void one_restored_run(uint32_t kernel, uint64_t seed) {
  struct rr *r = rr_new(kernel, seed, 3000);
  rr_boot(r);
  rr_drain_cpus(r);
  size_t size = (size_t)pf_engine_structs(r->engine)->nr_frames * pf_engine_structs(r->engine)->nr_lists;
  uint8_t *before = collect(r);
  for (uint32_t i = 0; i < 500; i++)
    rr_step(r);
  uint8_t *between = collect(r);
  CHECK(r, r->nr_held == 0 || memcmp(before, between, size) != 0);
  rr_free_all(r);
  uint8_t *after = collect(r);
  CHECK(r, memcmp(before, after, size) == 0);
  free(before);
  free(between);
  free(after);
  rr_free(r);
}

static void test_freeing_everything_restores_the_lists(void **state) {
  (void)state;
  for_each_run(RUNS, one_restored_run);
}

/* The same machine and operations: the same bytes, also when the run goes on from a loaded snapshot. */
static void one_repeated_run(uint32_t kernel, uint64_t seed) {
  struct rr *a = rr_new(kernel, seed, 1500), *b = rr_new(kernel, seed, 1500);
  rr_boot(a);
  rr_boot(b);
  misuse_now_and_then(a, 200);
  misuse_now_and_then(b, 200);
  CHECK(a, pf_map_digest(a->map) == pf_map_digest(b->map));
  CHECK(a, memcmp(a->engine, b->engine, (size_t)pf_engine_bytes(a->engine)) == 0);
  struct rr *c = rr_load(a);
  CHECK(a, c != NULL);
  misuse_now_and_then(a, 200);
  misuse_now_and_then(c, 200);
  CHECK(a, pf_map_digest(a->map) == pf_map_digest(c->map));
  CHECK(a, memcmp(a->engine, c->engine, (size_t)pf_engine_bytes(a->engine)) == 0);
  CHECK(a, pf_map_digest(a->map) != pf_map_digest(b->map));
  rr_free(a);
  rr_free(b);
  rr_free(c);
}

static void test_snapshots_and_digests(void **state) {
  (void)state;
  for_each_run(RUNS, one_repeated_run);
}

/* A muted model is the same model. */
static void apply_muted(struct rr *r, const struct pf_op *op) {
  struct pf_engine *muted = r->context;
  struct pf_result result = {0};
  CHECK(r, pf_engine_apply(muted, op, NULL, &result) == r->status);
  CHECK(r, result.outcome == r->result.outcome && result.bug == r->result.bug);
  CHECK(r, result.result == r->result.result && result.value == r->result.value);
  CHECK(r, memcmp(muted, r->engine, (size_t)pf_engine_bytes(muted)) == 0);
}

static void one_muted_run(uint32_t kernel, uint64_t seed) {
  struct rr *r = rr_new(kernel, seed, 1500);
  r->context = rr_copy(r->engine, pf_engine_bytes(r->engine));
  r->after = apply_muted;
  rr_boot(r);
  misuse_now_and_then(r, 300);
  free(r->context);
  rr_free(r);
}

static void test_muted_equals_recorded(void **state) {
  (void)state;
  for_each_run(RUNS, one_muted_run);
}

/* A map made of a model's state says of every frame what the folded map says. */
static void one_map_of_engine(uint32_t kernel, uint64_t seed) {
  struct rr *r = rr_new(kernel, seed, 1500);
  uint64_t size = pf_map_bytes(r->map);
  struct pf_map *map = rr_take(size);
  rr_boot(r);
  for (uint32_t i = 0; i < seed * 5; i++)
    rr_step(r);
  assert_int_equal(pf_map_init(map, size, &r->machine, PF_LAYER_FRAMES | PF_LAYER_STRUCTURES), PF_OK);
  assert_int_equal(pf_map_of_engine(map, r->engine), PF_OK);
  for (uint32_t pfn = 0; pfn < pf_map_frames(map); pfn++) {
    struct pf_map_frame made, folded;
    assert_int_equal(pf_map_frame(map, pfn, &made), 1);
    assert_int_equal(pf_map_frame(r->map, pfn, &folded), 1);
    CHECK(r, made.state == folded.state);
    CHECK(r, made.state != PF_STATE_BUDDY || (made.head == folded.head && made.order == folded.order));
  }
  CHECK(r, found(r, map) == PF_FINDING_NONE);
  free(map);
  rr_free(r);
}

static void test_map_of_engine_equals_the_folded_map(void **state) {
  (void)state;
  for_each_run(RUNS, one_map_of_engine);
}

/* What the random runs are for is met in them. */
static void test_runs_meet_what_the_kernel_has(void **state) {
  static const uint32_t everywhere[] = {PF_EV_SPLIT,         PF_EV_MERGE, PF_EV_FREE_IGNORED, PF_EV_GIVEN_UP,
                                        PF_EV_LIMITS_LIFTED, PF_EV_BUG,   PF_EV_OOPS,         PF_EV_STALL};
  static const uint32_t with_pcp[] = {PF_EV_MOVED, PF_EV_LIST_ADD_TAIL, PF_EV_PCP_COUNT_SET};
  static const uint32_t with_two_lists[] = {PF_EV_PCP_REFILL, PF_EV_PCP_DRAIN, PF_EV_PCP_DRAIN_ALL, PF_EV_PCP_EMPTY};
  static const uint32_t with_types[] = {
      PF_EV_PCP_LIST_REFILL, PF_EV_PCP_OVERFLOW,     PF_EV_PCP_LIST_DRAIN,   PF_EV_PCP_DRAIN_CPU,  PF_EV_EXTFRAG,
      PF_EV_BLOCK_STOLEN,    PF_EV_PAGEBLOCK_STOLEN, PF_EV_TAIL_CHOSEN,      PF_EV_HIGHATOMIC_SET, PF_EV_MARK_RULE,
      PF_EV_COMPOUND_SET,    PF_EV_COMPOUND_CLEARED, PF_EV_REST_FREED,       PF_EV_BLOCK_CUT,      PF_EV_WARN_BAD_FRAME,
      PF_EV_BLOCK_LOST,      PF_EV_FREE_FACTOR_SET,  PF_EV_VM_STAT_DIFF_SET, PF_EV_TYPE_REMEMBERED};
  (void)state;
  for (uint32_t kernel = 1; pf_kernel_info(kernel); kernel++) {
    uint32_t seen[PF_NR_EVENTS] = {0};
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
      struct rr *r = rr_new(kernel, seed, 1500);
      rr_boot(r);
      misuse_now_and_then(r, 300);
      for (uint32_t kind = 0; kind < PF_NR_EVENTS; kind++)
        seen[kind] += r->seen[kind];
      rr_free(r);
    }
    for (uint32_t i = 0; i < sizeof everywhere / sizeof everywhere[0]; i++)
      if (seen[everywhere[i]] == 0)
        fail_msg("%s: no %s", pf_kernel_info(kernel)->name, pf_event_name(everywhere[i]));
    const struct pf_kernel_info *info = pf_kernel_info(kernel);
#define EXPECT_SEEN(events, where)                                                                                     \
  for (uint32_t i = 0; i < sizeof(events) / sizeof(events)[0]; i++)                                                    \
    if ((seen[(events)[i]] != 0) != (where))                                                                           \
  fail_msg("%s: %u of %s", info->name, seen[(events)[i]], pf_event_name((events)[i]))
    EXPECT_SEEN(with_pcp, info->nr_pcps != 0);
    EXPECT_SEEN(with_two_lists, info->nr_pcps == 2);
    EXPECT_SEEN(with_types, info->nr_types > 1);
#undef EXPECT_SEEN
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_checker_and_fold_after_each_operation),
      cmocka_unit_test(test_fold_follows_misuse),
      cmocka_unit_test(test_freeing_everything_restores_the_lists),
      cmocka_unit_test(test_snapshots_and_digests),
      cmocka_unit_test(test_muted_equals_recorded),
      cmocka_unit_test(test_map_of_engine_equals_the_folded_map),
      cmocka_unit_test(test_runs_meet_what_the_kernel_has),
  };
  return cmocka_run_group_tests_name("properties", tests, NULL, NULL);
}
