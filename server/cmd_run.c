/* pageframe run FILE: the events as JSON Lines. */
#include <stdio.h>

#include "commands.h"
#include "event_json.h"
#include "player.h"

static void print_events(struct pf_player *player, const struct pf_event *events, uint32_t count) {
  FILE *out = player->context;
  for (uint32_t i = 0; i < count; i++) {
    char line[PF_EVENT_JSON_MAX];
    size_t size = pf_event_json(line, &events[i]);
    line[size] = '\n';
    fwrite(line, 1, size + 1, out);
  }
}

int pf_cmd_run(int argc, char **argv) {
  struct pf_error error;
  struct pf_run run;
  struct pf_player player;
  if (argc != 2 || argv[1][0] == '-')
    return pf_misuse("run FILE");
  if (pf_run_read(argv[1], &run, &error) < 0)
    return pf_complain(error.text);
  int status = pf_player_open(&player, &run, &error);
  if (status == 0) {
    player.show = print_events;
    player.context = stdout;
    status = pf_player_run(&player, &error);
    pf_player_close(&player);
  }
  pf_run_free(&run);
  return pf_written(status < 0 ? pf_complain(error.text) : PF_EXIT_GOOD);
}
