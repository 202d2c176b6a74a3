/* An instance of a kernel model, and the one door through which operations go in. */
#include <string.h>

#include "model.h"

#define ALIGN8(x) (((x) + 7u) & ~(uint64_t)7)
#define MAGIC 0x50464e47u /* "PFNG" */

struct pf_engine {
  uint32_t magic, version;
  struct pf_u64 bytes;
  uint32_t nr_ops, names_at; /* names behind the structures: what `as` bound */
  struct pf_machine machine;
};

static struct pf_structs *structs_of(struct pf_engine *e) {
  return (struct pf_structs *)(void *)((unsigned char *)e + ALIGN8(sizeof *e));
}
const struct pf_structs *pf_engine_structs(const struct pf_engine *e) {
  return (const struct pf_structs *)(const void *)((const unsigned char *)e + ALIGN8(sizeof *e));
}
/* A name's value: an address; hi UINT32_MAX is NULL or not bound yet. */
static struct pf_u64 *names_of(struct pf_engine *e) {
  return (struct pf_u64 *)(void *)((unsigned char *)structs_of(e) + structs_of(e)->bytes);
}

uint64_t pf_engine_size(const struct pf_machine *machine) {
  if (pf_machine_wrong(machine, 0))
    return 0;
  return ALIGN8(sizeof(struct pf_engine)) + pf_structs_size(machine) + sizeof(struct pf_u64) * machine->nr_names;
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
  memset(names_of(e), 0xff, sizeof(struct pf_u64) * machine->nr_names);
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

/* --- arguments ------------------------------------------------------------------------------------------- */

/* The largest value of each type; of a node and what may be as large as an address, the machine tells. */
static uint64_t largest(const struct pf_engine *e, const struct pf_model *model, uint32_t type) {
  static const uint32_t limit[PF_NR_ARG_TYPES] = {
      [PF_ARG_PFN] = PF_POISON - 1, [PF_ARG_ORDER] = 31,          [PF_ARG_GFP] = UINT32_MAX,
      [PF_ARG_COUNT] = UINT32_MAX,  [PF_ARG_DIR] = 1,             [PF_ARG_PAGES3] = UINT32_MAX,
  };
  return type == PF_ARG_NODE ? e->machine.nr_nodes - 1 : limit[type] ? limit[type] : model->last_address;
}

/* -1 is the node of a call that names none; NULL is an address. */
static bool argument_fits(const struct pf_engine *e, const struct pf_model *model, const struct pf_arg_info *info,
                          uint64_t value) {
  if (value <= largest(e, model, info->type))
    return true;
  return value == UINT64_MAX && (info->type == PF_ARG_ADDR || (info->type == PF_ARG_NODE && info->absent));
}

static bool inside_node(const struct pf_engine *e, uint64_t node, uint64_t start, uint64_t end) {
  const struct pf_node_desc *n = &e->machine.node[node];
  return n->start_pfn <= start && start <= end && end <= (uint64_t)n->start_pfn + n->pages;
}

/* What no single argument shows: ranges that must lie inside the machine, counts that must find a place. */
static enum pf_status ranges_fit(const struct pf_engine *e, const struct pf_op *op) {
  const uint64_t *arg = op->arg;
  const struct pf_structs *s = pf_engine_structs(e);
  bool fits = true;
  switch (op->kind) {
  case PF_OP_INIT_BOOTMEM:
    fits = inside_node(e, arg[0], arg[2], arg[3]) && arg[1] < s->nr_frames;
    break;
  case PF_OP_FREE_AREA_INIT:
    fits = inside_node(e, arg[0], arg[1], arg[1] + arg[2] + arg[3] + arg[4]) && arg[5] <= arg[2] && arg[6] <= arg[3] &&
           arg[7] <= arg[4];
    break;
  case PF_OP_FREE_BOOT_RANGE:
    fits = arg[0] <= arg[1] && arg[1] <= s->nr_frames;
    break;
  case PF_OP_FREE_PAGES_PAGE:
  case PF_OP_FREE_PAGE_PAGE:
  case PF_OP_GET_PAGE:
    return pf_count_fits(s, (uint32_t)arg[0]) ? PF_OK : PF_E_FULL;
  case PF_OP_FREE_PAGES:
  case PF_OP_FREE_PAGE:
    return pf_count_fits(s, (uint32_t)(arg[0] >> PF_PAGE_SHIFT)) ? PF_OK : PF_E_FULL;
  default:
    break;
  }
  return fits ? PF_OK : PF_E_ARGUMENT;
}

/* Puts the value of a name in the place of a reference. False: the name is NULL, and so is what it stands for. */
static bool resolve(struct pf_engine *e, const struct pf_arg_info *info, uint64_t *arg) {
  struct pf_u64 at = names_of(e)[(uint32_t)*arg];
  uint64_t addr = ((uint64_t)at.hi << 32 | at.lo) + (*arg >> 32 << PF_PAGE_SHIFT);
  bool null = at.hi == UINT32_MAX;
  if (info->type == PF_ARG_PFN)
    *arg = null ? 0 : addr >> PF_PAGE_SHIFT;
  else
    *arg = null ? PF_NO_ADDRESS : addr;
  return !null;
}

/* Resolves the arguments that are names. *null: one that the call cannot do without is NULL. */
static enum pf_status resolve_all(struct pf_engine *e, const struct pf_op_info *info, struct pf_op *op, bool *null) {
  for (uint32_t i = 0; i < info->nr_args; i++) {
    const struct pf_arg_info *arg = &info->arg[i];
    if (!(op->refs >> arg->index & 1))
      continue;
    bool may_refer = arg->type == PF_ARG_PFN || arg->type == PF_ARG_ADDR;
    if (!may_refer || (uint32_t)op->arg[arg->index] >= e->machine.nr_names)
      return PF_E_ARGUMENT;
    *null |= !resolve(e, arg, &op->arg[arg->index]);
  }
  return PF_OK;
}

static enum pf_status check_arguments(const struct pf_engine *e, const struct pf_model *model,
                                      const struct pf_op_info *info, const struct pf_op *op, bool *null) {
  for (uint32_t i = 0; i < info->nr_args; i++) {
    const struct pf_arg_info *arg = &info->arg[i];
    for (uint32_t p = arg->index; p < arg->index + arg->places; p++)
      if (!argument_fits(e, model, arg, op->arg[p]))
        return PF_E_ARGUMENT;
    *null |= arg->type == PF_ARG_ADDR && op->arg[arg->index] == PF_NO_ADDRESS && op->kind != PF_OP_ALLOC_BOOTMEM;
  }
  return *null ? PF_OK : ranges_fit(e, op);
}

/* --- the door -------------------------------------------------------------------------------------------- */

void pf_sink_full(struct pf_sink *sink) {
  if (sink->drain)
    sink->drain(sink);
  else
    sink->dropped++;
}

static void emit_begin(const struct pf_ctx *k, const struct pf_engine *e, const struct pf_op_info *info,
                       const struct pf_op *op) {
  pf_emit(k, PF_EV_OP_BEGIN, op->cpu, op->kind, e->nr_ops, op->line, op->task);
  for (uint32_t i = 0; i < info->nr_args; i++) {
    const uint64_t *value = &op->arg[info->arg[i].index];
    for (uint32_t p = 0; p < info->arg[i].places; p++)
      if (value[p])
        pf_emit(k, PF_EV_OP_ARG, i, op->kind, (uint32_t)value[p], (uint32_t)(value[p] >> 32), p);
  }
}

static void bind_name(struct pf_engine *e, uint32_t name, const struct pf_result *result) {
  uint64_t addr = result->result == PF_RESULT_PFN ? result->value << PF_PAGE_SHIFT : result->value;
  bool bound = result->result == PF_RESULT_PFN || result->result == PF_RESULT_ADDR;
  names_of(e)[name] = bound ? (struct pf_u64){(uint32_t)addr, (uint32_t)(addr >> 32)} : (struct pf_u64){UINT32_MAX, UINT32_MAX};
}

enum pf_status pf_engine_apply(struct pf_engine *e, const struct pf_op *op, struct pf_sink *sink,
                               struct pf_result *result) {
  const struct pf_model *model = pf_model(e->machine.kernel);
  const struct pf_op_info *info = pf_op_row(op->kind);
  struct pf_op resolved;
  bool null = false;
  if (!info || !model->op[op->kind])
    return PF_E_UNSUPPORTED;
  if (op->as > e->machine.nr_names || (op->cpu && op->cpu >= e->machine.nr_cpus))
    return PF_E_ARGUMENT;
  enum pf_status status = PF_OK;
  if (op->refs) {
    resolved = *op;
    op = &resolved;
    status = resolve_all(e, info, &resolved, &null);
  }
  if (status == PF_OK)
    status = check_arguments(e, model, info, op, &null);
  if (status != PF_OK)
    return status;

  struct pf_structs *s = structs_of(e);
  struct pf_ctx k = {s, pf_frames(s), sink, &e->machine, op->task, op->cpu, {0}};
  e->nr_ops++;
  if (sink)
    emit_begin(&k, e, info, op);
  if (null) {
    pf_emit(&k, PF_EV_NOTHING_TO_DO, 0, op->kind, 0, 0, 0);
    k.result.outcome = PF_OUTCOME_NOTHING;
  } else {
    model->op[op->kind](&k, op->arg);
  }
  if (op->as)
    bind_name(e, op->as - 1, &k.result);
  pf_emit(&k, PF_EV_OP_END, k.result.outcome, k.result.result, (uint32_t)k.result.value,
          (uint32_t)(k.result.value >> 32), 0);
  if (result)
    *result = k.result;
  return PF_OK;
}
