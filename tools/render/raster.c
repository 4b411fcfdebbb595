/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Spheres to pixels: a z-buffer with 2 x 2 samples a pixel. First everything opaque; then the fluid, from back to front, as a thin
 * glaze over what lies behind it. Light comes from the upper left; what is farther away is paler.
 * Cost: proportional to the area covered, and sorting the fluid. Memory: 8 bytes a sample.
 */
#include "scene.h"

#include <math.h>
#include <stdlib.h>

enum { SAMPLES = 2 };                 /* per pixel, in each direction */
static const double haze = 0.5;       /* how much of the colour is lost at the far end */
static const double glaze = 0.38;     /* opacity of the fluid */

typedef struct canvas {
    int32_t width, height;  /* samples */
    float *depth;           /* towards the viewer; -infinity: nothing */
    unsigned char *rgb;     /* 4 bytes a sample, the last one unused */
    double scale;           /* samples a unit of length */
    const scene *scene;
} canvas;

static double to_column(const canvas *c, double x)
{
    return 0.5 * c->width + (x - c->scene->center[0]) * c->scale;
}

static double to_row(const canvas *c, double y)
{
    return 0.5 * c->height - (y - c->scene->center[1]) * c->scale;
}

/* Mixes with white by the distance from the viewer. */
static double paleness(const canvas *c, double z)
{
    double depth = c->scene->z_front - c->scene->z_back;
    return depth > 0 ? haze * fmin(fmax((c->scene->z_front - z) / depth, 0), 1) : 0;
}

static void put(unsigned char *sample, const double *color, double opacity)
{
    for (int k = 0; k < 3; k++) {
        double mixed = opacity * fmin(color[k], 255) + (1 - opacity) * sample[k];
        sample[k] = (unsigned char)(mixed + 0.5);
    }
}

/* Colour of a sphere's point with normal (u, v, w), |normal| = 1, w towards the viewer. */
static void shade(const unsigned char *base, double u, double v, double w, double pale, double *color)
{
    double diffuse = fmax(0, -0.40 * u + 0.52 * v + 0.755 * w);
    double highlight = diffuse * diffuse; /* (half-way vector).normal to a high power, by squaring */
    for (int i = 0; i < 4; i++)
        highlight *= highlight;
    double body = 0.36 + 0.68 * diffuse;
    double rim = w < 0.30 ? 0.55 + 1.5 * w : 1;
    for (int k = 0; k < 3; k++) {
        double lit = rim * (body * base[k] + 70 * highlight);
        color[k] = lit + pale * (255 - lit);
    }
}

static void draw_sphere(canvas *c, const scene_sphere *s, bool opaque)
{
    double radius = s->radius * c->scale, cx = to_column(c, s->x), cy = to_row(c, s->y);
    int i_min = (int)fmax(0, floor(cx - radius)), i_max = (int)fmin(c->width - 1, ceil(cx + radius));
    int j_min = (int)fmax(0, floor(cy - radius)), j_max = (int)fmin(c->height - 1, ceil(cy + radius));
    double pale = paleness(c, s->z);
    for (int j = j_min; j <= j_max; j++) {
        for (int i = i_min; i <= i_max; i++) {
            double u = (i + 0.5 - cx) / radius, v = (cy - j - 0.5) / radius, flat = u * u + v * v;
            if (flat >= 1)
                continue;
            double w = sqrt(1 - flat), color[3];
            float z = (float)(s->z + s->radius * w);
            int64_t at = (int64_t)j * c->width + i;
            if (z <= c->depth[at])
                continue;
            if (opaque)
                c->depth[at] = z;
            shade(scene_color[s->kind], u, v, w, pale, color);
            put(c->rgb + 4 * at, color, opaque ? 1 : glaze);
        }
    }
}

/* A box edge, one pixel wide, hidden by what is in front of it. */
static void draw_edge(canvas *c, const double *a, const double *b)
{
    double x0 = to_column(c, a[0]), y0 = to_row(c, a[1]), x1 = to_column(c, b[0]), y1 = to_row(c, b[1]);
    int n = (int)fmin(ceil(fmax(fabs(x1 - x0), fabs(y1 - y0))) + 1, 1e6);
    for (int step = 0; step <= n; step++) {
        double t = (double)step / n, z = a[2] + t * (b[2] - a[2]);
        double gray[3] = {90, 90, 90}, pale = paleness(c, z);
        for (int k = 0; k < 3; k++)
            gray[k] += pale * (255 - gray[k]);
        int i0 = (int)floor(x0 + t * (x1 - x0)), j0 = (int)floor(y0 + t * (y1 - y0));
        for (int j = j0; j < j0 + SAMPLES; j++) {
            for (int i = i0; i < i0 + SAMPLES; i++) {
                int64_t at = (int64_t)j * c->width + i;
                if (i < 0 || j < 0 || i >= c->width || j >= c->height || (float)z <= c->depth[at])
                    continue;
                c->depth[at] = (float)z;
                put(c->rgb + 4 * at, gray, 1);
            }
        }
    }
}

static int compare_depth(const void *a, const void *b)
{
    const scene_sphere *s = *(const scene_sphere *const *)a, *t = *(const scene_sphere *const *)b;
    return (s->z > t->z) - (s->z < t->z);
}

static bool draw_fluid(canvas *c)
{
    const scene *s = c->scene;
    const scene_sphere **order = malloc((size_t)(s->n + 1) * sizeof *order);
    if (!order)
        return false;
    int64_t n = 0;
    for (int64_t i = 0; i < s->n; i++)
        if (s->spheres[i].kind == SCENE_FLUID)
            order[n++] = &s->spheres[i];
    qsort(order, (size_t)n, sizeof *order, compare_depth);
    for (int64_t i = 0; i < n; i++)
        draw_sphere(c, order[i], false);
    free(order);
    return true;
}

/* Means of the samples of each pixel. */
static void reduce(const canvas *c, int32_t width, int32_t height, unsigned char *pixels, int32_t stride)
{
    for (int32_t j = 0; j < height; j++) {
        uint32_t *row = (uint32_t *)(void *)(pixels + (int64_t)j * stride);
        for (int32_t i = 0; i < width; i++) {
            uint32_t sum[3] = {0, 0, 0};
            for (int sj = 0; sj < SAMPLES; sj++)
                for (int si = 0; si < SAMPLES; si++)
                    for (int k = 0; k < 3; k++)
                        sum[k] += c->rgb[4 * ((int64_t)(SAMPLES * j + sj) * c->width + SAMPLES * i + si) + k];
            uint32_t share = SAMPLES * SAMPLES, half = share / 2;
            row[i] = (sum[0] + half) / share << 16 | (sum[1] + half) / share << 8 | (sum[2] + half) / share;
        }
    }
}

bool raster_draw(const scene *s, double scale, int32_t width, int32_t height, unsigned char *pixels, int32_t stride)
{
    canvas c = {.width = SAMPLES * width, .height = SAMPLES * height, .scale = SAMPLES * scale, .scene = s};
    size_t n = (size_t)c.width * (size_t)c.height;
    c.depth = malloc(n * sizeof *c.depth);
    c.rgb = malloc(4 * n);
    bool good = c.depth && c.rgb;
    if (good) {
        for (size_t i = 0; i < n; i++)
            c.depth[i] = -INFINITY;
        for (size_t i = 0; i < 4 * n; i++)
            c.rgb[i] = 255;
        for (int64_t i = 0; i < s->n; i++)
            if (s->spheres[i].kind != SCENE_FLUID)
                draw_sphere(&c, &s->spheres[i], true);
        for (int e = 0; s->has_box && e < 12; e++)
            draw_edge(&c, s->edge[e][0], s->edge[e][1]);
        good = draw_fluid(&c);
    }
    if (good)
        reduce(&c, width, height, pixels, stride);
    free(c.depth);
    free(c.rgb);
    return good;
}
