#include "h5roof/fill.h"

#include "core/factors/factor.h"
#include "h5roof/count.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MAX_ELEMENT 8

bool h5r_fill_element(const h5r_factors_t *f, void *element)
{
    static const double values[] = {
        [H5R_FILL_DEFAULT] = 0.0, [H5R_FILL_ZERO] = 0.0, [H5R_FILL_MINUS_ONE] = -1.0, [H5R_FILL_NAN] = NAN};
    const double value = values[f->fill_value];
    const float single = (float)value;
    size_t size = h5r_dtype_size(f->dtype);
    if (!h5r_dtype_is_float(f->dtype)) {
        memset(element, f->fill_value == H5R_FILL_MINUS_ONE ? 0xff : 0, size);
    } else if (size == sizeof single) {
        memcpy(element, &single, size);
    } else {
        memcpy(element, &value, size);
    }
    return f->fill_value != H5R_FILL_DEFAULT;
}

bool h5r_fill_promised(const h5r_factors_t *f)
{
    return f->fill_time != H5R_FILL_NEVER;
}

bool h5r_fill_fits(const h5r_factors_t *f, char *reason, size_t size)
{
    const h5r_dtype_t types[] = {f->dtype, h5r_factors_file_dtype(f)};
    for (size_t i = 0; i < H5R_COUNT_OF(types); i++) {
        if (f->fill_value == H5R_FILL_NAN && !h5r_dtype_is_float(types[i])) {
            snprintf(reason, size, "type %s has no NaN to fill with", h5r_dtype_name(types[i]));
            return false;
        }
        if (f->fill_value == H5R_FILL_MINUS_ONE && !h5r_dtype_is_signed(types[i])) {
            snprintf(reason, size, "type %s has no sign, so -1 cannot be its fill value",
                     h5r_dtype_name(types[i]));
            return false;
        }
    }
    return true;
}

static bool is_nan(const void *element, size_t size)
{
    float single;
    double value;
    if (size == sizeof value) {
        memcpy(&value, element, sizeof value);
        return isnan(value);
    }
    memcpy(&single, element, sizeof single);
    return isnan(single);
}

uint64_t h5r_fill_check(const h5r_factors_t *f, uint64_t n, const void *got)
{
    char fill[MAX_ELEMENT];
    const char *at = got;
    const size_t size = h5r_dtype_size(f->dtype);
    h5r_fill_element(f, fill);
    for (uint64_t i = 0; i < n; i++, at += size) {
        bool right = f->fill_value == H5R_FILL_NAN ? is_nan(at, size) : memcmp(at, fill, size) == 0;
        if (!right) {
            return i;
        }
    }
    return n;
}

void h5r_fill_poison(const h5r_factors_t *f, uint64_t n, void *out)
{
    /* 0x55 in every byte: a number, and none of the fill values */
    memset(out, 0x55, (size_t)n * h5r_dtype_size(f->dtype));
}
