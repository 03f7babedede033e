/*
 * threads.c - what is used without a lock, used by several threads: a queue by
 * two, a list by four. The orders of the input say how much at a time.
 */
#include <pthread.h>
#include <sched.h>
#include <linux/kernel.h>
#include <linux/kfifo.h>
#include <linux/llist.h>
#include "host.h"

#define ITEMS		20000
#define PUSHERS		3
#define BATCH		16

static DEFINE_KFIFO(queue, u32, 64);
static LLIST_HEAD(pending);

static struct news {
	u32 number;
	struct llist_node llnode;
} news[PUSHERS][ITEMS];

static void *produce(void *size)
{
	u32 batch[BATCH], made = 0;
	unsigned int n, put;

	while (made < ITEMS) {
		n = min((u32)(uintptr_t)size, ITEMS - made);
		for (unsigned int i = 0; i < n; i++)
			batch[i] = made + i;
		put = kfifo_in(&queue, batch, n);
		made += put;
		if (!put)
			sched_yield();
	}
	return NULL;
}

static void consume(unsigned int size)
{
	u32 batch[BATCH], got = 0;
	unsigned int n;

	while (got < ITEMS) {
		n = kfifo_out(&queue, batch, size);
		for (unsigned int i = 0; i < n; i++)
			CHECK(batch[i] == got++);
		if (!n)
			sched_yield();
	}
	CHECK(kfifo_is_empty(&queue));
}

static void *push(void *mine)
{
	struct news *news = mine;

	for (u32 i = 0; i < ITEMS; i++) {
		news[i].number = i;
		llist_add(&news[i].llnode, &pending);
		if (i % 64 == 0)
			sched_yield();
	}
	return NULL;
}

/* each pusher's news come in order, and all of them */
static void take_all(void)
{
	u32 next[PUSHERS] = { 0 }, taken = 0;
	struct llist_node *n;
	struct news *item;

	while (taken < PUSHERS * ITEMS) {
		n = llist_reverse_order(llist_del_all(&pending));
		if (!n)
			sched_yield();
		llist_for_each_entry_safe(item, n, n, llnode) {
			CHECK(item->number == next[(item - news[0]) / ITEMS]++);
			taken++;
		}
	}
	CHECK(llist_empty(&pending));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = INPUT(data, size);
	pthread_t producer, pushers[PUSHERS];
	uintptr_t batch = 1 + take(&in) % BATCH;

	pthread_create(&producer, NULL, produce, (void *)batch);
	consume(1 + take(&in) % BATCH);
	pthread_join(producer, NULL);
	for (int i = 0; i < PUSHERS; i++)
		pthread_create(&pushers[i], NULL, push, news[i]);
	take_all();
	for (int i = 0; i < PUSHERS; i++)
		pthread_join(pushers[i], NULL);
	return 0;
}
