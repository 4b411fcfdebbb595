/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The particles within reach of one particle: of each row of cells the chord of the sphere, as runs of sorted particles, one for each image
 * of the row along a. Cost: O(rows) and what the kernel does.
 */
#include <math.h>

#include "pairs_internal.h"

/* One look around. */
typedef struct scan {
    const pairs_space *space;
    const pairs_grid *points;
    double x, y, z;
    int64_t home;
    pairs_worker *worker;
    int64_t n_runs;
    pairs_kernel kernel;
    const pairs_measure *measure;
    void *out;
} scan;

static void flush(scan *s)
{
    if (s->n_runs > 0)
        s->kernel(s->measure, s->n_runs, s->worker->runs, s->points->x, s->points->y, s->points->z, s->out);
    s->n_runs = 0;
}

static inline void append(scan *s, int32_t begin, int32_t end, const pairs_row *row, double along)
{
    if (begin >= end)
        return;
    if (s->n_runs == PAIRS_RUNS)
        flush(s);
    s->worker->runs[s->n_runs++] = (pairs_run){begin, end, {s->x - (row->shift[0] + along), s->y - row->shift[1], s->z - row->shift[2]}};
}

/* Cells first .. last (inside the grid) of a row in its image `image` along a. */
static inline void append_cells(scan *s, const pairs_row *row, int64_t first, int64_t last, int64_t image)
{
    const int32_t *start = s->points->start + row->first_cell;
    const int32_t begin = start[first], end = start[last + 1];
    const double along = (double)image * s->space->box.lx;
    if (image != 0 || !row->inside || s->home < begin || s->home >= end) {
        if (!row->own || image >= 0)
            append(s, row->own && image == 0 && begin <= s->home ? (int32_t)s->home + 1 : begin, end, row, along);
        return;
    }
    if (!row->own)
        append(s, begin, (int32_t)s->home, row, along);
    append(s, (int32_t)s->home + 1, end, row, along);
}

static inline int64_t floor_int(double v)
{
    const int64_t i = (int64_t)v;
    return i - ((double)i > v);
}

/* The part of a row between the fractional coordinates low and high. */
static inline void append_row(scan *s, const pairs_row *row, double low, double high)
{
    const pairs_grid *g = s->points;
    const double first = (low - g->low[0]) * g->per_cell[0], last = (high - g->low[0]) * g->per_cell[0], n = g->n_cells[0];
    if (first >= 0 && last < n) {
        append_cells(s, row, (int64_t)first, (int64_t)last, 0);
        return;
    }
    if (!(s->space->box.periodic & BNSL_PERIODIC_X)) {
        if (last >= 0 && first <= n) /* the last particle may lie at n */
            append_cells(s, row, first > 0 ? (int64_t)fmin(first, n - 1) : 0, last < n ? (int64_t)last : (int64_t)n - 1, 0);
        return;
    }
    const int64_t a = floor_int(first), b = floor_int(last);
    for (int64_t image = floor_int((double)a / n); image * g->n_cells[0] <= b; image++) {
        const int64_t begin = image * g->n_cells[0], end = begin + g->n_cells[0] - 1;
        append_cells(s, row, (a > begin ? a : begin) - begin, (b < end ? b : end) - begin, image);
    }
}

void bnsl__pairs_scan(const pairs_space *space, const pairs_grid *query, int64_t i, const pairs_grid *points, int64_t home, pairs_worker *worker,
                      pairs_kernel kernel, const pairs_measure *measure, void *out)
{
    scan s = {space, points, query->x[i], query->y[i], query->z[i], home, worker, 0, kernel, measure, out};
    const double square = space->reach * space->reach, per_length = 1 / space->box.lx, rounding = space->rounding[0];
    for (int64_t k = 0; k < worker->n_rows; k++) {
        const pairs_row *row = worker->rows + k;
        const double below_y = row->y[0] - s.y, above_y = s.y - row->y[1], below_z = row->z[0] - s.z, above_z = s.z - row->z[1];
        const double near_y = below_y > above_y ? below_y : above_y, near_z = below_z > above_z ? below_z : above_z;
        const double dy = near_y > 0 ? near_y : 0, dz = near_z > 0 ? near_z : 0, chord = square - dy * dy - dz * dz;
        if (!(chord > 0))
            continue;
        const double half_chord = sqrt(chord);
        append_row(&s, row, (s.x - half_chord - row->offset[1]) * per_length - rounding, (s.x + half_chord - row->offset[0]) * per_length + rounding);
    }
    flush(&s);
}
