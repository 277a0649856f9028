/* The schedule on a virtual clock, with the keeper's own runner and interlocks. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "keeper/interlock.h"
#include "keeper/keeper.h"
#include "keeper/preview.h"
#include "keeper/watering.h"
#include "schedule/profiles.h"
#include "schedule/runner.h"
#include "stamp.h"

#define NS_PER_MS 1000000
#define MS_PER_S  1000

struct line {
	unsigned relay;
	bool closed;
	int64_t planned_s;
};

struct preview {
	FILE *out;
	unsigned relays;
	const char *profile; /* name of the one that runs */
	struct runner *runner;
	struct interlock *interlock;
	int64_t now_ms; /* virtual, since the epoch: realtime and the interlock's clock in one */
	uint64_t closed;
	int64_t second; /* of the lines kept; within one they are put in order of relays */
	size_t line_count;
	struct line line[4 * RELAYS_MAX];
};

/* Nobody hears: the switchings tell the story. */
static void tell_nobody(void *context, unsigned relay, const char *text)
{
	(void)context, (void)relay, (void)text;
}

static void line_print(const struct preview *preview, const struct line *line)
{
	const char *quote = strchr(preview->profile, ' ') ? "\"" : "";
	char stamp[STAMP_SIZE];

	(void)stamp_local(preview->second * MS_PER_S * NS_PER_MS, stamp, sizeof(stamp));
	/* The caller looks at ferror. */
	if (line->closed)
		(void)fprintf(preview->out, "%s relay=%u on planned=%" PRId64 " profile=%s%s%s\n",
			      stamp, line->relay, line->planned_s, quote, preview->profile, quote);
	else
		(void)fprintf(preview->out, "%s relay=%u off\n", stamp, line->relay);
}

static void lines_flush(struct preview *preview)
{
	for (unsigned relay = 1; relay <= preview->relays; relay++)
		for (size_t i = 0; i < preview->line_count; i++)
			if (preview->line[i].relay == relay)
				line_print(preview, &preview->line[i]);
	preview->line_count = 0;
}

/* The planned length of the run that begins: the runner's, or for the master valve the interlock's.
 */
static int64_t planned_s(const struct preview *preview, unsigned relay)
{
	int64_t planned_s = runner_state(preview->runner)->relay[relay - 1].planned_s;
	struct interlock_relay now;

	if (planned_s > 0)
		return planned_s;
	interlock_relay(preview->interlock, relay, &now);
	return now.length_ms / MS_PER_S;
}

/* Note what changed; closed is the set of relays that are closed from now on. */
static void changes_note(struct preview *preview, uint64_t closed)
{
	uint64_t changed = preview->closed ^ closed;

	if (preview->now_ms / MS_PER_S != preview->second ||
	    preview->line_count + preview->relays > sizeof(preview->line) / sizeof(struct line))
		lines_flush(preview);
	preview->second = preview->now_ms / MS_PER_S;
	preview->closed = closed;
	for (unsigned relay = 1; relay <= preview->relays; relay++) {
		uint64_t bit = UINT64_C(1) << (relay - 1);

		if (changed & bit)
			preview->line[preview->line_count++] =
				(struct line){.relay = relay,
					      .closed = closed & bit,
					      .planned_s = planned_s(preview, relay)};
	}
}

/* Go from moment to moment of interest up to to_ms. 0, or -1 with errno ENOMEM. */
static int preview_run(struct preview *preview, int64_t to_ms)
{
	int64_t wake_ns, next_ms;

	while (preview->now_ms < to_ms) {
		int64_t now_ns = preview->now_ms * NS_PER_MS;

		if (watering_step(preview->runner, preview->interlock, now_ns, preview->now_ms,
				  &wake_ns, tell_nobody, NULL) == -1)
			return -1;
		changes_note(preview,
			     interlock_step(preview->interlock, preview->now_ms, &next_ms));
		watering_settle(preview->runner, preview->interlock, preview->relays, now_ns,
				preview->now_ms);
		if (wake_ns >= 0 && (next_ms < 0 || wake_ns / NS_PER_MS < next_ms))
			next_ms = wake_ns / NS_PER_MS;
		if (next_ms < 0)
			break;
		preview->now_ms = next_ms;
	}
	lines_flush(preview);
	return 0;
}

/* "FROM/TO" in milliseconds. 0, or -1: it is no such span. */
static int span_read(const char *span, int64_t *from_ms, int64_t *to_ms)
{
	const char *slash = strchr(span, '/');
	int64_t from_ns, to_ns;
	char *from;
	int result;

	if (!slash)
		return -1;
	from = strndup(span, (size_t)(slash - span));
	if (!from)
		return -1;
	result = stamp_parse(from, &from_ns) == 0 && stamp_parse(slash + 1, &to_ns) == 0 &&
				 from_ns <= to_ns
			 ? 0
			 : -1;
	free(from);
	if (result == 0) {
		*from_ms = from_ns / NS_PER_MS;
		*to_ms = to_ns / NS_PER_MS;
	}
	return result;
}

static struct profile_set *profiles_get(const struct settings *settings, const char *path,
					char *error, size_t size)
{
	struct profiles_site site = {.relay_count = settings->relay_count,
				     .latitude = settings->latitude,
				     .longitude = settings->longitude};
	struct profile_set *set = malloc(sizeof(*set));
	struct profiles_error why;

	if (!set) {
		(void)snprintf(error, size, "%s", strerror(errno));
	} else if (profiles_load(path ? path : settings->profiles_file, &site, set, &why) == -1) {
		(void)snprintf(error, size, "%s", why.text);
		free(set);
		set = NULL;
	}
	return set;
}

/* A runner as a server started now would have it, of the named profile or the file's active one. */
static struct runner *runner_get(const struct settings *settings, const struct profile_set *set,
				 int named)
{
	struct runner_policy policy = {.resume_rest = settings->resume_rest,
				       .autostart = named < 0};
	struct runner *runner = runner_create(set, &policy, NULL);

	if (runner && named >= 0 &&
	    (runner_activate(runner, (unsigned)named) == -1 || runner_start(runner) == -1)) {
		runner_destroy(runner);
		return NULL;
	}
	return runner;
}

static struct interlock *interlock_get(const struct settings *settings)
{
	struct interlock_config config;

	interlock_config_from(settings, &config);
	return interlock_create(&config);
}

int preview_print(const struct settings *settings, const char *span, const char *profiles,
		  const char *profile, FILE *out, char *error, size_t size)
{
	struct preview preview = {.out = out, .relays = settings->relay_count};
	struct profile_set *set;
	int64_t to_ms;
	int named = -1, result = -1;

	if (span_read(span, &preview.now_ms, &to_ms) == -1) {
		(void)snprintf(error, size,
			       "'%s' is no span; right is FROM/TO, dates or times, as in "
			       "2026-01-01/2027-01-01",
			       span);
		return -1;
	}
	set = profiles_get(settings, profiles, error, size);
	if (!set)
		return -1;
	if (profile && (named = profile_find(set, profile)) < 0) {
		(void)snprintf(error, size, "there is no profile %s; see the profiles file",
			       profile);
		goto free_set;
	}
	preview.runner = runner_get(settings, set, named);
	preview.interlock = interlock_get(settings);
	if (preview.runner && preview.interlock) {
		preview.profile = runner_state(preview.runner)->active;
		result = preview_run(&preview, to_ms);
	}
	if (result == 0 && (fflush(out) == EOF || ferror(out)))
		result = -1;
	if (result == -1)
		(void)snprintf(error, size, "%s", strerror(errno));
	interlock_destroy(preview.interlock);
	runner_destroy(preview.runner);
free_set:
	free(set);
	return result;
}
