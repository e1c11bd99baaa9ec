/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Key posts of the current project (F3–F5; CD 3.2.3–3.2.6, NJ 3): which the region demands here, who holds
 * them, what each month's attendance comes to, who could hold them and why others cannot.
 *
 * A post is seats: one, or two where the firm is from outside or watched (CD 3.2.3). Which firm it is, how
 * large the site and when it began stand on the project's sheet. Only where the site is a smart one does
 * attendance of posts count, and only there posts are set here; else the credit system names them all and
 * here it is written down. A seat that is locked changes by review only: proposed, then approved or turned
 * down.
 *
 * Absence is filed on the day itself, for that day (CD 3.2.6: the day on which it is completed does not
 * count); spans only where the profile has them (posts.absence_spans). Devices that are off are filed in the
 * city's own channel and written down here; the days count for nothing once all devices are covered. A
 * stopped project counts no days.
 *
 * Months before this box knew the project are not reckoned: it cannot know who clocked in then.
 */
#ifndef DESK_POST_H
#define DESK_POST_H

#include "desk/people.h"
#include "domain/post_rate.h"

#define POST_SEATS 48
#define POST_SUPERVISOR "P05" /* the chief supervisor, whom the five days concern (codes of trades) */

struct post_site {
	bool any;   /* the region demands posts at all */
	bool smart; /* a smart site: posts are set here, their attendance counts */
	bool rated; /* attendance is reckoned: smart, and the region has a rate */
	bool stopped;
	int percent;
	date_t start; /* the supervision station's start, else the filing; DATE_NONE: neither is known */
	date_t counts_from; /* the first day that counts */
	date_t known_from;  /* this box knows the project since */
	int months;	    /* of the contract period; 0: not known */
	bool matched;	    /* wages are held against attendance: building and municipal works only (CD 3.3.4) */
	char says[240]; /* translated: what it is taken for, and what is missing on the sheet to know it */
};
int desk_post_site(struct desk *d, struct post_site *out, struct err *e);

struct post_row {
	int64_t id; /* of the list: post and seat */
	char post[16];
	int seat, seats;
	char word[64];		/* 安全员, with the seat where there are several */
	char certificates[160]; /* what a candidate must hold, in words; "" nothing */
	enum post_state state;
	int64_t person, proposed; /* 0: nobody */
	char name[NAME_TEXT], proposed_name[NAME_TEXT];
	char uid[UID_TEXT]; /* "" while nothing was ever set */
	bool locked;	    /* changes by review only */
	bool gone;	    /* the holder is employed here no more: as good as vacant */
	bool lapsed;	    /* the holder lacks a certificate by now */
	date_t since;
	bool rated;	       /* rate holds */
	bool partial;	 /* this box knows only a part of this month: no alarm is made of it */
	bool five_days;	       /* absence holds instead (the chief supervisor) */
	struct post_rate rate; /* of this month */
	struct absence_now absence;
	bool filed_today; /* absence filed for today */
	char says[200];	  /* translated: how it stands, and until when it can still be mended */
};
/* By the profile's order. ERR_LOCKED where the account cannot open the project's sheet. */
int desk_posts(struct desk *d, struct post_row *rows, size_t cap, size_t *n, struct err *e);
/* The rate of one seat in a month; false: not reckoned (not rated, nothing counted then, or before this box
 * knew the project). */
int desk_post_month(struct desk *d, const struct post_row *post, struct month m, struct post_rate *out,
		    bool *reckoned, struct err *e);

/* Who could hold it. all false: managers' trades only. */
struct candidate {
	int64_t person;
	char name[NAME_TEXT], tail[5], company[NAME_TEXT], trade[64];
	bool can;
	char why[200], would[200], warning[200]; /* translated */
};
struct candidate_query {
	const char *post;
	int seat;
	bool all;
	char text[64];
	struct roster_cursor after;
};
struct candidate_page {
	struct candidate *row;
	size_t cap, n;
	struct roster_cursor last;
	bool more;
};
int desk_post_candidates(struct desk *d, const struct candidate_query *q, struct candidate_page *page,
			 struct err *e);

/* EVENT_POST_FILL, PROPOSE: person; APPROVE, TURN_DOWN, VACATE: 0. on: DATE_NONE for today. ERR_FORBIDDEN,
 * detail: why, and what would allow it. */
struct post_act {
	enum event event;
	const char *post;
	int seat;
	int64_t person;
	date_t on;
	const char *note;
};
int desk_post_act(struct desk *d, const struct post_act *a, struct err *e);

/* --- filings (F5) --- */

/* to: DATE_NONE for the same day. A reason is needed. */
struct absence_new {
	const char *post;
	int seat;
	date_t from, to;
	const char *reason;
};
int desk_absence_file(struct desk *d, const struct absence_new *a, struct err *e);
/* Devices off. devices: how many the site has; covered: how many of them are filed by now. */
struct outage_new {
	date_t from, to;
	int devices, covered;
	const char *reason;
};
int desk_outage_file(struct desk *d, const struct outage_new *o, struct err *e);
int desk_outage_cover(struct desk *d, int64_t filing, int covered, struct err *e);

struct filing_row {
	int64_t id;
	char what[96]; /* translated: the post, or devices off */
	date_t from, to;
	int devices, covered; /* 0 of 0: absence */
	bool counts;	      /* its days are out of the reckoning */
	char reason[200];
};
int desk_filing_list(struct desk *d, struct filing_row *rows, size_t cap, size_t *n,
		     struct err *e); /* of this month and the one before */
int desk_filing_remove(struct desk *d, int64_t id, const char *note, struct err *e);

#endif
