/* Any text as a run file. A bad one is told of in one line; a good one, written and read again, is the same run. */
#include "fuzz.h"
#include "runfile.h"

#define PATH "folder/a run"

/* Reads a copy of the text, which the run takes over. */
static int parse(const char *bytes, size_t size, struct pf_run *run) {
  struct pf_text text = {malloc(size + 1), size};
  struct pf_error error = {""};
  MUST(text.bytes);
  memcpy(text.bytes, bytes, size);
  text.bytes[size] = 0;
  int status = pf_run_parse(PATH, text, run, &error);
  MUST(status == 0 || (status == -1 && strncmp(error.text, PATH ":", strlen(PATH ":")) == 0));
  MUST(status == -1 || error.text[0] == 0);
  MUST(strlen(error.text) + 1 < sizeof error.text && !strchr(error.text, '\n'));
  return status;
}

static void compare_header(const struct pf_run *a, const struct pf_run *b) {
  MUST(memcmp(&a->machine, &b->machine, sizeof a->machine) == 0);
  MUST(strcmp(a->name, b->name) == 0 && strcmp(a->about, b->about) == 0);
  MUST(a->stop_on_bug == b->stop_on_bug);
  for (uint32_t i = 0; i < a->machine.nr_names; i++)
    MUST(strcmp(a->names[i], b->names[i]) == 0);
}

/* The next operation, or NULL. */
static const struct pf_run_line *next_operation(const struct pf_run *run, size_t *at) {
  while (*at < run->nr_lines && (run->lines[*at].kind == PF_LINE_CHECK || run->lines[*at].kind == PF_LINE_STATE))
    ++*at;
  return *at < run->nr_lines ? &run->lines[(*at)++] : NULL;
}

static void compare_operations(const struct pf_run *a, const struct pf_run *b) {
  const struct pf_run_line *from, *to;
  size_t i = 0, j = 0;
  do {
    from = next_operation(a, &i);
    to = next_operation(b, &j);
    MUST(!from == !to);
    if (from && to) {
      struct pf_op op = from->op;
      op.line = to->op.line;
      MUST(from->kind == to->kind && from->result == to->result && memcmp(&op, &to->op, sizeof op) == 0);
    }
  } while (from);
}

static void check_lines(const struct pf_run *run) {
  MUST(run->nr_operations + run->nr_checks + run->nr_states == run->nr_lines);
  for (size_t i = 0; i < run->nr_lines; i++) {
    cJSON *line = pf_run_json(run, &run->lines[i]);
    MUST(cJSON_IsObject(line));
    cJSON_Delete(line);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct pf_run run, again;
  struct pf_buffer out = {0};
  if (parse((const char *)bytes, size, &run) < 0)
    return 0;
  check_lines(&run);
  pf_run_write(&run, &out);
  MUST(!out.failed && parse(out.bytes, out.size, &again) == 0);
  compare_header(&run, &again);
  compare_operations(&run, &again);
  pf_buffer_free(&out);
  pf_run_free(&again);
  pf_run_free(&run);
  return 0;
}
