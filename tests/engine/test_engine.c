/* The one door of every kernel: what is refused leaves everything as it was; names, NULL, arguments, boot, and the
 * foreign bytes of a snapshot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random_run.h"
#include "structs.h"

static struct rr *run;

static uint32_t kernel;

static int set_up(void **state) {
  (void)state;
  struct pf_machine machine = {.kernel = kernel, .nr_nodes = 1, .nr_cpus = 2, .nr_names = 3};
  machine.node[0].pages = 2048;
  run = rr_on(&machine, 1);
  rr_boot_free(run, 1024, 512, 512);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  rr_free(run);
  return 0;
}

static void expect_refusal(const struct pf_op *op, enum pf_status want) {
  uint64_t bytes = pf_engine_bytes(run->engine);
  void *before = rr_copy(run->engine, bytes);
  assert_int_equal(rr_apply(run, op), want);
  assert_memory_equal(before, run->engine, bytes);
  free(before);
}

static void test_apply_refuses_wrong_arguments(void **state) {
  (void)state;
  const struct pf_op wrong[] = {
      {.kind = PF_OP_ALLOC_PAGES, .arg = {0x20, 32, UINT64_MAX}},         /* order */
      {.kind = PF_OP_ALLOC_PAGES, .arg = {0x100000000u, 0, UINT64_MAX}},  /* gfp */
      {.kind = PF_OP_ALLOC_PAGES, .arg = {0x20, 0, 1}},                   /* node */
      {.kind = PF_OP_ALLOC_PAGES, .cpu = 2, .arg = {0x20, 0, 0}},         /* cpu */
      {.kind = PF_OP_ALLOC_PAGES, .as = 4, .arg = {0x20, 0, 0}},          /* name */
      {.kind = PF_OP_ALLOC_PAGES, .refs = 1, .arg = {0, 0, 0}},           /* a mask is no reference */
      {.kind = PF_OP_FREE_PAGES_PAGE, .refs = 1, .arg = {3, 0}},          /* name */
      {.kind = PF_OP_FREE_PAGES_PAGE, .arg = {PF_POISON, 0}},             /* pfn */
      {.kind = PF_OP_FREE_BOOTMEM, .arg = {0, 0x100000000u, 1}},          /* address of 33 bits */
      {.kind = PF_OP_FREE_BOOTMEM, .arg = {UINT64_MAX, 0, 1}},            /* free names its node */
      {.kind = PF_OP_INIT_BOOTMEM, .arg = {0, 0, 0, 2049}},               /* past the node */
      {.kind = PF_OP_INIT_BOOTMEM, .arg = {0, 0, 9, 8}},                  /* end before start */
      {.kind = PF_OP_FREE_AREA_INIT, .arg = {0, 0, 1024, 1024, 1}},       /* past the node */
      {.kind = PF_OP_FREE_AREA_INIT, .arg = {0, 0, 10, 0, 0, 11}},        /* more holes than frames */
      {.kind = PF_OP_FREE_AREA_INIT, .arg = {0, 0, 10, 0, 0x100000000u}}, /* third of three */
      {.kind = PF_OP_FREE_BOOT_RANGE, .arg = {0, 2049, 0}},               /* past memory */
      {.kind = PF_OP_FREE_BOOT_RANGE, .arg = {0, 1, 2}},                  /* direction */
  };
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
    expect_refusal(&wrong[i], pf_kernel_has(kernel, wrong[i].kind) ? PF_E_ARGUMENT : PF_E_UNSUPPORTED);
  const struct pf_op wrong_of_some[] = {
      {.kind = PF_OP_PAGEVEC_FREE, .arg = {1, PF_POISON}},                           /* second of fourteen */
      {.kind = PF_OP_PAGEVEC_FREE, .arg = {[PF_PAGEVEC_SIZE] = 0x100000000u}},       /* cold */
      {.kind = PF_OP_PAGEVEC_FREE, .refs = 4, .arg = {1, 2, 3}},                     /* name */
      {.kind = PF_OP_PAGEVEC_FREE, .refs = 1u << PF_PAGEVEC_SIZE, .arg = {1, 2, 3}}, /* cold is no reference */
      {.kind = PF_OP_SYSCTL, .arg = {PF_NR_SYSCTLS, 0}},                             /* setting */
      {.kind = PF_OP_SYSCTL, .arg = {0, 0x100000000u}},                              /* value */
  };
  for (size_t i = 0; i < sizeof wrong_of_some / sizeof wrong_of_some[0]; i++)
    expect_refusal(&wrong_of_some[i], pf_kernel_has(kernel, wrong_of_some[i].kind) ? PF_E_ARGUMENT : PF_E_UNSUPPORTED);
  expect_refusal(&(struct pf_op){.kind = PF_OP_MM_PAGE_ALLOC}, PF_E_UNSUPPORTED);
  expect_refusal(&(struct pf_op){.kind = PF_NR_OPS}, PF_E_UNSUPPORTED);
  expect_refusal(&(struct pf_op){.kind = PF_OP_NONE}, PF_E_UNSUPPORTED);
}

/* No machine has this CPU: what the kernel has is refused for that, and nothing is carried out. */
static void test_kernel_has_what_its_door_takes(void **state) {
  (void)state;
  for (uint32_t op = 0; op <= PF_NR_OPS; op++)
    expect_refusal(&(struct pf_op){.kind = op, .cpu = PF_MAX_CPUS},
                   pf_kernel_has(kernel, op) ? PF_E_ARGUMENT : PF_E_UNSUPPORTED);
  assert_true(pf_kernel_has(kernel, PF_OP_ALLOC_PAGES));
  assert_false(pf_kernel_has(0, PF_OP_ALLOC_PAGES));
}

static void test_names_stand_for_frames_and_addresses(void **state) {
  (void)state;
  rr_apply(run, &(struct pf_op){.kind = PF_OP_GET_FREE_PAGES, .as = 2, .arg = {run->gfp[0], 3}});
  assert_int_equal(run->result.result, PF_RESULT_ADDR);
  uint64_t addr = run->result.value;
  struct pf_frame_view frame;
  /* "name+4" of a page call is the fifth frame. */
  rr_apply(run, &(struct pf_op){.kind = PF_OP_GET_PAGE, .refs = 1, .arg = {1 | (uint64_t)4 << 32}});
  assert_int_equal(pf_frame_view(pf_engine_structs(run->engine), (uint32_t)(addr >> 12) + 4, &frame), 1);
  assert_int_equal(frame.count, 1);
  rr_apply(run, &(struct pf_op){.kind = PF_OP_FREE_PAGES, .refs = 1, .arg = {1, 3}});
  assert_int_equal(run->result.outcome, PF_OUTCOME_DONE);
  assert_int_equal(pf_frame_view(pf_engine_structs(run->engine), (uint32_t)(addr >> 12), &frame), 1);
  assert_int_equal(frame.count, 0);
}

static void test_null_makes_calls_do_nothing(void **state) {
  (void)state;
  const struct pf_op calls[] = {
      {.kind = PF_OP_FREE_PAGES, .arg = {PF_NO_ADDRESS, 0}},
      {.kind = PF_OP_FREE_PAGE, .arg = {PF_NO_ADDRESS}},
      {.kind = PF_OP_FREE_PAGES, .refs = 1, .arg = {0, 0}}, /* a name that was never bound */
      {.kind = PF_OP_FREE_PAGES_PAGE, .refs = 1, .arg = {0, 0}},
  };
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
    const struct pf_structs *s = pf_engine_structs(run->engine);
    void *before = rr_copy(s, s->bytes);
    assert_int_equal(rr_apply(run, &calls[i]), PF_OK);
    assert_int_equal(run->result.outcome, PF_OUTCOME_NOTHING);
    assert_memory_equal(before, s, s->bytes);
    free(before);
  }
  /* A failed allocation binds its name to NULL. */
  rr_apply(run, &(struct pf_op){.kind = PF_OP_GET_FREE_PAGES, .as = 1, .arg = {run->gfp[0], run->kernel->nr_orders}});
  assert_int_equal(run->result.outcome, PF_OUTCOME_FAILED);
  rr_apply(run, &calls[2]);
  assert_int_equal(run->result.outcome, PF_OUTCOME_NOTHING);
}

/* What the kernel lacks: nothing changes but the number of operations, and the name it binds is NULL from then on. */
static void test_apply_skips_what_the_kernel_lacks(void **state) {
  (void)state;
  const struct pf_structs *s = pf_engine_structs(run->engine);
  rr_apply(run, &(struct pf_op){.kind = PF_OP_GET_FREE_PAGES, .as = 1, .arg = {run->gfp[0], 0}});
  void *before = rr_copy(s, s->bytes);
  uint32_t ops = pf_engine_ops(run->engine);
  assert_int_equal(rr_apply(run, &(struct pf_op){.kind = PF_OP_ALLOC_PAGES, .skip = 1, .as = 1}), PF_OK);
  assert_int_equal(run->result.outcome, PF_OUTCOME_NOTHING);
  assert_int_equal(pf_engine_ops(run->engine), ops + 1);
  rr_apply(run, &(struct pf_op){.kind = PF_OP_FREE_PAGES, .refs = 1, .arg = {0, 0}});
  assert_int_equal(run->result.outcome, PF_OUTCOME_NOTHING);
  assert_memory_equal(before, s, s->bytes);
  free(before);
  expect_refusal(&(struct pf_op){.kind = PF_OP_NONE, .skip = 1}, PF_E_UNSUPPORTED);
  expect_refusal(&(struct pf_op){.kind = PF_NR_OPS, .skip = 1}, PF_E_UNSUPPORTED);
  expect_refusal(&(struct pf_op){.kind = PF_OP_ALLOC_PAGES, .skip = 1, .as = 4}, PF_E_ARGUMENT);
}

static uint32_t frames_in(const struct rr *r, uint32_t state) {
  uint32_t counts[PF_NR_STATES];
  pf_map_counts(r->map, counts);
  return counts[state];
}

/* HighMem has no address: the caller gets NULL and the frame stays allocated. */
static void test_address_calls_on_highmem(void **state) {
  (void)state;
  rr_apply(run, &(struct pf_op){.kind = PF_OP_GET_FREE_PAGES, .arg = {run->gfp[RR_HIGHUSER], 0}});
  assert_int_equal(run->result.outcome, PF_OUTCOME_FAILED);
  assert_int_equal(frames_in(run, PF_STATE_ALLOCATED), 1);
}

/* It is zeroed through the address that it does not have. */
static void test_24_zeroed_page_of_highmem(void **state) {
  (void)state;
  RR_CALL(run, PF_OP_GET_ZEROED_PAGE, run->gfp[RR_HIGHUSER]);
  assert_int_equal(run->result.outcome, PF_OUTCOME_OOPS);
  assert_int_equal(run->result.bug, PF_BUG_NULL_POINTER);
  assert_int_equal(frames_in(run, PF_STATE_ALLOCATED), 1);
}

/* The mask is looked at first. */
static void test_26_zeroed_page_of_highmem(void **state) {
  (void)state;
  RR_CALL(run, PF_OP_GET_ZEROED_PAGE, run->gfp[RR_HIGHUSER]);
  assert_int_equal(run->result.outcome, PF_OUTCOME_BUG);
  assert_int_equal(run->result.bug, PF_BUG_ZEROED_HIGHMEM);
  assert_int_equal(frames_in(run, PF_STATE_ALLOCATED), 0);
}

/* The zone's free pages, and those that CPU 0 keeps. */
static uint32_t free_in_zone(const struct pf_structs *s, uint32_t zone) {
  struct pf_zone_view view;
  struct pf_pcp_view pcp;
  assert_int_equal(pf_zone_view(s, zone, &view), 1);
  uint32_t pages = view.free_pages;
  for (uint32_t cold = 0; cold < 2; cold++)
    pages += pf_pcp_view(s, zone, 0, cold, &pcp) ? pcp.count : 0;
  return pages;
}

/* `boot` leaves every frame reserved or free, and what it took are the kernel's own tables. */
static void test_boot_of_a_pc_with_highmem(void **state) {
  (void)state;
  struct pf_machine machine = {.kernel = kernel, .nr_nodes = 1, .nr_memory = 2, .nr_reserved = 2};
  machine.node[0].pages = 262144;
  machine.memory[0] = (struct pf_range){.addr = {0, 0}, .size = {0x9f000, 0}};
  machine.memory[1] = (struct pf_range){.addr = {0x100000, 0}, .size = {0x3ff00000, 0}};
  machine.reserved[0] = (struct pf_range){.addr = {0, 0}, .size = {4096, 0}};
  machine.reserved[1] = (struct pf_range){.addr = {0x100000, 0}, .size = {0x200000, 0}};
  struct rr *pc = rr_on(&machine, 1);
  assert_int_equal(RR_CALL(pc, PF_OP_BOOT, 0), PF_OK);
  assert_int_equal(pc->result.outcome, PF_OUTCOME_DONE);
  struct pf_zone_view zone;
  const struct pf_structs *s = pf_engine_structs(pc->engine);
  assert_int_equal(pf_zone_view(s, 2, &zone), 1);
  assert_int_equal(zone.start_pfn, 229376);
  assert_true(zone.pages_min > 0);
  assert_int_equal(free_in_zone(s, 2), 32768);
  assert_int_equal(pf_zone_view(s, 0, &zone), 1);
  assert_int_equal(zone.holes, 0x61); /* what the PC keeps below 1 MiB */
  uint32_t free_frames = frames_in(pc, PF_STATE_BUDDY) + frames_in(pc, PF_STATE_PCP);
  assert_int_equal(free_frames + frames_in(pc, PF_STATE_RESERVED), 262144);
  assert_true(frames_in(pc, PF_STATE_RESERVED) > 512 + 32 * 262144 / 4096);
  uint8_t *scratch = rr_take(s->nr_frames / 8 + 1);
  struct pf_finding finding;
  assert_int_equal(pf_check_map(pc->map, scratch, &finding), PF_FINDING_NONE);
  free(scratch);
  rr_free(pc);
}

/* A node that lies wholly above 896 MiB has no boot allocator; its frames are HighMem, and free. */
static void test_boot_of_a_node_without_low_memory(void **state) {
  (void)state;
  struct pf_machine machine = {.kernel = kernel, .nr_nodes = 2, .numa = 1};
  machine.node[0] = (struct pf_node_desc){.pages = 4096};
  machine.node[1] = (struct pf_node_desc){.start_pfn = 229376, .pages = 4096};
  struct rr *pc = rr_on(&machine, 1);
  assert_int_equal(RR_CALL(pc, PF_OP_BOOT, 0), PF_OK);
  assert_int_equal(pc->result.outcome, PF_OUTCOME_DONE);
  assert_int_equal(free_in_zone(pf_engine_structs(pc->engine), 5), 4096);
  assert_int_equal(frames_in(pc, PF_STATE_UNKNOWN), 0);
  rr_free(pc);
}

static void test_machine_check_names_the_field(void **state) {
  (void)state;
  struct pf_machine good = {.kernel = kernel, .nr_nodes = 2, .numa = 1}, m;
  const char *what;
  good.node[0].pages = 100;
  good.node[1] = (struct pf_node_desc){.start_pfn = 200, .pages = 100};
  assert_int_equal(pf_machine_check(&good, &what), PF_OK);
#define WRONG(change, field)                                                                                           \
  m = good;                                                                                                            \
  change;                                                                                                              \
  assert_int_equal(pf_machine_check(&m, &what), PF_E_MACHINE);                                                         \
  assert_string_equal(what, field);                                                                                    \
  assert_int_equal(pf_engine_size(&m), 0)
  WRONG(m.kernel = 99, "kernel");
  WRONG(m.kernel = 0, "kernel");
  WRONG(m.nr_nodes = 0, "nodes");
  WRONG(m.nr_nodes = PF_MAX_NODES + 1, "nodes");
  WRONG(m.numa = 0, "numa");
  WRONG(m.node[1].start_pfn = 99, "node.start_pfn");
  WRONG(m.node[0].pages = 0, "node.pages");
  WRONG(m.node[1].pages = PF_MAX_FRAMES, "node.pages");
  WRONG(m.nr_memory = 1, "memory");
  WRONG(m.nr_reserved = PF_MAX_RANGES + 1, "reserved");
  WRONG(m.nr_cpus = PF_MAX_CPUS + 1, "cpus");
  WRONG(m.node[0].cpus[0] = 2, "node.cpus"); /* there is no CPU 1 */
  WRONG(m.node[0].cpus[0] = m.node[1].cpus[0] = 1, "node.cpus");
  WRONG(m.bits_per_long = 33, "bits_per_long");
  WRONG(m.smp = 2, "smp");
  WRONG(m.sizeof_struct_page = PF_PAGE_SIZE + 1, "sizeof_struct_page");
  m = good;
  m.bits_per_long = 64;
  bool may_be_64 = pf_kernel_info(kernel)->may_be_64_bit || pf_kernel_info(kernel)->bits_per_long == 64;
  assert_int_equal(pf_machine_check(&m, &what), may_be_64 ? PF_OK : PF_E_MACHINE);
}

/* Addresses past 4 GiB are some on a machine of 64 bits, if the kernel knows such. */
static void test_addresses_are_as_wide_as_the_machine(void **state) {
  (void)state;
  struct pf_machine machine = {.kernel = kernel, .nr_nodes = 1};
  machine.node[0].pages = 64;
  const struct pf_kernel_info *info = pf_kernel_info(kernel);
  for (uint32_t bits = info->bits_per_long; bits <= (info->may_be_64_bit ? 64 : info->bits_per_long); bits += 32) {
    machine.bits_per_long = bits;
    struct rr *r = rr_on(&machine, 1);
    assert_int_equal(pf_machine_bits(&machine), bits);
    assert_int_equal(RR_CALL(r, PF_OP_FREE_PAGES, 0xffffffff, 0), PF_OK);
    assert_int_equal(RR_CALL(r, PF_OP_FREE_PAGES, 0x100000000u, 0), bits == 64 ? PF_OK : PF_E_ARGUMENT);
    assert_int_equal(RR_CALL(r, PF_OP_FREE_PAGES, PF_NO_ADDRESS - 1, 0), bits == 64 ? PF_OK : PF_E_ARGUMENT);
    assert_int_equal(r->folded, PF_OK);
    rr_free(r);
  }
}

/* Zones and frames that do not belong together would lead operations out of the bitmaps. */
static void test_load_refuses_frames_outside_their_zone(void **state) {
  (void)state;
  uint64_t bytes = pf_engine_bytes(run->engine);
  struct pf_engine *to = rr_take(bytes), *copy = rr_take(bytes);
  struct pf_structs *s =
      (struct pf_structs *)((unsigned char *)copy + ((const unsigned char *)pf_engine_structs(run->engine) -
                                                     (const unsigned char *)run->engine));
  memcpy(copy, run->engine, (size_t)bytes);
  pf_frames(s)[3].flags |= 1u << PF_FRAME_ZONE_SHIFT; /* a frame of the DMA zone says that it is of the Normal zone */
  assert_int_equal(pf_engine_load(to, bytes, copy, bytes), PF_E_CORRUPT);
  memcpy(copy, run->engine, (size_t)bytes);
  s->zone[0].first_pair[0]++;
  assert_int_equal(pf_engine_load(to, bytes, copy, bytes), PF_E_CORRUPT);
  memcpy(copy, run->engine, (size_t)bytes);
  s->zone[0] = (struct pf_zone){.start_pfn = 1}; /* neither set up nor untouched */
  assert_int_equal(pf_engine_load(to, bytes, copy, bytes), PF_E_CORRUPT);
  memcpy(copy, run->engine, (size_t)bytes);
  s->zone[2].size++; /* past the end of memory, where there may be a spare descriptor */
  assert_int_equal(pf_engine_load(to, bytes, copy, bytes), PF_E_CORRUPT);
  for (uint32_t i = 0; i < s->nr_pcps * s->nr_zones * s->nr_cpus; i++) {
    memcpy(copy, run->engine, (size_t)bytes);
    pf_pcp(s, 0, 0)[i].batch = UINT32_MAX; /* whose refill would hardly end */
    assert_int_equal(pf_engine_load(to, bytes, copy, bytes), PF_E_CORRUPT);
  }
  memcpy(copy, run->engine, (size_t)bytes);
  s->boot[0].end_pfn = 2049;
  assert_int_equal(pf_engine_load(to, bytes, copy, bytes), PF_E_CORRUPT);
  free(to);
  free(copy);
}

/* Set up again elsewhere, a zone has none of its old frames; nor has any other. */
static void test_zone_set_up_again_forgets_its_frames(void **state) {
  (void)state;
  struct pf_frame_view frame;
  RR_CALL(run, PF_OP_FREE_AREA_INIT, 0, 512, 100, 0, 0);
  assert_int_equal(pf_frame_view(pf_engine_structs(run->engine), 511, &frame), 0);
  assert_int_equal(pf_frame_view(pf_engine_structs(run->engine), 512, &frame), 1);
  assert_int_equal(pf_frame_view(pf_engine_structs(run->engine), 612, &frame), 0);
  RR_CALL(run, PF_OP_FREE_BOOT_RANGE, 3, 4, 0);
  assert_true(run->result.outcome == PF_OUTCOME_BUG || run->result.outcome == PF_OUTCOME_OOPS);
  assert_int_equal(frames_in(run, PF_STATE_BUDDY) + frames_in(run, PF_STATE_PCP), 2048 - 100);
  assert_int_equal(run->folded, PF_OK);
}

/* Past the end of memory: descriptors that some kernels have there come with the first zone, and are nothing before. */
static void test_spare_descriptors_come_with_the_first_zone(void **state) {
  (void)state;
  struct pf_machine machine = {.kernel = kernel, .nr_nodes = 1};
  machine.node[0].pages = 64;
  struct rr *r = rr_on(&machine, 1);
  const struct pf_structs *s = pf_engine_structs(r->engine);
  struct pf_frame_view frame;
  assert_int_equal(pf_structs_frames(s), 64 + r->kernel->nr_spare_frames);
  for (uint32_t pfn = 64; pfn < pf_structs_frames(s); pfn++) {
    assert_int_equal(pf_frame_view(s, pfn, &frame), 0);
    RR_CALL(r, PF_OP_GET_PAGE, pfn);
    RR_CALL(r, PF_OP_FREE_PAGE_PAGE, pfn);
    assert_int_not_equal(r->result.outcome, PF_OUTCOME_DONE);
    RR_CALL(r, PF_OP_FREE_HOT_PAGE, pfn);
    assert_true(r->status == PF_E_UNSUPPORTED || r->result.outcome != PF_OUTCOME_DONE);
    RR_CALL(r, PF_OP_FREE_AREA_INIT, 0, 0, 0, 64); /* even if it is empty */
    assert_int_equal(pf_frame_view(s, pfn, &frame), 1);
    assert_int_equal(frame.count, 1);
    assert_int_equal(frame.mapped, 1);
    RR_CALL(r, PF_OP_FREE_PAGE_PAGE, pfn);
    assert_int_equal(r->result.outcome, PF_OUTCOME_DONE);
  }
  assert_int_equal(r->folded, PF_OK);
  assert_memory_equal(s, pf_map_structs(r->map), s->bytes);
  rr_free(r);
}

/* A size near 4 GiB wraps to no pages, which fit behind a shared page; what is left of it there are many. */
static void test_wrapped_size_ends_with_the_bitmap(void **state) {
  (void)state;
  RR_CALL(run, PF_OP_INIT_BOOTMEM, 0, 0, 0, 2048);
  RR_CALL(run, PF_OP_FREE_BOOTMEM, 0, 0, 2048 * PF_PAGE_SIZE);
  RR_CALL(run, PF_OP_ALLOC_BOOTMEM, 0, 100, 32, 0);
  RR_CALL(run, PF_OP_ALLOC_BOOTMEM, 0, 0xfffff100u, 32, PF_PAGE_SIZE);
  assert_int_equal(run->folded, PF_OK);
  assert_memory_equal(pf_engine_structs(run->engine), pf_map_structs(run->map), pf_engine_structs(run->engine)->bytes);
}

/* The bitmap's own frames are given back wherever they lie: past the end of memory they need room in the table. */
static void test_retirement_needs_room_for_frames_outside(void **state) {
  (void)state;
  struct pf_machine machine = {.kernel = kernel, .nr_nodes = 1};
  machine.node[0].pages = 70000; /* the bitmap has three frames */
  rr_free(run);
  run = rr_on(&machine, 1);
  RR_CALL(run, PF_OP_INIT_BOOTMEM, 0, 69999, 0, 70000);
  for (uint32_t i = 0; i < PF_MAX_OUTSIDE - 2; i++)
    RR_CALL(run, PF_OP_GET_PAGE, 80000 + i);
  expect_refusal(&(struct pf_op){.kind = PF_OP_FREE_ALL_BOOTMEM}, PF_E_FULL);
  RR_CALL(run, PF_OP_FREE_PAGE_PAGE, 80000);
  assert_int_equal(RR_CALL(run, PF_OP_FREE_ALL_BOOTMEM, 0), PF_OK);
  assert_int_equal(run->folded, PF_OK);
}

static void test_load_refuses_foreign_bytes(void **state) {
  (void)state;
  uint64_t bytes = pf_engine_bytes(run->engine), map_bytes = pf_map_bytes(run->map);
  struct pf_engine *to = rr_take(bytes);
  uint32_t *copy = rr_take(bytes > map_bytes ? bytes : map_bytes);
  const uint32_t first_link = (uint32_t)((const unsigned char *)pf_frames_const(pf_engine_structs(run->engine)) -
                                         (const unsigned char *)run->engine) /
                              4;
  memcpy(copy, run->engine, (size_t)bytes);
  assert_int_equal(pf_engine_load(to, bytes, copy, bytes), PF_OK);
  assert_int_equal(pf_engine_load(to, bytes, copy, bytes - 8), PF_E_CORRUPT);
  assert_int_equal(pf_engine_load(to, bytes - 8, copy, bytes), PF_E_MEMORY);
  copy[first_link] = 0x00ffffff; /* a link past the last head */
  assert_int_equal(pf_engine_load(to, bytes, copy, bytes), PF_E_CORRUPT);
  copy[first_link] = PF_NULL;
  assert_int_equal(pf_engine_load(to, bytes, copy, bytes), PF_OK);
  copy[1]++;
  assert_int_equal(pf_engine_load(to, bytes, copy, bytes), PF_E_VERSION);
  copy[0]++;
  assert_int_equal(pf_engine_load(to, bytes, copy, bytes), PF_E_CORRUPT);
  struct pf_map *map = rr_take(map_bytes);
  memcpy(copy, run->map, (size_t)map_bytes);
  assert_int_equal(pf_map_load(map, map_bytes, copy, map_bytes), PF_OK);
  assert_int_equal(pf_map_digest(map), pf_map_digest(run->map));
  for (uint32_t word = 0; word < 12; word++) { /* every word of the head but the running number matters */
    memcpy(copy, run->map, (size_t)map_bytes);
    copy[word] ^= 0x40;
    assert_int_equal(pf_map_load(map, map_bytes, copy, map_bytes) == PF_OK, word == 6);
  }
  free(to);
  free(map);
  free(copy);
}

/* Events from outside that would reach past the structures: each is refused, and nothing has changed. */
static void test_fold_refuses_what_does_not_fit(void **state) {
  (void)state;
  const struct pf_structs *s = pf_map_structs(run->map);
  const uint32_t frames = s->nr_frames, zones = s->nr_zones;
  const struct pf_event wrong[] = {
      {.kind = PF_EV_LIST_ADD, .a = frames, .b = pf_head(s, 0, 0)},
      {.kind = PF_EV_LIST_ADD, .b = frames - 1}, /* no head */
      {.kind = PF_EV_LIST_ADD_TAIL, .b = s->nr_links},
      {.kind = PF_EV_LIST_ADD_TAIL, .s = (uint8_t)s->nr_orders, .b = pf_head(s, 0, 0)},
      {.kind = PF_EV_LIST_DEL, .a = s->nr_links, .b = pf_head(s, 0, 0)},
      {.kind = PF_EV_PAIR_FLIPPED, .t = (uint16_t)zones},
      {.kind = PF_EV_PAIR_FLIPPED, .s = (uint8_t)s->nr_pair_orders},
      {.kind = PF_EV_PAIR_FLIPPED, .b = s->zone[0].size},
      {.kind = PF_EV_RESERVED_CLEARED, .a = frames},
      {.kind = PF_EV_MAPPED_CLEARED, .a = frames},
      {.kind = PF_EV_LINKS_POISONED, .a = frames},
      {.kind = PF_EV_ZONE_MARKS_SET, .t = (uint16_t)zones},
      {.kind = PF_EV_PROTECTION_SET, .t = (uint16_t)zones},
      {.kind = PF_EV_PCP_SET_UP, .t = (uint16_t)zones},
      {.kind = PF_EV_PCP_SET_UP, .c = frames + 1}, /* whose refill would hardly end */
      {.kind = PF_EV_PCP_COUNT_SET, .t = (uint16_t)zones},
      {.kind = PF_EV_PCP_COUNT_SET, .a = s->nr_cpus},
      {.kind = PF_EV_BOOT_LAST_SUCCESS_SET, .t = (uint16_t)s->nr_nodes},
      {.kind = PF_EV_MOVED, .t = PF_STATE_PCP, .a = frames},
      {.kind = PF_EV_MOVED, .t = PF_NR_STATES},
      {.kind = PF_EV_NONE},
      {.kind = PF_NR_EVENTS},
  };
  uint64_t bytes = pf_map_bytes(run->map);
  void *before = rr_copy(run->map, bytes);
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    uint32_t folded = 1;
    if (pf_map_fold(run->map, &wrong[i], 1, &folded) != PF_E_EVENT || folded != 0)
      fail_msg("event %zu of the table was folded", i);
    assert_memory_equal(before, run->map, bytes);
  }
  free(before);
}

/* Frames past the end of memory count, in a table of limited size: the one call too many is refused. */
static void test_outside_frames_fill_a_table(void **state) {
  (void)state;
  for (uint32_t i = 0; i < PF_MAX_OUTSIDE; i++)
    assert_int_equal(RR_CALL(run, PF_OP_GET_PAGE, 5000 + i), PF_OK);
  expect_refusal(&(struct pf_op){.kind = PF_OP_GET_PAGE, .arg = {4999}}, PF_E_FULL);
  assert_int_equal(RR_CALL(run, PF_OP_FREE_PAGES_PAGE, 5000, 0), PF_OK); /* back to 0: forgotten, a place is free */
  assert_int_equal(RR_CALL(run, PF_OP_GET_PAGE, 4999), PF_OK);
  assert_int_equal(run->folded, PF_OK);
}

static void test_sink_without_drain_counts_what_it_drops(void **state) {
  (void)state;
  struct pf_event few[3];
  struct pf_sink sink = {.events = few, .capacity = 3};
  struct pf_op op = {.kind = PF_OP_ALLOC_PAGES, .arg = {run->gfp[1], 0, UINT64_MAX}};
  assert_int_equal(pf_engine_apply(run->engine, &op, &sink, NULL), PF_OK);
  assert_int_equal(sink.count, 3);
  assert_true(sink.dropped > 5);
}

/* 96 MiB as firmware and a loader leave them: what a genuine hand-over of the same ranges gave, and marks by the rules.
 */
static void test_61_boot_of_a_pc(void **state) {
  (void)state;
  struct pf_machine machine = {.kernel = kernel, .nr_nodes = 1, .nr_cpus = 2, .nr_memory = 2, .nr_reserved = 2};
  machine.node[0] = (struct pf_node_desc){.start_pfn = 1, .pages = 24575};
  machine.memory[0] = (struct pf_range){.addr = {4096, 0}, .size = {647168, 0}};
  machine.memory[1] = (struct pf_range){.addr = {0x100000, 0}, .size = {0x5f00000, 0}};
  machine.reserved[0] = (struct pf_range){.addr = {0, 0}, .size = {0x100000, 0}};
  machine.reserved[1] = (struct pf_range){.addr = {0x1000000, 0}, .size = {0x801000, 0}};
  struct rr *pc = rr_on(&machine, 1);
  assert_int_equal(RR_CALL(pc, PF_OP_BOOT, 0), PF_OK);
  assert_int_equal(pc->result.outcome, PF_OUTCOME_DONE);
  const struct pf_structs *s = pf_engine_structs(pc->engine);
  struct pf_zone_view dma, dma32, normal;
  assert_int_equal(pf_zone_view(s, 0, &dma), 1);
  assert_int_equal(pf_zone_view(s, 1, &dma32), 1);
  assert_int_equal(pf_zone_view(s, 2, &normal), 0);
  assert_int_equal(dma.managed, 3840);
  assert_int_equal(dma.free_pages, 3840);
  assert_int_equal(dma.holes, 97);
  assert_int_equal(dma32.managed, 20480 - 2049);
  assert_int_equal(dma.protection[1], (20480 - 2049) / 256);
  assert_int_equal(pf_min_free_kbytes(s), 1193); /* the root of 16 * 89084 */
  assert_int_equal(dma32.pages_min, 298ull * 18431 / 22271);
  assert_int_equal(dma32.pages_low, dma32.pages_min + dma32.pages_min / 4);
  struct pf_pcp_view pcp;
  assert_true(pf_pcp_view(s, 1, 1, 0, &pcp));
  assert_int_equal(pcp.batch, 3);
  assert_int_equal(pcp.high, dma32.pages_low / 2);
  assert_int_equal(pcp.stat_threshold, 4);
  assert_int_equal(pf_pageblock_type(s, 1), 0);   /* begins before the zone */
  assert_int_equal(pf_pageblock_type(s, 512), 1); /* Movable */
  /* Rising order: the lowest block of the largest order first. */
  assert_int_equal(pf_link_next(s, pf_free_list(s, 0, 10, 1)), 1024);
  assert_int_equal(pf_link_next(s, 1024), 2048);
  assert_int_equal(frames_in(pc, PF_STATE_BUDDY) + frames_in(pc, PF_STATE_RESERVED), 24575);
  rr_free(pc);
}

static void test_61_nodes_in_order_of_distance(void **state) {
  (void)state;
  static const uint32_t want[3][3] = {{0, 1, 2}, {1, 2, 0}, {2, 0, 1}};
  struct pf_machine machine = {.kernel = kernel, .nr_nodes = 3, .numa = 1};
  for (uint32_t i = 0; i < 3; i++)
    machine.node[i] = (struct pf_node_desc){.start_pfn = 64 * i, .pages = 64};
  struct rr *r = rr_on(&machine, 1);
  for (uint32_t node = 0; node < 3; node++) {
    uint32_t order[PF_MAX_NODES];
    pf_node_order(pf_engine_structs(r->engine), node, order);
    assert_memory_equal(order, want[node], sizeof want[node]);
  }
  rr_free(r);
}

/* What no operation does is told as events: frames of the page replacement, say. What does not fit is refused. */
static void test_61_told_events_change_engine_and_map_alike(void **state) {
  (void)state;
  const struct pf_event good[] = {{.kind = PF_EV_LRU_SET, .s = 1, .a = 10, .b = 20},
                                  {.kind = PF_EV_FRAMES_ARE, .s = PF_STATE_ALLOCATED, .a = 10, .b = 20},
                                  {.kind = PF_EV_HELD_SET, .s = 15, .a = 40, .b = 1},
                                  {.kind = PF_EV_COUNTS_SET, .a = 40, .b = 2, .c = 3}};
  const struct pf_event wrong[] = {{.kind = PF_EV_LRU_SET, .s = 1, .a = 2047, .b = 2},
                                   {.kind = PF_EV_PAGEBLOCKS_SET, .s = 5, .a = 0, .b = 1},
                                   {.kind = PF_EV_PAGEBLOCKS_SET, .s = 1, .a = 0, .b = 5},
                                   {.kind = PF_EV_NR_FREE_SET, .s = 11, .a = 1},
                                   {.kind = PF_EV_FREE_MARK_SET, .s = 11, .a = 1},
                                   {.kind = PF_EV_TYPE_REMEMBERED, .s = 5, .a = 1},
                                   {.kind = PF_EV_FREE_FACTOR_SET, .s = 6},
                                   {.kind = PF_EV_PCP_LIMITS_SET, .s = 2},
                                   {.kind = PF_EV_RESERVE_SET, .s = 5},
                                   {.kind = PF_EV_BOOT_MAP_SET_UP, .a = 0, .b = 0, .c = 2049}};
  const struct pf_structs *s = pf_engine_structs(run->engine);
  uint32_t folded;
  struct pf_frame_view frame;
  assert_int_equal(pf_engine_fold(run->engine, good, 4, &folded), PF_OK);
  assert_int_equal(folded, 4);
  assert_int_equal(pf_map_fold(run->map, good, 4, NULL), PF_OK);
  assert_memory_equal(s, pf_map_structs(run->map), s->bytes);
  assert_true(pf_frame_view(s, 29, &frame) && frame.lru);
  assert_true(pf_frame_view(s, 40, &frame) && frame.held == 15 && frame.count == 3);
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    uint64_t bytes = pf_engine_bytes(run->engine);
    void *before = rr_copy(run->engine, bytes);
    assert_int_equal(pf_engine_fold(run->engine, &wrong[i], 1, &folded), PF_E_EVENT);
    assert_int_equal(folded, 0);
    assert_memory_equal(before, run->engine, bytes);
    free(before);
  }
}

/* There is no descriptor to count on. */
static void test_61_frames_outside_memory(void **state) {
  (void)state;
  static const uint32_t calls[] = {PF_OP_GET_PAGE, PF_OP_PUT_PAGE, PF_OP_FREE_PAGE_PAGE, PF_OP_SPLIT_PAGE};
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
    RR_CALL(run, calls[i], 2048);
    assert_int_equal(run->result.outcome, PF_OUTCOME_OOPS);
    assert_int_equal(run->result.bug, PF_BUG_NULL_POINTER);
  }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(test_apply_refuses_wrong_arguments),
      TEST(test_kernel_has_what_its_door_takes),
      TEST(test_names_stand_for_frames_and_addresses),
      TEST(test_null_makes_calls_do_nothing),
      TEST(test_apply_skips_what_the_kernel_lacks),
      cmocka_unit_test(test_machine_check_names_the_field),
      cmocka_unit_test(test_addresses_are_as_wide_as_the_machine),
      TEST(test_load_refuses_foreign_bytes),
      TEST(test_load_refuses_frames_outside_their_zone),
      cmocka_unit_test(test_spare_descriptors_come_with_the_first_zone),
      TEST(test_sink_without_drain_counts_what_it_drops),
  };
  /* Kernels that boot with a bitmap, and count references to frames past the end of memory. */
  const struct CMUnitTest tests_bootmem[] = {
      TEST(test_zone_set_up_again_forgets_its_frames),
      TEST(test_wrapped_size_ends_with_the_bitmap),
      TEST(test_retirement_needs_room_for_frames_outside),
      TEST(test_fold_refuses_what_does_not_fit),
      TEST(test_outside_frames_fill_a_table),
  };
  /* Kernels whose addresses do not reach all memory. */
  const struct CMUnitTest tests_highmem[] = {
      TEST(test_address_calls_on_highmem),
      cmocka_unit_test(test_boot_of_a_pc_with_highmem),
      cmocka_unit_test(test_boot_of_a_node_without_low_memory),
  };
  const struct CMUnitTest tests_24[] = {TEST(test_24_zeroed_page_of_highmem)};
  const struct CMUnitTest tests_26[] = {TEST(test_26_zeroed_page_of_highmem)};
  int failed = 0;
  for (kernel = 1; pf_kernel_info(kernel); kernel++) {
    failed += cmocka_run_group_tests_name(pf_kernel_info(kernel)->name, tests, NULL, NULL);
    if (pf_kernel_has(kernel, PF_OP_INIT_BOOTMEM))
      failed += cmocka_run_group_tests_name(pf_kernel_info(kernel)->name, tests_bootmem, NULL, NULL);
    if (pf_kernel_info(kernel)->page_offset)
      failed += cmocka_run_group_tests_name(pf_kernel_info(kernel)->name, tests_highmem, NULL, NULL);
  }
  kernel = pf_kernel_find("linux-2.4.20");
  failed += cmocka_run_group_tests_name("linux-2.4.20 in its own way", tests_24, NULL, NULL);
  kernel = pf_kernel_find("linux-2.6.10");
  failed += cmocka_run_group_tests_name("linux-2.6.10 in its own way", tests_26, NULL, NULL);
  const struct CMUnitTest tests_61[] = {
      cmocka_unit_test(test_61_boot_of_a_pc),
      cmocka_unit_test(test_61_nodes_in_order_of_distance),
      TEST(test_61_told_events_change_engine_and_map_alike),
      TEST(test_61_frames_outside_memory),
  };
  kernel = pf_kernel_find("linux-6.1");
  failed += cmocka_run_group_tests_name("linux-6.1 in its own way", tests_61, NULL, NULL);
  return failed;
}
