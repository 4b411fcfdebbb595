/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of the caller's own bonds: a list taken apart, shuffled and put together again; order functions on it; faults. */
#include "particles.h"

#include <bnsl/order.h>

static bnsl_neighbor_list *new_list(int32_t mode, double r_max, int32_t flags)
{
    bnsl_neighbor_options o;
    bnsl_neighbor_list *list;
    assert_ok(bnsl_neighbor_options_init(&o, sizeof o));
    o.mode = mode;
    o.r_max = r_max;
    o.flags = flags;
    assert_ok(bnsl_neighbor_create(&list, &o));
    return list;
}

/* Bonds of a list as index pairs with vectors, in a random order. */
typedef struct pairs {
    int64_t n;
    int32_t *query, *point;
    double *vector;
} pairs;

static pairs shuffled(const bnsl_neighbor_list *list, uint64_t seed)
{
    const int64_t *offset;
    const int32_t *index;
    const double *vector;
    assert_ok(bnsl_neighbor_view(list, &offset, &index, &vector, NULL));
    pairs p = {.n = bnsl_neighbor_n_bonds(list)};
    p.query = calloc((size_t)p.n, sizeof *p.query);
    p.point = calloc((size_t)p.n, sizeof *p.point);
    p.vector = calloc((size_t)p.n, 3 * sizeof *p.vector);
    int64_t *to = calloc((size_t)p.n, sizeof *to);
    assert_true(p.query && p.point && p.vector && to);
    for (int64_t b = 0; b < p.n; b++) {
        const int64_t other = (int64_t)((double)(b + 1) * test_uniform(&seed));
        to[b] = to[other];
        to[other] = b;
    }
    for (int64_t i = 0; i < bnsl_neighbor_n_query(list); i++)
        for (int64_t b = offset[i]; b < offset[i + 1]; b++) {
            p.query[to[b]] = (int32_t)i;
            p.point[to[b]] = index[b];
            memcpy(p.vector + 3 * to[b], vector + 3 * b, 3 * sizeof *vector);
        }
    free(to);
    return p;
}

static void pairs_free(pairs *p)
{
    free(p->query), free(p->point), free(p->vector);
}

static void assert_same_list(const bnsl_neighbor_list *a, const bnsl_neighbor_list *b)
{
    const int64_t *offset[2];
    const int32_t *index[2];
    const double *vector[2], *distance[2];
    assert_ok(bnsl_neighbor_view(a, &offset[0], &index[0], &vector[0], &distance[0]));
    assert_ok(bnsl_neighbor_view(b, &offset[1], &index[1], &vector[1], &distance[1]));
    const size_t n = (size_t)bnsl_neighbor_n_bonds(a), n_query = (size_t)bnsl_neighbor_n_query(a);
    assert_int_equal(bnsl_neighbor_n_query(b), n_query);
    assert_int_equal(bnsl_neighbor_n_bonds(b), n);
    assert_memory_equal(offset[0], offset[1], (n_query + 1) * sizeof(int64_t));
    assert_memory_equal(index[0], index[1], n * sizeof(int32_t));
    assert_memory_equal(vector[0], vector[1], 3 * n * sizeof(double));
    assert_memory_equal(distance[0], distance[1], n * sizeof(double));
}

static void together_again(void **state)
{
    (void)state;
    particles p = particles_fluid(40, 60, 0.35, 5, 4);
    bnsl_neighbor_list *given = new_list(BNSL_NEIGHBOR_RADIUS, 0, BNSL_NEIGHBOR_SORTED);
    for (int32_t mode = 0; mode < 3; mode++) {
        bnsl_neighbor_list *list = new_list(mode, mode == BNSL_NEIGHBOR_RADIUS ? 1.6 : 0, BNSL_NEIGHBOR_SORTED);
        assert_ok(bnsl_neighbor_build(list, &p.box, p.n, p.xyz, NULL, NULL));
        pairs b = shuffled(list, 6);
        int64_t *order = calloc((size_t)b.n, sizeof *order), *count = calloc((size_t)p.n, sizeof *count);
        assert_true(order && count);
        assert_ok(bnsl_neighbor_set_bonds(given, p.n, p.n, b.n, b.query, b.point, b.vector, order));
        assert_same_list(list, given);
        const int64_t *offset;
        const int32_t *index;
        const double *vector;
        assert_ok(bnsl_neighbor_view(given, &offset, &index, &vector, NULL));
        assert_ok(bnsl_neighbor_counts(given, count));
        for (int64_t i = 0; i < p.n; i++) {
            assert_int_equal(count[i], offset[i + 1] - offset[i]);
            for (int64_t k = offset[i]; k < offset[i + 1]; k++) { /* where they come from */
                assert_int_equal(b.query[order[k]], i);
                assert_int_equal(b.point[order[k]], index[k]);
                assert_memory_equal(b.vector + 3 * order[k], vector + 3 * k, 3 * sizeof *vector);
            }
        }
        /* the box is wide enough for shortest images, all of these are; the mean of q_lm goes by the order of the bonds */
        assert_ok(bnsl_neighbor_set_pairs(given, &p.box, p.n, p.xyz, p.n, p.xyz, b.n, b.query, b.point, NULL));
        const double *shortest;
        assert_ok(bnsl_neighbor_view(given, &offset, NULL, &shortest, NULL));
        assert_ok(bnsl_neighbor_view(list, NULL, NULL, &vector, NULL));
        for (int64_t k = 0; k < 3 * b.n; k++)
            assert_close(shortest[k], vector[k], 0, 1e-14);
        free(order), free(count);
        pairs_free(&b);
        bnsl_neighbor_destroy(list);
    }
    bnsl_neighbor_destroy(given);
    particles_free(&p);
}

/* Without sorting the order given is kept within a query; the list can be searched again afterwards. */
static void as_given(void **state)
{
    (void)state;
    static const int32_t query[] = {2, 0, 2, 0, 2}, point[] = {1, 3, 0, 1, 0};
    static const double vector[] = {5, 0, 0, 0, 4, 0, 0, 0, 3, 2, 0, 0, 0, 1, 0};
    static const double xyz[] = {0, 0, 0, 1, 0, 0};
    static const int64_t want_offset[] = {0, 2, 2, 5}, want_order[] = {1, 3, 0, 2, 4};
    static const int32_t want_index[] = {3, 1, 1, 0, 0};
    bnsl_neighbor_list *list = new_list(BNSL_NEIGHBOR_RADIUS, 1.5, 0), *bare = new_list(BNSL_NEIGHBOR_NEAREST, 0, BNSL_NEIGHBOR_NO_VECTORS);
    bnsl_neighbor_list *half = new_list(BNSL_NEIGHBOR_RADIUS, 1.5, BNSL_NEIGHBOR_HALF);
    const int64_t *offset;
    const int32_t *index;
    const double *distance;
    int64_t order[5];
    assert_ok(bnsl_neighbor_set_bonds(list, 3, 4, 5, query, point, vector, order));
    assert_ok(bnsl_neighbor_view(list, &offset, &index, NULL, &distance));
    assert_memory_equal(offset, want_offset, sizeof want_offset);
    assert_memory_equal(index, want_index, sizeof want_index);
    assert_memory_equal(order, want_order, sizeof want_order);
    assert_true(distance[0] == 4 && distance[1] == 2 && distance[2] == 5 && distance[3] == 3 && distance[4] == 1);
    assert_ok(bnsl_neighbor_set_bonds(bare, 3, 4, 5, query, point, NULL, NULL));
    assert_ok(bnsl_neighbor_view(bare, &offset, &index, NULL, &distance));
    assert_memory_equal(index, want_index, sizeof want_index);
    assert_null(distance);
    assert_ok(bnsl_neighbor_set_bonds(half, 3, 4, 5, query, point, vector, NULL));
    assert_int_equal(bnsl_neighbor_is_half(half), 1);
    assert_ok(bnsl_neighbor_set_bonds(list, 0, 0, 0, NULL, NULL, NULL, NULL));
    assert_int_equal(bnsl_neighbor_n_query(list), 0);
    assert_ok(bnsl_neighbor_build(list, NULL, 2, xyz, NULL, NULL));
    assert_int_equal(bnsl_neighbor_n_bonds(list), 2);
    bnsl_neighbor_destroy(list);
    bnsl_neighbor_destroy(bare);
    bnsl_neighbor_destroy(half);
}

/* Bonds that are equal in all stay in their order, few or many of them. */
static void equal_bonds(void **state)
{
    (void)state;
    enum { MOST = 150 };
    int32_t query[MOST] = {0}, point[MOST] = {0};
    double vector[3 * MOST] = {0};
    int64_t order[MOST];
    bnsl_neighbor_list *list = new_list(BNSL_NEIGHBOR_RADIUS, 0, BNSL_NEIGHBOR_SORTED);
    for (int32_t n = 1; n <= MOST; n += 7) {
        for (int32_t b = 0; b < n; b++) {
            order[b] = -1;
            vector[3 * b] = b % 2 ? 2 : 1; /* two lengths in turn */
        }
        assert_ok(bnsl_neighbor_set_bonds(list, 1, 1, n, query, point, vector, order));
        const int32_t shorter = (n + 1) / 2;
        for (int32_t b = 0; b < n; b++)
            assert_int_equal(order[b], b < shorter ? 2 * b : 2 * (b - shorter) + 1);
    }
    bnsl_neighbor_destroy(list);
}

static void order_on_given_bonds(void **state)
{
    (void)state;
    static const int32_t l[] = {4, 6};
    particles p = particles_crystal("fcc", 1, 3, 3, 3);
    bnsl_neighbor_list *list = new_list(BNSL_NEIGHBOR_RADIUS, 1.2, BNSL_NEIGHBOR_SORTED),
                       *given = new_list(BNSL_NEIGHBOR_RADIUS, 0, BNSL_NEIGHBOR_SORTED);
    assert_ok(bnsl_neighbor_build(list, &p.box, p.n, p.xyz, NULL, NULL));
    pairs b = shuffled(list, 8);
    double q[2][2 * 108];
    assert_int_equal(p.n, 108);
    assert_ok(bnsl_neighbor_set_bonds(given, p.n, p.n, b.n, b.query, b.point, b.vector, NULL));
    assert_ok(bnsl_order_steinhardt_averaged(list, NULL, 2, l, 1, q[0], NULL, NULL));
    assert_ok(bnsl_order_steinhardt_averaged(given, NULL, 2, l, 1, q[1], NULL, NULL));
    assert_close(q[0][1], 0.57452426, 0, 1e-8);
    for (int64_t i = 0; i < 2 * p.n; i++) /* bonds of one length and point may have changed places */
        assert_close(q[0][i], q[1][i], 0, 1e-14);
    pairs_free(&b);
    bnsl_neighbor_destroy(list);
    bnsl_neighbor_destroy(given);
    particles_free(&p);
}

static void faults(void **state)
{
    (void)state;
    const int32_t query[] = {0, 1}, point[] = {1, 0}, beyond[] = {0, 2}, negative[] = {-1, 0};
    const double vector[] = {1, 0, 0, -1, 0, 0}, bad[] = {1, 0, 0, -1, NAN, 0}, xyz[] = {0, 0, 0, 1, 0, 0};
    bnsl_box box;
    int64_t order[2] = {5, 5}, count;
    bnsl_neighbor_list *list = new_list(BNSL_NEIGHBOR_RADIUS, 1.5, 0);
    assert_ok(bnsl_box_init(&box, 2, 2, 2, 0, 0, 0));
#define REFUSED(call, word)                                                                                                                          \
    do {                                                                                                                                             \
        assert_ok(bnsl_neighbor_set_bonds(list, 2, 2, 2, query, point, vector, NULL));                                                               \
        assert_status(call, BNSL_EINVAL);                                                                                                            \
        assert_non_null(strstr(bnsl_error_message(), word));                                                                                         \
        assert_int_equal(bnsl_neighbor_n_bonds(list), 0);                                                                                            \
        assert_int_equal(bnsl_neighbor_n_query(list), 0);                                                                                            \
    } while (0)
    REFUSED(bnsl_neighbor_set_bonds(list, -1, 2, 2, query, point, vector, order), "n_query");
    REFUSED(bnsl_neighbor_set_bonds(list, 2, (int64_t)1 << 31, 2, query, point, vector, order), "n_points");
    REFUSED(bnsl_neighbor_set_bonds(list, 2, 2, -2, query, point, vector, order), "n_bonds");
    REFUSED(bnsl_neighbor_set_bonds(list, 2, 2, 2, NULL, point, vector, order), "query is NULL");
    REFUSED(bnsl_neighbor_set_bonds(list, 2, 2, 2, query, NULL, vector, order), "point is NULL");
    REFUSED(bnsl_neighbor_set_bonds(list, 2, 2, 2, query, point, NULL, order), "NO_VECTORS");
    REFUSED(bnsl_neighbor_set_bonds(list, 2, 2, 2, beyond, point, vector, order), "query[1] is 2");
    REFUSED(bnsl_neighbor_set_bonds(list, 2, 2, 2, query, beyond, vector, order), "point[1] is 2");
    REFUSED(bnsl_neighbor_set_bonds(list, 2, 2, 2, negative, point, vector, order), "query[0] is -1");
    REFUSED(bnsl_neighbor_set_bonds(list, 2, 2, 2, query, point, bad, order), "vector[1]");
    REFUSED(bnsl_neighbor_set_pairs(list, &box, 2, NULL, 2, xyz, 2, query, point, order), "query_xyz is NULL");
    REFUSED(bnsl_neighbor_set_pairs(list, &box, 2, xyz, 2, NULL, 2, query, point, order), "xyz is NULL");
    REFUSED(bnsl_neighbor_set_pairs(list, &box, 2, xyz, 2, bad, 2, query, point, order), "xyz[1]");
    REFUSED(bnsl_neighbor_set_pairs(list, &box, 2, xyz, 2, xyz, 2, query, beyond, order), "point[1]");
    box.lx = NAN;
    REFUSED(bnsl_neighbor_set_pairs(list, &box, 2, xyz, 2, xyz, 2, query, point, order), "lx");
#undef REFUSED
    assert_int_equal(order[0], 5);
    assert_status(bnsl_neighbor_set_bonds(NULL, 2, 2, 2, query, point, vector, order), BNSL_EINVAL);
    assert_status(bnsl_neighbor_set_pairs(NULL, NULL, 2, xyz, 2, xyz, 2, query, point, order), BNSL_EINVAL);
    assert_status(bnsl_neighbor_counts(NULL, &count), BNSL_EINVAL);
    assert_ok(bnsl_neighbor_counts(list, NULL)); /* there is nothing to count */
    assert_ok(bnsl_neighbor_set_pairs(list, NULL, 2, xyz, 2, xyz, 2, query, point, order));
    assert_status(bnsl_neighbor_counts(list, NULL), BNSL_EINVAL);
    bnsl_neighbor_destroy(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(together_again),
        cmocka_unit_test(as_given),
        cmocka_unit_test(equal_bonds),
        cmocka_unit_test(order_on_given_bonds),
        cmocka_unit_test(faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
