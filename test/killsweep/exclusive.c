/*
 * exclusive.c: for AArch64; elsewhere read-modify-write is one instruction. Encodings: Arm
 * Architecture Reference Manual for A-profile (DDI 0487), "Load/store exclusive" and "Conditional
 * branch (immediate)", "Compare and branch", "Test and branch".
 */
#include "exclusive.h"

#ifdef __aarch64__

#include <elf.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include "victim.h"

enum {
	INSTRUCTION_SIZE = 4,
	PAIR_LENGTH_MAX = 16, /* the manual's advice to who writes such pairs is to be short */
	TRAPS_MAX = 4,
};

#define INSTRUCTION_BRK 0xd4200000U

/* Where the running victim will stop: after the pair, and where a branch leaves it. */
static struct {
	uint64_t address;
	uint32_t instruction; /* that stood there */
} traps[TRAPS_MAX];
static unsigned trap_count;

static uint64_t program_counter(pid_t pid)
{
	struct user_regs_struct registers;
	struct iovec area = {&registers, sizeof(registers)};

	if (ptrace(PTRACE_GETREGSET, pid, (void *)NT_PRSTATUS, &area) == -1)
		give_up("PTRACE_GETREGSET");
	return registers.pc;
}

/* Memory is read and written by words of 8 bytes; an instruction is one half of such a word. */
static uint64_t word_read(pid_t pid, uint64_t address)
{
	uint64_t word;
	struct iovec here = {&word, sizeof(word)}, there = {(void *)address, sizeof(word)};

	if (process_vm_readv(pid, &here, 1, &there, 1, 0) != sizeof(word))
		give_up("process_vm_readv");
	return word;
}

static uint32_t instruction_at(pid_t pid, uint64_t address)
{
	return (uint32_t)(word_read(pid, address & ~7ULL) >> (address & 7) * 8);
}

static void instruction_set(pid_t pid, uint64_t address, uint32_t instruction)
{
	unsigned shift = (unsigned)(address & 7) * 8;
	uint64_t word = word_read(pid, address & ~7ULL);

	word = (word & ~(0xffffffffULL << shift)) | (uint64_t)instruction << shift;
	if (ptrace(PTRACE_POKETEXT, pid, (void *)(address & ~7ULL), (void *)word) == -1)
		give_up("PTRACE_POKETEXT");
}

/* LDXR, LDAXR and their pair forms; not CASP, which has o1 set and bit 31 clear. */
static bool is_load_exclusive(uint32_t instruction)
{
	bool pair_of_cas = (instruction & 0x80200000U) == 0x00200000U;

	return (instruction & 0x3fc00000U) == 0x08400000U && !pair_of_cas;
}

static bool is_store_exclusive(uint32_t instruction)
{
	bool pair_of_cas = (instruction & 0x80200000U) == 0x00200000U;

	return (instruction & 0x3fc00000U) == 0x08000000U && !pair_of_cas;
}

/* Sign-extend the bits of a field and count them in instructions. */
static int64_t branch_span(uint32_t instruction, unsigned lowest, unsigned bits)
{
	uint32_t field = instruction >> lowest << (32 - bits);

	return (int64_t)((int32_t)field >> (32 - bits)) * INSTRUCTION_SIZE;
}

/* Where a conditional branch goes, or 0 when the instruction is none. */
static uint64_t branch_target(uint32_t instruction, uint64_t address)
{
	if ((instruction & 0xff000010U) == 0x54000000U || /* B.cond */
	    (instruction & 0x7e000000U) == 0x34000000U)	  /* CBZ, CBNZ */
		return address + (uint64_t)branch_span(instruction, 5, 19);
	if ((instruction & 0x7e000000U) == 0x36000000U) /* TBZ, TBNZ */
		return address + (uint64_t)branch_span(instruction, 5, 14);
	return 0;
}

static void trap_add(pid_t pid, uint64_t address)
{
	if (trap_count == TRAPS_MAX)
		give_up("a load-exclusive with more branches than foreseen");
	traps[trap_count].address = address;
	traps[trap_count].instruction = instruction_at(pid, address);
	trap_count++;
}

bool exclusive_run(pid_t pid)
{
	uint64_t address = program_counter(pid);

	trap_count = 0;
	if (!is_load_exclusive(instruction_at(pid, address)))
		return false;
	for (int i = 1; i <= PAIR_LENGTH_MAX; i++) {
		address += INSTRUCTION_SIZE;
		uint32_t instruction = instruction_at(pid, address);
		uint64_t target = branch_target(instruction, address);
		if (target != 0)
			trap_add(pid, target);
		if (!is_store_exclusive(instruction))
			continue;
		trap_add(pid, address + INSTRUCTION_SIZE);
		for (unsigned t = 0; t < trap_count; t++)
			instruction_set(pid, traps[t].address, INSTRUCTION_BRK);
		if (ptrace(PTRACE_CONT, pid, NULL, NULL) == -1)
			give_up("PTRACE_CONT");
		return true;
	}
	give_up("a load-exclusive without its store");
}

void exclusive_end(pid_t pid)
{
	for (; trap_count > 0; trap_count--)
		instruction_set(pid, traps[trap_count - 1].address,
				traps[trap_count - 1].instruction);
}

#else

bool exclusive_run(pid_t pid)
{
	(void)pid; /* nothing to run over */
	return false;
}

void exclusive_end(pid_t pid)
{
	(void)pid; /* as above */
}

#endif
