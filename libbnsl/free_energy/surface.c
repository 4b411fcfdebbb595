/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The free energy of a phase as a function of density and well depth, fitted to values of A, Z and <U/eps> at once:
 *
 *   beta A/N = ln rho - 1 + sum x ln x + a_HS(rho) + v(eps) rho + rho^p sum_ij c_ij T_i(x) T_j(y),  v = B2 - B2_HS, p = 2 (virial) or v = 0, p = 0,
 *   Z = rho d/d rho of it, <U/eps>/N = d/d eps of it,
 *
 * x and y the density and the depth scaled to -1..1. A hard-sphere mixture as reference takes the steep part of the repulsion, so that few
 * terms suffice (expansion.c). Cost: n_data n_terms^2.
 */
#include <math.h>
#include <stdlib.h>

#include "core_internal.h"
#include "fluid_internal.h"

static const bnsl_free_energy_surface_options defaults = {.n_density = 5, .n_depth = 1, .coupling = 1, .ipl_prefactor = 1};

bnsl_status bnsl_free_energy_surface_options_init(bnsl_free_energy_surface_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

/* ---- parts of the expression ---------------------------------------------------------------------------- */

/* A and Z without the fitted terms. */
static bnsl_status known_part(const bnsl_free_energy_surface *s, double density, double virial, double *a, double *z)
{
    double z_hs = 1, a_hs = 0;
    bnsl_status status = BNSL_OK;
    if (s->o.n_species > 0)
        status = bnsl_free_energy_bmcsl(s->o.n_species, s->hard_diameter, s->fraction, density, &z_hs, &a_hs, NULL);
    *a = log(density) - 1 + s->mixing + a_hs + virial * density;
    *z = z_hs + virial * density;
    return status;
}

/* rho^p T_i and rho d/d rho of it. */
static void density_terms(const bnsl_free_energy_surface *s, double density, double *a, double *z)
{
    double t[SURFACE_DENSITY], slope[SURFACE_DENSITY], factor;
    int32_t power = s->o.virial ? 2 : 0;
    bnsl__chebyshev(s->o.n_density, bnsl__scaled(density, s->fit.density, &factor), t, slope);
    double scale = power ? density * density : 1;
    for (int32_t i = 0; i < s->o.n_density; i++) {
        a[i] = scale * t[i];
        z[i] = scale * (power * t[i] + density * factor * slope[i]);
    }
}

static bnsl_status virial_at(const void *of, double well_depth, double virial[3])
{
    const bnsl_free_energy_surface *s = of;
    bnsl_potential *potential = NULL;
    bnsl_status status = bnsl__path_potential(&potential, s->o.n_species, s->diameter, &s->mie, s->o.coupling, well_depth, s->o.ipl_prefactor);
    if (!status)
        status = bnsl_free_energy_second_virial(potential, s->fraction, 1, virial);
    bnsl_potential_destroy(potential);
    virial[0] -= s->hard_b2;
    return status;
}

/* A row of the design matrix and the value that the fitted terms have to make. */
static bnsl_status design_row(const void *of, const depth_terms *at, const bnsl_free_energy_mixture_datum *d, double *row, double *value)
{
    const bnsl_free_energy_surface *s = of;
    double a[SURFACE_DENSITY], z[SURFACE_DENSITY], known_a, known_z;
    bnsl_status status = known_part(s, d->density, at->virial[0], &known_a, &known_z);
    if (status)
        return status;
    density_terms(s, d->density, a, z);
    *value = d->value - (d->kind == BNSL_DATUM_A ? known_a : d->kind == BNSL_DATUM_Z ? known_z : at->virial_slope[0] * d->density);
    for (int32_t i = 0; i < s->o.n_density; i++)
        for (int32_t j = 0; j < s->o.n_depth; j++)
            row[i * s->o.n_depth + j] = d->kind == BNSL_DATUM_A   ? a[i] * at->t[j]
                                        : d->kind == BNSL_DATUM_Z ? z[i] * at->t[j]
                                                                  : a[i] * at->t_slope[j];
    return BNSL_OK;
}

static expansion_form form_of(const bnsl_free_energy_surface *s)
{
    return (expansion_form){.of = s, .virial = s->o.virial ? virial_at : NULL, .row = design_row};
}

bnsl_status bnsl__surface_slice(const bnsl_free_energy_surface *s, double well_depth, surface_slice *out, const char *func)
{
    *out = (surface_slice){.surface = s};
    const expansion_form form = form_of(s);
    bnsl_status status = bnsl__depth_terms(&s->fit, &form, s->o.n_depth == 1 ? s->fit.depth[0] : well_depth, &out->at, func);
    if (!status)
        bnsl__slice_set(out, NULL);
    return status;
}

void bnsl__slice_set(surface_slice *slice, const double *normal)
{
    const bnsl_free_energy_surface *s = slice->surface;
    for (int32_t i = 0; i < s->o.n_density; i++) {
        slice->g[i] = 0;
        for (int32_t j = 0; j < s->o.n_depth; j++)
            slice->g[i] += bnsl__coefficient(&s->fit, i * s->o.n_depth + j, normal) * slice->at.t[j];
    }
}

void bnsl__slice_value(void *user, double density, double *a_out, double *pressure_out)
{
    const surface_slice *slice = user;
    double a[SURFACE_DENSITY], z[SURFACE_DENSITY], sum_a, sum_z;
    if (known_part(slice->surface, density, slice->at.virial[0], &sum_a, &sum_z)) {
        *a_out = *pressure_out = NAN;
        return;
    }
    density_terms(slice->surface, density, a, z);
    for (int32_t i = 0; i < slice->surface->o.n_density; i++) {
        sum_a += slice->g[i] * a[i];
        sum_z += slice->g[i] * z[i];
    }
    *a_out = sum_a + slice->shift;
    *pressure_out = density * sum_z;
}

double bnsl__slice_stiffness(const surface_slice *slice, double density)
{
    surface_slice copy = *slice;
    double h = 1e-4 * density, a, low, high;
    bnsl__slice_value(&copy, density - h, &a, &low);
    bnsl__slice_value(&copy, density + h, &a, &high);
    return (high - low) / (2 * h);
}

/* ---- public -------------------------------------------------------------------------------------------- */

static bnsl_status check_options(bnsl_free_energy_surface_options *o, const double *diameter, const double *fraction, const char *func)
{
    if (o->ipl_prefactor == 0)
        o->ipl_prefactor = 1;
    if (o->n_density < 1 || o->n_density > SURFACE_DENSITY || o->n_depth < 1 || o->n_depth > SURFACE_DEPTH)
        return bnsl__fail(BNSL_EINVAL, func, "n_density is %d, must be 1 to %d, and n_depth %d, 1 to %d", (int)o->n_density, SURFACE_DENSITY,
                          (int)o->n_depth, SURFACE_DEPTH);
    if (o->n_species < 0 || o->n_species > SURFACE_SPECIES)
        return bnsl__fail(BNSL_EINVAL, func, "n_species is %d, must be 0 to %d", (int)o->n_species, SURFACE_SPECIES);
    if (o->n_species > 0 && (!diameter || !fraction))
        return bnsl__fail(BNSL_EINVAL, func, "a mixture needs its diameters and fractions");
    if (o->virial && o->n_species == 0)
        return bnsl__fail(BNSL_EINVAL, func, "a virial coefficient needs n_species > 0");
    if (!(o->coupling >= 0 && o->coupling <= 1) || !(o->ipl_prefactor > 0))
        return bnsl__fail(BNSL_EINVAL, func, "coupling is %g, must be 0 to 1, and ipl_prefactor %g, > 0", o->coupling, o->ipl_prefactor);
    return BNSL_OK;
}

/* Barker-Henderson diameters of the inverse power law, the reference's B2, the mixing term. */
static bnsl_status set_reference(bnsl_free_energy_surface *s, const double *diameter, const double *fraction)
{
    for (int32_t i = 0; i < s->o.n_species; i++) {
        s->diameter[i] = diameter[i];
        s->fraction[i] = fraction[i];
        s->mixing += fraction[i] > 0 ? fraction[i] * log(fraction[i]) : 0;
    }
    bnsl_status status = BNSL_OK;
    if (s->o.n_species > 0)
        status = bnsl__hard_diameters(s->o.n_species, diameter, &s->mie, s->o.ipl_prefactor, s->hard_diameter);
    for (int32_t i = 0; !status && i < s->o.n_species; i++)
        for (int32_t j = 0; j < s->o.n_species; j++)
            s->hard_b2 += fraction[i] * fraction[j] * 2.0943951023931953 * pow(0.5 * (s->hard_diameter[i] + s->hard_diameter[j]), 3);
    return status;
}

/* The fit to a copy of the data; those of a curve are of one depth. */
static bnsl_status fit(bnsl_free_energy_surface *s, int64_t n, const bnsl_free_energy_datum *data, const char *func)
{
    bnsl_free_energy_mixture_datum *copy = bnsl__alloc(n, sizeof *copy);
    if (!copy)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    for (int64_t i = 0; i < n; i++)
        copy[i] = (bnsl_free_energy_mixture_datum){
            data[i].kind, 0, data[i].density, .fraction = 1, data[i].well_depth, data[i].value, data[i].error};
    const expansion_form form = form_of(s);
    bnsl_status status = bnsl__expansion_data(&s->fit, n, copy, s->o.virial, func);
    for (int64_t i = 0; s->o.n_depth == 1 && i < n; i++)
        copy[i].well_depth = s->fit.depth[0];
    if (!status)
        status = bnsl__expansion_fit(&s->fit, &form, n, copy, func);
    free(copy);
    return status;
}

bnsl_status bnsl_free_energy_surface_create(bnsl_free_energy_surface **out, const bnsl_free_energy_surface_options *opts, int64_t n,
                                            const bnsl_free_energy_datum *data, const double *diameter, const double *fraction,
                                            const bnsl_potential_options *mie)
{
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    *out = NULL;
    if (!data || n < 1)
        return BNSL_FAIL(BNSL_EINVAL, "n is %lld, must be >= 1, with data", (long long)n);
    bnsl_free_energy_surface *s = bnsl__calloc(1, sizeof *s);
    if (!s)
        return BNSL_NOMEM();
    s->o = defaults;
    bnsl_status status = opts ? bnsl__options_load(&s->o, sizeof s->o, opts, "bnsl_free_energy_surface_options", __func__) : BNSL_OK;
    if (!status)
        status = check_options(&s->o, diameter, fraction, __func__);
    s->fit.n_depth = s->o.n_depth;
    s->fit.n_terms = s->o.n_density * s->o.n_depth;
    if (!status)
        status = bnsl__mie_options(&s->mie, mie, __func__);
    if (!status)
        status = set_reference(s, diameter, fraction);
    if (!status)
        status = fit(s, n, data, __func__);
    if (status) {
        bnsl_free_energy_surface_destroy(s);
        return status;
    }
    *out = s;
    return BNSL_OK;
}

void bnsl_free_energy_surface_destroy(bnsl_free_energy_surface *surface)
{
    if (surface)
        bnsl__expansion_free(&surface->fit);
    free(surface);
}

bnsl_status bnsl_free_energy_surface_quality(const bnsl_free_energy_surface *surface, double *chi2_out, int64_t *freedom_out,
                                             double *density_range_out, double *depth_range_out)
{
    if (!surface)
        return BNSL_FAIL(BNSL_EINVAL, "surface is NULL");
    bnsl__expansion_quality(&surface->fit, chi2_out, freedom_out, density_range_out, depth_range_out);
    return BNSL_OK;
}

bnsl_status bnsl_free_energy_surface_evaluate(const bnsl_free_energy_surface *surface, double density, double well_depth, bnsl_free_energy_state *out)
{
    if (!surface || !out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !surface ? "surface" : "out");
    const double *range = surface->fit.density;
    if (!(density > 0 && density >= range[0] * (1 - 1e-9) && density <= range[1] * (1 + 1e-9)))
        return BNSL_FAIL(BNSL_EDOMAIN, "density is %g, the data reach from %g to %g", density, range[0], range[1]);
    surface_slice slice;
    bnsl_status status = bnsl__surface_slice(surface, well_depth, &slice, __func__);
    if (status)
        return status;
    bnsl_free_energy_state r = {.density = density, .well_depth = surface->o.n_depth == 1 ? surface->fit.depth[0] : well_depth};
    double a[SURFACE_DENSITY], z[SURFACE_DENSITY], p[4][SURFACE_TERMS];
    density_terms(surface, density, a, z);
    r.u = slice.at.virial_slope[0] * density;
    for (int32_t i = 0; i < surface->o.n_density; i++)
        for (int32_t j = 0; j < surface->o.n_depth; j++) {
            int32_t k = i * surface->o.n_depth + j;
            p[0][k] = a[i] * slice.at.t[j];
            p[1][k] = density * z[i] * slice.at.t[j];
            p[2][k] = (a[i] + z[i]) * slice.at.t[j];
            p[3][k] = a[i] * slice.at.t_slope[j];
            r.u += surface->fit.c[k] * p[3][k];
        }
    bnsl__slice_value(&slice, density, &r.a, &r.pressure);
    r.mu = r.a + r.pressure / density;
    r.a_err = bnsl__linear_error(&surface->fit, p[0]);
    r.pressure_err = bnsl__linear_error(&surface->fit, p[1]);
    r.mu_err = bnsl__linear_error(&surface->fit, p[2]);
    r.u_err = bnsl__linear_error(&surface->fit, p[3]);
    r.stiffness = bnsl__slice_stiffness(&slice, density);
    *out = r;
    return BNSL_OK;
}
