/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Picture files by cairo. */
#include "picture.h"

#ifdef HAVE_CAIRO
#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <math.h>
#include <string.h>
#endif

static const char *const endings = ".png|.svg|.pdf";

int picture_missing(void)
{
    return cli_fail("pictures need cairo, which this build has not");
}

int picture_check(const char *path)
{
    if (!output_has_ending(path, endings))
        return cli_usage("%s: a picture's name ends in .png, .svg or .pdf", path);
#ifdef HAVE_CAIRO
    return CLI_DONE;
#else
    return picture_missing();
#endif
}

#ifdef HAVE_CAIRO

int picture_begin(picture *p, const char *path, double width, double height, double scale, bool force)
{
    *p = (picture){.png = output_has_ending(path, ".png")};
    if (!output_has_ending(path, endings))
        return cli_fail("%s: a picture's name ends in .png, .svg or .pdf", path);
    if (output_begin(&p->output, path, force) != CLI_DONE)
        return CLI_FAILED;
    if (p->png)
        p->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(width * scale), (int)ceil(height * scale));
    else if (output_has_ending(path, ".svg"))
        p->surface = cairo_svg_surface_create(p->output.temporary, width, height);
    else
        p->surface = cairo_pdf_surface_create(p->output.temporary, width, height);
    p->cr = cairo_create(p->surface);
    cairo_status_t status = cairo_status(p->cr);
    if (status != CAIRO_STATUS_SUCCESS) {
        cli_fail("%s: the picture cannot be started: %s", path, cairo_status_to_string(status));
        picture_abandon(p);
        return CLI_FAILED;
    }
    if (p->png)
        cairo_scale(p->cr, scale, scale);
    cairo_set_source_rgb(p->cr, 1, 1, 1);
    cairo_paint(p->cr);
    return CLI_DONE;
}

int picture_end(picture *p)
{
    cairo_status_t status = cairo_status(p->cr);
    if (status == CAIRO_STATUS_SUCCESS && p->png)
        status = cairo_surface_write_to_png(p->surface, p->output.temporary);
    cairo_surface_finish(p->surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(p->surface);
    if (status != CAIRO_STATUS_SUCCESS) {
        cli_fail("%s: the picture cannot be written: %s", p->output.path, cairo_status_to_string(status));
        picture_abandon(p);
        return CLI_FAILED;
    }
    cairo_destroy(p->cr);
    cairo_surface_destroy(p->surface);
    return output_commit(&p->output);
}

void picture_abandon(picture *p)
{
    cairo_destroy(p->cr);
    cairo_surface_destroy(p->surface);
    output_abandon(&p->output);
}

void picture_font(cairo_t *cr, double size, bool bold)
{
    cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(cr, size);
}

double picture_text_width(cairo_t *cr, const char *text)
{
    cairo_text_extents_t extents;
    cairo_text_extents(cr, text, &extents);
    return extents.x_advance;
}

void picture_text(cairo_t *cr, double x, double y, picture_align align, const char *text)
{
    double width = align == PICTURE_LEFT ? 0 : picture_text_width(cr, text);
    cairo_move_to(cr, x - (align == PICTURE_CENTER ? width / 2 : width), y);
    cairo_show_text(cr, text);
    cairo_new_path(cr);
}

void picture_text_up(cairo_t *cr, double x, double y, const char *text)
{
    cairo_save(cr);
    cairo_translate(cr, x, y);
    cairo_rotate(cr, -1.5707963267948966);
    picture_text(cr, 0, 0, PICTURE_CENTER, text);
    cairo_restore(cr);
}

#endif
