/*
 * workloads.h - the measured loops, the same for every kernel, for the native bench and for WebAssembly. No clock in
 * here: each is called with a number of rounds and timed from outside.
 */
#ifndef PF_WORKLOADS_H
#define PF_WORKLOADS_H

#include <stdlib.h>
#include <string.h>

#include "pageframe.h"

enum pf_workload {
  PF_BENCH_CHASE,  /* a step along a random ring of 4,096 indices: the yardstick */
  PF_BENCH_MERGED, /* alloc + free of a single block in a wholly merged zone: a split and a merge of each order above */
  PF_BENCH_HELD,   /* alloc + free of a single block whose buddy is held: none */
  PF_BENCH_RANDOM, /* random orders 0 to 5, up to half of 1 GiB held; a pair is one allocation and one free */
  PF_BENCH_CPU,    /* alloc + free of order 0 by the CPU's own list, where the kernel has such */
  /* Events folded into a map; rounds are events. */
  PF_BENCH_FOLD,        /* of order-0 pairs, which touch a few frames */
  PF_BENCH_FOLD_RANDOM, /* of RANDOM, from the first allocation until all is free again */
  PF_BENCH_FOLD_BOOT,   /* of the boot of 64 MiB */
  PF_NR_WORKLOADS
};
static inline int bench_is_fold(uint32_t workload) { return workload >= PF_BENCH_FOLD; }
enum pf_bench_events { PF_BENCH_MUTED, PF_BENCH_RECORDED };

#define BENCH_RING 4096u
#define BENCH_EVENTS 65536u   /* room for recorded events */
#define BENCH_MANY (1u << 21) /* and for those of a mix to fold */
#define BENCH_SINK 2048u      /* what recording fills before it begins anew */
#define BENCH_HELD 65536u

struct bench {
  uint32_t ring[BENCH_RING];
  uint32_t at;
  struct pf_machine machine;
  uint32_t workload, order, gfp; /* of a pair */
  struct pf_engine *engine;
  struct pf_map *map;
  struct pf_op op;
  struct pf_sink sink;
  struct pf_event *events;
  uint32_t random, nr_held, held_pages;
  uint32_t held[BENCH_HELD], held_order[BENCH_HELD];
};

static inline uint32_t bench_random(struct bench *b) {
  b->random ^= b->random << 13;
  b->random ^= b->random >> 17;
  b->random ^= b->random << 5;
  return b->random;
}

/* Recording into a buffer: when it is full it begins anew, as for a reader that keeps up. */
static inline void bench_drain(struct pf_sink *sink) { sink->count = 0; }

static inline uint64_t bench_call(struct bench *b, struct pf_sink *sink, uint32_t kind, uint64_t x, uint64_t y,
                                  uint64_t z, uint64_t w) {
  struct pf_result result;
  b->op.kind = kind;
  b->op.arg[0] = x;
  b->op.arg[1] = y;
  b->op.arg[2] = z;
  b->op.arg[3] = w;
  return pf_engine_apply(b->engine, &b->op, sink, &result) == PF_OK ? result.value : 0;
}

/* MERGED and HELD are about the buddy lists: blocks that per-CPU lists serve alone are too small for them. */
static inline uint32_t bench_order(uint32_t kernel, uint32_t workload) {
  return workload == PF_BENCH_MERGED || workload == PF_BENCH_HELD ? pf_kernel_info(kernel)->nr_pcp_orders : 0;
}

/* One DMA zone of 512 frames; 1 GiB, most of it above, for RANDOM. All free, on the buddy lists: by the calls that set
 * zones up where the kernel is told of them, else by its whole boot. */
static inline void bench_boot(struct bench *b, struct pf_sink *sink) {
  uint32_t pages = b->machine.node[0].pages, dma = pages < 4096 ? pages : 4096;
  if (!pf_kernel_has(b->machine.kernel, PF_OP_FREE_AREA_INIT)) {
    bench_call(b, sink, PF_OP_BOOT, 0, 0, 0, 0);
    return;
  }
  bench_call(b, sink, PF_OP_FREE_AREA_INIT, 0, 0, dma, pages - dma);
  bench_call(b, sink, PF_OP_FREE_BOOT_RANGE, 0, pages, 0, 0);
  bench_call(b, sink, PF_OP_DRAIN_LOCAL_PAGES, 0, 0, 0, 0);
  bench_call(b, sink, PF_OP_INIT_PER_ZONE_PAGES_MIN, 0, 0, 0, 0);
}

static inline uint32_t bench_pages(uint32_t workload) {
  if (workload == PF_BENCH_FOLD_BOOT)
    return 16384;
  return workload == PF_BENCH_RANDOM || workload == PF_BENCH_FOLD_RANDOM ? 262144 : 512;
}

static inline int bench_open(struct bench *b, uint32_t kernel, uint32_t workload) {
  const uint32_t layers = PF_LAYER_FRAMES | PF_LAYER_STRUCTURES;
  const char *bad;
  size_t length;
  b->machine = (struct pf_machine){.kernel = kernel, .nr_nodes = 1};
  b->machine.node[0].pages = bench_pages(workload);
  b->workload = workload;
  b->order = bench_order(kernel, workload);
  uint64_t engine_size = pf_engine_size(&b->machine), map_size = pf_map_size(&b->machine, layers);
  b->engine = malloc((size_t)engine_size);
  b->map = malloc((size_t)map_size);
  b->events = malloc((bench_is_fold(workload) ? BENCH_MANY : BENCH_EVENTS) * sizeof *b->events);
  if (!b->engine || !b->map || !b->events || !pf_gfp_parse(kernel, "GFP_ATOMIC", &b->gfp, &bad, &length))
    return 0;
  b->sink = (struct pf_sink){b->events, BENCH_SINK, 0, 0, bench_drain, NULL};
  b->random = 2463534242u;
  pf_engine_init(b->engine, engine_size, &b->machine);
  pf_map_init(b->map, map_size, &b->machine, layers);
  bench_boot(b, NULL);
  for (uint32_t i = 0; i < BENCH_RING; i++)
    b->ring[i] = i;
  for (uint32_t i = BENCH_RING - 1; i > 0; i--) { /* one cycle through all (Sattolo) */
    uint32_t j = bench_random(b) % i, t = b->ring[i];
    b->ring[i] = b->ring[j];
    b->ring[j] = t;
  }
  return 1;
}

static inline void bench_close(struct bench *b) {
  free(b->engine);
  free(b->map);
  free(b->events);
}

static inline void bench_pairs(struct bench *b, struct pf_sink *sink, uint32_t rounds) {
  const struct pf_op take = {.kind = PF_OP_ALLOC_PAGES, .arg = {b->gfp, b->order, UINT64_MAX}};
  struct pf_op give = {.kind = PF_OP_FREE_PAGES_PAGE, .arg = {0, b->order}};
  struct pf_result result;
  for (uint32_t i = 0; i < rounds; i++) {
    pf_engine_apply(b->engine, &take, sink, &result);
    give.arg[0] = result.value;
    pf_engine_apply(b->engine, &give, sink, &result);
  }
}

static inline void bench_free_one(struct bench *b, struct pf_sink *sink, uint32_t i) {
  bench_call(b, sink, PF_OP_FREE_PAGES_PAGE, b->held[i], b->held_order[i], 0, 0);
  b->held_pages -= 1u << b->held_order[i];
  b->nr_held--;
  b->held[i] = b->held[b->nr_held];
  b->held_order[i] = b->held_order[b->nr_held];
}

/* Fills to about half of memory, then one out, one in. */
static inline void bench_random_mix(struct bench *b, struct pf_sink *sink, uint32_t rounds) {
  for (uint32_t i = 0; i < rounds;) {
    uint32_t order = bench_random(b) % 6;
    b->held[b->nr_held] = (uint32_t)bench_call(b, sink, PF_OP_ALLOC_PAGES, b->gfp, order, UINT64_MAX, 0);
    b->held_order[b->nr_held++] = order;
    b->held_pages += 1u << order;
    if (b->held_pages > 131072 - 64) {
      bench_free_one(b, sink, bench_random(b) % b->nr_held);
      i++;
    }
  }
}

/* A drain: into the map at once. */
static inline void bench_fold_now(struct pf_sink *sink) {
  struct bench *b = sink->context;
  pf_map_fold(b->map, sink->events, sink->count, NULL);
  sink->count = 0;
}

/* Half of memory is taken, some of it given and taken anew, and all of it given back. */
static inline void bench_random_and_empty(struct bench *b, struct pf_sink *sink) {
  bench_random_mix(b, sink, 10000);
  while (b->nr_held > 0)
    bench_free_one(b, sink, bench_random(b) % b->nr_held);
  bench_call(b, sink, PF_OP_DRAIN_LOCAL_PAGES, 0, 0, 0, 0);
  bench_call(b, sink, PF_OP_DRAIN_ALL_PAGES, 0, 0, 0, 0);
}

/* Records what is to be folded: it leaves the map as it found it, or is its whole history. What comes before is folded
 * at once. */
static inline void bench_prepare_fold(struct bench *b) {
  struct pf_sink before = {b->events, BENCH_SINK, 0, 0, bench_fold_now, b};
  b->sink = (struct pf_sink){b->events, BENCH_MANY, 0, 0, NULL, NULL};
  pf_engine_init(b->engine, pf_engine_bytes(b->engine), &b->machine);
  if (b->workload == PF_BENCH_FOLD_BOOT) {
    bench_call(b, &b->sink, PF_OP_BOOT, 0, 0, 0, 0);
    return;
  }
  bench_boot(b, &before);
  if (b->workload == PF_BENCH_FOLD) {
    bench_call(b, &before, PF_OP_ALLOC_PAGES, b->gfp, 0, UINT64_MAX, 0);
    bench_pairs(b, &before, 8); /* by now the CPU's list has what it wants */
  }
  bench_fold_now(&before);
  if (b->workload == PF_BENCH_FOLD_RANDOM)
    bench_random_and_empty(b, &b->sink);
  else
    while (b->sink.count < BENCH_EVENTS - 64)
      bench_pairs(b, &b->sink, 1);
}

/* Makes ready what is not to be timed: the held buddy, the half-full memory, the CPU's list, the events to fold. */
static inline void bench_prepare(struct bench *b) {
  if (b->workload == PF_BENCH_HELD)
    bench_call(b, NULL, PF_OP_ALLOC_PAGES, b->gfp, b->order, UINT64_MAX, 0);
  if (b->workload == PF_BENCH_RANDOM)
    bench_random_mix(b, NULL, 1000);
  if (b->workload == PF_BENCH_CPU)
    bench_pairs(b, NULL, 8);
  if (bench_is_fold(b->workload))
    bench_prepare_fold(b);
}

/* Folds what was recorded again and again. */
static inline uint32_t bench_fold(struct bench *b, uint32_t rounds) {
  const uint32_t layers = PF_LAYER_FRAMES | PF_LAYER_STRUCTURES;
  uint32_t done = 0;
  for (; done < rounds; done += b->sink.count) {
    if (b->workload == PF_BENCH_FOLD_BOOT)
      pf_map_init(b->map, pf_map_size(&b->machine, layers), &b->machine, layers);
    if (b->sink.dropped > 0 || pf_map_fold(b->map, b->events, b->sink.count, NULL) != PF_OK)
      return 0;
  }
  return done;
}

static inline uint32_t bench_chase(struct bench *b, uint32_t rounds) {
  uint32_t at = b->at;
  for (uint32_t i = 0; i < rounds; i++)
    at = b->ring[at];
  b->at = at;
  return rounds;
}

/* The timed part: about `rounds` rounds; returns how many it were, 0 if something went wrong. */
static inline uint32_t bench_run(struct bench *b, uint32_t events, uint32_t rounds) {
  struct pf_sink *sink = events == PF_BENCH_RECORDED ? &b->sink : NULL;
  if (bench_is_fold(b->workload))
    return bench_fold(b, rounds);
  switch (b->workload) {
  case PF_BENCH_CHASE:
    return bench_chase(b, rounds);
  case PF_BENCH_RANDOM:
    bench_random_mix(b, sink, rounds);
    return rounds;
  default:
    bench_pairs(b, sink, rounds);
    return rounds;
  }
}

#endif
