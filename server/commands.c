/* What all commands share. */
#include "commands.h"

#include <stdio.h>

int pf_complain(const char *text) {
  fprintf(stderr, "%s\n", text);
  return PF_EXIT_BAD;
}

int pf_written(int code) {
  return fflush(stdout) != 0 || ferror(stdout) ? pf_complain("the output could not be written") : code;
}

int pf_misuse(const char *usage) {
  fprintf(stderr, "usage: pageframe %s\n", usage);
  return PF_EXIT_BAD;
}
