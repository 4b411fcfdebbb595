/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How often bnsl_order_classify is right, on numbers large enough to tell 99.9 %: crystals, other crystals, and fluids from seeds that
 * no threshold was set with. Prints the table of what was taken for what. Some two minutes on one core.
 */
#include "configurations.h"
#include "negatives.h"

static void print_row(const char *name, int64_t n, const int64_t *count)
{
    print_message("%-28s %7lld L: fluid %8.3f  AlB2 %8.3f  NaZn13 %8.3f  fcc %8.3f %%\n", name, (long long)n, 100 * (double)count[0] / (double)n,
                  100 * (double)count[1] / (double)n, 100 * (double)count[2] / (double)n, 100 * (double)count[3] / (double)n);
}

static void crystals_are_recognised(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int32_t phase, cells[3];
    } crystals[] = {{"AlB2", BNSL_PHASE_ALB2, {8, 5, 8}}, {"NaZn13", BNSL_PHASE_NAZN13, {4, 4, 4}}, {"fcc", BNSL_PHASE_FCC, {5, 5, 6}}};
    static const double noise[] = {0.08, 0.10, 0.12}, right[] = {0.999, 0.999, 0.99};
    uint64_t seed = 20261;
    char text[64];
    for (int32_t k = 0; k < 3; k++)
        for (int32_t e = 0; e < 3; e++) {
            int64_t count[BNSL_N_PHASES] = {0}, n_l = 0;
            for (int32_t round = 0; round < 20; round++) {
                particles p = particles_crystal(crystals[k].name, 0.99, crystals[k].cells[0], crystals[k].cells[1], crystals[k].cells[2]);
                particles_shake(&p, noise[e] * particles_nearest(&p, 0), noise[e] * particles_nearest(&p, 1), &seed);
                int64_t n = count_phases(&p, &p.box, count);
                assert_true(n >= 500);
                n_l += n;
                particles_free(&p);
            }
            snprintf(text, sizeof text, "%s, noise %g", crystals[k].name, noise[e]);
            print_row(text, n_l, count);
            assert_true((double)count[crystals[k].phase] >= right[e] * (double)n_l);
        }
}

static void other_crystals_are_fluid(void **state)
{
    (void)state;
    uint64_t seed = 40427;
    char text[64];
    for (int32_t k = 0; k < N_NEGATIVES; k++) {
        int64_t count[BNSL_N_PHASES] = {0}, n_l = 0;
        for (int32_t round = 0; n_l < 10000; round++) {
            particles p = negative_crystal(&negatives[k], 1, 0.08, &seed);
            n_l += count_phases(&p, &p.box, count);
            particles_free(&p);
        }
        print_row(negative_text(&negatives[k], text, sizeof text), n_l, count);
        assert_true((double)(n_l - count[BNSL_PHASE_FLUID]) <= 0.001 * (double)n_l);
    }
}

/* Hard-sphere fluids, each one independent of the others. */
static void fluids_are_fluid(void **state)
{
    (void)state;
    static const struct {
        int64_t n_l, n_s;
        double packing_fraction, deviation_l, deviation_s;
        int32_t rounds;
    } fluids[] = {{1500, 3000, 0.55, 0, 0, 4},       {1500, 3000, 0.57, 0, 0, 4},         {500, 6500, 0.55, 0, 0, 12},
                  {500, 6500, 0.50, 0, 0, 4},        {1500, 3000, 0.56, 0.047, 0.063, 2}, {500, 6500, 0.55, 0.047, 0.063, 4},
                  {2000, 0, 0.50, 0, 0, 2}};
    int64_t all = 0;
    char text[64];
    for (int32_t k = 0; k < 7; k++) {
        int64_t count[BNSL_N_PHASES] = {0}, n_l = 0;
        for (int32_t round = 0; round < fluids[k].rounds; round++) {
            particles p = particles_polydisperse_fluid(fluids[k].n_l, fluids[k].n_s, fluids[k].packing_fraction, fluids[k].deviation_l,
                                                       fluids[k].deviation_s, 120, 70000 + 100 * (uint64_t)k + (uint64_t)round);
            n_l += count_phases(&p, &p.box, count);
            particles_free(&p);
        }
        snprintf(text, sizeof text, "fluid 1:%d, phi %g, %g", (int)(fluids[k].n_s / fluids[k].n_l), fluids[k].packing_fraction,
                 fluids[k].deviation_l);
        print_row(text, n_l, count);
        assert_int_equal(count[BNSL_PHASE_FLUID], n_l);
        all += fluids[k].n_s > 0 ? n_l : 0;
    }
    assert_true(all >= 20000);
}

/* Attractive fluids, where L and S stick together, at the temperature and density at which AlB2 nucleates. */
static void attractive_fluids_are_fluid(void **state)
{
    (void)state;
    for (int32_t k = 0; k < 2; k++) {
        int64_t count[BNSL_N_PHASES] = {0};
        particles p = particles_fluid(k == 0 ? 1000 : 250, k == 0 ? 2000 : 3250, 0.55, 20, 515 + (uint64_t)k);
        bnsl_potential *potential = mie_mixture(50, 25, 0.55);
        bnsl_md_options o;
        bnsl_md *md;
        assert_ok(bnsl_md_options_init(&o, sizeof o));
        o.kT = 1 / 2.5;
        o.dt = 0.003;
        o.seed = 99;
        assert_ok(bnsl_md_create(&md, &p.box, p.n, p.xyz, p.species, potential, &o));
        assert_ok(bnsl_md_thermalize(md, o.kT, 1));
        assert_ok(bnsl_md_run(md, 10000, NULL)); /* 30 tau; a nucleus takes 2,000 */
        assert_ok(bnsl_md_positions(md, p.xyz, NULL));
        assert_ok(bnsl_md_box(md, &p.box));
        int64_t n_l = count_phases(&p, &p.box, count);
        print_row(k == 0 ? "attractive fluid 1:2" : "attractive fluid 1:13", n_l, count);
        assert_int_equal(count[BNSL_PHASE_FLUID], n_l);
        bnsl_md_destroy(md);
        bnsl_potential_destroy(potential);
        particles_free(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crystals_are_recognised),
        cmocka_unit_test(other_crystals_are_fluid),
        cmocka_unit_test(fluids_are_fluid),
        cmocka_unit_test(attractive_fluids_are_fluid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
