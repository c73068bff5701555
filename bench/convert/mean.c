#include "bench/convert/mean.h"

#include "h5roof/half.h"

#include <stdint.h>
#include <string.h>

#define LANES 8 /* sums that do not wait for each other: else the latency of additions hides all else */

typedef double mean_t(const void *in, size_t n);

static double mean_of(const double lane[LANES], size_t n)
{
    double sum = 0.0;
    for (int k = 0; k < LANES; k++) {
        sum += lane[k];
    }
    return n > 0 ? sum / (double)n : 0.0;
}

#define AS_IS(x)   (x)
#define AS_REAL(x) ((double)(x))

/* The bits of an element, turned round by `swap`, and what they are. */
#define ADD(type, bits, swap, real, index, k)                                                                \
    do {                                                                                                     \
        bits word_ = swap(a[index]);                                                                         \
        type x_;                                                                                             \
        memcpy(&x_, &word_, sizeof x_);                                                                      \
        lane[k] += real(x_);                                                                                 \
    } while (0)

#define DEFINE_MEAN(name, type, bits, swap, real)                                                            \
    static double name(const void *in, size_t n)                                                             \
    {                                                                                                        \
        const bits *a = in;                                                                                  \
        double lane[LANES] = {0.0};                                                                          \
        size_t i = 0;                                                                                        \
        for (; i + LANES <= n; i += LANES) {                                                                 \
            for (size_t k = 0; k < LANES; k++) {                                                             \
                ADD(type, bits, swap, real, i + k, k);                                                       \
            }                                                                                                \
        }                                                                                                    \
        for (; i < n; i++) {                                                                                 \
            ADD(type, bits, swap, real, i, 0);                                                               \
        }                                                                                                    \
        return mean_of(lane, n);                                                                             \
    }

#define DEFINE_BOTH(name, type, bits, swap)                                                                  \
    DEFINE_MEAN(name, type, bits, AS_IS, AS_REAL)                                                            \
    DEFINE_MEAN(name##_swapped, type, bits, swap, AS_REAL)

DEFINE_BOTH(i8, int8_t, uint8_t, AS_IS)
DEFINE_BOTH(i16, int16_t, uint16_t, __builtin_bswap16)
DEFINE_BOTH(i32, int32_t, uint32_t, __builtin_bswap32)
DEFINE_BOTH(i64, int64_t, uint64_t, __builtin_bswap64)
DEFINE_BOTH(u8, uint8_t, uint8_t, AS_IS)
DEFINE_BOTH(u16, uint16_t, uint16_t, __builtin_bswap16)
DEFINE_BOTH(u32, uint32_t, uint32_t, __builtin_bswap32)
DEFINE_BOTH(u64, uint64_t, uint64_t, __builtin_bswap64)
DEFINE_BOTH(f32, float, uint32_t, __builtin_bswap32)
DEFINE_BOTH(f64, double, uint64_t, __builtin_bswap64)
DEFINE_MEAN(f16, uint16_t, uint16_t, AS_IS, h5r_half_value)
DEFINE_MEAN(f16_swapped, uint16_t, uint16_t, __builtin_bswap16, h5r_half_value)

double h5r_mean(h5r_dtype_t t, bool swapped, const void *in, size_t n)
{
    static mean_t *const means[H5R_FILE_DTYPES][2] = {
        [H5R_I8] = {i8, i8_swapped},    [H5R_I16] = {i16, i16_swapped}, [H5R_I32] = {i32, i32_swapped},
        [H5R_I64] = {i64, i64_swapped}, [H5R_U8] = {u8, u8_swapped},    [H5R_U16] = {u16, u16_swapped},
        [H5R_U32] = {u32, u32_swapped}, [H5R_U64] = {u64, u64_swapped}, [H5R_F32] = {f32, f32_swapped},
        [H5R_F64] = {f64, f64_swapped}, [H5R_F16] = {f16, f16_swapped},
    };
    return means[t][swapped ? 1 : 0](in, n);
}
