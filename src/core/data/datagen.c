#include "core/data/datagen.h"

#include "h5roof/rng.h"

#include <string.h>

#define GOLDEN_GAMMA 0x9e3779b97f4a7c15u /* the increment of SplitMix64 */

/*
 * Every value is an integer before it is anything else: a hash, an index or a wave, brought into the range
 * that both types represent exactly, converted to the type in memory and, where both are floating point,
 * scaled by a power of two. So all arithmetic is exact, and compilers and machines agree to the bit. The turn
 * flips bits of the integer that the range has room for, but not its sign.
 */

/* Loops over a group have a length known to the compiler: gcc -O2 makes vector code of such loops only. */
#define FOR_GROUPS(i, n, type, statement)                                                                    \
    for (size_t base_ = 0; base_ < (n); base_ += H5R_GROUP_BYTES / sizeof(type)) {                           \
        for (size_t lane_ = 0, i = base_; lane_ < H5R_GROUP_BYTES / sizeof(type); lane_++, i++)              \
            statement;                                                                                       \
    }

static void zeros(const h5r_recipe_t *r, uint64_t first, size_t n, h5r_elements_t *b)
{
    (void)first;
    memset(b, 0, n * r->size);
}

static void ramp_64(const h5r_recipe_t *r, uint64_t first, size_t n, h5r_elements_t *b)
{
    const uint64_t mask = r->mask, turn = r->turn;
    FOR_GROUPS(i, n, uint64_t, b->u64[i] = ((first + i) & mask) ^ turn)
}

static void ramp_32(const h5r_recipe_t *r, uint64_t first, size_t n, h5r_elements_t *b)
{
    uint32_t begin = (uint32_t)first;
    uint32_t mask = (uint32_t)r->mask, turn = (uint32_t)r->turn;
    FOR_GROUPS(i, n, uint32_t, b->u32[i] = ((begin + (uint32_t)i) & mask) ^ turn)
}

static void ramp_16(const h5r_recipe_t *r, uint64_t first, size_t n, h5r_elements_t *b)
{
    uint16_t begin = (uint16_t)first;
    uint16_t mask = (uint16_t)r->mask, turn = (uint16_t)r->turn;
    FOR_GROUPS(i, n, uint16_t, b->u16[i] = (uint16_t)(((uint16_t)(begin + (uint16_t)i) & mask) ^ turn))
}

static void ramp_8(const h5r_recipe_t *r, uint64_t first, size_t n, h5r_elements_t *b)
{
    uint8_t begin = (uint8_t)first;
    uint8_t mask = (uint8_t)r->mask, turn = (uint8_t)r->turn;
    FOR_GROUPS(i, n, uint8_t, b->u8[i] = (uint8_t)(((uint8_t)(begin + (uint8_t)i) & mask) ^ turn))
}

static void ramp_f32(const h5r_recipe_t *r, uint64_t first, size_t n, h5r_elements_t *b)
{
    ramp_32(r, first, n, b);
    FOR_GROUPS(i, n, float, b->f32[i] = (float)b->i32[i])
}

static void ramp_f64(const h5r_recipe_t *r, uint64_t first, size_t n, h5r_elements_t *b)
{
    ramp_64(r, first, n, b);
    FOR_GROUPS(i, n, double, b->f64[i] = (double)b->i64[i])
}

/* One hash per eight bytes, masked; short types take their share of it. */
static void words(const h5r_recipe_t *r, uint64_t first, size_t n, h5r_elements_t *b)
{
    const uint64_t mask = r->mask;
    size_t words = n * r->size / sizeof(uint64_t);
    uint64_t counter = r->key + first / (sizeof(uint64_t) / r->size) * GOLDEN_GAMMA;
    for (size_t i = 0; i < words; i++) {
        counter += GOLDEN_GAMMA;
        b->u64[i] = h5r_mix64(counter) & mask;
    }
}

/* All bits of all integer types, as they are. */
static void hashes(const h5r_recipe_t *r, uint64_t first, size_t n, h5r_elements_t *b)
{
    const uint64_t turn = r->turn;
    words(r, first, n, b);
    for (size_t i = 0; turn != 0 && i < n * r->size / sizeof(uint64_t); i++) {
        b->u64[i] ^= turn;
    }
}

/* Right shifts of negative numbers keep the sign with every compiler that builds MPI codes. */
#define DEFINE_RANDOM(suffix, word, in, out, convert)                                                        \
    static void random_##suffix(const h5r_recipe_t *r, uint64_t first, size_t n, h5r_elements_t *b)          \
    {                                                                                                        \
        const int shift = r->shift;                                                                          \
        const word turn = (word)r->turn;                                                                     \
        words(r, first, n, b);                                                                               \
        FOR_GROUPS(i, n, word, b->out[i] = convert((word)((b->in[i] >> shift) ^ turn)))                      \
    }

#define AS_IS(x)  (x)
#define AS_F32(x) ((float)(x)*scale_f32(r))
#define AS_F64(x) ((double)(x)*r->scale)

static inline float scale_f32(const h5r_recipe_t *r)
{
    return (float)r->scale;
}

DEFINE_RANDOM(16, int16_t, i16, i16, AS_IS)
DEFINE_RANDOM(32, int32_t, i32, i32, AS_IS)
DEFINE_RANDOM(64, int64_t, i64, i64, AS_IS)
DEFINE_RANDOM(f32, int32_t, i32, f32, AS_F32)
DEFINE_RANDOM(f64, int64_t, i64, f64, AS_F64)

/*
 * A wave made of parabolas, within 0.06 of a sine: with t the phase in -2^15 ... 2^15 - 1, t * (2^15 - |t|)
 * is in -2^28 ... 2^28 - 1. Short types take the upper 16 bits of the product, which vector units have an
 * instruction for. One turn takes 2^16 / WAVE_STEP elements.
 */
#define WAVE_STEP       13
#define WAVE_BITS       28
#define WAVE_BITS_SHORT 12

/* Limited precision is what deflate lives on: with this, level 1 makes 64x64 chunks of f64 four to five times
 * smaller, of f32 and i32 twice. */
#define SMOOTH_BITS 22

static inline int32_t wave(uint16_t phase)
{
    int16_t t = (int16_t)phase;
    int16_t magnitude = (int16_t)(t ^ (t >> 15)); /* ones' complement: -2^15 has no positive counterpart */
    int16_t rest = (int16_t)(INT16_MAX - magnitude);
    return t * rest;
}

static inline int32_t wave_long(uint16_t phase, const h5r_recipe_t *r)
{
    return (wave(phase) + r->lift) >> r->shift;
}

static inline int16_t wave_short(uint16_t phase, const h5r_recipe_t *r)
{
    int16_t height = (int16_t)(wave(phase) >> (WAVE_BITS - WAVE_BITS_SHORT));
    return (int16_t)((int16_t)(height + (int16_t)r->lift) >> r->shift);
}

#define DEFINE_SMOOTH(suffix, type, word, out, height, convert)                                              \
    static void smooth_##suffix(const h5r_recipe_t *recipe, uint64_t first, size_t n, h5r_elements_t *b)     \
    {                                                                                                        \
        const h5r_recipe_t copy = *recipe; /* the compiler cannot know that b does not change it */          \
        const h5r_recipe_t *r = &copy;                                                                       \
        const uint16_t phase = (uint16_t)(r->key + first * WAVE_STEP);                                       \
        const word turn = (word)r->turn;                                                                     \
        FOR_GROUPS(i, n, type,                                                                               \
                   b->out[i] =                                                                               \
                       (type)convert((word)(height((uint16_t)(phase + (uint16_t)i * WAVE_STEP), r) ^ turn))) \
    }

/* Bytes come in equal pairs: a vector of 16-bit lanes then holds 16 of them, and nothing needs to be packed.
 */
static void smooth_8(const h5r_recipe_t *recipe, uint64_t first, size_t n, h5r_elements_t *b)
{
    const h5r_recipe_t copy = *recipe;
    const h5r_recipe_t *r = &copy;
    const uint16_t phase = (uint16_t)(r->key + first * WAVE_STEP);
    const int16_t turn = (int16_t)r->turn;
    FOR_GROUPS(
        i, n / 2, uint16_t,
        b->u16[i] =
            (uint16_t)((uint8_t)(wave_short((uint16_t)(phase + (uint16_t)i * (2 * WAVE_STEP)), r) ^ turn) *
                       0x0101u))
}

DEFINE_SMOOTH(16, int16_t, int16_t, i16, wave_short, AS_IS)
DEFINE_SMOOTH(32, int32_t, int32_t, i32, wave_long, AS_IS)
DEFINE_SMOOTH(64, int64_t, int32_t, i64, wave_long, AS_IS)
DEFINE_SMOOTH(f32, float, int32_t, f32, wave_long, AS_F32)
DEFINE_SMOOTH(f64, double, int32_t, f64, wave_long, AS_F64)

/* What both types represent exactly. */
typedef struct {
    bool fraction; /* both are floating point */
    bool is_signed;
    bool native; /* every bit pattern of an integer type */
    int bits;    /* of the magnitude */
} range_t;

static range_t range_of(const h5r_data_t *d)
{
    const h5r_dtype_t memory = d->dtype, file = d->file_dtype;
    const int sign = h5r_dtype_is_signed(file) ? 1 : 0;
    int a = h5r_dtype_bits(memory);
    int b = d->file_bits > 0 ? d->file_bits - sign : h5r_dtype_bits(file);
    return (range_t){.fraction = h5r_dtype_is_float(memory) && h5r_dtype_is_float(file),
                     .is_signed = h5r_dtype_is_signed(memory) && h5r_dtype_is_signed(file),
                     .native = memory == file && !h5r_dtype_is_float(memory) && d->file_bits == 0,
                     .bits = a < b ? a : b};
}

static uint64_t low_bits(int n)
{
    return n < 64 ? (UINT64_C(1) << n) - 1 : UINT64_MAX;
}

static double negative_power_of_two(int n)
{
    return 1.0 / (double)(UINT64_C(1) << n);
}

/* Of the turn as many bits as an integer has below its sign: an odd factor makes those of turns that follow
 * each other differ, however few they are. In 64 bits lie as many elements as find room there. */
static uint64_t turn_of(uint64_t turn, int bits, size_t size)
{
    uint64_t flips = turn * GOLDEN_GAMMA & low_bits(bits);
    for (size_t lane = 8 * size; lane < 64; lane *= 2) {
        flips |= flips << lane;
    }
    return flips;
}

static void prepare_ramp(h5r_recipe_t *r, const range_t *range)
{
    r->mask = range->native ? UINT64_MAX : low_bits(range->bits);
    r->turn = turn_of(r->turn, range->bits, r->size);
}

static void prepare_smooth(h5r_recipe_t *r, const range_t *range)
{
    int available = r->size > 2 ? WAVE_BITS : WAVE_BITS_SHORT;
    int wanted = r->size > 2 ? SMOOTH_BITS : WAVE_BITS_SHORT;
    int bits = range->bits < wanted ? range->bits : wanted;
    r->lift = range->is_signed ? 0 : 1 << available;
    r->shift = available - bits + (range->is_signed ? 0 : 1);
    r->scale = range->fraction ? negative_power_of_two(bits) : 1;
    r->turn = turn_of(r->turn, bits, r->size);
}

/* Hashes are shifted as signed numbers; with the top bit masked away they stay positive. */
static void prepare_random(h5r_recipe_t *r, const range_t *range)
{
    int width = 8 * (int)r->size;
    bool any = range->bits == width || range->is_signed; /* bits == width: unsigned, all of it */
    r->mask = any ? UINT64_MAX : low_bits(width - 1);
    for (int lane = width; lane < 64; lane *= 2) {
        r->mask |= r->mask << lane;
    }
    r->shift = range->bits < width ? width - 1 - range->bits : 0;
    r->scale = range->fraction ? negative_power_of_two(range->bits) : 1;
    r->turn = turn_of(r->turn, range->bits, r->size);
}

typedef enum { CLASS_8, CLASS_16, CLASS_32, CLASS_64, CLASS_F32, CLASS_F64, CLASSES } class_t;

static class_t class_of(h5r_dtype_t t)
{
    if (h5r_dtype_is_float(t)) {
        return t == H5R_F32 ? CLASS_F32 : CLASS_F64;
    }
    size_t size = h5r_dtype_size(t);
    return size == 1 ? CLASS_8 : size == 2 ? CLASS_16 : size == 4 ? CLASS_32 : CLASS_64;
}

static void prepare_nothing(h5r_recipe_t *r, const range_t *range)
{
    (void)r;
    (void)range;
}

h5r_recipe_t h5r_recipe_of(const h5r_data_t *d)
{
    static const struct {
        void (*prepare)(h5r_recipe_t *recipe, const range_t *range);
        void (*generate[CLASSES])(const h5r_recipe_t *recipe, uint64_t first, size_t n,
                                  h5r_elements_t *block);
    } kinds[] = {
        [H5R_DATA_ZEROS] = {prepare_nothing, {zeros, zeros, zeros, zeros, zeros, zeros}},
        [H5R_DATA_RAMP] = {prepare_ramp, {ramp_8, ramp_16, ramp_32, ramp_64, ramp_f32, ramp_f64}},
        [H5R_DATA_SMOOTH] = {prepare_smooth,
                             {smooth_8, smooth_16, smooth_32, smooth_64, smooth_f32, smooth_f64}},
        [H5R_DATA_RANDOM] = {prepare_random,
                             {hashes, random_16, random_32, random_64, random_f32, random_f64}},
    };
    range_t range = range_of(d);
    size_t size = h5r_dtype_size(d->dtype);
    h5r_recipe_t recipe = {.generate = kinds[d->kind].generate[class_of(d->dtype)],
                           .size = size,
                           .group = H5R_GROUP_BYTES / size,
                           .key = h5r_mix64(d->seed + GOLDEN_GAMMA),
                           .turn = d->turn};
    kinds[d->kind].prepare(&recipe, &range);
    if (d->kind == H5R_DATA_RANDOM && recipe.shift == 0) {
        recipe.generate = hashes; /* floating point always shifts */
    }
    return recipe;
}
