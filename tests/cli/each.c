/*
 * each ARGUMENT...: h5roof with these arguments and the one of each line of stdin, in a fork of this process,
 * which costs a hundredth of a start. For every line "CODE BYTES BYTES\n", then so many bytes of stdout and of
 * stderr.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_ARGUMENTS 16
#define MOST_TEXT      4096

int h5roof_main(int argc, char **argv);

_Noreturn static void give_up(const char *what)
{
    perror(what);
    exit(99);
}

/* In the child. */
_Noreturn static void be_h5roof(FILE *const streams[2], int argc, char **argv)
{
    if (dup2(fileno(streams[0]), STDOUT_FILENO) < 0 || dup2(fileno(streams[1]), STDERR_FILENO) < 0) {
        give_up("dup2");
    }
    exit(h5roof_main(argc, argv));
}

static int run(FILE *const streams[2], int argc, char **argv)
{
    int status;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        be_h5roof(streams, argc, argv);
    }
    if (child < 0 || waitpid(child, &status, 0) != child) {
        give_up("fork");
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* The files are shared with the children, and so are their positions. */
static long length_of(FILE *stream)
{
    long length = (long)lseek(fileno(stream), 0, SEEK_CUR);
    if (length < 0 || lseek(fileno(stream), 0, SEEK_SET) < 0) {
        give_up("lseek");
    }
    return length;
}

static void copy(FILE *stream, long length)
{
    char part[MOST_TEXT];
    for (long left = length; left > 0;) {
        ssize_t n = read(fileno(stream), part, left < MOST_TEXT ? (size_t)left : MOST_TEXT);
        if (n <= 0) {
            give_up("read");
        }
        fwrite(part, 1, (size_t)n, stdout);
        left -= n;
    }
    if (ftruncate(fileno(stream), 0) != 0 || lseek(fileno(stream), 0, SEEK_SET) != 0) {
        give_up("ftruncate");
    }
}

int main(int argc, char **argv)
{
    char line[MOST_TEXT], name[] = "h5roof", *arguments[MOST_ARGUMENTS + 2] = {name};
    FILE *const streams[2] = {tmpfile(), tmpfile()};
    if (argc > MOST_ARGUMENTS || streams[0] == NULL || streams[1] == NULL) {
        give_up("each");
    }
    for (int i = 1; i < argc; i++) {
        arguments[i] = argv[i];
    }
    arguments[argc] = line;
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        int code = run(streams, argc + 1, arguments);
        long out = length_of(streams[0]), err = length_of(streams[1]);
        printf("%d %ld %ld\n", code, out, err);
        copy(streams[0], out);
        copy(streams[1], err);
    }
    return fflush(stdout) == 0 ? 0 : 99;
}
