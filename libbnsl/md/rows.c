/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of a neighbour list, from points in the cells of a grid. A sphere around a particle is covered by runs of consecutive points,
 * one for each row of cells along x. Each chunk of particles fills memory of its own, so the rows do not
 * depend on the number of threads. Cost: O(points near each particle).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "md_internal.h"

/* Cells have at least half the search radius along y and z: a sphere touches at most 6 of them along each. */
enum { MAX_CELLS = 6, MAX_RUNS = MAX_CELLS * MAX_CELLS };

static inline int32_t clamp(float cell, int32_t n)
{
    return cell > 0 ? (cell < (float)(n - 1) ? (int32_t)cell : n - 1) : 0;
}

/* Squared distances along one axis from r to the cells first .. last. */
static inline void gaps2(float r, float edge, int32_t first, int32_t last, float *out)
{
    for (int32_t c = first; c <= last; c++) {
        float below = (float)c * edge - r, above = r - (float)(c + 1) * edge, gap = below > above ? below : above;
        out[c - first] = gap > 0 ? gap * gap : 0;
    }
}

/* Runs of points that can be within radius of r (from the grid's corner). Their number; that of their points in *n_points. */
static inline int64_t find_runs(const bnsl__grid *grid, const float r[3], float radius, int32_t *run, int64_t *n_points)
{
    const float edge = (float)grid->edge, per_x = (float)grid->per_edge[0], per = (float)grid->per_edge[1];
    const int32_t x0 = clamp((r[0] - radius) * per_x, grid->n_cells[0]), x1 = clamp((r[0] + radius) * per_x, grid->n_cells[0]) + 1;
    const int32_t y0 = clamp((r[1] - radius) * per, grid->n_cells[1]), y1 = clamp((r[1] + radius) * per, grid->n_cells[1]);
    const int32_t z0 = clamp((r[2] - radius) * per, grid->n_cells[2]), z1 = clamp((r[2] + radius) * per, grid->n_cells[2]);
    float dy2[MAX_CELLS], dz2[MAX_CELLS];
    gaps2(r[1], edge, y0, y1, dy2);
    gaps2(r[2], edge, z0, z1, dz2);
    int64_t n = 0, points = 0;
    for (int32_t cz = z0; cz <= z1; cz++) {
        const int32_t *row = grid->start + ((int64_t)cz * grid->n_cells[1] + y0) * grid->n_cells[0];
        const float left = radius * radius - dz2[cz - z0];
        for (int32_t k = 0; k <= y1 - y0; k++, row += grid->n_cells[0]) {
            int32_t begin = row[x0], end = row[x1];
            run[2 * n] = begin; /* overwritten by the next run unless it counts */
            run[2 * n + 1] = end;
            n += (dy2[k] < left) & (end > begin);
            points += end - begin;
        }
    }
    *n_points = points;
    return n;
}

int32_t bnsl__list_padding(const bnsl_md *md)
{
    return bnsl__md_is_mixed(md) ? MIXED_LANES : LANES;
}

/* The n found points of particle i, in its segments, padded; returns the new end. */
static int32_t write_segments(const bnsl_md *md, int64_t i, const int32_t *found, int64_t n, int32_t *entry, int32_t end, int32_t *start,
                              int32_t *count)
{
    const bnsl__interaction *x = &md->interaction;
    const int32_t far_point = (int32_t)(ROW * (md->n + md->list.n_ghosts));
    const double *p = md->position + ROW * i;
    const int32_t a = md->species[i], padding = bnsl__list_padding(md);
    for (int32_t s = 0; s < x->n_slots; s++) {
        start[s] = end;
        for (int64_t k = 0; k < n; k++) {
            int32_t j = found[k] / ROW, b = md->species[j < md->n ? j : md->list.ghost_owner[j - md->n]];
            const double *q = md->position + found[k];
            double dx = q[0] - p[0], dy = q[1] - p[1], dz = q[2] - p[2];
            double far = x->pair_reach[a * x->n_species + b] * (p[3] + q[3]) + md->list.built.skin;
            entry[end] = found[k]; /* overwritten by the next point unless it counts */
            end += (x->slot[a * x->n_species + b] == s) & (dx * dx + dy * dy + dz * dz < far * far);
        }
        count[s] = end - start[s];
        end = bnsl__pad_row(entry, end, padding, far_point);
    }
    return end;
}

/* One law for all, without exceptions: what the scan finds is the row. */
static bool is_plain(const bnsl_md *md)
{
    const bnsl__interaction *x = &md->interaction;
    for (int32_t k = 0; k < x->n_species * x->n_species; k++)
        if (x->slot[k] != 0 || x->pair_reach[k] != x->pair_reach[0])
            return false;
    return x->n_slots == 1;
}

bool bnsl__hold_entries(bnsl__rows *rows, int64_t c, int64_t used, int64_t n)
{
    if (used + n <= rows->capacity[c])
        return true;
    int64_t capacity = used + n + (used + n) / 8;
    int32_t *entry = capacity < INT32_MAX ? bnsl__alloc(capacity, sizeof *entry) : NULL;
    if (!entry)
        return false;
    if (used > 0)
        memcpy(entry, rows->entry[c], (size_t)used * sizeof *entry);
    free(rows->entry[c]);
    rows->entry[c] = entry;
    rows->capacity[c] = capacity;
    return true;
}

typedef struct search {
    bnsl__md_kernels kernels;
    float rounding;
    bool plain;
} search;

/* Rows of the particles of chunk c. found: scratch that grows. */
static bool fill_chunk(bnsl_md *md, const search *s, int64_t c, int32_t **found, int64_t *found_capacity, int64_t *n_pairs)
{
    bnsl__verlet *list = &md->list;
    const bnsl__grid *grid = &list->grid;
    const int32_t n_slots = md->interaction.n_slots;
    const int32_t padding = bnsl__list_padding(md), far_point = (int32_t)(ROW * (md->n + list->n_ghosts));
    int32_t *start = list->outer.start + c * CHUNK * n_slots, *count = list->outer.count + c * CHUNK * n_slots, end = 0, run[2 * MAX_RUNS + 2];
    int64_t first = c * CHUNK, last = first + CHUNK < md->n ? first + CHUNK : md->n;
    for (int64_t i = first; i < last; i++, start += n_slots, count += n_slots) {
        const double *p = md->position + ROW * i;
        const float query[4] = { (float)(p[0] - grid->low[0]), (float)(p[1] - grid->low[1]), (float)(p[2] - grid->low[2]), (float)p[3] };
        double reach = bnsl__verlet_reach(md, i);
        float skin = (float)list->built.skin + s->rounding, radius = (float)reach + skin;
        bnsl__scan_work work = {
            .x = grid->x, .y = grid->y, .z = grid->z, .radius = grid->radius, .offset = grid->offset, .query = query, .run = run};
        work.reach = (float)(reach / (p[3] + list->largest_radius));
        work.skin = skin;
        work.self = (int32_t)(ROW * i);
        int64_t n_points;
        work.n_runs = reach > 0 ? find_runs(grid, query, radius + s->rounding, run, &n_points) : 0;
        if (work.n_runs == 0)
            n_points = 0;
        void *scratch = *found;
        bool ok = bnsl__reserve(&scratch, found_capacity, n_points + 16, sizeof **found);
        *found = scratch;
        if (!ok)
            return false;
        int64_t n = s->kernels.scan(&work, *found);
        if (!bnsl__hold_entries(&list->outer, c, end, n + 1 + MIXED_LANES * (n_slots + 1))) /* one more is written over before it counts */
            return false;
        if (s->plain) {
            start[0] = end;
            count[0] = (int32_t)n;
            memcpy(list->outer.entry[c] + end, *found, (size_t)n * sizeof **found);
            end = bnsl__pad_row(list->outer.entry[c], end + (int32_t)n, padding, far_point);
        } else {
            end = write_segments(md, i, *found, n, list->outer.entry[c], end, start, count);
        }
        for (int32_t k = 0; k < n_slots; k++)
            *n_pairs += count[k];
    }
    return true;
}

bnsl_status bnsl__list_rows(bnsl_md *md, const char *func)
{
    const search s = { bnsl__md_pick_kernels(md, false), (float)bnsl__list_rounding(md), is_plain(md) };
    int64_t n_pairs = 0, n_failed = 0;
#pragma omp parallel num_threads(bnsl__threads(md->options.num_threads)) reduction(+ : n_pairs, n_failed)
    {
        int32_t *found = NULL;
        int64_t capacity = 0;
#pragma omp for schedule(dynamic, 1)
        for (int64_t c = 0; c < md->n_chunks; c++)
            n_failed += !fill_chunk(md, &s, c, &found, &capacity, &n_pairs);
        free(found);
    }
    md->list.outer.n_listed = n_pairs;
    return n_failed ? bnsl__fail(BNSL_ENOMEM, func, "out of memory for the neighbour list") : BNSL_OK;
}
