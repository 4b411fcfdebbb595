/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frame, ticks, labels, and vertical marks, whose labels stand over the frame in as many rows as keep them apart. */
#ifdef HAVE_CAIRO
#include "draw.h"

#include <math.h>
#include <stdlib.h>

/* A line of whole pixels looks crisp when it runs through their middle (PNG: two pixels a point). */
static double crisp(double place)
{
    return round(2 * place) / 2 + 0.25;
}

static void draw_tick_marks(cairo_t *cr, const plot_view *v)
{
    double bottom = v->top + v->height, right = v->left + v->width;
    for (int32_t i = 0; i < v->ticks[PLOT_X].n; i++) {
        double x = crisp(plot_to_x(v, v->ticks[PLOT_X].value[i])), length = v->ticks[PLOT_X].label[i][0] ? 5 : 2.5;
        cairo_move_to(cr, x, bottom);
        cairo_line_to(cr, x, bottom - length);
        cairo_move_to(cr, x, v->top);
        cairo_line_to(cr, x, v->top + length);
    }
    for (int32_t i = 0; i < v->ticks[PLOT_Y].n; i++) {
        double y = crisp(plot_to_y(v, v->ticks[PLOT_Y].value[i])), length = v->ticks[PLOT_Y].label[i][0] ? 5 : 2.5;
        cairo_move_to(cr, v->left, y);
        cairo_line_to(cr, v->left + length, y);
        cairo_move_to(cr, right, y);
        cairo_line_to(cr, right - length, y);
    }
    cairo_set_line_width(cr, 0.8);
    cairo_stroke(cr);
}

static void draw_tick_labels(cairo_t *cr, const plot_view *v)
{
    double bottom = v->top + v->height;
    picture_font(cr, plot_tick_size, false);
    for (int32_t i = 0; i < v->ticks[PLOT_X].n; i++)
        picture_text(cr, plot_to_x(v, v->ticks[PLOT_X].value[i]), bottom + 14, PICTURE_CENTER, v->ticks[PLOT_X].label[i]);
    for (int32_t i = 0; i < v->ticks[PLOT_Y].n; i++)
        picture_text(cr, v->left - 5, plot_to_y(v, v->ticks[PLOT_Y].value[i]) + 0.36 * plot_tick_size, PICTURE_RIGHT, v->ticks[PLOT_Y].label[i]);
}

void plot_draw_axes(cairo_t *cr, const plot_view *v, double label_x)
{
    const plot_panel *p = v->panel;
    double bottom = v->top + v->height;
    plot_set_color(cr, PLOT_BLACK, 1);
    draw_tick_marks(cr, v);
    cairo_rectangle(cr, crisp(v->left), crisp(v->top), crisp(v->left + v->width) - crisp(v->left), crisp(bottom) - crisp(v->top));
    cairo_set_line_width(cr, 1);
    cairo_stroke(cr);
    draw_tick_labels(cr, v);
    picture_font(cr, plot_label_size, false);
    if (p->axis[PLOT_X].label)
        picture_text(cr, v->left + v->width / 2, bottom + 31, PICTURE_CENTER, p->axis[PLOT_X].label);
    if (p->axis[PLOT_Y].label)
        picture_text_up(cr, label_x, v->top + v->height / 2, p->axis[PLOT_Y].label);
    if (p->title) {
        picture_font(cr, plot_title_size, true);
        const bool beside_bar = p->image.label != NULL;
        picture_text(cr, beside_bar ? v->left : v->left + v->width / 2, v->top - 7 - plot_tag_row * v->n_tag_rows,
                     beside_bar ? PICTURE_LEFT : PICTURE_CENTER, p->title);
    }
}

/* ---- marks ------------------------------------------------------------------------------------------------ */

typedef struct tag_order {
    double x;
    int32_t index;
} tag_order;

static int compare_places(const void *a, const void *b)
{
    const tag_order *s = a, *t = b;
    return s->x != t->x ? (s->x > t->x) - (s->x < t->x) : s->index - t->index;
}

/* From left to right, each label goes to the lowest row that has room. Returns the number of rows in use. */
int32_t plot_place_tags(cairo_t *cr, const plot_view *v, int32_t *tag_row)
{
    const plot_panel *p = v->panel;
    tag_order *order = malloc((size_t)(p->n_tags + 1) * sizeof *order);
    if (!order)
        return 0;
    for (int32_t i = 0; i < p->n_tags; i++)
        order[i] = (tag_order){plot_to_x(v, p->tags[i].x), i};
    qsort(order, (size_t)p->n_tags, sizeof *order, compare_places);
    double row_end[TAG_ROWS_MAX];
    for (int r = 0; r < TAG_ROWS_MAX; r++)
        row_end[r] = -INFINITY;
    int32_t n_rows = 0;
    picture_font(cr, plot_small_size, false);
    for (int32_t k = 0; k < p->n_tags; k++) {
        const plot_tag *tag = &p->tags[order[k].index];
        double x = order[k].x;
        tag_row[order[k].index] = -1;
        if (!tag->label || !(x >= v->left && x <= v->left + v->width))
            continue;
        double half = picture_text_width(cr, tag->label) / 2;
        int32_t r = 0;
        while (r < TAG_ROWS_MAX && x - half < row_end[r] + 3)
            r++;
        if (r == TAG_ROWS_MAX)
            continue;
        tag_row[order[k].index] = r;
        row_end[r] = x + half;
        n_rows = r + 1 > n_rows ? r + 1 : n_rows;
    }
    free(order);
    return n_rows;
}

/* On white, over the lines that go up to higher rows. */
static void draw_tag_label(cairo_t *cr, double x, double y, const plot_tag *tag)
{
    double width = picture_text_width(cr, tag->label);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_rectangle(cr, x - width / 2 - 1, y - plot_small_size + 1, width + 2, plot_small_size + 1);
    cairo_fill(cr);
    plot_set_color(cr, tag->color, 1);
    picture_text(cr, x, y, PICTURE_CENTER, tag->label);
}

void plot_draw_tags(cairo_t *cr, const plot_view *v)
{
    const plot_panel *p = v->panel;
    int32_t *row = calloc((size_t)p->n_tags + 1, sizeof *row);
    if (!row)
        return;
    plot_place_tags(cr, v, row);
    picture_font(cr, plot_small_size, false);
    cairo_set_line_width(cr, 0.7);
    for (int32_t i = 0; i < p->n_tags; i++) {
        double x = plot_to_x(v, p->tags[i].x);
        if (!(x >= v->left && x <= v->left + v->width))
            continue;
        plot_set_color(cr, p->tags[i].color, 0.5);
        cairo_move_to(cr, x, p->image.n[PLOT_X] > 0 ? v->top + 6 : v->top + v->height); /* not across a picture */
        cairo_line_to(cr, x, v->top - (row[i] > 0 ? plot_tag_row * row[i] : 0));
        cairo_stroke(cr);
    }
    for (int32_t i = 0; i < p->n_tags; i++)
        if (row[i] >= 0 && p->tags[i].label)
            draw_tag_label(cr, plot_to_x(v, p->tags[i].x), v->top - 3 - plot_tag_row * row[i], &p->tags[i]);
    free(row);
}
#else
typedef int plot_needs_cairo; /* an empty file is no C */
#endif
