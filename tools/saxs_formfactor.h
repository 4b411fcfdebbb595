/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl saxs formfactor: what is fitted, and its reports (saxs_formfactor_report.c). */
#ifndef BNSL_TOOLS_SAXS_FORMFACTOR_H
#define BNSL_TOOLS_SAXS_FORMFACTOR_H

#include "curves.h"

enum { FORMFACTOR_DISTRIBUTIONS = 3, FORMFACTOR_POPULATIONS = 2 };
enum { MODEL_SPHERE, MODEL_CORE_SHELL, MODEL_TWO_SPHERES };

/* One fit: of one distribution. */
typedef struct formfactor_fit {
    bnsl_saxs_dilute *model;
    int32_t distribution; /* BNSL_SIZES_* */
    double chi2_reduced;
    int64_t n_points;
    int32_t n_free, converged;
} formfactor_fit;

/* All of them, the best first. */
typedef struct formfactor_fits {
    int32_t n, n_populations, weighting, kind; /* kind: MODEL_* */
    double n_sigma;                            /* of Gaussians; 0: not cut */
    formfactor_fit fits[FORMFACTOR_DISTRIBUTIONS];
} formfactor_fits;

extern const char *const formfactor_distributions[FORMFACTOR_DISTRIBUTIONS];
extern const char *const formfactor_weightings[2];
extern const char *const formfactor_models[3];

int formfactor_report_json(const cli_common *common, const curve *c, const formfactor_fits *f);
int formfactor_report_text(const cli_common *common, const curve *c, const formfactor_fits *f);

/* Every -o of the command. */
int formfactor_write(const cli_common *common, const curve *c, const formfactor_fits *f);

#endif
