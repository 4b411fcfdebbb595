/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a GSD file: a status, never a crash. */
#include "fuzz_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_trajectory(data, size, BNSL_FILE_GSD);
    return 0;
}
