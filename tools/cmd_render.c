/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl render: pictures of particle files, coloured by phase. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "json.h"
#include "output.h"
#include "picture.h"
#include "render/render.h"

enum { FILES_MAX = 4 };

typedef struct args {
    int64_t frame;
    int32_t color;
    const char *view, *slice, *species, *title;
    double position, thickness, fluid, sigma_nm, diameter_l, diameter_s;
    cli_ints size;
    bool no_box, no_legend, no_scale_bar;
} args;

/* One file's frame. */
typedef struct subject {
    const char *path;
    bnsl_io_frame *frame;
    int32_t *species, *phase;
    int64_t n_large, n_phase[BNSL_N_PHASES];
} subject;

static const cli_option options[] = {
    {.name = "frame", .kind = CLI_INT, .to = offsetof(args, frame), .metavar = "N", .initial = "-1",
     .help = "which frame, counted from 0; negative: from the end"},
    {.name = "color", .kind = CLI_CHOICE, .to = offsetof(args, color), .choices = "phase|species", .initial = "phase",
     .help = "what colours mean"},
    {.name = "view", .kind = CLI_STRING, .to = offsetof(args, view), .metavar = "x|y|z|X,Y,Z",
     .help = "direction the viewer looks from, default oblique or the normal of --slice"},
    {.name = "slice", .kind = CLI_STRING, .to = offsetof(args, slice), .metavar = "x|y|z|X,Y,Z",
     .help = "cut: only particles behind the plane with this normal, or in a slice"},
    {.name = "position", .kind = CLI_DOUBLE, .to = offsetof(args, position), .metavar = "D",
     .initial = "0", .help = "of the plane or the middle of the slice, along its normal, in the file's unit of length"},
    {.name = "thickness", .kind = CLI_DOUBLE, .to = offsetof(args, thickness), .metavar = "D", .initial = "0", .range = ">= 0",
     .help = "of the slice; 0: all that is behind the plane"},
    {.name = "size", .kind = CLI_INTS, .to = offsetof(args, size), .metavar = "W,H", .n_min = 2, .n_max = 2,
     .initial = "900,900", .range = ">= 64 and <= 4096",
     .help = "pixels of each picture, without title and legend"},
    {.name = "fluid", .kind = CLI_DOUBLE, .to = offsetof(args, fluid), .metavar = "F", .initial = "0.45", .range = ">= 0 and <= 1",
     .help = "drawn size of particles in the fluid; 0 leaves them out"},
    {.name = "diameter-l", .kind = CLI_DOUBLE, .to = offsetof(args, diameter_l), .metavar = "D", .range = "> 0",
     .help = "of L where the file has no diameters, default: the nearest L touch"},
    {.name = "diameter-s", .kind = CLI_DOUBLE, .to = offsetof(args, diameter_s), .metavar = "D", .range = "> 0",
     .help = "of S where the file has no diameters, default 0.55 of L"},
    {.name = "species", .kind = CLI_STRING, .to = offsetof(args, species), .metavar = "L=A,S=B", .initial = "L=L,S=S",
     .help = "names of the two species in the file"},
    {.name = "sigma-nm", .kind = CLI_DOUBLE, .to = offsetof(args, sigma_nm), .metavar = "NM", .range = "> 0",
     .help = "the file's unit of length in nm, for the scale bar"},
    {.name = "title", .kind = CLI_STRING, .to = offsetof(args, title), .metavar = "TEXT",
     .help = "over the picture"},
    {.name = "no-box", .kind = CLI_FLAG, .to = offsetof(args, no_box),
     .help = "leave out the edges of the box"},
    {.name = "no-legend", .kind = CLI_FLAG, .to = offsetof(args, no_legend),
     .help = "leave out the counts under the picture"},
    {.name = "no-scale-bar", .kind = CLI_FLAG, .to = offsetof(args, no_scale_bar),
     .help = "leave out the scale bar"},
    {0}};

/* ---- options --------------------------------------------------------------------------------------------------- */

/* "x", "y", "z" or three numbers. */
static bool read_direction(const char *text, double *out)
{
    if (strlen(text) == 1 && text[0] >= 'x' && text[0] <= 'z') {
        for (int k = 0; k < 3; k++)
            out[k] = text[0] == 'x' + k;
        return true;
    }
    double square = 0;
    for (int k = 0; k < 3; k++) {
        size_t length = strcspn(text, ",");
        if (bnsl_parse_double(text, (int64_t)length, &out[k], NULL) != BNSL_OK || !isfinite(out[k]))
            return false;
        square += out[k] * out[k];
        text += length;
        if ((*text == ',') != (k < 2))
            return false;
        text += *text == ',';
    }
    return square > 0 && isfinite(square);
}

static int set_options(const args *a, render_options *o)
{
    render_options_init(o);
    if (species_parse(a->species, &o->species) != CLI_DONE)
        return CLI_USAGE;
    if (a->slice && !read_direction(a->slice, o->slice_normal))
        return cli_usage("--slice: '%s' must be x, y, z or three numbers X,Y,Z that are not all 0", a->slice);
    if (a->slice)
        memcpy(o->view, o->slice_normal, sizeof o->view);
    if (a->view && !read_direction(a->view, o->view))
        return cli_usage("--view: '%s' must be x, y, z or three numbers X,Y,Z that are not all 0", a->view);
    o->width = (int32_t)a->size.values[0];
    o->height = (int32_t)a->size.values[1];
    o->slice = a->slice != NULL;
    o->slice_position = a->position;
    o->slice_thickness = a->thickness;
    o->diameter_l = isnan(a->diameter_l) ? 0 : a->diameter_l;
    o->diameter_s = isnan(a->diameter_s) ? 0 : a->diameter_s;
    o->fluid_scale = a->fluid;
    o->box = !a->no_box;
    o->legend = !a->no_legend;
    o->scale_bar = !a->no_scale_bar;
    o->title = a->title;
    if (!isnan(a->sigma_nm)) {
        o->unit_length = a->sigma_nm;
        o->unit_name = "nm";
    }
    return CLI_DONE;
}

/* Name of the picture when none was given: the file's name with the ending .png, in a new string. */
static char *default_output(const char *path)
{
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    size_t length = dot && dot > (slash ? slash + 1 : path) ? (size_t)(dot - path) : strlen(path);
    char *name = malloc(length + 5);
    if (name)
        snprintf(name, length + 5, "%.*s.png", (int)length, path);
    return name;
}

/* ---- frames ---------------------------------------------------------------------------------------------------- */

static int read_frame(subject *s, int64_t index)
{
    bnsl_io_reader *reader = NULL;
    bool good = bnsl_io_reader_open(&reader, s->path, BNSL_FILE_AUTO) == BNSL_OK && bnsl_io_frame_create(&s->frame) == BNSL_OK &&
                bnsl_io_reader_read(reader, index, s->frame) == BNSL_OK;
    int status = good ? CLI_DONE : cli_fail_library(s->path);
    bnsl_io_reader_close(reader);
    return status;
}

static int classify(subject *s, const render_options *o, int32_t threads)
{
    bnsl_order_classify_options classify_options;
    bnsl_box box;
    const double *xyz = NULL;
    int32_t columns = 0;
    int64_t n = bnsl_io_frame_n(s->frame);
    s->species = malloc((size_t)(n + 1) * sizeof *s->species);
    s->phase = calloc((size_t)n + 1, sizeof *s->phase);
    if (!s->species || !s->phase)
        return cli_fail("out of memory");
    if (species_of_frame(s->path, s->frame, &o->species, s->species) != CLI_DONE)
        return CLI_FAILED;
    bnsl_order_classify_options_init(&classify_options, sizeof classify_options);
    classify_options.num_threads = threads;
    if (bnsl_io_frame_box(s->frame, &box) != BNSL_OK || bnsl_io_frame_array_view(s->frame, "position", &columns, &xyz) != BNSL_OK ||
        bnsl_order_classify(&box, n, xyz, s->species, &classify_options, s->phase) != BNSL_OK)
        return cli_fail_library(s->path);
    for (int64_t i = 0; i < n; i++) {
        if (s->species[i] != 0)
            continue;
        s->n_large++;
        s->n_phase[s->phase[i]]++;
    }
    return CLI_DONE;
}

static void free_subject(subject *s)
{
    bnsl_io_frame_destroy(s->frame);
    free(s->species);
    free(s->phase);
}

/* ---- report ---------------------------------------------------------------------------------------------------- */

static void report_json(json *j, const cli_common *common, const subject *subjects, const char *default_name)
{
    json_object_begin(j, NULL);
    json_array_begin(j, "frames");
    for (int32_t i = 0; i < common->n_positional; i++) {
        const subject *s = &subjects[i];
        json_object_begin(j, NULL);
        json_string(j, "file", s->path);
        json_int(j, "step", bnsl_io_frame_step(s->frame));
        json_int(j, "particles", bnsl_io_frame_n(s->frame));
        json_int(j, "n_large", s->n_large);
        json_int(j, "AlB2", s->n_phase[BNSL_PHASE_ALB2]);
        json_int(j, "NaZn13", s->n_phase[BNSL_PHASE_NAZN13]);
        json_int(j, "fcc", s->n_phase[BNSL_PHASE_FCC]);
        json_int(j, "fluid", s->n_phase[BNSL_PHASE_FLUID]);
        json_object_end(j);
    }
    json_array_end(j);
    json_array_begin(j, "output");
    for (int32_t i = 0; i < common->output.n; i++)
        json_string(j, NULL, common->output.values[i]);
    if (default_name)
        json_string(j, NULL, default_name);
    json_array_end(j);
    json_object_end(j);
}

static int report(const cli_common *common, const subject *subjects, const char *default_name)
{
    json j;
    json_init(&j, common->json);
    report_json(&j, common, subjects, default_name);
    if (common->json || common->quiet)
        return json_print(&j);
    for (int32_t i = 0; i < common->n_positional; i++) {
        const subject *s = &subjects[i];
        printf("%s: step %lld, %lld particles, %lld L: %lld AlB2, %lld NaZn13, %lld fcc, %lld fluid\n", s->path,
               (long long)bnsl_io_frame_step(s->frame), (long long)bnsl_io_frame_n(s->frame), (long long)s->n_large,
               (long long)s->n_phase[BNSL_PHASE_ALB2], (long long)s->n_phase[BNSL_PHASE_NAZN13], (long long)s->n_phase[BNSL_PHASE_FCC],
               (long long)s->n_phase[BNSL_PHASE_FLUID]);
    }
    for (int32_t i = 0; i < common->output.n; i++)
        printf("wrote %s\n", common->output.values[i]);
    if (default_name)
        printf("wrote %s\n", default_name);
    return CLI_DONE;
}

/* ---- command ----------------------------------------------------------------------------------------------------- */

static int draw(const args *a, const cli_common *common, const render_options *o, subject *subjects, const char *default_name)
{
    render_panel panels[FILES_MAX];
    int32_t n = common->n_positional;
    for (int32_t i = 0; i < n; i++) {
        subjects[i].path = common->positional[i];
        int status = read_frame(&subjects[i], a->frame);
        if (status == CLI_DONE)
            status = classify(&subjects[i], o, common->threads);
        if (status != CLI_DONE)
            return status;
        panels[i] = (render_panel){subjects[i].frame, a->color == 0 ? subjects[i].phase : NULL, n > 1 ? subjects[i].path : NULL};
    }
    if (default_name)
        return render_panels(o, n, panels, default_name, common->force);
    for (int32_t i = 0; i < common->output.n; i++)
        if (render_panels(o, n, panels, common->output.values[i], common->force) != CLI_DONE)
            return CLI_FAILED;
    return CLI_DONE;
}

static int check_outputs(const cli_common *common, const char *default_name)
{
    int status = default_name ? picture_check(default_name) : CLI_DONE;
    for (int32_t i = 0; i < common->output.n && status == CLI_DONE; i++)
        status = picture_check(common->output.values[i]);
    if (status == CLI_DONE && default_name)
        status = output_check(default_name, common->force);
    return status == CLI_DONE ? output_check_all(common) : status;
}

static int run(int argc, char **argv)
{
    args a;
    cli_common common;
    render_options o;
    subject subjects[FILES_MAX] = {{.path = NULL}};
    int status;
    if (!cli_parse(&render_command, argc, argv, &a, &common, &status))
        return status;
    char *default_name = common.output.n == 0 ? default_output(common.positional[0]) : NULL;
    if (common.output.n == 0 && !default_name)
        status = cli_fail("out of memory");
    if (status == CLI_DONE)
        status = set_options(&a, &o);
    if (status == CLI_DONE)
        status = check_outputs(&common, default_name);
    if (status == CLI_DONE)
        status = draw(&a, &common, &o, subjects, default_name);
    if (status == CLI_DONE)
        status = report(&common, subjects, default_name);
    for (int i = 0; i < FILES_MAX; i++)
        free_subject(&subjects[i]);
    free(default_name);
    return status;
}

const cli_command render_command = {
    .name = "render",
    .usage = "FILE... [options]",
    .summary = "picture of particles, coloured by phase",
    .description = "Draws a frame of a GSD or extended XYZ file: large particles (L) in a crystal by phase (AlB2 blue, NaZn13\n"
                   "green, fcc orange), small ones (S) beside them pink, the fluid small and grey. Up to four files are drawn\n"
                   "side by side at one scale. The picture is PNG, SVG or PDF by its name; without -o it is FILE with .png.",
    .examples = "bnsl render run/trajectory.gsd\n"
                "bnsl render droplet.gsd --slice y --title 'cut through the droplet' -o cut.png\n"
                "bnsl render narrow.gsd wide.gsd --view z --sigma-nm 8.1 -o both.pdf\n",
    .options = options,
    .args_size = sizeof(args),
    .positional_name = "FILE",
    .n_positional_min = 1,
    .n_positional_max = FILES_MAX,
    .common = CLI_JSON | CLI_THREADS | CLI_OUTPUT,
    .run = run};
