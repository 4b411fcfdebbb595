/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The surroundings of a few consecutive particles, which are near in space: all points within reach of one of them, copied from the grid one after
 * the other, in its order. A sphere around their box is covered by runs of consecutive points, one for each row of cells along x. The size
 * of the box is a compromise: more particles share the cost of finding and copying, each of them is compared with more points. Of boxes of 0.4 to 1
 * search radius across and 0.75 to 2 long the one here was the best in wide and narrow wells, at packing fractions of 0.30 and 0.55.
 */
#include <string.h>

#include "md_internal.h"

/* Edges of cells (half the largest search radius along y and z) that the particles may lie apart along x, y, z. */
static const float EXTENT[3] = { 2, 1, 1 };

/* The sphere around such a box extends over 5 edges along y and z: it touches at most 7 cells of them, with rounding. */
enum { MAX_CELLS = 7, MAX_RUNS = MAX_CELLS * MAX_CELLS };

static inline int32_t clamp(float cell, int32_t n)
{
    return cell > 0 ? (cell < (float)(n - 1) ? (int32_t)cell : n - 1) : 0;
}

/* Squared distances along one axis from the interval low .. high to the cells first .. last. */
static inline void gaps2(float low, float high, float edge, int32_t first, int32_t last, float *out)
{
    for (int32_t c = first; c <= last; c++) {
        float below = (float)c * edge - high, above = low - (float)(c + 1) * edge, gap = below > above ? below : above;
        out[c - first] = gap > 0 ? gap * gap : 0;
    }
}

/* Runs of points that can be within radius of a box (from the grid's corner). Their number; that of their points in *n_points. */
static inline int64_t find_runs(const bnsl__grid *grid, const float low[3], const float high[3], float radius, int32_t *run, int64_t *n_points)
{
    const float edge = (float)grid->edge, per_x = (float)grid->per_edge[0], per = (float)grid->per_edge[1];
    const int32_t x0 = clamp((low[0] - radius) * per_x, grid->n_cells[0]), x1 = clamp((high[0] + radius) * per_x, grid->n_cells[0]) + 1;
    const int32_t y0 = clamp((low[1] - radius) * per, grid->n_cells[1]), y1 = clamp((high[1] + radius) * per, grid->n_cells[1]);
    const int32_t z0 = clamp((low[2] - radius) * per, grid->n_cells[2]), z1 = clamp((high[2] + radius) * per, grid->n_cells[2]);
    float dy2[MAX_CELLS], dz2[MAX_CELLS];
    gaps2(low[1], high[1], edge, y0, y1, dy2);
    gaps2(low[2], high[2], edge, z0, z1, dz2);
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

/* The particles from first on whose box is small enough, with what each asks for, and the largest of that. */
static void choose_particles(const bnsl_md *md, int64_t first, int64_t last, bnsl__surroundings *s, bnsl__gather_work *work)
{
    const bnsl__grid *grid = &md->list.grid;
    s->n = 0;
    s->largest_reach = 0;
    for (int64_t i = first; i < last && s->n < MOST_TOGETHER; i++, s->n++) {
        const double *p = md->position + ROW * i;
        float *query = s->query[s->n], low[3], high[3];
        bool fits = true;
        for (int d = 0; d < 3; d++) {
            query[d] = (float)(p[d] - grid->low[d]);
            low[d] = s->n > 0 && work->low[d] < query[d] ? work->low[d] : query[d];
            high[d] = s->n > 0 && work->high[d] > query[d] ? work->high[d] : query[d];
            fits = fits && high[d] - low[d] < EXTENT[d] * (float)grid->edge;
        }
        if (s->n > 0 && !fits)
            break;
        memcpy(work->low, low, sizeof low);
        memcpy(work->high, high, sizeof high);
        const double reach = bnsl__verlet_reach(md, i);
        query[3] = (float)p[3];
        s->reach[s->n] = (float)(reach / (p[3] + md->list.largest_radius));
        work->radius = query[3] > work->radius ? query[3] : work->radius;
        work->reach = s->reach[s->n] > work->reach ? s->reach[s->n] : work->reach;
        s->largest_reach = (float)reach > s->largest_reach ? (float)reach : s->largest_reach;
    }
}

bool bnsl__surround(const bnsl_md *md, const bnsl__md_kernels *kernels, int64_t first, int64_t last, bnsl__surroundings *s)
{
    const bnsl__grid *grid = &md->list.grid;
    const float rounding = (float)bnsl__list_rounding(md);
    int32_t run[2 * MAX_RUNS + 2];
    int64_t n_points = 0;
    s->skin = (float)md->list.built.skin + rounding;
    bnsl__gather_work work = { .points = &grid->points, .run = run, .skin = s->skin };
    choose_particles(md, first, last, s, &work);
    if (s->largest_reach > 0)
        work.n_runs = find_runs(grid, work.low, work.high, s->largest_reach + s->skin + rounding, run, &n_points);
    if (!bnsl__points_hold(&s->points, &s->capacity, n_points + 2 * MIXED_LANES))
        return false;
    s->n_points = kernels->gather(&work, &s->points);
    return true;
}
