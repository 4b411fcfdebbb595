/* SPDX-License-Identifier: GPL-3.0-or-later */
/* S(q) and I(q) of frames, size classes, means and standard errors. */
#include "sq_frames.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "progress.h"

/* The particles of a frame that count, and their classes: those of L, then those of S. */
typedef struct sq_particles {
    int64_t n, n_of[2];
    double *xyz;
    int32_t *species, *class_of;
    int32_t n_classes[2];
    double scale[2 * SQ_CLASSES_MAX]; /* mean diameter of a class over that of its species */
    double share[2 * SQ_CLASSES_MAX]; /* of all particles */
} sq_particles;

/* One frame's work. */
typedef struct sq_frame {
    bnsl_saxs_sq_options o;
    double *q, *partial, *amplitude, *square; /* n_q; n_q x pairs of classes; n_q x classes each */
    double *curve[SQ_N_CURVES];               /* n_q */
} sq_frame;

const char *sq_method_name(int32_t method)
{
    static const char *const names[] = {"auto", "direct", "nufft", "debye"};
    return names[method];
}

/* ---- particles ---------------------------------------------------------------------------------------------------------- */

/* Index of a diameter among the different ones found so far; added when it is new. -1: there is no room for another. */
static int32_t find_diameter(double d, int32_t most, int32_t *n, double *found)
{
    int32_t k = 0;
    while (k < *n && found[k] != d)
        k++;
    if (k < *n)
        return k;
    if (k == most)
        return -1;
    found[(*n)++] = d;
    return k;
}

/* Classes of one species by diameter: each diameter by itself when there are few, else intervals of equal width. Class 0 is `first`. */
static int32_t classify(sq_particles *p, int32_t s, int64_t most, const double *diameter, int32_t first)
{
    double found[SQ_CLASSES_MAX], low = INFINITY, high = -INFINITY, mean = 0, sum[SQ_CLASSES_MAX] = {0}, count[SQ_CLASSES_MAX] = {0};
    int32_t n = 0, n_used = 0, number[SQ_CLASSES_MAX];
    bool few = true;
    for (int64_t i = 0; i < p->n; i++) {
        if (p->species[i] != s)
            continue;
        low = fmin(low, diameter[i]);
        high = fmax(high, diameter[i]);
        mean += diameter[i] / (double)p->n_of[s];
        few = few && find_diameter(diameter[i], (int32_t)most, &n, found) >= 0;
    }
    for (int64_t i = 0; i < p->n; i++) {
        if (p->species[i] != s)
            continue;
        const int64_t interval = few ? find_diameter(diameter[i], n, &n, found) : (int64_t)((diameter[i] - low) / (high - low) * (double)most);
        p->class_of[i] = (int32_t)(interval < most ? interval : most - 1);
        sum[p->class_of[i]] += diameter[i];
        count[p->class_of[i]]++;
    }
    for (int32_t k = 0; k < most; k++) { /* empty ones are left out */
        number[k] = first + n_used;
        if (count[k] == 0)
            continue;
        p->scale[first + n_used] = sum[k] / count[k] / mean;
        p->share[first + n_used++] = count[k] / (double)p->n;
    }
    for (int64_t i = 0; i < p->n; i++)
        if (p->species[i] == s)
            p->class_of[i] = number[p->class_of[i]];
    return n_used;
}

/* The L and S particles of the frame, lengths in the unit of the results. */
static int take_particles(sq_particles *p, const sq_settings *t, const cli_common *common, const frames *f, bool first)
{
    const double *diameter = NULL;
    int32_t columns = 0;
    p->xyz = malloc((size_t)f->n * 4 * sizeof *p->xyz);
    p->species = malloc((size_t)f->n * sizeof *p->species);
    p->class_of = malloc((size_t)f->n * sizeof *p->class_of);
    if (!p->xyz || !p->species || !p->class_of)
        return cli_fail("out of memory");
    int status = species_of_frame(f->path, f->frame, &t->names, p->species);
    if (status != CLI_DONE)
        return status;
    const bool sizes = t->intensity && t->classes > 1 && t->core_sigma[0] == 0 && t->core_sigma[1] == 0 &&
                       bnsl_io_frame_array_view(f->frame, "diameter", &columns, &diameter) == BNSL_OK && columns == 1;
    double *own = p->xyz + 3 * f->n; /* diameters of those that count */
    for (int64_t i = 0; i < f->n; i++) {
        if (p->species[i] > 1)
            continue;
        for (int k = 0; k < 3; k++)
            p->xyz[3 * p->n + k] = t->unit * f->xyz[3 * i + k];
        own[p->n] = sizes ? diameter[i] : 1;
        if (!(own[p->n] > 0))
            return cli_fail("%s: the diameter of particle %lld is %g, must be > 0; --classes 1 ignores diameters", f->path, (long long)i, own[p->n]);
        p->n_of[p->species[i]]++;
        p->species[p->n++] = p->species[i];
    }
    if (first && p->n < f->n)
        cli_note(common, "%s: %lld particles are neither L nor S and were left out", f->path, (long long)(f->n - p->n));
    p->n_classes[0] = classify(p, 0, t->classes, own, 0);
    p->n_classes[1] = classify(p, 1, t->classes, own, p->n_classes[0]);
    return CLI_DONE;
}

static void free_particles(sq_particles *p)
{
    free(p->xyz);
    free(p->species);
    free(p->class_of);
}

/* ---- one frame ------------------------------------------------------------------------------------------------------------ */

/* S, S_LL, S_LS, S_SS from the partials of classes. */
static void join_classes(const sq_particles *p, int64_t n_q, const sq_frame *w)
{
    const int32_t n = p->n_classes[0] + p->n_classes[1];
    for (int64_t i = 0; i < n_q; i++) {
        double sum[3] = {0}; /* LL, LS, SS */
        const double *s = w->partial + i * (n * (n + 1) / 2);
        for (int32_t a = 0; a < n; a++)
            for (int32_t b = a; b < n; b++, s++) {
                const int pair = (a >= p->n_classes[0]) + (b >= p->n_classes[0]);
                sum[pair] += pair == 1 || a == b ? *s : 2 * *s;
            }
        w->curve[SQ_LL][i] = sum[0];
        w->curve[SQ_LS][i] = sum[1];
        w->curve[SQ_SS][i] = sum[2];
        w->curve[SQ_S][i] = sum[0] + 2 * sum[1] + sum[2];
    }
}

static bool find_intensity(const sq_particles *p, const sq_settings *t, const sq_frame *w)
{
    const int32_t n = p->n_classes[0] + p->n_classes[1];
    const int64_t n_q = w->o.n_q;
    for (int64_t i = 0; i < n_q; i++)
        for (int32_t a = 0; a < n; a++) {
            const int32_t s = a >= p->n_classes[0];
            double *f = w->amplitude + i * n + a, *f2 = w->square + i * n + a;
            if (bnsl_saxs_form_factor(BNSL_SIZES_GAUSSIAN, 0.5 * t->core[s] * p->scale[a], 0.5 * t->core_sigma[s], 1, w->q + i, f, f2) != BNSL_OK)
                return false;
            *f *= t->contrast[s];
            *f2 *= t->contrast[s] * t->contrast[s];
        }
    return bnsl_saxs_sq_intensity(n_q, n, p->share, w->partial, w->amplitude, w->square, w->curve[SQ_I]) == BNSL_OK;
}

static int compute_frame(const sq_settings *t, const frames *f, const sq_particles *p, sq_frame *w, bnsl_control *control)
{
    const int32_t n = p->n_classes[0] + p->n_classes[1];
    const int64_t n_q = w->o.n_q, n_pairs = n * (n + 1) / 2;
    bnsl_box box = f->box;
    box.lx *= t->unit;
    box.ly *= t->unit;
    box.lz *= t->unit;
    w->partial = malloc((size_t)(n_q * n_pairs) * sizeof *w->partial);
    w->amplitude = malloc((size_t)(n_q * n * 2) * sizeof *w->amplitude);
    if (!w->partial || !w->amplitude)
        return cli_fail("out of memory");
    w->square = w->amplitude + n_q * n;
    if (bnsl_saxs_sq_method(&box, p->n, t->options.method, &w->o.method) != BNSL_OK ||
        bnsl_saxs_structure_factor(&box, p->n, p->xyz, p->class_of, n, &w->o, w->q, NULL, w->partial, NULL, control) != BNSL_OK)
        return cli_fail_library(f->path);
    join_classes(p, n_q, w);
    return !t->intensity || find_intensity(p, t, w) ? CLI_DONE : cli_fail_library(f->path);
}

/* ---- mean over frames ------------------------------------------------------------------------------------------------------- */

/* Means and sums of squared deviations so far [Welford, Technometrics 4, 419 (1962)]; memory is n_q doubles each. */
typedef struct sq_running {
    double *count, *q, *mean[SQ_N_CURVES], *square[SQ_N_CURVES];
} sq_running;

static void add_frame(const sq_frame *w, sq_running *r)
{
    for (int64_t i = 0; i < w->o.n_q; i++) {
        if (isnan(w->curve[SQ_S][i]))
            continue;
        const double n = ++r->count[i];
        r->q[i] += (w->q[i] - r->q[i]) / n;
        for (int k = 0; k < SQ_N_CURVES; k++) {
            const double x = w->curve[k][i], before = x - r->mean[k][i];
            r->mean[k][i] += before / n;
            r->square[k][i] += before * (x - r->mean[k][i]);
        }
    }
}

/* Drops points without a value; the error of the mean over independent frames. */
static void finish(sq_mean *mean, const sq_settings *t, const sq_running *r)
{
    for (int64_t i = 0; i < t->options.n_q; i++) {
        const double n = r->count[i];
        if (n == 0)
            continue;
        const int64_t at = mean->n_points++; /* <= i */
        r->q[at] = r->q[i];
        for (int k = 0; k < SQ_N_CURVES; k++) {
            r->mean[k][at] = r->mean[k][i];
            r->square[k][at] = n > 1 ? sqrt(r->square[k][i] / (n - 1) / n) : NAN;
        }
    }
    mean->q = r->q;
    for (int k = 0; k < SQ_N_CURVES; k++) {
        const bool there = k != SQ_I || t->intensity;
        for (int64_t i = 0; i < mean->n_points && mean->n_small == 0 && (k == SQ_LS || k == SQ_SS); i++)
            r->mean[k][i] = r->square[k][i] = NAN;
        mean->curve[k] = there ? r->mean[k] : NULL;
        mean->error[k] = there && mean->n_frames > 1 ? r->square[k] : NULL;
    }
}

/* The library's progress within a frame, as a part of all. */
typedef struct sq_progress {
    progress bar;
    int64_t frame, n_frames;
} sq_progress;

static int32_t show_progress(void *user, int64_t done, int64_t total)
{
    enum { PARTS = 1000 };
    sq_progress *p = user;
    p->bar.total = p->n_frames * PARTS;
    progress_update(&p->bar, p->frame * PARTS + (total > 0 ? (int64_t)((double)done / (double)total * PARTS) : 0));
    return 0;
}

static int one_frame(sq_mean *mean, const sq_settings *t, const cli_common *common, frames *f, sq_frame *w, sq_running *r, bool first)
{
    sq_particles p = {.n = 0};
    int status = take_particles(&p, t, common, f, first);
    if (status == CLI_DONE && t->intensity && p.n_of[1] > 0 && !(t->core[1] > 0))
        status = cli_usage("--cores: there are L and S particles: give both, dL,dS");
    if (status == CLI_DONE)
        status = compute_frame(t, f, &p, w, cli_control());
    if (status == CLI_DONE) {
        mean->n_large = p.n_of[0];
        mean->n_small = p.n_of[1];
        mean->step = bnsl_io_frame_step(f->frame);
        mean->method = w->o.method;
        memcpy(mean->n_classes, p.n_classes, sizeof p.n_classes);
        mean->n_frames++;
        add_frame(w, r);
    }
    free(w->partial);
    free(w->amplitude);
    w->partial = w->amplitude = NULL;
    free_particles(&p);
    return status;
}

int sq_mean_compute(sq_mean *mean, const sq_settings *t, const cli_common *common, frames *f, const frame_range *range)
{
    const int64_t n_q = t->options.n_q;
    sq_frame w = {.o = t->options};
    sq_running r;
    sq_progress p = {.n_frames = range->n};
    *mean = (sq_mean){.n_points = 0};
    double *next = mean->memory = calloc((size_t)n_q * (3 + 3 * SQ_N_CURVES), sizeof *mean->memory);
    if (!next)
        return cli_fail("out of memory");
    r.count = next;
    r.q = next += n_q;
    w.q = next += n_q;
    for (int k = 0; k < SQ_N_CURVES; k++) {
        w.curve[k] = next += n_q;
        r.mean[k] = next += n_q;
        r.square[k] = next += n_q;
    }
    int status = CLI_DONE;
    progress_begin(&p.bar, common, "sq", NULL, 0);
    bnsl_control *control = cli_control();
    bnsl_control_set_progress(control, show_progress, &p);
    for (; p.frame < range->n && status == CLI_DONE; p.frame++) {
        status = frames_read(f, frame_range_at(range, p.frame));
        if (status == CLI_DONE)
            status = one_frame(mean, t, common, f, &w, &r, p.frame == 0);
    }
    bnsl_control_set_progress(control, NULL, NULL);
    progress_end(&p.bar);
    if (status == CLI_DONE)
        finish(mean, t, &r);
    return status;
}

void sq_mean_free(sq_mean *mean)
{
    free(mean->memory);
    *mean = (sq_mean){.n_points = 0};
}
