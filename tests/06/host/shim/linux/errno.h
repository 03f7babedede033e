/* The host's numbers: the C library's own header comes through here as well. */
#include <asm/errno.h>
