/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statistics of component chemical potentials: identity changes against hard spheres, and with Widom's insertion against A and P. Bounds
 * are 4 standard errors and what is said; seeds are fixed. Half a minute. */
#include "bnsl_test.h"

static const double PI = 3.14159265358979323846, diameter[2] = {1, 0.55};
static const int64_t count[2] = {100, 200};
enum { N = 300 };

static double density_of(double phi)
{
    return phi / (PI / 6 * (1 + 2 * 0.55 * 0.55 * 0.55) / 3);
}

static double exchange(double density, double depth, double *err)
{
    bnsl_free_energy_exchange_options o;
    bnsl_potential_options p;
    double difference;
    assert_ok(bnsl_potential_options_init(&p, sizeof p));
    assert_ok(bnsl_free_energy_exchange_options_init(&o, sizeof o));
    o.num_threads = 2;
    o.n_swap = 10;
    o.n_steps = 40000;
    o.n_equilibrate = 5000;
    o.seed = 12;
    assert_ok(bnsl_free_energy_exchange(diameter, count, density, depth, &p, &o, NULL, &difference, err));
    return difference;
}

/* The power law against hard spheres of its Barker-Henderson diameter (BMCSL), which is right to 0.1 % in the diameter at these densities:
 * 0.3 % of the excess part each. */
static void test_exchange_of_hard_spheres(void **state)
{
    (void)state;
    bnsl_potential_options o;
    bnsl_potential *ipl = NULL;
    double hard[2];
    const double fraction[2] = {1.0 / 3, 2.0 / 3};
    assert_ok(bnsl_potential_options_init(&o, sizeof o));
    o.form = BNSL_FORM_IPL;
    o.well_depth = 1;
    assert_ok(bnsl_potential_create(&ipl, 2, diameter, &o));
    for (int i = 0; i < 2; i++)
        assert_ok(bnsl_potential_barker_henderson(ipl, i, i, 1, BNSL_BH_WCA, &hard[i]));
    bnsl_potential_destroy(ipl);
    for (double phi = 0.2; phi < 0.35; phi += 0.1) {
        double rho = density_of(phi), mu[2], err, got = exchange(rho, 0, &err);
        assert_ok(bnsl_free_energy_bmcsl(2, hard, fraction, rho, NULL, NULL, mu));
        printf("packing fraction %.1f: mu_L - mu_S %.4f +- %.4f, hard spheres %.4f\n", phi, got, err, mu[0] - mu[1] + log(0.5));
        assert_true(err < 0.05);
        assert_close(got, mu[0] - mu[1] + log(0.5), 0, 4 * err + 0.003 * (mu[0] - mu[1]));
    }
}

/* mu_S by insertion [Widom 1963] into configurations of a run. */
static double widom(double density, double depth, double *err)
{
    enum { N_BLOCKS = 16, N_SAMPLES = 25, N_POINTS = 1000 };
    static double xyz[3 * N];
    static int32_t species[N];
    bnsl_md_options o;
    bnsl_potential_options po;
    bnsl_potential *potential = NULL;
    bnsl_md *md = NULL;
    bnsl_box box;
    uint64_t random = 99;
    double cut[4], block[N_BLOCKS], mean = 0, square = 0;
    assert_ok(bnsl_potential_options_init(&po, sizeof po));
    po.well_depth = depth;
    assert_ok(bnsl_potential_create(&potential, 2, diameter, &po));
    assert_ok(bnsl_potential_cutoffs(potential, cut));
    assert_ok(bnsl_free_energy_fluid_start(2, diameter, count, density, 5, &box, xyz, species));
    assert_ok(bnsl_md_options_init(&o, sizeof o));
    o.integrator = BNSL_MD_LANGEVIN;
    o.dt = 0.002;
    o.kT = 1;
    o.friction = 5;
    assert_ok(bnsl_md_create(&md, &box, N, xyz, species, potential, &o));
    assert_ok(bnsl_md_thermalize(md, 1, 0));
    assert_ok(bnsl_md_run(md, 5000, NULL));
    for (int b = 0; b < N_BLOCKS; b++) {
        double sum = 0;
        for (int s = 0; s < N_SAMPLES; s++) {
            assert_ok(bnsl_md_run(md, 100, NULL));
            assert_ok(bnsl_md_positions(md, xyz, NULL));
            for (int k = 0; k < N_POINTS; k++) {
                double at[3], r[2][N], u[N], energy = 0;
                int n[2] = {0, 0};
                for (int d = 0; d < 3; d++)
                    at[d] = box.lx * test_uniform(&random);
                for (int i = 0; i < N; i++) {
                    double r2 = 0;
                    for (int d = 0; d < 3; d++) {
                        double x = xyz[3 * i + d] - at[d];
                        x -= box.lx * nearbyint(x / box.lx);
                        r2 += x * x;
                    }
                    int which = species[i];
                    if (r2 < cut[2 + which] * cut[2 + which])
                        r[which][n[which]++] = sqrt(r2);
                }
                for (int which = 0; which < 2; which++) {
                    if (n[which] > 0)
                        assert_ok(bnsl_potential_evaluate(potential, 1, which, n[which], r[which], u, NULL));
                    for (int i = 0; i < n[which]; i++)
                        energy += u[i];
                }
                sum += exp(-energy) / (N_SAMPLES * N_POINTS);
            }
        }
        block[b] = sum;
        mean += sum / N_BLOCKS;
    }
    for (int b = 0; b < N_BLOCKS; b++)
        square += pow((block[b] - mean) / mean, 2) / (N_BLOCKS * (N_BLOCKS - 1));
    *err = sqrt(square);
    bnsl_md_destroy(md);
    bnsl_potential_destroy(potential);
    return log(density * 2 / 3) - log(mean);
}

/* x_L mu_L + x_S mu_S = A/N + P/rho: insertion of S, the exchange of S for L, the integral from the ideal gas. */
static void test_potentials_add_up(void **state)
{
    (void)state;
    bnsl_free_energy_fluid_options o;
    bnsl_free_energy_fluid_result r;
    double rho = density_of(0.2), depth = 0.5, small_err, difference_err, small = widom(rho, depth, &small_err),
           difference = exchange(rho, depth, &difference_err);
    assert_ok(bnsl_free_energy_fluid_options_init(&o, sizeof o));
    o.num_threads = 2;
    assert_ok(bnsl_free_energy_fluid(2, diameter, count, rho, depth, NULL, &o, NULL, &r));
    double sum = small + difference / 3, sum_err = hypot(small_err, difference_err / 3), err = hypot(r.a_err, r.z_err);
    printf("mu_S %.4f +- %.4f, mu_L - mu_S %.4f +- %.4f: mean %.4f +- %.4f; A/N + P/rho %.4f +- %.4f\n", small, small_err, difference,
           difference_err, sum, sum_err, r.a + r.z, err);
    assert_true(hypot(sum_err, err) < 0.04);
    assert_close(sum, r.a + r.z, 0, 4 * hypot(sum_err, err) + 1.0 / N); /* of insertion, whose box holds one particle more */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exchange_of_hard_spheres),
        cmocka_unit_test(test_potentials_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
