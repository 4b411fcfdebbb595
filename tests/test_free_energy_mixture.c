/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fluids of two species at any composition, dew and bubble points, limits of stability: against functions whose answer is known. */
#include "bnsl_test.h"

/*
 * A mixture of van der Waals' kind whose pairs have one shape: a = beta A/V = sum rho_i (ln rho_i - 1) - rho ln(1 - sum b_i rho_i) - eps
 * sum a_ij rho_i rho_j, b_i = B d_i^3, a_ij = A k_ij ((d_i + d_j)/2)^3. Alone, each species has its critical point at eps = 1 and rho =
 * 1/(3 b) (A = 27 B / 8).
 */
typedef struct waals {
    double eps, d[2], k; /* k: of the unlike pair */
    bool hard;           /* hard spheres (BMCSL) in the place of -ln(1 - sum b rho) */
} waals;

static const double B = 10.0 / 9, A = 3.75, A_HARD = 5.55; /* A of hard spheres: critical near eps = 1 [Carnahan and Starling 1972] */
static const double PI = 3.14159265358979323846;

static double cube(double x)
{
    return x * x * x;
}

static double attraction(const waals *w, int i, int j)
{
    return (w->hard ? A_HARD : A) * (i == j ? 1 : w->k) * cube(0.5 * (w->d[i] + w->d[j]));
}

static void waals_fluid(void *user, double l, double s, double *a_out, double *mu_out)
{
    const waals *w = user;
    const double rho[2] = {l, s}, b[2] = {B * cube(w->d[0]), B * cube(w->d[1])};
    double total = l + s, room = 1 - b[0] * l - b[1] * s, a = -log(room), ex[2] = {a + total * b[0] / room, a + total * b[1] / room};
    const double fraction[2] = {l / total, s / total};
    if (w->hard)
        assert_ok(bnsl_free_energy_bmcsl(2, w->d, fraction, total, NULL, &a, ex));
    *a_out = total * a;
    for (int i = 0; i < 2; i++) {
        double pull = rho[0] * attraction(w, i, 0) + rho[1] * attraction(w, i, 1);
        *a_out += rho[i] * (log(rho[i]) - 1 - w->eps * pull);
        mu_out[i] = log(rho[i]) + ex[i] - 2 * w->eps * pull;
    }
}

static double waals_pressure(const waals *w, double l, double s)
{
    double z = 1 / (1 - B * (cube(w->d[0]) * l + cube(w->d[1]) * s));
    const double fraction[2] = {l / (l + s), s / (l + s)};
    if (w->hard)
        assert_ok(bnsl_free_energy_bmcsl(2, w->d, fraction, l + s, &z, NULL, NULL));
    return (l + s) * z - w->eps * (l * l * attraction(w, 0, 0) + 2 * l * s * attraction(w, 0, 1) + s * s * attraction(w, 1, 1));
}

/* det(rho_i d mu_i / d rho_j), by differences of fourth order. */
static double waals_stability(waals *w, double l, double s)
{
    static const double weight[4] = {1.0 / 12, -8.0 / 12, 8.0 / 12, -1.0 / 12}, offset[4] = {-2, -1, 1, 2}, h = 1e-3;
    double m[2][2] = {{0}}, a, mu[2];
    for (int j = 0; j < 2; j++)
        for (int k = 0; k < 4; k++) {
            waals_fluid(w, l * (1 + (j == 0) * offset[k] * h), s * (1 + (j == 1) * offset[k] * h), &a, mu);
            for (int i = 0; i < 2; i++)
                m[i][j] += weight[k] * mu[i] / h;
        }
    return m[0][0] * m[1][1] - m[0][1] * m[1][0];
}

static bnsl_status waals_point(waals *w, double x, int32_t bubble, bnsl_free_energy_fractionation *out)
{
    const double volume[2] = {PI / 6 * cube(w->d[0]), PI / 6 * cube(w->d[1])}, low[2] = {1e-8, 1e-8}, high[2] = {0.46, 0.46};
    return bnsl_free_energy_incipient(waals_fluid, w, waals_fluid, w, x, bubble, volume, low, high, out);
}

static void waals_pure(void *user, double rho, double *a, double *p)
{
    const waals *w = user;
    double b = B * cube(w->d[0]) * rho, pull = w->eps * attraction(w, 0, 0) * rho;
    *a = log(rho) - 1 - log(1 - b) - pull;
    *p = rho / (1 - b) - pull * rho;
}

/* Equal P and mu of the formulas themselves; nowhere is the free energy below the tangent plane; and the other fluid's own point is the first one. */
static void test_conditions_of_equilibrium(void **state)
{
    (void)state;
    const struct {
        double eps, x;
    } points[] = {{1.12, 1.0 / 3}, {1.4, 1.0 / 3}, {1.4, 0.8}, {1.4, 0.02}, {1.8, 0.5}};
    for (size_t k = 0; k < sizeof points / sizeof *points; k++)
        for (int32_t bubble = 0; bubble < 2; bubble++) {
            waals w = {points[k].eps, {1, 0.55}, 1, false};
            bnsl_free_energy_fractionation r, back;
            assert_ok(waals_point(&w, points[k].x, bubble, &r));
            assert_close(r.fraction[0], points[k].x, 0, 0);
            double packing[2];
            for (int i = 0; i < 2; i++) /* the number density of a vapour of small particles may be the higher one */
                packing[i] = r.density[i] * (r.fraction[i] + (1 - r.fraction[i]) * pow(0.55, 3));
            assert_true((packing[0] > packing[1]) == bubble);
            /* large particles attract each other more: the liquid has more of them */
            assert_true(bubble ? r.fraction[1] < r.fraction[0] : r.fraction[1] > r.fraction[0]);
            for (int i = 0; i < 2; i++) {
                double l = r.density[i] * r.fraction[i], s = r.density[i] - l, a, mu[2];
                waals_fluid(&w, l, s, &a, mu);
                assert_close(waals_pressure(&w, l, s), r.pressure, 1e-8, 0);
                assert_close(mu[0], r.mu[0], 0, 1e-9);
                assert_close(mu[1], r.mu[1], 0, 1e-9);
            }
            double least = INFINITY, scale = r.pressure;
            for (int i = 1; i < 200; i++)
                for (int j = 1; j < 100; j++) {
                    double phi = 0.46 * pow(i / 200.0, 3), x = j / 100.0, rho = phi / (PI / 6 * (x + (1 - x) * pow(0.55, 3))), a, mu[2];
                    waals_fluid(&w, rho * x, rho * (1 - x), &a, mu);
                    least = fmin(least, a - rho * (x * r.mu[0] + (1 - x) * r.mu[1]) + r.pressure);
                }
            assert_true(least > -1e-7 * scale);
            assert_ok(waals_point(&w, r.fraction[1], !bubble, &back));
            assert_close(back.density[0], r.density[1], 1e-7, 0);
            assert_close(back.density[1], r.density[0], 1e-7, 0);
            assert_close(back.fraction[1], points[k].x, 1e-7, 0);
        }
}

/* One species under two names: the tangent of the pure fluid, and no fractionation; and a trace of the other species changes nothing. */
static void test_pure_fluid_limit(void **state)
{
    (void)state;
    waals w = {1.3, {1, 1}, 1, false};
    const double low[2] = {1e-8, 0.01}, high[2] = {0.6, 0.85};
    double rho[2], p, mu;
    assert_ok(bnsl_free_energy_tangent(waals_pure, &w, waals_pure, &w, low, high, rho, &p, &mu));
    for (int32_t bubble = 0; bubble < 2; bubble++)
        for (int k = 0; k < 2; k++) {
            bnsl_free_energy_fractionation r;
            w.d[1] = k ? 0.55 : 1;
            double x = k ? 1 - 1e-8 : 0.3;
            assert_ok(waals_point(&w, x, bubble, &r));
            assert_close(r.density[0], rho[bubble], 1e-8, 0);
            assert_close(r.density[1], rho[!bubble], k ? 1e-7 : 1e-8, 0);
            assert_close(r.pressure, p, 1e-7, 0);
            assert_close(r.fraction[1], x, k ? 1e-7 : 1e-8, 0);
            assert_close(r.mu[0], mu + log(x), 1e-8, 0);
        }
}

/* Two species that differ in name alone and dislike each other: what happens at x happens at 1 - x. */
static void test_symmetric_mixture(void **state)
{
    (void)state;
    waals w = {1.25, {1, 1}, 0.9, false};
    for (int32_t bubble = 0; bubble < 2; bubble++) {
        bnsl_free_energy_fractionation r, mirror, half;
        assert_ok(waals_point(&w, 0.3, bubble, &r));
        assert_ok(waals_point(&w, 0.7, bubble, &mirror));
        for (int k = 0; k < 2; k++) {
            assert_close(r.density[k], mirror.density[k], 1e-8, 0);
            assert_close(r.fraction[k], 1 - mirror.fraction[k], 1e-7, 0);
            assert_close(r.mu[k], mirror.mu[1 - k], 1e-8, 0);
        }
        assert_true(fabs(r.fraction[1] - 0.3) > 1e-3);
        if (bubble) /* an azeotrope: at 1:1 both have one composition */
            continue;
        assert_ok(waals_point(&w, 0.5, bubble, &half));
        assert_close(half.fraction[1], 0.5, 0, 1e-6);
    }
}

static void test_incipient_faults(void **state)
{
    (void)state;
    waals w = {1.3, {1, 0.55}, 1, false};
    const double volume[2] = {0.5, 0.1}, low[2] = {1e-6, 1e-6}, high[2] = {0.4, 0.4}, bad[2] = {0.5, NAN};
    bnsl_free_energy_fractionation r = {.pressure = 7};
    assert_status(bnsl_free_energy_incipient(NULL, &w, waals_fluid, &w, 0.3, 0, volume, low, high, &r), BNSL_EINVAL);
    assert_status(bnsl_free_energy_incipient(waals_fluid, &w, NULL, &w, 0.3, 0, volume, low, high, &r), BNSL_EINVAL);
    assert_status(bnsl_free_energy_incipient(waals_fluid, &w, waals_fluid, &w, 0, 0, volume, low, high, &r), BNSL_EINVAL);
    assert_status(bnsl_free_energy_incipient(waals_fluid, &w, waals_fluid, &w, 1, 0, volume, low, high, &r), BNSL_EINVAL);
    assert_status(bnsl_free_energy_incipient(waals_fluid, &w, waals_fluid, &w, NAN, 0, volume, low, high, &r), BNSL_EINVAL);
    assert_status(bnsl_free_energy_incipient(waals_fluid, &w, waals_fluid, &w, 0.3, 2, volume, low, high, &r), BNSL_EINVAL);
    assert_status(bnsl_free_energy_incipient(waals_fluid, &w, waals_fluid, &w, 0.3, 0, bad, low, high, &r), BNSL_EINVAL);
    assert_status(bnsl_free_energy_incipient(waals_fluid, &w, waals_fluid, &w, 0.3, 0, volume, high, low, &r), BNSL_EINVAL);
    assert_status(bnsl_free_energy_incipient(waals_fluid, &w, waals_fluid, &w, 0.3, 0, volume, low, bad, &r), BNSL_EINVAL);
    assert_status(bnsl_free_energy_incipient(waals_fluid, &w, waals_fluid, &w, 0.3, 0, volume, low, high, NULL), BNSL_EINVAL);
    for (int32_t bubble = 0; bubble < 2; bubble++) { /* shallower than any critical point */
        w.eps = 0.7;
        assert_status(waals_point(&w, 0.3, bubble, &r), BNSL_EDOMAIN);
    }
    assert_true(r.pressure == 7);
}

/* ---- mixtures that are fitted ------------------------------------------------------------------------------ */

/* Values of van der Waals' mixture as data. Fractions: n of them, of equal distances from 0 or from the first inner one on. */
static int64_t waals_data(bnsl_free_energy_mixture_datum *d, double noise, uint64_t *random)
{
    const double fraction[] = {1, 1.0 / 3, 2.0 / 3}; /* L alone stands for S alone as well */
    int64_t n = 0;
    for (int f = 0; f < 3; f++)
        for (int i = 0; i < 13; i++)
            for (int j = 0; j < 4; j++)
                for (int kind = 0; kind < 3; kind++) {
                    waals w = {0.8 + 0.2 * j, {1, 0.55}, 1, true};
                    double x = fraction[f], v = PI / 6 * (x + (1 - x) * pow(0.55, 3)), rho = (0.004 + 0.033 * i) / v, a, mu[2];
                    waals_fluid(&w, rho * x, fmax(rho * (1 - x), 1e-300), &a, mu);
                    double l = rho * x, s = rho - l,
                           u = -(l * l * attraction(&w, 0, 0) + 2 * l * s * attraction(&w, 0, 1) + s * s * attraction(&w, 1, 1));
                    double value = kind == BNSL_DATUM_A ? a / rho : kind == BNSL_DATUM_Z ? waals_pressure(&w, l, s) / rho : u / rho;
                    d[n++] = (bnsl_free_energy_mixture_datum){kind, 0, rho, x, w.eps, value + noise * test_normal(random), noise};
                }
    return n;
}

static bnsl_free_energy_mixture *waals_mixture(double noise, uint64_t seed)
{
    static bnsl_free_energy_mixture_datum data[3 * 13 * 4 * 3];
    const double diameter[2] = {1, 0.55};
    bnsl_free_energy_mixture_options o;
    bnsl_free_energy_mixture *m = NULL;
    assert_ok(bnsl_free_energy_mixture_options_init(&o, sizeof o));
    o.n_density = 7;
    o.n_depth = 2;
    o.n_fraction = 3;
    int64_t n = waals_data(data, noise, &seed);
    assert_ok(bnsl_free_energy_mixture_create(&m, &o, n, data, diameter, NULL));
    return m;
}

/* A, P and both mu of the formula, between the compositions of the data too; the derivatives of A by differences. */
static void test_mixture_of_known_values(void **state)
{
    (void)state;
    bnsl_free_energy_mixture *m = waals_mixture(1e-6, 3);
    for (double x = 0.1; x < 0.95; x += 0.16)
        for (double phi = 0.03; phi < 0.38; phi += 0.07) {
            waals w = {1.1, {1, 0.55}, 1, true};
            double rho = phi / (PI / 6 * (x + (1 - x) * pow(0.55, 3))), a, mu[2], h = 1e-4;
            bnsl_free_energy_mixture_state r, up, down;
            assert_ok(bnsl_free_energy_mixture_evaluate(m, rho, x, 1.1, &r));
            waals_fluid(&w, rho * x, rho * (1 - x), &a, mu);
            /* seven terms in the density and a third degree in x leave out some 1e-3 of what they are fitted to, derivatives some 1e-2 */
            assert_close(r.a, a / rho, 0, 2e-3);
            assert_close(r.mu[0], mu[0], 0, 3e-2);
            assert_close(r.mu[1], mu[1], 0, 1e-2);
            assert_close(r.pressure, waals_pressure(&w, rho * x, rho * (1 - x)), 0, 6e-3 * rho);
            assert_close(r.stability, waals_stability(&w, rho * x, rho * (1 - x)), 0.02, 0.02);
            assert_close(x * r.mu[0] + (1 - x) * r.mu[1], r.a + r.pressure / rho, 1e-12, 0);
            assert_ok(bnsl_free_energy_mixture_evaluate(m, rho * (1 + h), x, 1.1, &up));
            assert_ok(bnsl_free_energy_mixture_evaluate(m, rho * (1 - h), x, 1.1, &down));
            assert_close((up.a - down.a) / (2 * h), r.pressure / rho, 0, 1e-6);
            assert_close((up.pressure - down.pressure) / (2 * h * rho), r.stiffness, 1e-5, 1e-5);
            assert_ok(bnsl_free_energy_mixture_evaluate(m, rho, x + h, 1.1, &up));
            assert_ok(bnsl_free_energy_mixture_evaluate(m, rho, x - h, 1.1, &down));
            assert_close((up.a - down.a) / (2 * h), r.mu[0] - r.mu[1], 0, 1e-5); /* dA/dx at constant density */
        }
    bnsl_free_energy_mixture_destroy(m);
}

/* The exact second virial coefficients, at compositions without data: one composition's data and one term in x. */
static void test_mixture_virial(void **state)
{
    (void)state;
    const double d[2] = {1, 0.55}, eps = 1.5;
    bnsl_potential_options o;
    bnsl_potential *p = NULL;
    bnsl_free_energy_mixture_options mo;
    bnsl_free_energy_mixture_datum data[4];
    bnsl_free_energy_mixture *m = NULL;
    double b[2][2];
    assert_ok(bnsl_potential_options_init(&o, sizeof o));
    o.n = 50;
    o.m = 6;
    o.r_cut = 2.5;
    o.well_depth = eps;
    assert_ok(bnsl_potential_create(&p, 2, d, &o));
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++)
            assert_ok(bnsl_potential_second_virial(p, i, j, 1, &b[i][j]));
    bnsl_potential_destroy(p);
    for (int k = 0; k < 4; k++) {
        double rho = 0.001 * (k + 1), x = 1.0 / 3, b2 = x * x * b[0][0] + 2 * x * (1 - x) * b[0][1] + (1 - x) * (1 - x) * b[1][1];
        data[k] = (bnsl_free_energy_mixture_datum){BNSL_DATUM_Z, 0, rho, x, eps, 1 + b2 * rho, 1e-4};
    }
    assert_ok(bnsl_free_energy_mixture_options_init(&mo, sizeof mo));
    mo.n_density = 1;
    mo.virial = 1;
    assert_ok(bnsl_free_energy_mixture_create(&m, &mo, 4, data, d, &o));
    for (double x = 0.05; x < 1; x += 0.3) {
        const double fraction[2] = {x, 1 - x};
        double rho = 3e-4;
        bnsl_free_energy_mixture_state r;
        assert_ok(bnsl_free_energy_mixture_evaluate(m, rho, x, eps, &r));
        for (int i = 0; i < 2; i++) /* to rho^2, of which 100 is generous */
            assert_close(r.mu[i], log(rho * fraction[i]) + 2 * rho * (x * b[i][0] + (1 - x) * b[i][1]), 0, 100 * rho * rho);
    }
    bnsl_free_energy_mixture_destroy(m);
}

/* One composition and one term in x: the same as a surface of that composition, to rounding. */
static void test_mixture_of_one_composition(void **state)
{
    (void)state;
    const double d[2] = {1, 0.55}, fraction[2] = {1.0 / 3, 2.0 / 3};
    bnsl_free_energy_mixture_datum data[120];
    bnsl_free_energy_datum same[120];
    bnsl_free_energy_mixture_options mo;
    bnsl_free_energy_surface_options so;
    bnsl_free_energy_mixture *m = NULL;
    bnsl_free_energy_surface *s = NULL;
    uint64_t random = 5;
    int n = 0;
    for (int i = 0; i < 10; i++)
        for (int j = 0; j < 4; j++)
            for (int kind = 0; kind < 3; kind++, n++) {
                same[n] = (bnsl_free_energy_datum){kind, 0, 0.2 * (i + 1), 0.5 + 0.1 * j, 1 + i + 0.1 * test_normal(&random), 0.1};
                data[n] = (bnsl_free_energy_mixture_datum){kind, 0, same[n].density, fraction[0], same[n].well_depth, same[n].value, same[n].error};
            }
    assert_ok(bnsl_free_energy_mixture_options_init(&mo, sizeof mo));
    assert_ok(bnsl_free_energy_surface_options_init(&so, sizeof so));
    mo.virial = so.virial = 1;
    mo.n_density = so.n_density = 5;
    mo.n_depth = so.n_depth = 3;
    so.n_species = 2;
    assert_ok(bnsl_free_energy_mixture_create(&m, &mo, n, data, d, NULL));
    assert_ok(bnsl_free_energy_surface_create(&s, &so, n, same, d, fraction, NULL));
    double chi2[2];
    int64_t freedom[2];
    assert_ok(bnsl_free_energy_mixture_quality(m, &chi2[0], &freedom[0], NULL, NULL));
    assert_ok(bnsl_free_energy_surface_quality(s, &chi2[1], &freedom[1], NULL, NULL));
    assert_close(chi2[0], chi2[1], 1e-9, 0);
    assert_int_equal(freedom[0], freedom[1]);
    for (double rho = 0.1; rho < 2; rho += 0.3) {
        bnsl_free_energy_mixture_state a;
        bnsl_free_energy_state b;
        assert_ok(bnsl_free_energy_mixture_evaluate(m, rho, fraction[0], 0.65, &a));
        assert_ok(bnsl_free_energy_surface_evaluate(s, rho, 0.65, &b));
        assert_close(a.a, b.a, 1e-8, 1e-8);
        assert_close(a.pressure, b.pressure, 1e-7, 1e-7);
        assert_close(a.a_err, b.a_err, 1e-7, 0);
        assert_close(a.pressure_err, b.pressure_err, 1e-7, 0);
        assert_close(a.stiffness, b.stiffness, 1e-4, 1e-4);
    }
    bnsl_free_energy_mixture_destroy(m);
    bnsl_free_energy_surface_destroy(s);
}

/* Noise of known size: dew and bubble points of fits scatter as their errors. 20 seeds; 99.9 % of chi2 within 5.9 .. 45.3. */
static void test_fractionation_of_fits(void **state)
{
    (void)state;
    bnsl_free_energy_mixture *exact = waals_mixture(1e-6, 7);
    waals w = {1.3, {1, 0.55}, 1, true};
    for (int32_t bubble = 0; bubble < 2; bubble++) {
        bnsl_free_energy_fractionation want, fitted, again;
        double sum[3] = {0};
        assert_ok(waals_point(&w, 1.0 / 3, bubble, &want));
        assert_ok(bnsl_free_energy_fractionate(exact, exact, w.eps, 1.0 / 3, bubble, 10, 1, &fitted));
        assert_ok(bnsl_free_energy_fractionate(exact, exact, w.eps, 1.0 / 3, bubble, 10, 1, &again));
        assert_memory_equal(&fitted, &again, sizeof again); /* same seed, same bits */
        for (int k = 0; k < 2; k++) { /* what the polynomial in x leaves out */
            assert_close(fitted.density[k], want.density[k], 0.03, 0);
            assert_close(fitted.fraction[k], want.fraction[k], 0, 0.01);
        }
        for (uint64_t seed = 1; seed <= 20; seed++) {
            bnsl_free_energy_mixture *m = waals_mixture(2e-3, 100 * seed);
            bnsl_free_energy_fractionation r;
            assert_ok(bnsl_free_energy_fractionate(m, m, w.eps, 1.0 / 3, bubble, 40, seed, &r));
            sum[0] += pow((r.density[0] - fitted.density[0]) / r.density_err[0], 2);
            sum[1] += pow((r.density[1] - fitted.density[1]) / r.density_err[1], 2);
            sum[2] += pow((r.fraction[1] - fitted.fraction[1]) / r.fraction_err[1], 2);
            assert_true(r.fraction_err[0] == 0);
            bnsl_free_energy_mixture_destroy(m);
        }
        for (int k = 0; k < 3; k++)
            if (!(sum[k] > 5.9 && sum[k] < 45.3))
                fail_msg("chi2 of value %d is %g for 20", k, sum[k]);
    }
    bnsl_free_energy_mixture_destroy(exact);
}

/* The smallest depth at which the formula's determinant is 0, by a scan. */
static void test_demixing_depth(void **state)
{
    (void)state;
    bnsl_free_energy_mixture *m = waals_mixture(1e-6, 9);
    for (double x = 0.2; x < 0.9; x += 0.3) {
        double least = INFINITY, at = 0, depth, err, rho;
        for (int i = 1; i < 400; i++) { /* its first root by halving */
            double density = 0.4 * i / 400 / (PI / 6 * (x + (1 - x) * pow(0.55, 3))), low = 0, high = 1.4;
            waals w = {high, {1, 0.55}, 1, true};
            if (waals_stability(&w, density * x, density * (1 - x)) > 0)
                continue;
            for (int k = 0; k < 40; k++) {
                w.eps = 0.5 * (low + high);
                *(waals_stability(&w, density * x, density * (1 - x)) > 0 ? &low : &high) = w.eps;
            }
            if (high < least) {
                least = high;
                at = density;
            }
        }
        assert_ok(bnsl_free_energy_demixing_depth(m, x, 10, 1, &depth, &err, &rho));
        printf("    fraction %.1f: limit of stability at %.5f +- %.5f and density %.3f; by a scan %.5f, %.3f\n", x, depth, err, rho, least, at);
        assert_close(depth, least, 0, 5e-3);
        assert_close(rho, at, 0.05, 0);
        assert_true(err > 0 && err < 1e-3);
    }
    bnsl_free_energy_mixture_destroy(m);
}

static void test_mixture_faults(void **state)
{
    (void)state;
    const double d[2] = {1, 0.55}, bad[2] = {1, -1};
    bnsl_free_energy_mixture_options o;
    bnsl_free_energy_mixture *m = (void *)1;
    bnsl_free_energy_mixture_state r;
    bnsl_free_energy_fractionation f;
    bnsl_free_energy_mixture_datum data[6];
    for (int i = 0; i < 6; i++)
        data[i] = (bnsl_free_energy_mixture_datum){BNSL_DATUM_Z, 0, 0.1 * (i + 1), 0.5, 1, 1 + i, 0.1};
    assert_ok(bnsl_free_energy_mixture_options_init(&o, sizeof o));
    o.n_density = 3;
    assert_status(bnsl_free_energy_mixture_create(NULL, &o, 6, data, d, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_mixture_create(&m, &o, 6, data, d, NULL), BNSL_EINVAL); /* no A, no virial */
    assert_null(m);
    o.virial = 1;
    assert_status(bnsl_free_energy_mixture_create(&m, &o, 6, NULL, d, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_mixture_create(&m, &o, 6, data, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_mixture_create(&m, &o, 6, data, bad, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_mixture_create(&m, &o, 2, data, d, NULL), BNSL_EINVAL); /* too few */
    const struct {
        double density, fraction, depth, value, error;
        int32_t kind;
    } wrong[] = {{-1, 0.5, 1, 1, 1, 1},       {NAN, 0.5, 1, 1, 1, 1},      {1, 1.1, 1, 1, 1, 1},           {1, NAN, 1, 1, 1, 1},
                 {1, 0.5, 0, 1, 1, 1},        {1, 0.5, INFINITY, 1, 1, 1}, {1, 0.5, 1, NAN, 1, 1},         {1, 0.5, 1, 1, 0, 1},
                 {1, 0.5, 1, 1, INFINITY, 1}, {1, 0.5, 1, 1, 1, 3},        {1, 0.5, 1, 1, 1, BNSL_DATUM_U}};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        bnsl_free_energy_mixture_datum kept = data[2];
        data[2] = (bnsl_free_energy_mixture_datum){wrong[k].kind, 0, wrong[k].density, wrong[k].fraction, wrong[k].depth, wrong[k].value,
                                                   wrong[k].error};
        assert_status(bnsl_free_energy_mixture_create(&m, &o, 6, data, d, NULL), BNSL_EINVAL);
        data[2] = kept;
    }
    o.n_fraction = 2;
    o.n_density = 2;
    assert_status(bnsl_free_energy_mixture_create(&m, &o, 6, data, d, NULL), BNSL_ENUMERIC); /* one composition */
    o.n_fraction = 5;
    assert_status(bnsl_free_energy_mixture_create(&m, &o, 6, data, d, NULL), BNSL_EINVAL);
    o.n_fraction = 1;
    assert_ok(bnsl_free_energy_mixture_create(&m, &o, 6, data, d, NULL));
    assert_status(bnsl_free_energy_mixture_evaluate(m, 2, 0.5, 1, &r), BNSL_EDOMAIN);
    assert_status(bnsl_free_energy_mixture_evaluate(m, 0.3, 0.5, 2, &r), BNSL_EDOMAIN);
    assert_status(bnsl_free_energy_mixture_evaluate(m, 0.3, 0, 1, &r), BNSL_EINVAL);
    assert_status(bnsl_free_energy_mixture_evaluate(m, NAN, 0.5, 1, &r), BNSL_EDOMAIN);
    assert_status(bnsl_free_energy_mixture_evaluate(NULL, 0.3, 0.5, 1, &r), BNSL_EINVAL);
    assert_status(bnsl_free_energy_mixture_quality(NULL, NULL, NULL, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_fractionate(m, NULL, 1, 0.5, 0, 0, 1, &f), BNSL_EINVAL);
    assert_status(bnsl_free_energy_fractionate(m, m, 1, 1, 0, 0, 1, &f), BNSL_EINVAL);
    assert_status(bnsl_free_energy_fractionate(m, m, 1, 0.5, 3, 0, 1, &f), BNSL_EINVAL);
    assert_status(bnsl_free_energy_fractionate(m, m, 1, 0.5, 0, -1, 1, &f), BNSL_EINVAL);
    assert_status(bnsl_free_energy_fractionate(m, m, 2, 0.5, 0, 0, 1, &f), BNSL_EDOMAIN);
    assert_status(bnsl_free_energy_fractionate(m, m, 1, 0.5, 0, 0, 1, &f), BNSL_EDOMAIN); /* repulsive: stable everywhere */
    assert_status(bnsl_free_energy_demixing_depth(m, 0.5, 0, 1, NULL, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_demixing_depth(NULL, 0.5, 0, 1, NULL, NULL, NULL), BNSL_EINVAL);
    bnsl_free_energy_mixture_destroy(m);
    bnsl_free_energy_mixture_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conditions_of_equilibrium), cmocka_unit_test(test_pure_fluid_limit),     cmocka_unit_test(test_symmetric_mixture),
        cmocka_unit_test(test_incipient_faults),          cmocka_unit_test(test_mixture_of_known_values), cmocka_unit_test(test_mixture_virial),
        cmocka_unit_test(test_mixture_of_one_composition), cmocka_unit_test(test_fractionation_of_fits), cmocka_unit_test(test_demixing_depth),
        cmocka_unit_test(test_mixture_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
