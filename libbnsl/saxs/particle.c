/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Populations of spheres with a shell: amplitudes and intensities averaged over sizes, moments. Uncut Gaussian and Schulz spheres by
 * their closed forms (form_factor.c), others over nodes (sizes.c, kernel_average.c). Wave numbers are taken by half octaves,
 * each with nodes enough for its upper end, so that a value depends on its q alone. Where sizes have blurred the oscillations to less than
 * 1e-12 of the rest of <f^2> (or even MAX_NODES do not resolve them) that rest is a polynomial in the moments:
 *
 *     G = Im[(c0 + c1 y) exp(i y)],   <G^2> -> (|c0|^2 + 2 Re(c0 c1*) <y> + |c1|^2 <y^2>) / 2.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "saxs_internal.h"

static const double X_MAX = 1e8;
static const int32_t LOWEST_LEVEL = -6; /* half octaves of q times the mean radius */

static const bnsl_saxs_particle defaults = {.sld_core = 1};

bnsl_status bnsl_saxs_particle_init(bnsl_saxs_particle *particle, size_t struct_size)
{
    return bnsl__options_init(particle, struct_size, &defaults, sizeof defaults, __func__);
}

bnsl_status bnsl__saxs_particle_load(bnsl_saxs_particle *out, const bnsl_saxs_particle *particle, const char *func)
{
    if (!particle)
        return bnsl__fail(BNSL_EINVAL, func, "particle is NULL");
    *out = defaults;
    const bnsl_status status = bnsl__options_load(out, sizeof *out, particle, "bnsl_saxs_particle", func);
    if (status)
        return status;
    if (!(out->shell >= 0 && out->shell <= 1e30))
        return bnsl__fail(BNSL_EINVAL, func, "shell is %g, must be >= 0 and <= 1e30", out->shell);
    const double sld[3] = {out->sld_core, out->sld_shell, out->sld_medium};
    for (int k = 0; k < 3; k++)
        if (!(fabs(sld[k]) <= 1e100))
            return bnsl__fail(BNSL_EINVAL, func, "sld_%s is %g, must be finite", k == 0 ? "core" : k == 1 ? "shell" : "medium", sld[k]);
    return BNSL_OK;
}

/* ---- moments -------------------------------------------------------------------------------------------------- */

/* <(R + shift)^order> */
static bnsl_status shifted_moment(const bnsl_saxs_particle *p, const saxs_sizes *s, double shift, int32_t order, double *out)
{
    double sum = 0;
    if (!bnsl__saxs_sizes_are_cut(s)) {
        double binomial = 1, power = 1; /* of order over k; shift^k */
        for (int32_t k = 0; k <= order; k++) {
            sum += binomial * power * bnsl__saxs_sizes_moment(s, order - k);
            binomial *= (double)(order - k) / (k + 1);
            power *= shift;
        }
        *out = sum;
        return BNSL_OK;
    }
    saxs_nodes nodes = {0};
    const bnsl_status status = bnsl__saxs_nodes_fill(&nodes, s, p, 0);
    for (int32_t i = 0; i < nodes.n; i++) {
        double power = 1;
        for (int32_t k = 0; k < order; k++)
            power *= nodes.radius[i] + shift;
        sum += nodes.weight[i] * power;
    }
    bnsl__saxs_nodes_free(&nodes);
    if (!status)
        *out = sum;
    return status;
}

/* ---- averages ------------------------------------------------------------------------------------------------- */

/* The amplitude's two terms: of the core's surface and of the shell's. */
typedef struct terms {
    double a, b, shell;
} terms;

static terms terms_of(const bnsl_saxs_particle *p)
{
    if (p->shell == 0)
        return (terms){p->sld_core - p->sld_medium, 0, 0};
    return (terms){p->sld_core - p->sld_shell, p->sld_shell - p->sld_medium, p->shell};
}

static void closed_form(const bnsl_saxs_particle *p, const saxs_sizes *s, int64_t n, const double *q, double *f, double *f2)
{
    const double contrast = p->sld_core - p->sld_medium;
    for (int64_t i = 0; i < n; i++) {
        double one, two;
        bnsl__saxs_sphere(s->distribution, s->mean, s->sd, q[i], &one, &two);
        if (f)
            f[i] = contrast * one;
        f2[i] = contrast * contrast * two;
    }
}

/* The same of Gaussian sizes, a block of wave numbers at a time by a kernel; the Guinier range one by one. */
static void closed_form_gaussian(const bnsl_saxs_particle *p, const saxs_sizes *s, int64_t n, const double *q, double *f, double *f2)
{
    enum { BLOCK = 8 * SAXS_LANES };
    const saxs_gaussian_fn average = BNSL_KERNEL_PICK(bnsl__isa(BNSL_ISA_AUTO), bnsl__saxs_gaussian);
    const double contrast = p->sld_core - p->sld_medium, ratio = s->sd / s->mean, volume = 4 * SAXS_PI * contrast * s->mean * s->mean * s->mean;
    _Alignas(64) double x[BLOCK], g[BLOCK], g2[BLOCK];
    for (int64_t first = 0; first < n; first += BLOCK) {
        const int64_t count = n - first < BLOCK ? n - first : BLOCK, padded = (count + SAXS_LANES - 1) / SAXS_LANES * SAXS_LANES;
        for (int64_t i = 0; i < padded; i++)
            x[i] = fmax(q[first + (i < count ? i : 0)] * s->mean, SAXS_GUINIER);
        average(padded / SAXS_LANES, x, ratio * ratio, g, g2);
        for (int64_t i = 0; i < count; i++) {
            const double unit = volume / (x[i] * x[i] * x[i]);
            if (x[i] <= SAXS_GUINIER) {
                closed_form(p, s, 1, q + first + i, f ? f + first + i : NULL, f2 + first + i);
                continue;
            }
            if (f)
                f[first + i] = unit * g[i];
            f2[first + i] = unit * unit * g2[i];
        }
    }
}

/* ceil(2 log2 x) */
static int32_t level_of(double x)
{
    int exponent;
    const double m = frexp(x, &exponent);
    const int32_t level = 2 * exponent - (m <= 0.5 ? 2 : m <= 0.70710678118654752440 ? 1 : 0);
    return x > 0 && level > LOWEST_LEVEL ? level : LOWEST_LEVEL;
}

/* <G^2> beyond all oscillation. */
static double asymptote(terms t, double q, const double moments[2])
{
    const double tau = q * t.shell, sine = sin(tau), cosine = cos(tau);
    const double c0[2] = {t.a + t.b * (cosine + tau * sine), t.b * (sine - tau * cosine)}; /* a + b (1 - i tau) exp(i tau) */
    const double c1[2] = {t.b * sine, -(t.a + t.b * cosine)};                              /* -i (a + b exp(i tau)) */
    return 0.5 * (c0[0] * c0[0] + c0[1] * c0[1] + 2 * (c0[0] * c1[0] + c0[1] * c1[1]) * q * moments[0] +
                  (c1[0] * c1[0] + c1[1] * c1[1]) * q * q * moments[1]);
}

/* The values of one level: indices[0 .. n), gathered in q; results are scattered. */
static bnsl_status one_level(const bnsl_saxs_particle *p, const saxs_sizes *s, int32_t level, saxs_nodes *nodes, int64_t n, const int64_t *indices,
                             double *work, double *f, double *f2)
{
    const saxs_average_fn average = BNSL_KERNEL_PICK(bnsl__isa(BNSL_ISA_AUTO), bnsl__saxs_average);
    const terms t = terms_of(p);
    const int64_t padded = (n + SAXS_LANES - 1) / SAXS_LANES * SAXS_LANES;
    double *q = work, *g1 = q + padded, *g2 = g1 + padded, moments[2];
    bool smooth = level > LOWEST_LEVEL && !bnsl__saxs_sizes_oscillate(s, 2 * exp2(0.5 * (level - 1)) / s->mean);
    bnsl_status status = BNSL_OK;
    for (int64_t i = 0; i < padded; i++) {
        q[i] = q[i < n ? i : n - 1];
        g1[i] = 0;
    }
    if (f || !smooth) {
        status = bnsl__saxs_nodes_fill(nodes, s, p, exp2(0.5 * level) / s->mean);
        if (!status && !nodes->too_many)
            average(padded / SAXS_LANES, q, nodes->n, nodes->radius, nodes->weight, t.shell, t.a, t.b, g1, g2);
        smooth = smooth || nodes->too_many;
    }
    for (int32_t k = 0; !status && smooth && k < 2; k++)
        status = shifted_moment(p, s, 0, k + 1, &moments[k]);
    for (int64_t i = 0; i < n && !status; i++) {
        const double unit = 4 * SAXS_PI / (q[i] * q[i] * q[i]);
        if (f)
            f[indices[i]] = unit * g1[i];
        f2[indices[i]] = unit * unit * (smooth ? asymptote(t, q[i], moments) : g2[i]);
    }
    return status;
}

static bnsl_status by_nodes(const bnsl_saxs_particle *p, const saxs_sizes *s, int64_t n, const double *q, double *f, double *f2)
{
    const double q_least = 1e-6 / (s->mean + p->shell); /* q = 0 to 1e-12 */
    saxs_nodes nodes = {0};
    saxs_lanes work = {0};
    int64_t *indices = bnsl__alloc(n, 2 * sizeof *indices);
    int32_t *levels = indices ? (int32_t *)(indices + n) : NULL;
    int32_t lowest = INT32_MAX, highest = INT32_MIN;
    bnsl_status status = n < INT64_MAX / 64 && indices && bnsl__saxs_lanes_alloc(&work, 3 * (n + SAXS_LANES)) ? BNSL_OK : BNSL_ENOMEM;
    for (int64_t i = 0; i < n && !status; i++) {
        levels[i] = level_of(q[i] * s->mean);
        lowest = levels[i] < lowest ? levels[i] : lowest;
        highest = levels[i] > highest ? levels[i] : highest;
    }
    for (int32_t level = lowest; !status && level <= highest; level++) {
        int64_t count = 0;
        for (int64_t i = 0; i < n; i++)
            if (levels[i] == level) {
                work.data[count] = fmax(q[i], q_least);
                indices[count++] = i;
            }
        if (count > 0)
            status = one_level(p, s, level, &nodes, count, indices, work.data, f, f2);
    }
    bnsl__saxs_nodes_free(&nodes);
    free(work.memory);
    free(indices);
    return status;
}

bnsl_status bnsl__saxs_particle_averages(const bnsl_saxs_particle *p, const saxs_sizes *s, int64_t n, const double *q, double *f, double *f2)
{
    if (p->shell == 0 && s->distribution != BNSL_SIZES_LOGNORMAL && !bnsl__saxs_sizes_are_cut(s)) {
        (s->distribution == BNSL_SIZES_GAUSSIAN ? closed_form_gaussian : closed_form)(p, s, n, q, f, f2);
        return BNSL_OK;
    }
    return n > 0 ? by_nodes(p, s, n, q, f, f2) : BNSL_OK;
}

bnsl_status bnsl_saxs_particle_form_factor(const bnsl_saxs_particle *particle, int64_t n, const double *q, double *f_out, double *f2_out,
                                           double *beta_out)
{
    bnsl_saxs_particle p;
    saxs_sizes s;
    bnsl_status status = bnsl__saxs_particle_load(&p, particle, __func__);
    if (!status)
        status = bnsl__saxs_sizes(&s, &p, __func__);
    if (status)
        return status;
    if (n < 0 || (n > 0 && !q))
        return BNSL_FAIL(BNSL_EINVAL, "n is %lld and q is %s, must be >= 0 and an array", (long long)n, q ? "given" : "NULL");
    for (int64_t i = 0; i < n; i++)
        if (!(q[i] >= 0 && q[i] * (p.radius + p.shell) <= X_MAX))
            return BNSL_FAIL(BNSL_EINVAL, "q[%lld] is %g, must be >= 0 and at most %g / (radius + shell)", (long long)i, q[i], X_MAX);
    double *f = bnsl__alloc(n, 2 * sizeof *f), *f2 = f ? f + n : NULL;
    status = f ? bnsl__saxs_particle_averages(&p, &s, n, q, f, f2) : BNSL_ENOMEM;
    if (!status) {
        for (int64_t i = 0; i < n && beta_out; i++)
            beta_out[i] = f2[i] > 0 ? f[i] * f[i] / f2[i] : NAN;
        if (f_out)
            memcpy(f_out, f, (size_t)n * sizeof *f);
        if (f2_out)
            memcpy(f2_out, f2, (size_t)n * sizeof *f2);
    }
    free(f);
    return status ? BNSL_NOMEM() : BNSL_OK;
}

bnsl_status bnsl__saxs_particle_volume(const bnsl_saxs_particle *p, const saxs_sizes *s, double *volume)
{
    const bnsl_status status = shifted_moment(p, s, p->shell, 3, volume);
    *volume *= 4 * SAXS_PI / 3;
    return status;
}

static bnsl_status moment(const bnsl_saxs_particle *particle, bool volume, int32_t order, double *out, const char *func)
{
    bnsl_saxs_particle p;
    saxs_sizes s;
    double value = 0;
    bnsl_status status = bnsl__saxs_particle_load(&p, particle, func);
    if (!status)
        status = bnsl__saxs_sizes(&s, &p, func);
    if (status)
        return status;
    status = volume ? bnsl__saxs_particle_volume(&p, &s, &value) : shifted_moment(&p, &s, 0, order, &value);
    if (status)
        return bnsl__fail(status, func, "out of memory");
    *out = value;
    return BNSL_OK;
}

bnsl_status bnsl_saxs_particle_moment(const bnsl_saxs_particle *particle, int32_t order, double *moment_out)
{
    if (order < 0 || order > 12 || !moment_out)
        return BNSL_FAIL(BNSL_EINVAL, "order is %d, must be 0 .. 12%s", (int)order, moment_out ? "" : "; moment_out is NULL");
    return moment(particle, false, order, moment_out, __func__);
}

bnsl_status bnsl_saxs_particle_volume(const bnsl_saxs_particle *particle, double *volume_out)
{
    if (!volume_out)
        return BNSL_FAIL(BNSL_EINVAL, "volume_out is NULL");
    return moment(particle, true, 3, volume_out, __func__);
}
