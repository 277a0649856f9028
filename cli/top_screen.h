#ifndef CLI_TOP_SCREEN_H
#define CLI_TOP_SCREEN_H

#include "top_state.h"

/* The full screen by ncurses(3). It takes the whole terminal from begin to end. */

/* Returns 0, or -1: the terminal can't have full screens. */
int top_screen_begin(void);
void top_screen_end(void);

/* Draw all of it for now. name is the target's. Fits any size; 80 by 24 shows all of 8 relays. */
void top_screen_draw(const struct top_state *, const char *name);

/* Milliseconds until the drawing is out of date by the clock alone; -1: never. */
int top_screen_timeout_ms(const struct top_state *);

enum top_key {
	TOP_NONE,  /* none was pressed */
	TOP_OTHER, /* one that means nothing here, or the terminal's size changed */
	TOP_QUIT,
	TOP_UP,
	TOP_DOWN,
	TOP_CLOSE,
	TOP_OPEN,
	TOP_PAUSE,
	TOP_RESUME,
	TOP_ENTER,
};

/* The next key, without waiting for one. */
enum top_key top_screen_key(void);

#endif
