/* SPDX-License-Identifier: GPL-3.0-or-later */
/* order, inside: 3j symbols, w_l against the full sum, the same bits from every instruction set, memory that runs out. */
#include <complex.h>
#include <gsl/gsl_sf_coupling.h>
#include <gsl/gsl_sf_legendre.h>

#include "order/order_internal.h"
#include "particles.h"

/* ---- 3j symbols ------------------------------------------------------------------------------------------- */

static void symbols_are_exact(void **state)
{
    (void)state;
    FILE *f = fopen(test_data("order/wigner3j.tsv"), "r");
    assert_non_null(f);
    char line[200];
    double out[ORDER_L_END * ORDER_L_END];
    int32_t l_now = -1, n = 0;
    while (fgets(line, sizeof line, f)) {
        int l, m1, m2;
        double want;
        if (line[0] == '#')
            continue;
        assert_int_equal(sscanf(line, "%d %d %d %lf", &l, &m1, &m2, &want), 4);
        if (l != l_now)
            bnsl__order_wigner3j(l_now = l, out);
        assert_close(out[(l + 1) * m1 + m2], want, 0, 2e-15);
        n++;
    }
    fclose(f);
    assert_int_equal(n, 306);
}

/* ---- w_l ---------------------------------------------------------------------------------------------------- */

enum { N_BONDS = 12 };

/* Bonds of `points` points, N_BONDS each, in random directions and lengths. */
static order_bonds random_bonds(int64_t points, uint64_t seed)
{
    int64_t *offset = calloc((size_t)points + 1, sizeof *offset);
    double *vector = calloc((size_t)points * N_BONDS * 3, sizeof *vector);
    assert_true(offset && vector);
    for (int64_t i = 0; i <= points; i++)
        offset[i] = i * N_BONDS;
    for (int64_t i = 0; i < points * N_BONDS * 3; i++)
        vector[i] = test_normal(&seed);
    return (order_bonds){.n_query = points, .offset = offset, .vector = vector, .limit = INT64_MAX};
}

static void free_bonds(order_bonds *b)
{
    free((void *)(uintptr_t)b->offset);
    free((void *)(uintptr_t)b->vector);
}

/* q_lm of the bonds of point i, m = -l .. l at [m + l], by associated Legendre functions and angles. */
static void naive_qlm(const order_bonds *bonds, int64_t i, int32_t l, double complex *q)
{
    for (int32_t m = -l; m <= l; m++)
        q[m + l] = 0;
    for (int64_t b = bonds->offset[i]; b < bonds->offset[i + 1]; b++) {
        const double *v = bonds->vector + 3 * b;
        double z = v[2] / sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]), phi = atan2(v[1], v[0]);
        for (int32_t m = 0; m <= l; m++) {
            double complex y = gsl_sf_legendre_sphPlm(l, m, z) * cexp(I * (m * phi)) / N_BONDS;
            q[l + m] += y;
            if (m > 0)
                q[l - m] += (m % 2 ? -1 : 1) * conj(y);
        }
    }
}

static double naive_w(int32_t l, const double complex *q)
{
    double norm = 0, w = 0;
    for (int32_t m = -l; m <= l; m++)
        norm += creal(q[m + l] * conj(q[m + l]));
    for (int32_t a = -l; a <= l; a++)
        for (int32_t b = -l; b <= l; b++)
            if (abs(a + b) <= l)
                w += gsl_sf_coupling_3j(2 * l, 2 * l, 2 * l, 2 * a, 2 * b, -2 * (a + b)) * creal(q[a + l] * q[b + l] * q[l - a - b]);
    return w / pow(norm, 1.5);
}

static void w_is_the_full_sum(void **state)
{
    (void)state;
    int32_t l[ORDER_L_END];
    for (int32_t i = 0; i < ORDER_L_END; i++)
        l[i] = i;
    order_plan *plan = malloc(sizeof *plan);
    assert_non_null(plan);
    bnsl__order_plan_init(plan, ORDER_L_END, l, true);
    order_bonds bonds = random_bonds(11, 12);
    double q[11 * ORDER_L_END], w[11 * ORDER_L_END];
    int64_t unbound;
    assert_ok(bnsl__order_invariants(plan, &bonds, 1, &(order_outputs){.q = q, .w = w}, &unbound, __func__));
    for (int64_t i = 0; i < 11; i++)
        for (int32_t k = 0; k < ORDER_L_END; k++) {
            double complex qlm[2 * BNSL_ORDER_L_MAX + 1];
            naive_qlm(&bonds, i, k, qlm);
            /* GSL's 3j symbols lose digits by cancellation as l grows: 1e-9 at l = 20 */
            assert_close(w[i * ORDER_L_END + k], k % 2 ? 0 : naive_w(k, qlm), 0, k <= 12 ? 1e-12 : 1e-8);
        }
    free_bonds(&bonds);
    free(plan);
}

/* ---- kernels -------------------------------------------------------------------------------------------------- */

static void same_bits_on_every_instruction_set(void **state)
{
    (void)state;
    static const int32_t l[] = {3, 4, 6, 12, 20};
    order_plan *plan = malloc(sizeof *plan);
    assert_non_null(plan);
    bnsl__order_plan_init(plan, 5, l, true);
    order_bonds bonds = random_bonds(8, 99);
    static const int64_t point[] = {3, 0, 7, 1, 2, 6, 5};
    _Alignas(64) double qlm[2][ORDER_VALUES_MAX * 8], q[2][5 * 8], w[2][5 * 8], w_raw[2][5 * 8], count[2][8];
    bnsl__order_sum_baseline(plan, &bonds, 7, point, qlm[0], count[0]);
    bnsl__order_reduce_baseline(plan, qlm[0], q[0], w[0], w_raw[0]);
    for (int32_t isa = BNSL_ISA_AVX2; isa <= bnsl__isa(BNSL_ISA_AUTO); isa++) {
        order_sum_fn sum = BNSL_KERNEL_PICK(isa, bnsl__order_sum);
        order_reduce_fn reduce = BNSL_KERNEL_PICK(isa, bnsl__order_reduce);
        sum(plan, &bonds, 7, point, qlm[1], count[1]);
        reduce(plan, qlm[1], q[1], w[1], w_raw[1]);
        assert_memory_equal(qlm[0], qlm[1], (size_t)plan->n_values * 8 * sizeof(double));
        assert_memory_equal(count[0], count[1], sizeof count[0]);
        assert_memory_equal(q[0], q[1], sizeof q[0]);
        assert_memory_equal(w[0], w[1], sizeof w[0]);
        assert_memory_equal(w_raw[0], w_raw[1], sizeof w_raw[0]);
    }
    free_bonds(&bonds);
    free(plan);
}

/* ---- memory ------------------------------------------------------------------------------------------------------ */

static bnsl_neighbor_list *list_of(const particles *p)
{
    bnsl_neighbor_options o;
    bnsl_neighbor_list *list;
    assert_ok(bnsl_neighbor_options_init(&o, sizeof o));
    o.r_max = 1.3;
    assert_ok(bnsl_neighbor_create(&list, &o));
    assert_ok(bnsl_neighbor_build(list, &p->box, p->n, p->xyz, p->species, NULL));
    return list;
}

enum { STEINHARDT, AVERAGED, CLASSIFY, CONNECTIONS, SOLID, HARMONICS, CLUSTERS, N_CALLS };

static bnsl_status call(int32_t which, const particles *p, const bnsl_neighbor_list *list, double *q, int32_t *labels)
{
    static const int32_t l[] = {4, 6};
    switch (which) {
    case STEINHARDT:
        return bnsl_order_steinhardt(list, 2, l, 1, q, NULL, NULL);
    case AVERAGED:
        return bnsl_order_steinhardt_averaged(list, NULL, 2, l, 1, q, NULL, NULL);
    case CLASSIFY:
        return bnsl_order_classify(&p->box, p->n, p->xyz, p->species, NULL, labels);
    case CONNECTIONS:
        return bnsl_order_connections(list, NULL, 6, 1, 2, q, NULL);
    case SOLID:
        return bnsl_order_solid(list, NULL, NULL, labels, NULL, labels + p->n, NULL, NULL);
    case HARMONICS:
        return bnsl_order_harmonics(list, NULL, 6, 2, q, NULL);
    default:
        return bnsl_order_clusters(list, p->species, labels, NULL, NULL);
    }
}

/* A call with its outputs, full of 5. */
typedef struct job {
    int32_t which;
    const particles *p;
    const bnsl_neighbor_list *list;
    int64_t n_q, n_labels;
    double *q;
    int32_t *labels;
} job;

static bnsl_status run_job(void *user)
{
    const job *j = user;
    bnsl_status status = call(j->which, j->p, j->list, j->q, j->labels);
    for (int64_t i = 0; status != BNSL_OK && i < j->n_q; i++)
        assert_true(j->q[i] == 5);
    for (int64_t i = 0; status != BNSL_OK && i < j->n_labels; i++)
        assert_int_equal(j->labels[i], 5);
    return status;
}

static void no_memory_at_any_point(void **state)
{
    (void)state;
    particles p = particles_crystal("AlB2", 1, 3, 2, 3);
    bnsl_neighbor_list *list = list_of(&p);
    const int64_t n_q = bnsl_neighbor_n_bonds(list), n_labels = 2 * p.n; /* enough for any of the calls */
    double *q = calloc((size_t)n_q, sizeof *q);
    int32_t *labels = calloc((size_t)n_labels, sizeof *labels);
    assert_true(q && labels && n_q >= 13 * p.n);
    for (int32_t which = 0; which < N_CALLS; which++) {
        for (int64_t i = 0; i < n_q; i++)
            q[i] = 5;
        for (int64_t i = 0; i < n_labels; i++)
            labels[i] = 5;
        assert_true(oom_until_success(run_job, &(job){which, &p, list, n_q, n_labels, q, labels}) > 0);
    }
    free(q), free(labels);
    bnsl_neighbor_destroy(list);
    particles_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(symbols_are_exact),
        cmocka_unit_test(w_is_the_full_sum),
        cmocka_unit_test(same_bits_on_every_instruction_set),
        cmocka_unit_test(no_memory_at_any_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
