/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Centre-to-centre distance in an image of a hexagonal monolayer: the public functions. Cost: that of the transform. */
#include <math.h>
#include <stdlib.h>

#include "image_internal.h"

#define SHORTEST 3.0        /* pixels: the ring then is at 0.38 cycles a pixel */
#define LEAST_ROWS 4.0      /* lattice rows across the shorter side */
#define NYQUIST 0.5

static const bnsl_saxs_image_options default_options = {.struct_size = sizeof(bnsl_saxs_image_options)};

bnsl_status bnsl_saxs_image_options_init(bnsl_saxs_image_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &default_options, sizeof default_options, __func__);
}

/* k of a distance, both in pixels */
static double ring_of(double distance)
{
    return 2.0 / (sqrt(3.0) * distance);
}

static bnsl_status load(bnsl_saxs_image_options *o, const bnsl_saxs_image_options *opts, double pixel, int32_t side, const char *func)
{
    *o = default_options;
    bnsl_status status = opts ? bnsl__options_load(o, sizeof *o, opts, "bnsl_saxs_image_options", func) : BNSL_OK;
    if (status)
        return status;
    if (o->reserved != 0)
        return bnsl__fail(BNSL_EINVAL, func, "reserved is %d, must be 0", o->reserved);
    if (!(pixel > 0.0) || isinf(pixel))
        return bnsl__fail(BNSL_EINVAL, func, "pixel is %g, must be finite and > 0", pixel);
    double longest = ring_of(LEAST_ROWS / side) * pixel; /* the relation is its own inverse */
    if (o->d_min == 0.0)
        o->d_min = SHORTEST * pixel;
    if (o->d_max == 0.0)
        o->d_max = longest;
    if (!(o->d_min >= SHORTEST * pixel && o->d_min < o->d_max && o->d_max <= longest * (1.0 + 1e-9)))
        return bnsl__fail(BNSL_EINVAL, func, "d_min is %g and d_max is %g, must rise within %g .. %g (%g pixels .. a quarter of the image)", o->d_min,
                          o->d_max, SHORTEST * pixel, longest, SHORTEST);
    return BNSL_OK;
}

static bnsl_status measure(const image_power *p, double pixel, const bnsl_saxs_image_options *o, double step, bnsl_saxs_image_result *result_out,
                           const char *func)
{
    int32_t n_bins = (int32_t)(NYQUIST / step);
    double *radial = bnsl__alloc(n_bins, sizeof *radial);
    image_ring ring;
    image_centre centre = {.k = 0.0};
    bnsl_status status = BNSL_OK;
    if (!radial || !bnsl__image_radial(p, step, n_bins, radial))
        status = bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    if (status == BNSL_OK) {
        int32_t first = (int32_t)fmax(ceil(ring_of(o->d_max / pixel) / step), 3.0), last = (int32_t)floor(ring_of(o->d_min / pixel) / step);
        if (!bnsl__image_find_ring(n_bins, radial, first, last, &ring))
            status = bnsl__fail(BNSL_EDOMAIN, func, "no ring stands out of the image's power spectrum between d = %g and %g", o->d_min, o->d_max);
    }
    if (status == BNSL_OK)
        status = bnsl__image_refine(p, step, n_bins, radial, &ring, &centre, func);
    free(radial);
    if (status != BNSL_OK)
        return status;
    /* a spot at an angle stands on rows perpendicular to it; rows of touching particles are 30 degrees off */
    double rows = centre.orientation * 180.0 / SAXS_PI + 30.0;
    *result_out = (bnsl_saxs_image_result){.distance = ring_of(centre.k) * pixel,
                                           .distance_err = ring_of(centre.k) * pixel * centre.k_err / centre.k,
                                           .g = centre.k / pixel,
                                           .g_err = centre.k_err / pixel,
                                           .contrast = ring.contrast,
                                           .sixfold = centre.sixfold,
                                           .orientation = rows - 60.0 * floor(rows / 60.0),
                                           .n_pieces = centre.n_units};
    return BNSL_OK;
}

bnsl_status bnsl_saxs_image_spacing(int32_t width, int32_t height, int64_t stride, const double *image, double pixel,
                                    const bnsl_saxs_image_options *opts, bnsl_saxs_image_result *result_out)
{
    if (!result_out)
        return BNSL_FAIL(BNSL_EINVAL, "result_out is NULL");
    bnsl_status status = bnsl__image_check(width, height, stride, image, __func__);
    if (status)
        return status;
    bnsl_saxs_image_options o;
    int32_t side = width < height ? width : height;
    status = load(&o, opts, pixel, side, __func__);
    image_power p;
    if (status == BNSL_OK)
        status = bnsl__image_power(&p, width, height, stride, image, __func__);
    if (status)
        return status;
    double step = 1.0 / (p.width < p.height ? p.width : p.height);
    status = measure(&p, pixel, &o, step, result_out, __func__);
    free(p.power);
    return status;
}

/* ---- picture --------------------------------------------------------------------------------------- */

bnsl_status bnsl_saxs_image_spectrum(int32_t width, int32_t height, int64_t stride, const double *image, double k_max, int32_t n, double *power_out)
{
    bnsl_status status = bnsl__image_check(width, height, stride, image, __func__);
    if (status)
        return status;
    if (!(k_max > 0.0 && k_max <= NYQUIST))
        return BNSL_FAIL(BNSL_EINVAL, "k_max is %g, must be > 0 and <= 0.5 cycles a pixel", k_max);
    if (n < 1 || n > 16384 || !power_out)
        return BNSL_FAIL(BNSL_EINVAL, "n is %d and power_out is %sNULL, must be 1 .. 16384 and an array", n, power_out ? "not " : "");
    image_power p;
    status = bnsl__image_power(&p, width, height, stride, image, __func__);
    if (status)
        return status;
    double cell = 2.0 * k_max / n;
    for (int32_t v = 0; v < n; v++) {
        for (int32_t u = 0; u < n; u++) {
            /* the transform's pixels in this cell, at least the nearest one; y upwards in the image is down in its rows */
            double kx0 = -k_max + u * cell, ky0 = -k_max + v * cell, sum = 0.0;
            int32_t i0 = (int32_t)ceil(kx0 * p.width), i1 = (int32_t)ceil((kx0 + cell) * p.width);
            int32_t j0 = (int32_t)ceil(ky0 * p.height), j1 = (int32_t)ceil((ky0 + cell) * p.height);
            i0 = i1 > i0 ? i0 : (int32_t)rint((kx0 + 0.5 * cell) * p.width);
            j0 = j1 > j0 ? j0 : (int32_t)rint((ky0 + 0.5 * cell) * p.height);
            i1 = i1 > i0 ? i1 : i0 + 1;
            j1 = j1 > j0 ? j1 : j0 + 1;
            for (int32_t j = j0; j < j1; j++)
                for (int32_t i = i0; i < i1; i++)
                    sum += bnsl__image_power_at(&p, i, j);
            power_out[(int64_t)v * n + u] = sum / ((double)(i1 - i0) * (j1 - j0));
        }
    }
    free(p.power);
    return BNSL_OK;
}
