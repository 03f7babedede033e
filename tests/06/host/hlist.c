/* hlist.c - chains, and the hash tables made of them, against arrays. */
#include <string.h>
#include <linux/hashtable.h>
#include "host.h"

#define NODES	32
#define BITS	3
#define NOWHERE	(-1)

static struct item {
	u32 key;
	struct hlist_node node;
} items[NODES];

static DEFINE_HASHTABLE(table, BITS);

/* The model: the items of each bucket in order. */
static int model[1 << BITS][NODES], count[1 << BITS], where[NODES];

static void model_add(int bucket, int at, int item)
{
	memmove(&model[bucket][at + 1], &model[bucket][at],
		(count[bucket] - at) * sizeof(int));
	model[bucket][at] = item;
	count[bucket]++;
	where[item] = bucket;
}

static int position(int item)
{
	int at = 0;

	while (model[where[item]][at] != item)
		at++;
	return at;
}

static void model_del(int item)
{
	int bucket = where[item], at = position(item);

	count[bucket]--;
	memmove(&model[bucket][at], &model[bucket][at + 1],
		(count[bucket] - at) * sizeof(int));
	where[item] = NOWHERE;
}

/* The invariant: each pprev leads to the pointer that leads here. */
static void check(int bucket)
{
	struct hlist_node **link = &table[bucket].first;
	struct item *item;
	int i = 0;

	for (; *link; link = &(*link)->next) {
		CHECK((*link)->pprev == link);
		CHECK(i++ < count[bucket]);
	}
	CHECK(i == count[bucket]);
	CHECK(hlist_empty(&table[bucket]) == !i);
	i = 0;
	hlist_for_each_entry(item, &table[bucket], node)
		CHECK(item - items == model[bucket][i++]);
}

static void add(int new, u32 key)
{
	if (where[new] != NOWHERE)
		return;
	items[new].key = key;
	hash_add(table, &items[new].node, key);
	model_add(hash_32(key, BITS), 0, new);
	observe(where[new]);
}

/* next to @other, which keeps its bucket: only the chain is asked here */
static void add_beside(int new, int other, bool behind)
{
	if (where[new] != NOWHERE || where[other] == NOWHERE)
		return;
	items[new].key = items[other].key;
	(behind ? hlist_add_behind : hlist_add_before)(&items[new].node,
						       &items[other].node);
	model_add(where[other], position(other) + behind, new);
}

static void find(u32 key)
{
	struct item *item;
	int found = 0, wanted = 0;

	hash_for_each_possible(table, item, node, key)
		found += item->key == key;
	for (int i = 0; i < NODES; i++)
		wanted += where[i] != NOWHERE && items[i].key == key;
	CHECK(found == wanted);
	observe(found);
}

static void delete(int old, bool again)
{
	CHECK(hash_hashed(&items[old].node) == (where[old] != NOWHERE));
	if (where[old] != NOWHERE)
		model_del(old);
	else if (!again)
		return;
	hash_del(&items[old].node);
}

/* delete every other one of a bucket, while walking along it */
static void thin(int bucket)
{
	int order[NODES], length = count[bucket], i = 0;
	struct hlist_node *n;
	struct item *item;

	memcpy(order, model[bucket], sizeof(order));
	hlist_for_each_entry_safe(item, n, &table[bucket], node) {
		CHECK(item - items == order[i]);
		if (i++ % 2) {
			model_del(item - items);
			hlist_del(&item->node);
			CHECK(item->node.pprev == LIST_POISON2);
			INIT_HLIST_NODE(&item->node);
		}
	}
	CHECK(i == length);
}

static void step(struct input *in)
{
	int op = take(in) % 8, item = take(in) % NODES;
	u32 other = take(in);

	if (op < 3)
		add(item, op ? other * 4096 : other % 4);
	else if (op < 5)
		add_beside(item, other % NODES, op == 4);
	else if (op < 7)
		delete(item, op == 6);
	else if (other % 8)
		find(other % 4);
	else
		thin(item % (1 << BITS));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = INPUT(data, size);
	struct item *item;
	int bucket, all = 0;

	hash_init(table);
	memset(count, 0, sizeof(count));
	for (int i = 0; i < NODES; i++) {
		INIT_HLIST_NODE(&items[i].node);
		where[i] = NOWHERE;
	}
	while (more(&in)) {
		step(&in);
		for (int i = 0; i < 1 << BITS; i++)
			check(i);
	}
	hash_for_each(table, bucket, item, node)
		all++;
	for (int i = 0; i < NODES; i++)
		all -= where[i] != NOWHERE;
	CHECK(all == 0);
	return 0;
}
