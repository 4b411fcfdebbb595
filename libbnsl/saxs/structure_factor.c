/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Static structure factor by direct summation over the reciprocal lattice of the box [Hansen and McDonald, Theory of Simple Liquids,
 * sec. 4.1; Ashcroft and Langreth, Phys. Rev. 156, 685 (1967)].
 *
 * With fractional coordinates s, k.r = 2 pi (h s_a + k s_b + l s_c): exp(i k.r) is a product of three powers, each built by repeated
 * multiplication. A slab (one h >= 0) holds rows (h, k), each symmetric in l about the foot point l0 of the row, so that one pass over the
 * particles gives l0 + l and l0 - l together: four multiplications and additions for each wave vector and particle.
 * Slabs are shared among the threads; their results are added in the order of h, so that the bits do not depend on the threads.
 * Cost: O(N N_k), N_k = V q_max^3 / (12 pi^2), some 0.3 ns each with AVX-512; with peak_hwhm O((N + n_q) N_k). Memory: O(N + slab) a thread.
 */
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "saxs_internal.h"

enum {
    BLOCK_VECTORS = 32, /* particles of one block: 256, so that a table of phases stays in the second-level cache */
    MAX_SPECIES = 16,
    MAX_PAIRS = MAX_SPECIES * (MAX_SPECIES + 1) / 2,
    MAX_INDEX = 32767
};

static const double MARGIN_HWHM = 20;   /* with peak_hwhm wave vectors up to q_max + 20 hwhm are summed, */
static const double MARGIN_RANGE = 0.5; /* but not beyond 1.5 q_max */

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
    bnsl_saxs_sq_options o;
    int32_t n_species, n_pairs;
    double reciprocal[9], k_max, dq;
    int64_t n;
    int32_t h_max, l_table; /* largest h; largest l in the table of phases */
    row *rows;
    int64_t n_rows, row_capacity, *slab_first; /* h_max + 2 */
    int64_t slab_l_max;                        /* most l in a slab */
    int64_t n_padded, n_blocks;
    block *blocks;
    double *fraction;    /* n_padded x 3: fractional coordinates, species one after the other, NaN in padding */
    saxs_lanes e_b, e_c; /* exp(2 pi i s_b), exp(2 pi i s_c), complex; 0 in padding */
    int64_t n_q_padded;  /* with peak_hwhm */
    saxs_lanes q_grid;
    saxs_multiply_fn multiply;
    saxs_row_fn row_sums;
    saxs_fold_fn fold;
} plan;

/* Results so far. */
typedef struct bins {
    int64_t *count;
    double *sum_k, *sum_s; /* n_q; n_q x n_pairs */
    saxs_lanes folded;     /* (n_pairs + 1) x n_q_padded: numerators, denominator */
} bins;

/* What one thread works in. */
typedef struct worker {
    saxs_lanes y, z, table; /* phases of a block: row, row times foot point, powers of exp(2 pi i s_c) */
    double *sums;           /* n_species x slab_l_max x 4 */
    saxs_lanes folded;
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
    d2 = (p->k_max * p->k_max - dot(v, v)) / dot(b3, b3) + along * along;
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
        most[i] = floor(p->k_max * sqrt(dot(edges + 3 * i, edges + 3 * i)) / (2 * SAXS_PI) + 1e-9);
        if (!(most[i] <= MAX_INDEX))
            return bnsl__fail(BNSL_EINVAL, "bnsl_saxs_structure_factor",
                              "wave vectors up to %g have indices up to %g in this box, at most %d: lower q_max", p->k_max, most[i], MAX_INDEX);
    }
    p->h_max = (int32_t)most[0];
    p->slab_first = bnsl__alloc(p->h_max + 2, sizeof *p->slab_first);
    if (!p->slab_first)
        return bnsl__fail(BNSL_ENOMEM, "bnsl_saxs_structure_factor", "out of memory");
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
                return bnsl__fail(BNSL_ENOMEM, "bnsl_saxs_structure_factor", "out of memory for the wave vectors up to %g", p->k_max);
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
static bnsl_status sort_particles(plan *p, const bnsl_box *box, const double *xyz, const int32_t *species)
{
    int64_t count[MAX_SPECIES] = {0}, next[MAX_SPECIES];
    for (int64_t i = 0; i < p->n; i++)
        count[species ? species[i] : 0]++;
    for (int32_t s = 0; s < p->n_species; s++) {
        next[s] = p->n_padded;
        p->n_padded += (count[s] + SAXS_LANES - 1) / SAXS_LANES * SAXS_LANES;
    }
    p->blocks = bnsl__alloc(p->n_padded / (BLOCK_VECTORS * SAXS_LANES) + p->n_species, sizeof *p->blocks);
    p->fraction = bnsl__alloc(p->n_padded, 3 * sizeof *p->fraction);
    double *s_all = bnsl__alloc(p->n, 3 * sizeof *s_all);
    if (!p->blocks || !p->fraction || !s_all || !bnsl__saxs_lanes_alloc(&p->e_b, 2 * p->n_padded) ||
        !bnsl__saxs_lanes_alloc(&p->e_c, 2 * p->n_padded)) {
        free(s_all);
        return bnsl__fail(BNSL_ENOMEM, "bnsl_saxs_structure_factor", "out of memory");
    }
    for (int32_t s = 0; s < p->n_species; s++) {
        int64_t end = next[s] + (count[s] + SAXS_LANES - 1) / SAXS_LANES * SAXS_LANES;
        for (int64_t first = next[s]; first < end; first += BLOCK_VECTORS * SAXS_LANES) {
            int64_t vectors = (end - first) / SAXS_LANES;
            p->blocks[p->n_blocks++] = (block){s, (int32_t)(vectors < BLOCK_VECTORS ? vectors : BLOCK_VECTORS), first};
        }
    }
    for (int64_t i = 0; i < 3 * p->n_padded; i++)
        p->fraction[i] = NAN;
    bnsl_status status = bnsl_box_to_fractional(box, p->n, xyz, s_all);
    for (int64_t i = 0; i < p->n && status == BNSL_OK; i++)
        memcpy(p->fraction + 3 * next[species ? species[i] : 0]++, s_all + 3 * i, 3 * sizeof *s_all);
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
    double re[MAX_SPECIES], im[MAX_SPECIES];
    for (int32_t a = 0; a < p->n_species; a++, part += 4 * p->slab_l_max) {
        re[a] = part[0] - side * part[1];
        im[a] = part[3] + side * part[2];
    }
    for (int32_t a = 0; a < p->n_species; a++)
        for (int32_t b = a; b < p->n_species; b++)
            *s++ = (re[a] * re[b] + im[a] * im[b]) / (double)p->n;
}

typedef void (*visit_fn)(const plan *p, double k, const double *s, void *to);

/* Calls visit for every wave vector of slab h with |k| <= k_max, in a fixed order. */
static void visit_slab(const plan *p, int64_t h, const worker *w, visit_fn visit, void *to)
{
    double s[MAX_PAIRS];
    for (int64_t i = p->slab_first[h]; i < p->slab_first[h + 1]; i++) {
        const row *r = p->rows + i;
        bool half = h == 0 && r->k == 0; /* of the row through the origin l > 0 alone */
        for (int32_t l = half ? 1 : 0; l < r->n_l; l++)
            for (int side = 1; side >= (half || l == 0 ? 1 : -1); side -= 2) {
                double k = wave_number(p, h, r->k, (int64_t)r->l0 + side * l);
                if (k > p->k_max)
                    continue;
                partials(p, w->sums + 4 * (r->first + l), side, s);
                visit(p, k, s, to);
            }
    }
}

static void visit_bins(const plan *p, double k, const double *s, void *to)
{
    bins *b = to;
    if (k < p->o.q_min || k > p->o.q_max)
        return;
    int64_t i = (int64_t)((k - p->o.q_min) / p->dq);
    if (i >= p->o.n_q)
        i = p->o.n_q - 1;
    b->count[i]++;
    b->sum_k[i] += k;
    for (int32_t c = 0; c < p->n_pairs; c++)
        b->sum_s[i * p->n_pairs + c] += s[c];
}

static void visit_fold(const plan *p, double k, const double *s, void *to)
{
    const worker *w = to;
    double value[MAX_PAIRS + 1], shell = 1 / (k * k);
    for (int32_t c = 0; c < p->n_pairs; c++)
        value[c] = s[c] * shell;
    value[p->n_pairs] = shell;
    p->fold(p->n_q_padded / SAXS_LANES, p->q_grid.data, k, p->o.peak_hwhm, p->n_pairs + 1, value, w->folded.data);
}

static int thread_number(void)
{
#ifdef _OPENMP
    return omp_get_thread_num();
#else
    return 0;
#endif
}

/* All slabs. Returns false when the caller asked to stop. */
static bool sum_all(const plan *p, worker *workers, int threads, bins *b, bnsl_control *control)
{
    atomic_int stop = 0;
    atomic_llong done = 0;
    (void)threads; /* without OpenMP */
    const int64_t total = ((int64_t)p->h_max + 1) * p->n_blocks + 1, n_folded = p->n_q_padded * (p->n_pairs + 1);
#pragma omp parallel for ordered schedule(dynamic, 1) num_threads(threads)
    for (int64_t h = 0; h <= p->h_max; h++) {
        worker *w = workers + thread_number();
        memset(w->sums, 0, (size_t)(4 * p->n_species * p->slab_l_max) * sizeof *w->sums);
        for (int64_t i = 0; i < p->n_blocks && !atomic_load(&stop); i++) {
            add_block(p, p->blocks + i, h, w);
            int64_t so_far = atomic_fetch_add(&done, 1) + 1;
            if (thread_number() == 0 && bnsl__control_stop(control, so_far, total))
                atomic_store(&stop, 1);
        }
        if (n_folded > 0 && !atomic_load(&stop)) {
            memset(w->folded.data, 0, (size_t)n_folded * sizeof(double));
            visit_slab(p, h, w, visit_fold, w);
        }
#pragma omp ordered
        if (!atomic_load(&stop)) {
            visit_slab(p, h, w, visit_bins, b);
            for (int64_t i = 0; i < n_folded; i++)
                b->folded.data[i] += w->folded.data[i];
        }
    }
    return !atomic_load(&stop) && !bnsl__control_stop(control, total, total); /* other threads may have done all of it */
}

/* ---- memory and results ---------------------------------------------------------------------------------------------------- */

static void free_plan(plan *p)
{
    free(p->rows);
    free(p->slab_first);
    free(p->blocks);
    free(p->fraction);
    free(p->e_b.memory);
    free(p->e_c.memory);
    free(p->q_grid.memory);
}

static void free_bins(bins *b)
{
    free(b->count);
    free(b->sum_k);
    free(b->sum_s);
    free(b->folded.memory);
}

static void free_workers(worker *workers, int threads)
{
    for (int t = 0; workers && t < threads; t++) {
        free(workers[t].y.memory);
        free(workers[t].z.memory);
        free(workers[t].table.memory);
        free(workers[t].sums);
        free(workers[t].folded.memory);
    }
    free(workers);
}

static worker *make_workers(const plan *p, int threads)
{
    const int64_t lanes = 2 * SAXS_LANES * BLOCK_VECTORS;
    worker *workers = bnsl__calloc(threads, sizeof *workers);
    for (int t = 0; workers && t < threads; t++) {
        worker *w = workers + t;
        w->sums = bnsl__alloc(4 * p->n_species * p->slab_l_max, sizeof *w->sums);
        if (!w->sums || !bnsl__saxs_lanes_alloc(&w->y, lanes) || !bnsl__saxs_lanes_alloc(&w->z, lanes) ||
            !bnsl__saxs_lanes_alloc(&w->table, lanes * (p->l_table + 1)) || !bnsl__saxs_lanes_alloc(&w->folded, p->n_q_padded * (p->n_pairs + 1))) {
            free_workers(workers, threads);
            return NULL;
        }
    }
    return workers;
}

static bool make_bins(const plan *p, bins *b)
{
    b->count = bnsl__calloc(p->o.n_q, sizeof *b->count);
    b->sum_k = bnsl__calloc(p->o.n_q, sizeof *b->sum_k);
    b->sum_s = bnsl__calloc((int64_t)p->o.n_q * p->n_pairs, sizeof *b->sum_s);
    return b->count && b->sum_k && b->sum_s && bnsl__saxs_lanes_alloc(&b->folded, p->n_q_padded * (p->n_pairs + 1));
}

static void store_results(const plan *p, const bins *b, double *q_out, double *s_out, double *partial_out, int64_t *n_k_out)
{
    for (int64_t i = 0; i < p->o.n_q; i++) {
        double total = 0, centre = p->o.q_min + ((double)i + 0.5) * p->dq, n = (double)b->count[i];
        int32_t column = 0;
        for (int32_t a = 0; a < p->n_species; a++)
            for (int32_t c = a; c < p->n_species; c++, column++) {
                double value = p->n_q_padded > 0 ? b->folded.data[column * p->n_q_padded + i] / b->folded.data[p->n_pairs * p->n_q_padded + i]
                               : n > 0           ? b->sum_s[i * p->n_pairs + column] / n
                                                 : NAN;
                if (partial_out)
                    partial_out[i * p->n_pairs + column] = value;
                total += a == c ? value : 2 * value;
            }
        q_out[i] = p->n_q_padded == 0 && n > 0 ? b->sum_k[i] / n : centre;
        if (s_out)
            s_out[i] = total;
        if (n_k_out)
            n_k_out[i] = 2 * b->count[i];
    }
}

static bnsl_status compute(plan *p, const bnsl_box *box, const double *xyz, const int32_t *species, bins *b, bnsl_control *control)
{
    static const char func[] = "bnsl_saxs_structure_factor";
    double edges[9];
    bnsl_status status = bnsl_box_vectors(box, edges);
    if (status == BNSL_OK)
        status = bnsl_box_reciprocal(box, p->reciprocal);
    if (status == BNSL_OK)
        status = find_rows(p, edges);
    if (status == BNSL_OK)
        status = sort_particles(p, box, xyz, species);
    if (status != BNSL_OK)
        return status;
    int threads = bnsl__threads(p->o.num_threads);
    if (threads > p->h_max + 1)
        threads = p->h_max + 1;
    worker *workers = make_workers(p, threads);
    if (!workers || !make_bins(p, b))
        status = bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    else if (!sum_all(p, workers, threads, b, control))
        status = bnsl__fail(BNSL_ECANCELLED, func, "cancelled");
    free_workers(workers, threads);
    if (status != BNSL_OK)
        return status;
    for (int64_t i = 0; i < p->o.n_q; i++)
        if (b->count[i] > 0)
            return BNSL_OK;
    return bnsl__fail(BNSL_EDOMAIN, func, "the box has no wave vector between q_min = %g and q_max = %g", p->o.q_min, p->o.q_max);
}

/* ---- public ----------------------------------------------------------------------------------------------------------------- */

static const bnsl_saxs_sq_options defaults = {.q_max = 25, .n_q = 500};

bnsl_status bnsl_saxs_sq_options_init(bnsl_saxs_sq_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

static bnsl_status check_options(const bnsl_saxs_sq_options *o, const char *func)
{
    if (!(o->q_max > 0 && o->q_max <= 1e100))
        return bnsl__fail(BNSL_EINVAL, func, "q_max is %g, must be > 0 and finite", o->q_max);
    if (!(o->q_min >= 0 && o->q_min < o->q_max))
        return bnsl__fail(BNSL_EINVAL, func, "q_min is %g, must be >= 0 and below q_max, %g", o->q_min, o->q_max);
    if (o->n_q < 1 || o->n_q > 1000000)
        return bnsl__fail(BNSL_EINVAL, func, "n_q is %d, must be 1 .. 1000000", (int)o->n_q);
    if (!(o->peak_hwhm >= 0 && o->peak_hwhm <= 1e100))
        return bnsl__fail(BNSL_EINVAL, func, "peak_hwhm is %g, must be >= 0 and finite", o->peak_hwhm);
    return BNSL_OK;
}

static bnsl_status check_particles(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, int32_t n_species, const char *func)
{
    int64_t where;
    if (!box)
        return bnsl__fail(BNSL_EINVAL, func, "box is NULL");
    bnsl_status status = bnsl_box_validate(box);
    if (status != BNSL_OK)
        return status;
    if (box->periodic != BNSL_PERIODIC_XYZ)
        return bnsl__fail(BNSL_EINVAL, func, "the box's periodic is %d, must be BNSL_PERIODIC_XYZ (7)", (int)box->periodic);
    if (n < 1 || !xyz)
        return bnsl__fail(BNSL_EINVAL, func, "n is %lld and xyz is %s, must be >= 1 and an array", (long long)n, xyz ? "given" : "NULL");
    if (n_species < 1 || n_species > MAX_SPECIES || (!species && n_species != 1))
        return bnsl__fail(BNSL_EINVAL, func, "n_species is %d, must be 1 .. %d, and 1 when species is NULL", (int)n_species, MAX_SPECIES);
    if (n > INT64_MAX / 1024 || !bnsl__all_finite(3 * n, xyz, &where))
        return bnsl__fail(BNSL_EINVAL, func, "a position is not finite, or n is too large (%lld)", (long long)n);
    for (int64_t i = 0; species && i < n; i++)
        if (species[i] < 0 || species[i] >= n_species)
            return bnsl__fail(BNSL_EINVAL, func, "species[%lld] is %d, must be 0 .. %d", (long long)i, (int)species[i], (int)n_species - 1);
    return BNSL_OK;
}

bnsl_status bnsl_saxs_structure_factor(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, int32_t n_species,
                                       const bnsl_saxs_sq_options *opts, double *q_out, double *s_out, double *partial_out, int64_t *n_k_out,
                                       bnsl_control *control)
{
    plan p = {.o = defaults, .n = n, .n_species = n_species};
    bnsl_status status = check_particles(box, n, xyz, species, n_species, __func__);
    if (status == BNSL_OK && opts)
        status = bnsl__options_load(&p.o, sizeof p.o, opts, "bnsl_saxs_sq_options", __func__);
    if (status == BNSL_OK)
        status = check_options(&p.o, __func__);
    if (status != BNSL_OK)
        return status;
    if (!q_out)
        return BNSL_FAIL(BNSL_EINVAL, "q_out is NULL");
    p.n_pairs = n_species * (n_species + 1) / 2;
    p.dq = (p.o.q_max - p.o.q_min) / p.o.n_q;
    p.k_max = p.o.q_max;
    int32_t isa = bnsl__isa(BNSL_ISA_AUTO);
    p.multiply = BNSL_KERNEL_PICK(isa, bnsl__saxs_multiply);
    p.row_sums = BNSL_KERNEL_PICK(isa, bnsl__saxs_row);
    p.fold = BNSL_KERNEL_PICK(isa, bnsl__saxs_fold);
    if (p.o.peak_hwhm > 0) {
        p.k_max += fmin(MARGIN_HWHM * p.o.peak_hwhm, MARGIN_RANGE * p.o.q_max);
        p.n_q_padded = ((int64_t)p.o.n_q + SAXS_LANES - 1) / SAXS_LANES * SAXS_LANES;
        if (!bnsl__saxs_lanes_alloc(&p.q_grid, p.n_q_padded))
            return BNSL_NOMEM();
        for (int64_t i = 0; i < p.n_q_padded; i++)
            p.q_grid.data[i] = p.o.q_min + ((double)i + 0.5) * p.dq;
    }
    bins b = {0};
    status = compute(&p, box, xyz, species, &b, control);
    if (status == BNSL_OK)
        store_results(&p, &b, q_out, s_out, partial_out, n_k_out);
    free_bins(&b);
    free_plan(&p);
    return status;
}
