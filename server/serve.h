/* serve.h - HTTP and WebSocket: the built page, and a room that whoever opens it looks into. */
#ifndef PF_SERVE_H
#define PF_SERVE_H

#include "room.h"

#define PF_CLIENT_MESSAGE_MAX 4096 /* bytes a client's message may have */

struct pf_serve {
  struct pf_room *room;
  double rate;                /* operations a second */
  int waits;                  /* begins when the first one looks */
  const char *host;           /* the address to listen on */
  int port;                   /* 0: any that is free */
  const char *web;            /* the page's folder, NULL: there is none */
  const char *const *origins; /* allowed beside the server's own; NULL ends them */
};

/* Serves until SIGINT or SIGTERM. 0, or -1 with the error where it cannot begin. */
int pf_serve(const struct pf_serve *serve, struct pf_error *error);

#endif
