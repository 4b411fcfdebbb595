/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is the crystal of a diagram stable against others in the same fluid? mu_L - mu_S of the fluid that coexists with it comes from an identity
 * change in small steps (bnsl_free_energy_exchange), and with x_L mu_L + x_S mu_S = mu both potentials. A crystal of another composition forms
 * if its own mu at that pressure is below the mean of these potentials by its composition.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

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

static void weigh(const diagram_point *p, double pressure, diagram *other, diagram_rival *r)
{
    double mu, mu_err, x = other->fraction[0], y = other->fraction[1];
    *r = (diagram_rival){.found = diagram_solid_mu(other, p->depth, pressure, &mu, &mu_err)};
    snprintf(r->structure, sizeof r->structure, "%s", other->spec.structure);
    if (!r->found)
        return;
    r->excess = x * p->mu[0] + y * p->mu[1] - mu;
    r->excess_err = hypot(mu_err, hypot(x * p->mu_err[0], y * p->mu_err[1]));
}

int diagram_compare(diagram *d, const cli_strings *folders, const cli_common *common)
{
    if (d->n_species != 2)
        return cli_fail("--compare: %s has one component", d->spec.structure);
    diagram *other[DIAGRAM_RIVALS] = {NULL};
    int status = CLI_DONE;
    for (int32_t i = 0; status == CLI_DONE && i < folders->n; i++) {
        other[i] = malloc(sizeof *other[i]);
        status = other[i] ? diagram_load(other[i], folders->values[i]) : cli_fail("out of memory");
        if (status == CLI_DONE && !same_model(&d->spec, &other[i]->spec))
            status = cli_fail("%s: the diagram of another potential or size ratio", folders->values[i]);
    }
    for (int32_t k = 0; status == CLI_DONE && k < d->n_points; k++) {
        diagram_point *p = &d->point[k];
        const diagram_pair *pair = &p->gas_solid;
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
        for (int32_t i = 0; i < folders->n; i++)
            weigh(p, pair->at.pressure, other[i], &p->rival[p->n_rivals++]);
    }
    for (int32_t i = 0; i < folders->n; i++)
        free(other[i]);
    return status;
}
