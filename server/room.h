/*
 * room.h - a room: a run that is carried out while people look on. It makes the messages of docs/protocol.md and keeps
 * what each member is still to be sent; it knows neither clocks nor sockets.
 *
 * Every batch of events is made once, for all members. Who comes late, asks, or falls too far behind gets a snapshot
 * in place of the events missed.
 */
#ifndef PF_ROOM_H
#define PF_ROOM_H

#include "player.h"

#define PF_MESSAGE_HEADROOM 32            /* bytes in front of every text, for a transport's own header */
#define PF_QUEUE_MESSAGES 1024            /* of events, and */
#define PF_QUEUE_BYTES ((size_t)64 << 20) /* this much of them: who is further behind takes a snapshot */
#define PF_QUEUE_ERRORS 16u               /* further ones are not answered until some are sent */

/* A message, shared by all who are to be sent it. The bytes of the headroom may be written, those of the text not. */
struct pf_message {
  uint32_t refs;
  size_t size; /* of the text */
  char *text;  /* JSON */
};
void pf_message_release(struct pf_message *message);

enum pf_room_error { PF_ROOM_MALFORMED, PF_ROOM_UNKNOWN, PF_ROOM_OVERSIZED, PF_NR_ROOM_ERRORS };

struct pf_room;
struct pf_member;

/* The run stays the caller's and must outlive the room. `operations` is what hello announces. NULL with the error. */
struct pf_room *pf_room_open(const struct pf_run *run, uint32_t operations, double rate, struct pf_error *error);
void pf_room_close(struct pf_room *room); /* and its members */

/* Carries out up to `operations` more and hands their events to the members. 0: the run is over. */
int pf_room_step(struct pf_room *room, uint32_t operations);
int pf_room_is_over(const struct pf_room *room);

struct pf_member *pf_room_join(struct pf_room *room); /* NULL without memory */
void pf_room_leave(struct pf_room *room, struct pf_member *member);
/* A text that the member sent; answers wait in its queue. */
void pf_room_receive(struct pf_member *member, const char *text, size_t size);
/* Something that is no such text. */
void pf_room_refuse(struct pf_member *member, enum pf_room_error error);
/* The next message for the member, to be released once it is sent. NULL: nothing now. */
struct pf_message *pf_room_next(struct pf_room *room, struct pf_member *member);

#endif
