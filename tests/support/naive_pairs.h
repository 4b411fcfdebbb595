/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Points for tests of pairs, and what the pair functions should give, from the bonds that neighbor_oracle finds. */
#ifndef NAIVE_PAIRS_H
#define NAIVE_PAIRS_H

#include "bnsl_test.h"

#define TEST_PI 3.14159265358979323846

/* n points at random fractional coordinates of a box, some cells away from it along the periodic axes too. Caller frees. */
double *random_points(const bnsl_box *box, int64_t n, uint64_t *state);

/* The points of the tables made with freud: multiples of 1/1024 or other powers of 2 from a linear congruential generator. */
void freud_integers(int64_t n, uint64_t seed, int64_t modulus, int64_t *out);

/* Counts of ordered pairs (a, b) by bins of r_min .. r_max, species_a and species_b -1: all. *doubtful: how many are so near to an edge that
 * rounding decides; started by the caller. */
void naive_histogram(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, int32_t species_a, int32_t species_b, double r_min,
                     double r_max, int32_t n_bins, int64_t *counts, int64_t *doubtful);

/* Local density of each particle. */
void naive_density(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, int32_t query_species, int32_t point_species,
                   double r_max, double diameter, double *density);

#endif
