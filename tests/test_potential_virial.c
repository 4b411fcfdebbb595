/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Second virial coefficients, Barker-Henderson diameters, effective ranges, Boyle and critical temperatures. */
#include "bnsl_test.h"
#include "test_csv.h"

#define TWO_PI_3 2.0943951023931953

static bnsl_potential *pair_of(int32_t form, double n, double m, double depth, double sigma, double r_cut, int32_t shift)
{
    bnsl_potential_options o;
    assert_ok(bnsl_potential_options_init(&o, sizeof o));
    o.form = form;
    o.n = n;
    o.m = m;
    o.well_depth = depth;
    o.sigma = sigma;
    o.r_cut = r_cut;
    o.shift = shift;
    return one_species(&o);
}

static bnsl_potential *full_mie(double n, double m)
{
    return pair_of(BNSL_FORM_MIE, n, m, 1, 1, INFINITY, BNSL_SHIFT_ENERGY);
}

static double second_virial(const bnsl_potential *p, double kT)
{
    double b2 = NAN;
    assert_ok(bnsl_potential_second_virial(p, 0, 0, kT, &b2));
    return b2;
}

static double second_virial_series(const bnsl_potential *p, double kT)
{
    double b2 = NAN;
    assert_ok(bnsl_potential_second_virial_series(p, 0, 0, kT, &b2));
    return b2;
}

static double barker_henderson(const bnsl_potential *p, double kT, int32_t split)
{
    double d = NAN;
    assert_ok(bnsl_potential_barker_henderson(p, 0, 0, kT, split, &d));
    return d;
}

/* ---- reference tables ------------------------------------------------------------------------------ */

static void test_temperature_table(void **state)
{
    (void)state;
    csv_table t = csv_read("potential/mie_bh_b2.csv");
    assert_int_equal(t.n_rows, 60);
    for (int i = 0; i < t.n_rows; i++) {
        bnsl_potential *p = full_mie(csv_number(&t, i, "n"), csv_number(&t, i, "m"));
        double kT = csv_number(&t, i, "kT_over_eps"), d = barker_henderson(p, kT, BNSL_BH_WCA), b2 = second_virial(p, kT), range;
        assert_close(d, csv_number(&t, i, "dBH_WCA"), 1e-14, 0);
        assert_close(barker_henderson(p, kT, BNSL_BH_SIGMA), csv_number(&t, i, "dBH_sigma"), 1e-14, 0);
        /* near the Boyle temperature the parts cancel: some 1e-14 of each */
        assert_close(b2, csv_number(&t, i, "B2_over_sigma3"), 1e-13, 3e-14);
        assert_close(second_virial_series(p, kT), csv_number(&t, i, "B2_over_sigma3"), 1e-13, 3e-14);
        double reduced = b2 / (TWO_PI_3 * d * d * d);
        assert_close(reduced, csv_number(&t, i, "B2star_dBH_WCA"), 1e-13, 3e-14);
        assert_close(b2 / TWO_PI_3, csv_number(&t, i, "B2star_sigma"), 1e-13, 3e-14);
        assert_close(1 / (4 * (1 - reduced)), csv_number(&t, i, "tau_eff"), 1e-13, 0); /* Baxter's sticky spheres of the same B2 */
        /* dB2/dbeta by Richardson's extrapolation of differences: steps of 1e-2 beta leave 1e-10, 3e-14 / 1e-2 of rounding less */
        double beta = 1 / kT, h = 5e-3 * beta, slope[2];
        for (int k = 0; k < 2; k++, h /= 2)
            slope[k] = (second_virial_series(p, 1 / (beta + h)) - second_virial_series(p, 1 / (beta - h))) / (2 * h);
        assert_close((4 * slope[1] - slope[0]) / 3, csv_number(&t, i, "dB2dbeta"), 1e-9, 0);
        assert_ok(bnsl_potential_effective_range(p, 0, 0, kT, &range));
        assert_close(range, csv_number(&t, i, "Reff_NF_dBH_WCA"), 1e-13, 0);
        bnsl_potential_destroy(p);
    }
    csv_free(&t);
}

static void test_cut_off_table(void **state)
{
    (void)state;
    csv_table t = csv_read("potential/mie_cutoff_B2.csv");
    assert_int_equal(t.n_rows, 24);
    for (int i = 0; i < t.n_rows; i++) {
        double n = csv_number(&t, i, "n"), m = csv_number(&t, i, "m"), kT = csv_number(&t, i, "kT_over_eps"),
               r_cut = csv_number(&t, i, "rc_over_sigma");
        bnsl_potential *truncated = pair_of(BNSL_FORM_MIE, n, m, 1, 1, r_cut, BNSL_SHIFT_NONE);
        bnsl_potential *shifted = pair_of(BNSL_FORM_MIE, n, m, 1, 1, r_cut, BNSL_SHIFT_ENERGY);
        bnsl_potential *full = full_mie(n, m);
        assert_close(second_virial(truncated, kT), csv_number(&t, i, "B2_truncated"), 1e-13, 3e-14);
        assert_close(second_virial(shifted, kT), csv_number(&t, i, "B2_truncated_shifted"), 1e-13, 3e-14);
        assert_close(second_virial(full, kT), csv_number(&t, i, "B2_full"), 1e-13, 3e-14);
        /* the series is of the uncut pair, however it is cut */
        assert_close(second_virial_series(shifted, kT), csv_number(&t, i, "B2_full"), 1e-13, 3e-14);
        bnsl_potential_destroy(truncated);
        bnsl_potential_destroy(shifted);
        bnsl_potential_destroy(full);
    }
    csv_free(&t);
}

/* Truncated, shifted and switched, Mie and on the path to it. */
static void test_mode_table(void **state)
{
    (void)state;
    csv_table t = csv_read("potential/cut_pairs_B2.csv");
    assert_int_equal(t.n_rows, 44);
    const char *names[3] = {"energy", "none", "smooth"};
    for (int i = 0; i < t.n_rows; i++) {
        bnsl_potential_options o;
        bnsl_potential *p[2] = {NULL, NULL};
        const double diameter = 1.0;
        assert_ok(bnsl_potential_options_init(&o, sizeof o));
        o.form = BNSL_FORM_IPL_MIE;
        o.n = csv_number(&t, i, "n");
        o.m = csv_number(&t, i, "m");
        o.coupling = csv_number(&t, i, "coupling");
        o.ipl_prefactor = csv_number(&t, i, "ipl_prefactor");
        o.r_cut = csv_number(&t, i, "r_cut");
        o.r_on = csv_number(&t, i, "r_on");
        for (o.shift = 0; strcmp(csv_text(&t, i, "shift"), names[o.shift]) != 0; o.shift++)
            assert_true(o.shift < 2);
        assert_ok(bnsl_potential_create(&p[0], 1, &diameter, &o));
        o.form = o.coupling == 1 ? BNSL_FORM_MIE : o.form;
        assert_ok(bnsl_potential_create(&p[1], 1, &diameter, &o));
        for (int k = 0; k < 2; k++) {
            assert_close(second_virial(p[k], csv_number(&t, i, "kT")), csv_number(&t, i, "B2"), 1e-13, 3e-14);
            bnsl_potential_destroy(p[k]);
        }
    }
    csv_free(&t);
}

static void test_special_temperatures(void **state)
{
    (void)state;
    csv_table t = csv_read("potential/mie_special_T.csv");
    assert_int_equal(t.n_rows, 12);
    int n_boyle = 0, n_critical = 0, n_sticky = 0, n_six = 0;
    for (int i = 0; i < t.n_rows; i++) {
        bnsl_potential *p = full_mie(csv_number(&t, i, "n"), csv_number(&t, i, "m"));
        double kT = csv_number(&t, i, "kT_over_eps"), root = NAN, range;
        const char *criterion = csv_text(&t, i, "criterion");
        if (strncmp(criterion, "Boyle", 5) == 0) {
            n_boyle++;
            assert_ok(bnsl_potential_boyle_kT(p, 0, 0, &root));
            assert_close(root, kT, 1e-13, 0);
        } else if (strncmp(criterion, "B2/(2pi dBH^3/3)=-1.5 ", 22) == 0) {
            n_critical++;
            assert_ok(bnsl_potential_critical_kT(p, 0, 0, &root));
            assert_close(root, kT, 1e-13, 0);
        } else if (strncmp(criterion, "B2/(2pi dBH^3/3)=-1.2065 ", 25) == 0) {
            n_sticky++; /* the critical B2 of Baxter's sticky spheres, 1 - 1/(4 tau_c) */
            double d = barker_henderson(p, kT, BNSL_BH_WCA);
            assert_close(second_virial(p, kT) / (TWO_PI_3 * d * d * d), 1 - 1 / (4 * 0.1133), 1e-13, 0);
        } else {
            n_six++; /* B2 = -6 v_0 */
            assert_close(second_virial(p, kT), -1.5 * TWO_PI_3, 1e-13, 0);
        }
        assert_close(barker_henderson(p, kT, BNSL_BH_WCA), csv_number(&t, i, "dBH_WCA"), 1e-14, 0);
        assert_close(second_virial_series(p, kT), csv_number(&t, i, "B2_over_sigma3"), 1e-13, 3e-14);
        assert_close(1 / kT, csv_number(&t, i, "eps_over_kT"), 1e-15, 0);
        /* the tabulated kT has 16 digits: B2 moves by 1e-15 dB2/dln T, some 1e-14 */
        assert_close(second_virial(p, kT), csv_number(&t, i, "B2_over_sigma3"), 1e-13, 3e-14);
        assert_ok(bnsl_potential_effective_range(p, 0, 0, kT, &range));
        assert_close(range, csv_number(&t, i, "Reff_NF"), 1e-13, 0);
        bnsl_potential_destroy(p);
    }
    assert_true(n_boyle == 3 && n_critical == 3 && n_sticky == 3 && n_six == 3);
    csv_free(&t);
}

static void test_inverse_power_table(void **state)
{
    (void)state;
    csv_table t = csv_read("potential/ipl50.csv");
    assert_int_equal(t.n_rows, 3);
    for (int i = 0; i < t.n_rows; i++) {
        double amplitude = csv_number(&t, i, "betaA (u=A(s/r)^50)");
        bnsl_potential *p = pair_of(BNSL_FORM_IPL, 50, 25, amplitude, 1, INFINITY, BNSL_SHIFT_ENERGY);
        assert_close(barker_henderson(p, 1, BNSL_BH_WCA), csv_number(&t, i, "dBH"), 1e-14, 0);
        assert_true(barker_henderson(p, 1, BNSL_BH_WCA) == barker_henderson(p, 1, BNSL_BH_SIGMA));
        assert_close(second_virial(p, 1), csv_number(&t, i, "B2_over_sigma3"), 1e-13, 0);
        assert_close(second_virial_series(p, 1), csv_number(&t, i, "B2_over_sigma3"), 1e-13, 0);
        bnsl_potential_destroy(p);
    }
    csv_free(&t);
}

/* Critical temperatures of the 2n-n family by the same criterion, from the table of the literature values' recomputation (6 digits). */
static void test_critical_family(void **state)
{
    (void)state;
    const double want[][3] = {{12, 6, 1.327878}, {14, 7, 1.012097}, {16, 8, 0.840123}, {24, 12, 0.561253}, {36, 18, 0.427967}};
    for (int i = 0; i < 5; i++) {
        bnsl_potential *p = full_mie(want[i][0], want[i][1]);
        double kT = NAN;
        assert_ok(bnsl_potential_critical_kT(p, 0, 0, &kT));
        assert_close(kT, want[i][2], 0, 5.1e-7);
        bnsl_potential_destroy(p);
    }
}

/* ---- oracles --------------------------------------------------------------------------------------- */

/* Closed forms of the inverse power law: B2 = (2 pi/3) sigma^3 (A/kT)^(3/n) Gamma(1 - 3/n), d = sigma (A/kT)^(1/n) Gamma(1 - 1/n). */
static void test_inverse_power_closed_form(void **state)
{
    (void)state;
    const double exponents[] = {3.05, 3.5, 4, 6, 12, 50, 400, 5000}, temperatures[] = {1e-6, 0.01, 0.4, 1, 30, 1e8};
    for (int i = 0; i < 8; i++) {
        for (int j = 0; j < 6; j++) {
            double n = exponents[i], kT = temperatures[j], sigma = 0.55, amplitude = 2.5;
            bnsl_potential *p = pair_of(BNSL_FORM_IPL, n, 0, amplitude, sigma, INFINITY, BNSL_SHIFT_NONE);
            double s = pow(amplitude / kT, 1 / n) * sigma;
            assert_close(second_virial(p, kT), TWO_PI_3 * s * s * s * tgamma(1 - 3 / n), 1e-12, 0);
            assert_close(barker_henderson(p, kT, BNSL_BH_WCA), s * tgamma(1 - 1 / n), 1e-12, 0);
            bnsl_potential_destroy(p);
        }
    }
}

/* B2 = -(2 pi/n) sum_k (C/kT)^((3 + k (n - m))/n) Gamma((m k - 3)/n) / k!, in long double; Gamma is negative for k = 0 alone when m > 3 */
static double virial_series(double n, double m, double kT)
{
    long double log_a = logl((long double)n / (n - m) * powl((long double)n / m, m / ((long double)n - m)) / kT);
    long double sum = expl(log_a * 3 / n) * tgammal(-3 / (long double)n), term = 1;
    for (int k = 1; k < 10 || term > 1e-22L * fabsl(sum); k++) {
        term = expl(log_a * (3 + k * ((long double)n - m)) / n + lgammal(((long double)m * k - 3) / n) - lgammal(k + 1.0L));
        sum += term;
    }
    return (double)(-2 * 3.14159265358979323846264L / n * sum);
}

static void test_virial_series(void **state)
{
    (void)state;
    const double exponents[][2] = {{50, 25}, {12, 6}, {9, 6}, {14.5, 7.3}, {20, 3.2}, {8, 7.5}, {100, 99}};
    const double temperatures[] = {0.4, 0.9, 3, 40, 2000};
    for (int i = 0; i < 7; i++) {
        for (int j = 0; j < 5; j++) {
            bnsl_potential *p = full_mie(exponents[i][0], exponents[i][1]);
            double want = virial_series(exponents[i][0], exponents[i][1], temperatures[j]);
            assert_close(second_virial(p, temperatures[j]), want, 2e-12, 2e-12);
            assert_close(second_virial_series(p, temperatures[j]), want, 1e-12, 1e-12);
            bnsl_potential_destroy(p);
        }
    }
    /* the largest term is the one with k = 100/kT, a quotient of gamma functions of such numbers: digits are lost, and it says so */
    bnsl_potential *p = full_mie(100, 99);
    double x = 7;
    assert_status(bnsl_potential_second_virial_series(p, 0, 0, 0.2, &x), BNSL_ENUMERIC);
    assert_true(x == 7);
    bnsl_potential_destroy(p);
}

/* Two ways to the same number wherever the series grants its digits: down to some hundredth of the depth, in any unit. */
static void test_series_and_quadrature_agree(void **state)
{
    (void)state;
    uint64_t seed = 21;
    int n_granted = 0;
    for (int i = 0; i < 300; i++) {
        double m = 3.1 + 30 * test_uniform(&seed), n = m + 0.5 + 40 * test_uniform(&seed), sigma = 0.3 + 2 * test_uniform(&seed);
        double depth = 0.2 + 4 * test_uniform(&seed), kT = depth * pow(10, 3 - 5 * test_uniform(&seed)), series = 7;
        bnsl_potential *p = pair_of(BNSL_FORM_MIE, n, m, depth, sigma, INFINITY, BNSL_SHIFT_NONE);
        bnsl_status status = bnsl_potential_second_virial_series(p, 0, 0, kT, &series);
        if (status == BNSL_OK) {
            n_granted++;
            double scale = pow(sigma, 3) * pow(depth / kT, 3 / n) * 3; /* the repulsive part, about */
            assert_close(second_virial(p, kT), series, 2e-12, 2e-12 * scale);
        } else {
            assert_int_equal(status, BNSL_ENUMERIC);
            assert_true(series == 7 && kT < 0.3 * depth);
        }
        bnsl_potential_destroy(p);
    }
    assert_true(n_granted > 240);
}

/* Simpson's rule on the energies that bnsl_potential_evaluate gives: the definition, by brute force. */
static double naive_virial(const bnsl_potential *p, double kT, double sigma, double r_cut)
{
    enum { N = 40000 };
    const double r_core = 0.4 * sigma, h = (r_cut - r_core) / N;
    double sum = 0;
    for (int i = 0; i <= N; i++) {
        double r = r_core + i * h, u;
        if (i == N)
            r = nextafter(r_cut, 0);
        assert_ok(bnsl_potential_evaluate(p, 0, 0, 1, &r, &u, NULL));
        sum += (i == 0 || i == N ? 1 : i % 2 ? 4 : 2) * -expm1(-u / kT) * r * r;
    }
    return 3 * TWO_PI_3 * (sum * h / 3 + r_core * r_core * r_core / 3);
}

static void test_virial_by_definition(void **state)
{
    (void)state;
    const struct {
        int32_t form;
        double n, m, depth, sigma, r_cut, kT;
        int32_t shift;
    } c[] = {{BNSL_FORM_MIE, 50, 25, 2.5, 0.55, 1.6, 1, BNSL_SHIFT_ENERGY}, {BNSL_FORM_MIE, 50, 6, 1.5, 0.775, 2.5, 1, BNSL_SHIFT_NONE},
             {BNSL_FORM_MIE, 12, 6, 1, 1, 0.97, 0.8, BNSL_SHIFT_ENERGY},    {BNSL_FORM_MIE, 12, 6, 1, 1, 0.97, 0.8, BNSL_SHIFT_NONE},
             {BNSL_FORM_MIE, 12, 6, 1, 1, 1.05, 0.8, BNSL_SHIFT_ENERGY},    {BNSL_FORM_WCA, 50, 25, 1, 1, 0, 0.4, BNSL_SHIFT_ENERGY},
             {BNSL_FORM_WCA, 12, 6, 2, 1.5, 0, 1, BNSL_SHIFT_ENERGY},       {BNSL_FORM_IPL, 50, 0, 1, 1, 1.6, 1, BNSL_SHIFT_ENERGY},
             {BNSL_FORM_IPL, 12, 0, 1, 1, 1.2, 1, BNSL_SHIFT_NONE},         {BNSL_FORM_MIE, 50, 6, 1, 1, 8, 0.6, BNSL_SHIFT_ENERGY}};
    for (size_t i = 0; i < sizeof c / sizeof c[0]; i++) {
        bnsl_potential *p = pair_of(c[i].form, c[i].n, c[i].m, c[i].depth, c[i].sigma, c[i].r_cut, c[i].shift);
        double r_cut;
        assert_ok(bnsl_potential_cutoffs(p, &r_cut));
        /* Simpson's error in steps of sigma/20000 with u'''' ~ (n/sigma)^4: below 1e-9 */
        assert_close(second_virial(p, c[i].kT), naive_virial(p, c[i].kT, c[i].sigma, r_cut), 1e-9, 1e-9);
        bnsl_potential_destroy(p);
    }
}

/* ---- properties ------------------------------------------------------------------------------------ */

/* B2 and d depend on sigma and well_depth only through the units. */
static void test_scaling(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (int i = 0; i < 40; i++) {
        double m = 3.2 + 20 * test_uniform(&seed), n = m + 1 + 30 * test_uniform(&seed), sigma = 0.1 + 9 * test_uniform(&seed);
        double depth = 0.1 + 5 * test_uniform(&seed), t = 0.2 + 3 * test_uniform(&seed), r_cut = 1.3 + 3 * test_uniform(&seed);
        int32_t shift = i % 2 ? BNSL_SHIFT_NONE : BNSL_SHIFT_ENERGY;
        bnsl_potential *reduced = pair_of(BNSL_FORM_MIE, n, m, 1, 1, r_cut, shift),
                       *scaled = pair_of(BNSL_FORM_MIE, n, m, depth, sigma, r_cut, shift);
        double kT_reduced, kT_scaled, range_reduced, range_scaled;
        assert_close(second_virial(scaled, t * depth), pow(sigma, 3) * second_virial(reduced, t), 1e-11, 1e-11 * pow(sigma, 3));
        assert_close(barker_henderson(scaled, t * depth, BNSL_BH_WCA), sigma * barker_henderson(reduced, t, BNSL_BH_WCA), 1e-12, 0);
        assert_ok(bnsl_potential_effective_range(reduced, 0, 0, t, &range_reduced));
        assert_ok(bnsl_potential_effective_range(scaled, 0, 0, t * depth, &range_scaled));
        assert_close(range_scaled, range_reduced, 1e-10, 0);
        assert_ok(bnsl_potential_boyle_kT(reduced, 0, 0, &kT_reduced));
        assert_ok(bnsl_potential_boyle_kT(scaled, 0, 0, &kT_scaled));
        assert_close(kT_scaled, depth * kT_reduced, 1e-11, 0);
        /* the root is one, of the same function that callers see */
        assert_close(second_virial(reduced, kT_reduced), 0, 0, 1e-10);
        assert_ok(bnsl_potential_critical_kT(reduced, 0, 0, &kT_reduced));
        double d = barker_henderson(reduced, kT_reduced, BNSL_BH_WCA);
        assert_close(second_virial(reduced, kT_reduced) / (TWO_PI_3 * d * d * d), -1.5, 1e-10, 0);
        bnsl_potential_destroy(reduced);
        bnsl_potential_destroy(scaled);
    }
}

/* The square well with the range found has the same B2 / B2_HS: the definition of the effective range. */
static void test_effective_range_definition(void **state)
{
    (void)state;
    for (double kT = 0.3; kT < 4; kT *= 1.4) {
        bnsl_potential *p = full_mie(50, 6);
        double range, d = barker_henderson(p, kT, BNSL_BH_WCA);
        assert_ok(bnsl_potential_effective_range(p, 0, 0, kT, &range));
        double square_well = 1 - (pow(1 + range, 3) - 1) * expm1(1 / kT);
        assert_close(square_well, second_virial(p, kT) / (TWO_PI_3 * d * d * d), 1e-11, 1e-11);
        bnsl_potential_destroy(p);
    }
}

/* The depth of a switched pair is that of U S, also where S begins before the minimum: against a scan of the energies. */
static void test_depth_of_switched_pairs(void **state)
{
    (void)state;
    const double c[][4] = {/* n, m, r_cut, r_on */
                           {50, 6, 2.5, 2.25}, {50, 6, 2.5, 0.8}, {50, 6, 1.2, 1.01}, {12, 6, 1.5, 1.0}, {12, 6, 1.13, 1.05}, {50, 25, 1.6, 0.2}};
    for (size_t i = 0; i < sizeof c / sizeof c[0]; i++) {
        bnsl_potential_options o;
        bnsl_potential *p = NULL;
        const double diameter = 1.0, kT = 0.6;
        assert_ok(bnsl_potential_options_init(&o, sizeof o));
        o.n = c[i][0];
        o.m = c[i][1];
        o.r_cut = c[i][2];
        o.r_on = c[i][3];
        o.shift = BNSL_SHIFT_SMOOTH;
        assert_ok(bnsl_potential_create(&p, 1, &diameter, &o));
        double lowest = 0, u, range, d = barker_henderson(p, kT, BNSL_BH_WCA);
        for (double r = 0.9; r < 1.3; r += 1e-5) {
            assert_ok(bnsl_potential_evaluate(p, 0, 0, 1, &r, &u, NULL));
            lowest = fmin(lowest, u);
        }
        assert_ok(bnsl_potential_effective_range(p, 0, 0, kT, &range));
        double reduced = second_virial(p, kT) / (TWO_PI_3 * d * d * d);
        /* the scan is off by U'' (1e-5)^2 / 8 at most */
        assert_close(range, cbrt(1 + (1 - reduced) / expm1(-lowest / kT)) - 1, 1e-6, 0);
        bnsl_potential_destroy(p);
    }
}

/* Steep repulsion tends to hard spheres; the splits of d agree where the potential is hard. */
static void test_limits(void **state)
{
    (void)state;
    bnsl_potential *hard = pair_of(BNSL_FORM_IPL, 1e6, 0, 1, 1, INFINITY, BNSL_SHIFT_NONE);
    assert_close(second_virial(hard, 1), TWO_PI_3, 5e-6, 0);
    bnsl_potential_destroy(hard);
    bnsl_potential *p = full_mie(12, 6);
    /* cold: the WCA-split core reaches r_min, the other one sigma */
    double r_min;
    assert_ok(bnsl_potential_minimum(p, 0, 0, &r_min, NULL));
    assert_close(barker_henderson(p, 1e-9, BNSL_BH_WCA), r_min, 1e-4, 0);
    assert_close(barker_henderson(p, 1e-9, BNSL_BH_SIGMA), 1, 1e-8, 0);
    /* very cold: B2 is still a number at exp(600) */
    assert_true(second_virial(p, 1.0 / 600) < -1e250);
    bnsl_potential_destroy(p);
    /* a range of cut-offs in one call must not lose the narrow well at small x */
    bnsl_potential *far = pair_of(BNSL_FORM_MIE, 50, 25, 1, 1, 1e6, BNSL_SHIFT_NONE);
    assert_close(second_virial(far, 0.4), -2.126856293379451, 1e-12, 0);
    bnsl_potential_destroy(far);
    bnsl_potential *none = pair_of(BNSL_FORM_NONE, 0, 0, 1, 1, 0, BNSL_SHIFT_NONE);
    assert_true(second_virial(none, 1) == 0);
    bnsl_potential_destroy(none);
}

/* ---- faults ---------------------------------------------------------------------------------------- */

static void test_faults(void **state)
{
    (void)state;
    bnsl_potential *p = full_mie(50, 25);
    double x = 7;
    const double bad_kT[] = {0, -1, NAN, INFINITY, 1e-320};
    for (int i = 0; i < 5; i++) {
        assert_status(bnsl_potential_second_virial(p, 0, 0, bad_kT[i], &x), BNSL_EINVAL);
        assert_status(bnsl_potential_second_virial_series(p, 0, 0, bad_kT[i], &x), BNSL_EINVAL);
        assert_status(bnsl_potential_barker_henderson(p, 0, 0, bad_kT[i], BNSL_BH_WCA, &x), BNSL_EINVAL);
        assert_status(bnsl_potential_effective_range(p, 0, 0, bad_kT[i], &x), BNSL_EINVAL);
    }
    assert_status(bnsl_potential_second_virial(p, 0, 0, 1e-3, &x), BNSL_ENUMERIC);
    assert_status(bnsl_potential_second_virial_series(p, 0, 0, 1e-3, &x), BNSL_ENUMERIC);
    assert_status(bnsl_potential_second_virial_series(p, 0, 0, 1e-7, &x), BNSL_ENUMERIC);
    assert_status(bnsl_potential_effective_range(p, 0, 0, 1e-3, &x), BNSL_ENUMERIC);
    assert_status(bnsl_potential_barker_henderson(p, 0, 0, 1, 2, &x), BNSL_EINVAL);
    assert_status(bnsl_potential_barker_henderson(p, 0, 0, 1, -1, &x), BNSL_EINVAL);
    const bnsl_potential *handles[] = {NULL, p, p};
    const int32_t species[] = {0, 1, -1};
    for (int i = 0; i < 3; i++) {
        assert_status(bnsl_potential_second_virial(handles[i], 0, species[i], 1, &x), BNSL_EINVAL);
        assert_status(bnsl_potential_second_virial_series(handles[i], 0, species[i], 1, &x), BNSL_EINVAL);
        assert_status(bnsl_potential_barker_henderson(handles[i], 0, species[i], 1, BNSL_BH_WCA, &x), BNSL_EINVAL);
        assert_status(bnsl_potential_effective_range(handles[i], 0, species[i], 1, &x), BNSL_EINVAL);
        assert_status(bnsl_potential_boyle_kT(handles[i], 0, species[i], &x), BNSL_EINVAL);
        assert_status(bnsl_potential_critical_kT(handles[i], 0, species[i], &x), BNSL_EINVAL);
    }
    assert_status(bnsl_potential_second_virial(p, 0, 0, 1, NULL), BNSL_EINVAL);
    assert_status(bnsl_potential_second_virial_series(p, 0, 0, 1, NULL), BNSL_EINVAL);
    assert_status(bnsl_potential_barker_henderson(p, 0, 0, 1, BNSL_BH_WCA, NULL), BNSL_EINVAL);
    assert_status(bnsl_potential_effective_range(p, 0, 0, 1, NULL), BNSL_EINVAL);
    assert_status(bnsl_potential_boyle_kT(p, 0, 0, NULL), BNSL_EINVAL);
    assert_status(bnsl_potential_critical_kT(p, 0, 0, NULL), BNSL_EINVAL);
    bnsl_potential_destroy(p);

    bnsl_potential *repulsive[] = {pair_of(BNSL_FORM_IPL, 50, 0, 1, 1, 0, 0), pair_of(BNSL_FORM_WCA, 50, 25, 1, 1, 0, 0),
                                   pair_of(BNSL_FORM_NONE, 0, 0, 1, 1, 0, 0), pair_of(BNSL_FORM_MIE, 12, 6, 1, 1, 1.1, 0)};
    for (int i = 0; i < 4; i++) {
        assert_status(bnsl_potential_effective_range(repulsive[i], 0, 0, 1, &x), BNSL_EDOMAIN);
        assert_status(bnsl_potential_boyle_kT(repulsive[i], 0, 0, &x), BNSL_EDOMAIN);
        assert_status(bnsl_potential_critical_kT(repulsive[i], 0, 0, &x), BNSL_EDOMAIN);
        if (i == 1 || i == 2)
            assert_status(bnsl_potential_second_virial_series(repulsive[i], 0, 0, 1, &x), BNSL_EDOMAIN);
        bnsl_potential_destroy(repulsive[i]);
    }
    /* far above the Boyle temperature B2 of a soft pair exceeds that of its hard spheres: no square well does that */
    bnsl_potential *soft = pair_of(BNSL_FORM_MIE, 7, 4, 1, 1, INFINITY, 0);
    assert_true(second_virial(soft, 3000) > TWO_PI_3 * pow(barker_henderson(soft, 3000, BNSL_BH_WCA), 3));
    assert_status(bnsl_potential_effective_range(soft, 0, 0, 3000, &x), BNSL_EDOMAIN);
    bnsl_potential_destroy(soft);
    bnsl_potential *none = pair_of(BNSL_FORM_NONE, 0, 0, 1, 1, 0, 0);
    assert_status(bnsl_potential_barker_henderson(none, 0, 0, 1, BNSL_BH_WCA, &x), BNSL_EDOMAIN);
    bnsl_potential_destroy(none);
    assert_true(x == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_temperature_table),
        cmocka_unit_test(test_cut_off_table),
        cmocka_unit_test(test_mode_table),
        cmocka_unit_test(test_special_temperatures),
        cmocka_unit_test(test_inverse_power_table),
        cmocka_unit_test(test_critical_family),
        cmocka_unit_test(test_inverse_power_closed_form),
        cmocka_unit_test(test_virial_series),
        cmocka_unit_test(test_series_and_quadrature_agree),
        cmocka_unit_test(test_virial_by_definition),
        cmocka_unit_test(test_scaling),
        cmocka_unit_test(test_effective_range_definition),
        cmocka_unit_test(test_depth_of_switched_pairs),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
