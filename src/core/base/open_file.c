#include "core/base/open_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *kind_of(mode_t mode)
{
    return S_ISDIR(mode)    ? "Is a directory"
           : S_ISFIFO(mode) ? "it is a pipe, not a file"
           : S_ISSOCK(mode) ? "it is a socket, not a file"
           : S_ISCHR(mode)  ? "it is a device, not a file"
           : S_ISBLK(mode)  ? "it is a device, not a file"
                            : NULL;
}

/* What is refused is not opened: some devices do something then. The kind is asked again of what was opened. */
int h5r_open_file(const char *path, int flags, bool pipes, const char **what)
{
    struct stat st;
    *what = NULL;
    if (stat(path, &st) != 0) {
        return -1;
    }
    if (S_ISREG(st.st_mode) || (pipes && S_ISFIFO(st.st_mode))) {
        int fd = open(path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        if (fd < 0) {
            return -1;
        }
        if (fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || (pipes && S_ISFIFO(st.st_mode))) &&
            fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK) == 0) {
            return fd;
        }
        close(fd);
    }
    *what = kind_of(st.st_mode);
    errno = EINVAL;
    return -1;
}

FILE *h5r_fopen_file(const char *path, bool pipes, const char **why)
{
    int fd = h5r_open_file(path, O_RDONLY, pipes, why);
    FILE *in = fd >= 0 ? fdopen(fd, "rb") : NULL;
    if (in == NULL && *why == NULL) {
        *why = strerror(errno);
    }
    if (in == NULL && fd >= 0) {
        close(fd);
    }
    return in;
}

static h5r_status_t slurp(FILE *in, size_t most, char **text, size_t *length, char why[H5R_WHY_SIZE])
{
    for (size_t room = 0, got = 1; got > 0 && *length <= most; *length += got) {
        if (room - *length < 2) {
            room = room > 0 ? 2 * room : 1 << 16;
            char *grown = realloc(*text, room);
            if (grown == NULL) {
                snprintf(why, H5R_WHY_SIZE, "%s", strerror(ENOMEM));
                return H5R_ENV;
            }
            *text = grown;
        }
        got = fread(*text + *length, 1, room - *length - 1, in);
    }
    (*text)[*length] = '\0';
    if (ferror(in)) {
        snprintf(why, H5R_WHY_SIZE, "%s", strerror(errno));
    } else if (*length > most) {
        snprintf(why, H5R_WHY_SIZE, "larger than %zu MiB", most >> 20);
    }
    return ferror(in) || *length > most ? H5R_IO : H5R_OK;
}

h5r_status_t h5r_read_file(const char *path, bool pipes, size_t most, char **text, size_t *length,
                           char why[H5R_WHY_SIZE])
{
    const char *reason;
    *text = NULL;
    *length = 0;
    FILE *in = h5r_fopen_file(path, pipes, &reason);
    if (in == NULL) {
        snprintf(why, H5R_WHY_SIZE, "%s", reason);
        return H5R_IO;
    }
    h5r_status_t status = slurp(in, most, text, length, why);
    (void)fclose(in);
    char *fitted =
        status == H5R_OK ? realloc(*text, *length + 1) : NULL; /* sanitizers see what reads beyond it */
    *text = fitted != NULL ? fitted : *text;
    return status;
}
