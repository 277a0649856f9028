/*
 * profile_commands.c: gp, gap, gps, next. Profiles and the runner's state come as copies from the
 * shared memory; the forecast is the schedule's own arithmetic.
 */
#include "session/run_commands.h"

#include <bsd/stdlib.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include "schedule/forecast.h"
#include "schedule/profiles_text.h"
#include "session/response.h"
#include "session/session.h"
#include "span.h"
#include "stamp.h"
#include "state/shared_schedule.h"

enum {
	NEXT_DEFAULT = 10,
	NEXT_MAX = 10000,
	NEXT_HORIZON_S = 366 * 86400, /* looked through for the next N */
	TEXT_SIZE = 1024,
};

/* Copies, in memory that is touched only by sessions that ask. */
static struct profile_set profiles;
static struct runner_state runner;

static void schedule_read(struct session *session)
{
	shared_profiles_read(session->start.segment, &profiles);
	shared_runner_read(session->start.segment, &runner);
}

static struct runner_policy policy_of(const struct session *session)
{
	const struct settings *settings = session->start.settings;

	return (struct runner_policy){.resume_rest = settings->resume_rest,
				      .autostart = settings->autostart};
}

static bool is_active(const struct profile *profile)
{
	return runner.active[0] && strcasecmp(profile->name, runner.active) == 0;
}

static void profile_text(struct session *session, unsigned index)
{
	const struct profile *profile = &profiles.profile[index];
	char season[TEXT_SIZE], text[TEXT_SIZE];

	profile_season_format(&profiles, profile, season, sizeof(season));
	response_line(session, REPLY_DONE, "Profile %u %s%s%s%s%s%s%s%s", index + 1, profile->name,
		      is_active(profile) ? " (active)" : "", profile->about[0] ? ": " : "",
		      profile->about, season[0] ? " (" : "", season[0] ? "season " : "", season,
		      season[0] ? ")" : "");
	for (unsigned i = 0; i < profile->program_count; i++) {
		const struct program *program = &profiles.program[profile->first_program + i];
		program_format(&profiles, program, text, sizeof(text));
		response_line(session, REPLY_DONE, "  relay %u%s%s%s: %s", program->relay,
			      program->about[0] ? " (" : "", program->about,
			      program->about[0] ? ")" : "", text);
	}
}

static json_t *program_object(const struct program *program)
{
	json_t *starts = json_array();
	char text[TEXT_SIZE];

	for (unsigned i = 0; i < program->start_count; i++) {
		const struct program_start *start = &profiles.start[program->first_start + i];
		program_start_format(start, text, sizeof(text));
		json_array_append_new(starts, json_pack("{s:s,s:f}", "time", text, "duration",
							(double)start->duration_ms / 1000));
	}
	program_days_format(&profiles, program, text, sizeof(text));
	return json_pack("{s:i,s:s,s:s,s:o}", "relay", (int)program->relay, "about", program->about,
			 "days", text, "starts", starts);
}

static void profile_object(struct session *session, unsigned index)
{
	const struct profile *profile = &profiles.profile[index];
	json_t *programs = json_array();
	char season[TEXT_SIZE];

	for (unsigned i = 0; i < profile->program_count; i++)
		json_array_append_new(
			programs, program_object(&profiles.program[profile->first_program + i]));
	profile_season_format(&profiles, profile, season, sizeof(season));
	response_object(session, REPLY_DONE,
			json_pack("{s:i,s:s,s:s,s:b,s:s,s:o}", "profile", (int)index + 1, "name",
				  profile->name, "about", profile->about, "active",
				  is_active(profile), "season", season, "programs", programs));
}

void profiles_show(struct session *session, char *words[], size_t count)
{
	(void)words, (void)count; /* no arguments, says the table */
	schedule_read(session);
	for (unsigned i = 0; i < profiles.count; i++) {
		if (session->json)
			profile_object(session, i);
		else
			profile_text(session, i);
	}
	response_end(session, REPLY_DONE, "%u profiles", profiles.count);
}

/* sap without an argument, and gap. */
void active_profile_show(struct session *session, char *words[], size_t count)
{
	char reason[TEXT_SIZE];

	(void)words, (void)count; /* no arguments, says the table */
	schedule_read(session);
	runner_idle_reason(&runner, reason, sizeof(reason));
	if (session->json) {
		response_object(session, REPLY_DONE,
				json_pack("{s:s?,s:b,s:i}", "profile",
					  runner.active[0] ? runner.active : NULL, "running",
					  runner.running, "level", runner.level_percent));
		response_end(session, REPLY_DONE, "active profile");
	} else if (runner.active[0]) {
		response_end(session, REPLY_DONE, "profile %s is active and %s%s%s%s",
			     runner.active, runner.running ? "runs" : "does not run",
			     reason[0] ? " (" : "", reason, reason[0] ? ")" : "");
	} else {
		response_end(session, REPLY_DONE, "no profile is active (see sap)");
	}
}

void profile_names_show(struct session *session)
{
	schedule_read(session);
	for (unsigned i = 0; i < profiles.count; i++) {
		const struct profile *profile = &profiles.profile[i];
		if (session->json)
			response_object(session, REPLY_DONE,
					json_pack("{s:i,s:s,s:b}", "profile", (int)i + 1, "name",
						  profile->name, "active", is_active(profile)));
		else
			response_line(session, REPLY_DONE, "%u %s%s", i + 1, profile->name,
				      is_active(profile) ? " (active)" : "");
	}
	response_end(session, REPLY_DONE, "choose with sap N or sap NAME");
}

static void outlook_text(struct session *session, unsigned relay, const struct outlook *outlook)
{
	char stamp[STAMP_SIZE], until[STAMP_SIZE + 32] = "", next[STAMP_SIZE + 32];

	if (outlook->in_window)
		snprintf(until, sizeof(until), ", in a window until %s",
			 stamp_local(outlook->window_until_s * 1000000000, stamp, sizeof(stamp)));
	if (outlook->known)
		snprintf(next, sizeof(next), "next %s at %s", outlook->closed ? "closed" : "open",
			 stamp_local(outlook->next_s * 1000000000, stamp, sizeof(stamp)));
	else
		snprintf(next, sizeof(next), "nothing within a year");
	response_line(session, REPLY_DONE, "Relay %u: today %s%s, %s", relay,
		      outlook->today ? "matches" : "does not match",
		      outlook->in_window ? until : ", in no window", next);
}

static void outlook_object(struct session *session, unsigned relay, const struct outlook *outlook)
{
	response_object(session, REPLY_DONE,
			json_pack("{s:i,s:b,s:b,s:o,s:o,s:s?}", "relay", (int)relay, "today",
				  outlook->today, "in_window", outlook->in_window, "until",
				  response_time(outlook->window_until_s * 1000000000), "next",
				  response_time(outlook->known ? outlook->next_s * 1000000000 : 0),
				  "state",
				  !outlook->known   ? NULL
				  : outlook->closed ? "closed"
						    : "open"));
}

void schedule_status_show(struct session *session, char *words[], size_t count)
{
	static struct outlook outlook[RELAYS_MAX];
	struct runner_policy policy = policy_of(session);
	char reason[TEXT_SIZE];

	(void)words, (void)count; /* no arguments, says the table */
	schedule_read(session);
	if (forecast_outlook(&profiles, &runner, &policy, time(NULL), outlook) == -1) {
		response_end(session, REPLY_FAILED, "%s", strerror(errno));
		return;
	}
	for (unsigned i = 0; i < RELAYS_MAX; i++) {
		if (!outlook[i].in_profile)
			continue;
		if (session->json)
			outlook_object(session, i + 1, &outlook[i]);
		else
			outlook_text(session, i + 1, &outlook[i]);
	}
	runner_idle_reason(&runner, reason, sizeof(reason));
	if (reason[0])
		response_end(session, REPLY_DONE, "nothing runs: %s", reason);
	else
		response_end(session, REPLY_DONE, "profile %s runs at %d %%", runner.active,
			     runner.level_percent);
}

static void switching_show(struct session *session, const struct switching *switching)
{
	char stamp[STAMP_SIZE], span[32];
	struct tm local;
	time_t when = (time_t)switching->at_s;

	if (session->json) {
		response_object(session, REPLY_DONE,
				json_pack("{s:o,s:i,s:s,s:o,s:s,s:s}", "time",
					  response_time(switching->at_s * 1000000000), "relay",
					  (int)switching->relay, "state",
					  switching->closed ? "closed" : "open", "planned",
					  switching->closed ? json_integer(switching->planned_s)
							    : json_null(),
					  "profile", runner.active, "reason",
					  switching->closed ? "window begins" : "window ends"));
		return;
	}
	localtime_r(&when, &local);
	if (switching->closed)
		response_line(session, REPLY_DONE, "%s %s relay %u closed for %s, profile %s",
			      stamp_local(switching->at_s * 1000000000, stamp, sizeof(stamp)),
			      local.tm_zone, switching->relay,
			      span_format(switching->planned_s * 1000, span, sizeof(span)),
			      runner.active);
	else
		response_line(session, REPLY_DONE, "%s %s relay %u open, profile %s: window ends",
			      stamp_local(switching->at_s * 1000000000, stamp, sizeof(stamp)),
			      local.tm_zone, switching->relay, runner.active);
}

/* "10" is how many, "7d" is how long; a bare number is how many. */
static int next_arguments(struct session *session, char *words[], size_t count, size_t *most,
			  int64_t *span_s)
{
	const char *why;
	int64_t span_ms;

	*most = NEXT_DEFAULT;
	*span_s = NEXT_HORIZON_S;
	if (count < 2)
		return 0;
	if (strspn(words[1], "0123456789") == strlen(words[1])) {
		*most = (size_t)strtonum(words[1], 1, NEXT_MAX, &why);
		if (why)
			command_usage(session, "%.20s: 1 to %d switchings", words[1], NEXT_MAX);
		return why ? -1 : 0;
	}
	if (span_parse(words[1], &span_ms) == -1 || span_ms == 0) {
		command_usage(session, "%.40s is neither a number nor a span such as 7d", words[1]);
		return -1;
	}
	*most = NEXT_MAX;
	*span_s = span_ms / 1000;
	return 0;
}

void next_show(struct session *session, char *words[], size_t count)
{
	static struct switching switchings[NEXT_MAX];
	struct runner_policy policy = policy_of(session);
	char reason[TEXT_SIZE];
	int64_t now_s = time(NULL), span_s;
	size_t most;

	if (next_arguments(session, words, count, &most, &span_s) == -1)
		return;
	schedule_read(session);
	int found = forecast_switchings(&profiles, &runner, &policy, now_s, now_s + span_s,
					switchings, most);
	if (found == -1) {
		response_end(session, REPLY_FAILED, "%s", strerror(errno));
		return;
	}
	for (int i = 0; i < found; i++)
		switching_show(session, &switchings[i]);
	runner_idle_reason(&runner, reason, sizeof(reason));
	response_end(session, REPLY_DONE, "%d switchings%s%s", found, reason[0] ? ": " : "",
		     reason);
}
