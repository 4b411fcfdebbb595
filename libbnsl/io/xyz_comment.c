/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The second line of an extended XYZ frame: key=value pairs, values plain, quoted, or in brackets. Lattice, Origin, pbc, Properties
 * and types are kept, a key step (timestep) is the frame's, other keys with one number are numbers of the frame, the rest is left
 * aside. O(length).
 */
#include "io_internal.h"

/* One pair; the value without its quotes. A word without "=" has no value: a plain XYZ file may have prose here. */
struct pair {
    const char *key, *value; /* value NULL: a word */
    int64_t key_length, value_length;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == ',';
}

/* End of the value that begins at i: a quoted one with its quotes, one in brackets with them, or up to the next blank. */
static int64_t value_end(const char *line, int64_t length, int64_t i)
{
    if (i < length && (line[i] == '"' || line[i] == '\'')) {
        const char quote = line[i++];
        while (i < length && line[i] != quote)
            i += line[i] == '\\' && i + 1 < length ? 2 : 1;
        return i < length ? i + 1 : length;
    }
    int depth = 0;
    for (; i < length; i++) {
        if (line[i] == '[' || line[i] == '{')
            depth++;
        else if (line[i] == ']' || line[i] == '}')
            depth--;
        else if (depth <= 0 && (line[i] == ' ' || line[i] == '\t' || line[i] == '\r'))
            break;
    }
    return i;
}

/* The pair at *at, which moves behind it; false: no more. */
static bool next_pair(const char *line, int64_t length, int64_t *at, struct pair *pair)
{
    int64_t i = *at;
    while (i < length && is_blank(line[i]))
        i++;
    if (i == length)
        return false;
    pair->key = line + i;
    while (i < length && line[i] != '=' && !is_blank(line[i]))
        i++;
    pair->key_length = line + i - pair->key;
    pair->value = NULL;
    pair->value_length = 0;
    if (i < length && line[i] == '=') {
        const int64_t end = value_end(line, length, i + 1);
        pair->value = line + i + 1;
        pair->value_length = end - i - 1;
        i = end;
        const char open = pair->value_length > 1 ? pair->value[0] : '\0';
        if ((open == '"' || open == '\'') && pair->value[pair->value_length - 1] == open) {
            pair->value++;
            pair->value_length -= 2;
        }
    }
    *at = i;
    return true;
}

/* a == b whatever the case of ASCII letters; b is in lower case. */
static bool is_key(const struct pair *pair, const char *key)
{
    if (pair->key_length != (int64_t)strlen(key))
        return false;
    for (int64_t i = 0; i < pair->key_length; i++) {
        const char c = pair->key[i];
        if ((char)(c >= 'A' && c <= 'Z' ? c + 32 : c) != key[i])
            return false;
    }
    return true;
}

/* Exactly n numbers, separated by blanks, commas or brackets. */
static bool parse_numbers(const struct pair *pair, int n, double *out)
{
    int64_t i = 0;
    for (int k = 0; k <= n; k++) {
        while (i < pair->value_length && memchr(" \t,[]{}", pair->value[i], 7))
            i++;
        if (i == pair->value_length || k == n)
            return k == n && i == pair->value_length;
        int64_t used;
        double value;
        if (bnsl_parse_double(pair->value + i, pair->value_length - i, &value, &used) != BNSL_OK)
            return false;
        if (!bnsl__all_finite(1, &value, NULL))
            return false;
        out[k] = value;
        i += used;
    }
    return false;
}

/* Three of T, F, true, false, 1, 0: the bits of bnsl_box.periodic. */
static bool parse_pbc(const struct pair *pair, int32_t *periodic)
{
    int n = 0;
    int32_t bits = 0;
    for (int64_t i = 0; i < pair->value_length;) {
        if (memchr(" \t,[]{}", pair->value[i], 7)) {
            i++;
            continue;
        }
        const char c = pair->value[i];
        if (n == 3 || !memchr("TtFf10", c, 6))
            return false;
        if (c == 'T' || c == 't' || c == '1')
            bits |= (int32_t)1 << n;
        n++;
        while (i < pair->value_length && ((pair->value[i] | 0x20) >= 'a' || pair->value[i] == '1' || pair->value[i] == '0'))
            i++;
    }
    *periodic = bits;
    return n == 3;
}

/* A key that is not the format's own: a number of the frame, or nothing to us. */
static bnsl_status keep_number(const struct bnsl__xyz_place *place, const struct pair *pair, bnsl_io_frame *frame)
{
    char name[BNSL__NAME_SIZE];
    double value;
    if (pair->value_length == 0 || bnsl_parse_double(pair->value, pair->value_length, &value, NULL) != BNSL_OK)
        return BNSL_OK;
    if (!bnsl__clean_name(name, pair->key, pair->key_length))
        return BNSL_OK;
    return bnsl__frame_set_scalar(frame, name, value) ? BNSL_OK : bnsl__fail(BNSL_ENOMEM, place->func, "%s: out of memory", place->path);
}

static bnsl_status parse_pair(const struct bnsl__xyz_place *place, const struct pair *pair, struct bnsl__xyz_comment *comment, bnsl_io_frame *frame)
{
    const int shown = (int)(pair->value_length < 80 ? pair->value_length : 80);
    if (!pair->value)
        return BNSL_OK;
    if (is_key(pair, "lattice")) {
        comment->has_lattice = true;
        if (!parse_numbers(pair, 9, comment->lattice))
            return bnsl__xyz_fail(place, "Lattice=\"%.*s\" must be 9 finite numbers", shown, pair->value);
    } else if (is_key(pair, "origin")) {
        comment->has_origin = true;
        if (!parse_numbers(pair, 3, comment->origin))
            return bnsl__xyz_fail(place, "Origin=\"%.*s\" must be 3 finite numbers", shown, pair->value);
    } else if (is_key(pair, "pbc")) {
        comment->has_pbc = true;
        if (!parse_pbc(pair, &comment->periodic))
            return bnsl__xyz_fail(place, "pbc=\"%.*s\" must be three of T and F", shown, pair->value);
    } else if (is_key(pair, "step") || is_key(pair, "timestep")) {
        if (bnsl_parse_int64(pair->value, pair->value_length, &frame->step, NULL) != BNSL_OK || frame->step < 0)
            return bnsl__xyz_fail(place, "step=%.*s must be a whole number >= 0", shown, pair->value);
    } else if (is_key(pair, "properties")) {
        comment->properties = pair->value;
        comment->properties_length = pair->value_length;
    } else if (is_key(pair, "types")) {
        comment->types = pair->value;
        comment->types_length = pair->value_length;
    } else {
        return keep_number(place, pair, frame);
    }
    return BNSL_OK;
}

bnsl_status bnsl__xyz_parse_comment(const struct bnsl__xyz_place *place, const char *line, int64_t length, struct bnsl__xyz_comment *comment,
                                    bnsl_io_frame *frame)
{
    struct pair pair;
    int64_t at = 0;
    *comment = (struct bnsl__xyz_comment){0};
    while (next_pair(line, length, &at, &pair)) {
        const bnsl_status status = parse_pair(place, &pair, comment, frame);
        if (status)
            return status;
    }
    return BNSL_OK;
}

bool bnsl__xyz_is_reserved(const char *name)
{
    static const char *const reserved[] = {"lattice", "origin", "pbc",  "properties", "step",   "timestep", "types", "species",
                                           "type",    "pos",    "velo", "vel",        "masses", "radius"};
    const struct pair pair = {.key = name, .key_length = (int64_t)strlen(name)};
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
        if (is_key(&pair, reserved[i]))
            return true;
    return false;
}
