/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Energies and forces of a pair at many distances.
 * Cost: about 2 log2(n) multiplications a distance for exponents that are multiples of 1/2, two pow() for others; a table: one polynomial.
 */
#include <math.h>

#include "potential_internal.h"

/* Powers overflow (to inf, or to inf - inf) only where both results are positive: deep inside sigma. */
static double at_most_largest(double value)
{
    return value <= BNSL__LARGEST_ENERGY ? value : BNSL__LARGEST_ENERGY;
}

static void evaluate_powers(const bnsl__pair *pair, double r, double *u, double *force)
{
    const bnsl_potential_options *o = &pair->opts;
    double x = o->sigma / r;
    double repulsion = o->well_depth * pair->repulsive * bnsl__power_of(&pair->repulsion, x), push = o->n * repulsion;
    double attraction = 0.0, pull = 0.0;
    if (pair->attractive > 0.0) {
        attraction = o->well_depth * pair->attractive * bnsl__power_of(&pair->attraction, x);
        pull = o->m * attraction;
    }
    *u = at_most_largest(repulsion - attraction - pair->u_cut * o->well_depth);
    *force = at_most_largest((push - pull) / r);
    if (o->shift == BNSL_SHIFT_SMOOTH) {
        double slope, s = bnsl__pair_switch(pair, r / o->sigma, &slope);
        *force = at_most_largest(*force * s - *u * (slope / o->sigma));
        *u *= s;
    }
}

bnsl_status bnsl_potential_evaluate(const bnsl_potential *potential, int32_t a, int32_t b, int64_t n, const double *r, double *u_out,
                                    double *force_out)
{
    const bnsl__pair *pair = bnsl__potential_pair(potential, a, b, __func__);
    if (!pair)
        return BNSL_EINVAL;
    if (n < 0)
        return BNSL_FAIL(BNSL_EINVAL, "n is %lld, must be >= 0", (long long)n);
    if (n > 0 && !r)
        return BNSL_FAIL(BNSL_EINVAL, "r is NULL");
    for (int64_t i = 0; i < n; i++)
        if (!(r[i] > 0.0))
            return BNSL_FAIL(BNSL_EINVAL, "r[%lld] is %g, must be > 0", (long long)i, r[i]);

    for (int64_t i = 0; i < n; i++) {
        double u = 0.0, force = 0.0;
        if (r[i] < pair->cutoff) {
            if (pair->table)
                u = bnsl__table_energy(pair->table, r[i], &force);
            else
                evaluate_powers(pair, r[i], &u, &force);
        }
        if (u_out)
            u_out[i] = u;
        if (force_out)
            force_out[i] = force;
    }
    return BNSL_OK;
}

bnsl_status bnsl_potential_minimum(const bnsl_potential *potential, int32_t a, int32_t b, double *r_min_out, double *u_min_out)
{
    const bnsl__pair *pair = bnsl__potential_pair(potential, a, b, __func__);
    if (!pair)
        return BNSL_EINVAL;
    if (!(pair->depth > 0.0))
        return BNSL_FAIL(BNSL_EDOMAIN, "the energy of the pair (%d, %d) has no minimum below 0", a, b);
    if (pair->table && !(pair->x_min > 0.0 && pair->x_min < pair->opts.r_cut))
        return BNSL_FAIL(BNSL_EDOMAIN, "the energy of the pair (%d, %d) is lowest at an end of its table, r = %g", a, b,
                         pair->x_min * pair->opts.sigma);
    if (r_min_out)
        *r_min_out = pair->x_min * pair->opts.sigma;
    if (u_min_out)
        *u_min_out = -pair->depth * pair->opts.well_depth;
    return BNSL_OK;
}
