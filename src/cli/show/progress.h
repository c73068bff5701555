/* What is said while a run goes on, on stderr of rank 0: one finished line per case, and a live line on a
 * terminal. */
#ifndef H5ROOF_PROGRESS_H
#define H5ROOF_PROGRESS_H

#include "engine/run/runner.h"

#include <stdio.h>

typedef struct {
    bool live;  /* stderr ends on a terminal */
    FILE *rows; /* gets each row as a line of JSON; NULL: they are not wanted */
} progress_t;

h5r_reporter_t progress_reporter(progress_t *progress);

#endif
