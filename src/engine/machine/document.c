#include "engine/machine/document.h"

#include "core/base/visible.h"
#include "h5roof/count.h"

#include <inttypes.h>
#include <libfyaml.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool h5r_doc_init(h5r_doc_t *d)
{
    *d = (h5r_doc_t){.doc = fy_document_create(NULL)};
    if (d->doc) {
        d->root = fy_node_create_mapping(d->doc);
    }
    d->failed = !d->root || fy_document_set_root(d->doc, d->root) != 0;
    return !d->failed;
}

void h5r_doc_free(h5r_doc_t *d)
{
    if (d->doc) {
        fy_document_destroy(d->doc);
    }
    *d = (h5r_doc_t){.failed = true};
}

/* Would not survive a YAML reader, or moves the terminal of whoever looks at it. */
static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029;
}

/* The text as a double-quoted YAML scalar. Control characters and the non-characters that YAML forbids are
 * escaped. */
static char *quote(const char *text)
{
    char *quoted = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&quoted, &size);
    if (!out) {
        return NULL;
    }
    fputc('"', out);
    for (const char *s = text, *end = text + strlen(text); s < end;) {
        uint32_t code = 0;
        size_t length = h5r_utf8(s, (size_t)(end - s), &code);
        const bool forbidden = (code & 0xfffe) == 0xfffe || code == 0xfeff;
        if (length == 0 || forbidden) {
            fputs("\\uFFFD", out);
        } else if (is_control(code)) {
            fprintf(out, "\\u%04" PRIX32, code);
        } else if (code == '"' || code == '\\') {
            fprintf(out, "\\%c", (char)code);
        } else {
            fwrite(s, 1, length, out);
        }
        s += length ? length : 1;
    }
    fputc('"', out);
    const bool bad = ferror(out) != 0;
    if (fclose(out) != 0 || bad) {
        free(quoted);
        return NULL;
    }
    return quoted;
}

static h5r_node_t *text_node(h5r_doc_t *d, const char *text)
{
    char *quoted = quote(text);
    /* Built from source: a created scalar would look like a number to the emitter if its text does. The
     * document takes the text over, but for a failure. */
    return quoted ? fy_node_build_from_malloc_string(d->doc, quoted, FY_NT) : NULL;
}

/* Keys that need no quotes: those of this program and most names of environment variables. */
static bool is_plain_key(const char *key)
{
    static const char *const reserved[] = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"};

    for (size_t i = 0; i < H5R_COUNT_OF(reserved); i++) {
        if (strcasecmp(key, reserved[i]) == 0) {
            return false;
        }
    }
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    static const char more[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    return strspn(key, letters) > 0 && key[strspn(key, more)] == '\0';
}

static h5r_node_t *add(h5r_doc_t *d, h5r_node_t *parent, const char *key, h5r_node_t *node)
{
    if (d->failed || !parent || !node) {
        d->failed = true;
        return NULL;
    }
    if (!key) {
        d->failed = fy_node_sequence_append(parent, node) != 0;
        return d->failed ? NULL : node;
    }
    h5r_node_t *name = is_plain_key(key) ? fy_node_create_scalar_copy(d->doc, key, FY_NT) : text_node(d, key);
    d->failed = !name || fy_node_mapping_append(parent, name, node) != 0;
    return d->failed ? NULL : node;
}

h5r_node_t *h5r_doc_map(h5r_doc_t *d, h5r_node_t *parent, const char *key)
{
    return d->failed ? NULL : add(d, parent, key, fy_node_create_mapping(d->doc));
}

h5r_node_t *h5r_doc_list(h5r_doc_t *d, h5r_node_t *parent, const char *key)
{
    return d->failed ? NULL : add(d, parent, key, fy_node_create_sequence(d->doc));
}

static void add_plain(h5r_doc_t *d, h5r_node_t *parent, const char *key, const char *value)
{
    if (!d->failed) {
        add(d, parent, key, fy_node_create_scalar_copy(d->doc, value, FY_NT));
    }
}

void h5r_doc_text(h5r_doc_t *d, h5r_node_t *parent, const char *key, const char *text)
{
    if (!text) {
        h5r_doc_null(d, parent, key);
    } else if (!d->failed) {
        add(d, parent, key, text_node(d, text));
    }
}

void h5r_doc_textf(h5r_doc_t *d, h5r_node_t *parent, const char *key, const char *fmt, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, fmt);
    const int n = vasprintf(&text, fmt, args);
    va_end(args);
    if (n < 0) {
        d->failed = true;
        return;
    }
    h5r_doc_text(d, parent, key, text);
    free(text);
}

void h5r_doc_int(h5r_doc_t *d, h5r_node_t *parent, const char *key, int64_t value)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRId64, value);
    add_plain(d, parent, key, text);
}

void h5r_doc_uint(h5r_doc_t *d, h5r_node_t *parent, const char *key, uint64_t value)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRIu64, value);
    add_plain(d, parent, key, text);
}

void h5r_doc_real(h5r_doc_t *d, h5r_node_t *parent, const char *key, double value)
{
    char text[32];
    snprintf(text, sizeof text, "%.9g", value);
    add_plain(d, parent, key, isfinite(value) ? text : "null");
}

void h5r_doc_bool(h5r_doc_t *d, h5r_node_t *parent, const char *key, bool value)
{
    add_plain(d, parent, key, value ? "true" : "false");
}

void h5r_doc_null(h5r_doc_t *d, h5r_node_t *parent, const char *key)
{
    add_plain(d, parent, key, "null");
}

char *h5r_doc_emit(const h5r_doc_t *d, h5r_doc_format_t format)
{
    static const enum fy_emitter_cfg_flags mode[] = {
        [H5R_DOC_JSON] = FYECF_MODE_JSON, [H5R_DOC_YAML] = FYECF_MODE_BLOCK};
    if (d->failed) {
        return NULL;
    }
    return fy_emit_document_to_string(d->doc, mode[format] | FYECF_INDENT_2 | FYECF_WIDTH_INF);
}
