/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Non-negative least squares by an active set on the normal equations [Lawson and Hanson, Solving Least Squares Problems, ch. 23],
 * with a Cholesky factor that grows by a row when a column enters, and a start from the last call's active set. Columns that depend on
 * those in the solution are left at zero. Also the inverse of a small matrix, for covariances.
 * Cost: O(n k^2) for k columns in the solution, mostly less: O(k^3) when the active set has not changed.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "saxs_internal.h"

static const double DEPENDENT = 1e-10; /* squared sine of the angle to the other columns below which a column has nothing of its own */
static const double TOLERANCE = 1e-11; /* gradient, relative to the data */

bool bnsl__saxs_nnls_alloc(saxs_nnls *s, int32_t capacity)
{
    *s = (saxs_nnls){.capacity = capacity};
    s->passive = bnsl__alloc(capacity, sizeof *s->passive);
    s->is_passive = bnsl__calloc(capacity, 1);
    s->refused = bnsl__calloc(capacity, 1);
    s->factor = bnsl__alloc((int64_t)capacity * capacity, sizeof *s->factor);
    s->x = bnsl__calloc(capacity, sizeof *s->x);
    s->trial = bnsl__alloc(capacity, sizeof *s->trial);
    s->work = bnsl__alloc(capacity, sizeof *s->work);
    return s->passive && s->is_passive && s->refused && s->factor && s->x && s->trial && s->work;
}

void bnsl__saxs_nnls_free(saxs_nnls *s)
{
    free(s->passive);
    free(s->is_passive);
    free(s->refused);
    free(s->factor);
    free(s->x);
    free(s->trial);
    free(s->work);
    *s = (saxs_nnls){0};
}

void bnsl__saxs_nnls_reset(saxs_nnls *s)
{
    s->n_passive = 0;
    memset(s->is_passive, 0, (size_t)s->capacity);
}

/* Adds column j to the factor; false: it depends on the others. */
static bool append(saxs_nnls *s, int32_t j, const double *gram, int64_t stride)
{
    double *new_row = s->factor + (int64_t)s->n_passive * s->capacity, left = gram[j * stride + j];
    const double whole = left;
    for (int32_t i = 0; i < s->n_passive; i++) {
        const double *row = s->factor + (int64_t)i * s->capacity;
        double sum = gram[s->passive[i] * stride + j];
        for (int32_t k = 0; k < i; k++)
            sum -= row[k] * new_row[k];
        new_row[i] = sum / row[i];
        left -= new_row[i] * new_row[i];
    }
    if (!(left > DEPENDENT * whole))
        return false;
    new_row[s->n_passive] = sqrt(left);
    s->passive[s->n_passive++] = j;
    s->is_passive[j] = 1;
    return true;
}

/* Takes the columns marked negative (work[i] != 0 at position i) out and factors the rest again. */
static void drop_marked(saxs_nnls *s, const double *gram, int64_t stride)
{
    int32_t n = s->n_passive, first = 0;
    while (first < n && s->work[first] == 0)
        first++;
    s->n_passive = first;
    for (int32_t i = first; i < n; i++) {
        int32_t j = s->passive[i];
        s->is_passive[j] = 0;
        s->x[j] = 0;
        if (s->work[i] == 0)
            append(s, j, gram, stride);
    }
}

void bnsl__saxs_nnls_apply(const saxs_nnls *s, double *y)
{
    for (int32_t i = 0; i < s->n_passive; i++) {
        const double *row = s->factor + (int64_t)i * s->capacity;
        for (int32_t k = 0; k < i; k++)
            y[i] -= row[k] * y[k];
        y[i] /= row[i];
    }
    for (int32_t i = s->n_passive - 1; i >= 0; i--) {
        const double *row = s->factor + (int64_t)i * s->capacity;
        y[i] /= row[i];
        for (int32_t k = 0; k < i; k++)
            y[k] -= row[k] * y[i];
    }
}

/* Unconstrained solution on the passive columns, in trial. */
static void solve_passive(saxs_nnls *s, const double *rhs)
{
    for (int32_t i = 0; i < s->n_passive; i++)
        s->trial[i] = rhs[s->passive[i]];
    bnsl__saxs_nnls_apply(s, s->trial);
}

static int32_t mark_negative(saxs_nnls *s, int32_t n_free)
{
    int32_t count = 0;
    for (int32_t i = 0; i < s->n_passive; i++) {
        s->work[i] = s->passive[i] >= n_free && s->trial[i] <= 0;
        count += s->work[i] != 0;
    }
    return count;
}

/* Active set of the last call, without the columns that would be negative. */
static void restart(saxs_nnls *s, int32_t n, int32_t n_free, const double *gram, int64_t stride, const double *rhs)
{
    memcpy(s->refused, s->is_passive, (size_t)s->capacity); /* borrowed: the old active set */
    s->n_passive = 0;
    memset(s->is_passive, 0, (size_t)s->capacity);
    memset(s->x, 0, (size_t)s->capacity * sizeof *s->x);
    for (int32_t j = 0; j < n; j++)
        if (j < n_free || s->refused[j])
            append(s, j, gram, stride);
    memset(s->refused, 0, (size_t)s->capacity);
    solve_passive(s, rhs);
    while (mark_negative(s, n_free) > 0) {
        drop_marked(s, gram, stride);
        solve_passive(s, rhs);
    }
    for (int32_t i = 0; i < s->n_passive; i++)
        s->x[s->passive[i]] = s->trial[i];
}

/* Column outside with the steepest descent; -1: none, the solution is optimal. */
static int32_t steepest(const saxs_nnls *s, int32_t n, int32_t n_free, const double *gram, int64_t stride, const double *rhs, double norm)
{
    int32_t best = -1;
    double most = TOLERANCE * norm;
    for (int32_t j = n_free; j < n; j++) {
        if (s->is_passive[j] || s->refused[j] || !(gram[j * stride + j] > 0))
            continue;
        double slope = rhs[j];
        for (int32_t i = 0; i < s->n_passive; i++)
            slope -= gram[j * stride + s->passive[i]] * s->x[s->passive[i]];
        slope /= sqrt(gram[j * stride + j]);
        if (slope > most) {
            most = slope;
            best = j;
        }
    }
    return best;
}

/* Moves x towards trial until the first column reaches 0, drops it, and so on. */
static void move_to_trial(saxs_nnls *s, int32_t n_free, const double *gram, int64_t stride, const double *rhs)
{
    while (mark_negative(s, n_free) > 0) {
        double step = 1;
        for (int32_t i = 0; i < s->n_passive; i++) {
            double x = s->x[s->passive[i]];
            if (s->work[i] != 0)
                step = fmin(step, x > 0 ? x / (x - s->trial[i]) : 0);
        }
        for (int32_t i = 0; i < s->n_passive; i++) {
            double *x = s->x + s->passive[i], limit = *x > 0 ? *x / (*x - s->trial[i]) : 0;
            bool leaves = s->work[i] != 0 && limit <= step;
            *x += step * (s->trial[i] - *x);
            s->work[i] = leaves;
        }
        drop_marked(s, gram, stride);
        memset(s->refused, 0, (size_t)s->capacity);
        solve_passive(s, rhs);
    }
    for (int32_t i = 0; i < s->n_passive; i++)
        s->x[s->passive[i]] = s->trial[i];
}

void bnsl__saxs_nnls_solve(saxs_nnls *s, int32_t n, int32_t n_free, const double *gram, int64_t stride, const double *rhs, double norm)
{
    restart(s, n, n_free, gram, stride, rhs);
    for (int32_t round = 0; round < 3 * n + 30; round++) { /* each round lowers the sum; the bound guards against rounding alone */
        int32_t j = steepest(s, n, n_free, gram, stride, rhs, norm);
        if (j < 0)
            break;
        if (!append(s, j, gram, stride)) {
            s->refused[j] = 1;
            continue;
        }
        solve_passive(s, rhs);
        if (s->trial[s->n_passive - 1] <= 0) { /* only by rounding: the slope was positive */
            s->n_passive--;
            s->is_passive[j] = 0;
            s->refused[j] = 1;
            continue;
        }
        move_to_trial(s, n_free, gram, stride, rhs);
    }
}

void bnsl__saxs_invert(int32_t n, const double *matrix, double *inverse, double *work)
{
    double *factor = work, *y = work + (int64_t)n * n;
    for (int32_t i = 0; i < n; i++) {
        double left = matrix[i * n + i];
        for (int32_t j = 0; j < i; j++) {
            double sum = matrix[i * n + j];
            for (int32_t k = 0; k < j; k++)
                sum -= factor[i * n + k] * factor[j * n + k];
            factor[i * n + j] = factor[j * n + j] > 0 ? sum / factor[j * n + j] : 0;
            left -= factor[i * n + j] * factor[i * n + j];
        }
        factor[i * n + i] = left > DEPENDENT * matrix[i * n + i] ? sqrt(left) : 0;
    }
    for (int32_t c = 0; c < n; c++) {
        memset(y, 0, (size_t)n * sizeof *y);
        y[c] = 1;
        for (int32_t i = 0; i < n; i++) {
            for (int32_t k = 0; k < i; k++)
                y[i] -= factor[i * n + k] * y[k];
            y[i] = factor[i * n + i] > 0 ? y[i] / factor[i * n + i] : 0;
        }
        for (int32_t i = n - 1; i >= 0; i--) {
            y[i] = factor[i * n + i] > 0 ? y[i] / factor[i * n + i] : 0;
            for (int32_t k = 0; k < i; k++)
                y[k] -= factor[i * n + k] * y[i];
        }
        for (int32_t i = 0; i < n; i++)
            inverse[i * n + c] = factor[i * n + i] > 0 && factor[c * n + c] > 0 ? y[i] : NAN;
    }
}
