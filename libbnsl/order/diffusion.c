/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Diffusion coefficient from the mean squared displacement [Einstein 1905], MSD(t) = 6 D t + c at long times: a least-squares line over a
 * range of lags. c holds what happens before (ballistic motion, rattling in a cage). The error comes from blocks: the same fit in parts of
 * the trajectory that are taken as independent. Cost: two windowed displacements.
 */
#include <math.h>
#include <stdlib.h>

#include "msd_internal.h"

enum { COLUMNS_MOST = BNSL_ORDER_SPECIES_MAX + 1, BLOCKS_MOST = 1000000 };

static const bnsl_order_diffusion_options defaults = {sizeof defaults, 5, 1, 1, 0, 0, 0};

bnsl_status bnsl_order_diffusion_options_init(bnsl_order_diffusion_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

static bnsl_status check_options(const bnsl_order_msd *msd, bnsl_order_diffusion_options *o, const char *func)
{
    if (!(o->dt > 0 && isfinite(o->dt)))
        return bnsl__fail(BNSL_EINVAL, func, "dt is %g, must be > 0 and finite", o->dt);
    if (o->through_origin != 0 && o->through_origin != 1)
        return bnsl__fail(BNSL_EINVAL, func, "through_origin is %d, must be 0 or 1", o->through_origin);
    if (o->reserved != 0)
        return bnsl__fail(BNSL_EINVAL, func, "reserved is %d, must be 0", o->reserved);
    if (o->n_blocks < 1 || o->n_blocks > BLOCKS_MOST)
        return bnsl__fail(BNSL_EINVAL, func, "n_blocks is %d, must be within 1 .. %d", o->n_blocks, BLOCKS_MOST);
    const int64_t length = msd->n_frames / o->n_blocks, least = o->lag_min + (o->through_origin ? 0 : 1);
    if (o->lag_max == 0)
        o->lag_max = length / 2 > least ? length / 2 : least;
    if (o->lag_min < 1 || o->lag_max < least)
        return bnsl__fail(BNSL_EINVAL, func, "lags %lld .. %lld are to be fitted, must be >= 1 and %s", (long long)o->lag_min, (long long)o->lag_max,
                          o->through_origin ? "at least one" : "at least two");
    if (o->lag_max >= length)
        return bnsl__fail(BNSL_EINVAL, func, "lag_max is %lld, must be below the length of a block: %lld frames / %d blocks = %lld",
                          (long long)o->lag_max, (long long)msd->n_frames, o->n_blocks, (long long)length);
    return BNSL_OK;
}

/* Slope / 6 and value at 0 of one column. */
static void fit_line(const bnsl_order_diffusion_options *o, const double *msd, int32_t n_columns, int32_t column, double *d, double *intercept)
{
    const double n = (double)(o->lag_max - o->lag_min + 1), middle = o->through_origin ? 0 : 0.5 * (double)(o->lag_min + o->lag_max);
    double mean = 0, tt = 0, ty = 0;
    for (int64_t m = o->lag_min; m <= o->lag_max; m++)
        mean += msd[m * n_columns + column] / n;
    for (int64_t m = o->lag_min; m <= o->lag_max; m++) {
        const double t = (double)m - middle;
        tt += t * t;
        ty += t * msd[m * n_columns + column];
    }
    *d = ty / (tt * 6 * o->dt);
    *intercept = o->through_origin ? 0 : mean - ty / tt * middle;
}

/* Standard error of the mean of the blocks' coefficients, n_blocks x n_columns; NaN for one block. */
static double error_of(int32_t n_blocks, const double *d, int32_t n_columns, int32_t column)
{
    double mean = 0, squares = 0;
    for (int32_t b = 0; b < n_blocks; b++)
        mean += d[b * n_columns + column] / n_blocks;
    for (int32_t b = 0; b < n_blocks; b++)
        squares += (d[b * n_columns + column] - mean) * (d[b * n_columns + column] - mean);
    return n_blocks > 1 ? sqrt(squares / ((double)n_blocks * (n_blocks - 1))) : NAN;
}

/* The fit of each block, n_blocks x n_columns. */
static bnsl_status fit_blocks(const bnsl_order_msd *msd, const bnsl_order_diffusion_options *o, double *curve, double *d, bnsl_control *control,
                              const char *func)
{
    const int32_t n_columns = bnsl__msd_columns(msd);
    const int64_t length = msd->n_frames / o->n_blocks, total = msd->n * (o->n_blocks + (int64_t)1);
    for (int32_t b = 0; b < o->n_blocks; b++) {
        double ignored;
        bnsl_status status = bnsl__msd_window(msd, b * length, length, curve, control, msd->n * (b + (int64_t)1), total, func);
        if (status != BNSL_OK)
            return status;
        for (int32_t c = 0; c < n_columns; c++)
            fit_line(o, curve, n_columns, c, d + b * n_columns + c, &ignored);
    }
    return BNSL_OK;
}

bnsl_status bnsl_order_diffusion(const bnsl_order_msd *msd, const bnsl_order_diffusion_options *opts, double *d_out, double *d_err_out,
                                 double *intercept_out, bnsl_control *control)
{
    bnsl_order_diffusion_options o = defaults;
    if (!msd || !d_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", msd ? "d_out" : "msd");
    bnsl_status status = opts ? bnsl__options_load(&o, sizeof o, opts, "bnsl_order_diffusion_options", __func__) : BNSL_OK;
    if (status == BNSL_OK)
        status = check_options(msd, &o, __func__);
    if (status != BNSL_OK)
        return status;
    const int32_t n_columns = bnsl__msd_columns(msd);
    double d[COLUMNS_MOST], intercept[COLUMNS_MOST];
    double *curve = bnsl__alloc(msd->n_frames, n_columns * sizeof *curve), *blocks = bnsl__alloc(o.n_blocks, n_columns * sizeof *blocks);
    if (!curve || !blocks)
        status = BNSL_NOMEM();
    if (status == BNSL_OK)
        status = bnsl__msd_window(msd, 0, msd->n_frames, curve, control, 0, msd->n * (d_err_out ? o.n_blocks + (int64_t)1 : 1), __func__);
    for (int32_t c = 0; status == BNSL_OK && c < n_columns; c++)
        fit_line(&o, curve, n_columns, c, d + c, intercept + c);
    if (status == BNSL_OK && d_err_out)
        status = fit_blocks(msd, &o, curve, blocks, control, __func__);
    for (int32_t c = 0; status == BNSL_OK && c < n_columns; c++) {
        d_out[c] = d[c];
        if (d_err_out)
            d_err_out[c] = error_of(o.n_blocks, blocks, n_columns, c);
        if (intercept_out)
            intercept_out[c] = intercept[c];
    }
    free(curve);
    free(blocks);
    return status;
}
