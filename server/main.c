/* pageframe: the native program. */
#include <stdio.h>
#include <string.h>

#include "commands.h"

static const char usage[] =
    "usage: pageframe COMMAND\n"
    "\n"
    "  run FILE                        carry out a run file and print its events, one JSON object a line\n"
    "  verify FILE...                  replay recorded runs; compare every result and state with the recording\n"
    "  map FILE [--start KPAGEFLAGS]   print the page map at the end of a run file or a kernel trace\n"
    "  digest FILE...                  print the digest of that map\n"
    "  state [--zoneinfo FILE --buddyinfo FILE --pagetypeinfo FILE --kpageflags FILE] [-o FILE]\n"
    "                                  a run file that begins in the state of a machine, taken from /proc\n"
    "  serve [FILE] [--rate N] [--host ADDR] [--port N] [--web DIR] [--origin ORIGIN]... [--wait]\n"
    "                                  serve the page, and stream FILE to whoever opens it\n"
    "\n"
    "Files may be plain or gzip. Exit status: 0 good, 1 a difference, 2 bad input or wrong use.\n";

static const struct {
  const char *name;
  int (*command)(int argc, char **argv);
} commands[] = {
    {"run", pf_cmd_run},       {"verify", pf_cmd_verify}, {"map", pf_cmd_map},
    {"digest", pf_cmd_digest}, {"state", pf_cmd_state},   {"serve", pf_cmd_serve},
};

int main(int argc, char **argv) {
  const char *name = argc > 1 ? argv[1] : "";
  for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
    if (strcmp(name, commands[i].name) == 0)
      return commands[i].command(argc - 1, argv + 1);
  }
  if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
    fputs(usage, stdout);
    return PF_EXIT_GOOD;
  }
  if (strcmp(name, "--version") == 0) {
    puts("pageframe " PAGEFRAME_VERSION);
    return PF_EXIT_GOOD;
  }
  if (argc == 1) {
    fputs(usage, stderr);
    return PF_EXIT_BAD;
  }
  return pf_misuse("COMMAND, one of run, verify, map, digest, state, serve (pageframe --help tells more)");
}
