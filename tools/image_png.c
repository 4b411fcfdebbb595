/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PNG images by libpng: grey or colour, 1 to 16 bits, interlaced or not. */
#include "image.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli.h"

#ifdef HAVE_PNG
#include <setjmp.h>

#include <png.h>

/* libpng's message for its caller, which prints one line. */
static void keep_message(png_structp png, png_const_charp text)
{
    char *message = png_get_error_ptr(png);
    snprintf(message, 128, "%s", text);
    longjmp(png_jmpbuf(png), 1);
}

static void ignore_warning(png_structp png, png_const_charp text)
{
    (void)png;
    (void)text;
}

static void average_row(const png_byte *row, int channels, int depth, double *values, int32_t width)
{
    int colours = channels >= 3 ? 3 : 1;
    for (int32_t x = 0; x < width; x++) {
        double sum = 0;
        for (int c = 0; c < colours; c++) {
            int64_t at = (int64_t)x * channels + c;
            sum += depth == 16 ? 256 * row[2 * at] + row[2 * at + 1] : row[at];
        }
        values[x] = sum / colours;
    }
}

/* Everything that may jump; buffers live in the caller. */
static int decode(png_structp png, png_infop info, FILE *f, const char *path, png_byte **data, png_bytep **rows, image *out)
{
    png_init_io(png, f);
    png_read_info(png, info);
    if (image_make(out, path, png_get_image_width(png, info), png_get_image_height(png, info)) != CLI_DONE)
        return CLI_FAILED;
    png_set_expand(png);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
    size_t row_bytes = png_get_rowbytes(png, info);
    *data = malloc(row_bytes * (size_t)out->height);
    *rows = malloc((size_t)out->height * sizeof **rows);
    if (!*data || !*rows)
        return cli_fail("%s: out of memory", path);
    for (int32_t y = 0; y < out->height; y++)
        (*rows)[y] = *data + (size_t)y * row_bytes;
    png_read_image(png, *rows);
    for (int32_t y = 0; y < out->height; y++)
        average_row((*rows)[y], png_get_channels(png, info), png_get_bit_depth(png, info), out->values + (int64_t)y * out->width, out->width);
    return CLI_DONE;
}

/* Outlives the jump: allocated, so that no local changes between setjmp and longjmp. */
typedef struct buffers {
    png_byte *data;
    png_bytep *rows;
    char message[128];
} buffers;

static int read_open(const char *path, FILE *f, buffers *b, image *out)
{
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, b->message, keep_message, ignore_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    int result;
    if (!info)
        result = cli_fail("%s: out of memory", path);
    else if (setjmp(png_jmpbuf(png)) != 0)
        result = cli_fail("%s: %s", path, b->message);
    else
        result = decode(png, info, f, path, &b->data, &b->rows, out);
    png_destroy_read_struct(&png, info ? &info : NULL, NULL);
    return result;
}

int image_read_png(const char *path, image *out)
{
    FILE *f = fopen(path, "rb");
    buffers *b = calloc(1, sizeof *b);
    int result = f && b ? read_open(path, f, b, out) : cli_fail("%s: cannot be read", path);
    if (result != CLI_DONE)
        image_free(out);
    if (b) {
        free(b->data);
        free(b->rows);
    }
    free(b);
    if (f)
        fclose(f);
    return result;
}

#else

int image_read_png(const char *path, image *out)
{
    (void)out;
    return cli_fail("%s: PNG images need libpng, which this build has not", path);
}

#endif
