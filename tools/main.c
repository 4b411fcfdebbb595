/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program bnsl: the list of its commands. */
#include "commands.h"

int main(int argc, char **argv)
{
    static const cli_command *const commands[] = {
        &demo_command,    &assemble_command, &order_command,   &steinhardt_command, &rdf_command,    &msd_command,     &density_command,
        &sq_command,      &saxs_command,     &tem_command,     &lattice_command, &potential_command,  &freeenergy_command, &phases_command,
        &render_command,  &convert_command,  NULL};
    return cli_main(commands, argc, argv);
}
