/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Intensity of the beam in a frame, from the sum of fluid and phases: with the scale j the background of a sample that is conserved is
 *     B = (j - sum X_p) g_L S_fl + (j r - sum m_p X_p) g_S S_fl / r + sum X_p D_p,  g_L = <f_L^2> / N, g_S = r <f_S^2> / N,
 * X_p as the areas show it. That is linear in j: j = sum w^2 S_fl (B + sum X_p ((g_L + m_p / r g_S) S_fl - D_p)) / sum w^2 S_fl^2.
 */
#include <math.h>

#include "series_internal.h"

/* Unweighted D_p at point i. */
static double diffuse_at(const pattern_fit *f, int32_t phase, int64_t i)
{
    const pattern_tables *t = &f->tables;
    const pattern_phase *p = f->pattern->phases + phase;
    double coherent;
    return pattern_diffuse_at(t, i, p->n_small / p->n_large, f->cell[phase].u, &coherent) * t->inverse_n[i];
}

void bnsl__series_flux_weights(const pattern_fit *f, pattern_functional *to)
{
    const pattern_tables *t = &f->tables;
    const int64_t n = f->n, stride = SAXS_LANES * f->n_vectors;
    const bool liquid = f->pattern->options.fluid != BNSL_FLUID_IDEAL;
    double *s = f->scratch.data, norm = 0;
    *to = (pattern_functional){.known = false};
    if (liquid)
        bnsl__saxs_fluid(&f->fluid, n, f->curve.q, s, NULL);
    for (int64_t i = 0; i < n; i++) {
        const double weight = f->curve.weight[i], fluid = liquid ? s[i] : 1, unit = weight * fluid;
        norm += unit * unit;
        for (int32_t j = 0; j < f->n_background; j++)
            to->column[j] += unit * f->columns.data[j * stride + i];
        for (int32_t p = 0; p < f->pattern->n_phases; p++) {
            const pattern_phase *phase = f->pattern->phases + p;
            if (!f->active[p])
                continue;
            const double g_large = t->f2_large[i] * t->inverse_n[i], g_small = phase->n_small / phase->n_large * t->f2_small[i] * t->inverse_n[i];
            to->fraction[p] += unit * weight * ((g_large + g_small) * fluid - diffuse_at(f, p, i));
        }
    }
    for (int32_t j = 0; j < f->n_background; j++)
        to->column[j] /= norm;
    for (int32_t p = 0; p < f->pattern->n_phases; p++)
        to->fraction[p] /= norm;
}

void bnsl__series_flux(const pattern_fit *f, const pattern_functional *scale, pattern_result *r, double *flux, double *flux_err)
{
    *flux = 1;
    *flux_err = NAN;
    if (!scale->known || !(scale->value > 0))
        return;
    *flux = scale->value;
    *flux_err = sqrt(fmax(scale->variance, 0));
    for (int32_t p = 0; p < f->pattern->n_phases; p++) { /* an error of X is one of the scale too */
        bnsl_saxs_phase *phase = r->phase + p;
        const double x = phase->fraction / *flux, own = phase->fraction_err * phase->fraction_err;
        phase->fraction = x;
        if (r->active[p])
            phase->fraction_err = sqrt(fmax(own - 2 * x * scale->covariance[p] + x * x * scale->variance, 0)) / *flux;
    }
}
