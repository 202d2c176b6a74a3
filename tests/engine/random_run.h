/*
 * random_run.h - random machines and random operations for the property tests, the bench and the fuzz targets.
 *
 * Everything comes from one seed, which a failing test prints. A run owns an engine and a map that is fed by its
 * events.
 */
#ifndef PF_RANDOM_RUN_H
#define PF_RANDOM_RUN_H

#include <stdlib.h>
#include <string.h>

#include "pageframe.h"

#define RR_MAX_HELD 4096u
#define RR_GFPS 6u

struct rr {
  uint64_t random;
  struct pf_machine machine;
  struct pf_engine *engine;
  struct pf_map *map;
  struct pf_event buffer[512];
  struct pf_sink sink;
  struct pf_result result;
  enum pf_status folded; /* first failure of the fold, if any */
  uint32_t gfp[RR_GFPS];
  uint32_t nr_held;
  struct {
    uint32_t pfn, order;
  } held[RR_MAX_HELD];
};

static inline uint32_t rr_random(struct rr *r, uint32_t below) {
  r->random ^= r->random << 13;
  r->random ^= r->random >> 7;
  r->random ^= r->random << 17;
  return (uint32_t)((r->random >> 32) * below >> 32);
}

static inline void rr_drain(struct pf_sink *sink) {
  struct rr *r = sink->context;
  enum pf_status status = pf_map_fold(r->map, sink->events, sink->count, NULL);
  if (r->folded == PF_OK)
    r->folded = status;
  sink->count = 0;
}

static inline void *rr_take(uint64_t size) {
  void *memory = aligned_alloc(8, (size_t)((size + 7) & ~(uint64_t)7));
  if (!memory)
    abort();
  return memory;
}

static inline void rr_free(struct rr *r) {
  free(r->engine);
  free(r->map);
  free(r);
}

/* An engine and a map for r->machine. */
static inline void rr_open(struct rr *r) {
  uint64_t engine_size = pf_engine_size(&r->machine);
  uint64_t map_size = pf_map_size(&r->machine, PF_LAYER_FRAMES | PF_LAYER_STRUCTURES);
  r->engine = rr_take(engine_size);
  r->map = rr_take(map_size);
  if (pf_engine_init(r->engine, engine_size, &r->machine) != PF_OK ||
      pf_map_init(r->map, map_size, &r->machine, PF_LAYER_FRAMES | PF_LAYER_STRUCTURES) != PF_OK)
    abort();
  r->sink = (struct pf_sink){r->buffer, sizeof r->buffer / sizeof r->buffer[0], 0, 0, rr_drain, r};
  static const char *const names[RR_GFPS] = {"GFP_KERNEL",   "GFP_ATOMIC", "GFP_DMA",
                                             "GFP_HIGHUSER", "GFP_NOFS",   "GFP_ATOMIC|GFP_DMA"};
  for (uint32_t i = 0; i < RR_GFPS; i++) {
    const char *bad;
    size_t len;
    if (!pf_gfp_parse(r->machine.kernel, names[i], &r->gfp[i], &bad, &len))
      abort();
  }
}

/* A machine of one to three nodes of up to `frames` frames each, holes between them. */
static inline struct rr *rr_new(uint32_t kernel, uint64_t seed, uint32_t frames) {
  struct rr *r = calloc(1, sizeof *r);
  if (!r)
    abort();
  r->random = seed * 0x9e3779b97f4a7c15u + 1;
  r->machine.kernel = kernel;
  r->machine.nr_nodes = 1 + (rr_random(r, 3) == 0 ? rr_random(r, 3) : 0);
  r->machine.numa = r->machine.nr_nodes > 1 || rr_random(r, 4) == 0;
  uint32_t at = rr_random(r, 3) ? 0 : rr_random(r, 700);
  for (uint32_t i = 0; i < r->machine.nr_nodes; i++) {
    r->machine.node[i].start_pfn = at;
    r->machine.node[i].pages = 16 + rr_random(r, frames);
    at += r->machine.node[i].pages + (rr_random(r, 2) ? rr_random(r, 600) : 0);
  }
  rr_open(r);
  return r;
}

static inline enum pf_status rr_apply(struct rr *r, const struct pf_op *op) {
  enum pf_status status = pf_engine_apply(r->engine, op, &r->sink, &r->result);
  rr_drain(&r->sink);
  return status;
}

/* One call by up to eight arguments. */
#define RR_CALL(r, op_kind, ...) rr_apply(r, &(struct pf_op){.kind = (op_kind), .arg = {__VA_ARGS__}})

static inline void rr_boot_node(struct rr *r, uint32_t node) {
  uint64_t start = r->machine.node[node].start_pfn, pages = r->machine.node[node].pages, addr = start << PF_PAGE_SHIFT;
  uint64_t low = pages - rr_random(r, (uint32_t)pages / 3 + 1), dma = rr_random(r, (uint32_t)low + 1);
  RR_CALL(r, PF_OP_INIT_BOOTMEM, node, start + rr_random(r, 8), start, start + low);
  RR_CALL(r, PF_OP_FREE_BOOTMEM, node, addr, low << PF_PAGE_SHIFT);
  RR_CALL(r, PF_OP_RESERVE_BOOTMEM, node, addr, 9u << PF_PAGE_SHIFT); /* wherever the bitmap is */
  for (uint32_t i = rr_random(r, 12); i > 0; i--)
    RR_CALL(r, PF_OP_ALLOC_BOOTMEM, node, 1 + rr_random(r, 9000), 1u << rr_random(r, 14), rr_random(r, 2) ? 0 : addr);
  RR_CALL(r, PF_OP_FREE_AREA_INIT, node, start, dma, low - dma, pages - low);
  RR_CALL(r, PF_OP_FREE_ALL_BOOTMEM, node);
  RR_CALL(r, PF_OP_FREE_BOOT_RANGE, start + low, start + pages, 1);
}

static inline void rr_boot(struct rr *r) {
  for (uint32_t node = 0; node < r->machine.nr_nodes; node++)
    rr_boot_node(r, node);
}

static inline void rr_free_held(struct rr *r, uint32_t i) {
  RR_CALL(r, PF_OP_FREE_PAGES_PAGE, r->held[i].pfn, r->held[i].order);
  r->held[i] = r->held[--r->nr_held];
}

static inline void rr_alloc(struct rr *r) {
  uint32_t order = rr_random(r, rr_random(r, 4) ? 4 : 11);
  uint64_t node = r->machine.numa && rr_random(r, 2) ? rr_random(r, r->machine.nr_nodes) : UINT64_MAX;
  RR_CALL(r, PF_OP_ALLOC_PAGES, r->gfp[rr_random(r, RR_GFPS)], order, node);
  if (r->result.result == PF_RESULT_PFN) {
    r->held[r->nr_held].pfn = (uint32_t)r->result.value;
    r->held[r->nr_held++].order = order;
  }
}

/* One operation as a correct driver would make it. */
static inline void rr_step(struct rr *r) {
  if (r->nr_held == RR_MAX_HELD || (r->nr_held && rr_random(r, 100) < 48))
    rr_free_held(r, rr_random(r, r->nr_held));
  else
    rr_alloc(r);
}

/* One operation as a wrong driver would make it: any page, any order, twice, with a reference too many. */
static inline void rr_misuse(struct rr *r) {
  uint32_t last = r->machine.node[r->machine.nr_nodes - 1].start_pfn + r->machine.node[r->machine.nr_nodes - 1].pages;
  uint32_t pfn = r->nr_held && rr_random(r, 2) ? r->held[rr_random(r, r->nr_held)].pfn : rr_random(r, last + 40);
  if (rr_random(r, 3) == 0)
    RR_CALL(r, PF_OP_GET_PAGE, pfn);
  RR_CALL(r, PF_OP_FREE_PAGES_PAGE, pfn, rr_random(r, rr_random(r, 8) ? 4 : 14));
}

#endif
