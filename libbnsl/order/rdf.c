/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Radial distribution functions g_ab(r) [Hansen and McDonald, Theory of Simple Liquids, sec. 2.5]: histograms of the distances of all pairs,
 * divided by what an ideal gas of the same density would have. Counts are integers, so they do not depend on the threads; each frame is
 * normalised by its own volume and numbers before it is added to the mean. Pairs are found by cells and counted from one end (pairs_*.c).
 * Cost: O(pairs of particles and images within r_max), 3 to 4 ns each with AVX-512; memory: beside the particles one histogram a thread.
 */
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <bnsl/order.h>

#include "pairs_internal.h"

enum { MAX_BINS = 1000000 };
static const double max_r = 1e100;

/* Sums over the frames of one pair of species, or of all particles. */
typedef struct slot {
    bool wanted;
    int64_t n_frames; /* that had such pairs */
    double *g;        /* counts V / (N_a N_b) */
    double *n_ab;     /* counts / N_a: b around a */
    double *n_ba;     /* counts / N_b */
} slot;

struct bnsl_order_rdf {
    bnsl_order_rdf_options o;
    int32_t n_pairs;
    slot *slots;      /* n_pairs, then all particles */
    double *sums;     /* of all slots */
};

/* One frame: grids by species, counts by slot. */
typedef struct frame {
    pairs_space space;
    pairs_grid *grids;
    int64_t *counts;  /* (n_pairs + 1) x n_bins, both directions */
    uint64_t *histograms;
    pairs_worker *workers;
    int threads;
    int64_t n_done, n_rows; /* progress */
} frame;

static const bnsl_order_rdf_options defaults = {sizeof defaults, 1, 0, 5, 200, 1, -1, -1, 0, 0};

bnsl_status bnsl_order_rdf_options_init(bnsl_order_rdf_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

static bnsl_status check_options(const bnsl_order_rdf_options *o, const char *func)
{
    if (o->num_threads < 0)
        return bnsl__fail(BNSL_EINVAL, func, "num_threads is %d, must be >= 0", o->num_threads);
    if (!(o->r_min >= 0 && o->r_min < o->r_max && o->r_max <= max_r))
        return bnsl__fail(BNSL_EINVAL, func, "r_min is %g and r_max %g, must be 0 <= r_min < r_max <= 1e100", o->r_min, o->r_max);
    if (o->n_bins < 1 || o->n_bins > MAX_BINS)
        return bnsl__fail(BNSL_EINVAL, func, "n_bins is %d, must be within 1 .. %d", o->n_bins, MAX_BINS);
    if (o->n_species < 1 || o->n_species > BNSL_ORDER_SPECIES_MAX)
        return bnsl__fail(BNSL_EINVAL, func, "n_species is %d, must be within 1 .. %d", o->n_species, BNSL_ORDER_SPECIES_MAX);
    const bool all = o->species_a == -1 && o->species_b == -1;
    if (!all && (o->species_a < 0 || o->species_a >= o->n_species || o->species_b < 0 || o->species_b >= o->n_species))
        return bnsl__fail(BNSL_EINVAL, func, "species_a and species_b are %d and %d, must both be -1, or both within 0 .. %d", o->species_a,
                          o->species_b, o->n_species - 1);
    if (o->flags & ~BNSL_RDF_FINITE_SIZE)
        return bnsl__fail(BNSL_EINVAL, func, "flags is %d, must be 0 or BNSL_RDF_FINITE_SIZE", o->flags);
    if (o->reserved != 0)
        return bnsl__fail(BNSL_EINVAL, func, "reserved is %d, must be 0", o->reserved);
    return BNSL_OK;
}

/* Number of the pair a, b in any order. */
static int32_t pair_index(const bnsl_order_rdf *rdf, int32_t a, int32_t b)
{
    const int32_t low = a < b ? a : b, high = a < b ? b : a;
    return low * rdf->o.n_species - low * (low - 1) / 2 + high - low;
}

static bool counts_all(const bnsl_order_rdf *rdf)
{
    return rdf->o.species_a < 0;
}

void bnsl_order_rdf_destroy(bnsl_order_rdf *rdf)
{
    if (!rdf)
        return;
    free(rdf->slots);
    free(rdf->sums);
    free(rdf);
}

bnsl_status bnsl_order_rdf_create(bnsl_order_rdf **out, const bnsl_order_rdf_options *opts)
{
    bnsl_order_rdf_options o = defaults;
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    *out = NULL;
    bnsl_status status = opts ? bnsl__options_load(&o, sizeof o, opts, "bnsl_order_rdf_options", __func__) : BNSL_OK;
    if (status == BNSL_OK)
        status = check_options(&o, __func__);
    if (status != BNSL_OK)
        return status;
    bnsl_order_rdf *rdf = bnsl__calloc(1, sizeof *rdf);
    if (!rdf)
        return BNSL_NOMEM();
    rdf->o = o;
    rdf->n_pairs = o.n_species * (o.n_species + 1) / 2;
    rdf->slots = bnsl__calloc(rdf->n_pairs + 1, sizeof *rdf->slots);
    rdf->sums = bnsl__calloc((rdf->n_pairs + 1) * (int64_t)o.n_bins, 3 * sizeof *rdf->sums);
    if (!rdf->slots || !rdf->sums) {
        bnsl_order_rdf_destroy(rdf);
        return BNSL_NOMEM();
    }
    for (int32_t i = 0; i <= rdf->n_pairs; i++) {
        slot *s = rdf->slots + i;
        s->wanted = counts_all(rdf);
        s->g = rdf->sums + 3 * (int64_t)o.n_bins * i;
        s->n_ab = s->g + o.n_bins;
        s->n_ba = s->n_ab + o.n_bins;
    }
    if (!counts_all(rdf))
        rdf->slots[pair_index(rdf, o.species_a, o.species_b)].wanted = true;
    *out = rdf;
    return BNSL_OK;
}

/* ---- one frame ---------------------------------------------------------------------------------------------------------------- */

static void frame_free(const bnsl_order_rdf *rdf, frame *f)
{
    for (int32_t a = 0; f->grids && a < rdf->o.n_species; a++)
        bnsl__pairs_grid_free(f->grids + a);
    for (int t = 0; f->workers && t < f->threads; t++)
        free(f->workers[t].rows);
    free(f->grids);
    free(f->counts);
    free(f->histograms);
    free(f->workers);
    bnsl__pairs_space_free(&f->space);
}

static int64_t histogram_size(const bnsl_order_rdf *rdf)
{
    return PAIRS_HISTOGRAMS * (rdf->o.n_bins + (int64_t)PAIRS_LANES);
}

static bnsl_status frame_make(const bnsl_order_rdf *rdf, frame *f, const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species,
                              const char *func)
{
    *f = (frame){.threads = bnsl__threads(rdf->o.num_threads)};
    bnsl_status status = bnsl__pairs_space_make(&f->space, box, n, xyz, rdf->o.r_max, func);
    if (status == BNSL_OK)
        status = bnsl__pairs_check_species(n, species, rdf->o.n_species, func);
    if (status != BNSL_OK)
        return status;
    f->grids = bnsl__calloc(rdf->o.n_species, sizeof *f->grids);
    f->counts = bnsl__calloc((rdf->n_pairs + 1) * (int64_t)rdf->o.n_bins, sizeof *f->counts);
    f->histograms = bnsl__alloc(f->threads * histogram_size(rdf), sizeof *f->histograms);
    f->workers = bnsl__calloc(f->threads, sizeof *f->workers);
    bool ok = f->grids && f->counts && f->histograms && f->workers;
    for (int32_t a = 0; ok && a < rdf->o.n_species; a++)
        if (counts_all(rdf) || a == rdf->o.species_a || a == rdf->o.species_b)
            ok = bnsl__pairs_grid_make(f->grids + a, &f->space, species, rdf->o.n_species > 1 ? a : -1);
    return ok ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
}

/* Distances of the particles of one row of grid a from those of grid b. */
static bool count_row(const frame *f, int64_t row, const pairs_grid *a, const pairs_grid *b, pairs_kernel kernel, const pairs_measure *measure,
                      pairs_worker *worker, uint64_t *histogram)
{
    const bool half = a == b;
    const int32_t begin = bnsl__pairs_row_start(a, row), end = bnsl__pairs_row_start(a, row + 1);
    if (begin == end)
        return true;
    if (!bnsl__pairs_rows(&f->space, a, row, b, half, worker))
        return false;
    for (int32_t i = begin; i < end; i++)
        bnsl__pairs_scan(&f->space, a, i, b, half ? i : -1, worker, kernel, measure, histogram);
    return true;
}

/* Histogram of one pair of species, each pair of particles once. */
static bnsl_status count_pair(const bnsl_order_rdf *rdf, frame *f, const pairs_grid *a, const pairs_grid *b, int64_t *counts, bnsl_control *control,
                              const char *func)
{
    const bnsl_order_rdf_options *o = &rdf->o;
    const pairs_measure measure = {o->r_min * o->r_min, o->r_max * o->r_max, o->r_min, o->n_bins / (o->r_max - o->r_min), o->n_bins, 0};
    const pairs_kernel kernel = BNSL_KERNEL_PICK(bnsl__isa(BNSL_ISA_AUTO), bnsl__pairs_histogram);
    const int64_t n_rows = bnsl__pairs_n_rows(a), size = histogram_size(rdf);
    atomic_int failure = BNSL_OK;
    atomic_llong done = f->n_done;
    memset(f->histograms, 0, (size_t)(f->threads * size) * sizeof *f->histograms);
#pragma omp parallel for num_threads(f->threads) schedule(dynamic, 1)
    for (int64_t row = 0; row < n_rows; row++) {
        const int t = bnsl__thread_number();
        if (atomic_load(&failure) != BNSL_OK)
            continue;
        if (!count_row(f, row, a, b, kernel, &measure, f->workers + t, f->histograms + t * size))
            atomic_store(&failure, BNSL_ENOMEM);
        const int64_t so_far = atomic_fetch_add(&done, 1) + 1;
        if (t == 0 && bnsl__control_stop(control, so_far, f->n_rows + 1))
            atomic_store(&failure, BNSL_ECANCELLED);
    }
    f->n_done += n_rows;
    if (atomic_load(&failure) == BNSL_ENOMEM)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    if (atomic_load(&failure) == BNSL_ECANCELLED)
        return bnsl__fail(BNSL_ECANCELLED, func, "cancelled");
    for (int64_t h = 0; h < f->threads * PAIRS_HISTOGRAMS; h++)
        for (int32_t i = 0; i < o->n_bins; i++)
            counts[i] += (int64_t)f->histograms[h * (o->n_bins + PAIRS_LANES) + i];
    return BNSL_OK;
}

/* Counts of every wanted pair, in both directions for one species: a to b and b to a are the same pairs otherwise. */
static bnsl_status count_frame(const bnsl_order_rdf *rdf, frame *f, bnsl_control *control, const char *func)
{
    const int32_t n_bins = rdf->o.n_bins;
    int64_t *all = f->counts + (int64_t)rdf->n_pairs * n_bins;
    for (int32_t a = 0; a < rdf->o.n_species; a++)
        for (int32_t b = a; b < rdf->o.n_species; b++)
            f->n_rows += rdf->slots[pair_index(rdf, a, b)].wanted ? bnsl__pairs_n_rows(f->grids + a) : 0;
    for (int32_t a = 0; a < rdf->o.n_species; a++)
        for (int32_t b = a; b < rdf->o.n_species; b++) {
            int64_t *counts = f->counts + (int64_t)pair_index(rdf, a, b) * n_bins;
            if (!rdf->slots[pair_index(rdf, a, b)].wanted)
                continue;
            bnsl_status status = count_pair(rdf, f, f->grids + a, f->grids + b, counts, control, func);
            if (status != BNSL_OK)
                return status;
            for (int32_t i = 0; i < n_bins; i++) {
                all[i] += 2 * counts[i];
                counts[i] *= a == b ? 2 : 1;
            }
        }
    if (bnsl__control_stop(control, f->n_rows + 1, f->n_rows + 1))
        return bnsl__fail(BNSL_ECANCELLED, func, "cancelled");
    return BNSL_OK;
}

/* Adds a frame's counts to a mean; frames without such pairs are left out. */
static void add_counts(const bnsl_order_rdf *rdf, slot *s, const int64_t *counts, double n_a, double n_b, bool same, double volume)
{
    const bool finite = same && (rdf->o.flags & BNSL_RDF_FINITE_SIZE);
    const double pairs = finite ? n_a * (n_a - 1) : n_a * n_b;
    if (!s->wanted || !(pairs > 0))
        return;
    s->n_frames++;
    for (int32_t i = 0; i < rdf->o.n_bins; i++) {
        s->g[i] += (double)counts[i] * (volume / pairs);
        s->n_ab[i] += (double)counts[i] / n_a;
        s->n_ba[i] += (double)counts[i] / n_b;
    }
}

bnsl_status bnsl_order_rdf_add(bnsl_order_rdf *rdf, const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, bnsl_control *control)
{
    frame f;
    double volume;
    if (!rdf || !box)
        return BNSL_FAIL(BNSL_EINVAL, "%s", rdf ? "box is NULL, g(r) is defined by its volume" : "rdf is NULL");
    bnsl_status status = frame_make(rdf, &f, box, n, xyz, species, __func__);
    if (status == BNSL_OK)
        status = bnsl_box_volume(box, &volume);
    if (status == BNSL_OK)
        status = count_frame(rdf, &f, control, __func__);
    if (status == BNSL_OK) {
        for (int32_t a = 0; a < rdf->o.n_species; a++)
            for (int32_t b = a; b < rdf->o.n_species; b++) {
                const int32_t i = pair_index(rdf, a, b);
                add_counts(rdf, rdf->slots + i, f.counts + (int64_t)i * rdf->o.n_bins, (double)f.grids[a].n, (double)f.grids[b].n, a == b, volume);
            }
        add_counts(rdf, rdf->slots + rdf->n_pairs, f.counts + (int64_t)rdf->n_pairs * rdf->o.n_bins, (double)n, (double)n, true, volume);
    }
    frame_free(rdf, &f);
    return status;
}

/* ---- results -------------------------------------------------------------------------------------------------------------------- */

static double edge_of(const bnsl_order_rdf *rdf, int32_t i)
{
    return rdf->o.r_min + i * ((rdf->o.r_max - rdf->o.r_min) / rdf->o.n_bins);
}

bnsl_status bnsl_order_rdf_bins(const bnsl_order_rdf *rdf, double *centre_out, double *edge_out)
{
    if (!rdf)
        return BNSL_FAIL(BNSL_EINVAL, "rdf is NULL");
    for (int32_t i = 0; centre_out && i < rdf->o.n_bins; i++)
        centre_out[i] = 0.5 * (edge_of(rdf, i) + edge_of(rdf, i + 1));
    for (int32_t i = 0; edge_out && i <= rdf->o.n_bins; i++)
        edge_out[i] = edge_of(rdf, i);
    return BNSL_OK;
}

bnsl_status bnsl_order_rdf_read(const bnsl_order_rdf *rdf, int32_t species_a, int32_t species_b, double *g_out, double *n_r_out,
                                int64_t *n_frames_out)
{
    const double sphere = 4.0 / 3.0 * 3.14159265358979323846;
    if (!rdf)
        return BNSL_FAIL(BNSL_EINVAL, "rdf is NULL");
    const int32_t k = rdf->o.n_species;
    const bool all = species_a == -1 && species_b == -1;
    if (!all && (species_a < 0 || species_a >= k || species_b < 0 || species_b >= k))
        return BNSL_FAIL(BNSL_EINVAL, "species are %d and %d, must both be -1, or both within 0 .. %d", species_a, species_b, k - 1);
    const slot *s = rdf->slots + (all ? rdf->n_pairs : pair_index(rdf, species_a, species_b));
    if (!s->wanted)
        return BNSL_FAIL(BNSL_EINVAL, "species %d and %d are not those that are counted, %d and %d", species_a, species_b, rdf->o.species_a,
                         rdf->o.species_b);
    if (s->n_frames == 0)
        return BNSL_FAIL(BNSL_EDOMAIN, "no frame with pairs of species %d and %d has been added", species_a, species_b);
    const double *around = species_a <= species_b ? s->n_ab : s->n_ba, frames = (double)s->n_frames;
    double n_r = 0;
    for (int32_t i = 0; i < rdf->o.n_bins; i++) {
        const double low = edge_of(rdf, i), high = edge_of(rdf, i + 1);
        const double shell = sphere * (high - low) * (high * high + high * low + low * low);
        n_r += around[i];
        if (g_out)
            g_out[i] = s->g[i] / (frames * shell);
        if (n_r_out)
            n_r_out[i] = n_r / frames;
    }
    if (n_frames_out)
        *n_frames_out = s->n_frames;
    return BNSL_OK;
}
