/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Static structure factor of a periodic box by a non-uniform fast Fourier transform of type 1 [Dutt and Rokhlin, SIAM J. Sci. Comput. 14, 1368
 * (1993); Barnett, Magland and af Klinteberg, SIAM J. Sci. Comput. 41, C479 (2019)]: F_a(k) of every wave vector with |k| <= k_max, from the
 * particles of species a spread on a grid along the box's (reduced) edges.
 *
 * The grid never exists as a whole. Planes x and x + 1 of a species are spread into the real and the imaginary part of one plane in cache,
 * transformed along z, then along y for the wanted k_z, and taken apart by the symmetry of real data. What is kept are the columns (k_y, k_z) of
 * a half space with a wave vector within k_max; they are transformed along x, eight at a time, and averaged at once. Columns are cut into
 * chunks of a fixed size: their averages are added in order, so that the bits do not depend on the threads; chunks that do not fit into
 * memory_mib are made in several passes over the planes. Plans are FFTW's scalar ones, the same on every processor (fftw_guard.c).
 *
 * The floor: with h = k_max L / 2 pi and an oversampling of 1.25, M = 2.5 h points an axis. Per species M^2 / 2 + 0.4 M^2 + 0.25 M^2 complex
 * lines of 5 M log2 M operations, some 0.5 G for h = 90 (27,000 particles to 25 / sigma_LL; 1.5 M wave vectors); spreading is
 * N width^3 = 27 M additions. Memory traffic: columns written and read once, 32 bytes a wave vector and species and pass.
 * Measured for that: 0.48 s on one thread of a Zen 3 core, half of it in FFTW, a sixth in the first touch of the columns' memory (bench/README).
 * Memory: 30 bytes a species and wave vector, a plane of 16 M^2 bytes a thread, 24 width + 16 bytes a particle.
 */
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <fftw3.h>

#include "sq_spread.h"

enum {
    BLOCK = 8,   /* columns that are transformed together */
    CHUNKS = 32, /* about */
    MIB = 1 << 20
};

static const double OVERSAMPLING = 1.25;

/* Columns (y, z) of wave vectors, in order; a chunk starts a new block. */
typedef struct column {
    int32_t y, z; /* y = -1 and so on are -1, not wrapped */
    bool used;    /* false: fills a block */
} column;

typedef struct chunk {
    int64_t first, end; /* columns, multiples of BLOCK */
    int32_t z_first, z_last;
} chunk;

typedef struct plan {
    const sq_job *job;
    double edge[9], b[9]; /* reduced edges; their reciprocal vectors with the 2 pi */
    int32_t h_max[3];
    sq_spread spread; /* size of the grid there */
    double *correction[3];
    column *columns;
    int64_t n_columns, column_capacity;
    chunk chunks[2 * CHUNKS + 1];
    int32_t n_chunks;
    int64_t stride;          /* complex numbers in a row of a plane */
    int64_t most_in_pass;    /* columns */
    fftw_complex *spectrum;  /* species x block x size[0] x BLOCK */
    fftw_plan along_x, along_z;
    atomic_llong done; /* planes and chunks, for the progress */
    int64_t total;
    atomic_int stop;
} plan;

typedef struct worker {
    double *plane;
    sq_sums sums;
} worker;

static double dot(const double *a, const double *b)
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* ---- geometry ----------------------------------------------------------------------------------------------------------- */

/* Shortens the edges by whole multiples of each other: the same lattice, but a box of few wave vectors outside the sphere. */
static void reduce_edges(double *edge)
{
    for (int round = 0; round < 1000; round++) {
        bool changed = false;
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++) {
                const double square = dot(edge + 3 * j, edge + 3 * j), whole = i == j ? 0 : rint(dot(edge + 3 * i, edge + 3 * j) / square);
                if (whole == 0 || fabs(dot(edge + 3 * i, edge + 3 * j)) < (0.5 + 1e-9) * square)
                    continue;
                for (int k = 0; k < 3; k++)
                    edge[3 * i + k] -= whole * edge[3 * j + k];
                changed = true;
            }
        if (!changed)
            return;
    }
}

static void cross(const double *a, const double *b, double *c)
{
    c[0] = a[1] * b[2] - a[2] * b[1];
    c[1] = a[2] * b[0] - a[0] * b[2];
    c[2] = a[0] * b[1] - a[1] * b[0];
}

/* The smallest multiple of step >= n without prime factors beyond 7. */
static int32_t transform_length(double n, int32_t step)
{
    for (int32_t length = step * (int32_t)ceil(n / step);; length += step) {
        int32_t rest = length;
        for (int32_t p = 2; p <= 7; p++)
            while (rest % p == 0)
                rest /= p;
        if (rest == 1)
            return length;
    }
}

static bnsl_status find_grid(plan *p)
{
    const sq_job *job = p->job;
    bnsl_status status = bnsl_box_vectors(job->box, p->edge);
    if (status == BNSL_OK)
        status = bnsl_box_reciprocal(job->box, p->b);
    if (status != BNSL_OK)
        return status;
    double before[9], volume;
    memcpy(before, p->edge, sizeof before);
    reduce_edges(p->edge);
    if (memcmp(before, p->edge, sizeof before) != 0) /* else the box's own digits */
        for (int d = 0; d < 3; d++) {
            const double *e1 = p->edge + 3 * ((d + 1) % 3), *e2 = p->edge + 3 * ((d + 2) % 3);
            cross(e1, e2, p->b + 3 * d);
            volume = dot(p->b + 3 * d, p->edge + 3 * d);
            for (int k = 0; k < 3; k++)
                p->b[3 * d + k] *= 2 * SAXS_PI / volume;
        }
    bnsl__sq_spread_shape(&p->spread, job->o.tolerance, OVERSAMPLING);
    for (int d = 0; d < 3; d++) { /* an index is k . edge / 2 pi */
        const double most = floor(job->k_max * sqrt(dot(p->edge + 3 * d, p->edge + 3 * d)) / (2 * SAXS_PI) + 1e-9);
        if (!(most <= SQ_MAX_INDEX))
            return bnsl__fail(BNSL_EINVAL, job->func, "wave vectors up to %g have indices up to %g in this box, at most %d: lower q_max", job->k_max,
                              most, SQ_MAX_INDEX);
        p->h_max[d] = (int32_t)most;
        p->spread.size[d] = transform_length(fmax(OVERSAMPLING * (2 * most + 1), p->spread.width + 2), d == 0 ? 2 : 1);
    }
    p->stride = (p->spread.size[2] + 1) | 1; /* one more column, see transform_y; odd, so that columns do not share cache sets */
    return BNSL_OK;
}

/* The y of wave vectors h b_0 + y b_1 + z b_2 that can be within k_max. */
static bool find_y(const plan *p, int32_t z, int32_t *low, int32_t *high)
{
    double across[2][3]; /* b_1 and b_2 without their parts along b_0 */
    for (int d = 0; d < 2; d++)
        for (int k = 0; k < 3; k++)
            across[d][k] = p->b[3 * d + 3 + k] - p->b[k] * dot(p->b, p->b + 3 * d + 3) / dot(p->b, p->b);
    const double a = dot(across[0], across[0]), half_b = z * dot(across[0], across[1]), c = (double)z * z * dot(across[1], across[1]);
    const double k_max = p->job->k_max * (1 + 1e-9), under = half_b * half_b - a * (c - k_max * k_max);
    if (under < 0)
        return false;
    *low = (int32_t)fmax(ceil((-half_b - sqrt(under)) / a), -p->h_max[1]);
    *high = (int32_t)fmin(floor((-half_b + sqrt(under)) / a), p->h_max[1]);
    if (z == 0 && *low < 0)
        *low = 0;
    return *low <= *high;
}

static bool add_column(plan *p, column c)
{
    if (!bnsl__reserve((void **)&p->columns, &p->column_capacity, p->n_columns + 1, sizeof *p->columns))
        return false;
    p->columns[p->n_columns++] = c;
    return true;
}

static bool fill_block(plan *p)
{
    while (p->n_columns % BLOCK != 0)
        if (!add_column(p, (column){0, 0, false}))
            return false;
    return true;
}

/* All columns of the half space z > 0, or z = 0 and y >= 0; a new chunk begins with a new z. */
static bool find_columns(plan *p)
{
    const double target = SAXS_PI / 2 * (p->h_max[1] + 1.0) * (p->h_max[2] + 1.0) / CHUNKS;
    chunk *c = p->chunks;
    *c = (chunk){0, 0, 0, 0};
    for (int32_t z = 0; z <= p->h_max[2]; z++) {
        int32_t low, high;
        if (!find_y(p, z, &low, &high))
            continue;
        if ((double)(p->n_columns - c->first) >= target && p->n_chunks < 2 * CHUNKS) {
            if (!fill_block(p))
                return false;
            c->end = p->n_columns;
            c = p->chunks + ++p->n_chunks;
            *c = (chunk){p->n_columns, 0, z, z};
        }
        c->z_last = z;
        for (int32_t y = low; y <= high; y++)
            if (!add_column(p, (column){y, z, true}))
                return false;
    }
    if (!fill_block(p))
        return false;
    c->end = p->n_columns;
    p->n_chunks++;
    return true;
}

/* ---- planes ---------------------------------------------------------------------------------------------------------------- */

static fftw_complex *block_at(const plan *p, int32_t species, int64_t first_of_pass, int64_t column_index)
{
    const int64_t block = species * (p->most_in_pass / BLOCK) + (column_index - first_of_pass) / BLOCK;
    return p->spectrum + block * p->spread.size[0] * BLOCK;
}

/* The transforms of the real and the imaginary plane from that of both, Z: (Z(k) + Z*(-k)) / 2 and (Z(k) - Z*(-k)) / 2i. */
static void take_apart(const plan *p, const double *plane, int32_t species, int32_t x, int64_t first, int64_t end)
{
    const int32_t n_y = p->spread.size[1], n_z = p->spread.size[2];
    for (int64_t i = first; i < end; i++) {
        const column *c = p->columns + i;
        fftw_complex *to = block_at(p, species, first, i) + (int64_t)x * BLOCK + (i - first) % BLOCK;
        if (!c->used) {
            to[0][0] = to[0][1] = to[BLOCK][0] = to[BLOCK][1] = 0;
            continue;
        }
        const int64_t y = c->y < 0 ? c->y + n_y : c->y, y_minus = c->y > 0 ? n_y - c->y : -c->y, z_minus = c->z > 0 ? n_z - c->z : 0;
        const double *plus = plane + 2 * (y * p->stride + c->z), *minus = plane + 2 * (y_minus * p->stride + z_minus);
        to[0][0] = 0.5 * (plus[0] + minus[0]);
        to[0][1] = 0.5 * (plus[1] - minus[1]);
        to[BLOCK][0] = 0.5 * (plus[1] + minus[1]);
        to[BLOCK][1] = 0.5 * (minus[0] - plus[0]);
    }
}

/* Returns false when the caller asked to stop. */
static bool count_work(plan *p)
{
    const int64_t done = atomic_fetch_add(&p->done, 1) + 1;
    if (bnsl__thread_number() == 0 && bnsl__control_stop(p->job->control, done, p->total))
        atomic_store(&p->stop, 1);
    return !atomic_load(&p->stop);
}

/* Spreads and transforms all planes for columns first .. end - 1, whose z are z_first .. z_last. */
static void transform_planes(plan *p, worker *workers, fftw_plan along_y, int64_t first, int64_t end, int32_t z_first, int32_t z_last)
{
    const int32_t n_x = p->spread.size[0], n_y = p->spread.size[1], n_z = p->spread.size[2];
    const int64_t n_tasks = (int64_t)p->job->n_species * (n_x / 2);
#pragma omp parallel for schedule(dynamic, 1) num_threads(p->job->threads)
    for (int64_t task = 0; task < n_tasks; task++) {
        double *plane = workers[bnsl__thread_number()].plane;
        const int32_t species = (int32_t)(task / (n_x / 2)), x = 2 * (int32_t)(task % (n_x / 2));
        if (atomic_load(&p->stop))
            continue;
        memset(plane, 0, (size_t)(n_y * p->stride) * sizeof(fftw_complex));
        bnsl__sq_spread_planes(&p->spread, species, x, p->stride, plane);
        fftw_execute_dft(p->along_z, (fftw_complex *)(void *)plane, (fftw_complex *)(void *)plane);
        fftw_complex *plus = (fftw_complex *)(void *)plane + z_first, *minus = (fftw_complex *)(void *)plane + n_z - z_last;
        fftw_execute_dft(along_y, plus, plus); /* z_first .. z_last */
        fftw_execute_dft(along_y, minus, minus); /* -z_last .. -z_first; for z_first = 0 the last is the empty column after the row's end */
        take_apart(p, plane, species, x, first, end);
        count_work(p);
    }
}

/* ---- columns ------------------------------------------------------------------------------------------------------------------ */

/* Averages the wave vectors of a column; from[s]: its transform of species s, steps of BLOCK. */
static void average_column(const plan *p, const column *c, const fftw_complex *const *from, const sq_average *average, sq_sums *sums)
{
    const sq_job *job = p->job;
    const double v[3] = {c->y * p->b[3] + c->z * p->b[6], c->y * p->b[4] + c->z * p->b[7], c->y * p->b[5] + c->z * p->b[8]};
    const double square = dot(p->b, p->b), along = dot(v, p->b) / square;
    const double half = sqrt(fmax((job->k_max * job->k_max - dot(v, v)) / square + along * along, 0)) + 1e-6;
    const double correction = p->correction[1][abs(c->y)] * p->correction[2][c->z];
    const bool origin = c->y == 0 && c->z == 0;
    const int32_t h_first = origin ? 1 : (int32_t)fmax(ceil(-along - half), -p->h_max[0]), h_last = (int32_t)fmin(floor(-along + half), p->h_max[0]);
    double s[SQ_MAX_PAIRS], re[SQ_MAX_SPECIES], im[SQ_MAX_SPECIES];
    for (int32_t h = h_first; h <= h_last; h++) {
        double k_vector[3];
        for (int d = 0; d < 3; d++)
            k_vector[d] = h * p->b[d] + c->y * p->b[3 + d] + c->z * p->b[6 + d];
        const double k = sqrt(dot(k_vector, k_vector));
        if (k > job->k_max)
            continue;
        const double factor = correction * p->correction[0][abs(h)], scale = factor * factor / (double)job->n;
        const int64_t at = (int64_t)(h < 0 ? h + p->spread.size[0] : h) * BLOCK;
        for (int32_t a = 0; a < job->n_species; a++) {
            re[a] = from[a][at][0];
            im[a] = from[a][at][1];
        }
        double *to = s;
        for (int32_t a = 0; a < job->n_species; a++)
            for (int32_t b = a; b < job->n_species; b++)
                *to++ = scale * (re[a] * re[b] + im[a] * im[b]);
        bnsl__sq_sums_add(average, sums, k, s);
    }
}

static void average_chunk(const plan *p, const chunk *c, int64_t first_of_pass, const sq_average *average, sq_sums *sums)
{
    bnsl__sq_sums_clear(average, sums);
    for (int64_t block = c->first; block < c->end; block += BLOCK) {
        const fftw_complex *from[SQ_MAX_SPECIES];
        for (int32_t a = 0; a < p->job->n_species; a++) {
            fftw_complex *line = block_at(p, a, first_of_pass, block);
            fftw_execute_dft(p->along_x, line, line);
            from[a] = line;
        }
        for (int64_t i = block; i < block + BLOCK; i++) {
            if (p->columns[i].used)
                average_column(p, p->columns + i, from, average, sums);
            for (int32_t a = 0; a < p->job->n_species; a++)
                from[a]++;
        }
    }
}

/* Chunks first_chunk .. end_chunk - 1: all planes, then all columns. */
static bnsl_status make_pass(plan *p, worker *workers, int32_t first_chunk, int32_t end_chunk, const sq_average *average, sq_sums *total)
{
    const chunk *c = p->chunks + first_chunk;
    const int64_t first = c->first, end = p->chunks[end_chunk - 1].end;
    const int32_t z_first = c->z_first, z_last = p->chunks[end_chunk - 1].z_last, n_y = p->spread.size[1];
    bnsl__fftw_lock();
    fftw_complex *any = (fftw_complex *)(void *)workers[0].plane;
    fftw_plan along_y = fftw_plan_many_dft(1, &n_y, z_last - z_first + 1, any, NULL, (int)p->stride, 1, any, NULL, (int)p->stride, 1, FFTW_FORWARD,
                                           bnsl__fftw_flags() | FFTW_UNALIGNED);
    bnsl__fftw_unlock();
    if (!along_y)
        return bnsl__fail(BNSL_ENUMERIC, p->job->func, "FFTW made no plan of length %d", (int)n_y);
    transform_planes(p, workers, along_y, first, end, z_first, z_last);
#pragma omp parallel for ordered schedule(dynamic, 1) num_threads(p->job->threads)
    for (int32_t i = first_chunk; i < end_chunk; i++) {
        sq_sums *sums = &workers[bnsl__thread_number()].sums;
        if (!atomic_load(&p->stop))
            average_chunk(p, p->chunks + i, first, average, sums);
        count_work(p);
#pragma omp ordered
        if (!atomic_load(&p->stop))
            bnsl__sq_sums_merge(average, total, sums);
    }
    bnsl__fftw_lock();
    fftw_destroy_plan(along_y);
    bnsl__fftw_unlock();
    return atomic_load(&p->stop) ? bnsl__fail(BNSL_ECANCELLED, p->job->func, "cancelled") : BNSL_OK;
}

/* ---- memory ------------------------------------------------------------------------------------------------------------------ */

/* The number of chunks from `first` on that one pass can hold; at least one. */
static int32_t chunks_of_pass(const plan *p, int32_t first)
{
    int32_t end = first + 1;
    while (end < p->n_chunks && p->chunks[end].end - p->chunks[first].first <= p->most_in_pass)
        end++;
    return end;
}

/* Room for the columns of a pass, and how many passes there are. */
static bnsl_status make_room(plan *p)
{
    const sq_job *job = p->job;
    const double bytes = (double)job->n_species * p->spread.size[0] * sizeof(fftw_complex);
    int64_t largest = 0;
    for (int32_t i = 0; i < p->n_chunks; i++)
        largest = p->chunks[i].end - p->chunks[i].first > largest ? p->chunks[i].end - p->chunks[i].first : largest;
    const double most = floor(job->o.memory_mib * MIB / bytes);
    if (most < (double)largest)
        return bnsl__fail(BNSL_ENOMEM, job->func, "memory_mib is %g, the transforms up to |k| = %g need %.3g: raise it or lower q_max",
                          job->o.memory_mib, job->k_max, (double)largest * bytes / MIB);
    p->most_in_pass = most < (double)p->n_columns ? (int64_t)most / BLOCK * BLOCK : p->n_columns;
    for (int32_t first = 0; first < p->n_chunks; first = chunks_of_pass(p, first))
        p->total += (int64_t)job->n_species * (p->spread.size[0] / 2);
    p->total += p->n_chunks + 1;
    p->spectrum = bnsl__alloc(p->most_in_pass * job->n_species * p->spread.size[0], sizeof *p->spectrum);
    return p->spectrum ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, job->func, "out of memory for the transforms up to |k| = %g", job->k_max);
}

static void free_workers(worker *workers, int threads)
{
    for (int t = 0; workers && t < threads; t++) {
        free(workers[t].plane);
        bnsl__sq_sums_free(&workers[t].sums);
    }
    free(workers);
}

static worker *make_workers(const plan *p, const sq_average *average)
{
    worker *workers = bnsl__calloc(p->job->threads, sizeof *workers);
    for (int t = 0; workers && t < p->job->threads; t++) {
        workers[t].plane = bnsl__alloc(p->spread.size[1] * p->stride, sizeof(fftw_complex));
        if (!workers[t].plane || !bnsl__sq_sums_make(average, &workers[t].sums)) {
            free_workers(workers, p->job->threads);
            return NULL;
        }
    }
    return workers;
}

static void free_plan(plan *p)
{
    bnsl__fftw_lock();
    if (p->along_x)
        fftw_destroy_plan(p->along_x);
    if (p->along_z)
        fftw_destroy_plan(p->along_z);
    bnsl__fftw_unlock();
    bnsl__sq_spread_free(&p->spread);
    for (int d = 0; d < 3; d++)
        free(p->correction[d]);
    free(p->columns);
    free(p->spectrum);
}

static bnsl_status make_plan(plan *p)
{
    const char *func = p->job->func;
    bnsl_status status = find_grid(p);
    for (int d = 0; d < 3 && status == BNSL_OK; d++) {
        p->correction[d] = bnsl__alloc(p->h_max[d] + 1, sizeof *p->correction[d]);
        status = p->correction[d] ? bnsl__sq_spread_correction(&p->spread, p->spread.size[d], p->h_max[d], p->correction[d], func)
                                  : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    }
    if (status == BNSL_OK && !find_columns(p))
        status = bnsl__fail(BNSL_ENOMEM, func, "out of memory for the wave vectors up to %g", p->job->k_max);
    if (status == BNSL_OK)
        status = make_room(p);
    if (status == BNSL_OK && !bnsl__sq_spread_particles(&p->spread, p->job, p->b))
        status = bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    return status;
}

/* Plans along x, in the spectrum, and along z, in a plane. */
static bnsl_status make_transforms(plan *p, const worker *workers)
{
    const int n_x = p->spread.size[0], n_z = p->spread.size[2], stride = (int)p->stride;
    const unsigned flags = bnsl__fftw_flags() | FFTW_UNALIGNED;
    fftw_complex *plane = (fftw_complex *)(void *)workers[0].plane;
    bnsl__fftw_lock();
    p->along_x = fftw_plan_many_dft(1, &n_x, BLOCK, p->spectrum, NULL, BLOCK, 1, p->spectrum, NULL, BLOCK, 1, FFTW_FORWARD, flags);
    p->along_z = fftw_plan_many_dft(1, &n_z, p->spread.size[1], plane, NULL, 1, stride, plane, NULL, 1, stride, FFTW_FORWARD, flags);
    bnsl__fftw_unlock();
    if (!p->along_x || !p->along_z)
        return bnsl__fail(BNSL_ENUMERIC, p->job->func, "FFTW made no plan of length %d and %d", n_x, n_z);
    return BNSL_OK;
}

/* ---- the method -------------------------------------------------------------------------------------------------------------- */

static bnsl_status sum_with_plan(plan *p, const sq_average *average, double *q, double *partial, int64_t *n_k)
{
    const sq_job *job = p->job;
    bool empty = false;
    sq_sums sums = {.count = NULL};
    worker *workers = make_workers(p, average);
    bnsl_status status =
        workers && bnsl__sq_sums_make(average, &sums) ? make_transforms(p, workers) : bnsl__fail(BNSL_ENOMEM, job->func, "out of memory");
    for (int32_t first = 0; first < p->n_chunks && status == BNSL_OK;) {
        const int32_t end = chunks_of_pass(p, first);
        status = make_pass(p, workers, first, end, average, &sums);
        first = end;
    }
    if (status == BNSL_OK && bnsl__control_stop(job->control, p->total, p->total)) /* other threads may have done all of it */
        status = bnsl__fail(BNSL_ECANCELLED, job->func, "cancelled");
    if (status == BNSL_OK) {
        bnsl__sq_sums_finish(average, &sums, q, partial, n_k, &empty);
        status = empty ? bnsl__sq_no_wave_vector(job) : BNSL_OK;
    }
    bnsl__sq_sums_free(&sums);
    free_workers(workers, job->threads);
    return status;
}

bnsl_status bnsl__sq_nufft(const sq_job *job, double *q, double *partial, int64_t *n_k)
{
    plan p = {.job = job};
    sq_average average;
    bnsl_status status = make_plan(&p);
    if (status == BNSL_OK) {
        status = bnsl__sq_average_begin(&average, job, true) ? sum_with_plan(&p, &average, q, partial, n_k)
                                                            : bnsl__fail(BNSL_ENOMEM, job->func, "out of memory");
        bnsl__sq_average_end(&average);
    }
    free_plan(&p);
    return status;
}
