#include "supervisor/nameless.h"

#include <errno.h>
#include <stdio.h>
#include "config/endpoint.h"
#include "peer.h"
#include "session/services.h"

/* What stands against the listener; NULL: nothing. Unix peers are known by their uid. */
static const char *objection_find(const struct settings *settings, const struct endpoint *endpoint)
{
	if (endpoint->sockaddr.ss_family == AF_UNIX)
		return NULL;
	if (!settings->legacy_user[0])
		return "its clients send a password and no name; set legacy_user to the user "
		       "whose password it is";
	if (!settings->plaintext_auth && !endpoint->tls && !peer_is_loopback(&endpoint->sockaddr))
		return "its clients send the password in clear, for anybody on the way to read; "
		       "if that is right set plaintext_auth: yes, else listen on 127.0.0.1";
	return NULL;
}

int nameless_check(const struct settings *settings, bool users_exist, struct settings_error *error)
{
	for (unsigned i = 0; users_exist && i < settings->listen_count; i++) {
		struct endpoint endpoint;
		const struct service *service;
		const char *why;

		if (endpoint_parse(settings->listen[i], &endpoint, &why) == -1)
			continue; /* said when it is opened */
		service = service_find(endpoint.service);
		if (!service || !service->nameless)
			continue;
		why = objection_find(settings, &endpoint);
		if (!why)
			continue;
		(void)snprintf(error->text, sizeof(error->text), "listen: %.128s: %s",
			       settings->listen[i], why); /* a cut still helps */
		errno = EINVAL;
		return -1;
	}
	return 0;
}
