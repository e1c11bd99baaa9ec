/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The connection to the platform: what is set, enrolling this box, a test that names what is wrong. Only the helper shiming-sync
 * touches the network; an errand is one such helper under way, waited for by its descriptor so that the screen stays live.
 */
#ifndef DESK_CONNECTION_H
#define DESK_CONNECTION_H

#include "desk/upload.h"

struct connection {
	char url[1024], ca_file[1024], dialect[32], box[UID_TEXT];
	bool enrolled; /* a token is kept; known to sessions with the key, else false */
	bool encrypted; /* https */
	bool unattended; /* the system service may open the file (desk_unattended_make()) */
	struct line_state line;
};
int desk_connection(struct desk *d, struct connection *out, struct err *e);

/* Every project's line, by id after `after`: one runner serves them all, each on its own line, and trouble of one is not another's. */
struct line_row { struct project project; char url[1024]; /* "": it has no platform */ struct line_state line; struct outbox_counts counts; };
int desk_line_list(struct desk *d, int64_t after, struct line_row *rows, size_t cap, size_t *n, struct err *e);
/* Some project of this file has a platform's address: there is work for a runner. */
int desk_any_line(struct desk *d, bool *any, struct err *e);

enum errand_kind { ERRAND_TEST, ERRAND_ENROL, ERRAND_LOOK_UP /* desk/elsewhere.h */ };
struct errand;
/* Needs the key. code: of ERRAND_ENROL (and what is asked about by ERRAND_LOOK_UP), goes by pipe. ERR_NET_NOT_CONFIGURED without an address. */
int desk_errand_start(struct desk *d, enum errand_kind kind, const char *code, struct errand **out, struct err *e);
int desk_errand_fd(const struct errand *r); /* to poll for POLLIN */
struct errand_result {
	enum err_code trouble; /* ERR_NONE: all is well */
	char cause[24];        /* "dns", "refused", "timeout", "tls", "portal", "token", "clock", "proxy", "answer", "" */
	char sentence[300];    /* translated: what is wrong and what to do */
	char detail[200];      /* technical */
	int64_t clock_off_ms;  /* the platform's clock minus ours, where it was heard */
};
/* 1: ended, *out is filled (an enrolment has put its token into the settings); 0: still under way; -1. */
int desk_errand_read(struct errand *r, struct errand_result *out, struct err *e);
void desk_errand_end(struct errand *r); /* stops what is under way; accepts NULL */

#endif
