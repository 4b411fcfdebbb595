/* SPDX-License-Identifier: GPL-3.0-or-later */
/* free_energy: closed forms against tables and naive sums, a small solid, refusals. Statistics: slow_free_energy.c. */
#include "configurations.h"
#include "test_csv.h"

/* ---- crystals -------------------------------------------------------------------------------------------- */

static void supercells_have_the_density_and_are_round(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double density, c_over_a;
        int64_t n_wanted, per_cell;
    } cases[] = {{"AlB2", 2.3, 1.05, 450, 3},
                 {"AlB2", 3.0, 0, 2000, 3},
                 {"NaZn13", 4.0, 0, 900, 28},
                 {"fcc", 1.04086, 1, 256, 1},
                 {"fcc", 1, 0, 500, 1}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        configuration c = supercell(cases[k].name, cases[k].density, cases[k].c_over_a, cases[k].n_wanted);
        double volume, width[3];
        int64_t n_cells;
        assert_ok(bnsl_box_volume(&c.box, &volume));
        assert_ok(bnsl_box_plane_distances(&c.box, width));
        assert_close((double)c.n / volume, cases[k].density, 1e-13, 0);
        assert_true(fabs((double)c.n / (double)cases[k].n_wanted - 1) <= 0.2);
        assert_true(fmin(fmin(width[0], width[1]), width[2]) > 0.85 * cbrt(volume)); /* NaZn13 at 896: a cube; AlB2: 5 x 3 x 5 cells */
        assert_ok(bnsl_free_energy_primitive_cells(&c.box, c.n, c.xyz, c.species, &n_cells));
        assert_int_equal(n_cells * cases[k].per_cell, c.n);
        free_configuration(&c);
    }
}

static void c_over_a_is_that_of_the_cell(void **state)
{
    (void)state;
    configuration c = supercell("AlB2", 2.5, 1.04, 450); /* the next layer along z, and the next L along x */
    double nearest_z = INFINITY, nearest_x = INFINITY;
    for (int64_t i = 1; i < c.n; i++) {
        double d[3];
        for (int k = 0; k < 3; k++)
            d[k] = c.xyz[3 * i + k] - c.xyz[k];
        assert_ok(bnsl_box_minimum_image(&c.box, 1, d));
        if (c.species[i] == c.species[0] && fabs(d[0]) + fabs(d[1]) < 1e-9)
            nearest_z = fmin(nearest_z, fabs(d[2]));
        if (c.species[i] == c.species[0] && fabs(d[2]) + fabs(d[1]) < 1e-9)
            nearest_x = fmin(nearest_x, fabs(d[0]));
    }
    assert_close(nearest_z / nearest_x, 1.04, 1e-12, 0);
    free_configuration(&c);
}

static void primitive_cells_are_translations_of_the_decorated_crystal(void **state)
{
    (void)state;
    configuration c = supercell("fcc", 1, 0, 108);
    int64_t n_cells;
    c.species[17] = 1; /* one odd particle: no translation is left */
    assert_ok(bnsl_free_energy_primitive_cells(&c.box, c.n, c.xyz, c.species, &n_cells));
    assert_int_equal(n_cells, 1);
    c.species[17] = 0;
    c.xyz[5] += 0.05;
    assert_ok(bnsl_free_energy_primitive_cells(&c.box, c.n, c.xyz, c.species, &n_cells));
    assert_int_equal(n_cells, 1);
    for (int k = 0; k < 3; k++)
        c.xyz[3 + k] = c.xyz[k];
    assert_status(bnsl_free_energy_primitive_cells(&c.box, c.n, c.xyz, c.species, &n_cells), BNSL_EINVAL);
    free_configuration(&c);
}

/* ---- closed forms ---------------------------------------------------------------------------------------- */

static void einstein_molecule_has_the_tabulated_free_energy(void **state)
{
    (void)state;
    csv_table t = csv_read("free_energy/einstein_molecule_A0.csv");
    assert_int_equal(t.n_rows, 4);
    for (int row = 0; row < t.n_rows; row++) {
        const char *name = csv_text(&t, row, "case");
        const int64_t n = (int64_t)csv_number(&t, row, "N"), cells = (int64_t)csv_number(&t, row, "Ncell");
        const bool one = strncmp(name, "HS fcc", 6) == 0, alb2 = strncmp(name, "AlB2", 4) == 0;
        const int64_t n_large = one ? n : alb2 ? n / 3 : n / 14, count[2] = { n_large, n - n_large };
        const double spring[2] = { csv_number(&t, row, "beta_LambdaE_L"), one ? 0 : csv_number(&t, row, "beta_LambdaE_S") };
        double a0;
        assert_ok(bnsl_free_energy_einstein(BNSL_EINSTEIN_MOLECULE, 2, count, spring, 0, cells, csv_number(&t, row, "V_over_sigma3"), &a0));
        assert_close(a0, csv_number(&t, row, "betaA0_per_N"), 2e-13, 0); /* digits printed */
    }
    csv_free(&t);
}

/* Polson et al. (2000) for one component: -(3/2)(N - 1) ln(pi / beta K) - (3/2) ln N - ln(V / N) */
static void einstein_crystal_of_one_component(void **state)
{
    (void)state;
    const int64_t count[1] = { 256 };
    const double spring[1] = { 700 }, volume = 245, n = 256;
    double a0, molecule;
    assert_ok(bnsl_free_energy_einstein(BNSL_EINSTEIN_CRYSTAL, 1, count, spring, 0, 256, volume, &a0));
    assert_close(a0, (-1.5 * (n - 1) * log(3.14159265358979323846 / 700) - 1.5 * log(n) - log(volume / n)) / n, 1e-14, 0);
    assert_ok(bnsl_free_energy_einstein(BNSL_EINSTEIN_MOLECULE, 1, count, spring, 0, 256, volume, &molecule));
    assert_close(molecule - a0, 1.5 * log(n) / n, 1e-12, 0);
}

static void lattice_energy_is_the_sum_over_pairs(void **state)
{
    (void)state;
    static const char *const names[] = { "AlB2", "NaZn13", "fcc" };
    static const double density[] = { 2.8, 4.2, 1.05 };
    for (int k = 0; k < 3; k++)
        for (int m = 6; m <= 25; m += 19) {
            configuration c = supercell(names[k], density[k], k == 0 ? 1.04 : 0, 60);
            bnsl_potential *p = mie_mixture(50, m, 0.55);
            double u, pressure, virial[6], volume;
            assert_ok(bnsl_free_energy_lattice_energy(&c.box, c.n, c.xyz, c.species, p, 0, &u, &pressure));
            double want = naive_energy(&c, p, NULL, virial) / (double)c.n; /* cut-offs longer than half this box */
            assert_ok(bnsl_box_volume(&c.box, &volume));
            assert_close(u, want, 1e-12, 0);
            assert_close(pressure, (virial[0] + virial[1] + virial[2]) / (3 * volume), 1e-11, 0);
            bnsl_potential_destroy(p);
            free_configuration(&c);
        }
}

/* Lennard-Jones fcc: U / N = 2 (A12 / r^12 - A6 / r^6) at nearest distance r, A12 = 12.131880196545, A6 = 14.453920443 (lattice sums of Jones and
 * Ingham, Proc. R. Soc. A 107, 636 (1925), digits of later computations). */
static void uncut_lattice_energy_is_the_lattice_sum(void **state)
{
    (void)state;
    configuration c = supercell("fcc", 1.0, 0, 32);
    bnsl_potential *p = mie_mixture(12, 6, 1.0);
    double u, pressure;
    assert_ok(bnsl_free_energy_lattice_energy(&c.box, c.n, c.xyz, c.species, p, 1, &u, &pressure));
    assert_close(u, 2 * (12.131880196545 * 0.25 - 14.453920443 * 0.5), 0, 3e-5); /* the edge of the sum at 20 sigma */
    assert_close(pressure, (2 * (12 * 12.131880196545 * 0.25 - 6 * 14.453920443 * 0.5)) / 3, 0, 1e-4);
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

static void extrapolation_finds_a_line(void **state)
{
    (void)state;
    const int64_t n[3] = { 108, 256, 500 };
    const double err[3] = { 1e-3, 2e-3, 1e-3 };
    double a[3], a_inf, a_err, slope;
    for (int k = 0; k < 3; k++)
        a[k] = 4.9590 - 7.0 / (double)n[k];
    assert_ok(bnsl_free_energy_extrapolate(3, n, a, err, &a_inf, &a_err, &slope));
    assert_close(a_inf, 4.9590, 1e-13, 0);
    assert_close(slope, -7, 1e-11, 0);
    /* two sizes: error propagation of a_inf = (n1 a1 - n0 a0) / (n1 - n0) */
    assert_ok(bnsl_free_energy_extrapolate(2, n, a, err, &a_inf, &a_err, NULL));
    assert_close(a_err, hypot(256 * 2e-3, 108 * 1e-3) / (256 - 108), 1e-12, 0);
    const int64_t same[2] = { 100, 100 };
    assert_status(bnsl_free_energy_extrapolate(2, same, a, err, &a_inf, &a_err, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_extrapolate(1, n, a, err, &a_inf, &a_err, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_extrapolate(2, n, a, (double[]){ 0, 1 }, &a_inf, &a_err, NULL), BNSL_EINVAL);
}

/* ---- solids ---------------------------------------------------------------------------------------------- */

static bnsl_free_energy_solid_options quick(void)
{
    bnsl_free_energy_solid_options o;
    assert_ok(bnsl_free_energy_solid_options_init(&o, sizeof o));
    o.n_sweeps = 150;
    o.n_equilibrate = 100;
    o.n_nodes = 6;
    o.n_replicas = 2;
    return o;
}

/* Finite-size anchor of hard spheres, fcc, rho sigma^3 = 1.04086, N = 108: 4.8986 (hoomd-rs issue 54, fitted, +-5e-4). */
static void hard_spheres_have_their_free_energy(void **state)
{
    (void)state;
    configuration c = supercell("fcc", 1.04086, 0, 108);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    bnsl_free_energy_solid_options o = quick();
    bnsl_free_energy_solid_result r;
    o.hard_spheres = 1;
    o.n_sweeps = 1000;
    o.n_equilibrate = 200;
    o.n_nodes = 8;
    assert_ok(bnsl_free_energy_solid(&c.box, c.n, c.xyz, c.species, p, &o, NULL, &r));
    assert_int_equal(r.n_cells, 108);
    assert_true(r.u == 0 && r.u_lattice == 0 && r.stretch == 1 && (r.flags & ~BNSL_SOLID_SLOW) == 0);
    assert_close(r.a, 4.8986, 0, 4 * r.a_err);
    assert_true(r.a_err < 0.02);
    assert_close(r.a, r.a0 + r.da1 + r.da2, 1e-14, 0);
    /* Z of the fcc solid: 11.1 at eta = 0.545 [Alder, Hoover, Young, J. Chem. Phys. 49, 3688 (1968): 3/alpha + 2.56 + 0.56 alpha with
     * alpha = V/V0 - 1 = 0.3587: 11.12] */
    assert_close(r.z, 11.12, 0, 4 * r.z_err);
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

static void results_do_not_depend_on_threads_or_instruction_set(void **state)
{
    (void)state;
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    for (int method = 0; method < 2; method++) {
        configuration c = method == BNSL_SOLID_MBAR ? supercell("fcc", 1.1, 0, 108) : supercell("AlB2", 2.6, 1.04, 108);
        bnsl_free_energy_solid_options o = quick();
        bnsl_free_energy_solid_result want, got;
        o.method = method;
        o.n_nodes = method == BNSL_SOLID_MBAR ? 14 : 4;
        o.n_replicas = method == BNSL_SOLID_MBAR ? 1 : 2;
        o.cell = method == BNSL_SOLID_MBAR ? BNSL_SOLID_CELL_FIXED : BNSL_SOLID_CELL_RELAX_Z;
        o.n_sweeps = 100;
        o.n_equilibrate = 30;
        o.spring = method == BNSL_SOLID_MBAR ? 4000 : 0; /* found by the first method alone, and there by one doubling: most of the time
                                                            goes into that */
        o.max_spring_factor = 20;
        assert_ok(bnsl_free_energy_solid(&c.box, c.n, c.xyz, c.species, p, &o, NULL, &want));
        assert_true((want.stretch != 1) == (method != BNSL_SOLID_MBAR));
        o.num_threads = 4;
        o.instruction_set = BNSL_ISA_BASELINE;
        assert_ok(bnsl_free_energy_solid(&c.box, c.n, c.xyz, c.species, p, &o, NULL, &got));
        assert_memory_equal(&got, &want, sizeof want);
        free_configuration(&c);
    }
    bnsl_potential_destroy(p);
}

static int32_t stop_underway(void *user, int64_t done, int64_t total)
{
    (void)total;
    *(int64_t *)user = done;
    return done > 0;
}

static void a_run_can_be_stopped(void **state)
{
    (void)state;
    configuration c = supercell("fcc", 1.05, 0, 108);
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    bnsl_free_energy_solid_options o = quick();
    bnsl_free_energy_solid_result r = { .a = 17 };
    bnsl_control *control;
    int64_t done = 0;
    assert_ok(bnsl_control_create(&control));
    assert_ok(bnsl_control_set_progress(control, stop_underway, &done));
    o.n_sweeps = 20000; /* some minutes, unless stopped */
    assert_status(bnsl_free_energy_solid(&c.box, c.n, c.xyz, c.species, p, &o, control, &r), BNSL_ECANCELLED);
    assert_true(done > 0 && r.a == 17);
    bnsl_control_cancel(control);
    assert_status(bnsl_free_energy_solid(&c.box, c.n, c.xyz, c.species, p, &o, control, &r), BNSL_ECANCELLED);
    bnsl_control_destroy(control);
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

static void nonsense_gives_no_number(void **state)
{
    (void)state;
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    bnsl_free_energy_solid_options o = quick();
    bnsl_free_energy_solid_result r = { .a = 17 };
    configuration c = supercell("AlB2", 1.2, 1.04, 200);
    o.n_sweeps = 1500;
    assert_status(bnsl_free_energy_solid(&c.box, c.n, c.xyz, c.species, p, &o, NULL, &r), BNSL_EDOMAIN); /* melts */
    assert_non_null(strstr(bnsl_error_message(), "melts"));
    free_configuration(&c);
    c = supercell("fcc", 1.7, 0, 108);
    assert_status(bnsl_free_energy_solid(&c.box, c.n, c.xyz, c.species, p, &o, NULL, &r), BNSL_EDOMAIN);
    assert_non_null(strstr(bnsl_error_message(), "close packing"));
    o.hard_spheres = 1;
    assert_status(bnsl_free_energy_solid(&c.box, c.n, c.xyz, c.species, p, &o, NULL, &r), BNSL_EDOMAIN);
    o.hard_spheres = 0;
    free_configuration(&c);
    c = supercell("fcc", 1.05, 0, 32); /* half of this box is 1.56 */
    assert_status(bnsl_free_energy_solid(&c.box, c.n, c.xyz, c.species, p, &o, NULL, &r), BNSL_EINVAL);
    assert_non_null(strstr(bnsl_error_message(), "half the box"));
    assert_true(r.a == 17);

    free_configuration(&c);
    c = supercell("fcc", 1.05, 0, 108);
    assert_status(bnsl_free_energy_solid(NULL, c.n, c.xyz, c.species, p, NULL, NULL, &r), BNSL_EINVAL);
    assert_status(bnsl_free_energy_solid(&c.box, c.n, NULL, c.species, p, NULL, NULL, &r), BNSL_EINVAL);
    assert_status(bnsl_free_energy_solid(&c.box, c.n, c.xyz, NULL, p, NULL, NULL, &r), BNSL_EINVAL);
    assert_status(bnsl_free_energy_solid(&c.box, c.n, c.xyz, c.species, NULL, NULL, NULL, &r), BNSL_EINVAL);
    assert_status(bnsl_free_energy_solid(&c.box, c.n, c.xyz, c.species, p, NULL, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_solid(&c.box, 1, c.xyz, c.species, p, NULL, NULL, &r), BNSL_EINVAL);
#define REFUSED(field, value)                                                                                            \
    do {                                                                                                                 \
        bnsl_free_energy_solid_options bad = quick();                                                                    \
        bad.field = (value);                                                                                             \
        assert_status(bnsl_free_energy_solid(&c.box, c.n, c.xyz, c.species, p, &bad, NULL, &r), BNSL_EINVAL);            \
    } while (0)
    REFUSED(method, 2);
    REFUSED(constraint, -1);
    REFUSED(hard_spheres, 2);
    REFUSED(cell, 2);
    REFUSED(n_nodes, 3);
    REFUSED(n_nodes, 33);
    REFUSED(n_replicas, -1);
    REFUSED(n_sweeps, 99);
    REFUSED(n_equilibrate, -1);
    REFUSED(n_cells, 109);
    REFUSED(fixed_particle, 108);
    REFUSED(tail, 2);
    REFUSED(instruction_set, 9);
    REFUSED(kT, 0.0);
    REFUSED(kT, (double)NAN);
    REFUSED(spring, -1.0);
    REFUSED(spring, (double)INFINITY);
    REFUSED(max_spring_factor, -1.0);
#undef REFUSED
    c.xyz[7] = NAN;
    assert_status(bnsl_free_energy_solid(&c.box, c.n, c.xyz, c.species, p, NULL, NULL, &r), BNSL_EINVAL);
    c.xyz[7] = 0;
    c.species[3] = 2;
    assert_status(bnsl_free_energy_solid(&c.box, c.n, c.xyz, c.species, p, NULL, NULL, &r), BNSL_EINVAL);
    assert_true(r.a == 17);
    bnsl_potential_destroy(p);
    free_configuration(&c);
}

static void closed_forms_refuse_bad_arguments(void **state)
{
    (void)state;
    const int64_t count[2] = { 10, 20 };
    const double spring[2] = { 100, 200 }, bad_spring[2] = { 100, -1 };
    double a0, u;
    int64_t n;
    bnsl_lattice *lattice;
    bnsl_box box;
    const double xyz[6] = { 0, 0, 0, 1, 0, 0 };
    const int32_t species[2] = { 0, 0 };
    bnsl_potential *p = mie_mixture(50, 25, 0.55);
    assert_ok(bnsl_box_init(&box, 4, 4, 4, 0, 0, 0));
    assert_status(bnsl_free_energy_einstein(2, 2, count, spring, 0, 10, 5, &a0), BNSL_EINVAL);
    assert_status(bnsl_free_energy_einstein(0, 0, count, spring, 0, 10, 5, &a0), BNSL_EINVAL);
    assert_status(bnsl_free_energy_einstein(0, 2, NULL, spring, 0, 10, 5, &a0), BNSL_EINVAL);
    assert_status(bnsl_free_energy_einstein(0, 2, count, bad_spring, 0, 10, 5, &a0), BNSL_EINVAL);
    assert_status(bnsl_free_energy_einstein(0, 2, count, spring, 2, 10, 5, &a0), BNSL_EINVAL);
    assert_status(bnsl_free_energy_einstein(0, 2, count, spring, 0, 31, 5, &a0), BNSL_EINVAL);
    assert_status(bnsl_free_energy_einstein(0, 2, count, spring, 0, 10, NAN, &a0), BNSL_EINVAL);
    assert_status(bnsl_free_energy_lattice_energy(&box, 2, xyz, species, p, 2, &u, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_lattice_energy(&box, 0, xyz, species, p, 0, &u, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_lattice_energy(&box, 2, xyz, species, NULL, 0, &u, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_primitive_cells(&box, 0, xyz, species, &n), BNSL_EINVAL);
    assert_status(bnsl_free_energy_primitive_cells(NULL, 2, xyz, species, &n), BNSL_EINVAL);
    assert_ok(bnsl_lattice_create(&lattice, "fcc", NULL));
    assert_status(bnsl_free_energy_supercell(lattice, 0, 0, 100, 0, &n, NULL, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_supercell(lattice, 1, 1.1, 100, 0, &n, NULL, NULL, NULL), BNSL_EINVAL); /* cubic */
    assert_status(bnsl_free_energy_supercell(lattice, 1, 0, 0, 0, &n, NULL, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_supercell(NULL, 1, 0, 100, 0, &n, NULL, NULL, NULL), BNSL_EINVAL);
    bnsl_lattice_destroy(lattice);
    bnsl_potential_destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(supercells_have_the_density_and_are_round),
        cmocka_unit_test(c_over_a_is_that_of_the_cell),
        cmocka_unit_test(primitive_cells_are_translations_of_the_decorated_crystal),
        cmocka_unit_test(einstein_molecule_has_the_tabulated_free_energy),
        cmocka_unit_test(einstein_crystal_of_one_component),
        cmocka_unit_test(lattice_energy_is_the_sum_over_pairs),
        cmocka_unit_test(uncut_lattice_energy_is_the_lattice_sum),
        cmocka_unit_test(extrapolation_finds_a_line),
        cmocka_unit_test(hard_spheres_have_their_free_energy),
        cmocka_unit_test(results_do_not_depend_on_threads_or_instruction_set),
        cmocka_unit_test(a_run_can_be_stopped),
        cmocka_unit_test(nonsense_gives_no_number),
        cmocka_unit_test(closed_forms_refuse_bad_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
