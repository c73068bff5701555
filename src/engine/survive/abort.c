#include "engine/survive/abort.h"

#include "engine/survive/scratch.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SPEAK_STEP_US 100000 /* lower ranks speak first; the first one's abort silences the rest */
#define SPEAK_STEPS   20
#define SPEAK_LATER   5      /* steps that a rank leaves to others if it knows no errno and they might */
#define SILENCE_US    500000 /* for a rank that sees that another one was first: it is ended meanwhile */

_Noreturn void h5r_abort(const h5r_context_t *ctx, h5r_guard_t *guard, const h5r_last_words_t *words,
                         const char *what, const h5r_error_t *err)
{
    char text[2 * H5R_MESSAGE_SIZE + MPI_MAX_PROCESSOR_NAME + 64], taken[PATH_MAX] = "";
    int turn = ctx->rank < SPEAK_STEPS ? ctx->rank : SPEAK_STEPS;
    turn += ctx->size > 1 && strstr(err->message, "errno") == NULL ? SPEAK_LATER : 0;
    usleep((useconds_t)turn * SPEAK_STEP_US);
    if (!ctx->keep && !h5r_scratch_take(ctx->scratch_dir, taken)) {
        usleep(SILENCE_US);
    }
    pthread_mutex_lock(&guard->busy); /* for good: a signal that comes now has nothing to add */
    snprintf(text, sizeof text, "rank %d on %s: %s%s", ctx->rank, ctx->node_name, what, err->message);
    words->say(words->self, text);
    h5r_scratch_remove(taken, guard->say);
    MPI_Abort(ctx->comm, (int)err->code);
    _exit((int)err->code); /* lint: allow-exit: MPI_Abort is not declared to never return */
}
