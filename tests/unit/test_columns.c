/* The order of the columns of results.csv: those that were there stay where they are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/table/column.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* tests/unit/data/columns.txt has a name in a line; what comes later is appended, here and there. */
static void old_columns_keep_their_places(void **state)
{
    char path[4096], name[64];
    size_t n, i = 0;
    const h5r_column_t *columns = h5r_columns(&n);
    const char *source = getenv("H5ROOF_SOURCE");
    (void)state;
    snprintf(path, sizeof path, "%s/tests/unit/data/columns.txt", source ? source : ".");
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    for (; fscanf(in, "%63s", name) == 1; i++) {
        assert_in_range(i, 0, n - 1);
        assert_string_equal(columns[i].name, name);
    }
    assert_int_equal(fclose(in), 0);
    assert_in_range(i, 175, n);
}

static void every_factor_has_one_column(void **state)
{
    size_t n;
    const h5r_column_t *columns = h5r_columns(&n);
    (void)state;
    for (size_t f = 0; f < H5R_FACTORS; f++) {
        size_t found = 0;
        for (size_t i = 0; i < n; i++) {
            found += columns[i].type == H5R_CELL_FACTOR && columns[i].factor == &h5r_factor_table[f];
        }
        if (found != 1) {
            fail_msg("factor %s has %zu columns", h5r_factor_table[f].name, found);
        }
    }
}

static void names_are_unique(void **state)
{
    size_t n;
    const h5r_column_t *columns = h5r_columns(&n);
    (void)state;
    for (size_t i = 0; i < n; i++) {
        assert_true(strlen(columns[i].help) > 0);
        assert_ptr_equal(h5r_column_find(columns[i].name), &columns[i]);
    }
}

static const char *cell(const h5r_row_t *row, const char *column, char text[256])
{
    return h5r_row_cell_text(row, h5r_column_find(column), text, 256);
}

/* Every word of an enumeration is written as it is read, and that of a newer program is none. */
static void words(void **state)
{
    size_t n, enumerations = 0;
    char text[256];
    h5r_row_t row;
    const h5r_column_t *columns = h5r_columns(&n);
    (void)state;
    h5r_row_clear(&row);
    for (size_t i = 0; i < n; i++) {
        if (columns[i].type != H5R_CELL_WORD) {
            continue;
        }
        enumerations++;
        assert_string_equal(cell(&row, columns[i].name, text), "");
        for (size_t w = 0; w < columns[i].size; w++) {
            assert_true(h5r_row_parse_cell(&row, &columns[i], columns[i].words[w]));
            assert_string_equal(cell(&row, columns[i].name, text), columns[i].words[w]);
        }
        assert_true(h5r_row_parse_cell(&row, &columns[i], "a newer word"));
        assert_string_equal(cell(&row, columns[i].name, text), "");
    }
    assert_int_equal(enumerations, 5);
    h5r_row_parse_cell(&row, h5r_column_find("status"), "interrupted");
    assert_int_equal(row.status, H5R_ROW_INTERRUPTED);
    h5r_row_parse_cell(&row, h5r_column_find("direction"), "");
    assert_int_equal(row.direction, H5R_DIRECTIONS);
}

/* Marks are joined in the order of their table; those of a newer program are left out. */
static void marks(void **state)
{
    const h5r_column_t *quality = h5r_column_find("quality");
    char text[256];
    h5r_row_t row;
    (void)state;
    h5r_row_clear(&row);
    assert_string_equal(cell(&row, "quality", text), "");
    h5r_row_mark(&row, H5R_MARK_ABOVE_ROOF);
    h5r_row_mark(&row, H5R_MARK_SHORT);
    assert_string_equal(cell(&row, "quality", text), "short;above_roof");
    assert_true(h5r_row_parse_cell(&row, quality, "bounded;shorter;cached"));
    assert_true(h5r_row_is_marked(&row, H5R_MARK_BOUNDED) && h5r_row_is_marked(&row, H5R_MARK_CACHED));
    assert_false(h5r_row_is_marked(&row, H5R_MARK_SHORT));
    assert_string_equal(cell(&row, "quality", text), "bounded;cached");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(old_columns_keep_their_places),
        cmocka_unit_test(every_factor_has_one_column),
        cmocka_unit_test(names_are_unique),
        cmocka_unit_test(words),
        cmocka_unit_test(marks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
