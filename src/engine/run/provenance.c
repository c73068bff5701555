#include "engine/run/provenance.h"

#include "engine/machine/describe.h"
#include "engine/machine/fitness.h"
#include "engine/machine/launch.h"
#include "engine/machine/plugins.h"
#include "engine/ranks/clock.h"
#include "engine/roof/copy_cost.h"
#include "h5roof/count.h"
#include "h5roof_build.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CLOCK_READS 10000

struct h5r_provenance {
    h5r_doc_t doc;
    h5r_warnings_t warnings;
};

/* A directory that may be missing or unknown. */
typedef struct {
    bool given;
    h5r_error_t error;
    h5r_filesystem_t fs;
} place_t;

static void look_at(const char *path, place_t *place)
{
    place->given = path && *path;
    place->error.code = H5R_OK;
    if (place->given) {
        (void)h5r_filesystem_of(path, &place->fs, &place->error);
    }
}

static bool known(const place_t *place)
{
    return place->given && place->error.code == H5R_OK;
}

static double clock_read_cost(void)
{
    const h5r_instant_t start = h5r_now();
    h5r_instant_t end = start;
    for (int i = 0; i < CLOCK_READS; i++) {
        end = h5r_now();
    }
    return h5r_seconds_between(start, end) / CLOCK_READS;
}

static void describe_run(h5r_doc_t *d, const h5r_provenance_in_t *in)
{
    char utc[32] = "";
    const time_t now = time(NULL);
    struct tm parts;
    if (gmtime_r(&now, &parts)) {
        (void)strftime(utc, sizeof utc, "%Y-%m-%dT%H:%M:%SZ", &parts);
    }
    h5r_doc_int(d, d->root, "schema", H5R_ENV_SCHEMA);
    h5r_doc_text(d, d->root, "run_id", in->run_id);
    h5r_doc_text(d, d->root, "start_utc", utc);
    h5r_doc_text(d, d->root, "suite", in->suite);
    h5r_node_t *command = h5r_doc_list(d, d->root, "command_line");
    for (int i = 0; i < in->argc; i++) {
        h5r_doc_text(d, command, NULL, in->argv[i]);
    }
}

static void describe_places(h5r_doc_t *d, const place_t *scratch, const place_t *out)
{
    const struct {
        const char *key;
        const place_t *place;
    } places[] = {{"scratch", scratch}, {"results", out}};

    h5r_node_t *map = h5r_doc_map(d, d->root, "filesystems");
    for (size_t i = 0; i < H5R_COUNT_OF(places); i++) {
        const place_t *p = places[i].place;
        if (p->given) {
            h5r_describe_filesystem(d, map, places[i].key, &p->fs, known(p) ? NULL : p->error.message);
        } else {
            h5r_doc_null(d, map, places[i].key);
        }
    }
}

static bool warn_of_plugins(h5r_warnings_t *warnings)
{
    h5r_plugin_t *plugin = calloc(H5R_PLUGINS_MOST, sizeof *plugin);
    const size_t n = plugin != NULL ? h5r_plugins_loaded(plugin) : 0;
    bool done = plugin != NULL;
    for (size_t i = 0; i < n && done; i++) {
        char text[PATH_MAX + 128];
        snprintf(text, sizeof text, "HDF5 loaded the plugin %s of %s, which others can replace",
                 plugin[i].path, plugin[i].owner);
        done = !plugin[i].others_write || h5r_warnings_add(warnings, text);
    }
    free(plugin);
    return done;
}

static bool collect_warnings(const h5r_provenance_in_t *in, const h5r_nodes_t *nodes, const place_t *scratch,
                             const h5r_hint_probe_t *probe, h5r_warnings_t *warnings)
{
    const h5r_facts_t facts = {.nodes = nodes,
                               .scratch = known(scratch) ? &scratch->fs : NULL,
                               .build_type = H5R_BUILD_TYPE,
                               .sanitizers = H5R_SANITIZERS,
                               .environment = in->environment,
                               .hdf5_settings = h5r_hdf5_settings(),
                               .as_is_least = in->as_is_least,
                               .as_is_most = in->as_is_most};
    if (!h5r_fitness_check(&facts, warnings) || !warn_of_plugins(warnings)) {
        return false;
    }
    char text[H5R_MESSAGE_SIZE + 64];
    if (scratch->given && !known(scratch)) {
        snprintf(text, sizeof text, "scratch cannot be used: %s", scratch->error.message);
        return h5r_warnings_add(warnings, text);
    }
    if (known(scratch) && *probe->reason) {
        snprintf(text, sizeof text, "scratch %.1024s: %s", scratch->fs.path, probe->reason);
        return h5r_warnings_add(warnings, text);
    }
    return true;
}

static void describe_copy_cost(h5r_doc_t *d)
{
    static const char *const keys[H5R_WAYS] = {[H5R_WAY_OUT] = "write_frac", [H5R_WAY_IN] = "read_frac"};
    h5r_copy_cost_t cost[H5R_COPY_SELECTED];
    h5r_copy_cost_selected(cost);
    if (!h5r_copy_cost_measure(cost, H5R_COPY_SELECTED)) {
        h5r_doc_null(d, d->root, "copy_cost");
        return;
    }
    h5r_node_t *map = h5r_doc_map(d, d->root, "copy_cost");
    h5r_doc_uint(d, map, "copied_bytes", H5R_COPY_BYTES);
    for (int way = 0; way < H5R_WAYS; way++) {
        h5r_node_t *at = h5r_doc_map(d, map, keys[way]);
        for (size_t i = 0; i < H5R_COPY_SELECTED; i++) {
            char past[24];
            snprintf(past, sizeof past, "%" PRIu64, cost[i].past);
            h5r_doc_real(d, at, past, round(100.0 * cost[i].frac[way]) / 100.0);
        }
    }
}

static void describe_measured(h5r_doc_t *d, const h5r_context_t *ctx, const h5r_provenance_in_t *in)
{
    const h5r_launch_t launch = h5r_launch_query();
    h5r_doc_text(d, d->root, "launcher", launch.name);
    h5r_doc_real(d, d->root, "barrier_s", ctx->barrier_s);
    h5r_doc_real(d, d->root, "clock_read_s", clock_read_cost());
    h5r_doc_text(d, d->root, "counters", in->counters_note);
    describe_copy_cost(d);
}

/* Rank 0: all that was gathered becomes the document. */
static h5r_provenance_t *build(const h5r_context_t *ctx, const h5r_provenance_in_t *in,
                               const h5r_nodes_t *nodes, const place_t *scratch,
                               const h5r_hint_probe_t *probe)
{
    h5r_provenance_t *p = calloc(1, sizeof *p);
    place_t *out = calloc(1, sizeof *out);
    if (!p || !out || !h5r_doc_init(&p->doc) || !collect_warnings(in, nodes, scratch, probe, &p->warnings)) {
        goto failed;
    }
    look_at(in->out, out);
    h5r_io_component_t io;
    h5r_mpi_io_component(known(scratch) ? &scratch->fs.mount : NULL, &io);

    h5r_doc_t *d = &p->doc;
    describe_run(d, in);
    h5r_describe_software(d, d->root, &io);
    describe_places(d, scratch, out);
    h5r_describe_hints(d, d->root, in->hints, probe);
    h5r_describe_nodes(d, d->root, nodes, ctx->size);
    h5r_describe_environment(d, d->root, in->environment);
    describe_measured(d, ctx, in);
    h5r_node_t *list = h5r_doc_list(d, d->root, "warnings");
    for (size_t i = 0; i < p->warnings.n; i++) {
        h5r_doc_text(d, list, NULL, p->warnings.text[i]);
    }
    if (d->failed) {
        goto failed;
    }
    free(out);
    return p;

failed:
    free(out);
    h5r_provenance_free(p);
    return NULL;
}

h5r_status_t h5r_provenance_gather(const h5r_context_t *ctx, const h5r_provenance_in_t *in,
                                   h5r_provenance_t **out, h5r_error_t *err)
{
    *out = NULL;
    h5r_nodes_t nodes;
    if (h5r_nodes_gather(ctx, &nodes, err) != H5R_OK) {
        h5r_nodes_free(&nodes);
        return err->code;
    }
    place_t *scratch = ctx->rank == 0 ? calloc(1, sizeof *scratch) : NULL;
    if (scratch) {
        look_at(in->scratch, scratch);
    }
    char hints[H5R_MESSAGE_SIZE] = "";
    if (ctx->rank == 0 && in->hints) {
        snprintf(hints, sizeof hints, "%s", in->hints);
    }
    MPI_Bcast(hints, (int)sizeof hints, MPI_CHAR, 0, ctx->comm);
    h5r_hint_probe_t probe;
    h5r_hint_probe(ctx, scratch && known(scratch) ? scratch->fs.path : NULL, hints, &probe);

    h5r_error_t mine = {.code = H5R_OK};
    if (ctx->rank == 0) {
        *out = scratch ? build(ctx, in, &nodes, scratch, &probe) : NULL;
        if (!*out) {
            (void)h5r_no_memory(&mine, "the description of the environment");
        }
    }
    if (h5r_agree(ctx, &mine) != H5R_OK) {
        *err = mine;
    }
    h5r_hint_probe_free(&probe);
    free(scratch);
    h5r_nodes_free(&nodes);
    return mine.code;
}

static h5r_status_t write_text(const char *text, const char *path, h5r_error_t *err)
{
    char part[PATH_MAX];
    const int n = snprintf(part, sizeof part, "%s.part", path);
    if (n < 0 || (size_t)n >= sizeof part) {
        return h5r_fail(err, H5R_IO, "%.512s...: the path is too long", path);
    }
    FILE *out = fopen(part, "we");
    if (!out) {
        return h5r_fail(err, H5R_IO, "%s: %s", part, strerror(errno));
    }
    const bool written = fputs(text, out) >= 0;
    const bool closed = fclose(out) == 0;
    if (!written || !closed || rename(part, path) != 0) {
        const int cause = errno;
        (void)unlink(part);
        return h5r_fail(err, H5R_IO, "%s: %s", path, strerror(cause));
    }
    return H5R_OK;
}

h5r_status_t h5r_provenance_write(const h5r_context_t *ctx, const h5r_provenance_t *p, const char *path,
                                  h5r_error_t *err)
{
    h5r_error_t mine = {.code = H5R_OK};
    if (ctx->rank == 0) {
        char *text = h5r_doc_emit(&p->doc, H5R_DOC_JSON);
        if (text) {
            (void)write_text(text, path, &mine);
        } else {
            (void)h5r_no_memory(&mine, "%s", path);
        }
        free(text);
    }
    if (h5r_agree(ctx, &mine) != H5R_OK) {
        *err = mine;
    }
    return mine.code;
}

h5r_status_t h5r_provenance_print(const h5r_provenance_t *p, FILE *out, h5r_error_t *err)
{
    char *text = h5r_doc_emit(&p->doc, H5R_DOC_YAML);
    if (!text) {
        return h5r_no_memory(err, "the description of the environment");
    }
    const bool written = fputs(text, out) >= 0 && fflush(out) == 0;
    free(text);
    return written ? H5R_OK
                   : h5r_fail(err, H5R_IO, "the description of the environment: %s", strerror(errno));
}

size_t h5r_provenance_warnings(const h5r_provenance_t *p, char *const **text)
{
    *text = p->warnings.text;
    return p->warnings.n;
}

void h5r_provenance_free(h5r_provenance_t *p)
{
    if (!p) {
        return;
    }
    h5r_warnings_free(&p->warnings);
    h5r_doc_free(&p->doc);
    free(p);
}
