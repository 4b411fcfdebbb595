/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Vapour and liquid of different composition (--fractionation). Fluids of the diagram's own composition, of one richer in the other
 * species, and of one component, which stands for L and for S alone, make one free energy A(rho, x, eps) at each depth. Where columns have
 * split into two phases, vapour and liquid get expressions of their own from the columns on either side, as for the diagram's own
 * composition (diagram_fit.c).
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "diagram_fit.h"

enum { N_FLUIDS = 1 + DIAGRAM_MIXTURES, MAX_DATA = N_FLUIDS * DIAGRAM_DATA };

/* All fluids at one depth, and where each has split. */
typedef struct fluids {
    diagram *of[N_FLUIDS];
    double low[N_FLUIDS], high[N_FLUIDS]; /* the last density of its vapour, the first of its liquid */
    int32_t n_low[N_FLUIDS], n_high[N_FLUIDS]; /* columns of each */
    bool split;
} fluids;

typedef enum fluid_part { PART_ALL, PART_VAPOUR, PART_LIQUID } fluid_part;

/* The gap of each fluid; one that has no column inside it has that of the diagram's own, in the packing fraction. */
static void find_gaps(diagram *d, double depth, fluids *f)
{
    double phi[2] = {INFINITY, 0};
    *f = (fluids){.of = {d}};
    for (int i = 0; i < N_FLUIDS; i++) {
        int32_t first, last;
        f->of[i] = i ? d->mixture[i - 1] : d;
        if (!diagram_find_gap(f->of[i], depth, &first, &last))
            continue;
        f->split = true;
        f->low[i] = f->of[i]->fluid[first].density;
        f->high[i] = f->of[i]->fluid[last].density;
        phi[0] = fmin(phi[0], f->low[i] * f->of[i]->volume);
        phi[1] = fmax(phi[1], f->high[i] * f->of[i]->volume);
    }
    for (int i = 0; f->split && i < N_FLUIDS; i++) {
        diagram *m = f->of[i];
        bool own = f->high[i] > 0;
        double low = own ? f->low[i] : phi[0] / m->volume, high = own ? f->high[i] : phi[1] / m->volume;
        f->low[i] = 0;
        f->high[i] = INFINITY;
        for (int32_t k = 0; k < m->n_fluid; k++) {
            double rho = m->fluid[k].density;
            if (rho < low) {
                f->low[i] = rho;
                f->n_low[i]++;
            } else if (rho > high) {
                f->high[i] = fmin(f->high[i], rho);
                f->n_high[i]++;
            }
        }
    }
}

/* Appends the data of a selection to the n there are, with the composition of its fluid; the new number. own: room for DIAGRAM_DATA. */
static int64_t append(const selection *s, bnsl_free_energy_datum *own, bnsl_free_energy_mixture_datum *data, int64_t n)
{
    int64_t n_own = diagram_collect(s, own);
    for (int64_t k = 0; k < n_own; k++)
        data[n++] = (bnsl_free_energy_mixture_datum){
            own[k].kind, 0, own[k].density, s->d->fraction[0], own[k].well_depth, own[k].value, own[k].error};
    return n;
}

/* Data of one part of all fluids. */
static int64_t collect(const fluids *f, fluid_part part, double depth, bool slow, int32_t *n_depth, bnsl_free_energy_mixture_datum *data)
{
    int64_t n = 0;
    bnsl_free_energy_datum *own = malloc(DIAGRAM_DATA * sizeof *own);
    for (int i = 0; own && i < N_FLUIDS; i++) {
        selection s = {.d = f->of[i],
                       .column = f->of[i]->fluid,
                       .n_columns = f->of[i]->n_fluid,
                       .high = INFINITY,
                       .fluid = true,
                       .slow = slow,
                       .whole_errors = true};
        if (part == PART_VAPOUR)
            s.high = f->low[i];
        if (part == PART_LIQUID)
            s.low = f->high[i];
        diagram_set_window(&s, f->of[0], depth);
        *n_depth = s.n_depth;
        n = append(&s, own, data, n);
    }
    free(own);
    return n;
}

/* Terms in density and composition that the columns of a part can bear. */
static void set_terms(const fluids *f, fluid_part part, bnsl_free_energy_mixture_options *o)
{
    const int32_t *n = part == PART_VAPOUR ? f->n_low : f->n_high;
    if (part == PART_ALL) {
        o->n_density = 8;
        o->n_fraction = 3;
        return;
    }
    if (part == PART_VAPOUR) {
        o->n_density = n[0] > 3 ? 3 : n[0] > 1 ? 2 : 1;
        o->n_fraction = n[1] + n[2] > 0 ? 2 : 1;
        return;
    }
    int32_t least = n[0]; /* each column has A and its slope */
    o->n_fraction = 1;
    for (int i = 1; i < N_FLUIDS; i++)
        if (n[i] >= 2) {
            o->n_fraction++;
            least = n[i] < least ? n[i] : least;
        }
    o->n_density = 2 * least - 1 < 5 ? 2 * least - 1 : 5;
}

static bnsl_status fit(const fluids *f, fluid_part part, double depth, bool slow, bnsl_free_energy_mixture **out)
{
    bnsl_free_energy_mixture_datum *data = malloc(MAX_DATA * sizeof *data);
    bnsl_free_energy_mixture_options o;
    const diagram *d = f->of[0];
    bnsl_status status = data ? bnsl_free_energy_mixture_options_init(&o, sizeof o) : BNSL_ENOMEM;
    *out = NULL;
    if (!status) {
        set_terms(f, part, &o);
        int64_t n = collect(f, part, depth, slow, &o.n_depth, data);
        o.virial = part != PART_LIQUID;
        o.ipl_prefactor = d->spec.ipl_prefactor;
        status = bnsl_free_energy_mixture_create(out, &o, n, data, d->diameter, &d->mie);
    }
    free(data);
    return status;
}

static bool point(const diagram *d, const bnsl_free_energy_mixture *vapour, const bnsl_free_energy_mixture *liquid, double depth,
                  bool bubble, int32_t n_samples, diagram_fractions *p)
{
    p->found = !bnsl_free_energy_fractionate(bubble ? liquid : vapour, bubble ? vapour : liquid, depth, d->fraction[0], bubble, n_samples,
                                             d->spec.seed, &p->at);
    if (!p->found)
        snprintf(p->why, sizeof p->why, "%.290s", cli_library_message());
    return p->found;
}

/* Both points, by expressions for vapour and liquid where columns have split, or else by one for both. */
static void points_at(diagram *d, int32_t n_samples, diagram_point *p)
{
    fluids f;
    bnsl_free_energy_mixture *vapour = NULL, *liquid = NULL, *both = NULL;
    find_gaps(d, p->depth, &f);
    if (f.split && f.n_low[0] > 0 && f.n_high[0] >= 3 && !fit(&f, PART_VAPOUR, p->depth, false, &vapour) &&
        !fit(&f, PART_LIQUID, p->depth, false, &liquid)) {
        point(d, vapour, liquid, p->depth, false, n_samples, &p->dew);
        point(d, vapour, liquid, p->depth, true, n_samples, &p->bubble);
    }
    if (!p->dew.found || !p->bubble.found) {
        if (fit(&f, PART_ALL, p->depth, true, &both)) {
            snprintf(p->dew.why, sizeof p->dew.why, "%.290s", cli_library_message());
            p->bubble = p->dew;
        } else {
            if (!p->dew.found)
                point(d, both, both, p->depth, false, n_samples, &p->dew);
            if (!p->bubble.found)
                point(d, both, both, p->depth, true, n_samples, &p->bubble);
        }
    }
    bnsl_free_energy_mixture_destroy(vapour);
    bnsl_free_energy_mixture_destroy(liquid);
    bnsl_free_energy_mixture_destroy(both);
}

/* The limit of stability: a fit over the depths up to the first at which a fluid has split beyond doubt. */
static void find_demixing(diagram *d)
{
    double low = d->spec.depth[d->spec.depth[0] > 0 ? 0 : 1], at = d->spec.depth[d->spec.n_depth - 1];
    bnsl_free_energy_mixture_datum *data = malloc(MAX_DATA * sizeof *data);
    bnsl_free_energy_datum *own = malloc(DIAGRAM_DATA * sizeof *own);
    bnsl_free_energy_mixture_options o;
    bnsl_free_energy_mixture *mixture = NULL;
    bnsl_status status = data && own ? bnsl_free_energy_mixture_options_init(&o, sizeof o) : BNSL_ENOMEM;
    int64_t n = 0;
    for (int i = 0; i < N_FLUIDS; i++)
        at = fmin(at, diagram_first_clumped(i ? d->mixture[i - 1] : d));
    for (int i = 0; !status && i < N_FLUIDS; i++) {
        diagram *m = i ? d->mixture[i - 1] : d;
        selection s = {.d = m,
                       .column = m->fluid,
                       .n_columns = m->n_fluid,
                       .high = INFINITY,
                       .n_depth = 4,
                       .fluid = true,
                       .slow = true,
                       .whole_errors = true};
        s.depth[0] = fmax(low, at - 0.8);
        s.depth[1] = at;
        n = append(&s, own, data, n);
    }
    if (!status) {
        o.n_density = 8;
        o.n_depth = 4;
        o.n_fraction = 3;
        o.virial = 1;
        o.ipl_prefactor = d->spec.ipl_prefactor;
        status = bnsl_free_energy_mixture_create(&mixture, &o, n, data, d->diameter, &d->mie);
    }
    if (!status)
        status = bnsl_free_energy_demixing_depth(mixture, d->fraction[0], DIAGRAM_SAMPLES, d->spec.seed, &d->demixing_depth, &d->demixing_depth_err,
                                                 &d->demixing_density);
    d->demixing_found = !status;
    if (status)
        snprintf(d->demixing_why, sizeof d->demixing_why, "%.290s", cli_library_message());
    bnsl_free_energy_mixture_destroy(mixture);
    free(own);
    free(data);
}

int diagram_fractionate(diagram *d)
{
    static const double BEFORE = 0.2; /* kT: dew points begin a little before the limit of stability */
    for (int32_t k = 0; k < d->n_mixtures; k++)
        if (diagram_fluid_references(d->mixture[k]))
            return cli_fail_library(d->folder);
    if (d->n_curve > 0)
        find_demixing(d);
    else
        snprintf(d->demixing_why, sizeof d->demixing_why, "one well depth has no limit of stability");
    for (int32_t k = 0; k < d->n_points; k++)
        if (d->point[k].depth > 0)
            points_at(d, DIAGRAM_SAMPLES, &d->point[k]);
    for (int32_t k = 0; d->demixing_found && k < d->n_curve; k++)
        if (d->curve[k].depth > d->demixing_depth - BEFORE)
            points_at(d, 0, &d->curve[k]);
    return CLI_DONE;
}

/* ---- table, JSON, figure ------------------------------------------------------------------------------------- */

/* Vapour and liquid of a point: [0] of at is the fluid of the diagram's composition. */
static int vapour_of(const diagram_point *p, const diagram_fractions *x)
{
    return x == &p->bubble;
}

static double phi_of(const diagram *d, double density, double x)
{
    return 3.14159265358979323846 / 6 * density * (x * pow(d->diameter[0], 3) + (1 - x) * pow(d->diameter[1], 3));
}

void diagram_print_fractions(const diagram *d, FILE *f)
{
    fprintf(f,
            "# bnsl phases: vapour and liquid of their own compositions, x the fraction of L. dew: the vapour has the crystal's "
            "composition, x = %.6g, and the\n"
            "# first liquid that of this line; bubble: the liquid has it, and the first vapour that of this line\n",
            d->fraction[0]);
    if (d->demixing_found)
        fprintf(f, "# demixing_well_depth %.4f +- %.4f kT at density %.3f: limit of stability of the fluid of this composition\n", d->demixing_depth,
                d->demixing_depth_err, d->demixing_density);
    else
        fprintf(f, "# no demixing well depth: %s\n", d->demixing_why);
    fprintf(f, "# well_depth (kT)\tpoint\trho_vapour (1/sigma^3)\trho_vapour_err (1/sigma^3)\tx_vapour (1)\tx_vapour_err (1)\tphi_vapour "
               "(1)\trho_liquid "
               "(1/sigma^3)\trho_liquid_err (1/sigma^3)\tx_liquid (1)\tx_liquid_err (1)\tphi_liquid (1)\tP (kT/sigma^3)\tP_err "
               "(kT/sigma^3)\tmu_L (kT)\tmu_L_err "
               "(kT)\tmu_S (kT)\tmu_S_err (kT)\n");
    for (int32_t k = 0; k < d->n_points; k++) {
        const diagram_point *p = &d->point[k];
        for (int side = 0; side < 2 && p->depth > 0; side++) {
            const diagram_fractions *x = side ? &p->bubble : &p->dew;
            if (!x->found) {
                fprintf(f, "# %.6g: no %s point: %s\n", p->depth, side ? "bubble" : "dew", x->why);
                continue;
            }
            fprintf(f, "%.6g\t%s", p->depth, side ? "bubble" : "dew");
            for (int phase = 0; phase < 2; phase++) {
                int i = phase ? !vapour_of(p, x) : vapour_of(p, x);
                fprintf(f, "\t%.6g\t%.2g\t%.5f\t%.2g\t%.6g", x->at.density[i], x->at.density_err[i], x->at.fraction[i], x->at.fraction_err[i],
                        phi_of(d, x->at.density[i], x->at.fraction[i]));
            }
            fprintf(f, "\t%.6g\t%.2g\t%.6g\t%.2g\t%.6g\t%.2g\n", x->at.pressure, x->at.pressure_err, x->at.mu[0], x->at.mu_err[0],
                    x->at.mu[1], x->at.mu_err[1]);
        }
    }
}

void diagram_json_fractions(const diagram_point *p, json *j)
{
    for (int side = 0; side < 2; side++) {
        const diagram_fractions *x = side ? &p->bubble : &p->dew;
        const char *key = side ? "bubble" : "dew";
        if (!x->found) {
            json_null(j, key);
            continue;
        }
        int v = vapour_of(p, x), l = !v;
        json_object_begin(j, key);
        json_with_error(j, "rho_vapour", x->at.density[v], x->at.density_err[v]);
        json_with_error(j, "x_vapour", x->at.fraction[v], x->at.fraction_err[v]);
        json_with_error(j, "rho_liquid", x->at.density[l], x->at.density_err[l]);
        json_with_error(j, "x_liquid", x->at.fraction[l], x->at.fraction_err[l]);
        json_with_error(j, "P", x->at.pressure, x->at.pressure_err);
        json_with_error(j, "mu_L", x->at.mu[0], x->at.mu_err[0]);
        json_with_error(j, "mu_S", x->at.mu[1], x->at.mu_err[1]);
        json_object_end(j);
    }
}

/* The composition of what appears, above each point. */
static void draw_compositions(const diagram *d, plot_panel *panel)
{
    double up = 0.02 * d->spec.depth[d->spec.n_depth - 1];
    char text[40];
    for (int32_t k = 0; k < d->n_points; k++)
        for (int side = 0; side < 2; side++) {
            const diagram_fractions *p = side ? &d->point[k].bubble : &d->point[k].dew;
            if (!p->found)
                continue;
            snprintf(text, sizeof text, side ? "bubble %.0f %% L" : "drop %.0f %% L", 100 * p->at.fraction[1]);
            plot_text(panel, p->at.density[0] * d->volume + (side ? -0.012 : 0.012), d->point[k].depth + up, side ? -1 : 1, text, PLOT_ORANGE);
        }
}

/* The fluid of the diagram's composition at its dew and bubble points: between them it is two. */
void diagram_draw_fractions(const diagram *d, plot_panel *panel)
{
    for (int side = 0; side < 2 && d->n_mixtures > 0; side++) {
        double x[DIAGRAM_CURVE], y[DIAGRAM_CURVE];
        int32_t n = 0;
        for (int32_t k = 0; k < d->n_curve; k++, n++) {
            const diagram_fractions *p = side ? &d->curve[k].bubble : &d->curve[k].dew;
            x[n] = p->found ? p->at.density[0] * d->volume : NAN;
            y[n] = d->curve[k].depth;
        }
        plot_line(panel, n, x, y, PLOT_ORANGE, NULL);
        n = 0;
        for (int32_t k = 0; k < d->n_points; k++) {
            const diagram_fractions *p = side ? &d->point[k].bubble : &d->point[k].dew;
            if (!p->found)
                continue;
            x[n] = p->at.density[0] * d->volume;
            y[n++] = d->point[k].depth;
        }
        if (n > 0)
            plot_points(panel, n, x, y, NULL, PLOT_ORANGE, side ? NULL : "dew and bubble points");
    }
    if (d->n_mixtures > 0)
        draw_compositions(d, panel);
    if (d->demixing_found) {
        char note[80];
        const double x = d->demixing_density * d->volume, y = d->demixing_depth;
        snprintf(note, sizeof note, "demixing: ε = %.2f ± %.2f kT", d->demixing_depth, d->demixing_depth_err);
        plot_points(panel, 1, &x, &y, NULL, PLOT_SKY, note);
    }
}

void diagram_say_fractions(const diagram *d)
{
    for (int32_t k = 0; k < d->n_points; k++)
        for (int side = 0; side < 2 && d->n_mixtures > 0; side++) {
            const diagram_point *p = &d->point[k];
            const diagram_fractions *x = side ? &p->bubble : &p->dew;
            if (x->found)
                printf("%-11.4g %s point: %s of density %.4g +- %.1g, %s of density %.4g +- %.1g with %.3f +- %.3f L\n", p->depth,
                       side ? "bubble" : "dew", side ? "liquid" : "vapour", x->at.density[0], x->at.density_err[0],
                       side ? "vapour" : "liquid", x->at.density[1], x->at.density_err[1], x->at.fraction[1], x->at.fraction_err[1]);
        }
    if (d->demixing_found)
        printf("demixing well depth %.4f +- %.4f kT, density %.3f (limit of stability of the fluid of the crystal's composition)\n",
               d->demixing_depth, d->demixing_depth_err, d->demixing_density);
    else if (d->n_mixtures > 0)
        printf("no demixing well depth: %s\n", d->demixing_why);
}
