/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fourier transforms of real series by FFTW [Frigo and Johnson, Proc. IEEE 93, 216 (2005)]. Cost: O(n log n). */
#include <limits.h>

#include <fftw3.h>

#include "msd_internal.h"

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
    unsigned flags = bnsl__fftw_flags();
    bnsl__fftw_lock();
    *fft = (msd_fft){n, fftw_plan_dft_r2c_1d(n, scratch, spectrum, flags), fftw_plan_dft_c2r_1d(n, spectrum, scratch, flags)};
    bnsl__fftw_unlock();
    if (fft->forward && fft->backward)
        return true;
    bnsl__msd_fft_free(fft);
    return false;
}

void bnsl__msd_fft_free(msd_fft *fft)
{
    bnsl__fftw_lock();
    if (fft->forward)
        fftw_destroy_plan(fft->forward);
    if (fft->backward)
        fftw_destroy_plan(fft->backward);
    bnsl__fftw_unlock();
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
