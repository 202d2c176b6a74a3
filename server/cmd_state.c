/* pageframe state: what /proc tells of a machine's page allocator, as a run file that begins in that state. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "player.h"
#include "proc.h"

static const char usage[] = "state [--zoneinfo FILE --buddyinfo FILE --pagetypeinfo FILE --kpageflags FILE] [-o FILE]";

/* ---------------------------------------------------------------- what is said beside it */

/* An order's blocks by kpageflags, and what another file counted before. */
static void tell_gap(const char *zone, const char *file, uint32_t order, int64_t counted, int64_t found) {
  if (counted != found)
    fprintf(stderr, "%s: %s counts %" PRId64 " free blocks of order %u, kpageflags has %" PRId64 ": these are taken\n",
            zone, file, counted, order, found);
}

static void tell_zone(const struct pf_proc *proc, uint32_t slot) {
  const struct pf_proc_zone *zone = &proc->zone[slot];
  const uint32_t types = proc->kernel->nr_zone_types;
  struct pf_proc_fit fit;
  char name[64];
  int64_t pcp = 0, blocks = 0, pageblocks = 0;
  snprintf(name, sizeof name, "node %u, zone %s", slot / types, proc->kernel->zone_names[slot % types]);
  pf_proc_fit(proc, slot, &fit);
  for (uint32_t order = 0; order < proc->kernel->nr_orders; order++) {
    int64_t sum = 0;
    for (uint32_t type = 0; type < proc->kernel->nr_types; type++)
      sum += zone->nr_free[order][type];
    tell_gap(name, "buddyinfo", order, zone->buddyinfo[order], fit.nr_free[order]);
    tell_gap(name, "pagetypeinfo", order, sum, fit.nr_free[order]);
    blocks += fit.nr_free[order];
  }
  const int64_t lag = fit.pages - zone->free, most = zone->stat_threshold * proc->nr_cpus;
  if (lag > most || lag < -most)
    fprintf(stderr,
            "%s: zoneinfo counts %" PRId64 " free pages, kpageflags has %" PRId64
            ", more apart than CPUs may be behind (%" PRId64 "): these are taken\n",
            name, zone->free, fit.pages, most);
  for (uint32_t type = 0; type < proc->kernel->nr_types; type++)
    pageblocks += zone->nr_pageblocks[type];
  if (pageblocks != fit.nr_pageblocks + zone->nr_dropped)
    fprintf(stderr,
            "%s: pagetypeinfo counts %" PRId64 " pageblocks, kpageflags has %" PRId64 ": %" PRId64
            " of those without any flag are taken for no memory\n",
            name, pageblocks, fit.nr_pageblocks + zone->nr_dropped, zone->nr_dropped);
  for (uint32_t cpu = 0; cpu < proc->nr_cpus; cpu++)
    pcp += zone->cpu[cpu].count;
  fprintf(stderr,
          "%s: %" PRId64 " free blocks, %" PRId64 " of them on a list of another type than their pageblock's; %" PRId64
          " frames are on CPUs' lists, nobody tells which: they count as in use\n",
          name, blocks, fit.foreign, pcp);
}

/* What was chosen, and where the files disagree. */
static void tell(const struct pf_proc *proc) {
  for (uint32_t slot = 0; slot < proc->nr_nodes * proc->kernel->nr_zone_types; slot++) {
    if (proc->zone[slot].present > 0)
      tell_zone(proc, slot);
  }
  fprintf(stderr, "the order of the lists is not told: their blocks stand by rising address\n");
  fprintf(stderr, "which pageblock has which type is not told: each has the one that most of its frames speak for\n");
  if (proc->nr_nodes > 1 && proc->nr_cpus > 1)
    fprintf(stderr, "which CPU belongs to which node is not told: all belong to node 0\n");
}

/* ---------------------------------------------------------------- the whole */

/* The run must be one that can begin: files of several machines, or of a moment when much changed, may tell of none. */
static int check(const char *text, struct pf_error *error) {
  struct pf_text copy = {strdup(text), strlen(text)};
  struct pf_run run;
  struct pf_player player;
  struct pf_finding finding;
  if (!copy.bytes)
    return pf_fail(error, "not enough memory");
  if (pf_run_parse("the state of these files", copy, &run, error) < 0)
    return -1;
  int status = pf_player_open(&player, &run, error);
  if (status == 0) {
    status = pf_player_run(&player, error);
    uint8_t *scratch = malloc(pf_map_frames(player.map) / 8 + 1);
    if (status == 0 && (!scratch || pf_check_map(player.map, scratch, &finding) != PF_FINDING_NONE))
      status = scratch ? pf_fail(error, "the state of these files: at frame %u: %s", finding.pfn,
                                 pf_finding_text(finding.kind))
                       : pf_fail(error, "not enough memory");
    free(scratch);
    pf_player_close(&player);
  }
  pf_run_free(&run);
  return status;
}

static int write_out(const struct pf_buffer *text, const char *path, struct pf_error *error) {
  FILE *out = path ? fopen(path, "w") : stdout;
  if (!out)
    return pf_fail(error, "%s: cannot be written", path);
  size_t written = fwrite(text->bytes, 1, text->size, out);
  int closed = path ? fclose(out) : 0;
  return written == text->size && closed == 0 ? 0 : pf_fail(error, "%s: cannot be written", path ? path : "the output");
}

/* All four files, or none of them: then this machine's. */
static int read_options(int argc, char **argv, struct pf_proc_paths *paths, const char **out) {
  struct {
    const char *name, **path, *live;
  } options[] = {{"--zoneinfo", &paths->zoneinfo, "/proc/zoneinfo"},
                 {"--buddyinfo", &paths->buddyinfo, "/proc/buddyinfo"},
                 {"--pagetypeinfo", &paths->pagetypeinfo, "/proc/pagetypeinfo"},
                 {"--kpageflags", &paths->kpageflags, "/proc/kpageflags"},
                 {"-o", out, NULL}};
  const size_t count = sizeof options / sizeof options[0];
  size_t given = 0;
  for (int i = 1; i < argc; i += 2) {
    size_t option = 0;
    while (option < count && strcmp(argv[i], options[option].name) != 0)
      option++;
    if (option == count || i + 1 == argc || *options[option].path)
      return -1;
    *options[option].path = argv[i + 1];
    given += options[option].live != NULL;
  }
  for (size_t option = 0; option < count && given == 0; option++)
    *options[option].path = options[option].live ? options[option].live : *options[option].path;
  return given == 0 || given == count - 1 ? 0 : -1;
}

int pf_cmd_state(int argc, char **argv) {
  struct pf_proc_paths paths = {0};
  struct pf_buffer text = {0};
  struct pf_error error = {""};
  const char *out = NULL;
  if (read_options(argc, argv, &paths, &out) < 0)
    return pf_misuse(usage);
  struct pf_proc *proc = pf_proc_read(&paths, pf_kernel_info(pf_kernel_find("linux-6.1")), &error);
  int status = proc && pf_proc_conclude(proc, &error) == 0 ? 0 : -1;
  if (status == 0) {
    pf_proc_write(proc, &text);
    status = text.failed ? pf_fail(&error, "not enough memory") : check(text.bytes, &error);
  }
  if (status == 0 && (status = write_out(&text, out, &error)) == 0)
    tell(proc);
  pf_buffer_free(&text);
  pf_proc_free(proc);
  return pf_written(status < 0 ? pf_complain(error.text) : PF_EXIT_GOOD);
}
