/*
 * saver.c: a thread between the loop and a slow disk. Invariant: a job belongs to one thread at a
 * time. It changes hands when a pointer is exchanged, so there is no lock that a disk could hold.
 */
#include "keeper/saver.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "keeper/memory.h"

enum { STACK_BYTES = 128 * 1024 }; /* a few calls deep; sanitizers want some of it */

struct job {
	uint64_t number; /* counted by saver_put */
	char *text;
	size_t length;
	int error; /* once it has been tried: 0, or errno */
};

struct saver {
	char *state_dir;
	_Atomic(struct job *) waiting; /* the newest that was put */
	_Atomic(struct job *) tried;   /* the newest that was tried */
	atomic_bool ending;
	sem_t wanted;  /* posted after something has been put */
	int result_fd; /* an eventfd, written after something has been tried */
	pthread_t thread;
	uint64_t last_put, last_result; /* numbers of jobs; the loop's own */
};

static void job_free(struct job *job)
{
	if (!job)
		return;
	free(job->text);
	free(job);
}

static void *jobs_do(void *context)
{
	struct saver *saver = context;

	while (!atomic_load(&saver->ending)) {
		struct job *job = atomic_exchange(&saver->waiting, NULL);
		if (!job) {
			(void)sem_wait(&saver->wanted); /* cut short it only looks once more */
			continue;
		}
		job->error = memory_save(saver->state_dir, job->text, job->length) == 0 ? 0 : errno;
		job_free(atomic_exchange(&saver->tried, job));
		(void)eventfd_write(saver->result_fd, 1); /* fails only when it is readable */
	}
	return NULL;
}

/* A thread has the signal mask of its maker: all signals are the loop's. 0, or -1 with errno. */
static int thread_begin(struct saver *saver)
{
	pthread_attr_t attributes;
	sigset_t all, before;

	errno = pthread_attr_init(&attributes);
	if (errno != 0)
		return -1;
	(void)sigfillset(&all);
	errno = pthread_attr_setstacksize(&attributes, STACK_BYTES);
	if (errno == 0)
		errno = pthread_sigmask(SIG_BLOCK, &all, &before);
	if (errno == 0) {
		int error = pthread_create(&saver->thread, &attributes, jobs_do, saver);
		(void)pthread_sigmask(SIG_SETMASK, &before, NULL); /* it was valid before */
		errno = error;
	}
	int error = errno;
	(void)pthread_attr_destroy(&attributes); /* never fails */
	errno = error;
	return error == 0 ? 0 : -1;
}

struct saver *saver_create(const char *state_dir)
{
	struct saver *saver = calloc(1, sizeof(*saver));
	int error;

	if (!saver)
		return NULL;
	saver->state_dir = strdup(state_dir);
	saver->result_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (saver->state_dir && saver->result_fd != -1 && sem_init(&saver->wanted, 0, 0) == 0 &&
	    thread_begin(saver) == 0)
		return saver;
	error = errno;
	if (saver->result_fd != -1)
		(void)close(saver->result_fd); /* nothing was written */
	free(saver->state_dir);
	free(saver);
	errno = error;
	return NULL;
}

int saver_descriptor(const struct saver *saver)
{
	return saver->result_fd;
}

int saver_put(struct saver *saver, char *text, size_t length)
{
	struct job *job = malloc(sizeof(*job));

	if (!job) {
		free(text);
		return -1;
	}
	*job = (struct job){.number = ++saver->last_put, .text = text, .length = length};
	job_free(atomic_exchange(&saver->waiting, job));
	(void)sem_post(&saver->wanted); /* fails only at SEM_VALUE_MAX: then it is awake */
	return 0;
}

bool saver_busy(const struct saver *saver)
{
	return saver->last_result != saver->last_put;
}

bool saver_result(struct saver *saver, int *error)
{
	eventfd_t count;

	(void)eventfd_read(saver->result_fd, &count); /* before the look, so that none is missed */
	struct job *job = atomic_exchange(&saver->tried, NULL);
	if (!job)
		return false;
	saver->last_result = job->number;
	*error = job->error;
	job_free(job);
	return true;
}

void saver_destroy(struct saver *saver)
{
	if (!saver || saver_busy(saver))
		return;
	atomic_store(&saver->ending, true);
	(void)sem_post(&saver->wanted);		 /* as above */
	(void)pthread_join(saver->thread, NULL); /* it is joined once, and by another */
	(void)sem_destroy(&saver->wanted);	 /* nobody waits */
	(void)close(saver->result_fd);
	free(saver->state_dir);
	free(saver);
}
