/* What is read back of an unfinished results.csv: complete repetitions, the events between them, and exactly
 * how many bytes they are. */
#include "core/table/history.h"
#include "h5roof/count.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "/tmp/h5roof-history-XXXXXX";

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

/* A table that grows, row by row. */
typedef struct {
    char *text;
    size_t size;
    FILE *out;
} table_t;

static table_t *begin(table_t *t)
{
    *t = (table_t){0};
    t->out = open_memstream(&t->text, &t->size);
    assert_non_null(t->out);
    h5r_row_write_header(t->out);
    return t;
}

static size_t bytes_of(table_t *t)
{
    assert_int_equal(fflush(t->out), 0);
    return t->size;
}

static h5r_row_t row_of(unsigned case_id, h5r_row_status_t status)
{
    h5r_row_t row;
    h5r_row_clear(&row);
    snprintf(row.run_id, sizeof row.run_id, "the-run");
    snprintf(row.case_id, sizeof row.case_id, "%016x", case_id);
    snprintf(row.case_name, sizeof row.case_name, "case, \"%u\"", case_id);
    row.status = status;
    return row;
}

static void add_event(table_t *t, unsigned case_id, h5r_row_status_t status, const char *reason,
                      h5r_stop_t stop)
{
    h5r_row_t row = row_of(case_id, status);
    snprintf(row.reason, sizeof row.reason, "%s", reason);
    row.stop = stop;
    row.block = 4;
    h5r_row_write(&row, t->out);
}

/* One operation of a repetition of two; the block has the same number. */
static void add_operation(table_t *t, unsigned case_id, unsigned repetition, const char *operation, double s)
{
    h5r_row_t row = row_of(case_id, H5R_ROW_OK);
    snprintf(row.operation, sizeof row.operation, "%s", operation);
    row.block = row.repetition = repetition;
    row.warmup = repetition == 0;
    row.durable_s = s;
    row.operations = 2;
    h5r_row_write(&row, t->out);
}

static void add_repetition(table_t *t, unsigned case_id, unsigned repetition)
{
    add_operation(t, case_id, repetition, "write", 1.5 + repetition);
    add_operation(t, case_id, repetition, "read", 0.25);
}

/* The first `length` bytes of the table as a file, read. */
static h5r_status_t read_part(table_t *t, size_t length, h5r_history_t *history, h5r_error_t *err)
{
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_true(length <= bytes_of(t));
    assert_int_equal(fwrite(t->text, 1, length, out), length);
    assert_int_equal(fclose(out), 0);
    *err = (h5r_error_t){0};
    return h5r_history_read(path, history, err);
}

static void read_ok(table_t *t, size_t length, h5r_history_t *history)
{
    h5r_error_t err;
    if (read_part(t, length, history, &err) != H5R_OK) {
        fail_msg("%s", err.message);
    }
}

static void end(table_t *t)
{
    assert_int_equal(fclose(t->out), 0);
    free(t->text);
}

static void a_whole_table(void **state)
{
    (void)state;
    table_t t;
    h5r_history_t h;
    begin(&t);
    add_repetition(&t, 7, 0);
    add_repetition(&t, 8, 0);
    add_repetition(&t, 7, 1);
    read_ok(&t, bytes_of(&t), &h);
    assert_int_equal(h.n, 3);
    assert_int_equal(h.bytes, bytes_of(&t));
    assert_int_equal(h.dropped, 0);
    assert_string_equal(h.run_id, "the-run");
    assert_int_equal(h.past[0].kind, H5R_PAST_REPETITION);
    assert_true(h.past[0].warmup && !h.past[2].warmup);
    assert_int_equal(h.past[1].case_id, 8);
    assert_int_equal(h.past[2].block, 1);
    assert_true(h.past[2].durable_s[0] == 2.5 && h.past[2].durable_s[1] == 0.25);
    assert_true(isnan(h.past[2].durable_s[2]));
    assert_false(h.past[2].mismatch);
    h5r_history_free(&h);
    h5r_history_free(&h);
    end(&t);
}

static void only_the_header(void **state)
{
    (void)state;
    table_t t;
    h5r_history_t h;
    begin(&t);
    read_ok(&t, bytes_of(&t), &h);
    assert_int_equal(h.n, 0);
    assert_int_equal(h.bytes, bytes_of(&t));
    assert_string_equal(h.run_id, "");
    h5r_history_free(&h);
    end(&t);
}

/* Wherever a table is cut, what was complete before is kept, and its bytes are exact: texts with line ends in
 * quotes, a repetition without its read, events. */
static void every_cut(void **state)
{
    (void)state;
    table_t t;
    size_t complete[8], n = 0;
    begin(&t);
    complete[n++] = bytes_of(&t);
    add_event(&t, 9, H5R_ROW_SKIPPED, "a reason\nof \"two\" lines,\r\nor three", H5R_STOP_NONE);
    complete[n++] = bytes_of(&t);
    add_repetition(&t, 7, 0);
    complete[n++] = bytes_of(&t);
    add_event(&t, 7, H5R_ROW_INTERRUPTED, "\n", H5R_STOP_NONE);
    complete[n++] = bytes_of(&t);
    add_repetition(&t, 7, 1);
    complete[n++] = bytes_of(&t);
    add_event(&t, 7, H5R_ROW_STOPPED, "", H5R_STOP_BUDGET);
    complete[n++] = bytes_of(&t);
    for (size_t length = complete[0]; length <= complete[n - 1]; length++) {
        h5r_history_t h;
        size_t kept = 0;
        while (kept + 1 < n && complete[kept + 1] <= length) {
            kept++;
        }
        size_t next = complete[kept + 1 < n ? kept + 1 : kept];
        if (length > complete[kept] + 80 && length + 20 < next && length % 23 != 0) {
            continue; /* not all of them, for time */
        }
        read_ok(&t, length, &h);
        if (h.bytes != complete[kept] || h.n != kept || (h.dropped > 0) != (length > complete[kept])) {
            fail_msg("of %zu bytes %zu are kept with %zu entries and %zu dropped, not %zu with %zu", length,
                     (size_t)h.bytes, h.n, h.dropped, complete[kept], kept);
        }
        h5r_history_free(&h);
    }
    end(&t);
}

static void half_a_repetition_at_the_end(void **state)
{
    (void)state;
    table_t t;
    h5r_history_t h;
    begin(&t);
    add_repetition(&t, 7, 0);
    size_t complete = bytes_of(&t);
    add_operation(&t, 7, 1, "write", 1.0);
    read_ok(&t, bytes_of(&t), &h);
    assert_int_equal(h.n, 1);
    assert_int_equal(h.bytes, complete);
    assert_int_equal(h.dropped, 1);
    h5r_history_free(&h);
    end(&t);
}

static void half_a_repetition_in_the_middle(void **state)
{
    (void)state;
    static const unsigned next[][2] = {{7, 1}, {8, 0}}; /* case and repetition of what follows the half */
    for (size_t i = 0; i <= H5R_COUNT_OF(next); i++) {
        table_t t;
        h5r_history_t h;
        h5r_error_t err;
        begin(&t);
        add_repetition(&t, 6, 0);
        add_operation(&t, 7, 0, "write", 1.0);
        if (i < H5R_COUNT_OF(next)) {
            add_repetition(&t, next[i][0], next[i][1]);
        } else {
            add_event(&t, 7, H5R_ROW_INTERRUPTED, "", H5R_STOP_NONE);
        }
        assert_int_equal(read_part(&t, bytes_of(&t), &h, &err), H5R_RESULTS);
        if (strstr(err.message, "row 4: the row before lacks its other operation") == NULL) {
            fail_msg("%zu: %s", i, err.message);
        }
        h5r_history_free(&h);
        end(&t);
    }
}

static void events(void **state)
{
    (void)state;
    static const struct {
        h5r_row_status_t status;
        h5r_stop_t stop;
        h5r_past_kind_t kind;
    } known[] = {{H5R_ROW_SKIPPED, H5R_STOP_NONE, H5R_PAST_SKIPPED},
                 {H5R_ROW_INTERRUPTED, H5R_STOP_NONE, H5R_PAST_INTERRUPTED},
                 {H5R_ROW_INTERRUPTED, H5R_STOP_INTERRUPTED, H5R_PAST_INTERRUPTED},
                 {H5R_ROW_STOPPED, H5R_STOP_BUDGET, H5R_PAST_STOPPED}};
    const size_t n = H5R_COUNT_OF(known);
    table_t t;
    h5r_history_t h;
    begin(&t);
    for (size_t i = 0; i < n; i++) {
        add_event(&t, (unsigned)i, known[i].status, "why", known[i].stop);
    }
    read_ok(&t, bytes_of(&t), &h);
    assert_int_equal(h.n, n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(h.past[i].kind, known[i].kind);
        assert_int_equal(h.past[i].case_id, i);
        assert_int_equal(h.past[i].block, 4);
        assert_int_equal(h.past[i].stop, known[i].stop);
    }
    h5r_history_free(&h);
    end(&t);
}

static void wrong_data_and_the_reason_to_stop(void **state)
{
    (void)state;
    table_t t;
    h5r_history_t h;
    begin(&t);
    add_operation(&t, 7, 1, "write", 1.0);
    h5r_row_t row = row_of(7, H5R_ROW_MISMATCH);
    snprintf(row.operation, sizeof row.operation, "read");
    row.stop = H5R_STOP_MAX;
    row.block = row.repetition = 1;
    h5r_row_write(&row, t.out);
    read_ok(&t, bytes_of(&t), &h);
    assert_int_equal(h.n, 1);
    assert_true(h.past[0].mismatch && isnan(h.past[0].durable_s[1]));
    assert_int_equal(h.past[0].stop, H5R_STOP_MAX);
    h5r_history_free(&h);
    end(&t);
}

/* A workload has operations of its own, and its rows say how many. */
static void other_numbers_of_operations(void **state)
{
    (void)state;
    table_t t;
    h5r_history_t h;
    h5r_error_t err;
    for (uint64_t n = 0; n <= H5R_OPERATIONS + 1; n++) {
        size_t complete = 0;
        begin(&t);
        for (uint64_t i = 0; i < 2 * n + 1; i++) {
            h5r_row_t row = row_of(7, H5R_ROW_OK);
            row.operations = n;
            row.block = row.repetition = n > 0 ? i / n : 0;
            h5r_row_write(&row, t.out);
            complete = i + 1 == 2 * n ? bytes_of(&t) : complete;
        }
        h5r_status_t status = read_part(&t, bytes_of(&t), &h, &err);
        if (n == 0 || n > H5R_OPERATIONS) {
            assert_int_equal(status, H5R_RESULTS);
            assert_non_null(strstr(err.message, "row 1: no or more operations"));
        } else {
            assert_int_equal(status, H5R_OK);
            assert_int_equal(h.n, n == 1 ? 3 : 2);
            assert_int_equal(h.bytes, n == 1 ? bytes_of(&t) : complete);
        }
        h5r_history_free(&h);
        end(&t);
    }
}

static void what_is_no_history(void **state)
{
    (void)state;
    table_t t;
    h5r_history_t h;
    h5r_error_t err;
    begin(&t);
    add_event(&t, 1, H5R_ROW_NONE, "", H5R_STOP_NONE);
    add_repetition(&t, 7, 0);
    assert_int_equal(read_part(&t, bytes_of(&t), &h, &err), H5R_RESULTS);
    assert_non_null(strstr(err.message, "row 1: status ''"));
    h5r_history_free(&h);
    end(&t);

    begin(&t);
    fputs("not,a,row\n", t.out);
    add_repetition(&t, 7, 0);
    assert_int_equal(read_part(&t, bytes_of(&t), &h, &err), H5R_RESULTS);
    assert_non_null(strstr(err.message, ":2: 3 fields"));
    h5r_history_free(&h);
    assert_int_equal(read_part(&t, 20, &h, &err), H5R_RESULTS); /* a part of the header */
    h5r_history_free(&h);
    assert_int_equal(read_part(&t, 0, &h, &err), H5R_RESULTS);
    h5r_history_free(&h);
    end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_table),
        cmocka_unit_test(only_the_header),
        cmocka_unit_test(every_cut),
        cmocka_unit_test(half_a_repetition_at_the_end),
        cmocka_unit_test(half_a_repetition_in_the_middle),
        cmocka_unit_test(events),
        cmocka_unit_test(wrong_data_and_the_reason_to_stop),
        cmocka_unit_test(other_numbers_of_operations),
        cmocka_unit_test(what_is_no_history),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}
