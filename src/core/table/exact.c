#include "core/table/exact.h"
#include "h5roof/count.h"

#include <inttypes.h>
#include <string.h>

#define AT(member)    .offset = offsetof(h5r_row_t, member)
#define COUNT(member) AT(member), .text = false
#define TEXT(member)  AT(member), .text = true
#define OF_DATA       .of_data = true

/* Not here: ratio_frac, which follows from the sizes; cache_resident_frac and all times, which time decides;
 * what the kernel was asked for, where libraries talk among themselves. */
static const struct {
    const char *column;
    size_t offset; /* in h5r_row_t */
    bool text, of_data;
} facts[] = {
    {"payload_bytes", COUNT(payload_bytes)},
    {"calls_count", COUNT(calls)},
    {"total_calls_count", COUNT(total_calls)},
    {"stored_bytes", COUNT(stored_bytes), OF_DATA},
    {"file_bytes", COUNT(file_bytes), OF_DATA},
    {"actual_io_mode", TEXT(actual_io_mode)},
    {"actual_chunk_opt", TEXT(actual_chunk_opt)},
    {"no_collective_local", TEXT(no_collective_local)},
    {"no_collective_global", TEXT(no_collective_global)},
    {"mpiio_write_indep_count", COUNT(counters.write_indep), OF_DATA},
    {"mpiio_write_coll_count", COUNT(counters.write_coll), OF_DATA},
    {"mpiio_read_indep_count", COUNT(counters.read_indep), OF_DATA},
    {"mpiio_read_coll_count", COUNT(counters.read_coll), OF_DATA},
    {"mpiio_write_bytes", COUNT(counters.write_bytes), OF_DATA},
    {"mpiio_read_bytes", COUNT(counters.read_bytes), OF_DATA},
    {"mpiio_sync_count", COUNT(counters.sync)},
    {"mpiio_set_view_count", COUNT(counters.set_view), OF_DATA},
    {"data_offset_bytes", COUNT(data_offset_bytes)},
    {"objects_count", COUNT(objects)},
};

#define FACTS H5R_COUNT_OF(facts)
_Static_assert(FACTS <= 64, "a set of facts is one word");

size_t h5r_exact_count(void)
{
    return FACTS;
}

const char *h5r_exact_name(size_t fact)
{
    return facts[fact].column;
}

static const char *text_at(size_t fact, const h5r_row_t *row)
{
    return (const char *)row + facts[fact].offset;
}

static uint64_t count_at(size_t fact, const h5r_row_t *row)
{
    uint64_t value;
    memcpy(&value, (const char *)row + facts[fact].offset, sizeof value);
    return value;
}

h5r_exact_t h5r_exact_differing(const h5r_row_t *a, const h5r_row_t *b)
{
    h5r_exact_t set = 0;
    for (size_t i = 0; i < FACTS; i++) {
        bool same =
            facts[i].text ? strcmp(text_at(i, a), text_at(i, b)) == 0 : count_at(i, a) == count_at(i, b);
        set |= same ? 0 : (h5r_exact_t)1 << i;
    }
    return set;
}

h5r_exact_t h5r_exact_of_data(void)
{
    h5r_exact_t set = 0;
    for (size_t i = 0; i < FACTS; i++) {
        set |= facts[i].of_data ? (h5r_exact_t)1 << i : 0;
    }
    return set;
}

h5r_exact_t h5r_exact_columns(const h5r_csv_t *csv)
{
    h5r_exact_t set = 0;
    for (size_t i = 0; i < FACTS && csv->columns > 0; i++) {
        set |= h5r_csv_column(csv, facts[i].column) >= 0 ? (h5r_exact_t)1 << i : 0;
    }
    return set;
}

char *h5r_exact_text(size_t fact, const h5r_row_t *row, char *buf, size_t size)
{
    if (facts[fact].text) {
        const char *text = text_at(fact, row);
        (void)snprintf(buf, size, "%s", text[0] != '\0' ? text : "-");
    } else if (count_at(fact, row) == H5R_NO_COUNT) {
        (void)snprintf(buf, size, "-");
    } else {
        (void)snprintf(buf, size, "%" PRIu64, count_at(fact, row));
    }
    return buf;
}
