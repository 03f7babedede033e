/* list.c - linux/list.h's rings against arrays. */
#include <string.h>
#include <linux/list.h>
#include "host.h"

#define FOXES	24
#define LISTS	3
#define NOWHERE	(-1)

static struct fox {
	int number;
	struct list_head list;
} foxes[FOXES];

static struct list_head heads[LISTS];

/* The model: the foxes of each list in order, and where each fox is. */
static int model[LISTS][FOXES], count[LISTS], where[FOXES];

static int position(int fox)
{
	int *list = model[where[fox]], i = 0;

	while (list[i] != fox)
		i++;
	return i;
}

static void model_add(int list, int at, int fox)
{
	memmove(&model[list][at + 1], &model[list][at],
		(count[list] - at) * sizeof(int));
	model[list][at] = fox;
	count[list]++;
	where[fox] = list;
}

static void model_del(int fox)
{
	int list = where[fox], at = position(fox);

	count[list]--;
	memmove(&model[list][at], &model[list][at + 1],
		(count[list] - at) * sizeof(int));
	where[fox] = NOWHERE;
}

/* All of @from into @to, beginning at @at. */
static void model_splice(int from, int to, int at)
{
	while (count[from]) {
		int fox = model[from][count[from] - 1];

		model_del(fox);
		model_add(to, at, fox);
	}
}

/* The invariant: every link has its counterpart; and the model's order. */
static void check(int list)
{
	struct list_head *head = &heads[list], *link = head;
	struct fox *fox;
	int i = 0;

	do {
		CHECK(link->next->prev == link && link->prev->next == link);
		link = link->next;
	} while (link != head && i++ <= FOXES);
	CHECK(i == count[list]);
	i = 0;
	list_for_each_entry(fox, head, list)
		CHECK(fox->number == model[list][i++]);
	list_for_each_entry_reverse(fox, head, list)
		CHECK(fox->number == model[list][--i]);
	CHECK(i == 0);
	CHECK(list_empty(head) == !count[list]);
	CHECK(list_is_singular(head) == (count[list] == 1));
}

static void empty_all(int list)
{
	struct fox *fox, *next;

	list_for_each_entry_safe(fox, next, &heads[list], list) {
		list_del_init(&fox->list);
		model_del(fox->number);
	}
}

static void add_or_move(int fox, int list, bool tail)
{
	struct list_head *link = &foxes[fox].list;
	bool old = where[fox] != NOWHERE;

	if (old)
		model_del(fox);
	model_add(list, tail ? count[list] : 0, fox);
	if (old)
		(tail ? list_move_tail : list_move)(link, &heads[list]);
	else
		(tail ? list_add_tail : list_add)(link, &heads[list]);
}

static void delete(int fox)
{
	struct list_head *link = &foxes[fox].list;

	if (where[fox] == NOWHERE)
		return;
	model_del(fox);
	list_del(link);
	CHECK(link->next == LIST_POISON1 && link->prev == LIST_POISON2);
}

/* All of @from into @to; without _init it is for a head that is to be made anew. */
static void splice(int from, int to, int how)
{
	struct list_head *list = &heads[from], *head = &heads[to];
	bool tail = how & 1;

	model_splice(from, to, tail ? count[to] : 0);
	if (how & 2) {
		(tail ? list_splice_tail : list_splice)(list, head);
		INIT_LIST_HEAD(list);
	} else {
		(tail ? list_splice_tail_init : list_splice_init)(list, head);
	}
}

static void rotate(int list)
{
	if (count[list]) {
		int first = model[list][0];

		model_del(first);
		model_add(list, count[list], first);
	}
	list_rotate_left(&heads[list]);
}

/* One that is in no list takes the place of @old. */
static void replace(int old)
{
	int new = 0, list = where[old], at;

	while (new < FOXES && where[new] != NOWHERE)
		new++;
	if (list == NOWHERE || new == FOXES)
		return;
	at = position(old);
	model_del(old);
	model_add(list, at, new);
	list_replace(&foxes[old].list, &foxes[new].list);
}

static void step(struct input *in)
{
	int op = take(in), fox = take(in) % FOXES;
	int list = fox % LISTS, other = (list + 1) % LISTS;

	switch (op % 8) {
	case 0: case 1:
		add_or_move(fox, op / 8 % LISTS, false);
		break;
	case 2: case 3:
		add_or_move(fox, op / 8 % LISTS, true);
		break;
	case 4: case 5:
		delete(fox);
		break;
	case 6:
		splice(list, other, op / 8);
		break;
	case 7:
		if (op == 7)
			empty_all(list);
		else if (op & 8)
			rotate(list);
		else
			replace(fox);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = INPUT(data, size);

	memset(count, 0, sizeof(count));
	for (int i = 0; i < LISTS; i++)
		INIT_LIST_HEAD(&heads[i]);
	for (int i = 0; i < FOXES; i++) {
		foxes[i].number = i;
		where[i] = NOWHERE;
	}
	while (more(&in)) {
		step(&in);
		for (int i = 0; i < LISTS; i++)
			check(i);
	}
	for (int i = 0; i < FOXES; i++)
		observe(where[i] == NOWHERE ? FOXES : position(i));
	return 0;
}
