/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shortest periodic image of a vector, exact for any tilt and any choice of periodic axes.
 *
 * The edge vectors of the periodic axes are replaced by a Minkowski-reduced basis of the same lattice. In up to three
 * dimensions the vectors that bound its Voronoi cell then have coefficients -1, 0, 1 in that basis [Nguyen, Stehle,
 * ACM Trans. Algorithms 5, 46 (2009)]. A vector is the shortest of its images exactly when it lies in that cell, so
 * that subtracting the nearest multiple of each bounding vector in turn, until none shortens it, ends at the answer.
 * Cost: O(1) a vector: 3 divisions for an orthogonal box, some 13 scalar products otherwise.
 */
#include <math.h>
#include <string.h>

#include "box_internal.h"
#include "core_internal.h"

enum { MAX_BOUNDING = 13, MAX_PASSES = 100 };

/* The bounding vectors, one of each pair of opposites, the basis first. */
typedef struct {
    int n;
    double vector[MAX_BOUNDING][3];
    double square[MAX_BOUNDING];
    double safe; /* vectors with a square up to this are in the cell */
} voronoi_cell;

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* out = sum of coefficient[i] basis[i] over n basis vectors */
static void combine(int n, double basis[3][3], const int coefficient[3], double out[3])
{
    out[0] = out[1] = out[2] = 0.0;
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < 3; k++)
            out[k] += coefficient[i] * basis[i][k];
    }
}

/* The digits of code (0 .. 26) in base 3, less 1. */
static void decode(int code, int coefficient[3])
{
    coefficient[0] = code % 3 - 1;
    coefficient[1] = code / 3 % 3 - 1;
    coefficient[2] = code / 9 - 1;
}

/* Lagrange's step for each pair: takes the nearest multiple of vector j from vector i. Reports a change. */
static bool reduce_pairs(int n, double basis[3][3])
{
    bool changed = false;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
            if (j == i)
                continue;
            const double ratio = dot(basis[i], basis[j]) / dot(basis[j], basis[j]);
            if (fabs(ratio) < 0.5 + 1e-12)
                continue;
            for (int k = 0; k < 3; k++)
                basis[i][k] -= rint(ratio) * basis[j][k];
            changed = true;
        }
    }
    return changed;
}

/* Replaces a vector by a shorter one that differs from it by +-1 times the others. Reports a change. */
static bool reduce_sums(int n, double basis[3][3])
{
    for (int code = 0; code < 27; code++) {
        int coefficient[3];
        decode(code, coefficient);
        double sum[3];
        combine(n, basis, coefficient, sum);
        for (int i = 0; i < n; i++) {
            if (coefficient[i] != 1 || dot(sum, sum) >= dot(basis[i], basis[i]) * (1.0 - 1e-12))
                continue;
            memcpy(basis[i], sum, sizeof sum);
            return true;
        }
    }
    return false;
}

/* Whether two or more of the n basis vectors take part, and none beyond them. */
static bool is_sum(int n, const int coefficient[3])
{
    int parts = 0;
    for (int i = 0; i < 3; i++) {
        if (coefficient[i] != 0 && i >= n)
            return false;
        parts += coefficient[i] != 0;
    }
    return parts >= 2;
}

static void build_cell(const bnsl_box *box, voronoi_cell *cell)
{
    double edges[3][3], basis[3][3] = {{0.0}};
    bnsl__box_edges(box, edges);
    int n = 0;
    for (int axis = 0; axis < 3; axis++) {
        if (box->periodic >> axis & 1)
            memcpy(basis[n++], edges[axis], sizeof edges[axis]);
    }
    for (int pass = 0; pass < MAX_PASSES; pass++) {
        if (!reduce_pairs(n, basis) && !reduce_sums(n, basis))
            break;
    }

    memset(cell, 0, sizeof *cell);
    for (int i = 0; i < n; i++)
        memcpy(cell->vector[cell->n++], basis[i], sizeof basis[i]);
    bool orthogonal = true;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < i; j++)
            orthogonal = orthogonal && dot(basis[i], basis[j]) == 0.0;
    }
    for (int code = 14; !orthogonal && code < 27; code++) { /* 13 is zero, those below are the opposites */
        int coefficient[3];
        decode(code, coefficient);
        if (is_sum(n, coefficient))
            combine(n, basis, coefficient, cell->vector[cell->n++]);
    }
    cell->safe = INFINITY;
    for (int i = 0; i < cell->n; i++) {
        cell->square[i] = dot(cell->vector[i], cell->vector[i]);
        cell->safe = fmin(cell->safe, 0.25 * cell->square[i]);
    }
}

static void shorten(const voronoi_cell *cell, double v[3])
{
    for (int pass = 0; pass < MAX_PASSES && dot(v, v) > cell->safe; pass++) {
        bool changed = false;
        for (int i = 0; i < cell->n; i++) {
            const double times = rint(dot(v, cell->vector[i]) / cell->square[i]);
            if (times == 0.0)
                continue;
            for (int k = 0; k < 3; k++)
                v[k] -= times * cell->vector[i][k];
            changed = true;
        }
        if (!changed)
            return;
    }
}

bnsl_status bnsl_box_minimum_image(const bnsl_box *box, int64_t n, double *vectors_io)
{
    bnsl_status status = bnsl__box_check(box, __func__);
    if (status == BNSL_OK)
        status = bnsl__box_check_near(box, n, vectors_io, "vectors_io", __func__);
    if (status != BNSL_OK)
        return status;
    voronoi_cell cell;
    build_cell(box, &cell);
    for (int64_t i = 0; i < n; i++)
        shorten(&cell, vectors_io + 3 * i);
    return BNSL_OK;
}
