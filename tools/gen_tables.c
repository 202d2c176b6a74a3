/*
 * gen_tables.c - writes what other languages need to know of the engine's tables.
 *
 *   gen_tables ts       web/src/generated/tables.ts: names, operations, events, kernels, layouts, event types
 *   gen_tables schema   server/protocol.schema.json: JSON Schema (draft-07) of the server's messages
 *
 * Both are committed; a test compares them with fresh output (target `generate` writes them anew).
 */
#include "pageframe.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* ---------------------------------------------------------------- the tables, as text */

struct arg_row {
  const char *name, *type, *need;
};
struct op_row {
  const char *name, *result, *claim;
  struct arg_row args[PF_MAX_ARGS];
};
static const struct op_row op_rows[] = {
    {"none", "NONE", "OPERATION", {{0}}},
#define PF_ARG(place, name, type, need) {name, #type, #need},
#define PF_OP(id, name, result, claim, args) {name, #result, #claim, {args{0}}},
#include "ops.def"
#undef PF_OP
#undef PF_ARG
};

/* What an argument is where it is left out. */
static const char *absent_value(const char *need) {
  static const char *const values[][2] = {{"ANY", "-1"}, {"LINE", "32"}, {"GOAL", "16777216"}};
  for (size_t i = 0; i < COUNT(values); i++)
    if (strcmp(need, values[i][0]) == 0)
      return values[i][1];
  return "0";
}

/* A part of the 16-byte record: its letter, its bits, and where an unsigned value must end. */
struct part {
  const char *letter;
  const char *max;
};
static const struct part parts[] = {
    {"s", "255"}, {"t", "65535"}, {"a", "4294967295"}, {"b", "4294967295"}, {"c", "4294967295"}};

struct field_row {
  const char *name, *type;
  bool is_signed;
};
struct event_row {
  const char *name, *layer;
  struct field_row fields[COUNT(parts)];
};
static const struct event_row event_rows[] = {
    {"none", "DECISIONS", {{0}}},
#define PF_F(name, type)                                                                                               \
  { name, #type, false }
#define PF_I(name, type)                                                                                               \
  { name, #type, true }
#define PF_NO                                                                                                          \
  { 0 }
#define PF_EVENT(id, name, layer, s, t, a, b, c) {name, #layer, {s, t, a, b, c}},
#include "events.def"
#undef PF_EVENT
#undef PF_F
#undef PF_I
#undef PF_NO
};

#define PF_TEXT(id, text) text,
static const char *const state_names[] = {PF_STATES(PF_TEXT)};
static const char *const outcome_names[] = {PF_OUTCOMES(PF_TEXT)};
static const char *const result_names[] = {PF_RESULTS(PF_TEXT)};
static const char *const layer_names[] = {PF_LAYERS(PF_TEXT)};
static const char *const mark_names[] = {PF_MARKS(PF_TEXT)};
static const char *const trouble_names[] = {PF_TROUBLES(PF_TEXT)};
static const char *const gap_names[] = {PF_GAPS(PF_TEXT)};
static const char *const sysctl_names[] = {PF_SYSCTLS(PF_TEXT)};
static const char *const reason_names[] = {PF_REASONS(PF_TEXT)};
static const char *const bug_names[] = {
#define PF_BUG(id, text) text,
#include "bugs.def"
#undef PF_BUG
};
#undef PF_TEXT

struct name_list {
  const char *constant;   /* in TypeScript */
  const char *type;       /* of its elements, in TypeScript */
  const char *definition; /* in the schema */
  const char *field_type; /* in events.def */
  const char *const *names;
  size_t count;
};
static const struct name_list name_lists[] = {
    {"STATES", "StateName", "state", "STATE", state_names, COUNT(state_names)},
    {"OUTCOMES", "OutcomeName", "outcome", "OUTCOME", outcome_names, COUNT(outcome_names)},
    {"RESULTS", "ResultName", "result", "RESULT", result_names, COUNT(result_names)},
    {"LAYERS", "LayerName", "layer", "LAYER", layer_names, COUNT(layer_names)},
    {"MARKS", "MarkName", NULL, "MARK", mark_names, COUNT(mark_names)},
    {"TROUBLES", "TroubleName", NULL, "TROUBLE", trouble_names, COUNT(trouble_names)},
    {"GAPS", "GapName", NULL, "GAP", gap_names, COUNT(gap_names)},
    {"SYSCTLS", "SysctlName", NULL, "SYSCTL", sysctl_names, COUNT(sysctl_names)},
    {"BUGS", "BugText", "bug", "BUG", bug_names, COUNT(bug_names)},
    {"REASONS", "ReasonText", "reason", "REASON", reason_names, COUNT(reason_names)},
};

static const struct name_list *find_names(const char *field_type) {
  for (size_t i = 0; i < COUNT(name_lists); i++) {
    if (strcmp(name_lists[i].field_type, field_type) == 0) {
      return &name_lists[i];
    }
  }
  return NULL;
}

/* Is the field written as a name in JSON (and then always)? */
static bool is_name(const char *type) {
  return strcmp(type, "OP") == 0 || strcmp(type, "ARG") == 0 || find_names(type) != NULL;
}

static void print_lower(const char *text) {
  for (; *text != '\0'; text++) {
    putchar(tolower((unsigned char)*text));
  }
}

/* "op_begin" as "OpBegin". */
static void print_camel(const char *name) {
  for (bool first = true; *name != '\0'; name++) {
    if (*name != '_') {
      putchar(first ? toupper((unsigned char)*name) : *name);
    }
    first = *name == '_';
  }
}

/* ---------------------------------------------------------------- TypeScript */

static void ts_name_lists(void) {
  for (size_t i = 0; i < COUNT(name_lists); i++) {
    const struct name_list *list = &name_lists[i];
    printf("export const %s = [", list->constant);
    for (size_t j = 0; j < list->count; j++) {
      printf("%s'%s'", j > 0 ? ", " : "", list->names[j]);
    }
    printf("] as const;\nexport type %s = (typeof %s)[number];\n\n", list->type, list->constant);
  }
  printf("/** enum pf_status, in words. */\nexport const STATUSES = [");
  for (uint32_t status = PF_OK; status <= PF_E_FULL; status++) {
    printf("%s'%s'", status > 0 ? ", " : "", pf_status_text(status));
  }
  printf("] as const;\n\n");
}

static void ts_ops(void) {
  printf("export type OpName =");
  for (size_t i = 1; i < COUNT(op_rows); i++) {
    printf("\n  | '%s'", op_rows[i].name);
  }
  printf(";\n\nexport type ArgType = 'NODE' | 'PFN' | 'ADDR' | 'SIZE' | 'ALIGN' | 'ORDER' | 'GFP' | 'COUNT' | 'DIR' | "
         "'PAGES3' | 'PFNS' | 'SYSCTL';\n\n"
         "export interface ArgInfo {\n  name: string;\n  type: ArgType;\n  required: boolean;\n"
         "  /** What it is where it is left out. */\n  default: number;\n"
         "  /** Its (first) place in pf_op.arg; PAGES3 and PFNS take several. */\n  index: number;\n}\n\n"
         "export interface OpInfo {\n  name: OpName | 'none';\n  result: ResultName;\n"
         "  /** A line of a kernel trace, in no run file. */\n  trace: boolean;\n  args: readonly ArgInfo[];\n}\n\n"
         "/** engine/ops.def, by number; 0 is no operation. */\nexport const OPS: readonly OpInfo[] = [\n");
  for (size_t i = 0; i < COUNT(op_rows); i++) {
    const struct op_row *op = &op_rows[i];
    printf("  { name: '%s', result: '", op->name);
    print_lower(op->result);
    printf("', trace: %s, args: [", strcmp(op->claim, "TRACE") == 0 ? "true" : "false");
    uint32_t index = 0;
    for (const struct arg_row *arg = op->args; arg->name != NULL; arg++) {
      printf("%s\n    { name: '%s', type: '%s', required: %s, default: %s, index: %u }", arg > op->args ? "," : "",
             arg->name, arg->type, strcmp(arg->need, "MUST") == 0 ? "true" : "false", absent_value(arg->need), index);
      index += strcmp(arg->type, "PAGES3") == 0 ? 3 : strcmp(arg->type, "PFNS") == 0 ? PF_PAGEVEC_SIZE : 1;
    }
    printf("%s] },\n", index > 0 ? ",\n  " : "");
  }
  printf("];\n\n");
}

static void ts_events(void) {
  printf("export interface FieldInfo {\n  name: string;\n  type: string;\n"
         "  /** Which part of the record: s 8 bits, t 16 bits, a, b and c 32 bits. */\n"
         "  part: 's' | 't' | 'a' | 'b' | 'c';\n  signed: boolean;\n}\n\n"
         "export interface EventInfo {\n  name: EventJson['kind'] | 'none';\n  layer: LayerName;\n"
         "  fields: readonly FieldInfo[];\n}\n\n"
         "/** engine/events.def, by number; 0 is no event. */\nexport const EVENTS: readonly EventInfo[] = [\n");
  for (size_t i = 0; i < COUNT(event_rows); i++) {
    const struct event_row *event = &event_rows[i];
    printf("  { name: '%s', layer: '", event->name);
    print_lower(event->layer);
    printf("', fields: [");
    bool any = false;
    for (size_t j = 0; j < COUNT(parts); j++) {
      const struct field_row *field = &event->fields[j];
      if (field->name != NULL) {
        printf("%s\n    { name: '%s', type: '%s', part: '%s', signed: %s }", any ? "," : "", field->name, field->type,
               parts[j].letter, field->is_signed ? "true" : "false");
        any = true;
      }
    }
    printf("%s] },\n", any ? ",\n  " : "");
  }
  printf("];\n\n");
}

static const char *ts_field_type(const char *type) {
  if (strcmp(type, "BOOL") == 0) {
    return "boolean";
  }
  if (strcmp(type, "OP") == 0) {
    return "OpName";
  }
  if (strcmp(type, "ARG") == 0) {
    return "string";
  }
  const struct name_list *list = find_names(type);
  return list != NULL ? list->type : "number";
}

static void ts_event_types(void) {
  for (size_t i = 1; i < COUNT(event_rows); i++) {
    const struct event_row *event = &event_rows[i];
    printf("export interface ");
    print_camel(event->name);
    printf("Event {\n  kind: '%s';\n", event->name);
    for (size_t j = 0; j < COUNT(parts); j++) {
      const struct field_row *field = &event->fields[j];
      if (field->name != NULL) {
        printf("  %s%s: %s;\n", field->name, is_name(field->type) ? "" : "?", ts_field_type(field->type));
      }
    }
    printf("}\n\n");
  }
  printf("/** An event as JSON: names always, numbers and booleans only where they are not zero. */\n"
         "export type EventJson =");
  for (size_t i = 1; i < COUNT(event_rows); i++) {
    printf("\n  | ");
    print_camel(event_rows[i].name);
    printf("Event");
  }
  printf(";\n\n");
}

static void ts_lenders(const struct pf_kernel_info *info) {
  printf("],\n    lenders: [");
  for (uint32_t type = 0; type < info->nr_lent_types; type++) {
    printf("%s[", type > 0 ? ", " : "");
    for (uint32_t i = 0; i < info->nr_lenders; i++) {
      printf("%s%u", i > 0 ? ", " : "", info->lenders[type * info->nr_lenders + i]);
    }
    printf("]");
  }
  printf("],\n    highatomicShare: %u,\n", info->highatomic_share);
}

static void ts_gaps(uint32_t gaps) {
  printf("    gaps: [");
  for (uint32_t gap = 0, count = 0; gap < PF_NR_GAPS; gap++) {
    if (gaps >> gap & 1) {
      printf("%s'%s'", count++ > 0 ? ", " : "", gap_names[gap]);
    }
  }
}

static void ts_kernels(void) {
  printf("export interface KernelTable {\n  name: string;\n  /** The operations that it can carry out. */\n"
         "  ops: readonly OpName[];\n  gfps: Readonly<Record<string, number>>;\n"
         "  /** Flags that a kernel without them passes over. */\n  gfpHints: number;\n"
         "  zoneNames: readonly string[];\n  nrOrders: number;\n  nrPairOrders: number;\n  nrZoneTypes: number;\n"
         "  /** Migratetypes; none where an order has one list. */\n  typeNames: readonly string[];\n"
         "  /** From which types a type borrows, in order, by type; none where no list is a type's own. */\n"
         "  lenders: readonly (readonly number[])[];\n"
         "  /** A zone's atomic reserve grows to 1/this of its frames and a pageblock; 0: it has none. */\n"
         "  highatomicShare: number;\n  /** What is not modelled. */\n  gaps: readonly GapName[];\n"
         "  /** Lists and counters of a CPU in a zone; orders that these lists hold. */\n"
         "  nrPcpLists: number;\n  nrPcps: number;\n  nrPcpOrders: number;\n  pageblockOrder: number;\n"
         "  isAlignedByPfn: boolean;\n  hasPcp: boolean;\n  bitsPerLong: number;\n  mayBe64Bit: boolean;\n  "
         "nrSpareFrames: number;\n"
         "  pageOffset: number;\n}\n\n"
         "/** The kernel models; number n of pf_machine.kernel is KERNELS[n - 1]. */\n"
         "export const KERNELS: readonly KernelTable[] = [\n");
  const struct pf_kernel_info *info = NULL;
  for (uint32_t kernel = 1; (info = pf_kernel_info(kernel)) != NULL; kernel++) {
    printf("  {\n    name: '%s',\n    ops: [", info->name);
    for (uint32_t op = 0, count = 0; op < PF_NR_OPS; op++) {
      if (pf_kernel_has(kernel, op)) {
        printf("%s'%s'", count++ > 0 ? ", " : "", op_rows[op].name);
      }
    }
    printf("],\n    gfps: {\n");
    for (const struct pf_gfp_name *gfp = info->gfps; gfp->name != NULL; gfp++) {
      printf("      %s: %u,\n", gfp->name, gfp->mask);
    }
    printf("    },\n    gfpHints: %u,\n    zoneNames: [", info->gfp_hints);
    for (uint32_t type = 0; type < info->nr_zone_types; type++) {
      printf("%s'%s'", type > 0 ? ", " : "", info->zone_names[type]);
    }
    printf("],\n    typeNames: [");
    for (uint32_t type = 0; info->type_names && type < info->nr_types; type++) {
      printf("%s'%s'", type > 0 ? ", " : "", info->type_names[type]);
    }
    ts_lenders(info);
    ts_gaps(info->gaps);
    printf("],\n    nrPcpLists: %u,\n    nrPcps: %u,\n    nrPcpOrders: %u,\n    pageblockOrder: %u,\n    "
           "isAlignedByPfn: %s,\n",
           info->nr_pcp_lists, info->nr_pcps, info->nr_pcp_orders, info->pageblock_order,
           info->is_aligned_by_pfn ? "true" : "false");
    printf("    nrOrders: %u,\n    nrPairOrders: %u,\n    nrZoneTypes: %u,\n    hasPcp: %s,\n    "
           "bitsPerLong: %u,\n    mayBe64Bit: %s,\n    nrSpareFrames: %u,\n    pageOffset: %u,\n  },\n",
           info->nr_orders, info->nr_pair_orders, info->nr_zone_types, info->nr_pcps ? "true" : "false",
           info->bits_per_long, info->may_be_64_bit ? "true" : "false", info->nr_spare_frames, info->page_offset);
  }
  printf("];\n\n");
}

/* Only structs without pointers: those lie the same in every build. */
struct member {
  const char *name;
  size_t offset;
};
struct layout {
  const char *name;
  size_t size;
  struct member members[20];
};
#define AT(type, member)                                                                                               \
  { #member, offsetof(struct type, member) }
static const struct layout layouts[] = {
    {"pf_machine",
     sizeof(struct pf_machine),
     {AT(pf_machine, kernel), AT(pf_machine, numa), AT(pf_machine, nr_cpus), AT(pf_machine, nr_nodes),
      AT(pf_machine, nr_names), AT(pf_machine, nr_memory), AT(pf_machine, nr_reserved), AT(pf_machine, bits_per_long),
      AT(pf_machine, smp), AT(pf_machine, sizeof_struct_page), AT(pf_machine, node), AT(pf_machine, memory),
      AT(pf_machine, reserved)}},
    {"pf_node_desc",
     sizeof(struct pf_node_desc),
     {AT(pf_node_desc, start_pfn), AT(pf_node_desc, pages), AT(pf_node_desc, cpus)}},
    {"pf_range", sizeof(struct pf_range), {AT(pf_range, addr), AT(pf_range, size), AT(pf_range, node)}},
    {"pf_op",
     sizeof(struct pf_op),
     {AT(pf_op, kind), AT(pf_op, cpu), AT(pf_op, task), AT(pf_op, line), AT(pf_op, as), AT(pf_op, refs),
      AT(pf_op, skip), AT(pf_op, arg)}},
    {"pf_event",
     sizeof(struct pf_event),
     {AT(pf_event, kind), AT(pf_event, s), AT(pf_event, t), AT(pf_event, a), AT(pf_event, b), AT(pf_event, c)}},
    {"pf_result",
     sizeof(struct pf_result),
     {AT(pf_result, outcome), AT(pf_result, result), AT(pf_result, value), AT(pf_result, bug)}},
    {"pf_zone_view",
     sizeof(struct pf_zone_view),
     {AT(pf_zone_view, node), AT(pf_zone_view, type), AT(pf_zone_view, start_pfn), AT(pf_zone_view, size),
      AT(pf_zone_view, holes), AT(pf_zone_view, free_pages), AT(pf_zone_view, pages_min), AT(pf_zone_view, pages_low),
      AT(pf_zone_view, pages_high), AT(pf_zone_view, need_balance), AT(pf_zone_view, protection),
      AT(pf_zone_view, managed), AT(pf_zone_view, boost), AT(pf_zone_view, boosted), AT(pf_zone_view, reclaim_active),
      AT(pf_zone_view, nr_reserved_highatomic), AT(pf_zone_view, nr_free)}},
    {"pf_pcp_view",
     sizeof(struct pf_pcp_view),
     {AT(pf_pcp_view, count), AT(pf_pcp_view, low), AT(pf_pcp_view, high), AT(pf_pcp_view, batch),
      AT(pf_pcp_view, free_factor), AT(pf_pcp_view, vm_stat_diff), AT(pf_pcp_view, stat_threshold)}},
    {"pf_list_view",
     sizeof(struct pf_list_view),
     {AT(pf_list_view, is_pcp), AT(pf_list_view, order), AT(pf_list_view, type), AT(pf_list_view, cpu),
      AT(pf_list_view, index)}},
    {"pf_boot_view",
     sizeof(struct pf_boot_view),
     {AT(pf_boot_view, mapstart), AT(pf_boot_view, start_pfn), AT(pf_boot_view, end_pfn), AT(pf_boot_view, last_pos),
      AT(pf_boot_view, last_offset), AT(pf_boot_view, last_success)}},
    {"pf_frame_view",
     sizeof(struct pf_frame_view),
     {AT(pf_frame_view, next), AT(pf_frame_view, prev), AT(pf_frame_view, count), AT(pf_frame_view, reserved),
      AT(pf_frame_view, mapped), AT(pf_frame_view, held), AT(pf_frame_view, lru), AT(pf_frame_view, free_order),
      AT(pf_frame_view, compound_order), AT(pf_frame_view, type)}},
    {"pf_map_frame",
     sizeof(struct pf_map_frame),
     {AT(pf_map_frame, state), AT(pf_map_frame, marks), AT(pf_map_frame, order), AT(pf_map_frame, head),
      AT(pf_map_frame, owner)}},
    {"pf_pageblock_view",
     sizeof(struct pf_pageblock_view),
     {AT(pf_pageblock_view, type), AT(pf_pageblock_view, listed), AT(pf_pageblock_view, asked)}},
    {"pf_trace_stats",
     sizeof(struct pf_trace_stats),
     {AT(pf_trace_stats, lines), AT(pf_trace_stats, events), AT(pf_trace_stats, ignored), AT(pf_trace_stats, skipped),
      AT(pf_trace_stats, lost), AT(pf_trace_stats, failed), AT(pf_trace_stats, frames), AT(pf_trace_stats, bad_line),
      AT(pf_trace_stats, bad)}},
    {"pf_finding",
     sizeof(struct pf_finding),
     {AT(pf_finding, kind), AT(pf_finding, zone), AT(pf_finding, list), AT(pf_finding, pfn)}},
};

static void ts_layouts(void) {
  printf("/** Byte offsets in the engine's structs, and their sizes. */\nexport const LAYOUT = {\n");
  for (size_t i = 0; i < COUNT(layouts); i++) {
    printf("  %s: { sizeof: %zu", layouts[i].name, layouts[i].size);
    for (const struct member *member = layouts[i].members; member->name != NULL; member++) {
      printf(", %s: %zu", member->name, member->offset);
    }
    printf(" },\n");
  }
  printf("} as const;\n");
}

static void write_ts(void) {
  printf("// Made from engine/*.def and engine/pageframe.h by tools/gen_tables.c; do not edit.\n"
         "// Anew: cmake --build --preset dev --target generate\n\n"
         "export const PROTOCOL_VERSION = %u;\n\n"
         "/** Most frames that one pagevec_free gives back: the places that an argument of type PFNS takes. */\n"
         "export const PAGEVEC_SIZE = %u;\n\n"
         "/** Bytes of a frame. */\n"
         "export const PAGE_SIZE = %u;\n\n",
         PF_VERSION, PF_PAGEVEC_SIZE, PF_PAGE_SIZE);
  ts_name_lists();
  ts_ops();
  ts_event_types();
  ts_events();
  ts_kernels();
  ts_layouts();
}

/* ---------------------------------------------------------------- JSON Schema */

static void schema_enum(const char *definition, const char *const *names, size_t count) {
  printf("    \"%s\": { \"enum\": [", definition);
  for (size_t i = 0; i < count; i++) {
    printf("%s\"%s\"", i > 0 ? ", " : "", names[i]);
  }
  printf("] },\n");
}

static void schema_names(void) {
  for (size_t i = 0; i < COUNT(name_lists); i++) {
    if (name_lists[i].definition != NULL) {
      schema_enum(name_lists[i].definition, name_lists[i].names, name_lists[i].count);
    }
  }
  const char *ops[COUNT(op_rows)];
  const char *args[COUNT(op_rows) * PF_MAX_ARGS];
  size_t nr_args = 0;
  for (size_t i = 0; i < COUNT(op_rows); i++) {
    ops[i] = op_rows[i].name;
    for (const struct arg_row *arg = op_rows[i].args; arg->name != NULL; arg++) {
      size_t seen = 0;
      while (seen < nr_args && strcmp(args[seen], arg->name) != 0) {
        seen++;
      }
      if (seen == nr_args) {
        args[nr_args++] = arg->name;
      }
    }
  }
  schema_enum("op", ops + 1, COUNT(op_rows) - 1);
  schema_enum("arg", args, nr_args);
}

static void schema_field(const struct field_row *field, const struct part *part) {
  printf(", \"%s\": { ", field->name);
  if (strcmp(field->type, "BOOL") == 0) {
    printf("\"type\": \"boolean\"");
  } else if (is_name(field->type)) {
    printf("\"$ref\": \"#/definitions/");
    print_lower(field->type);
    printf("\"");
  } else if (field->is_signed) {
    printf("\"type\": \"integer\", \"minimum\": -2147483648, \"maximum\": 2147483647");
  } else {
    printf("\"type\": \"integer\", \"minimum\": 0, \"maximum\": %s", part->max);
  }
  printf(" }");
}

static void schema_event(const struct event_row *event) {
  printf("    \"event_%s\": {\n      \"type\": \"object\",\n      \"properties\": { \"kind\": { \"const\": \"%s\" }",
         event->name, event->name);
  for (size_t i = 0; i < COUNT(parts); i++) {
    if (event->fields[i].name != NULL) {
      schema_field(&event->fields[i], &parts[i]);
    }
  }
  printf(" },\n      \"required\": [\"kind\"");
  for (size_t i = 0; i < COUNT(parts); i++) {
    if (event->fields[i].name != NULL && is_name(event->fields[i].type)) {
      printf(", \"%s\"", event->fields[i].name);
    }
  }
  printf("],\n      \"additionalProperties\": false\n    },\n");
}

static void schema_events(void) {
  for (size_t i = 1; i < COUNT(event_rows); i++) {
    schema_event(&event_rows[i]);
  }
  printf("    \"event\": {\n      \"oneOf\": [");
  for (size_t i = 1; i < COUNT(event_rows); i++) {
    printf("%s\n        { \"$ref\": \"#/definitions/event_%s\" }", i > 1 ? "," : "", event_rows[i].name);
  }
  printf("\n      ]\n    },\n");
}

#define NATURAL "{ \"type\": \"integer\", \"minimum\": 0 }"
#define TEXT "{ \"type\": \"string\" }"

struct property {
  const char *name, *schema;
};
struct message {
  const char *type, *what;
  struct property properties[9]; /* all required */
};
static const struct message messages[] = {
    {"hello",
     "First: what this room shows. `operations` is how many there will be, `rate` how many a second.",
     {{"name", TEXT},
      {"about", TEXT},
      {"chosen",
       "{ \"type\": \"array\", \"uniqueItems\": true, \"items\": { \"enum\": [\"order\", \"types\", \"pcp\"] } }"},
      {"kernel", "{ \"type\": [\"string\", \"null\"] }"},
      {"machine", "{ \"$ref\": \"#/definitions/machine\" }"},
      {"layers", "{ \"type\": \"array\", \"uniqueItems\": true, \"items\": { \"$ref\": \"#/definitions/layer\" } }"},
      {"operations", NATURAL},
      {"rate", "{ \"type\": \"number\", \"exclusiveMinimum\": 0 }"}}},
    {"snapshot",
     "Where the room is: `sequence` events and `entries` operations are in the map, whose `bytes` bytes are deflated "
     "(zlib) and then written in base64.",
     {{"sequence", NATURAL},
      {"entries", NATURAL},
      {"bytes", NATURAL},
      {"map", "{ \"type\": \"string\", \"pattern\": \"^[A-Za-z0-9+/]+=*$\" }"}}},
    {"events",
     "What happened; `sequence` is the number of the first event in it, counted from 0.",
     {{"sequence", NATURAL}, {"events", "{ \"type\": \"array\", \"items\": { \"$ref\": \"#/definitions/event\" } }"}}},
    {"end",
     "All is said: `sequence` events, and the digest of the map that they fold into.",
     {{"sequence", NATURAL}, {"digest", "{ \"type\": \"string\", \"pattern\": \"^[0-9a-f]{16}$\" }"}}},
    {"error",
     "The server could not take a message.",
     {{"code", "{ \"enum\": [\"malformed\", \"unknown\", \"oversized\"] }"}, {"message", TEXT}}},
};

static void schema_message(const struct message *message) {
  printf("    \"message_%s\": {\n      \"description\": \"%s\",\n      \"type\": \"object\",\n      \"properties\": {\n"
         "        \"type\": { \"const\": \"%s\" },\n        \"version\": { \"const\": %u }",
         message->type, message->what, message->type, PF_VERSION);
  for (const struct property *property = message->properties; property->name != NULL; property++) {
    printf(",\n        \"%s\": %s", property->name, property->schema);
  }
  printf("\n      },\n      \"required\": [\"type\", \"version\"");
  for (const struct property *property = message->properties; property->name != NULL; property++) {
    printf(", \"%s\"", property->name);
  }
  printf("],\n      \"additionalProperties\": false\n    }");
}

static void write_schema(void) {
  printf("{\n  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n"
         "  \"$comment\": \"Made from the engine's tables by tools/gen_tables.c; do not edit.\",\n"
         "  \"title\": \"Pageframe: messages from the server, version %u\",\n  \"oneOf\": [",
         PF_VERSION);
  for (size_t i = 0; i < COUNT(messages); i++) {
    printf("%s\n    { \"$ref\": \"#/definitions/message_%s\" }", i > 0 ? "," : "", messages[i].type);
  }
  printf("\n  ],\n  \"definitions\": {\n");
  schema_names();
  schema_events();
  printf(
      "    \"node\": {\n      \"type\": \"object\",\n      \"properties\": { \"id\": " NATURAL
      ", \"start_pfn\": " NATURAL ", \"pages\": " NATURAL
      " },\n      \"required\": [\"id\", \"start_pfn\", \"pages\"],\n"
      "      \"additionalProperties\": false\n    },\n"
      "    \"machine\": {\n      \"type\": \"object\",\n      \"properties\": {\n"
      "        \"numa\": { \"type\": \"boolean\" },\n"
      "        \"cpus\": { \"type\": \"integer\", \"minimum\": 1, \"maximum\": 256 },\n"
      "        \"bits_per_long\": { \"enum\": [32, 64] },\n"
      "        \"nodes\": { \"type\": \"array\", \"minItems\": 1, \"items\": { \"$ref\": \"#/definitions/node\" } }\n"
      "      },\n      \"required\": [\"numa\", \"cpus\", \"bits_per_long\", \"nodes\"],\n      "
      "\"additionalProperties\": false\n    },\n");
  for (size_t i = 0; i < COUNT(messages); i++) {
    schema_message(&messages[i]);
    printf("%s\n", i + 1 < COUNT(messages) ? "," : "");
  }
  printf("  }\n}\n");
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "ts") == 0) {
    write_ts();
  } else if (argc == 2 && strcmp(argv[1], "schema") == 0) {
    write_schema();
  } else {
    fprintf(stderr, "usage: gen_tables ts|schema\n");
    return 2;
  }
  return fflush(stdout) == 0 ? 0 : 1;
}
