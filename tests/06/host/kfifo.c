/* kfifo.c - queues of bytes and of longer elements against an array. */
#include <string.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kfifo.h>
#include <linux/log2.h>
#include "host.h"

#define MOST	300			/* elements in one order */

struct element {
	u8 byte[3];			/* an odd size */
};

static DECLARE_KFIFO_PTR(queue, struct element);
static struct kfifo bytes;

/* The model: all that was ever put in, and how much of it was taken out. */
static struct element model[1 << 16];
static unsigned int put, got;

static struct element make(unsigned int n)
{
	return (struct element){ { n, n >> 8, n ^ 0x5a } };
}

static void check(void)
{
	CHECK(kfifo_len(&queue) == put - got);
	CHECK(kfifo_avail(&queue) == kfifo_size(&queue) - (put - got));
	CHECK(kfifo_is_empty(&queue) == (put == got));
	CHECK(kfifo_is_full(&queue) == (put - got == kfifo_size(&queue)));
}

static void put_in(unsigned int n)
{
	struct element from[MOST];
	unsigned int room = kfifo_size(&queue) - (put - got), done;

	for (unsigned int i = 0; i < n; i++)
		model[put + i] = from[i] = make(put + i);
	done = n == 1 ? kfifo_put(&queue, from[0]) : kfifo_in(&queue, from, n);
	CHECK(done == (n < room ? n : room));
	put += done;
	observe(done);
}

static void take_out(unsigned int n, bool peek)
{
	struct element to[MOST];
	unsigned int there = put - got, done;

	memset(to, 0xee, sizeof(to));
	if (peek)
		done = n == 1 ? kfifo_peek(&queue, to) :
				kfifo_out_peek(&queue, to, n);
	else
		done = n == 1 ? kfifo_get(&queue, to) :
				kfifo_out(&queue, to, n);
	CHECK(done == (n < there ? n : there));
	CHECK(!memcmp(to, &model[got], done * sizeof(*to)));
	CHECK(done == MOST || to[done].byte[0] == 0xee);
	got += peek ? 0 : done;
	observe(done);
}

static void step(struct input *in)
{
	unsigned int op = take(in), n = take(in) * MOST / 256;

	switch (op % 8) {
	case 0: case 1: case 2:
		put_in(op < 128 ? n % 8 : n);
		break;
	case 3: case 4: case 5:
		take_out(op < 128 ? n % 8 : n, false);
		break;
	case 6:
		take_out(n, true);
		break;
	default:
		if (op < 200)
			break;
		kfifo_reset_out(&queue);
		got = put;
	}
}

/* what can go wrong when a queue is made, and what it is good for then */
static void make_badly(struct input *in)
{
	static u8 buffer[64];
	unsigned int size = take(in) % sizeof(buffer);
	int error = kfifo_init(&bytes, buffer, size);

	CHECK(error == (size < 2 ? -EINVAL : 0));
	CHECK(kfifo_size(&bytes) <= size);
	CHECK(kfifo_in(&bytes, model, 100) == kfifo_size(&bytes));
	host_fail_allocation(1);
	CHECK(kfifo_alloc(&bytes, 100, GFP_KERNEL) == -ENOMEM);
	CHECK(kfifo_in(&bytes, model, 1) == 0 && kfifo_is_full(&bytes));
	CHECK(kfifo_out(&bytes, buffer, 1) == 0 && kfifo_is_empty(&bytes));
	CHECK(kfifo_alloc(&bytes, 1, GFP_KERNEL) == -EINVAL);
	CHECK(kfifo_alloc(&bytes, (1u << 31) + 1, GFP_KERNEL) == -EINVAL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = INPUT(data, size);
	unsigned int places = 2 + take(&in) % 200;

	put = got = 0;
	make_badly(&in);
	CHECK(kfifo_alloc(&queue, places, GFP_KERNEL) == 0);
	CHECK(kfifo_size(&queue) >= places && kfifo_size(&queue) < 2 * places);
	CHECK(is_power_of_2(kfifo_size(&queue)));
	/* so that the counters wrap within this input */
	queue.kfifo.in = queue.kfifo.out = take32(&in) | 0xffffff00;
	while (more(&in) && put < ARRAY_SIZE(model) - MOST) {
		step(&in);
		check();
	}
	kfifo_free(&queue);
	return 0;
}
