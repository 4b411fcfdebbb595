/* SPDX-License-Identifier: GPL-3.0-or-later */
/* md: walls. Their forces, what gets past them, moving walls, starts between them. */
#include "configurations.h"

static const double PI = 3.14159265358979323846;

static bnsl_potential *no_interaction(void)
{
    bnsl_potential *p;
    bnsl_potential_options o;
    const double diameter[2] = { 1, 0.55 };
    assert_ok(bnsl_potential_options_init(&o, sizeof o));
    o.form = BNSL_FORM_NONE;
    assert_ok(bnsl_potential_create(&p, 2, diameter, &o));
    return p;
}

static bnsl_md *simulate(const configuration *c, const bnsl_potential *p, int32_t integrator, double dt, int32_t threads)
{
    bnsl_md *md;
    bnsl_md_options o;
    assert_ok(bnsl_md_options_init(&o, sizeof o));
    o.integrator = integrator;
    o.dt = dt;
    o.friction = 1;
    o.seed = 5;
    o.num_threads = threads;
    assert_ok(bnsl_md_create(&md, &c->box, c->n, c->xyz, c->species, p, &o));
    return md;
}

/* Mixture of n_large and n_small between walls at a packing fraction; *size_out is their size. */
static configuration confined(int32_t kind, int64_t n_large, int64_t n_small, double phi, uint64_t seed, double *size_out)
{
    configuration c = { .n = n_large + n_small };
    double volume = PI / 6 * ((double)n_large + (double)n_small * pow(0.55, 3)) / phi, size = cbrt(volume / (4 * PI / 3));
    double edge = 2 * size + 2, *diameter = malloc((size_t)c.n * sizeof *diameter);
    c.xyz = malloc((size_t)c.n * 3 * sizeof *c.xyz);
    c.species = malloc((size_t)c.n * sizeof *c.species);
    assert_true(diameter && c.xyz && c.species);
    if (kind == BNSL_MD_WALL_SLAB)
        size = volume / (2 * edge * edge);
    for (int64_t i = 0; i < c.n; i++) {
        c.species[i] = i >= n_large;
        diameter[i] = i < n_large ? 1 : 0.55;
    }
    assert_ok(bnsl_box_init(&c.box, edge, edge, edge, 0, 0, 0));
    assert_ok(bnsl_md_random_start_confined(&c.box, kind, size, c.n, diameter, 0, seed, 1, c.xyz, NULL));
    free(diameter);
    *size_out = size;
    return c;
}

/* U(r) of one particle of diameter d at a distance r from the wall, and -dU/dr. */
static double wca(double r, double d, double epsilon, double *force)
{
    double s = d / 2, at = fmax(r, 0.75 * s), x6 = pow(s / at, 6);
    if (r >= pow(2, 1.0 / 6) * s)
        return *force = 0;
    *force = 4 * epsilon * (12 * x6 * x6 - 6 * x6) / at;
    return 4 * epsilon * (x6 * x6 - x6) + epsilon + *force * (at - r);
}

static void energy_and_force_are_those_of_wca(void **state)
{
    (void)state;
    static const double share[] = { 0.01, 0.3, 0.7, 0.75, 0.8, 1, 1.1, 1.12, 1.1225, 2 }; /* of d / 2 */
    bnsl_potential *p = no_interaction();
    double direction[3] = { 0.48, -0.6, 0.64 }, epsilon = 1.7, size = 3;
    for (int32_t kind = BNSL_MD_WALL_SPHERE; kind <= BNSL_MD_WALL_SLAB; kind++)
        for (int k = 0; k < 20; k++) {
            int32_t species = k & 1;
            double d = species ? 0.55 : 1, r = share[k / 2] * d / 2, xyz[3], f[3], want_f, energy;
            configuration c = { .n = 1, .xyz = xyz, .species = &species };
            assert_ok(bnsl_box_init(&c.box, 8, 9, 10, kind == BNSL_MD_WALL_SLAB ? 0.3 : 0, 0, 0));
            for (int q = 0; q < 3; q++)
                xyz[q] = kind == BNSL_MD_WALL_SPHERE ? (size - r) * direction[q] : q == 2 ? r - size : 1.5;
            bnsl_md *md = simulate(&c, p, BNSL_MD_NVE, 0.001, 1);
            bnsl_md_thermo t;
            assert_ok(bnsl_md_set_wall(md, kind, size, epsilon));
            assert_ok(bnsl_md_thermo_now(md, &t));
            assert_ok(bnsl_md_forces(md, f));
            energy = wca(r, d, epsilon, &want_f);
            /* the distance is a difference from the size, 3: 2 eps of it, by the steepness F / U < 50 */
            assert_close(t.wall_energy, energy, 1e-12, 1e-13 * want_f);
            assert_true(t.potential_energy == 0);
            double area = kind == BNSL_MD_WALL_SPHERE ? 4 * PI * size * size : 2 * c.box.lx * c.box.ly;
            assert_close(t.wall_pressure, want_f / area, 1e-12, 0);
            double volume = kind == BNSL_MD_WALL_SPHERE ? 4 * PI / 3 * pow(size, 3) : 2 * size * c.box.lx * c.box.ly;
            assert_close(t.volume, volume, 1e-14, 0);
            assert_close(t.packing_fraction, PI / 6 * d * d * d / volume, 1e-14, 0);
            for (int q = 0; q < 3; q++)
                assert_close(f[q], kind == BNSL_MD_WALL_SPHERE ? -want_f * direction[q] : q == 2 ? want_f : 0, 1e-11, 1e-11 * want_f);
            /* own diameters count */
            double own = 0.8;
            assert_ok(bnsl_md_set_diameters(md, &own));
            assert_ok(bnsl_md_thermo_now(md, &t));
            assert_close(t.wall_energy, wca(r, own, epsilon, &want_f), 1e-12, 1e-13 * want_f);
            bnsl_md_destroy(md);
        }
    bnsl_potential_destroy(p);
}

static double wall_energy_at(const configuration *c, const bnsl_potential *p, int32_t kind, double size)
{
    bnsl_md *md = simulate(c, p, BNSL_MD_NVE, 0.001, 1);
    bnsl_md_thermo t;
    assert_ok(bnsl_md_set_wall(md, kind, size, 1));
    assert_ok(bnsl_md_thermo_now(md, &t));
    bnsl_md_destroy(md);
    return t.wall_energy + t.potential_energy;
}

/* Of pairs and walls together, for some particles of a fluid; also with both walls of a thin slab in reach. */
static void force_is_the_derivative_of_the_energy(void **state)
{
    (void)state;
    bnsl_potential *p = mie_mixture(12, 6, 0.55);
    for (int k = 0; k < 3; k++) {
        int32_t kind = k == 0 ? BNSL_MD_WALL_SPHERE : BNSL_MD_WALL_SLAB;
        double size, *f;
        configuration c = confined(kind, 40, 80, 0.3, 3, &size);
        assert_ok(bnsl_box_init(&c.box, 2 * size + 8, 2 * size + 8, 2 * size + 4, 0, 0, 0));
        size *= k == 2 ? 0.9 : 0.97; /* more of them at the wall */
        for (int64_t i = 0; i < c.n && k == 2; i++)
            c.xyz[3 * i + 2] *= 0.3;
        f = malloc((size_t)c.n * 24);
        assert_non_null(f);
        bnsl_md *md = simulate(&c, p, BNSL_MD_NVE, 0.001, 1);
        assert_ok(bnsl_md_set_wall(md, kind, size, 1));
        assert_ok(bnsl_md_positions(md, c.xyz, NULL)); /* those past the smaller wall have been put back */
        assert_ok(bnsl_md_forces(md, f));
        bnsl_md_destroy(md);
        for (int64_t i = 0; i < 3 * c.n; i += 37) {
            double u[5], h = 1e-5, kept = c.xyz[i];
            for (int q = -2; q <= 2; q++) {
                c.xyz[i] = kept + q * h;
                u[q + 2] = wall_energy_at(&c, p, kind, size);
            }
            c.xyz[i] = kept;
            double derivative = (u[0] - 8 * u[1] + 8 * u[3] - u[4]) / (12 * h);
            /* rounding of the whole energy over the step */
            assert_close(f[i], -derivative, 1e-7, 1e-15 * fabs(u[2]) / h * 10);
        }
        free(f);
        free_configuration(&c);
    }
    bnsl_potential_destroy(p);
}

static void energy_is_conserved_between_walls(void **state)
{
    (void)state;
    bnsl_potential *p = mie_mixture(12, 6, 0.55);
    for (int32_t kind = BNSL_MD_WALL_SPHERE; kind <= BNSL_MD_WALL_SLAB; kind++) {
        double size, deviation[2];
        configuration c = confined(kind, 60, 120, 0.35, 4, &size);
        assert_ok(bnsl_box_init(&c.box, c.box.lx, c.box.ly, 2 * size + 2.6, 0, 0, 0));
        if (kind == BNSL_MD_WALL_SPHERE)
            assert_ok(bnsl_box_init(&c.box, 2 * size + 2.6, 2 * size + 2.6, 2 * size + 2.6, 0, 0, 0));
        double *v = malloc((size_t)c.n * 24);
        assert_non_null(v);
        bnsl_md *md = simulate(&c, p, BNSL_MD_LANGEVIN, 0.001, 1);
        assert_ok(bnsl_md_set_wall(md, kind, size, 1));
        assert_ok(bnsl_md_run(md, 2000, NULL));
        assert_ok(bnsl_md_positions(md, c.xyz, NULL));
        assert_ok(bnsl_md_velocities(md, v));
        bnsl_md_destroy(md);
        for (int k = 0; k < 2; k++) {
            int64_t steps = k ? 20 : 10;
            bnsl_md_thermo t;
            double sum = 0, sum2 = 0, first = 0, wall = 0;
            md = simulate(&c, p, BNSL_MD_NVE, k ? 0.001 : 0.002, 1);
            assert_ok(bnsl_md_set_wall(md, kind, size, 1));
            assert_ok(bnsl_md_set_velocities(md, v));
            for (int q = 0; q < 50; q++) {
                assert_ok(bnsl_md_thermo_now(md, &t));
                assert_close(t.conserved, t.potential_energy + t.wall_energy + t.kinetic_energy, 1e-14, 0);
                first = q == 0 ? t.conserved : first;
                sum += (t.conserved - first) / 50;
                sum2 += (t.conserved - first) * (t.conserved - first) / 50;
                wall = fmax(wall, t.wall_energy);
                assert_ok(bnsl_md_run(md, steps, NULL));
            }
            assert_true(wall > 1); /* particles do meet the walls */
            deviation[k] = sqrt(sum2 - sum * sum);
            bnsl_md_statistics s;
            assert_ok(bnsl_md_statistics_now(md, &s));
            assert_true(s.n_returned == 0);
            bnsl_md_destroy(md);
        }
        assert_true(deviation[1] / (double)c.n < 2e-4);
        /* second order in the time step: a ratio of 4 but for the change of course */
        assert_close(deviation[0] / deviation[1], 4, 0.4, 0);
        free(v);
        free_configuration(&c);
    }
    bnsl_potential_destroy(p);
}

static double distance_from_middle(int32_t kind, const double *r)
{
    return kind == BNSL_MD_WALL_SLAB ? fabs(r[2]) : sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]);
}

static void a_particle_past_the_wall_comes_back_and_is_counted(void **state)
{
    (void)state;
    bnsl_potential *p = no_interaction();
    for (int32_t kind = BNSL_MD_WALL_SPHERE; kind <= BNSL_MD_WALL_SLAB; kind++) {
        /* one rests inside, one flies out, one is placed outside, one is placed outside and held there */
        double xyz[12] = { 0.5, 0.5, 0.5, 1, 0.2, 1.9, 0.3, 0.1, -2.6, 0.1, 0.4, 2.4 }, r[12], v[12] = { 0 };
        int32_t species[4] = { 0, 1, 0, 0 }, frozen[4] = { 0, 0, 0, 1 };
        configuration c = { .n = 4, .xyz = xyz, .species = species };
        bnsl_md_statistics s;
        assert_ok(bnsl_box_init(&c.box, 6, 6, 6, 0, 0, 0));
        bnsl_md *md = simulate(&c, p, BNSL_MD_NVE, 0.001, 1);
        assert_ok(bnsl_md_set_frozen(md, frozen));
        assert_ok(bnsl_md_set_wall(md, kind, 2.2, 1));
        assert_ok(bnsl_md_positions(md, r, NULL));
        assert_ok(bnsl_md_statistics_now(md, &s));
        assert_true(s.n_returned == 1);
        assert_close(distance_from_middle(kind, r + 6), 2.2 - 0.75 * 0.5, 1e-14, 0);
        assert_memory_equal(r + 9, xyz + 9, 3 * sizeof *r);
        v[3] = 40; /* parallel to the planes */
        v[5] = 1500;
        v[9] = 10;
        assert_ok(bnsl_md_set_velocities(md, v));
        assert_ok(bnsl_md_run(md, 1, NULL));
        assert_ok(bnsl_md_positions(md, r, NULL));
        assert_ok(bnsl_md_velocities(md, v));
        assert_ok(bnsl_md_statistics_now(md, &s));
        assert_true(s.n_returned == 2);
        assert_close(distance_from_middle(kind, r + 3), 2.2 - 0.75 * 0.275, 1e-14, 0);
        double outward = 0;
        for (int d = 0; d < 3; d++)
            outward += v[3 + d] * (kind == BNSL_MD_WALL_SLAB ? d == 2 : r[3 + d] / distance_from_middle(kind, r + 3));
        assert_true(outward < -1000);
        if (kind == BNSL_MD_WALL_SLAB)
            assert_close(v[3], 40, 1e-15, 0);
        assert_true(v[9] == 0);
        assert_ok(bnsl_md_run(md, 2000, NULL)); /* faster than anything, forth and back */
        assert_ok(bnsl_md_positions(md, r, NULL));
        for (int i = 0; i < 3; i++)
            assert_true(distance_from_middle(kind, r + 3 * i) <= 2.2);
        assert_ok(bnsl_md_statistics_now(md, &s));
        assert_true(s.n_returned > 100);
        bnsl_md_destroy(md);
    }
    bnsl_potential_destroy(p);
}

/* Hard walls slowly, as in an experiment, and soft ones that particles run through: nobody is lost, the box stays. */
static void shrinking_walls_lose_nobody(void **state)
{
    (void)state;
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    for (int k = 0; k < 4; k++) {
        int32_t kind = k & 1 ? BNSL_MD_WALL_SLAB : BNSL_MD_WALL_SPHERE, at;
        double size, present;
        configuration c = confined(kind, 50, 100, 0.25, 6, &size);
        const int64_t step[2] = { 0, 4000 };
        const double phi[2] = { 0.25, 0.5 };
        double *r = malloc((size_t)c.n * 24);
        assert_non_null(r);
        bnsl_md *md = simulate(&c, p, BNSL_MD_LANGEVIN, 0.002, 1);
        bnsl_md_thermo t;
        bnsl_md_statistics s;
        bnsl_box box;
        assert_ok(bnsl_md_set_wall(md, kind, size, k < 2 ? 1 : 0.002));
        assert_ok(bnsl_md_thermalize(md, 1, 0));
        assert_ok(bnsl_md_set_packing_schedule(md, 2, step, phi));
        assert_ok(bnsl_md_run(md, step[1], NULL));
        assert_ok(bnsl_md_thermo_now(md, &t));
        assert_close(t.packing_fraction, phi[1], 1e-12, 0);
        assert_ok(bnsl_md_wall(md, &at, &present));
        assert_int_equal(at, kind);
        double factor = phi[0] / phi[1]; /* the density of the confined start is 0.25 to rounding */
        assert_close(present, size * (kind == BNSL_MD_WALL_SPHERE ? cbrt(factor) : factor), 1e-12, 0);
        assert_ok(bnsl_md_box(md, &box));
        assert_memory_equal(&box, &c.box, sizeof box);
        assert_ok(bnsl_md_run(md, 500, NULL));
        assert_ok(bnsl_md_positions(md, r, NULL));
        for (int64_t i = 0; i < c.n; i++)
            assert_true(distance_from_middle(kind, r + 3 * i) < present);
        assert_ok(bnsl_md_statistics_now(md, &s));
        assert_int_equal(s.n_returned > 0, k >= 2);
        free(r);
        bnsl_md_destroy(md);
        free_configuration(&c);
    }
    bnsl_potential_destroy(p);
}

static void final_state(const configuration *c, const bnsl_potential *p, int32_t kind, double size, int32_t threads, bool stop, double *out)
{
    const char *path = test_temporary("droplet");
    bnsl_md *md = simulate(c, p, BNSL_MD_LANGEVIN, 0.002, threads);
    bnsl_md_statistics s;
    assert_ok(bnsl_md_set_wall(md, kind, size, 0.002));
    assert_ok(bnsl_md_thermalize(md, 1, 0));
    assert_ok(bnsl_md_set_packing_schedule(md, 2, (int64_t[]){ 0, 400 }, (double[]){ 0.25, 0.3 }));
    assert_ok(bnsl_md_run(md, 130, NULL));
    if (stop) {
        assert_ok(bnsl_md_checkpoint_write(md, path));
        bnsl_md_destroy(md);
        assert_ok(bnsl_md_checkpoint_read(&md, path, threads, 0));
    }
    assert_ok(bnsl_md_run(md, 270, NULL));
    assert_ok(bnsl_md_positions(md, out, NULL));
    assert_ok(bnsl_md_velocities(md, out + 3 * c->n));
    assert_ok(bnsl_md_wall(md, NULL, out + 6 * c->n));
    assert_ok(bnsl_md_statistics_now(md, &s));
    out[6 * c->n + 1] = (double)s.n_returned;
    bnsl_md_destroy(md);
}

static void the_same_bits_for_any_threads_and_after_a_restart(void **state)
{
    (void)state;
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    for (int32_t kind = BNSL_MD_WALL_SPHERE; kind <= BNSL_MD_WALL_SLAB; kind++) {
        double size;
        configuration c = confined(kind, 100, 200, 0.25, 7, &size);
        size_t bytes = (size_t)c.n * 48 + 16;
        double *want = malloc(bytes), *got = malloc(bytes);
        assert_true(want && got);
        final_state(&c, p, kind, size, 1, false, want);
        assert_true(want[6 * c.n + 1] > 0);
        for (int32_t threads = 1; threads <= 3; threads++)
            for (int stop = 0; stop < 2; stop++) {
                final_state(&c, p, kind, size, threads, stop, got);
                assert_memory_equal(got, want, bytes);
            }
        free(want);
        free(got);
        free_configuration(&c);
    }
    bnsl_potential_destroy(p);
}

/*
 * An ideal gas at kT presses on the wall with a mean force N kT d ln V* / dR, V* = integral exp(-U / kT) over the sphere (the derivative of
 * the configuration integral), or over the slab: independent of everything in the code but the wall's law.
 */
static void an_ideal_gas_has_its_pressure(void **state)
{
    (void)state;
    enum { N = 400, BLOCKS = 20, SAMPLES = 25 };
    bnsl_potential *p = no_interaction();
    for (int32_t kind = BNSL_MD_WALL_SPHERE; kind <= BNSL_MD_WALL_SLAB; kind++) {
        double size = 2, integral[2] = { 0, 0 }, h = 1e-4, mean = 0, mean2 = 0;
        for (int k = 0; k < 2; k++) { /* Simpson in the distance from the middle, exact to 1e-10; the force is that of one species */
            double radius = size + (k ? h : -h);
            for (int q = 0; q <= 20000; q++) {
                double r = radius * q / 20000, force, u = wca(radius - r, 1, 1, &force);
                integral[k] += (q == 0 || q == 20000 ? 1 : 2 + 2 * (q & 1)) * exp(-u) * (kind == BNSL_MD_WALL_SPHERE ? r * r : 1) * radius;
            }
        }
        double want = N * (log(integral[1]) - log(integral[0])) / (2 * h);
        configuration c = { .n = N, .xyz = calloc(3 * N, sizeof(double)), .species = calloc(N, sizeof(int32_t)) };
        uint64_t seed = 8;
        assert_true(c.xyz && c.species);
        for (int i = 0; i < 3 * N; i++)
            c.xyz[i] = 2 * (test_uniform(&seed) - 0.5);
        assert_ok(bnsl_box_init(&c.box, 5, 5, 5, 0, 0, 0));
        bnsl_md *md = simulate(&c, p, BNSL_MD_LANGEVIN, 0.004, 1);
        assert_ok(bnsl_md_set_wall(md, kind, size, 1));
        assert_ok(bnsl_md_thermalize(md, 1, 0));
        assert_ok(bnsl_md_run(md, 2000, NULL));
        for (int b = 0; b < BLOCKS; b++) {
            double block = 0;
            for (int s = 0; s < SAMPLES; s++) {
                bnsl_md_thermo t;
                assert_ok(bnsl_md_run(md, 40, NULL));
                assert_ok(bnsl_md_thermo_now(md, &t));
                block += t.wall_pressure * (kind == BNSL_MD_WALL_SPHERE ? 4 * PI * size * size : 2 * 25) / SAMPLES;
            }
            mean += block / BLOCKS;
            mean2 += block * block / BLOCKS;
        }
        double error = sqrt((mean2 - mean * mean) / (BLOCKS - 1));
        assert_true(error < 0.02 * want);
        assert_close(mean, want, 2e-3, 5 * error); /* BAOAB's error of the configuration, O(dt^2) */
        bnsl_md_destroy(md);
        free_configuration(&c);
    }
    bnsl_potential_destroy(p);
}

static void starts_between_walls(void **state)
{
    (void)state;
    static const double phi[] = { 0.05, 0.5 };
    for (int32_t kind = BNSL_MD_WALL_SPHERE; kind <= BNSL_MD_WALL_SLAB; kind++)
        for (int k = 0; k < 2; k++) {
            double size;
            configuration c = confined(kind, 60, 120, phi[k], 9, &size);
            for (int64_t i = 0; i < c.n; i++) {
                double d_i = c.species[i] ? 0.55 : 1;
                assert_true(distance_from_middle(kind, c.xyz + 3 * i) <= size - 0.98 * d_i / 2 + 1e-12);
                for (int64_t j = 0; j < i; j++) {
                    double u[3], d_ij = 0.5 * (d_i + (c.species[j] ? 0.55 : 1));
                    for (int d = 0; d < 3; d++)
                        u[d] = c.xyz[3 * j + d] - c.xyz[3 * i + d];
                    assert_ok(bnsl_box_minimum_image(&c.box, 1, u));
                    assert_true(sqrt(u[0] * u[0] + u[1] * u[1] + u[2] * u[2]) >= 0.98 * d_ij - 1e-12);
                }
            }
            free_configuration(&c);
        }
    bnsl_box box, tilted;
    double xyz[6] = { 0 }, diameter[2] = { 1, 1 };
    const double kept[6] = { 0 };
    assert_ok(bnsl_box_init(&box, 5, 5, 5, 0, 0, 0));
    assert_ok(bnsl_box_init(&tilted, 5, 5, 5, 0, 0.1, 0));
    assert_status(bnsl_md_random_start_confined(NULL, 1, 2, 2, diameter, 0, 1, 1, xyz, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_random_start_confined(&box, 0, 2, 2, diameter, 0, 1, 1, xyz, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_random_start_confined(&box, 3, 2, 2, diameter, 0, 1, 1, xyz, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_random_start_confined(&box, 1, 2.6, 2, diameter, 0, 1, 1, xyz, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_random_start_confined(&box, 1, 0, 2, diameter, 0, 1, 1, xyz, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_random_start_confined(&box, 1, NAN, 2, diameter, 0, 1, 1, xyz, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_random_start_confined(&box, 1, 0.7, 2, diameter, 0, 1, 1, xyz, NULL), BNSL_EINVAL); /* too dense */
    assert_status(bnsl_md_random_start_confined(&tilted, 2, 2, 2, diameter, 0, 1, 1, xyz, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_random_start_confined(&box, 1, 2, 2, NULL, 0, 1, 1, xyz, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_random_start_confined(&box, 1, 2, 2, diameter, 0, 1, 1, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_random_start_confined(&box, 1, 2, 2, diameter, 3, 1, 1, xyz, NULL), BNSL_EINVAL);
    assert_memory_equal(xyz, kept, sizeof xyz);
}

static void bad_walls_are_named(void **state)
{
    (void)state;
    bnsl_potential *p = mie_mixture(50, 25, 0.55), *far = mie_mixture(50, 6, 0.55);
    double xyz[6] = { 0, 0, 0, 1.5, 0, 0 }, diameter[2] = { 1, 3 }, size;
    int32_t species[2] = { 0, 1 }, kind;
    configuration c = { .n = 2, .xyz = xyz, .species = species };
    assert_ok(bnsl_box_init(&c.box, 8, 8, 8, 0, 0, 0));
    bnsl_md *md = simulate(&c, p, BNSL_MD_LANGEVIN, 0.001, 1);
    const double bad[] = { 0, -1, NAN, INFINITY };
    for (int k = 0; k < 4; k++) {
        assert_status(bnsl_md_set_wall(md, BNSL_MD_WALL_SPHERE, bad[k], 1), BNSL_EINVAL);
        assert_status(bnsl_md_set_wall(md, BNSL_MD_WALL_SPHERE, 2, bad[k]), BNSL_EINVAL);
    }
    assert_status(bnsl_md_set_wall(NULL, BNSL_MD_WALL_SPHERE, 2, 1), BNSL_EINVAL);
    assert_status(bnsl_md_set_wall(md, 3, 2, 1), BNSL_EINVAL);
    assert_status(bnsl_md_set_wall(md, -1, 2, 1), BNSL_EINVAL);
    assert_status(bnsl_md_set_wall(md, BNSL_MD_WALL_SPHERE, 3.21, 1), BNSL_EINVAL); /* 8 - 1.6 = 2 * 3.2 */
    assert_status(bnsl_md_wall(NULL, &kind, &size), BNSL_EINVAL);
    assert_ok(bnsl_md_wall(md, &kind, NULL));
    assert_int_equal(kind, BNSL_MD_WALL_NONE);
    assert_ok(bnsl_md_set_wall(md, BNSL_MD_WALL_SPHERE, 3.19, 1));
    /* what would reach across the box is refused as long as the wall stands */
    assert_status(bnsl_md_set_potential(md, far), BNSL_EINVAL);
    assert_status(bnsl_md_set_diameters(md, diameter), BNSL_EINVAL);
    assert_ok(bnsl_md_diameters(md, diameter));
    assert_true(diameter[0] == 1 && diameter[1] == 0.55);
    const int64_t step[1] = { 0 };
    const double thin[1] = { 1e-4 };
    assert_status(bnsl_md_set_packing_schedule(md, 1, step, thin), BNSL_EINVAL);
    assert_ok(bnsl_md_wall(md, &kind, &size));
    assert_true(kind == BNSL_MD_WALL_SPHERE && size == 3.19);
    assert_ok(bnsl_md_set_packing_schedule(md, 1, step, (double[]){ 0.01 }));
    assert_status(bnsl_md_set_wall(md, BNSL_MD_WALL_SLAB, 2, 1), BNSL_EINVAL);
    assert_ok(bnsl_md_set_packing_schedule(md, 0, NULL, NULL));
    assert_ok(bnsl_md_set_wall(md, BNSL_MD_WALL_SLAB, 2, 1));
    assert_ok(bnsl_md_run(md, 10, NULL));
    assert_ok(bnsl_md_set_wall(md, BNSL_MD_WALL_NONE, 0, 0));
    assert_ok(bnsl_md_set_potential(md, far));
    bnsl_md_thermo t;
    assert_ok(bnsl_md_thermo_now(md, &t));
    assert_true(t.wall_energy == 0 && t.wall_pressure == 0);
    assert_close(t.volume, 512, 1e-14, 0);
    bnsl_md_destroy(md);
    assert_ok(bnsl_box_init(&c.box, 8, 8, 8, 0.2, 0.1, 0));
    md = simulate(&c, p, BNSL_MD_NVE, 0.001, 1);
    assert_status(bnsl_md_set_wall(md, BNSL_MD_WALL_SLAB, 1, 1), BNSL_EINVAL);
    assert_ok(bnsl_md_set_wall(md, BNSL_MD_WALL_SPHERE, 2, 1));
    bnsl_md_destroy(md);
    md = simulate(&c, p, BNSL_MD_NPT, 0.001, 1);
    assert_status(bnsl_md_set_wall(md, BNSL_MD_WALL_SPHERE, 1, 1), BNSL_EINVAL);
    bnsl_md_destroy(md);
    bnsl_potential_destroy(p);
    bnsl_potential_destroy(far);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(energy_and_force_are_those_of_wca),
        cmocka_unit_test(force_is_the_derivative_of_the_energy),
        cmocka_unit_test(energy_is_conserved_between_walls),
        cmocka_unit_test(a_particle_past_the_wall_comes_back_and_is_counted),
        cmocka_unit_test(shrinking_walls_lose_nobody),
        cmocka_unit_test(the_same_bits_for_any_threads_and_after_a_restart),
        cmocka_unit_test(an_ideal_gas_has_its_pressure),
        cmocka_unit_test(starts_between_walls),
        cmocka_unit_test(bad_walls_are_named),
    };
    return cmocka_run_group_tests_name("md, walls", tests, NULL, NULL);
}
