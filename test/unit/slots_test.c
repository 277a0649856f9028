/* Slots: which are in use, what they hold, who is woken. */

#include "state_fixture.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include "state/segment_layout.h"
#include "state/slots.h"

static struct slot slot_with(const char *address, unsigned serial)
{
	struct slot slot = {.serial = serial, .service = "control", .role = ROLE_OPERATOR};

	(void)snprintf(slot.address, sizeof(slot.address), "%s", address); /* short */
	return slot;
}

static int reserve(struct segment *segment, unsigned serial)
{
	struct slot slot = slot_with("192.168.1.20:50514", serial);

	return slot_reserve(segment, &slot);
}

static void content_is_copied(void **state)
{
	struct slot in = slot_with("[::1]:40123", 7), out;
	int number;

	in.pid = 1;
	number = slot_reserve(*state, &in);
	assert_int_equal(number, 0);
	assert_true(slot_read(*state, number, &out));
	assert_int_equal(out.pid, 0); /* the worker has not spoken */
	assert_int_equal(out.serial, 7);
	assert_string_equal(out.address, "[::1]:40123");
	assert_string_equal(out.service, "control");
	in.pid = getpid();
	in.bytes_in = 1ULL << 40;
	slot_publish(*state, number, &in);
	assert_true(slot_read(*state, number, &out));
	assert_int_equal(out.pid, getpid());
	assert_int_equal(out.bytes_in, 1ULL << 40);
	assert_int_equal(out.role, ROLE_OPERATOR);
}

static void freed_slot_keeps_its_last_words(void **state)
{
	struct slot out;
	int number = reserve(*state, 3);

	slot_free(*state, number);
	assert_false(slot_read(*state, number, &out));
	assert_int_equal(out.serial, 3);
	assert_int_equal(slot_next(*state, 0), SLOT_NONE);
	assert_int_equal(slots_used(*state), 0);
	assert_false(slot_read(*state, 99, &out)); /* never used */
	assert_int_equal(out.serial, 0);
}

static void unauthenticated_are_counted(void **state)
{
	struct slot in = slot_with("192.168.1.20:50514", 1), out;

	assert_int_equal(slot_reserve(*state, &in), 0);
	assert_int_equal(slots_unauthenticated(*state), 0);
	in.unauthenticated = true;
	assert_int_equal(slot_reserve(*state, &in), 1);
	assert_int_equal(slot_reserve(*state, &in), 2);
	assert_int_equal(slots_unauthenticated(*state), 2);
	slot_authenticated(*state, 1);
	slot_authenticated(*state, 1); /* twice is as once */
	assert_int_equal(slots_unauthenticated(*state), 1);
	assert_true(slot_read(*state, 1, &out));
	assert_false(out.unauthenticated);
	assert_true(slot_read(*state, 2, &out));
	assert_true(out.unauthenticated);
	slot_free(*state, 2); /* dead before it authenticated */
	assert_int_equal(slots_unauthenticated(*state), 0);
	in.unauthenticated = false;
	assert_int_equal(slot_reserve(*state, &in), 2);
	assert_int_equal(slots_unauthenticated(*state), 0);
}

/* Fill a segment of every awkward size, free some, and get just those again. */
static void full_is_full_at_any_size(void **state)
{
	static const unsigned sizes[] = {1, 63, 64, 65, 100, 128, 4095, 4096};

	(void)state; /* each size has a segment of its own */
	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		unsigned size = sizes[s];
		struct segment *segment = segment_fresh(size);
		for (unsigned i = 0; i < size; i++)
			assert_int_equal(reserve(segment, i + 1), i);
		assert_int_equal(slots_used(segment), size);
		errno = 0;
		assert_int_equal(reserve(segment, 0), -1);
		assert_int_equal(errno, EUSERS);
		int middle = (int)size / 2, last = (int)size - 1;
		slot_free(segment, last);
		slot_free(segment, middle);
		assert_int_equal(reserve(segment, 0), middle);
		if (middle != last)
			assert_int_equal(reserve(segment, 0), last);
		assert_int_equal(reserve(segment, 0), -1);
		segment_destroy(segment);
	}
}

static void next_finds_each_once(void **state)
{
	static const int kept[] = {0, 5, 63, 64, 99};
	size_t found = 0;

	for (unsigned i = 0; i < STATE_CLIENTS; i++)
		reserve(*state, i + 1);
	for (int i = 0, k = 0; i < STATE_CLIENTS; i++) {
		if (i == kept[k])
			k++;
		else
			slot_free(*state, i);
	}
	for (int n = slot_next(*state, 0); n != SLOT_NONE; n = slot_next(*state, n + 1))
		assert_int_equal(n, kept[found++]);
	assert_int_equal(found, 5);
	assert_int_equal(slots_used(*state), 5);
	assert_int_equal(slot_next(*state, STATE_CLIENTS), SLOT_NONE);
	assert_int_equal(slot_next(*state, 128), SLOT_NONE);
}

static bool urgent_came(int64_t within_ms)
{
	const struct timespec limit = {.tv_sec = within_ms / 1000};
	sigset_t urgent;

	sigemptyset(&urgent);
	sigaddset(&urgent, SIGURG);
	return sigtimedwait(&urgent, NULL, &limit) == SIGURG;
}

static void only_watchers_are_woken(void **state)
{
	struct slot slot = slot_with("unix", 1), out;
	sigset_t urgent;
	int number = slot_reserve(*state, &slot);

	sigemptyset(&urgent);
	sigaddset(&urgent, SIGURG);
	assert_int_equal(sigprocmask(SIG_BLOCK, &urgent, NULL), 0);
	slot_watch(*state, number, true);
	slots_wake_watchers(*state); /* no pid yet: nobody, and not the whole process group */
	assert_false(urgent_came(0));
	slot.pid = getpid();
	slot_publish(*state, number, &slot);
	assert_true(slot_read(*state, number, &out) && out.watching);
	slots_wake_watchers(*state);
	assert_true(urgent_came(10000));
	slot_watch(*state, number, false);
	assert_true(slot_read(*state, number, &out) && !out.watching);
	slots_wake_watchers(*state);
	assert_false(urgent_came(0));
	slot_watch(*state, number, true);
	slot_free(*state, number);
	assert_int_equal(reserve(*state, 2), number);
	assert_true(slot_read(*state, number, &out) && !out.watching); /* the new client's own */
}

/* Publish contents whose every field is derived from the serial, until killed. */
static int publish_until_killed(struct segment *segment, void *number)
{
	for (unsigned serial = 1; serial != 0; serial++) {
		struct slot slot = {.pid = (pid_t)serial, .serial = serial, .bytes_out = serial};
		memset(slot.address, (int)('a' + serial % 26), sizeof(slot.address) - 1);
		slot_publish(segment, *(int *)number, &slot);
	}
	return 1;
}

static void assert_whole(const struct slot *slot)
{
	assert_int_equal(slot->bytes_out, slot->serial);
	if (slot->bytes_out == 0)
		return; /* the writer has not begun */
	assert_int_equal((unsigned)slot->pid, slot->serial);
	for (size_t i = 0; i < sizeof(slot->address) - 1; i++)
		assert_int_equal(slot->address[i], 'a' + slot->serial % 26);
}

static void copies_are_whole_while_written_and_after_death(void **state)
{
	int number = reserve(*state, 0);
	const struct slot nothing = {0};
	struct slot seen;

	for (int round = 0; round < 100; round++) {
		slot_publish(*state, number, &nothing);
		pid_t writer = child_start(publish_until_killed, *state, &number);
		for (int wholes = 0; wholes < 1000; wholes += seen.serial != 0) {
			assert_true(slot_read(*state, number, &seen));
			assert_whole(&seen);
		}
		child_kill(*state, writer);
		assert_true(slot_read(*state, number, &seen));
		assert_whole(&seen);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		segment_test(content_is_copied),
		segment_test(freed_slot_keeps_its_last_words),
		segment_test(unauthenticated_are_counted),
		cmocka_unit_test(full_is_full_at_any_size),
		segment_test(next_finds_each_once),
		segment_test(only_watchers_are_woken),
		segment_test(copies_are_whole_while_written_and_after_death),
	};

	state_tests_bound();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
