/* What no recorded run shows of linux-2.6.10's boot: `boot` itself, addresses of 64 bits, sizes that wrap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random_run.h"
#include "structs.h"

#define PAGE ((uint64_t)PF_PAGE_SIZE)

/* A PC: memory but for a hole below 1 MiB, the kernel's image reserved. */
static struct rr *new_pc(uint32_t bits, uint32_t pages) {
  struct rr *r = calloc(1, sizeof *r);
  uint64_t high = (pages - 256) * PAGE;
  r->machine = (struct pf_machine){.kernel = pf_kernel_find("linux-2.6.10"),
                                   .bits_per_long = bits,
                                   .nr_nodes = 1,
                                   .nr_memory = 2,
                                   .memory = {{.size = {159 * PF_PAGE_SIZE, 0}}, {.addr = {1u << 20, 0}}},
                                   .nr_reserved = 1,
                                   .reserved = {{.addr = {1u << 20, 0}, .size = {2u << 20, 0}}}};
  r->machine.node[0].pages = pages;
  r->machine.memory[1].size = (struct pf_u64){(uint32_t)high, (uint32_t)(high >> 32)};
  rr_open(r);
  return r;
}

static void expect_equal(const struct rr *a, const struct rr *b) {
  const struct pf_structs *s = pf_engine_structs(a->engine);
  assert_memory_equal(s, pf_engine_structs(b->engine), s->bytes);
}

static void expect_folded(const struct rr *r) {
  const struct pf_structs *s = pf_engine_structs(r->engine);
  assert_int_equal(r->folded, PF_OK);
  assert_memory_equal(s, pf_map_structs(r->map), s->bytes);
}

/* `boot` is what its calls are one by one, and the same where nobody watches. */
static void expect_boot_is_its_calls(uint32_t bits, uint32_t pages, uint32_t low) {
  struct rr *boot = new_pc(bits, pages), *muted = new_pc(bits, pages), *calls = new_pc(bits, pages);
  const struct pf_op op = {.kind = PF_OP_BOOT};
  uint64_t map_pages = (low / 8 + PAGE - 1) / PAGE;
  assert_int_equal(rr_apply(boot, &op), PF_OK);
  assert_int_equal(boot->result.outcome, PF_OUTCOME_DONE);
  assert_int_equal(pf_engine_apply(muted->engine, &op, NULL, NULL), PF_OK);
  RR_CALL(calls, PF_OP_INIT_BOOTMEM, 0, 0, 0, low);
  RR_CALL(calls, PF_OP_FREE_BOOTMEM, 0, 0, 159 * PAGE);
  RR_CALL(calls, PF_OP_FREE_BOOTMEM, 0, 256 * PAGE, (low - 256) * PAGE);
  RR_CALL(calls, PF_OP_RESERVE_BOOTMEM, 0, 256 * PAGE, 512 * PAGE);
  RR_CALL(calls, PF_OP_RESERVE_BOOTMEM, 0, 0, map_pages * PAGE);
  RR_CALL(calls, PF_OP_FREE_AREA_INIT, 0, 0, 4096, low - 4096, pages - low, 97, 0, 0);
  RR_CALL(calls, PF_OP_FREE_ALL_BOOTMEM, 0);
  RR_CALL(calls, PF_OP_FREE_BOOT_RANGE, low, pages, 0);
  RR_CALL(calls, PF_OP_INIT_PER_ZONE_PAGES_MIN, 0);
  expect_equal(boot, calls);
  expect_equal(boot, muted);
  expect_folded(boot);
  rr_free(boot);
  rr_free(muted);
  rr_free(calls);
}

static void test_boot_is_its_calls_with_highmem(void **state) {
  (void)state;
  expect_boot_is_its_calls(32, 229376 + 4096, 229376);
}

/* 64 bits reach all memory: there is no HighMem, also above 4 GiB. */
static void test_boot_is_its_calls_with_64_bits(void **state) {
  (void)state;
  expect_boot_is_its_calls(64, 1048576 + 4096, 1048576 + 4096);
}

/* An alignment far above all memory: the search leaps there, and the bits behind the bitmap read 0. */
static void test_alloc_bootmem_leaps_behind_the_bitmap(void **state) {
  (void)state;
  struct rr *r = new_pc(64, 1024);
  struct pf_boot_view boot;
  RR_CALL(r, PF_OP_INIT_BOOTMEM, 0, 0, 0, 1024);
  RR_CALL(r, PF_OP_FREE_BOOTMEM, 0, PAGE, 1023 * PAGE);
  RR_CALL(r, PF_OP_ALLOC_BOOTMEM, 0, 100, (uint64_t)1 << 52, 0);
  assert_int_equal(r->result.outcome, PF_OUTCOME_BUG);
  assert_int_equal(r->result.bug, PF_BUG_ALLOC_START_PAST_END);
  assert_true(pf_boot_view(pf_engine_structs(r->engine), 0, &boot));
  assert_int_equal(boot.last_success.lo, 0);
  assert_int_equal(boot.last_success.hi, 1u << 20);
  expect_folded(r);
  RR_CALL(r, PF_OP_FREE_BOOTMEM, 0, 1023 * PAGE, 1); /* frees nothing, but last_success comes down */
  assert_true(pf_boot_view(pf_engine_structs(r->engine), 0, &boot));
  assert_int_equal(boot.last_success.lo, 1023 * PAGE);
  assert_int_equal(boot.last_success.hi, 0);
  expect_folded(r);
  rr_free(r);
}

/* A size near 4 GiB wraps to no pages, which fit anywhere; what the shared page leaves of it are many, up to the first
 * that is reserved. */
static void test_alloc_bootmem_wrapped_size_meets_a_reserved_page(void **state) {
  (void)state;
  struct rr *r = new_pc(32, 1024);
  RR_CALL(r, PF_OP_INIT_BOOTMEM, 0, 1000, 0, 1024);
  RR_CALL(r, PF_OP_FREE_BOOTMEM, 0, 0, 1024 * PAGE);
  RR_CALL(r, PF_OP_RESERVE_BOOTMEM, 0, 20 * PAGE, PAGE);
  RR_CALL(r, PF_OP_ALLOC_BOOTMEM, 0, 100, 32, 0);
  RR_CALL(r, PF_OP_ALLOC_BOOTMEM, 0, 0xfffff100u, 32, 0);
  assert_int_equal(r->result.outcome, PF_OUTCOME_BUG);
  assert_int_equal(r->result.bug, PF_BUG_ALLOC_ALREADY_RESERVED);
  assert_int_equal(pf_boot_find(pf_engine_structs(r->engine), 0, 1024, false), 21);
  expect_folded(r);
  rr_free(r);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_boot_is_its_calls_with_highmem),
      cmocka_unit_test(test_boot_is_its_calls_with_64_bits),
      cmocka_unit_test(test_alloc_bootmem_leaps_behind_the_bitmap),
      cmocka_unit_test(test_alloc_bootmem_wrapped_size_meets_a_reserved_page),
  };
  return cmocka_run_group_tests_name("bootmem", tests, NULL, NULL);
}
