#include "h5roof/dtype.h"

typedef struct {
    const char *name;
    size_t size;
    bool is_float;
    bool is_signed;
} dtype_info_t;

static const dtype_info_t dtype_info[H5R_FILE_DTYPES] = {
#define X(symbol, type_name, meaning, bytes, floating, sign)                                                 \
    [symbol] = {.name = type_name, .size = bytes, .is_float = floating, .is_signed = sign},
    H5R_DTYPE_TABLE(X)
#undef X
        [H5R_F16] = {.name = "f16", .size = 2, .is_float = true, .is_signed = true},
};

size_t h5r_dtype_size(h5r_dtype_t t)
{
    return dtype_info[t].size;
}

const char *h5r_dtype_name(h5r_dtype_t t)
{
    return dtype_info[t].name;
}

bool h5r_dtype_is_float(h5r_dtype_t t)
{
    return dtype_info[t].is_float;
}

bool h5r_dtype_is_signed(h5r_dtype_t t)
{
    return dtype_info[t].is_signed;
}

int h5r_dtype_bits(h5r_dtype_t t)
{
    int width = 8 * (int)dtype_info[t].size;
    if (dtype_info[t].is_float) {
        return width == 16 ? 11 : width == 32 ? 24 : 53;
    }
    return dtype_info[t].is_signed ? width - 1 : width;
}

static h5r_byte_order_t machine_order(void)
{
    const union {
        unsigned int word;
        unsigned char byte[sizeof(unsigned int)];
    } probe = {.word = 1};
    return probe.byte[0] == 1 ? H5R_ORDER_LITTLE : H5R_ORDER_BIG;
}

bool h5r_order_swaps(h5r_byte_order_t order, h5r_dtype_t t)
{
    return order != H5R_ORDER_NATIVE && order != machine_order() && dtype_info[t].size > 1;
}
