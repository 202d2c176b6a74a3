/*
 * random_run.h - random machines and random operations for the engine's tests.
 *
 * Everything comes from one seed, which a failing test prints, and from what the kernel declares (pf_kernel_info): no
 * kernel is named here. A call that a kernel lacks is refused with PF_E_UNSUPPORTED, and something else is done. A run
 * owns an engine and a map that is fed by its events.
 */
#ifndef PF_RANDOM_RUN_H
#define PF_RANDOM_RUN_H

#include <stdlib.h>
#include <string.h>

#include "pageframe.h"

#define RR_MAX_HELD 4096u
#define RR_GFPS 6u
#define RR_HIGHUSER 3u /* of them the one that may give high memory, which has no address */
#define RR_NAMES 4u
#define RR_FIRST_RESERVED 9u /* frames of each node that stay reserved: its bitmap is among them */

struct rr_held {
  uint32_t pfn, order, name; /* name 0: none */
};

struct rr {
  uint64_t seed, random;
  struct pf_machine machine;
  const struct pf_kernel_info *kernel;
  struct pf_engine *engine;
  struct pf_map *map;
  struct pf_event buffer[512];
  struct pf_sink sink;
  uint32_t cpu, task; /* who makes the calls */
  uint32_t seen[PF_NR_EVENTS];
  enum pf_status status; /* of the last call */
  struct pf_result result;
  enum pf_status folded; /* first failure of the fold, if any */
  uint32_t refused;      /* calls that the kernel has, with arguments that it does not take */
  void (*after)(struct rr *r, const struct pf_op *op); /* after each call, refused or not; may be NULL */
  void *context;                                       /* of `after` */
  uint32_t gfp[RR_GFPS];
  uint32_t nr_held;
  struct rr_held held[RR_MAX_HELD];
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
  for (uint32_t i = 0; i < sink->count; i++)
    r->seen[sink->events[i].kind]++;
  sink->count = 0;
}

static inline void *rr_take(uint64_t size) {
  void *memory = aligned_alloc(8, (size_t)((size + 7) & ~(uint64_t)7));
  if (!memory)
    abort();
  return memory;
}

static inline void *rr_copy(const void *from, uint64_t size) { return memcpy(rr_take(size), from, (size_t)size); }

static inline void rr_free(struct rr *r) {
  free(r->engine);
  free(r->map);
  free(r);
}

static inline uint32_t rr_mask(uint32_t kernel, const char *names) {
  const char *bad;
  size_t len;
  uint32_t mask;
  if (!pf_gfp_parse(kernel, names, &mask, &bad, &len))
    abort();
  return mask;
}

/* --- the machine ------------------------------------------------------------------------------------------- */

/* An engine and a map for r->machine. */
static inline void rr_open(struct rr *r) {
  const uint32_t layers = PF_LAYER_FRAMES | PF_LAYER_STRUCTURES;
  uint64_t engine_size = pf_engine_size(&r->machine), map_size = pf_map_size(&r->machine, layers);
  r->kernel = pf_kernel_info(r->machine.kernel);
  r->engine = rr_take(engine_size);
  r->map = rr_take(map_size);
  if (pf_engine_init(r->engine, engine_size, &r->machine) != PF_OK ||
      pf_map_init(r->map, map_size, &r->machine, layers) != PF_OK)
    abort();
  r->sink = (struct pf_sink){r->buffer, sizeof r->buffer / sizeof r->buffer[0], 0, 0, rr_drain, r};
  static const char *const names[RR_GFPS] = {"GFP_KERNEL",   "GFP_ATOMIC", "GFP_DMA",
                                             "GFP_HIGHUSER", "GFP_NOFS",   "GFP_ATOMIC|GFP_DMA"};
  for (uint32_t i = 0; i < RR_GFPS; i++)
    r->gfp[i] = rr_mask(r->machine.kernel, names[i]);
}

/* A run of a machine of one's own. */
static inline struct rr *rr_on(const struct pf_machine *machine, uint64_t seed) {
  struct rr *r = calloc(1, sizeof *r);
  if (!r)
    abort();
  r->seed = seed;
  r->random = seed * 0x9e3779b97f4a7c15u + 1;
  r->machine = *machine;
  rr_open(r);
  return r;
}

/* Where the boot finds zones and memory by their addresses: memory that a zone's border may cut, with holes; a few
 * frames of each node are reserved, and CPUs belong to nodes. */
static inline void rr_place(struct rr *r, struct pf_machine *m) {
  uint32_t up = rr_random(r, 2) * rr_random(r, 4096);
  for (uint32_t i = 0; i < m->nr_nodes; i++) {
    uint64_t first = (uint64_t)(m->node[i].start_pfn += up) << PF_PAGE_SHIFT;
    uint32_t hole = rr_random(r, m->node[i].pages / 8 + 1), pages = m->node[i].pages, half = pages / 2;
    const uint64_t size[] = {(uint64_t)(half - hole) << PF_PAGE_SHIFT, (uint64_t)(pages - half) << PF_PAGE_SHIFT};
    uint64_t second = first + ((uint64_t)half << PF_PAGE_SHIFT);
    m->memory[m->nr_memory++] = (struct pf_range){{(uint32_t)first, 0}, {(uint32_t)size[0], 0}, i, 0};
    m->memory[m->nr_memory++] = (struct pf_range){{(uint32_t)second, 0}, {(uint32_t)size[1], 0}, i, 0};
    m->reserved[m->nr_reserved++] =
        (struct pf_range){{(uint32_t)first, 0}, {RR_FIRST_RESERVED << PF_PAGE_SHIFT, 0}, 0, 0};
    for (uint32_t k = rr_random(r, 6); k > 0; k--)
      m->reserved[m->nr_reserved++] =
          (struct pf_range){{(uint32_t)first + (rr_random(r, pages) << PF_PAGE_SHIFT) + rr_random(r, 4096), 0},
                            {1 + rr_random(r, 9000), 0},
                            0,
                            0};
  }
  for (uint32_t cpu = 0; cpu < m->nr_cpus; cpu++)
    m->node[rr_random(r, m->nr_nodes)].cpus[0] |= 1u << cpu;
}

/* One to three nodes of up to `frames` frames each, holes between them; whatever else the kernel lets a machine be. */
static inline struct pf_machine rr_machine(uint32_t kernel, uint64_t seed, uint32_t frames) {
  struct rr dice = {.random = seed * 0x9e3779b97f4a7c15u + 1}, *r = &dice;
  struct pf_machine m = {.kernel = kernel, .nr_names = RR_NAMES};
  m.nr_nodes = 1 + (rr_random(r, 3) == 0 ? rr_random(r, 4) : 0);
  m.numa = m.nr_nodes > 1 || rr_random(r, 4) == 0;
  m.nr_cpus = rr_random(r, 2) * (1 + rr_random(r, 4));
  m.smp = rr_random(r, 2);
  m.sizeof_struct_page = rr_random(r, 2) * (32 + 8 * rr_random(r, 5));
  m.bits_per_long = pf_kernel_info(kernel)->may_be_64_bit && rr_random(r, 4) == 0 ? 64 : 0;
  uint32_t at = rr_random(r, 3) ? 0 : rr_random(r, 700);
  for (uint32_t i = 0; i < m.nr_nodes; i++) {
    m.node[i].start_pfn = at;
    m.node[i].pages = 64 + rr_random(r, frames);
    at += m.node[i].pages + (rr_random(r, 2) ? rr_random(r, 600) : 0);
  }
  if (pf_kernel_info(kernel)->pageblock_order)
    rr_place(r, &m);
  return m;
}

static inline struct rr *rr_new(uint32_t kernel, uint64_t seed, uint32_t frames) {
  struct pf_machine machine = rr_machine(kernel, seed, frames);
  return rr_on(&machine, seed);
}

/* The same run once more, from its snapshots on. NULL: they were refused. */
static inline struct rr *rr_load(const struct rr *from) {
  struct rr *r = rr_on(&from->machine, from->seed);
  uint64_t bytes = pf_engine_bytes(from->engine), map_bytes = pf_map_bytes(from->map);
  if (pf_engine_load(r->engine, bytes, from->engine, bytes) != PF_OK ||
      pf_map_load(r->map, map_bytes, from->map, map_bytes) != PF_OK) {
    rr_free(r);
    return NULL;
  }
  r->random = from->random;
  r->nr_held = from->nr_held;
  memcpy(r->held, from->held, sizeof r->held);
  return r;
}

static inline uint32_t rr_frames(const struct rr *r) {
  const struct pf_node_desc *last = &r->machine.node[r->machine.nr_nodes - 1];
  return last->start_pfn + last->pages;
}

static inline uint32_t rr_cpus(const struct rr *r) { return r->machine.nr_cpus ? r->machine.nr_cpus : 1; }

/* --- calls -------------------------------------------------------------------------------------------------- */

static inline enum pf_status rr_apply(struct rr *r, const struct pf_op *op) {
  r->result = (struct pf_result){0};
  r->status = pf_engine_apply(r->engine, op, &r->sink, &r->result);
  rr_drain(&r->sink);
  r->refused += r->status != PF_OK && r->status != PF_E_UNSUPPORTED;
  if (r->after)
    r->after(r, op);
  return r->status;
}

/* One call by its arguments. */
#define RR_CALL(r, op_kind, ...)                                                                                       \
  rr_apply(r, &(struct pf_op){.kind = (op_kind), .cpu = (r)->cpu, .task = (r)->task, .arg = {__VA_ARGS__}})

static inline void rr_boot_node(struct rr *r, uint32_t node) {
  uint64_t start = r->machine.node[node].start_pfn, pages = r->machine.node[node].pages, addr = start << PF_PAGE_SHIFT;
  uint64_t low = pages - rr_random(r, (uint32_t)pages / 3 + 1), dma = rr_random(r, (uint32_t)low + 1);
  uint32_t tables = (uint32_t)low / 16;
  RR_CALL(r, PF_OP_INIT_BOOTMEM, node, start + rr_random(r, RR_FIRST_RESERVED), start, start + low);
  RR_CALL(r, PF_OP_FREE_BOOTMEM, node, addr, low << PF_PAGE_SHIFT);
  RR_CALL(r, PF_OP_RESERVE_BOOTMEM, node, addr, RR_FIRST_RESERVED << PF_PAGE_SHIFT); /* wherever the bitmap is */
  if (dma < low) /* no word of the bitmap is free as a whole and in two zones */
    RR_CALL(r, PF_OP_RESERVE_BOOTMEM, node, addr + (dma << PF_PAGE_SHIFT), PF_PAGE_SIZE);
  for (uint32_t i = rr_random(r, tables < 12 ? tables : 12); i > 0; i--)
    RR_CALL(r, PF_OP_ALLOC_BOOTMEM, node, 1 + rr_random(r, 9000), 1u << rr_random(r, 14), rr_random(r, 2) ? 0 : addr);
  RR_CALL(r, PF_OP_FREE_AREA_INIT, node, start, dma, low - dma, pages - low, rr_random(r, (uint32_t)dma / 8 + 1));
  RR_CALL(r, PF_OP_FREE_ALL_BOOTMEM, node);
  RR_CALL(r, PF_OP_FREE_BOOT_RANGE, start + low, start + pages, rr_random(r, 2));
}

static inline void rr_boot(struct rr *r) {
  if (r->kernel->pageblock_order) {
    RR_CALL(r, PF_OP_BOOT, 0);
    return;
  }
  for (uint32_t node = 0; node < r->machine.nr_nodes; node++)
    rr_boot_node(r, node);
  RR_CALL(r, PF_OP_INIT_PER_ZONE_PAGES_MIN, 0);
}

/* All of a machine of one node, free and in its lists: in zones of these sizes where the kernel is told of them. */
static inline void rr_boot_free(struct rr *r, uint64_t dma, uint64_t normal, uint64_t highmem) {
  if (RR_CALL(r, PF_OP_FREE_AREA_INIT, 0, 0, dma, normal, highmem) == PF_E_UNSUPPORTED)
    RR_CALL(r, PF_OP_BOOT, 0);
  else
    RR_CALL(r, PF_OP_FREE_BOOT_RANGE, 0, dma + normal + highmem, 0);
}

/* --- as a correct driver calls -------------------------------------------------------------------------------- */

/* A name that an allocation is bound to is no other's any more. */
static inline uint32_t rr_name(struct rr *r) {
  uint32_t name = r->machine.nr_names && rr_random(r, 4) == 0 ? 1 + rr_random(r, r->machine.nr_names) : 0;
  for (uint32_t i = 0; name && i < r->nr_held; i++)
    if (r->held[i].name == name)
      r->held[i].name = 0;
  return name;
}

static inline void rr_hold(struct rr *r, uint32_t order, uint32_t name) {
  uint64_t pfn = r->result.result == PF_RESULT_ADDR ? r->result.value >> PF_PAGE_SHIFT : r->result.value;
  if (r->result.result == PF_RESULT_PFN || r->result.result == PF_RESULT_ADDR)
    r->held[r->nr_held++] = (struct rr_held){(uint32_t)pfn, order, name};
}

static inline uint32_t rr_any_flag(struct rr *r) {
  uint32_t count = 0;
  while (r->kernel->gfps[count].name)
    count++;
  return r->kernel->gfps[rr_random(r, count)].mask;
}

/* Of what type the frames shall be, where there are types. */
static inline uint32_t rr_type(struct rr *r) {
  static const char *const names[] = {"__GFP_MOVABLE", "__GFP_RECLAIMABLE", "__GFP_COMP"};
  uint32_t i = r->kernel->nr_types > 1 ? rr_random(r, 5) : 3;
  return i < 3 ? rr_mask(r->machine.kernel, names[i]) : 0;
}

static inline void rr_alloc_page(struct rr *r) {
  uint32_t order = rr_random(r, rr_random(r, 4) ? 4 : r->kernel->nr_orders + 1), name = rr_name(r);
  if (rr_random(r, 2))
    order = 0;
  uint64_t node = r->machine.numa && rr_random(r, 2) ? rr_random(r, r->machine.nr_nodes) : UINT64_MAX;
  uint32_t gfp = r->gfp[rr_random(r, RR_GFPS)] | (rr_random(r, 3) ? 0 : rr_any_flag(r)) | rr_type(r);
  struct pf_op op = {.kind = PF_OP_ALLOC_PAGES, .cpu = r->cpu, .task = r->task, .as = name, .arg = {gfp, order, node}};
  rr_apply(r, &op);
  rr_hold(r, order, name);
}

/* Several single frames: which they are, the fold knows. */
static inline void rr_alloc_bulk(struct rr *r) {
  uint64_t node = r->machine.numa && rr_random(r, 2) ? rr_random(r, r->machine.nr_nodes) : UINT64_MAX;
  if (RR_CALL(r, PF_OP_ALLOC_PAGES_BULK, r->gfp[rr_random(r, RR_GFPS)] | rr_type(r), rr_random(r, 24), node) != PF_OK)
    return;
  for (uint32_t pfn = 0, number = pf_engine_ops(r->engine); pfn < rr_frames(r) && r->result.value; pfn++) {
    struct pf_map_frame frame;
    if (r->nr_held < RR_MAX_HELD && pf_map_frame(r->map, pfn, &frame) && frame.owner == number &&
        frame.state == PF_STATE_ALLOCATED)
      r->held[r->nr_held++] = (struct rr_held){pfn, 0, 0};
  }
}

/* By address, which not every frame has. */
static inline void rr_alloc_address(struct rr *r) {
  static const uint32_t single[] = {PF_OP_GET_FREE_PAGE, PF_OP_GET_ZEROED_PAGE};
  static const uint32_t block[] = {PF_OP_GET_FREE_PAGES, PF_OP_GET_DMA_PAGES};
  uint32_t gfp = r->gfp[rr_random(r, RR_HIGHUSER)], order = rr_random(r, 2) * rr_random(r, 5), name = rr_name(r);
  struct pf_op op = {.kind = order ? block[rr_random(r, 2)] : single[rr_random(r, 2)],
                     .cpu = r->cpu,
                     .task = r->task,
                     .as = name,
                     .arg = {gfp, order}};
  rr_apply(r, &op);
  rr_hold(r, order, name);
}

static inline struct rr_held rr_drop(struct rr *r, uint32_t i) {
  struct rr_held held = r->held[i];
  r->held[i] = r->held[--r->nr_held];
  return held;
}

/* As who drops references himself does: the last one gives the frame to the CPU that calls. */
static inline void rr_free_single(struct rr *r, uint32_t pfn) {
  if (RR_CALL(r, PF_OP_PUT_PAGE_TESTZERO, pfn) == PF_E_UNSUPPORTED)
    RR_CALL(r, PF_OP_FREE_PAGE_PAGE, pfn);
  else
    RR_CALL(r, rr_random(r, 2) ? PF_OP_FREE_HOT_PAGE : PF_OP_FREE_COLD_PAGE, pfn);
}

/* Frame by frame, after the block became single frames. False: the kernel has no such call, or not for such a block. */
static inline int rr_free_split(struct rr *r, struct rr_held held) {
  struct pf_frame_view frame;
  if (pf_frame_view(pf_engine_structs(r->engine), held.pfn, &frame) && frame.compound_order)
    return 0;
  if (RR_CALL(r, PF_OP_SPLIT_PAGE, held.pfn, held.order) == PF_E_UNSUPPORTED)
    return 0;
  for (uint32_t i = 0; i < 1u << held.order; i++)
    RR_CALL(r, PF_OP_PUT_PAGE, held.pfn + i);
  return 1;
}

static inline void rr_free_held(struct rr *r, uint32_t i) {
  struct rr_held held = rr_drop(r, i);
  uint32_t how = rr_random(r, 8);
  if (held.name && rr_random(r, 2)) {
    struct pf_op op = {.kind = PF_OP_FREE_PAGES_PAGE, .cpu = r->cpu, .refs = 1, .arg = {held.name - 1, held.order}};
    rr_apply(r, &op);
  } else if (how < 2 && held.order == 0) {
    rr_free_single(r, held.pfn);
  } else if (how < 2 && held.order < 4 && rr_free_split(r, held)) {
    return;
  } else if (how == 2) {
    RR_CALL(r, PF_OP_FREE_PAGES, (uint64_t)held.pfn << PF_PAGE_SHIFT, held.order);
  } else {
    if (how == 3) { /* somebody else had a reference as well */
      RR_CALL(r, PF_OP_GET_PAGE, held.pfn);
      RR_CALL(r, PF_OP_FREE_PAGES_PAGE, held.pfn, held.order);
      if (RR_CALL(r, PF_OP_PUT_PAGE, held.pfn) != PF_E_UNSUPPORTED) /* of what the kernel has not freed meanwhile */
        return;
    }
    RR_CALL(r, PF_OP_FREE_PAGES_PAGE, held.pfn, held.order);
  }
}

/* Several single frames at once, some by their names. */
static inline void rr_free_vector(struct rr *r) {
  struct pf_op op = {.kind = PF_OP_PAGEVEC_FREE, .cpu = r->cpu, .task = r->task};
  uint32_t count = 0, most = 1 + rr_random(r, PF_PAGEVEC_SIZE);
  for (uint32_t i = r->nr_held; i-- > 0 && count < most;) {
    if (r->held[i].order || RR_CALL(r, PF_OP_PUT_PAGE_TESTZERO, r->held[i].pfn) != PF_OK)
      continue;
    struct rr_held held = rr_drop(r, i);
    op.refs |= held.name ? 1u << count : 0;
    op.arg[count++] = held.name ? held.name - 1 : held.pfn;
  }
  for (uint32_t i = count; i < PF_PAGEVEC_SIZE; i++)
    op.arg[i] = PF_NO_PFN;
  op.arg[PF_PAGEVEC_SIZE] = rr_random(r, 2);
  if (count)
    rr_apply(r, &op);
  else if (r->nr_held)
    rr_free_held(r, rr_random(r, r->nr_held));
}

/* Every CPU gives back what it keeps. */
static inline void rr_drain_cpus(struct rr *r) {
  for (r->cpu = 0; r->cpu < rr_cpus(r); r->cpu++)
    if (RR_CALL(r, PF_OP_DRAIN_LOCAL_PAGES, 0) == PF_E_UNSUPPORTED)
      RR_CALL(r, PF_OP_DRAIN_ALL_PAGES, 0);
  r->cpu = 0;
}

static inline void rr_free_all(struct rr *r) {
  while (r->nr_held)
    rr_free_held(r, rr_random(r, r->nr_held));
  rr_drain_cpus(r);
}

/* The settings of kernels with migratetypes. */
static inline void rr_tune_typed(struct rr *r) {
  static const struct {
    uint32_t op, below;
  } calls[] = {{PF_OP_SET_MIN_FREE_KBYTES, 600},
               {PF_OP_SET_WATERMARK_BOOST_FACTOR, 20000},
               {PF_OP_SET_WATERMARK_SCALE_FACTOR, 1000},
               {PF_OP_SET_PERCPU_PAGELIST_HIGH_FRACTION, 20},
               {PF_OP_VMSTAT_FOLD, 1},
               {PF_OP_DRAIN_ALL_PAGES, 1}};
  uint32_t i = rr_random(r, sizeof calls / sizeof calls[0]);
  RR_CALL(r, calls[i].op, rr_random(r, calls[i].below));
}

/* Settings, and lists that are emptied. */
static inline void rr_tune(struct rr *r) {
  if (r->kernel->nr_types > 1) {
    rr_tune_typed(r);
    return;
  }
  switch (rr_random(r, 4)) {
  case 0:
    RR_CALL(r, PF_OP_SYSCTL, PF_SYSCTL_MIN_FREE_KBYTES, rr_random(r, 600));
    break;
  case 1:
    RR_CALL(r, PF_OP_SYSCTL, PF_SYSCTL_LOWER_ZONE_PROTECTION, rr_random(r, 2) * rr_random(r, 100));
    break;
  case 2:
    RR_CALL(r, PF_OP_INIT_PER_ZONE_PAGES_MIN, 0);
    break;
  default:
    RR_CALL(r, PF_OP_DRAIN_LOCAL_PAGES, 0);
  }
}

/* One step, which may be a few calls. */
static inline void rr_step(struct rr *r) {
  r->cpu = rr_random(r, rr_cpus(r));
  r->task = rr_random(r, 8) ? 0 : rr_random(r, 32);
  if (rr_random(r, 40) == 0)
    rr_tune(r);
  else if (r->nr_held == RR_MAX_HELD || (r->nr_held && rr_random(r, 100) < 48))
    if (rr_random(r, 16) == 0)
      rr_free_vector(r);
    else
      rr_free_held(r, rr_random(r, r->nr_held));
  else if (r->kernel->nr_types > 1 && rr_random(r, 16) == 0)
    rr_alloc_bulk(r);
  else if (rr_random(r, 4))
    rr_alloc_page(r);
  else
    rr_alloc_address(r);
}

/* --- as a wrong driver calls --------------------------------------------------------------------------------- */

/* A frame that somebody has, its tail or its neighbour, a reserved one, any one, or one past the end. */
static inline uint32_t rr_wrong_frame(struct rr *r) {
  uint32_t frames = rr_frames(r), node = rr_random(r, r->machine.nr_nodes);
  if (r->nr_held && rr_random(r, 2)) {
    const struct rr_held *held = &r->held[rr_random(r, r->nr_held)];
    uint32_t how = rr_random(r, 3), inside = rr_random(r, 1u << held->order);
    return how == 0 ? held->pfn : how == 1 ? held->pfn + inside : held->pfn ^ 1u << rr_random(r, 4);
  }
  switch (rr_random(r, 8)) {
  case 0:
    return frames;
  case 1:
    return r->machine.node[node].start_pfn + rr_random(r, RR_FIRST_RESERVED + 4);
  default:
    return rr_random(r, frames + 40);
  }
}

static inline void rr_wrong_vector(struct rr *r) {
  struct pf_op op = {.kind = PF_OP_PAGEVEC_FREE, .cpu = r->cpu};
  for (uint32_t i = 0; i < PF_PAGEVEC_SIZE; i++)
    op.arg[i] = rr_random(r, 4) ? PF_NO_PFN : rr_wrong_frame(r);
  rr_apply(r, &op);
}

/* The boot allocator after its time, and a second hand-over. */
static inline void rr_wrong_boot(struct rr *r) {
  uint32_t node = rr_random(r, r->machine.nr_nodes), pfn = rr_wrong_frame(r);
  uint64_t addr = (uint64_t)pfn << PF_PAGE_SHIFT;
  switch (rr_random(r, 4)) {
  case 0:
    RR_CALL(r, PF_OP_FREE_BOOTMEM, node, addr, rr_random(r, 20000));
    break;
  case 1:
    RR_CALL(r, PF_OP_ALLOC_BOOTMEM, node, rr_random(r, 20000), 32, addr);
    break;
  case 2:
    RR_CALL(r, PF_OP_FREE_ALL_BOOTMEM, node);
    break;
  default:
    if (pfn < rr_frames(r))
      RR_CALL(r, PF_OP_FREE_BOOT_RANGE, pfn, pfn + 1, 0);
  }
}

/* Any page, any order, twice, with a reference too many, with one held. */
static inline void rr_misuse(struct rr *r) {
  uint32_t pfn = rr_wrong_frame(r), order = rr_random(r, rr_random(r, 8) ? 4 : r->kernel->nr_orders + 4);
  r->cpu = rr_random(r, rr_cpus(r));
  if (rr_random(r, 3) == 0)
    RR_CALL(r, PF_OP_GET_PAGE, pfn);
  switch (rr_random(r, 10)) {
  case 0:
    RR_CALL(r, PF_OP_FREE_HOT_PAGE, pfn);
    break;
  case 1:
    RR_CALL(r, PF_OP_FREE_COLD_PAGE, pfn);
    break;
  case 2:
    RR_CALL(r, PF_OP_PUT_PAGE_TESTZERO, pfn);
    break;
  case 3:
    RR_CALL(r, PF_OP_FREE_PAGES, (uint64_t)pfn << PF_PAGE_SHIFT, order);
    break;
  case 4:
    rr_wrong_vector(r);
    break;
  case 5:
    rr_wrong_boot(r);
    break;
  default:
    RR_CALL(r, PF_OP_FREE_PAGES_PAGE, pfn, order);
  }
}

#endif
