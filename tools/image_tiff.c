/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TIFF images by libtiff: 8, 16 or 32 bits, whole or float, one or more samples a pixel, in strips; others as libtiff turns them into colours. */
#include "image.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"

#ifdef HAVE_TIFF
#include <math.h>

#include <tiffio.h>

static char message[160]; /* libtiff's last one: its handlers have no other way */

static void keep_message(const char *module, const char *format, va_list arguments)
{
    (void)module;
    vsnprintf(message, sizeof message, format, arguments);
}

typedef struct layout {
    uint16_t bits, samples, format;
    size_t row_bytes;
} layout;

static double sample(const unsigned char *row, const layout *l, int64_t i)
{
    if (l->bits == 8)
        return l->format == SAMPLEFORMAT_INT ? ((const signed char *)row)[i] : row[i];
    if (l->bits == 16)
        return l->format == SAMPLEFORMAT_INT ? ((const int16_t *)(const void *)row)[i] : ((const uint16_t *)(const void *)row)[i];
    if (l->format == SAMPLEFORMAT_IEEEFP)
        return ((const float *)(const void *)row)[i];
    return l->format == SAMPLEFORMAT_INT ? (double)((const int32_t *)(const void *)row)[i] : (double)((const uint32_t *)(const void *)row)[i];
}

/* Strips of samples that lie together. */
static bool read_strips(TIFF *tiff, const layout *l, image *out)
{
    unsigned char *row = malloc(l->row_bytes > 0 ? l->row_bytes : 1);
    int colours = l->samples >= 3 ? 3 : 1;
    bool good = row != NULL && l->row_bytes >= (size_t)out->width * l->samples * (l->bits / 8u);
    for (int32_t y = 0; y < out->height && good; y++) {
        good = TIFFReadScanline(tiff, row, (uint32_t)y, 0) == 1;
        for (int32_t x = 0; x < out->width && good; x++) {
            double sum = 0;
            for (int c = 0; c < colours; c++)
                sum += sample(row, l, (int64_t)x * l->samples + c);
            out->values[(int64_t)y * out->width + x] = sum / colours;
        }
    }
    free(row);
    return good;
}

/* Tiles, palettes, single bits: what libtiff makes of them, 8 bits a colour. */
static bool read_colours(TIFF *tiff, image *out)
{
    uint32_t *pixels = malloc((size_t)out->width * (size_t)out->height * sizeof *pixels);
    bool good = pixels && TIFFReadRGBAImageOriented(tiff, (uint32_t)out->width, (uint32_t)out->height, pixels, ORIENTATION_TOPLEFT, 1) == 1;
    for (int64_t i = 0; good && i < (int64_t)out->width * out->height; i++)
        out->values[i] = (TIFFGetR(pixels[i]) + TIFFGetG(pixels[i]) + TIFFGetB(pixels[i])) / 3.0;
    free(pixels);
    return good;
}

static int read_open(TIFF *tiff, const char *path, image *out)
{
    uint32_t width = 0, height = 0;
    uint16_t planar = PLANARCONFIG_CONTIG, photometric = PHOTOMETRIC_MINISBLACK;
    layout l = {.bits = 1, .samples = 1, .format = SAMPLEFORMAT_UINT};
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
    TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &l.bits);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &l.samples);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &l.format);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &planar);
    l.row_bytes = (size_t)TIFFScanlineSize(tiff);
    if (image_make(out, path, width, height) != CLI_DONE)
        return CLI_FAILED;
    bool known = (l.bits == 8 || l.bits == 16 || l.bits == 32) && (l.format == SAMPLEFORMAT_UINT || l.format == SAMPLEFORMAT_INT || l.bits == 32);
    bool plain = known && !TIFFIsTiled(tiff) && planar == PLANARCONFIG_CONTIG &&
                 (photometric == PHOTOMETRIC_MINISBLACK || photometric == PHOTOMETRIC_MINISWHITE || photometric == PHOTOMETRIC_RGB);
    if (!(plain ? read_strips(tiff, &l, out) : read_colours(tiff, out)))
        return cli_fail("%s: %s", path, message[0] ? message : "this kind of TIFF is not read");
    for (int64_t i = 0; i < (int64_t)out->width * out->height; i++)
        if (!isfinite(out->values[i]))
            return cli_fail("%s: pixel %lld of row %lld is not finite", path, (long long)(i % out->width), (long long)(i / out->width));
    return CLI_DONE;
}

int image_read_tiff(const char *path, image *out)
{
    TIFFSetErrorHandler(keep_message);
    TIFFSetWarningHandler(NULL);
    message[0] = '\0';
    TIFF *tiff = TIFFOpen(path, "r");
    int result = tiff ? read_open(tiff, path, out) : cli_fail("%s: %s", path, message[0] ? message : "cannot be read");
    if (tiff)
        TIFFClose(tiff);
    if (result != CLI_DONE)
        image_free(out);
    return result;
}

#else

int image_read_tiff(const char *path, image *out)
{
    (void)out;
    return cli_fail("%s: TIFF images need libtiff, which this build has not", path);
}

#endif
