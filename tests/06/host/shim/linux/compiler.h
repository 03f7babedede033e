/* The C library has an __always_inline of its own; the kernel's holds here. */
#ifndef SHIM_COMPILER_H
#define SHIM_COMPILER_H
#include <stdlib.h>
#undef __always_inline
#include_next <linux/compiler.h>
#endif
