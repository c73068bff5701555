/* RFC 4180, both ways, and files that are torn or broken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/csv.h"
#include "h5roof/count.h"
#include "h5roof/rng.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/h5roof-csv-XXXXXX";

static int make_path(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_path(void **state)
{
    (void)state;
    return unlink(path);
}

static h5r_status_t read_bytes(const char *text, size_t length, h5r_csv_t *csv, h5r_error_t *err)
{
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(text, 1, length, out), length);
    assert_int_equal(fclose(out), 0);
    return h5r_csv_read(path, csv, err);
}

static h5r_status_t read_text(const char *text, h5r_csv_t *csv, h5r_error_t *err)
{
    return read_bytes(text, strlen(text), csv, err);
}

static void fields_are_quoted_only_if_they_must(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"", ""},
        {"abc", "abc"},
        {"a b", "a b"},
        {"a,b", "\"a,b\""},
        {"a\"b", "\"a\"\"b\""},
        {"a\nb", "\"a\nb\""},
        {"a\rb", "\"a\rb\""},
        {" a", "\" a\""},
        {"a ", "\"a \""},
        {" ", "\" \""},
        {"\"", "\"\"\"\""},
        {"1.5", "1.5"},
        {"grün", "grün"},
    };
    for (size_t i = 0; i < H5R_COUNT_OF(pairs); i++) {
        char buf[64] = "";
        FILE *out = fmemopen(buf, sizeof buf, "w");
        assert_non_null(out);
        h5r_csv_field(out, pairs[i][0]);
        assert_int_equal(fclose(out), 0);
        assert_string_equal(buf, pairs[i][1]);
    }
}

static void a_table_is_read(void **state)
{
    (void)state;
    h5r_csv_t csv;
    h5r_error_t err;
    assert_int_equal(read_text("a,b,c\r\n1,\"x,\"\"y\"\"\r\nz\",\n,,\n\" q \",r\"s,t\n", &csv, &err), H5R_OK);
    assert_int_equal(csv.columns, 3);
    assert_int_equal(csv.rows, 3);
    assert_false(csv.torn);
    assert_string_equal(csv.header[2], "c");
    assert_string_equal(h5r_csv_cell(&csv, 0, 0), "1");
    assert_string_equal(h5r_csv_cell(&csv, 0, 1), "x,\"y\"\r\nz");
    assert_string_equal(h5r_csv_cell(&csv, 0, 2), "");
    assert_string_equal(h5r_csv_cell(&csv, 1, 1), "");
    assert_string_equal(h5r_csv_cell(&csv, 2, 0), " q ");
    assert_string_equal(h5r_csv_cell(&csv, 2, 1), "r\"s");
    assert_int_equal(h5r_csv_column(&csv, "b"), 1);
    assert_int_equal(h5r_csv_column(&csv, "B"), -1);
    assert_string_equal(h5r_csv_cell(&csv, 0, -1), "");
    h5r_csv_free(&csv);
    h5r_csv_free(&csv);

    assert_int_equal(read_text("\xef\xbb\xbf"
                               "a\n",
                               &csv, &err),
                     H5R_OK);
    assert_string_equal(csv.header[0], "a");
    assert_int_equal(csv.rows, 0);
    h5r_csv_free(&csv);
}

static void torn_last_lines_are_left_out(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t rows;
        bool torn;
    } cases[] = {
        {"a,b\n1,2\n3,4\n", 2, false},
        {"a,b\n1,2\n3,4", 1, true},
        {"a,b\n1,2\n3", 1, true},
        {"a,b\n1,2\n3\n", 1, true},
        {"a,b\n1,2\n3,\"x", 1, true},
        {"a,b\n1,2\n3,\"x\"", 1, true},
        {"a,b\n1,2\n\"x\ny,z\n", 1, true},
        {"a,b\n1,2\n3,4\r", 1, true},
        {"a,b\n", 0, false},
        {"a,b\n\n", 0, true},
    };
    for (size_t i = 0; i < H5R_COUNT_OF(cases); i++) {
        h5r_csv_t csv;
        h5r_error_t err;
        assert_int_equal(read_text(cases[i].text, &csv, &err), H5R_OK);
        assert_int_equal(csv.rows, cases[i].rows);
        assert_int_equal(csv.torn, cases[i].torn);
        h5r_csv_free(&csv);
    }
}

static void broken_files_are_named_with_the_line(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", ":1: no header"},
        {"a,b", ":1: no header"},
        {"a,b\n1\n2,3\n", ":2: 1 fields where the header has 2"},
        {"a,b\n1,2\n3,4,5\n", ":3: 3 fields where the header has 2"},
        {"a,b\n\"x\ny\",2\n1,2,3\n1,2\n", ":4: 3 fields"},
        {"a,b\n1,\"x\"y\n", ":2: text after a closing quote"},
        {"\"a\"b,c\n", ":1: text after a closing quote"},
    };
    for (size_t i = 0; i < H5R_COUNT_OF(cases); i++) {
        h5r_csv_t csv;
        h5r_error_t err = {0};
        assert_int_equal(read_text(cases[i][0], &csv, &err), H5R_RESULTS);
        if (!strstr(err.message, cases[i][1]) || !strstr(err.message, path)) {
            fail_msg("case %zu: %s", i, err.message);
        }
        assert_int_equal(err.code, H5R_RESULTS);
        h5r_csv_free(&csv);
    }

    h5r_csv_t csv;
    h5r_error_t err;
    assert_int_equal(read_bytes("a\n1\0002\n", 6, &csv, &err), H5R_RESULTS);
    h5r_csv_free(&csv);
    assert_int_equal(h5r_csv_read("/nowhere/results.csv", &csv, &err), H5R_RESULTS);
    assert_non_null(strstr(err.message, "/nowhere/results.csv: cannot open: "));
    h5r_csv_free(&csv);
    assert_int_equal(h5r_csv_read("/tmp", &csv, &err), H5R_RESULTS);
    h5r_csv_free(&csv);
}

enum { COLUMNS = 5, ROWS = 400, CELL = 12 };

static void random_text(h5r_rng_t *rng, char text[CELL])
{
    static const char alphabet[] = "ab,\"\n\r  x";
    size_t length = (size_t)h5r_rng_below(rng, CELL);
    for (size_t i = 0; i < length; i++) {
        text[i] = alphabet[h5r_rng_below(rng, sizeof alphabet - 1)];
    }
    text[length] = '\0';
}

static void any_text_survives_a_round_trip(void **state)
{
    (void)state;
    static char table[ROWS + 1][COLUMNS][CELL];
    h5r_rng_t rng = h5r_rng_seeded(99, 0);
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    for (int r = 0; r <= ROWS; r++) {
        for (int c = 0; c < COLUMNS; c++) {
            random_text(&rng, table[r][c]);
            if (c > 0) {
                fputc(',', out);
            }
            h5r_csv_field(out, table[r][c]);
        }
        fputc('\n', out);
    }
    assert_int_equal(fclose(out), 0);

    h5r_csv_t csv;
    h5r_error_t err;
    assert_int_equal(h5r_csv_read(path, &csv, &err), H5R_OK);
    assert_int_equal(csv.columns, COLUMNS);
    assert_int_equal(csv.rows, ROWS);
    for (int c = 0; c < COLUMNS; c++) {
        assert_string_equal(csv.header[c], table[0][c]);
        for (int r = 0; r < ROWS; r++) {
            assert_string_equal(h5r_csv_cell(&csv, (size_t)r, c), table[r + 1][c]);
        }
    }
    h5r_csv_free(&csv);
}

/* However a run is killed, what was written whole is read and nothing else. */
static void every_cut_keeps_the_whole_rows(void **state)
{
    (void)state;
    static const char text[] = "a,b\n1,\"x\ny\"\n\"\"\"\",4\r\n5,6\n";
    static const size_t row_ends[] = {12, 20, 24};
    for (size_t length = 4; length < sizeof text; length++) {
        h5r_csv_t csv;
        h5r_error_t err;
        size_t rows = 0, boundary = 4;
        for (size_t i = 0; i < 3 && row_ends[i] <= length; i++) {
            rows++;
            boundary = row_ends[i];
        }
        assert_int_equal(read_bytes(text, length, &csv, &err), H5R_OK);
        assert_int_equal(csv.rows, rows);
        assert_int_equal(csv.torn, length != boundary);
        assert_int_equal(csv.end[rows], boundary);
        h5r_csv_free(&csv);
    }
}

/* `end` has the place behind every row, whatever the row is made of and however many there are. */
static void ends_of_rows(void **state)
{
    (void)state;
    size_t expected[ROWS + 1];
    h5r_csv_t csv;
    h5r_error_t err;
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    fputs("\xef\xbb\xbf"
          "\"a\nb\",c\r\n",
          out);
    for (int r = 0; r <= ROWS; r++) {
        expected[r] = (size_t)ftell(out);
        if (r < ROWS) {
            fputs(r % 3 == 0 ? "\"\"\"\n\r\n,\",2\n" : r % 3 == 1 ? ",\r\n" : "\"x\",\" \"\n", out);
        }
    }
    assert_int_equal(fclose(out), 0);
    assert_int_equal(h5r_csv_read(path, &csv, &err), H5R_OK);
    assert_int_equal(csv.rows, ROWS);
    assert_memory_equal(csv.end, expected, sizeof expected);
    h5r_csv_free(&csv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_quoted_only_if_they_must),
        cmocka_unit_test(a_table_is_read),
        cmocka_unit_test(torn_last_lines_are_left_out),
        cmocka_unit_test(broken_files_are_named_with_the_line),
        cmocka_unit_test(any_text_survives_a_round_trip),
        cmocka_unit_test(every_cut_keeps_the_whole_rows),
        cmocka_unit_test(ends_of_rows),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}
