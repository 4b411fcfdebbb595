/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Particles spread on the planes of a periodic grid, for the non-uniform Fourier transform of sq_nufft.c. */
#ifndef BNSL_SAXS_SQ_SPREAD_H
#define BNSL_SAXS_SQ_SPREAD_H

#include "sq_internal.h"

enum { SPREAD_MAX_WIDTH = 24 };

typedef struct sq_spread {
    int32_t width;         /* points of the kernel along an axis */
    double beta;           /* psi(x) = exp(beta (sqrt(1 - (2 x / width)^2) - 1)), |x| <= width / 2 in units of the grid */
    int32_t size[3];       /* points of the grid */
    int32_t n_species;
    int64_t *first;        /* n_species x size[0] + 1: particles of a species by the first plane that they touch */
    int32_t *corner;       /* n x 2: first point along axes 1 and 2 */
    double *value;         /* n x 3 x width: psi along the three axes */
} sq_spread;

/* Width and beta for an error `tolerance` where a grid has at least `oversampling` points for each wave vector along an axis. */
void bnsl__sq_spread_shape(sq_spread *spread, double tolerance, double oversampling);

/* 1 / integral of psi(x) cos(2 pi h x / m) dx for h = 0 .. h_max, which undoes the spreading on a grid of m points. */
bnsl_status bnsl__sq_spread_correction(const sq_spread *spread, int32_t m, int32_t h_max, double *correction, const char *func);

/* Sorts the particles of a job by plane; reciprocal: rows b_0, b_1, b_2, fractional coordinates are b_i . r / 2 pi. size is set before.
 * False: no memory. End with bnsl__sq_spread_free. */
bool bnsl__sq_spread_particles(sq_spread *spread, const sq_job *job, const double *reciprocal);
void bnsl__sq_spread_free(sq_spread *spread);

/* Adds the particles of a species to planes x and x + 1 (x even) of axis 0, as real and imaginary parts: plane[i][j], rows of `stride` complex. */
void bnsl__sq_spread_planes(const sq_spread *spread, int32_t species, int32_t x, int64_t stride, double *plane);

#endif
