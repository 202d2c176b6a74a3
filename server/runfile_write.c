/* Run files: the writer. */
#include <inttypes.h>
#include <string.h>

#include "runfile_internal.h"

static uint64_t whole(struct pf_u64 value) { return (uint64_t)value.hi << 32 | value.lo; }

static void write_ranges(struct pf_buffer *out, const char *key, const struct pf_range *ranges, uint32_t count,
                         int has_node) {
  if (count == 0)
    return;
  pf_buffer_print(out, ",\"%s\":[", key);
  for (uint32_t i = 0; i < count; i++) {
    pf_buffer_print(out, "%s[%" PRIu64 ",%" PRIu64, i ? "," : "", whole(ranges[i].addr), whole(ranges[i].size));
    if (has_node)
      pf_buffer_print(out, ",%u", ranges[i].node);
    pf_buffer_print(out, "]");
  }
  pf_buffer_print(out, "]");
}

/* What the header said beside nodes and CPUs. */
static void write_config(struct pf_buffer *out, const struct pf_machine *machine) {
  if (machine->bits_per_long)
    pf_buffer_print(out, ",\"bits_per_long\":%u", machine->bits_per_long);
  if (!machine->smp && !machine->sizeof_struct_page)
    return;
  pf_buffer_print(out, ",\"config\":{%s", machine->smp ? "\"smp\":true" : "");
  if (machine->sizeof_struct_page)
    pf_buffer_print(out, "%s\"sizeof_struct_page\":%u", machine->smp ? "," : "", machine->sizeof_struct_page);
  pf_buffer_print(out, "}");
}

static void write_node(struct pf_buffer *out, const struct pf_machine *machine, uint32_t i) {
  const struct pf_node_desc *node = &machine->node[i];
  uint32_t written = 0;
  pf_buffer_print(out, "%s{\"id\":%u,\"start_pfn\":%u,\"pages\":%u", i ? "," : "", i, node->start_pfn, node->pages);
  for (uint32_t cpu = 0; cpu < PF_MAX_CPUS; cpu++)
    if (node->cpus[cpu / 32] >> cpu % 32 & 1)
      pf_buffer_print(out, "%s%u", written++ ? "," : ",\"cpus\":[", cpu);
  pf_buffer_print(out, "%s}", written ? "]" : "");
}

/* The settings that belong to a state line. */
static void write_settings(struct pf_buffer *out, const struct pf_run *run) {
  static const char *const keys[] = {"min_free_kbytes", "watermark_boost_factor", "watermark_scale_factor",
                                     "percpu_pagelist_high_fraction"};
  cJSON *header = run->nr_states ? pf_run_json(run, &run->header) : NULL;
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    const cJSON *value = pf_json_member(header, keys[i]);
    if (value)
      pf_buffer_print(out, ",\"%s\":%.0f", keys[i], value->valuedouble);
  }
  cJSON_Delete(header);
}

static void write_header(struct pf_buffer *out, const struct pf_run *run) {
  const struct pf_machine *machine = &run->machine;
  pf_buffer_print(out,
                  "{\"format\":\"pageframe-run/1\",\"kernel\":\"%s\",\"name\":", pf_kernel_info(machine->kernel)->name);
  pf_buffer_json_string(out, run->name);
  pf_buffer_print(out, ",\"about\":");
  pf_buffer_json_string(out, run->about);
  pf_buffer_print(out, ",\"build\":\"%s\",\"cpus\":%u,\"on_bug\":\"%s\",\"machine\":{\"nodes\":[",
                  machine->numa ? "numa" : "uma", machine->nr_cpus, run->stop_on_bug ? "stop" : "continue");
  for (uint32_t i = 0; i < machine->nr_nodes; i++)
    write_node(out, machine, i);
  pf_buffer_print(out, "]}");
  write_ranges(out, "memory", machine->memory, machine->nr_memory, 1);
  write_ranges(out, "reserved", machine->reserved, machine->nr_reserved, 0);
  write_config(out, machine);
  write_settings(out, run);
  pf_buffer_print(out, "}\n");
}

static uint32_t bits_in(uint32_t mask) {
  uint32_t count = 0;
  for (; mask; mask &= mask - 1)
    count++;
  return count;
}

/* The mask as flag names: each time the name that tells most of what is left, and nothing that is not in the mask. */
static void write_gfp(struct pf_buffer *out, uint32_t kernel, uint32_t mask) {
  uint32_t left = mask;
  pf_buffer_print(out, "\"");
  do {
    const struct pf_gfp_name *best = NULL;
    for (const struct pf_gfp_name *name = pf_kernel_info(kernel)->gfps; name->name; name++) {
      uint32_t told = bits_in(name->mask & left);
      if (told && !(name->mask & ~mask) && (!best || told > bits_in(best->mask & left)))
        best = name;
    }
    pf_buffer_print(out, "%s%s", left == mask ? "" : "|", best ? best->name : "0");
    left = best ? left & ~best->mask : 0;
  } while (left);
  pf_buffer_print(out, "\"");
}

/* What stands in one place of pf_op.arg. */
static void write_value(struct pf_buffer *out, const struct pf_run *run, const struct pf_op *op,
                        const struct pf_arg_info *arg, uint32_t place) {
  uint64_t value = op->arg[place];
  if (op->refs & 1u << place) {
    pf_buffer_print(out, "\"%s", run->names[(uint32_t)value]);
    if (value >> 32)
      pf_buffer_print(out, "+%" PRIu64, value >> 32);
    pf_buffer_print(out, "\"");
  } else if (arg->type == PF_ARG_NODE && value == UINT64_MAX) {
    pf_buffer_print(out, "-1");
  } else if (arg->type == PF_ARG_ADDR && value == PF_NO_ADDRESS) {
    pf_buffer_print(out, "null");
  } else if (arg->type == PF_ARG_GFP) {
    write_gfp(out, run->machine.kernel, (uint32_t)value);
  } else if (arg->type == PF_ARG_DIR) {
    pf_buffer_print(out, value ? "\"down\"" : "\"up\"");
  } else if (arg->type == PF_ARG_SYSCTL) {
    pf_buffer_print(out, "\"%s\"", pf_sysctl_name((uint32_t)value));
  } else {
    pf_buffer_print(out, "%" PRIu64, value);
  }
}

/* How many places of an array the operation uses. */
static uint32_t places_used(const struct pf_op *op, const struct pf_arg_info *arg) {
  uint32_t used = arg->places;
  while (arg->type == PF_ARG_PFNS && used > 0 && op->arg[arg->index + used - 1] == PF_NO_PFN)
    used--;
  return used;
}

static void write_argument(struct pf_buffer *out, const struct pf_run *run, const struct pf_op *op,
                           const struct pf_arg_info *arg) {
  int is_array = arg->places > 1;
  uint32_t used = places_used(op, arg);
  pf_buffer_print(out, ",\"%s\":%s", arg->name, is_array ? "[" : "");
  for (uint32_t i = 0; i < used; i++) {
    pf_buffer_print(out, "%s", i ? "," : "");
    write_value(out, run, op, arg, arg->index + i);
  }
  pf_buffer_print(out, "%s", is_array ? "]" : "");
}

/* Who made the call, where it was another one: it may name an allocation that later lines refer to. */
static void write_maker(struct pf_buffer *out, const struct pf_run *run, const struct pf_run_line *line) {
  cJSON *json = pf_run_json(run, line);
  const char *by = cJSON_GetStringValue(pf_json_member(json, "by"));
  pf_buffer_print(out, ",\"by\":");
  pf_buffer_json_string(out, by ? by : "");
  cJSON_Delete(json);
}

static void write_op(struct pf_buffer *out, const struct pf_run *run, const struct pf_run_line *line) {
  const struct pf_op *op = &line->op;
  struct pf_op_info info;
  if (!pf_op_info(op->kind, &info))
    return;
  pf_buffer_print(out, "{\"op\":\"%s\"", info.name);
  for (uint32_t i = 0; i < info.nr_args; i++)
    write_argument(out, run, op, &info.arg[i]);
  if (op->cpu)
    pf_buffer_print(out, ",\"cpu\":%u", op->cpu);
  for (const struct pf_run_task *task = pf_run_tasks; task->name; task++) {
    if (op->task & task->bit)
      pf_buffer_print(out, ",\"task\":\"%s\"", task->name);
  }
  if (op->task & PF_TASK_IRQ)
    pf_buffer_print(out, ",\"irq\":true");
  if (op->as)
    pf_buffer_print(out, ",\"as\":\"%s\"", run->names[op->as - 1]);
  if (line->kind == PF_LINE_MADE)
    write_maker(out, run, line);
  if (op->task & PF_TASK_KERNEL)
    pf_buffer_print(out, ",\"by\":\"kernel\"");
  pf_buffer_print(out, "}\n");
}

void pf_run_write(const struct pf_run *run, struct pf_buffer *out) {
  write_header(out, run);
  for (size_t i = 0; i < run->nr_lines; i++) {
    const struct pf_run_line *line = &run->lines[i];
    if (line->kind == PF_LINE_STATE)
      pf_buffer_print(out, "%.*s\n", (int)line->size, run->text.bytes + line->at);
    else if (line->kind != PF_LINE_CHECK)
      write_op(out, run, line);
  }
}
