/* The timeline against fresh runs, on every kernel: every place, in every order of going there, is the place that a
 * fresh run reaches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random_run.h"

#define MIN_ENTRIES 400u
#define MAX_ENTRIES (MIN_ENTRIES + 64u)

static uint32_t kernel;

struct history {
  struct rr *run; /* the fresh run, and its last place */
  struct pf_engine *engine;
  struct pf_map *map; /* what the timeline moves */
  struct pf_timeline *timeline;
  uint64_t size;
  uint32_t entries;
  uint64_t digest[MAX_ENTRIES + 1]; /* of the fresh run after each entry */
  struct pf_op op[MAX_ENTRIES];
};

static void append(struct history *h, const struct pf_op *op) {
  enum pf_status status;
  while ((status = pf_timeline_append_op(h->timeline, op)) == PF_E_FULL) {
    uint64_t size = h->size + h->size / 2 + 4096;
    struct pf_timeline *larger = rr_take(size);
    assert_int_equal(pf_timeline_move(larger, size, h->timeline), PF_OK);
    free(h->timeline);
    h->timeline = larger;
    h->size = size;
  }
  assert_int_equal(status, PF_OK);
}

/* What the fresh run has just done is the history's next entry. */
static void record(struct rr *r, const struct pf_op *op) {
  struct history *h = r->context;
  if (r->status != PF_OK)
    return;
  assert_true(h->entries < MAX_ENTRIES);
  h->op[h->entries] = *op;
  h->op[h->entries].line = h->entries + 2;
  append(h, &h->op[h->entries]);
  h->digest[++h->entries] = pf_map_digest(r->map);
}

/* A random history on a machine that has booted: the boot is part of the beginning. All sorts of calls, by names, on
 * several CPUs, and misuse, too. */
static struct history *make_history(uint64_t seed, uint64_t log_bytes, uint64_t snapshot_bytes) {
  struct history *h = calloc(1, sizeof *h);
  struct rr *r = h->run = rr_new(kernel, seed, 2500);
  rr_boot(r);
  h->engine = rr_copy(r->engine, pf_engine_bytes(r->engine));
  h->map = rr_copy(r->map, pf_map_bytes(r->map));
  h->size = pf_timeline_size(pf_engine_bytes(r->engine), pf_map_bytes(r->map), log_bytes, snapshot_bytes);
  h->timeline = rr_take(h->size);
  assert_int_equal(pf_timeline_init(h->timeline, h->size, h->engine, h->map, log_bytes, snapshot_bytes), PF_OK);
  h->digest[0] = pf_map_digest(r->map);
  r->context = h;
  r->after = record;
  while (h->entries < MIN_ENTRIES)
    if (rr_random(r, 20) == 0)
      rr_misuse(r);
    else
      rr_step(r);
  r->after = NULL;
  return h;
}

static void free_history(struct history *h) {
  free(h->timeline);
  free(h->engine);
  free(h->map);
  rr_free(h->run);
  free(h);
}

static void go(struct history *h, uint32_t entry, uint32_t inner) {
  assert_int_equal(pf_timeline_seek(h->timeline, h->engine, h->map, entry, inner, 0, NULL, NULL), PF_OK);
}

static void test_seek_equals_a_fresh_run(void **state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 20; seed++) {
    struct history *h = make_history(seed, 256, seed % 3 * 3 * 65536);
    assert_int_equal(pf_timeline_length(h->timeline), h->entries);
    for (uint32_t i = 0; i < 300; i++) {
      uint32_t entry = rr_random(h->run, h->entries + 1);
      go(h, entry, 0);
      if (pf_map_digest(h->map) != h->digest[entry])
        fail_msg("%s, seed %llu, entry %u", h->run->kernel->name, (unsigned long long)seed, entry);
    }
    go(h, h->entries, 0);
    assert_memory_equal(h->engine, h->run->engine, pf_engine_bytes(h->engine));
    free_history(h);
  }
}

/* Thousands of entries of a large boot take many snapshots: they are thinned out, and places stay right. */
static void test_snapshots_are_thinned_out(void **state) {
  (void)state;
  struct history *h = make_history(5, 1 << 16, 8 * 65536);
  struct pf_op pair[2] = {{.kind = PF_OP_ALLOC_PAGES, .arg = {h->run->gfp[0], 0, UINT64_MAX}, .as = 0}, {0}};
  uint64_t digest[2] = {0};
  for (uint32_t i = 0; i < 4000; i++) {
    rr_apply(h->run, &pair[0]);
    pair[1] = (struct pf_op){.kind = PF_OP_FREE_PAGES_PAGE, .arg = {h->run->result.value, 0}};
    rr_apply(h->run, &pair[1]);
    append(h, &pair[0]);
    append(h, &pair[1]);
    if (i == 1234)
      digest[0] = pf_map_digest(h->run->map);
  }
  digest[1] = pf_map_digest(h->run->map);
  go(h, h->entries + 8000, 0);
  assert_int_equal(pf_map_digest(h->map), digest[1]);
  go(h, h->entries + 2 * 1235, 0);
  assert_int_equal(pf_map_digest(h->map), digest[0]);
  free_history(h);
}

static void test_inner_steps_are_the_events_folded_one_by_one(void **state) {
  (void)state;
  struct history *h = make_history(3, 1 << 16, 1 << 20);
  struct pf_event events[1024];
  struct pf_sink window = {.events = events, .capacity = 1024};
  uint64_t map_bytes = pf_map_bytes(h->map);
  struct pf_map *by_hand = rr_take(map_bytes);
  for (uint32_t entry = 0; entry < h->entries; entry += 37) {
    uint32_t total;
    go(h, entry, 0);
    memcpy(by_hand, h->map, (size_t)map_bytes);
    assert_int_equal(pf_timeline_seek(h->timeline, h->engine, h->map, entry, 0, 0, &window, &total), PF_OK);
    assert_int_equal(total, window.count);
    assert_int_equal(pf_map_digest(h->map), h->digest[entry]);
    for (uint32_t inner = 1; inner <= total; inner++) {
      struct pf_event one;
      struct pf_sink tail = {.events = &one, .capacity = 1};
      assert_int_equal(pf_map_fold(by_hand, &events[inner - 1], 1, NULL), PF_OK);
      assert_int_equal(pf_timeline_seek(h->timeline, h->engine, h->map, entry, inner, inner - 1, &tail, NULL), PF_OK);
      assert_memory_equal(&one, &events[inner - 1], sizeof one);
      assert_int_equal(pf_map_digest(h->map), pf_map_digest(by_hand));
    }
    assert_int_equal(pf_map_digest(by_hand), h->digest[entry + 1]);
    go(h, entry, UINT32_MAX);
    assert_int_equal(pf_map_digest(h->map), h->digest[entry + 1]);
  }
  free(by_hand);
  free_history(h);
}

/* A log of events alone, as a trace or a room has it: no engine. */
static void test_batches_of_events_need_no_engine(void **state) {
  (void)state;
  struct history *h = make_history(9, 1 << 16, 1 << 20);
  struct pf_event events[512];
  struct pf_sink window = {.events = events, .capacity = 512};
  go(h, 0, 0);
  struct pf_map *map = rr_copy(h->map, pf_map_bytes(h->map));
  uint64_t size = pf_timeline_size(0, pf_map_bytes(map), 1 << 20, 1 << 20);
  struct pf_timeline *log = rr_take(size);
  assert_int_equal(pf_timeline_init(log, size, NULL, map, 1 << 20, 1 << 20), PF_OK);
  for (uint32_t entry = 0; entry < h->entries; entry++) {
    assert_int_equal(pf_timeline_seek(h->timeline, h->engine, h->map, entry, UINT32_MAX, 0, &window, NULL), PF_OK);
    assert_int_equal(pf_timeline_append_events(log, events, window.count), PF_OK);
  }
  for (uint32_t i = 0; i < 200; i++) {
    uint32_t entry = rr_random(h->run, h->entries + 1);
    assert_int_equal(pf_timeline_seek(log, NULL, map, entry, 0, 0, NULL, NULL), PF_OK);
    assert_int_equal(pf_map_digest(map), h->digest[entry]);
  }
  /* An event that does not fit is refused at its entry, and the places before it still work. */
  struct pf_event wrong = {.kind = PF_EV_HANDED_OUT, .s = 0, .a = 0x7fffffff};
  assert_int_equal(pf_timeline_append_events(log, &wrong, 1), PF_OK);
  assert_int_equal(pf_timeline_seek(log, NULL, map, h->entries + 1, 0, 0, NULL, NULL), PF_E_EVENT);
  assert_int_equal(pf_timeline_seek(log, NULL, map, 17, 0, 0, NULL, NULL), PF_OK);
  assert_int_equal(pf_map_digest(map), h->digest[17]);
  free(log);
  free(map);
  free_history(h);
}

static void test_truncate_forks_the_past(void **state) {
  (void)state;
  struct history *h = make_history(4, 1 << 16, 1 << 20), *fresh = make_history(4, 1 << 16, 1 << 20);
  go(h, h->entries, 0);
  assert_int_equal(pf_timeline_truncate(h->timeline, 100), PF_OK);
  assert_int_equal(pf_timeline_length(h->timeline), 100);
  for (uint32_t i = 100; i < 150; i++)
    append(h, &fresh->op[i]);
  go(h, 150, 0);
  assert_int_equal(pf_map_digest(h->map), fresh->digest[150]);
  go(h, 60, 0);
  assert_int_equal(pf_map_digest(h->map), fresh->digest[60]);
  assert_int_equal(pf_timeline_truncate(h->timeline, 151), PF_E_ARGUMENT);
  free_history(h);
  free_history(fresh);
}

static void test_operations_survive_packing(void **state) {
  (void)state;
  struct history *h = make_history(2, 1 << 16, 0);
  struct pf_op op = {.kind = PF_NR_OPS - 1, .task = 0x3f, .line = 77, .as = 5}, got;
  for (uint32_t i = 0; i < PF_MAX_ARGS; i++)
    op.arg[i] = i % 3 == 0 ? 0 : i % 3 == 1 ? UINT64_MAX - i : (uint64_t)i << 33;
  for (uint32_t i = 0; i < 4; i++) {
    op.cpu = i % 2 ? 255 : 0;
    op.refs = i / 2 ? (1u << PF_MAX_ARGS) - 1 : 0;
    op.skip = i == 3;
    append(h, &op);
    assert_int_equal(pf_timeline_op(h->timeline, h->entries + i, &got), PF_OK);
    assert_memory_equal(&got, &op, sizeof op);
  }
  assert_int_equal(pf_timeline_op(h->timeline, h->entries + 4, &got), PF_E_ARGUMENT);
  assert_int_equal(pf_timeline_outcome(h->timeline, h->entries), PF_NR_OUTCOMES);
  struct pf_op wrong = op;
  wrong.cpu = 256;
  assert_int_equal(pf_timeline_append_op(h->timeline, &wrong), PF_E_ARGUMENT);
  wrong = op;
  wrong.task = 0x40;
  assert_int_equal(pf_timeline_append_op(h->timeline, &wrong), PF_E_ARGUMENT);
  wrong = op;
  wrong.refs = 1u << PF_MAX_ARGS;
  assert_int_equal(pf_timeline_append_op(h->timeline, &wrong), PF_E_ARGUMENT);
  free_history(h);
}

static void test_seek_refuses_what_is_no_place(void **state) {
  (void)state;
  struct history *h = make_history(2, 1 << 16, 0);
  assert_int_equal(pf_timeline_seek(h->timeline, h->engine, h->map, h->entries + 1, 0, 0, NULL, NULL), PF_E_ARGUMENT);
  assert_int_equal(pf_timeline_seek(h->timeline, h->engine, h->map, h->entries, 1, 0, NULL, NULL), PF_E_ARGUMENT);
  assert_int_equal(pf_timeline_seek(h->timeline, NULL, h->map, 1, 0, 0, NULL, NULL), PF_E_ARGUMENT);
  go(h, 10, 0);
  assert_int_not_equal(pf_timeline_outcome(h->timeline, 9), PF_NR_OUTCOMES);
  free_history(h);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_seek_equals_a_fresh_run),
      cmocka_unit_test(test_snapshots_are_thinned_out),
      cmocka_unit_test(test_inner_steps_are_the_events_folded_one_by_one),
      cmocka_unit_test(test_batches_of_events_need_no_engine),
      cmocka_unit_test(test_truncate_forks_the_past),
      cmocka_unit_test(test_operations_survive_packing),
      cmocka_unit_test(test_seek_refuses_what_is_no_place),
  };
  int failed = 0;
  for (kernel = 1; pf_kernel_info(kernel); kernel++)
    failed += cmocka_run_group_tests_name(pf_kernel_info(kernel)->name, tests, NULL, NULL);
  return failed;
}
