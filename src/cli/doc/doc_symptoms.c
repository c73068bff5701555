#include "cli/cli.h"
#include "cli/doc/doc.h"
#include "cli/doc/symptoms.h"

#include <ctype.h>
#include <string.h>

static const char head[] = "# From symptom to cause\n"
                           "\n"
                           "What people say is wrong, a suite that shows it on your own machine in a few "
                           "seconds, the cause, the counter that\n"
                           "proves it, and what helped, measured in the same suite. `h5roof list symptoms` "
                           "lists them, and `h5roof explain` finds\n"
                           "them by words: `h5roof explain reading a column is slow`.\n"
                           "\n"
                           "In the tables the first row is the fault, the others are cures: all of them move "
                           "the same data. The time is the median\n"
                           "of the column that stands above it; *times as fast* has the 95 % interval of the "
                           "ratio of the medians. Counters are of all\n"
                           "ranks and one repetition. The note is what `h5roof show` says of the first row "
                           "(`h5roof explain NOTE`).\n"
                           "\n"
                           "Made by `scripts/dev/symptoms.py` from the heads of the suites in "
                           "`configs/symptoms/` (`h5roof doc symptoms`) and runs with\n"
                           "2 ranks; do not edit.\n"
                           "\n"
                           "<!-- figures: machine -->\n"
                           "<!-- end of figures -->\n"
                           "\n";

/* What a heading is called in links: small letters, digits and '-' for blanks. */
static void put_anchor(FILE *out, const char *title)
{
    for (; *title != '\0'; title++) {
        if (isalnum((unsigned char)*title) || *title == '_' || *title == '-') {
            fputc(tolower((unsigned char)*title), out);
        } else if (*title == ' ') {
            fputc('-', out);
        }
    }
}

static void put_symptom(FILE *out, const symptom_t *s)
{
    fprintf(out,
            "\n## %s\n"
            "\n"
            "```console\nmpirun -n 2 h5roof run %s\n```\n"
            "\n"
            "%s\n"
            "\n"
            "What helps: %s\n"
            "\n"
            "<!-- figures: %s -->\n"
            "<!-- end of figures -->\n",
            s->title, s->name, s->field[SYMPTOM_cause], s->field[SYMPTOM_cure], s->name);
}

void doc_symptoms(FILE *out)
{
    const symptom_t *symptom;
    fputs(head, out);
    for (size_t i = 0; (symptom = symptoms_at(i)) != NULL; i++) {
        fprintf(out, "- [%s](#", symptom->title);
        put_anchor(out, symptom->title);
        fputs(")\n", out);
    }
    for (size_t i = 0; (symptom = symptoms_at(i)) != NULL; i++) {
        put_symptom(out, symptom);
    }
}
