/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl sq: structure factors of configurations. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "columns.h"
#include "commands.h"
#include "curves.h"
#include "output.h"
#include "plot/plot.h"
#include "sq_frames.h"

static const double Q_MAX_REDUCED = 25; /* default --q-max, over the unit of length */

typedef struct args {
    double q_max, q_min, sigma_nm, peak_hwhm, tolerance, memory, shape_radius;
    cli_doubles cores, contrasts, core_sigmas;
    cli_ints frames;
    const char *species;
    int64_t points, classes;
    int32_t method, shape;
} args;

static const cli_option options[] = {
    {.name = "q-max", .kind = CLI_DOUBLE, .to = offsetof(args, q_max), .metavar = "Q", .range = "> 0",
     .help = "largest q (default: 25 over the file's unit of length)"},
    {.name = "q-min", .kind = CLI_DOUBLE, .to = offsetof(args, q_min), .metavar = "Q", .range = ">= 0", .initial = "0", .help = "smallest q"},
    {.name = "points", .kind = CLI_INT, .to = offsetof(args, points), .metavar = "N", .range = ">= 1 and <= 1000000", .initial = "500",
     .help = "bins between them; empty ones are left out"},
    {.name = "sigma-nm", .kind = CLI_DOUBLE, .to = offsetof(args, sigma_nm), .metavar = "S", .range = "> 0",
     .help = "the file's unit of length in nm: q is then in 1/nm, else in its reciprocal"},
    {.name = "method", .kind = CLI_CHOICE, .to = offsetof(args, method), .choices = "auto|direct|nufft|debye", .initial = "auto",
     .help = "sum over all wave vectors of a periodic box, the same by FFT, or over all pairs of an isolated configuration"},
    {.name = "frames", .kind = CLI_INTS, .to = offsetof(args, frames), .metavar = "FIRST:LAST[:STEP]", .separator = ":", .n_min = 1, .n_max = 3,
     .initial = "-1", .help = "mean over these frames, counted from 0, negative: from the end, both included; 0:-1 are all. Default: the last one"},
    {.name = "cores", .kind = CLI_DOUBLES, .to = offsetof(args, cores), .metavar = "dL,dS", .n_min = 1, .n_max = 2, .range = "> 0",
     .help = "mean diameters of the cores, uniform spheres: I(q) a particle too"},
    {.name = "contrasts", .kind = CLI_DOUBLES, .to = offsetof(args, contrasts), .metavar = "cL,cS", .n_min = 1, .n_max = 2,
     .help = "scattering contrasts of the cores (default: 1,1)"},
    {.name = "core-sigmas", .kind = CLI_DOUBLES, .to = offsetof(args, core_sigmas), .metavar = "sL,sS", .n_min = 1, .n_max = 2, .range = ">= 0",
     .help = "standard deviations of the core diameters, which then do not depend on the file (decoupling approximation)"},
    {.name = "classes", .kind = CLI_INT, .to = offsetof(args, classes), .metavar = "N", .range = ">= 1 and <= 32", .initial = "13",
     .help = "classes of each species by the diameters in the file, each with its own core; 1: one core for all"},
    {.name = "peak-hwhm", .kind = CLI_DOUBLE, .to = offsetof(args, peak_hwhm), .metavar = "W", .range = ">= 0", .initial = "0",
     .help = "fold with a Lorentzian of this half width, as finite crystals would; 0: bins"},
    {.name = "shape", .kind = CLI_CHOICE, .to = offsetof(args, shape), .choices = "keep|subtract|mask", .initial = "keep",
     .help = "debye: scattering of the outline: as it is, less that of a uniform sphere, or leave out q < 6 / radius"},
    {.name = "shape-radius", .kind = CLI_DOUBLE, .to = offsetof(args, shape_radius), .metavar = "R", .range = "> 0",
     .help = "its radius (default: from the radius of gyration)"},
    {.name = "tolerance", .kind = CLI_DOUBLE, .to = offsetof(args, tolerance), .metavar = "E", .range = ">= 1e-12 and <= 1e-2", .initial = "1e-6",
     .help = "nufft: error over the mean of S"},
    {.name = "memory", .kind = CLI_DOUBLE, .to = offsetof(args, memory), .metavar = "MIB", .range = "> 0", .initial = "1024",
     .help = "nufft: most memory for the transforms, MiB; less takes longer"},
    {.name = "species", .kind = CLI_STRING, .to = offsetof(args, species), .metavar = "L=A,S=B", .initial = "L=L,S=S",
     .help = "names of the two species in the file"},
    {0}};

/* ---- settings ---------------------------------------------------------------------------------------------------------- */

/* Value for species s of an option with one or two values; without any: none. */
static double of_species(const cli_doubles *given, int s, double none)
{
    return given->n == 0 ? none : s < given->n ? given->values[s] : NAN;
}

static int make_settings(const args *a, const cli_common *common, sq_settings *t)
{
    *t = (sq_settings){.unit = isnan(a->sigma_nm) ? 1 : a->sigma_nm, .intensity = a->cores.n > 0, .classes = a->classes};
    bnsl_saxs_sq_options *o = &t->options;
    bnsl_saxs_sq_options_init(o, sizeof *o);
    o->num_threads = common->threads;
    o->q_min = a->q_min;
    o->q_max = isnan(a->q_max) ? Q_MAX_REDUCED / t->unit : a->q_max;
    o->n_q = (int32_t)a->points;
    o->method = a->method; /* the same order */
    o->peak_hwhm = a->peak_hwhm;
    o->tolerance = a->tolerance;
    o->memory_mib = a->memory;
    o->shape = a->shape;
    o->shape_radius = isnan(a->shape_radius) ? 0 : a->shape_radius;
    if (!(o->q_min < o->q_max))
        return cli_usage("--q-min: %g must be below --q-max, %g", o->q_min, o->q_max);
    if (!t->intensity && (a->contrasts.n > 0 || a->core_sigmas.n > 0 || cli_given(common, "classes")))
        return cli_usage("--contrasts, --core-sigmas and --classes belong to --cores");
    if ((a->contrasts.n > 0 && a->contrasts.n < a->cores.n) || (a->core_sigmas.n > 0 && a->core_sigmas.n < a->cores.n))
        return cli_usage("--contrasts and --core-sigmas: give as many values as --cores has");
    if (cli_given(common, "classes") && a->core_sigmas.n > 0)
        return cli_usage("--classes takes the sizes from the file, --core-sigmas from its numbers: give one of them");
    for (int s = 0; s < 2; s++) {
        t->core[s] = of_species(&a->cores, s, NAN);
        t->contrast[s] = of_species(&a->contrasts, s, 1);
        t->core_sigma[s] = of_species(&a->core_sigmas, s, 0);
        if (t->core_sigma[s] >= t->core[s])
            return cli_usage("--core-sigmas: %g must be below the diameter, %g", t->core_sigma[s], t->core[s]);
    }
    if (isnan(t->core_sigma[1])) /* there is no S */
        t->core_sigma[1] = 0;
    return species_parse(a->species, &t->names);
}

/* ---- report -------------------------------------------------------------------------------------------------------------- */

static const char *const keys[SQ_N_CURVES] = {"S", "S_LL", "S_LS", "S_SS", "I"};
static const char *const error_keys[SQ_N_CURVES] = {"S_err", "S_LL_err", "S_LS_err", "S_SS_err", "I_err"};

static const char *unit_of(const args *a)
{
    return isnan(a->sigma_nm) ? "1/length of the file" : "nm^-1";
}

static void make_columns(const args *a, const cli_common *common, const sq_settings *t, const sq_mean *m, column_set *c)
{
    char which[80], intensity[200] = "";
    if (m->n_frames > 1)
        snprintf(which, sizeof which, "mean of %lld frames, _err its standard error", (long long)m->n_frames);
    else
        snprintf(which, sizeof which, "step %lld", (long long)m->step);
    if (t->intensity)
        snprintf(intensity, sizeof intensity, "\nI: scattered intensity a particle, contrast^2 volume^2; %s",
                 t->core_sigma[0] > 0 || t->core_sigma[1] > 0         ? "decoupling approximation"
                 : m->n_classes[0] > 1 || m->n_classes[1] > 1 ? "classes of sizes"
                                                              : "equal cores of each species");
    columns_begin(
        c, m->n_points,
        "bnsl sq %s, %s: %lld L, %lld S, by %s\nnormalisation: S_ab = Re(F_a F_b*) / N with N = all L and S; S = S_LL + 2 S_LS + S_SS%s%s",
        common->positional[0], which, (long long)m->n_large, (long long)m->n_small, sq_method_name(m->method),
        a->peak_hwhm > 0                     ? "; folded"
        : m->method != BNSL_SQ_DEBYE         ? ""
        : a->shape == BNSL_SQ_SHAPE_SUBTRACT ? "; outline subtracted"
        : a->shape == BNSL_SQ_SHAPE_MASK     ? "; outline masked"
                                             : "",
        intensity);
    columns_add(c, "q", isnan(a->sigma_nm) ? "q (1/length of the file)" : "q (nm^-1)", m->q, 1);
    for (int k = 0; k < SQ_N_CURVES - !t->intensity; k++)
        columns_add(c, keys[k], k == SQ_I ? "I (volume^2)" : keys[k], m->curve[k], 1);
    for (int k = 0; k < SQ_N_CURVES - !t->intensity && m->n_frames > 1; k++)
        columns_add(c, error_keys[k], error_keys[k], m->error[k], 1);
}

/* What a picture shows. */
typedef struct shown {
    const args *a;
    const sq_mean *m;
} shown;

static int write_picture(const void *user, const cli_common *common, const char *path)
{
    static const char *const names[SQ_N_CURVES] = {"all", "L–L", "L–S", "S–S", NULL};
    static const plot_color colors[SQ_N_CURVES] = {PLOT_BLACK, PLOT_BLUE, PLOT_GREEN, PLOT_VERMILION, PLOT_BLACK};
    const args *a = ((const shown *)user)->a;
    const sq_mean *m = ((const shown *)user)->m;
    const char *x_label = isnan(a->sigma_nm) ? "q (1/length of the file)" : "q (nm⁻¹)";
    const bool intensity = m->curve[SQ_I] != NULL;
    plot_figure *figure = plot_create(intensity ? 2 : 1, 1);
    plot_panel *panel = plot_panel_at(figure, 0, 0);
    plot_labels(panel, curve_title(common), x_label, "S(q)");
    plot_level(panel, 1, NULL, PLOT_GREY);
    const bool outline = m->method == BNSL_SQ_DEBYE && a->shape == BNSL_SQ_SHAPE_KEEP; /* S = N at q = 0; S_LS changes its sign */
    if (outline)
        plot_log(panel, PLOT_Y);
    for (int k = SQ_SS; k >= SQ_S; k--) /* all particles on top */
        if (k == SQ_S || (m->n_small > 0 && !(outline && k == SQ_LS)))
            plot_line(panel, m->n_points, m->q, m->curve[k], colors[k], names[k]);
    if (intensity) {
        panel = plot_panel_at(figure, 1, 0);
        plot_labels(panel, NULL, x_label, "I(q), a particle (contrast² volume²)");
        plot_log(panel, PLOT_Y);
        double highest = 0, lowest = INFINITY;
        for (int64_t i = 0; i < m->n_points; i++)
            highest = fmax(highest, m->curve[SQ_I][i]);
        for (int64_t i = 0; i < m->n_points; i++) /* below is rounding: a perfect crystal is dark between its lines */
            lowest = fmin(lowest, fmax(m->curve[SQ_I][i], 1e-9 * highest));
        plot_range(panel, PLOT_Y, lowest / 2, highest * 2);
        plot_line(panel, m->n_points, m->q, m->curve[SQ_I], PLOT_BLACK, NULL);
    }
    int status = plot_write(figure, path, common->force);
    plot_destroy(figure);
    return status;
}

static int report_json(const args *a, const cli_common *common, const sq_settings *t, const sq_mean *m, const column_set *c)
{
    json j;
    json_init(&j, true);
    json_object_begin(&j, NULL);
    json_int(&j, "step", m->step);
    json_int(&j, "n_frames", m->n_frames);
    json_int(&j, "n_large", m->n_large);
    json_int(&j, "n_small", m->n_small);
    json_string(&j, "method", sq_method_name(m->method));
    json_string(&j, "normalisation", "S_ab = Re(F_a F_b*) / N, N = all L and S");
    json_string(&j, "q_unit", unit_of(a));
    json_double(&j, "peak_hwhm", a->peak_hwhm);
    if (t->intensity) {
        const int64_t classes[2] = {m->n_classes[0], m->n_classes[1]};
        json_ints(&j, "size_classes", 2, classes);
    }
    columns_json(c, &j, common);
    json_object_end(&j);
    return json_print(&j);
}

/* The table itself without -o, else what was written and the highest peak. */
static int report_text(const args *a, const cli_common *common, const sq_mean *m, const column_set *c)
{
    if (common->output.n == 0) {
        columns_print(c);
        return CLI_DONE;
    }
    int64_t highest = 0;
    for (int64_t i = 1; i < m->n_points; i++)
        highest = m->curve[SQ_S][i] > m->curve[SQ_S][highest] ? i : highest;
    printf("%s, ", common->positional[0]);
    if (m->n_frames > 1)
        printf("%lld frames", (long long)m->n_frames);
    else
        printf("step %lld", (long long)m->step);
    printf(": %lld L, %lld S, by %s; %lld points", (long long)m->n_large, (long long)m->n_small, sq_method_name(m->method), (long long)m->n_points);
    if (m->n_points > 0)
        printf(", highest S = %.4g at q = %.6g %s", m->curve[SQ_S][highest], m->q[highest], unit_of(a));
    putchar('\n');
    output_print(common);
    return CLI_DONE;
}

static int report(const args *a, const cli_common *common, const sq_settings *t, const sq_mean *m)
{
    column_set c;
    make_columns(a, common, t, m, &c);
    int status = columns_write_files(&c, common, write_picture, &(shown){a, m});
    if (status != CLI_DONE)
        return status;
    return common->json ? report_json(a, common, t, m, &c) : report_text(a, common, m, &c);
}

/* ---- command --------------------------------------------------------------------------------------------------------------- */

static int run(int argc, char **argv)
{
    args a;
    cli_common common;
    sq_settings settings;
    sq_mean mean = {.n_points = 0};
    frames f = {.path = NULL};
    frame_range range;
    int status;
    if (!cli_parse(&sq_command, argc, argv, &a, &common, &status))
        return status;
    status = curve_check_outputs(&common);
    if (status == CLI_DONE)
        status = make_settings(&a, &common, &settings);
    if (status == CLI_DONE)
        status = frames_open(&f, common.positional[0], false, 0);
    if (status == CLI_DONE)
        status = frame_range_set(&f, &a.frames, &range);
    if (status == CLI_DONE)
        status = sq_mean_compute(&mean, &settings, &common, &f, &range);
    if (status == CLI_DONE)
        status = report(&a, &common, &settings, &mean);
    frames_close(&f);
    sq_mean_free(&mean);
    return status;
}

const cli_command sq_command = {
    .name = "sq",
    .usage = "FILE [options]",
    .summary = "structure factor S(q) and intensity I(q) of configurations",
    .description =
        "S_ab = Re(F_a F_b*) / N with N the number of L and S particles, so that S_LL goes to the share of L at large q and S to 1. In a\n"
        "periodic box the mean over every wave vector of the box up to --q-max, by FFT where there are many particles; of an isolated\n"
        "configuration (a file without a periodic box, or --method debye) the orientational average over all pairs. One frame, by default\n"
        "the last one, or the mean over --frames with its standard error. With --cores also the intensity I(q). Without -o the table goes\n"
        "to stdout; -o takes .tsv for the table and .png, .svg, .pdf for a picture.",
    .examples = "bnsl sq run/trajectory.gsd --q-max 15 --frames -20:-1 -o s.tsv -o s.png\n"
                "bnsl sq run/trajectory.gsd --sigma-nm 13.4 --cores 10.4,4.5 --contrasts 33.2,44.3 --json\n"
                "bnsl sq droplet.gsd --method debye --shape subtract -o s.png\n"
                "bnsl sq crystal.gsd --peak-hwhm 0.1 --q-max 16 -o s.tsv && bnsl saxs fit s.tsv --column 2 --unit nm \\\n"
                "    --errors uniform --structure AlB2 --c-over-a 0.99\n",
    .options = options,
    .args_size = sizeof(args),
    .positional_name = "FILE",
    .n_positional_min = 1,
    .n_positional_max = 1,
    .common = CLI_JSON | CLI_THREADS | CLI_OUTPUT,
    .run = run};
