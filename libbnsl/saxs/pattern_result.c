/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Results of a pattern's fit: values, errors from the covariance of all parameters, what became of each parameter. Errors of areas and
 * amplitudes contain those of the cells they were found at. Free centres: a and c/a by weighted linear least squares
 * of q^2 in 1 / a^2 and 1 / c^2.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pattern_internal.h"

static const double NOTHING = 1e-12; /* squared sine of the angle to the other slopes below which a parameter has nothing of its own */

/* ---- covariance --------------------------------------------------------------------------------------------------------------------- */

/* Covariance of the parameters (theta, NaN where the data say nothing) in their own units; sensitivity: of the amplitudes, n_params x n_passive. */
static void parameter_covariance(pattern_fit *f, double *theta, double *sensitivity)
{
    const int64_t stride = SAXS_LANES * f->n_vectors;
    const int32_t p = f->n_params, k = f->nnls.n_passive;
    double products[PATTERN_GRAM_STRIDE], norm[PATTERN_MAX_PARAMS];
    double *matrix = theta + (int64_t)p * p, *work = matrix + (int64_t)p * p;
    bnsl__pattern_slopes(f, f->nnls.x);
    for (int32_t a = 0; a < p; a++) {
        double *column = f->slopes.data + a * stride;
        f->products(f->n_vectors, 1, column, column, norm + a);
        bnsl__pattern_project(f, column, products, sensitivity + (int64_t)a * k);
    }
    for (int32_t a = 0; a < p; a++) {
        f->products(f->n_vectors, p, f->slopes.data, f->slopes.data + a * stride, matrix + a * p);
        for (int32_t b = 0; b < p; b++)
            matrix[a * p + b] /= norm[a] > 0 && norm[b] > 0 ? sqrt(norm[a]) * sqrt(norm[b]) : INFINITY;
        if (!(matrix[a * p + a] > NOTHING))
            matrix[a * p + a] = 0;
    }
    bnsl__saxs_invert(p, matrix, theta, work);
    for (int32_t a = 0; a < p; a++)
        for (int32_t b = 0; b < p; b++)
            theta[a * p + b] /= sqrt(norm[a]) * sqrt(norm[b]);
}

/* Variances of all columns' amplitudes. */
static void amplitude_variances(pattern_fit *f, const double *theta, const double *sensitivity, double *variance)
{
    const int32_t p = f->n_params, k = f->nnls.n_passive;
    double products[PATTERN_GRAM_STRIDE];
    for (int32_t i = 0; i < k; i++) {
        memset(products, 0, (size_t)k * sizeof *products);
        products[i] = 1;
        bnsl__saxs_nnls_apply(&f->nnls, products);
        double sum = products[i];
        for (int32_t a = 0; a < p; a++)
            for (int32_t b = 0; b < p; b++)
                if (theta[a * p + b] == theta[a * p + b])
                    sum += sensitivity[(int64_t)a * k + i] * sensitivity[(int64_t)b * k + i] * theta[a * p + b];
        variance[f->nnls.passive[i]] = sum;
    }
    for (int32_t j = f->n_polynomial; j < f->n_columns; j++) { /* those at zero: the error that they would have if freed alone */
        if (f->nnls.is_passive[j])
            continue;
        const double *row = f->gram + (int64_t)j * PATTERN_GRAM_STRIDE;
        for (int32_t i = 0; i < k; i++)
            products[i] = row[f->nnls.passive[i]];
        bnsl__saxs_nnls_apply(&f->nnls, products);
        double own = row[j];
        for (int32_t i = 0; i < k; i++)
            own -= products[i] * row[f->nnls.passive[i]];
        variance[j] = own > 1e-12 * row[j] ? 1 / own : NAN;
    }
}

/* ---- free centres ------------------------------------------------------------------------------------------------------------------- */

/* q^2 = 4 pi^2 (4/3 (h^2 + hk + k^2) X + l^2 Y), X = 1 / a^2, Y = 1 / c^2, weights 1 / (2 q s_q)^2; cubic: one unknown. Into phase. */
static void lattice_from_centres(const pattern_fit *f, int32_t i, const pattern_result *r, bnsl_saxs_phase *phase)
{
    const pattern_phase *p = f->pattern->phases + i;
    const double c = f->cell[i].c_over_a;
    double m[3] = {0, 0, 0}, b[2] = {0, 0};
    bool both = p->options.fit_c_over_a != 0;
    for (int32_t g = r->first_peak[i]; g < r->first_peak[i + 1]; g++) {
        const pattern_group *group = f->groups + g;
        const pattern_reflection *line = p->reflections + f->lines[group->first].reflection;
        const bnsl_saxs_peak *peak = r->peaks + g;
        const bool alone = (g == 0 || f->groups[g - 1].shift != group->shift) && (g + 1 == f->n_groups || f->groups[g + 1].shift != group->shift);
        if (!alone || !(peak->area > 0 && peak->q_err > 0))
            continue;
        const double weight = 1 / (4 * peak->q * peak->q * peak->q_err * peak->q_err), q2 = peak->q * peak->q;
        const double x = both ? line->in_plane : line->in_plane + line->axial / (c * c), y = both ? line->axial : 0;
        m[0] += weight * x * x, m[1] += weight * x * y, m[2] += weight * y * y;
        b[0] += weight * x * q2, b[1] += weight * y * q2;
    }
    const double determinant = m[0] * m[2] - m[1] * m[1];
    both = both && determinant > 1e-9 * m[0] * m[2];
    const double x = both ? (m[2] * b[0] - m[1] * b[1]) / determinant : b[0] / m[0], y = both ? (m[0] * b[1] - m[1] * b[0]) / determinant : 0;
    phase->a_err = phase->c_over_a_err = NAN;
    phase->a_status = phase->c_over_a_status = BNSL_PARAMETER_UNDETERMINED;
    if (!(x > 0) || (both && !(y > 0)))
        return;
    phase->a = 1 / sqrt(x);
    phase->a_err = 0.5 * phase->a / x * sqrt(both ? m[2] / determinant : 1 / m[0]);
    phase->a_status = BNSL_PARAMETER_FITTED;
    if (both) { /* c/a = sqrt(x / y) */
        phase->c_over_a = sqrt(x / y);
        const double xx = m[2] / determinant / (x * x), yy = m[0] / determinant / (y * y), xy = -m[1] / determinant / (x * y);
        phase->c_over_a_err = 0.5 * phase->c_over_a * sqrt(fmax(xx + yy - 2 * xy, 0));
        phase->c_over_a_status = BNSL_PARAMETER_FITTED;
    } else if (!p->options.fit_c_over_a) {
        phase->c_over_a_err = 0;
        phase->c_over_a_status = BNSL_PARAMETER_FIXED;
    }
}

/* ---- lines ------------------------------------------------------------------------------------------------------------------------------- */

/* Error of a line's centre from those of a and c/a, or of its shift. */
static double centre_error(const pattern_fit *f, const pattern_group *group, const pattern_reflection *line, const double *theta)
{
    const int32_t p = f->n_params, phase = group->phase;
    if (group->shift >= 0) {
        const int32_t i = f->shift_param[group->shift];
        return sqrt(theta[i * (p + 1)]) * bnsl__pattern_scale(f, i);
    }
    double by[2];
    const int32_t param[2] = {f->a_param[phase], f->c_param[phase]};
    bnsl__pattern_q(line, f->cell + phase, by, by + 1);
    double sum = 0;
    for (int a = 0; a < 2; a++)
        for (int b = 0; b < 2; b++)
            if (param[a] >= 0 && param[b] >= 0)
                sum += by[a] * by[b] * theta[param[a] * p + param[b]];
    return sqrt(fmax(sum, 0));
}

static void store_group(const pattern_fit *f, int32_t g, const double *theta, const double *variance, double error_factor, pattern_result *r)
{
    const pattern_group *group = f->groups + g;
    const pattern_phase *phase = f->pattern->phases + group->phase;
    const pattern_cell *cell = f->cell + group->phase;
    const double shift = group->shift >= 0 ? f->shift[group->shift] : 0;
    const bool calculated = phase->options.areas == BNSL_AREAS_CALCULATED;
    const double x = f->nnls.x[f->n_background + g], x_err = sqrt(error_factor * variance[f->n_background + g]);
    bnsl_saxs_peak *peak = NULL;
    for (int32_t l = group->first; l < group->first + group->n; l++) {
        const pattern_reflection *line = phase->reflections + f->lines[l].reflection;
        const double q = bnsl__pattern_q(line, cell, NULL, NULL) + shift;
        r->lines[r->n_lines++] = (pattern_result_line){q, bnsl__pattern_width(cell, q - shift), x * f->lines[l].share};
        if (peak && !calculated) {
            peak->multiplicity += line->multiplicity;
            continue;
        }
        peak = r->peaks + r->first_peak[group->phase + 1]++;
        const double share = calculated ? f->lines[l].share : 1;
        *peak = (bnsl_saxs_peak){.h = line->h,
                                 .k = line->k,
                                 .l = line->l,
                                 .multiplicity = line->multiplicity,
                                 .status = calculated                               ? BNSL_PARAMETER_FIXED
                                           : f->nnls.is_passive[f->n_background + g] ? BNSL_PARAMETER_FITTED
                                                                                     : BNSL_PARAMETER_AT_BOUND,
                                 .q = q,
                                 .q_err = sqrt(error_factor) * centre_error(f, group, line, theta),
                                 .area = x * share,
                                 .area_err = x_err * share};
    }
}

static void store_lines(const pattern_fit *f, const double *theta, const double *variance, double error_factor, pattern_result *r)
{
    int32_t g = 0;
    for (int32_t i = 0; i < PATTERN_MAX_PHASES; i++) {
        r->first_peak[i + 1] = r->first_peak[i];
        for (; g < f->n_groups && f->groups[g].phase == i; g++)
            store_group(f, g, theta, variance, error_factor, r);
    }
}

/* ---- phases and background ------------------------------------------------------------------------------------------------------------- */

static double parameter_error(const pattern_fit *f, int32_t param, const double *theta, double error_factor, int32_t *status)
{
    const double variance = param >= 0 ? theta[param * (f->n_params + 1)] : 0;
    *status = bnsl__pattern_status(f, param, variance);
    return param >= 0 ? sqrt(error_factor * variance) * bnsl__pattern_scale(f, param) : 0;
}

static void store_phase(const pattern_fit *f, int32_t i, const double *theta, const double *variance, double error_factor, double all_areas,
                        pattern_result *r)
{
    const bnsl_saxs_pattern_options *o = &f->pattern->options;
    const pattern_phase *p = f->pattern->phases + i;
    bnsl_saxs_phase *phase = r->phase + i;
    const pattern_cell *cell = f->cell + i;
    double own = 0;
    *phase = (bnsl_saxs_phase){.a = cell->a, .c_over_a = cell->c_over_a, .hwhm = cell->w, .microstrain = cell->microstrain,
                               .diffuse = NAN, .diffuse_err = NAN};
    phase->fraction = phase->fraction_err = phase->u_rms = phase->u_rms_err = NAN;
    phase->a_err = parameter_error(f, f->a_param[i], theta, error_factor, &phase->a_status);
    phase->c_over_a_err = parameter_error(f, f->c_param[i], theta, error_factor, &phase->c_over_a_status);
    phase->hwhm_err = parameter_error(f, f->w_param[i], theta, error_factor, &phase->hwhm_status);
    phase->microstrain_err = parameter_error(f, f->strain_param[i], theta, error_factor, &phase->microstrain_status);
    phase->u_status = BNSL_PARAMETER_UNDETERMINED;
    for (int32_t k = r->first_peak[i]; k < r->first_peak[i + 1]; k++)
        own += r->peaks[k].area;
    phase->scale_weight = all_areas > 0 ? own / all_areas : 0;
    phase->n_peaks = r->first_peak[i + 1] - r->first_peak[i];
    if (p->options.areas == BNSL_AREAS_CALCULATED)
        for (int32_t g = 0; g < f->n_groups; g++)
            if (f->groups[g].phase == i) {
                phase->fraction = f->nnls.x[f->n_background + g];
                phase->fraction_err = sqrt(error_factor * variance[f->n_background + g]);
                phase->u_rms = cell->u;
                phase->u_rms_err = parameter_error(f, f->u_param[i], theta, error_factor, &phase->u_status);
            }
    if (p->options.centres == BNSL_CENTRES_FREE)
        lattice_from_centres(f, i, r, phase);
    if (f->diffuse_column[i] >= 0) {
        phase->diffuse = f->nnls.x[f->diffuse_column[i]];
        phase->diffuse_err = sqrt(error_factor * variance[f->diffuse_column[i]]);
    }
    phase->xi = bnsl__saxs_size(cell->w, o->line_shape, o->scherrer, o->scherrer_k);
    phase->xi_err = phase->hwhm_err / cell->w * phase->xi;
    r->cell[i] = *cell;
    if (p->options.centres == BNSL_CENTRES_FREE && phase->a_status == BNSL_PARAMETER_FITTED)
        r->cell[i].a = phase->a, r->cell[i].c_over_a = phase->c_over_a;
}

static void store_background(const pattern_fit *f, const double *theta, const double *variance, double error_factor, pattern_result *r)
{
    bnsl_saxs_fluid *fluid = &r->fluid_result;
    for (int32_t j = 0; j < f->n_polynomial; j++)
        r->polynomial[j] = f->nnls.x[j];
    r->q_low = f->curve.q[0];
    r->q_high = f->curve.q[f->curve.n - 1];
    for (int32_t i = 0; i < f->pattern->n_phases; i++)
        r->diffuse[i] = f->diffuse_column[i] >= 0 ? f->nnls.x[f->diffuse_column[i]] : 0;
    r->fluid = f->fluid;
    *fluid = (bnsl_saxs_fluid){.eta = f->fluid.eta, .diameter = f->fluid.diameter, .damping = f->fluid.damping};
    fluid->eta_err = parameter_error(f, f->fluid_param[0], theta, error_factor, &fluid->eta_status);
    fluid->diameter_err = parameter_error(f, f->fluid_param[1], theta, error_factor, &fluid->diameter_status);
    fluid->damping_err = parameter_error(f, f->fluid_param[2], theta, error_factor, &fluid->damping_status);
    double share[2] = {NAN, NAN}, error[2] = {NAN, NAN};
    for (int which = 0; which < 2; which++) {
        const int32_t column = f->fluid_column[f->fluid_column[1] >= 0 ? which : 0];
        if (column < 0)
            continue;
        share[which] = f->nnls.x[column];
        error[which] = sqrt(error_factor * variance[column]);
    }
    fluid->share_large = share[0], fluid->share_large_err = error[0];
    fluid->share_small = share[1], fluid->share_small_err = error[1];
    r->fluid_large = f->fluid_column[0] >= 0 ? share[0] : 0;
    r->fluid_small = f->fluid_column[0] >= 0 ? share[1] : 0;
}

/* u of phases with areas of their own, and what its status is. */
static void finish_displacements(const pattern_fit *f, pattern_result *r)
{
    for (int32_t i = 0; i < f->pattern->n_phases; i++) {
        bnsl_saxs_phase *phase = r->phase + i;
        if (f->pattern->phases[i].options.areas == BNSL_AREAS_FREE && phase->u_rms == phase->u_rms)
            phase->u_status = phase->u_rms == 0 ? BNSL_PARAMETER_AT_BOUND : BNSL_PARAMETER_FITTED;
    }
}

/* ---- all of it ------------------------------------------------------------------------------------------------------------------------------- */

static pattern_result *alloc_result(const pattern_fit *f)
{
    pattern_result *r = bnsl__calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->peaks = bnsl__alloc(f->n_lines, sizeof *r->peaks);
    r->lines = bnsl__alloc(f->n_lines, sizeof *r->lines);
    if (!r->peaks || !r->lines) {
        bnsl__pattern_free_result(r);
        return NULL;
    }
    return r;
}

bnsl_status bnsl__pattern_assemble(pattern_fit *f, bool converged, int32_t n_iterations, pattern_result **out, const char *func)
{
    const int64_t degrees = f->n - f->n_params - f->nnls.n_passive;
    const int32_t p = f->n_params;
    pattern_result *r = alloc_result(f);
    double *theta = bnsl__alloc((int64_t)p * (3 * p + 1) + f->n_columns + (int64_t)p * f->nnls.n_passive, sizeof *theta);
    if (!r || !theta) {
        bnsl__pattern_free_result(r);
        free(theta);
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    }
    double *variance = theta + (int64_t)p * (3 * p + 1), *sensitivity = variance + f->n_columns, all = 0;
    r->chi2_reduced = f->chi2 / (double)degrees;
    r->converged = converged;
    r->n_iterations = n_iterations;
    const double error_factor = f->pattern->options.error_model == BNSL_ERRORS_GIVEN ? 1 : r->chi2_reduced;
    parameter_covariance(f, theta, sensitivity);
    amplitude_variances(f, theta, sensitivity, variance);
    store_lines(f, theta, variance, error_factor, r);
    for (int32_t k = 0; k < r->first_peak[f->pattern->n_phases]; k++)
        all += r->peaks[k].area;
    for (int32_t i = 0; i < f->pattern->n_phases; i++) {
        r->active[i] = f->active[i];
        if (f->active[i])
            store_phase(f, i, theta, variance, error_factor, all, r);
    }
    store_background(f, theta, variance, error_factor, r);
    bnsl_status status = bnsl__pattern_fractions(f, theta, error_factor, NULL, r->phase, func);
    finish_displacements(f, r);
    free(theta);
    if (status == BNSL_OK)
        *out = r;
    else
        bnsl__pattern_free_result(r);
    return status;
}
