#include "engine/ranks/counters.h"

#include "engine/ranks/clock.h"

#include <mpi.h>
#include <stdbool.h>

static h5r_counters_t counts;
static int failed = MPI_SUCCESS;

int h5r_counters_failed(void)
{
    return failed;
}

static inline int seen(int code)
{
    if (code != MPI_SUCCESS) {
        failed = code;
    }
    return code;
}

h5r_counters_t h5r_counters_now(void)
{
    return counts;
}

h5r_counters_t h5r_counters_between(const h5r_counters_t *earlier, const h5r_counters_t *later)
{
    return (h5r_counters_t){
        .write_indep = later->write_indep - earlier->write_indep,
        .write_coll = later->write_coll - earlier->write_coll,
        .read_indep = later->read_indep - earlier->read_indep,
        .read_coll = later->read_coll - earlier->read_coll,
        .write_bytes = later->write_bytes - earlier->write_bytes,
        .read_bytes = later->read_bytes - earlier->read_bytes,
        .sync = later->sync - earlier->sync,
        .set_view = later->set_view - earlier->set_view,
        .seconds = later->seconds - earlier->seconds,
    };
}

void h5r_counters_add(h5r_counters_t *sum, const h5r_counters_t *more)
{
    sum->write_indep += more->write_indep;
    sum->write_coll += more->write_coll;
    sum->read_indep += more->read_indep;
    sum->read_coll += more->read_coll;
    sum->write_bytes += more->write_bytes;
    sum->read_bytes += more->read_bytes;
    sum->sync += more->sync;
    sum->set_view += more->set_view;
    sum->seconds += more->seconds;
}

/* HDF5 moves most data as bytes, and then there is nothing to ask: this runs between element-wise calls. */
static uint64_t bytes_of(int count, MPI_Datatype type)
{
    MPI_Count size = 1;
    if (type != MPI_BYTE) {
        PMPI_Type_size_x(type, &size);
    }
    return (uint64_t)size * (uint64_t)(count > 0 ? count : 0);
}

/* One wrapper: count, then pass on, timed where the clock does not matter. `calls` and `moved` name the
 * fields. */
#define WRAP(name, parameters, arguments, calls, moved, collective)                                          \
    int name parameters                                                                                      \
    {                                                                                                        \
        uint64_t bytes = bytes_of(count, datatype);                                                          \
        counts.calls++;                                                                                      \
        counts.moved += bytes;                                                                               \
        if (!(collective) && bytes < H5R_TIMED_CALL_BYTES) {                                                 \
            return seen(P##name arguments);                                                                  \
        }                                                                                                    \
        h5r_instant_t t0 = h5r_now();                                                                        \
        int code = P##name arguments;                                                                        \
        counts.seconds += h5r_seconds_between(t0, h5r_now());                                                \
        return seen(code);                                                                                   \
    }

#define AT_WRITE                                                                                             \
    (MPI_File fh, MPI_Offset offset, const void *buf, int count, MPI_Datatype datatype, MPI_Status *status)
#define AT_READ                                                                                              \
    (MPI_File fh, MPI_Offset offset, void *buf, int count, MPI_Datatype datatype, MPI_Status *status)
#define AT_ARGS (fh, offset, buf, count, datatype, status)
#define WRITE   (MPI_File fh, const void *buf, int count, MPI_Datatype datatype, MPI_Status *status)
#define READ    (MPI_File fh, void *buf, int count, MPI_Datatype datatype, MPI_Status *status)
#define ARGS    (fh, buf, count, datatype, status)

WRAP(MPI_File_write_at, AT_WRITE, AT_ARGS, write_indep, write_bytes, false)
WRAP(MPI_File_write_at_all, AT_WRITE, AT_ARGS, write_coll, write_bytes, true)
WRAP(MPI_File_read_at, AT_READ, AT_ARGS, read_indep, read_bytes, false)
WRAP(MPI_File_read_at_all, AT_READ, AT_ARGS, read_coll, read_bytes, true)
WRAP(MPI_File_write, WRITE, ARGS, write_indep, write_bytes, false)
WRAP(MPI_File_write_all, WRITE, ARGS, write_coll, write_bytes, true)
WRAP(MPI_File_read, READ, ARGS, read_indep, read_bytes, false)
WRAP(MPI_File_read_all, READ, ARGS, read_coll, read_bytes, true)

int MPI_File_sync(MPI_File fh)
{
    counts.sync++;
    h5r_instant_t t0 = h5r_now();
    int code = PMPI_File_sync(fh);
    counts.seconds += h5r_seconds_between(t0, h5r_now());
    return seen(code);
}

int MPI_File_set_view(MPI_File fh, MPI_Offset disp, MPI_Datatype etype, MPI_Datatype filetype,
                      const char *datarep, MPI_Info info)
{
    counts.set_view++;
    return PMPI_File_set_view(fh, disp, etype, filetype, datarep, info);
}
