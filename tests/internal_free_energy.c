/* SPDX-License-Identifier: GPL-3.0-or-later */
/* free_energy, inside: kernels against naive sums, the sampler's distribution where it is known, statistics, lost memory. */
#include "configurations.h"
#include "core_internal.h"
#include "free_energy/free_energy_internal.h"
#include "free_energy/solid_internal.h"

static bnsl__crystal *make_crystal(const configuration *c, const bnsl_potential *p, bool hard, int64_t fixed)
{
    bnsl__crystal *out;
    assert_ok(bnsl__crystal_create(&out, &c->box, c->n, c->xyz, c->species, p, 0.8, hard, 0, fixed, "test"));
    return out;
}

/* All forms: the usual exponents, chains, WCA, tables, smooth cut-offs, other exponents. */
static bnsl_potential *form(int k)
{
    static const double n[8] = { 50, 50, 12, 50, 36.5, 12, 50, 40.3 }, m[8] = { 25, 6, 6, 0, 11, 6, 25, 20.1 };
    const double diameter[2] = { 1, 0.55 };
    bnsl_potential_options o;
    bnsl_potential *p;
    assert_ok(bnsl_potential_options_init(&o, sizeof o));
    o.n = n[k];
    o.m = m[k];
    o.form = k == 3 ? BNSL_FORM_IPL : k == 5 ? BNSL_FORM_WCA : BNSL_FORM_MIE;
    o.shift = k == 6 ? BNSL_SHIFT_SMOOTH : k == 4 ? BNSL_SHIFT_NONE : BNSL_SHIFT_ENERGY;
    o.r_cut = k == 5 ? 0 : 1.6;
    assert_ok(bnsl_potential_create(&p, 2, diameter, &o));
    return p;
}

static double wrong(double got, double want, double scale)
{
    return fabs(got - want) / fmax(fabs(want), scale);
}

static void kernels_are_the_sums_over_pairs(void **state)
{
    (void)state;
    for (int k = 0; k < 8; k++) {
        configuration c = crystal("AlB2", BNSL_CELL_ORTHOGONAL, 3, 2, 3, 0.62, 0.55, 0, 1);
        bnsl_potential *p = form(k);
        bnsl__crystal *crystal = make_crystal(&c, p, false, 0);
        double want = 0, want_moved = 0, virial[6]; /* of the first instruction set's turn: the displacements are the same */
        for (int isa = BNSL_ISA_BASELINE; isa <= bnsl_cpu_isa(); isa++) {
            bnsl__sampler *s;
            double sums[BNSL__MC_SUMS];
            uint64_t seed = 3;
            assert_ok(bnsl__sampler_create(&s, crystal, 0, isa, 1, 1, "test"));
            for (int64_t i = 0; i < c.n; i++)
                for (int d = 0; d < 3; d++) {
                    s->position[4 * i + d] = s->site[4 * i + d] + 0.02 * test_normal(&seed);
                    c.xyz[3 * i + d] = s->position[4 * i + d];
                }
            if (isa == BNSL_ISA_BASELINE)
                want = naive_energy(&c, p, NULL, virial) / 0.8;
            bnsl__sampler_total(s, sums);
            assert_true(wrong(sums[BNSL__MC_U], want, 1) < 1e-11);
            for (int d = 0; d < 3; d++)
                assert_true(wrong(sums[BNSL__MC_XX + d], virial[d] / 0.8, 10) < 1e-11);
            /* the change by a move of one particle */
            const int64_t i = 17;
            const double to[3] = { s->position[4 * i] + 0.03, s->position[4 * i + 1] - 0.02, s->position[4 * i + 2] + 0.05 };
            const bnsl__mc_work work = { .n = c.n, .n_species = 2, .species = crystal->species, .position = s->position, .shift = s->shift,
                                         .row_start = s->row_start, .entry = s->entry, .law = s->law, .potential = p, .beta = crystal->beta };
            double change = BNSL_KERNEL_PICK(isa, bnsl__mc_change)(&work, i, s->position + 4 * i, to);
            memcpy(c.xyz + 3 * i, to, sizeof to);
            if (isa == BNSL_ISA_BASELINE)
                want_moved = naive_energy(&c, p, NULL, NULL) / 0.8;
            assert_close(change, want_moved - want, 0, 1e-11 * (fabs(want) + fabs(change)));
            bnsl__sampler_destroy(s);
        }
        bnsl__crystal_destroy(crystal);
        bnsl_potential_destroy(p);
        free_configuration(&c);
    }
}

/* Particles that do not interact, in springs: <U_E> = 3 (N - 1) / 2 per unit of lambda for either constraint, and every Cartesian mean is 0. */
static void springs_alone_give_equipartition(void **state)
{
    (void)state;
    configuration c = crystal("AlB2", BNSL_CELL_ORTHOGONAL, 3, 2, 3, 0.5, 0.55, 0, 1);
    const double diameter[2] = { 1, 0.55 }, spring[2] = { 300, 900 };
    bnsl_potential_options o;
    bnsl_potential *p;
    assert_ok(bnsl_potential_options_init(&o, sizeof o));
    o.form = BNSL_FORM_NONE;
    assert_ok(bnsl_potential_create(&p, 2, diameter, &o));
    for (int constraint = 0; constraint < 2; constraint++)
        for (int species = 0; species < 2; species++) {
            enum { SAMPLES = 1500 };
            static double u[SAMPLES];
            double mean, err, tau;
            bnsl__sampler *s;
            bnsl__crystal *crystal = make_crystal(&c, p, false, species == 0 ? 0 : 1);
            assert_int_equal(crystal->species[crystal->fixed], species);
            assert_ok(bnsl__sampler_create(&s, crystal, constraint, 0, 5, 7, "test"));
            bnsl__sampler_set_springs(s, 0.5, spring);
            assert_ok(bnsl__sampler_run(s, 300, true, "test"));
            for (int k = 0; k < SAMPLES; k++) {
                assert_ok(bnsl__sampler_run(s, 1, false, "test"));
                u[k] = bnsl__sampler_spring_energy(s);
            }
            double before = bnsl__sampler_spring_energy(s);
            bnsl__sampler_centre(s); /* the sums along the way are those made anew, whatever the centre of mass */
            assert_close(bnsl__sampler_spring_energy(s), before, 1e-10, 0);
            bnsl__series_pooled(1, SAMPLES, u, &mean, &err, &tau);
            assert_true(err < 0.03 * mean);
            assert_close(mean, 1.5 * (double)(c.n - 1) / 0.5, 0, 4.5 * err);
            bnsl__sampler_destroy(s);
            bnsl__crystal_destroy(crystal);
        }
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

/* The Gaussians obey their constraint and have <U_E> = 3 (N - 1) / 2. */
static void gaussian_displacements_are_those_of_the_springs(void **state)
{
    (void)state;
    configuration c = crystal("AlB2", BNSL_CELL_ORTHOGONAL, 4, 2, 4, 0.6, 0.55, 0, 1);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    bnsl__crystal *crystal = make_crystal(&c, p, false, 3);
    const double spring[2] = { 300, 900 };
    for (int constraint = 0; constraint < 2; constraint++) {
        enum { DRAWS = 300 };
        double u[DRAWS], mean, err, tau, square = 0;
        bnsl__sampler *s;
        assert_ok(bnsl__sampler_create(&s, crystal, constraint, 0, 1, 1, "test"));
        bnsl__sampler_set_springs(s, 1, spring);
        for (int k = 0; k < DRAWS; k++) {
            double sum[3] = { 0, 0, 0 };
            bnsl__sampler_gaussian(s, 9, 2, k);
            for (int64_t i = 0; i < c.n; i++)
                for (int d = 0; d < 3; d++)
                    sum[d] += (constraint == BNSL_EINSTEIN_CRYSTAL ? 1 : i == 3) * (s->position[4 * i + d] - s->site[4 * i + d]);
            assert_true(fabs(sum[0]) + fabs(sum[1]) + fabs(sum[2]) < 1e-12);
            bnsl__sampler_centre(s);
            u[k] = bnsl__sampler_spring_energy(s);
        }
        bnsl__series_pooled(1, DRAWS, u, &mean, &err, &tau);
        assert_close(mean, 1.5 * (double)(c.n - 1), 0, 4 * err);
        for (int k = 0; k < DRAWS; k++)
            square += (u[k] - mean) * (u[k] - mean) / DRAWS;
        assert_close(square, 1.5 * (double)(c.n - 1), 0.35, 0); /* chi^2: its variance is its mean; of 300 draws good to 8 % */
        bnsl__sampler_destroy(s);
    }
    bnsl__crystal_destroy(crystal);
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

/* An autoregressive series, x' = r x + noise: tau = (1 + r) / (1 - r) / 2, and the errors cover the true mean. */
static void errors_of_correlated_series_are_honest(void **state)
{
    (void)state;
    enum { N = 4000, TRIALS = 100 };
    static double x[N];
    uint64_t seed = 5;
    const double r = 0.9, wanted = 0.5 * (1 + r) / (1 - r);
    double chi2 = 0, mean_tau = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        double mean, err, tau, now = test_normal(&seed) / sqrt(1 - r * r);
        for (int k = 0; k < N; k++) {
            now = r * now + test_normal(&seed);
            x[k] = now;
        }
        bnsl__series_pooled(2, N / 2, x, &mean, &err, &tau);
        chi2 += mean * mean / (err * err);
        mean_tau += tau / TRIALS;
    }
    assert_close(mean_tau, wanted, 0.1, 0);
    assert_true(chi2 > 67.3 && chi2 < 140.2); /* 0.5 % on either side for 100 degrees of freedom */
}

static void a_list_grows_with_the_displacements(void **state)
{
    (void)state;
    configuration c = crystal("fcc", BNSL_CELL_CONVENTIONAL, 4, 4, 4, 0.55, 1, 0, 1);
    bnsl_potential *p = mie_mixture(12, 6, 1);
    bnsl__crystal *crystal = make_crystal(&c, p, false, 0);
    bnsl__sampler *s;
    double sums[BNSL__MC_SUMS], slack;
    assert_ok(bnsl__sampler_create(&s, crystal, 0, 0, 2, 1, "test"));
    slack = s->slack[0];
    assert_ok(bnsl__sampler_run(s, 200, true, "test"));
    assert_true(s->slack[0] > slack);
    for (int64_t i = 0; i < c.n; i++)
        memcpy(c.xyz + 3 * i, s->position + 4 * i, 3 * sizeof *c.xyz);
    assert_ok(bnsl_box_wrap(&c.box, c.n, c.xyz, NULL));
    bnsl__sampler_total(s, sums);
    assert_close(sums[BNSL__MC_U], naive_energy(&c, p, NULL, NULL) / 0.8, 1e-11, 0); /* no pair is missing */
    bnsl__sampler_destroy(s);
    bnsl__crystal_destroy(crystal);
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

/* Thirty-two spheres of diameter 2 on fcc sites: the tail, to a fixed distance, has an eighth of the pairs of spheres of 1. */
static configuration large_spheres(void)
{
    configuration c = crystal("fcc", BNSL_CELL_CONVENTIONAL, 2, 2, 2, 0.55, 1, 0, 1);
    c.box.lx *= 2;
    c.box.ly *= 2;
    c.box.lz *= 2;
    for (int64_t i = 0; i < 3 * c.n; i++)
        c.xyz[i] *= 2;
    return c;
}

/* Without vibrations the tail is the difference of the two lattice energies, for either treatment of the cut-off. */
static void the_tail_of_a_still_crystal_is_static(void **state)
{
    (void)state;
    configuration c = large_spheres();
    for (int shift = 0; shift < 2; shift++) {
        const double still[BNSL__MC_SPECIES] = { 4e-9, 4e-9 }, diameter[2] = { 2, 1.1 };
        bnsl_potential_options o;
        bnsl_potential *p;
        double u_static[2], p_static[2];
        bnsl__tail still_tail;
        assert_ok(bnsl_potential_options_init(&o, sizeof o));
        o.n = 12;
        o.m = 6;
        o.r_cut = 1.5;
        o.shift = shift ? BNSL_SHIFT_NONE : BNSL_SHIFT_ENERGY;
        assert_ok(bnsl_potential_create(&p, 2, diameter, &o));
        bnsl__crystal *crystal = make_crystal(&c, p, false, 0);
        assert_ok(bnsl__thermal_tail(crystal, still, &still_tail, "test"));
        for (int32_t tail = 0; tail < 2; tail++)
            assert_ok(bnsl_free_energy_lattice_energy(&c.box, c.n, c.xyz, c.species, p, tail, &u_static[tail], &p_static[tail]));
        assert_close(still_tail.u, (u_static[1] - u_static[0]) / 0.8, 1e-7, 0); /* the displacements that are left, and pow against chains */
        assert_close(still_tail.p, (p_static[1] - p_static[0]) / 0.8, 1e-7, 0);
        bnsl__crystal_destroy(crystal);
        bnsl_potential_destroy(p);
    }
    free_configuration(&c);
}

/* Its change with the displacements, against differences: of a box with a shell near the cut-off and others beyond. */
static void the_tail_changes_with_the_displacements(void **state)
{
    (void)state;
    configuration c = large_spheres();
    const double diameter[2] = { 2, 1.1 }, h = 1e-3;
    bnsl_potential_options o;
    bnsl_potential *p;
    bnsl__tail tail[3];
    assert_ok(bnsl_potential_options_init(&o, sizeof o));
    o.n = 12;
    o.m = 6;
    o.r_cut = 1.5;
    o.shift = BNSL_SHIFT_ENERGY;
    assert_ok(bnsl_potential_create(&p, 2, diameter, &o));
    bnsl__crystal *made = make_crystal(&c, p, false, 0);
    for (int k = 0; k < 3; k++) {
        const double msd = 0.08 * (1 + (k - 1) * h), both[BNSL__MC_SPECIES] = { msd, msd };
        assert_ok(bnsl__thermal_tail(made, both, &tail[k], "test"));
    }
    assert_true(fabs(tail[1].spread) > 1e-3);
    assert_close(tail[1].spread, (tail[2].u - tail[0].u) / (2 * h), 1e-5, 0);
    bnsl__crystal_destroy(made);
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

static void lost_memory_is_reported(void **state)
{
    (void)state;
    configuration c = crystal("fcc", BNSL_CELL_CONVENTIONAL, 3, 3, 3, 0.55, 1, 0, 1);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    for (int method = 0; method < 2; method++) {
        bnsl_free_energy_solid_options o;
        bnsl_free_energy_solid_result r;
        bool done = false;
        assert_ok(bnsl_free_energy_solid_options_init(&o, sizeof o));
        o.method = method;
        o.n_sweeps = 100;
        o.n_equilibrate = 1;
        o.n_nodes = method ? 6 : 4;
        o.n_replicas = 1;
        o.spring = 3000;
        o.cell = BNSL_SOLID_CELL_RELAX_Z;
        for (long k = 0; !done; k += 1 + k) {
            r.a = 17;
            oom_arm(k);
            bnsl_status status = bnsl_free_energy_solid(&c.box, c.n, c.xyz, c.species, p, &o, NULL, &r);
            oom_disarm();
            done = !oom_fired();
            if (!done)
                assert_true(status == BNSL_ENOMEM && r.a == 17);
            else
                assert_true(status == BNSL_OK || status == BNSL_ENOCONV);
            assert_true(k < 100000);
        }
    }
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernels_are_the_sums_over_pairs),
        cmocka_unit_test(springs_alone_give_equipartition),
        cmocka_unit_test(gaussian_displacements_are_those_of_the_springs),
        cmocka_unit_test(errors_of_correlated_series_are_honest),
        cmocka_unit_test(a_list_grows_with_the_displacements),
        cmocka_unit_test(the_tail_of_a_still_crystal_is_static),
        cmocka_unit_test(the_tail_changes_with_the_displacements),
        cmocka_unit_test(lost_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
