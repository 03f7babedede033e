/* offsetof() is the host's. */
#include <stddef.h>
