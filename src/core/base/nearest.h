/* "Did you mean": the nearest of a list of words. Local. */
#ifndef H5ROOF_NEAREST_H
#define H5ROOF_NEAREST_H

/* Nearest word by edit distance in a NULL-terminated list, or NULL if nothing is near. */
const char *h5r_nearest(const char *word, const char *const *candidates);

#endif
