#include "core/table/state.h"

#define X(SYMBOL, word) word,
const char *const h5r_row_words[H5R_ROWS] = {H5R_ROW_TABLE(X)};
const char *const h5r_stop_words[H5R_STOPS] = {H5R_STOP_TABLE(X)};
const char *const h5r_mark_words[H5R_MARKS] = {H5R_MARK_TABLE(X)};
const char *const h5r_bound_words[H5R_BOUNDS] = {H5R_BOUND_TABLE(X)};
const char *const h5r_missing_words[H5R_MISSINGS] = {H5R_MISSING_TABLE(X)};
#undef X
