/* SPDX-License-Identifier: GPL-3.0-or-later */
/* md: energies, forces and virials of every kind of interaction against sums over all pairs and images. */
#include "configurations.h"

static bnsl_md *simulate(const configuration *c, const bnsl_potential *p, int32_t precision, int32_t threads, int32_t isa)
{
    bnsl_md *md;
    bnsl_md_options o;
    assert_ok(bnsl_md_options_init(&o, sizeof o));
    o.integrator = BNSL_MD_NVE;
    o.precision = precision;
    o.num_threads = threads;
    o.instruction_set = isa;
    assert_ok(bnsl_md_create(&md, &c->box, c->n, c->xyz, c->species, p, &o));
    return md;
}

static double largest_of(int64_t n, const double *values)
{
    double largest = 0;
    for (int64_t k = 0; k < n; k++)
        largest = fmax(largest, fabs(values[k]));
    return largest;
}

static void compare_with_naive_sized(const configuration *c, const bnsl_potential *p, const double *diameter)
{
    double virial[6], *want = malloc((size_t)c->n * 24), *got = malloc((size_t)c->n * 24);
    assert_true(want && got);
    double energy = naive_energy_sized(c, p, diameter, want, virial), largest = largest_of(3 * c->n, want);
    for (int32_t isa = BNSL_ISA_AUTO; isa <= BNSL_ISA_AVX512; isa++)
        for (int32_t precision = BNSL_MD_DOUBLE; precision <= BNSL_MD_MIXED; precision++) {
            bnsl_md *md = simulate(c, p, precision, 2, isa);
            bnsl_md_thermo t;
            if (diameter)
                assert_ok(bnsl_md_set_diameters(md, diameter));
            assert_ok(bnsl_md_thermo_now(md, &t)); /* energies are in double precision in both modes */
            assert_close(t.potential_energy, energy, 1e-12, 0);
            for (int k = 0; k < 6; k++) /* off-diagonal sums cancel: measured by the diagonal ones */
                assert_close(t.pressure_tensor[k] * t.volume, virial[k], 1e-12, 1e-12 * fabs(virial[0]));
            assert_ok(bnsl_md_forces(md, got));
            /* single precision: 2^-24 of r^2 is 25 times that of the steepest force, for the few roundings before it */
            double tolerance = precision == BNSL_MD_MIXED ? 2e-5 : 1e-12;
            for (int64_t k = 0; k < 3 * c->n; k++)
                assert_close(got[k], want[k], 0, tolerance * largest);
            bnsl_md_destroy(md);
        }
    free(want);
    free(got);
}

static void compare_with_naive(const configuration *c, const bnsl_potential *p)
{
    compare_with_naive_sized(c, p, NULL);
}

static void forces_equal_the_naive_sum(void **state)
{
    (void)state;
    static const double exponents[][2] = { { 50, 25 }, { 50, 6 }, { 12, 6 }, { 24, 12.5 }, { 13.7, 6.1 } };
    configuration c = fluid(334, 666, 0.5, 0.55, 3);
    for (size_t k = 0; k < sizeof exponents / sizeof *exponents; k++) {
        bnsl_potential *p = mie_mixture(exponents[k][0], exponents[k][1], 0.55);
        compare_with_naive(&c, p);
        bnsl_potential_destroy(p);
        if (k == 0) { /* the others on a smaller one */
            free_configuration(&c);
            c = fluid(80, 160, 0.5, 0.55, 4);
        }
    }
    free_configuration(&c);
}

static void forces_of_other_forms(void **state)
{
    (void)state;
    configuration c = fluid(60, 120, 0.45, 0.55, 9);
    const double diameter[2] = { 1, 0.55 };
    static const int32_t forms[] = { BNSL_FORM_MIE, BNSL_FORM_IPL, BNSL_FORM_WCA, BNSL_FORM_IPL_MIE };
    for (int k = 0; k < 4; k++)
        for (int32_t shift = BNSL_SHIFT_ENERGY; shift <= BNSL_SHIFT_SMOOTH; shift++) {
            bnsl_potential *p;
            bnsl_potential_options o;
            if (forms[k] == BNSL_FORM_WCA && shift == BNSL_SHIFT_SMOOTH)
                continue;
            assert_ok(bnsl_potential_options_init(&o, sizeof o));
            o.form = forms[k];
            o.shift = shift;
            o.r_cut = 1.4;
            o.coupling = 0.3;
            o.ipl_prefactor = 0.7;
            assert_ok(bnsl_potential_create(&p, 2, diameter, &o));
            compare_with_naive(&c, p);
            o.well_depth = 0.5; /* one pair that differs in everything */
            o.sigma = 0.8;
            o.n = 36;
            o.m = 12;
            o.r_cut = 1.7;
            o.coupling = 0.9;
            assert_ok(bnsl_potential_set_pair(p, 0, 1, &o));
            compare_with_naive(&c, p);
            o.form = BNSL_FORM_NONE;
            o.shift = BNSL_SHIFT_NONE;
            assert_ok(bnsl_potential_set_pair(p, 1, 1, &o));
            compare_with_naive(&c, p);
            bnsl_potential_destroy(p);
        }
    free_configuration(&c);
}

/* Rows of more than a thousand neighbours, where the mixed kernel needs several of its blocks; sizes that are not the species' diameters. */
static void long_rows_and_other_sizes(void **state)
{
    (void)state;
    configuration c = fluid(20, 40, 0.45, 0.55, 7);
    static const double diameter[2] = { 1, 0.55 };
    for (int k = 0; k < 2; k++) {
        bnsl_potential_options o;
        bnsl_potential *p;
        assert_ok(bnsl_potential_options_init(&o, sizeof o));
        o.m = 6;
        o.r_cut = k ? 1.8 : 8;
        assert_ok(bnsl_potential_create(&p, 2, diameter, &o));
        for (int32_t a = 0; a < 2; a++)
            for (int32_t b = a; b < 2; b++) {
                o.sigma = 0.93 * 0.5 * (diameter[a] + diameter[b]);
                assert_ok(bnsl_potential_set_pair(p, a, b, &o));
            }
        compare_with_naive(&c, p);
        bnsl_potential_destroy(p);
    }
    free_configuration(&c);
}

/* U = 4 (r^-12 - r^-6) (1 - (r / 2)^2)^2 and its force, tabulated. */
static void set_table(bnsl_potential *p, int32_t a, int32_t b, double r_min, double r_max)
{
    enum { N = 257 };
    double u[N], f[N];
    for (int k = 0; k < N; k++) {
        double r = r_min + k * (r_max - r_min) / (N - 1), x6 = pow(r, -6), q = 1 - r * r / (r_max * r_max);
        u[k] = 4 * (x6 * x6 - x6) * q * q;
        f[k] = 24 * (2 * x6 * x6 - x6) / r * q * q + 4 * (x6 * x6 - x6) * 4 * q * r / (r_max * r_max);
    }
    assert_ok(bnsl_potential_set_table(p, a, b, 1, r_min, r_max, N, u, f));
}

/* Three species, six different laws, one of them a table and one missing. */
static bnsl_potential *every_pair_its_own(bool table)
{
    static const double diameter[3] = { 1, 0.8, 0.55 };
    bnsl_potential *p;
    bnsl_potential_options o;
    assert_ok(bnsl_potential_create(&p, 3, diameter, NULL));
    for (int32_t a = 0; a < 3; a++)
        for (int32_t b = a; b < 3; b++) {
            assert_ok(bnsl_potential_options_init(&o, sizeof o));
            o.n = 50 - 7 * a;
            o.m = 25 - 3.5 * b;
            o.well_depth = 1 - 0.2 * a - 0.1 * b;
            o.sigma = 0.5 * (diameter[a] + diameter[b]) * (1 + 0.05 * (b - a));
            o.r_cut = 1.5 + 0.2 * a + 0.1 * b;
            o.shift = (a + b) % 3;
            assert_ok(bnsl_potential_set_pair(p, a, b, &o));
        }
    assert_ok(bnsl_potential_options_init(&o, sizeof o));
    o.form = BNSL_FORM_NONE;
    assert_ok(bnsl_potential_set_pair(p, 1, 2, &o));
    o.form = BNSL_FORM_IPL_MIE;
    o.coupling = 0.4;
    o.sigma = 0.6;
    assert_ok(bnsl_potential_set_pair(p, 2, 2, &o));
    if (table)
        set_table(p, 0, 2, 0.7, 2);
    return p;
}

static void every_pair_may_differ(void **state)
{
    (void)state;
    configuration c = fluid(90, 180, 0.4, 0.55, 19);
    for (int64_t i = 60; i < 150; i++)
        c.species[i] = 1;
    for (int64_t i = 150; i < 270; i++)
        c.species[i] = 2;
    for (int table = 0; table < 2; table++) {
        bnsl_potential *p = every_pair_its_own(table);
        compare_with_naive(&c, p);
        bnsl_potential_destroy(p);
    }
    free_configuration(&c);
}

/* Tables alone, where most pairs are within the table and some below its start. */
static void tables_are_followed(void **state)
{
    (void)state;
    configuration c = fluid(120, 60, 0.45, 0.55, 29);
    bnsl_potential *p = mie_mixture(12, 6, 0.55);
    set_table(p, 0, 0, 0.9, 2.5);
    set_table(p, 0, 1, 0.9, 1.6); /* LS pairs are nearer than 0.9 */
    set_table(p, 1, 1, 0.3, 1.2);
    compare_with_naive(&c, p);
    bnsl_md *md = simulate(&c, p, BNSL_MD_DOUBLE, 1, 0);
    double diameter[180];
    for (int k = 0; k < 180; k++)
        diameter[k] = 1;
    assert_status(bnsl_md_set_diameters(md, diameter), BNSL_EINVAL);
    assert_ok(bnsl_md_set_diameters(md, NULL));
    bnsl_md_destroy(md);
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

static void forces_in_skewed_and_tiny_boxes(void **state)
{
    (void)state;
    bnsl_potential *p = mie_mixture(50, 6, 0.55);
    configuration hexagonal = crystal("AlB2", BNSL_CELL_CONVENTIONAL, 3, 3, 3, 0.6, 0.55, 0.03, 5);
    compare_with_naive(&hexagonal, p);
    free_configuration(&hexagonal);
    configuration tiny = crystal("AlB2", BNSL_CELL_CONVENTIONAL, 1, 1, 1, 0.6, 0.55, 0.02, 6); /* r_cut is 2.4 boxes */
    compare_with_naive(&tiny, p);
    free_configuration(&tiny);
    bnsl_potential_destroy(p);
}

/* Diameters of a polydisperse mixture: 13 + 13 classes, then a continuous distribution. */
static void polydisperse_mixtures(void **state)
{
    (void)state;
    static const double mean[2] = { 1, 0.55 }, sd[2] = { 0.047, 0.063 };
    configuration c = fluid(80, 160, 0.4, 0.55, 39);
    double diameter[240];
    for (int32_t bins = 0; bins <= 13; bins += 13)
        for (int pair = 0; pair < 2; pair++) {
            bnsl_potential *p = mie_mixture(50, 25, 0.55);
            if (pair) { /* laws that differ, and a sigma that is not the mean diameter */
                bnsl_potential_options o;
                assert_ok(bnsl_potential_options_init(&o, sizeof o));
                o.m = 10;
                o.sigma = 0.8;
                o.well_depth = 0.7;
                assert_ok(bnsl_potential_set_pair(p, 0, 1, &o));
            }
            assert_ok(bnsl_md_polydisperse(c.n, c.species, 2, mean, sd, bins, 5, diameter));
            compare_with_naive_sized(&c, p, diameter);
            bnsl_potential_destroy(p);
        }
    /* the same mixture as a potential of 26 species */
    double size[26], same[240];
    int n_size = 0;
    bnsl_potential *p;
    bnsl_md_thermo sized, species;
    configuration classes = c;
    int32_t class_of[240];
    assert_ok(bnsl_md_polydisperse(c.n, c.species, 2, mean, sd, 13, 5, diameter));
    for (int i = 0; i < 240; i++) {
        int k = 0;
        while (k < n_size && size[k] != diameter[i])
            k++;
        assert_true(k < 26);
        size[k] = diameter[i];
        n_size = k == n_size ? n_size + 1 : n_size;
        class_of[i] = k;
    }
    assert_true(n_size > 20);
    classes.species = class_of;
    assert_ok(bnsl_potential_create(&p, n_size, size, NULL));
    compare_with_naive(&classes, p);
    bnsl_md *md = simulate(&classes, p, BNSL_MD_DOUBLE, 1, 0);
    assert_ok(bnsl_md_thermo_now(md, &species));
    assert_ok(bnsl_md_diameters(md, same));
    assert_memory_equal(same, diameter, sizeof same);
    bnsl_md_destroy(md);
    bnsl_potential_destroy(p);
    p = mie_mixture(50, 25, 0.55);
    md = simulate(&c, p, BNSL_MD_DOUBLE, 1, 0);
    assert_ok(bnsl_md_set_diameters(md, diameter));
    assert_ok(bnsl_md_thermo_now(md, &sized));
    assert_close(sized.potential_energy, species.potential_energy, 1e-13, 0);
    assert_close(sized.packing_fraction, species.packing_fraction, 1e-14, 0);
    bnsl_md_destroy(md);
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

/* Static pressure = -dU/dV at fixed fractional coordinates, by a 5-point difference. */
static void pressure_is_the_volume_derivative(void **state)
{
    (void)state;
    configuration c = fluid(100, 200, 0.5, 0.55, 8);
    bnsl_potential *p = mie_mixture(50, 6, 0.55);
    bnsl_md_thermo t;
    bnsl_md *md = simulate(&c, p, BNSL_MD_DOUBLE, 1, 0);
    assert_ok(bnsl_md_thermo_now(md, &t));
    bnsl_md_destroy(md);
    double u[5], h = 1e-5;
    for (int k = -2; k <= 2; k++) {
        double scale = cbrt(1 + k * h);
        configuration s = { .box = c.box, .n = c.n, .xyz = malloc((size_t)c.n * 24), .species = c.species };
        assert_non_null(s.xyz);
        s.box.lx *= scale;
        s.box.ly *= scale;
        s.box.lz *= scale;
        for (int64_t i = 0; i < 3 * c.n; i++)
            s.xyz[i] = c.xyz[i] * scale;
        u[k + 2] = naive_energy(&s, p, NULL, NULL);
        free(s.xyz);
    }
    double derivative = (u[0] - 8 * u[1] + 8 * u[3] - u[4]) / (12 * h) / t.volume;
    assert_close(t.pressure, -derivative, 1e-6, 0);
    free_configuration(&c);
    bnsl_potential_destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forces_equal_the_naive_sum),
        cmocka_unit_test(forces_of_other_forms),
        cmocka_unit_test(long_rows_and_other_sizes),
        cmocka_unit_test(every_pair_may_differ),
        cmocka_unit_test(tables_are_followed),
        cmocka_unit_test(forces_in_skewed_and_tiny_boxes),
        cmocka_unit_test(polydisperse_mixtures),
        cmocka_unit_test(pressure_is_the_volume_derivative),
    };
    return cmocka_run_group_tests_name("md, forces", tests, NULL, NULL);
}
