/* SPDX-License-Identifier: GPL-3.0-or-later */
/* md: NVT and NPT against their equations of motion solved otherwise, conserved quantities, schedules, thermodynamics, minimiser. */
#include "configurations.h"

static bnsl_md_options options(int32_t integrator, double dt, double kT)
{
    bnsl_md_options o;
    assert_ok(bnsl_md_options_init(&o, sizeof o));
    o.integrator = integrator;
    o.dt = dt;
    o.kT = kT;
    o.seed = 77;
    return o;
}

static bnsl_md *simulate(const configuration *c, const bnsl_potential *p, const bnsl_md_options *o)
{
    bnsl_md *md;
    assert_ok(bnsl_md_create(&md, &c->box, c->n, c->xyz, c->species, p, o));
    return md;
}

/* Lennard-Jones, cut smoothly at 2.5: energy and force continuous, so that errors are those of the integrator. */
static bnsl_potential *smooth_lj(void)
{
    bnsl_potential *p;
    bnsl_potential_options o;
    const double diameter = 1;
    assert_ok(bnsl_potential_options_init(&o, sizeof o));
    o.n = 12;
    o.m = 6;
    o.r_cut = 2.5;
    o.shift = BNSL_SHIFT_SMOOTH;
    assert_ok(bnsl_potential_create(&p, 1, &diameter, &o));
    return p;
}

static bnsl_potential *no_potential(void)
{
    bnsl_potential *p;
    bnsl_potential_options o;
    const double diameter[2] = { 1, 0.5 };
    assert_ok(bnsl_potential_options_init(&o, sizeof o));
    o.form = BNSL_FORM_NONE;
    assert_ok(bnsl_potential_create(&p, 2, diameter, &o));
    return p;
}

/* Random points in a skewed box, L and S in turn. */
static configuration gas(int64_t n, double edge, uint64_t seed)
{
    configuration c = { .n = n, .xyz = malloc((size_t)n * 24), .species = malloc((size_t)n * 4) };
    assert_true(c.xyz && c.species);
    assert_ok(bnsl_box_init(&c.box, edge, 0.9 * edge, 1.1 * edge, 0.2, -0.1, 0.15));
    for (int64_t k = 0; k < 3 * n; k++)
        c.xyz[k] = edge * (test_uniform(&seed) - 0.5);
    for (int64_t i = 0; i < n; i++)
        c.species[i] = (int32_t)(i % 2);
    assert_ok(bnsl_box_wrap(&c.box, n, c.xyz, NULL));
    return c;
}

/* ---- the equations of motion -------------------------------------------------------------------------- */

/*
 * Free particles: the sums M = sum v v, the box h, its rate g and the chains obey a closed set of ordinary differential equations
 * (mtk.c), solved here by the classical Runge-Kutta method with small steps.
 */
enum { XX, YY, ZZ, XY, XZ, YZ, CHAIN = 3, N_Y = 3 * 6 + 2 * CHAIN };

typedef struct free_system {
    int32_t barostat; /* -1: NVT */
    double freedom, kT, pressure, tau_t, tau_p;
} free_system;

static void upper(const double a[6], double m[3][3])
{
    const double all[3][3] = { { a[XX], a[XY], a[XZ] }, { 0, a[YY], a[YZ] }, { 0, 0, a[ZZ] } };
    memcpy(m, all, sizeof all);
}

static void chain_rates(const double *xi, double drive, double freedom, double kT, double tau, double *out)
{
    double q_before = freedom * kT * tau * tau, q = kT * tau * tau;
    for (int k = 0; k < CHAIN; k++) {
        double force = k == 0 ? drive - freedom * kT : (k == 1 ? q_before : q) * xi[k - 1] * xi[k - 1] - kT;
        out[k] = force / (k == 0 ? q_before : q) - (k + 1 < CHAIN ? xi[k] * xi[k + 1] : 0);
    }
}

/* y: h, g, M, xi, xi' */
static void rates(const free_system *s, const double *y, double *out)
{
    static const int row[6] = { 0, 1, 2, 0, 0, 1 }, column[6] = { 0, 1, 2, 1, 2, 2 };
    const double *h = y, *g = y + 6, *m = y + 12, *xi = y + 18, *box_xi = xi + CHAIN;
    double trace_g = g[XX] + g[YY] + g[ZZ], trace_m = m[XX] + m[YY] + m[ZZ], volume = h[XX] * h[YY] * h[ZZ];
    double mass = (s->freedom + 3) * s->kT * s->tau_p * s->tau_p / 3, twice_box = 0;
    double hh[3][3], gg[3][3], mm[3][3] = { { m[XX], m[XY], m[XZ] }, { m[XY], m[YY], m[YZ] }, { m[XZ], m[YZ], m[ZZ] } };
    upper(h, hh);
    upper(g, gg);
    for (int k = 0; k < 6; k++)
        twice_box += mass * g[k] * g[k];
    for (int k = 0; k < 6; k++) {
        int a = row[k], b = column[k];
        double gh = 0, gm = 0;
        for (int j = 0; j < 3; j++) {
            gh += gg[a][j] * hh[j][b];
            gm += gg[a][j] * mm[j][b] + mm[a][j] * gg[b][j];
        }
        out[k] = gh;
        out[12 + k] = -gm - 2 * (trace_g / s->freedom + xi[0]) * m[k];
        out[6 + k] = (m[k] + (k <= ZZ ? trace_m / s->freedom - s->pressure * volume : 0)) / mass;
    }
    if (s->barostat == BNSL_MD_TRICLINIC) {
        out[6 + XX] += 2 * s->kT / mass;
        out[6 + ZZ] -= 2 * s->kT / mass;
    } else {
        out[6 + XY] = out[6 + XZ] = out[6 + YZ] = 0;
    }
    if (s->barostat == BNSL_MD_ISOTROPIC)
        out[6 + XX] = out[6 + YY] = out[6 + ZZ] = (out[6 + XX] + out[6 + YY] + out[6 + ZZ]) / 3;
    for (int k = 0; k < 6; k++)
        out[6 + k] = s->barostat < 0 ? 0 : out[6 + k] - box_xi[0] * g[k];
    chain_rates(xi, trace_m, s->freedom, s->kT, s->tau_t, out + 18);
    double box_freedom = s->barostat == BNSL_MD_ISOTROPIC ? 1 : s->barostat == BNSL_MD_ORTHORHOMBIC ? 3 : 6;
    chain_rates(box_xi, twice_box, box_freedom, s->kT, s->tau_p, out + 18 + CHAIN);
}

static void runge_kutta(const free_system *s, double *y, double time, int n_steps)
{
    double h = time / n_steps, k[4][N_Y], z[N_Y];
    static const double part[4] = { 0, 0.5, 0.5, 1 }, weight[4] = { 1 / 6.0, 1 / 3.0, 1 / 3.0, 1 / 6.0 };
    for (int step = 0; step < n_steps; step++) {
        for (int stage = 0; stage < 4; stage++) {
            for (int j = 0; j < N_Y; j++)
                z[j] = y[j] + (stage ? part[stage] * h * k[stage - 1][j] : 0);
            rates(s, z, k[stage]);
        }
        for (int j = 0; j < N_Y; j++)
            for (int stage = 0; stage < 4; stage++)
                y[j] += h * weight[stage] * k[stage][j];
    }
}

static void read_box(const bnsl_md *md, double h[6])
{
    bnsl_box b;
    assert_ok(bnsl_md_box(md, &b));
    const double now[6] = { b.lx, b.ly, b.lz, b.xy * b.ly, b.xz * b.lz, b.yz * b.lz };
    memcpy(h, now, sizeof now);
}

static void free_particles_follow_the_equations(void **state)
{
    (void)state;
    configuration c = gas(200, 6, 8);
    bnsl_potential *p = no_potential();
    for (int32_t barostat = -1; barostat <= BNSL_MD_TRICLINIC; barostat++) {
        free_system s = { barostat, 3.0 * 199, 0.8, 1.1, 0.4, 0.7 };
        double error[2];
        for (int half = 0; half < 2; half++) {
            bnsl_md_options o = options(barostat < 0 ? BNSL_MD_NVT : BNSL_MD_NPT, half ? 0.002 : 0.004, s.kT);
            o.thermostat_time = s.tau_t;
            o.barostat_time = s.tau_p;
            o.pressure = s.pressure;
            o.barostat = barostat < 0 ? 0 : barostat;
            bnsl_md *md = simulate(&c, p, &o);
            bnsl_md_thermo t;
            assert_ok(bnsl_md_thermalize(md, 1.5, 1));
            assert_ok(bnsl_md_thermo_now(md, &t));
            double y[N_Y] = { 0 }, h[6];
            read_box(md, y);
            for (int k = 0; k < 6; k++)
                y[12 + k] = t.pressure_tensor[k] * t.volume;
            runge_kutta(&s, y, 2.0, 4000);
            assert_ok(bnsl_md_run(md, half ? 1000 : 500, NULL));
            assert_ok(bnsl_md_thermo_now(md, &t));
            read_box(md, h);
            error[half] = 0;
            for (int k = 0; k < 6; k++) {
                error[half] = fmax(error[half], fabs(h[k] / y[k] - 1));
                error[half] = fmax(error[half], fabs(t.pressure_tensor[k] * t.volume - y[12 + k]) / y[12]);
            }
            bnsl_md_destroy(md);
        }
        /* the splitting's error, which falls as dt^2; a thermostat alone is factorised to dt^4 */
        assert_true(error[0] < 2e-3);
        assert_close(error[0] / error[1], barostat < 0 ? 16 : 4, 0.1, 0);
    }
    free_configuration(&c);
    bnsl_potential_destroy(p);
}

/* Largest |conserved(t) - conserved(0)| over a short time. */
static double conserved_error(const configuration *c, const bnsl_potential *p, const bnsl_md_options *o)
{
    bnsl_md *md = simulate(c, p, o);
    bnsl_md_thermo t;
    double first, largest = 0;
    assert_ok(bnsl_md_thermalize(md, 1, 1));
    assert_ok(bnsl_md_thermo_now(md, &t));
    first = t.conserved;
    for (int k = 0; k < 20; k++) {
        assert_ok(bnsl_md_run(md, (int64_t)(0.02 / o->dt + 0.5), NULL));
        assert_ok(bnsl_md_thermo_now(md, &t));
        largest = fmax(largest, fabs(t.conserved - first));
    }
    bnsl_md_destroy(md);
    return largest;
}

static void conserved_error_falls_as_the_square_of_the_time_step(void **state)
{
    (void)state;
    configuration c = crystal("fcc", BNSL_CELL_CONVENTIONAL, 3, 3, 3, 0.55, 0.55, 0.03, 4);
    bnsl_potential *p = smooth_lj();
    for (int kind = 0; kind < 6; kind++) {
        double error[2];
        for (int half = 0; half < 2; half++) {
            bnsl_md_options o = options(kind < 1 ? BNSL_MD_NVE : kind < 3 ? BNSL_MD_NVT : BNSL_MD_NPT, half ? 0.001 : 0.002, 1);
            o.chain_length = kind == 1 ? 1 : 0;
            o.barostat = kind < 3 ? 0 : kind - 3;
            o.thermostat_time = 0.3;
            o.barostat_time = 0.5;
            o.pressure = 8;
            error[half] = conserved_error(&c, p, &o);
        }
        assert_true(error[1] > 1e-9 && error[1] < 1e-4 * (double)c.n);
        assert_close(error[0] / error[1], 4, 0.1, 0);
    }
    free_configuration(&c);
    bnsl_potential_destroy(p);
}

static void langevin_heat_balances_the_energy(void **state)
{
    (void)state;
    configuration c = crystal("fcc", BNSL_CELL_CONVENTIONAL, 3, 3, 3, 0.55, 0.55, 0.03, 4);
    bnsl_potential *p = smooth_lj();
    bnsl_md_options o = options(BNSL_MD_LANGEVIN, 0.001, 2);
    o.friction = 5;
    bnsl_md *md = simulate(&c, p, &o);
    bnsl_md_thermo first, t;
    assert_ok(bnsl_md_thermalize(md, 0.1, 1));
    assert_ok(bnsl_md_thermo_now(md, &first));
    assert_close(first.conserved, first.potential_energy + first.kinetic_energy, 1e-14, 0);
    assert_ok(bnsl_md_run(md, 1000, NULL));
    assert_ok(bnsl_md_thermo_now(md, &t));
    double gained = t.potential_energy + t.kinetic_energy - first.potential_energy - first.kinetic_energy;
    assert_true(gained > 2 * (double)c.n);
    assert_close(t.conserved, first.conserved, 0, 1e-3 * gained); /* O(dt^2) of the splitting */
    bnsl_md_destroy(md);
    free_configuration(&c);
    bnsl_potential_destroy(p);
}

static void total_momentum_is_removed_and_stays_zero(void **state)
{
    (void)state;
    configuration c = fluid(30, 60, 0.4, 0.55, 5);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    double *v = malloc((size_t)c.n * 24);
    assert_non_null(v);
    for (int32_t integrator = BNSL_MD_NVT; integrator <= BNSL_MD_NPT; integrator++)
        for (int mixed = 0; mixed < 2; mixed++) {
            bnsl_md_options o = options(integrator, 0.001, 1);
            o.pressure = 5;
            o.precision = mixed ? BNSL_MD_MIXED : BNSL_MD_DOUBLE;
            bnsl_md *md = simulate(&c, p, &o);
            assert_ok(bnsl_md_thermalize(md, 1, 0));
            assert_ok(bnsl_md_velocities(md, v));
            for (int64_t i = 0; i < c.n; i++)
                v[3 * i + 1] += 3;
            assert_ok(bnsl_md_set_velocities(md, v));
            for (int part = 0; part < 3; part++) {
                assert_ok(bnsl_md_run(md, part == 0 ? 1 : 150, NULL));
                assert_ok(bnsl_md_velocities(md, v));
                for (int d = 0; d < 3; d++) {
                    double sum = 0;
                    for (int64_t i = 0; i < c.n; i++)
                        sum += v[3 * i + d];
                    assert_close(sum, 0, 0, mixed ? 1e-6 * (double)c.n : 1e-10); /* the share of K that is let pass: 1e-12 */
                }
            }
            bnsl_md_destroy(md);
        }
    free(v);
    free_configuration(&c);
    bnsl_potential_destroy(p);
}

/* ---- reproducibility ---------------------------------------------------------------------------------- */

/* Bytes of the state after 300 steps in parts of part steps. */
static void final_state(const configuration *c, const bnsl_potential *p, const bnsl_md_options *o, int part, bool thermo, double *out)
{
    bnsl_md *md = simulate(c, p, o);
    const int64_t step[2] = { 50, 250 };
    if (o->integrator != BNSL_MD_NPT)
        assert_ok(bnsl_md_set_packing_schedule(md, 2, step, (double[]){ 0.40, 0.42 }));
    else
        assert_ok(bnsl_md_set_pressure_schedule(md, 2, step, (double[]){ 4, 9 }));
    if (o->integrator != BNSL_MD_NVE)
        assert_ok(bnsl_md_set_kT_schedule(md, 2, step, (double[]){ 1, 0.6 }));
    assert_ok(bnsl_md_thermalize(md, 1, 1));
    for (int done = 0; done < 300; done += part) {
        bnsl_md_thermo t;
        assert_ok(bnsl_md_run(md, part, NULL));
        if (thermo)
            assert_ok(bnsl_md_thermo_now(md, &t));
    }
    assert_ok(bnsl_md_positions(md, out, NULL));
    assert_ok(bnsl_md_velocities(md, out + 3 * c->n));
    read_box(md, out + 6 * c->n);
    bnsl_md_statistics s;
    assert_ok(bnsl_md_statistics_now(md, &s));
    assert_true(s.n_steps == 300 && s.step == 300 && s.n_list_builds > 2);
    bnsl_md_destroy(md);
}

static void same_bits_however_it_is_run(void **state)
{
    (void)state;
    configuration c = fluid(100, 200, 0.40, 0.55, 13);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    size_t bytes = (size_t)(6 * c.n + 6) * sizeof(double);
    double *want = malloc(bytes), *got = malloc(bytes);
    assert_true(want && got);
    for (int kind = 0; kind < 8; kind++) {
        bnsl_md_options o = options(kind < 4 ? kind / 2 : kind < 6 ? BNSL_MD_NVT : BNSL_MD_NPT, 0.002, 1);
        o.precision = kind < 6 && kind % 2 ? BNSL_MD_MIXED : BNSL_MD_DOUBLE;
        o.barostat = kind == 7 ? BNSL_MD_TRICLINIC : BNSL_MD_ISOTROPIC;
        o.instruction_set = BNSL_ISA_BASELINE;
        final_state(&c, p, &o, 300, false, want);
        for (int run = 0; run < 4; run++) {
            o.instruction_set = run;
            o.num_threads = run;
            final_state(&c, p, &o, run == 1 ? 1 : 60, run > 1, got); /* reading energies changes nothing */
            assert_memory_equal(got, want, bytes);
        }
    }
    free(want);
    free(got);
    free_configuration(&c);
    bnsl_potential_destroy(p);
}

/* ---- schedules and thermodynamics --------------------------------------------------------------------- */

static void temperature_and_pressure_follow_their_schedules(void **state)
{
    (void)state;
    configuration c = fluid(20, 40, 0.3, 0.55, 6);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    bnsl_md_options o = options(BNSL_MD_LANGEVIN, 0.001, 1);
    bnsl_md *md = simulate(&c, p, &o);
    bnsl_md_thermo t;
    const int64_t step[3] = { 10, 30, 40 };
    const double kT[3] = { 1, 2, 0.5 }, want[6] = { 1, 1, 1.5, 2, 0.5, 0.5 };
    double phi_large = (double)20 / (20 + 40 * pow(0.55, 3));
    assert_ok(bnsl_md_set_kT_schedule(md, 3, step, kT));
    for (int k = 0; k < 6; k++) { /* Barker-Henderson diameters tell the bath's temperature */
        double d[2];
        assert_ok(bnsl_potential_barker_henderson(p, 0, 0, want[k], BNSL_BH_WCA, &d[0]));
        assert_ok(bnsl_potential_barker_henderson(p, 1, 1, want[k], BNSL_BH_WCA, &d[1]));
        assert_ok(bnsl_md_thermo_now(md, &t));
        assert_close(t.packing_fraction_effective / t.packing_fraction,
                     phi_large * pow(d[0], 3) + (1 - phi_large) * pow(d[1] / 0.55, 3), 1e-10, 0);
        assert_ok(bnsl_md_run(md, 10, NULL));
    }
    assert_ok(bnsl_md_set_kT_schedule(md, 1, step, kT));
    assert_ok(bnsl_md_set_kT_schedule(md, 0, NULL, NULL)); /* the last value stays */
    assert_ok(bnsl_md_run(md, 1, NULL));
    bnsl_md_destroy(md);
    /* the conserved quantity of NPT holds P V: it jumps by V dP when the pressure is set */
    o.integrator = BNSL_MD_NPT;
    md = simulate(&c, p, &o);
    assert_ok(bnsl_md_thermo_now(md, &t));
    double before = t.conserved;
    assert_ok(bnsl_md_set_pressure_schedule(md, 1, step, (double[]){ -2.5 }));
    assert_ok(bnsl_md_thermo_now(md, &t));
    assert_close(t.conserved - before, -2.5 * t.volume, 1e-12, 0);
    bnsl_md_destroy(md);
    free_configuration(&c);
    bnsl_potential_destroy(p);
}

static void packing_schedule_moves_the_walls(void **state)
{
    (void)state;
    configuration c = fluid(20, 40, 0.3, 0.55, 6);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    bnsl_box box = c.box;
    assert_ok(bnsl_box_init(&c.box, 16, 16, 16, 0, 0, 0));
    for (int32_t kind = BNSL_MD_WALL_SPHERE; kind <= BNSL_MD_WALL_SLAB; kind++)
        for (int32_t integrator = BNSL_MD_NVE; integrator <= BNSL_MD_NVT; integrator++) {
            bnsl_md_options o = options(integrator, 0.001, 1);
            bnsl_md *md = simulate(&c, p, &o);
            bnsl_md_thermo t;
            double size, last = 0, start = kind == BNSL_MD_WALL_SPHERE ? box.lx : 0.7 * box.lx;
            assert_ok(bnsl_md_set_wall(md, kind, start, 1));
            assert_ok(bnsl_md_thermalize(md, 1, 1));
            assert_ok(bnsl_md_thermo_now(md, &t));
            double volume = kind == BNSL_MD_WALL_SPHERE ? 4.18879020478639098462 * pow(start, 3) : 16 * 16 * 2 * start;
            assert_close(t.volume, volume, 1e-14, 0);
            assert_ok(bnsl_md_set_packing_schedule(md, 2, (int64_t[]){ 0, 200 }, (double[]){ t.packing_fraction, 1.2 * t.packing_fraction }));
            double phi = t.packing_fraction;
            for (int k = 0; k <= 4; k++) {
                assert_ok(bnsl_md_wall(md, NULL, &size));
                assert_ok(bnsl_md_thermo_now(md, &t));
                assert_close(t.packing_fraction, phi * (1 + 0.05 * k), 1e-13, 0);
                assert_close(size, start * pow(1 + 0.05 * k, kind == BNSL_MD_WALL_SPHERE ? -1.0 / 3 : -1), 1e-13, 0);
                assert_close(t.kT, 2 * t.kinetic_energy / (3.0 * (double)c.n), 1e-14, 0);
                assert_true(k == 0 || size < last);
                last = size;
                assert_ok(bnsl_md_run(md, 50, NULL));
            }
            bnsl_box now;
            assert_ok(bnsl_md_box(md, &now));
            assert_memory_equal(&now, &c.box, sizeof now);
            /* walls that would come too near to the faces */
            assert_status(bnsl_md_set_packing_schedule(md, 1, (int64_t[]){ 1000 }, (double[]){ 0.001 }), BNSL_EINVAL);
            assert_ok(bnsl_md_thermo_now(md, &t));
            assert_close(t.packing_fraction, 1.2 * phi, 1e-13, 0);
            bnsl_md_destroy(md);
        }
    free_configuration(&c);
    bnsl_potential_destroy(p);
}

static void packing_with_diameters_of_the_particles(void **state)
{
    (void)state;
    configuration c = fluid(20, 40, 0.3, 0.55, 6);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    bnsl_md_options o = options(BNSL_MD_NVT, 0.001, 0.4);
    bnsl_md *md = simulate(&c, p, &o);
    bnsl_md_thermo t;
    double diameter[60], d[2], plain = 0, effective = 0;
    uint64_t seed = 3;
    assert_ok(bnsl_potential_barker_henderson(p, 0, 0, 0.4, BNSL_BH_WCA, &d[0]));
    assert_ok(bnsl_potential_barker_henderson(p, 1, 1, 0.4, BNSL_BH_WCA, &d[1]));
    for (int i = 0; i < 60; i++) {
        double size = c.species[i] ? 0.55 : 1;
        diameter[i] = size * (1 + 0.1 * (test_uniform(&seed) - 0.5));
        plain += 3.14159265358979323846 / 6 * pow(diameter[i], 3);
        effective += 3.14159265358979323846 / 6 * pow(diameter[i] * d[c.species[i]] / size, 3);
    }
    assert_ok(bnsl_md_set_diameters(md, diameter));
    assert_ok(bnsl_md_thermo_now(md, &t));
    assert_close(t.packing_fraction, plain / t.volume, 1e-13, 0);
    assert_close(t.packing_fraction_effective, effective / t.volume, 1e-12, 0);
    bnsl_md_destroy(md);
    bnsl_potential_destroy(p);
    p = no_potential(); /* has no such diameter */
    md = simulate(&c, p, &o);
    assert_ok(bnsl_md_thermo_now(md, &t));
    assert_true(isnan(t.packing_fraction_effective));
    bnsl_md_destroy(md);
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

static void degrees_of_freedom_are_counted(void **state)
{
    (void)state;
    configuration c = fluid(10, 20, 0.3, 0.55, 6);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    int32_t frozen[30] = { 1, 0, 1 };
    for (int32_t integrator = BNSL_MD_NVE; integrator <= BNSL_MD_NPT; integrator++) {
        bnsl_md_options o = options(integrator, 0.001, 1);
        bnsl_md *md = simulate(&c, p, &o);
        bnsl_md_thermo t;
        assert_ok(bnsl_md_thermalize(md, 1, 1));
        assert_ok(bnsl_md_thermo_now(md, &t));
        assert_close(t.kT, 2 * t.kinetic_energy / (integrator == BNSL_MD_LANGEVIN ? 90 : 87), 1e-14, 0);
        if (integrator != BNSL_MD_NPT) {
            assert_ok(bnsl_md_set_frozen(md, frozen));
            assert_ok(bnsl_md_thermo_now(md, &t));
            assert_close(t.kT, 2 * t.kinetic_energy / 84, 1e-14, 0);
            assert_ok(bnsl_md_run(md, 20, NULL));
        }
        bnsl_md_destroy(md);
    }
    free_configuration(&c);
    bnsl_potential_destroy(p);
}

/* ---- minimiser ---------------------------------------------------------------------------------------- */

static bnsl_md_minimize_options minimize_options(void)
{
    bnsl_md_minimize_options o;
    assert_ok(bnsl_md_minimize_options_init(&o, sizeof o));
    return o;
}

static double largest_force(bnsl_md *md)
{
    int64_t n = bnsl_md_n(md);
    double *f = malloc((size_t)n * 24), largest = 0;
    assert_non_null(f);
    assert_ok(bnsl_md_forces(md, f));
    for (int64_t k = 0; k < 3 * n; k++)
        largest = fmax(largest, fabs(f[k]));
    free(f);
    return largest;
}

static void a_dimer_ends_at_the_minimum(void **state)
{
    (void)state;
    configuration c = { .n = 2, .xyz = (double[]){ 0, 0, 0, 0.02, 0.01, -0.03 }, .species = (int32_t[]){ 0, 1 } };
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    double r_min, u_min, r[6], cut = 0.775 * 1.6, u_cut;
    assert_ok(bnsl_box_init(&c.box, 8, 8, 8, 0, 0, 0));
    assert_ok(bnsl_potential_minimum(p, 0, 1, &r_min, &u_min));
    double just_inside = cut * (1 - 1e-15);
    assert_ok(bnsl_potential_evaluate(p, 0, 1, 1, &just_inside, &u_cut, NULL));
    assert_close(u_cut, 0, 0, 1e-12);
    for (int mixed = 0; mixed < 2; mixed++) {
        bnsl_md_options o = options(BNSL_MD_LANGEVIN, 0.001, 1);
        o.precision = mixed ? BNSL_MD_MIXED : BNSL_MD_DOUBLE;
        bnsl_md *md = simulate(&c, p, &o);
        bnsl_md_thermo t;
        int64_t n_steps = 0;
        assert_ok(bnsl_md_minimize(md, NULL, NULL, &n_steps));
        assert_true(n_steps > 5 && n_steps < 5000);
        assert_ok(bnsl_md_positions(md, r, NULL));
        double distance = sqrt(pow(r[3] - r[0], 2) + pow(r[4] - r[1], 2) + pow(r[5] - r[2], 2));
        assert_close(distance, r_min, 1e-9, 0); /* tolerance 1e-8 over the curvature of some 2000 */
        assert_ok(bnsl_md_thermo_now(md, &t));
        double u_at;
        assert_ok(bnsl_potential_evaluate(p, 0, 1, 1, &r_min, &u_at, NULL));
        assert_close(t.potential_energy, u_at, 1e-12, 0);
        assert_true(t.kinetic_energy == 0 && t.step == 0);
        bnsl_md_destroy(md);
    }
    bnsl_potential_destroy(p);
}

static void a_shaken_crystal_goes_back_to_its_lattice(void **state)
{
    (void)state;
    configuration perfect = crystal("fcc", BNSL_CELL_CONVENTIONAL, 3, 3, 3, 0.70, 0.55, 0, 2);
    configuration c = crystal("fcc", BNSL_CELL_CONVENTIONAL, 3, 3, 3, 0.70, 0.55, 0.03, 2);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    bnsl_md_options o = options(BNSL_MD_NVT, 0.001, 1);
    o.num_threads = 2;
    bnsl_md *md = simulate(&c, p, &o), *ideal = simulate(&perfect, p, &o);
    bnsl_md_thermo t, want;
    assert_ok(bnsl_md_minimize(ideal, NULL, NULL, NULL));
    assert_ok(bnsl_md_thermo_now(ideal, &want));
    assert_ok(bnsl_md_thermalize(md, 1, 1));
    assert_ok(bnsl_md_minimize(md, NULL, NULL, NULL));
    assert_ok(bnsl_md_thermo_now(md, &t));
    assert_close(t.potential_energy, want.potential_energy, 1e-10, 0);
    assert_true(t.kinetic_energy == 0 && t.volume == want.volume);
    assert_true(largest_force(md) <= 1e-8);
    assert_ok(bnsl_md_thermalize(md, 0.5, 1)); /* and it can be run */
    assert_ok(bnsl_md_run(md, 20, NULL));
    bnsl_md_destroy(md);
    bnsl_md_destroy(ideal);
    free_configuration(&c);
    free_configuration(&perfect);
    bnsl_potential_destroy(p);
}

static void overlaps_are_resolved_beside_walls_and_frozen_particles(void **state)
{
    (void)state;
    enum { N = 60 };
    configuration c = { .n = N, .xyz = calloc(3 * N, 8), .species = calloc(N, 4) };
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    int32_t frozen[N] = { 0 };
    uint64_t seed = 12;
    assert_true(c.xyz && c.species);
    assert_ok(bnsl_box_init(&c.box, 12, 12, 12, 0, 0, 0));
    for (int k = 0; k < 3 * N; k++) /* N spheres in a cube of edge 1.5 */
        c.xyz[k] = 1.5 * (test_uniform(&seed) - 0.5);
    for (int i = 0; i < N; i++)
        c.species[i] = i % 3 != 0;
    frozen[5] = frozen[17] = 1;
    bnsl_md_options o = options(BNSL_MD_LANGEVIN, 0.001, 1);
    bnsl_md *md = simulate(&c, p, &o);
    bnsl_md_minimize_options mo = minimize_options();
    mo.force_tolerance = 1e-6;
    assert_ok(bnsl_md_set_frozen(md, frozen));
    assert_ok(bnsl_md_set_wall(md, BNSL_MD_WALL_SPHERE, 2.3, 1));
    bnsl_status status = bnsl_md_minimize(md, &mo, NULL, NULL);
    assert_true(status == BNSL_OK || status == BNSL_ENOCONV);
    double r[3 * N];
    bnsl_md_thermo t;
    assert_ok(bnsl_md_positions(md, r, NULL));
    assert_ok(bnsl_md_thermo_now(md, &t));
    assert_true(t.potential_energy < 0 && t.wall_energy < N);
    for (int i = 0; i < N; i++) {
        assert_true(r[3 * i] * r[3 * i] + r[3 * i + 1] * r[3 * i + 1] + r[3 * i + 2] * r[3 * i + 2] < 2.3 * 2.3);
        if (frozen[i])
            assert_memory_equal(r + 3 * i, c.xyz + 3 * i, 24);
    }
    bnsl_md_destroy(md);
    free_configuration(&c);
    bnsl_potential_destroy(p);
}

static void a_minimisation_that_stops_says_why(void **state)
{
    (void)state;
    configuration c = crystal("fcc", BNSL_CELL_CONVENTIONAL, 3, 3, 3, 0.6, 0.55, 0.05, 2);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    bnsl_md_options o = options(BNSL_MD_NVE, 0.001, 1);
    bnsl_md *md = simulate(&c, p, &o);
    bnsl_md_minimize_options mo = minimize_options();
    bnsl_control *control;
    bnsl_md_thermo first, t;
    int64_t n_steps;
    assert_ok(bnsl_md_thermo_now(md, &first));
    mo.max_steps = 30;
    assert_status(bnsl_md_minimize(md, &mo, NULL, &n_steps), BNSL_ENOCONV);
    assert_int_equal(n_steps, 30);
    assert_ok(bnsl_md_thermo_now(md, &t));
    assert_true(t.potential_energy < first.potential_energy);
    assert_ok(bnsl_control_create(&control));
    bnsl_control_cancel(control);
    assert_status(bnsl_md_minimize(md, NULL, control, NULL), BNSL_ECANCELLED);
    bnsl_control_destroy(control);
    assert_status(bnsl_md_minimize(NULL, NULL, NULL, NULL), BNSL_EINVAL);
    const double bad[] = { 0, -1, NAN, INFINITY };
    for (int k = 0; k < 4; k++) {
        mo = minimize_options();
        mo.force_tolerance = bad[k];
        assert_status(bnsl_md_minimize(md, &mo, NULL, NULL), BNSL_EINVAL);
        mo = minimize_options();
        mo.dt_start = bad[k];
        assert_status(bnsl_md_minimize(md, &mo, NULL, NULL), BNSL_EINVAL);
        mo = minimize_options();
        mo.max_move = bad[k];
        assert_status(bnsl_md_minimize(md, &mo, NULL, NULL), BNSL_EINVAL);
    }
    mo = minimize_options();
    mo.max_steps = 0;
    assert_status(bnsl_md_minimize(md, &mo, NULL, NULL), BNSL_EINVAL);
    bnsl_md_destroy(md);
    memcpy(c.xyz + 3, c.xyz, 24); /* two at one place: no direction to part in */
    md = simulate(&c, p, &o);
    assert_status(bnsl_md_minimize(md, NULL, NULL, NULL), BNSL_ENUMERIC);
    bnsl_md_destroy(md);
    free_configuration(&c);
    bnsl_potential_destroy(p);
}

/* ---- faults ------------------------------------------------------------------------------------------- */

static void what_cannot_be_run_is_named(void **state)
{
    (void)state;
    configuration c = fluid(10, 20, 0.3, 0.55, 6), one = gas(1, 5, 2);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    int32_t frozen[30] = { 1 };
    const int64_t step[2] = { 5, 5 };
    const double good = 0.3;
    assert_ok(bnsl_box_init(&c.box, 9, 9, 9, 0, 0, 0));
    bnsl_md_options o = options(BNSL_MD_NPT, 0.001, 1);
    bnsl_md *md = simulate(&c, p, &o);
    bnsl_status status = bnsl_md_set_frozen(md, frozen);
    if (!status)
        status = bnsl_md_run(md, 1, NULL);
    assert_int_equal(status, BNSL_EINVAL);
    assert_status(bnsl_md_set_wall(md, BNSL_MD_WALL_SPHERE, 3, 1), BNSL_EINVAL);
    assert_status(bnsl_md_set_packing_schedule(md, 1, step, &good), BNSL_EINVAL);
    assert_status(bnsl_md_set_pressure_schedule(md, 2, step, (double[]){ 1, 1 }), BNSL_EINVAL);
    assert_status(bnsl_md_set_pressure_schedule(md, 1, step, (double[]){ NAN }), BNSL_EINVAL);
    assert_status(bnsl_md_set_pressure_schedule(md, 1, step, (double[]){ INFINITY }), BNSL_EINVAL);
    assert_status(bnsl_md_set_pressure_schedule(md, 1, NULL, &good), BNSL_EINVAL);
    assert_status(bnsl_md_set_pressure_schedule(md, 1, step, NULL), BNSL_EINVAL);
    assert_status(bnsl_md_set_pressure_schedule(md, -1, step, &good), BNSL_EINVAL);
    assert_status(bnsl_md_set_pressure_schedule(NULL, 1, step, &good), BNSL_EINVAL);
    const double bad[] = { 0, -1, NAN, INFINITY };
    for (int k = 0; k < 4; k++)
        assert_status(bnsl_md_set_kT_schedule(md, 1, step, &bad[k]), BNSL_EINVAL);
    assert_status(bnsl_md_set_kT_schedule(NULL, 1, step, &good), BNSL_EINVAL);
    bnsl_md_destroy(md);
    o.integrator = BNSL_MD_NVE;
    md = simulate(&c, p, &o);
    assert_status(bnsl_md_set_kT_schedule(md, 1, step, &good), BNSL_EINVAL);
    assert_status(bnsl_md_set_pressure_schedule(md, 1, step, &good), BNSL_EINVAL);
    bnsl_md_destroy(md);
    o.integrator = BNSL_MD_NVT; /* momentum is conserved: nothing is left to one particle */
    md = simulate(&one, p, &o);
    assert_status(bnsl_md_run(md, 1, NULL), BNSL_EINVAL);
    bnsl_md_destroy(md);
    free_configuration(&c);
    free_configuration(&one);
    bnsl_potential_destroy(p);
}

static void a_box_that_comes_apart_is_named(void **state)
{
    (void)state;
    configuration c = fluid(10, 20, 0.3, 0.55, 6);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    bnsl_md_options o = options(BNSL_MD_NPT, 0.01, 1);
    o.barostat_time = 0.001; /* far shorter than a step */
    o.pressure = -1e6;
    bnsl_md *md = simulate(&c, p, &o);
    assert_status(bnsl_md_run(md, 1000, NULL), BNSL_ENUMERIC);
    assert_status(bnsl_md_run(md, 1, NULL), BNSL_ENUMERIC);
    bnsl_md_destroy(md);
    free_configuration(&c);
    bnsl_potential_destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(free_particles_follow_the_equations),
        cmocka_unit_test(conserved_error_falls_as_the_square_of_the_time_step),
        cmocka_unit_test(langevin_heat_balances_the_energy),
        cmocka_unit_test(total_momentum_is_removed_and_stays_zero),
        cmocka_unit_test(same_bits_however_it_is_run),
        cmocka_unit_test(temperature_and_pressure_follow_their_schedules),
        cmocka_unit_test(packing_schedule_moves_the_walls),
        cmocka_unit_test(packing_with_diameters_of_the_particles),
        cmocka_unit_test(degrees_of_freedom_are_counted),
        cmocka_unit_test(a_dimer_ends_at_the_minimum),
        cmocka_unit_test(a_shaken_crystal_goes_back_to_its_lattice),
        cmocka_unit_test(overlaps_are_resolved_beside_walls_and_frozen_particles),
        cmocka_unit_test(a_minimisation_that_stops_says_why),
        cmocka_unit_test(what_cannot_be_run_is_named),
        cmocka_unit_test(a_box_that_comes_apart_is_named),
    };
    return cmocka_run_group_tests_name("md integrators", tests, NULL, NULL);
}
