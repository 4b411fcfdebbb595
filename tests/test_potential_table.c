/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Table potentials: interpolation and its order, ends, minimum, integrals, ownership, faults. */
#include "bnsl_test.h"

enum { N_MAX = 4001 };

static bnsl_potential *mie_pair(double n, double m, double depth, double sigma, double r_cut)
{
    bnsl_potential_options o;
    assert_ok(bnsl_potential_options_init(&o, sizeof o));
    o.n = n;
    o.m = m;
    o.well_depth = depth;
    o.sigma = sigma;
    o.r_cut = r_cut;
    o.shift = BNSL_SHIFT_NONE;
    return one_species(&o);
}

/* A table of n points of a pair, from r_min to r_max. */
static bnsl_potential *table_of(const bnsl_potential *source, double sigma, double r_min, double r_max, int32_t n)
{
    double r[N_MAX], u[N_MAX], force[N_MAX];
    assert_true(n <= N_MAX);
    for (int32_t k = 0; k < n; k++)
        r[k] = r_min + k * (r_max - r_min) / (n - 1);
    assert_ok(bnsl_potential_evaluate(source, 0, 0, n, r, u, force));
    bnsl_potential *p = one_species(NULL);
    assert_ok(bnsl_potential_set_table(p, 0, 0, sigma, r_min, r_max, n, u, force));
    return p;
}

static bnsl_potential *table_pair(double r_min, double r_max, int32_t n, const double *u, const double *force)
{
    bnsl_potential *p = one_species(NULL);
    assert_ok(bnsl_potential_set_table(p, 0, 0, 1, r_min, r_max, n, u, force));
    return p;
}

static void evaluate(const bnsl_potential *p, double r, double *u, double *force)
{
    assert_ok(bnsl_potential_evaluate(p, 0, 0, 1, &r, u, force));
}

/* ---- interpolation -------------------------------------------------------------------------------------- */

/* A cubic polynomial is its own interpolant. */
static void test_cubic_is_exact(void **state)
{
    (void)state;
    uint64_t seed = 4;
    for (int round = 0; round < 20; round++) {
        double c[4], u[50], force[50], r_min = 2 * test_uniform(&seed), r_max = r_min + 0.1 + 3 * test_uniform(&seed);
        int32_t n = round == 0 ? 2 : 2 + (int32_t)(48 * test_uniform(&seed));
        for (int i = 0; i < 4; i++)
            c[i] = test_normal(&seed);
        for (int32_t k = 0; k < n; k++) {
            double r = r_min + k * (r_max - r_min) / (n - 1);
            u[k] = c[0] + r * (c[1] + r * (c[2] + r * c[3]));
            force[k] = -(c[1] + r * (2 * c[2] + r * 3 * c[3]));
        }
        bnsl_potential *p = table_pair(r_min, r_max, n, u, force);
        for (int i = 0; i < 200; i++) {
            double r = r_min + (r_max - r_min) * test_uniform(&seed), got[2];
            double scale = fabs(c[0]) + r * (fabs(c[1]) + r * (fabs(c[2]) + r * fabs(c[3])));
            evaluate(p, r, &got[0], &got[1]);
            assert_close(got[0], c[0] + r * (c[1] + r * (c[2] + r * c[3])), 0, 2e-14 * scale);
            /* the slope is a difference of values over a step */
            assert_close(got[1], -(c[1] + r * (2 * c[2] + r * 3 * c[3])), 0, 2e-14 * scale * (n - 1) / (r_max - r_min));
        }
        bnsl_potential_destroy(p);
    }
}

/* Values and forces at the points; a straight line before the first one; nothing at and beyond the last. */
static void test_points_and_ends(void **state)
{
    (void)state;
    uint64_t seed = 9;
    enum { N = 37 };
    double u[N], force[N], r_min = 0.8, r_max = 2.3;
    for (int k = 0; k < N; k++) {
        u[k] = test_normal(&seed);
        force[k] = test_normal(&seed);
    }
    bnsl_potential *p = table_pair(r_min, r_max, N, u, force);
    for (int k = 0; k < N - 1; k++) {
        double r = r_min + k * (r_max - r_min) / (N - 1), got[2];
        evaluate(p, r, &got[0], &got[1]);
        /* r itself is rounded: a distance of 4e-16 off the point */
        assert_close(got[0], u[k], 0, 1e-13);
        assert_close(got[1], force[k], 0, 1e-12 * (N - 1));
    }
    for (double r = 1e-300; r < r_min; r = r * 1.5 + 1e-3) {
        double got[2];
        evaluate(p, r, &got[0], &got[1]);
        assert_close(got[0], u[0] + force[0] * (r_min - r), 1e-15, 1e-15);
        assert_true(got[1] == force[0]);
    }
    const double beyond[3] = {r_max, 3, INFINITY};
    for (int i = 0; i < 3; i++) {
        double got[2] = {7, 7};
        evaluate(p, beyond[i], &got[0], &got[1]);
        assert_true(got[0] == 0 && got[1] == 0);
    }
    double last, force_last;
    evaluate(p, nextafter(r_max, 0), &last, &force_last);
    assert_close(last, u[N - 1], 0, 1e-13);
    assert_close(force_last, force[N - 1], 0, 1e-12 * (N - 1));
    bnsl_potential_destroy(p);
}

/* F = -dU/dr within a piece, where U is a cubic polynomial: Richardson's extrapolation has no error but rounding. */
static void test_force_is_gradient(void **state)
{
    (void)state;
    uint64_t seed = 10;
    enum { N = 12 };
    double u[N], force[N];
    for (int k = 0; k < N; k++) {
        u[k] = test_normal(&seed);
        force[k] = 10 * test_normal(&seed);
    }
    bnsl_potential *p = table_pair(0.5, 2.7, N, u, force);
    const double step = 2.2 / (N - 1), h = 0.05 * step;
    for (int i = 0; i < 500; i++) {
        double r = 0.5 + step * ((int)(11 * test_uniform(&seed)) + 0.06 + 0.88 * test_uniform(&seed)), v[4], f;
        evaluate(p, r - h, &v[0], NULL);
        evaluate(p, r - h / 2, &v[1], NULL);
        evaluate(p, r + h / 2, &v[2], NULL);
        evaluate(p, r + h, &v[3], NULL);
        evaluate(p, r, NULL, &f);
        assert_close(f, -(4 * (v[2] - v[1]) / h - (v[3] - v[0]) / (2 * h)) / 3, 1e-12, 1e-12);
    }
    bnsl_potential_destroy(p);
}

/* Of a smooth energy: an error of h^4 in U and of h^3 in the force. */
static void test_convergence(void **state)
{
    (void)state;
    const double exponents[][2] = {{12, 6}, {50, 25}, {50, 6}};
    for (int i = 0; i < 3; i++) {
        bnsl_potential *mie = mie_pair(exponents[i][0], exponents[i][1], 1, 1, INFINITY);
        double error_u[4], error_force[4];
        for (int level = 0; level < 4; level++) {
            int32_t n = 500 * (1 << level) + 1;
            bnsl_potential *p = table_of(mie, 1, 0.95, 2, n);
            error_u[level] = error_force[level] = 0;
            /* where U bends most, with many distances in each piece */
            for (int k = 0; k < 20011; k++) {
                double r = 0.95 + 0.12 * k / 20011.0, u[2], force[2];
                evaluate(mie, r, &u[0], &force[0]);
                evaluate(p, r, &u[1], &force[1]);
                error_u[level] = fmax(error_u[level], fabs(u[1] - u[0]));
                error_force[level] = fmax(error_force[level], fabs(force[1] - force[0]));
            }
            bnsl_potential_destroy(p);
        }
        for (int level = 1; level < 4; level++) {
            assert_close(error_u[level - 1] / error_u[level], 16, 0.1, 0);
            assert_close(error_force[level - 1] / error_force[level], 8, 0.1, 0);
        }
        /* the constant too: h^4 max|U''''| / 384, at 0.95 where U'''' is of the order of C n^4 0.95^-(n+4) */
        double n = exponents[i][0], m = exponents[i][1], c = n / (n - m) * pow(n / m, m / (n - m)), h = 1.05 / 4000;
        double fourth = c * (n * (n + 1) * (n + 2) * (n + 3) * pow(0.95, -n - 4) - m * (m + 1) * (m + 2) * (m + 3) * pow(0.95, -m - 4));
        assert_close(error_u[3], pow(h, 4) * fourth / 384, 0.02, 0);
        bnsl_potential_destroy(mie);
    }
}

/* ---- minimum and integrals ------------------------------------------------------------------------------ */

static double naive_virial(const bnsl_potential *p, double kT, double r_max, int n_knots)
{
    /* Simpson's rule with the table's points among its own, from 0 */
    int n = 240 * (n_knots - 1);
    double sum = 0, h = r_max / n;
    for (int i = 1; i <= n; i++) {
        double r = i == n ? nextafter(r_max, 0) : i * h, u;
        evaluate(p, r, &u, NULL);
        sum += (i == n ? 1 : i % 2 ? 4 : 2) * -expm1(-u / kT) * r * r;
    }
    return 2 * 3.14159265358979323846 * sum * h / 3;
}

/* Any table at all against brute force: lowest point, B2, Barker-Henderson. */
static void test_rough_tables_by_brute_force(void **state)
{
    (void)state;
    uint64_t seed = 12;
    enum { N = 7 };
    int n_minima = 0;
    for (int round = 0; round < 40; round++) {
        /* equal steps from 0 to 1.6 of which the table begins at the first: r_min = 0.2 */
        double u[N], force[N];
        for (int k = 0; k < N; k++) {
            u[k] = (k == 0 ? 2 : 0) + test_normal(&seed);
            force[k] = (k == 0 ? 10 : 0) + 5 * test_normal(&seed);
        }
        bnsl_potential *p = table_pair(0.2, 1.4, N, u, force);
        double kT = 0.5 + test_uniform(&seed), b2, lowest = INFINITY, r_lowest = 0, r_min = NAN, u_min = NAN;
        assert_ok(bnsl_potential_second_virial(p, 0, 0, kT, &b2));
        assert_close(b2, naive_virial(p, kT, 1.4, N + 1), 1e-6, 1e-6); /* Simpson's error, 1680 intervals */
        for (double r = 1e-4; r < 1.4; r += 1e-4) {
            double v;
            evaluate(p, r, &v, NULL);
            if (v < lowest) {
                lowest = v;
                r_lowest = r;
            }
        }
        bnsl_status status = bnsl_potential_minimum(p, 0, 0, &r_min, &u_min);
        if (status == BNSL_OK) {
            n_minima++;
            /* the lowest point of the scan is within a step; U is within U'' step^2 */
            assert_close(r_min, r_lowest, 0, 2e-4);
            assert_true(u_min <= lowest);
            assert_close(u_min, lowest, 0, 1e-5);
            double f;
            evaluate(p, r_min, NULL, &f);
            assert_close(f, 0, 0, 1e-9);
        } else {
            assert_int_equal(status, BNSL_EDOMAIN);
            assert_true(lowest >= 0 || r_lowest < 2e-4 || r_lowest > 1.4 - 2e-4);
        }
        bnsl_potential_destroy(p);
    }
    assert_true(n_minima > 20);
}

/* A fine table of a Mie pair has the pair's facts. */
static void test_facts_of_a_fine_table(void **state)
{
    (void)state;
    const double exponents[][2] = {{50, 25}, {50, 6}, {12, 6}};
    for (int i = 0; i < 3; i++) {
        const double sigma = 0.775, depth = 1.5, r_cut = 2.5;
        bnsl_potential *mie = mie_pair(exponents[i][0], exponents[i][1], depth, sigma, r_cut);
        bnsl_potential *p = table_of(mie, sigma, 0.8 * sigma, r_cut * sigma, N_MAX);
        double got, want, u_got, u_want;
        /* the mie pair ends before r_cut: there is no value at the last point but that from the left */
        const double *u, *force;
        double last = nextafter(r_cut * sigma, 0), end[2], values[2][N_MAX];
        assert_ok(bnsl_potential_table(p, 0, 0, NULL, NULL, NULL, &u, &force));
        evaluate(mie, last, &end[0], &end[1]);
        memcpy(values[0], u, sizeof values[0]);
        memcpy(values[1], force, sizeof values[1]);
        values[0][N_MAX - 1] = end[0];
        values[1][N_MAX - 1] = end[1];
        assert_ok(bnsl_potential_set_table(p, 0, 0, sigma, 0.8 * sigma, r_cut * sigma, N_MAX, values[0], values[1]));
        /* h^4 U''''/384 is 2e-8 for n = 50 in steps of sigma/2400 at 0.95 sigma, 1e-9 around the minimum */
        assert_ok(bnsl_potential_minimum(mie, 0, 0, &want, &u_want));
        assert_ok(bnsl_potential_minimum(p, 0, 0, &got, &u_got));
        assert_close(got, want, 1e-7, 0);
        assert_close(u_got, u_want, 1e-8, 0);
        for (double kT = 0.5; kT < 4; kT *= 1.7) {
            assert_ok(bnsl_potential_second_virial(mie, 0, 0, kT, &want));
            assert_ok(bnsl_potential_second_virial(p, 0, 0, kT, &got));
            assert_close(got, want, 1e-8, 1e-8);
            for (int32_t split = BNSL_BH_WCA; split <= BNSL_BH_SIGMA; split++) {
                assert_ok(bnsl_potential_barker_henderson(mie, 0, 0, kT, split, &want));
                assert_ok(bnsl_potential_barker_henderson(p, 0, 0, kT, split, &got));
                assert_close(got, want, 1e-8, 0);
            }
            assert_ok(bnsl_potential_effective_range(mie, 0, 0, kT, &want));
            assert_ok(bnsl_potential_effective_range(p, 0, 0, kT, &got));
            assert_close(got, want, 1e-7, 0);
        }
        assert_ok(bnsl_potential_boyle_kT(mie, 0, 0, &want));
        assert_ok(bnsl_potential_boyle_kT(p, 0, 0, &got));
        assert_close(got, want, 1e-7, 0);
        assert_ok(bnsl_potential_critical_kT(mie, 0, 0, &want));
        assert_ok(bnsl_potential_critical_kT(p, 0, 0, &got));
        assert_close(got, want, 1e-7, 0);
        bnsl_potential_destroy(mie);
        bnsl_potential_destroy(p);
    }
}

/* Integrals that have closed forms: a penetrable ramp, a triangle well, a hard ramp. */
static void test_closed_forms(void **state)
{
    (void)state;
    const double pi = 3.14159265358979323846, kT = 0.7;
    /* U = 2 - 2 r up to r = 1: integral of (1 - exp(-a (1 - r))) r^2, a = 2/kT, by parts */
    const double ramp[2] = {2, 0}, slope[2] = {2, 2};
    bnsl_potential *p = table_pair(0, 1, 2, ramp, slope);
    double a = 2 / kT, got, x = 7;
    double moment2 = 1.0 / 3 - (1 / a - 2 / (a * a) + 2 / (a * a * a) - 2 * exp(-a) / (a * a * a)), moment0 = 1 - (1 - exp(-a)) / a;
    assert_ok(bnsl_potential_second_virial(p, 0, 0, kT, &got));
    assert_close(got, 2 * pi * moment2, 1e-13, 0);
    for (int32_t split = BNSL_BH_WCA; split <= BNSL_BH_SIGMA; split++) {
        assert_ok(bnsl_potential_barker_henderson(p, 0, 0, kT, split, &got));
        assert_close(got, moment0, 1e-13, 0);
    }
    /* the same table that begins at 0.5: the line before it is the same */
    const double half[2] = {1, 0};
    bnsl_potential *q = table_pair(0.5, 1, 2, half, slope);
    assert_ok(bnsl_potential_second_virial(q, 0, 0, kT, &got));
    assert_close(got, 2 * pi * moment2, 1e-13, 0);
    bnsl_potential_destroy(q);
    /* repulsive throughout: no minimum, no range */
    assert_status(bnsl_potential_minimum(p, 0, 0, &x, &x), BNSL_EDOMAIN);
    assert_status(bnsl_potential_effective_range(p, 0, 0, kT, &x), BNSL_EDOMAIN);
    assert_status(bnsl_potential_boyle_kT(p, 0, 0, &x), BNSL_EDOMAIN);
    assert_status(bnsl_potential_critical_kT(p, 0, 0, &x), BNSL_EDOMAIN);
    assert_status(bnsl_potential_second_virial_series(p, 0, 0, kT, &x), BNSL_EDOMAIN);
    bnsl_potential_destroy(p);

    /* a steep line whose end is low, 0.1 + 200 (1 - r), and 0.1 (1 - s)^2 over the last 0.001 */
    const double low[2] = {0.1, 0}, drop[2] = {200, 0};
    double last = 0; /* Simpson's rule for it */
    for (int i = 0; i <= 200; i++)
        last += (i == 0 || i == 200 ? 1 : i % 2 ? 4 : 2) * -expm1(-0.1 * (1 - i / 200.0) * (1 - i / 200.0) / kT) * 0.001 / 600;
    p = table_pair(1, 1.001, 2, low, drop);
    assert_ok(bnsl_potential_barker_henderson(p, 0, 0, kT, BNSL_BH_WCA, &got));
    assert_close(got, 1 - exp(-0.1 / kT) * (1 - exp(-200 / kT)) * kT / 200 + last, 1e-12, 0);
    bnsl_potential_destroy(p);

    /* a line that is 0 before the table begins: -0.5 + 2 (1 - r) at 0.75 */
    const double below[3] = {-0.5, -1, 0}, rise[3] = {2, 0, -1};
    p = table_pair(1, 3, 3, below, rise);
    assert_ok(bnsl_potential_barker_henderson(p, 0, 0, kT, BNSL_BH_SIGMA, &got));
    a = 2 / kT;
    assert_close(got, 0.75 - (1 - exp(-0.75 * a)) / a, 1e-13, 0);
    bnsl_potential_destroy(p);

    /* hard core: 1e9 (1.5 - r) up to 1, where it is 5e8, then nothing (a last piece from 5e8 to 5e8: a wall) */
    const double wall[2] = {5e8, 5e8}, steep[2] = {1e9, 0};
    p = table_pair(0.9, 1, 2, wall, steep);
    assert_ok(bnsl_potential_second_virial(p, 0, 0, kT, &got));
    assert_close(got, 2 * pi / 3, 1e-13, 0);
    assert_ok(bnsl_potential_barker_henderson(p, 0, 0, kT, BNSL_BH_SIGMA, &got));
    assert_close(got, 1, 1e-13, 0);
    bnsl_potential_destroy(p);

    /* attractive at r = 0: the integral is fine, a core there is none */
    const double hole[2] = {-1, 0}, pull[2] = {-1, -1};
    p = table_pair(0, 1, 2, hole, pull);
    a = 1 / kT;
    moment2 = -(2 * exp(a) / (a * a * a) - 1 / a - 2 / (a * a) - 2 / (a * a * a)) + 1.0 / 3;
    assert_ok(bnsl_potential_second_virial(p, 0, 0, kT, &got));
    assert_close(got, 2 * pi * moment2, 1e-13, 1e-13);
    assert_status(bnsl_potential_minimum(p, 0, 0, &x, &x), BNSL_EDOMAIN);
    assert_status(bnsl_potential_barker_henderson(p, 0, 0, kT, BNSL_BH_WCA, &x), BNSL_EDOMAIN);
    assert_status(bnsl_potential_barker_henderson(p, 0, 0, kT, BNSL_BH_SIGMA, &x), BNSL_EDOMAIN);
    assert_status(bnsl_potential_effective_range(p, 0, 0, kT, &x), BNSL_EDOMAIN);
    assert_status(bnsl_potential_critical_kT(p, 0, 0, &x), BNSL_EDOMAIN);
    /* and far too cold for a double */
    assert_status(bnsl_potential_second_virial(p, 0, 0, 1e-3, &x), BNSL_ENUMERIC);
    bnsl_potential_destroy(p);

    /* lowest at the end of the table */
    const double falling[2] = {1, -1}, push[2] = {2, 2};
    p = table_pair(0, 1, 2, falling, push);
    assert_status(bnsl_potential_minimum(p, 0, 0, &x, &x), BNSL_EDOMAIN);
    assert_status(bnsl_potential_effective_range(p, 0, 0, kT, &x), BNSL_EDOMAIN);
    assert_ok(bnsl_potential_barker_henderson(p, 0, 0, kT, BNSL_BH_SIGMA, &got));
    a = 2 / kT;
    assert_close(got, 0.5 - (1 - exp(-a / 2)) / a, 1e-13, 0); /* integral of 1 - exp(-(1 - 2 r)/kT) to 1/2 */
    bnsl_potential_destroy(p);

    /* huge values keep their extrema: a well of 1e250 between points of 0 */
    const double zero[3] = {1e250, 0, 0}, bent[3] = {1e250, 8e249, -8e249};
    p = table_pair(1, 3, 3, zero, bent);
    double r_min, u_min;
    assert_ok(bnsl_potential_minimum(p, 0, 0, &r_min, &u_min));
    assert_close(r_min, 2.5, 1e-15, 0);
    assert_close(u_min, -2e249, 1e-14, 0);
    bnsl_potential_destroy(p);
    assert_true(x == 7);
}

/* ---- the matrix ----------------------------------------------------------------------------------------- */

static void test_accessors_and_replacement(void **state)
{
    (void)state;
    const double diameter[2] = {1, 0.55}, values[4] = {3, 1, -1, 0}, forces[4] = {4, 3, -1, 0};
    bnsl_potential *p = NULL;
    bnsl_potential_options o;
    double r_min, r_max, cutoffs[4];
    const double *u, *force, *other;
    int32_t n;
    assert_ok(bnsl_potential_create(&p, 2, diameter, NULL));
    assert_status(bnsl_potential_table(p, 0, 1, NULL, NULL, &n, NULL, NULL), BNSL_EDOMAIN);
    assert_ok(bnsl_potential_set_table(p, 1, 0, 0.775, 0.7, 1.9, 4, values, forces));
    for (int32_t a = 0; a < 2; a++) {
        assert_ok(bnsl_potential_table(p, a, 1 - a, &r_min, &r_max, &n, &u, &force));
        assert_true(r_min == 0.7 && r_max == 1.9 && n == 4);
        assert_memory_equal(u, values, sizeof values);
        assert_memory_equal(force, forces, sizeof forces);
        assert_ok(bnsl_potential_options_init(&o, sizeof o));
        assert_ok(bnsl_potential_get_pair(p, a, 1 - a, &o));
        assert_true(o.form == BNSL_FORM_TABLE && o.sigma == 0.775 && o.shift == BNSL_SHIFT_NONE && o.well_depth == 1);
        assert_close(o.r_cut, 1.9 / 0.775, 1e-15, 0);
    }
    assert_ok(bnsl_potential_table(p, 0, 1, NULL, NULL, NULL, NULL, NULL));
    assert_ok(bnsl_potential_cutoffs(p, cutoffs));
    assert_true(cutoffs[1] == 1.9 && cutoffs[2] == 1.9 && cutoffs[0] == 1.6);
    /* options of a table do not make one */
    assert_status(bnsl_potential_set_pair(p, 0, 0, &o), BNSL_EINVAL);
    /* a pair's own values, borrowed, may be given back */
    assert_ok(bnsl_potential_set_table(p, 0, 1, 0.8, 0.6, 1.8, 4, u, force));
    assert_ok(bnsl_potential_table(p, 1, 0, &r_min, NULL, NULL, &other, NULL));
    assert_memory_equal(other, values, sizeof values);
    assert_true(r_min == 0.6);
    /* replaced by a form, and by a table on the diagonal */
    assert_ok(bnsl_potential_set_pair(p, 1, 0, NULL));
    assert_status(bnsl_potential_table(p, 0, 1, NULL, NULL, &n, NULL, NULL), BNSL_EDOMAIN);
    assert_ok(bnsl_potential_set_table(p, 1, 1, 0.55, 0.5, 1, 4, values, forces));
    assert_ok(bnsl_potential_set_table(p, 1, 1, 0.55, 0.5, 1, 3, values, forces));
    assert_ok(bnsl_potential_table(p, 1, 1, NULL, NULL, &n, NULL, NULL));
    assert_int_equal(n, 3);
    bnsl_potential_destroy(p);
}

static void test_faults(void **state)
{
    (void)state;
    const double u[3] = {1, 0, 0}, force[3] = {1, 1, 0};
    bnsl_potential *p = table_pair(0.5, 1.5, 3, u, force);
    const struct {
        double sigma, r_min, r_max;
        int32_t n;
    } bad[] = {{0, 0, 1, 3},         {-1, 0, 1, 3},     {NAN, 0, 1, 3},           {INFINITY, 0, 1, 3},   {1, -0.1, 1, 3},
               {1, NAN, 1, 3},       {1, 1, 1, 3},      {1, 2, 1, 3},             {1, 0, NAN, 3},        {1, 0, INFINITY, 3},
               {1, 0, 1, 1},         {1, 0, 1, 0},      {1, 0, 1, -1},            {1, 0, 1, INT32_MIN},  {1, INFINITY, INFINITY, 3},
               {1e-200, 0, 1e200, 3}, {1, 0, 4e-324, 3}, {1e200, 0, 1e-200, 3}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_status(bnsl_potential_set_table(p, 0, 0, bad[i].sigma, bad[i].r_min, bad[i].r_max, bad[i].n, u, force), BNSL_EINVAL);
    const double values[] = {NAN, INFINITY, -INFINITY, 1.1e300, -1.1e300};
    for (int i = 0; i < 5; i++) {
        for (int k = 0; k < 3; k++) {
            double wrong[3] = {0, 0, 0};
            wrong[k] = values[i];
            assert_status(bnsl_potential_set_table(p, 0, 0, 1, 0, 1, 3, wrong, force), BNSL_EINVAL);
            assert_status(bnsl_potential_set_table(p, 0, 0, 1, 0, 1, 3, u, wrong), BNSL_EINVAL);
        }
    }
    const double large[3] = {1e299, 0, 0};
    assert_status(bnsl_potential_set_table(p, 0, 0, 1, 0, 20, 3, u, large), BNSL_EINVAL);
    assert_status(bnsl_potential_set_table(p, 0, 0, 1, 0, 1, 3, NULL, force), BNSL_EINVAL);
    assert_status(bnsl_potential_set_table(p, 0, 0, 1, 0, 1, 3, u, NULL), BNSL_EINVAL);
    assert_status(bnsl_potential_set_table(NULL, 0, 0, 1, 0, 1, 3, u, force), BNSL_EINVAL);
    assert_status(bnsl_potential_set_table(p, 0, 1, 1, 0, 1, 3, u, force), BNSL_EINVAL);
    assert_status(bnsl_potential_set_table(p, -1, 0, 1, 0, 1, 3, u, force), BNSL_EINVAL);
    int32_t n = 7;
    assert_status(bnsl_potential_table(NULL, 0, 0, NULL, NULL, &n, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_potential_table(p, 1, 0, NULL, NULL, &n, NULL, NULL), BNSL_EINVAL);
    assert_int_equal(n, 7);
    /* what was there is still there */
    const double *kept;
    assert_ok(bnsl_potential_table(p, 0, 0, NULL, NULL, &n, &kept, NULL));
    assert_int_equal(n, 3);
    assert_memory_equal(kept, u, sizeof u);
    bnsl_potential_destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cubic_is_exact),
        cmocka_unit_test(test_points_and_ends),
        cmocka_unit_test(test_force_is_gradient),
        cmocka_unit_test(test_convergence),
        cmocka_unit_test(test_rough_tables_by_brute_force),
        cmocka_unit_test(test_facts_of_a_fine_table),
        cmocka_unit_test(test_closed_forms),
        cmocka_unit_test(test_accessors_and_replacement),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
