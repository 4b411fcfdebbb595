/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Diameters of the particles: half of each stands in the fourth column of its position, where the pair kernels and the walls read it. */
#include <math.h>
#include <stdlib.h>

#include "md_internal.h"

void bnsl__md_sizes_changed(bnsl_md *md)
{
    md->sphere_volume = bnsl__md_sphere_volume(md);
    md->list.valid = false;
    md->forces_valid = false;
    bnsl__schedule_apply(md, md->step);
}

static bnsl_status check(const bnsl_md *md, const double *diameter, const char *func)
{
    if (!md)
        return bnsl__fail(BNSL_EINVAL, func, "md is NULL");
    if (diameter && md->interaction.has_table)
        return bnsl__fail(BNSL_EINVAL, func, "the potential has a table, which does not scale with diameters");
    for (int64_t i = 0; i < md->n && diameter; i++)
        if (!(diameter[i] > 0 && isfinite(diameter[i])))
            return bnsl__fail(BNSL_EINVAL, func, "diameter[%lld] is %g, must be > 0", (long long)i, diameter[i]);
    return BNSL_OK;
}

bnsl_status bnsl_md_set_diameters(bnsl_md *md, const double *diameter)
{
    bnsl_status status = check(md, diameter, __func__);
    if (status)
        return status;
    double *former = bnsl__alloc(md->n, sizeof *former);
    if (!former)
        return BNSL_NOMEM();
    for (int64_t i = 0; i < md->n; i++) {
        double *radius = &md->position[ROW * i + 3];
        former[i] = *radius;
        *radius = 0.5 * (diameter ? diameter[md->id[i]] : md->interaction.diameter[md->species[i]]);
    }
    status = bnsl__wall_still_fits(md, __func__);
    for (int64_t i = 0; i < md->n && status; i++)
        md->position[ROW * i + 3] = former[i];
    free(former);
    if (status)
        return status;
    md->own_diameters = diameter != NULL;
    bnsl__md_sizes_changed(md);
    return BNSL_OK;
}

bnsl_status bnsl_md_diameters(const bnsl_md *md, double *diameter_out)
{
    if (!md || !diameter_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !md ? "md" : "diameter_out");
    for (int64_t i = 0; i < md->n; i++)
        diameter_out[md->id[i]] = 2 * md->position[ROW * i + 3];
    return BNSL_OK;
}
