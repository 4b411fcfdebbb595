/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Second virial coefficient and Barker-Henderson diameter [J. Chem. Phys. 47, 4714 (1967)] of a pair.
 *
 * Both are moments of the Mayer function, integral of (1 - exp(-u/t)) x^p dx with x = r / sigma, p = 2 and 0. It is taken in parts:
 *   0 .. x_core        where exp(-u/t) < exp(-CORE) is below rounding: a power of x_core
 *   x_core .. x_upper  in log x, split where the integrand changes its character: at the zero of u, at r_min and 2 r_min, at r_on
 *   .. infinity        in w = x^-(s - p - 1), s the slowest exponent: the integrand is then bounded at w = 0, however slow the decay
 * each by adaptive 21-point Gauss-Kronrod quadrature with epsilon extrapolation (GSL qags). Cost: some thousand exponentials.
 * A table is split at its points, between which its energy is smooth: some twenty exponentials each.
 */
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_math.h>

#include "potential_internal.h"

#define CORE 50.0 /* exp(-50) = 2e-22 */
#define WORKSPACE_INTERVALS 400
#define PART_TOLERANCE 1e-13   /* asked of every part, unless it is */
#define NEGLIGIBLE 1e-14       /* of those before it, all parts together */
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
    bool smooth;     /* u is multiplied by the switching function */
    double slowest;  /* exponent of the decay at large x */
    double strength; /* limit of |u| x^slowest at large x */
} moment_problem;

static double reduced_energy(const moment_problem *problem, double log_x)
{
    double u = bnsl__pair_log_energy(problem->pair, log_x);
    if (problem->smooth)
        u *= bnsl__pair_switch(problem->pair, exp(log_x), NULL);
    return problem->inverse_t * (u - problem->u_shift);
}

/* Integrand in log x. */
static double mayer_log(double log_x, void *user)
{
    const moment_problem *problem = user;
    return -expm1(-reduced_energy(problem, log_x)) * exp((problem->power + 1) * log_x);
}

/* Integrand in x, of a table. */
static double mayer_table(double x, void *user)
{
    const moment_problem *problem = user;
    double u = bnsl__table_energy(problem->pair->table, x * problem->pair->opts.sigma, NULL);
    return -expm1(-problem->inverse_t * (u - problem->u_shift)) * (problem->power == 2 ? x * x : 1.0);
}

/*
 * Integrand in w. With v = u/t: (1 - exp(-v)) x^slowest = (-expm1(-v)/v) (v x^slowest), and the second factor is finite at w = 0, x = infinity:
 * +1/t for IPL, (C/t) ((x/x_0)^-(n-m) - 1) for Mie with its zero at x_0.
 */
static double mayer_tail(double w, void *user)
{
    const moment_problem *problem = user;
    const bnsl_potential_options *o = &problem->pair->opts;
    double rate = problem->slowest - problem->power - 1.0;
    double log_x = -log(w) / rate;
    double v = reduced_energy(problem, log_x);
    double ratio = v == 0.0 ? 1.0 : -expm1(-v) / v;
    double leading = problem->pair->depth > 0.0 ? expm1(-(o->n - o->m) * (log_x - problem->pair->log_zero)) : 1.0;
    return ratio * problem->inverse_t * problem->strength * leading / rate;
}

/* log x below which u/t > CORE, at most log_upper. u falls with x up to its minimum, and so does u S. */
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
    double negligible; /* what a part may be wrong by, of the magnitude */
    int gsl_status;
} parts;

static void add_part(parts *p, double (*integrand)(double, void *), moment_problem *problem, double from, double to, bnsl__quadrature *quadrature)
{
    gsl_function function = {integrand, problem};
    double value = 0.0, error = 0.0;
    if (!(from < to) || p->gsl_status)
        return;
    int status = gsl_integration_qags(&function, from, to, p->negligible * p->magnitude, PART_TOLERANCE, WORKSPACE_INTERVALS,
                                      quadrature->workspace, &value, &error);
    /* rounding stops the refinement of a part that is small or smooth: the sum of the errors decides */
    if (status && status != GSL_EROUND)
        p->gsl_status = status;
    p->sum += value;
    p->magnitude += fabs(value);
    p->error += error;
}

/* The parts of a pair of powers, x_upper = INFINITY: no cut-off. */
static void add_power_parts(parts *p, moment_problem *problem, double x_upper, bnsl__quadrature *quadrature)
{
    /* where the parts meet, in log x: rising but for the last two */
    const bnsl__pair *pair = problem->pair;
    double log_upper = log(x_upper), log_on = problem->smooth ? log(pair->opts.r_on) : log_upper;
    double zero = pair->depth > 0.0 ? pair->log_zero : 0.0, low = pair->depth > 0.0 ? log(pair->x_min) : 0.0;
    double meet[5] = {zero, low, low + log(2.0), log_on, log_upper};
    int n_meet = isinf(x_upper) ? 3 : 5;
    for (int i = 0; i < n_meet; i++)
        meet[i] = fmin(meet[i], log_upper);
    double log_core = core_edge(problem, meet[1]);
    for (int i = 3; i > 0 && n_meet == 5 && meet[i] < meet[i - 1]; i--) {
        double on = meet[i];
        meet[i] = meet[i - 1];
        meet[i - 1] = on;
    }

    double core = exp((problem->power + 1) * log_core) / (problem->power + 1), from = log_core;
    p->sum += core;
    p->magnitude += core;
    for (int i = 0; i < n_meet; i++) {
        add_part(p, mayer_log, problem, from, meet[i], quadrature);
        from = fmax(from, meet[i]);
    }
    if (isinf(x_upper))
        add_part(p, mayer_tail, problem, 0.0, exp(-(problem->slowest - problem->power - 1.0) * from), quadrature);
}

/*
 * The parts of a table. Where the line before its first point lies above CORE, the integrand is a power of x; a steep line that ends lower
 * is split where it passes CORE.
 */
static void add_table_parts(parts *p, moment_problem *problem, double x_upper, bnsl__quadrature *quadrature)
{
    const bnsl__table *t = problem->pair->table;
    double sigma = problem->pair->opts.sigma, x_first = fmin(t->r_min / sigma, x_upper), x_core = 0.0;
    double above = CORE / problem->inverse_t + problem->u_shift - t->u[0]; /* how much the line must rise from its end */
    if (!(above > 0.0))
        x_core = x_first;
    else if (t->force[0] > 0.0)
        x_core = fmin(fmax((t->r_min - above / t->force[0]) / sigma, 0.0), x_first);
    double core = problem->power == 2 ? x_core * x_core * x_core / 3.0 : x_core;
    p->sum += core;
    p->magnitude += core;
    add_part(p, mayer_table, problem, x_core, x_first, quadrature);
    double from = x_first;
    for (int32_t k = 1; k < t->n && from < x_upper; k++) {
        double to = k + 1 < t->n ? fmin((t->r_min + k * t->step) / sigma, x_upper) : x_upper;
        add_part(p, mayer_table, problem, from, to, quadrature);
        from = fmax(from, to);
    }
}

/*
 * Integral of (1 - exp(-(u(x) - u_shift) / t)) x^power dx from 0 to x_upper, u the uncut energy (cut: times the switching function, if the
 * pair has one). x_upper = INFINITY needs u_shift = 0. The error is below 1e-12 of the sum of the absolute values of the parts.
 */
static bnsl_status boltzmann_moment(const bnsl__pair *pair, double t, int power, double u_shift, double x_upper, bool cut,
                                    bnsl__quadrature *quadrature, double *moment_out, const char *func)
{
    bool has_well = pair->depth > 0.0;
    moment_problem problem = {.pair = pair,
                              .inverse_t = 1.0 / t,
                              .u_shift = u_shift,
                              .power = power,
                              .smooth = cut && pair->opts.shift == BNSL_SHIFT_SMOOTH,
                              .slowest = has_well ? pair->opts.m : pair->opts.n,
                              .strength = has_well ? pair->attractive : pair->repulsive};
    parts p = {.negligible = NEGLIGIBLE / (pair->table ? pair->table->n : 1)};
    if (pair->table)
        add_table_parts(&p, &problem, x_upper, quadrature);
    else
        add_power_parts(&p, &problem, x_upper, quadrature);

    if (p.gsl_status || !isfinite(p.sum) || !(p.error <= TOTAL_TOLERANCE * p.magnitude))
        return bnsl__fail(BNSL_ENUMERIC, func, "quadrature at kT = %g well_depth ended with %g +- %g (%s)", t, p.sum, p.error,
                          p.gsl_status ? gsl_strerror(p.gsl_status) : "rounding");
    *moment_out = p.sum;
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

bnsl_status bnsl__pair_second_virial(const bnsl__pair *pair, double t, bnsl__quadrature *quadrature, double *b2_out, const char *func)
{
    double moment = 0.0;
    if (pair->opts.form == BNSL_FORM_NONE) {
        *b2_out = 0.0;
        return BNSL_OK;
    }
    if (pair->cut_depth / t > LARGEST_EXPONENT)
        return bnsl__fail(BNSL_ENUMERIC, func, "exp(depth / kT) overflows: kT is %g of the depth, must be at least 1/%g", t / pair->cut_depth,
                          LARGEST_EXPONENT);
    bnsl_status status = boltzmann_moment(pair, t, 2, pair->u_cut, pair->opts.r_cut, true, quadrature, &moment, func);
    if (!status)
        *b2_out = 2.0 * M_PI * moment;
    return status;
}

bnsl_status bnsl__pair_barker_henderson(const bnsl__pair *pair, double t, int32_t split, bnsl__quadrature *quadrature, double *x_out,
                                        const char *func)
{
    double u_shift = 0.0, x_upper = pair->table ? pair->opts.r_cut : INFINITY;
    if (pair->depth > 0.0) {
        bool at_minimum = pair->opts.form == BNSL_FORM_WCA || split == BNSL_BH_WCA;
        u_shift = at_minimum ? -pair->depth : 0.0;
        x_upper = at_minimum ? pair->x_min : exp(pair->log_zero);
    }
    if (!(x_upper > 0.0))
        return bnsl__fail(BNSL_EDOMAIN, func, "the energy of the table is not above 0 at r = 0 or lowest there: it has no repulsive core");
    return boltzmann_moment(pair, t, 0, u_shift, x_upper, false, quadrature, x_out, func);
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
