/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The forms of the pair potential as u(x) = repulsive x^-n - attractive x^-m, their minimum, cut-off and switching function.
 *
 * Mie form [Mie, Ann. Phys. 316, 657 (1903)], WCA split [Weeks, Chandler, Andersen, J. Chem. Phys. 54, 5237 (1971)]. The path from an
 * inverse power law to a Mie potential has the same two powers: with lambda > 0 it is a Mie potential of other size and depth, its zero at
 * (repulsive / attractive)^(1/(n-m)). The switching function is that of X-PLOR [Brooks et al., J. Comput. Chem. 4, 187 (1983)], with
 * y = (r_cut^2 - r^2) / (r_cut^2 - r_on^2) S = y^2 (3 - 2 y).
 */
#include <math.h>

#include "potential_internal.h"

/* Longest exponent for which multiplications are as accurate as pow. */
#define LARGEST_CHAIN_EXPONENT 128.0

#define SMALLEST_DEPTH 1e-280 /* of a well: 1 / depth and B2 at such a kT are still numbers */
#define BISECTIONS 60 /* from an interval of order 1 to rounding */

static bnsl__power power_plan(double exponent)
{
    bnsl__power plan = {exponent, 0};
    double twice = 2.0 * exponent;
    if (exponent <= LARGEST_CHAIN_EXPONENT && twice == floor(twice))
        plan.twice_exponent = (int32_t)twice;
    return plan;
}

double bnsl__power_of(const bnsl__power *plan, double x)
{
    if (plan->twice_exponent == 0)
        return pow(x, plan->exponent);
    double result = plan->twice_exponent & 1 ? sqrt(x) : 1.0;
    for (uint32_t k = (uint32_t)plan->twice_exponent >> 1; k != 0; k >>= 1) {
        if (k & 1)
            result *= x;
        x *= x;
    }
    return result;
}

/* The larger power is taken out on either side of the zero, so that nothing overflows before u does. */
double bnsl__pair_log_energy(const bnsl__pair *pair, double log_x)
{
    double n = pair->opts.n, m = pair->opts.m;
    if (!(pair->depth > 0.0))
        return pair->repulsive * exp(-n * log_x);
    double from_zero = log_x - pair->log_zero;
    return from_zero < 0.0 ? -pair->repulsive * exp(-n * log_x) * expm1((n - m) * from_zero)
                           : pair->attractive * exp(-m * log_x) * expm1(-(n - m) * from_zero);
}

double bnsl__pair_switch(const bnsl__pair *pair, double x, double *slope_out)
{
    double on = pair->opts.r_on, cut = pair->opts.r_cut, s = 1.0, slope = 0.0;
    if (x > on) {
        double y = (cut - x) / (cut - on) * ((cut + x) / (cut + on));
        double z = (x - on) / (cut - on) * ((x + on) / (cut + on)); /* 1 - y */
        s = y * y * (1.0 + 2.0 * z);
        slope = -12.0 * y * z / (cut - on) * (x / (cut + on));
    }
    if (slope_out)
        *slope_out = slope;
    return s;
}

/* Logarithmic slope of |u S| between the zero and the minimum of u: it falls from above to below 0. */
static double log_slope(const bnsl__pair *pair, double log_x)
{
    double n = pair->opts.n, m = pair->opts.m, x = exp(log_x), slope;
    double s = bnsl__pair_switch(pair, x, &slope);
    return -m + (n - m) / expm1((n - m) * (log_x - pair->log_zero)) + x * slope / s;
}

/* Depth of u S when S falls before the minimum of u: log |u| and log S are both concave in log x, so that there is one extremum. */
static double smoothed_depth(const bnsl__pair *pair)
{
    double low = fmax(pair->log_zero, log(pair->opts.r_on)), high = fmin(log(pair->x_min), log(pair->opts.r_cut));
    if (!(low < high))
        return 0.0;
    for (int i = 0; i < BISECTIONS; i++) {
        double middle = 0.5 * (low + high);
        *(log_slope(pair, middle) > 0.0 ? &low : &high) = middle;
    }
    return -bnsl__pair_log_energy(pair, low) * bnsl__pair_switch(pair, exp(low), NULL);
}

static double default_r_cut(const bnsl_potential_options *o)
{
    if (o->form == BNSL_FORM_IPL)
        return 1.6;
    return o->m >= 20.0 ? 1.6 : 2.5;
}

/* The factors of the powers, and the well that they make. */
static void set_powers(bnsl__pair *pair)
{
    const bnsl_potential_options *o = &pair->opts;
    pair->repulsion = power_plan(o->n);
    pair->attraction = power_plan(o->m);
    if (o->form == BNSL_FORM_IPL) {
        pair->repulsive = 1.0;
        return;
    }
    double n = o->n, m = o->m, log_ratio = log1p((n - m) / m); /* log n/m */
    double prefactor = n / (n - m) * exp(m / (n - m) * log_ratio);
    double lambda = o->form == BNSL_FORM_IPL_MIE ? o->coupling : 1.0;
    pair->attractive = lambda * prefactor;
    pair->repulsive = pair->attractive;
    if (lambda < 1.0)
        pair->repulsive += (1.0 - lambda) * (o->ipl_prefactor / o->well_depth);
    if (lambda == 0.0)
        return;

    double log_zero = log(pair->repulsive / pair->attractive) / (n - m);
    double log_min = log_zero + log_ratio / (n - m);
    double depth = lambda == 1.0 ? 1.0 : pair->attractive * (n - m) / n * exp(-m * log_min);
    if (depth > SMALLEST_DEPTH) { /* the well of a tiny lambda is far out */
        pair->depth = depth;
        pair->log_zero = log_zero;
        pair->x_min = exp(log_min);
    }
}

bnsl__pair bnsl__pair_make(const bnsl_potential_options *o)
{
    bnsl__pair pair = {.opts = *o, .log_zero = NAN, .x_min = NAN};
    bnsl_potential_options *p = &pair.opts;
    if (p->form == BNSL_FORM_NONE) {
        p->r_cut = 0.0;
        return pair;
    }
    set_powers(&pair);
    if (p->form == BNSL_FORM_WCA) {
        p->r_cut = pair.x_min;
        pair.u_cut = -1.0;
    } else if (p->r_cut == 0.0) {
        p->r_cut = default_r_cut(p);
    }
    if (p->shift == BNSL_SHIFT_SMOOTH && p->r_on == 0.0)
        p->r_on = 0.9 * p->r_cut;
    if (p->shift == BNSL_SHIFT_ENERGY && p->form != BNSL_FORM_WCA && isfinite(p->r_cut))
        pair.u_cut = bnsl__pair_log_energy(&pair, log(p->r_cut));
    pair.cutoff = p->r_cut * p->sigma;

    if (p->form == BNSL_FORM_WCA || !(pair.depth > 0.0))
        pair.cut_depth = 0.0;
    else if (p->shift == BNSL_SHIFT_SMOOTH && p->r_on < pair.x_min)
        pair.cut_depth = smoothed_depth(&pair);
    else
        pair.cut_depth = pair.u_cut + (p->r_cut > pair.x_min ? pair.depth : -bnsl__pair_log_energy(&pair, log(p->r_cut)));
    return pair;
}
