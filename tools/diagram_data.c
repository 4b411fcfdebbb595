/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the surfaces of a phase diagram are fitted to: the values of A, Z and <U/eps> of the columns that are one phase and steady, with errors that
 * know of what is slow in them; and the fit itself.
 */
#include <math.h>
#include <stdlib.h>

#include "diagram_fit.h"

enum { MAX_DATA = DIAGRAM_DATA };
static const double WINDOW = 0.3, END_WINDOW = 0.5, /* kT; one-sided at the first and last depth */
    LEAST_ERROR = 2e-4;

/* Not the phase that it should be, or not in equilibrium: a fluid that has split into two, at depths where up and down differ by more than noise;
 * a crystal that has broken or melted, from the first such node on (down to it, it is still broken). */
static bool unsteady(const bnsl_free_energy_node *n)
{
    return !isfinite(n->slope) || fabs(n->hysteresis) > 0.05 + 6 * n->slope_err;
}

static bool clumped(const diagram_column *c, int32_t k)
{
    return !(c->node[k].clumping <= bnsl_free_energy_clumping_limit(c->n)); /* NaN: the column has turned back before */
}

bool diagram_split(const diagram_column *c, int32_t k)
{
    if (c->kind != DIAGRAM_SOLID)
        return clumped(c, k) || (unsteady(&c->node[k]) && c->node[k].clumping > 1);
    for (int32_t i = 0; i <= k; i++)
        if (unsteady(&c->node[i]))
            return true;
    return false;
}

static bool is_depth(const diagram *d, int32_t k)
{
    return d->coupling[k] == 1 && d->weight[k] == 0;
}

/* The node of the smallest depth, after the leg from the power law; 0 without. */
int32_t diagram_first_depth(const diagram *d)
{
    for (int32_t k = 0; k < d->n_path; k++)
        if (d->coupling[k] == 1)
            return k;
    return 0;
}

void diagram_column_a(const diagram *d, const diagram_column *c, int32_t k, double *a, double *a_err)
{
    double sum = 0, block = 0, difference = 0, work = 0;
    int32_t from = k < c->reference ? k : c->reference, to = k < c->reference ? c->reference : k;
    for (int32_t i = from; i < to; i++) {
        const bnsl_free_energy_node *n = &c->node[i];
        sum += d->weight[i] * n->slope + c->node[i + 1].shape_work;
        block += pow(d->weight[i] * n->slope_err, 2);
        difference += pow(d->weight[i] * n->hysteresis / 2, 2);
        work += d->weight[i] * n->hysteresis / 2;
    }
    *a = c->a + (k < c->reference ? -sum : sum);
    *a_err = hypot(c->a_err, fmax(sqrt(fmax(block, difference)), fabs(work)));
}

/* Of Z, whose error from few blocks may come out too small; the dome's columns are so much longer. */
static double least_z_error(const diagram_column *c)
{
    return c->kind == DIAGRAM_DOME ? 5e-4 : 2e-3;
}

static double at_least(double error)
{
    return error > LEAST_ERROR ? error : LEAST_ERROR;
}

/* Appends the data of one column to the n there are; the new number. densest: of the fluid's list. */
static int64_t collect_column(const selection *s, const diagram_column *c, bool densest, bnsl_free_energy_datum *data, int64_t n)
{
    if (c->density < s->low || c->density > s->high)
        return n;
    for (int32_t k = 0; k < s->d->n_path && n + 3 <= MAX_DATA; k++) {
        const bnsl_free_energy_node *node = &c->node[k];
        bool wanted =
            s->power_law ? k == 0 : s->d->coupling[k] == 1 && node->well_depth >= s->depth[0] - 1e-9 && node->well_depth <= s->depth[1] + 1e-9;
        /* where there are the dome's long columns the short ones are not needed while they are slow: a drop that has not grown large enough to turn
         * them back biases their Z by more than its error */
        bool slow = s->slow && (c->kind == DIAGRAM_DOME || s->d->n_dome == 0);
        if (!wanted || (slow ? clumped(c, k) : diagram_split(c, k)))
            continue;
        data[n++] = (bnsl_free_energy_datum){BNSL_DATUM_Z, 0, c->density, node->well_depth, node->z, fmax(node->z_err, least_z_error(c))};
        if (!s->power_law && s->n_depth > 1)
            data[n++] = (bnsl_free_energy_datum){BNSL_DATUM_U,     0,           c->density,
                                                 node->well_depth, node->slope, at_least(fmax(node->slope_err, fabs(node->hysteresis) / 2))};
        if (s->power_law ? s->with_a : s->base ? k == diagram_first_depth(s->d) && densest : is_depth(s->d, k)) {
            double a, a_err;
            diagram_column_a(s->d, c, k, &a, &a_err);
            /* what the references have in common is not an error of the columns one by one: diagram_common_error */
            if (!s->base && !s->whole_errors && c->kind != DIAGRAM_SOLID)
                a_err = sqrt(fmax(0, a_err * a_err - c->a_err * c->a_err));
            if (isfinite(a)) /* not of a column that has turned back between there and its reference */
                data[n++] = (bnsl_free_energy_datum){BNSL_DATUM_A, 0, c->density, node->well_depth, a, at_least(a_err)};
        }
    }
    return n;
}

int64_t diagram_collect(const selection *s, bnsl_free_energy_datum *data)
{
    int64_t n = 0;
    for (int32_t i = 0; i < s->n_columns; i++)
        n = collect_column(s, &s->column[i], i == s->n_columns - 1, data, n);
    for (int32_t i = 0; s->fluid && i < s->d->n_dome; i++)
        n = collect_column(s, &s->d->dome[i], false, data, n);
    return n;
}

bnsl_status diagram_fit_data(const selection *s, int64_t n, const bnsl_free_energy_datum *data, bnsl_free_energy_surface **out)
{
    bnsl_free_energy_surface_options o;
    bnsl_status status = bnsl_free_energy_surface_options_init(&o, sizeof o);
    o.n_density = s->n_density;
    o.n_depth = s->n_depth;
    o.n_species = s->fluid ? s->d->n_species : 0;
    o.virial = s->virial;
    o.coupling = s->power_law ? 0 : 1;
    o.ipl_prefactor = s->d->spec.ipl_prefactor;
    return status ? status : bnsl_free_energy_surface_create(out, &o, n, data, s->d->diameter, s->d->fraction, &s->d->mie);
}

/*
 * The data of one column follow one after another in time and share what is slow in the fluid. How much: the correlation of the residuals
 * of one kind in one column, from the mean product of their pairs; of which what the terms in the density have taken away is put back.
 * Errors of m such data are larger by the root of 1 + (m - 1) times it [Kish 1965, the design effect].
 */
static void spread_of_columns(const selection *s, const bnsl_free_energy_surface *surface, int32_t kind, int64_t n, bnsl_free_energy_datum *data)
{
    double squares = 0, products = 0, pairs = 0;
    int64_t n_kind = 0, n_columns = 0;
    for (int64_t first = 0, next; first < n; first = next) {
        double sum = 0, own = 0, m = 0;
        for (next = first; next < n && data[next].density == data[first].density; next++) {
            bnsl_free_energy_state x;
            if (data[next].kind != kind || bnsl_free_energy_surface_evaluate(surface, data[next].density, data[next].well_depth, &x))
                continue;
            double r = (data[next].value - (kind == BNSL_DATUM_Z ? x.pressure / x.density : x.u)) / data[next].error;
            sum += r;
            own += r * r;
            m++;
        }
        squares += own;
        products += sum * sum - own;
        pairs += m * (m - 1);
        n_kind += (int64_t)m;
        n_columns += m > 0;
    }
    if (!(pairs > 0 && squares > 0))
        return;
    double correlation = products / pairs / (squares / (double)n_kind);
    if (n_columns > s->n_density)
        correlation *= (double)n_columns / (double)(n_columns - s->n_density);
    correlation = fmax(0, fmin(1, correlation));
    for (int64_t first = 0, next; first < n; first = next) {
        double m = 0;
        for (next = first; next < n && data[next].density == data[first].density; next++)
            m += data[next].kind == kind;
        for (int64_t i = first; i < next; i++)
            if (data[i].kind == kind)
                data[i].error *= sqrt(1 + fmax(0, m - 1) * correlation);
    }
}

bnsl_status diagram_fit_surface(const selection *s, bnsl_free_energy_surface **out)
{
    bnsl_free_energy_datum *data = malloc(MAX_DATA * sizeof *data);
    *out = NULL;
    const int64_t n = data ? diagram_collect(s, data) : 0;
    bnsl_status status = data ? diagram_fit_data(s, n, data, out) : BNSL_ENOMEM;
    if (!status && !s->quick && !s->power_law) {
        spread_of_columns(s, *out, BNSL_DATUM_Z, n, data);
        spread_of_columns(s, *out, BNSL_DATUM_U, n, data);
        bnsl_free_energy_surface_destroy(*out);
        *out = NULL;
        status = diagram_fit_data(s, n, data, out);
    }
    free(data);
    return status;
}

double diagram_chi2(const bnsl_free_energy_surface *s)
{
    double chi2 = 0;
    int64_t freedom = 0;
    bnsl_free_energy_surface_quality(s, &chi2, &freedom, NULL, NULL);
    return freedom > 0 ? chi2 / (double)freedom : 0;
}

/* ---- depths ------------------------------------------------------------------------------------------------ */

int32_t diagram_nodes_between(const diagram *d, double low, double high)
{
    int32_t n = 0;
    for (int32_t k = 0; k < d->n_path; k++)
        if (d->coupling[k] == 1 && d->well_depth[k] >= low - 1e-9 && d->well_depth[k] <= high + 1e-9)
            n++;
    return n;
}

bool diagram_find_gap(const diagram *d, double depth, int32_t *first, int32_t *last)
{
    *first = -1;
    for (int32_t i = 0; i < d->n_fluid; i++)
        for (int32_t k = 0; k < d->n_path; k++)
            if (d->coupling[k] == 1 && d->well_depth[k] > depth - 0.2 && d->well_depth[k] < depth + 1e-9 && diagram_split(&d->fluid[i], k)) {
                *first = *first < 0 ? i : *first;
                *last = i;
            }
    return *first >= 0;
}

void diagram_set_window(selection *s, const diagram *d, double depth)
{
    double low = d->spec.depth[d->spec.depth[0] > 0 ? 0 : 1], high = d->spec.depth[d->spec.n_depth - 1];
    s->depth[0] = fmax(depth - (depth >= high ? END_WINDOW : WINDOW), low);
    s->depth[1] = fmin(depth + (depth <= low ? END_WINDOW : WINDOW), high);
    int32_t n = diagram_nodes_between(d, s->depth[0], s->depth[1]);
    s->n_depth = n >= 5 ? 4 : n >= 3 ? 3 : n;
}

double diagram_first_clumped(const diagram *d)
{
    double least = INFINITY;
    for (int32_t i = 0; i < d->n_fluid; i++)
        for (int32_t k = 0; k < d->n_path; k++)
            if (d->coupling[k] == 1 && clumped(&d->fluid[i], k))
                least = fmin(least, d->well_depth[k]);
    return least;
}

