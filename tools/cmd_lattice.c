/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl lattice: cell, geometry, reflections and coordinates of a superlattice. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "json.h"
#include "lattice.h"
#include "output.h"

enum { DEFAULT_FAMILIES = 15 };

typedef struct args {
    double a, c_over_a, x, y, z, sphere, q_max;
    cli_doubles diameters;
    cli_ints repeat;
    int32_t cell, bonds;
    bool list;
} args;

/* NaN: not known (no diameters given) or no such pair. */
typedef struct facts {
    double a, c;
    int32_t n_large, n_small, n_cells;
    double parameters[3];
    bnsl_lattice_packing densest; /* fraction NaN: no diameters given */
    double b_ll, b_ls, b_ss, d_ll, d_ls, d_ss, volume_fraction;
    int64_t n_reflections;
    bnsl_reflection *reflections;
    double *intensity;
} facts;

typedef struct particles {
    bnsl_box box;
    int64_t n;
    double *xyz, *diameter;
    int32_t *species;
} particles;

static const cli_option options[] = {
    {.name = "a", .kind = CLI_DOUBLE, .to = offsetof(args, a), .metavar = "A", .range = "> 0",
     .help = "lattice constant, needed but for --list; all lengths have its unit, q the reciprocal one"},
    {.name = "c-over-a", .kind = CLI_DOUBLE, .to = offsetof(args, c_over_a), .metavar = "X", .range = "> 0",
     .help = "c/a of a hexagonal or tetragonal structure (default: as --list shows)"},
    {.name = "x", .kind = CLI_DOUBLE, .to = offsetof(args, x), .metavar = "X", .range = "> 0 and < 1",
     .help = "free coordinate x of the sites, where there is one (default: as --list shows)"},
    {.name = "y", .kind = CLI_DOUBLE, .to = offsetof(args, y), .metavar = "Y", .range = "> 0 and < 1", .help = "free coordinate y"},
    {.name = "z", .kind = CLI_DOUBLE, .to = offsetof(args, z), .metavar = "Z", .range = "> 0 and < 1", .help = "free coordinate z"},
    {.name = "diameters", .kind = CLI_DOUBLES, .to = offsetof(args, diameters), .metavar = "L,S", .n_min = 1, .n_max = 2, .range = "> 0",
     .help = "diameters of the spheres: surface distances, volume fractions, intensities"},
    {.name = "bonds", .kind = CLI_CHOICE, .to = offsetof(args, bonds), .choices = "geometry|paper", .initial = "geometry",
     .help = "bond lengths from the sites or from the atomic ones that the paper prints"},
    {.name = "q-max", .kind = CLI_DOUBLE, .to = offsetof(args, q_max), .metavar = "Q", .range = "> 0",
     .help = "reflections up to Q (default: the first 15)"},
    {.name = "repeat", .kind = CLI_INTS, .to = offsetof(args, repeat), .metavar = "X,Y,Z", .n_min = 3, .n_max = 3,
     .range = ">= 1 and <= 100000", .initial = "1,1,1", .help = "cells along a, b, c in the file of -o"},
    {.name = "cell", .kind = CLI_CHOICE, .to = offsetof(args, cell), .choices = "conventional|orthogonal", .initial = "conventional",
     .help = "the cell that is repeated; orthogonal: a, sqrt(3) a, c of a hexagonal structure"},
    {.name = "sphere", .kind = CLI_DOUBLE, .to = offsetof(args, sphere), .metavar = "R", .range = "> 0",
     .help = "instead of cells: the particles within R of an L particle"},
    {.name = "list", .kind = CLI_FLAG, .to = offsetof(args, list), .help = "the structures that are known, instead of one of them"},
    {0}};

/* ---- facts ----------------------------------------------------------------------------------------- */

static bnsl_status make_lattice(const args *a, const char *name, bnsl_lattice **out)
{
    bnsl_lattice_options o;
    bnsl_status status = bnsl_lattice_options_init(&o, sizeof o);
    if (status)
        return status;
    o.a = a->a;
    o.c_over_a = isnan(a->c_over_a) ? 0.0 : a->c_over_a;
    o.x = isnan(a->x) ? 0.0 : a->x;
    o.y = isnan(a->y) ? 0.0 : a->y;
    o.z = isnan(a->z) ? 0.0 : a->z;
    return bnsl_lattice_create(out, name, &o);
}

/* Amplitude of a homogeneous sphere of unit contrast, 4 pi (sin qR - qR cos qR) / q^3. */
static double sphere_amplitude(double q, double diameter)
{
    double x = 0.5 * q * diameter;
    double reduced = x < 0.01 ? (1.0 - x * x / 10.0) / 3.0 : (sin(x) - x * cos(x)) / (x * x * x);
    return 12.566370614359172 * 0.125 * diameter * diameter * diameter * reduced;
}

/* Powder intensities M |F|^2 / q^2 of equal spheres of equal contrast, the strongest of the list 100; NaN without diameters. */
static void find_intensities(const args *a, facts *f)
{
    const double *diameter = a->diameters.values;
    double strongest = 0.0;
    for (int64_t i = 0; i < f->n_reflections; i++) {
        const bnsl_reflection *r = &f->reflections[i];
        f->intensity[i] = NAN;
        if (a->diameters.n == 0)
            continue;
        double f_l = sphere_amplitude(r->q, diameter[0]), f_s = f->n_small > 0 ? sphere_amplitude(r->q, diameter[1]) : 0.0;
        double squared = f_l * f_l * r->g_ll + f_s * f_s * r->g_ss + 2.0 * f_l * f_s * r->g_ls;
        f->intensity[i] = r->multiplicity * squared / (r->q * r->q);
        strongest = fmax(strongest, f->intensity[i]);
    }
    for (int64_t i = 0; i < f->n_reflections && strongest > 0.0; i++)
        f->intensity[i] *= 100.0 / strongest;
}

/* All families up to q_max in a new array (none when there are none). */
static bnsl_status list_reflections(const bnsl_lattice *lattice, double q_max, int64_t *n, bnsl_reflection **out)
{
    bnsl_status status = bnsl_lattice_reflections(lattice, q_max, 0, 0, n, NULL);
    if (status != BNSL_EBUFFER)
        return status;
    *out = malloc((size_t)*n * sizeof **out);
    return *out ? bnsl_lattice_reflections(lattice, q_max, 0, *n, n, *out) : BNSL_ENOMEM;
}

/* Up to q_max, or the first DEFAULT_FAMILIES and what has the same q as the last of them. */
static bnsl_status find_reflections(const bnsl_lattice *lattice, const args *a, facts *f)
{
    if (!isnan(a->q_max))
        return list_reflections(lattice, a->q_max, &f->n_reflections, &f->reflections);
    int64_t n = 0;
    for (double q_max = 12.0 / fmax(f->a, f->c); n <= DEFAULT_FAMILIES; q_max *= 1.5) {
        free(f->reflections);
        f->reflections = NULL;
        bnsl_status status = list_reflections(lattice, q_max, &n, &f->reflections);
        if (status)
            return status;
    }
    f->n_reflections = DEFAULT_FAMILIES;
    while (f->n_reflections < n && f->reflections[f->n_reflections].q == f->reflections[DEFAULT_FAMILIES - 1].q)
        f->n_reflections++;
    return BNSL_OK;
}

static bnsl_status find_facts(const bnsl_lattice *lattice, const args *a, facts *f)
{
    bnsl_status status = bnsl_lattice_constants(lattice, &f->a, &f->c, NULL);
    if (!status)
        status = bnsl_lattice_sites(lattice, &f->n_large, &f->n_small);
    if (!status)
        status = bnsl_lattice_primitive_cells(lattice, &f->n_cells);
    if (!status)
        status = bnsl_lattice_parameters(lattice, &f->parameters[0], &f->parameters[1], &f->parameters[2]);
    if (!status)
        status = bnsl_lattice_bond_lengths(lattice, a->bonds == 1 ? BNSL_BONDS_PAPER : BNSL_BONDS_GEOMETRY, &f->b_ll, &f->b_ls, &f->b_ss);
    f->d_ll = f->d_ls = f->d_ss = f->volume_fraction = f->densest.fraction = NAN;
    if (!status && a->diameters.n > 0) {
        double large = a->diameters.values[0], small = f->n_small > 0 ? a->diameters.values[1] : NAN;
        f->d_ll = f->b_ll - large;
        f->d_ls = f->b_ls - 0.5 * (large + small);
        f->d_ss = f->b_ss - small;
        status = bnsl_lattice_volume_fraction(lattice, large, small, &f->volume_fraction);
        if (!status)
            status = bnsl_lattice_densest_packing(lattice, large, small, BNSL_RELAX_ALL, &f->densest);
    }
    if (!status)
        status = find_reflections(lattice, a, f);
    if (status)
        return status;
    f->intensity = malloc((size_t)(f->n_reflections + 1) * sizeof *f->intensity);
    if (!f->intensity)
        return BNSL_ENOMEM;
    find_intensities(a, f);
    return BNSL_OK;
}

/* ---- coordinates ----------------------------------------------------------------------------------- */

static bnsl_status count_particles(const bnsl_lattice *lattice, const args *a, int64_t *n)
{
    const int64_t *repeat = a->repeat.values;
    bnsl_status status = isnan(a->sphere) ? bnsl_lattice_supercell(lattice, a->cell, (int32_t)repeat[0], (int32_t)repeat[1],
                                                                   (int32_t)repeat[2], 0, n, NULL, NULL, NULL)
                                          : bnsl_lattice_sphere(lattice, a->sphere, 0, n, NULL, NULL);
    return status == BNSL_EBUFFER ? BNSL_OK : status;
}

/* A sphere stands free in a box that keeps it away from its images in programs that know periodic boxes alone. */
static bnsl_status place_particles(const bnsl_lattice *lattice, const args *a, const facts *f, particles *p)
{
    const int64_t *repeat = a->repeat.values;
    if (isnan(a->sphere))
        return bnsl_lattice_supercell(lattice, a->cell, (int32_t)repeat[0], (int32_t)repeat[1], (int32_t)repeat[2], p->n, &p->n, &p->box,
                                      p->xyz, p->species);
    double edge = 2.0 * (a->sphere + f->b_ll);
    bnsl_status status = bnsl_box_init(&p->box, edge, edge, edge, 0.0, 0.0, 0.0);
    p->box.periodic = 0;
    return status ? status : bnsl_lattice_sphere(lattice, a->sphere, p->n, &p->n, p->xyz, p->species);
}

static bnsl_status make_particles(const bnsl_lattice *lattice, const args *a, const facts *f, particles *p)
{
    bnsl_status status = count_particles(lattice, a, &p->n);
    if (status)
        return status;
    p->xyz = malloc((size_t)p->n * 3 * sizeof *p->xyz);
    p->diameter = malloc((size_t)p->n * sizeof *p->diameter);
    p->species = malloc((size_t)p->n * sizeof *p->species);
    if (!p->xyz || !p->diameter || !p->species)
        return BNSL_ENOMEM;
    status = place_particles(lattice, a, f, p);
    for (int64_t i = 0; !status && a->diameters.n > 0 && i < p->n; i++)
        p->diameter[i] = a->diameters.values[p->species[i]];
    return status;
}

static int write_particles(const args *a, const cli_common *common, const particles *p, const char *path)
{
    bnsl_io_frame *frame = NULL;
    bnsl_io_writer *writer = NULL;
    bnsl_status status = bnsl_io_frame_create(&frame);
    if (!status)
        status = bnsl_io_frame_set(frame, &p->box, 0, p->n, p->xyz, p->species, "L,S");
    if (!status && a->diameters.n > 0)
        status = bnsl_io_frame_set_array(frame, "diameter", 1, p->diameter);
    if (!status)
        status = bnsl_io_writer_create(&writer, path, BNSL_FILE_AUTO, common->force);
    if (!status)
        status = bnsl_io_writer_append(writer, frame);
    if (status)
        bnsl_io_writer_abandon(writer);
    else
        status = bnsl_io_writer_close(writer);
    int result = status ? cli_fail_library(path) : CLI_DONE;
    bnsl_io_frame_destroy(frame);
    return result;
}

static bool is_picture(const char *path)
{
    return output_has_ending(path, ".png|.svg|.pdf");
}

static bool wants_particles(const cli_common *common)
{
    for (int32_t i = 0; i < common->output.n; i++)
        if (!is_picture(common->output.values[i]))
            return true;
    return false;
}

static double size_ratio(const args *a)
{
    return a->diameters.n == 2 ? a->diameters.values[1] / a->diameters.values[0] : NAN;
}

static int write_all(const bnsl_lattice *lattice, const args *a, const cli_common *common, const facts *f, int64_t *n_particles)
{
    particles p = {.n = 0};
    int result = CLI_DONE;
    bnsl_status status = wants_particles(common) ? make_particles(lattice, a, f, &p) : BNSL_OK;
    if (status == BNSL_ENOMEM)
        result = cli_fail("no memory for %lld particles", (long long)p.n);
    else if (status)
        result = cli_fail_library(bnsl_lattice_name(lattice));
    for (int32_t i = 0; i < common->output.n && result == CLI_DONE; i++) {
        const char *path = common->output.values[i];
        result = is_picture(path) ? lattice_plot_packing(lattice, size_ratio(a), path, common->force) : write_particles(a, common, &p, path);
    }
    *n_particles = p.n;
    free(p.xyz);
    free(p.diameter);
    free(p.species);
    return result;
}

/* ---- report ---------------------------------------------------------------------------------------- */

/* "101"; "10 0 0" and "1 -1 0" where digits alone would be ambiguous. */
static const char *format_hkl(const bnsl_reflection *r, char text[48])
{
    bool digits = r->h >= 0 && r->h < 10 && r->k >= 0 && r->k < 10 && r->l >= 0 && r->l < 10;
    snprintf(text, 48, digits ? "%d%d%d" : "%d %d %d", r->h, r->k, r->l);
    return text;
}

static void report_packing_json(json *j, const args *a, const bnsl_lattice_packing *p)
{
    if (isnan(p->fraction)) {
        json_null(j, "densest_packing");
        return;
    }
    json_object_begin(j, "densest_packing");
    json_double(j, "volume_fraction", p->fraction);
    json_double(j, "size_ratio", size_ratio(a));
    json_double(j, "a", p->a);
    json_double(j, "c_over_a", p->c_over_a);
    json_double(j, "x", p->x != 0.0 ? p->x : NAN);
    json_double(j, "y", p->y != 0.0 ? p->y : NAN);
    json_double(j, "z", p->z != 0.0 ? p->z : NAN);
    json_bool(j, "touch_LL", p->touch_ll);
    json_bool(j, "touch_LS", p->touch_ls);
    json_bool(j, "touch_SS", p->touch_ss);
    json_object_end(j);
}

/* The conventional cell, site by site. */
static void report_sites_json(json *j, const bnsl_lattice *lattice, const facts *f)
{
    json_array_begin(j, "sites");
    for (int32_t i = 0; i < f->n_large + f->n_small; i++) {
        double x[3] = {0, 0, 0};
        int32_t species = 0;
        bnsl_lattice_site(lattice, i, x, &species);
        json_object_begin(j, NULL);
        json_string(j, "species", species == 0 ? "L" : "S");
        json_string(j, "wyckoff", bnsl_lattice_site_wyckoff(lattice, i));
        json_doubles(j, "x", 3, x);
        json_object_end(j);
    }
    json_array_end(j);
}

static int report_json(const bnsl_lattice *lattice, const args *a, const cli_common *common, const facts *f, int64_t n_particles)
{
    json j;
    char hkl[48];
    json_init(&j, true);
    json_object_begin(&j, NULL);
    json_string(&j, "structure", bnsl_lattice_name(lattice));
    json_string(&j, "space_group", bnsl_lattice_space_group(lattice));
    json_string(&j, "strukturbericht", bnsl_lattice_strukturbericht(lattice));
    json_string(&j, "pearson_symbol", bnsl_lattice_pearson_symbol(lattice));
    json_string(&j, "system", lattice_system_name(lattice));
    json_string(&j, "source", bnsl_lattice_source(lattice));
    json_double(&j, "a", f->a);
    json_double(&j, "c", f->c);
    for (int i = 0; i < 3; i++)
        json_double(&j, (const char *const[]){"x", "y", "z"}[i], f->parameters[i] != 0.0 ? f->parameters[i] : NAN);
    json_int(&j, "n_large", f->n_large);
    json_int(&j, "n_small", f->n_small);
    json_int(&j, "primitive_cells", f->n_cells);
    json_double(&j, "b_LL", f->b_ll);
    json_double(&j, "b_LS", f->b_ls);
    json_double(&j, "b_SS", f->b_ss);
    json_double(&j, "d_LL", f->d_ll);
    json_double(&j, "d_LS", f->d_ls);
    json_double(&j, "d_SS", f->d_ss);
    json_double(&j, "volume_fraction", f->volume_fraction);
    report_packing_json(&j, a, &f->densest);
    report_sites_json(&j, lattice, f);
    json_array_begin(&j, "reflections");
    for (int64_t i = 0; i < f->n_reflections; i++) {
        const bnsl_reflection *r = &f->reflections[i];
        json_object_begin(&j, NULL);
        json_string(&j, "hkl", format_hkl(r, hkl));
        json_int(&j, "multiplicity", r->multiplicity);
        json_double(&j, "q", r->q);
        json_double(&j, "intensity", f->intensity[i]);
        json_double(&j, "g_ll", r->g_ll);
        json_double(&j, "g_ss", r->g_ss);
        json_double(&j, "g_ls", r->g_ls);
        json_object_end(&j);
    }
    json_array_end(&j);
    if (wants_particles(common))
        json_int(&j, "particles", n_particles);
    output_json(common, &j);
    json_object_end(&j);
    return json_print(&j);
}

/* A number in a column, or a dash for NaN. */
static void print_number(double value, int digits)
{
    char text[48] = "-";
    if (!isnan(value))
        snprintf(text, sizeof text, "%.*g", digits, value);
    printf("%14s", text);
}

static void print_pair(const char *pair, double bond, double gap)
{
    printf("%-18s", pair);
    print_number(bond, 6);
    print_number(gap, 6);
    putchar('\n');
}

/* "L-L and L-S touch": the pairs in contact. */
static const char *format_contacts(const bnsl_lattice_packing *p, char text[48])
{
    const char *const names[3] = {"L-L", "L-S", "S-S"};
    const bool touch[3] = {p->touch_ll, p->touch_ls, p->touch_ss};
    size_t n = 0;
    text[0] = '\0';
    for (int i = 0; i < 3; i++)
        if (touch[i])
            n += (size_t)snprintf(text + n, 48 - n, "%s%s", n ? ", " : "", names[i]);
    return text;
}

static void print_densest(const bnsl_lattice *lattice, const bnsl_lattice_packing *p)
{
    char contacts[48];
    const double coordinates[3] = {p->x, p->y, p->z};
    printf("densest packing   %14.6g   a = %.6g", p->fraction, p->a);
    if (bnsl_lattice_system(lattice) != BNSL_SYSTEM_CUBIC)
        printf(", c/a = %.5g", p->c_over_a);
    for (int i = 0; i < 3; i++)
        if (coordinates[i] != 0.0)
            printf(", %c = %.5g", 'x' + i, coordinates[i]);
    printf("; in contact: %s\n", format_contacts(p, contacts));
}

static int report_text(const bnsl_lattice *lattice, const args *a, const cli_common *common, const facts *f, int64_t n_particles)
{
    char hkl[48];
    printf("%s, %s %s: %d L and %d S in the cell (of %d primitive), a = %.6g, c = %.6g", bnsl_lattice_name(lattice), lattice_system_name(lattice),
           bnsl_lattice_space_group(lattice), f->n_large, f->n_small, f->n_cells, f->a, f->c);
    for (int i = 0; i < 3; i++)
        if (f->parameters[i] != 0.0)
            printf(", %c = %.6g", 'x' + i, f->parameters[i]);
    printf("\n(lengths in the unit of a, q in its reciprocal; structure: %s)\n\n", bnsl_lattice_source(lattice));
    printf("%-18s%14s%14s\n", "pair", "centres", "surfaces");
    print_pair("L-L", f->b_ll, f->d_ll);
    print_pair("L-S", f->b_ls, f->d_ls);
    print_pair("S-S", f->b_ss, f->d_ss);
    if (a->diameters.n > 0)
        printf("\nvolume fraction   %14.6g\n", f->volume_fraction);
    if (a->diameters.n > 0)
        print_densest(lattice, &f->densest);
    printf("\n%-10s%14s%14s%14s%14s%14s\n", "hkl", "multiplicity", "q", "|G_L|^2", "|G_S|^2", "intensity");
    for (int64_t i = 0; i < f->n_reflections; i++) {
        const bnsl_reflection *r = &f->reflections[i];
        printf("%-10s%14d%14.6g%14.6g%14.6g", format_hkl(r, hkl), r->multiplicity, r->q, r->g_ll, r->g_ss);
        print_number(f->intensity[i], 4);
        putchar('\n');
    }
    if (a->diameters.n > 0)
        printf("intensity: M |F|^2 / q^2 of spheres of equal contrast, strongest line 100\n");
    for (int32_t i = 0; i < common->output.n; i++) {
        if (is_picture(common->output.values[i]))
            printf("wrote %s\n", common->output.values[i]);
        else
            printf("wrote %s: %lld particles\n", common->output.values[i], (long long)n_particles);
    }
    return CLI_DONE;
}

/* ---- command --------------------------------------------------------------------------------------- */

/* What --list takes: nothing but --json. */
static int check_list(const cli_common *common)
{
    if (common->n_positional > 0 || common->output.n > 0 || cli_given(common, "a"))
        return cli_usage("--list: a name, --a and -o do not go with it");
    return CLI_DONE;
}

static int check_arguments(const args *a, const cli_common *common)
{
    bool placed = !isnan(a->sphere) || cli_given(common, "repeat") || cli_given(common, "cell");
    if (common->n_positional == 0)
        return cli_usage("NAME is missing: a structure, of which --list names all");
    if (isnan(a->a))
        return cli_usage("--a is missing: the lattice constant");
    if (!isnan(a->sphere) && (cli_given(common, "repeat") || cli_given(common, "cell")))
        return cli_usage("--sphere: --repeat and --cell do not go with it");
    if (placed && !wants_particles(common))
        return cli_usage("--repeat, --cell and --sphere need -o PATH for the coordinates");
    for (int32_t i = 0; i < common->output.n; i++)
        if (!is_picture(common->output.values[i]) && !output_has_ending(common->output.values[i], ".gsd|.xyz|.extxyz"))
            return cli_usage("-o: '%s' must end in .gsd, .xyz, .extxyz (coordinates), .png, .svg or .pdf (plot)", common->output.values[i]);
    return output_check_all(common);
}

static int work(const bnsl_lattice *lattice, const args *a, const cli_common *common, facts *f)
{
    int32_t n_small = 0;
    int64_t n_particles = 0;
    bnsl_lattice_sites(lattice, NULL, &n_small);
    if (a->diameters.n == 1 && n_small > 0)
        return cli_usage("--diameters: %s has L and S particles: give both, L,S", bnsl_lattice_name(lattice));
    bnsl_status status = find_facts(lattice, a, f);
    if (status == BNSL_ENOMEM)
        return cli_fail("out of memory");
    if (status)
        return cli_fail_library(bnsl_lattice_name(lattice));
    if (common->output.n > 0 && write_all(lattice, a, common, f, &n_particles) != CLI_DONE)
        return CLI_FAILED;
    if (common->json)
        return report_json(lattice, a, common, f, n_particles);
    return report_text(lattice, a, common, f, n_particles);
}

static int run(int argc, char **argv)
{
    args a;
    cli_common common;
    facts f = {.reflections = NULL};
    int status;
    if (!cli_parse(&lattice_command, argc, argv, &a, &common, &status))
        return status;
    status = a.list ? check_list(&common) : check_arguments(&a, &common);
    if (status != CLI_DONE || a.list)
        return status != CLI_DONE ? status : lattice_list(&common);
    bnsl_lattice *lattice = NULL;
    if (make_lattice(&a, common.positional[0], &lattice) != BNSL_OK)
        return cli_fail_library(NULL);
    status = work(lattice, &a, &common, &f);
    free(f.reflections);
    free(f.intensity);
    bnsl_lattice_destroy(lattice);
    return status;
}

const cli_command lattice_command = {
    .name = "lattice",
    .usage = "NAME --a A [options] | --list",
    .summary = "cell, distances, reflections and coordinates of a superlattice",
    .description = "NAME is a structure of --list: AlB2, NaZn13, cub-AB13, CaCu5, ... Prints the shortest distances between centres (and,\n"
                   "with --diameters, between surfaces), the volume fraction of the spheres and of their densest packing, and the powder\n"
                   "reflections; -o writes coordinates (.gsd, .xyz) or plots the densest packing against the size ratio (.png, .svg, .pdf).",
    .examples = "bnsl lattice AlB2 --a 13.08 --c-over-a 0.99 --diameters 10.4,4.5\n"
                "bnsl lattice NaZn13 --a 40.5 --q-max 1.2 --json\n"
                "bnsl lattice AlB2 --a 1.06 --c-over-a 1.03 --cell orthogonal --repeat 8,5,8 -o start.gsd\n"
                "bnsl lattice NaZn13 --a 3.4 --sphere 10 -o nucleus.xyz\n"
                "bnsl lattice CaCu5 --a 10 --diameters 8,4.5 -o packing.svg\n",
    .options = options,
    .args_size = sizeof(args),
    .positional_name = "NAME",
    .n_positional_min = 0,
    .n_positional_max = 1,
    .common = CLI_JSON | CLI_OUTPUT,
    .run = run};
