/* The factor type pipeline: filters joined by '+'. For src/core/factors/factor_text.c, whose table says what these
 * are. */
#ifndef H5ROOF_FACTOR_PIPELINE_H
#define H5ROOF_FACTOR_PIPELINE_H

#include "core/factors/factor.h"

h5r_status_t h5r_pipeline_parse(const h5r_factor_t *factor, const char *text, void *field, h5r_error_t *err);
void h5r_pipeline_format(const h5r_factor_t *factor, const void *field, char *buf, size_t size);
bool h5r_pipeline_equal(const void *a, const void *b);

/* Copies the piece of text up to a separator (or the end) and moves on behind it; false: no more pieces, or
 * too long. */
bool h5r_next_piece(const char **text, char separator, char *piece, size_t size);

#endif
