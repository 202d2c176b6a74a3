/* pageframe map, pageframe digest: the folded map at the end of a run file or of a kernel trace. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "player.h"
#include "trace_map.h"

/* Takes the text over. The map is the caller's to free. */
static struct pf_map *run_map(const char *path, struct pf_text text, struct pf_error *error) {
  struct pf_run run;
  struct pf_player player;
  struct pf_map *map = NULL;
  if (pf_run_parse(path, text, &run, error) < 0)
    return NULL;
  if (pf_player_open(&player, &run, error) == 0) {
    if (pf_player_run(&player, error) == 0) {
      map = player.map;
      player.map = NULL;
    }
    pf_player_close(&player);
  }
  pf_run_free(&run);
  return map;
}

/* A run file begins with a brace, a trace never does. */
static struct pf_map *file_map(const char *path, const char *start_path, struct pf_error *error) {
  struct pf_text text, start = {0};
  struct pf_map *map = NULL;
  if (pf_text_read(path, &text, error) < 0)
    return NULL;
  if (pf_run_is(&text) && !start_path)
    return run_map(path, text, error);
  if (pf_run_is(&text))
    pf_fail(error, "%s: a run file begins from nothing: --start is for kernel traces", path);
  else if (!start_path || pf_text_read(start_path, &start, error) == 0)
    map = pf_trace_map(path, &text, start_path, start_path ? &start : NULL, error);
  pf_text_free(&start);
  pf_text_free(&text);
  return map;
}

static void print_map(const struct pf_map *map) {
  uint32_t frames = pf_map_frames(map);
  for (uint32_t pfn = 0; pfn < frames;) {
    uint32_t count;
    uint32_t state = pf_map_run(map, pfn, &count);
    printf("%" PRIu32 " %" PRIu32 " %s\n", pfn, count, pf_state_name(state));
    pfn += count;
  }
}

int pf_cmd_map(int argc, char **argv) {
  static const char usage[] = "map FILE [--start KPAGEFLAGS]";
  const char *path = NULL, *start = NULL;
  struct pf_error error;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--start") == 0 && i + 1 < argc && !start)
      start = argv[++i];
    else if (strncmp(argv[i], "--start=", 8) == 0 && !start)
      start = argv[i] + 8;
    else if (argv[i][0] == '-' || path)
      return pf_misuse(usage);
    else
      path = argv[i];
  }
  if (!path)
    return pf_misuse(usage);
  struct pf_map *map = file_map(path, start, &error);
  if (!map)
    return pf_complain(error.text);
  print_map(map);
  free(map);
  return pf_written(PF_EXIT_GOOD);
}

int pf_cmd_digest(int argc, char **argv) {
  int worst = PF_EXIT_GOOD;
  if (argc < 2 || argv[1][0] == '-')
    return pf_misuse("digest FILE...");
  for (int i = 1; i < argc; i++) {
    struct pf_error error;
    struct pf_map *map = file_map(argv[i], NULL, &error);
    if (map)
      printf("%016" PRIx64 " %s\n", pf_map_digest(map), argv[i]);
    else
      worst = pf_complain(error.text);
    fflush(stdout); /* so that errors on stderr stand between the right lines */
    free(map);
  }
  return pf_written(worst);
}
