/*
 * bench_engine - what the engine costs with each kernel: ns and yardstick steps for an alloc+free pair, folded events a
 * second, boot and memory of a 64 GiB machine. Every figure is the median of several turns taken in rotation, for
 * machines are noisy.
 */
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <time.h>

#include "workloads.h"

#define TURNS 61 /* short ones: most are over before somebody else gets the processor */
#define CHASE_ROUNDS 500000
#define MOST_MEASURED 64

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* What is measured with every kernel that can do it. */
static const struct workload {
  const char *name;
  uint32_t workload, rounds;
} workloads[] = {
    {"pair, merged zone", PF_BENCH_MERGED, 10000},           {"pair, buddy held", PF_BENCH_HELD, 40000},
    {"pair, random orders 0-5", PF_BENCH_RANDOM, 150000},    {"pair, order 0, CPU list", PF_BENCH_CPU, 40000},
    {"event folded, local pairs", PF_BENCH_FOLD, 400000},    {"event folded, random in 1 GiB", PF_BENCH_FOLD_RANDOM, 1},
    {"event folded, boot of 64 MiB", PF_BENCH_FOLD_BOOT, 1},
};

/* Steps that the genuine code takes, where somebody has measured them. */
static const struct {
  const char *kernel;
  uint32_t workload;
  double steps;
} genuine[] = {
    {"linux-2.4.20", PF_BENCH_MERGED, 83},
    {"linux-2.4.20", PF_BENCH_HELD, 16},
    {"linux-2.4.20", PF_BENCH_RANDOM, 40},
};

static struct measured {
  char name[64];
  const char *kernel;
  uint32_t workload, events, rounds;
  double ns[TURNS], steps[TURNS];
  struct bench *bench;
} measured[MOST_MEASURED];
static uint32_t nr_measured;

static void add(uint32_t kernel, const struct workload *w, uint32_t events) {
  static const char *const forms[] = {", muted", ", recorded"};
  struct measured *m = &measured[nr_measured++];
  const char *name = pf_kernel_info(kernel)->name;
  snprintf(m->name, sizeof m->name, "%s: %s%s", name, w->name, bench_is_fold(w->workload) ? "" : forms[events]);
  m->kernel = name;
  m->workload = w->workload;
  m->events = events;
  m->rounds = w->rounds;
  m->bench = calloc(1, sizeof *m->bench);
  if (!m->bench || !bench_open(m->bench, kernel, w->workload))
    exit(1);
  bench_prepare(m->bench);
}

static void add_kernel(uint32_t kernel) {
  for (size_t i = 0; i < sizeof workloads / sizeof workloads[0]; i++) {
    if (workloads[i].workload == PF_BENCH_CPU && pf_kernel_info(kernel)->nr_pcps == 0)
      continue;
    add(kernel, &workloads[i], PF_BENCH_MUTED);
    if (!bench_is_fold(workloads[i].workload))
      add(kernel, &workloads[i], PF_BENCH_RECORDED);
  }
}

static double median(const double *of) {
  double values[TURNS];
  memcpy(values, of, sizeof values);
  qsort(values, TURNS, sizeof *values, by_value);
  return values[TURNS / 2];
}

/* ns a round, once the caches hold what it works on. */
static double time_of(struct bench *bench, uint32_t events, uint32_t count) {
  bench_run(bench, events, count / 2);
  double begin = now();
  uint32_t rounds = bench_run(bench, events, count);
  return (now() - begin) / rounds;
}

static void print_row(const struct measured *m) {
  double time = median(m->ns), in_steps = median(m->steps);
  printf("%-48s %9.2f %9.1f", m->name, time, in_steps);
  for (size_t i = 0; i < sizeof genuine / sizeof genuine[0]; i++)
    if (genuine[i].workload == m->workload && strcmp(genuine[i].kernel, m->kernel) == 0)
      printf(" %9.0f %9.2f", genuine[i].steps, in_steps / genuine[i].steps);
  if (bench_is_fold(m->workload))
    printf("   %.1f million a second", 1e3 / time);
  putchar('\n');
}

/* How the turns of two rows compare, one by one. */
static double ratio(const struct measured *a, const struct measured *b) {
  double ratios[TURNS];
  for (int turn = 0; turn < TURNS; turn++)
    ratios[turn] = a->steps[turn] / b->steps[turn];
  return median(ratios);
}

/* What one pair may cost of another, at most. */
static const struct limit {
  const char *name, *kernel;
  uint32_t workload, events;
  const char *of, *of_kernel;
  uint32_t of_workload, of_events;
  double most;
} limits[] = {
    {"order 0 by the CPU's list, muted", "linux-2.6.10", PF_BENCH_CPU, PF_BENCH_MUTED, "merged zone, muted",
     "linux-2.4.20", PF_BENCH_MERGED, PF_BENCH_MUTED, 1.0 / 3},
    {"order 0 by the CPU's list, muted", "linux-6.1", PF_BENCH_CPU, PF_BENCH_MUTED, "buddy held, muted", "linux-2.4.20",
     PF_BENCH_HELD, PF_BENCH_MUTED, 1},
    {"order 0 by the CPU's list, recorded", "linux-6.1", PF_BENCH_CPU, PF_BENCH_RECORDED, "buddy held, muted",
     "linux-2.4.20", PF_BENCH_HELD, PF_BENCH_MUTED, 2},
};

static const struct measured *find(const char *kernel, uint32_t workload, uint32_t events) {
  uint32_t i = 0;
  while (strcmp(measured[i].kernel, kernel) != 0 || measured[i].workload != workload || measured[i].events != events)
    i++;
  return &measured[i];
}

static void print_limits(void) {
  for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
    const struct limit *l = &limits[i];
    printf("%s: %s, of %s: %s: %.2f (at most %.2f)\n", l->kernel, l->name, l->of_kernel, l->of,
           ratio(find(l->kernel, l->workload, l->events), find(l->of_kernel, l->of_workload, l->of_events)), l->most);
  }
}

/* Each turn has its own yardstick, measured just before it: what else the machine does meets both. */
static void pairs(void) {
  static struct bench chase;
  static double step[TURNS * MOST_MEASURED];
  uint32_t steps = 0;
  if (!bench_open(&chase, 1, PF_BENCH_CHASE))
    exit(1);
  for (uint32_t kernel = 1; pf_kernel_info(kernel); kernel++)
    add_kernel(kernel);
  for (int turn = 0; turn < TURNS; turn++)
    for (uint32_t i = 0; i < nr_measured; i++) {
      struct measured *m = &measured[i];
      step[steps] = time_of(&chase, PF_BENCH_MUTED, CHASE_ROUNDS);
      m->ns[turn] = time_of(m->bench, m->events, m->rounds);
      m->steps[turn] = m->ns[turn] / step[steps++];
    }
  qsort(step, steps, sizeof *step, by_value);
  printf("%-48s %9s %9s %9s %9s\n", "the median of 61 turns", "ns", "steps", "genuine", "ratio");
  printf("%-48s %9.2f %9.1f\n", "step of the yardstick (ring of 4,096)", step[steps / 2], 1.0);
  for (uint32_t i = 0; i < nr_measured; i++) {
    print_row(&measured[i]);
    bench_close(measured[i].bench);
    free(measured[i].bench);
  }
  bench_close(&chase);
  print_limits();
}

/* A muted boot, and a fold that starts from its snapshot; what both take of memory, the timeline not counted. */
static void large_machine(uint32_t kernel, uint32_t gib) {
  const uint32_t layers = PF_LAYER_FRAMES | PF_LAYER_STRUCTURES, frames = gib << 18;
  struct pf_machine machine = {.kernel = kernel, .nr_nodes = 1};
  machine.node[0].pages = frames;
  uint64_t engine_size = pf_engine_size(&machine), map_size = pf_map_size(&machine, layers);
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
  pf_map_init(map, map_size, &machine, layers);
  pf_map_of_engine(map, engine);
  double start = now() - begin;
  free(map);
  free(engine);
  double of_model = (double)engine_size / frames, of_fold = (double)map_size / frames;
  printf("%s, %u GiB: boot muted %.3f s (%s), its fold starts in %.3f s; bytes a frame: model %.1f, fold %.1f, "
         "together %.1f (at most 48); %.0f MiB\n",
         pf_kernel_info(kernel)->name, gib, boot / 1e9, pf_outcome_name(result.outcome), start / 1e9, of_model, of_fold,
         of_model + of_fold, (double)(engine_size + map_size) / 1048576);
}

int main(void) {
  pairs();
  if (sizeof(void *) == 8) /* natively: in WebAssembly the page's bench measures its own sizes */
    for (uint32_t kernel = 1; pf_kernel_info(kernel); kernel++) {
      large_machine(kernel, 1);
      large_machine(kernel, 64);
    }
  return 0;
}
