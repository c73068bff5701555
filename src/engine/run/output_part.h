/* What output.c and output_resume.c share. Local. */
#ifndef H5ROOF_OUTPUT_PART_H
#define H5ROOF_OUTPUT_PART_H

#include "engine/run/output.h"

#define H5R_PLAN_PART "plan.yaml.part" /* until it is complete */

/* DIR/name */
void h5r_output_path(const h5r_output_t *out, const char *name, char path[PATH_MAX]);

/* From errno. */
h5r_status_t h5r_output_fail(const h5r_output_t *out, const char *name, h5r_status_t code, h5r_error_t *err);

/* The plan as plan.yaml has it; free it. NULL: no memory. */
char *h5r_output_plan_text(const h5r_plan_t *plan, size_t *size);

/* Whether DIR/results.csv still is the file that is open. */
bool h5r_output_in_place(const h5r_output_t *out);

/* Once it is not: save the rows beside. Fails with what became of them. */
h5r_status_t h5r_output_rescue(h5r_output_t *out, h5r_error_t *err);

/* The whole text; false, with errno. */
bool h5r_output_write_all(int fd, const char *text, size_t size);

/* What in_flight holds. */
void h5r_output_read_mark(int fd, h5r_in_flight_t *in_flight);

#endif
