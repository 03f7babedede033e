/*
 * costs.h - structures under one interface: the kernel's in weft.c, compiled from the checkpoint's tangled sources, simple ones in
 * arrays.c, the host library's in std.cc. costs.cc drives them.
 */
#ifndef COSTS_H
#define COSTS_H

/* Who waits in a queue that is ordered by key: as large as two cache lines, like a task's part in the fair class. */
struct item {
	unsigned long key;
	union {
		unsigned long position;		/* in a heap */
		unsigned long links[4];		/* in a tree or a list */
	};
	unsigned long rest[11];
};

/* A queue of items by key. Functions that are NULL cannot be had. */
struct queue {
	const char *name;
	int linear;				/* an operation walks past all */
	void (*insert)(struct item *item);
	struct item *(*pop)(void);		/* the smallest */
	void (*remove)(struct item *item);	/* anybody */
	unsigned long (*walk)(void);		/* all in order; the sum of keys */
	void (*reserve)(unsigned long n);	/* first of all */
};

/*
 * A map from 32-bit keys to pointers, or what else has something put in, found, and taken out by number: a list that is left in
 * any order, a queue that is not asked for a key, a bitmap. All entries are ours to keep; a library's own allocations count as its
 * cost. @find is NULL where nothing can be found.
 */
struct map {
	const char *name;
	void (*reserve)(unsigned long n);
	void (*insert)(unsigned int key);
	int (*find)(unsigned int key);
	void (*erase)(unsigned int key);
};

#define GAP	251			/* bits of a bitmap from one that is set to the next */
#define MOST	65536ul			/* keys */

#ifdef __cplusplus
extern "C" {
#endif
extern const struct queue weft_tree, weft_list, sorted_array, heap, indexed_heap, std_map_queue, std_heap;
extern const struct map weft_rbtree, weft_hash, weft_idr, weft_radix, weft_ring, weft_kfifo, weft_bitmap;
extern const struct map std_map, std_hash, std_ring, std_fifo, std_bitmap;
#ifdef __cplusplus
}
#endif
#endif
