/* An event as JSON. */
#include "event_json.h"

#include <string.h>

/* The types of events.def. What is no name and no BOOL is a number. */
enum field_type {
  TYPE_NONE,
  TYPE_U32,
  TYPE_BOOL,
  TYPE_OP,
  TYPE_ARG,
  TYPE_STATE,
  TYPE_OUTCOME,
  TYPE_RESULT,
  TYPE_BUG,
  TYPE_REASON,
  TYPE_I32 = TYPE_U32,
  TYPE_PFN = TYPE_U32,
  TYPE_ORDER = TYPE_U32,
  TYPE_NODE = TYPE_U32,
  TYPE_ZONE = TYPE_U32,
  TYPE_LINK = TYPE_U32,
  TYPE_GFP = TYPE_U32,
  TYPE_TASK = TYPE_U32,
  TYPE_LAYER = TYPE_U32,
  TYPE_TYPE = TYPE_U32,
  TYPE_RIGHTS = TYPE_U32,
  TYPE_LIST = TYPE_U32
};

struct field {
  const char *name;
  uint32_t type;
  uint32_t is_signed;
};

#define PF_F(name, type)                                                                                               \
  { name, TYPE_##type, 0 }
#define PF_I(name, type)                                                                                               \
  { name, TYPE_##type, 1 }
#define PF_NO                                                                                                          \
  { 0 }
#define PF_EVENT(id, name, layer, s, t, a, b, c) [PF_EV_##id] = {s, t, a, b, c},
static const struct field fields[PF_NR_EVENTS][5] = {
#include "events.def"
};
#undef PF_EVENT
#undef PF_NO
#undef PF_I
#undef PF_F

static char *put_text(char *out, const char *text) {
  while (*text)
    *out++ = *text++;
  return out;
}

static char *put_number(char *out, uint32_t value) {
  char digits[10];
  size_t count = 0;
  do
    digits[count++] = (char)('0' + value % 10);
  while (value /= 10);
  while (count)
    *out++ = digits[--count];
  return out;
}

static char *put_signed(char *out, uint32_t value) {
  if (value < 0x80000000u)
    return put_number(out, value);
  *out++ = '-';
  return put_number(out, 0u - value);
}

/* The name of an operation's argument, by its number. */
static const char *argument_name(uint32_t op, uint32_t number) {
  struct pf_op_info info;
  return pf_op_info(op, &info) && number < info.nr_args ? info.arg[number].name : NULL;
}

static const char *value_name(uint32_t type, uint32_t value, uint32_t op) {
  const char *name = type == TYPE_OP        ? pf_op_name(value)
                     : type == TYPE_ARG     ? argument_name(op, value)
                     : type == TYPE_STATE   ? pf_state_name(value)
                     : type == TYPE_OUTCOME ? pf_outcome_name(value)
                     : type == TYPE_RESULT  ? pf_result_name(value)
                     : type == TYPE_REASON  ? pf_reason_text(value)
                                            : pf_bug_text(value);
  return name ? name : "none";
}

static char *put_field(char *out, const struct field *field, uint32_t value, uint32_t op) {
  int is_name = field->type > TYPE_BOOL;
  if (!field->name || (!value && !is_name))
    return out;
  out = put_text(out, ",\"");
  out = put_text(out, field->name);
  out = put_text(out, "\":");
  if (field->type == TYPE_BOOL)
    return put_text(out, "true");
  if (!is_name)
    return field->is_signed ? put_signed(out, value) : put_number(out, value);
  *out++ = '"';
  out = put_text(out, value_name(field->type, value, op));
  *out++ = '"';
  return out;
}

size_t pf_event_json(char *out, const struct pf_event *event) {
  const uint32_t values[5] = {event->s, event->t, event->a, event->b, event->c};
  uint32_t kind = event->kind < PF_NR_EVENTS ? event->kind : PF_EV_NONE;
  char *at = put_text(out, "{\"kind\":\"");
  at = put_text(at, pf_event_name(kind));
  *at++ = '"';
  for (size_t i = 0; i < 5; i++)
    at = put_field(at, &fields[kind][i], values[i], event->t);
  at = put_text(at, "}");
  *at = 0;
  return (size_t)(at - out);
}
