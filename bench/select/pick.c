#include "bench/select/pick.h"

#include "h5roof/rng.h"

static uint64_t part_of(uint64_t n, uint64_t one_in)
{
    return n / one_in + (n % one_in > 0);
}

bool h5r_pick_is_columns(h5r_selection_t kind)
{
    return kind != H5R_SELECT_POINTS && kind != H5R_SELECT_MASK;
}

bool h5r_pick_comb(const h5r_pick_t *pick, uint64_t width, h5r_comb_t *comb)
{
    const uint64_t n = pick->one_in, wanted = part_of(width, n);
    const uint64_t block = width < H5R_PICK_BLOCK ? width : H5R_PICK_BLOCK;
    switch (pick->kind) {
    case H5R_SELECT_RANGE:
        *comb = (h5r_comb_t){.start = (width - wanted) / 2, .stride = 1, .count = wanted, .block = 1};
        return true;
    case H5R_SELECT_STRIDE:
        *comb = (h5r_comb_t){.start = 0, .stride = n, .count = wanted, .block = 1};
        return true;
    case H5R_SELECT_BLOCK:
        *comb = (h5r_comb_t){.start = 0, .stride = block * n, .count = 0, .block = block};
        if (width > 0) {
            comb->count = (width - block) / comb->stride + 1;
        }
        return true;
    case H5R_SELECT_LIST:
    case H5R_SELECT_POINTS:
    case H5R_SELECT_MASK:
        break;
    }
    return false;
}

/* Exactly `wanted` of n numbers, each set of them as likely as any other, in order: selection sampling
 * (Knuth, TAOCP 2, 3.4.2, algorithm S). */
static uint64_t sample(h5r_rng_t *rng, uint64_t n, uint64_t wanted, uint64_t *number)
{
    uint64_t taken = 0;
    for (uint64_t i = 0; taken < wanted; i++) {
        if (h5r_rng_below(rng, n - i) < wanted - taken) {
            number[taken++] = i;
        }
    }
    return taken;
}

uint64_t h5r_pick_columns(const h5r_pick_t *pick, uint64_t width, uint64_t *column)
{
    h5r_comb_t comb;
    uint64_t n = 0;
    if (!h5r_pick_comb(pick, width, &comb)) {
        h5r_rng_t rng = h5r_rng_seeded(pick->seed, pick->stream);
        return sample(&rng, width, part_of(width, pick->one_in), column);
    }
    for (uint64_t i = 0; i < comb.count; i++) {
        for (uint64_t k = 0; k < comb.block; k++) {
            column[n++] = comb.start + i * comb.stride + k;
        }
    }
    return n;
}

uint64_t h5r_pick_elements(const h5r_pick_t *pick, uint64_t elements, uint64_t *at)
{
    h5r_rng_t rng = h5r_rng_seeded(pick->seed, pick->stream);
    uint64_t n = 0;
    if (pick->kind == H5R_SELECT_POINTS) {
        return sample(&rng, elements, part_of(elements, pick->one_in), at);
    }
    for (uint64_t i = 0; i < elements; i++) {
        if (h5r_rng_below(&rng, pick->one_in) == 0) {
            at[n++] = i;
        }
    }
    return n;
}

uint64_t h5r_pick_count(const h5r_pick_t *pick, uint64_t width, uint64_t elements)
{
    h5r_comb_t comb;
    if (pick->kind == H5R_SELECT_POINTS) {
        return part_of(elements, pick->one_in);
    }
    if (pick->kind == H5R_SELECT_LIST) {
        return part_of(width, pick->one_in) * (elements / width);
    }
    if (h5r_pick_comb(pick, width, &comb)) {
        return comb.count * comb.block * (elements / width);
    }
    h5r_rng_t rng = h5r_rng_seeded(pick->seed, pick->stream);
    uint64_t n = 0;
    for (uint64_t i = 0; i < elements; i++) {
        n += h5r_rng_below(&rng, pick->one_in) == 0;
    }
    return n;
}

uint64_t h5r_pick_runs(const uint64_t *number, uint64_t n, uint64_t width, uint64_t *first, uint64_t *length)
{
    uint64_t runs = 0;
    for (uint64_t i = 0; i < n; i++) {
        bool goes_on = i > 0 && number[i] == number[i - 1] + 1 && number[i] % width != 0;
        if (!goes_on) {
            first[runs] = number[i];
            length[runs++] = 0;
        }
        length[runs - 1]++;
    }
    return runs;
}

/* X(bytes, type of C) */
#define SIZES(X)                                                                                             \
    X(1, uint8_t)                                                                                            \
    X(2, uint16_t)                                                                                           \
    X(4, uint32_t)                                                                                           \
    X(8, uint64_t)

void h5r_pick_gather(const void *share, const uint64_t *at, uint64_t n, size_t element_bytes, uint64_t step,
                     void *picked)
{
    switch (element_bytes) {
#define X(bytes, type)                                                                                       \
    case bytes:                                                                                              \
        for (uint64_t i = 0; i < n; i++)                                                                     \
            ((type *)picked)[i * step] = ((const type *)share)[at[i]];                                       \
        break;
        SIZES(X)
#undef X
    default:
        break;
    }
}

void h5r_pick_scatter(void *share, const uint64_t *at, uint64_t n, size_t element_bytes, uint64_t step,
                      const void *picked)
{
    switch (element_bytes) {
#define X(bytes, type)                                                                                       \
    case bytes:                                                                                              \
        for (uint64_t i = 0; i < n; i++)                                                                     \
            ((type *)share)[at[i]] = ((const type *)picked)[i * step];                                       \
        break;
        SIZES(X)
#undef X
    default:
        break;
    }
}
