/*
 * host.h - a structure of the kernel against a model, one byte string at a time.
 *
 * A program NAME.c defines LLVMFuzzerTestOneInput(). It takes the string as a
 * list of operations (take() gives the next byte), does each to the structure
 * and to a plain model of it, and compares; what it sees goes to observe(). All
 * builds of a program must observe the same, whatever their word and byte order.
 */
#ifndef HOST_H
#define HOST_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct input {
	const uint8_t *next, *end;
};

#define INPUT(data, size)	{ (data), (data) + (size) }

static inline bool more(const struct input *in)
{
	return in->next < in->end;
}

/* The next byte; 0 behind the end. */
static inline unsigned int take(struct input *in)
{
	return more(in) ? *in->next++ : 0;
}

/* The next 32 bits, the same on every machine. */
static inline uint32_t take32(struct input *in)
{
	uint32_t word = take(in) << 24;

	word |= take(in) << 16;
	word |= take(in) << 8;
	return word | take(in);
}

/* Add a value to what this run has seen. */
void observe(uint32_t value);

/* Let the next @n'th allocation fail, 1 being the next one; 0: none. */
void host_fail_allocation(unsigned int n);
bool host_no_memory(void);

_Noreturn void host_fail(const char *file, int line, const char *what);

#define CHECK(condition)	\
	((condition) ? (void)0 : host_fail(__FILE__, __LINE__, #condition))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
#endif
