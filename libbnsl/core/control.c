/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Progress and cancellation of long calls; a monotonic clock. */
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "core_internal.h"

static const double PROGRESS_INTERVAL = 0.1; /* seconds between two callbacks */

struct bnsl_control {
    atomic_int cancelled;
    bnsl_progress_fn progress;
    void *user;
    double last_call;
};

double bnsl__now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

bnsl_status bnsl_control_create(bnsl_control **out)
{
    if (!out)
        return BNSL_FAIL(BNSL_EINVAL, "out is NULL");
    *out = NULL;
    bnsl_control *control = bnsl__calloc(1, sizeof *control);
    if (!control)
        return BNSL_NOMEM();
    atomic_init(&control->cancelled, 0);
    *out = control;
    return BNSL_OK;
}

void bnsl_control_destroy(bnsl_control *control)
{
    free(control);
}

bnsl_status bnsl_control_set_progress(bnsl_control *control, bnsl_progress_fn fn, void *user)
{
    if (!control)
        return BNSL_FAIL(BNSL_EINVAL, "control is NULL");
    control->progress = fn;
    control->user = user;
    control->last_call = 0;
    return BNSL_OK;
}

void bnsl_control_cancel(bnsl_control *control)
{
    if (control)
        atomic_store_explicit(&control->cancelled, 1, memory_order_relaxed);
}

void bnsl_control_reset(bnsl_control *control)
{
    if (control)
        atomic_store_explicit(&control->cancelled, 0, memory_order_relaxed);
}

int32_t bnsl_control_is_cancelled(const bnsl_control *control)
{
    return control ? atomic_load_explicit(&control->cancelled, memory_order_relaxed) : 0;
}

bool bnsl__control_due(const bnsl_control *control, int64_t done, int64_t total)
{
    if (!control)
        return false;
    if (bnsl_control_is_cancelled(control))
        return true;
    return control->progress && (done == total || bnsl__now() - control->last_call >= PROGRESS_INTERVAL);
}

bool bnsl__control_ask(bnsl_control *control, int64_t done, int64_t total)
{
    if (bnsl_control_is_cancelled(control))
        return true;
    control->last_call = bnsl__now();
    return control->progress && control->progress(control->user, done, total) != 0;
}

bool bnsl__control_stop(bnsl_control *control, int64_t done, int64_t total)
{
    return bnsl__control_due(control, done, total) && bnsl__control_ask(control, done, total);
}
