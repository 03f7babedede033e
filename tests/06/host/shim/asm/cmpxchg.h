/* Compare and exchange, and exchange, in the compiler's words. */
#ifndef SHIM_CMPXCHG_H
#define SHIM_CMPXCHG_H

#define cmpxchg(ptr, old, new) ({					\
	typeof(*(ptr)) _seen = (old);					\
									\
	__atomic_compare_exchange_n(ptr, &_seen, new, 0,		\
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
	_seen; })

#define xchg(ptr, new)	__atomic_exchange_n(ptr, new, __ATOMIC_SEQ_CST)
#endif
