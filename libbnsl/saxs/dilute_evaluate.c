/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Dilute patterns: evaluation. Scales and background are linear and solved for at each trial of the others, by Gram-Schmidt on the weighted
 * columns; where a bound is violated, the best of all ways to put parameters on their bounds (3^k cases of k <= 5 parameters). Cost: the
 * form factors, and O(n k^2).
 */
#include <math.h>
#include <string.h>

#include "dilute_internal.h"

static const double DEPENDENT = 1e-12; /* what is left of a column after those before it: it is one of their sums */

/* ---- columns ------------------------------------------------------------------------------------------------------ */

double *bnsl__dilute_field(bnsl_saxs_particle *particle, int32_t parameter)
{
    double *const fields[DILUTE_NONLINEAR] = {&particle->radius,   &particle->sigma,     &particle->shell,
                                              &particle->sld_core, &particle->sld_shell, &particle->sld_medium};
    return fields[parameter];
}

void bnsl__dilute_set(dilute_problem *p, const double *x)
{
    for (int32_t i = 0; i < p->n_free; i++) {
        const int32_t population = p->free_slots[i] / DILUTE_PER_POPULATION, parameter = p->free_slots[i] % DILUTE_PER_POPULATION;
        *bnsl__dilute_field(&p->particles[population], parameter) = parameter == BNSL_PARAMETER_SIGMA ? sqrt(x[i]) : x[i];
    }
}

bool bnsl__dilute_column(dilute_problem *p, const bnsl_saxs_particle *particle, int64_t n, const double *q, double *column)
{
    saxs_sizes sizes;
    double volume;
    if (bnsl__saxs_sizes(&sizes, particle, __func__) != BNSL_OK)
        return false;
    bnsl_status status = bnsl__saxs_particle_volume(particle, &sizes, &volume);
    if (!status)
        status = bnsl__saxs_particle_averages(particle, &sizes, n, q, NULL, column);
    if (status) {
        p->status = status;
        return false;
    }
    const double unit = 1 / volume;
    for (int64_t i = 0; i < n; i++)
        column[i] *= unit;
    return true;
}

/* ---- linear parameters ----------------------------------------------------------------------------------------------- */

/* The free linear parameters: column and bounds of each, upper triangle r of the orthogonalised columns, data projected on them. */
typedef struct linear_problem {
    int32_t n;
    int32_t index[DILUTE_LINEAR];
    double low[DILUTE_LINEAR], high[DILUTE_LINEAR];
    double r[DILUTE_LINEAR][DILUTE_LINEAR], y[DILUTE_LINEAR];
    bool dependent[DILUTE_LINEAR];
} linear_problem;

/* x of the parameters whose place (-1 low, 0 between, 1 high) is 0, given the others; the normal equations of r. */
static bool solve_between(const linear_problem *l, const int *place, double *x)
{
    double g[DILUTE_LINEAR][DILUTE_LINEAR], h[DILUTE_LINEAR];
    int32_t map[DILUTE_LINEAR], m = 0;
    for (int32_t k = 0; k < l->n; k++) {
        if (place[k] == 0 && !l->dependent[k])
            map[m++] = k;
        else
            x[k] = place[k] < 0 ? l->low[k] : place[k] > 0 ? l->high[k] : fmin(fmax(0, l->low[k]), l->high[k]);
        if (!(fabs(x[k]) < INFINITY) && (place[k] != 0))
            return false;
    }
    double rest[DILUTE_LINEAR]; /* data minus the columns that are put somewhere */
    for (int32_t c = 0; c < l->n; c++) {
        rest[c] = l->y[c];
        for (int32_t k = c; k < l->n; k++)
            if (place[k] != 0 || l->dependent[k])
                rest[c] -= l->r[c][k] * x[k];
    }
    for (int32_t a = 0; a < m; a++) {
        h[a] = 0;
        for (int32_t c = 0; c <= map[a]; c++)
            h[a] += l->r[c][map[a]] * rest[c];
        for (int32_t b = 0; b < m; b++) {
            g[a][b] = 0;
            for (int32_t c = 0; c <= map[a] && c <= map[b]; c++)
                g[a][b] += l->r[c][map[a]] * l->r[c][map[b]];
        }
    }
    for (int32_t a = 0; a < m; a++) { /* Gaussian elimination; r has full rank here */
        if (!(g[a][a] > 0))
            return false;
        for (int32_t b = a + 1; b < m; b++) {
            const double factor = g[b][a] / g[a][a];
            for (int32_t c = a; c < m; c++)
                g[b][c] -= factor * g[a][c];
            h[b] -= factor * h[a];
        }
    }
    for (int32_t a = m - 1; a >= 0; a--) {
        for (int32_t b = a + 1; b < m; b++)
            h[a] -= g[a][b] * x[map[b]];
        x[map[a]] = h[a] / g[a][a];
    }
    return true;
}

/* |data - columns x|^2 but for what no column reaches. */
static double misfit(const linear_problem *l, const double *x)
{
    double sum = 0;
    for (int32_t c = 0; c < l->n; c++) {
        double rest = l->y[c];
        for (int32_t k = c; k < l->n; k++)
            rest -= l->r[c][k] * x[k];
        sum += rest * rest;
    }
    return sum;
}

static bool within(const linear_problem *l, const double *x)
{
    for (int32_t k = 0; k < l->n; k++)
        if (!(x[k] >= l->low[k] && x[k] <= l->high[k]))
            return false;
    return true;
}

/* Without bounds: back substitution. */
static void solve_free(const linear_problem *l, double *x)
{
    for (int32_t k = l->n - 1; k >= 0; k--) {
        double rest = l->y[k];
        for (int32_t b = k + 1; b < l->n; b++)
            rest -= l->r[k][b] * x[b];
        x[k] = l->dependent[k] ? 0 : rest / l->r[k][k];
    }
}

static void solve_bounded(const linear_problem *l, double *x)
{
    double trial[DILUTE_LINEAR] = {0}, best = INFINITY;
    int32_t cases = 1;
    solve_free(l, x);
    if (within(l, x))
        return;
    for (int32_t k = 0; k < l->n; k++) {
        x[k] = fmin(fmax(0, l->low[k]), l->high[k]);
        cases *= 3;
    }
    for (int32_t c = 0; c < cases; c++) {
        int place[DILUTE_LINEAR];
        for (int32_t k = 0, rest = c; k < l->n; k++, rest /= 3)
            place[k] = rest % 3 - 1;
        if (solve_between(l, place, trial) && within(l, trial) && misfit(l, trial) < best) {
            best = misfit(l, trial);
            memcpy(x, trial, sizeof trial);
        }
    }
}

/* The weighted columns of the free ones, orthogonalised in work; target: weighted data minus fixed columns. */
static void orthogonalise(linear_problem *l, int64_t n, double *work, const double *target)
{
    for (int32_t k = 0; k < l->n; k++) {
        double *column = work + k * n, before = 0, after = 0;
        for (int64_t i = 0; i < n; i++)
            before += column[i] * column[i];
        for (int32_t b = 0; b < k; b++) {
            double product = 0;
            for (int64_t i = 0; i < n; i++)
                product += work[b * n + i] * column[i];
            l->r[b][k] = product;
            for (int64_t i = 0; i < n; i++)
                column[i] -= product * work[b * n + i];
        }
        for (int64_t i = 0; i < n; i++)
            after += column[i] * column[i];
        l->dependent[k] = !(after > DEPENDENT * DEPENDENT * before);
        l->r[k][k] = l->dependent[k] ? 0 : sqrt(after);
        l->y[k] = 0;
        for (int64_t i = 0; i < n; i++) {
            column[i] = l->dependent[k] ? 0 : column[i] / l->r[k][k];
            l->y[k] += column[i] * target[i];
        }
    }
}

/* Value of the linear parameter k (a scale, or with k = n_populations the background) at point i. */
static double element(const double *const *columns, int32_t n_populations, int32_t k, int64_t i)
{
    return k < n_populations ? columns[k][i] : 1;
}

double bnsl__dilute_solve(dilute_problem *p, int64_t n, const double *value, const double *weight, const double *const *columns, double *residual,
                          double *work)
{
    const int32_t n_populations = p->model->n_populations;
    linear_problem l = {.n = 0};
    double x[DILUTE_LINEAR] = {0}, *target = work + DILUTE_LINEAR * n;
    for (int64_t i = 0; i < n; i++)
        target[i] = weight[i] * value[i];
    for (int32_t k = 0; k <= n_populations; k++) {
        const dilute_slot *slot = &p->model->slots[dilute_linear_slot(p->model, k)];
        if (!slot->free) {
            p->linear[k] = slot->start;
            for (int64_t i = 0; i < n; i++)
                target[i] -= weight[i] * slot->start * element(columns, n_populations, k, i);
            continue;
        }
        for (int64_t i = 0; i < n; i++)
            work[l.n * n + i] = weight[i] * element(columns, n_populations, k, i);
        l.low[l.n] = slot->low;
        l.high[l.n] = slot->high;
        l.index[l.n++] = k;
    }
    orthogonalise(&l, n, work, target);
    solve_bounded(&l, x);
    for (int32_t k = 0; k < l.n; k++)
        p->linear[l.index[k]] = x[k];
    double chi2 = 0;
    for (int64_t i = 0; i < n; i++) {
        double sum = -value[i];
        for (int32_t k = 0; k <= n_populations; k++)
            sum += p->linear[k] * element(columns, n_populations, k, i);
        sum *= weight[i];
        chi2 += sum * sum;
        if (residual)
            residual[i] = sum;
    }
    return chi2;
}

bool bnsl__dilute_residual(void *problem, const double *x, double *residual)
{
    dilute_problem *p = problem;
    const int64_t n = p->curve.n;
    const double *columns[DILUTE_POPULATIONS];
    bnsl__dilute_set(p, x);
    for (int32_t k = 0; k < p->model->n_populations; k++) {
        columns[k] = p->columns + k * n;
        if (!bnsl__dilute_column(p, &p->particles[k], n, p->curve.q, p->columns + k * n))
            return false;
    }
    return bnsl__dilute_solve(p, n, p->curve.value, p->curve.weight, columns, residual, p->work) < INFINITY;
}
