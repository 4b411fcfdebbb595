/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Structure factor of an isolated configuration by Debye's sum over pairs [Debye, Ann. Phys. 351, 809 (1915)], through a histogram of the
 * distances of each pair of species. A bin of n pairs keeps their mean distance r and its variance v, so that
 *
 *   sum of sin(q r_ij) / (q r_ij) = n (j0(q r) + v q^2 / 2 j0''(q r)) + O(n (q width)^3)
 *       = sin(q r) (a - q^2 b) / q - g cos(q r),  a = n / r (1 + v / r^2), b = n v / (2 r), g = n v / r^2
 *
 * sin and cos advance from q to q by a rotation, with a fresh start every CHUNK_Q. Pairs are counted by whole numbers, a word for the number
 * and the sum of places within the bin and one for the sum of squares, so neither threads nor instruction sets change a bit.
 *
 * The floor: N^2 / 2 distances (eight operations and a square root) and as many updates of 16 bytes in a table that stays in the second-level
 * cache; 364 M pairs of 27,000 particles, at some 5 cycles a pair 0.6 s (measured: 0.7 to 1 s). The transform is 12 operations a bin and q,
 * 5 M of these.
 * Memory: 16 bytes a bin and thread, 88 bytes a bin, 24 bytes a particle.
 */
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "sq_debye.h"

enum {
    TASK_PAIRS = 1 << 22, /* of one task, about: below 2^24 - 1 even with the rest of a row */
    TILE = 2048,          /* particles that every row of a task meets before the next ones: they stay in cache */
    CHUNK_Q = 64,
    MAX_PARTICLES = 10000000,
    MAX_BINS = 10000000
};

/* Sums of whole numbers over the pairs of a bin. */
typedef struct total_bin {
    uint64_t count, sum, sum_square; /* places in 2^-16 of the width; their squares in 2^-16 */
} total_bin;

/* Rows first .. end - 1 of species a against all of species b, or against what follows them in a. */
typedef struct task {
    int64_t first, end;
} task;

typedef struct plan {
    const sq_job *job;
    int64_t first[SQ_MAX_SPECIES + 1]; /* particles of a species, one species after the other */
    double *x, *y, *z;                 /* from the centre of mass */
    double r_gyration, width;
    int64_t n_bins;
    total_bin *total; /* of the pair of species at work */
    sq_debye_bin **table; /* of each thread */
    saxs_lanes lanes, q;
    double *sums; /* n_q */
    int64_t task_capacity;
    task *tasks;
    pthread_mutex_t lock;  /* of total */
    int64_t n_pairs;       /* of particles, for the progress */
    atomic_llong done;
    atomic_int stop;
    sq_debye_pairs_fn pairs;
    sq_debye_transform_fn transform;
} plan;

/* ---- particles ------------------------------------------------------------------------------------------------------------ */

/* Sorts by species, moves the centre of mass to the origin; the largest distance is at most the diagonal of what encloses all. */
static bnsl_status sort_particles(plan *p)
{
    const sq_job *job = p->job;
    double *to[3], centre[3], diagonal = 0;
    int64_t next[SQ_MAX_SPECIES] = {0};
    to[0] = p->x = bnsl__alloc(job->n, 3 * sizeof *p->x);
    if (!p->x)
        return bnsl__fail(BNSL_ENOMEM, job->func, "out of memory");
    to[1] = p->y = p->x + job->n;
    to[2] = p->z = p->y + job->n;
    for (int64_t i = 0; i < job->n; i++)
        p->first[sq_species(job, i) + 1]++;
    for (int32_t s = 0; s < job->n_species; s++) {
        p->first[s + 1] += p->first[s];
        next[s] = p->first[s];
    }
    for (int d = 0; d < 3; d++) {
        double low = INFINITY, high = -INFINITY, sum = 0;
        for (int64_t i = 0; i < job->n; i++) {
            low = fmin(low, job->xyz[3 * i + d]);
            high = fmax(high, job->xyz[3 * i + d]);
        }
        for (int64_t i = 0; i < job->n; i++)
            sum += job->xyz[3 * i + d] - low;
        centre[d] = low + sum / (double)job->n;
        diagonal += (high - low) * (high - low);
    }
    for (int64_t i = 0; i < job->n; i++) {
        const int64_t at = next[sq_species(job, i)]++;
        for (int d = 0; d < 3; d++) {
            to[d][at] = job->xyz[3 * i + d] - centre[d];
            p->r_gyration += to[d][at] * to[d][at];
        }
    }
    p->r_gyration = sqrt(p->r_gyration / (double)job->n);
    const double n_bins = ceil(sqrt(diagonal) / p->width) + 2;
    if (!(n_bins <= MAX_BINS))
        return bnsl__fail(BNSL_EDOMAIN, job->func, "distances up to %g make %g bins of width %g, at most %d: lower q_max", sqrt(diagonal), n_bins,
                          p->width, MAX_BINS);
    p->n_bins = (int64_t)n_bins;
    return BNSL_OK;
}

/* ---- pairs ------------------------------------------------------------------------------------------------------------------ */

/* Adds a table to the totals and empties it; under the lock. Whole numbers: in any order. */
static void empty_table(const plan *p, sq_debye_bin *table)
{
    for (int64_t i = 0; i < p->n_bins; i++) {
        total_bin *total = p->total + i;
        total->count += table[i].count_and_sum >> SQ_DEBYE_COUNT_SHIFT;
        total->sum += table[i].count_and_sum & (((uint64_t)1 << SQ_DEBYE_COUNT_SHIFT) - 1);
        total->sum_square += table[i].sum_square >> 16;
        table[i] = (sq_debye_bin){0, 0};
    }
}

/* Pairs of the rows of a task with particles begin .. end - 1; within one species each pair once. */
static void count_task(const plan *p, const task *t, int64_t begin, int64_t end, bool same, sq_debye_bin *table)
{
    for (int64_t tile = same ? t->first : begin; tile < end; tile += TILE) {
        const int64_t tile_end = tile + TILE < end ? tile + TILE : end;
        for (int64_t i = t->first; i < t->end; i++) {
            const int64_t j = same && i + 1 > tile ? i + 1 : tile;
            const double from[3] = {p->x[i], p->y[i], p->z[i]};
            if (j < tile_end)
                p->pairs(from, tile_end - j, p->x + j, p->y + j, p->z + j, 1 / p->width, table);
        }
    }
}

static int64_t task_pairs(const task *t, int64_t n_b, bool same)
{
    const int64_t rows = t->end - t->first;
    return same ? rows * (2 * (n_b - t->first) - rows - 1) / 2 : rows * n_b; /* here first counts from the species' begin */
}

/* Cuts the rows of species a into tasks. Returns their number, -1: no memory. */
static int64_t make_tasks(plan *p, int64_t n_a, int64_t n_b, bool same)
{
    int64_t n = 0;
    for (int64_t row = 0; row < n_a; n++) {
        const int64_t most = TASK_PAIRS / (same ? n_a - row : n_b), rows = most < 1 ? 1 : most;
        if (!bnsl__reserve((void **)&p->tasks, &p->task_capacity, n + 1, sizeof *p->tasks))
            return -1;
        p->tasks[n] = (task){row, row + rows < n_a ? row + rows : n_a};
        row = p->tasks[n].end;
    }
    return n;
}

/* The histogram of a pair of species. */
static bnsl_status count_pairs(plan *p, int32_t a, int32_t b)
{
    const sq_job *job = p->job;
    const int64_t begin_a = p->first[a], begin_b = p->first[b], n_a = p->first[a + 1] - begin_a, n_b = p->first[b + 1] - begin_b;
    const bool same = a == b;
    const int64_t n_tasks = n_b > 0 ? make_tasks(p, n_a, n_b, same) : 0;
    if (n_tasks < 0)
        return bnsl__fail(BNSL_ENOMEM, job->func, "out of memory");
    memset(p->total, 0, (size_t)p->n_bins * sizeof *p->total);
#pragma omp parallel for schedule(dynamic, 1) num_threads(job->threads)
    for (int64_t i = 0; i < n_tasks; i++) {
        sq_debye_bin *table = p->table[bnsl__thread_number()];
        const task t = {p->tasks[i].first + begin_a, p->tasks[i].end + begin_a};
        if (atomic_load(&p->stop))
            continue;
        count_task(p, &t, begin_b, begin_b + n_b, same, table);
        pthread_mutex_lock(&p->lock);
        empty_table(p, table);
        pthread_mutex_unlock(&p->lock);
        const int64_t pairs = task_pairs(p->tasks + i, n_b, same), done = atomic_fetch_add(&p->done, pairs) + pairs;
        if (bnsl__thread_number() == 0 && bnsl__control_stop(job->control, done, p->n_pairs + 1))
            atomic_store(&p->stop, 1);
    }
    return atomic_load(&p->stop) ? bnsl__fail(BNSL_ECANCELLED, job->func, "cancelled") : BNSL_OK;
}

/* ---- transform -------------------------------------------------------------------------------------------------------------- */

/* Lane `at` of a bin: distance, a, b and g. Pairs nearer than a width have no place for a variance beside r^2: they go to the distance of
 * the same mean square, where j0 = 1 - (q r)^2 / 6 + O((q width)^4). Pairs in one place are left to `coincident`. */
static void set_lane(const plan *p, int64_t bin, double *r_of, sq_debye_lanes *lanes, int at, double *coincident)
{
    const total_bin *total = p->total + bin;
    const double n = (double)total->count, mean = ((double)total->sum / n + 0.5) / 65536;
    const double square = ((double)total->sum_square / n + (double)total->sum / n / 65536) / 65536; /* with the half unit that is cut off */
    double r = ((double)bin + mean) * p->width, v = fmax(square - mean * mean, 0) * p->width * p->width;
    if (bin == 0) {
        r = sqrt(r * r + v);
        v = 0;
        if (total->sum == 0) { /* within width / 65536 */
            *coincident += n;
            return;
        }
    }
    *r_of = r;
    lanes->a[at] = n / r * (1 + v / (r * r));
    lanes->b[at] = 0.5 * n * v / r;
    lanes->g[at] = n * v / (r * r);
}

/* Bins that hold pairs into lanes, r of each; the rest of the last vector is zero. Returns the number of vectors. */
static int64_t make_lanes(plan *p, sq_debye_lanes *lanes, double *r, double *coincident)
{
    int64_t n = 0;
    memset(p->lanes.data, 0, (size_t)((p->n_bins + SAXS_LANES - 1) / SAXS_LANES) * sizeof *lanes);
    for (int64_t i = 0; i < p->n_bins; i++) {
        r[n] = 0;
        if (p->total[i].count == 0)
            continue;
        set_lane(p, i, r + n, lanes + n / SAXS_LANES, (int)(n % SAXS_LANES), coincident);
        n += r[n] > 0;
    }
    for (int64_t i = 0; i < n; i++) {
        sq_debye_lanes *to = lanes + i / SAXS_LANES;
        to->step_sine[i % SAXS_LANES] = sin(p->job->dq * r[i]);
        to->step_cosine[i % SAXS_LANES] = cos(p->job->dq * r[i]);
    }
    for (int64_t i = n; i % SAXS_LANES != 0; i++)
        r[i] = 0;
    return (n + SAXS_LANES - 1) / SAXS_LANES;
}

/* Sum of sin(q r) / (q r) over the pairs, p->sums. */
static bool transform_pairs(plan *p)
{
    const int64_t n_q = p->job->o.n_q;
    double coincident = 0, *r = bnsl__alloc(p->n_bins + SAXS_LANES, sizeof *r);
    if (!r)
        return false;
    sq_debye_lanes *lanes = (sq_debye_lanes *)(void *)p->lanes.data;
    const int64_t n_vectors = make_lanes(p, lanes, r, &coincident), n_chunks = (n_q + CHUNK_Q - 1) / CHUNK_Q;
#pragma omp parallel for schedule(dynamic, 1) num_threads(p->job->threads)
    for (int64_t chunk = 0; chunk < n_chunks; chunk++) {
        const int64_t first = chunk * CHUNK_Q, n = n_q - first < CHUNK_Q ? n_q - first : CHUNK_Q;
        const double *q = p->q.data + first;
        _Alignas(64) double sums[CHUNK_Q * SAXS_LANES] = {0};
        for (int64_t v = 0; v < n_vectors; v++) {
            _Alignas(64) sq_debye_lanes here = lanes[v];
            for (int k = 0; k < SAXS_LANES; k++) {
                here.sine[k] = sin(*q * r[v * SAXS_LANES + k]);
                here.cosine[k] = cos(*q * r[v * SAXS_LANES + k]);
            }
            p->transform(1, &here, (int32_t)n, q, sums);
        }
        for (int64_t i = 0; i < n; i++) {
            const double *s = sums + SAXS_LANES * i;
            p->sums[first + i] = coincident + (((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7])));
        }
    }
    free(r);
    return true;
}

/* ---- the method -------------------------------------------------------------------------------------------------------------- */

/* N_a (N_b - delta_ab) / N Phi^2(q R) of a uniform sphere: subtracted, or all below 6 / R masked. */
static void take_shape(const plan *p, const double *q, double *partial)
{
    const sq_job *job = p->job;
    const double radius = job->o.shape_radius > 0 ? job->o.shape_radius : sqrt(5.0 / 3) * p->r_gyration;
    const double volume = 4 * SAXS_PI / 3 * radius * radius * radius;
    for (int64_t i = 0; i < job->o.n_q && radius > 0; i++) {
        double f, f2;
        bnsl__saxs_sphere(BNSL_SIZES_GAUSSIAN, radius, 0, q[i], &f, &f2);
        const double phi = f / volume;
        double *s = partial + i * job->n_pairs;
        for (int32_t a = 0; a < job->n_species; a++)
            for (int32_t b = a; b < job->n_species; b++, s++) {
                const double n_a = (double)(p->first[a + 1] - p->first[a]), n_b = (double)(p->first[b + 1] - p->first[b]);
                if (job->o.shape == BNSL_SQ_SHAPE_MASK)
                    *s = q[i] * radius < 6 ? NAN : *s;
                else
                    *s -= n_a * (n_b - (a == b)) / (double)job->n * phi * phi;
            }
    }
}

static bnsl_status all_pairs(plan *p, double *partial)
{
    const sq_job *job = p->job;
    int32_t column = 0;
    for (int32_t a = 0; a < job->n_species; a++)
        for (int32_t b = a; b < job->n_species; b++, column++) {
            const double own = a == b ? (double)(p->first[a + 1] - p->first[a]) : 0, times = a == b ? 2 : 1;
            bnsl_status status = count_pairs(p, a, b);
            if (status == BNSL_OK && !transform_pairs(p))
                status = bnsl__fail(BNSL_ENOMEM, job->func, "out of memory");
            if (status != BNSL_OK)
                return status;
            for (int64_t i = 0; i < job->o.n_q; i++)
                partial[i * job->n_pairs + column] = (own + times * p->sums[i]) / (double)job->n;
        }
    if (bnsl__control_stop(job->control, p->n_pairs + 1, p->n_pairs + 1)) /* other threads may have done all of it */
        return bnsl__fail(BNSL_ECANCELLED, job->func, "cancelled");
    return BNSL_OK;
}

static bool make_room(plan *p)
{
    const int64_t n_q = p->job->o.n_q, lanes = (p->n_bins + SAXS_LANES - 1) / SAXS_LANES * (int64_t)(sizeof(sq_debye_lanes) / sizeof(double));
    p->total = bnsl__alloc(p->n_bins, sizeof *p->total);
    p->sums = bnsl__alloc(n_q, sizeof *p->sums);
    p->table = bnsl__calloc(p->job->threads, sizeof *p->table);
    bool good = p->total && p->sums && p->table && bnsl__saxs_lanes_alloc(&p->lanes, lanes) && bnsl__saxs_lanes_alloc(&p->q, n_q);
    for (int t = 0; good && t < p->job->threads; t++)
        good = (p->table[t] = bnsl__calloc(p->n_bins, sizeof **p->table)) != NULL;
    return good;
}

static void free_plan(plan *p)
{
    pthread_mutex_destroy(&p->lock);
    for (int t = 0; p->table && t < p->job->threads; t++)
        free(p->table[t]);
    free(p->table);
    free(p->total);
    free(p->sums);
    free(p->tasks);
    free(p->x);
    free(p->lanes.memory);
    free(p->q.memory);
}

bnsl_status bnsl__sq_debye(const sq_job *job, double *q, double *partial)
{
    plan p = {.job = job, .width = job->o.bin_width > 0 ? job->o.bin_width : 0.1 / job->o.q_max, .n_pairs = job->n * (job->n - 1) / 2};
    const int32_t isa = bnsl__isa(BNSL_ISA_AUTO);
    p.pairs = BNSL_KERNEL_PICK(isa, bnsl__sq_debye_pairs);
    p.transform = BNSL_KERNEL_PICK(isa, bnsl__sq_debye_transform);
    if (job->n > MAX_PARTICLES)
        return bnsl__fail(BNSL_EINVAL, job->func, "n is %lld, must be at most %d for BNSL_SQ_DEBYE", (long long)job->n, MAX_PARTICLES);
    if (pthread_mutex_init(&p.lock, NULL) != 0)
        return bnsl__fail(BNSL_ENOMEM, job->func, "no lock");
    bnsl_status status = sort_particles(&p);
    if (status == BNSL_OK && !make_room(&p))
        status = bnsl__fail(BNSL_ENOMEM, job->func, "out of memory");
    for (int64_t i = 0; i < job->o.n_q && status == BNSL_OK; i++)
        p.q.data[i] = q[i] = job->o.q_min + ((double)i + 0.5) * job->dq;
    if (status == BNSL_OK)
        status = all_pairs(&p, partial);
    if (status == BNSL_OK && job->o.shape != BNSL_SQ_SHAPE_KEEP)
        take_shape(&p, q, partial);
    free_plan(&p);
    return status;
}
