/*
 * Any bytes as two tables, parted by a line `#`: what compare says of them. Times are compared where the first
 * byte is a `!`, which takes most of the time; counts always are.
 */
#include "core/compare/compare.h"
#include "feed.h"

#include <string.h>

static bool take(const uint8_t *data, size_t size, h5r_results_t *results)
{
    h5r_error_t err = {0};
    h5r_status_t status = h5r_results_parse("results", feed_text(data, size), size, results, &err);
    FEED_CHECK(status == H5R_OK || (status == H5R_RESULTS && err.message[0] != '\0'));
    return status == H5R_OK;
}

static void check_comparison(const h5r_results_t *old, const h5r_results_t *new, bool times)
{
    h5r_comparison_t c = {0};
    h5r_error_t err = {0};
    const h5r_compare_options_t options = {
        .threshold = H5R_THRESHOLD, .counters_only = !times, .any_ranks = true};
    h5r_status_t status = h5r_compare(old, new, &options, &c, &err);
    FEED_CHECK(status == H5R_OK || err.message[0] != '\0');
    FEED_CHECK(c.pairs <= old->n && c.pairs <= new->n &&c.contrasts <= c.pairs &&c.lones <= old->n + new->n);
    (void)h5r_comparison_failed(&c);
    h5r_comparison_free(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char mark[] = "\n#\n";
    const bool times = size > 0 && data[0] == '!';
    data += times ? 1 : 0;
    size -= times ? 1 : 0;
    const uint8_t *at = size > 0 ? memmem(data, size, mark, sizeof mark - 1) : NULL;
    h5r_results_t old = {0}, new = {0};
    if (at == NULL) {
        return 0;
    }
    const size_t first = (size_t)(at - data) + 1, second = first + sizeof mark - 2;
    const bool both = take(data, first, &old) && take(data + second, size - second, &new);
    if (both) {
        check_comparison(&old, &new, times);
    }
    h5r_results_free(&old);
    h5r_results_free(&new);
    return 0;
}
