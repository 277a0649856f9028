/* The segment itself: made, found, checked; and its plain areas: counters, shutdown, settings. */

#include "state_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include "stamp.h"
#include "state/counters.h"
#include "state/segment_layout.h"
#include "state/shared_settings.h"
#include "state/shutdown.h"
#include "state/slots.h"

static char name[64];

static void name_is_gone(void)
{
	errno = 0;
	assert_int_equal(shm_open(name, O_RDWR, 0), -1);
	assert_int_equal(errno, ENOENT);
}

static void created_is_private_and_nameless(void **state)
{
	struct segment *segment = segment_create(name, 1000);
	struct stat status;

	(void)state; /* makes its own */
	assert_non_null(segment);
	name_is_gone();
	assert_int_equal(segment_max_clients(segment), 1000);
	assert_int_equal(segment_check(segment), 0);
	assert_true(fcntl(segment_descriptor(segment), F_GETFD) & FD_CLOEXEC);
	assert_true(fcntl(requests_descriptor(segment), F_GETFD) & FD_CLOEXEC);
	assert_true(fcntl(requests_descriptor(segment), F_GETFL) & O_NONBLOCK);
	assert_int_equal(fstat(segment_descriptor(segment), &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	/* What only a client that asks for something uses costs nothing before; it is most of it.
	 */
	assert_true((off_t)status.st_blocks * 512 < status.st_size / 2);
	segment_destroy(segment);
}

static void impossible_sizes_are_refused(void **state)
{
	static const unsigned sizes[] = {0, SLOTS_MAX + 1, UINT32_MAX};

	(void)state; /* none is made */
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		errno = 0;
		assert_null(segment_create(name, sizes[i]));
		assert_int_equal(errno, EINVAL);
	}
	segment_destroy(NULL);
}

static void stale_one_makes_way(void **state)
{
	struct stat before, after;
	int stale = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);

	(void)state; /* makes its own */
	assert_int_not_equal(stale, -1);
	assert_int_equal(fstat(stale, &before), 0);
	struct segment *segment = segment_create(name, 1);
	assert_non_null(segment);
	assert_int_equal(fstat(segment_descriptor(segment), &after), 0);
	assert_int_not_equal(before.st_ino, after.st_ino);
	name_is_gone();
	close(stale);
	segment_destroy(segment);
}

/* Creation without room, in a child since the limit stays. Returns the errno. */
static int create_without_room(struct segment *unused, void *limit)
{
	const struct rlimit room = {*(rlim_t *)limit, *(rlim_t *)limit};

	(void)unused; /* child_start's signature */
	if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR || setrlimit(RLIMIT_FSIZE, &room) == -1)
		return 0;
	return segment_create(name, 1000) ? 0 : errno;
}

static int create_without_descriptors(struct segment *unused, void *limit)
{
	const struct rlimit room = {*(rlim_t *)limit, *(rlim_t *)limit};

	(void)unused; /* child_start's signature */
	closefrom(3);
	return setrlimit(RLIMIT_NOFILE, &room) == -1 || segment_create(name, 1) ? 0 : errno;
}

static void failed_creation_leaves_no_name(void **state)
{
	rlim_t room = 1 << 20;

	assert_int_equal(child_bury(*state, child_start(create_without_room, *state, &room)),
			 EFBIG);
	name_is_gone();
	/* With 0 to 2 taken there is room for no descriptor, then for the memory's but no other. */
	for (rlim_t limit = 3; limit <= 4; limit++) {
		pid_t child = child_start(create_without_descriptors, *state, &limit);
		assert_int_equal(child_bury(*state, child), EMFILE);
		name_is_gone();
	}
}

static void attached_is_the_same_memory(void **state)
{
	struct segment *attached = segment_attach(segment_descriptor(*state));

	assert_non_null(attached);
	assert_int_equal(segment_max_clients(attached), STATE_CLIENTS);
	assert_int_equal(segment_descriptor(attached), -1);
	requests_attach(attached, requests_descriptor(*state));
	counter_add(attached, COUNT_COMMANDS, 3);
	assert_int_equal(counter_read(*state, COUNT_COMMANDS), 3);
	segment_destroy(attached);
	/* Its end closed nothing of ours. */
	assert_int_not_equal(fcntl(segment_descriptor(*state), F_GETFD), -1);
	assert_int_not_equal(fcntl(requests_descriptor(*state), F_GETFD), -1);
}

static void assert_not_attached(int descriptor)
{
	errno = 0;
	assert_null(segment_attach(descriptor));
	assert_int_equal(errno, EPROTO);
}

/* What is not ours, or not ours any more, is refused and found. */
static void foreign_header_is_refused(void **state)
{
	struct segment *segment = *state;
	struct segment_header good = segment->shared->header, bad[5];

	for (int i = 0; i < 5; i++)
		bad[i] = good;
	bad[0].magic++;
	bad[1].version++;
	bad[2].size -= LAYOUT_PAGE;
	bad[3].max_clients++;
	bad[4].max_clients = 0;
	for (int i = 0; i < 5; i++) {
		segment->shared->header = bad[i];
		assert_not_attached(segment_descriptor(segment));
		assert_int_equal(segment_check(segment), -1);
		assert_int_equal(errno, EPROTO);
	}
	segment->shared->header = good;
	assert_int_equal(segment_check(segment), 0);
}

static void foreign_files_are_refused(void **state)
{
	int file = memfd_create("not a segment", MFD_CLOEXEC);

	assert_int_not_equal(file, -1);
	assert_not_attached(file);
	assert_int_equal(ftruncate(file, 1 << 20), 0);
	assert_not_attached(file);
	close(file);
	assert_int_equal(ftruncate(segment_descriptor(*state), 1 << 16), 0);
	assert_not_attached(segment_descriptor(*state));
	errno = 0;
	assert_null(segment_attach(-1));
	assert_int_equal(errno, EBADF);
}

static void overwritten_redo_is_found_and_not_applied(void **state)
{
	struct segment *segment = *state;
	struct redo *redo = &segment->shared->redo;
	struct update update = segment_update(segment);
	uint64_t magic = segment->shared->header.magic;

	redo->valid = UPDATE_WORDS + 1;
	assert_int_equal(update_repair(&update), -1);
	assert_int_equal(errno, EPROTO);
	assert_int_equal(segment_check(segment), -1);
	redo->valid = 2;
	redo->word[0].offset = 0; /* would be sound alone */
	redo->word[1].offset = (uint32_t)segment->size;
	assert_int_equal(update_repair(&update), -1);
	redo->word[1].offset = 2; /* not a word's place */
	assert_int_equal(update_repair(&update), -1);
	assert_int_equal(segment->shared->header.magic, magic);
}

enum { ADDERS = 4, ADDED = 10000 };

static int add_up(struct segment *segment, void *unused)
{
	(void)unused; /* child_start's signature */
	for (int i = 0; i < ADDED; i++)
		counter_add(segment, COUNT_BYTES_IN, 2);
	return 0;
}

static void totals_lose_nothing(void **state)
{
	pid_t pid[ADDERS];
	int64_t now_ns = stamp_now_ns();

	for (int i = 0; i < ADDERS; i++)
		pid[i] = child_start(add_up, *state, NULL);
	for (int i = 0; i < ADDERS; i++)
		assert_int_equal(child_bury(*state, pid[i]), 0);
	assert_int_equal(counter_read(*state, COUNT_BYTES_IN), 2 * ADDERS * ADDED);
	assert_int_equal(counter_read(*state, COUNT_BYTES_OUT), 0);
	assert_true(server_started_ns(*state) <= now_ns);
	assert_true(server_started_ns(*state) > now_ns - 60 * INT64_C(1000000000));
}

static void first_shutdown_counts(void **state)
{
	int slot;

	assert_int_equal(shutdown_wanted(*state, &slot), SHUTDOWN_NONE);
	assert_int_equal(slot, SLOT_NONE);
	assert_true(shutdown_request(*state, SHUTDOWN_RBT, STATE_CLIENTS - 1));
	assert_false(shutdown_request(*state, SHUTDOWN_SIGNAL, SLOT_NONE));
	assert_int_equal(shutdown_wanted(*state, &slot), SHUTDOWN_RBT);
	assert_int_equal(slot, STATE_CLIENTS - 1);
}

static void shutdown_says_why(void **state)
{
	static const struct {
		enum shutdown_kind kind;
		bool client;
		const char *reason;
	} cases[] = {
		{SHUTDOWN_NONE, false, "the server was killed"},
		{SHUTDOWN_KS, true, "ks by 192.168.1.20:50514"},
		{SHUTDOWN_RBT, true, "rbt by 192.168.1.20:50514"},
		{SHUTDOWN_KS, false, "ks"},
		{SHUTDOWN_SIGNAL, false, "signal"},
		{SHUTDOWN_DONE, false, "the last listener has served its connections"},
		{SHUTDOWN_FAULT, false, "a fault of the server"},
	};
	struct segment *segment = *state;
	struct slot slot = {.address = "192.168.1.20:50514"};
	int number = slot_reserve(segment, &slot);
	char text[128], few[4];

	slot_free(segment, number); /* its client may be gone first */
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		segment->shared->shutdown = 0;
		if (cases[i].kind != SHUTDOWN_NONE)
			shutdown_request(segment, cases[i].kind,
					 cases[i].client ? number : SLOT_NONE);
		assert_string_equal(shutdown_reason(segment, text, sizeof(text)), cases[i].reason);
	}
	assert_string_equal(shutdown_reason(segment, few, sizeof(few)), "a f");
}

static void settings_are_shared(void **state)
{
	static struct settings settings, seen;

	for (unsigned clients = 1; clients <= 3; clients++) {
		settings.max_clients = clients;
		shared_settings_publish(*state, &settings);
		shared_settings_read(*state, &seen);
		assert_memory_equal(&seen, &settings, sizeof(settings));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(created_is_private_and_nameless),
		cmocka_unit_test(impossible_sizes_are_refused),
		cmocka_unit_test(stale_one_makes_way),
		segment_test(failed_creation_leaves_no_name),
		segment_test(attached_is_the_same_memory),
		segment_test(foreign_header_is_refused),
		segment_test(foreign_files_are_refused),
		segment_test(overwritten_redo_is_found_and_not_applied),
		segment_test(totals_lose_nothing),
		segment_test(first_shutdown_counts),
		segment_test(shutdown_says_why),
		segment_test(settings_are_shared),
	};

	state_tests_bound();
	(void)snprintf(name, sizeof(name), "/sprinkled.test.%d.own", (int)getpid()); /* short */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
