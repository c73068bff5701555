/* The number of elements of an array, which must not be a pointer. */
#ifndef H5ROOF_COUNT_H
#define H5ROOF_COUNT_H

#define H5R_COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
