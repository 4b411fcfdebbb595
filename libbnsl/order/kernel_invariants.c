/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rotation invariants q_l and w_l (normalised) of eight points from their q_lm [Steinhardt, Nelson and Ronchetti, Phys. Rev. B 28, 784
 * (1983), eqs. 1.3 and 1.5]. w_l of odd l is 0: the 3j symbol changes its sign under an exchange of columns. Cost: O(l^2) a point.
 */
#include "order_internal.h"

typedef double lanes __attribute__((vector_size(64), may_alias));

/* sum over m = -l .. l of |q_lm|^2 */
static void add_norm(int32_t l, const lanes *q, lanes *norm)
{
    lanes pairs = {0};
    for (int32_t v = 1; v <= 2 * l; v++)
        pairs += q[v] * q[v];
    *norm = q[0] * q[0] + 2.0 * pairs;
}

static inline void load_qm(const lanes *q, int32_t m, lanes *re, lanes *im)
{
    *re = q[m > 0 ? 2 * m - 1 : 0];
    *im = m > 0 ? q[2 * m] : (lanes){0};
}

static void add_triples(const order_plan *plan, int32_t l, const lanes *q, lanes *w)
{
    lanes sum = {0}, a, b, c, d, e, f;
    for (int32_t t = plan->first_triple[l]; t < plan->first_triple[l + 1]; t++) {
        const order_triple *triple = plan->triple + t;
        load_qm(q, triple->m1, &a, &b);
        load_qm(q, triple->m2, &c, &d);
        load_qm(q, triple->m1 + triple->m2, &e, &f);
        sum += triple->factor * ((a * c - b * d) * e + (a * d + b * c) * f);
    }
    *w = sum;
}

static void square_root(lanes *x)
{
    for (int32_t k = 0; k < ORDER_LANES; k++)
        (*x)[k] = __builtin_sqrt((*x)[k]);
}

void BNSL_KERNEL(bnsl__order_reduce)(const order_plan *plan, const double *qlm, double *q, double *w)
{
    const double four_pi = 12.566370614359172954;
    lanes *q_lanes = (lanes *)q, *w_lanes = (lanes *)w;
    for (int32_t l = 0, place = 0; l <= plan->l_max; l++) {
        if (plan->base[l] < 0)
            continue;
        const lanes *values = (const lanes *)qlm + plan->base[l];
        lanes norm, root;
        add_norm(l, values, &norm);
        root = norm;
        square_root(&root);
        if (w) {
            lanes sum;
            add_triples(plan, l, values, &sum);
            for (int32_t k = 0; k < ORDER_LANES; k++)
                w_lanes[place][k] = norm[k] < ORDER_NORM_MIN ? __builtin_nan("") : sum[k] / (norm[k] * root[k]);
        }
        q_lanes[place++] = root * __builtin_sqrt(four_pi / (2 * l + 1));
    }
}
