/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Structure factors, inside: kernels of every instruction set, the spreading kernel and its transform, failing allocations. */
#include "bnsl_test.h"
#include "saxs/sq_debye.h"
#include "saxs/sq_spread.h"

#define PI 3.14159265358979323846

/* ---- kernels ---------------------------------------------------------------------------------------------------------------- */

enum { POINTS = 700, BINS = 400, VECTORS = 3, N_Q = 11 };

static void debye_kernels_give_the_same_bits(void **state)
{
    (void)state;
    static sq_debye_bin table[4][BINS];
    static double x[3][POINTS];
    _Alignas(64) static sq_debye_lanes bins[VECTORS];
    _Alignas(64) static double sums[4][N_Q * SAXS_LANES];
    double q[N_Q], *value = (double *)(void *)bins;
    const double from[3] = {0.3, -0.2, 0.1};
    uint64_t seed = 9;
    for (int d = 0; d < 3; d++)
        for (int i = 0; i < POINTS; i++)
            x[d][i] = test_uniform(&seed);
    for (size_t i = 0; i < sizeof bins / (sizeof(double)); i++)
        value[i] = test_normal(&seed);
    for (int i = 0; i < N_Q; i++)
        q[i] = 0.5 + i;
    for (int32_t isa = BNSL_ISA_BASELINE; isa <= BNSL_ISA_AVX512; isa++) { /* one that the machine lacks is lowered */
        const int32_t have = bnsl__isa(isa);
        sq_debye_pairs_fn pairs = BNSL_KERNEL_PICK(have, bnsl__sq_debye_pairs);
        sq_debye_transform_fn transform = BNSL_KERNEL_PICK(have, bnsl__sq_debye_transform);
        pairs(from, POINTS, x[0], x[1], x[2], 200, table[isa]);
        transform(VECTORS, bins, N_Q, q, sums[isa]);
        assert_memory_equal(table[isa], table[BNSL_ISA_BASELINE], sizeof table[isa]);
        assert_memory_equal(sums[isa], sums[BNSL_ISA_BASELINE], sizeof sums[isa]);
    }
    /* the table against one made by hand */
    uint64_t count = 0;
    double r_table = 0, r_sum = 0;
    for (int b = 0; b < BINS; b++) {
        const uint64_t n = table[1][b].count_and_sum >> SQ_DEBYE_COUNT_SHIFT, places = table[1][b].count_and_sum - (n << SQ_DEBYE_COUNT_SHIFT);
        count += n;
        r_table += ((double)(n * (uint64_t)b) + (double)places / 65536) / 200;
        assert_true(places <= n * 65535 && table[1][b].sum_square <= n * 65535 * 65535);
    }
    for (int i = 0; i < POINTS; i++)
        r_sum += sqrt((x[0][i] - 0.3) * (x[0][i] - 0.3) + (x[1][i] + 0.2) * (x[1][i] + 0.2) + (x[2][i] - 0.1) * (x[2][i] - 0.1));
    assert_int_equal(count, POINTS);
    assert_close(r_table, r_sum, 0, 1e-4 * POINTS / 200);
    /* one lane of the transform by cos and sin */
    memset(bins, 0, sizeof bins);
    memset(sums, 0, sizeof sums);
    const double r = 1.7;
    bins[1].sine[2] = sin(q[0] * r);
    bins[1].cosine[2] = cos(q[0] * r);
    bins[1].step_sine[2] = sin(r);
    bins[1].step_cosine[2] = cos(r);
    bins[1].a[2] = 3;
    bins[1].b[2] = 0.1;
    bins[1].g[2] = 0.2;
    bnsl__sq_debye_transform_baseline(VECTORS, bins, N_Q, q, sums[0]);
    for (int i = 0; i < N_Q; i++)
        assert_close(sums[0][SAXS_LANES * i + 2], sin(q[i] * r) * (3 - q[i] * q[i] * 0.1) / q[i] - 0.2 * cos(q[i] * r), 1e-12, 1e-13);
}

/* The transform of psi by a fine midpoint sum, and psi from the sum of a particle that is spread. */
static void spreading_kernel(void **state)
{
    (void)state;
    enum { M = 40, H = 16 };
    static const double tolerances[] = {1e-2, 1e-4, 1e-6, 1e-12};
    for (int t = 0; t < 4; t++) {
        sq_spread s = {.width = 0};
        double correction[H + 1];
        bnsl__sq_spread_shape(&s, tolerances[t], 1.25);
        assert_true(s.width >= 4 && s.width <= SPREAD_MAX_WIDTH);
        assert_ok(bnsl__sq_spread_correction(&s, M, H, correction, "test"));
        for (int h = 0; h <= H; h++) {
            const int n = 200000;
            double sum = 0;
            for (int i = 0; i < n; i++) {
                const double x = s.width * ((i + 0.5) / n - 0.5);
                sum += exp(s.beta * (sqrt(1 - 4 * x * x / (s.width * s.width)) - 1)) * cos(2 * PI * h * x / M) * s.width / n;
            }
            assert_close(1 / correction[h], sum, 1e-6, 1e-12);
        }
    }
}

/* Planes against the kernel by hand, for particles near every face of the cell: every point gets what it should, once. */
static void spreading_is_periodic(void **state)
{
    (void)state;
    enum { NX = 12, NY = 10, NZ = 15, STRIDE = 17, N = 6 };
    bnsl_box box;
    double b[9], xyz[3 * N], plane[2 * NY * STRIDE];
    uint64_t seed = 3;
    assert_ok(bnsl_box_init(&box, 1, 1, 1, 0, 0, 0));
    assert_ok(bnsl_box_reciprocal(&box, b));
    for (int i = 0; i < 3 * N; i++)
        xyz[i] = i < 9 ? (i % 3 == i / 3 ? 1e-17 : -1e-17) : 3 * test_uniform(&seed) - 1.5;
    sq_job job = {.n = N, .n_species = 1, .xyz = xyz, .box = &box};
    sq_spread s = {.size = {NX, NY, NZ}};
    bnsl__sq_spread_shape(&s, 1e-3, 1.25);
    assert_true(bnsl__sq_spread_particles(&s, &job, b));
    for (int x = 0; x < NX; x += 2) {
        memset(plane, 0, sizeof plane);
        bnsl__sq_spread_planes(&s, 0, x, STRIDE, plane);
        for (int part = 0; part < 2; part++)
            for (int y = 0; y < NY; y++)
                for (int z = 0; z < STRIDE; z++) {
                    const int at[3] = {x + part, y, z}, size[3] = {NX, NY, NZ};
                    double want = 0;
                    for (int i = 0; i < N && z < NZ; i++) {
                        double product = 1;
                        for (int d = 0; d < 3; d++) {
                            double u = (xyz[3 * i + d] - floor(xyz[3 * i + d])) * size[d], apart = at[d] - u;
                            apart -= size[d] * rint(apart / size[d]);
                            const double square = 1 - 4 * apart * apart / (s.width * s.width);
                            product *= square > 0 ? exp(s.beta * (sqrt(square) - 1)) : 0;
                        }
                        want += product;
                    }
                    assert_close(plane[2 * (y * STRIDE + z) + part], want, 1e-12, 1e-12);
                }
    }
    bnsl__sq_spread_free(&s);
}

/* ---- failing allocations ----------------------------------------------------------------------------------------------------- */

typedef struct run_of {
    int32_t method, threads;
    double hwhm, memory_mib;
} run_of;

static bnsl_status run_method(void *user)
{
    const run_of *r = user;
    bnsl_box box;
    bnsl_saxs_sq_options o;
    double xyz[90], q[5] = {-1, -1, -1, -1, -1}, s[5] = {-2, -2, -2, -2, -2};
    int32_t species[30];
    uint64_t seed = 1;
    bnsl_box_init(&box, 5, 5, 5, 0.2, 0, 0);
    bnsl_saxs_sq_options_init(&o, sizeof o);
    o.q_max = 5;
    o.n_q = 5;
    o.peak_hwhm = r->hwhm;
    o.method = r->method;
    o.num_threads = r->threads;
    o.memory_mib = r->memory_mib;
    for (int i = 0; i < 90; i++)
        xyz[i] = 4 * test_uniform(&seed);
    for (int i = 0; i < 30; i++)
        species[i] = i % 3 == 0;
    bnsl_status status = bnsl_saxs_structure_factor(&box, 30, xyz, species, 2, &o, q, s, NULL, NULL, NULL);
    assert_true(status == BNSL_OK || (q[0] == -1 && s[4] == -2));
    return status;
}

static void failing_allocations_leave_a_clean_error(void **state)
{
    (void)state;
    run_of runs[] = {{BNSL_SQ_DIRECT, 1, 0, 1024}, {BNSL_SQ_NUFFT, 2, 0, 1024}, {BNSL_SQ_NUFFT, 1, 0.3, 1}, {BNSL_SQ_DEBYE, 2, 0, 1024}};
    for (size_t c = 0; c < sizeof runs / sizeof *runs; c++)
        assert_true(oom_until_success(run_method, runs + c) > 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(debye_kernels_give_the_same_bits),
        cmocka_unit_test(spreading_kernel),
        cmocka_unit_test(spreading_is_periodic),
        cmocka_unit_test(failing_allocations_leave_a_clean_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
