/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Synthetic micrographs of hexagonal monolayers. */
#ifndef BNSL_TEST_MICROGRAPH_H
#define BNSL_TEST_MICROGRAPH_H

#include <stdint.h>

typedef struct micrograph {
    int32_t width, height; /* pixels */
    double spacing;        /* of neighbours, pixels */
    double angle;          /* of a row of neighbours of the first grain, degrees; others are turned at random */
    int32_t n_grains;      /* Voronoi cells, 1 .. 64 */
    double disorder;       /* standard deviation of each coordinate of a particle, of the spacing */
    double gradient;       /* grey values across the image, both ways; the particles are 80 deep */
    double noise;          /* standard deviation of each pixel, grey values */
    uint64_t seed;
} micrograph;

/* Dark spheres in projection on a bright, uneven ground; width x height values, free(). */
double *micrograph_make(const micrograph *m);

#endif
