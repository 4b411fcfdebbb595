/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For kernels: a group of eight doubles as PARTS vectors of the instruction set's width. */
#ifndef BNSL_SAXS_SQ_LANES_H
#define BNSL_SAXS_SQ_LANES_H

#include "saxs_internal.h"

#if defined(__AVX512F__)
enum { WIDTH = 8 };
#elif defined(__AVX2__)
enum { WIDTH = 4 };
#else
enum { WIDTH = 2 };
#endif
enum { LANES = SAXS_LANES, PARTS = LANES / WIDTH };

typedef double vec __attribute__((vector_size(8 * WIDTH), may_alias));

#endif
