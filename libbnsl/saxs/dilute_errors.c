/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Dilute patterns: covariance and statuses at the minimum. C = factor (J^T J)^-1 over the parameters that are free and not at a bound, from
 * the eigenvectors of the matrix scaled to a diagonal of 1; directions with no weight in the data are left out, and every parameter that
 * takes part in one is undetermined. Cost: O(n p^2).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>

#include "dilute_internal.h"

static const double NO_WEIGHT = 1e-11; /* eigenvalue of the scaled matrix (largest: 1 to p) that differences cannot tell from 0 */
static const double TAKES_PART = 1e-3; /* component of a unit vector */

/* Weighted residual at x with the linear parameters as they are. */
static bool fixed_residual(void *problem, const double *x, double *residual)
{
    dilute_problem *p = problem;
    const int64_t n = p->curve.n;
    bnsl__dilute_set(p, x);
    for (int64_t i = 0; i < n; i++)
        residual[i] = p->linear[p->model->n_populations] - p->curve.value[i];
    for (int32_t k = 0; k < p->model->n_populations; k++) {
        double *column = p->columns + k * n;
        if (!bnsl__dilute_column(p, &p->particles[k], n, p->curve.q, column))
            return false;
        for (int64_t i = 0; i < n; i++)
            residual[i] += p->linear[k] * column[i];
    }
    for (int64_t i = 0; i < n; i++)
        residual[i] *= p->curve.weight[i];
    return true;
}

/* A parameter that takes part: its slot, its place among the free non-linear ones (-1: linear), its column. */
typedef struct taking_part {
    int32_t n;
    int32_t slot[DILUTE_SLOTS], place[DILUTE_SLOTS];
    double to_unit[DILUTE_SLOTS]; /* d parameter / d x: of sigma, x = sigma^2 */
} taking_part;

/* Values, and which ones are between their bounds. */
static void take_stock(const dilute_problem *p, bnsl_saxs_dilute *m, const double *x, taking_part *t)
{
    t->n = 0;
    for (int32_t i = 0; i < p->n_free; i++) {
        bnsl_saxs_parameter *r = &m->slots[p->free_slots[i]].result;
        const bool sigma = p->free_slots[i] % DILUTE_PER_POPULATION == BNSL_PARAMETER_SIGMA;
        r->value = sigma ? sqrt(x[i]) : x[i];
        if (x[i] <= p->low[i] || x[i] >= p->high[i]) {
            r->status = BNSL_FIT_AT_BOUND;
            continue;
        }
        t->to_unit[t->n] = sigma ? 0.5 / r->value : 1;
        t->place[t->n] = i;
        t->slot[t->n++] = p->free_slots[i];
    }
    for (int32_t k = 0; k <= m->n_populations; k++) {
        const int32_t index = dilute_linear_slot(m, k);
        dilute_slot *slot = &m->slots[index];
        slot->result.value = p->linear[k];
        if (!slot->free)
            continue;
        if (p->linear[k] <= slot->low || p->linear[k] >= slot->high) {
            slot->result.status = BNSL_FIT_AT_BOUND;
            continue;
        }
        t->to_unit[t->n] = 1;
        t->place[t->n] = -1;
        t->slot[t->n++] = index;
    }
}

/* The Jacobian, column after column; false: not defined around x. */
static bool fill(dilute_problem *p, const taking_part *t, const double *x, double *jacobian, double *work)
{
    const int64_t n = p->curve.n;
    const saxs_bounded problem = {n, p->n_free, 0, p->low, p->high, p->typical, 0, fixed_residual, p, NULL};
    double *residual = work + 2 * n;
    if (!fixed_residual(p, x, residual))
        return false;
    for (int32_t a = 0; a < t->n; a++) { /* first the linear ones, while the columns are those at x */
        const int32_t population = t->slot[a] == DILUTE_SLOTS - 1 ? -1 : t->slot[a] / DILUTE_PER_POPULATION;
        for (int64_t i = 0; t->place[a] < 0 && i < n; i++)
            jacobian[a * n + i] = p->curve.weight[i] * (population < 0 ? 1 : p->columns[population * n + i]);
    }
    for (int32_t a = 0; a < t->n; a++)
        if (t->place[a] >= 0 && !bnsl__saxs_slope(&problem, x, t->place[a], residual, jacobian + a * n, work))
            return false;
    return true;
}

/* Eigenvectors of a symmetric matrix (n x n, destroyed), in the columns of vectors. */
static bnsl_status decompose(int32_t n, double *matrix, double *values, double *vectors, const char *func)
{
    bnsl__gsl_enter();
    gsl_eigen_symmv_workspace *w = gsl_eigen_symmv_alloc((size_t)n);
    int failed = 0;
    if (w) {
        gsl_matrix_view m = gsl_matrix_view_array(matrix, (size_t)n, (size_t)n), v = gsl_matrix_view_array(vectors, (size_t)n, (size_t)n);
        gsl_vector_view e = gsl_vector_view_array(values, (size_t)n);
        failed = gsl_eigen_symmv(&m.matrix, &e.vector, &v.matrix, w);
    }
    gsl_eigen_symmv_free(w);
    bnsl__gsl_leave();
    if (!w)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    return failed ? bnsl__fail(BNSL_ENUMERIC, func, "the covariance cannot be computed (%s)", gsl_strerror(failed)) : BNSL_OK;
}

/* Covariance and statuses of those taking part; *rank_out: directions that the data determine. */
static bnsl_status invert(const taking_part *t, int64_t n_points, const double *jacobian, double factor, bnsl_saxs_dilute *m, int32_t *rank_out,
                          const char *func)
{
    const int32_t n = t->n;
    double size[DILUTE_SLOTS], matrix[DILUTE_SLOTS * DILUTE_SLOTS], values[DILUTE_SLOTS], vectors[DILUTE_SLOTS * DILUTE_SLOTS];
    *rank_out = 0;
    if (n == 0)
        return BNSL_OK;
    for (int32_t a = 0; a < n; a++) {
        double sum = 0;
        for (int64_t i = 0; i < n_points; i++)
            sum += jacobian[a * n_points + i] * jacobian[a * n_points + i];
        size[a] = sqrt(sum);
    }
    for (int32_t a = 0; a < n; a++)
        for (int32_t b = 0; b < n; b++) {
            double sum = 0;
            for (int64_t i = 0; i < n_points; i++)
                sum += jacobian[a * n_points + i] * jacobian[b * n_points + i];
            matrix[a * n + b] = size[a] > 0 && size[b] > 0 ? sum / size[a] / size[b] : 0;
        }
    const bnsl_status status = decompose(n, matrix, values, vectors, func);
    if (status)
        return status;
    for (int32_t e = 0; e < n; e++) {
        if (values[e] > NO_WEIGHT) {
            ++*rank_out;
            continue;
        }
        for (int32_t a = 0; a < n; a++)
            if (fabs(vectors[a * n + e]) > TAKES_PART)
                m->slots[t->slot[a]].result.status = BNSL_FIT_UNDETERMINED;
    }
    for (int32_t a = 0; a < n; a++)
        for (int32_t b = 0; b < n; b++) {
            double sum = 0;
            for (int32_t e = 0; e < n; e++)
                if (values[e] > NO_WEIGHT)
                    sum += vectors[a * n + e] * vectors[b * n + e] / values[e];
            sum *= factor * t->to_unit[a] * t->to_unit[b] / (size[a] * size[b]);
            const bool known = m->slots[t->slot[a]].result.status == BNSL_FIT_FREE && m->slots[t->slot[b]].result.status == BNSL_FIT_FREE;
            m->covariance[t->slot[a] * DILUTE_SLOTS + t->slot[b]] = known ? sum : NAN;
        }
    return BNSL_OK;
}

/* Before anything is known: fixed parameters have no error, free ones not yet. */
static void clear(bnsl_saxs_dilute *m)
{
    for (int32_t a = 0; a < DILUTE_SLOTS; a++) {
        dilute_slot *slot = &m->slots[a];
        slot->result = (bnsl_saxs_parameter){slot->start, slot->free ? NAN : 0, slot->free ? BNSL_FIT_FREE : BNSL_FIT_FIXED, 0};
        for (int32_t b = 0; b < DILUTE_SLOTS; b++)
            m->covariance[a * DILUTE_SLOTS + b] = slot->free && m->slots[b].free ? NAN : 0;
    }
}

bnsl_status bnsl__dilute_errors(dilute_problem *p, bnsl_saxs_dilute *m, const double *x, double chi2, const char *func)
{
    const int64_t n = p->curve.n;
    taking_part t;
    clear(m);
    take_stock(p, m, x, &t);
    double *memory = n < INT64_MAX / 1024 ? bnsl__alloc(n, (size_t)(t.n + 3) * sizeof *memory) : NULL;
    if (!memory)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    bnsl_status status = BNSL_OK;
    int32_t rank = 0;
    if (fill(p, &t, x, memory, memory + t.n * n)) /* otherwise no error is known */
        status = invert(&t, n, memory, 1, m, &rank, func);
    else if (p->status)
        status = bnsl__fail(p->status, func, "out of memory");
    else
        rank = t.n;
    free(memory);
    bnsl__dilute_set(p, x);
    m->n_free = rank;
    m->chi2_reduced = n > rank ? chi2 / (double)(n - rank) : NAN;
    const double factor = m->options.error_model == BNSL_ERRORS_GIVEN ? 1 : m->chi2_reduced;
    for (int32_t a = 0; a < DILUTE_SLOTS * DILUTE_SLOTS; a++)
        m->covariance[a] *= factor;
    for (int32_t a = 0; a < DILUTE_SLOTS; a++)
        if (m->slots[a].result.status != BNSL_FIT_FIXED)
            m->slots[a].result.err = sqrt(m->covariance[a * (DILUTE_SLOTS + 1)]);
    return status;
}
