/* What a machine description may say. */
#include "model.h"

uint32_t pf_machine_bits(const struct pf_machine *m) {
  const struct pf_kernel_info *kernel = pf_kernel_info(m->kernel);
  if (!kernel)
    return 0;
  return m->bits_per_long ? m->bits_per_long : kernel->bits_per_long;
}

static bool has_cpu(const struct pf_node_desc *node, uint32_t cpu) { return node->cpus[cpu / 32] >> cpu % 32 & 1; }

uint32_t pf_cpu_node(const struct pf_machine *m, uint32_t cpu) {
  for (uint32_t i = 1; i < m->nr_nodes; i++)
    if (cpu < PF_MAX_CPUS && has_cpu(&m->node[i], cpu))
      return i;
  return 0;
}

/* Every CPU that a node has is there, and in no other node. */
static bool cpus_fit(const struct pf_machine *m) {
  for (uint32_t cpu = 0; cpu < PF_MAX_CPUS; cpu++) {
    uint32_t nodes = 0;
    for (uint32_t i = 0; i < m->nr_nodes; i++)
      nodes += has_cpu(&m->node[i], cpu);
    if (nodes > 1 || (nodes == 1 && cpu >= pf_nr_cpus(m)))
      return false;
  }
  return true;
}

static bool width_fits(const struct pf_machine *m) {
  const struct pf_kernel_info *kernel = pf_kernel_info(m->kernel);
  return m->bits_per_long == 0 || !kernel || m->bits_per_long == kernel->bits_per_long ||
         (m->bits_per_long == 64 && kernel->may_be_64_bit);
}

static const char *check_nodes(const struct pf_machine *m) {
  uint64_t end = 0;
  for (uint32_t i = 0; i < m->nr_nodes; i++) {
    const struct pf_node_desc *node = &m->node[i];
    if (node->pages == 0)
      return "node.pages";
    if (node->start_pfn < end)
      return "node.start_pfn";
    end = (uint64_t)node->start_pfn + node->pages;
    if (end > PF_MAX_FRAMES)
      return "node.pages";
  }
  return NULL;
}

static const char *check_ranges(const struct pf_range *range, uint32_t count, const char *what) {
  const uint64_t limit = (uint64_t)PF_MAX_FRAMES << PF_PAGE_SHIFT;
  for (uint32_t i = 0; i < count; i++) {
    uint64_t addr = (uint64_t)range[i].addr.hi << 32 | range[i].addr.lo;
    uint64_t size = (uint64_t)range[i].size.hi << 32 | range[i].size.lo;
    if (size == 0 || addr >= limit || size > limit - addr)
      return what;
  }
  return NULL;
}

/* What is wrong with it, or NULL. A map needs no kernel. */
const char *pf_machine_wrong(const struct pf_machine *m, int is_map) {
  if (!pf_model(m->kernel) && !(is_map && m->kernel == 0))
    return "kernel";
  if (m->nr_nodes == 0 || m->nr_nodes > PF_MAX_NODES)
    return "nodes";
  if (m->numa > 1 || (m->nr_nodes > 1 && m->kernel && !m->numa))
    return "numa";
  if (m->nr_cpus > PF_MAX_CPUS)
    return "cpus";
  if (!width_fits(m))
    return "bits_per_long";
  if (m->smp > 1)
    return "smp";
  if (m->sizeof_struct_page > PF_PAGE_SIZE)
    return "sizeof_struct_page";
  if (m->nr_memory > PF_MAX_RANGES)
    return "memory";
  if (m->nr_reserved > PF_MAX_RANGES)
    return "reserved";
  if (m->nr_names > (1u << 24))
    return "names";
  if (!cpus_fit(m))
    return "node.cpus";
  const char *wrong = check_nodes(m);
  if (!wrong)
    wrong = check_ranges(m->memory, m->nr_memory, "memory");
  return wrong ? wrong : check_ranges(m->reserved, m->nr_reserved, "reserved");
}

enum pf_status pf_machine_check(const struct pf_machine *machine, const char **what) {
  const char *wrong = pf_machine_wrong(machine, 0);
  if (what)
    *what = wrong;
  return wrong ? PF_E_MACHINE : PF_OK;
}
