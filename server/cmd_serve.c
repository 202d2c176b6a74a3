/* pageframe serve: the page, and a run that whoever opens it looks into. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "serve.h"

#define EXAMPLE "examples/boot-and-eight-pages.jsonl"
#define RATE_MAX 1e6

struct options {
  const char *file, *host, *web;
  double rate;
  long port;
  int waits;
  const char **origins;
};

/* The value behind an option, "--name value" or "--name=value"; NULL if this is not that option. */
static const char *value_of(const char *name, char **argv, int *i) {
  size_t size = strlen(name);
  const char *option = argv[*i];
  if (strncmp(option, name, size) != 0)
    return NULL;
  if (option[size] == '=')
    return option + size + 1;
  const char *next = option[size] ? NULL : argv[*i + 1]; /* NULL stands behind the last */
  *i += next != NULL;
  return next;
}

static int bad_value(const char *option, const char *expected, const char *found) {
  fprintf(stderr, "%s: expected %s, found \"%s\"\n", option, expected, found);
  return PF_EXIT_BAD;
}

/* 0, or PF_EXIT_BAD with a line on stderr. */
static int read_options(int argc, char **argv, struct options *options) {
  size_t nr_origins = 0;
  for (int i = 1; i < argc; i++) {
    const char *value;
    char *end = NULL;
    if (strcmp(argv[i], "--wait") == 0) {
      options->waits = 1;
    } else if ((value = value_of("--rate", argv, &i))) {
      options->rate = strtod(value, &end);
      if (*end || end == value || !(options->rate > 0 && options->rate <= RATE_MAX))
        return bad_value("--rate", "operations a second, above 0 and at most 1000000", value);
    } else if ((value = value_of("--port", argv, &i))) {
      options->port = strtol(value, &end, 10);
      if (*end || end == value || options->port < 0 || options->port > 65535)
        return bad_value("--port", "a port from 0 to 65535", value);
    } else if ((value = value_of("--host", argv, &i))) {
      options->host = value;
    } else if ((value = value_of("--web", argv, &i))) {
      options->web = value;
    } else if ((value = value_of("--origin", argv, &i))) {
      options->origins[nr_origins++] = value;
    } else if (argv[i][0] == '-' || options->file) {
      return pf_misuse("serve [FILE] [--rate N] [--host ADDR] [--port N] [--web DIR] [--origin ORIGIN]... [--wait]");
    } else {
      options->file = argv[i];
    }
  }
  return 0;
}

/* A path beside the program, which a build leaves in build/<preset>/; NULL if there is no such file. */
static const char *beside_program(const char *relative, char path[PATH_MAX]) {
  char program[PATH_MAX];
  ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
  if (size < 0)
    return NULL;
  program[size] = 0;
  *strrchr(program, '/') = 0;
  int length = snprintf(path, PATH_MAX, "%s/../../web/%s", program, relative);
  return length < PATH_MAX && access(path, R_OK) == 0 ? path : NULL;
}

static int find_page(struct options *options, char path[PATH_MAX]) {
  char index[PATH_MAX];
  if (!options->web) {
    if (beside_program("dist/index.html", index))
      options->web = beside_program("dist", path);
    else
      fprintf(stderr, "no page is built beside the program: only the stream is served (--web names a page's folder)\n");
    return 0;
  }
  int length = snprintf(index, sizeof index, "%s/index.html", options->web);
  if (length < (int)sizeof index && access(index, R_OK) == 0)
    return 0;
  return bad_value("--web", "a folder with an index.html", options->web);
}

static int find_file(struct options *options, char path[PATH_MAX]) {
  if (!options->file)
    options->file = beside_program("dist/" EXAMPLE, path);
  if (!options->file)
    options->file = beside_program("public/" EXAMPLE, path);
  return options->file ? 0 : pf_complain("no example stands beside the program: name a run file to stream");
}

/* How many operations the run has until it ends; -1: one of them cannot be carried out. */
static int64_t count_operations(const struct pf_run *run, struct pf_error *error) {
  struct pf_player player;
  int64_t operations = -1;
  if (pf_player_open(&player, run, error) < 0)
    return -1;
  if (pf_player_run(&player, error) == 0)
    operations = pf_engine_ops(player.engine);
  pf_player_close(&player);
  return operations;
}

static int serve_run(const struct options *options, const struct pf_run *run) {
  struct pf_error error;
  int64_t operations = count_operations(run, &error);
  struct pf_room *room = operations < 0 ? NULL : pf_room_open(run, (uint32_t)operations, options->rate, &error);
  if (!room)
    return pf_complain(error.text);
  const struct pf_serve serve = {.room = room,
                                 .rate = options->rate,
                                 .waits = options->waits,
                                 .host = options->host,
                                 .port = (int)options->port,
                                 .web = options->web,
                                 .origins = options->origins};
  int status = pf_serve(&serve, &error);
  pf_room_close(room);
  return status < 0 ? pf_complain(error.text) : PF_EXIT_GOOD;
}

int pf_cmd_serve(int argc, char **argv) {
  struct options options = {.host = "127.0.0.1", .rate = 2, .port = 7681};
  char page[PATH_MAX], file[PATH_MAX];
  struct pf_error error;
  struct pf_run run;
  options.origins = calloc((size_t)argc + 1, sizeof *options.origins);
  if (!options.origins)
    return pf_complain("not enough memory");
  int status = read_options(argc, argv, &options);
  if (status == 0)
    status = find_page(&options, page);
  if (status == 0)
    status = find_file(&options, file);
  if (status == 0 && pf_run_read(options.file, &run, &error) < 0)
    status = pf_complain(error.text);
  if (status == 0) {
    status = serve_run(&options, &run);
    pf_run_free(&run);
  }
  free(options.origins);
  return status;
}
