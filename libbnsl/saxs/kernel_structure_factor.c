/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inner loops of the direct structure factor. Eight particles (or eight q) at once; lane k of a vector always holds particle
 * 8 v + k, and lanes are added in one fixed order, so that every instruction set gives the same bits.
 */
#include "saxs_internal.h"

typedef double lanes __attribute__((vector_size(64), may_alias));

enum { LANES = SAXS_LANES };

/* Independent sums in flight: as many as the registers hold. The order of additions within a sum does not depend on it. */
#if defined(__AVX512F__)
enum { L_TILE = 4 };
#else
enum { L_TILE = 1 };
#endif

static inline double add_lanes(const lanes *v)
{
    return (((*v)[0] + (*v)[4]) + ((*v)[2] + (*v)[6])) + (((*v)[1] + (*v)[5]) + ((*v)[3] + (*v)[7]));
}

/* z[v] = a[v] b[v], or a[v] conj(b[v]) */
void BNSL_KERNEL(bnsl__saxs_multiply)(int32_t n_vectors, const double *a, const double *b, bool conjugate, double *z)
{
    const lanes *a_lanes = (const lanes *)a, *b_lanes = (const lanes *)b;
    lanes *z_lanes = (lanes *)z;
    const double sign = conjugate ? -1 : 1;
    for (int32_t v = 0; v < n_vectors; v++) {
        lanes a_re = a_lanes[2 * v], a_im = a_lanes[2 * v + 1], b_re = b_lanes[2 * v], b_im = sign * b_lanes[2 * v + 1];
        z_lanes[2 * v] = a_re * b_re - a_im * b_im;
        z_lanes[2 * v + 1] = a_re * b_im + a_im * b_re;
    }
}

/* For l = first .. first + n_l - 1 adds the four sums over the particles of Re z Re c_l, Im z Im c_l, Re z Im c_l, Im z Re c_l. */
static inline __attribute__((always_inline)) void row_tile(int32_t n_l, int32_t n_vectors, const lanes *z, const lanes *c, double *sums)
{
    lanes s[4 * L_TILE] = {{0}};
    for (int32_t v = 0; v < n_vectors; v++) {
        lanes z_re = z[2 * v], z_im = z[2 * v + 1];
        for (int32_t l = 0; l < n_l; l++) {
            lanes c_re = c[2 * (l * n_vectors + v)], c_im = c[2 * (l * n_vectors + v) + 1];
            s[4 * l] += z_re * c_re;
            s[4 * l + 1] += z_im * c_im;
            s[4 * l + 2] += z_re * c_im;
            s[4 * l + 3] += z_im * c_re;
        }
    }
    for (int32_t i = 0; i < 4 * n_l; i++)
        sums[i] += add_lanes(s + i);
}

void BNSL_KERNEL(bnsl__saxs_row)(int32_t n_l, int32_t n_vectors, const double *z, const double *c, double *sums)
{
    const lanes *z_lanes = (const lanes *)z, *c_lanes = (const lanes *)c;
    int32_t l = 0;
    for (; l + L_TILE <= n_l; l += L_TILE)
        row_tile(L_TILE, n_vectors, z_lanes, c_lanes + 2 * (int64_t)l * n_vectors, sums + 4 * l);
    for (; l < n_l; l++)
        row_tile(1, n_vectors, z_lanes, c_lanes + 2 * (int64_t)l * n_vectors, sums + 4 * l);
}

/* folded[column][q] += L(q - k) value[column], L(x) = 1 / (x^2 + w^2) */
void BNSL_KERNEL(bnsl__saxs_fold)(int64_t n_vectors, const double *q, double k, double w, int32_t n_columns, const double *value, double *folded)
{
    const lanes *q_lanes = (const lanes *)q;
    lanes *f_lanes = (lanes *)folded;
    for (int64_t v = 0; v < n_vectors; v++) {
        lanes x = q_lanes[v] - k, line = 1.0 / (x * x + w * w);
        for (int32_t c = 0; c < n_columns; c++)
            f_lanes[c * n_vectors + v] += line * value[c];
    }
}
