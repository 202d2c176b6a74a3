/* Run files: lines, names, and what holds the parts together. */
#include "runfile.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runfile_internal.h"

int pf_run_bad(struct pf_run_reader *reader, const char *field, const cJSON *value, const char *expected, ...) {
  char wanted[512];
  char found[PF_FOUND_SIZE];
  char name[PF_FOUND_SIZE]; /* a line may call its field anything */
  va_list args;
  va_start(args, expected);
  vsnprintf(wanted, sizeof wanted, expected, args);
  va_end(args);
  return pf_fail(reader->error, "%s:%u: field %s: expected %s, found %s", reader->run->path, reader->line,
                 pf_json_quoted(field, name), wanted, pf_json_found(value, found));
}

int pf_run_bad_line(struct pf_run_reader *reader, const char *expected, const char *found) {
  return pf_fail(reader->error, "%s:%u: expected %s, found %s", reader->run->path, reader->line, expected, found);
}

int pf_run_no_memory(struct pf_run_reader *reader) {
  return pf_fail(reader->error, "%s: not enough memory", reader->run->path);
}

/* ---------------------------------------------------------------- names */

/* The slot where the name is, or the free one where it would be. */
static size_t name_slot(const struct pf_run_reader *reader, const char *name, size_t size) {
  uint32_t hash = 2166136261u; /* FNV-1a */
  for (size_t i = 0; i < size; i++)
    hash = (hash ^ (unsigned char)name[i]) * 16777619u;
  size_t slot = hash & (reader->nr_slots - 1);
  while (reader->slots[slot]) {
    const char *other = reader->run->names[reader->slots[slot] - 1];
    if (strncmp(other, name, size) == 0 && !other[size])
      break;
    slot = (slot + 1) & (reader->nr_slots - 1);
  }
  return slot;
}

int64_t pf_run_name_find(const struct pf_run_reader *reader, const char *name, size_t size) {
  return reader->nr_slots ? (int64_t)reader->slots[name_slot(reader, name, size)] - 1 : -1;
}

/* Twice the slots (at most half of them are used), and room for as many names. */
static int grow_names(struct pf_run_reader *reader) {
  size_t nr_slots = reader->nr_slots ? 2 * reader->nr_slots : 64;
  uint32_t *slots = calloc(nr_slots, sizeof *slots);
  char **names = realloc(reader->run->names, nr_slots / 2 * sizeof *names);
  if (names)
    reader->run->names = names;
  if (!slots || !names) {
    free(slots);
    return -1;
  }
  free(reader->slots);
  reader->slots = slots;
  reader->nr_slots = nr_slots;
  for (uint32_t i = 0; i < reader->run->machine.nr_names; i++)
    slots[name_slot(reader, names[i], strlen(names[i]))] = i + 1;
  return 0;
}

int64_t pf_run_name_add(struct pf_run_reader *reader, const char *name) {
  struct pf_run *run = reader->run;
  int64_t known = pf_run_name_find(reader, name, strlen(name));
  if (known >= 0)
    return known;
  if (2 * ((size_t)run->machine.nr_names + 1) > reader->nr_slots && grow_names(reader) < 0)
    return -1;
  char *copy = strdup(name);
  if (!copy)
    return -1;
  uint32_t number = run->machine.nr_names++;
  reader->slots[name_slot(reader, name, strlen(name))] = number + 1;
  run->names[number] = copy;
  return number;
}

/* ---------------------------------------------------------------- lines */

static struct pf_run_line *next_line(struct pf_run_reader *reader) {
  struct pf_run *run = reader->run;
  if (run->nr_lines == reader->line_capacity) {
    size_t capacity = reader->line_capacity ? 2 * reader->line_capacity : 256;
    struct pf_run_line *lines = realloc(run->lines, capacity * sizeof *lines);
    if (!lines)
      return NULL;
    run->lines = lines;
    reader->line_capacity = capacity;
  }
  return &run->lines[run->nr_lines++];
}

/* The first line that is not blank is the header, all others are operations. */
static int take_line(struct pf_run_reader *reader, const char *bytes, size_t size) {
  cJSON *object = pf_json_parse(bytes, size);
  struct pf_run_line place = {.at = (size_t)(bytes - reader->run->text.bytes), .size = size, .op.line = reader->line};
  char found[PF_FOUND_SIZE] = "text that is not JSON";
  int status = 0;
  if (!cJSON_IsObject(object)) {
    status = pf_run_bad_line(reader, "a JSON object", object ? pf_json_found(object, found) : found);
  } else if (!reader->kernel) {
    reader->run->header = place;
    status = pf_run_header(reader, object);
  } else {
    struct pf_run_line *line = next_line(reader);
    if (!line) {
      status = pf_run_no_memory(reader);
    } else {
      *line = place;
      status = pf_run_operation(reader, object, line);
    }
  }
  cJSON_Delete(object);
  return status;
}

static int is_blank(const char *bytes, size_t size) {
  size_t i = 0;
  while (i < size && (bytes[i] == ' ' || bytes[i] == '\t' || bytes[i] == '\r' || bytes[i] == '\n'))
    i++;
  return i == size;
}

/* Where the text begins, behind a byte order mark. */
static size_t text_begin(const struct pf_text *text) {
  return text->size >= 3 && memcmp(text->bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

static int take_lines(struct pf_run_reader *reader) {
  const struct pf_text *text = &reader->run->text;
  size_t at = text_begin(text);
  for (reader->line = 1; at < text->size; reader->line++) {
    const char *end = memchr(text->bytes + at, '\n', text->size - at);
    size_t size = end ? (size_t)(end - text->bytes) - at : text->size - at;
    if (!is_blank(text->bytes + at, size) && take_line(reader, text->bytes + at, size) < 0)
      return -1;
    if (!end)
      break;
    at += size + 1;
  }
  if (!reader->kernel)
    return pf_run_bad_line(reader, "a header line", "the end of the file");
  return 0;
}

/* ---------------------------------------------------------------- the whole */

int pf_run_is(const struct pf_text *text) {
  size_t at = text_begin(text);
  while (at < text->size && is_blank(text->bytes + at, 1))
    at++;
  return at < text->size && text->bytes[at] == '{';
}

int pf_run_parse(const char *path, struct pf_text text, struct pf_run *run, struct pf_error *error) {
  *run = (struct pf_run){.path = strdup(path), .text = text};
  struct pf_run_reader reader = {.run = run, .error = error};
  int status = run->path ? take_lines(&reader) : pf_fail(error, "%s: not enough memory", path);
  free(reader.slots);
  for (size_t i = 0; i < run->nr_lines; i++) {
    run->nr_checks += run->lines[i].kind == PF_LINE_CHECK;
    run->nr_states += run->lines[i].kind == PF_LINE_STATE;
  }
  run->nr_operations = (uint32_t)run->nr_lines - run->nr_checks - run->nr_states;
  if (status < 0)
    pf_run_free(run);
  return status;
}

int pf_run_read(const char *path, struct pf_run *run, struct pf_error *error) {
  struct pf_text text;
  if (pf_text_read(path, &text, error) < 0)
    return -1;
  return pf_run_parse(path, text, run, error);
}

void pf_run_free(struct pf_run *run) {
  for (uint32_t i = 0; i < run->machine.nr_names; i++)
    free(run->names[i]);
  for (size_t i = 0; i < run->nr_lines; i++)
    free(run->lines[i].events);
  free(run->names);
  free(run->lines);
  free(run->name);
  free(run->about);
  free(run->path);
  pf_text_free(&run->text);
  *run = (struct pf_run){0};
}

cJSON *pf_run_json(const struct pf_run *run, const struct pf_run_line *line) {
  return pf_json_parse(run->text.bytes + line->at, line->size);
}
