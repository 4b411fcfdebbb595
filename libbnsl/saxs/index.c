/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Indexing: which prototypes, with which a and c/a, put their reflections where the peaks are.
 *
 * Trial cells come from setting one peak (cubic) or two (hexagonal, tetragonal) on low reflections of the prototype; each is refined
 * with the peaks that it explains by linear least squares in Q = q^2,
 *
 *   Q = 4 pi^2 [m X + l^2 Y],  X = 1/a^2, Y = 1/c^2,  m = (4/3)(h^2 + hk + k^2) or h^2 + k^2;  weights 1/(2 q sigma_q)^2
 *
 * and judged by de Wolff's figure of merit [J. Appl. Cryst. 1, 108 (1968)] M_N = Q_N / (2 <|Delta Q|> N_possible), which a dense set
 * of lines makes small: a cell twice as large explains everything by chance. The mean deviation is scaled up by the parameters spent
 * (N / (N - p)) and kept from falling below the errors of the peaks and a tenth of the tolerance. The score is M_N times the cube of the
 * share of peaks explained times the share of expected strong lines that are there, and 2/3 of that where c/a is free [completeness as in
 * Smith and Snyder, J. Appl. Cryst. 12, 60 (1979); some cubic patterns are also those of a tetragonal cell, Mighell and Santoro, ibid. 8,
 * 372 (1975)].
 * Cost: prototypes x trial cells x (peaks x lines).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "saxs_internal.h"

enum { MAX_PEAKS = 64, MAX_LINES = 400, TRIAL_LINES = 8, TRIAL_PEAKS = 4, REFINEMENTS = 6 };

#define FOUR_PI2 39.478417604357434
#define STRONG 0.10      /* of the strongest line in the range: a line that should be seen */
#define SAME_LINE 2e-3   /* relative: lines that count as one place */
#define LEAST_ERROR 0.1  /* of the tolerance: agreement that is closer is chance, or of a part of the peaks */
#define PARAMETER_COST 1.5 /* a hexagonal or tetragonal cell must be so much better than a cubic one, which it can imitate (c/a = sqrt 2) */
#define MOST_ORDERS 14.0 /* lines up to this q a / 2 pi are considered */

typedef struct line {
    int32_t h, k, l, multiplicity;
    double m, l2, f2; /* Q = 4 pi^2 (m X + l2 Y); |F|^2 */
} line;

typedef struct line_set {
    int32_t n, system;
    line lines[MAX_LINES];
} line_set;

typedef struct peaks {
    int32_t n;
    double q[MAX_PEAKS], sigma[MAX_PEAKS], tolerance[MAX_PEAKS];
} peaks;

static const bnsl_saxs_index_options default_options = {
    .struct_size = sizeof(bnsl_saxs_index_options), .tolerance = 0.01, .c_over_a_range = 0.15, .f_small = 0.17};

bnsl_status bnsl_saxs_index_options_init(bnsl_saxs_index_options *opts, size_t struct_size)
{
    return bnsl__options_init(opts, struct_size, &default_options, sizeof default_options, __func__);
}

/* ---- lines ----------------------------------------------------------------------------------------- */

/* The allowed lines of a prototype by increasing q at a = 1 and its own c/a, which is returned. */
static bnsl_status load_lines(line_set *set, int32_t prototype, double f_small, double *c_over_a, bnsl_reflection *room, const char *func)
{
    bnsl_lattice *lattice = NULL;
    double a = 1, c = 1;
    int64_t n = 0;
    bnsl_status status = bnsl_lattice_create(&lattice, bnsl_lattice_prototype_name(prototype), NULL);
    if (status)
        return status == BNSL_ENOMEM ? bnsl__fail(status, func, "out of memory") : status;
    bnsl_lattice_constants(lattice, &a, &c, NULL);
    set->system = bnsl_lattice_system(lattice);
    double q_max = 2 * SAXS_PI * MOST_ORDERS;
    for (status = BNSL_EBUFFER; status == BNSL_EBUFFER; q_max *= 0.85)
        status = bnsl_lattice_reflections(lattice, q_max, 0, MAX_LINES, &n, room);
    bnsl_lattice_destroy(lattice);
    if (status)
        return status == BNSL_ENOMEM ? bnsl__fail(status, func, "out of memory") : status;
    set->n = (int32_t)n;
    *c_over_a = c / a;
    for (int32_t i = 0; i < n; i++) {
        const bnsl_reflection *r = &room[i];
        double plane = set->system == BNSL_SYSTEM_HEXAGONAL ? 4.0 / 3.0 * (r->h * r->h + r->h * r->k + r->k * r->k) : r->h * r->h + r->k * r->k;
        bool cubic = set->system == BNSL_SYSTEM_CUBIC;
        set->lines[i] = (line){.h = r->h,
                               .k = r->k,
                               .l = r->l,
                               .multiplicity = r->multiplicity,
                               .m = cubic ? plane + r->l * r->l : plane,
                               .l2 = cubic ? 0.0 : r->l * r->l,
                               .f2 = r->g_ll + f_small * f_small * r->g_ss + 2.0 * f_small * r->g_ls};
    }
    return BNSL_OK;
}

static double q_of(const line *x, double inverse_a2, double inverse_c2)
{
    return sqrt(FOUR_PI2 * (x->m * inverse_a2 + x->l2 * inverse_c2));
}

/* ---- one cell -------------------------------------------------------------------------------------- */

/* For each peak the line that explains it, or -1: the nearest one within the tolerance, each line for one peak. Returns their number. */
static int32_t match(const line_set *set, const peaks *p, double x, double y, int32_t to[MAX_PEAKS])
{
    int32_t n = 0;
    for (int32_t i = 0; i < p->n; i++)
        to[i] = -1;
    for (int32_t j = 0; j < set->n; j++) {
        double q = q_of(&set->lines[j], x, y), nearest = INFINITY;
        int32_t best = -1;
        for (int32_t i = 0; i < p->n; i++) {
            double off = fabs(p->q[i] - q);
            if (off <= p->tolerance[i] && off < nearest) {
                nearest = off;
                best = i;
            }
        }
        if (best < 0)
            continue;
        if (to[best] < 0 || nearest < fabs(p->q[best] - q_of(&set->lines[to[best]], x, y)))
            to[best] = j;
    }
    for (int32_t i = 0; i < p->n; i++)
        n += to[i] >= 0;
    return n;
}

typedef struct fit {
    double x, y, xx, xy, yy; /* X, Y and their covariance */
    int32_t n_free;
} fit;

/* Least squares of X (and Y) to the explained peaks; false: they do not determine them. */
static bool refine(const line_set *set, const peaks *p, const int32_t to[MAX_PEAKS], bool errors_given, fit *f)
{
    double a = 0, b = 0, d = 0, u = 0, v = 0;
    int32_t n = 0;
    bool cubic = set->system == BNSL_SYSTEM_CUBIC;
    for (int32_t i = 0; i < p->n; i++) {
        if (to[i] < 0)
            continue;
        const line *x = &set->lines[to[i]];
        double w = 1.0 / pow(2.0 * p->q[i] * p->sigma[i], 2), Q = p->q[i] * p->q[i];
        double m = FOUR_PI2 * x->m, l = FOUR_PI2 * x->l2;
        a += w * m * m;
        b += w * m * l;
        d += w * l * l;
        u += w * m * Q;
        v += w * l * Q;
        n++;
    }
    f->n_free = cubic ? 1 : 2;
    double det = cubic ? a : a * d - b * b;
    if (n < f->n_free || !(det > (cubic ? 0.0 : 1e-9 * a * d)))
        return false;
    f->x = cubic ? u / a : (d * u - b * v) / det;
    f->y = cubic ? f->x : (a * v - b * u) / det;
    if (!(f->x > 0.0 && f->y > 0.0))
        return false;
    double chi2 = 0;
    for (int32_t i = 0; i < p->n; i++)
        if (to[i] >= 0)
            chi2 += pow((p->q[i] - q_of(&set->lines[to[i]], f->x, f->y)) / p->sigma[i], 2);
    /* without errors of the peaks their scatter gives them; with them, a scatter that is too large counts as well */
    double scale = n > f->n_free ? chi2 / (n - f->n_free) : NAN;
    if (errors_given)
        scale = n > f->n_free ? fmax(scale, 1.0) : 1.0;
    f->xx = scale * (cubic ? 1.0 / a : d / det);
    f->yy = cubic ? f->xx : scale * a / det;
    f->xy = cubic ? f->xx : -scale * b / det;
    return true;
}

/* Strong lines between the outermost peaks that no peak shows. */
static void count_missing(const line_set *set, const peaks *p, const fit *f, int32_t *missing, int32_t *strong)
{
    double intensity[MAX_LINES], strongest = 0.0;
    for (int32_t j = 0; j < set->n; j++) {
        double q = q_of(&set->lines[j], f->x, f->y);
        bool inside = q >= p->q[0] - p->tolerance[0] && q <= p->q[p->n - 1] + p->tolerance[p->n - 1];
        intensity[j] = inside ? set->lines[j].multiplicity * set->lines[j].f2 / (q * q) : 0.0;
        strongest = fmax(strongest, intensity[j]);
    }
    *missing = *strong = 0;
    for (int32_t j = 0; j < set->n; j++) {
        if (!(intensity[j] > STRONG * strongest))
            continue;
        double q = q_of(&set->lines[j], f->x, f->y);
        bool seen = false;
        for (int32_t i = 0; i < p->n; i++)
            seen = seen || fabs(p->q[i] - q) <= p->tolerance[i];
        ++*strong;
        *missing += !seen;
    }
}

static int compare(const void *pa, const void *pb)
{
    double a = *(const double *)pa, b = *(const double *)pb;
    return (a > b) - (a < b);
}

/* Different places of lines up to q. */
static int32_t count_possible(const line_set *set, const fit *f, double q_last)
{
    double q[MAX_LINES], last = 0.0;
    int32_t n = 0, places = 0;
    for (int32_t j = 0; j < set->n; j++)
        q[n++] = q_of(&set->lines[j], f->x, f->y);
    qsort(q, (size_t)n, sizeof *q, compare);
    for (int32_t j = 0; j < n && q[j] <= q_last * (1.0 + SAME_LINE); j++) {
        places += q[j] > last * (1.0 + SAME_LINE);
        last = q[j];
    }
    return places;
}

/* Figure of merit and score of a refined cell. */
static void judge(const line_set *set, const peaks *p, const int32_t to[MAX_PEAKS], const fit *f, bnsl_saxs_index_candidate *c)
{
    double deviation = 0, least = 0, squares = 0, last = 0;
    int32_t n = 0, missing, strong;
    for (int32_t i = 0; i < p->n; i++) {
        if (to[i] < 0)
            continue;
        double q = q_of(&set->lines[to[i]], f->x, f->y);
        deviation += fabs(p->q[i] * p->q[i] - q * q);
        least += 2.0 * p->q[i] * fmax(p->sigma[i], LEAST_ERROR * p->tolerance[i]) * 0.8; /* 0.8: mean of |x| of a normal distribution */
        squares += pow(p->q[i] / q - 1.0, 2);
        last = fmax(last, p->q[i]);
        n++;
    }
    count_missing(set, p, f, &missing, &strong);
    c->n_explained = n;
    c->n_unexplained = p->n - n;
    c->n_missing = missing;
    c->n_possible = count_possible(set, f, last);
    c->rms = sqrt(squares / n);
    double spent = n > f->n_free ? (double)n / (n - f->n_free) : INFINITY;
    double mean = fmax(deviation / n * spent, least / n);
    c->figure_of_merit = last * last / (2.0 * mean * c->n_possible);
    double share = (double)n / p->n, there = strong > 0 ? (double)(strong - missing) / strong : 1.0;
    c->score = c->figure_of_merit * share * share * share * there / (f->n_free > 1 ? PARAMETER_COST : 1.0);
    c->a = 1.0 / sqrt(f->x);
    c->a_err = 0.5 * sqrt(f->xx) / (f->x * sqrt(f->x));
    c->c_over_a = sqrt(f->x / f->y);
    c->c_over_a_err = set->system == BNSL_SYSTEM_CUBIC
                          ? 0.0
                          : 0.5 * c->c_over_a * sqrt(fmax(f->xx / (f->x * f->x) + f->yy / (f->y * f->y) - 2.0 * f->xy / (f->x * f->y), 0.0));
}

/* ---- search ---------------------------------------------------------------------------------------- */

typedef struct search {
    const peaks *p;
    const line_set *set;
    const bnsl_saxs_index_options *o;
    double c_over_a; /* of the prototype */
    bool errors_given;
    bnsl_saxs_index_candidate best;
    int32_t best_to[MAX_PEAKS];
} search;

static bool within(const search *s, double x, double y)
{
    double a = 1.0 / sqrt(x), c_over_a = sqrt(x / y);
    if (s->o->a_min > 0.0 && a < s->o->a_min)
        return false;
    if (s->o->a_max > 0.0 && a > s->o->a_max)
        return false;
    return s->set->system == BNSL_SYSTEM_CUBIC || fabs(c_over_a / s->c_over_a - 1.0) <= s->o->c_over_a_range;
}

static void try_cell(search *s, double x, double y)
{
    int32_t to[MAX_PEAKS];
    fit f = {.x = x, .y = y};
    /* the highest peak must lie within the lines that are known */
    if (!(x > 0.0 && y > 0.0) || !isfinite(x) || !isfinite(y) || !within(s, x, y))
        return;
    if (q_of(&s->set->lines[s->set->n - 1], x, y) < s->p->q[s->p->n - 1])
        return;
    for (int it = 0; it < REFINEMENTS; it++) {
        int32_t n = match(s->set, s->p, f.x, f.y, to);
        if (2 * n < s->p->n || !refine(s->set, s->p, to, s->errors_given, &f) || !within(s, f.x, f.y))
            return;
    }
    bnsl_saxs_index_candidate c = s->best;
    if (match(s->set, s->p, f.x, f.y, to) <= f.n_free)
        return;
    judge(s->set, s->p, to, &f, &c);
    if (c.score > s->best.score * (1.0 + 1e-9)) {
        s->best = c;
        memcpy(s->best_to, to, sizeof to);
    }
}

static void search_prototype(search *s)
{
    const line_set *set = s->set;
    int32_t n_lines = set->n < TRIAL_LINES ? set->n : TRIAL_LINES, n_peaks = s->p->n < TRIAL_PEAKS ? s->p->n : TRIAL_PEAKS;
    for (int32_t i = 0; i < n_peaks; i++) {
        double Qi = s->p->q[i] * s->p->q[i] / FOUR_PI2;
        for (int32_t j = 0; j < n_lines; j++) {
            const line *a = &set->lines[j];
            double at_own = a->m + a->l2 / (s->c_over_a * s->c_over_a); /* one peak, and the prototype's c/a */
            try_cell(s, Qi / at_own, set->system == BNSL_SYSTEM_CUBIC ? Qi / at_own : Qi / at_own / (s->c_over_a * s->c_over_a));
            for (int32_t k = 0; set->system != BNSL_SYSTEM_CUBIC && k < n_peaks; k++) {
                double Qk = s->p->q[k] * s->p->q[k] / FOUR_PI2;
                for (int32_t l = 0; l < n_lines && k != i; l++) {
                    const line *b = &set->lines[l];
                    double det = a->m * b->l2 - a->l2 * b->m;
                    if (det != 0.0)
                        try_cell(s, (Qi * b->l2 - Qk * a->l2) / det, (a->m * Qk - b->m * Qi) / det);
                }
            }
        }
    }
}

/* ---- public ---------------------------------------------------------------------------------------- */

static bnsl_status load_peaks(peaks *p, int32_t n, const double *q, const double *q_err, const bnsl_saxs_index_options *o, const char *func)
{
    if (!q)
        return bnsl__fail(BNSL_EINVAL, func, "q is NULL");
    if (n < 2 || n > MAX_PEAKS)
        return bnsl__fail(BNSL_EINVAL, func, "n_peaks is %d, must be 2 .. %d", n, MAX_PEAKS);
    if (o->reserved != 0)
        return bnsl__fail(BNSL_EINVAL, func, "reserved is %d, must be 0", o->reserved);
    if (!(o->tolerance > 0.0 && o->tolerance <= 0.1))
        return bnsl__fail(BNSL_EINVAL, func, "tolerance is %g, must be > 0 and <= 0.1", o->tolerance);
    if (!(o->c_over_a_range >= 0.0 && o->c_over_a_range <= 0.5))
        return bnsl__fail(BNSL_EINVAL, func, "c_over_a_range is %g, must be 0 .. 0.5", o->c_over_a_range);
    if (!(o->a_min >= 0.0 && o->a_max >= 0.0 && o->a_min < 1e100 && o->a_max < 1e100 && (o->a_max == 0.0 || o->a_min <= o->a_max)))
        return bnsl__fail(BNSL_EINVAL, func, "a_min is %g and a_max is %g, must be >= 0 and rise", o->a_min, o->a_max);
    if (!(fabs(o->f_small) < 1e6))
        return bnsl__fail(BNSL_EINVAL, func, "f_small is %g, must be finite", o->f_small);
    p->n = n;
    for (int32_t i = 0; i < n; i++) {
        if (!(q[i] > 1e-100 && q[i] < 1e100 && (i == 0 || q[i] > q[i - 1])))
            return bnsl__fail(BNSL_EINVAL, func, "q of peak %d is %g, must be > 0 and rise", i, q[i]);
        if (q_err && !(q_err[i] > 0.0 && q_err[i] < 1e100))
            return bnsl__fail(BNSL_EINVAL, func, "q_err of peak %d is %g, must be > 0", i, q_err[i]);
        p->q[i] = q[i];
        p->sigma[i] = q_err ? q_err[i] : 0.1 * o->tolerance * q[i];
        p->tolerance[i] = o->tolerance * q[i];
    }
    return BNSL_OK;
}

/* By score; what is equal stays in the order of the prototypes. */
static int by_score(const void *pa, const void *pb)
{
    const bnsl_saxs_index_candidate *a = pa, *b = pb;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    return (a->prototype > b->prototype) - (a->prototype < b->prototype);
}

typedef struct workspace {
    peaks p;
    line_set set;
    bnsl_reflection room[MAX_LINES];
} workspace;

static bnsl_status load(workspace *w, bnsl_saxs_index_options *o, int32_t n, const double *q, const double *q_err,
                        const bnsl_saxs_index_options *opts, const char *func)
{
    *o = default_options;
    bnsl_status status = opts ? bnsl__options_load(o, sizeof *o, opts, "bnsl_saxs_index_options", func) : BNSL_OK;
    return status ? status : load_peaks(&w->p, n, q, q_err, o, func);
}

bnsl_status bnsl_saxs_index(int32_t n_peaks, const double *q, const double *q_err, const bnsl_saxs_index_options *opts, int32_t capacity,
                            int32_t *n_out, bnsl_saxs_index_candidate *candidates_out)
{
    if (!n_out || !candidates_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", n_out ? "candidates_out" : "n_out");
    if (capacity < bnsl_lattice_n_prototypes())
        return BNSL_FAIL(BNSL_EINVAL, "capacity is %d, must be at least the number of prototypes, %d", capacity, bnsl_lattice_n_prototypes());
    workspace *w = bnsl__alloc(1, sizeof *w);
    if (!w)
        return BNSL_NOMEM();
    bnsl_saxs_index_options o;
    bnsl_status status = load(w, &o, n_peaks, q, q_err, opts, __func__);
    bnsl_saxs_index_candidate *found = bnsl__alloc(capacity, sizeof *found);
    if (!status && !found)
        status = BNSL_NOMEM();
    int32_t n = 0;
    for (int32_t i = 0; i < bnsl_lattice_n_prototypes() && !status; i++) {
        search s = {.p = &w->p, .set = &w->set, .o = &o, .errors_given = q_err != NULL, .best = {.prototype = i}};
        status = load_lines(&w->set, i, o.f_small, &s.c_over_a, w->room, __func__);
        if (status)
            break;
        search_prototype(&s);
        if (s.best.score > 0.0)
            found[n++] = s.best;
    }
    if (!status) {
        qsort(found, (size_t)n, sizeof *found, by_score);
        memcpy(candidates_out, found, (size_t)n * sizeof *found);
        *n_out = n;
    }
    free(found);
    free(w);
    return status;
}

bnsl_status bnsl_saxs_index_lines(const bnsl_saxs_index_candidate *candidate, int32_t n_peaks, const double *q, const double *q_err,
                                  const bnsl_saxs_index_options *opts, bnsl_saxs_index_line *lines_out)
{
    if (!candidate || !lines_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", candidate ? "lines_out" : "candidate");
    if (!bnsl_lattice_prototype_name(candidate->prototype) || !(candidate->a > 0.0 && candidate->c_over_a > 0.0))
        return BNSL_FAIL(BNSL_EINVAL, "candidate has prototype %d, a = %g, c/a = %g", candidate->prototype, candidate->a, candidate->c_over_a);
    workspace *w = bnsl__alloc(1, sizeof *w);
    if (!w)
        return BNSL_NOMEM();
    bnsl_saxs_index_options o;
    double c_over_a, x = 1.0 / (candidate->a * candidate->a), y = x / (candidate->c_over_a * candidate->c_over_a);
    int32_t to[MAX_PEAKS];
    bnsl_status status = load(w, &o, n_peaks, q, q_err, opts, __func__);
    if (!status)
        status = load_lines(&w->set, candidate->prototype, o.f_small, &c_over_a, w->room, __func__);
    if (!status) {
        match(&w->set, &w->p, x, y, to);
        for (int32_t i = 0; i < n_peaks; i++) {
            const line *l = to[i] >= 0 ? &w->set.lines[to[i]] : NULL;
            lines_out[i] = (bnsl_saxs_index_line){.explained = l != NULL, .q = l ? q_of(l, x, y) : NAN, .residual = l ? q[i] - q_of(l, x, y) : NAN};
            if (l) {
                lines_out[i].h = l->h;
                lines_out[i].k = l->k;
                lines_out[i].l = l->l;
            }
        }
    }
    free(w);
    return status;
}
