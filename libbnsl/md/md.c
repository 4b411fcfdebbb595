/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simulation object: options, creation, settings. Reading its state: state.c. Memory: some 180 bytes a particle and the list. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "md_internal.h"

/* Thermostat and barostat times where 0 is given, in time steps. */
static const double DEFAULT_THERMOSTAT_STEPS = 100, DEFAULT_BAROSTAT_STEPS = 1000;
enum { DEFAULT_CHAIN = 3 };

static const bnsl_md_options defaults = {
    .struct_size = sizeof(bnsl_md_options), .integrator = BNSL_MD_LANGEVIN, .dt = 0.002, .kT = 1, .friction = 0.1, .seed = 1, .num_threads = 1
};

bnsl_status bnsl_md_options_init(bnsl_md_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

/* ---- options ------------------------------------------------------------------------------------------ */

static bnsl_status check_numbers(const bnsl_md_options *o, const char *func)
{
    const struct {
        const char *name;
        double value;
        bool zero_allowed;
    } numbers[] = {
        { "dt", o->dt, false },           { "kT", o->kT, false },
        { "friction", o->friction, true }, { "skin", o->skin, true },
        { "thermostat_time", o->thermostat_time, true }, { "barostat_time", o->barostat_time, true },
    };
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
        double v = numbers[k].value;
        if (!(isfinite(v) && (v > 0 || (v == 0 && numbers[k].zero_allowed))))
            return bnsl__fail(BNSL_EINVAL, func, "%s is %g, must be %s 0", numbers[k].name, v, numbers[k].zero_allowed ? ">=" : ">");
    }
    if (!isfinite(o->pressure))
        return bnsl__fail(BNSL_EINVAL, func, "pressure is %g, must be finite", o->pressure);
    return BNSL_OK;
}

bnsl_status bnsl__md_check_options(const bnsl_md_options *o, const char *func)
{
    if (o->integrator < BNSL_MD_NVE || o->integrator > BNSL_MD_NPT)
        return bnsl__fail(BNSL_EINVAL, func, "integrator is %d, must be BNSL_MD_NVE, _LANGEVIN, _NVT or _NPT", (int)o->integrator);
    if (o->instruction_set < BNSL_ISA_AUTO || o->instruction_set > BNSL_ISA_AVX512)
        return bnsl__fail(BNSL_EINVAL, func, "instruction_set is %d, must be one of BNSL_ISA_*", (int)o->instruction_set);
    if (o->precision != BNSL_MD_DOUBLE && o->precision != BNSL_MD_MIXED)
        return bnsl__fail(BNSL_EINVAL, func, "precision is %d, must be BNSL_MD_DOUBLE or BNSL_MD_MIXED", (int)o->precision);
    if (o->chain_length < 0 || o->chain_length > MAX_CHAIN)
        return bnsl__fail(BNSL_EINVAL, func, "chain_length is %d, must be 0 (the default) or 1 .. %d", (int)o->chain_length, (int)MAX_CHAIN);
    if (o->barostat < BNSL_MD_ISOTROPIC || o->barostat > BNSL_MD_TRICLINIC)
        return bnsl__fail(BNSL_EINVAL, func, "barostat is %d, must be BNSL_MD_ISOTROPIC, _ORTHORHOMBIC or _TRICLINIC", (int)o->barostat);
    if (o->reserved != 0)
        return bnsl__fail(BNSL_EINVAL, func, "reserved is %d, must be 0", (int)o->reserved);
    return check_numbers(o, func);
}

/* Zeros that stand for a default. */
static void resolve_options(bnsl_md_options *o)
{
    if (o->chain_length == 0)
        o->chain_length = DEFAULT_CHAIN;
    if (o->thermostat_time == 0)
        o->thermostat_time = DEFAULT_THERMOSTAT_STEPS * o->dt;
    if (o->barostat_time == 0)
        o->barostat_time = DEFAULT_BAROSTAT_STEPS * o->dt;
}

/* ---- creation ----------------------------------------------------------------------------------------- */

static bnsl_status check_particles(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, int32_t n_species, const char *func)
{
    if (n < 1 || n >= 1 << 28)
        return bnsl__fail(BNSL_EINVAL, func, "n is %lld, must be 1 .. 2^28 - 1", (long long)n);
    if (!xyz || !species)
        return bnsl__fail(BNSL_EINVAL, func, "%s is NULL", !xyz ? "xyz" : "species");
    bnsl_status status = bnsl_box_validate(box);
    if (status)
        return status;
    if (box->periodic != BNSL_PERIODIC_XYZ)
        return bnsl__fail(BNSL_EINVAL, func, "box.periodic is %d, must be BNSL_PERIODIC_XYZ", (int)box->periodic);
    int64_t where;
    if (!bnsl__all_finite(3 * n, xyz, &where))
        return bnsl__fail(BNSL_EINVAL, func, "xyz[%lld] of particle %lld is not finite", (long long)where, (long long)(where / 3));
    for (int64_t i = 0; i < n; i++)
        if (species[i] < 0 || species[i] >= n_species)
            return bnsl__fail(BNSL_EINVAL, func, "species[%lld] is %d, must be 0 .. %d", (long long)i, (int)species[i], (int)n_species - 1);
    return BNSL_OK;
}

void bnsl_md_destroy(bnsl_md *md)
{
    if (!md)
        return;
    bnsl__interaction_free(&md->interaction);
    bnsl__verlet_free(md);
    bnsl__schedule_free(&md->packing);
    bnsl__schedule_free(&md->kT);
    bnsl__schedule_free(&md->pressure);
    free(md->position);
    free(md->velocity);
    free(md->force);
    free(md->mobile);
    free(md->image);
    free(md->species);
    free(md->id);
    free(md->order);
    free(md->scratch);
    free(md->chunk_sum);
    free(md->chunk_work);
    free(md->fixed);
    free(md);
}

bool bnsl__md_reserve_rows(double **rows, int64_t *capacity, int64_t n)
{
    void *p = *rows;
    bool ok = bnsl__reserve_aligned(&p, capacity, n, ROW * sizeof **rows);
    *rows = p;
    return ok;
}

static bool allocate_rows(double **rows, int64_t n)
{
    int64_t capacity = 0;
    return bnsl__md_reserve_rows(rows, &capacity, n);
}

static bool allocate(bnsl_md *md)
{
    int64_t n = md->n;
    md->n_chunks = (n + CHUNK - 1) / CHUNK;
    bool rows = bnsl__md_reserve_rows(&md->position, &md->position_capacity, n + 1) && allocate_rows(&md->velocity, n) &&
                allocate_rows(&md->force, n) && allocate_rows(&md->scratch, n);
    md->image = bnsl__calloc(3 * n, sizeof *md->image);
    md->species = bnsl__calloc(n, sizeof *md->species);
    md->id = bnsl__calloc(n, sizeof *md->id);
    md->order = bnsl__calloc(n, sizeof *md->order);
    md->chunk_sum = bnsl__calloc(md->n_chunks * N_SUMS, sizeof *md->chunk_sum);
    md->chunk_work = bnsl__calloc(md->n_chunks + 1, sizeof *md->chunk_work);
    return rows && md->image && md->species && md->id && md->order && md->chunk_sum && md->chunk_work;
}

bnsl_status bnsl__md_set_up(bnsl_md *md, const bnsl_potential *potential, const char *func)
{
    bnsl_status status = bnsl__interaction_init(&md->interaction, potential, func);
    if (status)
        return status;
    resolve_options(&md->options);
    if (!allocate(md))
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory for %lld particles", (long long)md->n);
    md->list.built.step = md->list.pruned.step = -1;
    md->largest_displacement2 = -1;
    return bnsl__verlet_allocate(md, func);
}

/* In storage order, which is the order of creation until the first list. */
static bnsl_status fill(bnsl_md *md, const double *xyz, const int32_t *species)
{
    for (int64_t i = 0; i < md->n; i++) {
        double *row = md->position + ROW * i;
        memcpy(row, xyz + 3 * i, 3 * sizeof *xyz);
        row[3] = 0.5 * md->interaction.diameter[species[i]];
        md->species[i] = species[i];
        md->id[i] = (int32_t)i;
        bnsl_status status = bnsl_box_wrap(&md->box, 1, row, NULL);
        if (status)
            return status;
    }
    md->sphere_volume = bnsl__md_sphere_volume(md);
    return BNSL_OK;
}

bnsl_status bnsl_md_create(bnsl_md **out, const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species,
                           const bnsl_potential *potential, const bnsl_md_options *opts)
{
    if (!out || !potential)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !out ? "out" : "potential");
    *out = NULL;
    bnsl_md_options o = defaults;
    bnsl_status status = opts ? bnsl__options_load(&o, sizeof o, opts, "bnsl_md_options", __func__) : BNSL_OK;
    if (!status)
        status = bnsl__md_check_options(&o, __func__);
    if (!status)
        status = check_particles(box, n, xyz, species, bnsl_potential_n_species(potential), __func__);
    if (status)
        return status;
    bnsl_md *md = bnsl__calloc(1, sizeof *md);
    if (!md)
        return BNSL_NOMEM();
    md->options = o;
    md->n = n;
    md->box = *box;
    status = bnsl__md_set_up(md, potential, __func__);
    if (!status)
        status = fill(md, xyz, species);
    if (status) {
        bnsl_md_destroy(md);
        return status;
    }
    *out = md;
    return BNSL_OK;
}

/* ---- settings ----------------------------------------------------------------------------------------- */

bnsl_status bnsl_md_set_velocities(bnsl_md *md, const double *velocity)
{
    if (!md || !velocity)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !md ? "md" : "velocity");
    int64_t where;
    if (!bnsl__all_finite(3 * md->n, velocity, &where))
        return BNSL_FAIL(BNSL_EINVAL, "velocity[%lld] of particle %lld is not finite", (long long)where, (long long)(where / 3));
    for (int64_t i = 0; i < md->n; i++)
        for (int d = 0; d < 3; d++)
            md->velocity[ROW * i + d] = velocity[3 * (int64_t)md->id[i] + d] * (md->mobile ? md->mobile[i] : 1);
    return BNSL_OK;
}

bnsl_status bnsl_md_set_frozen(bnsl_md *md, const int32_t *frozen)
{
    if (!md)
        return BNSL_FAIL(BNSL_EINVAL, "md is NULL");
    int64_t n_frozen = 0;
    for (int64_t i = 0; i < md->n && frozen; i++)
        n_frozen += frozen[i] != 0;
    double *mobile = NULL;
    if (n_frozen > 0 && !(mobile = bnsl__alloc(md->n, sizeof *mobile)))
        return BNSL_NOMEM();
    for (int64_t i = 0; i < md->n && n_frozen > 0; i++) {
        mobile[i] = frozen[md->id[i]] ? 0 : 1;
        for (int d = 0; d < 3; d++)
            md->velocity[ROW * i + d] *= mobile[i];
    }
    free(md->mobile);
    md->mobile = mobile;
    md->n_frozen = n_frozen;
    return BNSL_OK;
}

bnsl_status bnsl_md_set_dt(bnsl_md *md, double dt)
{
    if (!md || !(dt > 0 && isfinite(dt)))
        return md ? BNSL_FAIL(BNSL_EINVAL, "dt is %g, must be > 0", dt) : BNSL_FAIL(BNSL_EINVAL, "md is NULL");
    md->options.dt = dt;
    return BNSL_OK;
}

bnsl_status bnsl_md_set_step(bnsl_md *md, int64_t step)
{
    if (!md || step < 0)
        return md ? BNSL_FAIL(BNSL_EINVAL, "step is %lld, must be >= 0", (long long)step) : BNSL_FAIL(BNSL_EINVAL, "md is NULL");
    md->step = step;
    md->time = (double)step * md->options.dt;
    bnsl__schedule_apply(md, step);
    return BNSL_OK;
}
