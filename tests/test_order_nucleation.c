/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The read-out of nucleation on trajectories made by hand: balls of fcc L that appear in a gas or a fluid of other L. Phases are given, so that
 * what is counted is known, but for one run through the library's own criterion.
 */
#include "particles.h"

/* A trajectory's particles: n_ball L on an fcc lattice (nearest 1) around a place, and n_gas L somewhere else. */
typedef struct scene {
    bnsl_box box;
    int64_t n, n_ball;
    double *xyz;
    int32_t *species, *phase;
} scene;

static scene make_scene(double edge, double radius, int64_t n_gas, uint64_t seed)
{
    particles lattice = particles_crystal("fcc", 1, 10, 10, 10);
    scene s = {.n = 0};
    assert_ok(bnsl_box_init(&s.box, edge, edge, edge, 0, 0, 0));
    s.xyz = calloc((size_t)(lattice.n + n_gas) * 3, sizeof *s.xyz);
    s.species = calloc((size_t)(lattice.n + n_gas), sizeof *s.species);
    s.phase = calloc((size_t)(lattice.n + n_gas), sizeof *s.phase);
    assert_true(s.xyz && s.species && s.phase);
    for (int64_t i = 0; i < lattice.n; i++) {
        const double *r = lattice.xyz + 3 * i;
        if (r[0] * r[0] + r[1] * r[1] + r[2] * r[2] < radius * radius)
            memcpy(s.xyz + 3 * s.n++, r, 3 * sizeof *r);
    }
    s.n_ball = s.n;
    for (int64_t i = 0; i < n_gas; i++, s.n++) /* outside the ball */
        for (double r2 = 0; r2 < (radius + 1.5) * (radius + 1.5);) {
            r2 = 0;
            for (int32_t a = 0; a < 3; a++) {
                s.xyz[3 * s.n + a] = edge * (test_uniform(&seed) - 0.5);
                r2 += s.xyz[3 * s.n + a] * s.xyz[3 * s.n + a];
            }
        }
    particles_free(&lattice);
    return s;
}

static void free_scene(scene *s)
{
    free(s->xyz), free(s->species), free(s->phase);
}

/* The first n_crystal particles of the ball, in the order of their distance from its centre, are of the phase; all others are fluid. */
static void set_phase(scene *s, int64_t n_crystal, int32_t phase)
{
    for (int64_t i = 0; i < s->n; i++)
        s->phase[i] = BNSL_PHASE_FLUID;
    for (int64_t k = 0; k < n_crystal; k++) {
        int64_t best = -1;
        double nearest = INFINITY;
        for (int64_t i = 0; i < s->n_ball; i++) {
            const double *r = s->xyz + 3 * i;
            double r2 = r[0] * r[0] + r[1] * r[1] + r[2] * r[2];
            if (s->phase[i] == BNSL_PHASE_FLUID && r2 < nearest) {
                nearest = r2;
                best = i;
            }
        }
        s->phase[best] = phase;
    }
}

static void shift(const scene *s, double *out, double x, double y, double z)
{
    for (int64_t i = 0; i < s->n; i++) {
        out[3 * i] = s->xyz[3 * i] + x;
        out[3 * i + 1] = s->xyz[3 * i + 1] + y;
        out[3 * i + 2] = s->xyz[3 * i + 2] + z;
    }
}

static bnsl_order_nucleation *readout(int64_t onset_size, int64_t hold_frames)
{
    bnsl_order_nucleation *r;
    bnsl_order_nucleation_options o;
    assert_ok(bnsl_order_nucleation_options_init(&o, sizeof o));
    o.onset_size = onset_size;
    o.hold_frames = hold_frames;
    assert_ok(bnsl_order_nucleation_create(&r, &o));
    return r;
}

/* ---- onset ----------------------------------------------------------------------------------------------- */

static void onset_is_the_first_frame_that_stays(void **state)
{
    (void)state;
    static const int64_t size[] = {0, 3, 12, 25, 9, 21, 20, 40, 8, 30, 30, 30}, hold[] = {0, 1, 2, 3, 20};
    static const int64_t want[] = {9, 5, 5, 9, 9}; /* at least 20 from there on: to the end; for 1, 2, 3 more frames */
    scene s = make_scene(14, 2.5, 40, 1);
    assert_true(s.n_ball >= 40);
    for (int32_t h = 0; h < 5; h++) {
        bnsl_order_nucleation *r = readout(20, hold[h]);
        bnsl_order_nucleation_summary sum;
        bnsl_order_nucleation_frame f;
        for (int32_t i = 0; i < 12; i++) {
            set_phase(&s, size[i], BNSL_PHASE_FCC);
            assert_ok(bnsl_order_nucleation_add(r, &s.box, s.n, s.xyz, s.species, s.phase, 100 * i, 0.5 * i));
            assert_ok(bnsl_order_nucleation_frame_at(r, i, &f));
            assert_true(f.step == 100 * i && f.time == 0.5 * i && f.largest_cluster == size[i] && f.n_clusters == (size[i] > 0));
            assert_true(f.n_nuclei == (size[i] >= 5) && f.n_phase[BNSL_PHASE_FCC] == size[i] && f.n_large == s.n);
            assert_true(f.n_phase[BNSL_PHASE_FLUID] == s.n - size[i] && f.largest_phase == (size[i] > 0 ? BNSL_PHASE_FCC : 0));
        }
        assert_int_equal(bnsl_order_nucleation_n_frames(r), 12);
        assert_ok(bnsl_order_nucleation_summarize(r, &sum));
        assert_int_equal(sum.onset_frame, want[h]);
        assert_int_equal(sum.onset.step, 100 * want[h]);
        assert_true(sum.n_frames == 12 && sum.largest_cluster == 40 && sum.largest_frame == 7);
        bnsl_order_nucleation_destroy(r);
    }
    bnsl_order_nucleation *r = readout(41, 0);
    bnsl_order_nucleation_summary sum;
    assert_ok(bnsl_order_nucleation_summarize(r, &sum));
    assert_true(sum.onset_frame == -1 && sum.n_frames == 0 && sum.largest_cluster == 0);
    set_phase(&s, 40, BNSL_PHASE_FCC);
    assert_ok(bnsl_order_nucleation_add(r, &s.box, s.n, s.xyz, s.species, s.phase, 0, NAN));
    assert_ok(bnsl_order_nucleation_summarize(r, &sum));
    assert_true(sum.onset_frame == -1 && sum.onset.step == -1 && isnan(sum.onset.density) && sum.mechanism == BNSL_NUCLEATION_UNDECIDED);
    bnsl_order_nucleation_destroy(r);
    free_scene(&s);
}

static void densities(void **state)
{
    (void)state;
    const double pi = acos(-1), center[3] = {0, 0, 0};
    scene s = make_scene(12, 2, 30, 3);
    for (int64_t i = 0; i < 20; i++)
        s.species[s.n - 1 - i] = i < 15; /* 15 S */
    s.species[s.n - 16] = 2;             /* one that is neither */
    bnsl_order_nucleation *r;
    bnsl_order_nucleation_options o;
    bnsl_order_nucleation_frame f;
    assert_ok(bnsl_order_nucleation_options_init(&o, sizeof o));
    o.diameter_l = 0.9, o.diameter_s = 0.5, o.effective_l = 0.95, o.effective_s = 0.52;
    assert_ok(bnsl_order_nucleation_create(&r, &o));
    double l = (double)s.n - 16, volume[] = {1728, 4.0 / 3 * pi * 125, 12 * 12 * 7};
    for (int32_t k = 0; k < 3; k++) {
        assert_ok(bnsl_order_nucleation_set_wall(r, k, 1, center, k == 1 ? 5 : 3.5));
        assert_ok(bnsl_order_nucleation_add(r, &s.box, s.n, s.xyz, s.species, s.phase, k, NAN));
        assert_ok(bnsl_order_nucleation_frame_at(r, k, &f));
        assert_close(f.volume, volume[k], 1e-14, 0);
        assert_close(f.density, (l + 15) / volume[k], 1e-14, 0);
        assert_close(f.packing_fraction, pi / 6 * (l * 0.729 + 15 * 0.125) / volume[k], 1e-14, 0);
        assert_close(f.packing_fraction_effective, pi / 6 * (l * pow(0.95, 3) + 15 * pow(0.52, 3)) / volume[k], 1e-14, 0);
        assert_true(isnan(f.time) && isnan(f.center[0]) && isnan(f.distance));
    }
    s.box.periodic = BNSL_PERIODIC_X; /* free along two axes, and without a box: no volume */
    assert_ok(bnsl_order_nucleation_set_wall(r, BNSL_CONFINEMENT_NONE, 0, NULL, 0));
    for (int32_t k = 0; k < 2; k++) {
        assert_ok(bnsl_order_nucleation_add(r, k ? NULL : &s.box, s.n, s.xyz, s.species, s.phase, 3, NAN));
        assert_ok(bnsl_order_nucleation_frame_at(r, 3 + k, &f));
        assert_true(isnan(f.volume) && isnan(f.density) && isnan(f.packing_fraction));
    }
    bnsl_order_nucleation_destroy(r);
    r = readout(20, 0); /* no effective diameters */
    assert_ok(bnsl_order_nucleation_add(r, &s.box, s.n, s.xyz, s.species, s.phase, 0, NAN));
    assert_ok(bnsl_order_nucleation_frame_at(r, 0, &f));
    assert_true(isnan(f.packing_fraction_effective));
    bnsl_order_nucleation_destroy(r);
    free_scene(&s);
}

/* ---- where ----------------------------------------------------------------------------------------------- */

static void centre_and_distance(void **state)
{
    (void)state;
    static const double to[][3] = {{0, 0, 0}, {6.5, -1, 0.5}, {7, 7, -7}}; /* the last two through faces of the box */
    scene s = make_scene(14, 2.5, 0, 1);
    double *xyz = calloc((size_t)s.n * 3, sizeof *xyz);
    bnsl_order_nucleation *r = readout(20, 0);
    assert_non_null(xyz);
    set_phase(&s, s.n_ball, BNSL_PHASE_FCC);
    for (int32_t k = 0; k < 3; k++) {
        bnsl_order_nucleation_frame f;
        double want[3] = {0, 0, 0};
        shift(&s, xyz, to[k][0], to[k][1], to[k][2]);
        for (int64_t i = 0; i < s.n; i++) /* the mean of the ball, which is not quite at the origin */
            for (int32_t a = 0; a < 3; a++)
                want[a] += xyz[3 * i + a] / (double)s.n;
        assert_ok(bnsl_box_wrap(&s.box, s.n, xyz, NULL));
        assert_ok(bnsl_order_nucleation_add(r, &s.box, s.n, xyz, s.species, s.phase, k, NAN));
        assert_ok(bnsl_order_nucleation_frame_at(r, k, &f));
        for (int32_t a = 0; a < 3; a++)
            want[a] -= f.center[a];
        assert_ok(bnsl_box_minimum_image(&s.box, 1, want));
        assert_close(fabs(want[0]) + fabs(want[1]) + fabs(want[2]), 0, 0, 1e-12);
        assert_true(fabs(f.center[0]) <= 7 && fabs(f.center[1]) <= 7 && fabs(f.center[2]) <= 7);
        assert_true(f.largest_cluster == s.n_ball && isnan(f.distance) && isnan(f.distance_random)); /* no wall, no other nucleus */
    }
    bnsl_order_nucleation_destroy(r);
    free(xyz);
    free_scene(&s);
}

static void distance_from_walls(void **state)
{
    (void)state;
    scene s = make_scene(30, 1.2, 0, 1); /* one L and its 12 neighbours, around the origin */
    double *xyz = calloc((size_t)s.n * 3, sizeof *xyz);
    const double center[3] = {1, 2, 3};
    bnsl_order_nucleation *r = readout(13, 0);
    bnsl_order_nucleation_frame f;
    assert_non_null(xyz);
    assert_int_equal(s.n, 13);
    set_phase(&s, 13, BNSL_PHASE_FCC);
    shift(&s, xyz, 1 + 3, 2 + 4, 3); /* 5 from the centre of the sphere */
    assert_ok(bnsl_order_nucleation_set_wall(r, BNSL_CONFINEMENT_SPHERE, 0, center, 8));
    assert_ok(bnsl_order_nucleation_add(r, &s.box, s.n, xyz, s.species, s.phase, 0, NAN));
    assert_ok(bnsl_order_nucleation_frame_at(r, 0, &f));
    assert_close(f.distance, 3, 0, 1e-12);
    assert_close(f.distance_random, 2, 1e-15, 0);
    assert_close(f.distance_probability, 1 - pow(5.0 / 8, 3), 1e-12, 0);
    assert_ok(bnsl_order_nucleation_set_wall(r, BNSL_CONFINEMENT_SLAB, 1, center, 6)); /* y from -4 to 8 */
    assert_ok(bnsl_order_nucleation_add(r, &s.box, s.n, xyz, s.species, s.phase, 1, NAN));
    assert_ok(bnsl_order_nucleation_frame_at(r, 1, &f));
    assert_close(f.distance, 2, 0, 1e-12);
    assert_close(f.distance_random, 3, 1e-15, 0);
    assert_close(f.distance_probability, 2.0 / 6, 1e-12, 0);
    assert_ok(bnsl_order_nucleation_set_wall(r, BNSL_CONFINEMENT_SPHERE, 0, center, 4)); /* outside */
    assert_ok(bnsl_order_nucleation_add(r, NULL, s.n, xyz, s.species, s.phase, 2, NAN));
    assert_ok(bnsl_order_nucleation_frame_at(r, 2, &f));
    assert_close(f.distance, -1, 0, 1e-12);
    assert_true(f.distance_probability == 0);
    bnsl_order_nucleation_destroy(r);
    free(xyz);
    free_scene(&s);
}

/* What is expected of random points is what random points give. */
static void random_expectations(void **state)
{
    (void)state;
    enum { N = 20000, NUCLEI = 32 };
    const double origin[3] = {0, 0, 0}, at_wall = 2, spacing = 7.5, edge = 30;
    scene s = make_scene(edge, 1.2, 0, 1);
    uint64_t seed = 99;
    bnsl_order_nucleation_frame f;
    double from_wall = 0, from_other = 0, in_ball = 0, near_wall = 0, near_other = 0;
    for (int64_t i = 0; i < N; i++) {
        double nearest = INFINITY;
        for (int32_t k = 0; k < NUCLEI; k++) { /* points anywhere in the periodic cube; the first one is used for the ball in it too */
            double r2 = 0;
            for (int32_t a = 0; a < 3; a++)
                r2 += pow(edge * (test_uniform(&seed) - 0.5), 2);
            if (k > 0)
                nearest = fmin(nearest, sqrt(r2));
            else if (r2 < 15 * 15) {
                in_ball++;
                from_wall += 15 - sqrt(r2);
                near_wall += 15 - sqrt(r2) < at_wall;
            }
        }
        from_other += nearest / N;
        near_other += (nearest < spacing) / (double)N;
    }
    bnsl_order_nucleation *r = readout(13, 0);
    double *xyz = calloc((size_t)s.n * NUCLEI * 3, sizeof *xyz);
    int32_t species[NUCLEI * 13] = {0}, phase[NUCLEI * 13];
    assert_non_null(xyz);
    for (int32_t i = 0; i < NUCLEI * 13; i++)
        phase[i] = BNSL_PHASE_FCC;
    shift(&s, xyz, 15 - at_wall, 0, 0);
    assert_ok(bnsl_order_nucleation_set_wall(r, BNSL_CONFINEMENT_SPHERE, 0, origin, 15));
    assert_ok(bnsl_order_nucleation_add(r, &s.box, s.n, xyz, s.species, phase, 0, NAN));
    assert_ok(bnsl_order_nucleation_frame_at(r, 0, &f));
    assert_close(from_wall / in_ball, f.distance_random, 0.03, 0); /* the mean of 10,000 has an error of 0.8 % */
    assert_close(near_wall / in_ball, f.distance_probability, 0, 0.02);
    bnsl_order_nucleation_destroy(r);

    r = readout(13, 0);
    for (int32_t k = 0; k < NUCLEI; k++)
        shift(&s, xyz + 3 * s.n * k, spacing * (k % 4), spacing * (k / 4 % 4), spacing * (k / 16));
    assert_ok(bnsl_order_nucleation_add(r, &s.box, NUCLEI * s.n, xyz, species, phase, 0, NAN));
    assert_ok(bnsl_order_nucleation_frame_at(r, 0, &f));
    assert_true(f.n_nuclei == NUCLEI && f.n_clusters == NUCLEI);
    assert_close(f.distance, spacing, 0, 1e-12);
    assert_close(f.distance_random, 0.8929795115692493 * cbrt(3 * 27000 / (4 * acos(-1) * 31)), 1e-12, 0); /* Gamma(4/3) */
    assert_close(from_other, f.distance_random, 0.03, 0); /* Hertz's law is for many points: 1 / 31 */
    assert_close(near_other, f.distance_probability, 0, 0.02);
    bnsl_order_nucleation_destroy(r);
    free(xyz);
    free_scene(&s);
}

/* ---- one step or two ---------------------------------------------------------------------------------------- */

/*
 * Frame 0: gas everywhere, the ball's particles too. Frame 1: they are the ball, but fluid (dense before crystalline) or still gas.
 * Frame 2: the inner 100 of them are crystalline.
 */
static bnsl_order_nucleation_summary two_frames_before(bool dense_first)
{
    scene s = make_scene(24, 4, 400, 5);
    double *gas = calloc((size_t)s.n * 3, sizeof *gas);
    uint64_t seed = 8;
    bnsl_order_nucleation *r = readout(20, 0);
    bnsl_order_nucleation_summary sum;
    assert_true(gas && s.n_ball > 200);
    memcpy(gas, s.xyz, (size_t)s.n * 3 * sizeof *gas);
    for (int64_t i = 0; i < 3 * s.n_ball; i++)
        gas[i] = 24 * (test_uniform(&seed) - 0.5);
    set_phase(&s, 0, BNSL_PHASE_FCC);
    assert_ok(bnsl_order_nucleation_add(r, &s.box, s.n, gas, s.species, s.phase, 0, NAN));
    assert_ok(bnsl_order_nucleation_add(r, &s.box, s.n, dense_first ? s.xyz : gas, s.species, s.phase, 1, NAN));
    set_phase(&s, 100, BNSL_PHASE_FCC);
    assert_ok(bnsl_order_nucleation_add(r, &s.box, s.n, s.xyz, s.species, s.phase, 2, NAN));
    assert_ok(bnsl_order_nucleation_summarize(r, &sum));
    assert_int_equal(sum.onset_frame, 2);
    assert_int_equal(sum.onset.n_known, 100);
    bnsl_order_nucleation_destroy(r);
    free(gas);
    free_scene(&s);
    return sum;
}

static void one_step_or_two(void **state)
{
    (void)state;
    bnsl_order_nucleation_summary s = two_frames_before(true);
    assert_int_equal(s.mechanism, BNSL_NUCLEATION_TWO_STEP);
    assert_true(s.dense_before == 1 && s.dense_fluid < 0.5);
    s = two_frames_before(false);
    assert_int_equal(s.mechanism, BNSL_NUCLEATION_ONE_STEP);
    assert_true(s.dense_before < 0.1);

    /* dense everywhere and at all times: nothing came first */
    particles p = particles_crystal("fcc", 1, 6, 6, 6);
    int32_t *phase = calloc((size_t)p.n, sizeof *phase);
    bnsl_order_nucleation *r = readout(20, 0);
    assert_non_null(phase);
    for (int32_t k = 0; k < 2; k++) {
        for (int64_t i = 0; i < 100 * k; i++)
            phase[i] = BNSL_PHASE_FCC;
        assert_ok(bnsl_order_nucleation_add(r, &p.box, p.n, p.xyz, p.species, phase, k, NAN));
    }
    assert_ok(bnsl_order_nucleation_summarize(r, &s));
    assert_true(s.onset_frame == 1 && s.mechanism == BNSL_NUCLEATION_ONE_STEP && s.dense_before == 1 && s.dense_fluid == 1);
    bnsl_order_nucleation_destroy(r);
    free(phase);
    particles_free(&p);
}

/* The local density that the history is made of: each L's last one while it was fluid, against its phase's own threshold. */
static void history_is_the_last_fluid_frame(void **state)
{
    (void)state;
    scene s = make_scene(24, 3, 100, 5);
    double *wide = calloc((size_t)s.n * 3, sizeof *wide), *density = calloc((size_t)s.n, sizeof *density);
    bnsl_order_nucleation_frame f;
    bnsl_order_density_options d;
    assert_true(wide && density);
    for (int64_t i = 0; i < 3 * s.n; i++)
        wide[i] = 1.3 * s.xyz[i];
    assert_ok(bnsl_order_density_options_init(&d, sizeof d));
    assert_ok(bnsl_order_local_density(&s.box, s.n, s.xyz, s.species, &d, density, NULL));
    static const int32_t phases[] = {BNSL_PHASE_FCC, BNSL_PHASE_ALB2, BNSL_PHASE_NAZN13};
    static const double threshold[] = {1.05, 1.6, 2.5};
    for (int32_t k = 0; k < 3; k++) {
        int64_t dense = 0, dense_fluid[BNSL_N_PHASES] = {0};
        bnsl_order_nucleation *r = readout(20, 0);
        set_phase(&s, 0, BNSL_PHASE_FCC);
        assert_ok(bnsl_order_nucleation_add(r, &s.box, s.n, wide, s.species, s.phase, 0, NAN));
        assert_ok(bnsl_order_nucleation_add(r, &s.box, s.n, s.xyz, s.species, s.phase, 1, NAN)); /* the last fluid one */
        assert_ok(bnsl_order_nucleation_frame_at(r, 1, &f));
        set_phase(&s, s.n_ball, phases[k]);
        for (int64_t i = 0; i < s.n; i++)
            for (int32_t p = 0; p < 3; p++) {
                dense += p == k && s.phase[i] == phases[k] && density[i] >= threshold[k];
                dense_fluid[phases[p]] += density[i] >= threshold[p];
            }
        for (int32_t p = 1; p < BNSL_N_PHASES; p++)
            assert_close(f.dense_fluid[p], (double)dense_fluid[p] / (double)s.n, 1e-15, 0);
        assert_true(isnan(f.dense_fluid[0]));
        assert_ok(bnsl_order_nucleation_add(r, &s.box, s.n, wide, s.species, s.phase, 2, NAN));
        assert_ok(bnsl_order_nucleation_add(r, &s.box, s.n, wide, s.species, s.phase, 3, NAN)); /* crystalline: nothing is added to it */
        assert_ok(bnsl_order_nucleation_frame_at(r, 3, &f));
        assert_true(f.n_known == s.n_ball && f.n_dense_before == dense && (k > 0 || dense > 20));
        bnsl_order_nucleation_destroy(r);
    }
    free(wide), free(density);
    free_scene(&s);
}

static void onset_in_the_first_frame_is_undecided(void **state)
{
    (void)state;
    scene s = make_scene(14, 2.5, 0, 1);
    bnsl_order_nucleation *r = readout(20, 0);
    bnsl_order_nucleation_summary sum;
    set_phase(&s, s.n_ball, BNSL_PHASE_FCC);
    for (int32_t k = 0; k < 3; k++)
        assert_ok(bnsl_order_nucleation_add(r, &s.box, s.n, s.xyz, s.species, s.phase, k, NAN));
    assert_ok(bnsl_order_nucleation_summarize(r, &sum));
    assert_true(sum.onset_frame == 0 && sum.mechanism == BNSL_NUCLEATION_UNDECIDED && isnan(sum.dense_before) && sum.onset.n_known == 0);
    bnsl_order_nucleation_destroy(r);
    free_scene(&s);
}

/* ---- the library's own phases, units, threads ---------------------------------------------------------------- */

/* An AlB2 grain in a box twice its size, in another unit of length: the same read-out. */
static void own_phases_and_units(void **state)
{
    (void)state;
    uint64_t seed = 44;
    particles p = particles_crystal("AlB2", 0.99, 6, 4, 6);
    bnsl_order_nucleation_frame f[4];
    particles_shake(&p, 0.05, 0.03, &seed);
    p.box.lx *= 2, p.box.ly *= 2, p.box.lz *= 2;
    int32_t *phase = calloc((size_t)p.n, sizeof *phase);
    assert_non_null(phase);
    assert_ok(bnsl_order_classify(&p.box, p.n, p.xyz, p.species, NULL, phase));
    for (int32_t k = 0; k < 4; k++) {
        bnsl_order_nucleation *r;
        bnsl_order_nucleation_options o;
        double unit = k == 2 ? 8.5 : 1;
        particles q = {.n = 0};
        particles_append(&q, &p, (const double[3]){0, 0, 0});
        bnsl_box box = p.box;
        box.lx *= unit, box.ly *= unit, box.lz *= unit;
        for (int64_t i = 0; i < 3 * q.n; i++)
            q.xyz[i] *= unit;
        assert_ok(bnsl_order_nucleation_options_init(&o, sizeof o));
        o.diameter_l *= unit, o.diameter_s *= unit;
        o.num_threads = k == 3 ? 3 : 1;
        assert_ok(bnsl_order_nucleation_create(&r, &o));
        assert_ok(bnsl_order_nucleation_add(r, &box, q.n, q.xyz, q.species, k == 0 ? phase : NULL, 7, 0));
        assert_ok(bnsl_order_nucleation_frame_at(r, 0, &f[k]));
        bnsl_order_nucleation_destroy(r);
        particles_free(&q);
    }
    assert_true(f[0].largest_cluster > 100 && f[0].largest_phase == BNSL_PHASE_ALB2);
    assert_memory_equal(&f[0], &f[1], sizeof f[0]);
    assert_memory_equal(&f[0], &f[3], sizeof f[0]);
    assert_int_equal(f[2].largest_cluster, f[0].largest_cluster);
    assert_close(f[2].packing_fraction, f[0].packing_fraction, 1e-13, 0);
    assert_close(f[2].center[1], 8.5 * f[0].center[1], 0, 1e-11);
    assert_close(f[2].dense_fluid[BNSL_PHASE_ALB2], f[0].dense_fluid[BNSL_PHASE_ALB2], 0, 0.02); /* rounding may decide for single ones */
    free(phase);
    particles_free(&p);
}

/* ---- bad arguments --------------------------------------------------------------------------------------------- */

static void bad_options(void **state)
{
    (void)state;
    bnsl_order_nucleation *r;
    bnsl_order_nucleation_options o;
    assert_status(bnsl_order_nucleation_options_init(NULL, sizeof o), BNSL_EINVAL);
    assert_status(bnsl_order_nucleation_create(NULL, NULL), BNSL_EINVAL);
    double *const positive[] = {&o.diameter_l, &o.diameter_s, &o.density_r_max, &o.density_diameter, &o.dense_alb2, &o.dense_nazn13, &o.dense_fcc};
    static const double bad[] = {0, -1, NAN, INFINITY};
    for (int32_t f = 0; f < 7; f++)
        for (int32_t k = 0; k < 4; k++) {
            assert_ok(bnsl_order_nucleation_options_init(&o, sizeof o));
            *positive[f] = bad[k];
            assert_status(bnsl_order_nucleation_create(&r, &o), BNSL_EINVAL);
            assert_null(r);
        }
    for (int32_t f = 0; f < 5; f++) {
        assert_ok(bnsl_order_nucleation_options_init(&o, sizeof o));
        o.onset_size -= f == 0 ? 20 : 0;
        o.hold_frames -= f == 1;
        o.nucleus_size -= f == 2 ? 5 : 0;
        o.effective_s -= f == 3;
        o.density_diameter += f == 4 ? 2 : 0;
        assert_status(bnsl_order_nucleation_create(&r, &o), BNSL_EINVAL);
    }
    assert_ok(bnsl_order_nucleation_options_init(&o, sizeof o));
    o.num_threads = -1;
    assert_status(bnsl_order_nucleation_create(&r, &o), BNSL_EINVAL);
    o.struct_size = 2;
    assert_status(bnsl_order_nucleation_create(&r, &o), BNSL_EINVAL);
    bnsl_order_nucleation_destroy(NULL);
}

static void bad_frames(void **state)
{
    (void)state;
    scene s = make_scene(14, 2, 10, 1);
    bnsl_order_nucleation *r = readout(20, 0);
    bnsl_order_nucleation_frame f = {.step = 55};
    bnsl_order_nucleation_summary sum;
    const double center[3] = {0, 0, 0}, nowhere[3] = {0, NAN, 0};
    assert_status(bnsl_order_nucleation_set_wall(NULL, 0, 0, NULL, 0), BNSL_EINVAL);
    assert_status(bnsl_order_nucleation_set_wall(r, 3, 0, center, 1), BNSL_EINVAL);
    assert_status(bnsl_order_nucleation_set_wall(r, -1, 0, center, 1), BNSL_EINVAL);
    assert_status(bnsl_order_nucleation_set_wall(r, BNSL_CONFINEMENT_SPHERE, 0, NULL, 1), BNSL_EINVAL);
    assert_status(bnsl_order_nucleation_set_wall(r, BNSL_CONFINEMENT_SPHERE, 0, nowhere, 1), BNSL_EINVAL);
    assert_status(bnsl_order_nucleation_set_wall(r, BNSL_CONFINEMENT_SPHERE, 0, center, 0), BNSL_EINVAL);
    assert_status(bnsl_order_nucleation_set_wall(r, BNSL_CONFINEMENT_SPHERE, 0, center, INFINITY), BNSL_EINVAL);
    assert_status(bnsl_order_nucleation_set_wall(r, BNSL_CONFINEMENT_SLAB, 3, center, 1), BNSL_EINVAL);
    assert_status(bnsl_order_nucleation_add(NULL, &s.box, s.n, s.xyz, s.species, s.phase, 0, 0), BNSL_EINVAL);
    assert_status(bnsl_order_nucleation_add(r, &s.box, -1, s.xyz, s.species, s.phase, 0, 0), BNSL_EINVAL);
    assert_status(bnsl_order_nucleation_add(r, &s.box, s.n, NULL, s.species, s.phase, 0, 0), BNSL_EINVAL);
    assert_status(bnsl_order_nucleation_add(r, &s.box, s.n, s.xyz, NULL, s.phase, 0, 0), BNSL_EINVAL);
    assert_status(bnsl_order_nucleation_add(r, &s.box, s.n, s.xyz, s.species, s.phase, 0, INFINITY), BNSL_EINVAL);
    s.phase[3] = 9;
    assert_status(bnsl_order_nucleation_add(r, &s.box, s.n, s.xyz, s.species, s.phase, 0, 0), BNSL_EINVAL);
    s.phase[3] = 0;
    s.xyz[7] = NAN;
    assert_status(bnsl_order_nucleation_add(r, &s.box, s.n, s.xyz, s.species, s.phase, 0, 0), BNSL_EINVAL);
    s.xyz[7] = 0.1;
    assert_ok(bnsl_order_nucleation_set_wall(r, BNSL_CONFINEMENT_SLAB, 0, center, 1));
    assert_status(bnsl_order_nucleation_add(r, NULL, s.n, s.xyz, s.species, s.phase, 0, 0), BNSL_EINVAL);
    assert_int_equal(bnsl_order_nucleation_n_frames(r), 0);
    assert_ok(bnsl_order_nucleation_add(r, &s.box, s.n, s.xyz, s.species, s.phase, 0, 0));
    assert_status(bnsl_order_nucleation_add(r, &s.box, s.n - 1, s.xyz, s.species, s.phase, 0, 0), BNSL_EINVAL);
    s.species[2] = 1;
    assert_status(bnsl_order_nucleation_add(r, &s.box, s.n, s.xyz, s.species, s.phase, 0, 0), BNSL_EINVAL);
    assert_non_null(strstr(bnsl_error_message(), "particle 2"));
    assert_int_equal(bnsl_order_nucleation_n_frames(r), 1);
    assert_int_equal(bnsl_order_nucleation_n_frames(NULL), 0);
    assert_status(bnsl_order_nucleation_frame_at(r, 1, &f), BNSL_EINVAL);
    assert_status(bnsl_order_nucleation_frame_at(r, -1, &f), BNSL_EINVAL);
    assert_status(bnsl_order_nucleation_frame_at(NULL, 0, &f), BNSL_EINVAL);
    assert_status(bnsl_order_nucleation_frame_at(r, 0, NULL), BNSL_EINVAL);
    assert_status(bnsl_order_nucleation_summarize(NULL, &sum), BNSL_EINVAL);
    assert_status(bnsl_order_nucleation_summarize(r, NULL), BNSL_EINVAL);
    assert_int_equal(f.step, 55);
    bnsl_order_nucleation_destroy(r);
    r = readout(20, 0); /* no particles at all */
    assert_ok(bnsl_order_nucleation_add(r, NULL, 0, NULL, NULL, NULL, 0, NAN));
    assert_ok(bnsl_order_nucleation_summarize(r, &sum));
    assert_int_equal(sum.onset_frame, -1);
    bnsl_order_nucleation_destroy(r);
    free_scene(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(onset_is_the_first_frame_that_stays),
        cmocka_unit_test(densities),
        cmocka_unit_test(centre_and_distance),
        cmocka_unit_test(distance_from_walls),
        cmocka_unit_test(random_expectations),
        cmocka_unit_test(one_step_or_two),
        cmocka_unit_test(history_is_the_last_fluid_frame),
        cmocka_unit_test(onset_in_the_first_frame_is_undecided),
        cmocka_unit_test(own_phases_and_units),
        cmocka_unit_test(bad_options),
        cmocka_unit_test(bad_frames),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
