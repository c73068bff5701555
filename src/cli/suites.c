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
#define SYMPTOMS  "symptoms/"

/* Beside the executable: where it is installed, and where it was built (a link to the sources'). */
static const char *const places[] = {H5R_DATA_FROM_BIN "/configs", "configs"};

typedef struct {
    size_t n;
    char name[MOST][NAME_SIZE];
    char question[MOST][256];
} list_t;

static struct {
    char directory[PATH_MAX]; /* "": none was found */
    list_t list[SUITES_KINDS];
    bool looked;
} suites;

static const char *const folders[SUITES_KINDS] = {[SUITES_QUESTIONS] = "", [SUITES_SYMPTOMS] = SYMPTOMS};

static int keep_yaml(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name), extension = strlen(EXTENSION);
    return length > extension && length < NAME_SIZE - strlen(SYMPTOMS) &&
           strcmp(entry->d_name + length - extension, EXTENSION) == 0;
}

/* By their names: the extension would put column-x before column. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    const size_t n = strlen((*a)->d_name) - strlen(EXTENSION), m = strlen((*b)->d_name) - strlen(EXTENSION);
    const int order = memcmp((*a)->d_name, (*b)->d_name, n < m ? n : m);
    return order != 0 ? order : (n > m) - (n < m);
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

static void read_folder(const char *folder, list_t *list)
{
    struct dirent **entries = NULL;
    char path[PATH_MAX + NAME_SIZE];
    snprintf(path, sizeof path, "%s/%s", suites.directory, folder);
    int n = scandir(path, &entries, keep_yaml, by_name);
    for (int i = 0; i < n; i++) {
        const char *file = entries[i]->d_name;
        if (list->n < MOST) {
            char *name = list->name[list->n];
            snprintf(name, NAME_SIZE, "%s%.*s", folder, (int)(strlen(file) - strlen(EXTENSION)), file);
            snprintf(path, sizeof path, "%s/%s%s", suites.directory, name, EXTENSION);
            read_question(path, list->question[list->n], sizeof list->question[list->n]);
            list->n++;
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
            for (size_t k = 0; k < SUITES_KINDS; k++) {
                read_folder(folders[k], &suites.list[k]);
            }
            return;
        }
        suites.directory[0] = '\0';
    }
}

size_t suites_count(suites_kind_t kind)
{
    look();
    return suites.list[kind].n;
}

const char *suites_name(suites_kind_t kind, size_t i)
{
    return suites.list[kind].name[i];
}

const char *suites_question(suites_kind_t kind, size_t i)
{
    return suites.list[kind].question[i];
}

h5r_status_t suites_path(const char *name, char path[PATH_MAX], h5r_error_t *err)
{
    look();
    if (snprintf(path, PATH_MAX, "%s/%s%s", suites.directory, name, EXTENSION) >= PATH_MAX) {
        return h5r_fail(err, H5R_USAGE, "the path of the suite is too long");
    }
    return H5R_OK;
}

/* A suite of that name? */
static bool known(const char *name)
{
    for (suites_kind_t kind = 0; kind < SUITES_KINDS; kind++) {
        for (size_t i = 0; i < suites_count(kind); i++) {
            if (strcmp(suites_name(kind, i), name) == 0) {
                return true;
            }
        }
    }
    return false;
}

static h5r_status_t unknown(const char *name, h5r_error_t *err)
{
    const char *names[SUITES_KINDS * MOST + 1] = {0};
    size_t n = 0;
    for (suites_kind_t kind = 0; kind < SUITES_KINDS; kind++) {
        for (size_t i = 0; i < suites_count(kind); i++) {
            names[n++] = suites_name(kind, i);
        }
    }
    if (n == 0) {
        return h5r_fail(err, H5R_USAGE, "no file '%s', and no suites beside this program", name);
    }
    const char *near = h5r_nearest(name, names);
    const char *listed = strncmp(name, SYMPTOMS, strlen(SYMPTOMS)) == 0 ? "symptoms" : "suites";
    if (near != NULL) {
        return h5r_fail(err, H5R_USAGE, "no file '%s', and no suite of that name in %s; did you mean '%s'?",
                        name, suites.directory, near);
    }
    return h5r_fail(err, H5R_USAGE,
                    "no file '%s', and no suite of that name in %s; 'h5roof list %s' shows them", name,
                    suites.directory, listed);
}

/* What looks like a path is one, but for the folder of symptoms. */
static bool is_path(const char *operand)
{
    const char *name =
        strncmp(operand, SYMPTOMS, strlen(SYMPTOMS)) == 0 ? operand + strlen(SYMPTOMS) : operand;
    return strchr(name, '/') != NULL || strchr(name, '.') != NULL || access(operand, F_OK) == 0;
}

h5r_status_t suites_find(const char *operand, char path[PATH_MAX], h5r_error_t *err)
{
    size_t length = strlen(operand);
    if (length >= PATH_MAX) {
        return h5r_fail(err, H5R_USAGE, "the name of the suite is too long");
    }
    memcpy(path, operand, length + 1);
    if (is_path(operand)) {
        return H5R_OK;
    }
    if (!known(operand)) {
        return unknown(operand, err);
    }
    h5r_status_t status = suites_path(operand, path, err);
    if (status == H5R_OK) {
        cli_say(cli_err(), "suite: %s\n", path);
    }
    return status;
}
