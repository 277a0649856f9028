/* srv/schedule/sun.h: sunrise and sunset as almanacs print them. */

#include "schedule_fixture.h"
#include "schedule/calendar.h"
#include "schedule/sun.h"

#define ALMANAC_MARGIN_S 60 /* almanacs print minutes, of a town's centre */

/* Local times of day as printed by almanacs (timeanddate.com, the US Naval Observatory). */
static const struct {
	const char *zone;
	double latitude, longitude;
	const char *rise, *set; /* of one date */
} almanac[] = {
	{"America/New_York", 40.7128, -74.0060, "2026-06-21T05:25:00-04:00",
	 "2026-06-21T20:31:00-04:00"},
	{"Europe/London", 51.5074, -0.1278, "2026-12-21T08:04:00+00:00",
	 "2026-12-21T15:53:00+00:00"},
	{"Australia/Sydney", -33.8688, 151.2093, "2026-12-22T05:41:00+11:00",
	 "2026-12-22T20:05:00+11:00"},
	{"America/Los_Angeles", 34.0522, -118.2437, "2026-01-01T06:59:00-08:00",
	 "2026-01-01T16:54:00-08:00"},
	/* by the formulas of NOAA's solar calculator: a century's precession is 6 minutes */
	{"America/New_York", 40.7128, -74.0060, "2099-06-21T05:25:18-04:00",
	 "2099-06-21T20:30:57-04:00"},
	{"Asia/Kolkata", 28.6139, 77.2090, "2026-03-20T06:25:00+05:30",
	 "2026-03-20T18:32:00+05:30"},
};

static void assert_near(int64_t got_s, int64_t printed_s, const char *what)
{
	if (got_s < printed_s - ALMANAC_MARGIN_S || got_s > printed_s + ALMANAC_MARGIN_S)
		fail_msg("%s: %jd s off", what, (intmax_t)(got_s - printed_s));
}

static void the_sun_keeps_to_the_almanac(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(almanac) / sizeof(almanac[0]); i++) {
		struct sun_times sun;

		zone_use(almanac[i].zone);
		sun_times(calendar_date_of(at(almanac[i].rise)), almanac[i].latitude,
			  almanac[i].longitude, &sun);
		assert_true(sun.rises && sun.sets);
		assert_near(sun.rise_s, at(almanac[i].rise), almanac[i].rise);
		assert_near(sun.set_s, at(almanac[i].set), almanac[i].set);
	}
}

/* Where the zone is far from the sun's own time, UTC's date is another than the local one. */
static void both_belong_to_the_local_date(void **state)
{
	static const struct {
		const char *zone;
		double latitude, longitude;
	} places[] = {
		{"Pacific/Apia", -13.83, -171.77},	 {"Pacific/Kiritimati", 1.87, -157.40},
		{"America/Los_Angeles", 34.05, -118.24}, {"Asia/Shanghai", 39.47, 75.99},
		{"Pacific/Auckland", -36.85, 174.76},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		int32_t first = calendar_date(2026, 1, 1);

		zone_use(places[i].zone);
		for (int32_t date = first; date < first + 366; date++) {
			struct sun_times sun;

			sun_times(date, places[i].latitude, places[i].longitude, &sun);
			assert_true(sun.rises && sun.sets);
			assert_int_equal(calendar_date_of(sun.rise_s), date);
			assert_int_equal(calendar_date_of(sun.set_s), date);
			assert_true(sun.rise_s < sun.set_s);
		}
	}
}

static void in_the_polar_summer_and_winter_there_is_neither(void **state)
{
	struct sun_times sun;

	(void)state;
	zone_use("Europe/Oslo");
	sun_times(calendar_date(2026, 6, 21), 69.65, 18.96, &sun);
	assert_false(sun.rises || sun.sets);
	sun_times(calendar_date(2026, 12, 21), 69.65, 18.96, &sun);
	assert_false(sun.rises || sun.sets);
	sun_times(calendar_date(2026, 3, 20), 69.65, 18.96, &sun);
	assert_true(sun.rises && sun.sets);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sun_keeps_to_the_almanac),
		cmocka_unit_test(both_belong_to_the_local_date),
		cmocka_unit_test(in_the_polar_summer_and_winter_there_is_neither),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
