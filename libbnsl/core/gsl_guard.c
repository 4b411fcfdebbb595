/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GSL's default error handler aborts the process. The guard, installed at the first use, swallows errors of calls made
 * between enter and leave and hands all others to the handler that was there before (or does what GSL's default does).
 * It only stops the abort: every caller also checks GSL's return codes, because a host may install its own handler later.
 */
#include <pthread.h>
#include <stdlib.h>

#include <gsl/gsl_errno.h>

#include "core_internal.h"

static _Thread_local int guard_depth;
static _Thread_local int guard_error;
static gsl_error_handler_t *previous;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void handler(const char *reason, const char *file, int line, int gsl_errno)
{
    if (guard_depth > 0) {
        guard_error = gsl_errno;
        return;
    }
    if (previous) {
        previous(reason, file, line, gsl_errno);
        return;
    }
    gsl_stream_printf("ERROR", file, line, reason);
    abort();
}

static void install(void)
{
    previous = gsl_set_error_handler(handler);
}

void bnsl__gsl_enter(void)
{
    pthread_once(&once, install);
    if (guard_depth++ == 0)
        guard_error = 0;
}

int bnsl__gsl_leave(void)
{
    guard_depth--;
    return guard_error;
}
