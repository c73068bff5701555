/*
 * Blocks of generated data, the engine under h5roof/data.h: fills, checks and poisons all take their data
 * from here, a block that stays in the first-level cache at a time. Not for samples, which exist already.
 * Local.
 */
#ifndef H5ROOF_DATAGEN_H
#define H5ROOF_DATAGEN_H

#include "h5roof/data.h"

#define H5R_BLOCK_BYTES 4096
#define H5R_GROUP_BYTES                                                                                      \
    64 /* data are generated in groups of this size, so that inner loops have a fixed length */

typedef union {
    uint64_t u64[H5R_BLOCK_BYTES / 8];
    int64_t i64[H5R_BLOCK_BYTES / 8];
    double f64[H5R_BLOCK_BYTES / 8];
    uint32_t u32[H5R_BLOCK_BYTES / 4];
    int32_t i32[H5R_BLOCK_BYTES / 4];
    float f32[H5R_BLOCK_BYTES / 4];
    uint16_t u16[H5R_BLOCK_BYTES / 2];
    int16_t i16[H5R_BLOCK_BYTES / 2];
    uint8_t u8[H5R_BLOCK_BYTES];
    int8_t i8[H5R_BLOCK_BYTES];
} h5r_elements_t;

/* How to make the data, worked out once per call from the kind and the two types. */
typedef struct h5r_recipe h5r_recipe_t;
struct h5r_recipe {
    void (*generate)(const h5r_recipe_t *recipe, uint64_t first, size_t n, h5r_elements_t *block);
    size_t size;    /* bytes of an element */
    uint64_t group; /* elements in H5R_GROUP_BYTES */
    uint64_t key;   /* from the seed */
    uint64_t mask;  /* ramp: index & mask is exact; random: bits of a word that are kept */
    uint64_t turn;  /* flips these bits of every integer, all below the sign */
    int shift;      /* right shift that brings a word, or a wave, into the range */
    int32_t lift; /* wave: added before the shift, so that nothing is negative where that cannot be stored */
    double scale; /* floating point: factor that brings integers into [-1, 1) */
};

h5r_recipe_t h5r_recipe_of(const h5r_data_t *d);

/* Elements first ... first + n - 1; both multiples of the group, n at most a block. */
static inline void h5r_recipe_generate(const h5r_recipe_t *recipe, uint64_t first, size_t n,
                                       h5r_elements_t *block)
{
    recipe->generate(recipe, first, n, block);
}

#endif
