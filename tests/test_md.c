/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * md: the course of a simulation, determinism, other potentials, faults. Forces: test_md_forces.c; walls, diameters, integrators and
 * checkpoints have programs of their own.
 */
#include "configurations.h"

static bnsl_md *simulate(const configuration *c, const bnsl_potential *p, int32_t integrator, double dt, double kT, int32_t threads, int32_t isa)
{
    bnsl_md *md;
    bnsl_md_options o;
    assert_ok(bnsl_md_options_init(&o, sizeof o));
    o.integrator = integrator;
    o.dt = dt;
    o.kT = kT;
    o.num_threads = threads;
    o.instruction_set = isa;
    o.seed = 77;
    assert_ok(bnsl_md_create(&md, &c->box, c->n, c->xyz, c->species, p, &o));
    return md;
}

/* Largest deviation of the total energy over one time unit. */
static double nve_deviation(const configuration *c, const bnsl_potential *p, double dt)
{
    bnsl_md *md = simulate(c, p, BNSL_MD_NVE, dt, 1, 1, 0);
    bnsl_md_thermo t;
    double first = 0, sum2 = 0;
    int n = 50;
    assert_ok(bnsl_md_thermalize(md, 1, 1));
    for (int k = 0; k <= n; k++) {
        assert_ok(bnsl_md_thermo_now(md, &t));
        double e = t.kinetic_energy + t.potential_energy;
        first = k == 0 ? e : first;
        sum2 += (e - first) * (e - first) / n;
        assert_ok(bnsl_md_run(md, (int64_t)lround(0.02 / dt), NULL));
    }
    bnsl_md_destroy(md);
    return sqrt(sum2);
}

static void energy_error_falls_as_the_square_of_the_time_step(void **state)
{
    (void)state;
    configuration c = fluid(100, 200, 0.5, 0.55, 11);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    double relaxed[2];
    for (int k = 0; k < 2; k++) { /* leave the overlaps of the start first */
        bnsl_md *md = simulate(&c, p, BNSL_MD_LANGEVIN, k ? 0.001 : 1e-4, 1, 1, 0);
        assert_ok(bnsl_md_run(md, 3000, NULL));
        assert_ok(bnsl_md_positions(md, c.xyz, NULL));
        bnsl_md_destroy(md);
    }
    relaxed[0] = nve_deviation(&c, p, 0.001);
    relaxed[1] = nve_deviation(&c, p, 0.0005);
    assert_true(relaxed[0] / 300 < 1e-3);
    /* the order of the method is 2: a ratio of 4, to within the change of the trajectory over one time unit */
    assert_close(relaxed[0] / relaxed[1], 4, 0, 0.8);
    free_configuration(&c);
    bnsl_potential_destroy(p);
}

static void nve_conserves_momentum_and_runs_backwards(void **state)
{
    (void)state;
    configuration c = crystal("AlB2", BNSL_CELL_ORTHOGONAL, 3, 2, 3, 0.6, 0.55, 0.02, 2);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    bnsl_md *md = simulate(&c, p, BNSL_MD_NVE, 0.001, 0.4, 1, 0);
    double *start = malloc((size_t)c.n * 24), *v = malloc((size_t)c.n * 24), *r = malloc((size_t)c.n * 24);
    assert_true(start && v && r);
    assert_ok(bnsl_md_thermalize(md, 0.4, 1));
    assert_ok(bnsl_md_positions(md, start, NULL));
    assert_ok(bnsl_md_run(md, 300, NULL));
    assert_ok(bnsl_md_velocities(md, v));
    for (int d = 0; d < 3; d++) {
        double momentum = 0;
        for (int64_t i = 0; i < c.n; i++)
            momentum += v[3 * i + d];
        assert_close(momentum, 0, 0, 1e-10);
    }
    for (int64_t k = 0; k < 3 * c.n; k++)
        v[k] = -v[k];
    assert_ok(bnsl_md_set_velocities(md, v));
    assert_ok(bnsl_md_run(md, 300, NULL));
    assert_ok(bnsl_md_positions(md, r, NULL));
    for (int64_t k = 0; k < 3 * c.n; k++)
        r[k] -= start[k];
    assert_ok(bnsl_box_minimum_image(&c.box, c.n, r));
    for (int64_t k = 0; k < 3 * c.n; k++) /* rounding, grown by the chaos of 0.6 time units */
        assert_close(r[k], 0, 0, 1e-8);
    free(start);
    free(v);
    free(r);
    bnsl_md_destroy(md);
    free_configuration(&c);
    bnsl_potential_destroy(p);
}

/* Mean kinetic temperature against its statistical error from blocks, friction strong enough that blocks are independent. */
static void langevin_holds_the_temperature(void **state)
{
    (void)state;
    configuration c = fluid(100, 200, 0.4, 0.55, 12);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    bnsl_md *md;
    bnsl_md_options o;
    assert_ok(bnsl_md_options_init(&o, sizeof o));
    o.kT = 0.7;
    o.friction = 10;
    o.dt = 0.001; /* BAOAB's error in kT is O(dt^2), here below 1e-3 */
    assert_ok(bnsl_md_create(&md, &c.box, c.n, c.xyz, c.species, p, &o));
    assert_ok(bnsl_md_run(md, 3000, NULL));
    enum { BLOCKS = 25, SAMPLES = 40 };
    double mean = 0, mean2 = 0;
    for (int b = 0; b < BLOCKS; b++) {
        double block = 0;
        for (int s = 0; s < SAMPLES; s++) {
            bnsl_md_thermo t;
            assert_ok(bnsl_md_run(md, 25, NULL));
            assert_ok(bnsl_md_thermo_now(md, &t));
            block += t.kT / SAMPLES;
        }
        mean += block / BLOCKS;
        mean2 += block * block / BLOCKS;
    }
    double error = sqrt((mean2 - mean * mean) / (BLOCKS - 1));
    assert_true(error < 0.005 * o.kT);
    assert_close(mean, o.kT, 1e-3, 4 * error);
    bnsl_md_destroy(md);
    free_configuration(&c);
    bnsl_potential_destroy(p);
}

/* A gas without forces: positions spread as the exact Ornstein-Uhlenbeck law, <dr^2> = 6 kT/g (t - (1 - exp(-g t)) / g). */
static void langevin_diffuses_exactly(void **state)
{
    (void)state;
    enum { N = 20000 };
    bnsl_potential *p;
    bnsl_potential_options po;
    bnsl_md_options o;
    const double diameter = 0.01;
    configuration c = { .n = N, .xyz = calloc(3 * N, sizeof(double)), .species = calloc(N, sizeof(int32_t)) };
    uint64_t seed = 4;
    assert_true(c.xyz && c.species);
    assert_ok(bnsl_box_init(&c.box, 100, 100, 100, 0, 0, 0));
    for (int k = 0; k < 3 * N; k++)
        c.xyz[k] = 100 * (test_uniform(&seed) - 0.5);
    assert_ok(bnsl_potential_options_init(&po, sizeof po));
    po.form = BNSL_FORM_NONE;
    assert_ok(bnsl_potential_create(&p, 1, &diameter, &po));
    assert_ok(bnsl_md_options_init(&o, sizeof o));
    o.kT = 1.5;
    o.friction = 3;
    o.dt = 0.01;
    bnsl_md *md;
    assert_ok(bnsl_md_create(&md, &c.box, N, c.xyz, c.species, p, &o));
    assert_ok(bnsl_md_thermalize(md, 1.5, 0));
    assert_ok(bnsl_md_run(md, 200, NULL));
    double *r = malloc(sizeof(double) * 3 * N), msd = 0;
    int32_t *image = malloc(sizeof(int32_t) * 3 * N);
    assert_true(r && image);
    assert_ok(bnsl_md_positions(md, r, image));
    assert_ok(bnsl_box_unwrap(&c.box, N, r, image, r));
    for (int k = 0; k < 3 * N; k++)
        msd += (r[k] - c.xyz[k]) * (r[k] - c.xyz[k]) / N;
    double want = 6 * 1.5 / 3 * (2 - (1 - exp(-3 * 2.0)) / 3);
    assert_close(msd, want, 5 * sqrt(2.0 / (3 * N)) + 1e-3, 0); /* five standard errors, and the splitting's O(dt^2) */
    free(r);
    free(image);
    bnsl_md_destroy(md);
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

/* Bytes of the final state of a run that compresses, builds lists and crosses faces. */
static void final_state(const configuration *c, const bnsl_potential *p, int32_t precision, int32_t threads, int32_t isa, bool thermo, double *out)
{
    bnsl_md *md;
    bnsl_md_options o;
    assert_ok(bnsl_md_options_init(&o, sizeof o));
    o.precision = precision;
    o.num_threads = threads;
    o.instruction_set = isa;
    assert_ok(bnsl_md_create(&md, &c->box, c->n, c->xyz, c->species, p, &o));
    const int64_t step[2] = { 0, 400 };
    const double phi[2] = { 0.40, 0.45 };
    assert_ok(bnsl_md_set_packing_schedule(md, 2, step, phi));
    assert_ok(bnsl_md_thermalize(md, 1, 1));
    for (int k = 0; k < 8; k++) {
        bnsl_md_thermo t;
        assert_ok(bnsl_md_run(md, 50, NULL));
        if (thermo)
            assert_ok(bnsl_md_thermo_now(md, &t));
    }
    assert_ok(bnsl_md_positions(md, out, NULL));
    assert_ok(bnsl_md_velocities(md, out + 3 * c->n));
    bnsl_md_statistics s;
    assert_ok(bnsl_md_statistics_now(md, &s));
    assert_true(s.n_list_builds > 3);
    assert_true(s.n_steps == 400);
    bnsl_md_destroy(md);
}

static void same_bits_for_any_threads_and_instruction_set(void **state)
{
    (void)state;
    configuration c = fluid(200, 400, 0.40, 0.55, 13);
    size_t bytes = (size_t)c.n * 48;
    double *want = malloc(bytes), *got = malloc(bytes);
    assert_true(want && got);
    for (int k = 0; k < 4; k++) {
        int32_t precision = k & 1 ? BNSL_MD_MIXED : BNSL_MD_DOUBLE;
        bnsl_potential *p = mie_mixture(50, 25, 0.55);
        if (k & 2) { /* laws that differ */
            bnsl_potential_options o;
            assert_ok(bnsl_potential_options_init(&o, sizeof o));
            assert_ok(bnsl_potential_get_pair(p, 1, 1, &o));
            o.well_depth = 0.5;
            o.m = 11.5;
            assert_ok(bnsl_potential_set_pair(p, 1, 1, &o));
        }
        final_state(&c, p, precision, 1, BNSL_ISA_BASELINE, false, want);
        for (int32_t run = 0; run < 6; run++) { /* every instruction set, and AUTO on 1 to 3 threads */
            static const int32_t isa[6] = {BNSL_ISA_AUTO, BNSL_ISA_AUTO, BNSL_ISA_AUTO, BNSL_ISA_BASELINE, BNSL_ISA_AVX2, BNSL_ISA_AVX512};
            static const int32_t threads[6] = {1, 2, 3, 2, 3, 1};
            final_state(&c, p, precision, threads[run], isa[run], threads[run] == 2, got); /* reading energies changes nothing */
            assert_memory_equal(got, want, bytes);
        }
        bnsl_potential_destroy(p);
    }
    free(want);
    free(got);
    free_configuration(&c);
}

static void frozen_particles_stay(void **state)
{
    (void)state;
    configuration c = fluid(50, 100, 0.4, 0.55, 14);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    bnsl_md *md = simulate(&c, p, BNSL_MD_LANGEVIN, 0.001, 1, 1, 0);
    int32_t *frozen = calloc((size_t)c.n, sizeof *frozen);
    double *r = malloc((size_t)c.n * 24), *v = malloc((size_t)c.n * 24);
    assert_true(frozen && r && v);
    for (int i = 0; i < 20; i++)
        frozen[3 * i] = 1;
    assert_ok(bnsl_md_thermalize(md, 1, 0));
    assert_ok(bnsl_md_set_frozen(md, frozen));
    assert_ok(bnsl_md_run(md, 500, NULL));
    assert_ok(bnsl_md_positions(md, r, NULL));
    assert_ok(bnsl_md_velocities(md, v));
    for (int64_t i = 0; i < c.n; i++)
        for (int d = 0; d < 3; d++) {
            assert_int_equal(r[3 * i + d] == c.xyz[3 * i + d], frozen[i]);
            assert_int_equal(v[3 * i + d] == 0, frozen[i]);
        }
    assert_ok(bnsl_md_thermalize(md, 1, 1));
    assert_ok(bnsl_md_velocities(md, v));
    assert_true(v[0] == 0 && v[3] != 0);
    assert_ok(bnsl_md_set_frozen(md, NULL));
    assert_ok(bnsl_md_run(md, 10, NULL));
    assert_ok(bnsl_md_positions(md, r, NULL));
    assert_true(r[0] != c.xyz[0]);
    free(frozen);
    free(r);
    free(v);
    bnsl_md_destroy(md);
    free_configuration(&c);
    bnsl_potential_destroy(p);
}

static void packing_follows_its_schedule(void **state)
{
    (void)state;
    configuration c = fluid(50, 100, 0.4, 0.55, 15);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    bnsl_md *md = simulate(&c, p, BNSL_MD_LANGEVIN, 0.002, 1, 1, 0);
    const int64_t step[3] = { 100, 200, 300 };
    const double phi[3] = { 0.40, 0.44, 0.42 };
    bnsl_md_thermo t;
    assert_ok(bnsl_md_set_packing_schedule(md, 3, step, phi));
    static const double want[] = { 0.40, 0.40, 0.40, 0.42, 0.44, 0.43, 0.42, 0.42 };
    for (int k = 0; k < 8; k++) {
        assert_ok(bnsl_md_thermo_now(md, &t));
        assert_true(t.step == 50 * k);
        assert_close(t.packing_fraction, want[k], 1e-12, 0);
        assert_ok(bnsl_md_run(md, 50, NULL));
    }
    assert_status(bnsl_md_set_packing_schedule(md, 1, step, (double[]){ 1.5 }), BNSL_EINVAL);
    assert_status(bnsl_md_set_packing_schedule(md, 1, step, (double[]){ NAN }), BNSL_EINVAL);
    assert_status(bnsl_md_set_packing_schedule(md, 2, (int64_t[]){ 5, 5 }, phi), BNSL_EINVAL);
    assert_status(bnsl_md_set_packing_schedule(md, -1, step, phi), BNSL_EINVAL);
    bnsl_md_destroy(md);
    free_configuration(&c);
    bnsl_potential_destroy(p);
}

static void deepen(bnsl_potential *p, double well_depth, double m)
{
    bnsl_potential_options o;
    for (int32_t a = 0; a < 2; a++)
        for (int32_t b = a; b < 2; b++) {
            assert_ok(bnsl_potential_options_init(&o, sizeof o));
            o.sigma = 0.5 * ((a ? 0.55 : 1) + (b ? 0.55 : 1));
            o.well_depth = well_depth;
            o.m = m;
            assert_ok(bnsl_potential_set_pair(p, a, b, &o));
        }
}

/* What a simulation computes after a change of potential is what a new one with that potential computes. */
static void the_potential_can_be_replaced(void **state)
{
    (void)state;
    configuration c = fluid(80, 160, 0.4, 0.55, 17);
    bnsl_potential *narrow = mie_mixture(50, 25, 0.55), *wide = mie_mixture(50, 6, 0.55), *three;
    const double sizes[3] = { 1, 1, 1 };
    double *diameter = malloc((size_t)c.n * 8), virial[6], energy;
    bnsl_md_thermo t;
    assert_non_null(diameter);
    deepen(wide, 0.6, 6);
    bnsl_md *md = simulate(&c, narrow, BNSL_MD_LANGEVIN, 0.001, 1, 1, 0);
    assert_ok(bnsl_md_thermalize(md, 1, 1));
    for (int k = 0; k < 6; k++) {
        bnsl_potential *now = k & 1 ? wide : narrow;
        assert_ok(bnsl_md_set_potential(md, now));
        if (k == 4) { /* diameters of the particles survive the change */
            for (int64_t i = 0; i < c.n; i++)
                diameter[i] = (c.species[i] ? 0.55 : 1) * (1 + 0.0002 * (double)i);
            assert_ok(bnsl_md_set_diameters(md, diameter));
        }
        assert_ok(bnsl_md_run(md, 40, NULL));
        assert_ok(bnsl_md_positions(md, c.xyz, NULL));
        assert_ok(bnsl_md_thermo_now(md, &t));
        assert_close(t.potential_energy, naive_energy_sized(&c, now, k >= 4 ? diameter : NULL, NULL, virial), 1e-12, 0);
        assert_ok(bnsl_md_energy_with(md, k & 1 ? narrow : wide, &energy));
        assert_close(energy, naive_energy_sized(&c, k & 1 ? narrow : wide, k >= 4 ? diameter : NULL, NULL, virial), 1e-12, 0);
    }
    /* new diameters of the species, where the particles have none of their own */
    bnsl_potential *smaller = mie_mixture(50, 25, 0.5);
    assert_ok(bnsl_md_set_potential(md, smaller));
    assert_ok(bnsl_md_diameters(md, diameter));
    assert_true(diameter[c.n - 1] > 0.55);
    assert_ok(bnsl_md_set_diameters(md, NULL));
    assert_ok(bnsl_md_diameters(md, diameter));
    assert_true(diameter[c.n - 1] == 0.5);
    assert_ok(bnsl_md_set_potential(md, narrow));
    assert_ok(bnsl_md_diameters(md, diameter));
    assert_true(diameter[c.n - 1] == 0.55);
    /* what is refused changes nothing */
    assert_ok(bnsl_potential_create(&three, 3, sizes, NULL));
    energy = 7;
    assert_status(bnsl_md_set_potential(md, three), BNSL_EINVAL);
    assert_status(bnsl_md_energy_with(md, three, &energy), BNSL_EINVAL);
    assert_status(bnsl_md_set_potential(md, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_set_potential(NULL, narrow), BNSL_EINVAL);
    assert_status(bnsl_md_energy_with(md, NULL, &energy), BNSL_EINVAL);
    assert_status(bnsl_md_energy_with(NULL, narrow, &energy), BNSL_EINVAL);
    assert_status(bnsl_md_energy_with(md, narrow, NULL), BNSL_EINVAL);
    assert_true(energy == 7);
    for (int32_t a = 0; a < 2; a++) {
        bnsl_potential_options o;
        assert_ok(bnsl_potential_options_init(&o, sizeof o));
        o.r_cut = INFINITY;
        assert_ok(bnsl_potential_set_pair(wide, a, a, &o));
        assert_status(bnsl_md_set_potential(md, wide), BNSL_EINVAL);
        assert_status(bnsl_md_energy_with(md, wide, &energy), BNSL_EINVAL);
    }
    assert_ok(bnsl_md_run(md, 10, NULL));
    free(diameter);
    bnsl_md_destroy(md);
    bnsl_potential_destroy(narrow);
    bnsl_potential_destroy(wide);
    bnsl_potential_destroy(smaller);
    bnsl_potential_destroy(three);
    free_configuration(&c);
}

/* Looking at another potential's energy leaves the course as it is, to the last bit. */
static void energies_with_another_potential_disturb_nothing(void **state)
{
    (void)state;
    configuration c = fluid(80, 160, 0.4, 0.55, 18);
    bnsl_potential *narrow = mie_mixture(50, 25, 0.55), *wide = mie_mixture(50, 6, 0.55);
    size_t bytes = (size_t)c.n * 24;
    double *a = malloc(bytes), *b = malloc(bytes), energy;
    assert_true(a && b);
    bnsl_md *md[2];
    for (int k = 0; k < 2; k++) {
        md[k] = simulate(&c, narrow, BNSL_MD_LANGEVIN, 0.002, 1, 1, 0);
        assert_ok(bnsl_md_thermalize(md[k], 1, 1));
        for (int s = 0; s < 20; s++) {
            assert_ok(bnsl_md_run(md[k], 13, NULL));
            if (k == 1)
                assert_ok(bnsl_md_energy_with(md[k], wide, &energy));
        }
    }
    assert_ok(bnsl_md_positions(md[0], a, NULL));
    assert_ok(bnsl_md_positions(md[1], b, NULL));
    assert_memory_equal(a, b, bytes);
    assert_ok(bnsl_md_forces(md[0], a));
    assert_ok(bnsl_md_forces(md[1], b));
    assert_memory_equal(a, b, bytes);
    free(a);
    free(b);
    bnsl_md_destroy(md[0]);
    bnsl_md_destroy(md[1]);
    bnsl_potential_destroy(narrow);
    bnsl_potential_destroy(wide);
    free_configuration(&c);
}

static int32_t cancel_soon(void *user, int64_t done, int64_t total)
{
    (void)done;
    (void)total;
    bnsl_control_cancel(user);
    return 0;
}

typedef struct witness {
    bnsl_md *md;
    int64_t step; /* of the callback that looked, or 0 */
    double *velocity;
} witness;

static int32_t look(void *user, int64_t done, int64_t total)
{
    (void)total;
    witness *w = user;
    if (done == 0 || w->step > 0)
        return w->step > 0; /* enough seen */
    w->step = done;
    return bnsl_md_velocities(w->md, w->velocity);
}

/* Within a run a half-kick may be left to the next step; a callback sees whole steps all the same. */
static void callbacks_see_whole_steps(void **state)
{
    (void)state;
    configuration c = fluid(50, 100, 0.4, 0.55, 16);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    const size_t bytes = (size_t)c.n * 24;
    double *want = malloc(bytes);
    witness w = { .velocity = malloc(bytes) };
    assert_true(want && w.velocity);
    for (int32_t integrator = BNSL_MD_NVE; integrator <= BNSL_MD_LANGEVIN; integrator++) {
        bnsl_md *again = simulate(&c, p, integrator, 0.002, 1, 1, 0);
        bnsl_control *control;
        w.md = simulate(&c, p, integrator, 0.002, 1, 1, 0);
        w.step = 0;
        assert_ok(bnsl_control_create(&control));
        assert_ok(bnsl_control_set_progress(control, look, &w));
        assert_status(bnsl_md_run(w.md, 100000000, control), BNSL_ECANCELLED);
        assert_true(w.step > 0);
        assert_ok(bnsl_md_run(again, w.step, NULL));
        assert_ok(bnsl_md_velocities(again, want));
        assert_memory_equal(w.velocity, want, bytes);
        bnsl_control_destroy(control);
        bnsl_md_destroy(w.md);
        bnsl_md_destroy(again);
    }
    free(want);
    free(w.velocity);
    free_configuration(&c);
    bnsl_potential_destroy(p);
}

static void a_cancelled_run_goes_on_to_the_same_bits(void **state)
{
    (void)state;
    configuration c = fluid(50, 100, 0.4, 0.55, 16);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    bnsl_md *whole = simulate(&c, p, BNSL_MD_LANGEVIN, 0.002, 1, 1, 0), *parts = simulate(&c, p, BNSL_MD_LANGEVIN, 0.002, 1, 1, 0);
    size_t bytes = (size_t)c.n * 24;
    double *a = malloc(bytes), *b = malloc(bytes);
    assert_true(a && b);
    assert_ok(bnsl_md_run(whole, 300, NULL));
    bnsl_control *control;
    assert_ok(bnsl_control_create(&control));
    assert_ok(bnsl_control_set_progress(control, cancel_soon, control));
    assert_status(bnsl_md_run(parts, 300, control), BNSL_ECANCELLED);
    bnsl_md_thermo t;
    assert_ok(bnsl_md_thermo_now(parts, &t));
    assert_true(t.step < 300);
    assert_ok(bnsl_md_run(parts, 300 - t.step, NULL));
    assert_ok(bnsl_md_positions(whole, a, NULL));
    assert_ok(bnsl_md_positions(parts, b, NULL));
    assert_memory_equal(a, b, bytes);
    bnsl_control_destroy(control);
    free(a);
    free(b);
    bnsl_md_destroy(whole);
    bnsl_md_destroy(parts);
    free_configuration(&c);
    bnsl_potential_destroy(p);
}

static void a_run_that_blows_up_is_named(void **state)
{
    (void)state;
    configuration c = crystal("fcc", BNSL_CELL_CONVENTIONAL, 3, 3, 3, 0.7, 0.55, 0.0, 1);
    c.xyz[3] = c.xyz[0] + 1e-9; /* two particles on top of each other */
    c.xyz[4] = c.xyz[1];
    c.xyz[5] = c.xyz[2];
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    bnsl_md *md = simulate(&c, p, BNSL_MD_NVE, 0.01, 1, 1, 0);
    assert_status(bnsl_md_run(md, 100, NULL), BNSL_ENUMERIC);
    assert_status(bnsl_md_run(md, 100, NULL), BNSL_ENUMERIC);
    bnsl_md_thermo t;
    assert_status(bnsl_md_thermo_now(md, &t), BNSL_ENUMERIC);
    bnsl_md_destroy(md);
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

static void bad_arguments_are_named(void **state)
{
    (void)state;
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    bnsl_box box, flat;
    double xyz[6] = { 0, 0, 0, 2, 2, 2 };
    int32_t species[2] = { 0, 1 };
    bnsl_md *md = (bnsl_md *)p;
    bnsl_md_options o;
    assert_ok(bnsl_box_init(&box, 5, 5, 5, 0, 0, 0));
    assert_ok(bnsl_md_options_init(&o, sizeof o));
    assert_status(bnsl_md_create(NULL, &box, 2, xyz, species, p, &o), BNSL_EINVAL);
    assert_status(bnsl_md_create(&md, NULL, 2, xyz, species, p, &o), BNSL_EINVAL);
    assert_null(md);
    assert_status(bnsl_md_create(&md, &box, 0, xyz, species, p, &o), BNSL_EINVAL);
    assert_status(bnsl_md_create(&md, &box, -1, xyz, species, p, &o), BNSL_EINVAL);
    assert_status(bnsl_md_create(&md, &box, 2, NULL, species, p, &o), BNSL_EINVAL);
    assert_status(bnsl_md_create(&md, &box, 2, xyz, NULL, p, &o), BNSL_EINVAL);
    assert_status(bnsl_md_create(&md, &box, 2, xyz, species, NULL, &o), BNSL_EINVAL);
    flat = box;
    flat.periodic = 3;
    assert_status(bnsl_md_create(&md, &flat, 2, xyz, species, p, &o), BNSL_EINVAL);
    xyz[4] = NAN;
    assert_status(bnsl_md_create(&md, &box, 2, xyz, species, p, &o), BNSL_EINVAL);
    assert_non_null(strstr(bnsl_error_message(), "xyz[4] of particle 1"));
    xyz[4] = 2;
    species[1] = 2;
    assert_status(bnsl_md_create(&md, &box, 2, xyz, species, p, &o), BNSL_EINVAL);
    species[1] = 1;
    const double bad[] = { 0, -1, NAN, INFINITY };
    for (int k = 0; k < 4; k++) {
        o.dt = bad[k];
        assert_status(bnsl_md_create(&md, &box, 2, xyz, species, p, &o), BNSL_EINVAL);
        o.dt = 0.001;
        o.kT = bad[k];
        assert_status(bnsl_md_create(&md, &box, 2, xyz, species, p, &o), BNSL_EINVAL);
        o.kT = 1;
        o.friction = k ? bad[k] : -1e-9;
        assert_status(bnsl_md_create(&md, &box, 2, xyz, species, p, &o), BNSL_EINVAL);
        o.friction = 1;
        o.skin = k ? bad[k] : -1e-9;
        assert_status(bnsl_md_create(&md, &box, 2, xyz, species, p, &o), BNSL_EINVAL);
        o.skin = 0;
    }
    for (int k = 1; k < 4; k++) {
        o.thermostat_time = bad[k];
        assert_status(bnsl_md_create(&md, &box, 2, xyz, species, p, &o), BNSL_EINVAL);
        o.thermostat_time = 0;
        o.barostat_time = bad[k];
        assert_status(bnsl_md_create(&md, &box, 2, xyz, species, p, &o), BNSL_EINVAL);
        o.barostat_time = 0;
        if (k > 1) {
            o.pressure = bad[k];
            assert_status(bnsl_md_create(&md, &box, 2, xyz, species, p, &o), BNSL_EINVAL);
            o.pressure = 0;
        }
    }
    int32_t *const field[] = { &o.integrator, &o.instruction_set, &o.precision, &o.chain_length, &o.barostat, &o.reserved };
    static const int32_t beyond[] = { 4, 4, 2, 9, 3, 1 };
    for (int k = 0; k < 6; k++) {
        int32_t kept = *field[k];
        *field[k] = -1;
        assert_status(bnsl_md_create(&md, &box, 2, xyz, species, p, &o), BNSL_EINVAL);
        *field[k] = beyond[k];
        assert_status(bnsl_md_create(&md, &box, 2, xyz, species, p, &o), BNSL_EINVAL);
        *field[k] = kept;
    }
    assert_null(md);
    o.integrator = BNSL_MD_NVE;
    assert_ok(bnsl_md_create(&md, &box, 2, xyz, species, p, &o));
    assert_status(bnsl_md_run(NULL, 1, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_run(md, -1, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_set_dt(md, 0), BNSL_EINVAL);
    assert_status(bnsl_md_set_step(md, -1), BNSL_EINVAL);
    assert_status(bnsl_md_thermalize(md, -1, 1), BNSL_EINVAL);
    assert_status(bnsl_md_set_velocities(md, (double[]){ 0, 0, 0, 0, NAN, 0 }), BNSL_EINVAL);
    assert_status(bnsl_md_thermo_now(md, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_velocities(md, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_forces(md, NULL), BNSL_EINVAL);
    assert_true(bnsl_md_n(md) == 2 && bnsl_md_n(NULL) == 0);
    bnsl_md_destroy(md);
    bnsl_md_destroy(NULL);
    bnsl_potential_destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(energy_error_falls_as_the_square_of_the_time_step),
        cmocka_unit_test(nve_conserves_momentum_and_runs_backwards),
        cmocka_unit_test(langevin_holds_the_temperature),
        cmocka_unit_test(langevin_diffuses_exactly),
        cmocka_unit_test(same_bits_for_any_threads_and_instruction_set),
        cmocka_unit_test(frozen_particles_stay),
        cmocka_unit_test(packing_follows_its_schedule),
        cmocka_unit_test(the_potential_can_be_replaced),
        cmocka_unit_test(energies_with_another_potential_disturb_nothing),
        cmocka_unit_test(callbacks_see_whole_steps),
        cmocka_unit_test(a_cancelled_run_goes_on_to_the_same_bits),
        cmocka_unit_test(a_run_that_blows_up_is_named),
        cmocka_unit_test(bad_arguments_are_named),
    };
    return cmocka_run_group_tests_name("md", tests, NULL, NULL);
}
