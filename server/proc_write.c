/* What /proc told, as a run file's header and `state` line (docs/run-files.md). */
#include <inttypes.h>
#include <string.h>

#include "proc.h"

#define MOST_SCALE 3000 /* watermark_scale_factor goes no higher */
#define USUAL_SCALE 10

struct writer {
  const struct pf_proc *proc;
  const struct pf_proc_zone *zone;
  uint32_t slot, start, end;
  struct pf_buffer *out;
};

/* What stands between the elements of a list. */
static const char *comma(int *written) { return (*written)++ ? "," : ""; }

static const struct pf_proc_zone *zone_with_memory(const struct pf_proc *proc, uint32_t slot) {
  return proc->zone[slot].present > 0 ? &proc->zone[slot] : NULL;
}
static uint32_t nr_slots(const struct pf_proc *proc) { return proc->nr_nodes * proc->kernel->nr_zone_types; }

/* ---------------------------------------------------------------- header */

static void write_nodes(const struct pf_proc *proc, struct pf_buffer *out) {
  const uint32_t types = proc->kernel->nr_zone_types;
  for (uint32_t node = 0; node < proc->nr_nodes; node++) {
    int64_t start = PF_MAX_FRAMES, end = 0;
    for (uint32_t slot = node * types; slot < (node + 1) * types; slot++) {
      const struct pf_proc_zone *zone = zone_with_memory(proc, slot);
      if (zone && zone->start_pfn < start)
        start = zone->start_pfn;
      if (zone && zone->start_pfn + zone->spanned > end)
        end = zone->start_pfn + zone->spanned;
    }
    pf_buffer_print(out, "%s{\"id\":%u,\"start_pfn\":%" PRId64 ",\"pages\":%" PRId64 "}", node ? "," : "", node, start,
                    end - start);
  }
}

/* zoneinfo counts the boost in. */
static int64_t min_mark(const struct pf_proc_zone *zone) { return zone->min - zone->boost; }

/* Do these settings give the watermarks that zoneinfo tells? */
static int gives_marks(const struct pf_proc *proc, int64_t min_free_kbytes, int64_t scale) {
  int64_t all = 0;
  for (uint32_t slot = 0; slot < nr_slots(proc); slot++)
    all += zone_with_memory(proc, slot) ? proc->zone[slot].managed : 0;
  for (uint32_t slot = 0; slot < nr_slots(proc); slot++) {
    const struct pf_proc_zone *zone = zone_with_memory(proc, slot);
    if (!zone)
      continue;
    int64_t min = all ? min_free_kbytes / 4 * zone->managed / all : 0;
    int64_t step = zone->managed * scale / 10000 > min / 4 ? zone->managed * scale / 10000 : min / 4;
    if (min != min_mark(zone) || (scale && step != zone->low - zone->min))
      return 0;
  }
  return 1;
}

/* The settings behind the watermarks, which the kernel needs when one of them is changed: the smallest that give them.
 */
static void write_settings(const struct pf_proc *proc, struct pf_buffer *out) {
  int64_t least = 0, zones = 0, scale = USUAL_SCALE;
  for (uint32_t slot = 0; slot < nr_slots(proc); slot++) {
    const struct pf_proc_zone *zone = zone_with_memory(proc, slot);
    least += zone ? 4 * min_mark(zone) : 0;
    zones += zone != NULL;
  }
  int64_t kbytes = least;
  while (kbytes < least + 4 * zones && !gives_marks(proc, kbytes, 0))
    kbytes++;
  while (scale < MOST_SCALE && !gives_marks(proc, kbytes, scale))
    scale++;
  pf_buffer_print(out, ",\"min_free_kbytes\":%" PRId64, kbytes);
  if (scale != USUAL_SCALE && scale < MOST_SCALE)
    pf_buffer_print(out, ",\"watermark_scale_factor\":%" PRId64, scale);
}

/* ---------------------------------------------------------------- frames */

/* What a run tells of a frame; below 0: nothing. */
typedef int value_of(uint8_t frame);

static int is_reserved(uint8_t frame) { return frame & PF_PROC_RESERVED ? 1 : -1; }
static int is_lru(uint8_t frame) { return frame & PF_PROC_LRU ? 1 : -1; }
/* Frames inside a block have none, and where nothing is told that is meant. */
static int count_of(uint8_t frame) { return frame & (PF_PROC_FREE | PF_PROC_TAIL) ? -1 : 1; }
static int held_of(uint8_t frame) {
  uint32_t held = frame & (PF_PROC_SLAB | PF_PROC_LRU) ? PF_HELD_FLAG : 0;
  held |= frame & PF_PROC_MAPPED ? PF_HELD_MAPPED : 0;
  held |= frame & PF_PROC_ANON ? PF_HELD_MAPPING : 0;
  return held ? (int)held : -1;
}

/* Runs [first, frames], or [first, frames, value]. */
static void write_runs(struct writer *w, const char *key, value_of *of, int with_value) {
  int written = 0;
  pf_buffer_print(w->out, ",\"%s\":[", key);
  for (uint32_t pfn = w->start, past; pfn < w->end; pfn = past) {
    int value = of(w->proc->frame[pfn]);
    for (past = pfn + 1; past < w->end && of(w->proc->frame[past]) == value;)
      past++;
    if (value < 0)
      continue;
    pf_buffer_print(w->out, "%s[%u,%u", comma(&written), pfn, past - pfn);
    if (with_value)
      pf_buffer_print(w->out, ",%d", value);
    pf_buffer_print(w->out, "]");
  }
  pf_buffer_print(w->out, "]");
}

/* Runs of pageblocks; 255: no such memory. */
static void write_pageblocks(struct writer *w) {
  const uint32_t order = w->proc->kernel->pageblock_order, end = ((w->end - 1) >> order) + 1;
  int written = 0;
  pf_buffer_print(w->out, ",\"pageblocks\":[");
  for (uint32_t first = w->start >> order, past; first < end; first = past) {
    const uint8_t type = w->proc->pageblock[first];
    for (past = first + 1; past < end && w->proc->pageblock[past] == type;)
      past++;
    pf_buffer_print(w->out, "%s[%u,%u,%u]", comma(&written), first << order, past - first,
                    type == PF_NO_TYPE ? 255 : type);
  }
  pf_buffer_print(w->out, "]");
}

/* ---------------------------------------------------------------- lists */

/* A list's blocks, by rising address. */
static void write_list(struct writer *w, uint32_t order, uint32_t type) {
  const uint32_t step = 1u << order, what = type << 4 | (order + 1);
  int written = 0;
  pf_buffer_print(w->out, "%s[", type ? "," : "");
  for (uint32_t pfn = (w->start + step - 1) & ~(step - 1); pfn < w->end; pfn += step) {
    if (w->proc->block[pfn] == what)
      pf_buffer_print(w->out, "%s%u", comma(&written), pfn);
  }
  pf_buffer_print(w->out, "]");
}

static void write_free_area(struct writer *w, const struct pf_proc_fit *fit) {
  const uint32_t orders = w->proc->kernel->nr_orders, types = w->proc->kernel->nr_types;
  pf_buffer_print(w->out, ",\"nr_free\":[");
  for (uint32_t order = 0; order < orders; order++)
    pf_buffer_print(w->out, "%s%" PRId64, order ? "," : "", fit->nr_free[order]);
  pf_buffer_print(w->out, "],\"free_area\":[");
  for (uint32_t order = 0; order < orders; order++) {
    pf_buffer_print(w->out, "%s[", order ? "," : "");
    for (uint32_t type = 0; type < types; type++)
      write_list(w, order, type);
    pf_buffer_print(w->out, "]");
  }
  pf_buffer_print(w->out, "]");
}

/* Which frames lie on a CPU's lists nobody tells: they are empty, and what they held counts as in use. What the CPUs
 * have not yet added to the zone's counter is what it lacks. */
static void write_cpus(struct writer *w, int64_t lag) {
  const int64_t most = w->zone->stat_threshold;
  pf_buffer_print(w->out, ",\"pcp\":[");
  for (uint32_t cpu = 0; cpu < w->proc->nr_cpus; cpu++) {
    int64_t diff = lag > most ? most : lag < -most ? -most : lag;
    lag -= diff;
    pf_buffer_print(w->out,
                    "%s{\"cpu\":%u,\"count\":0,\"high\":%" PRId64 ",\"batch\":%" PRId64
                    ",\"free_factor\":0,\"vm_stat_diff\":%" PRId64 ",\"stat_threshold\":%" PRId64 ",\"lists\":[",
                    cpu ? "," : "", cpu, w->zone->cpu[cpu].high, w->zone->cpu[cpu].batch, diff, most);
    for (uint32_t list = 0; list < w->proc->kernel->nr_pcp_lists; list++)
      pf_buffer_print(w->out, "%s[]", list ? "," : "");
    pf_buffer_print(w->out, "]}");
  }
  pf_buffer_print(w->out, "]");
}

/* ---------------------------------------------------------------- the whole */

static int64_t highatomic_pages(const struct writer *w) {
  for (uint32_t type = 0; type < w->proc->kernel->nr_types; type++) {
    if (strcmp(w->proc->kernel->type_names[type], "HighAtomic") == 0)
      return w->zone->nr_pageblocks[type] << w->proc->kernel->pageblock_order;
  }
  return 0;
}

static void write_zone(struct writer *w) {
  const struct pf_proc_zone *zone = w->zone;
  const struct pf_kernel_info *kernel = w->proc->kernel;
  const uint32_t node = w->slot / kernel->nr_zone_types, type = w->slot % kernel->nr_zone_types;
  struct pf_proc_fit fit;
  pf_proc_fit(w->proc, w->slot, &fit);
  const int64_t most = zone->stat_threshold * w->proc->nr_cpus, gap = fit.pages - zone->free;
  const int64_t lag = gap > most ? most : gap < -most ? -most : gap;
  pf_buffer_print(w->out,
                  "{\"node\":%u,\"zone\":\"%s\",\"start_pfn\":%u,\"spanned\":%" PRId64 ",\"present\":%" PRId64
                  ",\"managed\":%" PRId64 ",\"lowmem_reserve\":[",
                  node, kernel->zone_names[type], w->start, zone->spanned, zone->present, zone->managed);
  for (uint32_t i = 0; i < PF_MAX_ZONE_TYPES; i++)
    pf_buffer_print(w->out, "%s%" PRId64, i ? "," : "", zone->lowmem_reserve[i]);
  pf_buffer_print(w->out,
                  "],\"free_pages\":%" PRId64 ",\"min\":%" PRId64 ",\"low\":%" PRId64 ",\"high\":%" PRId64
                  ",\"boost\":%" PRId64 ",\"nr_reserved_highatomic\":%" PRId64,
                  fit.pages - lag, min_mark(zone), zone->low - zone->boost, zone->high - zone->boost, zone->boost,
                  highatomic_pages(w));
  write_free_area(w, &fit);
  write_cpus(w, lag);
  write_pageblocks(w);
  write_runs(w, "lru", is_lru, 0);
  write_runs(w, "reserved", is_reserved, 0);
  write_runs(w, "page_count_runs", count_of, 1);
  write_runs(w, "held", held_of, 1);
  pf_buffer_print(w->out, "}");
}

void pf_proc_write(const struct pf_proc *proc, struct pf_buffer *out) {
  int written = 0;
  pf_buffer_print(out,
                  "{\"format\":\"pageframe-run/1\",\"kernel\":\"%s\",\"name\":\"proc\","
                  "\"about\":\"A real machine, from /proc\",\"cpus\":%u",
                  proc->kernel->name, proc->nr_cpus);
  write_settings(proc, out);
  pf_buffer_print(out, ",\"machine\":{\"nodes\":[");
  write_nodes(proc, out);
  pf_buffer_print(out, "]}}\n{\"op\":\"state\",\"chosen\":[\"order\",\"types\",\"pcp\"],\"zones\":[");
  for (uint32_t slot = 0; slot < nr_slots(proc); slot++) {
    struct writer w = {.proc = proc, .zone = zone_with_memory(proc, slot), .slot = slot, .out = out};
    if (!w.zone)
      continue;
    w.start = (uint32_t)w.zone->start_pfn;
    w.end = (uint32_t)(w.zone->start_pfn + w.zone->spanned);
    pf_buffer_print(out, "%s", comma(&written));
    write_zone(&w);
  }
  pf_buffer_print(out, "]}\n");
}
