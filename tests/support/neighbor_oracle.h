/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Neighbours by trying every image of every pair. */
#ifndef NEIGHBOR_ORACLE_H
#define NEIGHBOR_ORACLE_H

#include <bnsl/neighbor.h>

typedef struct {
    int32_t j;
    double vector[3];
    double distance;
} oracle_bond;

/* Cut-off of a pair of points i, j; user as given. */
typedef double (*oracle_cutoff)(void *user, int64_t i, int64_t j);

/*
 * Bonds of one query position with n points, r_min <= r < cutoff(i, j), by increasing distance, ties by j. skip: the index of the query
 * itself, left out at its own place, or -1. Returns how many; *bonds is to be freed.
 */
int64_t oracle_bonds(const bnsl_box *box, const double *query, int64_t i, int64_t skip, int64_t n, const double *xyz, double r_min,
                     oracle_cutoff cutoff, void *user, oracle_bond **bonds);

/* Whether bonds first .. end - 1 of a list with vectors are, in any order, the n given ones; vectors agree within 1e-10. */
int oracle_same(const bnsl_neighbor_list *list, int64_t query, int64_t n, const oracle_bond *bonds);

#endif
