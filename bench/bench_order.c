/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Structure analysis: neighbours, bond order, pairs, densities, phases, structure factors. One JSON object a line with medians of five samples
 * on one thread and on two, taken alternately; wall time, and the processor time of all threads. A sample is the mean over as many calls as
 * fit in a tenth of a second.
 *
 *   bench_order                                everything, half a minute
 *   bench_order sample CASE THREADS [FILE]     one sample, "wall cpu" in seconds; cases below, FILE as in tests/support/saved_fluid.h
 *   bench_order memory                         peak memory of an analysis of 10^6 particles
 *
 * Work: the 27,000 particles of tests/data/md/m25_phi055.bin, a binary fluid at packing fraction 0.55.
 */
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bnsl/bnsl.h>

#include "bench.h"
#include "saved_fluid.h"

enum { REPEATS = 5, K = 12, FIRST_L = 2, N_L = 11, N_BINS = 200 };

/* ---- work --------------------------------------------------------------------------------------------- */

/* A configuration, the list of the 12 nearest, and room for results. */
typedef struct work {
    saved_fluid fluid;
    bnsl_box box;
    int32_t threads, l[N_L];
    bnsl_neighbor_list *list;
    double *q, *density;
    int32_t *phase, *cluster;
} work;

static bnsl_neighbor_list *new_list(const work *w, int32_t mode)
{
    bnsl_neighbor_list *list;
    bnsl_neighbor_options o;
    must(bnsl_neighbor_options_init(&o, sizeof o));
    o.mode = mode;
    o.k = K;
    o.r_max = mode == BNSL_NEIGHBOR_RADIUS ? 1.5 : 0;
    o.num_threads = w->threads;
    must(bnsl_neighbor_create(&list, &o));
    return list;
}

static void search(const work *w, int32_t mode)
{
    bnsl_neighbor_list *list = new_list(w, mode);
    must(bnsl_neighbor_build(list, &w->box, w->fluid.n, w->fluid.xyz, NULL, NULL));
    bnsl_neighbor_destroy(list);
}

static void run_nearest(const work *w)
{
    search(w, BNSL_NEIGHBOR_NEAREST);
}

static void run_radius(const work *w)
{
    search(w, BNSL_NEIGHBOR_RADIUS);
}

static void run_steinhardt(const work *w)
{
    must(bnsl_order_steinhardt(w->list, N_L, w->l, w->threads, w->q, NULL, NULL));
}

static void run_search_and_steinhardt(const work *w)
{
    bnsl_neighbor_list *list = new_list(w, BNSL_NEIGHBOR_NEAREST);
    must(bnsl_neighbor_build(list, &w->box, w->fluid.n, w->fluid.xyz, NULL, NULL));
    must(bnsl_order_steinhardt(list, N_L, w->l, w->threads, w->q, NULL, NULL));
    bnsl_neighbor_destroy(list);
}

static void run_averaged(const work *w)
{
    must(bnsl_order_steinhardt_averaged(w->list, NULL, N_L, w->l, w->threads, w->q, NULL, NULL));
}

static void run_w(const work *w)
{
    must(bnsl_order_steinhardt(w->list, N_L, w->l, w->threads, NULL, w->q, NULL));
}

static void run_solid(const work *w)
{
    bnsl_order_solid_options o;
    must(bnsl_order_solid_options_init(&o, sizeof o));
    o.num_threads = w->threads;
    must(bnsl_order_solid(w->list, NULL, &o, w->phase, NULL, w->cluster, NULL, NULL));
}

/* g(r) of the S among themselves. */
static void run_rdf(const work *w)
{
    double g[N_BINS];
    bnsl_order_rdf *rdf;
    bnsl_order_rdf_options o;
    must(bnsl_order_rdf_options_init(&o, sizeof o));
    o.num_threads = w->threads;
    o.n_bins = N_BINS;
    must(bnsl_order_rdf_create(&rdf, &o));
    must(bnsl_order_rdf_add(rdf, &w->box, w->fluid.n - w->fluid.n_large, w->fluid.xyz + 3 * w->fluid.n_large, NULL, NULL));
    must(bnsl_order_rdf_read(rdf, -1, -1, g, NULL, NULL));
    bnsl_order_rdf_destroy(rdf);
}

static void run_density(const work *w)
{
    bnsl_order_density_options o;
    must(bnsl_order_density_options_init(&o, sizeof o));
    o.num_threads = w->threads;
    must(bnsl_order_local_density(&w->box, w->fluid.n, w->fluid.xyz, NULL, &o, w->density, NULL));
}

static void run_classify(const work *w)
{
    bnsl_order_classify_options o;
    must(bnsl_order_classify_options_init(&o, sizeof o));
    o.num_threads = w->threads;
    must(bnsl_order_classify(&w->box, w->fluid.n, w->fluid.xyz, w->fluid.species, &o, w->phase));
}

static void run_structure_factor(const work *w)
{
    double q[N_BINS], s[N_BINS];
    bnsl_saxs_sq_options o;
    must(bnsl_saxs_sq_options_init(&o, sizeof o));
    o.q_max = 3;
    o.n_q = N_BINS;
    o.num_threads = w->threads;
    must(bnsl_saxs_structure_factor(&w->box, w->fluid.n, w->fluid.xyz, w->fluid.species, 2, &o, q, s, NULL, NULL, NULL));
}

static const struct {
    const char *name;
    void (*run)(const work *w);
    const char *what;
} cases[] = {
    { "nearest", run_nearest, "12 nearest neighbours" },
    { "radius", run_radius, "neighbours within 1.5" },
    { "steinhardt", run_steinhardt, "q_2 ... q_12 of a list of 12 nearest" },
    { "search-and-steinhardt", run_search_and_steinhardt, "12 nearest, and q_2 ... q_12" },
    { "averaged", run_averaged, "averaged q_2 ... q_12 of the list" },
    { "w", run_w, "w_2 ... w_12 of the list" },
    { "solid", run_solid, "solid-like particles and clusters, l = 6" },
    { "rdf", run_rdf, "g(r) of 18,000 S, r < 5, 200 bins" },
    { "density", run_density, "local densities, R = 1.3" },
    { "classify", run_classify, "phase of each L" },
    { "structure-factor", run_structure_factor, "S(q), q < 3" },
};
enum { N_CASES = sizeof cases / sizeof cases[0] };

static void work_make(work *w, saved_fluid fluid, const double length[3], int32_t threads)
{
    *w = (work){ .fluid = fluid, .threads = threads };
    must(bnsl_box_init(&w->box, length[0], length[1], length[2], 0, 0, 0));
    for (int32_t i = 0; i < N_L; i++)
        w->l[i] = FIRST_L + i;
    w->q = memory(fluid.n * N_L, sizeof *w->q);
    w->density = memory(fluid.n, sizeof *w->density);
    w->phase = memory(fluid.n, sizeof *w->phase);
    w->cluster = memory(fluid.n, sizeof *w->cluster);
    w->list = new_list(w, BNSL_NEIGHBOR_NEAREST);
}

static void work_read(work *w, const char *path, int32_t threads)
{
    saved_fluid fluid;
    if (!saved_fluid_read(&fluid, path))
        die("cannot read the configuration");
    work_make(w, fluid, (const double[]){ fluid.edge, fluid.edge, fluid.edge }, threads);
    must(bnsl_neighbor_build(w->list, &w->box, fluid.n, fluid.xyz, NULL, NULL));
}

static void work_free(work *w)
{
    bnsl_neighbor_destroy(w->list);
    free(w->q);
    free(w->density);
    free(w->phase);
    free(w->cluster);
    saved_fluid_free(&w->fluid);
}

/* ---- time ----------------------------------------------------------------------------------------------- */

typedef struct seconds {
    double wall, cpu;
} seconds;

static seconds sample(const work *w, int c)
{
    const double wall = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
    int calls = 0;
    double passed;
    do {
        cases[c].run(w);
        calls++;
        passed = now(CLOCK_MONOTONIC) - wall;
    } while (passed * (calls + 1) < 0.1 * calls);
    return (seconds){ passed / calls, (now(CLOCK_PROCESS_CPUTIME_ID) - cpu) / calls };
}

static int one_sample(const char *name, int32_t threads, const char *path)
{
    work w;
    int c = 0;
    while (c < N_CASES && strcmp(name, cases[c].name) != 0)
        c++;
    if (c == N_CASES || threads < 1)
        die("no such case, or number of threads");
    work_read(&w, path, threads);
    cases[c].run(&w);
    const seconds s = sample(&w, c);
    printf("%.9f %.9f\n", s.wall, s.cpu);
    work_free(&w);
    return 0;
}

static void all_times(const char *path)
{
    work w[2];
    for (int t = 0; t < 2; t++)
        work_read(&w[t], path, t + 1);
    for (int c = 0; c < N_CASES; c++) {
        double wall[2][REPEATS], cpu[2][REPEATS];
        cases[c].run(&w[0]);
        for (int r = 0; r < REPEATS; r++)
            for (int t = 0; t < 2; t++) {
                const seconds s = sample(&w[t], c);
                wall[t][r] = s.wall;
                cpu[t][r] = s.cpu;
            }
        for (int t = 0; t < 2; t++)
            printf("{\"name\": \"%s\", \"what\": \"%s\", \"n\": %lld, \"threads\": %d, \"ms\": %.3f, \"cpu_ms\": %.3f}\n", cases[c].name,
                   cases[c].what, (long long)w[t].fluid.n, t + 1, 1e3 * median(REPEATS, wall[t]), 1e3 * median(REPEATS, cpu[t]));
        fflush(stdout);
    }
    for (int t = 0; t < 2; t++)
        work_free(&w[t]);
}

/* ---- memory --------------------------------------------------------------------------------------------- */

/* 40 copies of the fluid, 1,080,000 particles: phases, 12 nearest, q_2 ... q_12. The caller's arrays are part of the peak. */
static int measure_memory(const char *path)
{
    enum { NX = 5, NY = 4, NZ = 2, COPIES = NX * NY * NZ };
    saved_fluid one;
    if (!saved_fluid_read(&one, path))
        die("cannot read the configuration");
    saved_fluid all = { .n = one.n * COPIES, .n_large = one.n_large * COPIES };
    all.xyz = memory(all.n * 3, sizeof *all.xyz);
    all.species = memory(all.n, sizeof *all.species);
    for (int64_t k = 0; k < all.n; k++) {
        const int64_t copy = k / one.n, shift[3] = { copy % NX, copy / NX % NY, copy / NX / NY };
        all.species[k] = one.species[k % one.n];
        for (int d = 0; d < 3; d++)
            all.xyz[3 * k + d] = one.xyz[3 * (k % one.n) + d] + (double)shift[d] * one.edge;
    }
    work w;
    struct rusage usage;
    work_make(&w, all, (const double[]){ NX * one.edge, NY * one.edge, NZ * one.edge }, 2);
    run_classify(&w);
    must(bnsl_neighbor_build(w.list, &w.box, all.n, all.xyz, NULL, NULL));
    run_steinhardt(&w);
    getrusage(RUSAGE_SELF, &usage);
    const double mib = (double)usage.ru_maxrss / 1024;
    printf("{\"name\": \"memory\", \"what\": \"phases, 12 nearest, q_2 ... q_12\", \"n\": %lld, \"peak_mib\": %.0f, "
           "\"peak_mib_per_million\": %.0f}\n",
           (long long)all.n, mib, mib * 1e6 / (double)all.n);
    work_free(&w);
    saved_fluid_free(&one);
    return 0;
}

/* In a process of its own, whose peak it is. */
static void memory_in_child(const char *path)
{
    fflush(stdout);
    const pid_t child = fork();
    if (child < 0)
        die("cannot start a process");
    if (child == 0)
        exit(measure_memory(path));
    int status = 0;
    if (waitpid(child, &status, 0) != child || status != 0)
        die("the measurement of memory failed");
}

int main(int argc, char **argv)
{
    const char *const fluid = TEST_DATA_DIR "/md/m25_phi055.bin";
    if ((argc == 4 || argc == 5) && strcmp(argv[1], "sample") == 0)
        return one_sample(argv[2], (int32_t)strtol(argv[3], NULL, 10), argc == 5 ? argv[4] : fluid);
    if (argc == 2 && strcmp(argv[1], "memory") == 0)
        return measure_memory(fluid);
    if (argc > 1)
        die("usage: bench_order | sample CASE THREADS [FILE] | memory");
    memory_in_child(fluid);
    all_times(fluid);
    return 0;
}
