/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Second virial coefficient and Barker-Henderson diameter [J. Chem. Phys. 47, 4714 (1967)] of a pair.
 *
 * Both are moments of the Mayer function, integral of (1 - exp(-u/t)) x^p dx with x = r / sigma, p = 2 and 0. It is taken in parts:
 *   0 .. x_core        where exp(-u/t) < exp(-CORE) is below rounding: a power of x_core
 *   x_core .. x_upper  in log x, split at sigma, at r_min and at 2 r_min, where the integrand changes its character
 *   .. infinity        in w = x^-(s - p - 1), s the slowest exponent: the integrand is then bounded at w = 0, however slow the decay
 * each by adaptive 21-point Gauss-Kronrod quadrature with epsilon extrapolation (GSL qags). Cost: some thousand exponentials.
 */
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_math.h>

#include "potential_internal.h"

#define CORE 50.0 /* exp(-50) = 2e-22 */
#define WORKSPACE_INTERVALS 400
#define PART_TOLERANCE 1e-13   /* asked of every part */
#define TOTAL_TOLERANCE 1e-12  /* granted: of the sum of the absolute values of the parts */
#define LARGEST_EXPONENT 690.0 /* exp(690) = 1e300 */

struct bnsl__quadrature {
    gsl_integration_workspace *workspace;
};

bnsl__quadrature *bnsl__quadrature_begin(void)
{
    bnsl__quadrature *quadrature = bnsl__alloc(1, sizeof *quadrature);
    if (!quadrature)
        return NULL;
    bnsl__gsl_enter();
    quadrature->workspace = gsl_integration_workspace_alloc(WORKSPACE_INTERVALS);
    if (!quadrature->workspace) {
        bnsl__gsl_leave();
        free(quadrature);
        return NULL;
    }
    return quadrature;
}

void bnsl__quadrature_end(bnsl__quadrature *quadrature)
{
    if (!quadrature)
        return;
    gsl_integration_workspace_free(quadrature->workspace);
    bnsl__gsl_leave();
    free(quadrature);
}

typedef struct moment_problem {
    const bnsl__pair *pair;
    double inverse_t, u_shift;
    int power;
    double slowest;  /* exponent of the decay at large x */
    double strength; /* limit of |u| x^slowest at large x */
} moment_problem;

static double reduced_energy(const moment_problem *problem, double log_x)
{
    return problem->inverse_t * (bnsl__pair_log_energy(problem->pair, log_x) - problem->u_shift);
}

/* Integrand in log x. */
static double mayer_log(double log_x, void *user)
{
    const moment_problem *problem = user;
    return -expm1(-reduced_energy(problem, log_x)) * exp((problem->power + 1) * log_x);
}

/*
 * Integrand in w. With v = u/t: (1 - exp(-v)) x^slowest = (-expm1(-v)/v) (v x^slowest), and the second factor is finite at w = 0, x = infinity:
 * +1/t for IPL, (C/t) (x^-(n-m) - 1) for Mie.
 */
static double mayer_tail(double w, void *user)
{
    const moment_problem *problem = user;
    const bnsl_potential_options *o = &problem->pair->opts;
    double rate = problem->slowest - problem->power - 1.0;
    double log_x = -log(w) / rate;
    double v = reduced_energy(problem, log_x);
    double ratio = v == 0.0 ? 1.0 : -expm1(-v) / v;
    double leading = o->form == BNSL_FORM_IPL ? 1.0 : expm1(-(o->n - o->m) * log_x);
    return ratio * problem->inverse_t * problem->strength * leading / rate;
}

/* log x below which u/t > CORE, at most log_upper. u falls with x up to r_min. */
static double core_edge(const moment_problem *problem, double log_upper)
{
    double inside = log_upper, outside = log_upper, step = 1.0 / problem->pair->opts.n;
    if (!(reduced_energy(problem, log_upper) < CORE))
        return log_upper;
    do {
        outside = inside;
        inside -= step;
        step *= 2.0;
    } while (reduced_energy(problem, inside) < CORE);
    for (int i = 0; i < 40; i++) {
        double middle = 0.5 * (inside + outside);
        *(reduced_energy(problem, middle) < CORE ? &outside : &inside) = middle;
    }
    return inside;
}

typedef struct parts {
    double sum, magnitude, error;
    int gsl_status;
} parts;

static void add_part(parts *p, double (*integrand)(double, void *), moment_problem *problem, double from, double to, bnsl__quadrature *quadrature)
{
    gsl_function function = {integrand, problem};
    double value = 0.0, error = 0.0;
    if (!(from < to) || p->gsl_status)
        return;
    int status = gsl_integration_qags(&function, from, to, 0.0, PART_TOLERANCE, WORKSPACE_INTERVALS, quadrature->workspace, &value, &error);
    /* rounding stops the refinement of a part that is small or smooth: the sum of the errors decides */
    if (status && status != GSL_EROUND)
        p->gsl_status = status;
    p->sum += value;
    p->magnitude += fabs(value);
    p->error += error;
}

bnsl_status bnsl__boltzmann_moment(const bnsl__pair *pair, double t, int power, double u_shift, double x_upper, bnsl__quadrature *quadrature,
                                   double *moment_out, double *magnitude_out, const char *func)
{
    moment_problem problem = {pair, 1.0 / t, u_shift, power, 0.0, pair->prefactor};
    bool has_well = pair->opts.form != BNSL_FORM_IPL;
    problem.slowest = has_well ? pair->opts.m : pair->opts.n;

    /* where the parts meet, in log x */
    double log_upper = log(x_upper);
    double log_min = has_well ? log(pair->x_min) : 0.0;
    double meet[4] = {0.0, log_min, log_min + log(2.0), log_upper};
    for (int i = 0; i < 3; i++)
        meet[i] = fmin(meet[i], log_upper);
    double log_core = core_edge(&problem, meet[1]);
    double core = exp((power + 1) * log_core) / (power + 1);

    parts p = {core, core, 0.0, 0};
    double from = log_core;
    for (int i = 0; i < (isinf(x_upper) ? 3 : 4); i++) {
        add_part(&p, mayer_log, &problem, from, meet[i], quadrature);
        from = fmax(from, meet[i]);
    }
    if (isinf(x_upper))
        add_part(&p, mayer_tail, &problem, 0.0, exp(-(problem.slowest - power - 1.0) * from), quadrature);

    if (p.gsl_status || !isfinite(p.sum) || !(p.error <= TOTAL_TOLERANCE * p.magnitude))
        return bnsl__fail(BNSL_ENUMERIC, func, "quadrature at kT = %g well_depth ended with %g +- %g (%s)", t, p.sum, p.error,
                          p.gsl_status ? gsl_strerror(p.gsl_status) : "rounding");
    *moment_out = p.sum;
    *magnitude_out = p.magnitude;
    return BNSL_OK;
}

bnsl_status bnsl__check_kT(const bnsl__pair *pair, double kT, const char *func)
{
    if (!(kT > 0.0) || isinf(kT))
        return bnsl__fail(BNSL_EINVAL, func, "kT is %g, must be finite and > 0", kT);
    double t = kT / pair->opts.well_depth;
    if (!(t > 0.0) || isinf(t) || isinf(1.0 / t))
        return bnsl__fail(BNSL_EINVAL, func, "kT / well_depth is %g, must be finite and > 0", t);
    return BNSL_OK;
}

/* Of the pair as cut and shifted, in units of well_depth; not above 0 when there is no well. */
static double depth_of_well(const bnsl__pair *pair)
{
    if (pair->opts.form == BNSL_FORM_IPL)
        return 0.0;
    double lowest = pair->opts.r_cut > pair->x_min ? -1.0 : bnsl__pair_log_energy(pair, log(pair->opts.r_cut));
    return pair->u_cut - lowest;
}

bnsl_status bnsl__pair_second_virial(const bnsl__pair *pair, double t, bnsl__quadrature *quadrature, double *b2_out, const char *func)
{
    double moment = 0.0, magnitude = 0.0;
    if (pair->opts.form == BNSL_FORM_NONE) {
        *b2_out = 0.0;
        return BNSL_OK;
    }
    if (depth_of_well(pair) / t > LARGEST_EXPONENT)
        return bnsl__fail(BNSL_ENUMERIC, func, "exp(depth / kT) overflows: kT is %g of the depth, must be at least 1/%g", t / depth_of_well(pair),
                          LARGEST_EXPONENT);
    bnsl_status status = bnsl__boltzmann_moment(pair, t, 2, pair->u_cut, pair->opts.r_cut, quadrature, &moment, &magnitude, func);
    if (!status)
        *b2_out = 2.0 * M_PI * moment;
    return status;
}

bnsl_status bnsl__pair_barker_henderson(const bnsl__pair *pair, double t, int32_t split, bnsl__quadrature *quadrature, double *x_out,
                                        const char *func)
{
    double u_shift = 0.0, x_upper = 1.0, magnitude = 0.0;
    if (pair->opts.form == BNSL_FORM_IPL) {
        x_upper = INFINITY;
    } else if (pair->opts.form == BNSL_FORM_WCA || split == BNSL_BH_WCA) {
        u_shift = -1.0;
        x_upper = pair->x_min;
    }
    return bnsl__boltzmann_moment(pair, t, 0, u_shift, x_upper, quadrature, x_out, &magnitude, func);
}

bnsl_status bnsl_potential_second_virial(const bnsl_potential *potential, int32_t a, int32_t b, double kT, double *b2_out)
{
    const bnsl__pair *pair = bnsl__potential_pair(potential, a, b, __func__);
    if (!pair)
        return BNSL_EINVAL;
    if (!b2_out)
        return BNSL_FAIL(BNSL_EINVAL, "b2_out is NULL");
    bnsl_status status = bnsl__check_kT(pair, kT, __func__);
    if (status)
        return status;

    double reduced = 0.0, sigma = pair->opts.sigma;
    bnsl__quadrature *quadrature = bnsl__quadrature_begin();
    status = quadrature ? bnsl__pair_second_virial(pair, kT / pair->opts.well_depth, quadrature, &reduced, __func__) : BNSL_NOMEM();
    bnsl__quadrature_end(quadrature);
    if (!status)
        *b2_out = reduced * sigma * sigma * sigma;
    return status;
}

bnsl_status bnsl_potential_barker_henderson(const bnsl_potential *potential, int32_t a, int32_t b, double kT, int32_t split, double *diameter_out)
{
    const bnsl__pair *pair = bnsl__potential_pair(potential, a, b, __func__);
    if (!pair)
        return BNSL_EINVAL;
    if (!diameter_out)
        return BNSL_FAIL(BNSL_EINVAL, "diameter_out is NULL");
    if (split != BNSL_BH_WCA && split != BNSL_BH_SIGMA)
        return BNSL_FAIL(BNSL_EINVAL, "split is %d, must be BNSL_BH_WCA or BNSL_BH_SIGMA", split);
    bnsl_status status = bnsl__check_kT(pair, kT, __func__);
    if (status)
        return status;
    if (pair->opts.form == BNSL_FORM_NONE)
        return BNSL_FAIL(BNSL_EDOMAIN, "the pair (%d, %d) does not interact (form NONE)", a, b);

    double x = 0.0;
    bnsl__quadrature *quadrature = bnsl__quadrature_begin();
    status = quadrature ? bnsl__pair_barker_henderson(pair, kT / pair->opts.well_depth, split, quadrature, &x, __func__) : BNSL_NOMEM();
    bnsl__quadrature_end(quadrature);
    if (!status)
        *diameter_out = x * pair->opts.sigma;
    return status;
}
