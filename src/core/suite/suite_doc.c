#include "core/suite/suite_doc.h"

#include "core/base/open_file.h"
#include "core/base/visible.h"
#include "h5roof/count.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Length of the character at text (at most n bytes), 0 if it is none that a YAML text may hold: control
 * characters, which a terminal would obey, are not. */
static size_t text_character(const char *text, size_t n)
{
    uint32_t code = 0;
    size_t length = h5r_utf8(text, n, &code);
    bool control =
        code < 0x20 ? strchr("\n\r\t", (int)code) == NULL || code == 0 : code >= 0x7f && code < 0xa0;
    return control ? 0 : length;
}

static void add_error(h5r_suite_doc_t *doc, int line, int column, const char *text)
{
    h5r_suite_error_t *grown = realloc(doc->errors, (doc->nerrors + 1) * sizeof *grown);
    char *copy = h5r_visible(text); /* values are quoted in messages */
    if (grown) {
        doc->errors = grown;
    }
    if (!grown || !copy) {
        free(copy);
        doc->out_of_memory = true;
        return;
    }
    grown[doc->nerrors] = (h5r_suite_error_t){line, column, doc->nerrors, copy};
    doc->nerrors++;
}

static h5r_status_t read_text(h5r_suite_doc_t *doc, h5r_error_t *err)
{
    char why[H5R_WHY_SIZE];
    h5r_status_t status = h5r_read_file(doc->path, true, H5R_SUITE_MAX_BYTES, &doc->text, &doc->length, why);
    if (status == H5R_ENV) {
        return h5r_no_memory(err, "reading suite '%s'", doc->path);
    }
    return status == H5R_OK ? H5R_OK : h5r_fail(err, H5R_USAGE, "cannot read suite '%s': %s", doc->path, why);
}

/* Whether a line begins at text[i]; a byte order mark does not count. */
static bool begins_line(const char *text, size_t i)
{
    if (i >= 3 && memcmp(text + i - 3, "\xef\xbb\xbf", 3) == 0) {
        i -= 3;
    }
    return i == 0 || text[i - 1] == '\n' || text[i - 1] == '\r';
}

/* libfyaml ends silently at a NUL and loses the place of broken UTF-8, so that text is checked first. In a
 * directive with characters beyond ASCII it hangs (0.7.12), and a suite needs none. */
static bool check_text(h5r_suite_doc_t *doc)
{
    const char *s = doc->text;
    int line = 1, column = 1;
    for (size_t i = 0; i < doc->length;) {
        size_t length = text_character(s + i, doc->length - i);
        bool directive = s[i] == '%' && begins_line(s, i);
        if (length == 0 || directive) {
            char text[80];
            if (directive) {
                snprintf(text, sizeof text, "a suite has no YAML directives (%%)");
            } else {
                snprintf(text, sizeof text, "byte 0x%02x is not text (UTF-8)", (unsigned)(unsigned char)s[i]);
            }
            add_error(doc, line, column, text);
            return false;
        }
        column = s[i] == '\n' ? 1 : column + 1;
        line += s[i] == '\n';
        i += length;
    }
    return true;
}

/* Number of the first line that opens another document, for the message. */
static int second_document_line(const h5r_suite_doc_t *doc)
{
    bool content = false;
    int line = 1;
    for (const char *s = doc->text; s; line++) {
        if (strncmp(s, "---", 3) == 0 && content) {
            return line;
        }
        content = content || (*s != '#' && *s != '\n' && *s != '\0');
        s = strchr(s, '\n');
        s = s ? s + 1 : NULL;
    }
    return 1;
}

static h5r_status_t parse_text(h5r_suite_doc_t *doc, h5r_error_t *err)
{
    struct fy_diag_cfg diag_cfg;
    fy_diag_cfg_default(&diag_cfg);
    doc->diag = fy_diag_create(&diag_cfg);
    if (!doc->diag) {
        return h5r_no_memory(err, "reading suite '%s'", doc->path);
    }
    fy_diag_set_collect_errors(doc->diag, true);
    const struct fy_parse_cfg cfg = {.flags = FYPCF_DEFAULT_DOC | FYPCF_COLLECT_DIAG, .diag = doc->diag};
    doc->parser = fy_parser_create(&cfg);
    if (!doc->parser || fy_parser_set_string(doc->parser, doc->text, doc->length) != 0) {
        return h5r_no_memory(err, "reading suite '%s'", doc->path);
    }
    doc->document = fy_parse_load_document(doc->parser);
    if (!doc->document) {
        if (h5r_suite_doc_errors(doc) == 0) {
            return h5r_fail(err, H5R_USAGE, "suite '%s' is empty", doc->path);
        }
        return H5R_OK;
    }
    struct fy_document *second = fy_parse_load_document(doc->parser);
    if (second) {
        fy_parse_document_destroy(doc->parser, second);
        add_error(doc, second_document_line(doc), 1, "a suite is one YAML document; here another one begins");
    }
    return H5R_OK;
}

static h5r_status_t parse_checked(h5r_suite_doc_t *doc, h5r_error_t *err)
{
    return check_text(doc) ? parse_text(doc, err) : H5R_OK;
}

static h5r_status_t take_text(h5r_suite_doc_t *doc, const char *text, h5r_error_t *err)
{
    doc->length = strlen(text);
    doc->text = strdup(text);
    return doc->text ? H5R_OK : h5r_no_memory(err, "reading suite '%s'", doc->path);
}

h5r_status_t h5r_suite_doc_open(h5r_suite_doc_t *doc, const char *path, const char *text, h5r_error_t *err)
{
    *doc = (h5r_suite_doc_t){.path = path};
    const h5r_status_t status = text ? take_text(doc, text, err) : read_text(doc, err);
    return status == H5R_OK ? parse_checked(doc, err) : err->code;
}

void h5r_suite_doc_close(h5r_suite_doc_t *doc)
{
    if (doc->document) {
        fy_parse_document_destroy(doc->parser, doc->document);
    }
    if (doc->parser) {
        fy_parser_destroy(doc->parser);
    }
    if (doc->diag) {
        fy_diag_destroy(doc->diag);
    }
    for (size_t i = 0; i < doc->nerrors; i++) {
        free(doc->errors[i].text);
    }
    free(doc->errors);
    free(doc->text);
    *doc = (h5r_suite_doc_t){0};
}

void h5r_suite_doc_error(h5r_suite_doc_t *doc, struct fy_node *where, const char *fmt, ...)
{
    char text[H5R_MESSAGE_SIZE];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    size_t before = h5r_suite_doc_errors(doc);
    fy_node_report(where, FYET_ERROR, "%s", text);
    /* An empty node has no token, and libfyaml then reports nothing. */
    if (h5r_suite_doc_errors(doc) == before) {
        add_error(doc, 1, 1, text);
    }
}

void h5r_suite_doc_error_elsewhere(h5r_suite_doc_t *doc, const char *fmt, ...)
{
    char text[H5R_MESSAGE_SIZE];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    add_error(doc, 0, 0, text);
}

size_t h5r_suite_doc_errors(h5r_suite_doc_t *doc)
{
    size_t n = doc->nerrors + doc->out_of_memory;
    void *iterator = NULL;
    while (doc->diag && fy_diag_errors_iterate(doc->diag, &iterator)) {
        n++;
    }
    return n;
}

static void take_collected_errors(h5r_suite_doc_t *doc)
{
    void *iterator = NULL;
    struct fy_diag_error *error;
    while (doc->diag && (error = fy_diag_errors_iterate(doc->diag, &iterator))) {
        add_error(doc, error->line, error->column, error->msg);
    }
}

static int by_place(const void *a, const void *b)
{
    const h5r_suite_error_t *x = a, *y = b;
    if (x->line != y->line) {
        return x->line < y->line ? -1 : 1;
    }
    if (x->column != y->column) {
        return x->column < y->column ? -1 : 1;
    }
    return x->order < y->order ? -1 : 1;
}

#define SHOWN_BEFORE 60 /* characters of a long line that are shown before the caret */
#define SHOWN        100

/* Byte offset of character `n` of a line, or of its end. */
static size_t character_offset(const char *line, size_t length, size_t n)
{
    size_t i = 0;
    while (i < length && n-- > 0) {
        i++;
        while (i < length && ((unsigned char)line[i] & 0xc0) == 0x80) {
            i++;
        }
    }
    return i;
}

static void write_source_line(const h5r_suite_doc_t *doc, const h5r_suite_error_t *error, FILE *out)
{
    const char *line = doc->text;
    for (int i = 1; i < error->line && line; i++) {
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
    size_t length = line ? strcspn(line, "\r\n") : 0;
    size_t column = error->column > 0 ? (size_t)error->column - 1 : 0;
    size_t from = column > SHOWN - 20 ? column - SHOWN_BEFORE : 0;
    size_t begin = line ? character_offset(line, length, from) : 0;
    size_t end = line ? character_offset(line, length, from + SHOWN) : 0;
    fprintf(out, "%5d | %s", error->line, from ? "..." : "");
    size_t caret = column - from + (from ? 3 : 0);
    const size_t at = line ? character_offset(line, length, column) : 0;
    for (size_t i = begin; i < end;) { /* what is spelled out moves the caret */
        char shown[H5R_VISIBLE_SIZE] = " ";
        size_t columns = 1, n = line[i] == '\t' ? 1 : h5r_visible_next(line + i, end - i, shown, &columns);
        fputs(shown, out);
        caret += i < at ? columns - 1 : 0;
        i += n;
    }
    fprintf(out, "%s\n      | %*s^\n", end < length ? "..." : "", (int)caret, "");
}

char *h5r_suite_doc_report(h5r_suite_doc_t *doc)
{
    char *report = NULL;
    size_t size = 0;
    take_collected_errors(doc);
    if (doc->out_of_memory) {
        return NULL;
    }
    if (doc->nerrors > 1) {
        qsort(doc->errors, doc->nerrors, sizeof doc->errors[0], by_place);
    }
    FILE *out = open_memstream(&report, &size);
    if (!out) {
        return NULL;
    }
    for (size_t i = 0; i < doc->nerrors; i++) {
        const h5r_suite_error_t *error = &doc->errors[i];
        if (error->line == 0) {
            fprintf(out, "%s\n", error->text);
            continue;
        }
        fprintf(out, "%s:%d:%d: error: %s\n", doc->path, error->line, error->column, error->text);
        write_source_line(doc, error, out);
    }
    fprintf(out, "%zu error%s in %s\n", doc->nerrors, doc->nerrors == 1 ? "" : "s", doc->path);
    bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed) {
        free(report);
        return NULL;
    }
    return report;
}

bool h5r_node_text(struct fy_node *node, char *buf, size_t size, h5r_error_t *err)
{
    if (!node || fy_node_is_null(node)) {
        h5r_fail(err, H5R_USAGE, "a value is missing");
        return false;
    }
    if (!fy_node_is_scalar(node) || fy_node_is_alias(node)) {
        h5r_fail(err, H5R_USAGE, "%s where one value is expected",
                 fy_node_is_alias(node)      ? "an alias"
                 : fy_node_is_sequence(node) ? "a list"
                                             : "a mapping");
        return false;
    }
    size_t length = 0;
    const char *text = fy_node_get_scalar(node, &length);
    if (!text && length == 0) {
        text = "";
    }
    if (!text || length >= size || memchr(text, '\0', length)) {
        h5r_fail(err, H5R_USAGE, "this value is too long or is not text");
        return false;
    }
    memcpy(buf, text, length);
    buf[length] = '\0';
    return true;
}
