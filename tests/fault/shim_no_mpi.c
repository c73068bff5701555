/* LD_PRELOAD: a program that starts MPI ends with exit code 70. */
#include <stdio.h>
#include <unistd.h>

int MPI_Init(int *argc, char ***argv);
int MPI_Init_thread(int *argc, char ***argv, int required, int *provided);

static int refuse(void)
{
    fputs("MPI was started\n", stderr);
    _exit(70);
}

int MPI_Init(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    return refuse();
}

int MPI_Init_thread(int *argc, char ***argv, int required, int *provided)
{
    (void)argc, (void)argv, (void)required, (void)provided;
    return refuse();
}
