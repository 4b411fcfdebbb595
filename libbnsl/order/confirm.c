/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Confirmation of phases by quantities that bnsl_order_classify does not use: how q_lm of neighbouring L agree, the connection
 *   d_ij = sum_m Re(q_lm(i) conj(q_lm(j))) / (|q_l(i)| |q_l(j)|)                      [ten Wolde, Ruiz-Montero and Frenkel 1996]
 *
 * NaZn13: the cage of 24 S is a snub cube, which is chiral, and neighbouring cages are mirror images. Of all l <= 12 only l = 9 (odd, and
 * large in the cage) tells: d = -1 for all 6 pairs of the perfect crystal, about 0 in a fluid.
 * AlB2: l = 4 of the 8 nearest L; fcc: l = 6 of the 12 nearest. d = 1 for all pairs; in a fluid 0.7 is rare.
 * Cost: O(n).
 */
#include <math.h>
#include <stdlib.h>

#include "order_crystal.h"

/* How a phase is confirmed: q_lm of `shell` nearest L or S, compared with those of the `others` nearest L. */
typedef struct test {
    int32_t l, shell, others;
    bool of_s, mean;         /* shell of S; the mean of d below limit, instead of the number of d > connected at or above it */
    double limit;
} test;

static const test tests[BNSL_N_PHASES] = {[BNSL_PHASE_ALB2] = {4, 8, 8, false, false, 5},
                                          [BNSL_PHASE_NAZN13] = {9, 24, 6, true, true, -0.25},
                                          [BNSL_PHASE_FCC] = {6, 12, 12, false, false, 9}};
static const double connected = 0.7;

/* The measure of one L: point i of the list of L; row: q_lm of every L. */
static double measure(const test *t, const order_plan *plan, const double *row, const order_bonds *bonds, int64_t i)
{
    double sum = 0;
    const double *a = row + i * plan->n_values;
    for (int32_t k = 0; k < t->others; k++) {
        const double *b = row + bonds->index[bonds->offset[i] + k] * (int64_t)plan->n_values;
        double norm = sqrt(bnsl__order_dot(plan, a, a) * bnsl__order_dot(plan, b, b)), d = norm > 0 ? bnsl__order_dot(plan, a, b) / norm : 0;
        sum += t->mean ? d : d > connected;
    }
    return t->mean ? sum / t->others : sum;
}

/* Measures of the crystalline L of one phase into value (of each L). ll: nearest L of each L, t->others of them at least. */
static bnsl_status measure_phase(const bnsl_box *box, const order_split *p, const int32_t *phase, int32_t which, const bnsl_neighbor_list *ll,
                                 int32_t num_threads, double *value, const char *func)
{
    const test *t = &tests[which];
    bnsl_neighbor_list *ls = NULL;
    order_bonds bonds;
    order_plan *plan = bnsl__alloc(1, sizeof *plan);
    double *row = bnsl__alloc(p->n_l, (size_t)(2 * t->l + 1) * sizeof *row);
    int64_t *point = bnsl__alloc(p->n_l, sizeof *point);
    bnsl_status status = plan && row && point ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    if (status == BNSL_OK && t->of_s)
        status = bnsl__order_nearest(&ls, box, p->n_l, p->l, p->n_s, p->s, t->shell, num_threads);
    if (status == BNSL_OK && !bnsl__order_load_bonds(ll, true, false, "list", &bonds, func))
        status = BNSL_EINTERNAL;
    if (status == BNSL_OK) {
        bnsl__order_plan_init(plan, 1, &t->l, false);
        for (int64_t i = 0; i < p->n_l; i++)
            point[i] = i;
        status = bnsl__order_rows(plan, t->of_s ? ls : ll, t->shell, p->n_l, point, bnsl__threads(num_threads), row, func);
    }
    for (int64_t i = 0; status == BNSL_OK && i < p->n_l; i++)
        if (phase[p->index_l[i]] == which)
            value[i] = measure(t, plan, row, &bonds, i);
    bnsl_neighbor_destroy(ls);
    free(plan), free(row), free(point);
    return status;
}

/* Measures of all crystalline L, NaN for the others and where there are too few neighbours. */
static bnsl_status measure_all(const bnsl_box *box, const order_split *p, const int32_t *phase, int32_t num_threads, double *value, const char *func)
{
    bnsl_neighbor_list *ll = NULL;
    bool any[BNSL_N_PHASES] = {false};
    for (int64_t i = 0; i < p->n_l; i++) {
        any[phase[p->index_l[i]]] = true;
        value[i] = NAN;
    }
    bnsl_status status = BNSL_OK;
    for (int32_t which = BNSL_PHASE_ALB2; which < BNSL_N_PHASES && status == BNSL_OK; which++) {
        const test *t = &tests[which];
        int32_t k = t->of_s ? t->others : t->shell; /* of the list of L: the shells of L are those compared, too */
        if (!any[which] || bnsl__order_neighbors_to_have(box, p->n_l - 1, p->n_l, k) < k ||
            (t->of_s && bnsl__order_neighbors_to_have(box, p->n_s, p->n_s, t->shell) < t->shell))
            continue;
        status = bnsl__order_nearest(&ll, box, 0, NULL, p->n_l, p->l, k, num_threads);
        if (status == BNSL_OK)
            status = measure_phase(box, p, phase, which, ll, num_threads, value, func);
        bnsl_neighbor_destroy(ll);
        ll = NULL;
    }
    return status;
}

static bool passes(const test *t, double value)
{
    return t->mean ? value < t->limit : value >= t->limit;
}

bnsl_status bnsl_order_confirm(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, const int32_t *phase, int32_t num_threads,
                               int32_t *confirmed_out, double *value_out)
{
    order_split p;
    if (!bnsl__order_check_particles(box, n, xyz, species, __func__) || !bnsl__order_check_phases(n, phase, __func__))
        return BNSL_EINVAL;
    if (n > 0 && !confirmed_out)
        return BNSL_FAIL(BNSL_EINVAL, "confirmed_out is NULL");
    if (num_threads < 0)
        return BNSL_FAIL(BNSL_EINVAL, "num_threads is %d, must be >= 0", num_threads);
    if (!bnsl__order_split(&p, n, xyz, species))
        return BNSL_NOMEM();
    double *value = bnsl__alloc(p.n_l, sizeof *value);
    bnsl_status status = value ? measure_all(box, &p, phase, num_threads, value, __func__) : BNSL_NOMEM();
    if (status == BNSL_OK) {
        for (int64_t i = 0; i < n; i++)
            confirmed_out[i] = 0;
        bnsl__order_fill_nan(n, value_out);
        for (int64_t i = 0; i < p.n_l; i++) {
            confirmed_out[p.index_l[i]] = passes(&tests[phase[p.index_l[i]]], value[i]); /* NaN passes nothing */
            if (value_out)
                value_out[p.index_l[i]] = value[i];
        }
    }
    free(value);
    bnsl__order_split_free(&p);
    return status;
}
