/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Particles of one species in cells [counting sort], and the rows of cells that lie within reach of a row.
 * Cost: O(particles + cells); the cells are at most some times the particles.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pairs_internal.h"

enum { CELLS_PER_PARTICLE = 4, MORE_CELLS = 64, MOST_CELLS = 1 << 27 };

/* Cells are this much shorter along a, where a run ends inside a row. */
static const double ALONG = 0.3;

void bnsl__pairs_grid_free(pairs_grid *grid)
{
    free(grid->start);
    free(grid->memory);
    free(grid->id);
    *grid = (pairs_grid){.n = 0};
}

/*
 * Edge of the cells: small ones fit the sphere better, but there are more rows. In units of a distance test, with m cells in the reach: some
 * ROW for each of the pi (m + 1)^2 rows, and the particles of a sphere that is larger by half a cell.
 */
static double choose_edge(double reach, double density)
{
    const double ROW = 16, pi = 3.14159265358979323846;
    double best = INFINITY, edge = reach;
    for (int m = 1; m <= 16; m++) {
        const double radius = reach * (1 + 0.5 / m), cost = ROW * pi * (m + 1) * (m + 1) + density * 4 / 3 * pi * radius * radius * radius;
        if (cost < best) {
            best = cost;
            edge = reach / m;
        }
    }
    return edge;
}

/* Cells of the grid; returns how many. */
static int64_t shape(pairs_grid *g, const pairs_space *s)
{
    const double length[3] = {s->box.lx, s->box.ly, s->box.lz};
    const double most = fmin((double)g->n * CELLS_PER_PARTICLE + MORE_CELLS, MOST_CELLS);
    double extent[3], volume = 1, n[3], scale = 1;
    for (int k = 0; k < 3; k++) {
        extent[k] = (s->high[k] - s->low[k]) * length[k];
        volume *= fmax(extent[k], s->reach);
    }
    const double edge = choose_edge(s->reach, (double)g->n / volume);
    do { /* few particles in a large space: larger cells */
        for (int k = 0; k < 3; k++)
            n[k] = fmin(floor(extent[k] / (edge * scale * (k == 0 ? ALONG : 1))), most) + 1;
        scale *= 1.25;
    } while (n[0] * n[1] * n[2] > most);
    for (int k = 0; k < 3; k++) {
        const double width = s->high[k] - s->low[k];
        g->n_cells[k] = (int32_t)n[k];
        g->low[k] = s->low[k];
        g->cell[k] = width / n[k];
        g->per_cell[k] = width > 0 ? n[k] / width : 0;
    }
    return (int64_t)(n[0] * n[1] * n[2]);
}

/* Cell of a fractional coordinate, within the grid; monotonic. */
static inline int32_t cell_along(const pairs_grid *g, int axis, double s)
{
    const double cell = (s - g->low[axis]) * g->per_cell[axis], last = g->n_cells[axis] - 1;
    return (int32_t)(cell > 0 ? (cell < last ? cell : last) : 0);
}

static inline int64_t cell_of(const pairs_grid *g, const double *s)
{
    return ((int64_t)cell_along(g, 2, s[2]) * g->n_cells[1] + cell_along(g, 1, s[1])) * g->n_cells[0] + cell_along(g, 0, s[0]);
}

static inline bool belongs(const int32_t *species, int32_t wanted, int64_t i)
{
    return wanted < 0 || !species || species[i] == wanted;
}

bool bnsl__pairs_grid_make(pairs_grid *grid, const pairs_space *space, const int32_t *species, int32_t wanted)
{
    *grid = (pairs_grid){.n = 0};
    for (int64_t i = 0; i < space->n; i++)
        grid->n += belongs(species, wanted, i);
    const int64_t n_cells = shape(grid, space), stride = grid->n + PAIRS_LANES;
    int32_t *next = grid->start = bnsl__calloc(n_cells + 2, sizeof *grid->start);
    grid->memory = bnsl__calloc(3 * stride, sizeof *grid->memory);
    grid->id = bnsl__alloc(grid->n, sizeof *grid->id);
    if (!grid->start || !grid->memory || !grid->id)
        return false;
    grid->x = grid->memory;
    grid->y = grid->x + stride;
    grid->z = grid->y + stride;
    next++; /* counted two places up, summed, and used as the next place, start ends where it should */
    for (int64_t i = 0; i < space->n; i++)
        if (belongs(species, wanted, i))
            next[cell_of(grid, space->fraction + 3 * i) + 1]++;
    for (int64_t c = 1; c <= n_cells; c++)
        next[c] += next[c - 1];
    for (int64_t i = 0; i < space->n; i++) {
        if (!belongs(species, wanted, i))
            continue;
        const int32_t place = next[cell_of(grid, space->fraction + 3 * i)]++;
        grid->x[place] = space->xyz[3 * i];
        grid->y[place] = space->xyz[3 * i + 1];
        grid->z[place] = space->xyz[3 * i + 2];
        grid->id[place] = (int32_t)i;
    }
    return true;
}

/* ---- rows ------------------------------------------------------------------------------------------------------------------- */

/* Floor as an integer; sizes have been bounded by the number of images. */
static inline int64_t floor_int(double v)
{
    const int64_t i = (int64_t)v;
    return i - ((double)i > v);
}

/* Bounds of the fractional coordinate along an axis of cells first + ... counted on through the images. */
static inline void cell_bounds(const pairs_grid *g, int axis, int64_t cell, double rounding, double out[2])
{
    out[0] = g->low[axis] + g->cell[axis] * (double)cell - rounding;
    out[1] = g->low[axis] + g->cell[axis] * (double)(cell + 1) + rounding;
}

static inline void scale_bounds(const double in[2], double factor, double out[2])
{
    out[0] = factor * in[factor < 0];
    out[1] = factor * in[factor >= 0];
}

/* Cartesian bounds of row (j, k). */
static void row_bounds(const pairs_space *s, const pairs_grid *g, int64_t j, int64_t k, pairs_row *row)
{
    const bnsl_box *b = &s->box;
    double sb[2], sc[2], along_y[2], tilt_y[2], xb[2], xc[2];
    cell_bounds(g, 1, j, s->rounding[1], sb);
    cell_bounds(g, 2, k, s->rounding[2], sc);
    scale_bounds(sc, b->lz, row->z);
    scale_bounds(sb, b->ly, along_y);
    scale_bounds(sc, b->yz * b->lz, tilt_y);
    scale_bounds(sb, b->xy * b->ly, xb);
    scale_bounds(sc, b->xz * b->lz, xc);
    for (int e = 0; e < 2; e++) {
        row->y[e] = along_y[e] + tilt_y[e];
        row->offset[e] = xb[e] + xc[e];
    }
}

/* Cells along an axis that fractional coordinates low .. high touch, counted on through the images along a periodic one. */
static void touched(const pairs_space *s, const pairs_grid *g, int axis, double low, double high, int64_t out[2])
{
    const double span[2] = {low - s->rounding[axis], high + s->rounding[axis]};
    for (int e = 0; e < 2; e++)
        out[e] = s->box.periodic >> axis & 1 ? floor_int((span[e] - g->low[axis]) * g->per_cell[axis]) : cell_along(g, axis, span[e]);
}

/* Splits a cell counted on through the images into the image and the cell inside. */
static inline int64_t image_of(const pairs_grid *g, int axis, int64_t cell, int64_t *inside)
{
    const int64_t n = g->n_cells[axis], image = cell >= 0 ? cell / n : -((n - 1 - cell) / n);
    *inside = cell - image * n;
    return image;
}

static bool append_row(const pairs_space *s, const pairs_grid *g, int64_t j, int64_t k, const pairs_row *bounds, bool own, pairs_worker *worker)
{
    const bnsl_box *b = &s->box;
    int64_t j_inside, k_inside;
    const double tb = (double)image_of(g, 1, j, &j_inside), tc = (double)image_of(g, 2, k, &k_inside);
    if (!bnsl__reserve((void **)&worker->rows, &worker->capacity, worker->n_rows + 1, sizeof *worker->rows))
        return false;
    pairs_row *row = worker->rows + worker->n_rows++;
    *row = *bounds;
    row->first_cell = (k_inside * g->n_cells[1] + j_inside) * g->n_cells[0];
    row->shift[0] = tb * (b->xy * b->ly) + tc * (b->xz * b->lz);
    row->shift[1] = tb * b->ly + tc * (b->yz * b->lz);
    row->shift[2] = tc * b->lz;
    row->inside = tb == 0 && tc == 0;
    row->own = own;
    return true;
}

/* Distance between two intervals. */
static inline double gap(const double a[2], const double b[2])
{
    return fmax(0, fmax(a[0] - b[1], b[0] - a[1]));
}

bool bnsl__pairs_rows(const pairs_space *space, const pairs_grid *query, int64_t row, const pairs_grid *points, bool half, pairs_worker *worker)
{
    const bnsl_box *b = &space->box;
    const double reach = space->reach;
    const int64_t own_j = row % query->n_cells[1], own_k = row / query->n_cells[1];
    pairs_row from, to;
    int64_t k_range[2], j_range[2];
    worker->n_rows = 0;
    row_bounds(space, query, own_j, own_k, &from);
    touched(space, points, 2, (from.z[0] - reach) / b->lz, (from.z[1] + reach) / b->lz, k_range);
    for (int64_t k = half ? own_k : k_range[0]; k <= k_range[1]; k++) {
        double sc[2], tilt[2];
        cell_bounds(points, 2, k, space->rounding[2], sc);
        scale_bounds(sc, b->yz * b->lz, tilt);
        touched(space, points, 1, (from.y[0] - reach - tilt[1]) / b->ly, (from.y[1] + reach - tilt[0]) / b->ly, j_range);
        for (int64_t j = half && k == own_k ? own_j : j_range[0]; j <= j_range[1]; j++) {
            row_bounds(space, points, j, k, &to);
            const double dy = gap(from.y, to.y), dz = gap(from.z, to.z);
            if (dy * dy + dz * dz < reach * reach && !append_row(space, points, j, k, &to, half && j == own_j && k == own_k, worker))
                return false;
        }
    }
    return true;
}
