/* Commands that are scripts in Python, beside the program where it was built or installed. */
#ifndef H5ROOF_SCRIPT_H
#define H5ROOF_SCRIPT_H

#include "cli/cli.h"

/* Becomes command->script with these arguments (argv[0] is the command's name), which finds this program in $H5ROOF.
 * Returns only if that fails: an exit code, after a message. */
int script_become(const cli_command_t *command, char **argv);

#endif
