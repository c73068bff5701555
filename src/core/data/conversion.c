#include "h5roof/conversion.h"

#include "h5roof/half.h"

#include <stdint.h>
#include <string.h>

/* The rows of the conversion table; a second list, since a macro cannot expand itself within itself. */
#define TYPES(X)                                                                                             \
    X(I8, int8_t)                                                                                            \
    X(I16, int16_t)                                                                                          \
    X(I32, int32_t)                                                                                          \
    X(I64, int64_t)                                                                                          \
    X(U8, uint8_t)                                                                                           \
    X(U16, uint16_t)                                                                                         \
    X(U32, uint32_t)                                                                                         \
    X(U64, uint64_t)                                                                                         \
    X(F32, float)                                                                                            \
    X(F64, double)

#define ONE(from_name, from, to_name, to)                                                                    \
    static void from_name##_to_##to_name(const void *in, void *out, size_t n)                                \
    {                                                                                                        \
        const from *restrict a = in;                                                                         \
        to *restrict b = out;                                                                                \
        for (size_t i = 0; i < n; i++) {                                                                     \
            b[i] = (to)a[i];                                                                                 \
        }                                                                                                    \
    }

#define ALL_TO(from_name, from)                                                                              \
    ONE(from_name, from, I8, int8_t)                                                                         \
    ONE(from_name, from, I16, int16_t)                                                                       \
    ONE(from_name, from, I32, int32_t)                                                                       \
    ONE(from_name, from, I64, int64_t)                                                                       \
    ONE(from_name, from, U8, uint8_t)                                                                        \
    ONE(from_name, from, U16, uint16_t)                                                                      \
    ONE(from_name, from, U32, uint32_t)                                                                      \
    ONE(from_name, from, U64, uint64_t)                                                                      \
    ONE(from_name, from, F32, float)                                                                         \
    ONE(from_name, from, F64, double)

TYPES(ALL_TO)

typedef void convert_t(const void *in, void *out, size_t n);

#define ROW(name, type)                                                                                      \
    [H5R_##name] = {                                                                                         \
        [H5R_I8] = name##_to_I8,   [H5R_I16] = name##_to_I16, [H5R_I32] = name##_to_I32,                     \
        [H5R_I64] = name##_to_I64, [H5R_U8] = name##_to_U8,   [H5R_U16] = name##_to_U16,                     \
        [H5R_U32] = name##_to_U32, [H5R_U64] = name##_to_U64, [H5R_F32] = name##_to_F32,                     \
        [H5R_F64] = name##_to_F64,                                                                           \
    },

static convert_t *const conversions[H5R_DTYPE_COUNT][H5R_DTYPE_COUNT] = {TYPES(ROW)};

#define SWAP_LOOP(type, swap)                                                                                \
    do {                                                                                                     \
        const type *a = in;                                                                                  \
        type *b = out;                                                                                       \
        for (size_t i = 0; i < n; i++) {                                                                     \
            b[i] = swap(a[i]);                                                                               \
        }                                                                                                    \
    } while (0)

void h5r_swap_bytes(size_t size, const void *in, void *out, size_t n)
{
    switch (size) {
    case 2:
        SWAP_LOOP(uint16_t, __builtin_bswap16);
        break;
    case 4:
        SWAP_LOOP(uint32_t, __builtin_bswap32);
        break;
    case 8:
        SWAP_LOOP(uint64_t, __builtin_bswap64);
        break;
    default:
        memmove(out, in, n * size);
        break;
    }
}

/* f16 goes through f64, in blocks that stay in the first cache. */
#define HALVES 512

static void from_half(const void *in, double *real, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint16_t half;
        memcpy(&half, (const char *)in + i * sizeof half, sizeof half);
        real[i] = h5r_half_value(half);
    }
}

static void to_half(const double *real, void *out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const uint16_t half = h5r_half_of(real[i]);
        memcpy((char *)out + i * sizeof half, &half, sizeof half);
    }
}

static void convert_half(convert_t *const table[H5R_DTYPE_COUNT][H5R_DTYPE_COUNT], h5r_dtype_t from,
                         h5r_dtype_t to, const void *in, void *out, size_t n)
{
    const size_t a = h5r_dtype_size(from), b = h5r_dtype_size(to);
    double real[HALVES];
    for (size_t done = 0; done < n; done += HALVES) {
        const size_t now = n - done < HALVES ? n - done : HALVES;
        const char *source = (const char *)in + done * a;
        char *target = (char *)out + done * b;
        if (from == H5R_F16) {
            from_half(source, real, now);
        } else {
            table[from][H5R_F64](source, real, now);
        }
        if (to == H5R_F16) {
            to_half(real, target, now);
        } else {
            table[H5R_F64][to](real, target, now);
        }
    }
}

static void convert_as(convert_t *const table[H5R_DTYPE_COUNT][H5R_DTYPE_COUNT], h5r_dtype_t from,
                       h5r_dtype_t to, const void *in, void *out, size_t n)
{
    if (from == H5R_F16 || to == H5R_F16) {
        convert_half(table, from, to, in, out, n);
    } else {
        table[from][to](in, out, n);
    }
}

void h5r_convert(h5r_dtype_t from, h5r_dtype_t to, bool swap, const void *in, void *out, size_t n)
{
    if (from == to && swap) {
        h5r_swap_bytes(h5r_dtype_size(to), in, out, n);
        return;
    }
    convert_as(conversions, from, to, in, out, n);
    if (swap) {
        h5r_swap_bytes(h5r_dtype_size(to), out, out, n);
    }
}

/* The integer types by their limits; and which of these three a source goes through on its way. */
#define CLAMPED(name, type, min, max)                                                                        \
    static inline type name##_of_signed(int64_t x)                                                           \
    {                                                                                                        \
        const int64_t low = min;                                                                             \
        const uint64_t high = max;                                                                           \
        return x < low ? min : x > 0 && (uint64_t)x > high ? max : (type)x;                                  \
    }                                                                                                        \
    static inline type name##_of_unsigned(uint64_t x)                                                        \
    {                                                                                                        \
        const uint64_t high = max;                                                                           \
        return x > high ? max : (type)x;                                                                     \
    }                                                                                                        \
    static inline type name##_of_real(double x)                                                              \
    {                                                                                                        \
        return x != x ? 0 : x <= (double)min ? min : x >= (double)max ? max : (type)x;                       \
    }

CLAMPED(I8, int8_t, INT8_MIN, INT8_MAX)
CLAMPED(I16, int16_t, INT16_MIN, INT16_MAX)
CLAMPED(I32, int32_t, INT32_MIN, INT32_MAX)
CLAMPED(I64, int64_t, INT64_MIN, INT64_MAX)
CLAMPED(U8, uint8_t, 0, UINT8_MAX)
CLAMPED(U16, uint16_t, 0, UINT16_MAX)
CLAMPED(U32, uint32_t, 0, UINT32_MAX)
CLAMPED(U64, uint64_t, 0, UINT64_MAX)

#define TO_REAL(name, type)                                                                                  \
    static inline type name##_of_signed(int64_t x)                                                           \
    {                                                                                                        \
        return (type)x;                                                                                      \
    }                                                                                                        \
    static inline type name##_of_unsigned(uint64_t x)                                                        \
    {                                                                                                        \
        return (type)x;                                                                                      \
    }                                                                                                        \
    static inline type name##_of_real(double x)                                                              \
    {                                                                                                        \
        return (type)x;                                                                                      \
    }

TO_REAL(F32, float)
TO_REAL(F64, double)

#define ONE_CLAMPED(from_name, from, way, to_name, to)                                                       \
    static void from_name##_clamped_to_##to_name(const void *in, void *out, size_t n)                        \
    {                                                                                                        \
        const from *restrict a = in;                                                                         \
        to *restrict b = out;                                                                                \
        for (size_t i = 0; i < n; i++) {                                                                     \
            b[i] = to_name##_of_##way(a[i]);                                                                 \
        }                                                                                                    \
    }

#define ALL_CLAMPED(from_name, from, way)                                                                    \
    ONE_CLAMPED(from_name, from, way, I8, int8_t)                                                            \
    ONE_CLAMPED(from_name, from, way, I16, int16_t)                                                          \
    ONE_CLAMPED(from_name, from, way, I32, int32_t)                                                          \
    ONE_CLAMPED(from_name, from, way, I64, int64_t)                                                          \
    ONE_CLAMPED(from_name, from, way, U8, uint8_t)                                                           \
    ONE_CLAMPED(from_name, from, way, U16, uint16_t)                                                         \
    ONE_CLAMPED(from_name, from, way, U32, uint32_t)                                                         \
    ONE_CLAMPED(from_name, from, way, U64, uint64_t)                                                         \
    ONE_CLAMPED(from_name, from, way, F32, float)                                                            \
    ONE_CLAMPED(from_name, from, way, F64, double)

ALL_CLAMPED(I8, int8_t, signed)
ALL_CLAMPED(I16, int16_t, signed)
ALL_CLAMPED(I32, int32_t, signed)
ALL_CLAMPED(I64, int64_t, signed)
ALL_CLAMPED(U8, uint8_t, unsigned)
ALL_CLAMPED(U16, uint16_t, unsigned)
ALL_CLAMPED(U32, uint32_t, unsigned)
ALL_CLAMPED(U64, uint64_t, unsigned)
ALL_CLAMPED(F32, float, real)
ALL_CLAMPED(F64, double, real)

#define CLAMPED_ROW(name, type)                                                                              \
    [H5R_##name] = {                                                                                         \
        [H5R_I8] = name##_clamped_to_I8,   [H5R_I16] = name##_clamped_to_I16,                                \
        [H5R_I32] = name##_clamped_to_I32, [H5R_I64] = name##_clamped_to_I64,                                \
        [H5R_U8] = name##_clamped_to_U8,   [H5R_U16] = name##_clamped_to_U16,                                \
        [H5R_U32] = name##_clamped_to_U32, [H5R_U64] = name##_clamped_to_U64,                                \
        [H5R_F32] = name##_clamped_to_F32, [H5R_F64] = name##_clamped_to_F64,                                \
    },

static convert_t *const clamped[H5R_DTYPE_COUNT][H5R_DTYPE_COUNT] = {TYPES(CLAMPED_ROW)};

void h5r_convert_clamped(h5r_dtype_t from, h5r_dtype_t to, const void *in, void *out, size_t n)
{
    convert_as(clamped, from, to, in, out, n);
}
