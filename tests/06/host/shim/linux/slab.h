/* Memory is the C library's, which the sanitizers watch; it can be made to fail. */
#ifndef SHIM_SLAB_H
#define SHIM_SLAB_H
#include <stdlib.h>
#include <linux/types.h>
#include "../../host.h"

#define GFP_KERNEL	0u
#define GFP_ATOMIC	0u
#define __GFP_ZERO	1u

static inline void *kmalloc(size_t size, gfp_t flags)
{
	if (host_no_memory())
		return NULL;
	return flags & __GFP_ZERO ? calloc(1, size) : malloc(size);
}

static inline void *kmalloc_array(size_t n, size_t size, gfp_t flags)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return kmalloc(bytes, flags);
}

#define kzalloc(size, flags)		kmalloc(size, (flags) | __GFP_ZERO)
#define kcalloc(n, size, flags)		kmalloc_array(n, size, (flags) | __GFP_ZERO)
#define kfree(object)			free((void *)(object))
#endif
