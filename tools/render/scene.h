/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a frame to spheres as the viewer sees them, and from spheres to pixels. */
#ifndef BNSL_TOOLS_RENDER_SCENE_H
#define BNSL_TOOLS_RENDER_SCENE_H

#include "render.h"

/* What a sphere is coloured by. */
typedef enum scene_kind {
    SCENE_ALB2,
    SCENE_NAZN13,
    SCENE_FCC,
    SCENE_SMALL_BESIDE, /* S beside a crystalline L */
    SCENE_FLUID,
    SCENE_LARGE,        /* without phases */
    SCENE_SMALL,
    SCENE_N_KINDS
} scene_kind;

/* In the viewer's axes: x to the right, y up, z towards the viewer. */
typedef struct scene_sphere {
    double x, y, z, radius;
    scene_kind kind;
} scene_sphere;

typedef struct scene {
    int64_t n;
    scene_sphere *spheres;
    bool has_box;
    double edge[12][2][3];       /* of the box */
    double center[2];            /* middle of what is drawn */
    double half_width, half_height; /* what is drawn reaches this far from the middle */
    double z_front, z_back;      /* of the spheres that are drawn */
    int64_t n_kind[SCENE_N_KINDS]; /* particles of the whole frame: L for phases and fluid */
} scene;

/* CLI_DONE, or CLI_FAILED (said). End with scene_free. */
int scene_make(const render_options *options, const render_panel *panel, scene *out);
void scene_free(scene *s);

/* Red, green, blue, 0..255. */
extern const unsigned char scene_color[SCENE_N_KINDS][3];

/*
 * Draws a scene into width x height pixels of 4 bytes (0, red, green, blue as a native 32-bit word, row by row with a stride in
 * bytes: cairo's RGB24), scale pixels a unit of length, on white.
 * Returns false when there is no memory.
 */
bool raster_draw(const scene *s, double scale, int32_t width, int32_t height, unsigned char *pixels, int32_t stride);

#endif
