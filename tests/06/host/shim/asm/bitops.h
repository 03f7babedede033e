/* Single bits, changed in one step, in the compiler's words. */
#ifndef SHIM_BITOPS_H
#define SHIM_BITOPS_H

#define SHIM_WORD(n, map)	(&(map)[(n) / (8 * __SIZEOF_LONG__)])
#define SHIM_BIT(n)		(1UL << (n) % (8 * __SIZEOF_LONG__))

static inline bool test_and_set_bit(long n, volatile unsigned long *map)
{
	return __atomic_fetch_or(SHIM_WORD(n, map), SHIM_BIT(n),
				 __ATOMIC_SEQ_CST) & SHIM_BIT(n);
}

static inline bool test_and_clear_bit(long n, volatile unsigned long *map)
{
	return __atomic_fetch_and(SHIM_WORD(n, map), ~SHIM_BIT(n),
				  __ATOMIC_SEQ_CST) & SHIM_BIT(n);
}

#define set_bit(n, map)		((void)test_and_set_bit(n, map))
#define clear_bit(n, map)	((void)test_and_clear_bit(n, map))
#endif
