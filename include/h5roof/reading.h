/* Who reads what, where that is not what he wrote (bench/reads.def, layout virtual). Pure arithmetic; local. */
#ifndef H5ROOF_READING_H
#define H5ROOF_READING_H

#include "h5roof/share.h"

#include <stddef.h>

/*
 * The factors of a case's reads: shares, calls and mode of these are what is read and how; of those that read as they
 * wrote they are the case's own. as_got: what ranks have in memory afterwards, which is more than they read where one
 * reads for all (replicated_reads bcast).
 */
h5r_factors_t h5r_factors_as_read(const h5r_factors_t *f);
h5r_factors_t h5r_factors_as_got(const h5r_factors_t *f);

/* A file for each rank, and one through which all of them are read (layout virtual). */
bool h5r_reads_through(const h5r_factors_t *f);

/* The reads are dealt out anew: what a rank reads was no rank's share. */
bool h5r_reads_anew(const h5r_factors_t *f);

/* They differ from the writes, in this or in their calls. */
bool h5r_reads_otherwise(const h5r_factors_t *f);

/* One rank reads for all. */
bool h5r_reads_for_all(const h5r_factors_t *f);

/* How many ranks get all of a shared dataset in a read: 1 if it is dealt out. */
int h5r_read_copies(const h5r_factors_t *f, int nranks);

/* What is asked of who writes and reads can be; else the reason without a full stop. */
bool h5r_reads_fit(const h5r_factors_t *f, int nranks, char *reason, size_t size);

#endif
