/* records: a dataset of records, field by field in pieces of one record. types: a sequence of numbers in every row. */
#include "bare.h"
#include "bench/types/elements.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One dimension, of elements of these types. */
static void create_rows(bare_t *b, hid_t type)
{
    const hsize_t rows = b->file_shape.d[0];
    bare_create_file(b);
    hid_t space = bare_check(H5Screate_simple(1, &rows, NULL), "H5Screate_simple");
    b->dataset = bare_check(H5Dcreate2(b->file, "data", type, space, H5P_DEFAULT, b->creation, H5P_DEFAULT),
                            "H5Dcreate2");
    bare_check(H5Sclose(space), "H5Sclose");
}

static void row_spaces(bare_t *b)
{
    const hsize_t one = 1;
    b->file_space = bare_check(H5Dget_space(b->dataset), "H5Dget_space");
    b->piece_space = bare_check(H5Screate_simple(1, &one, NULL), "H5Screate_simple");
    b->rest_space = bare_check(H5Screate_simple(1, &one, NULL), "H5Screate_simple");
}

static void write_rows(const bare_t *b, hid_t memory, const char *from, size_t bytes)
{
    const hsize_t one = 1;
    for (hsize_t i = 0; i < b->count[0]; i++, from += bytes) {
        const hsize_t at = b->start[0] + i;
        if (H5Sselect_hyperslab(b->file_space, H5S_SELECT_SET, &at, NULL, &one, NULL) < 0 ||
            H5Dwrite(b->dataset, memory, b->piece_space, b->file_space, b->transfer, from) < 0) {
            bare_stop("H5Dwrite");
        }
    }
}

static void read_rows(const bare_t *b, hid_t memory, char *to, size_t bytes)
{
    const hsize_t one = 1;
    for (hsize_t i = 0; i < b->count[0]; i++, to += bytes) {
        const hsize_t at = b->start[0] + i;
        if (H5Sselect_hyperslab(b->file_space, H5S_SELECT_SET, &at, NULL, &one, NULL) < 0 ||
            H5Dread(b->dataset, memory, b->piece_space, b->file_space, b->transfer, to) < 0) {
            bare_stop("H5Dread");
        }
    }
}

/* ---- records */

typedef struct {
    uint64_t fields;
    hid_t record;
    hid_t *alone; /* [fields] */
} records_t;

static hid_t compound(uint64_t first, uint64_t n, hid_t number)
{
    hid_t type = bare_check(H5Tcreate(H5T_COMPOUND, (size_t)n * sizeof(double)), "H5Tcreate");
    char name[24];
    for (uint64_t k = 0; k < n; k++) {
        snprintf(name, sizeof name, "f%d", (int)(first + k));
        bare_check(H5Tinsert(type, name, (size_t)k * sizeof(double), number), "H5Tinsert");
    }
    return type;
}

static void create_records(bare_t *b)
{
    const records_t *r = b->own;
    create_rows(b, r->record);
}

static void write_fields(bare_t *b)
{
    const records_t *r = b->own;
    for (uint64_t k = 0; k < r->fields; k++) {
        write_rows(b, r->alone[k], b->out + k * b->count[0] * sizeof(double), sizeof(double));
    }
}

static void read_fields(bare_t *b)
{
    const records_t *r = b->own;
    for (uint64_t k = 0; k < r->fields; k++) {
        read_rows(b, r->alone[k], b->in + k * b->count[0] * sizeof(double), sizeof(double));
    }
}

static void read_field(bare_t *b)
{
    const records_t *r = b->own;
    read_rows(b, r->alone[r->fields / 2], b->in, sizeof(double));
}

static void verify_field(bare_t *b)
{
    const records_t *r = b->own;
    const size_t bytes = (size_t)b->count[0] * sizeof(double);
    bare_need(memcmp(b->in, b->out + r->fields / 2 * bytes, bytes) == 0, "reading a field");
}

static void prepare_records(bare_t *b)
{
    records_t *r = bare_alloc(sizeof *r);
    bare_need(b->factors.record == H5R_RECORD_FIELD, "moving records otherwise than field by field");
    *r = (records_t){.fields = b->factors.shape.d[1]};
    r->record = compound(0, r->fields, b->file_type);
    r->alone = bare_alloc((size_t)r->fields * sizeof *r->alone);
    for (uint64_t k = 0; k < r->fields; k++) {
        r->alone[k] = compound(k, 1, b->memory_type);
    }
    b->own = r;
}

static void release_records(bare_t *b)
{
    records_t *r = b->own;
    for (uint64_t k = 0; k < r->fields; k++) {
        bare_check(H5Tclose(r->alone[k]), "H5Tclose");
    }
    bare_check(H5Tclose(r->record), "H5Tclose");
    free(r->alone);
    free(r);
}

const bare_workload_t bare_records = {.name = "records",
                                      .prepare = prepare_records,
                                      .release = release_records,
                                      .steps = {{"write", H5R_PHASE_CREATE, create_records},
                                                {"write", H5R_PHASE_SELECT, row_spaces},
                                                {"write", H5R_PHASE_WRITE, write_fields},
                                                {"write", H5R_PHASE_FLUSH, bare_flush},
                                                {"write", H5R_PHASE_CLOSE, bare_close},
                                                {"read", H5R_PHASE_OPEN, bare_open_r},
                                                {"read", H5R_PHASE_SELECT, row_spaces},
                                                {"read", H5R_PHASE_READ, read_fields},
                                                {"read", H5R_PHASE_CLOSE, bare_close},
                                                {"read", BARE_UNTIMED, bare_verify},
                                                {"read_field", H5R_PHASE_OPEN, bare_open_r},
                                                {"read_field", H5R_PHASE_SELECT, row_spaces},
                                                {"read_field", H5R_PHASE_READ, read_field},
                                                {"read_field", H5R_PHASE_CLOSE, bare_close},
                                                {"read_field", BARE_UNTIMED, verify_field},
                                                {NULL, 0, NULL}}};

/* ---- types */

typedef struct {
    hid_t file, memory;
    hvl_t *out, *in; /* [rows of the share] */
} sequences_t;

static void create_sequences(bare_t *b)
{
    const sequences_t *s = b->own;
    create_rows(b, s->file);
}

static void write_sequences(bare_t *b)
{
    const sequences_t *s = b->own;
    write_rows(b, s->memory, (const char *)s->out, sizeof *s->out);
}

static void read_sequences(bare_t *b)
{
    const sequences_t *s = b->own;
    read_rows(b, s->memory, (char *)s->in, sizeof *s->in);
}

static void verify_sequences(bare_t *b)
{
    const sequences_t *s = b->own;
    for (hsize_t i = 0; i < b->count[0]; i++) {
        bare_need(
            s->in[i].len == s->out[i].len &&
                (s->in[i].len == 0 || memcmp(s->in[i].p, s->out[i].p, s->in[i].len * sizeof(double)) == 0),
            "reading sequences");
        free(s->in[i].p);
    }
    memset(s->in, 0, (size_t)b->count[0] * sizeof *s->in);
}

static void prepare_sequences(bare_t *b)
{
    sequences_t *s = bare_alloc(sizeof *s);
    const uint64_t rows = b->count[0], most = b->count[1];
    bare_need(b->factors.element == H5R_ELEMENT_VLEN && !b->shared, "other elements than sequences");
    *s = (sequences_t){.file = bare_check(H5Tvlen_create(b->file_type), "H5Tvlen_create"),
                       .memory = bare_check(H5Tvlen_create(b->memory_type), "H5Tvlen_create"),
                       .out = bare_alloc((size_t)rows * sizeof *s->out),
                       .in = bare_alloc((size_t)rows * sizeof *s->in)};
    for (uint64_t i = 0; i < rows; i++) {
        const uint64_t length = h5r_element_length(BARE_SEED, b->share.start[0] + i, most);
        s->out[i] = (hvl_t){.len = (size_t)length, .p = b->out + i * most * sizeof(double)};
    }
    b->own = s;
}

static void release_sequences(bare_t *b)
{
    sequences_t *s = b->own;
    bare_check(H5Tclose(s->file), "H5Tclose");
    bare_check(H5Tclose(s->memory), "H5Tclose");
    free(s->out);
    free(s->in);
    free(s);
}

const bare_workload_t bare_types = {.name = "types",
                                    .prepare = prepare_sequences,
                                    .release = release_sequences,
                                    .steps = {{"write", H5R_PHASE_CREATE, create_sequences},
                                              {"write", H5R_PHASE_SELECT, row_spaces},
                                              {"write", H5R_PHASE_WRITE, write_sequences},
                                              {"write", H5R_PHASE_FLUSH, bare_flush},
                                              {"write", H5R_PHASE_CLOSE, bare_close},
                                              {"read", H5R_PHASE_OPEN, bare_open_r},
                                              {"read", H5R_PHASE_SELECT, row_spaces},
                                              {"read", H5R_PHASE_READ, read_sequences},
                                              {"read", H5R_PHASE_CLOSE, bare_close},
                                              {"read", BARE_UNTIMED, verify_sequences},
                                              {NULL, 0, NULL}}};
