/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The neighbour list of a simulation. Periodic images that reach into the cut-off are kept as ghost particles behind the real ones, so
 * that the pair kernels know no box; the search itself is the neighbor module's. A list holds pairs up to r_cut + skin and is valid
 * until the two particles that moved furthest could have closed the gap:
 *
 *   2 max |r - s r_ref| > s skin - (1 - s) r_cut_max,   s: scaling of the box since the build (1 without compression)
 *
 * The list is a function of the reference positions alone, so a resumed run gets the same one.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "md_internal.h"

void bnsl__verlet_free(bnsl__verlet *list)
{
    bnsl_neighbor_destroy(list->search);
    free(list->reference);
    free(list->row_start);
    free(list->entry);
    free(list->ghost_owner);
    free(list->ghost_image);
    free(list->points);
    free(list->point_diameter);
    free(list->point_species);
}

/* Largest cut-off of each species with any other. */
static double reach_of(const bnsl__interaction *x, int32_t species)
{
    double reach = 0;
    for (int32_t b = 0; b < x->n_species; b++)
        reach = fmax(reach, x->r_cut[species * x->n_species + b]);
    return reach;
}

static double largest_cutoff(const bnsl__interaction *x)
{
    double reach = 0;
    for (int32_t a = 0; a < x->n_species; a++)
        reach = fmax(reach, reach_of(x, a));
    return reach;
}

int bnsl__verlet_outdated(const bnsl_md *md)
{
    const bnsl__verlet *list = &md->list;
    bnsl__md_kernels kernels = bnsl__md_pick_kernels(md);
    double largest = 0;
    int64_t n_chunks = (md->n + CHUNK - 1) / CHUNK;
#pragma omp parallel for num_threads(bnsl__threads(md->options.num_threads)) schedule(static) reduction(max : largest)
    for (int64_t c = 0; c < n_chunks; c++) {
        int64_t last = (c + 1) * CHUNK < md->n ? (c + 1) * CHUNK : md->n;
        double d2 = kernels.displacement2(md->position, list->reference, list->scale, c * CHUNK, last);
        double comparable = d2 >= 0 ? d2 : INFINITY; /* a maximum would lose a NaN */
        largest = comparable > largest ? comparable : largest;
    }
    double box = md->box.lx + md->box.ly + md->box.lz;
    if (!(largest < box * box)) /* further than the whole box since the last step */
        return -1;
    double gap = list->scale * list->skin - (1 - list->scale) * largest_cutoff(&md->interaction);
    return !(2 * sqrt(largest) <= gap);
}

void bnsl__verlet_update_ghosts(bnsl_md *md)
{
    const bnsl__verlet *list = &md->list;
    double h[9];
    bnsl_box_vectors(&md->box, h);
#pragma omp parallel for num_threads(bnsl__threads(md->options.num_threads)) schedule(static)
    for (int64_t g = 0; g < list->n_ghosts; g++) {
        const double *r = md->position + ROW * (int64_t)list->ghost_owner[g];
        const int32_t *k = list->ghost_image + 3 * g;
        double *out = md->position + ROW * (md->n + g);
        for (int d = 0; d < 3; d++)
            out[d] = r[d] + (k[0] * h[d] + k[1] * h[3 + d] + k[2] * h[6 + d]);
        out[3] = r[3];
    }
}

/* ---- sorting ------------------------------------------------------------------------------------------ */

/* Rows of 4 doubles, then of 3 and 1 integers, brought into the order md->order. */
static void permute_doubles(bnsl_md *md, double *rows)
{
    for (int64_t i = 0; i < md->n; i++)
        memcpy(md->scratch + ROW * i, rows + ROW * (int64_t)md->order[i], ROW * sizeof *rows);
    memcpy(rows, md->scratch, (size_t)md->n * ROW * sizeof *rows);
}

static void permute_integers(bnsl_md *md, int32_t *rows, int columns)
{
    int32_t *copy = (int32_t *)(void *)md->scratch;
    for (int64_t i = 0; i < md->n; i++)
        memcpy(copy + columns * i, rows + columns * (int64_t)md->order[i], (size_t)columns * sizeof *rows);
    memcpy(rows, copy, (size_t)md->n * (size_t)columns * sizeof *rows);
}

/* Cells of about one cut-off, at most 2^20, ordered along x first: neighbours in space become neighbours in memory. */
static bnsl_status sort_particles(bnsl_md *md, const char *func)
{
    double edge = fmax(largest_cutoff(&md->interaction), 0.5);
    double length[3] = { md->box.lx, md->box.ly, md->box.lz };
    int64_t cells[3];
    for (int d = 0; d < 3; d++)
        cells[d] = (int64_t)fmin(fmax(length[d] / edge, 1), 100);
    int64_t n_cells = cells[0] * cells[1] * cells[2];
    int32_t *start = bnsl__calloc(n_cells + 1, sizeof *start), *cell = bnsl__alloc(md->n, sizeof *cell);
    if (!start || !cell) {
        free(start);
        free(cell);
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    }
    for (int64_t i = 0; i < md->n; i++) {
        double s[3];
        bnsl_box_to_fractional(&md->box, 1, md->position + ROW * i, s);
        int64_t c = 0;
        for (int d = 2; d >= 0; d--) {
            int64_t k = (int64_t)((s[d] + 0.5) * (double)cells[d]);
            c = c * cells[d] + (k < 0 ? 0 : k < cells[d] ? k : cells[d] - 1);
        }
        cell[i] = (int32_t)c;
        start[c + 1]++;
    }
    for (int64_t c = 0; c < n_cells; c++)
        start[c + 1] += start[c];
    for (int64_t i = 0; i < md->n; i++)
        md->order[start[cell[i]]++] = (int32_t)i;
    free(start);
    free(cell);
    permute_doubles(md, md->position);
    permute_doubles(md, md->velocity);
    permute_doubles(md, md->force);
    permute_doubles(md, md->mobile);
    permute_integers(md, md->image, 3);
    permute_integers(md, md->species, 1);
    permute_integers(md, md->id, 1);
    return BNSL_OK;
}

/* ---- building ----------------------------------------------------------------------------------------- */

/* Images of particle i whose fractional coordinates lie within margin of the box. */
static bnsl_status add_ghosts_of(bnsl_md *md, int64_t i, const double s[3], const double margin[3], const char *func)
{
    bnsl__verlet *list = &md->list;
    int32_t low[3], high[3];
    for (int d = 0; d < 3; d++) {
        low[d] = (int32_t)ceil(-0.5 - margin[d] - s[d]);
        high[d] = (int32_t)floor(0.5 + margin[d] - s[d]);
    }
    for (int32_t a = low[0]; a <= high[0]; a++)
        for (int32_t b = low[1]; b <= high[1]; b++)
            for (int32_t c = low[2]; c <= high[2]; c++) {
                if (a == 0 && b == 0 && c == 0)
                    continue;
                int64_t capacity = list->ghost_capacity;
                void *owner = list->ghost_owner, *image = list->ghost_image;
                bool ok = bnsl__reserve(&owner, &capacity, list->n_ghosts + 1, sizeof *list->ghost_owner);
                list->ghost_owner = owner;
                int64_t image_capacity = 3 * list->ghost_capacity;
                ok = ok && bnsl__reserve(&image, &image_capacity, 3 * capacity, sizeof *list->ghost_image);
                list->ghost_image = image;
                if (!ok || md->n + list->n_ghosts >= INT32_MAX - 1)
                    return bnsl__fail(BNSL_ENOMEM, func, "out of memory for periodic images");
                list->ghost_capacity = capacity;
                list->ghost_owner[list->n_ghosts] = (int32_t)i;
                int32_t *k = list->ghost_image + 3 * list->n_ghosts++;
                k[0] = a;
                k[1] = b;
                k[2] = c;
            }
    return BNSL_OK;
}

static bnsl_status find_ghosts(bnsl_md *md, const char *func)
{
    bnsl__verlet *list = &md->list;
    double plane[3];
    bnsl_box_plane_distances(&md->box, plane);
    list->n_ghosts = 0;
    for (int64_t i = 0; i < md->n; i++) {
        double s[3], margin[3], reach = reach_of(&md->interaction, md->species[i]) + list->skin;
        bnsl_box_to_fractional(&md->box, 1, md->position + ROW * i, s);
        for (int d = 0; d < 3; d++)
            margin[d] = reach / plane[d];
        bnsl_status status = add_ghosts_of(md, i, s, margin, func);
        if (status)
            return status;
    }
    void *position = md->position;
    bool ok = bnsl__reserve(&position, &md->position_capacity, ROW * (md->n + list->n_ghosts + 1), sizeof *md->position);
    md->position = position;
    if (!ok)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory for periodic images");
    bnsl__verlet_update_ghosts(md);
    return BNSL_OK;
}

static bnsl_status reserve_points(bnsl_md *md, int64_t n, const char *func)
{
    bnsl__verlet *list = &md->list;
    if (n <= list->point_capacity)
        return BNSL_OK;
    int64_t capacity = n + n / 4;
    free(list->points);
    free(list->point_diameter);
    free(list->point_species);
    list->points = bnsl__alloc(3 * capacity, sizeof *list->points);
    list->point_diameter = bnsl__alloc(capacity, sizeof *list->point_diameter);
    list->point_species = bnsl__alloc(capacity, sizeof *list->point_species);
    list->point_capacity = list->points && list->point_diameter && list->point_species ? capacity : 0;
    return list->point_capacity ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
}

/* The neighbor module's list of all points around the real ones. */
static bnsl_status search(bnsl_md *md, const char *func)
{
    bnsl__verlet *list = &md->list;
    int64_t n_points = md->n + list->n_ghosts;
    bnsl_status status = reserve_points(md, n_points, func);
    if (status)
        return status;
    for (int64_t i = 0; i < n_points; i++) {
        memcpy(list->points + 3 * i, md->position + ROW * i, 3 * sizeof(double));
        int32_t species = md->species[i < md->n ? i : list->ghost_owner[i - md->n]];
        list->point_species[i] = species;
        list->point_diameter[i] = 2 * md->interaction.radius[species];
    }
    const double *diameter = md->interaction.additive ? list->point_diameter : NULL;
    status = bnsl_neighbor_build_between(list->search, NULL, md->n, list->points, list->point_species, diameter, n_points, list->points,
                                         list->point_species, diameter);
    return status;
}

/* Whether a particle's own position, which is among the points, is listed in its row: not where its species does not interact. */
static bool lists_itself(const bnsl_md *md, int64_t i)
{
    int32_t a = md->species[i];
    return md->interaction.r_cut[a * md->interaction.n_species + a] > 0;
}

/* Rows without the particle itself, padded with the far point. */
static bnsl_status pad_rows(bnsl_md *md, const char *func)
{
    bnsl__verlet *list = &md->list;
    const int64_t *offset;
    const int32_t *index;
    bnsl_status status = bnsl_neighbor_view(list->search, &offset, &index, NULL, NULL);
    if (status)
        return status;
    const int32_t far_point = (int32_t)(md->n + list->n_ghosts);
    list->row_start[0] = 0;
    list->n_listed = 0;
    for (int64_t i = 0; i < md->n; i++) {
        int64_t count = offset[i + 1] - offset[i] - lists_itself(md, i);
        list->row_start[i + 1] = list->row_start[i] + (count + LANES - 1) / LANES * LANES;
        list->n_listed += count;
    }
    void *entry = list->entry;
    bool ok = bnsl__reserve(&entry, &list->entry_capacity, list->row_start[md->n], sizeof *list->entry);
    list->entry = entry;
    if (!ok)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory for the neighbour list");
#pragma omp parallel for num_threads(bnsl__threads(md->options.num_threads)) schedule(static)
    for (int64_t i = 0; i < md->n; i++) {
        int32_t *out = list->entry + list->row_start[i];
        for (int64_t b = offset[i]; b < offset[i + 1]; b++)
            if (index[b] != i)
                *out++ = index[b];
        while (out < list->entry + list->row_start[i + 1])
            *out++ = far_point;
    }
    return BNSL_OK;
}

/* The far point: out of everybody's reach for as long as the list lives, and of the radius or species of particle 0. */
static void place_far_point(bnsl_md *md)
{
    double extent = 2 * (md->box.lx + md->box.ly * (1 + fabs(md->box.xy)) + md->box.lz * (1 + fabs(md->box.xz) + fabs(md->box.yz)));
    double away = extent + 10 * (largest_cutoff(&md->interaction) + md->list.skin);
    double *far_point = md->position + ROW * (md->n + md->list.n_ghosts);
    far_point[0] = far_point[1] = far_point[2] = away;
    far_point[3] = md->position[3];
}

static bnsl_status build_here(bnsl_md *md, const char *func)
{
    bnsl__verlet *list = &md->list;
    list->valid = false;
    bnsl_status status = find_ghosts(md, func);
    if (!status)
        status = search(md, func);
    if (!status)
        status = pad_rows(md, func);
    if (!status) {
        place_far_point(md);
        list->valid = true;
    }
    return status;
}

/* Positions back into the box, counting the crossings. */
static bnsl_status wrap(bnsl_md *md)
{
    for (int64_t i = 0; i < md->n; i++) {
        bnsl_status status = bnsl_box_wrap(&md->box, 1, md->position + ROW * i, md->image + 3 * i);
        if (status)
            return status;
    }
    return BNSL_OK;
}

bnsl_status bnsl__verlet_build(bnsl_md *md, const char *func)
{
    bnsl__verlet *list = &md->list;
    double start = bnsl__now();
    bnsl_status status = wrap(md);
    if (!status)
        status = sort_particles(md, func);
    if (!status) {
        memcpy(list->reference, md->position, (size_t)(ROW * md->n) * sizeof *list->reference);
        list->box = md->box;
        list->scale = 1;
        status = build_here(md, func);
    }
    md->statistics.n_list_builds++;
    md->statistics.n_listed = list->n_listed;
    md->statistics.list_seconds += bnsl__now() - start;
    return status;
}

bnsl_status bnsl__verlet_rebuild_from_reference(bnsl_md *md, const char *func)
{
    bnsl__verlet *list = &md->list;
    size_t bytes = (size_t)(ROW * md->n) * sizeof *md->position;
    bnsl_box box = md->box;
    memcpy(md->scratch, md->position, bytes);
    memcpy(md->position, list->reference, bytes);
    md->box = list->box;
    bnsl_status status = build_here(md, func);
    memcpy(md->position, md->scratch, bytes);
    md->box = box;
    return status;
}
