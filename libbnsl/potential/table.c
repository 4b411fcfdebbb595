/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tables: a pair whose energy and force are given at equal distances.
 *
 * Between two points U is the cubic polynomial with their values and slopes (Hermite), for s = (r - r_k) / h:
 *   U = u_k + s (d_k + s (c_2 + s c_3)),  c_2 = 3 D - 2 d_k - d_k+1,  c_3 = d_k + d_k+1 - 2 D,  D = u_k+1 - u_k,  d = -force h.
 * Minimum and zero are those of this function: each piece is cut at its extrema, where its slope, a parabola, is 0.
 * Cost: O(1) an energy, O(n) to set a table.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "potential_internal.h"

#define BISECTIONS 60 /* from a piece to rounding */

typedef struct cubic {
    double c0, c1, c2, c3;
} cubic;

static cubic piece(const bnsl__table *t, int32_t k)
{
    double difference = t->u[k + 1] - t->u[k], d0 = -t->force[k] * t->step, d1 = -t->force[k + 1] * t->step;
    return (cubic){t->u[k], d0, 3.0 * difference - 2.0 * d0 - d1, d0 + d1 - 2.0 * difference};
}

static double cubic_value(const cubic *c, double s)
{
    return c->c0 + s * (c->c1 + s * (c->c2 + s * c->c3));
}

double bnsl__table_energy(const bnsl__table *t, double r, double *force_out)
{
    if (r < t->r_min) {
        if (force_out)
            *force_out = t->force[0];
        return t->u[0] + t->force[0] * (t->r_min - r);
    }
    double at = (r - t->r_min) / t->step;
    int32_t k = at < t->n - 2 ? (int32_t)at : t->n - 2;
    cubic c = piece(t, k);
    double s = at - k;
    if (force_out)
        *force_out = -(c.c1 + s * (2.0 * c.c2 + s * (3.0 * c.c3))) / t->step;
    return cubic_value(&c, s);
}

/* ---- minimum and zero ---------------------------------------------------------------------------------- */

/* The ends of the parts of a piece in which it rises or falls throughout: 0, up to two extrema, 1. Returns how many. */
static int monotone_parts(const cubic *c, double s_out[4])
{
    int count = 0;
    s_out[count++] = 0.0;
    double largest = fmax(fabs(c->c1), fmax(fabs(c->c2), fabs(c->c3)));
    double c1 = c->c1 / largest, c2 = c->c2 / largest, c3 = c->c3 / largest; /* a flat piece: NaN, no extremum */
    double discriminant = c2 * c2 - 3.0 * c1 * c3;
    if (discriminant >= 0.0) {
        double q = -(c2 + copysign(sqrt(discriminant), c2)), one = c1 / q, other = q / (3.0 * c3);
        double root[2] = {fmin(one, other), fmax(one, other)};
        for (int i = 0; i < 2; i++)
            if (root[i] > s_out[count - 1] && root[i] < 1.0)
                s_out[count++] = root[i];
    }
    s_out[count++] = 1.0;
    return count;
}

/* Distance and value of the lowest energy between r = 0 and r_max. */
static void find_lowest(const bnsl__table *t, double *r_out, double *u_out)
{
    *r_out = 0.0;
    *u_out = t->u[0] + t->force[0] * t->r_min;
    for (int32_t k = 0; k + 1 < t->n; k++) {
        double s[4];
        cubic c = piece(t, k);
        int n = monotone_parts(&c, s);
        for (int i = 0; i < n; i++) {
            double u = cubic_value(&c, s[i]);
            if (u < *u_out) {
                *u_out = u;
                *r_out = k + 2 == t->n && s[i] == 1.0 ? t->r_max : t->r_min + (k + s[i]) * t->step;
            }
        }
    }
}

/* The s between a and b, at which the piece is above and not above 0, where it reaches 0. */
static double bisect(const cubic *c, double a, double b)
{
    for (int i = 0; i < BISECTIONS; i++) {
        double middle = 0.5 * (a + b);
        *(cubic_value(c, middle) > 0.0 ? &a : &b) = middle;
    }
    return b;
}

/* The smallest distance at which the energy is not above 0; 0 when it is not so at r = 0, NaN when it is so everywhere. */
static double find_zero(const bnsl__table *t)
{
    if (!(t->u[0] + t->force[0] * t->r_min > 0.0))
        return 0.0;
    if (!(t->u[0] > 0.0))
        return t->r_min + t->u[0] / t->force[0];
    for (int32_t k = 0; k + 1 < t->n; k++) {
        double s[4];
        cubic c = piece(t, k);
        int n = monotone_parts(&c, s);
        for (int i = 1; i < n; i++)
            if (!(cubic_value(&c, s[i]) > 0.0))
                return t->r_min + (k + bisect(&c, s[i - 1], s[i])) * t->step;
    }
    return NAN;
}

/* ---- the matrix ---------------------------------------------------------------------------------------- */

static bnsl_status check_table(double sigma, double r_min, double r_max, int32_t n, const double *u, const double *force, const char *func)
{
    if (!(sigma > 0.0) || isinf(sigma))
        return bnsl__fail(BNSL_EINVAL, func, "sigma is %g, must be finite and > 0", sigma);
    if (!(r_min >= 0.0))
        return bnsl__fail(BNSL_EINVAL, func, "r_min is %g, must be >= 0", r_min);
    if (!(r_max > r_min) || !(r_max <= BNSL__LARGEST_ENERGY))
        return bnsl__fail(BNSL_EINVAL, func, "r_max is %g, must be > r_min = %g and at most %g", r_max, r_min, BNSL__LARGEST_ENERGY);
    if (n < 2)
        return bnsl__fail(BNSL_EINVAL, func, "n is %d, must be >= 2", n);
    if (!u || !force)
        return bnsl__fail(BNSL_EINVAL, func, "%s is NULL", u ? "force" : "u");
    if (!((r_max - r_min) / (n - 1) > 0.0) || !isfinite(r_max / sigma) || !(r_max / sigma > 0.0))
        return bnsl__fail(BNSL_EINVAL, func, "r_min %g, r_max %g and n %d with sigma %g leave the range of numbers", r_min, r_max, n, sigma);
    for (int32_t k = 0; k < n; k++) {
        if (!(fabs(u[k]) <= BNSL__LARGEST_ENERGY))
            return bnsl__fail(BNSL_EINVAL, func, "u[%d] is %g, must be within +-%g", k, u[k], BNSL__LARGEST_ENERGY);
        if (!(fabs(force[k]) * fmax(1.0, r_max) <= BNSL__LARGEST_ENERGY))
            return bnsl__fail(BNSL_EINVAL, func, "force[%d] is %g, must be within +-%g (also times r_max)", k, force[k], BNSL__LARGEST_ENERGY);
    }
    return BNSL_OK;
}

static bnsl__table *make_table(double r_min, double r_max, int32_t n, const double *u, const double *force)
{
    size_t bytes = (size_t)n * sizeof(double);
    bnsl__table *t = bnsl__alloc(1, sizeof *t + 2 * bytes);
    if (!t)
        return NULL;
    t->r_min = r_min;
    t->r_max = r_max;
    t->step = (r_max - r_min) / (n - 1);
    t->n = n;
    t->u = t->values;
    t->force = t->values + n;
    memcpy(t->values, u, bytes);
    memcpy(t->values + n, force, bytes);
    return t;
}

bnsl_status bnsl_potential_set_table(bnsl_potential *potential, int32_t a, int32_t b, double sigma, double r_min, double r_max, int32_t n,
                                     const double *u, const double *force)
{
    if (!bnsl__potential_pair(potential, a, b, __func__))
        return BNSL_EINVAL;
    bnsl_status status = check_table(sigma, r_min, r_max, n, u, force, __func__);
    if (status)
        return status;
    bnsl__pair pair = {.opts = bnsl__potential_defaults, .log_zero = NAN, .x_min = NAN, .cutoff = r_max};
    pair.opts.form = BNSL_FORM_TABLE;
    pair.opts.sigma = sigma;
    pair.opts.r_cut = r_max / sigma;
    pair.opts.shift = BNSL_SHIFT_NONE;
    pair.table = make_table(r_min, r_max, n, u, force);
    if (!pair.table)
        return BNSL_NOMEM();
    double r_lowest, u_lowest;
    find_lowest(pair.table, &r_lowest, &u_lowest);
    if (u_lowest < 0.0) {
        pair.depth = -u_lowest;
        pair.cut_depth = -u_lowest;
        pair.x_min = r_lowest == r_max ? pair.opts.r_cut : r_lowest / sigma;
        pair.log_zero = log(find_zero(pair.table) / sigma);
    }
    bnsl__potential_put(potential, a, b, &pair);
    return BNSL_OK;
}

bnsl_status bnsl_potential_table(const bnsl_potential *potential, int32_t a, int32_t b, double *r_min_out, double *r_max_out, int32_t *n_out,
                                 const double **u_out, const double **force_out)
{
    const bnsl__pair *pair = bnsl__potential_pair(potential, a, b, __func__);
    if (!pair)
        return BNSL_EINVAL;
    const bnsl__table *t = pair->table;
    if (!t)
        return BNSL_FAIL(BNSL_EDOMAIN, "the pair (%d, %d) is no table (form %d)", a, b, pair->opts.form);
    if (r_min_out)
        *r_min_out = t->r_min;
    if (r_max_out)
        *r_max_out = t->r_max;
    if (n_out)
        *n_out = t->n;
    if (u_out)
        *u_out = t->u;
    if (force_out)
        *force_out = t->force;
    return BNSL_OK;
}
