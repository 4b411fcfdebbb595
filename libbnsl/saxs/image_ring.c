/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * First ring of a hexagonal lattice in a power spectrum, and its centre to a fraction of a pixel.
 *
 * Search: R(k) is the radial mean over its background, the geometric mean of the least values around k / 1.35 and 1.35 k (a power law
 * has R = 1). The ring is the top of ln R(k) + [ln R(sqrt 3 k) + ln R(2 k)] / 2: the three shortest vectors of the reciprocal lattice.
 *
 * Centre: mean of |k| over the ring's pixels, weighted by the power above the background times k^(-1/2); a spot of width w at g then has its
 * mean at g to second order in w / g, while plain weights are off by w^2 / 2g. The error adds the speckle of
 * the background under each pixel and the scatter between the independent pieces of the ring (spots of one grain, arcs of many).
 * Cost: proportional to the pixels of the ring.
 */
#include <math.h>
#include <stdlib.h>

#include "image_internal.h"

#define INNER 1.2 /* the background around k is looked for at k / OUTER .. k / INNER and k INNER .. k OUTER */
#define OUTER 1.5
#define LEAST_CONTRAST 2.0
#define SPOT_CONTRAST 3.0   /* a pixel belongs to the ring where the power around it is so many times the background */
#define LEAST_SHARE 0.3     /* such pixels must hold this share of the ring's power, else all of the ring counts */
#define CORRELATED 2.25     /* pixels that a Hann window makes one: (3/2)^2 */
#define HANN_VARIANCE (1.0 / 3.0) /* of a spot along one axis, in squares of a pixel of the transform */
#define LEAST_ERROR 0.012         /* pixels of the transform: what spots leak into each other's places, measured on synthetic images */
#define PULL 5.0            /* -d ln f^2 / d ln k of particles at the first ring: spheres in projection of radius 0.35 .. 0.44 d have 3.3 .. 6 */
#define PULL_ERROR 2.0
#define ARC_LENGTH 0.2618   /* 15 degrees: longer pieces are cut */

/* ---- search ---------------------------------------------------------------------------------------- */

static double least(const double *radial, double from, double to)
{
    double value = INFINITY;
    for (int32_t b = (int32_t)ceil(from); b <= (int32_t)floor(to); b++)
        value = fmin(value, radial[b]);
    return value;
}

/* ln of the radial mean at bin k over its background; 0 where that cannot be told. */
static double log_contrast(int32_t n_bins, const double *radial, double k)
{
    int32_t b = (int32_t)(k + 0.5);
    if (b < 3 || k * INNER + 1.0 > n_bins - 1)
        return 0.0;
    double below = least(radial, fmax(k / OUTER, 1.0), fmin(k / INNER, k - 1.0));
    double above = least(radial, fmax(k * INNER, k + 1.0), fmin(k * OUTER, n_bins - 1));
    double top = fmax(radial[b], fmax(radial[b - 1], radial[b + 1]));
    if (!(below > 0.0 && above > 0.0 && isfinite(below) && isfinite(above) && top > 0.0))
        return 0.0;
    return log(top) - 0.5 * (log(below) + log(above));
}

bool bnsl__image_find_ring(int32_t n_bins, const double *radial, int32_t first, int32_t last, image_ring *out)
{
    double best = -INFINITY;
    int32_t at = -1;
    for (int32_t b = first; b <= last && b + 1 < n_bins; b++) {
        if (!(radial[b] >= radial[b - 1] && radial[b] >= radial[b + 1]))
            continue;
        double own = log_contrast(n_bins, radial, b);
        double score = own + 0.5 * fmax(log_contrast(n_bins, radial, sqrt(3.0) * b), 0.0) + 0.5 * fmax(log_contrast(n_bins, radial, 2.0 * b), 0.0);
        if (own > log(LEAST_CONTRAST) && score > best) {
            best = score;
            at = b;
        }
    }
    if (at < 0)
        return false;
    double contrast = exp(log_contrast(n_bins, radial, at)), half = 0.5 * radial[at] * (1.0 + 1.0 / contrast);
    int32_t left = 1, right = 1;
    while (at - left > 1 && radial[at - left] > half)
        left++;
    while (at + right < n_bins - 1 && radial[at + right] > half)
        right++;
    *out = (image_ring){at, left < right ? left : right, contrast};
    return true;
}

/* ---- centre ---------------------------------------------------------------------------------------- */

typedef struct ring_pixel {
    double k, angle, weight, excess, background;
    int32_t column, row, unit;
    bool selected;
} ring_pixel;

typedef struct annulus {
    const image_power *p;
    double centre, half;                  /* cycles a pixel */
    double low, high, low_log, high_log;  /* the background on both sides: places and ln of the means */
    int64_t n, capacity;
    ring_pixel *pixels;
} annulus;

/* Mean of the radial mean over bins from .. to that are there. */
static double band_mean(int32_t n_bins, const double *radial, int32_t from, int32_t to)
{
    double sum = 0.0;
    int32_t n = 0;
    for (int32_t b = from < 1 ? 1 : from; b <= to && b < n_bins; b++, n++)
        sum += radial[b];
    return n > 0 ? sum / n : NAN;
}

static double background_at(const annulus *a, double k)
{
    double t = (k - a->low) / (a->high - a->low);
    return exp(a->low_log + t * (a->high_log - a->low_log));
}

/* Mean over 3 x 3 pixels. */
static double smooth_at(const image_power *p, int32_t column, int32_t row)
{
    double sum = 0.0;
    for (int dj = -1; dj <= 1; dj++)
        for (int di = -1; di <= 1; di++)
            sum += bnsl__image_power_at(p, column + di, row + dj);
    return sum / 9.0;
}

/* The pixels of the ring, each of a pair k, -k once. false: no memory. */
static bool collect(annulus *a)
{
    const image_power *p = a->p;
    int32_t last = (int32_t)ceil((a->centre + a->half) * p->width);
    a->n = 0;
    for (int32_t j = 0; j < p->height; j++) {
        double ky = bnsl__image_ky(p, j);
        for (int32_t i = 0; i <= last && i < p->n_columns - 1; i++) {
            double kx = (double)i / p->width, k = sqrt(kx * kx + ky * ky);
            if (fabs(k - a->centre) > a->half || (i == 0 && ky <= 0.0))
                continue;
            void *pixels = a->pixels;
            if (!bnsl__reserve(&pixels, &a->capacity, a->n + 1, sizeof *a->pixels))
                return false;
            a->pixels = pixels;
            double background = background_at(a, k), power = bnsl__image_power_at(p, i, j);
            a->pixels[a->n++] = (ring_pixel){.k = k,
                                             .angle = atan2(ky, kx),
                                             .excess = power - background,
                                             .background = background,
                                             .column = i,
                                             .row = j,
                                             .unit = -1,
                                             .selected = smooth_at(p, i, j) > SPOT_CONTRAST * background};
        }
    }
    return true;
}

/* Weights; returns their mean k, or NaN when nothing is above the background. */
static double weigh(annulus *a)
{
    double all = 0.0, selected = 0.0, sum = 0.0, weighted = 0.0;
    for (int64_t i = 0; i < a->n; i++) {
        all += a->pixels[i].excess;
        selected += a->pixels[i].selected ? a->pixels[i].excess : 0.0;
    }
    bool everything = selected < LEAST_SHARE * all;
    for (int64_t i = 0; i < a->n; i++) {
        ring_pixel *x = &a->pixels[i];
        x->selected = x->selected || everything;
        x->weight = x->selected ? x->excess / sqrt(x->k) : 0.0;
        sum += x->weight;
        weighted += x->weight * x->k;
    }
    return sum > 0.0 ? weighted / sum : NAN;
}

/* ---- error ----------------------------------------------------------------------------------------- */

static int by_angle(const void *pa, const void *pb)
{
    const ring_pixel *a = pa, *b = pb;
    if (a->angle != b->angle)
        return a->angle < b->angle ? -1 : 1;
    return (a->k > b->k) - (a->k < b->k);
}

/* Angles are the same modulo pi: starts them behind the largest gap between selected pixels, so that no piece is cut by the seam. */
static void open_at_gap(annulus *a)
{
    double first = NAN, previous = NAN, largest = -INFINITY, seam = -INFINITY;
    qsort(a->pixels, (size_t)a->n, sizeof *a->pixels, by_angle);
    for (int64_t i = 0; i < a->n; i++) {
        if (!a->pixels[i].selected)
            continue;
        if (isnan(first))
            first = a->pixels[i].angle;
        else if (a->pixels[i].angle - previous > largest) {
            largest = a->pixels[i].angle - previous;
            seam = a->pixels[i].angle;
        }
        previous = a->pixels[i].angle;
    }
    if (isnan(first) || first + SAXS_PI - previous >= largest)
        return;
    for (int64_t i = 0; i < a->n; i++)
        if (a->pixels[i].angle < seam)
            a->pixels[i].angle += SAXS_PI;
    qsort(a->pixels, (size_t)a->n, sizeof *a->pixels, by_angle);
}

/* Cuts the selected pixels, sorted by angle, into units: at gaps of two pixels, and where a piece is longer than an arc. Returns their number. */
static int32_t cut_into_units(annulus *a)
{
    double gap = 2.0 / (a->centre * (a->p->width < a->p->height ? a->p->width : a->p->height));
    double start = -INFINITY, previous = -INFINITY;
    int32_t n = 0;
    open_at_gap(a);
    for (int64_t i = 0; i < a->n; i++) {
        ring_pixel *x = &a->pixels[i];
        if (!x->selected)
            continue;
        if (x->angle - previous > gap || x->angle - start > ARC_LENGTH + gap) {
            start = x->angle;
            n++;
        }
        previous = x->angle;
        x->unit = n - 1;
    }
    return n;
}

/* Error of the mean k from the speckle of the background and from the scatter of the units. */
static void find_error(const annulus *a, double mean, image_centre *out)
{
    double total = 0.0, noise = 0.0, scatter = 0.0, squares = 0.0, weight = 0.0, weighted = 0.0;
    for (int64_t i = 0; i < a->n; i++)
        total += a->pixels[i].weight;
    int32_t unit = -1;
    for (int64_t i = 0; i <= a->n; i++) {
        bool ends = i == a->n || (a->pixels[i].selected && a->pixels[i].unit != unit);
        if (ends)
            unit = i < a->n ? a->pixels[i].unit : -1;
        if (ends && weight > 0.0) {
            double off = weighted / weight - mean;
            scatter += weight * weight * off * off;
            squares += weight * weight;
        }
        if (ends)
            weight = weighted = 0.0;
        if (i == a->n || !a->pixels[i].selected)
            continue;
        const ring_pixel *x = &a->pixels[i];
        weight += x->weight;
        weighted += x->weight * x->k;
        /* |signal + noise|^2 scatters by 2 signal background + background^2 */
        double variance = (2.0 * fmax(x->excess, 0.0) + x->background) * x->background / x->k;
        noise += CORRELATED * variance * (x->k - mean) * (x->k - mean);
    }
    double n_effective = total * total / fmax(squares, 1e-300);
    double between = n_effective > 1.5 ? scatter / (total * total) * n_effective / (n_effective - 1.0) : 0.0;
    /* of few pieces: as wide as Student's distribution */
    if (n_effective > 1.5)
        between *= 1.0 + 1.0 / (n_effective - 1.0);
    double grid = LEAST_ERROR / (a->p->width < a->p->height ? a->p->width : a->p->height);
    out->k_err = sqrt(noise / (total * total) + between + grid * grid);
}

/*
 * Grains of a few rows make the ring broad, and the particles' form factor f^2, falling across it, pulls it inwards by
 * sigma^2 d ln f^2 / dk. (The window's own width does not: the image is multiplied by it, particles and all.) Corrected with the slope
 * of spheres; how far that is uncertain joins the error.
 */
static void correct_pull(const annulus *a, double mean, image_centre *out)
{
    double total = 0.0, second = 0.0;
    int32_t side = a->p->width < a->p->height ? a->p->width : a->p->height;
    for (int64_t i = 0; i < a->n; i++) {
        total += a->pixels[i].weight;
        second += a->pixels[i].weight * (a->pixels[i].k - mean) * (a->pixels[i].k - mean);
    }
    double variance = fmax(second / total - HANN_VARIANCE / ((double)side * side), 0.0);
    out->k = mean + PULL * variance / mean;
    out->k_err = sqrt(out->k_err * out->k_err + pow(PULL_ERROR * variance / mean, 2.0));
}

static void find_symmetry(const annulus *a, image_centre *out)
{
    double c = 0.0, s = 0.0, total = 0.0;
    for (int64_t i = 0; i < a->n; i++) {
        c += a->pixels[i].weight * cos(6.0 * a->pixels[i].angle);
        s += a->pixels[i].weight * sin(6.0 * a->pixels[i].angle);
        total += a->pixels[i].weight;
    }
    out->sixfold = fmin(sqrt(c * c + s * s) / total, 1.0);
    out->orientation = atan2(s, c) / 6.0;
}

bnsl_status bnsl__image_refine(const image_power *p, double step, int32_t n_bins, const double *radial, const image_ring *ring, image_centre *out,
                               const char *func)
{
    int32_t half = 3 * ring->half_width < 3 ? 3 : 3 * ring->half_width, limit = ring->bin / 4;
    if (half > limit)
        half = limit > 3 ? limit : 3;
    annulus a = {.p = p, .centre = ring->bin * step, .half = (half + 0.5) * step};
    bnsl_status status = BNSL_OK;
    for (int it = 0; it < 20; it++) {
        int32_t b = (int32_t)(a.centre / step + 0.5);
        a.low = a.centre - 1.5 * a.half;
        a.high = a.centre + 1.5 * a.half;
        a.low_log = log(band_mean(n_bins, radial, b - 2 * half, b - half - 1));
        a.high_log = log(band_mean(n_bins, radial, b + half + 1, b + 2 * half));
        if (!isfinite(a.low_log))
            a.low_log = a.high_log;
        if (!isfinite(a.high_log))
            a.high_log = a.low_log;
        if (!collect(&a)) {
            status = bnsl__fail(BNSL_ENOMEM, func, "out of memory");
            break;
        }
        double mean = weigh(&a), moved = fabs(mean - a.centre);
        if (!isfinite(mean) || fabs(mean - ring->bin * step) > (half + 0.5) * step) {
            status = bnsl__fail(BNSL_EDOMAIN, func, "no ring stands out of the image's power spectrum");
            break;
        }
        out->k = mean;
        if (moved < 1e-3 * step)
            break;
        a.centre = mean;
    }
    if (status == BNSL_OK) {
        out->n_units = cut_into_units(&a);
        find_error(&a, out->k, out);
        find_symmetry(&a, out);
        correct_pull(&a, out->k, out);
    }
    free(a.pixels);
    return status;
}
