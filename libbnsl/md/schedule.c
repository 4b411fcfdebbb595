/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slow compression: the packing fraction as a piecewise-linear function of the step. Box and positions are scaled together. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "md_internal.h"

double bnsl__schedule_packing(const bnsl_md *md, int64_t step)
{
    const int64_t *s = md->schedule_step;
    const double *phi = md->schedule_packing;
    int32_t n = md->schedule_n;
    if (step <= s[0])
        return phi[0];
    for (int32_t k = 1; k < n; k++)
        if (step < s[k])
            return phi[k - 1] + (phi[k] - phi[k - 1]) * ((double)(step - s[k - 1]) / (double)(s[k] - s[k - 1]));
    return phi[n - 1];
}

void bnsl__schedule_apply(bnsl_md *md, int64_t step)
{
    if (md->schedule_n == 0)
        return;
    double volume = md->sphere_volume / bnsl__schedule_packing(md, step);
    double ratio = volume / (md->box.lx * md->box.ly * md->box.lz);
    if (fabs(ratio - 1) < 1e-15)
        return;
    double scale = cbrt(ratio);
    md->box.lx *= scale;
    md->box.ly *= scale;
    md->box.lz *= scale;
    for (int64_t i = 0; i < md->n; i++)
        for (int d = 0; d < 3; d++)
            md->position[ROW * i + d] *= scale;
    md->list.scale *= scale;
    md->forces_valid = false;
}

bnsl_status bnsl_md_set_packing_schedule(bnsl_md *md, int32_t n_points, const int64_t *step, const double *packing_fraction)
{
    if (!md || n_points < 0 || (n_points > 0 && (!step || !packing_fraction)))
        return BNSL_FAIL(BNSL_EINVAL, "%s", !md ? "md is NULL" : n_points < 0 ? "n_points is negative" : "step or packing_fraction is NULL");
    for (int32_t k = 0; k < n_points; k++) {
        if (!(packing_fraction[k] > 0 && packing_fraction[k] <= 1))
            return BNSL_FAIL(BNSL_EINVAL, "packing_fraction[%d] is %g, must be > 0 and <= 1", (int)k, packing_fraction[k]);
        if (k > 0 && step[k] <= step[k - 1])
            return BNSL_FAIL(BNSL_EINVAL, "step[%d] is %lld, must be greater than the one before", (int)k, (long long)step[k]);
    }
    int64_t *steps = bnsl__alloc(n_points, sizeof *steps);
    double *packing = bnsl__alloc(n_points, sizeof *packing);
    if (!steps || !packing) {
        free(steps);
        free(packing);
        return BNSL_NOMEM();
    }
    if (n_points > 0) {
        memcpy(steps, step, (size_t)n_points * sizeof *steps);
        memcpy(packing, packing_fraction, (size_t)n_points * sizeof *packing);
    }
    free(md->schedule_step);
    free(md->schedule_packing);
    md->schedule_step = steps;
    md->schedule_packing = packing;
    md->schedule_n = n_points;
    bnsl__schedule_apply(md, md->step);
    return BNSL_OK;
}
