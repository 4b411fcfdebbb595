/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How well a set of cells explains a pattern. Two Schwarz criteria n ln(chi^2 / n) + k ln n [Ann. Statist. 6, 461 (1978)] are added:
 *
 *  - areas free: where the lines are. Alone it cannot tell a cell from one of twice its lattice constant, whose lines contain all of the
 *    smaller one's and more besides, which soak up whatever the model lacks;
 *  - areas from the structure factors: in each phase A_hkl ~ M / q^2 (x g_LL + y g_SS + z g_LS) exp(-q^2 v) with x, y >= 0 and any z, that
 *    is, for whatever scattering powers of L and S; the best of a few v. There a line that is missing counts against a cell.
 *
 * Both follow from the normal equations of the free fit. Cost: O(n_columns^2) for each phase.
 */
#include <math.h>
#include <string.h>

#include "pattern_internal.h"

enum { N_DAMPINGS = 3 };

static const double dampings[N_DAMPINGS] = {0, 1, 3}; /* v q^2 at the last point */

/* Where a phase's three columns stand among the restricted ones: background, all LS (free), then LL and SS (>= 0). */
typedef struct places {
    int32_t n, n_free, of[PATTERN_MAX_PHASES][3]; /* LL, SS, LS; -1: not active */
} places;

static places place_columns(const pattern_fit *f)
{
    places p = {.n = f->n_background};
    for (int32_t i = 0; i < f->pattern->n_phases; i++)
        p.of[i][2] = f->active[i] ? p.n++ : -1;
    p.n_free = p.n;
    for (int32_t i = 0; i < f->pattern->n_phases; i++)
        for (int k = 0; k < 2; k++)
            p.of[i][k] = f->active[i] ? p.n++ : -1;
    return p;
}

/* Areas of a group for unit LL, SS and LS. */
static void group_areas(const pattern_fit *f, int32_t g, double damping, double area[3])
{
    const pattern_group *group = f->groups + g;
    const double q_last = f->curve.q[f->n - 1];
    area[0] = area[1] = area[2] = 0;
    for (int32_t l = group->first; l < group->first + group->n; l++) {
        const pattern_reflection *r = f->pattern->phases[group->phase].reflections + f->lines[l].reflection;
        double q = bnsl__pattern_q(r, f->cell + group->phase, NULL, NULL),
               factor = r->multiplicity / (q * q) * exp(-damping * q * q / (q_last * q_last));
        area[0] += factor * r->g_ll;
        area[1] += factor * r->g_ss;
        area[2] += factor * r->g_ls;
    }
}

/* chi^2 with areas from the structure factors; *n_used: columns in the solution. */
static double restricted_chi2(pattern_fit *f, const places *p, double damping, int32_t *n_used)
{
    double gram[PATTERN_MAX_RESTRICTED * PATTERN_MAX_RESTRICTED] = {0}, rhs[PATTERN_MAX_RESTRICTED] = {0}, sum = f->data_norm * f->data_norm;
    double half[PATTERN_GRAM_STRIDE][3]; /* gram of the free fit times the columns of one phase */
    for (int32_t a = 0; a < f->n_background; a++) {
        rhs[a] = f->rhs[a];
        for (int32_t b = 0; b < f->n_background; b++)
            gram[a * p->n + b] = f->gram[(int64_t)a * PATTERN_GRAM_STRIDE + b];
    }
    for (int32_t i = 0; i < f->pattern->n_phases; i++) {
        if (!f->active[i])
            continue;
        memset(half, 0, sizeof half);
        for (int32_t g = 0; g < f->n_groups; g++) {
            double area[3];
            const double *row = f->gram + (int64_t)(f->n_background + g) * PATTERN_GRAM_STRIDE;
            if (f->groups[g].phase != i)
                continue;
            group_areas(f, g, damping, area);
            for (int k = 0; k < 3; k++)
                rhs[p->of[i][k]] += area[k] * f->rhs[f->n_background + g];
            for (int32_t c = 0; c < f->n_columns; c++)
                for (int k = 0; k < 3; k++)
                    half[c][k] += area[k] * row[c];
        }
        for (int32_t a = 0; a < f->n_background; a++)
            for (int k = 0; k < 3; k++)
                gram[a * p->n + p->of[i][k]] = gram[p->of[i][k] * p->n + a] = half[a][k];
        for (int32_t g = 0; g < f->n_groups; g++) {
            double area[3];
            group_areas(f, g, damping, area);
            for (int m = 0; m < 3; m++)
                for (int k = 0; k < 3; k++)
                    gram[p->of[f->groups[g].phase][m] * p->n + p->of[i][k]] += area[m] * half[f->n_background + g][k];
        }
    }
    bnsl__saxs_nnls_reset(&f->restricted);
    bnsl__saxs_nnls_solve(&f->restricted, p->n, p->n_free, gram, p->n, rhs, f->data_norm);
    for (int32_t a = 0; a < p->n; a++) {
        sum -= 2 * f->restricted.x[a] * rhs[a];
        for (int32_t b = 0; b < p->n; b++)
            sum += f->restricted.x[a] * f->restricted.x[b] * gram[a * p->n + b];
    }
    *n_used = f->restricted.n_passive;
    return fmax(sum, 0);
}

static double schwarz(const pattern_fit *f, double chi2, int32_t n_used)
{
    double n = (double)f->n, rounding = 1e-20 * f->data_norm * f->data_norm;
    return n * log((chi2 + rounding) / n) + n_used * log(n);
}

double bnsl__pattern_criterion(pattern_fit *f)
{
    const places p = place_columns(f);
    double best = INFINITY;
    for (int d = 0; d < N_DAMPINGS; d++) {
        int32_t n_used;
        double chi2 = restricted_chi2(f, &p, dampings[d], &n_used);
        best = fmin(best, schwarz(f, chi2, n_used));
    }
    return best + schwarz(f, f->chi2, f->nnls.n_passive);
}
