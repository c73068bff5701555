/* Quantities with units, to and from text: 64KiB, 1.5 MiB, 30s, 250ms, 2min, 5%. Local. */
#ifndef H5ROOF_UNITS_H
#define H5ROOF_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Each parses the whole text and returns false if it is not such a quantity, is negative, or overflows.
 *   bytes     plain number, or with B, kB MB GB TB (powers of 1000), KiB MiB GiB TiB (powers of 1024);
 *             the short K M G T mean KiB ...; fractions ("1.5MiB") must come out as whole bytes
 *   seconds   plain number of seconds, or with ns us ms s min h
 *   fraction  "5%" or "0.05"; result 0.05
 *   count     a whole number; k M G as powers of 1000 ("10k"); underscores and fractions are refused
 */
bool h5r_parse_bytes(const char *text, uint64_t *bytes);
bool h5r_parse_seconds(const char *text, double *seconds);
bool h5r_parse_fraction(const char *text, double *fraction);
bool h5r_parse_count(const char *text, uint64_t *count);

/*
 * Text for people, into buf; each returns buf.
 *   bytes     exact if it can be, so that parsing it gives the number back: "64KiB", "1000B", "0B"
 *   size      three significant digits: "1.50 GiB"
 *   seconds   "2.41 us", "13.2 ms", "1.20 s", "3 min 20 s"
 *   mibps     MiB/s, three significant digits or all digits before the point: "1234", "56.7", "0.123"
 *   count     thousands separated by plain spaces: "1 048 576"
 */
char *h5r_format_bytes(uint64_t bytes, char *buf, size_t size);
char *h5r_format_size(double bytes, char *buf, size_t size);
char *h5r_format_seconds(double seconds, char *buf, size_t size);
char *h5r_format_mibps(double mibps, char *buf, size_t size);
char *h5r_format_count(uint64_t count, char *buf, size_t size);

#endif
