/*
 * Properties that hold for every machine and every list of operations. Each failing run prints its seed; PF_SEED=n runs
 * only that one. One table of kernels: every model goes through all of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "random_run.h"
#include "structs.h"

#define CHECKED_OPERATIONS 200000u
#define RUNS 200u

static const char *const kernels[] = {"linux-2.4.20"};

static uint64_t first_seed(void) {
  const char *seed = getenv("PF_SEED");
  return seed ? strtoull(seed, NULL, 10) : 1;
}

#define CHECK(r, seed, condition)                                                                                      \
  do {                                                                                                                 \
    if (!(condition))                                                                                                  \
      fail_msg("seed %llu, operation %u: %s", (unsigned long long)(seed), pf_engine_ops((r)->engine), #condition);     \
  } while (0)

/* Law 1: what was folded from the events is, byte for byte, what the model holds. */
static int folded_is_model(const struct rr *r) {
  const struct pf_structs *model = pf_engine_structs(r->engine), *fold = pf_map_structs(r->map);
  return r->folded == PF_OK && memcmp(model, fold, model->bytes) == 0;
}

static uint32_t check(const struct rr *r, uint8_t *scratch) {
  struct pf_finding finding;
  uint32_t kind = pf_check_map(r->map, scratch, &finding);
  if (kind)
    print_error("found: %s (zone %u, order %u, pfn %u)\n", pf_finding_text(kind), finding.zone, finding.order,
                finding.pfn);
  return kind;
}

static void one_correct_run(uint32_t kernel, uint64_t seed) {
  struct rr *r = rr_new(kernel, seed, 1500);
  uint8_t *scratch = rr_take(r->machine.node[r->machine.nr_nodes - 1].start_pfn + 2000);
  rr_boot(r);
  for (uint32_t i = 0; i < CHECKED_OPERATIONS / RUNS; i++) {
    rr_step(r);
    CHECK(r, seed, check(r, scratch) == PF_FINDING_NONE);
    CHECK(r, seed, folded_is_model(r));
  }
  free(scratch);
  rr_free(r);
}

static void test_checker_and_fold_after_each_operation(void **state) {
  (void)state;
  for (uint32_t k = 0; k < sizeof kernels / sizeof kernels[0]; k++)
    for (uint64_t seed = first_seed(); seed < (getenv("PF_SEED") ? first_seed() + 1 : RUNS + 1); seed++)
      one_correct_run(pf_kernel_find(kernels[k]), seed);
}

/* Misuse breaks the allocator's data, but never the law, never us. */
static void one_wrong_run(uint32_t kernel, uint64_t seed) {
  struct rr *r = rr_new(kernel, seed, 1500);
  rr_boot(r);
  for (uint32_t i = 0; i < 600; i++) {
    if (rr_random(r, 12) == 0)
      rr_misuse(r);
    else
      rr_step(r);
    CHECK(r, seed, folded_is_model(r));
  }
  rr_free(r);
}

static void test_fold_follows_misuse(void **state) {
  (void)state;
  for (uint32_t k = 0; k < sizeof kernels / sizeof kernels[0]; k++)
    for (uint64_t seed = 1; seed <= 300; seed++)
      one_wrong_run(pf_kernel_find(kernels[k]), seed);
}

/* The blocks of each list, as one bit a frame and order. */
static void collect(const struct rr *r, uint8_t *blocks) {
  const struct pf_structs *s = pf_engine_structs(r->engine);
  memset(blocks, 0, (size_t)s->nr_frames * PF_MAX_ORDERS);
  for (uint32_t zone = 0; zone < s->nr_zones; zone++)
    for (uint32_t order = 0; order < s->nr_orders; order++) {
      uint32_t head = pf_free_list(s, zone, order, 0);
      for (uint32_t at = pf_link_next(s, head); at != head; at = pf_link_next(s, at))
        blocks[at * PF_MAX_ORDERS + order] = 1;
    }
}

static void test_freeing_everything_restores_the_lists(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 60; seed++) {
    struct rr *r = rr_new(pf_kernel_find("linux-2.4.20"), seed, 3000);
    rr_boot(r);
    size_t size = (size_t)pf_structs_frames(pf_engine_structs(r->engine)) * PF_MAX_ORDERS;
    uint8_t *before = rr_take(size), *after = rr_take(size);
    collect(r, before);
    for (uint32_t i = 0; i < 500; i++)
      rr_step(r);
    collect(r, after);
    CHECK(r, seed, r->nr_held == 0 || memcmp(before, after, size) != 0);
    while (r->nr_held)
      rr_free_held(r, rr_random(r, r->nr_held));
    collect(r, after);
    CHECK(r, seed, memcmp(before, after, size) == 0);
    free(before);
    free(after);
    rr_free(r);
  }
}

/* The same machine and operations: the same digest, also when the run goes on from a loaded snapshot. */
static void test_snapshots_and_digests(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 60; seed++) {
    struct rr *a = rr_new(pf_kernel_find("linux-2.4.20"), seed, 1500),
              *b = rr_new(pf_kernel_find("linux-2.4.20"), seed, 1500);
    rr_boot(a);
    rr_boot(b);
    CHECK(a, seed, pf_map_digest(a->map) == pf_map_digest(b->map));
    struct rr *c = rr_new(pf_kernel_find("linux-2.4.20"), seed, 1500);
    CHECK(a, seed,
          pf_engine_load(c->engine, pf_engine_bytes(a->engine), a->engine, pf_engine_bytes(a->engine)) == PF_OK);
    CHECK(a, seed, pf_map_load(c->map, pf_map_bytes(a->map), a->map, pf_map_bytes(a->map)) == PF_OK);
    c->random = a->random;
    for (uint32_t i = 0; i < 300; i++) {
      rr_step(a);
      rr_step(c);
    }
    CHECK(a, seed, pf_map_digest(a->map) == pf_map_digest(c->map));
    CHECK(a, seed, pf_map_digest(a->map) != pf_map_digest(b->map));
    rr_free(a);
    rr_free(b);
    rr_free(c);
  }
}

/* A muted model is the same model. */
static void test_muted_equals_recorded(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 60; seed++) {
    struct rr *a = rr_new(pf_kernel_find("linux-2.4.20"), seed, 1500);
    rr_boot(a);
    struct pf_engine *muted = rr_take(pf_engine_bytes(a->engine));
    memcpy(muted, a->engine, (size_t)pf_engine_bytes(a->engine));
    for (uint32_t i = 0; i < 300; i++) {
      struct pf_op op = {.kind = PF_OP_ALLOC_PAGES, .arg = {a->gfp[i % RR_GFPS], i % 5, UINT64_MAX}};
      struct pf_result result;
      rr_apply(a, &op);
      CHECK(a, seed, pf_engine_apply(muted, &op, NULL, &result) == PF_OK);
      CHECK(a, seed, result.value == a->result.value && result.outcome == a->result.outcome);
    }
    CHECK(a, seed, memcmp(muted, a->engine, (size_t)pf_engine_bytes(a->engine)) == 0);
    free(muted);
    rr_free(a);
  }
}

/* A map made of a model's state says of every frame what the folded map says. */
static void test_map_of_engine_equals_the_folded_map(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 60; seed++) {
    struct rr *r = rr_new(pf_kernel_find("linux-2.4.20"), seed, 1500);
    uint64_t size = pf_map_bytes(r->map);
    uint8_t *scratch = rr_take(size);
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
      CHECK(r, seed, made.state == folded.state);
      CHECK(r, seed, made.state != PF_STATE_BUDDY || (made.head == folded.head && made.order == folded.order));
    }
    struct pf_finding finding;
    CHECK(r, seed, pf_check_map(map, scratch, &finding) == PF_FINDING_NONE);
    free(scratch);
    free(map);
    rr_free(r);
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
  };
  return cmocka_run_group_tests_name("properties", tests, NULL, NULL);
}
