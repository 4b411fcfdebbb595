/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two phases in equilibrium: equal pressure and equal mu = A/N + P/rho.
 *
 * As d mu/d P = 1/rho, the difference mu_dilute - mu_dense grows with P all along; its root lies between the pressures that both stable
 * branches reach. A branch is the part of P(rho) that grows, counted from the outer end of a phase's range; its end is found on a grid of 400
 * densities. P is inverted between bounds as well, so that nothing depends on a starting value. Cost: some 2000 evaluations.
 */
#include <math.h>

#include "core_internal.h"
#include "fluid_internal.h"

enum { N_GRID = 400 };
static const double ROUNDING = 1e-15;

/* The growing branch of one phase: densities from which to which, and their pressures. */
typedef struct branch {
    bnsl_free_energy_phase_fn fn;
    void *user;
    double density[2], pressure[2];
} branch;

static double pressure_at(const branch *b, double density)
{
    double a, p;
    b->fn(b->user, density, &a, &p);
    return p;
}

/* k-th of N_GRID + 1 densities: equal ratios where the range spans more than a factor 4 */
static double grid(double low, double high, int k)
{
    double x = (double)k / N_GRID;
    return high > 4 * low ? low * pow(high / low, x) : low + (high - low) * x;
}

static bool find_branch(branch *b, double low, double high, int dense)
{
    double last = dense ? high : low, p_last = pressure_at(b, last);
    b->density[dense] = last;
    b->pressure[dense] = p_last;
    for (int k = 1; k <= N_GRID; k++) {
        double next = grid(low, high, dense ? N_GRID - k : k), p = pressure_at(b, next);
        if (!(dense ? p < p_last : p > p_last))
            break;
        last = next;
        p_last = p;
    }
    b->density[!dense] = last;
    b->pressure[!dense] = p_last;
    return b->density[0] < b->density[1];
}

/* A branch and the pressure that it is to have. */
typedef struct excess {
    const branch *b;
    double pressure;
} excess;

static double excess_pressure(void *user, double density)
{
    const excess *e = user;
    return pressure_at(e->b, density) - e->pressure;
}

/* mu of a branch at a pressure. */
static double potential_of(const branch *b, double pressure, double *density)
{
    excess e = {b, pressure};
    double a, p;
    *density = bnsl__growing_root(excess_pressure, &e, b->density[0], b->density[1], ROUNDING);
    b->fn(b->user, *density, &a, &p);
    return a + pressure / *density;
}

/* mu_dilute - mu_dense at a pressure, of two branches. */
static double difference(void *user, double pressure)
{
    const branch *b = user;
    double rho;
    return potential_of(&b[0], pressure, &rho) - potential_of(&b[1], pressure, &rho);
}

bnsl_status bnsl__tangent(bnsl_free_energy_phase_fn const *phase, void *const *user, const double *low, const double *high, double *density,
                          double *pressure, double *mu, const char *func)
{
    branch b[2];
    for (int k = 0; k < 2; k++) {
        b[k] = (branch){.fn = phase[k], .user = user[k]};
        if (!find_branch(&b[k], low[k], high[k], k))
            return bnsl__fail(BNSL_EDOMAIN, func, "the %s phase has no stable branch between densities %g and %g", k ? "dense" : "dilute", low[k],
                              high[k]);
    }
    double p[2] = {fmax(b[0].pressure[0], b[1].pressure[0]), fmin(b[0].pressure[1], b[1].pressure[1])}, rho[2];
    if (!(p[0] < p[1]))
        return bnsl__fail(BNSL_EDOMAIN, func, "the phases have no pressure in common: %g to %g, and %g to %g", b[0].pressure[0], b[0].pressure[1],
                          b[1].pressure[0], b[1].pressure[1]);
    double at_low = difference(b, p[0]), at_high = difference(b, p[1]);
    if (!(at_low <= 0 && at_high >= 0))
        return bnsl__fail(BNSL_EDOMAIN, func, "between pressures %g and %g mu of the %s phase stays lower: by %.3g and %.3g", p[0], p[1],
                          at_low > 0 ? "dense" : "dilute", fabs(at_low), fabs(at_high));
    double balance = bnsl__growing_root(difference, b, p[0], p[1], ROUNDING), mu_dilute = potential_of(&b[0], balance, &rho[0]);
    potential_of(&b[1], balance, &rho[1]);
    if (!(rho[0] < rho[1] * (1 - 1e-6)))
        return bnsl__fail(BNSL_EDOMAIN, func, "the phases are one and the same, of density %g", rho[0]);
    *pressure = balance;
    *mu = mu_dilute;
    density[0] = rho[0];
    density[1] = rho[1];
    return BNSL_OK;
}

bnsl_status bnsl_free_energy_tangent(bnsl_free_energy_phase_fn dilute, void *dilute_user, bnsl_free_energy_phase_fn dense, void *dense_user,
                                     const double *low, const double *high, double *density_out, double *pressure_out, double *mu_out)
{
    if (!dilute || !dense || !low || !high || !density_out)
        return BNSL_FAIL(BNSL_EINVAL, "an argument that must not be NULL is NULL");
    for (int k = 0; k < 2; k++)
        if (!(low[k] > 0 && low[k] < high[k]) || !isfinite(high[k]))
            return BNSL_FAIL(BNSL_EINVAL, "low[%d] is %g and high[%d] %g, must be 0 < low < high", k, low[k], k, high[k]);
    bnsl_free_energy_phase_fn const phase[2] = {dilute, dense};
    void *const user[2] = {dilute_user, dense_user};
    double density[2], pressure, mu;
    bnsl_status status = bnsl__tangent(phase, user, low, high, density, &pressure, &mu, __func__);
    if (status)
        return status;
    density_out[0] = density[0];
    density_out[1] = density[1];
    if (pressure_out)
        *pressure_out = pressure;
    if (mu_out)
        *mu_out = mu;
    return BNSL_OK;
}
