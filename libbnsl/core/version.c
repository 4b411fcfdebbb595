/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Version and features of the library that is linked. */
#include <string.h>

#include "core_internal.h"

int32_t bnsl_version_number(void)
{
    return BNSL_VERSION_NUMBER;
}

const char *bnsl_version_string(void)
{
    return BNSL_VERSION_STRING;
}

int32_t bnsl_has_feature(const char *name)
{
    static const char *const features[] = {
#ifdef _OPENMP
        "openmp",
#endif
#ifdef BNSL_HAVE_ISA_VARIANTS
        "avx2", "avx512",
#endif
#ifdef HAVE_EXPAT
        "expat",
#endif
#ifdef HAVE_HDF5
        "hdf5",
#endif
        NULL
    };
    for (int i = 0; name && features[i]; i++)
        if (strcmp(features[i], name) == 0)
            return 1;
    return 0;
}
