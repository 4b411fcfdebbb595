/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Allocation failures on demand, by the linker's --wrap; see bnsl_test.h. Without --wrap the wrappers are unused. */
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "bnsl_test.h"

static atomic_long remaining = -1;
static atomic_int fired;

void oom_arm(long k)
{
    fired = 0;
    remaining = k;
}

void oom_disarm(void)
{
    remaining = -1;
}

bool oom_fired(void)
{
    return fired != 0;
}

static bool fails(void)
{
    if (remaining < 0)
        return false;
    if (remaining > 0) {
        remaining--;
        return false;
    }
    fired = 1;
    return true;
}

long oom_until_success(bnsl_status (*run)(void *user), void *user)
{
    for (long k = 0; k < 100000; k++) {
        oom_arm(k);
        const bnsl_status status = run(user);
        oom_disarm();
        if (!oom_fired()) {
            assert_ok(status);
            return k;
        }
        assert_status(status, BNSL_ENOMEM);
    }
    fail_msg("the run never came to its end");
    return -1;
}

void *__real_malloc(size_t size) __attribute__((weak));
void *__real_calloc(size_t n, size_t size) __attribute__((weak));
void *__real_realloc(void *p, size_t size) __attribute__((weak));
void *__real_aligned_alloc(size_t alignment, size_t size) __attribute__((weak));
void *__wrap_aligned_alloc(size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
    return fails() ? NULL : __real_realloc(p, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : __real_aligned_alloc(alignment, size);
}
