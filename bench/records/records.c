/*
 * records: records of many fields, as tables and particles have them: a dataset of records that are moved whole or
 * field by field, or a dataset for each field. All fields are written and read, and then one of them alone. Number k of
 * row i in the shape is field k of record i.
 */
#include "h5roof/count.h"
#include "h5roof/driver.h"
#include "h5roof/element_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS_MAX 1000 /* of a type that an object header has room for */
#define NAME_SIZE  24

enum { WRITE, READ, FIELD }; /* its operations */

typedef struct {
    uint64_t fields;
    uint64_t one;            /* the field that is read alone */
    bool apart;              /* each field has a dataset */
    bool each;               /* a pass over the calls moves one field, else all of them */
    uint64_t passes;         /* that move all fields */
    size_t row_bytes;        /* of memory, that a pass moves of a row */
    size_t size;             /* of a number in memory */
    hid_t number;            /* its type in the file, not owned */
    hid_t record, whole;     /* the type of a record in the file and in memory */
    hid_t *alone;            /* [fields]: what memory has of a record if it has one field */
    hid_t *dataset;          /* [fields]: of fields that are apart; -1: not open */
    char (*name)[NAME_SIZE]; /* [fields]; numpy's names where none are given */
} records_t;

/* ---- what is timed */

static h5r_status_t create_apart(h5r_rep_t *rep, h5r_error_t *err)
{
    records_t *s = rep->own;
    h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    hsize_t shape[H5R_MAX_NDIMS];
    if (h5r_hdf5_create_file(rep->part->store, err) != H5R_OK || h == NULL) {
        return err->code;
    }
    for (int d = 0; d < h->ndims; d++) {
        shape[d] = h5r_store_shape(rep->part->store)->d[d];
    }
    hid_t space = H5Screate_simple(h->ndims, shape, NULL);
    for (uint64_t k = 0; k < s->fields; k++) {
        s->dataset[k] =
            H5Dcreate2(h->file, s->name[k], s->number, space, H5P_DEFAULT, h->creation, H5P_DEFAULT);
        if (s->dataset[k] < 0) {
            return h5r_fail_hdf5(err, "H5Dcreate2", h->path);
        }
    }
    h->dataset = s->dataset[0]; /* all have the same dataspace, so that one serves to select */
    return H5Sclose(space) < 0 ? h5r_fail_hdf5(err, "H5Sclose", h->path) : H5R_OK;
}

static h5r_status_t open_some(h5r_rep_t *rep, uint64_t first, uint64_t end, h5r_error_t *err)
{
    records_t *s = rep->own;
    h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    if (h5r_hdf5_open_file(rep->part->store, H5F_ACC_RDONLY, err) != H5R_OK || h == NULL) {
        return err->code;
    }
    for (uint64_t k = first; k < end; k++) {
        s->dataset[k] = H5Dopen2(h->file, s->name[k], H5P_DEFAULT);
        if (s->dataset[k] < 0) {
            return h5r_fail_hdf5(err, "H5Dopen2", h->path);
        }
    }
    h->dataset = s->dataset[first];
    return H5R_OK;
}

static h5r_status_t open_apart(h5r_rep_t *rep, h5r_error_t *err)
{
    const records_t *s = rep->own;
    return open_some(rep, 0, s->fields, err);
}

static h5r_status_t open_field(h5r_rep_t *rep, h5r_error_t *err)
{
    const records_t *s = rep->own;
    return open_some(rep, s->one, s->one + 1, err);
}

/* Which dataset and which type of memory the next pass is of. */
static void turn_to_field(const h5r_rep_t *rep, uint64_t k)
{
    const records_t *s = rep->own;
    h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    if (h != NULL) {
        h->memory_type = s->alone[k];
        h->dataset = s->apart ? s->dataset[k] : h->dataset;
    }
}

static h5r_status_t write_all(h5r_rep_t *rep, h5r_error_t *err)
{
    const records_t *s = rep->own;
    const uint64_t rows = rep->part->calls.elements / s->fields;
    h5r_status_t status = H5R_OK;
    for (uint64_t k = 0; k < s->passes && status == H5R_OK; k++) {
        if (s->each) {
            turn_to_field(rep, k);
        }
        status = h5r_rows_write(rep, rep->write_buffer + k * rows * s->row_bytes, s->row_bytes, err);
    }
    return status;
}

static h5r_status_t read_all(h5r_rep_t *rep, h5r_error_t *err)
{
    const records_t *s = rep->own;
    const uint64_t rows = rep->part->calls.elements / s->fields;
    h5r_status_t status = H5R_OK;
    for (uint64_t k = 0; k < s->passes && status == H5R_OK; k++) {
        if (s->each) {
            turn_to_field(rep, k);
        }
        status = h5r_rows_read(rep, rep->read_buffer + k * rows * s->row_bytes, s->row_bytes, err);
    }
    return status;
}

static h5r_status_t read_field(h5r_rep_t *rep, h5r_error_t *err)
{
    const records_t *s = rep->own;
    turn_to_field(rep, s->one);
    return h5r_rows_read(rep, rep->read_buffer, s->size, err);
}

/* The store closes the one that it has, and the file. */
static h5r_status_t close_apart(h5r_rep_t *rep, h5r_error_t *err)
{
    const records_t *s = rep->own;
    const h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    for (uint64_t k = 0; h != NULL && k < s->fields; k++) {
        if (s->dataset[k] >= 0 && s->dataset[k] != h->dataset && H5Dclose(s->dataset[k]) < 0) {
            return h5r_fail_hdf5(err, "H5Dclose", h->path);
        }
        s->dataset[k] = -1;
    }
    return h5r_store_close(rep->part->store, err);
}

/* ---- what is not */

static h5r_status_t measure_stored(h5r_rep_t *rep, h5r_error_t *err)
{
    const records_t *s = rep->own;
    uint64_t bytes = 0;
    (void)err;
    for (uint64_t k = 0; !h5r_store_absent(rep->part->store) && k < s->fields; k++) {
        bytes += H5Dget_storage_size(s->dataset[k]);
    }
    h5r_rep_stored(rep, bytes);
    return H5R_OK;
}

/* Field k of a part, as a region of the whole. */
static h5r_region_t field_of(const h5r_part_t *part, uint64_t k)
{
    h5r_region_t region = part->region;
    region.start[region.ndims - 1] = k;
    region.count[region.ndims - 1] = region.count[region.ndims - 1] > 0 ? 1 : 0;
    return region;
}

typedef void on_pass_t(h5r_rep_t *rep, const h5r_region_t *region, uint64_t elements, char *at);

static void fill(h5r_rep_t *rep, const h5r_region_t *region, uint64_t elements, char *at)
{
    h5r_data_fill_region(&rep->data, &rep->factors->shape, region, elements, at);
}

static void poison(h5r_rep_t *rep, const h5r_region_t *region, uint64_t elements, char *at)
{
    h5r_data_poison_region(&rep->data, &rep->factors->shape, region, elements, at);
}

static void check_pass(h5r_rep_t *rep, const h5r_region_t *region, uint64_t elements, char *at)
{
    h5r_rep_check_region(rep, READ, region, elements, at);
}

static void for_passes(h5r_rep_t *rep, const h5r_part_t *part, on_pass_t *function, char *buffer)
{
    const records_t *s = rep->own;
    const uint64_t elements = part->calls.elements / s->passes;
    for (uint64_t k = 0; k < s->passes; k++) {
        const h5r_region_t region = s->each ? field_of(part, k) : part->region;
        function(rep, &region, elements, buffer + k * elements * s->size);
    }
}

/* What was read as a whole is looked at before one field is read into the same memory. */
static h5r_status_t check_all(h5r_rep_t *rep, h5r_error_t *err)
{
    const records_t *s = rep->own;
    const h5r_region_t region = field_of(rep->part, s->one);
    (void)err;
    for_passes(rep, rep->part, check_pass, rep->read_buffer);
    poison(rep, &region, rep->part->calls.elements / s->fields, rep->read_buffer);
    return H5R_OK;
}

static void count(h5r_rep_t *rep, h5r_operation_t operation, uint64_t share, uint64_t passes)
{
    const records_t *s = rep->own;
    const h5r_part_t *part = &rep->parts[H5R_WAY_OUT];
    const bool filters = rep->factors->filter.n > 0;
    h5r_rep_moved(rep, operation, part->calls.elements / share * s->size, passes * part->calls.calls);
    h5r_rep_unbounded(rep, operation, h5r_region_elements(&part->region) / share * s->size,
                      passes * part->calls.pieces);
    if (filters) { /* of chunks of records, where the roof has chunks of numbers */
        h5r_rep_touched(rep, operation, &(h5r_touched_t){.elements = NULL}, 0);
    }
}

static void check(h5r_rep_t *rep)
{
    const records_t *s = rep->own;
    count(rep, WRITE, 1, s->passes);
    count(rep, READ, 1, s->passes);
    count(rep, FIELD, s->fields, 1);
    const h5r_region_t region = field_of(rep->part, s->one);
    h5r_rep_check_region(rep, FIELD, &region, rep->part->calls.elements / s->fields, rep->read_buffer);
}

/* ---- types */

/* A compound type of `n` fields from `first` on, one after the other. */
static hid_t compound(const records_t *s, uint64_t first, uint64_t n, hid_t number)
{
    const size_t size = H5Tget_size(number);
    hid_t type = H5Tcreate(H5T_COMPOUND, (size_t)n * size);
    for (uint64_t i = 0; i < n && type >= 0; i++) {
        if (H5Tinsert(type, s->name[first + i], (size_t)i * size, number) < 0) {
            H5Tclose(type);
            type = -1;
        }
    }
    return type;
}

static h5r_status_t make_types(records_t *s, const h5r_hdf5_t *h, h5r_error_t *err)
{
    s->number = h->file_type;
    s->record = compound(s, 0, s->fields, h->file_type);
    s->whole = compound(s, 0, s->fields, h->memory_type);
    bool made = s->record >= 0 && s->whole >= 0;
    for (uint64_t k = 0; k < s->fields && made; k++) {
        s->alone[k] = s->apart ? H5Tcopy(h->memory_type) : compound(s, k, 1, h->memory_type);
        made = s->alone[k] >= 0;
    }
    return made ? H5R_OK : h5r_fail_hdf5(err, "making the type of a record", h->path);
}

static void *ids(uint64_t n)
{
    void *memory = malloc((size_t)n * sizeof(hid_t));
    return memory != NULL ? memset(memory, 0xff, (size_t)n * sizeof(hid_t)) : NULL;
}

static h5r_status_t prepare(h5r_rep_t *rep, h5r_error_t *err)
{
    const h5r_factors_t *f = rep->factors;
    records_t *s = rep->own;
    const uint64_t n = h5r_rows_length(f);
    *s = (records_t){.fields = n,
                     .one = n / 2,
                     .apart = f->record == H5R_RECORD_DATASETS,
                     .each = f->record != H5R_RECORD_WHOLE,
                     .passes = f->record != H5R_RECORD_WHOLE ? n : 1,
                     .size = rep->element_bytes,
                     .number = -1,
                     .record = -1,
                     .whole = -1,
                     .alone = ids(n),
                     .dataset = ids(n),
                     .name = calloc(n, sizeof *s->name)};
    s->row_bytes = s->size * n / s->passes;
    if (s->alone == NULL || s->dataset == NULL || s->name == NULL) {
        return h5r_no_memory(err, "the types of %" PRIu64 " fields", n);
    }
    for (uint64_t k = 0; k < n; k++) {
        snprintf(s->name[k], sizeof s->name[k], "f%" PRIu64, k);
    }
    for_passes(rep, &rep->parts[H5R_WAY_OUT], fill, rep->write_buffer);
    for_passes(rep, &rep->parts[H5R_WAY_IN], poison, rep->read_buffer);
    const h5r_hdf5_t *h = h5r_rows_hdf5(rep);
    if (h == NULL) {
        return H5R_OK;
    }
    return make_types(s, h, err) == H5R_OK ? h5r_rows_use(rep, s->record, s->whole, true, err) : err->code;
}

static void close_type(hid_t type)
{
    if (type >= 0) {
        H5Tclose(type);
    }
}

static void release(h5r_rep_t *rep)
{
    const records_t *s = rep->own;
    close_type(s->record);
    close_type(s->whole);
    for (uint64_t k = 0; s->alone != NULL && k < s->fields; k++) {
        close_type(s->alone[k]);
    }
    free(s->alone);
    free(s->dataset);
    free(s->name);
}

/* ---- the order of steps */

enum { WHOLE, BY_FIELD, DATASETS }; /* its cases */

static unsigned which(const h5r_factors_t *f)
{
    static const unsigned cases[] = {
        [H5R_RECORD_WHOLE] = WHOLE, [H5R_RECORD_FIELD] = BY_FIELD, [H5R_RECORD_DATASETS] = DATASETS};
    return H5R_CASE(cases[f->record]);
}

#define TOGETHER (H5R_CASE(WHOLE) | H5R_CASE(BY_FIELD))
#define APART    H5R_CASE(DATASETS)

/* What vanishes at close is read back before. */
static const h5r_timed_step_t steps[] = {
    {WRITE, H5R_PHASE_CREATE, h5r_step_create, TOGETHER},
    {WRITE, H5R_PHASE_CREATE, create_apart, APART},
    {WRITE, H5R_PHASE_SELECT, h5r_step_select, H5R_ALWAYS},
    {WRITE, H5R_PHASE_WRITE, write_all, H5R_ALWAYS},
    {WRITE, H5R_PHASE_FLUSH, h5r_step_flush, H5R_ALWAYS},
    {WRITE, H5R_UNTIMED, measure_stored, APART},
    {WRITE, H5R_PHASE_CLOSE, h5r_step_close, H5R_LASTING | TOGETHER},
    {WRITE, H5R_PHASE_CLOSE, close_apart, H5R_LASTING | APART},
    {READ, H5R_UNTIMED, h5r_step_turn_to_reads, H5R_LASTING},
    {READ, H5R_UNTIMED, h5r_step_settle_cache, H5R_LASTING},
    {READ, H5R_PHASE_OPEN, h5r_step_open, H5R_LASTING | TOGETHER},
    {READ, H5R_PHASE_OPEN, open_apart, H5R_LASTING | APART},
    {READ, H5R_PHASE_SELECT, h5r_step_select, H5R_LASTING},
    {READ, H5R_PHASE_READ, read_all, H5R_ALWAYS},
    {READ, H5R_PHASE_CLOSE, h5r_step_close, H5R_LASTING | TOGETHER},
    {READ, H5R_PHASE_CLOSE, close_apart, H5R_LASTING | APART},
    {READ, H5R_UNTIMED, check_all, H5R_ALWAYS},
    {FIELD, H5R_UNTIMED, h5r_step_settle_cache, H5R_LASTING},
    {FIELD, H5R_PHASE_OPEN, h5r_step_open, H5R_LASTING | TOGETHER},
    {FIELD, H5R_PHASE_OPEN, open_field, H5R_LASTING | APART},
    {FIELD, H5R_PHASE_SELECT, h5r_step_select, H5R_LASTING},
    {FIELD, H5R_PHASE_READ, read_field, H5R_ALWAYS},
    {FIELD, H5R_PHASE_CLOSE, h5r_step_close, H5R_LASTING | TOGETHER},
    {FIELD, H5R_PHASE_CLOSE, close_apart, H5R_LASTING | APART},
    {WRITE, H5R_PHASE_CLOSE, h5r_step_close, H5R_VOLATILE | TOGETHER},
    {WRITE, H5R_PHASE_CLOSE, close_apart, H5R_VOLATILE | APART},
};

static uint64_t elements(const h5r_factors_t *f, uint64_t share, int nranks)
{
    (void)f, (void)nranks;
    return share;
}

static h5r_work_t work(const h5r_doer_t *w, h5r_operation_t operation)
{
    const uint64_t fields = h5r_rows_length(w->factors), alone = operation == FIELD ? fields : 1,
                   passes = w->factors->record == H5R_RECORD_WHOLE || operation == FIELD ? 1 : fields;
    h5r_work_t work = h5r_work_share(w);
    work.payload_bytes /= alone;
    work.calls *= passes;
    work.all_calls *= passes;
    return work;
}

static bool knows_no_records(h5r_filter_kind_t kind)
{
    return kind == H5R_FILTER_SZIP || kind == H5R_FILTER_NBIT || kind == H5R_FILTER_SCALEOFFSET;
}

static bool allows(const h5r_factors_t *f, int nranks, char *reason, size_t size)
{
    const bool records = f->record != H5R_RECORD_DATASETS;
    if (!h5r_rows_allowed(f, nranks, "a record", reason, size)) {
        return false;
    }
    if (h5r_rows_length(f) > FIELDS_MAX) {
        snprintf(reason, size,
                 "a record has %d fields at most here, and the last dimension of shape is %" PRIu64,
                 FIELDS_MAX, h5r_rows_length(f));
        return false;
    }
    if (records && f->filter.n > 0 && knows_no_records(f->filter.stage[0].kind)) {
        snprintf(reason, size, "szip, nbit and scaleoffset are for numbers, and an element is a record");
        return false;
    }
    if (f->record == H5R_RECORD_FIELD && f->filter.n > 0 && h5r_factors_files(f) == H5R_FILES_SHARED) {
        snprintf(reason, size,
                 "a field is written into records by conversion, and filtered chunks of a shared file "
                 "cannot be written with one");
        return false;
    }
    return true;
}

const h5r_workload_t h5r_workload_records = {
    .name = "records",
    .summary = "records of many fields, moved whole, field by field, or as a dataset for each field; one "
               "field alone",
    .lesson = "A dataset of records (H5T_COMPOUND) has the fields of a record side by side, so that whole "
              "records are one "
              "stretch of bytes, and one field of all is a number here and there: HDF5 reads or gathers "
              "everything that lies "
              "between, and picks. Writing field by field is worse: what lies in the file is read, changed "
              "and written "
              "back, and because that is a conversion of types, transfers of several ranks are not "
              "collective (before "
              "1.14.2; see the note independent). A dataset for each field is fast for one field, and costs "
              "an object and a "
              "call for each. The last dimension of shape counts the fields; all have the type dtype, and "
              "the same bytes as "
              "plain numbers are those of workload slab.",
    .roof = "The payload by raw POSIX in large pieces (store) and the conversion of its numbers (convert): "
            "of read_field "
            "that of the one field, so that its efficiency shows what the others cost. What a filter makes "
            "of records is not measured: no efficiency then.",
    .operations = {[WRITE] = {.name = "write",
                              .direction = H5R_MOVES_OUT,
                              .help = "all fields of all records"},
                   [READ] = {.name = "read", .direction = H5R_MOVES_IN, .help = "likewise, and verified"},
                   [FIELD] = {.name = "read_field",
                              .direction = H5R_MOVES_IN,
                              .help = "the one in the middle, of all records, into an array of its own"}},
    .steps = steps,
    .step_count = H5R_COUNT_OF(steps),
    .cases = {[WHOLE] = "record whole", [BY_FIELD] = "record field", [DATASETS] = "record datasets"},
    .which = which,
    .own_bytes = sizeof(records_t),
    .prepare = prepare,
    .check = check,
    .release = release,
    .needs_hdf5 = true,
    .elements = elements,
    .allows = allows,
    .work = work,
};
