/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All pairs within a distance, without a list of them: g(r) and the local density need the distances alone, once.
 *
 *   pairs_space.c   the particles of one system: checked, wrapped, and how far rounding can move them
 *   pairs_grid.c    one species sorted by cell, and the rows of cells around a row
 *   pairs_scan.c    the runs of sorted particles within reach of one particle
 *   kernel_pairs.c  what is done with their distances
 *
 * Cells divide the fractional coordinates; rows of cells along a, which is the x axis, are consecutive in memory. Images are not stored:
 * a row outside the cell is a row inside it and a lattice vector, which is subtracted from the particle that looks.
 */
#ifndef BNSL_ORDER_PAIRS_INTERNAL_H
#define BNSL_ORDER_PAIRS_INTERNAL_H

#include <bnsl/box.h>

#include "core_internal.h"

enum { PAIRS_LANES = 8 };

/* A system of particles; box and fraction as in box.h, without a box the unit cell, not periodic. */
typedef struct pairs_space {
    bnsl_box box;
    int64_t n;
    double *xyz, *fraction;  /* n x 3, wrapped */
    double r_max;            /* the largest distance that counts */
    double reach;            /* r_max and the rounding of Cartesian coordinates */
    double rounding[3];      /* of fractional coordinates, images within reach included */
    double low[3], high[3];  /* range of fractional coordinates: -1/2 .. 1/2 along periodic axes, that of the particles along others */
} pairs_space;

/* Particles of one species, sorted by cell. */
typedef struct pairs_grid {
    int64_t n;
    int32_t n_cells[3];
    double low[3], cell[3], per_cell[3]; /* fractional: first face, width, 1 / width (0 for a width of 0) */
    int32_t *start;                      /* first particle of each cell, a fastest, and the end */
    double *x, *y, *z;                   /* sorted; PAIRS_LANES more may be read */
    int32_t *id;                         /* index of each in the space */
    double *memory;                      /* of x, y, z */
} pairs_grid;

/* A row of cells as it is seen from another one: Cartesian bounds, image included. */
typedef struct pairs_row {
    int64_t first_cell;
    double y[2], z[2];
    double offset[2]; /* of x - lx s_a */
    double shift[3];  /* lattice vector, without its part along a */
    bool inside;      /* shift is 0 */
    bool own;         /* the row that looks itself, of a half search: only what comes behind the particle that looks */
} pairs_row;

/* Sorted particles begin .. end - 1, seen from a point. */
typedef struct pairs_run {
    int32_t begin, end;
    double from[3];
} pairs_run;

/* What kernels do with squares of distances. */
typedef struct pairs_measure {
    double square_min, square_max; /* min <= r^2 < max counts */
    double r_min, per_bin;         /* histogram: bin = floor((r - r_min) per_bin), at most n_bins - 1 */
    int32_t n_bins;
    double r_full;                 /* density: closer than this a neighbour counts in full */
} pairs_measure;

/* Kernels: add the particles of n runs to out. */
#define PAIRS_KERNEL_ARGUMENTS                                                                                                                       \
    (const pairs_measure *m, int64_t n, const pairs_run *runs, const double *x, const double *y, const double *z, void *out)
typedef void(*pairs_kernel) PAIRS_KERNEL_ARGUMENTS;
#define PAIRS_KERNEL(name)                                                                                                                           \
    void name##_baseline PAIRS_KERNEL_ARGUMENTS;                                                                                                     \
    void name##_avx2 PAIRS_KERNEL_ARGUMENTS;                                                                                                         \
    void name##_avx512 PAIRS_KERNEL_ARGUMENTS

/* out: PAIRS_HISTOGRAMS histograms of uint64_t, n_bins + PAIRS_LANES each, to be added; what is out of range goes behind the bins. */
enum { PAIRS_HISTOGRAMS = 2 };
PAIRS_KERNEL(bnsl__pairs_histogram);

/* out: a pairs_shells */
typedef struct pairs_shells {
    double n_full[PAIRS_LANES];    /* lanes of the number of particles with r < r_full, */
    double n_partial[PAIRS_LANES]; /* of those beyond, */
    double sum_r[PAIRS_LANES];     /* and of the sum of their r */
} pairs_shells;
PAIRS_KERNEL(bnsl__pairs_shells);

/*
 * Space of n particles; r_max > 0 has been checked. box NULL: no periodicity. BNSL_EINVAL: box, n, positions, a cut-off that reaches over
 * 2^30 images; BNSL_ENOMEM. pairs_space_free in every case.
 */
bnsl_status bnsl__pairs_space_make(pairs_space *space, const bnsl_box *box, int64_t n, const double *xyz, double r_max, const char *func);
void bnsl__pairs_space_free(pairs_space *space);

/* n species within 0 .. n_species - 1; species may be NULL. */
bnsl_status bnsl__pairs_check_species(int64_t n, const int32_t *species, int32_t n_species, const char *func);

/* Grid of the particles of one species (-1 or species NULL: all). false: no memory. bnsl__pairs_grid_free in every case. */
bool bnsl__pairs_grid_make(pairs_grid *grid, const pairs_space *space, const int32_t *species, int32_t wanted);
void bnsl__pairs_grid_free(pairs_grid *grid);

/* Rows of cells, n_cells[1] * n_cells[2]. */
static inline int64_t bnsl__pairs_n_rows(const pairs_grid *grid)
{
    return (int64_t)grid->n_cells[1] * grid->n_cells[2];
}

/* First particle of a row of cells; that of the row behind the last is n. */
static inline int32_t bnsl__pairs_row_start(const pairs_grid *grid, int64_t row)
{
    return grid->start[row * grid->n_cells[0]];
}

/* Work space of one thread. */
enum { PAIRS_RUNS = 512 };
typedef struct pairs_worker {
    pairs_row *rows;
    int64_t n_rows, capacity;
    pairs_run runs[PAIRS_RUNS];
} pairs_worker;

/*
 * The rows of points in reach of a row of query, into worker. half: query and points are the same grid, and only the row itself and those
 * behind it are wanted. false: no memory.
 */
bool bnsl__pairs_rows(const pairs_space *space, const pairs_grid *query, int64_t row, const pairs_grid *points, bool half, pairs_worker *worker);

/*
 * Hands the particles of points in reach of particle i of query to a kernel, after bnsl__pairs_rows for its row. home: its own place among
 * the points, left out, or -1. After rows by half each pair of particles, or of a particle and an image, comes from one end alone.
 */
void bnsl__pairs_scan(const pairs_space *space, const pairs_grid *query, int64_t i, const pairs_grid *points, int64_t home, pairs_worker *worker,
                      pairs_kernel kernel, const pairs_measure *measure, void *out);

#endif
