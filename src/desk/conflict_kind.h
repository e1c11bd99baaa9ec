/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kinds of things whose fields the platform may change: how each is opened, read and written. conflict.c
 * asks the questions. */
#ifndef DESK_CONFLICT_KIND_H
#define DESK_CONFLICT_KIND_H

#include "folk.h"
#include "sheets.h"
#include "store/upload.h"

struct facet {
	const char *name, *label;
	unsigned max_chars;
	bool needed;
	int at;
}; /* one field; at: its kind's own number for it */

/* One subject with what is to become of it. Begun with d and kind; ended by conflict_end(), whatever open()
 * returned. */
struct holding {
	struct desk *d;
	const struct conflict_kind *kind;
	char uid[UID_TEXT], name[NAME_TEXT];
	struct site_change how; /* as the platform says it, or told again */
	int64_t person;		/* 0: a thing with a uid of its own */
	int64_t file;		/* whose file it stands in; 0: nobody's */
	bool whole;		/* values are shown whole, else masked as in the file */
	bool over;		/* the change is about an employment or assignment that is over */
	/* people */
	struct folk folk;
	struct record r;
	bool touched[3]; /* by enum folk_part */
	bool renamed;
	/* the site's things */
	struct particulars sheet;
	struct db_team team; /* an assignment's too, as it is to be */
	char leads[2];	     /* an assignment's: "1" or "0" */
};

struct conflict_ways {
	/* By the uid that a change names, or (subject NULL) by h->person or h->uid. ERR_NO_SUCH: nobody of
	 * ours, or out of the account's scope. */
	int (*open)(struct holding *h, const char *subject, struct err *e);
	bool (*by_wire)(const struct holding *h, const char *wire,
			struct facet *out); /* false: none of ours, or fixed */
	bool (*by_name)(const struct holding *h, const char *name, struct facet *out);
	bool (*read)(const struct holding *h, const struct facet *f, const char *wire, char *out,
		     size_t size); /* wire to canonical */
	const char *(*get)(const struct holding *h, const struct facet *f);
	bool (*locked)(const struct holding *h, const struct facet *f); /* a card said it */
	int (*show)(const struct holding *h, const struct facet *f, const char *value, char *out, size_t size,
		    struct err *e);
	int (*put)(struct holding *h, const struct facet *f, const char *value, struct err *e);
	int (*write)(struct holding *h, struct err *e);
};

struct conflict_kind {
	const char *change;	    /* "person.changed" */
	const char *about;	    /* as the rows and the audit log name the subject */
	const char *operation;	    /* of people: as field_by_wire() knows it */
	unsigned (*choosers)(void); /* roles */
	const struct conflict_ways *ways;
	const struct site_kind *site; /* of the site's things */
};

extern const struct conflict_ways people_ways, site_ways, assignment_ways;
extern const struct site_kind company_kind, participant_kind, team_kind;

#endif
