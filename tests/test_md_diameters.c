/* SPDX-License-Identifier: GPL-3.0-or-later */
/* md: diameters of polydisperse mixtures and of single particles. */
#include "configurations.h"

enum { N = 30000 };
static const double MEAN[2] = { 1, 0.55 }, SD[2] = { 0.047, 0.063 };

static int32_t *one_to_two(void)
{
    int32_t *species = malloc(N * sizeof *species);
    assert_non_null(species);
    for (int i = 0; i < N; i++)
        species[i] = i % 3 != 0;
    return species;
}

/* Numbers in the bins are within one of their exact shares, their centres where the formula puts them, nothing else occurs. */
static void bins_hold_their_shares(void **state)
{
    (void)state;
    static const int32_t bins[] = { 1, 2, 13, 100 };
    int32_t *species = one_to_two();
    double *d = malloc(N * sizeof *d);
    assert_non_null(d);
    for (int k = 0; k < 4; k++) {
        int32_t n_bins = bins[k];
        assert_ok(bnsl_md_polydisperse(N, species, 2, MEAN, SD, n_bins, 7, d));
        for (int32_t a = 0; a < 2; a++) {
            double sd = SD[a] * MEAN[a], total = 0;
            int64_t count[100] = { 0 }, n_a = a == 0 ? N / 3 : N - N / 3;
            for (int i = 0; i < N; i++)
                if (species[i] == a) {
                    double place = (d[i] - MEAN[a]) / (6 * sd / n_bins) + 0.5 * n_bins - 0.5;
                    int64_t bin = llround(place);
                    assert_true(bin >= 0 && bin < n_bins);
                    assert_close(place, (double)bin, 0, 1e-9);
                    count[bin]++;
                }
            for (int b = 0; b < n_bins; b++)
                total += exp(-0.5 * pow(6.0 * (b + 0.5) / n_bins - 3, 2));
            for (int b = 0; b < n_bins; b++)
                assert_true(fabs((double)count[b] - (double)n_a * exp(-0.5 * pow(6.0 * (b + 0.5) / n_bins - 3, 2)) / total) < 1);
        }
    }
    free(species);
    free(d);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Which particle is large is random: no correlation between neighbours in the list, other seeds give other orders of the same sizes. */
static void bins_are_spread_at_random(void **state)
{
    (void)state;
    int32_t *species = calloc(N, sizeof *species);
    double *d[3], correlation = 0, variance = 0, trend = 0;
    assert_non_null(species);
    for (int k = 0; k < 3; k++) {
        d[k] = malloc(N * sizeof(double));
        assert_non_null(d[k]);
        assert_ok(bnsl_md_polydisperse(N, species, 1, MEAN, SD, 13, k == 1 ? 8 : 7, d[k]));
    }
    assert_memory_equal(d[0], d[2], N * sizeof(double));
    assert_memory_not_equal(d[0], d[1], N * sizeof(double));
    for (int i = 0; i + 1 < N; i++) {
        correlation += (d[0][i] - 1) * (d[0][i + 1] - 1) / N;
        variance += (d[0][i] - 1) * (d[0][i] - 1) / N;
        trend += (d[0][i] - 1) * (2.0 * i / N - 1) / N;
    }
    assert_close(correlation / variance, 0, 0, 5 / sqrt(N)); /* five standard errors */
    assert_close(trend / sqrt(variance / 3), 0, 0, 5 / sqrt(N));
    qsort(d[0], N, sizeof(double), by_size);
    qsort(d[1], N, sizeof(double), by_size);
    assert_memory_equal(d[0], d[1], N * sizeof(double));
    for (int k = 0; k < 3; k++)
        free(d[k]);
    free(species);
}

/* Moments of a normal distribution cut at +-3: variance 1 - 6 phi(3) / (2 Phi(3) - 1), kurtosis by recursion; five standard errors. */
static void continuous_diameters_are_normal(void **state)
{
    (void)state;
    int32_t *species = one_to_two();
    double *d = malloc(N * sizeof *d), density = exp(-4.5) / sqrt(2 * 3.14159265358979), inside = erf(3 / sqrt(2));
    double variance = 1 - 6 * density / inside, fourth = 3 * variance - 2 * 27 * density / inside;
    assert_non_null(d);
    assert_ok(bnsl_md_polydisperse(N, species, 2, MEAN, SD, 0, 7, d));
    for (int32_t a = 0; a < 2; a++) {
        double m[5] = { 0 }, n = 0;
        for (int i = 0; i < N; i++)
            if (species[i] == a) {
                double z = (d[i] / MEAN[a] - 1) / SD[a];
                assert_true(fabs(z) <= 3 + 1e-12);
                for (int k = 0; k < 5; k++)
                    m[k] += pow(z, k);
            }
        n = m[0];
        assert_close(m[1] / n, 0, 0, 5 * sqrt(variance / n));
        assert_close(m[2] / n, variance, 0, 5 * sqrt((fourth - variance * variance) / n));
        assert_close(m[3] / n, 0, 0, 5 * sqrt(15 / n));
        assert_close(m[4] / n, fourth, 0, 5 * sqrt(96 / n));
    }
    double *again = malloc(N * sizeof *again);
    assert_non_null(again);
    assert_ok(bnsl_md_polydisperse(N / 2, species, 2, MEAN, SD, 0, 7, again)); /* a particle's diameter is its own */
    assert_memory_equal(again, d, N / 2 * sizeof *d);
    free(again);
    free(species);
    free(d);
}

static void bad_distributions_are_named(void **state)
{
    (void)state;
    const int32_t species[3] = { 0, 1, 1 }, unknown[3] = { 0, 1, 2 };
    const double bad[] = { 0, -1, NAN, INFINITY }, wide[] = { 0.31, -0.1, NAN, INFINITY };
    double d[3] = { 5, 5, 5 }, mean[2] = { 1, 0.55 }, sd[2] = { 0.1, 0 };
    for (int k = 0; k < 4; k++) {
        mean[1] = bad[k];
        assert_status(bnsl_md_polydisperse(3, species, 2, mean, sd, 13, 1, d), BNSL_EINVAL);
        mean[1] = 0.55;
        sd[1] = wide[k];
        assert_status(bnsl_md_polydisperse(3, species, 2, mean, sd, 13, 1, d), BNSL_EINVAL);
        sd[1] = 0;
    }
    assert_status(bnsl_md_polydisperse(-1, species, 2, mean, sd, 13, 1, d), BNSL_EINVAL);
    assert_status(bnsl_md_polydisperse(3, NULL, 2, mean, sd, 13, 1, d), BNSL_EINVAL);
    assert_status(bnsl_md_polydisperse(3, unknown, 2, mean, sd, 13, 1, d), BNSL_EINVAL);
    assert_status(bnsl_md_polydisperse(3, species, 0, mean, sd, 13, 1, d), BNSL_EINVAL);
    assert_status(bnsl_md_polydisperse(3, species, 2, NULL, sd, 13, 1, d), BNSL_EINVAL);
    assert_status(bnsl_md_polydisperse(3, species, 2, mean, NULL, 13, 1, d), BNSL_EINVAL);
    assert_status(bnsl_md_polydisperse(3, species, 2, mean, sd, -1, 1, d), BNSL_EINVAL);
    assert_status(bnsl_md_polydisperse(3, species, 2, mean, sd, 1001, 1, d), BNSL_EINVAL);
    assert_status(bnsl_md_polydisperse(3, species, 2, mean, sd, 13, 1, NULL), BNSL_EINVAL);
    assert_true(d[0] == 5 && d[1] == 5 && d[2] == 5);
    assert_ok(bnsl_md_polydisperse(0, NULL, 2, mean, sd, 13, 1, NULL));
    assert_ok(bnsl_md_polydisperse(3, species, 2, mean, sd, 13, 1, d));
    assert_true(d[1] == 0.55 && d[2] == 0.55); /* no width */
}

static void diameters_of_particles(void **state)
{
    (void)state;
    configuration c = fluid(40, 80, 0.3, 0.55, 21);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    bnsl_md *md;
    bnsl_md_thermo t;
    double own[120], got[120], volume = 0, effective = 0, d_bh;
    assert_ok(bnsl_md_create(&md, &c.box, c.n, c.xyz, c.species, p, NULL));
    assert_ok(bnsl_md_diameters(md, got));
    assert_ok(bnsl_potential_barker_henderson(p, 0, 0, 1, BNSL_BH_WCA, &d_bh));
    for (int i = 0; i < 120; i++) {
        assert_true(got[i] == (c.species[i] ? 0.55 : 1));
        own[i] = got[i] * (1 + 0.001 * (i % 17 - 8));
        volume += 3.14159265358979323846 / 6 * pow(own[i], 3);
        effective += 3.14159265358979323846 / 6 * pow(own[i] * d_bh, 3);
    }
    assert_ok(bnsl_md_thermalize(md, 1, 1));
    assert_ok(bnsl_md_run(md, 100, NULL)); /* sorted by now */
    assert_ok(bnsl_md_set_diameters(md, own));
    assert_ok(bnsl_md_diameters(md, got));
    assert_memory_equal(got, own, sizeof own);
    assert_ok(bnsl_md_thermo_now(md, &t));
    assert_close(t.packing_fraction, volume / t.volume, 1e-14, 0);
    assert_close(t.packing_fraction_effective, effective / t.volume, 1e-11, 0);
    assert_ok(bnsl_md_run(md, 100, NULL));
    assert_ok(bnsl_md_diameters(md, got));
    assert_memory_equal(got, own, sizeof own);
    /* the box of a schedule is that of the new diameters */
    assert_ok(bnsl_md_set_packing_schedule(md, 1, (int64_t[]){ 0 }, (double[]){ 0.3 }));
    own[3] = 1.1;
    assert_ok(bnsl_md_set_diameters(md, own));
    assert_ok(bnsl_md_thermo_now(md, &t));
    assert_close(t.packing_fraction, 0.3, 1e-13, 0);
    const double bad[] = { 0, -1, NAN, INFINITY };
    for (int k = 0; k < 4; k++) {
        double kept = own[77];
        own[77] = bad[k];
        assert_status(bnsl_md_set_diameters(md, own), BNSL_EINVAL);
        own[77] = kept;
    }
    assert_non_null(strstr(bnsl_error_message(), "diameter[77]"));
    assert_status(bnsl_md_set_diameters(NULL, own), BNSL_EINVAL);
    assert_status(bnsl_md_diameters(md, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_diameters(NULL, got), BNSL_EINVAL);
    assert_ok(bnsl_md_diameters(md, got));
    assert_memory_equal(got, own, sizeof own);
    bnsl_md_destroy(md);
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bins_hold_their_shares),
        cmocka_unit_test(bins_are_spread_at_random),
        cmocka_unit_test(continuous_diameters_are_normal),
        cmocka_unit_test(bad_distributions_are_named),
        cmocka_unit_test(diameters_of_particles),
    };
    return cmocka_run_group_tests_name("md, diameters", tests, NULL, NULL);
}
