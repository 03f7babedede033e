/* augmented.c - linux/rbtree_augmented.h: each node's greatest load below, against looking at all. */
#include <string.h>
#include <linux/rbtree_augmented.h>
#include "host.h"

#define ENTRIES	24

static struct entry {
	unsigned int key, load, most;
	bool there;
	struct rb_node node;
} entries[ENTRIES];

static struct rb_root_cached tree;

#define entry_of(rb)	rb_entry(rb, struct entry, node)

static unsigned int own_load(const struct entry *entry)
{
	return entry->load;
}

RB_DECLARE_CALLBACKS_MAX(static, most_below, struct entry, node, unsigned int,
			 most, own_load);

static bool less(struct rb_node *a, const struct rb_node *b)
{
	return entry_of(a)->key < entry_of(b)->key;
}

/* The greatest load below @node, by looking; what nodes say must be the same. */
static unsigned int look(struct rb_node *node, unsigned int *least_key)
{
	unsigned int most, other;
	struct entry *entry;

	if (!node)
		return 0;
	entry = entry_of(node);
	most = look(node->rb_left, least_key);
	CHECK(*least_key <= entry->key);
	*least_key = entry->key;
	other = look(node->rb_right, least_key);
	most = most > other ? most : other;
	most = most > entry->load ? most : entry->load;
	CHECK(entry->most == most);
	return most;
}

static void toggle(struct entry *entry, unsigned int key, unsigned int load)
{
	entry->there = !entry->there;
	if (!entry->there) {
		rb_erase_augmented_cached(&entry->node, &tree, &most_below);
		return;
	}
	entry->key = key;
	entry->load = entry->most = load;
	rb_add_augmented_cached(&entry->node, &tree, less, &most_below);
}

/* Its load changes where it is. */
static void change(struct entry *entry, unsigned int load)
{
	entry->load = load;
	if (entry->there)
		most_below.propagate(&entry->node, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = INPUT(data, size);

	memset(entries, 0, sizeof(entries));
	tree = RB_ROOT_CACHED;
	while (more(&in)) {
		unsigned int op = take(&in), load = take(&in), least = 0;
		struct entry *entry = &entries[op % ENTRIES];

		if (op < 7 * ENTRIES)
			toggle(entry, load / 8, load);
		else
			change(entry, load);
		observe(look(tree.rb_root.rb_node, &least));
		CHECK(rb_first_cached(&tree) == rb_first(&tree.rb_root));
	}
	return 0;
}
