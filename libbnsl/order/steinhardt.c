/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Steinhardt bond-order parameters q_l and w_l of each query point of a neighbour list [Steinhardt, Nelson and Ronchetti, Phys. Rev. B 28,
 * 784 (1983)]. Points that have bonds are taken eight at a time through the kernels. Cost: O(bonds l^2) for the largest order l.
 */
#include <math.h>
#include <stdlib.h>

#include "order_internal.h"

bool bnsl__order_check_call(int32_t n_l, const int32_t *l, int32_t num_threads, const char *func)
{
    if (num_threads < 0) {
        bnsl__fail(BNSL_EINVAL, func, "num_threads is %d, must be >= 0", num_threads);
        return false;
    }
    if (n_l < 1 || !l) {
        bnsl__fail(BNSL_EINVAL, func, "%d orders l%s, at least one is needed", n_l, l ? "" : " (l is NULL)");
        return false;
    }
    for (int32_t i = 0; i < n_l; i++)
        if (l[i] < 0 || l[i] > BNSL_ORDER_L_MAX) {
            bnsl__fail(BNSL_EINVAL, func, "order l[%d] is %d, must be 0 .. %d", i, l[i], BNSL_ORDER_L_MAX);
            return false;
        }
    return true;
}

bool bnsl__order_load_bonds(const bnsl_neighbor_list *list, bool need_vectors, bool half_will_do, const char *name, order_bonds *out, const char *func)
{
    static const int64_t nothing[1] = {0};
    order_bonds bonds = {.n_query = bnsl_neighbor_n_query(list), .limit = INT64_MAX};
    if (!list) {
        bnsl__fail(BNSL_EINVAL, func, "%s is NULL", name);
        return false;
    }
    if (bnsl_neighbor_view(list, &bonds.offset, &bonds.index, &bonds.vector, NULL) != BNSL_OK)
        return false;
    if (!half_will_do && bnsl_neighbor_is_half(list)) {
        bnsl__fail(BNSL_EINVAL, func, "%s was built with BNSL_NEIGHBOR_HALF, every bond of a point is needed", name);
        return false;
    }
    if (need_vectors && !bonds.vector && bnsl_neighbor_n_bonds(list) > 0) {
        bnsl__fail(BNSL_EINVAL, func, "%s was built with BNSL_NEIGHBOR_NO_VECTORS, bond vectors are needed", name);
        return false;
    }
    if (bonds.n_query == 0)
        bonds.offset = nothing;
    *out = bonds;
    return true;
}

int64_t *bnsl__order_bound_points(const order_bonds *bonds, int64_t *n_out)
{
    int64_t n = 0;
    for (int64_t i = 0; i < bonds->n_query; i++)
        n += bonds->offset[i + 1] > bonds->offset[i];
    int64_t *point = bnsl__alloc(n, sizeof *point);
    if (!point)
        return NULL;
    n = 0;
    for (int64_t i = 0; i < bonds->n_query; i++)
        if (bonds->offset[i + 1] > bonds->offset[i])
            point[n++] = i;
    *n_out = n;
    return point;
}

void bnsl__order_store(const order_plan *plan, int32_t n, const int64_t *point, const double *lanes, double *out)
{
    int32_t place[ORDER_L_END], n_placed = 0;
    for (int32_t l = 0; l <= plan->l_max; l++)
        if (plan->base[l] >= 0)
            place[l] = n_placed++;
    for (int32_t k = 0; k < n; k++)
        for (int32_t i = 0; i < plan->n_wanted; i++)
            out[point[k] * plan->n_wanted + i] = lanes[place[plan->wanted[i]] * ORDER_LANES + k];
}

void bnsl__order_fill_nan(int64_t n, double *values)
{
    for (int64_t i = 0; values && i < n; i++)
        values[i] = NAN;
}

/* One block of points: returns how many have no bond with a direction. */
static int64_t do_block(const order_plan *plan, const order_bonds *bonds, int32_t n, const int64_t *point, double *q_out, double *w_out)
{
    _Alignas(64) double qlm[ORDER_VALUES_MAX * ORDER_LANES], q[ORDER_L_END * ORDER_LANES], w[ORDER_L_END * ORDER_LANES], count[ORDER_LANES];
    int32_t isa = bnsl__isa(BNSL_ISA_AUTO);
    order_sum_fn sum = BNSL_KERNEL_PICK(isa, bnsl__order_sum);
    order_reduce_fn reduce = BNSL_KERNEL_PICK(isa, bnsl__order_reduce);
    sum(plan, bonds, n, point, qlm, count);
    reduce(plan, qlm, q, w_out ? w : NULL);
    int64_t unbound = 0;
    for (int32_t k = 0; k < n; k++)
        if (!(count[k] > 0)) {
            unbound++;
            for (int32_t i = 0; i < ORDER_L_END; i++)
                q[i * ORDER_LANES + k] = w[i * ORDER_LANES + k] = NAN;
        }
    if (q_out)
        bnsl__order_store(plan, n, point, q, q_out);
    if (w_out)
        bnsl__order_store(plan, n, point, w, w_out);
    return unbound;
}

bnsl_status bnsl__order_invariants(const order_plan *plan, const order_bonds *bonds, int threads, double *q_out, double *w_out, int64_t *unbound_out,
                                   const char *func)
{
    int64_t n_bound, unbound = 0;
    int64_t *point = bnsl__order_bound_points(bonds, &n_bound);
    if (!point)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    bnsl__order_fill_nan(bonds->n_query * plan->n_wanted, q_out);
    bnsl__order_fill_nan(bonds->n_query * plan->n_wanted, w_out);
#pragma omp parallel for num_threads(threads) schedule(static) reduction(+ : unbound)
    for (int64_t block = 0; block < (n_bound + ORDER_LANES - 1) / ORDER_LANES; block++) {
        int64_t left = n_bound - block * ORDER_LANES;
        unbound += do_block(plan, bonds, left < ORDER_LANES ? (int32_t)left : ORDER_LANES, point + block * ORDER_LANES, q_out, w_out);
    }
    free(point);
    *unbound_out = bonds->n_query - n_bound + unbound;
    return BNSL_OK;
}

bnsl_status bnsl_order_steinhardt(const bnsl_neighbor_list *list, int32_t n_l, const int32_t *l, int32_t num_threads, double *q_out, double *w_out,
                                  int64_t *n_unbound_out)
{
    order_bonds bonds;
    if (!bnsl__order_check_call(n_l, l, num_threads, __func__) || !bnsl__order_load_bonds(list, true, false, "list", &bonds, __func__))
        return BNSL_EINVAL;
    order_plan *plan = bnsl__alloc(1, sizeof *plan);
    if (!plan)
        return BNSL_NOMEM();
    bnsl__order_plan_init(plan, n_l, l, w_out != NULL);
    int64_t unbound;
    bnsl_status status = bnsl__order_invariants(plan, &bonds, bnsl__threads(num_threads), q_out, w_out, &unbound, __func__);
    free(plan);
    if (status == BNSL_OK && n_unbound_out)
        *n_unbound_out = unbound;
    return status;
}
