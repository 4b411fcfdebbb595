/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which particles are drawn, how large, in which colour, and where the viewer sees them (parallel projection).
 * An S counts as beside a crystalline L within 1.25 times the median distance of crystalline L to their nearest S: beyond the first
 * shell of AlB2 and NaZn13, well before the second.
 */
#include "scene.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

const unsigned char scene_color[SCENE_N_KINDS][3] = {
    [SCENE_ALB2] = {48, 104, 196},  [SCENE_NAZN13] = {0, 150, 110},  [SCENE_FCC] = {232, 152, 12}, [SCENE_SMALL_BESIDE] = {236, 122, 168},
    [SCENE_FLUID] = {150, 152, 156}, [SCENE_LARGE] = {48, 104, 196}, [SCENE_SMALL] = {236, 122, 168}};

/* What scene_make works on. */
typedef struct source {
    const render_options *options;
    const render_panel *panel;
    int64_t n;
    bnsl_box box;
    double *xyz;            /* wrapped copy */
    int32_t *species;       /* 0 L, 1 S, 2 other */
    int32_t *beside;        /* S beside a crystalline L */
    const double *diameter; /* borrowed, or NULL */
    double typical[3];      /* diameters by species where diameter is NULL */
} source;

/* ---- distances ------------------------------------------------------------------------------------------- */

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Median of the distances from the chosen particles (chosen NULL: all of species 0) to their nearest one of a species; NaN: none. */
static double median_nearest(const source *s, const int32_t *chosen, int32_t point_species)
{
    bnsl_neighbor_options o;
    bnsl_neighbor_list *list = NULL;
    const int64_t *offset = NULL;
    const double *distance = NULL;
    double *found = malloc((size_t)(s->n + 1) * sizeof *found), median = NAN;
    int64_t n_found = 0;
    bnsl_neighbor_options_init(&o, sizeof o);
    o.mode = BNSL_NEIGHBOR_NEAREST;
    o.k = 1;
    o.query_species = 0;
    o.point_species = point_species;
    bool good = found && bnsl_neighbor_create(&list, &o) == BNSL_OK &&
                bnsl_neighbor_build(list, &s->box, s->n, s->xyz, s->species, NULL) == BNSL_OK &&
                bnsl_neighbor_view(list, &offset, NULL, NULL, &distance) == BNSL_OK;
    for (int64_t i = 0; good && i < s->n; i++)
        if (offset[i + 1] > offset[i] && (!chosen || chosen[i]))
            found[n_found++] = distance[offset[i]];
    if (n_found > 0) {
        qsort(found, (size_t)n_found, sizeof *found, compare_doubles);
        median = found[n_found / 2];
    }
    bnsl_neighbor_destroy(list);
    free(found);
    return median;
}

/* Marks the S within r_max of a crystalline L. */
static int mark_beside(source *s, double r_max)
{
    bnsl_neighbor_options o;
    bnsl_neighbor_list *list = NULL;
    const int64_t *offset = NULL;
    const int32_t *index = NULL;
    bnsl_neighbor_options_init(&o, sizeof o);
    o.r_max = r_max;
    o.query_species = 0;
    o.point_species = 1;
    o.flags = BNSL_NEIGHBOR_NO_VECTORS;
    bool good = bnsl_neighbor_create(&list, &o) == BNSL_OK && bnsl_neighbor_build(list, &s->box, s->n, s->xyz, s->species, NULL) == BNSL_OK &&
                bnsl_neighbor_view(list, &offset, &index, NULL, NULL) == BNSL_OK;
    int status = good ? CLI_DONE : cli_fail_library(NULL);
    for (int64_t i = 0; good && i < s->n; i++)
        for (int64_t b = offset[i]; b < offset[i + 1] && s->panel->phase[i] != BNSL_PHASE_FLUID; b++)
            s->beside[index[b]] = 1;
    bnsl_neighbor_destroy(list);
    return status;
}

static int find_beside(source *s)
{
    if (!s->panel->phase)
        return CLI_DONE;
    double nearest = median_nearest(s, s->panel->phase, 1);
    return isnan(nearest) ? CLI_DONE : mark_beside(s, 1.25 * nearest);
}

static void find_diameters(source *s)
{
    int32_t columns = 0;
    if (bnsl_io_frame_array_view(s->panel->frame, "diameter", &columns, &s->diameter) != BNSL_OK || columns != 1)
        s->diameter = NULL;
    double large = s->options->diameter_l > 0 ? s->options->diameter_l : median_nearest(s, NULL, 0);
    if (!(large > 0))
        large = 1;
    double small = s->options->diameter_s > 0 ? s->options->diameter_s : 0.55 * large;
    s->typical[0] = large;
    s->typical[1] = small;
    s->typical[2] = small;
}

/* ---- reading the frame ----------------------------------------------------------------------------------- */

static void free_source(source *s)
{
    free(s->xyz);
    free(s->species);
    free(s->beside);
}

static int read_source(source *s, const render_options *options, const render_panel *panel)
{
    const double *position = NULL;
    int32_t columns = 0;
    *s = (source){.options = options, .panel = panel, .n = bnsl_io_frame_n(panel->frame)};
    size_t n = (size_t)s->n;
    if (bnsl_io_frame_box(panel->frame, &s->box) != BNSL_OK || bnsl_io_frame_array_view(panel->frame, "position", &columns, &position) != BNSL_OK)
        return cli_fail_library(NULL);
    s->xyz = malloc(3 * n * sizeof *s->xyz + 1);
    s->species = malloc(n * sizeof *s->species + 1);
    s->beside = calloc(n + 1, sizeof *s->beside);
    if (!s->xyz || !s->species || !s->beside)
        return cli_fail("out of memory");
    memcpy(s->xyz, position, 3 * n * sizeof *s->xyz);
    if (species_of_frame(panel->title ? panel->title : "the frame", panel->frame, &options->species, s->species) != CLI_DONE)
        return CLI_FAILED;
    if (bnsl_box_wrap(&s->box, s->n, s->xyz, NULL) != BNSL_OK)
        return cli_fail_library(NULL);
    find_diameters(s);
    return find_beside(s);
}

/* ---- projection ------------------------------------------------------------------------------------------ */

/* Rows: right, up, towards the viewer. Up is z, or y when the view is along z. */
typedef struct camera {
    double axis[3][3];
} camera;

static void cross(const double *a, const double *b, double *out)
{
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

static double dot(const double *a, const double *b)
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void normalise(double *a)
{
    double length = sqrt(dot(a, a));
    for (int k = 0; k < 3; k++)
        a[k] /= length;
}

static camera make_camera(const double *view)
{
    camera c;
    static const double y[3] = {0, 1, 0}, z[3] = {0, 0, 1};
    memcpy(c.axis[2], view, sizeof c.axis[2]);
    normalise(c.axis[2]);
    cross(fabs(c.axis[2][2]) > 0.999 ? y : z, c.axis[2], c.axis[0]);
    normalise(c.axis[0]);
    cross(c.axis[2], c.axis[0], c.axis[1]);
    return c;
}

static bool in_slice(const render_options *o, const double *r)
{
    if (!o->slice)
        return true;
    double normal[3] = {o->slice_normal[0], o->slice_normal[1], o->slice_normal[2]};
    normalise(normal);
    double height = dot(normal, r) - o->slice_position;
    return o->slice_thickness > 0 ? fabs(height) <= o->slice_thickness / 2 : height <= 0;
}

static scene_kind kind_of(const source *s, int64_t i)
{
    static const scene_kind by_phase[BNSL_N_PHASES] = {SCENE_FLUID, SCENE_ALB2, SCENE_NAZN13, SCENE_FCC};
    if (!s->panel->phase)
        return s->species[i] == 0 ? SCENE_LARGE : SCENE_SMALL;
    if (s->species[i] == 0)
        return by_phase[s->panel->phase[i]];
    return s->beside[i] ? SCENE_SMALL_BESIDE : SCENE_FLUID;
}

/* ---- scene ----------------------------------------------------------------------------------------------- */

typedef struct bounds {
    double low[2], high[2];
} bounds;

static void include_point(bounds *b, const double *p, double radius)
{
    for (int k = 0; k < 2; k++) {
        b->low[k] = fmin(b->low[k], p[k] - radius);
        b->high[k] = fmax(b->high[k], p[k] + radius);
    }
}

/* The whole frame sets the bounds, also what a slice leaves out, so that slices of one frame have one scale. */
static void add_particles(const source *s, const camera *c, scene *out, bounds *b)
{
    const render_options *o = s->options;
    for (int64_t i = 0; i < s->n; i++) {
        const double *r = s->xyz + 3 * i;
        scene_kind kind = kind_of(s, i);
        double radius = 0.5 * (s->diameter ? s->diameter[i] : s->typical[s->species[i]]);
        double p[3] = {dot(c->axis[0], r), dot(c->axis[1], r), dot(c->axis[2], r)};
        include_point(b, p, radius);
        if (s->species[i] == 0 || kind == SCENE_SMALL_BESIDE || kind == SCENE_SMALL)
            out->n_kind[kind]++;
        if (kind == SCENE_FLUID)
            radius *= o->fluid_scale;
        if (!(radius > 0) || !in_slice(o, r))
            continue;
        out->z_back = fmin(out->z_back, p[2] - radius);
        out->z_front = fmax(out->z_front, p[2] + radius);
        out->spheres[out->n++] = (scene_sphere){p[0], p[1], p[2], radius, kind};
    }
}

static void add_box(const source *s, const camera *c, scene *out, bounds *b)
{
    double vectors[9], corner[8][3];
    if (!s->options->box || s->box.periodic == 0 || bnsl_box_vectors(&s->box, vectors) != BNSL_OK)
        return;
    for (int i = 0; i < 8; i++) {
        double r[3];
        for (int k = 0; k < 3; k++)
            r[k] = ((i & 1) - 0.5) * vectors[k] + ((i >> 1 & 1) - 0.5) * vectors[3 + k] + ((i >> 2 & 1) - 0.5) * vectors[6 + k];
        for (int k = 0; k < 3; k++)
            corner[i][k] = dot(c->axis[k], r);
        include_point(b, corner[i], 0);
    }
    int n = 0;
    for (int i = 0; i < 8; i++) {
        for (int bit = 1; bit < 8; bit <<= 1) {
            if (i & bit)
                continue;
            memcpy(out->edge[n][0], corner[i], sizeof corner[i]);
            memcpy(out->edge[n][1], corner[i | bit], sizeof corner[i]);
            n++;
        }
    }
    out->has_box = true;
}

int scene_make(const render_options *options, const render_panel *panel, scene *out)
{
    source s;
    *out = (scene){.n = 0};
    int status = read_source(&s, options, panel);
    if (status == CLI_DONE) {
        out->spheres = malloc((size_t)(s.n + 1) * sizeof *out->spheres);
        if (!out->spheres)
            status = cli_fail("out of memory");
    }
    if (status == CLI_DONE) {
        camera c = make_camera(options->view);
        bounds b = {{INFINITY, INFINITY}, {-INFINITY, -INFINITY}};
        out->z_back = INFINITY;
        out->z_front = -INFINITY;
        add_particles(&s, &c, out, &b);
        add_box(&s, &c, out, &b);
        for (int k = 0; k < 2; k++)
            out->center[k] = 0.5 * (b.low[k] + b.high[k]);
        out->half_width = 0.5 * (b.high[0] - b.low[0]);
        out->half_height = 0.5 * (b.high[1] - b.low[1]);
    }
    free_source(&s);
    return status;
}

void scene_free(scene *s)
{
    free(s->spheres);
    s->spheres = NULL;
}
