/*
 * one_shot.c: the keeper's work without a server. Errors go to stderr, in one line.
 */
#include "keeper/one_shot.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "keeper/doctor.h"
#include "keeper/keeper.h"
#include "keeper/preview.h"
#include "schedule/profiles.h"

int one_shot_open(const struct settings *settings)
{
	char error[BANK_ERROR_SIZE];
	struct bank *bank = water_bank_open(settings, error);
	uint64_t closed;

	if (!bank)
		errx(EXIT_FAILURE, "%s", error);
	/* The request has driven all open already; say it once more, and look. */
	if (bank_drive(bank, 0) == -1 || bank_read(bank, &closed) == -1)
		err(EXIT_FAILURE, "%s", bank_describe(bank));
	if (closed != 0) {
		char which[RELAYS_MAX * 4];
		errx(EXIT_FAILURE, "relay %s does not open: check the board by hand",
		     relay_set_format(closed, which, sizeof(which)));
	}
	printf("sprinkled: %u relays are open (%s)\n", settings->relay_count, bank_describe(bank));
	bank_close(bank);
	return EXIT_SUCCESS;
}

int one_shot_check(const struct settings *settings)
{
	const struct profiles_site site = {
		.relay_count = settings->relay_count,
		.latitude = settings->latitude,
		.longitude = settings->longitude,
	};
	struct profile_set *set = calloc(1, sizeof(*set));
	static struct profiles_error error;

	if (!set)
		err(EXIT_FAILURE, "profiles");
	/* No profiles file at all is no mistake: relays can be switched by hand. */
	if (profiles_load(settings->profiles_file, &site, set, &error) == -1 && errno != ENOENT)
		errx(EXIT_FAILURE, "%s", error.text);
	free(set);
	return EXIT_SUCCESS;
}

int one_shot_doctor(const struct settings *settings)
{
	return doctor_report(settings, stdout);
}

int one_shot_preview(const struct settings *settings, const char *span, const char *profiles,
		     const char *profile)
{
	char error[1200];

	if (preview_print(settings, span ? span : "", profiles, profile, stdout, error,
			  sizeof(error)) == 0)
		return EXIT_SUCCESS;
	errx(EXIT_FAILURE, "%s", error);
}
