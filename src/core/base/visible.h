/*
 * Text that others wrote, for the eyes of people: what a terminal would obey and what is no text is spelled
 * out, \t \n \r, \x1b (C0, DEL), \u009b (C1), \xff (bytes that are no UTF-8). Other characters stay. What is
 * spelled out once is not changed again. Local.
 */
#ifndef H5ROOF_VISIBLE_H
#define H5ROOF_VISIBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* One character of strict UTF-8 (no overlong forms, no surrogates) at text, of which n > 0 bytes are there:
 * how many bytes, and its code. 0: there is none. */
size_t h5r_utf8(const char *text, size_t n, uint32_t *code);

/* Do these n bytes begin a character that ends behind them? */
bool h5r_utf8_is_begun(const char *text, size_t n);

#define H5R_VISIBLE_SIZE 8 /* "\u009b" */

/* What n > 0 bytes begin with as it is shown: a text in shown, and the columns it takes. Returns the bytes of
 * text that it stands for. */
size_t h5r_visible_next(const char *text, size_t n, char shown[H5R_VISIBLE_SIZE], size_t *columns);

/* All of n bytes; returns the columns. */
size_t h5r_visible_put(FILE *out, const char *text, size_t n);

/* As many columns as h5r_visible_put() takes for a text. */
size_t h5r_visible_width(const char *text);

/* What h5r_visible_put() writes, for the caller to free; NULL: no memory. */
char *h5r_visible(const char *text);

#endif
