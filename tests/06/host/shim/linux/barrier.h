/* The kernel's orders in the compiler's words, which hold on every processor. */
#ifndef SHIM_BARRIER_H
#define SHIM_BARRIER_H
#include <linux/compiler.h>

#define READ_ONCE(x)		__atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, value)	\
	__atomic_store_n(&(x), value, __ATOMIC_RELAXED)

#define smp_mb()	__atomic_thread_fence(__ATOMIC_SEQ_CST)
#define smp_rmb()	__atomic_thread_fence(__ATOMIC_ACQUIRE)
#define smp_wmb()	__atomic_thread_fence(__ATOMIC_RELEASE)

#define smp_store_release(p, value)	\
	__atomic_store_n(p, value, __ATOMIC_RELEASE)
#define smp_load_acquire(p)	__atomic_load_n(p, __ATOMIC_ACQUIRE)
#endif
