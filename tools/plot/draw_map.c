/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The picture of a panel in colours whose lightness rises evenly, so that it also reads in grey and for colour-blind readers: ten
 * anchors of viridis [van der Walt and Smith 2015, CC0], straight lines between. Also texts at places in a panel.
 */
#ifdef HAVE_CAIRO
#include "draw.h"

#include <math.h>
#include <stdio.h>

enum { N_ANCHORS = 10 };
static const double bar_width = 96, bar_height = 7;

/* Colour of t = 0 .. 1 as 0xffRRGGBB. */
static uint32_t color_at(double t)
{
    static const uint8_t anchor[N_ANCHORS][3] = {{68, 1, 84},    {72, 40, 120},  {62, 74, 137},  {49, 104, 142}, {38, 130, 142},
                                                 {31, 158, 137}, {53, 183, 121}, {109, 205, 89}, {180, 222, 44}, {253, 231, 37}};
    const double place = fmin(fmax(t, 0), 1) * (N_ANCHORS - 1);
    const int i = place < N_ANCHORS - 1 ? (int)place : N_ANCHORS - 2;
    uint32_t color = 0xff;
    for (int k = 0; k < 3; k++)
        color = color << 8 | (uint32_t)lround(anchor[i][k] + (place - i) * (anchor[i + 1][k] - anchor[i][k]));
    return color;
}

static double place_of(const plot_image *image, double value)
{
    return value > 0 ? log(value / image->value_low) / log(image->value_high / image->value_low) : 0;
}

/* The pixels as cairo wants them; NULL: no memory. */
static cairo_surface_t *make_surface(const plot_image *image)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, image->n[PLOT_X], image->n[PLOT_Y]);
    unsigned char *data = cairo_image_surface_get_data(surface);
    if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS || !data) {
        cairo_surface_destroy(surface);
        return NULL;
    }
    const int stride = cairo_image_surface_get_stride(surface);
    cairo_surface_flush(surface);
    for (int32_t y = 0; y < image->n[PLOT_Y]; y++) {
        uint32_t *row = (uint32_t *)(void *)(data + (size_t)stride * (size_t)(image->n[PLOT_Y] - 1 - y)); /* upwards */
        for (int32_t x = 0; x < image->n[PLOT_X]; x++) {
            const double value = image->values[(size_t)y * (size_t)image->n[PLOT_X] + (size_t)x];
            row[x] = isnan(value) ? 0xffffffff : color_at(place_of(image, value));
        }
    }
    cairo_surface_mark_dirty(surface);
    return surface;
}

/* Scale of colours over the frame's right end, beside the title, with the values of its ends. */
static void draw_bar(cairo_t *cr, const plot_view *v)
{
    const plot_image *image = &v->panel->image;
    const double y = v->top - 15 - plot_tag_row * v->n_tag_rows;
    char text[32];
    picture_font(cr, plot_small_size, false);
    snprintf(text, sizeof text, "%.3g", image->value_high);
    double right = v->left + v->width;
    plot_set_color(cr, PLOT_BLACK, 1);
    picture_text(cr, right, y + bar_height, PICTURE_RIGHT, text);
    right -= picture_text_width(cr, text) + 4;
    for (int i = 0; i < (int)bar_width; i++) {
        const uint32_t color = color_at((i + 0.5) / bar_width);
        cairo_set_source_rgb(cr, (color >> 16 & 255) / 255.0, (color >> 8 & 255) / 255.0, (color & 255) / 255.0);
        cairo_rectangle(cr, right - bar_width + i, y, 1.2, bar_height);
        cairo_fill(cr);
    }
    snprintf(text, sizeof text, "%s  %.3g", image->label, image->value_low);
    plot_set_color(cr, PLOT_BLACK, 1);
    picture_text(cr, right - bar_width - 4, y + bar_height, PICTURE_RIGHT, text);
}

bool plot_draw_map(cairo_t *cr, const plot_view *v)
{
    const plot_image *image = &v->panel->image;
    if (image->n[PLOT_X] == 0)
        return true;
    cairo_surface_t *surface = make_surface(image);
    if (!surface)
        return false;
    const double left = plot_to_x(v, image->low[PLOT_X]), right = plot_to_x(v, image->high[PLOT_X]);
    const double bottom = plot_to_y(v, image->low[PLOT_Y]), top = plot_to_y(v, image->high[PLOT_Y]);
    cairo_save(cr);
    cairo_rectangle(cr, v->left, v->top, v->width, v->height);
    cairo_clip(cr);
    cairo_translate(cr, left, top);
    cairo_scale(cr, (right - left) / image->n[PLOT_X], (bottom - top) / image->n[PLOT_Y]);
    cairo_set_source_surface(cr, surface, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_GOOD);
    cairo_pattern_set_extend(cairo_get_source(cr), CAIRO_EXTEND_PAD);
    cairo_paint(cr);
    cairo_restore(cr);
    cairo_surface_destroy(surface);
    if (image->label)
        draw_bar(cr, v);
    return true;
}

void plot_draw_remarks(cairo_t *cr, const plot_view *v)
{
    picture_font(cr, plot_small_size, false);
    for (int32_t i = 0; i < v->panel->n_remarks; i++) {
        const plot_remark *r = &v->panel->remarks[i];
        const double x = plot_to_x(v, r->x), y = plot_to_y(v, r->y);
        if (!r->text || !(x >= v->left && x <= v->left + v->width && y >= v->top && y <= v->top + v->height))
            continue;
        plot_set_color(cr, r->color, 1);
        picture_text(cr, x, y, r->align < 0 ? PICTURE_RIGHT : r->align > 0 ? PICTURE_LEFT : PICTURE_CENTER, r->text);
    }
}
#else
typedef int plot_needs_cairo; /* an empty file is no C */
#endif
