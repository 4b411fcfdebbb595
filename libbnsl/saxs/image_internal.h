/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power spectra of images. */
#ifndef BNSL_SAXS_IMAGE_INTERNAL_H
#define BNSL_SAXS_IMAGE_INTERNAL_H

#include "saxs_internal.h"

/* Half plane of a power spectrum: column i is k_x = i / width, row j k_y = j / height, from height/2 up less 1; cycles a pixel. */
typedef struct image_power {
    int32_t width, height; /* of the part of the image that was transformed */
    int32_t n_columns;     /* width / 2 + 1 */
    double *power;         /* height x n_columns */
} image_power;

/* Checks of the image arguments that both public functions have. */
bnsl_status bnsl__image_check(int32_t width, int32_t height, int64_t stride, const double *image, const char *func);

/* Background removed, window, transform. End with free(out->power). */
bnsl_status bnsl__image_power(image_power *out, int32_t width, int32_t height, int64_t stride, const double *image, const char *func);

/* k_y of a row, cycles a pixel. */
double bnsl__image_ky(const image_power *p, int32_t row);

/* Power at column and row counted from k = 0, either sign. */
double bnsl__image_power_at(const image_power *p, int32_t column, int32_t row);

/* Mean power against |k|: bin b holds |k| / step nearest to b, n_bins bins; NaN where there is none. false: no memory. */
bool bnsl__image_radial(const image_power *p, double step, int32_t n_bins, double *mean_out);

/* The first ring of a hexagonal lattice. */
typedef struct image_ring {
    int32_t bin, half_width; /* of the radial mean: its top, and the half width at half maximum, >= 1 */
    double contrast;         /* top over the background beneath it */
} image_ring;

/* Searches bins first .. last; false: no ring. */
bool bnsl__image_find_ring(int32_t n_bins, const double *radial, int32_t first, int32_t last, image_ring *out);

/* Centre of the ring. */
typedef struct image_centre {
    double k, k_err;              /* cycles a pixel */
    double sixfold, orientation;  /* of the power in the ring: |<exp(6 i angle)>| and its angle over 6, radians */
    int32_t n_units;              /* independent pieces of the ring */
} image_centre;

/* Refines a ring; BNSL_EDOMAIN: nothing is left above the background. */
bnsl_status bnsl__image_refine(const image_power *p, double step, int32_t n_bins, const double *radial, const image_ring *ring, image_centre *out,
                               const char *func);

#endif
