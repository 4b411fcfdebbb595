/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The extended set of a periodic box: every point in every image that lies within reach of a query, with the image counted in
 * cells (a, b, c) along the periodic axes. Distance between planes of constant fractional coordinate bounds the distance of points
 * from below, so the images needed along one axis are those with
 *
 *     lowest query s - reach / plane distance <= s + image <= highest query s + reach / plane distance.
 *
 * Holds for any tilt, and for a reach beyond the box, where a point has several images in one list. Cost: O(extended points).
 */
#include <math.h>

#include "neighbor_internal.h"

/* Fractional slack for rounding, in cells. */
static const double slack = 1e-9;

/* Ids and rows of the shift table stay well within 32 bits. */
static const double max_images = 1 << 30;

/* Range of image counts along each axis. */
typedef struct {
    int32_t first[3], last[3];
} image_range;

/* What bounds the images. */
typedef struct {
    int32_t periodic;
    double plane[3];        /* plane distances */
    double low[3], high[3]; /* of the fractional coordinates of the queries */
} query_slab;

static bnsl_status bound_queries(const bnsl__search *s, const double *fraction, query_slab *slab)
{
    slab->periodic = s->box->periodic;
    for (int axis = 0; axis < 3; axis++) {
        slab->low[axis] = INFINITY;
        slab->high[axis] = -INFINITY;
    }
    for (int64_t i = 0; i < s->query.n; i++) {
        if (s->query_class[i] == BNSL__NO_CLASS)
            continue;
        for (int axis = 0; axis < 3; axis++) {
            slab->low[axis] = fmin(slab->low[axis], fraction[3 * i + axis]);
            slab->high[axis] = fmax(slab->high[axis], fraction[3 * i + axis]);
        }
    }
    return bnsl_box_plane_distances(s->box, slab->plane);
}

/* Images of a point at fractional coordinates f. The number of them can be beyond any array: it is counted in double. */
static double images_of(const query_slab *slab, const double f[3], double reach, image_range *range)
{
    double count = 1.0;
    for (int axis = 0; axis < 3; axis++) {
        double first = 0.0, last = 0.0;
        if (slab->periodic >> axis & 1) {
            const double margin = reach / slab->plane[axis] + slack;
            first = ceil(slab->low[axis] - margin - f[axis]);
            last = floor(slab->high[axis] + margin - f[axis]);
        }
        if (!(last >= first)) /* out of reach, or no queries */
            return 0.0;
        count *= last - first + 1.0;
        if (count < max_images) {
            range->first[axis] = (int32_t)first;
            range->last[axis] = (int32_t)last;
        }
    }
    return count;
}

/* Total of images_of; the range that holds all of them. */
static double count_images(const bnsl__search *s, const query_slab *slab, const double *fraction, const double *reach, image_range *all)
{
    double total = 0.0;
    *all = (image_range){{INT32_MAX, INT32_MAX, INT32_MAX}, {INT32_MIN, INT32_MIN, INT32_MIN}};
    for (int64_t j = 0; j < s->point.n && total < max_images; j++) {
        image_range range;
        if (s->point_class[j] == BNSL__NO_CLASS)
            continue;
        const double count = images_of(slab, fraction + 3 * j, reach[s->point_class[j]], &range);
        total += count;
        if (!(count > 0.0) || !(count < max_images))
            continue;
        for (int axis = 0; axis < 3; axis++) {
            if (range.first[axis] < all->first[axis])
                all->first[axis] = range.first[axis];
            if (range.last[axis] > all->last[axis])
                all->last[axis] = range.last[axis];
        }
    }
    return total;
}

/* Lattice vectors of all images in a range, a slowest. Their sums are arranged so that opposite images have opposite vectors. */
static bool fill_shifts(bnsl__images *images, const bnsl_box *box, const image_range *all)
{
    double edges[9];
    int64_t n = 1, row = 0;
    for (int axis = 0; axis < 3; axis++)
        n *= all->last[axis] - all->first[axis] + 1;
    if (!bnsl__hold(&images->own_shift_vector, 3 * n, sizeof(double)) || bnsl_box_vectors(box, edges) != BNSL_OK)
        return false;
    double *vector = images->own_shift_vector.data;
    for (int32_t a = all->first[0]; a <= all->last[0]; a++) {
        for (int32_t b = all->first[1]; b <= all->last[1]; b++) {
            for (int32_t c = all->first[2]; c <= all->last[2]; c++, row++) {
                for (int k = 0; k < 3; k++)
                    vector[3 * row + k] = a * edges[k] + b * edges[3 + k] + c * edges[6 + k];
            }
        }
    }
    return true;
}

/* Appends the images of point j; returns the new number of ids. */
static int32_t append_images(bnsl__images *images, const bnsl__search *s, int64_t j, const image_range *range, const image_range *all, int32_t id)
{
    double *xyz = images->own_xyz.data;
    const double *r = s->point.xyz + 3 * j, *vectors = images->own_shift_vector.data;
    int32_t *owner = images->own_owner.data, *shift = images->own_shift.data, *home = images->own_home.data;
    uint8_t *class_of = images->own_class.data;
    const int32_t n_b = all->last[1] - all->first[1] + 1, n_c = all->last[2] - all->first[2] + 1;
    for (int32_t a = range->first[0]; a <= range->last[0]; a++) {
        for (int32_t b = range->first[1]; b <= range->last[1]; b++) {
            for (int32_t c = range->first[2]; c <= range->last[2]; c++, id++) {
                const int32_t row = ((a - all->first[0]) * n_b + (b - all->first[1])) * n_c + (c - all->first[2]);
                for (int k = 0; k < 3; k++)
                    xyz[3 * (int64_t)id + k] = r[k] + vectors[3 * (int64_t)row + k];
                owner[id] = (int32_t)j;
                shift[id] = row;
                class_of[id] = s->point_class[j];
                if (s->same && a == 0 && b == 0 && c == 0)
                    home[j] = id;
            }
        }
    }
    return id;
}

static bool hold_images(bnsl__images *images, const bnsl__search *s, int64_t n)
{
    return bnsl__hold(&images->own_xyz, 3 * n, sizeof(double)) && bnsl__hold(&images->own_class, n, sizeof(uint8_t)) &&
           bnsl__hold(&images->own_owner, n, sizeof(int32_t)) && bnsl__hold(&images->own_shift, n, sizeof(int32_t)) &&
           (!s->same || bnsl__hold(&images->own_home, s->point.n, sizeof(int32_t)));
}

static bnsl_status build_periodic(bnsl__images *images, const bnsl__search *s, const double *reach, const char *func)
{
    const int64_t n_larger = s->query.n > s->point.n ? s->query.n : s->point.n;
    if (!bnsl__hold(&images->fraction, 3 * n_larger, sizeof(double)))
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    double *fraction = images->fraction.data;
    query_slab slab;
    bnsl_status status = bnsl_box_to_fractional(s->box, s->query.n, s->query.xyz, fraction);
    if (status == BNSL_OK)
        status = bound_queries(s, fraction, &slab);
    if (status == BNSL_OK && !s->same)
        status = bnsl_box_to_fractional(s->box, s->point.n, s->point.xyz, fraction);
    if (status != BNSL_OK)
        return status;

    image_range all;
    const double total = count_images(s, &slab, fraction, reach, &all);
    if (!(total < max_images))
        return bnsl__fail(BNSL_EINVAL, func, "the cut-off reaches over 2^30 images or more");
    if (!hold_images(images, s, (int64_t)total) || (total > 0.0 && !fill_shifts(images, s->box, &all)))
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    int32_t *home = images->own_home.data, id = 0;
    for (int64_t j = 0; j < s->point.n; j++) {
        image_range range;
        if (s->same)
            home[j] = -1;
        if (s->point_class[j] == BNSL__NO_CLASS || !(images_of(&slab, fraction + 3 * j, reach[s->point_class[j]], &range) > 0.0))
            continue;
        id = append_images(images, s, j, &range, &all, id);
    }
    images->n = id;
    images->xyz = images->own_xyz.data;
    images->class_of = images->own_class.data;
    images->owner = images->own_owner.data;
    images->shift = images->own_shift.data;
    images->shift_vector = images->own_shift_vector.data;
    images->home = s->same ? home : NULL;
    return BNSL_OK;
}

bnsl_status bnsl__images_build(bnsl__images *images, const bnsl__search *s, const double *reach, const char *func)
{
    if (s->box)
        return build_periodic(images, s, reach, func);
    images->n = s->point.n;
    images->xyz = s->point.xyz;
    images->class_of = s->point_class;
    images->owner = images->shift = images->home = NULL;
    images->shift_vector = NULL;
    return BNSL_OK;
}
