/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Populations of spheres and core-shell spheres: averages against brute-force quadrature, moments, sums of other programs. */
#include "bnsl_test.h"

#define PI 3.14159265358979323846L

/* V(R) Phi(q R) */
static long double sphere(long double q, long double radius)
{
    long double y = q * radius, y2 = y * y, v = 4 * PI / 3 * radius * radius * radius;
    if (fabsl(y) < 0.1L)
        return v * (1 - y2 / 10 * (1 - y2 / 28 * (1 - y2 / 54 * (1 - y2 / 88))));
    return v * 3 * (sinl(y) - y * cosl(y)) / (y * y2);
}

static long double amplitude(const bnsl_saxs_particle *p, long double q, long double radius)
{
    if (p->shell == 0)
        return ((long double)p->sld_core - p->sld_medium) * sphere(q, radius);
    return ((long double)p->sld_core - p->sld_shell) * sphere(q, radius) + ((long double)p->sld_shell - p->sld_medium) * sphere(q, radius + p->shell);
}

/* The named density at R times dR/dt, where R = R(t), up to a factor; Gaussian: R = t, others R = exp t. */
static long double density(const bnsl_saxs_particle *p, long double t, long double *radius)
{
    const long double ratio = (long double)p->sigma / p->radius, k = 1 / (ratio * ratio), s2 = logl(1 + ratio * ratio);
    *radius = p->distribution == BNSL_SIZES_GAUSSIAN ? t : expl(t);
    switch (p->distribution) {
    case BNSL_SIZES_GAUSSIAN: return expl(-0.5L * (t - p->radius) * (t - p->radius) / ((long double)p->sigma * p->sigma));
    case BNSL_SIZES_SCHULZ: return expl(k * (t - logl(p->radius) + 1 - *radius / p->radius));
    default: return expl(-0.5L * powl(t - logl(p->radius) + s2 / 2, 2) / s2);
    }
}

static void ends(const bnsl_saxs_particle *p, long double *low, long double *high)
{
    const long double ratio = (long double)p->sigma / p->radius, k = 1 / (ratio * ratio), s = sqrtl(logl(1 + ratio * ratio));
    const double cut = p->n_sigma > 0 ? fmin(p->n_sigma, 14) : 14;
    if (p->distribution == BNSL_SIZES_GAUSSIAN) {
        *low = p->radius - cut * p->sigma;
        *high = p->radius + cut * p->sigma;
        if (p->n_sigma > 0 && *low < 0)
            *low = 0;
    } else if (p->distribution == BNSL_SIZES_SCHULZ) {
        *low = logl(p->radius) - 12 / sqrtl(k) - 55 / k;
        *high = logl(p->radius) + fminl(14 / sqrtl(k), 4.5L);
    } else {
        *low = logl(p->radius) - 12 * s;
        *high = logl(p->radius) + (12 + 8 * s) * s;
    }
}

/* Number averages of f, f^2 and R^m by Simpson's rule. */
static void brute_force(const bnsl_saxs_particle *p, double q, int m, double *f, double *f2, double *moment)
{
    enum { STEPS = 5000 };
    long double low, high, total = 0, sum = 0, sum2 = 0, sum_m = 0;
    ends(p, &low, &high);
    for (int i = 0; i <= STEPS; i++) {
        long double radius, w = density(p, low + (high - low) * i / STEPS, &radius) * (i == 0 || i == STEPS ? 1 : i % 2 ? 4 : 2);
        if (p->weighting == BNSL_WEIGHTING_VOLUME)
            w /= radius * radius * radius;
        const long double a = amplitude(p, q, radius);
        total += w;
        sum += w * a;
        sum2 += w * a * a;
        sum_m += w * powl(radius, m);
    }
    *f = (double)(sum / total);
    *f2 = (double)(sum2 / total);
    *moment = (double)(sum_m / total);
}

static bnsl_saxs_particle particle(int32_t distribution, int32_t weighting, double width, double n_sigma, double shell)
{
    bnsl_saxs_particle p;
    assert_ok(bnsl_saxs_particle_init(&p, sizeof p));
    assert_true(p.sld_core == 1 && p.sld_medium == 0 && p.n_sigma == 0);
    p.distribution = distribution;
    p.weighting = weighting;
    p.radius = 5.2;
    p.sigma = width * p.radius;
    p.n_sigma = n_sigma;
    p.shell = shell;
    p.sld_core = 41.7; /* magnetite, oleic acid, hexane with toluene; 1e-6 A^-2 */
    p.sld_shell = 8.5;
    p.sld_medium = 6.8;
    return p;
}

static const struct {
    int32_t distribution, weighting;
    double n_sigma, widest, resolved; /* the last: q sigma that the brute force resolves */
} cases[] = {
    {BNSL_SIZES_GAUSSIAN, BNSL_WEIGHTING_NUMBER, 0, 0.9, 25},  {BNSL_SIZES_GAUSSIAN, BNSL_WEIGHTING_NUMBER, 3, 0.9, 25},
    {BNSL_SIZES_GAUSSIAN, BNSL_WEIGHTING_NUMBER, 1e6, 0.9, 25}, {BNSL_SIZES_GAUSSIAN, BNSL_WEIGHTING_VOLUME, 3, 0.3, 25},
    {BNSL_SIZES_SCHULZ, BNSL_WEIGHTING_NUMBER, 0, 0.5, 20},    {BNSL_SIZES_SCHULZ, BNSL_WEIGHTING_VOLUME, 0, 0.35, 20},
    {BNSL_SIZES_LOGNORMAL, BNSL_WEIGHTING_NUMBER, 0, 0.5, 8}, {BNSL_SIZES_LOGNORMAL, BNSL_WEIGHTING_VOLUME, 0, 0.3, 8},
};

/* Every distribution, weighting and shape: 1e-9 of <f^2>, 1e-10 of the maximum of <f>. */
static void equals_brute_force(void **state)
{
    (void)state;
    static const double widths[] = {0.003, 0.06, 0.2, 0.35, 0.5, 0.9};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++)
        for (size_t w = 0; w < sizeof widths / sizeof *widths && widths[w] < cases[c].widest * 1.001; w++)
            for (int shell = 0; shell < 2; shell++) {
                const bnsl_saxs_particle p = particle(cases[c].distribution, cases[c].weighting, widths[w], cases[c].n_sigma, shell * 1.6);
                double zero = 0, f_zero, f2_zero, f, f2, beta, f_want, f2_want, unused;
                assert_ok(bnsl_saxs_particle_form_factor(&p, 1, &zero, &f_zero, &f2_zero, &beta));
                brute_force(&p, 1e-6, 0, &f_want, &f2_want, &unused);
                assert_close(f_zero, f_want, 1e-10, 0);
                assert_close(f2_zero, f2_want, 1e-10, 0);
                assert_close(beta, f_want * f_want / f2_want, 1e-10, 0);
                for (double x = 0.02; x < 60 && x * widths[w] < cases[c].resolved; x *= 4.3) {
                    const double q = x / p.radius;
                    brute_force(&p, q, 0, &f_want, &f2_want, &unused);
                    assert_ok(bnsl_saxs_particle_form_factor(&p, 1, &q, &f, &f2, &beta));
                    assert_close(f, f_want, 0, 1e-10 * fabs(f_zero));
                    assert_close(f2, f2_want, 1e-9, 0);
                    assert_close(beta, f * f / f2, 1e-15, 0);
                }
            }
}

/* Far beyond the last oscillation <f^2> is that of Porod's law, (4 pi)^2 / (2 q^6) (1 + q^2 <R^2>). */
static void ends_in_porods_law(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        bnsl_saxs_particle p = particle(cases[c].distribution, cases[c].weighting, 0.25, cases[c].n_sigma, 0);
        for (double x = 3e3; x < 1e8; x *= 30) {
            double q = x / p.radius, f, f2, r2;
            assert_ok(bnsl_saxs_particle_form_factor(&p, 1, &q, &f, &f2, NULL));
            assert_ok(bnsl_saxs_particle_moment(&p, 2, &r2));
            const double contrast = 41.7 - 6.8, unit = 4 * (double)PI * contrast / (q * q * q);
            assert_close(f2, unit * unit * 0.5 * (1 + q * q * r2), p.n_sigma > 0 ? 2e-5 : 1e-9, 0); /* the edges of a cut echo, as 1 / q */
        }
    }
}

static void a_value_depends_on_its_q_alone(void **state)
{
    (void)state;
    enum { N = 300 };
    double q[N], f2[N], one;
    uint64_t seed = 3;
    for (int i = 0; i < N; i++)
        q[i] = exp(8 * test_uniform(&seed) - 6);
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const bnsl_saxs_particle p = particle(cases[c].distribution, cases[c].weighting, 0.2, cases[c].n_sigma, 1);
        assert_ok(bnsl_saxs_particle_form_factor(&p, N, q, NULL, f2, NULL));
        for (int i = 0; i < N; i += 7) {
            assert_ok(bnsl_saxs_particle_form_factor(&p, 1, &q[i], NULL, &one, NULL));
            assert_true(one == f2[i]);
        }
    }
}

static void has_the_moments_of_its_distribution(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++)
        for (int32_t m = 0; m <= 12; m++) {
            const bnsl_saxs_particle p = particle(cases[c].distribution, cases[c].weighting, 0.25, cases[c].n_sigma, 1.1);
            double f, f2, want, got;
            brute_force(&p, 1, m, &f, &f2, &want);
            assert_ok(bnsl_saxs_particle_moment(&p, m, &got));
            assert_close(got, want, 1e-10, 0);
        }
    /* What the names say: mean and standard deviation of the number, and of the volume. */
    for (int32_t d = 0; d < 3; d++) {
        bnsl_saxs_particle p = particle(d, BNSL_WEIGHTING_NUMBER, 0.25, 0, 1.1);
        double r[6], volume;
        for (int32_t m = 1; m <= 5; m++)
            assert_ok(bnsl_saxs_particle_moment(&p, m, &r[m]));
        assert_close(r[1], 5.2, 1e-14, 0);
        assert_close(sqrt(r[2] - r[1] * r[1]), 1.3, 1e-13, 0);
        assert_ok(bnsl_saxs_particle_volume(&p, &volume));
        assert_close(volume, 4 * (double)PI / 3 * (r[3] + 3 * 1.1 * r[2] + 3 * 1.21 * r[1] + 1.331), 1e-14, 0);
        if (d == BNSL_SIZES_GAUSSIAN)
            continue;
        p.weighting = BNSL_WEIGHTING_VOLUME;
        for (int32_t m = 3; m <= 5; m++)
            assert_ok(bnsl_saxs_particle_moment(&p, m, &r[m]));
        assert_close(r[4] / r[3], 5.2, 1e-13, 0);
        assert_close(sqrt(r[5] / r[3] - r[4] / r[3] * (r[4] / r[3])), 1.3, 1e-12, 0);
    }
}

/* A shell of the medium, or of the core, is a sphere; without any contrast nothing is left. */
static void shells_that_are_not_there(void **state)
{
    (void)state;
    for (int32_t d = 0; d < 3; d++) {
        bnsl_saxs_particle p = particle(d, BNSL_WEIGHTING_NUMBER, 0.15, 0, 0), shell = p, one = p;
        double f, f2, f_want, f2_want;
        shell.shell = 2;
        shell.sld_shell = shell.sld_medium;
        one.sigma = 0;
        one.shell = 3;
        one.sld_shell = one.sld_core;
        for (double q = 0.001; q < 10; q *= 1.9) {
            assert_ok(bnsl_saxs_particle_form_factor(&p, 1, &q, &f_want, &f2_want, NULL));
            assert_ok(bnsl_saxs_particle_form_factor(&shell, 1, &q, &f, &f2, NULL));
            assert_close(f2, f2_want, 1e-9, 0);
            assert_ok(bnsl_saxs_particle_form_factor(&one, 1, &q, &f, &f2, NULL)); /* radius 8.2 */
            assert_close(f, (double)((41.7L - 6.8L) * sphere(q, 8.2L)), 1e-9, 1e-10 * 35 * 2309.565);
            assert_close(f2, f * f, 1e-14, 0);
        }
        p.sld_core = p.sld_medium;
        double q = 0.5, beta;
        assert_ok(bnsl_saxs_particle_form_factor(&p, 1, &q, &f, &f2, &beta));
        assert_true(f == 0 && f2 == 0 && isnan(beta));
    }
}

/* sasmodels' average: 35 equidistant radii within 3 sigma, weights normalised by their sum. */
static void sums_as_sasmodels_does(void **state)
{
    (void)state;
    bnsl_saxs_particle p = particle(BNSL_SIZES_GAUSSIAN, BNSL_WEIGHTING_NUMBER, 0.4, 3, 0.7);
    p.n_points = 35;
    for (double q = 0.01; q < 8; q *= 1.7) {
        long double total = 0, sum = 0, sum2 = 0;
        double f, f2;
        for (int i = 0; i < 35; i++) {
            const long double radius = 5.2L + 3 * (long double)p.sigma * (2 * i / 34.0L - 1), w = expl(-0.5L * 9 * powl(2 * i / 34.0L - 1, 2));
            const long double a = radius > 0 ? amplitude(&p, q, radius) : 0;
            total += radius > 0 ? w : 0;
            sum += radius > 0 ? w * a : 0;
            sum2 += radius > 0 ? w * a * a : 0;
        }
        assert_ok(bnsl_saxs_particle_form_factor(&p, 1, &q, &f, &f2, NULL));
        assert_close(f, (double)(sum / total), 1e-11, 1e-6);
        assert_close(f2, (double)(sum2 / total), 1e-11, 0);
    }
    double one = 1, exact, by_sum; /* many points: the integral */
    assert_ok(bnsl_saxs_particle_form_factor(&p, 1, &one, NULL, &by_sum, NULL));
    p.n_points = 0;
    assert_ok(bnsl_saxs_particle_form_factor(&p, 1, &one, NULL, &exact, NULL));
    assert_true(fabs(by_sum / exact - 1) > 1e-4);
    p.n_points = 100000;
    assert_ok(bnsl_saxs_particle_form_factor(&p, 1, &one, NULL, &by_sum, NULL));
    assert_close(by_sum, exact, 1e-5, 0);
}

static void refuses_bad_arguments(void **state)
{
    (void)state;
    const bnsl_saxs_particle good = particle(BNSL_SIZES_GAUSSIAN, BNSL_WEIGHTING_NUMBER, 0.1, 0, 1);
    bnsl_saxs_particle p;
    double q = 1, value = -1, negative = -1, huge = 1e8;
#define WITH(change, says)                                                                                                                           \
    do {                                                                                                                                             \
        p = good;                                                                                                                                    \
        change;                                                                                                                                      \
        assert_status(bnsl_saxs_particle_form_factor(&p, 1, &q, &value, NULL, NULL), BNSL_EINVAL);                                                   \
        assert_non_null(strstr(bnsl_error_message(), says));                                                                                         \
        assert_status(bnsl_saxs_particle_moment(&p, 1, &value), BNSL_EINVAL);                                                                        \
        assert_status(bnsl_saxs_particle_volume(&p, &value), BNSL_EINVAL);                                                                           \
    } while (0)
    WITH(p.distribution = 3, "distribution is 3");
    WITH(p.distribution = -1, "distribution");
    WITH(p.weighting = 2, "weighting is 2");
    WITH(p.radius = 0, "radius is 0");
    WITH(p.radius = NAN, "radius is nan");
    WITH(p.radius = INFINITY, "radius is inf");
    WITH(p.sigma = -1, "sigma is -1");
    WITH(p.sigma = p.radius, "below the radius");
    WITH(p.sigma = NAN, "sigma is nan");
    WITH(p.n_sigma = -1, "n_sigma is -1");
    WITH((p.n_sigma = 3, p.distribution = BNSL_SIZES_SCHULZ), "unless the distribution is a Gaussian");
    WITH(p.n_points = 35, "n_points is 35");
    WITH((p.n_points = 1, p.n_sigma = 3), "n_points is 1");
    WITH(p.shell = -1, "shell is -1");
    WITH(p.shell = INFINITY, "shell is inf");
    WITH(p.sld_core = NAN, "sld_core is nan");
    WITH(p.sld_shell = INFINITY, "sld_shell is inf");
    WITH(p.sld_medium = INFINITY, "sld_medium is inf");
    WITH(p.struct_size = 1, "struct_size");
    WITH(p.weighting = BNSL_WEIGHTING_VOLUME, "must end above R = 0");
    WITH((p.weighting = BNSL_WEIGHTING_VOLUME, p.n_sigma = 10), "must end above R = 0");
    WITH((p.weighting = BNSL_WEIGHTING_VOLUME, p.distribution = BNSL_SIZES_SCHULZ, p.sigma = 2.7), "below radius / 2");
    WITH((p.distribution = BNSL_SIZES_LOGNORMAL, p.sigma = 4.3), "at most 0.8 radius");
#undef WITH
    assert_status(bnsl_saxs_particle_form_factor(NULL, 1, &q, &value, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_particle_form_factor(&good, -1, &q, &value, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_particle_form_factor(&good, 1, NULL, &value, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_particle_form_factor(&good, 1, &negative, &value, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_particle_form_factor(&good, 1, &huge, &value, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_particle_moment(&good, 13, &value), BNSL_EINVAL);
    assert_status(bnsl_saxs_particle_moment(&good, -1, &value), BNSL_EINVAL);
    assert_status(bnsl_saxs_particle_moment(&good, 1, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_particle_volume(&good, NULL), BNSL_EINVAL);
    assert_status(bnsl_saxs_particle_init(NULL, sizeof p), BNSL_EINVAL);
    assert_ok(bnsl_saxs_particle_form_factor(&good, 0, NULL, NULL, NULL, NULL));
    assert_true(value == -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_brute_force),
        cmocka_unit_test(ends_in_porods_law),
        cmocka_unit_test(a_value_depends_on_its_q_alone),
        cmocka_unit_test(has_the_moments_of_its_distribution),
        cmocka_unit_test(shells_that_are_not_there),
        cmocka_unit_test(sums_as_sasmodels_does),
        cmocka_unit_test(refuses_bad_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
