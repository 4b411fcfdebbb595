/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Multistate Bennett acceptance ratio [Shirts and Chodera, J. Chem. Phys. 129, 124105 (2008)]. The f_k minimise the convex function
 *
 *   F(f) = (1/N) sum_n ln sum_k N_k exp(f_k - u_kn) - sum_k (N_k / N) f_k
 *          [their eq. C6, likelihood form: Tan et al., J. Chem. Phys. 136, 144102 (2012)]
 *
 * from Bennett's ratios of neighbours by a few self-consistent steps (eq. C3) and Newton steps, each halved until F falls. Sums over
 * samples go in chunks of fixed length that are added in order. Covariance by the eigenvectors of W^T W (eq. D4), W_nk = exp(f_k - u_kn) /
 * sum_l N_l exp(f_l - u_ln).
 * Cost: n_states^2 N a Newton step, some ten of them.
 */
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "free_energy_internal.h"

enum { MAX_STATES = 32, CHUNK = 1024, SELF_CONSISTENT = 5, MAX_ITERATIONS = 1000, MAX_HALVINGS = 40 };

#define TOLERANCE 1e-10
#define SMALLEST_EIGENVALUE 1e-12

typedef struct mbar {
    int32_t k;
    int64_t n;
    const int64_t *count;
    const double *u;
    int num_threads;
    double log_count[MAX_STATES]; /* -infinity for states without samples */
    double *chunk;                /* results of every chunk */
    int64_t n_chunks;
} mbar;

/* Of one chunk: F, the sums of W_nk, and of W_nk W_nl. */
enum { OFFSET_LOG, OFFSET_W, OFFSET_WW = OFFSET_W + MAX_STATES, CHUNK_RESULT = OFFSET_WW + MAX_STATES * MAX_STATES };

static void sum_chunk(const mbar *m, const double *f, int64_t first, int64_t last, bool second, double *out)
{
    memset(out, 0, CHUNK_RESULT * sizeof *out);
    for (int64_t i = first; i < last; i++) {
        double w[MAX_STATES], most = -INFINITY, sum = 0;
        for (int32_t k = 0; k < m->k; k++) {
            w[k] = f[k] - m->u[k * m->n + i];
            most = fmax(most, w[k] + m->log_count[k]);
        }
        for (int32_t k = 0; k < m->k; k++)
            sum += exp(w[k] + m->log_count[k] - most);
        double log_sum = most + log(sum);
        out[OFFSET_LOG] += log_sum;
        for (int32_t k = 0; k < m->k; k++) {
            w[k] = exp(w[k] - log_sum);
            out[OFFSET_W + k] += w[k];
        }
        for (int32_t k = 0; k < m->k && second; k++)
            for (int32_t l = k; l < m->k; l++)
                out[OFFSET_WW + k * MAX_STATES + l] += w[k] * w[l];
    }
}

/* Sums over all samples into total (CHUNK_RESULT numbers). */
static void sum_all(const mbar *m, const double *f, bool second, double *total)
{
#pragma omp parallel for num_threads(m->num_threads) schedule(static)
    for (int64_t c = 0; c < m->n_chunks; c++) {
        int64_t last = (c + 1) * CHUNK < m->n ? (c + 1) * CHUNK : m->n;
        sum_chunk(m, f, c * CHUNK, last, second, m->chunk + c * CHUNK_RESULT);
    }
    memset(total, 0, CHUNK_RESULT * sizeof *total);
    for (int64_t c = 0; c < m->n_chunks; c++)
        for (int k = 0; k < CHUNK_RESULT; k++)
            total[k] += m->chunk[c * CHUNK_RESULT + k];
    for (int32_t k = 0; k < m->k; k++)
        for (int32_t l = 0; l < k; l++)
            total[OFFSET_WW + k * MAX_STATES + l] = total[OFFSET_WW + l * MAX_STATES + k];
}

static double likelihood(const mbar *m, const double *f, const double *total)
{
    double sum = total[OFFSET_LOG];
    for (int32_t k = 0; k < m->k; k++)
        sum -= (double)m->count[k] * f[k];
    return sum;
}

/* Solves (H + ridge diag H) x = g of the sampled states but the first one, by Cholesky; false: singular. */
static bool newton_direction(const mbar *m, const double *total, double ridge, double *x)
{
    int32_t index[MAX_STATES], n = 0, first = -1;
    for (int32_t k = 0; k < m->k; k++) {
        x[k] = 0;
        if (m->count[k] == 0)
            continue;
        if (first < 0)
            first = k;
        else
            index[n++] = k;
    }
    if (n == 0)
        return true;
    double h_values[MAX_STATES * MAX_STATES], g_values[MAX_STATES], x_values[MAX_STATES];
    gsl_matrix_view h = gsl_matrix_view_array(h_values, (size_t)n, (size_t)n);
    gsl_vector_view g = gsl_vector_view_array(g_values, (size_t)n), y = gsl_vector_view_array(x_values, (size_t)n);
    for (int32_t i = 0; i < n; i++) {
        double ni = (double)m->count[index[i]];
        g_values[i] = ni * (1 - total[OFFSET_W + index[i]]);
        for (int32_t j = 0; j < n; j++) {
            double nj = (double)m->count[index[j]], ww = total[OFFSET_WW + index[i] * MAX_STATES + index[j]];
            h_values[i * n + j] = (i == j ? ni * total[OFFSET_W + index[i]] : 0) - ni * nj * ww;
        }
        h_values[i * n + i] *= 1 + ridge;
    }
    bool solved = gsl_linalg_cholesky_decomp1(&h.matrix) == GSL_SUCCESS && gsl_linalg_cholesky_solve(&h.matrix, &g.vector, &y.vector) == GSL_SUCCESS;
    for (int32_t i = 0; i < n && solved; i++) {
        solved = isfinite(x_values[i]);
        x[index[i]] = x_values[i];
    }
    return solved;
}

/* f_k += -ln sum_n W_nk, relative to state 0. Returns the largest change. */
static double self_consistent(const mbar *m, const double *total, double *f)
{
    double largest = 0, change[MAX_STATES];
    for (int32_t k = 0; k < m->k; k++)
        change[k] = -log(total[OFFSET_W + k]);
    for (int32_t k = m->k - 1; k >= 0; k--) {
        double d = change[k] - change[0];
        largest = fmax(largest, fabs(d) / fmax(1.0, fabs(f[k])));
        f[k] += d;
    }
    return largest;
}

static bool newton(const mbar *m, double *f, double *total)
{
    double x[MAX_STATES], trial[MAX_STATES], before = likelihood(m, f, total), scale = 1, ridge = 0;
    while (!newton_direction(m, total, ridge, x)) {
        ridge = ridge > 0 ? 100 * ridge : 1e-12;
        if (ridge > 1)
            return false;
    }
    for (int halving = 0; halving < MAX_HALVINGS; halving++, scale *= 0.5) {
        for (int32_t k = 0; k < m->k; k++)
            trial[k] = f[k] + scale * x[k];
        sum_all(m, trial, true, total);
        if (likelihood(m, trial, total) <= before + 1e-12 * fabs(before)) {
            memcpy(f, trial, sizeof trial);
            return true;
        }
    }
    return false;
}

/* First values: Bennett's ratio of each state and the one before, as far as both have samples. */
static bool neighbours(const mbar *m, double *f)
{
    int64_t first = 0, longest = 1; /* first: of the samples of state k - 1 */
    for (int32_t k = 0; k < m->k; k++)
        longest = m->count[k] > longest ? m->count[k] : longest;
    double *work = bnsl__alloc(2 * longest, sizeof *work);
    if (!work)
        return false;
    for (int32_t k = 1; k < m->k; k++) {
        const double *low = m->u + (k - 1) * m->n + first, *high = m->u + k * m->n + first;
        const int64_t n = m->count[k - 1], n_next = m->count[k];
        double df = 0;
        for (int64_t i = 0; i < n; i++)
            work[i] = high[i] - low[i];
        for (int64_t i = 0; i < n_next; i++)
            work[longest + i] = low[n + i] - high[n + i];
        f[k] = f[k - 1];
        if (n > 0 && n_next > 0 && bnsl_free_energy_bar(n, work, n_next, work + longest, &df, NULL) == BNSL_OK)
            f[k] += df;
        first += n;
    }
    free(work);
    return true;
}

static bnsl_status solve(const mbar *m, double *f, double *total, const char *func)
{
    if (!neighbours(m, f))
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    for (int i = 0; i < MAX_ITERATIONS; i++) {
        sum_all(m, f, true, total);
        for (int32_t k = 0; k < m->k; k++)
            if (!(total[OFFSET_W + k] > 0))
                return bnsl__fail(BNSL_ENUMERIC, func, "no sample is possible in state %d", (int)k);
        double before[MAX_STATES];
        memcpy(before, f, sizeof before);
        if (i < SELF_CONSISTENT || !newton(m, f, total)) {
            memcpy(f, before, sizeof before);
            sum_all(m, f, false, total);
        }
        double change = self_consistent(m, total, f);
        if (change < TOLERANCE)
            return BNSL_OK;
    }
    return bnsl__fail(BNSL_ENOCONV, func, "no solution in %d iterations: the states hardly overlap", (int)MAX_ITERATIONS);
}

/* Theta = V S (1 - S V^T N V S)^+ S V^T with W^T W = V S^2 V^T; covariance of f_k - f_0 and f_l - f_0. */
static bnsl_status covariance_of(const mbar *m, const double *total, double *out, const char *func)
{
    const size_t k = (size_t)m->k;
    double a[MAX_STATES * MAX_STATES], v[MAX_STATES * MAX_STATES], b[MAX_STATES * MAX_STATES], q[MAX_STATES * MAX_STATES], s2[MAX_STATES],
        e[MAX_STATES];
    gsl_matrix_view am = gsl_matrix_view_array(a, k, k), vm = gsl_matrix_view_array(v, k, k), bm = gsl_matrix_view_array(b, k, k);
    gsl_matrix_view qm = gsl_matrix_view_array(q, k, k);
    gsl_vector_view sv = gsl_vector_view_array(s2, k), ev = gsl_vector_view_array(e, k);
    gsl_eigen_symmv_workspace *work = gsl_eigen_symmv_alloc(k);
    if (!work)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            a[i * k + j] = total[OFFSET_WW + i * MAX_STATES + j];
    int failed = gsl_eigen_symmv(&am.matrix, &sv.vector, &vm.matrix, work);
    for (size_t i = 0; i < k; i++)
        s2[i] = sqrt(fmax(s2[i], 0.0));
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            double sum = 0;
            for (size_t l = 0; l < k; l++)
                sum += (double)m->count[l] * v[l * k + i] * v[l * k + j];
            b[i * k + j] = (i == j) - s2[i] * s2[j] * sum;
        }
    failed |= gsl_eigen_symmv(&bm.matrix, &ev.vector, &qm.matrix, work);
    gsl_eigen_symmv_free(work);
    if (failed)
        return bnsl__fail(BNSL_ENUMERIC, func, "no eigenvalues of the covariance");
    double theta[MAX_STATES * MAX_STATES];
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            double sum = 0;
            for (size_t l = 0; l < k; l++) {
                if (!(e[l] > SMALLEST_EIGENVALUE)) /* the direction of a common constant */
                    continue;
                double left = 0, right = 0;
                for (size_t h = 0; h < k; h++) {
                    left += v[i * k + h] * s2[h] * q[h * k + l];
                    right += v[j * k + h] * s2[h] * q[h * k + l];
                }
                sum += left * right / e[l];
            }
            theta[i * k + j] = sum;
        }
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            out[i * k + j] = theta[i * k + j] - theta[i * k] - theta[j] + theta[0];
    return BNSL_OK;
}

static bnsl_status check(int32_t n_states, const int64_t *n_samples, const double *u, int64_t *n_out, const char *func)
{
    int64_t n = 0;
    if (n_states < 2 || n_states > MAX_STATES)
        return bnsl__fail(BNSL_EINVAL, func, "n_states is %d, must be 2 .. %d", (int)n_states, (int)MAX_STATES);
    for (int32_t k = 0; k < n_states; k++) {
        if (n_samples[k] < 0 || n_samples[k] > INT64_C(1) << 40)
            return bnsl__fail(BNSL_EINVAL, func, "n_samples[%d] is %lld, must be >= 0", (int)k, (long long)n_samples[k]);
        n += n_samples[k];
    }
    if (n < 1)
        return bnsl__fail(BNSL_EINVAL, func, "there are no samples");
    for (int32_t k = 0; k < n_states; k++)
        for (int64_t i = 0; i < n; i++)
            if (isnan(u[k * n + i]) || u[k * n + i] == -INFINITY)
                return bnsl__fail(BNSL_EINVAL, func, "u of sample %lld in state %d is %g, must be a number or +infinity", (long long)i,
                                  (int)k, u[k * n + i]);
    int64_t i = 0;
    for (int32_t k = 0; k < n_states; k++)
        for (int64_t j = 0; j < n_samples[k]; j++, i++)
            if (isinf(u[k * n + i]))
                return bnsl__fail(BNSL_EINVAL, func, "sample %lld was drawn in state %d, where its u is infinite", (long long)i, (int)k);
    *n_out = n;
    return BNSL_OK;
}

bnsl_status bnsl_free_energy_mbar(int32_t n_states, const int64_t *n_samples, const double *u, int32_t num_threads, double *f_out,
                                  double *covariance_out)
{
    if (!n_samples || !u || !f_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", !n_samples ? "n_samples" : !u ? "u" : "f_out");
    mbar m = { .k = n_states, .count = n_samples, .u = u, .num_threads = bnsl__threads(num_threads) };
    bnsl_status status = check(n_states, n_samples, u, &m.n, __func__);
    if (status)
        return status;
    m.n_chunks = (m.n + CHUNK - 1) / CHUNK;
    m.chunk = bnsl__alloc((m.n_chunks + 1) * CHUNK_RESULT, sizeof *m.chunk);
    if (!m.chunk)
        return BNSL_NOMEM();
    double f[MAX_STATES] = { 0 }, *total = m.chunk + m.n_chunks * CHUNK_RESULT;
    for (int32_t k = 0; k < n_states; k++)
        m.log_count[k] = n_samples[k] > 0 ? log((double)n_samples[k]) : -INFINITY;
    bnsl__gsl_enter();
    status = solve(&m, f, total, __func__);
    double covariance[MAX_STATES * MAX_STATES];
    if (!status && covariance_out) {
        sum_all(&m, f, true, total);
        status = covariance_of(&m, total, covariance, __func__);
    }
    bnsl__gsl_leave();
    if (!status) {
        memcpy(f_out, f, (size_t)n_states * sizeof *f);
        if (covariance_out)
            memcpy(covariance_out, covariance, (size_t)n_states * (size_t)n_states * sizeof *covariance);
    }
    free(m.chunk);
    return status;
}
