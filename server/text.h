/* text.h - whole text files, plain or gzip. */
#ifndef PF_TEXT_H
#define PF_TEXT_H

#include <stddef.h>

#include "error.h"

#define PF_TEXT_MAX ((size_t)1 << 30) /* bytes, unpacked */

struct pf_text {
  char *bytes; /* from malloc; a NUL stands behind the last byte */
  size_t size;
};

/* Reads a file, unpacking gzip. 0, or -1 with the error. */
int pf_text_read(const char *path, struct pf_text *text, struct pf_error *error);
void pf_text_free(struct pf_text *text);

/* A text that grows, for output. A failed allocation makes `failed` 1 and later calls do nothing. */
struct pf_buffer {
  char *bytes;
  size_t size, capacity;
  int failed;
};
/* Room for `more` bytes at the end, and a NUL; NULL if there is no memory. The caller adds to `size` what it wrote. */
char *pf_buffer_room(struct pf_buffer *buffer, size_t more);
void pf_buffer_add(struct pf_buffer *buffer, const char *bytes, size_t size);
void pf_buffer_print(struct pf_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* `text` as a JSON string, quotes included. */
void pf_buffer_json_string(struct pf_buffer *buffer, const char *text);
void pf_buffer_free(struct pf_buffer *buffer);

#endif
