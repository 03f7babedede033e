/* std.cc - the same of the C++ standard library. */
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
