/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Densest packing of hard spheres on the sites of a prototype.
 *
 * With a = 1 the sites are linear in the free coordinates p, and the smallest cell without overlaps has the volume exp(max_k F_k(p)),
 *
 *   F_k(p) = ln v(p) + 3 ln(d_k / b_k(p)),   k: a pair of sites, its contact distance d_k and its distance b_k
 *
 * which is minimised over p (c/a and x, y, z: three at most) by sequential linear programming in a trust region, the step by the program
 * of linear.c, as Torquato and Jiao [Phys. Rev. E 82, 061302 (2010)] do for general cells: quadratic convergence where as many contacts
 * meet as there are parameters, the usual case. Several starts, because the contacts allow local optima.
 * Cost: starts x iterations x (orbits x sites x 27 distances).
 */
#include <math.h>
#include <stdlib.h>

#include "lattice_internal.h"

enum { N_PARAMETERS = 4 /* c/a, x, y, z */, MAX_PIECES = BNSL__LP_ROWS - N_PARAMETERS, MAX_ITERATIONS = 60, MAX_FOLLOWED = 5 };

#define NEAR_CONTACT 0.7  /* pairs whose F is within this of the largest take part in a step: distances up to 26 % more than contact */
#define TOUCHING 3e-7     /* F within this of the largest: the distance to 1e-7 */
#define FIRST_STEP 0.1    /* trust region, fraction of a parameter's range */
#define LAST_STEP 1e-13
#define SAME_VALUE 1e-11
#define PI_6 0.52359877559829887

typedef struct problem {
    const bnsl_lattice *lattice;
    double diameter[2];
    int32_t n_varied;
    int32_t varied[N_PARAMETERS]; /* which of the parameters */
    double start[N_PARAMETERS], low[N_PARAMETERS], high[N_PARAMETERS];
    double (*site)[3];        /* coordinates at the lattice's own parameters */
    int32_t (*slope)[3][3];   /* of site i, coordinate k by x, y, z: whole numbers */
} problem;

/* A pair near contact: F and its derivatives by the varied parameters. */
typedef struct piece {
    double f, g[N_PARAMETERS];
    int32_t species; /* 0 LL, 1 LS, 2 SS */
} piece;

typedef struct pieces {
    int32_t n;
    piece items[MAX_PIECES];
} pieces;

/* ---- distances ------------------------------------------------------------------------------------- */

/* x from site i to site j in the same cell at the parameters p; dx: its derivatives by x, y, z. */
static void pair_vector(const problem *pr, const double p[N_PARAMETERS], int32_t i, int32_t j, double x[3], double dx[3][3])
{
    for (int k = 0; k < 3; k++) {
        x[k] = pr->site[j][k] - pr->site[i][k];
        for (int q = 0; q < 3; q++) {
            dx[k][q] = pr->slope[j][k][q] - pr->slope[i][k][q];
            x[k] += dx[k][q] * (p[1 + q] - pr->start[1 + q]);
        }
    }
}

/* F and its gradient for a pair at x, x with the cell's shift; d: contact distance; species 0 LL, 1 LS, 2 SS. */
static piece piece_of(const problem *pr, double c, double cross, double d, const double x[3], double dx[3][3], int32_t species)
{
    double r2 = x[0] * x[0] + x[1] * x[1] + cross * x[0] * x[1] + c * c * x[2] * x[2];
    double by[N_PARAMETERS] = {1.0 / c - 1.5 * 2.0 * c * x[2] * x[2] / r2};
    for (int q = 0; q < 3; q++) {
        double by_q = (2.0 * x[0] + cross * x[1]) * dx[0][q] + (2.0 * x[1] + cross * x[0]) * dx[1][q] + 2.0 * c * c * x[2] * dx[2][q];
        by[1 + q] = -1.5 * by_q / r2;
    }
    piece new = {.f = log(c) + 1.5 * log(d * d / r2), .species = species};
    for (int32_t v = 0; v < pr->n_varied; v++)
        new.g[v] = by[pr->varied[v]];
    return new;
}

static bool same_piece(const pieces *list, const piece *new)
{
    for (int32_t k = 0; k < list->n; k++) {
        bool same = list->items[k].species == new->species && fabs(list->items[k].f - new->f) < 1e-12;
        for (int v = 0; v < N_PARAMETERS; v++)
            same = same && fabs(list->items[k].g[v] - new->g[v]) < 1e-9 * (1.0 + fabs(new->g[v]));
        if (same)
            return true;
    }
    return false;
}

/* Adds a piece unless it is there; a full list loses its least one. */
static void add_piece(pieces *list, const piece *new)
{
    if (same_piece(list, new))
        return;
    if (list->n < MAX_PIECES) {
        list->items[list->n++] = *new;
        return;
    }
    int32_t least = 0;
    for (int32_t k = 1; k < list->n; k++)
        if (list->items[k].f < list->items[least].f)
            least = k;
    if (list->items[least].f < new->f)
        list->items[least] = *new;
}

/* Pairs of site i with site j and its images: raises *largest to the largest (d/b)^2, lists those above least. */
static void scan_pair(const problem *pr, const double p[N_PARAMETERS], int32_t i, int32_t j, double least, double *largest, pieces *list)
{
    const bnsl_lattice *lattice = pr->lattice;
    double cross = lattice->prototype->group->family == BNSL__HEXAGONAL ? -1.0 : 0.0; /* 2 cos(gamma) */
    double c2 = p[0] * p[0], d = 0.5 * (pr->diameter[lattice->sites[i].species] + pr->diameter[lattice->sites[j].species]);
    double base[3], dx[3][3];
    pair_vector(pr, p, i, j, base, dx);
    for (int m = 0; m < 27; m++) {
        const double x[3] = {base[0] + (m / 9 - 1), base[1] + (m / 3 % 3 - 1), base[2] + (m % 3 - 1)};
        double r2 = x[0] * x[0] + x[1] * x[1] + cross * x[0] * x[1] + c2 * x[2] * x[2];
        if (i == j && r2 < 1e-20)
            continue;
        double closeness = r2 > 1e-20 ? d * d / r2 : 1e20;
        *largest = fmax(*largest, closeness);
        if (closeness > least && r2 > 1e-20) {
            piece new = piece_of(pr, p[0], cross, d, x, dx, lattice->sites[i].species + lattice->sites[j].species);
            add_piece(list, &new);
        }
    }
}

/* max F at p; where a list is wanted, the pairs with F above the floor. One site stands for its orbit. */
static double scan(const problem *pr, const double p[N_PARAMETERS], double floor, pieces *list)
{
    const bnsl_lattice *lattice = pr->lattice;
    double largest = 0.0, least = list ? exp((floor - log(p[0])) / 1.5) : INFINITY;
    if (list)
        list->n = 0;
    for (int32_t i = 0; i < lattice->n_sites; i++)
        if (i == 0 || lattice->sites[i].orbit != lattice->sites[i - 1].orbit)
            for (int32_t j = i; j < lattice->n_sites; j++)
                scan_pair(pr, p, i, j, least, &largest, list);
    return log(p[0]) + 1.5 * log(largest);
}

/* ---- optimum --------------------------------------------------------------------------------------- */

/* The step within the trust region that lowers the linearised maximum most; returns that maximum. */
static double best_step(const problem *pr, const pieces *list, const double p[N_PARAMETERS], double trust, double step[N_PARAMETERS])
{
    bnsl__linear_program lp = {.n = pr->n_varied + 1, .m = 0};
    double lowest[N_PARAMETERS], offset = -INFINITY;
    for (int32_t v = 0; v < pr->n_varied; v++) {
        int32_t which = pr->varied[v];
        double reach = trust * (pr->high[which] - pr->low[which]);
        lowest[v] = fmax(-reach, pr->low[which] - p[which]);
        lp.a[lp.m][v] = 1.0;
        lp.b[lp.m++] = fmin(reach, pr->high[which] - p[which]) - lowest[v];
    }
    for (int32_t k = 0; k < list->n; k++) {
        double at_lowest = list->items[k].f;
        for (int32_t v = 0; v < pr->n_varied; v++)
            at_lowest += list->items[k].g[v] * lowest[v];
        offset = fmax(offset, at_lowest);
        for (int32_t v = 0; v < pr->n_varied; v++)
            lp.a[lp.m][v] = list->items[k].g[v];
        lp.a[lp.m][pr->n_varied] = 1.0;
        lp.b[lp.m++] = -at_lowest;
    }
    for (int32_t k = pr->n_varied; k < lp.m; k++)
        lp.b[k] += offset; /* >= 0: the lowest corner is feasible */
    lp.c[pr->n_varied] = 1.0;
    double x[BNSL__LP_COLUMNS];
    bnsl__linear_maximum(&lp, x);
    for (int32_t v = 0; v < pr->n_varied; v++)
        step[v] = lowest[v] + x[v];
    return offset - x[pr->n_varied];
}

/* Improves p; returns max F there. */
static double descend(const problem *pr, double p[N_PARAMETERS], pieces *list)
{
    double f = scan(pr, p, 0.0, NULL), trust = FIRST_STEP;
    for (int it = 0; it < MAX_ITERATIONS && trust > LAST_STEP; it++) {
        scan(pr, p, f - NEAR_CONTACT, list);
        double step[N_PARAMETERS], next[N_PARAMETERS];
        double predicted = f - best_step(pr, list, p, trust, step);
        if (!(predicted > 1e-15))
            break;
        for (int k = 0; k < N_PARAMETERS; k++)
            next[k] = p[k];
        for (int32_t v = 0; v < pr->n_varied; v++)
            next[pr->varied[v]] += step[v];
        double f_next = scan(pr, next, 0.0, NULL), gained = f - f_next;
        if (gained > 0.0) {
            f = f_next;
            for (int k = 0; k < N_PARAMETERS; k++)
                p[k] = next[k];
        }
        trust = gained > 0.7 * predicted ? fmin(2.0 * trust, 0.5) : gained > 0.1 * predicted ? trust : 0.25 * trust;
    }
    return f;
}

typedef struct candidate {
    double f, p[N_PARAMETERS];
} candidate;

static int by_value(const void *pa, const void *pb)
{
    const candidate *a = pa, *b = pb;
    return (a->f > b->f) - (a->f < b->f);
}

/* The lattice's own parameters and a grid over the ranges; the best ones are followed down. */
static double search(const problem *pr, double best[N_PARAMETERS], pieces *list)
{
    enum { MAX_STARTS = 28 };
    candidate starts[MAX_STARTS];
    int32_t n = 1, each = pr->n_varied == 1 ? 9 : 3, n_grid = pr->n_varied == 0 ? 0 : 1;
    for (int32_t v = 0; v < pr->n_varied; v++)
        n_grid *= each;
    for (int k = 0; k < N_PARAMETERS; k++)
        starts[0].p[k] = pr->start[k];
    for (int32_t v = 0; v < pr->n_varied; v++) { /* the lattice's own may lie outside */
        int32_t which = pr->varied[v];
        starts[0].p[which] = fmin(fmax(pr->start[which], pr->low[which]), pr->high[which]);
    }
    for (int32_t g = 0; g < n_grid; g++, n++) {
        starts[n] = starts[0];
        for (int32_t v = 0, rest = g; v < pr->n_varied; v++, rest /= each) {
            int32_t which = pr->varied[v];
            starts[n].p[which] = pr->low[which] + (pr->high[which] - pr->low[which]) * (rest % each + 0.5) / each;
        }
    }
    for (int32_t i = 0; i < n; i++)
        starts[i].f = scan(pr, starts[i].p, 0.0, NULL);
    if (n > 1)
        qsort(starts + 1, (size_t)n - 1, sizeof *starts, by_value);
    double f = INFINITY;
    for (int32_t i = 0; i < n && i < MAX_FOLLOWED; i++) {
        double p[N_PARAMETERS];
        for (int k = 0; k < N_PARAMETERS; k++)
            p[k] = starts[i].p[k];
        double f_i = pr->n_varied > 0 ? descend(pr, p, list) : starts[i].f;
        if (f_i < f - SAME_VALUE) { /* of equivalent settings the first, the nearest to the prototype's own */
            f = f_i;
            for (int k = 0; k < N_PARAMETERS; k++)
                best[k] = p[k];
        }
    }
    scan(pr, best, f - TOUCHING, list);
    return f;
}

/* ---- set-up ---------------------------------------------------------------------------------------- */

/* Coordinates of all sites and their dependence on x, y, z, which are whole numbers: by differences. */
static bool find_slopes(problem *pr, bnsl__site *moved)
{
    const bnsl_lattice *lattice = pr->lattice;
    const bnsl__prototype *prototype = lattice->prototype;
    const double h = 1e-3;
    for (int q = 0; q < 3; q++) {
        double p[3] = {lattice->free[0], lattice->free[1], lattice->free[2]};
        if (prototype->free[q].value == 0.0)
            continue;
        p[q] += h;
        for (int32_t o = 0, n = 0; o < prototype->n_orbits; n += prototype->orbits[o++].multiplicity)
            if (bnsl__orbit_sites(prototype, o, p, moved + n) != prototype->orbits[o].multiplicity)
                return false;
        for (int32_t i = 0; i < lattice->n_sites; i++) {
            for (int k = 0; k < 3; k++) {
                double d = moved[i].x[k] - lattice->sites[i].x[k];
                pr->slope[i][k][q] = (int32_t)rint((d - rint(d)) / h);
            }
        }
    }
    for (int32_t i = 0; i < lattice->n_sites; i++)
        for (int k = 0; k < 3; k++)
            pr->site[i][k] = lattice->sites[i].x[k];
    return true;
}

static void set_up(problem *pr, int32_t relax)
{
    const bnsl_lattice *lattice = pr->lattice;
    const bnsl__prototype *prototype = lattice->prototype;
    pr->start[0] = lattice->c / lattice->a;
    pr->low[0] = prototype->c_over_a.low;
    pr->high[0] = prototype->c_over_a.high;
    if ((relax & BNSL_RELAX_C_OVER_A) && prototype->group->family != BNSL__CUBIC)
        pr->varied[pr->n_varied++] = 0;
    for (int q = 0; q < 3; q++) {
        pr->start[1 + q] = lattice->free[q];
        pr->low[1 + q] = prototype->free[q].low;
        pr->high[1 + q] = prototype->free[q].high;
        if ((relax & BNSL_RELAX_SITES) && prototype->free[q].value > 0.0)
            pr->varied[pr->n_varied++] = 1 + q;
    }
}

static bool touches(const pieces *list, int32_t species)
{
    for (int32_t k = 0; k < list->n; k++)
        if (list->items[k].species == species)
            return true;
    return false;
}

bnsl_status bnsl_lattice_densest_packing(const bnsl_lattice *lattice, double d_large, double d_small, int32_t relax,
                                         bnsl_lattice_packing *packing_out)
{
    if (!lattice || !packing_out)
        return BNSL_FAIL(BNSL_EINVAL, "%s is NULL", lattice ? "packing_out" : "lattice");
    if (!(d_large > 0.0) || isinf(d_large))
        return BNSL_FAIL(BNSL_EINVAL, "d_large is %g, must be finite and > 0", d_large);
    double ratio = lattice->n_species[BNSL__SMALL] > 0 ? d_small / d_large : 1.0;
    if (!(ratio >= 1e-6 && ratio <= 1e6))
        return BNSL_FAIL(BNSL_EINVAL, "d_small is %g, must be > 0 and within a factor 1e6 of d_large = %g", d_small, d_large);
    if (relax < 0 || relax > BNSL_RELAX_ALL)
        return BNSL_FAIL(BNSL_EINVAL, "relax is %d, must be a sum of BNSL_RELAX_*", relax);

    problem pr = {.lattice = lattice, .diameter = {1.0, ratio}};
    bnsl__site *moved = bnsl__calloc(lattice->n_sites, sizeof *moved);
    pr.site = bnsl__calloc(lattice->n_sites, sizeof *pr.site);
    pr.slope = bnsl__calloc(lattice->n_sites, sizeof *pr.slope);
    pieces *list = bnsl__alloc(1, sizeof *list);
    bnsl_status status = BNSL_OK;
    if (!moved || !pr.site || !pr.slope || !list)
        status = BNSL_NOMEM();
    else if (!find_slopes(&pr, moved))
        status = BNSL_FAIL(BNSL_EINTERNAL, "%s: its sites do not follow their coordinates", lattice->prototype->name);
    if (status == BNSL_OK) {
        double p[N_PARAMETERS];
        set_up(&pr, relax);
        double v = bnsl__base_area(lattice->prototype->group->family) * exp(search(&pr, p, list)); /* cell for d_large = 1 */
        double spheres = PI_6 * (lattice->n_species[BNSL__LARGE] + lattice->n_species[BNSL__SMALL] * ratio * ratio * ratio);
        double a = cbrt(v / (bnsl__base_area(lattice->prototype->group->family) * p[0]));
        *packing_out = (bnsl_lattice_packing){.fraction = spheres / v,
                                              .a = a * d_large,
                                              .c_over_a = p[0],
                                              .x = p[1],
                                              .y = p[2],
                                              .z = p[3],
                                              .touch_ll = touches(list, 0),
                                              .touch_ls = touches(list, 1),
                                              .touch_ss = touches(list, 2)};
    }
    free(moved);
    free(pr.site);
    free(pr.slope);
    free(list);
    return status;
}
