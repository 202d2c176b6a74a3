/* An instance of a kernel model, and the one door through which operations go in. */
#include <string.h>

#include "model.h"

#define ALIGN8(x) (((x) + 7u) & ~(uint64_t)7)
#define MAGIC 0x50464e47u /* "PFNG" */

struct pf_engine {
  uint32_t magic, version;
  struct pf_u64 bytes;
  uint32_t nr_ops, spare;
  struct pf_machine machine;
}; /* behind it the structures, then the names: what `as` bound */

static struct pf_structs *structs_of(struct pf_engine *e) {
  return (struct pf_structs *)(void *)((unsigned char *)e + ALIGN8(sizeof *e));
}
const struct pf_structs *pf_engine_structs(const struct pf_engine *e) {
  return (const struct pf_structs *)(const void *)((const unsigned char *)e + ALIGN8(sizeof *e));
}
/* What a name stands for: an address, and the operation that bound it. hi UINT32_MAX is NULL or not bound yet. */
struct name {
  uint32_t lo, hi, number, spare;
};
static struct name *names_of(struct pf_engine *e) {
  return (struct name *)(void *)((unsigned char *)structs_of(e) + structs_of(e)->bytes);
}

uint64_t pf_engine_size(const struct pf_machine *machine) {
  if (pf_machine_wrong(machine, 0))
    return 0;
  return ALIGN8(sizeof(struct pf_engine)) + pf_structs_size(machine) + sizeof(struct name) * machine->nr_names;
}

enum pf_status pf_engine_init(struct pf_engine *e, uint64_t size, const struct pf_machine *machine) {
  uint64_t need = pf_engine_size(machine);
  if (need == 0)
    return PF_E_MACHINE;
  if (size < need || (uintptr_t)e % 8)
    return PF_E_MEMORY;
  memset(e, 0, ALIGN8(sizeof *e));
  e->magic = MAGIC;
  e->version = PF_VERSION;
  e->bytes = (struct pf_u64){(uint32_t)need, (uint32_t)(need >> 32)};
  e->machine = *machine;
  pf_structs_init(structs_of(e), machine);
  memset(names_of(e), 0xff, sizeof(struct name) * machine->nr_names);
  return PF_OK;
}

uint64_t pf_engine_bytes(const struct pf_engine *e) { return (uint64_t)e->bytes.hi << 32 | e->bytes.lo; }

enum pf_status pf_engine_load(struct pf_engine *e, uint64_t size, const void *bytes, uint64_t nr_bytes) {
  const struct pf_engine *from = bytes;
  if ((uintptr_t)bytes % 8 || (uintptr_t)e % 8)
    return PF_E_MEMORY;
  if (nr_bytes < sizeof *from || from->magic != MAGIC)
    return PF_E_CORRUPT;
  if (from->version != PF_VERSION)
    return PF_E_VERSION;
  uint64_t need = pf_engine_size(&from->machine);
  if (need == 0 || need != nr_bytes || need != pf_engine_bytes(from) ||
      !pf_structs_valid(pf_engine_structs(from), &from->machine))
    return PF_E_CORRUPT;
  if (size < need)
    return PF_E_MEMORY;
  memcpy(e, bytes, (size_t)need);
  return PF_OK;
}

const struct pf_machine *pf_engine_machine(const struct pf_engine *e) { return &e->machine; }
uint32_t pf_engine_ops(const struct pf_engine *e) { return e->nr_ops; }

enum pf_status pf_engine_fold(struct pf_engine *e, const struct pf_event *events, uint32_t count, uint32_t *folded) {
  return pf_structs_fold(structs_of(e), events, count, folded);
}

/* --- arguments ------------------------------------------------------------------------------------------- */

/* What a value is held against. */
struct limits {
  const struct pf_structs *s;
  bool null; /* an address is NULL: the call does nothing */
  bool full; /* a frame is outside memory, and no further one can be kept */
};

static inline uint64_t last_address(const struct pf_structs *s) {
  return s->bits_per_long == 32 ? UINT32_MAX : PF_NO_ADDRESS - 1;
}

enum need { NEED_MUST, NEED_OPT, NEED_ANY, NEED_LINE, NEED_GOAL };

/* One function a type of argument, for all the places that it fills; ops.def puts them together in arguments_fit(). */
PF_INLINE bool fits_NODE(struct limits *l, const uint64_t *v, enum need need) {
  return *v < l->s->nr_nodes || (need == NEED_ANY && *v == UINT64_MAX);
}
PF_INLINE bool fits_ADDR(struct limits *l, const uint64_t *v, enum need need) {
  l->null |= *v == PF_NO_ADDRESS && need != NEED_GOAL;
  return *v <= last_address(l->s) || *v == PF_NO_ADDRESS;
}
PF_INLINE bool fits_PFN(struct limits *l, const uint64_t *v, enum need need) {
  (void)need;
  if (*v >= l->s->nr_frames)
    l->full |= !pf_count_fits(l->s, (uint32_t)*v);
  return *v < PF_POISON;
}
#define PF_FITS(type, limit)                                                                                           \
  PF_INLINE bool fits_##type(struct limits *l, const uint64_t *v, enum need need) {                                    \
    (void)l, (void)need;                                                                                               \
    return *v <= (limit);                                                                                              \
  }
PF_FITS(SIZE, last_address(l->s))
PF_FITS(ALIGN, last_address(l->s))
PF_FITS(ORDER, 31)
PF_FITS(GFP, UINT32_MAX)
PF_FITS(COUNT, UINT32_MAX)
PF_FITS(DIR, 1)
PF_FITS(SYSCTL, PF_NR_SYSCTLS - 1)
PF_INLINE bool fits_PAGES3(struct limits *l, const uint64_t *v, enum need need) {
  return fits_COUNT(l, v, need) && fits_COUNT(l, v + 1, need) && fits_COUNT(l, v + 2, need);
}
PF_INLINE bool fits_PFNS(struct limits *l, const uint64_t *v, enum need need) {
  uint32_t i = 0;
  while (i < PF_PAGEVEC_SIZE && (v[i] == PF_NO_PFN || fits_PFN(l, &v[i], need)))
    i++;
  return i == PF_PAGEVEC_SIZE;
}

PF_INLINE bool arguments_fit(const struct pf_op *op, struct limits *l) {
  switch (op->kind) {
#define PF_ARG(place, name, type, need) &&fits_##type(l, &op->arg[place], NEED_##need)
#define PF_OP(id, name, result, claim, args)                                                                           \
  case PF_OP_##id:                                                                                                     \
    return true args;
#include "ops.def"
#undef PF_OP
#undef PF_ARG
  default:
    return false;
  }
}

static bool inside_node(const struct pf_engine *e, uint64_t node, uint64_t start, uint64_t end) {
  const struct pf_node_desc *n = &e->machine.node[node];
  return n->start_pfn <= start && start <= end && end <= (uint64_t)n->start_pfn + n->pages;
}

/* free_all_bootmem gives back the bitmap's own frames, wherever they lie: room for those past the end of memory? */
static bool map_frames_fit(const struct pf_structs *s, uint64_t node) {
  const struct pf_boot *boot = &s->boot[node];
  uint32_t pages = ((boot->end_pfn - boot->start_pfn) / 8 + PF_PAGE_SIZE - 1) / PF_PAGE_SIZE;
  return (uint64_t)boot->mapstart + pages <= s->nr_frames || pages <= PF_MAX_OUTSIDE - s->nr_outside;
}

/* What no single argument shows: ranges that must lie inside the machine, counts that must find a place. */
#define BIT_OF(op) ((uint64_t)1 << PF_OP_##op)
static const uint64_t has_ranges = BIT_OF(INIT_BOOTMEM) | BIT_OF(INIT_BOOTMEM_NODE) | BIT_OF(FREE_AREA_INIT) |
                                   BIT_OF(FREE_BOOT_RANGE) | BIT_OF(FREE_ALL_BOOTMEM) | BIT_OF(FREE_ALL_BOOTMEM_NODE) |
                                   BIT_OF(FREE_PAGES) | BIT_OF(FREE_PAGE);
_Static_assert(PF_NR_OPS <= 64, "has_ranges holds a bit an operation");

static PF_COLD enum pf_status ranges_fit(const struct pf_engine *e, const struct pf_op *op) {
  const uint64_t *arg = op->arg;
  const struct pf_structs *s = pf_engine_structs(e);
  bool fits = true;
  switch (op->kind) {
  case PF_OP_INIT_BOOTMEM:
  case PF_OP_INIT_BOOTMEM_NODE:
    fits = inside_node(e, arg[0], arg[2], arg[3]) && arg[1] < PF_MAX_FRAMES; /* perhaps in no node's memory */
    break;
  case PF_OP_FREE_AREA_INIT:
    fits = inside_node(e, arg[0], arg[1], arg[1] + arg[2] + arg[3] + arg[4]) && arg[5] <= arg[2] && arg[6] <= arg[3] &&
           arg[7] <= arg[4];
    break;
  case PF_OP_FREE_BOOT_RANGE:
    fits = arg[0] <= arg[1] && arg[1] <= s->nr_frames - s->nr_spare_frames;
    break;
  case PF_OP_FREE_ALL_BOOTMEM:
  case PF_OP_FREE_ALL_BOOTMEM_NODE:
    return map_frames_fit(s, arg[0]) ? PF_OK : PF_E_FULL;
  case PF_OP_FREE_PAGES:
  case PF_OP_FREE_PAGE:
    fits = arg[0] >> PF_PAGE_SHIFT > UINT32_MAX || pf_count_fits(s, (uint32_t)(arg[0] >> PF_PAGE_SHIFT));
    return fits ? PF_OK : PF_E_FULL;
  default:
    break;
  }
  return fits ? PF_OK : PF_E_ARGUMENT;
}

/* Puts the value of a name in the place of a reference. False: the name is NULL, and so is what it stands for. */
static bool resolve(struct pf_engine *e, const struct pf_arg_info *info, uint64_t *arg) {
  struct name at = names_of(e)[(uint32_t)*arg];
  uint64_t addr = ((uint64_t)at.hi << 32 | at.lo) + (*arg >> 32 << PF_PAGE_SHIFT);
  bool null = at.hi == UINT32_MAX;
  if (info->type != PF_ARG_ADDR)
    *arg = null ? 0 : addr >> PF_PAGE_SHIFT;
  else
    *arg = null ? PF_NO_ADDRESS : addr;
  return !null;
}

/* Resolves the arguments that are names. *null: one of them is NULL; *claim: the operation that bound the last of them.
 * False: no such name, or no argument that may be one. */
static bool resolve_all(struct pf_engine *e, struct pf_op *op, bool *null, uint32_t *claim) {
  const struct pf_op_info *info = pf_op_row(op->kind);
  for (uint32_t i = 0; i < info->nr_args; i++) {
    const struct pf_arg_info *arg = &info->arg[i];
    bool may_refer = arg->type == PF_ARG_PFN || arg->type == PF_ARG_ADDR || arg->type == PF_ARG_PFNS;
    for (uint32_t place = arg->index; place < arg->index + arg->places; place++) {
      if (!(op->refs >> place & 1))
        continue;
      if (!may_refer || (uint32_t)op->arg[place] >= e->machine.nr_names)
        return false;
      *claim = names_of(e)[(uint32_t)op->arg[place]].number;
      *null |= !resolve(e, arg, &op->arg[place]);
    }
  }
  return true;
}

/* --- the door -------------------------------------------------------------------------------------------- */

/* There is no room in the sink: it is drained, or, where nobody drains it, what comes goes to waste. */
static PF_COLD void make_room(struct pf_ctx *k) {
  struct pf_sink *sink = k->sink;
  if (sink->drain)
    sink->drain(sink);
  bool room = sink->count < sink->capacity;
  k->next = room ? sink->events + sink->count : &k->waste;
  k->end = room ? sink->events + sink->capacity : &k->waste + 1;
}

/* Points the events' way into the sink, behind what it holds. */
static inline void attach(struct pf_ctx *k) {
  struct pf_sink *sink = k->sink;
  if (sink->count == sink->capacity) {
    make_room(k);
    return;
  }
  k->next = sink->events + sink->count;
  k->end = sink->events + sink->capacity;
}

PF_COLD void pf_sink_full(struct pf_ctx *k) {
  if (k->end == &k->waste + 1)
    k->sink->dropped++;
  else
    k->sink->count = k->sink->capacity;
  make_room(k);
}

static inline void detach(struct pf_ctx *k) {
  if (k->end != &k->waste + 1)
    k->sink->count = (uint32_t)(k->next - k->sink->events);
}

/* Those of an argument's values that are not 0. */
PF_INLINE void emit_argument(struct pf_ctx *k, uint32_t number, uint32_t place, uint32_t places) {
  for (uint32_t i = 0; i < places; i++) {
    uint64_t value = k->op->arg[place + i];
    if (value)
      pf_emit(k, PF_EV_OP_ARG, number, k->op->kind, (uint32_t)value, (uint32_t)(value >> 32), i);
  }
}

static void emit_begin(struct pf_ctx *k, uint32_t number) {
  const struct pf_op *op = k->op;
  uint32_t argument = 0;
  pf_emit(k, PF_EV_OP_BEGIN, op->cpu, op->kind, number, op->line, op->task);
  switch (op->kind) {
#define PF_ARG(place, name, type, need) emit_argument(k, argument++, place, PF_PLACES(PF_ARG_##type));
#define PF_OP(id, name, result, claim, args)                                                                           \
  case PF_OP_##id:                                                                                                     \
    args break;
#include "ops.def"
#undef PF_OP
#undef PF_ARG
  default:
    break;
  }
}

static void emit_end(struct pf_ctx *k, bool null) {
  if (null)
    pf_emit(k, PF_EV_NOTHING_TO_DO, 0, k->op->kind, 0, 0, 0);
  pf_emit(k, PF_EV_OP_END, k->result->outcome, k->result->result, (uint32_t)k->result->value,
          (uint32_t)(k->result->value >> 32), 0);
}

static void bind_name(struct pf_engine *e, uint32_t name, const struct pf_result *result) {
  uint64_t addr = result->result == PF_RESULT_PFN ? result->value << PF_PAGE_SHIFT : result->value;
  bool bound = result->result == PF_RESULT_PFN || result->result == PF_RESULT_ADDR;
  names_of(e)[name] = (struct name){UINT32_MAX, UINT32_MAX, e->nr_ops, 0};
  if (bound)
    names_of(e)[name] = (struct name){(uint32_t)addr, (uint32_t)(addr >> 32), e->nr_ops, 0};
}

/* Carries out an operation whose arguments were checked. */
PF_INLINE void carry_out(struct pf_engine *e, pf_op_function *function, const struct pf_op *op, struct pf_sink *sink,
                         bool null, uint32_t claim, struct pf_result *result) {
  struct pf_ctx k = {
      .s = structs_of(e), .sink = sink, .machine = &e->machine, .op = op, .claim = claim, .result = result};
  *result = (struct pf_result){0};
  e->nr_ops++;
  if (sink) {
    attach(&k);
    emit_begin(&k, e->nr_ops);
  }
  if (null)
    result->outcome = PF_OUTCOME_NOTHING;
  else
    function(&k, op->arg);
  if (op->as)
    bind_name(e, op->as - 1, result);
  if (sink) {
    emit_end(&k, null);
    detach(&k);
  }
}

/* What most operations do not have: a name for the result, another CPU than the first, references. */
struct extras {
  bool fit, null; /* null: a name that is referred to is NULL */
  uint32_t claim;
};

/* References are resolved into *resolved. */
static PF_COLD struct extras look_at_extras(struct pf_engine *e, const struct pf_op *op, struct pf_op *resolved) {
  struct extras x = {false, false, 0};
  *resolved = *op;
  x.fit = op->as <= e->machine.nr_names && (op->cpu == 0 || op->cpu < pf_nr_cpus(&e->machine)) &&
          resolve_all(e, resolved, &x.null, &x.claim);
  return x;
}

static void skip(struct pf_ctx *k, const uint64_t *arg) {
  (void)arg;
  k->result->outcome = PF_OUTCOME_NOTHING;
  if (k->sink)
    pf_emit(k, PF_EV_SKIPPED, 0, k->op->kind, 0, 0, 0);
}

/* Arguments first, then what no single one of them shows. */
PF_INLINE enum pf_status fits(const struct pf_engine *e, const struct pf_op *op, struct limits *l) {
  if (!arguments_fit(op, l))
    return PF_E_ARGUMENT;
  if (has_ranges >> op->kind & 1 && !l->null)
    return ranges_fit(e, op);
  return l->full ? PF_E_FULL : PF_OK;
}

enum pf_status pf_engine_apply(struct pf_engine *e, const struct pf_op *op, struct pf_sink *sink,
                               struct pf_result *result) {
  const struct pf_model *model = pf_model(e->machine.kernel);
  struct extras extras = {true, false, 0};
  struct pf_op resolved;
  struct pf_result unwanted;
  pf_op_function *function = op->kind < PF_NR_OPS ? (sink ? model->op : model->muted)[op->kind] : NULL;
  if (op->skip) /* it has its place in the history all the same, and a name that it binds is NULL */
    function = pf_op_row(op->kind) ? skip : NULL;
  if (!function)
    return PF_E_UNSUPPORTED;
  if (op->as | op->refs | op->cpu) {
    extras = look_at_extras(e, op, &resolved);
    if (!extras.fit)
      return PF_E_ARGUMENT;
    op = &resolved;
  }
  struct limits limits = {structs_of(e), extras.null, false};
  enum pf_status status = op->skip ? PF_OK : fits(e, op, &limits);
  if (status == PF_OK)
    carry_out(e, function, op, sink, limits.null && !op->skip, extras.claim, result ? result : &unwanted);
  return status;
}
