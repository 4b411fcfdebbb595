/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Power spectrum of an image: an uneven background is taken away as a polynomial of third order in x and y, fitted to means over blocks
 * by least squares; a Hann window keeps the edges from leaking along the axes [Harris, Proc. IEEE 66, 51 (1978)]; FFTW transforms.
 * Cost: O(n log n) time and 12 bytes a pixel for the n pixels of the largest part whose sides have prime factors up to 7.
 */
#include <math.h>
#include <stdlib.h>

#include <fftw3.h>

#include "image_internal.h"

enum { N_TERMS = 10, N_BLOCKS = 24, LEAST_SIDE = 32, LARGEST_SIDE = 32768 };

bnsl_status bnsl__image_check(int32_t width, int32_t height, int64_t stride, const double *image, const char *func)
{
    if (!image)
        return bnsl__fail(BNSL_EINVAL, func, "image is NULL");
    if (width < LEAST_SIDE || height < LEAST_SIDE || width > LARGEST_SIDE || height > LARGEST_SIDE)
        return bnsl__fail(BNSL_EINVAL, func, "the image is %d x %d, each side must be %d .. %d", width, height, LEAST_SIDE, LARGEST_SIDE);
    if (stride < width)
        return bnsl__fail(BNSL_EINVAL, func, "stride is %lld, must be >= width = %d", (long long)stride, width);
    for (int32_t y = 0; y < height; y++) {
        int64_t where;
        if (!bnsl__all_finite(width, image + y * stride, &where))
            return bnsl__fail(BNSL_EINVAL, func, "pixel %lld of row %d is not finite", (long long)where, y);
    }
    return BNSL_OK;
}

/* Largest even length <= n whose transform is fast. */
static int32_t fast_length(int32_t n)
{
    for (int32_t length = n - n % 2;; length -= 2) {
        int32_t rest = length;
        for (int32_t p = 2; p <= 7; p++)
            while (rest % p == 0)
                rest /= p;
        if (rest == 1)
            return length;
    }
}

/* ---- background ------------------------------------------------------------------------------------ */

/* Monomials up to the third order of x, y in -1 .. 1. */
static void monomials(double x, double y, double t[N_TERMS])
{
    int n = 0;
    for (int order = 0; order <= 3; order++)
        for (int k = 0; k <= order; k++)
            t[n++] = pow(x, order - k) * pow(y, k);
}

/* Solves a x = b for a symmetric, positive definite a (Cholesky); b becomes x. The blocks' places make it well conditioned. */
static void solve(double a[N_TERMS][N_TERMS], double b[N_TERMS])
{
    for (int i = 0; i < N_TERMS; i++) {
        for (int j = 0; j <= i; j++) {
            double sum = a[i][j];
            for (int k = 0; k < j; k++)
                sum -= a[i][k] * a[j][k];
            a[i][j] = i == j ? sqrt(sum) : sum / a[j][j];
        }
    }
    for (int i = 0; i < N_TERMS; i++) {
        for (int k = 0; k < i; k++)
            b[i] -= a[i][k] * b[k];
        b[i] /= a[i][i];
    }
    for (int i = N_TERMS - 1; i >= 0; i--) {
        for (int k = i + 1; k < N_TERMS; k++)
            b[i] -= a[k][i] * b[k];
        b[i] /= a[i][i];
    }
}

static double coordinate(int32_t i, int32_t n)
{
    return (2.0 * i + 1.0) / n - 1.0;
}

/* Mean over the pixels x0 .. x1 - 1, y0 .. y1 - 1. */
static double block_mean(int64_t stride, const double *image, int32_t x0, int32_t x1, int32_t y0, int32_t y1)
{
    double sum = 0.0;
    for (int32_t y = y0; y < y1; y++)
        for (int32_t x = x0; x < x1; x++)
            sum += image[y * stride + x];
    return sum / ((double)(x1 - x0) * (y1 - y0));
}

static void fit_background(int32_t w, int32_t h, int64_t stride, const double *image, double coefficient[N_TERMS])
{
    double a[N_TERMS][N_TERMS] = {{0}}, t[N_TERMS];
    for (int i = 0; i < N_TERMS; i++)
        coefficient[i] = 0.0;
    for (int32_t by = 0; by < N_BLOCKS; by++) {
        for (int32_t bx = 0; bx < N_BLOCKS; bx++) {
            int32_t x0 = (int32_t)((int64_t)w * bx / N_BLOCKS), x1 = (int32_t)((int64_t)w * (bx + 1) / N_BLOCKS);
            int32_t y0 = (int32_t)((int64_t)h * by / N_BLOCKS), y1 = (int32_t)((int64_t)h * (by + 1) / N_BLOCKS);
            double mean = block_mean(stride, image, x0, x1, y0, y1);
            monomials((double)(x0 + x1) / w - 1.0, (double)(y0 + y1) / h - 1.0, t);
            for (int i = 0; i < N_TERMS; i++) {
                coefficient[i] += t[i] * mean;
                for (int j = 0; j < N_TERMS; j++)
                    a[i][j] += t[i] * t[j];
            }
        }
    }
    solve(a, coefficient);
}

/* ---- transform ------------------------------------------------------------------------------------- */

/* Rows of 2 n_columns doubles: image less background, times the window. */
static void fill(const image_power *p, int64_t stride, const double *image, double *rows)
{
    double c[N_TERMS];
    fit_background(p->width, p->height, stride, image, c);
    for (int32_t j = 0; j < p->height; j++) {
        double y = coordinate(j, p->height), wy = 0.5 + 0.5 * cos(SAXS_PI * y);
        /* the background along this row is a polynomial of x */
        double b0 = c[0] + y * (c[2] + y * (c[5] + y * c[9])), b1 = c[1] + y * (c[4] + y * c[8]), b2 = c[3] + y * c[7], b3 = c[6];
        double *row = rows + (int64_t)j * 2 * p->n_columns;
        for (int32_t i = 0; i < p->width; i++) {
            double x = coordinate(i, p->width), wx = 0.5 + 0.5 * cos(SAXS_PI * x);
            row[i] = wx * wy * (image[j * stride + i] - (b0 + x * (b1 + x * (b2 + x * b3))));
        }
    }
}

bnsl_status bnsl__image_power(image_power *out, int32_t width, int32_t height, int64_t stride, const double *image, const char *func)
{
    image_power p = {.width = fast_length(width), .height = fast_length(height)};
    p.n_columns = p.width / 2 + 1;
    int64_t n = (int64_t)p.n_columns * p.height;
    saxs_lanes memory;
    if (!bnsl__saxs_lanes_alloc(&memory, 2 * n))
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    p.power = bnsl__alloc(n, sizeof *p.power);
    if (!p.power) {
        free(memory.memory);
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    }
    double *data = memory.data;
    bnsl__fftw_lock();
    fftw_plan plan = fftw_plan_dft_r2c_2d(p.height, p.width, data, (fftw_complex *)(void *)data, bnsl__fftw_flags());
    bnsl__fftw_unlock();
    if (plan) {
        fill(&p, stride, image + (height - p.height) / 2 * stride + (width - p.width) / 2, data);
        fftw_execute(plan);
        for (int64_t i = 0; i < n; i++)
            p.power[i] = data[2 * i] * data[2 * i] + data[2 * i + 1] * data[2 * i + 1];
        bnsl__fftw_lock();
        fftw_destroy_plan(plan);
        bnsl__fftw_unlock();
    }
    free(memory.memory);
    if (!plan) {
        free(p.power);
        return bnsl__fail(BNSL_ENOMEM, func, "no plan for a transform of %d x %d", p.width, p.height);
    }
    *out = p;
    return BNSL_OK;
}

double bnsl__image_ky(const image_power *p, int32_t row)
{
    return (double)(row <= p->height / 2 ? row : row - p->height) / p->height;
}

double bnsl__image_power_at(const image_power *p, int32_t column, int32_t row)
{
    if (column < 0) { /* of a real image: P(-k) = P(k) */
        column = -column;
        row = -row;
    }
    column = column < p->n_columns ? column : p->n_columns - 1;
    row = (row % p->height + p->height) % p->height;
    return p->power[(int64_t)row * p->n_columns + column];
}

bool bnsl__image_radial(const image_power *p, double step, int32_t n_bins, double *mean_out)
{
    int64_t *count = bnsl__calloc(n_bins, sizeof *count);
    if (!count)
        return false;
    for (int32_t b = 0; b < n_bins; b++)
        mean_out[b] = 0.0;
    for (int32_t j = 0; j < p->height; j++) {
        double ky = bnsl__image_ky(p, j);
        for (int32_t i = 0; i < p->n_columns; i++) {
            double kx = (double)i / p->width, k = sqrt(kx * kx + ky * ky) / step + 0.5;
            if (!(k < n_bins))
                break;
            mean_out[(int32_t)k] += p->power[(int64_t)j * p->n_columns + i];
            count[(int32_t)k]++;
        }
    }
    for (int32_t b = 0; b < n_bins; b++)
        mean_out[b] = count[b] > 0 ? mean_out[b] / (double)count[b] : NAN;
    free(count);
    return true;
}
