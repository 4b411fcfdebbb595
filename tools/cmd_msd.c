/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl msd: mean squared displacements and diffusion coefficients of a trajectory at constant volume. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "columns.h"
#include "commands.h"
#include "curves.h"
#include "json.h"
#include "output.h"
#include "plot/plot.h"
#include "progress.h"
#include "selection.h"

enum { LARGE, SMALL, ALL, N_COLUMNS };
enum { MODE_WINDOW, MODE_DIRECT };
enum { UNWRAP_AUTO, UNWRAP_IMAGES, UNWRAP_NEAREST, UNWRAP_NONE };

static const char *const unwrap_names[] = {"auto", "images", "nearest", "none"};
static const char *const suffixes[N_COLUMNS] = {"_L", "_S", ""};

typedef struct args {
    double dt;
    cli_ints frames;
    cli_doubles fit;
    const char *species;
    int32_t mode, unwrap;
    int64_t blocks;
    bool remove_drift, through_origin;
} args;

static const cli_option options[] = {
    {.name = "dt", .kind = CLI_DOUBLE, .to = offsetof(args, dt), .metavar = "T", .range = "> 0", .initial = "1",
     .help = "time of one step; frames without step numbers are one step apart"},
    {.name = "mode", .kind = CLI_CHOICE, .to = offsetof(args, mode), .choices = "window|direct", .initial = "window",
     .help = "averaged over all time origins, or from the first frame"},
    {.name = "unwrap", .kind = CLI_CHOICE, .to = offsetof(args, unwrap), .choices = "auto|images|nearest|none", .initial = "auto",
     .help = "by the file's images; by the nearest image since the frame before; positions are unwrapped. auto: images where the last frame "
             "has them, else nearest"},
    {.name = "remove-drift", .kind = CLI_FLAG, .to = offsetof(args, remove_drift), .help = "subtract the mean displacement of all particles"},
    {.name = "fit", .kind = CLI_DOUBLES, .to = offsetof(args, fit), .metavar = "MIN,MAX", .n_min = 2, .n_max = 2, .range = "> 0",
     .help = "range of lags for the diffusion coefficient, as times. Default: a tenth to half of a block"},
    {.name = "blocks", .kind = CLI_INT, .to = offsetof(args, blocks), .metavar = "N", .range = ">= 1 and <= 1000000", .initial = "5",
     .help = "parts of the trajectory for its error"},
    {.name = "through-origin", .kind = CLI_FLAG, .to = offsetof(args, through_origin), .help = "fit 6 D t instead of 6 D t + c"},
    {.name = "frames", .kind = CLI_INTS, .to = offsetof(args, frames), FRAMES_OPTION},
    {.name = "species", .kind = CLI_STRING, .to = offsetof(args, species), .metavar = "L=A,S=B", .initial = "L=L,S=S",
     .help = "names of the two species in the file"},
    {0}};

typedef struct result {
    int64_t n_lags, n_large, n_small, lag_min, lag_max;
    int32_t unwrap;       /* what was done */
    double spacing;       /* time between frames */
    double *lag, *msd;    /* n_lags; n_lags x N_COLUMNS */
    double d[N_COLUMNS], d_err[N_COLUMNS], intercept[N_COLUMNS]; /* NaN: too few frames, or no such particles */
} result;

/* ---- frames ------------------------------------------------------------------------------------------------------- */

static bool has_images(const frames *f)
{
    for (int32_t i = 0; i < bnsl_io_frame_n_arrays(f->frame); i++)
        if (strcmp(bnsl_io_frame_array_name(f->frame, i), "image") == 0)
            return true;
    return false;
}

/* Decides auto by the last frame: a file may leave images out while all of them are 0. */
static int choose_unwrapping(const args *a, const cli_common *common, frames *f, const frame_range *range, result *r)
{
    r->unwrap = a->unwrap;
    if (a->unwrap != UNWRAP_AUTO)
        return CLI_DONE;
    int status = frames_read(f, frame_range_at(range, range->n - 1));
    if (status != CLI_DONE)
        return status;
    r->unwrap = has_images(f) ? UNWRAP_IMAGES : f->box.periodic != 0 ? UNWRAP_NEAREST : UNWRAP_NONE;
    if (r->unwrap == UNWRAP_NEAREST)
        cli_note(common, "%s: no images; taking the nearest image since the frame before, which is wrong when particles move half a box", f->path);
    return CLI_DONE;
}

/* Positions, images (when wanted) and species of the L and S particles, packed. */
typedef struct packed {
    int64_t n;
    double *xyz;
    int32_t *species, *image;
} packed;

static int pack(const frames *f, const species_names *names, bool images, packed *p, result *r)
{
    int32_t columns;
    const double *image = NULL;
    int status = species_of_frame(f->path, f->frame, names, p->species);
    if (status == CLI_DONE && images && has_images(f) && bnsl_io_frame_array_view(f->frame, "image", &columns, &image) != BNSL_OK)
        return cli_fail_library(f->path);
    p->n = r->n_large = r->n_small = 0;
    for (int64_t i = 0; i < f->n && status == CLI_DONE; i++) {
        if (p->species[i] > 1)
            continue;
        for (int k = 0; k < 3; k++) {
            p->xyz[3 * p->n + k] = f->xyz[3 * i + k];
            p->image[3 * p->n + k] = image ? (int32_t)image[3 * i + k] : 0;
        }
        r->n_large += p->species[i] == 0;
        r->n_small += p->species[i] == 1;
        p->species[p->n++] = p->species[i];
    }
    return status;
}

static int add_frame(const frames *f, const species_names *names, bnsl_order_msd *msd, result *r)
{
    packed p = {.n = 0};
    p.xyz = malloc((size_t)f->n * 3 * sizeof *p.xyz);
    p.image = malloc((size_t)f->n * 3 * sizeof *p.image);
    p.species = malloc((size_t)f->n * sizeof *p.species);
    int status = p.xyz && p.image && p.species ? pack(f, names, r->unwrap == UNWRAP_IMAGES, &p, r) : cli_fail("out of memory");
    if (status == CLI_DONE && bnsl_order_msd_add(msd, &f->box, p.n, p.xyz, r->unwrap == UNWRAP_IMAGES ? p.image : NULL, p.species) != BNSL_OK)
        status = cli_fail_library(f->path);
    free(p.xyz);
    free(p.image);
    free(p.species);
    return status;
}

/* Time between frames from their steps, which must be equally spaced; all the same (none in the file): one step. */
static int check_step(const frames *f, int64_t i, int64_t *first, int64_t *spacing)
{
    const int64_t step = bnsl_io_frame_step(f->frame);
    if (i == 0)
        *first = step;
    else if (i == 1)
        *spacing = step - *first;
    else if (step - *first != i * *spacing)
        return cli_fail("%s: step %lld is not %lld, the frames are not equally spaced in time; --frames picks some of them", f->path, (long long)step,
                        (long long)(*first + i * *spacing));
    return CLI_DONE;
}

static int read_frames(const args *a, const cli_common *common, frames *f, const frame_range *range, const species_names *names, bnsl_order_msd **out,
                       result *r)
{
    bnsl_order_msd_options o;
    progress p;
    int64_t first = 0, spacing = 0;
    int status = choose_unwrapping(a, common, f, range, r);
    if (status != CLI_DONE)
        return status;
    bnsl_order_msd_options_init(&o, sizeof o);
    o.num_threads = common->threads;
    o.n_species = 2;
    o.follow = r->unwrap == UNWRAP_NEAREST;
    o.remove_drift = a->remove_drift;
    if (bnsl_order_msd_create(out, &o) != BNSL_OK)
        return cli_fail_library(NULL);
    progress_begin(&p, common, "msd", "frames", range->n);
    for (int64_t i = 0; i < range->n && status == CLI_DONE; i++) {
        status = frames_read(f, frame_range_at(range, i));
        if (status == CLI_DONE)
            status = check_step(f, i, &first, &spacing);
        if (status == CLI_DONE)
            status = add_frame(f, names, *out, r);
        if (status == CLI_DONE && i == 0 && r->n_large + r->n_small < f->n)
            cli_note(common, "%s: %lld particles are neither L nor S and were left out", f->path, (long long)(f->n - r->n_large - r->n_small));
        progress_update(&p, i + 1);
    }
    progress_end(&p);
    if (status == CLI_DONE && spacing < 0)
        return cli_fail("%s: the steps of the frames decrease", f->path);
    r->spacing = a->dt * (double)(spacing > 0 ? spacing : 1);
    return status;
}

/* ---- work ---------------------------------------------------------------------------------------------------------- */

/* Diffusion coefficients. Without --fit they are left out, with a remark, where the trajectory is too short. */
static int fit(const args *a, const cli_common *common, const bnsl_order_msd *msd, result *r)
{
    const int64_t block = r->n_lags / a->blocks;
    bnsl_order_diffusion_options o;
    bnsl_order_diffusion_options_init(&o, sizeof o);
    o.n_blocks = (int32_t)a->blocks;
    o.dt = r->spacing;
    o.through_origin = a->through_origin;
    o.lag_max = block / 2;
    o.lag_min = block / 10 > 1 ? block / 10 : 1;
    if (a->fit.n == 2) {
        if (!(a->fit.values[0] <= a->fit.values[1]))
            return cli_usage("--fit: %g,%g must be MIN,MAX with MIN <= MAX", a->fit.values[0], a->fit.values[1]);
        const double slack = 1e-9; /* times that were rounded when typed */
        o.lag_min = (int64_t)fmin(ceil(a->fit.values[0] / r->spacing - slack), 1e15);
        o.lag_max = (int64_t)fmin(floor(a->fit.values[1] / r->spacing + slack), 1e15);
        if (o.lag_max < 1)
            return cli_usage("--fit: %g is below the time between frames, %g", a->fit.values[1], r->spacing);
        o.lag_min = o.lag_min < 1 ? 1 : o.lag_min;
    } else if (o.lag_max < 2) {
        cli_note(common, "%s: %lld frames are too few for a diffusion coefficient from %lld blocks", common->positional[0], (long long)r->n_lags,
                 (long long)a->blocks);
        return CLI_DONE;
    }
    r->lag_min = o.lag_min;
    r->lag_max = o.lag_max;
    if (bnsl_order_diffusion(msd, &o, r->d, r->d_err, r->intercept, cli_control()) != BNSL_OK)
        return cli_fail_library("diffusion coefficient");
    return CLI_DONE;
}

static int compute(const args *a, const cli_common *common, frames *f, const frame_range *range, const species_names *names, result *r)
{
    bnsl_order_msd *msd = NULL;
    if (range->n < 2)
        return cli_fail("%s: displacements need two frames or more", f->path);
    r->n_lags = range->n;
    for (int k = 0; k < N_COLUMNS; k++)
        r->d[k] = r->d_err[k] = r->intercept[k] = NAN;
    int status = read_frames(a, common, f, range, names, &msd, r);
    if (status == CLI_DONE) {
        r->lag = malloc((size_t)r->n_lags * (1 + N_COLUMNS) * sizeof *r->lag);
        status = r->lag ? CLI_DONE : cli_fail("out of memory");
    }
    if (status == CLI_DONE) {
        r->msd = r->lag + r->n_lags;
        for (int64_t m = 0; m < r->n_lags; m++)
            r->lag[m] = (double)m * r->spacing;
        if ((a->mode == MODE_WINDOW ? bnsl_order_msd_window(msd, 0, r->n_lags, r->msd, cli_control())
                                    : bnsl_order_msd_direct(msd, 0, r->n_lags, r->msd)) != BNSL_OK)
            status = cli_fail_library(f->path);
    }
    if (status == CLI_DONE)
        status = fit(a, common, msd, r);
    bnsl_order_msd_destroy(msd);
    return status;
}

/* ---- report --------------------------------------------------------------------------------------------------------- */

/* all, L, S; the coefficients in the heading of a file only, on stdout they follow the table */
static void make_columns(const cli_common *common, const result *r, column_set *c)
{
    if (common->output.n > 0)
        columns_begin(c, r->n_lags, "bnsl msd %s: %lld L, %lld S; D = %g +- %g (all), %g +- %g (L), %g +- %g (S)", common->positional[0],
                      (long long)r->n_large, (long long)r->n_small, r->d[ALL], r->d_err[ALL], r->d[LARGE], r->d_err[LARGE], r->d[SMALL],
                      r->d_err[SMALL]);
    else
        columns_begin(c, r->n_lags, "bnsl msd %s: %lld L, %lld S", common->positional[0], (long long)r->n_large, (long long)r->n_small);
    columns_add(c, "lag", "lag (steps times --dt)", r->lag, 1);
    columns_add(c, "msd", "msd", r->msd + ALL, N_COLUMNS);
    columns_add(c, "msd_L", "msd_L", r->msd + LARGE, N_COLUMNS);
    columns_add(c, "msd_S", "msd_S (length^2 of the file)", r->msd + SMALL, N_COLUMNS);
}

/* Both axes logarithmic; the fits dashed over their range. */
static int write_picture(const void *user, const cli_common *common, const char *path)
{
    const result *r = user;
    static const char *const labels[N_COLUMNS] = {"L", "S", "all"};
    static const plot_color colors[N_COLUMNS] = {PLOT_BLUE, PLOT_VERMILION, PLOT_BLACK};
    double *column = malloc((size_t)r->n_lags * sizeof *column);
    if (!column)
        return cli_fail("out of memory");
    plot_figure *figure = plot_create(1, 1);
    plot_panel *panel = plot_panel_at(figure, 0, 0);
    plot_labels(panel, curve_title(common), "lag (steps × dt)", "MSD (length² of the file)");
    plot_log(panel, PLOT_X);
    plot_log(panel, PLOT_Y);
    for (int k = 0; k < N_COLUMNS; k++) {
        if (k < ALL && r->n_small == 0)
            continue;
        for (int64_t m = 0; m < r->n_lags; m++)
            column[m] = r->msd[m * N_COLUMNS + k];
        plot_line(panel, r->n_lags, r->lag, column, colors[k], labels[k]);
        if (isnan(r->d[k]))
            continue;
        for (int64_t m = r->lag_min; m <= r->lag_max; m++)
            column[m - r->lag_min] = 6 * r->d[k] * r->lag[m] + r->intercept[k];
        plot_dashed(panel, r->lag_max - r->lag_min + 1, r->lag + r->lag_min, column, PLOT_GREY, NULL);
    }
    int status = plot_write(figure, path, common->force);
    plot_destroy(figure);
    free(column);
    return status;
}

static int report_json(const args *a, const cli_common *common, const result *r, const column_set *table)
{
    char name[32];
    json j;
    json_init(&j, true);
    json_object_begin(&j, NULL);
    json_int(&j, "n_frames", r->n_lags);
    json_int(&j, "n_large", r->n_large);
    json_int(&j, "n_small", r->n_small);
    json_string(&j, "mode", a->mode == MODE_WINDOW ? "window" : "direct");
    json_string(&j, "unwrap", unwrap_names[r->unwrap]);
    if (r->lag_max > 0) {
        const double range[2] = {(double)r->lag_min * r->spacing, (double)r->lag_max * r->spacing};
        json_doubles(&j, "fit", 2, range);
    } else {
        json_null(&j, "fit");
    }
    for (int c = 0; c < N_COLUMNS; c++) {
        const int k = (c + ALL) % N_COLUMNS;
        snprintf(name, sizeof name, "D%s", suffixes[k]);
        json_double(&j, name, r->d[k]);
        snprintf(name, sizeof name, "D%s_err", suffixes[k]);
        json_double(&j, name, r->d_err[k]);
    }
    columns_json(table, &j, common);
    json_object_end(&j);
    return json_print(&j);
}

/* Coefficients, after the table without -o and before the names of the files with it. */
static int report_text(const cli_common *common, const result *r, const column_set *table)
{
    static const char *const labels[N_COLUMNS] = {"L", "S", "all"};
    if (common->output.n == 0)
        columns_print(table);
    for (int c = 0; c < N_COLUMNS; c++) {
        const int k = (c + ALL) % N_COLUMNS;
        if (!isnan(r->d[k]) && (k == ALL || r->n_small > 0))
            printf("%sD (%s) = %.6g +- %.2g, from lags %g to %g\n", common->output.n == 0 ? "# " : "", labels[k], r->d[k], r->d_err[k],
                   (double)r->lag_min * r->spacing, (double)r->lag_max * r->spacing);
    }
    output_print(common);
    return CLI_DONE;
}

static int report(const args *a, const cli_common *common, const result *r)
{
    column_set table;
    make_columns(common, r, &table);
    int status = columns_write_files(&table, common, write_picture, r);
    if (status != CLI_DONE)
        return status;
    return common->json ? report_json(a, common, r, &table) : report_text(common, r, &table);
}

/* ---- command --------------------------------------------------------------------------------------------------------- */

static int run(int argc, char **argv)
{
    args a;
    cli_common common;
    species_names names;
    frames f = {.path = NULL};
    frame_range range;
    result r = {.n_lags = 0};
    int status;
    if (!cli_parse(&msd_command, argc, argv, &a, &common, &status))
        return status;
    status = curve_check_outputs(&common);
    if (status == CLI_DONE)
        status = species_parse(a.species, &names);
    if (status == CLI_DONE)
        status = frames_open(&f, common.positional[0], false, 0);
    if (status == CLI_DONE)
        status = frame_range_set(&f, &a.frames, &range);
    if (status == CLI_DONE)
        status = compute(&a, &common, &f, &range, &names, &r);
    if (status == CLI_DONE)
        status = report(&a, &common, &r);
    frames_close(&f);
    free(r.lag);
    return status;
}

const cli_command msd_command = {
    .name = "msd",
    .usage = "FILE [--dt T] [options]",
    .summary = "mean squared displacements and diffusion coefficients",
    .description = "The mean squared displacement of all particles, of L and of S, at constant volume, and diffusion coefficients: D from a line\n"
                   "6 D t + c through the displacement averaged over time origins, its error from blocks of the trajectory. Frames must be equally\n"
                   "spaced. Without -o the table goes to stdout; -o takes .tsv for the table and .png, .svg, .pdf for a picture.",
    .examples = "bnsl msd run/trajectory.gsd --dt 0.002 -o msd.tsv -o msd.png\n"
                "bnsl msd run/trajectory.gsd --dt 0.002 --frames 100:-1 --fit 5,50 --blocks 10 --json\n",
    .options = options,
    .args_size = sizeof(args),
    .positional_name = "FILE",
    .n_positional_min = 1,
    .n_positional_max = 1,
    .common = CLI_JSON | CLI_THREADS | CLI_OUTPUT,
    .run = run};
