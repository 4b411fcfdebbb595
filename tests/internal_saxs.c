/* SPDX-License-Identifier: GPL-3.0-or-later */
/* saxs, inside: non-negative least squares against all active sets, inverses, kernels of every instruction set, failing allocations. */
#include "bnsl_test.h"
#include "saxs/dilute_internal.h"
#include "saxs/pattern_internal.h"

#define PI 3.14159265358979323846

/* ---- non-negative least squares -------------------------------------------------------------------------------------------------- */

/* Solves the k x k system by elimination with pivots; false: singular. */
static bool solve_small(int k, double *a, double *b)
{
    for (int c = 0; c < k; c++) {
        int pivot = c;
        for (int r = c + 1; r < k; r++)
            if (fabs(a[r * k + c]) > fabs(a[pivot * k + c]))
                pivot = r;
        if (fabs(a[pivot * k + c]) < 1e-9)
            return false;
        for (int j = 0; j < k; j++) {
            double t = a[c * k + j];
            a[c * k + j] = a[pivot * k + j];
            a[pivot * k + j] = t;
        }
        double t = b[c];
        b[c] = b[pivot];
        b[pivot] = t;
        for (int r = 0; r < k; r++) {
            double factor = r == c ? 0 : a[r * k + c] / a[c * k + c];
            for (int j = c; j < k; j++)
                a[r * k + j] -= factor * a[c * k + j];
            b[r] -= factor * b[c];
        }
    }
    for (int c = 0; c < k; c++)
        b[c] /= a[c * k + c];
    return true;
}

static double objective(int n, const double *gram, const double *rhs, const double *x)
{
    double sum = 0;
    for (int i = 0; i < n; i++) {
        sum -= 2 * rhs[i] * x[i];
        for (int j = 0; j < n; j++)
            sum += gram[i * n + j] * x[i] * x[j];
    }
    return sum;
}

/* Best of all 2^n active sets. */
static double best_of_all(int n, int n_free, const double *gram, const double *rhs)
{
    double best = INFINITY;
    for (int set = 0; set < 1 << n; set++) {
        double a[64], b[8], x[8] = {0};
        int member[8], k = 0;
        bool allowed = (set & ((1 << n_free) - 1)) == (1 << n_free) - 1;
        for (int i = 0; i < n; i++)
            if (set >> i & 1)
                member[k++] = i;
        for (int i = 0; i < k; i++) {
            b[i] = rhs[member[i]];
            for (int j = 0; j < k; j++)
                a[i * k + j] = gram[member[i] * n + member[j]];
        }
        if (!allowed || !solve_small(k, a, b))
            continue;
        for (int i = 0; i < k; i++) {
            x[member[i]] = b[i];
            allowed = allowed && (member[i] < n_free || b[i] >= 0);
        }
        if (allowed)
            best = fmin(best, objective(n, gram, rhs, x));
    }
    return best;
}

static void nonnegative_least_squares(void **state)
{
    (void)state;
    enum { ROWS = 12, MOST = 8 };
    saxs_nnls s;
    uint64_t seed = 77;
    assert_true(bnsl__saxs_nnls_alloc(&s, MOST));
    for (int trial = 0; trial < 400; trial++) {
        int n = 1 + (int)(test_uniform(&seed) * MOST), n_free = (int)(test_uniform(&seed) * 3);
        double column[MOST][ROWS], y[ROWS], gram[MOST * MOST], rhs[MOST], square = 0;
        n_free = n_free < n ? n_free : n;
        for (int j = 0; j < n; j++)
            for (int r = 0; r < ROWS; r++)
                column[j][r] = j > 2 && trial % 5 == 0 ? column[j - 1][r] * 2 : test_normal(&seed) + 0.5; /* some dependent ones */
        for (int r = 0; r < ROWS; r++) {
            y[r] = test_normal(&seed);
            square += y[r] * y[r];
        }
        for (int i = 0; i < n; i++) {
            rhs[i] = 0;
            for (int r = 0; r < ROWS; r++)
                rhs[i] += column[i][r] * y[r];
            for (int j = 0; j < n; j++) {
                gram[i * n + j] = 0;
                for (int r = 0; r < ROWS; r++)
                    gram[i * n + j] += column[i][r] * column[j][r];
            }
        }
        if (trial % 3 == 0) /* else: from the active set of another problem */
            bnsl__saxs_nnls_reset(&s);
        bnsl__saxs_nnls_solve(&s, n, n_free, gram, n, rhs, sqrt(square));
        for (int j = n_free; j < n; j++)
            assert_true(s.x[j] >= 0);
        assert_close(objective(n, gram, rhs, s.x), best_of_all(n, n_free, gram, rhs), 1e-9, 1e-9);
    }
    bnsl__saxs_nnls_free(&s);
}

static void inverses(void **state)
{
    (void)state;
    uint64_t seed = 3;
    double m[9], inverse[9], work[12];
    for (int trial = 0; trial < 50; trial++) {
        double a[9];
        for (int i = 0; i < 9; i++)
            a[i] = test_normal(&seed);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                m[3 * i + j] = a[i] * a[j] + a[3 + i] * a[3 + j] + a[6 + i] * a[6 + j] + (i == j);
        bnsl__saxs_invert(3, m, inverse, work);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                assert_close(m[3 * i] * inverse[j] + m[3 * i + 1] * inverse[3 + j] + m[3 * i + 2] * inverse[6 + j], i == j, 0, 1e-12);
    }
    const double flat[9] = {2, 0, 1, 0, 0, 0, 1, 0, 2}; /* the middle unknown does not occur */
    bnsl__saxs_invert(3, flat, inverse, work);
    assert_close(inverse[0], 2.0 / 3, 1e-15, 0);
    assert_close(inverse[2], -1.0 / 3, 1e-15, 0);
    assert_true(isnan(inverse[4]) && isnan(inverse[1]) && isnan(inverse[3]));
}

/* ---- kernels ------------------------------------------------------------------------------------------------------------------------ */

enum { VECTORS = 5, VALUES = VECTORS * SAXS_LANES, L = 7 };

typedef struct kernel_output {
    double product[2 * VALUES], sums[4 * L], folded[2 * VALUES], line[VALUES], a[VALUES], c[VALUES], w[VALUES], dots[6], scaled[VALUES],
        mean[VALUES], square[VALUES], gaussian[2 * VALUES];
} kernel_output;

static void run_kernels(int32_t isa, const double *x, const double *table, kernel_output *out)
{
    saxs_lanes memory = {0}; /* aligned copies of outputs, in turn */
    double *o;
    const double value[2] = {0.7, 1.3};
    saxs_multiply_fn multiply = BNSL_KERNEL_PICK(isa, bnsl__saxs_multiply);
    saxs_row_fn row = BNSL_KERNEL_PICK(isa, bnsl__saxs_row);
    saxs_fold_fn fold = BNSL_KERNEL_PICK(isa, bnsl__saxs_fold);
    saxs_line_fn line = BNSL_KERNEL_PICK(isa, bnsl__saxs_line);
    saxs_line_slopes_fn slopes = BNSL_KERNEL_PICK(isa, bnsl__saxs_line_slopes);
    saxs_products_fn products = BNSL_KERNEL_PICK(isa, bnsl__saxs_products);
    saxs_accumulate_fn accumulate = BNSL_KERNEL_PICK(isa, bnsl__saxs_accumulate);
    saxs_gaussian_fn gaussian = BNSL_KERNEL_PICK(isa, bnsl__saxs_gaussian);
    saxs_average_fn average = BNSL_KERNEL_PICK(isa, bnsl__saxs_average);
    memset(out, 0, sizeof *out);
    assert_true(bnsl__saxs_lanes_alloc(&memory, 14 * VALUES));
    o = memory.data;
    multiply(VECTORS, x, table, true, o);
    row(L, VECTORS, x, table, out->sums);
    fold(VECTORS, x, 0.3, 0.1, 2, value, o + 2 * VALUES);
    line(VECTORS, x, table, 0.4, 0.2, 1.5, o + 4 * VALUES);
    const double factor[3][3] = {{0, -1.2, 0}, {0.25, 0, 0}, {0, 0, 1.5}};
    double *const to[3] = {o + 5 * VALUES, o + 6 * VALUES, o + 7 * VALUES};
    slopes(VECTORS, x, table, 0.4, 0.2, 3, factor, to);
    products(VECTORS, 6, table, x, out->dots);
    accumulate(VECTORS, 0.37, x, o + 8 * VALUES);
    average(VECTORS, x, L, table, table + L, 0.8, 1.5, -0.4, o + 9 * VALUES, o + 10 * VALUES);
    for (int i = 0; i < VALUES; i++) /* narrow and wide ones */
        o[11 * VALUES + i] = fabs(x[i]) * (i % 3 + 0.01);
    gaussian(VECTORS, o + 11 * VALUES, 0.3, o + 12 * VALUES, o + 13 * VALUES);
    memcpy(out->gaussian, o + 12 * VALUES, sizeof out->gaussian);
    memcpy(out->mean, o + 9 * VALUES, sizeof out->mean);
    memcpy(out->square, o + 10 * VALUES, sizeof out->square);
    memcpy(out->product, o, sizeof out->product);
    memcpy(out->folded, o + 2 * VALUES, sizeof out->folded);
    memcpy(out->line, o + 4 * VALUES, sizeof out->line);
    memcpy(out->a, o + 5 * VALUES, sizeof out->a);
    memcpy(out->c, o + 6 * VALUES, sizeof out->c);
    memcpy(out->w, o + 7 * VALUES, sizeof out->w);
    memcpy(out->scaled, o + 8 * VALUES, sizeof out->scaled);
    free(memory.memory);
}

static void kernels_give_the_same_bits(void **state)
{
    (void)state;
    saxs_lanes x = {0}, table = {0};
    kernel_output baseline, other;
    uint64_t seed = 41;
    assert_true(bnsl__saxs_lanes_alloc(&x, 2 * VALUES) && bnsl__saxs_lanes_alloc(&table, 2 * VALUES * L));
    for (int i = 0; i < 2 * VALUES; i++)
        x.data[i] = test_normal(&seed);
    for (int i = 0; i < 2 * VALUES * L; i++)
        table.data[i] = test_normal(&seed);
    run_kernels(bnsl__isa(BNSL_ISA_BASELINE), x.data, table.data, &baseline);
    for (int32_t isa = BNSL_ISA_AVX2; isa <= BNSL_ISA_AVX512; isa++) { /* one that the machine lacks is lowered */
        run_kernels(bnsl__isa(isa), x.data, table.data, &other);
        assert_memory_equal(&baseline, &other, sizeof baseline);
    }
    /* slopes against differences of the line, by its centre and its width */
    double step = 1e-6, column[2][2][VALUES];
    for (int i = 0; i < VALUES; i++)
        for (int side = 0; side < 2; side++) {
            double centre = 0.4 + (side ? step : -step), d = x.data[i] - centre, w = 0.2 + (side ? step : -step), e = x.data[i] - 0.4;
            column[0][side][i] = table.data[i] * 0.2 / PI / (d * d + 0.04);
            column[1][side][i] = table.data[i] * w / PI / (e * e + w * w);
        }
    for (int i = 0; i < VALUES; i++) {
        assert_close(baseline.a[i], -1.2 * (column[0][1][i] - column[0][0][i]) / (2 * step), 1e-7, 1e-8);
        assert_close(baseline.c[i], 0.25 * baseline.line[i] / 1.5, 1e-14, 0);
        assert_close(baseline.w[i], 1.5 * (column[1][1][i] - column[1][0][i]) / (2 * step), 1e-7, 1e-8);
    }
    free(x.memory);
    free(table.memory);
}

/* One node of radius 1 is sin q - q cos q: against the C library, whose error is below one unit in the last place. */
static void sines_and_cosines(void **state)
{
    (void)state;
    saxs_lanes memory = {0};
    const double one = 1;
    uint64_t seed = 6;
    assert_true(bnsl__saxs_lanes_alloc(&memory, 3 * VALUES));
    double *q = memory.data, *g1 = q + VALUES, *g2 = g1 + VALUES;
    for (int trial = 0; trial < 2000; trial++) {
        for (int k = 0; k < VALUES; k++)
            q[k] = ldexp(test_uniform(&seed), (int)(test_uniform(&seed) * 40) - 12); /* up to 1.3e8 */
        bnsl__saxs_average_baseline(VECTORS, q, 1, &one, &one, 0, 1, 0, g1, g2);
        for (int k = 0; k < VALUES; k++) {
            const double y2 = q[k] * q[k], small = q[k] * y2 / 3 * (1 - y2 / 10 * (1 - y2 / 28 * (1 - y2 / 54 * (1 - y2 / 88 * (1 - y2 / 130)))));
            assert_close(g1[k], q[k] < 0.3 ? small : sin(q[k]) - q[k] * cos(q[k]), 1e-15, q[k] < 0.3 ? 0 : 4e-16 * (1 + q[k]));
            assert_close(g2[k], g1[k] * g1[k], 0, 0);
        }
    }
    free(memory.memory);
}

/* ---- failing allocations -------------------------------------------------------------------------------------------------------------- */

enum { N = 120 };

static void curve(double *q, double *s, double *e)
{
    uint64_t seed = 5;
    for (int i = 0; i < N; i++) {
        static const double lines[] = {0.4852, 0.5547, 0.7370};
        q[i] = 0.4 + 0.004 * i;
        s[i] = 1;
        for (int k = 0; k < 3; k++)
            s[i] += 1e-4 / ((q[i] - lines[k]) * (q[i] - lines[k]) + 1e-4);
        e[i] = 0.01;
        s[i] += e[i] * test_normal(&seed);
    }
}

static bnsl_status run_structure_factor(void *user)
{
    bnsl_box box;
    bnsl_saxs_sq_options o;
    double xyz[30], q[5] = {-1, -1, -1, -1, -1};
    uint64_t seed = 1;
    (void)user;
    bnsl_box_init(&box, 5, 5, 5, 0, 0, 0);
    bnsl_saxs_sq_options_init(&o, sizeof o);
    o.q_max = 4;
    o.n_q = 5;
    o.peak_hwhm = 0.1;
    for (int i = 0; i < 30; i++)
        xyz[i] = test_uniform(&seed);
    bnsl_status status = bnsl_saxs_structure_factor(&box, 10, xyz, NULL, 1, &o, q, NULL, NULL, NULL, NULL);
    assert_true(status == BNSL_OK || q[0] == -1);
    return status;
}

static bnsl_status run_form_factor_fit(void *user)
{
    double q[60], intensity[60], error[60];
    bnsl_saxs_form_factor_result r = {.radius = -1};
    (void)user;
    for (int i = 0; i < 60; i++)
        q[i] = 0.05 * (i + 1);
    bnsl_saxs_form_factor(BNSL_SIZES_SCHULZ, 3, 0.3, 60, q, NULL, intensity);
    for (int i = 0; i < 60; i++)
        error[i] = 0.01 * intensity[i];
    bnsl_status status = bnsl_saxs_fit_form_factor(60, q, intensity, error, NULL, &r);
    assert_true(status == BNSL_OK || r.radius == -1);
    return status;
}

static bnsl_status run_particle(void *user)
{
    const bnsl_saxs_particle *p = user;
    double q[3] = {0, 0.2, 3}, f[3] = {-1, -1, -1}, f2[3], beta[3], moment;
    bnsl_status status = bnsl_saxs_particle_form_factor(p, 3, q, f, f2, beta);
    assert_true(status == BNSL_OK || f[0] == -1);
    if (status == BNSL_OK)
        status = bnsl_saxs_particle_moment(p, 4, &moment);
    return status;
}

static bnsl_status run_two_populations(void *user)
{
    double q[60], intensity[60], error[60], f2[60];
    const bnsl_saxs_particle any = {.struct_size = sizeof any, .sld_core = 1};
    bnsl_saxs_dilute *model = NULL;
    (void)user;
    for (int i = 0; i < 60; i++)
        q[i] = 0.1 * (i + 1);
    bnsl_status status = bnsl_saxs_form_factor(BNSL_SIZES_SCHULZ, 3, 0.3, 60, q, NULL, intensity);
    if (status == BNSL_OK)
        status = bnsl_saxs_form_factor(BNSL_SIZES_SCHULZ, 1.5, 0.2, 60, q, NULL, f2);
    for (int i = 0; status == BNSL_OK && i < 60; i++) {
        intensity[i] += 20 * f2[i];
        error[i] = 0.01 * intensity[i];
    }
    if (status == BNSL_OK)
        status = bnsl_saxs_dilute_create(&model, NULL);
    for (int k = 0; k < 2 && status == BNSL_OK; k++) {
        status = bnsl_saxs_dilute_add(model, &any);
        if (status == BNSL_OK) /* a coarse search */
            status = bnsl_saxs_dilute_free(model, k, BNSL_PARAMETER_RADIUS, NAN, k == 0 ? 2.8 : 1.4, k == 0 ? 3.2 : 1.6);
    }
    if (status == BNSL_OK)
        status = bnsl_saxs_dilute_fit(model, 60, q, intensity, error, NULL);
    if (status == BNSL_OK)
        status = bnsl_saxs_dilute_model(model, -1, 60, q, f2);
    bnsl_saxs_dilute_destroy(model);
    return status;
}

/* Every evaluation needs memory of its own here. */
static bnsl_status run_lognormal(void *user)
{
    double q[40], intensity[40], error[40];
    const bnsl_saxs_particle start = {
        .struct_size = sizeof start, .distribution = BNSL_SIZES_LOGNORMAL, .radius = 3.001, .sigma = 0.3, .sld_core = 1};
    bnsl_saxs_dilute *model = NULL;
    (void)user;
    for (int i = 0; i < 40; i++)
        q[i] = 0.1 * (i + 1);
    bnsl_status status = bnsl_saxs_form_factor(BNSL_SIZES_SCHULZ, 3, 0.3, 40, q, NULL, intensity);
    for (int i = 0; i < 40; i++)
        error[i] = 0.01 * intensity[i];
    if (status == BNSL_OK)
        status = bnsl_saxs_dilute_create(&model, NULL);
    if (status == BNSL_OK)
        status = bnsl_saxs_dilute_add(model, &start);
    if (status == BNSL_OK)
        status = bnsl_saxs_dilute_fix(model, 0, BNSL_PARAMETER_SIGMA, 0.3);
    if (status == BNSL_OK)
        status = bnsl_saxs_dilute_fit(model, 40, q, intensity, error, NULL);
    bnsl_saxs_dilute_destroy(model);
    return status;
}

static bnsl_status run_pattern(void *user)
{
    const double *range = user;
    double q[N], s[N], e[N];
    bnsl_lattice *lattice = NULL;
    bnsl_saxs_pattern *pattern = NULL;
    bnsl_lattice_options o;
    bnsl_saxs_phase_options phase;
    bnsl_saxs_phase_options_init(&phase, sizeof phase);
    phase.a_min = range[0];
    phase.a_max = range[1];
    bnsl_lattice_options_init(&o, sizeof o);
    o.a = 13.08;
    o.c_over_a = 0.99;
    curve(q, s, e);
    bnsl_status status = bnsl_lattice_create(&lattice, "AlB2", &o);
    if (status == BNSL_OK)
        status = bnsl_saxs_pattern_create(&pattern, NULL);
    assert_true(status == BNSL_OK || pattern == NULL);
    if (status == BNSL_OK)
        status = bnsl_saxs_pattern_add_phase(pattern, lattice, &phase);
    if (status == BNSL_OK)
        status = bnsl_saxs_pattern_fit(pattern, N, q, s, e, NULL);
    bnsl_saxs_pattern_destroy(pattern);
    bnsl_lattice_destroy(lattice);
    return status;
}

static void failing_allocations_leave_a_clean_error(void **state)
{
    (void)state;
    double given[2] = {0, 0}, searched[2] = {12.8, 13.4};
    assert_true(oom_until_success(run_structure_factor, NULL) > 0);
    assert_true(oom_until_success(run_form_factor_fit, NULL) > 0);
    bnsl_saxs_particle kinds[2] = {{.struct_size = sizeof *kinds, .radius = 5, .sigma = 0.5, .n_sigma = 3, .sld_core = 1},
                                   {.struct_size = sizeof *kinds, .distribution = BNSL_SIZES_LOGNORMAL, .radius = 5, .sigma = 0.5, .sld_core = 1}};
    for (int k = 0; k < 2; k++)
        assert_true(oom_until_success(run_particle, &kinds[k]) > 0);
    assert_true(oom_until_success(run_two_populations, NULL) > 0);
    assert_true(oom_until_success(run_lognormal, NULL) > 0);
    assert_true(oom_until_success(run_pattern, given) > 0);
    assert_true(oom_until_success(run_pattern, searched) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nonnegative_least_squares),
        cmocka_unit_test(inverses),
        cmocka_unit_test(kernels_give_the_same_bits),
        cmocka_unit_test(sines_and_cosines),
        cmocka_unit_test(failing_allocations_leave_a_clean_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
