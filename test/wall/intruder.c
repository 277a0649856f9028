/*
 * intruder.c: what a session could do that somebody has taken over. It makes a process that waits
 * in the kernel do a system call of our choice, by ptrace(2), and prints how that ended: "killed by
 * signal N" or "returned N" (the kernel's negative errno when it failed). Then it lets go.
 *
 *   intruder PID CALL [ARGUMENT]
 *
 * Linux on x86-64 and arm64: registers as in <sys/user.h>, calls as in syscall(2).
 */
#include <elf.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 6, TEXT_ROOM = 256, RED_ZONE = 1024 };

/* Stand for the command line's argument: as text in the process's memory, or as a number. */
#define TEXT   INT64_MAX
#define NUMBER (INT64_MAX - 1)

static const struct call {
	const char *name;
	long number;
	int64_t arguments[ARGUMENTS_MAX];
} calls[] = {
	{"getpid", SYS_getpid, {0}},
	{"openat", SYS_openat, {AT_FDCWD, TEXT, O_RDONLY}},
	{"openat-write", SYS_openat, {AT_FDCWD, TEXT, O_RDWR}},
	{"execve", SYS_execve, {TEXT, 0, 0}},
	{"unlinkat", SYS_unlinkat, {AT_FDCWD, TEXT, 0}},
	{"socket", SYS_socket, {AF_INET, SOCK_STREAM, 0}},
	{"socketpair-inet", SYS_socketpair, {AF_INET, SOCK_STREAM, 0, TEXT}},
	{"connect", SYS_connect, {0, TEXT, 16}},
	{"ioctl-gpio", SYS_ioctl, {0, GPIO_GET_CHIPINFO_IOCTL, TEXT}},
	{"ptrace", SYS_ptrace, {PTRACE_ATTACH, NUMBER, 0, 0}},
	{"kill", SYS_kill, {NUMBER, SIGKILL}},
	{"fork", SYS_clone, {CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD, 0, 0, 0, 0}},
	{"leave-group", SYS_setpgid, {0, 0}},
	{"thread", SYS_clone, {CLONE_VM | CLONE_THREAD | CLONE_SIGHAND, 0, 0, 0, 0}},
	{"mmap-code", SYS_mmap, {0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1}},
	{"mmap-file", SYS_mmap, {0, 4096, PROT_READ, MAP_PRIVATE, NUMBER}},
	{"ftruncate", SYS_ftruncate, {NUMBER, 0}},
};

static struct user_regs_struct registers_read(pid_t pid)
{
	struct user_regs_struct registers;
	struct iovec piece = {&registers, sizeof(registers)};

	if (ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &piece) == -1)
		err(2, "PTRACE_GETREGSET");
	return registers;
}

static void registers_write(pid_t pid, struct user_regs_struct registers)
{
	struct iovec piece = {&registers, sizeof(registers)};

	if (ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &piece) == -1)
		err(2, "PTRACE_SETREGSET");
}

#if defined(__x86_64__)
enum { INSTRUCTION_BYTES = 2, INSTRUCTION = 0x050f };
#define PLACE(registers)  ((registers)->rip)
#define STACK(registers)  ((registers)->rsp)
#define RESULT(registers) ((int64_t)(registers)->rax)

static void call_prepare(struct user_regs_struct *registers, long number, const int64_t arguments[])
{
	registers->rax = (unsigned long)number;
	registers->orig_rax = (unsigned long)-1; /* nothing to be done again */
	registers->rdi = (unsigned long)arguments[0];
	registers->rsi = (unsigned long)arguments[1];
	registers->rdx = (unsigned long)arguments[2];
	registers->r10 = (unsigned long)arguments[3];
	registers->r8 = (unsigned long)arguments[4];
	registers->r9 = (unsigned long)arguments[5];
}
#elif defined(__aarch64__)
enum { INSTRUCTION_BYTES = 4, INSTRUCTION = 0xd4000001 };
#define PLACE(registers)  ((registers)->pc)
#define STACK(registers)  ((registers)->sp)
#define RESULT(registers) ((int64_t)(registers)->regs[0])

static void call_prepare(struct user_regs_struct *registers, long number, const int64_t arguments[])
{
	registers->regs[8] = (unsigned long)number;
	for (int i = 0; i < ARGUMENTS_MAX; i++)
		registers->regs[i] = (unsigned long)arguments[i];
}
#endif

static long word_peek(pid_t pid, unsigned long address)
{
	errno = 0;
	long word = ptrace(PTRACE_PEEKTEXT, pid, address, NULL);
	if (errno != 0)
		err(2, "PTRACE_PEEKTEXT");
	return word;
}

static bool is_call_at(pid_t pid, unsigned long address)
{
	unsigned long mask = (1UL << INSTRUCTION_BYTES * 8) - 1;

	return ((unsigned long)word_peek(pid, address) & mask) == INSTRUCTION;
}

/* The instruction it waits in: the one before, or already the one to be done again. */
static unsigned long instruction_find(pid_t pid, unsigned long place)
{
	if (is_call_at(pid, place - INSTRUCTION_BYTES))
		return place - INSTRUCTION_BYTES;
	if (is_call_at(pid, place))
		return place;
	errx(2, "process %d does not wait in a system call", (int)pid);
}

static unsigned long text_poke(pid_t pid, unsigned long stack, const char *argument)
{
	unsigned long at = (stack - RED_ZONE - TEXT_ROOM) & ~15UL;
	union {
		char text[TEXT_ROOM];
		long words[TEXT_ROOM / sizeof(long)];
	} room = {{0}};

	snprintf(room.text, sizeof(room.text), "%s", argument);
	for (size_t i = 0; i < sizeof(room.words) / sizeof(room.words[0]); i++)
		if (ptrace(PTRACE_POKEDATA, pid, at + i * sizeof(long), room.words[i]) == -1)
			err(2, "PTRACE_POKEDATA");
	return at;
}

static void stop_await(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, __WALL) != pid)
		err(2, "waitpid");
	if (WIFSTOPPED(status))
		return;
	if (!WIFSIGNALED(status))
		errx(2, "process %d has ended", (int)pid);
	printf("killed by signal %d\n", WTERMSIG(status));
	exit(EXIT_SUCCESS);
}

static const struct call *call_find(const char *name)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (strcmp(calls[i].name, name) == 0)
			return &calls[i];
	errx(2, "no such call: %s", name);
}

int main(int argc, char *argv[])
{
	if (argc < 3)
		errx(2, "usage: intruder PID CALL [ARGUMENT]");
	pid_t pid = atoi(argv[1]);
	const char *argument = argc > 3 ? argv[3] : "";
	struct call call = *call_find(argv[2]);

	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) == -1 ||
	    ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) == -1)
		err(2, "ptrace");
	stop_await(pid);
	struct user_regs_struct before = registers_read(pid), registers = before;
	for (int i = 0; i < ARGUMENTS_MAX; i++) {
		if (call.arguments[i] == TEXT)
			call.arguments[i] = (int64_t)text_poke(pid, STACK(&before), argument);
		else if (call.arguments[i] == NUMBER)
			call.arguments[i] = atoi(argument);
	}
	PLACE(&registers) = instruction_find(pid, PLACE(&before));
	call_prepare(&registers, call.number, call.arguments);
	registers_write(pid, registers);
	if (ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) == -1)
		err(2, "PTRACE_SINGLESTEP");
	stop_await(pid);
	struct user_regs_struct after = registers_read(pid);
	printf("returned %lld\n", (long long)RESULT(&after));
	registers_write(pid, before);
	if (ptrace(PTRACE_DETACH, pid, NULL, NULL) == -1)
		err(2, "PTRACE_DETACH");
	return EXIT_SUCCESS;
}
