/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Crystals that share a sublattice with AlB2, NaZn13 or fcc, and polydisperse fluids, are none of them. Large numbers: slow_order.c.
 *
 * What L are taken for, in per cent, measured with 8 % noise on 10,000 L and more each (criterion C6: without the conditions on w4 and w6
 * of 12 L, the S beside fcc, and the 12th S of NaZn13 within 0.69 b_LL):
 *                                C6                      now
 *   hcp; bcc (also CsCl all L)   fcc 100                 fluid 100
 *   simple hexagonal             fcc 3.9                 fluid 100
 *   sc; CsCl                     fluid 100               fluid 100
 *   NaCl                         fcc 100                 fluid 100
 *   Cu3Au (Au is L)              NaZn13 100              fluid 100
 *   Cu3Au (Cu is L)              fluid 100               fluid 100
 *   MgZn2 (Mg is L)              NaZn13 0.3              fluid 100
 *   MgZn2 (Zn is L)              fluid 100               fluid 100
 *   AlB2, NaZn13 swapped; all L  fluid 100               fluid 100
 *   AlB2, NaZn13, fcc            right 100               right 100 (10 % noise: >= 99.9, 12 %: >= 99)
 */
#include "negatives.h"

static void other_crystals_are_fluid(void **state)
{
    (void)state;
    static const double noise[] = {0, 0.08};
    uint64_t seed = 31;
    char text[64];
    for (int32_t k = 0; k < N_NEGATIVES; k++)
        for (int32_t e = 0; e < 2; e++) {
            int64_t count[BNSL_N_PHASES] = {0};
            particles p = negative_crystal(&negatives[k], 1, noise[e], &seed);
            int64_t n_l = count_phases(&p, &p.box, count);
            if (n_l < 280 || count[BNSL_PHASE_FLUID] != n_l)
                fail_msg("%s, noise %g: %d L: %d fluid, %d AlB2, %d NaZn13, %d fcc", negative_text(&negatives[k], text, sizeof text), noise[e],
                         (int)n_l, (int)count[0], (int)count[1], (int)count[2], (int)count[3]);
            particles_free(&p);
        }
}

/* Finite pieces with a free surface. */
static void pieces_are_fluid(void **state)
{
    (void)state;
    uint64_t seed = 4;
    char text[64];
    for (int32_t k = 0; k < N_NEGATIVES; k++) {
        int64_t count[BNSL_N_PHASES] = {0};
        particles p = negative_crystal(&negatives[k], 1, 0.06, &seed);
        int64_t n_l = count_phases(&p, NULL, count);
        if (n_l - count[BNSL_PHASE_FLUID] > n_l / 100)
            fail_msg("%s: %d of %d L", negative_text(&negatives[k], text, sizeof text), (int)(n_l - count[0]), (int)n_l);
        particles_free(&p);
    }
}

static void polydisperse_fluids_are_fluid(void **state)
{
    (void)state;
    static const struct {
        int64_t n_l, n_s;
        double packing_fraction, deviation_l, deviation_s;
    } fluids[] = {{500, 1000, 0.56, 0.047, 0.063}, {120, 1560, 0.55, 0.047, 0.063}, {500, 1000, 0.57, 0.10, 0.10}};
    for (int32_t k = 0; k < 3; k++) {
        int64_t count[BNSL_N_PHASES] = {0};
        particles p = particles_polydisperse_fluid(fluids[k].n_l, fluids[k].n_s, fluids[k].packing_fraction, fluids[k].deviation_l,
                                                   fluids[k].deviation_s, 40, 900 + (uint64_t)k);
        assert_int_equal(count_phases(&p, &p.box, count), fluids[k].n_l);
        assert_int_equal(count[BNSL_PHASE_FLUID], fluids[k].n_l);
        particles_free(&p);
    }
}

/* Each condition by itself: without it, the crystal that it keeps out is let in. */
static void every_condition_is_needed(void **state)
{
    (void)state;
    static const struct {
        int32_t crystal, phase;
        size_t field;
        double off;
    } cases[] = {{0, BNSL_PHASE_FCC, offsetof(bnsl_order_classify_options, fcc_w4_ll_max), 1},
                 {1, BNSL_PHASE_FCC, offsetof(bnsl_order_classify_options, fcc_w6_ll_max), 1},
                 {6, BNSL_PHASE_FCC, offsetof(bnsl_order_classify_options, fcc_clear_ls), 0},
                 {8, BNSL_PHASE_NAZN13, offsetof(bnsl_order_classify_options, guard_ls_nazn13), 1.2}};
    uint64_t seed = 77;
    for (int32_t k = 0; k < 4; k++) {
        bnsl_order_classify_options o;
        particles p = negative_crystal(&negatives[cases[k].crystal], 1, 0.05, &seed);
        int32_t *phase = calloc((size_t)p.n, sizeof *phase);
        int64_t n = 0, n_l = 0;
        assert_non_null(phase);
        assert_ok(bnsl_order_classify_options_init(&o, sizeof o));
        assert_ok(bnsl_order_classify(&p.box, p.n, p.xyz, p.species, &o, phase));
        for (int64_t i = 0; i < p.n; i++)
            assert_int_equal(phase[i], BNSL_PHASE_FLUID);
        *(double *)(void *)((char *)&o + cases[k].field) = cases[k].off;
        assert_ok(bnsl_order_classify(&p.box, p.n, p.xyz, p.species, &o, phase));
        for (int64_t i = 0; i < p.n; i++) {
            n += phase[i] == cases[k].phase;
            n_l += p.species[i] == 0;
        }
        assert_int_equal(n, n_l);
        free(phase);
        particles_free(&p);
    }
}

/* fcc of L in a mixture: those at the surface have S beside them and are fcc as much as without. */
static void fcc_beside_s(void **state)
{
    (void)state;
    uint64_t seed = 12;
    int64_t alone[BNSL_N_PHASES] = {0}, wet[BNSL_N_PHASES] = {0};
    particles p = particles_crystal("fcc", 1, 6, 6, 6), s = particles_crystal("fcc", 1, 26, 26, 26), wetted = {.n = 0};
    const double nowhere[3] = {0, 0, 0};
    particles_shake(&p, 0.06, 0, &seed);
    particles_append(&wetted, &p, nowhere);
    int64_t n = 0;
    for (int64_t i = 0; i < s.n; i++) { /* S fill the room outside, as dense as they go: 0.55 apart, no nearer to an L than 0.775 */
        double r[3] = {0.56 * s.xyz[3 * i], 0.56 * s.xyz[3 * i + 1], 0.56 * s.xyz[3 * i + 2]};
        bool free_place = fabs(r[0]) < 6 && fabs(r[1]) < 6 && fabs(r[2]) < 6;
        for (int64_t j = 0; j < p.n && free_place; j++)
            free_place = pow(r[0] - p.xyz[3 * j], 2) + pow(r[1] - p.xyz[3 * j + 1], 2) + pow(r[2] - p.xyz[3 * j + 2], 2) > 0.775 * 0.775;
        if (free_place) {
            memcpy(s.xyz + 3 * n, r, sizeof r);
            s.species[n++] = 1;
        }
    }
    s.n = n;
    particles_append(&wetted, &s, nowhere);
    count_phases(&p, NULL, alone);
    count_phases(&wetted, NULL, wet);
    assert_true(n > 1000 && alone[BNSL_PHASE_FCC] > p.n / 2);
    assert_true((double)wet[BNSL_PHASE_FCC] > 0.98 * (double)alone[BNSL_PHASE_FCC]);
    particles_free(&p);
    particles_free(&s);
    particles_free(&wetted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_crystals_are_fluid),      cmocka_unit_test(pieces_are_fluid), cmocka_unit_test(polydisperse_fluids_are_fluid),
        cmocka_unit_test(every_condition_is_needed),     cmocka_unit_test(fcc_beside_s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
