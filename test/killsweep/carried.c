/* carried.c: one number, everywhere. */
#include "carried.h"

#include <stdio.h>
#include <string.h>

static void text_fill(char *text, size_t size, int number)
{
	memset(text, 'a' + number % 26, size - 1);
	text[size - 1] = '\0';
}

struct request request_carrying(int number)
{
	struct request request;

	memset(&request, 0, sizeof(request));
	request.kind = REQUEST_LEVEL;
	request.number = number;
	request.span_ms = number;
	request.relays = (uint64_t)number;
	text_fill(request.text, sizeof(request.text), number);
	text_fill(request.by, sizeof(request.by), number);
	return request;
}

bool request_carries(const struct request *request, int number)
{
	struct request wanted = request_carrying(number);

	return request->kind == wanted.kind && request->number == wanted.number &&
	       request->span_ms == wanted.span_ms && request->relays == wanted.relays &&
	       strcmp(request->text, wanted.text) == 0 && strcmp(request->by, wanted.by) == 0;
}

struct answer answer_carrying(int number)
{
	struct answer answer;

	memset(&answer, 0, sizeof(answer));
	answer.code = number;
	text_fill(answer.text, sizeof(answer.text), number);
	for (int i = 0; i < RELAYS_MAX; i++) {
		answer.relay[i].when_ns = number;
		answer.relay[i].until_ns = number;
	}
	return answer;
}

bool answer_carries(const struct answer *answer, int number)
{
	struct answer wanted = answer_carrying(number);

	for (int i = 0; i < RELAYS_MAX; i++)
		if (answer->relay[i].when_ns != number || answer->relay[i].until_ns != number)
			return false;
	return answer->code == wanted.code && strcmp(answer->text, wanted.text) == 0;
}
