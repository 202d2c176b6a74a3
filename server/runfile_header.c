/* Run files: the header line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runfile_internal.h"

#define CACHE_LINE 32u /* bytes, in every model */

/* Where the machine's frames end: 4 GiB where addresses are 32 bits wide. */
static uint32_t max_frames(const struct pf_run_reader *reader) {
  return pf_machine_bits(&reader->run->machine) == 32 ? (uint32_t)(UINT32_MAX / PF_PAGE_SIZE + 1) : PF_MAX_FRAMES;
}

/* Is it this text? NULL is none. */
static uint32_t is_text(const cJSON *item, const char *text) {
  const char *string = cJSON_GetStringValue(item);
  return string && strcmp(string, text) == 0;
}

static int read_format(struct pf_run_reader *reader, const cJSON *object) {
  const cJSON *format = pf_json_member(object, "format");
  reader->run->is_golden = is_text(format, "golden/1");
  if (reader->run->is_golden || is_text(format, "pageframe-run/1"))
    return 0;
  return pf_run_bad(reader, "format", format, "\"golden/1\" or \"pageframe-run/1\"");
}

static int read_kernel(struct pf_run_reader *reader, const cJSON *object) {
  const cJSON *kernel = pf_json_member(object, "kernel");
  uint32_t number = cJSON_IsString(kernel) ? pf_kernel_find(kernel->valuestring) : 0;
  if (!number) {
    char names[256] = "";
    for (uint32_t i = 1; pf_kernel_info(i); i++) {
      size_t size = strlen(names);
      snprintf(names + size, sizeof names - size, "%s%s", i > 1 ? ", " : "", pf_kernel_info(i)->name);
    }
    return pf_run_bad(reader, "kernel", kernel, "one of %s", names);
  }
  reader->run->machine.kernel = number;
  reader->kernel = pf_kernel_info(number);
  return 0;
}

/* A fact that is settled: where the file states it, it must be true. */
static int check_fact(struct pf_run_reader *reader, const char *field, const cJSON *fact, uint32_t settled) {
  int64_t value;
  if (!fact || pf_json_whole(fact, settled, settled, &value))
    return 0;
  return pf_run_bad(reader, field, fact, "%u", settled);
}

/* The kernel's own width, or 64 where it can be built for that too. */
static int read_bits(struct pf_run_reader *reader, const cJSON *object) {
  const cJSON *bits = pf_json_member(object, "bits_per_long");
  uint32_t own = reader->kernel->bits_per_long;
  int64_t value = 0;
  if (bits && !pf_json_whole(bits, own, own, &value) &&
      !(reader->kernel->may_be_64_bit && pf_json_whole(bits, 64, 64, &value)))
    return pf_run_bad(reader, "bits_per_long", bits, "%u%s", own, reader->kernel->may_be_64_bit ? " or 64" : "");
  struct pf_machine *machine = &reader->run->machine;
  machine->bits_per_long = (uint32_t)value;
  reader->max_address = pf_machine_bits(machine) == 32 ? (int64_t)UINT32_MAX : PF_JSON_WHOLE_MAX;
  return 0;
}

static int read_facts(struct pf_run_reader *reader, const cJSON *object) {
  if (check_fact(reader, "page_size", pf_json_member(object, "page_size"), PF_PAGE_SIZE) < 0 ||
      read_bits(reader, object) < 0)
    return -1;
  return check_fact(reader, "max_order", pf_json_member(object, "max_order"), reader->kernel->nr_orders);
}

static int read_build(struct pf_run_reader *reader, const cJSON *object) {
  const cJSON *build = pf_json_member(object, "build");
  if (build && !is_text(build, "uma") && !is_text(build, "numa"))
    return pf_run_bad(reader, "build", build, "\"uma\" or \"numa\"");
  reader->run->machine.numa = is_text(build, "numa");
  return 0;
}

/* `build` and `nodes` together, once both are known. */
static int settle_build(struct pf_run_reader *reader, const cJSON *object) {
  struct pf_machine *machine = &reader->run->machine;
  const cJSON *build = pf_json_member(object, "build");
  if (build && machine->nr_nodes > 1 && !machine->numa)
    return pf_run_bad(reader, "build", build, "\"numa\", as there are %u nodes", machine->nr_nodes);
  if (!build)
    machine->numa = machine->nr_nodes > 1;
  return 0;
}

static int read_cpus(struct pf_run_reader *reader, const cJSON *object) {
  const cJSON *cpus = pf_json_member(object, "cpus");
  int64_t value = 1;
  if (cpus && !pf_json_whole(cpus, 1, 256, &value))
    return pf_run_bad(reader, "cpus", cpus, "a number from 1 to 256");
  reader->run->machine.nr_cpus = (uint32_t)value;
  reader->says_cpus = cpus != NULL;
  return 0;
}

static int read_texts(struct pf_run_reader *reader, const cJSON *object) {
  const char *slash = strrchr(reader->run->path, '/');
  struct {
    const char *key, *absent;
    char **copy;
  } texts[] = {{"name", slash ? slash + 1 : reader->run->path, &reader->run->name}, {"about", "", &reader->run->about}};
  for (size_t i = 0; i < 2; i++) {
    const cJSON *text = pf_json_member(object, texts[i].key);
    if (text && !cJSON_IsString(text))
      return pf_run_bad(reader, texts[i].key, text, "a string");
    *texts[i].copy = strdup(text ? text->valuestring : texts[i].absent);
    if (!*texts[i].copy)
      return pf_run_no_memory(reader);
  }
  const cJSON *on_bug = pf_json_member(object, "on_bug");
  if (on_bug && !is_text(on_bug, "continue") && !is_text(on_bug, "stop"))
    return pf_run_bad(reader, "on_bug", on_bug, "\"continue\" or \"stop\"");
  reader->run->stop_on_bug = is_text(on_bug, "stop");
  return 0;
}

/* Which CPUs belong to a node. Where the header does not say how many there are, they are those that nodes have. */
static int read_node_cpus(struct pf_run_reader *reader, const cJSON *cpus, uint32_t i) {
  struct pf_machine *machine = &reader->run->machine;
  char field[64];
  const cJSON *item;
  uint32_t n = 0;
  snprintf(field, sizeof field, "machine.nodes[%u].cpus", i);
  if (cpus && !cJSON_IsArray(cpus))
    return pf_run_bad(reader, field, cpus, "an array of CPUs");
  cJSON_ArrayForEach(item, cpus) {
    uint32_t last = (reader->says_cpus ? machine->nr_cpus : PF_MAX_CPUS) - 1;
    int64_t cpu;
    snprintf(field, sizeof field, "machine.nodes[%u].cpus[%u]", i, n++);
    if (!pf_json_whole(item, 0, last, &cpu))
      return pf_run_bad(reader, field, item, "a CPU from 0 to %u", last);
    machine->node[i].cpus[cpu / 32] |= 1u << cpu % 32;
    machine->nr_cpus = (uint32_t)cpu >= machine->nr_cpus ? (uint32_t)cpu + 1 : machine->nr_cpus;
  }
  return 0;
}

/* Node `i`, which may begin at `low` at the lowest. */
static int read_node(struct pf_run_reader *reader, const cJSON *node, uint32_t i, uint32_t low) {
  char field[64];
  int64_t value;
  uint32_t frames = max_frames(reader);
  snprintf(field, sizeof field, "machine.nodes[%u]", i);
  if (!cJSON_IsObject(node))
    return pf_run_bad(reader, field, node, "an object");
  const cJSON *id = pf_json_member(node, "id");
  snprintf(field, sizeof field, "machine.nodes[%u].id", i);
  if (id && !pf_json_whole(id, i, i, &value))
    return pf_run_bad(reader, field, id, "%u", i);
  const cJSON *start = pf_json_member(node, "start_pfn");
  snprintf(field, sizeof field, "machine.nodes[%u].start_pfn", i);
  if (!pf_json_whole(start, low, (int64_t)frames - 1, &value))
    return pf_run_bad(reader, field, start, "a frame from %u to %u", low, frames - 1);
  reader->run->machine.node[i].start_pfn = (uint32_t)value;
  const cJSON *pages = pf_json_member(node, "pages");
  snprintf(field, sizeof field, "machine.nodes[%u].pages", i);
  uint32_t room = frames - (uint32_t)value;
  if (!pf_json_whole(pages, 1, room, &value))
    return pf_run_bad(reader, field, pages, "a number of frames from 1 to %u", room);
  reader->run->machine.node[i].pages = (uint32_t)value;
  return read_node_cpus(reader, pf_json_member(node, "cpus"), i);
}

static int read_machine(struct pf_run_reader *reader, const cJSON *object) {
  struct pf_machine *machine = &reader->run->machine;
  const cJSON *item = pf_json_member(object, "machine");
  if (!cJSON_IsObject(item))
    return pf_run_bad(reader, "machine", item, "an object");
  const cJSON *nodes = pf_json_member(item, "nodes");
  int count = cJSON_IsArray(nodes) ? cJSON_GetArraySize(nodes) : 0;
  if (count < 1 || count > (int)PF_MAX_NODES)
    return pf_run_bad(reader, "machine.nodes", nodes, "an array of 1 to %u nodes", PF_MAX_NODES);
  uint32_t low = 0;
  const cJSON *node;
  cJSON_ArrayForEach(node, nodes) {
    uint32_t i = machine->nr_nodes;
    if (read_node(reader, node, i, low) < 0)
      return -1;
    low = machine->node[i].start_pfn + machine->node[i].pages;
    machine->nr_nodes++;
  }
  return settle_build(reader, object);
}

static struct pf_u64 halves(int64_t value) { return (struct pf_u64){(uint32_t)value, (uint32_t)(value >> 32)}; }

/* Range `i` of "memory" (three numbers, or two: node 0) or "reserved" (two). */
static int read_range(struct pf_run_reader *reader, const char *key, const cJSON *item, uint32_t i,
                      struct pf_range *range) {
  char field[64];
  int has_node = strcmp(key, "memory") == 0;
  int count = cJSON_IsArray(item) ? cJSON_GetArraySize(item) : 0;
  snprintf(field, sizeof field, "%s[%u]", key, i);
  if (count != 2 && !(has_node && count == 3))
    return pf_run_bad(reader, field, item, has_node ? "[address, bytes, node]" : "[address, bytes]");
  const cJSON *part = item->child;
  int64_t address, bytes, node = 0;
  snprintf(field, sizeof field, "%s[%u][0]", key, i);
  if (!pf_json_whole(part, 0, reader->max_address, &address))
    return pf_run_bad(reader, field, part, "an address from 0 to %lld", (long long)reader->max_address);
  part = part->next;
  snprintf(field, sizeof field, "%s[%u][1]", key, i);
  if (!pf_json_whole(part, 1, reader->max_address + 1 - address, &bytes))
    return pf_run_bad(reader, field, part, "a number of bytes from 1 to %lld",
                      (long long)(reader->max_address + 1 - address));
  part = part->next;
  uint32_t last = reader->run->machine.nr_nodes - 1;
  snprintf(field, sizeof field, "%s[%u][2]", key, i);
  if (part && !pf_json_whole(part, 0, last, &node))
    return pf_run_bad(reader, field, part, "a node from 0 to %u", last);
  *range = (struct pf_range){.addr = halves(address), .size = halves(bytes), .node = (uint32_t)node};
  return 0;
}

static int read_ranges(struct pf_run_reader *reader, const cJSON *object, const char *key, struct pf_range *ranges,
                       uint32_t *count) {
  const cJSON *item = pf_json_member(object, key);
  if (!item)
    return 0;
  if (!cJSON_IsArray(item) || cJSON_GetArraySize(item) > (int)PF_MAX_RANGES)
    return pf_run_bad(reader, key, item, "an array of at most %u ranges", PF_MAX_RANGES);
  const cJSON *range;
  cJSON_ArrayForEach(range, item) {
    if (read_range(reader, key, range, *count, &ranges[*count]) < 0)
      return -1;
    ++*count;
  }
  return 0;
}

/* Several CPUs imply it. */
static int read_smp(struct pf_run_reader *reader, const cJSON *config) {
  struct pf_machine *machine = &reader->run->machine;
  const cJSON *smp = pf_json_member(config, "smp");
  if (smp && !cJSON_IsBool(smp))
    return pf_run_bad(reader, "config.smp", smp, "true or false");
  if (cJSON_IsFalse(smp) && machine->nr_cpus > 1)
    return pf_run_bad(reader, "config.smp", smp, "true, as there are %u CPUs", machine->nr_cpus);
  machine->smp = (uint32_t)cJSON_IsTrue(smp);
  return 0;
}

/* How the kernel was configured, beside `build` and `cpus`. */
static int read_config(struct pf_run_reader *reader, const cJSON *object) {
  struct pf_machine *machine = &reader->run->machine;
  const cJSON *config = pf_json_member(object, "config");
  if (!config)
    return 0;
  if (!cJSON_IsObject(config))
    return pf_run_bad(reader, "config", config, "an object");
  if (read_smp(reader, config) < 0)
    return -1;
  const cJSON *numa = pf_json_member(config, "numa");
  if (numa && !(machine->numa ? cJSON_IsTrue(numa) : cJSON_IsFalse(numa)))
    return pf_run_bad(reader, "config.numa", numa, machine->numa ? "true" : "false");
  if (check_fact(reader, "config.l1_cache_bytes", pf_json_member(config, "l1_cache_bytes"), CACHE_LINE) < 0)
    return -1;
  const cJSON *page = pf_json_member(config, "sizeof_struct_page");
  int64_t value = 0;
  if (page && !pf_json_whole(page, 1, PF_PAGE_SIZE, &value))
    return pf_run_bad(reader, "config.sizeof_struct_page", page, "a number of bytes from 1 to %u", PF_PAGE_SIZE);
  machine->sizeof_struct_page = (uint32_t)value;
  return 0;
}

int pf_run_ranges(struct pf_run_reader *reader, const cJSON *object) {
  struct pf_machine *machine = &reader->run->machine;
  machine->nr_memory = machine->nr_reserved = 0;
  return read_ranges(reader, object, "memory", machine->memory, &machine->nr_memory) < 0
             ? -1
             : read_ranges(reader, object, "reserved", machine->reserved, &machine->nr_reserved);
}

int pf_run_header(struct pf_run_reader *reader, const cJSON *object) {
  struct pf_machine *machine = &reader->run->machine;
  if (read_format(reader, object) < 0 || read_kernel(reader, object) < 0 || read_facts(reader, object) < 0 ||
      read_build(reader, object) < 0 || read_cpus(reader, object) < 0 || read_texts(reader, object) < 0 ||
      read_machine(reader, object) < 0 || pf_run_ranges(reader, object) < 0 || read_config(reader, object) < 0)
    return -1;
  const char *what = "";
  if (pf_machine_check(machine, &what) == PF_OK)
    return 0;
  return pf_run_bad(reader, "machine", pf_json_member(object, "machine"), "a machine that %s can have (%s)",
                    reader->kernel->name, what);
}
