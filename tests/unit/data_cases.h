/* What the tests of the data run over: every kind, type and pair of types. Include after cmocka.h. */
#ifndef H5ROOF_TESTS_DATA_CASES_H
#define H5ROOF_TESTS_DATA_CASES_H

#include "h5roof/data.h"
#include "h5roof/rng.h"

enum { N = 5000, MAX_BYTES = 8 * N, SAMPLES = 77 };

typedef unsigned char bytes_t[MAX_BYTES];

static inline const unsigned char *sample_bytes(void)
{
    static const unsigned char text[8 * SAMPLES + 1] =
        "A sample may hold anything, for it is taken as it is and not as a number: it is copied and compared "
        "as bytes. "
        "So this text serves for every type, with as many elements as the longest of them finds in it, and "
        "with zeros "
        "behind its end, which are as good as any other bytes.";
    return text;
}

static inline h5r_data_t data_of(h5r_data_kind_t kind, h5r_dtype_t memory, h5r_dtype_t file)
{
    return (h5r_data_t){.kind = kind,
                        .seed = 42,
                        .dtype = memory,
                        .file_dtype = file,
                        .sample = sample_bytes(),
                        .sample_elements = SAMPLES};
}

typedef void visit_t(const h5r_data_t *d, h5r_rng_t *rng);

/* As they are, in a later turn, and with pieces that have changed places. */
static inline void visit_turns(visit_t *visit, h5r_data_t d, h5r_rng_t *rng)
{
    visit(&d, rng);
    d.turn = 3;
    visit(&d, rng);
    d.period = 96;
    d.shift = 32;
    visit(&d, rng);
}

static inline void for_every_kind_and_type(visit_t *visit)
{
    h5r_rng_t rng = h5r_rng_seeded(8, 0);
    for (int kind = 0; kind <= H5R_DATA_SAMPLE; kind++) {
        for (int t = 0; t < H5R_DTYPE_COUNT; t++) {
            visit_turns(visit, data_of((h5r_data_kind_t)kind, (h5r_dtype_t)t, (h5r_dtype_t)t), &rng);
        }
    }
}

static inline void for_every_kind_and_pair(visit_t *visit)
{
    h5r_rng_t rng = h5r_rng_seeded(9, 0);
    for (int kind = 0; kind < H5R_DATA_SAMPLE; kind++) {
        for (int pair = 0; pair < H5R_DTYPE_COUNT * H5R_DTYPE_COUNT; pair++) {
            h5r_data_t d = data_of((h5r_data_kind_t)kind, (h5r_dtype_t)(pair / H5R_DTYPE_COUNT),
                                   (h5r_dtype_t)(pair % H5R_DTYPE_COUNT));
            visit_turns(visit, d, &rng);
        }
    }
}

#endif
