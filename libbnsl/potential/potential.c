/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Potential matrix: parameters of the pairs, energies and forces.
 *
 * Mie form [Mie, Ann. Phys. 316, 657 (1903)], WCA split [Weeks, Chandler, Andersen, J. Chem. Phys. 54, 5237 (1971)].
 * Cost of an evaluation: about 2 log2(n) multiplications a distance for exponents that are multiples of 1/2, two pow() for others.
 */
#include <math.h>
#include <stdlib.h>

#include "potential_internal.h"

/* Energies and forces of overlapping particles end here, so that sums over pairs stay finite. */
#define LARGEST_ENERGY 1e300

/* Longest exponent for which multiplications are as accurate as pow. */
#define LARGEST_CHAIN_EXPONENT 128.0

static const bnsl_potential_options default_options = {
    .struct_size = sizeof(bnsl_potential_options),
    .form = BNSL_FORM_MIE,
    .n = 50.0,
    .m = 25.0,
    .well_depth = 1.0,
    .sigma = 1.0,
    .r_cut = 0.0,
    .shift = BNSL_SHIFT_ENERGY,
};

bnsl_status bnsl_potential_options_init(bnsl_potential_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &default_options, sizeof default_options, __func__);
}

/* ---- parameters ------------------------------------------------------------------------------------ */

static bnsl__power power_plan(double exponent)
{
    bnsl__power plan = {exponent, 0};
    double twice = 2.0 * exponent;
    if (exponent <= LARGEST_CHAIN_EXPONENT && twice == floor(twice))
        plan.twice_exponent = (int32_t)twice;
    return plan;
}

static double power(const bnsl__power *plan, double x)
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

static double default_r_cut(const bnsl_potential_options *o)
{
    if (o->form == BNSL_FORM_IPL)
        return 1.6;
    return o->m >= 20.0 ? 1.6 : 2.5;
}

/* Copies opts over the defaults, fills in the zeros that stand for a default, and checks every field that the form uses. */
static bnsl_status load_options(bnsl_potential_options *o, const bnsl_potential_options *opts, const char *func)
{
    *o = default_options;
    if (opts) {
        bnsl_status status = bnsl__options_load(o, sizeof *o, opts, "bnsl_potential_options", func);
        if (status)
            return status;
    }
    if (o->form < BNSL_FORM_MIE || o->form > BNSL_FORM_NONE)
        return bnsl__fail(BNSL_EINVAL, func, "form is %d, must be BNSL_FORM_MIE, _IPL, _WCA or _NONE", o->form);
    if (o->shift != BNSL_SHIFT_ENERGY && o->shift != BNSL_SHIFT_NONE)
        return bnsl__fail(BNSL_EINVAL, func, "shift is %d, must be BNSL_SHIFT_ENERGY or BNSL_SHIFT_NONE", o->shift);
    if (o->reserved != 0)
        return bnsl__fail(BNSL_EINVAL, func, "reserved is %d, must be 0", o->reserved);
    if (!(o->sigma > 0.0) || isinf(o->sigma))
        return bnsl__fail(BNSL_EINVAL, func, "sigma is %g, must be finite and > 0", o->sigma);
    if (!(o->well_depth > 0.0) || isinf(o->well_depth))
        return bnsl__fail(BNSL_EINVAL, func, "well_depth is %g, must be finite and > 0 (no interaction: BNSL_FORM_NONE)", o->well_depth);
    if (!(o->r_cut >= 0.0))
        return bnsl__fail(BNSL_EINVAL, func, "r_cut is %g, must be > 0, or 0 for the default", o->r_cut);
    if (o->n == 0.0)
        o->n = default_options.n;
    if (o->m == 0.0)
        o->m = default_options.m;
    if (o->form != BNSL_FORM_NONE && (!(o->n > 3.0) || isinf(o->n)))
        return bnsl__fail(BNSL_EINVAL, func, "n is %g, must be finite and > 3", o->n);
    if ((o->form == BNSL_FORM_MIE || o->form == BNSL_FORM_WCA) && !(o->m > 3.0 && o->m < o->n))
        return bnsl__fail(BNSL_EINVAL, func, "m is %g, must be > 3 and < n = %g", o->m, o->n);
    return BNSL_OK;
}

double bnsl__pair_log_energy(const bnsl__pair *pair, double log_x)
{
    double n = pair->opts.n, m = pair->opts.m;
    if (pair->opts.form == BNSL_FORM_NONE)
        return 0.0;
    if (pair->opts.form == BNSL_FORM_IPL)
        return exp(-n * log_x);
    return pair->prefactor * exp(-m * log_x) * expm1(-(n - m) * log_x);
}

/* What follows from checked options. */
static bnsl__pair make_pair(const bnsl_potential_options *o)
{
    bnsl__pair pair = {.opts = *o, .x_min = NAN};
    bnsl_potential_options *p = &pair.opts;
    pair.repulsion = power_plan(p->n);
    pair.attraction = power_plan(p->m);

    if (p->form == BNSL_FORM_NONE) {
        p->r_cut = 0.0;
        return pair;
    }
    if (p->form == BNSL_FORM_IPL) {
        pair.prefactor = 1.0;
    } else {
        double log_x_min = log1p((p->n - p->m) / p->m) / (p->n - p->m);
        pair.x_min = exp(log_x_min);
        pair.prefactor = p->n / (p->n - p->m) * exp(p->m * log_x_min);
    }
    if (p->form == BNSL_FORM_WCA) {
        p->r_cut = pair.x_min;
        pair.u_cut = -1.0;
        return pair;
    }
    if (p->r_cut == 0.0)
        p->r_cut = default_r_cut(p);
    if (p->shift == BNSL_SHIFT_ENERGY && isfinite(p->r_cut))
        pair.u_cut = bnsl__pair_log_energy(&pair, log(p->r_cut));
    return pair;
}

/* Pair of options that are checked already, for a sigma; fails where its lengths or energies leave the range of a double. */
static bnsl_status checked_pair(bnsl__pair *out, const bnsl_potential_options *o, double sigma, const char *func)
{
    bnsl_potential_options own = *o;
    own.sigma = sigma;
    bnsl__pair pair = make_pair(&own);
    if (!(sigma > 0.0) || isinf(sigma))
        return bnsl__fail(BNSL_EINVAL, func, "sigma_ij is %g, must be finite and > 0", sigma);
    if (!isfinite(pair.prefactor * own.well_depth) || !isfinite(pair.u_cut * own.well_depth))
        return bnsl__fail(BNSL_EINVAL, func, "the energy at the cut-off overflows (r_cut %g sigma, n %g, m %g, well_depth %g)", own.r_cut, own.n,
                          own.m, own.well_depth);
    *out = pair;
    return BNSL_OK;
}

bnsl_status bnsl_potential_create(bnsl_potential **out, int32_t n_species, const double *diameter, const bnsl_potential_options *opts)
{
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    *out = NULL;
    if (n_species < 1 || n_species > BNSL__MAX_SPECIES)
        return BNSL_FAIL(BNSL_EINVAL, "n_species is %d, must be 1 to %d", n_species, BNSL__MAX_SPECIES);
    if (!diameter)
        return BNSL_FAIL(BNSL_EINVAL, "diameter is NULL");
    for (int32_t i = 0; i < n_species; i++)
        if (!(diameter[i] > 0.0) || isinf(diameter[i]))
            return BNSL_FAIL(BNSL_EINVAL, "diameter[%d] is %g, must be finite and > 0", i, diameter[i]);

    bnsl_potential_options o;
    bnsl_status status = load_options(&o, opts, __func__);
    if (status)
        return status;

    bnsl_potential *potential = bnsl__alloc(1, sizeof *potential + (size_t)n_species * (size_t)n_species * sizeof(bnsl__pair));
    if (!potential)
        return BNSL_NOMEM();
    potential->n_species = n_species;
    for (int32_t i = 0; i < n_species; i++)
        potential->diameter[i] = diameter[i];
    for (int32_t i = 0; i < n_species; i++) {
        for (int32_t j = 0; j < n_species; j++) {
            double sigma = o.sigma * (0.5 * (diameter[i] + diameter[j]));
            status = checked_pair(&potential->pairs[i * n_species + j], &o, sigma, __func__);
            if (status) {
                free(potential);
                return status;
            }
        }
    }
    *out = potential;
    return BNSL_OK;
}

void bnsl_potential_destroy(bnsl_potential *potential)
{
    free(potential);
}

/* Index of a pair in the matrix, or -1 with a message. */
static int32_t pair_index(const bnsl_potential *potential, int32_t a, int32_t b, const char *func)
{
    if (!potential) {
        bnsl__fail(BNSL_EINVAL, func, "potential is NULL");
        return -1;
    }
    int32_t n = potential->n_species;
    if (a < 0 || a >= n || b < 0 || b >= n) {
        bnsl__fail(BNSL_EINVAL, func, "pair of species (%d, %d), each must be 0 to %d", a, b, n - 1);
        return -1;
    }
    return a * n + b;
}

const bnsl__pair *bnsl__potential_pair(const bnsl_potential *potential, int32_t a, int32_t b, const char *func)
{
    int32_t i = pair_index(potential, a, b, func);
    return i < 0 ? NULL : &potential->pairs[i];
}

bnsl_status bnsl_potential_set_pair(bnsl_potential *potential, int32_t a, int32_t b, const bnsl_potential_options *opts)
{
    int32_t index = pair_index(potential, a, b, __func__);
    if (index < 0)
        return BNSL_EINVAL;
    bnsl_potential_options o;
    bnsl_status status = load_options(&o, opts, __func__);
    if (status)
        return status;
    bnsl__pair pair;
    status = checked_pair(&pair, &o, o.sigma, __func__);
    if (status)
        return status;
    potential->pairs[index] = pair;
    potential->pairs[b * potential->n_species + a] = pair;
    return BNSL_OK;
}

bnsl_status bnsl_potential_get_pair(const bnsl_potential *potential, int32_t a, int32_t b, bnsl_potential_options *opts_out)
{
    const bnsl__pair *pair = bnsl__potential_pair(potential, a, b, __func__);
    if (!pair)
        return BNSL_EINVAL;
    if (!opts_out)
        return BNSL_FAIL(BNSL_EINVAL, "opts_out is NULL");
    return bnsl__options_store(opts_out, &pair->opts, sizeof pair->opts, "bnsl_potential_options", __func__);
}

int32_t bnsl_potential_n_species(const bnsl_potential *potential)
{
    return potential ? potential->n_species : 0;
}

bnsl_status bnsl_potential_diameters(const bnsl_potential *potential, double *diameter_out)
{
    if (!potential || !diameter_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", potential ? "diameter_out" : "potential");
    for (int32_t i = 0; i < potential->n_species; i++)
        diameter_out[i] = potential->diameter[i];
    return BNSL_OK;
}

bnsl_status bnsl_potential_cutoffs(const bnsl_potential *potential, double *r_cut_out)
{
    if (!potential || !r_cut_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", potential ? "r_cut_out" : "potential");
    int32_t n_pairs = potential->n_species * potential->n_species;
    for (int32_t i = 0; i < n_pairs; i++)
        r_cut_out[i] = potential->pairs[i].opts.r_cut * potential->pairs[i].opts.sigma;
    return BNSL_OK;
}

bnsl_status bnsl_potential_minimum(const bnsl_potential *potential, int32_t a, int32_t b, double *r_min_out, double *u_min_out)
{
    const bnsl__pair *pair = bnsl__potential_pair(potential, a, b, __func__);
    if (!pair)
        return BNSL_EINVAL;
    if (isnan(pair->x_min))
        return BNSL_FAIL(BNSL_EDOMAIN, "the pair (%d, %d) has no minimum (form %s)", a, b, pair->opts.form == BNSL_FORM_IPL ? "IPL" : "NONE");
    if (r_min_out)
        *r_min_out = pair->x_min * pair->opts.sigma;
    if (u_min_out)
        *u_min_out = -pair->opts.well_depth;
    return BNSL_OK;
}

/* ---- energies and forces --------------------------------------------------------------------------- */

/* Powers overflow (to inf, or to inf - inf) only where both results are positive: deep inside sigma. */
static double at_most_largest(double value)
{
    return value <= LARGEST_ENERGY ? value : LARGEST_ENERGY;
}

static void evaluate_one(const bnsl__pair *pair, double r, double *u, double *force)
{
    double x = pair->opts.sigma / r;
    double repulsion = power(&pair->repulsion, x);
    double attraction = pair->opts.form == BNSL_FORM_IPL ? 0.0 : power(&pair->attraction, x);
    double scale = pair->prefactor * pair->opts.well_depth;
    *u = at_most_largest(scale * (repulsion - attraction) - pair->u_cut * pair->opts.well_depth);
    *force = at_most_largest(scale * (pair->opts.n * repulsion - pair->opts.m * attraction) / r);
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

    double r_cut = pair->opts.r_cut * pair->opts.sigma;
    for (int64_t i = 0; i < n; i++) {
        double u = 0.0, force = 0.0;
        if (r[i] < r_cut)
            evaluate_one(pair, r[i], &u, &force);
        if (u_out)
            u_out[i] = u;
        if (force_out)
            force_out[i] = force;
    }
    return BNSL_OK;
}
