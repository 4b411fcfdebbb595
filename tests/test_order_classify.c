/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Phases of L particles: perfect and noisy crystals, independent fluids, gas, coexistence, few particles, invariances, options, faults. */
#include "particles.h"

typedef struct counts {
    int64_t n, phase[BNSL_N_PHASES];
} counts;

/* Phases of every particle; free. */
static int32_t *phases_of(const particles *p, const bnsl_box *box, const bnsl_order_classify_options *opts)
{
    int32_t *phase = malloc((size_t)p->n * sizeof *phase + 1);
    assert_non_null(phase);
    for (int64_t i = 0; i < p->n; i++)
        phase[i] = -5;
    assert_ok(bnsl_order_classify(box, p->n, p->xyz, p->species, opts, phase));
    for (int64_t i = 0; i < p->n; i++)
        assert_true(phase[i] >= 0 && phase[i] < BNSL_N_PHASES && (p->species[i] == 0 || phase[i] == 0));
    return phase;
}

/* How many L particles first .. last - 1 are of each phase. */
static counts count(const particles *p, const int32_t *phase, int64_t first, int64_t last)
{
    counts c = {0, {0}};
    for (int64_t i = first; i < last; i++)
        if (p->species[i] == 0) {
            c.n++;
            c.phase[phase[i]]++;
        }
    return c;
}

static counts classify(const particles *p, const bnsl_box *box, const bnsl_order_classify_options *opts)
{
    int32_t *phase = phases_of(p, box, opts);
    counts c = count(p, phase, 0, p->n);
    free(phase);
    return c;
}

/* The three crystals, with the nearest distances of their own species. */
static const struct {
    const char *name;
    int32_t phase, cells[3];
    double c_over_a, d_ll, d_ss;
} crystals[] = {
    {"AlB2", BNSL_PHASE_ALB2, {6, 4, 8}, 0.99, 0.99, 0.5774},
    {"NaZn13", BNSL_PHASE_NAZN13, {4, 4, 3}, 1, 1, 0.4188},
    {"fcc", BNSL_PHASE_FCC, {5, 5, 4}, 1, 1, 0},
};

static particles noisy_crystal(int32_t k, double noise, uint64_t *seed)
{
    particles p = particles_crystal(crystals[k].name, crystals[k].c_over_a, crystals[k].cells[0], crystals[k].cells[1], crystals[k].cells[2]);
    particles_shake(&p, noise * crystals[k].d_ll, noise * crystals[k].d_ss, seed);
    return p;
}

static void crystals_are_recognised(void **state)
{
    (void)state;
    static const int32_t noises[] = {0, 5, 10, 12}; /* % of the nearest distance, rms */
    uint64_t seed = 2;
    for (int32_t k = 0; k < 3; k++)
        for (int32_t e = 0; e < 4; e++) {
            int32_t noise = noises[e];
            counts all = {0, {0}};
            for (int32_t round = 0; round < 3; round++) {
                particles p = noisy_crystal(k, 0.01 * noise, &seed);
                counts c = classify(&p, &p.box, NULL);
                assert_true(c.n >= 384);
                all.n += c.n;
                all.phase[crystals[k].phase] += c.phase[crystals[k].phase];
                particles_free(&p);
            }
            assert_true((double)all.phase[crystals[k].phase] >= (noise <= 10 ? 0.999 : 0.99) * (double)all.n);
        }
}

static void fluids_are_fluid(void **state)
{
    (void)state;
    static const struct {
        int64_t n_l, n_s;
        double packing_fraction;
    } fluids[] = {{900, 1800, 0.55}, {220, 220 * 13, 0.55}, {1000, 0, 0.50}};
    for (int32_t k = 0; k < 3; k++) {
        particles p = particles_fluid(fluids[k].n_l, fluids[k].n_s, fluids[k].packing_fraction, 50, 77 + (uint64_t)k);
        counts c = classify(&p, &p.box, NULL);
        assert_int_equal(c.phase[BNSL_PHASE_FLUID], fluids[k].n_l);
        particles_free(&p);
    }
}

/* n_l + n_s points anywhere in a cube. */
static particles gas(int64_t n_l, int64_t n_s, double edge, uint64_t *seed)
{
    particles p = {.n = n_l + n_s};
    p.xyz = malloc((size_t)p.n * 3 * sizeof *p.xyz);
    p.species = malloc((size_t)p.n * sizeof *p.species);
    assert_true(p.xyz && p.species);
    assert_ok(bnsl_box_init(&p.box, edge, edge, edge, 0, 0, 0));
    for (int64_t i = 0; i < 3 * p.n; i++)
        p.xyz[i] = edge * (test_uniform(seed) - 0.5);
    for (int64_t i = 0; i < p.n; i++)
        p.species[i] = i >= n_l;
    return p;
}

/* A gas that holds most of the particles around a crystal: it hides nothing and is no crystal itself. */
static void crystal_in_gas(void **state)
{
    (void)state;
    uint64_t seed = 8;
    for (int32_t k = 0; k < 3; k++) {
        particles crystal = noisy_crystal(k, 0.08, &seed), p = gas(5000, k == 2 ? 0 : 8000, 70, &seed);
        const double nowhere[3] = {0, 0, 0};
        int64_t in_gas = p.n;
        for (int64_t i = 0; i < p.n; i++) /* no gas near the crystal */
            if (fabs(p.xyz[3 * i]) < 8 && fabs(p.xyz[3 * i + 1]) < 8 && fabs(p.xyz[3 * i + 2]) < 8)
                p.xyz[3 * i] += 30;
        counts alone = classify(&crystal, NULL, NULL);
        particles_append(&p, &crystal, nowhere);
        int32_t *phase = phases_of(&p, &p.box, NULL);
        counts c = count(&p, phase, 0, in_gas), d = count(&p, phase, in_gas, p.n);
        assert_int_equal(c.phase[BNSL_PHASE_FLUID], 5000);
        /* the surface has incomplete shells; what is seen of the crystal is the same as without the gas, but for single particles there */
        assert_true(5 * alone.phase[crystals[k].phase] > 2 * alone.n);
        assert_true(llabs((long long)(d.phase[crystals[k].phase] - alone.phase[crystals[k].phase])) <= alone.n / 50);
        free(phase);
        particles_free(&crystal);
        particles_free(&p);
    }
}

static void a_gas_alone_is_fluid(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int32_t k = 0; k < 4; k++) {
        static const int64_t n_s[] = {0, 500, 5000, 40000};
        particles p = gas(5000, n_s[k], 60, &seed);
        counts c = classify(&p, &p.box, NULL);
        assert_true(c.phase[BNSL_PHASE_FLUID] >= 4995); /* without any scale of length, 1 in some 1000 may look ordered */
        particles_free(&p);
    }
}

/* Grains of three crystals, each as large as spheres of size ratio 0.55 make it: b_LL differ, and every grain keeps its phase. */
static void three_phases_at_once(void **state)
{
    (void)state;
    static const double b_ll[] = {1.03, 1.36, 1.05};
    uint64_t seed = 5;
    particles all = {.n = 0};
    counts alone[3];
    int64_t first[4] = {0};
    for (int32_t k = 0; k < 3; k++) {
        particles p = noisy_crystal(k, 0.08, &seed);
        for (int64_t i = 0; i < 3 * p.n; i++)
            p.xyz[i] *= b_ll[k];
        const double shift[3] = {20.0 * k, 0, 0};
        alone[k] = classify(&p, NULL, NULL);
        particles_append(&all, &p, shift);
        first[k + 1] = all.n;
        particles_free(&p);
    }
    int32_t *phase = phases_of(&all, NULL, NULL);
    for (int32_t k = 0; k < 3; k++) {
        counts c = count(&all, phase, first[k], first[k + 1]);
        assert_true(5 * alone[k].phase[crystals[k].phase] > 2 * alone[k].n);
        assert_true(llabs((long long)(c.phase[crystals[k].phase] - alone[k].phase[crystals[k].phase])) <= alone[k].n / 50);
    }
    free(phase);
    particles_free(&all);
}

static void cells_see_their_images(void **state)
{
    (void)state;
    for (int32_t k = 0; k < 3; k++) {
        particles p = particles_crystal(crystals[k].name, crystals[k].c_over_a, 1, 1, 1);
        counts c = classify(&p, &p.box, NULL);
        assert_int_equal(c.phase[crystals[k].phase], c.n);
        c = classify(&p, NULL, NULL); /* 2, 8 and 4 L in free space: too few */
        assert_int_equal(c.phase[BNSL_PHASE_FLUID], c.n);
        particles_free(&p);
    }
    particles p = particles_crystal("AlB2", 1, 3, 2, 3);
    for (int64_t i = 0; i < p.n; i++)
        p.species[i] = p.species[i] == 0 ? 0 : 2; /* a species that is not looked at */
    counts c = classify(&p, &p.box, NULL);
    assert_int_equal(c.phase[BNSL_PHASE_ALB2] + c.phase[BNSL_PHASE_NAZN13], 0);
    particles_free(&p);
    p = particles_crystal("sc", 1, 4, 4, 4); /* NaZn13's L without any S */
    c = classify(&p, &p.box, NULL);
    assert_int_equal(c.phase[BNSL_PHASE_FLUID], 64);
    particles_free(&p);
}

static void few_particles_are_fluid(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (int64_t n_l = 0; n_l <= 14; n_l++)
        for (int64_t n_s = 0; n_s <= 13; n_s++) {
            particles p = gas(n_l, n_s, 3, &seed);
            free(phases_of(&p, NULL, NULL));
            free(phases_of(&p, &p.box, NULL));
            particles_free(&p);
        }
    /* every particle at one place: no direction, no length */
    particles p = gas(20, 20, 3, &seed);
    for (int64_t i = 0; i < 3 * p.n; i++)
        p.xyz[i] = 1;
    counts c = classify(&p, NULL, NULL);
    assert_int_equal(c.phase[BNSL_PHASE_FLUID], 20);
    particles_free(&p);
}

static void does_not_depend_on_frame_or_threads(void **state)
{
    (void)state;
    uint64_t seed = 13;
    particles p = noisy_crystal(0, 0.13, &seed), q = {.n = 0};
    double rotation[9];
    const double shift[3] = {0.7, -2.2, 9.1};
    particles_append(&q, &p, shift);
    bnsl_order_classify_options o;
    assert_ok(bnsl_order_classify_options_init(&o, sizeof o));
    int32_t *one = phases_of(&p, &p.box, NULL), *other = phases_of(&q, &p.box, NULL);
    assert_memory_equal(one, other, (size_t)p.n * sizeof *one);
    free(other);
    for (int32_t t = 1; t <= 3; t++) {
        o.num_threads = t;
        other = phases_of(&p, &p.box, &o);
        assert_memory_equal(one, other, (size_t)p.n * sizeof *one);
        free(other);
    }
    free(one);
    random_rotation(rotation, &seed);
    rotate_all(q.n, q.xyz, rotation);
    one = phases_of(&p, NULL, NULL);
    other = phases_of(&q, NULL, NULL);
    assert_memory_equal(one, other, (size_t)p.n * sizeof *one);
    free(one), free(other);
    particles_free(&p);
    particles_free(&q);
}

static void options_move_the_thresholds(void **state)
{
    (void)state;
    bnsl_order_classify_options o;
    assert_ok(bnsl_order_classify_options_init(&o, sizeof o));
    assert_true(o.alb2_q4_ls == 0.22 && o.nazn13_q4_ll == 0.30 && o.nazn13_q6_ll_max == 0.27 && o.fcc_q6_ll == 0.35);
    assert_true(o.guard_ll == 1.6 && o.guard_ls == 1.2 && o.b_ll == 0 && o.num_threads == 1);
    assert_true(o.guard_ls_nazn13 == 0.69 && o.fcc_w4_ll_max == -0.08 && o.fcc_w6_ll_max == 0 && o.fcc_clear_ls == 0.95);
    for (int32_t k = 0; k < 3; k++) {
        particles p = particles_crystal(crystals[k].name, crystals[k].c_over_a, 3, 3, 3);
        assert_ok(bnsl_order_classify_options_init(&o, sizeof o));
        double *threshold = k == 0 ? &o.alb2_q4_ls : k == 1 ? &o.nazn13_q4_ll : &o.fcc_q6_ll;
        *threshold = 0.999; /* perfect values are below */
        counts c = classify(&p, &p.box, &o);
        assert_int_equal(c.phase[crystals[k].phase], 0);
        assert_ok(bnsl_order_classify_options_init(&o, sizeof o));
        o.b_ll = crystals[k].d_ll;
        c = classify(&p, &p.box, &o);
        assert_int_equal(c.phase[crystals[k].phase], c.n);
        o.b_ll = 0.5 * crystals[k].d_ll; /* everything is far */
        c = classify(&p, &p.box, &o);
        assert_int_equal(c.phase[BNSL_PHASE_FLUID], c.n);
        particles_free(&p);
    }
}

static void bad_arguments(void **state)
{
    (void)state;
    particles p = particles_crystal("AlB2", 1, 2, 2, 2);
    bnsl_order_classify_options o;
    int32_t phase[48];
    assert_int_equal(p.n, 48);
    for (int32_t i = 0; i < 48; i++)
        phase[i] = 7;
    assert_status(bnsl_order_classify_options_init(NULL, sizeof o), BNSL_EINVAL);
    assert_status(bnsl_order_classify_options_init(&o, 2), BNSL_EINVAL);
    assert_status(bnsl_order_classify(&p.box, -1, p.xyz, p.species, NULL, phase), BNSL_EINVAL);
    assert_status(bnsl_order_classify(&p.box, INT64_MAX, p.xyz, p.species, NULL, phase), BNSL_EINVAL);
    assert_status(bnsl_order_classify(&p.box, p.n, NULL, p.species, NULL, phase), BNSL_EINVAL);
    assert_status(bnsl_order_classify(&p.box, p.n, p.xyz, NULL, NULL, phase), BNSL_EINVAL);
    assert_status(bnsl_order_classify(&p.box, p.n, p.xyz, p.species, NULL, NULL), BNSL_EINVAL);
    assert_ok(bnsl_order_classify(NULL, 0, NULL, NULL, NULL, NULL));
    bnsl_box box = p.box;
    box.ly = -1;
    assert_status(bnsl_order_classify(&box, p.n, p.xyz, p.species, NULL, phase), BNSL_EINVAL);
    p.species[9] = -1;
    assert_status(bnsl_order_classify(&p.box, p.n, p.xyz, p.species, NULL, phase), BNSL_EINVAL);
    p.species[9] = 1;
    static const double bad[] = {NAN, INFINITY, -INFINITY};
    for (int32_t k = 0; k < 3; k++) {
        double good = p.xyz[40];
        p.xyz[40] = bad[k];
        assert_status(bnsl_order_classify(&p.box, p.n, p.xyz, p.species, NULL, phase), BNSL_EINVAL);
        assert_non_null(strstr(bnsl_error_message(), "particle 13"));
        p.xyz[40] = good;
        double *const field[] = {&o.alb2_q4_ls, &o.nazn13_q4_ll, &o.nazn13_q6_ll_max, &o.fcc_q6_ll, &o.guard_ll, &o.guard_ls, &o.b_ll,
                                 &o.guard_ls_nazn13, &o.fcc_w4_ll_max, &o.fcc_w6_ll_max, &o.fcc_clear_ls};
        for (int32_t f = 0; f < 11; f++) {
            assert_ok(bnsl_order_classify_options_init(&o, sizeof o));
            *field[f] = bad[k];
            assert_status(bnsl_order_classify(&p.box, p.n, p.xyz, p.species, &o, phase), BNSL_EINVAL);
        }
    }
    assert_ok(bnsl_order_classify_options_init(&o, sizeof o));
    o.num_threads = -1;
    assert_status(bnsl_order_classify(&p.box, p.n, p.xyz, p.species, &o, phase), BNSL_EINVAL);
    o.struct_size = 1;
    assert_status(bnsl_order_classify(&p.box, p.n, p.xyz, p.species, &o, phase), BNSL_EINVAL);
    for (int32_t i = 0; i < 48; i++)
        assert_int_equal(phase[i], 7);
    particles_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crystals_are_recognised),
        cmocka_unit_test(fluids_are_fluid),
        cmocka_unit_test(crystal_in_gas),
        cmocka_unit_test(a_gas_alone_is_fluid),
        cmocka_unit_test(three_phases_at_once),
        cmocka_unit_test(cells_see_their_images),
        cmocka_unit_test(few_particles_are_fluid),
        cmocka_unit_test(does_not_depend_on_frame_or_threads),
        cmocka_unit_test(options_move_the_thresholds),
        cmocka_unit_test(bad_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
