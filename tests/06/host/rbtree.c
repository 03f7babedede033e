/* rbtree.c - linux/rbtree.h's trees, with the leftmost cached, against an array in order. */
#include <string.h>
#include <linux/rbtree.h>
#include "host.h"

#define ENTRIES	20
#define KEYS	12		/* fewer than entries: some are equal */

static struct entry {
	unsigned int key;
	bool there;
	struct rb_node node;
} entries[ENTRIES];

static struct rb_root_cached tree;

/* The model: who is in the tree, in order; of equals the older is first. */
static struct entry *model[ENTRIES];
static int count;

#define entry_of(rb)	rb_entry(rb, struct entry, node)

static bool less(struct rb_node *a, const struct rb_node *b)
{
	return entry_of(a)->key < entry_of(b)->key;
}

static int compare(const void *key, const struct rb_node *node)
{
	return (int)*(const unsigned int *)key - (int)entry_of(node)->key;
}

static int position(const struct entry *entry)
{
	int i = 0;

	while (model[i] != entry)
		i++;
	return i;
}

/* The rules below @node. Return: black nodes on each way down. */
static int check_below(struct rb_node *node, struct rb_node *parent, int *nodes)
{
	int left, right;
	bool black;

	if (!node)
		return 0;
	++*nodes;
	black = node->__rb_parent_color & RB_BLACK;
	CHECK(rb_parent(node) == parent);
	CHECK(black || (parent && parent->__rb_parent_color & RB_BLACK));
	left = check_below(node->rb_left, node, nodes);
	right = check_below(node->rb_right, node, nodes);
	CHECK(left == right);
	return left + black;
}

static void check(void)
{
	struct rb_node *node = rb_first_cached(&tree);
	int nodes = 0;

	check_below(tree.rb_root.rb_node, NULL, &nodes);
	CHECK(nodes == count);
	CHECK(node == rb_first(&tree.rb_root));
	CHECK(RB_EMPTY_ROOT(&tree.rb_root) == !count);
	for (int i = 0; i < count; i++) {
		CHECK(node == &model[i]->node);
		node = rb_next(node);
	}
	CHECK(!node);
	node = rb_last(&tree.rb_root);
	for (int i = count; i--;) {
		CHECK(node == &model[i]->node);
		node = rb_prev(node);
	}
	CHECK(!node);
}

static void add(struct entry *entry, unsigned int key)
{
	int at = 0;

	entry->key = key;
	entry->there = true;
	while (at < count && model[at]->key <= key)
		at++;
	memmove(&model[at + 1], &model[at], (count++ - at) * sizeof(*model));
	model[at] = entry;
	CHECK(rb_add_cached(&entry->node, &tree, less) ==
	      (at ? NULL : &entry->node));
}

static void erase(struct entry *entry)
{
	int at = position(entry);
	struct rb_node *next = at == 0 && count > 1 ? &model[1]->node : NULL;

	memmove(&model[at], &model[at + 1], (--count - at) * sizeof(*model));
	entry->there = false;
	CHECK(rb_erase_cached(&entry->node, &tree) == next);
	RB_CLEAR_NODE(&entry->node);
	CHECK(RB_EMPTY_NODE(&entry->node));
}

/* @other, which is in no tree, takes @entry's place. */
static void replace(struct entry *entry, struct entry *other)
{
	model[position(entry)] = other;
	other->key = entry->key;
	other->there = true;
	entry->there = false;
	if (rb_first_cached(&tree) == &entry->node)
		tree.rb_leftmost = &other->node;
	rb_replace_node(&entry->node, &other->node, &tree.rb_root);
}

static void find(unsigned int key)
{
	struct rb_node *found = rb_find(&key, &tree.rb_root, compare);
	bool there = false;

	for (int i = 0; i < count; i++)
		there |= model[i]->key == key;
	CHECK(!!found == there);
	CHECK(!found || entry_of(found)->key == key);
	observe(there);
}

static void step(struct input *in)
{
	unsigned int op = take(in), key = op / 8 % KEYS;
	struct entry *entry = &entries[take(in) % ENTRIES];
	struct entry *other = &entries[key * 5 % ENTRIES];

	if (op % 8 == 7)
		find(key);
	else if (!entry->there)
		add(entry, key);
	else if (op % 8 == 6 && !other->there)
		replace(entry, other);
	else if (op % 8 < 5)
		erase(entry);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = INPUT(data, size);

	memset(entries, 0, sizeof(entries));
	tree = RB_ROOT_CACHED;
	count = 0;
	while (more(&in)) {
		step(&in);
		check();
	}
	for (int i = 0; i < count; i++)
		observe(model[i] - entries);
	return 0;
}
