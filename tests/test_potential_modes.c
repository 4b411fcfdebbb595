/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cut-off modes of every form, switching, the path from an inverse power law to a Mie potential, mixtures of different pairs. */
#include "bnsl_test.h"

static bnsl_potential_options defaults(void)
{
    bnsl_potential_options o;
    assert_ok(bnsl_potential_options_init(&o, sizeof o));
    return o;
}

static bnsl_potential_options resolved(const bnsl_potential *p)
{
    bnsl_potential_options o = defaults();
    assert_ok(bnsl_potential_get_pair(p, 0, 0, &o));
    return o;
}

static void evaluate(const bnsl_potential *p, double r, double *u, double *force)
{
    assert_ok(bnsl_potential_evaluate(p, 0, 0, 1, &r, u, force));
}

static const double forms[][4] = {/* form, n, m, coupling */
                                  {BNSL_FORM_MIE, 50, 25, 0},        {BNSL_FORM_MIE, 50, 6, 0},         {BNSL_FORM_MIE, 12, 6, 0},
                                  {BNSL_FORM_MIE, 14.3, 7.1, 0},     {BNSL_FORM_IPL, 50, 0, 0},         {BNSL_FORM_IPL, 12.3, 0, 0},
                                  {BNSL_FORM_WCA, 50, 25, 0},        {BNSL_FORM_WCA, 12, 6, 0},         {BNSL_FORM_NONE, 0, 0, 0},
                                  {BNSL_FORM_IPL_MIE, 50, 25, 0},    {BNSL_FORM_IPL_MIE, 50, 25, 0.3},  {BNSL_FORM_IPL_MIE, 50, 6, 0.7},
                                  {BNSL_FORM_IPL_MIE, 14.3, 7.1, 1}, {BNSL_FORM_IPL_MIE, 50, 6, 0.999}, {BNSL_FORM_IPL_MIE, 12, 6, 1e-3}};
enum { N_FORMS = sizeof forms / sizeof forms[0] };

static const double modes[][3] = {/* shift, r_cut, r_on */
                                  {BNSL_SHIFT_ENERGY, 1.6, 0},   {BNSL_SHIFT_NONE, 2.5, 0},     {BNSL_SHIFT_SMOOTH, 2.5, 0},
                                  {BNSL_SHIFT_SMOOTH, 1.6, 1.1}, {BNSL_SHIFT_ENERGY, 1.0, 0},   {BNSL_SHIFT_SMOOTH, 1.2, 0.7},
                                  {BNSL_SHIFT_SMOOTH, 1.6, 1.59}, {BNSL_SHIFT_NONE, INFINITY, 0}};
enum { N_MODES = sizeof modes / sizeof modes[0] };

/* The form in a mode; false where the form has no such mode. */
static bool form_in_mode(int form, int mode, bnsl_potential_options *o)
{
    *o = defaults();
    o->form = (int32_t)forms[form][0];
    o->n = forms[form][1];
    o->m = forms[form][2];
    o->coupling = forms[form][3];
    o->ipl_prefactor = 0.8;
    o->sigma = 0.775;
    o->well_depth = 1.7;
    o->shift = (int32_t)modes[mode][0];
    o->r_cut = modes[mode][1];
    o->r_on = modes[mode][2];
    return o->shift != BNSL_SHIFT_SMOOTH || (o->form != BNSL_FORM_WCA && o->form != BNSL_FORM_NONE);
}

/* ---- naive oracle, in long double, straight from the header's formulas -------------------------------- */

static long double uncut(const bnsl_potential_options *o, long double r, long double *scale)
{
    long double n = o->n, m = o->m, x = o->sigma / r, a = 0, b = 0;
    if (o->form == BNSL_FORM_IPL)
        a = o->well_depth * powl(x, n);
    if (o->form == BNSL_FORM_IPL_MIE)
        a = (1 - (long double)o->coupling) * o->ipl_prefactor * powl(x, n);
    long double lambda = o->form == BNSL_FORM_IPL_MIE ? o->coupling : o->form == BNSL_FORM_IPL || o->form == BNSL_FORM_NONE ? 0 : 1;
    if (lambda > 0) {
        long double c = lambda * o->well_depth * n / (n - m) * powl(n / m, m / (n - m));
        a += c * powl(x, n);
        b = c * powl(x, m);
    }
    *scale = fmaxl(a, b);
    return a - b;
}

static long double oracle(const bnsl_potential_options *o, long double r, long double *scale)
{
    long double cut = o->r_cut * (long double)o->sigma, on = o->r_on * (long double)o->sigma, shift = 0, scale_cut = 0;
    long double u = uncut(o, r, scale);
    if (!(r < cut))
        return 0;
    if (o->form == BNSL_FORM_WCA)
        return u + o->well_depth;
    if (o->shift == BNSL_SHIFT_ENERGY)
        shift = uncut(o, cut, &scale_cut);
    *scale += scale_cut;
    if (o->shift == BNSL_SHIFT_SMOOTH && r > on)
        return u * powl(cut * cut - r * r, 2) * (cut * cut + 2 * r * r - 3 * on * on) / powl(cut * cut - on * on, 3);
    return u - shift;
}

static void test_energies_by_formula(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (int form = 0; form < N_FORMS; form++) {
        for (int mode = 0; mode < N_MODES; mode++) {
            bnsl_potential_options o;
            if (!form_in_mode(form, mode, &o))
                continue;
            bnsl_potential *p = one_species(&o);
            o = resolved(p);
            for (int i = 0; i < 80; i++) {
                double r = 0.775 * (0.5 + 2.2 * test_uniform(&seed)), u;
                long double scale, want = oracle(&o, r, &scale);
                evaluate(p, r, &u, NULL);
                assert_close(u, (double)want, 0, 2e-14 * (double)scale);
            }
            bnsl_potential_destroy(p);
        }
    }
}

/* F = -dU/dr for every form and mode: Richardson's extrapolation of central differences, error of order (n h / r)^4. */
static void test_forces_are_gradients(void **state)
{
    (void)state;
    uint64_t seed = 6;
    for (int form = 0; form < N_FORMS; form++) {
        for (int mode = 0; mode < N_MODES; mode++) {
            bnsl_potential_options o;
            int n_tested = 0;
            if (!form_in_mode(form, mode, &o))
                continue;
            bnsl_potential *p = one_species(&o);
            o = resolved(p);
            double cut = o.r_cut * o.sigma, on = o.r_on * o.sigma;
            for (int i = 0; i < 200; i++) {
                double r = 0.775 * (0.6 + 2.1 * test_uniform(&seed)), u[4], force;
                double width = o.shift == BNSL_SHIFT_SMOOTH && r > on ? (cut - on) / 2 : r, h = 1e-3 * fmin(r / fmax(o.n, 1), width);
                if (fabs(r - cut) < 2 * h || (o.shift == BNSL_SHIFT_SMOOTH && fabs(r - on) < 2 * h))
                    continue;
                evaluate(p, r - h, &u[0], NULL);
                evaluate(p, r - h / 2, &u[1], NULL);
                evaluate(p, r + h / 2, &u[2], NULL);
                evaluate(p, r + h, &u[3], NULL);
                evaluate(p, r, NULL, &force);
                double coarse = (u[3] - u[0]) / (2 * h), fine = (u[2] - u[1]) / h, gradient = (4 * fine - coarse) / 3;
                long double scale;
                oracle(&o, r, &scale);
                /* rounding of the energies, 2e-14 scale, is divided by h; the differences' own error is 1e-12 of the force's scale */
                double largest = (double)scale * (fmax(o.n, 1) / r + 1 / width);
                assert_close(force, -gradient, 1e-9, 1e-10 * largest);
                n_tested++;
            }
            assert_true(n_tested > 150);
            bnsl_potential_destroy(p);
        }
    }
}

/* ---- switching ------------------------------------------------------------------------------------------ */

static void test_switching_is_smooth(void **state)
{
    (void)state;
    for (int form = 0; form < N_FORMS; form++) {
        for (int mode = 0; mode < N_MODES; mode++) {
            bnsl_potential_options o;
            if (modes[mode][0] != BNSL_SHIFT_SMOOTH || !form_in_mode(form, mode, &o))
                continue;
            bnsl_potential *p = one_species(&o);
            o = resolved(p);
            assert_true(o.r_on == (modes[mode][2] > 0 ? modes[mode][2] : 0.9 * o.r_cut));
            double on = o.r_on * o.sigma, cut = o.r_cut * o.sigma, u[2], force[2];
            long double scale;
            uncut(&o, on, &scale);
            /* over steps d, U changes by F d and F by U'' d at most, U'' being of order scale (n / r + 1 / width)^2 */
            double d = 1e-9 * (cut - on), slope = (double)scale * (o.n / on + 4 / (cut - on)), curve = slope * (o.n / on + 4 / (cut - on));
            evaluate(p, on - d, &u[0], &force[0]);
            evaluate(p, on + d, &u[1], &force[1]);
            assert_close(u[0], u[1], 0, 4 * d * slope);
            assert_close(force[0], force[1], 0, 4 * d * curve);
            /* before r_on: the uncut pair itself */
            bnsl_potential_options plain = o;
            plain.shift = BNSL_SHIFT_NONE;
            bnsl_potential *q = one_species(&plain);
            evaluate(p, 0.99 * on, &u[0], &force[0]);
            evaluate(q, 0.99 * on, &u[1], &force[1]);
            assert_true(u[0] == u[1] && force[0] == force[1]);
            /* at the cut-off: U = O(d^2), F = O(d) */
            d = 1e-6 * (cut - on);
            evaluate(p, cut - d, &u[0], &force[0]);
            assert_true(fabs(u[0]) < d * d * curve && fabs(force[0]) < 2 * d * curve);
            assert_true(u[0] != 0 || forms[form][1] < 13); /* and not cut off before */
            evaluate(p, cut, &u[0], &force[0]);
            assert_true(u[0] == 0 && force[0] == 0);
            bnsl_potential_destroy(p);
            bnsl_potential_destroy(q);
        }
    }
}

/* Far cut-offs, deep overlap and a switch that begins inside the core stay finite numbers. */
static void test_switching_at_extremes(void **state)
{
    (void)state;
    bnsl_potential_options o = defaults();
    o.shift = BNSL_SHIFT_SMOOTH;
    const double extremes[][2] = {{1e200, 1}, {1e300, 1e299}, {2.5, 0.01}, {1.6, 1.5999999999999999}, {0.5, 0.4}};
    for (int i = 0; i < 5; i++) {
        o.r_cut = extremes[i][0];
        o.r_on = extremes[i][1];
        bnsl_potential *p = one_species(&o);
        for (double r = 1e-300; r < 1e300; r *= 7) {
            double u, force;
            evaluate(p, r, &u, &force);
            assert_true(fabs(u) <= 1e300 && fabs(force) <= 1e300);
        }
        bnsl_potential_destroy(p);
    }
}

/* ---- coupling ------------------------------------------------------------------------------------------- */

static void test_coupling_is_linear(void **state)
{
    (void)state;
    uint64_t seed = 8;
    const double exponents[][2] = {{50, 25}, {50, 6}, {12, 6}, {20.3, 7.7}};
    for (int k = 0; k < 4; k++) {
        for (int mode = 0; mode < N_MODES; mode++) {
            bnsl_potential_options o = defaults();
            o.n = exponents[k][0];
            o.m = exponents[k][1];
            o.well_depth = 2.5;
            o.sigma = 0.55;
            o.shift = (int32_t)modes[mode][0];
            o.r_cut = modes[mode][1];
            o.r_on = modes[mode][2];
            bnsl_potential *mie = one_species(&o);
            o.form = BNSL_FORM_IPL;
            o.well_depth = 1.3; /* the prefactor */
            bnsl_potential *ipl = one_species(&o);
            o.form = BNSL_FORM_IPL_MIE;
            o.well_depth = 2.5;
            o.ipl_prefactor = 1.3;
            for (int i = 0; i < 60; i++) {
                double r = 0.55 * (0.7 + 1.9 * test_uniform(&seed)), u[3], force[3];
                o.coupling = i == 0 ? 0 : i == 1 ? 1 : test_uniform(&seed);
                bnsl_potential *p = one_species(&o);
                evaluate(ipl, r, &u[0], &force[0]);
                evaluate(mie, r, &u[1], &force[1]);
                evaluate(p, r, &u[2], &force[2]);
                /* 1e-14 of the larger power and of its value at the cut-off */
                double c = 2.5 * o.n / (o.n - o.m) * pow(o.n / o.m, o.m / (o.n - o.m));
                double scale = c * (pow(0.55 / r, o.m) + pow(0.55 / r, o.n)) + (isinf(o.r_cut) ? 0 : c * pow(o.r_cut, -o.m));
                assert_close(u[2], (1 - o.coupling) * u[0] + o.coupling * u[1], 0, 1e-14 * scale);
                double slope = o.shift == BNSL_SHIFT_SMOOTH ? 2 / (o.r_cut - resolved(p).r_on) / 0.55 : 0;
                assert_close(force[2], (1 - o.coupling) * force[0] + o.coupling * force[1], 0, 1e-14 * scale * (o.n / r + slope));
                if (o.coupling == 1)
                    assert_true(u[2] == u[1] && force[2] == force[1]);
                bnsl_potential_destroy(p);
            }
            bnsl_potential_destroy(mie);
            bnsl_potential_destroy(ipl);
        }
    }
}

/* With lambda > 0 the sum of the two is a Mie potential of another size and depth: every fact follows. */
static void test_coupled_pair_is_a_mie_pair(void **state)
{
    (void)state;
    const double couplings[] = {1e-3, 0.2, 0.5, 0.9, 1}, exponents[][2] = {{50, 25}, {50, 6}, {12, 6}};
    const double r_cut[] = {INFINITY, 3.5};
    for (int i = 0; i < 5 * 3 * 2 * 3; i++) {
        bnsl_potential_options o = defaults(), equal;
        o.form = BNSL_FORM_IPL_MIE;
        o.coupling = couplings[i % 5];
        o.n = exponents[i / 5 % 3][0];
        o.m = exponents[i / 5 % 3][1];
        o.ipl_prefactor = 0.6;
        o.well_depth = 1.5;
        o.sigma = 0.775;
        o.r_cut = r_cut[i / 15 % 2];
        o.shift = i / 30;
        if (o.shift == BNSL_SHIFT_SMOOTH && isinf(o.r_cut))
            continue;
        double c = o.n / (o.n - o.m) * pow(o.n / o.m, o.m / (o.n - o.m)), q = o.coupling * o.well_depth * c;
        double stretch = pow((q + (1 - o.coupling) * o.ipl_prefactor) / q, 1 / (o.n - o.m));
        equal = o;
        equal.form = BNSL_FORM_MIE;
        equal.sigma = o.sigma * stretch;
        equal.well_depth = o.coupling * o.well_depth * pow(stretch, -o.m);
        equal.r_cut = o.r_cut / stretch;
        bnsl_potential *p = one_species(&o), *mie = one_species(&equal);
        double kT = 0.7 * equal.well_depth, got[2], want[2];
        assert_ok(bnsl_potential_minimum(p, 0, 0, &got[0], &got[1]));
        assert_ok(bnsl_potential_minimum(mie, 0, 0, &want[0], &want[1]));
        assert_close(got[0], want[0], 1e-14, 0);
        assert_close(got[1], want[1], 1e-13, 0);
        assert_ok(bnsl_potential_second_virial(p, 0, 0, kT, &got[0]));
        assert_ok(bnsl_potential_second_virial(mie, 0, 0, kT, &want[0]));
        assert_close(got[0], want[0], 1e-12, 1e-12);
        for (int32_t split = BNSL_BH_WCA; split <= BNSL_BH_SIGMA; split++) {
            assert_ok(bnsl_potential_barker_henderson(p, 0, 0, kT, split, &got[0]));
            assert_ok(bnsl_potential_barker_henderson(mie, 0, 0, kT, split, &want[0]));
            assert_close(got[0], want[0], 1e-13, 0);
        }
        assert_ok(bnsl_potential_effective_range(p, 0, 0, kT, &got[0]));
        assert_ok(bnsl_potential_effective_range(mie, 0, 0, kT, &want[0]));
        assert_close(got[0], want[0], 1e-11, 0);
        assert_ok(bnsl_potential_boyle_kT(p, 0, 0, &got[0]));
        assert_ok(bnsl_potential_boyle_kT(mie, 0, 0, &want[0]));
        assert_close(got[0], want[0], 1e-12, 0);
        assert_ok(bnsl_potential_critical_kT(p, 0, 0, &got[0]));
        assert_ok(bnsl_potential_critical_kT(mie, 0, 0, &want[0]));
        assert_close(got[0], want[0], 1e-12, 0);
        assert_ok(bnsl_potential_second_virial_series(p, 0, 0, kT, &got[0]));
        assert_ok(bnsl_potential_second_virial_series(mie, 0, 0, kT, &want[0]));
        assert_close(got[0], want[0], 1e-12, 1e-12);
        bnsl_potential_destroy(p);
        bnsl_potential_destroy(mie);
    }
}

/* lambda = 0 is the inverse power law, and the facts of a vanishing well end in it. */
static void test_uncoupled_pair(void **state)
{
    (void)state;
    bnsl_potential_options o = defaults();
    o.form = BNSL_FORM_IPL;
    o.well_depth = 1.3;
    o.r_cut = INFINITY;
    bnsl_potential *ipl = one_species(&o);
    o.form = BNSL_FORM_IPL_MIE;
    o.well_depth = 2;
    o.ipl_prefactor = 1.3;
    for (int i = 0; i < 4; i++) {
        o.coupling = i == 0 ? 0 : i == 1 ? 1e-320 : i == 2 ? 1e-300 : 1e-14;
        bnsl_potential *p = one_species(&o);
        double got, want, x = 7;
        assert_ok(bnsl_potential_second_virial(ipl, 0, 0, 1, &want));
        assert_ok(bnsl_potential_second_virial(p, 0, 0, 1, &got));
        assert_close(got, want, 2e-12, 0);
        assert_ok(bnsl_potential_second_virial_series(p, 0, 0, 1, &got));
        assert_close(got, want, 2e-12, 0);
        assert_ok(bnsl_potential_barker_henderson(ipl, 0, 0, 1, BNSL_BH_WCA, &want));
        for (int32_t split = BNSL_BH_WCA; split <= BNSL_BH_SIGMA; split++) {
            assert_ok(bnsl_potential_barker_henderson(p, 0, 0, 1, split, &got));
            assert_close(got, want, 1e-12, 0);
        }
        if (o.coupling == 0) {
            assert_status(bnsl_potential_minimum(p, 0, 0, &x, &x), BNSL_EDOMAIN);
            assert_status(bnsl_potential_effective_range(p, 0, 0, 1, &x), BNSL_EDOMAIN);
            assert_status(bnsl_potential_boyle_kT(p, 0, 0, &x), BNSL_EDOMAIN);
            assert_status(bnsl_potential_critical_kT(p, 0, 0, &x), BNSL_EDOMAIN);
            assert_true(x == 7);
        }
        bnsl_potential_destroy(p);
    }
    bnsl_potential_destroy(ipl);
}

/* ---- mixtures ------------------------------------------------------------------------------------------- */

/* eps_LL > eps_LS > eps_SS, a narrower SS well, other forms and cut-offs: each pair is what it would be alone. */
static void test_every_pair_its_own(void **state)
{
    (void)state;
    const double diameter[3] = {1, 0.55, 0.3};
    bnsl_potential *p = NULL;
    bnsl_potential_options o[6], got = defaults();
    assert_ok(bnsl_potential_create(&p, 3, diameter, NULL));
    for (int i = 0; i < 6; i++)
        o[i] = defaults();
    o[0].m = 6, o[0].well_depth = 2.5, o[0].sigma = 1, o[0].r_cut = 2.5;                       /* 0 0 */
    o[1].well_depth = 1.5, o[1].sigma = 0.775, o[1].shift = BNSL_SHIFT_SMOOTH;                 /* 0 1 */
    o[2].n = 60, o[2].m = 40, o[2].well_depth = 0.8, o[2].sigma = 0.55, o[2].r_cut = 1.4;      /* 1 1 */
    o[3].form = BNSL_FORM_IPL_MIE, o[3].coupling = 0.4, o[3].sigma = 0.7;                      /* 0 2 */
    o[4].form = BNSL_FORM_WCA, o[4].sigma = 0.4;                                               /* 1 2 */
    o[5].form = BNSL_FORM_NONE;                                                                /* 2 2 */
    const int32_t pairs[6][2] = {{0, 0}, {0, 1}, {1, 1}, {0, 2}, {1, 2}, {2, 2}};
    for (int i = 0; i < 6; i++)
        assert_ok(bnsl_potential_set_pair(p, pairs[i][i % 2], pairs[i][1 - i % 2], &o[i]));
    double cutoffs[9];
    assert_ok(bnsl_potential_cutoffs(p, cutoffs));
    for (int i = 0; i < 6; i++) {
        int32_t a = pairs[i][0], b = pairs[i][1];
        bnsl_potential *alone = one_species(&o[i]);
        double cutoff;
        assert_ok(bnsl_potential_cutoffs(alone, &cutoff));
        assert_true(cutoffs[3 * a + b] == cutoff && cutoffs[3 * b + a] == cutoff);
        assert_ok(bnsl_potential_get_pair(p, b, a, &got));
        bnsl_potential_options same = resolved(alone);
        assert_memory_equal(&got, &same, sizeof got);
        for (double r = 0.3; r < 3; r += 0.031) {
            double u[3], force[3];
            assert_ok(bnsl_potential_evaluate(p, a, b, 1, &r, &u[0], &force[0]));
            assert_ok(bnsl_potential_evaluate(p, b, a, 1, &r, &u[1], &force[1]));
            evaluate(alone, r, &u[2], &force[2]);
            assert_true(u[0] == u[2] && u[1] == u[2] && force[0] == force[2] && force[1] == force[2]);
        }
        bnsl_potential_destroy(alone);
    }
    bnsl_potential_destroy(p);
}

/* ---- options -------------------------------------------------------------------------------------------- */

static void test_zero_is_the_default(void **state)
{
    (void)state;
    bnsl_potential_options o = defaults(), got;
    assert_true(o.coupling == 0 && o.ipl_prefactor == 1 && o.r_on == 0);
    o.form = BNSL_FORM_IPL_MIE;
    o.ipl_prefactor = 0;
    bnsl_potential *p = one_species(&o);
    got = resolved(p);
    assert_true(got.ipl_prefactor == 1 && got.coupling == 0 && got.r_cut == 1.6);
    bnsl_potential_destroy(p);
    o.m = 6;
    p = one_species(&o);
    assert_true(resolved(p).r_cut == 2.5);
    bnsl_potential_destroy(p);
    /* a caller from before these fields */
    o = defaults();
    o.coupling = o.ipl_prefactor = o.r_on = NAN;
    o.struct_size = offsetof(bnsl_potential_options, coupling);
    o.form = BNSL_FORM_IPL_MIE;
    p = one_species(&o);
    got = resolved(p);
    assert_true(got.coupling == 0 && got.ipl_prefactor == 1 && got.r_on == 0);
    assert_ok(bnsl_potential_get_pair(p, 0, 0, &o));
    assert_true(isnan(o.coupling) && isnan(o.r_on)); /* nothing written behind the end that the caller named */
    bnsl_potential_destroy(p);
    /* fields that the form or the mode does not read may hold anything */
    o = defaults();
    o.coupling = o.ipl_prefactor = o.r_on = NAN;
    p = one_species(&o);
    bnsl_potential_destroy(p);
    o.form = BNSL_FORM_IPL;
    o.m = NAN;
    p = one_species(&o);
    double u, force;
    evaluate(p, 1.0, &u, &force);
    assert_close(u, 1 - pow(1.6, -50), 1e-15, 0);
    assert_close(force, 50, 1e-15, 0);
    bnsl_potential_destroy(p);
}

static void test_refused_options(void **state)
{
    (void)state;
    const struct {
        int32_t form, shift;
        double r_cut, coupling, ipl_prefactor, r_on;
    } bad[] = {
        {BNSL_FORM_TABLE, 0, 0, 0, 0, 0},
        {BNSL_FORM_IPL_MIE + 1, 0, 0, 0, 0, 0},
        {BNSL_FORM_MIE, BNSL_SHIFT_SMOOTH + 1, 0, 0, 0, 0},
        {BNSL_FORM_MIE, -1, 0, 0, 0, 0},
        {BNSL_FORM_IPL_MIE, 0, 0, -1e-9, 0, 0},
        {BNSL_FORM_IPL_MIE, 0, 0, 1.0000001, 0, 0},
        {BNSL_FORM_IPL_MIE, 0, 0, NAN, 0, 0},
        {BNSL_FORM_IPL_MIE, 0, 0, INFINITY, 0, 0},
        {BNSL_FORM_IPL_MIE, 0, 0, 0.5, -1, 0},
        {BNSL_FORM_IPL_MIE, 0, 0, 0.5, NAN, 0},
        {BNSL_FORM_IPL_MIE, 0, 0, 0.5, INFINITY, 0},
        {BNSL_FORM_WCA, BNSL_SHIFT_SMOOTH, 0, 0, 0, 0},
        {BNSL_FORM_NONE, BNSL_SHIFT_SMOOTH, 0, 0, 0, 0},
        {BNSL_FORM_MIE, BNSL_SHIFT_SMOOTH, INFINITY, 0, 0, 0},
        {BNSL_FORM_MIE, BNSL_SHIFT_SMOOTH, 2, 0, 0, 2},
        {BNSL_FORM_MIE, BNSL_SHIFT_SMOOTH, 2, 0, 0, 3},
        {BNSL_FORM_MIE, BNSL_SHIFT_SMOOTH, 2, 0, 0, -0.5},
        {BNSL_FORM_MIE, BNSL_SHIFT_SMOOTH, 2, 0, 0, NAN},
        {BNSL_FORM_MIE, BNSL_SHIFT_SMOOTH, 2, 0, 0, INFINITY},
        {BNSL_FORM_MIE, BNSL_SHIFT_SMOOTH, 0, 0, 0, 1.6},
    };
    bnsl_potential *p = one_species(NULL);
    bnsl_potential_options before = resolved(p);
    const double diameter = 1;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        bnsl_potential_options o = defaults();
        bnsl_potential *q = p;
        o.form = bad[i].form;
        o.shift = bad[i].shift;
        o.r_cut = bad[i].r_cut;
        o.coupling = bad[i].coupling;
        o.ipl_prefactor = bad[i].ipl_prefactor;
        o.r_on = bad[i].r_on;
        assert_status(bnsl_potential_create(&q, 1, &diameter, &o), BNSL_EINVAL);
        assert_null(q);
        assert_status(bnsl_potential_set_pair(p, 0, 0, &o), BNSL_EINVAL);
        bnsl_potential_options after = resolved(p);
        assert_memory_equal(&before, &after, sizeof before);
    }
    bnsl_potential_destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_energies_by_formula),
        cmocka_unit_test(test_forces_are_gradients),
        cmocka_unit_test(test_switching_is_smooth),
        cmocka_unit_test(test_switching_at_extremes),
        cmocka_unit_test(test_coupling_is_linear),
        cmocka_unit_test(test_coupled_pair_is_a_mie_pair),
        cmocka_unit_test(test_uncoupled_pair),
        cmocka_unit_test(test_every_pair_its_own),
        cmocka_unit_test(test_zero_is_the_default),
        cmocka_unit_test(test_refused_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
