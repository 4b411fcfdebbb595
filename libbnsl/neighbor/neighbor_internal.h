/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Parts of the neighbour search. All of it works on one non-periodic set: the points themselves, or, in a periodic box, the
 * points together with those of their images that a query can reach ("extended set"; a number in it is called id).
 *
 *   classes.c  size classes of the points and the cut-off of each pair of classes
 *   images.c   the extended set
 *   cells.c    its points sorted by cell, one grid for each class
 *   kernel_scan.c  distance test of runs of sorted points;  kernel_rank.c  sorting of short sets
 *   bonds.c    sorting and writing of what was found
 *   radius.c   radius lists;  rounds.c  searches of unknown radius: nearest.c and adaptive.c, which has its shells from shells.c
 *   list.c     options, results;  build.c  one build from the caller's arrays;  given.c  lists of the caller's own bonds
 */
#ifndef BNSL_NEIGHBOR_INTERNAL_H
#define BNSL_NEIGHBOR_INTERNAL_H

#include <bnsl/neighbor.h>

#include "core_internal.h"

enum { BNSL__MAX_CLASSES = 8, BNSL__NO_CLASS = 255 };

/* Memory that only grows. */
typedef struct {
    void *data;
    int64_t capacity;
} bnsl__array;

static inline bool bnsl__hold(bnsl__array *array, int64_t n, size_t size)
{
    return bnsl__reserve(&array->data, &array->capacity, n, size);
}

/* A point set as the caller gave it. */
typedef struct {
    int64_t n;
    const double *xyz;
    const int32_t *species; /* or NULL */
    const double *diameter; /* or NULL */
} bnsl__points;

/* How far to look: between classes at most cutoff; where exact, every pair of the two classes has just that cut-off. */
typedef struct {
    int n;
    double cutoff[BNSL__MAX_CLASSES][BNSL__MAX_CLASSES];
    bool exact[BNSL__MAX_CLASSES][BNSL__MAX_CLASSES];
} bnsl__classes;

/* The extended set, ordered by point, then by image (a, b, c). */
typedef struct {
    int64_t n;
    const double *xyz;       /* n x 3 */
    const uint8_t *class_of; /* n; BNSL__NO_CLASS: never a neighbour */
    const int32_t *owner;    /* n point indices; NULL: id and point index are the same */
    const int32_t *shift;    /* n rows of shift_vector, with owner */
    const double *shift_vector;
    const int32_t *home; /* id of each point in its home cell, with owner; -1: not in the set */
    bnsl__array own_xyz, own_class, own_owner, own_shift, own_shift_vector, own_home, fraction;
} bnsl__images;

/* Cells of the points of one class. Points are sorted by cell, x fastest, so that cells side by side along x are one run. */
typedef struct {
    int64_t n_points;
    double low[3], edge[3], per_edge[3]; /* lower corner, cell edges and their inverses */
    int32_t n_cells[3];
    const int32_t *start; /* first sorted point of each cell, and of the cell after the last */
} bnsl__grid;

typedef struct {
    int n_class;
    bnsl__grid grid[BNSL__MAX_CLASSES];
    double rounding;         /* bound of rounding errors in the coordinates */
    const double *x, *y, *z; /* sorted */
    const int32_t *id;
    bnsl__array own_cell, own_start, own_x, own_y, own_z, own_id;
} bnsl__cells;

/* Sorted points begin .. end - 1. */
typedef struct {
    int32_t begin, end;
} bnsl__run;

/* A neighbour before it is written out. */
typedef struct {
    double square; /* of the distance */
    double vector[3];
    int32_t id;
} bnsl__bond;

/* What bonds are sorted by, and where the bond is. */
typedef struct {
    double square;
    int32_t id, place;
} bnsl__key;

/* Arrays of bonds: int32_t index, double vector x 3, double distance. */
typedef struct {
    int64_t n;
    bnsl__array index, vector, distance;
} bnsl__bonds;

/* Work of one thread on consecutive queries. */
typedef struct {
    int64_t begin, end;
    bool no_memory;
    int64_t n_unfinished; /* rounds: queries that need a larger extended set */
    bnsl__bonds *out;     /* &own, or the list's own arrays when there is one part only */
    bnsl__bonds own;
    int64_t n_done; /* adaptive: queries whose bonds are in own ... */
    bnsl__array done; /* ... int32_t, in that order */
    bnsl__array runs, hit_id, hit_square, bonds, keys, blocked;
} bnsl__part;

struct bnsl_neighbor_list {
    bnsl_neighbor_options options;
    int32_t n_species;   /* of pair_cutoff */
    double *pair_cutoff; /* n_species x n_species, or NULL */
    uint8_t *species_class;
    bnsl__classes species_classes;
    double factor, skin; /* additive cut-offs when factor > 0 */

    int64_t n_query;
    bnsl__array offset;
    bnsl__bonds bonds;

    /* work space, kept for the next build */
    bnsl__array query_class, point_class, query_wrapped, point_wrapped, unfinished, query_cell, query_order, cell_first;
    bnsl__images images;
    bnsl__cells cells;
    bnsl__part *parts;
    int64_t n_parts_allocated;
};

/* One build: what the searches read. */
typedef struct {
    const bnsl_neighbor_list *list;
    const bnsl_box *box;       /* NULL: nothing periodic */
    bnsl__points query, point; /* xyz wrapped */
    bool same;                 /* one set: a point is not its own neighbour */
    const uint8_t *query_class, *point_class;
    bnsl__classes classes;
    const bnsl__images *images;
    const bnsl__cells *cells;
    int32_t isa;
} bnsl__search;

/* Number of distance tests that pass, with their ids and squares, among the points of the runs; out arrays hold all points + 8. */
#define BNSL__SCAN_ARGUMENTS                                                                                                                         \
    (int64_t n_runs, const bnsl__run *runs, const double *x, const double *y, const double *z, const int32_t *id, const double *query,               \
     double square_max, int32_t *id_out, double *square_out)
int64_t bnsl__neighbor_scan_baseline BNSL__SCAN_ARGUMENTS;
int64_t bnsl__neighbor_scan_avx2 BNSL__SCAN_ARGUMENTS;
int64_t bnsl__neighbor_scan_avx512 BNSL__SCAN_ARGUMENTS;

/* For each of n values, how many are less, or, where id is given, equal with a lesser id. padded: n rounded up to a multiple of 8; values
 * beyond n are infinite, their ranks mean nothing. */
#define BNSL__RANK_ARGUMENTS (int64_t n, int64_t padded, const double *value, const double *id, int64_t *rank_out)
void bnsl__neighbor_rank_baseline BNSL__RANK_ARGUMENTS;
void bnsl__neighbor_rank_avx2 BNSL__RANK_ARGUMENTS;
void bnsl__neighbor_rank_avx512 BNSL__RANK_ARGUMENTS;

/* classes.c: classes of n species with a matrix of cut-offs. */
void bnsl__classify_species(int32_t n, const double *cutoff, uint8_t *class_of, bnsl__classes *classes);

/* Fills classes and both class arrays (one and the same for one set); needs the options and cut-offs of the list. */
void bnsl__classify(const bnsl_neighbor_list *list, const bnsl__points *query, const bnsl__points *point, bnsl__classes *classes,
                    uint8_t *query_class, uint8_t *point_class);

/* The cut-off of one pair; i of the queries, j of the points. */
double bnsl__pair_cutoff(const bnsl__search *s, int64_t i, int64_t j);

/* images.c: the points, with the images within reach[class] of any query of a class (reach by class of the point). */
bnsl_status bnsl__images_build(bnsl__images *images, const bnsl__search *s, const double *reach, const char *func);

/* cells.c: sorts the extended set; length[class] is the typical search radius of each class. false: no memory. */
bool bnsl__cells_build(bnsl__cells *cells, const bnsl__images *images, int n_class, const double *length);
void bnsl__cells_free(bnsl__cells *cells);

/* Volume of the cells that hold points. */
double bnsl__grid_occupied(const bnsl__grid *grid);

/* Cell of a point, the nearest one for points outside. */
int64_t bnsl__grid_cell_of(const bnsl__grid *grid, const double r[3]);

/* Distance from a point to the box around the points of a grid, 0 inside. */
double bnsl__grid_gap(const bnsl__grid *grid, const double query[3]);

/* Points of one class with a square distance below square_max (from id positions, not corrected for rounding of images) as hits of
 * part: their number, or -1 without memory. */
int64_t bnsl__cells_hits(const bnsl__cells *cells, int class_index, const double query[3], double reach, double square_max, int32_t isa,
                         bnsl__part *part);

/* Bond to an id, computed so that the bond seen from its other end is exactly the opposite. */
static inline void bnsl__make_bond(const bnsl__search *s, int64_t i, int32_t id, bnsl__bond *bond)
{
    const bnsl__images *im = s->images;
    const double *from = s->query.xyz + 3 * i;
    if (im->owner) {
        const double *to = s->point.xyz + 3 * (int64_t)im->owner[id], *shift = im->shift_vector + 3 * (int64_t)im->shift[id];
        for (int k = 0; k < 3; k++)
            bond->vector[k] = (to[k] - from[k]) + shift[k];
    } else {
        const double *to = im->xyz + 3 * (int64_t)id;
        for (int k = 0; k < 3; k++)
            bond->vector[k] = to[k] - from[k];
    }
    bond->square = bond->vector[0] * bond->vector[0] + bond->vector[1] * bond->vector[1] + bond->vector[2] * bond->vector[2];
    bond->id = id;
}

/* The id of query i itself, -1 where there is none. */
static inline int32_t bnsl__home(const bnsl__search *s, int64_t i)
{
    if (!s->same)
        return -1;
    return s->images->home ? s->images->home[i] : (int32_t)i;
}

/* Point index of an id. */
static inline int32_t bnsl__owner(const bnsl__images *images, int32_t id)
{
    return images->owner ? images->owner[id] : id;
}

/* bonds.c: room for n bonds, with vectors and distances or without. */
bool bnsl__bonds_hold(bnsl__bonds *out, int64_t n, bool vectors);

/* Ids to keep of the hits of part for query i: not itself, and of a half list only the upper half. Their number. */
int64_t bnsl__drop_hits(const bnsl__search *s, bnsl__part *part, int64_t i, int64_t n_hits);

/* Keys of n bonds of part, the k <= n nearest of them in front by increasing (square, id); NULL without memory. */
bnsl__key *bnsl__bonds_sort(const bnsl__search *s, bnsl__part *part, int64_t n, int64_t k);

/* Writes n bonds of part to out->index[first ...] and so on, in the order of keys, or as they stand (keys NULL). There is room. */
void bnsl__bonds_write(const bnsl__search *s, const bnsl__part *part, int64_t n, const bnsl__key *keys, bnsl__bonds *out, int64_t first);

/* radius.c, nearest.c, adaptive.c: fill offset and bonds of the list; n_query is set by the caller. */
bnsl_status bnsl__radius_build(bnsl_neighbor_list *list, bnsl__search *s, const char *func);
bnsl_status bnsl__nearest_build(bnsl_neighbor_list *list, bnsl__search *s, const char *func);
bnsl_status bnsl__adaptive_build(bnsl_neighbor_list *list, bnsl__search *s, const char *func);

/* What a search of unknown radius looks for. */
typedef struct bnsl__quest {
    int32_t k;        /* neighbours that a query looks at, as a rule */
    int64_t n_parts;  /* of the work */
    int64_t n_points; /* adaptive: points that can be neighbours ... */
    double enough;    /* ... and the distance up to which they are looked at */
    /* Does query i, starting from radius; false: it needs more than limit (or there is no memory). */
    bool (*find)(const bnsl__search *s, const struct bnsl__quest *quest, bnsl__part *part, int64_t i, double radius, double limit);
} bnsl__quest;

/* rounds.c: does the n queries that list->unfinished names; of those that need more than r_max, n are left there. */
bnsl_status bnsl__rounds(bnsl_neighbor_list *list, bnsl__search *s, const bnsl__quest *quest, int64_t n_points, int64_t *n, const char *func);

/* Candidates of query i nearer than radius, in part->bonds; -1: no memory. */
int64_t bnsl__look(const bnsl__search *s, bnsl__part *part, int64_t i, double radius);

/* Points that can be neighbours. */
int64_t bnsl__count_points(const bnsl__search *s);

/* All queries that can have neighbours, to list->unfinished; false: no memory. */
bool bnsl__list_queries(bnsl_neighbor_list *list, const bnsl__search *s, int64_t *n_out);

/* A set without images must hold k neighbours of each of the n queries in list->unfinished. */
bnsl_status bnsl__check_enough(const bnsl__search *s, int64_t n, int64_t n_points, int64_t k, const char *func);

/* Pieces that the work on a list is divided into. */
int64_t bnsl__n_parts(const bnsl_neighbor_list *list);

/* shells.c: size of the SANN shell, given all bonds nearer than radius; -1: it is not closed by them. */
int64_t bnsl__shell_sann(const bnsl__key *keys, int64_t n, double radius);

/* Brings the RAD shell of n candidates to the front; returns its size, or -1 without memory. ended: a closed shell came to its end. */
int64_t bnsl__shell_rad(bnsl__part *part, bnsl__key *keys, int64_t n, bool closed, bool *ended_out);

/* Whether everything farther than radius is blocked, after bnsl__shell_rad of an open shell. */
bool bnsl__shell_blocks_all(const bnsl__part *part, const bnsl__key *keys, int64_t n_shell, int64_t n, double radius);

/* list.c: at least n parts; false: no memory. */
bool bnsl__parts_hold(bnsl_neighbor_list *list, int64_t n);

#endif
