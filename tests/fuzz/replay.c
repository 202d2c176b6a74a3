/* Runs a fuzz target over every file of the folders given: its corpus as an ordinary test. */
#include <dirent.h>

#include "fuzz.h"

static int compare(const void *a, const void *b) {
  const char *const *left = a, *const *right = b;
  return strcmp(*left, *right);
}

/* The exact bytes of a file, from malloc. */
static uint8_t *read_file(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  MUST(file && fseek(file, 0, SEEK_END) == 0);
  long end = ftell(file);
  MUST(end >= 0 && fseek(file, 0, SEEK_SET) == 0);
  uint8_t *bytes = malloc((size_t)end + 1);
  MUST(bytes);
  *size = fread(bytes, 1, (size_t)end, file);
  MUST(*size == (size_t)end);
  fclose(file);
  return realloc(bytes, *size ? *size : 1);
}

static uint32_t replay(const char *folder) {
  char *paths[1024];
  size_t count = 0;
  DIR *dir = opendir(folder);
  MUST(dir);
  for (struct dirent *entry; (entry = readdir(dir));) {
    char path[4096];
    if (entry->d_name[0] == '.')
      continue;
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    MUST(count < sizeof paths / sizeof paths[0]);
    paths[count] = strdup(path);
    MUST(paths[count++]);
  }
  closedir(dir);
  qsort((void *)paths, count, sizeof paths[0], compare);
  for (size_t i = 0; i < count; i++) {
    size_t size;
    uint8_t *bytes = read_file(paths[i], &size);
    fprintf(stderr, "%s\n", paths[i]); /* of the last one, where it fails */
    LLVMFuzzerTestOneInput(bytes, size);
    free(bytes);
    free(paths[i]);
  }
  return (uint32_t)count;
}

int main(int argc, char **argv) {
  uint32_t files = 0;
  LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
  for (int i = 1; i < argc; i++)
    files += replay(argv[i]);
  printf("%u files\n", files);
  return files ? 0 : 1; /* a corpus that is not there tests nothing */
}
