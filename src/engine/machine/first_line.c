#include "engine/machine/first_line.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

bool h5r_first_line(const char *dir, const char *file, char *line, size_t size)
{
    char name[3 * PATH_MAX];
    snprintf(name, sizeof name, "%s/%s", dir, file);
    FILE *in = fopen(name, "re");
    if (in == NULL) {
        return false;
    }
    const bool got = fgets(line, (int)size, in) != NULL;
    fclose(in);
    if (got) {
        line[strcspn(line, "\n")] = '\0';
    }
    return got;
}
