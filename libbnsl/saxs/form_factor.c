/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Form factor of spheres averaged over a number distribution of radii. With y = q R and g(y) = sin y - y cos y the amplitude of one
 * sphere is f = 4 pi g(y) / q^3 [Rayleigh, Proc. R. Soc. A 84, 25 (1910)].
 *
 * Wide distributions, t = (q sigma)^2 > 1/2: <g^2> from the closed forms of <y^m exp(2 i y)> (Gaussian: derivatives of the characteristic
 * function; Schulz: Kotlarchyk and Chen, J. Chem. Phys. 79, 2461 (1983)).
 * Narrow ones: there the closed forms are small differences of large numbers, so <g^2> is expanded in the orthogonal polynomials of the
 * distribution instead (Hermite, Laguerre), which makes it a sum of squares with nothing to cancel:
 *     Gaussian: <g^2> = sum_k t^k / k! <g^(k)>^2;   Schulz: <g^2> = sum_k u^2k (alpha)_k / k! <g^(k)>_{alpha + k}^2,
 * alpha = (R / sigma)^2, u = q sigma^2 / R, <.>_beta the average over the gamma distribution of shape beta and the same scale.
 * Below q R = 1e-4 the Guinier limit. Cost: some 50 to 150 ns a value.
 */
#include <complex.h>
#include <math.h>
#include <string.h>

#include "saxs_internal.h"

static const double X_SERIES = 0.3;   /* below it sin x - x cos x is summed as a series */
static const double T_CLOSED = 0.5;   /* (q sigma)^2 above which nothing cancels in the closed forms */

/* <g> for moments <y^m> = x^m prod_{j<m} (1 + j p^2), x < X_SERIES: sum_n (-1)^(n+1) 2n / (2n+1)! <y^(2n+1)>; p = 0: g(x) itself. */
static double small_g(double x, double p2)
{
    double term = x * x * x * (1 + p2) * (1 + 2 * p2) / 3, sum = 0;
    for (int n = 1; fabs(term) > 1e-18 * fabs(sum) && n < 60; n++) {
        sum += term;
        int m = 2 * n + 1;
        term *= -x * x * (1 + m * p2) * (1 + (m + 1) * p2) / (2.0 * n * (m + 2));
    }
    return sum;
}

static double gaussian_series(double t, double x, double g0, double sine, double cosine)
{
    double sum = g0 * g0, weight = 1;
    for (int k = 1; k <= 24; k++) {
        double s = sine;
        sine = cosine; /* sin(x + k pi / 2), cos(x + k pi / 2) */
        cosine = -s;
        weight *= t / k;
        double derivative = (t - (k - 1)) * sine - x * cosine;
        sum += weight * derivative * derivative;
        if (weight * ((k + 1) * (k + 1) + x * x) < 1e-18 * sum)
            break;
    }
    return exp(-t) * sum;
}

/* <g> and <g^2> of the normal distribution, x = q R, p = sigma / R. */
static void gaussian(double x, double p, double *g, double *g2)
{
    double t = p * p * x * x, sine = sin(x), cosine = cos(x);
    double g0 = (x < X_SERIES ? small_g(x, 0) : sine - x * cosine) + t * sine;
    *g = exp(-0.5 * t) * g0;
    if (t <= T_CLOSED) {
        *g2 = gaussian_series(t, x, g0, sine, cosine);
        return;
    }
    double s2 = 2 * sine * cosine, c2 = 1 - 2 * sine * sine;
    *g2 = 0.5 * (1 + x * x + t) + exp(-2 * t) * (-0.5 * c2 - x * s2 - 2 * t * c2 + 0.5 * ((x * x + t - 4 * t * t) * c2 - 4 * t * x * s2));
}

/* C11's CMPLX, which some compilers lack */
static double complex make_complex(double re, double im)
{
    double parts[2] = {re, im};
    double complex z;
    memcpy(&z, parts, sizeof z);
    return z;
}

/* (1 - i v)^-alpha without loss for small v and large alpha */
static double complex gamma_phase(double v, double alpha)
{
    double size = exp(-0.5 * alpha * log1p(v * v)), angle = alpha * atan(v);
    return make_complex(size * cos(angle), size * sin(angle));
}

static double schulz_series(double t, double x, double u, double g0, double complex phase)
{
    const double z_re = 1 / (1 + u * u), z_im = u * z_re, shrink = sqrt(z_re);
    double re = creal(phase), im = cimag(phase), sum = g0 * g0, weight = 1, size = 1; /* size bounds |phase| */
    for (int k = 1; k <= 200; k++) {
        double old = re;
        re = -z_im * re - z_re * im; /* phase *= i z */
        im = z_re * old - z_im * im;
        weight *= (t + (k - 1) * u * u) / k;
        size *= shrink;
        double derivative = (1 - k) * im - (x + k * u) * (re * z_re - im * z_im), bound = (k + x + k * u) * size;
        sum += weight * derivative * derivative;
        if (weight * bound * bound < 1e-18 * sum)
            break;
    }
    return sum;
}

/* <g> and <g^2> of the Schulz distribution. */
static void schulz(double x, double p, double *g, double *g2)
{
    double t = p * p * x * x, u = p * p * x, alpha = 1 / (p * p);
    double complex z = make_complex(1 / (1 + u * u), u / (1 + u * u)), phase = gamma_phase(u, alpha);
    double g0 = x < X_SERIES ? small_g(x, p * p) : cimag(phase) - x * creal(phase * z);
    *g = g0;
    if (t <= T_CLOSED) {
        *g2 = schulz_series(t, x, u, g0, phase);
        return;
    }
    double complex z2 = 1 / make_complex(1, -2 * u), phase2 = gamma_phase(2 * u, alpha);
    double y2 = x * x * (1 + p * p);
    *g2 = 0.5 * (1 + y2) + 0.5 * creal((y2 * z2 * z2 - 1) * phase2) - x * cimag(phase2 * z2);
}

/* <R^m> / R^m, m <= 8 */
static double moment(int32_t distribution, int m, double p)
{
    if (distribution == BNSL_SIZES_SCHULZ) {
        double product = 1;
        for (int j = 1; j < m; j++)
            product *= 1 + j * p * p;
        return product;
    }
    double lower = 1, value = 1; /* M_(j+1) = M_j + j p^2 M_(j-1) */
    for (int j = 1; j < m; j++) {
        double next = value + j * p * p * lower;
        lower = value;
        value = next;
    }
    return value;
}

void bnsl__saxs_sphere(int32_t distribution, double radius, double sigma, double q, double *f, double *f2)
{
    double x = q * radius, p = sigma / radius, volume = 4 * SAXS_PI / 3 * radius * radius * radius;
    if (p < SAXS_SINGLE_SIZE) {
        p = 0;
        distribution = BNSL_SIZES_GAUSSIAN;
    }
    if (x < SAXS_GUINIER) {
        *f = volume * (moment(distribution, 3, p) - x * x / 10 * moment(distribution, 5, p));
        *f2 = volume * volume * (moment(distribution, 6, p) - x * x / 5 * moment(distribution, 8, p));
        return;
    }
    double g, g2, unit = 3 * volume / (x * x * x);
    if (distribution == BNSL_SIZES_SCHULZ)
        schulz(x, p, &g, &g2);
    else
        gaussian(x, p, &g, &g2);
    *f = unit * g;
    *f2 = unit * unit * g2;
}

bnsl_status bnsl_saxs_form_factor(int32_t distribution, double radius, double sigma, int64_t n, const double *q, double *f_out, double *f2_out)
{
    const bnsl_saxs_particle p = {.struct_size = sizeof p, .distribution = distribution, .radius = radius, .sigma = sigma, .sld_core = 1};
    return bnsl_saxs_particle_form_factor(&p, n, q, f_out, f2_out, NULL);
}
