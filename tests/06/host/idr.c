/* idr.c - linux/idr.h against an array of who has which number. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <linux/idr.h>
#include "host.h"

#define IDS	300			/* the model knows the numbers below */
#define BASE	3

static struct idr idr;
static void *model[IDS];
static int next_cyclic, objects[IDS];

static int lowest_free(int start, int end)
{
	for (int id = start < BASE ? BASE : start; id < end; id++)
		if (!model[id])
			return id;
	return -ENOSPC;
}

/* Below @node: is a number free? The rule: just those slots say so that lead to one. */
static bool check_free(const struct radix_tree_node *node)
{
	bool any = false;

	for (unsigned int n = 0; n < RADIX_TREE_MAP_SIZE; n++) {
		const struct radix_tree_node *child = node->slots[n];
		bool free = n <= ~0UL >> node->shift;

		if (child)
			free = node->shift && check_free(child);
		CHECK(test_bit(n, node->tags[RADIX_TREE_FREE]) == free);
		any |= free;
	}
	return any;
}

static void check(void)
{
	int count = 0, seen = 0, id;
	void *ptr;

	for (id = 0; id < IDS; id++) {
		CHECK(idr_find(&idr, id) == model[id]);
		count += model[id] != NULL;
	}
	idr_for_each_entry(&idr, ptr, id) {
		CHECK(id < IDS && ptr == model[id]);
		seen++;
	}
	CHECK(seen == count && idr_is_empty(&idr) == !count);
	CHECK(!idr_find(&idr, -1) && !idr_find(&idr, INT_MAX));
	if (idr.idr_rt.rnode)
		check_free(idr.idr_rt.rnode);
}

/* Of the allocations of memory the one numbered @failing fails; 0: none. */
static void alloc(int start, int end, bool cyclic, unsigned int failing)
{
	int expected = -ENOSPC, id;

	if (cyclic && next_cyclic > start)
		expected = lowest_free(next_cyclic, end);
	if (expected == -ENOSPC)
		expected = lowest_free(start, end);
	host_fail_allocation(failing);
	id = (cyclic ? idr_alloc_cyclic : idr_alloc)(&idr, &objects[start], start, end, GFP_KERNEL);
	host_fail_allocation(0);
	if (failing && id == -ENOMEM) {
		check();
		return;
	}
	CHECK(id == expected);
	if (id < 0)
		return;
	model[id] = &objects[start];
	if (cyclic)
		next_cyclic = id + 1;
	observe(id);
}

/* The names of 2.6: memory first, then it cannot fail. */
static void get_new_above(int start)
{
	int expected = lowest_free(start, IDS), id;

	if (expected < 0)
		return;			/* it would be given one that is above */
	CHECK(idr_pre_get(&idr, GFP_KERNEL));
	host_fail_allocation(1);
	CHECK(!idr_get_new_above(&idr, &objects[start], start, &id));
	host_fail_allocation(0);
	CHECK(id == expected);
	model[id] = &objects[start];
}

static int free_some(int id, void *ptr, void *data)
{
	CHECK(ptr == model[id]);
	if (id % 4 == *(int *)data) {
		CHECK(idr_remove(&idr, id) == ptr);
		model[id] = NULL;
	}
	return id > 250 ? id : 0;
}

static void free_many(int which)
{
	int last = 0;

	for (int id = IDS; id-- > 251;)
		if (model[id])
			last = id;
	CHECK(idr_for_each(&idr, free_some, &which) == last);
}

static void step(struct input *in)
{
	unsigned int op = take(in), start = take(in), end;

	switch (op % 8) {
	case 0: case 1: case 2:
		end = start + 1 + op / 8;
		alloc(start, end < IDS ? end : IDS, op & 1, op / 8 < 28 ? 0 : op / 8 - 27);
		break;
	case 3: case 4:
		get_new_above(start % 4 ? 0 : start);
		break;
	case 5: case 6:
		CHECK(idr_remove(&idr, start) == model[start]);
		model[start] = NULL;
		break;
	case 7:
		if (op / 8 < 4)
			free_many(op / 8);
	}
}

static int one_of_two(int id, void *ptr, void *seen)
{
	CHECK(++*(int *)seen <= 2);
	CHECK(id == (ptr == objects ? INT_MAX : 0));
	return 0;
}

/* After the greatest number comes the smallest one that is free; a walk ends. */
static void greatest(void)
{
	int seen = 0, id;
	void *ptr;

	idr_init(&idr);
	idr.idr_next = INT_MAX;
	CHECK(idr_alloc_cyclic(&idr, &objects[0], 0, 0, GFP_KERNEL) == INT_MAX);
	CHECK(idr_alloc_cyclic(&idr, &objects[1], 0, 0, GFP_KERNEL) == 0);
	idr_for_each_entry(&idr, ptr, id)
		one_of_two(id, ptr, &seen);
	CHECK(seen == 2);
	seen = 0;
	CHECK(idr_for_each(&idr, one_of_two, &seen) == 0 && seen == 2);
	check_free(idr.idr_rt.rnode);
	idr_destroy(&idr);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = INPUT(data, size);

	greatest();
	memset(model, 0, sizeof(model));
	next_cyclic = 0;
	idr_init_base(&idr, BASE);
	for (int n = take(&in) % 80; n--;)	/* enough for a full leaf */
		alloc(0, IDS, false, 0);
	for (int i = 0; more(&in); i++) {
		step(&in);
		if (i % 32 == 0)
			check();
	}
	check();
	idr_destroy(&idr);
	CHECK(idr_is_empty(&idr));
	return 0;
}
