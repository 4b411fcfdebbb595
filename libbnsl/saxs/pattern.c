/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A diffraction pattern's model: options, phases with their reflections, and the results of a fit. */
#include <math.h>
#include <stdlib.h>

#include "pattern_internal.h"

static const double SCHERRER_K = 1.0747; /* (4/3)(pi/6)^(1/3) */
static const bnsl_saxs_pattern_options defaults = {.background_order = 2, .relative_error = 0.02};

bnsl_status bnsl_saxs_pattern_options_init(bnsl_saxs_pattern_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

bnsl_status bnsl_saxs_pattern_create(bnsl_saxs_pattern **out, const bnsl_saxs_pattern_options *opts)
{
    bnsl_saxs_pattern_options o = defaults;
    bnsl_status status;
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    *out = NULL;
    if (opts && (status = bnsl__options_load(&o, sizeof o, opts, "bnsl_saxs_pattern_options", __func__)) != BNSL_OK)
        return status;
    if (o.background_order < -1 || o.background_order >= PATTERN_MAX_BACKGROUND)
        return BNSL_FAIL(BNSL_EINVAL, "background_order is %d, must be -1 .. %d", (int)o.background_order, PATTERN_MAX_BACKGROUND - 1);
    if (!(o.scherrer_k >= 0 && o.scherrer_k < 1e6))
        return BNSL_FAIL(BNSL_EINVAL, "scherrer_k is %g, must be > 0, or 0 for the default", o.scherrer_k);
    if (o.scherrer_k == 0)
        o.scherrer_k = SCHERRER_K;
    saxs_curve_options range = {o.error_model, o.relative_error, o.q_min, o.q_max};
    status = bnsl__saxs_check_curve_options(&range, __func__);
    if (status != BNSL_OK)
        return status;
    bnsl_saxs_pattern *pattern = bnsl__calloc(1, sizeof *pattern);
    if (!pattern)
        return BNSL_NOMEM();
    pattern->options = o;
    *out = pattern;
    return BNSL_OK;
}

void bnsl__pattern_free_result(pattern_result *result)
{
    if (!result)
        return;
    free(result->peaks);
    free(result->groups);
    free(result->areas);
    free(result->line_q);
    free(result);
}

void bnsl__pattern_set_result(bnsl_saxs_pattern *pattern, pattern_result *result)
{
    bnsl__pattern_free_result(pattern->result);
    pattern->result = result;
}

void bnsl_saxs_pattern_destroy(bnsl_saxs_pattern *pattern)
{
    if (!pattern)
        return;
    for (int32_t i = 0; i < pattern->n_phases; i++)
        free(pattern->phases[i].reflections);
    bnsl__pattern_free_result(pattern->result);
    free(pattern);
}

/* ---- phases ------------------------------------------------------------------------------------------------------------------- */

static bnsl_status check_phase(const bnsl_saxs_pattern *pattern, const bnsl_lattice *lattice, const pattern_phase *phase, int32_t fit_c_over_a,
                               const char *func)
{
    if (!pattern || !lattice)
        return bnsl__fail(BNSL_EINVAL, func, "%s is NULL", pattern ? "lattice" : "pattern");
    if (pattern->n_phases >= PATTERN_MAX_PHASES)
        return bnsl__fail(BNSL_EINVAL, func, "the pattern has %d phases already, the most possible", PATTERN_MAX_PHASES);
    if (!(phase->a_min == 0 && phase->a_max == 0) && !(phase->a_min > 0 && phase->a_max > phase->a_min && phase->a_max <= 100 * phase->a_min))
        return bnsl__fail(BNSL_EINVAL, func, "a_min is %g and a_max is %g, must be 0 < a_min < a_max <= 100 a_min, or both 0", phase->a_min,
                          phase->a_max);
    if (fit_c_over_a != 0 && fit_c_over_a != 1)
        return bnsl__fail(BNSL_EINVAL, func, "fit_c_over_a is %d, must be 0 or 1", (int)fit_c_over_a);
    if (!(fabs(phase->f_large) < 1e100 && fabs(phase->f_small) < 1e100) || (phase->f_large == 0 && phase->f_small == 0))
        return bnsl__fail(BNSL_EINVAL, func, "f_large is %g and f_small is %g, must be finite and not both 0", phase->f_large, phase->f_small);
    if (!(phase->d_large >= 0 && phase->d_large < 1e100 && phase->d_small >= 0 && phase->d_small < 1e100))
        return bnsl__fail(BNSL_EINVAL, func, "d_large is %g and d_small is %g, must be >= 0", phase->d_large, phase->d_small);
    if (!(fabs(phase->ratio) < 1e100))
        return bnsl__fail(BNSL_EINVAL, func, "ratio is %g, must be finite", phase->ratio);
    return BNSL_OK;
}

/* A cubic prototype refuses another c/a. */
static bool is_cubic(const bnsl_lattice *lattice)
{
    bnsl_lattice_options o;
    bnsl_lattice *stretched = NULL;
    bnsl_lattice_options_init(&o, sizeof o);
    o.c_over_a = 1.5;
    bool refused = bnsl_lattice_create(&stretched, bnsl_lattice_name(lattice), &o) == BNSL_EINVAL;
    bnsl_lattice_destroy(stretched);
    return refused;
}

static bnsl_status load_reflections(pattern_phase *phase, const bnsl_lattice *lattice, const char *func)
{
    int64_t n = 4096, room;
    bnsl_reflection *list = NULL;
    bnsl_status status;
    do { /* once, or twice when there are more than expected */
        room = n;
        free(list);
        list = bnsl__alloc(room, sizeof *list);
        if (!list)
            return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
        status = bnsl_lattice_reflections(lattice, 2 * SAXS_PI * PATTERN_MAX_ORDER / phase->a, 0, room, &n, list);
    } while (status == BNSL_EBUFFER && n > room);
    if (status == BNSL_OK) {
        phase->reflections = bnsl__alloc(n, sizeof *phase->reflections);
        if (!phase->reflections)
            status = bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    }
    for (int64_t i = 0; status == BNSL_OK && i < n; i++) {
        double axial = 4 * SAXS_PI * SAXS_PI * list[i].l * list[i].l, qa = list[i].q * phase->a;
        phase->reflections[i] = (pattern_reflection){
            list[i].h, list[i].k,    list[i].l,    list[i].multiplicity, fmax(qa * qa - axial / (phase->c_over_a * phase->c_over_a), 0),
            axial,     list[i].g_ll, list[i].g_ss, list[i].g_ls};
        phase->n_reflections = (int32_t)n;
    }
    free(list);
    return status;
}

bnsl_status bnsl_saxs_pattern_add_phase(bnsl_saxs_pattern *pattern, const bnsl_lattice *lattice, double a_min, double a_max, int32_t fit_c_over_a,
                                        double f_large, double f_small, double d_large, double d_small, double ratio)
{
    pattern_phase phase = {
        .a_min = a_min, .a_max = a_max, .f_large = f_large, .f_small = f_small, .d_large = d_large, .d_small = d_small, .ratio = ratio};
    bnsl_status status = check_phase(pattern, lattice, &phase, fit_c_over_a, __func__);
    double c, volume;
    int32_t n_large, n_small;
    if (status == BNSL_OK)
        status = bnsl_lattice_constants(lattice, &phase.a, &c, &volume);
    if (status == BNSL_OK)
        status = bnsl_lattice_sites(lattice, &n_large, &n_small);
    if (status != BNSL_OK)
        return status;
    phase.cubic = is_cubic(lattice);
    if (phase.cubic && fit_c_over_a)
        return BNSL_FAIL(BNSL_EINVAL, "fit_c_over_a is 1, but %s is cubic", bnsl_lattice_name(lattice));
    phase.fit_c_over_a = fit_c_over_a != 0;
    phase.c_over_a = phase.cubic ? 1 : c / phase.a;
    phase.n_large = n_large;
    phase.cell_factor = volume / (phase.a * phase.a * phase.a * phase.c_over_a);
    if (ratio < 0)
        phase.ratio = (double)n_small / n_large;
    status = load_reflections(&phase, lattice, __func__);
    if (status == BNSL_OK)
        pattern->phases[pattern->n_phases++] = phase;
    if (status == BNSL_OK)
        bnsl__pattern_set_result(pattern, NULL); /* an earlier fit knew nothing of this phase */
    return status;
}

double bnsl__pattern_q(const pattern_reflection *r, const pattern_cell *cell, double *by_a, double *by_c)
{
    double c2 = cell->c_over_a * cell->c_over_a, qa = sqrt(r->in_plane + r->axial / c2);
    if (by_a)
        *by_a = -qa / (cell->a * cell->a);
    if (by_c)
        *by_c = -r->axial / (c2 * cell->c_over_a * qa * cell->a);
    return qa / cell->a;
}

/* Amplitude of a uniform sphere of diameter d relative to q = 0; d = 0: a point. */
static double sphere_amplitude(double q, double d)
{
    double f, f2;
    if (!(d > 0))
        return 1;
    bnsl__saxs_sphere(BNSL_SIZES_GAUSSIAN, 0.5 * d, 0, q, &f, &f2);
    return f / (SAXS_PI / 6 * d * d * d);
}

double bnsl__pattern_area(const pattern_phase *phase, const pattern_reflection *r, const pattern_cell *cell)
{
    double q = bnsl__pattern_q(r, cell, NULL, NULL);
    double f_large = phase->f_large * sphere_amplitude(q, phase->d_large), f_small = phase->f_small * sphere_amplitude(q, phase->d_small);
    double structure = f_large * f_large * r->g_ll + f_small * f_small * r->g_ss + 2 * f_large * f_small * r->g_ls;
    double one_particle = phase->n_large * (f_large * f_large + phase->ratio * f_small * f_small);
    double volume = phase->cell_factor * cell->a * cell->a * cell->a * cell->c_over_a;
    return one_particle > 0 ? 2 * SAXS_PI * SAXS_PI * r->multiplicity * fmax(structure, 0) / (volume * q * q * one_particle) : 0;
}

void bnsl__pattern_legendre(int32_t n, double x, double *values)
{
    for (int32_t j = 0; j < n; j++)
        values[j] = j == 0 ? 1 : j == 1 ? x : ((2 * j - 1) * x * values[j - 1] - (j - 1) * values[j - 2]) / j;
}

/* ---- results ------------------------------------------------------------------------------------------------------------------ */

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

bnsl_status bnsl_saxs_pattern_model(const bnsl_saxs_pattern *pattern, int64_t n, const double *q, double *s_out, double *background_out)
{
    bnsl_status status = check_fitted(pattern, __func__);
    int64_t where;
    if (status != BNSL_OK)
        return status;
    if (n < 0 || (n > 0 && !q))
        return BNSL_FAIL(BNSL_EINVAL, "n is %lld and q is %s, must be >= 0 and an array", (long long)n, q ? "given" : "NULL");
    if (n > 0 && !bnsl__all_finite(n, q, &where))
        return BNSL_FAIL(BNSL_EINVAL, "q[%lld] is %g, must be finite", (long long)where, q[where]);
    const pattern_result *r = pattern->result;
    const int32_t n_background = pattern->options.background_order + 1;
    for (int64_t i = 0; i < n; i++) {
        double value[PATTERN_MAX_BACKGROUND], background = 0, sum = 0, q_i = q[i];
        bnsl__pattern_legendre(n_background, 2 * (q_i - r->q_low) / (r->q_high - r->q_low) - 1, value);
        for (int32_t j = 0; j < n_background; j++)
            background += r->background[j] * value[j];
        for (int32_t g = 0; g < r->n_groups; g++) {
            const pattern_group *group = r->groups + g;
            double w = r->cell[group->phase].w;
            for (int32_t l = group->first; l < group->first + group->n; l++) {
                double x = q_i - r->line_q[l];
                sum += r->areas[g] * r->line_share[l] * w / SAXS_PI / (x * x + w * w);
            }
        }
        if (s_out)
            s_out[i] = background + sum;
        if (background_out)
            background_out[i] = background;
    }
    return BNSL_OK;
}
