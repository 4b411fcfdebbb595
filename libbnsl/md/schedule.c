/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Quantities as piecewise-linear functions of the step: packing fraction (slow compression: box and positions are scaled together; with
 * walls, the walls move), the bath's temperature, the pressure. Cost of a step: a search among the points; a pass over the positions when
 * the volume changes.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "md_internal.h"

double bnsl__schedule_value(const bnsl__schedule *schedule, int64_t step)
{
    const int64_t *s = schedule->step;
    const double *v = schedule->value;
    int32_t low = 0, high = schedule->n - 1; /* v holds at and before s[low], at and beyond s[high] */
    if (step <= s[low])
        return v[low];
    if (step >= s[high])
        return v[high];
    while (high - low > 1) {
        int32_t middle = low + (high - low) / 2;
        if (step < s[middle])
            high = middle;
        else
            low = middle;
    }
    return v[low] + (v[high] - v[low]) * ((double)(step - s[low]) / (double)(s[high] - s[low]));
}

void bnsl__schedule_free(bnsl__schedule *schedule)
{
    free(schedule->step);
    free(schedule->value);
    *schedule = (bnsl__schedule){ 0 };
}

/* ---- applying ----------------------------------------------------------------------------------------- */

static void scale_all(bnsl_md *md, double scale)
{
    md->box.lx *= scale;
    md->box.ly *= scale;
    md->box.lz *= scale;
    for (int64_t i = 0; i < md->n; i++)
        for (int d = 0; d < 3; d++)
            md->position[ROW * i + d] *= scale;
}

static void apply_packing(bnsl_md *md, int64_t step)
{
    double volume = md->sphere_volume / bnsl__schedule_value(&md->packing, step);
    double ratio = volume / bnsl__md_volume(md);
    if (fabs(ratio - 1) < 1e-15)
        return;
    if (md->wall.kind != BNSL_MD_WALL_NONE)
        md->wall.size = bnsl__wall_size(md, volume);
    else
        scale_all(md, cbrt(ratio));
    md->forces_valid = false;
    md->largest_displacement2 = -1;
}

void bnsl__schedule_apply(bnsl_md *md, int64_t step)
{
    if (md->kT.n > 0)
        md->options.kT = bnsl__schedule_value(&md->kT, step);
    if (md->pressure.n > 0)
        md->options.pressure = bnsl__schedule_value(&md->pressure, step);
    if (md->packing.n > 0)
        apply_packing(md, step);
}

/* ---- setting ------------------------------------------------------------------------------------------ */

typedef struct range {
    const char *name, *allowed;
    double above, most; /* above < value <= most */
} range;

static const range PACKING = { "packing_fraction", "> 0 and <= 1", 0, 1 };
static const range TEMPERATURE = { "kT", "> 0", 0, HUGE_VAL };
static const range PRESSURE = { "pressure", "finite", -HUGE_VAL, HUGE_VAL };

static bnsl_status check_points(int32_t n_points, const int64_t *step, const double *value, const range *r, const char *func)
{
    if (n_points < 0)
        return bnsl__fail(BNSL_EINVAL, func, "n_points is %d, must be >= 0", (int)n_points);
    if (n_points > 0 && (!step || !value))
        return bnsl__fail(BNSL_EINVAL, func, "%s is NULL", !step ? "step" : r->name);
    for (int32_t k = 0; k < n_points; k++) {
        if (!(isfinite(value[k]) && value[k] > r->above && value[k] <= r->most))
            return bnsl__fail(BNSL_EINVAL, func, "%s[%d] is %g, must be %s", r->name, (int)k, value[k], r->allowed);
        if (k > 0 && step[k] <= step[k - 1])
            return bnsl__fail(BNSL_EINVAL, func, "step[%d] is %lld, must be greater than the one before", (int)k, (long long)step[k]);
    }
    return BNSL_OK;
}

static bnsl_status copy_points(bnsl__schedule *out, int32_t n_points, const int64_t *step, const double *value, const char *func)
{
    *out = (bnsl__schedule){ .n = n_points };
    if (n_points == 0)
        return BNSL_OK;
    out->step = bnsl__alloc(n_points, sizeof *step);
    out->value = bnsl__alloc(n_points, sizeof *value);
    if (!out->step || !out->value) {
        bnsl__schedule_free(out);
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    }
    memcpy(out->step, step, (size_t)n_points * sizeof *step);
    memcpy(out->value, value, (size_t)n_points * sizeof *value);
    return BNSL_OK;
}

/* Puts a schedule in the place of one of md's; check (or NULL) may still refuse what stands there then. */
static bnsl_status replace(bnsl_md *md, bnsl__schedule *target, int32_t n_points, const int64_t *step, const double *value, const range *r,
                           bnsl_status (*check)(const bnsl_md *, const char *), const char *func)
{
    bnsl__schedule fresh, old = *target;
    bnsl_status status = check_points(n_points, step, value, r, func);
    if (!status)
        status = copy_points(&fresh, n_points, step, value, func);
    if (status)
        return status;
    *target = fresh;
    status = check ? check(md, func) : BNSL_OK;
    if (status)
        *target = old;
    bnsl__schedule_free(status ? &fresh : &old);
    if (!status)
        bnsl__schedule_apply(md, md->step);
    return status;
}

bnsl_status bnsl_md_set_packing_schedule(bnsl_md *md, int32_t n_points, const int64_t *step, const double *packing_fraction)
{
    if (!md)
        return BNSL_FAIL(BNSL_EINVAL, "md is NULL");
    if (md->options.integrator == BNSL_MD_NPT && n_points > 0)
        return BNSL_FAIL(BNSL_EINVAL, "with BNSL_MD_NPT the pressure decides the volume");
    return replace(md, &md->packing, n_points, step, packing_fraction, &PACKING, bnsl__wall_still_fits, __func__);
}

bnsl_status bnsl_md_set_kT_schedule(bnsl_md *md, int32_t n_points, const int64_t *step, const double *kT)
{
    if (!md)
        return BNSL_FAIL(BNSL_EINVAL, "md is NULL");
    if (md->options.integrator == BNSL_MD_NVE)
        return BNSL_FAIL(BNSL_EINVAL, "BNSL_MD_NVE has no bath");
    return replace(md, &md->kT, n_points, step, kT, &TEMPERATURE, NULL, __func__);
}

bnsl_status bnsl_md_set_pressure_schedule(bnsl_md *md, int32_t n_points, const int64_t *step, const double *pressure)
{
    if (!md)
        return BNSL_FAIL(BNSL_EINVAL, "md is NULL");
    if (md->options.integrator != BNSL_MD_NPT)
        return BNSL_FAIL(BNSL_EINVAL, "only BNSL_MD_NPT has a pressure");
    return replace(md, &md->pressure, n_points, step, pressure, &PRESSURE, NULL, __func__);
}
