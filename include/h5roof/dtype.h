/*
 * Element types, in memory and in the file, and byte order. Local; no HDF5 and no MPI types here.
 */
#ifndef H5ROOF_DTYPE_H
#define H5ROOF_DTYPE_H

#include <stdbool.h>
#include <stddef.h>

/* X(enumerator, name, size in bytes, is floating point, is signed) */
#define H5R_DTYPE_TABLE(X)                                                                                   \
    X(H5R_I8, "i8", 1, false, true)                                                                          \
    X(H5R_I16, "i16", 2, false, true)                                                                        \
    X(H5R_I32, "i32", 4, false, true)                                                                        \
    X(H5R_I64, "i64", 8, false, true)                                                                        \
    X(H5R_U8, "u8", 1, false, false)                                                                         \
    X(H5R_U16, "u16", 2, false, false)                                                                       \
    X(H5R_U32, "u32", 4, false, false)                                                                       \
    X(H5R_U64, "u64", 8, false, false)                                                                       \
    X(H5R_F32, "f32", 4, true, true)                                                                         \
    X(H5R_F64, "f64", 8, true, true)

typedef enum {
#define X(symbol, name, size, is_float, is_signed) symbol,
    H5R_DTYPE_TABLE(X)
#undef X
        H5R_DTYPE_COUNT
} h5r_dtype_t;

typedef enum { H5R_ORDER_NATIVE, H5R_ORDER_LITTLE, H5R_ORDER_BIG } h5r_byte_order_t;

size_t h5r_dtype_size(h5r_dtype_t t);
const char *h5r_dtype_name(h5r_dtype_t t);
bool h5r_dtype_is_float(h5r_dtype_t t);
bool h5r_dtype_is_signed(h5r_dtype_t t);

/* Of the magnitude: without the sign; of the mantissa of floating point, with its hidden bit. */
int h5r_dtype_bits(h5r_dtype_t t);

/* True if elements of this size stored in this order must be swapped on this machine. */
bool h5r_order_swaps(h5r_byte_order_t order, h5r_dtype_t t);

#endif
