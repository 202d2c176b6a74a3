/*
 * proc.h - the page allocator of a machine that runs, as /proc tells of it: zoneinfo, buddyinfo, pagetypeinfo and
 * kpageflags; and what can be concluded from them of its free lists and pageblocks.
 */
#ifndef PF_PROC_H
#define PF_PROC_H

#include "pageframe.h"
#include "text.h"

/* What kpageflags tells of a frame, as far as a state has use for it. */
#define PF_PROC_FREE 1u     /* in a block on the free lists (on a CPU's list it has no flag) */
#define PF_PROC_RESERVED 2u /* or no memory at all */
#define PF_PROC_ABSENT 4u   /* no memory at all */
#define PF_PROC_SLAB 8u
#define PF_PROC_LRU 16u
#define PF_PROC_ANON 32u
#define PF_PROC_MAPPED 64u
#define PF_PROC_TAIL 128u /* of a compound page, but not its first frame */

struct pf_proc_cpu {
  int64_t count, high, batch; /* of its lists */
};

struct pf_proc_zone {
  uint32_t line;    /* of zoneinfo, where it begins; 0: it does not tell of it */
  uint32_t is_told; /* PF_PROC_BUDDYINFO and the like: has a row there */
  int64_t free, boost, min, low, high, spanned, present, managed, start_pfn, stat_threshold; /* -1: not told */
  int64_t lowmem_reserve[PF_MAX_ZONE_TYPES];
  struct pf_proc_cpu cpu[PF_MAX_CPUS];
  int64_t buddyinfo[PF_MAX_ORDERS];
  int64_t nr_free[PF_MAX_ORDERS][PF_MAX_TYPES]; /* pagetypeinfo: free blocks by order and type */
  int64_t nr_pageblocks[PF_MAX_TYPES];
  int64_t nr_dropped; /* pageblocks without any flag that were taken for no memory, as fewer are counted */
};
#define PF_PROC_BUDDYINFO 1u
#define PF_PROC_PAGETYPES 2u   /* as many bits as there are types */
#define PF_PROC_PAGEBLOCKS 64u /* beyond those */

struct pf_proc_paths {
  const char *zoneinfo, *buddyinfo, *pagetypeinfo, *kpageflags;
};

struct pf_proc {
  const struct pf_kernel_info *kernel;
  uint32_t nr_nodes, nr_cpus;
  struct pf_proc_zone zone[PF_MAX_NODES * PF_MAX_ZONE_TYPES]; /* those with memory have `present` > 0 */
  struct pf_proc_zone other; /* of a zone type that the kernel's model does not have; it must be empty */
  uint32_t nr_frames;
  uint8_t *frame; /* PF_PROC_* */
  /* What pf_proc_conclude() made of it. */
  uint8_t *block;     /* a frame: 1 + order of the free block that begins there, and its list's type * 16; 0: none */
  uint8_t *pageblock; /* its type, or PF_NO_TYPE */
};

/* A new one, read and checked; NULL with the error. To be freed with pf_proc_free(). */
struct pf_proc *pf_proc_read(const struct pf_proc_paths *paths, const struct pf_kernel_info *kernel,
                             struct pf_error *error);
void pf_proc_free(struct pf_proc *proc);

/* Finds the free blocks, and gives each a list and each pageblock a type: as many of each type as pagetypeinfo counts.
 * Which has which it does not tell; the rule stands in docs/state.md. -1 without memory. */
int pf_proc_conclude(struct pf_proc *proc, struct pf_error *error);

/* What was concluded of a zone, and how it fits what was read. */
struct pf_proc_fit {
  int64_t nr_free[PF_MAX_ORDERS]; /* blocks by order, from kpageflags */
  int64_t pages;                  /* frames in them */
  int64_t nr_pageblocks;          /* of memory that is there */
  int64_t foreign;                /* free blocks on a list of another type than their pageblock has */
};
void pf_proc_fit(const struct pf_proc *proc, uint32_t slot, struct pf_proc_fit *fit);

/* The run file: its header and its `state` line. */
void pf_proc_write(const struct pf_proc *proc, struct pf_buffer *out);

#endif
