/* How long a rank that knows less leaves it to the others to speak, when something ends the job. Local. */
#ifndef H5ROOF_GRACE_H
#define H5ROOF_GRACE_H

#define H5R_GRACE_VARIABLE "H5ROOF_GRACE"

/* In microseconds: what the variable says, such as 500ms; 2 s where it says nothing, or no time up to ten minutes. */
unsigned h5r_grace_us(void);

#endif
