/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Potential matrix: checks of the parameters of the pairs, mixing, access. */
#include <math.h>
#include <stdlib.h>

#include "potential_internal.h"

const bnsl_potential_options bnsl__potential_defaults = {
    .struct_size = sizeof(bnsl_potential_options),
    .form = BNSL_FORM_MIE,
    .n = 50.0,
    .m = 25.0,
    .well_depth = 1.0,
    .sigma = 1.0,
    .r_cut = 0.0,
    .shift = BNSL_SHIFT_ENERGY,
    .coupling = 0.0,
    .ipl_prefactor = 1.0,
    .r_on = 0.0,
};

bnsl_status bnsl_potential_options_init(bnsl_potential_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &bnsl__potential_defaults, sizeof bnsl__potential_defaults, __func__);
}

/* ---- parameters ------------------------------------------------------------------------------------ */

static bool has_attraction(int32_t form)
{
    return form == BNSL_FORM_MIE || form == BNSL_FORM_WCA || form == BNSL_FORM_IPL_MIE;
}

/* The fields that only some forms and shifts read. */
static bnsl_status check_special_fields(const bnsl_potential_options *o, const char *func)
{
    if (o->form != BNSL_FORM_NONE && (!(o->n > 3.0) || isinf(o->n)))
        return bnsl__fail(BNSL_EINVAL, func, "n is %g, must be finite and > 3", o->n);
    if (has_attraction(o->form) && !(o->m > 3.0 && o->m < o->n))
        return bnsl__fail(BNSL_EINVAL, func, "m is %g, must be > 3 and < n = %g", o->m, o->n);
    if (o->form == BNSL_FORM_IPL_MIE && !(o->coupling >= 0.0 && o->coupling <= 1.0))
        return bnsl__fail(BNSL_EINVAL, func, "coupling is %g, must be 0 to 1", o->coupling);
    if (o->form == BNSL_FORM_IPL_MIE && (!(o->ipl_prefactor > 0.0) || isinf(o->ipl_prefactor)))
        return bnsl__fail(BNSL_EINVAL, func, "ipl_prefactor is %g, must be finite and > 0, or 0 for the default", o->ipl_prefactor);
    if (o->shift == BNSL_SHIFT_SMOOTH) {
        if (o->form == BNSL_FORM_WCA || o->form == BNSL_FORM_NONE)
            return bnsl__fail(BNSL_EINVAL, func, "shift is BNSL_SHIFT_SMOOTH, which BNSL_FORM_%s does not allow",
                              o->form == BNSL_FORM_WCA ? "WCA" : "NONE");
        if (isinf(o->r_cut))
            return bnsl__fail(BNSL_EINVAL, func, "r_cut is %g, must be finite with BNSL_SHIFT_SMOOTH", o->r_cut);
        if (!(o->r_on >= 0.0) || isinf(o->r_on))
            return bnsl__fail(BNSL_EINVAL, func, "r_on is %g, must be > 0, or 0 for the default", o->r_on);
    }
    return BNSL_OK;
}

/* Copies opts over the defaults, fills in the zeros that stand for a default, and checks every field that the form uses. */
static bnsl_status load_options(bnsl_potential_options *o, const bnsl_potential_options *opts, const char *func)
{
    *o = bnsl__potential_defaults;
    if (opts) {
        bnsl_status status = bnsl__options_load(o, sizeof *o, opts, "bnsl_potential_options", func);
        if (status)
            return status;
    }
    if (o->form == BNSL_FORM_TABLE)
        return bnsl__fail(BNSL_EINVAL, func, "form is BNSL_FORM_TABLE, which bnsl_potential_set_table makes");
    if (o->form < BNSL_FORM_MIE || o->form > BNSL_FORM_IPL_MIE)
        return bnsl__fail(BNSL_EINVAL, func, "form is %d, must be BNSL_FORM_MIE, _IPL, _WCA, _NONE or _IPL_MIE", o->form);
    if (o->shift < BNSL_SHIFT_ENERGY || o->shift > BNSL_SHIFT_SMOOTH)
        return bnsl__fail(BNSL_EINVAL, func, "shift is %d, must be BNSL_SHIFT_ENERGY, _NONE or _SMOOTH", o->shift);
    if (o->reserved != 0)
        return bnsl__fail(BNSL_EINVAL, func, "reserved is %d, must be 0", o->reserved);
    if (!(o->sigma > 0.0) || isinf(o->sigma))
        return bnsl__fail(BNSL_EINVAL, func, "sigma is %g, must be finite and > 0", o->sigma);
    if (!(o->well_depth > 0.0) || isinf(o->well_depth))
        return bnsl__fail(BNSL_EINVAL, func, "well_depth is %g, must be finite and > 0 (no interaction: BNSL_FORM_NONE)", o->well_depth);
    if (!(o->r_cut >= 0.0))
        return bnsl__fail(BNSL_EINVAL, func, "r_cut is %g, must be > 0, or 0 for the default", o->r_cut);
    if (o->n == 0.0)
        o->n = bnsl__potential_defaults.n;
    if (o->m == 0.0)
        o->m = bnsl__potential_defaults.m;
    if (o->ipl_prefactor == 0.0)
        o->ipl_prefactor = bnsl__potential_defaults.ipl_prefactor;
    return check_special_fields(o, func);
}

/* Pair of options that are checked already, for a sigma; fails where its lengths or energies leave the range of a double. */
static bnsl_status checked_pair(bnsl__pair *out, const bnsl_potential_options *o, double sigma, const char *func)
{
    bnsl_potential_options own = *o;
    own.sigma = sigma;
    bnsl__pair pair = bnsl__pair_make(&own);
    if (!(sigma > 0.0) || isinf(sigma))
        return bnsl__fail(BNSL_EINVAL, func, "sigma_ij is %g, must be finite and > 0", sigma);
    if (own.shift == BNSL_SHIFT_SMOOTH && !(pair.opts.r_on < pair.opts.r_cut))
        return bnsl__fail(BNSL_EINVAL, func, "r_on is %g sigma, must be < r_cut = %g sigma", pair.opts.r_on, pair.opts.r_cut);
    if (!isfinite(pair.repulsive * own.well_depth) || !isfinite(pair.u_cut * own.well_depth))
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
    if (!potential)
        return;
    for (int32_t a = 0; a < potential->n_species; a++)
        for (int32_t b = a; b < potential->n_species; b++)
            free(potential->pairs[a * potential->n_species + b].table);
    free(potential);
}

const bnsl__pair *bnsl__potential_pair(const bnsl_potential *potential, int32_t a, int32_t b, const char *func)
{
    if (!potential) {
        bnsl__fail(BNSL_EINVAL, func, "potential is NULL");
        return NULL;
    }
    int32_t n = potential->n_species;
    if (a < 0 || a >= n || b < 0 || b >= n) {
        bnsl__fail(BNSL_EINVAL, func, "pair of species (%d, %d), each must be 0 to %d", a, b, n - 1);
        return NULL;
    }
    return &potential->pairs[a * n + b];
}

void bnsl__potential_put(bnsl_potential *potential, int32_t a, int32_t b, const bnsl__pair *pair)
{
    int32_t n = potential->n_species;
    free(potential->pairs[a * n + b].table);
    potential->pairs[a * n + b] = *pair;
    potential->pairs[b * n + a] = *pair;
}

bnsl_status bnsl_potential_set_pair(bnsl_potential *potential, int32_t a, int32_t b, const bnsl_potential_options *opts)
{
    if (!bnsl__potential_pair(potential, a, b, __func__))
        return BNSL_EINVAL;
    bnsl_potential_options o;
    bnsl_status status = load_options(&o, opts, __func__);
    if (status)
        return status;
    bnsl__pair pair;
    status = checked_pair(&pair, &o, o.sigma, __func__);
    if (!status)
        bnsl__potential_put(potential, a, b, &pair);
    return status;
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
        r_cut_out[i] = potential->pairs[i].cutoff;
    return BNSL_OK;
}
