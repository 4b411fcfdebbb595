/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A growing string of bytes, and numbers written into it; amortised O(1) a byte. */
#include <inttypes.h>
#include <stdio.h>

#include "io_internal.h"

char *bnsl__text_extend(struct bnsl__text *text, int64_t n)
{
    void *data = text->data;
    if (n < 0 || n > INT64_MAX - text->length || !bnsl__reserve(&data, &text->capacity, text->length + n, 1))
        return NULL;
    text->data = data;
    char *added = text->data + text->length;
    text->length += n;
    return added;
}

bool bnsl__text_add(struct bnsl__text *text, const void *bytes, int64_t n)
{
    char *added = n > 0 ? bnsl__text_extend(text, n) : NULL;
    if (added)
        memcpy(added, bytes, (size_t)n);
    return added || n == 0;
}

bool bnsl__text_string(struct bnsl__text *text, const char *string)
{
    return bnsl__text_add(text, string, (int64_t)strlen(string));
}

bool bnsl__text_double(struct bnsl__text *text, double value)
{
    char buffer[32];
    return bnsl__text_add(text, buffer, bnsl__format_double(buffer, value));
}

bool bnsl__text_int64(struct bnsl__text *text, int64_t value)
{
    char buffer[24];
    return bnsl__text_add(text, buffer, snprintf(buffer, sizeof buffer, "%" PRId64, value));
}
