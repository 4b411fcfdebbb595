/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Synthetic kinetic series of SAXS patterns with counting noise, written from the formulas (areas, diffuse scattering, form factors,
 * Percus-Yevick fluid, Lorentzian lines) with structure factors summed over the atoms; nothing of the library is used.
 *
 * synthetic_alb2: Fe3O4 and PbS 1:2 in a drying droplet, a gas and then a fluid that grows denser, AlB2 from 3.6 h on, one frame every 28 s.
 * synthetic_nazn13: FICO and PbS 1:13, NaZn13 and a minority of AlB2 from 2.3 h on.
 */
#ifndef BNSL_TEST_SAXS_SYNTHETIC_H
#define BNSL_TEST_SAXS_SYNTHETIC_H

#include <stdint.h>

enum { SYNTHETIC_POINTS = 830, SYNTHETIC_ALB2_FRAMES = 695, SYNTHETIC_REFERENCE = 20 };

/* What is true in a frame; phase 0: AlB2, or NaZn13; phase 1: AlB2 beside NaZn13. */
typedef struct synthetic_truth {
    double x[2], a[2], xi[2], eta, flux;
} synthetic_truth;

typedef struct synthetic_series {
    int n_frames;
    double q[SYNTHETIC_POINTS];
    double *time;               /* s */
    double *intensity, *error;  /* n_frames x SYNTHETIC_POINTS */
    synthetic_truth *truth;
} synthetic_series;

/* Every stride-th frame from first on (the first SYNTHETIC_REFERENCE are always there, in front), noise and flux jitter by the seed.
 * noise: 1; 0 for the expectation. End with synthetic_free. */
synthetic_series *synthetic_alb2(uint64_t seed, int first, int stride, double noise);
synthetic_series *synthetic_nazn13(uint64_t seed, int first, int stride, double noise);
void synthetic_free(synthetic_series *s);

#endif
