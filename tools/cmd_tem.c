/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl tem: centre-to-centre distance from an image of a monolayer. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "curves.h"
#include "image.h"
#include "json.h"
#include "output.h"
#include "picture.h"

typedef struct args {
    double pixel;
    cli_doubles range;
    cli_ints crop;
} args;

static const cli_option options[] = {
    {.name = "pixel", .kind = CLI_DOUBLE, .to = offsetof(args, pixel), .metavar = "NM", .range = "> 0", .required = true,
     .help = "length of a pixel, nm"},
    {.name = "range", .kind = CLI_DOUBLES, .to = offsetof(args, range), .metavar = "A,B", .n_min = 2, .n_max = 2, .range = "> 0",
     .help = "distances searched, nm (default: 3 pixels to a quarter of the image)"},
    {.name = "crop", .kind = CLI_INTS, .to = offsetof(args, crop), .metavar = "X,Y,W,H", .n_min = 4, .n_max = 4, .range = ">= 0 and <= 32768",
     .help = "the part of the image that is used, pixels: its upper left corner and size"},
    {0}};

/* ---- picture --------------------------------------------------------------------------------------- */

#ifdef HAVE_CAIRO
enum { N_PIXELS = 480 };
static const double SHOWN = 2.4; /* rings */

static int compare(const void *pa, const void *pb)
{
    double a = *(const double *)pa, b = *(const double *)pb;
    return (a > b) - (a < b);
}

/* Shades of the logarithm, from the median (white) up to the strongest pixel outside the middle (black). */
static void find_levels(const double *power, double *low, double *high)
{
    double *sorted = malloc(N_PIXELS * N_PIXELS * sizeof *sorted);
    int64_t n = 0;
    *low = 0;
    *high = 1;
    if (!sorted)
        return;
    for (int64_t i = 0; i < (int64_t)N_PIXELS * N_PIXELS; i++) {
        double x = (double)(i % N_PIXELS) - 0.5 * N_PIXELS, y = (double)(i / N_PIXELS) - 0.5 * N_PIXELS;
        if (hypot(x, y) > 0.3 / SHOWN * N_PIXELS / 2) /* the middle, below a third of the ring, is not of the lattice */
            sorted[n++] = log(power[i] + 1e-300);
    }
    qsort(sorted, (size_t)n, sizeof *sorted, compare);
    *low = sorted[n / 2];
    *high = fmax(sorted[n - 1 - n / 5000], *low + 1);
    free(sorted);
}

static cairo_surface_t *power_surface(const double *power)
{
    double low, high;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, N_PIXELS, N_PIXELS);
    if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
        return surface;
    find_levels(power, &low, &high);
    cairo_surface_flush(surface);
    unsigned char *data = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);
    for (int y = 0; y < N_PIXELS; y++) {
        uint32_t *row = (uint32_t *)(void *)(data + (size_t)y * (size_t)stride);
        for (int x = 0; x < N_PIXELS; x++) {
            double t = fmin(fmax((log(power[y * N_PIXELS + x] + 1e-300) - low) / (high - low), 0), 1);
            uint32_t grey = (uint32_t)(255.5 - 255 * t);
            row[x] = grey << 16 | grey << 8 | grey;
        }
    }
    cairo_surface_mark_dirty(surface);
    return surface;
}

static void draw_ring(cairo_t *cr, double centre_x, double centre_y, double radius, bool first)
{
    cairo_set_source_rgba(cr, 0.835, 0.369, 0, first ? 1 : 0.55);
    cairo_set_line_width(cr, first ? 1.3 : 0.8);
    const double dashes[2] = {3, 4};
    cairo_set_dash(cr, dashes, first ? 0 : 2, 0);
    cairo_new_path(cr);
    cairo_arc(cr, centre_x, centre_y, radius, 0, 6.283185307179586);
    cairo_stroke(cr);
    cairo_set_dash(cr, NULL, 0, 0);
}

static void draw(cairo_t *cr, const double *power, const bnsl_saxs_image_result *r, const char *name)
{
    const double side = 380, left = 20, top = 44, centre_x = left + side / 2, centre_y = top + side / 2, ring = side / 2 / SHOWN;
    char text[160];
    cairo_surface_t *surface = power_surface(power);
    cairo_save(cr);
    cairo_translate(cr, left, top);
    cairo_scale(cr, side / N_PIXELS, side / N_PIXELS);
    cairo_set_source_surface(cr, surface, 0, 0);
    cairo_paint(cr);
    cairo_restore(cr);
    cairo_surface_destroy(surface);
    cairo_rectangle(cr, left, top, side, side);
    cairo_set_source_rgb(cr, 0.1, 0.1, 0.1);
    cairo_set_line_width(cr, 1);
    cairo_stroke(cr);
    draw_ring(cr, centre_x, centre_y, ring, true);
    draw_ring(cr, centre_x, centre_y, sqrt(3) * ring, false);
    draw_ring(cr, centre_x, centre_y, 2 * ring, false);

    cairo_set_source_rgb(cr, 0.1, 0.1, 0.1);
    picture_font(cr, 13, true);
    picture_text(cr, centre_x, 18, PICTURE_CENTER, name);
    picture_font(cr, 11.5, false);
    snprintf(text, sizeof text, "power spectrum; ring at %.4f nm⁻¹ (solid), √3 and 2 of it (dashed)", r->g);
    picture_text(cr, centre_x, 35, PICTURE_CENTER, text);
    snprintf(text, sizeof text, "distance of neighbours  d = 2 / (√3 g) = %.3f ± %.3f nm", r->distance, r->distance_err);
    picture_text(cr, centre_x, top + side + 21, PICTURE_CENTER, text);
}

static int write_picture(const image *im, const double *pixels, const args *a, const bnsl_saxs_image_result *r, const cli_common *common,
                         const char *path)
{
    picture p;
    double *power = malloc(N_PIXELS * N_PIXELS * sizeof *power);
    if (!power)
        return cli_fail("out of memory");
    int result = CLI_DONE;
    if (bnsl_saxs_image_spectrum((int32_t)a->crop.values[2], (int32_t)a->crop.values[3], im->width, pixels, fmin(SHOWN * r->g * a->pixel, 0.5),
                                 N_PIXELS, power) != BNSL_OK)
        result = cli_fail_library(common->positional[0]);
    else
        result = picture_begin(&p, path, 420, 456, 2, common->force);
    if (result == CLI_DONE) {
        draw(p.cr, power, r, curve_title(common));
        result = picture_end(&p);
    }
    free(power);
    return result;
}
#else
static int write_picture(const image *im, const double *pixels, const args *a, const bnsl_saxs_image_result *r, const cli_common *common,
                         const char *path)
{
    (void)im, (void)pixels, (void)a, (void)r, (void)common, (void)path;
    return picture_missing();
}
#endif

/* ---- report ---------------------------------------------------------------------------------------- */

static int report(const cli_common *common, const bnsl_saxs_image_result *r, const args *a)
{
    json j;
    if (!common->json) {
        printf("distance of neighbours   %.5g +- %.2g nm   (centre to centre, hexagonal: d = 2 / (sqrt(3) g))\n", r->distance, r->distance_err);
        printf("first ring               g = %.5g +- %.2g nm^-1, %.3g times the background\n", r->g, r->g_err, r->contrast);
        if (r->sixfold > 0.5)
            printf("orientation              one grain: rows of neighbours at %.1f degrees from the image's rows\n", r->orientation);
        else
            printf("orientation              many grains (six-fold order of the ring %.2f)\n", r->sixfold);
        output_print(common);
        return CLI_DONE;
    }
    json_init(&j, true);
    json_object_begin(&j, NULL);
    json_double(&j, "distance", r->distance);
    json_double(&j, "distance_err", r->distance_err);
    json_double(&j, "g", r->g);
    json_double(&j, "g_err", r->g_err);
    json_double(&j, "contrast", r->contrast);
    json_double(&j, "sixfold", r->sixfold);
    json_double(&j, "orientation", r->orientation);
    json_int(&j, "pieces", r->n_pieces);
    json_double(&j, "pixel", a->pixel);
    json_ints(&j, "crop", 4, a->crop.values);
    output_json(common, &j);
    json_object_end(&j);
    return json_print(&j);
}

/* ---- command --------------------------------------------------------------------------------------- */

/* The part to use: given, or all of the image. */
static int set_crop(args *a, const image *im, const char *path)
{
    if (a->crop.n == 0) {
        a->crop = (cli_ints){.n = 4, .values = {0, 0, im->width, im->height}};
        return CLI_DONE;
    }
    const int64_t *c = a->crop.values;
    if (c[0] + c[2] > im->width || c[1] + c[3] > im->height || c[2] < 1 || c[3] < 1)
        return cli_fail("%s: --crop %lld,%lld,%lld,%lld: reaches out of the image of %d x %d pixels", path, (long long)c[0], (long long)c[1],
                        (long long)c[2], (long long)c[3], im->width, im->height);
    return CLI_DONE;
}

static int work(args *a, const cli_common *common, const image *im)
{
    const char *path = common->positional[0];
    bnsl_saxs_image_options o;
    bnsl_saxs_image_result r;
    if (set_crop(a, im, path) != CLI_DONE)
        return CLI_FAILED;
    const double *pixels = im->values + a->crop.values[1] * im->width + a->crop.values[0];
    bnsl_status status = bnsl_saxs_image_options_init(&o, sizeof o);
    if (a->range.n == 2) {
        o.d_min = a->range.values[0];
        o.d_max = a->range.values[1];
    }
    if (!status)
        status = bnsl_saxs_image_spacing((int32_t)a->crop.values[2], (int32_t)a->crop.values[3], im->width, pixels, a->pixel, &o, &r);
    if (status)
        return cli_fail_library(path);
    for (int32_t i = 0; i < common->output.n; i++)
        if (write_picture(im, pixels, a, &r, common, common->output.values[i]) != CLI_DONE)
            return CLI_FAILED;
    return report(common, &r, a);
}

static int run(int argc, char **argv)
{
    args a;
    cli_common common;
    image im;
    int status;
    if (!cli_parse(&tem_command, argc, argv, &a, &common, &status))
        return status;
    status = output_check_all(&common);
    for (int32_t i = 0; i < common.output.n && status == CLI_DONE; i++)
        status = picture_check(common.output.values[i]);
    if (status == CLI_DONE)
        status = image_read(common.positional[0], &im);
    if (status != CLI_DONE)
        return status;
    status = work(&a, &common, &im);
    image_free(&im);
    return status;
}

const cli_command tem_command = {
    .name = "tem",
    .usage = "IMAGE --pixel NM [options]",
    .summary = "centre-to-centre distance from an image of a monolayer",
    .description = "IMAGE is a grey picture (PNG, TIFF, PGM; colours are averaged) of a monolayer of particles in hexagonal order, one grain or\n"
                   "many. The first ring of its power spectrum, g, gives the distance of neighbours d = 2 / (sqrt(3) g) with its error; -o draws\n"
                   "the power spectrum with the ring (.png, .svg, .pdf). Cut a label or scale bar off with --crop.",
    .examples = "bnsl tem monolayer.tif --pixel 0.52\n"
                "bnsl tem monolayer.png --pixel 0.52 --crop 0,0,1024,960 -o power.png\n"
                "bnsl tem monolayer.png --pixel 0.52 --range 8,20 --json\n",
    .options = options,
    .args_size = sizeof(args),
    .positional_name = "IMAGE",
    .n_positional_min = 1,
    .n_positional_max = 1,
    .common = CLI_JSON | CLI_OUTPUT,
    .run = run};
