#!/usr/bin/env python3
"""The identifiers: what ctags and our teaching find, what [[name]] means at a checkpoint, what a chunk uses."""


from scratch import Scratch, done, ok, same
import idents as module
from book import Book
from idents import Idents

ONE = '''<<include/linux/a.h*>>=
#ifndef _LINUX_A_H
#define _LINUX_A_H
#define __section(s)	__attribute__((section(s)))
#define __packed	__attribute__((packed))
#define MAX(a, b)	((a) > (b) ? (a) : (b))
typedef unsigned int u32;
enum state { RUNNING, STOPPED };
struct task {
	u32 pid;
	<<task: fields>>
	void (*run)(struct task *task);
} __packed;
struct other {
	u32 pid;
	u32 alone;
};
int f(struct task *task, int flags);
#endif
@

<<kernel/a.c*>>=
static int counter;
static const struct task first __section(".tasks") = { };
DEFINE_SPINLOCK(big_lock);
static LIST_HEAD(tasks);
static DEFINE_PER_CPU(struct task *, current_task);
<<a: f>>

SYSCALL_DEFINE1(close, unsigned int, fd)
{
	return f(0, fd);
}
EXPORT_SYMBOL(f);
KTEST("ROW-01", "it works")
{
	int local = counter;
}
early_initcall(setup);
@

<<a: f>>=
int f(struct task *task, int flags)
{
	char *tasks = "in a string RUNNING";	/* in a comment MAX */

	task->alone = task->pid + first.alone;
	return MAX(flags, STOPPED);
}
@

<<kernel/b.c*>>=
static int counter;
int g(void)
{
	return counter++;
}
@

<<kernel/entry.S*>>=
#define FRAME 16
	.globl start
start:	jmp	1f
ENTRY(system_call)
1:	ret
@

<<kernel/weft.lds>>=
_text = .;
@

<<Kconfig>>=
config SMP
	bool "Several processors"
@
'''
TWO = '''<<task: fields>>=
int prio;
@
<<a: f [replace]>>=
int f(struct task *task, int flags)
{
	return task->prio + later();
}

int later(void)
{
	return 0;
}
@
'''

scratch = Scratch({'chapters/01-one.nw': ONE, 'chapters/02-two.nw': TWO})
book = Book.load(scratch.path)
idents = Idents(book)
one, two = (book.state(chapter) for chapter in book.chapters)
lines = {path: (scratch.path / path).read_text().split('\n') for path in ('chapters/01-one.nw', 'chapters/02-two.nw')}


def means(text, state, kind, begins, what, path='chapters/01-one.nw'):
    """The identifier is of a kind, and stands on the line that begins so."""
    found = idents.resolve(text, state)
    place = found and lines[found.path][found.line - 1].strip()
    ok(found and getattr(found, 'kind', 'chunk') == kind and found.path == path and place.startswith(begins), what or f'{text}: {kind}',
       f'found: {found!r}', place)


for text, kind, begins in (
        ('MAX', 'macro', '#define MAX'), ('u32', 'typedef', 'typedef'), ('RUNNING', 'enumerator', 'enum state'), ('struct task', 'struct', 'struct task {'),
        ('enum state', 'enum', 'enum state'), ('task.run', 'member', 'void (*run)'), ('task->alone', 'member', 'u32 alone'),
        ('counter', 'variable', 'static int counter'), ('first', 'variable', 'static const'), ('big_lock', 'variable', 'DEFINE_SPINLOCK'),
        ('tasks', 'variable', 'static LIST_HEAD'), ('current_task', 'variable', 'static DEFINE_PER_CPU'), ('sys_close', 'function', 'SYSCALL_DEFINE1'),
        ('g()', 'function', 'int g'), ('start', 'label', 'start:'), ('system_call', 'label', 'ENTRY'), ('FRAME', 'macro', '#define FRAME'),
        ('_text', 'label', '_text'), ('CONFIG_SMP', 'config', 'config SMP'), ('__section', 'macro', '#define __section'),
        ('a: f', 'chunk', '<<a: f>>='), ('kernel/b.c', 'chunk', '<<kernel/b.c*>>='), ('entry.S', 'chunk', '<<kernel/entry.S*>>='),
        ('<linux/a.h>', 'chunk', '<<include/linux/a.h*>>=')):
    means(text, one, kind, begins, '')
for text in ('local', '_LINUX_A_H', 'KTEST', 'EXPORT_SYMBOL', 'early_initcall', 'nothing', 'CONFIG_NOTHING', 'task->nothing', 'linux/b.h'):
    same(idents.resolve(text, one), None, f'{text} is nothing that the book defines')
same(idents.resolve('f', one).signature, 'int f(struct task *task, int flags)', "a function's signature")
same(idents.resolve('task->run', one).signature, 'void (*run)(struct task *task)', "a function pointer's")
same(idents.resolve('MAX', one).signature, '#define MAX(a, b)', "a macro's")

means('f', one, 'function', 'int f', 'the definition in force at checkpoint 1')
means('f', two, 'function', 'int f', 'and at checkpoint 2, which replaces it', 'chapters/02-two.nw')
means('later', one, 'function', 'int later', 'what only a later chapter defines is found there', 'chapters/02-two.nw')
means('task->prio', two, 'member', 'int prio', 'a member that a later chapter adds', 'chapters/02-two.nw')


def used(name, index=0):
    return [(i.name, i.kind) for i in idents.used(book.named(name)[index])]


same(used('a: f'), [('task', 'struct'), ('alone', 'member'), ('first', 'variable'), ('MAX', 'macro'), ('STOPPED', 'enumerator')],
     'what a chunk uses: no local name, no comment, no string, no member of unknown structure')
same([i.line for i in idents.used(book.first('kernel/b.c'))], [], 'what a chunk defines it does not use')
same([i.path for i in idents.used(book.named('a: f')[1]) if i.name == 'prio'], ['chapters/02-two.nw'], 'a chunk uses what is in force in its chapter')

before = {ident.line for ident in idents.named('g')}
scratch.write('chapters/01-one.nw', 'New prose.\n\n' + ONE)
real, module.tags_of = module.tags_of, None
again = Idents(Book.load(scratch.path))
same({ident.line for ident in again.named('g')}, {line + 2 for line in before}, 'new prose moves the lines without a run of ctags')
module.tags_of = real
scratch.write('chapters/01-one.nw', ONE.replace('int g(', 'int h('))
again = Idents(Book.load(scratch.path))
ok(again.named('h') and not again.named('g'), 'new code is looked at again')
(scratch.path / 'build/idents.json').write_text('half a fi')
ok(Idents(Book.load(scratch.path)).named('h'), 'a broken cache is made anew')
done()
