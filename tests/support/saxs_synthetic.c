/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "saxs_synthetic.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bnsl_test.h"

#define PI 3.14159265358979323846

enum { N = SYNTHETIC_POINTS, MAX_SITES = 112, MAX_LINES = 400 };
static const double SCHERRER = 1.0747, Q_MAX = 2.2, U = 0.6, C_OVER_A = 0.99, PERIOD = 28;

/* ---- form factors: closed forms of the normal distribution of radii [saxs formulas; Hayter 1985] ------------------------------------------- */

typedef struct core {
    double radius, sigma, contrast;
} core;

static double amplitude(const core *c, double q)
{
    const double x = q * c->radius, t = q * q * c->sigma * c->sigma;
    return c->contrast * 4 * PI / (q * q * q) * exp(-t / 2) * ((1 + t) * sin(x) - x * cos(x));
}

static double square(const core *c, double q)
{
    const double r = c->radius, s = c->sigma, t = q * q * s * s, cosine = cos(2 * q * r), sine = sin(2 * q * r);
    const double inner = -cosine / 2 - q * (r * sine + 2 * q * s * s * cosine) +
                         q * q / 2 * ((r * r + s * s - 4 * q * q * s * s * s * s) * cosine - 4 * q * s * s * r * sine);
    return pow(c->contrast * 4 * PI, 2) / pow(q, 6) * ((1 + q * q * (r * r + s * s)) / 2 + exp(-2 * t) * inner);
}

/* ---- crystals ------------------------------------------------------------------------------------------------------------------------------- */

typedef struct site {
    double x, y, z;
    int species; /* 0 L, 1 S */
} site;

/* Families of equal q: (q a / 2 pi)^2, and sums over their hkl of |G_L|^2, |G_S|^2, 2 Re G_L G_S*. */
typedef struct line {
    double n2, ll, ss, ls;
    long key;
} line;

typedef struct crystal {
    int n_sites, n_lines, n_large, n_small;
    bool hexagonal;
    site sites[MAX_SITES];
    line lines[MAX_LINES];
} crystal;

static void add_site(crystal *c, double x, double y, double z, int species)
{
    c->sites[c->n_sites++] = (site){x, y, z, species};
    *(species ? &c->n_small : &c->n_large) += 1;
}

static void add_lines(crystal *c, int largest, double n2_max)
{
    for (int h = -largest; h <= largest; h++)
        for (int k = -largest; k <= largest; k++)
            for (int l = -largest; l <= largest; l++) {
                const int in_plane = c->hexagonal ? h * h + h * k + k * k : h * h + k * k + l * l;
                const double n2 = c->hexagonal ? 4.0 / 3 * in_plane + l * l / (C_OVER_A * C_OVER_A) : in_plane;
                const long key = c->hexagonal ? 1000L * in_plane + labs(l) : in_plane;
                double complex g[2] = {0, 0};
                int i = 0;
                if (in_plane + labs(l) == 0 || n2 > n2_max)
                    continue;
                for (int s = 0; s < c->n_sites; s++)
                    g[c->sites[s].species] += cexp(2 * PI * I * (h * c->sites[s].x + k * c->sites[s].y + l * c->sites[s].z));
                while (i < c->n_lines && c->lines[i].key != key)
                    i++;
                if (i == c->n_lines) {
                    if (i == MAX_LINES)
                        abort();
                    c->lines[c->n_lines++] = (line){.n2 = n2, .key = key};
                }
                c->lines[i].ll += creal(g[0] * conj(g[0]));
                c->lines[i].ss += creal(g[1] * conj(g[1]));
                c->lines[i].ls += 2 * creal(g[0] * conj(g[1]));
            }
}

static void make_alb2(crystal *c, double a_max)
{
    *c = (crystal){.hexagonal = true};
    add_site(c, 0, 0, 0, 0);
    add_site(c, 1.0 / 3, 2.0 / 3, 0.5, 1);
    add_site(c, 2.0 / 3, 1.0 / 3, 0.5, 1);
    add_lines(c, 8, pow(Q_MAX * a_max / (2 * PI), 2));
}

/* Fm-3c: L in 8a, S in 8b and 96i with y = 0.1806, z = 0.1192 */
static void make_nazn13(crystal *c, double a_max)
{
    static const double centring[4][3] = {{0, 0, 0}, {0, .5, .5}, {.5, 0, .5}, {.5, .5, 0}};
    const double y = 0.1806, z = 0.1192;
    *c = (crystal){.hexagonal = false};
    for (int f = 0; f < 4; f++) {
        const double *t = centring[f];
        for (int i = 0; i < 2; i++) {
            add_site(c, 0.25 + 0.5 * i + t[0], 0.25 + 0.5 * i + t[1], 0.25 + 0.5 * i + t[2], 0);
            add_site(c, 0.5 * i + t[0], 0.5 * i + t[1], 0.5 * i + t[2], 1);
        }
        for (int signs = 0; signs < 4; signs++)
            for (int axis = 0; axis < 3; axis++)
                for (int swapped = 0; swapped < 2; swapped++) {
                    double at[3] = {0, 0, 0}, u = swapped ? z : y, v = swapped ? y : z;
                    at[(axis + 1) % 3] = signs & 1 ? -u : u;
                    at[(axis + 2) % 3] = signs & 2 ? -v : v;
                    add_site(c, at[0] + 0.5 * swapped + t[0], at[1] + 0.5 * swapped + t[1], at[2] + 0.5 * swapped + t[2], 1);
                }
    }
    add_lines(c, (int)(Q_MAX * a_max / (2 * PI)) + 1, pow(Q_MAX * a_max / (2 * PI), 2));
}

/* ---- one pattern ------------------------------------------------------------------------------------------------------------------------------ */

typedef struct sample {
    core large, small;
    double ratio;
    double f[N], f2[N], g[N], g2[N]; /* <f_L>, <f_L^2>, <f_S>, <f_S^2> */
} sample;

static void fill_sample(sample *s, const double *q)
{
    for (int i = 0; i < N; i++) {
        s->f[i] = amplitude(&s->large, q[i]);
        s->f2[i] = square(&s->large, q[i]);
        s->g[i] = amplitude(&s->small, q[i]);
        s->g2[i] = square(&s->small, q[i]);
    }
}

static double normaliser(const sample *s, int i)
{
    return s->f2[i] + s->ratio * s->g2[i];
}

/* Percus-Yevick hard spheres by the direct correlation function in its textbook form [Ashcroft and Lekner 1966]. */
static double percus_yevick(double q, double eta, double d)
{
    const double x = q * d, e4 = pow(1 - eta, 4), a = pow(1 + 2 * eta, 2) / e4, b = -6 * eta * pow(1 + eta / 2, 2) / e4, c = eta / 2 * a;
    const double s = sin(x), k = cos(x);
    const double integral = a * (s - x * k) / pow(x, 3) + b * (2 * x * s - (x * x - 2) * k - 2) / pow(x, 4) +
                            c * ((4 * pow(x, 3) - 24 * x) * s - (pow(x, 4) - 12 * x * x + 24) * k + 24) / pow(x, 6);
    return 1 / (1 + 24 * eta * integral);
}

static double fluid(double q, double eta, double d)
{
    return 1 + (percus_yevick(q, eta, d) - 1) * exp(-pow(0.8 * q, 2));
}

static void add_crystal(const sample *s, const crystal *c, double x, double a, double xi, const double *q, double *out)
{
    const double w = PI * SCHERRER / xi, volume = c->hexagonal ? sqrt(3) / 2 * C_OVER_A * pow(a, 3) : pow(a, 3), m = (double)c->n_small / c->n_large;
    for (int i = 0; i < N; i++) {
        const double coherent = (s->f[i] * s->f[i] + m * s->g[i] * s->g[i]) * exp(-q[i] * q[i] * U * U);
        out[i] += x * (s->f2[i] + m * s->g2[i] - coherent) / normaliser(s, i);
    }
    for (int k = 0; k < c->n_lines; k++) {
        const line *l = c->lines + k;
        const double q0 = 2 * PI / a * sqrt(l->n2), f = amplitude(&s->large, q0), g = amplitude(&s->small, q0);
        const double structure = f * f * l->ll + g * g * l->ss + f * g * l->ls;
        const double area = 2 * PI * PI * structure * exp(-q0 * q0 * U * U) /
                            (volume * q0 * q0 * c->n_large * (square(&s->large, q0) + s->ratio * square(&s->small, q0)));
        if (q0 > Q_MAX)
            continue;
        for (int i = 0; i < N; i++)
            out[i] += x * area * w / PI / (pow(q[i] - q0, 2) + w * w);
    }
}

static void add_fluid(const sample *s, double large, double small, double eta, double d, const double *q, double *out)
{
    for (int i = 0; i < N; i++)
        out[i] += (large * s->f2[i] + small * s->g2[i]) / normaliser(s, i) * fluid(q[i], eta, d);
}

/* ---- series -------------------------------------------------------------------------------------------------------- */

static synthetic_series *new_series(int first, int stride, int n_all)
{
    synthetic_series *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    for (int frame = 0; frame < n_all; frame++)
        s->n_frames += frame < SYNTHETIC_REFERENCE || (frame >= first && (frame - first) % stride == 0);
    s->time = calloc((size_t)s->n_frames, sizeof *s->time);
    s->intensity = calloc((size_t)s->n_frames * N, sizeof *s->intensity);
    s->error = calloc((size_t)s->n_frames * N, sizeof *s->error);
    s->truth = calloc((size_t)s->n_frames, sizeof *s->truth);
    if (!s->time || !s->intensity || !s->error || !s->truth)
        abort();
    for (int i = 0; i < N; i++)
        s->q[i] = 0.15 + 0.00223 * i;
    for (int frame = 0, k = 0; frame < n_all; frame++)
        if (frame < SYNTHETIC_REFERENCE || (frame >= first && (frame - first) % stride == 0))
            s->time[k++] = PERIOD * frame;
    return s;
}

void synthetic_free(synthetic_series *s)
{
    if (!s)
        return;
    free(s->time);
    free(s->intensity);
    free(s->error);
    free(s->truth);
    free(s);
}

/* S(q) into counts of a ring of pixels: mean j 2e5 (q / q0) I0(q) / I0(q0) S + 20, the 20 subtracted again. A normal number stands for
 * Poisson's: the means are above 20. The stream of numbers belongs to the frame, so that a part of a series is a part of the whole. */
static void count(const sample *p, synthetic_series *s, int k, const double *pattern, uint64_t seed, double noise)
{
    uint64_t state = seed * 1000003u + (uint64_t)llround(s->time[k] / PERIOD) * 7919u + 17;
    const double flux = 1 + noise * 0.005 * test_normal(&state), unit = normaliser(p, 0);
    s->truth[k].flux = flux;
    for (int i = 0; i < N; i++) {
        const double mean = flux * 2e5 * s->q[i] / s->q[0] * normaliser(p, i) / unit * pattern[i] + 20;
        const double counts = noise > 0 ? fmax(floor(mean + noise * sqrt(mean) * test_normal(&state) + 0.5), 0) : mean;
        s->intensity[(size_t)k * N + i] = counts - 20;
        s->error[(size_t)k * N + i] = sqrt(fmax(counts, 1));
    }
}

/* Packing fraction of the drying droplet's fluid. */
static double packing(double hours, double dry)
{
    const double phi = hours < dry ? fmin(0.001 / (1 - hours / dry), 0.2) : 0.2;
    return fmin(2.47 * phi, 0.45);
}

synthetic_series *synthetic_alb2(uint64_t seed, int first, int stride, double noise)
{
    synthetic_series *s = new_series(first, stride, SYNTHETIC_ALB2_FRAMES);
    sample p = {.large = {5.2, 0.3, 33.2}, .small = {2.25, 0.2, 44.3}, .ratio = 2};
    crystal *c = calloc(1, sizeof *c);
    if (!c)
        abort();
    make_alb2(c, 14.4);
    fill_sample(&p, s->q);
    for (int k = 0; k < s->n_frames; k++) {
        double pattern[N] = {0}, hours = s->time[k] / 3600, d = fmax(hours - 3.6, 0);
        synthetic_truth *t = s->truth + k;
        t->eta = packing(hours, 3.62);
        t->x[0] = 0.95 * (1 - exp(-pow(d / 0.06, 2)));
        t->a[0] = 13.08 + 1.27 * exp(-d / 0.6);
        t->xi[0] = (60 + 270 * (1 - exp(-d / 0.03))) * pow(t->a[0] / 14.35, 1.8);
        add_fluid(&p, 1 - t->x[0], p.ratio * (1 - t->x[0]), t->eta, 12, s->q, pattern);
        if (t->x[0] > 0)
            add_crystal(&p, c, t->x[0], t->a[0], t->xi[0], s->q, pattern);
        count(&p, s, k, pattern, seed, noise);
    }
    free(c);
    return s;
}

synthetic_series *synthetic_nazn13(uint64_t seed, int first, int stride, double noise)
{
    synthetic_series *s = new_series(first, stride, SYNTHETIC_ALB2_FRAMES);
    sample p = {.large = {6.6, 0.45, 51.8}, .small = {3.2, 0.3, 44.3}, .ratio = 13};
    crystal *c = calloc(2, sizeof *c);
    if (!c)
        abort();
    make_nazn13(c, 42.1);
    make_alb2(c + 1, 17.2);
    fill_sample(&p, s->q);
    for (int k = 0; k < s->n_frames; k++) {
        double pattern[N] = {0}, hours = s->time[k] / 3600, d = fmax(hours - 2.3, 0);
        synthetic_truth *t = s->truth + k;
        t->eta = packing(hours, 2.315);
        if (hours > 2.3) {
            t->x[0] = 0.78 - 0.04 * fmin(d / 3, 1);
            t->x[1] = 0.17 + 0.04 * fmin(d / 3, 1);
        }
        t->a[0] = 40.5 + 1.5 * exp(-d / 0.7);
        t->a[1] = 16.5 + 0.6 * exp(-d / 0.7);
        t->xi[0] = 60 + 450 * (1 - exp(-d / 0.03));
        t->xi[1] = 60 + 140 * (1 - exp(-d / 0.03));
        add_fluid(&p, 1 - t->x[0] - t->x[1], p.ratio - 13 * t->x[0] - 2 * t->x[1], t->eta, 15, s->q, pattern);
        for (int i = 0; i < 2; i++)
            if (t->x[i] > 0)
                add_crystal(&p, c + i, t->x[i], t->a[i], t->xi[i], s->q, pattern);
        count(&p, s, k, pattern, seed, noise);
    }
    free(c);
    return s;
}
