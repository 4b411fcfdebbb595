/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Weighted means of spherical harmonics over the bonds of eight points: lane k follows the bonds of point k, one after the other, so that
 * a point's sums do not depend on its companions, nor on how many lanes the instruction set has. Lanes whose bonds have run out, and
 * bonds of length 0, enter with the weight 0. Recurrences: spherical_harmonics.c. Cost: a few hundred floating-point operations for
 * eight bonds of l = 4, 6.
 */
#include "order_internal.h"

typedef double lanes __attribute__((vector_size(ORDER_WIDTH * sizeof(double)), may_alias));

/* The bonds of one group of points. */
typedef struct group {
    int32_t n; /* points, <= ORDER_WIDTH */
    int64_t begin[ORDER_WIDTH], end[ORDER_WIDTH], most;
    size_t ahead; /* bytes from here to the bonds of the next eight points, as a rule: they are fetched in time */
} group;

/* Bond number b of each point, as a unit vector, and its weight; 0 where there is none. */
static inline void load_bonds(const order_bonds *bonds, const group *g, int64_t b, lanes unit[3], lanes *weight)
{
    lanes x = {0}, y = {0}, z = {0}, w = {0}, r2, r = {0};
    for (int32_t k = 0; k < g->n; k++)
        if (g->begin[k] + b < g->end[k]) {
            const double *v = bonds->vector + 3 * (g->begin[k] + b);
            __builtin_prefetch((const void *)((uintptr_t)v + g->ahead));
            x[k] = v[0];
            y[k] = v[1];
            z[k] = v[2];
            w[k] = bonds->weight ? bonds->weight[g->begin[k] + b] : 1;
        }
    r2 = x * x + y * y + z * z;
    for (int32_t k = 0; k < ORDER_WIDTH; k++) {
        w[k] = r2[k] > 0 ? w[k] : 0;
        r[k] = __builtin_sqrt(r2[k] > 0 ? r2[k] : 1);
    }
    unit[0] = x / r;
    unit[1] = y / r;
    unit[2] = z / r;
    *weight = w;
}

/* Adds p_lm (re + i im) of one chain l, l + 2, ... at fixed m; p is the first member. */
static inline void add_chain(const order_plan *plan, int32_t m, int32_t l, int32_t last, lanes z2, lanes p, lanes re, lanes im, lanes *sum)
{
    const double *factor_b = plan->b[m], *factor_c = plan->c[m];
    lanes before = {0};
    for (;; l += 2) {
        if (plan->base[l] >= 0) {
            lanes *q = sum + (plan->base[l] + (m > 0 ? 2 * m - 1 : 0)) * ORDER_GROUPS;
            q[0] += p * re;
            if (m > 0)
                q[ORDER_GROUPS] += p * im;
        }
        if (l >= last)
            return;
        lanes next = (z2 + factor_b[l]) * p + factor_c[l] * before;
        before = p;
        p = next;
    }
}

static inline void add_bonds(const order_plan *plan, const lanes unit[3], lanes weight, lanes *sum)
{
    const lanes x = unit[0], y = unit[1], z = unit[2], z2 = z * z, one = (lanes){0} + 1.0;
    lanes re = weight, im = {0};
    for (int32_t m = 0; m <= plan->l_max; m++) {
        if (m > 0) {
            lanes turned = re * x - im * y;
            im = re * y + im * x;
            re = turned;
        }
        if (plan->last[m][0] >= 0)
            add_chain(plan, m, m, plan->last[m][0], z2, one, re, im, sum);
        if (plan->last[m][1] >= 0)
            add_chain(plan, m, m + 1, plan->last[m][1], z2, z, re, im, sum);
    }
}

static void sum_group(const order_plan *plan, const order_bonds *bonds, const group *g, lanes *sum, lanes *total)
{
    lanes unit[3], weight, all = {0}, inverse = {0};
    for (int32_t v = 0; v < plan->n_values; v++)
        sum[v * ORDER_GROUPS] = (lanes){0};
    for (int64_t b = 0; b < g->most; b++) {
        load_bonds(bonds, g, b, unit, &weight);
        add_bonds(plan, unit, weight, sum);
        all += weight;
    }
    for (int32_t k = 0; k < ORDER_WIDTH; k++)
        inverse[k] = 1 / (all[k] > 0 ? all[k] : 1);
    for (int32_t v = 0; v < plan->n_values; v++)
        sum[v * ORDER_GROUPS] = sum[v * ORDER_GROUPS] * plan->scale[v] * inverse;
    *total = all;
}

void BNSL_KERNEL(bnsl__order_sum)(const order_plan *plan, const order_bonds *bonds, int32_t n, const int64_t *point, double *qlm, double *total)
{
    const size_t ahead = 3 * sizeof(double) * (size_t)(n > 0 ? bonds->offset[point[n - 1] + 1] - bonds->offset[point[0]] : 0);
    for (int32_t i = 0; i < ORDER_GROUPS; i++) {
        group g = {.n = n - i * ORDER_WIDTH, .ahead = ahead};
        if (g.n > ORDER_WIDTH)
            g.n = ORDER_WIDTH;
        for (int32_t k = 0; k < g.n; k++) {
            g.begin[k] = order_bond_begin(bonds, point[i * ORDER_WIDTH + k]);
            g.end[k] = order_bond_end(bonds, point[i * ORDER_WIDTH + k]);
            if (g.end[k] - g.begin[k] > g.most)
                g.most = g.end[k] - g.begin[k];
        }
        sum_group(plan, bonds, &g, (lanes *)qlm + i, (lanes *)total + i);
    }
}
