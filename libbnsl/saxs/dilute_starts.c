/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Dilute patterns: where a fit starts. Radii without a start are scanned over what the range of q can see, on at most SCAN_POINTS points and
 * for a few widths: one radius finely, keeping the local minima of chi^2; two of them as pairs on a coarser grid. Cost: one radius,
 * some 2000 form factors of 80 points of Gaussian sizes; two, some 400 and 80,000 linear fits.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dilute_internal.h"

enum { SCAN_POINTS = 80, N_WIDTHS = 3, MAX_CANDIDATES = 20000 };
static const double widths[N_WIDTHS] = {0.02, 0.08, 0.2}; /* sigma / R that are tried when sigma has no start */
static const double OTHER_WIDTH = 0.08;                   /* of a population that has a radius, while another one is searched */
static const double HOPELESS = 20;                        /* chi^2 relative to the best start's from which no descent is tried, but for the second */
static const double PAIR_STEP = 0.04;                     /* relative step of radii for pairs, with the widths from PAIR_WIDTH on */
enum { PAIR_WIDTH = 1 };

typedef struct scan {
    dilute_problem *p;
    dilute_start *starts;
    int32_t n_starts;
    int64_t n; /* points */
    double *q, *value, *weight, *work;
    double q_low, q_high;
    bnsl_saxs_particle base[DILUTE_POPULATIONS];
    double *columns[DILUTE_POPULATIONS];
} scan;

static const dilute_slot *slot_of(const scan *s, int32_t population, int32_t parameter)
{
    return &s->p->model->slots[population * DILUTE_PER_POPULATION + parameter];
}

static bool seeks_radius(const scan *s, int32_t population)
{
    const dilute_slot *slot = slot_of(s, population, BNSL_PARAMETER_RADIUS);
    return slot->free && slot->start == 0;
}

static bool seeks_width(const scan *s, int32_t population)
{
    const dilute_slot *slot = slot_of(s, population, BNSL_PARAMETER_SIGMA);
    return slot->free && slot->start == 0;
}

/* The width w of a population that seeks one, moved into its bounds. */
static void set_width(const scan *s, bnsl_saxs_particle *particle, int32_t population, double width)
{
    const dilute_slot *slot = slot_of(s, population, BNSL_PARAMETER_SIGMA);
    if (seeks_width(s, population))
        particle->sigma = fmin(fmax(width * particle->radius, slot->low), slot->high);
}

/* Keeps a start unless there are enough better ones. */
static void keep(scan *s, const bnsl_saxs_particle *particles, double chi2)
{
    int32_t i = s->n_starts;
    if (!(chi2 < INFINITY) || (i == DILUTE_STARTS && s->starts[i - 1].chi2 <= chi2))
        return;
    if (i < DILUTE_STARTS)
        s->n_starts++;
    else
        i--;
    for (; i > 0 && s->starts[i - 1].chi2 > chi2; i--)
        s->starts[i] = s->starts[i - 1];
    s->starts[i].chi2 = chi2;
    for (int32_t k = 0; k < s->p->n_free; k++) {
        bnsl_saxs_particle particle = particles[s->p->free_slots[k] / DILUTE_PER_POPULATION];
        const int32_t parameter = s->p->free_slots[k] % DILUTE_PER_POPULATION;
        const double value = *bnsl__dilute_field(&particle, parameter);
        s->starts[i].x[k] = fmin(fmax(parameter == BNSL_PARAMETER_SIGMA ? value * value : value, s->p->low[k]), s->p->high[k]);
    }
}

/* A column of a Gaussian with the mean and the standard deviation of the distribution: cheap, and near enough for a start. */
static bool column(scan *s, const bnsl_saxs_particle *particle, double *to)
{
    saxs_sizes sizes;
    bnsl_saxs_particle alike = *particle;
    if (bnsl__saxs_sizes(&sizes, particle, __func__) != BNSL_OK)
        return false;
    alike.distribution = BNSL_SIZES_GAUSSIAN;
    alike.weighting = BNSL_WEIGHTING_NUMBER;
    alike.n_sigma = alike.n_points = 0;
    alike.radius = sizes.mean;
    alike.sigma = sizes.sd;
    return bnsl__dilute_column(s->p, &alike, s->n, s->q, to);
}

static double solve(scan *s, const double *const *columns)
{
    return bnsl__dilute_solve(s->p, s->n, s->value, s->weight, columns, NULL, s->work);
}

/* ---- no radius, one radius, two radii ------------------------------------------------------------------------------- */

static void without_search(scan *s)
{
    bool any = false;
    for (int32_t k = 0; k < s->p->model->n_populations; k++)
        any = any || seeks_width(s, k);
    for (int32_t w = 0; w < (any ? N_WIDTHS : 1); w++) {
        bnsl_saxs_particle particles[DILUTE_POPULATIONS];
        bool ok = true;
        memcpy(particles, s->base, sizeof particles);
        for (int32_t k = 0; ok && k < s->p->model->n_populations; k++) {
            set_width(s, &particles[k], k, widths[w]);
            ok = column(s, &particles[k], s->columns[k]);
        }
        if (ok)
            keep(s, particles, solve(s, (const double *const *)s->columns));
    }
}

/* Ends of the radii of a population that are searched. */
static void radii(const scan *s, int32_t population, double *low, double *high)
{
    const dilute_slot *slot = slot_of(s, population, BNSL_PARAMETER_RADIUS);
    *low = fmax(0.5 / s->q_high, slot->low);
    *high = fmin(8 / s->q_low, slot->high);
    if (*low > *high) /* the bounds lie outside of what is seen: then they decide */
        *low = *high = slot->low > 0 ? slot->low : slot->high;
}

static void search_one(scan *s, int32_t population)
{
    bnsl_saxs_particle particles[DILUTE_POPULATIONS], before[DILUTE_POPULATIONS];
    double low, high;
    radii(s, population, &low, &high);
    memcpy(particles, s->base, sizeof particles);
    const double finest = log(high / low) / MAX_CANDIDATES;
    for (int32_t w = 0; w < (seeks_width(s, population) ? N_WIDTHS : 1); w++) {
        double earlier = INFINITY, last = INFINITY;
        memcpy(before, particles, sizeof before);
        for (double radius = low; radius <= high * (1 + 1e-12) && s->p->status == BNSL_OK;) {
            particles[population].radius = radius;
            set_width(s, &particles[population], population, widths[w]);
            const double chi2 = column(s, &particles[population], s->columns[population]) ? solve(s, (const double *const *)s->columns) : INFINITY;
            if (last <= earlier && last < chi2)
                keep(s, before, last);
            memcpy(before, particles, sizeof before);
            earlier = last;
            last = chi2;
            const double coarse = fmin(0.03 * radius, 1 / s->q_high);
            radius += fmax(fmax(coarse, 0.3 * particles[population].sigma), finest * radius);
        }
        if (last <= earlier)
            keep(s, before, last);
    }
}

/* Radii and widths of both populations, the first one the larger where they are alike. */
static void search_two(scan *s, const int32_t population[2])
{
    bnsl_saxs_particle *candidates = bnsl__alloc(4096, sizeof *candidates), particles[DILUTE_POPULATIONS];
    double *columns = bnsl__alloc(4096, (size_t)s->n * sizeof *columns), low[2], high[2];
    int32_t count[2] = {0, 0}; /* first those of one population, then those of the other */
    if (!candidates || !columns) {
        s->p->status = BNSL_ENOMEM;
        free(candidates);
        free(columns);
        return;
    }
    memcpy(particles, s->base, sizeof particles);
    for (int k = 0; k < 2; k++) {
        radii(s, population[k], &low[k], &high[k]);
        const double step = fmax(PAIR_STEP, log(high[k] / low[k]) / 900);
        for (int32_t w = PAIR_WIDTH; w < (seeks_width(s, population[k]) ? N_WIDTHS : PAIR_WIDTH + 1); w++)
            for (double radius = low[k]; radius <= high[k] * (1 + 1e-12); radius *= 1 + step) {
                bnsl_saxs_particle *c = &candidates[count[0] + count[1]];
                *c = s->base[population[k]];
                c->radius = radius;
                set_width(s, c, population[k], widths[w]);
                if (column(s, c, columns + (count[0] + count[1]) * s->n))
                    count[k]++;
            }
    }
    for (int32_t a = 0; a < count[0]; a++)
        for (int32_t b = 0; b < count[1]; b++) {
            const bnsl_saxs_particle *one = &candidates[a], *two = &candidates[count[0] + b];
            const double *trial[DILUTE_POPULATIONS];
            if (!(one->radius > 1.1 * two->radius))
                continue;
            memcpy(trial, s->columns, sizeof trial);
            trial[population[0]] = columns + a * s->n;
            trial[population[1]] = columns + (count[0] + b) * s->n;
            const double chi2 = solve(s, trial);
            if (s->n_starts == DILUTE_STARTS && chi2 >= s->starts[DILUTE_STARTS - 1].chi2)
                continue;
            particles[population[0]] = *one;
            particles[population[1]] = *two;
            keep(s, particles, chi2);
        }
    free(candidates);
    free(columns);
}

/* ---- the scan ------------------------------------------------------------------------------------------------------------ */

/* Every so many points of the curve, and room for columns and work. */
static bool thin_out(scan *s, double **memory)
{
    const saxs_curve *c = &s->p->curve;
    const int64_t stride = (c->n + SCAN_POINTS - 1) / SCAN_POINTS;
    *memory = bnsl__alloc(SCAN_POINTS, (3 + DILUTE_POPULATIONS + DILUTE_LINEAR + 1) * sizeof **memory);
    if (!*memory)
        return false;
    s->q = *memory;
    s->value = s->q + SCAN_POINTS;
    s->weight = s->value + SCAN_POINTS;
    for (int32_t k = 0; k < DILUTE_POPULATIONS; k++)
        s->columns[k] = s->weight + (k + 1) * SCAN_POINTS;
    s->work = s->weight + (DILUTE_POPULATIONS + 1) * SCAN_POINTS;
    s->q_low = INFINITY;
    for (int64_t i = 0; i < c->n; i++) {
        s->q_low = fmin(s->q_low, c->q[i]);
        s->q_high = fmax(s->q_high, c->q[i]);
        if (i % stride)
            continue;
        s->q[s->n] = c->q[i];
        s->value[s->n] = c->value[i];
        s->weight[s->n++] = c->weight[i];
    }
    return true;
}

int32_t bnsl__dilute_starts(dilute_problem *p, dilute_start *starts)
{
    scan s = {.p = p, .starts = starts};
    double *memory;
    int32_t sought[DILUTE_POPULATIONS], n_sought = 0;
    memcpy(s.base, p->particles, sizeof s.base);
    if (!thin_out(&s, &memory)) {
        p->status = BNSL_ENOMEM;
        return 0;
    }
    bool defined = true;
    for (int32_t k = 0; k < p->model->n_populations; k++) {
        if (seeks_radius(&s, k)) {
            sought[n_sought++] = k;
            continue;
        }
        set_width(&s, &s.base[k], k, OTHER_WIDTH);
        defined = column(&s, &s.base[k], s.columns[k]) && defined;
    }
    if (n_sought == 0)
        without_search(&s);
    else if (defined && n_sought == 1)
        search_one(&s, sought[0]);
    else if (defined)
        search_two(&s, sought);
    free(memory);
    while (s.n_starts > 2 && starts[s.n_starts - 1].chi2 > HOPELESS * starts[0].chi2)
        s.n_starts--;
    return p->status == BNSL_OK ? s.n_starts : 0;
}
