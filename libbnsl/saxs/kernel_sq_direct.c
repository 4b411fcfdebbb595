/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inner loops of the direct structure factor. Eight particles (or eight q) at once, in PARTS vectors of the instruction set's width; lane k
 * always holds particle 8 v + k, and lanes are added in one fixed order, so that every instruction set gives the same bits.
 */
#include "sq_lanes.h"

/* l at once: as many sums in flight as the registers hold. Their order of additions does not depend on it. */
enum { L_TILE = WIDTH == 8 ? 4 : 1 };

static inline double add_lanes(const vec *s)
{
    double v[LANES];
    __builtin_memcpy(v, s, sizeof v);
    return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

/* z[v] = a[v] b[v], or a[v] conj(b[v]) */
void BNSL_KERNEL(bnsl__saxs_multiply)(int32_t n_vectors, const double *a, const double *b, bool conjugate, double *z)
{
    const double sign = conjugate ? -1 : 1;
    for (int32_t v = 0; v < n_vectors; v++, a += 2 * LANES, b += 2 * LANES, z += 2 * LANES)
        for (int p = 0; p < PARTS; p++) {
            const vec a_re = ((const vec *)a)[p], a_im = ((const vec *)a)[PARTS + p];
            const vec b_re = ((const vec *)b)[p], b_im = sign * ((const vec *)b)[PARTS + p];
            ((vec *)z)[p] = a_re * b_re - a_im * b_im;
            ((vec *)z)[PARTS + p] = a_re * b_im + a_im * b_re;
        }
}

/* For l = first .. first + n_l - 1 adds the four sums over the particles of Re z Re c_l, Im z Im c_l, Re z Im c_l, Im z Re c_l. */
static inline __attribute__((always_inline)) void row_tile(int32_t n_l, int32_t n_vectors, const double *z, const double *c, double *sums)
{
    vec s[4 * L_TILE][PARTS] = {{{0}}};
    for (int32_t v = 0; v < n_vectors; v++) {
        const vec *z_v = (const vec *)(z + 2 * LANES * (int64_t)v);
        for (int32_t l = 0; l < n_l; l++) {
            const vec *c_v = (const vec *)(c + 2 * LANES * ((int64_t)l * n_vectors + v));
            for (int p = 0; p < PARTS; p++) {
                s[4 * l][p] += z_v[p] * c_v[p];
                s[4 * l + 1][p] += z_v[PARTS + p] * c_v[PARTS + p];
                s[4 * l + 2][p] += z_v[p] * c_v[PARTS + p];
                s[4 * l + 3][p] += z_v[PARTS + p] * c_v[p];
            }
        }
    }
    for (int32_t i = 0; i < 4 * n_l; i++)
        sums[i] += add_lanes(s[i]);
}

void BNSL_KERNEL(bnsl__saxs_row)(int32_t n_l, int32_t n_vectors, const double *z, const double *c, double *sums)
{
    int32_t l = 0;
    for (; l + L_TILE <= n_l; l += L_TILE)
        row_tile(L_TILE, n_vectors, z, c + 2 * LANES * (int64_t)l * n_vectors, sums + 4 * l);
    for (; l < n_l; l++)
        row_tile(1, n_vectors, z, c + 2 * LANES * (int64_t)l * n_vectors, sums + 4 * l);
}

/* folded[column][q] += L(q - k) value[column], L(x) = 1 / (x^2 + w^2) */
void BNSL_KERNEL(bnsl__saxs_fold)(int64_t n_vectors, const double *q, double k, double w, int32_t n_columns, const double *value, double *folded)
{
    const vec *q_v = (const vec *)q;
    vec *f_v = (vec *)folded;
    const int64_t n = n_vectors * PARTS;
    for (int64_t i = 0; i < n; i++) {
        const vec x = q_v[i] - k, line = 1.0 / (x * x + w * w);
        for (int32_t c = 0; c < n_columns; c++)
            f_v[c * n + i] += line * value[c];
    }
}
