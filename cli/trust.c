#include "trust.h"

#include <bsd/readpassphrase.h>
#include <stdio.h>
#include <string.h>
#include "known_hosts.h"

/* Nothing that is tried again becomes better: whoever tries for long gives up at once. */
static int refuse(struct failure *failure)
{
	failure->for_good = true;
	return -1;
}

static int time_check(const char *place, const struct certificate *certificate,
		      struct failure *failure)
{
	time_t now = time(NULL);
	bool early = now < certificate->not_before;
	struct tm day;
	char text[32];

	if (!early && now <= certificate->not_after)
		return 0;
	if (!gmtime_r(early ? &certificate->not_before : &certificate->not_after, &day) ||
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &day) == 0)
		text[0] = '\0';
	failure_set(
		failure, STATUS_LOST,
		"%s: its certificate %s %s\n"
		"Is the clock right, here and there? sprinkled-cert -f on the server makes a new "
		"certificate.",
		place, early ? "is not good before" : "has expired on", text);
	return refuse(failure);
}

static int change_refuse(const char *place, const struct known_host *known, const char *fingerprint,
			 struct failure *failure)
{
	failure_set(failure, STATUS_LOST,
		    "WARNING: THE CERTIFICATE OF %s HAS CHANGED\n"
		    "Somebody may be listening in between, or the server got a new one. Refused.\n"
		    "remembered: %s\n"
		    "shown now:  %s\n"
		    "If sprinkled-cert -s on the server shows the latter, forget the old one and "
		    "connect again:\n"
		    "  sed -i %ud %s",
		    place, known->fingerprint, fingerprint, known->line, known->path);
	return refuse(failure);
}

/* At the terminal, wherever standard input comes from. */
static int user_ask(const char *place, const char *fingerprint, struct failure *failure)
{
	char question[1024], answer[FINGERPRINT_SIZE];

	(void)snprintf(question, sizeof(question),
		       "The certificate of %s is not known here.\n"
		       "Its fingerprint is %s;\n"
		       "sprinkled-cert -s on the server shows the right one.\n"
		       "Trust and remember it (yes, no or the right fingerprint)? ",
		       place, fingerprint); /* it fits: target.h */
	if (!readpassphrase(question, answer, sizeof(answer), RPP_ECHO_ON | RPP_REQUIRE_TTY))
		failure_set(failure, STATUS_LOST,
			    "%s: its certificate is not known here, and there is no terminal to "
			    "ask at\n"
			    "Its fingerprint is %s; sprinkled-cert -s on the server shows the "
			    "right one.\n"
			    "--accept-new trusts and remembers it; --ca FILE trusts an authority "
			    "instead.",
			    place, fingerprint);
	else if (strcmp(answer, "yes") == 0 || strcmp(answer, fingerprint) == 0)
		return 0;
	else
		failure_set(failure, STATUS_LOST, "%s: its certificate is not trusted", place);
	return refuse(failure);
}

int trust_decide(const char *place, const struct certificate *certificate, bool accept_new,
		 struct failure *failure)
{
	struct known_host known;
	int found = known_hosts_find(place, &known, failure);

	if (found == -1)
		return -1;
	if (found == 1 && strcmp(known.fingerprint, certificate->fingerprint) != 0)
		return change_refuse(place, &known, certificate->fingerprint, failure);
	if (time_check(place, certificate, failure) == -1)
		return -1;
	if (found == 1)
		return 0;
	if (!accept_new && user_ask(place, certificate->fingerprint, failure) == -1)
		return -1;
	return known_hosts_add(place, certificate->fingerprint, failure);
}
