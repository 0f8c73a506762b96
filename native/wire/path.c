/*
 * The packet path as one unit: the compiler then sees through the calls that each packet takes, which are a third of what it
 * costs.
 */
#include "flow_table.c"

#include "fragment_table.c"

#include "packet_decoder.c"

#include "frame_decoder.c"

#include "alike.c"

#include "count.c"
