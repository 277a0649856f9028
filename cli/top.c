/*
 * Two connections: one watches events and asks nothing, so that nothing delays them; the other
 * asks. An event makes what is known out of date, and all of it is asked for anew; without events
 * nothing is asked. Invariant: both dialogues are there, or neither.
 */

#include "top.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "clock.h"
#include "dialogue.h"
#include "output.h"
#include "top_screen.h"
#include "top_state.h"

/*
 * The power in use falls without an event when a solenoid has pulled in. The server knows after
 * its next look at the lines at the latest (setting readback_interval, 5 s), so all is asked for
 * once more this long after the last events.
 */
enum { SETTLING_MS = 6000 };

struct top {
	const struct target *target;
	struct identity *identity;
	struct dialogue *events, *queries; /* NULL: not connected */
	struct top_state state;
	bool stale;	     /* an event came since state was learnt */
	int64_t settling_ms; /* CLOCK_MONOTONIC of the last asking after events; 0: none to come */
};

static volatile sig_atomic_t ended; /* by SIGINT, SIGTERM or SIGHUP */

static void end_note(int signal)
{
	(void)signal;
	ended = 1;
}

static void event_heed(void *context, const struct reply_line *event)
{
	struct top *top = context;
	json_t *object = json_loads(event->text, 0, NULL);
	const char *kind = json_string_value(json_object_get(object, "event"));
	const char *text = json_string_value(json_object_get(object, "text"));

	top->stale = true;
	if (kind && text && (strcmp(kind, "warning") == 0 || strcmp(kind, "alarm") == 0))
		(void)snprintf(top->state.message, sizeof(top->state.message), "%s: %s", kind,
			       text); /* cut is fine */
	json_decref(object);
}

static void disconnect(struct top *top)
{
	dialogue_close(top->events);
	dialogue_close(top->queries);
	top->events = top->queries = NULL;
}

/* One of the two is over: so is the other. */
static void lose(struct top *top)
{
	const struct dialogue *over = dialogue_over(top->events) ? top->events : top->queries;
	const char *why = dialogue_why_over(over);

	(void)snprintf(top->state.message, sizeof(top->state.message),
		       "%s; Enter connects again, q leaves", why); /* cut is fine */
	disconnect(top);
}

static int watch_begin(struct top *top)
{
	struct reply_line line;

	if (dialogue_want_json(top->events) == -1 || dialogue_say(top->events, "watch") == -1)
		return -1;
	do {
		if (dialogue_hear(top->events, &line, -1) != 1)
			return -1;
	} while (!line.final);
	return 0;
}

static int connect_both(struct top *top, struct failure *failure)
{
	struct event_handler event = {.run = event_heed, .context = top};

	top->events = dialogue_open(top->target, top->identity, event, failure);
	if (!top->events)
		return -1;
	top->queries = dialogue_open(top->target, top->identity, event, failure);
	if (top->queries && watch_begin(top) == 0 && dialogue_want_json(top->queries) == 0 &&
	    top_state_learn(&top->state, top->queries) == 0) {
		*top->state.message = '\0';
		return 0;
	}
	if (top->queries)
		(void)failure_set(failure, STATUS_LOST, "%s", "the server went at once");
	disconnect(top);
	return -1;
}

/* Take what the servers say: events, goodbyes. */
static void servers_hear(struct top *top)
{
	struct reply_line line;

	while (dialogue_hear(top->events, &line, 0) == 1 ||
	       dialogue_hear(top->queries, &line, 0) == 1)
		; /* events have gone to event_heed, and nothing else was asked for */
}

/* Learn what is due to be learnt. */
static void state_refresh(struct top *top)
{
	bool settled = top->settling_ms != 0 && clock_monotonic_ms() >= top->settling_ms;

	if (!top->stale && !settled)
		return;
	top->settling_ms = top->stale ? clock_monotonic_ms() + SETTLING_MS : 0;
	top->stale = false;
	(void)top_state_learn(&top->state, top->queries); /* over is noticed by the caller */
}

/* Run a command of a key and keep what became of it for the bottom line. */
static void command_run(struct top *top, const char *command)
{
	char text[ANSWER_TEXT_SIZE];
	json_t *objects;
	int code = dialogue_ask(top->queries, command, &objects, text);

	if (code == -1)
		return;
	const char *why = json_string_value(json_object_get(json_array_get(objects, 0), "why"));
	(void)snprintf(top->state.message, sizeof(top->state.message), "%s: %s%s%s", command, text,
		       why ? ": " : "", why ? why : ""); /* cut is fine */
	json_decref(objects);
	top->stale = true;
}

static void relay_command_run(struct top *top, const char *command)
{
	int relay = top_state_selected(&top->state);
	char line[32];

	(void)snprintf(line, sizeof(line), "%s %d", command, relay); /* it fits */
	if (relay > 0)
		command_run(top, line);
}

static void connected_key_run(struct top *top, enum top_key key)
{
	size_t count = json_array_size(top->state.relays);

	*top->state.message = '\0';
	switch (key) {
	case TOP_UP:
		top->state.selected -= top->state.selected > 0;
		break;
	case TOP_DOWN:
		top->state.selected += top->state.selected + 1 < count;
		break;
	case TOP_CLOSE:
		relay_command_run(top, "src");
		break;
	case TOP_OPEN:
		relay_command_run(top, "sro");
		break;
	case TOP_PAUSE:
		command_run(top, "pause");
		break;
	case TOP_RESUME:
		command_run(top, "resume");
		break;
	case TOP_ENTER:
	case TOP_NONE:
	case TOP_OTHER:
	case TOP_QUIT:
		break;
	}
}

static void key_run(struct top *top, enum top_key key)
{
	struct failure failure;

	if (top->queries)
		connected_key_run(top, key);
	else if (key == TOP_ENTER && connect_both(top, &failure) == -1)
		(void)snprintf(top->state.message, sizeof(top->state.message),
			       "%.*s; Enter tries again, q leaves",
			       (int)strcspn(failure.text, "\n"), failure.text);
}

static int timeout_choose(const struct top *top)
{
	int timeout_ms = top_screen_timeout_ms(&top->state);

	if (!top->queries)
		return -1;
	if (top->settling_ms != 0) {
		int64_t left_ms = top->settling_ms - clock_monotonic_ms();
		if (left_ms < 0)
			left_ms = 0;
		if (timeout_ms == -1 || left_ms < timeout_ms)
			timeout_ms = (int)left_ms;
	}
	return timeout_ms;
}

/* Wait for a key, the servers, the clock or a signal; those come only here. */
static void happening_await(const struct top *top, const sigset_t *signals)
{
	struct pollfd ready[] = {
		{.fd = STDIN_FILENO, .events = POLLIN},
		{.fd = top->events ? dialogue_descriptor(top->events) : -1, .events = POLLIN},
		{.fd = top->queries ? dialogue_descriptor(top->queries) : -1, .events = POLLIN},
	};
	int timeout_ms = timeout_choose(top);
	struct timespec timeout = {
		.tv_sec = timeout_ms / 1000,
		.tv_nsec = timeout_ms % 1000 * 1000000L,
	};

	(void)ppoll(ready, 3, timeout_ms == -1 ? NULL : &timeout, signals); /* whatever came */
	if (ready[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		ended = 1; /* the terminal is gone */
}

static void screen_serve(struct top *top, const sigset_t *signals)
{
	enum top_key key = TOP_NONE;

	while (key != TOP_QUIT && !ended) {
		top_screen_draw(&top->state, top->target->name);
		happening_await(top, signals);
		if (top->queries)
			servers_hear(top);
		while ((key = top_screen_key()) != TOP_NONE && key != TOP_QUIT)
			key_run(top, key);
		if (top->queries && !dialogue_over(top->queries) && !dialogue_over(top->events))
			state_refresh(top);
		if (top->queries && (dialogue_over(top->queries) || dialogue_over(top->events)))
			lose(top);
	}
}

/* Signals that end us, and SIGWINCH, which ncurses takes, are let in while waiting only. */
static void signals_take(sigset_t *waiting)
{
	static const int ending[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action = {.sa_handler = end_note};
	sigset_t blocked;

	(void)sigemptyset(&blocked);
	(void)sigaddset(&blocked, SIGWINCH);
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++) {
		(void)sigaction(ending[i], &action, NULL); /* these exist */
		(void)sigaddset(&blocked, ending[i]);
	}
	(void)sigprocmask(SIG_BLOCK, &blocked, waiting);
}

enum status top_run(const struct target *target, struct identity *identity)
{
	static struct top top;
	struct failure failure;
	sigset_t waiting;

	top = (struct top){.target = target, .identity = identity};
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		output_failure("top needs a terminal; grs, next and gat tell the same");
		return STATUS_USAGE;
	}
	if (connect_both(&top, &failure) == -1) {
		output_failure(failure.text);
		return failure.status;
	}
	if (top_screen_begin() == -1) {
		output_failure("this terminal can't show a full screen (see TERM)");
		disconnect(&top);
		return STATUS_USAGE;
	}
	signals_take(&waiting);
	screen_serve(&top, &waiting);
	top_screen_end();
	enum status status = top.queries ? STATUS_DONE : STATUS_LOST;
	disconnect(&top);
	top_state_clear(&top.state);
	return status;
}
