#include "cli/suites.h"

#include "cli/say.h"
#include "core/base/nearest.h"
#include "core/base/open_file.h"
#include "core/factors/factor.h"

#include "h5roof/count.h"
#include "h5roof_build.h"

#include <dirent.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST      128
#define NAME_SIZE 64
#define EXTENSION ".yaml"

/* Beside the executable: where it is installed, and where it was built (a link to the sources'). */
static const char *const places[] = {H5R_DATA_FROM_BIN "/configs", "configs"};

static struct {
    char directory[PATH_MAX]; /* "": none was found */
    size_t n;
    char name[MOST][NAME_SIZE];
    char question[MOST][256];
    bool looked;
} suites;

static int keep_yaml(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name), extension = strlen(EXTENSION);
    return length > extension && length < NAME_SIZE &&
           strcmp(entry->d_name + length - extension, EXTENSION) == 0;
}

static void read_question(const char *path, char *question, size_t size)
{
    const char *why;
    FILE *in = h5r_fopen_file(path, false, &why);
    if (in == NULL) {
        return;
    }
    if (fgets(question, (int)size, in) != NULL) {
        size_t skip = strspn(question, "# ");
        memmove(question, question + skip, strlen(question + skip) + 1);
        question[strcspn(question, "\n")] = '\0';
    }
    fclose(in);
}

static void read_directory(void)
{
    struct dirent **entries = NULL;
    int n = scandir(suites.directory, &entries, keep_yaml, alphasort);
    for (int i = 0; i < n; i++) {
        char path[PATH_MAX + sizeof entries[i]->d_name + 1];
        const char *file = entries[i]->d_name;
        if (suites.n < MOST) {
            snprintf(path, sizeof path, "%s/%s", suites.directory, file);
            snprintf(suites.name[suites.n], NAME_SIZE, "%.*s", (int)(strlen(file) - strlen(EXTENSION)), file);
            read_question(path, suites.question[suites.n], sizeof suites.question[suites.n]);
            suites.n++;
        }
        free(entries[i]);
    }
    free(entries);
}

static void look(void)
{
    char program[PATH_MAX], place[PATH_MAX + 64];
    if (suites.looked) {
        return;
    }
    suites.looked = true;
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0) {
        return;
    }
    program[length] = '\0';
    const char *at = dirname(program);
    for (size_t i = 0; i < H5R_COUNT_OF(places); i++) {
        snprintf(place, sizeof place, "%s/%s", at, places[i]);
        if (realpath(place, suites.directory) != NULL) {
            read_directory();
            return;
        }
        suites.directory[0] = '\0';
    }
}

size_t suites_count(void)
{
    look();
    return suites.n;
}

const char *suites_name(size_t i)
{
    return suites.name[i];
}

const char *suites_question(size_t i)
{
    return suites.question[i];
}

/* A suite of that name? */
static bool known(const char *name)
{
    for (size_t i = 0; i < suites_count(); i++) {
        if (strcmp(suites.name[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static h5r_status_t unknown(const char *name, h5r_error_t *err)
{
    const char *names[MOST + 1] = {0};
    if (suites.n == 0) {
        return h5r_fail(err, H5R_USAGE, "no file '%s', and no suites beside this program", name);
    }
    for (size_t i = 0; i < suites.n; i++) {
        names[i] = suites.name[i];
    }
    const char *near = h5r_nearest(name, names);
    return h5r_fail(err, H5R_USAGE, "no file '%s', and no suite of that name in %s%s%s%s", name,
                    suites.directory, near != NULL ? "; did you mean '" : "; 'h5roof list suites' shows them",
                    near != NULL ? near : "", near != NULL ? "'?" : "");
}

h5r_status_t suites_find(const char *operand, char path[PATH_MAX], h5r_error_t *err)
{
    size_t length = strlen(operand);
    if (length >= PATH_MAX) {
        return h5r_fail(err, H5R_USAGE, "the name of the suite is too long");
    }
    memcpy(path, operand, length + 1);
    if (strchr(operand, '/') != NULL || strchr(operand, '.') != NULL || access(operand, F_OK) == 0) {
        return H5R_OK;
    }
    if (!known(operand)) {
        return unknown(operand, err);
    }
    if (snprintf(path, PATH_MAX, "%s/%s%s", suites.directory, operand, EXTENSION) >= PATH_MAX) {
        return h5r_fail(err, H5R_USAGE, "the path of the suite is too long");
    }
    cli_say(cli_err(), "suite: %s\n", path);
    return H5R_OK;
}
