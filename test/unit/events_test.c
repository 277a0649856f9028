/* Events: order, what a slow reader loses, who is woken, and writers that die. */

#include "state_fixture.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include "state/events.h"
#include "state/segment_layout.h"

static void publish(struct segment *segment, enum event_writer writer, int64_t time_ns)
{
	struct event event = {.time_ns = time_ns, .kind = EVENT_WARNING};

	(void)snprintf(event.text, sizeof(event.text), "at %lld", (long long)time_ns); /* short */
	event_publish(segment, writer, &event);
}

static void assert_next_is(struct segment *segment, struct event_cursor *cursor, int64_t time_ns)
{
	struct event event;
	char text[64];
	uint64_t lost;

	assert_int_equal(event_next(segment, cursor, &event, &lost), 1);
	assert_int_equal(event.time_ns, time_ns);
	(void)snprintf(text, sizeof(text), "at %lld", (long long)time_ns); /* short */
	assert_string_equal(event.text, text);
}

static void assert_no_more(struct segment *segment, struct event_cursor *cursor)
{
	struct event event;
	uint64_t lost;

	assert_int_equal(event_next(segment, cursor, &event, &lost), 0);
}

static void begins_with_what_comes(void **state)
{
	struct event_cursor cursor;

	publish(*state, EVENTS_OF_KEEPER, 1);
	publish(*state, EVENTS_OF_SUPERVISOR, 2);
	event_cursor_init(*state, &cursor);
	assert_no_more(*state, &cursor);
	publish(*state, EVENTS_OF_KEEPER, 3);
	assert_next_is(*state, &cursor, 3);
	assert_no_more(*state, &cursor);
}

static void both_rings_come_in_order_of_time(void **state)
{
	struct event_cursor cursor;

	event_cursor_init(*state, &cursor);
	publish(*state, EVENTS_OF_KEEPER, 10);
	publish(*state, EVENTS_OF_KEEPER, 30);
	publish(*state, EVENTS_OF_SUPERVISOR, 5);
	publish(*state, EVENTS_OF_SUPERVISOR, 20);
	publish(*state, EVENTS_OF_SUPERVISOR, 40);
	for (int64_t wanted = 10; wanted <= 40; wanted += 10) {
		if (wanted == 10)
			assert_next_is(*state, &cursor, 5);
		assert_next_is(*state, &cursor, wanted);
	}
	assert_no_more(*state, &cursor);
}

static void slow_reader_is_told_its_loss(void **state)
{
	struct event_cursor cursor;
	struct event event;
	uint64_t lost;

	event_cursor_init(*state, &cursor);
	for (int i = 1; i <= EVENT_RING_SIZE - 1; i++)
		publish(*state, EVENTS_OF_KEEPER, i);
	assert_next_is(*state, &cursor, 1); /* a full ring loses nothing */
	for (int i = EVENT_RING_SIZE; i <= EVENT_RING_SIZE + 10; i++)
		publish(*state, EVENTS_OF_KEEPER, i);
	/* The last EVENT_RING_SIZE - 1 are kept: from 12 on; 2 to 11 are gone. */
	errno = 0;
	assert_int_equal(event_next(*state, &cursor, &event, &lost), -1);
	assert_int_equal(errno, EOVERFLOW);
	assert_int_equal(lost, 10);
	for (int i = 12; i <= EVENT_RING_SIZE + 10; i++)
		assert_next_is(*state, &cursor, i);
	assert_no_more(*state, &cursor);
}

/* One ring's overflow costs nothing of the other. */
static void loss_is_of_one_ring(void **state)
{
	struct event_cursor cursor;
	struct event event;
	uint64_t lost;

	event_cursor_init(*state, &cursor);
	publish(*state, EVENTS_OF_SUPERVISOR, 1);
	for (int i = 1; i <= 2 * EVENT_RING_SIZE; i++)
		publish(*state, EVENTS_OF_KEEPER, 1000 + i);
	assert_int_equal(event_next(*state, &cursor, &event, &lost), -1);
	assert_int_equal(lost, EVENT_RING_SIZE + 1);
	assert_next_is(*state, &cursor, 1);
	assert_next_is(*state, &cursor, 1000 + EVENT_RING_SIZE + 2);
}

static void watchers_are_woken(void **state)
{
	const struct timespec limit = {.tv_sec = 10};
	struct slot slot = {.pid = getpid()};
	sigset_t urgent;
	int number = slot_reserve(*state, &slot);

	sigemptyset(&urgent);
	sigaddset(&urgent, SIGURG);
	assert_int_equal(sigprocmask(SIG_BLOCK, &urgent, NULL), 0);
	slot_publish(*state, number, &slot);
	slot_watch(*state, number, true);
	publish(*state, EVENTS_OF_KEEPER, 1);
	assert_int_equal(sigtimedwait(&urgent, NULL, &limit), SIGURG);
}

/* Publish events numbered from *argument on, until killed. */
static int publish_until_killed(struct segment *segment, void *argument)
{
	for (int64_t number = *(int64_t *)argument; number > 0; number++)
		publish(segment, EVENTS_OF_KEEPER, number);
	return 1;
}

static bool is_whole(const struct event *event)
{
	char text[64];

	(void)snprintf(text, sizeof(text), "at %lld", (long long)event->time_ns); /* short */
	return strcmp(event->text, text) == 0;
}

/*
 * Read on until seen events were whole and came in order; then kill the writer wherever it is, and
 * read what it left.
 */
static int64_t read_and_kill(struct segment *segment, struct event_cursor *cursor, pid_t writer,
			     int seen)
{
	struct event event;
	int64_t last = 0;
	uint64_t lost;
	int got;

	while ((got = event_next(segment, cursor, &event, &lost)) != 0 || seen > 0) {
		if (got != 1)
			continue;
		assert_true(is_whole(&event));
		assert_true(event.time_ns > last);
		last = event.time_ns;
		if (--seen == 0)
			child_kill(segment, writer);
	}
	return last;
}

static void events_are_whole_while_written_and_after_death(void **state)
{
	struct event_cursor cursor;
	int64_t next = 1;

	event_cursor_init(*state, &cursor);
	for (int round = 0; round < 100; round++) {
		pid_t writer = child_start(publish_until_killed, *state, &next);
		next = read_and_kill(*state, &cursor, writer, 500) + 1;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		segment_test(begins_with_what_comes),
		segment_test(both_rings_come_in_order_of_time),
		segment_test(slow_reader_is_told_its_loss),
		segment_test(loss_is_of_one_ring),
		segment_test(watchers_are_woken),
		segment_test(events_are_whole_while_written_and_after_death),
	};

	state_tests_bound();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
