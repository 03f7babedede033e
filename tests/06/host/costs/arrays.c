/* arrays.c - queues in arrays: sorted, and as binary heaps. What they order is {key, item}, so that keys lie side by side. */
#include <stdlib.h>
#include <string.h>
#include "costs.h"

struct slot {
	unsigned long key;
	struct item *item;
};

static struct slot *slots;
static unsigned long used;

static void reserve(unsigned long n)
{
	free(slots);
	slots = malloc(n * sizeof(*slots));
	used = 0;
}

/* --- sorted, the smallest at the end ----------------------------------- */
/* where @key's equals end */
static unsigned long search(unsigned long key)
{
	unsigned long low = 0, high = used;

	while (low < high) {
		unsigned long middle = (low + high) / 2;

		if (slots[middle].key >= key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void array_insert(struct item *item)
{
	unsigned long at = search(item->key);

	memmove(&slots[at + 1], &slots[at], (used++ - at) * sizeof(*slots));
	slots[at] = (struct slot){ item->key, item };
}

static struct item *array_pop(void)
{
	return slots[--used].item;
}

static void array_remove(struct item *item)
{
	unsigned long at = search(item->key);

	while (slots[--at].item != item)
		;
	memmove(&slots[at], &slots[at + 1], (--used - at) * sizeof(*slots));
}

static unsigned long array_walk(void)
{
	unsigned long sum = 0;

	for (unsigned long i = used; i--;)
		sum += slots[i].key;
	return sum;
}

const struct queue sorted_array = { "array", 1, array_insert, array_pop, array_remove, array_walk, reserve };

/* --- heaps: slot i is not above 2i+1 and 2i+2 -------------------------- */
/* @indexed: each item knows its slot, which is written whenever it moves */
static inline void put(unsigned long i, struct slot slot, int indexed)
{
	slots[i] = slot;
	if (indexed)
		slot.item->position = i;
}

static inline void sift_up(unsigned long i, struct slot slot, int indexed)
{
	for (; i && slots[(i - 1) / 2].key > slot.key; i = (i - 1) / 2)
		put(i, slots[(i - 1) / 2], indexed);
	put(i, slot, indexed);
}

static inline void sift_down(unsigned long i, struct slot slot, int indexed)
{
	unsigned long child;

	while ((child = 2 * i + 1) < used) {
		if (child + 1 < used && slots[child + 1].key < slots[child].key)
			child++;
		if (slots[child].key >= slot.key)
			break;
		put(i, slots[child], indexed);
		i = child;
	}
	put(i, slot, indexed);
}

static inline void take_out(unsigned long i, int indexed)
{
	struct slot last = slots[--used];

	if (i == used)
		return;
	if (i && slots[(i - 1) / 2].key > last.key)
		sift_up(i, last, indexed);
	else
		sift_down(i, last, indexed);
}

static struct item *pop(int indexed)
{
	struct item *item = slots[0].item;

	take_out(0, indexed);
	return item;
}

static int compare(const void *a, const void *b)
{
	unsigned long x = ((const struct slot *)a)->key, y = ((const struct slot *)b)->key;

	return (x > y) - (x < y);
}

/* a heap is in no order that can be walked: what is in it must be copied and sorted */
static unsigned long heap_walk(void)
{
	struct slot *copy = malloc(used * sizeof(*copy));
	unsigned long sum = 0;

	memcpy(copy, slots, used * sizeof(*copy));
	qsort(copy, used, sizeof(*copy), compare);
	for (unsigned long i = 0; i < used; i++)
		sum += copy[i].key;
	free(copy);
	return sum;
}

static void heap_insert(struct item *item)
{
	sift_up(used++, (struct slot){ item->key, item }, 0);
}

static struct item *heap_pop(void)
{
	return pop(0);
}

/* nothing says where it is */
static void heap_remove(struct item *item)
{
	unsigned long i = 0;

	while (slots[i].item != item)
		i++;
	take_out(i, 0);
}

const struct queue heap = { "heap", 0, heap_insert, heap_pop, heap_remove, heap_walk, reserve };

static void indexed_insert(struct item *item)
{
	sift_up(used++, (struct slot){ item->key, item }, 1);
}

static struct item *indexed_pop(void)
{
	return pop(1);
}

static void indexed_remove(struct item *item)
{
	take_out(item->position, 1);
}

const struct queue indexed_heap = { "indexed-heap", 0, indexed_insert, indexed_pop, indexed_remove, heap_walk, reserve };
