/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * md: potential energy, pressure tensor and forces of small configurations against LAMMPS, which knows the same potentials from code of its
 * own. Energies and pressures within 1e-11 of themselves, forces of the largest force: the rounding of some thousand pairs and of the
 * library's pow is 1e-13 at most.
 */
#include "configurations.h"
#include "lammps.h"
#include "saved_fluid.h"

static const double TOLERANCE = 1e-11;
static const double PI_6 = 0.52359877559829887308;

/* A system as both programs see it: species and own diameters here, types there. */
typedef struct comparison {
    const char *name;
    const configuration *c;
    const bnsl_potential *potential;
    const double *diameter;          /* NULL: those of the species */
    const bnsl_potential *types;     /* NULL: potential */
    const int32_t *type;             /* NULL: species */
    int32_t wall;
    double wall_size, wall_epsilon;
    int64_t steps;                   /* from the start to what is compared */
} comparison;

/* A simulation some steps after the start, at kT = 1. */
static bnsl_md *simulate(const comparison *x)
{
    bnsl_md *md;
    bnsl_md_options o;
    assert_ok(bnsl_md_options_init(&o, sizeof o));
    o.dt = 0.001;
    o.friction = 1;
    assert_ok(bnsl_md_create(&md, &x->c->box, x->c->n, x->c->xyz, x->c->species, x->potential, &o));
    if (x->diameter)
        assert_ok(bnsl_md_set_diameters(md, x->diameter));
    assert_ok(bnsl_md_set_wall(md, x->wall, x->wall_size, x->wall_epsilon));
    assert_ok(bnsl_md_thermalize(md, 1, 1));
    assert_ok(bnsl_md_run(md, x->steps, NULL));
    return md;
}

static double largest_difference(int64_t n, const double *a, const double *b)
{
    double largest = 0;
    for (int64_t k = 0; k < n; k++)
        largest = fmax(largest, fabs(a[k] - b[k]));
    return largest;
}

/* Walls are no part of LAMMPS' pressure, and of ours the volume alone. */
static void compare(const comparison *x)
{
    int64_t n = x->c->n;
    double *xyz = calloc((size_t)n * 12, sizeof *xyz), *velocity = xyz + 3 * n, *got = xyz + 6 * n, *want = xyz + 9 * n;
    assert_non_null(xyz);
    bnsl_md *md = simulate(x);
    bnsl_md_thermo t;
    assert_ok(bnsl_md_positions(md, xyz, NULL));
    assert_ok(bnsl_md_velocities(md, velocity));
    assert_ok(bnsl_md_thermo_now(md, &t));
    assert_ok(bnsl_md_forces(md, got));
    bnsl_md_destroy(md);
    lammps_system s = { .box = x->c->box, .n = n, .xyz = xyz, .velocity = velocity, .type = x->type ? x->type : x->c->species,
                        .potential = x->types ? x->types : x->potential, .wall = x->wall,
                        .wall_size = x->wall_size, .wall_epsilon = x->wall_epsilon };
    lammps_thermo l = lammps_evaluate(&s, x->name, want);
    const double *zero = memset(xyz, 0, (size_t)n * 3 * sizeof *xyz);
    double box = x->c->box.lx * x->c->box.ly * x->c->box.lz, trace = l.pressure[0] + l.pressure[1] + l.pressure[2];
    double scale = largest_difference(3 * n, want, zero), error = largest_difference(3 * n, got, want) / scale;
    printf("ok %s: energy %.1e, wall %.1e, pressure %.1e, forces %.1e\n", x->name, fabs(t.potential_energy / l.potential_energy - 1),
           x->wall ? fabs(t.wall_energy / l.wall_energy - 1) : 0, fabs(t.pressure * 3 * t.volume / (trace * box) - 1), error);
    assert_close(t.potential_energy, l.potential_energy, TOLERANCE, 0);
    assert_close(t.wall_energy, l.wall_energy, TOLERANCE, 0);
    assert_true(x->wall == BNSL_MD_WALL_NONE || l.wall_energy > 0.1);
    assert_close(t.kinetic_energy, l.kinetic_energy, TOLERANCE, 0);
    assert_close(3 * t.pressure * t.volume, trace * box, TOLERANCE, 0);
    for (int k = 0; k < 6; k++) /* off the diagonal sums cancel */
        assert_close(t.pressure_tensor[k] * t.volume, l.pressure[k] * box, TOLERANCE, TOLERANCE * fabs(trace * box) / 3);
    assert_true(error <= TOLERANCE);
    free(xyz);
}

/* ---- potentials --------------------------------------------------------------------------------------- */

static void mixture(const char *name, double n, double m, const configuration *c)
{
    bnsl_potential *p = mie_mixture(n, m, 0.55);
    compare(&(comparison){ .name = name, .c = c, .potential = p, .steps = 300 });
    bnsl_potential_destroy(p);
}

static void usual_exponents(void **state)
{
    (void)state;
    configuration c = fluid(400, 800, 0.5, 0.55, 11);
    mixture("mie_50_25", 50, 25, &c);
    mixture("mie_50_6", 50, 6, &c);
    mixture("mie_14.5_7.25", 14.5, 7.25, &c);
    free_configuration(&c);
    c = fluid(1000, 0, 0.44, 0.55, 12);
    mixture("lj_12_6", 12, 6, &c);
    free_configuration(&c);
}

static void set_pair(bnsl_potential *p, int32_t a, int32_t b, double n, double m, double depth, double sigma, double r_cut, int32_t shift)
{
    bnsl_potential_options o;
    assert_ok(bnsl_potential_options_init(&o, sizeof o));
    o.n = n;
    o.m = m;
    o.well_depth = depth;
    o.sigma = sigma;
    o.r_cut = r_cut;
    o.shift = shift;
    assert_ok(bnsl_potential_set_pair(p, a, b, &o));
}

/* Depths that fall from LL to SS, a narrower well of SS, a sigma_LS that is no mean; shifted, not shifted, and some of each. */
static void pairs_that_all_differ(void **state)
{
    (void)state;
    static const char *const name[] = { "pairs_shifted", "pairs_unshifted", "pairs_of_both" };
    configuration c = fluid(400, 800, 0.5, 0.55, 13);
    for (int k = 0; k < 3; k++) {
        int32_t shift_like = k == 1 ? BNSL_SHIFT_NONE : BNSL_SHIFT_ENERGY, shift_unlike = k == 0 ? BNSL_SHIFT_ENERGY : BNSL_SHIFT_NONE;
        bnsl_potential *p = mie_mixture(50, 25, 0.55);
        set_pair(p, 0, 0, 50, 25, 1.5, 1, 1.6, shift_like);
        set_pair(p, 0, 1, 36, 12, 1.2, 0.79, 2.1, shift_unlike);
        set_pair(p, 1, 1, 60, 40, 0.8, 0.55, 1.4, shift_like);
        compare(&(comparison){ .name = name[k], .c = &c, .potential = p, .steps = 300 });
        bnsl_potential_destroy(p);
    }
    free_configuration(&c);
}

/* ---- sizes -------------------------------------------------------------------------------------------- */

/* A third L, the rest S, each in 13 classes of size: own diameters here, 26 types there. */
typedef struct sized {
    configuration c;
    bnsl_potential *species, *types;
    double *diameter;
    int32_t *type;
    double volume; /* of the spheres */
} sized;

static sized make_sized(int64_t n, double m, uint64_t seed)
{
    static const double mean[2] = { 1, 0.55 }, deviation[2] = { 0.047, 0.063 };
    double class_diameter[64];
    int32_t n_types = 0;
    sized s = { .c = { .n = n }, .diameter = malloc((size_t)n * 8), .type = malloc((size_t)n * 4) };
    s.c.xyz = malloc((size_t)n * 24);
    s.c.species = malloc((size_t)n * 4);
    assert_true(s.diameter && s.type && s.c.xyz && s.c.species);
    for (int64_t i = 0; i < n; i++)
        s.c.species[i] = i >= n / 3;
    assert_ok(bnsl_md_polydisperse(n, s.c.species, 2, mean, deviation, 13, seed, s.diameter));
    for (int64_t i = 0; i < n; i++) {
        int32_t t = 0;
        while (t < n_types && class_diameter[t] != s.diameter[i])
            t++;
        assert_true(t < 26);
        if (t == n_types)
            class_diameter[n_types++] = s.diameter[i];
        s.type[i] = t;
        s.volume += PI_6 * pow(s.diameter[i], 3);
    }
    assert_true(n_types >= 20);
    bnsl_potential_options o;
    assert_ok(bnsl_potential_options_init(&o, sizeof o));
    o.m = m;
    s.species = mie_mixture(50, m, 0.55);
    assert_ok(bnsl_potential_create(&s.types, n_types, class_diameter, &o));
    return s;
}

static void free_sized(sized *s)
{
    free_configuration(&s->c);
    bnsl_potential_destroy(s->species);
    bnsl_potential_destroy(s->types);
    free(s->diameter);
    free(s->type);
}

static void compare_sized(const char *name, const sized *s, int32_t wall, double size)
{
    compare(&(comparison){ .name = name, .c = &s->c, .potential = s->species, .diameter = s->diameter, .types = s->types, .type = s->type,
                           .wall = wall, .wall_size = size, .wall_epsilon = 1.3, .steps = 300 });
}

static void polydisperse(void **state)
{
    (void)state;
    static const char *const name[2] = { "26_classes_50_25", "26_classes_50_6" };
    for (int k = 0; k < 2; k++) {
        sized s = make_sized(1500, k == 0 ? 25 : 6, 21);
        double edge = cbrt(s.volume / 0.5);
        assert_ok(bnsl_box_init(&s.c.box, edge, edge, edge, 0, 0, 0));
        assert_ok(bnsl_md_random_start(&s.c.box, s.c.n, s.diameter, 0, 22, 1, s.c.xyz, NULL));
        compare_sized(name[k], &s, BNSL_MD_WALL_NONE, 0);
        free_sized(&s);
    }
}

/* The same particles as 26 species, whose laws are all different in name. */
static void many_species(void **state)
{
    (void)state;
    sized s = make_sized(1500, 25, 23);
    double edge = cbrt(s.volume / 0.5);
    assert_ok(bnsl_box_init(&s.c.box, edge, edge, edge, 0, 0, 0));
    assert_ok(bnsl_md_random_start(&s.c.box, s.c.n, s.diameter, 0, 24, 1, s.c.xyz, NULL));
    memcpy(s.c.species, s.type, (size_t)s.c.n * sizeof *s.type);
    compare(&(comparison){ .name = "26_species", .c = &s.c, .potential = s.types, .steps = 300 });
    free_sized(&s);
}

/* ---- boxes and walls ---------------------------------------------------------------------------------- */

static void triclinic(void **state)
{
    (void)state;
    configuration c = fluid(400, 800, 0.5, 0.55, 31);
    double edge = c.box.lx;
    assert_ok(bnsl_box_init(&c.box, 1.1 * edge, edge, edge / 1.1, 0.31, -0.22, 0.17));
    double diameter[1200];
    for (int64_t i = 0; i < c.n; i++)
        diameter[i] = c.species[i] ? 0.55 : 1;
    assert_ok(bnsl_md_random_start(&c.box, c.n, diameter, 0, 32, 1, c.xyz, NULL));
    mixture("triclinic_50_25", 50, 25, &c);
    mixture("triclinic_50_6", 50, 6, &c);
    free_configuration(&c);
}

/* Dense enough that hundreds of particles feel the wall; a slab in a box that is tilted along it. */
static void walls(void **state)
{
    (void)state;
    sized s = make_sized(1500, 25, 41);
    double radius = cbrt(s.volume / 0.5 / (8 * PI_6)), edge = 2 * radius + 2.5;
    assert_ok(bnsl_box_init(&s.c.box, edge, edge, edge, 0, 0, 0));
    assert_ok(bnsl_md_random_start_confined(&s.c.box, BNSL_MD_WALL_SPHERE, radius, s.c.n, s.diameter, 0, 42, 1, s.c.xyz, NULL));
    compare_sized("sphere", &s, BNSL_MD_WALL_SPHERE, radius);
    double area = 8 * 8 * 1.2, height = s.volume / 0.48 / area;
    assert_ok(bnsl_box_init(&s.c.box, 8, 8 * 1.2, height + 2.5, 0.2, 0, 0));
    assert_ok(bnsl_md_random_start_confined(&s.c.box, BNSL_MD_WALL_SLAB, 0.5 * height, s.c.n, s.diameter, 0, 43, 1, s.c.xyz, NULL));
    compare_sized("slab", &s, BNSL_MD_WALL_SLAB, 0.5 * height);
    free_sized(&s);
}

/* The configurations of the benchmarks, as they were saved. */
static void saved_fluids(void **state)
{
    (void)state;
    for (int k = 0; k < 2; k++) {
        saved_fluid f;
        assert_true(saved_fluid_read(&f, test_data(k == 0 ? "md/m25_phi055.bin" : "md/m6_phi055.bin")));
        configuration c = { .n = f.n, .xyz = f.xyz, .species = f.species };
        assert_ok(bnsl_box_init(&c.box, f.edge, f.edge, f.edge, 0, 0, 0));
        bnsl_potential *p = mie_mixture(50, k == 0 ? 25 : 6, 0.55);
        compare(&(comparison){ .name = k == 0 ? "saved_50_25" : "saved_50_6", .c = &c, .potential = p });
        bnsl_potential_destroy(p);
        saved_fluid_free(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(usual_exponents), cmocka_unit_test(pairs_that_all_differ), cmocka_unit_test(polydisperse), cmocka_unit_test(many_species),
        cmocka_unit_test(triclinic),       cmocka_unit_test(walls),                 cmocka_unit_test(saved_fluids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
