#ifndef STATE_UPDATE_H
#define STATE_UPDATE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Several words of the shared memory changed as one, though the process may die at any instruction:
 * the new values are written down first (the redo record), then declared valid by one store, then
 * put in place. Only the holder of the lock updates.
 */

enum { UPDATE_WORDS = 6 };

struct redo {
	_Atomic uint32_t
		valid; /* 0: nothing is decided; else so many words are to be put in place */
	struct {
		uint32_t offset; /* bytes from base */
		uint32_t value;
	} word[UPDATE_WORDS];
};

/* An update in the making: base is where the shared memory is mapped, size its bytes. */
struct update {
	struct redo *redo;
	unsigned char *base;
	size_t size;
	uint32_t count;
};

/* word (inside the shared memory) shall become value. At most UPDATE_WORDS times an update. */
void update_set(struct update *, _Atomic uint32_t *word, uint32_t value);

/* From here on all of it happens, whoever dies. */
void update_commit(struct update *);

/*
 * Supervisor, when the lock's holder is dead: put in place what was declared valid, forget what was
 * not. 0, or -1 with errno EPROTO: the record was overwritten and nothing was done.
 */
int update_repair(struct update *);

#endif
