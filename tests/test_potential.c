/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pair matrix: parameters, mixing, cut-off and shift, energies and forces. */
#include "bnsl_test.h"
#include "test_csv.h"

static const double forms[][3] = {/* form, n, m */
                                  {BNSL_FORM_MIE, 50, 25},   {BNSL_FORM_MIE, 50, 6},    {BNSL_FORM_MIE, 12, 6}, {BNSL_FORM_MIE, 14.5, 7.5},
                                  {BNSL_FORM_MIE, 9.3, 3.1}, {BNSL_FORM_MIE, 200, 100}, {BNSL_FORM_IPL, 50, 0}, {BNSL_FORM_IPL, 12.25, 0},
                                  {BNSL_FORM_WCA, 50, 25},   {BNSL_FORM_WCA, 12, 6},    {BNSL_FORM_NONE, 0, 0}};
enum { N_FORMS = sizeof forms / sizeof forms[0] };

static bnsl_potential_options form_options(int i)
{
    bnsl_potential_options o;
    assert_ok(bnsl_potential_options_init(&o, sizeof o));
    o.form = (int32_t)forms[i][0];
    o.n = forms[i][1];
    o.m = forms[i][2];
    return o;
}

/* The form as the header prints it, in long double, uncut. */
static long double naive_energy(const bnsl_potential_options *o, long double r)
{
    long double n = o->n, m = o->m, x = o->sigma / r;
    if (o->form == BNSL_FORM_NONE)
        return 0;
    if (o->form == BNSL_FORM_IPL)
        return o->well_depth * powl(x, n);
    long double c = n / (n - m) * powl(n / m, m / (n - m));
    return c * o->well_depth * (powl(x, n) - powl(x, m));
}

/* As cut and shifted. */
static long double naive_cut_energy(const bnsl_potential_options *o, long double r)
{
    long double r_min = o->sigma * powl((long double)o->n / o->m, 1.0L / ((long double)o->n - o->m));
    if (o->form == BNSL_FORM_NONE)
        return 0;
    if (o->form == BNSL_FORM_WCA)
        return r < r_min ? naive_energy(o, r) + o->well_depth : 0;
    long double r_cut = (long double)o->r_cut * o->sigma;
    long double shift = o->shift == BNSL_SHIFT_ENERGY && isfinite(o->r_cut) ? naive_energy(o, r_cut) : 0;
    return r < r_cut ? naive_energy(o, r) - shift : 0;
}

static long double naive_force(const bnsl_potential_options *o, long double r)
{
    long double n = o->n, m = o->m, x = o->sigma / r, c = n / (n - m) * powl(n / m, m / (n - m));
    if (naive_cut_energy(o, r) == 0)
        return 0;
    if (o->form == BNSL_FORM_IPL)
        return n * o->well_depth * powl(x, n) / r;
    return c * o->well_depth * (n * powl(x, n) - m * powl(x, m)) / r;
}

/* ---- parameters ------------------------------------------------------------------------------------ */

static void test_defaults(void **state)
{
    (void)state;
    bnsl_potential_options o, got;
    memset(&o, 0x5a, sizeof o);
    assert_ok(bnsl_potential_options_init(&got, sizeof got));
    assert_ok(bnsl_potential_options_init(&o, sizeof o));
    assert_int_equal(o.struct_size, sizeof o);
    assert_int_equal(o.form, BNSL_FORM_MIE);
    assert_int_equal(o.shift, BNSL_SHIFT_ENERGY);
    assert_true(o.n == 50 && o.m == 25 && o.well_depth == 1 && o.sigma == 1 && o.r_cut == 0);

    static const double expected[][4] = {/* form, n, m, resolved r_cut */
                                         {BNSL_FORM_MIE, 50, 25, 1.6}, {BNSL_FORM_MIE, 50, 20, 1.6}, {BNSL_FORM_MIE, 50, 6, 2.5},
                                         {BNSL_FORM_MIE, 0, 0, 1.6},   {BNSL_FORM_IPL, 12, 0, 1.6},  {BNSL_FORM_NONE, 0, 0, 0}};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        o.form = (int32_t)expected[i][0];
        o.n = expected[i][1];
        o.m = expected[i][2];
        bnsl_potential *p = one_species(&o);
        assert_ok(bnsl_potential_get_pair(p, 0, 0, &got));
        assert_true(got.r_cut == expected[i][3]);
        bnsl_potential_destroy(p);
    }
    bnsl_potential *p = one_species(NULL);
    assert_ok(bnsl_potential_get_pair(p, 0, 0, &got));
    assert_true(got.form == BNSL_FORM_MIE && got.n == 50 && got.m == 25 && got.r_cut == 1.6 && got.sigma == 1);
    bnsl_potential_destroy(p);
    bnsl_potential_destroy(NULL);
}

static void test_mixing_and_set_pair(void **state)
{
    (void)state;
    const double diameter[3] = {1.0, 0.55, 0.3};
    bnsl_potential_options o, got;
    assert_ok(bnsl_potential_options_init(&o, sizeof o));
    assert_ok(bnsl_potential_options_init(&got, sizeof got));
    o.sigma = 2.0;
    o.well_depth = 3.0;
    bnsl_potential *p = NULL;
    assert_ok(bnsl_potential_create(&p, 3, diameter, &o));
    assert_int_equal(bnsl_potential_n_species(p), 3);
    double back[3], r_cut[9];
    assert_ok(bnsl_potential_diameters(p, back));
    assert_ok(bnsl_potential_cutoffs(p, r_cut));
    for (int32_t i = 0; i < 3; i++) {
        assert_true(back[i] == diameter[i]);
        for (int32_t j = 0; j < 3; j++) {
            assert_ok(bnsl_potential_get_pair(p, i, j, &got));
            assert_close(got.sigma, diameter[i] + diameter[j], 1e-15, 0);
            assert_true(got.well_depth == 3.0);
            assert_close(r_cut[3 * i + j], 1.6 * got.sigma, 1e-15, 0);
        }
    }
    /* sigma of set_pair is sigma_ab itself, and both orders change */
    o.form = BNSL_FORM_WCA;
    o.sigma = 0.7;
    assert_ok(bnsl_potential_set_pair(p, 2, 1, &o));
    assert_ok(bnsl_potential_get_pair(p, 1, 2, &got));
    assert_true(got.sigma == 0.7 && got.form == BNSL_FORM_WCA);
    assert_close(got.r_cut, 1.028113826656067, 1e-15, 0);
    assert_ok(bnsl_potential_cutoffs(p, r_cut));
    assert_true(r_cut[5] == r_cut[7]);
    assert_close(r_cut[5], 0.7 * 1.028113826656067, 1e-15, 0);
    o.form = BNSL_FORM_NONE;
    assert_ok(bnsl_potential_set_pair(p, 0, 0, &o));
    assert_ok(bnsl_potential_cutoffs(p, r_cut));
    assert_true(r_cut[0] == 0);
    /* what get_pair gives, set_pair takes */
    assert_ok(bnsl_potential_get_pair(p, 0, 1, &o));
    assert_ok(bnsl_potential_set_pair(p, 2, 2, &o));
    assert_ok(bnsl_potential_get_pair(p, 2, 2, &got));
    assert_memory_equal(&o, &got, sizeof o);
    bnsl_potential_destroy(p);
}

/* ---- energies and forces --------------------------------------------------------------------------- */

static void test_published_constants(void **state)
{
    (void)state;
    csv_table t = csv_read("potential/mie_constants.csv");
    for (int i = 0; i < t.n_rows; i++) {
        bnsl_potential_options o = form_options(0);
        o.n = csv_number(&t, i, "n");
        o.m = csv_number(&t, i, "m");
        o.r_cut = INFINITY;
        bnsl_potential *p = one_species(&o);
        double r_min, u_min, u[3], force[3], r[3] = {1.5, 2.5, 1.0};
        assert_ok(bnsl_potential_minimum(p, 0, 0, &r_min, &u_min));
        assert_ok(bnsl_potential_evaluate(p, 0, 0, 3, r, u, force));
        assert_close(r_min, csv_number(&t, i, "rmin_over_sigma"), 1e-15, 0);
        assert_true(u_min == -1.0);
        assert_close(u[0], csv_number(&t, i, "u_at_1.5sigma"), 2e-14, 0);
        assert_close(u[1], csv_number(&t, i, "u_at_2.5sigma"), 2e-14, 0);
        assert_close(-force[2], csv_number(&t, i, "du_dr_at_1.0"), 2e-14, 0);
        assert_true(u[2] == 0.0);
        /* at the minimum: -1, no force, and the tabulated curvature as the slope of the force */
        const double h = 1e-5;
        double around[3] = {r_min - h, r_min, r_min + h};
        assert_ok(bnsl_potential_evaluate(p, 0, 0, 3, around, u, force));
        assert_close(u[1], -1.0, 2e-14, 0);
        assert_close(force[1], 0.0, 0, 1e-11);
        /* the cubic term of the force leaves h^2 U''''/6U'' ~ 2e-6 here */
        assert_close((force[0] - force[2]) / (2 * h), csv_number(&t, i, "d2u_dr2_at_rmin"), 1e-5, 0);
        bnsl_potential_destroy(p);
    }
    csv_free(&t);
}

/* Every form, cut-off and shift against the formula in long double, over the range where pairs meet and far inside. */
static void test_against_formula(void **state)
{
    (void)state;
    uint64_t seed = 11;
    const double r_cut[] = {0.9, 1.6, 2.5, INFINITY};
    for (int i = 0; i < N_FORMS; i++) {
        for (int k = 0; k < 8; k++) {
            bnsl_potential_options o = form_options(i), resolved;
            o.r_cut = r_cut[k / 2];
            o.shift = k % 2 ? BNSL_SHIFT_NONE : BNSL_SHIFT_ENERGY;
            o.sigma = 0.775;
            o.well_depth = 2.5;
            bnsl_potential *p = one_species(&o);
            assert_ok(bnsl_potential_options_init(&resolved, sizeof resolved));
            assert_ok(bnsl_potential_get_pair(p, 0, 0, &resolved));
            for (int j = 0; j < 60; j++) {
                double r = 0.775 * (0.4 + 2.8 * test_uniform(&seed)), u, force;
                assert_ok(bnsl_potential_evaluate(p, 0, 0, 1, &r, &u, &force));
                long double x = (long double)o.sigma / r;
                double largest = 2.5 * (double)(powl(x, (long double)resolved.n) * (resolved.m == 0 ? 1 : 8));
                double scale = fabs((double)naive_energy(&resolved, r)) + 2 * largest + (o.form == BNSL_FORM_NONE ? 0 : 2.5);
                /* rounding of sigma / r is raised to the n-th power: n * 1.1e-16 beside the chain's own */
                double rtol = 2e-14 * fmax(1.0, resolved.n / 100);
                if (isfinite(resolved.r_cut) && o.form != BNSL_FORM_NONE)
                    scale += fabs((double)naive_energy(&resolved, resolved.r_cut * o.sigma));
                assert_close(u, (double)naive_cut_energy(&resolved, r), rtol, rtol * scale);
                double want = (double)naive_force(&resolved, r);
                assert_close(force, want, rtol, rtol * resolved.n * scale / r);
            }
            bnsl_potential_destroy(p);
        }
    }
}

/* Relative accuracy promised: 2e-14 of the larger term. */
static void test_relative_accuracy(void **state)
{
    (void)state;
    for (int i = 0; i < N_FORMS; i++) {
        bnsl_potential_options o = form_options(i);
        if (o.form == BNSL_FORM_NONE || o.form == BNSL_FORM_WCA || o.n > 100)
            continue;
        o.r_cut = INFINITY;
        bnsl_potential *p = one_species(&o);
        for (double r = 0.01; r < 30; r *= 1.013) {
            double u, force;
            long double c =
                o.form == BNSL_FORM_IPL ? 1 : o.n / ((long double)o.n - o.m) * powl((long double)o.n / o.m, o.m / ((long double)o.n - o.m));
            long double rep = c * powl(1.0L / r, o.n), att = o.form == BNSL_FORM_IPL ? 0 : c * powl(1.0L / r, o.m);
            assert_ok(bnsl_potential_evaluate(p, 0, 0, 1, &r, &u, &force));
            assert_close(u, (double)(rep - att), 0, 2e-14 * (double)fmaxl(rep, att));
            assert_close(force, (double)((o.n * rep - o.m * att) / r), 0, 2e-14 * (double)(fmaxl(o.n * rep, o.m * att) / r));
        }
        bnsl_potential_destroy(p);
    }
}

/* F = -dU/dr by 5-point differences in steps that keep the difference formula's own error below 1e-9. */
static void test_force_is_gradient(void **state)
{
    (void)state;
    for (int i = 0; i < N_FORMS; i++) {
        bnsl_potential_options o = form_options(i);
        o.sigma = 1.3;
        o.well_depth = 0.7;
        o.r_cut = 2.2;
        bnsl_potential *p = one_species(&o);
        double r_cut;
        assert_ok(bnsl_potential_cutoffs(p, &r_cut));
        for (double r = 0.6; r < 3.5; r += 0.00917) {
            double n = fmax(o.n, 1), h = 2e-3 / n * r;
            double at[5] = {r - 2 * h, r - h, r + h, r + 2 * h, r}, u[5], force[5];
            if (fabs(r - r_cut) < 3 * h)
                continue;
            assert_ok(bnsl_potential_evaluate(p, 0, 0, 5, at, u, force));
            double gradient = (u[0] - 8 * u[1] + 8 * u[2] - u[3]) / (12 * h);
            /* rounding of the energies: 2e-14 max|U| / h, with |U| of both terms and the shift */
            double scale = o.form == BNSL_FORM_NONE ? 0 : 0.7 * (8 * pow(1.3 / r, n) + 1) / h * 2e-14;
            assert_close(force[4], -gradient, 1e-8, scale);
        }
        bnsl_potential_destroy(p);
    }
}

static void test_edges(void **state)
{
    (void)state;
    for (int i = 0; i < N_FORMS; i++) {
        bnsl_potential_options o = form_options(i);
        bnsl_potential *p = one_species(&o);
        double r_cut;
        assert_ok(bnsl_potential_cutoffs(p, &r_cut));
        /* at r_cut and beyond: exactly zero; deep overlap: finite and repulsive, however small r is */
        double r[6] = {r_cut > 0 ? r_cut : 1, 10, INFINITY, 1e-3, 1e-30, 4e-320}, u[6], force[6];
        assert_ok(bnsl_potential_evaluate(p, 0, 0, 6, r, u, force));
        for (int j = 0; j < 3; j++)
            assert_true(u[j] == 0 && force[j] == 0);
        for (int j = 3; j < 6; j++) {
            assert_true(isfinite(u[j]) && isfinite(force[j]));
            if (o.form != BNSL_FORM_NONE)
                assert_true(u[j] > 1e20 && force[j] > 1e20 && u[j] <= 1e300 && force[j] <= 1e300);
        }
        /* energy shift: continuous at the cut-off */
        if (o.form != BNSL_FORM_NONE) {
            double below = r_cut * (1 - 1e-13);
            assert_ok(bnsl_potential_evaluate(p, 0, 0, 1, &below, u, NULL));
            assert_close(u[0], 0, 0, 1e-11);
        }
        assert_ok(bnsl_potential_evaluate(p, 0, 0, 0, NULL, NULL, NULL));
        bnsl_potential_destroy(p);
    }
}

/* ---- faults ---------------------------------------------------------------------------------------- */

static void test_bad_options(void **state)
{
    (void)state;
    const struct {
        int32_t form;
        double n, m, well_depth, sigma, r_cut;
        int32_t shift, reserved;
    } bad[] = {{-1, 50, 25, 1, 1, 0, 0, 0},      {4, 50, 25, 1, 1, 0, 0, 0},        {0, 3, 2, 1, 1, 0, 0, 0},      {0, 50, 3, 1, 1, 0, 0, 0},
               {0, 50, 50, 1, 1, 0, 0, 0},       {0, 12, 25, 1, 1, 0, 0, 0},        {0, NAN, 25, 1, 1, 0, 0, 0},   {0, 50, NAN, 1, 1, 0, 0, 0},
               {0, INFINITY, 25, 1, 1, 0, 0, 0}, {0, -50, 25, 1, 1, 0, 0, 0},       {0, 50, 25, 0, 1, 0, 0, 0},    {0, 50, 25, -1, 1, 0, 0, 0},
               {0, 50, 25, NAN, 1, 0, 0, 0},     {0, 50, 25, INFINITY, 1, 0, 0, 0}, {0, 50, 25, 1, 0, 0, 0, 0},    {0, 50, 25, 1, -1, 0, 0, 0},
               {0, 50, 25, 1, NAN, 0, 0, 0},     {0, 50, 25, 1, INFINITY, 0, 0, 0}, {0, 50, 25, 1, 1, -1, 0, 0},   {0, 50, 25, 1, 1, NAN, 0, 0},
               {0, 50, 25, 1, 1, 0, 3, 0},       {0, 50, 25, 1, 1, 0, 0, 7},        {0, 50, 25, 1, 1, 1e-9, 0, 0}, {0, 50, 25, 1e308, 1, 0.5, 0, 0},
               {1, 3, 0, 1, 1, 0, 0, 0},         {2, 12, 12, 1, 1, 0, 0, 0}};
    bnsl_potential *p = one_species(NULL);
    bnsl_potential_options before, after;
    assert_ok(bnsl_potential_options_init(&before, sizeof before));
    assert_ok(bnsl_potential_options_init(&after, sizeof after));
    assert_ok(bnsl_potential_get_pair(p, 0, 0, &before));
    const double diameter = 1;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        bnsl_potential_options o;
        assert_ok(bnsl_potential_options_init(&o, sizeof o));
        o.form = bad[i].form;
        o.n = bad[i].n;
        o.m = bad[i].m;
        o.well_depth = bad[i].well_depth;
        o.sigma = bad[i].sigma;
        o.r_cut = bad[i].r_cut;
        o.shift = bad[i].shift;
        o.reserved = bad[i].reserved;
        bnsl_potential *q = p;
        assert_status(bnsl_potential_create(&q, 1, &diameter, &o), BNSL_EINVAL);
        assert_null(q);
        assert_status(bnsl_potential_set_pair(p, 0, 0, &o), BNSL_EINVAL);
        assert_ok(bnsl_potential_get_pair(p, 0, 0, &after));
        assert_memory_equal(&before, &after, sizeof before);
    }
    bnsl_potential_destroy(p);
}

static void test_options_sizes(void **state)
{
    (void)state;
    struct {
        bnsl_potential_options known;
        double future;
    } newer;
    memset(&newer, 0, sizeof newer);
    assert_ok(bnsl_potential_options_init(&newer.known, sizeof newer));
    bnsl_potential *p = one_species(&newer.known);
    bnsl_potential_destroy(p);
    newer.future = 1;
    const double diameter = 1;
    assert_status(bnsl_potential_create(&p, 1, &diameter, &newer.known), BNSL_EINVAL);
    /* a caller that knows fewer fields gets defaults for the rest */
    bnsl_potential_options o, got;
    assert_ok(bnsl_potential_options_init(&o, sizeof o));
    assert_ok(bnsl_potential_options_init(&got, sizeof got));
    o.n = 12;
    o.m = 6;
    o.well_depth = 9;
    o.struct_size = offsetof(bnsl_potential_options, well_depth);
    p = one_species(&o);
    assert_ok(bnsl_potential_get_pair(p, 0, 0, &got));
    assert_true(got.n == 12 && got.m == 6 && got.well_depth == 1 && got.struct_size == sizeof got);
    bnsl_potential_destroy(p);
    assert_status(bnsl_potential_options_init(NULL, sizeof o), BNSL_EINVAL);
    assert_status(bnsl_potential_options_init(&o, 0), BNSL_EINVAL);
}

static void test_bad_arguments(void **state)
{
    (void)state;
    bnsl_potential *p = NULL;
    const double good[2] = {1, 0.5};
    const double bad[] = {0, -1, NAN, INFINITY};
    assert_status(bnsl_potential_create(NULL, 1, good, NULL), BNSL_EINVAL);
    assert_status(bnsl_potential_create(&p, 1, NULL, NULL), BNSL_EINVAL);
    const int32_t counts[] = {0, -1, 65, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        assert_status(bnsl_potential_create(&p, counts[i], good, NULL), BNSL_EINVAL);
    for (int i = 0; i < 4; i++) {
        double diameter[2] = {1, bad[i]};
        assert_status(bnsl_potential_create(&p, 2, diameter, NULL), BNSL_EINVAL);
        assert_null(p);
    }
    const double huge[2] = {1.7e308, 1.7e308};
    assert_status(bnsl_potential_create(&p, 2, huge, NULL), BNSL_EINVAL);

    assert_ok(bnsl_potential_create(&p, 2, good, NULL));
    bnsl_potential_options o;
    double r[2] = {1, 1}, u[2] = {7, 7}, f[2] = {7, 7};
    const int32_t pairs[][2] = {{-1, 0}, {0, 2}, {2, 0}, {0, INT32_MAX}, {INT32_MIN, 0}};
    for (int i = 0; i < 5; i++) {
        int32_t a = pairs[i][0], b = pairs[i][1];
        assert_status(bnsl_potential_set_pair(p, a, b, NULL), BNSL_EINVAL);
        assert_status(bnsl_potential_get_pair(p, a, b, &o), BNSL_EINVAL);
        assert_status(bnsl_potential_evaluate(p, a, b, 1, r, u, f), BNSL_EINVAL);
        assert_status(bnsl_potential_minimum(p, a, b, u, f), BNSL_EINVAL);
    }
    for (int i = 0; i < 3; i++) {
        r[1] = bad[i];
        assert_status(bnsl_potential_evaluate(p, 0, 1, 2, r, u, f), BNSL_EINVAL);
    }
    assert_status(bnsl_potential_evaluate(p, 0, 1, -1, r, u, f), BNSL_EINVAL);
    assert_status(bnsl_potential_evaluate(p, 0, 1, 1, NULL, u, f), BNSL_EINVAL);
    assert_status(bnsl_potential_evaluate(NULL, 0, 1, 1, r, u, f), BNSL_EINVAL);
    assert_status(bnsl_potential_get_pair(p, 0, 0, NULL), BNSL_EINVAL);
    assert_status(bnsl_potential_get_pair(NULL, 0, 0, &o), BNSL_EINVAL);
    assert_status(bnsl_potential_set_pair(NULL, 0, 0, NULL), BNSL_EINVAL);
    assert_status(bnsl_potential_diameters(p, NULL), BNSL_EINVAL);
    assert_status(bnsl_potential_diameters(NULL, u), BNSL_EINVAL);
    assert_status(bnsl_potential_cutoffs(p, NULL), BNSL_EINVAL);
    assert_status(bnsl_potential_cutoffs(NULL, u), BNSL_EINVAL);
    assert_status(bnsl_potential_minimum(NULL, 0, 0, u, f), BNSL_EINVAL);
    assert_ok(bnsl_potential_options_init(&o, sizeof o));
    for (int32_t form = BNSL_FORM_IPL; form <= BNSL_FORM_NONE; form += 2) {
        o.form = form;
        assert_ok(bnsl_potential_set_pair(p, 0, 1, &o));
        assert_status(bnsl_potential_minimum(p, 0, 1, u, f), BNSL_EDOMAIN);
    }
    assert_true(u[0] == 7 && u[1] == 7 && f[0] == 7 && f[1] == 7);
    assert_int_equal(bnsl_potential_n_species(NULL), 0);
    bnsl_potential_destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),        cmocka_unit_test(test_mixing_and_set_pair), cmocka_unit_test(test_published_constants),
        cmocka_unit_test(test_against_formula), cmocka_unit_test(test_relative_accuracy),   cmocka_unit_test(test_force_is_gradient),
        cmocka_unit_test(test_edges),           cmocka_unit_test(test_bad_options),         cmocka_unit_test(test_options_sizes),
        cmocka_unit_test(test_bad_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
