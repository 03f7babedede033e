#define BITS_PER_LONG	(8 * __SIZEOF_LONG__)
