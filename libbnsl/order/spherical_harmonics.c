/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tables for spherical harmonics of unit vectors without trigonometry, and for the invariants made of them.
 *
 *   Y_lm = (-1)^m sqrt((2 l + 1) / (4 pi) (l - m)! / (l + m)!) P_l^m(z) (x + i y)^m / (1 - z^2)^(m / 2)
 *        = scale_lm p_lm(z) (x + i y)^m,   p_lm a polynomial of degree l - m with leading coefficient 1.
 *
 * With a_l^2 = (l^2 - m^2) / (4 l^2 - 1), z p_l = p_l+1 + a_l^2 p_l-1 [DLMF 14.10.3, rescaled]; applied twice it leads from l to l + 2:
 *
 *   p_l+2 = (z^2 - a_l+1^2 - a_l^2) p_l - a_l^2 a_l-1^2 p_l-2,
 *
 * so that even orders alone (l = 4, 6: the usual ones) cost half. scale_lm = (-1)^m sqrt((2 m + 1)!! / (4 pi (2 m)!!)) / (a_m+1 ... a_l).
 */
#include <math.h>

#include "order_internal.h"

static const double pi = 3.14159265358979323846;

static double a_squared(int32_t l, int32_t m)
{
    return (double)(l * l - m * m) / (double)(4 * l * l - 1);
}

static void place_orders(order_plan *plan, int32_t n_l, const int32_t *l)
{
    plan->n_wanted = n_l;
    plan->wanted = l;
    plan->l_max = 0;
    for (int32_t i = 0; i < ORDER_L_END; i++)
        plan->base[i] = -1;
    for (int32_t i = 0; i < n_l; i++) {
        plan->base[l[i]] = 0;
        if (l[i] > plan->l_max)
            plan->l_max = l[i];
    }
    plan->n_values = 0;
    for (int32_t i = 0; i <= plan->l_max; i++)
        if (plan->base[i] == 0) {
            plan->base[i] = plan->n_values;
            plan->n_values += 2 * i + 1;
        }
}

static void fill_recurrence(order_plan *plan, int32_t m, double scale_mm)
{
    plan->last[m][0] = plan->last[m][1] = -1;
    double scale = scale_mm;
    for (int32_t l = m; l <= plan->l_max; l++) {
        double a2 = a_squared(l, m), a2_before = l > m ? a_squared(l - 1, m) : 0;
        plan->b[m][l] = -(a_squared(l + 1, m) + a2);
        plan->c[m][l] = -a2 * a2_before;
        if (l > m)
            scale /= sqrt(a2);
        int32_t base = plan->base[l];
        if (base < 0)
            continue;
        plan->last[m][(l - m) % 2] = l;
        if (m == 0) {
            plan->scale[base] = scale;
        } else {
            plan->scale[base + 2 * m - 1] = plan->scale[base + 2 * m] = scale;
        }
    }
}

/*
 * w_l = sum over m1 + m2 + m3 = 0 of (l l l; m1 m2 m3) q_m1 q_m2 q_m3 over one triple of each class under permutation and m -> -m:
 * {m1, m2, -(m1 + m2)} with m1 >= m2 >= 0. The last factor is (-1)^(m1+m2) conj(q_m1+m2).
 */
static void fill_triples(order_plan *plan)
{
    double symbol[ORDER_L_END * ORDER_L_END];
    int32_t n = 0;
    for (int32_t l = 0; l <= plan->l_max; l++) {
        plan->first_triple[l] = n;
        if (plan->base[l] < 0 || l % 2)
            continue;
        bnsl__order_wigner3j(l, symbol);
        for (int32_t m1 = 0; m1 <= l; m1++)
            for (int32_t m2 = 0; m2 <= m1 && m1 + m2 <= l; m2++) {
                int32_t members = m1 == 0 ? 1 : m2 == 0 || m1 == m2 ? 6 : 12;
                double sign = (m1 + m2) % 2 ? -1 : 1;
                plan->triple[n++] = (order_triple){m1, m2, sign * members * symbol[(l + 1) * m1 + m2]};
            }
    }
    plan->first_triple[plan->l_max + 1] = n;
}

void bnsl__order_plan_init(order_plan *plan, int32_t n_l, const int32_t *l, bool with_w)
{
    place_orders(plan, n_l, l);
    double scale_mm = sqrt(1 / (4 * pi));
    for (int32_t m = 0; m <= plan->l_max; m++) {
        if (m > 0)
            scale_mm *= -sqrt((2 * m + 1) / (2.0 * m));
        fill_recurrence(plan, m, scale_mm);
    }
    if (with_w)
        fill_triples(plan);
}
