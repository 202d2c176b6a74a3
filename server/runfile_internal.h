/* runfile_internal.h - what the parts of the run-file reader share: header, lines, names. */
#ifndef PF_RUNFILE_INTERNAL_H
#define PF_RUNFILE_INTERNAL_H

#include "json_line.h"
#include "runfile.h"

/* Where the reader stands. */
struct pf_run_reader {
  struct pf_run *run;
  struct pf_error *error;
  const struct pf_kernel_info *kernel;
  int64_t max_address;  /* and size, in bytes; set once the header has told how wide they are */
  uint32_t line;        /* from 1 */
  size_t line_capacity; /* of run->lines */
  int says_cpus;        /* the header tells how many CPUs there are */
  uint32_t *slots;      /* names by hash: 1 + number, 0 is free; a power of two of them */
  size_t nr_slots;
  /* The zones that a state line has told of, by their number. */
  struct {
    uint32_t start_pfn, pages;
  } zone[PF_MAX_NODES * PF_MAX_ZONE_TYPES];
};

/* The reader's two sentences; each returns -1. `value` NULL: nothing was found. */
int pf_run_bad(struct pf_run_reader *reader, const char *field, const cJSON *value, const char *expected, ...)
    __attribute__((format(printf, 4, 5)));
int pf_run_bad_line(struct pf_run_reader *reader, const char *expected, const char *found);
int pf_run_no_memory(struct pf_run_reader *reader);

/* What `task` may say of the caller; ends with a NULL name. */
struct pf_run_task {
  const char *name;
  uint32_t bit; /* PF_TASK_* */
};
extern const struct pf_run_task pf_run_tasks[];

int pf_run_header(struct pf_run_reader *reader, const cJSON *object);
/* The range lists of the header, or of memblock_free_all. */
int pf_run_ranges(struct pf_run_reader *reader, const cJSON *object);
int pf_run_state(struct pf_run_reader *reader, const cJSON *object, struct pf_run_line *line);
int pf_run_check(struct pf_run_reader *reader, const cJSON *object, struct pf_run_line *line);
int pf_run_operation(struct pf_run_reader *reader, const cJSON *object, struct pf_run_line *line);

/* The number of the name, or -1. `size` bytes of it count. */
int64_t pf_run_name_find(const struct pf_run_reader *reader, const char *name, size_t size);
/* The same, but a new name gets the next number; -1 without memory. */
int64_t pf_run_name_add(struct pf_run_reader *reader, const char *name);

#endif
