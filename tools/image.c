/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images: which kind a file is, and PGM (P2 and P5, up to 16 bits), which needs no library. */
#include "image.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

enum { LARGEST_SIDE = 32768 };

int image_make(image *im, const char *path, uint64_t width, uint64_t height)
{
    *im = (image){.width = 0};
    if (width < 1 || height < 1 || width > LARGEST_SIDE || height > LARGEST_SIDE)
        return cli_fail("%s: %llu x %llu pixels, each side must be 1 .. %d", path, (unsigned long long)width, (unsigned long long)height,
                        LARGEST_SIDE);
    im->values = calloc(width * height, sizeof *im->values);
    if (!im->values)
        return cli_fail("%s: no memory for %llu x %llu pixels", path, (unsigned long long)width, (unsigned long long)height);
    im->width = (int32_t)width;
    im->height = (int32_t)height;
    return CLI_DONE;
}

void image_free(image *im)
{
    free(im->values);
    *im = (image){.width = 0};
}

/* ---- PGM ------------------------------------------------------------------------------------------- */

/* The next number of the header or of a P2 file, after blanks and comments; -1: there is none. */
static int64_t read_number(FILE *f)
{
    int c = getc(f);
    while (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '#') {
        if (c == '#')
            while (c != '\n' && c != EOF)
                c = getc(f);
        else
            c = getc(f);
    }
    if (c < '0' || c > '9')
        return -1;
    int64_t value = 0;
    for (; c >= '0' && c <= '9' && value < 1000000000; c = getc(f))
        value = 10 * value + (c - '0');
    return value; /* the one blank behind it is eaten: P5 needs that */
}

static bool read_pixels(FILE *f, bool binary, int64_t largest, image *im)
{
    int64_t n = (int64_t)im->width * im->height;
    for (int64_t i = 0; i < n; i++) {
        int64_t value;
        if (!binary) {
            value = read_number(f);
        } else {
            int high = largest > 255 ? getc(f) : 0, low = getc(f);
            value = high == EOF || low == EOF ? -1 : 256 * high + low;
        }
        if (value < 0)
            return false;
        im->values[i] = (double)value;
    }
    return true;
}

static int read_pgm(const char *path, FILE *f, bool binary, image *out)
{
    int64_t width = read_number(f), height = read_number(f), largest = read_number(f);
    if (width < 0 || height < 0 || largest < 1 || largest > 65535)
        return cli_fail("%s: its PGM header is damaged", path);
    int result = image_make(out, path, (uint64_t)width, (uint64_t)height);
    if (result == CLI_DONE && !read_pixels(f, binary, largest, out)) {
        image_free(out);
        result = cli_fail("%s: ends before its %lld x %lld pixels", path, (long long)width, (long long)height);
    }
    return result;
}

/* ---- kinds ----------------------------------------------------------------------------------------- */

int image_read(const char *path, image *out)
{
    unsigned char head[4] = {0};
    *out = (image){.width = 0};
    FILE *f = fopen(path, "rb");
    if (!f)
        return cli_fail("%s: %s", path, strerror(errno));
    size_t n = fread(head, 1, sizeof head, f);
    bool pgm = n >= 2 && head[0] == 'P' && (head[1] == '2' || head[1] == '5');
    if (pgm) {
        int result = fseek(f, 2, SEEK_SET) == 0 ? read_pgm(path, f, head[1] == '5', out) : cli_fail("%s: cannot be read", path);
        fclose(f);
        return result;
    }
    fclose(f);
    if (n == 4 && memcmp(head, "\x89PNG", 4) == 0)
        return image_read_png(path, out);
    if (n == 4 && (memcmp(head, "II*\0", 4) == 0 || memcmp(head, "MM\0*", 4) == 0))
        return image_read_tiff(path, out);
    return cli_fail("%s: is not a PNG, TIFF or PGM image", path);
}
