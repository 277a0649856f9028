#include "waiting.h"

#include <stdio.h>
#include <string.h>
#include "moment.h"
#include "output.h"
#include "stamp.h"

static const int64_t second_ns = 1000000000;
static const int64_t millisecond_ns = 1000000;

/* A due time that has passed is asked about again this often: the server is about to do it. */
enum { OVERDUE_MS = 250 };

static bool waits(const struct waiting *waiting, int relay)
{
	for (size_t i = 0; i < waiting->count; i++)
		if (waiting->entry[i].relay == relay)
			return true;
	return false;
}

static const char *state_of(const json_t *relay)
{
	const char *state = json_string_value(json_object_get(relay, "state"));

	return state ? state : "unknown";
}

/* "Relay 3 is closed until 07:30:00" */
static void end_tell(const json_t *relay, int number)
{
	char until[MOMENT_TEXT_SIZE];
	int64_t until_ns;

	(void)printf("Relay %d is ", number); /* output_finish tells a failure */
	output_text(state_of(relay), false);
	if (moment_of(relay, "until", &until_ns))
		(void)printf(" until %s", moment_text(until_ns, until));
	(void)putchar('\n');
}

int waiting_refresh(struct waiting *waiting, struct dialogue *dialogue)
{
	struct waiting now = {.count = 0};
	json_t *relays, *relay;
	size_t index;

	if (dialogue_ask(dialogue, "grs", &relays, NULL) == -1) {
		waiting->count = 0;
		return -1;
	}
	json_array_foreach (relays, index, relay) {
		int number = (int)json_integer_value(json_object_get(relay, "relay"));
		int64_t due_ns;
		if (moment_of(relay, "due", &due_ns) && now.count < RELAYS_MAX) {
			now.entry[now.count].relay = number;
			now.entry[now.count].closes = strcmp(state_of(relay), "closed") != 0;
			now.entry[now.count++].due_ns = due_ns;
		} else if (waits(waiting, number)) {
			end_tell(relay, number);
		}
	}
	json_decref(relays);
	*waiting = now;
	return 0;
}

bool waiting_is_due(const struct waiting *waiting)
{
	int64_t now_ns = stamp_now_ns();

	for (size_t i = 0; i < waiting->count; i++)
		if (waiting->entry[i].due_ns <= now_ns)
			return true;
	return false;
}

int waiting_timeout_ms(const struct waiting *waiting)
{
	int64_t now_ns = stamp_now_ns();
	int64_t shortest_ns = second_ns;

	if (waiting->count == 0)
		return -1;
	/* the text changes when the time left passes a whole second */
	for (size_t i = 0; i < waiting->count; i++) {
		int64_t left_ns = waiting->entry[i].due_ns - now_ns;
		if (left_ns <= 0)
			return OVERDUE_MS;
		if ((left_ns - 1) % second_ns + 1 < shortest_ns)
			shortest_ns = (left_ns - 1) % second_ns + 1;
	}
	return (int)(shortest_ns / millisecond_ns) + 1;
}

char *waiting_text(const struct waiting *waiting, char text[WAITING_TEXT_SIZE])
{
	size_t first = 0;

	*text = '\0';
	if (waiting->count == 0)
		return text;
	for (size_t i = 1; i < waiting->count; i++)
		if (waiting->entry[i].due_ns < waiting->entry[first].due_ns)
			first = i;
	int64_t left_ns = waiting->entry[first].due_ns - stamp_now_ns();
	long long left_s = left_ns <= 0 ? 0 : (left_ns + second_ns - 1) / second_ns;
	int length = snprintf(
		text, WAITING_TEXT_SIZE, "relay %d %s in %lld s", waiting->entry[first].relay,
		waiting->entry[first].closes ? "closes" : "opens", left_s); /* it fits, as below */
	if (waiting->count > 1)
		(void)snprintf(text + length, WAITING_TEXT_SIZE - (size_t)length, ", %zu more wait",
			       waiting->count - 1);
	return text;
}

int waiting_follow(struct dialogue *dialogue)
{
	struct waiting waiting = {.count = 0};
	char text[WAITING_TEXT_SIZE];
	struct reply_line line;

	(void)waiting_refresh(&waiting, dialogue); /* over: then nobody waits, as below */
	while (waiting.count > 0) {
		(void)printf("\r%s\033[K", waiting_text(&waiting, text));
		(void)fflush(stdout); /* output_finish tells a failure */
		int got = dialogue_hear(dialogue, &line, waiting_timeout_ms(&waiting));
		(void)printf("\r\033[K");
		if (got != 0 || waiting_is_due(&waiting))
			(void)waiting_refresh(&waiting, dialogue);
	}
	if (!dialogue_over(dialogue))
		return 0;
	output_failure(dialogue_why_over(dialogue));
	return -1;
}
