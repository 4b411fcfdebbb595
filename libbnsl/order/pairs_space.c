/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The particles of a scan over pairs: checks, wrapping, bounds of rounding errors. Cost: O(n). */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pairs_internal.h"

/* Coordinates up to this can be squared; images a cut-off may reach over. */
static const double max_size = 1e100, max_images = 1 << 30;

void bnsl__pairs_space_free(pairs_space *space)
{
    free(space->xyz);
    *space = (pairs_space){.n = 0};
}

bnsl_status bnsl__pairs_check_species(int64_t n, const int32_t *species, int32_t n_species, const char *func)
{
    for (int64_t i = 0; species && i < n; i++)
        if (species[i] < 0 || species[i] >= n_species)
            return bnsl__fail(BNSL_EINVAL, func, "species[%lld] is %d, must be within 0 .. %d", (long long)i, species[i], n_species - 1);
    return BNSL_OK;
}

static bnsl_status check(const bnsl_box *box, int64_t n, const double *xyz, double r_max, const char *func)
{
    double plane[3], images = 1;
    if (box && bnsl_box_validate(box) != BNSL_OK)
        return BNSL_EINVAL;
    if (n < 0 || n >= INT32_MAX)
        return bnsl__fail(BNSL_EINVAL, func, "n is %lld, must be within 0 .. 2^31 - 2", (long long)n);
    if (n > 0 && !xyz)
        return bnsl__fail(BNSL_EINVAL, func, "xyz is NULL");
    for (int64_t i = 0; i < n; i++) {
        const double *r = xyz + 3 * i;
        if (!(fabs(r[0]) <= max_size && fabs(r[1]) <= max_size && fabs(r[2]) <= max_size))
            return bnsl__fail(BNSL_EINVAL, func, "xyz[%lld] is (%g, %g, %g), must be finite and within 1e100", (long long)i, r[0], r[1], r[2]);
    }
    if (!box || bnsl_box_plane_distances(box, plane) != BNSL_OK)
        return BNSL_OK;
    for (int axis = 0; axis < 3; axis++)
        if (box->periodic >> axis & 1)
            images *= 2 * r_max / plane[axis] + 1;
    if (!(images < max_images))
        return bnsl__fail(BNSL_EINVAL, func, "r_max %g reaches over %g images of the box, must be below 2^30", r_max, images);
    return BNSL_OK;
}

/* Errors of some operations on the largest coordinates that occur. A wrapped particle's tilt terms cancel: they count in full. */
static void bound_rounding(pairs_space *s)
{
    const bnsl_box *b = &s->box;
    const double eps = 64 * DBL_EPSILON;
    double most[3] = {b->lx, b->ly, b->lz};
    for (int64_t i = 0; i < s->n; i++)
        for (int k = 0; k < 3; k++)
            most[k] = fmax(most[k], fabs(s->xyz[3 * i + k]));
    const double z = most[2] + s->r_max, y = most[1] + s->r_max + fabs(b->yz) * z;
    const double x = most[0] + s->r_max + fabs(b->xy) * y + (fabs(b->xz) + fabs(b->xy * b->yz)) * z;
    s->rounding[0] = eps * x / b->lx;
    s->rounding[1] = eps * y / b->ly;
    s->rounding[2] = eps * z / b->lz;
    s->reach = s->r_max + eps * (y + z);
}

static void bound_fractions(pairs_space *s)
{
    for (int k = 0; k < 3; k++) {
        const bool periodic = s->box.periodic >> k & 1;
        s->low[k] = periodic || s->n == 0 ? -0.5 : s->fraction[k];
        s->high[k] = periodic || s->n == 0 ? 0.5 : s->fraction[k];
        for (int64_t i = 0; i < s->n && !periodic; i++) {
            s->low[k] = fmin(s->low[k], s->fraction[3 * i + k]);
            s->high[k] = fmax(s->high[k], s->fraction[3 * i + k]);
        }
    }
}

bnsl_status bnsl__pairs_space_make(pairs_space *space, const bnsl_box *box, int64_t n, const double *xyz, double r_max, const char *func)
{
    *space = (pairs_space){.n = n, .r_max = r_max};
    bnsl_status status = check(box, n, xyz, r_max, func);
    if (status != BNSL_OK)
        return status;
    space->box = box ? *box : (bnsl_box){.lx = 1, .ly = 1, .lz = 1};
    space->xyz = bnsl__alloc(n, 6 * sizeof *space->xyz);
    if (!space->xyz)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    space->fraction = space->xyz + 3 * n;
    if (n > 0)
        memcpy(space->xyz, xyz, 3 * (size_t)n * sizeof *xyz);
    status = bnsl_box_wrap(&space->box, n, space->xyz, NULL);
    if (status == BNSL_OK)
        status = bnsl_box_to_fractional(&space->box, n, space->xyz, space->fraction);
    if (status != BNSL_OK)
        return status;
    bound_rounding(space);
    bound_fractions(space);
    return BNSL_OK;
}
