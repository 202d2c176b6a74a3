/* The importer of kernel traces: lines, rules, losses, and captures of a real kernel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "pageframe.h"

/* ---------------------------------------------------------------- helpers */

#define HEAD "              sh-94      [000] .....     4.272328: "
#define ALLOC(pfn, order) HEAD "mm_page_alloc: page=00000000ae15cbe6 pfn=" pfn " order=" order " migratetype=0\n"
#define FREE(pfn, order) HEAD "mm_page_free: page=00000000ae15cbe6 pfn=" pfn " order=" order "\n"
#define BATCHED(pfn) HEAD "mm_page_free_batched: page=00000000ae15cbe6 pfn=" pfn " order=0\n"
#define LOCKED(pfn, order) HEAD "mm_page_alloc_zone_locked: page=00000000ae15cbe6 pfn=" pfn " order=" order "\n"
#define DRAIN(pfn, order) HEAD "mm_page_pcpu_drain: page=00000000ae15cbe6 pfn=" pfn " order=" order "\n"
#define LOSS "CPU:0 [LOST 7 EVENTS]\n"

static void *region(uint64_t size) {
  assert_true(size > 0);
  void *bytes = malloc((size_t)size);
  assert_non_null(bytes);
  return bytes;
}

static struct pf_trace_stats stats_of(const struct pf_trace *trace) {
  struct pf_trace_stats stats;
  pf_trace_stats(trace, &stats);
  return stats;
}

/* A trace in a region that grows when it must, by as little as it may. */
struct import {
  struct pf_trace *trace;
  uint32_t max_events, max_frames, moves;
};

static struct import new_import(void) {
  struct import import = {.max_events = 1, .max_frames = 1};
  uint64_t size = pf_trace_size(1, 1);
  import.trace = region(size);
  assert_int_equal(pf_trace_init(import.trace, size, 1, 1), PF_OK);
  return import;
}

static void grow(struct import *import) {
  struct pf_trace_stats stats = stats_of(import->trace);
  assert_true(stats.events >= import->max_events || stats.frames > import->max_frames);
  if (stats.events >= import->max_events)
    import->max_events = 2 * stats.events;
  if (stats.frames > import->max_frames)
    import->max_frames = stats.frames;
  uint64_t size = pf_trace_size(import->max_events, import->max_frames);
  struct pf_trace *to = region(size);
  assert_int_equal(pf_trace_move(to, size, import->trace, import->max_events, import->max_frames), PF_OK);
  free(import->trace);
  import->trace = to;
  import->moves++;
}

static void start(struct import *import, const char *text, size_t bytes) {
  enum pf_status status;
  while ((status = pf_trace_start(import->trace, text, bytes, NULL)) == PF_E_FULL)
    grow(import);
  assert_int_equal(status, PF_OK);
}

static void feed(struct import *import, const char *text, size_t bytes) {
  while (bytes > 0) {
    size_t used = 0;
    enum pf_status status = pf_trace_feed(import->trace, text, bytes, &used);
    text += used;
    bytes -= used;
    if (status == PF_E_FULL)
      grow(import);
    else
      assert_int_equal(status, PF_OK);
  }
}

static void finish(struct import *import) {
  enum pf_status status;
  while ((status = pf_trace_finish(import->trace)) == PF_E_FULL)
    grow(import);
  assert_int_equal(status, PF_OK);
}

static struct pf_trace *import_bytes(const char *start_text, size_t start_bytes, const char *text, size_t bytes) {
  struct import import = new_import();
  if (start_text != NULL)
    start(&import, start_text, start_bytes);
  feed(&import, text, bytes);
  finish(&import);
  return import.trace;
}

static struct pf_trace *import_text(const char *start_text, const char *text) {
  return import_bytes(start_text, start_text == NULL ? 0 : strlen(start_text), text, strlen(text));
}

/* Folds the beginning and the first `entries` entries. */
static struct pf_map *map_after(const struct pf_trace *trace, uint32_t entries) {
  struct pf_machine machine;
  assert_int_equal(pf_trace_machine(trace, &machine), PF_OK);
  uint64_t size = pf_map_size(&machine, PF_LAYER_FRAMES);
  struct pf_map *map = region(size);
  assert_int_equal(pf_map_init(map, size, &machine, PF_LAYER_FRAMES), PF_OK);
  struct pf_event events[16];
  uint32_t cursor = 0, n;
  while ((n = pf_trace_beginning(trace, &cursor, events, 16)) > 0)
    assert_int_equal(pf_map_fold(map, events, n, NULL), PF_OK);
  for (uint32_t i = 0; i < entries; i++) {
    n = pf_trace_entry(trace, i, events, 16);
    assert_true(n >= 2 && n <= PF_TRACE_ENTRY_MAX);
    assert_int_equal(events[0].kind, PF_EV_OP_BEGIN);
    assert_int_equal(events[0].a, i + 1);
    assert_int_equal(events[n - 1].kind, PF_EV_OP_END);
    assert_int_equal(pf_map_fold(map, events, n, NULL), PF_OK);
  }
  return map;
}

static uint32_t state_in(const struct pf_map *map, uint32_t pfn) {
  struct pf_map_frame frame;
  assert_true(pf_map_frame(map, pfn, &frame));
  assert_int_equal(frame.marks, 0); /* a trace hides too much to accuse anybody */
  return frame.state;
}

/* The state of a frame after `entries` entries of a trace. */
static uint32_t state_after(const char *start_text, const char *text, uint32_t entries, uint32_t pfn) {
  struct pf_trace *trace = import_text(start_text, text);
  struct pf_map *map = map_after(trace, entries);
  uint32_t state = state_in(map, pfn);
  free(map);
  free(trace);
  return state;
}

/* The frame event of an entry. */
static struct pf_event event_of(const struct pf_trace *trace, uint32_t entry) {
  struct pf_event events[PF_TRACE_ENTRY_MAX];
  uint32_t n = pf_trace_entry(trace, entry, events, PF_TRACE_ENTRY_MAX);
  assert_true(n >= 3);
  return events[n - 2];
}

static uint32_t cpu_of(const struct pf_trace *trace, uint32_t entry) {
  struct pf_event events[PF_TRACE_ENTRY_MAX];
  assert_true(pf_trace_entry(trace, entry, events, PF_TRACE_ENTRY_MAX) > 0);
  return events[0].s;
}

static void assert_same(const struct pf_trace *a, const struct pf_trace *b) {
  struct pf_trace_stats of_a = stats_of(a), of_b = stats_of(b);
  assert_memory_equal(&of_a, &of_b, sizeof of_a);
  for (uint32_t i = 0; i < of_a.events; i++) {
    struct pf_event in_a[PF_TRACE_ENTRY_MAX] = {{0}}, in_b[PF_TRACE_ENTRY_MAX] = {{0}};
    assert_int_equal(pf_trace_entry(a, i, in_a, PF_TRACE_ENTRY_MAX), pf_trace_entry(b, i, in_b, PF_TRACE_ENTRY_MAX));
    assert_memory_equal(in_a, in_b, sizeof in_a);
  }
}

/* ---------------------------------------------------------------- lines */

static void test_feed_reads_every_form_of_a_line(void **context) {
  (void)context;
  static const struct {
    const char *line;
    uint32_t cpu, pfn, order;
  } cases[] = {
      {"  sh-94 [000] ..... 4.272328: mm_page_free: page=00000000e803638f pfn=0x33b3 order=0\n", 0, 0x33b3, 0},
      {"  sh-94 [003] dNs3. 4.272328: mm_page_free: page=00000000e803638f pfn=0x33b2 order=1\n", 3, 0x33b2, 1},
      {"sh-94 [000] ..... 4.272328: mm_page_free: page=x pfn=13234 order=1\n", 0, 13234, 1},
      {"sh-94 [000] ..... 4.272328: mm_page_free: page=x pfn=0X33B2 order=1\r\n", 0, 0x33b2, 1},
      {"sh-94 [000] ..... 4.272328: mm_page_free: page=x pfn=0x33b2 order=1", 0, 0x33b2, 1},
      {"sh-94\t[000] ....\t4.272328: mm_page_free: page=x order=1 pfn=0x33b2\n", 0, 0x33b2, 1},
      {"  sh-94    [000]     4.272328: mm_page_free:         page=0xffffffffa459b823 pfn=0x33b3 order=0\n", 0, 0x33b3,
       0},
      {"      sh-94     12.Ns3.    13.405714: mm_page_free:  page=0xffff pfn=0x218c order=1\n", 12, 0x218c, 1},
      {"    sh-94      (     94) [001] ..... 4.272328: mm_page_free: page=x pfn=0x100 order=8\n", 1, 0x100, 8},
      {"sh 94 [001] 4.272328: kmem:mm_page_free: page=x pfn=0x100 order=8\n", 1, 0x100, 8},
      {"sh-94 [001] ..... 4272328: mm_page_free: page=x pfn=0x400 order=10\n", 1, 0x400, 10},
      {"kworker/0:2-45 [001] ..... 4.2: mm_page_free: page=x pfn=0x20 order=0\n", 1, 0x20, 0},
      {"<idle>-0 [001] ..... 4.2: mm_page_free: page=x pfn=0x20 order=0\n", 1, 0x20, 0},
      {"<...>-88 [001] ..... 4.2: mm_page_free: page=x pfn=0x20 order=0\n", 1, 0x20, 0},
      {"a b-c: [7] 1.2:-88 [001] ..... 4.2: mm_page_free: page=x pfn=0x20 order=0\n", 1, 0x20, 0},
      {"mm_page_alloc:-8 [001] ..... 4.2: mm_page_free: page=x pfn=0x20 order=0\n", 1, 0x20, 0},
      {"#tag-8 [001] ..... 4.2: mm_page_free: page=x pfn=0x20 order=0\n", 1, 0x20, 0},
      {"sh-94 [000] ..... 4.2: mm_page_free: page=(____ptrval____) pfn=0x3ffffff order=0\n", 0, 0x3ffffff, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct pf_trace *trace = import_text(NULL, cases[i].line);
    struct pf_trace_stats stats = stats_of(trace);
    assert_int_equal(stats.events, 1);
    assert_int_equal(stats.lines, 1);
    assert_int_equal(stats.frames, cases[i].pfn + (1u << cases[i].order));
    struct pf_event event = event_of(trace, 0);
    assert_int_equal(event.kind, PF_EV_TAKEN_BACK);
    assert_int_equal(event.a, cases[i].pfn);
    assert_int_equal(event.s, cases[i].order);
    assert_int_equal(cpu_of(trace, 0), cases[i].cpu);
    free(trace);
  }
}

static void test_feed_counts_what_it_cannot_read(void **context) {
  (void)context;
  static const char *const lines[] = {
      HEAD "mm_page_free: page=x pfn=0x33 order=",
      HEAD "mm_page_free: page=x pfn=0x33",
      HEAD "mm_page_free: page=x order=0",
      HEAD "mm_page_free:",
      HEAD "mm_page_free: page=x pfn=0x order=0",
      HEAD "mm_page_free: page=x pfn=33b2 order=0",
      HEAD "mm_page_free: page=x pfn=0x33z order=0",
      HEAD "mm_page_free: page=x pfn=-3 order=0",
      HEAD "mm_page_free: page=x pfn=0x10000000000000000 order=0",
      HEAD "mm_page_free: page=x pfn=0x4000000 order=0",
      HEAD "mm_page_free: page=x pfn=0x3fffff0 order=5",
      HEAD "mm_page_free: page=x pfn=0x33 order=1",
      HEAD "mm_page_free: page=x pfn=0x800 order=11",
      HEAD "mm_page_alloc: page=x pfn=0x33 order=x migratetype=0",
      "72328: mm_page_free: page=x pfn=0x33 order=0",
      "sh-94 [000] ..... 4.27.1: mm_page_free: page=x pfn=0x33 order=0",
      "sh-94 [0x0 ..... 4.27: mm_page_free: page=x pfn=0x33 order=0",
      "sh-94 [70000] ..... 4.27: mm_page_free: page=x pfn=0x33 order=0",
      "4.27:mm_page_pcpu_drain: page=x pfn=0x33 order=0",
  };
  for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
    char text[1024];
    snprintf(text, sizeof text, "# head\n%s\n" FREE("0x40", "0") "%s", lines[i], lines[i]);
    struct pf_trace *trace = import_text(NULL, text);
    struct pf_trace_stats stats = stats_of(trace);
    assert_int_equal(stats.bad, 2);
    assert_int_equal(stats.bad_line, 2);
    assert_int_equal(stats.events, 1);
    assert_int_equal(stats.skipped, 0);
    assert_int_equal(stats.lines, 4);
    assert_int_equal(event_of(trace, 0).a, 0x40);
    free(trace);
  }
}

static void test_feed_skips_and_counts_other_lines(void **context) {
  (void)context;
  static const char *const lines[] = {
      HEAD "mm_page_alloc_extfrag: page=x pfn=0x2200 alloc_order=9 fallback_order=9\n",
      HEAD "kmalloc: call_site=f+0xc5/0xe0 ptr=00000000d99cd998 bytes_req=16 node=-1 accounted=true\n",
      HEAD "tracing_mark_write: mm_page_free: page=x pfn=0x33 order=0\n",
      HEAD "bulk: (__vmalloc_node_range+0x264/0x880 <- __alloc_pages_bulk) ret=4\n",
      "cpus=1\n",
      " => mm_page_alloc\n",
      "no trace at all\n",
  };
  for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
    struct pf_trace *trace = import_text(NULL, lines[i]);
    struct pf_trace_stats stats = stats_of(trace);
    assert_int_equal(stats.skipped, 1);
    assert_int_equal(stats.events + stats.bad + stats.ignored, 0);
    struct pf_machine machine;
    assert_int_equal(pf_trace_machine(trace, &machine), PF_E_ARGUMENT);
    free(trace);
  }
  struct pf_trace *trace = import_text(NULL, "# tracer: nop\n#\n\n   \r\n" BATCHED("0x33") FREE("0x33", "0"));
  struct pf_trace_stats stats = stats_of(trace);
  assert_int_equal(stats.skipped, 0);
  assert_int_equal(stats.ignored, 1);
  assert_int_equal(stats.events, 1);
  assert_int_equal(stats.lines, 6);
  struct pf_event events[PF_TRACE_ENTRY_MAX];
  pf_trace_entry(trace, 0, events, PF_TRACE_ENTRY_MAX);
  assert_int_equal(events[0].b, 6);
  free(trace);
}

static const char mixed[] = "# tracer: nop\r\n# entries-in-buffer/entries-written: 5/9   #P:2\n" LOCKED("0x80", "2")
    ALLOC("128", "2") FREE("0x81", "0") "nothing\n\n" BATCHED("0x81") HEAD
    "mm_page_alloc: page=0 pfn=0x0 order=9\n" HEAD "mm_page_free: pfn=0x3\nCPU:1 [LOST 12 EVENTS]\n" DRAIN("0x81", "0")
        FREE("0x400", "10") "a: b-9 [001] dNs3. 1.5: mm_page_free: page=x pfn=0x2c order=1";

static void test_feed_split_anywhere_gives_the_same(void **context) {
  (void)context;
  static const char flags[] = "0x0 16 0x100000000\n0x10 64 0x400\r\n# more\n0x60 3 0";
  struct pf_trace *whole = import_bytes(flags, strlen(flags), mixed, strlen(mixed));
  assert_int_equal(stats_of(whole).events, 9);
  assert_int_equal(stats_of(whole).bad, 1);
  for (size_t cut = 1; cut < strlen(mixed); cut++) {
    struct import import = new_import();
    size_t start_cut = cut < strlen(flags) ? cut : 1;
    start(&import, flags, start_cut);
    start(&import, flags + start_cut, strlen(flags) - start_cut);
    feed(&import, mixed, cut);
    feed(&import, mixed + cut, strlen(mixed) - cut);
    finish(&import);
    assert_same(whole, import.trace);
    free(import.trace);
  }
  struct import import = new_import();
  for (size_t i = 0; i < strlen(flags); i++)
    start(&import, flags + i, 1);
  for (size_t i = 0; i < strlen(mixed); i++)
    feed(&import, mixed + i, 1);
  finish(&import);
  assert_same(whole, import.trace);
  free(import.trace);
  free(whole);
}

static void test_feed_long_lines(void **context) {
  (void)context;
  enum { LENGTH = 100000 };
  char *text = region(LENGTH + 8192);
  memset(text, 'x', LENGTH);
  strcpy(text + LENGTH, "\n" HEAD "mm_page_free: page=x pfn=0x33 order=0 ");
  size_t bytes = strlen(text);
  memset(text + bytes, 'y', 4000); /* longer than what is kept of a line, but all that is needed stands before */
  strcpy(text + bytes + 4000, "\n" HEAD "mm_page_free: page=x pfn=0x34 order=0");
  bytes = strlen(text);
  for (size_t piece = 1000; piece <= 200000; piece *= 14) {
    struct import import = new_import();
    for (size_t at = 0; at < bytes; at += piece)
      feed(&import, text + at, bytes - at < piece ? bytes - at : piece);
    finish(&import);
    assert_int_equal(stats_of(import.trace).events, 2);
    assert_int_equal(stats_of(import.trace).skipped, 1);
    assert_int_equal(stats_of(import.trace).lines, 3);
    assert_int_equal(event_of(import.trace, 1).a, 0x34);
    free(import.trace);
  }
  /* Where only a part of the line is kept, a number that is cut in two must not be read as a smaller one. */
  strcpy(text, HEAD "mm_page_free: page=x pfn=0x33 ");
  size_t head = strlen(text);
  memset(text + head, ' ', LENGTH - head);
  for (size_t at = 4080; at < 4110; at++) {
    memcpy(text + at, "order=10", 8);
    text[at + 8] = '\n';
    struct pf_trace *trace = import_bytes(NULL, 0, text, at + 9);
    assert_int_equal(stats_of(trace).bad, 1); /* 0x33 is no block of order 10, and never one of order 1 or 0 */
    assert_int_equal(stats_of(trace).events, 0);
    free(trace);
    memset(text + at, ' ', 9);
  }
  free(text);
}

static void test_feed_failed_allocation_changes_nothing(void **context) {
  (void)context;
  static const char *const pages[] = {"0x0", "0", "0xffffffffffffffff", "18446744073709551615"};
  for (size_t i = 0; i < 4; i++) {
    char text[1024];
    snprintf(text, sizeof text, FREE("0x1", "0") HEAD "mm_page_alloc: page=(nil) pfn=%s order=9 migratetype=1\n",
             pages[i]);
    struct pf_trace *trace = import_text(NULL, text);
    assert_int_equal(stats_of(trace).failed, 1);
    assert_int_equal(stats_of(trace).events, 2);
    assert_int_equal(stats_of(trace).frames, 2);
    struct pf_event events[PF_TRACE_ENTRY_MAX];
    assert_int_equal(pf_trace_entry(trace, 1, events, PF_TRACE_ENTRY_MAX), 2);
    assert_int_equal(events[0].t, PF_OP_MM_PAGE_ALLOC);
    assert_int_equal(events[0].b, 2);
    assert_int_equal(events[1].s, PF_OUTCOME_FAILED);
    free(trace);
  }
}

static void test_entry_says_what_the_line_says(void **context) {
  (void)context;
  struct pf_trace *trace = import_text("0x0 16 0x400\n", LOCKED("0x4", "1") ALLOC("0x4", "1") FREE("0x4", "1")
                                                             DRAIN("0x4", "1") LOCKED("0x8", "0") LOSS);
  static const struct {
    uint32_t op, kind, order, state, a;
  } expected[] = {
      {PF_OP_MM_PAGE_ALLOC_ZONE_LOCKED, PF_EV_MOVED, 1, PF_STATE_PCP, 4},
      {PF_OP_MM_PAGE_ALLOC, PF_EV_HANDED_OUT, 1, 0, 4},
      {PF_OP_MM_PAGE_FREE, PF_EV_TAKEN_BACK, 1, PF_STATE_PCP, 4},
      {PF_OP_MM_PAGE_PCPU_DRAIN, PF_EV_MOVED, 1, PF_STATE_BUDDY, 4},
      {PF_OP_MM_PAGE_ALLOC_ZONE_LOCKED, PF_EV_MOVED, 0, PF_STATE_PCP, 8},
      {PF_OP_EVENTS_LOST, PF_EV_LOST_EVENTS, 0, 0, 7},
  };
  assert_int_equal(stats_of(trace).events, 6);
  for (uint32_t i = 0; i < 6; i++) {
    struct pf_event events[PF_TRACE_ENTRY_MAX];
    assert_int_equal(pf_trace_entry(trace, i, events, PF_TRACE_ENTRY_MAX), 3);
    assert_int_equal(events[0].t, expected[i].op);
    assert_int_equal(events[0].b, i + 1);
    assert_int_equal(events[1].kind, expected[i].kind);
    assert_int_equal(events[1].s, expected[i].order);
    assert_int_equal(events[1].t, expected[i].state);
    assert_int_equal(events[1].a, expected[i].a);
    assert_int_equal(events[2].s, PF_OUTCOME_DONE);
  }
  struct pf_event none[PF_TRACE_ENTRY_MAX];
  assert_int_equal(pf_trace_entry(trace, 6, none, PF_TRACE_ENTRY_MAX), 0);
  assert_int_equal(pf_trace_entry(trace, 0, none, PF_TRACE_ENTRY_MAX - 1), 0);
  free(trace);
}

/* ---------------------------------------------------------------- rules, by the numbers of engine/trace.c */

#define ALL_BUDDY "0x0 4096 0x400\n"

static void test_beginning_without_a_start_looks_ahead(void **context) {
  (void)context;
  static const char text[] =
      LOCKED("0x10", "2") FREE("0x20", "1") ALLOC("0x21", "0") ALLOC("0x30", "0") DRAIN("0x31", "0") FREE("0x30", "0");
  static const struct {
    uint32_t pfn, state;
  } expected[] = {{0x0, PF_STATE_UNKNOWN},    {0x0f, PF_STATE_UNKNOWN}, {0x10, PF_STATE_BUDDY},
                  {0x13, PF_STATE_BUDDY},     {0x14, PF_STATE_UNKNOWN}, {0x20, PF_STATE_ALLOCATED},
                  {0x21, PF_STATE_ALLOCATED}, {0x30, PF_STATE_PCP},     {0x31, PF_STATE_PCP}};
  for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
    assert_int_equal(state_after(NULL, text, 0, expected[i].pfn), expected[i].state);
  struct pf_trace *trace = import_text(NULL, text);
  assert_int_equal(stats_of(trace).frames, 0x32);
  free(trace);
}

static void test_beginning_with_a_start(void **context) {
  (void)context;
  static const char flags[] =
      "0x0 2 0x100000000\n0x2 1 0x100000\n0x3 2 0x800000000\n0x5 3 0x20000000400\n0xa 2 0x400\n";
  static const uint32_t states[] = {PF_STATE_RESERVED, PF_STATE_RESERVED, PF_STATE_HOLE,  PF_STATE_UNKNOWN,
                                    PF_STATE_UNKNOWN,  PF_STATE_BUDDY,    PF_STATE_BUDDY, PF_STATE_BUDDY,
                                    PF_STATE_HOLE,     PF_STATE_HOLE,     PF_STATE_BUDDY, PF_STATE_BUDDY};
  for (uint32_t pfn = 0; pfn < 12; pfn++)
    assert_int_equal(state_after(flags, FREE("0x4", "0"), 0, pfn), states[pfn]);
  /* What the trace names is there, even if the start file does not reach it; what lies between is not. */
  assert_int_equal(state_after(flags, FREE("0x10", "0"), 0, 0x10), PF_STATE_UNKNOWN);
  assert_int_equal(state_after(flags, FREE("0x10", "0"), 0, 0xf), PF_STATE_HOLE);
  assert_int_equal(state_after(flags, FREE("0x10", "0"), 1, 0x10), PF_STATE_PCP);
  assert_int_equal(state_after(flags, FREE("0x8", "0"), 0, 0x8), PF_STATE_UNKNOWN);
  assert_int_equal(state_after(flags, FREE("0x1", "0"), 1, 0x1), PF_STATE_PCP);
  assert_int_equal(state_after(flags, "", 0, 0xb), PF_STATE_BUDDY); /* a start alone is a map too */
}

static void test_rules_of_each_event(void **context) {
  (void)context;
  static const struct {
    const char *text;
    uint32_t state;
  } cases[] = {
      {LOCKED("0x40", "0"), PF_STATE_PCP},
      {LOCKED("0x40", "4"), PF_STATE_PCP},
      {LOCKED("0x40", "0") ALLOC("0x40", "0"), PF_STATE_ALLOCATED},
      {ALLOC("0x400", "9") ALLOC("0x40", "6"), PF_STATE_ALLOCATED}, /* rule 3: still in buddy */
      {ALLOC("0x40", "0") FREE("0x40", "0"), PF_STATE_PCP},
      {ALLOC("0x40", "3") FREE("0x40", "3"), PF_STATE_PCP},
      {ALLOC("0x40", "4") FREE("0x40", "4"), PF_STATE_BUDDY},
      {ALLOC("0x0", "8") ALLOC("0x0", "8") FREE("0x40", "5"), PF_STATE_BUDDY},
      {FREE("0x0", "8"), PF_STATE_BUDDY},
      {FREE("0x0", "9"), PF_STATE_PCP},
      {FREE("0x0", "10"), PF_STATE_BUDDY},
      {FREE("0x40", "0") BATCHED("0x40"), PF_STATE_PCP},
      {FREE("0x40", "0") DRAIN("0x40", "0"), PF_STATE_BUDDY},
      {FREE("0x40", "0") DRAIN("0x40", "0") FREE("0x40", "0"), PF_STATE_PCP}, /* rule 4: a hidden allocation */
      {ALLOC("0x40", "2") FREE("0x40", "0") DRAIN("0x40", "0"), PF_STATE_BUDDY},
      {ALLOC("0x40", "2") FREE("0x41", "0"), PF_STATE_ALLOCATED}, /* rule 9: a part of it */
      {ALLOC("0x40", "2") FREE("0x42", "1"), PF_STATE_ALLOCATED},
      {ALLOC("0x40", "0") ALLOC("0x40", "0"), PF_STATE_ALLOCATED}, /* its free was hidden */
      {HEAD "mm_page_alloc: page=0 pfn=0x0 order=0\n", PF_STATE_BUDDY},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct pf_trace *trace = import_text(ALL_BUDDY, cases[i].text);
    struct pf_map *map = map_after(trace, stats_of(trace).events);
    assert_int_equal(state_in(map, 0x40), cases[i].state);
    free(map);
    free(trace);
  }
}

/* The states that FRAMES_ARE events put before the frame events, one character an entry. */
static void assert_priors(const char *flags, const char *text, const char *expected) {
  struct pf_trace *trace = import_text(flags, text);
  assert_int_equal(stats_of(trace).events, strlen(expected));
  for (uint32_t i = 0; expected[i] != '\0'; i++) {
    struct pf_event events[PF_TRACE_ENTRY_MAX];
    uint32_t n = pf_trace_entry(trace, i, events, PF_TRACE_ENTRY_MAX);
    uint32_t state = expected[i] == 'a' ? PF_STATE_ALLOCATED : expected[i] == 'p' ? PF_STATE_PCP : PF_STATE_BUDDY;
    assert_int_equal(n, expected[i] == '-' ? 3 : 4);
    if (n == 4) {
      assert_int_equal(events[1].kind, PF_EV_FRAMES_ARE);
      assert_int_equal(events[1].s, state);
      assert_int_equal(events[1].a, events[2].a);
      assert_int_equal(events[1].b, 1u << events[2].s);
    }
  }
  free(trace);
}

static void test_entry_tells_what_had_no_event(void **context) {
  (void)context;
  assert_priors(ALL_BUDDY, LOCKED("0x40", "0") ALLOC("0x40", "0") FREE("0x40", "0") ALLOC("0x40", "0"), "----");
  assert_priors(ALL_BUDDY, ALLOC("0x40", "1") ALLOC("0x40", "1"), "-p");
  assert_priors(ALL_BUDDY, ALLOC("0x40", "1") LOCKED("0x40", "0"), "-b");
  assert_priors(ALL_BUDDY, ALLOC("0x40", "1") DRAIN("0x41", "0"), "-p");
  assert_priors(ALL_BUDDY, FREE("0x40", "0") FREE("0x40", "0"), "aa");
  assert_priors(ALL_BUDDY, ALLOC("0x40", "2") FREE("0x42", "0") FREE("0x40", "1") FREE("0x43", "0"), "-aaa");
  assert_priors("0x0 64 0x0\n", FREE("0x20", "2") DRAIN("0x20", "2") LOCKED("0x20", "2"), "---");
  assert_priors("0x0 64 0x100000000\n", FREE("0x20", "2"), "a");
  assert_priors(NULL, FREE("0x20", "2"), "-");
  assert_priors(ALL_BUDDY, LOSS ALLOC("0x40", "1") LOSS ALLOC("0x40", "1") FREE("0x40", "1"), "-----");
}

static void test_rule_8_zone_locked_proves_a_free_straight_to_buddy(void **context) {
  (void)context;
  static const struct {
    const char *text;
    uint32_t entry, pfn, state;
  } cases[] = {
      {ALLOC("0x40", "0") FREE("0x40", "0") LOCKED("0x40", "0"), 2, 0x40, PF_STATE_BUDDY},
      /* merged, it comes back as part of a larger block */
      {ALLOC("0x40", "1") FREE("0x40", "1") LOCKED("0x40", "3"), 2, 0x41, PF_STATE_BUDDY},
      /* or as smaller ones; one is enough, for it was freed as one block */
      {ALLOC("0x40", "1") FREE("0x40", "1") LOCKED("0x41", "0"), 2, 0x40, PF_STATE_BUDDY},
      {FREE("0x40", "1") LOCKED("0x41", "0") FREE("0x40", "0"), 1, 0x40, PF_STATE_BUDDY},
      {FREE("0x200", "9") LOCKED("0x3ff", "0"), 1, 0x200, PF_STATE_BUDDY},
      /* it was on a per-CPU list after all */
      {FREE("0x40", "0") DRAIN("0x40", "0") LOCKED("0x40", "0"), 1, 0x40, PF_STATE_PCP},
      {FREE("0x40", "0") ALLOC("0x40", "0") FREE("0x40", "0") LOCKED("0x40", "0"), 1, 0x40, PF_STATE_PCP},
      /* another frame's zone_locked, or one past a loss, proves nothing */
      {FREE("0x40", "0") LOCKED("0x41", "0"), 1, 0x40, PF_STATE_PCP},
      {FREE("0x40", "0") LOSS LOCKED("0x40", "0"), 1, 0x40, PF_STATE_PCP},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    assert_int_equal(state_after(ALL_BUDDY, cases[i].text, cases[i].entry, cases[i].pfn), cases[i].state);
}

#define FLAGGED(flags, event, pfn, order) "sh-94 " flags " 4.2: mm_page_" event ": page=x pfn=" pfn " order=" order "\n"

static void test_rule_8_a_drain_of_what_came_later_proves_it_too(void **context) {
  (void)context;
  static const struct {
    const char *text;
    uint32_t state;
  } cases[] = {
      {FLAGGED("[000] .Ns3.", "free", "0x40", "1") FREE("0x50", "1") DRAIN("0x50", "1"), PF_STATE_BUDDY},
      {FLAGGED("[000] ..s2.", "free", "0x40", "1") FREE("0x50", "1") DRAIN("0x50", "1"), PF_STATE_BUDDY},
      /* the first that came later left by an allocation, the second was drained */
      {FLAGGED("[000] ..s2.", "free", "0x40", "1") FREE("0x50", "1") ALLOC("0x50", "1") FREE("0x60", "1")
           DRAIN("0x60", "1"),
       PF_STATE_BUDDY},
      /* the next one went straight to buddy as well, or stayed on the list */
      {FLAGGED("[000] ..s2.", "free", "0x40", "1") FLAGGED("[000] ..s2.", "free", "0x44", "1") FREE("0x48", "1")
           FREE("0x50", "1") DRAIN("0x50", "1"),
       PF_STATE_BUDDY},
      /* the later one was not drained, or both were */
      {FLAGGED("[000] ..s2.", "free", "0x40", "1") FREE("0x50", "1"), PF_STATE_PCP},
      {FLAGGED("[000] ..s2.", "free", "0x40", "1") FREE("0x50", "1") ALLOC("0x50", "1"), PF_STATE_PCP},
      {FLAGGED("[000] ..s2.", "free", "0x40", "1") FREE("0x50", "1") DRAIN("0x40", "1") DRAIN("0x50", "1"),
       PF_STATE_PCP},
      /* nothing could hold the list locked */
      {FLAGGED("[000] ..s1.", "free", "0x40", "1") FREE("0x50", "1") DRAIN("0x50", "1"), PF_STATE_PCP},
      {FLAGGED("[000] ...2.", "free", "0x40", "1") FREE("0x50", "1") DRAIN("0x50", "1"), PF_STATE_PCP},
      /* drained, but it came earlier; or from another order's, pageblock's or CPU's list */
      {FREE("0x50", "1") FLAGGED("[000] ..s2.", "free", "0x40", "1") DRAIN("0x50", "1"), PF_STATE_PCP},
      {FLAGGED("[000] ..s2.", "free", "0x40", "1") FREE("0x50", "0") DRAIN("0x50", "0"), PF_STATE_PCP},
      {FLAGGED("[000] ..s2.", "free", "0x40", "1") FREE("0x250", "1") DRAIN("0x250", "1"), PF_STATE_PCP},
      {FLAGGED("[001] ..s2.", "free", "0x40", "1") FREE("0x50", "1") DRAIN("0x50", "1"), PF_STATE_PCP},
      /* past a loss, it might be drained by then */
      {FLAGGED("[000] ..s2.", "free", "0x40", "1") LOSS FREE("0x50", "1") DRAIN("0x50", "1"), PF_STATE_PCP},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    uint32_t entry = strncmp(cases[i].text, "sh", 2) == 0 ? 1 : 2;
    assert_int_equal(state_after(ALL_BUDDY, cases[i].text, entry, 0x40), cases[i].state);
  }
}

static void test_losses_put_every_frame_in_doubt(void **context) {
  (void)context;
  static const struct {
    const char *line;
    uint32_t cpu, count;
  } forms[] = {
      {"CPU:0 [LOST 619 EVENTS]\n", 0, 619},
      {"CPU:3 [LOST 1 EVENTS]\r\n", 3, 1},
      {"CPU:2 [LOST EVENTS]\n", 2, 0},
      {"CPU:1 [619 EVENTS DROPPED]\n", 1, 619},
      {"CPU:1 [EVENTS DROPPED]\n", 1, 0},
      {"# entries-in-buffer/entries-written: 512/1131   #P:1\n", 0, 619},
      {"##### CPU 2 buffer started ####\n", 2, 0},
  };
  for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
    char text[1024];
    snprintf(text, sizeof text, LOCKED("0x40", "0") "%s" FREE("0x50", "0"), forms[i].line);
    struct pf_trace *trace = import_text("0x0 8 0x100000000\n0x10 256 0x400\n", text);
    assert_int_equal(stats_of(trace).events, 3);
    assert_int_equal(stats_of(trace).lost, forms[i].count);
    assert_int_equal(cpu_of(trace, 1), forms[i].cpu);
    struct pf_event event = event_of(trace, 1);
    assert_int_equal(event.kind, PF_EV_LOST_EVENTS);
    assert_int_equal(event.a, forms[i].count);
    struct pf_map *before = map_after(trace, 1), *after = map_after(trace, 3);
    assert_int_equal(state_in(before, 0x40), PF_STATE_PCP);
    assert_int_equal(state_in(before, 0x41), PF_STATE_BUDDY);
    assert_int_equal(state_in(after, 0x40), PF_STATE_UNKNOWN);
    assert_int_equal(state_in(after, 0x41), PF_STATE_UNKNOWN);
    assert_int_equal(state_in(after, 0x50), PF_STATE_PCP);
    assert_int_equal(state_in(after, 0x0), PF_STATE_RESERVED);
    assert_int_equal(state_in(after, 0x8), PF_STATE_HOLE);
    free(before);
    free(after);
    free(trace);
  }
  static const char *const harmless[] = {
      "# entries-in-buffer/entries-written: 512/512   #P:1\n", "# entries-in-buffer/entries-written:\n",
      "# entries-in-buffer/entries-written: 7\n", "##### CPU x buffer started ####\n"};
  for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++) {
    struct pf_trace *trace = import_text(ALL_BUDDY, harmless[i]);
    assert_int_equal(stats_of(trace).events, 0);
    free(trace);
  }
}

static void test_losses_limit_what_is_known_of_the_start(void **context) {
  (void)context;
  static const char text[] = LOCKED("0x40", "0") LOSS LOCKED("0x41", "0");
  assert_int_equal(state_after(NULL, text, 0, 0x40), PF_STATE_BUDDY);
  assert_int_equal(state_after(NULL, text, 0, 0x41), PF_STATE_UNKNOWN);
  static const char overwritten[] = "# entries-in-buffer/entries-written: 1/9   #P:1\n" LOCKED("0x40", "0");
  assert_int_equal(state_after(NULL, overwritten, 0, 0x40), PF_STATE_UNKNOWN);
  assert_int_equal(state_after(ALL_BUDDY, overwritten, 0, 0x41), PF_STATE_BUDDY);
  assert_int_equal(state_after(ALL_BUDDY, overwritten, 1, 0x41), PF_STATE_UNKNOWN);
}

/* ---------------------------------------------------------------- memory and calls */

static void test_start_refuses_what_it_cannot_read(void **context) {
  (void)context;
  static const char *const lines[] = {"0x10 4",     "0x10 4 0x400 7", "0x10 0 0x400",      "0x0 4 0x400", "zz 4 0x400",
                                      "0x10 x 0x0", "0x10 4 0xg",     "0x10 67108864 0x0", "10000000 1 0"};
  for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
    struct import import = new_import();
    start(&import, "0x0 4 0x400\n0x4", 15);
    struct pf_trace_stats before = stats_of(import.trace);
    char text[64];
    snprintf(text, sizeof text, " 4 0x0\n%s\n", lines[i]);
    uint32_t line = 0;
    assert_int_equal(pf_trace_start(import.trace, text, strlen(text), &line), PF_E_CORRUPT);
    assert_int_equal(line, 3);
    struct pf_trace_stats after = stats_of(import.trace);
    assert_memory_equal(&before, &after, sizeof before);
    start(&import, " 4 0x0", 6); /* as if nothing had happened */
    feed(&import, FREE("0x4", "0"), strlen(FREE("0x4", "0")));
    finish(&import);
    struct pf_map *map = map_after(import.trace, 0);
    assert_int_equal(pf_map_frames(map), 8);
    assert_int_equal(state_in(map, 3), PF_STATE_BUDDY);
    assert_int_equal(state_in(map, 7), PF_STATE_UNKNOWN);
    free(map);
    free(import.trace);
  }
}

static void test_start_unfinished_last_line(void **context) {
  (void)context;
  struct import import = new_import();
  uint32_t line = 0;
  size_t used = 1;
  char comment[5001] = "# ";
  memset(comment + 2, 'x', 4998);
  start(&import, comment, 5000);
  feed(&import, HEAD, strlen(HEAD));
  feed(&import, "mm_page_free: page=x pfn=0x7 order=0\n", 37);
  assert_int_equal(stats_of(import.trace).events, 1);
  free(import.trace);
  import = new_import();
  start(&import, "0x0 1 0x400\n0x1 bad", 19);
  assert_int_equal(pf_trace_feed(import.trace, "x\n", 2, &used), PF_E_CORRUPT);
  assert_int_equal(used, 0);
  assert_int_equal(pf_trace_start(import.trace, "", 0, &line), PF_E_CORRUPT);
  assert_int_equal(line, 2);
  free(import.trace);
}

static void test_start_without_frames_is_refused(void **context) {
  (void)context;
  static const char *const texts[] = {"", "\n\n", "# pfn count flags\n"};
  static const uint32_t lines[] = {1, 3, 2};
  for (size_t i = 0; i < 3; i++) {
    struct import import = new_import();
    uint32_t line = 0;
    if (texts[i][0])
      start(&import, texts[i], strlen(texts[i]));
    assert_int_equal(pf_trace_start(import.trace, "", 0, &line), PF_E_CORRUPT);
    assert_int_equal(line, lines[i]);
    start(&import, "0x0 1 0x400\n", 12);
    assert_int_equal(pf_trace_start(import.trace, "", 0, &line), PF_OK);
    assert_int_equal(stats_of(import.trace).frames, 1);
    free(import.trace);
  }
}

static void test_calls_out_of_turn_are_refused(void **context) {
  (void)context;
  struct import import = new_import();
  size_t used;
  struct pf_event events[PF_TRACE_ENTRY_MAX];
  struct pf_machine machine;
  uint32_t cursor = 0;
  feed(&import, FREE("0x0", "0"), strlen(FREE("0x0", "0")));
  assert_int_equal(pf_trace_start(import.trace, "", 0, NULL), PF_E_ARGUMENT);
  assert_int_equal(pf_trace_entry(import.trace, 0, events, PF_TRACE_ENTRY_MAX), 0);
  assert_int_equal(pf_trace_beginning(import.trace, &cursor, events, PF_TRACE_ENTRY_MAX), 0);
  assert_int_equal(pf_trace_machine(import.trace, &machine), PF_E_ARGUMENT);
  finish(&import);
  assert_int_equal(pf_trace_feed(import.trace, "x", 1, &used), PF_E_ARGUMENT);
  assert_int_equal(pf_trace_finish(import.trace), PF_E_ARGUMENT);
  assert_int_equal(pf_trace_machine(import.trace, &machine), PF_OK);
  assert_int_equal(machine.nr_nodes, 1);
  assert_int_equal(machine.node[0].pages, 1);
  free(import.trace);
}

static void test_init_checks_its_region(void **context) {
  (void)context;
  uint64_t size = pf_trace_size(10, 100);
  char *bytes = region(size + 8);
  struct pf_trace *odd = (struct pf_trace *)(void *)(bytes + 4);
  assert_int_equal(pf_trace_init((struct pf_trace *)(void *)bytes, size - 1, 10, 100), PF_E_MEMORY);
  assert_int_equal(pf_trace_init(odd, size, 10, 100), PF_E_MEMORY);
  assert_int_equal(pf_trace_init((struct pf_trace *)(void *)bytes, size, 10, PF_MAX_FRAMES + 1), PF_E_ARGUMENT);
  assert_int_equal(pf_trace_size(1, PF_MAX_FRAMES + 1), 0);
  assert_int_equal(pf_trace_size(UINT32_MAX, 1), 0);
  assert_true(pf_trace_size(1000000, 1u << 24) < 64u << 20); /* a million events on 64 GiB */
  free(bytes);
}

static void test_move_in_place_keeps_everything(void **context) {
  (void)context;
  static const char flags[] = "0x0 100 0x400\n";
  static const char text[] = LOCKED("0x40", "0") ALLOC("0x40", "0") FREE("0x200", "0");
  uint64_t size = pf_trace_size(50, 5000);
  struct pf_trace *trace = region(size);
  memset(trace, 0xa5, (size_t)size);
  size_t used = 0, first = strlen(LOCKED("0x40", "0")), second = first + strlen(ALLOC("0x40", "0"));
  assert_int_equal(pf_trace_init(trace, pf_trace_size(1, 100), 1, 100), PF_OK);
  assert_int_equal(pf_trace_start(trace, flags, strlen(flags), NULL), PF_OK);
  assert_int_equal(pf_trace_feed(trace, text, strlen(text), &used), PF_E_FULL);
  assert_int_equal(used, first);
  assert_int_equal(pf_trace_move(trace, size, trace, 0, 5000), PF_E_ARGUMENT);
  assert_int_equal(pf_trace_move(trace, 100, trace, 20, 100), PF_E_MEMORY);
  assert_int_equal(pf_trace_move(trace, size, trace, 20, 100), PF_OK);
  assert_int_equal(pf_trace_feed(trace, text + first, strlen(text) - first, &used), PF_E_FULL);
  assert_int_equal(used, second - first);
  assert_int_equal(stats_of(trace).frames, 0x201);
  assert_int_equal(pf_trace_move(trace, size, trace, 50, 5000), PF_OK);
  assert_int_equal(pf_trace_feed(trace, text + second, strlen(text) - second, &used), PF_OK);
  assert_int_equal(pf_trace_finish(trace), PF_OK);
  struct pf_trace *fresh = import_text(flags, text);
  assert_same(fresh, trace);
  struct pf_map *a = map_after(fresh, 3), *b = map_after(trace, 3);
  assert_int_equal(pf_map_digest(a), pf_map_digest(b));
  free(a);
  free(b);
  free(fresh);
  free(trace);
}

/* ---------------------------------------------------------------- captures of a real kernel */

struct text {
  char *bytes;
  size_t length;
};

static struct text read_gzip(const char *capture, const char *file) {
  char path[256];
  snprintf(path, sizeof path, "tests/traces/linux-6.1/%s/%s.gz", capture, file);
  gzFile in = gzopen(path, "rb");
  assert_non_null(in);
  size_t capacity = 1 << 16;
  struct text text = {region(capacity), 0};
  int n;
  while ((n = gzread(in, text.bytes + text.length, (unsigned)(capacity - text.length - 1))) > 0) {
    text.length += (size_t)n;
    if (capacity - text.length < 2) {
      capacity *= 2;
      text.bytes = realloc(text.bytes, capacity);
      assert_non_null(text.bytes);
    }
  }
  assert_int_equal(n, 0);
  assert_int_equal(gzclose(in), Z_OK);
  text.bytes[text.length] = '\0';
  return text;
}

/* One byte a frame: KPF_BUDDY. Read here once more, so that the importer does not judge itself. */
static uint8_t *buddy_flags(const char *capture, const char *file, uint32_t *frames) {
  struct text text = read_gzip(capture, file);
  uint8_t *buddy = region(1 << 20);
  unsigned long pfn, count;
  unsigned long long flags;
  int n = 0;
  *frames = 0;
  for (const char *at = text.bytes; sscanf(at, "%lx %lu %llx\n%n", &pfn, &count, &flags, &n) == 3; at += n)
    for (; count > 0; count--) {
      assert_int_equal(pfn++, *frames);
      buddy[(*frames)++] = flags >> 10 & 1;
    }
  free(text.bytes);
  return buddy;
}

static void assert_buddy_equals_kernel(const char *capture) {
  struct text flags = read_gzip(capture, "kpageflags.start"), text = read_gzip(capture, "trace.txt");
  struct pf_trace *trace = import_bytes(flags.bytes, flags.length, text.bytes, text.length);
  assert_int_equal(stats_of(trace).bad + stats_of(trace).lost + stats_of(trace).skipped, 0);
  struct pf_map *map = map_after(trace, stats_of(trace).events);
  uint32_t frames;
  uint8_t *buddy = buddy_flags(capture, "kpageflags.end", &frames);
  assert_int_equal(pf_map_frames(map), frames);
  for (uint32_t pfn = 0; pfn < frames; pfn++)
    if ((state_in(map, pfn) == PF_STATE_BUDDY) != buddy[pfn])
      fail_msg("%s: frame %#x is %s, KPF_BUDDY %d", capture, pfn, pf_state_name(state_in(map, pfn)), buddy[pfn]);
  free(buddy);
  free(map);
  free(trace);
  free(text.bytes);
  free(flags.bytes);
}

static void test_capture_boot_idle(void **context) {
  (void)context;
  assert_buddy_equals_kernel("boot-idle");
}

static void test_capture_file_churn(void **context) {
  (void)context;
  assert_buddy_equals_kernel("file-churn");
}

static void test_capture_two_nodes(void **context) {
  (void)context;
  assert_buddy_equals_kernel("two-nodes");
}

/* Each CPU's buffer lost its oldest events: what is known begins anew at each of the four places. */
static void test_capture_lossy_claims_nothing_false(void **context) {
  (void)context;
  struct text flags = read_gzip("lossy", "kpageflags.start"), text = read_gzip("lossy", "trace.txt");
  struct pf_trace *trace = import_bytes(flags.bytes, flags.length, text.bytes, text.length);
  struct pf_trace_stats stats = stats_of(trace);
  assert_int_equal(stats.lost, 10214 - 2854);
  assert_int_equal(stats.events, 2854 + 4);
  struct pf_map *map = map_after(trace, stats.events);
  uint32_t frames, shown = 0, states[PF_NR_STATES];
  uint8_t *buddy = buddy_flags("lossy", "kpageflags.end", &frames);
  for (uint32_t pfn = 0; pfn < frames; pfn++)
    if (state_in(map, pfn) == PF_STATE_BUDDY) {
      assert_true(buddy[pfn]);
      shown++;
    }
  pf_map_counts(map, states);
  assert_true(shown > 100 && states[PF_STATE_UNKNOWN] > shown && states[PF_STATE_RESERVED] > 0);
  free(buddy);
  free(map);
  free(trace);
  free(text.bytes);
  free(flags.bytes);
}

/* Without a start: what is said of it is true, and at the end nothing is called buddy that is not. */
static void test_capture_without_a_start_claims_nothing_false(void **context) {
  (void)context;
  static const char *const captures[] = {"boot-idle", "file-churn", "two-nodes"};
  for (size_t i = 0; i < 3; i++) {
    struct text text = read_gzip(captures[i], "trace.txt");
    struct pf_trace *trace = import_bytes(NULL, 0, text.bytes, text.length);
    struct pf_map *at_start = map_after(trace, 0), *at_end = map_after(trace, stats_of(trace).events);
    uint32_t frames, known = 0;
    uint8_t *start_flags = buddy_flags(captures[i], "kpageflags.start", &frames);
    uint8_t *end_flags = buddy_flags(captures[i], "kpageflags.end", &frames);
    for (uint32_t pfn = 0; pfn < pf_map_frames(at_end); pfn++) {
      uint32_t first = state_in(at_start, pfn), last = state_in(at_end, pfn);
      assert_int_equal(first == PF_STATE_UNKNOWN, last == PF_STATE_UNKNOWN);
      known += first != PF_STATE_UNKNOWN;
      if (first != PF_STATE_UNKNOWN) {
        assert_int_equal(first == PF_STATE_BUDDY, start_flags[pfn]);
        assert_int_equal(last == PF_STATE_BUDDY, end_flags[pfn]);
      }
    }
    assert_true(known > 100);
    free(start_flags);
    free(end_flags);
    free(at_start);
    free(at_end);
    free(trace);
    free(text.bytes);
  }
}

/* Cut anywhere, all whole lines are read, and the rest is one line at most. */
static void test_capture_truncated(void **context) {
  (void)context;
  struct text text = read_gzip("boot-idle", "trace.txt");
  for (size_t length = 900; length < text.length; length += 997) {
    uint32_t newlines = 0;
    for (size_t i = 0; i < length; i++)
      newlines += text.bytes[i] == '\n';
    struct pf_trace *trace = import_bytes(NULL, 0, text.bytes, length);
    struct pf_trace_stats stats = stats_of(trace);
    assert_int_equal(stats.lines, newlines + (text.bytes[length - 1] != '\n'));
    assert_true(stats.events + stats.ignored >= newlines - 12 && stats.bad + stats.skipped <= 1);
    free(trace);
  }
  free(text.bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_feed_reads_every_form_of_a_line),
      cmocka_unit_test(test_feed_counts_what_it_cannot_read),
      cmocka_unit_test(test_feed_skips_and_counts_other_lines),
      cmocka_unit_test(test_feed_split_anywhere_gives_the_same),
      cmocka_unit_test(test_feed_long_lines),
      cmocka_unit_test(test_feed_failed_allocation_changes_nothing),
      cmocka_unit_test(test_entry_says_what_the_line_says),
      cmocka_unit_test(test_beginning_without_a_start_looks_ahead),
      cmocka_unit_test(test_beginning_with_a_start),
      cmocka_unit_test(test_rules_of_each_event),
      cmocka_unit_test(test_entry_tells_what_had_no_event),
      cmocka_unit_test(test_rule_8_zone_locked_proves_a_free_straight_to_buddy),
      cmocka_unit_test(test_rule_8_a_drain_of_what_came_later_proves_it_too),
      cmocka_unit_test(test_losses_put_every_frame_in_doubt),
      cmocka_unit_test(test_losses_limit_what_is_known_of_the_start),
      cmocka_unit_test(test_start_refuses_what_it_cannot_read),
      cmocka_unit_test(test_start_unfinished_last_line),
      cmocka_unit_test(test_start_without_frames_is_refused),
      cmocka_unit_test(test_calls_out_of_turn_are_refused),
      cmocka_unit_test(test_init_checks_its_region),
      cmocka_unit_test(test_move_in_place_keeps_everything),
      cmocka_unit_test(test_capture_boot_idle),
      cmocka_unit_test(test_capture_file_churn),
      cmocka_unit_test(test_capture_two_nodes),
      cmocka_unit_test(test_capture_lossy_claims_nothing_false),
      cmocka_unit_test(test_capture_without_a_start_claims_nothing_false),
      cmocka_unit_test(test_capture_truncated),
  };
  return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
