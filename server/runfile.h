/*
 * runfile.h - run files: the reader and the writer. docs/run-files.md is the format, with every error text.
 *
 * A run is read and checked as a whole; nothing of a bad file is kept. Names are numbered by their first appearance.
 */
#ifndef PF_RUNFILE_H
#define PF_RUNFILE_H

#include <cjson/cJSON.h>

#include "pageframe.h"
#include "text.h"

enum pf_line_kind {
  PF_LINE_OP,    /* an operation */
  PF_LINE_MADE,  /* a call that the operation above made on its own: not carried out again */
  PF_LINE_CHECK, /* the allocator's state, to be compared */
  PF_LINE_STATE  /* the state that the run begins with */
};

/* What nobody told of the state that a run begins with, so that whoever wrote it down chose: the order of the blocks on
 * their lists, which pageblocks and free blocks have which type, which frames lie on the CPUs' lists. */
enum pf_chosen { PF_CHOSEN_ORDER, PF_CHOSEN_TYPES, PF_CHOSEN_PCP, PF_NR_CHOSEN };
extern const char *const pf_chosen_names[PF_NR_CHOSEN];

struct pf_run_line {
  uint32_t kind;   /* enum pf_line_kind */
  uint32_t result; /* enum pf_result_kind: what the operation returns */
  size_t at, size; /* the line's place in pf_run.text */
  struct pf_op op; /* op.line also for header and checks */
  /* What the line tells of that no operation does: before an operation that comes next, and after the check. */
  struct pf_event *events;
  size_t nr_events;
};

struct pf_run {
  char *path;                /* as the user named it */
  struct pf_text text;       /* all of the file */
  struct pf_run_line header; /* where it stands */
  struct pf_machine machine;
  uint32_t is_golden; /* a recording of a genuine kernel: what it leaves out did not happen */
  uint32_t stop_on_bug;
  uint32_t chosen;    /* bits 1 << enum pf_chosen, from the state line */
  char *name, *about; /* from the header; the file's base name and "" where it has none */
  char **names;       /* of allocations, by number; machine.nr_names of them */
  struct pf_run_line *lines;
  size_t nr_lines;
  uint32_t nr_operations, nr_checks, nr_states; /* lines of the kinds OP and MADE, CHECK, and STATE */
};

/* 0, or -1 with the error; then there is nothing to free. */
int pf_run_read(const char *path, struct pf_run *run, struct pf_error *error);
/* The same for a text at hand, which the run takes over in both cases. */
int pf_run_parse(const char *path, struct pf_text text, struct pf_run *run, struct pf_error *error);
void pf_run_free(struct pf_run *run);

/* Is it a run file's text (and not a trace's)? Its first character that is not blank is a brace. */
int pf_run_is(const struct pf_text *text);
/* The line's JSON anew, to be freed with cJSON_Delete(). NULL only without memory. */
cJSON *pf_run_json(const struct pf_run *run, const struct pf_run_line *line);

/* Writes header and operations; what reads it gets the same machine, names and operations. */
void pf_run_write(const struct pf_run *run, struct pf_buffer *out);

#endif
