/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Timings of the analysis' hot paths, one JSON object a line: medians of five repeats on one machine in one run. Dynamics: bench_md.
 * Work: the binary 1:2 mixture of size ratio 0.55 at packing fraction 0.56 and 2.5 kT, N = 2,400 (in cache) and 24,000.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <bnsl/bnsl.h>

enum { REPEATS = 5 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *v)
{
    qsort(v, REPEATS, sizeof *v, by_value);
    return v[REPEATS / 2];
}

static void must(bnsl_status status)
{
    if (status) {
        fprintf(stderr, "bench: %s\n", bnsl_error_message());
        exit(1);
    }
}

typedef struct mixture {
    bnsl_box box;
    int64_t n;
    double *xyz, *diameter;
    int32_t *species;
} mixture;

static mixture make(int64_t n)
{
    mixture m = {.n = n, .xyz = malloc((size_t)n * 24), .diameter = malloc((size_t)n * 8), .species = malloc((size_t)n * 4)};
    if (!m.xyz || !m.diameter || !m.species)
        exit(1);
    double volume = 0;
    for (int64_t i = 0; i < n; i++) {
        m.species[i] = i >= n / 3;
        m.diameter[i] = m.species[i] ? 0.55 : 1;
        volume += 0.5235987755982988 * pow(m.diameter[i], 3);
    }
    double edge = cbrt(volume / 0.56);
    must(bnsl_box_init(&m.box, edge, edge, edge, 0, 0, 0));
    must(bnsl_md_random_start(&m.box, n, m.diameter, 0, 1, 1, m.xyz, NULL));
    return m;
}

static void bench_neighbors(const mixture *m)
{
    bnsl_neighbor_options o;
    bnsl_neighbor_list *list;
    double seconds[REPEATS];
    must(bnsl_neighbor_options_init(&o, sizeof o));
    for (int32_t mode = BNSL_NEIGHBOR_RADIUS; mode <= BNSL_NEIGHBOR_NEAREST; mode++) {
        o.mode = mode;
        o.r_max = mode == BNSL_NEIGHBOR_RADIUS ? 1.5 : 0;
        must(bnsl_neighbor_create(&list, &o));
        for (int r = 0; r < REPEATS; r++) {
            double start = now();
            must(bnsl_neighbor_build(list, &m->box, m->n, m->xyz, m->species, NULL));
            seconds[r] = now() - start;
        }
        printf("{\"name\": \"neighbors %s\", \"n\": %lld, \"ns_per_particle\": %.0f}\n", mode == BNSL_NEIGHBOR_RADIUS ? "r < 1.5" : "12 nearest", (long long)m->n,
               1e9 * median(seconds) / (double)m->n);
        bnsl_neighbor_destroy(list);
    }
}

static void bench_order(const mixture *m)
{
    double seconds[REPEATS];
    int32_t *phase = malloc((size_t)m->n * sizeof *phase);
    for (int r = 0; phase && r < REPEATS; r++) {
        double start = now();
        must(bnsl_order_classify(&m->box, m->n, m->xyz, m->species, NULL, phase));
        seconds[r] = now() - start;
    }
    printf("{\"name\": \"classify\", \"n\": %lld, \"ns_per_particle\": %.0f}\n", (long long)m->n, 1e9 * median(seconds) / (double)m->n);
    free(phase);
}

static void bench_structure_factor(const mixture *m)
{
    enum { N_Q = 200 };
    double q[N_Q], s[N_Q], seconds[REPEATS], n_k = 0;
    int64_t count[N_Q];
    bnsl_saxs_sq_options o;
    must(bnsl_saxs_sq_options_init(&o, sizeof o));
    o.q_max = 12;
    o.n_q = N_Q;
    for (int r = 0; r < REPEATS; r++) {
        double start = now();
        must(bnsl_saxs_structure_factor(&m->box, m->n, m->xyz, m->species, 2, &o, q, s, NULL, count, NULL));
        seconds[r] = now() - start;
    }
    for (int b = 0; b < N_Q; b++)
        n_k += 0.5 * (double)count[b];
    printf("{\"name\": \"structure factor\", \"n\": %lld, \"wave_vectors\": %.0f, \"ns_per_k_and_particle\": %.3f}\n", (long long)m->n, n_k,
           1e9 * median(seconds) / (n_k * (double)m->n));
}

int main(void)
{
    static const int64_t sizes[] = {2400, 24000};
    for (int k = 0; k < 2; k++) {
        mixture m = make(sizes[k]);
        bench_neighbors(&m);
        bench_order(&m);
        if (k == 0)
            bench_structure_factor(&m);
        free(m.xyz);
        free(m.diameter);
        free(m.species);
    }
    return 0;
}
