/*
 * event_json.h - an event as JSON, the one form of it everywhere: {"kind":"list_add","order":3,"pfn":56,"head":4099}.
 * Numbers and booleans that are 0 are left out, names are always there. Written straight from the record, as this
 * is the hot path of a room.
 */
#ifndef PF_EVENT_JSON_H
#define PF_EVENT_JSON_H

#include <stddef.h>

#include "pageframe.h"

#define PF_EVENT_JSON_MAX 384 /* bytes that the longest event may need, with its NUL */

/* Writes the event at `out`, which has PF_EVENT_JSON_MAX bytes. Returns its length. */
size_t pf_event_json(char *out, const struct pf_event *event);

#endif
