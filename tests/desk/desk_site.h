/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An invented site in a directory of its own for the desk's tests: a general contractor and a labour
 * subcontractor, both on site, a team each, a clerk and a project manager. The clock stands still until a
 * test moves it. People are invented; their district 110199 does not exist.
 */
#ifndef TESTS_DESK_SITE_H
#define TESTS_DESK_SITE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desk/acts.h"
#include "desk/desk.h"
#include "desk/exchange.h"
#include "desk/people.h"
#include "desk/site.h"
#include "desk/upload.h"

#define PASSWORD "Lianxi-2026"
#define CLOCK_START 1795154400000LL /* 2026-11-20 14:00 in +08:00 */

struct site {
	char dir[256];
	struct desk *d;
	char contractor[UID_TEXT], labour[UID_TEXT];
	char team[UID_TEXT],
		office[UID_TEXT]; /* of the labour subcontractor; of the contractor, for others */
};

extern int64_t now_ms;
extern const char *site_profiles; /* where profiles lie; a test may name its own before site_make() */
void clock_add(int64_t ms);

/* Everything asserts: a failure here is a failure of the test. */
void site_make(struct site *s, const char *profile);
void site_drop(struct site *s);			      /* closes and removes the directory */
void site_login(struct site *s, const char *account); /* "clerk", "manager"; reopens nothing */
void site_reopen(struct site *s, const char *account);
void site_send_all(struct site *s); /* what is held becomes ready */
struct desk *site_open_another(const struct site *s, const char *account);

/* Person n of the invented ones: card fields as a card gives them (card) or as typed; work fields filled;
 * record_init() is made here. */
void person_record(const struct site *s, struct record *r, unsigned n, bool card);
/* What the region demands and the invented people lack: the first of a table, a small number. */
void person_fill(const struct profile *p, struct record *r);
void person_number(unsigned n, char out[19]);
int64_t person_register(struct site *s, unsigned n, struct registered *out);
enum employment_state person_employment(struct site *s, int64_t person, char uid[UID_TEXT]);
enum assignment_state person_assignment(struct site *s, int64_t person, char uid[UID_TEXT]);
/* Acts on one person; asserts that it can, or that it cannot (verdict handed out). */
void person_act(struct site *s, int64_t person, enum event event);
void person_cannot(struct site *s, int64_t person, enum event event, struct verdict *v);
/* Person n registered and taken on site by all the steps of the region; the clerk is logged in afterwards. */
int64_t person_on_site(struct site *s, unsigned n);
/* A sheet of text through the import of this form ("wages", a register): how many rows were new. */
int64_t site_sheet(struct site *s, const char *form, const char *csv);
void change_arrives(struct site *s, const char *kind, const char *subject, enum applied expect);

/* A second project of the box under these rules, the current one afterwards: the first one's two companies take part, with a team. */
struct second {
	int64_t project;
	char labour[UID_TEXT], contractor[UID_TEXT], team[UID_TEXT];
};
void site_second(struct site *s, const char *profile, struct second *out);

/* --- a platform: knows what it has taken, insists on causes before effects --------------------------- */

#define TAKEN_MAX 4096
struct taken {
	char op[UID_TEXT];
	char kind[32];
	char uid[UID_TEXT];
	uint64_t content;
	int times;
};
struct platform {
	struct taken taken[TAKEN_MAX];
	size_t n;
	int out_of_order;    /* operations that came before what they rest on */
	int changed_content; /* the same op with other content */
	/* Refuses operations of this kind while set. */
	char refuse_kind[32], refuse_code[32], refuse_field[32];
	/* What it was told last by an operation of this kind. */
	char watch_kind[32], watched[4096];
};
/* Takes one operation, as POST /v1/operations would; NULL: accepted. Idempotent. */
const char *platform_take(struct platform *p, const struct outgoing *o);
bool platform_has(const struct platform *p, const char *op);
size_t platform_count(const struct platform *p, const char *kind);
/* Batches until nothing is ready; answers each. *batches (may be NULL): how many there were. */
void site_drain(struct site *s, struct platform *p, int *batches);

#define OK(call)                                                                                             \
	do {                                                                                                 \
		struct err e_ = {ERR_NONE};                                                                  \
		if ((call))                                                                                  \
			fail_msg("%s: %s: %s", #call, err_name(e_.code), e_.detail);                         \
	} while (0)
#define E (&e_)

#endif
