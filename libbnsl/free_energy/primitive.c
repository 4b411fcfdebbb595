/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Primitive cells in a periodic box of sites: how many translations map the crystal onto itself. A translation carries the first site of
 * the rarest species to another site of that species, so there are at most as many candidates as such sites; each is tried on all sites,
 * which are found in bins of about one site.
 * Cost: N times the number of translations; the wrong candidates fail at the first sites.
 */
#include <math.h>
#include <stdlib.h>

#include "free_energy_internal.h"

#define MATCH 1e-4 /* of the shortest distance between sites */

typedef struct site_bins {
    int64_t n, per_axis;
    const double *x; /* fractional, n x 3, in [0, 1) */
    const int32_t *species;
    int32_t *first, *next; /* of each bin; of each site: -1 ends */
    double to_cartesian[9];
    double tolerance, reach[3]; /* a distance; what it is along each fractional axis */
} site_bins;

static double wrapped(double x)
{
    x -= floor(x);
    return x < 1.0 ? x : 0.0;
}

static int64_t bin_of(const site_bins *b, double x)
{
    int64_t k = (int64_t)(wrapped(x) * (double)b->per_axis);
    return k < b->per_axis ? k : b->per_axis - 1;
}

/* The site at a point, but not site `except`; -1: none. */
static int64_t site_at(const site_bins *b, const double *x, int64_t except)
{
    int64_t low[3], high[3];
    for (int k = 0; k < 3; k++) {
        low[k] = bin_of(b, x[k] - b->reach[k]);
        high[k] = bin_of(b, x[k] + b->reach[k]);
    }
    for (int corner = 0; corner < 8; corner++) {
        int64_t at[3];
        bool again = false; /* the same bin as an earlier corner */
        for (int k = 0; k < 3; k++) {
            at[k] = corner >> k & 1 ? high[k] : low[k];
            again |= (corner >> k & 1) && high[k] == low[k];
        }
        if (again)
            continue;
        for (int64_t j = b->first[(at[0] * b->per_axis + at[1]) * b->per_axis + at[2]]; j >= 0; j = b->next[j])
            if (j != except && bnsl__fractional_distance2(b->x + 3 * j, x, b->to_cartesian) < b->tolerance * b->tolerance)
                return j;
    }
    return -1;
}

static void fill_bins(site_bins *b)
{
    int64_t n_bins = b->per_axis * b->per_axis * b->per_axis;
    for (int64_t k = 0; k < n_bins; k++)
        b->first[k] = -1;
    for (int64_t i = b->n - 1; i >= 0; i--) {
        int64_t bin = (bin_of(b, b->x[3 * i]) * b->per_axis + bin_of(b, b->x[3 * i + 1])) * b->per_axis + bin_of(b, b->x[3 * i + 2]);
        b->next[i] = b->first[bin];
        b->first[bin] = (int32_t)i;
    }
}

/* Shortest distance from the first site; 0 when it is alone. */
static double shortest(const site_bins *b)
{
    double least = INFINITY;
    for (int64_t j = 1; j < b->n; j++)
        least = fmin(least, bnsl__fractional_distance2(b->x, b->x + 3 * j, b->to_cartesian));
    return isfinite(least) ? sqrt(least) : 0.0;
}

static bool maps_onto_itself(const site_bins *b, const double *translation)
{
    for (int64_t i = 0; i < b->n; i++) {
        const double x[3] = { b->x[3 * i] + translation[0], b->x[3 * i + 1] + translation[1], b->x[3 * i + 2] + translation[2] };
        int64_t j = site_at(b, x, -1);
        if (j < 0 || b->species[j] != b->species[i])
            return false;
    }
    return true;
}

/* First site of the species of which there are fewest. */
static int64_t rarest(int64_t n, const int32_t *species)
{
    int64_t best = 0, fewest = n + 1;
    for (int64_t i = 0; i < n; i++) {
        bool seen = false;
        for (int64_t j = 0; j < i && !seen; j++)
            seen = species[j] == species[i];
        if (seen)
            continue;
        int64_t count = 0;
        for (int64_t j = i; j < n; j++)
            count += species[j] == species[i];
        if (count < fewest) {
            fewest = count;
            best = i;
        }
    }
    return best;
}

static bnsl_status count_translations(site_bins *b, int64_t *n_cells_out, const char *func)
{
    b->tolerance = MATCH * shortest(b);
    if (b->n > 1 && b->tolerance == 0)
        return bnsl__fail(BNSL_EINVAL, func, "two sites are at the same place");
    bnsl_box box;
    double width[3];
    bnsl_status status = bnsl_box_from_vectors(&box, b->to_cartesian, NULL);
    if (!status)
        status = bnsl_box_plane_distances(&box, width);
    if (status)
        return status;
    for (int k = 0; k < 3; k++)
        b->reach[k] = b->tolerance / width[k];
    for (int64_t i = 0; i < b->n; i++)
        if (site_at(b, b->x + 3 * i, i) >= 0)
            return bnsl__fail(BNSL_EINVAL, func, "site %lld is at the same place as another one", (long long)i);
    int64_t origin = rarest(b->n, b->species), count = 0;
    for (int64_t j = 0; j < b->n; j++) {
        if (b->species[j] != b->species[origin])
            continue;
        double t[3];
        for (int k = 0; k < 3; k++)
            t[k] = b->x[3 * j + k] - b->x[3 * origin + k];
        count += j == origin || maps_onto_itself(b, t);
    }
    *n_cells_out = count;
    return BNSL_OK;
}

bnsl_status bnsl_free_energy_primitive_cells(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, int64_t *n_cells_out)
{
    if (!box || !xyz || !species || !n_cells_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !box ? "box" : !xyz ? "xyz" : !species ? "species" : "n_cells_out");
    bnsl_status status = bnsl_box_validate(box);
    if (status)
        return status;
    int64_t where;
    if (box->periodic != BNSL_PERIODIC_XYZ)
        return BNSL_FAIL(BNSL_EINVAL, "box is periodic along %d, must be %d (all axes)", (int)box->periodic, (int)BNSL_PERIODIC_XYZ);
    if (n < 1 || n >= 1 << 24)
        return BNSL_FAIL(BNSL_EINVAL, "n is %lld, must be 1 .. 2^24 - 1", (long long)n);
    if (!bnsl__all_finite(3 * n, xyz, &where))
        return BNSL_FAIL(BNSL_EINVAL, "xyz[%lld] is %g, must be finite", (long long)where, xyz[where]);
    int64_t per_axis = (int64_t)cbrt((double)n);
    site_bins b = { .n = n, .per_axis = per_axis < 1 ? 1 : per_axis, .species = species };
    double *x = bnsl__alloc(3 * n, sizeof *x);
    b.first = bnsl__alloc(b.per_axis * b.per_axis * b.per_axis, sizeof *b.first);
    b.next = bnsl__alloc(n, sizeof *b.next);
    if (!x || !b.first || !b.next) {
        status = BNSL_NOMEM();
    } else {
        status = bnsl_box_to_fractional(box, n, xyz, x);
        if (!status)
            status = bnsl_box_vectors(box, b.to_cartesian);
        for (int64_t k = 0; k < 3 * n; k++)
            x[k] = wrapped(x[k]);
        b.x = x;
        fill_bins(&b);
        if (!status)
            status = count_translations(&b, n_cells_out, __func__);
    }
    free(x);
    free(b.first);
    free(b.next);
    return status;
}
