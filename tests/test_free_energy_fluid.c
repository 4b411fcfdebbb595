/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reference equations, paths, surfaces A(rho, eps), coexistence: against tables, printed values, and functions whose answer is known. */
#include "bnsl_test.h"
#include "test_csv.h"

/* ---- reference equations: tables ------------------------------------------------------------------------ */

static void test_carnahan_starling(void **state)
{
    (void)state;
    csv_table t = csv_read("free_energy/eos_hs.csv");
    assert_int_equal(t.n_rows, 7);
    for (int i = 0; i < t.n_rows; i++) {
        double z, a, mu;
        assert_ok(bnsl_free_energy_carnahan_starling(csv_number(&t, i, "eta"), &z, &a, &mu));
        assert_close(z, csv_number(&t, i, "Z"), 2e-13, 0); /* printed with 14 digits */
        assert_close(a, csv_number(&t, i, "beta_a_ex"), 2e-13, 0);
        assert_close(mu, csv_number(&t, i, "beta_mu_ex"), 2e-13, 0);
    }
    csv_free(&t);
    double z;
    assert_ok(bnsl_free_energy_carnahan_starling(0, &z, NULL, NULL));
    assert_close(z, 1, 0, 0);
    assert_status(bnsl_free_energy_carnahan_starling(1, &z, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_carnahan_starling(-0.1, &z, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_carnahan_starling(NAN, &z, NULL, NULL), BNSL_EINVAL);
}

static void test_bmcsl(void **state)
{
    (void)state;
    csv_table t = csv_read("free_energy/eos_bmcsl_q055.csv");
    assert_int_equal(t.n_rows, 12);
    for (int i = 0; i < t.n_rows; i++) {
        double s = csv_number(&t, i, "x_S"), rho = csv_number(&t, i, "rho_sigmaLL3"), z, a, mu[2];
        s = s < 0.8 ? 2.0 / 3 : 13.0 / 14; /* printed with 14 digits */
        const double d[2] = {1, csv_number(&t, i, "q")}, x[2] = {1 - s, s};
        assert_ok(bnsl_free_energy_bmcsl(2, d, x, rho, &z, &a, mu));
        assert_close(z, csv_number(&t, i, "Z"), 1e-12, 0);
        assert_close(a, csv_number(&t, i, "beta_a_ex"), 1e-12, 0);
        assert_close(mu[0], csv_number(&t, i, "beta_mu_ex_L"), 1e-12, 0);
        assert_close(mu[1], csv_number(&t, i, "beta_mu_ex_S"), 1e-12, 0);
        /* Gibbs and Duhem: sum x mu = A + Z - 1 */
        assert_close(x[0] * mu[0] + x[1] * mu[1], a + z - 1, 1e-13, 0);
    }
    csv_free(&t);
    /* one size in two names is Carnahan and Starling */
    const double d[2] = {1, 1}, x[2] = {0.3, 0.7}, bad[2] = {0.3, 0.6};
    double z, a, mu[2], z1, a1, mu1;
    assert_ok(bnsl_free_energy_bmcsl(2, d, x, 0.9, &z, &a, mu));
    assert_ok(bnsl_free_energy_carnahan_starling(0.9 * 3.14159265358979323846 / 6, &z1, &a1, &mu1));
    assert_close(z, z1, 1e-13, 0);
    assert_close(a, a1, 1e-13, 0);
    assert_close(mu[0], mu1, 1e-13, 0);
    assert_close(mu[1], mu1, 1e-13, 0);
    assert_ok(bnsl_free_energy_bmcsl(2, d, x, 0, &z, &a, mu));
    assert_close(a, 0, 0, 0);
    assert_status(bnsl_free_energy_bmcsl(2, d, bad, 0.9, &z, &a, mu), BNSL_EINVAL);
    assert_status(bnsl_free_energy_bmcsl(2, d, x, 2, &z, &a, mu), BNSL_EINVAL);
    assert_status(bnsl_free_energy_bmcsl(0, d, x, 0.9, &z, &a, mu), BNSL_EINVAL);
    assert_status(bnsl_free_energy_bmcsl(2, NULL, x, 0.9, &z, &a, mu), BNSL_EINVAL);
}

static void test_lennard_jones(void **state)
{
    (void)state;
    const struct {
        const char *file;
        const char *a, *u;
        int n_rows;
        bool reduced;
    } tables[2] = {{"free_energy/eos_lj_kolafa_nezbeda.csv", "A_res_per_particle", "U_res", 9, false},
                   {"free_energy/eos_lj_fcc_vanderhoef.csv", "beta_a_ex", "U", 7, true}};
    for (int k = 0; k < 2; k++) {
        csv_table t = csv_read(tables[k].file);
        assert_int_equal(t.n_rows, tables[k].n_rows);
        for (int i = 0; i < t.n_rows; i++) {
            double T = csv_number(&t, i, "T"), a, u, p;
            assert_ok((k ? bnsl_free_energy_van_der_hoef : bnsl_free_energy_kolafa_nezbeda)(T, csv_number(&t, i, "rho"), &a, &u, &p));
            /* tables are printed to 10 to 12 digits; U of the fluid's and P of the solid's are difference quotients, good to 1e-9 and 5e-9 */
            assert_close(tables[k].reduced ? a / T : a, csv_number(&t, i, tables[k].a), 2e-9, 1e-10);
            assert_close(u, csv_number(&t, i, tables[k].u), 5e-11, k ? 0 : 1e-9);
            assert_close(p, csv_number(&t, i, "P"), 5e-11, k ? 1e-8 : 1e-11);
        }
        csv_free(&t);
    }
    double a;
    assert_status(bnsl_free_energy_kolafa_nezbeda(0, 0.5, &a, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_kolafa_nezbeda(1, -0.5, &a, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_van_der_hoef(NAN, 0.5, &a, NULL, NULL), BNSL_EINVAL);
}

/* Critical point of Kolafa and Nezbeda: 1.33965, 0.31080 (solved from the printed equation; published 1.3396, 0.3108). */
static void test_kolafa_nezbeda_critical(void **state)
{
    (void)state;
    double p[5], h = 1e-3, T = 1.33965, rho = 0.31080;
    for (int k = 0; k < 5; k++)
        assert_ok(bnsl_free_energy_kolafa_nezbeda(T, rho + (k - 2) * h, NULL, NULL, &p[k]));
    assert_close((p[0] - 8 * p[1] + 8 * p[3] - p[4]) / (12 * h), 0, 0, 1e-4);
    assert_close((-p[0] + 16 * p[1] - 30 * p[2] + 16 * p[3] - p[4]) / (12 * h * h), 0, 0, 2e-3);
}

/* B2 of the mixture: with one scaled shape it is b(T) sum x_i x_j sigma_ij^3; 0.3919375 at 1:2 and size ratio 0.55. */
static void test_mixture_virial(void **state)
{
    (void)state;
    bnsl_potential_options o;
    bnsl_potential *p = NULL;
    const double d[2] = {1, 0.55}, x[2] = {1.0 / 3, 2.0 / 3}, pure[2] = {1, 0}, bad[2] = {1, 1};
    double b2, b2_pure;
    assert_ok(bnsl_potential_options_init(&o, sizeof o));
    o.r_cut = INFINITY;
    o.well_depth = 2.5;
    assert_ok(bnsl_potential_create(&p, 2, d, &o));
    assert_ok(bnsl_free_energy_second_virial(p, x, 1, &b2));
    assert_ok(bnsl_free_energy_second_virial(p, pure, 1, &b2_pure));
    assert_close(b2_pure, -2.126856293379451, 1e-12, 0); /* Mie 50-25 at kT = 0.4 eps */
    assert_close(b2, 0.3919375 * -2.126856293379451, 1e-12, 0);
    assert_status(bnsl_free_energy_second_virial(p, bad, 1, &b2), BNSL_EINVAL);
    assert_status(bnsl_free_energy_second_virial(NULL, x, 1, &b2), BNSL_EINVAL);
    bnsl_potential_destroy(p);
}

/* ---- tangents ----------------------------------------------------------------------------------------------- */

static void kn_phase(void *user, double rho, double *a, double *p)
{
    double T = *(double *)user;
    bnsl_free_energy_kolafa_nezbeda(T, rho, a, NULL, p);
    *a = *a / T + log(rho) - 1;
    *p /= T;
}

static void vdh_phase(void *user, double rho, double *a, double *p)
{
    double T = *(double *)user;
    bnsl_free_energy_van_der_hoef(T, rho, a, NULL, p);
    *a = *a / T + log(rho) - 1;
    *p /= T;
}

static void test_tangent_melting(void **state)
{
    (void)state;
    double T = 1, low[2] = {0.6, 0.94}, high[2] = {1.0, 1.2}, rho[2], p, mu;
    assert_ok(bnsl_free_energy_tangent(kn_phase, &T, vdh_phase, &T, low, high, rho, &p, &mu));
    assert_close(p, 4.2403, 0, 1e-4);
    assert_close(rho[0], 0.92805, 0, 1e-5);
    assert_close(rho[1], 1.01424, 0, 1e-5);
    for (int k = 0; k < 2; k++) { /* the conditions themselves */
        double a, pressure;
        (k ? vdh_phase : kn_phase)(&T, rho[k], &a, &pressure);
        assert_close(pressure, p, 1e-10, 0);
        assert_close(a + pressure / rho[k], mu, 1e-11, 0);
    }
}

/* Gas and liquid of one function; printed: Lennard-Jones liquid of Kolafa and Nezbeda at T = 1, against a slow scan of the same equations. */
static void test_tangent_boiling(void **state)
{
    (void)state;
    double T = 1, low[2] = {1e-6, 0.05}, high[2] = {0.8, 0.9}, rho[2], p, mu;
    assert_ok(bnsl_free_energy_tangent(kn_phase, &T, kn_phase, &T, low, high, rho, &p, &mu));
    assert_true(rho[0] > 0.02 && rho[0] < 0.04 && rho[1] > 0.68 && rho[1] < 0.71); /* 0.029, 0.70 [Lotfi et al. 1992] */
    /* Maxwell: the area of the loop over 1/rho is that of the rectangle */
    double area = 0;
    enum { N = 20000 };
    for (int k = 0; k < N; k++) {
        double v = 1 / rho[1] + (1 / rho[0] - 1 / rho[1]) * (k + 0.5) / N, a, pressure;
        kn_phase(&T, 1 / v, &a, &pressure);
        area += (pressure - p) * (1 / rho[0] - 1 / rho[1]) / N;
    }
    assert_close(area, 0, 0, 1e-6);
    T = 1.4; /* above the critical temperature */
    assert_status(bnsl_free_energy_tangent(kn_phase, &T, kn_phase, &T, low, high, rho, &p, &mu), BNSL_EDOMAIN);
}

static void test_tangent_faults(void **state)
{
    (void)state;
    double T = 1, low[2] = {0.6, 0.94}, high[2] = {1.0, 1.2}, rho[2] = {-1, -1}, p;
    assert_status(bnsl_free_energy_tangent(NULL, &T, vdh_phase, &T, low, high, rho, &p, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_tangent(kn_phase, &T, vdh_phase, &T, low, high, NULL, &p, NULL), BNSL_EINVAL);
    low[0] = NAN;
    assert_status(bnsl_free_energy_tangent(kn_phase, &T, vdh_phase, &T, low, high, rho, &p, NULL), BNSL_EINVAL);
    low[0] = 0.6;
    high[0] = 0.7; /* the fluid is not known to the freezing pressure */
    assert_status(bnsl_free_energy_tangent(kn_phase, &T, vdh_phase, &T, low, high, rho, &p, NULL), BNSL_EDOMAIN);
    assert_close(rho[0], -1, 0, 0);
}

/* ---- paths ---------------------------------------------------------------------------------------------------- */

static void test_path(void **state)
{
    (void)state;
    const double depth[3] = {0.5, 1.25, 2.5}, falling[2] = {1, 0.5};
    double c[64], e[64], w[64], sum = 0;
    int32_t n = 0, m = 0;
    assert_ok(bnsl_free_energy_path(3, depth, 0, NULL, NULL, NULL, &n));
    assert_ok(bnsl_free_energy_path(3, depth, 64, c, e, w, &m));
    assert_int_equal(n, m);
    assert_int_equal(n, 1 + 5 + 1 + 6 + 1 + 9 + 1);
    int k_depth = 0;
    for (int k = 0; k < n; k++) { /* integrates lambda^9, and then powers up to eps^5, exactly */
        sum += w[k] * (c[k] < 1 ? 10 * pow(c[k], 9) : 6 * pow(e[k], 5));
        if (c[k] == 1 && w[k] == 0) {
            assert_close(e[k], depth[k_depth], 1e-14, 0);
            assert_close(sum, 1 + pow(depth[k_depth], 6) - pow(depth[0], 6), 1e-13, 0);
            k_depth++;
        }
    }
    assert_int_equal(k_depth, 3);
    assert_status(bnsl_free_energy_path(3, depth, n - 1, c, e, w, &m), BNSL_EBUFFER);
    assert_status(bnsl_free_energy_path(2, falling, 64, c, e, w, &m), BNSL_EINVAL);
    assert_status(bnsl_free_energy_path(0, depth, 64, c, e, w, &m), BNSL_EINVAL);
    assert_status(bnsl_free_energy_path(3, depth, 64, c, NULL, w, &m), BNSL_EINVAL);
}

/* ---- surfaces ------------------------------------------------------------------------------------------------ */

/* Values of Kolafa and Nezbeda as data: eps = 1/T. */
static int64_t kn_data(bnsl_free_energy_datum *d, bool with_a, double noise, uint64_t *random)
{
    int64_t n = 0;
    for (int i = 0; i < 10; i++)
        for (int j = 0; j < 6; j++)
            for (int kind = with_a ? 0 : 1; kind < 3; kind++) {
                double rho = 0.09 * (i + 1), eps = 0.4 + 0.04 * j, a, u, p, err = kind == 1 ? noise * 10 : noise;
                bnsl_free_energy_kolafa_nezbeda(1 / eps, rho, &a, &u, &p);
                double value = kind == 0 ? a * eps + log(rho) - 1 : kind == 1 ? p * eps / rho : u;
                d[n++] = (bnsl_free_energy_datum){kind, 0, rho, eps, value + err * test_normal(random), err};
            }
    return n;
}

static bnsl_free_energy_surface *kn_surface(bool virial, bool with_a, double noise, uint64_t seed)
{
    static bnsl_free_energy_datum data[180];
    bnsl_free_energy_surface_options o;
    bnsl_free_energy_surface *s = NULL;
    bnsl_potential_options lj;
    const double one = 1;
    assert_ok(bnsl_free_energy_surface_options_init(&o, sizeof o));
    o.n_density = 8;
    o.n_depth = 4;
    o.n_species = 1;
    o.virial = virial;
    assert_ok(bnsl_potential_options_init(&lj, sizeof lj));
    lj.n = 12;
    lj.m = 6;
    lj.r_cut = INFINITY;
    int64_t n = kn_data(data, with_a, noise, &seed);
    assert_ok(bnsl_free_energy_surface_create(&s, &o, n, data, &one, &one, &lj));
    return s;
}

/* Z and U alone, with the exact B2: the integral from the ideal gas. Then with A, without B2. */
static void test_surface_of_equation(void **state)
{
    (void)state;
    for (int virial = 1; virial >= 0; virial--) {
        bnsl_free_energy_surface *s = kn_surface(virial, !virial, 1e-5, 3);
        for (double eps = 0.42; eps < 0.6; eps += 0.05)
            for (double rho = 0.15; rho < 0.9; rho += 0.1) {
                bnsl_free_energy_state r;
                double a, u, p;
                assert_ok(bnsl_free_energy_surface_evaluate(s, rho, eps, &r));
                assert_ok(bnsl_free_energy_kolafa_nezbeda(1 / eps, rho, &a, &u, &p));
                /* the equation's own B2 is off by 1e-4, and 32 terms are not all of it */
                assert_close(r.a, a * eps + log(rho) - 1, 0, 1e-3);
                assert_close(r.u, u, 0, 5e-3);
                assert_close(r.pressure, p * eps, 0, 1e-2);
                assert_close(r.mu, r.a + r.pressure / rho, 1e-13, 0);
                double h = 1e-4;
                bnsl_free_energy_state up, down;
                assert_ok(bnsl_free_energy_surface_evaluate(s, rho + h, eps, &up));
                assert_ok(bnsl_free_energy_surface_evaluate(s, rho - h, eps, &down));
                assert_close(rho * rho * (up.a - down.a) / (2 * h), r.pressure, 0, 1e-5); /* P is the derivative of A */
                assert_close((up.pressure - down.pressure) / (2 * h), r.stiffness, 1e-4, 1e-4);
                assert_ok(bnsl_free_energy_surface_evaluate(s, rho, eps + h, &up));
                assert_ok(bnsl_free_energy_surface_evaluate(s, rho, eps - h, &down));
                assert_close((up.a - down.a) / (2 * h), r.u, 0, 1e-5);
            }
        bnsl_free_energy_surface_destroy(s);
    }
}

/* Noise of known size: the errors that a surface states are those that it makes. chi2 of 40 seeds at four states; 99.99 % limits of chi2 with 160. */
static void test_surface_errors(void **state)
{
    (void)state;
    enum { N = 40 };
    double sum[3] = {0};
    bnsl_free_energy_surface *exact = kn_surface(true, true, 1e-7, 99);
    for (uint64_t seed = 1; seed <= N; seed++) {
        bnsl_free_energy_surface *s = kn_surface(true, true, 5e-3, 1000 * seed);
        for (int k = 0; k < 4; k++) {
            bnsl_free_energy_state got, want;
            assert_ok(bnsl_free_energy_surface_evaluate(s, 0.2 + 0.2 * k, 0.45, &got));
            assert_ok(bnsl_free_energy_surface_evaluate(exact, 0.2 + 0.2 * k, 0.45, &want));
            sum[0] += pow((got.a - want.a) / got.a_err, 2);
            sum[1] += pow((got.pressure - want.pressure) / got.pressure_err, 2);
            sum[2] += pow((got.mu - want.mu) / got.mu_err, 2);
        }
        bnsl_free_energy_surface_destroy(s);
    }
    bnsl_free_energy_surface_destroy(exact);
    for (int k = 0; k < 3; k++)
        if (!(sum[k] > 80 && sum[k] < 290))
            fail_msg("chi2 of value %d is %g for 160", k, sum[k]); /* the four states of one seed are correlated: a wide margin */
}

static void test_surface_faults(void **state)
{
    (void)state;
    bnsl_free_energy_surface_options o;
    bnsl_free_energy_surface *s = (void *)1;
    bnsl_free_energy_state r;
    const double d = 1, x = 1;
    bnsl_free_energy_datum data[6];
    for (int i = 0; i < 6; i++)
        data[i] = (bnsl_free_energy_datum){BNSL_DATUM_Z, 0, 0.1 * (i + 1), 1, 1 + i, 0.1};
    assert_ok(bnsl_free_energy_surface_options_init(&o, sizeof o));
    assert_status(bnsl_free_energy_surface_create(NULL, &o, 6, data, &d, &x, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_surface_create(&s, &o, 6, data, &d, &x, NULL), BNSL_EINVAL); /* no A, no virial */
    assert_null(s);
    o.virial = 1;
    assert_status(bnsl_free_energy_surface_create(&s, &o, 6, data, &d, &x, NULL), BNSL_EINVAL); /* no species */
    o.n_species = 1;
    assert_status(bnsl_free_energy_surface_create(&s, &o, 4, data, &d, &x, NULL), BNSL_EINVAL); /* too few */
    data[3].error = 0;
    assert_status(bnsl_free_energy_surface_create(&s, &o, 6, data, &d, &x, NULL), BNSL_EINVAL);
    data[3].error = INFINITY;
    assert_status(bnsl_free_energy_surface_create(&s, &o, 6, data, &d, &x, NULL), BNSL_EINVAL);
    data[3].error = 0.1;
    data[3].value = NAN;
    assert_status(bnsl_free_energy_surface_create(&s, &o, 6, data, &d, &x, NULL), BNSL_EINVAL);
    data[3].value = 4;
    data[3].kind = BNSL_DATUM_U;
    assert_status(bnsl_free_energy_surface_create(&s, &o, 6, data, &d, &x, NULL), BNSL_EINVAL); /* U in a curve */
    data[3].kind = BNSL_DATUM_Z;
    for (int i = 0; i < 6; i++)
        data[i].density = 0.5;
    assert_status(bnsl_free_energy_surface_create(&s, &o, 6, data, &d, &x, NULL), BNSL_ENUMERIC); /* one density, five terms */
    o.n_density = 1;
    assert_ok(bnsl_free_energy_surface_create(&s, &o, 6, data, &d, &x, NULL));
    assert_status(bnsl_free_energy_surface_evaluate(s, 0.6, 1, &r), BNSL_EDOMAIN);
    assert_status(bnsl_free_energy_surface_evaluate(s, -1, 1, &r), BNSL_EDOMAIN);
    assert_status(bnsl_free_energy_surface_evaluate(s, NAN, 1, &r), BNSL_EDOMAIN);
    assert_status(bnsl_free_energy_surface_evaluate(NULL, 0.4, 1, &r), BNSL_EINVAL);
    assert_status(bnsl_free_energy_critical_depth(s, 0, 1, NULL, NULL, NULL), BNSL_EINVAL);
    bnsl_free_energy_surface_destroy(s);
    bnsl_free_energy_surface_destroy(NULL);
}

/* ---- coexistence of surfaces ---------------------------------------------------------------------------------- */

/* A van der Waals fluid, whose critical point is known: beta A = ln rho - 1 - ln(1 - b rho) - eps a rho with b = 1/3, a = 9/8: eps_c = 1,
 * rho_c = 1. */
static bnsl_free_energy_surface *van_der_waals(double noise, uint64_t seed)
{
    bnsl_free_energy_datum data[400];
    bnsl_free_energy_surface_options o;
    bnsl_free_energy_surface *s = NULL;
    int64_t n = 0;
    for (int i = 0; i < 24; i++)
        for (int j = 0; j < 5; j++)
            for (int kind = 0; kind < 2; kind++) {
                double rho = 0.03 + 0.1 * i, eps = 0.8 + 0.1 * j, f = 1 - rho / 3;
                double value = kind == 0 ? log(rho) - 1 - log(f) - 9.0 / 8 * eps * rho : 1 / f - 9.0 / 8 * eps * rho;
                data[n++] = (bnsl_free_energy_datum){kind, 0, rho, eps, value + noise * test_normal(&seed), noise};
            }
    assert_ok(bnsl_free_energy_surface_options_init(&o, sizeof o));
    o.n_density = 12;
    o.n_depth = 2;
    assert_ok(bnsl_free_energy_surface_create(&s, &o, n, data, NULL, NULL, NULL));
    return s;
}

static void test_critical_depth(void **state)
{
    (void)state;
    bnsl_free_energy_surface *s = van_der_waals(1e-5, 5);
    double depth, err, rho;
    assert_ok(bnsl_free_energy_critical_depth(s, 50, 1, &depth, &err, &rho));
    assert_close(depth, 1, 0, 2e-3);
    assert_close(rho, 1, 0, 0.05);
    assert_true(err > 0 && err < 2e-3);
    bnsl_free_energy_surface_destroy(s);
}

static void test_coexist_errors(void **state)
{
    (void)state;
    /* gas and liquid at eps = 32/27: reduced temperature 27/32; mass balance by the function itself */
    bnsl_free_energy_surface *exact = van_der_waals(1e-6, 7);
    bnsl_free_energy_coexistence want, again;
    assert_ok(bnsl_free_energy_coexist(exact, 0, exact, 0, 1.15, 20, 1, &want));
    assert_ok(bnsl_free_energy_coexist(exact, 0, exact, 0, 1.15, 20, 1, &again));
    assert_memory_equal(&want, &again, sizeof want); /* same seed, same bits */
    double sum = 0;
    enum { N = 20 };
    for (uint64_t seed = 1; seed <= N; seed++) {
        bnsl_free_energy_surface *s = van_der_waals(2e-3, seed);
        bnsl_free_energy_coexistence got;
        assert_ok(bnsl_free_energy_coexist(s, 0, s, 0, 1.15, 40, seed, &got));
        sum += pow((got.density[1] - want.density[1]) / got.density_err[1], 2);
        bnsl_free_energy_surface_destroy(s);
    }
    assert_true(sum > 5 && sum < 45); /* chi2 of 20: 99.9 % within 5.9 .. 45.3 */
    /* a shift of the dense phase moves the balance, and its error is carried over */
    assert_status(bnsl_free_energy_coexist(exact, 0, exact, 0, 3, 20, 1, &want), BNSL_EDOMAIN);
    assert_status(bnsl_free_energy_coexist(exact, -1, exact, 0, 1.15, 20, 1, &want), BNSL_EINVAL);
    assert_status(bnsl_free_energy_coexist(exact, 0, NULL, 0, 1.15, 20, 1, &want), BNSL_EINVAL);
    bnsl_free_energy_surface_destroy(exact);
}

/* ---- driving force ---------------------------------------------------------------------------------------------- */

/* A curve through the Lennard-Jones fluid or solid at T = 1, exact but for 1e-6; eps of the data is not used. */
static bnsl_free_energy_surface *lennard_jones_curve(bool solid)
{
    bnsl_free_energy_datum data[60];
    bnsl_free_energy_surface_options o;
    bnsl_free_energy_surface *s = NULL;
    double T = 1, low = solid ? 0.94 : 0.7, high = solid ? 1.2 : 1.1;
    for (int i = 0; i < 30; i++) {
        double rho = low + (high - low) * i / 29, a, p;
        (solid ? vdh_phase : kn_phase)(&T, rho, &a, &p);
        data[2 * i] = (bnsl_free_energy_datum){BNSL_DATUM_A, 0, rho, 1, a, 1e-6};
        data[2 * i + 1] = (bnsl_free_energy_datum){BNSL_DATUM_Z, 0, rho, 1, p / rho, 1e-5};
    }
    assert_ok(bnsl_free_energy_surface_options_init(&o, sizeof o));
    o.n_density = 12;
    assert_ok(bnsl_free_energy_surface_create(&s, &o, 60, data, NULL, NULL, NULL));
    return s;
}

/* Simpson's rule for the integral of 1/rho_fluid - 1/rho_solid over P, up to the pressure of the fluid at a density: both densities from
 * the equations. */
static double force_by_pressure(double from, double to)
{
    enum { N = 200 };
    double T = 1, sum = 0, a, p[2];
    for (int k = 0; k <= 2 * N; k++) {
        double fluid = from + (to - from) * k / (2 * N), low = 0.94, high = 1.2;
        kn_phase(&T, fluid, &a, &p[0]);
        for (int i = 0; i < 60; i++) {
            vdh_phase(&T, 0.5 * (low + high), &a, &p[1]);
            *(p[1] < p[0] ? &low : &high) = 0.5 * (low + high);
        }
        double h = 1e-5, up, down; /* dP along the fluid */
        kn_phase(&T, fluid + h, &a, &up);
        kn_phase(&T, fluid - h, &a, &down);
        double slope = (1 / fluid - 2 / (low + high)) * (up - down) / (2 * h);
        sum += slope * (k == 0 || k == 2 * N ? 1 : k % 2 ? 4 : 2);
    }
    return sum * (to - from) / (6 * N);
}

static void test_driving_force(void **state)
{
    (void)state;
    bnsl_free_energy_surface *fluid = lennard_jones_curve(false), *solid = lennard_jones_curve(true);
    double force = 7, err = 7;
    assert_ok(bnsl_free_energy_driving_force(fluid, solid, 0, 1, 0.92804843, &force, &err)); /* where it freezes */
    assert_close(force, 0, 0, 1e-4);
    for (double rho = 0.95; rho < 1.06; rho += 0.05) { /* d mu = dP / rho, so that the force is an integral over the pressure */
        assert_ok(bnsl_free_energy_driving_force(fluid, solid, 0, 1, rho, &force, &err));
        assert_close(force, force_by_pressure(0.92804843, rho), 0, 2e-4);
        assert_true(err >= 0 && err < 1e-4);
    }
    assert_ok(bnsl_free_energy_driving_force(fluid, solid, 0, 1, 0.85, &force, NULL)); /* the fluid is stable */
    assert_true(force < 0);
    assert_close(force, -force_by_pressure(0.85, 0.92804843), 0, 2e-4);
    assert_ok(bnsl_free_energy_driving_force(fluid, solid, 0.05, 1, 0.95, &force, &err)); /* an error of the solid as a whole is carried over */
    assert_close(err, 0.05, 0, 0.018);                                                  /* of 100 draws, 5 standard deviations */
    force = 7;
    assert_status(bnsl_free_energy_driving_force(NULL, solid, 0, 1, 0.95, &force, &err), BNSL_EINVAL);
    assert_status(bnsl_free_energy_driving_force(fluid, NULL, 0, 1, 0.95, &force, &err), BNSL_EINVAL);
    assert_status(bnsl_free_energy_driving_force(fluid, solid, 0, 1, 0.95, NULL, &err), BNSL_EINVAL);
    assert_status(bnsl_free_energy_driving_force(fluid, solid, -1, 1, 0.95, &force, &err), BNSL_EINVAL);
    assert_status(bnsl_free_energy_driving_force(fluid, solid, NAN, 1, 0.95, &force, &err), BNSL_EINVAL);
    assert_status(bnsl_free_energy_driving_force(fluid, solid, 0, 1, 1.2, &force, &err), BNSL_EDOMAIN); /* beyond the fluid's data */
    assert_status(bnsl_free_energy_driving_force(fluid, solid, 0, 1, NAN, &force, &err), BNSL_EDOMAIN);
    assert_status(bnsl_free_energy_driving_force(fluid, solid, 0, 1, 0.7, &force, &err), BNSL_EDOMAIN); /* no solid of so low a pressure */
    assert_close(force, 7, 0, 0);
    bnsl_free_energy_surface_destroy(fluid);
    bnsl_free_energy_surface_destroy(solid);
}

/* ---- quality of a fit, limits, starts --------------------------------------------------------------------------- */

static void test_surface_quality(void **state)
{
    (void)state;
    double chi2, sum = 0, density[2], depth[2];
    int64_t freedom;
    enum { N = 20 };
    for (uint64_t seed = 1; seed <= N; seed++) {
        bnsl_free_energy_surface *s = kn_surface(true, true, 5e-3, 77 * seed);
        assert_ok(bnsl_free_energy_surface_quality(s, &chi2, &freedom, density, depth));
        assert_int_equal(freedom, 10 * 6 * 3 - 8 * 4); /* data less coefficients */
        sum += chi2;
        bnsl_free_energy_surface_destroy(s);
    }
    /* the noise is as stated, and what 32 terms leave of the equation small against it: chi2 of 2960, 5 standard deviations of 77 */
    if (!(fabs(sum - N * 148) < 5 * sqrt(2.0 * N * 148)))
        fail_msg("chi2 of %d fits is %g, expected %d", N, sum, N * 148);
    assert_close(density[0], 0, 0, 0); /* with the virial coefficient */
    assert_close(density[1], 0.9, 1e-15, 0);
    assert_close(depth[0], 0.4, 1e-15, 0);
    assert_close(depth[1], 0.6, 1e-15, 0);
    bnsl_free_energy_surface *s = kn_surface(true, true, 5e-3, 1);
    assert_ok(bnsl_free_energy_surface_quality(s, NULL, NULL, NULL, NULL));
    bnsl_free_energy_surface_destroy(s);
    assert_status(bnsl_free_energy_surface_quality(NULL, &chi2, &freedom, density, depth), BNSL_EINVAL);
}

/* An ideal gas has a clumping of 1; the limit is above that for any number, and below that of a fluid of which all is in two of eight
 * octants, 3 N / 7. */
static void test_clumping_limit(void **state)
{
    (void)state;
    for (int64_t n = 32; n < 100000; n *= 2) {
        double limit = bnsl_free_energy_clumping_limit(n);
        assert_close(limit, 1 + (double)n / 48, 1e-15, 0);
        assert_true(limit > 1 && limit < 3 * (double)n / 7);
    }
}

static void test_fluid_start(void **state)
{
    (void)state;
    enum { N = 90 };
    const double diameter[2] = {1, 0.55}, bad[2] = {1, -1};
    const int64_t count[2] = {30, 60};
    double xyz[3][3 * N], volume;
    int32_t species[N];
    bnsl_box box[2];
    for (int k = 0; k < 3; k++)
        assert_ok(bnsl_free_energy_fluid_start(2, diameter, count, 2.1, k == 2 ? 6 : 5, &box[k == 2], xyz[k], species));
    assert_memory_equal(xyz[0], xyz[1], sizeof xyz[0]); /* same seed, same bits */
    assert_true(memcmp(xyz[0], xyz[2], sizeof xyz[0]) != 0);
    assert_ok(bnsl_box_volume(&box[0], &volume));
    assert_close(N / volume, 2.1, 1e-12, 0);
    assert_close(box[0].lx, box[0].ly, 0, 0);
    assert_close(box[0].lx, box[0].lz, 0, 0);
    for (int i = 0; i < N; i++)
        assert_int_equal(species[i], i >= 30);
    assert_status(bnsl_free_energy_fluid_start(2, bad, count, 2.1, 5, &box[0], xyz[0], species), BNSL_EINVAL);
    assert_status(bnsl_free_energy_fluid_start(2, NULL, count, 2.1, 5, &box[0], xyz[0], species), BNSL_EINVAL);
    assert_status(bnsl_free_energy_fluid_start(2, diameter, count, 0, 5, &box[0], xyz[0], species), BNSL_EINVAL);
    assert_status(bnsl_free_energy_fluid_start(2, diameter, count, NAN, 5, &box[0], xyz[0], species), BNSL_EINVAL);
    assert_status(bnsl_free_energy_fluid_start(2, diameter, count, 2.1, 5, NULL, xyz[0], species), BNSL_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_carnahan_starling),       cmocka_unit_test(test_bmcsl),          cmocka_unit_test(test_lennard_jones),
        cmocka_unit_test(test_kolafa_nezbeda_critical), cmocka_unit_test(test_mixture_virial), cmocka_unit_test(test_tangent_melting),
        cmocka_unit_test(test_tangent_boiling),         cmocka_unit_test(test_tangent_faults), cmocka_unit_test(test_path),
        cmocka_unit_test(test_surface_of_equation),     cmocka_unit_test(test_surface_errors), cmocka_unit_test(test_surface_faults),
        cmocka_unit_test(test_critical_depth),          cmocka_unit_test(test_coexist_errors), cmocka_unit_test(test_driving_force),
        cmocka_unit_test(test_surface_quality),         cmocka_unit_test(test_clumping_limit), cmocka_unit_test(test_fluid_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
