/* weft.c - the kernel's structures under the interface of costs.h. It sees only the kernel's headers. */
#include <linux/bitmap.h>
#include <linux/hash.h>
#include <linux/idr.h>
#include <linux/kfifo.h>
#include <linux/list.h>
#include <linux/radix-tree.h>
#include <linux/rbtree.h>
#include <linux/slab.h>
#include "costs.h"

/* The shim's kmalloc() could fail on purpose, and its BUG() says where: not here. */
bool host_no_memory(void)
{
	return false;
}

_Noreturn void host_fail(const char *file, int line, const char *what)
{
	abort();
}

/* --- queues ------------------------------------------------------------ */
struct tree_item {
	unsigned long key;
	struct rb_node node;
};

struct list_item {
	unsigned long key;
	struct list_head link;
};

static struct rb_root_cached tree = { { NULL }, NULL };
static LIST_HEAD(list);

static bool less(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct tree_item, node)->key < rb_entry(b, struct tree_item, node)->key;
}

static void tree_insert(struct item *item)
{
	rb_add_cached(&((struct tree_item *)item)->node, &tree, less);
}

static void tree_remove(struct item *item)
{
	rb_erase_cached(&((struct tree_item *)item)->node, &tree);
}

static struct item *tree_pop(void)
{
	struct item *item = (struct item *)rb_entry(rb_first_cached(&tree), struct tree_item, node);

	tree_remove(item);
	return item;
}

static unsigned long tree_walk(void)
{
	unsigned long sum = 0;

	for (struct rb_node *node = rb_first_cached(&tree); node; node = rb_next(node))
		sum += rb_entry(node, struct tree_item, node)->key;
	return sum;
}

const struct queue weft_tree = { "tree", 0, tree_insert, tree_pop, tree_remove, tree_walk, NULL };

static void list_insert(struct item *item)
{
	struct list_item *new = (struct list_item *)item, *other;

	list_for_each_entry(other, &list, link)
		if (new->key < other->key)
			break;
	list_add_tail(&new->link, &other->link);
}

static void list_remove(struct item *item)
{
	list_del(&((struct list_item *)item)->link);
}

static struct item *list_pop(void)
{
	struct item *item = (struct item *)list_first_entry(&list, struct list_item, link);

	list_remove(item);
	return item;
}

static unsigned long list_walk(void)
{
	struct list_item *item;
	unsigned long sum = 0;

	list_for_each_entry(item, &list, link)
		sum += item->key;
	return sum;
}

const struct queue weft_list = { "list", 1, list_insert, list_pop, list_remove, list_walk, NULL };

/* --- maps -------------------------------------------------------------- */
struct entry {
	unsigned int key;
	struct rb_node node;
	struct hlist_node link;
};

static struct entry *entries;
static unsigned long used;

static struct entry *new_entry(unsigned int key)
{
	entries[used].key = key;
	return &entries[used++];
}

static void reserve_entries(unsigned long n)
{
	kfree(entries);
	entries = kcalloc(n, sizeof(*entries), GFP_KERNEL);
	used = 0;
}

static struct rb_root root;

static struct entry *tree_find(unsigned int key)
{
	struct rb_node *node = root.rb_node;

	while (node) {
		struct entry *entry = rb_entry(node, struct entry, node);

		if (key == entry->key)
			return entry;
		node = node->rb_child[key > entry->key];
	}
	return NULL;
}

static void map_insert(unsigned int key)
{
	struct rb_node **link = &root.rb_node, *parent = NULL;
	struct entry *new = new_entry(key);

	while (*link) {
		parent = *link;
		link = &parent->rb_child[key > rb_entry(parent, struct entry, node)->key];
	}
	rb_link_node(&new->node, parent, link);
	rb_insert_color(&new->node, &root);
}

static int map_find(unsigned int key)
{
	return tree_find(key) != NULL;
}

static void map_erase(unsigned int key)
{
	rb_erase(&tree_find(key)->node, &root);
}

const struct map weft_rbtree = { "rbtree", reserve_entries, map_insert, map_find, map_erase };

static struct hlist_head *buckets;
static unsigned int bits;

static void reserve_buckets(unsigned long n)
{
	reserve_entries(n);
	for (bits = 1; 1ul << bits < n; bits++)
		;
	kfree(buckets);
	buckets = kcalloc(1ul << bits, sizeof(*buckets), GFP_KERNEL);
}

static struct entry *hash_look(unsigned int key)
{
	struct entry *entry;

	hlist_for_each_entry(entry, &buckets[hash_32(key, bits)], link)
		if (entry->key == key)
			break;
	return entry;
}

static void hash_insert(unsigned int key)
{
	hlist_add_head(&new_entry(key)->link, &buckets[hash_32(key, bits)]);
}

static int hash_find(unsigned int key)
{
	return hash_look(key) != NULL;
}

static void hash_erase(unsigned int key)
{
	hlist_del_init(&hash_look(key)->link);
}

const struct map weft_hash = { "hash", reserve_buckets, hash_insert, hash_find, hash_erase };

/* Numbers handed out by the structure: the keys given are ignored when inserting, and ascend from 0 otherwise. */
static struct idr idr;

static void reserve_idr(unsigned long n)
{
	idr_destroy(&idr);
	idr_init(&idr);
}

static void idr_insert(unsigned int key)
{
	idr_alloc(&idr, &idr, 0, 0, GFP_KERNEL);
}

static int idr_look(unsigned int key)
{
	return idr_find(&idr, key) != NULL;
}

static void idr_erase(unsigned int key)
{
	idr_remove(&idr, key);
}

const struct map weft_idr = { "idr", reserve_idr, idr_insert, idr_look, idr_erase };

static struct radix_tree_root pages = RADIX_TREE_INIT(GFP_KERNEL);

static void radix_insert(unsigned int key)
{
	radix_tree_insert(&pages, key, new_entry(key));
}

static int radix_look(unsigned int key)
{
	return radix_tree_lookup(&pages, key) != NULL;
}

static void radix_erase(unsigned int key)
{
	radix_tree_delete(&pages, key);
}

const struct map weft_radix = { "radix", reserve_entries, radix_insert, radix_look, radix_erase };

/* --- a list, a queue, bits --------------------------------------------- */
struct member {
	unsigned int key;
	struct list_head link;
};

static struct member *members;
static LIST_HEAD(ring);

static void reserve_members(unsigned long n)
{
	kfree(members);
	members = kcalloc(n, sizeof(*members), GFP_KERNEL);
}

static void ring_add(unsigned int key)
{
	members[key].key = key;
	list_add_tail(&members[key].link, &ring);
}

static void ring_del(unsigned int key)
{
	list_del(&members[key].link);
}

const struct map weft_ring = { "list", reserve_members, ring_add, NULL, ring_del };

static DECLARE_KFIFO_PTR(fifo, unsigned int);
unsigned int sum_of_fifo;

static void reserve_fifo(unsigned long n)
{
	kfifo_free(&fifo);
	if (kfifo_alloc(&fifo, n, GFP_KERNEL))
		abort();
}

static void fifo_put(unsigned int key)
{
	kfifo_put(&fifo, key);
}

static void fifo_get(unsigned int key)
{
	unsigned int first;

	if (kfifo_get(&fifo, &first))
		sum_of_fifo += first;
}

const struct map weft_kfifo = { "kfifo", reserve_fifo, fifo_put, NULL, fifo_get };

static DECLARE_BITMAP(bits_set, (MOST + 1) * GAP);

static void reserve_bits(unsigned long n)
{
	bitmap_zero(bits_set, (MOST + 1) * GAP);
}

static void bit_set(unsigned int key)
{
	__set_bit((key + 1ul) * GAP, bits_set);
}

/* from behind the one before */
static int bit_next(unsigned int key)
{
	return find_next_bit(bits_set, (MOST + 1) * GAP, key * (unsigned long)GAP + 1) == (key + 1ul) * GAP;
}

static void bit_clear(unsigned int key)
{
	__clear_bit((key + 1ul) * GAP, bits_set);
}

const struct map weft_bitmap = { "bitmap", reserve_bits, bit_set, bit_next, bit_clear };
