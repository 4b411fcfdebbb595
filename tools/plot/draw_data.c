/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Curves, points, legend and note of a panel. The boxes go to the corner (or the middle of the upper or lower edge) where they hide the
 * fewest data, counted along the curves at steps of some points.
 */
#ifdef HAVE_CAIRO
#include "draw.h"

#include <math.h>
#include <string.h>

double plot_to_x(const plot_view *v, double value)
{
    double low = v->low[PLOT_X], high = v->high[PLOT_X];
    if (v->panel->axis[PLOT_X].logarithmic)
        return value > 0 ? v->left + v->width * log(value / low) / log(high / low) : NAN;
    return v->left + v->width * (value - low) / (high - low);
}

double plot_to_y(const plot_view *v, double value)
{
    double low = v->low[PLOT_Y], high = v->high[PLOT_Y];
    double bottom = v->top + v->height;
    if (v->panel->axis[PLOT_Y].logarithmic)
        return value > 0 ? bottom - v->height * log(value / low) / log(high / low) : NAN;
    return bottom - v->height * (value - low) / (high - low);
}

void plot_set_color(cairo_t *cr, plot_color color, double alpha)
{
    static const double rgb[PLOT_N_COLORS][3] = {{0, .447, .698}, {.835, .369, 0}, {0, .62, .451}, {.8, .475, .655},
                                                 {.902, .624, 0}, {.337, .706, .914}, {.1, .1, .1}, {.55, .55, .55}};
    cairo_set_source_rgba(cr, rgb[color][0], rgb[color][1], rgb[color][2], alpha);
}

/* Far outside the frame cairo's fixed-point numbers overflow. */
static double near_frame(double place, double start, double length)
{
    return fmin(fmax(place, start - 4 * length), start + 5 * length);
}

/* ---- series ---------------------------------------------------------------------------------------------- */

static void draw_curve(cairo_t *cr, const plot_view *v, const plot_series *s)
{
    bool pen_down = false;
    double last_x = 0, last_y = 0;
    for (int64_t i = 0; i < s->n; i++) {
        double x = plot_to_x(v, s->x[i]), y = plot_to_y(v, s->y[i]);
        if (!isfinite(x) || !isfinite(y)) {
            pen_down = false;
            continue;
        }
        x = near_frame(x, v->left, v->width);
        y = near_frame(y, v->top, v->height);
        if (pen_down && i + 1 < s->n && fabs(x - last_x) < 0.1 && fabs(y - last_y) < 0.1)
            continue; /* closer than the eye and the file need */
        if (pen_down)
            cairo_line_to(cr, x, y);
        else
            cairo_move_to(cr, x, y);
        pen_down = true;
        last_x = x;
        last_y = y;
    }
    if (s->kind == PLOT_KIND_DASHED)
        cairo_set_dash(cr, (double[2]){5, 3}, 2, 0);
    cairo_set_line_width(cr, s->kind == PLOT_KIND_TIE ? 1 : 1.5);
    cairo_stroke(cr);
    cairo_set_dash(cr, NULL, 0, 0);
}

/* A vertical bar with caps; an end below the scale goes to the frame. */
static void draw_error_bar(cairo_t *cr, const plot_view *v, double x, double value, double error)
{
    double up = plot_to_y(v, value + error), down = plot_to_y(v, value - error);
    double bottom = v->top + v->height;
    up = near_frame(up, v->top, v->height);
    down = isnan(down) ? bottom : near_frame(down, v->top, v->height);
    if (down - up < 1)
        return;
    cairo_move_to(cr, x, down);
    cairo_line_to(cr, x, up);
    cairo_move_to(cr, x - 2, up);
    cairo_line_to(cr, x + 2, up);
    cairo_move_to(cr, x - 2, down);
    cairo_line_to(cr, x + 2, down);
    cairo_stroke(cr);
}

/* Small dots when there are many. */
static double dot_radius(int64_t n)
{
    return n > 400 ? 1.1 : n > 120 ? 1.6 : 2.4;
}

static void draw_points(cairo_t *cr, const plot_view *v, const plot_series *s)
{
    double radius = dot_radius(s->n);
    for (int64_t i = 0; i < s->n; i++) {
        double x = plot_to_x(v, s->x[i]), y = plot_to_y(v, s->y[i]);
        if (!isfinite(x) || !isfinite(y) || x < v->left - 5 || x > v->left + v->width + 5)
            continue;
        y = near_frame(y, v->top, v->height);
        if (s->y_err && s->y_err[i] > 0 && isfinite(s->y_err[i])) {
            plot_set_color(cr, s->color, 0.45);
            cairo_set_line_width(cr, 0.9);
            draw_error_bar(cr, v, x, s->y[i], s->y_err[i]);
        }
        plot_set_color(cr, s->color, 1);
        cairo_arc(cr, x, y, radius, 0, 2 * 3.14159265358979324);
        cairo_fill(cr);
    }
}

static void draw_level(cairo_t *cr, const plot_view *v, const plot_series *s)
{
    double y = plot_to_y(v, s->y[0]);
    if (!(y >= v->top && y <= v->top + v->height))
        return;
    cairo_set_line_width(cr, 1);
    cairo_set_dash(cr, (double[2]){1.5, 2.5}, 2, 0);
    cairo_move_to(cr, v->left, y);
    cairo_line_to(cr, v->left + v->width, y);
    cairo_stroke(cr);
    cairo_set_dash(cr, NULL, 0, 0);
}

static int pass_of(const plot_series *s)
{
    return s->kind == PLOT_KIND_TIE ? 0 : s->kind == PLOT_KIND_POINTS || s->kind == PLOT_KIND_LEVEL ? 1 : 2;
}

/* Points before curves, so that fits lie over data. */
void plot_draw_series(cairo_t *cr, const plot_view *v)
{
    cairo_save(cr);
    cairo_rectangle(cr, v->left, v->top, v->width, v->height);
    cairo_clip(cr);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    for (int pass = 0; pass < 3; pass++) {
        for (int32_t i = 0; i < v->panel->n_series; i++) {
            const plot_series *s = &v->panel->series[i];
            if (pass_of(s) != pass)
                continue;
            plot_set_color(cr, s->color, 1);
            if (s->kind == PLOT_KIND_POINTS)
                draw_points(cr, v, s);
            else if (s->kind == PLOT_KIND_LEVEL)
                draw_level(cr, v, s);
            else
                draw_curve(cr, v, s);
        }
    }
    cairo_restore(cr);
}

/* ---- where boxes hide least ------------------------------------------------------------------------------ */

static bool inside(const plot_rect *r, double x, double y)
{
    return x > r->x - 3 && x < r->x + r->width + 3 && y > r->y - 3 && y < r->y + r->height + 3;
}

/* Data of one series in a rectangle: its points, and for curves also places between them. */
static double hidden_by(const plot_view *v, const plot_rect *r, const plot_series *s)
{
    double hidden = 0, last_x = NAN, last_y = NAN;
    for (int64_t i = 0; i < s->n; i++) {
        double x = s->kind == PLOT_KIND_LEVEL ? r->x : plot_to_x(v, s->x[i]), y = plot_to_y(v, s->y[i]);
        if (!isfinite(x) || !isfinite(y)) {
            last_x = NAN;
            continue;
        }
        hidden += inside(r, x, y);
        double length = s->kind == PLOT_KIND_POINTS || isnan(last_x) ? 0 : fmin(hypot(x - last_x, y - last_y), 8000);
        for (double t = 4; t < length; t += 4)
            hidden += inside(r, last_x + (x - last_x) * t / length, last_y + (y - last_y) * t / length);
        last_x = x;
        last_y = y;
    }
    return hidden;
}

static bool overlap(const plot_rect *a, const plot_rect *b)
{
    return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height && b->y < a->y + a->height;
}

/* Moves the rectangle to the best of six places; taken (or NULL) is one that it must not meet. */
static void place_box(const plot_view *v, plot_rect *r, const plot_rect *taken)
{
    static const double across[6] = {1, 0, 1, 0, 0.5, 0.5}, down[6] = {0, 0, 1, 1, 0, 1};
    const double margin = 6;
    plot_rect best = *r;
    double least = INFINITY;
    for (int k = 0; k < 6; k++) {
        plot_rect at = {v->left + margin + across[k] * (v->width - r->width - 2 * margin),
                        v->top + margin + down[k] * (v->height - r->height - 2 * margin), r->width, r->height};
        double hidden = taken && overlap(&at, taken) ? 1e9 : 0;
        for (int32_t i = 0; i < v->panel->n_series; i++)
            hidden += hidden_by(v, &at, &v->panel->series[i]);
        if (hidden < least) {
            least = hidden;
            best = at;
        }
    }
    *r = best;
}

/* ---- legend and note --------------------------------------------------------------------------------------- */

static const double row_height = 14, sample_width = 20;

static void draw_box(cairo_t *cr, const plot_rect *r)
{
    cairo_rectangle(cr, r->x, r->y, r->width, r->height);
    cairo_set_source_rgba(cr, 1, 1, 1, 0.85);
    cairo_fill(cr);
}

/* The short piece of line or the dot in front of a legend text. */
static void draw_sample(cairo_t *cr, const plot_series *s, double x, double y)
{
    plot_set_color(cr, s->color, 1);
    if (s->kind == PLOT_KIND_POINTS) {
        cairo_arc(cr, x + sample_width / 2, y, 2.4, 0, 2 * 3.14159265358979324);
        cairo_fill(cr);
        return;
    }
    if (s->kind == PLOT_KIND_DASHED)
        cairo_set_dash(cr, (double[2]){5, 3}, 2, 0);
    if (s->kind == PLOT_KIND_LEVEL)
        cairo_set_dash(cr, (double[2]){1.5, 2.5}, 2, 0);
    cairo_set_line_width(cr, 1.5);
    cairo_move_to(cr, x, y);
    cairo_line_to(cr, x + sample_width, y);
    cairo_stroke(cr);
    cairo_set_dash(cr, NULL, 0, 0);
}

/* Draws the legend and returns its place; width 0: nothing to say. */
static plot_rect draw_legend(cairo_t *cr, const plot_view *v)
{
    plot_rect r = {0, 0, 0, 0};
    int n = 0;
    picture_font(cr, plot_tick_size, false);
    for (int32_t i = 0; i < v->panel->n_series; i++) {
        if (!v->panel->series[i].label)
            continue;
        n++;
        r.width = fmax(r.width, sample_width + 12 + picture_text_width(cr, v->panel->series[i].label));
    }
    if (n == 0)
        return r;
    r.height = n * row_height + 4;
    place_box(v, &r, NULL);
    draw_box(cr, &r);
    double y = r.y + 2 + row_height / 2;
    for (int32_t i = 0; i < v->panel->n_series; i++) {
        const plot_series *s = &v->panel->series[i];
        if (!s->label)
            continue;
        draw_sample(cr, s, r.x + 2, y);
        plot_set_color(cr, PLOT_BLACK, 1);
        picture_text(cr, r.x + sample_width + 8, y + 0.36 * plot_tick_size, PICTURE_LEFT, s->label);
        y += row_height;
    }
    return r;
}

/* One line of text up to a newline, in a fixed buffer (what is longer is cut). Returns where the next one starts; NULL: no more. */
static const char *next_line(const char *text, char *line, size_t size)
{
    size_t length = strcspn(text, "\n");
    size_t n = length < size - 1 ? length : size - 1;
    memcpy(line, text, n);
    line[n] = '\0';
    return text[length] ? text + length + 1 : NULL;
}

static void draw_note(cairo_t *cr, const plot_view *v, const plot_rect *legend)
{
    char line[256];
    plot_rect r = {0, 0, 0, 4};
    picture_font(cr, plot_tick_size, false);
    for (const char *s = v->panel->note; s;) {
        s = next_line(s, line, sizeof line);
        r.width = fmax(r.width, picture_text_width(cr, line) + 8);
        r.height += row_height;
    }
    place_box(v, &r, legend->width > 0 ? legend : NULL);
    draw_box(cr, &r);
    plot_set_color(cr, PLOT_BLACK, 1);
    double y = r.y + 2 + row_height / 2 + 0.36 * plot_tick_size;
    for (const char *s = v->panel->note; s; y += row_height) {
        s = next_line(s, line, sizeof line);
        picture_text(cr, r.x + 4, y, PICTURE_LEFT, line);
    }
}

void plot_draw_boxes(cairo_t *cr, const plot_view *v)
{
    plot_rect legend = draw_legend(cr, v);
    if (v->panel->note && v->panel->note[0])
        draw_note(cr, v, &legend);
}
#else
typedef int plot_needs_cairo; /* an empty file is no C */
#endif
