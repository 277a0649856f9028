/*
 * offences.c: what a session did wrong, and what that costs its source. Where it came from is taken
 * from the supervisor's own memory: a session can write into its slot, and could accuse others.
 */
#include "supervisor/offences.h"

#include <sys/wait.h>
#include "log/audit.h"
#include "span.h"
#include "state/penalties.h"

static int64_t cost_sum_ms(const struct settings *settings, const struct slot *slot, int status)
{
	const struct slot_offences *offences = &slot->offences;
	int64_t sum_ms = offences->passwords * settings->penalty_auth_ms +
			 offences->roles * settings->penalty_role_ms;

	if (offences->late)
		sum_ms += settings->penalty_grace_ms;
	if (WIFSIGNALED(status) && WTERMSIG(status) != SIGTERM && WTERMSIG(status) != SIGKILL &&
	    !offences->wanted_crash)
		sum_ms += settings->penalty_crash_ms;
	return sum_ms;
}

void offences_penalize(struct supervisor *supervisor, const struct worker *worker,
		       const struct slot *slot, int status)
{
	const struct settings *settings = &supervisor->settings;
	const struct penalty_rule rule = {settings->penalty_least_ms, settings->penalty_most_ms};
	int64_t sum_ms = cost_sum_ms(settings, slot, status);
	char address[SOURCE_TEXT_SIZE], span[32];
	struct source source;

	if (sum_ms == 0 || !source_number_of(supervisor->sources, worker->source, &source) ||
	    source_is_among(&source, settings->penalty_exempt))
		return;
	penalty_add(supervisor->segment, &source, sum_ms, &rule);
	const struct audit_subject subject = {
		.user = "", .from = source_format(&source, address, sizeof(address))};
	audit_done(&subject, "penalty", "span=%s", span_format(sum_ms, span, sizeof(span)));
}
