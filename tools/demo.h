/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The three parts of bnsl demo, each with its results. */
#ifndef BNSL_TOOLS_DEMO_H
#define BNSL_TOOLS_DEMO_H

#include "assembly.h"

/* Nanocrystals of the demo: Fe3O4 10.4 nm and PbS 4.5 nm cores, effective diameter of L 13.41 nm. */
static const double demo_core_large = 10.4, demo_core_small = 4.5, demo_sigma_nm = 13.41, demo_size_ratio = 0.55, demo_well_depth = 2.5;

/* (a) A dilute pattern with its two form-factor fits, nm. */
typedef struct demo_form_factor {
    bnsl_saxs_form_factor_result schulz, gaussian;
} demo_form_factor;
int demo_fit_form_factor(demo_form_factor *out, const char *folder);

/* (b) A thermal AlB2 crystal, its S(q) and the fit, beside what was put in; nm. */
typedef struct demo_crystal {
    double a, c_over_a, b_large, b_small, b_mixed, xi; /* the truth */
    double share_alb2;                                 /* of L, counted by order parameters */
    int64_t particles;
    bnsl_saxs_phase fit;
    double chi2_reduced;
} demo_crystal;
int demo_make_crystal(demo_crystal *out, const char *folder, const cli_common *common);

/* (c) A nucleus in the narrow and in the wide well. */
enum { DEMO_NARROW, DEMO_WIDE, DEMO_N_WELLS };
typedef struct demo_growth {
    double first[DEMO_N_WELLS], last[DEMO_N_WELLS]; /* AlB2-like L, means of the first and the last tenth of the frames */
    double time, phi;
    int64_t particles;
} demo_growth;
int demo_grow(demo_growth *out, const char *folder, const cli_common *common);

#endif
