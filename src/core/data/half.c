#include "h5roof/half.h"

#include <math.h>
#include <string.h>

#define MANTISSA  10 /* bits that are kept, of 52 */
#define BIAS      15
#define INFINITE  0x7c00u
#define NO_NUMBER 0x7e00u

/* x / 2^by, the last bit that stays rounded; by is 1 to 63. */
static uint64_t shift_rounded(uint64_t x, int by)
{
    const uint64_t kept = x >> by, rest = x & ((UINT64_C(1) << by) - 1), middle = UINT64_C(1) << (by - 1);
    return kept + (rest > middle || (rest == middle && (kept & 1) != 0) ? 1 : 0);
}

uint16_t h5r_half_of(double x)
{
    const int dropped = 52 - MANTISSA;
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    const uint16_t sign = (uint16_t)(bits >> 63 << 15);
    const int exponent = (int)(bits >> 52 & 0x7ff) - 1023 + BIAS;
    const uint64_t mantissa = bits & ((UINT64_C(1) << 52) - 1);
    uint64_t half = INFINITE;
    if (x != x) {
        half = NO_NUMBER;
    } else if (exponent > 0 && exponent < 31) {
        /* a mantissa that is rounded up to the next power of two carries into the exponent, and at last into infinity */
        half = shift_rounded((uint64_t)exponent << 52 | mantissa, dropped);
    } else if (exponent <= 0) { /* subnormal, or too small for that */
        half = exponent < -MANTISSA ? 0 : shift_rounded(UINT64_C(1) << 52 | mantissa, dropped + 1 - exponent);
    }
    return (uint16_t)(sign | half);
}

double h5r_half_value(uint16_t half)
{
    const int exponent = half >> MANTISSA & 31;
    const double mantissa = (double)(half & ((1 << MANTISSA) - 1));
    const double size = exponent == 31  ? (mantissa > 0.0 ? (double)NAN : (double)INFINITY)
                        : exponent == 0 ? ldexp(mantissa, 1 - BIAS - MANTISSA)
                                        : ldexp(mantissa + (1 << MANTISSA), exponent - BIAS - MANTISSA);
    return half >> 15 != 0 ? -size : size;
}
