/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Parameters of a pattern's fit as the minimiser sees them, numbers without limits: a and c/a as they are, widths by their logarithm, what
 * is bounded on both sides by value = low + (high - low) (1 + x / sqrt(1 + x^2)) / 2.
 */
#include <math.h>

#include "pattern_internal.h"

static const double WIDTH_MIN = 0.05;                        /* of the distance of two points */
static const double STRAIN_MAX = 0.2, U_MAX = 0.4;           /* U_MAX: of the distance between L */
static const double ETA_MIN = -0.05, ETA_MAX = 0.6;          /* negative: less structure than the sample that S(q) is relative to */
static const double DIAMETER_MIN = 0.6, DIAMETER_MAX = 1.6;  /* of where it starts */
static const double DAMPING_MAX = 0.35;                      /* of the same */
static const double EDGE = 0.998;                            /* of the half range beyond which a value is at its bound */

static double clamp(double x, double low, double high)
{
    return fmin(fmax(x, low), high);
}

void bnsl__pattern_width_limits(const pattern_fit *f, double *low, double *high)
{
    *low = WIDTH_MIN * f->spacing;
    *high = f->curve.q[f->curve.n - 1] - f->curve.q[0];
}

static void a_limits(const pattern_phase *p, double *low, double *high)
{
    *low = 0.8 * (p->options.a_min > 0 ? p->options.a_min : p->a);
    *high = 1.25 * (p->options.a_max > 0 ? p->options.a_max : p->a);
}

/* Limits of a parameter that is bounded on both sides, and its value; false: it is not. */
static bool bounded(const pattern_fit *f, const pattern_param *p, double *low, double *high, double *value)
{
    const pattern_phase *phase = f->pattern->phases + p->index;
    *low = 0;
    switch (p->kind) {
    case PARAM_STRAIN:
        *high = STRAIN_MAX;
        *value = f->cell[p->index].microstrain;
        return true;
    case PARAM_U:
        *high = U_MAX * phase->b_large * phase->a;
        *value = f->cell[p->index].u;
        return true;
    case PARAM_SHIFT:
        *high = f->shift_bound[p->index];
        *low = -*high;
        *value = f->shift[p->index];
        return true;
    case PARAM_ETA:
        *low = ETA_MIN;
        *high = ETA_MAX;
        *value = f->fluid.eta;
        return true;
    case PARAM_DIAMETER:
        *low = DIAMETER_MIN * f->fluid_start;
        *high = DIAMETER_MAX * f->fluid_start;
        *value = f->fluid.diameter;
        return true;
    case PARAM_DAMPING:
        *high = DAMPING_MAX * f->fluid_start;
        *value = f->fluid.damping;
        return true;
    default:
        return false;
    }
}

static void set_bounded(pattern_fit *f, const pattern_param *p, double value)
{
    double *const to[] = {[PARAM_STRAIN] = &f->cell[p->kind == PARAM_STRAIN ? p->index : 0].microstrain,
                          [PARAM_U] = &f->cell[p->kind == PARAM_U ? p->index : 0].u,
                          [PARAM_SHIFT] = &f->shift[p->kind == PARAM_SHIFT ? p->index : 0],
                          [PARAM_ETA] = &f->fluid.eta,
                          [PARAM_DIAMETER] = &f->fluid.diameter,
                          [PARAM_DAMPING] = &f->fluid.damping};
    *to[p->kind] = value;
}

/* Place in the range, -1 .. 1. */
static double place(double value, double low, double high)
{
    return clamp(2 * (value - low) / (high - low) - 1, -1, 1);
}

static int32_t add(pattern_fit *f, bool wanted, param_kind kind, int32_t index)
{
    if (!wanted)
        return -1;
    f->params[f->n_params] = (pattern_param){kind, index};
    return f->n_params++;
}

void bnsl__pattern_number_parameters(pattern_fit *f)
{
    f->n_params = 0;
    for (int32_t i = 0; i < f->pattern->n_phases; i++) {
        const bnsl_saxs_phase_options *o = &f->pattern->phases[i].options;
        const bool on = f->active[i], full = on && !f->plain;
        f->a_param[i] = add(f, on && (f->plain || o->centres == BNSL_CENTRES_LATTICE), PARAM_A, i);
        f->c_param[i] = add(f, on && o->fit_c_over_a && (f->plain || o->centres == BNSL_CENTRES_LATTICE), PARAM_C, i);
        f->w_param[i] = add(f, on, PARAM_W, i);
        f->strain_param[i] = add(f, full && o->fit_microstrain, PARAM_STRAIN, i);
        f->u_param[i] = add(f, full && o->areas == BNSL_AREAS_CALCULATED && !o->fix_u_rms, PARAM_U, i);
    }
    for (int32_t k = 0; k < f->n_shifts; k++)
        f->shift_param[k] = add(f, true, PARAM_SHIFT, k);
    const bool fluid = !f->plain && !f->hold_fluid && f->fluid_column[0] >= 0 && f->pattern->options.fluid == BNSL_FLUID_FITTED;
    for (int k = 0; k < 3; k++)
        f->fluid_param[k] = add(f, fluid && (k == 0 || !f->hold_shape), (param_kind)(PARAM_ETA + k), 0);
}

void bnsl__pattern_pack(const pattern_fit *f, double *x)
{
    for (int32_t i = 0; i < f->n_params; i++) {
        const pattern_param *p = f->params + i;
        double low, high, value;
        if (bounded(f, p, &low, &high, &value)) {
            double y = clamp(place(value, low, high), -0.99995, 0.99995);
            x[i] = y / sqrt(1 - y * y);
        } else {
            const pattern_cell *cell = f->cell + p->index;
            x[i] = p->kind == PARAM_A ? cell->a : p->kind == PARAM_C ? cell->c_over_a : log(cell->w);
        }
    }
}

void bnsl__pattern_unpack(pattern_fit *f, const double *x)
{
    for (int32_t i = 0; i < f->n_params; i++) {
        const pattern_param *p = f->params + i;
        double low, high, value;
        if (bounded(f, p, &low, &high, &value)) {
            set_bounded(f, p, low + (high - low) * 0.5 * (1 + x[i] / sqrt(1 + x[i] * x[i])));
            continue;
        }
        const pattern_phase *phase = f->pattern->phases + p->index;
        pattern_cell *cell = f->cell + p->index;
        if (p->kind == PARAM_A) {
            a_limits(phase, &low, &high);
            cell->a = clamp(x[i], low, high);
        } else if (p->kind == PARAM_C) {
            cell->c_over_a = clamp(x[i], 0.5 * phase->c_over_a, 2 * phase->c_over_a);
        } else {
            bnsl__pattern_width_limits(f, &low, &high);
            cell->w = exp(clamp(x[i], log(low), log(high)));
        }
    }
}

double bnsl__pattern_scale(const pattern_fit *f, int32_t param)
{
    const pattern_param *p = f->params + param;
    double low, high, value;
    if (bounded(f, p, &low, &high, &value)) {
        double y = clamp(place(value, low, high), -0.99999999, 0.99999999), cosine2 = 1 - y * y; /* 1 / (1 + x^2) */
        return 0.5 * (high - low) * cosine2 * sqrt(cosine2);
    }
    return p->kind == PARAM_W ? f->cell[p->index].w : 1;
}

int32_t bnsl__pattern_status(const pattern_fit *f, int32_t param, double variance)
{
    if (param < 0)
        return BNSL_PARAMETER_FIXED;
    const pattern_param *p = f->params + param;
    double low, high, value;
    if (bounded(f, p, &low, &high, &value)) {
        if (fabs(place(value, low, high)) > EDGE)
            return BNSL_PARAMETER_AT_BOUND;
    } else {
        const pattern_cell *cell = f->cell + p->index;
        const pattern_phase *phase = f->pattern->phases + p->index;
        const double at = p->kind == PARAM_A ? cell->a : p->kind == PARAM_C ? cell->c_over_a : cell->w;
        if (p->kind == PARAM_A)
            a_limits(phase, &low, &high);
        else if (p->kind == PARAM_C)
            low = 0.5 * phase->c_over_a, high = 2 * phase->c_over_a;
        else
            bnsl__pattern_width_limits(f, &low, &high);
        if (!(at > 1.000001 * low && at < 0.999999 * high))
            return BNSL_PARAMETER_AT_BOUND;
    }
    return variance == variance ? BNSL_PARAMETER_FITTED : BNSL_PARAMETER_UNDETERMINED;
}
