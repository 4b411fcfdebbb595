/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bad arguments of every function, and memory that runs out at each allocation in turn. */
#include "bnsl_test.h"

static void test_options(void **unused)
{
    (void)unused;
    bnsl_neighbor_options o, good;
    bnsl_neighbor_list *list = NULL;
    assert_status(bnsl_neighbor_options_init(NULL, sizeof o), BNSL_EINVAL);
    assert_ok(bnsl_neighbor_options_init(&good, sizeof good));
    assert_status(bnsl_neighbor_create(NULL, &good), BNSL_EINVAL);
    assert_ok(bnsl_neighbor_create(&list, NULL));
    bnsl_neighbor_destroy(list);
    bnsl_neighbor_destroy(NULL);

#define REFUSED(change, word)                                                                                                                        \
    do {                                                                                                                                             \
        o = good;                                                                                                                                    \
        change;                                                                                                                                      \
        list = (bnsl_neighbor_list *)&o; /* must be set to NULL */                                                                                   \
        assert_status(bnsl_neighbor_create(&list, &o), BNSL_EINVAL);                                                                                 \
        assert_null(list);                                                                                                                           \
        assert_non_null(strstr(bnsl_error_message(), word));                                                                                         \
    } while (0)
    REFUSED(o.mode = 5, "mode");
    REFUSED(o.mode = -1, "mode");
    REFUSED(o.r_min = -1.0, "r_min");
    REFUSED(o.r_min = NAN, "r_min");
    REFUSED(o.r_max = -1.0, "r_max");
    REFUSED(o.r_max = INFINITY, "r_max");
    REFUSED(o.r_min = 1.5, "r_max");
    REFUSED((o.mode = BNSL_NEIGHBOR_NEAREST, o.r_min = 0.5), "r_min");
    REFUSED((o.mode = BNSL_NEIGHBOR_NEAREST, o.r_max = NAN), "r_max");
    REFUSED((o.mode = BNSL_NEIGHBOR_NEAREST, o.k = 0), "k is 0");
    REFUSED((o.mode = BNSL_NEIGHBOR_NEAREST, o.k = 1001), "1000");
    REFUSED((o.mode = BNSL_NEIGHBOR_NEAREST, o.flags = BNSL_NEIGHBOR_HALF), "HALF");
    REFUSED((o.mode = BNSL_NEIGHBOR_SANN, o.r_min = 0.5), "r_min");
    REFUSED((o.mode = BNSL_NEIGHBOR_RAD_OPEN, o.r_max = -1.0), "r_max");
    REFUSED((o.mode = BNSL_NEIGHBOR_RAD_CLOSED, o.flags = BNSL_NEIGHBOR_HALF), "HALF");
    REFUSED((o.query_species = 1, o.flags = BNSL_NEIGHBOR_HALF), "HALF");
    REFUSED(o.point_species = -2, "point_species");
    REFUSED(o.flags = 8, "flags");
    REFUSED(o.num_threads = -1, "num_threads");
    REFUSED(o.reserved = 1, "reserved");
    REFUSED(o.struct_size = 0, "struct_size");
#undef REFUSED
}

static void test_cutoffs(void **unused)
{
    (void)unused;
    bnsl_neighbor_options o;
    bnsl_neighbor_list *list;
    const double good[] = {1.0, 0.5, 0.5, 0.0}, skew[] = {1.0, 0.5, 0.6, 1.0}, negative[] = {-1.0}, nan[] = {NAN};
    assert_ok(bnsl_neighbor_create(&list, NULL));
    assert_status(bnsl_neighbor_set_pair_cutoffs(NULL, 2, good), BNSL_EINVAL);
    assert_status(bnsl_neighbor_set_pair_cutoffs(list, 2, NULL), BNSL_EINVAL);
    assert_status(bnsl_neighbor_set_pair_cutoffs(list, 0, good), BNSL_EINVAL);
    assert_status(bnsl_neighbor_set_pair_cutoffs(list, 2, skew), BNSL_EINVAL);
    assert_status(bnsl_neighbor_set_pair_cutoffs(list, 1, negative), BNSL_EINVAL);
    assert_status(bnsl_neighbor_set_pair_cutoffs(list, 1, nan), BNSL_EINVAL);
    assert_status(bnsl_neighbor_set_additive_cutoff(NULL, 1.0, 0.0), BNSL_EINVAL);
    assert_status(bnsl_neighbor_set_additive_cutoff(list, 0.0, 0.0), BNSL_EINVAL);
    assert_status(bnsl_neighbor_set_additive_cutoff(list, NAN, 0.0), BNSL_EINVAL);
    assert_status(bnsl_neighbor_set_additive_cutoff(list, 1.0, -0.1), BNSL_EINVAL);

    /* the last rule set is the one that holds; species of the matrix only */
    const double xyz[] = {0.0, 0.0, 0.0, 0.4, 0.0, 0.0}, diameter[] = {1.0, 1.0};
    const int32_t species[] = {0, 1}, beyond[] = {0, 2};
    assert_ok(bnsl_neighbor_set_additive_cutoff(list, 0.3, 0.0));
    assert_ok(bnsl_neighbor_set_pair_cutoffs(list, 2, good));
    assert_ok(bnsl_neighbor_build(list, NULL, 2, xyz, species, NULL));
    assert_int_equal(bnsl_neighbor_n_bonds(list), 2);
    assert_status(bnsl_neighbor_build(list, NULL, 2, xyz, beyond, NULL), BNSL_EINVAL);
    assert_non_null(strstr(bnsl_error_message(), "species[1]"));
    assert_ok(bnsl_neighbor_set_additive_cutoff(list, 0.3, 0.0));
    assert_ok(bnsl_neighbor_build(list, NULL, 2, xyz, species, diameter));
    assert_int_equal(bnsl_neighbor_n_bonds(list), 0);
    bnsl_neighbor_destroy(list);

    assert_ok(bnsl_neighbor_options_init(&o, sizeof o));
    o.mode = BNSL_NEIGHBOR_NEAREST;
    assert_ok(bnsl_neighbor_create(&list, &o));
    assert_status(bnsl_neighbor_set_pair_cutoffs(list, 2, good), BNSL_EINVAL);
    assert_status(bnsl_neighbor_set_additive_cutoff(list, 1.0, 0.0), BNSL_EINVAL);
    bnsl_neighbor_destroy(list);
}

/* The list is empty after a failure, and its views valid. */
static void assert_empty(const bnsl_neighbor_list *list)
{
    const int64_t *offset;
    const int32_t *index;
    const double *vector, *distance;
    assert_int_equal(bnsl_neighbor_n_bonds(list), 0);
    assert_int_equal(bnsl_neighbor_n_query(list), 0);
    assert_ok(bnsl_neighbor_view(list, &offset, &index, &vector, &distance));
    assert_int_equal(offset[0], 0);
    assert_non_null(index);
    assert_non_null(vector);
    assert_non_null(distance);
}

static void test_build_faults(void **unused)
{
    (void)unused;
    double xyz[] = {0.0, 0.0, 0.0, 1.0, 0.0, 0.0}, bad[] = {0.0, 0.0, 0.0, 1.0, NAN, 0.0};
    const double diameter[] = {1.0, 0.0};
    const int32_t species[] = {0, -1};
    bnsl_box box = {.lx = 1.0, .ly = 1.0, .lz = NAN};
    bnsl_neighbor_options o;
    bnsl_neighbor_list *list, *half;
    assert_ok(bnsl_neighbor_create(&list, NULL));
    assert_empty(list);
    assert_int_equal(bnsl_neighbor_n_bonds(NULL), 0);
    assert_int_equal(bnsl_neighbor_n_query(NULL), 0);
    assert_status(bnsl_neighbor_view(NULL, NULL, NULL, NULL, NULL), BNSL_EINVAL);
    assert_ok(bnsl_neighbor_view(list, NULL, NULL, NULL, NULL));
    assert_ok(bnsl_neighbor_build(list, NULL, 2, xyz, NULL, NULL));
    assert_int_equal(bnsl_neighbor_n_bonds(list), 2);
    assert_status(bnsl_neighbor_build(list, NULL, 2, bad, NULL, NULL), BNSL_EINVAL);
    assert_non_null(strstr(bnsl_error_message(), "xyz[1]"));
    assert_empty(list);
    assert_status(bnsl_neighbor_build_between(list, NULL, 2, bad, NULL, NULL, 2, xyz, NULL, NULL), BNSL_EINVAL);
    assert_non_null(strstr(bnsl_error_message(), "query_xyz[1]"));
    bad[4] = -INFINITY;
    assert_status(bnsl_neighbor_build_between(list, NULL, 2, xyz, NULL, NULL, 2, bad, NULL, NULL), BNSL_EINVAL);
    bad[4] = 1e200;
    assert_status(bnsl_neighbor_build(list, NULL, 2, bad, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_neighbor_build(NULL, NULL, 2, xyz, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_neighbor_build_between(NULL, NULL, 2, xyz, NULL, NULL, 2, xyz, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_neighbor_build(list, NULL, -1, xyz, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_neighbor_build(list, NULL, (int64_t)1 << 31, xyz, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_neighbor_build(list, NULL, 2, NULL, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_neighbor_build(list, &box, 2, xyz, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_neighbor_build(list, NULL, 2, xyz, species, NULL), BNSL_EINVAL);
    assert_status(bnsl_neighbor_build(list, NULL, 2, xyz, NULL, diameter), BNSL_EINVAL); /* no additive cut-off */
    assert_ok(bnsl_neighbor_set_additive_cutoff(list, 1.0, 0.0));
    assert_status(bnsl_neighbor_build(list, NULL, 2, xyz, NULL, NULL), BNSL_EINVAL);
    assert_status(bnsl_neighbor_build(list, NULL, 2, xyz, NULL, diameter), BNSL_EINVAL);
    assert_non_null(strstr(bnsl_error_message(), "diameter[1]"));
    assert_ok(bnsl_neighbor_build(list, NULL, 0, NULL, NULL, NULL));
    assert_ok(bnsl_neighbor_build_between(list, NULL, 0, NULL, NULL, NULL, 0, NULL, NULL, NULL));
    bnsl_neighbor_destroy(list);

    assert_ok(bnsl_neighbor_options_init(&o, sizeof o));
    o.flags = BNSL_NEIGHBOR_HALF;
    o.r_max = 1e6;
    assert_ok(bnsl_neighbor_create(&half, &o));
    assert_status(bnsl_neighbor_build_between(half, NULL, 2, xyz, NULL, NULL, 2, xyz, NULL, NULL), BNSL_EINVAL);
    assert_empty(half);
    assert_ok(bnsl_box_init(&box, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0));
    assert_status(bnsl_neighbor_build(half, &box, 2, xyz, NULL, NULL), BNSL_EINVAL); /* 10^18 images */
    xyz[0] = 1e12;
    assert_status(bnsl_neighbor_build(half, &box, 2, xyz, NULL, NULL), BNSL_EINVAL); /* cannot be wrapped */
    assert_empty(half);
    bnsl_neighbor_destroy(half);
}

/* The same, of the caller's bonds. */
static bnsl_status use_given(int32_t flags, int64_t n, const double *xyz, int64_t *n_bonds)
{
    enum { N_BONDS = 200 };
    int32_t query[N_BONDS], point[N_BONDS];
    bnsl_box box;
    bnsl_neighbor_options o;
    bnsl_neighbor_list *list;
    for (int32_t b = 0; b < N_BONDS; b++) {
        query[b] = b % 2;
        point[b] = (int32_t)(b % n);
    }
    assert_ok(bnsl_box_init(&box, 2.0, 2.0, 2.0, 0.1, 0.2, 0.3));
    assert_ok(bnsl_neighbor_options_init(&o, sizeof o));
    o.flags = flags;
    bnsl_status status = bnsl_neighbor_create(&list, &o);
    if (status != BNSL_OK)
        return status;
    status = bnsl_neighbor_set_pairs(list, &box, n, xyz, n, xyz, N_BONDS, query, point, NULL);
    if (status != BNSL_OK)
        assert_int_equal(bnsl_neighbor_n_bonds(list), 0);
    *n_bonds = bnsl_neighbor_n_bonds(list);
    bnsl_neighbor_destroy(list);
    return status;
}

/* One whole use of a list; what it returns. */
static bnsl_status use(int32_t mode, int32_t flags, int32_t threads, int64_t n, const double *xyz, const int32_t *species, int64_t *n_bonds)
{
    static const double cutoff[] = {0.9, 0.7, 0.7, 0.5};
    bnsl_box box;
    bnsl_neighbor_options o;
    bnsl_neighbor_list *list;
    assert_ok(bnsl_box_init(&box, 2.0, 2.0, 2.0, 0.1, 0.2, 0.3));
    assert_ok(bnsl_neighbor_options_init(&o, sizeof o));
    o.mode = mode;
    o.r_max = mode == BNSL_NEIGHBOR_RADIUS ? 0.8 : 0.0;
    o.flags = flags;
    o.num_threads = threads;
    bnsl_status status = bnsl_neighbor_create(&list, &o);
    if (status != BNSL_OK) {
        assert_null(list);
        return status;
    }
    if (mode == BNSL_NEIGHBOR_RADIUS)
        status = bnsl_neighbor_set_pair_cutoffs(list, 2, cutoff);
    if (status == BNSL_OK)
        status = bnsl_neighbor_build(list, &box, n, xyz, species, NULL);
    if (status == BNSL_OK && !(flags & BNSL_NEIGHBOR_HALF))
        status = bnsl_neighbor_build_between(list, &box, n / 2, xyz, species, NULL, n, xyz, species, NULL);
    if (status != BNSL_OK) {
        assert_int_equal(bnsl_neighbor_n_bonds(list), 0);
        assert_int_equal(bnsl_neighbor_n_query(list), 0);
    }
    *n_bonds = bnsl_neighbor_n_bonds(list);
    bnsl_neighbor_destroy(list);
    return status;
}

typedef struct build_run {
    bool given;
    int32_t mode, flags, threads, n;
    const double *xyz;
    const int32_t *species;
    int64_t n_bonds;
} build_run;

static bnsl_status build_either(void *user)
{
    build_run *r = user;
    return r->given ? use_given(r->flags, r->n, r->xyz, &r->n_bonds) : use(r->mode, r->flags, r->threads, r->n, r->xyz, r->species, &r->n_bonds);
}

static void test_out_of_memory(void **unused)
{
    (void)unused;
    enum { N = 60 };
    uint64_t state = 43;
    double xyz[3 * N];
    int32_t species[N];
    for (int i = 0; i < 3 * N; i++)
        xyz[i] = 2.0 * test_uniform(&state);
    for (int i = 0; i < N; i++)
        species[i] = i % 2;
    const int32_t flags[] = {0, BNSL_NEIGHBOR_SORTED, BNSL_NEIGHBOR_HALF | BNSL_NEIGHBOR_NO_VECTORS};
    for (int variant = 0; variant < 15; variant++) {
        const int32_t mode = variant < 6 ? BNSL_NEIGHBOR_RADIUS : (variant - 6) / 2 + 1, flag = variant < 6 ? flags[variant % 3] : 0;
        const int32_t threads = variant % 2 + 1;
        const bool given = mode > BNSL_NEIGHBOR_RAD_CLOSED;
        build_run r = {given, mode, given ? BNSL_NEIGHBOR_SORTED : flag, threads, N, xyz, species, 0};
        assert_ok(build_either(&r));
        const int64_t want = r.n_bonds;
        assert_true(want > 0);
        assert_true(oom_until_success(build_either, &r) > 0);
        assert_int_equal(r.n_bonds, want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_cutoffs),
        cmocka_unit_test(test_build_faults),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
