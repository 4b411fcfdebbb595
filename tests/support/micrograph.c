/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "micrograph.h"

#include "bnsl_test.h"

enum { MAX_GRAINS = 64 };

typedef struct grains {
    double x[MAX_GRAINS], y[MAX_GRAINS], angle[MAX_GRAINS], shift[MAX_GRAINS][2];
} grains;

static int32_t nearest_grain(const micrograph *m, const grains *g, double x, double y)
{
    int32_t best = 0;
    for (int32_t i = 1; i < m->n_grains; i++)
        if (hypot(g->x[i] - x, g->y[i] - y) < hypot(g->x[best] - x, g->y[best] - y))
            best = i;
    return best;
}

/* A sphere's thickness, 80 in its middle, taken away around x, y. */
static void draw_particle(const micrograph *m, double *image, double x, double y)
{
    double radius = 0.44 * m->spacing;
    for (int32_t j = (int32_t)fmax(ceil(y - radius), 0); j <= (int32_t)fmin(floor(y + radius), m->height - 1); j++) {
        for (int32_t i = (int32_t)fmax(ceil(x - radius), 0); i <= (int32_t)fmin(floor(x + radius), m->width - 1); i++) {
            double r2 = ((i - x) * (i - x) + (j - y) * (j - y)) / (radius * radius);
            if (r2 < 1)
                image[(int64_t)j * m->width + i] -= 80 * sqrt(1 - r2);
        }
    }
}

static void draw_grain(const micrograph *m, const grains *g, int32_t grain, uint64_t *seed, double *image)
{
    double c = cos(g->angle[grain]), s = sin(g->angle[grain]), a = m->spacing;
    int32_t reach = (int32_t)(1.2 * (m->width + m->height) / a) + 2;
    for (int32_t row = -reach; row <= reach; row++) {
        for (int32_t column = -reach; column <= reach; column++) {
            double u = a * (column + 0.5 * (row & 1)) + g->shift[grain][0], v = a * sqrt(0.75) * row + g->shift[grain][1];
            double x = 0.5 * m->width + c * u - s * v, y = 0.5 * m->height + s * u + c * v;
            if (x < -a || y < -a || x > m->width + a || y > m->height + a || nearest_grain(m, g, x, y) != grain)
                continue;
            x += m->disorder * a * test_normal(seed);
            y += m->disorder * a * test_normal(seed);
            draw_particle(m, image, x, y);
        }
    }
}

double *micrograph_make(const micrograph *m)
{
    double *image = malloc((size_t)m->width * (size_t)m->height * sizeof *image);
    uint64_t seed = m->seed;
    grains g;
    assert_non_null(image);
    for (int32_t i = 0; i < m->n_grains; i++) {
        g.x[i] = m->width * test_uniform(&seed);
        g.y[i] = m->height * test_uniform(&seed);
        g.angle[i] = i == 0 ? m->angle * 3.141592653589793 / 180 : 7 * test_uniform(&seed);
        g.shift[i][0] = m->spacing * test_uniform(&seed);
        g.shift[i][1] = m->spacing * test_uniform(&seed);
    }
    for (int32_t j = 0; j < m->height; j++) {
        for (int32_t i = 0; i < m->width; i++) {
            double x = 2.0 * i / m->width - 1, y = 2.0 * j / m->height - 1;
            image[(int64_t)j * m->width + i] = 150 + 0.5 * m->gradient * (x + 0.6 * y - 0.5 * (x * x + y * y));
        }
    }
    for (int32_t i = 0; i < m->n_grains; i++)
        draw_grain(m, &g, i, &seed, image);
    for (int64_t i = 0; i < (int64_t)m->width * m->height && m->noise > 0; i++)
        image[i] += m->noise * test_normal(&seed);
    return image;
}
