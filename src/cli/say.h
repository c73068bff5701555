/*
 * The one way out: all that the program prints goes through two streams, which show what a terminal would
 * obey and what is no UTF-8 (core/base/visible.h), whoever writes to them; only ends of lines stay. They stand
 * for stdout and stderr, which nothing else may use.
 */
#ifndef H5ROOF_SAY_H
#define H5ROOF_SAY_H

#include "h5roof/error.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

/* Before anything is printed, and before there are threads. False: no memory. */
bool cli_streams_open(void);

FILE *cli_out(void); /* buffered, by lines on a terminal */
FILE *cli_err(void); /* not buffered */

/* As fprintf(), for lines with texts of others: what %s says is shown with its ends of lines and tabs too, and
 * a width is one of columns, not bytes. Returns the columns. Conversions: d i u x c s f e g %. */
int cli_say(FILE *out, const char *fmt, ...) H5R_PRINTF(2, 3);
int cli_vsay(FILE *out, const char *fmt, va_list args) H5R_PRINTF(2, 0);

/* Columns of the terminal that cli_out() is; 0: it is none. */
int cli_columns(void);

/* Columns for a live line on cli_err(), behind which a launcher may stand: 80 where nobody tells. */
int cli_err_columns(void);

/* Flush, and clear the line of a terminal: for a live line, which must end before other text comes. */
void cli_clear_line(void);

/* Flush cli_out(); an exit code of 3 if that failed (a full disk), else the code given. */
int cli_finish(int code);

#endif
