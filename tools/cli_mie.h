/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The options of the Mie potential, word for word the same in every command that has them: rows of a table of options, for fields of the
 * command's own args with these types and names:
 *
 *     cli_doubles exponents;
 *     double size_ratio, r_cut, ipl_prefactor;
 *     int32_t shift;
 */
#ifndef BNSL_TOOLS_CLI_MIE_H
#define BNSL_TOOLS_CLI_MIE_H

#include "cli.h"

#define MIE_EXPONENTS(args) \
    {.name = "exponents", .kind = CLI_DOUBLES, .to = offsetof(args, exponents), .metavar = "N,M", .n_min = 2, .n_max = 2, .initial = "50,25", \
     .range = "> 3", .help = "of the Mie potential; 50,25 is the narrow well, 50,6 the wide one"}
#define MIE_SIZE_RATIO(args) \
    {.name = "size-ratio", .kind = CLI_DOUBLE, .to = offsetof(args, size_ratio), .metavar = "Q", .initial = "0.55", .range = "> 0.1 and <= 1", \
     .help = "diameter of S over that of L"}
#define MIE_R_CUT(args) \
    {.name = "r-cut", .kind = CLI_DOUBLE, .to = offsetof(args, r_cut), .metavar = "F", .range = "> 0.9 and <= 10", \
     .help = "cut-off in sigma_ij (default: 1.6 for M >= 20, else 2.5)"}
#define MIE_SHIFT(args) \
    {.name = "shift", .kind = CLI_CHOICE, .to = offsetof(args, shift), .choices = "energy|none", .initial = "energy", \
     .help = "energy: U is 0 at the cut-off"}
#define MIE_IPL_PREFACTOR(args) \
    {.name = "ipl-prefactor", .kind = CLI_DOUBLE, .to = offsetof(args, ipl_prefactor), .metavar = "A", .initial = "1", .range = "> 0 and <= 1000", \
     .help = "of the power law, kT"}

/* Refuses exponents that do not fall. */
static inline int mie_check(double n, double m)
{
    return m < n ? CLI_DONE : cli_usage("--exponents: M is %g, must be less than N = %g", m, n);
}

/* The cut-off in use: the one given (> 0), or the library's default. m of a power law: INFINITY. */
static inline double mie_r_cut(double given, double m)
{
    return given > 0 ? given : m >= 20 ? 1.6 : 2.5;
}

#endif
