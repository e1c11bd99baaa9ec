/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one event becomes under a profile: the facts to write, in order, and which of them are reported. Pure.
 *
 * A step that the profile leaves out fires with its predecessor's (DESIGN 6): both facts are written, only a
 * step of the profile's own makes an operation. An event whose authority is the platform is asked for: one
 * fact marked `asked`, which moves no state; the state moves when its message comes. A message may fire what
 * rows mark by_message and what was to be decided by the platform.
 */
#ifndef DESK_PLAN_H
#define DESK_PLAN_H

#include "domain/lifecycle.h"
#include "profile/profile.h"

enum plan_source {
	PLAN_DESK,    /* an account of ours acts: the row's roles must allow somebody here */
	PLAN_MESSAGE, /* a decision from elsewhere arrives */
	PLAN_EFFECT   /* follows from another event in the same transaction; the platform derives it too,
			 nothing is uploaded */
};

struct planned {
	const struct transition *row;
	bool asked;	    /* asked for at the platform; the state stays */
	bool skipped_step;  /* fired with its predecessor */
	const char *upload; /* operation kind, NULL: nothing goes out */
};
#define PLAN_STEPS 8
struct plan {
	struct planned step[PLAN_STEPS];
	size_t n;
	int end_state;
};

struct plan_request {
	const struct profile *profile;
	enum cycle cycle;
	int state;
	enum event event;
	enum plan_source source;
	/* Do the guards on facts let this left-out step fire? Where they do not, the state rests before it.
	 * NULL: yes. */
	bool (*lets)(const struct transition *row, void *arg);
	void *arg;
};
/* false: forbidden from this state by this source; *out is untouched. */
bool plan_event(const struct plan_request *r, struct plan *out);
/* The step that comes next on the main way from `state`; EVENT_NONE: none. */
enum event plan_next(enum cycle cycle, int state);

#endif
