/* Notes on the mode of the transfers and on how the ranks' pieces lie in a shared file. */
#include "core/base/units.h"
#include "core/factors/factor.h"
#include "core/factors/sharing.h"
#include "core/notes/note_say.h"
#include "h5roof/count.h"
#include "h5roof/driver.h"

#include <math.h>
#include <string.h>

#define AGGREGATED 1.5  /* requests of so many runs, on average, were put together from several */
#define LARGE_RUN  1e6  /* bytes of one rank in a row that need no aggregation */
#define MANY       64   /* requests */
#define BLOCKS     0.25 /* of the file that ranks share */
#define CHUNKS     0.10 /* likewise */

/* Words for HDF5's no-collective causes. */
static const struct {
    const char *cause, *words;
} cause_words[] = {
    {"datatype_conversion", "a type conversion"},
    {"data_transforms", "a data transform"},
    {"mpi_opt_types_disabled", "HDF5_MPI_OPT_TYPES"},
    {"not_simple_or_scalar", "the dataspaces"},
    {"not_contiguous_or_chunked", "the layout"},
    {"filtered_writes_disabled", "filters"},
    {"error_while_checking", "an error while HDF5 checked"},
    {"no_selection_io", "the size of the conversion buffer"},
};

static bool wants_collective(const h5r_result_t *r)
{
    return h5r_factors_collective(&r->last.factors) && h5r_factors_mpi_file(&r->last.factors) &&
           r->last.no_collective_global[0] != '\0';
}

bool h5r_say_independent(const h5r_result_t *r, FILE *out)
{
    if (!wants_collective(r)) {
        return false;
    }
    const char *words = r->last.no_collective_global;
    for (size_t i = 0; i < H5R_COUNT_OF(cause_words); i++) {
        if (strstr(r->last.no_collective_global, cause_words[i].cause) != NULL) {
            words = cause_words[i].words;
        }
    }
    fprintf(out, "collective ran independent because of %s", words);
    return true;
}

static uint64_t collective_calls(const h5r_result_t *r)
{
    const h5r_counters_t *c = &r->last.counters;
    switch (r->last.direction) {
    case H5R_MOVES_OUT:
        return c->write_coll;
    case H5R_MOVES_IN:
        return c->read_coll;
    case H5R_MOVES_BOTH:
    case H5R_MOVES_NOTHING:
    case H5R_DIRECTIONS:
        break;
    }
    return c->write_coll + c->read_coll;
}

bool h5r_say_claimed_collective(const h5r_result_t *r, FILE *out)
{
    bool claims = strstr(r->last.actual_io_mode, "collective") != NULL;
    if (r->last.counters.write_indep == H5R_NO_COUNT || !claims || collective_calls(r) > 0) {
        return false;
    }
    fputs("HDF5 reports collective, but every MPI-IO call was independent", out);
    return true;
}

/* Several ranks on one file whose elements lie there as in the dataset. */
static bool is_shared_array(const h5r_row_t *row)
{
    const h5r_factors_t *f = &row->factors;
    return h5r_factors_mpi_file(f) && h5r_factors_files(f) == H5R_FILES_SHARED && row->ranks > 1 &&
           f->shape.n > 0 && f->layout == H5R_LAYOUT_CONTIGUOUS && f->decomposition != H5R_DECOMP_REPLICATED;
}

static double run_bytes(const h5r_row_t *row)
{
    size_t size = h5r_dtype_size(h5r_factors_file_dtype(&row->factors));
    return (double)h5r_run_elements(&row->factors, (int)row->ranks) * (double)size;
}

static bool is_unaggregated(const h5r_result_t *r)
{
    h5r_requests_t requests = h5r_note_requests(r);
    bool plain = h5r_note_is_write(r) || h5r_note_is_read(r);
    return plain && (r->bounded || h5r_note_is_whole(r)) && is_shared_array(&r->last) &&
           requests.count >= MANY && requests.mean_bytes < AGGREGATED * run_bytes(&r->last);
}

bool h5r_note_is_unaggregated(const h5r_result_t *r)
{
    return is_unaggregated(r) && run_bytes(&r->last) < LARGE_RUN &&
           h5r_ranks_alternate(&r->last.factors, (int)r->last.ranks);
}

bool h5r_say_unaggregated(const h5r_result_t *r, FILE *out)
{
    if (!h5r_note_is_unaggregated(r)) {
        return false;
    }
    h5r_requests_t requests = h5r_note_requests(r);
    char count[32], size[32];
    fprintf(out, "%s: %s requests of %s, alternating between ranks",
            collective_calls(r) != H5R_NO_COUNT && collective_calls(r) > 0
                ? "collective calls were not aggregated"
                : "not aggregated",
            h5r_format_count(requests.count, count, sizeof count),
            h5r_format_size(requests.mean_bytes, size, sizeof size));
    return true;
}

/* The fraction of the file's blocks in which the piece of one rank ends and that of another begins. */
static double shared_blocks(const h5r_row_t *row)
{
    const h5r_factors_t *f = &row->factors;
    double run = run_bytes(row), block = (double)row->block_bytes;
    double bytes = (double)h5r_dims_elements(&f->shape) * (double)h5r_dtype_size(h5r_factors_file_dtype(f));
    if (row->block_bytes == H5R_NO_COUNT || row->data_offset_bytes == H5R_NO_COUNT || run <= 0.0) {
        return 0.0;
    }
    if (fmod(run, block) == 0.0 && row->data_offset_bytes % row->block_bytes == 0) {
        return 0.0;
    }
    return fmin(1.0, (bytes / run - 1.0) / ceil(bytes / block));
}

bool h5r_say_unaligned(const h5r_result_t *r, FILE *out)
{
    double shared = is_unaggregated(r) ? shared_blocks(&r->last) : 0.0;
    if (!h5r_note_is_write(r) || shared < BLOCKS) {
        return false;
    }
    char block[32];
    fprintf(out, "unaligned: up to %.0f %% of the %s blocks hold data of several ranks", 100.0 * shared,
            h5r_format_size((double)r->last.block_bytes, block, sizeof block));
    return true;
}

bool h5r_say_shared_chunks(const h5r_result_t *r, FILE *out)
{
    const h5r_factors_t *f = &r->last.factors;
    bool one_file = h5r_factors_files(f) == H5R_FILES_SHARED && f->decomposition != H5R_DECOMP_REPLICATED;
    bool dealt = (r->bounded || h5r_note_is_whole(r)) && !h5r_is_appended(f);
    if (!one_file || !dealt || !h5r_note_is_write(r) || f->layout != H5R_LAYOUT_CHUNKED) {
        return false;
    }
    h5r_sharing_t s = h5r_chunk_sharing(f, (int)r->last.ranks);
    if (s.chunks == 0 || (double)s.shared < CHUNKS * (double)s.chunks) {
        return false;
    }
    char shared[32], chunks[32], most[32];
    fprintf(out, "%s of %s chunks are shared by up to %s ranks",
            h5r_format_count(s.shared, shared, sizeof shared),
            h5r_format_count(s.chunks, chunks, sizeof chunks), h5r_format_count(s.most, most, sizeof most));
    return true;
}

bool h5r_say_hint_ignored(const h5r_result_t *r, FILE *out)
{
    if (r->last.hints_ignored[0] == '\0') {
        return false;
    }
    fprintf(out, "hints that are not in effect: %s", r->last.hints_ignored);
    return true;
}

bool h5r_say_inert(const h5r_result_t *r, FILE *out)
{
    if (!r->inert_metadata) {
        return false;
    }
    char text[H5R_TEXT_SIZE];
    fprintf(out, "collective_metadata: %s changed no call of MPI-IO",
            h5r_factor_format(h5r_factor_find("collective_metadata"), &r->last.factors, text, sizeof text));
    return true;
}
