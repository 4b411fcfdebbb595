/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Configurations for tests, made without the library: perfect and noisy crystals in orthorhombic boxes, hard-sphere fluids.
 * Species 0 = L (diameter 1 in fluids), 1 = S (0.55).
 */
#ifndef BNSL_TEST_PARTICLES_H
#define BNSL_TEST_PARTICLES_H

#include "bnsl_test.h"

typedef struct particles {
    bnsl_box box;
    int64_t n;
    double *xyz;
    int32_t *species;
} particles;

/* nx x ny x nz cells of "sc", "bcc", "fcc", "hcp" (ideal c/a), "AlB2" (c/a as given), "NaZn13" (y = 0.1806, z = 0.1192), "CsCl", "NaCl",
 * "MgZn2" (ideal; Mg is L), "Cu3Au" (Au is L); nearest L-L distance 1 (AlB2: a = 1). Free with particles_free. */
particles particles_crystal(const char *name, double c_over_a, int32_t nx, int32_t ny, int32_t nz);

/* Nearest distance of two particles of a species in a perfect periodic crystal of at least 2 cells along each axis; 0: there are no two. */
double particles_nearest(const particles *p, int32_t species);

/* Displaces every particle by Gaussian noise of rms length rms_l (L) or rms_s (S). */
void particles_shake(particles *p, double rms_l, double rms_s, uint64_t *state);

/* n_l + n_s hard spheres at a packing fraction in a cubic periodic box: random positions, overlaps pushed apart, then Monte Carlo
 * sweeps. The running test fails when an overlap is left. */
particles particles_fluid(int64_t n_l, int64_t n_s, double packing_fraction, int32_t n_sweeps, uint64_t seed);

/* The same with normally distributed diameters: relative standard deviations, cut off at 3 of them. */
particles particles_polydisperse_fluid(int64_t n_l, int64_t n_s, double packing_fraction, double deviation_l, double deviation_s, int32_t n_sweeps,
                                       uint64_t seed);

/* Appends q shifted by a vector; the box stays that of p. */
void particles_append(particles *p, const particles *q, const double shift[3]);

/* Rotates about the origin by a random rotation (box is not changed: for free systems), or by the given 3 x 3 matrix. */
void random_rotation(double matrix[9], uint64_t *state);
void rotate_all(int64_t n, double *xyz, const double matrix[9]);

void particles_free(particles *p);

#endif
