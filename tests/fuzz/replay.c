/* Feeds a target every file of the directories named: what the fuzzer once found, where there is no fuzzer.
 */
#include "feed.h"

#include <dirent.h>
#include <limits.h>
#include <sys/stat.h>

static char *read_all(const char *path, size_t size)
{
    char *data = malloc(size + 1); /* the targets copy it, so that a sanitizer need not see its end */
    FILE *in = fopen(path, "rb");
    FEED_CHECK(data != NULL && in != NULL);
    FEED_CHECK(fread(data, 1, size, in) == size);
    fclose(in);
    return data;
}

static int replay(const char *directory)
{
    int n = 0;
    DIR *dir = opendir(directory);
    FEED_CHECK(dir != NULL);
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        char path[PATH_MAX];
        struct stat st;
        snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
        if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) {
            continue;
        }
        fprintf(stderr, "%s\n", path); /* the last one named is the one that failed */
        char *data = read_all(path, (size_t)st.st_size);
        LLVMFuzzerTestOneInput((const uint8_t *)data, (size_t)st.st_size);
        free(data);
        n++;
    }
    closedir(dir);
    return n;
}

int main(int argc, char **argv)
{
    int n = 0;
    for (int i = 1; i < argc; i++) {
        n += replay(argv[i]);
    }
    printf("%d inputs\n", n);
    return n > 0 ? 0 : 1;
}
