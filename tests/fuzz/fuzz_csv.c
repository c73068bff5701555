/*
 * Any bytes as results.csv: as a table, which written and read again is the same table, and as the results
 * that `show` and the notes are made of.
 */
#include "core/base/csv.h"
#include "core/notes/note.h"
#include "core/table/result.h"
#include "feed.h"

#include <string.h>
#include <unistd.h>

static char directory[] = "/tmp/h5roof-fuzz-XXXXXX";
static char link_path[sizeof directory + 16];

static void remove_directory(void)
{
    unlink(link_path);
    rmdir(directory);
}

/* Results are read from a directory: its results.csv is the file in memory. */
static void make_directory(const feed_file_t *file)
{
    FEED_CHECK(mkdtemp(directory) != NULL);
    snprintf(link_path, sizeof link_path, "%s/results.csv", directory);
    FEED_CHECK(symlink(file->path, link_path) == 0);
    atexit(remove_directory);
}

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

static void check_round_trip(const h5r_csv_t *csv, const feed_file_t *file)
{
    h5r_csv_t again;
    h5r_error_t err = {0};
    FILE *out = feed_rewrite(file);
    fputs("\xef\xbb\xbf", out); /* a first cell may begin with another one */
    write_line(csv->header, csv->columns, out);
    for (size_t r = 0; r < csv->rows; r++) {
        write_line(csv->cell + r * csv->columns, csv->columns, out);
    }
    FEED_CHECK(fclose(out) == 0);
    FEED_CHECK(h5r_csv_read(file->path, &again, &err) == H5R_OK);
    FEED_CHECK(again.columns == csv->columns && again.rows == csv->rows && !again.torn);
    for (size_t i = 0; i < csv->columns * (csv->rows + 1); i++) {
        FEED_CHECK(strcmp(csv->header[i], again.header[i]) == 0); /* cells follow the header */
    }
    h5r_csv_free(&again);
}

static void check_table(const feed_file_t *file)
{
    h5r_csv_t csv;
    h5r_error_t err = {0};
    h5r_status_t status = h5r_csv_read(file->path, &csv, &err);
    FEED_CHECK(status == H5R_OK || (status == H5R_RESULTS && err.message[0] != '\0'));
    if (status == H5R_OK) {
        FEED_CHECK(csv.columns > 0 && csv.cell == csv.header + csv.columns);
        check_round_trip(&csv, file);
    }
    h5r_csv_free(&csv);
}

static void check_results(void)
{
    static char *said;
    static size_t size;
    h5r_results_t results;
    h5r_error_t err = {0};
    h5r_status_t status = h5r_results_load(directory, &results, &err);
    FEED_CHECK(status == H5R_OK || (status == H5R_RESULTS && err.message[0] != '\0'));
    for (size_t i = 0; i < results.n; i++) {
        FILE *out = open_memstream(&said, &size);
        FEED_CHECK(out != NULL);
        FEED_CHECK(h5r_notes_write(&results.result[i], out) >= 0);
        fclose(out);
        free(said);
    }
    h5r_results_free(&results);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static feed_file_t file = {.fd = -1};
    if (file.fd < 0) {
        feed_open(&file);
        make_directory(&file);
    }
    feed_fill(&file, data, size);
    check_results();
    check_table(&file);
    return 0;
}
