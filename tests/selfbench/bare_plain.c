/* slab and convert: the share is written and read back in pieces, as it is or in another type in the file. */
#include "bare.h"

#define PLAIN_STEPS                                                                                          \
    {                                                                                                        \
        {"write", H5R_PHASE_CREATE, bare_create}, {"write", H5R_PHASE_SELECT, bare_spaces},                  \
            {"write", H5R_PHASE_WRITE, bare_write}, {"write", H5R_PHASE_FLUSH, bare_flush},                  \
            {"write", H5R_PHASE_CLOSE, bare_close}, {"read", H5R_PHASE_OPEN, bare_open_r},                   \
            {"read", H5R_PHASE_SELECT, bare_spaces}, {"read", H5R_PHASE_READ, bare_read},                    \
            {"read", H5R_PHASE_CLOSE, bare_close}, {"read", BARE_UNTIMED, bare_verify},                      \
        {                                                                                                    \
            NULL, 0, NULL                                                                                    \
        }                                                                                                    \
    }

const bare_workload_t bare_slab = {.name = "slab", .steps = PLAIN_STEPS};
const bare_workload_t bare_convert = {.name = "convert", .steps = PLAIN_STEPS};
