#include "core/base/nearest.h"

#include <string.h>

#define MAX_WORD 40

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* Edits, with a swap of two neighbours as one (optimal string alignment). Both words are shorter than
 * MAX_WORD. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t rows[3][MAX_WORD + 1];
    size_t na = strlen(a), nb = strlen(b);
    for (size_t j = 0; j <= nb; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= na; i++) {
        size_t *now = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3], *above2 = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            now[j] = min3(above[j] + 1, now[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                above2[j - 2] + 1 < now[j]) {
                now[j] = above2[j - 2] + 1;
            }
        }
    }
    return rows[na % 3][nb];
}

const char *h5r_nearest(const char *word, const char *const *candidates)
{
    const char *best = NULL;
    size_t length = strlen(word);
    size_t best_distance = length / 3 + 1; /* one typo in short words, more in long ones */
    if (length == 0 || length >= MAX_WORD) {
        return NULL;
    }
    for (; *candidates; candidates++) {
        if (strlen(*candidates) >= MAX_WORD) {
            continue;
        }
        size_t distance = edit_distance(word, *candidates);
        if (distance < length && (best ? distance < best_distance : distance <= best_distance)) {
            best = *candidates;
            best_distance = distance;
        }
    }
    return best;
}
