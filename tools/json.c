/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON in memory: one growing text, a stack of open objects and arrays, two blanks of indentation a level. */
#include "json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "output.h"

/* ---- text ---------------------------------------------------------------------------------------------- */

static void append(json *j, const char *text, size_t length)
{
    if (j->failed)
        return;
    if (j->length + length + 1 > j->capacity) {
        size_t capacity = 2 * (j->length + length + 1) + 1024;
        char *grown = realloc(j->text, capacity);
        if (!grown) {
            j->failed = true;
            return;
        }
        j->text = grown;
        j->capacity = capacity;
    }
    memcpy(j->text + j->length, text, length);
    j->length += length;
    j->text[j->length] = '\0';
}

static void append_text(json *j, const char *text)
{
    append(j, text, strlen(text));
}

static void append_double(json *j, double value)
{
    char text[40] = "null";
    for (int digits = 15; isfinite(value) && digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    append_text(j, text);
}

/* Bytes of the UTF-8 character at s (Unicode 15, table 3-7); 0: there is none. */
static size_t utf8_length(const unsigned char *s)
{
    if (s[0] < 0x80)
        return 1;
    size_t n = s[0] >= 0xC2 && s[0] <= 0xDF ? 2 : s[0] >= 0xE0 && s[0] <= 0xEF ? 3 : s[0] >= 0xF0 && s[0] <= 0xF4 ? 4 : 0;
    for (size_t i = 1; i < n; i++)
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xF0 && s[1] < 0x90);
    bool no_character = (s[0] == 0xED && s[1] > 0x9F) || (s[0] == 0xF4 && s[1] > 0x8F); /* surrogates; beyond U+10FFFF */
    return overlong || no_character ? 0 : n;
}

static void append_quoted(json *j, const char *value)
{
    append_text(j, "\"");
    for (const unsigned char *s = (const unsigned char *)value; *s;) {
        size_t n = utf8_length(s);
        char escape[8];
        if (n == 0) {
            append_text(j, "\xEF\xBF\xBD");
            n = 1;
        } else if (*s == '"' || *s == '\\') {
            append(j, (char[2]){'\\', (char)*s}, 2);
        } else if (*s < 0x20 || *s == 0x7F) {
            snprintf(escape, sizeof escape, "\\u%04x", (unsigned)*s);
            append_text(j, escape);
        } else {
            append(j, (const char *)s, n);
        }
        s += n;
    }
    append_text(j, "\"");
}

/* ---- structure ----------------------------------------------------------------------------------------- */

static void break_line(json *j)
{
    append_text(j, "\n");
    for (int32_t i = 0; i < j->depth; i++)
        append_text(j, "  ");
}

/* What comes before a value: comma, line break, key. False: nothing is to be written. */
static bool start_value(json *j, const char *key)
{
    if (!j->wanted || j->failed)
        return false;
    bool top = j->depth == 0;
    bool in_object = !top && j->closer[j->depth - 1] == '}';
    if (in_object != (key != NULL) || (top && j->length > 0)) {
        j->failed = true;
        return false;
    }
    if (!top) {
        if (!j->empty[j->depth - 1])
            append_text(j, ",");
        j->empty[j->depth - 1] = false;
        break_line(j);
    }
    if (key) {
        append_quoted(j, key);
        append_text(j, ": ");
    }
    return !j->failed;
}

static void begin(json *j, const char *key, const char *opener, char closer)
{
    if (!start_value(j, key))
        return;
    if (j->depth == JSON_DEPTH_MAX) {
        j->failed = true;
        return;
    }
    append_text(j, opener);
    j->closer[j->depth] = closer;
    j->empty[j->depth] = true;
    j->depth++;
}

static void end(json *j, char closer)
{
    if (!j->wanted || j->failed)
        return;
    if (j->depth == 0 || j->closer[j->depth - 1] != closer) {
        j->failed = true;
        return;
    }
    j->depth--;
    if (!j->empty[j->depth])
        break_line(j);
    append(j, &closer, 1);
}

void json_init(json *j, bool wanted)
{
    *j = (json){.wanted = wanted};
}

void json_object_begin(json *j, const char *key)
{
    begin(j, key, "{", '}');
}

void json_object_end(json *j)
{
    end(j, '}');
}

void json_array_begin(json *j, const char *key)
{
    begin(j, key, "[", ']');
}

void json_array_end(json *j)
{
    end(j, ']');
}

/* ---- values -------------------------------------------------------------------------------------------- */

void json_double(json *j, const char *key, double value)
{
    if (start_value(j, key))
        append_double(j, value);
}

void json_with_error(json *j, const char *key, double value, double err)
{
    char name[64];
    snprintf(name, sizeof name, "%s_err", key);
    json_double(j, key, value);
    json_double(j, name, err);
}

void json_int(json *j, const char *key, int64_t value)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRId64, value);
    if (start_value(j, key))
        append_text(j, text);
}

void json_uint(json *j, const char *key, uint64_t value)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRIu64, value);
    if (start_value(j, key))
        append_text(j, text);
}

void json_bool(json *j, const char *key, bool value)
{
    if (start_value(j, key))
        append_text(j, value ? "true" : "false");
}

void json_null(json *j, const char *key)
{
    if (start_value(j, key))
        append_text(j, "null");
}

void json_string(json *j, const char *key, const char *value)
{
    if (!start_value(j, key))
        return;
    if (value)
        append_quoted(j, value);
    else
        append_text(j, "null");
}

void json_doubles(json *j, const char *key, int64_t n, const double *values)
{
    if (!start_value(j, key))
        return;
    append_text(j, "[");
    for (int64_t i = 0; i < n; i++) {
        if (i > 0)
            append_text(j, ", ");
        append_double(j, values[i]);
    }
    append_text(j, "]");
}

void json_ints(json *j, const char *key, int64_t n, const int64_t *values)
{
    if (!start_value(j, key))
        return;
    append_text(j, "[");
    for (int64_t i = 0; i < n; i++) {
        char text[32];
        snprintf(text, sizeof text, "%s%" PRId64, i > 0 ? ", " : "", values[i]);
        append_text(j, text);
    }
    append_text(j, "]");
}

/* ---- where it goes ------------------------------------------------------------------------------------- */

/* Whether the text is a complete value. */
static bool is_complete(const json *j)
{
    return !j->failed && j->depth == 0 && j->length > 0;
}

int json_print(json *j)
{
    int status = CLI_DONE;
    if (j->wanted && !is_complete(j))
        status = cli_fail("the JSON output could not be made (out of memory, or wrongly nested)");
    else if (j->wanted && (fwrite(j->text, 1, j->length, stdout) != j->length || putchar('\n') == EOF || fflush(stdout) != 0))
        status = cli_fail("cannot write to standard output");
    json_free(j);
    return status;
}

int json_write(json *j, const char *path, bool force)
{
    if (!j->wanted || !is_complete(j))
        return cli_fail("%s: the JSON text could not be made (out of memory, or wrongly nested)", path);
    output_file o;
    FILE *f = output_open(&o, path, force);
    if (!f)
        return CLI_FAILED;
    fwrite(j->text, 1, j->length, f);
    putc('\n', f);
    return output_commit(&o);
}

void json_free(json *j)
{
    free(j->text);
    *j = (json){.wanted = j->wanted};
}
