/* SPDX-License-Identifier: GPL-3.0-or-later */
/* order, inside: what follows from phases when memory ends at each allocation. */
#include "order/order_crystal.h"
#include "particles.h"

enum { CLUSTERS, SURFACE, CONFIRM, GRAINS, NUCLEATION, N_CALLS };

typedef struct outputs {
    int32_t *label, *phase;
    double *value;
    int64_t *size, n, count[BNSL_N_REGIONS];
} outputs;

/* A read-out with one frame, which a failing second one must leave as it was; NULL: the frame goes into a new one. */
static bnsl_status add_frame(const particles *p, const int32_t *phase, bnsl_order_nucleation *r)
{
    return bnsl_order_nucleation_add(r, &p->box, p->n, p->xyz, p->species, phase, 1, NAN);
}

static bnsl_status call(int32_t which, const particles *p, const int32_t *phase, outputs *o)
{
    bnsl_order_nucleation *r;
    bnsl_status status;
    switch (which) {
    case CLUSTERS:
        return bnsl_order_crystal_clusters(&p->box, p->n, p->xyz, p->species, phase, 1, o->label, &o->n, o->size);
    case SURFACE:
        return bnsl_order_surface(&p->box, p->n, p->xyz, p->species, phase, 1, o->label, o->count);
    case CONFIRM:
        return bnsl_order_confirm(&p->box, p->n, p->xyz, p->species, phase, 1, o->label, o->value);
    case GRAINS:
        return bnsl_order_grains(&p->box, p->n, p->xyz, p->species, phase, NULL, o->label, &o->n, o->size, o->phase);
    default:
        status = bnsl_order_nucleation_create(&r, NULL);
        if (status != BNSL_OK) {
            assert_null(r);
            return status;
        }
        status = add_frame(p, NULL, r);
        assert_int_equal(bnsl_order_nucleation_n_frames(r), status == BNSL_OK);
        bnsl_order_nucleation_destroy(r);
        return status;
    }
}

typedef struct call_run {
    int32_t which;
    const particles *p;
    const int32_t *phase;
    outputs *o;
} call_run;

static bnsl_status call_once(void *user)
{
    call_run *r = user;
    const outputs *o = r->o;
    const bnsl_status status = call(r->which, r->p, r->phase, r->o);
    if (status != BNSL_OK)
        assert_true(o->n == 5 && o->count[0] == 5);
    for (int64_t i = 0; i < r->p->n && status != BNSL_OK; i++)
        assert_true(o->label[i] == 5 && o->phase[i] == 5 && o->value[i] == 5 && o->size[i] == 5);
    return status;
}

static void no_memory_at_any_point(void **state)
{
    (void)state;
    particles p = particles_crystal("NaZn13", 1, 2, 1, 2);
    size_t n = (size_t)p.n;
    int32_t *phase = calloc(n, sizeof *phase);
    outputs o = {calloc(n, sizeof(int32_t)), calloc(n, sizeof(int32_t)), calloc(n, sizeof(double)), calloc(n, sizeof(int64_t)), 5, {5, 5, 5, 5}};
    assert_true(phase && o.label && o.phase && o.value && o.size);
    assert_ok(bnsl_order_classify(&p.box, p.n, p.xyz, p.species, NULL, phase));
    for (int32_t which = 0; which < N_CALLS; which++) {
        for (int64_t i = 0; i < p.n; i++)
            o.label[i] = o.phase[i] = 5, o.value[i] = 5, o.size[i] = 5;
        o.n = o.count[0] = 5;
        assert_true(oom_until_success(call_once, &(call_run){which, &p, phase, &o}) > 3);
    }
    free(phase), free(o.label), free(o.phase), free(o.value), free(o.size);
    particles_free(&p);
}

/* A later frame that fails is not added, and the next one is. */
static void a_frame_that_fails_is_not_added(void **state)
{
    (void)state;
    particles p = particles_crystal("fcc", 1, 3, 3, 3);
    bnsl_order_nucleation *r;
    bnsl_order_nucleation_frame f;
    assert_ok(bnsl_order_nucleation_create(&r, NULL));
    for (int64_t n = 0; n < 20; n++) {
        oom_arm(n);
        bnsl_status status = add_frame(&p, NULL, r);
        oom_disarm();
        if (status != BNSL_OK)
            assert_status(status, BNSL_ENOMEM);
        int64_t before = bnsl_order_nucleation_n_frames(r);
        assert_ok(add_frame(&p, NULL, r));
        assert_int_equal(bnsl_order_nucleation_n_frames(r), before + 1);
        assert_ok(bnsl_order_nucleation_frame_at(r, before, &f));
        assert_true(f.largest_cluster == 108 && f.n_known == 0);
    }
    bnsl_order_nucleation_destroy(r);
    particles_free(&p);
}

/* The scalar product of rows is the sum over m = -l .. l. */
static void rows_multiply_as_all_m(void **state)
{
    (void)state;
    static const int32_t l[] = {2, 4};
    order_plan *plan = malloc(sizeof *plan);
    uint64_t seed = 2;
    double a[14], b[14], want = 0;
    assert_non_null(plan);
    bnsl__order_plan_init(plan, 2, l, false);
    assert_int_equal(plan->n_values, 14);
    for (int32_t k = 0; k < 14; k++) {
        a[k] = test_normal(&seed);
        b[k] = test_normal(&seed);
        want += (k == plan->base[2] || k == plan->base[4] ? 1 : 2) * a[k] * b[k];
    }
    assert_close(bnsl__order_dot(plan, a, b), want, 1e-14, 1e-14);
    free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_memory_at_any_point),
        cmocka_unit_test(a_frame_that_fails_is_not_added),
        cmocka_unit_test(rows_multiply_as_all_m),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
