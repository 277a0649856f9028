/*
 * interlock_test.c: the interlock's rules one by one, each a short story. A line says when, what
 * and after the bar what must come of it; between its lines the interlock is stepped only when it
 * wants to be. Times and lengths are spans:
 *
 *	AT close RELAY [LENGTH] | VERDICT [part of the reason]    by hand; profile: scheduled
 *	AT open RELAY | VERDICT
 *	AT look | digits of the relays closed, or "none"
 *	AT due RELAY | INSTANT                                    ends: when it opens
 *	AT late | as look, but not stepped since the line before
 *	AT set KEY=VALUE …                                        first of all: the settings at
 *start AT open_all
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "keeper/interlock.h"
#include "span.h"

struct story {
	const char *name;
	const char *lines[24];
};

static const struct story stories[] = {
	{"power: the reference system staggers six and refuses two",
	 {"0s close 1 | now", "0s close 2 | now",
	  "0s close 3 | later power: 28.8 VA in use, 14.4 VA needed to pull in, supply 39.8 VA",
	  "0s close 4 | later power", "0s close 5 | later power", "0s close 6 | later power",
	  "0s close 7 | never power: 28.8 VA held by what runs and waits, 14.4 VA needed to pull "
	  "in, "
	  "supply 39.8 VA",
	  "0s close 8 | never 28.8 VA", "0s due 4 | 1s", "0s due 6 | 3s", "0s look | 12",
	  "999ms look | 12", "1s look | 1234", "1999ms look | 1234", "2s look | 12345",
	  "2999ms look | 12345", "3s look | 123456", "1h look | 3456", "1h3s look | none"}},
	{"power: what opens leaves its room at once",
	 {"0s close 1 | now", "0s close 2 | now", "300ms open 1 | now", "300ms close 3 | now",
	  "300ms look | 23"}},
	{"power: scheduled runs wait their turn and keep their length",
	 {"0s set supply=20", "0s profile 1 10m | now",
	  "0s profile 2 10m | later power: 14.4 VA in use", "0s profile 3 10m | later power",
	  "0s profile 4 10m | later power", "0s close 5 1m | never 19.2 VA held",
	  "0s due 4 | 10m1s", "1s look | 12", "10m look | 23", "10m1s look | 34",
	  "10m1s ends 4 | 20m1s", "20m look | 4", "20m1s look | none"}},
	{"power: a scheduled run is refused only when it could not even run alone",
	 {"0s set supply=10",
	  "0s profile 1 1m | never power: 0.0 VA held by what runs and waits, 14.4 VA needed to "
	  "pull in, "
	  "supply 10.0 VA",
	  "0s close 1 1m | never supply 10.0 VA", "0s look | none"}},
	{"power: a pull-in smaller than the hold does not overdraw later",
	 {"0s set supply=10 inrush=1", "0s close 1 | now", "0s close 2 | now", "0s close 3 | never",
	  "2s look | 12"}},
	{"power: no budget closes all at once",
	 {"0s set supply=0", "0s close 1 | now", "0s close 2 | now", "0s close 3 | now",
	  "0s close 4 | now", "0s look | 1234"}},
	{"group: the later one waits for the earlier to open",
	 {"0s set supply=0 groups=1122", "0s close 1 1m | now",
	  "0s close 2 1m | later group: relay 1 goes first", "0s close 3 1m | now",
	  "0s close 5 1m | now", "0s due 2 | 1m", "0s look | 135", "30s open 1 | now",
	  "30s look | 235", "1m30s look | none"}},
	{"group: of those who exclude each other the budget counts one",
	 {"0s set groups=11111122", "0s close 1 1m | now", "0s close 2 1m | later group",
	  "0s close 3 1m | later group", "0s close 4 1m | later", "0s close 5 1m | later",
	  "0s close 6 1m | later", "0s close 7 1m | now", "0s close 8 1m | later", "0s due 6 | 5m",
	  "5m look | 6"}},
	{"queue: a later one passes where it delays nobody",
	 {"0s set supply=20 groups=11", "0s profile 1 10m | now", "0s profile 2 10m | later group",
	  "2s profile 3 20m | now", "2s profile 4 5m | later power", "2s look | 13",
	  "10m look | 23"}},
	{"queue: a later one does not pass where it would delay an earlier one",
	 {"0s set supply=20 groups=11", "0s profile 1 10m | now", "0s profile 2 10m | later group",
	  "9m59500ms profile 3 1m | later queue: earlier requests go first",
	  "9m59500ms due 3 | 10m1s", "9m59500ms look | 1", "10m look | 2", "10m1s look | 23"}},
	{"queue: a longer time is not given where it would delay one that waits",
	 {"0s set supply=0 groups=11", "0s close 1 1m | now", "0s close 2 1m | later group",
	  "5s close 1 2m | already relay 2 waits: no longer than before", "5s ends 1 | 1m",
	  "5s close 1 10s | already", "5s ends 1 | 15s", "5s due 2 | 15s",
	  "5s close 2 3m | already group: relay 1 goes first", "15s look | 2",
	  "15s ends 2 | 3m15s"}},
	{"queue: who is told to open leaves it, and others move up",
	 {"0s set supply=0 groups=111", "0s close 1 1m | now", "0s close 2 1m | later",
	  "0s close 3 1m | later", "0s due 3 | 2m", "0s open 2 | now", "0s open 2 | already",
	  "0s due 3 | 1m", "1m look | 3"}},
	{"max_on: no span, and a longer one, run until it",
	 {"0s set max_on=60000", "0s close 1 | now", "0s close 2 5m | now", "59999ms look | 12",
	  "1m look | none"}},
	{"max_on: asking again replaces the length but never passes it",
	 {"0s set max_on=60000", "0s close 1 30s | now", "20s close 1 30s | already",
	  "20s ends 1 | 50s", "40s close 1 30s | already", "40s ends 1 | 1m",
	  "59999ms close 1 | already", "1m close 1 | later min_switch: it switched 0 ms ago",
	  "1m look | none", "1m199ms look | none", "1m200ms look | 1"}},
	{"max_on: shorter than min_switch, it wins",
	 {"0s set max_on=50", "0s close 1 | now", "10ms open 1 | later", "49ms look | 1",
	  "50ms look | none"}},
	{"min_switch: holds for both directions",
	 {"0s close 1 | now", "50ms open 1 | later", "50ms ends 1 | 200ms", "199ms look | 1",
	  "200ms look | none", "250ms close 1 | later min_switch: it switched 50 ms ago",
	  "250ms due 1 | 400ms", "399ms look | none", "400ms look | 1"}},
	{"min_switch: a shorter run takes it, and an opening can be taken back",
	 {"0s close 1 1ms | now", "0s look | 1", "0s ends 1 | 200ms", "100ms open 1 | later",
	  "150ms close 1 5s | already", "150ms ends 1 | 5150ms", "5149ms look | 1",
	  "5150ms look | none"}},
	{"min_switch: without it a relay still opens before it closes again",
	 {"0s set min_switch=0 max_on=60000", "0s close 1 | now", "0s look | 1", "1s open 1 | now",
	  "1s close 1 | later", "1s look | none", "1001ms look | 1", "1m1001ms close 1 | later",
	  "1m1001ms look | none", "1m1002ms look | 1"}},
	{"min_switch: a storm of toggling does not chatter",
	 {"0s close 1 | now", "10ms open 1 | later", "20ms close 1 | already",
	  "30ms open 1 | later", "40ms close 1 | already", "50ms open 1 | later", "199ms look | 1",
	  "200ms look | none", "210ms close 1 | later", "220ms open 1 | now",
	  "230ms close 1 | later", "399ms look | none", "400ms look | 1"}},
	{"cause: manual takes over a profile's relay, a profile leaves manual alone",
	 {"0s set supply=0 groups=11", "0s profile 1 1m | now", "0s profile 2 1m | later group",
	  "1s close 1 2s | already", "1s profile 1 1m | already a manual run goes first",
	  "1s ends 1 | 3s", "1s close 2 3s | already group",
	  "1s profile 2 1m | already a manual run goes first", "3s ends 2 | 6s",
	  "4s profile 3 1m | now", "5s profile 3 2m | already", "5s ends 3 | 2m5s"}},
	{"master: leads, counts in the budget, stays between and lags",
	 {"0s set master=8 lead=5000 lag=3000",
	  "0s close 1 10s | later master: relay 8 closes before it",
	  "0s close 2 20s | later master", "0s close 3 20s | later master",
	  "0s close 8 | never relay 8 is the master valve: it follows the others", "0s look | 8",
	  "0s ends 8 | 29s", "4999ms look | 8", "5s look | 128", "6s look | 1238",
	  "6s open 8 | later", "15s look | 238", "26s look | 8", "28s close 4 10s | now",
	  "28s look | 48", "38s look | 8", "40999ms look | 8", "41s look | none",
	  "41s open 8 | already"}},
	{"master: its hold counts when one more is refused",
	 {"0s set master=8", "0s close 1 | now", "0s close 2 | later", "0s close 3 | later",
	  "0s close 4 | later", "0s close 5 | later",
	  "0s close 6 | never power: 28.8 VA held by what runs and waits"}},
	{"master: leads until it has pulled in where the supply is tight",
	 {"0s set master=8 supply=20", "0s close 1 5s | later master", "0s look | 8",
	  "999ms look | 8", "1s look | 18", "6s look | none"}},
	{"master: its own max_on and group cut nobody's water",
	 {"0s set master=8 lead=5000 lag=3000 groups=10000001", "0s set max_on8=60000",
	  "0s close 1 5m | later master", "5s look | 18", "5m4999ms look | 18", "5m5s look | 8",
	  "5m8s look | none"}},
	{"master: does not stay when nobody is left to wait for",
	 {"0s set master=8 lead=5000 lag=3000", "0s close 1 5m | later master", "0s look | 8",
	  "1s open 1 | now", "1s look | none", "1100ms close 1 5m | later master",
	  "1199ms look | none", "1200ms look | 8", "6200ms look | 18"}},
	{"master: stays closed for one that min_switch holds back",
	 {"0s set master=8", "0s close 1 1m | now", "0s look | 18", "10s open 1 | now",
	  "10s close 1 1m | later min_switch", "10s look | 8", "10200ms look | 18",
	  "1m10200ms look | none"}},
	{"open_all: opens at once, empties the queue, and min_switch holds after it",
	 {"0s set master=8 lead=5000 lag=3000", "0s close 1 | later", "0s close 2 | later",
	  "0s close 3 | later", "5s look | 128", "5010ms open_all", "5010ms look | none",
	  "5020ms close 1 | later", "5209ms look | none", "5210ms look | 8", "10210ms look | 18"}},
	{"late: what is past its end opens at once, what missed its turn runs in full",
	 {"0s set groups=1222", "0s close 1 1m | now", "0s close 2 1m | now",
	  "0s close 3 1m | later", "0s close 4 1m | later", "0s look | 12", "1h late | 3",
	  "1h ends 3 | 1h1m", "1h due 4 | 1h1m", "1h2m late | 4", "1h4m look | none"}},
	{"late: nothing is overdrawn, and the master leads and lags as ever",
	 {"0s set supply=20 master=8 lead=5000 lag=3000", "0s profile 1 1m | later",
	  "0s profile 2 1m | later", "0s profile 3 1m | later", "1h late | 8", "1h4999ms look | 8",
	  "1h5s look | 18", "2h late | 28", "3h late | 38", "4h late | 8", "4h2999ms look | 8",
	  "4h3s look | none"}},
	{"settings: a shortened max_on holds at once",
	 {"0s close 1 | now", "0s close 2 30s | now", "20s look | 12", "20s set max_on=60000",
	  "20s ends 1 | 1m", "59999ms look | 1", "1m look | none"}},
	{"settings: a smaller supply opens the youngest",
	 {"0s close 3 | now", "0s close 2 | now", "0s close 1 | later", "5s close 4 | now",
	  "6s look | 1234", "6s set supply=15", "6s look | 123", "6s set supply=10",
	  "6s look | 23"}},
	{"settings: what can never fit leaves the queue",
	 {"0s set supply=20", "0s profile 1 1m | now", "0s profile 2 1m | later",
	  "500ms set supply=14", "500ms look | none", "1m look | none"}},
	{"settings: of two that come to exclude each other the younger opens",
	 {"0s close 2 | now", "5s close 1 | now", "5s close 3 | now", "6s look | 123",
	  "6s set groups=11", "6s look | 23"}},
	{"settings: another master takes over, and the old one opens",
	 {"0s set master=8 lead=5000 lag=3000", "0s close 2 | later", "0s close 3 | later",
	  "5s look | 238", "7s set master=1", "7s look | 123", "7s open 2 | now", "7s open 3 | now",
	  "9999ms look | 1", "10s look | none"}},
	{"settings: a relay that runs becomes the master and stays",
	 {"0s close 1 1m | now", "0s close 2 1m | now", "0s close 3 2m | later",
	  "500ms set master=1 lead=5000 lag=3000", "4999ms look | 12", "5s look | 123",
	  "1m1s look | 13", "2m5s look | 1", "2m8s look | none"}},
	{"settings: a relay that waits becomes the master and follows",
	 {"0s set groups=11", "0s close 1 1m | now", "0s close 2 10m | later group",
	  "500ms set master=2 lag=3000", "500ms look | 12", "1m look | 2", "1m3s look | none"}},
	{"relays: one that does not exist is refused and open",
	 {"0s close 9 | never relay 9 does not exist", "0s close 0 | never", "0s open 9 | already",
	  "0s open 0 | already", "0s open 1 | already"}},
};

static struct interlock_config reference(void)
{
	struct interlock_config config = {
		.relays = 8,
		.supply_va = 39.8,
		.inrush_va = 14.4,
		.hold_va = 4.8,
		.inrush_ms = 1000,
		.min_switch_ms = 200,
	};

	for (unsigned i = 0; i < config.relays; i++)
		config.relay[i].max_on_ms = 3600000;
	return config;
}

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

static void config_set(struct interlock_config *config, char *pairs)
{
	char *rest = pairs, *pair, key[16];
	double value;

	while ((pair = strsep(&rest, " "))) {
		assert_int_equal(sscanf(pair, "%15[^=]=%lf", key, &value), 2);
		if (strcmp(key, "groups") == 0)
			for (unsigned i = 0; pair[7 + i]; i++)
				config->relay[i].group = (unsigned)(pair[7 + i] - '0');
		else if (strcmp(key, "max_on") == 0)
			for (unsigned i = 0; i < config->relays; i++)
				config->relay[i].max_on_ms = (int64_t)value;
		else if (strcmp(key, "max_on8") == 0)
			config->relay[7].max_on_ms = (int64_t)value;
		else if (strcmp(key, "supply") == 0)
			config->supply_va = value;
		else if (strcmp(key, "inrush") == 0)
			config->inrush_va = value;
		else if (strcmp(key, "min_switch") == 0)
			config->min_switch_ms = (int64_t)value;
		else if (strcmp(key, "master") == 0)
			config->master = (unsigned)value;
		else if (strcmp(key, "lead") == 0)
			config->master_lead_ms = (int64_t)value;
		else if (strcmp(key, "lag") == 0)
			config->master_lag_ms = (int64_t)value;
		else
			fail_msg("no such setting: %s", key);
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

static void power_is_the_sum_of_the_figures(void **state)
{
	struct interlock_config config = reference();
	struct interlock *interlock = interlock_create(&config);
	int64_t next_ms;
	char reason[96];

	(void)state; /* cmocka's signature */
	assert_true(interlock_power(interlock, 0) == 0.0);
	interlock_close(interlock, 0, 1, 0, CAUSE_MANUAL, reason, sizeof(reason));
	interlock_close(interlock, 0, 2, 0, CAUSE_MANUAL, reason, sizeof(reason));
	interlock_close(interlock, 0, 3, 0, CAUSE_MANUAL, reason, sizeof(reason));
	assert_int_equal(interlock_step(interlock, 0, &next_ms), 3);
	assert_int_equal(next_ms, 1000);
	assert_true(fabs(interlock_power(interlock, 999) - 28.8) < 1e-9);
	assert_true(fabs(interlock_power(interlock, 1000) - 9.6) < 1e-9);
	interlock_step(interlock, 1000, &next_ms);
	assert_true(fabs(interlock_power(interlock, 1000) - 24.0) < 1e-9);
	interlock_open_all(interlock, 1500);
	assert_true(interlock_power(interlock, 1500) == 0.0);
	interlock_step(interlock, 1500, &next_ms);
	assert_int_equal(next_ms, -1);
	interlock_destroy(interlock);
}

static void relay_tells_what_is_known(void **state)
{
	struct interlock_config config = reference();
	struct interlock_relay relay;
	int64_t next_ms;
	char reason[96];

	(void)state; /* cmocka's signature */
	config.relay[0].group = config.relay[1].group = 1;
	config.master = 8;
	struct interlock *interlock = interlock_create(&config);
	interlock_close(interlock, 500, 1, 5000, CAUSE_MANUAL, reason, sizeof(reason));
	interlock_close(interlock, 500, 2, 7000, CAUSE_PROFILE, reason, sizeof(reason));
	interlock_step(interlock, 500, &next_ms);
	interlock_relay(interlock, 1, &relay);
	assert_true(relay.closed && !relay.queued && relay.cause == CAUSE_MANUAL);
	assert_true(relay.closed_ms == 500 && relay.open_ms == 5500 && relay.length_ms == 5000);
	interlock_relay(interlock, 2, &relay);
	assert_true(!relay.closed && relay.queued && relay.cause == CAUSE_PROFILE);
	assert_true(relay.due_ms == 5500 && relay.length_ms == 7000);
	interlock_relay(interlock, 3, &relay);
	assert_true(!relay.closed && !relay.queued && relay.cause == CAUSE_NONE);
	interlock_relay(interlock, 8, &relay);
	assert_true(relay.closed && relay.cause == CAUSE_MASTER);
	assert_true(relay.closed_ms == 500 && relay.open_ms == 12500);
	interlock_open_all(interlock, 600);
	interlock_relay(interlock, 8, &relay);
	assert_true(!relay.closed && relay.cause == CAUSE_MASTER);
	interlock_destroy(interlock);
}

static void figures_out_of_bounds_are_refused(void **state)
{
	static const struct {
		size_t offset;
		double bad[3];
		bool is_power;
	} figures[] = {
#define TIME(name) {offsetof(struct interlock_config, name), {-1, SPAN_MAX_MS + 1.0, -1}, false}
#define POWER(name)                                                           \
	{                                                                     \
		offsetof(struct interlock_config, name), {-1, 2e6, NAN}, true \
	}
		POWER(supply_va),    POWER(inrush_va),	       POWER(hold_va),
		TIME(inrush_ms),     TIME(min_switch_ms),      TIME(master_lead_ms),
		TIME(master_lag_ms), TIME(relay[7].max_on_ms),
	};
	struct interlock_config config = reference(), bad;
	struct interlock *interlock = interlock_create(&config);

	(void)state; /* cmocka's signature */
	for (size_t i = 0; i < sizeof(figures) / sizeof(*figures) * 3; i++) {
		double figure = figures[i / 3].bad[i % 3];
		char *place = (char *)&bad + figures[i / 3].offset;
		bad = config;
		if (figures[i / 3].is_power)
			memcpy(place, &figure, sizeof(figure));
		else
			memcpy(place, &(int64_t){(int64_t)figure}, sizeof(int64_t));
		errno = 0;
		assert_null(interlock_create(&bad));
		assert_int_equal(errno, EINVAL);
		assert_int_equal(interlock_configure(interlock, &bad), -1);
	}
	interlock_destroy(interlock);
}

static void numbers_out_of_bounds_are_refused(void **state)
{
	struct interlock_config config = reference(), bad = config;
	struct interlock *interlock = interlock_create(&config);

	(void)state; /* cmocka's signature */
	bad.relays = 0;
	assert_null(interlock_create(&bad));
	bad.relays = RELAYS_MAX + 1;
	assert_null(interlock_create(&bad));
	bad.relays = 7;
	errno = 0;
	assert_int_equal(interlock_configure(interlock, &bad), -1);
	assert_int_equal(errno, EINVAL);
	bad = config;
	bad.master = 9;
	assert_null(interlock_create(&bad));
	bad = config;
	bad.relay[3].max_on_ms = 0;
	assert_null(interlock_create(&bad));
	interlock_destroy(interlock);
	interlock_destroy(NULL);
}

#define STORIES (sizeof(stories) / sizeof(*stories))

int main(void)
{
	struct CMUnitTest tests[STORIES + 4] = {
		cmocka_unit_test(power_is_the_sum_of_the_figures),
		cmocka_unit_test(relay_tells_what_is_known),
		cmocka_unit_test(figures_out_of_bounds_are_refused),
		cmocka_unit_test(numbers_out_of_bounds_are_refused),
	};

	for (size_t i = 0; i < STORIES; i++)
		tests[i + 4] = (struct CMUnitTest){
			.name = stories[i].name,
			.test_func = story_holds,
			.teardown_func = story_blame,
			.initial_state = (void *)&stories[i],
		};
	return cmocka_run_group_tests_name("interlock", tests, NULL, NULL);
}
