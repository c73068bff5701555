#include "core/base/visible.h"

#include "h5roof/count.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    unsigned char mask, lead;
    uint32_t least;
} forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};

size_t h5r_utf8(const char *text, size_t n, uint32_t *code)
{
    const unsigned char *s = (const unsigned char *)text;
    for (size_t extra = 0; extra < H5R_COUNT_OF(forms) && extra < n; extra++) {
        if ((s[0] & forms[extra].mask) != forms[extra].lead) {
            continue;
        }
        uint32_t c = s[0] & (unsigned char)~forms[extra].mask;
        for (size_t i = 1; i <= extra; i++) {
            if ((s[i] & 0xc0) != 0x80) {
                return 0;
            }
            c = c << 6 | (s[i] & 0x3fu);
        }
        *code = c;
        const bool surrogate = c >= 0xd800 && c <= 0xdfff;
        return c < forms[extra].least || surrogate || c > 0x10ffff ? 0 : extra + 1;
    }
    return 0;
}

bool h5r_utf8_is_begun(const char *text, size_t n)
{
    const unsigned char *s = (const unsigned char *)text;
    bool begun = false;
    for (size_t extra = 1; extra < H5R_COUNT_OF(forms); extra++) {
        begun = begun || ((s[0] & forms[extra].mask) == forms[extra].lead && n <= extra);
    }
    for (size_t i = 1; begun && i < n; i++) { /* so of four bytes at most, however long the text is */
        begun = (s[i] & 0xc0) == 0x80;
    }
    return begun;
}

size_t h5r_visible_next(const char *text, size_t n, char shown[H5R_VISIBLE_SIZE], size_t *columns)
{
    uint32_t code = 0;
    const size_t length = h5r_utf8(text, n, &code);
    const char *named = code != 0 && code < 0x20 ? strchr("\tt\nn\rr", (int)code) : NULL;
    if (length == 0) {
        snprintf(shown, H5R_VISIBLE_SIZE, "\\x%02x", (unsigned)(unsigned char)text[0]);
    } else if (named != NULL) {
        snprintf(shown, H5R_VISIBLE_SIZE, "\\%c", named[1]);
    } else if (code < 0x20 || code == 0x7f) {
        snprintf(shown, H5R_VISIBLE_SIZE, "\\x%02x", (unsigned)code);
    } else if (code >= 0x80 && code < 0xa0) {
        snprintf(shown, H5R_VISIBLE_SIZE, "\\u%04x", (unsigned)code);
    } else {
        memcpy(shown, text, length);
        shown[length] = '\0';
        *columns = 1;
        return length;
    }
    *columns = strlen(shown);
    return length > 0 ? length : 1;
}

size_t h5r_visible_put(FILE *out, const char *text, size_t n)
{
    char shown[H5R_VISIBLE_SIZE];
    size_t all = 0, columns;
    for (size_t i = 0; i < n; all += columns) {
        i += h5r_visible_next(text + i, n - i, shown, &columns);
        fputs(shown, out);
    }
    return all;
}

size_t h5r_visible_width(const char *text)
{
    char shown[H5R_VISIBLE_SIZE];
    size_t all = 0, columns;
    for (size_t i = 0, n = strlen(text); i < n; all += columns) {
        i += h5r_visible_next(text + i, n - i, shown, &columns);
    }
    return all;
}

char *h5r_visible(const char *text)
{
    char *shown = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&shown, &size);
    if (memory == NULL) {
        return NULL;
    }
    h5r_visible_put(memory, text, strlen(text));
    const bool bad = ferror(memory) != 0;
    if (fclose(memory) != 0 || bad) {
        free(shown);
        return NULL;
    }
    return shown;
}
