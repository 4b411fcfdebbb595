/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl sq: structure factor of a periodic configuration. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "curves.h"
#include "frames.h"
#include "json.h"
#include "output.h"
#include "plot/plot.h"
#include "progress.h"
#include "species.h"

enum { S_LL, S_LS, S_SS, N_PAIRS };

static const double Q_MAX_REDUCED = 25; /* default --q-max, over the unit of length */

typedef struct args {
    double q_max, q_min, sigma_nm, peak_hwhm;
    cli_doubles cores;
    const char *species;
    int64_t frame, points;
    int32_t method;
} args;

/* Points with a value; S_LS and S_SS are NaN without S particles. */
typedef struct result {
    int64_t n_large, n_small, step, n;
    double *q, *s, *partial, *intensity;
} result;

static const cli_option options[] = {
    {.name = "q-max",
     .kind = CLI_DOUBLE,
     .to = offsetof(args, q_max),
     .metavar = "Q",
     .range = "> 0",
     .help = "largest q (default: 25 over the file's unit of length)"},
    {.name = "q-min", .kind = CLI_DOUBLE, .to = offsetof(args, q_min), .metavar = "Q", .range = ">= 0", .initial = "0", .help = "smallest q"},
    {.name = "points",
     .kind = CLI_INT,
     .to = offsetof(args, points),
     .metavar = "N",
     .range = ">= 1 and <= 1000000",
     .initial = "500",
     .help = "bins between them; empty ones are left out"},
    {.name = "sigma-nm",
     .kind = CLI_DOUBLE,
     .to = offsetof(args, sigma_nm),
     .metavar = "S",
     .range = "> 0",
     .help = "the file's unit of length in nm: q is then in 1/nm, else in its reciprocal"},
    {.name = "cores",
     .kind = CLI_DOUBLES,
     .to = offsetof(args, cores),
     .metavar = "dL,dS",
     .n_min = 1,
     .n_max = 2,
     .range = "> 0",
     .help = "diameters of uniform spheres of unit contrast: I(q) a particle too"},
    {.name = "peak-hwhm",
     .kind = CLI_DOUBLE,
     .to = offsetof(args, peak_hwhm),
     .metavar = "W",
     .range = ">= 0",
     .initial = "0",
     .help = "fold with a Lorentzian of this half width, as finite crystals would; 0: bins"},
    {.name = "method",
     .kind = CLI_CHOICE,
     .to = offsetof(args, method),
     .choices = "direct",
     .initial = "direct",
     .help = "sum over all wave vectors of the box"},
    {.name = "frame",
     .kind = CLI_INT,
     .to = offsetof(args, frame),
     .metavar = "N",
     .initial = "-1",
     .help = "which frame, counted from 0; negative: from the end"},
    {.name = "species",
     .kind = CLI_STRING,
     .to = offsetof(args, species),
     .metavar = "L=A,S=B",
     .initial = "L=L,S=S",
     .help = "names of the two species in the file"},
    {0}};

/* The library knows how many steps there are. */
static int32_t show_progress(void *user, int64_t done, int64_t total)
{
    progress *p = user;
    p->total = total;
    progress_update(p, done);
    return 0;
}

/* ---- work ------------------------------------------------------------------------------------------------ */

/* Volume times (sin x - x cos x) 3 / x^3 of a sphere, x = q d / 2. */
static double amplitude(double q, double diameter)
{
    double f = 0;
    if (bnsl_saxs_form_factor(BNSL_SIZES_GAUSSIAN, 0.5 * diameter, 0, 1, &q, &f, NULL) != BNSL_OK)
        return NAN; /* q d beyond 2e8 */
    return f;
}

static void find_intensity(const args *a, result *r)
{
    for (int64_t i = 0; i < r->n; i++) {
        const double *s = r->partial + N_PAIRS * i;
        double large = amplitude(r->q[i], a->cores.values[0]), small = r->n_small > 0 ? amplitude(r->q[i], a->cores.values[1]) : 0;
        r->intensity[i] = large * large * s[S_LL] + (r->n_small > 0 ? 2 * large * small * s[S_LS] + small * small * s[S_SS] : 0);
    }
}

/* The L and S particles of the frame, lengths in the output's unit. */
static int64_t select_particles(const frames *f, double unit, double *xyz, int32_t *species, result *r)
{
    int64_t n = 0;
    for (int64_t i = 0; i < f->n; i++) {
        if (species[i] > 1)
            continue;
        for (int k = 0; k < 3; k++)
            xyz[3 * n + k] = unit * f->xyz[3 * i + k];
        r->n_large += species[i] == 0;
        r->n_small += species[i] == 1;
        species[n++] = species[i];
    }
    return n;
}

/* Drops empty bins. */
static void drop_empty(result *r, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        if (isnan(r->s[i]))
            continue;
        r->q[r->n] = r->q[i];
        r->s[r->n] = r->s[i];
        for (int k = 0; k < N_PAIRS; k++)
            r->partial[N_PAIRS * r->n + k] = k > 0 && r->n_small == 0 ? NAN : r->partial[N_PAIRS * i + k];
        r->n++;
    }
}

static int compute(const args *a, const cli_common *common, const frames *f, const species_names *names, double *xyz, int32_t *species, result *r)
{
    const double unit = isnan(a->sigma_nm) ? 1 : a->sigma_nm;
    bnsl_saxs_sq_options o;
    bnsl_box box = f->box;
    progress p;
    int status = species_of_frame(f->path, f->frame, names, species);
    if (status != CLI_DONE)
        return status;
    int64_t n = select_particles(f, unit, xyz, species, r);
    if (n < f->n)
        cli_note(common, "%s: %lld particles are neither L nor S and were left out", f->path, (long long)(f->n - n));
    if (a->cores.n == 1 && r->n_small > 0)
        return cli_usage("--cores: there are L and S particles: give both, dL,dS");
    if (box.periodic != BNSL_PERIODIC_XYZ)
        return cli_fail("%s: the box is not periodic along x, y and z; the sum over its wave vectors needs that", f->path);
    box.lx *= unit;
    box.ly *= unit;
    box.lz *= unit;
    bnsl_saxs_sq_options_init(&o, sizeof o);
    o.num_threads = common->threads;
    o.q_min = a->q_min;
    o.q_max = isnan(a->q_max) ? Q_MAX_REDUCED / unit : a->q_max;
    o.n_q = (int32_t)a->points;
    o.peak_hwhm = a->peak_hwhm;
    if (!(o.q_min < o.q_max))
        return cli_usage("--q-min: %g must be below --q-max, %g", o.q_min, o.q_max);
    progress_begin(&p, common, "sq", NULL, 0);
    bnsl_control *control = cli_control();
    bnsl_control_set_progress(control, show_progress, &p);
    bnsl_status done = bnsl_saxs_structure_factor(&box, n, xyz, species, 2, &o, r->q, r->s, r->partial, NULL, control);
    progress_end(&p);
    if (done != BNSL_OK)
        return cli_fail_library(f->path);
    drop_empty(r, a->points);
    if (a->cores.n > 0)
        find_intensity(a, r);
    return CLI_DONE;
}

/* ---- report ------------------------------------------------------------------------------------------------ */

static const char *unit_of(const args *a)
{
    return isnan(a->sigma_nm) ? "1/length of the file" : "nm^-1";
}

/* Heading of the table; q's unit is stated so that it can be read again. */
static void heading(const args *a, const cli_common *common, const result *r, char *text, size_t size)
{
    snprintf(text, size, "bnsl sq %s, step %lld: %lld L, %lld S; S_ab = Re(F_a F_b*) / N%s%s\nq (%s)\tS\tS_LL\tS_LS\tS_SS%s", common->positional[0],
             (long long)r->step, (long long)r->n_large, (long long)r->n_small, a->peak_hwhm > 0 ? ", folded" : "",
             a->cores.n > 0 ? "; I: a particle, unit contrast" : "", unit_of(a), a->cores.n > 0 ? "\tI (volume^2)" : "");
}

static void fill_row(const args *a, const result *r, int64_t i, double *row)
{
    row[0] = r->q[i];
    row[1] = r->s[i];
    memcpy(row + 2, r->partial + N_PAIRS * i, N_PAIRS * sizeof *row);
    if (a->cores.n > 0)
        row[2 + N_PAIRS] = r->intensity[i];
}

static int write_table(const args *a, const cli_common *common, const result *r, const char *path)
{
    const int32_t columns = 2 + N_PAIRS + (a->cores.n > 0);
    char text[1024];
    double *values = malloc((size_t)(r->n * columns) * sizeof *values);
    if (!values)
        return cli_fail("out of memory");
    for (int64_t i = 0; i < r->n; i++)
        fill_row(a, r, i, values + i * columns);
    heading(a, common, r, text, sizeof text);
    int status = bnsl_io_table_write(path, text, r->n, columns, values, common->force) == BNSL_OK ? CLI_DONE : cli_fail_library(path);
    free(values);
    return status;
}

static int write_picture(const args *a, const cli_common *common, const result *r, const char *path)
{
    static const char *const names[N_PAIRS] = {"L–L", "L–S", "S–S"};
    static const plot_color colors[N_PAIRS] = {PLOT_BLUE, PLOT_GREEN, PLOT_VERMILION};
    const int32_t n_panels = a->cores.n > 0 ? 2 : 1;
    const char *x_label = isnan(a->sigma_nm) ? "q (1/length of the file)" : "q (nm⁻¹)";
    double *one = malloc((size_t)(r->n + 1) * sizeof *one);
    if (!one)
        return cli_fail("out of memory");
    plot_figure *figure = plot_create(n_panels, 1);
    plot_panel *panel = plot_panel_at(figure, 0, 0);
    plot_labels(panel, curve_title(common), x_label, "S(q)");
    for (int k = 0; k < N_PAIRS && r->n_small > 0; k++) {
        for (int64_t i = 0; i < r->n; i++)
            one[i] = r->partial[N_PAIRS * i + k];
        plot_line(panel, r->n, r->q, one, colors[k], names[k]);
    }
    plot_line(panel, r->n, r->q, r->s, PLOT_BLACK, "all");
    if (n_panels == 2) {
        panel = plot_panel_at(figure, 1, 0);
        plot_labels(panel, NULL, x_label, "I(q), a particle (volume²)");
        plot_log(panel, PLOT_Y);
        double highest = 0;
        for (int64_t i = 0; i < r->n; i++)
            highest = fmax(highest, r->intensity[i]);
        plot_range(panel, PLOT_Y, 1e-9 * highest, 3 * highest); /* below is rounding: a perfect crystal is dark between its lines */
        plot_line(panel, r->n, r->q, r->intensity, PLOT_BLACK, NULL);
    }
    int status = plot_write(figure, path, common->force);
    plot_destroy(figure);
    free(one);
    return status;
}

static int report_json(const args *a, const cli_common *common, const result *r)
{
    static const char *const names[N_PAIRS] = {"S_LL", "S_LS", "S_SS"};
    double *one = malloc((size_t)(r->n + 1) * sizeof *one);
    json j;
    if (!one)
        return cli_fail("out of memory");
    json_init(&j, true);
    json_object_begin(&j, NULL);
    json_int(&j, "step", r->step);
    json_int(&j, "n_large", r->n_large);
    json_int(&j, "n_small", r->n_small);
    json_string(&j, "q_unit", unit_of(a));
    json_double(&j, "peak_hwhm", a->peak_hwhm);
    json_doubles(&j, "q", r->n, r->q);
    json_doubles(&j, "S", r->n, r->s);
    for (int k = 0; k < N_PAIRS; k++) {
        for (int64_t i = 0; i < r->n; i++)
            one[i] = r->partial[N_PAIRS * i + k];
        json_doubles(&j, names[k], r->n, one);
    }
    if (a->cores.n > 0)
        json_doubles(&j, "I", r->n, r->intensity);
    json_array_begin(&j, "output");
    for (int32_t i = 0; i < common->output.n; i++)
        json_string(&j, NULL, common->output.values[i]);
    json_array_end(&j);
    json_object_end(&j);
    free(one);
    return json_print(&j);
}

/* The table itself without -o, else what was written and the highest peak. */
static int report_text(const args *a, const cli_common *common, const result *r)
{
    char text[1024];
    double row[3 + N_PAIRS];
    if (common->output.n == 0) {
        heading(a, common, r, text, sizeof text);
        char *second = strchr(text, '\n');
        *second = '\0';
        printf("# %s\n# %s\n", text, second + 1);
        for (int64_t i = 0; i < r->n; i++) {
            fill_row(a, r, i, row);
            for (int k = 0; k < 2 + N_PAIRS + (a->cores.n > 0); k++)
                printf(k > 0 ? "\t%.8g" : "%.8g", row[k]);
            putchar('\n');
        }
        return CLI_DONE;
    }
    int64_t highest = 0;
    for (int64_t i = 1; i < r->n; i++)
        highest = r->s[i] > r->s[highest] ? i : highest;
    printf("%s, step %lld: %lld L, %lld S; %lld points, highest S = %.4g at q = %.6g %s\n", common->positional[0], (long long)r->step,
           (long long)r->n_large, (long long)r->n_small, (long long)r->n, r->s[highest], r->q[highest], unit_of(a));
    for (int32_t i = 0; i < common->output.n; i++)
        printf("wrote %s\n", common->output.values[i]);
    return CLI_DONE;
}

static int report(const args *a, const cli_common *common, const result *r)
{
    int status = CLI_DONE;
    for (int32_t i = 0; i < common->output.n && status == CLI_DONE; i++) {
        const char *path = common->output.values[i];
        status = (output_has_ending(path, ".tsv") ? write_table : write_picture)(a, common, r, path);
    }
    if (status != CLI_DONE)
        return status;
    return common->json ? report_json(a, common, r) : report_text(a, common, r);
}

/* ---- command ------------------------------------------------------------------------------------------------ */

static int run(int argc, char **argv)
{
    args a;
    cli_common common;
    species_names names;
    frames f = {.path = NULL};
    result r = {.n = 0};
    double *xyz = NULL;
    int32_t *species = NULL;
    int status;
    if (!cli_parse(&sq_command, argc, argv, &a, &common, &status))
        return status;
    status = curve_check_outputs(&common);
    if (status == CLI_DONE)
        status = species_parse(a.species, &names);
    if (status == CLI_DONE)
        status = frames_open(&f, common.positional[0], true, a.frame);
    if (status == CLI_DONE)
        status = frames_read(&f, f.first);
    if (status == CLI_DONE) {
        r.step = bnsl_io_frame_step(f.frame);
        r.q = malloc((size_t)a.points * (3 + N_PAIRS) * sizeof *r.q);
        xyz = malloc((size_t)f.n * 3 * sizeof *xyz);
        species = malloc((size_t)f.n * sizeof *species);
        if (!r.q || !xyz || !species)
            status = cli_fail("out of memory");
    }
    if (status == CLI_DONE) {
        r.s = r.q + a.points;
        r.intensity = r.s + a.points;
        r.partial = r.intensity + a.points;
        status = compute(&a, &common, &f, &names, xyz, species, &r);
    }
    if (status == CLI_DONE)
        status = report(&a, &common, &r);
    frames_close(&f);
    free(r.q);
    free(xyz);
    free(species);
    return status;
}

const cli_command sq_command = {
    .name = "sq",
    .usage = "FILE [options]",
    .summary = "structure factor S(q) of a periodic configuration",
    .description = "Sums over every wave vector of the box up to --q-max: S_ab = Re(F_a F_b*) / N with N the number of L and S particles,\n"
                   "so that S_LL goes to the share of L at large q and S to 1. One frame, by default the last one. Without -o the table\n"
                   "goes to stdout; -o takes .tsv for the table and .png, .svg, .pdf for a picture.",
    .examples = "bnsl sq run/trajectory.gsd --q-max 15 -o s.tsv -o s.png\n"
                "bnsl sq run/trajectory.gsd --sigma-nm 13.4 --cores 10.4,4.5 --json\n"
                "bnsl sq crystal.gsd --peak-hwhm 0.1 --q-max 16 -o s.tsv && bnsl saxs fit s.tsv --column 2 --unit nm \\\n"
                "    --errors uniform --structure AlB2 --c-over-a 0.99\n",
    .options = options,
    .args_size = sizeof(args),
    .positional_name = "FILE",
    .n_positional_min = 1,
    .n_positional_max = 1,
    .common = CLI_JSON | CLI_THREADS | CLI_OUTPUT,
    .run = run};
