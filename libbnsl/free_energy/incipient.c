/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Dew and bubble points of a fluid of two species. The parent's composition is given. At each of its densities the other fluid that is farthest below
 * the tangent plane of the free energy a(rho_L, rho_S) = beta A/V is looked for [Michelsen, Fluid Phase Equilib. 9, 1 (1982)],
 *
 *   D = min over rho' of a(rho') - sum_i mu_i rho'_i + P,
 *
 * and the parent is stable as long as D >= 0. Of the other fluid the branch is taken that ends at the outer limit of its range (a liquid:
 * high); along it, at a composition x', a - sum mu rho' is least where sum x'_i mu'_i = sum x'_i mu_i, whose left side grows with the
 * density: one root for each x', a scan and golden sections over x'. The first density with D < 0 is halved down, and Newton's method on
 * ln rho, ln rho'_L, ln rho'_S makes P and both mu equal. Nothing depends on a starting value. Cost: some 10^5 evaluations from nothing, 50
 * from a solution nearby.
 */
#include <math.h>

#include <gsl/gsl_linalg.h>

#include "core_internal.h"
#include "fluid_internal.h"

enum { N_PARENT = 120, N_BRANCH = 60, N_SCAN = 49, N_HALVINGS = 50, N_GOLDEN = 24, N_NEWTON = 60 };
static const double SCAN_END = 12, SCAN_STEP = 0.5; /* of ln x'/(1 - x') */
static const double LEAST_DIFFERENCE = 1e-3; /* of the phases' densities or compositions: less is one phase */

typedef struct plane {
    double mu[2], pressure;
} plane;

static double pressure_of(const double rho[2], double a, const double mu[2])
{
    return rho[0] * mu[0] + rho[1] * mu[1] - a;
}

static plane tangent_plane(const fluid_pair *f, int which, double rho_l, double rho_s)
{
    const double rho[2] = {rho_l, rho_s};
    plane t;
    double a;
    f->fn[which](f->user[which], rho_l, rho_s, &a, t.mu);
    t.pressure = pressure_of(rho, a, t.mu);
    return t;
}

/* The density at which a fluid of a composition has a packing y = rho sum x_i x_j size_ij. */
static double density_of(const fluid_pair *f, double y, double x)
{
    return y / (x * x * f->size[0] + 2 * x * (1 - x) * f->size[1] + (1 - x) * (1 - x) * f->size[2]);
}

static double packing_of(const fluid_pair *f, double l, double s)
{
    return (l * l * f->size[0] + 2 * l * s * f->size[1] + s * s * f->size[2]) / (l + s);
}

/* k-th of n + 1 packings from the outer limit inwards: of a vapour from low up in equal ratios, of a liquid from high down in equal steps. */
static double inwards(const fluid_pair *f, int which, int k, int n)
{
    bool liquid = (which == 0) == f->bubble;
    double low = f->low[which], high = f->high[which], x = (double)k / n;
    return liquid ? high + (low - high) * x : low * pow(high / low, x);
}

/* sum x_i mu_i of the other fluid at a packing. */
static double mean_potential(const fluid_pair *f, double y, double x)
{
    double rho = density_of(f, y, x), a, mu[2];
    f->fn[1](f->user[1], rho * x, rho * (1 - x), &a, mu);
    return x * mu[0] + (1 - x) * mu[1];
}

typedef struct balance {
    const fluid_pair *f;
    double x, wanted;
} balance;

static double off_balance(void *user, double y)
{
    const balance *b = user;
    return mean_potential(b->f, y, b->x) - b->wanted;
}

/* mean_potential along the branch of the other fluid at the compositions of the scan, the same for every parent. */
typedef struct scan {
    double mean[N_SCAN][N_BRANCH + 1];
} scan;

static double scanned(int k)
{
    return -SCAN_END + k * SCAN_STEP;
}

/* Composition at ln(x / (1 - x)). */
static double composition(double logit)
{
    return 1 / (1 + exp(-logit));
}

static void make_scan(const fluid_pair *f, scan *s)
{
    for (int i = 0; i < N_SCAN; i++)
        for (int k = 0; k <= N_BRANCH; k++)
            s->mean[i][k] = mean_potential(f, inwards(f, 1, k, N_BRANCH), composition(scanned(i)));
}

/* D of the other fluid at a composition, and its density; INFINITY where its branch does not reach that sum of potentials. mean: mean_potential
 * along the branch where it is known, or NULL. */
static double distance_at(const fluid_pair *f, const plane *t, double x, const double *mean, double *density)
{
    bool liquid = !f->bubble;
    double wanted = x * t->mu[0] + (1 - x) * t->mu[1], outer = inwards(f, 1, 0, N_BRANCH);
    double last = mean ? mean[0] : mean_potential(f, outer, x), inner = outer;
    bool beyond = liquid ? last > wanted : last < wanted;
    *density = density_of(f, outer, x);
    for (int k = 1; beyond; k++) { /* along the branch, until the sum has been passed or the branch ends */
        if (k > N_BRANCH)
            return INFINITY;
        double y = inwards(f, 1, k, N_BRANCH), next = mean ? mean[k] : mean_potential(f, y, x);
        if (!(liquid ? next < last : next > last))
            return INFINITY;
        inner = y;
        if (liquid ? next <= wanted : next >= wanted)
            break;
        outer = y;
        last = next;
    }
    if (!beyond) /* the other fluid is not known there: denser (a liquid) or more dilute */
        return INFINITY;
    balance b = {f, x, wanted};
    *density = density_of(f, bnsl__growing_root(off_balance, &b, fmin(inner, outer), fmax(inner, outer), 1e-7), x); /* D is stationary there */
    const double rho[2] = {*density * x, *density * (1 - x)};
    double a, mu[2];
    f->fn[1](f->user[1], rho[0], rho[1], &a, mu);
    return a - rho[0] * t->mu[0] - rho[1] * t->mu[1] + t->pressure;
}

/* The smallest D and where it is. */
static double least_distance(const fluid_pair *f, const scan *s, const plane *t, double *x_out, double *density_out)
{
    static const double GOLDEN = 0.61803398874989485, FAR = 0.1; /* kT a particle, ten times what SCAN_STEP can miss */
    double least = INFINITY, at = 0, rho;
    for (int k = 0; k < N_SCAN; k++) {
        double d = distance_at(f, t, composition(scanned(k)), s->mean[k], &rho);
        if (d < least) {
            least = d;
            at = scanned(k);
            *density_out = rho;
        }
    }
    if (isinf(least) || least > FAR * *density_out)
        return least;
    double low = at - SCAN_STEP, high = at + SCAN_STEP;
    for (int k = 0; k < N_GOLDEN; k++) {
        double a = high - GOLDEN * (high - low), b = low + GOLDEN * (high - low);
        if (distance_at(f, t, composition(a), NULL, &rho) < distance_at(f, t, composition(b), NULL, &rho))
            high = b;
        else
            low = a;
    }
    *x_out = composition(0.5 * (low + high));
    double d = distance_at(f, t, *x_out, NULL, density_out);
    if (d > least) { /* a branch that ends within */
        *x_out = composition(at);
        d = distance_at(f, t, *x_out, NULL, density_out);
    }
    return d;
}

/* What is to be 0, at logarithms of rho, rho'_L and rho'_S: differences of both mu, and of P over the density of the more dilute fluid. */
static void conditions(const fluid_pair *f, const double u[3], double out[3])
{
    double rho = exp(u[0]), l = exp(u[1]), s = exp(u[2]);
    plane here = tangent_plane(f, 0, rho * f->fraction, rho * (1 - f->fraction)), there = tangent_plane(f, 1, l, s);
    out[0] = here.mu[0] - there.mu[0];
    out[1] = here.mu[1] - there.mu[1];
    out[2] = (here.pressure - there.pressure) / fmin(rho, l + s);
}

/* The step m^-1 b of Newton's method, in place, by Householder reflections; false: none. The matrix is lost. */
static bool solve_three(double m[3][3], double b[3])
{
    double scale[3];
    gsl_matrix_view matrix = gsl_matrix_view_array(m[0], 3, 3);
    gsl_vector_view tau = gsl_vector_view_array(scale, 3), right = gsl_vector_view_array(b, 3);
    bnsl__gsl_enter();
    bool done = !gsl_linalg_QR_decomp(&matrix.matrix, &tau.vector) && !gsl_linalg_QR_svx(&matrix.matrix, &tau.vector, &right.vector);
    bnsl__gsl_leave();
    return done && isfinite(b[0]) && isfinite(b[1]) && isfinite(b[2]); /* a singular one divides by 0 */
}

static bool within(const fluid_pair *f, int which, double l, double s)
{
    double y = packing_of(f, l, s);
    return y >= f->low[which] * (1 - 1e-9) && y <= f->high[which] * (1 + 1e-9);
}

/* Two phases, each within its range, of which the one that is to be denser is. */
static bool acceptable(const fluid_pair *f, const double value[3])
{
    double x = f->fraction, l = value[0] * x, s = value[0] * (1 - x), other = value[1] + value[2];
    double y = packing_of(f, l, s), y_other = packing_of(f, value[1], value[2]);
    bool apart = fabs(y - y_other) > LEAST_DIFFERENCE * fmax(y, y_other) || fabs(value[1] / other - x) > LEAST_DIFFERENCE;
    return apart && within(f, 0, l, s) && within(f, 1, value[1], value[2]) && (y > y_other) == f->bubble;
}

bool bnsl__incipient_newton(const fluid_pair *f, double value[3])
{
    static const double STEP = 1e-6, LARGEST = 0.5;
    double u[3], residual[3], previous = INFINITY;
    for (int k = 0; k < 3; k++)
        u[k] = log(value[k]);
    for (int iteration = 0; iteration < N_NEWTON; iteration++) {
        double m[3][3], up[3], down[3];
        conditions(f, u, residual);
        for (int j = 0; j < 3; j++) {
            double at[3] = {u[0], u[1], u[2]};
            at[j] = u[j] + STEP;
            conditions(f, at, up);
            at[j] = u[j] - STEP;
            conditions(f, at, down);
            for (int i = 0; i < 3; i++)
                m[i][j] = (up[i] - down[i]) / (2 * STEP);
        }
        if (!solve_three(m, residual))
            return false;
        double largest = fmax(fabs(residual[0]), fmax(fabs(residual[1]), fabs(residual[2])));
        if (largest < 1e-9 && !(largest < previous)) { /* no longer smaller: rounding */
            for (int k = 0; k < 3; k++)
                value[k] = exp(u[k]);
            return acceptable(f, value);
        }
        previous = largest;
        double scale = largest > LARGEST ? LARGEST / largest : 1;
        for (int k = 0; k < 3; k++)
            u[k] -= scale * residual[k];
    }
    return false;
}

bnsl_status bnsl__incipient(const fluid_pair *f, double value[3], const char *func)
{
    double x = 0.5, other = 0, x_at = 0.5, other_at = 0, stable = 0, found = 0;
    scan s;
    make_scan(f, &s);
    for (int k = 0; k <= N_PARENT && !(found > 0); k++) {
        double y = inwards(f, 0, k, N_PARENT), rho = density_of(f, y, f->fraction);
        plane t = tangent_plane(f, 0, rho * f->fraction, rho * (1 - f->fraction));
        double d = least_distance(f, &s, &t, &x, &other);
        if (isnan(t.pressure) || !(d < -1e-9 * (fabs(t.pressure) + 1e-3 * rho))) {
            stable = y;
            continue;
        }
        if (k == 0)
            return bnsl__fail(BNSL_EDOMAIN, func, "the fluid of fraction %g is not stable at the end of its range, a density of %g",
                              f->fraction, rho);
        found = y;
        x_at = x;
        other_at = other;
    }
    if (!(found > 0))
        return bnsl__fail(BNSL_EDOMAIN, func, "the fluid of fraction %g is stable at all densities from %g to %g", f->fraction,
                          density_of(f, f->low[0], f->fraction), density_of(f, f->high[0], f->fraction));
    for (int k = 0; k < N_HALVINGS && fabs(found - stable) > 1e-9 * found; k++) {
        double y = 0.5 * (found + stable), rho = density_of(f, y, f->fraction);
        plane t = tangent_plane(f, 0, rho * f->fraction, rho * (1 - f->fraction));
        if (least_distance(f, &s, &t, &x, &other) < 0) {
            found = y;
            x_at = x;
            other_at = other;
        } else {
            stable = y;
        }
    }
    value[0] = density_of(f, found, f->fraction);
    value[1] = other_at * x_at;
    value[2] = other_at * (1 - x_at);
    if (!bnsl__incipient_newton(f, value))
        return bnsl__fail(BNSL_EDOMAIN, func, "no equilibrium within the ranges near a density of %g of the fluid of fraction %g", value[0],
                          f->fraction);
    return BNSL_OK;
}

bnsl_status bnsl_free_energy_incipient(bnsl_free_energy_mixture_fn parent, void *parent_user, bnsl_free_energy_mixture_fn other, void *other_user,
                                       double fraction, int32_t bubble, const double *volume, const double *low, const double *high,
                                       bnsl_free_energy_fractionation *out)
{
    if (!parent || !other || !volume || !low || !high || !out)
        return BNSL_FAIL(BNSL_EINVAL, "an argument that must not be NULL is NULL");
    if (!(fraction > 0 && fraction < 1))
        return BNSL_FAIL(BNSL_EINVAL, "fraction is %g, must be > 0 and < 1", fraction);
    if (bubble != 0 && bubble != 1)
        return BNSL_FAIL(BNSL_EINVAL, "bubble is %d, must be 0 or 1", (int)bubble);
    fluid_pair f = {.fn = {parent, other}, .user = {parent_user, other_user}, .fraction = fraction, .bubble = bubble};
    for (int k = 0; k < 2; k++) {
        if (!(low[k] > 0 && low[k] < high[k]) || isinf(high[k]) || !(volume[k] > 0) || isinf(volume[k]))
            return BNSL_FAIL(BNSL_EINVAL, "low[%d] is %g, high %g and volume %g, must be 0 < low < high and volume > 0", k, low[k], high[k],
                             volume[k]);
        f.low[k] = low[k];
        f.high[k] = high[k];
    }
    for (int k = 0; k < 3; k++) /* the packing fraction */
        f.size[k] = 0.5 * (volume[k / 2] + volume[(k + 1) / 2]);
    double value[3];
    bnsl_status status = bnsl__incipient(&f, value, __func__);
    if (status)
        return status;
    plane t = tangent_plane(&f, 1, value[1], value[2]);
    *out = (bnsl_free_energy_fractionation){.density = {value[0], value[1] + value[2]},
                                            .fraction = {fraction, value[1] / (value[1] + value[2])},
                                            .pressure = t.pressure,
                                            .mu = {t.mu[0], t.mu[1]}};
    return BNSL_OK;
}
