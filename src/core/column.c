#include "core/column.h"

#include "core/csv.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const h5r_phase_names[H5R_PHASE_COUNT] = {
#define X(SYMBOL, name, help) name,
    H5R_PHASE_TABLE(X)
#undef X
};

static const char *const phase_help[H5R_PHASE_COUNT] = {
#define X(SYMBOL, name, help) help,
    H5R_PHASE_TABLE(X)
#undef X
};

#define AT(member)      offsetof(h5r_row_t, member)
#define TEXT(member)    .type = H5R_CELL_TEXT, .offset = AT(member), .size = sizeof((h5r_row_t *)0)->member
#define U64(member)     .type = H5R_CELL_U64, .offset = AT(member)
#define F64(member)     .type = H5R_CELL_F64, .offset = AT(member)
#define BOOLEAN(member) .type = H5R_CELL_BOOL, .offset = AT(member)

static const h5r_column_t before_factors[] = {
    {.name = "schema",
     .group = "identity",
     U64(schema),
     .help = "version of this table; columns are only appended"},
    {.name = "run_id",
     .group = "identity",
     TEXT(run_id),
     .help = "the run: UTC start and a random word, as in env.json"},
    {.name = "suite", .group = "identity", TEXT(suite), .help = "name of the suite"},
    {.name = "case_id",
     .group = "identity",
     TEXT(case_id),
     .help = "hash of all factors that differ from their default: the same case in any run and any suite"},
    {.name = "case", .group = "identity", TEXT(case_name), .help = "name of the case in its suite"},
    {.name = "case_number",
     .group = "identity",
     U64(case_number),
     .help = "place of the case in the suite, from 0"},
    {.name = "block",
     .group = "identity",
     U64(block),
     .help = "round in which every case ran once in shuffled order; warm-up rounds come first"},
    {.name = "repetition",
     .group = "identity",
     U64(repetition),
     .help = "counted from 0, warm-up and measured apart"},
    {.name = "warmup",
     .group = "identity",
     BOOLEAN(warmup),
     .help = "true: recorded, but not part of any statistic"},
    {.name = "operation",
     .group = "identity",
     TEXT(operation),
     .help = "write: create, select, write, flush, close; read: open, select, read, close"},
    {.name = "status",
     .group = "identity",
     TEXT(status),
     .help =
         "ok; skipped (a rule forbids the case, nothing ran); mismatch (data read differ from data written)"},
    {.name = "quality",
     .group = "identity",
     TEXT(quality),
     .help = "marks joined by ';': short (below 10 ms or 100 barriers), above_roof (efficiency over 1.05), "
             "bounded (max_ops cut the operation), cached (cold was asked, more than 1 % was resident), "
             "unverified"},
    {.name = "reason",
     .group = "identity",
     TEXT(reason),
     .help = "why it was skipped, or the first wrong element: rank, coordinate, expected, found"},
    {.name = "stop",
     .group = "identity",
     TEXT(stop),
     .help = "on a case's last repetition, why it is the last: ci (narrow enough), max, time"},
    {.name = "ranks", .group = "identity", U64(ranks), .help = "MPI ranks that took part"},
    {.name = "store",
     .group = "identity",
     TEXT(store),
     .help = "what the driver belongs to: hdf5, mpiio, posix, memory"},
};

static const h5r_column_t after_phases[] = {
    {.name = "durable_s",
     .group = "bandwidth",
     F64(durable_s),
     .help = "sum over the phases of this operation of the slowest rank's time"},
    {.name = "durable_mibps",
     .group = "bandwidth",
     F64(durable_mibps),
     .help = "payload_bytes / durable_s: the headline"},
    {.name = "transfer_mibps",
     .group = "bandwidth",
     F64(transfer_mibps),
     .help = "payload_bytes / the slowest rank's phase write (or read) alone; not durable"},
    {.name = "payload_bytes",
     .group = "sizes",
     U64(payload_bytes),
     .help = "moved to or from memory, all ranks"},
    {.name = "calls_count",
     .group = "sizes",
     U64(calls),
     .help = "transfer calls made, all ranks; collective ones are the same number on every rank"},
    {.name = "total_calls_count",
     .group = "sizes",
     U64(total_calls),
     .help = "pieces that the access cuts the ranks' shares into, all ranks: the calls needed without the "
             "bound max_ops"},
    {.name = "stored_bytes",
     .group = "sizes",
     U64(stored_bytes),
     .help = "storage of the dataset (H5Dget_storage_size), or bytes of the file without HDF5, all files"},
    {.name = "file_bytes", .group = "sizes", U64(file_bytes), .help = "size of all files after close"},
    {.name = "ratio_frac",
     .group = "sizes",
     F64(ratio_frac),
     .help = "size of the dataset in the file's type / stored_bytes: the compression ratio"},
    {.name = "cache_resident_frac",
     .group = "cache",
     F64(cache_resident_frac),
     .help =
         "pages of the files that were in memory before reading (mincore), of the rank or node with most"},
    {.name = "actual_io_mode",
     .group = "mode",
     TEXT(actual_io_mode),
     .help =
         "H5Pget_mpio_actual_io_mode of the last transfer on rank 0; wrong in known cases, see the counters"},
    {.name = "actual_chunk_opt",
     .group = "mode",
     TEXT(actual_chunk_opt),
     .help = "H5Pget_mpio_actual_chunk_opt_mode of the last transfer on rank 0"},
    {.name = "no_collective_local",
     .group = "mode",
     TEXT(no_collective_local),
     .help = "why rank 0 did not transfer collectively (H5Pget_mpio_no_collective_cause), joined by '+'"},
    {.name = "no_collective_global",
     .group = "mode",
     TEXT(no_collective_global),
     .help = "the same over all ranks"},
    {.name = "mpiio_write_indep_count",
     .group = "counters",
     U64(counters.write_indep),
     .help = "independent MPI_File_write* calls, all ranks"},
    {.name = "mpiio_write_coll_count",
     .group = "counters",
     U64(counters.write_coll),
     .help = "collective MPI_File_write*_all calls, all ranks"},
    {.name = "mpiio_read_indep_count",
     .group = "counters",
     U64(counters.read_indep),
     .help = "independent MPI_File_read* calls, all ranks"},
    {.name = "mpiio_read_coll_count",
     .group = "counters",
     U64(counters.read_coll),
     .help = "collective MPI_File_read*_all calls, all ranks"},
    {.name = "mpiio_write_bytes",
     .group = "counters",
     U64(counters.write_bytes),
     .help = "bytes given to MPI_File_write*, metadata and fill values included, all ranks"},
    {.name = "mpiio_read_bytes",
     .group = "counters",
     U64(counters.read_bytes),
     .help = "bytes asked of MPI_File_read*, metadata included, all ranks"},
    {.name = "mpiio_sync_count",
     .group = "counters",
     U64(counters.sync),
     .help = "MPI_File_sync calls, all ranks"},
    {.name = "mpiio_set_view_count",
     .group = "counters",
     U64(counters.set_view),
     .help = "MPI_File_set_view calls, all ranks"},
    {.name = "mpiio_s",
     .group = "counters",
     F64(counters.seconds),
     .help = "time inside MPI_File_* of the rank that spent most"},
    {.name = "roof_copy_s",
     .group = "roof",
     F64(roof_copy_s),
     .help = "memcpy of the payload, all ranks at once"},
    {.name = "roof_convert_s",
     .group = "roof",
     F64(roof_convert_s),
     .help = "byte swap or type conversion of the payload in memory; empty: the case converts nothing"},
    {.name = "roof_compress_s",
     .group = "roof",
     F64(roof_compress_s),
     .help =
         "the filter pipeline on chunk-sized pieces with zlib, no I/O, all ranks at once; empty: no filter"},
    {.name = "roof_store_own_s",
     .group = "roof",
     F64(roof_store_own_s),
     .help = "the stored bytes by pwrite or pread in large pieces, a file per rank, open to close, with "
             "fsync when writing"},
    {.name = "roof_store_shared_s",
     .group = "roof",
     F64(roof_store_shared_s),
     .help = "the same into one shared file"},
    {.name = "roof_pattern_s",
     .group = "roof",
     F64(roof_pattern_s),
     .help = "raw MPI-IO with the case's own decomposition, access and mode, create to close"},
    {.name = "roof_bound",
     .group = "roof",
     TEXT(roof_bound),
     .help = "which work binds: copy, convert, compress, convert+compress, store"},
    {.name = "roof_s",
     .group = "roof",
     F64(roof_s),
     .help = "max(CPU work, storage work): the time of a perfect overlap"},
    {.name = "efficiency_frac", .group = "roof", F64(efficiency_frac), .help = "roof_s / durable_s"},
    {.name = "time_utc", .group = "origin", TEXT(time_utc), .help = "end of the repetition, ISO 8601"},
    {.name = "seed", .group = "origin", U64(seed), .help = "seed of the suite: data and order of the blocks"},
};

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

/* What is kept of every phase. The name gets the phase's name in front. */
static const struct {
    const char *suffix;
    h5r_cell_type_t type;
    size_t offset; /* in h5r_phase_time_t */
    const char *help;
} phase_parts[] = {
    {"max_s", H5R_CELL_F64, offsetof(h5r_phase_time_t, max_s), "slowest rank"},
    {"med_s", H5R_CELL_F64, offsetof(h5r_phase_time_t, med_s),
     "median over the ranks, to 1/512 of the spread between min and max"},
    {"min_s", H5R_CELL_F64, offsetof(h5r_phase_time_t, min_s), "fastest rank"},
    {"slowest_rank", H5R_CELL_U64, offsetof(h5r_phase_time_t, slowest_rank), "which rank was slowest"},
    {"wall_s", H5R_CELL_F64, offsetof(h5r_phase_time_t, wall_s), "on rank 0, from barrier to barrier"},
};

#define MAX_COLUMNS 160
#define CELL_SIZE   1024 /* above every text of a row and of a factor */

/* Written once by h5r_columns(), constant from then on. */
static h5r_column_t table[MAX_COLUMNS];
static size_t table_count;

static void append(const h5r_column_t *columns, size_t n)
{
    for (size_t i = 0; i < n && table_count < MAX_COLUMNS; i++) {
        table[table_count++] = columns[i];
    }
}

/* Quantities become plain numbers with their unit in the column's name. */
static const char *quantity_suffix(const h5r_factor_t *factor)
{
    return factor->type == H5R_TYPE_BYTES ? "_bytes" : factor->type == H5R_TYPE_COUNT ? "_count" : NULL;
}

static void append_factors(void)
{
    for (size_t i = 0; i < h5r_factor_count; i++) {
        h5r_column_t c = {.group = "factors", .type = H5R_CELL_FACTOR, .factor = &h5r_factor_table[i]};
        const char *suffix = quantity_suffix(c.factor);
        snprintf(c.name, sizeof c.name, "%s%s", c.factor->name, suffix != NULL ? suffix : "");
        snprintf(c.help, sizeof c.help, "%s", c.factor->help);
        append(&c, 1);
    }
}

static void append_phases(void)
{
    for (size_t p = 0; p < H5R_PHASE_COUNT; p++) {
        for (size_t k = 0; k < COUNT_OF(phase_parts); k++) {
            h5r_column_t c = {.group = "phases",
                              .type = phase_parts[k].type,
                              .offset = AT(phase) + p * sizeof(h5r_phase_time_t) + phase_parts[k].offset};
            snprintf(c.name, sizeof c.name, "%s_%s", h5r_phase_names[p], phase_parts[k].suffix);
            snprintf(c.help, sizeof c.help, "%s: %s", phase_parts[k].help, phase_help[p]);
            append(&c, 1);
        }
    }
}

const h5r_column_t *h5r_columns(size_t *count)
{
    if (table_count == 0) {
        append(before_factors, COUNT_OF(before_factors));
        append_factors();
        append_phases();
        append(after_phases, COUNT_OF(after_phases));
    }
    *count = table_count;
    return table;
}

const h5r_column_t *h5r_column_find(const char *name)
{
    size_t n;
    const h5r_column_t *columns = h5r_columns(&n);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(columns[i].name, name) == 0) {
            return &columns[i];
        }
    }
    return NULL;
}

h5r_counters_t h5r_counters_none(void)
{
    return (h5r_counters_t){H5R_NO_COUNT, H5R_NO_COUNT, H5R_NO_COUNT, H5R_NO_COUNT, H5R_NO_COUNT,
                            H5R_NO_COUNT, H5R_NO_COUNT, H5R_NO_COUNT, NAN};
}

void h5r_row_clear(h5r_row_t *row)
{
    memset(row, 0, sizeof *row);
    size_t n;
    const h5r_column_t *columns = h5r_columns(&n);
    for (size_t i = 0; i < n; i++) {
        if (columns[i].type != H5R_CELL_FACTOR) {
            h5r_row_parse_cell(row, &columns[i], "");
        }
    }
    row->schema = H5R_SCHEMA_VERSION;
    h5r_factors_default(&row->factors);
}

static bool parse_u64(const char *text, uint64_t *value)
{
    char *end;
    *value = text[0] == '\0' ? H5R_NO_COUNT : strtoull(text, &end, 10);
    return text[0] == '\0' || (*end == '\0' && text[0] != '-');
}

static bool parse_f64(const char *text, double *value)
{
    char *end;
    *value = text[0] == '\0' ? (double)NAN : strtod(text, &end);
    return text[0] == '\0' || (*end == '\0' && isfinite(*value));
}

bool h5r_row_parse_cell(h5r_row_t *row, const h5r_column_t *column, const char *text)
{
    char *cell = (char *)row + column->offset;
    h5r_error_t ignored;
    switch (column->type) {
    case H5R_CELL_TEXT:
        return snprintf(cell, column->size, "%s", text) < (int)column->size;
    case H5R_CELL_U64:
        return parse_u64(text, (uint64_t *)(void *)cell);
    case H5R_CELL_F64:
        return parse_f64(text, (double *)(void *)cell);
    case H5R_CELL_BOOL:
        *(bool *)cell = strcmp(text, "true") == 0;
        return *(bool *)cell || text[0] == '\0' || strcmp(text, "false") == 0;
    case H5R_CELL_FACTOR:
        /* an empty cell is a value that is not given, which is the default of every factor that can be empty
         */
        return text[0] == '\0' || h5r_factor_parse(column->factor, text, &row->factors, &ignored) == H5R_OK;
    }
    return false;
}

static char *factor_text(const h5r_row_t *row, const h5r_factor_t *factor, char *buf, size_t size)
{
    if (quantity_suffix(factor) == NULL) {
        return h5r_factor_format(factor, &row->factors, buf, size);
    }
    uint64_t value;
    memcpy(&value, (const char *)&row->factors + factor->offset, sizeof value);
    snprintf(buf, size, "%" PRIu64, value);
    return buf;
}

char *h5r_row_cell_text(const h5r_row_t *row, const h5r_column_t *column, char *buf, size_t size)
{
    const char *cell = (const char *)row + column->offset;
    uint64_t u;
    double d;
    buf[0] = '\0';
    switch (column->type) {
    case H5R_CELL_TEXT:
        snprintf(buf, size, "%s", cell);
        break;
    case H5R_CELL_U64:
        memcpy(&u, cell, sizeof u);
        if (u != H5R_NO_COUNT) {
            snprintf(buf, size, "%" PRIu64, u);
        }
        break;
    case H5R_CELL_F64:
        memcpy(&d, cell, sizeof d);
        if (isfinite(d)) {
            snprintf(buf, size, "%.9g", d);
        }
        break;
    case H5R_CELL_BOOL:
        snprintf(buf, size, "%s", *(const bool *)cell ? "true" : "false");
        break;
    case H5R_CELL_FACTOR:
        return factor_text(row, column->factor, buf, size);
    }
    return buf;
}

void h5r_row_write_header(FILE *out)
{
    size_t n;
    const h5r_column_t *columns = h5r_columns(&n);
    for (size_t i = 0; i < n; i++) {
        fprintf(out, "%s%s", i == 0 ? "" : ",", columns[i].name);
    }
    fputc('\n', out);
}

void h5r_row_write(const h5r_row_t *row, FILE *out)
{
    size_t n;
    const h5r_column_t *columns = h5r_columns(&n);
    for (size_t i = 0; i < n; i++) {
        if (i > 0) {
            fputc(',', out);
        }
        char text[CELL_SIZE];
        h5r_csv_field(out, h5r_row_cell_text(row, &columns[i], text, sizeof text));
    }
    fputc('\n', out);
}
