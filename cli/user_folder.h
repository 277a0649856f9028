#ifndef CLI_USER_FOLDER_H
#define CLI_USER_FOLDER_H

#include <limits.h>
#include <stdbool.h>

/* The user's own files, by the XDG base directory specification. */
enum user_folder {
	USER_CONFIG, /* XDG_CONFIG_HOME/sprinkle, else ~/.config/sprinkle */
	USER_STATE,  /* XDG_STATE_HOME/sprinkle, else ~/.local/state/sprinkle */
};

/* Where a file of that name is in it, there or not. False: the user has no such folder. */
bool user_folder_file(enum user_folder, const char *name, char path[PATH_MAX]);

/* Make the folders above that file where they are missing, mode 0700. 0, or -1 with errno. */
int user_folder_make(const char *path);

#endif
