/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What every user of FFTW in this library shares [Frigo and Johnson, Proc. IEEE 93, 216 (2005)].
 * FFTW's planner keeps a state of its own that only one thread may use at a time (plans may be executed by any). The lock serves this
 * library's calls; a host that plans on other threads at the same moment calls fftw_make_planner_thread_safe.
 * Plans are estimated, so that a plan depends on the length alone, and scalar: vector code would add in another order on another processor.
 */
#include <pthread.h>

#include <fftw3.h>

#include "core_internal.h"

static pthread_mutex_t planner = PTHREAD_MUTEX_INITIALIZER;

void bnsl__fftw_lock(void)
{
    pthread_mutex_lock(&planner);
}

void bnsl__fftw_unlock(void)
{
    pthread_mutex_unlock(&planner);
}

unsigned bnsl__fftw_flags(void)
{
#ifdef FFTW_NO_SIMD
    return FFTW_ESTIMATE | FFTW_NO_SIMD;
#else
    return FFTW_ESTIMATE;
#endif
}
