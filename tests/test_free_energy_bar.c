/* SPDX-License-Identifier: GPL-3.0-or-later */
/* free_energy: BAR and MBAR on harmonic oscillators, whose free energies are known, and their reported errors. */
#include <float.h>

#include "bnsl_test.h"

enum { STATES = 5, EACH = 400 };

static const double stiffness[STATES] = { 1, 1.7, 3, 6, 9 };

/* U_k = stiffness_k x^2 / 2: f_k - f_0 = ln(stiffness_k / stiffness_0) / 2 */
static double exact(int k)
{
    return 0.5 * log(stiffness[k] / stiffness[0]);
}

static void bar_finds_gaussian_differences(void **state)
{
    (void)state;
    /* works of Gaussians with variance 2 (dF + ...) obey Crooks: w_f ~ N(dF + s^2/2, s), w_r ~ N(-dF + s^2/2, s) */
    uint64_t seed = 11;
    double chi2 = 0;
    for (int trial = 0; trial < 40; trial++) {
        double forward[300], reverse[700], df, err, want = 1.25, s = 1.5;
        for (int i = 0; i < 300; i++)
            forward[i] = want + 0.5 * s * s + s * test_normal(&seed);
        for (int i = 0; i < 700; i++)
            reverse[i] = -want + 0.5 * s * s + s * test_normal(&seed);
        assert_ok(bnsl_free_energy_bar(300, forward, 700, reverse, &df, &err));
        assert_true(err > 0.02 && err < 0.12);
        chi2 += (df - want) * (df - want) / (err * err);
    }
    assert_true(chi2 > 22.16 && chi2 < 63.69); /* 1 % limits on either side of chi^2 with 40 degrees of freedom */
}

static void bar_is_exact_for_constant_works(void **state)
{
    (void)state;
    const double forward[3] = { 2.5, 2.5, 2.5 }, reverse[2] = { -2.5, -2.5 };
    double df, err;
    assert_ok(bnsl_free_energy_bar(3, forward, 2, reverse, &df, &err));
    assert_close(df, 2.5, 1e-13, 0);
    assert_close(err, 0, 0, 1e-7);
    /* overlaps: a quarter of the forward samples is possible: dF = -ln(1/4), whatever the number of reverse samples */
    const double some[4] = { INFINITY, 0, INFINITY, INFINITY }, none[50] = { 0 };
    assert_ok(bnsl_free_energy_bar(4, some, 50, none, &df, &err));
    assert_close(df, log(4.0), 1e-12, 0);
}

/* 1 / r^50 makes works of 1e300. Where all works of a direction are equal, and as many, dF is (w_f - w_r) / 2. */
static void bar_takes_works_of_any_size(void **state)
{
    (void)state;
    static const double large[] = {1e3, 1e30, 1e300, DBL_MAX, INFINITY};
    double df, err;
    for (size_t k = 0; k < sizeof large / sizeof *large; k++) { /* as the overlaps above: a quarter is possible, the others are not */
        const double some[4] = {large[k], 0, large[k], large[k]}, none[50] = {0};
        assert_ok(bnsl_free_energy_bar(4, some, 50, none, &df, &err));
        assert_close(df, log(4.0), 1e-14, 0);
        /* f = 4/5 in the one possible sample of 4: (4 - 1) / 4; reverse samples are all alike: 0 [Bennett, eq. 10] */
        assert_close(err, sqrt(0.75), 1e-14, 0);
        const double shifted[4] = {large[k], -2.5, large[k], large[k]}, back[2] = {2.5, large[k]}; /* and half of the reverse: ln(4 / 2) more */
        assert_ok(bnsl_free_energy_bar(4, shifted, 2, back, &df, &err));
        assert_close(df, -2.5 + log(2.0), 1e-14, 0);
    }
    static const double pair[][3] = {{1000, 1000, 0}, {1000, 3000, -1000}, {1e9, 1e9 - 4, 2}, {1e300, 0, 5e299}, {0, 1e300, -5e299},
        {1e300, -1e300, 1e300}, {-1e300, 1e300, -1e300}, {DBL_MAX, -DBL_MAX, DBL_MAX}, {DBL_MAX, 0, 0.5 * DBL_MAX}};
    for (size_t k = 0; k < sizeof pair / sizeof *pair; k++) {
        double forward[3] = {pair[k][0], pair[k][0], pair[k][0]}, reverse[3] = {pair[k][1], pair[k][1], pair[k][1]};
        assert_ok(bnsl_free_energy_bar(3, forward, 3, reverse, &df, &err));
        assert_close(df, pair[k][2], 1e-15, 4e-16 * fabs(pair[k][0])); /* an absolute one for the rounding of the works where they cancel */
        assert_close(err, 0, 0, 1e-7);
    }
    /* what rounding leaves open is refused: dF is 0, but is not known to 1e284; any from 40 to 160 saturates both sides */
    static const double open[][2] = {{1e300, 1e300}, {1e12, 1e12}, {DBL_MAX, DBL_MAX}, {0, -200}};
    df = err = 5;
    for (size_t k = 0; k < sizeof open / sizeof *open; k++)
        assert_status(bnsl_free_energy_bar(1, &open[k][0], 1, &open[k][1], &df, &err), BNSL_ENUMERIC);
    assert_true(df == 5 && err == 5);
}

static void bar_refuses(void **state)
{
    (void)state;
    const double x[2] = { 1, 2 }, nan[2] = { 1, NAN }, inf[2] = { INFINITY, INFINITY }, minus[2] = { 1, -INFINITY };
    double df = 5;
    assert_status(bnsl_free_energy_bar(2, NULL, 2, x, &df, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_bar(0, x, 2, x, &df, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_bar(2, nan, 2, x, &df, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_bar(2, x, 2, minus, &df, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_bar(2, inf, 2, x, &df, NULL), BNSL_ENUMERIC);
    assert_status(bnsl_free_energy_bar(2, x, 2, x, NULL, NULL), BNSL_EINVAL);
    assert_true(df == 5);
}

/* Samples of every state but those of `skip`, u of all states. */
static int64_t oscillators(uint64_t *seed, int skip, int64_t *count, double *u)
{
    double x[STATES * EACH];
    int64_t n = 0;
    for (int k = 0; k < STATES; k++) {
        count[k] = k == skip ? 0 : EACH;
        for (int64_t i = 0; i < count[k]; i++)
            x[n++] = test_normal(seed) / sqrt(stiffness[k]);
    }
    for (int k = 0; k < STATES; k++)
        for (int64_t i = 0; i < n; i++)
            u[k * n + i] = 0.5 * stiffness[k] * x[i] * x[i] + 3.0 * k; /* a constant more in each state */
    return n;
}

static void mbar_finds_oscillators_with_honest_errors(void **state)
{
    (void)state;
    uint64_t seed = 4;
    static double u[STATES * STATES * EACH];
    double chi2[2] = { 0, 0 };
    for (int trial = 0; trial < 40; trial++) {
        int64_t count[STATES];
        double f[STATES], covariance[STATES * STATES];
        oscillators(&seed, trial % 2 ? 2 : -1, count, u);
        assert_ok(bnsl_free_energy_mbar(STATES, count, u, 1, f, covariance));
        assert_true(f[0] == 0 && covariance[0] == 0);
        for (int side = 0; side < 2; side++) { /* the last state, and the one that is sampled in every other trial only */
            int k = side ? 2 : STATES - 1;
            double d = f[k] - 3.0 * k - exact(k);
            chi2[side] += d * d / covariance[k * STATES + k];
        }
    }
    for (int side = 0; side < 2; side++)
        assert_true(chi2[side] > 22.16 && chi2[side] < 63.69);
}

static void mbar_of_two_states_is_bar(void **state)
{
    (void)state;
    enum { N = 500 };
    uint64_t seed = 9;
    double u[2 * 2 * N], forward[N], reverse[N], f[2], covariance[4], df, err;
    const int64_t count[2] = { N, N };
    for (int i = 0; i < 2 * N; i++) {
        double x = test_normal(&seed) / sqrt(i < N ? 1.0 : 4.0);
        u[i] = 0.5 * x * x;
        u[2 * N + i] = 2.0 * x * x;
        if (i < N)
            forward[i] = u[2 * N + i] - u[i];
        else
            reverse[i - N] = u[i] - u[2 * N + i];
    }
    assert_ok(bnsl_free_energy_mbar(2, count, u, 1, f, covariance));
    assert_ok(bnsl_free_energy_bar(N, forward, N, reverse, &df, &err));
    assert_close(f[1], df, 0, 1e-9);
    assert_close(sqrt(covariance[3]), err, 0.01, 0); /* equal but for the means that stand in for expectations */
}

static void mbar_does_not_depend_on_threads(void **state)
{
    (void)state;
    static double u[STATES * STATES * EACH];
    int64_t count[STATES];
    double one[STATES], four[STATES], c1[STATES * STATES], c4[STATES * STATES];
    uint64_t seed = 1;
    oscillators(&seed, -1, count, u);
    assert_ok(bnsl_free_energy_mbar(STATES, count, u, 1, one, c1));
    assert_ok(bnsl_free_energy_mbar(STATES, count, u, 4, four, c4));
    assert_memory_equal(one, four, sizeof one);
    assert_memory_equal(c1, c4, sizeof c1);
}

static void mbar_refuses(void **state)
{
    (void)state;
    double u[2 * 4] = { 0, 1, 2, 3, 1, 1, 1, 1 }, f[2] = { 7, 7 };
    const int64_t count[2] = { 2, 2 }, none[2] = { 0, 0 }, negative[2] = { 5, -1 };
    assert_status(bnsl_free_energy_mbar(1, count, u, 1, f, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_mbar(33, count, u, 1, f, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_mbar(2, none, u, 1, f, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_mbar(2, negative, u, 1, f, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_mbar(2, NULL, u, 1, f, NULL), BNSL_EINVAL);
    u[1] = NAN;
    assert_status(bnsl_free_energy_mbar(2, count, u, 1, f, NULL), BNSL_EINVAL);
    u[1] = INFINITY; /* drawn in state 0 */
    assert_status(bnsl_free_energy_mbar(2, count, u, 1, f, NULL), BNSL_EINVAL);
    u[1] = 1;
    const int64_t first[2] = { 4, 0 };
    u[4] = u[5] = u[6] = u[7] = INFINITY;
    assert_status(bnsl_free_energy_mbar(2, first, u, 1, f, NULL), BNSL_ENUMERIC);
    assert_true(f[0] == 7 && f[1] == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bar_finds_gaussian_differences),
        cmocka_unit_test(bar_is_exact_for_constant_works),
        cmocka_unit_test(bar_takes_works_of_any_size),
        cmocka_unit_test(bar_refuses),
        cmocka_unit_test(mbar_finds_oscillators_with_honest_errors),
        cmocka_unit_test(mbar_of_two_states_is_bar),
        cmocka_unit_test(mbar_does_not_depend_on_threads),
        cmocka_unit_test(mbar_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
