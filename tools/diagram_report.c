/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables and JSON of a phase diagram. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_mie.h"
#include "diagram.h"
#include "output.h"

/* ---- what is stable ---------------------------------------------------------------------------------------- */

bool diagram_liquid_is_stable(const diagram_point *p)
{
    if (!p->gas_solid.found)
        return p->liquid_solid.found;
    return p->vapour_liquid.found && p->vapour_liquid.at.mu < p->gas_solid.at.mu;
}

const diagram_pair *diagram_at_crystal(const diagram_point *p)
{
    return diagram_liquid_is_stable(p) && p->liquid_solid.found ? &p->liquid_solid : &p->gas_solid;
}

typedef struct row {
    const char *kind;
    const diagram_pair *pair;
    bool stable;
} row;

static int rows_of(const diagram_point *p, row rows[3])
{
    int n = 0;
    bool liquid = diagram_liquid_is_stable(p);
    if (p->gas_solid.found)
        rows[n++] = (row){p->loop || p->vapour_liquid.found ? "gas-solid" : "fluid-solid", &p->gas_solid, !liquid || !p->liquid_solid.found};
    if (p->liquid_solid.found)
        rows[n++] = (row){"liquid-solid", &p->liquid_solid, liquid};
    if (p->vapour_liquid.found)
        rows[n++] = (row){"vapour-liquid", &p->vapour_liquid, liquid};
    return n;
}

/* Densities whose standard error is above this share of them are named, with the steps that would bring it down. */
static const double ROUGH = 0.01;

/* Errors fall with the root of the steps; two digits, upwards. */
static double steps_for(const diagram *d, double share)
{
    double steps = (double)d->spec.steps * pow(share / ROUGH, 2), unit = pow(10, floor(log10(steps)) - 1);
    return ceil(steps / unit) * unit;
}

static void print_rough(const diagram *d, FILE *f, const char *start)
{
    for (int32_t k = 0; k < d->n_points; k++) {
        row rows[3];
        int n = rows_of(&d->point[k], rows);
        for (int i = 0; i < 2 * n; i++) {
            const bnsl_free_energy_coexistence *c = &rows[i / 2].pair->at;
            double share = c->density_err[i % 2] / c->density[i % 2];
            if (share > ROUGH)
                fprintf(f, "%s%.4g kT, %s: rho %d is known to %.2g %%; 1 %% takes about --steps %.0f, in another folder\n", start, d->point[k].depth,
                        rows[i / 2].kind, i % 2 + 1, 100 * share, steps_for(d, share));
        }
    }
}

/* ---- tables ------------------------------------------------------------------------------------------------ */

static void print_points(const diagram *d, FILE *f)
{
    fprintf(f, "# bnsl phases: %s, Mie %g,%g, size ratio %g, r_cut %g sigma_ij, %lld particles, seed %llu\n", d->spec.structure, d->spec.exponent_n,
            d->spec.exponent_m, d->spec.size_ratio, mie_r_cut(d->mie.r_cut, d->spec.exponent_m),
            (long long)d->spec.particles, (unsigned long long)d->spec.seed);
    fprintf(f, "# vapour and liquid have one composition here: their lines are an approximation, the crystal's are exact for it\n"
               "# stable: 1, metastable to another pair: 0\n");
    if (d->critical_found)
        fprintf(f, "# critical_well_depth %.4f +- %.4f kT at density %.3f\n", d->critical_depth, d->critical_depth_err, d->critical_density);
    else
        fprintf(f, "# no critical well depth: %s\n", d->critical_why);
    fprintf(f, "# well_depth (kT)\tphases\tstable (1)\trho_1 (1/sigma^3)\trho_1_err (1/sigma^3)\trho_2 (1/sigma^3)\trho_2_err (1/sigma^3)\tphi_1 "
               "(1)\tphi_2 (1)\t"
               "P (kT/sigma^3)\tP_err (kT/sigma^3)\tmu (kT)\tmu_err (kT)\n");
    for (int32_t k = 0; k < d->n_points; k++) {
        row rows[3];
        int n = rows_of(&d->point[k], rows);
        for (int i = 0; i < n; i++) {
            const bnsl_free_energy_coexistence *c = &rows[i].pair->at;
            fprintf(f, "%.6g\t%s\t%d\t%.6g\t%.2g\t%.6g\t%.2g\t%.6g\t%.6g\t%.6g\t%.2g\t%.6g\t%.2g\n", d->point[k].depth, rows[i].kind, rows[i].stable,
                    c->density[0], c->density_err[0], c->density[1], c->density_err[1], c->density[0] * d->volume, c->density[1] * d->volume,
                    c->pressure, c->pressure_err, c->mu, c->mu_err);
        }
        if (n == 0)
            fprintf(f, "# %.6g: none found: %s\n", d->point[k].depth, d->point[k].gas_solid.why);
        if (d->point[k].loop && !d->point[k].liquid_solid.found)
            fprintf(f, "# %.6g: no liquid at the crystal: %s\n", d->point[k].depth, d->point[k].liquid_solid.why);
        if (d->point[k].loop && !d->point[k].vapour_liquid.found)
            fprintf(f, "# %.6g: no vapour and liquid: %s\n", d->point[k].depth, d->point[k].vapour_liquid.why);
    }
    print_rough(d, f, "# ");
}

static void print_states(const diagram *d, FILE *f, const char *phase, int32_t n, const diagram_column *column)
{
    for (int32_t i = 0; i < n; i++)
        for (int32_t k = 0; k < d->n_path; k++) {
            const bnsl_free_energy_node *node = &column[i].node[k];
            bool power_law = k == 0;
            if ((!power_law && (d->coupling[k] < 1 || d->weight[k] > 0)) || !isfinite(node->slope))
                continue;
            double a, a_err;
            diagram_column_a(d, &column[i], k, &a, &a_err);
            fprintf(f, "%s\t%.6g\t%.6g\t%.6g\t%.6f\t%.2g\t%.6g\t%.2g\t%.6g\t%.2g\t%.3g\t%.3g\n", phase, power_law ? 0 : d->well_depth[k],
                    column[i].density, column[i].density * d->volume, a, a_err, column[i].density * node->z, column[i].density * node->z_err,
                    node->energy, node->energy_err, node->stress[2] - 0.5 * (node->stress[0] + node->stress[1]), node->clumping);
        }
}

static void print_columns(const diagram *d, FILE *f)
{
    fprintf(f,
            "# bnsl phases: free energies of the columns; well depth 0 is the power law. Solid: at infinite size, %.5f +- %.5f kT at density %.5g "
            "and depth 0,"
            " c/a %.5g\n",
            d->anchor_a, d->anchor_a_err, d->anchor[0].density, d->c_over_a);
    fprintf(f, "# phase\twell_depth (kT)\trho (1/sigma^3)\tphi (1)\tA (kT)\tA_err (kT)\tP (kT/sigma^3)\tP_err (kT/sigma^3)\tU (kT)\tU_err (kT)\t"
               "P_zz-P_xx (kT/sigma^3)\tclumping (1)\n");
    print_states(d, f, "fluid", d->n_fluid, d->fluid);
    print_states(d, f, "dome", d->n_dome, d->dome);
    print_states(d, f, "solid", d->n_solid, d->solid);
}

/* The table DIR/name. */
static int write_table(const diagram *d, const char *name, void (*print)(const diagram *d, FILE *f))
{
    char path[DIAGRAM_PATH + 40];
    output_file o;
    diagram_path(d, name, path, sizeof path);
    FILE *f = output_open(&o, path, true);
    if (!f)
        return CLI_FAILED;
    print(d, f);
    return output_commit(&o);
}

/* ---- JSON -------------------------------------------------------------------------------------------------- */

static void json_pair(json *j, const char *key, const char *first, const char *second, const diagram_pair *p)
{
    char name[64];
    if (!p->found) {
        json_null(j, key);
        return;
    }
    json_object_begin(j, key);
    const char *const names[2] = {first, second};
    for (int k = 0; k < 2; k++) {
        snprintf(name, sizeof name, "rho_%s", names[k]);
        json_with_error(j, name, p->at.density[k], p->at.density_err[k]);
    }
    json_with_error(j, "P", p->at.pressure, p->at.pressure_err);
    json_with_error(j, "mu", p->at.mu, p->at.mu_err);
    json_object_end(j);
}

static void json_point(const diagram *d, const diagram_point *p, json *j)
{
    const bnsl_free_energy_coexistence *c = &diagram_at_crystal(p)->at;
    bool found = diagram_at_crystal(p)->found;
    json_object_begin(j, NULL);
    json_double(j, "well_depth", p->depth);
    json_with_error(j, "rho_gas", found ? c->density[0] : NAN, found ? c->density_err[0] : NAN);
    json_with_error(j, "rho_solid", found ? c->density[1] : NAN, found ? c->density_err[1] : NAN);
    json_double(j, "phi_gas", found ? c->density[0] * d->volume : NAN);
    json_double(j, "phi_solid", found ? c->density[1] * d->volume : NAN);
    json_with_error(j, "P", found ? c->pressure : NAN, found ? c->pressure_err : NAN);
    json_with_error(j, "mu", found ? c->mu : NAN, found ? c->mu_err : NAN);
    json_double(j, "A_gas_err", found ? p->fluid_a_err : NAN);
    json_double(j, "A_solid_err", found ? p->solid_a_err : NAN);
    json_double(j, "chi2_fluid", p->fluid_chi2);
    json_double(j, "chi2_solid", p->solid_chi2);
    json_bool(j, "loop", p->loop || p->vapour_liquid.found);
    json_bool(j, "liquid_stable", diagram_liquid_is_stable(p));
    if (p->components)
        diagram_json_rivals(p, j);
    diagram_json_forces(d, p, j);
    json_pair(j, "gas_solid", "gas", "solid", &p->gas_solid);
    json_pair(j, "liquid_solid", "liquid", "solid", &p->liquid_solid);
    json_pair(j, "vapour_liquid", "vapour", "liquid", &p->vapour_liquid);
    if (d->n_mixtures > 0)
        diagram_json_fractions(p, j);
    json_object_end(j);
}

void diagram_json(const diagram *d, json *j)
{
    json_object_begin(j, NULL);
    json_string(j, "structure", d->spec.structure);
    json_array_begin(j, "exponents");
    json_double(j, NULL, d->spec.exponent_n);
    json_double(j, NULL, d->spec.exponent_m);
    json_array_end(j);
    json_double(j, "size_ratio", d->spec.size_ratio);
    json_int(j, "particles", d->spec.particles);
    json_array_begin(j, "points");
    for (int32_t k = 0; k < d->n_points; k++)
        json_point(d, &d->point[k], j);
    json_array_end(j);
    json_with_error(j, "critical_well_depth", d->critical_found ? d->critical_depth : NAN, d->critical_found ? d->critical_depth_err : NAN);
    json_double(j, "critical_density", d->critical_found ? d->critical_density : NAN);
    if (d->n_mixtures > 0) {
        json_with_error(j, "demixing_well_depth", d->demixing_found ? d->demixing_depth : NAN, d->demixing_found ? d->demixing_depth_err : NAN);
        json_double(j, "demixing_density", d->demixing_found ? d->demixing_density : NAN);
    }
    json_double(j, "chi2_fluid_all", d->base_chi2);
    json_object_begin(j, "anchor");
    json_double(j, "density", d->anchor[0].density);
    json_with_error(j, "A", d->anchor_a, d->anchor_a_err);
    json_double(j, "c_over_a", d->c_over_a > 0 ? d->c_over_a : NAN);
    json_int(j, "flags", d->anchor[0].anchor.flags | d->anchor[1].anchor.flags);
    json_object_end(j);
    json_uint(j, "seed", d->spec.seed);
    json_string(j, "folder", d->folder);
    json_object_end(j);
}

/* ---- all ---------------------------------------------------------------------------------------------------- */

static bool has_pictures(void)
{
#ifdef HAVE_CAIRO
    return true;
#else
    return false;
#endif
}

static bool compared(const diagram *d)
{
    for (int32_t k = 0; k < d->n_points; k++)
        if (d->point[k].n_rivals > 0)
            return true;
    return false;
}

int diagram_report(const diagram *d, const cli_common *common)
{
    char path[DIAGRAM_PATH + 40];
    int status = write_table(d, "phases.tsv", print_points);
    if (status == CLI_DONE)
        status = write_table(d, "states.tsv", print_columns);
    if (status == CLI_DONE)
        status = write_table(d, "driving.tsv", diagram_print_forces);
    if (status == CLI_DONE && compared(d))
        status = write_table(d, "compare.tsv", diagram_print_rivals);
    if (status == CLI_DONE && d->n_mixtures > 0)
        status = write_table(d, "fractionation.tsv", diagram_print_fractions);
    if (status == CLI_DONE) {
        json j;
        json_init(&j, true);
        diagram_json(d, &j);
        diagram_path(d, "summary.json", path, sizeof path);
        status = json_write(&j, path, true);
        json_free(&j);
    }
    if (!has_pictures()) {
        cli_note(common, "no pictures: this build has no cairo");
        return status;
    }
    if (status == CLI_DONE)
        status = diagram_draw(d, "diagram.png");
    if (status == CLI_DONE)
        status = diagram_draw(d, "diagram.svg");
    if (status == CLI_DONE)
        status = diagram_draw_forces(d, "driving.png");
    return status == CLI_DONE ? diagram_draw_forces(d, "driving.svg") : status;
}

void diagram_print(const diagram *d)
{
    printf("%-11s %-14s %-10s %-18s %-18s %-18s %s\n", "well depth", "phases", "", "rho 1", "rho 2", "P (kT/sigma^3)", "mu (kT)");
    for (int32_t k = 0; k < d->n_points; k++) {
        row rows[3];
        int n = rows_of(&d->point[k], rows);
        for (int i = 0; i < n; i++) {
            const bnsl_free_energy_coexistence *c = &rows[i].pair->at;
            char text[4][40];
            snprintf(text[0], sizeof text[0], "%.4g +- %.1g", c->density[0], c->density_err[0]);
            snprintf(text[1], sizeof text[1], "%.4g +- %.1g", c->density[1], c->density_err[1]);
            snprintf(text[2], sizeof text[2], "%.4g +- %.1g", c->pressure, c->pressure_err);
            snprintf(text[3], sizeof text[3], "%.4g +- %.1g", c->mu, c->mu_err);
            printf("%-11.4g %-14s %-10s %-18s %-18s %-18s %s\n", d->point[k].depth, rows[i].kind, rows[i].stable ? "stable" : "metastable", text[0],
                   text[1], text[2], text[3]);
        }
        if (n == 0)
            printf("%-11.4g none: %s\n", d->point[k].depth, d->point[k].gas_solid.why);
    }
    print_rough(d, stdout, "");
    diagram_print_verdicts(d);
    if (d->critical_found)
        printf("critical well depth %.4f +- %.4f kT, density %.3f (vapour and liquid of one composition)\n", d->critical_depth, d->critical_depth_err,
               d->critical_density);
    else
        printf("no critical well depth: %s\n", d->critical_why);
    diagram_say_fractions(d);
    printf("files: %s/ phases.tsv states.tsv driving.tsv %ssummary.json diagram.png diagram.svg driving.png driving.svg; seed %llu\n", d->folder,
           d->n_mixtures > 0 ? "fractionation.tsv " : "", (unsigned long long)d->spec.seed);
}
