/* The noise floor as a table for people, as CSV and as JSON. */
#ifndef H5ROOF_NOISE_REPORT_H
#define H5ROOF_NOISE_REPORT_H

#include "core/compare/noise.h"

#include <stdbool.h>

void noise_print_table(const h5r_noise_t *noise);
void noise_print_csv(const h5r_noise_t *noise, bool spreadsheet);
bool noise_print_json(const h5r_noise_t *noise); /* false: no memory */

#endif
