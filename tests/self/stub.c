/*
 * A stand-in kernel for the tests of the host side. It speaks the serial
 * protocol of the real one and misbehaves on demand: the command line word
 * "act=NAME" picks what goes wrong (see main() below), so that each verdict of
 * the judge is shown on a machine and not only on a planted log.
 *
 * Build: i686-linux-gnu-gcc -m32 -ffreestanding -nostdlib -static -fno-pie
 *        -no-pie -fno-stack-protector -g -Wl,-Ttext=0x1000000,--build-id=none \
 *        stub.c -o stub.elf
 */
__asm__(
".text\n"
"	.long 0x1badb002, 3, -(0x1badb002 + 3)\n"
".globl _start\n"
"_start:\n"
"	mov $stack_top, %esp\n"
"	push %ebx\n"
"	call main\n"
"1:	cli; hlt; jmp 1b\n"
".bss\n"
".space 4096\n"
"stack_top:\n"
".text\n");

static inline void outb(unsigned short port, unsigned char v)
{
	__asm__ volatile("outb %0, %1" : : "a"(v), "Nd"(port));
}

static inline unsigned char inb(unsigned short port)
{
	unsigned char v;

	__asm__ volatile("inb %1, %0" : "=a"(v) : "Nd"(port));
	return v;
}

static void print(const char *s)
{
	for (; *s; s++) {
		while (!(inb(0x3fd) & 0x20))
			;
		outb(0x3f8, *s);
	}
}

static int has(const char *line, const char *word)
{
	const char *a, *b;

	for (; *line; line++) {
		for (a = line, b = word; *b && *a == *b; a++, b++)
			;
		if (!*b && (*a == ' ' || *a == 0))
			return 1;
	}
	return 0;
}

static void off(unsigned char verdict)
{
	const char *s;

	while (!(inb(0x3fd) & 0x40))
		;			/* until the last byte is out */
	outb(0xf4, verdict);
	for (s = "Shutdown"; *s; s++)
		outb(0x8900, *s);
	for (;;)
		__asm__ volatile("cli; hlt");
}

void hang(void)
{
	for (;;)
		;
}

static void shell(void)
{
	int c;

	print("weft:00> ");
	for (;;) {
		while (!(inb(0x3fd) & 1))
			;
		c = inb(0x3f8);
		if (c == 'q')
			off(0x10);
		if (c != '\n')
			print(c == 'p' ? "pong\nweft:00> " : "?");
	}
}

void main(unsigned *mbi)
{
	const char *line = (mbi[0] & 4) ? (const char *)mbi[4] : "";
	volatile int i;

	outb(0x3fb, 3);			/* eight bits, no parity */
	print("stub: ");
	print(line);
	print("\n");
	if (has(line, "act=early-hang"))
		hang();
	if (has(line, "act=shell"))
		shell();
	print("weft:00> test\nKTAP version 1\n# calibrate: begin\n");
	for (i = 0; i < 2000000; i++)
		;
	print("# calibrate: end\n");
	if (!has(line, "act=no-plan"))
		print("1..3\n");
	print("ok 1 - DEMO-01 the first claim\n");
	if (has(line, "act=hang"))
		hang();
	if (has(line, "act=halt"))
		for (;;)
			__asm__ volatile("cli; hlt");
	if (has(line, "act=reset"))
		__asm__ volatile("lidt %0; int $3" : : "m"(*(long long *)0x1000));
	if (has(line, "act=flood"))
		for (;;)
			print("Oops: again and again and again and again\n");
	if (has(line, "act=panic")) {
		print("<0>Kernel panic - not syncing: asked for\n");
		off(0x12);
	}
	if (has(line, "act=oops"))
		print("<1>BUG: unable to handle NULL pointer dereference\n");
	if (has(line, "act=error-line"))
		print("<3>disk: lost an interrupt\n");
	if (has(line, "act=early-off"))
		off(0x10);
#ifdef FLAKY				/* it dislikes much memory */
	if (mbi[2] > 600 << 10)
		line = "act=fail";
#endif
	if (has(line, "act=fail"))
		print("# stub.c:99: 1 == 2\nnot ok 2 - DEMO-02 the second claim\n");
	else
		print("ok 2 - DEMO-02 the second claim\n");
	if (has(line, "act=twice"))
		print("ok 2 - DEMO-02 the second claim\n");
	print("ok 3 - the third claim, of no row # SKIP needs smp\n");
	if (has(line, "act=no-off"))
		hang();
	print("weft:00> off\n");
	off(has(line, "act=fail") || has(line, "act=wrong-status") ? 0x11 : 0x10);
}
