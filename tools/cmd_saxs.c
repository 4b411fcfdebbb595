/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl saxs: the group of commands for scattering curves. */
#include "commands.h"
#include "saxs_commands.h"

static const cli_command *const subcommands[] = {&saxs_formfactor_command, &saxs_fit_command, &saxs_series_command, &saxs_index_command, NULL};

const cli_command saxs_command = {.name = "saxs",
                                  .usage = "COMMAND ...",
                                  .summary = "small-angle X-ray scattering: core sizes, lattice constants, phases",
                                  .subcommands = subcommands};
