/*
 * killsweep [-s STEP] [-t SECONDS]: death at every instruction. Each scene is played once for every
 * position: the victim makes that many instructions of the server's own lock and state code and is
 * killed there (or frozen), the supervisor's repair runs, and everything is looked at. Then a storm
 * of deaths at random moments. Ends with "N passed, N failed".
 *
 *   -s STEP     only every STEPth position (1), for slow machines
 *   -t SECONDS  length of the storm (10), 0 for none
 *
 * Status 0 all passed, 1 something failed, 2 it could not be tried.
 */
#include <bsd/stdlib.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "players.h"
#include "scenes.h"
#include "storm.h"
#include "victim.h"

enum { EXIT_USAGE = 2, FAILURES_MAX = 10 };

static const struct {
	const char *name;
	enum outcome (*play)(struct trial *);
} scenes[] = {
	{"a holder", holder_play},
	{"a holder that replaces its request", replacing_holder_play},
	{"a holder with a parked waiter", waited_for_holder_play},
	{"a waiter just woken", woken_waiter_play},
	{"a live holder frozen", frozen_holder_play},
	{"a keeper that takes and answers", keeper_play},
	{"a publisher", publisher_play},
};

struct tally {
	unsigned passed, failed;
};

/*
 * The scene in a fresh segment. A victim that came to its end has seen its whole update: the sweep
 * really went across it.
 */
static enum outcome trial_play(size_t scene, struct trial *trial)
{
	trial->segment = segment_create("/sprinkled.killsweep", TRIAL_CLIENTS);
	if (!trial->segment)
		give_up("segment_create");
	enum outcome outcome = scenes[scene].play(trial);
	segment_destroy(trial->segment);
	if (trial->at_end && outcome == OUTCOME_OLD) {
		trial->why = "the whole update came to nothing";
		outcome = OUTCOME_FAILED;
	}
	return outcome;
}

/* From the first position to the victim's end, or till enough has failed. */
static void scene_sweep(size_t scene, unsigned step, struct tally *tally)
{
	unsigned count[OUTCOMES] = {0};
	bool at_end = false;

	for (unsigned position = 0; !at_end && count[OUTCOME_FAILED] < FAILURES_MAX;
	     position += step) {
		struct trial trial = {.position = position};
		enum outcome outcome = trial_play(scene, &trial);
		count[outcome]++;
		at_end = trial.at_end;
		if (outcome == OUTCOME_FAILED)
			printf("%s: after %u instructions: %s\n", scenes[scene].name, position,
			       trial.why);
	}
	printf("%s: %u positions, %u left it old, %u new, %u failed\n", scenes[scene].name,
	       count[OUTCOME_OLD] + count[OUTCOME_NEW] + count[OUTCOME_FAILED], count[OUTCOME_OLD],
	       count[OUTCOME_NEW], count[OUTCOME_FAILED]);
	(void)fflush(stdout); /* only for who looks on; the end is checked */
	tally->passed += count[OUTCOME_OLD] + count[OUTCOME_NEW];
	tally->failed += count[OUTCOME_FAILED];
	if (count[OUTCOME_OLD] == 0) {
		printf("%s: no position came before the update\n", scenes[scene].name);
		tally->failed++;
	}
}

static void storm_sweep(unsigned seconds, struct tally *tally)
{
	unsigned faults;
	const char *why;

	if (seconds == 0)
		return;
	unsigned deaths = storm_run(seconds, &faults, &why);
	printf("a storm of %u s: %u deaths\n", seconds, deaths);
	if (faults > 0)
		printf("the storm: %s\n", why);
	tally->passed += deaths;
	tally->failed += faults + (deaths == 0);
}

static unsigned number_of(const char *text, unsigned least)
{
	const char *error;
	long long number = strtonum(text, least, UINT_MAX, &error);

	if (!error)
		return (unsigned)number;
	(void)fprintf(stderr, "killsweep: %s is %s\n", text, error); /* no other place to say it */
	exit(EXIT_USAGE);
}

/*
 * Tracer and victim take turns: one processor hands over faster than two wait for each other. The
 * storm has them all again.
 */
static void processor_choose(cpu_set_t *all)
{
	cpu_set_t one;
	int cpu = sched_getcpu();

	CPU_ZERO(&one);
	if (cpu == -1)
		give_up("sched_getcpu");
	CPU_SET((size_t)cpu, &one);
	if (sched_getaffinity(0, sizeof(*all), all) == -1 ||
	    sched_setaffinity(0, sizeof(one), &one) == -1)
		give_up("sched_setaffinity");
}

int main(int argc, char **argv)
{
	unsigned step = 1, storm_s = 10;
	struct tally tally = {0};
	cpu_set_t processors;
	int option;

	while ((option = getopt(argc, argv, "s:t:")) != -1) {
		if (option == 's')
			step = number_of(optarg, 1);
		else if (option == 't')
			storm_s = number_of(optarg, 0);
		else
			return EXIT_USAGE;
	}
	players_prepare();
	processor_choose(&processors);
	for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++)
		scene_sweep(i, step, &tally);
	if (sched_setaffinity(0, sizeof(processors), &processors) == -1)
		give_up("sched_setaffinity");
	storm_sweep(storm_s, &tally);
	printf("%u passed, %u failed\n", tally.passed, tally.failed);
	return fflush(stdout) != 0 || tally.failed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
