/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cell grids. The points of each class are sorted by the cells of a grid of their own [counting sort], x fastest, so that a sphere
 * around a query is covered by few runs of consecutive points: one for each row of cells along x, cut to the chord of the sphere.
 * Cost: O(points + cells) to build; cells are at most some times the points, whatever the shape of the set.
 */
#include <math.h>
#include <stdlib.h>

#include "neighbor_internal.h"

enum { CELLS_PER_POINT = 16, MORE_CELLS = 64 };

/* Corners of the box around the points of each class, and their number. */
static void bound_classes(bnsl__cells *cells, const bnsl__images *images, double high[][3])
{
    for (int c = 0; c < cells->n_class; c++) {
        cells->grid[c].n_points = 0;
        for (int k = 0; k < 3; k++) {
            cells->grid[c].low[k] = INFINITY;
            high[c][k] = -INFINITY;
        }
    }
    for (int64_t i = 0; i < images->n; i++) {
        if (images->class_of[i] == BNSL__NO_CLASS)
            continue;
        bnsl__grid *grid = &cells->grid[images->class_of[i]];
        double *upper = high[images->class_of[i]];
        grid->n_points++;
        for (int k = 0; k < 3; k++) {
            const double r = images->xyz[3 * i + k];
            grid->low[k] = r < grid->low[k] ? r : grid->low[k];
            upper[k] = r > upper[k] ? r : upper[k];
        }
    }
}

/*
 * Cell edge for a search radius and a number density: small cells fit the sphere better, but have more rows. Cost of a search in
 * units of a distance test, for a radius of m cells: some ROW of them for each of the pi (m + 1)^2 rows, and the points of a
 * sphere that is larger by half a cell.
 */
static double choose_edge(double length, double density)
{
    const double ROW = 8.0, pi = 3.14159265358979323846;
    double best = INFINITY, edge = length;
    for (int m = 1; m <= 8; m++) {
        const double radius = length * (1.0 + 0.5 / m);
        const double cost = ROW * pi * (m + 1) * (m + 1) + density * 4.0 / 3.0 * pi * radius * radius * radius;
        if (cost < best) {
            best = cost;
            edge = length / m;
        }
    }
    return edge;
}

/* Cells of one grid; returns how many. */
static int64_t shape_grid(bnsl__grid *grid, const double high[3], double length)
{
    double extent[3], volume = 1.0;
    for (int k = 0; k < 3; k++) {
        extent[k] = grid->n_points > 0 ? high[k] - grid->low[k] : 0.0;
        volume *= fmax(extent[k], length);
    }
    const double edge = choose_edge(length, (double)grid->n_points / volume);
    const double most = fmin((double)grid->n_points * CELLS_PER_POINT + MORE_CELLS, 1 << 27);
    double n[3], scale = 1.0;
    do { /* few points in a large space: larger cells */
        for (int k = 0; k < 3; k++)
            n[k] = floor(extent[k] / (edge * scale * (k == 0 ? 0.4 : 1.0))) + 1.0;
        scale *= 1.25;
    } while (n[0] * n[1] * n[2] > most);
    for (int k = 0; k < 3; k++) {
        grid->n_cells[k] = (int32_t)n[k];
        grid->edge[k] = fmax(extent[k] / n[k], edge * 1e-3);
        grid->per_edge[k] = 1.0 / grid->edge[k];
    }
    return (int64_t)(n[0] * n[1] * n[2]);
}

/* Cell along one axis; monotonic in r, so that points between two coordinates are in cells between theirs. */
static inline int32_t cell_along(const bnsl__grid *grid, int axis, double r)
{
    const double cell = (r - grid->low[axis]) * grid->per_edge[axis], last = grid->n_cells[axis] - 1;
    return (int32_t)(cell > 0.0 ? (cell < last ? cell : last) : 0.0);
}

int64_t bnsl__grid_cell_of(const bnsl__grid *grid, const double r[3])
{
    const int64_t row = (int64_t)cell_along(grid, 2, r[2]) * grid->n_cells[1] + cell_along(grid, 1, r[1]);
    return row * grid->n_cells[0] + cell_along(grid, 0, r[0]);
}

/* Counting sort: start[] is counted up, summed, used as the place of the next point, and ends shifted by one cell. */
static void sort_points(bnsl__cells *cells, const bnsl__images *images, const int64_t *first_cell, int64_t n_cells)
{
    int32_t *cell_of = cells->own_cell.data, *start = cells->own_start.data, *id = cells->own_id.data;
    double *x = cells->own_x.data, *y = cells->own_y.data, *z = cells->own_z.data;
    for (int64_t c = 0; c < n_cells + 2; c++)
        start[c] = 0;
    for (int64_t i = 0; i < images->n; i++) {
        const uint8_t c = images->class_of[i];
        if (c == BNSL__NO_CLASS)
            continue;
        cell_of[i] = (int32_t)(first_cell[c] + bnsl__grid_cell_of(&cells->grid[c], images->xyz + 3 * i));
        start[cell_of[i] + 2]++;
    }
    for (int64_t c = 2; c < n_cells + 2; c++)
        start[c] += start[c - 1];
    for (int64_t i = 0; i < images->n; i++) {
        if (images->class_of[i] == BNSL__NO_CLASS)
            continue;
        const int32_t place = start[cell_of[i] + 1]++;
        x[place] = images->xyz[3 * i];
        y[place] = images->xyz[3 * i + 1];
        z[place] = images->xyz[3 * i + 2];
        id[place] = (int32_t)i;
    }
}

/* Scans read whole groups of 8 points: those after the last must exist. */
static bool hold_points(bnsl__cells *cells, int64_t n, int64_t n_cells)
{
    enum { PADDING = 8 };
    if (!bnsl__hold(&cells->own_cell, n, sizeof(int32_t)) || !bnsl__hold(&cells->own_start, n_cells + 2, sizeof(int32_t)) ||
        !bnsl__hold(&cells->own_x, n + PADDING, sizeof(double)) || !bnsl__hold(&cells->own_y, n + PADDING, sizeof(double)) ||
        !bnsl__hold(&cells->own_z, n + PADDING, sizeof(double)) || !bnsl__hold(&cells->own_id, n + PADDING, sizeof(int32_t)))
        return false;
    cells->x = cells->own_x.data;
    cells->y = cells->own_y.data;
    cells->z = cells->own_z.data;
    cells->id = cells->own_id.data;
    return true;
}

bool bnsl__cells_build(bnsl__cells *cells, const bnsl__images *images, int n_class, const double *length)
{
    double high[BNSL__MAX_CLASSES][3], largest = 0.0;
    int64_t first_cell[BNSL__MAX_CLASSES], n_cells = 0, n_points = 0;
    cells->n_class = n_class;
    bound_classes(cells, images, high);
    for (int c = 0; c < n_class; c++) {
        first_cell[c] = n_cells;
        n_cells += shape_grid(&cells->grid[c], high[c], length[c]);
        n_points += cells->grid[c].n_points;
        for (int k = 0; k < 3 && cells->grid[c].n_points > 0; k++)
            largest = fmax(largest, fmax(fabs(cells->grid[c].low[k]), fabs(high[c][k])));
    }
    cells->rounding = 1e-14 * largest;
    if (!hold_points(cells, images->n, n_cells))
        return false;
    sort_points(cells, images, first_cell, n_cells);
    double *x = cells->own_x.data, *y = cells->own_y.data, *z = cells->own_z.data;
    int32_t *id = cells->own_id.data;
    for (int64_t i = n_points; i < n_points + 8; i++) {
        x[i] = y[i] = z[i] = 0.0;
        id[i] = 0;
    }
    for (int c = 0; c < n_class; c++)
        cells->grid[c].start = (const int32_t *)cells->own_start.data + first_cell[c];
    return true;
}

void bnsl__cells_free(bnsl__cells *cells)
{
    bnsl__array *const arrays[] = {&cells->own_cell, &cells->own_start, &cells->own_x, &cells->own_y, &cells->own_z, &cells->own_id};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]->data);
}

double bnsl__grid_occupied(const bnsl__grid *grid)
{
    const int64_t n = (int64_t)grid->n_cells[0] * grid->n_cells[1] * grid->n_cells[2];
    int64_t occupied = 0;
    for (int64_t c = 0; c < n; c++)
        occupied += grid->start[c + 1] > grid->start[c];
    return (double)occupied * grid->edge[0] * grid->edge[1] * grid->edge[2];
}

/* How far r is from the interval low .. high. */
static inline double gap(double r, double low, double high)
{
    const double below = low - r, above = r - high, outside = below > above ? below : above;
    return outside > 0.0 ? outside : 0.0;
}

double bnsl__grid_gap(const bnsl__grid *grid, const double query[3])
{
    double square = 0.0;
    for (int k = 0; k < 3; k++) {
        const double d = gap(query[k], grid->low[k], grid->low[k] + grid->n_cells[k] * grid->edge[k]);
        square += d * d;
    }
    return sqrt(square);
}

/* Runs of points that can be within reach of a query; their number, and that of their points. runs hold one entry for each row of
 * cells in first .. last. */
static int64_t collect_runs(const bnsl__grid *grid, const double query[3], double reach, const int32_t first[3], const int32_t last[3],
                            bnsl__run *runs, int64_t *n_points)
{
    int64_t n_runs = 0, n = 0;
    for (int32_t cz = first[2]; cz <= last[2]; cz++) {
        const double z = grid->low[2] + cz * grid->edge[2], dz = gap(query[2], z, z + grid->edge[2]);
        const double left_z = reach * reach - dz * dz;
        for (int32_t cy = first[1]; cy <= last[1]; cy++) {
            const double y = grid->low[1] + cy * grid->edge[1], dy = gap(query[1], y, y + grid->edge[1]);
            const double left = left_z - dy * dy;
            if (!(left > 0.0))
                continue;
            const double chord = sqrt(left);
            const int32_t *row = grid->start + ((int64_t)cz * grid->n_cells[1] + cy) * grid->n_cells[0];
            const bnsl__run run = {row[cell_along(grid, 0, query[0] - chord)], row[cell_along(grid, 0, query[0] + chord) + 1]};
            runs[n_runs] = run;
            n_runs += run.end > run.begin;
            n += run.end - run.begin;
        }
    }
    *n_points = n;
    return n_runs;
}

int64_t bnsl__cells_hits(const bnsl__cells *cells, int class_index, const double query[3], double reach, double square_max, int32_t isa,
                         bnsl__part *part)
{
    const bnsl__grid *grid = &cells->grid[class_index];
    if (grid->n_points == 0)
        return 0;
    const double padded = reach * (1.0 + 1e-12) + cells->rounding;
    int32_t first[3], last[3];
    for (int k = 0; k < 3; k++) {
        first[k] = cell_along(grid, k, query[k] - padded);
        last[k] = cell_along(grid, k, query[k] + padded);
    }
    const int64_t n_rows = (int64_t)(last[2] - first[2] + 1) * (last[1] - first[1] + 1);
    if (!bnsl__hold(&part->runs, n_rows + 1, sizeof(bnsl__run)))
        return -1;
    int64_t n_points;
    const int64_t n_runs = collect_runs(grid, query, padded, first, last, part->runs.data, &n_points);
    if (!bnsl__hold(&part->hit_id, n_points + 8, sizeof(int32_t)) || !bnsl__hold(&part->hit_square, n_points + 8, sizeof(double)))
        return -1;
    return BNSL_KERNEL_PICK(isa, bnsl__neighbor_scan)(n_runs, part->runs.data, cells->x, cells->y, cells->z, cells->id, query, square_max,
                                                      part->hit_id.data, part->hit_square.data);
}
