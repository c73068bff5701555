#include "cli/say.h"

#include "core/base/units.h"
#include "core/base/visible.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define BLOCK        4096
#define MOST_COLUMNS 10000
#define CLEAR_LINE   "\r\033[K"

/* A stream in front of a descriptor. A character may come in two pieces: its begin waits. */
typedef struct {
    int fd;
    int failure; /* the first errno; 0: none */
    FILE *stream;
    char begun[4];
    size_t nbegun;
} way_t;

static way_t ways[] = {{.fd = STDOUT_FILENO}, {.fd = STDERR_FILENO}};

static bool write_all(way_t *way, const char *text, size_t n)
{
    while (n > 0) {
        ssize_t written = write(way->fd, text, n);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            way->failure = way->failure != 0 ? way->failure : errno;
            return false;
        }
        text += written;
        n -= (size_t)written;
    }
    return true;
}

/* Bytes of a text that may go out as they are: up to the end of a line, or of one character. */
static size_t show_next(const char *text, size_t n, char shown[H5R_VISIBLE_SIZE])
{
    size_t columns;
    if (text[0] == '\n') {
        memcpy(shown, "\n", 2);
        return 1;
    }
    return h5r_visible_next(text, n, shown, &columns);
}

/* What a FILE of fopencookie() does with its buffer: 0 is an error. */
static ssize_t put(void *cookie, const char *text, size_t n)
{
    way_t *way = cookie;
    char block[BLOCK], shown[H5R_VISIBLE_SIZE];
    size_t used = 0, taken = 0;
    bool good = true;
    while (good && taken < n) {
        char joined[sizeof way->begun + BLOCK];
        size_t size = way->nbegun, more = n - taken < BLOCK ? n - taken : BLOCK;
        memcpy(joined, way->begun, size);
        memcpy(joined + size, text + taken, more);
        size += more;
        taken += more;
        way->nbegun = 0;
        for (size_t i = 0; i < size && good;) {
            if (h5r_utf8_is_begun(joined + i, size - i)) {
                way->nbegun = size - i;
                memcpy(way->begun, joined + i, way->nbegun);
                break;
            }
            i += show_next(joined + i, size - i, shown);
            if (used + strlen(shown) > sizeof block) {
                good = write_all(way, block, used);
                used = 0;
            }
            memcpy(block + used, shown, strlen(shown));
            used += strlen(shown);
        }
    }
    good = good && write_all(way, block, used);
    return good ? (ssize_t)n : 0;
}

bool cli_streams_open(void)
{
    for (size_t i = 0; i < 2; i++) {
        ways[i].stream = fopencookie(&ways[i], "w", (cookie_io_functions_t){.write = put});
        if (ways[i].stream == NULL) {
            return false;
        }
    }
    setvbuf(ways[0].stream, NULL, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF, BLOCK);
    setvbuf(ways[1].stream, NULL, _IONBF, 0);
    return true;
}

FILE *cli_out(void)
{
    return ways[0].stream;
}

FILE *cli_err(void)
{
    return ways[1].stream;
}

static int columns_of(int fd)
{
    struct winsize size;
    return isatty(fd) == 1 && ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

int cli_columns(void)
{
    return columns_of(STDOUT_FILENO);
}

int cli_err_columns(void)
{
    const char *told = getenv("COLUMNS");
    const int columns = columns_of(STDERR_FILENO);
    uint64_t asked = 0;
    if (columns > 1) {
        return columns;
    }
    return told != NULL && h5r_parse_count(told, &asked) && asked > 1 && asked < MOST_COLUMNS ? (int)asked
                                                                                              : 80;
}

void cli_clear_line(void)
{
    fflush(cli_err());
    write_all(&ways[1], CLEAR_LINE, sizeof CLEAR_LINE - 1);
}

int cli_finish(int code)
{
    if (fflush(cli_out()) != 0 || ferror(cli_out())) {
        cli_say(cli_err(), "h5roof: error: cannot write to stdout: %s\n", strerror(ways[0].failure));
        return code == H5R_OK ? (int)H5R_IO : code;
    }
    return code;
}

/* ---- cli_say() */

/* A conversion, between its % and its letter. */
typedef struct {
    char flags[8];
    int width, precision; /* precision -1: none */
    char length;          /* 0, 'H' (hh), 'h', 'l', 'L' (ll), 'j', 'z', 't' */
    char letter;
} conversion_t;

static int read_number(const char **at, va_list *args)
{
    int n = 0;
    if (**at == '*') {
        (*at)++;
        return va_arg(*args, int);
    }
    while (**at >= '0' && **at <= '9') {
        n = 10 * n + (*(*at)++ - '0');
    }
    return n;
}

static conversion_t read_conversion(const char **at, va_list *args)
{
    conversion_t c = {.precision = -1};
    size_t nflags = strspn(*at, "-+ #0");
    memcpy(c.flags, *at, nflags < sizeof c.flags ? nflags : sizeof c.flags - 1);
    *at += nflags;
    c.width = read_number(at, args);
    if (**at == '.') {
        (*at)++;
        c.precision = read_number(at, args);
    }
    while (strchr("hljzt", **at) != NULL && **at != '\0') {
        c.length = c.length == **at ? (char)(**at == 'h' ? 'H' : 'L') : **at;
        (*at)++;
    }
    c.letter = **at;
    *at += c.letter != '\0' ? 1 : 0;
    return c;
}

static intmax_t take_signed(char length, va_list *args)
{
    switch (length) {
    case 'l':
        return va_arg(*args, long);
    case 'L':
        return va_arg(*args, long long);
    case 'j':
        return va_arg(*args, intmax_t);
    case 'z':
    case 't':
        return va_arg(*args, ptrdiff_t);
    default:
        return va_arg(*args, int);
    }
}

static uintmax_t take_unsigned(char length, va_list *args)
{
    switch (length) {
    case 'l':
        return va_arg(*args, unsigned long);
    case 'L':
        return va_arg(*args, unsigned long long);
    case 'j':
        return va_arg(*args, uintmax_t);
    case 'z':
    case 't':
        return va_arg(*args, size_t);
    default:
        return va_arg(*args, unsigned);
    }
}

/* The text shown, in a field. A character that the precision cuts is left out. */
static int say_text(FILE *out, const conversion_t *c, const char *text)
{
    size_t n = c->precision < 0 ? strlen(text) : strnlen(text, (size_t)c->precision);
    char shown[H5R_VISIBLE_SIZE];
    size_t width = 0, columns, end = 0;
    while (end < n &&
           !(c->precision >= 0 && n == (size_t)c->precision && h5r_utf8_is_begun(text + end, n - end))) {
        end += h5r_visible_next(text + end, n - end, shown, &columns);
        width += columns;
    }
    int pad = c->width > (int)width ? c->width - (int)width : 0;
    bool left = strchr(c->flags, '-') != NULL;
    fprintf(out, "%*s", left ? 0 : pad, "");
    h5r_visible_put(out, text, end);
    fprintf(out, "%*s", left ? pad : 0, "");
    return (int)width + pad;
}

static int say_value(FILE *out, const conversion_t *c, va_list *args)
{
    char format[48], precision[16] = "";
    if (c->precision >= 0) {
        snprintf(precision, sizeof precision, ".%d", c->precision);
    }
    const bool real = strchr("feEgG", c->letter) != NULL;
    snprintf(format, sizeof format, "%%%s*%s%s%c", c->flags, precision, real || c->letter == 'c' ? "" : "j",
             c->letter);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* made of a literal that the compiler has checked */
    switch (c->letter) {
    case 'd':
    case 'i':
        return fprintf(out, format, c->width, take_signed(c->length, args));
    case 'u':
    case 'x':
    case 'X':
        return fprintf(out, format, c->width, take_unsigned(c->length, args));
    case 'c':
        return fprintf(out, format, c->width, va_arg(*args, int));
    default:
        return fprintf(out, format, c->width, va_arg(*args, double));
    }
#pragma GCC diagnostic pop
}

int cli_vsay(FILE *out, const char *fmt, va_list args)
{
    int columns = 0;
    va_list at; /* a va_list that is an array cannot be pointed to as a parameter */
    va_copy(at, args);
    while (*fmt != '\0') {
        size_t plain = strcspn(fmt, "%");
        columns += fprintf(out, "%.*s", (int)plain, fmt);
        fmt += plain;
        if (fmt[0] == '%' && fmt[1] == '%') {
            columns += fputs("%", out) >= 0 ? 1 : 0;
            fmt += 2;
        } else if (fmt[0] == '%') {
            fmt++;
            conversion_t c = read_conversion(&fmt, &at);
            columns +=
                c.letter == 's' ? say_text(out, &c, va_arg(at, const char *)) : say_value(out, &c, &at);
        }
    }
    va_end(at);
    return columns;
}

int cli_say(FILE *out, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int columns = cli_vsay(out, fmt, args);
    va_end(args);
    return columns;
}
