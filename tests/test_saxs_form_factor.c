/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Averaged sphere form factors against quadrature, moments and published curves; fits of dilute patterns. */
#include "bnsl_test.h"

#define PI 3.14159265358979323846L

/* sin y - y cos y */
static long double g(long double y)
{
    if (fabsl(y) > 0.1L)
        return sinl(y) - y * cosl(y);
    long double y2 = y * y;
    return y * y2 / 3 * (1 - y2 / 10 * (1 - y2 / 28 * (1 - y2 / 54 * (1 - y2 / 88))));
}

/*
 * <f> and <f^2> by the trapezoidal rule, which converges faster than any power here. Gaussian: R = R0 + s z, all of it, also R < 0.
 * Schulz: R = R0 exp(z), density exp(k (z - exp(z))) up to a factor.
 */
static void quadrature(int32_t distribution, double radius, double sigma, double q, double *f, double *f2)
{
    enum { STEPS = 6000 };
    const bool schulz = distribution == BNSL_SIZES_SCHULZ;
    const long double k = ((long double)radius / sigma) * ((long double)radius / sigma);
    const long double left = schulz ? -(12 / sqrtl(k) + 55 / k) : -12, right = schulz ? fminl(12 / sqrtl(k), 6) : 12;
    long double weight_sum = 0, sum = 0, sum2 = 0;
    for (int i = 0; i <= STEPS; i++) {
        long double z = left + (right - left) * i / STEPS, weight = schulz ? expl(k * (z + 1 - expl(z))) : expl(-z * z / 2);
        long double v = g(q * (schulz ? radius * expl(z) : radius + sigma * z));
        weight_sum += weight;
        sum += weight * v;
        sum2 += weight * v * v;
    }
    long double unit = 4 * PI / ((long double)q * q * q);
    *f = (double)(unit * sum / weight_sum);
    *f2 = (double)(unit * unit * sum2 / weight_sum);
}

static void equals_quadrature(void **state)
{
    (void)state;
    static const double widths[] = {0.001, 0.02, 0.06, 0.15, 0.3, 0.6, 0.95};
    for (int32_t distribution = 0; distribution < 2; distribution++)
        for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
            double radius = 5.2, sigma = widths[w] * radius, zero = 0, f_zero, f, f2, f_want, f2_want;
            assert_ok(bnsl_saxs_form_factor(distribution, radius, sigma, 1, &zero, &f_zero, NULL));
            const double x_max = widths[w] > 0.5 ? 8 : 60; /* beyond, the quadrature does not resolve the tail of large spheres */
            for (double x = 3e-5; x < x_max; x *= 1.63) {
                double q = x / radius;
                quadrature(distribution, radius, sigma, q, &f_want, &f2_want);
                assert_ok(bnsl_saxs_form_factor(distribution, radius, sigma, 1, &q, &f, &f2));
                assert_close(f, f_want, 0, 1e-12 * f_zero);
                assert_close(f2, f2_want, 1e-10, 0);
            }
        }
}

/* <R^3>, <R^6>, and <R^8> from the Guinier slope; beta = <f>^2 / <f^2>. Moments: Gaussian R^6 (1 + 15 p^2 + 45 p^4 + 15 p^6) and so on. */
static void has_the_moments_of_its_distribution(void **state)
{
    (void)state;
    const double radius = 2.5, third = 4 * (double)PI / 3;
    for (double p = 0.05; p < 1; p += 0.15) {
        double p2 = p * p, m3[2] = {1 + 3 * p2, (1 + p2) * (1 + 2 * p2)}, m6[2] = {1 + 15 * p2 + 45 * p2 * p2 + 15 * p2 * p2 * p2, 1};
        double m8[2] = {1 + 28 * p2 + 210 * p2 * p2 + 420 * p2 * p2 * p2 + 105 * p2 * p2 * p2 * p2, 1};
        for (int j = 1; j < 6; j++)
            m6[1] *= 1 + j * p2;
        for (int j = 1; j < 8; j++)
            m8[1] *= 1 + j * p2;
        for (int32_t d = 0; d < 2; d++) {
            double q[2] = {0, 0.9e-4 / radius}, f[2], f2[2], r3 = radius * radius * radius;
            assert_ok(bnsl_saxs_form_factor(d, radius, p * radius, 2, q, f, f2));
            assert_close(f[0], third * r3 * m3[d], 1e-14, 0);
            assert_close(f2[0], third * third * r3 * r3 * m6[d], 1e-14, 0);
            assert_close(f[0] * f[0] / f2[0], m3[d] * m3[d] / m6[d], 1e-14, 0);
            double slope = (1 - f2[1] / f2[0]) / (q[1] * q[1]); /* <R^8> / (5 <R^6>); 1e-16 / 1e-8 of rounding */
            assert_close(slope, radius * radius * m8[d] / m6[d] / 5, 1e-6, 0);
        }
    }
}

static void single_size_is_the_sphere(void **state)
{
    (void)state;
    for (int32_t d = 0; d < 2; d++)
        for (double x = 1e-5; x < 1e4; x *= 1.7) {
            double radius = 0.7, q = x / radius, f, f2, tiny_f, tiny_f2, want = (double)(4 * PI * g(x) / ((long double)q * q * q));
            assert_ok(bnsl_saxs_form_factor(d, radius, 0, 1, &q, &f, &f2));
            assert_close(f, want, 1e-12, 1e-13 * 4 / 3 * (double)PI * radius * radius * radius / (1 + x * x));
            assert_close(f2, f * f, 1e-15, 0);
            assert_ok(bnsl_saxs_form_factor(d, radius, 1e-9 * radius, 1, &q, &tiny_f, &tiny_f2));
            assert_close(tiny_f2, f2, 1e-8, 1e-14 * x * x / (x * x * x * x)); /* continuous in sigma */
        }
}

/* I(q), cm^-1, of 1 % spheres of R = 50 nm and contrast 2.2e-6 A^-2; q in nm^-1 */
static double sphere_curve(double q)
{
    double f2;
    assert_ok(bnsl_saxs_form_factor(BNSL_SIZES_GAUSSIAN, 50, 0, 1, &q, NULL, &f2));
    return 1e8 * 0.01 * 2.2e-6 * 2.2e-6 * (f2 * 1e6) / (4 * (double)PI / 3 * 500.0 * 500.0 * 500.0);
}

/* Half a unit of the third digit. */
static double rounding(double x)
{
    return 0.5 * pow(10, floor(log10(x) + 1e-9) - 2);
}

/* Absolute scale of an independent program; q and I are printed with three digits. */
static void published_sphere_curve(void **state)
{
    (void)state;
    bnsl_io_curve *curve;
    int64_t n;
    int compared = 0;
    const double *q, *intensity;
    assert_ok(bnsl_io_curve_read(&curve, test_data("saxs/100nmSpheresNodQ.txt"), BNSL_UNIT_PER_ANGSTROM));
    assert_ok(bnsl_io_curve_view(curve, &n, &q, &intensity, NULL, NULL, NULL));
    for (int64_t i = 0; i < n; i++) {
        if (q[i] * 50 > 4) /* up to the first minimum */
            continue;
        double below = sphere_curve(q[i] - rounding(q[i])), above = sphere_curve(q[i] + rounding(q[i]));
        assert_true(intensity[i] > above - 1.01 * rounding(intensity[i]) && intensity[i] < below + 1.01 * rounding(intensity[i]));
        compared++;
    }
    assert_true(compared > 40);
    bnsl_io_curve_destroy(curve);
}

/* ---- fits ---------------------------------------------------------------------------------------------------------------- */

enum { N = 400 };

static bnsl_saxs_form_factor_options options(int32_t distribution, int32_t error_model)
{
    bnsl_saxs_form_factor_options o;
    assert_ok(bnsl_saxs_form_factor_options_init(&o, sizeof o));
    o.distribution = distribution;
    o.error_model = error_model;
    return o;
}

/* scale <f^2> / <V> + background on q = 0.05 .. 4; relative noise */
static void synthetic(int32_t distribution, double radius, double sigma, double scale, double background, double noise, uint64_t seed, double *q,
                      double *y, double *e)
{
    double p2 = sigma / radius * (sigma / radius);
    double volume = 4 * (double)PI / 3 * radius * radius * radius * (distribution == BNSL_SIZES_GAUSSIAN ? 1 + 3 * p2 : (1 + p2) * (1 + 2 * p2));
    for (int i = 0; i < N; i++)
        q[i] = 0.05 + i * 0.01;
    assert_ok(bnsl_saxs_form_factor(distribution, radius, sigma, N, q, NULL, y));
    for (int i = 0; i < N; i++) {
        y[i] = scale * y[i] / volume + background;
        e[i] = noise * y[i];
        y[i] += e[i] * test_normal(&seed);
    }
}

static void poly_spheres_are_schulz(void **state)
{
    (void)state;
    bnsl_io_curve *curve;
    int64_t n;
    const double *q, *intensity, *error;
    bnsl_saxs_form_factor_result schulz, gaussian, relative;
    assert_ok(bnsl_io_curve_read(&curve, test_data("saxs/PolySpheres.txt"), BNSL_UNIT_PER_ANGSTROM));
    assert_ok(bnsl_io_curve_view(curve, &n, &q, &intensity, &error, NULL, NULL));
    assert_non_null(error);
    bnsl_saxs_form_factor_options o = options(BNSL_SIZES_SCHULZ, BNSL_ERRORS_GIVEN);
    assert_ok(bnsl_saxs_fit_form_factor(n, q, intensity, error, &o, &schulz));
    assert_close(schulz.radius, 6.0, 0, 0.002); /* nm: 60.00 +- 0.02 A */
    assert_close(schulz.sigma, 1.2, 0, 0.002);
    assert_int_equal(schulz.converged, 1);
    assert_int_equal(schulz.n_points, n);
    o = options(BNSL_SIZES_SCHULZ, BNSL_ERRORS_RELATIVE);
    assert_ok(bnsl_saxs_fit_form_factor(n, q, intensity, NULL, &o, &relative));
    assert_close(relative.radius, 6.0, 1e-6, 0);
    assert_close(relative.sigma, 1.2, 1e-5, 0);
    assert_true(relative.chi2_reduced < 1e-8);
    o = options(BNSL_SIZES_GAUSSIAN, BNSL_ERRORS_RELATIVE);
    assert_ok(bnsl_saxs_fit_form_factor(n, q, intensity, NULL, &o, &gaussian));
    assert_true(gaussian.chi2_reduced > 0.5); /* 1.9 % against an assumed 2 % */
    assert_close(gaussian.radius, 5.90, 0, 0.02);
    assert_close(gaussian.sigma, 1.32, 0, 0.02);
    bnsl_io_curve_destroy(curve);
}

/* Errors mean what they say: pulls over 30 noisy patterns. */
static void errors_cover_the_truth(void **state)
{
    (void)state;
    double q[N], y[N], e[N];
    for (int32_t d = 0; d < 2; d++) {
        const double truth[4] = {5.2, 0.4, 3, 0.002};
        double square[4] = {0};
        for (uint64_t seed = 1; seed <= 30; seed++) {
            bnsl_saxs_form_factor_result r;
            bnsl_saxs_form_factor_options o = options(d, BNSL_ERRORS_GIVEN);
            synthetic(d, truth[0], truth[1], truth[2], truth[3], 0.02, 100 * seed + (uint64_t)d, q, y, e);
            assert_ok(bnsl_saxs_fit_form_factor(N, q, y, e, &o, &r));
            const double pull[4] = {(r.radius - truth[0]) / r.radius_err, (r.sigma - truth[1]) / r.sigma_err, (r.scale - truth[2]) / r.scale_err,
                                    (r.background - truth[3]) / r.background_err};
            for (int k = 0; k < 4; k++) {
                assert_true(fabs(pull[k]) < 4);
                square[k] += pull[k] * pull[k] / 30;
            }
            assert_true(r.chi2_reduced > 0.7 && r.chi2_reduced < 1.35);
        }
        for (int k = 0; k < 4; k++)
            assert_true(sqrt(square[k]) > 0.7 && sqrt(square[k]) < 1.35);
    }
}

static void finds_radii_of_any_size_and_unit(void **state)
{
    (void)state;
    double q[N], y[N], e[N];
    for (double radius = 0.8; radius < 30; radius *= 1.9)
        for (int unit = 0; unit < 2; unit++) {
            bnsl_saxs_form_factor_result r;
            bnsl_saxs_form_factor_options o = options(BNSL_SIZES_GAUSSIAN, BNSL_ERRORS_GIVEN);
            const double factor = unit ? 0.1 : 1; /* 1 / nm and 1 / Angstrom */
            synthetic(BNSL_SIZES_GAUSSIAN, radius, 0.06 * radius, 1, 1e-3, 0.01, 4, q, y, e);
            for (int i = 0; i < N; i++)
                q[i] *= factor;
            assert_ok(bnsl_saxs_fit_form_factor(N, q, y, e, &o, &r));
            assert_close(r.radius * factor, radius, 0.005, 0);
            assert_close(r.sigma * factor, 0.06 * radius, 0, 4 * r.sigma_err * factor);
            assert_true(r.sigma_err < 0.5 * r.sigma);
            o.radius_start = 1.02 * radius / factor;
            assert_ok(bnsl_saxs_fit_form_factor(N, q, y, e, &o, &r));
            assert_close(r.radius * factor, radius, 0.005, 0);
        }
}

static void one_size_is_at_the_bound(void **state)
{
    (void)state;
    double q[N], y[N], e[N];
    bnsl_saxs_form_factor_result r;
    bnsl_saxs_form_factor_options o = options(BNSL_SIZES_GAUSSIAN, BNSL_ERRORS_GIVEN);
    synthetic(BNSL_SIZES_GAUSSIAN, 3, 0, 1, 1e-3, 0, 1, q, y, e);
    for (int i = 0; i < N; i++)
        e[i] = 0.01 * y[i];
    assert_ok(bnsl_saxs_fit_form_factor(N, q, y, e, &o, &r));
    assert_int_equal(r.sigma_at_bound, 1);
    assert_true(r.sigma == 0 && isnan(r.sigma_err) && isnan(r.correlation_radius_sigma));
    assert_close(r.radius, 3, 1e-7, 0);
    assert_true(r.radius_err > 0 && r.radius_err < 0.01);
}

/* Without errors the given model's are scaled: the same answer whatever their size. */
static void error_models_scale_themselves(void **state)
{
    (void)state;
    double q[N], y[N], e[N];
    bnsl_saxs_form_factor_result given, scaled, r;
    bnsl_saxs_form_factor_options o = options(BNSL_SIZES_GAUSSIAN, BNSL_ERRORS_GIVEN);
    synthetic(BNSL_SIZES_GAUSSIAN, 5, 0.4, 1, 1e-3, 0.02, 12, q, y, e);
    assert_ok(bnsl_saxs_fit_form_factor(N, q, y, e, &o, &given));
    o = options(BNSL_SIZES_GAUSSIAN, BNSL_ERRORS_RELATIVE);
    assert_ok(bnsl_saxs_fit_form_factor(N, q, y, NULL, &o, &r));
    o.relative_error = 0.2;
    assert_ok(bnsl_saxs_fit_form_factor(N, q, y, NULL, &o, &scaled));
    assert_close(scaled.radius, r.radius, 1e-8, 0);
    assert_close(scaled.radius_err, r.radius_err, 1e-6, 0);
    assert_close(scaled.chi2_reduced * 100, r.chi2_reduced, 1e-6, 0);
    assert_close(r.radius_err, given.radius_err, 0.1, 0); /* errors of y + noise instead of y */
    for (int32_t model = BNSL_ERRORS_SQRT; model <= BNSL_ERRORS_UNIFORM; model++) {
        o = options(BNSL_SIZES_GAUSSIAN, model);
        assert_ok(bnsl_saxs_fit_form_factor(N, q, y, NULL, &o, &r));
        assert_close(r.radius, 5, 0, 5 * r.radius_err + 0.05);
    }
    o = options(BNSL_SIZES_GAUSSIAN, BNSL_ERRORS_GIVEN);
    o.q_min = 0.2;
    o.q_max = 1.5;
    assert_ok(bnsl_saxs_fit_form_factor(N, q, y, e, &o, &r));
    assert_int_equal(r.n_points, 131);
    assert_close(r.radius, 5, 0, 5 * r.radius_err);
}

static void says_when_nothing_fits(void **state)
{
    (void)state;
    double q[N], y[N], e[N];
    bnsl_saxs_form_factor_result r = {0};
    bnsl_saxs_form_factor_options o = options(BNSL_SIZES_GAUSSIAN, BNSL_ERRORS_GIVEN);
    for (int i = 0; i < N; i++) {
        q[i] = 0.05 + 0.01 * i;
        y[i] = q[i]; /* rises: no form factor of positive scale does */
        e[i] = 0.01;
    }
    assert_status(bnsl_saxs_fit_form_factor(N, q, y, e, &o, &r), BNSL_ENOCONV);
    assert_int_equal(r.converged, 0);
    assert_int_equal(r.n_points, N);
}

static void refuses_bad_arguments(void **state)
{
    (void)state;
    double q[N], y[N], e[N], f = -1;
    bnsl_saxs_form_factor_result r = {.radius = -1};
    synthetic(BNSL_SIZES_GAUSSIAN, 5, 0.4, 1, 1e-3, 0.02, 12, q, y, e);
    static const struct {
        int32_t distribution;
        double radius, sigma, q;
    } bad[] = {{3, 1, 0.1, 1}, {-1, 1, 0.1, 1}, {0, 0, 0, 1},    {0, -1, 0.1, 1},  {0, NAN, 0.1, 1},      {0, INFINITY, 0.1, 1}, {0, 1, -0.1, 1},
               {0, 1, 1, 1},   {0, 1, NAN, 1},  {0, 1, 0.1, -1}, {0, 1, 0.1, NAN}, {0, 1, 0.1, INFINITY}, {0, 1, 0.1, 1e9}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_status(bnsl_saxs_form_factor(bad[i].distribution, bad[i].radius, bad[i].sigma, 1, &bad[i].q, &f, &f), BNSL_EINVAL);
    assert_status(bnsl_saxs_form_factor(0, 1, 0.1, -1, q, &f, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_form_factor(0, 1, 0.1, 1, NULL, &f, NULL), BNSL_EINVAL);
    assert_ok(bnsl_saxs_form_factor(0, 1, 0.1, 0, NULL, NULL, NULL));
    assert_true(f == -1);

    bnsl_saxs_form_factor_options good = options(0, BNSL_ERRORS_GIVEN), o;
    assert_status(bnsl_saxs_fit_form_factor(N, q, y, e, &good, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_fit_form_factor(N, NULL, y, e, &good, &r), BNSL_EINVAL);
    assert_status(bnsl_saxs_fit_form_factor(N, q, NULL, e, &good, &r), BNSL_EINVAL);
    assert_status(bnsl_saxs_fit_form_factor(N, q, y, NULL, &good, &r), BNSL_EINVAL);
    assert_status(bnsl_saxs_fit_form_factor(N, q, y, NULL, NULL, &r), BNSL_EINVAL);
    assert_status(bnsl_saxs_fit_form_factor(4, q, y, e, &good, &r), BNSL_EINVAL);
    assert_status(bnsl_saxs_fit_form_factor(-1, q, y, e, &good, &r), BNSL_EINVAL);
#define WITH(change)                                                                                                                                 \
    do {                                                                                                                                             \
        o = good;                                                                                                                                    \
        change;                                                                                                                                      \
        assert_status(bnsl_saxs_fit_form_factor(N, q, y, e, &o, &r), BNSL_EINVAL);                                                                   \
    } while (0)
    WITH(o.distribution = 7);
    WITH(o.error_model = 4);
    WITH(o.error_model = -1);
    WITH(o.relative_error = 0);
    WITH(o.relative_error = NAN);
    WITH(o.radius_start = -1);
    WITH(o.radius_start = NAN);
    WITH((o.q_min = 2, o.q_max = 1));
    WITH((o.q_min = 1, o.q_max = 0));
    WITH((o.q_min = NAN, o.q_max = 1));
    WITH((o.q_min = 0.050, o.q_max = 0.081));
    WITH(o.struct_size = 2);
    double *const arrays[3] = {q, y, e};
    static const double values[] = {NAN, INFINITY, -INFINITY};
    for (int a = 0; a < 3; a++)
        for (int v = 0; v < 3; v++) {
            double kept = arrays[a][5];
            arrays[a][5] = values[v];
            WITH((void)0);
            arrays[a][5] = kept;
        }
    double kept = e[5];
    e[5] = 0;
    WITH((void)0);
    e[5] = kept;
    kept = y[5];
    y[5] = -1;
    WITH(o.error_model = BNSL_ERRORS_RELATIVE);
    WITH(o.error_model = BNSL_ERRORS_SQRT);
    y[5] = kept;
#undef WITH
    assert_true(r.radius == -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_quadrature),
        cmocka_unit_test(has_the_moments_of_its_distribution),
        cmocka_unit_test(single_size_is_the_sphere),
        cmocka_unit_test(published_sphere_curve),
        cmocka_unit_test(poly_spheres_are_schulz),
        cmocka_unit_test(errors_cover_the_truth),
        cmocka_unit_test(finds_radii_of_any_size_and_unit),
        cmocka_unit_test(one_size_is_at_the_bound),
        cmocka_unit_test(error_models_scale_themselves),
        cmocka_unit_test(says_when_nothing_fits),
        cmocka_unit_test(refuses_bad_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
