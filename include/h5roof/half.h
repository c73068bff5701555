/* f16, which C has no type for that all compilers know: its bits in 16 of an integer. Local. */
#ifndef H5ROOF_HALF_H
#define H5ROOF_HALF_H

#include <stdint.h>

/* Rounded to the nearest, ties to even; beyond 65504 is infinity. */
uint16_t h5r_half_of(double x);
double h5r_half_value(uint16_t half);

#endif
