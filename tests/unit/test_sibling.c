/* Cases that are the same but for one factor find each other, and no others do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "core/factors/factor.h"
#include "core/table/sibling.h"
#include "h5roof/count.h"

static h5r_result_t result_of(const char *operation, h5r_access_kind_t access, uint64_t calls, double mibps)
{
    h5r_result_t r = {.transfer_mibps = {.n = 6, .median = mibps}};
    h5r_row_clear(&r.last);
    h5r_factors_default(&r.last.factors);
    r.last.factors.access.kind = (h5r_access_kind_t)access;
    r.last.ranks = 2;
    r.last.payload_bytes = 8000;
    r.last.calls = calls;
    snprintf(r.last.operation, sizeof r.last.operation, "%s", operation);
    return r;
}

static void elements_find_their_rows(void **state)
{
    (void)state;
    h5r_result_t r[] = {
        result_of("write", H5R_ACCESS_ELEMENT, 1000, 2.0),  result_of("read", H5R_ACCESS_ELEMENT, 1000, 4.0),
        result_of("write", H5R_ACCESS_ROW, 10, 100.0),      result_of("read", H5R_ACCESS_ROW, 10, 300.0),
        result_of("write", H5R_ACCESS_WHOLE, 1, 200.0),     result_of("write", H5R_ACCESS_ELEMENT, 2, 1.0),
        result_of("update", H5R_ACCESS_ELEMENT, 2000, 1.0), result_of("write", H5R_ACCESS_ELEMENT, 1000, 1.0),
        result_of("write", H5R_ACCESS_ELEMENT, 1000, 5.0),  result_of("write", H5R_ACCESS_ELEMENT, 1000, 1.0),
        result_of("write", H5R_ACCESS_ROW, 10, 70.0),
    };
    r[7].last.factors.driver = H5R_DRIVER_SEC2; /* another case */
    r[8].last.factors.max_ops = 5;              /* the same one, bounded */
    r[9].last.ranks = 3;
    r[10].last.factors.driver = H5R_DRIVER_STDIO;
    h5r_results_t results = {.result = r, .n = H5R_COUNT_OF(r)};
    const double expected[] = {50.0, 75.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 20.0, 0.0, 0.0};
    h5r_results_relate(&results);
    for (size_t i = 0; i < results.n; i++) {
        assert_true(r[i].row_ratio >= expected[i] && r[i].row_ratio <= expected[i]);
    }
}

static void without_rows_or_rates_there_is_no_ratio(void **state)
{
    (void)state;
    h5r_result_t r[] = {result_of("write", H5R_ACCESS_ELEMENT, 1000, 2.0),
                        result_of("write", H5R_ACCESS_ROW, 10, 9.0)};
    h5r_results_t results = {.result = r, .n = 1};
    h5r_results_relate(&results);
    assert_true(r[0].row_ratio <= 0.0);
    results.n = 2;
    r[1].transfer_mibps.n = 0;
    h5r_results_relate(&results);
    assert_true(r[0].row_ratio <= 0.0);
    results.n = 0;
    h5r_results_relate(&results);
}

static h5r_result_t opened(int32_t collective_metadata, uint64_t reads)
{
    h5r_result_t r = result_of("open", H5R_ACCESS_WHOLE, 2, 1.0);
    r.last.factors.collective_metadata = (h5r_collmeta_t)collective_metadata;
    r.last.counters = (h5r_counters_t){.read_indep = reads, .read_bytes = 100 * reads};
    r.last.phase[H5R_PHASE_OPEN].max_s = 0.1;
    return r;
}

static void collective_metadata_that_changes_no_call_is_inert(void **state)
{
    (void)state;
    h5r_result_t r[] = {opened(H5R_COLLMETA_NONE, 1000),  opened(H5R_COLLMETA_ALL, 1000),
                        opened(H5R_COLLMETA_READS, 500),  opened(H5R_COLLMETA_WRITES, 1000),
                        opened(H5R_COLLMETA_READS, 1000), opened(H5R_COLLMETA_ALL, 1000),
                        opened(H5R_COLLMETA_ALL, 1000)};
    r[4].last.ranks = 3;                      /* another case */
    r[5].last.counters = h5r_counters_none(); /* nobody knows */
    r[6].last.counters.read_bytes++;
    h5r_results_t results = {.result = r, .n = H5R_COUNT_OF(r)};
    const bool expected[] = {false, true, false, false, false, false, false};
    h5r_results_relate(&results);
    for (size_t i = 0; i < results.n; i++) {
        assert_true(r[i].inert_metadata == expected[i]);
    }
}

static h5r_result_t arranged(h5r_lies_t memory, double transfer_s, double computing_s, uint64_t requests)
{
    h5r_result_t r = result_of("write", H5R_ACCESS_WHOLE, 2, 1.0);
    r.last.factors.memory = memory;
    r.last.direction = H5R_MOVES_OUT;
    r.phase_s[H5R_PHASE_WRITE] = (h5r_summary_t){.n = 6, .median = transfer_s};
    r.phase_s[H5R_PHASE_COMPUTE] = (h5r_summary_t){.n = computing_s > 0.0 ? 6 : 0, .median = computing_s};
    r.last.os.write_count = requests;
    return r;
}

/* By the time of the transfer with what the program computes, and by the requests, where both are known. */
static void memory_is_held_against_dense_memory(void **state)
{
    (void)state;
    h5r_result_t r[] = {arranged(H5R_LIES_DENSE, 2.0, 0.0, 10), arranged(H5R_LIES_STRIDED, 8.0, 0.0, 50),
                        arranged(H5R_LIES_TRANSPOSED, 2.0, 1.0, 10), arranged(H5R_LIES_FIELD, 2.0, 0.0, 10),
                        arranged(H5R_LIES_FIELD, 4.0, 0.0, H5R_NO_COUNT)};
    r[1].last.factors.memory_stride = 7;
    r[3].last.factors.driver = H5R_DRIVER_SEC2; /* another case */
    r[4].last.factors.memory_fields = 5;
    h5r_results_t results = {.result = r, .n = H5R_COUNT_OF(r)};
    const double ratios[] = {0.0, 4.0, 1.5, 0.0, 2.0}, requests[] = {0.0, 5.0, 1.0, 0.0, 0.0};
    h5r_results_relate(&results);
    for (size_t i = 0; i < results.n; i++) {
        assert_true(r[i].memory_ratio >= ratios[i] && r[i].memory_ratio <= ratios[i]);
        assert_true(r[i].memory_requests >= requests[i] && r[i].memory_requests <= requests[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_find_their_rows),
        cmocka_unit_test(without_rows_or_rates_there_is_no_ratio),
        cmocka_unit_test(memory_is_held_against_dense_memory),
        cmocka_unit_test(collective_metadata_that_changes_no_call_is_inert),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
