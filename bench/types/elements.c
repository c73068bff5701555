#include "bench/types/elements.h"

#include "h5roof/count.h"
#include "h5roof/rng.h"

#include <stdio.h>
#include <string.h>

#define MEMBERS 8  /* of the enumeration, a power of two */
#define LETTERS 16 /* likewise, from 'a' on */

bool h5r_element_is_variable(h5r_element_t element)
{
    return element == H5R_ELEMENT_VLEN_STRING || element == H5R_ELEMENT_VLEN;
}

bool h5r_element_is_row(h5r_element_t element)
{
    return element == H5R_ELEMENT_STRING || h5r_element_is_variable(element);
}

static bool is_text(h5r_element_t element)
{
    return element == H5R_ELEMENT_STRING || element == H5R_ELEMENT_VLEN_STRING;
}

bool h5r_element_fits(const h5r_factors_t *f, char *reason, size_t size)
{
    const char *why = NULL;
    if (is_text(f->element) && f->dtype != H5R_U8) {
        why = "strings are made of bytes: dtype u8";
    } else if (f->element == H5R_ELEMENT_BOOL && f->dtype != H5R_I8) {
        why = "a bool is an enumeration of one byte: dtype i8";
    } else if (f->element == H5R_ELEMENT_ENUM && h5r_dtype_is_float(f->dtype)) {
        why = "the names of an enumeration stand for integers, and dtype is none";
    }
    if (why != NULL) {
        snprintf(reason, size, "%s", why);
    }
    return why == NULL;
}

static hid_t enumeration(hid_t base, const char *const *names, size_t n)
{
    hid_t type = H5Tenum_create(base);
    char value[sizeof(uint64_t)];
    for (size_t i = 0; i < n && type >= 0; i++) {
        memcpy(value, &(uint64_t){i}, sizeof value);
        if (H5Tconvert(H5T_NATIVE_UINT64, base, 1, value, NULL, H5P_DEFAULT) < 0 ||
            H5Tenum_insert(type, names[i], value) < 0) {
            H5Tclose(type);
            type = -1;
        }
    }
    return type;
}

static hid_t text(size_t size, H5T_str_t pad, H5T_cset_t set)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    if (type >= 0 &&
        (H5Tset_size(type, size) < 0 || H5Tset_strpad(type, pad) < 0 || H5Tset_cset(type, set) < 0)) {
        H5Tclose(type);
        type = -1;
    }
    return type;
}

hid_t h5r_element_type(const h5r_factors_t *f, hid_t number)
{
    static const char *const truth[] = {"FALSE", "TRUE"};
    static const char *const states[MEMBERS] = {"SOLID", "LIQUID", "GAS",   "PLASMA",
                                                "VOID",  "WALL",   "GHOST", "OUTSIDE"};
    switch (f->element) {
    case H5R_ELEMENT_ENUM:
        return enumeration(number, states, MEMBERS);
    case H5R_ELEMENT_BOOL:
        return enumeration(number, truth, H5R_COUNT_OF(truth));
    case H5R_ELEMENT_STRING:
        return text((size_t)f->shape.d[f->shape.n - 1], H5T_STR_NULLPAD, H5T_CSET_ASCII);
    case H5R_ELEMENT_VLEN_STRING:
        return text(H5T_VARIABLE, H5T_STR_NULLTERM, H5T_CSET_UTF8);
    case H5R_ELEMENT_VLEN:
        return H5Tvlen_create(number);
    case H5R_ELEMENT_NUMBER:
        break;
    }
    return H5Tcopy(number);
}

#define MASK(type, numbers, n, bits)                                                                         \
    do {                                                                                                     \
        type *x = numbers;                                                                                   \
        for (uint64_t i = 0; i < (n); i++) {                                                                 \
            x[i] = (type)(x[i] & (bits));                                                                    \
        }                                                                                                    \
    } while (0)

static void mask(size_t size, void *numbers, uint64_t n, unsigned bits)
{
    switch (size) {
    case 1:
        MASK(uint8_t, numbers, n, bits);
        break;
    case 2:
        MASK(uint16_t, numbers, n, bits);
        break;
    case 4:
        MASK(uint32_t, numbers, n, bits);
        break;
    default:
        MASK(uint64_t, numbers, n, bits);
        break;
    }
}

void h5r_element_dress(h5r_element_t element, h5r_dtype_t dtype, void *numbers, uint64_t n)
{
    if (element == H5R_ELEMENT_ENUM || element == H5R_ELEMENT_BOOL) {
        mask(h5r_dtype_size(dtype), numbers, n, element == H5R_ELEMENT_BOOL ? 1 : MEMBERS - 1);
    }
    char *letters = numbers;
    for (uint64_t i = 0; is_text(element) && i < n; i++) {
        letters[i] = (char)('a' + ((unsigned char)letters[i] & (LETTERS - 1)));
    }
}

uint64_t h5r_element_length(uint64_t seed, uint64_t row, uint64_t most)
{
    return h5r_mix64(seed + h5r_mix64(row + 1)) % most;
}

uint64_t h5r_element_lengths(uint64_t seed, const h5r_dims_t *shape, const h5r_region_t *region,
                             uint64_t rows)
{
    const uint64_t most = shape->d[shape->n - 1];
    uint64_t sum = 0;
    for (uint64_t i = 0; i < rows; i++) {
        sum += h5r_element_length(seed, h5r_region_global(region, shape, i * most) / most, most);
    }
    return sum;
}
