/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simulation object: creation, settings, and reading its state in the order of creation. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "md_internal.h"

static const double DEFAULT_SKIN = 0.3;

static const bnsl_md_options defaults = {
    .struct_size = sizeof(bnsl_md_options), .integrator = BNSL_MD_LANGEVIN, .dt = 0.002, .kT = 1, .friction = 0.1, .seed = 1, .num_threads = 1
};

bnsl_status bnsl_md_options_init(bnsl_md_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

bnsl_status bnsl__md_check_options(const bnsl_md_options *o, const char *func)
{
    if (o->integrator != BNSL_MD_NVE && o->integrator != BNSL_MD_LANGEVIN)
        return bnsl__fail(BNSL_EINVAL, func, "integrator is %d, must be BNSL_MD_NVE or BNSL_MD_LANGEVIN", (int)o->integrator);
    if (!(o->dt > 0 && isfinite(o->dt)))
        return bnsl__fail(BNSL_EINVAL, func, "dt is %g, must be > 0", o->dt);
    if (!(o->kT > 0 && isfinite(o->kT)))
        return bnsl__fail(BNSL_EINVAL, func, "kT is %g, must be > 0", o->kT);
    if (!(o->friction >= 0 && isfinite(o->friction)))
        return bnsl__fail(BNSL_EINVAL, func, "friction is %g, must be >= 0", o->friction);
    if (!(o->skin >= 0 && isfinite(o->skin)))
        return bnsl__fail(BNSL_EINVAL, func, "skin is %g, must be >= 0", o->skin);
    if (o->instruction_set < BNSL_ISA_AUTO || o->instruction_set > BNSL_ISA_AVX512)
        return bnsl__fail(BNSL_EINVAL, func, "instruction_set is %d, must be one of BNSL_ISA_*", (int)o->instruction_set);
    return BNSL_OK;
}

static bnsl_status check_particles(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, int32_t n_species, const char *func)
{
    if (n < 1 || n >= 1 << 30)
        return bnsl__fail(BNSL_EINVAL, func, "n is %lld, must be 1 .. 2^30 - 1", (long long)n);
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
    bnsl__verlet_free(&md->list);
    free(md->position);
    free(md->velocity);
    free(md->force);
    free(md->mobile);
    free(md->image);
    free(md->species);
    free(md->id);
    free(md->order);
    free(md->scratch);
    free(md->column);
    free(md->schedule_step);
    free(md->schedule_packing);
    free(md);
}

static bool allocate(bnsl_md *md)
{
    int64_t n = md->n;
    md->position_capacity = ROW * (n + 1);
    md->position = bnsl__calloc(md->position_capacity, sizeof *md->position);
    md->velocity = bnsl__calloc(ROW * n, sizeof *md->velocity);
    md->force = bnsl__calloc(ROW * n, sizeof *md->force);
    md->mobile = bnsl__calloc(ROW * n, sizeof *md->mobile);
    md->image = bnsl__calloc(3 * n, sizeof *md->image);
    md->species = bnsl__calloc(n, sizeof *md->species);
    md->id = bnsl__calloc(n, sizeof *md->id);
    md->order = bnsl__calloc(n, sizeof *md->order);
    md->scratch = bnsl__calloc(8 * n, sizeof *md->scratch);
    md->column = bnsl__calloc(n, sizeof *md->column);
    md->list.reference = bnsl__calloc(ROW * n, sizeof *md->list.reference);
    md->list.row_start = bnsl__calloc(n + 1, sizeof *md->list.row_start);
    return md->position && md->velocity && md->force && md->mobile && md->image && md->species && md->id && md->order && md->scratch &&
           md->column && md->list.reference && md->list.row_start;
}

static bnsl_status create_search(bnsl_md *md)
{
    const bnsl__interaction *x = &md->interaction;
    bnsl_neighbor_options o;
    bnsl_status status = bnsl_neighbor_options_init(&o, sizeof o);
    o.flags = BNSL_NEIGHBOR_NO_VECTORS;
    o.num_threads = md->options.num_threads;
    if (!status)
        status = bnsl_neighbor_create(&md->list.search, &o);
    if (status)
        return status;
    if (x->additive)
        return bnsl_neighbor_set_additive_cutoff(md->list.search, sqrt(x->law.cut2), md->list.skin);
    int64_t n_pairs = (int64_t)x->n_species * x->n_species;
    double *r_max = bnsl__alloc(n_pairs, sizeof *r_max);
    if (!r_max)
        return BNSL_NOMEM();
    for (int64_t k = 0; k < n_pairs; k++)
        r_max[k] = x->r_cut[k] > 0 ? x->r_cut[k] + md->list.skin : 0;
    status = bnsl_neighbor_set_pair_cutoffs(md->list.search, x->n_species, r_max);
    free(r_max);
    return status;
}

double bnsl__md_row_tag(const bnsl_md *md, int32_t species)
{
    return md->interaction.additive ? md->interaction.radius[species] : (double)species;
}

/* By species, so that the order of the particles, which sorting changes, does not change the last bits. */
double bnsl__md_sphere_volume(const bnsl_md *md)
{
    double volume = 0;
    for (int32_t a = 0; a < md->interaction.n_species; a++) {
        double d = md->interaction.diameter[a];
        int64_t count = 0;
        for (int64_t i = 0; i < md->n; i++)
            count += md->species[i] == a;
        volume += (double)count * (0.52359877559829887308 * d * d * d); /* pi / 6 */
    }
    return volume;
}

bnsl_status bnsl__md_set_up(bnsl_md *md, const bnsl_potential *potential, const char *func)
{
    bnsl_status status = bnsl__interaction_init(&md->interaction, potential, func);
    if (status)
        return status;
    if (!allocate(md))
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory for %lld particles", (long long)md->n);
    md->list.skin = md->options.skin > 0 ? md->options.skin : DEFAULT_SKIN;
    md->list.scale = 1;
    return create_search(md);
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
    for (int64_t i = 0; i < n && !status; i++) {
        double *row = md->position + ROW * i;
        memcpy(row, xyz + 3 * i, 3 * sizeof *xyz);
        row[3] = bnsl__md_row_tag(md, species[i]);
        md->mobile[ROW * i] = md->mobile[ROW * i + 1] = md->mobile[ROW * i + 2] = 1;
        md->species[i] = species[i];
        md->id[i] = (int32_t)i;
        status = bnsl_box_wrap(&md->box, 1, row, NULL);
    }
    if (!status)
        md->sphere_volume = bnsl__md_sphere_volume(md);
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
            md->velocity[ROW * i + d] = velocity[3 * (int64_t)md->id[i] + d] * md->mobile[ROW * i + d];
    return BNSL_OK;
}

bnsl_status bnsl_md_set_frozen(bnsl_md *md, const int32_t *frozen)
{
    if (!md)
        return BNSL_FAIL(BNSL_EINVAL, "md is NULL");
    md->n_frozen = 0;
    for (int64_t i = 0; i < md->n; i++) {
        bool still = frozen && frozen[md->id[i]];
        md->n_frozen += still;
        for (int d = 0; d < 3; d++) {
            md->mobile[ROW * i + d] = still ? 0 : 1;
            if (still)
                md->velocity[ROW * i + d] = 0;
        }
    }
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
        return BNSL_FAIL(BNSL_EINVAL, "%s", !md ? "md is NULL" : "step is negative");
    md->step = step;
    md->time = (double)step * md->options.dt;
    bnsl__schedule_apply(md, step);
    return BNSL_OK;
}

/* ---- state -------------------------------------------------------------------------------------------- */

int64_t bnsl_md_n(const bnsl_md *md)
{
    return md ? md->n : 0;
}

bnsl_status bnsl_md_box(const bnsl_md *md, bnsl_box *out)
{
    if (!md || !out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !md ? "md" : "out");
    *out = md->box;
    return BNSL_OK;
}

bnsl_status bnsl_md_statistics_now(const bnsl_md *md, bnsl_md_statistics *out)
{
    if (!md || !out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !md ? "md" : "out");
    *out = md->statistics;
    out->step = md->step;
    return BNSL_OK;
}

bnsl_status bnsl_md_positions(const bnsl_md *md, double *xyz_out, int32_t *image_out)
{
    if (!md)
        return BNSL_FAIL(BNSL_EINVAL, "md is NULL");
    for (int64_t i = 0; i < md->n; i++) {
        double r[3];
        int32_t image[3];
        memcpy(r, md->position + ROW * i, sizeof r);
        memcpy(image, md->image + 3 * i, sizeof image);
        bnsl_status status = bnsl_box_wrap(&md->box, 1, r, image);
        if (status)
            return status;
        if (xyz_out)
            memcpy(xyz_out + 3 * (int64_t)md->id[i], r, sizeof r);
        if (image_out)
            memcpy(image_out + 3 * (int64_t)md->id[i], image, sizeof image);
    }
    return BNSL_OK;
}

static bnsl_status copy_rows(const bnsl_md *md, const double *rows, double *out)
{
    for (int64_t i = 0; i < md->n; i++)
        memcpy(out + 3 * (int64_t)md->id[i], rows + ROW * i, 3 * sizeof *out);
    return BNSL_OK;
}

bnsl_status bnsl_md_velocities(const bnsl_md *md, double *velocity_out)
{
    if (!md || !velocity_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !md ? "md" : "velocity_out");
    return copy_rows(md, md->velocity, velocity_out);
}

bnsl_status bnsl_md_forces(bnsl_md *md, double *force_out)
{
    if (!md || !force_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !md ? "md" : "force_out");
    if (md->failed)
        return BNSL_FAIL(BNSL_ENUMERIC, "this simulation has lost its positions; start again or from a checkpoint");
    bnsl_status status = md->forces_valid ? BNSL_OK : bnsl__md_forces(md, false, __func__);
    return status ? status : copy_rows(md, md->force, force_out);
}

bnsl_status bnsl_md_species(const bnsl_md *md, int32_t *species_out)
{
    if (!md || !species_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !md ? "md" : "species_out");
    for (int64_t i = 0; i < md->n; i++)
        species_out[md->id[i]] = md->species[i];
    return BNSL_OK;
}
