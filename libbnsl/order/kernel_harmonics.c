/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mean spherical harmonics over the bonds of eight points at a time: lane k follows the bonds of point k, one after the other, so that a
 * point's sums do not depend on its companions. Lanes whose bonds have run out, and bonds of length 0, enter with the weight 0.
 * Recurrences: spherical_harmonics.c. Cost: a few hundred floating-point operations for eight bonds of l = 4, 6.
 */
#include "order_internal.h"

typedef double lanes __attribute__((vector_size(64), may_alias));

/* Bond number b of each point, as a unit vector; weight 1, or 0 where there is none. */
static void load_bonds(const order_bonds *bonds, int32_t n, const int64_t *begin, const int64_t *end, int64_t b, lanes unit[3], lanes *weight)
{
    lanes x = {0}, y = {0}, z = {0}, present = {0}, r2, r = {0};
    for (int32_t k = 0; k < n; k++)
        if (begin[k] + b < end[k]) {
            const double *v = bonds->vector + 3 * (begin[k] + b);
            x[k] = v[0];
            y[k] = v[1];
            z[k] = v[2];
        }
    r2 = x * x + y * y + z * z;
    for (int32_t k = 0; k < ORDER_LANES; k++) {
        present[k] = r2[k] > 0 ? 1 : 0;
        r[k] = __builtin_sqrt(r2[k] > 0 ? r2[k] : 1);
    }
    unit[0] = x / r;
    unit[1] = y / r;
    unit[2] = z / r;
    *weight = present;
}

/* Adds p_lm (re + i im) of one chain l, l + 2, ... at fixed m; p is the first member. */
static inline void add_chain(const order_plan *plan, int32_t m, int32_t l, int32_t last, const lanes *z2, lanes p, const lanes *re, const lanes *im,
                             lanes *sum)
{
    lanes before = {0};
    for (;; l += 2) {
        if (plan->base[l] >= 0) {
            lanes *q = sum + plan->base[l] + (m > 0 ? 2 * m - 1 : 0);
            q[0] += p * *re;
            if (m > 0)
                q[1] += p * *im;
        }
        if (l >= last)
            return;
        lanes next = (*z2 + plan->b[m][l]) * p + plan->c[m][l] * before;
        before = p;
        p = next;
    }
}

static void add_bonds(const order_plan *plan, const lanes unit[3], const lanes *weight, lanes *sum)
{
    const lanes x = unit[0], y = unit[1], z = unit[2], z2 = z * z, one = {1, 1, 1, 1, 1, 1, 1, 1};
    lanes re = *weight, im = {0};
    for (int32_t m = 0; m <= plan->l_max; m++) {
        if (m > 0) {
            lanes turned = re * x - im * y;
            im = re * y + im * x;
            re = turned;
        }
        if (plan->last[m][0] >= 0)
            add_chain(plan, m, m, plan->last[m][0], &z2, one, &re, &im, sum);
        if (plan->last[m][1] >= 0)
            add_chain(plan, m, m + 1, plan->last[m][1], &z2, z, &re, &im, sum);
    }
}

void BNSL_KERNEL(bnsl__order_sum)(const order_plan *plan, const order_bonds *bonds, int32_t n, const int64_t *point, double *qlm, double *count)
{
    lanes *sum = (lanes *)qlm, *bonds_seen = (lanes *)count, unit[3], weight;
    int64_t begin[ORDER_LANES], end[ORDER_LANES], most = 0;
    for (int32_t k = 0; k < n; k++) {
        begin[k] = order_bond_begin(bonds, point[k]);
        end[k] = order_bond_end(bonds, point[k]);
        if (end[k] - begin[k] > most)
            most = end[k] - begin[k];
    }
    for (int32_t v = 0; v < plan->n_values; v++)
        sum[v] = (lanes){0};
    *bonds_seen = (lanes){0};
    for (int64_t b = 0; b < most; b++) {
        load_bonds(bonds, n, begin, end, b, unit, &weight);
        add_bonds(plan, unit, &weight, sum);
        *bonds_seen += weight;
    }
    lanes inverse;
    for (int32_t k = 0; k < ORDER_LANES; k++)
        inverse[k] = 1 / (count[k] > 0 ? count[k] : 1);
    for (int32_t v = 0; v < plan->n_values; v++)
        sum[v] = sum[v] * plan->scale[v] * inverse;
}
