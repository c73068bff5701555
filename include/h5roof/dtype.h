/*
 * Element types, in memory and in the file, and byte order. Local; no HDF5 and no MPI types here.
 */
#ifndef H5ROOF_DTYPE_H
#define H5ROOF_DTYPE_H

#include <stdbool.h>
#include <stddef.h>

/* X(enumerator, name, what it means, size in bytes, is floating point, is signed) */
#define H5R_DTYPE_TABLE(X)                                                                                   \
    X(H5R_I8, "i8", "a signed integer of 1 byte", 1, false, true)                                            \
    X(H5R_I16, "i16", "a signed integer of 2 bytes", 2, false, true)                                         \
    X(H5R_I32, "i32", "a signed integer of 4 bytes", 4, false, true)                                         \
    X(H5R_I64, "i64", "a signed integer of 8 bytes", 8, false, true)                                         \
    X(H5R_U8, "u8", "an unsigned integer of 1 byte", 1, false, false)                                        \
    X(H5R_U16, "u16", "an unsigned integer of 2 bytes", 2, false, false)                                     \
    X(H5R_U32, "u32", "an unsigned integer of 4 bytes", 4, false, false)                                     \
    X(H5R_U64, "u64", "an unsigned integer of 8 bytes", 8, false, false)                                     \
    X(H5R_F32, "f32", "floating point of 4 bytes: float, 24 bits of mantissa", 4, true, true)                \
    X(H5R_F64, "f64", "floating point of 8 bytes: double, 53 bits of mantissa", 8, true, true)

typedef enum {
#define X(symbol, ...) symbol,
    H5R_DTYPE_TABLE(X)
#undef X
        H5R_DTYPE_COUNT, /* of types in memory; as a type in the file: the same */
    H5R_F16,             /* in the file only: C has no type for it that all compilers know */
    H5R_FILE_DTYPES
} h5r_dtype_t;

/* X(enumerator, name, what it means) */
#define H5R_BYTE_ORDER_TABLE(X)                                                                              \
    X(H5R_ORDER_NATIVE, "native", "that of this machine, so that nothing is swapped")                        \
    X(H5R_ORDER_LITTLE, "little", "the least significant byte first, as x86 and most ARM have it")           \
    X(H5R_ORDER_BIG, "big", "the most significant byte first, as networks and older HPC machines have it")

typedef enum {
#define X(symbol, ...) symbol,
    H5R_BYTE_ORDER_TABLE(X)
#undef X
} h5r_byte_order_t;

size_t h5r_dtype_size(h5r_dtype_t t);
const char *h5r_dtype_name(h5r_dtype_t t);
bool h5r_dtype_is_float(h5r_dtype_t t);
bool h5r_dtype_is_signed(h5r_dtype_t t);

/* Of the magnitude: without the sign; of the mantissa of floating point, with its hidden bit. */
int h5r_dtype_bits(h5r_dtype_t t);

/* True if elements of this size stored in this order must be swapped on this machine. */
bool h5r_order_swaps(h5r_byte_order_t order, h5r_dtype_t t);

#endif
