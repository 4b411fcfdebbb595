/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "particles.h"

/* ---- crystals ------------------------------------------------------------------------------------------ */

typedef struct site {
    double x, y, z;
    int32_t species;
} site;

typedef struct cell {
    double edge[3];
    int32_t n;
    site sites[112];
} cell;

static void add_site(cell *c, double x, double y, double z, int32_t species)
{
    c->sites[c->n++] = (site){x - floor(x), y - floor(y), z - floor(z), species};
}

static void add_face_centred(cell *c, double x, double y, double z, int32_t species)
{
    add_site(c, x, y, z, species);
    add_site(c, x, y + 0.5, z + 0.5, species);
    add_site(c, x + 0.5, y, z + 0.5, species);
    add_site(c, x + 0.5, y + 0.5, z, species);
}

/* Fm-3c: L 8a (1/4, 1/4, 1/4), S1 8b (0, 0, 0), S2 96i (0, y, z) as icosahedra of two orientations around the 8b sites. */
static void add_nazn13(cell *c)
{
    const double y = 0.1806, z = 0.1192;
    for (int32_t half = 0; half < 2; half++) {
        double o = 0.5 * half, u = half ? z : y, v = half ? y : z;
        add_face_centred(c, 0.25 + o, 0.25 + o, 0.25 + o, 0);
        add_face_centred(c, o, o, o, 1);
        for (int32_t s = -1; s <= 1; s += 2)
            for (int32_t t = -1; t <= 1; t += 2) {
                add_face_centred(c, o, o + s * u, o + t * v, 1);
                add_face_centred(c, o + t * v, o, o + s * u, 1);
                add_face_centred(c, o + s * u, o + t * v, o, 1);
            }
    }
}

/* A site of a hexagonal cell, in the orthorhombic one: fractions u, v along vectors 120 degrees apart. */
static void add_hexagonal(cell *c, double u, double v, double z, int32_t species)
{
    double x = u - 0.5 * v, y = 0.5 * v;
    add_site(c, x, y, z, species);
    add_site(c, x + 0.5, y + 0.5, z, species);
}

/* P6_3/mmc, ideal: L 4f (1/3, 2/3, 1/16), S 2a (0, 0, 0) and 6h (-1/6, -1/3, 1/4). */
static void add_mgzn2(cell *c)
{
    for (int32_t s = -1; s <= 1; s += 2) {
        add_hexagonal(c, s / 3.0, 2 * s / 3.0, s / 16.0, 0);
        add_hexagonal(c, s * 2 / 3.0, s / 3.0, 0.5 + s / 16.0, 0);
        add_hexagonal(c, 0, 0, s > 0 ? 0 : 0.5, 1);
        add_hexagonal(c, -s / 6.0, -s / 3.0, 0.25 * s, 1);
        add_hexagonal(c, s / 3.0, s / 6.0, 0.25 * s, 1);
        add_hexagonal(c, -s / 6.0, s / 6.0, 0.25 * s, 1);
    }
}

static cell make_cell(const char *name, double c_over_a)
{
    cell c = {{1, 1, 1}, 0, {{0, 0, 0, 0}}};
    if (!strcmp(name, "sc")) {
        add_site(&c, 0, 0, 0, 0);
    } else if (!strcmp(name, "bcc")) {
        c.edge[0] = c.edge[1] = c.edge[2] = 2 / sqrt(3);
        add_site(&c, 0, 0, 0, 0);
        add_site(&c, 0.5, 0.5, 0.5, 0);
    } else if (!strcmp(name, "fcc")) {
        c.edge[0] = c.edge[1] = c.edge[2] = sqrt(2);
        add_face_centred(&c, 0, 0, 0, 0);
    } else if (!strcmp(name, "hcp")) {
        c.edge[1] = sqrt(3);
        c.edge[2] = sqrt(8.0 / 3);
        add_site(&c, 0, 0, 0, 0);
        add_site(&c, 0.5, 0.5, 0, 0);
        add_site(&c, 0, 1.0 / 3, 0.5, 0);
        add_site(&c, 0.5, 5.0 / 6, 0.5, 0);
    } else if (!strcmp(name, "AlB2")) {
        c.edge[1] = sqrt(3);
        c.edge[2] = c_over_a;
        add_site(&c, 0, 0, 0, 0);
        add_site(&c, 0.5, 0.5, 0, 0);
        add_site(&c, 0, 1.0 / 3, 0.5, 1);
        add_site(&c, 0, 2.0 / 3, 0.5, 1);
        add_site(&c, 0.5, 1.0 / 6, 0.5, 1);
        add_site(&c, 0.5, 5.0 / 6, 0.5, 1);
    } else if (!strcmp(name, "NaZn13")) {
        c.edge[0] = c.edge[1] = c.edge[2] = 2;
        add_nazn13(&c);
    } else if (!strcmp(name, "CsCl")) {
        add_site(&c, 0, 0, 0, 0);
        add_site(&c, 0.5, 0.5, 0.5, 1);
    } else if (!strcmp(name, "NaCl")) {
        c.edge[0] = c.edge[1] = c.edge[2] = sqrt(2);
        add_face_centred(&c, 0, 0, 0, 0);
        add_face_centred(&c, 0.5, 0, 0, 1);
    } else if (!strcmp(name, "Cu3Au")) {
        add_site(&c, 0, 0, 0, 0);
        add_site(&c, 0, 0.5, 0.5, 1);
        add_site(&c, 0.5, 0, 0.5, 1);
        add_site(&c, 0.5, 0.5, 0, 1);
    } else if (!strcmp(name, "MgZn2")) {
        c.edge[0] = sqrt(8.0 / 3);
        c.edge[1] = sqrt(8.0);
        c.edge[2] = 8.0 / 3;
        add_mgzn2(&c);
    } else {
        fail_msg("no crystal called %s", name);
    }
    return c;
}

static particles particles_new(int64_t n)
{
    particles p = {.n = n, .xyz = calloc((size_t)n * 3 + 1, sizeof(double)), .species = calloc((size_t)n + 1, sizeof(int32_t))};
    assert_non_null(p.xyz);
    assert_non_null(p.species);
    return p;
}

particles particles_crystal(const char *name, double c_over_a, int32_t nx, int32_t ny, int32_t nz)
{
    cell c = make_cell(name, c_over_a);
    particles p = particles_new((int64_t)c.n * nx * ny * nz);
    assert_ok(bnsl_box_init(&p.box, nx * c.edge[0], ny * c.edge[1], nz * c.edge[2], 0, 0, 0));
    int64_t i = 0;
    for (int32_t x = 0; x < nx; x++)
        for (int32_t y = 0; y < ny; y++)
            for (int32_t z = 0; z < nz; z++)
                for (int32_t s = 0; s < c.n; s++, i++) {
                    p.xyz[3 * i] = (x + c.sites[s].x - 0.5 * nx) * c.edge[0];
                    p.xyz[3 * i + 1] = (y + c.sites[s].y - 0.5 * ny) * c.edge[1];
                    p.xyz[3 * i + 2] = (z + c.sites[s].z - 0.5 * nz) * c.edge[2];
                    p.species[i] = c.sites[s].species;
                }
    return p;
}

double particles_nearest(const particles *p, int32_t species)
{
    enum { FIRST = 112 }; /* one cell at least */
    double nearest = INFINITY;
    for (int64_t i = 0; i < p->n && i < FIRST; i++)
        for (int64_t j = 0; j < p->n && p->species[i] == species; j++) {
            double v[3];
            if (j == i || p->species[j] != species)
                continue;
            for (int32_t a = 0; a < 3; a++)
                v[a] = p->xyz[3 * i + a] - p->xyz[3 * j + a];
            assert_ok(bnsl_box_minimum_image(&p->box, 1, v));
            nearest = fmin(nearest, sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]));
        }
    return isfinite(nearest) ? nearest : 0;
}

void particles_shake(particles *p, double rms_l, double rms_s, uint64_t *state)
{
    for (int64_t i = 0; i < p->n; i++)
        for (int32_t a = 0; a < 3; a++)
            p->xyz[3 * i + a] += (p->species[i] == 0 ? rms_l : rms_s) / sqrt(3) * test_normal(state);
}

void particles_append(particles *p, const particles *q, const double shift[3])
{
    p->xyz = realloc(p->xyz, (size_t)(p->n + q->n) * 3 * sizeof(double));
    p->species = realloc(p->species, (size_t)(p->n + q->n) * sizeof(int32_t));
    assert_non_null(p->xyz);
    assert_non_null(p->species);
    for (int64_t i = 0; i < 3 * q->n; i++)
        p->xyz[3 * p->n + i] = q->xyz[i] + shift[i % 3];
    for (int64_t i = 0; i < q->n; i++)
        p->species[p->n + i] = q->species[i];
    p->n += q->n;
}

void random_rotation(double m[9], uint64_t *state)
{
    double q[4], norm = 0;
    for (int32_t i = 0; i < 4; i++) {
        q[i] = test_normal(state);
        norm += q[i] * q[i];
    }
    for (int32_t i = 0; i < 4; i++)
        q[i] /= sqrt(norm);
    double a = q[0], b = q[1], c = q[2], d = q[3];
    const double r[9] = {1 - 2 * (c * c + d * d), 2 * (b * c - a * d), 2 * (b * d + a * c), 2 * (b * c + a * d),    1 - 2 * (b * b + d * d),
                         2 * (c * d - a * b),     2 * (b * d - a * c), 2 * (c * d + a * b), 1 - 2 * (b * b + c * c)};
    memcpy(m, r, sizeof r);
}

void rotate_all(int64_t n, double *xyz, const double m[9])
{
    for (int64_t i = 0; i < n; i++) {
        double *r = xyz + 3 * i, x = r[0], y = r[1], z = r[2];
        for (int32_t a = 0; a < 3; a++)
            r[a] = m[3 * a] * x + m[3 * a + 1] * y + m[3 * a + 2] * z;
    }
}

void particles_free(particles *p)
{
    free(p->xyz);
    free(p->species);
    *p = (particles){.n = 0};
}

/* ---- hard-sphere fluids --------------------------------------------------------------------------------- */

/* Spheres in cells at least one large diameter wide. */
enum { CELL_ROOM = 60 };
typedef struct gas {
    particles *p;
    double *diameter, edge;
    int32_t side;
    int32_t *count, *member; /* side^3; side^3 x CELL_ROOM */
} gas;

static int32_t cell_of(const gas *g, const double *r)
{
    int32_t at[3];
    for (int32_t a = 0; a < 3; a++) {
        at[a] = (int32_t)(r[a] / g->edge * g->side);
        if (at[a] >= g->side)
            at[a] = g->side - 1;
    }
    return (at[2] * g->side + at[1]) * g->side + at[0];
}

static void enter(gas *g, int32_t i, int32_t c)
{
    assert_true(g->count[c] < CELL_ROOM);
    g->member[c * CELL_ROOM + g->count[c]++] = i;
}

static void leave(gas *g, int32_t i, int32_t c)
{
    int32_t k = 0;
    while (g->member[c * CELL_ROOM + k] != i)
        k++;
    g->member[c * CELL_ROOM + k] = g->member[c * CELL_ROOM + --g->count[c]];
}

/* Sum of the overlap depths of a sphere i put at r, all diameters times grow; push: the sum of the overlaps as vectors, or NULL. */
static double overlap(const gas *g, int32_t i, const double r[3], double grow, double push[3])
{
    double sum = 0, d_i = g->diameter[i];
    int32_t home = cell_of(g, r), n = g->side, x = home % n, y = home / n % n, z = home / (n * n);
    for (int32_t k = 0; k < 27; k++) {
        int32_t c = ((z + k / 9 - 1 + n) % n * n + (y + k / 3 % 3 - 1 + n) % n) * n + (x + k % 3 - 1 + n) % n;
        for (int32_t m = 0; m < g->count[c]; m++) {
            int32_t j = g->member[c * CELL_ROOM + m];
            double d = 0.5 * grow * (d_i + g->diameter[j]), v[3], r2 = 0;
            for (int32_t a = 0; a < 3; a++) {
                v[a] = r[a] - g->p->xyz[3 * (int64_t)j + a];
                v[a] -= g->edge * rint(v[a] / g->edge);
                r2 += v[a] * v[a];
            }
            if (j == i || r2 >= d * d)
                continue;
            sum += d - sqrt(r2);
            for (int32_t a = 0; push && a < 3; a++)
                push[a] += v[a] * (d / sqrt(r2) - 1);
        }
    }
    return sum;
}

static void move_to(gas *g, int32_t i, const double to[3])
{
    double *r = g->p->xyz + 3 * (int64_t)i, wrapped[3];
    for (int32_t a = 0; a < 3; a++)
        wrapped[a] = to[a] - g->edge * floor(to[a] / g->edge);
    int32_t old = cell_of(g, r), new = cell_of(g, wrapped);
    memcpy(r, wrapped, sizeof wrapped);
    if (old != new) {
        leave(g, i, old);
        enter(g, i, new);
    }
}

/* Pushes overlapping spheres apart one after the other, with diameters a little larger than asked for; returns the overlap that is left. */
static double separate(gas *g)
{
    double left = 1;
    for (int32_t s = 0; s < 1000 && left > 0; s++) {
        left = 0;
        for (int32_t i = 0; i < g->p->n; i++) {
            double *r = g->p->xyz + 3 * (int64_t)i, push[3] = {0, 0, 0};
            if (overlap(g, i, r, 1.02, push) > 0) {
                const double to[3] = {r[0] + 0.6 * push[0], r[1] + 0.6 * push[1], r[2] + 0.6 * push[2]};
                move_to(g, i, to);
            }
        }
        for (int32_t i = 0; i < g->p->n; i++)
            left += overlap(g, i, g->p->xyz + 3 * (int64_t)i, 1, NULL);
    }
    return left;
}

static void sweep(gas *g, double step, uint64_t *state)
{
    for (int64_t t = 0; t < g->p->n; t++) {
        int32_t i = (int32_t)((double)g->p->n * test_uniform(state));
        const double *r = g->p->xyz + 3 * (int64_t)i;
        double trial[3];
        for (int32_t a = 0; a < 3; a++) {
            trial[a] = r[a] + step * g->diameter[i] * (2 * test_uniform(state) - 1);
            trial[a] -= g->edge * floor(trial[a] / g->edge);
        }
        if (overlap(g, i, trial, 1, NULL) == 0)
            move_to(g, i, trial);
    }
}

/* Normal around 1 (L) or 0.55 (S) with the relative deviation, cut off at 3 of them. */
static double random_diameter(int32_t species, double deviation, uint64_t *state)
{
    double z = 4;
    while (deviation > 0 && fabs(z) > 3)
        z = test_normal(state);
    return (species == 0 ? 1 : 0.55) * (deviation > 0 ? 1 + deviation * z : 1);
}

particles particles_polydisperse_fluid(int64_t n_l, int64_t n_s, double packing_fraction, double deviation_l, double deviation_s, int32_t n_sweeps,
                                       uint64_t seed)
{
    particles p = particles_new(n_l + n_s);
    gas g = {.p = &p, .diameter = calloc((size_t)p.n + 1, sizeof(double))};
    assert_non_null(g.diameter);
    double cubes = 0, largest = 0;
    for (int32_t i = 0; i < p.n; i++) {
        p.species[i] = i < n_l ? 0 : 1;
        g.diameter[i] = random_diameter(p.species[i], i < n_l ? deviation_l : deviation_s, &seed);
        cubes += g.diameter[i] * g.diameter[i] * g.diameter[i];
        largest = fmax(largest, g.diameter[i]);
    }
    g.edge = cbrt(acos(-1) / 6 * cubes / packing_fraction);
    g.side = (int32_t)(g.edge / largest);
    assert_ok(bnsl_box_init(&p.box, g.edge, g.edge, g.edge, 0, 0, 0));
    size_t n_cells = (size_t)(g.side * g.side * g.side);
    g.count = calloc(n_cells, sizeof *g.count);
    g.member = calloc(n_cells * CELL_ROOM, sizeof *g.member);
    assert_true(g.side >= 3 && g.count && g.member);
    for (int32_t i = 0; i < p.n; i++) {
        for (int32_t a = 0; a < 3; a++)
            p.xyz[3 * i + a] = g.edge * test_uniform(&seed);
        enter(&g, i, cell_of(&g, p.xyz + 3 * i));
    }
    assert_true(separate(&g) == 0);
    for (int32_t s = 0; s < n_sweeps; s++)
        sweep(&g, 0.1, &seed);
    for (int64_t i = 0; i < 3 * p.n; i++)
        p.xyz[i] -= 0.5 * g.edge;
    free(g.count), free(g.member), free(g.diameter);
    return p;
}

particles particles_fluid(int64_t n_l, int64_t n_s, double packing_fraction, int32_t n_sweeps, uint64_t seed)
{
    return particles_polydisperse_fluid(n_l, n_s, packing_fraction, 0, 0, n_sweeps, seed);
}
