/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The free energy of a fluid of two species as a function of density, composition and well depth, fitted to values of A, Z and <U/eps> of several
 * compositions at once:
 *
 *   beta A/N = ln rho - 1 + sum x ln x + a_HS + rho sum_ij x_i x_j v_ij(eps) + R,  R = y^p sum_ijk c_ijk T_i(y) T_j(eps) h_k(x),
 *
 * v = B2 - B2_HS and p = 2 (virial), or v = 0 and p = 1; x is the fraction of L, y = rho s(x), s = sum_ij x_i x_j sigma_ij^3. h_0 = 1,
 * h_k = (r - 1) x^(k - 1) with r = sum_i x_i sigma_i^3 / s, the ratio of packing and y but for pi/6: pairs of one shape attract by y and
 * exclude each other by both, and r = 1 for either species alone, which are one fluid in different units. The chemical potentials are
 * derivatives of rho A by the densities of the components, at R
 *
 *   mu_L = R + rho dR/drho + (1 - x) dR/dx,  mu_S = R + rho dR/drho - x dR/dx.
 *
 * Cost: fit n_data n_terms^2; evaluation n_density n_fraction.
 */
#include <math.h>
#include <stdlib.h>

#include "core_internal.h"
#include "fluid_internal.h"

static const bnsl_free_energy_mixture_options defaults = {.n_density = 6, .n_depth = 1, .n_fraction = 1, .ipl_prefactor = 1};
static const double TWO_PI_3 = 2.0943951023931953;

bnsl_status bnsl_free_energy_mixture_options_init(bnsl_free_energy_mixture_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

/* ---- parts of the expression ---------------------------------------------------------------------------- */

/* The density terms at a state and their derivatives. */
typedef struct basis {
    double value[SURFACE_DENSITY * MIXTURE_FRACTION], by_density[SURFACE_DENSITY * MIXTURE_FRACTION], by_fraction[SURFACE_DENSITY * MIXTURE_FRACTION];
} basis;

/* s(x) and its derivative. */
static double size_of(const bnsl_free_energy_mixture *m, double x, double *slope)
{
    const double *s = m->size;
    *slope = 2 * x * s[0] + 2 * (1 - 2 * x) * s[1] - 2 * (1 - x) * s[2];
    return x * x * s[0] + 2 * x * (1 - x) * s[1] + (1 - x) * (1 - x) * s[2];
}

/* h_k and their derivatives. */
static void fraction_terms(const bnsl_free_energy_mixture *m, double x, double size, double size_slope, double *h, double *h_slope)
{
    double volume = x * m->size[0] + (1 - x) * m->size[2], excess = volume / size - 1;
    double excess_slope = (m->size[0] - m->size[2]) / size - volume * size_slope / (size * size), power = 1, power_slope = 0;
    h[0] = 1;
    h_slope[0] = 0;
    for (int32_t k = 1; k < m->o.n_fraction; k++) {
        h[k] = excess * power;
        h_slope[k] = excess_slope * power + excess * power_slope;
        power_slope = power_slope * x + power;
        power *= x;
    }
}

static void density_terms(const bnsl_free_energy_mixture *m, double density, double x, basis *b)
{
    double t[SURFACE_DENSITY], t_slope[SURFACE_DENSITY], f[MIXTURE_FRACTION], f_slope[MIXTURE_FRACTION], per_y, size_slope;
    double size = size_of(m, x, &size_slope), y = density * size;
    bnsl__chebyshev(m->o.n_density, bnsl__scaled(y, m->fit.density, &per_y), t, t_slope);
    fraction_terms(m, x, size, size_slope, f, f_slope);
    int power = m->o.virial ? 2 : 1;
    double scale = m->o.virial ? y * y : y, power_y = power / y;
    for (int32_t i = 0; i < m->o.n_density; i++) {
        double by_y = scale * (power_y * t[i] + per_y * t_slope[i]); /* d(y^p T)/dy */
        for (int32_t k = 0; k < m->o.n_fraction; k++) {
            int32_t at = i * m->o.n_fraction + k;
            b->value[at] = scale * t[i] * f[k];
            b->by_density[at] = size * by_y * f[k];
            b->by_fraction[at] = density * size_slope * by_y * f[k] + scale * t[i] * f_slope[k];
        }
    }
}

/* A/N, Z and both mu without the fitted terms; at the ends of the composition the mu of the absent species is infinite. */
static bnsl_status known_part(const bnsl_free_energy_mixture *m, const double v[3], double density, double x, double *a, double *z, double mu[2])
{
    const double fraction[2] = {x, 1 - x};
    double virial = x * x * v[0] + 2 * x * (1 - x) * v[1] + (1 - x) * (1 - x) * v[2];
    bnsl_status status = bnsl_free_energy_bmcsl(2, m->hard_diameter, fraction, density, z, a, mu);
    for (int i = 0; i < 2; i++) {
        double partial = density * fraction[i], ideal = log(partial);
        *a += partial > 0 ? fraction[i] * ideal : 0;
        mu[i] += ideal + 2 * density * (x * v[i] + (1 - x) * v[i + 1]);
    }
    *a += virial * density - 1;
    *z += virial * density;
    return status;
}

static bnsl_status virial_at(const void *of, double well_depth, double virial[3])
{
    const bnsl_free_energy_mixture *m = of;
    bnsl_potential *potential = NULL;
    bnsl_status status = bnsl__path_potential(&potential, 2, m->diameter, &m->mie, 1, well_depth, m->o.ipl_prefactor);
    for (int k = 0; !status && k < 3; k++) {
        int i = k / 2, j = (k + 1) / 2; /* LL, LS, SS */
        status = bnsl_potential_second_virial(potential, i, j, 1, &virial[k]);
        virial[k] -= TWO_PI_3 * pow(0.5 * (m->hard_diameter[i] + m->hard_diameter[j]), 3);
    }
    bnsl_potential_destroy(potential);
    return status;
}

static int32_t term_of(const bnsl_free_energy_mixture *m, int32_t i, int32_t j, int32_t k)
{
    return (i * m->o.n_depth + j) * m->o.n_fraction + k;
}

/* A row of the design matrix and the value that the fitted terms have to make. */
static bnsl_status design_row(const void *of, const depth_terms *depth, const bnsl_free_energy_mixture_datum *d, double *row, double *value)
{
    const bnsl_free_energy_mixture *m = of;
    double a, z, mu[2], x = d->fraction;
    basis b;
    bnsl_status status = known_part(m, depth->virial, d->density, x, &a, &z, mu);
    if (status)
        return status;
    density_terms(m, d->density, x, &b);
    const double *v = depth->virial_slope;
    double u = d->density * (x * x * v[0] + 2 * x * (1 - x) * v[1] + (1 - x) * (1 - x) * v[2]);
    *value = d->value - (d->kind == BNSL_DATUM_A ? a : d->kind == BNSL_DATUM_Z ? z : u);
    for (int32_t i = 0; i < m->o.n_density; i++)
        for (int32_t j = 0; j < m->o.n_depth; j++)
            for (int32_t k = 0; k < m->o.n_fraction; k++) {
                int32_t at = i * m->o.n_fraction + k;
                row[term_of(m, i, j, k)] = d->kind == BNSL_DATUM_A   ? b.value[at] * depth->t[j]
                                           : d->kind == BNSL_DATUM_Z ? d->density * b.by_density[at] * depth->t[j]
                                                                     : b.value[at] * depth->t_slope[j];
            }
    return BNSL_OK;
}

static expansion_form form_of(const bnsl_free_energy_mixture *m)
{
    return (expansion_form){.of = m, .virial = m->o.virial ? virial_at : NULL, .row = design_row};
}

bnsl_status bnsl__mixture_slice(const bnsl_free_energy_mixture *m, double well_depth, mixture_slice *out, const char *func)
{
    *out = (mixture_slice){.mixture = m};
    const expansion_form form = form_of(m);
    bnsl_status status = bnsl__depth_terms(&m->fit, &form, well_depth, &out->at, func);
    if (!status)
        bnsl__mixture_set(out, NULL);
    return status;
}

void bnsl__mixture_set(mixture_slice *slice, const double *normal)
{
    const bnsl_free_energy_mixture *m = slice->mixture;
    for (int32_t i = 0; i < m->o.n_density; i++)
        for (int32_t k = 0; k < m->o.n_fraction; k++) {
            double sum = 0;
            for (int32_t j = 0; j < m->o.n_depth; j++)
                sum += bnsl__coefficient(&m->fit, term_of(m, i, j, k), normal) * slice->at.t[j];
            slice->g[i * m->o.n_fraction + k] = sum;
        }
}

void bnsl__mixture_value(void *user, double density_l, double density_s, double *a_out, double *mu_out)
{
    const mixture_slice *slice = user;
    const bnsl_free_energy_mixture *m = slice->mixture;
    double density = density_l + density_s, x = density_l / density, a, z, r = 0, by_density = 0, by_fraction = 0;
    basis b;
    if (known_part(m, slice->at.virial, density, x, &a, &z, mu_out)) {
        *a_out = mu_out[0] = mu_out[1] = NAN;
        return;
    }
    density_terms(m, density, x, &b);
    for (int32_t i = 0; i < m->o.n_density * m->o.n_fraction; i++) {
        r += slice->g[i] * b.value[i];
        by_density += slice->g[i] * b.by_density[i];
        by_fraction += slice->g[i] * b.by_fraction[i];
    }
    *a_out = density * (a + r);
    mu_out[0] += r + density * by_density + (1 - x) * by_fraction;
    mu_out[1] += r + density * by_density - x * by_fraction;
}

double bnsl__mixture_stability(bnsl_free_energy_mixture_fn fn, void *user, double density_l, double density_s)
{
    static const double STEP = 1e-4;
    const double rho[2] = {density_l, density_s};
    double d[2][2];
    for (int j = 0; j < 2; j++) { /* rho_j d/d rho_j */
        double up[2] = {rho[0], rho[1]}, down[2] = {rho[0], rho[1]}, high[2], low[2], a;
        up[j] *= 1 + STEP;
        down[j] *= 1 - STEP;
        fn(user, up[0], up[1], &a, high);
        fn(user, down[0], down[1], &a, low);
        for (int i = 0; i < 2; i++)
            d[i][j] = (high[i] - low[i]) / (2 * STEP);
    }
    return d[0][0] * d[1][1] - d[0][1] * d[1][0];
}

/* ---- public -------------------------------------------------------------------------------------------- */

static bnsl_status check_options(bnsl_free_energy_mixture_options *o, const double *diameter, const char *func)
{
    if (o->ipl_prefactor == 0)
        o->ipl_prefactor = 1;
    if (o->n_density < 1 || o->n_density > SURFACE_DENSITY || o->n_depth < 1 || o->n_depth > SURFACE_DEPTH || o->n_fraction < 1 ||
        o->n_fraction > MIXTURE_FRACTION || o->n_density * o->n_depth * o->n_fraction > MIXTURE_TERMS)
        return bnsl__fail(BNSL_EINVAL, func,
                          "n_density is %d, must be 1 to %d, n_depth %d, 1 to %d, n_fraction %d, 1 to %d, and their product at most %d",
                          (int)o->n_density, SURFACE_DENSITY, (int)o->n_depth, SURFACE_DEPTH, (int)o->n_fraction, MIXTURE_FRACTION,
                          MIXTURE_TERMS);
    if (!(o->ipl_prefactor > 0) || isinf(o->ipl_prefactor))
        return bnsl__fail(BNSL_EINVAL, func, "ipl_prefactor is %g, must be > 0", o->ipl_prefactor);
    for (int k = 0; k < 2; k++)
        if (!(diameter[k] > 0) || isinf(diameter[k]))
            return bnsl__fail(BNSL_EINVAL, func, "diameter[%d] is %g, must be > 0", k, diameter[k]);
    return BNSL_OK;
}

static bnsl_status fit(bnsl_free_energy_mixture *m, int64_t n, const bnsl_free_energy_mixture_datum *data, const char *func)
{
    const expansion_form form = form_of(m);
    bnsl_status status = bnsl__expansion_data(&m->fit, n, data, m->o.virial, func);
    double *range = m->fit.density, slope; /* of y */
    range[0] = m->o.virial ? 0 : INFINITY;
    range[1] = 0;
    for (int64_t i = 0; !status && i < n; i++)
        bnsl__widen(range, data[i].density * size_of(m, data[i].fraction, &slope));
    return status ? status : bnsl__expansion_fit(&m->fit, &form, n, data, func);
}

bnsl_status bnsl_free_energy_mixture_create(bnsl_free_energy_mixture **out, const bnsl_free_energy_mixture_options *opts, int64_t n,
                                            const bnsl_free_energy_mixture_datum *data, const double *diameter, const bnsl_potential_options *mie)
{
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    *out = NULL;
    if (!data || n < 1 || n > (1 << 24) || !diameter)
        return BNSL_FAIL(BNSL_EINVAL, "n is %lld, must be 1 to 2^24, with data and diameters", (long long)n);
    bnsl_free_energy_mixture *m = bnsl__calloc(1, sizeof *m);
    if (!m)
        return BNSL_NOMEM();
    m->o = defaults;
    bnsl_status status = opts ? bnsl__options_load(&m->o, sizeof m->o, opts, "bnsl_free_energy_mixture_options", __func__) : BNSL_OK;
    if (!status)
        status = check_options(&m->o, diameter, __func__);
    m->fit.n_depth = m->o.n_depth;
    m->fit.n_terms = m->o.n_density * m->o.n_depth * m->o.n_fraction;
    for (int k = 0; k < 3; k++) {
        m->diameter[k / 2] = diameter[k / 2];
        m->size[k] = pow(0.5 * (diameter[k / 2] + diameter[(k + 1) / 2]), 3);
    }
    if (!status)
        status = bnsl__mie_options(&m->mie, mie, __func__);
    if (!status)
        status = bnsl__hard_diameters(2, m->diameter, &m->mie, m->o.ipl_prefactor, m->hard_diameter);
    if (!status)
        status = fit(m, n, data, __func__);
    if (status) {
        bnsl_free_energy_mixture_destroy(m);
        return status;
    }
    *out = m;
    return BNSL_OK;
}

void bnsl_free_energy_mixture_destroy(bnsl_free_energy_mixture *mixture)
{
    if (mixture)
        bnsl__expansion_free(&mixture->fit);
    free(mixture);
}

bnsl_status bnsl_free_energy_mixture_quality(const bnsl_free_energy_mixture *mixture, double *chi2_out, int64_t *freedom_out,
                                             double *reduced_range_out, double *depth_range_out)
{
    if (!mixture)
        return BNSL_FAIL(BNSL_EINVAL, "mixture is NULL");
    bnsl__expansion_quality(&mixture->fit, chi2_out, freedom_out, reduced_range_out, depth_range_out);
    return BNSL_OK;
}

/* Standard errors of A/N, P and both mu: linear functions of the coefficients. */
static void state_errors(const mixture_slice *slice, double density, double x, double error[4])
{
    const bnsl_free_energy_mixture *m = slice->mixture;
    double p[4][MIXTURE_TERMS];
    basis b;
    density_terms(m, density, x, &b);
    for (int32_t i = 0; i < m->o.n_density; i++)
        for (int32_t j = 0; j < m->o.n_depth; j++)
            for (int32_t k = 0; k < m->o.n_fraction; k++) {
                int32_t at = i * m->o.n_fraction + k, term = term_of(m, i, j, k);
                double both = b.value[at] + density * b.by_density[at];
                p[0][term] = slice->at.t[j] * b.value[at];
                p[1][term] = slice->at.t[j] * density * density * b.by_density[at];
                p[2][term] = slice->at.t[j] * (both + (1 - x) * b.by_fraction[at]);
                p[3][term] = slice->at.t[j] * (both - x * b.by_fraction[at]);
            }
    for (int q = 0; q < 4; q++)
        error[q] = bnsl__linear_error(&m->fit, p[q]);
}

bnsl_status bnsl_free_energy_mixture_evaluate(const bnsl_free_energy_mixture *mixture, double density, double fraction, double well_depth,
                                              bnsl_free_energy_mixture_state *out)
{
    if (!mixture || !out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !mixture ? "mixture" : "out");
    if (!(fraction > 0 && fraction < 1))
        return BNSL_FAIL(BNSL_EINVAL, "fraction is %g, must be > 0 and < 1", fraction);
    double slope, y = density * size_of(mixture, fraction, &slope);
    const double *range = mixture->fit.density;
    if (!(density > 0 && y >= range[0] * (1 - 1e-9) && y <= range[1] * (1 + 1e-9)))
        return BNSL_FAIL(BNSL_EDOMAIN, "density is %g, rho sum x_i x_j sigma_ij^3 %g, the data reach from %g to %g", density, y, range[0], range[1]);
    mixture_slice slice;
    bnsl_status status = bnsl__mixture_slice(mixture, well_depth, &slice, __func__);
    if (status)
        return status;
    bnsl_free_energy_mixture_state r = {.density = density, .fraction = fraction, .well_depth = well_depth};
    double l = density * fraction, s = density * (1 - fraction), a, mu[2], high[2], low[2], error[4], h = 1e-4;
    bnsl__mixture_value(&slice, l, s, &a, r.mu);
    r.a = a / density;
    r.pressure = l * r.mu[0] + s * r.mu[1] - a;
    bnsl__mixture_value(&slice, l * (1 + h), s * (1 + h), &a, high);
    bnsl__mixture_value(&slice, l * (1 - h), s * (1 - h), &a, low);
    for (int k = 0; k < 2; k++) { /* dP = sum rho_i dmu_i */
        mu[k] = (high[k] - low[k]) / (2 * h);
        r.stiffness += (k ? 1 - fraction : fraction) * mu[k];
    }
    r.stability = bnsl__mixture_stability(bnsl__mixture_value, &slice, l, s);
    state_errors(&slice, density, fraction, error);
    r.a_err = error[0];
    r.pressure_err = error[1];
    r.mu_err[0] = error[2];
    r.mu_err[1] = error[3];
    *out = r;
    return BNSL_OK;
}
