/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Status codes and the thread-local message of the last failure. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core_internal.h"

static _Thread_local char last_message[512];

bnsl_status bnsl__fail(bnsl_status status, const char *func, const char *fmt, ...)
{
    int used = snprintf(last_message, sizeof last_message, "%s: ", func);
    if (used > 0 && (size_t)used < sizeof last_message) {
        va_list args;
        va_start(args, fmt);
        vsnprintf(last_message + used, sizeof last_message - (size_t)used, fmt, args);
        va_end(args);
    }
    /* File names and texts of the caller may hold anything; the message stays one line. */
    for (char *p = last_message; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = '?';
    return status;
}

const char *bnsl_error_message(void)
{
    return last_message;
}

const char *bnsl_status_name(bnsl_status status)
{
    switch (status) {
#define CASE(name, number, text) \
    case name: return #name;
        BNSL_STATUS_LIST(CASE)
#undef CASE
    default: return "unknown status";
    }
}

const char *bnsl_status_text(bnsl_status status)
{
    switch (status) {
#define CASE(name, number, text) \
    case name: return text;
        BNSL_STATUS_LIST(CASE)
#undef CASE
    default: return "unknown status";
    }
}
