/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The grid in which neighbours are searched: cells of half the largest search radius (a quarter along x), points sorted by cells with a
 * counting sort, positions in single precision from the grid's corner. Cost: O(points + cells).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "md_internal.h"

/* Cells of a brick along x, y, z: about a cube of twice the largest search radius. */
static const int32_t BRICK[3] = { 8, 4, 4 };

enum { TAIL = 16 }; /* scans read whole groups of 16 points: those after the last must exist */

void bnsl__grid_free(bnsl__grid *grid)
{
    free(grid->start);
    free(grid->cell);
    free(grid->points.x);
}

double bnsl__list_rounding(const bnsl_md *md)
{
    const bnsl_box *b = &md->box;
    double extent = b->lx + b->ly * (1 + fabs(b->xy)) + b->lz * (1 + fabs(b->xz) + fabs(b->yz)) +
                    6 * (bnsl__verlet_largest_cutoff(md) + md->list.built.skin);
    return 1e-6 * extent;
}

bool bnsl__points_hold(bnsl__points *points, int64_t *capacity, int64_t n)
{
    if (n <= *capacity)
        return true;
    free(points->x);
    const int64_t room = n + n / 16;
    float *block = bnsl__alloc(5 * room, sizeof *block);
    *capacity = block ? room : 0;
    *points = (bnsl__points){ 0 };
    if (block)
        *points = (bnsl__points){ block, block + room, block + 2 * room, block + 3 * room, (int32_t *)(void *)(block + 4 * room) };
    return block;
}

static bool hold(bnsl__grid *grid, int64_t n_points, int64_t n_cells)
{
    if (n_cells + 2 > grid->cell_capacity) {
        free(grid->start);
        grid->start = bnsl__alloc(n_cells + n_cells / 8 + 2, sizeof *grid->start);
        grid->cell_capacity = grid->start ? n_cells + n_cells / 8 + 2 : 0;
    }
    if (n_points + TAIL > grid->capacity) {
        free(grid->cell);
        grid->cell = NULL;
        if (bnsl__points_hold(&grid->points, &grid->capacity, n_points + TAIL))
            grid->cell = bnsl__alloc(grid->capacity, sizeof *grid->cell);
    }
    if (!grid->cell)
        grid->capacity = 0;
    return grid->start && grid->cell;
}

/* The corner of the space that the box and its ghosts, up to `margin` from it, can take; the other corner is opposite. */
static void bound(const bnsl_md *md, double margin, double corner[3])
{
    const bnsl_box *b = &md->box;
    double plane[3], part[3];
    bnsl_box_plane_distances(b, plane);
    for (int d = 0; d < 3; d++)
        part[d] = 0.5 + margin / plane[d];
    corner[0] = part[0] * b->lx + part[1] * fabs(b->xy) * b->ly + part[2] * fabs(b->xz) * b->lz;
    corner[1] = part[1] * b->ly + part[2] * fabs(b->yz) * b->lz;
    corner[2] = part[2] * b->lz;
}

bnsl_status bnsl__grid_shape(bnsl_md *md, int64_t n_points, const char *func)
{
    bnsl__grid *grid = &md->list.grid;
    const double reach = bnsl__verlet_largest_cutoff(md) + md->list.built.skin;
    double corner[3], most = 4 * (double)n_points + 64, n[3];
    bound(md, n_points > md->n ? reach : 0, corner);
    double edge = fmax(0.5 * (reach + 2 * bnsl__list_rounding(md)), 2e-3 * (corner[0] + corner[1] + corner[2]) + 1e-3);
    for (;; edge *= 1.25) { /* few points in a large space: larger cells */
        for (int d = 0; d < 3; d++)
            n[d] = floor(2 * corner[d] / (d == 0 ? 0.5 * edge : edge)) + 1;
        if (n[0] * n[1] * n[2] <= most)
            break;
    }
    for (int d = 0; d < 3; d++) {
        grid->low[d] = -corner[d];
        grid->n_cells[d] = (int32_t)n[d];
        grid->per_edge[d] = 1 / (d == 0 ? 0.5 * edge : edge);
    }
    grid->edge = edge;
    grid->n_points = n_points;
    return hold(grid, n_points, bnsl__grid_n_brick_cells(grid)) ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, func, "out of memory for the neighbour search");
}

static inline void locate(const bnsl__grid *grid, const double *r, int32_t c[3])
{
    for (int d = 0; d < 3; d++) {
        double k = (r[d] - grid->low[d]) * grid->per_edge[d], last = grid->n_cells[d] - 1;
        c[d] = (int32_t)(k > 0 ? (k < last ? k : last) : 0);
    }
}

static int32_t grid_cell(const bnsl__grid *grid, const double *r)
{
    int32_t c[3];
    locate(grid, r, c);
    return (c[2] * grid->n_cells[1] + c[1]) * grid->n_cells[0] + c[0];
}

static inline int32_t bricks_along(const bnsl__grid *grid, int d)
{
    return (grid->n_cells[d] + BRICK[d] - 1) / BRICK[d];
}

int64_t bnsl__grid_n_brick_cells(const bnsl__grid *grid)
{
    return (int64_t)bricks_along(grid, 0) * bricks_along(grid, 1) * bricks_along(grid, 2) * (BRICK[0] * BRICK[1] * BRICK[2]);
}

int32_t bnsl__grid_brick_cell(const bnsl__grid *grid, const double *r)
{
    int32_t c[3], brick;
    locate(grid, r, c);
    brick = (c[2] / BRICK[2] * bricks_along(grid, 1) + c[1] / BRICK[1]) * bricks_along(grid, 0) + c[0] / BRICK[0];
    return ((brick * BRICK[2] + c[2] % BRICK[2]) * BRICK[1] + c[1] % BRICK[1]) * BRICK[0] + c[0] % BRICK[0];
}

bnsl_status bnsl__grid_build(bnsl_md *md, int64_t n_points, const char *func)
{
    bnsl__grid *grid = &md->list.grid;
    bnsl_status status = bnsl__grid_shape(md, n_points, func);
    if (status)
        return status;
    const bool owners = md->list.wraps && bnsl__rows_are_plain(md);
    int64_t n_cells = (int64_t)grid->n_cells[0] * grid->n_cells[1] * grid->n_cells[2];
    int32_t *start = grid->start;
    memset(start, 0, (size_t)(n_cells + 2) * sizeof *start);
#pragma omp parallel for num_threads(bnsl__threads(md->options.num_threads)) schedule(static)
    for (int64_t i = 0; i < n_points; i++)
        grid->cell[i] = grid_cell(grid, md->position + ROW * i);
    for (int64_t i = 0; i < n_points; i++)
        start[grid->cell[i] + 2]++;
    for (int64_t c = 2; c < n_cells + 2; c++)
        start[c] += start[c - 1];
    for (int64_t i = 0; i < n_points; i++) /* ends with start[] shifted by one cell: start[c] is where c begins */
        grid->points.offset[start[grid->cell[i] + 1]++] = (int32_t)(ROW * i);
#pragma omp parallel for num_threads(bnsl__threads(md->options.num_threads)) schedule(static)
    for (int64_t p = 0; p < n_points; p++) {
        const double *r = md->position + grid->points.offset[p];
        grid->points.x[p] = (float)(r[0] - grid->low[0]);
        grid->points.y[p] = (float)(r[1] - grid->low[1]);
        grid->points.z[p] = (float)(r[2] - grid->low[2]);
        grid->points.radius[p] = (float)r[3];
        const int64_t ghost = grid->points.offset[p] / ROW - md->n;
        if (owners && ghost >= 0)
            grid->points.offset[p] = ROW * md->list.ghost_owner[ghost];
    }
    for (int64_t p = n_points; p < n_points + TAIL; p++) {
        grid->points.x[p] = grid->points.y[p] = grid->points.z[p] = grid->points.radius[p] = 0;
        grid->points.offset[p] = 0;
    }
    return BNSL_OK;
}
