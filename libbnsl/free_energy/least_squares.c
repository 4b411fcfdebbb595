/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Weighted linear least squares by singular values (GSL), with the covariance of the coefficients and a triangular root of it, from which correlated
 * random coefficients are drawn. The covariance is multiplied by chi^2 per degree of freedom where that is above 1. Cost: n n_terms^2.
 */
#include <math.h>

#include <gsl/gsl_multifit.h>

#include "core_internal.h"
#include "fluid_internal.h"

/* root root^T = covariance by Cholesky; directions without variance are left out. */
static void cholesky(int32_t n, const double *covariance, double *root)
{
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < n; j++) {
            double sum = j <= i ? covariance[i * n + j] : 0;
            for (int32_t k = 0; j <= i && k < j; k++)
                sum -= root[i * n + k] * root[j * n + k];
            if (j < i)
                root[i * n + j] = root[j * n + j] > 0 ? sum / root[j * n + j] : 0;
            else
                root[i * n + j] = j == i && sum > 1e-14 * covariance[i * n + i] ? sqrt(sum) : 0;
        }
}

static bnsl_status solve(const gsl_matrix *x, const gsl_vector *y, const gsl_vector *w, gsl_vector *c, gsl_matrix *covariance,
                         gsl_multifit_linear_workspace *work, expansion *out, const char *func)
{
    const int32_t n_terms = (int32_t)x->size2;
    const long long n = (long long)x->size1;
    size_t rank = 0;
    if (gsl_multifit_wlinear_svd(x, w, y, 1e-12, &rank, c, covariance, &out->chi2, work) || rank < x->size2)
        return bnsl__fail(BNSL_ENUMERIC, func, "the %lld data do not determine %d coefficients", n, (int)n_terms);
    out->freedom = n - n_terms;
    double scale = out->freedom > 0 && out->chi2 > (double)out->freedom ? out->chi2 / (double)out->freedom : 1;
    for (int32_t i = 0; i < n_terms; i++) {
        out->c[i] = gsl_vector_get(c, (size_t)i);
        for (int32_t j = 0; j < n_terms; j++)
            out->covariance[i * n_terms + j] = scale * gsl_matrix_get(covariance, (size_t)i, (size_t)j);
        if (!isfinite(out->c[i]) || !(out->covariance[i * n_terms + i] >= 0))
            return bnsl__fail(BNSL_ENUMERIC, func, "the fit has no finite solution");
    }
    cholesky(n_terms, out->covariance, out->root);
    return BNSL_OK;
}

bnsl_status bnsl__least_squares(int64_t n, const double *design, const double *value, const double *error, expansion *out, const char *func)
{
    size_t rows = (size_t)n, terms = (size_t)out->n_terms;
    bnsl__gsl_enter();
    gsl_matrix *x = gsl_matrix_alloc(rows, terms), *covariance = gsl_matrix_alloc(terms, terms);
    gsl_vector *y = gsl_vector_alloc(rows), *w = gsl_vector_alloc(rows), *c = gsl_vector_alloc(terms);
    gsl_multifit_linear_workspace *work = gsl_multifit_linear_alloc(rows, terms);
    bnsl_status status = BNSL_OK;
    if (x && covariance && y && w && c && work) {
        for (size_t i = 0; i < rows; i++) {
            gsl_vector_set(y, i, value[i]);
            gsl_vector_set(w, i, 1 / (error[i] * error[i]));
            for (size_t j = 0; j < terms; j++)
                gsl_matrix_set(x, i, j, design[i * terms + j]);
        }
        status = solve(x, y, w, c, covariance, work, out, func);
    } else {
        status = bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    }
    if (x)
        gsl_matrix_free(x);
    if (covariance)
        gsl_matrix_free(covariance);
    if (y)
        gsl_vector_free(y);
    if (w)
        gsl_vector_free(w);
    if (c)
        gsl_vector_free(c);
    if (work)
        gsl_multifit_linear_free(work);
    bnsl__gsl_leave();
    return status;
}
