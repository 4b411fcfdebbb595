/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A cairo drawing that becomes a PNG, SVG or PDF file by its name's ending, and text in it. Only with cairo; without it
 * picture_missing says so.
 */
#ifndef BNSL_TOOLS_PICTURE_H
#define BNSL_TOOLS_PICTURE_H

#include "output.h"

/* Says that pictures need cairo. CLI_FAILED. */
int picture_missing(void);

/* Before the work: CLI_DONE; CLI_USAGE: path has no ending that pictures can have; CLI_FAILED: no cairo. Both have been said. */
int picture_check(const char *path);

#ifdef HAVE_CAIRO
#include <cairo.h>

typedef struct picture {
    output_file output;
    cairo_surface_t *surface;
    cairo_t *cr;         /* white background, units are points (PNG: pixels times scale) */
    bool png;
} picture;

/* Starts a picture of width x height units; a PNG has scale pixels a unit. CLI_DONE or CLI_FAILED (said). */
int picture_begin(picture *p, const char *path, double width, double height, double scale, bool force);

/* Writes and renames the file. CLI_DONE or CLI_FAILED (said). Frees in any case. */
int picture_end(picture *p);

/* Drops the picture. */
void picture_abandon(picture *p);

/* ---- text ------------------------------------------------------------------------------------------------ */

typedef enum picture_align { PICTURE_LEFT, PICTURE_CENTER, PICTURE_RIGHT } picture_align;

void picture_font(cairo_t *cr, double size, bool bold);
double picture_text_width(cairo_t *cr, const char *text);

/* Text with its baseline at y. Leaves the current point undefined. */
void picture_text(cairo_t *cr, double x, double y, picture_align align, const char *text);

/* Text turned by 90 degrees (read from below), centred on y, baseline at x. */
void picture_text_up(cairo_t *cr, double x, double y, const char *text);
#endif

#endif
