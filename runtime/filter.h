/* filter.h - GO: one byte from the parent on ABP_FD_GO. */
#ifndef ABP_FILTER_H
#define ABP_FILTER_H

/* Blocks until the parent says GO.  Returns 0; end of file or an error is -1, never a GO. */
int filter_go(void);

#endif
