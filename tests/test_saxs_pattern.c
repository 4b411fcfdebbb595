/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fits of synthetic diffraction patterns made from the formulas, with counting noise. */
#include "bnsl_test.h"

#define PI 3.14159265358979323846

enum { N = 830, SEEDS = 30 };
static const double SCHERRER = 1.0747;

/* A phase as nature has it. */
typedef struct truth {
    const char *name;
    double a, c_over_a, xi, fraction, u, f_large, f_small, d_large, d_small, ratio;
} truth;

/* Cores and contrasts of Marino 2024's mixtures. */
static const truth alb2 = {"AlB2", 13.08, 0.99, 280, 0.90, 0.6, 1, 0.108, 10.4, 4.5, 2};
static const truth nazn13 = {"NaZn13", 40.5, 0, 510, 0.78, 0.6, 1, 0.0975, 13.2, 6.4, 13};
static const truth minority = {"AlB2", 16.5, 0.99, 200, 0.17, 0.6, 1, 0.0975, 13.2, 6.4, 13};
static const truth fcc = {"fcc", 20, 0, 200, 0.8, 0.6, 1, 0, 10, 0, 0};

static bnsl_lattice *lattice_of(const truth *t, double a_factor)
{
    bnsl_lattice_options o;
    bnsl_lattice *lattice;
    assert_ok(bnsl_lattice_options_init(&o, sizeof o));
    o.a = t->a * a_factor;
    o.c_over_a = t->c_over_a;
    assert_ok(bnsl_lattice_create(&lattice, t->name, &o));
    return lattice;
}

static double sphere(double x)
{
    return x < 1e-3 ? 1 - x * x / 10 : 3 * (sin(x) - x * cos(x)) / (x * x * x);
}

/* Area of a line by the formula: 2 pi^2 M |F|^2 exp(-q^2 u^2) / (v_c q^2 n_L (f_L^2 + r f_S^2)) */
static double area_of(const truth *t, const bnsl_lattice *lattice, const bnsl_reflection *r)
{
    double volume, f_large = t->f_large * sphere(r->q * t->d_large / 2), f_small = t->f_small * sphere(r->q * t->d_small / 2);
    int32_t n_large;
    assert_ok(bnsl_lattice_constants(lattice, NULL, NULL, &volume));
    assert_ok(bnsl_lattice_sites(lattice, &n_large, NULL));
    double structure = f_large * f_large * r->g_ll + f_small * f_small * r->g_ss + 2 * f_large * f_small * r->g_ls;
    return t->fraction * 2 * PI * PI * r->multiplicity * structure * exp(-r->q * r->q * t->u * t->u) /
           (volume * r->q * r->q * n_large * (f_large * f_large + t->ratio * f_small * f_small));
}

static void grid(double *q)
{
    for (int i = 0; i < N; i++)
        q[i] = 0.15 + i * 0.00223;
}

/* all: also lines far beyond the range, else those that the fit may list: up to two half widths beyond */
static void add_lines(const truth *t, bool all, const double *q, double *s)
{
    enum { MAX = 2000 };
    static bnsl_reflection list[MAX];
    int64_t n;
    bnsl_lattice *lattice = lattice_of(t, 1);
    const double w = PI * SCHERRER / t->xi;
    assert_ok(bnsl_lattice_reflections(lattice, all ? 2.5 : q[N - 1] + 2 * w, 0, MAX, &n, list));
    for (int64_t r = 0; r < n; r++) {
        double area = area_of(t, lattice, list + r);
        for (int i = 0; i < N; i++)
            s[i] += area / PI * w / ((q[i] - list[r].q) * (q[i] - list[r].q) + w * w);
    }
    bnsl_lattice_destroy(lattice);
}

/* background + lines, counting noise of some 4000 counts a point at S = 1; without noise also without lines that the fit cannot list */
static void pattern_of(const truth *first, const truth *second, double noise, uint64_t seed, double *q, double *s, double *e)
{
    grid(q);
    for (int i = 0; i < N; i++) {
        double x = 2.0 * i / (N - 1) - 1;
        s[i] = 1 + 0.2 * x - 0.1 * (1.5 * x * x - 0.5);
    }
    add_lines(first, noise > 0, q, s);
    if (second)
        add_lines(second, noise > 0, q, s);
    for (int i = 0; i < N; i++) {
        e[i] = sqrt(s[i] / 4000);
        s[i] += noise * e[i] * test_normal(&seed);
    }
}

/* The particles of a sample: contrasts such that contrast times volume is f. */
static void set_particles(bnsl_saxs_pattern_options *o, const truth *t)
{
    o->d_large = t->d_large;
    o->d_small = t->d_small;
    o->contrast_large = t->d_large > 0 ? t->f_large / (PI / 6 * pow(t->d_large, 3)) : t->f_large;
    o->contrast_small = t->d_small > 0 ? t->f_small / (PI / 6 * pow(t->d_small, 3)) : t->f_small;
    o->ratio = t->ratio;
}

static bnsl_saxs_pattern *model_of(const truth *t)
{
    bnsl_saxs_pattern_options o;
    bnsl_saxs_pattern *pattern;
    assert_ok(bnsl_saxs_pattern_options_init(&o, sizeof o));
    o.background = BNSL_BACKGROUND_POLYNOMIAL;
    set_particles(&o, t);
    assert_ok(bnsl_saxs_pattern_create(&pattern, &o));
    return pattern;
}

/* low = 0: start at a_factor times the truth; else search between low and high times it */
static void add_phase(bnsl_saxs_pattern *pattern, const truth *t, double a_factor, double low, double high, int32_t fit_c_over_a)
{
    bnsl_lattice *lattice = lattice_of(t, a_factor);
    bnsl_saxs_phase_options o;
    assert_ok(bnsl_saxs_phase_options_init(&o, sizeof o));
    o.a_min = low * t->a;
    o.a_max = high * t->a;
    o.fit_c_over_a = fit_c_over_a;
    assert_ok(bnsl_saxs_pattern_add_phase(pattern, lattice, &o));
    bnsl_lattice_destroy(lattice);
}

enum { N_PULLS = 5 };

static void pulls_of(const bnsl_saxs_phase *p, const truth *t, double *pull)
{
    pull[0] = (p->a - t->a) / p->a_err;
    pull[1] = (p->xi - t->xi) / p->xi_err;
    pull[2] = (p->fraction - t->fraction) / p->fraction_err;
    pull[3] = (p->u_rms - t->u) / p->u_rms_err;
    pull[4] = p->c_over_a_err > 0 ? (p->c_over_a - t->c_over_a) / p->c_over_a_err : NAN;
}

/* Truth within 4 standard errors each time (600 draws in all), pulls of unit size over the seeds. */
static void check_pulls(const truth *first, const truth *second, int32_t fit_c_over_a)
{
    double q[N], s[N], e[N], square[2][N_PULLS] = {{0}};
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        bnsl_saxs_pattern *pattern = model_of(first);
        double chi2;
        int32_t converged;
        pattern_of(first, second, 1, 1000 * seed + 7, q, s, e);
        add_phase(pattern, first, 1.001, 0, 0, fit_c_over_a);
        if (second)
            add_phase(pattern, second, 0.999, 0, 0, fit_c_over_a);
        assert_ok(bnsl_saxs_pattern_fit(pattern, N, q, s, e, NULL));
        assert_ok(bnsl_saxs_pattern_quality(pattern, &chi2, &converged, NULL));
        assert_true(converged == 1 && chi2 > 0.8 && chi2 < 1.2);
        for (int k = 0; k < (second ? 2 : 1); k++) {
            bnsl_saxs_phase phase;
            double pull[N_PULLS];
            assert_ok(bnsl_saxs_pattern_phase(pattern, k, &phase));
            pulls_of(&phase, k ? second : first, pull);
            for (int i = 0; i < N_PULLS - !fit_c_over_a; i++) {
                assert_true(fabs(pull[i]) < 4);
                square[k][i] += pull[i] * pull[i] / SEEDS;
            }
        }
        bnsl_saxs_pattern_destroy(pattern);
    }
    for (int k = 0; k < (second ? 2 : 1); k++)
        for (int i = 0; i < N_PULLS - !fit_c_over_a; i++) {
            if (!(sqrt(square[k][i]) > 0.7 && sqrt(square[k][i]) < 1.35))
                print_error("pull %d of phase %d: %g\n", i, k, sqrt(square[k][i]));
            assert_true(sqrt(square[k][i]) > 0.7 && sqrt(square[k][i]) < 1.35);
        }
}

static void errors_cover_the_truth_alb2(void **state)
{
    (void)state;
    check_pulls(&alb2, NULL, 0);
}

static void errors_cover_the_truth_c_over_a(void **state)
{
    (void)state;
    check_pulls(&alb2, NULL, 1);
}

static void errors_cover_the_truth_nazn13(void **state)
{
    (void)state;
    check_pulls(&nazn13, NULL, 0);
}

static void errors_cover_the_truth_fcc(void **state)
{
    (void)state;
    check_pulls(&fcc, NULL, 0);
}

static void errors_cover_the_truth_two_phases(void **state)
{
    (void)state;
    check_pulls(&nazn13, &minority, 0);
}

/* Also in ranges that hold twice the lattice constant, and with c/a unknown. */
static void finds_the_lattice_constant(void **state)
{
    (void)state;
    static const struct {
        const truth *first, *second;
        double low, high, c_factor; /* c_factor > 0: c/a is fitted from this multiple of it */
    } cases[] = {{&alb2, NULL, 0.7, 1.5, 0},    {&alb2, NULL, 0.5, 3.2, 0}, {&alb2, NULL, 0.7, 1.5, 1.05},     {&nazn13, NULL, 0.7, 1.5, 0},
                 {&nazn13, NULL, 0.35, 2.1, 0}, {&fcc, NULL, 0.55, 3.6, 0}, {&nazn13, &minority, 0.7, 1.5, 0}, {&nazn13, &minority, 0.45, 2.1, 0}};
    double q[N], s[N], e[N];
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++)
        for (uint64_t seed = c + 1; seed <= c + (cases[c].second ? 1 : 2); seed++) {
            bnsl_saxs_pattern *pattern = model_of(cases[c].first);
            truth start = *cases[c].first;
            pattern_of(cases[c].first, cases[c].second, 1, seed, q, s, e);
            if (cases[c].c_factor > 0)
                start.c_over_a *= cases[c].c_factor;
            add_phase(pattern, &start, 1, cases[c].low, cases[c].high, cases[c].c_factor > 0);
            if (cases[c].second)
                add_phase(pattern, cases[c].second, 1, cases[c].low, cases[c].high, 0);
            assert_ok(bnsl_saxs_pattern_fit(pattern, N, q, s, e, NULL));
            for (int k = 0; k < bnsl_saxs_pattern_n_phases(pattern); k++) {
                bnsl_saxs_phase phase;
                double pull[N_PULLS];
                assert_ok(bnsl_saxs_pattern_phase(pattern, k, &phase));
                pulls_of(&phase, k ? cases[c].second : cases[c].first, pull);
                for (int i = 0; i < N_PULLS - (cases[c].c_factor == 0); i++)
                    assert_true(fabs(pull[i]) < 4);
            }
            bnsl_saxs_pattern_destroy(pattern);
        }
}

/* Without noise all is exact: cell, width, fraction, displacement, every area, the background and the curve. */
static void exact_data_give_exact_results(void **state)
{
    (void)state;
    static const truth *const cases[] = {&alb2, &nazn13, &fcc};
    double q[N], s[N], e[N], model[N], background[N];
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const truth *t = cases[c];
        bnsl_saxs_pattern *pattern = model_of(t);
        bnsl_saxs_phase phase;
        pattern_of(t, NULL, 0, 1, q, s, e);
        add_phase(pattern, t, 1.002, 0, 0, 0);
        assert_ok(bnsl_saxs_pattern_fit(pattern, N, q, s, e, NULL));
        assert_ok(bnsl_saxs_pattern_phase(pattern, 0, &phase));
        assert_close(phase.a, t->a, 1e-9, 0); /* sums of 830 points at single steps of 1e-9 */
        assert_close(phase.xi, t->xi, 1e-6, 0);
        assert_close(phase.hwhm, PI * SCHERRER / t->xi, 1e-6, 0);
        assert_close(phase.fraction, t->fraction, 1e-6, 0);
        assert_close(phase.u_rms, t->u, 1e-6, 0);
        assert_close(phase.scale_weight, 1, 1e-15, 0);
        bnsl_lattice *lattice = lattice_of(t, 1);
        bnsl_reflection list[400];
        int64_t n, at = 0;
        double before = 0;
        assert_ok(bnsl_lattice_reflections(lattice, 2.5, 0, 400, &n, list));
        assert_true(phase.n_peaks > 10);
        for (int32_t i = 0; i < phase.n_peaks; i++) { /* lines at one q are listed under the first, with all areas */
            bnsl_saxs_peak peak;
            double area = 0;
            int32_t multiplicity = 0;
            assert_ok(bnsl_saxs_pattern_peak(pattern, 0, i, &peak));
            assert_true(peak.q > before && peak.area_err > 0);
            before = peak.q;
            while (list[at].q < peak.q - 1e-4)
                at++;
            assert_true(peak.h == list[at].h && peak.k == list[at].k && peak.l == list[at].l);
            for (int64_t j = at; j < n && list[j].q - list[at].q < 1e-6; j++) {
                area += area_of(t, lattice, list + j);
                multiplicity += list[j].multiplicity;
            }
            assert_int_equal(peak.multiplicity, multiplicity);
            assert_close(peak.area, area, 1e-6, 1e-9);
        }
        assert_ok(bnsl_saxs_pattern_model(pattern, N, q, model, background));
        for (int i = 0; i < N; i++) {
            double x = 2.0 * i / (N - 1) - 1;
            assert_close(model[i], s[i], 1e-8, 0);
            assert_close(background[i], 1 + 0.2 * x - 0.1 * (1.5 * x * x - 0.5), 0, 1e-7);
        }
        bnsl_lattice_destroy(lattice);
        bnsl_saxs_pattern_destroy(pattern);
    }
}

/* At c/a = 1 the lines 110 and 002, 200 and 102 coincide: still no failure, and c/a is found when it is free. */
static void coinciding_lines_share_an_amplitude(void **state)
{
    (void)state;
    truth t = alb2;
    double q[N], s[N], e[N];
    t.c_over_a = 1;
    pattern_of(&t, NULL, 1, 3, q, s, e);
    for (int32_t free_c = 0; free_c < 2; free_c++) {
        bnsl_saxs_pattern *pattern = model_of(&t);
        bnsl_saxs_phase phase;
        add_phase(pattern, &t, 1, 0, 0, free_c);
        assert_ok(bnsl_saxs_pattern_fit(pattern, N, q, s, e, NULL));
        assert_ok(bnsl_saxs_pattern_phase(pattern, 0, &phase));
        assert_close(phase.a, t.a, 0, 4 * phase.a_err);
        assert_close(phase.c_over_a, 1, 0, free_c ? 4 * phase.c_over_a_err : 1e-15);
        for (int32_t i = 0; i < phase.n_peaks && !free_c; i++) {
            bnsl_saxs_peak peak;
            assert_ok(bnsl_saxs_pattern_peak(pattern, 0, i, &peak));
            assert_false(peak.h == 0 && peak.k == 0 && peak.l == 2); /* listed under 110 */
            if (peak.h == 1 && peak.k == 1 && peak.l == 0)
                assert_int_equal(peak.multiplicity, 8);
        }
        bnsl_saxs_pattern_destroy(pattern);
    }
}

/* A phase that is not there gets no area and no invented errors; the other one is unharmed. */
static void an_absent_phase_is_found_absent(void **state)
{
    (void)state;
    double q[N], s[N], e[N];
    pattern_of(&nazn13, NULL, 1, 5, q, s, e);
    bnsl_saxs_pattern *pattern = model_of(&nazn13);
    bnsl_saxs_phase present, absent;
    add_phase(pattern, &nazn13, 1, 0, 0, 0);
    add_phase(pattern, &minority, 1, 0, 0, 0);
    bnsl_status status = bnsl_saxs_pattern_fit(pattern, N, q, s, e, NULL);
    assert_true(status == BNSL_OK || status == BNSL_ENOCONV);
    assert_ok(bnsl_saxs_pattern_phase(pattern, 0, &present));
    assert_ok(bnsl_saxs_pattern_phase(pattern, 1, &absent));
    assert_close(present.a, nazn13.a, 0, 4 * present.a_err);
    assert_close(present.fraction, nazn13.fraction, 0.03, 0);
    assert_true(absent.fraction < 0.05);
    assert_true(absent.scale_weight < 0.05);
    bnsl_saxs_pattern_destroy(pattern);
}

static void error_models_and_ranges(void **state)
{
    (void)state;
    double q[N], s[N], e[N];
    pattern_of(&alb2, NULL, 1, 6, q, s, e);
    double a_err[4];
    for (int32_t model = BNSL_ERRORS_GIVEN; model <= BNSL_ERRORS_UNIFORM; model++) {
        bnsl_saxs_pattern_options o;
        bnsl_saxs_pattern *pattern;
        bnsl_saxs_phase phase;
        bnsl_saxs_peak peak;
        assert_ok(bnsl_saxs_pattern_options_init(&o, sizeof o));
        o.error_model = model;
        o.q_min = 0.4;
        o.q_max = 1.3;
        o.scherrer_k = 0.9;
        assert_ok(bnsl_saxs_pattern_create(&pattern, &o));
        add_phase(pattern, &alb2, 1.001, 0, 0, 0);
        assert_ok(bnsl_saxs_pattern_fit(pattern, N, q, s, model == BNSL_ERRORS_GIVEN ? e : NULL, NULL));
        assert_ok(bnsl_saxs_pattern_phase(pattern, 0, &phase));
        assert_close(phase.a, alb2.a, 0, 5 * phase.a_err);
        assert_close(phase.xi, alb2.xi * 0.9 / SCHERRER, 0, 5 * phase.xi_err);
        a_err[model] = phase.a_err;
        assert_ok(bnsl_saxs_pattern_peak(pattern, 0, 0, &peak));
        assert_true(peak.q > 0.39);
        assert_ok(bnsl_saxs_pattern_peak(pattern, 0, phase.n_peaks - 1, &peak));
        assert_true(peak.q < 1.33);
        bnsl_saxs_pattern_destroy(pattern);
    }
    assert_close(a_err[BNSL_ERRORS_SQRT], a_err[BNSL_ERRORS_GIVEN], 0.15, 0); /* the noise is that of counts, its size is found */
}

static void a_second_fit_replaces_the_first(void **state)
{
    (void)state;
    double q[N], s[N], e[N], first, again;
    truth other = alb2;
    other.a = 13.1;
    bnsl_saxs_pattern *pattern = model_of(&alb2);
    bnsl_saxs_phase phase;
    add_phase(pattern, &alb2, 1, 0, 0, 0);
    pattern_of(&alb2, NULL, 1, 7, q, s, e);
    assert_ok(bnsl_saxs_pattern_fit(pattern, N, q, s, e, NULL));
    assert_ok(bnsl_saxs_pattern_phase(pattern, 0, &phase));
    first = phase.a;
    pattern_of(&other, NULL, 1, 8, q, s, e);
    assert_ok(bnsl_saxs_pattern_fit(pattern, N, q, s, e, NULL));
    assert_ok(bnsl_saxs_pattern_phase(pattern, 0, &phase));
    assert_close(phase.a, 13.1, 0, 4 * phase.a_err);
    pattern_of(&alb2, NULL, 1, 7, q, s, e);
    assert_ok(bnsl_saxs_pattern_fit(pattern, N, q, s, e, NULL));
    assert_ok(bnsl_saxs_pattern_phase(pattern, 0, &phase));
    again = phase.a;
    assert_true(first == again); /* nothing of the fit between is left */
    bnsl_saxs_pattern_destroy(pattern);
}

/* ---- faults ------------------------------------------------------------------------------------------------------------------- */

static void refuses_bad_options_and_phases(void **state)
{
    (void)state;
    bnsl_saxs_pattern_options good, o;
    bnsl_saxs_pattern *pattern = NULL;
    assert_ok(bnsl_saxs_pattern_options_init(&good, sizeof good));
    assert_status(bnsl_saxs_pattern_options_init(NULL, sizeof good), BNSL_EINVAL);
    assert_status(bnsl_saxs_pattern_create(NULL, &good), BNSL_EINVAL);
#define WITH(change)                                                                                                                                 \
    do {                                                                                                                                             \
        o = good;                                                                                                                                    \
        change;                                                                                                                                      \
        assert_status(bnsl_saxs_pattern_create(&pattern, &o), BNSL_EINVAL);                                                                          \
        assert_null(pattern);                                                                                                                        \
    } while (0)
    WITH(o.background_order = -2);
    WITH(o.background_order = 9);
    WITH(o.error_model = 4);
    WITH(o.relative_error = -1);
    WITH(o.relative_error = NAN);
    WITH((o.q_min = 2, o.q_max = 1));
    WITH(o.q_max = INFINITY);
    WITH(o.scherrer_k = -1);
    WITH(o.scherrer_k = NAN);
    WITH(o.scherrer = 5);
    WITH(o.background = 2);
    WITH(o.fluid = -1);
    WITH(o.line_shape = 2);
    WITH(o.distribution = 9);
    WITH(o.resolution = -1);
    WITH(o.d_large = -1);
    WITH(o.d_small = NAN);
    WITH((o.d_large = 2, o.sigma_large = 2));
    WITH(o.sigma_small = 1);
    WITH((o.contrast_large = 0, o.contrast_small = 0));
    WITH(o.contrast_small = NAN);
    WITH(o.ratio = NAN);
    WITH(o.fluid_eta = 0.7);
    WITH(o.fluid_diameter = -1);
    WITH(o.fluid_damping = INFINITY);
    WITH(o.struct_size = 1);
#undef WITH
    bnsl_saxs_pattern_destroy(NULL);
    assert_int_equal(bnsl_saxs_pattern_n_phases(NULL), 0);
    assert_ok(bnsl_saxs_pattern_create(&pattern, &good));
    bnsl_lattice *hexagonal = lattice_of(&alb2, 1), *cubic = lattice_of(&fcc, 1);
    bnsl_saxs_phase_options right, p;
    assert_ok(bnsl_saxs_phase_options_init(&right, sizeof right));
    assert_status(bnsl_saxs_phase_options_init(NULL, sizeof right), BNSL_EINVAL);
#define WITH(change)                                                                                                                                 \
    do {                                                                                                                                             \
        p = right;                                                                                                                                   \
        change;                                                                                                                                      \
        assert_status(bnsl_saxs_pattern_add_phase(pattern, hexagonal, &p), BNSL_EINVAL);                                                             \
    } while (0)
    WITH((p.a_min = 1, p.a_max = 0));
    WITH((p.a_min = 0, p.a_max = 1));
    WITH((p.a_min = 2, p.a_max = 1));
    WITH((p.a_min = -2, p.a_max = -1));
    WITH((p.a_min = 1, p.a_max = 101));
    WITH((p.a_min = NAN, p.a_max = 1));
    WITH((p.a_min = 1, p.a_max = NAN));
    WITH(p.fit_c_over_a = 2);
    WITH(p.areas = 2);
    WITH(p.centres = -1);
    WITH((p.centres = 1, p.areas = 1));
    WITH(p.fit_microstrain = 2);
    WITH(p.fix_u_rms = -1);
    WITH(p.microstrain = 0.3);
    WITH(p.microstrain = NAN);
    WITH(p.u_rms = -1);
    WITH(p.u_rms = INFINITY);
    WITH(p.centre_bound = -0.1);
    WITH(p.struct_size = 1);
#undef WITH
    assert_status(bnsl_saxs_pattern_add_phase(NULL, hexagonal, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_pattern_add_phase(pattern, NULL, NULL), BNSL_EINVAL);
    right.fit_c_over_a = 1;
    assert_status(bnsl_saxs_pattern_add_phase(pattern, cubic, &right), BNSL_EINVAL);
    assert_int_equal(bnsl_saxs_pattern_n_phases(pattern), 0);
    for (int i = 0; i < 8; i++)
        assert_ok(bnsl_saxs_pattern_add_phase(pattern, hexagonal, NULL));
    assert_status(bnsl_saxs_pattern_add_phase(pattern, hexagonal, NULL), BNSL_EINVAL);
    bnsl_lattice_destroy(hexagonal);
    bnsl_lattice_destroy(cubic);
    bnsl_saxs_pattern_destroy(pattern);
}

static void refuses_bad_data(void **state)
{
    (void)state;
    double q[N], s[N], e[N];
    bnsl_saxs_pattern *pattern = model_of(&alb2);
    bnsl_saxs_phase phase;
    bnsl_saxs_peak peak;
    pattern_of(&alb2, NULL, 1, 9, q, s, e);
    assert_status(bnsl_saxs_pattern_fit(NULL, N, q, s, e, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_pattern_fit(pattern, N, q, s, e, NULL), BNSL_EINVAL); /* no phase */
    add_phase(pattern, &alb2, 1, 0, 0, 0);
    assert_status(bnsl_saxs_pattern_phase(pattern, 0, &phase), BNSL_EINVAL); /* not fitted */
    assert_status(bnsl_saxs_pattern_quality(pattern, NULL, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_pattern_model(pattern, N, q, s, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_pattern_fit(pattern, N, NULL, s, e, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_pattern_fit(pattern, N, q, NULL, e, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_pattern_fit(pattern, N, q, s, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_pattern_fit(pattern, 0, q, s, e, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_pattern_fit(pattern, -5, q, s, e, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_pattern_fit(pattern, 6, q, s, e, NULL), BNSL_EINVAL);
    assert_ok(bnsl_saxs_pattern_fit(pattern, N, q, s, e, NULL));
    assert_status(bnsl_saxs_pattern_phase(pattern, 1, &phase), BNSL_EINVAL);
    assert_status(bnsl_saxs_pattern_phase(pattern, -1, &phase), BNSL_EINVAL);
    assert_status(bnsl_saxs_pattern_phase(pattern, 0, NULL), BNSL_EINVAL);
    assert_ok(bnsl_saxs_pattern_phase(pattern, 0, &phase));
    assert_status(bnsl_saxs_pattern_peak(pattern, 0, phase.n_peaks, &peak), BNSL_EINVAL);
    assert_status(bnsl_saxs_pattern_peak(pattern, 0, -1, &peak), BNSL_EINVAL);
    assert_status(bnsl_saxs_pattern_peak(pattern, 0, 0, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_pattern_model(pattern, 2, NULL, s, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_pattern_model(pattern, -2, q, s, NULL), BNSL_EINVAL);
    const double not_finite = NAN;
    assert_status(bnsl_saxs_pattern_model(pattern, 1, &not_finite, s, NULL), BNSL_EINVAL);
    assert_ok(bnsl_saxs_pattern_model(pattern, 1, q, NULL, NULL));
    /* a failed fit keeps the result; a new phase forgets it */
    const double a = phase.a;
    assert_status(bnsl_saxs_pattern_fit(pattern, 0, q, s, e, NULL), BNSL_EINVAL);
    assert_ok(bnsl_saxs_pattern_phase(pattern, 0, &phase));
    assert_true(phase.a == a);
    add_phase(pattern, &minority, 1, 0, 0, 0);
    assert_status(bnsl_saxs_pattern_phase(pattern, 0, &phase), BNSL_EINVAL);
    bnsl_saxs_pattern_destroy(pattern);
}

/* Between 100 (0.5547) and 101 (0.7370) there is nothing; with a tenth of the cell there is nothing at all. */
static void no_line_in_range(void **state)
{
    (void)state;
    double q[N], s[N], e[N];
    pattern_of(&alb2, NULL, 1, 9, q, s, e);
    bnsl_saxs_pattern *pattern = model_of(&alb2);
    add_phase(pattern, &alb2, 1, 0, 0, 0);
    assert_status(bnsl_saxs_pattern_fit(pattern, 30, q + 200, s + 200, e + 200, NULL), BNSL_EDOMAIN);
    bnsl_saxs_pattern_destroy(pattern);
    pattern = model_of(&alb2);
    add_phase(pattern, &alb2, 0.1, 0, 0, 0);
    assert_status(bnsl_saxs_pattern_fit(pattern, N, q, s, e, NULL), BNSL_EDOMAIN);
    bnsl_saxs_pattern_destroy(pattern);
    pattern = model_of(&alb2);
    add_phase(pattern, &alb2, 1, 0.05, 0.1, 0);
    assert_status(bnsl_saxs_pattern_fit(pattern, N, q, s, e, NULL), BNSL_EDOMAIN);
    bnsl_saxs_pattern_destroy(pattern);
    pattern = model_of(&alb2);
    add_phase(pattern, &alb2, 20, 0, 0, 0); /* far more lines than points */
    assert_status(bnsl_saxs_pattern_fit(pattern, N, q, s, e, NULL), BNSL_EINVAL);
    bnsl_saxs_pattern_destroy(pattern);
}

static void refuses_bad_values(void **state)
{
    (void)state;
    double q[N], s[N], e[N];
    bnsl_saxs_pattern *pattern = model_of(&alb2);
    pattern_of(&alb2, NULL, 1, 9, q, s, e);
    add_phase(pattern, &alb2, 1, 0, 0, 0);
    double *const arrays[3] = {q, s, e};
    static const double values[] = {NAN, INFINITY, -INFINITY};
    for (int a = 0; a < 3; a++)
        for (int v = 0; v < 3; v++) {
            double kept = arrays[a][100];
            arrays[a][100] = values[v];
            assert_status(bnsl_saxs_pattern_fit(pattern, N, q, s, e, NULL), BNSL_EINVAL);
            arrays[a][100] = kept;
        }
    double kept = q[100];
    q[100] = q[99];
    assert_status(bnsl_saxs_pattern_fit(pattern, N, q, s, e, NULL), BNSL_EINVAL);
    q[100] = kept;
    kept = e[100];
    e[100] = 0;
    assert_status(bnsl_saxs_pattern_fit(pattern, N, q, s, e, NULL), BNSL_EINVAL);
    e[100] = kept;
    bnsl_saxs_pattern_destroy(pattern);
}

static void can_be_cancelled(void **state)
{
    (void)state;
    double q[N], s[N], e[N];
    bnsl_control *control;
    bnsl_saxs_phase phase;
    pattern_of(&alb2, NULL, 1, 9, q, s, e);
    assert_ok(bnsl_control_create(&control));
    bnsl_control_cancel(control);
    for (int range = 0; range < 2; range++) {
        bnsl_saxs_pattern *pattern = model_of(&alb2);
        add_phase(pattern, &alb2, 1, range ? 0.7 : 0, range ? 1.5 : 0, 0);
        assert_status(bnsl_saxs_pattern_fit(pattern, N, q, s, e, control), BNSL_ECANCELLED);
        assert_status(bnsl_saxs_pattern_phase(pattern, 0, &phase), BNSL_EINVAL);
        bnsl_saxs_pattern_destroy(pattern);
    }
    bnsl_control_destroy(control);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_cover_the_truth_alb2),
        cmocka_unit_test(errors_cover_the_truth_c_over_a),
        cmocka_unit_test(errors_cover_the_truth_nazn13),
        cmocka_unit_test(errors_cover_the_truth_fcc),
        cmocka_unit_test(errors_cover_the_truth_two_phases),
        cmocka_unit_test(finds_the_lattice_constant),
        cmocka_unit_test(exact_data_give_exact_results),
        cmocka_unit_test(coinciding_lines_share_an_amplitude),
        cmocka_unit_test(an_absent_phase_is_found_absent),
        cmocka_unit_test(error_models_and_ranges),
        cmocka_unit_test(a_second_fit_replaces_the_first),
        cmocka_unit_test(refuses_bad_options_and_phases),
        cmocka_unit_test(refuses_bad_data),
        cmocka_unit_test(refuses_bad_values),
        cmocka_unit_test(no_line_in_range),
        cmocka_unit_test(can_be_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
