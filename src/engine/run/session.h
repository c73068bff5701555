/*
 * What a run does around its cases: results directory, scratch directory, capacity, self-test of the counters,
 * provenance, before the first one; and at the end what becomes of them. It prints nothing: whoever calls it
 * is given notices.
 */
#ifndef H5ROOF_SESSION_H
#define H5ROOF_SESSION_H

#include "engine/run/output.h"
#include "engine/run/provenance.h"
#include "engine/run/runner.h"

/* What the caller decides. Only rank 0 looks at what is said to be its. */
typedef struct {
    int argc; /* with argv and environment: for the record */
    char **argv;
    char *const *environment;
    const h5r_plan_t *plan; /* rank 0: rules applied */
    const char *out;        /* rank 0: directory for results; NULL: one is named after suite and time */
    const char *scratch;    /* rank 0: directory under test */
    bool resume;            /* rank 0: go on with what is in `out`, if there is something */
    bool skip_crashed;      /* rank 0: leave out the case during which that run died */
    double max_time_s;      /* rank 0: budget of this process; INFINITY: none */
    h5r_guard_t *guard;
    const h5r_reporter_t *reporter;
    void (*notice)(const char *text);  /* rank 0: a line for the user */
    void (*warning)(const char *text); /* rank 0: likewise, of what may spoil the numbers */
} h5r_session_in_t;

typedef struct {
    h5r_session_in_t in;
    h5r_context_t *ctx; /* tells_hints and scratch_dir are set here */
    h5r_output_t output;
    h5r_provenance_t *provenance;
    char run_id[40];     /* of the results */
    char process_id[40]; /* of this process; another one where an earlier run goes on */
    bool resumes;        /* rank 0 */
    h5r_history_t history;
    h5r_in_flight_t in_flight;
    bool counters_work;
    bool prepared; /* all that can be refused is behind */
} h5r_session_t;

/* Collective. All that can be refused is refused here, before anything is measured; errors are the same on all
 * ranks. An error that only some ranks can have ends the job. */
h5r_status_t h5r_session_prepare(h5r_session_t *s, h5r_context_t *ctx, const h5r_session_in_t *in,
                                 h5r_error_t *err);

/* Collective: the cases. */
h5r_status_t h5r_session_measure(h5r_session_t *s, h5r_run_out_t *done, h5r_error_t *err);

/* Rank 0, after either: results are complete, left as an earlier run had them, or discarded; *err, if there is
 * none yet, says what failed in that. */
h5r_status_t h5r_session_conclude(h5r_session_t *s, h5r_error_t *err);

/* Local: the scratch directory and the memory. */
void h5r_session_release(h5r_session_t *s);

#endif
