/* The end of a job on a rank that failed where its peers may sit inside MPI. */
#ifndef H5ROOF_ABORT_H
#define H5ROOF_ABORT_H

#include "engine/ranks/context.h"
#include "engine/survive/guard.h"

/* Who prints why a job ends. */
typedef struct {
    void *self;
    void (*say)(void *self, const char *text);
} h5r_last_words_t;

/*
 * Local, where nothing can be agreed any more: say what failed ("rank N on NODE: WHAT", then the message),
 * remove the scratch directory, end the job with the error's code. Of several ranks that fail together one
 * speaks.
 */
_Noreturn void h5r_abort(const h5r_context_t *ctx, h5r_guard_t *guard, const h5r_last_words_t *words,
                         const char *what, const h5r_error_t *err);

#endif
