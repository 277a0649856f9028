/*
 * workers.c: an open-addressing hash from pid to worker, at most half full, so that reaping costs
 * the same with one client and with thousands. Invariant: every unreaped child stands in it once.
 */
#include "supervisor/workers.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <unistd.h>
#include "supervisor/own_memory.h"

struct workers {
	size_t size; /* with its cells, bytes */
	pid_t group; /* 0: nobody is in it */
	unsigned count;
	size_t mask; /* cells - 1; cells is a power of two */
	struct worker cell[];
};

struct workers *workers_create(unsigned max)
{
	size_t cells = 4;

	while (cells < 2 * ((size_t)max + 2))
		cells *= 2;
	size_t size = sizeof(struct workers) + cells * sizeof(struct worker);
	struct workers *workers = own_memory_create(size);
	if (!workers)
		return NULL;
	workers->size = size;
	workers->mask = cells - 1;
	return workers;
}

void workers_destroy(struct workers *workers)
{
	if (workers)
		own_memory_destroy(workers, workers->size);
}

pid_t workers_group(const struct workers *workers)
{
	return workers->group;
}

int worker_join(pid_t group)
{
	return setpgid(0, group);
}

int worker_begin(pid_t group, pid_t supervisor)
{
	if (worker_join(group) == -1 || prctl(PR_SET_PDEATHSIG, SIGTERM) == -1)
		return -1;
	if (getppid() == supervisor)
		return 0;
	errno = ESRCH; /* it died before it could be watched */
	return -1;
}

static size_t home_of(const struct workers *workers, pid_t pid)
{
	return ((size_t)pid * 2654435761U) & workers->mask;
}

static size_t cell_find(const struct workers *workers, pid_t pid)
{
	size_t at = home_of(workers, pid);

	while (workers->cell[at].pid && workers->cell[at].pid != pid)
		at = (at + 1) & workers->mask;
	return at;
}

void worker_add(struct workers *workers, const struct worker *worker)
{
	workers->cell[cell_find(workers, worker->pid)] = *worker;
	if (workers->count++ == 0) {
		workers->group = worker->pid;
		(void)setpgid(worker->pid,
			      worker->pid); /* the founder did, or is about to: same end */
	}
}

/* Move up what probed past the emptied cell, so that searches never stop short. */
static void cells_close(struct workers *workers, size_t hole)
{
	size_t at = hole;

	for (;;) {
		workers->cell[hole] = (struct worker){0};
		for (;;) {
			at = (at + 1) & workers->mask;
			if (!workers->cell[at].pid)
				return;
			size_t home = home_of(workers, workers->cell[at].pid);
			if (((at - home) & workers->mask) >= ((at - hole) & workers->mask))
				break;
		}
		workers->cell[hole] = workers->cell[at];
		hole = at;
	}
}

bool worker_remove(struct workers *workers, pid_t pid, struct worker *worker)
{
	size_t at = cell_find(workers, pid);

	if (!workers->cell[at].pid)
		return false;
	*worker = workers->cell[at];
	cells_close(workers, at);
	if (--workers->count == 0)
		workers->group = 0;
	return true;
}

unsigned workers_count(const struct workers *workers)
{
	return workers->count;
}

void workers_signal(const struct workers *workers, int signal)
{
	if (workers->group)
		(void)killpg(workers->group, signal); /* ESRCH: all are zombies, soon reaped */
}

void workers_kill(const struct workers *workers)
{
	for (size_t at = 0; at <= workers->mask; at++)
		if (workers->cell[at].pid)
			(void)kill(workers->cell[at].pid,
				   SIGKILL); /* ours and unreaped: it is there */
}
