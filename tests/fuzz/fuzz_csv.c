/*
 * Any bytes as results.csv: as a table, which written and read again is the same table, and as the results
 * that `show` and the notes are made of.
 */
#include "core/base/csv.h"
#include "core/notes/note.h"
#include "core/table/result.h"
#include "feed.h"

#include <string.h>

static void write_line(char *const *cell, size_t n, FILE *out)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0) {
            fputc(',', out);
        }
        h5r_csv_field(out, cell[i]);
    }
    fputc('\n', out);
}

static void check_round_trip(const h5r_csv_t *csv)
{
    h5r_csv_t again;
    h5r_error_t err = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    FEED_CHECK(out != NULL);
    fputs("\xef\xbb\xbf", out); /* a first cell may begin with another one */
    write_line(csv->header, csv->columns, out);
    for (size_t r = 0; r < csv->rows; r++) {
        write_line(csv->cell + r * csv->columns, csv->columns, out);
    }
    FEED_CHECK(fclose(out) == 0);
    FEED_CHECK(h5r_csv_parse("again", text, size, &again, &err) == H5R_OK);
    FEED_CHECK(again.columns == csv->columns && again.rows == csv->rows && !again.torn);
    for (size_t i = 0; i < csv->columns * (csv->rows + 1); i++) {
        FEED_CHECK(strcmp(csv->header[i], again.header[i]) == 0); /* cells follow the header */
    }
    h5r_csv_free(&again);
}

static void check_table(const uint8_t *data, size_t size)
{
    h5r_csv_t csv;
    h5r_error_t err = {0};
    h5r_status_t status = h5r_csv_parse("table", feed_text(data, size), size, &csv, &err);
    FEED_CHECK(status == H5R_OK || (status == H5R_RESULTS && err.message[0] != '\0'));
    if (status == H5R_OK) {
        FEED_CHECK(csv.columns > 0 && csv.cell == csv.header + csv.columns);
        check_round_trip(&csv);
    }
    h5r_csv_free(&csv);
}

static void check_results(const uint8_t *data, size_t size)
{
    h5r_results_t results;
    h5r_error_t err = {0};
    h5r_status_t status = h5r_results_parse("results", feed_text(data, size), size, &results, &err);
    FEED_CHECK(status == H5R_OK || (status == H5R_RESULTS && err.message[0] != '\0'));
    for (size_t i = 0; i < results.n; i++) {
        char *said = NULL;
        size_t length = 0;
        FILE *out = open_memstream(&said, &length);
        FEED_CHECK(out != NULL);
        FEED_CHECK(h5r_notes_write(&results.result[i], out) >= 0);
        fclose(out);
        free(said);
    }
    h5r_results_free(&results);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_results(data, size);
    check_table(data, size);
    return 0;
}
