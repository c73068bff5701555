#include "cli/doc/topic_see.h"

#include "cli/cli.h"
#include "h5roof/count.h"

#include <string.h>

#define LINE 512

typedef struct {
    const char *name, *see;
} see_t;

/* Factors of all workloads; of the others their workloads say more. */
static const see_t factors[] = {
    {"driver", "vfd, mpi-io, docs/cluster.md"},
    {"files", "shared file, subfiling"},
    {"mode", "aggregation, collective buffering, independent, docs/cluster.md"},
    {"shape", "payload, docs/suites.md"},
    {"dtype", "convert, conversion_buffer"},
    {"file_dtype", "convert, conversion, conversion_buffer"},
    {"byte_order", "convert, conversion, docs/lessons.md"},
    {"decomposition", "aggregation, unaggregated"},
    {"access", "calls, small requests, element_wise"},
    {"layout", "chunking, unlimited, docs/lessons.md"},
    {"chunk", "chunking, chunk cache, shared_chunks, docs/lessons.md"},
    {"filter", "compression, ratio_frac, docs/lessons.md"},
    {"data", "compression, data_file"},
    {"data_file", "data"},
    {"fill_time", "fill value, filling, docs/lessons.md"},
    {"alloc_time", "allocated_early, grows_in_parallel, docs/lessons.md"},
    {"chunk_cache", "chunk cache, small_requests, reread, docs/faq.md"},
    {"chunk_slots", "chunk cache, chunk_cache"},
    {"alignment", "stripe, unaligned, misaligned, docs/cluster.md"},
    {"libver", "chunk, metadata, docs/faq.md"},
    {"collective_metadata", "metadata, metadata_reads, inert, docs/faq.md"},
    {"core_backing", "core, volatile"},
    {"core_increment", "core"},
    {"family_member", "family"},
    {"cache", "page cache, cached, read_shift, docs/suites.md"},
    {"read_shift", "page cache, docs/cluster.md"},
    {"max_ops", "bounded, docs/suites.md"},
    {"hints", "collective buffering, hint_ignored, docs/cluster.md"},
    {"ranks", "scaling, speedup, docs/suites.md"},
    {"scaling", "speedup, efficiency, docs/suites.md"},
    {"conversion_buffer", "convert, conversion"},
    {"buffer_offset", "malloc, misaligned, copy_cost_frac, docs/method.md"},
    {"buffers", "ior, docs/faq.md, docs/method.md"},
    {"file_count", "existing, objects_per_s, docs/faq.md"},
    {"existing", "file_count, docs/faq.md"}, /* lint: allow-name */
    {"write_ranks", "restart, read_ranks, docs/suites.md"},
    {"read_ranks", "restart, write_ranks, docs/suites.md"},
    {"read_decomposition", "restart, replicated_reads, docs/suites.md"},
    {"read_access", "access, restart"},
    {"read_mode", "mode, restart"},
    {"replicated_reads", "broadcast, read_by_all, docs/faq.md"},
};

/* Columns by their group; those of factors point at the factor. */
static const see_t groups[] = {
    {"identity", "case, docs/reading.md"},
    {"origin", "repetition, docs/reading.md"},
    {"sizes", "payload, stored, docs/reading.md"},
    {"phases", "phase, docs/method.md"},
    {"bandwidth", "bandwidth, durable, docs/reading.md"},
    {"roof", "roof, efficiency_frac, docs/reading.md"},
    {"counters", "mpi-io, small requests, docs/method.md"},
    {"system", "kernel, small requests, docs/method.md"},
    {"ranks", "slowest rank, contention"},
    {"readers", "page cache, docs/cluster.md"},
    {"mode", "independent, docs/reading.md"},
    {"cache", "page cache, cold, cached"},
    {"damage", "damage, filter"},
};

static const char *find(const see_t *table, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(table[i].name, name) == 0) {
            return table[i].see;
        }
    }
    return NULL;
}

void topic_see(FILE *out, const char *name, const char *see)
{
    char line[LINE];
    size_t used = 0;
    for (const char *at = see; *at != '\0' && used < LINE;) {
        const size_t n = strcspn(at, ",");
        const bool page = strncmp(at, "docs/", 5) == 0;
        if (strlen(name) != n || strncmp(at, name, n) != 0) {
            used += (size_t)snprintf(line + used, LINE - used, "%s%s%.*s",
                                     used > 0 ? ", " : "see: ", page ? "" : "explain ", (int)n, at);
        }
        at += n + strspn(at + n, ", ");
    }
    if (used > 0) {
        cli_print_wrapped(out, 0, line);
    }
}

void topic_see_factor(const h5r_factor_t *factor, FILE *out)
{
    const char *see = find(factors, H5R_COUNT_OF(factors), factor->name);
    char of_workloads[LINE];
    if (see == NULL && factor->only != NULL) {
        size_t used = 0;
        for (const char *at = factor->only; *at != '\0' && used < LINE;) {
            const size_t n = strcspn(at, ",");
            used += (size_t)snprintf(of_workloads + used, LINE - used, "%.*s, ", (int)n, at);
            at += n + (at[n] == ',');
        }
        if (used < LINE) {
            snprintf(of_workloads + used, LINE - used, "docs/suites.md");
        }
        see = of_workloads;
    }
    topic_see(out, factor->name, see != NULL ? see : "docs/suites.md");
}

void topic_see_column(const h5r_column_t *column, FILE *out)
{
    const char *see = find(groups, H5R_COUNT_OF(groups), column->group);
    if (column->type == H5R_CELL_FACTOR) {
        see = column->factor->name;
    }
    topic_see(out, column->name, see != NULL ? see : "docs/reading.md");
}
