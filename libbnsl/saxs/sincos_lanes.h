/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sine, cosine, exponential of some numbers at once, for kernels: the same bits from every instruction set and C library. */
#ifndef BNSL_SAXS_SINCOS_LANES_H
#define BNSL_SAXS_SINCOS_LANES_H

#include <stdint.h>

/* As many lanes as the registers have (vectors wider than those are slow): a group of SAXS_LANES is one or two of them, and no lane knows of
 * another. */
#ifdef __AVX512F__
enum { LANES_WIDTH = 8 };
#else
enum { LANES_WIDTH = 4 };
#endif
typedef double lanes __attribute__((vector_size(8 * LANES_WIDTH), may_alias));
typedef int64_t lanes_int __attribute__((vector_size(8 * LANES_WIDTH), may_alias));

static inline lanes lanes_select(lanes_int mask, lanes a, lanes b)
{
    return (lanes)(((lanes_int)a & mask) | ((lanes_int)b & ~mask));
}

/*
 * sin x and cos x, |x| <= 2e8: the quadrant n = round(2 x / pi) is taken off in three parts of pi / 2, of which n times the first two is
 * exact; Taylor polynomials on [-pi/4, pi/4]. Error < 3e-16.
 */
static inline void lanes_sincos(lanes x, lanes *sine, lanes *cosine)
{
    const double magic = 0x1.8p52; /* adding it rounds to an integer, which the low bits then hold */
    const lanes rounded = x * 0.63661977236758134308 + magic;
    const lanes_int quadrant = (lanes_int)rounded;
    const lanes n = rounded - magic;
    const lanes r = ((x - n * 0x1.921fb54p0) - n * 0x1.10b461p-30) - n * 0x1.a62633145c06ep-58, y = r * r;
    lanes s = y * (-1.0 / 1307674368000.0) + 1.0 / 6227020800.0, c = y * (1.0 / 20922789888000.0) - 1.0 / 87178291200.0;
    s = s * y - 1.0 / 39916800.0;
    s = s * y + 1.0 / 362880.0;
    s = s * y - 1.0 / 5040.0;
    s = s * y + 1.0 / 120.0;
    s = s * y - 1.0 / 6.0;
    c = c * y + 1.0 / 479001600.0;
    c = c * y - 1.0 / 3628800.0;
    c = c * y + 1.0 / 40320.0;
    c = c * y - 1.0 / 720.0;
    c = c * y + 1.0 / 24.0;
    c = c * y - 0.5;
    s = r + r * y * s;
    c = 1.0 + y * c;
    const lanes_int odd = -(quadrant & 1), sine_sign = (quadrant & 2) << 62, cosine_sign = ((quadrant + 1) & 2) << 62;
    *sine = (lanes)((lanes_int)lanes_select(odd, c, s) ^ sine_sign);
    *cosine = (lanes)((lanes_int)lanes_select(odd, s, c) ^ cosine_sign);
}

/* g(y) = y^3 / 3 (1 - y^2 / 10 (1 - y^2 / 28 (1 - ...))), |y| < 0.6: relative error 1e-16. */
static inline lanes lanes_small_g(lanes y)
{
    const lanes y2 = y * y;
    lanes sum = 1.0 - y2 * (1.0 / 180);
    sum = 1.0 - y2 * (1.0 / 130) * sum;
    sum = 1.0 - y2 * (1.0 / 88) * sum;
    sum = 1.0 - y2 * (1.0 / 54) * sum;
    sum = 1.0 - y2 * (1.0 / 28) * sum;
    sum = 1.0 - y2 * (1.0 / 10) * sum;
    return y * y2 * (1.0 / 3) * sum;
}

/*
 * exp x, -700 <= x <= 0: n = round(x / ln 2) taken off in two parts, a Taylor polynomial on [-ln 2 / 2, ln 2 / 2], n added to the exponent.
 * Relative error < 4e-16.
 */
static inline lanes lanes_exp(lanes x)
{
    const double magic = 0x1.8p52;
    const lanes rounded = x * 1.44269504088896340736 + magic, n = rounded - magic;
    const lanes r = (x - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33;
    lanes sum = r * (1.0 / 6227020800.0) + 1.0 / 479001600.0;
    sum = sum * r + 1.0 / 39916800.0;
    sum = sum * r + 1.0 / 3628800.0;
    sum = sum * r + 1.0 / 362880.0;
    sum = sum * r + 1.0 / 40320.0;
    sum = sum * r + 1.0 / 5040.0;
    sum = sum * r + 1.0 / 720.0;
    sum = sum * r + 1.0 / 120.0;
    sum = sum * r + 1.0 / 24.0;
    sum = sum * r + 1.0 / 6.0;
    sum = sum * r + 0.5;
    sum = sum * r + 1.0;
    sum = sum * r + 1.0;
    return (lanes)((lanes_int)sum + ((lanes_int)rounded << 52));
}

#endif
