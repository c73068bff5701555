/* The store memory: memcpy into a buffer of this rank. What a program could reach that does no I/O at all. */
#include "engine/store/store.h"
#include "h5roof/buffer.h"

#include <string.h>

typedef struct {
    char *image;
} memory_t;

static size_t image_bytes(const h5r_store_t *s)
{
    return (size_t)h5r_dims_elements(&s->file_shape) * s->element_bytes;
}

static h5r_status_t prepare(h5r_store_t *s, h5r_error_t *err)
{
    memory_t *own = s->own;
    own->image = h5r_buffer_new(image_bytes(s), 0);
    if (own->image == NULL) {
        return h5r_no_memory(err, "%zu bytes", image_bytes(s));
    }
    memset(own->image, 0xA5, image_bytes(s));
    return H5R_OK;
}

static h5r_status_t nothing(h5r_store_t *s, h5r_error_t *err)
{
    (void)s;
    (void)err;
    return H5R_OK;
}

static h5r_status_t open_nothing(h5r_store_t *s, bool writable, h5r_error_t *err)
{
    (void)writable;
    return nothing(s, err);
}

/* The file's dataset is the rank's dense share, so a call is contiguous on both sides. */
static h5r_status_t write_call(h5r_store_t *s, const h5r_op_t *call, const void *buffer, h5r_error_t *err)
{
    (void)err;
    const memory_t *own = s->own;
    memcpy(own->image + call->offset * s->element_bytes, buffer, call->elements * s->element_bytes);
    return H5R_OK;
}

static h5r_status_t read_call(h5r_store_t *s, const h5r_op_t *call, void *buffer, h5r_error_t *err)
{
    (void)err;
    const memory_t *own = s->own;
    memcpy(buffer, own->image + call->offset * s->element_bytes, call->elements * s->element_bytes);
    return H5R_OK;
}

static void observe(h5r_store_t *s, h5r_phase_t phase)
{
    (void)phase;
    s->facts.stored_bytes = image_bytes(s);
}

static bool no_file(const h5r_store_t *s, int index, char *path, size_t size)
{
    (void)s;
    (void)index;
    (void)path;
    (void)size;
    return false;
}

static void release(h5r_store_t *s)
{
    memory_t *own = s->own;
    h5r_buffer_free(own->image);
}

const h5r_store_kind_ops_t h5r_store_memory_ops = {
    .private_bytes = sizeof(memory_t),
    .prepare = prepare,
    .create = nothing,
    .open = open_nothing,
    .select = nothing,
    .write = write_call,
    .read = read_call,
    .flush = nothing,
    .close = nothing,
    .observe = observe,
    .file_name = no_file,
    .release = release,
};
