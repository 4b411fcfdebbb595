/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Spreading of particles on a grid with the "exponential of semicircle" kernel [Barnett, Magland and af Klinteberg, SIAM J. Sci. Comput. 41,
 * C479 (2019), eq. 1.8; width and beta as in sec. 3.2 for a low oversampling]. Its Fourier transform by Gauss-Legendre quadrature.
 * Cost: N width^3 additions, three exponentials a particle and grid point of an axis. Memory: 24 width + 8 bytes
 * a particle, 8 more while they are sorted.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>

#include "sq_spread.h"

enum { NODES = 100 }; /* of the quadrature; at most 10 periods of the cosine */

static const double SAFETY = 0.97; /* of the cut-off frequency */

void bnsl__sq_spread_shape(sq_spread *spread, double tolerance, double oversampling)
{
    const double width = ceil(-log(tolerance) / (SAXS_PI * sqrt(1 - 1 / oversampling)));
    spread->width = width < 4 ? 4 : width > SPREAD_MAX_WIDTH ? SPREAD_MAX_WIDTH : (int32_t)width;
    spread->beta = SAFETY * SAXS_PI * spread->width * (1 - 1 / (2 * oversampling));
}

static double psi(const sq_spread *spread, double x)
{
    const double t = 2 * x / spread->width, square = 1 - t * t;
    return square > 0 ? exp(spread->beta * (sqrt(square) - 1)) : 0;
}

/* With x = width / 2 sin(theta), where the integrand has no singular end. */
bnsl_status bnsl__sq_spread_correction(const sq_spread *spread, int32_t m, int32_t h_max, double *correction, const char *func)
{
    bnsl_status status = BNSL_OK;
    bnsl__gsl_enter();
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(NODES);
    if (!table)
        status = bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    for (int32_t h = 0; h <= h_max && status == BNSL_OK; h++) {
        double sum = 0;
        for (size_t i = 0; i < NODES && status == BNSL_OK; i++) {
            double theta, weight;
            if (gsl_integration_glfixed_point(-0.5 * SAXS_PI, 0.5 * SAXS_PI, i, &theta, &weight, table) != GSL_SUCCESS)
                status = bnsl__fail(BNSL_ENUMERIC, func, "a quadrature failed");
            const double x = 0.5 * spread->width * sin(theta);
            sum += weight * exp(spread->beta * (cos(theta) - 1)) * cos(theta) * cos(2 * SAXS_PI * h * x / m);
        }
        correction[h] = 1 / (0.5 * spread->width * sum);
    }
    gsl_integration_glfixed_table_free(table);
    bnsl__gsl_leave();
    return status;
}

/* ---- particles ------------------------------------------------------------------------------------------------------------ */

/* Coordinate of a particle on axis d, in units of the grid, 0 <= u < size, and the first point that it touches. */
static double on_axis(const sq_spread *spread, const double *b, const double *r, int d, int32_t *first)
{
    const double size = spread->size[d], s = (b[0] * r[0] + b[1] * r[1] + b[2] * r[2]) / (2 * SAXS_PI);
    double u = size * (s - floor(s));
    if (!(u < size)) /* s a little below an integer */
        u = 0;
    *first = (int32_t)ceil(u - 0.5 * spread->width);
    return u;
}

bool bnsl__sq_spread_particles(sq_spread *spread, const sq_job *job, const double *reciprocal)
{
    const int32_t width = spread->width, *size = spread->size;
    const int64_t n_buckets = (int64_t)job->n_species * size[0];
    spread->n_species = job->n_species;
    spread->first = bnsl__calloc(n_buckets + 1, sizeof *spread->first);
    spread->corner = bnsl__alloc(job->n, 2 * sizeof *spread->corner);
    spread->value = bnsl__alloc(job->n, 3 * (size_t)width * sizeof *spread->value);
    int64_t *next = bnsl__calloc(n_buckets + 1, sizeof *next), *bucket = bnsl__alloc(job->n, sizeof *bucket);
    const bool good = spread->first && spread->corner && spread->value && next && bucket;
    for (int64_t i = 0; i < job->n && good; i++) {
        int32_t x;
        on_axis(spread, reciprocal, job->xyz + 3 * i, 0, &x);
        bucket[i] = (int64_t)sq_species(job, i) * size[0] + (x < 0 ? x + size[0] : x);
        next[bucket[i] + 1]++;
    }
    for (int64_t k = 0; k < n_buckets && good; k++)
        next[k + 1] += next[k];
    if (good)
        memcpy(spread->first, next, (size_t)(n_buckets + 1) * sizeof *next);
    for (int64_t i = 0; i < job->n && good; i++) {
        const int64_t at = next[bucket[i]]++;
        double *value = spread->value + 3 * width * at;
        for (int d = 0; d < 3; d++) {
            int32_t first;
            const double u = on_axis(spread, reciprocal + 3 * d, job->xyz + 3 * i, d, &first);
            for (int32_t t = 0; t < width; t++)
                *value++ = psi(spread, first + t - u);
            if (d > 0)
                spread->corner[2 * at + d - 1] = first < 0 ? first + size[d] : first;
        }
    }
    free(next);
    free(bucket);
    return good;
}

void bnsl__sq_spread_free(sq_spread *spread)
{
    free(spread->first);
    free(spread->corner);
    free(spread->value);
    *spread = (sq_spread){.first = NULL};
}

/* ---- planes ---------------------------------------------------------------------------------------------------------------- */

/* row[2 j], row[2 j + 1] += (re, im) psi[j] */
static void add_row(int32_t n, double re, double im, const double *psi_z, double *row)
{
    for (int32_t j = 0; j < n; j++) {
        row[2 * j] += re * psi_z[j];
        row[2 * j + 1] += im * psi_z[j];
    }
}

/* One particle, with weights re and im along axis 0; the grid is periodic. */
static void add_particle(const sq_spread *spread, int64_t at, double re, double im, int64_t stride, double *plane)
{
    const int32_t width = spread->width, *size = spread->size, z = spread->corner[2 * at + 1];
    const double *psi_y = spread->value + width * (3 * at + 1), *psi_z = psi_y + width;
    const int32_t before = z + width <= size[2] ? width : size[2] - z; /* points before the edge */
    int32_t y = spread->corner[2 * at];
    for (int32_t i = 0; i < width; i++) {
        double *row = plane + 2 * stride * y;
        add_row(before, re * psi_y[i], im * psi_y[i], psi_z, row + 2 * z);
        add_row(width - before, re * psi_y[i], im * psi_y[i], psi_z + before, row);
        y = y + 1 < size[1] ? y + 1 : 0;
    }
}

void bnsl__sq_spread_planes(const sq_spread *spread, int32_t species, int32_t x, int64_t stride, double *plane)
{
    const int32_t width = spread->width, n_x = spread->size[0];
    for (int32_t back = width - 1; back >= -1; back--) { /* particles whose first plane is x - back */
        const int32_t from = x - back < 0 ? x - back + n_x : x - back;
        const int64_t *range = spread->first + (int64_t)species * n_x + from;
        for (int64_t at = range[0]; at < range[1]; at++) {
            const double *psi_x = spread->value + 3 * width * at;
            add_particle(spread, at, back >= 0 ? psi_x[back] : 0, back + 1 < width ? psi_x[back + 1] : 0, stride, plane);
        }
    }
}
