/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of frames: panels side by side, each with title, picture, scale bar and legend. */
#include "render.h"

#include <math.h>

#include "picture.h"
#include "scene.h"

enum { PANELS_MAX = 8 };

void render_options_init(render_options *options)
{
    *options = (render_options){.width = 900,
                                .height = 900,
                                .view = {0.35, -0.9, 0.28},
                                .slice_normal = {0, 0, 1},
                                .fluid_scale = 0.45,
                                .box = true,
                                .legend = true,
                                .scale_bar = true,
                                .unit_length = 1,
                                .unit_name = "σ",
                                .species = {"L", "S"}};
}

int render_frame(const render_options *options, const bnsl_io_frame *frame, const int32_t *phase, const char *path, bool force)
{
    render_panel panel = {frame, phase, NULL};
    return render_panels(options, 1, &panel, path, force);
}

#ifdef HAVE_CAIRO

/* Sizes on the page that all panels share, in units of the picture (pixels of a PNG). */
typedef struct layout {
    double font, heading, title, footer; /* size of text; heights of the strips, 0: absent */
    double margin, legend_font, legend_room;
    double scale;                        /* units of the picture per unit of length */
} layout;

static bool is_direction(const double *v)
{
    double square = v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
    return isfinite(square) && square > 0;
}

static int check_options(const render_options *o, int32_t n)
{
    if (n < 1 || n > PANELS_MAX)
        return cli_fail("%d frames in one picture; allowed: 1 to %d", (int)n, PANELS_MAX);
    if (o->width < 64 || o->width > 4096 || o->height < 64 || o->height > 4096)
        return cli_fail("a picture of %d x %d pixels; allowed: 64 to 4096 each", (int)o->width, (int)o->height);
    if (!is_direction(o->view) || (o->slice && !is_direction(o->slice_normal)))
        return cli_fail("the direction of the view and the normal of the slice must not be zero");
    return CLI_DONE;
}

/* The largest scale at which every scene fits its picture, with a small rim. */
static double common_scale(const render_options *o, int32_t n, const scene *scenes)
{
    double scale = INFINITY;
    for (int32_t i = 0; i < n; i++) {
        scale = fmin(scale, 0.47 * o->width / fmax(scenes[i].half_width, 1e-300));
        scale = fmin(scale, 0.47 * o->height / fmax(scenes[i].half_height, 1e-300));
    }
    return scale;
}

/* ---- scale bar and legend ------------------------------------------------------------------------------------ */

/* A round length (1, 2 or 5 times a power of ten) of about an eighth of the width. */
static double round_length(double wanted)
{
    double power = pow(10, floor(log10(wanted) + 1e-9)), factor = wanted / power;
    return power * (factor >= 5 ? 5 : factor >= 2 ? 2 : 1);
}

static void draw_scale_bar(cairo_t *cr, const render_options *o, const layout *l, double x, double y)
{
    double length = round_length(0.2 * o->width / l->scale * o->unit_length);
    double bar = length / o->unit_length * l->scale;
    char text[64];
    snprintf(text, sizeof text, "%g %s", length, o->unit_name);
    cairo_set_source_rgb(cr, 0.1, 0.1, 0.1);
    cairo_rectangle(cr, x, y - 0.36 * l->font, bar, 0.22 * l->font);
    cairo_fill(cr);
    picture_font(cr, l->font, false);
    picture_text(cr, x + bar + 0.5 * l->font, y, PICTURE_LEFT, text);
}

typedef struct entry {
    scene_kind kind;
    char text[64];
} entry;

/* Phases that occur, S beside them, and the rest. */
static int legend_entries(const scene *s, entry *out)
{
    static const char *const name[SCENE_N_KINDS] = {
        [SCENE_ALB2] = "AlB₂", [SCENE_NAZN13] = "NaZn₁₃", [SCENE_FCC] = "fcc", [SCENE_SMALL_BESIDE] = "S at crystal",
        [SCENE_FLUID] = "fluid L", [SCENE_LARGE] = "L", [SCENE_SMALL] = "S"};
    int n = 0;
    bool by_species = s->n_kind[SCENE_LARGE] > 0;
    for (int k = 0; k < SCENE_N_KINDS; k++) {
        if (s->n_kind[k] == 0 && (k != SCENE_FLUID || by_species))
            continue;
        out[n].kind = (scene_kind)k;
        snprintf(out[n].text, sizeof out[n].text, "%s %lld", name[k], (long long)s->n_kind[k]);
        n++;
    }
    return n;
}

/* A small ball in front of a legend text. */
static void draw_ball(cairo_t *cr, double x, double y, double radius, const unsigned char *rgb)
{
    double r = rgb[0] / 255., g = rgb[1] / 255., b = rgb[2] / 255.;
    cairo_pattern_t *shine = cairo_pattern_create_radial(x - 0.35 * radius, y - 0.4 * radius, 0, x, y, radius);
    cairo_pattern_add_color_stop_rgb(shine, 0, 0.5 + 0.5 * r, 0.5 + 0.5 * g, 0.5 + 0.5 * b);
    cairo_pattern_add_color_stop_rgb(shine, 0.45, r, g, b);
    cairo_pattern_add_color_stop_rgb(shine, 1, 0.6 * r, 0.6 * g, 0.6 * b);
    cairo_set_source(cr, shine);
    cairo_arc(cr, x, y, radius, 0, 2 * 3.14159265358979324);
    cairo_fill(cr);
    cairo_pattern_destroy(shine);
}

static double legend_width(cairo_t *cr, double font, int n, const entry *entries)
{
    double width = 0;
    picture_font(cr, font, false);
    for (int i = 0; i < n; i++)
        width += picture_text_width(cr, entries[i].text) + 2.2 * font;
    return width;
}

/* The largest text, at most the usual one, at which the legends of all panels fit in a row. */
static double fit_legend(cairo_t *cr, const layout *l, int32_t n, const scene *scenes)
{
    entry entries[SCENE_N_KINDS];
    double font = l->font;
    for (int32_t i = 0; i < n; i++) {
        int n_entries = legend_entries(&scenes[i], entries);
        font = fmin(font, l->font * l->legend_room / legend_width(cr, l->font, n_entries, entries));
    }
    return font;
}

/* One row that ends at x. */
static void draw_legend(cairo_t *cr, const layout *l, const scene *s, double x, double y)
{
    entry entries[SCENE_N_KINDS];
    int n = legend_entries(s, entries);
    double font = l->legend_font;
    x -= legend_width(cr, font, n, entries);
    for (int i = 0; i < n; i++) {
        draw_ball(cr, x + 1.25 * font, y - 0.36 * font, 0.46 * font, scene_color[entries[i].kind]);
        cairo_set_source_rgb(cr, 0.1, 0.1, 0.1);
        picture_text(cr, x + 2.0 * font, y, PICTURE_LEFT, entries[i].text);
        x += picture_text_width(cr, entries[i].text) + 2.2 * font;
    }
}

/* ---- panels ---------------------------------------------------------------------------------------------------- */

static layout make_layout(const render_options *o, int32_t n, const render_panel *panels, const scene *scenes)
{
    layout l = {.font = fmax(0.024 * o->width, 9), .scale = common_scale(o, n, scenes)};
    l.margin = 0.8 * l.font;
    l.heading = o->title ? 2.2 * l.font : 0;
    for (int32_t i = 0; i < n; i++)
        if (panels[i].title)
            l.title = 1.9 * l.font;
    l.legend_room = (o->scale_bar ? 0.68 : 1) * o->width - 2 * l.margin;
    l.footer = o->legend || o->scale_bar ? 2.2 * l.font : 0;
    return l;
}

static int draw_panel(cairo_t *cr, const render_options *o, const layout *l, const render_panel *panel, const scene *s, double x)
{
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, o->width, o->height);
    cairo_surface_flush(image);
    bool good = cairo_surface_status(image) == CAIRO_STATUS_SUCCESS &&
                raster_draw(s, l->scale, o->width, o->height, cairo_image_surface_get_data(image), cairo_image_surface_get_stride(image));
    if (!good) {
        cairo_surface_destroy(image);
        return cli_fail("out of memory for a picture of %d x %d pixels", (int)o->width, (int)o->height);
    }
    double top = l->heading + l->title;
    cairo_surface_mark_dirty(image);
    cairo_set_source_surface(cr, image, x, top);
    cairo_paint(cr);
    cairo_surface_destroy(image);
    if (panel->title) {
        cairo_set_source_rgb(cr, 0.1, 0.1, 0.1);
        picture_font(cr, 1.1 * l->font, true);
        picture_text(cr, x + 0.5 * o->width, l->heading + 1.35 * l->font, PICTURE_CENTER, panel->title);
    }
    double baseline = top + o->height + 1.2 * l->font;
    if (o->scale_bar)
        draw_scale_bar(cr, o, l, x + l->margin, baseline);
    if (o->legend)
        draw_legend(cr, l, s, x + o->width - l->margin, baseline);
    return CLI_DONE;
}

static int draw_all(const render_options *o, int32_t n, const render_panel *panels, const scene *scenes, const char *path, bool force)
{
    picture p;
    layout l = make_layout(o, n, panels, scenes);
    double height = l.heading + l.title + o->height + l.footer;
    if (picture_begin(&p, path, (double)n * o->width, height, 1, force) != CLI_DONE)
        return CLI_FAILED;
    l.legend_font = fit_legend(p.cr, &l, n, scenes);
    if (o->title) {
        cairo_set_source_rgb(p.cr, 0.1, 0.1, 0.1);
        picture_font(p.cr, 1.25 * l.font, true);
        picture_text(p.cr, 0.5 * n * o->width, 1.55 * l.font, PICTURE_CENTER, o->title);
    }
    for (int32_t i = 0; i < n; i++) {
        if (draw_panel(p.cr, o, &l, &panels[i], &scenes[i], (double)i * o->width) != CLI_DONE) {
            picture_abandon(&p);
            return CLI_FAILED;
        }
    }
    return picture_end(&p);
}

int render_panels(const render_options *options, int32_t n, const render_panel *panels, const char *path, bool force)
{
    scene scenes[PANELS_MAX];
    int32_t n_made = 0;
    int status = check_options(options, n);
    while (status == CLI_DONE && n_made < n) {
        status = scene_make(options, &panels[n_made], &scenes[n_made]);
        n_made++;
    }
    if (status == CLI_DONE)
        status = draw_all(options, n, panels, scenes, path, force);
    for (int32_t i = 0; i < n_made; i++)
        scene_free(&scenes[i]);
    return status;
}

#else

int render_panels(const render_options *options, int32_t n, const render_panel *panels, const char *path, bool force)
{
    (void)options;
    (void)n;
    (void)panels;
    (void)path;
    (void)force;
    return picture_missing();
}

#endif
