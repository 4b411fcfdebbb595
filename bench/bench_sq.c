/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Structure factors of the 27,000 particles of tests/data/md/m25_phi055.bin, a binary fluid at packing fraction 0.55: by the non-uniform FFT
 * beside the direct sums, by the histogram of distances beside the plain Debye sum. One JSON object a line with medians of REPEATS, taken
 * alternately, and the largest error beside the slower way.
 *
 *   bench_sq                                   everything, a minute and a half
 *   bench_sq sample CASE THREADS [FILE]        one sample, "wall cpu" in seconds, for bench/freud.sh; FILE as in tests/support/saved_fluid.h
 *
 * The plain sums are what one writes first, compiled like everything else: plain_direct advances exp(i k.r) of every particle along a row of wave
 * vectors by a complex multiplication, plain_debye takes sin(q r) / (q r) of every pair. They are timed for some rows, and for some q, and
 * scaled to all of them.
 */
#include <math.h>
#include <string.h>

#include <bnsl/bnsl.h>

#include "bench.h"
#include "saved_fluid.h"

enum { REPEATS = 3, N_Q = 500, PLAIN_ROWS = 12, PLAIN_Q = 2, N_FEW = 1500, CLASSES = 13 };

static const double Q_MAX = 25;

/* ---- the library ----------------------------------------------------------------------------------------------------------- */

typedef struct work {
    saved_fluid fluid;
    bnsl_box box;
    int32_t *class_of; /* 2 x CLASSES of equal numbers */
    double q[N_Q], s[N_Q], *partial;
    int64_t n_k[N_Q];
} work;

static void compute(work *w, int32_t method, int32_t threads, double q_max, int32_t n_q, int64_t n, bool classes)
{
    bnsl_saxs_sq_options o;
    must(bnsl_saxs_sq_options_init(&o, sizeof o));
    o.method = method;
    o.num_threads = threads;
    o.q_max = q_max;
    o.n_q = n_q;
    must(bnsl_saxs_structure_factor(method == BNSL_SQ_DEBYE ? NULL : &w->box, n, w->fluid.xyz, classes ? w->class_of : w->fluid.species,
                                    classes ? 2 * CLASSES : 2, &o, w->q, w->s, w->partial, w->n_k, NULL));
}

static double seconds(work *w, int32_t method, int32_t threads, bool classes)
{
    const double start = now(CLOCK_MONOTONIC);
    compute(w, method, threads, Q_MAX, N_Q, w->fluid.n, classes);
    return now(CLOCK_MONOTONIC) - start;
}

static void work_read(work *w, const char *path)
{
    if (!saved_fluid_read(&w->fluid, path))
        die("cannot read the configuration");
    must(bnsl_box_init(&w->box, w->fluid.edge, w->fluid.edge, w->fluid.edge, 0, 0, 0));
    w->class_of = memory(w->fluid.n, sizeof *w->class_of);
    for (int64_t i = 0; i < w->fluid.n; i++)
        w->class_of[i] = CLASSES * w->fluid.species[i] + (int32_t)(i % CLASSES);
    w->partial = memory((int64_t)N_Q * CLASSES * (2 * CLASSES + 1), sizeof *w->partial);
}

static void work_free(work *w)
{
    free(w->class_of);
    free(w->partial);
    saved_fluid_free(&w->fluid);
}

/* ---- plain sums ------------------------------------------------------------------------------------------------------------- */

/* Seconds of a plain direct sum over n_k wave vectors, from some rows of them. */
static double plain_direct(const work *w, double n_k)
{
    const int64_t n = w->fluid.n;
    const double unit = 2 * 3.14159265358979323846 / w->fluid.edge;
    const int l_max = (int)(Q_MAX / unit);
    double *phase = memory(4 * n, sizeof *phase), sum = 0, keep = 0;
    const double start = now(CLOCK_MONOTONIC);
    for (int row = 0; row < PLAIN_ROWS; row++) {
        for (int64_t i = 0; i < n; i++) {
            const double *r = w->fluid.xyz + 3 * i, angle = unit * (row * r[0] + 3 * row * r[1]);
            phase[4 * i] = cos(angle);
            phase[4 * i + 1] = sin(angle);
            phase[4 * i + 2] = cos(unit * r[2]);
            phase[4 * i + 3] = sin(unit * r[2]);
        }
        for (int l = 0; l < l_max; l++) {
            double re[2] = { 0 }, im[2] = { 0 };
            for (int64_t i = 0; i < n; i++) {
                double *p = phase + 4 * i;
                const int32_t s = w->fluid.species[i];
                const double next = p[0] * p[2] - p[1] * p[3];
                p[1] = p[0] * p[3] + p[1] * p[2];
                p[0] = next;
                re[s] += p[0];
                im[s] += p[1];
            }
            sum += re[0] * re[1] + im[0] * im[1];
        }
    }
    keep += sum;
    free(phase);
    const double passed = now(CLOCK_MONOTONIC) - start;
    return keep == 0.5 ? 0 : passed * n_k / ((double)PLAIN_ROWS * l_max);
}

/* Seconds of a plain Debye sum of N_Q q, from PLAIN_Q of them; total S of these. */
static double plain_debye(const work *w, const double *q, double *s)
{
    const int64_t n = w->fluid.n;
    const double *r = w->fluid.xyz;
    const double start = now(CLOCK_MONOTONIC);
    for (int k = 0; k < PLAIN_Q; k++) {
        double sum = 0;
        for (int64_t i = 0; i < n; i++)
            for (int64_t j = i + 1; j < n; j++) {
                const double x = r[3 * j] - r[3 * i], y = r[3 * j + 1] - r[3 * i + 1], z = r[3 * j + 2] - r[3 * i + 2];
                const double qr = q[k] * sqrt(x * x + y * y + z * z);
                sum += sin(qr) / qr;
            }
        s[k] = 1 + 2 * sum / (double)n;
    }
    return (now(CLOCK_MONOTONIC) - start) * N_Q / PLAIN_Q;
}

/* ---- everything ------------------------------------------------------------------------------------------------------------- */

static void print(const char *name, int threads, double time, double slow, const char *beside, double error)
{
    printf("{\"name\": \"%s\", \"threads\": %d, \"s\": %.3f, \"beside\": \"%s\", \"beside_s\": %.3f, \"ratio\": %.1f, \"error\": %.1e}\n",
           name, threads, time, beside, slow, slow / time, error);
    fflush(stdout);
}

static void periodic(work *w)
{
    double fft[2][REPEATS], direct[2][REPEATS], plain[REPEATS], want[N_Q], error = 0, mean = 0, n_k = 0;
    int filled = 0;
    for (int r = 0; r < REPEATS; r++)
        for (int t = 0; t < 2; t++) {
            direct[t][r] = seconds(w, BNSL_SQ_DIRECT, t + 1, false);
            memcpy(want, w->s, sizeof want);
            fft[t][r] = seconds(w, BNSL_SQ_NUFFT, t + 1, false);
        }
    for (int i = 0; i < N_Q; i++) {
        n_k += 0.5 * (double)w->n_k[i];
        if (w->n_k[i] == 0)
            continue;
        mean += want[i];
        filled++;
        error = fmax(error, fabs(w->s[i] - want[i]));
    }
    error /= mean / filled;
    for (int r = 0; r < REPEATS; r++)
        plain[r] = plain_direct(w, n_k);
    const double times[2] = { median(REPEATS, fft[0]), median(REPEATS, fft[1]) };
    print("nufft", 1, times[0], median(REPEATS, plain), "plain direct sum", error);
    for (int t = 0; t < 2; t++)
        print("nufft", t + 1, times[t], median(REPEATS, direct[t]), "direct", error);
}

static void isolated(work *w)
{
    static const int at[PLAIN_Q] = { 8, 170 };
    double q[PLAIN_Q], want[PLAIN_Q], times[2][REPEATS], error = 0;
    for (int r = 0; r < REPEATS; r++)
        for (int t = 0; t < 2; t++)
            times[t][r] = seconds(w, BNSL_SQ_DEBYE, t + 1, false);
    for (int k = 0; k < PLAIN_Q; k++)
        q[k] = w->q[at[k]];
    const double plain = plain_debye(w, q, want);
    for (int k = 0; k < PLAIN_Q; k++)
        error = fmax(error, fabs(w->s[at[k]] - want[k]) / fmax(1, fabs(want[k])));
    for (int t = 0; t < 2; t++)
        print("debye", t + 1, median(REPEATS, times[t]), plain, "plain Debye sum", error);
}

/* 13 classes of sizes of each species: 351 partials. */
static void classes(work *w)
{
    static const int32_t methods[] = { BNSL_SQ_NUFFT, BNSL_SQ_DEBYE };
    static const char *const names[] = { "nufft-26-classes", "debye-26-classes" };
    for (int m = 0; m < 2; m++)
        printf("{\"name\": \"%s\", \"threads\": 2, \"s\": %.3f}\n", names[m], seconds(w, methods[m], 2, true));
}

/* ---- samples beside freud ---------------------------------------------------------------------------------------------------- */

static int one_sample(const char *name, int32_t threads, const char *path)
{
    work w;
    int calls = 0;
    const bool debye = strcmp(name, "sq-debye") == 0;
    if (threads < 1 || (!debye && strcmp(name, "sq") != 0))
        die("no such case, or number of threads");
    work_read(&w, path);
    double wall, cpu, passed;
    for (int warm = 1; warm >= 0; warm--) {
        wall = now(CLOCK_MONOTONIC);
        cpu = now(CLOCK_PROCESS_CPUTIME_ID);
        calls = 0;
        do {
            if (debye)
                compute(&w, BNSL_SQ_DEBYE, threads, 25, 50, N_FEW, false);
            else
                compute(&w, BNSL_SQ_AUTO, threads, 4, 200, w.fluid.n, false);
            calls++;
            passed = now(CLOCK_MONOTONIC) - wall;
        } while (!warm && passed * (calls + 1) < 0.1 * calls);
    }
    printf("%.9f %.9f\n", passed / calls, (now(CLOCK_PROCESS_CPUTIME_ID) - cpu) / calls);
    work_free(&w);
    return 0;
}

int main(int argc, char **argv)
{
    const char *const fluid = TEST_DATA_DIR "/md/m25_phi055.bin";
    work w;
    if ((argc == 4 || argc == 5) && strcmp(argv[1], "sample") == 0)
        return one_sample(argv[2], (int32_t)strtol(argv[3], NULL, 10), argc == 5 ? argv[4] : fluid);
    if (argc > 1)
        die("usage: bench_sq | sample sq|sq-debye THREADS [FILE]");
    work_read(&w, fluid);
    periodic(&w);
    isolated(&w);
    classes(&w);
    work_free(&w);
    return 0;
}
