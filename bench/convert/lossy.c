#include "bench/convert/lossy.h"

#include "h5roof/conversion.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define BLOCK_BYTES 4096

bool h5r_lossy_rounds(h5r_dtype_t memory, h5r_dtype_t file)
{
    bool between = h5r_dtype_is_float(memory) && !h5r_dtype_is_float(file);
    bool fewer = h5r_dtype_is_float(file) && h5r_dtype_bits(memory) > h5r_dtype_bits(file) &&
                 (file != H5R_F16 || h5r_dtype_is_float(memory)); /* longer integers are beyond f16 */
    return between || fewer;
}

bool h5r_lossy_overflows(h5r_dtype_t memory, h5r_dtype_t file)
{
    bool loses_sign = h5r_dtype_is_signed(memory) && !h5r_dtype_is_signed(file);
    if (h5r_dtype_is_float(file)) {
        return (memory == H5R_F64 && file == H5R_F32) || (file == H5R_F16 && h5r_dtype_is_float(memory));
    }
    return h5r_dtype_is_float(memory) || loses_sign || h5r_dtype_bits(memory) > h5r_dtype_bits(file);
}

#define SCALE(type, elements, n, factor, positive)                                                           \
    do {                                                                                                     \
        type *x = elements;                                                                                  \
        for (size_t i = 0; i < (n); i++) {                                                                   \
            type y = x[i] * (type)(factor);                                                                  \
            x[i] = (positive) && y < 0 ? -y : y;                                                             \
        }                                                                                                    \
    } while (0)

/* The power of two that brings [-1, 1) to the limits of the file's type, or to where bits are left behind the
 * point; and twice beyond the limits. */
static int exponent_of(h5r_values_t values, h5r_dtype_t memory, h5r_dtype_t file)
{
    const int float_exponent = file == H5R_F16 ? 16 : 128, fraction_bits = 8;
    int most = h5r_dtype_bits(memory) - fraction_bits, bits = h5r_dtype_bits(file);
    if (values == H5R_VALUES_OVERFLOW) {
        return (h5r_dtype_is_float(file) ? float_exponent : bits) + 1;
    }
    return h5r_dtype_is_float(file) ? 0 : bits < most ? bits : most;
}

static void stretch_real(h5r_values_t values, h5r_dtype_t memory, h5r_dtype_t file, void *elements, size_t n)
{
    bool beyond = values == H5R_VALUES_OVERFLOW, to_integer = !h5r_dtype_is_float(file);
    bool positive = to_integer && !h5r_dtype_is_signed(file) && !beyond;
    double factor = ldexp(1.0, exponent_of(values, memory, file));
    if (memory == H5R_F64) {
        SCALE(double, elements, n, factor, positive);
    } else {
        SCALE(float, elements, n, factor, positive);
    }
}

#define SHIFT(type, elements, n, by)                                                                         \
    do {                                                                                                     \
        type *x = elements;                                                                                  \
        for (size_t i = 0; i < (n); i++) {                                                                   \
            x[i] = (type)(x[i] >> (by));                                                                     \
        }                                                                                                    \
    } while (0)

/* Right shifts of negative numbers keep the sign with every compiler that builds MPI codes. */
static void stretch_integer(h5r_dtype_t memory, h5r_dtype_t file, void *elements, size_t n)
{
    int excess = h5r_dtype_bits(memory) - h5r_dtype_bits(file) - 1;
    int by = !h5r_dtype_is_float(file) && excess > 0 ? excess : 0;
    switch (memory) {
    case H5R_I16:
        SHIFT(int16_t, elements, n, by);
        break;
    case H5R_I32:
        SHIFT(int32_t, elements, n, by);
        break;
    case H5R_I64:
        SHIFT(int64_t, elements, n, by);
        break;
    case H5R_U16:
        SHIFT(uint16_t, elements, n, by);
        break;
    case H5R_U32:
        SHIFT(uint32_t, elements, n, by);
        break;
    case H5R_U64:
        SHIFT(uint64_t, elements, n, by);
        break;
    default: /* single bytes have no excess */
        break;
    }
}

void h5r_lossy_stretch(h5r_values_t values, h5r_dtype_t memory, h5r_dtype_t file, void *elements, size_t n)
{
    if (values == H5R_VALUES_EXACT) {
        return;
    }
    if (h5r_dtype_is_float(memory)) {
        stretch_real(values, memory, file, elements, n);
    } else {
        stretch_integer(memory, file, elements, n);
    }
}

void h5r_lossy_return(h5r_dtype_t memory, h5r_dtype_t file, void *elements, size_t n)
{
    union {
        uint64_t align;
        unsigned char bytes[BLOCK_BYTES];
    } block;
    const size_t size = h5r_dtype_size(memory), most = BLOCK_BYTES / sizeof(uint64_t);
    unsigned char *at = elements;
    for (size_t done = 0; done < n; done += most) {
        size_t now = n - done < most ? n - done : most;
        h5r_convert_clamped(memory, file, at + done * size, block.bytes, now);
        h5r_convert_clamped(file, memory, block.bytes, at + done * size, now);
    }
}

/* Exact: a long double has 64 bits of mantissa or more wherever HDF5 is built with MPI. */
static long double value_of(h5r_dtype_t t, const void *element)
{
    int64_t i;
    uint64_t u;
    double d;
    if (h5r_dtype_is_float(t)) {
        h5r_convert(t, H5R_F64, false, element, &d, 1);
        return (long double)d;
    }
    if (h5r_dtype_is_signed(t)) {
        h5r_convert(t, H5R_I64, false, element, &i, 1);
        return (long double)i;
    }
    h5r_convert(t, H5R_U64, false, element, &u, 1);
    return (long double)u;
}

bool h5r_lossy_is_tie(h5r_dtype_t memory, h5r_dtype_t file, const void *original, const void *found)
{
    union {
        uint64_t align;
        unsigned char bytes[sizeof(double)];
        uint16_t f16;
        float f32;
        double f64;
    } even, back;
    if (!h5r_dtype_is_float(file) || !h5r_lossy_rounds(memory, file)) {
        return false;
    }
    h5r_convert_clamped(memory, file, original, even.bytes, 1);
    long double x = value_of(memory, original), nearest = value_of(file, even.bytes);
    long double up = x > nearest ? HUGE_VALL : -HUGE_VALL;
    if (file == H5R_F16) { /* magnitudes are in the order of their bits */
        even.f16 = (uint16_t)(even.f16 + (fabsl(x) > fabsl(nearest) ? 1 : -1));
    } else if (file == H5R_F32) {
        even.f32 = nextafterf(even.f32, (float)up);
    } else {
        even.f64 = nextafter(even.f64, (double)up);
    }
    long double other = value_of(file, even.bytes);
    h5r_convert_clamped(file, memory, even.bytes, back.bytes, 1);
    return x != nearest && x - nearest == other - x && memcmp(back.bytes, found, h5r_dtype_size(memory)) == 0;
}
