/* Whole text files, plain or gzip, and texts that grow. */
#include "text.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

int pf_fail(struct pf_error *error, const char *format, ...) {
  va_list args;
  va_start(args, format);
  vsnprintf(error->text, sizeof error->text, format, args);
  va_end(args);
  return -1;
}

void pf_text_free(struct pf_text *text) {
  free(text->bytes);
  *text = (struct pf_text){0};
}

/* Why reading stopped, or 0 at the good end of the file. */
static int close_and_judge(gzFile file, const char *path, int got, struct pf_error *error) {
  int number = errno;
  int status = Z_OK;
  (void)gzerror(file, &status);
  int closed = gzclose_r(file);
  if (got >= 0 && closed == Z_OK)
    return 0;
  if (status == Z_BUF_ERROR || closed == Z_BUF_ERROR)
    return pf_fail(error, "%s: the gzip data end too early", path);
  if (status == Z_DATA_ERROR)
    return pf_fail(error, "%s: the gzip data are damaged", path);
  return pf_fail(error, "%s: cannot be read: %s", path, status == Z_MEM_ERROR ? strerror(ENOMEM) : strerror(number));
}

#define ELEMENT 8u /* files of /proc that are arrays let themselves be read by whole elements only */

int pf_text_read(const char *path, struct pf_text *text, struct pf_error *error) {
  *text = (struct pf_text){0};
  errno = 0;
  gzFile file = gzopen(path, "rb");
  if (!file)
    return pf_fail(error, "%s: cannot be read: %s", path, strerror(errno ? errno : ENOMEM));
  gzbuffer(file, 1 << 16);
  size_t capacity = 0;
  int got;
  do {
    if (text->size + ELEMENT >= capacity) {
      capacity = capacity ? 2 * capacity : 1 << 16;
      char *bytes = capacity / 2 > PF_TEXT_MAX ? NULL : realloc(text->bytes, capacity);
      if (!bytes) {
        gzclose_r(file);
        pf_text_free(text);
        return capacity / 2 > PF_TEXT_MAX ? pf_fail(error, "%s: larger than 1 GiB", path)
                                          : pf_fail(error, "%s: cannot be read: %s", path, strerror(ENOMEM));
      }
      text->bytes = bytes;
    }
    got = gzread(file, text->bytes + text->size, (unsigned)((capacity - text->size - 1) / ELEMENT * ELEMENT));
    if (got > 0)
      text->size += (size_t)got;
  } while (got > 0);
  text->bytes[text->size] = 0;
  if (close_and_judge(file, path, got, error) == 0)
    return 0;
  pf_text_free(text);
  return -1;
}

char *pf_buffer_room(struct pf_buffer *buffer, size_t more) {
  if (buffer->failed)
    return NULL;
  if (more + 1 > buffer->capacity - buffer->size) {
    size_t capacity = 2 * buffer->capacity + more + 1;
    char *bytes = realloc(buffer->bytes, capacity);
    if (!bytes) {
      buffer->failed = 1;
      return NULL;
    }
    buffer->bytes = bytes;
    buffer->capacity = capacity;
  }
  return buffer->bytes + buffer->size;
}

void pf_buffer_add(struct pf_buffer *buffer, const char *bytes, size_t size) {
  char *at = pf_buffer_room(buffer, size);
  if (!at)
    return;
  memcpy(at, bytes, size);
  at[size] = 0;
  buffer->size += size;
}

void pf_buffer_print(struct pf_buffer *buffer, const char *format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int size = vsnprintf(NULL, 0, format, args);
  char *at = size < 0 ? NULL : pf_buffer_room(buffer, (size_t)size);
  if (at) {
    vsnprintf(at, (size_t)size + 1, format, again);
    buffer->size += (size_t)size;
  }
  va_end(again);
  va_end(args);
}

void pf_buffer_json_string(struct pf_buffer *buffer, const char *text) {
  cJSON item = {.type = cJSON_String, .valuestring = (char *)(size_t)text};
  char *printed = cJSON_PrintUnformatted(&item);
  if (printed)
    pf_buffer_add(buffer, printed, strlen(printed));
  else
    buffer->failed = 1;
  cJSON_free(printed);
}

void pf_buffer_free(struct pf_buffer *buffer) {
  free(buffer->bytes);
  *buffer = (struct pf_buffer){0};
}
