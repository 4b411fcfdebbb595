/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Static structure factor by direct summation over the reciprocal lattice of the box [Hansen and McDonald, Theory of Simple Liquids,
 * sec. 4.1; Ashcroft and Langreth, Phys. Rev. 156, 685 (1967)].
 *
 * With fractional coordinates s, k.r = 2 pi (h s_a + k s_b + l s_c): exp(i k.r) is a product of three powers, each built by repeated
 * multiplication. A slab (one h >= 0) holds rows (h, k), each symmetric in l about the foot point l0 of the row, so that one pass over the
 * particles gives l0 + l and l0 - l together: four multiplications and additions for each wave vector and particle.
 * Slabs are shared among the threads; their results are added in the order of h, so that the bits do not depend on the threads.
 * Cost: O(N N_k), N_k = V q_max^3 / (12 pi^2), some 0.2 ns each with AVX2; with peak_hwhm O((N + n_q) N_k). Memory: O(N + slab) a thread.
 */
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "sq_internal.h"

enum {
    BLOCK_VECTORS = 32 /* particles of one block: 256, so that a table of phases stays in the second-level cache */
};

/* Wave vectors (h, k, l0 - n_l + 1 .. l0 + n_l - 1). */
typedef struct row {
    int32_t k, l0, n_l;
    int64_t first; /* of its sums in the slab, in units of l */
} row;

/* Particles [first, first + 8 n_vectors) of one species. */
typedef struct block {
    int32_t species, n_vectors;
    int64_t first;
} block;

typedef struct plan {
    const sq_job *job;
    double reciprocal[9];
    int32_t h_max, l_table; /* largest h; largest l in the table of phases */
    row *rows;
    int64_t n_rows, row_capacity, *slab_first; /* h_max + 2 */
    int64_t slab_l_max;                        /* most l in a slab */
    int64_t n_padded, n_blocks;
    block *blocks;
    double *fraction;    /* n_padded x 3: fractional coordinates, species one after the other, NaN in padding */
    saxs_lanes e_b, e_c; /* exp(2 pi i s_b), exp(2 pi i s_c), complex; 0 in padding */
    saxs_multiply_fn multiply;
    saxs_row_fn row_sums;
} plan;

/* What one thread works in. */
typedef struct worker {
    saxs_lanes y, z, table; /* phases of a block: row, row times foot point, powers of exp(2 pi i s_c) */
    double *sums;           /* n_species x slab_l_max x 4 */
    sq_sums slab;           /* powder average of a slab */
} worker;

/* ---- wave vectors -------------------------------------------------------------------------------------------------------- */

static double dot(const double *a, const double *b)
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static double wave_number(const plan *p, int64_t h, int64_t k, int64_t l)
{
    double v[3];
    for (int i = 0; i < 3; i++)
        v[i] = (double)h * p->reciprocal[i] + (double)k * p->reciprocal[3 + i] + (double)l * p->reciprocal[6 + i];
    return sqrt(dot(v, v));
}

/* The l of row (h, k) within k_max; false: none. */
static bool find_row(const plan *p, int64_t h, int64_t k, row *out)
{
    const double *b3 = p->reciprocal + 6, slack = 1e-6;
    double v[3], along, d2;
    for (int i = 0; i < 3; i++)
        v[i] = (double)h * p->reciprocal[i] + (double)k * p->reciprocal[3 + i];
    along = dot(v, b3) / dot(b3, b3);
    d2 = (p->job->k_max * p->job->k_max - dot(v, v)) / dot(b3, b3) + along * along;
    if (d2 < -slack)
        return false;
    double half = sqrt(fmax(d2, 0)) + slack, low = ceil(-along - half), high = floor(-along + half), foot = floor(0.5 - along);
    if (low > high)
        return false;
    out->k = (int32_t)k;
    out->l0 = (int32_t)foot;
    out->n_l = (int32_t)fmax(high - foot, foot - low) + 1;
    return true;
}

static bnsl_status find_rows(plan *p, const double *edges)
{
    double most[3];
    for (int i = 0; i < 3; i++) { /* an index is k . edge / 2 pi */
        most[i] = floor(p->job->k_max * sqrt(dot(edges + 3 * i, edges + 3 * i)) / (2 * SAXS_PI) + 1e-9);
        if (!(most[i] <= SQ_MAX_INDEX))
            return bnsl__fail(BNSL_EINVAL, p->job->func, "wave vectors up to %g have indices up to %g in this box, at most %d: lower q_max",
                              p->job->k_max, most[i], SQ_MAX_INDEX);
    }
    p->h_max = (int32_t)most[0];
    p->slab_first = bnsl__alloc(p->h_max + 2, sizeof *p->slab_first);
    if (!p->slab_first)
        return bnsl__fail(BNSL_ENOMEM, p->job->func, "out of memory");
    for (int64_t h = 0; h <= p->h_max; h++) {
        int64_t in_slab = 0;
        p->slab_first[h] = p->n_rows;
        for (int64_t k = h == 0 ? 0 : -(int64_t)most[1]; k <= (int64_t)most[1]; k++) {
            row r;
            if (!find_row(p, h, k, &r))
                continue;
            r.first = in_slab;
            in_slab += r.n_l;
            if (!bnsl__reserve((void **)&p->rows, &p->row_capacity, p->n_rows + 1, sizeof *p->rows))
                return bnsl__fail(BNSL_ENOMEM, p->job->func, "out of memory for the wave vectors up to %g", p->job->k_max);
            p->rows[p->n_rows++] = r;
            int32_t reach = abs(r.l0) > r.n_l - 1 ? abs(r.l0) : r.n_l - 1;
            if (reach > p->l_table)
                p->l_table = reach;
        }
        if (in_slab > p->slab_l_max)
            p->slab_l_max = in_slab;
    }
    p->slab_first[p->h_max + 1] = p->n_rows;
    return BNSL_OK;
}

/* ---- particles ------------------------------------------------------------------------------------------------------------ */

/* exp(2 pi i turns) into lane j of complex lanes */
static void store_phase(double *lanes, int64_t j, double turns)
{
    double angle = 2 * SAXS_PI * (turns - floor(turns + 0.5));
    double *vector = lanes + 2 * SAXS_LANES * (j / SAXS_LANES) + j % SAXS_LANES;
    bool padding = turns != turns;
    vector[0] = padding ? 0 : cos(angle);
    vector[SAXS_LANES] = padding ? 0 : sin(angle);
}

/* Sorts the particles by species, padded to whole vectors, and cuts each species into blocks. */
static bnsl_status sort_particles(plan *p)
{
    int64_t count[SQ_MAX_SPECIES] = {0}, next[SQ_MAX_SPECIES];
    for (int64_t i = 0; i < p->job->n; i++)
        count[sq_species(p->job, i)]++;
    for (int32_t s = 0; s < p->job->n_species; s++) {
        next[s] = p->n_padded;
        p->n_padded += (count[s] + SAXS_LANES - 1) / SAXS_LANES * SAXS_LANES;
    }
    p->blocks = bnsl__alloc(p->n_padded / (BLOCK_VECTORS * SAXS_LANES) + p->job->n_species, sizeof *p->blocks);
    p->fraction = bnsl__alloc(p->n_padded, 3 * sizeof *p->fraction);
    double *s_all = bnsl__alloc(p->job->n, 3 * sizeof *s_all);
    if (!p->blocks || !p->fraction || !s_all || !bnsl__saxs_lanes_alloc(&p->e_b, 2 * p->n_padded) ||
        !bnsl__saxs_lanes_alloc(&p->e_c, 2 * p->n_padded)) {
        free(s_all);
        return bnsl__fail(BNSL_ENOMEM, p->job->func, "out of memory");
    }
    for (int32_t s = 0; s < p->job->n_species; s++) {
        int64_t end = next[s] + (count[s] + SAXS_LANES - 1) / SAXS_LANES * SAXS_LANES;
        for (int64_t first = next[s]; first < end; first += BLOCK_VECTORS * SAXS_LANES) {
            int64_t vectors = (end - first) / SAXS_LANES;
            p->blocks[p->n_blocks++] = (block){s, (int32_t)(vectors < BLOCK_VECTORS ? vectors : BLOCK_VECTORS), first};
        }
    }
    for (int64_t i = 0; i < 3 * p->n_padded; i++)
        p->fraction[i] = NAN;
    bnsl_status status = bnsl_box_to_fractional(p->job->box, p->job->n, p->job->xyz, s_all);
    for (int64_t i = 0; i < p->job->n && status == BNSL_OK; i++)
        memcpy(p->fraction + 3 * next[sq_species(p->job, i)]++, s_all + 3 * i, 3 * sizeof *s_all);
    for (int64_t j = 0; j < p->n_padded; j++) {
        store_phase(p->e_b.data, j, p->fraction[3 * j + 1]);
        store_phase(p->e_c.data, j, p->fraction[3 * j + 2]);
    }
    free(s_all);
    return status;
}

/* ---- sums ----------------------------------------------------------------------------------------------------------------- */

/* Adds a block's part of F(k) for all rows of slab h. */
static void add_block(const plan *p, const block *b, int64_t h, worker *w)
{
    const double *e_c = p->e_c.data + 2 * b->first, *e_b = p->e_b.data + 2 * b->first;
    double *table = w->table.data, *y = w->y.data, *z_foot = w->z.data;
    const int64_t stride = 2 * SAXS_LANES * (int64_t)b->n_vectors;
    for (int64_t j = 0; j < SAXS_LANES * (int64_t)b->n_vectors; j++)
        store_phase(table, j, 0 * p->fraction[3 * (b->first + j)]); /* 1; 0 in padding */
    for (int32_t l = 1; l <= p->l_table; l++)
        p->multiply(b->n_vectors, table + (l - 1) * stride, e_c, false, table + l * stride);
    int32_t last_k = 0;
    for (int64_t i = p->slab_first[h]; i < p->slab_first[h + 1]; i++) {
        const row *r = p->rows + i;
        if (i > p->slab_first[h] && r->k == last_k + 1) {
            p->multiply(b->n_vectors, y, e_b, false, y);
        } else {
            for (int64_t j = 0; j < SAXS_LANES * (int64_t)b->n_vectors; j++) {
                const double *s = p->fraction + 3 * (b->first + j);
                store_phase(y, j, (double)h * s[0] + r->k * s[1]);
            }
        }
        last_k = r->k;
        const double *z = y;
        if (r->l0 != 0) {
            p->multiply(b->n_vectors, y, table + abs(r->l0) * stride, r->l0 < 0, z_foot);
            z = z_foot;
        }
        p->row_sums(r->n_l, b->n_vectors, z, table, w->sums + 4 * (b->species * p->slab_l_max + r->first));
    }
}

/* S_ab of the wave vector l0 + side l of a row; part: its four sums of species 0, the others slab_l_max * 4 further. */
static void partials(const plan *p, const double *part, int side, double *s)
{
    double re[SQ_MAX_SPECIES], im[SQ_MAX_SPECIES];
    for (int32_t a = 0; a < p->job->n_species; a++, part += 4 * p->slab_l_max) {
        re[a] = part[0] - side * part[1];
        im[a] = part[3] + side * part[2];
    }
    for (int32_t a = 0; a < p->job->n_species; a++)
        for (int32_t b = a; b < p->job->n_species; b++)
            *s++ = (re[a] * re[b] + im[a] * im[b]) / (double)p->job->n;
}

/* Adds every wave vector of slab h with |k| <= k_max to the powder average, in a fixed order. */
static void average_slab(const plan *p, int64_t h, worker *w, const sq_average *average)
{
    double s[SQ_MAX_PAIRS];
    bnsl__sq_sums_clear(average, &w->slab);
    for (int64_t i = p->slab_first[h]; i < p->slab_first[h + 1]; i++) {
        const row *r = p->rows + i;
        bool half = h == 0 && r->k == 0; /* of the row through the origin l > 0 alone */
        for (int32_t l = half ? 1 : 0; l < r->n_l; l++)
            for (int side = 1; side >= (half || l == 0 ? 1 : -1); side -= 2) {
                double k = wave_number(p, h, r->k, (int64_t)r->l0 + side * l);
                if (k > p->job->k_max)
                    continue;
                partials(p, w->sums + 4 * (r->first + l), side, s);
                bnsl__sq_sums_add(average, &w->slab, k, s);
            }
    }
}

/* All slabs. Returns false when the caller asked to stop. */
static bool sum_all(const plan *p, worker *workers, int threads, const sq_average *average, sq_sums *sums)
{
    atomic_int stop = 0;
    atomic_llong done = 0;
    (void)threads; /* without OpenMP */
    const int64_t total = ((int64_t)p->h_max + 1) * p->n_blocks + 1;
#pragma omp parallel for ordered schedule(dynamic, 1) num_threads(threads)
    for (int64_t h = 0; h <= p->h_max; h++) {
        worker *w = workers + bnsl__thread_number();
        memset(w->sums, 0, (size_t)(4 * p->job->n_species * p->slab_l_max) * sizeof *w->sums);
        for (int64_t i = 0; i < p->n_blocks && !atomic_load(&stop); i++) {
            add_block(p, p->blocks + i, h, w);
            int64_t so_far = atomic_fetch_add(&done, 1) + 1;
            if (bnsl__thread_number() == 0 && bnsl__control_stop(p->job->control, so_far, total))
                atomic_store(&stop, 1);
        }
        if (!atomic_load(&stop))
            average_slab(p, h, w, average);
#pragma omp ordered
        if (!atomic_load(&stop))
            bnsl__sq_sums_merge(average, sums, &w->slab);
    }
    return !atomic_load(&stop) && !bnsl__control_stop(p->job->control, total, total); /* other threads may have done all of it */
}

/* ---- memory ---------------------------------------------------------------------------------------------------------------- */

static void free_plan(plan *p)
{
    free(p->rows);
    free(p->slab_first);
    free(p->blocks);
    free(p->fraction);
    free(p->e_b.memory);
    free(p->e_c.memory);
}

static void free_workers(worker *workers, int threads)
{
    for (int t = 0; workers && t < threads; t++) {
        free(workers[t].y.memory);
        free(workers[t].z.memory);
        free(workers[t].table.memory);
        free(workers[t].sums);
        bnsl__sq_sums_free(&workers[t].slab);
    }
    free(workers);
}

static worker *make_workers(const plan *p, const sq_average *average, int threads)
{
    const int64_t lanes = 2 * SAXS_LANES * BLOCK_VECTORS;
    worker *workers = bnsl__calloc(threads, sizeof *workers);
    for (int t = 0; workers && t < threads; t++) {
        worker *w = workers + t;
        w->sums = bnsl__alloc(4 * p->job->n_species * p->slab_l_max, sizeof *w->sums);
        if (!w->sums || !bnsl__saxs_lanes_alloc(&w->y, lanes) || !bnsl__saxs_lanes_alloc(&w->z, lanes) ||
            !bnsl__saxs_lanes_alloc(&w->table, lanes * (p->l_table + 1)) || !bnsl__sq_sums_make(average, &w->slab)) {
            free_workers(workers, threads);
            return NULL;
        }
    }
    return workers;
}

/* ---- the method -------------------------------------------------------------------------------------------------------------- */

static bnsl_status sum_with_plan(const plan *p, const sq_average *average, double *q, double *partial, int64_t *n_k)
{
    const int threads = p->job->threads > p->h_max + 1 ? p->h_max + 1 : p->job->threads;
    bnsl_status status = BNSL_OK;
    bool empty;
    sq_sums sums = {.count = NULL};
    worker *workers = make_workers(p, average, threads);
    if (!workers || !bnsl__sq_sums_make(average, &sums)) {
        status = bnsl__fail(BNSL_ENOMEM, p->job->func, "out of memory");
    } else if (!sum_all(p, workers, threads, average, &sums)) {
        status = bnsl__fail(BNSL_ECANCELLED, p->job->func, "cancelled");
    } else {
        bnsl__sq_sums_finish(average, &sums, q, partial, n_k, &empty);
        status = empty ? bnsl__sq_no_wave_vector(p->job) : BNSL_OK;
    }
    bnsl__sq_sums_free(&sums);
    free_workers(workers, threads);
    return status;
}

bnsl_status bnsl__sq_direct(const sq_job *job, double *q, double *partial, int64_t *n_k)
{
    plan p = {.job = job};
    sq_average average;
    double edges[9];
    const int32_t isa = bnsl__isa(BNSL_ISA_AUTO);
    p.multiply = BNSL_KERNEL_PICK(isa, bnsl__saxs_multiply);
    p.row_sums = BNSL_KERNEL_PICK(isa, bnsl__saxs_row);
    bnsl_status status = bnsl_box_vectors(job->box, edges);
    if (status == BNSL_OK)
        status = bnsl_box_reciprocal(job->box, p.reciprocal);
    if (status == BNSL_OK)
        status = find_rows(&p, edges);
    if (status == BNSL_OK)
        status = sort_particles(&p);
    if (status == BNSL_OK) {
        if (bnsl__sq_average_begin(&average, job, false))
            status = sum_with_plan(&p, &average, q, partial, n_k);
        else
            status = bnsl__fail(BNSL_ENOMEM, job->func, "out of memory");
        bnsl__sq_average_end(&average);
    }
    free_plan(&p);
    return status;
}
