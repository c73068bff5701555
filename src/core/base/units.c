#include "core/base/units.h"
#include "h5roof/count.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* digits * 10^exponent: exact, so that "0.1" and "1.5MiB" do not pass through rounding. */
typedef struct {
    uint64_t digits;
    int exponent;
} decimal_t;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9'; /* isdigit() depends on the locale and on the sign of char */
}

static bool push_digit(decimal_t *number, char c)
{
    uint64_t digit = (uint64_t)(c - '0');
    if (number->digits > (UINT64_MAX - digit) / 10) {
        return false;
    }
    number->digits = number->digits * 10 + digit;
    return true;
}

/* "e-5" as printf's %g writes it. What follows may also be a unit, so nothing is an error here. */
static const char *parse_exponent(const char *p, decimal_t *number)
{
    if (*p != 'e' && *p != 'E') {
        return p;
    }
    const char *q = p + 1;
    bool negative = *q == '-';
    if (*q == '-' || *q == '+') {
        q++;
    }
    if (!is_digit(*q)) {
        return p;
    }
    int exponent = 0;
    for (; is_digit(*q); q++) {
        if (exponent < 1000) {
            exponent = exponent * 10 + (*q - '0');
        }
    }
    number->exponent += negative ? -exponent : exponent;
    return q;
}

/* Digits with an optional fraction, then optional spaces; *rest is where the unit begins. */
static bool parse_decimal(const char *text, decimal_t *number, bool scientific, const char **rest)
{
    const char *p = text;
    *number = (decimal_t){0};
    if (!is_digit(*p)) {
        return false;
    }
    for (; is_digit(*p); p++) {
        if (!push_digit(number, *p)) {
            return false;
        }
    }
    if (*p == '.') {
        if (!is_digit(p[1])) {
            return false;
        }
        for (p++; is_digit(*p); p++) {
            if (!push_digit(number, *p)) {
                return false;
            }
            number->exponent--;
        }
    }
    if (scientific) {
        p = parse_exponent(p, number);
    }
    const char *unit = p;
    while (*unit == ' ') {
        unit++;
    }
    *rest = *unit ? unit : p; /* spaces at the end belong to nothing and are refused as a unit */
    return true;
}

/* number * factor, if that is a whole number that fits. */
static bool whole_product(decimal_t number, uint64_t factor, uint64_t *result)
{
    for (; number.exponent < 0; number.exponent++) {
        bool five = number.digits % 5 == 0;
        bool two = number.digits % 2 == 0;
        if (!(five || factor % 5 == 0) || !(two || factor % 2 == 0)) {
            return false;
        }
        number.digits /= (five ? 5u : 1u) * (two ? 2u : 1u);
        factor /= (five ? 1u : 5u) * (two ? 1u : 2u);
    }
    if (number.digits > UINT64_MAX / factor) {
        return false;
    }
    *result = number.digits * factor;
    return true;
}

typedef struct {
    const char *name;
    uint64_t factor;
} whole_unit_t;

static bool parse_whole(const char *text, const whole_unit_t *units, size_t nunits, uint64_t *result)
{
    decimal_t number;
    const char *unit;
    if (!parse_decimal(text, &number, false, &unit)) {
        return false;
    }
    for (size_t i = 0; i < nunits; i++) {
        if (strcmp(unit, units[i].name) == 0) {
            return whole_product(number, units[i].factor, result);
        }
    }
    return false;
}

#define KIB (UINT64_C(1) << 10)
#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)
#define TIB (UINT64_C(1) << 40)

bool h5r_parse_bytes(const char *text, uint64_t *bytes)
{
    static const whole_unit_t units[] = {
        {"", 1},         {"B", 1},           {"kB", 1000},
        {"MB", 1000000}, {"GB", 1000000000}, {"TB", UINT64_C(1000000000000)},
        {"KiB", KIB},    {"MiB", MIB},       {"GiB", GIB},
        {"TiB", TIB},    {"K", KIB},         {"M", MIB},
        {"G", GIB},      {"T", TIB},
    };
    return parse_whole(text, units, H5R_COUNT_OF(units), bytes);
}

bool h5r_parse_count(const char *text, uint64_t *count)
{
    static const whole_unit_t units[] = {{"", 1}, {"k", 1000}, {"M", 1000000}, {"G", 1000000000}};
    if (strchr(text, '.') || strchr(text, ' ')) {
        return false;
    }
    return parse_whole(text, units, H5R_COUNT_OF(units), count);
}

/* Division by a power of ten is rounded once and so gives the double nearest to the text; a product with 1e-9
 * is not. */
static bool to_double(decimal_t number, double *value)
{
    double digits = (double)number.digits;
    *value = number.exponent < 0 ? digits / pow(10, -number.exponent) : digits * pow(10, number.exponent);
    return isfinite(*value);
}

bool h5r_parse_seconds(const char *text, double *seconds)
{
    static const struct {
        const char *name;
        int exponent;
        double factor;
    } units[] = {{"", 0, 1},  {"ns", -9, 1}, {"us", -6, 1},  {"ms", -3, 1},
                 {"s", 0, 1}, {"m", 0, 60},  {"min", 0, 60}, {"h", 0, 3600}};
    decimal_t number;
    const char *unit;
    if (!parse_decimal(text, &number, true, &unit)) {
        return false;
    }
    for (size_t i = 0; i < H5R_COUNT_OF(units); i++) {
        if (strcmp(unit, units[i].name) != 0) {
            continue;
        }
        double value;
        number.exponent += units[i].exponent;
        if (!to_double(number, &value) || !isfinite(value * units[i].factor)) {
            return false;
        }
        *seconds = value * units[i].factor;
        return true;
    }
    return false;
}

bool h5r_parse_fraction(const char *text, double *fraction)
{
    decimal_t number;
    const char *unit;
    double value;
    if (!parse_decimal(text, &number, true, &unit)) {
        return false;
    }
    if (strcmp(unit, "%") == 0) {
        number.exponent -= 2;
    } else if (*unit) {
        return false;
    }
    if (!to_double(number, &value)) {
        return false;
    }
    *fraction = value;
    return true;
}

char *h5r_format_bytes(uint64_t bytes, char *buf, size_t size)
{
    static const whole_unit_t units[] = {{"TiB", TIB}, {"GiB", GIB}, {"MiB", MIB}, {"KiB", KIB}};
    for (size_t i = 0; i < H5R_COUNT_OF(units); i++) {
        if (bytes > 0 && bytes % units[i].factor == 0) {
            (void)snprintf(buf, size, "%" PRIu64 "%s", bytes / units[i].factor, units[i].name);
            return buf;
        }
    }
    (void)snprintf(buf, size, "%" PRIu64 "B", bytes);
    return buf;
}

/* Decimals that leave three significant digits, or none where there are three before the point already. */
static int decimals_of(double value)
{
    static const double bound[] = {99.95, 9.995, 0.9995, 0.09995, 0.009995, 0.0009995};
    int decimals = 0;
    while (decimals < (int)(H5R_COUNT_OF(bound)) && fabs(value) < bound[decimals]) {
        decimals++;
    }
    return value == 0 ? 0 : decimals;
}

char *h5r_format_mibps(double mibps, char *buf, size_t size)
{
    (void)snprintf(buf, size, "%.*f", decimals_of(mibps), mibps);
    return buf;
}

char *h5r_format_size(double bytes, char *buf, size_t size)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    size_t i = 0;
    double value = bytes;
    while (fabs(value) >= 1023.5 && i + 1 < H5R_COUNT_OF(units)) {
        value /= 1024;
        i++;
    }
    int decimals = i == 0 && floor(value) == value ? 0 : decimals_of(value);
    (void)snprintf(buf, size, "%.*f %s", decimals, value, units[i]);
    return buf;
}

static char *format_long_time(double seconds, char *buf, size_t size)
{
    double whole = floor(seconds + 0.5);
    if (whole < 3600) {
        (void)snprintf(buf, size, "%.0f min %.0f s", floor(whole / 60), fmod(whole, 60));
    } else {
        (void)snprintf(buf, size, "%.0f h %.0f min", floor(whole / 3600), floor(fmod(whole, 3600) / 60));
    }
    return buf;
}

char *h5r_format_seconds(double seconds, char *buf, size_t size)
{
    static const struct {
        const char *name;
        double per_second;
        double below; /* in this unit: from here on three digits would show the next unit's 1.00 */
    } units[] = {{"ns", 1e9, 999.5}, {"us", 1e6, 999.5}, {"ms", 1e3, 999.5}, {"s", 1, 59.95}};
    if (seconds == 0) {
        (void)snprintf(buf, size, "0 s");
        return buf;
    }
    for (size_t i = 0; i < H5R_COUNT_OF(units); i++) {
        double value = seconds * units[i].per_second;
        if (fabs(value) < units[i].below) {
            (void)snprintf(buf, size, "%.*f %s", decimals_of(value), value, units[i].name);
            return buf;
        }
    }
    return format_long_time(seconds, buf, size);
}

char *h5r_format_count(uint64_t count, char *buf, size_t size)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, count);
    size_t used = 0;
    for (int i = 0; i < length && used + 2 < size; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            buf[used++] = ' ';
        }
        buf[used++] = digits[i];
    }
    if (size > 0) {
        buf[used] = '\0';
    }
    return buf;
}
