/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a pattern is made of, apart from fitting: where lines are, the areas expected of them, averages over the cores' sizes.
 * Areas: powder intensity M |F|^2 / q^2 of the kinematic theory [Guinier, X-ray Diffraction, ch. 4 and 10] in units of the sample at
 * infinite dilution. Cost: four averages over size distributions a point (some 0.1 us each), kept for the next pattern on the same q.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pattern_internal.h"

static const double RELATIVE_STEP = 1e-4; /* of q, for the slope of the smooth form factors; error 1e-8 of the value */

double bnsl__pattern_q(const pattern_reflection *r, const pattern_cell *cell, double *by_a, double *by_c)
{
    double c2 = cell->c_over_a * cell->c_over_a, qa = sqrt(r->in_plane + r->axial / c2);
    if (by_a)
        *by_a = -qa / (cell->a * cell->a);
    if (by_c)
        *by_c = -r->axial / (c2 * cell->c_over_a * qa * cell->a);
    return qa / cell->a;
}

double bnsl__pattern_width(const pattern_cell *cell, double q)
{
    const double strain = cell->microstrain * q;
    return strain == 0 ? cell->w : sqrt(cell->w * cell->w + strain * strain);
}

double bnsl__pattern_ratio(const bnsl_saxs_pattern *pattern)
{
    if (pattern->options.ratio >= 0)
        return pattern->options.ratio;
    return pattern->n_phases > 0 ? pattern->phases[0].n_small / pattern->phases[0].n_large : 0;
}

bool bnsl__pattern_one_fluid(const bnsl_saxs_pattern *pattern)
{
    const double ratio = bnsl__pattern_ratio(pattern);
    for (int32_t i = 0; i < pattern->n_phases; i++)
        if (fabs(pattern->phases[i].n_small / pattern->phases[i].n_large - ratio) > 1e-9)
            return false;
    return true;
}

static void species_amplitude(const bnsl_saxs_pattern *pattern, double diameter, double sigma, double contrast, double q, double *f, double *f2)
{
    *f = *f2 = 1;
    if (diameter > 0)
        bnsl__saxs_sphere(pattern->options.distribution, diameter / 2, sigma / 2, q, f, f2);
    *f *= contrast;
    *f2 *= contrast * contrast;
}

void bnsl__pattern_amplitudes(const bnsl_saxs_pattern *pattern, double q, double f[4])
{
    const bnsl_saxs_pattern_options *o = &pattern->options;
    species_amplitude(pattern, o->d_large, o->sigma_large, o->contrast_large, q, f, f + 1);
    species_amplitude(pattern, o->d_small, o->sigma_small, o->contrast_small, q, f + 2, f + 3);
}

double bnsl__pattern_area(const bnsl_saxs_pattern *pattern, const pattern_phase *phase, const pattern_reflection *r,
                          const pattern_cell *cell, double q)
{
    double f[4];
    bnsl__pattern_amplitudes(pattern, q, f);
    const double all = f[1] + bnsl__pattern_ratio(pattern) * f[3];
    if (!(all > 0))
        return 0;
    const double structure = f[0] * f[0] * r->g_ll + f[2] * f[2] * r->g_ss + 2 * f[0] * f[2] * r->g_ls;
    const double volume = phase->cell_factor * cell->a * cell->a * cell->a * cell->c_over_a;
    return 2 * SAXS_PI * SAXS_PI * r->multiplicity * fmax(structure, 0) / (volume * q * q * phase->n_large * all);
}

double bnsl__pattern_area_slopes(const bnsl_saxs_pattern *pattern, const pattern_phase *phase, const pattern_reflection *r, const pattern_cell *cell,
                                 double *by_a, double *by_c)
{
    double q_by_a, q_by_c, q = bnsl__pattern_q(r, cell, &q_by_a, &q_by_c), step = RELATIVE_STEP * q;
    const double area = bnsl__pattern_area(pattern, phase, r, cell, q);
    const double by_q =
        (bnsl__pattern_area(pattern, phase, r, cell, q + step) - bnsl__pattern_area(pattern, phase, r, cell, q - step)) / (2 * step);
    *by_a = by_q * q_by_a - 3 * area / cell->a;
    *by_c = by_q * q_by_c - area / cell->c_over_a;
    return area;
}

bool bnsl__pattern_tables(pattern_tables *t, const bnsl_saxs_pattern *pattern, const saxs_curve *curve)
{
    const bnsl_saxs_pattern_options *o = &pattern->options;
    const double ratio = bnsl__pattern_ratio(pattern);
    const double key[8] = {o->d_large, o->d_small, o->sigma_large, o->sigma_small, o->contrast_large, o->contrast_small, o->distribution, ratio};
    const int64_t n = curve->n_padded;
    if (t->memory.memory && t->n_padded == n && memcmp(t->key, key, sizeof key) == 0 && memcmp(t->q, curve->q, (size_t)n * sizeof(double)) == 0)
        return true;
    saxs_lanes memory;
    if (!bnsl__saxs_lanes_alloc(&memory, 6 * n))
        return false;
    free(t->memory.memory);
    *t = (pattern_tables){.n_padded = n, .memory = memory};
    double **const array[6] = {&t->q, &t->f_large, &t->f2_large, &t->f_small, &t->f2_small, &t->inverse_n};
    for (int k = 0; k < 6; k++)
        *array[k] = memory.data + k * n;
    memcpy(t->key, key, sizeof key);
    memcpy(t->q, curve->q, (size_t)n * sizeof(double));
    for (int64_t i = 0; i < n; i++) {
        double f[4];
        bnsl__pattern_amplitudes(pattern, t->q[i], f);
        const double all = f[1] + ratio * f[3];
        t->f_large[i] = f[0];
        t->f2_large[i] = f[1];
        t->f_small[i] = f[2];
        t->f2_small[i] = f[3];
        t->inverse_n[i] = all > 0 ? 1 / all : 0;
    }
    return true;
}

void bnsl__pattern_legendre(int32_t n, double x, double *values)
{
    for (int32_t j = 0; j < n; j++)
        values[j] = j == 0 ? 1 : j == 1 ? x : ((2 * j - 1) * x * values[j - 1] - (j - 1) * values[j - 2]) / j;
}
