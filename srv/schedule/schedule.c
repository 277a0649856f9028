/*
 * Windows from profiles, runs from windows. Windows of the dates around the span are collected,
 * sorted by relay and start, and joined.
 */
#include <errno.h>
#include <stdlib.h>
#include "schedule/calendar.h"
#include "schedule/schedule.h"
#include "schedule/sun.h"

struct collection {
	const struct schedule_query *query;
	int64_t longest_s; /* no window of the profile is longer */
	int32_t sun_date;  /* the date sun is of; -1 none yet: it costs as much as 100 windows */
	struct sun_times sun;
	struct scheduled_run *runs; /* windows first, then runs */
	size_t count, room;
};

static bool season_has(const struct season *season, const struct calendar_day *day)
{
	int from = season->from_month * 100 + season->from_day;
	int to = season->to_month * 100 + season->to_day;
	int at = day->month * 100 + day->day;

	return from <= to ? from <= at && at <= to : from <= at || at <= to;
}

static bool profile_in_season(const struct profile_set *set, const struct profile *profile,
			      const struct calendar_day *day)
{
	for (unsigned i = 0; i < profile->season_count; i++)
		if (season_has(&set->season[profile->first_season + i], day))
			return true;
	return profile->season_count == 0;
}

static bool program_on_date(const struct profile_set *set, const struct program *program,
			    int32_t date, const struct calendar_day *day)
{
	if (program->days & (1u << day->weekday))
		return true;
	if (program->days & (day->day % 2 == 0 ? DAYS_EVEN : DAYS_ODD))
		return true;
	if (program->every_days > 0 && date >= program->every_from &&
	    (unsigned)(date - program->every_from) % program->every_days == 0)
		return true;
	for (unsigned i = 0; i < program->date_count; i++)
		if (set->date[program->first_date + i] == date)
			return true;
	return false;
}

bool schedule_matches(const struct profile_set *set, unsigned profile,
		      const struct program *program, int32_t date)
{
	struct calendar_day day;

	calendar_day(date, &day);
	return profile_in_season(set, &set->profile[profile], &day) &&
	       program_on_date(set, program, date, &day);
}

/* The instant and civil time of a start on a date; false when the sun has none that day. */
static bool start_on_date(struct collection *collection, const struct program_start *start,
			  int32_t date, struct scheduled_run *window)
{
	const struct profile_set *set = collection->query->set;

	if (start->base == START_CLOCK) {
		window->first_civil_s = (int64_t)date * DAY_S + start->offset_s;
		window->start_s = calendar_instant(window->first_civil_s);
		return true;
	}
	if (collection->sun_date != date) {
		sun_times(date, set->latitude, set->longitude, &collection->sun);
		collection->sun_date = date;
	}
	const struct sun_times *sun = &collection->sun;
	bool rise = start->base == START_SUNRISE;

	window->start_s = (rise ? sun->rise_s : sun->set_s) + start->offset_s;
	window->first_civil_s = calendar_civil(window->start_s);
	return rise ? sun->rises : sun->sets;
}

static int window_add(struct collection *collection, const struct scheduled_run *window)
{
	if (collection->count == collection->room) {
		size_t room = collection->room ? collection->room * 2 : 256;
		void *grown = reallocarray(collection->runs, room, sizeof(*window));

		if (!grown)
			return -1;
		collection->runs = grown;
		collection->room = room;
	}
	collection->runs[collection->count++] = *window;
	return 0;
}

/* The length of a window, to the nearest second once all is multiplied. */
static int64_t start_length_s(const struct program_start *start, int level_percent)
{
	return ((int64_t)start->duration_ms * level_percent + 50000) / 100000;
}

static int64_t longest_window_s(const struct schedule_query *query)
{
	const struct profile *profile = &query->set->profile[query->profile];
	int64_t longest_s = 0;

	for (unsigned i = 0; i < profile->program_count; i++) {
		const struct program *program = &query->set->program[profile->first_program + i];

		for (unsigned j = 0; j < program->start_count; j++) {
			int64_t length_s = start_length_s(
				&query->set->start[program->first_start + j], query->level_percent);
			if (length_s > longest_s)
				longest_s = length_s;
		}
	}
	return longest_s;
}

/* Add the windows that a program opens on a date and that can matter from from_s to to_s. */
static int program_collect(struct collection *collection, const struct program *program,
			   int32_t date, int64_t to_s)
{
	const struct schedule_query *query = collection->query;
	uint32_t key = query->set->profile[query->profile].key;

	for (unsigned i = 0; i < program->start_count; i++) {
		const struct program_start *start = &query->set->start[program->first_start + i];
		int64_t length_s = start_length_s(start, query->level_percent);
		struct scheduled_run window = {.relay = program->relay};

		if (length_s == 0 || !start_on_date(collection, start, date, &window))
			continue;
		window.end_s = window.start_s + length_s;
		window.last_civil_s = window.first_civil_s;
		if (window.end_s < query->from_s || window.start_s >= to_s)
			continue;
		if (query->ran && ledger_has(query->ran, key, program->relay, window.first_civil_s))
			continue;
		if (window_add(collection, &window) == -1)
			return -1;
	}
	return 0;
}

/* All windows that start before to_s and may join a run that ends after from_s. */
static int windows_collect(struct collection *collection, int64_t to_s)
{
	const struct schedule_query *query = collection->query;
	const struct profile *profile = &query->set->profile[query->profile];
	int64_t margin_s = SUN_OFFSET_MAX_S + DAY_S; /* a start may lie outside its own date */
	int32_t date = calendar_date_of(query->from_s - collection->longest_s - margin_s);
	int32_t last = calendar_date_of(to_s + margin_s);

	for (; date <= last; date++) {
		for (unsigned i = 0; i < profile->program_count; i++) {
			const struct program *program =
				&query->set->program[profile->first_program + i];

			if (schedule_matches(query->set, query->profile, program, date) &&
			    program_collect(collection, program, date, to_s) == -1)
				return -1;
		}
	}
	return 0;
}

static int order(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int by_relay(const void *left, const void *right)
{
	const struct scheduled_run *a = left, *b = right;

	return a->relay != b->relay ? order(a->relay, b->relay) : order(a->start_s, b->start_s);
}

static int by_start(const void *left, const void *right)
{
	const struct scheduled_run *a = left, *b = right;

	return a->start_s != b->start_s ? order(a->start_s, b->start_s) : order(a->relay, b->relay);
}

static bool run_join(struct scheduled_run *run, const struct scheduled_run *window)
{
	if (run->relay != window->relay || window->start_s > run->end_s ||
	    window->start_s - run->start_s >= RUN_MAX_S)
		return false;
	if (window->end_s > run->end_s)
		run->end_s = window->end_s;
	if (window->first_civil_s < run->first_civil_s)
		run->first_civil_s = window->first_civil_s;
	if (window->last_civil_s > run->last_civil_s)
		run->last_civil_s = window->last_civil_s;
	return true;
}

/* Join windows to runs, in place. */
static void windows_join(struct collection *collection)
{
	struct scheduled_run *runs = collection->runs;
	size_t count = 0;

	if (collection->count > 0)
		qsort(runs, collection->count, sizeof(*runs), by_relay);
	for (size_t i = 0; i < collection->count; i++)
		if (count == 0 || !run_join(&runs[count - 1], &runs[i]))
			runs[count++] = runs[i];
	collection->count = count;
}

/* Keep the runs that the query asks for, in its order. */
static void runs_choose(struct collection *collection)
{
	const struct schedule_query *query = collection->query;
	struct scheduled_run *runs = collection->runs;
	size_t count = 0;

	for (size_t i = 0; i < collection->count; i++)
		if (runs[i].end_s > query->from_s && runs[i].start_s < query->to_s)
			runs[count++] = runs[i];
	collection->count = count;
	if (count > 0)
		qsort(runs, count, sizeof(*runs), by_start);
}

int64_t schedule_runs(const struct schedule_query *query, struct scheduled_run **runs)
{
	struct collection collection = {
		.query = query, .longest_s = longest_window_s(query), .sun_date = -1};

	/* What a run of the span may take in begins no later than that. */
	if (windows_collect(&collection, query->to_s + RUN_MAX_S) == -1) {
		free(collection.runs);
		errno = ENOMEM;
		return -1;
	}
	windows_join(&collection);
	runs_choose(&collection);
	if (collection.count == 0) {
		free(collection.runs);
		collection.runs = NULL;
	}
	*runs = collection.runs;
	return (int64_t)collection.count;
}
