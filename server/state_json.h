/*
 * state_json.h - the allocator's state as a `check` line holds it, and the first difference between two such. The same
 * for a model's state and for a map's, so that `verify` holds a recording against both.
 */
#ifndef PF_STATE_JSON_H
#define PF_STATE_JSON_H

#include <cjson/cJSON.h>

#include "pageframe.h"

/* {"bootmem":[...],"zones":[...]}; a key is missing where there are none. NULL without memory. */
cJSON *pf_state_json(const struct pf_structs *structs);

/* Adds what the checks of misuse runs with migratetypes tell: page_count, frames with a count that is neither 0 nor 1
 * and whose count or held bits are not those of `before`; buddy_flag, free marks without a listed block, and the
 * reverse. A key is missing where there are none. */
void pf_state_add_misuse(cJSON *state, const struct pf_structs *structs, const struct pf_structs *before);

/* What is set by zone, {"min_free_kbytes":..,"zones":[{"node":..,"zone":..,"pages_min":..,"protection":[...],
 * "pcp":{"hot":{"low":..,"high":..,"batch":..},"cold":{...}}}]}; "pcp" where the kernel has per-CPU lists, whose limits
 * are the same on every CPU. NULL without memory. */
cJSON *pf_settings_json(const struct pf_structs *structs);

struct pf_difference {
  char path[128];
  const cJSON *expected, *got; /* parts of what was compared; NULL: nothing there */
};
/* Compares a check line with a state. What a zone or node of the check leaves out is not compared, but a counter beside
 * a per-CPU list that is left out is the list's length. Returns 1 and fills *difference at the first difference, else
 * 0. */
int pf_state_differs(const cJSON *check, const cJSON *state, struct pf_difference *difference);
/* The same for any two values: every key of `expected` must be in `got`. */
int pf_json_differs(const cJSON *expected, const cJSON *got, struct pf_difference *difference);

#endif
