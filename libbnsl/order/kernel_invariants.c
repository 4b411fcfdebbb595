/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rotation invariants q_l and w_l (with its norm and without) of eight points from their q_lm [Steinhardt, Nelson and Ronchetti, Phys. Rev.
 * B 28, 784 (1983), eqs. 1.3 and 1.5]. w_l of odd l is 0: the 3j symbol changes its sign under an exchange of columns. Cost: O(l^2) a point.
 */
#include "order_internal.h"

typedef double lanes __attribute__((vector_size(ORDER_WIDTH * sizeof(double)), may_alias));

/* sum over m = -l .. l of |q_lm|^2 */
static inline lanes norm_of(int32_t l, const lanes *q)
{
    lanes pairs = {0};
    for (int32_t v = 1; v <= 2 * l; v++)
        pairs += q[v * ORDER_GROUPS] * q[v * ORDER_GROUPS];
    return q[0] * q[0] + 2.0 * pairs;
}

static inline lanes real_part(const lanes *q, int32_t m)
{
    return q[(m > 0 ? 2 * m - 1 : 0) * ORDER_GROUPS];
}

static inline lanes imaginary_part(const lanes *q, int32_t m)
{
    return m > 0 ? q[2 * m * ORDER_GROUPS] : (lanes){0};
}

static inline lanes sum_triples(const order_plan *plan, int32_t l, const lanes *q)
{
    lanes sum = {0};
    for (int32_t t = plan->first_triple[l]; t < plan->first_triple[l + 1]; t++) {
        const order_triple *triple = plan->triple + t;
        const lanes a = real_part(q, triple->m1), b = imaginary_part(q, triple->m1);
        const lanes c = real_part(q, triple->m2), d = imaginary_part(q, triple->m2);
        const lanes e = real_part(q, triple->m1 + triple->m2), f = imaginary_part(q, triple->m1 + triple->m2);
        sum += triple->factor * ((a * c - b * d) * e + (a * d + b * c) * f);
    }
    return sum;
}

static inline lanes square_root(lanes x)
{
    for (int32_t k = 0; k < ORDER_WIDTH; k++)
        x[k] = __builtin_sqrt(x[k]);
    return x;
}

void BNSL_KERNEL(bnsl__order_reduce)(const order_plan *plan, const double *qlm, double *q, double *w, double *w_raw)
{
    const double four_pi = 12.566370614359172954;
    for (int32_t g = 0; g < ORDER_GROUPS; g++)
        for (int32_t l = 0, place = g; l <= plan->l_max; l++) {
            if (plan->base[l] < 0)
                continue;
            const lanes *values = (const lanes *)qlm + plan->base[l] * ORDER_GROUPS + g;
            const lanes norm = norm_of(l, values), root = square_root(norm);
            if (w) {
                const lanes sum = sum_triples(plan, l, values);
                lanes ratio = {0};
                for (int32_t k = 0; k < ORDER_WIDTH; k++)
                    ratio[k] = norm[k] < ORDER_NORM_MIN ? __builtin_nan("") : sum[k] / (norm[k] * root[k]);
                ((lanes *)w)[place] = ratio;
                ((lanes *)w_raw)[place] = sum;
            }
            ((lanes *)q)[place] = root * __builtin_sqrt(four_pi / (2 * l + 1));
            place += ORDER_GROUPS;
        }
}
