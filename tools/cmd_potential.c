/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl potential: facts of a pair potential. */
#include <math.h>
#include <stdio.h>

#include "commands.h"
#include "json.h"

typedef struct args {
    cli_doubles exponents;
    double kT, sigma, well_depth, r_cut;
    int32_t shift;
} args;

/* NaN: the potential has no such thing. */
typedef struct facts {
    double r_min, u_min, b2, b2_reduced, d_wca, d_sigma, range, boyle_kT, critical_kT;
} facts;

static const cli_option options[] = {
    {.name = "exponents", .kind = CLI_DOUBLES, .to = offsetof(args, exponents), .metavar = "N,M", .n_min = 1, .n_max = 2, .range = "> 3", .required = true, .help = "exponents of the Mie potential, N > M; N alone: the inverse power law"},
    {.name = "kT", .kind = CLI_DOUBLE, .to = offsetof(args, kT), .metavar = "T", .range = "> 0", .initial = "1", .help = "temperature, in the unit of --well-depth"},
    {.name = "sigma", .kind = CLI_DOUBLE, .to = offsetof(args, sigma), .metavar = "S", .range = "> 0", .initial = "1", .help = "distance at which the energy is 0; the unit of the lengths"},
    {.name = "well-depth", .kind = CLI_DOUBLE, .to = offsetof(args, well_depth), .metavar = "E", .range = "> 0", .initial = "1", .help = "depth of the well; of the inverse power law: the prefactor"},
    {.name = "r-cut", .kind = CLI_DOUBLE, .to = offsetof(args, r_cut), .metavar = "F", .range = "> 0", .help = "cut-off for B2 and what follows from it, as a multiple of sigma (default: none)"},
    {.name = "shift", .kind = CLI_CHOICE, .to = offsetof(args, shift), .choices = "energy|none", .initial = "energy", .help = "what happens at --r-cut"},
    {0}};

static bnsl_status make_potential(const args *a, bnsl_potential **out)
{
    bnsl_potential_options o;
    const double diameter = 1.0;
    bnsl_status status = bnsl_potential_options_init(&o, sizeof o);
    if (status)
        return status;
    o.form = a->exponents.n == 1 ? BNSL_FORM_IPL : BNSL_FORM_MIE;
    o.n = a->exponents.values[0];
    o.m = a->exponents.n == 1 ? 0.0 : a->exponents.values[1];
    o.well_depth = a->well_depth;
    o.sigma = a->sigma;
    o.r_cut = isnan(a->r_cut) ? INFINITY : a->r_cut;
    o.shift = a->shift == 0 ? BNSL_SHIFT_ENERGY : BNSL_SHIFT_NONE;
    return bnsl_potential_create(out, 1, &diameter, &o);
}

/* A fact that this potential lacks is no failure. */
static bnsl_status or_none(bnsl_status status)
{
    return status == BNSL_EDOMAIN ? BNSL_OK : status;
}

static bnsl_status find_facts(const bnsl_potential *p, double kT, facts *f)
{
    *f = (facts){NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    bnsl_status status = or_none(bnsl_potential_minimum(p, 0, 0, &f->r_min, &f->u_min));
    if (!status)
        status = bnsl_potential_second_virial(p, 0, 0, kT, &f->b2);
    if (!status)
        status = bnsl_potential_barker_henderson(p, 0, 0, kT, BNSL_BH_WCA, &f->d_wca);
    if (!status)
        status = bnsl_potential_barker_henderson(p, 0, 0, kT, BNSL_BH_SIGMA, &f->d_sigma);
    if (!status)
        status = or_none(bnsl_potential_effective_range(p, 0, 0, kT, &f->range));
    if (!status)
        status = or_none(bnsl_potential_boyle_kT(p, 0, 0, &f->boyle_kT));
    if (!status)
        status = or_none(bnsl_potential_critical_kT(p, 0, 0, &f->critical_kT));
    f->b2_reduced = f->b2 / (2.0943951023931953 * f->d_wca * f->d_wca * f->d_wca); /* 2 pi / 3 */
    return status;
}

static int report_json(const args *a, const facts *f)
{
    json j;
    json_init(&j, true);
    json_object_begin(&j, NULL);
    json_doubles(&j, "exponents", a->exponents.n, a->exponents.values);
    json_double(&j, "kT", a->kT);
    json_double(&j, "sigma", a->sigma);
    json_double(&j, "well_depth", a->well_depth);
    json_double(&j, "r_cut", a->r_cut);
    json_double(&j, "r_min", f->r_min);
    json_double(&j, "u_min", f->u_min);
    json_double(&j, "b2", f->b2);
    json_double(&j, "b2_reduced", f->b2_reduced);
    json_double(&j, "d_barker_henderson", f->d_wca);
    json_double(&j, "d_barker_henderson_sigma", f->d_sigma);
    json_double(&j, "effective_range", f->range);
    json_double(&j, "boyle_kT", f->boyle_kT);
    json_double(&j, "critical_kT", f->critical_kT);
    json_object_end(&j);
    return json_print(&j);
}

static void print_fact(const char *name, double value, const char *meaning)
{
    char text[32];
    snprintf(text, sizeof text, isnan(value) ? "none" : "%.10g", value);
    printf("%-26s%-18s%s\n", name, text, meaning);
}

static int report_text(const args *a, const facts *f)
{
    if (a->exponents.n == 1)
        printf("inverse power law, exponent %g, prefactor %g, sigma %g", a->exponents.values[0], a->well_depth, a->sigma);
    else
        printf("Mie %g-%g, well depth %g, sigma %g", a->exponents.values[0], a->exponents.values[1], a->well_depth, a->sigma);
    if (isnan(a->r_cut))
        printf(", not cut");
    else
        printf(", cut at %g sigma%s", a->r_cut, a->shift == 0 ? " and shifted" : "");
    printf(", kT = %g\n\n", a->kT);
    print_fact("r_min", f->r_min, "position of the minimum, unit of sigma");
    print_fact("u_min", f->u_min, "energy there, unit of the well depth");
    print_fact("b2", f->b2, "second virial coefficient, unit of sigma^3");
    print_fact("b2_reduced", f->b2_reduced, "b2 / (2 pi/3 d_barker_henderson^3)");
    print_fact("d_barker_henderson", f->d_wca, "Barker-Henderson diameter, split at r_min, unit of sigma");
    print_fact("d_barker_henderson_sigma", f->d_sigma, "the same, split at sigma");
    print_fact("effective_range", f->range, "Noro-Frenkel range, unit of d_barker_henderson");
    print_fact("boyle_kT", f->boyle_kT, "b2 = 0, unit of the well depth");
    print_fact("critical_kT", f->critical_kT, "b2_reduced = -1.5, unit of the well depth");
    return CLI_DONE;
}

static int run(int argc, char **argv)
{
    args a;
    cli_common common;
    facts f;
    int status;
    if (!cli_parse(&potential_command, argc, argv, &a, &common, &status))
        return status;
    if (a.exponents.n == 2 && a.exponents.values[1] >= a.exponents.values[0])
        return cli_usage("--exponents: %g,%g must be N,M with N > M", a.exponents.values[0], a.exponents.values[1]);
    if (cli_given(&common, "shift") && isnan(a.r_cut))
        return cli_usage("--shift needs --r-cut");
    bnsl_potential *p = NULL;
    if (make_potential(&a, &p) != BNSL_OK || find_facts(p, a.kT, &f) != BNSL_OK)
        status = cli_fail_library(NULL);
    else
        status = common.json ? report_json(&a, &f) : report_text(&a, &f);
    bnsl_potential_destroy(p);
    return status;
}

const cli_command potential_command = {
    .name = "potential",
    .usage = "--exponents N,M [options]",
    .summary = "facts of a pair potential: minimum, B2, effective sizes and ranges",
    .description = "Of the Mie potential U = C eps [(sigma/r)^N - (sigma/r)^M], not cut: minimum, second virial coefficient, Barker-\n"
                   "Henderson diameters by two splits, Noro-Frenkel effective range, Boyle temperature and the estimate of the critical\n"
                   "temperature. With --r-cut, B2 and what follows from it are those of the pair as cut and shifted.",
    .examples = "bnsl potential --exponents 50,25 --kT 0.4\n"
                "bnsl potential --exponents 50,6 --r-cut 2.5 --json\n"
                "bnsl potential --exponents 50\n",
    .options = options,
    .args_size = sizeof(args),
    .common = CLI_JSON,
    .run = run};
