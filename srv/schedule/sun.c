/* Sunrise and sunset: libnova's, asked for the day that begins at local midnight. */
#include <libnova/ln_types.h>
#include <libnova/precession.h>
#include <libnova/rise_set.h>
#include <libnova/solar.h>
#include <math.h>
#include "schedule/calendar.h"
#include "schedule/sun.h"

#define EPOCH_JULIAN_DAYS 2440587.5 /* 1970-01-01T00:00:00Z */

/*
 * Where the sun stands among the stars. libnova 0.16 gives it by the equator of the year 2000 but
 * counts sidereal time by that of the date: without this every event comes 3.6 s a year too early.
 */
static void sun_position(double julian_days, struct ln_equ_posn *position)
{
	struct ln_equ_posn of_2000;

	ln_get_solar_equ_coords(julian_days, &of_2000);
	ln_get_equ_prec(&of_2000, julian_days, position);
}

static int64_t instant_from_julian(double julian_days)
{
	return (int64_t)llround((julian_days - EPOCH_JULIAN_DAYS) * DAY_S);
}

void sun_times(int32_t date, double latitude, double longitude, struct sun_times *times)
{
	struct ln_lnlat_posn place = {.lng = longitude, .lat = latitude};
	int64_t midnight_s = calendar_instant((int64_t)date * DAY_S);
	double julian_days = (double)midnight_s / DAY_S + EPOCH_JULIAN_DAYS;
	struct ln_rst_time rst;

	*times = (struct sun_times){0};
	/* Not 0: the sun stays above or below the horizon all day. */
	if (ln_get_body_rst_horizon(julian_days, &place, sun_position, LN_SOLAR_STANDART_HORIZON,
				    &rst) != 0)
		return;
	*times = (struct sun_times){.rises = true,
				    .sets = true,
				    .rise_s = instant_from_julian(rst.rise),
				    .set_s = instant_from_julian(rst.set)};
}
