/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fits of dilute patterns: one and two populations, shells, bounds, what cannot be known, published curves. */
#include "bnsl_test.h"

enum { N = 300 };

static bnsl_saxs_particle particle(int32_t distribution, double radius, double sigma)
{
    bnsl_saxs_particle p;
    assert_ok(bnsl_saxs_particle_init(&p, sizeof p));
    p.distribution = distribution;
    p.radius = radius;
    p.sigma = sigma;
    return p;
}

static bnsl_saxs_dilute *model(int32_t error_model)
{
    bnsl_saxs_dilute_options o;
    bnsl_saxs_dilute *m;
    assert_ok(bnsl_saxs_dilute_options_init(&o, sizeof o));
    o.error_model = error_model;
    assert_ok(bnsl_saxs_dilute_create(&m, &o));
    return m;
}

static bnsl_saxs_parameter get(const bnsl_saxs_dilute *m, int32_t population, int32_t parameter)
{
    bnsl_saxs_parameter p;
    assert_ok(bnsl_saxs_dilute_parameter(m, population, parameter, &p));
    return p;
}

/* y += scale <f^2> / <V> on q = 0.05 .. 4 nm^-1 */
static void add(const bnsl_saxs_particle *p, double scale, double *q, double *y)
{
    double f2[N], volume;
    for (int i = 0; i < N; i++)
        q[i] = 0.05 * pow(80, i / (N - 1.0));
    assert_ok(bnsl_saxs_particle_form_factor(p, N, q, NULL, f2, NULL));
    assert_ok(bnsl_saxs_particle_volume(p, &volume));
    for (int i = 0; i < N; i++)
        y[i] += scale * f2[i] / volume;
}

static void add_noise(double noise, uint64_t seed, double *y, double *e)
{
    for (int i = 0; i < N; i++) {
        e[i] = noise * y[i];
        y[i] += e[i] * test_normal(&seed);
    }
}

static void keep_pull(const bnsl_saxs_parameter *p, double truth, double *square)
{
    const double pull = (p->value - truth) / p->err;
    assert_int_equal(p->status, BNSL_FIT_FREE);
    assert_true(fabs(pull) < 4.5);
    *square += pull * pull;
}

/* Core radius, its spread, the shell, the scale: all from one pattern, with errors that mean what they say. */
static void core_and_shell(void **state)
{
    (void)state;
    enum { SEEDS = 20 };
    bnsl_saxs_particle truth = particle(BNSL_SIZES_SCHULZ, 5.2, 0.4);
    truth.shell = 1.8;
    truth.sld_core = 41.7;
    truth.sld_shell = 8.5;
    truth.sld_medium = 3;
    double square[4] = {0};
    static const int32_t kinds[4] = {BNSL_PARAMETER_RADIUS, BNSL_PARAMETER_SIGMA, BNSL_PARAMETER_SHELL, BNSL_PARAMETER_SCALE};
    const double truths[4] = {5.2, 0.4, 1.8, 0.01};
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        double q[N], y[N], e[N];
        for (int i = 0; i < N; i++)
            y[i] = 0.3;
        add(&truth, 0.01, q, y);
        add_noise(0.02, seed, y, e);
        bnsl_saxs_dilute *m = model(BNSL_ERRORS_GIVEN);
        bnsl_saxs_particle start = truth;
        start.radius = seed == 1 ? 0 : 5;
        start.sigma = seed == 1 ? 0 : 0.3;
        start.shell = 1;
        assert_ok(bnsl_saxs_dilute_add(m, &start));
        assert_ok(bnsl_saxs_dilute_free(m, 0, BNSL_PARAMETER_SHELL, NAN, 0, 5));
        assert_ok(bnsl_saxs_dilute_fit(m, N, q, y, e, NULL));
        for (int k = 0; k < 4; k++) {
            const bnsl_saxs_parameter p = get(m, 0, kinds[k]);
            keep_pull(&p, truths[k], &square[k]);
            double variance;
            assert_ok(bnsl_saxs_dilute_covariance(m, 0, kinds[k], 0, kinds[k], &variance));
            assert_close(variance, p.err * p.err, 1e-12, 0);
        }
        double chi2, one, two;
        int32_t n_free;
        assert_ok(bnsl_saxs_dilute_quality(m, &chi2, NULL, &n_free, NULL, NULL));
        assert_true(chi2 > 0.65 && chi2 < 1.4 && n_free == 5);
        assert_ok(bnsl_saxs_dilute_covariance(m, 0, BNSL_PARAMETER_SHELL, -1, BNSL_PARAMETER_BACKGROUND, &one));
        assert_ok(bnsl_saxs_dilute_covariance(m, -1, BNSL_PARAMETER_BACKGROUND, 0, BNSL_PARAMETER_SHELL, &two));
        assert_close(one, two, 1e-9, 0);
        assert_true(get(m, 0, BNSL_PARAMETER_SLD_CORE).status == BNSL_FIT_FIXED && get(m, 0, BNSL_PARAMETER_SLD_CORE).err == 0);
        bnsl_saxs_dilute_destroy(m);
    }
    for (int k = 0; k < 4; k++)
        assert_true(sqrt(square[k] / SEEDS) > 0.65 && sqrt(square[k] / SEEDS) < 1.4);
}

/* L and S of a superlattice in one pattern; the larger radius is found first. */
static void two_populations_are_found(void **state)
{
    (void)state;
    static const double radii[][2] = {{6.6, 3.2}, {5.2, 2.25}, {9, 2}, {4, 3.2}};
    for (size_t k = 0; k < sizeof radii / sizeof *radii; k++) {
        double q[N], y[N], e[N];
        const bnsl_saxs_particle large = particle(BNSL_SIZES_GAUSSIAN, radii[k][0], 0.06 * radii[k][0]);
        const bnsl_saxs_particle small = particle(BNSL_SIZES_GAUSSIAN, radii[k][1], 0.08 * radii[k][1]);
        for (int i = 0; i < N; i++)
            y[i] = 1e-3;
        add(&large, 0.01, q, y);
        add(&small, 0.03, q, y);
        double clean[N], all[N], one[N], two[N];
        memcpy(clean, y, sizeof clean);
        add_noise(0.01, k + 1, y, e);
        bnsl_saxs_dilute *m = model(BNSL_ERRORS_GIVEN);
        const bnsl_saxs_particle any = particle(BNSL_SIZES_GAUSSIAN, 0, 0);
        assert_ok(bnsl_saxs_dilute_add(m, &any));
        assert_ok(bnsl_saxs_dilute_add(m, &any));
        assert_ok(bnsl_saxs_dilute_fit(m, N, q, y, e, NULL));
        for (int32_t p = 0; p < 2; p++) {
            const bnsl_saxs_parameter radius = get(m, p, BNSL_PARAMETER_RADIUS), sigma = get(m, p, BNSL_PARAMETER_SIGMA);
            const bnsl_saxs_parameter scale = get(m, p, BNSL_PARAMETER_SCALE);
            double unused = 0;
            keep_pull(&radius, radii[k][p], &unused);
            keep_pull(&sigma, (p == 0 ? 0.06 : 0.08) * radii[k][p], &unused);
            keep_pull(&scale, p == 0 ? 0.01 : 0.03, &unused);
            assert_true(radius.err < 0.02 * radius.value);
        }
        assert_ok(bnsl_saxs_dilute_model(m, -1, N, q, all));
        assert_ok(bnsl_saxs_dilute_model(m, 0, N, q, one));
        assert_ok(bnsl_saxs_dilute_model(m, 1, N, q, two));
        for (int i = 0; i < N; i++) {
            assert_close(all[i], one[i] + two[i] + get(m, -1, BNSL_PARAMETER_BACKGROUND).value, 1e-14, 0);
            assert_close(all[i], clean[i], 0.02, 0);
        }
        bnsl_saxs_particle back;
        assert_ok(bnsl_saxs_particle_init(&back, sizeof back));
        assert_ok(bnsl_saxs_dilute_particle(m, 1, &back));
        assert_true(back.radius == get(m, 1, BNSL_PARAMETER_RADIUS).value && back.sigma == get(m, 1, BNSL_PARAMETER_SIGMA).value);
        bnsl_saxs_dilute_destroy(m);
    }
}

/* Every distribution and weighting comes back from its own pattern, and the truth fits best. */
static void tells_distributions_apart(void **state)
{
    (void)state;
    static const struct { int32_t distribution, weighting; double n_sigma; } kinds[] = {
        {BNSL_SIZES_GAUSSIAN, 0, 0}, {BNSL_SIZES_GAUSSIAN, 0, 2}, {BNSL_SIZES_GAUSSIAN, 1, 3},
        {BNSL_SIZES_SCHULZ, 0, 0},   {BNSL_SIZES_SCHULZ, 1, 0},   {BNSL_SIZES_LOGNORMAL, 0, 0}, {BNSL_SIZES_LOGNORMAL, 1, 0}};
    enum { KINDS = sizeof kinds / sizeof *kinds };
    for (int a = 0; a < KINDS; a++) {
        double q[N], y[N], e[N], own = 0;
        bnsl_saxs_particle truth = particle(kinds[a].distribution, 4.1, 0.7);
        truth.weighting = kinds[a].weighting;
        truth.n_sigma = kinds[a].n_sigma;
        for (int i = 0; i < N; i++)
            y[i] = 1e-3;
        add(&truth, 1, q, y);
        for (int i = 0; i < N; i++)
            e[i] = 0.01 * y[i];
        for (int round = 0; round <= KINDS; round++) {
            const int b = round == 0 ? a : round - 1;
            bnsl_saxs_dilute *m = model(BNSL_ERRORS_GIVEN);
            bnsl_saxs_particle p = particle(kinds[b].distribution, 4, 0.6);
            double chi2;
            p.weighting = kinds[b].weighting;
            p.n_sigma = kinds[b].n_sigma;
            assert_ok(bnsl_saxs_dilute_add(m, &p));
            assert_ok(bnsl_saxs_dilute_fit(m, N, q, y, e, NULL));
            assert_ok(bnsl_saxs_dilute_quality(m, &chi2, NULL, NULL, NULL, NULL));
            if (round == 0) {
                own = chi2;
                assert_true(own < 1e-10);
                assert_close(get(m, 0, BNSL_PARAMETER_RADIUS).value, 4.1, 1e-6, 0);
                assert_close(get(m, 0, BNSL_PARAMETER_SIGMA).value, 0.7, 1e-5, 0);
            } else if (b != a && !(kinds[a].distribution == kinds[b].distribution && kinds[a].distribution != BNSL_SIZES_GAUSSIAN)) {
                assert_true(chi2 > 1e-3); /* by number or by volume, Schulz and log-normal sizes stay what they are */
            } else {
                assert_true(chi2 < 1e-10);
            }
            bnsl_saxs_dilute_destroy(m);
        }
    }
}

static void read_file(const char *name, bnsl_io_curve **curve, int64_t *n, const double **q, const double **intensity, const double **error)
{
    assert_ok(bnsl_io_curve_read(curve, test_data(name), BNSL_UNIT_PER_ANGSTROM));
    assert_ok(bnsl_io_curve_view(*curve, n, q, intensity, error, NULL, NULL));
}

/* Schulz, R = 60.00 A, sigma = 12.00 A, to 0.01 A; a log-normal misfits by 1.1 %, a Gaussian by 1.9 %. */
static void poly_spheres(void **state)
{
    (void)state;
    bnsl_io_curve *curve;
    int64_t n;
    const double *q, *intensity, *error;
    double chi2[3];
    read_file("saxs/PolySpheres.txt", &curve, &n, &q, &intensity, &error);
    for (int32_t d = 0; d < 3; d++) {
        bnsl_saxs_dilute *m = model(BNSL_ERRORS_RELATIVE);
        const bnsl_saxs_particle p = particle(d, 0, 0);
        assert_ok(bnsl_saxs_dilute_add(m, &p));
        assert_ok(bnsl_saxs_dilute_fit(m, n, q, intensity, NULL, NULL));
        assert_ok(bnsl_saxs_dilute_quality(m, &chi2[d], NULL, NULL, NULL, NULL));
        if (d == BNSL_SIZES_SCHULZ) {
            assert_close(get(m, 0, BNSL_PARAMETER_RADIUS).value, 6, 0, 0.001);
            assert_close(get(m, 0, BNSL_PARAMETER_SIGMA).value, 1.2, 0, 0.001);
        }
        bnsl_saxs_dilute_destroy(m);
    }
    assert_true(chi2[BNSL_SIZES_SCHULZ] < 1e-8);
    assert_close(sqrt(chi2[BNSL_SIZES_LOGNORMAL]) * 2, 1.1, 0.15, 0); /* per cent, of the assumed 2 % */
    assert_close(sqrt(chi2[BNSL_SIZES_GAUSSIAN]) * 2, 1.9, 0.05, 0);
    bnsl_io_curve_destroy(curve);
}

/* Volume fraction 0.01 and R = 50 nm from absolute intensities, cm^-1, and scattering length densities, 1e-4 nm^-2 (= 1e-6 A^-2). */
static void absolute_scale(void **state)
{
    (void)state;
    bnsl_io_curve *curve;
    int64_t n;
    const double *q, *intensity, *error, unit = sqrt(1e7) * 1e-4; /* 1 nm^-1 = 1e7 cm^-1 */
    read_file("saxs/100nmSpheresNodQ.txt", &curve, &n, &q, &intensity, &error);
    bnsl_saxs_dilute_options o;
    bnsl_saxs_dilute *m;
    assert_ok(bnsl_saxs_dilute_options_init(&o, sizeof o));
    o.q_min = 1e-3;
    o.q_max = 0.08; /* q R = 4: beyond, three digits of q move the minimum too far */
    assert_ok(bnsl_saxs_dilute_create(&m, &o));
    bnsl_saxs_particle p = particle(BNSL_SIZES_GAUSSIAN, 0, 0);
    p.sld_core = 4.2 * unit;
    p.sld_medium = 6.4 * unit;
    assert_ok(bnsl_saxs_dilute_add(m, &p));
    assert_ok(bnsl_saxs_dilute_fix(m, 0, BNSL_PARAMETER_SIGMA, 0));
    assert_ok(bnsl_saxs_dilute_fix(m, -1, BNSL_PARAMETER_BACKGROUND, 0));
    assert_ok(bnsl_saxs_dilute_fit(m, n, q, intensity, error, NULL));
    assert_close(get(m, 0, BNSL_PARAMETER_SCALE).value, 0.01, 0.005, 0);
    assert_close(get(m, 0, BNSL_PARAMETER_RADIUS).value, 50, 0.005, 0);
    assert_true(get(m, -1, BNSL_PARAMETER_BACKGROUND).value == 0 && get(m, 0, BNSL_PARAMETER_SIGMA).value == 0);
    bnsl_saxs_dilute_destroy(m);
    bnsl_io_curve_destroy(curve);
}

static void bounds_and_what_is_not_known(void **state)
{
    (void)state;
    double q[N], y[N], e[N], value;
    const bnsl_saxs_particle truth = particle(BNSL_SIZES_GAUSSIAN, 5, 0.5), start = particle(BNSL_SIZES_GAUSSIAN, 4.8, 0.3);
    for (int i = 0; i < N; i++)
        y[i] = 1e-3;
    add(&truth, 1, q, y);
    add_noise(0.02, 9, y, e);
    /* contrast and scale: only their product, so neither; size and background are known all the same */
    bnsl_saxs_dilute *m = model(BNSL_ERRORS_GIVEN);
    assert_ok(bnsl_saxs_dilute_add(m, &start));
    assert_status(bnsl_saxs_dilute_parameter(m, 0, 0, &(bnsl_saxs_parameter){0}), BNSL_EINVAL); /* not fitted yet */
    assert_ok(bnsl_saxs_dilute_free(m, 0, BNSL_PARAMETER_SLD_CORE, NAN, 0.1, 10));
    assert_ok(bnsl_saxs_dilute_fit(m, N, q, y, e, NULL));
    assert_int_equal(get(m, 0, BNSL_PARAMETER_SLD_CORE).status, BNSL_FIT_UNDETERMINED);
    assert_int_equal(get(m, 0, BNSL_PARAMETER_SCALE).status, BNSL_FIT_UNDETERMINED);
    assert_true(isnan(get(m, 0, BNSL_PARAMETER_SCALE).err));
    double unused = 0;
    bnsl_saxs_parameter radius = get(m, 0, BNSL_PARAMETER_RADIUS);
    const double free_err = radius.err;
    keep_pull(&radius, 5, &unused);
    assert_ok(bnsl_saxs_dilute_covariance(m, 0, BNSL_PARAMETER_SCALE, 0, BNSL_PARAMETER_RADIUS, &value));
    assert_true(isnan(value));
    /* one of them fixed */
    assert_ok(bnsl_saxs_dilute_fix(m, 0, BNSL_PARAMETER_SCALE, 0.25));
    assert_status(bnsl_saxs_dilute_quality(m, &value, NULL, NULL, NULL, NULL), BNSL_EINVAL); /* changed since */
    assert_ok(bnsl_saxs_dilute_fit(m, N, q, y, e, NULL));
    const bnsl_saxs_parameter contrast = get(m, 0, BNSL_PARAMETER_SLD_CORE);
    keep_pull(&contrast, 2, &unused);
    assert_close(get(m, 0, BNSL_PARAMETER_RADIUS).err, free_err, 1e-4, 0);
    assert_ok(bnsl_saxs_dilute_covariance(m, 0, BNSL_PARAMETER_SCALE, 0, BNSL_PARAMETER_RADIUS, &value));
    assert_true(value == 0);
    /* a bound in the way, of a non-linear and of a linear parameter */
    assert_ok(bnsl_saxs_dilute_fix(m, 0, BNSL_PARAMETER_SLD_CORE, 1));
    assert_ok(bnsl_saxs_dilute_free(m, 0, BNSL_PARAMETER_SCALE, NAN, 0, INFINITY));
    assert_ok(bnsl_saxs_dilute_free(m, 0, BNSL_PARAMETER_RADIUS, 4.5, 4, 4.8));
    assert_ok(bnsl_saxs_dilute_fit(m, N, q, y, e, NULL));
    radius = get(m, 0, BNSL_PARAMETER_RADIUS);
    assert_true(radius.status == BNSL_FIT_AT_BOUND && radius.value == 4.8 && isnan(radius.err));
    assert_int_equal(get(m, 0, BNSL_PARAMETER_SIGMA).status, BNSL_FIT_FREE);
    assert_ok(bnsl_saxs_dilute_free(m, 0, BNSL_PARAMETER_RADIUS, 4.8, 4, 6));
    assert_ok(bnsl_saxs_dilute_free(m, 0, BNSL_PARAMETER_SCALE, NAN, 0, 0.9));
    assert_ok(bnsl_saxs_dilute_fit(m, N, q, y, e, NULL));
    assert_true(get(m, 0, BNSL_PARAMETER_SCALE).status == BNSL_FIT_AT_BOUND && get(m, 0, BNSL_PARAMETER_SCALE).value == 0.9);
    /* a search within bounds keeps within them */
    assert_ok(bnsl_saxs_dilute_free(m, 0, BNSL_PARAMETER_SCALE, NAN, 0, INFINITY));
    bnsl_saxs_dilute_destroy(m);
    m = model(BNSL_ERRORS_GIVEN);
    const bnsl_saxs_particle any = particle(BNSL_SIZES_GAUSSIAN, 0, 0);
    assert_ok(bnsl_saxs_dilute_add(m, &any));
    assert_ok(bnsl_saxs_dilute_free(m, 0, BNSL_PARAMETER_RADIUS, NAN, 1, 4));
    assert_ok(bnsl_saxs_dilute_fit(m, N, q, y, e, NULL));
    assert_true(get(m, 0, BNSL_PARAMETER_RADIUS).value <= 4 && get(m, 0, BNSL_PARAMETER_RADIUS).value >= 1);
    bnsl_saxs_dilute_destroy(m);
}

/* A second population that is not there has scale 0, and then nobody knows its size. */
static void nothing_of_a_population(void **state)
{
    (void)state;
    double q[N], y[N] = {0}, e[N];
    const bnsl_saxs_particle truth = particle(BNSL_SIZES_GAUSSIAN, 5, 0.5);
    add(&truth, 1, q, y);
    for (int i = 0; i < N; i++) {
        e[i] = 0.01 * y[i];
        y[i] -= 0.02 * y[i] * exp(-q[i]); /* less than one population at small q: another could only be negative */
    }
    bnsl_saxs_dilute *m = model(BNSL_ERRORS_GIVEN);
    bnsl_saxs_particle p = particle(BNSL_SIZES_GAUSSIAN, 5, 0.5);
    assert_ok(bnsl_saxs_dilute_add(m, &p));
    p.radius = 20;
    assert_ok(bnsl_saxs_dilute_add(m, &p));
    assert_ok(bnsl_saxs_dilute_fix(m, 0, BNSL_PARAMETER_RADIUS, 5));
    assert_ok(bnsl_saxs_dilute_fix(m, 0, BNSL_PARAMETER_SIGMA, 0.5));
    assert_ok(bnsl_saxs_dilute_fix(m, 0, BNSL_PARAMETER_SCALE, 1));
    assert_ok(bnsl_saxs_dilute_fix(m, -1, BNSL_PARAMETER_BACKGROUND, 0));
    assert_ok(bnsl_saxs_dilute_fix(m, 1, BNSL_PARAMETER_SIGMA, 1));
    assert_ok(bnsl_saxs_dilute_free(m, 1, BNSL_PARAMETER_RADIUS, 20, 10, 30));
    assert_ok(bnsl_saxs_dilute_fit(m, N, q, y, e, NULL));
    assert_true(get(m, 1, BNSL_PARAMETER_SCALE).status == BNSL_FIT_AT_BOUND && get(m, 1, BNSL_PARAMETER_SCALE).value == 0);
    assert_int_equal(get(m, 1, BNSL_PARAMETER_RADIUS).status, BNSL_FIT_UNDETERMINED);
    bnsl_saxs_dilute_destroy(m);
}

static void refuses_bad_arguments(void **state)
{
    (void)state;
    double q[N], y[N] = {0}, e[N], value = -1;
    bnsl_saxs_parameter parameter;
    bnsl_saxs_dilute *m = NULL;
    bnsl_saxs_dilute_options o;
    const bnsl_saxs_particle sphere = particle(BNSL_SIZES_GAUSSIAN, 5, 0.5);
    bnsl_saxs_particle p = sphere;
    add(&sphere, 1, q, y);
    for (int i = 0; i < N; i++)
        e[i] = 0.01 * y[i];
    assert_status(bnsl_saxs_dilute_create(NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_dilute_options_init(NULL, sizeof o), BNSL_EINVAL);
    assert_ok(bnsl_saxs_dilute_options_init(&o, sizeof o));
    o.error_model = 9;
    assert_status(bnsl_saxs_dilute_create(&m, &o), BNSL_EINVAL);
    assert_null(m);
    assert_ok(bnsl_saxs_dilute_create(&m, NULL));
    assert_status(bnsl_saxs_dilute_fit(m, N, q, y, e, NULL), BNSL_EINVAL); /* no population */
    assert_status(bnsl_saxs_dilute_add(m, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_dilute_add(NULL, &p), BNSL_EINVAL);
    p.distribution = 5;
    assert_status(bnsl_saxs_dilute_add(m, &p), BNSL_EINVAL);
    p = sphere;
    p.radius = -1;
    assert_status(bnsl_saxs_dilute_add(m, &p), BNSL_EINVAL);
    p.radius = 0;
    p.sigma = NAN;
    assert_status(bnsl_saxs_dilute_add(m, &p), BNSL_EINVAL);
    for (int k = 0; k < 4; k++)
        assert_ok(bnsl_saxs_dilute_add(m, &sphere));
    assert_status(bnsl_saxs_dilute_add(m, &sphere), BNSL_EINVAL);
    static const int32_t bad[][2] = {{4, 0}, {-2, 0}, {0, 7}, {0, -1}, {-1, 0}};
    for (int k = 0; k < 5; k++) {
        assert_status(bnsl_saxs_dilute_fix(m, bad[k][0], bad[k][1], 1), BNSL_EINVAL);
        assert_status(bnsl_saxs_dilute_free(m, bad[k][0], bad[k][1], 1, 0, 2), BNSL_EINVAL);
    }
    assert_status(bnsl_saxs_dilute_fix(NULL, 0, 0, 1), BNSL_EINVAL);
    assert_status(bnsl_saxs_dilute_fix(m, 0, BNSL_PARAMETER_RADIUS, 0), BNSL_EINVAL);
    assert_status(bnsl_saxs_dilute_fix(m, 0, BNSL_PARAMETER_SIGMA, -1), BNSL_EINVAL);
    assert_status(bnsl_saxs_dilute_fix(m, 0, BNSL_PARAMETER_SLD_CORE, NAN), BNSL_EINVAL);
    assert_ok(bnsl_saxs_dilute_fix(m, 0, BNSL_PARAMETER_SLD_CORE, -1));
    assert_status(bnsl_saxs_dilute_free(m, 0, BNSL_PARAMETER_RADIUS, 1, 2, 3), BNSL_EINVAL);
    assert_status(bnsl_saxs_dilute_free(m, 0, BNSL_PARAMETER_RADIUS, 2, 3, 1), BNSL_EINVAL);
    assert_status(bnsl_saxs_dilute_free(m, 0, BNSL_PARAMETER_RADIUS, 2, NAN, 3), BNSL_EINVAL);
    assert_status(bnsl_saxs_dilute_free(m, 0, BNSL_PARAMETER_SCALE, -1, -2, -1), BNSL_EINVAL);
    assert_status(bnsl_saxs_dilute_free(NULL, 0, 0, 1, 0, 2), BNSL_EINVAL);
    assert_status(bnsl_saxs_dilute_parameter(m, 0, 0, &parameter), BNSL_EINVAL);
    assert_status(bnsl_saxs_dilute_model(m, -1, N, q, y), BNSL_EINVAL);
    assert_status(bnsl_saxs_dilute_covariance(m, 0, 0, 0, 0, &value), BNSL_EINVAL);
    assert_status(bnsl_saxs_dilute_particle(m, 0, &p), BNSL_EINVAL);
    bnsl_saxs_dilute_destroy(m);

    assert_ok(bnsl_saxs_dilute_create(&m, NULL));
    assert_ok(bnsl_saxs_dilute_add(m, &sphere));
    assert_status(bnsl_saxs_dilute_fit(NULL, N, q, y, e, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_dilute_fit(m, N, q, y, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_dilute_fit(m, 4, q, y, e, NULL), BNSL_EINVAL);
    assert_ok(bnsl_saxs_dilute_fit(m, N, q, y, e, NULL));
    assert_status(bnsl_saxs_dilute_parameter(m, 1, 0, &parameter), BNSL_EINVAL);
    assert_status(bnsl_saxs_dilute_parameter(m, 0, 0, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_dilute_parameter(NULL, 0, 0, &parameter), BNSL_EINVAL);
    assert_status(bnsl_saxs_dilute_covariance(m, 0, 0, 0, 9, &value), BNSL_EINVAL);
    assert_status(bnsl_saxs_dilute_covariance(m, 0, 0, 0, 0, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_dilute_model(m, 1, N, q, y), BNSL_EINVAL);
    assert_status(bnsl_saxs_dilute_model(m, -1, N, NULL, y), BNSL_EINVAL);
    assert_status(bnsl_saxs_dilute_particle(m, 0, NULL), BNSL_EINVAL);
    assert_true(value == -1);
    bnsl_control *control;
    assert_ok(bnsl_control_create(&control));
    bnsl_control_cancel(control);
    assert_status(bnsl_saxs_dilute_fit(m, N, q, y, e, control), BNSL_ECANCELLED);
    assert_ok(bnsl_saxs_dilute_parameter(m, 0, 0, &parameter)); /* the earlier result stays */
    bnsl_control_destroy(control);
    p.struct_size = sizeof p;
    for (int k = 0; k < 3; k++) {
        p.radius = p.sigma = 0;
        p.distribution = 0;
        assert_ok(bnsl_saxs_dilute_add(m, &p));
    }
    assert_status(bnsl_saxs_dilute_fit(m, N, q, y, e, NULL), BNSL_EINVAL); /* three radii to be searched */
    assert_non_null(strstr(bnsl_error_message(), "at most two"));
    bnsl_saxs_dilute_destroy(m);
    bnsl_saxs_dilute_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(core_and_shell),
        cmocka_unit_test(two_populations_are_found),
        cmocka_unit_test(tells_distributions_apart),
        cmocka_unit_test(poly_spheres),
        cmocka_unit_test(absolute_scale),
        cmocka_unit_test(bounds_and_what_is_not_known),
        cmocka_unit_test(nothing_of_a_population),
        cmocka_unit_test(refuses_bad_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
