/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connections, solid-like particles and their clusters: mirror images in NaZn13, a sum over pairs of bonds, a plain count, no values, faults. */
#include "particles.h"

#include <bnsl/order.h>

static bnsl_neighbor_list *list_of(const particles *p, int32_t mode, int32_t k, double r_max, int32_t query_species, int32_t point_species)
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
    assert_ok(bnsl_neighbor_build(list, &p->box, p->n, p->xyz, p->species, NULL));
    return list;
}

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

/* ---- values ----------------------------------------------------------------------------------------------- */

/* The snub cubes of 24 S around neighbouring L of NaZn13 are mirror images: odd orders change their sign. The other odd orders up to 20
 * that a chiral cage of cubic symmetry has are 13, 15, 17 and 19 [the invariants of O and O_h]. */
static void mirror_images(void **state)
{
    (void)state;
    particles p = particles_crystal("NaZn13", 1, 2, 2, 2);
    bnsl_neighbor_list *cage = list_of(&p, BNSL_NEIGHBOR_NEAREST, 24, 0, 0, 1), *pairs = list_of(&p, BNSL_NEIGHBOR_NEAREST, 6, 0, 0, 0);
    const int64_t n = bnsl_neighbor_n_bonds(pairs);
    double *d = calloc((size_t)n, sizeof *d);
    assert_non_null(d);
    assert_int_equal(n, 6 * 64);
    static const struct {
        int32_t l;
        double d;
    } cases[] = {{9, -1}, {13, -1}, {15, -1}, {17, -1}, {19, -1}, {4, 1}, {6, 1}, {8, 1}, {10, 1}, {12, 1}, {0, 1}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        int64_t undefined = 5;
        assert_ok(bnsl_order_connections(cage, pairs, cases[c].l, 1, 1, d, &undefined));
        assert_int_equal(undefined, 0);
        for (int64_t b = 0; b < n; b++)
            assert_close(d[b], cases[c].d, 0, 1e-12);
    }
    /* orders that the cage does not have: no direction to compare */
    static const int32_t absent[] = {1, 2, 3, 5, 7, 11};
    for (int32_t c = 0; c < 6; c++) {
        const int32_t l = absent[c];
        int64_t undefined;
        assert_ok(bnsl_order_connections(cage, pairs, l, 1, 1, d, &undefined));
        assert_int_equal(undefined, n);
        for (int64_t b = 0; b < n; b++)
            assert_true(isnan(d[b]));
        assert_ok(bnsl_order_connections(cage, pairs, l, 0, 1, d, &undefined)); /* without the norm it is 0 */
        assert_int_equal(undefined, 0);
        for (int64_t b = 0; b < n; b++)
            assert_close(d[b], 0, 0, 1e-20);
    }
    free(d);
    bnsl_neighbor_destroy(cage);
    bnsl_neighbor_destroy(pairs);
    particles_free(&p);
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

/* sum_m q_lm(i) conj(q_lm(j)) = (2 l + 1) / (4 pi) times the mean of P_l over pairs of a bond of i and a bond of j (addition theorem) */
static double naive_product(const view *v, int64_t i, int64_t j, int32_t l)
{
    const int64_t n = v->offset[i + 1] - v->offset[i], m = v->offset[j + 1] - v->offset[j];
    double sum = 0;
    if (n == 0 || m == 0)
        return NAN;
    for (int64_t a = v->offset[i]; a < v->offset[i + 1]; a++)
        for (int64_t b = v->offset[j]; b < v->offset[j + 1]; b++) {
            const double *r = v->vector + 3 * a, *s = v->vector + 3 * b;
            sum += legendre(l, (r[0] * s[0] + r[1] * s[1] + r[2] * s[2]) /
                                   sqrt((r[0] * r[0] + r[1] * r[1] + r[2] * r[2]) * (s[0] * s[0] + s[1] * s[1] + s[2] * s[2])));
        }
    return (2 * l + 1) / (4 * 3.14159265358979323846) * sum / (double)(n * m);
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

static void sums_over_pairs(void **state)
{
    (void)state;
    static const int32_t orders[] = {1, 6, 9, 20};
    particles p = thin_mixture(12);
    bnsl_neighbor_list *lists[] = {list_of(&p, BNSL_NEIGHBOR_RADIUS, 1, 0.65, -1, -1), list_of(&p, BNSL_NEIGHBOR_NEAREST, 7, 0, -1, 1)};
    bnsl_neighbor_list *wide = list_of(&p, BNSL_NEIGHBOR_RADIUS, 1, 1.0, -1, -1);
    int64_t n_nan = 0;
    for (int32_t c = 0; c < 4; c++) {
        const bnsl_neighbor_list *list = lists[c % 2], *pairs = c / 2 ? wide : list;
        const view v = view_of(list), over = view_of(pairs);
        double *d = calloc((size_t)bnsl_neighbor_n_bonds(pairs) * 2, sizeof *d), *raw = d + bnsl_neighbor_n_bonds(pairs);
        assert_non_null(d);
        for (int32_t k = 0; k < 4; k++) {
            const int32_t l = orders[k];
            int64_t undefined, found = 0;
            assert_ok(bnsl_order_connections(list, pairs == list ? NULL : pairs, l, 1, 2, d, &undefined));
            assert_ok(bnsl_order_connections(list, pairs, l, 0, 1, raw, NULL));
            for (int64_t i = 0; i < p.n; i++)
                for (int64_t b = over.offset[i]; b < over.offset[i + 1]; b++) {
                    const int64_t j = over.index[b];
                    const double want = naive_product(&v, i, j, l);
                    assert_close(raw[b], want, 0, 1e-12); /* as the mean of P_l: some l^2 / 2 roundings */
                    assert_close(d[b], want / sqrt(naive_product(&v, i, i, l) * naive_product(&v, j, j, l)), 0, 1e-10); /* divided by a small norm */
                    assert_true(isnan(d[b]) || fabs(d[b]) <= 1);
                    found += isnan(want);
                }
            assert_int_equal(undefined, found);
            n_nan += found;
        }
        free(d);
    }
    assert_true(n_nan > 0);
    bnsl_neighbor_destroy(lists[0]);
    bnsl_neighbor_destroy(lists[1]);
    bnsl_neighbor_destroy(wide);
    particles_free(&p);
}

/* ---- solid-like particles ------------------------------------------------------------------------------------ */

/* Labels of the parts of solid-like bonds between solid-like particles, spread until nothing changes: the lowest particle of each. */
static void naive_parts(int64_t n, const view *v, const double *d, double threshold, const int32_t *solid, int32_t *part)
{
    for (int64_t i = 0; i < n; i++)
        part[i] = solid[i] ? (int32_t)i : -1;
    for (bool changed = true; changed;) {
        changed = false;
        for (int64_t i = 0; i < n; i++)
            for (int64_t b = v->offset[i]; b < v->offset[i + 1]; b++) {
                const int32_t j = v->index[b];
                if (!solid[i] || !solid[j] || !(d[b] > threshold) || part[i] == part[j])
                    continue;
                part[i] = part[j] = part[i] < part[j] ? part[i] : part[j];
                changed = true;
            }
    }
}

static void plain_count(void **state)
{
    (void)state;
    /* two balls of fcc, one turned, in a fluid-like gas */
    uint64_t seed = 3;
    particles p = particles_crystal("fcc", 1, 5, 5, 5);
    for (int64_t i = 0; i < p.n; i++) {
        const double *r = p.xyz + 3 * i;
        const bool inside = hypot(hypot(r[0] - 1, r[1]), r[2]) < 1.9 || hypot(hypot(r[0] + 1.8, r[1] - 2), r[2] + 1) < 1.3;
        for (int a = 0; a < 3; a++)
            p.xyz[3 * i + a] += (inside ? 0.03 : 0.35) * test_normal(&seed);
    }
    bnsl_neighbor_list *list = list_of(&p, BNSL_NEIGHBOR_RADIUS, 1, 1.25, -1, -1);
    const view v = view_of(list);
    const int64_t n = p.n;
    double *d = calloc((size_t)bnsl_neighbor_n_bonds(list), sizeof *d);
    int32_t *work = calloc((size_t)n * 5, sizeof *work), *solid = work, *connections = work + n, *cluster = work + 2 * n, *want = work + 3 * n;
    int32_t *part = work + 4 * n;
    int64_t *size = calloc((size_t)n, sizeof *size), n_clusters, several = 0;
    assert_true(d && work && size);
    for (int32_t c = 0; c < 6; c++) {
        bnsl_order_solid_options o;
        assert_ok(bnsl_order_solid_options_init(&o, sizeof o));
        o.l = c % 2 ? 4 : 6;
        o.raw = c == 5;
        o.threshold = o.raw ? 0.01 : c < 2 ? 0.7 : 0.5;
        o.min_connections = c < 4 ? 7 : 1;
        o.num_threads = 1 + c % 3;
        assert_ok(bnsl_order_connections(list, NULL, o.l, !o.raw, 1, d, NULL));
        assert_ok(bnsl_order_solid(list, NULL, &o, solid, connections, cluster, &n_clusters, size));
        int64_t n_solid = 0, sum = 0;
        for (int64_t i = 0; i < n; i++) {
            int32_t m = 0;
            for (int64_t b = v.offset[i]; b < v.offset[i + 1]; b++)
                m += d[b] > o.threshold;
            assert_int_equal(connections[i], m);
            want[i] = m >= o.min_connections;
            assert_int_equal(solid[i], want[i]);
            n_solid += want[i];
        }
        assert_true(n_solid > 0);
        naive_parts(n, &v, d, o.threshold, want, part);
        for (int64_t k = 0; k < n_clusters; k++) {
            sum += size[k];
            assert_true(size[k] > 0 && (k == 0 || size[k] <= size[k - 1]));
        }
        assert_int_equal(sum, n_solid);
        int64_t n_parts = 0;
        for (int64_t i = 0; i < n; i++) {
            n_parts += part[i] == i;
            if (part[i] < 0)
                assert_int_equal(cluster[i], -1);
            else
                assert_int_equal(cluster[i], cluster[part[i]]);
        }
        assert_int_equal(n_parts, n_clusters);
        several += n_clusters > 1;
        if (c == 0) { /* the defaults */
            assert_ok(bnsl_order_solid(list, list, NULL, want, NULL, part, NULL, NULL));
            assert_memory_equal(want, solid, (size_t)n * sizeof *solid);
            assert_memory_equal(part, cluster, (size_t)n * sizeof *part);
        }
    }
    assert_true(several > 0);
    free(d), free(work), free(size);
    bnsl_neighbor_destroy(list);
    particles_free(&p);
}

/* The threshold itself is not beyond the threshold, and the least number is enough. */
static void edges(void **state)
{
    (void)state;
    static const double line[] = {0, 0, 0, 1, 0, 0, 2, 0, 0, 9, 9, 9};
    particles p = {.n = 4, .xyz = (double[12]){0}, .species = (int32_t[4]){0}};
    memcpy(p.xyz, line, sizeof line);
    assert_ok(bnsl_box_init(&p.box, 40, 40, 40, 0, 0, 0));
    bnsl_neighbor_list *list = list_of(&p, BNSL_NEIGHBOR_RADIUS, 1, 1.5, -1, -1);
    bnsl_order_solid_options o;
    int32_t solid[4], connections[4], cluster[4];
    int64_t n_clusters, size[4];
    assert_ok(bnsl_order_solid_options_init(&o, sizeof o));
    assert_int_equal(o.l, 6);
    assert_int_equal(o.min_connections, 7);
    assert_true(o.threshold == 0.7);
    o.l = 2; /* all bonds along one line: d = 1 */
    o.min_connections = 2;
    assert_ok(bnsl_order_solid(list, NULL, &o, solid, connections, cluster, &n_clusters, size));
    assert_true(connections[0] == 1 && connections[1] == 2 && connections[2] == 1 && connections[3] == 0);
    assert_true(solid[0] == 0 && solid[1] == 1 && solid[2] == 0 && solid[3] == 0);
    assert_true(cluster[0] == -1 && cluster[1] == 0 && n_clusters == 1 && size[0] == 1);
    o.min_connections = 1;
    assert_ok(bnsl_order_solid(list, NULL, &o, solid, connections, cluster, &n_clusters, size));
    assert_true(solid[0] == 1 && solid[1] == 1 && solid[2] == 1 && solid[3] == 0 && n_clusters == 1 && size[0] == 3 && cluster[3] == -1);
    o.threshold = 1;
    assert_ok(bnsl_order_solid(list, NULL, &o, solid, connections, cluster, &n_clusters, size));
    assert_true(n_clusters == 0 && connections[1] == 0 && solid[1] == 0);
    bnsl_neighbor_destroy(list);
}

/* ---- faults ---------------------------------------------------------------------------------------------------- */

static void bad_arguments(void **state)
{
    (void)state;
    static const double xyz[] = {0, 0, 0, 1, 0, 0, 2, 0, 0};
    bnsl_neighbor_options no;
    bnsl_neighbor_list *list, *other, *bare, *half;
    assert_ok(bnsl_neighbor_options_init(&no, sizeof no));
    assert_ok(bnsl_neighbor_create(&list, &no));
    assert_ok(bnsl_neighbor_create(&other, &no));
    no.flags = BNSL_NEIGHBOR_NO_VECTORS;
    assert_ok(bnsl_neighbor_create(&bare, &no));
    no.flags = BNSL_NEIGHBOR_HALF;
    assert_ok(bnsl_neighbor_create(&half, &no));
    assert_ok(bnsl_neighbor_build(list, NULL, 2, xyz, NULL, NULL));
    assert_ok(bnsl_neighbor_build(other, NULL, 3, xyz, NULL, NULL));
    assert_ok(bnsl_neighbor_build(bare, NULL, 2, xyz, NULL, NULL));
    assert_ok(bnsl_neighbor_build(half, NULL, 2, xyz, NULL, NULL));
    double d[4] = {5, 5, 5, 5};
    int64_t undefined = 5, n_clusters = 5, size[2] = {5, 5};
    int32_t solid[2] = {5, 5}, connections[2] = {5, 5}, cluster[2] = {5, 5};
    assert_status(bnsl_order_connections(NULL, NULL, 6, 1, 1, d, &undefined), BNSL_EINVAL);
    assert_status(bnsl_order_connections(list, NULL, 21, 1, 1, d, &undefined), BNSL_EINVAL);
    assert_status(bnsl_order_connections(list, NULL, -1, 1, 1, d, &undefined), BNSL_EINVAL);
    assert_status(bnsl_order_connections(list, NULL, 6, 2, 1, d, &undefined), BNSL_EINVAL);
    assert_status(bnsl_order_connections(list, NULL, 6, 1, -1, d, &undefined), BNSL_EINVAL);
    assert_status(bnsl_order_connections(list, NULL, 6, 1, 1, NULL, &undefined), BNSL_EINVAL);
    assert_status(bnsl_order_connections(bare, NULL, 6, 1, 1, d, &undefined), BNSL_EINVAL);
    assert_status(bnsl_order_connections(half, NULL, 6, 1, 1, d, &undefined), BNSL_EINVAL);
    assert_status(bnsl_order_connections(list, other, 6, 1, 1, d, &undefined), BNSL_EINVAL);
    assert_non_null(strstr(bnsl_error_message(), "pairs has 3 query points"));
#define REFUSED(change, word)                                                                                                                        \
    do {                                                                                                                                             \
        bnsl_order_solid_options o;                                                                                                                  \
        assert_ok(bnsl_order_solid_options_init(&o, sizeof o));                                                                                      \
        change;                                                                                                                                      \
        assert_status(bnsl_order_solid(list, NULL, &o, solid, connections, cluster, &n_clusters, size), BNSL_EINVAL);                                \
        assert_non_null(strstr(bnsl_error_message(), word));                                                                                         \
    } while (0)
    REFUSED(o.l = 21, "21");
    REFUSED(o.threshold = NAN, "threshold");
    REFUSED(o.threshold = INFINITY, "threshold");
    REFUSED(o.min_connections = 0, "min_connections");
    REFUSED(o.raw = 2, "raw");
    REFUSED(o.num_threads = -1, "num_threads");
    REFUSED(o.reserved = 1, "reserved");
    REFUSED(o.struct_size = 2, "struct_size");
#undef REFUSED
    assert_status(bnsl_order_solid_options_init(NULL, 8), BNSL_EINVAL);
    assert_status(bnsl_order_solid(list, half, NULL, solid, connections, cluster, &n_clusters, size), BNSL_EINVAL);
    assert_status(bnsl_order_solid(list, other, NULL, solid, connections, cluster, &n_clusters, size), BNSL_EINVAL);
    assert_status(bnsl_order_solid(list, NULL, NULL, NULL, connections, cluster, &n_clusters, size), BNSL_EINVAL);
    assert_status(bnsl_order_solid(list, NULL, NULL, solid, connections, NULL, &n_clusters, size), BNSL_EINVAL);
    assert_true(d[0] == 5 && undefined == 5 && n_clusters == 5 && size[0] == 5 && solid[0] == 5 && connections[0] == 5 && cluster[0] == 5);
    /* a half list of pairs will do, and one without vectors */
    assert_ok(bnsl_order_connections(list, half, 6, 1, 1, d, &undefined));
    assert_close(d[0], 1, 0, 1e-15);
    assert_ok(bnsl_order_connections(list, bare, 5, 1, 1, d, &undefined));
    assert_close(d[0], -1, 0, 1e-15); /* one bond each, opposite directions */
    bnsl_neighbor_destroy(list);
    bnsl_neighbor_destroy(other);
    bnsl_neighbor_destroy(bare);
    bnsl_neighbor_destroy(half);
    /* no particles at all */
    assert_ok(bnsl_neighbor_create(&list, NULL));
    assert_ok(bnsl_order_connections(list, NULL, 6, 1, 1, NULL, &undefined));
    assert_ok(bnsl_order_solid(list, NULL, NULL, NULL, NULL, NULL, &n_clusters, NULL));
    assert_true(undefined == 0 && n_clusters == 0);
    bnsl_neighbor_destroy(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mirror_images), cmocka_unit_test(sums_over_pairs), cmocka_unit_test(plain_count),
        cmocka_unit_test(edges),         cmocka_unit_test(bad_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
