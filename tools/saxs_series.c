/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl saxs series: I(q, t) to S(q, t), one fit a frame, nucleation. */
#include "saxs_series.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "output.h"
#include "progress.h"
#include "saxs_commands.h"

typedef struct args {
    series_input_args input;
    model_args model;
    bool flux_scale, resume;
    const char *anchor, *state, *save_s, *save_fits;
    double detect, threshold, swelling, shrinking;
    cli_doubles show;
} args;

static const cli_option options[] = {
    MODEL_OPTIONS(args, model),
    {.name = "c-over-a",
     .kind = CLI_STRING,
     .to = offsetof(args, model.c_over_a),
     .metavar = "X|fit|last",
     .help = "c/a: kept at X, fitted in each frame, or from the last frame and kept (default: 1, kept)"},
    {.name = "reference",
     .kind = CLI_INT,
     .to = offsetof(args, input.reference),
     .metavar = "N",
     .range = ">= 1",
     .initial = "20",
     .help = "the mean of the first N frames is I(q, 0)"},
    {.name = "normalised", .kind = CLI_FLAG, .to = offsetof(args, input.normalised), .help = "the values are S(q, t) already"},
    {.name = "unit", .kind = CLI_CHOICE, .to = offsetof(args, input.unit), .choices = "nm|A",
     .help = "q is in 1/nm or 1/A; needed unless the file says so"},
    {.name = "errors",
     .kind = CLI_STRING,
     .to = offsetof(args, input.errors),
     .metavar = "FILE|MODEL",
     .help = "matrix of standard errors, or relative:F, sqrt, uniform (frames: the third column)"},
    {.name = "times", .kind = CLI_STRING, .to = offsetof(args, input.times), .metavar = "FILE",
     .help = "files of frames: their times in s, one a line"},
    {.name = "period",
     .kind = CLI_DOUBLE,
     .to = offsetof(args, input.period),
     .metavar = "S",
     .range = "> 0",
     .help = "files of frames: seconds from one to the next"},
    {.name = "q-range",
     .kind = CLI_DOUBLES,
     .to = offsetof(args, input.q_range),
     .metavar = "MIN,MAX",
     .n_min = 2,
     .n_max = 2,
     .range = ">= 0",
     .help = "part of the curves that is fitted, 1/nm (default: all)"},
    {.name = "flux-scale", .kind = CLI_FLAG, .to = offsetof(args, flux_scale),
     .help = "find the beam's intensity in each frame too, which divides X"},
    {.name = "anchor",
     .kind = CLI_STRING,
     .to = offsetof(args, anchor),
     .metavar = "FRAME|none",
     .help = "frame with grown crystals that is searched first (default: the last good one)"},
    {.name = "swelling",
     .kind = CLI_DOUBLE,
     .to = offsetof(args, swelling),
     .metavar = "F",
     .range = ">= 0 and <= 1",
     .initial = "0.15",
     .help = "a may be larger than in the anchor by this part"},
    {.name = "shrinking",
     .kind = CLI_DOUBLE,
     .to = offsetof(args, shrinking),
     .metavar = "F",
     .range = ">= 0 and <= 0.5",
     .initial = "0.03",
     .help = "and smaller by this part"},
    {.name = "detect",
     .kind = CLI_DOUBLE,
     .to = offsetof(args, detect),
     .metavar = "SIGMA",
     .range = ">= 4 and <= 100",
     .initial = "7",
     .help = "significance from which a crystal is looked at"},
    {.name = "threshold",
     .kind = CLI_DOUBLE,
     .to = offsetof(args, threshold),
     .metavar = "X",
     .range = "> 0 and < 1",
     .initial = "0.05",
     .help = "nucleation is when the share of L in crystals passes this"},
    {.name = "state", .kind = CLI_STRING, .to = offsetof(args, state), .metavar = "FILE",
     .help = "keeps the state there, some times a minute and when interrupted"},
    {.name = "resume", .kind = CLI_FLAG, .to = offsetof(args, resume), .help = "goes on from that file when it is there"},
    {.name = "save-s", .kind = CLI_STRING, .to = offsetof(args, save_s), .metavar = "FILE", .help = "writes S(q, t) as a matrix"},
    {.name = "save-fits", .kind = CLI_STRING, .to = offsetof(args, save_fits), .metavar = "FILE", .help = "writes the fitted curves as a matrix"},
    {.name = "show", .kind = CLI_DOUBLES, .to = offsetof(args, show), .metavar = "T,...", .n_min = 1, .n_max = 6,
     .help = "times of the frames in the figure, s"},
    {0}};

/* ---- model -------------------------------------------------------------------------------------------------------------- */

static int make_series(const args *a, const model_request *m, const series_input *in, bnsl_saxs_series **out)
{
    bnsl_saxs_pattern_options o;
    bnsl_saxs_series_options so;
    bnsl_saxs_pattern *pattern = NULL;
    bnsl_saxs_pattern_options_init(&o, sizeof o);
    bnsl_saxs_series_options_init(&so, sizeof so);
    model_options(m, &o);
    o.error_model = in->error_model;
    o.relative_error = in->relative_error;
    o.q_min = in->q_min;
    o.q_max = in->q_max;
    so.flux_scale = a->flux_scale;
    so.detect_sigma = a->detect;
    so.fraction_present = a->threshold;
    so.swelling = a->swelling;
    so.shrinking = a->shrinking;
    bnsl_status status = bnsl_saxs_pattern_create(&pattern, &o);
    if (status == BNSL_OK)
        status = model_add_phases(m, pattern);
    if (status == BNSL_OK)
        status = bnsl_saxs_series_create(out, pattern, &so, in->n_q, in->q);
    bnsl_saxs_pattern_destroy(pattern);
    return status == BNSL_OK ? CLI_DONE : cli_fail_library(NULL);
}

/* The frame that the anchor is fitted to; -1: none. Said when it is no number or a bad one. */
static int choose_anchor(const args *a, const series_input *in, int64_t *frame)
{
    *frame = -1;
    if (a->anchor && strcmp(a->anchor, "none") == 0)
        return CLI_DONE;
    if (a->anchor) {
        if (bnsl_parse_int64(a->anchor, (int64_t)strlen(a->anchor), frame, NULL) != BNSL_OK || *frame < 0 || *frame >= in->n_frames)
            return cli_usage("--anchor: '%s' must be a frame, 0 .. %lld, or the word none", a->anchor, (long long)in->n_frames - 1);
        return in->bad[*frame] ? cli_fail("--anchor: frame %lld is bad: %s", (long long)*frame, in->why[*frame]) : CLI_DONE;
    }
    for (*frame = in->n_frames - 1; *frame >= 0 && in->bad[*frame];)
        --*frame;
    return CLI_DONE;
}

static int anchor(const args *a, const cli_common *common, const series_input *in, bool keep_c, bnsl_saxs_series *series)
{
    int64_t frame;
    char name[300];
    int status = choose_anchor(a, in, &frame);
    if (status != CLI_DONE || frame < 0)
        return status;
    bnsl_status done =
        bnsl_saxs_series_anchor(series, in->s + frame * in->n_q, in->error ? in->error + frame * in->n_q : NULL, keep_c, cli_control());
    if (done == BNSL_ENOCONV)
        cli_note(common, "%s, the anchor: the fit has not converged; give --a-range or another --anchor",
                 series_frame_name(in, frame, name, sizeof name));
    else if (done != BNSL_OK)
        return cli_fail_library(series_frame_name(in, frame, name, sizeof name));
    return CLI_DONE;
}

/* ---- state ---------------------------------------------------------------------------------------------------------------- */

static int save_state(const bnsl_saxs_series *series, const char *path)
{
    int64_t size = 0;
    output_file o;
    bnsl_saxs_series_save(series, 0, NULL, &size);
    char *bytes = malloc((size_t)size);
    if (!bytes || bnsl_saxs_series_save(series, size, bytes, &size) != BNSL_OK) {
        free(bytes);
        return cli_fail("%s: out of memory", path);
    }
    FILE *f = output_open(&o, path, true);
    int status = f ? CLI_DONE : CLI_FAILED;
    if (f && fwrite(bytes, 1, (size_t)size, f) != (size_t)size) {
        output_abandon(&o);
        status = cli_fail("%s: cannot be written", path);
    } else if (f) {
        status = output_commit(&o);
    }
    free(bytes);
    return status;
}

/* The state in path into the series; *found: there was one. */
static int load_state(bnsl_saxs_series *series, const char *path, bool *found)
{
    FILE *f = fopen(path, "rb");
    *found = f != NULL;
    if (!f)
        return CLI_DONE;
    int status = CLI_DONE;
    long size = fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;
    char *bytes = size >= 0 ? malloc((size_t)size + 1) : NULL;
    rewind(f);
    if (!bytes || fread(bytes, 1, (size_t)size, f) != (size_t)size)
        status = cli_fail("%s: cannot be read", path);
    else if (bnsl_saxs_series_restore(series, size, bytes) != BNSL_OK)
        status = cli_fail_library(path);
    free(bytes);
    fclose(f);
    return status;
}

/* ---- the fits ---------------------------------------------------------------------------------------------------------------- */

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void tell_progress(progress *p, const bnsl_saxs_series *series, int64_t frame)
{
    double nucleation;
    progress_update(p, frame);
    if (bnsl_saxs_series_nucleation(series, -1, &nucleation, NULL) == BNSL_OK)
        progress_text(p, "nucleation %.6g s", nucleation);
    else
        progress_text(p, "no crystal yet");
}

/* Whether frame i of the input is the k-th of a resumed series. */
static int check_resumed(const series_input *in, int64_t i, const bnsl_saxs_series *series, int64_t k)
{
    bnsl_saxs_frame frame;
    if (bnsl_saxs_series_frame(series, k, &frame) != BNSL_OK || frame.time != in->time[i])
        return cli_fail("--state: frame %lld is from t = %.6g s, here it is %.6g s: the state belongs to another series", (long long)k,
                        frame.time, in->time[i]);
    return CLI_DONE;
}

/* Fits all good frames that are not yet there. input_frame: of each frame of the series. */
static int fit_frames(const args *a, const cli_common *common, series_input *in, bnsl_saxs_series *series, int64_t *input_frame)
{
    enum { SAVE_EVERY = 10 }; /* seconds */
    const int64_t n_resumed = bnsl_saxs_series_n_frames(series);
    progress p;
    char name[300];
    int64_t k = 0;
    double saved = seconds();
    int status = CLI_DONE;
    progress_begin(&p, common, "fit", "frames", in->n_frames);
    for (int64_t i = 0; i < in->n_frames && status == CLI_DONE; i++) {
        if (in->bad[i])
            continue;
        if (k < n_resumed) {
            status = check_resumed(in, i, series, k);
            input_frame[k++] = i;
            continue;
        }
        bnsl_status done = bnsl_saxs_series_add(series, in->time[i], in->s + i * in->n_q, in->error ? in->error + i * in->n_q : NULL, cli_control());
        if (done == BNSL_EINVAL || done == BNSL_ENUMERIC) { /* no fit can take it: named and left out */
            in->bad[i] = true;
            in->n_bad++;
            snprintf(in->why[i], sizeof in->why[i], "%s", bnsl_error_message());
            cli_note(common, "%s left out: %s", series_frame_name(in, i, name, sizeof name), in->why[i]);
            continue;
        }
        if (done != BNSL_OK || cli_interrupted()) {
            if (a->state && save_state(series, a->state) == CLI_DONE)
                cli_note(common, "state saved in %s; --resume goes on from there", a->state);
            status = done == BNSL_OK ? CLI_INTERRUPTED : cli_fail_library(series_frame_name(in, i, name, sizeof name));
            break;
        }
        input_frame[k++] = i;
        tell_progress(&p, series, i + 1);
        if (a->state && seconds() - saved > SAVE_EVERY) {
            status = save_state(series, a->state);
            saved = seconds();
        }
    }
    progress_end(&p);
    if (status == CLI_DONE && a->state)
        status = save_state(series, a->state);
    return status;
}

/* ---- outputs ---------------------------------------------------------------------------------------------------------------------- */

/* A matrix of the good frames: measured, or as fitted. */
static int save_matrix(const cli_common *common, const series_report *r, const char *path, bool fits)
{
    const int64_t n = bnsl_saxs_series_n_frames(r->series), n_q = r->in->n_q;
    double *values = malloc(((size_t)n * (size_t)n_q + (size_t)n) * sizeof *values), *time = values ? values + n * n_q : NULL;
    int status = values ? CLI_DONE : cli_fail("out of memory");
    for (int64_t k = 0; k < n && status == CLI_DONE; k++) {
        time[k] = r->in->time[r->input_frame[k]];
        if (!fits)
            memcpy(values + k * n_q, r->in->s + r->input_frame[k] * n_q, (size_t)n_q * sizeof *values);
        else if (bnsl_saxs_pattern_model(bnsl_saxs_series_pattern(r->series, k), n_q, r->in->q, values + k * n_q, NULL) != BNSL_OK)
            status = cli_fail_library(path);
    }
    if (status == CLI_DONE && bnsl_io_series_write(path, n, time, n_q, r->in->q, values, common->force) != BNSL_OK)
        status = cli_fail_library(path);
    free(values);
    return status;
}

static int tell(const args *a, const cli_common *common, series_report *r)
{
    int status = CLI_DONE;
    if (bnsl_saxs_series_nucleation(r->series, -1, &r->nucleation, &r->nucleation_err) != BNSL_OK)
        r->nucleation = r->nucleation_err = NAN;
    for (int32_t i = 0; i < common->output.n && status == CLI_DONE; i++) {
        const char *path = common->output.values[i];
        status = (output_has_ending(path, ".tsv") ? series_write_table : series_write_picture)(common, r, path);
    }
    if (status == CLI_DONE && a->save_s)
        status = save_matrix(common, r, a->save_s, false);
    if (status == CLI_DONE && a->save_fits)
        status = save_matrix(common, r, a->save_fits, true);
    if (status != CLI_DONE)
        return status;
    return (common->json ? series_print_json : series_print_text)(common, r);
}

/* ---- command -------------------------------------------------------------------------------------------------------------------------- */

static int check_arguments(const args *a, const cli_common *common)
{
    if (a->input.normalised && cli_given(common, "reference"))
        return cli_usage("--reference and --normalised exclude each other");
    if (a->resume && !a->state)
        return cli_usage("--resume needs --state FILE");
    if (a->flux_scale && (a->model.background == BNSL_BACKGROUND_POLYNOMIAL || a->model.fluid == BNSL_FLUID_NONE))
        return cli_usage("--flux-scale needs --background physical and a fluid");
    int status = curve_check_outputs(common);
    if (status == CLI_DONE && a->save_s)
        status = output_check(a->save_s, common->force);
    if (status == CLI_DONE && a->save_fits)
        status = output_check(a->save_fits, common->force);
    if (status == CLI_DONE && a->state)
        status = output_check(a->state, common->force || a->resume);
    return status;
}

static int fit_series(const args *a, const cli_common *common, model_request *m, series_input *in, bool keep_c)
{
    series_report r = {.in = in, .model = m, .flux = a->flux_scale, .show = a->show};
    bool found = false;
    int status = model_ranges(m, common->positional[0], in->q_max > 0 ? fmax(in->q_min, in->q[0]) : in->q[0],
                              in->q_max > 0 ? fmin(in->q_max, in->q[in->n_q - 1]) : in->q[in->n_q - 1]);
    if (status == CLI_DONE)
        status = make_series(a, m, in, &r.series);
    r.input_frame = malloc((size_t)in->n_frames * sizeof *r.input_frame);
    if (status == CLI_DONE && !r.input_frame)
        status = cli_fail("out of memory");
    if (status == CLI_DONE && a->resume)
        status = load_state(r.series, a->state, &found);
    if (status == CLI_DONE && !found)
        status = anchor(a, common, in, keep_c, r.series);
    if (status == CLI_DONE)
        status = fit_frames(a, common, in, r.series, r.input_frame);
    if (status == CLI_DONE && bnsl_saxs_series_n_frames(r.series) == 0)
        status = cli_fail("%s: no frame could be fitted", common->positional[0]);
    if (status == CLI_DONE)
        status = tell(a, common, &r);
    bnsl_saxs_series_destroy(r.series);
    free(r.input_frame);
    return status;
}

static int run(int argc, char **argv)
{
    args a = {.show = {.n = 0}}; /* fields without an option stay 0 */
    cli_common common;
    series_input in = {.n_frames = 0};
    model_request m = {.n_phases = 0};
    int status;
    if (!cli_parse(&saxs_series_command, argc, argv, &a, &common, &status))
        return status;
    const bool keep_c = a.model.c_over_a && strcmp(a.model.c_over_a, "last") == 0;
    if (keep_c)
        a.model.c_over_a = "fit"; /* in the anchor, whose value is then kept */
    if (keep_c && a.anchor && strcmp(a.anchor, "none") == 0)
        return cli_usage("--c-over-a last needs an --anchor");
    status = check_arguments(&a, &common);
    if (status == CLI_DONE)
        status = model_read(&m, &a.model, &common);
    if (status == CLI_DONE)
        status = series_open(&in, &a.input, &common);
    if (status == CLI_DONE)
        status = fit_series(&a, &common, &m, &in, keep_c);
    model_close(&m);
    series_close(&in);
    return status;
}

const cli_command saxs_series_command = {
    .name = "saxs series",
    .usage = "MATRIX|FOLDER|FILES --structure NAME [options]",
    .summary = "a series of diffraction patterns in time: one fit a frame, nucleation, kinetics",
    .description = "Divides the frames by the mean of the first ones, S(q, t) = I(q, t) / I(q, 0), with their errors, and fits each as bnsl\n"
                   "saxs fit does, starting from the frame before. The last frame is searched first; crystals are then looked for around\n"
                   "its lattice constant, so that the first frame with a crystal is found. Input: a matrix (first line #q_nm^-1 and one\n"
                   "time in s per frame; then q and one value per frame), a folder of files with one frame each, or a list of them.\n"
                   "-o takes .tsv for a row per frame with all numbers and errors, .png, .svg, .pdf for the figure.",
    .examples = "bnsl saxs series run.tsv --errors run_errors.tsv --structure AlB2 --c-over-a last --cores 10.4,4.5 \\\n"
                "    -o series.tsv -o series.png\n"
                "bnsl saxs series frames/ --unit nm --period 28 --reference 20 --structure NaZn13 --structure AlB2 \\\n"
                "    --c-over-a 0.99 --cores 13.2,6.4 --core-sigma 0.9,0.6 --contrast 51.8,44.3 --ratio 13 \\\n"
                "    --areas calculated --flux-scale --json\n",
    .options = options,
    .args_size = sizeof(args),
    .positional_name = "MATRIX|FOLDER|FILES",
    .n_positional_min = 1,
    .n_positional_max = -1,
    .common = CLI_JSON | CLI_OUTPUT,
    .run = run};
