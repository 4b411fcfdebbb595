/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Wigner 3j symbols (l l l; m1 m2 m3) of even l, m1 + m2 + m3 = 0.
 *
 * At fixed m1 they satisfy a three-term recurrence in m2 [Schulten and Gordon, J. Math. Phys. 16, 1961 (1975), eq. 6]. It is stable from
 * an end of the range of m2 to the middle, and for even l the second half is the mirror image of the first (exchange of columns 2 and 3).
 * Norm: sum over m2 of the squares = 1 / (2 l + 1). Sign: the end m3 = -l has the sign (-1)^m1. Error: a few units in the last place.
 * Cost: O(l^2).
 */
#include <math.h>

#include "order_internal.h"

/* Coefficient of the neighbour m2 - 1 in the equation at m2. */
static double coupling(int32_t l, int32_t m2, int32_t m3)
{
    return sqrt((double)((l - m2 + 1) * (l + m2)) * (double)((l - m3) * (l + m3 + 1)));
}

/* f[m2 + l], m2 = -l .. l - m1: the symbols of one m1 >= 0. */
static void row_of(int32_t l, int32_t m1, double *f)
{
    int32_t first = -l, last = l - m1;
    int32_t middle = first + (last - first) / 2;
    double norm = 0;
    f[0] = 1;
    for (int32_t m2 = first; m2 < middle; m2++) {
        int32_t m3 = -m1 - m2;
        double diagonal = (double)(l * (l + 1) + 2 * m2 * m3);
        double before = m2 > first ? coupling(l, m2, m3) * f[m2 - 1 + l] : 0;
        f[m2 + 1 + l] = -(diagonal * f[m2 + l] + before) / coupling(l, m2 + 1, m3 - 1);
    }
    for (int32_t m2 = first; m2 <= middle; m2++)
        f[-m1 - m2 + l] = f[m2 + l];
    for (int32_t m2 = first; m2 <= last; m2++)
        norm += f[m2 + l] * f[m2 + l];
    double scale = (m1 % 2 ? -1 : 1) / sqrt((2 * l + 1) * norm);
    for (int32_t m2 = first; m2 <= last; m2++)
        f[m2 + l] *= scale;
}

void bnsl__order_wigner3j(int32_t l, double *out)
{
    double f[2 * BNSL_ORDER_L_MAX + 1];
    for (int32_t m1 = 0; m1 <= l; m1++) {
        row_of(l, m1, f);
        for (int32_t m2 = 0; m2 <= m1 && m1 + m2 <= l; m2++)
            out[(l + 1) * m1 + m2] = f[m2 + l];
    }
}
