/* lbench.c - small lmbench-like microbenchmarks for any kernel that speaks the
 * Linux i386 system-call ABI (int $0x80).
 *
 * Freestanding on purpose: its own _start, no libc, no vdso, no TLS, no FPU or
 * SSE, one read-execute and one read-write segment.  The same file of bytes
 * runs on Linux, on the kernel under test, and (by strace) on a 64-bit host.
 *
 *   i686-linux-gnu-gcc -O2 -march=i586 -mno-sse -ffreestanding -fno-pie -no-pie
 *     -fno-stack-protector -fno-asynchronous-unwind-tables -fcf-protection=none
 *     -nostdlib -static -Wl,--build-id=none -o lbench lbench.c -lgcc
 *
 *   lbench [-d dir] [-s percent] [-o prefix] [-P n] [-1] [-v] [-x] [-l]
 *     -d  directory to work in (default /tmp, else /); lbdir is made below it
 *     -s  scale the iteration counts        -o  only the rows with this prefix
 *     -P  add the rows with n processes at once (for SMP; not under icount)
 *     -1  do not fork a child for each row  -v  also print the five raw batches
 *     -x  end the machine afterwards        -l  list the rows
 *
 * Output, one row a line:   name <TAB> ns/op <TAB> cycles/op <TAB> iterations
 * A row that cannot run:    name <TAB> n/a <TAB> n/a <TAB> reason
 * Lines that begin with '#' are comments.  Each number is the median of five
 * batches after one warm-up batch.  ns comes from clock_gettime(MONOTONIC) (or
 * gettimeofday), cycles from rdtsc.
 */
typedef unsigned int u32;
typedef unsigned long long u64;

/* ---- system calls ------------------------------------------------------ */

enum { NR_exit=1, NR_fork=2, NR_read=3, NR_write=4, NR_open=5, NR_close=6,
  NR_waitpid=7, NR_unlink=10, NR_execve=11, NR_mknod=14, NR_lseek=19, NR_getpid=20,
  NR_alarm=27, NR_kill=37, NR_mkdir=39, NR_rmdir=40, NR_dup=41, NR_pipe=42,
  NR_brk=45, NR_ioctl=54, NR_getppid=64, NR_sigaction=67, NR_gettimeofday=78,
  NR_reboot=88, NR_oldmmap=90, NR_munmap=91, NR_ioperm=101, NR_socketcall=102,
  NR_stat=106, NR_iopl=110, NR_wait4=114, NR_clone=120, NR_uname=122,
  NR_mprotect=125, NR_getdents=141, NR_select=142, NR_sched_yield=158,
  NR_nanosleep=162, NR_poll=168, NR_rt_sigaction=174, NR_mmap2=192,
  NR_stat64=195, NR_getdents64=220, NR_futex=240, NR_sched_setaffinity=241,
  NR_exit_group=252, NR_clock_gettime=265 };

enum { EPERM=1, ENOENT=2, EIO=5, EAGAIN=11, EINVAL=22, ENOSYS=38 };
enum { O_RDONLY=0, O_WRONLY=1, O_RDWR=2, O_CREAT=0100, O_EXCL=0200, O_TRUNC=01000,
       O_DIRECTORY=0200000 };
enum { PROT_READ=1, PROT_WRITE=2, MAP_SHARED=1, MAP_PRIVATE=2, MAP_ANON=0x20 };
enum { CLONE_VM=0x100, CLONE_FS=0x200, CLONE_FILES=0x400, CLONE_SIGHAND=0x800,
       CLONE_VFORK=0x4000, CLONE_THREAD=0x10000, CLONE_SYSVSEM=0x40000,
       CLONE_PARENT_SETTID=0x100000, CLONE_CHILD_CLEARTID=0x200000 };
enum { SIGKILL=9, SIGUSR1=10, SIGSEGV=11, SIGCHLD=17 };

#define PAGE 4096

static inline __attribute__((always_inline)) long
sc(long n, long a, long b, long c, long d, long e)
{
	long r;
	__asm__ volatile("int $0x80" : "=a"(r)
		: "0"(n), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e) : "memory");
	return r;
}
#define S0(n)           sc(n,0,0,0,0,0)
#define S1(n,a)         sc(n,(long)(a),0,0,0,0)
#define S2(n,a,b)       sc(n,(long)(a),(long)(b),0,0,0)
#define S3(n,a,b,c)     sc(n,(long)(a),(long)(b),(long)(c),0,0)
#define S4(n,a,b,c,d)   sc(n,(long)(a),(long)(b),(long)(c),(long)(d),0)

long sc6(long n, long a, long b, long c, long d, long e, long f);
long thr(long flags, void *top, int (*fn)(void *), void *arg, int *ptid, int *ctid);
void restore_plain(void), restore_rt(void);

__asm__(
".text\n.globl _start\n_start:\n"
"	xorl %ebp,%ebp\n	movl %esp,%eax\n	andl $-16,%esp\n"
"	subl $12,%esp\n	pushl %eax\n	call cmain\n	hlt\n"
".globl sc6\nsc6:\n"
"	pushl %ebp\n	pushl %edi\n	pushl %esi\n	pushl %ebx\n"
"	movl 20(%esp),%eax\n	movl 24(%esp),%ebx\n	movl 28(%esp),%ecx\n"
"	movl 32(%esp),%edx\n	movl 36(%esp),%esi\n	movl 40(%esp),%edi\n"
"	movl 44(%esp),%ebp\n	int $0x80\n"
"	popl %ebx\n	popl %esi\n	popl %edi\n	popl %ebp\n	ret\n"
/* thr: clone onto a new stack; the child runs fn(arg) and exits with its value */
".globl thr\nthr:\n"
"	pushl %ebx\n	pushl %esi\n	pushl %edi\n"
"	movl 16(%esp),%ebx\n	movl 20(%esp),%ecx\n	subl $8,%ecx\n"
"	movl 24(%esp),%eax\n	movl %eax,(%ecx)\n"
"	movl 28(%esp),%eax\n	movl %eax,4(%ecx)\n"
"	movl 32(%esp),%edx\n	xorl %esi,%esi\n	movl 36(%esp),%edi\n"
"	movl $120,%eax\n	int $0x80\n	testl %eax,%eax\n	jz 1f\n"
"	popl %edi\n	popl %esi\n	popl %ebx\n	ret\n"
"1:	popl %eax\n	call *%eax\n	movl %eax,%ebx\n"
"	movl $1,%eax\n	int $0x80\n	hlt\n"
".globl restore_plain\nrestore_plain:\n	popl %eax\n	movl $119,%eax\n	int $0x80\n"
".globl restore_rt\nrestore_rt:\n	movl $173,%eax\n	int $0x80\n");

void *memset(void *d, int c, u32 n) { char *p = d; while (n--) *p++ = c; return d; }
void *memcpy(void *d, const void *s, u32 n)
{ char *p = d; const char *q = s; while (n--) *p++ = *q++; return d; }

static long waitfor(long pid, int *st)
{
	long r = S3(NR_waitpid, pid, st, 0);
	if (r == -ENOSYS) r = S4(NR_wait4, pid, st, 0, 0);
	return r;
}
static void die(int code) { S1(NR_exit, code); for (;;) ; }
static void *mapmem(u32 len, int prot, int flags, int fd)
{
	long r = sc6(NR_mmap2, 0, len, prot, flags, fd, 0);
	if (r == -ENOSYS) {
		long a[6] = { 0, (long)len, prot, flags, fd, 0 };
		r = S1(NR_oldmmap, a);
	}
	return (void *)r;
}
#define BAD(p) ((u32)(p) >= 0xfffff000u)

/* ---- printing ---------------------------------------------------------- */

static char ob[512]; static int on;
static void oc(char c) { if (on < (int)sizeof ob) ob[on++] = c; }
static void os(const char *s) { while (*s) oc(*s++); }
static void ou(u64 v) { char t[24]; int i = 0; do t[i++] = '0' + v % 10; while (v /= 10); while (i) oc(t[--i]); }
static void of(u64 v100) { ou(v100 / 100); oc('.'); oc('0' + v100 / 10 % 10); oc('0' + v100 % 10); }
static void flush(void)
{
	static const long ts[2] = { 0, 20000000 };
	int p = 0; long r;
	while (p < on && (r = S3(NR_write, 1, ob + p, on - p)) > 0) p += r;
	on = 0;
	S3(NR_ioctl, 1, 0x5409, 1);             /* TCSBRK 1: tcdrain, let the UART empty */
	S2(NR_nanosleep, ts, 0);                /* let deferred work settle */
}
static void errname(long e)
{
	static const struct { int e; const char *s; } t[] = { {38,"ENOSYS"}, {1,"EPERM"},
		{2,"ENOENT"}, {9,"EBADF"}, {11,"EAGAIN"}, {12,"ENOMEM"}, {14,"EFAULT"}, {17,"EEXIST"},
		{20,"ENOTDIR"}, {22,"EINVAL"}, {23,"ENFILE"}, {24,"EMFILE"}, {27,"EFBIG"}, {28,"ENOSPC"},
		{30,"EROFS"}, {31,"EMLINK"}, {5,"EIO"}, {97,"EAFNOSUPPORT"} };
	for (u32 i = 0; i < sizeof t / sizeof *t; i++) if (t[i].e == e) { os(t[i].s); return; }
	os("errno "); ou(e);
}

/* ---- clocks ------------------------------------------------------------ */

static int clk;                             /* 1 clock_gettime, 2 gettimeofday, 0 none */
static u64 acc_ns, acc_cy, t0_ns, t0_cy;
static inline u64 rdtsc(void) { u64 v; __asm__ volatile("rdtsc" : "=A"(v)); return v; }
static u64 clock_ns(void)
{
	long t[2];
	if (clk == 1) { S2(NR_clock_gettime, 1, t); return t[0] * 1000000000ull + t[1]; }
	if (clk == 2) { S2(NR_gettimeofday, t, 0); return t[0] * 1000000000ull + t[1] * 1000ull; }
	return 0;
}

/* Empty on purpose: an emulator plugin (icprof.c) finds these four by address and counts between them. */
#define MARK(f) __attribute__((noinline)) void f(void) { __asm__ volatile("" ::: "memory"); }
MARK(mark_start) MARK(mark_stop) MARK(mark_reset) MARK(mark_print)

static void tstart(void) { t0_ns = clock_ns(); mark_start(); t0_cy = rdtsc(); }
static void tstop(void) { u64 c = rdtsc(); mark_stop(); acc_ns += clock_ns() - t0_ns; acc_cy += c - t0_cy; }

/* ---- work directory ---------------------------------------------------- */

static char base[128] = "/tmp", wd[160];
static char *cat(char *d, const char *a, const char *b)
{ char *p = d; while (*a) *p++ = *a++; while ((*p++ = *b++)) ; return d; }
static char *wp(const char *name) { static char b[3][256]; static int k; k = (k + 1) % 3; return cat(b[k], wd, name); }
static char *numbered(const char *pre, int i)
{
	char t[32]; int k = 0;
	while (*pre) t[k++] = *pre++;
	t[k++] = '0' + i / 1000 % 10; t[k++] = '0' + i / 100 % 10;
	t[k++] = '0' + i / 10 % 10; t[k++] = '0' + i % 10; t[k] = 0;
	return wp(t);
}
static char buf[65536] __attribute__((aligned(4096)));
static char stk[2][16384] __attribute__((aligned(16)));
static void **auxv; static char **envp;

static long mkfile(const char *p, u32 size)     /* a file of that size */
{
	long fd = S3(NR_open, p, O_RDWR | O_CREAT | O_TRUNC, 0755);
	if (fd < 0) return fd;
	while (size) {
		u32 k = size < sizeof buf ? size : sizeof buf;
		long r = S3(NR_write, fd, buf, k);
		if (r <= 0) { S1(NR_close, fd); S1(NR_unlink, p); return r ? r : -EIO; }
		size -= r;
	}
	S1(NR_close, fd);
	return 0;
}

/* ---- the rows ---------------------------------------------------------- */
/* A row runs n operations between tstart and tstop, returns 0 or -errno.   */

#define TRY(e)  do { long r_ = (e); if (r_ < 0) return r_; } while (0)
#define LOOP(n, body) do { tstart(); for (long i = 0; i < (n); i++) { body; } tstop(); } while (0)

static long r_rdtsc(long n, long a) { (void)a; LOOP(n, rdtsc()); return 0; }
static long r_loop(long n, long a)              /* one op is 1000 dependent adds and a loop */
{ (void)a; LOOP(n, for (int k = 0; k < 1000; k++) __asm__ volatile("" ::: "memory")); return 0; }
static long r_rep(long n, long a)               /* user copies of 4 KB; a is the unit */
{
	LOOP(n, {
		void *d = buf; void *s = buf + 8192; u32 c = PAGE / a;
		if (a == 1) __asm__ volatile("rep movsb" : "+D"(d), "+S"(s), "+c"(c) :: "memory");
		else __asm__ volatile("rep movsl" : "+D"(d), "+S"(s), "+c"(c) :: "memory");
	});
	return 0;
}
static long r_null(long n, long nr) { TRY(S0(nr)); LOOP(n, S0(nr)); return 0; }
static long r_vsys(long n, long nr)             /* the same through AT_SYSINFO (sysenter) */
{
	long f = 0, r;
	for (void **p = auxv; p[0]; p += 2) if ((long)p[0] == 32) f = (long)p[1];
	if (!f) return -ENOSYS;
	LOOP(n, __asm__ volatile("call *%1" : "=a"(r) : "r"(f), "0"(nr) : "memory", "ecx", "edx"));
	return 0;
}
static long r_zero(long n, long a)
{ (void)a; long fd = S3(NR_open, "/dev/zero", O_RDONLY, 0); TRY(fd);
  LOOP(n, S3(NR_read, fd, buf, 1)); S1(NR_close, fd); return 0; }
static long r_devnull(long n, long a)
{ (void)a; long fd = S3(NR_open, "/dev/null", O_WRONLY, 0); TRY(fd);
  LOOP(n, S3(NR_write, fd, buf, 1)); S1(NR_close, fd); return 0; }
static long statnr(const char *p)
{
	long r = S2(NR_stat64, p, buf);
	if (r != -ENOSYS) return r < 0 ? r : NR_stat64;
	r = S2(NR_stat, p, buf);
	return r < 0 ? r : NR_stat;
}
static long r_stat(long n, long deep)
{
	char d[256]; long nr;
	if (!deep) cat(d, wp("/f"), ""); else cat(d, wp(""), "");
	for (int k = 0; k < deep; k++) { cat(d, d, "/dir"); S2(NR_mkdir, d, 0755); }
	if (deep) cat(d, d, "/f");
	TRY(mkfile(d, 0));
	TRY(nr = statnr(d));
	LOOP(n, S2(nr, d, buf));
	S1(NR_unlink, d);
	for (; deep; deep--) { char *e = d; while (*e) e++; while (*e != '/') e--; *e = 0; S1(NR_rmdir, d); }
	return 0;
}
static long r_open(long n, long a)
{
	(void)a; char *p = wp("/f"); TRY(mkfile(p, 0));
	LOOP(n, { long fd = S3(NR_open, p, O_RDONLY, 0); S1(NR_close, fd); });
	S1(NR_unlink, p); return 0;
}
static long r_dup(long n, long a)
{ (void)a; long d = S1(NR_dup, 1); TRY(d); TRY(S1(NR_close, d));
  LOOP(n, { long fd = S1(NR_dup, 1); S1(NR_close, fd); }); return 0; }

struct ksa { void *h; u32 flags; void (*rest)(void); u32 mask[2]; };
static volatile u32 nsig; static char *segpage;
static void on_sig(int s) { (void)s; nsig++; }
static void on_segv(int s) { (void)s; nsig++; S3(NR_mprotect, segpage, PAGE, PROT_READ | PROT_WRITE); }
static long setsig(int sig, void *h, int rt)
{
	struct ksa k = { h, 0x04000000u | (rt ? 4 : 0), rt ? restore_rt : restore_plain, { 0, 0 } };
	return S4(NR_rt_sigaction, sig, &k, 0, 8);
}
static long r_sigact(long n, long a)
{ (void)a; TRY(setsig(SIGUSR1, on_sig, 0)); LOOP(n, setsig(SIGUSR1, on_sig, 0)); return 0; }
static long r_signal(long n, long rt)
{
	TRY(setsig(SIGUSR1, on_sig, rt)); long me = S0(NR_getpid); u32 c = nsig;
	LOOP(n, S2(NR_kill, me, SIGUSR1));
	return nsig - c == (u32)n ? 0 : -EIO;
}
static long r_segv(long n, long a)              /* write to a read-only page, handler unprotects it */
{
	(void)a; TRY(setsig(SIGSEGV, on_segv, 0));
	segpage = mapmem(PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1);
	if (BAD(segpage)) return (long)segpage;
	*(volatile char *)segpage = 1;
	TRY(S3(NR_mprotect, segpage, PAGE, PROT_READ));
	LOOP(n, { *(volatile char *)segpage = 1; S3(NR_mprotect, segpage, PAGE, PROT_READ); });
	S2(NR_munmap, segpage, PAGE); return 0;
}
static long r_mprotect(long n, long a)
{
	(void)a; char *p = mapmem(PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1);
	if (BAD(p)) return (long)p;
	*(volatile char *)p = 1;
	TRY(S3(NR_mprotect, p, PAGE, PROT_READ));
	LOOP(n, { S3(NR_mprotect, p, PAGE, PROT_READ | PROT_WRITE); S3(NR_mprotect, p, PAGE, PROT_READ); });
	S2(NR_munmap, p, PAGE); return 0;
}

#define NPG 256
static long r_fault(long n, long wr)
{
	for (; n > 0; n -= NPG) {
		volatile char *p = mapmem(NPG * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1);
		if (BAD(p)) return (long)p;
		tstart();
		if (wr) for (int i = 0; i < NPG; i++) p[i * PAGE] = 1;
		else    for (int i = 0; i < NPG; i++) (void)p[i * PAGE];
		tstop();
		S2(NR_munmap, p, NPG * PAGE);
	}
	return 0;
}
static long r_cow(long n, long a)               /* the parent writes while a child still shares */
{
	(void)a;
	volatile char *p = mapmem(NPG * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1);
	if (BAD(p)) return (long)p;
	for (int i = 0; i < NPG; i++) p[i * PAGE] = 1;
	for (; n > 0; n -= NPG) {
		int f[2]; TRY(S1(NR_pipe, f));
		long pid = S0(NR_fork); TRY(pid);
		if (!pid) { S1(NR_close, f[1]); S3(NR_read, f[0], buf, 1); die(0); }
		tstart(); for (int i = 0; i < NPG; i++) p[i * PAGE] = 2; tstop();
		S1(NR_close, f[0]); S1(NR_close, f[1]); waitfor(pid, 0);
	}
	S2(NR_munmap, p, NPG * PAGE); return 0;
}
static long r_mmap(long n, long touch)
{
	void *q = mapmem(PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1);
	if (BAD(q)) return (long)q;
	TRY(S2(NR_munmap, q, PAGE));
	LOOP(n, {
		volatile char *p = mapmem(PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1);
		if (touch) *p = 1;
		S2(NR_munmap, p, PAGE);
	});
	return 0;
}
static long r_brk(long n, long touch)
{
	long b = S1(NR_brk, 0); TRY(b == -ENOSYS ? b : 0);
	long want = (b + 2 * PAGE - 1) & -PAGE;
	if (S1(NR_brk, want) != want) return -12;
	LOOP(n, { S1(NR_brk, want + PAGE); if (touch) *(volatile char *)want = 1; S1(NR_brk, want); });
	return 0;
}

static long r_fork(long n, long dirty)
{
	volatile char *p = 0;
	if (dirty) {
		p = mapmem(dirty * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1);
		if (BAD(p)) return (long)p;
		for (int i = 0; i < dirty; i++) p[i * PAGE] = 1;
	}
	tstart();
	for (long i = 0; i < n; i++) {
		long pid = S0(NR_fork); TRY(pid);
		if (!pid) die(0);
		waitfor(pid, 0);
	}
	tstop();
	if (dirty) S2(NR_munmap, p, dirty * PAGE);
	return 0;
}
/* the smallest ELF: xor ebx,ebx; mov eax,1; int 0x80 */
static const unsigned char tiny[] = {
	0x7f,'E','L','F',1,1,1,0, 0,0,0,0,0,0,0,0, 2,0, 3,0, 1,0,0,0, 0x54,0x80,0x04,0x08,
	52,0,0,0, 0,0,0,0, 0,0,0,0, 52,0, 32,0, 1,0, 0,0,0,0,0,0,
	1,0,0,0, 0,0,0,0, 0,0x80,0x04,0x08, 0,0x80,0x04,0x08, 93,0,0,0, 93,0,0,0, 5,0,0,0, 0,0x10,0,0,
	0x31,0xdb, 0xb8,1,0,0,0, 0xcd,0x80 };
static char *const targv[] = { "t", 0 };
static char *xpath; static char *const *xargv;
static int spawned(void *x) { (void)x; S3(NR_execve, xpath, xargv, envp); return 127; }
static long r_exec(long n, long how)            /* 0 fork, 1 clone(VM|VFORK), 2 sh -c, 3 sh with ten pipelines */
{
	static char *const shargv[] = { "sh", "-c", "exit 0", 0 };
	static char *const plargv[] = { "sh", "-c",
		"i=0; while [ $i -lt 10 ]; do echo $i | /bin/sh -c 'read x'; i=$((i+1)); done", 0 };
	char p[256]; int st = 0;
	if (how < 2) {
		cat(p, wp("/t"), "");
		long fd = S3(NR_open, p, O_WRONLY | O_CREAT | O_TRUNC, 0755);
		if (fd == -ENOSYS) cat(p, "/bin/tiny", "");     /* no files yet: the same bytes from the boot archive */
		else { TRY(fd); S3(NR_write, fd, tiny, sizeof tiny); S1(NR_close, fd); }
		xpath = p; xargv = targv;
	} else {
		xpath = "/bin/sh"; xargv = how == 2 ? shargv : plargv; TRY(statnr(xpath));
	}
	tstart();
	for (long i = 0; i < n; i++) {
		long pid = how == 1 ? thr(CLONE_VM | CLONE_VFORK | SIGCHLD, stk[0] + sizeof stk[0], spawned, 0, 0, 0)
		                    : S0(NR_fork);
		TRY(pid);
		if (!pid) die(spawned(0));
		waitfor(pid, &st);
		if (st) return -ENOENT;
	}
	tstop();
	if (how < 2) S1(NR_unlink, p);
	return 0;
}
static int thread_nop(void *x) { (void)x; return 0; }
static long futex(volatile int *u, int op, int v) { return sc6(NR_futex, (long)u, op, v, 0, 0, 0); }
static long r_thread(long n, long how)          /* 0 joined by waitpid, 1 by CLEARTID and futex */
{
	static int tid;
	int fl = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND;
	int zero = 0;
	if (how) { long r = futex(&zero, 1, 1); TRY(r); }
	tstart();
	for (long i = 0; i < n; i++) {
		if (!how) {
			long pid = thr(fl | SIGCHLD, stk[0] + sizeof stk[0], thread_nop, 0, 0, 0); TRY(pid);
			waitfor(pid, 0);
		} else {
			tid = -1;
			TRY(thr(fl | CLONE_THREAD | CLONE_SYSVSEM | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID,
				stk[0] + sizeof stk[0], thread_nop, 0, &tid, &tid));
			int t; while ((t = *(volatile int *)&tid)) futex(&tid, 0, t);
		}
	}
	tstop();
	return 0;
}

static long r_pipeself(long n, long a)
{ (void)a; int f[2]; TRY(S1(NR_pipe, f));
  LOOP(n, { S3(NR_write, f[1], buf, 1); S3(NR_read, f[0], buf, 1); });
  S1(NR_close, f[0]); S1(NR_close, f[1]); return 0; }

static long r_ring(long n, long procs)          /* n hops of a 1-byte token round a ring of processes */
{
	int first[2], prev, f[2]; long kids[64]; int nk = 0;
	TRY(S1(NR_pipe, first));
	prev = first[0];
	for (int i = 1; i < procs; i++) {
		TRY(S1(NR_pipe, f));
		long pid = S0(NR_fork); TRY(pid);
		if (!pid) {
			S1(NR_close, first[1]); S1(NR_close, f[0]);
			while (S3(NR_read, prev, buf, 1) == 1) S3(NR_write, f[1], buf, 1);
			die(0);
		}
		kids[nk++] = pid;
		S1(NR_close, prev); S1(NR_close, f[1]); prev = f[0];
	}
	S3(NR_write, first[1], buf, 1); S3(NR_read, prev, buf, 1);      /* everyone is up */
	LOOP(n / procs, { S3(NR_write, first[1], buf, 1); S3(NR_read, prev, buf, 1); });
	S1(NR_close, first[1]); S1(NR_close, prev);
	while (nk) waitfor(kids[--nk], 0);
	return 0;
}
static long pingpong(long n, int mr, int mw, int cr, int cw)
{
	long pid = S0(NR_fork); TRY(pid);
	if (!pid) {
		S1(NR_close, mr); if (mw != mr) S1(NR_close, mw);
		while (S3(NR_read, cr, buf, 1) == 1) S3(NR_write, cw, buf, 1);
		die(0);
	}
	S1(NR_close, cr); if (cw != cr) S1(NR_close, cw);
	S3(NR_write, mw, buf, 1); S3(NR_read, mr, buf, 1);
	LOOP(n, { S3(NR_write, mw, buf, 1); S3(NR_read, mr, buf, 1); });
	S1(NR_close, mw); if (mr != mw) S1(NR_close, mr);
	waitfor(pid, 0);
	return 0;
}
static long r_pipertt(long n, long a)
{ (void)a; int x[2], y[2]; TRY(S1(NR_pipe, x)); TRY(S1(NR_pipe, y)); return pingpong(n, y[0], x[1], x[0], y[1]); }
static long r_unixrtt(long n, long a)
{
	(void)a; int s[2]; long v[4] = { 1, 1, 0, (long)s };
	TRY(S2(NR_socketcall, 8, v));
	return pingpong(n, s[0], s[0], s[1], s[1]);
}
static long r_pipebw(long n, long blk)
{
	int f[2]; TRY(S1(NR_pipe, f));
	long pid = S0(NR_fork); TRY(pid);
	if (!pid) { S1(NR_close, f[0]); while (S3(NR_write, f[1], buf, blk) > 0) ; die(0); }
	S1(NR_close, f[1]);
	S3(NR_read, f[0], buf, blk);
	tstart();
	for (long want = n * blk; want > 0;) {
		long r = S3(NR_read, f[0], buf, want < blk ? want : blk);
		if (r <= 0) return -EIO;
		want -= r;
	}
	tstop();
	S2(NR_kill, pid, SIGKILL); S1(NR_close, f[0]); waitfor(pid, 0);
	return 0;
}
static long r_poll(long n, long k)
{
	struct { int fd; short ev, rev; } p[16]; int f[2]; TRY(S1(NR_pipe, f));
	for (int i = 0; i < k; i++) { p[i].fd = f[0]; p[i].ev = 1; }
	TRY(S3(NR_poll, p, k, 0));
	LOOP(n, S3(NR_poll, p, k, 0));
	S1(NR_close, f[0]); S1(NR_close, f[1]); return 0;
}
static long r_yield(long n, long others)
{
	TRY(S0(NR_sched_yield)); long pid = 0;
	if (others) {                           /* the other one yields longer than we do, or until killed */
		pid = S0(NR_fork); TRY(pid);
		if (!pid) { for (long k = n * 20; k; k--) S0(NR_sched_yield); die(0); }
		S0(NR_sched_yield);
	}
	LOOP(n, S0(NR_sched_yield));
	if (pid) { S2(NR_kill, pid, SIGKILL); waitfor(pid, 0); }
	return 0;
}
static long r_sleep(long n, long ns)
{
	long ts[2] = { 0, ns }; TRY(S2(NR_nanosleep, ts, 0));
	LOOP(n, S2(NR_nanosleep, ts, 0)); return 0;
}
static long r_gtod(long n, long a)
{ (void)a; TRY(S2(NR_gettimeofday, buf, 0)); LOOP(n, S2(NR_gettimeofday, buf, 0)); return 0; }
static long r_cgt(long n, long a)
{ (void)a; TRY(S2(NR_clock_gettime, 1, buf)); LOOP(n, S2(NR_clock_gettime, 1, buf)); return 0; }

static long r_futex(long n, long op)            /* op 1: wake with no waiter; 0: wait, value differs */
{
	static volatile int w; long r = futex(&w, op, 1);
	if (r != -EAGAIN) TRY(r);
	LOOP(n, futex(&w, op, 1)); return 0;
}
static volatile int fa, fb;                     /* two threads hand a token to and fro */
static int futex_peer(void *x)
{
	long n = (long)x;
	while (n--) {
		while (!fa) futex(&fa, 0, 0);
		fa = 0; fb = 1; futex(&fb, 1, 1);
	}
	return 0;
}
static long r_futexpp(long n, long a)
{
	(void)a; int zero = 0; long r = futex(&zero, 1, 1); TRY(r);
	fa = fb = 0;
	long pid = thr(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | SIGCHLD,
		stk[1] + sizeof stk[1], futex_peer, (void *)(n + 1), 0, 0);
	TRY(pid);
	for (long i = -1; i < n; i++) {
		if (!i) tstart();
		fa = 1; futex(&fa, 1, 1);
		while (!fb) futex(&fb, 0, 0);
		fb = 0;
	}
	tstop();
	waitfor(pid, 0); return 0;
}

/* files: n files are made, then removed; which part is timed is a & 1, the size a >> 1 */
static long r_files(long n, long a)
{
	long size = a >> 1, timed_unlink = a & 1, r = 0;
	if (!timed_unlink) tstart();
	for (long i = 0; i < n && r >= 0; i++) {
		long fd = r = S3(NR_open, numbered("/c", i), O_WRONLY | O_CREAT | O_EXCL, 0644);
		if (fd < 0) break;
		if (size) r = S3(NR_write, fd, buf, size);
		S1(NR_close, fd);
	}
	if (timed_unlink) tstart(); else tstop();
	for (long i = 0; i < n; i++) S1(NR_unlink, numbered("/c", i));
	if (timed_unlink) tstop();
	return r < 0 ? r : 0;
}
static long r_readfile(long n, long a)          /* n reads; a = file KB << 8 | read KB */
{
	u32 size = (a >> 8) * 1024, blk = (a & 255) * 1024; char *p = wp("/big"); long r = 0;
	TRY(mkfile(p, size));
	long fd = S3(NR_open, p, O_RDONLY, 0); TRY(fd);
	while ((r = S3(NR_read, fd, buf, blk)) > 0) ;               /* warm */
	tstart();
	for (long i = 0; i < n;) {
		S3(NR_lseek, fd, 0, 0);
		for (u32 o = 0; o < size && i < n; o += blk, i++)
			if (S3(NR_read, fd, buf, blk) != (long)blk) return -EIO;
	}
	tstop();
	S1(NR_close, fd); S1(NR_unlink, p); return 0;
}
static long r_writefile(long n, long a)         /* n rewrites of blocks of an existing file */
{
	u32 size = (a >> 8) * 1024, blk = (a & 255) * 1024; char *p = wp("/big");
	TRY(mkfile(p, size));
	long fd = S3(NR_open, p, O_RDWR, 0); TRY(fd);
	tstart();
	for (long i = 0; i < n;) {
		S3(NR_lseek, fd, 0, 0);
		for (u32 o = 0; o < size && i < n; o += blk, i++)
			if (S3(NR_write, fd, buf, blk) != (long)blk) return -EIO;
	}
	tstop();
	S1(NR_close, fd); S1(NR_unlink, p); return 0;
}
static volatile u32 sink;
static long r_mapfile(long n, long sum)         /* n pages of an 8 MB file through mmap and munmap */
{
	char *p = wp("/big"); u32 s = 0; TRY(mkfile(p, n * PAGE));
	long fd = S3(NR_open, p, O_RDONLY, 0); TRY(fd);
	tstart();
	u32 *m = mapmem(n * PAGE, PROT_READ, MAP_PRIVATE, fd);
	if (BAD(m)) { S1(NR_unlink, p); return (long)m; }
	for (long i = 0; i < n; i++, m += PAGE / 4)
		if (sum) for (int k = 0; k < PAGE / 4; k += 8)
			s += m[k] + m[k+1] + m[k+2] + m[k+3] + m[k+4] + m[k+5] + m[k+6] + m[k+7];
		else s += *(volatile u32 *)m;
	S2(NR_munmap, m - n * (PAGE / 4), n * PAGE);
	tstop();
	sink = s; S1(NR_close, fd); S1(NR_unlink, p); return 0;
}
static long dents(long fd, long nr)             /* one whole pass; the number of entries */
{
	long r, c = 0;
	while ((r = S3(nr, fd, buf, 32768)) > 0)
		for (long o = 0; o < r; c++)
			o += *(unsigned short *)(buf + o + (nr == NR_getdents64 ? 16 : 8));
	return r < 0 ? r : c;
}
static long r_readdir(long n, long files)       /* one op is open, read all, close */
{
	char *d = wp("/many"); long nr = NR_getdents64, fd, r = 0, k;
	TRY(S2(NR_mkdir, d, 0755));
	for (k = 0; k < files && r >= 0; k++) { r = S3(NR_open, numbered("/many/e", k), O_WRONLY | O_CREAT, 0644); S1(NR_close, r); }
	d = wp("/many");
	if (r >= 0) {
		fd = S3(NR_open, d, O_RDONLY | O_DIRECTORY, 0); r = dents(fd, nr);
		if (r == -ENOSYS) r = dents(fd, nr = NR_getdents);
		S1(NR_close, fd);
		if (r >= 0 && r < files) r = -EIO;
		if (r >= 0) LOOP(n, { fd = S3(NR_open, d, O_RDONLY | O_DIRECTORY, 0); dents(fd, nr); S1(NR_close, fd); });
	}
	while (k--) S1(NR_unlink, numbered("/many/e", k));
	S1(NR_rmdir, wp("/many"));
	return r < 0 ? r : 0;
}

/* ---- n processes at once (wall time per operation of one process) ------- */

static int npar;
static long par_body(long n, long what)
{
	char p[256]; volatile char *m;
	switch (what) {
	case 0: for (; n > 0; n--) S0(NR_getppid); return 0;
	case 1: for (; n > 0; n -= NPG) {
			m = mapmem(NPG * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1);
			if (BAD(m)) return (long)m;
			for (int i = 0; i < NPG; i++) m[i * PAGE] = 1;
			S2(NR_munmap, m, NPG * PAGE);
		} return 0;
	case 2: cat(p, numbered("/p", S0(NR_getpid) % 10000), ""); TRY(mkfile(p, 0));
		for (; n > 0; n--) { long fd = S3(NR_open, p, O_RDONLY, 0); S1(NR_close, fd); }
		S1(NR_unlink, p); return 0;
	case 3: for (; n > 0; n--) { long c = S0(NR_fork); TRY(c); if (!c) die(0); waitfor(c, 0); } return 0;
	default: for (; n > 0; n--) for (int k = 0; k < 1000; k++) __asm__ volatile("" ::: "memory"); return 0;
	}
}
static long r_par(long n, long what)
{
	int go[2], up[2]; long kids[64]; int st;
	TRY(S1(NR_pipe, go)); TRY(S1(NR_pipe, up));
	for (int i = 0; i < npar; i++) {
		kids[i] = S0(NR_fork); TRY(kids[i]);
		if (!kids[i]) {
			S1(NR_close, go[1]); S3(NR_write, up[1], buf, 1); S3(NR_read, go[0], buf, 1);
			die(par_body(n, what) ? 1 : 0);
		}
	}
	for (int i = 0; i < npar; i++) S3(NR_read, up[0], buf, 1);
	tstart();
	S1(NR_close, go[1]);
	for (int i = 0; i < npar; i++) waitfor(kids[i], &st);
	tstop();
	S1(NR_close, go[0]); S1(NR_close, up[0]); S1(NR_close, up[1]);
	return 0;
}

/* ---- table and driver --------------------------------------------------- */

static const struct row { const char *name; long (*f)(long, long); long n, arg; } rows[] = {
	{ "cpu_rdtsc",        r_rdtsc,     20000, 0 },
	{ "cpu_loop1000",     r_loop,        500, 0 },
	{ "user_movsb_4k",    r_rep,         100, 1 },
	{ "user_movsl_4k",    r_rep,         400, 4 },
	{ "null_getppid",     r_null,      10000, NR_getppid },
	{ "null_vsyscall",    r_vsys,      10000, NR_getppid },
	{ "gettimeofday",     r_gtod,       5000, 0 },
	{ "clock_gettime",    r_cgt,        5000, 0 },
	{ "read_zero1",       r_zero,       5000, 0 },
	{ "write_null1",      r_devnull,    5000, 0 },
	{ "dup_close",        r_dup,        5000, 0 },
	{ "stat",             r_stat,       2000, 0 },
	{ "stat_deep10",      r_stat,       1000, 10 },
	{ "open_close",       r_open,       2000, 0 },
	{ "poll_8",           r_poll,       2000, 8 },
	{ "sig_install",      r_sigact,     5000, 0 },
	{ "sig_deliver",      r_signal,     2000, 0 },
	{ "sig_deliver_rt",   r_signal,     2000, 1 },
	{ "mprotect_pair",    r_mprotect,   2000, 0 },
	{ "segv_mprotect",    r_segv,       1000, 0 },
	{ "pf_anon_write",    r_fault,      2048, 1 },
	{ "pf_anon_read",     r_fault,      2048, 0 },
	{ "pf_cow",           r_cow,        1024, 0 },
	{ "mmap_munmap",      r_mmap,       2000, 0 },
	{ "mmap_touch_munmap",r_mmap,       1000, 1 },
	{ "brk_pair",         r_brk,        2000, 0 },
	{ "brk_touch_pair",   r_brk,        1000, 1 },
	{ "fork_exit_wait",   r_fork,        100, 0 },
	{ "fork_1024pg",      r_fork,         20, 1024 },
	{ "fork_exec_wait",   r_exec,         50, 0 },
	{ "vfork_exec_wait",  r_exec,         50, 1 },
	{ "fork_sh_c",        r_exec,         10, 2 },
	{ "sh_10_pipelines",  r_exec,          2, 3 },
	{ "thread_waitpid",   r_thread,      200, 0 },
	{ "thread_futex",     r_thread,      200, 1 },
	{ "futex_wake0",      r_futex,      5000, 1 },
	{ "futex_wait_eagain",r_futex,      5000, 0 },
	{ "futex_rtt",        r_futexpp,     500, 0 },
	{ "yield_1",          r_yield,      5000, 0 },
	{ "yield_2",          r_yield,      2000, 1 },
	{ "pipe_self",        r_pipeself,   2000, 0 },
	{ "pipe_rtt",         r_pipertt,     500, 0 },
	{ "ring_hop_2",       r_ring,       1000, 2 },
	{ "ring_hop_8",       r_ring,       1600, 8 },
	{ "ring_hop_32",      r_ring,       3200, 32 },
	{ "pipe_bw_64k",      r_pipebw,       64, 65536 },
	{ "unix_rtt",         r_unixrtt,     500, 0 },
	{ "sleep_1us",        r_sleep,        50, 1000 },
	{ "sleep_1ms",        r_sleep,        20, 1000000 },
	{ "sleep_10ms",       r_sleep,        10, 10000000 },
	{ "file_create_0k",   r_files,        50, 0 << 1 | 0 },
	{ "file_unlink_0k",   r_files,        50, 0 << 1 | 1 },
	{ "file_create_4k",   r_files,        50, 4096 << 1 | 0 },
	{ "file_unlink_4k",   r_files,        50, 4096 << 1 | 1 },
	{ "file_rewrite_4k",  r_writefile,   512, 64 << 8 | 4 },
	{ "file_read_4k",     r_readfile,    512, 64 << 8 | 4 },
	{ "file_read_64k",    r_readfile,    128, 8192 << 8 | 64 },
	{ "mmap_file_touch",  r_mapfile,    2048, 0 },
	{ "mmap_file_sum",    r_mapfile,    2048, 1 },
	{ "readdir_1000",     r_readdir,       5, 1000 },
	{ "par_cpu1000",      r_par,       20000, 4 },
	{ "par_getppid",      r_par,       50000, 0 },
	{ "par_pf_anon",      r_par,        8192, 1 },
	{ "par_open_close",   r_par,       10000, 2 },
	{ "par_fork",         r_par,         200, 3 },
};
#define NROWS (sizeof rows / sizeof *rows)

static int scale = 100, verbose, inproc;

static void run_row(const struct row *w)
{
	u64 ns[5], cy[5]; long n = w->n * scale / 100, e;
	if (n < 1) n = 1;
	if (w->f == r_fault || w->f == r_cow) n = (n + NPG - 1) / NPG * NPG;    /* whole regions */
	if (w->f == r_mapfile) n = w->n;
	if (w->f == r_ring) n = (n + w->arg - 1) / w->arg * w->arg;
	S1(NR_alarm, 600);
	e = w->f(w->f == r_mapfile ? n : w->f == r_fault || w->f == r_cow ? NPG :
	         w->f == r_ring ? w->arg * 4 : n / 8 + 1, w->arg);
	mark_reset();
	for (int b = 0; b < 5 && e >= 0; b++) {
		acc_ns = acc_cy = 0;
		e = w->f(n, w->arg);
		ns[b] = acc_ns * 100 / n; cy[b] = acc_cy * 100 / n;
	}
	mark_print();
	S1(NR_alarm, 0);
	if (e >= 0 && verbose) {
		os("#raw "); os(w->name);
		for (int b = 0; b < 5; b++) { oc(' '); of(cy[b]); }
		oc('\n');
	}
	os(w->name);
	if (e < 0) { os("\tn/a\tn/a\t"); errname(-e); }
	else {
		for (int i = 0; i < 5; i++) for (int j = i + 1; j < 5; j++) {
			u64 t;
			if (ns[j] < ns[i]) t = ns[i], ns[i] = ns[j], ns[j] = t;
			if (cy[j] < cy[i]) t = cy[i], cy[i] = cy[j], cy[j] = t;
		}
		oc('\t'); if (clk) of(ns[2]); else os("n/a");
		oc('\t'); of(cy[2]); oc('\t'); ou(n);
	}
	oc('\n'); flush();
}

static int prefix(const char *p, const char *s) { while (*p && *p == *s) p++, s++; return !*p; }
static int num(const char *s) { int v = 0; while (*s >= '0' && *s <= '9') v = v * 10 + *s++ - '0'; return v; }

static void machine_off(void)
{
	if (S3(NR_ioperm, 0xf4, 4, 1) == 0 || S1(NR_iopl, 3) == 0)
		__asm__ volatile("outl %0,%w1" :: "a"(0x10), "d"(0xf4));        /* isa-debug-exit */
	sc(NR_reboot, 0xfee1dead, 0x28121969, 0x4321fedc, 0, 0);            /* power off */
	sc(NR_reboot, 0xfee1dead, 0x28121969, 0x01234567, 0, 0);            /* restart */
}

void cmain(long *sp)
{
	u64 born = rdtsc();
	int argc = sp[0], off = 0, list = 0; char **argv = (char **)sp + 1; const char *only = "";
	envp = argv + argc + 1;
	char **q = envp; while (*q) q++;
	auxv = (void **)(q + 1);
	int init = S0(NR_getpid) == 1;
	if (init) {                                                          /* /init or rdinit= */
		off = 1;
		S2(NR_mkdir, "/tmp", 0777); S2(NR_mkdir, "/dev", 0755);
		S3(NR_mknod, "/dev/null", 0020666, 1 << 8 | 3); S3(NR_mknod, "/dev/zero", 0020666, 1 << 8 | 5);
	}
	if (S2(NR_stat64, base, buf) < 0 && S2(NR_stat, base, buf) < 0) base[0] = 0;
	for (int i = 1; i < argc; i++) {
		char *a = argv[i], c = a[0] == '-' ? a[1] : 0, *v = i + 1 < argc ? argv[i + 1] : "";
		if (c == 'd') { cat(base, v, ""); i++; }
		else if (c == 's') { scale = num(v); i++; }
		else if (c == 'o') { only = v; i++; }
		else if (c == 'P') { npar = num(v); if (npar > 64) npar = 64; i++; }
		else if (c == '1') inproc = 1;
		else if (c == 'v') verbose = 1;
		else if (c == 'x') off = 1;
		else if (c == 'l') list = 1;
	}
	if (list) {
		for (u32 i = 0; i < NROWS; i++) { os(rows[i].name); oc('\n'); flush(); }
		die(0);
	}
	long t[2];
	if (S2(NR_clock_gettime, 1, t) == 0) clk = 1;
	else if (S2(NR_gettimeofday, t, 0) == 0) clk = 2;
	for (u32 i = 0; i < sizeof buf; i += PAGE) buf[i] = 1;

	char *u = buf;                                                       /* struct new_utsname */
	os("#BEGIN lbench 1");
	if (S1(NR_uname, u) == 0) { oc(' '); os(u); oc(' '); os(u + 130); oc(' '); os(u + 195); }
	os("\n#tsc at start "); ou(born); os(" clock "); os(clk == 1 ? "clock_gettime" : clk == 2 ? "gettimeofday" : "none");
	u64 c0 = rdtsc(), n0 = clock_ns(); long ts[2] = { 0, 50000000 };
	if (S2(NR_nanosleep, ts, 0) == 0 && clk) {
		u64 dn = clock_ns() - n0, dc = rdtsc() - c0;
		os(" tsc_khz "); ou(dn ? dc * 1000000 / dn : 0);
	}
	cat(wd, base, "/lbdir");
	long e = S2(NR_mkdir, wd, 0755);
	os(" dir "); os(wd); if (e < 0 && e != -17) { oc(' '); errname(-e); }
	os("\n#name\tns_per_op\tcycles_per_op\titers\n"); flush();

	for (u32 i = 0; i < NROWS; i++) {
		const struct row *w = &rows[i];
		if (!prefix(only, w->name)) continue;
		if (w->f == r_par && !npar) continue;
		long pid = inproc ? -1 : S0(NR_fork); int st = 0;
		if (pid < 0) { run_row(w); continue; }
		if (!pid) { run_row(w); die(0); }
		waitfor(pid, &st);
		if (st) { os(w->name); os("\tn/a\tn/a\t"); if (st & 127) { os("signal "); ou(st & 127); } else { os("exit "); ou(st >> 8 & 255); } oc('\n'); flush(); }
	}
	S1(NR_rmdir, wd);
	os("#tsc at end "); ou(rdtsc()); os("\n#END lbench\n"); flush();
	if (off) machine_off();
	if (init) for (;;) S2(NR_nanosleep, ts, 0);
	S1(NR_exit_group, 0); die(0);
}
