/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A kinetic series: its model, the anchor, frames one after the other and their results, nucleation time. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "series_internal.h"

static const bnsl_saxs_series_options defaults = {.detect_sigma = 7, .fraction_present = 0.05, .swelling = 0.15, .shrinking = 0.03};
static const double TOLERANCE = 1e-7; /* relative fall of chi^2 that ends a fit: parameters within some 1e-2 of their errors */
enum { STAYS = 3 };                   /* frames that the fraction stays above the threshold after nucleation */

bnsl_status bnsl_saxs_series_options_init(bnsl_saxs_series_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

/* ---- life ------------------------------------------------------------------------------------------------------------------------------ */

static bnsl_status check_options(const bnsl_saxs_series_options *o, const bnsl_saxs_pattern *model, const char *func)
{
    if (o->flux_scale != 0 && o->flux_scale != 1)
        return bnsl__fail(BNSL_EINVAL, func, "flux_scale is %d, must be 0 or 1", (int)o->flux_scale);
    if (o->flux_scale && (model->options.background != BNSL_BACKGROUND_PHYSICAL || model->options.fluid == BNSL_FLUID_NONE))
        return bnsl__fail(BNSL_EINVAL, func, "flux_scale needs a physical background with a fluid");
    if (!(o->detect_sigma >= 4 && o->detect_sigma <= 100))
        return bnsl__fail(BNSL_EINVAL, func, "detect_sigma is %g, must be 4 .. 100", o->detect_sigma);
    if (!(o->fraction_present > 0 && o->fraction_present < 1))
        return bnsl__fail(BNSL_EINVAL, func, "fraction_present is %g, must be > 0 and < 1", o->fraction_present);
    if (!(o->swelling >= 0 && o->swelling <= 1))
        return bnsl__fail(BNSL_EINVAL, func, "swelling is %g, must be 0 .. 1", o->swelling);
    if (!(o->shrinking >= 0 && o->shrinking <= 0.5))
        return bnsl__fail(BNSL_EINVAL, func, "shrinking is %g, must be 0 .. 0.5", o->shrinking);
    return BNSL_OK;
}

static bnsl_status check_model(const bnsl_saxs_pattern *model, int64_t n_q, const double *q, const char *func)
{
    if (!model || !q)
        return bnsl__fail(BNSL_EINVAL, func, "%s is NULL", model ? "q" : "model");
    if (model->n_phases == 0)
        return bnsl__fail(BNSL_EINVAL, func, "the model has no phase");
    for (int32_t i = 0; i < model->n_phases; i++)
        if (model->phases[i].options.centres == BNSL_CENTRES_FREE)
            return bnsl__fail(BNSL_EINVAL, func, "phase %d has free centres: a series fits lattices", (int)i);
    if (n_q < 8)
        return bnsl__fail(BNSL_EINVAL, func, "n_q is %lld, must be >= 8", (long long)n_q);
    for (int64_t i = 0; i < n_q; i++)
        if (!(q[i] > (i > 0 ? q[i - 1] : 0) && q[i] < INFINITY))
            return bnsl__fail(BNSL_EINVAL, func, "q[%lld] is %g, must be > 0, finite and increasing", (long long)i, q[i]);
    return BNSL_OK;
}

/* Where a phase is looked for, from its range or around its lattice. */
static void set_range(bnsl_saxs_series *s, int32_t i, double a)
{
    const bnsl_saxs_phase_options *o = &s->pattern->phases[i].options;
    s->a_low[i] = a * (1 - s->options.shrinking);
    s->a_high[i] = a * (1 + s->options.swelling);
    if (!s->anchored && o->a_max > 0) {
        s->a_low[i] = o->a_min;
        s->a_high[i] = o->a_max;
    }
}

bnsl_status bnsl_saxs_series_create(bnsl_saxs_series **out, const bnsl_saxs_pattern *model, const bnsl_saxs_series_options *opts, int64_t n_q,
                                    const double *q)
{
    bnsl_saxs_series_options o = defaults;
    bnsl_status status;
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    *out = NULL;
    if (opts && (status = bnsl__options_load(&o, sizeof o, opts, "bnsl_saxs_series_options", __func__)) != BNSL_OK)
        return status;
    status = check_model(model, n_q, q, __func__);
    if (status == BNSL_OK)
        status = check_options(&o, model, __func__);
    if (status != BNSL_OK)
        return status;
    bnsl_saxs_series *s = bnsl__calloc(1, sizeof *s);
    if (s) {
        s->pattern = bnsl__pattern_copy(model);
        s->q = bnsl__alloc(n_q, sizeof *s->q);
    }
    if (!s || !s->pattern || !s->q || !bnsl__saxs_nnls_alloc(&s->spare, PATTERN_GRAM_STRIDE) || !bnsl__pattern_workspace(s->pattern)) {
        bnsl_saxs_series_destroy(s);
        return BNSL_NOMEM();
    }
    s->options = o;
    s->n_q = n_q;
    memcpy(s->q, q, (size_t)n_q * sizeof *q);
    s->pattern->workspace->pattern = s->pattern;
    s->pattern->workspace->spacing = (q[n_q - 1] - q[0]) / (double)(n_q - 1);
    bnsl__pattern_start(s->pattern->workspace);
    memcpy(s->seed.cell, s->pattern->workspace->cell, sizeof s->seed.cell);
    memcpy(s->looked_for, s->seed.cell, sizeof s->looked_for);
    s->seed.fluid = s->pattern->workspace->fluid;
    s->seed.share = s->seed.chi2_reduced = NAN;
    s->seed.anchor_chi2 = INFINITY;
    for (int32_t i = 0; i < s->pattern->n_phases; i++)
        set_range(s, i, s->pattern->phases[i].a);
    *out = s;
    return BNSL_OK;
}

void bnsl_saxs_series_destroy(bnsl_saxs_series *s)
{
    if (!s)
        return;
    for (int64_t i = 0; i < s->n_frames; i++)
        bnsl__pattern_free_result(s->frames[i].result);
    if (s->pattern)
        s->pattern->result = NULL; /* it was one of these */
    bnsl_saxs_pattern_destroy(s->pattern);
    bnsl__saxs_nnls_free(&s->spare);
    free(s->frames);
    free(s->templates);
    free(s->shapes.memory);
    free(s->squares.memory);
    free(s->filter);
    free(s->q);
    free(s);
}

/* ---- anchor -------------------------------------------------------------------------------------------------------------------------- */

/* Takes what a fit of grown crystals found. */
static void take_anchor(bnsl_saxs_series *s, int32_t keep_c_over_a)
{
    const pattern_result *r = s->pattern->result;
    s->anchored = true;
    s->seed.anchor_chi2 = r->chi2_reduced;
    for (int32_t i = 0; i < s->pattern->n_phases; i++) {
        pattern_phase *p = s->pattern->phases + i;
        const bnsl_saxs_phase *phase = r->phase + i;
        if (!(phase->fraction > 3 * phase->fraction_err) && !(phase->scale_weight > 0.02))
            continue; /* not found: as it was */
        p->a = phase->a;
        p->options.a_min = p->options.a_max = 0;
        if (keep_c_over_a && p->options.fit_c_over_a) {
            p->c_over_a = phase->c_over_a;
            p->options.fit_c_over_a = 0;
        }
        s->seed.cell[i] = s->looked_for[i] = r->cell[i];
        set_range(s, i, phase->a);
    }
}

bnsl_status bnsl_saxs_series_anchor(bnsl_saxs_series *s, const double *values, const double *error, int32_t keep_c_over_a, bnsl_control *control)
{
    if (!s)
        return BNSL_FAIL(BNSL_EINVAL, "series is NULL");
    if (s->n_frames > 0 || s->anchored)
        return BNSL_FAIL(BNSL_EINVAL, "the series has %s already", s->anchored ? "an anchor" : "frames");
    if (keep_c_over_a != 0 && keep_c_over_a != 1)
        return BNSL_FAIL(BNSL_EINVAL, "keep_c_over_a is %d, must be 0 or 1", (int)keep_c_over_a);
    bnsl_status status = bnsl_saxs_pattern_fit(s->pattern, s->n_q, s->q, values, error, control);
    if (status == BNSL_OK || status == BNSL_ENOCONV)
        take_anchor(s, keep_c_over_a);
    bnsl__pattern_set_result(s->pattern, NULL);
    return status;
}

/* ---- frames --------------------------------------------------------------------------------------------------------------------------- */

static bnsl_status check_frame(const bnsl_saxs_series *s, double time, const double *values, const double *error, const char *func)
{
    int64_t where;
    if (!s || !values)
        return bnsl__fail(BNSL_EINVAL, func, "%s is NULL", s ? "s" : "series");
    if (!(fabs(time) < INFINITY) || (s->n_frames > 0 && !(time > s->frames[s->n_frames - 1].told.time)))
        return bnsl__fail(BNSL_EINVAL, func, "time is %g, must be finite and after the frame before, %g", time,
                          s->n_frames > 0 ? s->frames[s->n_frames - 1].told.time : -INFINITY);
    if (!bnsl__all_finite(s->n_q, values, &where))
        return bnsl__fail(BNSL_EINVAL, func, "s[%lld] (q = %g) is %g, must be finite", (long long)where, s->q[where], values[where]);
    if (s->pattern->options.error_model == BNSL_ERRORS_GIVEN && !error)
        return bnsl__fail(BNSL_EINVAL, func, "no standard errors: give them, or choose an error_model other than BNSL_ERRORS_GIVEN");
    return BNSL_OK;
}

/* What is told of a phase that is not there. */
static void set_absent(bnsl_saxs_phase *phase, double fraction_err)
{
    *phase = (bnsl_saxs_phase){.a = NAN, .a_err = NAN, .c_over_a = NAN, .c_over_a_err = NAN, .hwhm = NAN, .hwhm_err = NAN, .microstrain = NAN,
                               .microstrain_err = NAN, .xi = NAN, .xi_err = NAN, .fraction_err = fraction_err, .u_rms = NAN, .u_rms_err = NAN,
                               .diffuse = NAN, .diffuse_err = NAN};
    phase->a_status = phase->c_over_a_status = phase->hwhm_status = phase->microstrain_status = phase->u_status = BNSL_PARAMETER_UNDETERMINED;
}

/* Result of the fit that f holds. */
static bnsl_status make_result(bnsl_saxs_series *s, pattern_fit *f, bnsl_saxs_frame *told, const double *absent_err, pattern_result **out,
                               const char *func)
{
    pattern_result *r = NULL;
    pattern_functional scale;
    if (s->options.flux_scale) {
        bnsl__series_flux_weights(f, &scale);
        f->functional = &scale;
    }
    bnsl_status status = bnsl__pattern_assemble(f, told->converged, told->n_iterations, &r, func);
    if (status != BNSL_OK)
        return status;
    told->chi2_reduced = r->chi2_reduced;
    for (int32_t i = 0; i < s->pattern->n_phases; i++)
        if (!r->active[i])
            set_absent(r->phase + i, absent_err[i]);
    if (s->options.flux_scale)
        bnsl__series_flux(f, &scale, r, &told->flux, &told->flux_err);
    *out = r;
    return BNSL_OK;
}

/* The next frame starts here. */
static void take_seed(bnsl_saxs_series *s, const pattern_result *r)
{
    memcpy(s->seed.active, r->active, sizeof s->seed.active);
    for (int32_t i = 0; i < s->pattern->n_phases; i++)
        if (r->active[i])
            s->seed.cell[i] = r->cell[i];
    s->seed.fluid = r->fluid;
    s->seed.share = r->fluid_result.share_large;
    s->seed.chi2_reduced = r->chi2_reduced;
}

bnsl_status bnsl_saxs_series_add(bnsl_saxs_series *s, double time, const double *values, const double *error, bnsl_control *control)
{
    bnsl_status status = check_frame(s, time, values, error, __func__);
    if (status != BNSL_OK)
        return status;
    bnsl_saxs_frame told = {.time = time, .significance = NAN, .flux = 1};
    double absent_err[PATTERN_MAX_PHASES];
    pattern_result *r = NULL;
    pattern_fit *f = bnsl__pattern_workspace(s->pattern);
    if (!f || !bnsl__reserve((void **)&s->frames, &s->capacity, s->n_frames + 1, sizeof *s->frames))
        return BNSL_NOMEM();
    status = bnsl__pattern_fit_init(f, s->pattern, s->n_q, s->q, values, error, __func__);
    f->chi2_tolerance = TOLERANCE;
    if (status == BNSL_OK) {
        bnsl__pattern_start(f);
        if (!bnsl__series_templates(s, f))
            status = BNSL_NOMEM();
    }
    if (status == BNSL_OK)
        status = bnsl__series_fit(s, f, &told, absent_err, control, __func__);
    if (status == BNSL_OK)
        status = make_result(s, f, &told, absent_err, &r, __func__);
    if (status == BNSL_OK) {
        take_seed(s, r);
        s->frames[s->n_frames++] = (series_frame){told, r};
    }
    if (status == BNSL_ENOMEM) {
        bnsl__pattern_fit_free(f);
        s->pattern->workspace = NULL;
    }
    return status;
}

int64_t bnsl_saxs_series_n_frames(const bnsl_saxs_series *s)
{
    return s ? s->n_frames : 0;
}

bnsl_status bnsl_saxs_series_frame(const bnsl_saxs_series *s, int64_t frame, bnsl_saxs_frame *out)
{
    if (!s || !out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", s ? "out" : "series");
    if (frame < 0 || frame >= s->n_frames)
        return BNSL_FAIL(BNSL_EINVAL, "frame is %lld, must be 0 .. %lld", (long long)frame, (long long)s->n_frames - 1);
    *out = s->frames[frame].told;
    return BNSL_OK;
}

const bnsl_saxs_pattern *bnsl_saxs_series_pattern(bnsl_saxs_series *s, int64_t frame)
{
    if (!s || frame < 0 || frame >= s->n_frames)
        return NULL;
    s->pattern->result = s->frames[frame].result;
    return s->pattern;
}

/* ---- nucleation -------------------------------------------------------------------------------------------------------------------------- */

/* Fraction of a phase (-1: all) in a frame, and its error. */
static double fraction_of(const bnsl_saxs_series *s, int64_t frame, int32_t phase, double *error)
{
    double sum = 0, square = 0;
    for (int32_t i = 0; i < s->pattern->n_phases; i++) {
        const bnsl_saxs_phase *p = s->frames[frame].result->phase + i;
        if ((phase >= 0 && phase != i) || !(p->fraction == p->fraction))
            continue;
        sum += p->fraction;
        square += p->fraction_err == p->fraction_err ? p->fraction_err * p->fraction_err : 0;
    }
    *error = sqrt(square);
    return sum;
}

bnsl_status bnsl_saxs_series_nucleation(const bnsl_saxs_series *s, int32_t phase, double *time_out, double *time_err_out)
{
    if (!s || !time_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", s ? "time_out" : "series");
    if (phase < -1 || phase >= s->pattern->n_phases)
        return BNSL_FAIL(BNSL_EINVAL, "phase is %d, must be -1 .. %d", (int)phase, (int)s->pattern->n_phases - 1);
    const double threshold = s->options.fraction_present;
    int64_t first = -1, run = 0;
    double error;
    for (int64_t i = 0; i < s->n_frames && run < STAYS; i++) {
        const bool above = fraction_of(s, i, phase, &error) > threshold;
        first = above && run == 0 ? i : first;
        run = above ? run + 1 : 0;
    }
    if (run == 0 || (run < STAYS && first + run < s->n_frames))
        return BNSL_FAIL(BNSL_EDOMAIN, "no crystal in %lld frames: the fraction never stays above %g", (long long)s->n_frames, threshold);
    double after_err, before_err = 0, time = s->frames[first].told.time, variance = 0;
    const double after = fraction_of(s, first, phase, &after_err);
    if (first > 0) { /* between two frames */
        const double before = fraction_of(s, first - 1, phase, &before_err), spacing = time - s->frames[first - 1].told.time;
        const double part = (threshold - before) / (after - before), slope = spacing / (after - before);
        time = s->frames[first - 1].told.time + part * spacing;
        variance = spacing * spacing / 12 + slope * slope * ((1 - part) * (1 - part) * before_err * before_err + part * part * after_err * after_err);
    } else {
        variance = NAN; /* it may have been there for long */
    }
    *time_out = time;
    if (time_err_out)
        *time_err_out = sqrt(variance);
    return BNSL_OK;
}
