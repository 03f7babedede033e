/*
 * costs.cc - what operations cost: in nanoseconds (`costs time`), or in instructions and cache misses (`costs count`, under
 * valgrind --tool=callgrind; each phase is a dump of its own whose name says what it is and how many operations it had).
 */
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <valgrind/callgrind.h>
#include <vector>
#include "costs.h"

static bool counting;
static std::mt19937 random_number(1);		/* the same numbers in each run */
static volatile unsigned long sink;

/* Do @work, which is @ops operations: ns for each; when counting, a dump instead. */
template <typename Work> static double measure(const std::string &what, unsigned long ops, Work work)
{
	using clock = std::chrono::steady_clock;
	std::string label = what + " " + std::to_string(ops);

	if (counting)
		CALLGRIND_ZERO_STATS;
	auto start = clock::now();
	work();
	auto took = clock::now() - start;
	if (counting)
		CALLGRIND_DUMP_STATS_AT(label.c_str());
	return std::chrono::duration<double, std::nano>(took).count() / ops;
}

template <typename Round> static double least_of(Round round)
{
	double least = round();

	for (int i = 1; i < (counting ? 1 : 5); i++)
		least = std::min(least, round());
	return least;
}

static void show(const std::string &what, double ns)
{
	if (!counting)
		std::printf("%s %.1f\n", what.c_str(), ns);
}

/* --- queues ------------------------------------------------------------ */
static constexpr unsigned long SPAN = 1ul << 30;	/* keys lie in so much */

static std::string name_of(const char *phase, const queue &q, unsigned long n)
{
	return "queue " + std::string(phase) + " " + q.name + " " + std::to_string(n);
}

/* the first runs, and is put back: where, is random */
static void churn(const queue &q, unsigned long ops)
{
	while (ops--) {
		item *i = q.pop();

		i->key += random_number() % SPAN;
		q.insert(i);
	}
}

/* anybody leaves, and comes back elsewhere */
static void leave(const queue &q, std::vector<item> &items, unsigned long ops)
{
	while (ops--) {
		item &i = items[random_number() % items.size()];

		q.remove(&i);
		i.key += random_number() % SPAN;
		q.insert(&i);
	}
}

static void measure_queue(const queue &q, unsigned long n)
{
	std::vector<item> items(n);
	unsigned long fast = counting ? 2000 : 8000;
	unsigned long slow = std::clamp((counting ? 1ul << 18 : 1ul << 20) / n, 25ul, fast), ops = q.linear ? slow : fast;

	if (q.reserve)
		q.reserve(n);
	for (auto &i : items)
		i.key = random_number() % SPAN;
	std::vector<item *> order;
	for (auto &i : items)
		order.push_back(&i);
	std::shuffle(order.begin(), order.end(), random_number);
	if (q.linear)			/* each goes to the front: n steps, not n * n */
		std::sort(order.begin(), order.end(), [](item *a, item *b) { return a->key > b->key; });
	for (auto i : order)
		q.insert(i);
	churn(q, ops / 4);		/* warm */
	show(name_of("churn", q, n), least_of([&] { return measure(name_of("churn", q, n), ops, [&] { churn(q, ops); }); }));
	if (q.remove) {			/* the plain heap looks for whom it removes */
		unsigned long some = &q == &heap ? slow : ops;

		show(name_of("leave", q, n), least_of([&] {
			return measure(name_of("leave", q, n), some, [&] { leave(q, items, some); });
		}));
	}
	if (q.walk && (!counting || n <= 4096))		/* to sort a heap takes long */
		show(name_of("walk", q, n), least_of([&] { return measure(name_of("walk", q, n), n, [&] { sink = q.walk(); }); }));
	for (unsigned long i = 0; i < n; i++)
		q.pop();
}

/* --- maps -------------------------------------------------------------- */
struct costs {
	double insert = 1e9, find = 1e9, erase = 1e9;		/* the least so far, ns for each operation */
};

/* Put all in, look for all in another order, take all out. */
static void one_round(const map &m, const std::vector<unsigned int> &keys, const std::vector<unsigned int> &others, costs &least)
{
	std::string name = std::string(" ") + m.name + " " + std::to_string(keys.size());
	unsigned long n = keys.size(), found = m.find ? 0 : n;

	m.reserve(n);
	least.insert = std::min(least.insert, measure("map insert" + name, n, [&] {
		for (auto key : keys)
			m.insert(key);
	}));
	if (m.find)
		least.find = std::min(least.find, measure("map find" + name, n, [&] {
			for (auto key : others)
				found += m.find(key);
		}));
	least.erase = std::min(least.erase, measure("map erase" + name, n, [&] {
		for (auto key : others)
			m.erase(key);
	}));
	if (found != n) {
		std::fprintf(stderr, "%s: %lu of %lu found\n", m.name, found, n);
		std::exit(1);
	}
}

/* Both in turn, so that what else the machine does meets both. */
static void compare(const map &ours, const map &theirs, unsigned long n, bool dense)
{
	std::vector<unsigned int> keys(n), others;
	costs a, b;

	for (unsigned long i = 0; i < n; i++)		/* all different: the multiplier is odd */
		keys[i] = dense ? i : i * 2654435769u ^ 0x5bd1e995;
	if (!dense)
		std::shuffle(keys.begin(), keys.end(), random_number);
	others = keys;
	std::shuffle(others.begin(), others.end(), random_number);
	for (int i = 0; i < (counting ? 1 : 5); i++) {
		one_round(ours, keys, others, a);
		one_round(theirs, keys, others, b);
	}
	if (counting)
		return;
	auto line = [&](const char *phase, double x, double y) {
		std::printf("map %s %s %lu %.1f %s %.1f ratio %.2f\n", phase, ours.name, n, x, theirs.name, y, x / y);
	};
	line("insert", a.insert, b.insert);
	if (ours.find)
		line("find", a.find, b.find);
	line("erase", a.erase, b.erase);
}

int main(int argc, char **argv)
{
	const queue *queues[] = { &weft_list, &sorted_array, &heap, &indexed_heap, &weft_tree, &std_map_queue, &std_heap };

	if (argc != 2 || (strcmp(argv[1], "time") && strcmp(argv[1], "count"))) {
		std::fprintf(stderr, "usage: costs time|count\n");
		return 2;
	}
	counting = !strcmp(argv[1], "count");
	for (unsigned long n : { 16, 256, 4096, 65536 })
		for (auto q : queues)
			if (q != &weft_list || n <= 4096)	/* seconds for nothing new */
				measure_queue(*q, n);
	for (unsigned long n : { 1024ul, MOST }) {
		if (counting && n > 1024)
			break;
		compare(weft_rbtree, std_map, n, false);
		compare(weft_hash, std_hash, n, false);
		compare(weft_idr, std_hash, n, true);
		compare(weft_radix, std_map, n, true);
		compare(weft_ring, std_ring, n, true);
		compare(weft_kfifo, std_fifo, n, true);
		compare(weft_bitmap, std_bitmap, n, true);
	}
	return 0;
}
