/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranks of some values by comparing all pairs: exact on every instruction set, and without branches. Cost: O(n^2 / lanes). */
#include "neighbor_internal.h"

enum { LANES = 8 };

void BNSL_KERNEL(bnsl__neighbor_rank) BNSL__RANK_ARGUMENTS
{
    for (int64_t i = 0; i < padded; i += LANES) {
        int64_t less[LANES] = {0};
        for (int64_t j = 0; j < n; j++)
            for (int k = 0; k < LANES; k++)
                less[k] += value[j] < value[i + k];
        for (int64_t j = 0; id && j < n; j++)
            for (int k = 0; k < LANES; k++)
                less[k] += (value[j] == value[i + k]) & (id[j] < id[i + k]);
        for (int k = 0; k < LANES; k++)
            rank_out[i + k] = less[k];
    }
}
