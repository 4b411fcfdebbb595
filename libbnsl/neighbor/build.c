/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One build of a list from the caller's arrays: checks, wrapping, classes, then the search. Cost: that of the search. */
#include <math.h>
#include <string.h>

#include "neighbor_internal.h"

/* Coordinates and diameters up to this can be squared and summed. */
static const double max_size = 1e100;

static bnsl_status check_xyz(const bnsl__points *set, const char *prefix, const char *func)
{
    for (int64_t i = 0; i < set->n; i++) {
        const double *r = set->xyz + 3 * i;
        if (!(fabs(r[0]) <= max_size && fabs(r[1]) <= max_size && fabs(r[2]) <= max_size))
            return bnsl__fail(BNSL_EINVAL, func, "%sxyz[%lld] is (%g, %g, %g), must be finite and within 1e100", prefix, (long long)i, r[0], r[1],
                              r[2]);
    }
    return BNSL_OK;
}

static bnsl_status check_species(const bnsl_neighbor_list *list, const bnsl__points *set, const char *prefix, const char *func)
{
    const int32_t limit = list->pair_cutoff ? list->n_species - 1 : INT32_MAX;
    for (int64_t i = 0; set->species && i < set->n; i++) {
        if (set->species[i] < 0 || set->species[i] > limit)
            return bnsl__fail(BNSL_EINVAL, func, "%sspecies[%lld] is %d, must be within 0 .. %d", prefix, (long long)i, (int)set->species[i],
                              (int)limit);
    }
    return BNSL_OK;
}

static bnsl_status check_diameters(const bnsl_neighbor_list *list, const bnsl__points *set, const char *prefix, const char *func)
{
    if (!(list->factor > 0.0)) {
        if (set->diameter)
            return bnsl__fail(BNSL_EINVAL, func, "%sdiameter is given, must be NULL without bnsl_neighbor_set_additive_cutoff", prefix);
        return BNSL_OK;
    }
    if (set->n > 0 && !set->diameter)
        return bnsl__fail(BNSL_EINVAL, func, "%sdiameter is NULL, an additive cut-off needs it", prefix);
    for (int64_t i = 0; i < set->n; i++) {
        if (!(set->diameter[i] > 0.0 && set->diameter[i] <= max_size))
            return bnsl__fail(BNSL_EINVAL, func, "%sdiameter[%lld] is %g, must be > 0 and <= 1e100", prefix, (long long)i, set->diameter[i]);
    }
    return BNSL_OK;
}

static bnsl_status check_set(const bnsl_neighbor_list *list, const bnsl__points *set, const char *prefix, const char *func)
{
    if (set->n < 0 || set->n > INT32_MAX)
        return bnsl__fail(BNSL_EINVAL, func, "n%s%s is %lld, must be within 0 .. 2^31 - 1", *prefix ? "_" : "", *prefix ? "query" : "",
                          (long long)set->n);
    if (set->n > 0 && !set->xyz)
        return bnsl__fail(BNSL_EINVAL, func, "%sxyz is NULL", prefix);
    bnsl_status status = check_xyz(set, prefix, func);
    if (status == BNSL_OK)
        status = check_species(list, set, prefix, func);
    if (status == BNSL_OK)
        status = check_diameters(list, set, prefix, func);
    return status;
}

/* A wrapped copy of a set's positions takes their place. */
static bnsl_status wrap_set(const bnsl_box *box, bnsl__points *set, bnsl__array *copy, const char *func)
{
    if (!bnsl__hold(copy, 3 * set->n, sizeof(double)))
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    if (set->n > 0)
        memcpy(copy->data, set->xyz, 3 * (size_t)set->n * sizeof(double));
    set->xyz = copy->data;
    return bnsl_box_wrap(box, set->n, copy->data, NULL);
}

/* The list is empty until this comes to its end. */
static bnsl_status search(bnsl_neighbor_list *list, bnsl__search *s, const char *func)
{
    const bnsl__points query = s->query, point = s->point; /* as given */
    const bool one_class_array = s->same && list->options.query_species == list->options.point_species;
    if (!bnsl__hold(&list->offset, query.n + 1, sizeof(int64_t)) || !bnsl__hold(&list->query_class, query.n, sizeof(uint8_t)) ||
        (!one_class_array && !bnsl__hold(&list->point_class, point.n, sizeof(uint8_t))))
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    *(int64_t *)list->offset.data = 0; /* also of a larger array */
    bnsl_status status = BNSL_OK;
    if (s->box) {
        status = wrap_set(s->box, &s->query, &list->query_wrapped, func);
        if (status == BNSL_OK && s->same)
            s->point = s->query;
        else if (status == BNSL_OK)
            status = wrap_set(s->box, &s->point, &list->point_wrapped, func);
        if (status != BNSL_OK)
            return status;
    }
    uint8_t *query_class = list->query_class.data, *point_class = one_class_array ? query_class : list->point_class.data;
    bnsl__classify(list, &s->query, &s->point, &s->classes, query_class, point_class);
    s->query_class = query_class;
    s->point_class = point_class;
    switch (list->options.mode) {
    case BNSL_NEIGHBOR_RADIUS:
        status = bnsl__radius_build(list, s, func);
        break;
    case BNSL_NEIGHBOR_NEAREST:
        status = bnsl__nearest_build(list, s, func);
        break;
    default:
        status = bnsl__adaptive_build(list, s, func);
    }
    if (status != BNSL_OK)
        return status;
    list->n_query = query.n;
    return BNSL_OK;
}

static bnsl_status build(bnsl_neighbor_list *list, const bnsl_box *box, const bnsl__points *query, const bnsl__points *point, bool same,
                         const char *func)
{
    list->n_query = list->bonds.n = 0;
    *(int64_t *)list->offset.data = 0;
    bnsl_status status = box ? bnsl_box_validate(box) : BNSL_OK;
    if (status == BNSL_OK)
        status = check_set(list, query, same ? "" : "query_", func);
    if (status == BNSL_OK && !same)
        status = check_set(list, point, "", func);
    if (status != BNSL_OK)
        return status;
    bnsl__search s = {.list = list,
                      .box = box && box->periodic != 0 ? box : NULL,
                      .query = *query,
                      .point = *point,
                      .same = same,
                      .images = &list->images,
                      .cells = &list->cells,
                      .isa = bnsl__isa(BNSL_ISA_AUTO)};
    status = search(list, &s, func);
    if (status != BNSL_OK) {
        list->bonds.n = 0;
        *(int64_t *)list->offset.data = 0;
    }
    return status;
}

bnsl_status bnsl_neighbor_build(bnsl_neighbor_list *list, const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species,
                                const double *diameter)
{
    if (!list)
        return BNSL_FAIL(BNSL_EINVAL, "list is NULL");
    const bnsl__points set = {n, xyz, species, diameter};
    return build(list, box, &set, &set, true, __func__);
}

bnsl_status bnsl_neighbor_build_between(bnsl_neighbor_list *list, const bnsl_box *box, int64_t n_query, const double *query_xyz,
                                        const int32_t *query_species, const double *query_diameter, int64_t n, const double *xyz,
                                        const int32_t *species, const double *diameter)
{
    if (!list)
        return BNSL_FAIL(BNSL_EINVAL, "list is NULL");
    if (list->options.flags & BNSL_NEIGHBOR_HALF) {
        list->n_query = list->bonds.n = 0;
        *(int64_t *)list->offset.data = 0;
        return BNSL_FAIL(BNSL_EINVAL, "BNSL_NEIGHBOR_HALF is for one point set, bnsl_neighbor_build");
    }
    const bnsl__points query = {n_query, query_xyz, query_species, query_diameter}, point = {n, xyz, species, diameter};
    return build(list, box, &query, &point, false, __func__);
}
