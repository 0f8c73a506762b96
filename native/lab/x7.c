/*
 * The same sender as another program: floods come from executables with names like this one, and two floods of one
 * executable would be one offender.
 */
#include "outguard-lab-sender.c"
