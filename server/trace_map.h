/* trace_map.h - a kernel trace's text into the map at its end. */
#ifndef PF_TRACE_MAP_H
#define PF_TRACE_MAP_H

#include "pageframe.h"
#include "text.h"

/* `start` is the text of kpageflags, or NULL. The map is from malloc; NULL with the error. `path` and `start_path` are
 * what errors name. */
struct pf_map *pf_trace_map(const char *path, const struct pf_text *text, const char *start_path,
                            const struct pf_text *start, struct pf_error *error);

#endif
