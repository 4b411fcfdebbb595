/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is the crystal of a diagram stable against others in the same fluid? mu_L - mu_S of the fluid that coexists with it comes from an identity
 * change in small steps (bnsl_free_energy_exchange), and with x_L mu_L + x_S mu_S = mu both potentials. A crystal of another composition forms
 * if its own mu at that pressure is below the mean of these potentials by its composition. A crystal of one component is weighed twice, of L
 * and of S: the latter is the same crystal with all lengths times q, P q^3 in the place of P, and -3 ln q to mu as the wavelength stays.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diagram.h"

static bool same_model(const diagram_spec *a, const diagram_spec *b)
{
    return a->exponent_n == b->exponent_n && a->exponent_m == b->exponent_m && a->r_cut == b->r_cut && a->shift == b->shift &&
           a->ipl_prefactor == b->ipl_prefactor && a->size_ratio == b->size_ratio;
}

/* The exchange at one depth: from its file, when that is of this density, or measured. */
static int exchange(const diagram *d, int32_t k, double density, const cli_common *common, double *difference, double *err)
{
    char name[40];
    double value[3];
    snprintf(name, sizeof name, "exchange-%02d.tsv", (int)k);
    if (!diagram_read_numbers(d, name, 3, value) || value[0] != density) {
        bnsl_free_energy_exchange_options o;
        const int64_t units = d->fluid[0].n / (d->per_unit[0] + d->per_unit[1]), count[2] = {units * d->per_unit[0], units * d->per_unit[1]};
        bnsl_status status = bnsl_free_energy_exchange_options_init(&o, sizeof o);
        o.num_threads = common->threads;
        o.n_steps = 4 * d->spec.steps;
        o.n_equilibrate = d->spec.equilibration;
        o.dt = d->spec.dt;
        o.ipl_prefactor = d->spec.ipl_prefactor;
        o.seed = d->spec.seed + 77 + 100 * (uint64_t)k;
        value[0] = density;
        if (!status)
            status = bnsl_free_energy_exchange(d->diameter, count, density, d->point[k].depth, &d->mie, &o, cli_control(), &value[1], &value[2]);
        if (status)
            return cli_fail_library("chemical potentials");
        if (diagram_write_numbers(d, name, "density (1/sigma^3)\tmu_L - mu_S (kT)\terror (kT)", 3, value) != CLI_DONE)
            return CLI_FAILED;
    }
    *difference = value[1];
    *err = value[2];
    return CLI_DONE;
}

/*
 * The crystal of another diagram, or of one component and the size q, in the fluid of a point. Errors: the fluid's pressure moves along the fluid,
 * where mu changes by 1/rho of it; then the fluid's A, the exchange and the crystal.
 */
static void weigh(const diagram *d, const diagram_point *p, diagram *other, double x, double q, double exchange_err, diagram_rival *r)
{
    const bnsl_free_energy_coexistence *at = &diagram_at_crystal(p)->at;
    const double volume = q * q * q;
    bnsl_free_energy_state state;
    *r = (diagram_rival){.mu_fluid = x * p->mu[0] + (1 - x) * p->mu[1]};
    if (other->n_species == 1)
        snprintf(r->name, sizeof r->name, "%s of %s", other->spec.structure, x > 0 ? "L" : "S");
    else
        snprintf(r->name, sizeof r->name, "%s", other->spec.structure);
    r->found = diagram_solid_at(other, p->depth, at->pressure * volume, &state, r->range);
    for (int k = 0; k < 2; k++)
        r->range[k] /= volume;
    if (!r->found)
        return;
    double along = at->pressure_err * (1 / at->density[0] - volume / state.density), exchanged = exchange_err * (x - d->fraction[0]);
    r->mu = state.mu - 3 * log(q);
    r->mu_err = state.mu_err;
    r->excess = r->mu_fluid - r->mu;
    r->excess_err = sqrt(along * along + p->fluid_a_err * p->fluid_a_err + exchanged * exchanged + r->mu_err * r->mu_err);
}

int diagram_compare(diagram *d, const cli_strings *folders, const cli_common *common)
{
    if (d->n_species != 2)
        return cli_fail("--compare: %s has one component", d->spec.structure);
    diagram *other[DIAGRAM_FOLDERS] = {NULL};
    int status = CLI_DONE;
    for (int32_t i = 0; status == CLI_DONE && i < folders->n; i++) {
        other[i] = malloc(sizeof *other[i]);
        status = other[i] ? diagram_load(other[i], folders->values[i]) : cli_fail("out of memory");
        if (status == CLI_DONE && !same_model(&d->spec, &other[i]->spec))
            status = cli_fail("%s: the diagram of another potential or size ratio", folders->values[i]);
    }
    for (int32_t k = 0; status == CLI_DONE && k < d->n_points; k++) {
        diagram_point *p = &d->point[k];
        const diagram_pair *pair = diagram_at_crystal(p);
        double difference = 0, err = 0, x = d->fraction[0];
        if (!pair->found)
            continue;
        status = exchange(d, k, pair->at.density[0], common, &difference, &err);
        if (status != CLI_DONE)
            break;
        p->components = true;
        p->mu[0] = pair->at.mu + (1 - x) * difference;
        p->mu[1] = pair->at.mu - x * difference;
        p->mu_err[0] = hypot(pair->at.mu_err, (1 - x) * err);
        p->mu_err[1] = hypot(pair->at.mu_err, x * err);
        for (int32_t i = 0; i < folders->n; i++) {
            weigh(d, p, other[i], other[i]->fraction[0], 1, err, &p->rival[p->n_rivals++]);
            if (other[i]->n_species == 1)
                weigh(d, p, other[i], 0, d->spec.size_ratio, err, &p->rival[p->n_rivals++]);
        }
    }
    for (int32_t i = 0; i < folders->n; i++)
        free(other[i]);
    return status;
}

/* ---- what was found ----------------------------------------------------------------------------------------- */

const char *diagram_verdict(const diagram_rival *r)
{
    return !r->found                           ? "unknown"
           : r->excess > 2 * r->excess_err     ? "more stable"
           : r->excess < -2 * r->excess_err    ? "less stable"
                                               : "undecided";
}

void diagram_print_rivals(const diagram *d, FILE *f)
{
    fprintf(f,
            "# bnsl phases: other crystals in the fluid that coexists with %s, at its pressure. mu_fluid: the fluid's potentials of L and "
            "S by the\n"
            "# composition of the crystal; mu_crystal: its own; gain: their difference, > 0 where the fluid would form it instead\n"
            "# well_depth (kT)\tP (kT/sigma^3)\tcrystal\tmu_fluid (kT)\tmu_crystal (kT)\tgain (kT)\tgain_err (kT)\tverdict\n",
            d->spec.structure);
    for (int32_t k = 0; k < d->n_points; k++)
        for (int32_t i = 0; i < d->point[k].n_rivals; i++) {
            const diagram_rival *r = &d->point[k].rival[i];
            fprintf(f, "%.6g\t%.6g\t%s\t%.6g\t", d->point[k].depth, diagram_at_crystal(&d->point[k])->at.pressure, r->name, r->mu_fluid);
            if (r->found)
                fprintf(f, "%.6g\t%.4g\t%.2g\t%s\n", r->mu, r->excess, r->excess_err, diagram_verdict(r));
            else
                fprintf(f, "nan\tnan\tnan\t%s\n", diagram_verdict(r));
        }
}

void diagram_print_verdicts(const diagram *d)
{
    bool heading = false, compared = false;
    for (int32_t k = 0; k < d->n_points; k++)
        compared = compared || d->point[k].n_rivals > 0;
    for (int32_t k = 0; k < d->n_points; k++) {
        if (compared && d->point[k].n_rivals == 0)
            printf("%-11.4g nothing to compare: no coexistence was found\n", d->point[k].depth);
        for (int32_t i = 0; i < d->point[k].n_rivals; i++) {
            const diagram_point *p = &d->point[k];
            const diagram_rival *r = &p->rival[i];
            if (!heading)
                printf("other crystals in the fluid at %s: what a particle of the fluid would gain in them\n", d->spec.structure);
            heading = true;
            printf("%-11.4g %-14s ", p->depth, r->name);
            if (!r->found && isnan(r->range[0]))
                printf("is not known at this depth\n");
            else if (!r->found)
                printf("is not known at P = %.4g, only from %.4g to %.4g\n", diagram_at_crystal(p)->at.pressure, r->range[0], r->range[1]);
            else
                printf("%.3f +- %.2g kT: %s%s%s\n", r->excess, r->excess_err, strcmp(diagram_verdict(r), "undecided") == 0 ? "" : "it is ",
                       diagram_verdict(r),
                       diagram_at_crystal(p)->at.pressure < r->range[0] ? " (extrapolated: its loosest column has a higher pressure)" : "");
        }
    }
}

void diagram_json_rivals(const diagram_point *p, json *j)
{
    json_with_error(j, "mu_L", p->mu[0], p->mu_err[0]);
    json_with_error(j, "mu_S", p->mu[1], p->mu_err[1]);
    json_array_begin(j, "rivals");
    for (int32_t i = 0; i < p->n_rivals; i++) {
        const diagram_rival *r = &p->rival[i];
        json_object_begin(j, NULL);
        json_string(j, "structure", r->name);
        json_double(j, "mu_fluid", r->mu_fluid);
        json_with_error(j, "mu", r->found ? r->mu : NAN, r->found ? r->mu_err : NAN);
        json_with_error(j, "gain", r->found ? r->excess : NAN, r->found ? r->excess_err : NAN);
        json_string(j, "verdict", diagram_verdict(r));
        json_object_end(j);
    }
    json_array_end(j);
}
