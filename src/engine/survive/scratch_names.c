/* The names of what a run makes under the directory under test. What is not in these tables is not its own. */
#include "engine/survive/scratch_part.h"
#include "h5roof/count.h"

#include <ctype.h>
#include <string.h>

/*
 * Patterns: D stands for digits, one or more; H for a case's hash, 16 hexadecimal digits; T for the run's tag;
 * X for a letter or digit; all else for itself.
 */
static const struct {
    const char *stem, *ends[5];
} files[] = {
    {"probe.D", {""}},                          /* scratch.c: every rank sees the directory */
    {"h5roof-probe-XXXXXX", {""}},              /* engine/machine: which hints are in effect */
    {"selftest-T", {".h5"}},                    /* engine/run: the counters see HDF5 */
    {"roof", {".bin"}},                         /* engine/roof */
    {"T-H", {".h5", ".bin", "-m.h5", "-r.h5"}}, /* engine/store, with the suffixes of the drivers */
    {"H", {".h5", ".bin", "-m.h5", "-r.h5"}},   /* the same with --keep */
};

/* Between stem and end, any number: ranks, repetitions, members of a family, the target of links. */
static const char *const parts[] = {".D", "-D", "-second"};

/* What libraries put beside a file, by its name. */
static const char *const companions[] = {
    "",
    "-D-D.lock", /* OMPIO's shared file pointers: lockedfile, here and before 4.0; individual */
    "-D.lock",
    ".locktest.D",
    ".data.D",
    ".metadata.D",
    ".shfp.D", /* ROMIO's, behind a dot that goes before the name */
    ".shfp.D.D",
    ".subfile_D_D_of_D", /* HDF5's subfiling */
    ".subfile_D.config",
};

static size_t span(char class, const char *text, const char *tag)
{
    size_t n;
    switch (class) {
    case 'D':
        return strspn(text, "0123456789");
    case 'H':
        n = strspn(text, "0123456789abcdef");
        return n >= 16 ? 16 : 0;
    case 'T':
        n = strlen(tag);
        return strncmp(text, tag, n) == 0 ? n : 0;
    case 'X':
        return isalnum((unsigned char)*text) ? 1 : 0;
    default:
        return *text == class ? 1 : 0;
    }
}

/* What is behind the pattern; NULL: the text does not begin so. */
static const char *behind(const char *pattern, const char *text, const char *tag)
{
    for (; *pattern != '\0'; pattern++) {
        size_t n = span(*pattern, text, tag);
        if (n == 0) {
            return NULL;
        }
        text += n;
    }
    return text;
}

static bool is_companion(const char *text, const char *tag)
{
    for (size_t i = 0; i < H5R_COUNT_OF(companions); i++) {
        const char *rest = behind(companions[i], text, tag);
        if (rest != NULL && *rest == '\0') {
            return true;
        }
    }
    return false;
}

/* Parts, one of the ends, and what libraries add. */
static bool ends_well(const char *const ends[5], const char *text, const char *tag)
{
    for (size_t i = 0; i < 5 && ends[i] != NULL; i++) {
        const char *rest = behind(ends[i], text, tag);
        if (rest != NULL && is_companion(rest, tag)) {
            return true;
        }
    }
    for (size_t i = 0; i < H5R_COUNT_OF(parts); i++) {
        const char *rest = behind(parts[i], text, tag);
        if (rest != NULL && ends_well(ends, rest, tag)) {
            return true;
        }
    }
    return false;
}

bool h5r_scratch_is_file(const char *name, const char *run_id)
{
    const char *tag = h5r_scratch_tag(run_id);
    name += *name == '.' ? 1 : 0;
    for (size_t i = 0; i < H5R_COUNT_OF(files); i++) {
        const char *rest = behind(files[i].stem, name, tag);
        if (rest != NULL && ends_well(files[i].ends, rest, tag)) {
            return true;
        }
    }
    return false;
}

bool h5r_scratch_is_name(const char *name, char run_id[H5R_RUN_ID_LENGTH + 1])
{
    static const char form[] = "ddddddddTddddddZ-xxxx";
    const size_t prefix = sizeof H5R_SCRATCH_PREFIX - 1;
    if (strncmp(name, H5R_SCRATCH_PREFIX, prefix) != 0) {
        return false;
    }
    const char *id = name + prefix;
    for (size_t i = 0; i < H5R_RUN_ID_LENGTH; i++) {
        bool good = form[i] == 'd'   ? strchr("0123456789", id[i]) != NULL
                    : form[i] == 'x' ? strchr("0123456789abcdef", id[i]) != NULL
                                     : id[i] == form[i];
        if (!good || id[i] == '\0') {
            return false;
        }
    }
    memcpy(run_id, id, H5R_RUN_ID_LENGTH);
    run_id[H5R_RUN_ID_LENGTH] = '\0';
    const char *rest = id + H5R_RUN_ID_LENGTH;
    return *rest == '\0' || strcmp(rest, H5R_SCRATCH_TAKEN) == 0;
}
