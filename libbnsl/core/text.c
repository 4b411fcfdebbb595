/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers in text, whatever the host's locale. The syntax is checked here; the digits go to the C library's strtod in a "C" locale
 * object of our own, which rounds correctly.
 */
#define _GNU_SOURCE 1 /* strtod_l */
#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __APPLE__
#include <xlocale.h>
#endif

#include "core_internal.h"

static locale_t c_locale;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_locale(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int64_t skip_digits(const char *t, int64_t i, int64_t length)
{
    while (i < length && is_digit(t[i]))
        i++;
    return i;
}

/* Length of "inf", "infinity" or "nan" at t (any case), else 0. */
static int64_t special_length(const char *t, int64_t length)
{
    static const char *const words[] = { "infinity", "inf", "nan" };
    for (int w = 0; w < 3; w++) {
        int64_t n = (int64_t)strlen(words[w]), i = 0;
        while (i < n && i < length && (t[i] | 0x20) == words[w][i])
            i++;
        if (i == n)
            return n;
    }
    return 0;
}

/* Length of the number at the start of t, 0 when there is none. */
static int64_t number_length(const char *t, int64_t length)
{
    int64_t i = length > 0 && (t[0] == '+' || t[0] == '-') ? 1 : 0;
    int64_t special = special_length(t + i, length - i);
    if (special)
        return i + special;
    int64_t start = i, n_digits;
    i = skip_digits(t, i, length);
    n_digits = i - start;
    if (i < length && t[i] == '.') {
        int64_t fraction = skip_digits(t, i + 1, length);
        n_digits += fraction - i - 1;
        i = fraction;
    }
    if (n_digits == 0)
        return 0;
    if (i < length && strchr("eEdD", t[i]) && t[i]) {
        int64_t e = i + 1;
        if (e < length && (t[e] == '+' || t[e] == '-'))
            e++;
        int64_t end = skip_digits(t, e, length);
        if (end > e)
            i = end;
    }
    return i;
}

/* "text" for messages: at most 40 bytes of it. */
static int shown(int64_t length)
{
    return (int)(length < 40 ? length : 40);
}

static bnsl_status check_used(const char *func, const char *text, int64_t length, int64_t used, const int64_t *used_out)
{
    if (used == 0)
        return bnsl__fail(BNSL_EFORMAT, func, "\"%.*s\" is not a number", shown(length), text);
    if (!used_out && used != length)
        return bnsl__fail(BNSL_EFORMAT, func, "\"%.*s\" is not a number: \"%.*s\" follows it", shown(length), text, shown(length - used),
                          text + used);
    return BNSL_OK;
}

bnsl_status bnsl_parse_double(const char *text, int64_t length, double *value_out, int64_t *used_out)
{
    if (!text || !value_out || length < 0)
        return BNSL_FAIL(BNSL_EINVAL, "%s", !text ? "text is NULL" : !value_out ? "value_out is NULL" : "length is negative");
    int64_t used = number_length(text, length);
    bnsl_status status = check_used(__func__, text, length, used, used_out);
    if (status)
        return status;
    char small[64], *copy = used < (int64_t)sizeof small ? small : bnsl__alloc(used + 1, 1);
    if (!copy)
        return BNSL_NOMEM();
    for (int64_t i = 0; i < used; i++) /* a Fortran exponent letter; "inf" and "nan" hold no d */
        copy[i] = (char)(text[i] == 'd' || text[i] == 'D' ? 'e' : text[i]);
    copy[used] = '\0';
    pthread_once(&once, make_locale);
    double value = c_locale ? strtod_l(copy, NULL, c_locale) : NAN;
    if (copy != small)
        free(copy);
    if (!c_locale)
        return BNSL_NOMEM();
    *value_out = value;
    if (used_out)
        *used_out = used;
    return BNSL_OK;
}

bnsl_status bnsl_parse_int64(const char *text, int64_t length, int64_t *value_out, int64_t *used_out)
{
    if (!text || !value_out || length < 0)
        return BNSL_FAIL(BNSL_EINVAL, "%s", !text ? "text is NULL" : !value_out ? "value_out is NULL" : "length is negative");
    int64_t start = length > 0 && (text[0] == '+' || text[0] == '-') ? 1 : 0;
    int64_t end = skip_digits(text, start, length);
    bnsl_status status = check_used(__func__, text, length, end > start ? end : 0, used_out);
    if (status)
        return status;
    bool negative = text[0] == '-';
    uint64_t magnitude = 0, limit = (uint64_t)INT64_MAX + (negative ? 1u : 0u);
    for (int64_t i = start; i < end; i++) {
        unsigned digit = (unsigned)(text[i] - '0');
        if (magnitude > (limit - digit) / 10)
            return BNSL_FAIL(BNSL_EFORMAT, "\"%.*s\" does not fit in 64 bits", shown(end), text);
        magnitude = 10 * magnitude + digit;
    }
    *value_out = negative ? (int64_t)(~magnitude + 1) : (int64_t)magnitude;
    if (used_out)
        *used_out = end;
    return BNSL_OK;
}

int bnsl__format_double(char *buffer, double value)
{
    if (isnan(value))
        return (int)strlen(strcpy(buffer, "nan"));
    if (isinf(value))
        return (int)strlen(strcpy(buffer, value > 0 ? "inf" : "-inf"));
    int n = 0;
    for (int digits = 15; digits <= 17; digits++) {
        double back;
        n = snprintf(buffer, 32, "%.*g", digits, value);
        /* The host's locale may have put something else than a point between the digits. */
        int out = 0;
        bool in_point = false;
        for (int i = 0; i < n; i++) {
            bool plain = is_digit(buffer[i]) || buffer[i] == '-' || buffer[i] == '+' || buffer[i] == 'e';
            if (plain || !in_point)
                buffer[out++] = plain ? buffer[i] : '.';
            in_point = !plain;
        }
        buffer[out] = '\0';
        n = out;
        if (bnsl_parse_double(buffer, n, &back, NULL) == BNSL_OK && back == value)
            break;
    }
    return n;
}

bool bnsl__all_finite(int64_t n, const double *values, int64_t *where)
{
    for (int64_t i = 0; i < n; i++)
        if (!isfinite(values[i])) {
            if (where)
                *where = i;
            return false;
        }
    return true;
}
