/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writer of one JSON value (RFC 8259), kept in memory until json_print: a command that fails prints nothing.
 *
 * json_init(&j, common.json) makes a writer that, when not wanted, ignores every call, so that a command need not ask.
 * key: the member's name inside an object, NULL inside an array and at the top. Commas and line breaks come by themselves.
 * Doubles are written as the shortest text that reads back the same bits; NaN and infinities as null.
 *
 *     json_init(&j, common.json);
 *     json_object_begin(&j, NULL);
 *     json_string(&j, "structure", "AlB2");
 *     json_double(&j, "a", a);
 *     json_array_begin(&j, "reflections");
 *     for (...) { json_object_begin(&j, NULL); ... json_object_end(&j); }
 *     json_array_end(&j);
 *     json_object_end(&j);
 *     return json_print(&j);
 */
#ifndef BNSL_TOOLS_JSON_H
#define BNSL_TOOLS_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JSON_DEPTH_MAX = 32 };

typedef struct json {
    bool wanted;
    bool failed; /* no memory, or wrongly nested: json_print says so */
    char *text;
    size_t length, capacity;
    int32_t depth;
    char closer[JSON_DEPTH_MAX]; /* '}' or ']' of each open level */
    bool empty[JSON_DEPTH_MAX];  /* nothing written yet in that level */
} json;

void json_init(json *j, bool wanted);

void json_object_begin(json *j, const char *key);
void json_object_end(json *j);
void json_array_begin(json *j, const char *key);
void json_array_end(json *j);

void json_double(json *j, const char *key, double value);
void json_with_error(json *j, const char *key, double value, double err); /* key and key_err; key of at most 59 bytes */
void json_int(json *j, const char *key, int64_t value);
void json_uint(json *j, const char *key, uint64_t value);
void json_bool(json *j, const char *key, bool value);
void json_null(json *j, const char *key);

/* UTF-8 text; NULL is written as null, bytes that are not UTF-8 as U+FFFD. */
void json_string(json *j, const char *key, const char *value);

/* Arrays of n numbers, on one line. */
void json_doubles(json *j, const char *key, int64_t n, const double *values);
void json_ints(json *j, const char *key, int64_t n, const int64_t *values);

/* Everything to stdout, then frees. CLI_DONE, also when not wanted; CLI_FAILED, said: the writer failed or stdout is full. */
int json_print(json *j);

/* Everything to a file (a summary.json), through output.h: temporary name, renamed when complete. Does not free.
 * CLI_DONE or CLI_FAILED (said); a writer that is not wanted is an error here. */
int json_write(json *j, const char *path, bool force);

/* Frees; for failure paths. */
void json_free(json *j);

#endif
