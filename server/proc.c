/* Reads zoneinfo, buddyinfo, pagetypeinfo and kpageflags, saved or live. Each error names file, line and field. */
#include "proc.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_line.h"

/* A file being read, line by line. */
struct reader {
  struct pf_proc *proc;
  struct pf_error *error;
  const char *path;
  struct pf_text text;
  char *next;
  uint32_t line;
};

static int bad(struct reader *r, const char *field, const char *expected, const char *found) {
  char quoted[PF_FOUND_SIZE];
  pf_fail(r->error, "%s:%u: field \"%s\": expected %s, found %s", r->path, r->line, field, expected,
          found && *found ? pf_json_quoted(found, quoted) : "nothing");
  return -1;
}

/* The next line, without the blanks around it; NULL at the end. */
static char *next_line(struct reader *r) {
  char *line = r->next;
  if (!line || !*line)
    return NULL;
  char *end = line + strcspn(line, "\n");
  r->next = *end ? end + 1 : end;
  r->line++;
  while (end > line && strchr(" \t\r", end[-1]))
    end--;
  *end = '\0';
  return line + strspn(line, " \t");
}

static int number(struct reader *r, const char *field, char **at, int64_t *value) {
  char *end;
  *at += strspn(*at, " \t(,");
  *value = strtoll(*at, &end, 10);
  if (end == *at || *value < 0)
    return bad(r, field, "a number", *at);
  *at = end;
  return 0;
}

/* The rest of the line: so many numbers. The kernel writes ">100000" where it has stopped counting. */
static int numbers(struct reader *r, const char *field, char *at, uint32_t count, int64_t *values, uint32_t stride) {
  for (uint32_t i = 0; i < count; i++) {
    at += strspn(at, " \t>");
    if (number(r, field, &at, &values[(size_t)i * stride]) < 0)
      return -1;
  }
  at += strspn(at, " \t)");
  char expected[40];
  snprintf(expected, sizeof expected, "%u numbers", count);
  return *at ? bad(r, field, expected, at) : 0;
}

/* Which of the names it is that the text has at `at`; `count` where none is. Past it. */
static uint32_t name(const char *const *names, uint32_t count, char **at) {
  *at += strspn(*at, " \t");
  size_t size = strcspn(*at, " \t,");
  uint32_t i = 0;
  while (i < count && !(strlen(names[i]) == size && strncmp(names[i], *at, size) == 0))
    i++;
  if (i < count)
    *at += size;
  return i;
}

#define NO_SLOT UINT32_MAX

/* "Node 0, zone   DMA32": which zone that is; NO_SLOT where the kernel's model has none of that name. Past it, and past
 * a comma. */
static int zone_slot(struct reader *r, char **at, uint32_t *slot) {
  const struct pf_kernel_info *kernel = r->proc->kernel;
  int64_t node;
  if (strncmp(*at, "Node", 4) != 0)
    return bad(r, "Node", "\"Node\" and a number", *at);
  *at += 4;
  if (number(r, "Node", at, &node) < 0)
    return -1;
  if (node >= PF_MAX_NODES)
    return bad(r, "Node", "a node from 0 to 15", *at - 2);
  *at += strspn(*at, ", ");
  if (strncmp(*at, "zone", 4) != 0)
    return bad(r, "zone", "\"zone\" and a name", *at);
  *at += 4;
  uint32_t type = name(kernel->zone_names, kernel->nr_zone_types, at);
  *at += strspn(*at, " \t,");
  *slot = type < kernel->nr_zone_types ? (uint32_t)node * kernel->nr_zone_types + type : NO_SLOT;
  return 0;
}

/* The zone that a row of buddyinfo or pagetypeinfo is about. */
static int zone_of_row(struct reader *r, char **at, struct pf_proc_zone **zone) {
  uint32_t slot = NO_SLOT;
  char *line = *at;
  if (zone_slot(r, at, &slot) < 0)
    return -1;
  if (slot == NO_SLOT || !r->proc->zone[slot].line)
    return bad(r, "zone", "a zone that zoneinfo tells of", line);
  *zone = &r->proc->zone[slot];
  return 0;
}

static int open_file(struct reader *r, const char *path) {
  r->path = path;
  r->line = 0;
  if (pf_text_read(path, &r->text, r->error) < 0)
    return -1;
  r->next = r->text.bytes;
  return 0;
}

/* ---------------------------------------------------------------- zoneinfo */

static const struct {
  const char *key;
  size_t at;
} zone_keys[] = {
    {"pages free", offsetof(struct pf_proc_zone, free)},
    {"boost", offsetof(struct pf_proc_zone, boost)},
    {"min", offsetof(struct pf_proc_zone, min)},
    {"low", offsetof(struct pf_proc_zone, low)},
    {"high", offsetof(struct pf_proc_zone, high)},
    {"spanned", offsetof(struct pf_proc_zone, spanned)},
    {"present", offsetof(struct pf_proc_zone, present)},
    {"managed", offsetof(struct pf_proc_zone, managed)},
    {"start_pfn:", offsetof(struct pf_proc_zone, start_pfn)},
    {"vm stats threshold:", offsetof(struct pf_proc_zone, stat_threshold)},
};
#define NR_ZONE_KEYS (sizeof zone_keys / sizeof zone_keys[0])

static int64_t *zone_value(struct pf_proc_zone *zone, size_t key) {
  return (int64_t *)(void *)((char *)zone + zone_keys[key].at);
}

/* Is the key on the line? Then where its value stands. */
static char *after(char *line, const char *key) {
  size_t size = strlen(key);
  return strncmp(line, key, size) == 0 && strchr(" \t", line[size]) ? line + size : NULL;
}

/* A line of a CPU's lists. */
static int read_cpu(struct reader *r, struct pf_proc_zone *zone, char *line, struct pf_proc_cpu **cpu) {
  char *at;
  int64_t value;
  if ((at = after(line, "cpu:"))) {
    if (number(r, "cpu:", &at, &value) < 0)
      return -1;
    if (value >= PF_MAX_CPUS)
      return bad(r, "cpu:", "a CPU from 0 to 255", line);
    *cpu = &zone->cpu[value];
    if (value >= r->proc->nr_cpus)
      r->proc->nr_cpus = (uint32_t)value + 1;
    return 0;
  }
  if (!*cpu)
    return 0;
  if ((at = after(line, "count:")))
    return number(r, "count:", &at, &(*cpu)->count);
  if ((at = after(line, "high:")))
    return number(r, "high:", &at, &(*cpu)->high);
  return (at = after(line, "batch:")) ? number(r, "batch:", &at, &(*cpu)->batch) : 0;
}

/* "(0, 192, 192, 192, 192)", one a zone type that the kernel was built with. */
static int read_reserve(struct reader *r, struct pf_proc_zone *zone, char *at) {
  for (uint32_t i = 0; i < PF_MAX_ZONE_TYPES && *at != ')'; i++) {
    if (number(r, "protection:", &at, &zone->lowmem_reserve[i]) < 0)
      return -1;
  }
  return strcmp(at, ")") == 0 ? 0 : bad(r, "protection:", "at most 5 numbers and )", at);
}

static int read_zone_line(struct reader *r, struct pf_proc_zone *zone, char *line, struct pf_proc_cpu **cpu) {
  char *at;
  if ((at = after(line, "protection:")))
    return read_reserve(r, zone, at);
  for (size_t key = 0; key < NR_ZONE_KEYS; key++) {
    if ((at = after(line, zone_keys[key].key)))
      return number(r, zone_keys[key].key, &at, zone_value(zone, key));
  }
  return read_cpu(r, zone, line, cpu);
}

static struct pf_proc_zone *begin_zone(struct reader *r, uint32_t slot) {
  struct pf_proc_zone *zone = slot == NO_SLOT ? &r->proc->other : &r->proc->zone[slot];
  zone->line = r->line;
  for (size_t key = 0; key < NR_ZONE_KEYS; key++)
    *zone_value(zone, key) = -1;
  for (uint32_t i = 0; i < PF_MAX_CPUS; i++)
    zone->cpu[i] = (struct pf_proc_cpu){-1, -1, -1};
  return zone;
}

/* A zone that has memory must have been told of as a whole. A CPU that is switched off is not told of: it has the
 * limits of the first. */
static int check_zone(struct reader *r, struct pf_proc_zone *zone) {
  static const char *const cpu_fields[] = {"count:", "high:", "batch:"};
  r->line = zone->line;
  if (zone->present < 0)
    return bad(r, "present", "a number", NULL);
  for (size_t key = 0; key < NR_ZONE_KEYS && zone->present > 0; key++) {
    if (*zone_value(zone, key) < 0)
      return bad(r, zone_keys[key].key, "a number", NULL);
  }
  for (uint32_t i = 0; i < r->proc->nr_cpus && zone->present > 0; i++) {
    struct pf_proc_cpu *cpu = &zone->cpu[i];
    if (i > 0 && cpu->count < 0)
      *cpu = (struct pf_proc_cpu){0, zone->cpu[0].high, zone->cpu[0].batch};
    const int64_t values[] = {cpu->count, cpu->high, cpu->batch};
    for (size_t field = 0; field < 3; field++) {
      if (values[field] < 0)
        return bad(r, cpu_fields[field], "a number", NULL);
    }
  }
  if (zone->present > 0 && (zone->spanned < zone->present || zone->start_pfn + zone->spanned > PF_MAX_FRAMES))
    return bad(r, "spanned", "no fewer frames than are present, and none past frame 67108863", NULL);
  return 0;
}

/* Counts the nodes. Those without memory at the end are none. */
static int check_zones(struct reader *r) {
  struct pf_proc *proc = r->proc;
  for (uint32_t slot = 0; slot < sizeof proc->zone / sizeof proc->zone[0]; slot++) {
    const uint32_t node = slot / proc->kernel->nr_zone_types;
    if (proc->zone[slot].line && check_zone(r, &proc->zone[slot]) < 0)
      return -1;
    if (proc->zone[slot].present <= 0)
      continue;
    char expected[80];
    snprintf(expected, sizeof expected, "memory in node %u before that of node %u", proc->nr_nodes, node);
    if (node > proc->nr_nodes)
      return bad(r, "Node", expected, NULL);
    proc->nr_nodes = node + 1;
  }
  return proc->nr_nodes > 0 ? 0 : bad(r, "present", "a zone with memory", NULL);
}

static int read_zoneinfo(struct reader *r, const char *path) {
  struct pf_proc_zone *zone = NULL;
  struct pf_proc_cpu *cpu = NULL;
  char *line;
  if (open_file(r, path) < 0)
    return -1;
  while ((line = next_line(r))) {
    uint32_t slot;
    if (!zone || strncmp(line, "Node", 4) == 0) {
      if (zone_slot(r, &line, &slot) < 0)
        return -1;
      zone = begin_zone(r, slot);
      cpu = NULL;
    } else if (read_zone_line(r, zone, line, &cpu) < 0)
      return -1;
    if (r->proc->other.present > 0)
      return bad(r, "present", "0, as the kernel's model has no such zone", line);
  }
  if (!zone || r->proc->nr_cpus == 0)
    return bad(r, zone ? "cpu:" : "Node", zone ? "a number" : "\"Node\" and a number", NULL);
  return check_zones(r);
}

/* ---------------------------------------------------------------- buddyinfo and pagetypeinfo */

static int read_buddyinfo(struct reader *r, const char *path) {
  char *line;
  if (open_file(r, path) < 0)
    return -1;
  while ((line = next_line(r))) {
    struct pf_proc_zone *zone;
    if (zone_of_row(r, &line, &zone) < 0 ||
        numbers(r, "free blocks by order", line, r->proc->kernel->nr_orders, zone->buddyinfo, 1) < 0)
      return -1;
    zone->is_told |= PF_PROC_BUDDYINFO;
  }
  return 0;
}

/* "Node 0, zone DMA, type Movable 0 1 2 ...": free blocks by order. */
static int read_free_row(struct reader *r, char *line) {
  const struct pf_kernel_info *kernel = r->proc->kernel;
  struct pf_proc_zone *zone;
  if (zone_of_row(r, &line, &zone) < 0)
    return -1;
  if (strncmp(line, "type", 4) != 0)
    return bad(r, "type", "\"type\" and a name", line);
  line += 4;
  uint32_t type = name(kernel->type_names, kernel->nr_types, &line);
  if (type == kernel->nr_types)
    return bad(r, "type", "a migratetype of the kernel (it has no contiguous areas)", line);
  zone->is_told |= PF_PROC_PAGETYPES << type;
  return numbers(r, "free blocks by order", line, kernel->nr_orders, &zone->nr_free[0][type], PF_MAX_TYPES);
}

/* The heads of the columns: the types, in this order. */
static int read_columns(struct reader *r, char *line) {
  const struct pf_kernel_info *kernel = r->proc->kernel;
  for (uint32_t type = 0; type < kernel->nr_types; type++) {
    line += strspn(line, " \t");
    if (name(&kernel->type_names[type], 1, &line))
      return bad(r, "type", kernel->type_names[type], line);
  }
  return *line ? bad(r, "type", "no further migratetype", line) : 0;
}

static int read_pageblock_row(struct reader *r, char *line) {
  struct pf_proc_zone *zone;
  if (zone_of_row(r, &line, &zone) < 0)
    return -1;
  zone->is_told |= PF_PROC_PAGEBLOCKS;
  return numbers(r, "pageblocks by type", line, r->proc->kernel->nr_types, zone->nr_pageblocks, 1);
}

static int read_pagetypeinfo(struct reader *r, const char *path) {
  enum { FREE, PAGEBLOCKS } part = FREE;
  char *line, *at;
  int64_t order;
  if (open_file(r, path) < 0)
    return -1;
  while ((line = next_line(r))) {
    int status = 0;
    if ((at = after(line, "Page block order:"))) {
      status = number(r, "Page block order:", &at, &order);
      if (status == 0 && order != r->proc->kernel->pageblock_order)
        status = bad(r, "Page block order:", "9", line);
    } else if ((at = after(line, "Number of blocks type"))) {
      part = PAGEBLOCKS;
      status = read_columns(r, at);
    } else if (strncmp(line, "Number of mixed blocks", 22) == 0) {
      break; /* where owners of pages are tracked */
    } else if (strncmp(line, "Pages per block:", 16) != 0 && strncmp(line, "Free pages count", 16) != 0 && *line) {
      status = part == FREE ? read_free_row(r, line) : read_pageblock_row(r, line);
    }
    if (status < 0)
      return -1;
  }
  return 0;
}

/* The file that was read last told of every zone with memory. */
static int check_told(struct reader *r, uint32_t bits) {
  const struct pf_kernel_info *kernel = r->proc->kernel;
  r->line++;
  for (uint32_t slot = 0; slot < r->proc->nr_nodes * kernel->nr_zone_types; slot++) {
    const struct pf_proc_zone *zone = &r->proc->zone[slot];
    char expected[80];
    if (zone->present <= 0 || (zone->is_told & bits) == bits)
      continue;
    snprintf(expected, sizeof expected, "every line of node %u, zone %s", slot / kernel->nr_zone_types,
             kernel->zone_names[slot % kernel->nr_zone_types]);
    return bad(r, "zone", expected, NULL);
  }
  return 0;
}

/* ---------------------------------------------------------------- kpageflags */

static uint8_t frame_of(uint64_t flags) {
  static const struct {
    uint32_t bit; /* KPF_* */
    uint32_t is;
  } table[] = {{5, PF_PROC_LRU},
               {7, PF_PROC_SLAB},
               {10, PF_PROC_FREE},
               {11, PF_PROC_MAPPED},
               {12, PF_PROC_ANON},
               {16, PF_PROC_TAIL},
               {20, PF_PROC_ABSENT | PF_PROC_RESERVED},
               {32, PF_PROC_RESERVED}};
  uint32_t is = 0;
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
    is |= flags >> table[i].bit & 1 ? table[i].is : 0;
  if (is & PF_PROC_ABSENT)
    return PF_PROC_ABSENT | PF_PROC_RESERVED;
  return (uint8_t)(is & PF_PROC_FREE ? PF_PROC_FREE : is);
}

/* As the kernel has it: 8 bytes a frame. */
static void read_binary(struct reader *r) {
  for (size_t pfn = 0; pfn < r->proc->nr_frames; pfn++) {
    uint64_t flags;
    memcpy(&flags, r->text.bytes + pfn * sizeof flags, sizeof flags);
    r->proc->frame[pfn] = frame_of(flags);
  }
}

/* A run `first_pfn count flags` of the text form. */
static int read_run(struct reader *r, char *line, uint64_t first) {
  struct pf_proc *proc = r->proc;
  char *end = line;
  uint64_t pfn = strtoull(line, &end, 16);
  if (end == line || pfn != first) {
    char expected[48];
    snprintf(expected, sizeof expected, "0x%llx, where the line before ends", (unsigned long long)first);
    return bad(r, "first_pfn", expected, line);
  }
  int64_t count;
  char *at = end;
  if (number(r, "count", &at, &count) < 0)
    return -1;
  if (count == 0 || count > (int64_t)(PF_MAX_FRAMES - first))
    return bad(r, "count", "a number of frames that a machine can have", end + strspn(end, " "));
  at += strspn(at, " \t");
  uint64_t flags = strtoull(at, &end, 16);
  if (end == at || *end)
    return bad(r, "flags", "a number in hex", at);
  memset(proc->frame + first, frame_of(flags), (size_t)count);
  proc->nr_frames = (uint32_t)(first + (uint64_t)count);
  return 0;
}

static int read_kpageflags(struct reader *r, const char *path) {
  struct pf_proc *proc = r->proc;
  char *line;
  if (open_file(r, path) < 0)
    return -1;
  /* The flags' highest byte is 0 in the kernel's own form; a text has no such byte. */
  const int is_binary = memchr(r->text.bytes, '\0', r->text.size) != NULL;
  if (is_binary && (r->text.size % 8 || r->text.size / 8 > PF_MAX_FRAMES))
    return pf_fail(r->error, "%s: expected 8 bytes for each of at most %u frames, found %zu bytes", path, PF_MAX_FRAMES,
                   r->text.size);
  proc->frame = calloc(is_binary ? r->text.size / 8 : PF_MAX_FRAMES, 1);
  if (!proc->frame)
    return pf_fail(r->error, "%s: not enough memory", path);
  if (is_binary) {
    proc->nr_frames = (uint32_t)(r->text.size / 8);
    read_binary(r);
    return 0;
  }
  while ((line = next_line(r))) {
    if (read_run(r, line, proc->nr_frames) < 0)
      return -1;
  }
  return 0;
}

/* Every zone's frames have flags. */
static int check_frames(struct reader *r) {
  const struct pf_proc *proc = r->proc;
  for (uint32_t slot = 0; slot < proc->nr_nodes * proc->kernel->nr_zone_types; slot++) {
    const struct pf_proc_zone *zone = &proc->zone[slot];
    if (zone->present > 0 && zone->start_pfn + zone->spanned > proc->nr_frames)
      return pf_fail(r->error, "%s: expected flags up to frame %lld, where zone %s of node %u ends, found %u frames",
                     r->path, (long long)(zone->start_pfn + zone->spanned - 1),
                     proc->kernel->zone_names[slot % proc->kernel->nr_zone_types], slot / proc->kernel->nr_zone_types,
                     proc->nr_frames);
  }
  return 0;
}

/* ---------------------------------------------------------------- the whole */

void pf_proc_free(struct pf_proc *proc) {
  if (!proc)
    return;
  free(proc->frame);
  free(proc->block);
  free(proc->pageblock);
  free(proc);
}

struct pf_proc *pf_proc_read(const struct pf_proc_paths *paths, const struct pf_kernel_info *kernel,
                             struct pf_error *error) {
  struct reader r = {.proc = calloc(1, sizeof *r.proc), .error = error};
  if (!r.proc) {
    pf_fail(error, "not enough memory");
    return NULL;
  }
  r.proc->kernel = kernel;
  const uint32_t all_types = ((1u << kernel->nr_types) - 1) * PF_PROC_PAGETYPES;
  int status = read_zoneinfo(&r, paths->zoneinfo);
  pf_text_free(&r.text);
  if (status == 0 && (status = read_buddyinfo(&r, paths->buddyinfo)) == 0)
    status = check_told(&r, PF_PROC_BUDDYINFO);
  pf_text_free(&r.text);
  if (status == 0 && (status = read_pagetypeinfo(&r, paths->pagetypeinfo)) == 0)
    status = check_told(&r, all_types | PF_PROC_PAGEBLOCKS);
  pf_text_free(&r.text);
  if (status == 0 && (status = read_kpageflags(&r, paths->kpageflags)) == 0)
    status = check_frames(&r);
  pf_text_free(&r.text);
  if (status == 0)
    return r.proc;
  pf_proc_free(r.proc);
  return NULL;
}
