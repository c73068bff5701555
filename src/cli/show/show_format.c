#include "cli/show/show_format.h"

#include "cli/show/digest.h"

#include "cli/say.h"
#include "core/base/json.h"
#include "core/base/units.h"
#include "core/notes/note.h"
#include "core/table/record.h"
#include "h5roof/count.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool show_is_listed(const h5r_result_t *r)
{
    return r->last.operation[0] == '\0' || r->last.status == H5R_ROW_SKIPPED;
}

/* What the callbacks of fields and notes need to know. */
typedef struct {
    FILE *out;
    const char *group;
    size_t n; /* fields or notes so far */
    bool spreadsheet;
    bool *used; /* [h5r_note_count]: notes that occur */
} pen_t;

/* ---- csv: one line per case and operation */

static void csv_name(const h5r_field_t *field, void *context)
{
    pen_t *pen = context;
    cli_say(pen->out, "%s%s", pen->n++ > 0 ? "," : "", field->name);
}

static void csv_value(const h5r_field_t *field, void *context)
{
    pen_t *pen = context;
    fputs(pen->n++ > 0 ? "," : "", pen->out);
    h5r_csv_shown(pen->out, field->text, pen->spreadsheet);
}

static void csv_note(const h5r_note_t *note, const char *text, void *context)
{
    pen_t *pen = context;
    cli_say(pen->out, "%s%s: %s", pen->n++ > 0 ? "; " : "", note->name, text);
}

static void csv_notes(const h5r_result_t *r, show_wish_t wish, FILE *out)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    if (memory == NULL) {
        return;
    }
    h5r_notes_each(r, csv_note, &(pen_t){.out = memory});
    if (fclose(memory) == 0) {
        h5r_csv_shown(out, text, wish.spreadsheet);
    }
    free(text);
}

static void write_csv(const h5r_results_t *results, show_wish_t wish, FILE *out)
{
    static h5r_result_t none; /* for the names alone; too large for a frame */
    h5r_row_clear(&none.last);
    h5r_record_each(&none, csv_name, &(pen_t){.out = out});
    fputs(wish.notes ? ",notes\n" : "\n", out);
    for (size_t i = 0; i < results->n; i++) {
        h5r_record_each(&results->result[i], csv_value,
                        &(pen_t){.out = out, .spreadsheet = wish.spreadsheet});
        if (wish.notes) {
            fputc(',', out);
            csv_notes(&results->result[i], wish, out);
        }
        fputc('\n', out);
    }
}

/* ---- json: groups become objects */

static void json_field(const h5r_field_t *field, void *context)
{
    pen_t *pen = context;
    if (strcmp(pen->group, field->group) != 0) {
        cli_say(pen->out, "%s,\n   \"%s\": {", pen->group[0] != '\0' ? "}" : "", field->group);
        pen->group = field->group;
        pen->n = 0;
    }
    cli_say(pen->out, "%s\"%s\": ", pen->n++ > 0 ? ", " : "", field->name);
    if (field->type == H5R_FIELD_TEXT) {
        h5r_json_text(pen->out, field->text);
    } else {
        fputs(field->text[0] != '\0' ? field->text : "null", pen->out);
    }
}

static void json_number(FILE *out, bool applies, double value)
{
    if (applies && isfinite(value)) {
        fprintf(out, "%.9g", value);
    } else {
        fputs("null", out);
    }
}

/* Of every column of real numbers that has values. */
static void json_columns(const h5r_result_t *r, FILE *out)
{
    size_t n, said = 0, series = 0;
    const h5r_column_t *columns = h5r_columns(&n);
    fputs(",\n   \"columns\": {", out);
    for (size_t i = 0; i < n && r->column != NULL; i++) {
        if (columns[i].type != H5R_CELL_F64) {
            continue;
        }
        const h5r_summary_t *s = &r->column[series++];
        if (s->n > 0) {
            fprintf(out, "%s\"%s\": {\"median\": ", said++ > 0 ? ", " : "", columns[i].name);
            json_number(out, true, s->median);
            fputs(", \"low\": ", out);
            json_number(out, s->has_ci, s->ci_low);
            fputs(", \"high\": ", out);
            json_number(out, s->has_ci, s->ci_high);
            fprintf(out, ", \"n\": %zu}", s->n);
        }
    }
    fputc('}', out);
}

static void json_note(const h5r_note_t *note, const char *text, void *context)
{
    pen_t *pen = context;
    static const char *const about[] = {
        [H5R_ABOUT_CAUSE] = "cause", [H5R_ABOUT_TRUST] = "trust", [H5R_ABOUT_FACT] = "fact"};
    cli_say(pen->out, "%s{\"name\": \"%s\", \"about\": \"%s\", \"text\": ", pen->n++ > 0 ? ", " : "",
            note->name, about[note->about]);
    h5r_json_text(pen->out, text);
    fputc('}', pen->out);
    if (pen->used != NULL) {
        pen->used[note - h5r_note_table] = true;
    }
}

static void json_meaning(const h5r_note_t *note, FILE *out)
{
    char text[2048];
    snprintf(text, sizeof text, "%s %s %s", note->meaning, note->inferred, note->remedy);
    h5r_json_text(out, text);
}

static void json_explanations(const bool *used, FILE *out)
{
    size_t n = 0;
    for (size_t i = 0; i < h5r_note_count && used != NULL; i++) {
        if (used[i]) {
            cli_say(out, "%s\n  \"%s\": ", n++ > 0 ? "," : "", h5r_note_table[i].name);
            json_meaning(&h5r_note_table[i], out);
        }
    }
}

/* The lines of the digest. */
static void json_summary(const h5r_results_t *results, FILE *out)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    if (memory == NULL) {
        return;
    }
    digest_write(results, memory);
    if (fclose(memory) == 0) {
        const char *before = "\n  ";
        for (char *rest = text, *line; (line = strsep(&rest, "\n")) != NULL;) {
            if (line[0] != '\0') {
                fputs(before, out);
                h5r_json_text(out, line);
                before = ",\n  ";
            }
        }
    }
    free(text);
}

static void write_json(const h5r_results_t *results, show_wish_t wish, FILE *out)
{
    bool *used = calloc(h5r_note_count, sizeof *used);
    cli_say(out, "{\"torn\": %s,\n \"results\": [", results->torn ? "true" : "false");
    for (size_t i = 0; i < results->n; i++) {
        pen_t pen = {.out = out, .group = "", .used = used};
        fputs(i > 0 ? ",\n  {" : "\n  {", out);
        h5r_record_each(&results->result[i], json_field, &pen);
        fputc('}', out);
        json_columns(&results->result[i], out);
        fputs(",\n   \"notes\": [", out);
        pen.n = 0;
        if (wish.notes && !show_is_listed(&results->result[i])) {
            h5r_notes_each(&results->result[i], json_note, &pen);
        }
        fputs("]}", out);
    }
    fputs("],\n \"summary\": [", out);
    json_summary(results, out);
    fputs("],\n \"explanations\": {", out);
    json_explanations(used, out);
    fputs("}}\n", out);
    free(used);
}

/* ---- markdown: a table as GitHub renders it */

static void markdown_note(const h5r_note_t *note, const char *text, void *context)
{
    pen_t *pen = context;
    (void)note;
    fputs(pen->n++ > 0 ? "; " : "", pen->out);
    h5r_markdown_text(pen->out, text);
}

static void markdown_row(const h5r_result_t *r, bool notes, FILE *out)
{
    char median[32] = "-", low[32], high[32];
    fputs("| ", out);
    h5r_markdown_code(out, r->last.case_name);
    if (r->durable_mibps.n > 0) {
        h5r_format_mibps(r->durable_mibps.median, median, sizeof median);
    }
    cli_say(out, " | %s | %s | ", r->last.operation, median);
    if (r->durable_mibps.has_ci) {
        cli_say(out, "%s to %s", h5r_format_mibps(r->durable_mibps.ci_low, low, sizeof low),
                h5r_format_mibps(r->durable_mibps.ci_high, high, sizeof high));
    } else {
        fputc('-', out);
    }
    if (r->efficiency.n > 0) {
        cli_say(out, " | %.3g %%", 100.0 * r->efficiency.median);
    } else {
        fputs(" | -", out);
    }
    cli_say(out, " | %zu |", r->repetitions);
    if (notes) {
        fputc(' ', out);
        fputs(h5r_notes_each(r, markdown_note, &(pen_t){.out = out}) > 0 ? " |" : "|", out);
    }
    fputc('\n', out);
}

static void write_markdown(const h5r_results_t *results, show_wish_t wish, FILE *out)
{
    size_t measured = 0, listed = 0;
    for (size_t i = 0; i < results->n; i++) {
        if (!show_is_listed(&results->result[i])) {
            if (measured++ == 0) {
                cli_say(out,
                        "| case | operation | durable MiB/s, median | 95 %% interval | efficiency | n |%s\n",
                        wish.notes ? " notes |" : "");
                cli_say(out, "|---|---|---:|---:|---:|---:|%s\n", wish.notes ? "---|" : "");
            }
            markdown_row(&results->result[i], wish.notes, out);
        }
    }
    if (measured == 0) {
        fputs("No case was measured.\n", out);
    }
    for (size_t i = 0; i < results->n; i++) {
        const h5r_row_t *row = &results->result[i].last;
        if (show_is_listed(&results->result[i])) {
            fputs(listed++ == 0 ? "\n- " : "- ", out);
            h5r_markdown_code(out, row->case_name);
            cli_say(out, " %s: ", h5r_row_words[row->status]);
            h5r_markdown_text(out, row->reason);
            fputc('\n', out);
        }
    }
}

/* ---- tracker: what github-action-benchmark reads as customBiggerIsBetter */

static void tracker_entry(const h5r_result_t *r, FILE *out)
{
    const h5r_summary_t *s = &r->durable_mibps;
    char name[sizeof r->last.case_name + sizeof r->last.operation + 2], extra[256];
    snprintf(name, sizeof name, "%s %s", r->last.case_name, r->last.operation);
    fputs("{\"name\": ", out);
    h5r_json_text(out, name);
    cli_say(out, ", \"unit\": \"MiB/s\", \"value\": %.6g", s->median);
    if (s->has_ci) {
        cli_say(out, ", \"range\": \"%.6g to %.6g\"", s->ci_low, s->ci_high);
    }
    int length = snprintf(extra, sizeof extra, "run %s, %" PRIu64 " ranks, n = %zu", r->last.run_id,
                          r->last.ranks, r->repetitions);
    if (r->efficiency.n > 0) {
        snprintf(extra + length, sizeof extra - (size_t)length, ", efficiency %.3g", r->efficiency.median);
    }
    fputs(", \"extra\": ", out);
    h5r_json_text(out, extra);
    fputc('}', out);
}

static void write_tracker(const h5r_results_t *results, show_wish_t wish, FILE *out)
{
    size_t n = 0;
    (void)wish;
    fputc('[', out);
    for (size_t i = 0; i < results->n; i++) {
        const h5r_result_t *r = &results->result[i];
        if (r->durable_mibps.n > 0 && r->mismatches == 0) { /* wrong data have no speed */
            fputs(n++ > 0 ? ",\n " : "\n ", out);
            tracker_entry(r, out);
        }
    }
    fputs("\n]\n", out);
}

const show_format_t show_formats[] = {
#define X(name) {#name, write_##name},
    SHOW_FORMAT_TABLE(X)
#undef X
};

const size_t show_format_count = H5R_COUNT_OF(show_formats);
