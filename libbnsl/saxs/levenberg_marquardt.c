/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Levenberg-Marquardt by GSL's trust-region solver (More's scaling), with the library's status codes, cancellation and a test of
 * convergence that does not depend on the scale of the residuals. Cost: O(n p^2) an iteration and the callbacks.
 */
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_multifit_nlinear.h>

#include "saxs_internal.h"

static const double STEP_TOLERANCE = 1e-9;   /* relative step that ends the search */
static const double COSINE_TOLERANCE = 1e-4; /* angle between residual and tangent space when no step helps any more */
static const double PERFECT = 1e-22;         /* |residual|^2 relative to the first one: nothing left to fit */

typedef struct bridge {
    const saxs_lm *lm;
    double *x, *buffer; /* n_params; n_residuals x n_params */
} bridge;

static int call(const gsl_vector *x, gsl_vector *f, gsl_matrix *j, bridge *b)
{
    const saxs_lm *lm = b->lm;
    for (int32_t i = 0; i < lm->n_params; i++)
        b->x[i] = gsl_vector_get(x, (size_t)i);
    if (!(f ? lm->residual : lm->jacobian)(lm->user, b->x, b->buffer))
        return GSL_EBADFUNC;
    for (size_t i = 0; i < (size_t)lm->n_residuals; i++) {
        if (f)
            gsl_vector_set(f, i, b->buffer[i]);
        for (size_t k = 0; j && k < (size_t)lm->n_params; k++)
            gsl_matrix_set(j, i, k, b->buffer[i * (size_t)lm->n_params + k]);
    }
    return GSL_SUCCESS;
}

static int call_residual(const gsl_vector *x, void *user, gsl_vector *f)
{
    return call(x, f, NULL, user);
}

static int call_jacobian(const gsl_vector *x, void *user, gsl_matrix *j)
{
    return call(x, NULL, j, user);
}

static double sum_of_squares(const gsl_vector *f)
{
    double sum = 0;
    for (size_t i = 0; i < f->size; i++)
        sum += gsl_vector_get(f, i) * gsl_vector_get(f, i);
    return sum;
}

/* Largest |cos| between the residual and a column of the Jacobian. */
static double largest_cosine(const gsl_multifit_nlinear_workspace *w)
{
    const gsl_vector *f = gsl_multifit_nlinear_residual(w);
    const gsl_matrix *j = gsl_multifit_nlinear_jac(w);
    double most = 0, norm = sqrt(sum_of_squares(f));
    for (size_t k = 0; k < j->size2; k++) {
        double product = 0, square = 0;
        for (size_t i = 0; i < j->size1; i++) {
            double v = gsl_matrix_get(j, i, k);
            product += v * gsl_vector_get(f, i);
            square += v * v;
        }
        if (square > 0 && norm > 0)
            most = fmax(most, fabs(product) / (sqrt(square) * norm));
    }
    return most;
}

static bool small_step(const gsl_multifit_nlinear_workspace *w)
{
    const gsl_vector *x = gsl_multifit_nlinear_position(w);
    for (size_t i = 0; i < x->size; i++)
        if (!(fabs(gsl_vector_get(w->dx, i)) <= STEP_TOLERANCE * (fabs(gsl_vector_get(x, i)) + STEP_TOLERANCE)))
            return false;
    return true;
}

static bnsl_status iterate(gsl_multifit_nlinear_workspace *w, const saxs_lm *lm, bool *converged, int32_t *n_iterations, const char *func)
{
    const double first = sum_of_squares(gsl_multifit_nlinear_residual(w));
    double before = first;
    *converged = first <= lm->negligible;
    for (int32_t i = 0; i < lm->max_iterations && !*converged; i++) {
        if (bnsl__control_stop(lm->control, i, lm->max_iterations))
            return bnsl__fail(BNSL_ECANCELLED, func, "cancelled");
        int status = gsl_multifit_nlinear_iterate(w);
        ++*n_iterations;
        if (status == GSL_ENOPROG) { /* no step lowers the sum: at a minimum, or stuck */
            *converged = largest_cosine(w) < COSINE_TOLERANCE ||
                         sum_of_squares(gsl_multifit_nlinear_residual(w)) <= fmax(PERFECT * first, lm->negligible);
            return BNSL_OK;
        }
        if (status != GSL_SUCCESS)
            return bnsl__fail(BNSL_ENUMERIC, func, "the fit met a value that is not finite (%s)", gsl_strerror(status));
        const double now = sum_of_squares(gsl_multifit_nlinear_residual(w));
        *converged = small_step(w) || now <= fmax(PERFECT * first, lm->negligible) || before - now < lm->tolerance * now;
        before = now;
    }
    return BNSL_OK;
}

bnsl_status bnsl__saxs_minimize(const saxs_lm *lm, double *x, bool *converged, int32_t *n_iterations, const char *func)
{
    const size_t n = (size_t)lm->n_residuals, p = (size_t)lm->n_params;
    bridge b = {lm, bnsl__alloc(lm->n_params, sizeof *b.x), bnsl__alloc(lm->n_residuals, p * sizeof *b.buffer)};
    bnsl_status status = BNSL_OK;
    bnsl__gsl_enter();
    gsl_multifit_nlinear_parameters parameters = gsl_multifit_nlinear_default_parameters();
    parameters.solver = gsl_multifit_nlinear_solver_cholesky;
    gsl_multifit_nlinear_workspace *w = b.x && b.buffer ? gsl_multifit_nlinear_alloc(gsl_multifit_nlinear_trust, &parameters, n, p) : NULL;
    if (!w) {
        status = bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    } else {
        gsl_multifit_nlinear_fdf fdf = {.f = call_residual, .df = call_jacobian, .n = n, .p = p, .params = &b};
        gsl_vector_const_view start = gsl_vector_const_view_array(x, p);
        if (gsl_multifit_nlinear_init(&start.vector, &fdf, w) != GSL_SUCCESS)
            status = bnsl__fail(BNSL_ENUMERIC, func, "the fit's start gives values that are not finite");
        else
            status = iterate(w, lm, converged, n_iterations, func);
        if (status == BNSL_OK)
            for (size_t i = 0; i < p; i++)
                x[i] = gsl_vector_get(gsl_multifit_nlinear_position(w), i);
    }
    gsl_multifit_nlinear_free(w);
    bnsl__gsl_leave();
    free(b.x);
    free(b.buffer);
    return status;
}
