/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Line shapes, sizes, free centres, calculated areas, one line alone, geometry and shares by a reference run, on patterns from formulas. */
#include "bnsl_test.h"
#include "saxs_synthetic.h"

#define PI 3.14159265358979323846

enum { N = SYNTHETIC_POINTS };

/* A pattern of lines at the places of a lattice, areas 0.02 M / q^2 (h + 2) / (h + 1), on a straight background. */
typedef struct recipe {
    const char *name;
    double a, c_over_a, w, strain, resolution;
    int32_t shape;
} recipe;

static bnsl_lattice *lattice_of(const recipe *r, double factor)
{
    bnsl_lattice_options o;
    bnsl_lattice *lattice;
    assert_ok(bnsl_lattice_options_init(&o, sizeof o));
    o.a = r->a * factor;
    o.c_over_a = r->c_over_a;
    assert_ok(bnsl_lattice_create(&lattice, r->name, &o));
    return lattice;
}

/* Profile by its definition: Gaussians; Lorentzians folded by the midpoint rule over 12 standard deviations. */
static double profile(const recipe *r, double x, double w)
{
    if (r->shape == BNSL_LINE_GAUSSIAN) {
        const double variance = w * w / (2 * log(2)) + r->resolution * r->resolution;
        return exp(-x * x / (2 * variance)) / sqrt(2 * PI * variance);
    }
    if (r->resolution == 0)
        return w / PI / (x * x + w * w);
    double sum = 0;
    enum { STEPS = 400 };
    for (int k = 0; k < STEPS; k++) {
        const double t = 12.0 * ((k + 0.5) / STEPS - 0.5);
        sum += exp(-t * t / 2) / sqrt(2 * PI) * w / PI / (pow(x - t * r->resolution, 2) + w * w) * 12.0 / STEPS;
    }
    return sum;
}

static void pattern_of(const recipe *r, double noise, uint64_t seed, double *q, double *s, double *e)
{
    enum { MAX = 500 };
    static bnsl_reflection list[MAX];
    int64_t n;
    bnsl_lattice *lattice = lattice_of(r, 1);
    assert_ok(bnsl_lattice_reflections(lattice, 2.0, 0, MAX, &n, list));
    for (int i = 0; i < N; i++) {
        q[i] = 0.15 + 0.00223 * i;
        s[i] = 1 + 0.1 * q[i];
    }
    for (int64_t k = 0; k < n; k++) {
        const double w = hypot(r->w, r->strain * list[k].q),
                     area = 0.002 * list[k].multiplicity / (list[k].q * list[k].q) * (list[k].h + 2) / (list[k].h + 1);
        for (int i = 0; i < N; i++)
            s[i] += area * profile(r, q[i] - list[k].q, w);
    }
    for (int i = 0; i < N; i++) {
        e[i] = 0.01 * sqrt(s[i]);
        s[i] += noise * e[i] * test_normal(&seed);
    }
    bnsl_lattice_destroy(lattice);
}

static bnsl_saxs_pattern *fitted(const recipe *r, const bnsl_saxs_phase_options *phase, const double *q, const double *s, const double *e)
{
    bnsl_saxs_pattern_options o;
    bnsl_saxs_pattern *pattern;
    bnsl_lattice *lattice = lattice_of(r, 1.0005);
    assert_ok(bnsl_saxs_pattern_options_init(&o, sizeof o));
    o.background = BNSL_BACKGROUND_POLYNOMIAL;
    o.line_shape = r->shape;
    o.resolution = r->resolution;
    o.q_max = 1.9;
    o.q_min = 0.15;
    assert_ok(bnsl_saxs_pattern_create(&pattern, &o));
    assert_ok(bnsl_saxs_pattern_add_phase(pattern, lattice, phase));
    assert_ok(bnsl_saxs_pattern_fit(pattern, N, q, s, e, NULL));
    bnsl_lattice_destroy(lattice);
    return pattern;
}

static const recipe lorentzian = {"AlB2", 13.08, 0.99, 0.0102, 0, 0, BNSL_LINE_LORENTZIAN};
static const recipe gaussian = {"AlB2", 13.08, 0.99, 0.012, 0, 0.003, BNSL_LINE_GAUSSIAN};
static const recipe voigt = {"AlB2", 13.08, 0.99, 0.0066, 0, 0.005, BNSL_LINE_LORENTZIAN};
static const recipe strained = {"NaZn13", 26.0, 0, 0.008, 0.008, 0, BNSL_LINE_LORENTZIAN};

/* Width, microstrain and a come back, whatever the shape; errors cover them; the wrong shape is an alarm. */
static void shapes_and_microstrain(void **state)
{
    (void)state;
    const recipe *const recipes[] = {&lorentzian, &gaussian, &voigt, &strained};
    double q[N], s[N], e[N];
    for (int k = 0; k < 4; k++) {
        const recipe *r = recipes[k];
        bnsl_saxs_phase_options o;
        bnsl_saxs_phase p;
        double chi2;
        pattern_of(r, 1, 11 + (uint64_t)k, q, s, e);
        assert_ok(bnsl_saxs_phase_options_init(&o, sizeof o));
        o.fit_microstrain = r->strain > 0;
        bnsl_saxs_pattern *pattern = fitted(r, &o, q, s, e);
        assert_ok(bnsl_saxs_pattern_phase(pattern, 0, &p));
        assert_ok(bnsl_saxs_pattern_quality(pattern, &chi2, NULL, NULL));
        assert_true(chi2 > 0.8 && chi2 < 1.2);
        assert_close(p.a, r->a, 0, 4 * p.a_err);
        assert_close(p.hwhm, r->w, 0, 4 * p.hwhm_err);
        assert_true(p.hwhm_err < 0.1 * r->w && p.a_err < 1e-3);
        assert_close(p.microstrain, r->strain, 0, r->strain > 0 ? 4 * p.microstrain_err : 0);
        assert_int_equal(p.microstrain_status, r->strain > 0 ? BNSL_PARAMETER_FITTED : BNSL_PARAMETER_FIXED);
        assert_true(r->strain == 0 || p.microstrain_err < 0.2 * r->strain);
        assert_int_equal(p.a_status, BNSL_PARAMETER_FITTED);
        assert_int_equal(p.c_over_a_status, BNSL_PARAMETER_FIXED);
        bnsl_saxs_pattern_destroy(pattern);
        recipe wrong = *r;
        wrong.shape = !r->shape;
        wrong.resolution = 0;
        o.fit_microstrain = 0;
        pattern = fitted(&wrong, &o, q, s, e);
        assert_ok(bnsl_saxs_pattern_quality(pattern, &chi2, NULL, NULL));
        assert_true(chi2 > 1.3);
        bnsl_saxs_pattern_destroy(pattern);
    }
}

/* Free centres find the lattice from the centres; a line that is not where the lattice has it is seen. */
static void free_centres(void **state)
{
    (void)state;
    double q[N], s[N], e[N];
    bnsl_saxs_phase_options o;
    bnsl_saxs_phase p;
    bnsl_saxs_peak peak;
    pattern_of(&lorentzian, 1, 5, q, s, e);
    for (int i = 0; i < N; i++) /* and a stray line beside 001 */
        s[i] += 0.02 * 0.0102 / PI / (pow(q[i] - 0.4813, 2) + 0.0102 * 0.0102);
    assert_ok(bnsl_saxs_phase_options_init(&o, sizeof o));
    o.centres = BNSL_CENTRES_FREE;
    o.centre_bound = 0.02;
    bnsl_saxs_pattern *pattern = fitted(&lorentzian, &o, q, s, e);
    assert_ok(bnsl_saxs_pattern_phase(pattern, 0, &p));
    assert_close(p.a, 13.08, 0, 0.01);
    assert_true(p.a_err > 0 && p.a_err < 0.005);
    for (int32_t i = 0; i < p.n_peaks; i++) {
        assert_ok(bnsl_saxs_pattern_peak(pattern, 0, i, &peak));
        const double lattice =
            2 * PI / 13.08 * sqrt(4.0 / 3 * (peak.h * peak.h + peak.h * peak.k + peak.k * peak.k) + peak.l * peak.l / (0.99 * 0.99));
        assert_true(fabs(peak.q - lattice) < 0.0225); /* never further than the bound, from a lattice within 0.05 % */
        if (peak.h == 0 && peak.k == 0 && peak.l == 1)
            assert_true(peak.q < lattice - 0.001 && peak.q_err < 0.002); /* pulled by its neighbour */
        if (peak.h == 1 && peak.k == 0 && peak.l == 1)
            assert_close(peak.q, lattice, 0, 5 * peak.q_err);
    }
    bnsl_saxs_pattern_destroy(pattern);
}

/* ---- sizes ------------------------------------------------------------------------------------------------------------------------------ */

/* Profile of a sphere of diameter 1: int_0^1 (1 - 3/2 t + 1/2 t^3) cos(q t) dt [Patterson, Phys. Rev. 56, 972 (1939)]. */
static double sphere_profile(double q)
{
    enum { STEPS = 4000 };
    double sum = 0;
    for (int k = 0; k < STEPS; k++) {
        const double t = (k + 0.5) / STEPS;
        sum += (1 - 1.5 * t + 0.5 * t * t * t) * cos(q * t) / STEPS;
    }
    return sum;
}

static void scherrer_conventions(void **state)
{
    (void)state;
    double low = 0, high = 6, xi;
    while (high - low > 1e-10)
        *(sphere_profile((low + high) / 2) > sphere_profile(0) / 2 ? &low : &high) = (low + high) / 2;
    assert_close(2 * low, 6.9533, 2e-5, 0);
    const double breadth = PI / sphere_profile(0), side = pow(PI / 6, 1.0 / 3); /* the profile's integral is pi; V^(1/3) / D */
    assert_ok(bnsl_saxs_scherrer(low, BNSL_LINE_LORENTZIAN, BNSL_SCHERRER_FWHM_DIAMETER, 0, &xi));
    assert_close(xi, 1, 1e-4, 0);
    assert_ok(bnsl_saxs_scherrer(low, BNSL_LINE_LORENTZIAN, BNSL_SCHERRER_FWHM_VOLUME, 0, &xi));
    assert_close(xi, side, 1e-4, 0);
    for (int32_t shape = 0; shape < 2; shape++) { /* half width of the profile that has this integral breadth */
        const double w = shape == BNSL_LINE_LORENTZIAN ? breadth / PI : breadth * sqrt(log(2) / PI);
        assert_ok(bnsl_saxs_scherrer(w, shape, BNSL_SCHERRER_BREADTH_DIAMETER, 0, &xi));
        assert_close(xi, 1, 1e-6, 0);
        assert_ok(bnsl_saxs_scherrer(w, shape, BNSL_SCHERRER_BREADTH_VOLUME, 0, &xi));
        assert_close(xi, side, 1e-6, 0);
    }
    assert_ok(bnsl_saxs_scherrer(0.0102, BNSL_LINE_LORENTZIAN, BNSL_SCHERRER_PAPER, 0, &xi));
    assert_close(xi, PI * 1.0747 / 0.0102, 1e-14, 0);
    assert_ok(bnsl_saxs_scherrer(0.0102, BNSL_LINE_LORENTZIAN, BNSL_SCHERRER_PAPER, 0.9, &xi));
    assert_close(xi, PI * 0.9 / 0.0102, 1e-14, 0);
    assert_status(bnsl_saxs_scherrer(0, 0, 0, 0, &xi), BNSL_EINVAL);
    assert_status(bnsl_saxs_scherrer(NAN, 0, 0, 0, &xi), BNSL_EINVAL);
    assert_status(bnsl_saxs_scherrer(1, 2, 0, 0, &xi), BNSL_EINVAL);
    assert_status(bnsl_saxs_scherrer(1, 0, 5, 0, &xi), BNSL_EINVAL);
    assert_status(bnsl_saxs_scherrer(1, 0, 0, -1, &xi), BNSL_EINVAL);
    assert_status(bnsl_saxs_scherrer(1, 0, 0, 0, NULL), BNSL_EINVAL);
}

/* ---- the paper's three phases: reference/saxs 2.6, to the digits given ------------------------------------------------------------------- */

static void the_papers_geometry(void **state)
{
    (void)state;
    static const struct {
        recipe r;
        double d_large, d_small, phi, d_ll, d_ss, d_ls, q[3];
        int32_t hkl[3][3];
    } phases[] = {
        {{"AlB2", 13.077, 0.99, 0.0102, 0, 0, 0}, 10.4, 4.5, 0.357, 2.68, 3.05, 2.49, {0.7372, 0.4853, 0.5548}, {{1, 0, 1}, {0, 0, 1}, {1, 0, 0}}},
        {{"AlB2", 16.499, 0.99, 0.0168, 0, 0, 0}, 13.2, 6.4, 0.384, 3.30, 3.13, 2.75, {0.5842, 0, 0}, {{1, 0, 1}, {0, 0, 0}, {0, 0, 0}}},
        {{"NaZn13", 40.497, 0, 0.0066, 0, 0, 0}, 13.2, 6.4, 0.360, 7.05, 2.07, 1.96, {0.3103, 0, 0}, {{2, 0, 0}, {0, 0, 0}, {0, 0, 0}}},
    };
    double q[N], s[N], e[N];
    for (int k = 0; k < 3; k++) {
        bnsl_saxs_pattern_options o;
        bnsl_saxs_pattern *pattern;
        bnsl_saxs_geometry g;
        bnsl_saxs_phase p;
        bnsl_saxs_peak peak;
        bnsl_lattice *lattice = lattice_of(&phases[k].r, 1);
        pattern_of(&phases[k].r, 0, 1, q, s, e);
        assert_ok(bnsl_saxs_pattern_options_init(&o, sizeof o));
        o.background = BNSL_BACKGROUND_POLYNOMIAL;
        o.d_large = phases[k].d_large;
        o.d_small = phases[k].d_small;
        o.q_min = 0.15;
        o.q_max = k == 2 ? 1.2 : 1.9; /* a hundred lines of NaZn13 are enough */
        assert_ok(bnsl_saxs_pattern_create(&pattern, &o));
        assert_ok(bnsl_saxs_pattern_add_phase(pattern, lattice, NULL));
        assert_ok(bnsl_saxs_pattern_fit(pattern, N, q, s, e, NULL));
        assert_ok(bnsl_saxs_pattern_geometry(pattern, 0, BNSL_BONDS_GEOMETRY, &g));
        assert_ok(bnsl_saxs_pattern_phase(pattern, 0, &p));
        assert_close(p.a, phases[k].r.a, 0, 1e-4);
        assert_close(g.volume_fraction, phases[k].phi, 0, 0.0005);
        assert_close(g.d_ll, phases[k].d_ll, 0, 0.005);
        assert_close(g.d_ss, phases[k].d_ss, 0, 0.02); /* by the sites; the atomic distances of the table differ by up to 0.2 % */
        assert_close(g.d_ls, phases[k].d_ls, 0, 0.02);
        assert_true(g.d_ll_err > 0 && g.d_ls_err > 0 && g.d_ss_err > 0 && g.volume_fraction_err > 0);
        for (int line = 0; line < 3; line++)
            for (int32_t i = 0; i < p.n_peaks && phases[k].q[line] > 0; i++) {
                assert_ok(bnsl_saxs_pattern_peak(pattern, 0, i, &peak));
                if (peak.h == phases[k].hkl[line][0] && peak.k == phases[k].hkl[line][1] && peak.l == phases[k].hkl[line][2])
                    assert_close(peak.q, phases[k].q[line], 0, 8e-5); /* a stands there with three decimals, q with four */
            }
        assert_ok(bnsl_saxs_pattern_geometry(pattern, 0, BNSL_BONDS_PAPER, &g));
        assert_close(g.d_ss, phases[k].d_ss, 0, 0.005);
        assert_close(g.d_ls, phases[k].d_ls, 0, 0.0055); /* 2.495 stands there as 2.49 */
        assert_status(bnsl_saxs_pattern_geometry(pattern, 1, BNSL_BONDS_PAPER, &g), BNSL_EINVAL);
        assert_status(bnsl_saxs_pattern_geometry(pattern, 0, 7, &g), BNSL_EINVAL);
        assert_status(bnsl_saxs_pattern_geometry(pattern, 0, 0, NULL), BNSL_EINVAL);
        bnsl_saxs_pattern_destroy(pattern);
        bnsl_lattice_destroy(lattice);
    }
}

/* ---- one line alone ------------------------------------------------------------------------------------------------------------------------ */

static void one_line(void **state)
{
    (void)state;
    double q[N], s[N], e[N];
    bnsl_saxs_line line;
    bnsl_saxs_line_options o;
    uint64_t seed = 3;
    double square[3] = {0, 0, 0};
    enum { DRAWS = 40 };
    assert_ok(bnsl_saxs_line_options_init(&o, sizeof o));
    for (int draw = 0; draw < DRAWS; draw++) {
        o.line_shape = draw % 2;
        o.resolution = draw % 4 > 1 ? 0.004 : 0;
        const recipe r = {"", 0, 0, 0.01, 0, o.resolution, o.line_shape};
        for (int i = 0; i < N; i++) {
            q[i] = 0.15 + 0.00223 * i;
            s[i] = 2 - 0.5 * q[i] + 0.05 * profile(&r, q[i] - 0.737, 0.01);
            e[i] = 0.01 * sqrt(s[i]);
            s[i] += e[i] * test_normal(&seed);
        }
        assert_ok(bnsl_saxs_fit_line(N, q, s, e, 0.73, &o, &line));
        assert_true(line.converged == 1 && line.chi2_reduced > 0.5 && line.chi2_reduced < 1.7 && line.n_points == 89);
        square[0] += pow((line.q - 0.737) / line.q_err, 2) / DRAWS;
        square[1] += pow((line.hwhm - 0.01) / line.hwhm_err, 2) / DRAWS;
        square[2] += pow((line.area - 0.05) / line.area_err, 2) / DRAWS;
    }
    for (int k = 0; k < 3; k++)
        assert_true(sqrt(square[k]) > 0.7 && sqrt(square[k]) < 1.35); /* 40 draws: 11 % each way */
    for (int i = 0; i < N; i++)
        s[i] = 1 + e[i] * test_normal(&seed);
    bnsl_status status = bnsl_saxs_fit_line(N, q, s, e, 0.73, &o, &line); /* nothing there: no line, or one within its error of nothing */
    assert_true(status == BNSL_ENOCONV || (status == BNSL_OK && line.area < 5 * line.area_err));
    o.window = 0.003;
    assert_status(bnsl_saxs_fit_line(N, q, s, e, 0.73, &o, &line), BNSL_EINVAL);
    o.window = -1;
    assert_status(bnsl_saxs_fit_line(N, q, s, e, 0.73, &o, &line), BNSL_EINVAL);
    assert_status(bnsl_saxs_fit_line(N, q, s, e, -0.73, NULL, &line), BNSL_EINVAL);
    assert_status(bnsl_saxs_fit_line(N, q, s, NULL, 0.73, NULL, &line), BNSL_EINVAL);
    assert_status(bnsl_saxs_fit_line(N, q, NULL, e, 0.73, NULL, &line), BNSL_EINVAL);
    assert_status(bnsl_saxs_fit_line(N, q, s, e, 0.73, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_line_options_init(NULL, sizeof o), BNSL_EINVAL);
}

/* ---- frames of the synthetic runs -------------------------------------------------------------------------------------------------------------- */

static bnsl_saxs_pattern *fit_frame(const synthetic_series *raw, int k, int second, double *s, double *error)
{
    bnsl_saxs_pattern_options o;
    bnsl_saxs_pattern *pattern;
    const size_t n = (size_t)raw->n_frames * N;
    double *all = malloc(2 * n * sizeof *all);
    assert_ok(bnsl_saxs_normalise(raw->n_frames, N, raw->intensity, raw->error, SYNTHETIC_REFERENCE, all, all + n, NULL, NULL));
    memcpy(s, all + (size_t)k * N, N * sizeof *s);
    memcpy(error, all + n + (size_t)k * N, N * sizeof *error);
    free(all);
    assert_ok(bnsl_saxs_pattern_options_init(&o, sizeof o));
    o.d_large = second ? 13.2 : 10.4, o.d_small = second ? 6.4 : 4.5;
    o.sigma_large = second ? 0.9 : 0.6, o.sigma_small = second ? 0.6 : 0.4;
    o.contrast_large = second ? 51.8 : 33.2, o.contrast_small = 44.3;
    o.ratio = second ? 13 : 2;
    assert_ok(bnsl_saxs_pattern_create(&pattern, &o));
    for (int i = 0; i <= second; i++) {
        const bool cubic = second && i == 0;
        const recipe r = {cubic ? "NaZn13" : "AlB2", raw->truth[k].a[i] * 1.001, cubic ? 0 : 0.99, 0, 0, 0, 0};
        bnsl_saxs_phase_options po;
        bnsl_lattice *lattice = lattice_of(&r, 1);
        assert_ok(bnsl_saxs_phase_options_init(&po, sizeof po));
        po.areas = second ? BNSL_AREAS_CALCULATED : BNSL_AREAS_FREE;
        assert_ok(bnsl_saxs_pattern_add_phase(pattern, lattice, &po));
        bnsl_lattice_destroy(lattice);
    }
    assert_ok(bnsl_saxs_pattern_fit(pattern, N, raw->q, s, error, NULL));
    return pattern;
}

/* The local fit of 101 in a crowded pattern is biased as the reference page says; the shared lattice is not. */
static void the_local_fit_is_a_quick_one(void **state)
{
    (void)state;
    synthetic_series *raw = synthetic_alb2(4, 690, 1, 1);
    double s[N], e[N];
    bnsl_saxs_line line;
    bnsl_saxs_phase p;
    const int k = raw->n_frames - 1;
    bnsl_saxs_pattern *pattern = fit_frame(raw, k, 0, s, e);
    assert_ok(bnsl_saxs_pattern_phase(pattern, 0, &p));
    assert_ok(bnsl_saxs_fit_line(N, raw->q, s, e, 0.735, NULL, &line));
    const double a = 2 * PI / line.q * sqrt(4.0 / 3 + 1 / (0.99 * 0.99)), truth = raw->truth[k].a[0];
    assert_close(p.a, truth, 0, 4 * p.a_err);
    assert_true(a - truth > -0.003 && a - truth < 0.001);
    const double xi = PI * 1.0747 / line.hwhm;
    assert_true(xi > 1.0 * raw->truth[k].xi[0] && xi < 1.06 * raw->truth[k].xi[0]);
    /* a refit starts where the fit ended */
    double chi2[2];
    int32_t iterations;
    assert_ok(bnsl_saxs_pattern_quality(pattern, chi2, NULL, NULL));
    assert_ok(bnsl_saxs_pattern_refit(pattern, N, raw->q, s, e, NULL));
    assert_ok(bnsl_saxs_pattern_quality(pattern, chi2 + 1, NULL, &iterations));
    assert_close(chi2[1], chi2[0], 1e-4, 0); /* u goes on by up to a per cent of itself */
    assert_true(iterations < 12);
    bnsl_saxs_pattern_destroy(pattern);
    synthetic_free(raw);
}

/* The fluid of a physical background, and what the model's parts add up to. */
static void the_physical_background(void **state)
{
    (void)state;
    synthetic_series *raw = synthetic_alb2(4, 467, 300, 1);
    double s[N], e[N], model[N], background[N];
    bnsl_saxs_fluid fluid;
    bnsl_saxs_phase p;
    const int k = SYNTHETIC_REFERENCE; /* 3.63 h: a fifth is crystalline */
    bnsl_saxs_pattern *pattern = fit_frame(raw, k, 0, s, e);
    assert_ok(bnsl_saxs_pattern_phase(pattern, 0, &p));
    assert_ok(bnsl_saxs_pattern_fluid(pattern, &fluid));
    assert_close(fluid.eta, 0.45, 0, 0.005);
    assert_close(fluid.diameter, 12, 0, 0.05);
    assert_close(fluid.damping, 0.8, 0, 0.1);
    assert_int_equal(fluid.eta_status, BNSL_PARAMETER_FITTED);
    assert_close(fluid.share_large, 1 - raw->truth[k].x[0], 0.03, 0);
    assert_true(fluid.share_small == fluid.share_large);
    assert_ok(bnsl_saxs_pattern_model(pattern, N, raw->q, model, background));
    double chi2 = 0, reduced;
    for (int i = 0; i < N; i++) {
        assert_true(model[i] >= background[i]);
        chi2 += pow((s[i] - model[i]) / e[i], 2);
    }
    assert_ok(bnsl_saxs_pattern_quality(pattern, &reduced, NULL, NULL));
    assert_true(chi2 / N < reduced && chi2 / N > 0.9 * reduced); /* the curve that was fitted */
    bnsl_saxs_pattern_destroy(pattern);
    synthetic_free(raw);
}

/* AlB2 beside NaZn13 by comparison with a pure run: the same structure with other cores, so the calculated areas correct it. */
static void shares_by_a_reference_run(void **state)
{
    (void)state;
    synthetic_series *early = synthetic_alb2(4, 472, 300, 1), *late = synthetic_alb2(5, 690, 1, 1);
    double s[N], e[N], x, x_err;
    const int k = SYNTHETIC_REFERENCE, l = late->n_frames - 1;
    bnsl_saxs_pattern *sample = fit_frame(early, k, 0, s, e), *pure = fit_frame(late, l, 0, s, e);
    assert_ok(bnsl_saxs_pattern_relative_fraction(sample, 0, pure, 0, 0.95, &x, &x_err));
    assert_close(x, early->truth[k].x[0], 0, fmax(4 * x_err, 0.02)); /* 0.5 % jitter of both runs' intensity, and a moved by 9 % */
    assert_true(x_err > 0 && x_err < 0.02);
    assert_status(bnsl_saxs_pattern_relative_fraction(sample, 0, pure, 0, 0, &x, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_pattern_relative_fraction(sample, 1, pure, 0, 1, &x, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_pattern_relative_fraction(NULL, 0, pure, 0, 1, &x, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_pattern_relative_fraction(sample, 0, NULL, 0, 1, &x, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_pattern_relative_fraction(sample, 0, pure, 0, 1, NULL, NULL), BNSL_EINVAL);
    synthetic_series *other = synthetic_nazn13(4, 690, 1, 1);
    bnsl_saxs_pattern *two = fit_frame(other, other->n_frames - 1, 1, s, e);
    assert_status(bnsl_saxs_pattern_relative_fraction(sample, 0, two, 0, 1, &x, NULL), BNSL_EINVAL); /* NaZn13 */
    bnsl_saxs_pattern_destroy(sample);
    bnsl_saxs_pattern_destroy(pure);
    bnsl_saxs_pattern_destroy(two);
    synthetic_free(early);
    synthetic_free(late);
    synthetic_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_and_microstrain),
        cmocka_unit_test(free_centres),
        cmocka_unit_test(scherrer_conventions),
        cmocka_unit_test(the_papers_geometry),
        cmocka_unit_test(one_line),
        cmocka_unit_test(the_local_fit_is_a_quick_one),
        cmocka_unit_test(the_physical_background),
        cmocka_unit_test(shares_by_a_reference_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
