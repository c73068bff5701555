#include "engine/survive/grace.h"

#include "core/base/units.h"

#include <stdlib.h>

#define DEFAULT_S 2.0
#define MOST_S    600.0

unsigned h5r_grace_us(void)
{
    const char *given = getenv(H5R_GRACE_VARIABLE);
    double seconds;
    if (given == NULL || !h5r_parse_seconds(given, &seconds) || seconds > MOST_S) {
        seconds = DEFAULT_S;
    }
    return (unsigned)(seconds * 1e6);
}
