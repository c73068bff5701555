#include "h5roof/pipeline.h"

#include "h5roof/buffer.h"

#include <math.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

#define CHECKSUM_BYTES 4

bool h5r_pipeline_known(const h5r_pipeline_t *p)
{
    bool known = true;
    for (int i = 0; i < p->n; i++) {
        const h5r_filter_kind_t kind = p->stage[i].kind;
        known = known &&
                (kind == H5R_FILTER_DEFLATE || kind == H5R_FILTER_SHUFFLE || kind == H5R_FILTER_FLETCHER32);
    }
    return known;
}

h5r_status_t h5r_block_reserve(h5r_block_t *block, size_t chunk_bytes, h5r_error_t *err)
{
    block->capacity = chunk_bytes;
    for (int i = 0; i < H5R_MAX_FILTERS; i++) { /* every stage can make it larger */
        block->capacity = compressBound(block->capacity) + CHECKSUM_BYTES;
    }
    block->size = 0;
    block->bytes = h5r_buffer_new(block->capacity, 0);
    return block->bytes == NULL ? h5r_no_memory(err, "a chunk of %zu bytes", chunk_bytes) : H5R_OK;
}

void h5r_block_free(h5r_block_t *block)
{
    h5r_buffer_free(block->bytes);
    *block = (h5r_block_t){0};
}

static void exchange(h5r_block_t *a, h5r_block_t *b)
{
    h5r_block_t t = *a;
    *a = *b;
    *b = t;
}

/*
 * All first bytes of the elements, then all second ones, ...; what is left over at the end stays as it is.
 * This is a roof, so it must not be slower than HDF5's: restrict, since bytes may alias anything, and the size
 * of an element as a constant let the compiler use vectors.
 */
static inline void gather_planes(size_t width, size_t n, const unsigned char *restrict in,
                                 unsigned char *restrict out)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < width; k++) {
            out[k * n + i] = in[i * width + k];
        }
    }
}

static inline void scatter_planes(size_t width, size_t n, const unsigned char *restrict in,
                                  unsigned char *restrict out)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < width; k++) {
            out[i * width + k] = in[k * n + i];
        }
    }
}

static void move_planes(bool gather, size_t width, const h5r_block_t *in, h5r_block_t *out)
{
    const size_t n = in->size / width;
#define OF_WIDTH(w)                                                                                          \
    case w:                                                                                                  \
        gather ? gather_planes(w, n, in->bytes, out->bytes) : scatter_planes(w, n, in->bytes, out->bytes);   \
        break
    switch (width) {
        OF_WIDTH(2);
        OF_WIDTH(4);
        OF_WIDTH(8);
    default:
        gather ? gather_planes(width, n, in->bytes, out->bytes)
               : scatter_planes(width, n, in->bytes, out->bytes);
    }
#undef OF_WIDTH
    memcpy(out->bytes + n * width, in->bytes + n * width, in->size - n * width);
    out->size = in->size;
}

/* Fletcher's checksum over 16-bit words, modulo 65535 (J. Fletcher, IEEE Trans. Comm. 30, 1982), as HDF5
 * stores it. */
static uint32_t fletcher32(const unsigned char *bytes, size_t size)
{
    uint32_t sum1 = 0, sum2 = 0;
    size_t words = size / 2;
    while (words > 0) {
        size_t now = words > 360 ? 360 : words; /* the most that cannot overflow 32 bits */
        words -= now;
        for (; now > 0; now--, bytes += 2) {
            sum1 += (uint32_t)bytes[0] << 8 | bytes[1];
            sum2 += sum1;
        }
        sum1 = (sum1 & 0xffff) + (sum1 >> 16);
        sum2 = (sum2 & 0xffff) + (sum2 >> 16);
    }
    if (size % 2 != 0) {
        sum1 += (uint32_t)bytes[0] << 8;
        sum2 += sum1;
        sum1 = (sum1 & 0xffff) + (sum1 >> 16);
        sum2 = (sum2 & 0xffff) + (sum2 >> 16);
    }
    sum1 = (sum1 & 0xffff) + (sum1 >> 16);
    sum2 = (sum2 & 0xffff) + (sum2 >> 16);
    return sum2 << 16 | sum1;
}

/* What H5Z_filter_deflate allows: a chunk may grow a little, and is then stored larger than it was. */
static size_t deflate_limit(size_t bytes)
{
    return (size_t)ceil((double)bytes * (double)1.001f) + 12;
}

static h5r_status_t deflate_block(int level, h5r_block_t *a, h5r_block_t *b, bool *fits, h5r_error_t *err)
{
    size_t limit = deflate_limit(a->size);
    uLongf size = limit < b->capacity ? limit : b->capacity;
    int code = compress2(b->bytes, &size, a->bytes, a->size, level);
    *fits = code != Z_BUF_ERROR;
    if (!*fits) {
        return H5R_OK;
    }
    if (code != Z_OK) {
        return h5r_fail(err, H5R_IO, "zlib cannot compress %zu bytes: code %d", a->size, code);
    }
    b->size = size;
    exchange(a, b);
    return H5R_OK;
}

h5r_status_t h5r_pipeline_forward(const h5r_pipeline_t *p, size_t element_bytes, h5r_block_t *a,
                                  h5r_block_t *b, unsigned *skipped_mask, h5r_error_t *err)
{
    *skipped_mask = 0;
    for (int i = 0; i < p->n; i++) {
        bool fits = false;
        uint32_t sum;
        switch (p->stage[i].kind) {
        case H5R_FILTER_DEFLATE:
            if (deflate_block(p->stage[i].level, a, b, &fits, err) != H5R_OK) {
                return err->code;
            }
            *skipped_mask |= fits ? 0u : 1u << i;
            break;
        case H5R_FILTER_SHUFFLE:
            move_planes(true, element_bytes, a, b);
            exchange(a, b);
            break;
        case H5R_FILTER_FLETCHER32:
            sum = fletcher32(a->bytes, a->size);
            memcpy(a->bytes + a->size, &sum, CHECKSUM_BYTES);
            a->size += CHECKSUM_BYTES;
            break;
        default:
            return h5r_fail(err, H5R_IO, "filter %d is only known to HDF5", p->stage[i].kind);
        }
    }
    return H5R_OK;
}

static h5r_status_t backward_stage(h5r_filter_kind_t kind, size_t element_bytes, h5r_block_t *a,
                                   h5r_block_t *b, h5r_error_t *err)
{
    uint32_t sum, stored;
    uLongf size = b->capacity;
    int code;
    switch (kind) {
    case H5R_FILTER_DEFLATE:
        code = uncompress(b->bytes, &size, a->bytes, a->size);
        if (code != Z_OK) {
            return h5r_fail(err, H5R_IO, "zlib cannot uncompress %zu bytes: code %d", a->size, code);
        }
        b->size = size;
        exchange(a, b);
        break;
    case H5R_FILTER_SHUFFLE:
        move_planes(false, element_bytes, a, b);
        exchange(a, b);
        break;
    case H5R_FILTER_FLETCHER32:
        a->size -= CHECKSUM_BYTES;
        sum = fletcher32(a->bytes, a->size);
        memcpy(&stored, a->bytes + a->size, CHECKSUM_BYTES);
        if (sum != stored) {
            return h5r_fail(err, H5R_IO, "the checksum of a chunk in memory is wrong");
        }
        break;
    default:
        return h5r_fail(err, H5R_IO, "filter %d is only known to HDF5", (int)kind);
    }
    return H5R_OK;
}

h5r_status_t h5r_pipeline_backward(const h5r_pipeline_t *p, size_t element_bytes, size_t chunk_bytes,
                                   h5r_block_t *a, h5r_block_t *b, unsigned skipped_mask, h5r_error_t *err)
{
    for (int i = p->n - 1; i >= 0; i--) {
        bool skipped = (skipped_mask & 1u << i) != 0;
        if (!skipped && backward_stage(p->stage[i].kind, element_bytes, a, b, err) != H5R_OK) {
            return err->code;
        }
    }
    return a->size == chunk_bytes ? H5R_OK
                                  : h5r_fail(err, H5R_IO, "the pipeline gave %zu bytes back instead of %zu",
                                             a->size, chunk_bytes);
}
