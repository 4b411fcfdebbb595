/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shared parts of the order module: the plan (tables for the orders l that a call wants), bond lists as plain arrays, the kernels.
 *
 * Numbers of one particle. For every distinct order l the 2 l + 1 doubles q_l0, Re q_l1, Im q_l1, ..., Re q_ll, Im q_ll stand one after
 * the other (the others follow from q_l,-m = (-1)^m conj(q_lm)), from plan->base[l] on. Kernels work on eight particles at once: value v
 * of the particle in lane k is [8 v + k].
 */
#ifndef BNSL_ORDER_INTERNAL_H
#define BNSL_ORDER_INTERNAL_H

#include <bnsl/order.h>

#include "core_internal.h"

enum {
    ORDER_LANES = 8,
    ORDER_L_END = BNSL_ORDER_L_MAX + 1,
    ORDER_VALUES_MAX = ORDER_L_END * ORDER_L_END, /* sum of 2 l + 1 */
    ORDER_TRIPLES_MAX = 506                       /* sum of (l / 2 + 1)^2 over even l */
};

/* |q|^2 = sum_m |q_lm|^2 below which w_l is noise over noise. */
#define ORDER_NORM_MIN 1e-12

/* One term of w_l: factor Re(q_l,m1 q_l,m2 conj(q_l,m1+m2)), m1 >= m2 >= 0. */
typedef struct order_triple {
    int32_t m1, m2;
    double factor;
} order_triple;

typedef struct order_plan {
    int32_t n_wanted; /* orders as the caller lists them ... */
    const int32_t *wanted;
    int32_t l_max, n_values;   /* ... and the distinct ones among them */
    int32_t base[ORDER_L_END]; /* first value of order l, -1: not wanted */
    /* z^2 recurrence of the monic associated Legendre functions p_lm: p_l+2 = (z^2 + b) p_l + c p_l-2 */
    int32_t last[ORDER_L_END][2];       /* largest wanted l with l - m even [0] and odd [1], -1: none */
    double b[ORDER_L_END][ORDER_L_END]; /* [m][l] */
    double c[ORDER_L_END][ORDER_L_END];
    double scale[ORDER_VALUES_MAX]; /* Y_lm = scale p_lm (x + i y)^m */
    int32_t first_triple[ORDER_L_END + 1];
    order_triple triple[ORDER_TRIPLES_MAX];
} order_plan;

/* Bonds of a list, of each query point the first `limit` ones. */
typedef struct order_bonds {
    int64_t n_query;
    const int64_t *offset;
    const int32_t *index;
    const double *vector;
    const double *weight; /* of each bond, or NULL: all 1 */
    int64_t limit;
} order_bonds;

/* Where q_l, w_l and w_l without its norm go, n_query x n_wanted each; any may be NULL. */
typedef struct order_outputs {
    double *q, *w, *w_raw;
} order_outputs;

/* q_lm of the points that have bonds (harmonics.c). */
typedef struct order_table {
    const order_plan *plan;
    int64_t n;       /* points with bonds in the list ... */
    int64_t *point;  /* ... which ones, ascending */
    int32_t *row_of; /* n_query: row of a point; -1: it has no bond with a direction */
    double *row;     /* n x n_values */
} order_table;

/* Tables for n_l orders; with_w: also those of w_l. The orders have been checked; wanted is borrowed. */
void bnsl__order_plan_init(order_plan *plan, int32_t n_l, const int32_t *l, bool with_w);

/* True when the arguments are fit for a computation; else the message is set and the status is BNSL_EINVAL. func: the public function. */
bool bnsl__order_check_call(int32_t n_l, const int32_t *l, int32_t num_threads, const char *func);
bool bnsl__order_load_bonds(const bnsl_neighbor_list *list, bool need_vectors, bool half_will_do, const char *name, order_bonds *out,
                            const char *func);

/* First and one-past-last bond of query i. */
static inline int64_t order_bond_begin(const order_bonds *bonds, int64_t i)
{
    return bonds->offset[i];
}
static inline int64_t order_bond_end(const order_bonds *bonds, int64_t i)
{
    int64_t n = bonds->offset[i + 1] - bonds->offset[i];
    return bonds->offset[i] + (n < bonds->limit ? n : bonds->limit);
}

/* Weights of the bonds of a list, NULL allowed; false: one is not allowed, said. */
bool bnsl__order_check_weights(int64_t n, const double *weight, const char *func);

/* Whether the bonds of `over` join query points of `bonds`; else said. */
bool bnsl__order_check_pairs(const order_bonds *bonds, const order_bonds *over, const char *name, const char *func);

/*
 * Invariants of every query point; unbound_out: how many have no bonds. BNSL_OK or BNSL_ENOMEM; outputs are untouched on failure.
 * bnsl__order_averages_to: q_lm from bonds, averaged over the particle and its neighbours in average; bnsl__order_averages: q and w alone.
 */
bnsl_status bnsl__order_invariants(const order_plan *plan, const order_bonds *bonds, int threads, const order_outputs *out, int64_t *unbound_out,
                                   const char *func);
bnsl_status bnsl__order_averages_to(const order_plan *plan, const order_bonds *bonds, const order_bonds *average, int threads,
                                    const order_outputs *out, int64_t *unbound_out, const char *func);
bnsl_status bnsl__order_averages(const order_plan *plan, const order_bonds *bonds, const order_bonds *average, int threads, double *q_out,
                                 double *w_out, int64_t *unbound_out, const char *func);

/* The whole of a public call: checks, plan, computation. weight NULL: 1; average NULL: no averages. */
bnsl_status bnsl__order_steinhardt(const bnsl_neighbor_list *list, const double *weight, const bnsl_neighbor_list *average, int32_t n_l,
                                   const int32_t *l, int32_t num_threads, const order_outputs *out, int64_t *n_unbound_out, const char *func);

/* harmonics.c: q_lm of every point that has bonds; false: no memory (and nothing to free). */
bool bnsl__order_table_fill(order_table *table, const order_plan *plan, const order_bonds *bonds, int threads);
void bnsl__order_table_free(order_table *table);

/* d_ij of all bonds of pairs, NaN where an end has no q_lm (n_undefined of them). BNSL_OK or BNSL_ENOMEM; outputs are untouched on failure. */
bnsl_status bnsl__order_connections(const order_bonds *bonds, const order_bonds *pairs, int32_t l, bool normalised, int threads, double *d_out,
                                    int64_t *n_undefined_out, const char *func);

/* Indices of the query points that have bonds, ascending; NULL: no memory. */
int64_t *bnsl__order_bound_points(const order_bonds *bonds, int64_t *n_out);

/* n values NaN; values may be NULL. */
void bnsl__order_fill_nan(int64_t n, double *values);

/* All outputs NaN, n_query rows. */
void bnsl__order_clear(const order_plan *plan, int64_t n_query, const order_outputs *out);

/* Invariants of one block of n points from their q_lm to the rows of the points; lanes with absent[k] get NaN. */
void bnsl__order_finish(const order_plan *plan, int32_t n, const int64_t *point, const double *qlm, const bool *absent, const order_outputs *out);

/* 3j symbols (l l l; m1 m2 -m1-m2) of an even l for m1 >= m2 >= 0, m1 + m2 <= l: out[(l + 1) m1 + m2], others untouched. */
void bnsl__order_wigner3j(int32_t l, double *out);

/* Kernels, one variant for each instruction set. */
#define ORDER_KERNEL(name, arguments)                                                                                                                \
    void name##_baseline arguments;                                                                                                                  \
    void name##_avx2 arguments;                                                                                                                      \
    void name##_avx512 arguments

/*
 * Lanes of a vector register of the instruction set that a kernel is compiled for. Wider vectors than that are taken apart through memory
 * by compilers, and slow. Kernels go over the eight points in groups of ORDER_WIDTH: element v of group g is [v * ORDER_GROUPS + g].
 */
#if defined(__AVX512F__)
#define ORDER_WIDTH 8
#elif defined(__AVX2__)
#define ORDER_WIDTH 4
#else
#define ORDER_WIDTH 2
#endif
#define ORDER_GROUPS (ORDER_LANES / ORDER_WIDTH)

/* Sums over the bonds of n <= 8 points: q_lm means (plan->n_values x 8), and the total weight of the bonds that have a direction (8). */
ORDER_KERNEL(bnsl__order_sum, (const order_plan *plan, const order_bonds *bonds, int32_t n, const int64_t *point, double *qlm, double *total));
typedef void (*order_sum_fn)(const order_plan *, const order_bonds *, int32_t, const int64_t *, double *, double *);

/* Mean of the rows of point i, which has one, and of its neighbours: value v to lane[8 v]. */
ORDER_KERNEL(bnsl__order_mean, (const order_table *table, const order_bonds *average, int64_t i, double *lane));
typedef void (*order_mean_fn)(const order_table *, const order_bonds *, int64_t, double *);

/* q_l (and w_l, with and without its norm, when w is not NULL) of eight points from their q_lm; one group of lanes a distinct order, ascending. */
ORDER_KERNEL(bnsl__order_reduce, (const order_plan *plan, const double *qlm, double *q, double *w, double *w_raw));
typedef void (*order_reduce_fn)(const order_plan *, const double *, double *, double *, double *);

#endif
