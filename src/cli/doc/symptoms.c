#include "cli/doc/symptoms.h"

#include "cli/cli.h"
#include "cli/doc/topic_see.h"
#include "cli/suites.h"
#include "core/base/open_file.h"
#include "engine/machine/document.h"
#include "h5roof/count.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define MOST       128
#define MOST_BYTES 65536
#define WORD_SIZE  32
#define STEM       3 /* letters that two words must share */

const char *const symptom_field_names[SYMPTOM_FIELDS] = {
#define X(field, help) #field,
    SYMPTOM_FIELD_TABLE(X)
#undef X
};

static struct {
    bool read;
    size_t n;
    symptom_t symptom[MOST];
} symptoms;

/* The field whose name a line begins with; *text: what comes behind its colon. */
static symptom_field_t field_of(char *line, char **text)
{
    for (symptom_field_t f = 0; f < SYMPTOM_FIELDS; f++) {
        const size_t n = strlen(symptom_field_names[f]);
        if (strncmp(line, symptom_field_names[f], n) == 0 && line[n] == ':') {
            *text = line + n + 1 + strspn(line + n + 1, " ");
            return f;
        }
    }
    return SYMPTOM_FIELDS;
}

/* Put a further line behind a text that lies before it in the same memory. */
static void append(char *text, const char *line)
{
    const size_t length = strlen(text), n = strlen(line);
    text[length] = ' ';
    memmove(text + length + 1, line, n + 1);
}

/* Take the head of a suite to pieces, in place. A comment of its own, after an empty line, belongs to no field. */
static void read_head(char *text, symptom_t *symptom)
{
    char *next = text, *last = NULL;
    for (size_t line = 0; next != NULL && *next == '#'; line++) {
        char *at = next + 1 + strspn(next + 1, " "), *said;
        next = strchr(at, '\n');
        if (next != NULL) {
            *next++ = '\0';
        }
        const symptom_field_t f = field_of(at, &said);
        if (line == 0) {
            symptom->title = at;
        } else if (f < SYMPTOM_FIELDS) {
            symptom->field[f] = last = said;
        } else if (*at == '\0') {
            last = NULL;
        } else if (last != NULL) {
            append(last, at);
        }
    }
}

static void read_suite(const char *name, symptom_t *symptom)
{
    char path[PATH_MAX], why[H5R_WHY_SIZE], *text = NULL;
    size_t length;
    h5r_error_t err = {0};
    *symptom = (symptom_t){.name = name, .title = ""};
    for (symptom_field_t f = 0; f < SYMPTOM_FIELDS; f++) {
        symptom->field[f] = "";
    }
    if (suites_path(name, path, &err) == H5R_OK &&
        h5r_read_file(path, false, MOST_BYTES, &text, &length, why) == H5R_OK) {
        read_head(text, symptom); /* which keeps pointers into the text */
    } else {
        free(text);
    }
}

const symptom_t *symptoms_at(size_t i)
{
    if (!symptoms.read) {
        symptoms.read = true;
        for (; symptoms.n < suites_count(SUITES_SYMPTOMS) && symptoms.n < MOST; symptoms.n++) {
            read_suite(suites_name(SUITES_SYMPTOMS, symptoms.n), &symptoms.symptom[symptoms.n]);
        }
    }
    return i < symptoms.n ? &symptoms.symptom[i] : NULL;
}

/* The next word of a text, in small letters; "" at its end. Returns what comes behind it. */
static const char *next_word(const char *text, char word[WORD_SIZE])
{
    size_t n = 0;
    while (*text != '\0' && !isalnum((unsigned char)*text)) {
        text++;
    }
    for (; isalnum((unsigned char)*text) || *text == '_'; text++) {
        if (n < WORD_SIZE - 1) {
            word[n++] = (char)tolower((unsigned char)*text);
        }
    }
    word[n] = '\0';
    return text;
}

/* Words of a question that say nothing of its subject. */
static bool says_nothing(const char *word)
{
    static const char *const words[] = {"a",    "an",  "the",   "my",   "is",   "are",  "of",   "on",
                                        "in",   "to",  "and",   "it",   "for",  "with", "from", "why",
                                        "so",   "how", "takes", "what", "i",    "not",  "do",   "does",
                                        "that", "as",  "at",    "by",   "gets", "very"};
    for (size_t i = 0; i < H5R_COUNT_OF(words); i++) {
        if (strcmp(words[i], word) == 0) {
            return true;
        }
    }
    return false;
}

static bool has_word(const char *text, const char *word)
{
    char other[WORD_SIZE];
    for (const char *at = next_word(text, other); other[0] != '\0'; at = next_word(at, other)) {
        const size_t n = strlen(word), m = strlen(other), shorter = n < m ? n : m;
        if (strncmp(word, other, shorter) == 0 &&
            (n == m || (shorter >= STEM && strchr(word, '_') == NULL))) {
            return true;
        }
    }
    return false;
}

size_t symptoms_match(const symptom_t *symptom, const char *question, size_t *words)
{
    char word[WORD_SIZE];
    size_t found = 0;
    *words = 0;
    for (const char *at = next_word(question, word); word[0] != '\0'; at = next_word(at, word)) {
        if (!says_nothing(word)) {
            ++*words;
            found += has_word(symptom->title, word) || has_word(symptom->field[SYMPTOM_words], word) ||
                     has_word(symptom->name, word);
        }
    }
    return found;
}

void symptoms_explain(const symptom_t *symptom, FILE *out)
{
    static const struct {
        symptom_field_t field;
        const char *says;
    } parts[] = {{SYMPTOM_cause, ""},        {SYMPTOM_cure, "what helps: "}, {SYMPTOM_bad, "bad: "},
                 {SYMPTOM_cured, "cured: "}, {SYMPTOM_proof, "proof: "},     {SYMPTOM_note, "note: "}};
    for (size_t i = 0; i < H5R_COUNT_OF(parts); i++) {
        char line[2048];
        snprintf(line, sizeof line, "%s%s", parts[i].says, symptom->field[parts[i].field]);
        cli_print_wrapped(out, 0, line);
    }
    cli_say(out, "run: mpirun -n 2 h5roof run %s\n", symptom->name);
    char see[256];
    snprintf(see, sizeof see, "%s, docs/symptoms.md", symptom->field[SYMPTOM_note]);
    topic_see(out, symptom->name, see);
}

bool symptoms_print_json(void)
{
    h5r_doc_t d;
    char *text = NULL;
    if (h5r_doc_init(&d)) {
        const symptom_t *symptom;
        h5r_node_t *list = h5r_doc_list(&d, d.root, "symptoms");
        for (size_t i = 0; (symptom = symptoms_at(i)) != NULL; i++) {
            h5r_node_t *map = h5r_doc_map(&d, list, NULL);
            h5r_doc_text(&d, map, "name", symptom->name);
            h5r_doc_text(&d, map, "title", symptom->title);
            for (symptom_field_t f = 0; f < SYMPTOM_FIELDS; f++) {
                h5r_doc_text(&d, map, symptom_field_names[f], symptom->field[f]);
            }
        }
        text = h5r_doc_emit(&d, H5R_DOC_JSON);
    }
    h5r_doc_free(&d);
    if (text != NULL) {
        fputs(text, cli_out());
    }
    free(text);
    return text != NULL;
}
