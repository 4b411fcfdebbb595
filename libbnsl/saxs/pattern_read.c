/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be read from a fitted pattern: phases, lines, the model as a curve, distances between surfaces, shares by a reference run. */
#include <math.h>
#include <string.h>

#include "pattern_internal.h"

int32_t bnsl_saxs_pattern_n_phases(const bnsl_saxs_pattern *pattern)
{
    return pattern ? pattern->n_phases : 0;
}

static bnsl_status check_fitted(const bnsl_saxs_pattern *pattern, const char *func)
{
    if (!pattern)
        return bnsl__fail(BNSL_EINVAL, func, "pattern is NULL");
    if (!pattern->result)
        return bnsl__fail(BNSL_EINVAL, func, "the pattern has not been fitted: call bnsl_saxs_pattern_fit first");
    return BNSL_OK;
}

static bnsl_status check_fitted_phase(const bnsl_saxs_pattern *pattern, int32_t phase, const void *out, const char *func)
{
    bnsl_status status = check_fitted(pattern, func);
    if (status != BNSL_OK)
        return status;
    if (phase < 0 || phase >= pattern->n_phases)
        return bnsl__fail(BNSL_EINVAL, func, "phase is %d, must be 0 .. %d", (int)phase, (int)pattern->n_phases - 1);
    if (!out)
        return bnsl__fail(BNSL_EINVAL, func, "out is NULL");
    return BNSL_OK;
}

bnsl_status bnsl_saxs_pattern_phase(const bnsl_saxs_pattern *pattern, int32_t phase, bnsl_saxs_phase *out)
{
    bnsl_status status = check_fitted_phase(pattern, phase, out, __func__);
    if (status == BNSL_OK)
        *out = pattern->result->phase[phase];
    return status;
}

bnsl_status bnsl_saxs_pattern_peak(const bnsl_saxs_pattern *pattern, int32_t phase, int32_t i, bnsl_saxs_peak *out)
{
    bnsl_status status = check_fitted_phase(pattern, phase, out, __func__);
    if (status != BNSL_OK)
        return status;
    const pattern_result *r = pattern->result;
    int32_t n = r->first_peak[phase + 1] - r->first_peak[phase];
    if (i < 0 || i >= n)
        return BNSL_FAIL(BNSL_EINVAL, "peak is %d, phase %d has %d", (int)i, (int)phase, (int)n);
    *out = r->peaks[r->first_peak[phase] + i];
    return BNSL_OK;
}

bnsl_status bnsl_saxs_pattern_quality(const bnsl_saxs_pattern *pattern, double *chi2_reduced_out, int32_t *converged_out, int32_t *n_iterations_out)
{
    bnsl_status status = check_fitted(pattern, __func__);
    if (status != BNSL_OK)
        return status;
    if (chi2_reduced_out)
        *chi2_reduced_out = pattern->result->chi2_reduced;
    if (converged_out)
        *converged_out = pattern->result->converged;
    if (n_iterations_out)
        *n_iterations_out = pattern->result->n_iterations;
    return BNSL_OK;
}

bnsl_status bnsl_saxs_pattern_fluid(const bnsl_saxs_pattern *pattern, bnsl_saxs_fluid *out)
{
    bnsl_status status = check_fitted(pattern, __func__);
    if (status != BNSL_OK)
        return status;
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    if (pattern->options.background != BNSL_BACKGROUND_PHYSICAL)
        return BNSL_FAIL(BNSL_EINVAL, "the pattern's background is a polynomial, it has no fluid");
    *out = pattern->result->fluid_result;
    return BNSL_OK;
}

/* ---- the model as a curve ------------------------------------------------------------------------------------------------------- */

/* Diffuse scattering and fluid at one q; fluid: S_fl there. */
static double physical_background(const bnsl_saxs_pattern *pattern, double q, double fluid)
{
    const pattern_result *r = pattern->result;
    const double ratio = bnsl__pattern_ratio(pattern);
    double f[4], sum = 0;
    bnsl__pattern_amplitudes(pattern, q, f);
    const double all = f[1] + ratio * f[3];
    if (!(all > 0))
        return 0;
    for (int32_t i = 0; i < pattern->n_phases; i++) {
        const pattern_phase *p = pattern->phases + i;
        double coherent;
        sum += r->diffuse[i] * pattern_diffuse(f, p->n_small / p->n_large, q, r->cell[i].u, &coherent) / all;
    }
    return sum + fluid * (r->fluid_large * f[1] + r->fluid_small * ratio * f[3]) / all;
}

static double background_at(const bnsl_saxs_pattern *pattern, double q)
{
    const pattern_result *r = pattern->result;
    const int32_t n = pattern->options.background_order + 1;
    double value[PATTERN_MAX_POLYNOMIAL], sum = 0, fluid = 1;
    bnsl__pattern_legendre(n, 2 * (q - r->q_low) / (r->q_high - r->q_low) - 1, value);
    for (int32_t j = 0; j < n; j++)
        sum += r->polynomial[j] * value[j];
    if (pattern->options.background != BNSL_BACKGROUND_PHYSICAL)
        return sum;
    if (pattern->options.fluid == BNSL_FLUID_FITTED || pattern->options.fluid == BNSL_FLUID_FIXED)
        bnsl__saxs_fluid(&r->fluid, 1, &q, &fluid, NULL);
    return sum + physical_background(pattern, q, fluid);
}

bnsl_status bnsl_saxs_pattern_model(const bnsl_saxs_pattern *pattern, int64_t n, const double *q, double *s_out, double *background_out)
{
    bnsl_status status = check_fitted(pattern, __func__);
    if (status != BNSL_OK)
        return status;
    if (n < 0 || (n > 0 && !q))
        return BNSL_FAIL(BNSL_EINVAL, "n is %lld and q is %s, must be >= 0 and an array", (long long)n, q ? "given" : "NULL");
    for (int64_t i = 0; i < n; i++)
        if (!(q[i] >= 0 && q[i] < INFINITY))
            return BNSL_FAIL(BNSL_EINVAL, "q[%lld] is %g, must be >= 0 and finite", (long long)i, q[i]);
    const pattern_result *r = pattern->result;
    const bnsl_saxs_pattern_options *o = &pattern->options;
    for (int64_t i = 0; i < n; i++) {
        const double q_i = q[i], background = background_at(pattern, q_i);
        double sum = 0;
        for (int32_t l = 0; l < r->n_lines && s_out; l++)
            sum += r->lines[l].area * bnsl__saxs_profile(o->line_shape, o->resolution, q_i - r->lines[l].q, r->lines[l].w, NULL, NULL);
        if (s_out)
            s_out[i] = background + sum;
        if (background_out)
            background_out[i] = background;
    }
    return BNSL_OK;
}

/* ---- what follows from a lattice ------------------------------------------------------------------------------------------------ */

/* Bond lengths at a and c/a. */
static bnsl_status bonds_at(const pattern_phase *p, double a, double c_over_a, int32_t source, double b[3])
{
    bnsl_lattice_options o;
    bnsl_lattice *lattice = NULL;
    bnsl_status status = bnsl_lattice_options_init(&o, sizeof o);
    o.a = a;
    o.c_over_a = p->cubic ? 0 : c_over_a;
    if (status == BNSL_OK)
        status = bnsl_lattice_create(&lattice, p->name, &o);
    if (status == BNSL_OK)
        status = bnsl_lattice_bond_lengths(lattice, source, b, b + 1, b + 2);
    bnsl_lattice_destroy(lattice);
    return status;
}

bnsl_status bnsl_saxs_pattern_geometry(const bnsl_saxs_pattern *pattern, int32_t phase, int32_t bonds, bnsl_saxs_geometry *out)
{
    static const double step = 1e-4; /* of c/a, for the slope of bond lengths */
    bnsl_status status = check_fitted_phase(pattern, phase, out, __func__);
    if (status != BNSL_OK)
        return status;
    const bnsl_saxs_pattern_options *o = &pattern->options;
    const pattern_phase *p = pattern->phases + phase;
    const bnsl_saxs_phase *fit = pattern->result->phase + phase;
    double b[3], stretched[3], d[3], error[3];
    if (!(fit->a > 0))
        return BNSL_FAIL(BNSL_EINVAL, "phase %d is not there", (int)phase);
    status = bonds_at(p, fit->a, fit->c_over_a, bonds, b);
    if (status == BNSL_OK)
        status = bonds_at(p, fit->a, fit->c_over_a * (1 + step), bonds, stretched);
    if (status != BNSL_OK)
        return status;
    const double core[3] = {o->d_large, (o->d_large + o->d_small) / 2, o->d_small};
    const bool known[3] = {o->d_large > 0, o->d_large > 0 && o->d_small > 0, o->d_small > 0};
    for (int k = 0; k < 3; k++) {
        const double by_c = (stretched[k] - b[k]) / (step * fit->c_over_a);
        d[k] = known[k] ? b[k] - core[k] : NAN;
        error[k] = known[k] ? hypot(b[k] / fit->a * fit->a_err, by_c * fit->c_over_a_err) : NAN;
    }
    *out = (bnsl_saxs_geometry){b[0], b[1], b[2], d[0], d[1], d[2], error[0], error[1], error[2], NAN, NAN};
    if (o->d_large > 0 && (o->d_small > 0 || p->n_small == 0)) {
        const double volume = p->cell_factor * fit->a * fit->a * fit->a * fit->c_over_a;
        const double cores = p->n_large * o->d_large * o->d_large * o->d_large + p->n_small * o->d_small * o->d_small * o->d_small;
        out->volume_fraction = SAXS_PI / 6 * cores / volume;
        out->volume_fraction_err = out->volume_fraction * hypot(3 * fit->a_err / fit->a, fit->c_over_a_err / fit->c_over_a);
    }
    return BNSL_OK;
}

/* ---- comparison with a reference run ---------------------------------------------------------------------------------------------- */

/* The same line in another fit; NULL: not there. */
static const bnsl_saxs_peak *same_line(const bnsl_saxs_pattern *pattern, int32_t phase, const bnsl_saxs_peak *peak)
{
    const pattern_result *r = pattern->result;
    for (int32_t i = r->first_peak[phase]; i < r->first_peak[phase + 1]; i++) {
        const bnsl_saxs_peak *other = r->peaks + i;
        if (other->h == peak->h && other->k == peak->k && other->l == peak->l && other->multiplicity == peak->multiplicity)
            return other;
    }
    return NULL;
}

/* Calculated area of the family that a peak is listed under; 0: unknown. */
static double calculated_area(const bnsl_saxs_pattern *pattern, int32_t phase, const bnsl_saxs_peak *peak)
{
    const pattern_phase *p = pattern->phases + phase;
    const pattern_cell *cell = pattern->result->cell + phase;
    for (int32_t i = 0; i < p->n_reflections; i++) {
        const pattern_reflection *r = p->reflections + i;
        if (r->h == peak->h && r->k == peak->k && r->l == peak->l)
            return bnsl__pattern_area(pattern, p, r, cell, bnsl__pattern_q(r, cell, NULL, NULL)) * exp(-peak->q * peak->q * cell->u * cell->u);
    }
    return 0;
}

bnsl_status bnsl_saxs_pattern_relative_fraction(const bnsl_saxs_pattern *pattern, int32_t phase, const bnsl_saxs_pattern *reference,
                                                int32_t reference_phase, double reference_fraction, double *fraction_out, double *fraction_err_out)
{
    bnsl_status status = check_fitted_phase(pattern, phase, fraction_out, __func__);
    if (status == BNSL_OK)
        status = check_fitted_phase(reference, reference_phase, fraction_out, __func__);
    if (status != BNSL_OK)
        return status;
    if (!(reference_fraction > 0 && reference_fraction <= 1e3))
        return BNSL_FAIL(BNSL_EINVAL, "reference_fraction is %g, must be > 0", reference_fraction);
    if (strcmp(pattern->phases[phase].name, reference->phases[reference_phase].name) != 0)
        return BNSL_FAIL(BNSL_EINVAL, "the phases are %s and %s, must be the same", pattern->phases[phase].name,
                         reference->phases[reference_phase].name);
    const pattern_result *r = pattern->result;
    double fraction = 0, variance = INFINITY;
    for (int pass = 0; pass < 3; pass++) { /* the weights depend on the ratio itself */
        double sum = 0, norm = 0;
        for (int32_t i = r->first_peak[phase]; i < r->first_peak[phase + 1]; i++) {
            const bnsl_saxs_peak *own = r->peaks + i, *other = same_line(reference, reference_phase, own);
            const double here = calculated_area(pattern, phase, own), there = other ? calculated_area(reference, reference_phase, other) : 0;
            if (!other || !(other->area > 0) || !(here > 0 && there > 0) || !(own->area_err > 0 && other->area_err >= 0))
                continue;
            const double full = other->area / reference_fraction * here / there, full_err = full * other->area_err / other->area;
            const double weight = 1 / (own->area_err * own->area_err + fraction * fraction * full_err * full_err);
            sum += weight * full * own->area;
            norm += weight * full * full;
        }
        if (!(norm > 0))
            return BNSL_FAIL(BNSL_EDOMAIN, "no line of %s has an area in both patterns", pattern->phases[phase].name);
        fraction = sum / norm;
        variance = 1 / norm;
    }
    *fraction_out = fraction;
    if (fraction_err_out)
        *fraction_err_out = sqrt(variance);
    return BNSL_OK;
}
