/*
 * Each line as a --set of a fixed suite: refused with a text that a terminal can show, or a plan.
 */
#include "core/base/visible.h"
#include "core/suite/plan.h"
#include "feed.h"

#include <string.h>

#define MAX_SETS 8

static const char suite[] =
    "suite: sets\n"
    "defaults: {driver: posix, shape: [8, 8], dtype: f64}\n"
    "cases: [{name: a}, {name: b, sweep: {shape: [[4], [8, 8]], mode: [collective, independent]}}]\n";

static void check_refusal(h5r_status_t status, const char *diagnostics, const h5r_error_t *err)
{
    char shown[H5R_VISIBLE_SIZE];
    size_t columns;
    FEED_CHECK(status == H5R_USAGE && err->message[0] != '\0');
    for (size_t i = 0, n = diagnostics != NULL ? strlen(diagnostics) : 0; i < n;) {
        size_t length = h5r_visible_next(diagnostics + i, n - i, shown, &columns);
        FEED_CHECK(diagnostics[i] == '\n' || columns == 1);
        i += length;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static feed_file_t file = {.fd = -1};
    const char *sets[MAX_SETS];
    size_t nsets = 0;
    h5r_plan_t plan;
    h5r_error_t err = {0};
    char *diagnostics, *rest = NULL, *text = feed_text(data, size);
    if (file.fd < 0) {
        feed_open(&file);
        feed_fill(&file, suite, sizeof suite - 1);
    }
    for (char *line = strtok_r(text, "\n", &rest); line != NULL && nsets < MAX_SETS;
         line = strtok_r(NULL, "\n", &rest)) {
        sets[nsets++] = line;
    }
    h5r_status_t status = h5r_plan_load(file.path, sets, nsets, &plan, &diagnostics, &err);
    if (status == H5R_OK) {
        FEED_CHECK(diagnostics == NULL && plan.ncases > 0);
    } else {
        check_refusal(status, diagnostics, &err);
    }
    free(diagnostics);
    h5r_plan_free(&plan);
    free(text);
    return 0;
}
