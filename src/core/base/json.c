#include "core/base/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static bool continues(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* Bytes of the UTF-8 sequence at s (RFC 3629: no overlong forms, no surrogates, up to U+10FFFF); 0: none. */
static size_t sequence(const unsigned char *s)
{
    if (s[0] < 0x80) {
        return 1;
    }
    if (s[0] >= 0xC2 && s[0] <= 0xDF) {
        return continues(s[1]) ? 2 : 0;
    }
    if (s[0] >= 0xE0 && s[0] <= 0xEF) {
        bool fits = !(s[0] == 0xE0 && s[1] < 0xA0) && !(s[0] == 0xED && s[1] > 0x9F);
        return fits && continues(s[1]) && continues(s[2]) ? 3 : 0;
    }
    if (s[0] >= 0xF0 && s[0] <= 0xF4) {
        bool fits = !(s[0] == 0xF0 && s[1] < 0x90) && !(s[0] == 0xF4 && s[1] > 0x8F);
        return fits && continues(s[1]) && continues(s[2]) && continues(s[3]) ? 4 : 0;
    }
    return 0;
}

void h5r_json_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (const unsigned char *s = (const unsigned char *)text; *s != '\0';) {
        size_t length = sequence(s);
        if (length == 0) {
            fputs("\\ufffd", out);
        } else if (*s == '"' || *s == '\\') {
            fprintf(out, "\\%c", *s);
        } else if (*s < 0x20 || *s == 0x7F) {
            fprintf(out, "\\u%04x", *s);
        } else {
            fwrite(s, 1, length, out);
        }
        s += length > 0 ? length : 1;
    }
    fputc('"', out);
}

static bool is_break(char c)
{
    return c == '\n' || c == '\r' || c == '\t';
}

void h5r_markdown_text(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("\\`*_[]<>|~&", *text) != NULL) {
            fputc('\\', out);
        }
        fputc(is_break(*text) ? ' ' : *text, out);
    }
}

void h5r_markdown_code(FILE *out, const char *text)
{
    size_t longest = 0, run = 0;
    for (const char *s = text; *s != '\0'; s++) {
        run = *s == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    const char *pad = longest > 0 ? " " : ""; /* a span may neither begin nor end with a backtick */
    for (size_t i = 0; i <= longest; i++) {
        fputc('`', out);
    }
    fputs(pad, out);
    for (; *text != '\0'; text++) {
        if (*text == '|') { /* a table is cut into cells before code spans are seen */
            fputc('\\', out);
        }
        fputc(is_break(*text) ? ' ' : *text, out);
    }
    fputs(pad, out);
    for (size_t i = 0; i <= longest; i++) {
        fputc('`', out);
    }
}
