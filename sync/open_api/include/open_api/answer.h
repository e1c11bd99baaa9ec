/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an open.api platform says, in our words: of a call, of an asynchronous result, of a query. Foreign
 * codes and sentences are translated here and nowhere else. Pure; everything is bounded, tame (no control
 * characters) and masked: failure texts of real platforms repeat whole ID numbers, phones and cards.
 */
#ifndef OPEN_API_ANSWER_H
#define OPEN_API_ANSWER_H

#include "open_api/method.h"

#define OPEN_API_REASON 300
#define OPEN_API_WORD 32
#define OPEN_API_NUMBER 64
#define OPEN_API_ANSWER_MAX (4u << 20)

enum open_api_said {
	OPEN_API_UNCLEAR, /* nothing that can be understood */
	OPEN_API_TAKEN,	  /* accepted for later, not stored yet: `number` is the serial number to ask with */
	OPEN_API_DONE,	  /* stored; `number` what the platform calls it, if it says so */
	OPEN_API_LATER,	  /* asked about too early */
	OPEN_API_PRESENT, /* it had it before: done; `number` if the sentence names it */
	OPEN_API_REFUSED, /* this record: code, reason, field */
	OPEN_API_AWAY,	  /* the call as a whole, whatever was in it: `trouble` */
};
struct open_api_answer {
	enum open_api_said said;
	enum err_code trouble;
	char code[OPEN_API_WORD], field[OPEN_API_WORD], number[OPEN_API_NUMBER], reason[OPEN_API_REASON];
};

/* The answer to an Add, Update or Upload. Never fails: what is not understood is OPEN_API_UNCLEAR. */
void open_api_read_answer(const char *text, size_t n, struct open_api_answer *out);
/* The answer to AsyncHandleResult.Query. */
void open_api_read_result(const char *text, size_t n, struct open_api_answer *out);
/* The answer to a method's query: OPEN_API_PRESENT (number taken from the row), OPEN_API_LATER: surely not
 * there, OPEN_API_AWAY, OPEN_API_UNCLEAR. `body` is the operation's. */
void open_api_read_rows(const char *text, size_t n, const struct open_api_method *m,
			const struct open_api_key *key, const cJSON *body, struct open_api_answer *out);
/* Hides document numbers, phones and bank cards in a sentence, in place. A team's number (at most ten digits)
 * stays. */
void open_api_mask(char *sentence);

#endif
