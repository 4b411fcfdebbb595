/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Patterns, inside: line profiles and the fluid against their definitions, every slope of the model against differences, memory that ends. */
#include "bnsl_test.h"
#include "saxs/pattern_internal.h"

/* Voigt profile by the midpoint rule in the Gaussian's variable; the rule is exact to rounding for an analytic function of Gaussian decay,
 * as long as the step is small against hwhm / resolution. */
static double voigt(double x, double w, double resolution)
{
    enum { STEPS = 60000 };
    double sum = 0;
    for (int k = 0; k < STEPS; k++) {
        const double t = 18.0 * ((k + 0.5) / STEPS - 0.5);
        sum += exp(-t * t / 2) / (pow(x - t * resolution, 2) + w * w);
    }
    return sum * 18.0 / STEPS / sqrt(2 * SAXS_PI) * w / SAXS_PI;
}

static void profiles(void **state)
{
    (void)state;
    static const double widths[] = {0.003, 0.05, 0.4, 1, 5, 40}, places[] = {0, 0.3, 1, 4, 9, 11.2, 11.4, 30};
    for (int a = 0; a < 6; a++)
        for (int b = 0; b < 8; b++) {
            const double w = widths[a], x = places[b], step = 1e-5 * (w + 0.1);
            double by_x, by_w, value = bnsl__saxs_profile(BNSL_LINE_LORENTZIAN, 1, x, w, &by_x, &by_w);
            if (a > 0)
                assert_close(value, voigt(x, w, 1), 1e-10, 1e-13);
            for (int32_t shape = 0; shape < 2; shape++)
                for (int folded = 0; folded < 2; folded++) {
                    value = bnsl__saxs_profile(shape, folded, x, w, &by_x, &by_w);
                    const double right = bnsl__saxs_profile(shape, folded, x + step, w, NULL, NULL),
                                 left = bnsl__saxs_profile(shape, folded, x - step, w, NULL, NULL),
                                 wide = bnsl__saxs_profile(shape, folded, x, w + 0.01 * w * 1e-3, NULL, NULL),
                                 narrow = bnsl__saxs_profile(shape, folded, x, w - 0.01 * w * 1e-3, NULL, NULL);
                    assert_true(value >= 0);
                    if (folded || a > 1) { /* where differences are good to some digits */
                        assert_close(by_x, (right - left) / (2 * step), 1e-5, 1e-7 * (value + 1e-3));
                        assert_close(by_w, (wide - narrow) / (0.02e-3 * w), 1e-5, 1e-7 / w * (value + 1e-3));
                    }
                }
        }
    /* unit area */
    for (int32_t shape = 0; shape < 2; shape++) {
        double sum = 0;
        for (int k = -400000; k < 400000; k++)
            sum += bnsl__saxs_profile(shape, 0.7, (k + 0.5) * 0.01, 0.5, NULL, NULL) * 0.01;
        assert_close(sum, shape == BNSL_LINE_LORENTZIAN ? 1 - 2 * 0.5 / SAXS_PI / 4000 : 1, 1e-7, 0);
    }
}

static double fluid_at(double eta, double d, double delta, double q)
{
    const pattern_fluid f = {eta, d, delta};
    double s;
    bnsl__saxs_fluid(&f, 1, &q, &s, NULL);
    return s;
}

static void the_fluid(void **state)
{
    (void)state;
    static const double etas[] = {-0.02, 0, 0.01, 0.2, 0.45, 0.55}, qs[] = {1e-6, 0.05, 0.12, 0.1249, 0.1251, 0.4, 1, 3};
    for (int a = 0; a < 6; a++) {
        const double eta = etas[a], d = 12;
        /* compressibility of Percus-Yevick spheres: S(0) = (1 - eta)^4 / (1 + 2 eta)^2 [Wertheim 1963] */
        assert_close(fluid_at(eta, d, 0, 1e-6), pow(1 - eta, 4) / pow(1 + 2 * eta, 2), 1e-9, 0);
        assert_close(fluid_at(eta, d, 0, 300), 1, 0, 2e-3);
        for (int b = 1; b < 8; b++) {
            const pattern_fluid f = {eta, d, 0.8};
            double s, slopes[3];
            const double q = qs[b], step = 1e-5;
            bnsl__saxs_fluid(&f, 1, &q, &s, slopes);
            assert_close(slopes[0], (fluid_at(eta + step, d, 0.8, q) - fluid_at(eta - step, d, 0.8, q)) / (2 * step), 1e-6, 1e-7);
            assert_close(slopes[1], (fluid_at(eta, d + step, 0.8, q) - fluid_at(eta, d - step, 0.8, q)) / (2 * step), 1e-6, 1e-7);
            assert_close(slopes[2], (fluid_at(eta, d, 0.8 + step, q) - fluid_at(eta, d, 0.8 - step, q)) / (2 * step), 1e-6, 1e-7);
        }
    }
    assert_close(fluid_at(0.45, 12, 0, 0.1249999), fluid_at(0.45, 12, 0, 0.1250001), 1e-5, 0); /* where series and closed form meet, x = 1.5 */
    /* series at x slightly below 1.5 against the closed form in long double */
    const long double x = 1.49L, eta = 0.3L, rest4 = powl(1 - eta, 4), alpha = powl(1 + 2 * eta, 2) / rest4,
                      beta = -6 * eta * powl(1 + eta / 2, 2) / rest4;
    const long double s = sinl(x), c = cosl(x), x2 = x * x;
    const long double sum = alpha * (s - x * c) / (x * x2) + beta * (2 * x * s + (2 - x2) * c - 2) / (x2 * x2) +
                            eta * alpha / 2 * (-x2 * x2 * c + 4 * ((3 * x2 - 6) * c + (x2 - 6) * x * s + 6)) / (x2 * x2 * x2);
    assert_close(fluid_at(0.3, 1, 0, 1.49), (double)(1 / (1 + 24 * eta * sum)), 1e-13, 0);
}

/* ---- slopes of the whole model ------------------------------------------------------------------------------------------------------------- */

enum { N = 240 };

static void curve(double *q, double *s, double *e)
{
    uint64_t seed = 5;
    for (int i = 0; i < N; i++) {
        q[i] = 0.3 + 0.005 * i;
        s[i] = 1 + 0.3 * test_uniform(&seed);
        e[i] = 0.01 * (1 + test_uniform(&seed));
    }
}

static bnsl_saxs_pattern *model_of(int32_t areas, int32_t centres, int32_t shape, double resolution)
{
    bnsl_saxs_pattern_options o;
    bnsl_saxs_pattern *pattern;
    assert_ok(bnsl_saxs_pattern_options_init(&o, sizeof o));
    o.d_large = 10.4, o.d_small = 4.5, o.sigma_large = 0.6, o.sigma_small = 0.4;
    o.ratio = 3; /* two columns of the fluid */
    o.line_shape = shape;
    o.resolution = resolution;
    assert_ok(bnsl_saxs_pattern_create(&pattern, &o));
    for (int k = 0; k < 2; k++) {
        bnsl_lattice_options lo;
        bnsl_lattice *lattice;
        bnsl_saxs_phase_options po;
        assert_ok(bnsl_lattice_options_init(&lo, sizeof lo));
        lo.a = k ? 17 : 13.08;
        lo.c_over_a = k ? 0 : 0.99;
        assert_ok(bnsl_lattice_create(&lattice, k ? "fcc" : "AlB2", &lo));
        assert_ok(bnsl_saxs_phase_options_init(&po, sizeof po));
        po.areas = areas;
        po.centres = centres;
        po.centre_bound = 0.01;
        po.fit_c_over_a = k == 0;
        po.fit_microstrain = 1;
        assert_ok(bnsl_saxs_pattern_add_phase(pattern, lattice, &po));
        bnsl_lattice_destroy(lattice);
    }
    return pattern;
}

/* The weighted model at parameters x for fixed coefficients. */
static void model_at(pattern_fit *f, const double *x, const double *coefficients, double *out)
{
    bnsl__pattern_unpack(f, x);
    bnsl__pattern_moving_columns(f);
    for (int i = 0; i < N; i++) {
        out[i] = 0;
        for (int32_t j = 0; j < f->n_columns; j++)
            out[i] += coefficients[j] * f->columns.data[j * SAXS_LANES * f->n_vectors + i];
    }
}

static void slopes_of(int32_t areas, int32_t centres, int32_t shape, double resolution, int n_params)
{
    static double q[N], s[N], e[N], low[N], high[N], coefficients[PATTERN_GRAM_STRIDE];
    double x[PATTERN_MAX_PARAMS], moved[PATTERN_MAX_PARAMS];
    bool changed;
    bnsl_saxs_pattern *pattern = model_of(areas, centres, shape, resolution);
    pattern_fit *f = bnsl__pattern_workspace(pattern);
    curve(q, s, e);
    assert_ok(bnsl__pattern_fit_init(f, pattern, N, q, s, e, "test"));
    bnsl__pattern_start(f);
    for (int k = 0; k < 2; k++) {
        f->active[k] = true;
        f->cell[k].w = 0.02;
        f->cell[k].microstrain = 0.01;
    }
    f->shift[0] = 0.004;
    assert_ok(bnsl__pattern_layout(f, &changed, "test"));
    assert_true(f->n_params >= n_params);
    for (int32_t j = 0; j < f->n_columns; j++)
        coefficients[j] = 0.3 + 0.1 * (j % 5);
    bnsl__pattern_pack(f, x);
    bnsl__pattern_unpack(f, x);
    bnsl__pattern_moving_columns(f); /* calculated areas are found with the columns */
    bnsl__pattern_slopes(f, coefficients);
    for (int32_t p = 0; p < f->n_params; p++) {
        const double *slope = f->slopes.data + p * SAXS_LANES * f->n_vectors, step = 1e-6 * (1 + fabs(x[p]));
        double largest = 0;
        memcpy(moved, x, sizeof moved);
        moved[p] = x[p] - step;
        model_at(f, moved, coefficients, low);
        moved[p] = x[p] + step;
        model_at(f, moved, coefficients, high);
        for (int i = 0; i < N; i++)
            largest = fmax(largest, fabs(slope[i]));
        assert_true(largest > 0);
        for (int i = 0; i < N; i++) {
            if (!(fabs(slope[i] - (high[i] - low[i]) / (2 * step)) < 4e-6 * largest))
                print_error("parameter %d of kind %d (%d), areas %d, centres %d, shape %d, resolution %g\n", (int)p, (int)f->params[p].kind,
                            (int)f->params[p].index, (int)areas, (int)centres, (int)shape, resolution);
            assert_close(slope[i], (high[i] - low[i]) / (2 * step), 2e-6, 2e-6 * largest);
        }
        model_at(f, x, coefficients, low); /* back, also the slopes' state */
    }
    bnsl_saxs_pattern_destroy(pattern);
}

static void slopes_of_the_model(void **state)
{
    (void)state;
    slopes_of(BNSL_AREAS_FREE, BNSL_CENTRES_LATTICE, BNSL_LINE_LORENTZIAN, 0, 10);      /* 2 a, c/a, 2 w, 2 e, fluid */
    slopes_of(BNSL_AREAS_CALCULATED, BNSL_CENTRES_LATTICE, BNSL_LINE_LORENTZIAN, 0, 12); /* and 2 u */
    slopes_of(BNSL_AREAS_CALCULATED, BNSL_CENTRES_LATTICE, BNSL_LINE_LORENTZIAN, 0.01, 12);
    slopes_of(BNSL_AREAS_CALCULATED, BNSL_CENTRES_LATTICE, BNSL_LINE_GAUSSIAN, 0.01, 12);
    slopes_of(BNSL_AREAS_FREE, BNSL_CENTRES_FREE, BNSL_LINE_LORENTZIAN, 0, 15);
}

/* ---- memory that ends ----------------------------------------------------------------------------------------------------------------------- */

static bnsl_status run_series(void *user)
{
    double q[N], s[N], e[N];
    bnsl_saxs_pattern *pattern = NULL;
    bnsl_saxs_series *series = NULL;
    bnsl_lattice *lattice = NULL;
    bnsl_lattice_options lo;
    (void)user;
    curve(q, s, e);
    bnsl_lattice_options_init(&lo, sizeof lo);
    lo.a = 13.08;
    bnsl_status status = bnsl_lattice_create(&lattice, "AlB2", &lo);
    if (status == BNSL_OK)
        status = bnsl_saxs_pattern_create(&pattern, NULL);
    if (status == BNSL_OK)
        status = bnsl_saxs_pattern_add_phase(pattern, lattice, NULL);
    if (status == BNSL_OK)
        status = bnsl_saxs_series_create(&series, pattern, NULL, N, q);
    assert_true(status == BNSL_OK || series == NULL);
    for (int k = 0; k < 2 && status == BNSL_OK; k++) {
        status = bnsl_saxs_series_add(series, k, s, e, NULL);
        assert_true(bnsl_saxs_series_n_frames(series) == k + (status == BNSL_OK));
    }
    bnsl_saxs_series_destroy(series);
    bnsl_saxs_pattern_destroy(pattern);
    bnsl_lattice_destroy(lattice);
    return status;
}

static bnsl_status run_small(void *user)
{
    double q[N], s[N], e[N], out[2 * N];
    bnsl_saxs_line line = {.q = -1};
    (void)user;
    curve(q, s, e);
    for (int i = 0; i < N; i++)
        s[i] += 0.05 * 0.01 / (pow(q[i] - 0.8, 2) + 1e-4);
    bnsl_status status = bnsl_saxs_normalise(1, N, s, e, 1, out, out + N, NULL, NULL);
    if (status == BNSL_OK)
        status = bnsl_saxs_fit_line(N, q, s, e, 0.8, NULL, &line);
    assert_true(status == BNSL_OK || line.q == -1);
    return status;
}

static void failing_allocations_leave_a_clean_error(void **state)
{
    (void)state;
    assert_true(oom_until_success(run_series, NULL) > 5);
    assert_true(oom_until_success(run_small, NULL) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(profiles),
        cmocka_unit_test(the_fluid),
        cmocka_unit_test(slopes_of_the_model),
        cmocka_unit_test(failing_allocations_leave_a_clean_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
