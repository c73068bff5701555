#include "cli/doc/topic.h"

#include "cli/cli.h"
#include "cli/doc/glossary.h"
#include "cli/doc/operations.h"
#include "cli/doc/symptoms.h"
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

static bool suite_at(size_t i, topic_item_t *item)
{
    if (i >= suites_count(SUITES_QUESTIONS)) {
        return false;
    }
    *item = (topic_item_t){suites_name(SUITES_QUESTIONS, i), suites_question(SUITES_QUESTIONS, i)};
    return true;
}

static bool symptom_at(size_t i, topic_item_t *item)
{
    const symptom_t *symptom = symptoms_at(i);
    if (symptom == NULL) {
        return false;
    }
    *item = (topic_item_t){symptom->name, symptom->title};
    return true;
}

static void symptom_explain(size_t i, FILE *out)
{
    symptoms_explain(symptoms_at(i), out);
}

static bool workload_at(size_t i, topic_item_t *item)
{
    if (i >= h5r_workload_count) {
        return false;
    }
    *item = (topic_item_t){h5r_workloads[i]->name, h5r_workloads[i]->summary};
    return true;
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

static bool driver_at(size_t i, topic_item_t *item)
{
    if (i >= H5R_DRIVER_COUNT) {
        return false;
    }
    *item = (topic_item_t){h5r_driver_table[i].name, h5r_driver_table[i].help};
    return true;
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

static bool filter_at(size_t i, topic_item_t *item)
{
    if (i >= H5R_FILTER_KINDS) {
        return false;
    }
    *item =
        (topic_item_t){h5r_filter_name((h5r_filter_kind_t)i), h5r_filter_info((h5r_filter_kind_t)i)->help};
    return true;
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

static bool factor_at(size_t i, topic_item_t *item)
{
    if (i >= H5R_FACTORS) {
        return false;
    }
    *item = (topic_item_t){h5r_factor_table[i].name, h5r_factor_table[i].help};
    return true;
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
 * among them. Returns the factor of value i, and its place in it; NULL past the end. */
static const h5r_factor_t *value(size_t i, size_t *choice)
{
    *choice = i;
    for (size_t k = 0; k < H5R_FACTORS; k++) {
        const h5r_factor_t *f = &h5r_factor_table[k];
        size_t n = 0;
        while (f->meanings != NULL && f->choices[n] != NULL) {
            n++;
        }
        if (*choice < n) {
            return f;
        }
        *choice -= n;
    }
    return NULL;
}

static bool value_at(size_t i, topic_item_t *item)
{
    size_t choice;
    const h5r_factor_t *f = value(i, &choice);
    if (f == NULL) {
        return false;
    }
    *item = (topic_item_t){f->choices[choice], f->meanings[choice]};
    return true;
}

static void value_explain(size_t i, FILE *out)
{
    size_t choice;
    const h5r_factor_t *f = value(i, &choice);
    fprintf(out, "a value of the factor %s\n", f->name);
    topic_see(out, f->choices[choice], f->name);
}

/* The operations of all workloads, one after the other. Returns the workload of operation i, and its place in
 * it; NULL past the end. */
static const h5r_workload_t *operation(size_t i, h5r_operation_t *at)
{
    for (size_t w = 0; w < h5r_workload_count; w++) {
        const size_t n = (size_t)h5r_workload_operations(h5r_workloads[w]);
        if (i < n) {
            *at = (h5r_operation_t)i;
            return h5r_workloads[w];
        }
        i -= n;
    }
    return NULL;
}

static bool operation_at(size_t i, topic_item_t *item)
{
    h5r_operation_t o;
    const h5r_workload_t *w = operation(i, &o);
    if (w == NULL) {
        return false;
    }
    *item = (topic_item_t){w->operations[o].name, w->operations[o].help};
    return true;
}

static void operation_explain(size_t i, FILE *out)
{
    h5r_operation_t o;
    const h5r_workload_t *w = operation(i, &o);
    fprintf(out, "an operation of the workload %s\nphases: ", w->name);
    operations_put_phases(out, w, o);
    fputc('\n', out);
    topic_see(out, w->operations[o].name, w->name);
}

static bool word_at(size_t i, topic_item_t *item)
{
    if (i >= glossary_count) {
        return false;
    }
    *item = (topic_item_t){glossary[i].word, glossary[i].meaning};
    return true;
}

static void word_explain(size_t i, FILE *out)
{
    topic_see(out, glossary[i].word, glossary[i].see);
}

static bool setting_at(size_t i, topic_item_t *item)
{
    if (i >= h5r_setting_count) {
        return false;
    }
    *item = (topic_item_t){h5r_setting_table[i].name, h5r_setting_table[i].help};
    return true;
}

static void setting_explain(size_t i, FILE *out)
{
    const char *value = h5r_setting_table[i].default_text;
    fprintf(out, "default: %s\n", value[0] != '\0' ? value : "not given");
}

static bool column_at(size_t i, topic_item_t *item)
{
    size_t n;
    const h5r_column_t *columns = h5r_columns(&n);
    if (i >= n) {
        return false;
    }
    *item = (topic_item_t){columns[i].name, columns[i].help};
    return true;
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
     "chunks: a part of a filtered dataset was moved and its chunks are not counted (touch), there are more "
     "than a million of them, or what they hold are no plain numbers (records, types).\n"
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
    size_t n;
    const h5r_column_t *column = &h5r_columns(&n)[i];
    fprintf(out, "a column of results.csv, group %s\n", column->group);
    for (size_t k = 0; k < H5R_COUNT_OF(column_texts); k++) {
        if (strcmp(column_texts[k].name, column->name) == 0) {
            cli_print_wrapped(out, 0, column_texts[k].text);
        }
    }
    topic_see_column(column, out);
}

static bool note_at(size_t i, topic_item_t *item)
{
    if (i >= h5r_note_count) {
        return false;
    }
    *item = (topic_item_t){h5r_note_table[i].name, h5r_note_table[i].meaning};
    return true;
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

static bool roof_at(size_t i, topic_item_t *item)
{
    if (i >= H5R_COUNT_OF(roofs)) {
        return false;
    }
    *item = (topic_item_t){roofs[i].name, roofs[i].help};
    return true;
}

static void roof_explain(size_t i, FILE *out)
{
    if (i == H5R_ROOF_STORE) {
        cli_print_wrapped(
            out, 0,
            "The first measurement of a size in a run tries all ways, the next two the best three, and "
            "from then on the two with the smallest medians are measured. The roof of a block is the "
            "fastest of the ways that it measured: roof_store_own_way and roof_store_shared_way name it, "
            "roof_files the faster of the two. A way that a rank does not have does not exist there.");
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

static bool phase_at(size_t i, topic_item_t *item)
{
    if (i >= H5R_PHASE_COUNT) {
        return false;
    }
    *item = (topic_item_t){h5r_phase_names[i], phase_help[i]};
    return true;
}

static const struct {
    const char *name, *meaning;
} exit_codes[] = {
#define X(symbol, code, meaning) {#code, meaning},
    H5R_STATUS_TABLE(X)
#undef X
};

static bool exit_code_at(size_t i, topic_item_t *item)
{
    if (i >= H5R_COUNT_OF(exit_codes)) {
        return false;
    }
    *item = (topic_item_t){exit_codes[i].name, exit_codes[i].meaning};
    return true;
}

const topic_t topics[] = {
    {"suites", "suite", suite_at, NULL},
    {"symptoms", "symptom", symptom_at, symptom_explain},
    {"workloads", "workload", workload_at, workload_explain},
    {"drivers", "driver", driver_at, driver_explain},
    {"filters", "filter", filter_at, filter_explain},
    {"factors", "factor", factor_at, factor_explain},
    {"values", "value", value_at, value_explain},
    {"settings", "setting", setting_at, setting_explain},
    {"columns", "column", column_at, column_explain},
    {"notes", "note", note_at, note_explain},
    {"roofs", "roof", roof_at, roof_explain},
    {"operations", "operation", operation_at, operation_explain},
    {"phases", "phase", phase_at, NULL},
    {"exit-codes", "exit code", exit_code_at, NULL},
    {"words", "word", word_at, word_explain},
};

const size_t topic_count = H5R_COUNT_OF(topics);

size_t topic_size(const topic_t *topic)
{
    topic_item_t item;
    size_t n = 0;
    while (topic->at(n, &item)) {
        n++;
    }
    return n;
}
