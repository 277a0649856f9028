/*
 * penalties.c: a table of cells, two copies and a turn each (twin.h), so that wherever the
 * supervisor dies readers see whole penalties. Invariant: from `used` on no cell has a penalty that
 * is not over.
 */
#include "state/penalties.h"

#include <stdatomic.h>
#include "clock.h"
#include "state/segment_layout.h"
#include "state/twin.h"

/* The writer's own look: what it has published itself does not change under it. */
static const struct penalty *cell_look(const struct penalty_cell *cell)
{
	return &cell->copy[cell->turn % 2];
}

static struct penalty_cell *cell_find(struct penalties_area *area, const struct source *source)
{
	for (uint32_t i = 0; i < area->used; i++)
		if (source_equal(&cell_look(&area->cell[i])->source, source))
			return &area->cell[i];
	return NULL;
}

/* A new cell, or the one that ends (or has ended) first. */
static struct penalty_cell *cell_take(struct penalties_area *area, int64_t now_ms)
{
	struct penalty_cell *first = &area->cell[0];

	for (uint32_t i = 1; i < area->used; i++)
		if (cell_look(&area->cell[i])->until_ms < cell_look(first)->until_ms)
			first = &area->cell[i];
	if (area->used == PENALTIES_MAX || (area->used > 0 && cell_look(first)->until_ms <= now_ms))
		return first;
	return &area->cell[area->used++];
}

void penalty_add(struct segment *segment, const struct source *source, int64_t span_ms,
		 const struct penalty_rule *rule)
{
	struct penalties_area *area = &segment->shared->penalties;
	struct penalty_cell *cell = cell_find(area, source);
	int64_t now_ms = clock_monotonic_ms();
	struct penalty penalty = {.source = *source, .until_ms = now_ms};

	if (cell && cell_look(cell)->until_ms > now_ms)
		penalty = *cell_look(cell);
	penalty.until_ms += span_ms;
	if (penalty.until_ms > now_ms + rule->most_ms)
		penalty.until_ms = now_ms + rule->most_ms;
	if (penalty.until_ms - now_ms >= rule->least_ms)
		penalty.refused = true;
	if (!cell)
		cell = cell_take(area, now_ms);
	twin_write(&cell->turn, cell->copy, sizeof(penalty), &penalty);
}

int64_t penalty_until_ms(struct segment *segment, const struct source *source)
{
	struct penalties_area *area = &segment->shared->penalties;

	if (area->used == 0)
		return 0;
	int64_t now_ms = clock_monotonic_ms();
	while (area->used > 0 && cell_look(&area->cell[area->used - 1])->until_ms <= now_ms)
		area->used--;
	const struct penalty_cell *cell = cell_find(area, source);
	if (!cell)
		return 0;
	const struct penalty *penalty = cell_look(cell);
	return penalty->refused && penalty->until_ms > now_ms ? penalty->until_ms : 0;
}

int penalty_next(struct segment *segment, int number, struct penalty *penalty)
{
	struct penalties_area *area = &segment->shared->penalties;
	int64_t now_ms = clock_monotonic_ms();

	for (; number < PENALTIES_MAX && (uint32_t)number < area->used; number++) {
		struct penalty_cell *cell = &area->cell[number];

		twin_read(&cell->turn, cell->copy, sizeof(*penalty), penalty);
		if (penalty->until_ms > now_ms)
			return number + 1;
	}
	return -1;
}
