/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ramps, fluids and surfaces: memory that ends at the k-th allocation, cancelling, the same bits for any number of threads, arguments; roots. */
#include "bnsl_test.h"
#include "free_energy/fluid_internal.h"

static const double diameter[2] = {1, 0.55};
static const int64_t count[2] = {20, 40};

static bnsl_free_energy_fluid_options quick(void)
{
    bnsl_free_energy_fluid_options o;
    assert_ok(bnsl_free_energy_fluid_options_init(&o, sizeof o));
    o.n_densities = 5;
    o.n_steps = 320;
    o.n_equilibrate = 200;
    return o;
}

static bnsl_potential_options short_ranged(void)
{
    bnsl_potential_options p;
    assert_ok(bnsl_potential_options_init(&p, sizeof p));
    p.r_cut = 1.4;
    return p;
}

static void test_threads_give_the_same_bits(void **state)
{
    (void)state;
    bnsl_free_energy_fluid_options o = quick();
    bnsl_potential_options p = short_ranged();
    bnsl_free_energy_fluid_result r[3];
    memset(r, 0, sizeof r);
    for (int k = 0; k < 2; k++) {
        o.num_threads = 2 * k + 1;
        assert_ok(bnsl_free_energy_fluid(2, diameter, count, 1.0, 0.5, &p, &o, NULL, &r[k]));
        assert_memory_equal(&r[0], &r[k], sizeof r[0]);
    }
    /* the parts add up, the ideal ones are exact */
    assert_close(r[0].a, r[0].ideal + r[0].mixing + r[0].density_part + r[0].coupling_part + r[0].depth_part, 1e-14, 0);
    assert_close(r[0].mixing, -0.636514168294814, 1e-14, 0); /* 1/3 ln 1/3 + 2/3 ln 2/3 */
    assert_close(r[0].ideal, -1, 0, 1e-15);
    assert_true(r[0].a_err > 0);
    assert_true(r[0].z_err > 0);
    assert_true(r[0].u_err > 0);
    assert_int_equal(r[0].n, count[0] + count[1]);
    o.seed = 2;
    assert_ok(bnsl_free_energy_fluid(2, diameter, count, 1.0, 0.5, &p, &o, NULL, &r[1]));
    assert_true(r[0].a != r[1].a);
}

static void test_fluid_arguments(void **state)
{
    (void)state;
    bnsl_free_energy_fluid_options o = quick();
    bnsl_potential_options p = short_ranged();
    bnsl_free_energy_fluid_result r;
    memset(&r, 7, sizeof r);
    bnsl_free_energy_fluid_result untouched = r;
    const int64_t few[2] = {5, 5};
    assert_status(bnsl_free_energy_fluid(2, diameter, count, 1, 0.5, &p, &o, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_fluid(2, NULL, count, 1, 0.5, &p, &o, NULL, &r), BNSL_EINVAL);
    assert_status(bnsl_free_energy_fluid(2, diameter, few, 1, 0.5, &p, &o, NULL, &r), BNSL_EINVAL);
    assert_status(bnsl_free_energy_fluid(2, diameter, count, -1, 0.5, &p, &o, NULL, &r), BNSL_EINVAL);
    assert_status(bnsl_free_energy_fluid(2, diameter, count, NAN, 0.5, &p, &o, NULL, &r), BNSL_EINVAL);
    assert_status(bnsl_free_energy_fluid(2, diameter, count, 1, -1, &p, &o, NULL, &r), BNSL_EINVAL);
    assert_status(bnsl_free_energy_fluid(2, diameter, count, 1, INFINITY, &p, &o, NULL, &r), BNSL_EINVAL);
    assert_status(bnsl_free_energy_fluid(2, diameter, count, 3.5, 0.5, &p, &o, NULL, &r), BNSL_EDOMAIN); /* packing fraction 0.81 */
    p.r_cut = 2.5;                                                                                       /* half the box is 1.74 */
    assert_status(bnsl_free_energy_fluid(2, diameter, count, 1, 0.5, &p, &o, NULL, &r), BNSL_EINVAL);
    assert_non_null(strstr(bnsl_error_message(), "half the box"));
    p = short_ranged();
    o.n_densities = 2;
    assert_status(bnsl_free_energy_fluid(2, diameter, count, 1, 0.5, &p, &o, NULL, &r), BNSL_EINVAL);
    o = quick();
    o.n_steps = 100;
    assert_status(bnsl_free_energy_fluid(2, diameter, count, 1, 0.5, &p, &o, NULL, &r), BNSL_EINVAL);
    assert_memory_equal(&r, &untouched, sizeof r);
}

static int32_t stop(void *user, int64_t done, int64_t total)
{
    (void)done, (void)total;
    return ++*(int *)user >= 1;
}

static void test_cancel(void **state)
{
    (void)state;
    bnsl_free_energy_fluid_options o = quick();
    bnsl_potential_options p = short_ranged();
    bnsl_free_energy_fluid_result r;
    bnsl_control *control = NULL;
    int calls = 0;
    assert_ok(bnsl_control_create(&control));
    assert_ok(bnsl_control_set_progress(control, stop, &calls));
    o.n_steps = 1000000; /* minutes, if it were not stopped */
    assert_status(bnsl_free_energy_fluid(2, diameter, count, 1, 0.5, &p, &o, control, &r), BNSL_ECANCELLED);
    assert_int_equal(calls, 1);
    bnsl_control_destroy(control);
}

/* A liquid's density range at a depth far below boiling: a dilute fluid splits, and is refused. */
static void test_split_fluid_is_refused(void **state)
{
    (void)state;
    bnsl_free_energy_fluid_options o = quick();
    bnsl_potential_options p = short_ranged();
    bnsl_free_energy_fluid_result r;
    const int64_t one = 100;
    p.n = 12;
    p.m = 6;
    p.r_cut = 2;
    o.n_steps = 400;
    assert_status(bnsl_free_energy_fluid(1, diameter, &one, 0.15, 3, &p, &o, NULL, &r), BNSL_EDOMAIN);
    assert_non_null(strstr(bnsl_error_message(), "inside the vapour-liquid loop"));
}

static void test_memory_ends(void **state)
{
    (void)state;
    bnsl_free_energy_fluid_options o = quick();
    bnsl_potential_options p = short_ranged();
    bnsl_free_energy_fluid_result r;
    o.n_steps = 320;
    o.n_equilibrate = 4;
    long k = 0;
    for (;; k = k < 30 ? k + 1 : 2 * k) { /* every early allocation, then ever wider steps */
        oom_arm(k);
        bnsl_status status = bnsl_free_energy_fluid(2, diameter, count, 0.3, 0, &p, &o, NULL, &r);
        bool fired = oom_fired();
        oom_disarm();
        if (!fired) {
            assert_ok(status);
            break;
        }
        assert_int_equal(status, BNSL_ENOMEM);
    }
    assert_true(k >= 30);
}

static void test_surface_memory_ends(void **state)
{
    (void)state;
    bnsl_free_energy_surface_options o;
    bnsl_free_energy_datum data[12];
    const double one = 1;
    assert_ok(bnsl_free_energy_surface_options_init(&o, sizeof o));
    o.n_species = 1;
    o.n_density = 3;
    for (int i = 0; i < 12; i++)
        data[i] = (bnsl_free_energy_datum){i % 2 ? BNSL_DATUM_A : BNSL_DATUM_Z, 0, 0.1 + 0.05 * i, 1, 1 + 0.1 * i, 0.1};
    for (long k = 0;; k++) {
        bnsl_free_energy_surface *s = (void *)1;
        oom_arm(k);
        bnsl_status status = bnsl_free_energy_surface_create(&s, &o, 12, data, &one, &one, NULL);
        bool fired = oom_fired();
        oom_disarm();
        if (!fired) {
            assert_ok(status);
            bnsl_free_energy_surface_destroy(s);
            assert_true(k > 2); /* GSL's own memory is not counted */
            break;
        }
        assert_int_equal(status, BNSL_ENOMEM);
        assert_null(s);
    }
}

/* A ramp of two equal nodes up and down: the same potential throughout, so that both averages agree within their errors; the box keeps its
 * volume when it follows the shape, and a stretched crystal is drawn back. */
static void test_relaxed_shape(void **state)
{
    (void)state;
    bnsl_lattice *lattice = NULL;
    bnsl_free_energy_ramp_options o;
    bnsl_potential_options p = short_ranged();
    bnsl_box box;
    static double xyz[3 * 512];
    static int32_t species[512];
    int64_t n = 0;
    enum { N_NODES = 12 };
    double coupling[N_NODES], depth[N_NODES];
    bnsl_free_energy_node node[N_NODES];
    assert_ok(bnsl_lattice_create(&lattice, "fcc", NULL));
    assert_ok(bnsl_free_energy_supercell(lattice, 1.3, 0, 108, 512, &n, &box, xyz, species));
    bnsl_lattice_destroy(lattice);
    double across = exp(-0.02 / 3), along = exp(2 * 0.02 / 3); /* lz/lx 2 % too large */
    for (int64_t i = 0; i < n; i++) {
        xyz[3 * i] *= across;
        xyz[3 * i + 1] *= across;
        xyz[3 * i + 2] *= along;
    }
    box.lx *= across;
    box.ly *= across;
    box.lz *= along;
    for (int k = 0; k < N_NODES; k++) {
        coupling[k] = 1;
        depth[k] = 1;
    }
    assert_ok(bnsl_free_energy_ramp_options_init(&o, sizeof o));
    o.directions = 1;
    o.n_equilibrate = 500;
    o.n_steps = 640;
    o.relax_z = 1;
    assert_ok(bnsl_free_energy_ramp(&box, n, xyz, species, 1, diameter, &p, N_NODES, coupling, depth, &o, NULL, node));
    double first = node[0].stress[2] - 0.5 * (node[0].stress[0] + node[0].stress[1]);
    assert_close(node[0].stretch, 1, 1e-15, 0);
    if (!(first < -3)) /* pulled along z */
        fail_msg("the stress along z is %g above the others", first);
    assert_close(node[N_NODES - 1].stretch, exp(-0.02), 0, 7e-3); /* a cubic crystal knows its shape; 3 to 4 standard deviations of so short a run */
    double work = 0;
    for (int k = 1; k < N_NODES; k++)
        work += node[k].shape_work;
    assert_true(work < 0); /* towards the minimum */
}

/*
 * Turning back before a fluid has split: the nodes before are those of a run that goes on, the node itself and those beyond are NaN; a limit that
 * nothing reaches changes no bit; node 0 is always visited. The way back starts from the fluid as it was before: that of a run that has gone on
 * brings a drop along.
 */
static void test_turning_back(void **state)
{
    (void)state;
    enum { N_NODES = 5 };
    static double xyz[3 * 60];
    static int32_t species[60];
    const double coupling[N_NODES] = {1, 1, 1, 1, 1}, depth[N_NODES] = {0.5, 0.5, 8, 9, 10};
    bnsl_box box;
    bnsl_free_energy_node plain[N_NODES], node[N_NODES];
    bnsl_free_energy_ramp_options o;
    bnsl_potential_options p = short_ranged();
    assert_ok(bnsl_free_energy_fluid_start(2, diameter, count, 0.5, 1, &box, xyz, species));
    assert_ok(bnsl_free_energy_ramp_options_init(&o, sizeof o));
    o.n_equilibrate = 400;
    o.n_steps = 640;
    o.directions = 1;
    assert_ok(bnsl_free_energy_ramp(&box, 60, xyz, species, 2, diameter, &p, N_NODES, coupling, depth, &o, NULL, plain));
    o.highest_clumping = 1e9;
    assert_ok(bnsl_free_energy_ramp(&box, 60, xyz, species, 2, diameter, &p, N_NODES, coupling, depth, &o, NULL, node));
    assert_memory_equal(node, plain, sizeof node);
    printf("    clumping %.3f %.3f %.3f %.3f %.3f\n", plain[0].clumping, plain[1].clumping, plain[2].clumping, plain[3].clumping, plain[4].clumping);
    int k = 1;
    double highest = plain[0].clumping;
    for (; k < N_NODES && plain[k].clumping <= 1.5 * plain[0].clumping; k++)
        highest = fmax(highest, plain[k].clumping);
    assert_in_range(k, 2, N_NODES - 1); /* as the depths are */
    o.highest_clumping = 0.5 * (highest + plain[k].clumping);
    for (o.directions = 1; o.directions <= 2; o.directions++) {
        assert_ok(bnsl_free_energy_ramp(&box, 60, xyz, species, 2, diameter, &p, N_NODES, coupling, depth, &o, NULL, node));
        for (int i = 0; i < N_NODES; i++)
            assert_true((i < k) == (isfinite(node[i].slope) && isfinite(node[i].z) && isfinite(node[i].clumping)));
        if (o.directions == 1)
            assert_memory_equal(node, plain, (size_t)k * sizeof *node);
    }
    o.directions = 2;
    assert_ok(bnsl_free_energy_ramp(&box, 60, xyz, species, 2, diameter, &p, N_NODES, coupling, depth, &o, NULL, node));
    o.highest_clumping = 0;
    assert_ok(bnsl_free_energy_ramp(&box, 60, xyz, species, 2, diameter, &p, N_NODES, coupling, depth, &o, NULL, plain));
    printf("    hysteresis %.4f, of a drop on its way back %.4f\n", node[k - 1].hysteresis, plain[k - 1].hysteresis);
    assert_true(fabs(node[k - 1].hysteresis) < 0.1); /* noise: some 0.04 for so few steps */
    assert_true(plain[k - 1].hysteresis > 0.15);
    o.highest_clumping = 1e-9;
    assert_ok(bnsl_free_energy_ramp(&box, 60, xyz, species, 2, diameter, &p, N_NODES, coupling, depth, &o, NULL, node));
    for (int i = 0; i < N_NODES; i++)
        assert_true((i == 0) == isfinite(node[i].slope));
    for (o.highest_clumping = -1; !isnan(o.highest_clumping); o.highest_clumping = o.highest_clumping < 0 ? INFINITY : NAN)
        assert_status(bnsl_free_energy_ramp(&box, 60, xyz, species, 2, diameter, &p, N_NODES, coupling, depth, &o, NULL, node), BNSL_EINVAL);
}

static bnsl_free_energy_exchange_options quick_exchange(void)
{
    bnsl_free_energy_exchange_options o;
    assert_ok(bnsl_free_energy_exchange_options_init(&o, sizeof o));
    o.n_windows = 3;
    o.n_steps = 6400;
    o.n_equilibrate = 400;
    return o;
}

/* A dilute mixture: mu_L - mu_S = ln(x_L/x_S) + 2 rho sum_j x_j (B2_Lj - B2_Sj), to the square of the excess part. */
static void test_exchange_of_a_dilute_fluid(void **state)
{
    (void)state;
    bnsl_free_energy_exchange_options o = quick_exchange();
    bnsl_potential_options p = short_ranged(), ipl = p;
    bnsl_potential *potential = NULL;
    const double density = 0.1, x[2] = {1.0 / 3, 2.0 / 3};
    double b2, excess = 0, value[2], err[2];
    ipl.form = BNSL_FORM_IPL;
    ipl.well_depth = 1;
    assert_ok(bnsl_potential_create(&potential, 2, diameter, &ipl));
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++) {
            assert_ok(bnsl_potential_second_virial(potential, i, j, 1, &b2));
            excess += (i == 0 ? 2 : -2) * density * x[j] * b2;
        }
    bnsl_potential_destroy(potential);
    o.n_swap = 20;
    o.n_steps = 1600; /* enough for the same bits */
    for (int k = 0; k < 2; k++) {
        o.num_threads = 2 * k + 1;
        assert_ok(bnsl_free_energy_exchange(diameter, count, density, 0, &p, &o, NULL, &value[k], &err[k]));
    }
    assert_true(value[0] == value[1] && err[0] == err[1]);
    o.n_steps = 12000;
    assert_ok(bnsl_free_energy_exchange(diameter, count, density, 0, &p, &o, NULL, &value[0], &err[0]));
    printf("    mu_L - mu_S %.4f +- %.4f, to the second virial coefficient %.4f + %.4f\n", value[0], err[0], log(0.5), excess);
    assert_true(err[0] > 0 && err[0] < 0.02);
    assert_close(value[0], log(0.5) + excess, 0, 5 * err[0] + excess * excess);
}

static void test_exchange_arguments(void **state)
{
    (void)state;
    bnsl_potential_options p = short_ranged();
    const double same[2] = {1, 1};
    const int64_t few[2] = {3, 40};
    double value = 7;
    const struct {
        int32_t n_windows, n_swap;
        int64_t n_steps;
        double dt, ipl_prefactor;
    } bad[] = {{1, 0, 6400, 0, 0},  {17, 0, 6400, 0, 0},     {3, 3, 6400, 0, 0},  {3, 22, 6400, 0, 0}, {3, 0, 100, 0, 0},
               {3, 0, 6400, -1, 0}, {3, 0, 6400, 0.2, 0},    {3, 0, 6400, NAN, 0}, {3, 0, 6400, 0, -1}, {3, 0, 6400, 0, NAN}};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        bnsl_free_energy_exchange_options o = quick_exchange();
        o.n_windows = bad[k].n_windows;
        o.n_swap = bad[k].n_swap;
        o.n_steps = bad[k].n_steps;
        o.dt = bad[k].dt;
        o.ipl_prefactor = bad[k].ipl_prefactor;
        assert_status(bnsl_free_energy_exchange(diameter, count, 1, 0.5, &p, &o, NULL, &value, NULL), BNSL_EINVAL);
    }
    bnsl_free_energy_exchange_options o = quick_exchange();
    assert_status(bnsl_free_energy_exchange(NULL, count, 1, 0.5, &p, &o, NULL, &value, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_exchange(same, count, 1, 0.5, &p, &o, NULL, &value, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_exchange(diameter, few, 1, 0.5, &p, &o, NULL, &value, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_exchange(diameter, count, NAN, 0.5, &p, &o, NULL, &value, NULL), BNSL_EINVAL);
    assert_status(bnsl_free_energy_exchange(diameter, count, 1, -1, &p, &o, NULL, &value, NULL), BNSL_EINVAL);
    assert_true(value == 7);
}

/* ---- roots -------------------------------------------------------------------------------------------------- */

typedef struct growing {
    double (*fn)(double x);
    int n; /* evaluations */
} growing;

static double evaluate(void *user, double x)
{
    growing *g = user;
    g->n++;
    return g->fn(x);
}

static double line(double x)
{
    return 3 * x - 1e-5;
}

static double cubic(double x)
{
    return x * x * x - 2;
}

static double power(double x)
{
    return pow(x, 50) - 1e-20;
}

static double kink(double x)
{
    return x < 0.3 ? 1e-6 * (x - 0.3) : 1e6 * (x - 0.3);
}

static double jump(double x)
{
    return x < 0.3 ? -1e-9 : 1e9;
}

static double at_zero(double x)
{
    return x * x * x;
}

static double unknown(double x)
{
    return x < 0.5 ? -1 : NAN;
}

static void test_growing_root(void **state)
{
    (void)state;
    const struct {
        double (*fn)(double x);
        double low, high, root;
        int most; /* evaluations: few where the function is smooth, never more than three times those of bisection and the ends */
    } of[] = {{line, 1e-9, 0.5, 1e-5 / 3, 8},       {cubic, 0, 2, 1.2599210498948732, 24}, {cubic, -1e3, 1e3, 1.2599210498948732, 60},
              {power, 0, 1, 0.3981071705534972, 60}, {kink, 0, 1, 0.3, 180},                {jump, 0, 1, 0.3, 180},
              {at_zero, -1, 1, 0, 202},              {cubic, 1.5, 2, 1.5, 180},             {cubic, 0, 1, 1, 180},
              {unknown, 0, 1, 0.5, 180}};
    for (size_t k = 0; k < sizeof of / sizeof *of; k++) {
        growing g = {of[k].fn, 0};
        double root = bnsl__growing_root(evaluate, &g, of[k].low, of[k].high, 1e-15);
        assert_close(root, of[k].root, 4e-15, 1e-15);
        if (g.n > of[k].most)
            fail_msg("function %d takes %d evaluations", (int)k, g.n);
    }
    growing g = {cubic, 0};
    assert_close(bnsl__growing_root(evaluate, &g, 0, 2, 1e-3), 1.2599210498948732, 1e-3, 0);
    assert_true(g.n < 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads_give_the_same_bits),
        cmocka_unit_test(test_fluid_arguments),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_split_fluid_is_refused),
        cmocka_unit_test(test_memory_ends),
        cmocka_unit_test(test_surface_memory_ends),
        cmocka_unit_test(test_relaxed_shape),
        cmocka_unit_test(test_turning_back),
        cmocka_unit_test(test_exchange_of_a_dilute_fluid),
        cmocka_unit_test(test_exchange_arguments),
        cmocka_unit_test(test_growing_root),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
