/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scattering curves in canSAS1D XML 1.0 and 1.1 [cansas-org.github.io/1dwg], by expat. Each SASdata is a curve; of all elements only those that
 * make it up are looked at. Refused: documents that declare entities (which could be made to expand without end), nesting deeper than
 * MAX_DEPTH, files above MAX_SIZE. O(size).
 */
#include <math.h>
#include <stdlib.h>

#include "curve_internal.h"

#ifdef HAVE_EXPAT
#include <expat.h>

enum { MAX_DEPTH = 100, TEXT_SIZE = 256, MAX_SIZE = 1 << 28 };

/* Elements of a point, in the order of the columns. */
static const char *const quantities[BNSL__CURVE_COLUMNS] = {"Q", "I", "Idev", "Qdev"};

/* The state of a document. */
struct reading {
    XML_Parser parser;
    struct bnsl__raw_curves *raw;
    const char *path, *func;
    bnsl_status status;
    int depth, entry_depth, data_depth, point_depth; /* of the open SASentry, SASdata, Idata; 0: none is open */
    int capture;                                     /* depth of the element whose text is collected; 0: none */
    char text[TEXT_SIZE];
    int text_length;
    char title[BNSL__CURVE_NAME];
    double point[BNSL__CURVE_COLUMNS];
    bool given[BNSL__CURVE_COLUMNS];
    char unit[TEXT_SIZE]; /* of Q, in the file's words */
};

static void stop(struct reading *r, bnsl_status status, const char *what, const char *detail)
{
    if (r->status)
        return;
    r->status = bnsl__fail(status, r->func, "%s: line %lu: %s%.80s", r->path, (unsigned long)XML_GetCurrentLineNumber(r->parser), what, detail);
    XML_StopParser(r->parser, XML_FALSE);
}

static const char *local_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static const char *attribute(const char **attributes, const char *name)
{
    for (; attributes[0]; attributes += 2)
        if (strcmp(local_name(attributes[0]), name) == 0)
            return attributes[1];
    return NULL;
}

static void copy_text(char *to, size_t size, const char *from)
{
    size_t n = 0;
    while (*from == ' ' || *from == '\n' || *from == '\r' || *from == '\t')
        from++;
    for (; *from && n + 1 < size; from++)
        to[n++] = *from == '\n' || *from == '\r' || *from == '\t' ? ' ' : *from;
    while (n > 0 && to[n - 1] == ' ')
        n--;
    to[n] = '\0';
}

/* The unit of a quantity: all Q agree, and Qdev with them. */
static void check_unit(struct reading *r, int quantity, const char *unit)
{
    if ((quantity != 0 && quantity != 3) || !unit)
        return;
    struct bnsl__raw_curve *curve = &r->raw->curves[r->raw->n - 1];
    const int32_t stated = bnsl__stated_unit(unit);
    if (quantity == 0 && curve->n == 0) {
        curve->unit = stated;
        copy_text(r->unit, sizeof r->unit, unit);
    } else if (stated != curve->unit) {
        stop(r, BNSL_EFORMAT, "the unit changes to ", unit);
    }
}

static void begin_point(struct reading *r, int quantity, const char **attributes)
{
    if (r->given[quantity])
        stop(r, BNSL_EFORMAT, "a point has two values of ", quantities[quantity]);
    check_unit(r, quantity, attribute(attributes, "unit"));
    r->capture = r->depth;
    r->text_length = 0;
}

static void XMLCALL on_start(void *user, const char *full_name, const char **attributes)
{
    struct reading *r = user;
    const char *name = local_name(full_name), *entry_name;
    if (++r->depth > MAX_DEPTH)
        stop(r, BNSL_EFORMAT, "elements are nested too deeply", "");
    if (r->capture) {
        stop(r, BNSL_EFORMAT, "an element inside of a value: ", name);
    } else if (r->depth == 1 && strcmp(name, "SASroot") != 0) {
        stop(r, BNSL_EFORMAT, "this is no canSAS1D file, its root is ", name);
    } else if (strcmp(name, "SASentry") == 0 && !r->entry_depth) {
        r->entry_depth = r->depth;
        entry_name = attribute(attributes, "name");
        copy_text(r->title, sizeof r->title, entry_name ? entry_name : "");
    } else if (r->entry_depth && r->depth == r->entry_depth + 1 && strcmp(name, "Title") == 0) {
        r->capture = r->depth;
        r->text_length = 0;
    } else if (strcmp(name, "SASdata") == 0 && r->entry_depth && !r->data_depth) {
        struct bnsl__raw_curve *curve = bnsl__raw_curves_add(r->raw);
        if (!curve) {
            stop(r, BNSL_ENOMEM, "out of memory", "");
            return;
        }
        r->data_depth = r->depth;
        memcpy(curve->name, r->title, sizeof curve->name);
    } else if (strcmp(name, "Idata") == 0 && r->data_depth && !r->point_depth) {
        r->point_depth = r->depth;
        memset(r->given, 0, sizeof r->given);
    } else if (r->point_depth && r->depth == r->point_depth + 1) {
        for (int k = 0; k < BNSL__CURVE_COLUMNS; k++)
            if (strcmp(name, quantities[k]) == 0)
                begin_point(r, k, attributes);
    }
}

static void XMLCALL on_text(void *user, const char *text, int length)
{
    struct reading *r = user;
    if (!r->capture)
        return;
    for (int i = 0; i < length && r->text_length + 1 < TEXT_SIZE; i++)
        r->text[r->text_length++] = text[i];
    r->text[r->text_length] = '\0';
}

static void end_value(struct reading *r, const char *name)
{
    char trimmed[TEXT_SIZE];
    r->text[r->text_length] = '\0';
    copy_text(trimmed, sizeof trimmed, r->text);
    r->capture = 0;
    if (!r->point_depth) {
        if (trimmed[0])
            copy_text(r->title, sizeof r->title, trimmed);
        return;
    }
    for (int k = 0; k < BNSL__CURVE_COLUMNS; k++)
        if (strcmp(name, quantities[k]) == 0) {
            if (bnsl_parse_double(trimmed, (int64_t)strlen(trimmed), &r->point[k], NULL) != BNSL_OK)
                stop(r, BNSL_EFORMAT, "this is no number: ", trimmed);
            else if (isinf(r->point[k]))
                stop(r, BNSL_EFORMAT, "a value must be finite: ", trimmed);
            r->given[k] = true;
        }
}

static void end_point(struct reading *r)
{
    struct bnsl__raw_curve *curve = &r->raw->curves[r->raw->n - 1];
    r->point_depth = 0;
    if (!r->given[0] || !r->given[1]) {
        stop(r, BNSL_EFORMAT, "a point has no ", quantities[r->given[0]]);
        return;
    }
    for (int k = 0; k < BNSL__CURVE_COLUMNS; k++) {
        if (curve->n == 0)
            curve->has[k] = r->given[k];
        if (curve->has[k] != r->given[k])
            stop(r, BNSL_EFORMAT, "some points have, and others do not: ", quantities[k]);
    }
    if (!r->status && !bnsl__raw_curve_add(curve, r->point))
        stop(r, BNSL_ENOMEM, "out of memory", "");
}

static void XMLCALL on_end(void *user, const char *full_name)
{
    struct reading *r = user;
    if (r->capture == r->depth)
        end_value(r, local_name(full_name));
    else if (r->point_depth == r->depth)
        end_point(r);
    else if (r->data_depth == r->depth)
        r->data_depth = 0;
    else if (r->entry_depth == r->depth)
        r->entry_depth = 0;
    r->depth--;
}

static void XMLCALL on_entity(void *user, const XML_Char *name, int is_parameter, const XML_Char *value, int length, const XML_Char *base,
                              const XML_Char *system, const XML_Char *public_id, const XML_Char *notation)
{
    (void)is_parameter, (void)value, (void)length, (void)base, (void)system, (void)public_id, (void)notation;
    stop(user, BNSL_EFORMAT, "entities are not allowed: ", name);
}

static void *parser_malloc(size_t size)
{
    return bnsl__alloc(1, size);
}

static void *parser_realloc(void *p, size_t size)
{
    return realloc(p, size);
}

bnsl_status bnsl__curves_from_xml(struct bnsl__raw_curves *raw, const char *path, const char *text, int64_t length, const char *func)
{
    static const XML_Memory_Handling_Suite memory = {parser_malloc, parser_realloc, free};
    struct reading r = {.raw = raw, .path = path, .func = func};
    if (length > MAX_SIZE)
        return bnsl__fail(BNSL_EFORMAT, func, "%s has %lld bytes, XML files of at most %d are read", path, (long long)length, (int)MAX_SIZE);
    r.parser = XML_ParserCreate_MM(NULL, &memory, NULL);
    if (!r.parser)
        return bnsl__fail(BNSL_ENOMEM, func, "%s: out of memory", path);
    XML_SetUserData(r.parser, &r);
    XML_SetElementHandler(r.parser, on_start, on_end);
    XML_SetCharacterDataHandler(r.parser, on_text);
    XML_SetEntityDeclHandler(r.parser, on_entity);
    XML_SetHashSalt(r.parser, 0x626E736Cu); /* fixed, so that expat asks the system for no randomness; few names are hashed */
    if (XML_Parse(r.parser, text, (int)length, 1) != XML_STATUS_OK && !r.status) {
        const enum XML_Error code = XML_GetErrorCode(r.parser);
        if (code == XML_ERROR_NO_MEMORY)
            stop(&r, BNSL_ENOMEM, "out of memory", "");
        else
            stop(&r, BNSL_EFORMAT, "this is no well-formed XML: ", XML_ErrorString(code));
    }
    XML_ParserFree(r.parser);
    if (!r.status && raw->n == 0)
        r.status = bnsl__fail(BNSL_EFORMAT, func, "%s holds no SASdata", path);
    return r.status;
}

#else

bnsl_status bnsl__curves_from_xml(struct bnsl__raw_curves *raw, const char *path, const char *text, int64_t length, const char *func)
{
    (void)raw, (void)text, (void)length;
    return bnsl__fail(BNSL_EUNSUPPORTED, func, "%s is XML, and this library was built without expat (Debian: apt install libexpat1-dev)", path);
}

#endif
