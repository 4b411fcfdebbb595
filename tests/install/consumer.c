/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A user of the installed library, in the common subset of C11 and C++17: one call into each part that brings a dependency
 * with it (GSL through the quadrature, OpenMP through the neighbour lists), with answers that are known beforehand.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <bnsl/bnsl.h>

static double xyz[3 * 1000];
static int32_t species[1000], phase[1000];

static int failed(const char *what)
{
    fprintf(stderr, "consumer: %s: %s\n", what, bnsl_error_message());
    return 1;
}

int main(void)
{
    /* the library that runs is the one whose headers were compiled */
    if (bnsl_version_number() != BNSL_VERSION_NUMBER || strcmp(bnsl_version_string(), BNSL_VERSION_STRING) != 0)
        return failed("version of headers and library differ");

    /* every L of a perfect AlB2 crystal is AlB2 */
    bnsl_lattice *lattice = NULL;
    bnsl_box box;
    int64_t n = 0, alb2 = 0, large = 0;
    if (bnsl_lattice_create(&lattice, "AlB2", NULL) != BNSL_OK)
        return failed("lattice");
    if (bnsl_lattice_supercell(lattice, BNSL_CELL_ORTHOGONAL, 6, 4, 6, 1000, &n, &box, xyz, species) != BNSL_OK)
        return failed("supercell");
    bnsl_order_classify_options options;
    bnsl_order_classify_options_init(&options, sizeof options);
    options.num_threads = 2;
    if (bnsl_order_classify(&box, n, xyz, species, &options, phase) != BNSL_OK)
        return failed("classify");
    for (int64_t i = 0; i < n; i++) {
        large += species[i] == 0;
        alb2 += phase[i] == BNSL_PHASE_ALB2;
    }
    bnsl_lattice_destroy(lattice);
    if (large != 288 || alb2 != large)
        return failed("a perfect crystal is not recognised");

    /* the second virial coefficient of U = eps (sigma/r)^n at kT = eps is (2 pi/3) sigma^3 Gamma(1 - 3/n) */
    bnsl_potential *potential = NULL;
    bnsl_potential_options pair;
    double diameter = 1, b2 = 0;
    bnsl_potential_options_init(&pair, sizeof pair);
    pair.form = BNSL_FORM_IPL;
    pair.r_cut = INFINITY;
    if (bnsl_potential_create(&potential, 1, &diameter, &pair) != BNSL_OK || bnsl_potential_second_virial(potential, 0, 0, 1, &b2) != BNSL_OK)
        return failed("second virial coefficient");
    bnsl_potential_destroy(potential);
    if (fabs(b2 / (2 * acos(-1.0) / 3 * tgamma(1 - 3 / 50.0)) - 1) > 1e-10)
        return failed("second virial coefficient is wrong");

    /* a failure is a status and a message, not an exit */
    if (bnsl_lattice_create(&lattice, "kryptonite", NULL) != BNSL_EINVAL || strstr(bnsl_error_message(), "kryptonite") == NULL)
        return failed("an unknown prototype was accepted");

    printf("%s %lld\n", bnsl_version_string(), (long long)alb2);
    return 0;
}
