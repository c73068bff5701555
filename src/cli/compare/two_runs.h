/* What compare and noise share: may these runs be compared, what differs between their machines, in which
 * format. */
#ifndef H5ROOF_TWO_RUNS_H
#define H5ROOF_TWO_RUNS_H

#include "cli/cli.h"
#include "core/env/env_diff.h"
#include "core/table/result.h"
#include "engine/machine/document.h"

typedef enum { CLI_TABLE, CLI_CSV, CLI_JSON } cli_format_t;

extern const cli_choice_t cli_format_choices[]; /* --format */

/* The value of --format, which the parser has checked. */
cli_format_t cli_format(const cli_args_t *args);

/* Differences of DIR/env.json. With `tolerant` a file that cannot be read is a warning on stderr, and no
 * difference. */
h5r_status_t cli_env_diff(const char *old_dir, const char *new_dir, bool tolerant, h5r_env_diff_t *diff,
                          h5r_error_t *err);

/* Under headings by what they spoil; nothing if there are none. */
void cli_print_differences(FILE *out, const h5r_env_diff_t *diff);
void cli_add_differences(h5r_doc_t *doc, h5r_node_t *parent, const h5r_env_diff_t *diff);

/* H5R_ENV with what spoils the comparison, if something is at least this severe. */
h5r_status_t cli_refuse_differences(const h5r_env_diff_t *diff, h5r_env_severity_t least, h5r_error_t *err);

/* The run's identity: of the first result; "" if there is none. */
const char *cli_run_id(const h5r_results_t *results);

/* H5R_USAGE if both are one run: a comparison that cannot find anything. */
h5r_status_t cli_refuse_same_run(const char *a_dir, const h5r_results_t *a, const char *b_dir,
                                 const h5r_results_t *b, h5r_error_t *err);

/* Load, and say on stderr if the table was torn. */
h5r_status_t cli_load_results(const char *dir, h5r_results_t *results, h5r_error_t *err);

/* A document to stdout as JSON. False: no memory. */
bool cli_print_json(const h5r_doc_t *doc);

#endif
