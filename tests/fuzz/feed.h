/*
 * What the fuzz targets share: bytes as a file, and checks that are never compiled out. A target is one
 * LLVMFuzzerTestOneInput() that links with clang's libFuzzer, or with replay.c, which feeds it the corpus.
 * Local.
 */
#ifndef H5ROOF_FEED_H
#define H5ROOF_FEED_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Ends the program when something does not hold that must, whatever the input was. */
#define FEED_CHECK(holds)                                                                                    \
    do {                                                                                                     \
        if (!(holds)) {                                                                                      \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #holds);                       \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

/* A file without a name, in memory. */
typedef struct {
    int fd;
    char path[32];
} feed_file_t;

void feed_open(feed_file_t *file);

/* The file holds these bytes and nothing else. */
void feed_fill(const feed_file_t *file, const void *data, size_t size);

/* The stream that writes the file anew; fclose() it. */
FILE *feed_rewrite(const feed_file_t *file);

/* The bytes as a text of their own, with a '\0' behind it; free() it. */
char *feed_text(const void *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
