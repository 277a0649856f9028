/*
 * keeper_program.c: sprinkled-keeper for a moment.
 */
#include "supervisor/keeper_program.h"

#include <errno.h>
#include <unistd.h>
#include "supervisor/memory_file.h"
#include "supervisor/program.h"

int keeper_settings_file(const struct settings *settings)
{
	return memory_file_make("sprinkled-settings", settings, sizeof(*settings));
}

int keeper_program_run(const char *mode, const struct settings *settings, int limit_ms)
{
	int fd = keeper_settings_file(settings);

	if (fd == -1)
		return -1;
	int status = program_run(PROGRAM_KEEPER, mode, &fd, 1, limit_ms);
	int saved = errno;
	close(fd);
	errno = saved;
	return status;
}
