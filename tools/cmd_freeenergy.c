/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bnsl freeenergy: the group of commands for free energies of one state. */
#include "commands.h"
#include "freeenergy.h"

static const cli_command *const subcommands[] = {&freeenergy_solid_command, &freeenergy_fluid_command, NULL};

const cli_command freeenergy_command = {
    .name = "freeenergy", .usage = "COMMAND ...", .summary = "free energy of a state, with its equation of state", .subcommands = subcommands};
