/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which instruction set the hot kernels use on this machine. */
#include "core_internal.h"

int32_t bnsl_cpu_isa(void)
{
#ifdef BNSL_HAVE_ISA_VARIANTS
    __builtin_cpu_init();
    bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512bw"))
        return BNSL_ISA_AVX512;
    if (avx2)
        return BNSL_ISA_AVX2;
#endif
    return BNSL_ISA_BASELINE;
}

int32_t bnsl__isa(int32_t wanted)
{
    int32_t best = bnsl_cpu_isa();
    return wanted == BNSL_ISA_AUTO || wanted > best ? best : wanted;
}
