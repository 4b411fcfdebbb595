/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trajectories for mean squared displacements, and the Fourier transforms behind them. */
#ifndef BNSL_ORDER_MSD_INTERNAL_H
#define BNSL_ORDER_MSD_INTERNAL_H

#include <bnsl/order.h>

#include "core_internal.h"

struct bnsl_order_msd {
    bnsl_order_msd_options o;
    int64_t n, n_frames, capacity;
    bool has_box;
    bnsl_box box;
    double **frames;   /* displacements since the first frame, n x 3 each */
    double *first;     /* unwrapped positions of the first frame, n x 3 */
    double *last;      /* with follow: positions of the last frame as they were given */
    int32_t *species;  /* n */
    int64_t *order;    /* particles by species, then number */
    int64_t count[BNSL_ORDER_SPECIES_MAX];
};

/* Columns of results: the species, and all particles when there are several. */
static inline int32_t bnsl__msd_columns(const bnsl_order_msd *msd)
{
    return msd->o.n_species > 1 ? msd->o.n_species + 1 : 1;
}

/* Sums over the particles of each species to results a particle, and those of all of them; NaN for a species without particles. */
void bnsl__msd_means(const bnsl_order_msd *msd, double weight, const double *sums, double *columns_out);

/* Windowed displacements of count frames from first on; checked arguments. progress: what has been done of total before. */
bnsl_status bnsl__msd_window(const bnsl_order_msd *msd, int64_t first, int64_t count, double *msd_out, bnsl_control *control, int64_t done,
                             int64_t total, const char *func);

/* ---- Fourier transforms of real series (FFTW) --------------------------------------------------------------------------- */

typedef struct msd_fft {
    int32_t n; /* length of the series */
    void *forward, *backward;
} msd_fft;

/* Least length >= n whose transform is fast (even, prime factors up to 7); -1: beyond what FFTW takes. */
int64_t bnsl__msd_fft_length(int64_t n);

/*
 * Transforms of series of n numbers in place, in memory for n + 2 numbers that is aligned to 64 bytes; scratch is such memory.
 * Between threads plans are made one at a time: FFTW's planner is not thread safe. false: no plan.
 */
bool bnsl__msd_fft_make(msd_fft *fft, int32_t n, double *scratch);
void bnsl__msd_fft_free(msd_fft *fft);

/* Series to spectrum (re, im, ...), and back times n. May run in several threads at once. */
void bnsl__msd_fft_forward(const msd_fft *fft, double *series);
void bnsl__msd_fft_backward(const msd_fft *fft, double *series);

#endif
