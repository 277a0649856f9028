/*
 * segment.c: make, find, check and heal the shared memory. Invariant: the header is written once,
 * before anybody else can map it, and never changes.
 */
#include "state/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "stamp.h"
#include "state/segment_layout.h"

/* Where the areas begin that depend on max_clients; bytes from the start. */
struct layout {
	size_t slots, askers, requests, size;
};

static struct layout layout_for(unsigned max_clients)
{
	struct layout layout;

	layout.slots = (sizeof(struct shared) + LAYOUT_PAGE - 1) / LAYOUT_PAGE * LAYOUT_PAGE;
	layout.askers = layout.slots + max_clients * sizeof(struct slot_cell);
	layout.requests = layout.askers + max_clients * sizeof(struct asker);
	layout.size = layout.requests + max_clients * sizeof(struct request_cell);
	return layout;
}

/* A handle on descriptor's memory, mapped as max_clients say; NULL with errno. */
static struct segment *segment_map(int descriptor, unsigned max_clients)
{
	struct layout layout = layout_for(max_clients);
	struct segment *segment = malloc(sizeof(*segment));

	if (!segment)
		return NULL;
	unsigned char *base =
		mmap(NULL, layout.size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
	if (base == MAP_FAILED) {
		free(segment);
		return NULL;
	}
	*segment = (struct segment){
		.shared = (struct shared *)(void *)base,
		.slots = (struct slot_cell *)(void *)(base + layout.slots),
		.askers = (struct asker *)(void *)(base + layout.askers),
		.requests = (struct request_cell *)(void *)(base + layout.requests),
		.max_clients = max_clients,
		.size = layout.size,
		.descriptor = -1,
		.wake = -1,
	};
	return segment;
}

/* An unnamed shared memory of that size: the name lives only as long as its making takes. */
static int memory_open(const char *name, size_t size)
{
	if (shm_unlink(name) == -1 && errno != ENOENT)
		return -1;
	int descriptor = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600); /* sets FD_CLOEXEC */
	if (descriptor == -1)
		return -1;
	if (shm_unlink(name) == -1 || ftruncate(descriptor, (off_t)size) == -1) {
		int error = errno;
		close(descriptor);
		errno = error;
		return -1;
	}
	return descriptor;
}

static int semaphores_init(struct segment *segment)
{
	if (lock_init(&segment->shared->lock) == -1)
		return -1;
	for (unsigned i = 0; i < segment->max_clients; i++)
		if (sem_init(&segment->askers[i].wake, 1, 0) == -1)
			return -1;
	return 0;
}

struct segment *segment_create(const char *name, unsigned max_clients)
{
	int error;

	if (max_clients < 1 || max_clients > SLOTS_MAX) {
		errno = EINVAL;
		return NULL;
	}
	struct layout layout = layout_for(max_clients);
	int descriptor = memory_open(name, layout.size);
	if (descriptor == -1)
		return NULL;
	/*
	 * What the supervisor itself will write must be there: a full file system says so now and
	 * never by SIGBUS. The rest is had by whom it serves, see requests.c.
	 */
	error = posix_fallocate(descriptor, 0, (off_t)layout.requests);
	if (error != 0)
		goto close_memory;
	int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (wake == -1) {
		error = errno;
		goto close_memory;
	}
	struct segment *segment = segment_map(descriptor, max_clients);
	if (!segment) {
		error = errno;
		goto close_wake;
	}
	segment->descriptor = descriptor;
	segment->wake = wake;
	segment->created = true;
	segment->shared->header = (struct segment_header){
		.magic = SEGMENT_MAGIC,
		.version = SEGMENT_VERSION,
		.max_clients = max_clients,
		.size = layout.size,
		.started_ns = stamp_now_ns(),
	};
	if (semaphores_init(segment) == 0)
		return segment;
	error = errno;
	segment_destroy(segment);
	errno = error;
	return NULL;

close_wake:
	close(wake);
close_memory:
	close(descriptor);
	errno = error;
	return NULL;
}

int segment_descriptor(const struct segment *segment)
{
	return segment->descriptor;
}

static bool header_is_ours(const struct segment_header *header, uint64_t size)
{
	return header->magic == SEGMENT_MAGIC && header->version == SEGMENT_VERSION &&
	       header->max_clients >= 1 && header->max_clients <= SLOTS_MAX &&
	       header->size == layout_for(header->max_clients).size && header->size == size;
}

struct segment *segment_attach(int descriptor)
{
	struct segment_header header;
	struct stat status;

	if (fstat(descriptor, &status) == -1)
		return NULL;
	ssize_t length = pread(descriptor, &header, sizeof(header), 0);
	if (length == -1)
		return NULL;
	if (length != sizeof(header) || !header_is_ours(&header, (uint64_t)status.st_size)) {
		errno = EPROTO;
		return NULL;
	}
	return segment_map(descriptor, header.max_clients);
}

/* Only what holds at every moment, whoever updates meanwhile, is looked at. */
int segment_check(const struct segment *segment)
{
	struct shared *shared = segment->shared;
	bool sound = header_is_ours(&shared->header, segment->size) &&
		     shared->header.max_clients == segment->max_clients &&
		     shared->redo.valid <= UPDATE_WORDS;

	for (unsigned i = 0; sound && i < SLOTS_MAX; i++)
		sound = shared->queued_slot[i] < segment->max_clients;
	if (sound)
		return 0;
	errno = EPROTO;
	return -1;
}

unsigned segment_max_clients(const struct segment *segment)
{
	return segment->max_clients;
}

void segment_destroy(struct segment *segment)
{
	if (!segment)
		return;
	(void)munmap(segment->shared, segment->size); /* fails only for what is no mapping */
	if (segment->created) {
		close(segment->wake);
		close(segment->descriptor);
	}
	free(segment);
}

void segment_repair(struct segment *segment, pid_t dead)
{
	struct state_lock *lock = &segment->shared->lock;
	struct update update = segment_update(segment);

	/* First the state, then the lock: a death of ours in between leaves it to nobody. */
	if (lock_holder(lock) == dead)
		(void)update_repair(&update); /* a record overwritten is what segment_check finds */
	lock_repair(lock, dead);
}

pid_t segment_lock_overdue(struct segment *segment, int64_t limit_ms)
{
	return lock_overdue(&segment->shared->lock, limit_ms);
}
