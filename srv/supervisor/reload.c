/*
 * reload.c: settings from the command line and the file, at start and again at SIGHUP.
 */
#include "supervisor/reload.h"

#include <bsd/string.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "config/endpoint.h"
#include "config/users.h"
#include "clock.h"
#include "log/log.h"
#include "state/shared_settings.h"
#include "supervisor/nameless.h"

static int listener_add(const char *text, struct settings *settings, struct settings_error *error)
{
	errno = EINVAL;
	if (settings->listen_count == SETTINGS_LISTENERS_MAX) {
		snprintf(error->text, sizeof(error->text), "-l: at most %d listeners",
			 SETTINGS_LISTENERS_MAX);
		return -1;
	}
	if (strlcpy(settings->listen[settings->listen_count++], text, SETTING_TEXT_SIZE) >=
	    SETTING_TEXT_SIZE) {
		snprintf(error->text, sizeof(error->text), "-l %.40s…: too long", text);
		return -1;
	}
	return 0;
}

/* A listener that is configured too is the one that was handed over: nobody else can listen there.
 */
static bool listener_is_configured(const struct settings *settings, const char *text)
{
	struct endpoint wanted, configured;
	const char *why;

	if (endpoint_parse(text, &wanted, &why) == -1)
		return false;
	for (unsigned i = 0; i < settings->listen_count; i++)
		if (endpoint_parse(settings->listen[i], &configured, &why) == 0 &&
		    strcmp(configured.address, wanted.address) == 0)
			return true;
	return false;
}

/* What the command line names, and what came with it, replaces the two default listeners. */
static int listeners_add(const struct options *options, struct settings *settings,
			 struct settings_error *error)
{
	const struct inherited *inherited = &options->inherited;

	if (options->listener_count + inherited->count > 0 && settings->listen_default)
		settings->listen_count = 0;
	for (size_t i = 0; i < options->listener_count; i++)
		if (listener_add(options->listeners[i], settings, error) == -1)
			return -1;
	for (size_t i = 0; i < inherited->count; i++)
		if (!listener_is_configured(settings, inherited->socket[i].listener) &&
		    listener_add(inherited->socket[i].listener, settings, error) == -1)
			return -1;
	return 0;
}

int settings_assemble(const struct options *options, struct settings *settings,
		      struct settings_error *error)
{
	const char *path = options->config ? options->config : SPRINKLED_CONFDIR "/sprinkled.yml";

	if (settings_load(path, options->config != NULL, options->overrides,
			  options->override_count, settings, error) == -1)
		return -1;
	return listeners_add(options, settings, error);
}

/* The settings that need no start; the log says later which of the others has to wait for one. */
static bool settings_reload(struct supervisor *supervisor, const char **later,
			    struct settings_error *error)
{
	struct settings wanted;

	if (settings_assemble(supervisor->options, &wanted, error) == -1 ||
	    nameless_check(&wanted, users_exist(wanted.users_file), error) == -1)
		return false;
	*later = settings_needs_restart(&supervisor->settings, &wanted);
	settings_take_reloadable(&supervisor->settings, &wanted);
	shared_settings_publish(supervisor->segment, &supervisor->settings);
	return true;
}

static void users_reload(struct supervisor *supervisor)
{
	const struct settings *settings = &supervisor->settings;
	bool users = users_exist(settings->users_file);
	struct settings_error error;

	if (settings_check_exposure(settings, users, &error) == -1)
		log_error("the users file stays in force though it is gone: %s", error.text);
	else
		supervisor->users_exist = users;
	if (users && users_verify(settings->users_file, error.text, sizeof(error.text)) == -1)
		log_error("%s", error.text);
}

/* The key may be readable by nobody but root, whom the server is no more. */
static void credentials_reload(struct supervisor *supervisor)
{
	char error[1024];

	if (credentials_load(&supervisor->settings, &supervisor->credentials, error,
			     sizeof(error)) == -1)
		log_warning("certificate and key stay as they were: %s", error);
}

/*
 * The time says which reload a message is about. Not before the start is through: to say that the
 * reload is would say that it is.
 */
static void reload_tell(const struct supervisor *supervisor, const char *what)
{
	struct timespec now = clock_monotonic_after(0);

	if (supervisor->keeper_was_ready)
		notify_say(&supervisor->notify, "%s\nMONOTONIC_USEC=%" PRId64, what,
			   (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
}

void reload_run(struct supervisor *supervisor)
{
	struct settings_error error;
	const char *later = NULL;

	reload_tell(supervisor, "RELOADING=1");
	bool taken = settings_reload(supervisor, &later, &error);

	/* Whatever is said from here on goes to the new logs. */
	if (log_reopen(&supervisor->settings) == -1)
		log_warning("logs could not be reopened: %s", strerror(errno));
	if (!taken)
		log_error("settings not reloaded, the old ones stay: %s", error.text);
	else
		log_info("settings reloaded");
	if (later)
		log_warning("setting %s takes effect at the next start", later);
	users_reload(supervisor);
	credentials_reload(supervisor);
	clerk_renew(supervisor);
	if (supervisor->keeper > 0)
		kill(supervisor->keeper, SIGHUP); /* not yet reaped: the pid is its own */
	reload_tell(supervisor, "READY=1");
}
