/* Sunrise and sunset: libnova's, asked for the day that begins at local midnight. */
#include <libnova/julian_day.h>
#include <libnova/ln_types.h>
#include <libnova/solar.h>
#include <math.h>
#include "schedule/calendar.h"
#include "schedule/sun.h"

#define EPOCH_JULIAN_DAYS 2440587.5 /* 1970-01-01T00:00:00Z */

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
	if (ln_get_solar_rst(julian_days, &place, &rst) != 0)
		return;
	*times = (struct sun_times){.rises = true,
				    .sets = true,
				    .rise_s = instant_from_julian(rst.rise),
				    .set_s = instant_from_julian(rst.set)};
}
