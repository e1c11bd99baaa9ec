/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How each kind of record reaches the platform in each dialect (K4): the one table of it. What a dialect has no call for is to be done on the
 * platform's own page, and says so; nothing is dropped without a word. Sources: sync/openapi.yaml for the native dialect (all of it), STD (the
 * methods of the national standard's interface) for the open.api, JM-3 1.2 (852 people, 848 faces) for the device protocol.
 */
#ifndef DOMAIN_UPLOAD_WAY_H
#define DOMAIN_UPLOAD_WAY_H

#include <stdbool.h>

enum upload_dialect { DIALECT_NATIVE, DIALECT_OPEN_API, DIALECT_DEVICE, DIALECT_COUNT };
enum upload_way {
	WAY_SENDS,
	WAY_TOLD_WITH, /* no call of its own: another record's call tells it (a person with the worker) */
	WAY_BY_HAND    /* nothing tells it: to be done on the platform's page */
};

const char *upload_dialect_name(enum upload_dialect d); /* "open_api": as profiles say */
bool upload_dialect_parse(const char *name, enum upload_dialect *out);

struct upload_kind {
	const char *kind; /* "assignment.enter" */
	enum upload_way way[DIALECT_COUNT];
};
const struct upload_kind *upload_kind_at(unsigned i); /* NULL at the end */
/* A kind that the table does not know is sent in the native dialect, whose platform refuses it by name, and done by hand in every other. */
enum upload_way upload_way(enum upload_dialect d, const char *kind);

/* The same of contents by the role they are kept in ("photo", "contract"): sent after the texts, with the record that they belong to (WAY_TOLD_WITH),
 * or taken by no call. Sources as above: STD WorkerAdd and WorkerContract.Add, JM-3 1.2.1 (852) and 1.2.4 (848). */
struct upload_file {
	const char *role;
	enum upload_way way[DIALECT_COUNT];
};
const struct upload_file *upload_file_at(unsigned i); /* NULL at the end */

#endif
