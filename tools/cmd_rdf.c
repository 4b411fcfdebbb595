/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl rdf: radial distribution functions of a trajectory. */
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

/* Default range: half the box, but not beyond this many mean distances (V / N)^(1/3). */
static const double RANGE_MAX = 8;

enum { CURVES_MAX = 8 };

typedef struct args {
    double r_max, r_min;
    int64_t bins;
    const char *between, *species;
    cli_ints frames;
    bool finite_size;
} args;

static const cli_option options[] = {
    {.name = "between", .kind = CLI_STRING, .to = offsetof(args, between), .metavar = "A,B",
     .help = "particles of type B around those of type A: L, S or a type of the file. Default: all pairs of L and S"},
    {.name = "r-max", .kind = CLI_DOUBLE, .to = offsetof(args, r_max), .metavar = "R", .range = "> 0",
     .help = "largest distance, in the file's unit of length; may be larger than the box. Default: half the box, at most 8 (V/N)^(1/3)"},
    {.name = "r-min", .kind = CLI_DOUBLE, .to = offsetof(args, r_min), .metavar = "R", .range = ">= 0", .initial = "0",
     .help = "smallest distance"},
    {.name = "bins", .kind = CLI_INT, .to = offsetof(args, bins), .metavar = "N", .range = ">= 1 and <= 1000000", .initial = "200",
     .help = "bins between them"},
    {.name = "finite-size", .kind = CLI_FLAG, .to = offsetof(args, finite_size),
     .help = "expect N (N - 1) pairs among N particles instead of N^2"},
    {.name = "frames", .kind = CLI_INTS, .to = offsetof(args, frames), FRAMES_OPTION},
    {.name = "species", .kind = CLI_STRING, .to = offsetof(args, species), .metavar = "L=A,S=B", .initial = "L=L,S=S",
     .help = "names of the two species in the file"},
    {0}};

/* g(r) or n(r) of a pair of species, -1: all particles. */
typedef struct curve_of {
    const char *name, *label;
    int32_t a, b;
    bool count; /* n(r) */
    plot_color color;
    double *values; /* NULL: there are no such pairs */
} curve_of;

typedef struct result {
    int64_t n_bins, n_frames;
    double r_max;
    double *memory, *r, *edge;
    int32_t n_curves;
    curve_of curve[CURVES_MAX];
} result;

/* Curves without --between: g and n_r of all, then by species. */
static const curve_of by_species[CURVES_MAX] = {
    {"g", "all", -1, -1, false, PLOT_BLACK, NULL},     {"n_r", NULL, -1, -1, true, PLOT_BLACK, NULL},
    {"g_LL", "L–L", 0, 0, false, PLOT_BLUE, NULL},     {"g_LS", "L–S", 0, 1, false, PLOT_GREEN, NULL},
    {"g_SS", "S–S", 1, 1, false, PLOT_VERMILION, NULL}, {"n_r_LL", NULL, 0, 0, true, PLOT_BLUE, NULL},
    {"n_r_LS", NULL, 0, 1, true, PLOT_GREEN, NULL},    {"n_r_SS", NULL, 1, 1, true, PLOT_VERMILION, NULL},
};

/* ---- work ------------------------------------------------------------------------------------------------------- */

static double default_range(const frames *f)
{
    double plane[3], volume, half = INFINITY;
    if (bnsl_box_plane_distances(&f->box, plane) != BNSL_OK || bnsl_box_volume(&f->box, &volume) != BNSL_OK)
        return 0;
    for (int k = 0; k < 3; k++)
        half = fmin(half, 0.5 * plane[k]);
    return fmin(half, RANGE_MAX * cbrt(volume / (double)f->n));
}

/* The n particles of a frame that are counted, of species 0 and 1: L and S, or the types of --between. */
static int keep_particles(const frames *f, const species_names *names, const type_pair *pair, double *xyz, int32_t *species, int64_t *n)
{
    const int32_t *type = bnsl_io_frame_type_index_view(f->frame);
    int32_t a, b;
    int status = pair->typed ? type_pair_find(f->path, f->frame, pair, &a, &b) : species_of_frame(f->path, f->frame, names, species);
    *n = 0;
    for (int64_t i = 0; i < f->n && status == CLI_DONE; i++) {
        const int32_t s = !pair->typed ? species[i] : type[i] == a ? 0 : type[i] == b ? 1 : 2;
        if (s == 2)
            continue;
        memcpy(xyz + 3 * *n, f->xyz + 3 * i, 3 * sizeof *xyz);
        species[(*n)++] = s;
    }
    return status;
}

static int add_frame(frames *f, const species_names *names, const type_pair *pair, bnsl_order_rdf *rdf, const cli_common *common, bool first)
{
    int64_t n = 0;
    double *xyz = malloc((size_t)f->n * 3 * sizeof *xyz);
    int32_t *species = malloc((size_t)f->n * sizeof *species);
    int status = xyz && species ? keep_particles(f, names, pair, xyz, species, &n) : cli_fail("out of memory");
    if (status == CLI_DONE && first && !pair->typed && n < f->n)
        cli_note(common, "%s: %lld particles are neither L nor S and were left out", f->path, (long long)(f->n - n));
    if (status == CLI_DONE && first && f->box.periodic != BNSL_PERIODIC_XYZ)
        cli_note(common, "%s: the box is not periodic along x, y and z: its faces lower g(r)", f->path);
    if (status == CLI_DONE && bnsl_order_rdf_add(rdf, &f->box, n, xyz, species, cli_control()) != BNSL_OK)
        status = cli_fail_library(f->path);
    free(xyz);
    free(species);
    return status;
}

static int start(const args *a, const cli_common *common, const frames *f, const type_pair *pair, bnsl_order_rdf **out)
{
    bnsl_order_rdf_options o;
    bnsl_order_rdf_options_init(&o, sizeof o);
    o.num_threads = common->threads;
    o.r_min = a->r_min;
    o.r_max = isnan(a->r_max) ? default_range(f) : a->r_max;
    o.n_bins = (int32_t)a->bins;
    o.n_species = 2;
    if (pair->typed) {
        o.species_a = 0;
        o.species_b = strcmp(pair->a, pair->b) == 0 ? 0 : 1;
    }
    o.flags = a->finite_size ? BNSL_RDF_FINITE_SIZE : 0;
    if (!(o.r_min < o.r_max))
        return cli_usage("--r-min: %g must be below --r-max, %g", o.r_min, o.r_max);
    return bnsl_order_rdf_create(out, &o) == BNSL_OK ? CLI_DONE : cli_fail_library(NULL);
}

/* Curves from the accumulator. */
static int read_curves(const bnsl_order_rdf *rdf, const type_pair *pair, result *r)
{
    const int64_t n = r->n_bins;
    r->memory = malloc((size_t)(n * (CURVES_MAX + 2) + 1) * sizeof *r->memory);
    if (!r->memory)
        return cli_fail("out of memory");
    r->r = r->memory;
    r->edge = r->memory + n;
    bnsl_order_rdf_bins(rdf, r->r, r->edge);
    r->r_max = r->edge[n];
    r->n_curves = pair->typed ? 2 : CURVES_MAX;
    for (int32_t k = 0; k < r->n_curves; k++) {
        curve_of *c = r->curve + k;
        *c = by_species[k];
        if (pair->typed) {
            c->a = 0;
            c->b = strcmp(pair->a, pair->b) == 0 ? 0 : 1;
            c->label = NULL;
        }
        c->values = r->edge + n + 1 + k * n;
        if (bnsl_order_rdf_read(rdf, c->a, c->b, c->count ? NULL : c->values, c->count ? c->values : NULL, NULL) != BNSL_OK) {
            if (k < 2)
                return cli_fail_library(pair->typed ? "--between" : NULL);
            c->values = NULL;
        }
    }
    return CLI_DONE;
}

static int compute(const args *a, const cli_common *common, frames *f, const frame_range *range, const species_names *names, const type_pair *pair,
                   result *r)
{
    bnsl_order_rdf *rdf = NULL;
    progress p;
    int status = CLI_DONE;
    progress_begin(&p, common, "rdf", "frames", range->n);
    for (int64_t i = 0; i < range->n && status == CLI_DONE; i++) {
        status = frames_read(f, frame_range_at(range, i));
        if (status == CLI_DONE && i == 0)
            status = start(a, common, f, pair, &rdf);
        if (status == CLI_DONE)
            status = add_frame(f, names, pair, rdf, common, i == 0);
        progress_update(&p, i + 1);
    }
    progress_end(&p);
    r->n_bins = a->bins;
    r->n_frames = range->n;
    if (status == CLI_DONE)
        status = read_curves(rdf, pair, r);
    bnsl_order_rdf_destroy(rdf);
    return status;
}

/* ---- report ------------------------------------------------------------------------------------------------------ */

static void make_columns(const cli_common *common, const type_pair *pair, const result *r, column_set *c)
{
    columns_begin(c, r->n_bins, "bnsl rdf %s, %lld frame%s%s%s%s%s; n_r: neighbours up to the bin's upper edge", common->positional[0],
                  (long long)r->n_frames, r->n_frames == 1 ? "" : "s", pair->typed ? ": " : "", pair->b, pair->typed ? " around " : "", pair->a);
    columns_add(c, "r", "r (length of the file)", r->r, 1);
    for (int32_t k = 0; k < r->n_curves; k++)
        columns_add(c, r->curve[k].name, r->curve[k].name, r->curve[k].values, 1);
}

/* What a picture shows. */
typedef struct shown {
    const type_pair *pair;
    const result *r;
} shown;

static int write_picture(const void *user, const cli_common *common, const char *path)
{
    const type_pair *pair = ((const shown *)user)->pair;
    const result *r = ((const shown *)user)->r;
    char label[160] = "g(r)";
    if (pair->typed)
        snprintf(label, sizeof label, "g(r), %s around %s", pair->b, pair->a);
    plot_figure *figure = plot_create(1, 1);
    plot_panel *panel = plot_panel_at(figure, 0, 0);
    plot_labels(panel, curve_title(common), "r (length of the file)", label);
    plot_level(panel, 1, NULL, PLOT_GREY);
    for (int32_t k = r->n_curves - 1; k >= 0; k--) /* all particles on top */
        if (!r->curve[k].count && r->curve[k].values)
            plot_line(panel, r->n_bins, r->r, r->curve[k].values, r->curve[k].color, r->curve[k].label);
    int status = plot_write(figure, path, common->force);
    plot_destroy(figure);
    return status;
}

static int report_json(const cli_common *common, const type_pair *pair, const result *r, const column_set *c)
{
    json j;
    json_init(&j, true);
    json_object_begin(&j, NULL);
    json_int(&j, "n_frames", r->n_frames);
    json_double(&j, "r_max", r->r_max);
    if (pair->typed) {
        json_array_begin(&j, "between");
        json_string(&j, NULL, pair->a);
        json_string(&j, NULL, pair->b);
        json_array_end(&j);
    }
    columns_json(c, &j, common);
    json_object_end(&j);
    return json_print(&j);
}

/* The table itself without -o, else what was written and the highest peak. */
static int report_text(const cli_common *common, const result *r, const column_set *c)
{
    if (common->output.n == 0) {
        columns_print(c);
        return CLI_DONE;
    }
    int64_t highest = 0;
    for (int64_t i = 1; i < r->n_bins; i++)
        highest = r->curve[0].values[i] > r->curve[0].values[highest] ? i : highest;
    printf("%s: %lld frame%s, %lld bins up to %.6g; highest g = %.4g at r = %.6g\n", common->positional[0], (long long)r->n_frames,
           r->n_frames == 1 ? "" : "s", (long long)r->n_bins, r->r_max, r->curve[0].values[highest], r->r[highest]);
    output_print(common);
    return CLI_DONE;
}

static int report(const cli_common *common, const type_pair *pair, const result *r)
{
    column_set c;
    make_columns(common, pair, r, &c);
    int status = columns_write_files(&c, common, write_picture, &(shown){pair, r});
    if (status != CLI_DONE)
        return status;
    return common->json ? report_json(common, pair, r, &c) : report_text(common, r, &c);
}

/* ---- command ------------------------------------------------------------------------------------------------------ */

static int run(int argc, char **argv)
{
    args a;
    cli_common common;
    species_names names;
    type_pair pair;
    frames f = {.path = NULL};
    frame_range range;
    result r = {.n_bins = 0};
    int status;
    if (!cli_parse(&rdf_command, argc, argv, &a, &common, &status))
        return status;
    status = curve_check_outputs(&common);
    if (status == CLI_DONE)
        status = species_parse(a.species, &names);
    if (status == CLI_DONE)
        status = type_pair_parse(a.between, &names, &pair);
    if (status == CLI_DONE)
        status = frames_open(&f, common.positional[0], false, 0);
    if (status == CLI_DONE)
        status = frame_range_set(&f, &a.frames, &range);
    if (status == CLI_DONE)
        status = compute(&a, &common, &f, &range, &names, &pair, &r);
    if (status == CLI_DONE)
        status = report(&common, &pair, &r);
    frames_close(&f);
    free(r.memory);
    return status;
}

const cli_command rdf_command = {
    .name = "rdf",
    .usage = "FILE [options]",
    .summary = "radial distribution functions g(r) of a trajectory",
    .description = "Averages g(r) over the frames, each with its own volume and numbers of particles: of all L and S, and of the pairs L-L, L-S and\n"
                   "S-S; n_r is the number of neighbours up to r (n_r_LS: of S around an L). Without -o the table goes to stdout; -o takes .tsv for\n"
                   "the table and .png, .svg, .pdf for a picture.",
    .examples = "bnsl rdf run/trajectory.gsd -o g.tsv -o g.png\n"
                "bnsl rdf run/trajectory.gsd --between S,S --r-max 5 --bins 500 --frames -10:-1 --json\n",
    .options = options,
    .args_size = sizeof(args),
    .positional_name = "FILE",
    .n_positional_min = 1,
    .n_positional_max = 1,
    .common = CLI_JSON | CLI_THREADS | CLI_OUTPUT,
    .run = run};
