/* bitmap.c - bits against bytes. */
#include <stdlib.h>
#include <string.h>
#include <linux/bitmap.h>
#include <linux/log2.h>
#include "host.h"

#define MOST	300

/*
 * The maps are allocated with just as many words as they need, so that the
 * sanitizer sees who reads a word more; behind the last bit is rubbish.
 */
static unsigned long *map, *other;
static u8 model[MOST], model2[MOST];
static unsigned int bits;

static unsigned int next(const u8 *bytes, unsigned int from, u8 wanted)
{
	while (from < bits && bytes[from] != wanted)
		from++;
	return from < bits ? from : bits;
}

static void check(void)
{
	unsigned int weight = 0, n, seen = 0;

	for (n = 0; n < bits; n++) {
		CHECK(test_bit(n, map) == model[n]);
		weight += model[n];
	}
	CHECK(bitmap_weight(map, bits) == weight);
	CHECK(bitmap_empty(map, bits) == !weight);
	CHECK(bitmap_full(map, bits) == (weight == bits));
	for_each_set_bit(n, map, bits)
		seen += model[n];
	CHECK(seen == weight);
	if (bits)
		CHECK(hweight_long(*map) == (unsigned int)__builtin_popcountl(*map));
	CHECK(find_first_bit(map, bits) == next(model, 0, 1));
	CHECK(find_first_zero_bit(map, bits) == next(model, 0, 0));
	observe(weight);
}

/* the first stretch of @n zeros from @start, aligned: by trying each place */
static unsigned int area(unsigned int start, unsigned int n, unsigned int align)
{
	for (; start + n <= bits; start++)
		if (start % align == 0 && next(model, start, 1) >= start + n)
			return start;
	return bits;
}

static void one_bit(unsigned int op, unsigned int at)
{
	switch (op) {
	case 0:
		__set_bit(at, map);
		break;
	case 1:
		__clear_bit(at, map);
		break;
	case 2:
		CHECK(test_and_set_bit(at, map) == model[at]);
		break;
	default:
		CHECK(test_and_clear_bit(at, map) == model[at]);
	}
	model[at] = op % 2 == 0;
}

static void search(unsigned int at, unsigned int n)
{
	unsigned int align = 1u << n % 5;
	unsigned long found;

	CHECK(find_next_bit(map, bits, at) == next(model, at, 1));
	CHECK(find_next_zero_bit(map, bits, at) == next(model, at, 0));
	if (!n)
		return;
	found = bitmap_find_next_zero_area(map, bits, at, n, align - 1);
	CHECK(found == area(at, n, align));
	observe(found);
}

static void combine(bool or)
{
	bool any = false;

	for (unsigned int i = 0; i < bits; i++) {
		model2[i] = or ? model[i] | model2[i] : model[i] & model2[i];
		any |= model2[i];
	}
	if (or)
		bitmap_or(other, map, other, bits);
	else
		CHECK(bitmap_and(other, map, other, bits) == any);
	for (unsigned int i = 0; i < bits; i++)
		CHECK(test_bit(i, other) == model2[i]);
}

static void step(struct input *in)
{
	unsigned int op = take(in) % 12, at = take(in) * bits / 256;
	unsigned int n = take(in) * (bits - at + 1) / 256;

	if (op < 4) {
		if (bits)
			one_bit(op, at);
	} else if (op == 4 || op == 5) {
		(op == 4 ? bitmap_set : bitmap_clear)(map, at, n);
		memset(&model[at], op == 4, n);
	} else if (op < 9)
		search(at, n);
	else if (op < 11)
		combine(op == 9);
	else
		CHECK(bitmap_equal(map, other, bits) ==
		      !memcmp(model, model2, bits));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = INPUT(data, size);
	size_t bytes;

	bits = take(&in) * MOST / 255;		/* 0 as well */
	bytes = BITS_TO_LONGS(bits) * sizeof(long);
	map = malloc(bytes);
	other = malloc(bytes);
	memset(map, 0xa5, bytes);
	memset(other, 0xff, bytes);
	bitmap_clear(map, 0, bits);
	bitmap_clear(other, 0, bits);
	memset(model, 0, sizeof(model));
	memset(model2, 0, sizeof(model2));
	while (more(&in)) {
		step(&in);
		check();
	}
	for (unsigned int n = 1; n < 40; n++)
		CHECK((1ul << ilog2(n)) <= n && n < (2ul << ilog2(n)));
	free(map);
	free(other);
	return 0;
}
