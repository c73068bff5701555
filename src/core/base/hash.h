/* Hashes of text, for identities that are written to files and must not change between versions. */
#ifndef H5ROOF_HASH_H
#define H5ROOF_HASH_H

#include <stdint.h>

#define H5R_HASH_EMPTY UINT64_C(0xcbf29ce484222325)

/* FNV-1a, 64 bits (draft-eastlake-fnv): the hash of what was hashed so far, followed by text. */
static inline uint64_t h5r_hash_text(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++) {
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    }
    return hash;
}

#endif
