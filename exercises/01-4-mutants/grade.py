"""Grader of exercise 01-4: list_item_ok() meets the real function and seven that only look like it."""

from grading import claim, equal


def opinion(k, name):
    return k.call('list_item_ok', k.address(name)) & 0xff


def caught(k, name, fault):
    for real in ('list_item', 'grader_right'):
        equal(opinion(k, real), 1, f'list_item_ok() of a function that keeps the contract ({real})')
    equal(opinion(k, name), 0, f'list_item_ok() of one where {fault}')
    equal(opinion(k, 'list_item'), 1, 'list_item_ok() of list_item() afterwards')


@claim(2, 'the real one is accepted, and one that takes a blank for part of an item is not')
def blank(k, rng):
    caught(k, 'grader_blank', 'a blank does not end the list')


@claim(1, 'a byte written behind the buffer is noticed')
def overrun(k, rng):
    caught(k, 'grader_overrun', 'a long item is written one byte past the buffer')


@claim(1, 'a list that never ends is noticed, and ends')
def endless(k, rng):
    caught(k, 'grader_endless', 'the last item comes again and again')


@claim(1, 'no list at all gives no item')
def null(k, rng):
    caught(k, 'grader_null', 'a NULL list has an item')


@claim(1, 'an empty item is an item')
def empty(k, rng):
    caught(k, 'grader_empty', 'an empty item ends the list')


@claim(1, 'the list itself is left as it was')
def writes(k, rng):
    caught(k, 'grader_writes', 'the list is changed')


@claim(1, 'an item that just fits is not cut')
def cut(k, rng):
    caught(k, 'grader_cut', 'an item that just fits loses its last letter')
