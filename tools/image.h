/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Grey images from files: PNG by libpng, TIFF by libtiff, PGM by itself. */
#ifndef BNSL_TOOLS_IMAGE_H
#define BNSL_TOOLS_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct image {
    int32_t width, height;
    double *values; /* row by row from the top; colours are averaged, an alpha channel is ignored; free with image_free */
} image;

/* Reads an image; the kind is told by its first bytes. CLI_DONE or CLI_FAILED (said; also that this build lacks a library). */
int image_read(const char *path, image *out);
void image_free(image *im);

/* For the readers: memory for an image of a checked size. CLI_DONE or CLI_FAILED (said). */
int image_make(image *im, const char *path, uint64_t width, uint64_t height);
int image_read_png(const char *path, image *out);
int image_read_tiff(const char *path, image *out);

#endif
