/* What must be the same in two runs: each fact is the column that it is called, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/table/exact.h"
#include "h5roof/count.h"

#include <string.h>

static size_t fact_of(const char *name)
{
    for (size_t i = 0; i < h5r_exact_count(); i++) {
        if (strcmp(h5r_exact_name(i), name) == 0) {
            return i;
        }
    }
    fail_msg("no fact %s", name);
    return 0;
}

/* Every column is changed by itself: the fact of that name differs then, and no other. */
static void a_fact_is_its_column(void **state)
{
    (void)state;
    static h5r_row_t before, after;
    size_t n, found = 0;
    const h5r_column_t *columns = h5r_columns(&n);
    h5r_row_clear(&before);
    for (size_t i = 0; i < n; i++) {
        if (columns[i].type != H5R_CELL_U64 && columns[i].type != H5R_CELL_F64 &&
            columns[i].type != H5R_CELL_TEXT) {
            continue;
        }
        after = before;
        assert_true(h5r_row_parse_cell(&after, &columns[i], "7"));
        h5r_exact_t differing = h5r_exact_differing(&before, &after);
        if (differing == 0) {
            continue;
        }
        found++;
        assert_true(differing == (h5r_exact_t)1 << fact_of(columns[i].name));
        assert_true(h5r_exact_differing(&after, &before) == differing);
        assert_true(h5r_exact_differing(&after, &after) == 0);
    }
    assert_int_equal(found, h5r_exact_count());
}

/* With other data these differ, and those do not. */
static void sizes_depend_on_the_data_and_calls_do_not(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool of_data;
    } known[] = {
        {"stored_bytes", true},       {"file_bytes", true},     {"mpiio_write_bytes", true},
        {"payload_bytes", false},     {"calls_count", false},   {"mpiio_sync_count", false},
        {"data_offset_bytes", false}, {"objects_count", false}, {"actual_io_mode", false},
    };
    for (size_t i = 0; i < H5R_COUNT_OF(known); i++) {
        bool of_data = (h5r_exact_of_data() >> fact_of(known[i].name) & 1) != 0;
        assert_int_equal(of_data, known[i].of_data);
    }
}

static void only_what_a_table_has_is_compared(void **state)
{
    (void)state;
    char *header[] = {"schema", "stored_bytes", "calls_count", "a newer column"};
    h5r_csv_t csv = {.columns = H5R_COUNT_OF(header), .header = header};
    h5r_exact_t expected = (h5r_exact_t)1 << fact_of("stored_bytes") | (h5r_exact_t)1
                                                                           << fact_of("calls_count");
    assert_true(h5r_exact_columns(&csv) == expected);
    csv.columns = 0; /* of a file that could not be read */
    assert_true(h5r_exact_columns(&csv) == 0);
}

static void values_as_text(void **state)
{
    (void)state;
    static h5r_row_t row;
    char text[64];
    h5r_row_clear(&row);
    row.calls = 0;
    assert_string_equal(h5r_exact_text(fact_of("calls_count"), &row, text, sizeof text), "0");
    row.calls = UINT64_MAX - 1;
    assert_string_equal(h5r_exact_text(fact_of("calls_count"), &row, text, sizeof text),
                        "18446744073709551614");
    assert_string_equal(h5r_exact_text(fact_of("objects_count"), &row, text, sizeof text), "-");
    assert_string_equal(h5r_exact_text(fact_of("actual_io_mode"), &row, text, sizeof text), "-");
    snprintf(row.actual_io_mode, sizeof row.actual_io_mode, "contiguous");
    assert_string_equal(h5r_exact_text(fact_of("actual_io_mode"), &row, text, sizeof text), "contiguous");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fact_is_its_column),
        cmocka_unit_test(sizes_depend_on_the_data_and_calls_do_not),
        cmocka_unit_test(only_what_a_table_has_is_compared),
        cmocka_unit_test(values_as_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
