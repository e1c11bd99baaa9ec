/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a body of the wire must look like: one table of fields a thing. Pure. The same facts, for others, in
 * sync/openapi.yaml. */
#ifndef PLATFORM_BODY_H
#define PLATFORM_BODY_H

#include <cjson/cJSON.h>
#include <stdbool.h>

struct body_fault {
	const char *code, *field;
	char reason[120];
}; /* code and field are static */

/* entity: "person", "employment", … or "step" for a body that only moves a state. False with *fault. */
bool body_check(const char *entity, const cJSON *body, struct body_fault *fault);
/* Whether the entity names another record (or a list of them) by `field` that must be there; walks them: i from 0,
 * NULL at the end. */
const char *body_reference(const char *entity, unsigned i, const char **of_entity);

#endif
