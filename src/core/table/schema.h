/* results/SCHEMA.md, from the table of columns. Local. */
#ifndef H5ROOF_SCHEMA_H
#define H5ROOF_SCHEMA_H

#include <stdio.h>

void h5r_schema_write(FILE *out);

#endif
