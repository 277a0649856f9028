#ifndef SCHEDULE_SUN_H
#define SCHEDULE_SUN_H

#include <stdbool.h>
#include <stdint.h>

/* Sunrise and sunset, by libnova: upper limb on the horizon, with refraction. */

struct sun_times {
	bool rises, sets;      /* false: not on that date (polar day or night) */
	int64_t rise_s, set_s; /* instants, to the nearest second; good to some seconds */
};

/* Those between local midnight of the date and the next. Degrees, north and east positive. */
void sun_times(int32_t date, double latitude, double longitude, struct sun_times *);

#endif
