/*
 * What must be exactly the same in two runs of a case: sizes, calls, MPI-IO counts, modes. One table of
 * columns. Local.
 *
 * A fact is in the table because factors, seed and ranks decide it, not time. Whether that holds on a machine
 * is still looked at: a fact that differs between the repetitions of one run is not compared.
 */
#ifndef H5ROOF_EXACT_H
#define H5ROOF_EXACT_H

#include "core/base/csv.h"
#include "core/table/column.h"

typedef uint64_t h5r_exact_t; /* a set of facts: bit i is fact i */

size_t h5r_exact_count(void);
const char *h5r_exact_name(size_t fact); /* of its column */

/* Facts that are not the same in two rows. */
h5r_exact_t h5r_exact_differing(const h5r_row_t *a, const h5r_row_t *b);

/* Facts that depend on the values of the data, and so on the seed: what filters leave of them, and where it
 * lies. */
h5r_exact_t h5r_exact_of_data(void);

/* Facts that a table has columns for. */
h5r_exact_t h5r_exact_columns(const h5r_csv_t *csv);

/* The value as text, "-" if it does not apply; returns buf. */
char *h5r_exact_text(size_t fact, const h5r_row_t *row, char *buf, size_t size);

#endif
