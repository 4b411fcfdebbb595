/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mean squared displacement averaged over all time origins [Calandrini, Pellegrini, Calligari, Hinsen and Kneller, Collection SFN 12, 201
 * (2011); Kneller et al., Comput. Phys. Commun. 91, 191 (1995)]: with N frames and r(k) counted from the first one,
 *
 *   (N - m) MSD(m) = sum_{k < N - m} r(k)^2 + sum_{k >= m} r(k)^2 - 2 sum_k r(k) r(k + m).
 *
 * The last sum is an autocorrelation, by Fourier transforms of the series padded with zeros to 2 N. Power spectra are added over the particles
 * before the one transform back. Blocks of particles of one species are shared among the threads and added in their order.
 * Cost: O(n N log N); memory some MB a thread.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "msd_internal.h"

enum { ALIGNMENT = 64, BLOCK_MOST = 64, BLOCK_NUMBERS = 1 << 19 };

/* One computation. */
typedef struct window {
    const bnsl_order_msd *msd;
    int64_t first, count; /* frames */
    msd_fft fft;
    int64_t stride;       /* numbers of one padded series */
    int64_t block;        /* particles of a block, 1 .. BLOCK_MOST */
    int64_t first_block[BNSL_ORDER_SPECIES_MAX + 1];
    double *spectrum;     /* of each species: power, stride numbers (re, im) */
    double *square;       /* of each species: sums of r(k)^2, count numbers */
} window;

/* What one thread works in, aligned; square and spectrum of one block. */
typedef struct worker {
    void *memory;
    double *series, *spectrum, *square;
} worker;

static double *aligned(void *memory)
{
    char *bytes = memory;
    return (double *)(void *)(bytes + (ALIGNMENT - (uintptr_t)bytes % ALIGNMENT) % ALIGNMENT);
}

static bool worker_make(const window *w, worker *out)
{
    const int64_t n_series = 3 * w->block * w->stride;
    out->memory = bnsl__alloc(n_series + w->stride + w->count + ALIGNMENT, sizeof(double));
    if (!out->memory)
        return false;
    out->series = aligned(out->memory);
    out->spectrum = out->series + n_series;
    out->square = out->spectrum + w->stride;
    return true;
}

/* ---- blocks ------------------------------------------------------------------------------------------------------------------ */

/* Series of the coordinates of n particles since the window's first frame, padded with zeros; adds their squares to square. */
static void load_series(const window *w, int64_t n, const int64_t *particle, worker *out)
{
    const double *origin = w->msd->frames[w->first];
    memset(out->series, 0, (size_t)(3 * n * w->stride) * sizeof *out->series);
    for (int64_t f = 0; f < w->count; f++) {
        const double *frame = w->msd->frames[w->first + f];
        for (int64_t i = 0; i < n; i++)
            for (int k = 0; k < 3; k++) {
                const double r = frame[3 * particle[i] + k] - origin[3 * particle[i] + k];
                out->series[(3 * i + k) * w->stride + f] = r;
                out->square[f] += r * r;
            }
    }
}

/* Spectrum and squares of block b of a species. */
static void do_block(const window *w, int32_t species, int64_t b, worker *out)
{
    int64_t begin = 0, left = w->msd->count[species] - b * w->block;
    for (int32_t s = 0; s < species; s++)
        begin += w->msd->count[s];
    const int64_t n = left < w->block ? left : w->block;
    memset(out->spectrum, 0, (size_t)w->stride * sizeof *out->spectrum);
    memset(out->square, 0, (size_t)w->count * sizeof *out->square);
    load_series(w, n, w->msd->order + begin + b * w->block, out);
    for (int64_t i = 0; i < 3 * n; i++) {
        double *series = out->series + i * w->stride;
        bnsl__msd_fft_forward(&w->fft, series);
        for (int64_t k = 0; k < w->fft.n / 2 + 1; k++)
            out->spectrum[2 * k] += series[2 * k] * series[2 * k] + series[2 * k + 1] * series[2 * k + 1];
    }
}

static int32_t species_of_block(const window *w, int64_t b)
{
    int32_t s = 0;
    while (b >= w->first_block[s + 1])
        s++;
    return s;
}

/* All blocks; false: the caller asked to stop. before, total: progress in particles. */
static bool do_blocks(const window *w, worker *workers, int threads, bnsl_control *control, int64_t before, int64_t total)
{
    const int64_t n_blocks = w->first_block[w->msd->o.n_species];
    atomic_int stop = 0;
    atomic_llong done = 0;
    (void)threads; /* without OpenMP */
#pragma omp parallel for ordered schedule(dynamic, 1) num_threads(threads)
    for (int64_t b = 0; b < n_blocks; b++) {
        worker *out = workers + bnsl__thread_number();
        const int32_t s = species_of_block(w, b);
        if (!atomic_load(&stop))
            do_block(w, s, b - w->first_block[s], out);
        const int64_t so_far = before + (int64_t)(atomic_fetch_add(&done, 1) + 1) * w->msd->n / (n_blocks + 1);
        if (bnsl__thread_number() == 0 && bnsl__control_stop(control, so_far, total))
            atomic_store(&stop, 1);
#pragma omp ordered
        if (!atomic_load(&stop)) {
            for (int64_t k = 0; k < w->stride; k++)
                w->spectrum[s * w->stride + k] += out->spectrum[k];
            for (int64_t f = 0; f < w->count; f++)
                w->square[s * w->count + f] += out->square[f];
        }
    }
    return !atomic_load(&stop) && !bnsl__control_stop(control, before + w->msd->n, total);
}

/* ---- result ------------------------------------------------------------------------------------------------------------------ */

/* Sums over the particles from spectra and squares: before(m) = sums over k < N - m, behind(m) = over k >= m of r(k)^2. */
static void collect(const window *w, double *msd_out)
{
    const int32_t n_species = w->msd->o.n_species;
    double ends[BNSL_ORDER_SPECIES_MAX] = {0}, sums[BNSL_ORDER_SPECIES_MAX];
    for (int32_t s = 0; s < n_species; s++)
        bnsl__msd_fft_backward(&w->fft, w->spectrum + s * w->stride);
    for (int64_t m = w->count - 1; m >= 0; m--) {
        for (int32_t s = 0; s < n_species; s++) {
            ends[s] += w->square[s * w->count + m] + w->square[s * w->count + w->count - 1 - m];
            sums[s] = ends[s] - 2 * w->spectrum[s * w->stride + m] / w->fft.n;
            if (m == 0 || sums[s] < 0) /* rounding */
                sums[s] = 0;
        }
        bnsl__msd_means(w->msd, (double)(w->count - m), sums, msd_out + m * bnsl__msd_columns(w->msd));
    }
}

static bool window_make(window *w, const bnsl_order_msd *msd, int64_t first, int64_t count, void **memory)
{
    const int64_t length = bnsl__msd_fft_length(2 * count), unit = ALIGNMENT / (int64_t)sizeof(double);
    if (length < 0)
        return false;
    *w = (window){.msd = msd, .first = first, .count = count};
    w->stride = (length + 2 + unit - 1) / unit * unit;
    w->block = BLOCK_NUMBERS / (3 * w->stride);
    w->block = w->block < 1 ? 1 : w->block > BLOCK_MOST ? BLOCK_MOST : w->block;
    for (int32_t s = 0; s < msd->o.n_species; s++)
        w->first_block[s + 1] = w->first_block[s] + (msd->count[s] + w->block - 1) / w->block;
    *memory = bnsl__calloc(msd->o.n_species * (w->stride + count) + ALIGNMENT, sizeof(double));
    if (!*memory)
        return false;
    w->spectrum = aligned(*memory);
    w->square = w->spectrum + msd->o.n_species * w->stride;
    return bnsl__msd_fft_make(&w->fft, (int32_t)length, w->spectrum);
}

bnsl_status bnsl__msd_window(const bnsl_order_msd *msd, int64_t first, int64_t count, double *msd_out, bnsl_control *control, int64_t done,
                             int64_t total, const char *func)
{
    window w = {.msd = NULL};
    void *memory = NULL;
    const int threads = bnsl__threads(msd->o.num_threads);
    worker *workers = bnsl__calloc(threads, sizeof *workers);
    bool ok = workers && window_make(&w, msd, first, count, &memory);
    for (int t = 0; ok && t < threads; t++)
        ok = worker_make(&w, workers + t);
    bnsl_status status = ok ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, func, "out of memory for %lld frames", (long long)count);
    if (ok && !do_blocks(&w, workers, threads, control, done, total))
        status = bnsl__fail(BNSL_ECANCELLED, func, "cancelled");
    if (status == BNSL_OK)
        collect(&w, msd_out);
    for (int t = 0; workers && t < threads; t++)
        free(workers[t].memory);
    free(workers);
    free(memory);
    bnsl__msd_fft_free(&w.fft);
    return status;
}
