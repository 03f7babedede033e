/*
 * host.c - what every program of the harness has besides its structure.
 *
 *     NAME [INPUTS [SEED]]    so many byte strings by chance; 3000 from seed 1
 *     NAME FILE...            these byte strings, say a crash that the fuzzer left
 *
 * Prints "NAME: 3000 inputs, N bytes, observed H". When a check fails it says
 * where, leaves the string in crash-NAME, and ends with SIGABRT. Compiled with
 * -DFUZZ, libFuzzer brings its own main() and its own strings.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "host.h"

#define LONGEST		1024		/* bytes of one string */
#define FNV_BASIS	2166136261u	/* Fowler, Noll and Vo's hash */
#define FNV_PRIME	16777619u

static uint32_t observed = FNV_BASIS;
static unsigned int allocations_left;

void observe(uint32_t value)
{
	observed = (observed ^ value) * FNV_PRIME;
}

void host_fail_allocation(unsigned int n)
{
	allocations_left = n;
}

bool host_no_memory(void)
{
	return allocations_left && !--allocations_left;
}

#ifdef FUZZ
_Noreturn void host_fail(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: failed: %s\n", file, line, what);
	abort();
}
#else
static const char *name;
static uint8_t string[LONGEST];
static size_t length, total;

_Noreturn void host_fail(const char *file, int line, const char *what)
{
	char path[256];
	FILE *out;

	fprintf(stderr, "%s:%d: failed: %s\n", file, line, what);
	snprintf(path, sizeof(path), "crash-%s", name);
	out = fopen(path, "wb");
	if (out) {
		fwrite(string, 1, length, out);
		fclose(out);
		fprintf(stderr, "the string that did it is in %s\n", path);
	}
	abort();
}

/* Marsaglia's xorshift: the same numbers everywhere, from any seed but 0. */
static uint32_t chance(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/*
 * The string is copied to memory of just its size, so that the sanitizer sees
 * who reads beyond it.
 */
static void run(void)
{
	uint8_t *copy = malloc(length ? length : 1);

	memcpy(copy, string, length);
	host_fail_allocation(0);
	LLVMFuzzerTestOneInput(copy, length);
	free(copy);
	total += length;
}

static void run_file(const char *path)
{
	FILE *in = fopen(path, "rb");

	if (!in) {
		perror(path);
		exit(2);
	}
	length = fread(string, 1, sizeof(string), in);
	fclose(in);
	run();
}

int main(int argc, char **argv)
{
	unsigned long inputs = 3000;
	uint32_t state = 1;
	char *end = "";

	name = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
	if (argc > 1)
		inputs = strtoul(argv[1], &end, 10);
	if (*end) {
		for (int i = 1; i < argc; i++)
			run_file(argv[i]);
		inputs = argc - 1;
	} else {
		if (argc > 2)
			state = strtoul(argv[2], NULL, 10) | 1;
		for (unsigned long i = 0; i < inputs; i++) {
			length = chance(&state) % (LONGEST + 1);
			for (size_t k = 0; k < length; k++)
				string[k] = chance(&state) >> 11;
			run();
		}
	}
	printf("%s: %lu inputs, %zu bytes, observed %08x\n", name, inputs,
	       total, (unsigned int)observed);
	return 0;
}
#endif
