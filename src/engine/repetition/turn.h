/*
 * What differs between the repetitions of a case, so that old bytes are not taken for new ones, and what must
 * not: how much is stored of filtered data, and what a workload does because of their values.
 */
#ifndef H5ROOF_TURN_H
#define H5ROOF_TURN_H

#include "h5roof/data.h"

/*
 * Local. The data of this turn: other values, of the same signs and range. Where filters decide by the values
 * how much is stored, the chunks hold the values of one another instead, in cases that write them whole; where
 * that cannot be either, the data are the same in all turns.
 */
void h5r_turn_data(const h5r_factors_t *f, uint64_t turn, h5r_data_t *data);

#endif
