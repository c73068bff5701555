#include "cli/compare/two_runs.h"

#include "core/factors/factor.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LISTED 12 /* differences that spoil nothing */

static const char *const severity_names[] = {
    [H5R_ENV_DIFFERENT] = "different", [H5R_ENV_TIMES] = "spoils times", [H5R_ENV_COUNTS] = "spoils all"};

static const char *const format_names[] = {
    [CLI_TABLE] = "table", [CLI_CSV] = "csv", [CLI_JSON] = "json", NULL};

const cli_choice_t cli_format_choices[] = {{"format", format_names}, {NULL, NULL}};

cli_format_t cli_format(const cli_args_t *args)
{
    const char *asked = cli_value(args, "format");
    for (size_t i = 0; asked != NULL && format_names[i] != NULL; i++) {
        if (strcmp(asked, format_names[i]) == 0) {
            return (cli_format_t)i;
        }
    }
    return CLI_TABLE;
}

h5r_status_t cli_env_diff(const char *old_dir, const char *new_dir, bool tolerant, h5r_env_diff_t *diff,
                          h5r_error_t *err)
{
    char old_path[PATH_MAX], new_path[PATH_MAX];
    *diff = (h5r_env_diff_t){0};
    if (snprintf(old_path, sizeof old_path, "%s/env.json", old_dir) >= (int)sizeof old_path ||
        snprintf(new_path, sizeof new_path, "%s/env.json", new_dir) >= (int)sizeof new_path) {
        return h5r_fail(err, H5R_RESULTS, "a path is too long");
    }
    h5r_status_t status = h5r_env_diff(old_path, new_path, diff, err);
    if (status != H5R_OK && tolerant) {
        fprintf(cli_err(), "h5roof: warning: %s\n", err->message);
        *err = (h5r_error_t){.code = H5R_OK};
        return H5R_OK;
    }
    return status;
}

static void print_difference(FILE *out, const h5r_env_difference_t *d)
{
    char *text = NULL;
    if (asprintf(&text, "%s: %s -> %s", d->path, d->old != NULL ? d->old : "(none)",
                 d->new != NULL ? d->new : "(none)") >= 0) {
        cli_print_remark(out, 4, text);
        free(text);
    }
}

void cli_print_differences(FILE *out, const h5r_env_diff_t *diff)
{
    static const char *const headings[] = {[H5R_ENV_DIFFERENT] = "  spoils nothing by itself:",
                                           [H5R_ENV_TIMES] = "  spoils the comparison of times:",
                                           [H5R_ENV_COUNTS] =
                                               "  spoils the comparison of times, counts and sizes:"};
    size_t listed = 0;
    if (diff->n > 0) {
        fputs("what differs between the runs (old -> new):\n", out);
    }
    for (size_t i = 0; i < diff->n; i++) {
        const h5r_env_difference_t *d = &diff->difference[i];
        if (i == 0 || d->severity != diff->difference[i - 1].severity) {
            cli_say(out, "%s\n", headings[d->severity]);
        }
        if (d->severity == H5R_ENV_DIFFERENT && listed++ == MAX_LISTED) {
            cli_say(out, "    and %zu more; --format json lists all\n", diff->n - i);
            break;
        }
        print_difference(out, d);
    }
    fputs(diff->n > 0 ? "\n" : "", out);
}

void cli_add_differences(h5r_doc_t *doc, h5r_node_t *parent, const h5r_env_diff_t *diff)
{
    h5r_node_t *list = h5r_doc_list(doc, parent, "environment");
    for (size_t i = 0; i < diff->n; i++) {
        const h5r_env_difference_t *d = &diff->difference[i];
        h5r_node_t *map = h5r_doc_map(doc, list, NULL);
        h5r_doc_text(doc, map, "path", d->path);
        h5r_doc_text(doc, map, "old", d->old);
        h5r_doc_text(doc, map, "new", d->new);
        h5r_doc_text(doc, map, "severity", severity_names[d->severity]);
    }
}

h5r_status_t cli_refuse_differences(const h5r_env_diff_t *diff, h5r_env_severity_t least, h5r_error_t *err)
{
    char paths[512] = "";
    size_t used = 0;
    for (size_t i = 0; i < diff->n && diff->difference[i].severity >= least && used < sizeof paths; i++) {
        int n =
            snprintf(paths + used, sizeof paths - used, "%s%s", i > 0 ? ", " : "", diff->difference[i].path);
        used += n > 0 ? (size_t)n : 0;
    }
    if (used == 0) {
        return H5R_OK;
    }
    return h5r_fail(err, H5R_ENV,
                    "the runs cannot be compared, they differ in %s%s; --force compares them all the same",
                    paths, used >= sizeof paths ? "..." : "");
}

const char *cli_run_id(const h5r_results_t *results)
{
    return results->n > 0 ? results->result[0].last.run_id : "";
}

h5r_status_t cli_refuse_same_run(const char *a_dir, const h5r_results_t *a, const char *b_dir,
                                 const h5r_results_t *b, h5r_error_t *err)
{
    const char *id = cli_run_id(a);
    if (id[0] == '\0' || strcmp(id, cli_run_id(b)) != 0) {
        return H5R_OK;
    }
    return h5r_fail(err, H5R_USAGE, "'%s' and '%s' are one run, %s: there is nothing to compare", a_dir,
                    b_dir, id);
}

h5r_status_t cli_load_results(const char *dir, h5r_results_t *results, h5r_error_t *err)
{
    h5r_status_t status = h5r_results_load(dir, results, err);
    if (status == H5R_OK && results->torn) {
        cli_say(cli_err(), "h5roof: warning: the last line of %s/results.csv is torn and was left out\n",
                dir);
    }
    return status;
}

bool cli_print_json(const h5r_doc_t *doc)
{
    char *text = h5r_doc_emit(doc, H5R_DOC_JSON);
    bool good = text != NULL;
    fputs(good ? text : "", cli_out());
    free(text);
    return good;
}
