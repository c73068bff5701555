#include "core/suite/cases_text.h"

#include "core/factors/factor.h"
#include "core/suite/plan.h"
#include "h5roof/count.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUITE                                                                                                \
    "# What do the cases of the command line cost?\n"                                                        \
    "suite: case\n"                                                                                          \
    "repeat: {warmup: 1, min: 6, max: 30, ci: 5%, time: 10s}\n"                                              \
    "cases:\n"

/* What a contiguous dataset cannot have. */
static const char *const of_chunks[] = {"layout", "chunk", "filter", "chunk_cache", "chunk_slots"};

/* The words of all cases. */
typedef struct {
    const char *const *word;
    const size_t *begin;
    size_t ncases;
} words_t;

static size_t key_length(const char *word)
{
    return strcspn(word, "=");
}

static bool is_key(const char *word, const char *key)
{
    return key_length(word) == strlen(key) && strncmp(word, key, strlen(key)) == 0;
}

/* The value that a case gives to a key; NULL: it does not. */
static const char *value_of(const words_t *w, size_t i, const char *key)
{
    const char *value = NULL;
    for (size_t k = w->begin[i]; k < w->begin[i + 1]; k++) {
        value = is_key(w->word[k], key) ? w->word[k] + strlen(key) + 1 : value;
    }
    return value;
}

static bool has_word(const words_t *w, size_t i, const char *word)
{
    for (size_t k = w->begin[i]; k < w->begin[i + 1]; k++) {
        if (strcmp(w->word[k], word) == 0) {
            return true;
        }
    }
    return false;
}

static bool belongs_to_chunks(const char *word)
{
    for (size_t i = 0; i < H5R_COUNT_OF(of_chunks); i++) {
        if (is_key(word, of_chunks[i])) {
            return true;
        }
    }
    return false;
}

/* Chunked by its words, or by what they need. */
static bool is_chunked(const words_t *w, size_t i)
{
    const char *layout = value_of(w, i, "layout"), *filter = value_of(w, i, "filter");
    if (layout != NULL) {
        return strcmp(layout, "chunked") == 0;
    }
    return value_of(w, i, "chunk") != NULL || (filter != NULL && strcmp(filter, "none") != 0);
}

static bool has_base(const words_t *w)
{
    return w->ncases == 1 && is_chunked(w, 0) && value_of(w, 0, "workload") == NULL &&
           value_of(w, 0, "name") == NULL;
}

/* Length of the value up to a comma that is in no bracket. */
static size_t item_length(const char *value)
{
    size_t n = 0;
    for (int depth = 0; value[n] != '\0' && (value[n] != ',' || depth > 0); n++) {
        depth += value[n] == '[' || value[n] == '{' ? 1 : value[n] == ']' || value[n] == '}' ? -1 : 0;
    }
    return n;
}

static bool is_swept(const char *word)
{
    char key[64];
    snprintf(key, sizeof key, "%.*s", (int)key_length(word), word);
    const h5r_factor_t *factor = h5r_factor_find(key);
    const char *value = word + key_length(word) + 1;
    const bool text = factor != NULL && (factor->type == H5R_TYPE_TEXT || factor->type == H5R_TYPE_HINTS);
    return !text && strcmp(key, "name") != 0 && value[item_length(value)] == ',';
}

static void write_quoted(const char *text, size_t n, FILE *out)
{
    fputc('"', out);
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '"' || text[i] == '\\') {
            fputc('\\', out);
        }
        fputc(text[i], out);
    }
    fputc('"', out);
}

/* [64, 64] and {cb_nodes: 2} are YAML already. */
static void write_item(const char *text, size_t n, FILE *out)
{
    if (n > 0 && (text[0] == '[' || text[0] == '{')) {
        fwrite(text, 1, n, out);
    } else {
        write_quoted(text, n, out);
    }
}

static void write_list(const char *value, FILE *out)
{
    fputc('[', out);
    for (size_t n;; value += n + 1) {
        n = item_length(value);
        write_item(value, n, out);
        if (value[n] == '\0') {
            break;
        }
        fputs(", ", out);
    }
    fputc(']', out);
}

static void write_key(const char *word, FILE *out)
{
    write_quoted(word, key_length(word), out);
    fputs(": ", out);
}

/* The words that tell a case from the others, in the characters of a name. */
static void write_name(const words_t *w, size_t i, FILE *out)
{
    char name[H5R_NAME_SIZE / 2] = "";
    size_t used = 0;
    for (size_t k = w->begin[i]; k < w->begin[i + 1]; k++) {
        const char *word = w->word[k];
        bool all = true;
        for (size_t other = 0; other < w->ncases; other++) {
            all = all && has_word(w, other, word);
        }
        if (w->ncases == 1) {
            all = !belongs_to_chunks(word);
        }
        if (all || is_swept(word) || used + strlen(word) + 2 > sizeof name) {
            continue;
        }
        used += (size_t)snprintf(name + used, sizeof name - used, "%s%s", used > 0 ? "," : "", word);
    }
    for (char *s = name; *s != '\0'; s++) {
        *s = isalnum((unsigned char)*s) || strchr("-_.+:=/;,%@", *s) != NULL ? *s : '_';
    }
    if (used > 0) {
        write_quoted(name, used, out);
    } else if (w->ncases == 1) {
        fputs(is_chunked(w, i) ? "chunked" : "case", out);
    } else {
        fprintf(out, "case%zu", i + 1);
    }
}

static void write_implied(const words_t *w, size_t i, FILE *out)
{
    if (!is_chunked(w, i)) {
        return;
    }
    if (value_of(w, i, "layout") == NULL) {
        fputs(", layout: chunked", out);
    }
    if (value_of(w, i, "chunk") == NULL) {
        fputs(", chunk: guess", out);
    }
}

/* base: contiguous, whatever the words say. */
static void write_case(const words_t *w, size_t i, bool base, FILE *out)
{
    size_t swept = 0;
    fputs("  - {name: ", out);
    const char *name = value_of(w, i, "name");
    if (base) {
        fputs(H5R_CASES_BASE, out);
    } else if (name != NULL) {
        write_quoted(name, strlen(name), out);
    } else {
        write_name(w, i, out);
    }
    for (size_t k = w->begin[i]; k < w->begin[i + 1]; k++) {
        const char *word = w->word[k];
        if (is_key(word, "name") || (base && belongs_to_chunks(word))) {
            continue;
        }
        if (is_swept(word)) {
            swept++;
            continue;
        }
        const char *value = word + key_length(word) + 1;
        fputs(", ", out);
        write_key(word, out);
        write_item(value, strlen(value), out);
    }
    if (!base) {
        write_implied(w, i, out);
    }
    const char *before = ", sweep: {";
    for (size_t k = w->begin[i]; k < w->begin[i + 1] && swept > 0; k++) {
        if (is_swept(w->word[k]) && !(base && belongs_to_chunks(w->word[k]))) {
            fputs(before, out);
            write_key(w->word[k], out);
            write_list(w->word[k] + key_length(w->word[k]) + 1, out);
            before = ", ";
        }
    }
    fputs(swept > 0 ? "}}\n" : "}\n", out);
}

static h5r_status_t check_words(const words_t *w, h5r_error_t *err)
{
    for (size_t i = 0; i < w->ncases; i++) {
        if (w->begin[i] == w->begin[i + 1]) {
            return h5r_fail(err, H5R_USAGE,
                            "--case is followed by factors, as in --case shape=2048x2048 chunk=64x64");
        }
        for (size_t k = w->begin[i]; k < w->begin[i + 1]; k++) {
            const char *word = w->word[k];
            if (word[0] == '=' || word[key_length(word)] == '\0') {
                return h5r_fail(err, H5R_USAGE,
                                "'%s' is no FACTOR=VALUE; after --case come factors, as in chunk=64x64",
                                word);
            }
        }
    }
    return H5R_OK;
}

h5r_status_t h5r_cases_text(const char *const *word, const size_t *begin, size_t ncases, char **text,
                            h5r_error_t *err)
{
    const words_t w = {word, begin, ncases};
    size_t size = 0;
    *text = NULL;
    if (check_words(&w, err) != H5R_OK) {
        return err->code;
    }
    FILE *out = open_memstream(text, &size);
    if (out == NULL) {
        return h5r_no_memory(err, "the cases of the command line");
    }
    fputs(SUITE, out);
    if (has_base(&w)) {
        write_case(&w, 0, true, out);
    }
    for (size_t i = 0; i < ncases; i++) {
        write_case(&w, i, false, out);
    }
    const bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed) {
        free(*text);
        *text = NULL;
        return h5r_no_memory(err, "the cases of the command line");
    }
    return H5R_OK;
}
