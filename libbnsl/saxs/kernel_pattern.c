/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inner loops of the pattern fit: Lorentzian lines, their derivatives, dot products. Eight points at once, lanes added in one fixed
 * order: the same bits from every instruction set. The eight are two vectors of four, which compilers keep in registers where they
 * spill vectors of eight.
 */
#include "saxs_internal.h"

typedef double four __attribute__((vector_size(32), may_alias));

static inline double add_lanes(four low, four high)
{
    return ((low[0] + high[0]) + (low[2] + high[2])) + ((low[1] + high[1]) + (low[3] + high[3]));
}

void BNSL_KERNEL(bnsl__saxs_line)(int64_t n_vectors, const double *q, const double *weight, double centre, double w, double factor, double *column)
{
    const four *q4 = (const four *)q, *weight4 = (const four *)weight;
    four *c = (four *)column;
    const double scale = factor * w / SAXS_PI, w2 = w * w;
    for (int64_t v = 0; v < 2 * n_vectors; v++) {
        four x = q4[v] - centre;
        c[v] += weight4[v] * (scale / (x * x + w2));
    }
}

/* n_slopes is a constant where this is called, so that the inner loop is unrolled. */
static inline __attribute__((always_inline)) void line_slopes(int64_t n_vectors, const double *q, const double *weight, double centre, double w,
                                                              const int32_t n_slopes, const double (*factor)[3], double *const *slope)
{
    const four *q4 = (const four *)q, *weight4 = (const four *)weight;
    const double scale = w / SAXS_PI, w2 = w * w, unit = 1.0 / w;
    for (int64_t v = 0; v < 2 * n_vectors; v++) {
        four x = q4[v] - centre, inverse = 1.0 / (x * x + w2), line = weight4[v] * (scale * inverse);
        four by_centre = line * (2.0 * x * inverse), by_w = line * (unit - 2.0 * w * inverse);
        for (int32_t k = 0; k < n_slopes; k++) {
            four *to = (four *)slope[k];
            to[v] += factor[k][0] * line + factor[k][1] * by_centre + factor[k][2] * by_w;
        }
    }
}

void BNSL_KERNEL(bnsl__saxs_line_slopes)(int64_t n_vectors, const double *q, const double *weight, double centre, double w, int32_t n_slopes,
                                         const double (*factor)[3], double *const *slope)
{
    switch (n_slopes) {
    case 2:
        line_slopes(n_vectors, q, weight, centre, w, 2, factor, slope);
        break;
    case 3:
        line_slopes(n_vectors, q, weight, centre, w, 3, factor, slope);
        break;
    case 4:
        line_slopes(n_vectors, q, weight, centre, w, 4, factor, slope);
        break;
    default:
        line_slopes(n_vectors, q, weight, centre, w, n_slopes, factor, slope);
    }
}

void BNSL_KERNEL(bnsl__saxs_accumulate)(int64_t n_vectors, double factor, const double *x, double *to)
{
    const four *x4 = (const four *)x;
    four *to4 = (four *)to;
    for (int64_t v = 0; v < 2 * n_vectors; v++)
        to4[v] += factor * x4[v];
}

void BNSL_KERNEL(bnsl__saxs_products)(int64_t n_vectors, int32_t n_columns, const double *columns, const double *x, double *products)
{
    const four *x4 = (const four *)x, *c = (const four *)columns;
    const int64_t n = 2 * n_vectors;
    int32_t i = 0;
    for (; i + 4 <= n_columns; i += 4, c += 4 * n) {
        four s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0}, t0 = {0}, t1 = {0}, t2 = {0}, t3 = {0};
        for (int64_t v = 0; v < n; v += 2) {
            four y = x4[v], z = x4[v + 1];
            s0 += c[v] * y, t0 += c[v + 1] * z;
            s1 += c[n + v] * y, t1 += c[n + v + 1] * z;
            s2 += c[2 * n + v] * y, t2 += c[2 * n + v + 1] * z;
            s3 += c[3 * n + v] * y, t3 += c[3 * n + v + 1] * z;
        }
        products[i] = add_lanes(s0, t0);
        products[i + 1] = add_lanes(s1, t1);
        products[i + 2] = add_lanes(s2, t2);
        products[i + 3] = add_lanes(s3, t3);
    }
    for (; i < n_columns; i++, c += n) {
        four s = {0}, t = {0};
        for (int64_t v = 0; v < n; v += 2)
            s += c[v] * x4[v], t += c[v + 1] * x4[v + 1];
        products[i] = add_lanes(s, t);
    }
}

/* Six dot products of columns x with columns y over the points start .. end - 1. */
static inline void block(const four *const x[3], const four *const y[2], int64_t start, int64_t end, double sums[6])
{
    four s00 = {0}, s10 = {0}, s20 = {0}, s01 = {0}, s11 = {0}, s21 = {0}, t00 = {0}, t10 = {0}, t20 = {0}, t01 = {0}, t11 = {0}, t21 = {0};
    const four *const x0 = x[0], *const x1 = x[1], *const x2 = x[2], *const y0 = y[0], *const y1 = y[1];
    for (int64_t v = start; v < end; v += 2) {
        four a = y0[v], b = y1[v];
        s00 += x0[v] * a, s01 += x0[v] * b;
        s10 += x1[v] * a, s11 += x1[v] * b;
        s20 += x2[v] * a, s21 += x2[v] * b;
        a = y0[v + 1], b = y1[v + 1];
        t00 += x0[v + 1] * a, t01 += x0[v + 1] * b;
        t10 += x1[v + 1] * a, t11 += x1[v + 1] * b;
        t20 += x2[v + 1] * a, t21 += x2[v + 1] * b;
    }
    sums[0] = add_lanes(s00, t00), sums[1] = add_lanes(s10, t10), sums[2] = add_lanes(s20, t20);
    sums[3] = add_lanes(s01, t01), sums[4] = add_lanes(s11, t11), sums[5] = add_lanes(s21, t21);
}

/* Blocks of three by two columns in panels of points that stay in the cache; the panels' sums are added in their order. */
void BNSL_KERNEL(bnsl__saxs_gram)(int64_t n_vectors, int32_t n_columns, const double *columns, double *gram, int64_t stride)
{
    enum { PANEL = 64 };
    const four *c = (const four *)columns;
    const int64_t n = 2 * n_vectors;
    for (int64_t start = 0; start < n; start += PANEL) {
        const int64_t end = start + PANEL < n ? start + PANEL : n;
        for (int32_t j = 0; j < n_columns; j += 2) {
            const int32_t j1 = j + 1 < n_columns ? j + 1 : j; /* at the edge a column stands for the missing one */
            const four *const y[2] = {c + j * n, c + j1 * n};
            for (int32_t i = 0; i <= j1; i += 3) {
                const int32_t i1 = i + 1 <= j1 ? i + 1 : j1, i2 = i + 2 <= j1 ? i + 2 : j1;
                const four *const x[3] = {c + i * n, c + i1 * n, c + i2 * n};
                double sums[6];
                block(x, y, start, end, sums);
                for (int32_t k = 0; k < 6; k++) {
                    const int32_t row = k < 3 ? j : j + 1, column = i + k % 3;
                    if (row >= n_columns || column > row)
                        continue;
                    double *to = gram + row * stride + column;
                    *to = start > 0 ? *to + sums[k] : sums[k];
                }
            }
        }
    }
}
