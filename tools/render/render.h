/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures of particles as shaded spheres: crystalline L coloured by phase, S beside a crystalline L pink, all other
 * particles small and grey. PNG by a z-buffer with 2 x 2 samples a pixel; SVG and PDF hold the same picture as an image, with
 * texts and scale bar as vectors.
 *
 *     render_options o;
 *     render_options_init(&o);
 *     o.title = "narrow well";
 *     status = render_frame(&o, frame, phase, "picture.png", common.force);     // CLI_DONE or CLI_FAILED (said)
 *
 * Panels side by side, sharing scale:
 *
 *     render_panel panels[2] = {{narrow, phase_narrow, "narrow well"}, {wide, phase_wide, "wide well"}};
 *     status = render_panels(&o, 2, panels, path, force);
 */
#ifndef BNSL_TOOLS_RENDER_H
#define BNSL_TOOLS_RENDER_H

#include <stdbool.h>
#include <stdint.h>

#include <bnsl/io.h>
#include <bnsl/order.h>

#include "species.h"

typedef struct render_options {
    int32_t width, height;   /* pixels of one panel's picture, 64..4096; default 900 x 900; legend and title come on top */
    double view[3];          /* the direction the viewer looks from; default (0.35, -0.9, 0.28); any length > 0 */
    bool slice;              /* draw only particles whose centre lies within the slice */
    double slice_normal[3];  /* default (0, 0, 1) */
    double slice_position;   /* of its middle along the normal, in the frame's unit; default 0 */
    double slice_thickness;  /* 0: the half space behind the plane, towards -normal (a cut through a droplet); default 0 */
    double diameter_l;       /* of L and S where the frame has no "diameter" array; 0 (default): L touch their nearest L, */
    double diameter_s;       /* and S have 0.55 times the diameter of L */
    double fluid_scale;      /* drawn diameter of fluid particles, 0..1; default 0.45; 0 leaves them out */
    bool box;                /* draw the edges of periodic boxes; default true */
    bool legend;             /* counts of each phase under the picture; default true */
    bool scale_bar;          /* default true */
    double unit_length;      /* the frame's unit of length in the unit called unit_name; default 1 */
    const char *unit_name;   /* of the scale bar: "σ" (default), "nm" */
    species_names species;   /* names of the types L and S; default "L" and "S" */
    const char *title;       /* over the picture; or NULL */
} render_options;

typedef struct render_panel {
    const bnsl_io_frame *frame;
    const int32_t *phase;    /* BNSL_PHASE_* of each particle (bnsl_order_classify); NULL: colour by species */
    const char *title;       /* over this panel, or NULL */
} render_panel;

void render_options_init(render_options *options);

/* One frame into one picture. path ends in .png, .svg or .pdf. */
int render_frame(const render_options *options, const bnsl_io_frame *frame, const int32_t *phase, const char *path, bool force);

/* n (1..8) frames side by side, with a common scale; each panel may have its own title. */
int render_panels(const render_options *options, int32_t n, const render_panel *panels, const char *path, bool force);

#endif
