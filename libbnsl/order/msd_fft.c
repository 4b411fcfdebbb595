/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fourier transforms of real series by FFTW [Frigo and Johnson, Proc. IEEE 93, 216 (2005)]. Plans are estimated, so that a plan depends
 * on the length alone, and scalar: vector code would add in another order on another processor.
 * FFTW's planner keeps a state of its own that only one thread may use at a time. The lock below serves this library's calls; a host that
 * plans on other threads at the same moment calls fftw_make_planner_thread_safe.
 */
#include <limits.h>
#include <pthread.h>

#include <fftw3.h>

#include "msd_internal.h"

static pthread_mutex_t planner = PTHREAD_MUTEX_INITIALIZER;

#ifdef FFTW_NO_SIMD
static const unsigned flags = FFTW_ESTIMATE | FFTW_NO_SIMD;
#else
static const unsigned flags = FFTW_ESTIMATE;
#endif

int64_t bnsl__msd_fft_length(int64_t n)
{
    if (n > INT_MAX / 2)
        return -1;
    for (int64_t length = n + n % 2;; length += 2) {
        int64_t rest = length;
        for (int64_t p = 2; p <= 7; p++)
            while (rest > 1 && rest % p == 0)
                rest /= p;
        if (rest <= 1)
            return length;
    }
}

bool bnsl__msd_fft_make(msd_fft *fft, int32_t n, double *scratch)
{
    fftw_complex *spectrum = (fftw_complex *)(void *)scratch;
    pthread_mutex_lock(&planner);
    *fft = (msd_fft){n, fftw_plan_dft_r2c_1d(n, scratch, spectrum, flags), fftw_plan_dft_c2r_1d(n, spectrum, scratch, flags)};
    pthread_mutex_unlock(&planner);
    if (fft->forward && fft->backward)
        return true;
    bnsl__msd_fft_free(fft);
    return false;
}

void bnsl__msd_fft_free(msd_fft *fft)
{
    pthread_mutex_lock(&planner);
    if (fft->forward)
        fftw_destroy_plan(fft->forward);
    if (fft->backward)
        fftw_destroy_plan(fft->backward);
    pthread_mutex_unlock(&planner);
    *fft = (msd_fft){0};
}

void bnsl__msd_fft_forward(const msd_fft *fft, double *series)
{
    fftw_execute_dft_r2c(fft->forward, series, (fftw_complex *)(void *)series);
}

void bnsl__msd_fft_backward(const msd_fft *fft, double *series)
{
    fftw_execute_dft_c2r(fft->backward, (fftw_complex *)(void *)series, series);
}
