/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl potential: facts of a pair potential, its curve as a picture or a table. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "json.h"
#include "output.h"
#include "picture.h"
#include "plot/plot.h"

#define N_POINTS 1201   /* of a curve */
#define HIGHEST 2.5     /* of the picture, in units of the energy */
#define FADED 0.01      /* the curve ends where the well is this part of its depth */
#define R_MOST 3.0      /* or here, in units of sigma */
#define SHALLOW 0.05    /* a well below this part of the energy is not what the picture shows */

typedef struct args {
    cli_doubles exponents;
    double kT, sigma, well_depth, r_cut, r_on, coupling, ipl_prefactor;
    int32_t form, shift;
} args;

/* Values of --form and --shift, in their order. */
enum { FORM_MIE, FORM_IPL, FORM_WCA, FORM_IPL_MIE };
enum { SHIFT_ENERGY, SHIFT_NONE, SHIFT_SMOOTH };
static const char *const form_names[] = {"mie", "ipl", "wca", "ipl-mie"};
static const char *const shift_names[] = {"energy", "none", "smooth"};

/* NaN: the potential has no such thing. */
typedef struct facts {
    double r_min, u_min, b2, b2_series, b2_reduced, d_wca, d_sigma, range, boyle_kT, critical_kT;
} facts;

static const cli_option options[] = {
    {.name = "exponents", .kind = CLI_DOUBLES, .to = offsetof(args, exponents), .metavar = "N,M", .n_min = 1, .n_max = 2, .range = "> 3",
     .required = true, .help = "exponents of the Mie potential, N > M; N alone: the inverse power law"},
    {.name = "form", .kind = CLI_CHOICE, .to = offsetof(args, form), .choices = "mie|ipl|wca|ipl-mie",
     .help = "form of the potential (default: mie; with N alone ipl)"},
    {.name = "kT", .kind = CLI_DOUBLE, .to = offsetof(args, kT), .metavar = "T", .range = "> 0", .initial = "1",
     .help = "temperature, in the unit of --well-depth"},
    {.name = "sigma", .kind = CLI_DOUBLE, .to = offsetof(args, sigma), .metavar = "S", .range = "> 0", .initial = "1",
     .help = "distance at which the Mie energy is 0; the unit of the lengths"},
    {.name = "well-depth", .kind = CLI_DOUBLE, .to = offsetof(args, well_depth), .metavar = "E", .range = "> 0", .initial = "1",
     .help = "depth of the well; of the inverse power law: the prefactor"},
    {.name = "coupling", .kind = CLI_DOUBLE, .to = offsetof(args, coupling), .metavar = "X", .range = ">= 0 and <= 1", .initial = "0",
     .help = "ipl-mie: 0, the inverse power law, to 1, the Mie potential"},
    {.name = "ipl-prefactor", .kind = CLI_DOUBLE, .to = offsetof(args, ipl_prefactor), .metavar = "A", .range = "> 0", .initial = "1",
     .help = "ipl-mie: prefactor of the inverse power law"},
    {.name = "r-cut", .kind = CLI_DOUBLE, .to = offsetof(args, r_cut), .metavar = "F", .range = "> 0",
     .help = "cut-off for B2 and what follows from it, as a multiple of sigma (default: none)"},
    {.name = "shift", .kind = CLI_CHOICE, .to = offsetof(args, shift), .choices = "energy|none|smooth", .initial = "energy",
     .help = "what happens at --r-cut"},
    {.name = "r-on", .kind = CLI_DOUBLE, .to = offsetof(args, r_on), .metavar = "F", .range = "> 0",
     .help = "where --shift smooth begins, as a multiple of sigma (default: 0.9 of --r-cut)"},
    {0}};

/* ---- the potential ----------------------------------------------------------------------------------------- */

/* What the table of options cannot say; fills in the form. */
static int check(args *a, const cli_common *common)
{
    const cli_doubles *e = &a->exponents;
    if (a->form < 0)
        a->form = e->n == 1 ? FORM_IPL : FORM_MIE;
    if ((a->form == FORM_IPL) != (e->n == 1))
        return cli_usage("--exponents: --form %s takes %s", form_names[a->form], a->form == FORM_IPL ? "one, N" : "two, N,M");
    if (e->n == 2 && e->values[1] >= e->values[0])
        return cli_usage("--exponents: %g,%g must be N,M with N > M", e->values[0], e->values[1]);
    if ((cli_given(common, "coupling") || cli_given(common, "ipl-prefactor")) && a->form != FORM_IPL_MIE)
        return cli_usage("--coupling and --ipl-prefactor need --form ipl-mie");
    if (a->form == FORM_WCA && !isnan(a->r_cut))
        return cli_usage("--r-cut: --form wca ends at its minimum");
    if (cli_given(common, "shift") && isnan(a->r_cut))
        return cli_usage("--shift needs --r-cut");
    if (!isnan(a->r_on) && a->shift != SHIFT_SMOOTH)
        return cli_usage("--r-on needs --shift smooth");
    if (!isnan(a->r_on) && a->r_on >= a->r_cut)
        return cli_usage("--r-on: %g must be below --r-cut, %g", a->r_on, a->r_cut);
    for (int32_t i = 0; i < common->output.n; i++) {
        const char *path = common->output.values[i];
        int status = output_has_ending(path, ".tsv") ? CLI_DONE : picture_check(path);
        if (status != CLI_DONE)
            return status;
    }
    return output_check_all(common);
}

static bnsl_status make_potential(const args *a, double r_cut, bnsl_potential **out)
{
    static const int32_t forms[] = {BNSL_FORM_MIE, BNSL_FORM_IPL, BNSL_FORM_WCA, BNSL_FORM_IPL_MIE};
    static const int32_t shifts[] = {BNSL_SHIFT_ENERGY, BNSL_SHIFT_NONE, BNSL_SHIFT_SMOOTH};
    bnsl_potential_options o;
    const double diameter = 1.0;
    bnsl_status status = bnsl_potential_options_init(&o, sizeof o);
    if (status)
        return status;
    o.form = forms[a->form];
    o.n = a->exponents.values[0];
    o.m = a->exponents.n == 1 ? 0.0 : a->exponents.values[1];
    o.well_depth = a->well_depth;
    o.sigma = a->sigma;
    o.r_cut = r_cut;
    o.shift = isinf(r_cut) ? BNSL_SHIFT_NONE : shifts[a->shift];
    o.r_on = isnan(a->r_on) ? 0.0 : a->r_on;
    o.coupling = a->coupling;
    o.ipl_prefactor = a->ipl_prefactor;
    return bnsl_potential_create(out, 1, &diameter, &o);
}

/* A fact that this potential lacks is no failure. */
static bnsl_status or_none(bnsl_status status)
{
    return status == BNSL_EDOMAIN ? BNSL_OK : status;
}

static bnsl_status find_facts(const bnsl_potential *p, double kT, facts *f)
{
    *f = (facts){NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    bnsl_status status = or_none(bnsl_potential_minimum(p, 0, 0, &f->r_min, &f->u_min));
    if (!status)
        status = bnsl_potential_second_virial(p, 0, 0, kT, &f->b2);
    if (!status) {
        /* where the series loses its digits in the cold, the quadrature does not */
        status = or_none(bnsl_potential_second_virial_series(p, 0, 0, kT, &f->b2_series));
        status = status == BNSL_ENUMERIC ? BNSL_OK : status;
    }
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

/* ---- text and JSON ----------------------------------------------------------------------------------------- */

static void describe(const args *a, char *text, size_t size)
{
    const double n = a->exponents.values[0], m = a->exponents.values[1];
    if (a->form == FORM_IPL)
        snprintf(text, size, "inverse power law, exponent %g, prefactor %g, sigma %g", n, a->well_depth, a->sigma);
    else if (a->form == FORM_IPL_MIE)
        snprintf(text, size, "inverse power law %g, prefactor %g, to Mie %g-%g, well depth %g, coupling %g, sigma %g", n, a->ipl_prefactor, n, m,
                 a->well_depth, a->coupling, a->sigma);
    else
        snprintf(text, size, "%s %g-%g, well depth %g, sigma %g", a->form == FORM_WCA ? "repulsive part (WCA) of Mie" : "Mie", n, m, a->well_depth,
                 a->sigma);
    size_t used = strlen(text);
    if (isnan(a->r_cut) && a->form != FORM_WCA)
        snprintf(text + used, size - used, ", not cut");
    else if (!isnan(a->r_cut))
        snprintf(text + used, size - used, ", cut at %g sigma%s", a->r_cut,
                 a->shift == SHIFT_ENERGY ? " and shifted" : a->shift == SHIFT_SMOOTH ? ", smoothly" : "");
}

static int report_json(const args *a, const cli_common *common, const facts *f, double r_on)
{
    json j;
    json_init(&j, true);
    json_object_begin(&j, NULL);
    json_string(&j, "form", form_names[a->form]);
    json_doubles(&j, "exponents", a->exponents.n, a->exponents.values);
    json_double(&j, "kT", a->kT);
    json_double(&j, "sigma", a->sigma);
    json_double(&j, "well_depth", a->well_depth);
    if (a->form == FORM_IPL_MIE) {
        json_double(&j, "coupling", a->coupling);
        json_double(&j, "ipl_prefactor", a->ipl_prefactor);
    }
    json_double(&j, "r_cut", a->r_cut);
    if (!isnan(a->r_cut))
        json_string(&j, "shift", shift_names[a->shift]);
    if (!isnan(r_on))
        json_double(&j, "r_on", r_on);
    json_double(&j, "r_min", f->r_min);
    json_double(&j, "u_min", f->u_min);
    json_double(&j, "b2", f->b2);
    json_double(&j, "b2_series", f->b2_series);
    json_double(&j, "b2_reduced", f->b2_reduced);
    json_double(&j, "d_barker_henderson", f->d_wca);
    json_double(&j, "d_barker_henderson_sigma", f->d_sigma);
    json_double(&j, "effective_range", f->range);
    json_double(&j, "boyle_kT", f->boyle_kT);
    json_double(&j, "critical_kT", f->critical_kT);
    output_json(common, &j);
    json_object_end(&j);
    return json_print(&j);
}

static void print_fact(const char *name, double value, const char *meaning)
{
    char text[32];
    snprintf(text, sizeof text, isnan(value) ? "none" : "%.10g", value);
    printf("%-26s%-18s%s\n", name, text, meaning);
}

static int report_text(const args *a, const cli_common *common, const facts *f)
{
    char text[256];
    describe(a, text, sizeof text);
    printf("%s, kT = %g\n\n", text, a->kT);
    print_fact("r_min", f->r_min, "position of the minimum, unit of sigma");
    print_fact("u_min", f->u_min, "energy there, unit of the well depth");
    print_fact("b2", f->b2, "second virial coefficient, unit of sigma^3");
    print_fact("b2_series", f->b2_series, "the same of the potential that is not cut, by its series");
    print_fact("b2_reduced", f->b2_reduced, "b2 / (2 pi/3 d_barker_henderson^3)");
    print_fact("d_barker_henderson", f->d_wca, "Barker-Henderson diameter, split at r_min, unit of sigma");
    print_fact("d_barker_henderson_sigma", f->d_sigma, "the same, split where the energy is 0");
    print_fact("effective_range", f->range, "Noro-Frenkel range, unit of d_barker_henderson");
    print_fact("boyle_kT", f->boyle_kT, "b2 = 0, unit of the well depth");
    print_fact("critical_kT", f->critical_kT, "b2_reduced = -1.5, unit of the well depth");
    output_print(common);
    return CLI_DONE;
}

/* ---- curves ------------------------------------------------------------------------------------------------ */

/* U and the force of the pair, and U of the pair as it is when not cut, at N_POINTS equal distances. */
typedef struct curve {
    double r[N_POINTS], u[N_POINTS], force[N_POINTS], uncut[N_POINTS];
    double highest, lowest; /* energies that the picture shows */
} curve;

static double energy(const bnsl_potential *p, double r)
{
    double u = NAN;
    bnsl_potential_evaluate(p, 0, 0, 1, &r, &u, NULL);
    return u;
}

/* Where the pair that is not cut is as high as the picture shows, by halving between 0 and a distance where it is lower. */
static double first_distance(const bnsl_potential *uncut, double highest, double sigma)
{
    double low = 0.0, high = R_MOST * sigma;
    for (int i = 0; i < 60; i++) {
        double middle = 0.5 * (low + high);
        *(energy(uncut, middle) > highest ? &low : &high) = middle;
    }
    return high;
}

static bnsl_status trace(const args *a, const facts *f, const bnsl_potential *p, const bnsl_potential *uncut, curve *c)
{
    double scale = fmax(a->well_depth, a->form == FORM_IPL_MIE ? a->ipl_prefactor : 0.0);
    double depth = -f->u_min > SHALLOW * scale ? -f->u_min : 0.0;
    c->highest = HIGHEST * (depth > 0.0 ? depth : scale);
    c->lowest = depth > 0.0 ? -1.25 * depth : -0.1 * c->highest;
    double first = first_distance(uncut, 2.0 * c->highest, a->sigma), last = 1.5 * a->sigma;
    while (last < R_MOST * a->sigma && fabs(energy(uncut, last)) > FADED * fmax(depth, scale))
        last *= 1.01;
    if (!isnan(a->r_cut))
        last = fmax(1.1 * a->r_cut * a->sigma, first + 0.1 * a->sigma);
    for (int i = 0; i < N_POINTS; i++)
        c->r[i] = first + (last - first) * i / (N_POINTS - 1);
    bnsl_status status = bnsl_potential_evaluate(p, 0, 0, N_POINTS, c->r, c->u, c->force);
    return status ? status : bnsl_potential_evaluate(uncut, 0, 0, N_POINTS, c->r, c->uncut, NULL);
}

static int write_table(const args *a, const cli_common *common, const curve *c, const char *path)
{
    char text[512];
    double *values = malloc(3 * N_POINTS * sizeof *values);
    if (!values)
        return cli_fail("out of memory");
    for (int i = 0; i < N_POINTS; i++) {
        values[3 * i] = c->r[i];
        values[3 * i + 1] = c->u[i];
        values[3 * i + 2] = c->force[i];
    }
    snprintf(text, sizeof text, "bnsl potential: ");
    describe(a, text + strlen(text), sizeof text - strlen(text));
    size_t used = strlen(text);
    snprintf(text + used, sizeof text - used, "\nr (unit of sigma)\tU (unit of the well depth)\tforce -dU/dr");
    int status = bnsl_io_table_write(path, text, N_POINTS, 3, values, common->force) == BNSL_OK ? CLI_DONE : cli_fail_library(path);
    free(values);
    return status;
}

static void note_facts(plot_panel *panel, const args *a, const facts *f)
{
    char text[256];
    snprintf(text, sizeof text, "kT = %g\nB₂ = %.4g\nd_BH = %.4g", a->kT, f->b2, f->d_wca);
    size_t used = strlen(text);
    if (!isnan(f->range))
        snprintf(text + used, sizeof text - used, "\nrange = %.3g d_BH", f->range);
    used = strlen(text);
    if (!isnan(f->critical_kT))
        snprintf(text + used, sizeof text - used, "\nkT_c = %.4g", f->critical_kT);
    plot_note(panel, text);
}

static void short_title(const args *a, char *text, size_t size)
{
    const double n = a->exponents.values[0], m = a->exponents.values[1];
    if (a->form == FORM_IPL)
        snprintf(text, size, "Inverse power law %g, prefactor %g, σ = %g", n, a->well_depth, a->sigma);
    else if (a->form == FORM_IPL_MIE)
        snprintf(text, size, "Inverse power law to Mie %g-%g, λ = %g, ε = %g, σ = %g", n, m, a->coupling, a->well_depth, a->sigma);
    else
        snprintf(text, size, "%s %g-%g, ε = %g, σ = %g", a->form == FORM_WCA ? "WCA of Mie" : "Mie", n, m, a->well_depth, a->sigma);
}

static int write_picture(const args *a, const cli_common *common, const facts *f, const curve *c, double r_on, const char *path)
{
    char title[256];
    short_title(a, title, sizeof title);
    plot_figure *figure = plot_create(1, 1);
    plot_panel_size(figure, 560, 380);
    plot_panel *panel = plot_panel_at(figure, 0, 0);
    plot_labels(panel, title, "r", "U(r)");
    plot_range(panel, PLOT_X, c->r[0], c->r[N_POINTS - 1]);
    plot_range(panel, PLOT_Y, c->lowest, c->highest);
    plot_level(panel, 0, NULL, PLOT_GREY);
    if (!isnan(a->r_cut) || a->form == FORM_WCA)
        plot_dashed(panel, N_POINTS, c->r, c->uncut, PLOT_GREY, a->form == FORM_WCA ? "Mie" : "not cut");
    plot_line(panel, N_POINTS, c->r, c->u, PLOT_BLUE, NULL);
    if (!isnan(f->r_min) && f->r_min < c->r[N_POINTS - 1])
        plot_mark(panel, f->r_min, "r_min", PLOT_GREEN);
    if (!isnan(r_on))
        plot_mark(panel, r_on * a->sigma, "r_on", PLOT_ORANGE);
    if (!isnan(a->r_cut))
        plot_mark(panel, a->r_cut * a->sigma, "r_cut", PLOT_VERMILION);
    note_facts(panel, a, f);
    int status = plot_write(figure, path, common->force);
    plot_destroy(figure);
    return status;
}

static int write_outputs(const args *a, const cli_common *common, const facts *f, const bnsl_potential *p, double r_on)
{
    if (common->output.n == 0)
        return CLI_DONE;
    args mie = *a; /* what the dashed curve shows */
    mie.form = a->form == FORM_WCA ? FORM_MIE : a->form;
    bnsl_potential *uncut = NULL;
    curve *c = malloc(sizeof *c);
    if (!c)
        return cli_fail("out of memory");
    int status = make_potential(&mie, INFINITY, &uncut) != BNSL_OK || trace(a, f, p, uncut, c) != BNSL_OK ? cli_fail_library(NULL) : CLI_DONE;
    for (int32_t i = 0; i < common->output.n && status == CLI_DONE; i++) {
        const char *path = common->output.values[i];
        status = output_has_ending(path, ".tsv") ? write_table(a, common, c, path) : write_picture(a, common, f, c, r_on, path);
    }
    bnsl_potential_destroy(uncut);
    free(c);
    return status;
}

static int run(int argc, char **argv)
{
    args a;
    cli_common common;
    facts f;
    int status;
    if (!cli_parse(&potential_command, argc, argv, &a, &common, &status))
        return status;
    status = check(&a, &common);
    if (status != CLI_DONE)
        return status;
    bnsl_potential *p = NULL;
    if (make_potential(&a, isnan(a.r_cut) ? INFINITY : a.r_cut, &p) != BNSL_OK || find_facts(p, a.kT, &f) != BNSL_OK) {
        status = cli_fail_library(NULL);
    } else {
        bnsl_potential_options resolved;
        bnsl_potential_options_init(&resolved, sizeof resolved);
        bnsl_potential_get_pair(p, 0, 0, &resolved);
        double r_on = !isnan(a.r_cut) && a.shift == SHIFT_SMOOTH ? resolved.r_on : NAN;
        status = write_outputs(&a, &common, &f, p, r_on);
        if (status == CLI_DONE)
            status = common.json ? report_json(&a, &common, &f, r_on) : report_text(&a, &common, &f);
    }
    bnsl_potential_destroy(p);
    return status;
}

const cli_command potential_command = {
    .name = "potential",
    .usage = "--exponents N,M [options]",
    .summary = "facts of a pair potential: minimum, B2, effective sizes and ranges",
    .description = "Of the Mie potential U = C eps [(sigma/r)^N - (sigma/r)^M], not cut: minimum, second virial coefficient, Barker-\n"
                   "Henderson diameters by two splits, Noro-Frenkel effective range, Boyle temperature and the estimate of the critical\n"
                   "temperature. With --r-cut, B2 and what follows from it are those of the pair as cut and shifted. Other forms are the\n"
                   "inverse power law, the repulsive part of the Mie potential (wca), and the mixture of the first two (ipl-mie) on the\n"
                   "path from the one to the other. -o draws U(r) (.png, .svg, .pdf) or writes it and the force as a table (.tsv).",
    .examples = "bnsl potential --exponents 50,25 --kT 0.4\n"
                "bnsl potential --exponents 50,6 --r-cut 2.5 --shift smooth -o wide.svg\n"
                "bnsl potential --exponents 50,25 --form ipl-mie --coupling 0.5 --json\n"
                "bnsl potential --exponents 50\n",
    .options = options,
    .args_size = sizeof(args),
    .common = CLI_JSON | CLI_OUTPUT,
    .run = run};
