/*
 * Memory that a timed step moves. A kernel's copy between memory and page cache can be several times slower
 * where one of the two begins a few bytes past a page, and malloc's memory does, so that all of it comes from
 * here: what is to be measured and what it is measured against are alike. Local.
 */
#ifndef H5ROOF_BUFFER_H
#define H5ROOF_BUFFER_H

#include <stddef.h>

#define H5R_PAST_PAGE_MAX 4095 /* below the page of any system */

/* So many bytes (0: one) that begin past_page bytes (at most H5R_PAST_PAGE_MAX) past the begin of a page, all
 * of them touched, none of them 0. NULL: no memory. Not for free(), but for h5r_buffer_free(). */
void *h5r_buffer_new(size_t bytes, size_t past_page);

/* NULL is fine. */
void h5r_buffer_free(void *buffer);

/* How far past the begin of a page an address is. */
size_t h5r_buffer_past_page(const void *buffer);

#endif
