/* Run files: one operation. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runfile_internal.h"

/* What an operation may carry beside its arguments. */
static const char *const common_keys[] = {"op",   "cpu",   "task", "irq",  "as",   "ret", "bug",
                                          "oops", "panic", "hang", "warn", "note", "by",  "extfrag"};
/* ... and one that needs the machine's memory, which may stand here as well as in the header ... */
static const char *const range_keys[] = {"memory", "reserved"};
/* ... and one that sets the zones' watermarks. */
static const char *const mark_keys[] = {"zones", "min_free_kbytes"};

const struct pf_run_task pf_run_tasks[] = {{"PF_MEMALLOC", PF_TASK_MEMALLOC},
                                           {"PF_MEMDIE", PF_TASK_MEMDIE},
                                           {"rt", PF_TASK_RT},
                                           {"oom_victim", PF_TASK_OOM_VICTIM},
                                           {NULL, 0}};

static int sets_marks(uint32_t op) { return op == PF_OP_INIT_PER_ZONE_PAGES_MIN || op == PF_OP_SYSCTL; }

#define PF_LAST_FRAME (PF_POISON - 1)

static int is_name_char(char c, int is_first) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (!is_first && c >= '0' && c <= '9');
}

/* How many characters of the text are a name. */
static size_t name_length(const char *text) {
  size_t length = 0;
  while (is_name_char(text[length], length == 0))
    length++;
  return length;
}

/* "a node from 0 to 3", "a frame from 0 to 4294967293 or a name": what stands before and behind the range. */
static const struct {
  const char *before, *behind;
} wanted[] = {
    [PF_ARG_NODE] = {"a node", ""},
    [PF_ARG_PFN] = {"a frame", " or a name"},
    [PF_ARG_ADDR] = {"an address", ", a name or null"},
    [PF_ARG_SIZE] = {"a number of bytes", ""},
    [PF_ARG_ALIGN] = {"an alignment", ""},
    [PF_ARG_ORDER] = {"an order", ""},
    [PF_ARG_COUNT] = {"a number", ""},
    [PF_ARG_PAGES3] = {"a number", ""},
    [PF_ARG_PFNS] = {"a frame", " or a name"},
};

/* The least and the greatest number of an argument. */
static void argument_range(const struct pf_run_reader *reader, const struct pf_arg_info *arg, int64_t *low,
                           int64_t *high) {
  *low = arg->type == PF_ARG_NODE && arg->absent == UINT32_MAX ? -1 : 0;
  switch (arg->type) {
  case PF_ARG_NODE:
    *high = (int64_t)reader->run->machine.nr_nodes - 1;
    break;
  case PF_ARG_PFN:
  case PF_ARG_PFNS:
    *high = PF_LAST_FRAME;
    break;
  case PF_ARG_ORDER:
    *high = 31;
    break;
  case PF_ARG_COUNT:
  case PF_ARG_PAGES3:
    *high = UINT32_MAX;
    break;
  default:
    *high = reader->max_address;
  }
}

/* One argument, or one element of it, on its way from the line into the operation. */
struct argument {
  const struct pf_arg_info *info;
  uint32_t place; /* in pf_op.arg */
  const char *key;
  const cJSON *item; /* NULL: left out */
  int64_t low, high;
};

static int bad_argument(struct pf_run_reader *reader, const struct argument *arg) {
  return pf_run_bad(reader, arg->key, arg->item, "%s from %lld to %lld%s", wanted[arg->info->type].before,
                    (long long)arg->low, (long long)arg->high, wanted[arg->info->type].behind);
}

/* "buf" or "buf+4": arg gets the name's number and the offset, refs the mark that says so. */
static int read_reference(struct pf_run_reader *reader, const struct argument *arg, struct pf_op *op) {
  const char *text = cJSON_GetStringValue(arg->item);
  size_t length = text ? name_length(text) : 0;
  if (length == 0)
    return bad_argument(reader, arg);
  const char *rest = text + length;
  uint64_t offset = 0;
  if (*rest == '+') {
    size_t digits = strspn(rest + 1, "0123456789");
    offset = digits >= 1 && digits <= 10 ? strtoull(rest + 1, NULL, 10) : UINT64_MAX;
    rest += 1 + digits;
  }
  if (*rest || offset > UINT32_MAX)
    return bad_argument(reader, arg);
  int64_t number = pf_run_name_find(reader, text, length);
  if (number < 0)
    return pf_run_bad(reader, arg->key, arg->item, "a name given by \"as\" before");
  op->arg[arg->place] = (uint64_t)number | offset << 32;
  op->refs |= 1u << arg->place;
  return 0;
}

static int read_gfp(struct pf_run_reader *reader, const struct argument *arg, struct pf_op *op) {
  const char *text = cJSON_GetStringValue(arg->item);
  if (!text)
    return pf_run_bad(reader, arg->key, arg->item, "flag names joined by |");
  uint32_t mask = 0;
  const char *bad = NULL;
  size_t size = 0;
  if (pf_gfp_parse(reader->run->machine.kernel, text, &mask, &bad, &size)) {
    op->arg[arg->place] = mask;
    return 0;
  }
  char *name = strndup(bad, size);
  cJSON found = {.type = cJSON_String, .valuestring = name};
  int status =
      name ? pf_run_bad(reader, arg->key, &found, "flag names of %s", reader->kernel->name) : pf_run_no_memory(reader);
  free(name);
  return status;
}

static int read_direction(struct pf_run_reader *reader, const struct argument *arg, struct pf_op *op) {
  const char *text = cJSON_GetStringValue(arg->item);
  int is_down = text && strcmp(text, "down") == 0;
  if (!is_down && !(text && strcmp(text, "up") == 0))
    return pf_run_bad(reader, arg->key, arg->item, "\"up\" or \"down\"");
  op->arg[arg->place] = (uint64_t)is_down;
  return 0;
}

static int read_sysctl(struct pf_run_reader *reader, const struct argument *arg, struct pf_op *op) {
  const char *text = cJSON_GetStringValue(arg->item);
  char names[256] = "";
  for (uint32_t i = 0; i < PF_NR_SYSCTLS; i++) {
    op->arg[arg->place] = i;
    if (text && strcmp(text, pf_sysctl_name(i)) == 0)
      return 0;
    size_t size = strlen(names);
    snprintf(names + size, sizeof names - size, "%s%s", i ? ", " : "", pf_sysctl_name(i));
  }
  return pf_run_bad(reader, arg->key, arg->item, "one of %s", names);
}

/* A number, a name or NULL, as the argument's type allows. */
static int read_plain(struct pf_run_reader *reader, const struct argument *arg, struct pf_op *op) {
  uint32_t type = arg->info->type;
  if (type == PF_ARG_ADDR && cJSON_IsNull(arg->item)) {
    op->arg[arg->place] = PF_NO_ADDRESS;
    return 0;
  }
  if ((type == PF_ARG_PFN || type == PF_ARG_PFNS || type == PF_ARG_ADDR) && cJSON_IsString(arg->item))
    return read_reference(reader, arg, op);
  int64_t value;
  if (!pf_json_whole(arg->item, arg->low, arg->high, &value))
    return bad_argument(reader, arg);
  op->arg[arg->place] = (uint64_t)value;
  return 0;
}

/* All elements of an array, each in a place of its own. */
static int read_elements(struct pf_run_reader *reader, const struct argument *array, struct pf_op *op) {
  struct argument element = *array;
  char key[64];
  element.key = key;
  cJSON_ArrayForEach(element.item, array->item) {
    snprintf(key, sizeof key, "%s[%u]", array->key, element.place - array->place);
    if (read_plain(reader, &element, op) < 0)
      return -1;
    element.place++;
  }
  return 0;
}

static int read_three(struct pf_run_reader *reader, const struct argument *arg, struct pf_op *op) {
  if (!cJSON_IsArray(arg->item) || cJSON_GetArraySize(arg->item) != 3)
    return pf_run_bad(reader, arg->key, arg->item, "an array of 3");
  return read_elements(reader, arg, op);
}

static int read_frames(struct pf_run_reader *reader, const struct argument *arg, struct pf_op *op) {
  if (!cJSON_IsArray(arg->item) || cJSON_GetArraySize(arg->item) > (int)PF_PAGEVEC_SIZE)
    return pf_run_bad(reader, arg->key, arg->item, "an array of at most %u frames", PF_PAGEVEC_SIZE);
  for (uint32_t i = 0; i < PF_PAGEVEC_SIZE; i++)
    op->arg[arg->place + i] = PF_NO_PFN;
  return read_elements(reader, arg, op);
}

static int read_value(struct pf_run_reader *reader, const struct argument *arg, struct pf_op *op) {
  if (!arg->item && !arg->info->required) {
    uint64_t absent = arg->info->absent == UINT32_MAX ? UINT64_MAX : arg->info->absent;
    op->arg[arg->place] = absent;
    return 0;
  }
  switch (arg->info->type) {
  case PF_ARG_GFP:
    return read_gfp(reader, arg, op);
  case PF_ARG_DIR:
    return read_direction(reader, arg, op);
  case PF_ARG_PAGES3:
    return read_three(reader, arg, op);
  case PF_ARG_PFNS:
    return read_frames(reader, arg, op);
  case PF_ARG_SYSCTL:
    return read_sysctl(reader, arg, op);
  default:
    return read_plain(reader, arg, op);
  }
}

/* A frame stands under the argument's own name or under "page". */
static int read_argument(struct pf_run_reader *reader, const cJSON *object, const struct pf_arg_info *info,
                         struct pf_op *op) {
  struct argument arg = {info, info->index, info->name, pf_json_member(object, info->name), 0, 0};
  argument_range(reader, info, &arg.low, &arg.high);
  const cJSON *page = info->type == PF_ARG_PFN ? pf_json_member(object, "page") : NULL;
  if (page && arg.item)
    return pf_run_bad(reader, "page", page, "nothing beside \"%s\"", info->name);
  if (page) {
    arg.key = "page";
    arg.item = page;
  }
  return read_value(reader, &arg, op);
}

static int is_one_of(const char *key, const char *const *keys, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (strcmp(key, keys[i]) == 0)
      return 1;
  }
  return 0;
}

static int is_field(uint32_t op, const struct pf_op_info *info, const char *key) {
  if (is_one_of(key, common_keys, sizeof common_keys / sizeof common_keys[0]))
    return 1;
  if (op == PF_OP_MEMBLOCK_FREE_ALL && is_one_of(key, range_keys, sizeof range_keys / sizeof range_keys[0]))
    return 1;
  if (sets_marks(op) && is_one_of(key, mark_keys, sizeof mark_keys / sizeof mark_keys[0]))
    return 1;
  for (uint32_t i = 0; i < info->nr_args; i++) {
    if (strcmp(key, info->arg[i].name) == 0 || (info->arg[i].type == PF_ARG_PFN && strcmp(key, "page") == 0))
      return 1;
  }
  return 0;
}

/* The last item of that key counts: of a key that stands twice, it is the one to name. */
static int check_fields(struct pf_run_reader *reader, const cJSON *object, uint32_t op, const struct pf_op_info *info) {
  const cJSON *item;
  cJSON_ArrayForEach(item, object) {
    if (!is_field(op, info, item->string))
      return pf_run_bad(reader, item->string, pf_json_member(object, item->string), "a field of %s", info->name);
  }
  return 0;
}

/* ---------------------------------------------------------------- beside the arguments */

static int read_caller(struct pf_run_reader *reader, const cJSON *object, struct pf_op *op) {
  const cJSON *cpu = pf_json_member(object, "cpu");
  uint32_t last = reader->run->machine.nr_cpus - 1;
  int64_t value = 0;
  if (cpu && !pf_json_whole(cpu, 0, last, &value))
    return pf_run_bad(reader, "cpu", cpu, "a CPU from 0 to %u", last);
  op->cpu = (uint32_t)value;
  const cJSON *task = pf_json_member(object, "task");
  if (task) {
    const char *text = cJSON_GetStringValue(task);
    for (const struct pf_run_task *known = pf_run_tasks; known->name; known++)
      op->task |= text && strcmp(text, known->name) == 0 ? known->bit : 0;
    if (!op->task)
      return pf_run_bad(reader, "task", task, "\"PF_MEMALLOC\", \"PF_MEMDIE\", \"rt\" or \"oom_victim\"");
  }
  const cJSON *irq = pf_json_member(object, "irq");
  if (irq && !cJSON_IsBool(irq))
    return pf_run_bad(reader, "irq", irq, "true or false");
  if (cJSON_IsTrue(irq))
    op->task |= PF_TASK_IRQ;
  return 0;
}

static int read_as(struct pf_run_reader *reader, const cJSON *object, const struct pf_op_info *info, struct pf_op *op) {
  const cJSON *as = pf_json_member(object, "as");
  if (!as)
    return 0;
  if (info->result != PF_RESULT_PFN && info->result != PF_RESULT_ADDR)
    return pf_run_bad(reader, "as", as, "nothing, as %s returns no allocation", info->name);
  size_t length = cJSON_IsString(as) ? name_length(as->valuestring) : 0;
  if (length == 0 || as->valuestring[length])
    return pf_run_bad(reader, "as", as, "a name: letters, digits and _, no digit first");
  int64_t number = pf_run_name_add(reader, as->valuestring);
  if (number < 0)
    return pf_run_no_memory(reader);
  op->as = (uint32_t)number + 1;
  return 0;
}

static int check_frames(struct pf_run_reader *reader, const cJSON *ret) {
  const cJSON *item;
  int64_t value;
  if (!cJSON_IsArray(ret))
    return pf_run_bad(reader, "ret", ret, "an array of frames");
  cJSON_ArrayForEach(item, ret) {
    if (!pf_json_whole(item, 0, PF_LAST_FRAME, &value))
      return pf_run_bad(reader, "ret", item, "an array of frames");
  }
  return 0;
}

static int check_ret(struct pf_run_reader *reader, const cJSON *ret, const struct pf_op_info *info) {
  int64_t value;
  if (!ret)
    return 0;
  if (info->result == PF_RESULT_NONE)
    return pf_run_bad(reader, "ret", ret, "nothing, as %s returns nothing", info->name);
  if (info->result == PF_RESULT_PFNS)
    return check_frames(reader, ret);
  if (cJSON_IsNull(ret))
    return 0;
  if (info->result == PF_RESULT_BOOL)
    return cJSON_IsBool(ret) ? 0 : pf_run_bad(reader, "ret", ret, "true, false or null");
  if (pf_json_whole(ret, 0, PF_JSON_WHOLE_MAX, &value))
    return 0;
  int may_stall = info->result == PF_RESULT_PFN || info->result == PF_RESULT_ADDR;
  if (may_stall && cJSON_IsString(ret) && strcmp(ret->valuestring, "stall") == 0)
    return 0;
  const char *kind = info->result == PF_RESULT_PFN ? "a frame" : "an address";
  return may_stall ? pf_run_bad(reader, "ret", ret, "%s, null or \"stall\"", kind)
                   : pf_run_bad(reader, "ret", ret, "a number or null");
}

static int check_strings(struct pf_run_reader *reader, const cJSON *object, const char *const *keys, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const cJSON *text = pf_json_member(object, keys[i]);
    if (text && !cJSON_IsString(text))
      return pf_run_bad(reader, keys[i], text, "a string");
  }
  return 0;
}

/* The watermarks that the operation left. */
static int check_marks(struct pf_run_reader *reader, const cJSON *object) {
  const cJSON *zones = pf_json_member(object, "zones");
  if (zones && !cJSON_IsArray(zones))
    return pf_run_bad(reader, "zones", zones, "an array");
  const cJSON *kbytes = pf_json_member(object, "min_free_kbytes");
  int64_t value;
  if (kbytes && !pf_json_whole(kbytes, 0, UINT32_MAX, &value))
    return pf_run_bad(reader, "min_free_kbytes", kbytes, "a number from 0 to %u", UINT32_MAX);
  return 0;
}

/* The recorded results: only their form; `verify` compares them. */
static int check_results(struct pf_run_reader *reader, const cJSON *object, const struct pf_op_info *info) {
  static const char *const endings[] = {"bug", "oops", "panic"};
  static const char *const remarks[] = {"note", "by"};
  if (check_ret(reader, pf_json_member(object, "ret"), info) < 0 || check_strings(reader, object, endings, 3) < 0)
    return -1;
  const cJSON *hang = pf_json_member(object, "hang");
  if (hang && !cJSON_IsTrue(hang))
    return pf_run_bad(reader, "hang", hang, "true");
  const cJSON *warn = pf_json_member(object, "warn");
  if (warn && !cJSON_IsObject(warn))
    return pf_run_bad(reader, "warn", warn, "an object");
  if (check_marks(reader, object) < 0)
    return -1;
  return check_strings(reader, object, remarks, 2);
}

int pf_run_operation(struct pf_run_reader *reader, const cJSON *object, struct pf_run_line *line) {
  const cJSON *name = pf_json_member(object, "op");
  const char *text = cJSON_IsString(name) ? name->valuestring : "";
  if (strcmp(text, "check") == 0)
    return pf_run_check(reader, object, line);
  if (strcmp(text, "state") == 0)
    return pf_run_state(reader, object, line);
  struct pf_op_info info;
  line->op.kind = pf_op_find(text);
  if (!pf_op_info(line->op.kind, &info) || info.is_trace)
    return pf_run_bad(reader, "op", name, "an operation");
  if (check_fields(reader, object, line->op.kind, &info) < 0)
    return -1;
  for (uint32_t i = 0; i < info.nr_args; i++) {
    if (read_argument(reader, object, &info.arg[i], &line->op) < 0)
      return -1;
  }
  if (read_caller(reader, object, &line->op) < 0 || read_as(reader, object, &info, &line->op) < 0 ||
      check_results(reader, object, &info) < 0)
    return -1;
  line->result = info.result;
  const cJSON *by = pf_json_member(object, "by");
  int is_kernel = by && strcmp(by->valuestring, "kernel") == 0;
  line->kind = by && !is_kernel ? PF_LINE_MADE : PF_LINE_OP;
  if (is_kernel)
    line->op.task |= PF_TASK_KERNEL;
  if (line->op.kind == PF_OP_MEMBLOCK_FREE_ALL &&
      (pf_json_member(object, "memory") || pf_json_member(object, "reserved")))
    return pf_run_ranges(reader, object);
  return 0;
}
