/*
 * update.c: the redo record. Invariant: while valid is 0 no guarded word has changed; while it is
 * not, the record holds every new value, and putting them in place once more changes nothing.
 *
 * A death before the store to valid: nothing has happened, the next update writes over the record.
 * A death after it: the repair puts every word in place again and then clears valid; a death of the
 * holder between the last word and the clearing repeats what was done, which is the same.
 */
#include "state/update.h"

#include <errno.h>
#include <stdalign.h>
#include <stdbool.h>

void update_set(struct update *update, _Atomic uint32_t *word, uint32_t value)
{
	struct redo *redo = update->redo;

	redo->word[update->count].offset = (uint32_t)((unsigned char *)word - update->base);
	redo->word[update->count].value = value;
	update->count++;
}

static _Atomic uint32_t *word_at(const struct update *update, uint32_t offset)
{
	return (_Atomic uint32_t *)(void *)(update->base + offset);
}

/* Plain assignments to atomics: sequentially consistent, so never before valid nor after its end.
 */
static void update_apply(struct update *update, uint32_t count)
{
	struct redo *redo = update->redo;

	for (uint32_t i = 0; i < count; i++)
		*word_at(update, redo->word[i].offset) = redo->word[i].value;
	redo->valid = 0;
}

void update_commit(struct update *update)
{
	update->redo->valid = update->count;
	update_apply(update, update->count);
	update->count = 0;
}

static bool redo_is_sound(const struct update *update, uint32_t count)
{
	if (count > UPDATE_WORDS)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t offset = update->redo->word[i].offset;
		if (offset % alignof(_Atomic uint32_t) != 0 ||
		    offset > update->size - sizeof(_Atomic uint32_t))
			return false;
	}
	return true;
}

int update_repair(struct update *update)
{
	uint32_t count = update->redo->valid;

	if (!redo_is_sound(update, count)) {
		errno = EPROTO;
		return -1;
	}
	update_apply(update, count);
	return 0;
}
