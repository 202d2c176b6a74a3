/* site.h - the built page's files: which file answers a path. Knows no HTTP library. */
#ifndef PF_SITE_H
#define PF_SITE_H

#include <limits.h>

struct pf_site_file {
  char path[PATH_MAX];
  const char *type; /* MIME type */
  int is_gzip;      /* the file is the precompressed form of what was asked for */
  int is_immutable; /* its name holds a hash of its content */
};

/* `root` is the folder, `path` what the client asked for, percent signs resolved. 0: there is no such file, or it is
 * none of the folder's: nothing outside is ever named, nor a name that begins with a dot, nor a folder without an
 * index.html. */
int pf_site_find(const char *root, const char *path, int accepts_gzip, struct pf_site_file *file);

#endif
