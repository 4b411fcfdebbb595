/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lays the panels of a figure out and draws them. Frames of one column and of one row of panels are aligned. */
#include "plot_internal.h"

#include "picture.h"

#ifdef HAVE_CAIRO
#include <math.h>
#include <stdlib.h>

#include "draw.h"

static const double heading_height = 26, right_margin = 16, bottom_plain = 22, bottom_labelled = 40;

/* Width of the widest label of the y axis. */
static double tick_label_width(cairo_t *cr, const plot_ticks *t)
{
    double width = 0;
    picture_font(cr, plot_tick_size, false);
    for (int32_t i = 0; i < t->n; i++)
        width = fmax(width, picture_text_width(cr, t->label[i]));
    return width;
}

/* Ranges, ticks and margins of a panel in its cell of the grid; the margins may still grow. */
static bool measure(cairo_t *cr, plot_view *v, double cell_x, double cell_y)
{
    const plot_panel *p = v->panel;
    double cell_width = p->figure->width, cell_height = p->figure->height * p->span;
    for (int32_t a = 0; a < 2; a++) {
        plot_find_range(p, a, &v->low[a], &v->high[a]);
        plot_find_ticks(v->low[a], v->high[a], p->axis[a].logarithmic, a == PLOT_X ? cell_width / 72 : cell_height / 48, &v->ticks[a]);
    }
    double left = 12 + tick_label_width(cr, &v->ticks[PLOT_Y]) + (p->axis[PLOT_Y].label ? 18 : 0);
    v->left = cell_x + left;
    v->width = cell_width - left - right_margin;
    int32_t *row = calloc((size_t)p->n_tags + 1, sizeof *row);
    if (!row)
        return false;
    v->n_tag_rows = plot_place_tags(cr, v, row);
    free(row);
    double top = 10 + (p->title || p->image.label ? 16 : 0) + plot_tag_row * v->n_tag_rows;
    v->top = cell_y + top;
    v->height = cell_height - top - (p->axis[PLOT_X].label ? bottom_labelled : bottom_plain);
    return true;
}

/* Gives all frames of a column the largest left margin, and all of a row the largest top margin. */
static void align(const plot_figure *f, plot_view *views)
{
    int32_t n = f->rows * f->columns;
    for (int32_t i = 0; i < n; i++) {
        for (int32_t k = 0; k < n; k++) {
            if (f->panels[i].span == 0 || f->panels[k].span == 0)
                continue;
            double right = views[i].left + views[i].width, bottom = views[i].top + views[i].height;
            if (k % f->columns == i % f->columns && views[k].left > views[i].left) {
                views[i].left = views[k].left;
                views[i].width = right - views[i].left;
            }
            if (k / f->columns == i / f->columns && f->panels[i].span == f->panels[k].span && views[k].top > views[i].top) {
                views[i].top = views[k].top;
                views[i].height = bottom - views[i].top;
                views[i].n_tag_rows = views[k].n_tag_rows > views[i].n_tag_rows ? views[k].n_tag_rows : views[i].n_tag_rows;
            }
        }
    }
}

static bool draw_figure(cairo_t *cr, const plot_figure *f)
{
    int32_t n = f->rows * f->columns;
    plot_view *views = calloc((size_t)n, sizeof *views);
    if (!views)
        return false;
    double top = f->heading ? heading_height : 0;
    bool good = true;
    for (int32_t i = 0; i < n; i++) {
        views[i].panel = &f->panels[i];
        if (f->panels[i].span > 0)
            good = good && measure(cr, &views[i], i % f->columns * f->width, top + i / f->columns * f->height);
    }
    align(f, views);
    for (int32_t i = 0; i < n && good; i++) {
        if (f->panels[i].span == 0)
            continue;
        good = plot_draw_map(cr, &views[i]);
        plot_draw_tags(cr, &views[i]);
        plot_draw_series(cr, &views[i]);
        plot_draw_remarks(cr, &views[i]);
        plot_draw_boxes(cr, &views[i]);
        plot_draw_axes(cr, &views[i], i % f->columns * f->width + 16);
    }
    if (f->heading) {
        plot_set_color(cr, PLOT_BLACK, 1);
        picture_font(cr, 14.5, true);
        picture_text(cr, f->columns * f->width / 2, 19, PICTURE_CENTER, f->heading);
    }
    free(views);
    return good;
}

int plot_write(plot_figure *figure, const char *path, bool force)
{
    picture p;
    if (!figure || figure->failed)
        return cli_fail("%s: out of memory", path);
    double height = figure->rows * figure->height + (figure->heading ? heading_height : 0);
    if (picture_begin(&p, path, figure->columns * figure->width, height, 2, force) != CLI_DONE)
        return CLI_FAILED;
    if (!draw_figure(p.cr, figure)) {
        picture_abandon(&p);
        return cli_fail("%s: out of memory", path);
    }
    return picture_end(&p);
}

#else

int plot_write(plot_figure *figure, const char *path, bool force)
{
    (void)figure;
    (void)path;
    (void)force;
    return picture_missing();
}

#endif
