/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl demo: the library's main jobs, small: a form factor, a crystal and its S(q), and why AlB2 needs a narrow well. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"
#include "demo.h"
#include "json.h"
#include "output.h"

typedef struct args {
    const char *out;
} args;

static const cli_option options[] = {
    {.name = "out", .kind = CLI_STRING, .to = offsetof(args, out), .metavar = "DIR",
     .help = "folder for files and pictures (default: bnsl-demo, or bnsl-demo-2, ... when that is there)"},
    {0}};

static double growth_percent(const demo_growth *g, int well)
{
    double change = 100 * (g->last[well] / g->first[well] - 1);
    return fabs(change) < 0.5 ? 0 : change; /* no -0 % */
}

static void row(const char *what, double value, double error, double truth, const char *unit, int digits)
{
    printf("  %-34s %10.*f ± %-8.*f %10.*f  %s\n", what, digits, value, digits, error, digits, truth, unit);
}

static void print_tables(const demo_form_factor *f, const demo_crystal *c, const demo_growth *g, const char *folder)
{
    const bnsl_saxs_phase *p = &c->fit;
    double b_mixed = p->a * sqrt(1.0 / 3 + 0.25 * p->c_over_a * p->c_over_a), b_small = p->a / sqrt(3.0);
    double r = 0.5 * (demo_core_large + demo_core_small);
    printf("(a) form factor of PolySpheres.txt        measured                 true\n");
    row("mean radius, Schulz sizes", f->schulz.radius, f->schulz.radius_err, 6, "nm", 4);
    row("standard deviation", f->schulz.sigma, f->schulz.sigma_err, 1.2, "nm", 4);
    printf("  %-34s %10.3g against %.3g of the Gaussian\n", "reduced chi^2", f->schulz.chi2_reduced, f->gaussian.chi2_reduced);
    printf("\n(b) AlB2 crystal of %lld particles         from its S(q)            true\n", (long long)c->particles);
    row("a = b_LL", p->a, p->a_err, c->a, "nm", 4);
    row("c/a", p->c_over_a, p->c_over_a_err, c->c_over_a, "", 5);
    row("b_LS", b_mixed, b_mixed * p->a_err / p->a, c->b_mixed, "nm", 4);
    row("b_SS", b_small, b_small * p->a_err / p->a, c->b_small, "nm", 4);
    row("d_LL (surface to surface)", p->a - demo_core_large, p->a_err, c->b_large - demo_core_large, "nm", 4);
    row("d_LS", b_mixed - r, b_mixed * p->a_err / p->a, c->b_mixed - r, "nm", 4);
    row("d_SS", b_small - demo_core_small, b_small * p->a_err / p->a, c->b_small - demo_core_small, "nm", 4);
    row("crystallite size xi", p->xi, p->xi_err, c->xi, "nm", 1);
    printf("  %-34s %10.2f %% of L\n", "recognised as AlB2", 100 * c->share_alb2);
    printf("\n(c) AlB2 nucleus in a fluid of %lld, phi %g, %.1f kT, t = %.0f tau\n", (long long)g->particles, g->phi, demo_well_depth, g->time);
    printf("  %-34s %10s %10s %10s\n", "AlB2-like L", "start", "end", "change");
    printf("  %-34s %10.1f %10.1f %+9.0f %%\n", "narrow well (50, 25)", g->first[DEMO_NARROW], g->last[DEMO_NARROW], growth_percent(g, DEMO_NARROW));
    printf("  %-34s %10.1f %10.1f %+9.0f %%\n", "wide well (50, 6)", g->first[DEMO_WIDE], g->last[DEMO_WIDE], growth_percent(g, DEMO_WIDE));
    printf("\npictures: %s/form-factor.png crystal-sq.png growth.png slices.png\n\ntry next:\n", folder);
    printf("  bnsl order %s/narrow/trajectory.gsd\n", folder);
    printf("  bnsl sq %s/crystal/trajectory.gsd --sigma-nm %.2f -o sq.png\n", folder, demo_sigma_nm);
    printf("  bnsl assemble --ratio 1:2 --particles 1500 --phi 0.578,0.570 --steps 6000000 --dt 0.004 --precision mixed --out run1\n");
}

static int print_json(const cli_common *common, const demo_form_factor *f, const demo_crystal *c, const demo_growth *g)
{
    json j;
    json_init(&j, common->json);
    json_object_begin(&j, NULL);
    json_object_begin(&j, "form_factor");
    json_double(&j, "radius", f->schulz.radius);
    json_double(&j, "radius_err", f->schulz.radius_err);
    json_double(&j, "sigma", f->schulz.sigma);
    json_double(&j, "sigma_err", f->schulz.sigma_err);
    json_object_end(&j);
    json_object_begin(&j, "crystal");
    json_double(&j, "a", c->fit.a);
    json_double(&j, "a_err", c->fit.a_err);
    json_double(&j, "a_true", c->a);
    json_double(&j, "c_over_a", c->fit.c_over_a);
    json_double(&j, "c_over_a_true", c->c_over_a);
    json_double(&j, "xi", c->fit.xi);
    json_double(&j, "xi_true", c->xi);
    json_double(&j, "AlB2", c->share_alb2);
    json_object_end(&j);
    json_object_begin(&j, "growth");
    json_double(&j, "narrow_start", g->first[DEMO_NARROW]);
    json_double(&j, "narrow_end", g->last[DEMO_NARROW]);
    json_double(&j, "wide_start", g->first[DEMO_WIDE]);
    json_double(&j, "wide_end", g->last[DEMO_WIDE]);
    json_object_end(&j);
    json_uint(&j, "seed", common->seed);
    json_object_end(&j);
    return json_print(&j);
}

/* The first of bnsl-demo, bnsl-demo-2, ... that is not there. */
static const char *free_folder(char *name, size_t size)
{
    struct stat info;
    snprintf(name, size, "bnsl-demo");
    for (int k = 2; stat(name, &info) == 0 && k < 10000; k++)
        snprintf(name, size, "bnsl-demo-%d", k);
    return name;
}

static int run(int argc, char **argv)
{
    args a;
    cli_common common;
    demo_form_factor form_factor;
    demo_crystal crystal;
    demo_growth growth;
    struct stat info;
    char name[32];
    int status;
    if (!cli_parse(&demo_command, argc, argv, &a, &common, &status))
        return status;
    if (!a.out)
        a.out = free_folder(name, sizeof name);
    if (strlen(a.out) > 800)
        return cli_usage("--out: the name is longer than 800 bytes");
    if (stat(a.out, &info) == 0 && !common.force)
        return cli_fail("%s exists; --force writes the demo into it again", a.out);
    if (!common.seed_given)
        common.seed = 1; /* a demo shows the same to everybody */
    status = output_make_directory(a.out);
    if (status == CLI_DONE)
        status = demo_fit_form_factor(&form_factor, a.out);
    if (status == CLI_DONE)
        status = demo_make_crystal(&crystal, a.out, &common);
    if (status == CLI_DONE)
        status = demo_grow(&growth, a.out, &common);
    if (status != CLI_DONE)
        return status;
    if (!common.json)
        print_tables(&form_factor, &crystal, &growth, a.out);
    return print_json(&common, &form_factor, &crystal, &growth);
}

const cli_command demo_command = {
    .name = "demo",
    .usage = "[--out DIR]",
    .summary = "the main jobs, small, with pictures (some minutes)",
    .description =
        "Fits a SAXS pattern; simulates an AlB2 crystal, recognises it and measures its lattice from its own S(q); and lets an AlB2 "
        "nucleus sit in a disordered 1:2 fluid with a narrow and with a wide attractive well: in the narrow one it grows. Prints one table "
        "and writes pictures into DIR.",
    .examples = "bnsl demo --out my-demo\n",
    .options = options,
    .args_size = sizeof(args),
    .common = CLI_JSON | CLI_THREADS | CLI_SEED | CLI_FORCE,
    .run = run,
};
