/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl density: local density of every particle, means and counts of dense particles in every frame of a trajectory. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "curves.h"
#include "json.h"
#include "picture.h"
#include "plot/plot.h"
#include "progress.h"
#include "selection.h"

enum { COLUMNS = 5, PICTURE_BINS = 60 };

typedef struct args {
    double r_max, diameter;
    cli_doubles thresholds;
    const char *between, *species;
    cli_ints frames;
} args;

static const cli_option options[] = {
    {.name = "r-max", .kind = CLI_DOUBLE, .to = offsetof(args, r_max), .metavar = "R", .range = "> 0", .initial = "1.3",
     .help = "radius of the sphere, in the file's unit of length"},
    {.name = "diameter", .kind = CLI_DOUBLE, .to = offsetof(args, diameter), .metavar = "D", .range = "> 0", .initial = "1",
     .help = "diameter of every neighbour: it counts in part between R - D/2 and R + D/2"},
    {.name = "thresholds", .kind = CLI_DOUBLES, .to = offsetof(args, thresholds), .metavar = "T,...", .range = "> 0",
     .help = "densities above which particles are counted. Default: 1.05,1.6,2.5, those of fcc, AlB2 and NaZn13"},
    {.name = "between", .kind = CLI_STRING, .to = offsetof(args, between), .metavar = "A,B",
     .help = "around the particles of type A, by their neighbours of type B: L, S or a type of the file. Default: all"},
    {.name = "frames", .kind = CLI_INTS, .to = offsetof(args, frames), FRAMES_OPTION},
    {.name = "species", .kind = CLI_STRING, .to = offsetof(args, species), .metavar = "L=A,S=B", .initial = "L=L,S=S",
     .help = "names of the two species in the file"},
    {0}};

/* One frame's result. */
typedef struct row {
    int64_t step, n;
    double mean, deviation;
    int64_t above[CLI_LIST_MAX];
} row;

typedef struct job {
    bnsl_order_density_options o;
    type_pair pair;
    cli_doubles thresholds;
    frame_range range;
    cli_common files;    /* common, with the trajectories and tables of -o alone */
    cli_strings pictures;
    double *last;        /* densities of the last frame, for pictures */
    int64_t n_last;
} job;

/* ---- one frame -------------------------------------------------------------------------------------------------------- */

static bool counts(const job *j, const int32_t *type, int32_t of, int64_t i)
{
    return !j->pair.typed || type[i] == of;
}

static void summarise(const job *j, const int32_t *type, int32_t of, int64_t n, const double *density, row *out)
{
    double sum = 0, squares = 0;
    for (int64_t i = 0; i < n; i++) {
        if (!counts(j, type, of, i))
            continue;
        sum += density[i];
        out->n++;
        for (int32_t k = 0; k < j->thresholds.n; k++)
            out->above[k] += density[i] > j->thresholds.values[k];
    }
    out->mean = sum / (double)out->n; /* NaN when there is none */
    for (int64_t i = 0; i < n; i++)
        if (counts(j, type, of, i))
            squares += (density[i] - out->mean) * (density[i] - out->mean);
    out->deviation = sqrt(squares / (double)out->n);
}

/* Rows of the tables, arrays of the trajectories; particles that do not count have no density. */
static int write_frame(const job *j, const int32_t *type, int32_t of, frames *f, double *density, const double *neighbors, results *r)
{
    int status = CLI_DONE;
    for (int64_t i = 0; i < f->n && status == CLI_DONE; i++) {
        const double line[COLUMNS] = {(double)bnsl_io_frame_step(f->frame), (double)i, type[i], density[i], neighbors[i]};
        if (counts(j, type, of, i))
            status = results_row(r, COLUMNS, line);
        else
            density[i] = NAN;
    }
    if (status != CLI_DONE || !results_want_frames(r))
        return status;
    if (bnsl_io_frame_set_array(f->frame, "density", 1, density) != BNSL_OK)
        return cli_fail_library(f->path);
    return results_frame(r, f->frame);
}

static int do_frame(job *j, frames *f, results *r, row *out)
{
    const int32_t *type = bnsl_io_frame_type_index_view(f->frame);
    int32_t of = -1, by = -1;
    double *density = malloc((size_t)f->n * 2 * sizeof *density), *neighbors = density ? density + f->n : NULL;
    int status = density ? CLI_DONE : cli_fail("out of memory");
    if (status == CLI_DONE && j->pair.typed)
        status = type_pair_find(f->path, f->frame, &j->pair, &of, &by);
    j->o.query_species = of;
    j->o.point_species = by;
    if (status == CLI_DONE && bnsl_order_local_density(&f->box, f->n, f->xyz, type, &j->o, density, neighbors) != BNSL_OK)
        status = cli_fail_library(f->path);
    if (status == CLI_DONE) {
        out->step = bnsl_io_frame_step(f->frame);
        summarise(j, type, of, f->n, density, out);
        status = write_frame(j, type, of, f, density, neighbors, r);
    }
    free(j->last);
    j->last = density;
    j->n_last = f->n;
    return status;
}

/* ---- report ------------------------------------------------------------------------------------------------------------ */

/* Distribution of the last frame's densities, with the thresholds. */
static int write_picture(const job *j, const cli_common *common, const char *path)
{
    double highest = 0, x[2 * PICTURE_BINS], y[2 * PICTURE_BINS] = {0};
    int64_t n = 0;
    for (int64_t i = 0; i < j->n_last; i++)
        if (!isnan(j->last[i])) {
            highest = fmax(highest, j->last[i]);
            n++;
        }
    const double width = highest > 0 ? highest * 1.02 / PICTURE_BINS : 1;
    for (int64_t i = 0; i < j->n_last; i++)
        if (!isnan(j->last[i]))
            y[2 * (int32_t)(j->last[i] / width)] += 1 / ((double)n * width);
    for (int32_t b = 0; b < PICTURE_BINS; b++) { /* steps */
        x[2 * b] = b * width;
        x[2 * b + 1] = (b + 1) * width;
        y[2 * b + 1] = y[2 * b];
    }
    plot_figure *figure = plot_create(1, 1);
    plot_panel *panel = plot_panel_at(figure, 0, 0);
    plot_labels(panel, curve_title(common), "local density (1/length³ of the file)", "probability density");
    plot_line(panel, 2 * PICTURE_BINS, x, y, PLOT_BLUE, NULL);
    for (int32_t k = 0; k < j->thresholds.n; k++) {
        char label[32];
        snprintf(label, sizeof label, "%g", j->thresholds.values[k]);
        plot_mark(panel, j->thresholds.values[k], label, PLOT_VERMILION);
    }
    int status = plot_write(figure, path, common->force);
    plot_destroy(figure);
    return status;
}

static int report_json(const job *j, const row *rows)
{
    json out;
    json_init(&out, true);
    json_object_begin(&out, NULL);
    json_double(&out, "r_max", j->o.r_max);
    json_double(&out, "diameter", j->o.diameter);
    json_doubles(&out, "thresholds", j->thresholds.n, j->thresholds.values);
    json_array_begin(&out, "frames");
    for (int64_t i = 0; i < j->range.n; i++) {
        json_object_begin(&out, NULL);
        json_int(&out, "step", rows[i].step);
        json_int(&out, "n", rows[i].n);
        json_double(&out, "mean", rows[i].mean);
        json_double(&out, "standard_deviation", rows[i].deviation);
        json_ints(&out, "threshold_count", j->thresholds.n, rows[i].above);
        json_object_end(&out);
    }
    json_array_end(&out);
    json_object_end(&out);
    return json_print(&out);
}

static int report(const job *j, const cli_common *common, const row *rows)
{
    if (common->json)
        return report_json(j, rows);
    printf("%12s %9s  %9s %9s", "step", "particles", "density", "+-");
    for (int32_t k = 0; k < j->thresholds.n; k++)
        printf("  > %-7g", j->thresholds.values[k]);
    printf("\n");
    for (int64_t i = 0; i < j->range.n; i++) {
        printf("%12lld %9lld  %9.6f %9.6f", (long long)rows[i].step, (long long)rows[i].n, rows[i].mean, rows[i].deviation);
        for (int32_t k = 0; k < j->thresholds.n; k++)
            printf("  %9lld", (long long)rows[i].above[k]);
        printf("\n");
    }
    return CLI_DONE;
}

/* ---- command ------------------------------------------------------------------------------------------------------------ */

static void set_thresholds(const args *a, job *j)
{
    static const int32_t phase[] = {BNSL_PHASE_FCC, BNSL_PHASE_ALB2, BNSL_PHASE_NAZN13};
    j->thresholds = a->thresholds;
    for (int k = 0; a->thresholds.n == 0 && k < 3; k++)
        j->thresholds.values[j->thresholds.n++] = bnsl_order_density_threshold(phase[k]);
}

/* Pictures of -o apart from the files that results_open knows. */
static int split_outputs(const cli_common *common, job *j)
{
    j->files = *common;
    j->files.output.n = 0;
    for (int32_t i = 0; i < common->output.n; i++) {
        const char *path = common->output.values[i];
        if (output_has_ending(path, ".png|.svg|.pdf")) {
            int status = picture_check(path);
            if (status != CLI_DONE)
                return status;
            j->pictures.values[j->pictures.n++] = path;
        } else if (output_has_ending(path, ".gsd|.xyz|.extxyz|.tsv")) {
            j->files.output.values[j->files.output.n++] = path;
        } else {
            return cli_usage("-o: '%s' must end in .gsd, .xyz, .extxyz, .tsv, .png, .svg or .pdf", path);
        }
    }
    return output_check_all(common);
}

static int go_through(job *j, frames *f, const cli_common *common, results *r, row *rows)
{
    progress p;
    int status = CLI_DONE;
    progress_begin(&p, common, "density", "frames", j->range.n);
    for (int64_t i = 0; i < j->range.n && status == CLI_DONE; i++) {
        status = frames_read(f, frame_range_at(&j->range, i));
        if (status == CLI_DONE)
            status = do_frame(j, f, r, rows + i);
        progress_text(&p, "density %.4f", rows[i].mean);
        progress_update(&p, i + 1);
    }
    progress_end(&p);
    for (int32_t k = 0; k < j->pictures.n && status == CLI_DONE; k++)
        status = write_picture(j, common, j->pictures.values[k]);
    return status == CLI_DONE ? results_commit(r) : status;
}

static int run(int argc, char **argv)
{
    args a;
    cli_common common;
    species_names names;
    job j = {.last = NULL};
    frames f = {.path = NULL};
    results r = {.n = 0};
    row *rows = NULL;
    int status;
    if (!cli_parse(&density_command, argc, argv, &a, &common, &status))
        return status;
    set_thresholds(&a, &j);
    bnsl_order_density_options_init(&j.o, sizeof j.o);
    j.o.num_threads = common.threads;
    j.o.r_max = a.r_max;
    j.o.diameter = a.diameter;
    status = split_outputs(&common, &j);
    if (status == CLI_DONE)
        status = species_parse(a.species, &names);
    if (status == CLI_DONE)
        status = type_pair_parse(a.between, &names, &j.pair);
    if (status == CLI_DONE)
        status = frames_open(&f, common.positional[0], false, 0);
    if (status == CLI_DONE)
        status = frame_range_set(&f, &a.frames, &j.range);
    if (status == CLI_DONE)
        status = results_open(&r, &j.files, "step\tparticle\ttype\tdensity (1/length^3 of the file)\tneighbours");
    if (status == CLI_DONE) {
        rows = calloc((size_t)j.range.n, sizeof *rows);
        status = rows ? go_through(&j, &f, &common, &r, rows) : cli_fail("out of memory");
    }
    if (status == CLI_DONE)
        status = report(&j, &common, rows);
    results_close(&r);
    frames_close(&f);
    free(rows);
    free(j.last);
    return status;
}

const cli_command density_command = {
    .name = "density",
    .usage = "FILE [options]",
    .summary = "local density of every particle",
    .description = "The number of neighbours in a sphere around each particle over its volume; a neighbour of diameter D at the sphere's\n"
                   "surface counts in part. The mean and the standard deviation over the particles of every frame, and how many are above\n"
                   "each threshold. -o writes the density of each particle: .tsv is a table (type: index of the particle's type in the\n"
                   "file), .gsd and .xyz are the trajectory with an array density, .png, .svg and .pdf show the distribution in the last\n"
                   "frame.",
    .examples = "bnsl density run/trajectory.gsd -o dense.gsd\n"
                "bnsl density run/trajectory.gsd --between L,L --frames -1 -o density.png --json\n",
    .options = options,
    .args_size = sizeof(args),
    .positional_name = "FILE",
    .n_positional_min = 1,
    .n_positional_max = 1,
    .common = CLI_JSON | CLI_THREADS | CLI_OUTPUT,
    .run = run};
