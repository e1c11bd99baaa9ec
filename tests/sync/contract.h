/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sync/openapi.yaml as a judge: loaded with libyaml, each request and answer held against the schema of its
 * operation and status. The part of JSON Schema that the file uses: type, properties, required,
 * additionalProperties, items, enum, const, pattern, lengths, bounds, counts, oneOf, $ref. A keyword the
 * judge does not know is a fault of the contract, not something to pass over.
 */
#ifndef TESTS_SYNC_CONTRACT_H
#define TESTS_SYNC_CONTRACT_H

#include <stdbool.h>
#include <stddef.h>

#include "sync/http.h"

struct contract;
struct contract *contract_open(const char *path); /* fails the test when it cannot */
void contract_close(struct contract *c);

#define CONTRACT_WHY 400
/* False with what is wrong and where. path as requested, query and all. */
bool contract_request(const struct contract *c, const char *method, const char *path, const char *body,
		      size_t n, char why[CONTRACT_WHY]);
bool contract_answer(const struct contract *c, const char *method, const char *path, int status,
		     const char *body, size_t n, char why[CONTRACT_WHY]);
/* Every operation of the contract that a box uses was used with a 2xx answer since it was opened? Else the first that was
 * not. */
const char *contract_unused(const struct contract *c);

/* A transport around another one: everything that passes is judged; a fault fails the test unless `answers`
 * is false and it is the answer's. */
struct judged {
	struct contract *contract;
	struct transport inner;
	bool answers;
};
struct transport judged_transport(struct judged *j);

#endif
