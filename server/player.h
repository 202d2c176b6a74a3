/*
 * player.h - a run being carried out: the model, and the map that its events fold into. Everything that a command
 * shows comes from here.
 */
#ifndef PF_PLAYER_H
#define PF_PLAYER_H

#include "runfile.h"

struct pf_player {
  const struct pf_run *run;
  struct pf_engine *engine;
  struct pf_map *map;
  struct pf_sink sink;
  enum pf_status folded; /* PF_OK, or why the map refused an event */
  /* Sees each piece of the events, once it is folded. May be NULL. */
  void (*show)(struct pf_player *player, const struct pf_event *events, uint32_t count);
  void *context; /* of show */
};

/* The run stays the caller's and must outlive the player. 0, or -1 with the error. */
int pf_player_open(struct pf_player *player, const struct pf_run *run, struct pf_error *error);
/* Tells engine and map what a line tells of beside operations. */
int pf_player_tell(struct pf_player *player, const struct pf_run_line *line, struct pf_error *error);
/* Carries out one line of the kind OP. -1: the kernel has no such operation, or refuses an argument. */
int pf_player_apply(struct pf_player *player, const struct pf_run_line *line, struct pf_result *result,
                    struct pf_error *error);
/* Carries out the whole run, as far as its header's on_bug lets it go. */
int pf_player_run(struct pf_player *player, struct pf_error *error);
/* Does the run end after this result? */
int pf_player_stops(const struct pf_player *player, const struct pf_result *result);
void pf_player_close(struct pf_player *player);

#endif
