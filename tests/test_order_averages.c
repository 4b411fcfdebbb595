/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Averaged Steinhardt parameters: the table of perfect crystals, a naive sum over pairs of bonds, points without bonds, threads, faults. */
#include "particles.h"
#include "test_csv.h"

static bnsl_neighbor_list *new_list(int32_t mode, int32_t k, double r_max, int32_t query_species, int32_t point_species)
{
    bnsl_neighbor_options o;
    bnsl_neighbor_list *list;
    assert_ok(bnsl_neighbor_options_init(&o, sizeof o));
    o.mode = mode;
    o.k = k;
    o.r_max = r_max;
    o.query_species = query_species;
    o.point_species = point_species;
    assert_ok(bnsl_neighbor_create(&list, &o));
    return list;
}

static bnsl_neighbor_list *nearest(const particles *p, int32_t k, int32_t point_species)
{
    bnsl_neighbor_list *list = new_list(BNSL_NEIGHBOR_NEAREST, k, 0, 0, point_species);
    assert_ok(bnsl_neighbor_build(list, &p->box, p->n, p->xyz, p->species, NULL));
    return list;
}

static void table_of_perfect_crystals(void **state)
{
    (void)state;
    const struct {
        const char *name, *crystal;
        double c_over_a;
        int32_t of;
    } cases[] = {
        {"AlB2 L-S averaged over L-L", "AlB2", 0.99, 1},
        {"NaZn13 L-S averaged over L-L", "NaZn13", 1, 1},
        {"NaZn13 L-L averaged", "NaZn13", 1, 0},
        {"BCC", "bcc", 1, 0},
        {"HCP averaged", "hcp", 1, 0},
        {"FCC averaged", "fcc", 1, 0},
    };
    csv_table t = csv_read("order/ql_averaged_perfect.csv");
    assert_int_equal(t.n_rows, 6 * 11);
    for (int row = 0; row < t.n_rows; row += 11) {
        int c = 0;
        while (c < 5 && strcmp(cases[c].name, csv_text(&t, row, "case")) != 0)
            c++;
        assert_string_equal(cases[c].name, csv_text(&t, row, "case"));
        particles p = particles_crystal(cases[c].crystal, cases[c].c_over_a, 3, 3, 3);
        bnsl_neighbor_list *list = nearest(&p, (int32_t)csv_number(&t, row, "k"), cases[c].of);
        bnsl_neighbor_list *average = nearest(&p, (int32_t)csv_number(&t, row, "k_avg"), 0);
        double *q = calloc((size_t)p.n * 11, sizeof *q), *w = calloc((size_t)p.n * 11, sizeof *w);
        assert_true(q && w);
        int32_t l[11];
        for (int i = 0; i < 11; i++)
            l[i] = (int32_t)csv_number(&t, row + i, "l");
        assert_ok(bnsl_order_steinhardt_averaged(list, average, 11, l, 1, q, w, NULL));
        for (int64_t i = 0; i < p.n; i++)
            for (int k = 0; k < 11; k++) {
                bool l_particle = p.species[i] == 0;
                assert_close(q[11 * i + k], l_particle ? csv_number(&t, row + k, "qbar_l") : NAN, 0, 5.1e-7); /* six digits are printed */
                assert_close(w[11 * i + k], l_particle ? csv_number(&t, row + k, "wbar_l_normalised") : NAN, 0, 5.1e-7);
            }
        free(q), free(w);
        bnsl_neighbor_destroy(list);
        bnsl_neighbor_destroy(average);
        particles_free(&p);
    }
    csv_free(&t);
}

/* ---- against a sum over pairs of bonds ---------------------------------------------------------------------- */

enum { MEMBER_BONDS_MAX = 2000 };

/* The bonds of a particle and its neighbours with their weights. */
typedef struct bond_set {
    int32_t n;
    double unit[3 * MEMBER_BONDS_MAX], weight[MEMBER_BONDS_MAX];
} bond_set;

typedef struct view {
    const int64_t *offset;
    const int32_t *index;
    const double *vector;
} view;

static view view_of(const bnsl_neighbor_list *list)
{
    view v;
    assert_ok(bnsl_neighbor_view(list, &v.offset, &v.index, &v.vector, NULL));
    return v;
}

static void add_member(bond_set *s, const view *v, int64_t i)
{
    int64_t n = v->offset[i + 1] - v->offset[i];
    for (int64_t b = v->offset[i]; b < v->offset[i + 1]; b++, s->n++) {
        const double *r = v->vector + 3 * b;
        double length = sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]);
        assert_true(s->n < MEMBER_BONDS_MAX);
        s->weight[s->n] = 1 / (double)n;
        for (int32_t a = 0; a < 3; a++)
            s->unit[3 * s->n + a] = r[a] / length;
    }
}

static double legendre(int32_t l, double x)
{
    double before = 0, p = 1;
    for (int32_t k = 0; k < l; k++) {
        double next = ((2 * k + 1) * x * p - k * before) / (k + 1);
        before = p;
        p = next;
    }
    return p;
}

/* qbar_l^2 = sum over pairs of bonds of the members of weight weight' P_l(cos angle) / members^2; NaN for an unbound particle. */
static double naive_average(const view *list, const view *average, int64_t i, int32_t l)
{
    static bond_set s;
    int32_t members = 1;
    double sum = 0;
    s.n = 0;
    if (list->offset[i + 1] == list->offset[i])
        return NAN;
    add_member(&s, list, i);
    for (int64_t b = average->offset[i]; b < average->offset[i + 1]; b++) {
        int32_t j = average->index[b];
        members += list->offset[j + 1] > list->offset[j];
        add_member(&s, list, j);
    }
    for (int32_t a = 0; a < s.n; a++)
        for (int32_t b = 0; b < s.n; b++) {
            const double *u = s.unit + 3 * a, *v = s.unit + 3 * b;
            sum += s.weight[a] * s.weight[b] * legendre(l, u[0] * v[0] + u[1] * v[1] + u[2] * v[2]);
        }
    return sqrt(fmax(sum, 0)) / members; /* rounding may leave -1e-17 */
}

/* A thin mixture, so that some particles have no bonds. */
static particles thin_mixture(uint64_t seed)
{
    particles p = particles_crystal("AlB2", 1, 3, 2, 3);
    for (int64_t i = 0; i < 3 * p.n; i++)
        p.xyz[i] = 3.4 * test_uniform(&seed);
    assert_ok(bnsl_box_init(&p.box, 3.4, 3.4, 3.4, 0, 0, 0));
    return p;
}

static void mixtures_against_pairs(void **state)
{
    (void)state;
    static const int32_t l[] = {1, 6, 13};
    particles p = thin_mixture(3);
    bnsl_neighbor_list *all = new_list(BNSL_NEIGHBOR_RADIUS, 1, 0.6, -1, -1), *wide = new_list(BNSL_NEIGHBOR_RADIUS, 1, 1.0, -1, -1);
    bnsl_neighbor_list *typed = new_list(BNSL_NEIGHBOR_NEAREST, 5, 0, 0, 1);
    bnsl_neighbor_list *const lists[] = {all, wide, typed};
    double *q = calloc((size_t)p.n * 3, sizeof *q);
    assert_non_null(q);
    for (int32_t k = 0; k < 3; k++)
        assert_ok(bnsl_neighbor_build(lists[k], &p.box, p.n, p.xyz, p.species, NULL));
    int64_t n_nan = 0;
    for (int32_t c = 0; c < 9; c++) {
        const bnsl_neighbor_list *list = lists[c % 3], *average = lists[c / 3];
        view v = view_of(list), over = view_of(average);
        int64_t unbound, n_unbound = 0;
        assert_ok(bnsl_order_steinhardt_averaged(list, list == average ? NULL : average, 3, l, 1, q, NULL, &unbound));
        for (int64_t i = 0; i < p.n; i++) {
            n_unbound += v.offset[i + 1] == v.offset[i];
            for (int32_t k = 0; k < 3; k++) {
                double want = naive_average(&v, &over, i, l[k]);
                /* a rounding of the cosine is multiplied by up to l (l + 1) / 2 = 91 in the sum over pairs */
                assert_close(q[3 * i + k] * q[3 * i + k], want * want, 0, 5e-14);
                n_nan += isnan(want);
            }
        }
        assert_int_equal(unbound, n_unbound);
    }
    assert_true(n_nan > 20); /* the mixture is thin enough to test them */
    for (int32_t k = 0; k < 3; k++)
        bnsl_neighbor_destroy(lists[k]);
    free(q);
    particles_free(&p);
}

static void alone_it_is_the_plain_value(void **state)
{
    (void)state;
    static const int32_t l[] = {4, 6};
    particles p = thin_mixture(8);
    bnsl_neighbor_list *list = nearest(&p, 7, 1), *none = new_list(BNSL_NEIGHBOR_RADIUS, 1, 1e-9, -1, -1);
    assert_ok(bnsl_neighbor_build(none, &p.box, p.n, p.xyz, p.species, NULL));
    double *q = calloc((size_t)p.n * 4, sizeof *q), *w = q + 2 * p.n, *q2 = calloc((size_t)p.n * 4, sizeof *q2), *w2 = q2 + 2 * p.n;
    assert_true(q && q2);
    assert_ok(bnsl_order_steinhardt(list, 2, l, 1, q, w, NULL));
    assert_ok(bnsl_order_steinhardt_averaged(list, none, 2, l, 1, q2, w2, NULL));
    assert_memory_equal(q, q2, (size_t)p.n * 4 * sizeof *q);
    free(q), free(q2);
    bnsl_neighbor_destroy(list);
    bnsl_neighbor_destroy(none);
    particles_free(&p);
}

static void same_bytes_for_any_threads(void **state)
{
    (void)state;
    static const int32_t l[] = {4, 6, 8};
    particles p = particles_crystal("NaZn13", 1, 2, 2, 2);
    uint64_t seed = 1;
    particles_shake(&p, 0.1, 0.05, &seed);
    bnsl_neighbor_list *list = nearest(&p, 12, 1), *average = nearest(&p, 8, 0);
    size_t n = (size_t)p.n * 6;
    double *one = calloc(n, sizeof *one), *more = calloc(n, sizeof *more);
    assert_true(one && more);
    assert_ok(bnsl_order_steinhardt_averaged(list, average, 3, l, 0, one, one + n / 2, NULL));
    for (int32_t t = 1; t <= 3; t++) {
        assert_ok(bnsl_order_steinhardt_averaged(list, average, 3, l, t, more, more + n / 2, NULL));
        assert_memory_equal(one, more, n * sizeof *one);
    }
    free(one), free(more);
    bnsl_neighbor_destroy(list);
    bnsl_neighbor_destroy(average);
    particles_free(&p);
}

static void bad_arguments(void **state)
{
    (void)state;
    static const double xyz[] = {0, 0, 0, 1, 0, 0, 2, 0, 0};
    static const int32_t l[] = {4, 21};
    bnsl_neighbor_list *list = new_list(BNSL_NEIGHBOR_RADIUS, 1, 1.5, -1, -1), *other = new_list(BNSL_NEIGHBOR_RADIUS, 1, 1.5, -1, -1);
    double q[3] = {5, 5, 5};
    int64_t unbound = 5;
    assert_ok(bnsl_neighbor_build(list, NULL, 2, xyz, NULL, NULL));
    assert_ok(bnsl_neighbor_build(other, NULL, 3, xyz, NULL, NULL));
    assert_status(bnsl_order_steinhardt_averaged(NULL, list, 1, l, 1, q, NULL, &unbound), BNSL_EINVAL);
    assert_status(bnsl_order_steinhardt_averaged(list, NULL, 2, l, 1, q, NULL, &unbound), BNSL_EINVAL);
    assert_status(bnsl_order_steinhardt_averaged(list, NULL, 0, l, 1, q, NULL, &unbound), BNSL_EINVAL);
    assert_status(bnsl_order_steinhardt_averaged(list, NULL, 1, l, -2, q, NULL, &unbound), BNSL_EINVAL);
    assert_status(bnsl_order_steinhardt_averaged(list, other, 1, l, 1, q, NULL, &unbound), BNSL_EINVAL);
    assert_non_null(strstr(bnsl_error_message(), "3 query points"));
    assert_ok(bnsl_neighbor_build_between(other, NULL, 2, xyz, NULL, NULL, 3, xyz, NULL, NULL)); /* a bond ends at the third point */
    assert_status(bnsl_order_steinhardt_averaged(list, other, 1, l, 1, q, NULL, &unbound), BNSL_EINVAL);
    assert_true(q[0] == 5 && q[1] == 5 && q[2] == 5);
    assert_int_equal(unbound, 5);
    bnsl_neighbor_destroy(list);
    bnsl_neighbor_destroy(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_of_perfect_crystals),  cmocka_unit_test(mixtures_against_pairs), cmocka_unit_test(alone_it_is_the_plain_value),
        cmocka_unit_test(same_bytes_for_any_threads), cmocka_unit_test(bad_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
