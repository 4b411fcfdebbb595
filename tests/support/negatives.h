/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Crystals that are none of the phases of bnsl_order_classify, in every assignment of L and S that makes sense. */
#ifndef BNSL_TEST_NEGATIVES_H
#define BNSL_TEST_NEGATIVES_H

#include "particles.h"

enum { ALL_L, AS_IS, SWAPPED, WITHOUT_S };

typedef struct negative {
    const char *name;
    int32_t species;  /* ALL_L ... */
    int32_t cells[3]; /* some 500 L */
} negative;

enum { N_NEGATIVES = 18 };
extern const negative negatives[N_NEGATIVES];

/* A crystal of repeat times as many cells along each axis, with noise: rms displacement in nearest distances of the own species. */
particles negative_crystal(const negative *n, int32_t repeat, double noise, uint64_t *seed);

/* "NaCl, L and S swapped" */
const char *negative_text(const negative *n, char *buffer, size_t size);

/* How many L are of each phase (BNSL_N_PHASES counts, added to). Returns the number of L. */
int64_t count_phases(const particles *p, const bnsl_box *box, int64_t *count);

#endif
