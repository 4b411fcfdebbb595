/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clusters of selected particles: chains by hand, random graphs against label spreading, faults. */
#include "bnsl_test.h"

static bnsl_neighbor_list *list_of(double r_max, int32_t flags, const bnsl_box *box, int64_t n, const double *xyz)
{
    bnsl_neighbor_options o;
    bnsl_neighbor_list *list;
    assert_ok(bnsl_neighbor_options_init(&o, sizeof o));
    o.r_max = r_max;
    o.flags = flags;
    assert_ok(bnsl_neighbor_create(&list, &o));
    assert_ok(bnsl_neighbor_build(list, box, n, xyz, NULL, NULL));
    return list;
}

static void chains(void **state)
{
    (void)state;
    /* on a line, bonds between places that differ by 1 */
    static const double place[] = {0, 1, 5, 6, 7, 10, 11, 20, 30, 31, 32};
    static const int32_t selected[] = {1, 1, 1, 7, 1, -1, 1, 1, 1, 0, 1};
    static const int32_t want[] = {1, 1, 0, 0, 0, 2, 2, 3, 4, -1, 5};
    enum { N = 11 };
    double xyz[3 * N] = {0};
    int32_t cluster[N], none[N] = {0};
    int64_t n_clusters, size[N];
    for (int32_t i = 0; i < N; i++)
        xyz[3 * i] = place[i];
    bnsl_neighbor_list *list = list_of(1.5, BNSL_NEIGHBOR_NO_VECTORS, NULL, N, xyz);
    assert_ok(bnsl_order_clusters(list, selected, cluster, &n_clusters, size));
    assert_memory_equal(cluster, want, sizeof want);
    assert_int_equal(n_clusters, 6);
    static const int64_t sizes[] = {3, 2, 2, 1, 1, 1};
    assert_memory_equal(size, sizes, sizeof sizes);
    assert_ok(bnsl_order_clusters(list, none, cluster, &n_clusters, size));
    assert_int_equal(n_clusters, 0);
    for (int32_t i = 0; i < N; i++)
        assert_int_equal(cluster[i], -1);
    assert_ok(bnsl_order_clusters(list, selected, cluster, NULL, NULL));
    assert_memory_equal(cluster, want, sizeof want);
    bnsl_neighbor_destroy(list);

    list = list_of(1.5, 0, NULL, 0, NULL);
    assert_ok(bnsl_order_clusters(list, NULL, NULL, &n_clusters, NULL));
    assert_int_equal(n_clusters, 0);
    bnsl_neighbor_destroy(list);
}

/* Labels spread along bonds until nothing changes: each particle gets the lowest particle of its cluster. */
static void spread(const bnsl_neighbor_list *list, int64_t n, const int32_t *selected, int32_t *label)
{
    const int64_t *offset;
    const int32_t *index;
    assert_ok(bnsl_neighbor_view(list, &offset, &index, NULL, NULL));
    for (int32_t i = 0; i < n; i++)
        label[i] = selected[i] ? i : -1;
    for (bool changed = true; changed;) {
        changed = false;
        for (int32_t i = 0; i < n; i++)
            for (int64_t b = offset[i]; b < offset[i + 1]; b++) {
                int32_t j = index[b];
                if (!selected[i] || !selected[j] || label[i] == label[j])
                    continue;
                label[i] = label[j] = label[i] < label[j] ? label[i] : label[j];
                changed = true;
            }
    }
}

static void random_graphs(void **state)
{
    (void)state;
    enum { N = 300 };
    double xyz[3 * N];
    int32_t selected[N], label[N], cluster[N], half[N];
    int64_t n_clusters, size[N];
    uint64_t seed = 6;
    bnsl_box box;
    assert_ok(bnsl_box_init(&box, 1, 1, 1, 0, 0, 0));
    for (int32_t round = 0; round < 40; round++) {
        double radius = 0.04 + 0.1 * test_uniform(&seed);
        for (int32_t i = 0; i < 3 * N; i++)
            xyz[i] = test_uniform(&seed);
        for (int32_t i = 0; i < N; i++)
            selected[i] = test_uniform(&seed) < 0.7;
        bnsl_neighbor_list *list = list_of(radius, 0, &box, N, xyz);
        assert_ok(bnsl_order_clusters(list, selected, cluster, &n_clusters, size));
        spread(list, N, selected, label);
        bnsl_neighbor_destroy(list);
        int64_t counted[N] = {0}, lowest[N];
        for (int32_t i = N - 1; i >= 0; i--) {
            assert_true((cluster[i] < 0) == (label[i] < 0));
            if (label[i] < 0)
                continue;
            assert_int_equal(cluster[i], cluster[label[i]]);
            counted[cluster[i]]++;
            lowest[cluster[i]] = i;
        }
        for (int64_t c = 0; c < n_clusters; c++) {
            assert_int_equal(counted[c], size[c]);
            assert_int_equal(label[lowest[c]], lowest[c]); /* one cluster, not two with one number */
            if (c > 0)
                assert_true(size[c] < size[c - 1] || (size[c] == size[c - 1] && lowest[c] > lowest[c - 1]));
        }
        list = list_of(radius, BNSL_NEIGHBOR_HALF, &box, N, xyz);
        assert_ok(bnsl_order_clusters(list, selected, half, NULL, NULL));
        assert_memory_equal(cluster, half, sizeof half);
        double q[N];
        assert_status(bnsl_order_steinhardt(list, 1, (int32_t[]){6}, 1, q, NULL, NULL), BNSL_EINVAL);
        bnsl_neighbor_destroy(list);
    }
}

static void bad_arguments(void **state)
{
    (void)state;
    static const double xyz[] = {0, 0, 0, 1, 0, 0, 1.5, 0, 0};
    static const int32_t selected[] = {1, 1, 1};
    int32_t cluster[3] = {5, 5, 5};
    int64_t n_clusters = 5;
    bnsl_neighbor_list *list = list_of(1.2, 0, NULL, 3, xyz);
    assert_status(bnsl_order_clusters(NULL, selected, cluster, &n_clusters, NULL), BNSL_EINVAL);
    assert_status(bnsl_order_clusters(list, NULL, cluster, &n_clusters, NULL), BNSL_EINVAL);
    assert_status(bnsl_order_clusters(list, selected, NULL, &n_clusters, NULL), BNSL_EINVAL);
    assert_ok(bnsl_neighbor_build_between(list, NULL, 2, xyz, NULL, NULL, 3, xyz, NULL, NULL));
    assert_status(bnsl_order_clusters(list, selected, cluster, &n_clusters, NULL), BNSL_EINVAL);
    assert_true(cluster[0] == 5 && cluster[1] == 5 && cluster[2] == 5 && n_clusters == 5);
    bnsl_neighbor_destroy(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chains),
        cmocka_unit_test(random_graphs),
        cmocka_unit_test(bad_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
