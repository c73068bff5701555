/* Notes on when storage was allocated. */
#include "core/driver.h"
#include "core/factor.h"
#include "core/note_say.h"
#include "core/units.h"

#include <string.h>

bool h5r_say_allocated_early(const h5r_result_t *r, FILE *out)
{
    const h5r_row_t *row = &r->last;
    const h5r_factors_t *f = &row->factors;
    bool asked_later = f->alloc_time == H5R_ALLOC_LATE || f->alloc_time == H5R_ALLOC_INCR;
    bool stored = row->stored_bytes != H5R_NO_COUNT && row->stored_bytes > 0;
    if (strcmp(row->operation, "create") != 0 || !asked_later || !stored) {
        return false;
    }
    char bytes[32], text[H5R_TEXT_SIZE];
    fprintf(out, "%s are allocated at once although alloc_time is %s",
            h5r_format_bytes(row->stored_bytes, bytes, sizeof bytes),
            h5r_factor_format(h5r_factor_find("alloc_time"), f, text, sizeof text));
    if (h5r_factors_files(f) == H5R_FILES_SHARED) {
        fputs(": a shared file is always allocated early", out);
    }
    return true;
}
