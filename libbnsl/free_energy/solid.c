/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Free energy of a crystal: options, the order of the stages, the sum. Formulas and sources: free_energy.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solid_internal.h"

#define FIRST_MAX_FACTOR 640.0

enum { DEFAULT_REPLICAS = 2, DEFAULT_SWEEPS = 4000, LEAST_SWEEPS = 100, LEAST_EQUILIBRATE = 500 };

static const bnsl_free_energy_solid_options default_options = {
    .struct_size = sizeof(bnsl_free_energy_solid_options),
    .kT = 1.0,
    .seed = 1,
};

bnsl_status bnsl_free_energy_solid_options_init(bnsl_free_energy_solid_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &default_options, sizeof default_options, __func__);
}

static bnsl_status check_choice(const char *name, int32_t value, int32_t most, const char *func)
{
    if (value < 0 || value > most)
        return bnsl__fail(BNSL_EINVAL, func, "%s is %d, must be 0 .. %d", name, (int)value, (int)most);
    return BNSL_OK;
}

static bnsl_status check_counts(const bnsl_free_energy_solid_options *o, int64_t n, const char *func)
{
    const int64_t most = INT64_C(1) << 30;
    if (o->n_nodes != 0 && (o->n_nodes < 4 || o->n_nodes > BNSL__SOLID_STATES))
        return bnsl__fail(BNSL_EINVAL, func, "n_nodes is %d, must be 4 .. %d, or 0 for the default", (int)o->n_nodes, (int)BNSL__SOLID_STATES);
    if (o->n_replicas < 0 || o->n_replicas > 1024)
        return bnsl__fail(BNSL_EINVAL, func, "n_replicas is %d, must be 1 .. 1024, or 0 for the default", (int)o->n_replicas);
    if (o->n_sweeps != 0 && (o->n_sweeps < LEAST_SWEEPS || o->n_sweeps > most))
        return bnsl__fail(BNSL_EINVAL, func, "n_sweeps is %lld, must be %d .. 2^30, or 0 for the default", (long long)o->n_sweeps, (int)LEAST_SWEEPS);
    if (o->n_equilibrate < 0 || o->n_equilibrate > most)
        return bnsl__fail(BNSL_EINVAL, func, "n_equilibrate is %lld, must be 0 .. 2^30", (long long)o->n_equilibrate);
    if (o->n_cells < 0 || o->n_cells > n)
        return bnsl__fail(BNSL_EINVAL, func, "n_cells is %lld, must be 1 .. n = %lld, or 0 to find it", (long long)o->n_cells, (long long)n);
    if (o->fixed_particle < 0 || o->fixed_particle >= n)
        return bnsl__fail(BNSL_EINVAL, func, "fixed_particle is %lld, must be 0 .. %lld", (long long)o->fixed_particle, (long long)n - 1);
    return BNSL_OK;
}

static bnsl_status load_options(bnsl_free_energy_solid_options *o, const bnsl_free_energy_solid_options *opts, int64_t n, const char *func)
{
    *o = default_options;
    bnsl_status status = opts ? bnsl__options_load(o, sizeof *o, opts, "bnsl_free_energy_solid_options", func) : BNSL_OK;
    if (!status)
        status = check_choice("method", o->method, BNSL_SOLID_MBAR, func);
    if (!status)
        status = check_choice("constraint", o->constraint, BNSL_EINSTEIN_CRYSTAL, func);
    if (!status)
        status = check_choice("hard_spheres", o->hard_spheres, 1, func);
    if (!status)
        status = check_choice("cell", o->cell, BNSL_SOLID_CELL_RELAX_Z, func);
    if (!status)
        status = check_choice("instruction_set", o->instruction_set, BNSL_ISA_AVX512, func);
    if (!status)
        status = check_choice("tail", o->tail, 1, func);
    if (!status)
        status = check_counts(o, n, func);
    if (status)
        return status;
    if (o->hard_spheres && o->tail)
        return bnsl__fail(BNSL_EINVAL, func, "tail is 1, but hard spheres have none");
    if (!(o->kT > 0) || isinf(o->kT))
        return bnsl__fail(BNSL_EINVAL, func, "kT is %g, must be finite and > 0", o->kT);
    if (!(o->spring >= 0) || isinf(o->spring))
        return bnsl__fail(BNSL_EINVAL, func, "spring is %g, must be > 0, or 0 for the default", o->spring);
    if (!(o->max_spring_factor >= 0) || isinf(o->max_spring_factor))
        return bnsl__fail(BNSL_EINVAL, func, "max_spring_factor is %g, must be > 0, or 0 for the default", o->max_spring_factor);
    if (o->n_replicas == 0)
        o->n_replicas = DEFAULT_REPLICAS;
    if (o->n_sweeps == 0)
        o->n_sweeps = DEFAULT_SWEEPS;
    if (o->n_equilibrate == 0)
        o->n_equilibrate = o->n_sweeps / 4 > LEAST_EQUILIBRATE ? o->n_sweeps / 4 : LEAST_EQUILIBRATE;
    if (o->max_spring_factor == 0)
        o->max_spring_factor = FIRST_MAX_FACTOR;
    return BNSL_OK;
}

/*
 * What the uncut potential adds: u(T, V, <d^2>) to A. U = d(beta A)/d beta and P = -dA/dV, with <d^2> going as T, and with V as the thermal part of
 * the pressure says: of an Einstein crystal's beta A = beta U_lat - (3/2) ln <d^2>, d ln <d^2> / d ln V = (2/3) (P - P_lat) / (rho kT), of which
 * 2/3 is in the virial.
 */
static bnsl_status add_tail(bnsl__solid *s)
{
    bnsl_free_energy_solid_result *r = &s->r;
    bnsl__tail tail;
    bnsl_status status = bnsl__thermal_tail(s->crystal, s->msd, &tail, s->func);
    if (status)
        return status;
    r->u_tail = tail.u;
    r->p_tail = tail.p - tail.spread * 2 / 3 * (r->p - s->p_lattice - r->density);
    r->a += tail.u;
    r->u += tail.u - tail.spread;
    r->p += r->p_tail;
    r->p_xx += r->p_tail;
    r->p_yy += r->p_tail;
    r->p_zz += r->p_tail;
    r->z = r->p / r->density;
    return BNSL_OK;
}

static bnsl_status all_stages(bnsl__solid *s)
{
    bnsl__crystal *c = s->crystal;
    bnsl_free_energy_solid_result *r = &s->r;
    double volume;
    bnsl_status status = bnsl_box_volume(&c->box, &volume);
    r->n = c->n;
    r->n_cells = c->n_cells;
    r->density = (double)c->n / volume;
    r->stretch = r->overlap = 1;
    if (!status)
        status = bnsl__solid_check_sites(s);
    if (!status && s->o.cell == BNSL_SOLID_CELL_RELAX_Z) {
        status = bnsl__solid_relax(s);
        if (!status)
            status = bnsl__solid_check_sites(s);
    }
    if (!status)
        status = bnsl__solid_sample_free(s);
    if (!status)
        status = bnsl__solid_choose_springs(s);
    if (!status)
        status = s->o.method == BNSL_SOLID_MBAR ? bnsl__solid_mbar(s) : bnsl__solid_integral(s);
    if (!status)
        status = bnsl_free_energy_einstein(s->o.constraint, c->n_species, c->count, s->spring, c->species[c->fixed], c->n_cells, volume, &r->a0);
    r->a = r->a0 + r->da1 + r->da2;
    r->a_err = hypot(r->da1_err, r->da2_err);
    r->box = c->box;
    return !status && s->o.tail ? add_tail(s) : status;
}

/* Sweeps of all runs, for the progress. */
static int64_t all_sweeps(const bnsl_free_energy_solid_options *o)
{
    int64_t nodes = o->n_nodes > 0 ? o->n_nodes : o->method == BNSL_SOLID_MBAR ? BNSL__SOLID_STATES : 14;
    int64_t runs = o->n_replicas * (nodes + 1 + (o->cell == BNSL_SOLID_CELL_RELAX_Z));
    return runs * (o->n_equilibrate + o->n_sweeps);
}

bnsl_status bnsl_free_energy_solid(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, const bnsl_potential *potential,
                                   const bnsl_free_energy_solid_options *opts, bnsl_control *control, bnsl_free_energy_solid_result *result_out)
{
    if (!result_out)
        return BNSL_FAIL(BNSL_EINVAL, "result_out is NULL");
    bnsl__solid s = { .func = __func__, .progress.control = control };
    bnsl_status status = load_options(&s.o, opts, n, __func__);
    if (!status)
        status = bnsl__crystal_create(&s.crystal, box, n, xyz, species, potential, s.o.kT, s.o.hard_spheres != 0, s.o.n_cells,
                                      s.o.fixed_particle, __func__);
    if (status)
        return status;
    s.progress.total = all_sweeps(&s.o);
    s.draws = bnsl__alloc(BNSL__SOLID_DRAW_BLOCKS * BNSL__SOLID_DRAWS, sizeof *s.draws);
    status = s.draws ? all_stages(&s) : BNSL_NOMEM();
    free(s.draws);
    bnsl__crystal_destroy(s.crystal);
    if (!status)
        *result_out = s.r;
    return status;
}
