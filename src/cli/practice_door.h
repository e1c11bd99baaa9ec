/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The door of the practice platform: in which dialect the invented site speaks to it. The region's own, or another one to be practised: then its
 * rules are laid into the practice directory with that dialect in them, and are loaded from there by this process and all it starts.
 */
#ifndef CLI_PRACTICE_DOOR_H
#define CLI_PRACTICE_DOOR_H

#include <stdbool.h>
#include <stddef.h>

#include "domain/upload_way.h"
#include "practice_dir.h"

#define PRACTICE_SECRET_APP 33 /* the open.api wants 32 characters */
struct practice_door {
	char profile[32];	  /* the rules' name, without the door */
	enum upload_dialect speaks;
	char secret[PRACTICE_SECRET_APP];
};

/* "jiangmen" and "device" as one name, which directory and marker bear: "jiangmen@device". door NULL: "jiangmen". false: too long, no such dialect. */
bool practice_door_name(const char *profile, const char *door, char *out, size_t size);
/* The rules are in place and the door is known. ERR_PROFILE: there are no such rules, or none of that dialect. */
int practice_door_open(struct practice_door *out, const struct practice_dirs *dirs, struct err *e);
/* What the platform is told so that it has this door, appended at *n; strings live in the door and here. */
#define PRACTICE_MAKER "LIANXI-VENDOR-000000000000000001"
#define PRACTICE_COLLECTOR "LIANXI-DEVICE-000000000000000001"
#define PRACTICE_PROJECT "LX20260001"
void practice_door_arguments(const struct practice_door *door, char *account, size_t size, const char **argv, size_t cap, size_t *n);

#endif
