/* What differs from one repetition to the next, and what must not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/factors/factor.h"
#include "engine/ranks/registry.h"
#include "engine/repetition/turn.h"

#include <string.h>

static h5r_factors_t factors_of(const char *workload, h5r_filter_kind_t filter, h5r_driver_t driver)
{
    h5r_factors_t f;
    h5r_factors_default(&f);
    for (int w = 0; w < H5R_WORKLOADS; w++) {
        f.workload = strcmp(h5r_workloads[w]->name, workload) == 0 ? (h5r_workload_id_t)w : f.workload;
    }
    f.driver = driver;
    f.shape = (h5r_dims_t){.n = 2, .d = {64, 96}};
    f.layout = H5R_LAYOUT_CHUNKED;
    f.chunk = (h5r_dims_t){.n = 2, .d = {16, 32}};
    f.filter = (h5r_pipeline_t){.n = 1, .stage = {{.kind = filter}}};
    return f;
}

static h5r_data_t turned(const h5r_factors_t *f, uint64_t turn)
{
    h5r_data_t data = {.kind = (h5r_data_kind_t)f->data};
    h5r_turn_data(f, turn, &data);
    return data;
}

static void expect(const h5r_factors_t *f, uint64_t turn, uint64_t period, uint64_t shift)
{
    const h5r_data_t data = turned(f, 4);
    assert_int_equal(data.turn, turn);
    assert_int_equal(data.period, period);
    assert_int_equal(data.shift, shift);
}

/* Turn 4 of 3 chunks along the last dimension is the first one. */
static void values_or_chunks_change(void **state)
{
    (void)state;
    h5r_factors_t f = factors_of("slab", H5R_FILTER_NBIT, H5R_DRIVER_MPIO);
    expect(&f, 4, 0, 0);
    f = factors_of("slab", H5R_FILTER_FLETCHER32, H5R_DRIVER_SEC2);
    expect(&f, 4, 0, 0);
    f = factors_of("slab", H5R_FILTER_DEFLATE, H5R_DRIVER_MPIO);
    expect(&f, 0, 96, 32);
    f.chunk.d[1] = 36; /* is cut at the end */
    expect(&f, 0, UINT64_C(64) * 96, 0);
    f.chunk.d[0] = 8;
    expect(&f, 0, UINT64_C(64) * 96, UINT64_C(4) * 8 * 96);
    f = factors_of("filter", H5R_FILTER_DEFLATE, H5R_DRIVER_SEC2);
    expect(&f, 0, 96, 32);
}

static void sizes_and_what_is_done_do_not(void **state)
{
    (void)state;
    h5r_factors_t f = factors_of("slab", H5R_FILTER_DEFLATE, H5R_DRIVER_SEC2);
    f.chunk.d[1] = 96; /* the ranks cut the other dimension */
    expect(&f, 0, 0, 0);
    f = factors_of("tile", H5R_FILTER_DEFLATE, H5R_DRIVER_MPIO);
    expect(&f, 0, 0, 0);
    f = factors_of("update", H5R_FILTER_DEFLATE, H5R_DRIVER_MPIO);
    expect(&f, 0, 0, 0);
    f = factors_of("update", H5R_FILTER_SHUFFLE, H5R_DRIVER_MPIO);
    expect(&f, 4, 0, 0);
    f.data = H5R_DATA_SAMPLE; /* of which the signs are not known */
    expect(&f, 0, 0, 0);
}

static void the_first_is_as_the_seed_has_it(void **state)
{
    (void)state;
    const h5r_factors_t f = factors_of("slab", H5R_FILTER_DEFLATE, H5R_DRIVER_MPIO);
    const h5r_data_t data = turned(&f, 0);
    assert_int_equal(data.turn, 0);
    assert_int_equal(data.shift, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_or_chunks_change),
        cmocka_unit_test(sizes_and_what_is_done_do_not),
        cmocka_unit_test(the_first_is_as_the_seed_has_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
