/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One frame of an extended XYZ file as a snapshot (format: github.com/libAtoms/extxyz, 2021). The cell of the file, anywhere and in
 * any orientation, becomes the library's: centred on the origin, a along x, b in the xy plane; positions and velocities are moved and
 * turned with it. O(size of the frame), whose text is in memory meanwhile.
 */
#include <math.h>
#include <stdlib.h>

#include "io_internal.h"

enum { PROPERTIES_MAX = 256 };

/* What a column of the file is. */
enum role { SKIP, SPECIES, TYPE, VALUES, LOGICAL };

struct property {
    enum role role;
    int32_t count; /* columns in the file */
    double factor; /* radius to diameter */
    char name[BNSL__NAME_SIZE];
    double *values; /* of the frame's array, n x count */
};

/* The frame at work. */
struct parser {
    struct bnsl__xyz_place place;
    bnsl_io_frame *frame;
    struct bnsl__xyz_comment comment;
    int32_t n_properties;
    struct property properties[PROPERTIES_MAX];
    bool has_type, extended; /* a "type" column; a Properties key, so that every column is known */
};

static bnsl_status no_memory(const struct parser *parser)
{
    return bnsl__fail(BNSL_ENOMEM, parser->place.func, "%s: no memory for frame %lld", parser->place.path, (long long)parser->place.frame);
}

/* ---- Properties ------------------------------------------------------------------------------------------ */

/* The names of the quantities in other programs' files. */
static const char *own_name(const char *name)
{
    static const char *const aliases[][2] = {{"pos", "position"},      {"velo", "velocity"}, {"vel", "velocity"},
                                             {"velocities", "velocity"}, {"masses", "mass"},   {"radius", "diameter"}};
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
        if (strcmp(name, aliases[i][0]) == 0)
            return aliases[i][1];
    return name;
}

/* Room for the values of a property that is an array of the frame. */
static bnsl_status add_array(struct parser *parser, struct property *property, const char *name)
{
    const struct bnsl__quantity *quantity = bnsl__quantity(own_name(name));
    strcpy(property->name, own_name(name));
    property->factor = strcmp(name, "radius") == 0 ? 2 : 1;
    if (quantity && quantity->columns != property->count)
        return bnsl__xyz_fail(&parser->place, "property %s has %d columns, must have %d", name, property->count, quantity->columns);
    if (property->count > BNSL__COLUMNS_MAX)
        return bnsl__xyz_fail(&parser->place, "property %s has %d columns, at most %d are read", name, property->count, BNSL__COLUMNS_MAX);
    if (bnsl__frame_array(parser->frame, property->name))
        return bnsl__xyz_fail(&parser->place, "two properties are the %s", property->name);
    property->values = bnsl__frame_new_array(parser->frame, property->name, property->count);
    return property->values ? BNSL_OK : no_memory(parser);
}

static bnsl_status add_property(struct parser *parser, const char *name, int64_t length, char type, int32_t count)
{
    char clean[BNSL__NAME_SIZE];
    if (parser->n_properties == PROPERTIES_MAX)
        return bnsl__xyz_fail(&parser->place, "there are more than %d properties", PROPERTIES_MAX);
    struct property *property = &parser->properties[parser->n_properties++];
    *property = (struct property){.role = SKIP, .count = count};
    if (!bnsl__clean_name(clean, name, length))
        return bnsl__xyz_fail(&parser->place, "the name of property %d must have 1 .. %d bytes", parser->n_properties, BNSL__NAME_SIZE - 1);
    if (type == 'S') {
        if (count == 1 && strcmp(clean, "species") == 0)
            property->role = SPECIES;
        if (count == 1 && strcmp(clean, "type") == 0)
            property->role = TYPE;
        parser->has_type = parser->has_type || property->role == TYPE;
        return BNSL_OK;
    }
    property->role = type == 'L' ? LOGICAL : VALUES;
    return add_array(parser, property, clean);
}

/* "species:S:1:pos:R:3"; a plain XYZ file has none, and then these. */
static bnsl_status parse_properties(struct parser *parser)
{
    const char *p = parser->comment.properties, *end = p ? p + parser->comment.properties_length : NULL;
    parser->extended = p != NULL;
    if (!p) {
        p = "species:S:1:pos:R:3";
        end = p + strlen(p);
    }
    while (p < end) {
        const char *name = p, *colon = memchr(p, ':', (size_t)(end - p));
        int64_t count = 0, used = 0;
        const bool typed = colon && end - colon > 3 && strchr("SIRL", colon[1]) && colon[1] && colon[2] == ':';
        if (!typed || bnsl_parse_int64(colon + 3, end - colon - 3, &count, &used) != BNSL_OK || count < 1 || count > 1000000)
            return bnsl__xyz_fail(&parser->place, "Properties must be name:type:count:..., type one of S I R L, count >= 1, at \"%.*s\"",
                                  (int)(end - p < 40 ? end - p : 40), p);
        const bnsl_status status = add_property(parser, name, colon - name, colon[1], (int32_t)count);
        if (status)
            return status;
        p = colon + 3 + used;
        if (p < end && *p++ != ':')
            return bnsl__xyz_fail(&parser->place, "Properties must be name:type:count:..., after \"%.*s\"",
                                  (int)(colon - name < 40 ? colon - name : 40), name);
    }
    if (!bnsl__frame_array(parser->frame, "position"))
        return bnsl__xyz_fail(&parser->place, "Properties lack the positions, pos:R:3");
    return BNSL_OK;
}

/* ---- particles -------------------------------------------------------------------------------------------- */

/* Next word of a line; its length, 0 at the end. */
static int64_t next_word(const char **at, const char *end, const char **word)
{
    const char *p = *at;
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
        p++;
    *word = p;
    while (p < end && *p != ' ' && *p != '\t' && *p != '\r')
        p++;
    *at = p;
    return p - *word;
}

static bnsl_status parse_word(struct parser *parser, const struct property *property, int64_t particle, int32_t column, const char *word,
                              int64_t length)
{
    double value;
    bnsl_status status = BNSL_OK;
    switch (property->role) {
    case SKIP: return BNSL_OK;
    case SPECIES:
    case TYPE:
        if ((property->role == SPECIES) == parser->has_type)
            return BNSL_OK; /* a species that a type says better: ASE's dummy element */
        status = bnsl__frame_add_type(parser->frame, word, length, &parser->frame->type_index[particle], parser->place.func);
        return status == BNSL_EINVAL ? bnsl__xyz_fail(&parser->place, "\"%.*s\" cannot be a species: 1 .. %d bytes, at most %d of them",
                                                      (int)(length < 40 ? length : 40), word, BNSL__NAME_SIZE - 1, BNSL__TYPES_MAX)
                                     : status;
    case LOGICAL:
        if (!strchr("TtFf", word[0]))
            return bnsl__xyz_fail(&parser->place, "%s is \"%.*s\", must be T or F", property->name, (int)(length < 40 ? length : 40), word);
        value = word[0] == 'T' || word[0] == 't';
        break;
    default:
        if (bnsl_parse_double(word, length, &value, NULL) != BNSL_OK)
            return bnsl__xyz_fail(&parser->place, "%s is \"%.*s\", must be a number", property->name, (int)(length < 40 ? length : 40), word);
    }
    property->values[particle * property->count + column] = value * property->factor;
    return BNSL_OK;
}

static bnsl_status parse_particle(struct parser *parser, int64_t particle, const char *line, const char *end)
{
    const char *word;
    for (int32_t k = 0; k < parser->n_properties; k++)
        for (int32_t column = 0; column < parser->properties[k].count; column++) {
            const int64_t length = next_word(&line, end, &word);
            if (length == 0)
                return bnsl__xyz_fail(&parser->place, "the line has too few columns");
            const bnsl_status status = parse_word(parser, &parser->properties[k], particle, column, word, length);
            if (status)
                return status;
        }
    if (parser->extended && next_word(&line, end, &word) > 0)
        return bnsl__xyz_fail(&parser->place, "the line has more columns than Properties names");
    return BNSL_OK;
}

static bnsl_status parse_particles(struct parser *parser, const char *text, const char *end)
{
    for (int64_t i = 0; i < parser->frame->n; i++) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *stop = newline ? newline : end;
        const bnsl_status status = parse_particle(parser, i, text, stop);
        if (status)
            return status;
        text = newline ? newline + 1 : end;
        parser->place.line++;
    }
    return BNSL_OK;
}

/* The list types="L,S", which fixes their order, or the one type of a file without species. */
static bnsl_status parse_types(struct parser *parser)
{
    const char *p = parser->comment.types, *end = p ? p + parser->comment.types_length : NULL;
    bnsl_status status = BNSL_OK;
    int32_t index;
    while (!status && p && p < end) {
        const char *comma = memchr(p, ',', (size_t)(end - p));
        status = bnsl__frame_add_type(parser->frame, p, (comma ? comma : end) - p, &index, parser->place.func);
        p = comma ? comma + 1 : end;
    }
    return status == BNSL_EINVAL ? bnsl__xyz_fail(&parser->place, "types must be names of 1 .. %d bytes", BNSL__NAME_SIZE - 1) : status;
}

/* ---- cell -------------------------------------------------------------------------------------------------- */

/* r -> rotation (r - shift), three numbers a particle. */
static void turn(int64_t n, double *values, const double rotation[9], const double shift[3])
{
    for (int64_t i = 0; i < n; i++) {
        double *r = values + 3 * i;
        const double d[3] = {r[0] - shift[0], r[1] - shift[1], r[2] - shift[2]};
        for (int k = 0; k < 3; k++)
            r[k] = rotation[3 * k] * d[0] + rotation[3 * k + 1] * d[1] + rotation[3 * k + 2] * d[2];
    }
}

/* Without a cell: free, centred on the origin, and large enough that no particle lies on a face. */
static void enclosing_box(const bnsl_io_frame *frame, const double *xyz, bnsl_box *box)
{
    double reach[3] = {0.5, 0.5, 0.5};
    for (int64_t i = 0; i < 3 * frame->n; i++)
        reach[i % 3] = fmax(reach[i % 3], fabs(xyz[i]) * (1 + 0x1p-20));
    *box = (bnsl_box){2 * reach[0], 2 * reach[1], 2 * reach[2], 0, 0, 0, 0, 0};
}

/* The cell of the file as a box; an oriented one without any rounding of its lengths. *oriented: the rotation is none. */
static bnsl_status box_of_lattice(const struct parser *parser, bnsl_box *box, double rotation[9], bool *oriented)
{
    const double *v = parser->comment.lattice;
    *oriented = v[1] == 0 && v[2] == 0 && v[5] == 0 && v[0] > 0 && v[4] > 0 && v[8] > 0;
    bnsl_status status;
    if (*oriented)
        status = bnsl_box_init(box, v[0], v[4], v[8], v[3] / v[4], v[6] / v[8], v[7] / v[8]);
    else
        status = bnsl_box_from_vectors(box, v, rotation);
    if (status)
        return bnsl__xyz_fail(&parser->place, "Lattice must be three right-handed vectors with a volume");
    box->periodic = parser->comment.has_pbc ? parser->comment.periodic : BNSL_PERIODIC_XYZ;
    return BNSL_OK;
}

static bnsl_status apply_cell(struct parser *parser)
{
    static const double identity[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1}, nothing[3] = {0, 0, 0};
    bnsl_io_frame *frame = parser->frame;
    double rotation[9], shift[3], *xyz = bnsl__frame_array(frame, "position")->values;
    const struct bnsl__array *velocity = bnsl__frame_array(frame, "velocity");
    const double *v = parser->comment.lattice;
    bool oriented;
    if (!parser->comment.has_lattice) {
        enclosing_box(frame, xyz, &frame->box);
        return bnsl_box_validate(&frame->box) ? bnsl__xyz_fail(&parser->place, "the positions are too far apart") : BNSL_OK;
    }
    const bnsl_status status = box_of_lattice(parser, &frame->box, rotation, &oriented);
    if (status)
        return status;
    for (int k = 0; k < 3; k++) /* exactly zero for an Origin that xyz_write.c wrote */
        shift[k] = (parser->comment.has_origin ? parser->comment.origin[k] : 0) + 0.5 * (v[k] + v[3 + k] + v[6 + k]);
    turn(frame->n, xyz, oriented ? identity : rotation, shift);
    if (velocity && !oriented)
        turn(frame->n, velocity->values, rotation, nothing);
    return BNSL_OK;
}

/* ---- frame --------------------------------------------------------------------------------------------------- */

/* Values with a meaning must have one before they are used. */
static bnsl_status check_values(const struct parser *parser)
{
    const bnsl_io_frame *frame = parser->frame;
    for (int32_t i = 0; i < frame->n_arrays; i++) {
        const struct bnsl__array *array = &frame->arrays[i];
        if (bnsl__frame_check_array(array->name, array->columns, frame->n, array->values, parser->place.func))
            return bnsl__xyz_fail(&parser->place, "the frame has a %s that is not finite or not whole", array->name);
    }
    return BNSL_OK;
}

static bnsl_status parse_frame(struct parser *parser, const struct bnsl__xyz_span *span, const char *text, int64_t length)
{
    const char *end = text + length, *comment = memchr(text, '\n', (size_t)length);
    comment = comment ? comment + 1 : end;
    const char *newline = memchr(comment, '\n', (size_t)(end - comment)), *stop = newline ? newline : end;
    bnsl_io_frame *frame = parser->frame;
    int32_t index;
    frame->n = span->n;
    parser->place.line = span->line + 1;
    bnsl_status status = bnsl__xyz_parse_comment(&parser->place, comment, stop - comment, &parser->comment, frame);
    if (!status)
        status = parse_properties(parser);
    if (!status)
        status = parse_types(parser);
    if (status)
        return status;
    frame->type_index = bnsl__calloc(frame->n, sizeof *frame->type_index);
    if (!frame->type_index)
        return no_memory(parser);
    parser->place.line++;
    status = parse_particles(parser, newline ? newline + 1 : end, end);
    if (!status && frame->n_types == 0)
        status = bnsl__frame_add_type(frame, "A", 1, &index, parser->place.func);
    parser->place.line = span->line + 1;
    if (!status)
        status = check_values(parser);
    return status ? status : apply_cell(parser);
}

bnsl_status bnsl__xyz_read(const struct bnsl__xyz_file *file, int64_t frame, bnsl_io_frame *frame_out, const char *func)
{
    const struct bnsl__xyz_span *span = &file->spans[frame];
    const int64_t length = span->end - span->begin;
    struct parser *parser = bnsl__calloc(1, sizeof *parser);
    char *text = bnsl__alloc(length, 1);
    bnsl_status status;
    if (!parser || !text) {
        status = bnsl__fail(BNSL_ENOMEM, func, "%s: no memory for frame %lld", file->path, (long long)frame);
    } else {
        parser->place = (struct bnsl__xyz_place){.path = file->path, .func = func, .frame = frame};
        parser->frame = frame_out;
        status = bnsl__input_read(&file->in, file->path, span->begin, text, length, func);
        if (!status)
            status = parse_frame(parser, span, text, length);
    }
    free(text);
    free(parser);
    return status;
}
