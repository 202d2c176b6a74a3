/* The table of kernel models, and what can be asked of any. */
#include <string.h>

#include "model.h"

static const struct pf_model *const models[] = {&pf_linux_2_4_20, &pf_linux_2_6_10, &pf_linux_6_1};
#define NR_MODELS (sizeof models / sizeof models[0])

const struct pf_model *pf_model(uint32_t kernel) { return kernel - 1 < NR_MODELS ? models[kernel - 1] : NULL; }

const struct pf_kernel_info *pf_kernel_info(uint32_t kernel) {
  const struct pf_model *model = pf_model(kernel);
  return model ? &model->info : NULL;
}

int pf_kernel_has(uint32_t kernel, uint32_t op) {
  const struct pf_model *model = pf_model(kernel);
  return model && op < PF_NR_OPS && model->op[op];
}

uint32_t pf_kernel_find(const char *name) {
  for (uint32_t i = 0; i < NR_MODELS; i++)
    if (strcmp(models[i]->info.name, name) == 0)
      return i + 1;
  return 0;
}

void pf_node_order(const struct pf_structs *s, uint32_t node, uint32_t *order) {
  const struct pf_model *model = pf_model(s->kernel);
  if (model->node_order) {
    model->node_order(s, node, order);
    return;
  }
  for (uint32_t i = 0; i < s->nr_nodes; i++)
    order[i] = (node + i) % s->nr_nodes;
}

static const struct pf_gfp_name *find_gfp(const struct pf_kernel_info *info, const char *name, size_t len) {
  for (const struct pf_gfp_name *gfp = info->gfps; gfp->name; gfp++)
    if (strlen(gfp->name) == len && strncmp(gfp->name, name, len) == 0)
      return gfp;
  return NULL;
}

static int is_hint(const char *name, size_t len) {
  for (uint32_t i = 0; i < NR_MODELS; i++) {
    const struct pf_gfp_name *gfp = find_gfp(&models[i]->info, name, len);
    if (gfp && gfp->mask && (gfp->mask & ~models[i]->info.gfp_hints) == 0)
      return 1;
  }
  return 0;
}

int pf_gfp_parse(uint32_t kernel, const char *text, uint32_t *mask, const char **bad, size_t *bad_len) {
  const struct pf_kernel_info *info = pf_kernel_info(kernel);
  uint32_t sum = 0;
  if (strcmp(text, "0") == 0) {
    *mask = 0;
    return 1;
  }
  for (const char *name = text;; name++) {
    size_t len = strcspn(name, "|");
    const struct pf_gfp_name *gfp = info ? find_gfp(info, name, len) : NULL;
    if (!gfp && !is_hint(name, len)) {
      *bad = name;
      *bad_len = len;
      return 0;
    }
    sum |= gfp ? gfp->mask : 0;
    name += len;
    if (*name == '\0')
      break;
  }
  *mask = sum;
  return 1;
}
