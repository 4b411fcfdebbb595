/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a simulation: everything in the order of creation, whatever the order in memory is. */
#include <string.h>

#include "md_internal.h"

static const double PI_6 = 0.52359877559829887308;

/* Sums over particles in the order of creation, so that sorting does not change the last bits. */
double bnsl__md_sphere_volume(const bnsl_md *md)
{
    for (int64_t i = 0; i < md->n; i++) {
        double d = 2 * md->position[ROW * i + 3];
        md->scratch[md->id[i]] = PI_6 * (d * d * d);
    }
    return bnsl__sum(md->n, md->scratch, md->options.num_threads);
}

double bnsl__md_volume(const bnsl_md *md)
{
    double size = md->wall.size;
    if (md->wall.kind == BNSL_MD_WALL_SPHERE)
        return 8 * PI_6 * (size * size * size);
    return md->box.lx * md->box.ly * (md->wall.kind == BNSL_MD_WALL_SLAB ? 2 * size : md->box.lz);
}

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

bnsl_status bnsl_md_wall(const bnsl_md *md, int32_t *kind_out, double *size_out)
{
    if (!md)
        return BNSL_FAIL(BNSL_EINVAL, "md is NULL");
    if (kind_out)
        *kind_out = md->wall.kind;
    if (size_out)
        *size_out = md->wall.size;
    return BNSL_OK;
}

bnsl_status bnsl_md_statistics_now(const bnsl_md *md, bnsl_md_statistics *out)
{
    if (!md || !out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !md ? "md" : "out");
    *out = md->statistics;
    out->step = md->step;
    out->skin = md->list.built.skin;
    out->n_returned = md->n_returned;
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
    bnsl_status status = md->forces_valid ? BNSL_OK : bnsl__md_forces(md, false, NULL, __func__);
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
