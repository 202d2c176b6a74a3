/* The built page's files. */
#include "site.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const struct {
  const char *ending, *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".wasm", "application/wasm"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".jsonl", "application/jsonl; charset=utf-8"},
    {".txt", "text/plain; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".gz", "application/gzip"},
    {".webmanifest", "application/manifest+json"},
};

static const char *type_of(const char *path) {
  const char *ending = strrchr(path, '.');
  for (size_t i = 0; ending && i < sizeof types / sizeof types[0]; i++) {
    if (strcmp(ending, types[i].ending) == 0)
      return types[i].type;
  }
  return "application/octet-stream";
}

/* No part of the path is empty or begins with a dot; there are no backslashes. */
static int is_plain_path(const char *path) {
  if (path[0] != '/' || strchr(path, '\\'))
    return 0;
  for (const char *part = path; part; part = strchr(part + 1, '/')) {
    if (part[1] == '.' || part[1] == '/')
      return 0;
  }
  return 1;
}

/* A regular file inside the folder, symbolic links followed: then its true path. */
static int is_inside(const char *root, const char *path, char found[PATH_MAX]) {
  char folder[PATH_MAX];
  struct stat status;
  if (!realpath(root, folder) || !realpath(path, found))
    return 0;
  size_t size = strlen(folder);
  if (strncmp(found, folder, size) != 0 || found[size] != '/')
    return 0;
  return stat(found, &status) == 0 && S_ISREG(status.st_mode);
}

int pf_site_find(const char *root, const char *path, int accepts_gzip, struct pf_site_file *file) {
  char wanted[PATH_MAX], packed[PATH_MAX], found[PATH_MAX];
  size_t size = strlen(path);
  if (!is_plain_path(path))
    return 0;
  const char *index = path[size - 1] == '/' ? "index.html" : "";
  int length = snprintf(wanted, sizeof wanted, "%s%s%s", root, path, index);
  if (length < 0 || length >= PATH_MAX || !is_inside(root, wanted, file->path))
    return 0;
  file->type = type_of(wanted);
  file->is_immutable = strncmp(path, "/assets/", 8) == 0;
  file->is_gzip = 0;
  length = snprintf(packed, sizeof packed, "%s.gz", wanted);
  if (accepts_gzip && length < PATH_MAX && is_inside(root, packed, found)) {
    file->is_gzip = 1;
    memcpy(file->path, found, sizeof found);
  }
  return 1;
}
