/* The run-file reader and writer, over tests/runfiles and over texts made here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "json_line.h"
#include "runfile.h"

#define HEADER                                                                                                         \
  "{\"format\":\"pageframe-run/"                                                                                       \
  "1\",\"kernel\":\"linux-2.4.20\",\"machine\":{\"nodes\":[{\"start_pfn\":0,\"pages\":64}]}}\n"

static glob_t files_of(const char *pattern) {
  char path[1024];
  glob_t files;
  snprintf(path, sizeof path, "%s/tests/runfiles/%s", PAGEFRAME_SOURCE_DIR, pattern);
  assert_int_equal(glob(path, 0, NULL, &files), 0);
  return files;
}

static int parse(const char *name, const char *text, struct pf_run *run, struct pf_error *error) {
  struct pf_text copy = {strdup(text), strlen(text)};
  return pf_run_parse(name, copy, run, error);
}

static void must_parse(const char *text, struct pf_run *run) {
  struct pf_error error = {""};
  if (parse("text", text, run, &error) < 0)
    fail_msg("%s", error.text);
}

static void test_read_good_files(void **state) {
  (void)state;
  glob_t files = files_of("good/*.jsonl");
  for (size_t i = 0; i < files.gl_pathc; i++) {
    struct pf_run run;
    struct pf_error error = {""};
    if (pf_run_read(files.gl_pathv[i], &run, &error) < 0)
      fail_msg("%s", error.text);
    pf_run_free(&run);
  }
  assert_true(files.gl_pathc >= 6);
  globfree(&files);
}

/* What stands in the .expected file, behind the name as the user gave it. */
static void expected_error(const char *path, char *text, size_t size) {
  char expected_path[1100];
  snprintf(expected_path, sizeof expected_path, "%.*s.expected", (int)(strlen(path) - strlen(".jsonl")), path);
  FILE *file = fopen(expected_path, "r");
  assert_non_null(file);
  int used = snprintf(text, size, "%s:", path);
  assert_non_null(fgets(text + used, (int)(size - (size_t)used), file));
  text[strcspn(text, "\n")] = 0;
  fclose(file);
}

static void test_read_bad_files(void **state) {
  (void)state;
  glob_t files = files_of("bad/*.jsonl");
  for (size_t i = 0; i < files.gl_pathc; i++) {
    struct pf_run run;
    struct pf_error error = {""};
    char expected[2048];
    expected_error(files.gl_pathv[i], expected, sizeof expected);
    assert_int_equal(pf_run_read(files.gl_pathv[i], &run, &error), -1);
    assert_string_equal(error.text, expected);
  }
  assert_true(files.gl_pathc >= 90);
  globfree(&files);
}

static void test_parse_fills_the_operation(void **state) {
  (void)state;
  struct pf_run run;
  must_parse(HEADER "\n{\"op\":\"alloc_pages\",\"gfp\":\"GFP_ATOMIC\",\"order\":3,\"node\":-1,\"as\":\"buf\",\"task\":"
                    "\"PF_MEMDIE\"}\n"
                    "{\"op\":\"__free_pages\",\"page\":\"buf+4\",\"order\":2}\n"
                    "{\"op\":\"free_pages\",\"addr\":null,\"order\":31}\n"
                    "{\"op\":\"free_area_init\",\"start_pfn\":7,\"sizes\":[1,2,3]}\n"
                    "{\"op\":\"free_boot_range\",\"start\":1,\"end\":9,\"dir\":\"down\"}\n"
                    "{\"op\":\"alloc_bootmem\",\"size\":4294967295,\"align\":32,\"goal\":16,\"by\":\"boot\"}\n"
                    "{\"op\":\"alloc_pages\",\"gfp\":\"0\",\"order\":0}\n{\"op\":\"check\"}\n",
             &run);
  assert_int_equal(run.nr_lines, 8);
  assert_int_equal(run.nr_operations, 7);
  assert_int_equal(run.nr_checks, 1);
  assert_int_equal(run.machine.nr_names, 1);
  assert_string_equal(run.names[0], "buf");
  const struct pf_op *op = &run.lines[0].op;
  assert_int_equal(op->kind, PF_OP_ALLOC_PAGES);
  assert_int_equal(op->line, 3);
  assert_int_equal(op->as, 1);
  assert_int_equal(op->task, PF_TASK_MEMDIE);
  assert_int_equal(op->arg[1], 3);
  assert_true(op->arg[2] == UINT64_MAX);
  op = &run.lines[1].op;
  assert_int_equal(op->refs, 1);
  assert_true(op->arg[0] == ((uint64_t)4 << 32));
  assert_true(run.lines[2].op.arg[0] == PF_NO_ADDRESS);
  op = &run.lines[3].op;
  for (uint64_t i = 0; i < 3; i++) {
    assert_true(op->arg[2 + i] == i + 1);
    assert_true(op->arg[5 + i] == 0);
  }
  assert_int_equal(run.lines[4].op.arg[2], 1);
  assert_int_equal(run.lines[5].kind, PF_LINE_MADE);
  assert_int_equal(run.lines[6].kind, PF_LINE_OP);
  assert_true(run.lines[6].op.arg[2] == UINT64_MAX);
  assert_int_equal(run.lines[7].kind, PF_LINE_CHECK);
  pf_run_free(&run);
}

/* A hint of another kernel adds nothing to a mask; any other flag of it is refused. */
static void test_gfp_parse_passes_over_hints(void **state) {
  (void)state;
  uint32_t plain = 0, hinted = 1;
  const char *bad = NULL;
  size_t size = 0;
  for (uint32_t kernel = 1; kernel <= 2; kernel++) {
    assert_true(pf_gfp_parse(kernel, "GFP_KERNEL", &plain, &bad, &size));
    assert_true(pf_gfp_parse(kernel, "GFP_KERNEL|__GFP_MOVABLE|__GFP_RECLAIMABLE", &hinted, &bad, &size));
    assert_int_equal(plain, hinted);
    assert_false(pf_gfp_parse(kernel, "GFP_KERNEL|__GFP_THISNODE", &hinted, &bad, &size));
    assert_memory_equal(bad, "__GFP_THISNODE", size);
    assert_false(pf_gfp_parse(kernel, "GFP_HIGHUSER_MOVABLE", &hinted, &bad, &size));
  }
  assert_true(pf_gfp_parse(3, "GFP_KERNEL", &plain, &bad, &size));
  assert_true(pf_gfp_parse(3, "GFP_KERNEL|__GFP_MOVABLE", &hinted, &bad, &size));
  assert_int_not_equal(plain, hinted);
}

/* What linux-2.6.10's calls have: frames in an array, settings by name, real-time callers, interrupts. */
static void test_parse_fills_the_operation_of_linux_2_6(void **state) {
  (void)state;
  struct pf_run run;
  must_parse(
      "{\"format\":\"golden/1\",\"kernel\":\"linux-2.6.10\",\"bits_per_long\":64,\"cpus\":2,\"build\":\"uma\","
      "\"config\":{\"smp\":true,\"numa\":false,\"highmem\":true,\"l1_cache_bytes\":32,\"sizeof_struct_page\":56},"
      "\"machine\":{\"nodes\":[{\"start_pfn\":0,\"pages\":64}]}}\n"
      "{\"op\":\"alloc_page\",\"gfp\":\"__GFP_COLD\",\"as\":\"buf\",\"task\":\"rt\",\"irq\":true}\n"
      "{\"op\":\"pagevec_free\",\"pfns\":[7,\"buf+3\",0],\"cold\":1,\"irq\":false}\n"
      "{\"op\":\"pagevec_free\",\"pfns\":[]}\n"
      "{\"op\":\"sysctl\",\"name\":\"lower_zone_protection\",\"value\":5}\n"
      "{\"op\":\"free_pages\",\"addr\":4294967296,\"order\":0}\n",
      &run);
  assert_int_equal(run.machine.bits_per_long, 64);
  assert_int_equal(run.machine.nr_cpus, 2);
  assert_int_equal(run.machine.smp, 1);
  assert_int_equal(run.machine.sizeof_struct_page, 56);
  assert_int_equal(run.lines[0].op.task, PF_TASK_RT | PF_TASK_IRQ);
  const struct pf_op *op = &run.lines[1].op;
  assert_int_equal(op->task, 0);
  assert_int_equal(op->refs, 2);
  assert_true(op->arg[0] == 7 && op->arg[1] == (uint64_t)3 << 32 && op->arg[2] == 0);
  for (uint32_t i = 3; i < PF_PAGEVEC_SIZE; i++)
    assert_true(op->arg[i] == PF_NO_PFN);
  assert_int_equal(op->arg[PF_PAGEVEC_SIZE], 1);
  assert_true(run.lines[2].op.arg[0] == PF_NO_PFN && run.lines[2].op.arg[PF_PAGEVEC_SIZE] == 0);
  assert_int_equal(run.lines[3].op.arg[0], PF_SYSCTL_LOWER_ZONE_PROTECTION);
  assert_int_equal(run.lines[3].op.arg[1], 5);
  assert_true(run.lines[4].op.arg[0] == 4294967296);
  pf_run_free(&run);
}

/* What the header leaves out is not written either; what it says is. */
static void test_write_says_of_the_machine_what_was_said(void **state) {
  (void)state;
  static const struct {
    const char *given, *written; /* NULL: nothing */
  } cases[] = {{"", NULL},
               {",\"bits_per_long\":64", ",\"bits_per_long\":64}\n"},
               {",\"config\":{\"smp\":true}", ",\"config\":{\"smp\":true}}\n"},
               {",\"config\":{\"sizeof_struct_page\":36,\"smp\":false}", ",\"config\":{\"sizeof_struct_page\":36}}\n"},
               {",\"config\":{\"sizeof_struct_page\":36,\"smp\":true},\"bits_per_long\":32",
                ",\"bits_per_long\":32,\"config\":{\"smp\":true,\"sizeof_struct_page\":36}}\n"}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct pf_buffer text = {0}, out = {0};
    struct pf_run run;
    pf_buffer_print(&text,
                    "{\"format\":\"pageframe-run/1\",\"kernel\":\"linux-2.6.10\","
                    "\"machine\":{\"nodes\":[{\"start_pfn\":0,\"pages\":64}]}%s}",
                    cases[i].given);
    must_parse(text.bytes, &run);
    pf_run_write(&run, &out);
    if (cases[i].written)
      assert_non_null(strstr(out.bytes, cases[i].written));
    else
      assert_true(!strstr(out.bytes, "bits_per_long") && !strstr(out.bytes, "config"));
    pf_run_free(&run);
    pf_buffer_free(&text);
    pf_buffer_free(&out);
  }
}

static void test_parse_numbers_names_by_first_appearance(void **state) {
  (void)state;
  struct pf_buffer text = {0};
  struct pf_run run;
  pf_buffer_add(&text, HEADER, strlen(HEADER));
  for (unsigned i = 0; i < 3000; i++)
    pf_buffer_print(&text, "{\"op\":\"alloc_page\",\"gfp\":\"GFP_USER\",\"as\":\"n%u\"}\n", i * 7919u % 1000u);
  must_parse(text.bytes, &run);
  assert_int_equal(run.machine.nr_names, 1000);
  for (unsigned i = 0; i < 3000; i++) {
    char name[16];
    snprintf(name, sizeof name, "n%u", i * 7919u % 1000u);
    assert_string_equal(run.names[run.lines[i].op.as - 1], name);
    assert_int_equal(run.lines[i].op.as - 1, i % 1000);
  }
  pf_run_free(&run);
  pf_buffer_free(&text);
}

static void must_be_same(const struct pf_run *a, const struct pf_run *b) {
  assert_memory_equal(&a->machine, &b->machine, sizeof a->machine);
  assert_int_equal(a->stop_on_bug, b->stop_on_bug);
  assert_string_equal(a->name, b->name);
  assert_string_equal(a->about, b->about);
  for (uint32_t i = 0; i < a->machine.nr_names; i++)
    assert_string_equal(a->names[i], b->names[i]);
  size_t j = 0;
  for (size_t i = 0; i < a->nr_lines; i++) {
    if (a->lines[i].kind == PF_LINE_CHECK)
      continue;
    struct pf_op op = a->lines[i].op;
    assert_true(j < b->nr_lines);
    op.line = b->lines[j].op.line; /* blank lines, checks and remarks are gone */
    assert_memory_equal(&op, &b->lines[j].op, sizeof op);
    j++;
  }
  assert_int_equal(j, b->nr_lines);
}

static void test_write_reads_back_the_same(void **state) {
  (void)state;
  glob_t files = files_of("good/*.jsonl");
  for (size_t i = 0; i < files.gl_pathc; i++) {
    struct pf_run run, again;
    struct pf_error error = {""};
    struct pf_buffer out = {0};
    assert_int_equal(pf_run_read(files.gl_pathv[i], &run, &error), 0);
    pf_run_write(&run, &out);
    must_parse(out.bytes, &again);
    must_be_same(&run, &again);
    pf_run_free(&again);
    pf_run_free(&run);
    pf_buffer_free(&out);
  }
  globfree(&files);
}

/* An error is one line of text, whatever a line calls its fields. */
static void test_read_escapes_field_names(void **state) {
  (void)state;
  struct pf_run run;
  struct pf_error error = {""};
  assert_int_equal(parse("text", HEADER "{\"op\":\"boot\",\"a\\n\\u001b[1m\":0}\n", &run, &error), -1);
  assert_string_equal(error.text, "text:2: field \"a\\n\\u001b[1m\": expected a field of boot, found 0");
  assert_int_equal(
      parse("text", HEADER "{\"op\":\"boot\",\"0123456789012345678901234567890123456789x\":0}", &run, &error), -1);
  assert_string_equal(
      error.text, "text:2: field \"0123456789012345678901234567890123456789...\": expected a field of boot, found 0");
}

/* A call that another one made is not carried out, but later lines may refer to its name. */
static void test_write_keeps_made_calls(void **state) {
  (void)state;
  struct pf_run run, again;
  struct pf_buffer out = {0};
  must_parse(HEADER "{\"op\":\"alloc_bootmem\",\"size\":9,\"align\":1,\"goal\":0,\"by\":\"boot\",\"as\":\"table\"}\n"
                    "{\"op\":\"get_page\",\"page\":\"table\"}\n",
             &run);
  pf_run_write(&run, &out);
  must_parse(out.bytes, &again);
  must_be_same(&run, &again);
  assert_int_equal(again.lines[0].kind, PF_LINE_MADE);
  pf_run_free(&again);
  pf_run_free(&run);
  pf_buffer_free(&out);
}

static void read_back_every_gfp(uint32_t kernel) {
  const struct pf_gfp_name *names = pf_kernel_info(kernel)->gfps;
  struct pf_buffer text = {0};
  pf_buffer_print(&text,
                  "{\"format\":\"pageframe-run/1\",\"kernel\":\"%s\",\"machine\":{\"nodes\":[{\"start_pfn\":0,"
                  "\"pages\":64}]}}\n",
                  pf_kernel_info(kernel)->name);
  for (size_t i = 0; names[i].name; i++)
    for (size_t j = 0; names[j].name; j++)
      pf_buffer_print(&text, "{\"op\":\"alloc_page\",\"gfp\":\"%s|%s\"}\n", names[i].name, names[j].name);
  pf_buffer_print(&text, "{\"op\":\"alloc_page\",\"gfp\":\"0\"}\n");
  struct pf_run run, again;
  struct pf_buffer out = {0};
  must_parse(text.bytes, &run);
  pf_run_write(&run, &out);
  must_parse(out.bytes, &again);
  assert_int_equal(run.nr_lines, again.nr_lines);
  for (size_t i = 0; i < run.nr_lines; i++)
    assert_true(run.lines[i].op.arg[0] == again.lines[i].op.arg[0]);
  pf_run_free(&again);
  pf_run_free(&run);
  pf_buffer_free(&out);
  pf_buffer_free(&text);
}

/* Every mask that a kernel's names can make comes back. */
static void test_write_reads_back_every_gfp(void **state) {
  (void)state;
  for (uint32_t kernel = 1; pf_kernel_info(kernel); kernel++)
    read_back_every_gfp(kernel);
}

static void test_parse_keeps_the_name_it_was_given(void **state) {
  (void)state;
  struct pf_run run;
  struct pf_error error = {""};
  assert_int_equal(parse("a b/c.jsonl", "{}", &run, &error), -1);
  assert_string_equal(error.text,
                      "a b/c.jsonl:1: field \"format\": expected \"golden/1\" or \"pageframe-run/1\", found nothing");
  must_parse(HEADER, &run);
  assert_string_equal(run.name, "text");
  pf_run_free(&run);
}

/* Cut anywhere, or with any byte changed, a run is read or refused, never more than that. */
static void test_parse_survives_damage(void **state) {
  (void)state;
  static const char whole[] = HEADER "{\"op\":\"alloc_pages\",\"gfp\":\"GFP_ATOMIC\",\"order\":3,\"as\":\"b\"}\n"
                                     "{\"op\":\"__free_pages\",\"page\":\"b+1\",\"order\":0,\"note\":\"\\u00e9\\n\"}\n";
  size_t size = strlen(whole);
  for (size_t i = 0; i < 2 * size; i++) {
    struct pf_run run;
    struct pf_error error = {""};
    struct pf_text text = {malloc(size + 1), i < size ? i : size};
    memcpy(text.bytes, whole, size + 1);
    text.bytes[text.size] = 0;
    if (i >= size)
      text.bytes[i - size] = (char)(text.bytes[i - size] ^ (1 << i % 8));
    if (pf_run_parse("damaged", text, &run, &error) == 0)
      pf_run_free(&run);
    else
      assert_non_null(strstr(error.text, "damaged:"));
  }
}

/* ---------------------------------------------------------------- files */

static void write_file(const char *path, const void *bytes, size_t size) {
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(bytes, 1, size, file), size);
  fclose(file);
}

static void test_text_read_plain_and_gzip(void **state) {
  (void)state;
  char path[] = "/tmp/pageframe-test-XXXXXX";
  struct pf_text text;
  struct pf_error error = {""};
  close(mkstemp(path));
  size_t size = 300000;
  char *content = malloc(size);
  for (size_t i = 0; i < size; i++)
    content[i] = (char)('a' + (i * i) % 26);
  write_file(path, content, size);
  assert_int_equal(pf_text_read(path, &text, &error), 0);
  assert_int_equal(text.size, size);
  assert_memory_equal(text.bytes, content, size);
  pf_text_free(&text);
  gzFile packed = gzopen(path, "wb");
  assert_int_equal(gzwrite(packed, content, (unsigned)size), (int)size);
  gzclose(packed);
  assert_int_equal(pf_text_read(path, &text, &error), 0);
  assert_int_equal(text.size, size);
  assert_memory_equal(text.bytes, content, size);
  pf_text_free(&text);
  unlink(path);
  free(content);
}

static void test_text_read_damaged_gzip(void **state) {
  (void)state;
  char path[] = "/tmp/pageframe-test-XXXXXX", expected[256];
  unsigned char bytes[4096];
  struct pf_text text;
  struct pf_error error = {""};
  close(mkstemp(path));
  gzFile packed = gzopen(path, "wb");
  for (unsigned i = 0; i < 400; i++)
    gzprintf(packed, "%u\n", i * 2654435761u);
  gzclose(packed);
  FILE *file = fopen(path, "rb");
  size_t size = fread(bytes, 1, sizeof bytes, file);
  fclose(file);
  assert_in_range(size, 100, sizeof bytes - 1);
  snprintf(expected, sizeof expected, "%s: the gzip data end too early", path);
  for (size_t cut = 2; cut < size; cut += 7) {
    write_file(path, bytes, cut);
    assert_int_equal(pf_text_read(path, &text, &error), -1);
    assert_string_equal(error.text, expected);
  }
  bytes[size / 2] ^= 0x55;
  write_file(path, bytes, size);
  snprintf(expected, sizeof expected, "%s: the gzip data are damaged", path);
  assert_int_equal(pf_text_read(path, &text, &error), -1);
  assert_string_equal(error.text, expected);
  unlink(path);
  assert_int_equal(pf_text_read(path, &text, &error), -1);
  snprintf(expected, sizeof expected, "%s: cannot be read: No such file or directory", path);
  assert_string_equal(error.text, expected);
  assert_int_equal(pf_text_read("/tmp", &text, &error), -1);
  assert_string_equal(error.text, "/tmp: cannot be read: Is a directory");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_read_good_files),
      cmocka_unit_test(test_read_bad_files),
      cmocka_unit_test(test_parse_fills_the_operation),
      cmocka_unit_test(test_gfp_parse_passes_over_hints),
      cmocka_unit_test(test_parse_fills_the_operation_of_linux_2_6),
      cmocka_unit_test(test_parse_numbers_names_by_first_appearance),
      cmocka_unit_test(test_parse_keeps_the_name_it_was_given),
      cmocka_unit_test(test_parse_survives_damage),
      cmocka_unit_test(test_write_reads_back_the_same),
      cmocka_unit_test(test_read_escapes_field_names),
      cmocka_unit_test(test_write_says_of_the_machine_what_was_said),
      cmocka_unit_test(test_write_keeps_made_calls),
      cmocka_unit_test(test_write_reads_back_every_gfp),
      cmocka_unit_test(test_text_read_plain_and_gzip),
      cmocka_unit_test(test_text_read_damaged_gzip),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
