/*
 * Any bytes as env.json: refused with a message, or a list of paths of which each has its place and a weight.
 */
#include "core/env/env_diff.h"
#include "core/env/env_doc.h"
#include "feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    h5r_env_doc_t doc = {0};
    h5r_error_t err = {0};
    char *text = feed_text(data, size);
    h5r_status_t status = h5r_env_doc_parse("env.json", text, size, &doc, &err);
    FEED_CHECK(status == H5R_OK || (status == H5R_RESULTS && err.message[0] != '\0'));
    FEED_CHECK(status != H5R_OK || doc.n > 0);
    for (size_t i = 0; i < doc.n; i++) {
        FEED_CHECK(doc.entry[i].path != NULL && doc.entry[i].place == i);
        FEED_CHECK(h5r_env_severity(doc.entry[i].path) <= H5R_ENV_COUNTS);
    }
    h5r_env_doc_free(&doc);
    free(text);
    return 0;
}
