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

bool bnsl__order_load_bonds(const bnsl_neighbor_list *list, bool need_vectors, bool half_will_do, const char *name, order_bonds *out,
                            const char *func)
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

bool bnsl__order_check_weights(int64_t n, const double *weight, const char *func)
{
    for (int64_t b = 0; weight && b < n; b++)
        if (!(weight[b] == 0 || (weight[b] >= 1e-100 && weight[b] <= 1e100))) {
            bnsl__fail(BNSL_EINVAL, func, "weight[%lld] is %g, must be 0 or within 1e-100 .. 1e100", (long long)b, weight[b]);
            return false;
        }
    return true;
}

bool bnsl__order_check_pairs(const order_bonds *bonds, const order_bonds *over, const char *name, const char *func)
{
    if (over->n_query != bonds->n_query) {
        bnsl__fail(BNSL_EINVAL, func, "%s has %lld query points, list has %lld: both must be lists of the same points", name,
                   (long long)over->n_query, (long long)bonds->n_query);
        return false;
    }
    for (int64_t b = 0; b < over->offset[over->n_query]; b++)
        if (over->index[b] >= bonds->n_query) {
            bnsl__fail(BNSL_EINVAL, func, "a bond of %s ends at point %d, must be one of the %lld query points", name, over->index[b],
                       (long long)bonds->n_query);
            return false;
        }
    return true;
}

void bnsl__order_fill_nan(int64_t n, double *values)
{
    for (int64_t i = 0; values && i < n; i++)
        values[i] = NAN;
}

void bnsl__order_clear(const order_plan *plan, int64_t n_query, const order_outputs *out)
{
    bnsl__order_fill_nan(n_query * plan->n_wanted, out->q);
    bnsl__order_fill_nan(n_query * plan->n_wanted, out->w);
    bnsl__order_fill_nan(n_query * plan->n_wanted, out->w_raw);
}

/* One group of lanes a distinct order, in ascending l, to the rows of the points; absent points keep their NaN. */
static void store(const order_plan *plan, int32_t n, const int64_t *point, const bool *absent, const double *lanes, double *out)
{
    int32_t place[ORDER_L_END], n_placed = 0;
    for (int32_t l = 0; l <= plan->l_max; l++)
        if (plan->base[l] >= 0)
            place[l] = n_placed++;
    for (int32_t k = 0; k < n && out; k++)
        for (int32_t i = 0; i < plan->n_wanted && !absent[k]; i++)
            out[point[k] * plan->n_wanted + i] = lanes[place[plan->wanted[i]] * ORDER_LANES + k];
}

void bnsl__order_finish(const order_plan *plan, int32_t n, const int64_t *point, const double *qlm, const bool *absent, const order_outputs *out)
{
    _Alignas(64) double q[ORDER_L_END * ORDER_LANES], w[ORDER_L_END * ORDER_LANES], w_raw[ORDER_L_END * ORDER_LANES];
    const int32_t isa = bnsl__isa(BNSL_ISA_AUTO);
    const order_reduce_fn reduce = BNSL_KERNEL_PICK(isa, bnsl__order_reduce);
    reduce(plan, qlm, q, out->w || out->w_raw ? w : NULL, w_raw);
    store(plan, n, point, absent, q, out->q);
    store(plan, n, point, absent, w, out->w);
    store(plan, n, point, absent, w_raw, out->w_raw);
}

/* One block of points: returns how many have no bond with a direction. */
static int64_t do_block(const order_plan *plan, const order_bonds *bonds, order_sum_fn sum, int32_t n, const int64_t *point, const order_outputs *out)
{
    _Alignas(64) double qlm[ORDER_VALUES_MAX * ORDER_LANES], total[ORDER_LANES];
    bool absent[ORDER_LANES];
    int64_t n_absent = 0;
    sum(plan, bonds, n, point, qlm, total);
    for (int32_t k = 0; k < n; k++) {
        absent[k] = !(total[k] > 0);
        n_absent += absent[k];
    }
    bnsl__order_finish(plan, n, point, qlm, absent, out);
    return n_absent;
}

bnsl_status bnsl__order_invariants(const order_plan *plan, const order_bonds *bonds, int threads, const order_outputs *out, int64_t *unbound_out,
                                   const char *func)
{
    int64_t n_bound, unbound = 0;
    int64_t *point = bnsl__order_bound_points(bonds, &n_bound);
    if (!point)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    bnsl__order_clear(plan, bonds->n_query, out);
    const int32_t isa = bnsl__isa(BNSL_ISA_AUTO);
    const order_sum_fn sum = BNSL_KERNEL_PICK(isa, bnsl__order_sum);
#pragma omp parallel for num_threads(threads) schedule(static) reduction(+ : unbound)
    for (int64_t first = 0; first < n_bound; first += ORDER_LANES) {
        const int64_t left = n_bound - first;
        unbound += do_block(plan, bonds, sum, left < ORDER_LANES ? (int32_t)left : ORDER_LANES, point + first, out);
    }
    free(point);
    *unbound_out = bonds->n_query - n_bound + unbound;
    return BNSL_OK;
}

bnsl_status bnsl__order_steinhardt(const bnsl_neighbor_list *list, const double *weight, const bnsl_neighbor_list *average, int32_t n_l,
                                   const int32_t *l, int32_t num_threads, const order_outputs *out, int64_t *n_unbound_out, const char *func)
{
    order_bonds bonds, over;
    if (!bnsl__order_check_call(n_l, l, num_threads, func) || !bnsl__order_load_bonds(list, true, false, "list", &bonds, func) ||
        !bnsl__order_check_weights(bnsl_neighbor_n_bonds(list), weight, func))
        return BNSL_EINVAL;
    bonds.weight = weight;
    if (average && (!bnsl__order_load_bonds(average, false, false, "average", &over, func) ||
                    !bnsl__order_check_pairs(&bonds, &over, "average", func)))
        return BNSL_EINVAL;
    order_plan *plan = bnsl__alloc(1, sizeof *plan);
    if (!plan)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    bnsl__order_plan_init(plan, n_l, l, out->w || out->w_raw);
    const int threads = bnsl__threads(num_threads);
    int64_t unbound;
    bnsl_status status = average ? bnsl__order_averages_to(plan, &bonds, &over, threads, out, &unbound, func)
                                 : bnsl__order_invariants(plan, &bonds, threads, out, &unbound, func);
    free(plan);
    if (status == BNSL_OK && n_unbound_out)
        *n_unbound_out = unbound;
    return status;
}

bnsl_status bnsl_order_steinhardt(const bnsl_neighbor_list *list, int32_t n_l, const int32_t *l, int32_t num_threads, double *q_out, double *w_out,
                                  int64_t *n_unbound_out)
{
    const order_outputs out = {.q = q_out, .w = w_out};
    return bnsl__order_steinhardt(list, NULL, NULL, n_l, l, num_threads, &out, n_unbound_out, __func__);
}

bnsl_status bnsl_order_steinhardt_weighted(const bnsl_neighbor_list *list, const double *weight, const bnsl_neighbor_list *average, int32_t n_l,
                                           const int32_t *l, int32_t num_threads, double *q_out, double *w_out, double *w_raw_out,
                                           int64_t *n_unbound_out)
{
    const order_outputs out = {.q = q_out, .w = w_out, .w_raw = w_raw_out};
    return bnsl__order_steinhardt(list, weight, average, n_l, l, num_threads, &out, n_unbound_out, __func__);
}
