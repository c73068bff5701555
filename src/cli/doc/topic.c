#include "cli/doc/topic.h"

#include "cli/cli.h"
#include "cli/doc/glossary.h"
#include "cli/doc/operations.h"
#include "cli/doc/topic_see.h"
#include "cli/suites.h"
#include "core/factors/factor.h"
#include "core/notes/note.h"
#include "core/suite/plan.h"
#include "core/table/column.h"
#include "engine/ranks/registry.h"
#include "engine/roof/roof.h"
#include "h5roof/count.h"
#include "h5roof/driver.h"

#include <string.h>

static size_t workload_count(void)
{
    return h5r_workload_count;
}

static const char *workload_name(size_t i)
{
    return h5r_workloads[i]->name;
}

static const char *workload_summary(size_t i)
{
    return h5r_workloads[i]->summary;
}

static void workload_explain(size_t i, FILE *out)
{
    const h5r_workload_t *w = h5r_workloads[i];
    cli_print_wrapped(out, 0, w->lesson);
    fputs("operations:\n", out);
    for (int o = 0; o < h5r_workload_operations(w); o++) {
        fprintf(out, "  %-14s ", w->operations[o].name);
        operations_put_phases(out, w, o);
        fputc('\n', out);
        cli_print_wrapped(out, 17, w->operations[o].help);
    }
    fputs("factors of its own:", out);
    bool any = false;
    for (size_t k = 0; k < H5R_FACTORS; k++) {
        const h5r_factor_t *factor = &h5r_factor_table[k];
        if (factor->only != NULL && h5r_factor_concerns(factor, w->name)) {
            fprintf(out, "%s %s", any ? "," : "", factor->name);
            any = true;
        }
    }
    fprintf(out, "%s\nroof: ", any ? "" : " none");
    cli_print_wrapped(out, 0, w->roof);
}

static size_t driver_count(void)
{
    return H5R_DRIVER_COUNT;
}

static const char *driver_name(size_t i)
{
    return h5r_driver_table[i].name;
}

static const char *driver_summary(size_t i)
{
    return h5r_driver_table[i].help;
}

static void driver_explain(size_t i, FILE *out)
{
    const h5r_driver_info_t *d = &h5r_driver_table[i];
    fprintf(out, "store: %s\nfiles: %s\ntransfers: %s\n", h5r_store_names[d->store],
            d->shared && d->per_rank ? "one shared by all ranks, or one per rank"
            : d->shared              ? "one shared by all ranks"
                                     : "one per rank",
            d->mpi ? "collective or independent" : "independent");
    if (d->is_volatile) {
        fputs("nothing is kept: what was written is read back before it is closed\n", out);
    }
}

static size_t filter_count(void)
{
    return H5R_FILTER_KINDS;
}

static const char *filter_name(size_t i)
{
    return h5r_filter_name((h5r_filter_kind_t)i);
}

static const char *filter_summary(size_t i)
{
    return h5r_filter_info((h5r_filter_kind_t)i)->help;
}

static void filter_explain(size_t i, FILE *out)
{
    const h5r_filter_info_t *info = h5r_filter_info((h5r_filter_kind_t)i);
    fprintf(out, "registered id: %d\n", info->id);
    if (info->number != NULL && info->by_default == H5R_FILTER_MUST) {
        fprintf(out, "%s:N: N is the %s, %d to %d\n", info->name, info->number, info->least, info->most);
    } else if (info->number != NULL) {
        fprintf(out, "%s:N: N is the %s, %d to %d; %s alone: %d\n", info->name, info->number, info->least,
                info->most, info->name, info->by_default);
    }
    cli_print_wrapped(
        out, 0,
        "Filters run over every chunk in the order of the factor `filter`, and backward when reading: "
        "shuffle+deflate:6+fletcher32. They need a chunked layout. With several ranks on one file, writes "
        "must be collective and without type conversion. Whether a filter works is tried with real data "
        "before a run that uses it. Only deflate, shuffle and fletcher32 have a compress roof; cases with "
        "others have no efficiency, since it is not known whether their store binds (explain "
        "efficiency_frac).");
}

static size_t factor_count(void)
{
    return H5R_FACTORS;
}

static const char *factor_name(size_t i)
{
    return h5r_factor_table[i].name;
}

static const char *factor_summary(size_t i)
{
    return h5r_factor_table[i].help;
}

static void factor_explain(size_t i, FILE *out)
{
    const h5r_factor_t *f = &h5r_factor_table[i];
    if (f->choices != NULL) {
        fprintf(out, "%sone of:",
                f->type == H5R_TYPE_COUNT    ? "a whole number, or "
                : f->type == H5R_TYPE_DIMS   ? "numbers of elements such as 64x64, or "
                : f->type == H5R_TYPE_ACCESS ? "a size such as 64KiB, or "
                                             : "");
        for (size_t k = 0; f->meanings == NULL && f->choices[k] != NULL; k++) {
            fprintf(out, " %s", f->choices[k]);
        }
        fputc('\n', out);
    }
    for (size_t k = 0; f->meanings != NULL && f->choices[k] != NULL; k++) {
        char line[256];
        snprintf(line, sizeof line, "%s: %s", f->choices[k], f->meanings[k]);
        cli_print_wrapped(out, 2, line);
    }
    fprintf(out, "default: %s\n", f->default_text[0] != '\0' ? f->default_text : "not given");
    topic_see_factor(f, out);
}

/* The values of factors, one after the other; those of a factor whose values are explained elsewhere are not
 * among them. */
static size_t values_of(const h5r_factor_t *f)
{
    size_t n = 0;
    while (f->meanings != NULL && f->choices[n] != NULL) {
        n++;
    }
    return n;
}

static size_t value_count(void)
{
    size_t n = 0;
    for (size_t i = 0; i < H5R_FACTORS; i++) {
        n += values_of(&h5r_factor_table[i]);
    }
    return n;
}

typedef struct {
    const h5r_factor_t *factor;
    size_t choice;
} value_t;

static value_t value(size_t i)
{
    const h5r_factor_t *f = h5r_factor_table;
    for (; i >= values_of(f); f++) {
        i -= values_of(f);
    }
    return (value_t){f, i};
}

static const char *value_name(size_t i)
{
    const value_t v = value(i);
    return v.factor->choices[v.choice];
}

static const char *value_summary(size_t i)
{
    const value_t v = value(i);
    return v.factor->meanings[v.choice];
}

static void value_explain(size_t i, FILE *out)
{
    const char *factor = value(i).factor->name;
    fprintf(out, "a value of the factor %s\n", factor);
    topic_see(out, value_name(i), factor);
}

/* The operations of all workloads, one after the other. */
static size_t operation_count(void)
{
    size_t n = 0;
    for (size_t w = 0; w < h5r_workload_count; w++) {
        n += (size_t)h5r_workload_operations(h5r_workloads[w]);
    }
    return n;
}

static const h5r_operation_info_t *operation(size_t i, const h5r_workload_t **of)
{
    size_t w = 0;
    for (; i >= (size_t)h5r_workload_operations(h5r_workloads[w]); w++) {
        i -= (size_t)h5r_workload_operations(h5r_workloads[w]);
    }
    *of = h5r_workloads[w];
    return &h5r_workloads[w]->operations[i];
}

static const char *operation_name(size_t i)
{
    const h5r_workload_t *of;
    return operation(i, &of)->name;
}

static const char *operation_summary(size_t i)
{
    const h5r_workload_t *of;
    return operation(i, &of)->help;
}

static void operation_explain(size_t i, FILE *out)
{
    const h5r_workload_t *of;
    const h5r_operation_info_t *info = operation(i, &of);
    fprintf(out, "an operation of the workload %s\nphases: ", of->name);
    operations_put_phases(out, of, (h5r_operation_t)(info - of->operations));
    fputc('\n', out);
    topic_see(out, operation_name(i), of->name);
}

static size_t word_count(void)
{
    return glossary_count;
}

static const char *word_name(size_t i)
{
    return glossary[i].word;
}

static const char *word_summary(size_t i)
{
    return glossary[i].meaning;
}

static void word_explain(size_t i, FILE *out)
{
    topic_see(out, glossary[i].word, glossary[i].see);
}

static size_t setting_count(void)
{
    return h5r_setting_count;
}

static const char *setting_name(size_t i)
{
    return h5r_setting_table[i].name;
}

static const char *setting_summary(size_t i)
{
    return h5r_setting_table[i].help;
}

static void setting_explain(size_t i, FILE *out)
{
    const char *value = h5r_setting_table[i].default_text;
    fprintf(out, "default: %s\n", value[0] != '\0' ? value : "not given");
}

static size_t column_count(void)
{
    size_t n;
    h5r_columns(&n);
    return n;
}

static const h5r_column_t *column(size_t i)
{
    size_t n;
    return &h5r_columns(&n)[i];
}

static const char *column_name(size_t i)
{
    return column(i)->name;
}

static const char *column_summary(size_t i)
{
    return column(i)->help;
}

/* Columns of which a line does not say enough. */
static const struct {
    const char *name, *text;
} column_texts[] = {
    {"efficiency_frac",
     "The time that the hardware alone needed for the same work, over the time that was measured, of the "
     "same "
     "repetition: 1 is at the roof, 0.25 takes four times as long. `show` has the median, in percent, under "
     "eff.\n"
     "roof_s is the larger of two. The work of the CPU: convert, of the elements that were moved, where the "
     "file "
     "has another type or byte order; plus compress, of the chunks that have to be filtered, each once, out "
     "or in "
     "or both (filtered_chunks_count). The work of the store: store, of the bytes that are stored; copy, "
     "where "
     "no file is under them. roof_bound names the larger one. The roof pattern is no part of it. "
     "durable_s is the sum of the operation's phases, each that of the slowest rank.\n"
     "It is empty, and a dash in `show`, where an operation moves nothing; and where a part of its work has "
     "a "
     "roof that cannot be told, since what is left need not be what binds. Column roof_missing says why:\n"
     "bounded: max_ops left out a part of a filtered dataset, and it is not known which chunks that spared.\n"
     "filter: a filter that only HDF5 knows (szip, nbit, scaleoffset, plugins).\n"
     "chunks: a part of a filtered dataset was moved and its chunks are not counted (touch), or there are "
     "more "
     "than a million of them.\n"
     "unwritten: of what was read a part had never been written (scan, reread), and what of it was read, "
     "filtered or converted is not known.\n"
     "unmeasured: a roof that belongs to it was not measured in this run.\n"
     "Above 1.05 it is marked above_roof and kept: the case is too short (note short), the roof was measured "
     "in "
     "a worse moment, or a cache answered that the roof does not have. Try a larger shape, more repetitions, "
     "cache: cold. If it stays above, believe the time and not the roof.\n"
     "If it is low, roof_bound says what should bind and the notes what does instead; the phases say where "
     "the "
     "time went, and roof_pattern_s whether it is the pattern's fault."},
    {"roof_missing", "`h5roof explain efficiency_frac` says what each of them means."},
};

static void column_explain(size_t i, FILE *out)
{
    fprintf(out, "a column of results.csv, group %s\n", column(i)->group);
    for (size_t k = 0; k < H5R_COUNT_OF(column_texts); k++) {
        if (strcmp(column_texts[k].name, column_name(i)) == 0) {
            cli_print_wrapped(out, 0, column_texts[k].text);
        }
    }
    topic_see_column(column(i), out);
}

static size_t note_count(void)
{
    return h5r_note_count;
}

static const char *note_name(size_t i)
{
    return h5r_note_table[i].name;
}

static const char *note_summary(size_t i)
{
    return h5r_note_table[i].meaning;
}

static void note_explain(size_t i, FILE *out)
{
    const h5r_note_t *note = &h5r_note_table[i];
    cli_print_wrapped(out, 0, note->inferred);
    cli_print_wrapped(out, 0, note->remedy);
}

static const struct {
    const char *name, *help;
} roofs[] = {
#define X(SYMBOL, name, help) {name, help},
    H5R_ROOF_TABLE(X)
#undef X
};

static size_t roof_count(void)
{
    return H5R_COUNT_OF(roofs);
}

static const char *roof_name(size_t i)
{
    return roofs[i].name;
}

static const char *roof_summary(size_t i)
{
    return roofs[i].help;
}

static void roof_explain(size_t i, FILE *out)
{
    if (i == H5R_ROOF_STORE) {
        cli_print_wrapped(
            out, 0,
            "The first measurement of a size in a run tries all ways, the next two the best three, and "
            "from then on the two with the smallest medians are measured. The roof of a block is the "
            "fastest of the ways that it measured: roof_store_own_way and roof_store_shared_way name it, "
            "roof_files the faster of the two. A way that fails on a rank does not exist there.");
    }
    cli_print_wrapped(out, 0,
                      "The roof time of an operation is max(CPU work, storage work): convert + compress on "
                      "one side, store on the other (copy, where no file system is involved). Efficiency is "
                      "roof time / measured time; where one of them is needed and cannot be told, there is "
                      "none (explain efficiency_frac). Copies and conversions are of the elements that were "
                      "moved, filters run over the chunks that the operation has to filter, each once. The "
                      "roofs are measured in the same run and in the same blocks as the cases.");
}

static const char *const phase_help[] = {
#define X(SYMBOL, name, help) help,
    H5R_PHASE_TABLE(X)
#undef X
};

static size_t phase_count(void)
{
    return H5R_PHASE_COUNT;
}

static const char *phase_name(size_t i)
{
    return h5r_phase_names[i];
}

static const char *phase_summary(size_t i)
{
    return phase_help[i];
}

static const struct {
    const char *name, *meaning;
} exit_codes[] = {
#define X(symbol, code, meaning) {#code, meaning},
    H5R_STATUS_TABLE(X)
#undef X
};

static size_t exit_code_count(void)
{
    return H5R_COUNT_OF(exit_codes);
}

static const char *exit_code_name(size_t i)
{
    return exit_codes[i].name;
}

static const char *exit_code_summary(size_t i)
{
    return exit_codes[i].meaning;
}

const topic_t topics[] = {
    {"suites", "suite", suites_count, suites_name, suites_question, NULL},
    {"workloads", "workload", workload_count, workload_name, workload_summary, workload_explain},
    {"drivers", "driver", driver_count, driver_name, driver_summary, driver_explain},
    {"filters", "filter", filter_count, filter_name, filter_summary, filter_explain},
    {"factors", "factor", factor_count, factor_name, factor_summary, factor_explain},
    {"values", "value", value_count, value_name, value_summary, value_explain},
    {"settings", "setting", setting_count, setting_name, setting_summary, setting_explain},
    {"columns", "column", column_count, column_name, column_summary, column_explain},
    {"notes", "note", note_count, note_name, note_summary, note_explain},
    {"roofs", "roof", roof_count, roof_name, roof_summary, roof_explain},
    {"operations", "operation", operation_count, operation_name, operation_summary, operation_explain},
    {"phases", "phase", phase_count, phase_name, phase_summary, NULL},
    {"exit-codes", "exit code", exit_code_count, exit_code_name, exit_code_summary, NULL},
    {"words", "word", word_count, word_name, word_summary, word_explain},
};

const size_t topic_count = H5R_COUNT_OF(topics);
