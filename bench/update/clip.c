#include "bench/update/clip.h"

#include <stddef.h>

/* X(type of dtype.h, type of C) */
#define SIGNED_TABLE(X)                                                                                      \
    X(H5R_I8, int8_t)                                                                                        \
    X(H5R_I16, int16_t)                                                                                      \
    X(H5R_I32, int32_t)                                                                                      \
    X(H5R_I64, int64_t)                                                                                      \
    X(H5R_F32, float)                                                                                        \
    X(H5R_F64, double)

/* Without a branch on the value, or the signs of random data would be what is measured. */
#define X(symbol, type)                                                                                      \
    static uint64_t count_##symbol(const void *elements, uint64_t n)                                         \
    {                                                                                                        \
        const type *x = elements;                                                                            \
        uint64_t negatives = 0;                                                                              \
        for (uint64_t i = 0; i < n; i++)                                                                     \
            negatives += x[i] < 0;                                                                           \
        return negatives;                                                                                    \
    }                                                                                                        \
    static uint64_t clip_##symbol(void *elements, uint64_t n)                                                \
    {                                                                                                        \
        type *x = elements;                                                                                  \
        uint64_t negatives = 0;                                                                              \
        for (uint64_t i = 0; i < n; i++) {                                                                   \
            negatives += x[i] < 0;                                                                           \
            x[i] = x[i] < 0 ? 0 : x[i];                                                                      \
        }                                                                                                    \
        return negatives;                                                                                    \
    }                                                                                                        \
    static uint64_t list_##symbol(void *elements, uint64_t n, uint64_t *at)                                  \
    {                                                                                                        \
        type *x = elements;                                                                                  \
        uint64_t negatives = 0;                                                                              \
        for (uint64_t i = 0; i < n; i++) {                                                                   \
            if (x[i] < 0) {                                                                                  \
                at[negatives++] = i;                                                                         \
                x[i] = 0;                                                                                    \
            }                                                                                                \
        }                                                                                                    \
        return negatives;                                                                                    \
    }
SIGNED_TABLE(X)
#undef X

static const struct {
    uint64_t (*count)(const void *elements, uint64_t n);
    uint64_t (*clip)(void *elements, uint64_t n);
    uint64_t (*list)(void *elements, uint64_t n, uint64_t *at);
} clipper_table[H5R_DTYPE_COUNT] = {
#define X(symbol, type) [symbol] = {count_##symbol, clip_##symbol, list_##symbol},
    SIGNED_TABLE(X)
#undef X
};

uint64_t h5r_count_negatives(h5r_dtype_t t, const void *elements, uint64_t n)
{
    return clipper_table[t].count != NULL ? clipper_table[t].count(elements, n) : 0;
}

uint64_t h5r_clip_negatives(h5r_dtype_t t, void *elements, uint64_t n)
{
    return clipper_table[t].clip != NULL ? clipper_table[t].clip(elements, n) : 0;
}

uint64_t h5r_clip_list(h5r_dtype_t t, void *elements, uint64_t n, uint64_t *at)
{
    return clipper_table[t].list != NULL ? clipper_table[t].list(elements, n, at) : 0;
}
