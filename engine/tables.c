/* The names and shapes that the tables define: ops.def, events.def, bugs.def and the lists of pageframe.h. */
#include <string.h>

#include "model.h"

#define PF_NEED_MUST 1, 0
#define PF_NEED_OPT 0, 0
#define PF_NEED_ANY 0, UINT32_MAX
#define PF_NEED_LINE 0, 32
#define PF_NEED_GOAL 0, 0x1000000
#define PF_ARG(place, name, type, need) {name, PF_ARG_##type, PF_NEED_##need, place, PF_PLACES(PF_ARG_##type)},
#define PF_COUNT(...) (sizeof((struct pf_arg_info[]){__VA_ARGS__{0}}) / sizeof(struct pf_arg_info) - 1)
#define PF_IS_OPERATION 0
#define PF_IS_TRACE 1
#define PF_OP(id, name, result, claim, args) {name, PF_RESULT_##result, PF_IS_##claim, PF_COUNT(args), {args{0}}},
static const struct pf_op_info op_rows[PF_NR_OPS] = {
    {"none", 0, 0, 0, {{0}}},
#include "ops.def"
};
#undef PF_OP
#undef PF_ARG

static const char *const event_names[PF_NR_EVENTS] = {
    "none",
#define PF_EVENT(id, name, layer, s, t, a, b, c) name,
#include "events.def"
#undef PF_EVENT
};

static const char *const bug_texts[PF_NR_BUGS] = {
#define PF_BUG(id, text) text,
#include "bugs.def"
#undef PF_BUG
};

#define PF_TEXT(id, text) text,
static const char *const state_names[] = {PF_STATES(PF_TEXT)};
static const char *const outcome_names[] = {PF_OUTCOMES(PF_TEXT)};
static const char *const result_names[] = {PF_RESULTS(PF_TEXT)};
static const char *const sysctl_names[] = {PF_SYSCTLS(PF_TEXT)};
static const char *const reason_texts[] = {PF_REASONS(PF_TEXT)};

static const char *const trouble_names[] = {PF_TROUBLES(PF_TEXT)};

static const char *const status_texts[] = {
    [PF_OK] = "good",
    [PF_E_MACHINE] = "the machine description is wrong",
    [PF_E_MEMORY] = "the memory given is too small or not aligned to 8",
    [PF_E_ARGUMENT] = "an argument is out of its range",
    [PF_E_UNSUPPORTED] = "this kernel has no such operation",
    [PF_E_EVENT] = "an event does not fit the map",
    [PF_E_VERSION] = "the bytes are of another version",
    [PF_E_CORRUPT] = "the bytes are damaged",
    [PF_E_FULL] = "the region is full",
};

static const char *const finding_texts[PF_NR_FINDINGS] = {
    [PF_FINDING_NONE] = "nothing",
    [PF_FINDING_RING] = "a list's links disagree or lead elsewhere",
    [PF_FINDING_TWICE] = "a frame is in two free blocks",
    [PF_FINDING_PLACE] = "a free block is not aligned or not inside its zone",
    [PF_FINDING_PAIR] = "a pair bit does not fit the lists",
    [PF_FINDING_COUNT] = "a free frame is reserved or has a reference",
    [PF_FINDING_FREE_PAGES] = "a zone's free_pages does not fit its lists",
    [PF_FINDING_PCP] = "a per-CPU list's counter does not fit the list",
    [PF_FINDING_FREE_MARK] = "a free block has no free mark, or the mark has no block",
    [PF_FINDING_NR_FREE] = "an order's counter does not fit its lists",
    [PF_FINDING_TYPE] = "a frame on a per-CPU list is of another type",
    [PF_FINDING_BOOT] = "a boot bitmap or its shared page is out of range",
    [PF_FINDING_MAP] = "the frames and the lists of the map disagree",
};

#define PF_LOOK_UP(table, index) ((index) < sizeof(table) / sizeof((table)[0]) ? (table)[index] : NULL)

const char *pf_op_name(uint32_t op) { return op < PF_NR_OPS ? op_rows[op].name : NULL; }
const char *pf_event_name(uint32_t kind) { return PF_LOOK_UP(event_names, kind); }
const char *pf_bug_text(uint32_t bug) { return PF_LOOK_UP(bug_texts, bug); }
const char *pf_state_name(uint32_t state) { return PF_LOOK_UP(state_names, state); }
const char *pf_outcome_name(uint32_t outcome) { return PF_LOOK_UP(outcome_names, outcome); }
const char *pf_result_name(uint32_t result) { return PF_LOOK_UP(result_names, result); }
const char *pf_sysctl_name(uint32_t sysctl) { return PF_LOOK_UP(sysctl_names, sysctl); }
const char *pf_reason_text(uint32_t reason) { return PF_LOOK_UP(reason_texts, reason); }
const char *pf_trouble_name(uint32_t kind) { return PF_LOOK_UP(trouble_names, kind); }
const char *pf_status_text(uint32_t status) { return PF_LOOK_UP(status_texts, status); }
const char *pf_finding_text(uint32_t kind) { return PF_LOOK_UP(finding_texts, kind); }

uint32_t pf_op_find(const char *name) {
  for (uint32_t op = PF_OP_NONE + 1; op < PF_NR_OPS; op++)
    if (strcmp(op_rows[op].name, name) == 0)
      return op;
  return PF_OP_NONE;
}

const struct pf_op_info *pf_op_row(uint32_t op) { return op != PF_OP_NONE && op < PF_NR_OPS ? &op_rows[op] : NULL; }

int pf_op_info(uint32_t op, struct pf_op_info *info) {
  const struct pf_op_info *row = pf_op_row(op);
  if (row)
    *info = *row;
  return row != NULL;
}
