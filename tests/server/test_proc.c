/* What /proc tells of a machine, as a run's state: the model must tell the same of it as the files do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "player.h"
#include "proc.h"

#define TRACES PAGEFRAME_SOURCE_DIR "/tests/traces/linux-6.1/"
#define MOST_TROUBLES 4

static const struct pf_kernel_info *kernel(void) { return pf_kernel_info(pf_kernel_find("linux-6.1")); }

/* A machine whose state was taken, and the run that begins with it. */
struct taken {
  struct pf_proc *proc;
  struct pf_run run;
  struct pf_player player;
};

static struct taken *take(const struct pf_proc_paths *paths, const char *operations) {
  struct taken *taken = calloc(1, sizeof *taken);
  struct pf_error error = {""};
  struct pf_buffer text = {0};
  taken->proc = pf_proc_read(paths, kernel(), &error);
  if (!taken->proc || pf_proc_conclude(taken->proc, &error) < 0)
    fail_msg("%s", error.text);
  pf_proc_write(taken->proc, &text);
  pf_buffer_print(&text, "%s", operations);
  assert_false(text.failed);
  if (pf_run_parse("state", (struct pf_text){text.bytes, text.size}, &taken->run, &error) < 0 ||
      pf_player_open(&taken->player, &taken->run, &error) < 0 ||
      pf_player_tell(&taken->player, &taken->run.lines[0], &error) < 0)
    fail_msg("%s", error.text);
  return taken;
}

static struct taken *take_trace(const char *workload, const char *when, const char *operations) {
  char path[4][512];
  static const char *const files[] = {"zoneinfo", "buddyinfo", "pagetypeinfo", "kpageflags"};
  for (size_t i = 0; i < 4; i++)
    snprintf(path[i], sizeof path[i], TRACES "%s/%s.%s.gz", workload, files[i], when);
  return take(&(struct pf_proc_paths){path[0], path[1], path[2], path[3]}, operations);
}

static void put(struct taken *taken) {
  pf_player_close(&taken->player);
  pf_run_free(&taken->run);
  pf_proc_free(taken->proc);
  free(taken);
}

static const struct pf_structs *structs_of(const struct taken *taken) {
  return pf_engine_structs(taken->player.engine);
}

static void assert_sound(const struct taken *taken) {
  struct pf_finding finding;
  struct pf_trouble troubles[MOST_TROUBLES];
  uint8_t *scratch = calloc(pf_map_frames(taken->player.map), 1);
  uint32_t kind = pf_check_map(taken->player.map, scratch, &finding);
  if (kind != PF_FINDING_NONE)
    fail_msg("frame %u: %s", finding.pfn, pf_finding_text(kind));
  assert_int_equal(pf_map_troubles(taken->player.map, scratch, troubles, MOST_TROUBLES), 0);
  free(scratch);
}

/* ---------------------------------------------------------------- the files again, from the model */

/* The next zone that is there, from `slot` on; 0: none is left. */
static int next_zone(const struct pf_structs *structs, uint32_t *slot, struct pf_zone_view *zone) {
  while (*slot < pf_structs_zones(structs)) {
    if (pf_zone_view(structs, (*slot)++, zone))
      return 1;
  }
  return 0;
}

static uint32_t blocks_on(const struct pf_structs *structs, const struct pf_zone_view *zone, uint32_t order,
                          uint32_t type) {
  uint32_t slot = zone->node * kernel()->nr_zone_types + zone->type;
  uint32_t count = 0, head = pf_free_list(structs, slot, order, type);
  for (uint32_t at = pf_link_next(structs, head); at != head; at = pf_link_next(structs, at))
    count++;
  return count;
}

static void print_buddyinfo(const struct pf_structs *structs, struct pf_buffer *out) {
  struct pf_zone_view zone;
  for (uint32_t slot = 0; next_zone(structs, &slot, &zone);) {
    pf_buffer_print(out, "Node %u, zone %8s ", zone.node, kernel()->zone_names[zone.type]);
    for (uint32_t order = 0; order < kernel()->nr_orders; order++)
      pf_buffer_print(out, "%6u ", zone.nr_free[order]);
    pf_buffer_print(out, "\n");
  }
}

static void print_free_blocks(const struct pf_structs *structs, struct pf_buffer *out) {
  struct pf_zone_view zone;
  for (uint32_t slot = 0; next_zone(structs, &slot, &zone);) {
    for (uint32_t type = 0; type < kernel()->nr_types; type++) {
      pf_buffer_print(out, "Node %4u, zone %8s, type %12s ", zone.node, kernel()->zone_names[zone.type],
                      kernel()->type_names[type]);
      for (uint32_t order = 0; order < kernel()->nr_orders; order++)
        pf_buffer_print(out, "%6u ", blocks_on(structs, &zone, order, type));
      pf_buffer_print(out, "\n");
    }
  }
}

static void print_pageblocks(const struct pf_structs *structs, struct pf_buffer *out) {
  struct pf_zone_view zone;
  for (uint32_t slot = 0; next_zone(structs, &slot, &zone);) {
    uint32_t count[PF_NO_TYPE + 1] = {0};
    for (uint32_t pfn = zone.start_pfn & ~511u; pfn < zone.start_pfn + zone.size; pfn += 512)
      count[pf_pageblock_type(structs, pfn)]++;
    pf_buffer_print(out, "Node %u, zone %8s ", zone.node, kernel()->zone_names[zone.type]);
    for (uint32_t type = 0; type < kernel()->nr_types; type++)
      pf_buffer_print(out, "%12u ", count[type]);
    pf_buffer_print(out, "\n");
  }
}

static void print_pagetypeinfo(const struct pf_structs *structs, struct pf_buffer *out) {
  pf_buffer_print(out, "Page block order: 9\nPages per block:  512\n\n");
  pf_buffer_print(out, "%-43s ", "Free pages count per migrate type at order");
  for (uint32_t order = 0; order < kernel()->nr_orders; order++)
    pf_buffer_print(out, "%6u ", order);
  pf_buffer_print(out, "\n");
  print_free_blocks(structs, out);
  pf_buffer_print(out, "\n%-23s", "Number of blocks type ");
  for (uint32_t type = 0; type < kernel()->nr_types; type++)
    pf_buffer_print(out, "%12s ", kernel()->type_names[type]);
  pf_buffer_print(out, "\n");
  print_pageblocks(structs, out);
}

static void assert_is_file(struct pf_buffer *got, const char *workload, const char *file, const char *when) {
  char path[512];
  struct pf_text text;
  struct pf_error error = {""};
  snprintf(path, sizeof path, TRACES "%s/%s.%s.gz", workload, file, when);
  assert_int_equal(pf_text_read(path, &text, &error), 0);
  assert_string_equal(got->bytes, text.bytes);
  pf_text_free(&text);
  pf_buffer_free(got);
}

/* The figures of the zone stand together in zoneinfo. */
static void assert_zoneinfo(const struct pf_structs *structs, const char *zoneinfo) {
  struct pf_zone_view zone;
  for (uint32_t slot = 0; next_zone(structs, &slot, &zone);) {
    struct pf_buffer want = {0};
    struct pf_pcp_view pcp;
    pf_buffer_print(&want,
                    "  pages free     %u\n        boost    %u\n        min      %u\n        low      %u\n"
                    "        high     %u\n        spanned  %u\n        present  %u\n        managed  %u\n"
                    "        cma      0\n        protection: (%u, %u, %u, %u, %u)\n",
                    zone.free_pages, zone.boost, zone.pages_min, zone.pages_low, zone.pages_high, zone.size,
                    zone.size - zone.holes, zone.managed, zone.protection[0], zone.protection[1], zone.protection[2],
                    zone.protection[3], zone.protection[4]);
    const char *at = strstr(zoneinfo, want.bytes);
    assert_non_null(at);
    pf_buffer_free(&want);
    assert_int_equal(pf_pcp_view(structs, slot - 1, 0, 0, &pcp), 1);
    pf_buffer_print(&want,
                    "              high:  %u\n              batch: %u\n  vm stats threshold: %u\n"
                    "  node_unreclaimable:  0\n  start_pfn:           %u\n",
                    pcp.high, pcp.batch, pcp.stat_threshold, zone.start_pfn);
    assert_non_null(strstr(at, want.bytes));
    pf_buffer_free(&want);
  }
}

static void test_the_model_tells_what_the_files_tell(void **state) {
  (void)state;
  static const char *const moments[][2] = {
      {"boot-idle", "start"}, {"boot-idle", "end"}, {"file-churn", "start"}, {"file-churn", "end"}};
  for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++) {
    const char *workload = moments[i][0], *when = moments[i][1];
    struct taken *taken = take_trace(workload, when, "");
    struct pf_buffer out = {0};
    struct pf_text zoneinfo;
    struct pf_error error;
    char path[512];
    assert_sound(taken);
    print_buddyinfo(structs_of(taken), &out);
    assert_is_file(&out, workload, "buddyinfo", when);
    print_pagetypeinfo(structs_of(taken), &out);
    assert_is_file(&out, workload, "pagetypeinfo", when);
    snprintf(path, sizeof path, TRACES "%s/zoneinfo.%s.gz", workload, when);
    assert_int_equal(pf_text_read(path, &zoneinfo, &error), 0);
    assert_zoneinfo(structs_of(taken), zoneinfo.bytes);
    pf_text_free(&zoneinfo);
    put(taken);
  }
}

/* ---------------------------------------------------------------- which pageblock is which */

/* What the boot of this kernel does to pageblocks is known from recordings of it that tell of them: tests/golden has
 * the same kernel on smaller machines, with the same pattern. */
static void test_pageblocks_are_those_of_the_boot(void **state) {
  (void)state;
  static const uint32_t types[] = {0, 0, 2, 2, 0, 0, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0};
  struct taken *taken = take_trace("boot-idle", "start", "");
  for (uint32_t pageblock = 8; pageblock < 128; pageblock++)
    assert_int_equal(pf_pageblock_type(structs_of(taken), pageblock * 512), pageblock < 26 ? types[pageblock - 8] : 1);
  put(taken);
}

/* A frame that a CPU's lists give back was freed for its pageblock's type, and the trace tells which. */
static void test_pageblocks_are_those_that_the_trace_tells_of(void **state) {
  (void)state;
  uint8_t told[1 << 8];
  struct pf_text trace;
  struct pf_error error;
  uint32_t nr_told = 0, agree = 0;
  struct taken *taken = take_trace("file-churn", "end", "");
  memset(told, PF_NO_TYPE, sizeof told);
  assert_int_equal(pf_text_read(TRACES "file-churn/trace.txt.gz", &trace, &error), 0);
  for (const char *at = trace.bytes; (at = strstr(at, "mm_page_pcpu_drain:"));) {
    unsigned pfn, order, type;
    at = strstr(at, "pfn=");
    assert_int_equal(sscanf(at, "pfn=%x order=%u migratetype=%u", &pfn, &order, &type), 3);
    told[pfn / 512] = (uint8_t)type;
  }
  for (uint32_t pageblock = 0; pageblock < sizeof told; pageblock++) {
    nr_told += told[pageblock] != PF_NO_TYPE;
    agree += told[pageblock] != PF_NO_TYPE && told[pageblock] == pf_pageblock_type(structs_of(taken), pageblock * 512);
  }
  assert_int_equal(nr_told, 29);
  assert_int_equal(agree, 28);
  pf_text_free(&trace);
  put(taken);
}

/* ---------------------------------------------------------------- what it would do next */

/* A hundred rounds of requests of each type and sort of list, then whole free blocks until none is left. */
static void print_requests(struct pf_buffer *out) {
  for (int i = 0; i < 100; i++)
    pf_buffer_print(out, "%s",
                    "{\"op\":\"alloc_pages\",\"gfp\":\"GFP_HIGHUSER_MOVABLE\",\"order\":0,\"as\":\"one\"}\n"
                    "{\"op\":\"alloc_pages\",\"gfp\":\"GFP_KERNEL\",\"order\":3,\"as\":\"eight\"}\n"
                    "{\"op\":\"alloc_pages\",\"gfp\":\"GFP_KERNEL|__GFP_RECLAIMABLE\",\"order\":1}\n"
                    "{\"op\":\"alloc_pages\",\"gfp\":\"GFP_HIGHUSER_MOVABLE\",\"order\":9,\"as\":\"huge\"}\n"
                    "{\"op\":\"__free_pages\",\"page\":\"one\",\"order\":0}\n"
                    "{\"op\":\"__free_pages\",\"page\":\"huge\",\"order\":9}\n");
  for (int i = 0; i < 40; i++)
    pf_buffer_print(out, "{\"op\":\"alloc_pages\",\"gfp\":\"GFP_NOWAIT\",\"order\":10}\n");
  pf_buffer_print(out, "{\"op\":\"drain_all_pages\"}\n{\"op\":\"set_min_free_kbytes\",\"value\":4096}\n");
}

static void test_the_machine_goes_on(void **state) {
  (void)state;
  struct pf_buffer requests = {0};
  print_requests(&requests);
  struct taken *taken = take_trace("file-churn", "end", requests.bytes);
  uint32_t given = 0;
  for (size_t i = 1; i < taken->run.nr_lines; i++) {
    struct pf_result result;
    struct pf_error error;
    assert_int_equal(pf_player_apply(&taken->player, &taken->run.lines[i], &result, &error), 0);
    given += taken->run.lines[i].result == PF_RESULT_PFN && result.outcome == PF_OUTCOME_DONE;
    if (i % 50 == 0)
      assert_sound(taken);
  }
  assert_sound(taken);
  assert_int_equal(given, 400 + 25); /* buddyinfo counts so many of order 10 */
  pf_buffer_free(&requests);
  put(taken);
}

/* ---------------------------------------------------------------- a machine of two nodes */

static void write_file(char path[512], const char *folder, const char *name, const void *bytes, size_t size) {
  snprintf(path, 512, "%s/%s", folder, name);
  FILE *out = fopen(path, "w");
  assert_non_null(out);
  assert_int_equal(fwrite(bytes, 1, size, out), size);
  assert_int_equal(fclose(out), 0);
}

#define ZONE(free, boost, min, low, high, start, spanned, present, managed)                                            \
  "  pages free " free "\n boost " boost "\n min " min "\n low " low "\n high " high "\n spanned " spanned             \
  "\n present " present "\n managed " managed "\n protection: (0, 9, 9)\n pagesets\n cpu: 0\n count: 5\n high: 60\n "  \
  "batch: 7\n vm stats threshold: 2\n cpu: 1\n count: 0\n high: 61\n batch: 7\n vm stats threshold: 2\n "              \
  "start_pfn: " start "\n"
#define NO_BLOCKS(zone, type) zone ", type " type " 0 0 0 0 0 0 0 0 0 0 0\n"
#define FREE_BLOCKS(zone, blocks)                                                                                      \
  NO_BLOCKS(zone, "Unmovable")                                                                                         \
  zone ", type Movable 0 0 0 0 0 0 0 0 0 0 " blocks "\n" NO_BLOCKS(zone, "Reclaimable") NO_BLOCKS(zone, "HighAtomic")  \
      NO_BLOCKS(zone, "Isolate")

static const char two_nodes_zoneinfo[] =
    "Node 0, zone DMA\n" ZONE("1024", "0", "38", "57", "76", "1", "4095", "4095", "3840") "Node 0, zone DMA32\n" ZONE(
        "1021", "512", "552", "572", "592", "4096", "4096", "4096",
        "4096") "Node 1, zone DMA32\n" ZONE("3072", "0", "35", "52", "69", "8192", "4096", "3584",
                                            "3584") "Node 1, zone Movable\n pages free 0\n spanned 0\n present 0\n "
                                                    "managed 0\n";
static const char two_nodes_buddyinfo[] = "Node 0, zone DMA 0 0 0 0 0 0 0 0 0 0 1\n"
                                          "Node 0, zone DMA32 0 0 0 0 0 0 0 0 0 0 1\n"
                                          "Node 1, zone DMA32 0 0 0 0 0 0 0 0 0 0 3\n";
static const char two_nodes_pagetypeinfo[] =
    "Page block order: 9\n" FREE_BLOCKS("Node 0, zone DMA", "1") FREE_BLOCKS("Node 0, zone DMA32", "1") FREE_BLOCKS(
        "Node 1, zone DMA32",
        ">3") "Number of blocks type Unmovable Movable Reclaimable HighAtomic Isolate\n"
              "Node 0, zone DMA 6 2 0 0 0\nNode 0, zone DMA32 0 7 1 0 0\nNode 1, zone DMA32 1 6 0 0 0\n"
              "Number of mixed blocks Unmovable Movable Reclaimable HighAtomic Isolate\nNode 0, zone DMA 0 0 0 0 0\n";

/* Flags as the kernel has them: 8 bytes a frame. */
static void set_flags(uint64_t *flags, uint32_t first, uint32_t past, unsigned bit) {
  for (uint32_t pfn = first; pfn < past; pfn++)
    flags[pfn] = (uint64_t)1 << bit;
}

static struct taken *take_two_nodes(void) {
  char folder[] = "/tmp/pageframe-proc-XXXXXX", path[4][512];
  static uint64_t flags[12288];
  assert_non_null(mkdtemp(folder));
  set_flags(flags, 0, 256, 32);     /* reserved */
  set_flags(flags, 256, 4608, 7);   /* slab */
  set_flags(flags, 1024, 2048, 10); /* buddy */
  set_flags(flags, 4608, 8192, 5);  /* lru */
  set_flags(flags, 5120, 6144, 10);
  set_flags(flags, 8704, 9216, 20);  /* no page */
  set_flags(flags, 9216, 12288, 10); /* from 8192 on: the kernel's */
  write_file(path[0], folder, "zoneinfo", two_nodes_zoneinfo, sizeof two_nodes_zoneinfo - 1);
  write_file(path[1], folder, "buddyinfo", two_nodes_buddyinfo, sizeof two_nodes_buddyinfo - 1);
  write_file(path[2], folder, "pagetypeinfo", two_nodes_pagetypeinfo, sizeof two_nodes_pagetypeinfo - 1);
  write_file(path[3], folder, "kpageflags", flags, sizeof flags);
  struct taken *taken = take(&(struct pf_proc_paths){path[0], path[1], path[2], path[3]}, "");
  for (size_t i = 0; i < 4; i++)
    unlink(path[i]);
  rmdir(folder);
  return taken;
}

static void test_two_nodes_with_a_hole(void **state) {
  (void)state;
  struct taken *taken = take_two_nodes();
  const struct pf_structs *structs = structs_of(taken);
  static const uint32_t types[24] = {0, 0, 1, 1, 0, 0, 0, 0, 2, 1, 1, 1, 1, 1, 1, 1, 0, PF_NO_TYPE, 1, 1, 1, 1, 1, 1};
  struct pf_zone_view zone;
  struct pf_pcp_view pcp;
  struct pf_frame_view frame;
  assert_sound(taken);
  assert_int_equal(taken->run.machine.nr_nodes, 2);
  assert_int_equal(taken->run.machine.nr_cpus, 2);
  assert_int_equal(taken->run.chosen, (1u << PF_NR_CHOSEN) - 1);
  for (uint32_t pageblock = 0; pageblock < 24; pageblock++)
    assert_int_equal(pf_pageblock_type(structs, pageblock * 512), types[pageblock]);
  assert_int_equal(pf_zone_view(structs, 1, &zone), 1);
  assert_int_equal(zone.boost, 512);
  assert_int_equal(zone.pages_min, 40); /* zoneinfo counts the boost in */
  assert_int_equal(zone.pages_high, 80);
  /* What the counter lacks the CPUs have. */
  assert_int_equal(zone.free_pages, 1021);
  assert_int_equal(pf_pcp_view(structs, 1, 0, 0, &pcp), 1);
  assert_int_equal(pcp.vm_stat_diff, 2);
  assert_int_equal(pf_pcp_view(structs, 1, 1, 0, &pcp), 1);
  assert_int_equal(pcp.vm_stat_diff, 1);
  assert_int_equal(pcp.high, 61);
  assert_int_equal(pcp.count, 0);
  /* The least settings that give these marks. */
  assert_int_equal(pf_min_free_kbytes(structs), 456);
  assert_int_equal(pf_watermark_scale_factor(structs), 50);
  assert_int_equal(pf_frame_view(structs, 8704, &frame), 1);
  assert_int_equal(frame.reserved, 1);
  assert_int_equal(pf_frame_view(structs, 4096, &frame), 1);
  assert_int_equal(frame.held, PF_HELD_FLAG);
  assert_int_equal(pf_frame_view(structs, 4608, &frame), 1);
  assert_int_equal(frame.lru, 1);
  put(taken);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_the_model_tells_what_the_files_tell),
      cmocka_unit_test(test_pageblocks_are_those_of_the_boot),
      cmocka_unit_test(test_pageblocks_are_those_that_the_trace_tells_of),
      cmocka_unit_test(test_the_machine_goes_on),
      cmocka_unit_test(test_two_nodes_with_a_hole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
