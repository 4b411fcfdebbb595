/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Phase of each L particle: AlB2, NaZn13, fcc or fluid, by thresholds on averaged Steinhardt parameters of typed nearest neighbours.
 *
 * The L sublattices tell NaZn13 (simple cubic) and fcc; the hexagonal prism of 12 S tells AlB2. The thresholds lie at least 4 standard
 * deviations from the class means of thermal crystals and of their own fluids. Other crystals share one of these sublattices, so each
 * phase has conditions that they break:
 *   D alone takes hcp, bcc and simple hexagonal L for fcc. The sign of w_4 is another in hcp and simple hexagonal (at their surfaces: 0), that
 *   of w_6 in bcc.
 *   fcc here is a crystal of one component. The L of NaCl, ZnS or CaF2 are fcc too, but each has S beside it, those in the bulk
 *   and all L around them: 4 or more S within 0.95 b_LL (they are at 0.71 and 0.61). An L at the surface of fcc in a mixture may have as
 *   many; but some of the L around it do not, which is what is asked.
 *   The L of Cu3Au and CsCl are simple cubic, those of MgZn2 come near. Their 12th S is at 0.71, 1.66 and 0.83 b_LL, in NaZn13 at 0.58.
 * Each phase also asks for near neighbours, measured by the L-L distance b_LL of that phase: far ones (gas, surfaces, a phase
 * without S) have directions that mean nothing.
 *
 * b_LL when not given. Phases that coexist differ in it (at size ratio 0.55, NaZn13 by 1.3 from AlB2), and a gas may hold most of the
 * particles; so no average over all of them will do. With b_i the mean distance of the 6 nearest L, b_LL of a phase is the median of b_i
 * over the particles that meet its thresholds and are not gas: b_i < 1.5 times the 5 % quantile of all b_i.
 *
 * Cost: O(n) (two lists of 12 nearest neighbours).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "order_crystal.h"

enum { N_LL = 12, N_LL_SHORT = 8, N_LS = 12, N_LS_CLEAR = 4, N_SPACING = 6 };

static const double dense_quantile = 0.05, gas_factor = 1.5;

static const bnsl_order_classify_options defaults = {sizeof defaults, 1, 0.22, 0.30, 0.27, 0.35, 1.6, 1.2, 0, 0.69, -0.08, 0, 0.95};

/* What is known of each L particle; NaN (never beyond a threshold) where there are too few neighbours. */
typedef struct features {
    int64_t n;
    double *alb2_q4;    /* A: 12 S, averaged over 8 L */
    double *short_q;    /* B, C: q4 and q6 of 8 L, averaged over 8 L; n x 2 */
    double *long_q;     /* D: q6 of 12 L, averaged over 12 L; n x 2: q4 too, which is not looked at */
    double *long_w;     /* E, F: w4 and w6 of the same; n x 2 */
    double *r_8, *r_12; /* distance of the 8th and the 12th L */
    double *r_s;        /* distance of the 12th S */
    double *r_clear;    /* distance of the 4th S, the largest of the particle's own and those of its 12 nearest L */
    double *spacing;    /* b_i */
    double *work;
} features;

bnsl_status bnsl_order_classify_options_init(bnsl_order_classify_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &defaults, sizeof defaults, __func__);
}

static bnsl_status check_options(const bnsl_order_classify_options *o, const char *func)
{
    const double value[] = {o->alb2_q4_ls, o->nazn13_q4_ll, o->nazn13_q6_ll_max, o->fcc_q6_ll,   o->guard_ll,
                            o->guard_ls,   o->b_ll,         o->guard_ls_nazn13,  o->fcc_clear_ls};
    static const char *const name[] = {"alb2_q4_ls", "nazn13_q4_ll", "nazn13_q6_ll_max", "fcc_q6_ll", "guard_ll",
                                       "guard_ls",   "b_ll",         "guard_ls_nazn13",  "fcc_clear_ls"};
    for (int32_t i = 0; i < (int32_t)(sizeof value / sizeof *value); i++)
        if (!(value[i] >= 0) || !isfinite(value[i]))
            return bnsl__fail(BNSL_EINVAL, func, "%s is %g, must be finite and >= 0", name[i], value[i]);
    if (!isfinite(o->fcc_w4_ll_max) || !isfinite(o->fcc_w6_ll_max))
        return bnsl__fail(BNSL_EINVAL, func, "fcc_w4_ll_max is %g, fcc_w6_ll_max %g, must be finite", o->fcc_w4_ll_max, o->fcc_w6_ll_max);
    if (o->num_threads < 0)
        return bnsl__fail(BNSL_EINVAL, func, "num_threads is %d, must be >= 0", o->num_threads);
    return BNSL_OK;
}

static bool features_alloc(features *f, int64_t n)
{
    enum { N_ARRAYS = 13 };
    double *all = bnsl__alloc(n, N_ARRAYS * sizeof *all);
    if (!all)
        return false;
    for (int64_t i = 0; i < N_ARRAYS * n; i++)
        all[i] = NAN;
    *f = (features){.n = n, .alb2_q4 = all, .short_q = all + n, .long_q = all + 3 * n, .long_w = all + 5 * n, .r_8 = all + 7 * n,
                    .r_12 = all + 8 * n, .r_s = all + 9 * n, .r_clear = all + 10 * n, .spacing = all + 11 * n, .work = all + 12 * n};
    return true;
}

static bnsl_status averages_of(int32_t n_l, const int32_t *l, const bnsl_neighbor_list *list, int64_t k, const bnsl_neighbor_list *average,
                               int64_t k_average, int threads, double *q_out, double *w_out, const char *func)
{
    order_bonds bonds, over;
    int64_t unbound;
    if (!bnsl__order_load_bonds(list, true, false, "list", &bonds, func) || !bnsl__order_load_bonds(average, false, false, "average", &over, func))
        return BNSL_EINTERNAL;
    bonds.limit = k;
    over.limit = k_average;
    order_plan *plan = bnsl__alloc(1, sizeof *plan);
    if (!plan)
        return bnsl__fail(BNSL_ENOMEM, func, "out of memory");
    bnsl__order_plan_init(plan, n_l, l, w_out != NULL);
    bnsl_status status = bnsl__order_averages(plan, &bonds, &over, threads, q_out, w_out, &unbound, func);
    free(plan);
    return status;
}

/* Distance of the k-th neighbour of every query point of a list of more. */
static void kth_distance(const bnsl_neighbor_list *list, int64_t n, int32_t k, double *out)
{
    const int64_t *offset;
    const double *distance;
    bnsl_neighbor_view(list, &offset, NULL, NULL, &distance);
    for (int64_t i = 0; i < n; i++)
        out[i] = distance[offset[i] + k - 1];
}

static void mean_spacing(const bnsl_neighbor_list *list, int64_t n, double *out)
{
    const int64_t *offset;
    const double *distance;
    bnsl_neighbor_view(list, &offset, NULL, NULL, &distance);
    for (int64_t i = 0; i < n; i++) {
        double sum = 0;
        for (int32_t k = 0; k < N_SPACING; k++)
            sum += distance[offset[i] + k];
        out[i] = sum / N_SPACING;
    }
}

/* How far from S a particle or the farthest of the 12 L around it is, by the 4th nearest S; r_clear holds each one's own, work is used. */
static void spread_clear(const bnsl_neighbor_list *ll, features *f)
{
    const int64_t *offset;
    const int32_t *index;
    bnsl_neighbor_view(ll, &offset, &index, NULL, NULL);
    memcpy(f->work, f->r_clear, (size_t)f->n * sizeof *f->work);
    for (int64_t i = 0; i < f->n; i++)
        for (int32_t k = 0; k < N_LL; k++) {
            double other = f->work[index[offset[i] + k]];
            f->r_clear[i] = other > f->r_clear[i] ? other : f->r_clear[i];
        }
}

/* Everything that needs the neighbours; n_ll: 8 or 12 nearest L are to be had. */
static bnsl_status measure(features *f, const bnsl_box *box, const order_split *p, int32_t n_ll, bool has_s, int32_t num_threads, const char *func)
{
    static const int32_t l46[] = {4, 6}, l4[] = {4};
    int threads = bnsl__threads(num_threads);
    bnsl_neighbor_list *ll = NULL, *ls = NULL;
    bnsl_status status = bnsl__order_nearest(&ll, box, 0, NULL, p->n_l, p->l, n_ll, num_threads);
    if (status == BNSL_OK && has_s)
        status = bnsl__order_nearest(&ls, box, p->n_l, p->l, p->n_s, p->s, N_LS, num_threads);
    if (status == BNSL_OK)
        status = averages_of(2, l46, ll, N_LL_SHORT, ll, N_LL_SHORT, threads, f->short_q, NULL, func);
    if (status == BNSL_OK && n_ll == N_LL)
        status = averages_of(2, l46, ll, N_LL, ll, N_LL, threads, f->long_q, f->long_w, func);
    if (status == BNSL_OK && has_s)
        status = averages_of(1, l4, ls, N_LS, ll, N_LL_SHORT, threads, f->alb2_q4, NULL, func);
    if (status == BNSL_OK) {
        mean_spacing(ll, f->n, f->spacing);
        kth_distance(ll, f->n, N_LL_SHORT, f->r_8);
        if (n_ll == N_LL)
            kth_distance(ll, f->n, N_LL, f->r_12);
        if (has_s) {
            kth_distance(ls, f->n, N_LS, f->r_s);
            kth_distance(ls, f->n, N_LS_CLEAR, f->r_clear);
        }
        if (has_s && n_ll == N_LL)
            spread_clear(ll, f);
    }
    bnsl_neighbor_destroy(ll);
    bnsl_neighbor_destroy(ls);
    return status;
}

/* Whether particle i meets the thresholds of a phase. */
static bool meets(const bnsl_order_classify_options *o, const features *f, int64_t i, int32_t phase)
{
    switch (phase) {
    case BNSL_PHASE_ALB2:
        return f->alb2_q4[i] > o->alb2_q4_ls;
    case BNSL_PHASE_NAZN13:
        return f->short_q[2 * i] > o->nazn13_q4_ll && f->short_q[2 * i + 1] <= o->nazn13_q6_ll_max;
    default:
        return f->long_q[2 * i + 1] > o->fcc_q6_ll && f->long_w[2 * i] < o->fcc_w4_ll_max && f->long_w[2 * i + 1] < o->fcc_w6_ll_max;
    }
}

/* Whether its neighbours are near enough; fcc: and no S are (none at all: r_clear is NaN). */
static bool guarded(const bnsl_order_classify_options *o, const features *f, int64_t i, int32_t phase, double b_ll)
{
    if (phase == BNSL_PHASE_FCC)
        return f->r_12[i] < o->guard_ll * b_ll && !(f->r_clear[i] < o->fcc_clear_ls * b_ll);
    return f->r_8[i] < o->guard_ll * b_ll && f->r_s[i] < (phase == BNSL_PHASE_NAZN13 ? o->guard_ls_nazn13 : o->guard_ls) * b_ll;
}

/* The k-th smallest of n values (k from 0), which are reordered [Hoare 1961]. */
static double select_kth(int64_t n, double *v, int64_t k)
{
    int64_t low = 0, high = n - 1;
    while (low < high) {
        double pivot = v[low + (high - low) / 2];
        int64_t i = low, j = high;
        while (i <= j) {
            while (v[i] < pivot)
                i++;
            while (v[j] > pivot)
                j--;
            if (i <= j) {
                double t = v[i];
                v[i++] = v[j];
                v[j--] = t;
            }
        }
        if (k <= j)
            high = j;
        else if (k >= i)
            low = i;
        else
            break;
    }
    return v[k];
}

/* b_LL of a phase as the head of this file says; 0 (nothing is near) when no particle is a candidate. */
static double spacing_of_phase(const bnsl_order_classify_options *o, const features *f, int32_t phase, double dense)
{
    int64_t n = 0;
    for (int64_t i = 0; i < f->n; i++)
        if (f->spacing[i] < gas_factor * dense && meets(o, f, i, phase))
            f->work[n++] = f->spacing[i];
    return n > 0 ? select_kth(n, f->work, (n - 1) / 2) : 0;
}

static void decide(const bnsl_order_classify_options *o, const features *f, const int64_t *index, int32_t *phase_out)
{
    double b_ll[BNSL_N_PHASES] = {0};
    for (int64_t i = 0; i < f->n; i++)
        f->work[i] = f->spacing[i];
    double dense = select_kth(f->n, f->work, (int64_t)(dense_quantile * (double)(f->n - 1)));
    for (int32_t p = BNSL_PHASE_ALB2; p <= BNSL_PHASE_FCC; p++)
        b_ll[p] = o->b_ll > 0 ? o->b_ll : spacing_of_phase(o, f, p, dense);
    for (int64_t i = 0; i < f->n; i++)
        for (int32_t p = BNSL_PHASE_ALB2; p <= BNSL_PHASE_FCC; p++)
            if (meets(o, f, i, p) && guarded(o, f, i, p, b_ll[p])) {
                phase_out[index[i]] = p;
                break;
            }
}

bnsl_status bnsl_order_classify(const bnsl_box *box, int64_t n, const double *xyz, const int32_t *species, const bnsl_order_classify_options *opts,
                                int32_t *phase_out)
{
    bnsl_order_classify_options o = defaults;
    order_split p;
    features f = {0};
    bnsl_status status = opts ? bnsl__options_load(&o, sizeof o, opts, "bnsl_order_classify_options", __func__) : BNSL_OK;
    if (status == BNSL_OK)
        status = check_options(&o, __func__);
    if (status != BNSL_OK)
        return status;
    if (!bnsl__order_check_particles(box, n, xyz, species, __func__))
        return BNSL_EINVAL;
    if (n > 0 && !phase_out)
        return BNSL_FAIL(BNSL_EINVAL, "phase_out is NULL");
    if (!bnsl__order_split(&p, n, xyz, species))
        return BNSL_NOMEM();
    int32_t n_ll = bnsl__order_neighbors_to_have(box, p.n_l - 1, p.n_l, N_LL);
    n_ll = n_ll == N_LL ? N_LL : n_ll >= N_LL_SHORT ? N_LL_SHORT : 0;
    bool has_s = bnsl__order_neighbors_to_have(box, p.n_s, p.n_s, N_LS) == N_LS;
    if (n_ll > 0) {
        if (features_alloc(&f, p.n_l))
            status = measure(&f, box, &p, n_ll, has_s, o.num_threads, __func__);
        else
            status = BNSL_NOMEM();
    }
    if (status == BNSL_OK) {
        for (int64_t i = 0; i < n; i++)
            phase_out[i] = BNSL_PHASE_FLUID;
        if (n_ll > 0)
            decide(&o, &f, p.index_l, phase_out);
    }
    free(f.alb2_q4);
    bnsl__order_split_free(&p);
    return status;
}
