#include "core/base/json.h"

#include "core/base/visible.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

void h5r_json_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (size_t n = strlen(text); n > 0;) {
        uint32_t code = 0;
        size_t length = h5r_utf8(text, n, &code);
        if (length == 0) {
            fputs("\\ufffd", out);
        } else if (code == '"' || code == '\\') {
            fprintf(out, "\\%c", (char)code);
        } else if (code < 0x20 || (code >= 0x7F && code < 0xA0)) {
            fprintf(out, "\\u%04x", (unsigned)code);
        } else {
            fwrite(text, 1, length, out);
        }
        text += length > 0 ? length : 1;
        n -= length > 0 ? length : 1;
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
