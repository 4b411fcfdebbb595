/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Corresponding states of short-ranged attractions: effective range, Boyle temperature, critical temperature
 * [Noro and Frenkel, J. Chem. Phys. 113, 2941 (2000)].
 *
 * All three compare B2 of the pair as cut and shifted with B2_HS = (2 pi/3) d^3, d the Barker-Henderson diameter by the WCA split; an
 * energy shift at a cut-off beyond r_min changes the depth but not d. Roots are bracketed by doubling kT and found by Brent's method in
 * log kT. Cost: one root takes some ten quadratures of virial.c.
 */
#include <math.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_roots.h>

#include "potential_internal.h"

#define LOG_KT_TOLERANCE 2e-15 /* the root is as good as B2: the last bracket is far below 1e-12 */
#define MAX_ITERATIONS 200
#define HIGHEST_KT 1e15  /* in units of the depth */
#define LOWEST_KT 1.5e-3 /* exp(1/LOWEST_KT) is still a double */

/* Depth of the pair as cut and shifted, in units of well_depth; fails for pairs without a well. */
static bnsl_status depth_of(const bnsl__pair *pair, double *depth_out, const char *func)
{
    if (pair->opts.form == BNSL_FORM_WCA || !(pair->depth > 0.0))
        return bnsl__fail(BNSL_EDOMAIN, func, "the pair has no attraction");
    if (pair->table && !(pair->x_min > 0.0))
        return bnsl__fail(BNSL_EDOMAIN, func, "the energy of the table is lowest at r = 0: it has no repulsive core");
    if (!(pair->opts.r_cut > pair->x_min))
        return bnsl__fail(BNSL_EDOMAIN, func, "r_cut is %g sigma, must lie beyond the minimum at %g sigma", pair->opts.r_cut, pair->x_min);
    *depth_out = pair->cut_depth;
    return BNSL_OK;
}

/* B2 / B2_HS(d) */
static bnsl_status reduced_second_virial(const bnsl__pair *pair, double t, bnsl__quadrature *quadrature, double *ratio_out, const char *func)
{
    double b2 = 0.0, d = 0.0;
    bnsl_status status = bnsl__pair_second_virial(pair, t, quadrature, &b2, func);
    if (!status)
        status = bnsl__pair_barker_henderson(pair, t, BNSL_BH_WCA, quadrature, &d, func);
    if (!status)
        *ratio_out = b2 / (2.0 * M_PI / 3.0 * d * d * d);
    return status;
}

bnsl_status bnsl_potential_effective_range(const bnsl_potential *potential, int32_t a, int32_t b, double kT, double *range_out)
{
    const bnsl__pair *pair = bnsl__potential_pair(potential, a, b, __func__);
    if (!pair)
        return BNSL_EINVAL;
    if (!range_out)
        return BNSL_FAIL(BNSL_EINVAL, "range_out is NULL");
    double depth = 0.0, ratio = 0.0;
    bnsl_status status = bnsl__check_kT(pair, kT, __func__);
    if (!status)
        status = depth_of(pair, &depth, __func__);
    if (status)
        return status;

    double t = kT / pair->opts.well_depth;
    bnsl__quadrature *quadrature = bnsl__quadrature_begin();
    status = quadrature ? reduced_second_virial(pair, t, quadrature, &ratio, __func__) : BNSL_NOMEM();
    bnsl__quadrature_end(quadrature);
    if (!status && !(ratio < 1.0))
        status = BNSL_FAIL(BNSL_EDOMAIN, "kT is %g, so high that B2 is %g times that of hard spheres, above that of every square well", kT, ratio);
    if (!status)
        *range_out = expm1(log1p((1.0 - ratio) / expm1(depth / t)) / 3.0);
    return status;
}

/* ---- temperatures at which B2 / B2_HS has a given value --------------------------------------------- */

typedef struct virial_root {
    const bnsl__pair *pair;
    bnsl__quadrature *quadrature;
    double target;
    bnsl_status status; /* of the first quadrature that failed */
    const char *func;
} virial_root;

static double excess(double log_t, void *user)
{
    virial_root *root = user;
    double ratio = NAN;
    if (!root->status)
        root->status = reduced_second_virial(root->pair, exp(log_t), root->quadrature, &ratio, root->func);
    return ratio - root->target;
}

/* Neighbouring powers of two times the depth between which B2/B2_HS passes the target; it grows with T until far above the Boyle temperature. */
static bnsl_status bracket(virial_root *root, double depth, double *log_low, double *log_high)
{
    double t = depth;
    if (excess(log(t), root) > 0.0) {
        do
            t *= 0.5;
        while (t >= LOWEST_KT * depth && excess(log(t), root) > 0.0);
        *log_low = log(t);
        *log_high = log(2.0 * t);
    } else {
        do
            t *= 2.0;
        while (t <= HIGHEST_KT * depth && excess(log(t), root) <= 0.0);
        *log_low = log(0.5 * t);
        *log_high = log(t);
    }
    if (!root->status && (t < LOWEST_KT * depth || t > HIGHEST_KT * depth))
        return bnsl__fail(BNSL_ENUMERIC, root->func, "no temperature between %g and %g well_depth has B2 = %g (2 pi/3) d^3", LOWEST_KT * depth,
                          HIGHEST_KT * depth, root->target);
    return root->status;
}

static bnsl_status brent(virial_root *root, gsl_root_fsolver *solver, double log_low, double log_high, double *log_t_out)
{
    gsl_function function = {excess, root};
    int gsl_status = gsl_root_fsolver_set(solver, &function, log_low, log_high);
    for (int i = 0; i < MAX_ITERATIONS && !gsl_status && !root->status; i++) {
        gsl_status = gsl_root_fsolver_iterate(solver);
        double low = gsl_root_fsolver_x_lower(solver), high = gsl_root_fsolver_x_upper(solver);
        if (!gsl_status && !root->status && gsl_root_test_interval(low, high, LOG_KT_TOLERANCE, 4.0 * GSL_DBL_EPSILON) == GSL_SUCCESS) {
            *log_t_out = gsl_root_fsolver_root(solver);
            return BNSL_OK;
        }
    }
    if (root->status)
        return root->status;
    return bnsl__fail(BNSL_ENUMERIC, root->func, "root search between kT = %g and %g well_depth: %s", exp(log_low), exp(log_high),
                      gsl_status ? gsl_strerror(gsl_status) : "no convergence");
}

/* kT at which B2 = target * B2_HS */
static bnsl_status solve_kT(const bnsl__pair *pair, double target, double *kT_out, const char *func)
{
    double depth = 0.0, log_low = 0.0, log_high = 0.0, log_t = 0.0;
    bnsl_status status = depth_of(pair, &depth, func);
    if (status)
        return status;
    bnsl__quadrature *quadrature = bnsl__quadrature_begin();
    gsl_root_fsolver *solver = quadrature ? gsl_root_fsolver_alloc(gsl_root_fsolver_brent) : NULL;
    virial_root root = {pair, quadrature, target, BNSL_OK, func};
    status = solver ? bracket(&root, depth, &log_low, &log_high) : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    if (!status)
        status = brent(&root, solver, log_low, log_high, &log_t);
    if (solver)
        gsl_root_fsolver_free(solver);
    bnsl__quadrature_end(quadrature);
    if (!status)
        *kT_out = exp(log_t) * pair->opts.well_depth;
    return status;
}

bnsl_status bnsl_potential_boyle_kT(const bnsl_potential *potential, int32_t a, int32_t b, double *kT_out)
{
    const bnsl__pair *pair = bnsl__potential_pair(potential, a, b, __func__);
    if (!pair)
        return BNSL_EINVAL;
    if (!kT_out)
        return BNSL_FAIL(BNSL_EINVAL, "kT_out is NULL");
    return solve_kT(pair, 0.0, kT_out, __func__);
}

bnsl_status bnsl_potential_critical_kT(const bnsl_potential *potential, int32_t a, int32_t b, double *kT_out)
{
    const bnsl__pair *pair = bnsl__potential_pair(potential, a, b, __func__);
    if (!pair)
        return BNSL_EINVAL;
    if (!kT_out)
        return BNSL_FAIL(BNSL_EINVAL, "kT_out is NULL");
    return solve_kT(pair, -1.5, kT_out, __func__);
}
