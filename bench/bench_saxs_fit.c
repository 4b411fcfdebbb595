/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Times of pattern fits, one JSON object a line. usage: bench_saxs_fit [VALUES ERRORS [REPEATS]]    two matrices as tests/write_series makes them
 *
 *   frame   the last frame: a, c/a, w, 12 areas and a straight background, 17 parameters on the points up to q = 1.5, from a = 13.3 and c/a = 1
 *   series  every frame: physical background, a, c/a, w and all areas, fluid, displacement, shares and their errors
 *
 * Without files: a frame of an AlB2 crystal by the library's own reflections, and no series.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bnsl/bnsl.h>

#include "bench.h"

enum { REFERENCE = 20, FRAME_CALLS = 40 };

static bnsl_saxs_pattern *model(int frame)
{
    bnsl_saxs_pattern_options o;
    bnsl_saxs_phase_options po;
    bnsl_lattice_options lo;
    bnsl_lattice *lattice;
    bnsl_saxs_pattern *pattern;
    bnsl_saxs_pattern_options_init(&o, sizeof o);
    bnsl_saxs_phase_options_init(&po, sizeof po);
    bnsl_lattice_options_init(&lo, sizeof lo);
    if (frame) {
        o.background = BNSL_BACKGROUND_POLYNOMIAL;
        o.background_order = 1;
        o.q_min = 0.15;
        o.q_max = 1.50; /* the first twelve lines */
    } else {
        o.d_large = 10.4, o.d_small = 4.5, o.sigma_large = 0.6, o.sigma_small = 0.4;
        o.contrast_large = 33.2, o.contrast_small = 44.3;
    }
    lo.a = 13.3;
    po.fit_c_over_a = 1;
    must(bnsl_lattice_create(&lattice, "AlB2", &lo));
    must(bnsl_saxs_pattern_create(&pattern, &o));
    must(bnsl_saxs_pattern_add_phase(pattern, lattice, &po));
    bnsl_lattice_destroy(lattice);
    return pattern;
}

static void time_frame(int repeats, int64_t n, const double *q, const double *s, const double *error)
{
    double *wall = memory(repeats, sizeof *wall);
    bnsl_saxs_phase p = {.a = 0};
    int32_t iterations = 0;
    bnsl_saxs_pattern *pattern = model(1);
    for (int r = 0; r < repeats; r++) {
        const double start = now(CLOCK_PROCESS_CPUTIME_ID);
        for (int k = 0; k < FRAME_CALLS; k++)
            must(bnsl_saxs_pattern_fit(pattern, n, q, s, error, NULL));
        wall[r] = (now(CLOCK_PROCESS_CPUTIME_ID) - start) / FRAME_CALLS;
    }
    must(bnsl_saxs_pattern_phase(pattern, 0, &p));
    must(bnsl_saxs_pattern_quality(pattern, NULL, NULL, &iterations));
    printf("{\"bench\": \"saxs_fit\", \"case\": \"frame\", \"points\": %lld, \"lines\": %d, \"cpu_ms\": %.4f, \"iterations\": %d, \"a\": "
           "%.6f, \"a_err\": %.2g}\n",
           (long long)n, (int)p.n_peaks, 1e3 * median(repeats, wall), (int)iterations, p.a, p.a_err);
    bnsl_saxs_pattern_destroy(pattern);
    free(wall);
}

static void time_series(int repeats, int64_t n_frames, int64_t n, const double *time, const double *q, const double *s, const double *error)
{
    double *cpu = memory(repeats, sizeof *cpu), nucleation = NAN;
    for (int r = 0; r < repeats; r++) {
        bnsl_saxs_series *series;
        bnsl_saxs_series_options so;
        bnsl_saxs_pattern *pattern = model(0);
        bnsl_saxs_series_options_init(&so, sizeof so);
        so.flux_scale = 1;
        const double start = now(CLOCK_PROCESS_CPUTIME_ID);
        must(bnsl_saxs_series_create(&series, pattern, &so, n, q));
        must(bnsl_saxs_series_anchor(series, s + (n_frames - 1) * n, error + (n_frames - 1) * n, 0, NULL));
        for (int64_t k = 0; k < n_frames; k++)
            must(bnsl_saxs_series_add(series, time[k], s + k * n, error + k * n, NULL));
        must(bnsl_saxs_series_nucleation(series, -1, &nucleation, NULL));
        cpu[r] = now(CLOCK_PROCESS_CPUTIME_ID) - start;
        bnsl_saxs_series_destroy(series);
        bnsl_saxs_pattern_destroy(pattern);
    }
    const double all = median(repeats, cpu);
    printf("{\"bench\": \"saxs_fit\", \"case\": \"series\", \"frames\": %lld, \"points\": %lld, \"cpu_s\": %.4f, \"cpu_ms_per_frame\": "
           "%.4f, \"nucleation_s\": %.1f}\n",
           (long long)n_frames, (long long)n, all, 1e3 * all / (double)n_frames, nucleation);
    free(cpu);
}

/* A frame without files. */
static void make_frame(int64_t n, double *q, double *s, double *error)
{
    enum { MAX = 400 };
    static bnsl_reflection list[MAX];
    bnsl_lattice_options lo;
    bnsl_lattice *lattice;
    int64_t n_lines;
    bnsl_lattice_options_init(&lo, sizeof lo);
    lo.a = 13.143;
    lo.c_over_a = 0.99;
    must(bnsl_lattice_create(&lattice, "AlB2", &lo));
    must(bnsl_lattice_reflections(lattice, 2.2, 0, MAX, &n_lines, list));
    must(bnsl_random_normal(1, 0, 0, 0, n, error));
    for (int64_t i = 0; i < n; i++) {
        q[i] = 0.15 + 0.00223 * (double)i;
        s[i] = 1 + 0.1 * q[i];
        for (int64_t k = 0; k < n_lines; k++)
            s[i] += 0.01 * list[k].multiplicity / (list[k].q * list[k].q) * 0.012 / 3.14159265358979 / (pow(q[i] - list[k].q, 2) + 0.012 * 0.012);
        s[i] += 0.005 * error[i];
        error[i] = 0.005;
    }
    bnsl_lattice_destroy(lattice);
}

int main(int argc, char **argv)
{
    const int repeats = argc > 3 ? atoi(argv[3]) : 5;
    if (argc < 3) {
        static double q[830], s[830], error[830];
        make_frame(830, q, s, error);
        time_frame(repeats, 830, q, s, error);
        return 0;
    }
    bnsl_io_series *file;
    int64_t n_frames, n;
    const double *time, *q, *intensity, *sigma;
    must(bnsl_io_series_read(&file, argv[1], argv[2], BNSL_UNIT_FROM_FILE));
    must(bnsl_io_series_view(file, &n_frames, &n, &time, &q, &intensity, &sigma, NULL));
    double *s = memory(2 * n_frames * n, sizeof *s), *error = s + n_frames * n;
    must(bnsl_saxs_normalise(n_frames, n, intensity, sigma, REFERENCE, s, error, NULL, NULL));
    time_frame(repeats, n, q, s + (n_frames - 1) * n, error + (n_frames - 1) * n);
    time_series(repeats > 3 ? 3 : repeats, n_frames, n, time, q, s, error);
    free(s);
    bnsl_io_series_destroy(file);
    return 0;
}
