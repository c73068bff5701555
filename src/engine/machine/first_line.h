/* Files of the kernel that hold one value. */
#ifndef H5ROOF_FIRST_LINE_H
#define H5ROOF_FIRST_LINE_H

#include <stdbool.h>
#include <stddef.h>

/* Local. The first line of DIR/FILE without its end; false: no such file, or an empty one. */
bool h5r_first_line(const char *dir, const char *file, char *line, size_t size);

#endif
