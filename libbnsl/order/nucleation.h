/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The read-out of nucleation: its object, and what nucleus.c measures of one frame. */
#ifndef BNSL_ORDER_NUCLEATION_H
#define BNSL_ORDER_NUCLEATION_H

#include "order_crystal.h"

typedef struct nucleation_wall {
    int32_t kind, axis;
    double center[3], size;
} nucleation_wall;

struct bnsl_order_nucleation {
    bnsl_order_nucleation_options options;
    nucleation_wall wall;
    int64_t n_frames, capacity;
    bnsl_order_nucleation_frame *frame;
    int64_t n;            /* particles, the same in all frames ... */
    int32_t *species;     /* ... as is what they are; NULL before the first one */
    double *last_density; /* n: local density of an L when it was last seen fluid, NaN: never */
};

/* Local density that belongs to a phase. */
static inline double nucleation_cutoff(const bnsl_order_nucleation_options *o, int32_t phase)
{
    return phase == BNSL_PHASE_ALB2 ? o->dense_alb2 : phase == BNSL_PHASE_NAZN13 ? o->dense_nazn13 : o->dense_fcc;
}

/* Local density around each L in units of diameter_l^-3, NaN for the others. density: n values. */
bnsl_status bnsl__order_density_around_l(const bnsl_order_nucleation_options *o, const bnsl_box *box, int64_t n, const double *xyz,
                                         const int32_t *species, double *density);

/* Centres of all clusters (n_clusters x 3), unwrapped along bonds, then put into the box. */
bnsl_status bnsl__order_cluster_centers(const bnsl_box *box, const order_crystal *c, int64_t n_clusters, const int32_t *cluster, const int64_t *size,
                                        double *center, const char *func);

/* Volume of the room that the particles have; NaN when it is not known. */
double bnsl__order_room(const nucleation_wall *wall, const bnsl_box *box);

/* Distance of a point from the wall, what it is on average for random points, and the probability that it is less; NaN without a wall. */
void bnsl__order_wall_distance(const nucleation_wall *wall, const bnsl_box *box, const double *point, double *distance, double *random,
                               double *probability);

#endif
