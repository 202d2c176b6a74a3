/*
 * fuzz.h - what the fuzz targets share: bytes from outside, a machine and operations made of them, and a check that
 * ends the program.
 *
 * A target is one function, LLVMFuzzerTestOneInput(). libFuzzer calls it (preset `fuzz`), and replay.c with the files
 * of its corpus (a test in every build).
 */
#ifndef PF_FUZZ_H
#define PF_FUZZ_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pageframe.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* What must hold whatever the bytes are. */
#define MUST(condition)                                                                                                \
  do {                                                                                                                 \
    if (!(condition)) {                                                                                                \
      fprintf(stderr, "%s:%d: must hold: %s\n", __FILE__, __LINE__, #condition);                                       \
      abort();                                                                                                         \
    }                                                                                                                  \
  } while (0)

/* Exactly `size` bytes, so that a sanitizer sees the first one too many, and none of them 0: what needs that sets it.
 */
static inline void *fuzz_memory(uint64_t size) {
  void *memory = malloc(size ? (size_t)size : 1);
  MUST(memory);
  return memset(memory, 0xa5, (size_t)size);
}

/* ---------------------------------------------------------------- bytes */

struct fuzz_input {
  const uint8_t *at;
  size_t left;
};

/* The next `count` bytes as a number, lowest first; 0 where the input is over. */
static inline uint64_t fuzz_number(struct fuzz_input *in, uint32_t count) {
  uint64_t value = 0;
  for (uint32_t i = 0; i < count && in->left; i++, in->at++, in->left--)
    value |= (uint64_t)*in->at << (8 * i);
  return value;
}
static inline uint32_t fuzz_byte(struct fuzz_input *in) { return (uint32_t)fuzz_number(in, 1); }

/* ---------------------------------------------------------------- a machine */

static inline struct pf_u64 fuzz_halves(uint64_t value) {
  return (struct pf_u64){(uint32_t)value, (uint32_t)(value >> 32)};
}

static inline void fuzz_ranges(struct fuzz_input *in, struct pf_range *range, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    range[i].addr = fuzz_halves(fuzz_number(in, 3));
    range[i].size = fuzz_halves(1 + fuzz_number(in, 3));
  }
}

static inline uint32_t fuzz_kernels(void) {
  uint32_t last = 1;
  while (pf_kernel_info(last + 1))
    last++;
  return last;
}

/* Any kernel as it can be built: bits 4 and 5 choose it, 0 being the first, 6 the width, 7 what its tables look like.
 */
static inline struct pf_machine fuzz_build(uint32_t bits) {
  struct pf_machine m = {.kernel = 1 + (bits >> 4 & 3) % fuzz_kernels()};
  if (bits & 0x40 && pf_kernel_info(m.kernel)->may_be_64_bit)
    m.bits_per_long = 64;
  if (bits & 0x80) {
    m.smp = 1;
    m.sizeof_struct_page = 44;
  }
  return m;
}

/* One to three nodes, mostly of up to a few hundred frames, with holes between them. */
static inline struct pf_machine fuzz_machine(struct fuzz_input *in) {
  uint32_t shape = fuzz_byte(in), ranges = fuzz_byte(in), at = 0;
  struct pf_machine m = fuzz_build(ranges);
  m.nr_nodes = 1 + shape % 3;
  m.numa = m.nr_nodes > 1 || shape & 0x40;
  m.nr_cpus = shape >> 3 & 3;
  m.nr_names = shape >> 5 & 1 ? 3 : 0;
  for (uint32_t i = 0; i < m.nr_nodes; i++) {
    uint32_t hole = fuzz_byte(in), pages = fuzz_byte(in);
    m.node[i].start_pfn = at + hole;
    m.node[i].pages = 1 + 2 * pages + (shape >= 0xf8 ? 4000 : 0);
    at = m.node[i].start_pfn + m.node[i].pages;
  }
  m.nr_memory = ranges & 3;
  m.nr_reserved = ranges >> 2 & 3;
  fuzz_ranges(in, m.memory, m.nr_memory);
  fuzz_ranges(in, m.reserved, m.nr_reserved);
  return m;
}

/* ---------------------------------------------------------------- operations */

/* A number of frames or bytes: mostly near those of the machine, now and then any. */
static inline uint64_t fuzz_amount(struct fuzz_input *in, uint32_t shift) {
  uint32_t how = fuzz_byte(in);
  uint64_t value = fuzz_number(in, 2);
  if (how < 0x80)
    return value << shift;
  if (how < 0xc0)
    return (value << shift) + how;
  if (how < 0xe0)
    return fuzz_number(in, 4);
  if (how < 0xf0)
    return UINT32_MAX - value;
  return how < 0xf8 ? UINT64_MAX : fuzz_number(in, 8);
}

/* Names that all kernels have, two of the kernel's own, or any bits. */
static inline uint32_t fuzz_gfp(struct fuzz_input *in, const struct pf_machine *m) {
  static const char *const gfps[] = {"GFP_KERNEL",         "GFP_ATOMIC", "GFP_DMA",      "GFP_HIGHUSER",
                                     "GFP_ATOMIC|GFP_DMA", "GFP_NOFS",   "__GFP_HIGHMEM"};
  const struct pf_gfp_name *own = pf_kernel_info(m->kernel)->gfps;
  uint32_t byte = fuzz_byte(in), count = 0, mask = 0;
  const char *bad;
  size_t length;
  if (byte >= 0xe0)
    return (uint32_t)fuzz_number(in, 4);
  if (byte >= 0xc0) {
    while (own[count].name)
      count++;
    return own[byte % count].mask | own[fuzz_byte(in) % count].mask;
  }
  MUST(pf_gfp_parse(m->kernel, gfps[byte % (sizeof gfps / sizeof gfps[0])], &mask, &bad, &length));
  return mask;
}

static inline uint64_t fuzz_argument(struct fuzz_input *in, const struct pf_machine *m, uint32_t type) {
  uint32_t byte;
  switch (type) {
  case PF_ARG_NODE:
    byte = fuzz_byte(in);
    return byte < 0xc0 ? byte % m->nr_nodes : byte < 0xf0 ? UINT64_MAX : byte;
  case PF_ARG_ORDER:
    byte = fuzz_byte(in);
    return byte < 0xf0 ? byte & 0xf : byte;
  case PF_ARG_DIR:
    return fuzz_byte(in) % 3;
  case PF_ARG_SYSCTL:
    return fuzz_byte(in) % (PF_NR_SYSCTLS + 1);
  case PF_ARG_GFP:
    return fuzz_gfp(in, m);
  case PF_ARG_PFNS:
    return fuzz_byte(in) < 0x80 ? PF_NO_PFN : fuzz_amount(in, 0);
  case PF_ARG_ALIGN:
    byte = fuzz_byte(in);
    return byte < 0xe0 ? 1u << (byte & 15) : fuzz_number(in, 4);
  case PF_ARG_ADDR:
    return fuzz_amount(in, PF_PAGE_SHIFT);
  case PF_ARG_SIZE:
    return fuzz_amount(in, fuzz_byte(in) & PF_PAGE_SHIFT);
  default:
    return fuzz_amount(in, 0);
  }
}

/* Any operation: known or not, with arguments in and out of their ranges, names, and references to names. */
static inline struct pf_op fuzz_op(struct fuzz_input *in, const struct pf_machine *m) {
  uint32_t flags = fuzz_byte(in);
  struct pf_op op = {.kind = fuzz_byte(in) % (PF_NR_OPS + 1)};
  struct pf_op_info info;
  if (!pf_op_info(op.kind, &info))
    return op;
  if (flags & 1)
    op.as = fuzz_byte(in) & 7;
  if (flags & 2)
    op.refs = (uint32_t)fuzz_number(in, op.kind == PF_OP_PAGEVEC_FREE ? 2 : 1);
  if (flags & 4)
    op.cpu = fuzz_byte(in) & 7;
  if (flags & 8)
    op.task = fuzz_byte(in) & 0x3f;
  if (flags & 16)
    op.skip = fuzz_byte(in) & 1;
  for (uint32_t i = 0; i < info.nr_args; i++)
    for (uint32_t p = 0; p < info.arg[i].places; p++) {
      uint32_t at = info.arg[i].index + p;
      op.arg[at] =
          op.refs >> at & 1 ? fuzz_byte(in) % 5 | fuzz_number(in, 1) << 32 : fuzz_argument(in, m, info.arg[i].type);
    }
  return op;
}

#endif
