/* radix.c - linux/radix-tree.h, with tags and failing allocations, against an array of a few sparse indices. */
#include <errno.h>
#include <string.h>
#include <linux/radix-tree.h>
#include "host.h"

#define ITEMS	24
#define GANG	5

static struct item {
	uint32_t index;
	bool there, tagged[RADIX_TREE_MAX_TAGS];
} items[ITEMS];			/* in the order of their indices */

static struct radix_tree_root root;

/* Near one another, at the borders of nodes, and far away. */
static void choose_indices(void)
{
	static const uint32_t at[ITEMS] = {
		0, 1, 2, 62, 63, 64, 65, 127, 128, 4094, 4095, 4096, 4097,
		262143, 262144, 262145, 16777215, 16777216, 1073741823,
		1073741824, 2147483647, 2147483648u, 4294967294u, 4294967295u,
	};

	for (int i = 0; i < ITEMS; i++)
		items[i] = (struct item){ .index = at[i] };
}

/* Below @node: how many items. The rules: nothing is empty; tags lead on. */
static int check_below(const struct radix_tree_node *node)
{
	int slots = 0, count = 0;

	for (unsigned int n = 0; n < RADIX_TREE_MAP_SIZE; n++) {
		const struct radix_tree_node *child = node->slots[n];

		slots += child != NULL;
		if (!node->shift || !child) {
			count += child != NULL;
			continue;
		}
		CHECK(child->parent == node && child->offset == n);
		CHECK(child->shift == node->shift - RADIX_TREE_MAP_SHIFT);
		count += check_below(child);
		for (int tag = 0; tag < RADIX_TREE_MAX_TAGS; tag++) {
			bool any = child->tags[tag][0];

			for (size_t i = 1; i < BITS_TO_LONGS(RADIX_TREE_MAP_SIZE); i++)
				any |= child->tags[tag][i];
			CHECK(test_bit(n, node->tags[tag]) == any);
		}
	}
	CHECK(slots == node->count && slots);
	return count;
}

static void check_gang(int from, int tag)
{
	void *gang[GANG];
	unsigned int found, expected = 0;

	found = tag < 0 ? radix_tree_gang_lookup(&root, gang, items[from].index, GANG)
			: radix_tree_gang_lookup_tag(&root, gang, items[from].index, GANG, tag);
	for (int i = from; i < ITEMS && expected < GANG; i++) {
		if (tag < 0 ? !items[i].there : !items[i].tagged[tag])
			continue;
		CHECK(expected < found && gang[expected] == &items[i]);
		expected++;
	}
	CHECK(found == expected);
	observe(found);
}

static void check(void)
{
	bool any[RADIX_TREE_MAX_TAGS] = { false };
	int count = 0;

	for (int i = 0; i < ITEMS; i++) {
		struct item *item = &items[i];

		count += item->there;
		CHECK(radix_tree_lookup(&root, item->index) == (item->there ? item : NULL));
		for (int tag = 0; tag < RADIX_TREE_MAX_TAGS; tag++) {
			any[tag] |= item->tagged[tag];
			CHECK(radix_tree_tag_get(&root, item->index, tag) == item->tagged[tag]);
		}
	}
	for (int tag = 0; tag < RADIX_TREE_MAX_TAGS; tag++)
		CHECK(radix_tree_tagged(&root, tag) == any[tag]);
	CHECK(!root.rnode == !count);
	if (root.rnode)
		CHECK(!root.rnode->parent && check_below(root.rnode) == count);
	if (root.rnode && root.rnode->shift)	/* no higher than need be */
		CHECK(root.rnode->count > 1 || !root.rnode->slots[0]);
}

/* Without memory it fails and leaves all as it was, so that it can be done again. */
static void insert(struct item *item, unsigned int failing)
{
	bool reserved = failing == 1 && !radix_tree_reserve(&root, GFP_KERNEL);
	int error;

	host_fail_allocation(failing);
	error = radix_tree_insert(&root, item->index, item);
	host_fail_allocation(0);
	CHECK(error != -EEXIST || item->there);
	CHECK(!item->there || error == -EEXIST);
	CHECK(error != -ENOMEM || (failing && !reserved));
	if (error == -ENOMEM) {
		check();
		error = radix_tree_insert(&root, item->index, item);
	}
	item->there |= !error;
	observe(error == 0);
}

static void step(struct input *in)
{
	unsigned int op = take(in), tag = op / 4 % RADIX_TREE_MAX_TAGS;
	struct item *item = &items[take(in) % ITEMS];
	void *there = item->there ? item : NULL;

	switch (op % 4) {
	case 0:
		insert(item, op / 4 % 8);
		break;
	case 1:
		CHECK(radix_tree_delete(&root, item->index) == there);
		*item = (struct item){ .index = item->index };
		break;
	case 2:
		CHECK(radix_tree_tag_set(&root, item->index, tag) == there);
		item->tagged[tag] = item->there;
		break;
	case 3:
		CHECK(radix_tree_tag_clear(&root, item->index, tag) == there);
		item->tagged[tag] = false;
	}
	check_gang(item - items, (int)tag - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = INPUT(data, size);

	choose_indices();
	INIT_RADIX_TREE(&root, GFP_KERNEL);
	for (int i = 0; more(&in); i++) {
		step(&in);
		if (i % 32 == 0)
			check();
	}
	check();
	radix_tree_destroy(&root);
	CHECK(!root.rnode && !root.spare && !root.nr_spare);
	return 0;
}
