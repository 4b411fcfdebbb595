/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inner loops of the pattern fit: Lorentzian lines, their derivatives, dot products. Eight points at once, lanes added in one fixed
 * order: the same bits from every instruction set.
 */
#include "saxs_internal.h"

typedef double lanes __attribute__((vector_size(64), may_alias));

static inline double add_lanes(const lanes *v)
{
    return (((*v)[0] + (*v)[4]) + ((*v)[2] + (*v)[6])) + (((*v)[1] + (*v)[5]) + ((*v)[3] + (*v)[7]));
}

void BNSL_KERNEL(bnsl__saxs_line)(int64_t n_vectors, const double *q, const double *weight, double centre, double w, double factor, double *column)
{
    const lanes *q_lanes = (const lanes *)q, *weight_lanes = (const lanes *)weight;
    lanes *c = (lanes *)column;
    const double scale = factor * w / SAXS_PI, w2 = w * w;
    for (int64_t v = 0; v < n_vectors; v++) {
        lanes x = q_lanes[v] - centre;
        c[v] += weight_lanes[v] * (scale / (x * x + w2));
    }
}

void BNSL_KERNEL(bnsl__saxs_line_slopes)(int64_t n_vectors, const double *q, const double *weight, double centre, double w, double factor,
                                         double by_a, double by_c, double *slope_a, double *slope_c, double *slope_w)
{
    const lanes *q_lanes = (const lanes *)q, *weight_lanes = (const lanes *)weight;
    lanes *a_lanes = (lanes *)slope_a, *c_lanes = (lanes *)slope_c, *w_lanes = (lanes *)slope_w;
    const double scale = factor * w / SAXS_PI, w2 = w * w;
    for (int64_t v = 0; v < n_vectors; v++) {
        lanes x = q_lanes[v] - centre, inverse = 1.0 / (x * x + w2), line = weight_lanes[v] * (scale * inverse);
        lanes by_centre = line * (2.0 * x * inverse);
        a_lanes[v] += by_a * by_centre;
        if (c_lanes)
            c_lanes[v] += by_c * by_centre;
        w_lanes[v] += line * (1.0 - 2.0 * w2 * inverse);
    }
}

void BNSL_KERNEL(bnsl__saxs_accumulate)(int64_t n_vectors, double factor, const double *x, double *to)
{
    const lanes *x_lanes = (const lanes *)x;
    lanes *to_lanes = (lanes *)to;
    for (int64_t v = 0; v < n_vectors; v++)
        to_lanes[v] += factor * x_lanes[v];
}

void BNSL_KERNEL(bnsl__saxs_products)(int64_t n_vectors, int32_t n_columns, const double *columns, const double *x, double *products)
{
    const lanes *x_lanes = (const lanes *)x, *c = (const lanes *)columns;
    int32_t i = 0;
    for (; i + 4 <= n_columns; i += 4, c += 4 * n_vectors) {
        lanes s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
        for (int64_t v = 0; v < n_vectors; v++) {
            lanes y = x_lanes[v];
            s0 += c[v] * y;
            s1 += c[n_vectors + v] * y;
            s2 += c[2 * n_vectors + v] * y;
            s3 += c[3 * n_vectors + v] * y;
        }
        products[i] = add_lanes(&s0);
        products[i + 1] = add_lanes(&s1);
        products[i + 2] = add_lanes(&s2);
        products[i + 3] = add_lanes(&s3);
    }
    for (; i < n_columns; i++, c += n_vectors) {
        lanes sum = {0};
        for (int64_t v = 0; v < n_vectors; v++)
            sum += c[v] * x_lanes[v];
        products[i] = add_lanes(&sum);
    }
}
