/*
 * interlock_test.c: tells the interlock the stories of interlock_stories.h, line by line, stepping
 * it between them only when it wants to be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "keeper/interlock.h"
#include "interlock_reference.h"
#include "interlock_stories.h"
#include "span.h"

struct told {
	struct interlock *interlock;
	struct interlock_config config;
	int64_t now_ms;
	uint64_t closed;
};

static int64_t instant(const char *text)
{
	int64_t ms;

	assert_int_equal(span_parse(text, &ms), 0);
	return ms;
}

static void step_until(struct told *told, int64_t until_ms)
{
	int64_t next_ms;

	told->closed = interlock_step(told->interlock, told->now_ms, &next_ms);
	while (next_ms >= 0 && next_ms <= until_ms) {
		assert_true(next_ms > told->now_ms);
		told->now_ms = next_ms;
		told->closed = interlock_step(told->interlock, told->now_ms, &next_ms);
	}
	told->now_ms = until_ms;
}

static void setting_set(struct interlock_config *config, const char *key, double value)
{
	const struct {
		const char *key;
		double *va;
		int64_t *ms;
	} settings[] = {
		{"supply", .va = &config->supply_va},
		{"inrush", .va = &config->inrush_va},
		{"inrush_time", .ms = &config->inrush_ms},
		{"min_switch", .ms = &config->min_switch_ms},
		{"lead", .ms = &config->master_lead_ms},
		{"lag", .ms = &config->master_lag_ms},
	};

	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++)
		if (strcmp(key, settings[i].key) == 0 && settings[i].va) {
			*settings[i].va = value;
			return;
		} else if (strcmp(key, settings[i].key) == 0) {
			*settings[i].ms = (int64_t)value;
			return;
		}
	fail_msg("no such setting: %s", key);
}

static void config_set(struct interlock_config *config, char *pairs)
{
	char *rest = pairs, *pair, key[16], value[16];

	while ((pair = strsep(&rest, " "))) {
		assert_int_equal(sscanf(pair, "%15[^=]=%15s", key, value), 2);
		if (strcmp(key, "groups") == 0)
			for (unsigned i = 0; value[i]; i++)
				config->relay[i].group = (unsigned)(value[i] - '0');
		else if (strcmp(key, "max_on") == 0)
			for (unsigned i = 0; i < config->relays; i++)
				config->relay[i].max_on_ms = atoll(value);
		else if (strcmp(key, "master") == 0)
			config->master = (unsigned)atoi(value);
		else
			setting_set(config, key, atof(value));
	}
}

static void expect_closed(uint64_t closed, const char *digits)
{
	char text[RELAYS_MAX + 1] = "", *end = text;

	for (unsigned i = 0; i < 9; i++)
		if ((closed >> i) & 1)
			*end++ = (char)('1' + i);
	*end = '\0';
	assert_string_equal(closed ? text : "none", digits);
}

static void expect_verdict(enum interlock_verdict verdict, const char *reason, const char *expected)
{
	static const char *const names[] = {
		[INTERLOCK_NOW] = "now",
		[INTERLOCK_LATER] = "later",
		[INTERLOCK_NEVER] = "never",
		[INTERLOCK_ALREADY] = "already",
	};
	const char *part = strchr(expected, ' ');

	if (strncmp(expected, names[verdict], strlen(names[verdict])) != 0)
		fail_msg("%s (%s), not %s", names[verdict], reason, expected);
	if (part ? !strstr(reason, part + 1) : verdict == INTERLOCK_NOW && *reason)
		fail_msg("reason \"%s\", not \"%s\"", reason, part ? part + 1 : "");
}

static void relay_tell(struct told *told, const char *act, char *words, const char *expected)
{
	unsigned number = (unsigned)strtoul(words, &words, 10);
	int64_t length_ms = *words ? instant(words + 1) : 0;
	enum interlock_cause cause = strcmp(act, "close") == 0 ? CAUSE_MANUAL : CAUSE_PROFILE;
	struct interlock_relay relay;
	char reason[96] = "";

	interlock_relay(told->interlock, number, &relay);
	if (strcmp(act, "open") == 0)
		expect_verdict(interlock_open(told->interlock, told->now_ms, number), "", expected);
	else if (strcmp(act, "due") == 0)
		assert_int_equal(relay.queued ? relay.due_ms : -1, instant(expected));
	else if (strcmp(act, "ends") == 0)
		assert_int_equal(relay.closed ? relay.open_ms : -1, instant(expected));
	else
		expect_verdict(interlock_close(told->interlock, told->now_ms, number, length_ms,
					       cause, reason, sizeof(reason)),
			       reason, expected);
}

static void line_tell(struct told *told, const char *line)
{
	char at[16], act[16], words[80] = "", *expected = strstr(line, " | ");
	int64_t at_ms;

	assert_true(sscanf(line, "%15s %15s %79[^|]", at, act, words) >= 2);
	if (expected && *words)
		words[strlen(words) - 1] = '\0';
	expected = expected ? expected + 3 : "";
	at_ms = instant(at);
	if (strcmp(act, "late") == 0)
		told->now_ms = at_ms;
	if (at_ms > told->now_ms) /* what is asked at one instant is asked at once */
		step_until(told, at_ms);
	if (strcmp(act, "look") == 0 || strcmp(act, "late") == 0) {
		step_until(told, at_ms);
		expect_closed(told->closed, expected);
	} else if (strcmp(act, "set") == 0) {
		config_set(&told->config, words);
		assert_int_equal(interlock_configure(told->interlock, &told->config), 0);
	} else if (strcmp(act, "open_all") == 0) {
		interlock_open_all(told->interlock, told->now_ms);
	} else {
		relay_tell(told, act, words, expected);
	}
}

static const char *line_now; /* where a story broke */

static void story_holds(void **state)
{
	const struct story *story = *state;
	struct told told = {.config = reference()};

	told.interlock = interlock_create(&told.config);
	assert_non_null(told.interlock);
	for (size_t i = 0; (line_now = story->lines[i]); i++)
		line_tell(&told, line_now);
	interlock_destroy(told.interlock);
}

static int story_blame(void **state)
{
	(void)state; /* cmocka's signature */
	if (line_now)
		print_error("the story broke at: %s\n", line_now);
	return 0;
}

#define STORIES (sizeof(stories) / sizeof(*stories))

int main(void)
{
	struct CMUnitTest tests[STORIES];

	for (size_t i = 0; i < STORIES; i++)
		tests[i] = (struct CMUnitTest){
			.name = stories[i].name,
			.test_func = story_holds,
			.teardown_func = story_blame,
			.initial_state = (void *)&stories[i],
		};
	return cmocka_run_group_tests_name("interlock", tests, NULL, NULL);
}
