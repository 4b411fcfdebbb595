/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Trajectories for mean squared displacements: frames are unwrapped as they come and kept as displacements since the first one (small
 * numbers: nothing is lost when their squares are subtracted), and the displacements from the first frame.
 * Cost: O(n) a frame; memory 24 bytes a particle and frame.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "msd_internal.h"

static const bnsl_order_msd_options defaults = {sizeof defaults, 1, 1, 0, 0, 0};

/* Relative difference of boxes that files with single precision may have. */
static const double same_box = 1e-6;
static const double max_size = 1e100;

bnsl_status bnsl_order_msd_options_init(bnsl_order_msd_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

static bnsl_status check_options(const bnsl_order_msd_options *o, const char *func)
{
    if (o->num_threads < 0)
        return bnsl__fail(BNSL_EINVAL, func, "num_threads is %d, must be >= 0", o->num_threads);
    if (o->n_species < 1 || o->n_species > BNSL_ORDER_SPECIES_MAX)
        return bnsl__fail(BNSL_EINVAL, func, "n_species is %d, must be within 1 .. %d", o->n_species, BNSL_ORDER_SPECIES_MAX);
    const int32_t flag[] = {o->follow, o->remove_drift};
    for (int i = 0; i < 2; i++)
        if (flag[i] != 0 && flag[i] != 1)
            return bnsl__fail(BNSL_EINVAL, func, "%s is %d, must be 0 or 1", i == 0 ? "follow" : "remove_drift", flag[i]);
    if (o->reserved != 0)
        return bnsl__fail(BNSL_EINVAL, func, "reserved is %d, must be 0", o->reserved);
    return BNSL_OK;
}

bnsl_status bnsl_order_msd_create(bnsl_order_msd **out, const bnsl_order_msd_options *opts)
{
    bnsl_order_msd_options o = defaults;
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    *out = NULL;
    bnsl_status status = opts ? bnsl__options_load(&o, sizeof o, opts, "bnsl_order_msd_options", __func__) : BNSL_OK;
    if (status == BNSL_OK)
        status = check_options(&o, __func__);
    if (status != BNSL_OK)
        return status;
    bnsl_order_msd *msd = bnsl__calloc(1, sizeof *msd);
    if (!msd)
        return BNSL_NOMEM();
    msd->o = o;
    *out = msd;
    return BNSL_OK;
}

static void free_particles(bnsl_order_msd *msd)
{
    free(msd->first);
    free(msd->last);
    free(msd->species);
    free(msd->order);
    msd->first = msd->last = NULL;
    msd->species = NULL;
    msd->order = NULL;
}

void bnsl_order_msd_destroy(bnsl_order_msd *msd)
{
    if (!msd)
        return;
    for (int64_t f = 0; f < msd->n_frames; f++)
        free(msd->frames[f]);
    free(msd->frames);
    free_particles(msd);
    free(msd);
}

int64_t bnsl_order_msd_n_frames(const bnsl_order_msd *msd)
{
    return msd ? msd->n_frames : 0;
}

int32_t bnsl_order_msd_n_columns(const bnsl_order_msd *msd)
{
    return msd ? bnsl__msd_columns(msd) : 0;
}

/* ---- adding frames ----------------------------------------------------------------------------------------------------------- */

static bnsl_status check_box(const bnsl_order_msd *msd, const bnsl_box *box, const char *func)
{
    static const char *const name[] = {"lx", "ly", "lz", "xy", "xz", "yz"};
    if (box && bnsl_box_validate(box) != BNSL_OK)
        return BNSL_EINVAL;
    if (msd->n_frames == 0)
        return BNSL_OK;
    if (msd->has_box != (box != NULL))
        return bnsl__fail(BNSL_EINVAL, func, "frame %lld %s, unlike the first one", (long long)msd->n_frames, box ? "has a box" : "has no box");
    if (!box)
        return BNSL_OK;
    const bnsl_box *b = &msd->box;
    const double now[] = {box->lx, box->ly, box->lz, box->xy, box->xz, box->yz}, then[] = {b->lx, b->ly, b->lz, b->xy, b->xz, b->yz};
    for (int i = 0; i < 6; i++)
        if (!(fabs(now[i] - then[i]) <= same_box * (i < 3 ? then[i] : 1)))
            return bnsl__fail(BNSL_EINVAL, func, "frame %lld has a box with %s %.9g, the first one %.9g: displacements need a constant box",
                              (long long)msd->n_frames, name[i], now[i], then[i]);
    if (box->periodic != b->periodic)
        return bnsl__fail(BNSL_EINVAL, func, "frame %lld is periodic along other axes than the first one", (long long)msd->n_frames);
    return BNSL_OK;
}

static bnsl_status check_frame(const bnsl_order_msd *msd, const bnsl_box *box, int64_t n, const double *xyz, const int32_t *image,
                               const int32_t *species, const char *func)
{
    bnsl_status status = check_box(msd, box, func);
    if (status != BNSL_OK)
        return status;
    if (n < 1 || n > INT32_MAX)
        return bnsl__fail(BNSL_EINVAL, func, "n is %lld, must be within 1 .. 2^31 - 1", (long long)n);
    if (msd->n_frames > 0 && n != msd->n)
        return bnsl__fail(BNSL_EINVAL, func, "frame %lld has %lld particles, the first one %lld", (long long)msd->n_frames, (long long)n,
                          (long long)msd->n);
    if (!xyz)
        return bnsl__fail(BNSL_EINVAL, func, "xyz is NULL");
    if (!box && (image || msd->o.follow))
        return bnsl__fail(BNSL_EINVAL, func, "box is NULL, %s", image ? "images need it" : "following particles through it needs it");
    if (image && msd->o.follow)
        return bnsl__fail(BNSL_EINVAL, func, "image is given, must be NULL with the option follow");
    for (int64_t i = 0; i < 3 * n; i++)
        if (!(fabs(xyz[i]) <= max_size))
            return bnsl__fail(BNSL_EINVAL, func, "xyz[%lld] has the coordinate %g, must be finite and within 1e100", (long long)(i / 3), xyz[i]);
    for (int64_t i = 0; i < n; i++) {
        const int32_t s = species ? species[i] : 0;
        if (s < 0 || s >= msd->o.n_species)
            return bnsl__fail(BNSL_EINVAL, func, "species[%lld] is %d, must be within 0 .. %d", (long long)i, s, msd->o.n_species - 1);
        if (msd->n_frames > 0 && s != msd->species[i])
            return bnsl__fail(BNSL_EINVAL, func, "particle %lld is of species %d in frame %lld, of %d in the first one", (long long)i, s,
                              (long long)msd->n_frames, msd->species[i]);
    }
    return BNSL_OK;
}

/* What stays the same: species, and the particles in their order. */
static bool start(bnsl_order_msd *msd, int64_t n, const int32_t *species)
{
    int64_t next[BNSL_ORDER_SPECIES_MAX], sum = 0;
    msd->first = bnsl__alloc(n, 3 * sizeof *msd->first);
    msd->species = bnsl__alloc(n, sizeof *msd->species);
    msd->order = bnsl__alloc(n, sizeof *msd->order);
    msd->last = msd->o.follow ? bnsl__alloc(n, 3 * sizeof *msd->last) : NULL;
    if (!msd->first || !msd->species || !msd->order || (msd->o.follow && !msd->last)) {
        free_particles(msd);
        return false;
    }
    memset(msd->count, 0, sizeof msd->count);
    for (int64_t i = 0; i < n; i++)
        msd->count[msd->species[i] = species ? species[i] : 0]++;
    for (int32_t s = 0; s < BNSL_ORDER_SPECIES_MAX; s++) {
        next[s] = sum;
        sum += msd->count[s];
    }
    for (int64_t i = 0; i < n; i++)
        msd->order[next[msd->species[i]]++] = i;
    msd->n = n;
    return true;
}

/* Takes the mean over the particles out of their displacements. */
static void remove_mean(int64_t n, double *displacement)
{
    for (int k = 0; k < 3; k++) {
        double sum = 0;
        for (int64_t i = 0; i < n; i++)
            sum += displacement[3 * i + k];
        for (int64_t i = 0; i < n; i++)
            displacement[3 * i + k] -= sum / (double)n;
    }
}

/* Displacements since the first frame into out, by the images, by the nearest image since the last frame, or as the positions are. */
static bnsl_status unwrap(const bnsl_order_msd *msd, const bnsl_box *box, const double *xyz, const int32_t *image, double *out)
{
    const int64_t n = msd->n;
    if (image) {
        bnsl_status status = bnsl_box_unwrap(box, n, xyz, image, out);
        if (status != BNSL_OK)
            return status;
    } else {
        memcpy(out, xyz, 3 * (size_t)n * sizeof *xyz);
    }
    if (msd->n_frames > 0 && msd->o.follow) {
        const double *before = msd->frames[msd->n_frames - 1];
        for (int64_t i = 0; i < 3 * n; i++)
            out[i] -= msd->last[i];
        bnsl_status status = bnsl_box_minimum_image(box, n, out);
        for (int64_t i = 0; i < 3 * n; i++)
            out[i] += before[i];
        return status;
    }
    for (int64_t i = 0; msd->n_frames > 0 && i < 3 * n; i++)
        out[i] -= msd->first[i];
    return BNSL_OK;
}

bnsl_status bnsl_order_msd_add(bnsl_order_msd *msd, const bnsl_box *box, int64_t n, const double *xyz, const int32_t *image, const int32_t *species)
{
    if (!msd)
        return BNSL_FAIL(BNSL_EINVAL, "msd is NULL");
    bnsl_status status = check_frame(msd, box, n, xyz, image, species, __func__);
    if (status != BNSL_OK)
        return status;
    const bool opening = msd->n_frames == 0;
    double *frame = bnsl__alloc(n, 3 * sizeof *frame);
    if (!frame || !bnsl__reserve((void **)&msd->frames, &msd->capacity, msd->n_frames + 1, sizeof *msd->frames) ||
        (opening && !start(msd, n, species))) {
        free(frame);
        return BNSL_NOMEM();
    }
    status = unwrap(msd, box, xyz, image, frame);
    if (status != BNSL_OK) {
        free(frame);
        if (opening)
            free_particles(msd);
        return status;
    }
    if (opening) {
        memcpy(msd->first, frame, 3 * (size_t)n * sizeof *frame);
        memset(frame, 0, 3 * (size_t)n * sizeof *frame);
        msd->has_box = box != NULL;
        msd->box = box ? *box : (bnsl_box){0};
    }
    if (msd->o.follow)
        memcpy(msd->last, xyz, 3 * (size_t)n * sizeof *xyz);
    if (msd->o.remove_drift)
        remove_mean(n, frame);
    msd->frames[msd->n_frames++] = frame;
    return BNSL_OK;
}

/* ---- results ------------------------------------------------------------------------------------------------------------------- */

void bnsl__msd_means(const bnsl_order_msd *msd, double weight, const double *sums, double *columns_out)
{
    double all = 0;
    for (int32_t s = 0; s < msd->o.n_species; s++) {
        all += sums[s];
        columns_out[s] = msd->count[s] > 0 ? sums[s] / (weight * (double)msd->count[s]) : NAN;
    }
    if (msd->o.n_species > 1)
        columns_out[msd->o.n_species] = all / (weight * (double)msd->n);
}

static bnsl_status check_range(const bnsl_order_msd *msd, int64_t first, int64_t count, const double *msd_out, const char *func)
{
    if (!msd || !msd_out)
        return bnsl__fail(BNSL_EINVAL, func, "%s is NULL", msd ? "msd_out" : "msd");
    if (first < 0 || first >= msd->n_frames || count < 1 || count > msd->n_frames - first)
        return bnsl__fail(BNSL_EINVAL, func, "%lld frames from %lld on are wanted, there are %lld", (long long)count, (long long)first,
                          (long long)msd->n_frames);
    return BNSL_OK;
}

/* Sums over the particles of each species of the squared differences of two frames. */
static void sum_squares(const bnsl_order_msd *msd, const double *a, const double *b, double *sums)
{
    for (int32_t s = 0; s < msd->o.n_species; s++)
        sums[s] = 0;
    for (int64_t i = 0; i < msd->n; i++) {
        const double x = a[3 * i] - b[3 * i], y = a[3 * i + 1] - b[3 * i + 1], z = a[3 * i + 2] - b[3 * i + 2];
        sums[msd->species[i]] += x * x + y * y + z * z;
    }
}

bnsl_status bnsl_order_msd_direct(const bnsl_order_msd *msd, int64_t first, int64_t count, double *msd_out)
{
    bnsl_status status = check_range(msd, first, count, msd_out, __func__);
    if (status != BNSL_OK)
        return status;
#pragma omp parallel for num_threads(bnsl__threads(msd->o.num_threads)) schedule(static)
    for (int64_t lag = 0; lag < count; lag++) {
        double sums[BNSL_ORDER_SPECIES_MAX];
        sum_squares(msd, msd->frames[first + lag], msd->frames[first], sums);
        bnsl__msd_means(msd, 1, sums, msd_out + lag * bnsl__msd_columns(msd));
    }
    return BNSL_OK;
}

bnsl_status bnsl_order_msd_window(const bnsl_order_msd *msd, int64_t first, int64_t count, double *msd_out, bnsl_control *control)
{
    bnsl_status status = check_range(msd, first, count, msd_out, __func__);
    if (status != BNSL_OK)
        return status;
    return bnsl__msd_window(msd, first, count, msd_out, control, 0, msd->n, __func__);
}
