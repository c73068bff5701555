/*
 * open: a file is opened and closed in one of h5py's five modes, where there is none, where there is one, and
 * where somebody else holds a lock on it. What a mode must refuse is an outcome that is checked like data.
 */
#include "h5roof/count.h"
#include "h5roof/driver.h"
#include "h5roof/hdf5_file.h"
#include "h5roof/steps.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { MISSING, CREATE, EXISTING, LOCKED }; /* its operations */

#define MARK       "mark" /* an attribute of the root group, by which a file is known again */
#define MARK_VALUE 20250

typedef struct {
    bool opened;     /* by the last opening */
    uint64_t before; /* opened and closed before that */
    int lock;        /* descriptor that holds the lock; -1: none */
    hid_t scalar;    /* dataspace of the mark */
} open_t;

/* What must come of each mode; index: h5r_opening_t. */
static const struct {
    const char *name;
    bool needs_file, needs_none; /* refuses where there is none; where there is one */
    bool truncates;
} modes[] = {
    [H5R_OPENING_R] = {.name = "r", .needs_file = true},
    [H5R_OPENING_RW] = {.name = "r+", .needs_file = true},
    [H5R_OPENING_W] = {.name = "w", .truncates = true},
    [H5R_OPENING_X] = {.name = "w-", .needs_none = true},
    [H5R_OPENING_A] = {.name = "a"},
};

static int mark_of(const h5r_rep_t *rep)
{
    return MARK_VALUE + (int)(rep->turn & 0xffff);
}

/* ---- what is timed */

static hid_t open_in_mode(const h5r_hdf5_t *h, h5r_opening_t mode)
{
    hid_t file;
    switch (mode) {
    case H5R_OPENING_R:
        return H5Fopen(h->path, H5F_ACC_RDONLY, h->access);
    case H5R_OPENING_RW:
        return H5Fopen(h->path, H5F_ACC_RDWR, h->access);
    case H5R_OPENING_W:
        return H5Fcreate(h->path, H5F_ACC_TRUNC, h->file_creation, h->access);
    case H5R_OPENING_X:
        return H5Fcreate(h->path, H5F_ACC_EXCL, h->file_creation, h->access);
    case H5R_OPENING_A: /* as h5py does it */
        file = H5Fopen(h->path, H5F_ACC_RDWR, h->access);
        return file >= 0 ? file : H5Fcreate(h->path, H5F_ACC_EXCL, h->file_creation, h->access);
    }
    return -1;
}

static h5r_status_t open_it(h5r_rep_t *rep, h5r_error_t *err)
{
    open_t *o = rep->own;
    h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    (void)err;
    o->before = 0;
    if (h != NULL) {
        h->file = open_in_mode(h, rep->factors->opening);
        o->opened = h->file >= 0;
    }
    return H5R_OK; /* what must be is checked outside the clock */
}

/* The last opening is left for what comes after. */
static h5r_status_t open_often(h5r_rep_t *rep, h5r_error_t *err)
{
    open_t *o = rep->own;
    h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    uint64_t closed = 0;
    for (uint64_t i = 1; h != NULL && i < rep->factors->opens; i++) {
        hid_t file = open_in_mode(h, rep->factors->opening);
        if (file >= 0 && H5Fclose(file) < 0) {
            return h5r_fail_hdf5(err, "H5Fclose", h->path);
        }
        closed += file >= 0 ? 1 : 0;
    }
    h5r_status_t status = open_it(rep, err);
    o->before = closed;
    return status;
}

static h5r_status_t close_it(h5r_rep_t *rep, h5r_error_t *err)
{
    const open_t *o = rep->own;
    return o->opened ? h5r_hdf5_close_file(rep->part->store, err) : H5R_OK;
}

static h5r_status_t create(h5r_rep_t *rep, h5r_error_t *err)
{
    const open_t *o = rep->own;
    const int value = mark_of(rep);
    h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    if (h5r_hdf5_create_file(rep->part->store, err) != H5R_OK || h == NULL) {
        return err->code;
    }
    hid_t mark = H5Acreate2(h->file, MARK, H5T_STD_I32LE, o->scalar, H5P_DEFAULT, H5P_DEFAULT);
    if (mark < 0 || H5Awrite(mark, H5T_NATIVE_INT, &value) < 0 || H5Aclose(mark) < 0) {
        return h5r_fail_hdf5(err, "making an attribute", h->path);
    }
    return H5R_OK;
}

static h5r_status_t close_created(h5r_rep_t *rep, h5r_error_t *err)
{
    return h5r_hdf5_close_file(rep->part->store, err);
}

/* ---- what is not: outcomes */

static void check_outcome(h5r_rep_t *rep, h5r_operation_t operation, bool must_open, const char *where)
{
    const open_t *o = rep->own;
    const uint64_t opened = o->before + (o->opened ? 1 : 0),
                   tries = operation == EXISTING ? rep->factors->opens : 1;
    const bool counts = !h5r_store_shared(rep->part->store) || rep->rank == 0;
    if (h5r_store_absent(rep->part->store)) {
        return;
    }
    h5r_rep_handled(rep, operation, counts ? opened : 0);
    h5r_rep_refused(rep, operation, counts && !must_open ? tries - opened : 0);
    if (rep->verify && opened != (must_open ? tries : 0)) {
        h5r_rep_wrong(rep, operation, "mode %s %s %s", modes[rep->factors->opening].name,
                      must_open ? "did not open" : "must refuse and opened", where);
    }
}

/* 1: it is there and right; 0: it is not there; -1: it is wrong. */
static int look_for_mark(const h5r_rep_t *rep, hid_t file)
{
    int value = 0;
    if (H5Aexists(file, MARK) <= 0) {
        return 0;
    }
    hid_t mark = H5Aopen(file, MARK, H5P_DEFAULT);
    herr_t code = mark < 0 ? -1 : H5Aread(mark, H5T_NATIVE_INT, &value);
    return mark < 0 || H5Aclose(mark) < 0 || code < 0 || value != mark_of(rep) ? -1 : 1;
}

/* What the closed file holds, in an opening of its own. */
static h5r_status_t look_again(h5r_rep_t *rep, h5r_operation_t operation, bool must_have_mark,
                               h5r_error_t *err)
{
    char who[16] = "creating";
    const h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    if (h == NULL || !rep->verify) {
        return H5R_OK;
    }
    if (h5r_hdf5_open_file(rep->part->store, H5F_ACC_RDONLY, err) != H5R_OK) {
        return err->code;
    }
    const int mark = look_for_mark(rep, h->file);
    if (mark != (must_have_mark ? 1 : 0)) {
        if (operation != CREATE) {
            snprintf(who, sizeof who, "mode %s", modes[rep->factors->opening].name);
        }
        h5r_rep_wrong(rep, operation, "%s left the file %s", who,
                      mark > 0   ? "as it was and must truncate it"
                      : mark < 0 ? "with a wrong attribute"
                                 : "empty and must keep what is in it");
    }
    return h5r_hdf5_close_file(rep->part->store, err);
}

static h5r_status_t check_missing(h5r_rep_t *rep, h5r_error_t *err)
{
    const open_t *o = rep->own;
    check_outcome(rep, MISSING, !modes[rep->factors->opening].needs_file, "a file that was not there");
    return o->opened ? look_again(rep, MISSING, false, err) : H5R_OK;
}

static h5r_status_t check_created(h5r_rep_t *rep, h5r_error_t *err)
{
    return look_again(rep, CREATE, true, err);
}

static h5r_status_t check_existing(h5r_rep_t *rep, h5r_error_t *err)
{
    check_outcome(rep, EXISTING, !modes[rep->factors->opening].needs_none, "a file that was there");
    return look_again(rep, EXISTING, !modes[rep->factors->opening].truncates, err);
}

/* The first file under the name. */
static void first_name(const h5r_rep_t *rep, const char *path, char *name, size_t size)
{
    const h5r_driver_info_t *driver = h5r_driver_of(rep->factors);
    const size_t base = strlen(path) - strlen(driver->suffix);
    (void)h5r_driver_file(driver, path, (int)base, 0, name, size);
}

/* Another descriptor is as good as another process: flock belongs to what was opened, not to who did. */
static h5r_status_t take_lock(h5r_rep_t *rep, h5r_error_t *err)
{
    open_t *o = rep->own;
    h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    char name[sizeof h->path + 16];
    if (h == NULL || (h5r_store_shared(rep->part->store) && rep->rank != 0)) {
        return H5R_OK;
    }
    first_name(rep, h->path, name, sizeof name);
    o->lock = open(name, O_RDWR | O_CLOEXEC);
    if (o->lock < 0 || flock(o->lock, LOCK_EX | LOCK_NB) != 0) {
        return h5r_fail(err, H5R_IO, "cannot lock %s: HDF5 kept its lock, or the file system has none", name);
    }
    return H5R_OK;
}

/* HDF5 locks where it is not told otherwise; through MPI-IO it does not. */
static bool is_locked(bool shared)
{
    const char *asked = getenv("HDF5_USE_FILE_LOCKING");
    bool off = asked != NULL && (strcmp(asked, "FALSE") == 0 || strcmp(asked, "0") == 0);
    return !off && !shared;
}

/* A lock cannot make w- open what is there, and mode a tries to create what it cannot open. */
static h5r_status_t check_locked(h5r_rep_t *rep, h5r_error_t *err)
{
    open_t *o = rep->own;
    const bool truncates = modes[rep->factors->opening].truncates;
    if (o->lock >= 0) {
        close(o->lock);
        o->lock = -1;
    }
    check_outcome(rep, LOCKED,
                  !is_locked(h5r_store_shared(rep->part->store)) && !modes[rep->factors->opening].needs_none,
                  "a file that another one has locked");
    /* mode w empties the file before it finds it locked: what is left is none of HDF5's */
    return truncates && !o->opened ? H5R_OK : look_again(rep, LOCKED, !truncates, err);
}

/* Mode w truncates what was created, also where it is refused afterwards: each has a size of its own. */
static const h5r_timed_step_t steps[] = {
    {MISSING, H5R_PHASE_OPEN, open_it, H5R_ALWAYS},
    {MISSING, H5R_PHASE_CLOSE, close_it, H5R_MEASURED},
    {MISSING, H5R_UNTIMED, check_missing, H5R_ALWAYS},
    {CREATE, H5R_PHASE_CREATE, create, H5R_ALWAYS},
    {CREATE, H5R_PHASE_FLUSH, h5r_step_flush, H5R_ALWAYS},
    {CREATE, H5R_PHASE_CLOSE, close_created, H5R_MEASURED},
    {CREATE, H5R_UNTIMED, check_created, H5R_ALWAYS},
    {EXISTING, H5R_PHASE_OPEN, open_often, H5R_ALWAYS},
    {EXISTING, H5R_PHASE_CLOSE, close_it, H5R_MEASURED},
    {EXISTING, H5R_UNTIMED, check_existing, H5R_ALWAYS},
    {LOCKED, H5R_UNTIMED, take_lock, H5R_ALWAYS},
    {LOCKED, H5R_PHASE_OPEN, open_it, H5R_ALWAYS},
    {LOCKED, H5R_PHASE_CLOSE, close_it, H5R_MEASURED},
    {LOCKED, H5R_UNTIMED, check_locked, H5R_ALWAYS},
};

static h5r_status_t prepare(h5r_rep_t *rep, h5r_error_t *err)
{
    open_t *o = rep->own;
    const h5r_store_t *store = rep->part->store;
    *o = (open_t){.lock = -1, .scalar = H5Screate(H5S_SCALAR)};
    h5r_rep_handled(rep, CREATE,
                    h5r_store_absent(store) || (h5r_store_shared(store) && rep->rank != 0) ? 0 : 1);
    return o->scalar < 0 ? h5r_fail_hdf5(err, "H5Screate", "a mark") : H5R_OK;
}

static void release(h5r_rep_t *rep)
{
    const open_t *o = rep->own;
    if (o->scalar >= 0) {
        H5Sclose(o->scalar);
    }
}

static h5r_work_t work(const h5r_doer_t *w, h5r_operation_t operation)
{
    const h5r_factors_t *f = w->factors;
    const bool opens[] = {[MISSING] = !modes[f->opening].needs_file,
                          [CREATE] = true,
                          [EXISTING] = !modes[f->opening].needs_none,
                          [LOCKED] = !is_locked(w->shared) && !modes[f->opening].needs_none};
    const uint64_t times = operation == EXISTING ? f->opens : 1;
    return (h5r_work_t){.objects = w->counts && opens[operation] ? times : 0};
}

const h5r_workload_t h5r_workload_open = {
    .name = "open",
    .summary = "a file opened and closed in the modes r, r+, w, w- and a, and what each must refuse",
    .lesson =
        "h5py's modes: r and r+ need a file, w makes a new one and destroys what is there, w- refuses to, "
        "and a takes what there is or makes it. What a mode must refuse, what it must keep and what it must "
        "truncate is checked in every repetition. HDF5 locks the files that it opens "
        "(HDF5_USE_FILE_LOCKING, flock) and so refuses one that somebody else has locked; through MPI-IO it "
        "does not. objects_count is how often a file was opened, and empty where all were refused: then the "
        "time is that of the refusal. One opening takes a fraction of a millisecond where the file is local: "
        "with `opens` the operation existing repeats it.",
    .roof =
        "For create the bytes of the empty file by raw POSIX, with fsync (store). The others have none: they "
        "move no data, and a refusal has nothing to compare with.",
    .operations = {[MISSING] = {.name = "missing",
                                .direction = H5R_MOVES_NOTHING,
                                .help = "in the mode, where there is no file"},
                   [CREATE] = {.name = "create",
                               .direction = H5R_MOVES_OUT,
                               .help = "a file with one attribute"},
                   [EXISTING] = {.name = "existing",
                                 .direction = H5R_MOVES_NOTHING,
                                 .help = "in the mode, what was created; `opens` times, closed in between"},
                   [LOCKED] = {.name = "locked",
                               .direction = H5R_MOVES_NOTHING,
                               .help = "likewise once, while another one holds a lock"}},
    .steps = steps,
    .step_count = H5R_COUNT_OF(steps),
    .own_bytes = sizeof(open_t),
    .prepare = prepare,
    .release = release,
    .needs_hdf5 = true,
    .needs_file = true,
    .no_data = true,
    .work = work,
};
