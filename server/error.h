/* error.h - what a caller is told: one line of text that names the file, and the line and field where there is one. */
#ifndef PF_ERROR_H
#define PF_ERROR_H

struct pf_error {
  char text[5120]; /* a path and the longest sentence */
};

/* Sets the text. Returns -1, so that a function can end with it. */
int pf_fail(struct pf_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
