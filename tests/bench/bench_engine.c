/*
 * bench_engine - what the engine costs, natively: ns and yardstick steps for an alloc+free pair, folded events a
 * second, boot and memory of a 64 GiB machine. Every figure is the median of several turns taken in rotation, for
 * machines are noisy.
 */
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <time.h>

#include "workloads.h"

#define TURNS 15

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static const struct measured {
  const char *name;
  uint32_t workload, events, rounds;
  double genuine; /* steps of the genuine code, 0: none known */
} measured[] = {
    {"step of the yardstick (ring of 4,096)", PF_BENCH_CHASE, PF_BENCH_MUTED, 2000000, 0},
    {"pair, merged zone, muted", PF_BENCH_MERGED, PF_BENCH_MUTED, 40000, 83},
    {"pair, merged zone, recorded", PF_BENCH_MERGED, PF_BENCH_RECORDED, 40000, 83},
    {"pair, buddy held, muted", PF_BENCH_HELD, PF_BENCH_MUTED, 200000, 16},
    {"pair, buddy held, recorded", PF_BENCH_HELD, PF_BENCH_RECORDED, 200000, 16},
    {"pair, random orders 0-5, muted", PF_BENCH_RANDOM, PF_BENCH_MUTED, 300000, 40},
    {"pair, random orders 0-5, recorded", PF_BENCH_RANDOM, PF_BENCH_RECORDED, 300000, 40},
    {"pair, linux-6.1's per-CPU list, muted", PF_BENCH_PCP, PF_BENCH_MUTED, 200000, 0},
    {"pair, linux-6.1's per-CPU list, recorded", PF_BENCH_PCP, PF_BENCH_RECORDED, 200000, 0},
    {"event folded (local pairs)", PF_BENCH_FOLD, PF_BENCH_MUTED, 2000000, 0},
};
#define NR_MEASURED (sizeof measured / sizeof measured[0])

static double median(double *values) {
  qsort(values, TURNS, sizeof *values, by_value);
  return values[TURNS / 2];
}

static double time_of(struct bench *bench, const struct measured *m) {
  double begin = now();
  uint32_t rounds = bench_run(bench, m->workload, m->events, m->rounds);
  return (now() - begin) / rounds;
}

static void print_row(const struct measured *m, double *ns, double *steps) {
  double time = median(ns), in_steps = median(steps);
  printf("%-40s %9.2f %9.1f", m->name, time, in_steps);
  if (m->genuine > 0)
    printf(" %9.0f %9.2f", m->genuine, in_steps / m->genuine);
  if (m->workload == PF_BENCH_FOLD)
    printf("   %.1f million a second", 1e3 / time);
  putchar('\n');
}

/* Each turn has its own yardstick, measured just before it: what else the machine does meets both. */
static void pairs(void) {
  static struct bench bench[NR_MEASURED];
  static double ns[NR_MEASURED][TURNS], steps[NR_MEASURED][TURNS];
  for (size_t i = 0; i < NR_MEASURED; i++) {
    if (!bench_open(&bench[i], measured[i].workload))
      exit(1);
    bench_prepare(&bench[i], measured[i].workload);
    if (measured[i].workload == PF_BENCH_FOLD)
      bench_fold_prepare(&bench[i]);
  }
  for (int turn = 0; turn < TURNS; turn++)
    for (size_t i = 0; i < NR_MEASURED; i++) {
      double step = time_of(&bench[0], &measured[0]);
      ns[i][turn] = time_of(&bench[i], &measured[i]);
      steps[i][turn] = ns[i][turn] / step;
    }
  printf("%-40s %9s %9s %9s %9s\n", "native, the median of 15 turns", "ns", "steps", "genuine", "ratio");
  for (size_t i = 0; i < NR_MEASURED; i++) {
    print_row(&measured[i], ns[i], steps[i]);
    bench_close(&bench[i]);
  }
}

/* 16.7 million frames: a muted boot, and a fold that starts from its snapshot. */
static void large_machine(void) {
  struct pf_machine machine = {.kernel = pf_kernel_find("linux-2.4.20"), .nr_nodes = 1};
  machine.node[0].pages = 1u << 24;
  uint64_t engine_size = pf_engine_size(&machine),
           map_size = pf_map_size(&machine, PF_LAYER_FRAMES | PF_LAYER_STRUCTURES);
  struct pf_engine *engine = malloc((size_t)engine_size);
  if (!engine)
    exit(1);
  double begin = now();
  struct pf_result result;
  pf_engine_init(engine, engine_size, &machine);
  pf_engine_apply(engine, &(struct pf_op){.kind = PF_OP_BOOT}, NULL, &result);
  double boot = now() - begin;
  struct pf_map *map = malloc((size_t)map_size);
  if (!map)
    exit(1);
  begin = now();
  pf_map_init(map, map_size, &machine, PF_LAYER_FRAMES | PF_LAYER_STRUCTURES);
  pf_map_of_engine(map, engine);
  double start = now() - begin;
  free(map);
  free(engine);
  printf("64 GiB machine: boot muted %.2f s (%s), its fold starts in %.2f s; model %.1f and fold %.1f bytes a frame, "
         "together %.0f MiB\n",
         boot / 1e9, pf_outcome_name(result.outcome), start / 1e9, (double)engine_size / (1u << 24),
         (double)map_size / (1u << 24), (double)(engine_size + map_size) / 1048576);
}

int main(void) {
  pairs();
  if (sizeof(void *) == 8) /* natively: in WebAssembly the page's bench measures its own sizes */
    large_machine();
  return 0;
}
