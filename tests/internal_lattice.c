/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the lattice module: space groups, linear programs, memory that ends. */
#include "bnsl_test.h"

#include "lattice/lattice_internal.h"

/* Orders of the groups modulo the translations of the conventional cell: point group times centring. */
static void groups_are_complete(void **state)
{
    (void)state;
    const struct {
        const char *symbol;
        int32_t order;
    } want[] = {{"P6/mmm", 24},  {"P6_3/mmc", 24}, {"P4/mmm", 16}, {"Pm-3m", 48}, {"Im-3m", 96},
                {"Fm-3m", 192}, {"Fm-3c", 192},   {"Fd-3m", 192}, {"P-43m", 24}};
    int checked = 0;
    for (int32_t i = 0; i < bnsl__n_prototypes; i++) {
        bnsl__operation ops[BNSL__MAX_OPERATIONS];
        const bnsl__space_group *group = bnsl__prototypes[i].group;
        int32_t n = bnsl__group_operations(group, ops);
        for (int k = 0; k < 9; k++) {
            if (strcmp(want[k].symbol, group->symbol) == 0) {
                assert_int_equal(n, want[k].order);
                checked++;
            }
        }
    }
    assert_int_equal(checked, bnsl__n_prototypes);
    const bnsl__space_group wrong[] = {{"not a triplet", BNSL__CUBIC, {"x,y"}}, {"endless", BNSL__CUBIC, {"x+1/7,y+1/5,z+1/8"}}};
    bnsl__operation ops[BNSL__MAX_OPERATIONS];
    assert_int_equal(bnsl__group_operations(&wrong[0], ops), -1);
    assert_int_equal(bnsl__group_operations(&wrong[1], ops), -1);
}

static double value_at(const bnsl__linear_program *lp, const double *x)
{
    for (int32_t i = 0; i < lp->m; i++) {
        double sum = 0;
        for (int32_t j = 0; j < lp->n; j++)
            sum += lp->a[i][j] * x[j];
        if (sum > lp->b[i] + 1e-9)
            return -INFINITY;
    }
    double value = 0;
    for (int32_t j = 0; j < lp->n; j++) {
        if (x[j] < -1e-12)
            return -INFINITY;
        value += lp->c[j] * x[j];
    }
    return value;
}

/* In two variables the maximum is at a crossing of two of the lines, axes included: all are tried. */
static double best_corner(const bnsl__linear_program *lp)
{
    double best = -INFINITY, line[12][3];
    int n = 0;
    for (; n < lp->m; n++)
        for (int k = 0; k < 3; k++)
            line[n][k] = k < 2 ? lp->a[n][k] : lp->b[n];
    for (int k = 0; k < 2; k++, n++) {
        line[n][0] = k == 0;
        line[n][1] = k == 1;
        line[n][2] = 0;
    }
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < i; j++) {
            double det = line[i][0] * line[j][1] - line[i][1] * line[j][0];
            double x[2] = {(line[i][2] * line[j][1] - line[i][1] * line[j][2]) / det, (line[i][0] * line[j][2] - line[i][2] * line[j][0]) / det};
            if (fabs(det) > 1e-9)
                best = fmax(best, value_at(lp, x));
        }
    }
    return best;
}

static void linear_programs_reach_the_best_corner(void **state)
{
    (void)state;
    uint64_t seed = 9;
    for (int t = 0; t < 500; t++) {
        bnsl__linear_program lp = {.m = 8, .n = 2}, kept;
        for (int i = 0; i < 8; i++) {
            for (int j = 0; j < 2; j++)
                lp.a[i][j] = i < 2 ? i == j : 2 * test_uniform(&seed) - 1; /* bounded */
            lp.b[i] = i < 2 ? 1 + test_uniform(&seed) : t % 3 ? test_uniform(&seed) : 0;
        }
        lp.c[0] = 2 * test_uniform(&seed) - 1;
        lp.c[1] = 2 * test_uniform(&seed) - 1;
        kept = lp;
        double x[BNSL__LP_COLUMNS];
        bnsl__linear_maximum(&lp, x);
        assert_close(value_at(&kept, x), best_corner(&kept), 0, 1e-9);
    }
}

typedef struct packing_run {
    bnsl_lattice *lattice;
    bnsl_lattice_packing packing;
} packing_run;

static bnsl_status pack(void *user)
{
    packing_run *r = user;
    const bnsl_status status = bnsl_lattice_densest_packing(r->lattice, 1, 0.5, BNSL_RELAX_ALL, &r->packing);
    assert_true(status == BNSL_OK || r->packing.fraction == 7);
    return status;
}

static void memory_ends(void **state)
{
    (void)state;
    bnsl_lattice *lattice = NULL;
    oom_arm(0);
    assert_status(bnsl_lattice_create(&lattice, "NaZn13", NULL), BNSL_ENOMEM);
    oom_disarm();
    assert_null(lattice);
    assert_ok(bnsl_lattice_create(&lattice, "AlB2", NULL));
    packing_run packing = {lattice, {.fraction = 7}};
    assert_int_equal(oom_until_success(pack, &packing), 4);
    int64_t n = 7;
    bnsl_reflection r[3];
    oom_arm(0);
    assert_status(bnsl_lattice_reflections(lattice, 7, 0, 3, &n, r), BNSL_ENOMEM);
    oom_disarm();
    assert_true(n == 7);
    bnsl_lattice_destroy(lattice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(groups_are_complete), cmocka_unit_test(linear_programs_reach_the_best_corner),
                                       cmocka_unit_test(memory_ends)};
    return cmocka_run_group_tests_name("lattice, inside", tests, NULL, NULL);
}
