/* std.cc - the same of the C++ standard library. */
#include <bitset>
#include <deque>
#include <list>
#include <map>
#include <queue>
#include <unordered_map>
#include <vector>
#include "costs.h"

/* --- queues ------------------------------------------------------------ */
/* A node that is taken out is kept for the next that comes in: no allocation is counted. */
using multimap = std::multimap<unsigned long, item *>;
static multimap ordered;
static std::vector<multimap::node_type> spare;

static void ordered_insert(item *i)
{
	if (spare.empty()) {
		ordered.emplace(i->key, i);
		return;
	}
	spare.back().key() = i->key;
	spare.back().mapped() = i;
	ordered.insert(std::move(spare.back()));
	spare.pop_back();
}

static item *ordered_pop()
{
	spare.push_back(ordered.extract(ordered.begin()));
	return spare.back().mapped();
}

static unsigned long ordered_walk()
{
	unsigned long sum = 0;

	for (auto &pair : ordered)
		sum += pair.first;
	return sum;
}

struct later {
	bool operator()(const std::pair<unsigned long, item *> &a, const std::pair<unsigned long, item *> &b) const
	{
		return a.first > b.first;
	}
};

static std::priority_queue<std::pair<unsigned long, item *>, std::vector<std::pair<unsigned long, item *>>, later> priorities;

static void priority_insert(item *i)
{
	priorities.emplace(i->key, i);
}

static item *priority_pop()
{
	item *i = priorities.top().second;

	priorities.pop();
	return i;
}

extern "C" {
const struct queue std_map_queue = { "std::multimap", 0, ordered_insert, ordered_pop, nullptr, ordered_walk, nullptr };
const struct queue std_heap = { "std::priority_queue", 0, priority_insert, priority_pop, nullptr, nullptr, nullptr };
}

/* --- maps -------------------------------------------------------------- */
template <typename Map> struct library {
	static inline Map map;

	static void reserve(unsigned long n)
	{
		map.clear();
		if constexpr (requires { map.reserve(n); })
			map.reserve(n);
	}
	static void insert(unsigned int key) { map.emplace(key, nullptr); }
	static int find(unsigned int key) { return map.find(key) != map.end(); }
	static void erase(unsigned int key) { map.erase(key); }
};

using tree_library = library<std::map<unsigned int, void *>>;
using hash_library = library<std::unordered_map<unsigned int, void *>>;

extern "C" {
const struct map std_map = { "std::map", tree_library::reserve, tree_library::insert, tree_library::find, tree_library::erase };
const struct map std_hash = { "std::unordered_map", hash_library::reserve, hash_library::insert, hash_library::find,
			      hash_library::erase };
}

/* --- a list, a queue, bits --------------------------------------------- */
static std::list<unsigned int> members;
static std::vector<std::list<unsigned int>::iterator> places;

static void list_reserve(unsigned long n) { places.resize(n); }
static void list_add(unsigned int key) { places[key] = members.insert(members.end(), key); }
static void list_del(unsigned int key) { members.erase(places[key]); }

static std::deque<unsigned int> fifo;
unsigned int sum_of_deque;

static void fifo_reserve(unsigned long) { }
static void fifo_put(unsigned int key) { fifo.push_back(key); }
static void fifo_get(unsigned int)
{
	sum_of_deque += fifo.front();
	fifo.pop_front();
}

static std::bitset<(MOST + 1) * GAP + 1> bits;

static void bits_reserve(unsigned long) { bits.reset(); }
static void bit_set(unsigned int key) { bits[(key + 1ul) * GAP] = true; }
static void bit_clear(unsigned int key) { bits[(key + 1ul) * GAP] = false; }
static int bit_next(unsigned int key) { return bits._Find_next(key * static_cast<unsigned long>(GAP)) == (key + 1ul) * GAP; }

extern "C" {
const struct map std_ring = { "std::list", list_reserve, list_add, nullptr, list_del };
const struct map std_fifo = { "std::deque", fifo_reserve, fifo_put, nullptr, fifo_get };
const struct map std_bitmap = { "std::bitset", bits_reserve, bit_set, bit_next, bit_clear };
}
