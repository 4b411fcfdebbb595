/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shells.h"

#include "particles.h"

/* Appends the k points nearest to particle i, of a species (-1: any); plane: 0 any, 1 those at the same height, 2 those straight above. */
static void append_nearest(shell *s, const particles *p, int64_t i, int32_t species, int32_t k, int32_t plane)
{
    const double edge[3] = {p->box.lx, p->box.ly, p->box.lz};
    double beyond = 1e300, farthest = 0;
    double found[4][SHELL_MAX];
    int32_t n = 0;
    for (int64_t j = 0; j < p->n; j++)
        for (int32_t image = 0; image < 343; image++) {
            const double shift[3] = {image % 7 - 3, image / 7 % 7 - 3, image / 49 - 3};
            double v[3], r = 0;
            for (int32_t a = 0; a < 3; a++) {
                v[a] = p->xyz[3 * j + a] - p->xyz[3 * i + a] + edge[a] * shift[a];
                r += v[a] * v[a];
            }
            r = sqrt(r);
            if (r < 1e-9 || (species >= 0 && p->species[j] != species) || (plane == 1 && fabs(v[2]) > 1e-9) ||
                (plane == 2 && hypot(v[0], v[1]) > 1e-9))
                continue;
            if (n == k && r >= found[0][k - 1]) {
                beyond = fmin(beyond, r);
                continue;
            }
            if (n == k)
                beyond = found[0][--n];
            int32_t place = n++;
            for (; place > 0 && found[0][place - 1] > r; place--)
                for (int32_t c = 0; c < 4; c++)
                    found[c][place] = found[c][place - 1];
            found[0][place] = r;
            for (int32_t a = 0; a < 3; a++)
                found[a + 1][place] = v[a];
        }
    assert_int_equal(n, k);
    farthest = found[0][k - 1];
    assert_true(beyond > farthest + 1e-6);
    for (int32_t m = 0; m < k; m++, s->n++)
        for (int32_t a = 0; a < 3; a++)
            s->xyz[3 * s->n + a] = found[a + 1][m];
}

/* The 12 vertices of an icosahedron: cyclic permutations of (0, 1, golden ratio) with all signs. */
static shell icosahedron(void)
{
    shell s = {.n = 0};
    double g = (1 + sqrt(5)) / 2;
    for (int32_t a = 0; a < 3; a++)
        for (int32_t signs = 0; signs < 4; signs++, s.n++) {
            double *v = s.xyz + 3 * s.n;
            v[a] = 0;
            v[(a + 1) % 3] = signs % 2 ? -1 : 1;
            v[(a + 2) % 3] = signs / 2 ? -g : g;
        }
    return s;
}

/* The 24 vertices of a snub cube: even permutations of (1, 1/t, t) with an even number of minus signs, odd ones with an odd number. */
static shell snub_cube(void)
{
    static const int32_t order[6][3] = {{0, 1, 2}, {1, 2, 0}, {2, 0, 1}, {1, 0, 2}, {0, 2, 1}, {2, 1, 0}};
    shell s = {.n = 0};
    double t = (1 + cbrt(19 + 3 * sqrt(33)) + cbrt(19 - 3 * sqrt(33))) / 3;
    const double value[3] = {1, 1 / t, t};
    for (int32_t k = 0; k < 6; k++)
        for (int32_t signs = 0; signs < 8; signs++) {
            int32_t minus = signs % 2 + signs / 2 % 2 + signs / 4;
            if (minus % 2 != (k >= 3))
                continue;
            for (int32_t a = 0; a < 3; a++)
                s.xyz[3 * s.n + a] = value[order[k][a]] * (signs >> a & 1 ? -1 : 1);
            s.n++;
        }
    return s;
}

/* From where in which crystal, and how many neighbours of each kind. */
typedef struct recipe {
    const char *name; /* of AlB2 and NaZn13: what follows the parameters */
    const char *crystal;
    int32_t site, n_l, n_s, plane;
} recipe;

static const recipe recipes[] = {
    {"FCC,12", "fcc", 0, 12, 0, 0},
    {"FCC,18", "fcc", 0, 18, 0, 0},
    {"FCC,42", "fcc", 0, 42, 0, 0},
    {"HCP(ideal c/a),12", "hcp", 0, 12, 0, 0},
    {"HCP(ideal c/a),18", "hcp", 0, 18, 0, 0},
    {"BCC,8", "bcc", 0, 8, 0, 0},
    {"BCC,14", "bcc", 0, 14, 0, 0},
    {"BCC,26", "bcc", 0, 26, 0, 0},
    {"SC,6", "sc", 0, 6, 0, 0},
    {"SC,18", "sc", 0, 18, 0, 0},
    {"SC,26", "sc", 0, 26, 0, 0},
    {"L-L,8", "AlB2", 0, 8, 0, 0},
    {"L-L in-plane,6", "AlB2", 0, 6, 0, 1},
    {"L-L axial,2", "AlB2", 0, 2, 0, 2},
    {"L-L,20", "AlB2", 0, 20, 0, 0},
    {"L-S,12", "AlB2", 0, 0, 12, 0},
    {"L-all,20", "AlB2", 0, 8, 12, 0},
    {"S-S,3", "AlB2", 2, 0, 3, 0},
    {"S-S,11", "AlB2", 2, 0, 11, 0},
    {"S-L,6", "AlB2", 2, 6, 0, 0},
    {"S-all,9", "AlB2", 2, 6, 3, 0},
    {"L-L,6", "NaZn13", 0, 6, 0, 0},
    {"L-L,18", "NaZn13", 0, 18, 0, 0},
    {"L-L,26", "NaZn13", 0, 26, 0, 0},
    {"L-S,24", "NaZn13", 0, 0, 24, 0},
    {"L-S,32", "NaZn13", 0, 0, 32, 0},
    {"L-all,30", "NaZn13", 0, 6, 24, 0},
    {"S1-S,12", "NaZn13", 4, 0, 12, 0},
    {"S1-L,8", "NaZn13", 4, 8, 0, 0},
    {"S2-S,10", "NaZn13", 8, 0, 10, 0},
    {"S2-L,2", "NaZn13", 8, 2, 0, 0},
    {"S2-all,12", "NaZn13", 8, 2, 10, 0},
};

shell shell_named(const char *name)
{
    const char *tail = name, *crystal = NULL;
    double c_over_a = 1;
    if (!strcmp(name, "Icosahedron,12"))
        return icosahedron();
    if (!strcmp(name, "Ideal snub cube,24"))
        return snub_cube();
    if (!strncmp(name, "AlB2 c/a=", 9)) {
        char *end;
        crystal = "AlB2";
        c_over_a = strtod(name + 9, &end);
        tail = end + 1;
    } else if (!strncmp(name, "NaZn13 y=.1806 z=.1192 ", 23)) {
        crystal = "NaZn13";
        tail = name + 23;
    }
    for (size_t i = 0; i < sizeof recipes / sizeof *recipes; i++) {
        const recipe *r = recipes + i;
        if (strcmp(r->name, tail) || (crystal && strcmp(r->crystal, crystal)))
            continue;
        shell s = {.n = 0};
        particles p = particles_crystal(r->crystal, c_over_a, 1, 1, 1);
        if (r->n_l > 0)
            append_nearest(&s, &p, r->site, 0, r->n_l, r->plane);
        if (r->n_s > 0)
            append_nearest(&s, &p, r->site, 1, r->n_s, r->plane);
        particles_free(&p);
        return s;
    }
    fail_msg("no shell called %s", name);
    return (shell){.n = 0};
}

void shell_steinhardt(const shell *s, int32_t n_l, const int32_t *l, double *q_out, double *w_out)
{
    static const double origin[3] = {0, 0, 0};
    bnsl_neighbor_options o;
    bnsl_neighbor_list *list;
    assert_ok(bnsl_neighbor_options_init(&o, sizeof o));
    o.mode = BNSL_NEIGHBOR_NEAREST;
    o.r_max = 0;
    o.k = s->n;
    assert_ok(bnsl_neighbor_create(&list, &o));
    assert_ok(bnsl_neighbor_build_between(list, NULL, 1, origin, NULL, NULL, s->n, s->xyz, NULL, NULL));
    assert_int_equal(bnsl_neighbor_n_bonds(list), s->n);
    assert_ok(bnsl_order_steinhardt(list, n_l, l, 1, q_out, w_out, NULL));
    bnsl_neighbor_destroy(list);
}
