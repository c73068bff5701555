/* Texts as JSON (RFC 8259) and as Markdown (GitHub's). Local; errors show in ferror(out). */
#ifndef H5ROOF_JSON_H
#define H5ROOF_JSON_H

#include <stdio.h>

/* A string in quotes. Bytes that are no UTF-8 become U+FFFD, so that the result is valid whatever the text.
 */
void h5r_json_text(FILE *out, const char *text);

/* Text for a cell of a Markdown table, on one line: what Markdown or HTML would take for markup is escaped.
 */
void h5r_markdown_text(FILE *out, const char *text);

/* The same as a code span, for names: its fence is longer than any run of backticks inside. */
void h5r_markdown_code(FILE *out, const char *text);

#endif
