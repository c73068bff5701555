/* The choice among the ways of the store roof: from times of trials to the way that is measured on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/roof/store_way.h"
#include "h5roof/count.h"

#include <math.h>
#include <string.h>

#define MIB (UINT64_C(1) << 20)

enum { WHOLE, WHOLE_DIRECT, WHOLE_PREALLOCATED, PIECES_8 };

static void nothing(double s[H5R_STORE_WAYS])
{
    for (size_t w = 0; w < H5R_STORE_WAYS; w++) {
        s[w] = (double)NAN;
    }
}

/* A trial in which the ways of the list took these times. */
static void hold(h5r_way_trials_t *t, const h5r_way_list_t *list, const double times[H5R_STORE_WAYS],
                 double s[H5R_STORE_WAYS])
{
    nothing(s);
    for (size_t i = 0; i < list->n; i++) {
        s[list->way[i]] = times[list->way[i]];
    }
    h5r_way_learn(t, s, MIB);
}

static void is_list(const h5r_way_list_t *list, size_t must, size_t n, const uint8_t *ways)
{
    assert_int_equal(list->n, n);
    assert_int_equal(list->must, must);
    assert_memory_equal(list->way, ways, n);
}

static void the_plain_way_comes_first(void **state)
{
    (void)state;
    const h5r_store_way_t *plain = &h5r_store_way_table[H5R_STORE_PLAIN];
    assert_true(plain->piece == 0 && !plain->direct && !plain->preallocated);
    for (size_t i = 0; i < H5R_STORE_WAYS; i++) {
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(h5r_store_way_table[i].name, h5r_store_way_table[k].name);
        }
    }
}

/* A piece as large as the part is the whole part; nothing is allocated to read; direct I/O needs a block. */
static void what_applies(void **state)
{
    (void)state;
    static const struct {
        uint64_t part;
        bool writes;
        size_t n;
    } cases[] = {{100, true, 2},          {100, false, 1},         {4096, true, 4},     {4096, false, 2},
                 {MIB, true, 5},          {MIB + 1, true, 9},      {MIB + 1, false, 5}, {8 * MIB, true, 9},
                 {8 * MIB + 1, true, 13}, {8 * MIB + 1, false, 7}, {0, true, 0}};
    for (size_t i = 0; i < H5R_COUNT_OF(cases); i++) {
        size_t n = 0;
        for (size_t w = 0; w < H5R_STORE_WAYS; w++) {
            n += h5r_store_way_applies(w, cases[i].writes, cases[i].part) ? 1 : 0;
        }
        assert_int_equal(n, cases[i].n);
        h5r_way_trials_t t = {0};
        h5r_way_list_t list = h5r_way_next(&t, cases[i].writes, cases[i].part);
        assert_int_equal(list.n, n > 0 ? n : 1);
        assert_int_equal(list.way[0], H5R_STORE_PLAIN);
        assert_int_equal(list.must, 1);
    }
}

/* All, the best three, the best three, and the best two in every block. */
static void narrows(void **state)
{
    (void)state;
    static const double times[H5R_STORE_WAYS] = {5, 9, 2, 8, 9, 3, 1, 9, 9, 9, 9, 9, 9};
    double s[H5R_STORE_WAYS];
    h5r_way_trials_t t = {0};
    h5r_way_list_t list = h5r_way_next(&t, true, 64 * MIB);
    assert_int_equal(list.n, H5R_STORE_WAYS);
    hold(&t, &list, times, s);
    assert_int_equal(h5r_way_best(s), 6);
    for (int trial = 1; trial < H5R_WAY_TRIALS; trial++) {
        list = h5r_way_next(&t, true, 64 * MIB);
        is_list(&list, 1, 3, (const uint8_t[]){6, 2, 5});
        hold(&t, &list, times, s);
    }
    for (int block = 0; block < 3; block++) {
        list = h5r_way_next(&t, true, 64 * MIB);
        is_list(&list, 1, 2, (const uint8_t[]){6, 2});
        hold(&t, &list, times, s);
        assert_int_equal(h5r_way_best(s), 6);
    }
}

/* One lucky time does not make a best way: the median of three does. And bytes do not matter. */
static void median_of_trials(void **state)
{
    (void)state;
    static const double of_way[2][H5R_WAY_TRIALS] = {{4, 4, 4}, {1, 6, 6}};
    h5r_way_trials_t t = {0};
    double s[H5R_STORE_WAYS];
    for (int trial = 0; trial < H5R_WAY_TRIALS; trial++) {
        double scale = trial + 1;
        nothing(s);
        s[WHOLE] = of_way[0][trial] * scale;
        s[PIECES_8] = of_way[1][trial] * scale;
        h5r_way_learn(&t, s, (uint64_t)scale * MIB);
    }
    h5r_way_list_t list = h5r_way_next(&t, true, 64 * MIB);
    is_list(&list, 1, 2, (const uint8_t[]){WHOLE, PIECES_8});
}

/* The roof of a block is the fastest of what it measured, whatever the trials told. */
static void fastest_now(void **state)
{
    (void)state;
    double s[H5R_STORE_WAYS];
    nothing(s);
    s[WHOLE] = 3.0;
    s[PIECES_8] = 2.0;
    s[WHOLE_DIRECT] = (double)INFINITY;
    assert_int_equal(h5r_way_best(s), PIECES_8);
    nothing(s);
    s[PIECES_8] = 2.0;
    assert_int_equal(h5r_way_best(s), PIECES_8);
}

/* What failed is not asked again, and where the best one fails later, the next best is measured. */
static void a_way_that_fails(void **state)
{
    (void)state;
    double times[H5R_STORE_WAYS] = {2,
                                    (double)INFINITY,
                                    1,
                                    3,
                                    (double)INFINITY,
                                    4,
                                    5,
                                    (double)INFINITY,
                                    6,
                                    7,
                                    (double)INFINITY,
                                    (double)INFINITY,
                                    (double)INFINITY};
    double s[H5R_STORE_WAYS];
    h5r_way_trials_t t = {0};
    for (int trial = 0; trial < H5R_WAY_TRIALS; trial++) {
        h5r_way_list_t list = h5r_way_next(&t, true, 64 * MIB);
        for (size_t i = 0; trial > 0 && i < list.n; i++) {
            assert_false(h5r_store_way_table[list.way[i]].direct);
        }
        hold(&t, &list, times, s);
    }
    h5r_way_list_t list = h5r_way_next(&t, true, 64 * MIB);
    is_list(&list, 1, 2, (const uint8_t[]){WHOLE_PREALLOCATED, WHOLE});
    nothing(s);
    s[WHOLE_PREALLOCATED] = (double)INFINITY;
    s[WHOLE] = 2;
    h5r_way_learn(&t, s, MIB);
    assert_int_equal(h5r_way_best(s), WHOLE);
    list = h5r_way_next(&t, true, 64 * MIB);
    is_list(&list, 1, 2, (const uint8_t[]){WHOLE, PIECES_8});
}

/* Where there was time for one way only, every trial has one more; all that was not tried is asked last. */
static void little_time(void **state)
{
    (void)state;
    static const double times[H5R_STORE_WAYS] = {5, 4, 6, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    double s[H5R_STORE_WAYS];
    h5r_way_trials_t t = {0};
    h5r_way_list_t list = h5r_way_next(&t, true, 64 * MIB);
    list.n = list.must;
    hold(&t, &list, times, s);
    list = h5r_way_next(&t, true, 64 * MIB);
    assert_int_equal(list.n, H5R_STORE_WAYS);
    assert_int_equal(list.must, 2);
    assert_int_equal(list.way[0], WHOLE);
    assert_int_equal(list.way[1], WHOLE_DIRECT);
    list.n = list.must;
    hold(&t, &list, times, s);
    list = h5r_way_next(&t, true, 64 * MIB);
    assert_int_equal(list.must, 2);
    assert_int_equal(list.way[0], WHOLE_DIRECT);
    assert_int_equal(list.way[1], WHOLE_PREALLOCATED);
    assert_int_equal(list.way[2], WHOLE);
    list.n = list.must;
    hold(&t, &list, times, s);
    list = h5r_way_next(&t, true, 64 * MIB);
    is_list(&list, 1, 2, (const uint8_t[]){WHOLE_DIRECT, WHOLE});
}

static void nothing_measured(void **state)
{
    (void)state;
    double s[H5R_STORE_WAYS];
    nothing(s);
    assert_int_equal(h5r_way_best(s), H5R_STORE_PLAIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_plain_way_comes_first),
        cmocka_unit_test(what_applies),
        cmocka_unit_test(narrows),
        cmocka_unit_test(median_of_trials),
        cmocka_unit_test(fastest_now),
        cmocka_unit_test(a_way_that_fails),
        cmocka_unit_test(little_time),
        cmocka_unit_test(nothing_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
