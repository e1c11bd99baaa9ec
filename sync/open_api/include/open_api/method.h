/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The methods of the open.api: which of our operations each carries, how its arguments are made of the
 * operation's flat body, how the platform is asked whether it has the thing already. One table of methods,
 * one of fields. Pure.
 *
 * Bodies come from the desk in the standard's own names (src/desk/wire.h); here they get their place (list or
 * top), their type on this wire (numbers, yuan), their seal and their picture prefix.
 */
#ifndef OPEN_API_METHOD_H
#define OPEN_API_METHOD_H

#include <cjson/cJSON.h>

#include "open_api/envelope.h"

struct open_api_method {
	const char *kind; /* our operation: "team.add" */
	const char *name; /* "Team.Add" */
	const char *list; /* where the items' fields go; NULL: all at the top */
	size_t most;	  /* items of one call */
	const char *const *top, *const *item;
	/* Is it there already? An update's query tells only that the platform answers: match is NULL. */
	const char *query;
	const char *const *ask;	  /* arguments of the query */
	const char *const *match; /* a row is ours when these agree with the body */
	const char *number;	  /* the row's field that names it on the platform; NULL */
	int type;		  /* WorkerEntryExit.Add: 1 in, 0 out; else -1 */
	bool update;		  /* of a worker: sent only once the worker is there */
};
const struct open_api_method *open_api_method(const char *kind); /* there is one for each kind that domain/upload_way.h says is sent */
const struct open_api_method *open_api_method_at(unsigned i);	 /* NULL at the end */
bool open_api_is_sealed(const char *field);

#define OPEN_API_RESULT "AsyncHandleResult.Query"

/* May these two go in one call: the same method, the same top? */
bool open_api_together(const struct open_api_method *m, const cJSON *a, const cJSON *b);
/* The arguments as JSON text, to be wiped. bodies: the operations', n of them (one where the method has no
 * list). ERR_JSON when a body is none of ours. */
int open_api_arguments(const struct open_api_method *m, const struct open_api_manner *manner,
		       const struct open_api_key *key, const cJSON *const *bodies, size_t n, struct buf *out,
		       struct err *e);
int open_api_query_arguments(const struct open_api_method *m, const struct open_api_key *key,
			     const cJSON *body, struct buf *out, struct err *e);

#endif
