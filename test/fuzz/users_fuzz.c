/* Lines of the users file: a line that is one has a name, a role and a hash. */

#include <errno.h>
#include "config/user_line.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct user user = {.role = ROLE_NONE};
	const char *why = NULL;
	int kind = 0;

	errno = 0;
	kind = user_line_parse(text, &user, &why);
	MUST(kind >= -1 && kind <= 1);
	if (kind == 1)
		MUST(user_name_valid(user.name) && user.role > ROLE_NONE &&
		     user.role <= ROLE_ADMIN && user.hash[0] != '\0');
	if (kind == -1)
		MUST(errno == EINVAL && why != NULL);
	free(text);
	return 0;
}
