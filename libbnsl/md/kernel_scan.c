/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The distance tests of the search for neighbour lists, in single precision (the skin has room for the rounding). Of points in some runs of the
 * grid, those that are near enough to a few particles are brought together; each of these particles is then compared with all of them in one
 * long loop.
 */
#include "md_internal.h"
#include "lanes_keep.h"

/* The distance of x from the interval low .. high, squared. */
static inline fvec outside2(fvec x, fvec low, fvec high)
{
    const fvec outside = x - fvec_min(fvec_max(x, low), high);
    return outside * outside;
}

/*
 * Nothing is lost by rounding: every difference, square, sum and product here is one of larger numbers than that of the scan of a particle
 * in the box, and rounding keeps their order.
 */
int64_t BNSL_KERNEL(bnsl__list_gather)(const bnsl__gather_work *w, const bnsl__points *out)
{
    const bnsl__points from = *w->points, to = *out;
    const int32_t *run = w->run, *last = run + 2 * w->n_runs;
    const fvec x0 = fvec_set(w->low[0]), y0 = fvec_set(w->low[1]), z0 = fvec_set(w->low[2]);
    const fvec x1 = fvec_set(w->high[0]), y1 = fvec_set(w->high[1]), z1 = fvec_set(w->high[2]);
    const fvec radius = fvec_set(w->radius), reach = fvec_set(w->reach), skin = fvec_set(w->skin);
    int64_t n = 0;
    for (; run < last; run += 2)
        for (int32_t p = run[0], end = run[1]; p < end; p += FWIDTH) {
            const fvec x = load_floats(from.x + p), y = load_floats(from.y + p), z = load_floats(from.z + p), own = load_floats(from.radius + p);
            const fvec d2 = outside2(x, x0, x1) + outside2(y, y0, y1) + outside2(z, z0, z1), far = reach * (radius + own) + skin;
            const lanes_kept kept = first_lanes(keep_lanes(d2 < far * far), end - p);
            write_kept(kept, (fivec)x, to.x + n);
            write_kept(kept, (fivec)y, to.y + n);
            write_kept(kept, (fivec)z, to.z + n);
            write_kept(kept, (fivec)own, to.radius + n);
            write_kept(kept, load_integers(from.offset + p), to.offset + n);
            n += n_kept(kept);
        }
    for (int k = 0; k < MIXED_LANES; k++) { /* whole vectors are read: out of everybody's reach */
        to.x[n + k] = INFINITY;
        to.y[n + k] = to.z[n + k] = to.radius[n + k] = 0;
        to.offset[n + k] = 0;
    }
    return n;
}

/* a where b is 0: a compiler makes more of it than one instruction */
static inline fivec but_not(fivec a, fivec b)
{
#if defined(__AVX512F__) && defined(__AVX512DQ__)
    return (fivec)_mm512_andnot_si512((__m512i)b, (__m512i)a);
#elif defined(__AVX2__)
    return (fivec)_mm256_andnot_si256((__m256i)b, (__m256i)a);
#else
    return a & ~b;
#endif
}

int64_t BNSL_KERNEL(bnsl__list_scan)(const bnsl__scan_work *w, int32_t *found)
{
    const float *xs = w->points->x, *ys = w->points->y, *zs = w->points->z, *radii = w->points->radius;
    const int32_t *offsets = w->points->offset;
    const int64_t n_points = w->n_points;
    const fvec qx = fvec_set(w->query[0]), qy = fvec_set(w->query[1]), qz = fvec_set(w->query[2]), radius = fvec_set(w->query[3]);
    const fvec reach = fvec_set(w->reach), skin = fvec_set(w->skin);
    const fivec self = w->self + (fivec){ 0 };
    int64_t n = 0;
    for (int64_t p = 0; p < n_points; p += FWIDTH) {
        const fvec x = load_floats(xs + p) - qx, y = load_floats(ys + p) - qy, z = load_floats(zs + p) - qz;
        const fvec far = reach * (radius + load_floats(radii + p)) + skin;
        const fivec offset = load_integers(offsets + p);
        const lanes_kept kept = keep_lanes(but_not(x * x + y * y + z * z < far * far, offset == self));
        write_kept(kept, offset, found + n);
        n += n_kept(kept);
    }
    return n;
}
