/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Region profiles (DESIGN 7): rules as data. common.json, overridden by key by one file a region; each rule names its source.
 *
 * A profile is loaded whole, checked whole and immutable afterwards. It belongs to the project, not to the installation. No region's
 * name appears in C. A broken profile is refused with file, place and reason (J3); profile_check() reports every fault.
 *
 * A file is one JSON object. Every rule is an object with "source": a key of "sources" (documents) and the place in it. Sections:
 *   format 1, name (the file's), title
 *   sources   KEY: the document's title
 *   tables    NAME: {file, only [codes]?, words {code: name}?, wire WIRE?, dialects {DIALECT: WIRE}?, source}
 *             WIRE: {send "code"|"name"|"short_name", map {code: text}}; a dialect's own goes before the common one
 *   forms     FORM: {offer [fields]?, required {FIELD: {required, source}}?, source}
 *   defaults  FIELD: {value, source}                 "today" for dates
 *   steps     EVENT: {own?, report?, authority?, source}   what is not named: a step of its own, desk
 *   dates     EVENT: {rule "moment"|"settable", source}
 *   rules     KEY: {value, since?, source}  (since: a day, of a number)               keys and their types: rules.c
 *   posts     POST: {count, outside?, certificates [codes]?, locked?, source}  POST: a code of table trades
 *   registers NAME: {title, fields [{name, label, kind, help?, codes?, max?, required?, fixed?, fill?, also [texts]?, list?, find?}], once?, people?, verified?,
 *             key [fields]?, print?, upload?, training {PART: field}?, source}   books that are kept for people (I5): struct book below
 *   prompts   [{match, also [texts]?, cause, remedy, action, source}]  a region's come before the common ones; action: prompt_action_known()
 * A region's entry replaces the common one of the same key (offer, and each required field, each for itself); a table's that says nothing
 * of wire or dialects keeps the common ones.
 * A table is codes/FILE: '#' comments, the first of them "# source: …", a header line, then code<TAB>name[<TAB>short name[<TAB>group]].
 */
#ifndef PROFILE_PROFILE_H
#define PROFILE_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/dates.h"
#include "base/err.h"
#include "domain/field.h"
#include "domain/lifecycle.h"
#include "domain/particulars.h"

struct profile; /* opaque, read-only */

/* dir: where common.json, <name>.json and codes/ lie; NULL: $SHIMING_PROFILES, else beside the program, else the installed place. */
int profile_load(struct profile **out, const char *dir, const char *name, struct err *e);
void profile_free(struct profile *p); /* accepts NULL */
/* The directory that dir NULL stands for. ERR_NOT_FOUND when there is none anywhere. */
int profile_directory(char *out, size_t size, struct err *e);

struct profile_fault { char place[160]; char reason[160]; }; /* place: "jiangmen.json:12:5 required.register[3]" */
/* Every fault of a file (a path), laid over common.json of dir; NULL: of the file's own directory if one lies there. At most `cap` are kept;
 * returns how many there are, or -1 when the file cannot be read at all. A file that is no JSON is one fault. */
int profile_check(const char *dir, const char *file, struct profile_fault *faults, size_t cap, struct err *e);
int profile_list(const char *dir, char names[][32], size_t cap); /* returns the count */

const char *profile_name(const struct profile *p);  /* "jiangmen" */
const char *profile_title(const struct profile *p); /* 江门 */

enum form { FORM_REGISTER, FORM_MANUAL, FORM_ENTER, FORM_EXIT, FORM_TEAM, FORM_COMPANY, FORM_PARTICIPANT, FORM_COUNT };
bool profile_required(const struct profile *p, enum form form, enum field_id field);
const char *profile_required_source(const struct profile *p, enum form form, enum field_id field); /* document and place; "" */
bool profile_offers(const struct profile *p, enum form form, enum field_id field); /* the form has the field at all */
const char *profile_default(const struct profile *p, enum field_id field);        /* NULL: none; "today" for dates */

/* Steps: whether an event is a step of its own here. A step left out fires with its predecessor's (DESIGN 6). */
bool profile_has_step(const struct profile *p, enum event e);
/* Whether the event is reported to the platform where its transition has an upload kind: always for a step; for one left out, where the
 * profile says so because the platform must hear of it all the same (a submission that follows from registering). */
bool profile_reports(const struct profile *p, enum event e);
enum authority { AUTHORITY_DESK, AUTHORITY_PLATFORM };
enum authority profile_authority(const struct profile *p, enum event e);

enum severity { SEVERITY_NONE, SEVERITY_WARN, SEVERITY_BLOCK };
enum severity profile_severity(const struct profile *p, const char *rule); /* "expired_card", "under_age", "over_age", "no_training", "no_contract" … */
int64_t profile_number(const struct profile *p, const char *key, int64_t fallback);  /* "limits.min_age", "limits.hold_seconds" … */
date_t profile_since(const struct profile *p, const char *key); /* from which day a number holds; DATE_NONE: always */
const char *profile_text(const struct profile *p, const char *key, const char *fallback);
bool profile_flag(const struct profile *p, const char *key, bool fallback);

/* How the date of an event is decided (E4). */
enum date_rule { DATE_RULE_MOMENT /* the moment of the act, cannot be altered */, DATE_RULE_SETTABLE /* default today, may be set */ };
enum date_rule profile_date_rule(const struct profile *p, enum event e);

/* Team kinds and participant types offered here; kinds are "worker", "management", "other". */
/* group: what a code belongs to where a table says so (a trade's or post's worker role); "" for any. */
struct code { char code[16]; char name[64]; char short_name[32]; char group[8]; };
size_t profile_codes(const struct profile *p, const char *table, const struct code **out); /* 0 when there is no such table */
const struct code *profile_code(const struct profile *p, const char *table, const char *code); /* NULL: not in the table */
/* By its code, its name, its short name or its word in the program's language: what people type. NULL: none of them. */
const struct code *profile_code_said(const struct profile *p, const char *table, const char *typed);
/* The name in the program's language; what is stored, sent and searched is the Chinese one. */
const char *code_word(const struct code *c);
/* Mapped for the wire of the profile's own upload dialect; itself by default, "" where nothing is sent. */
const char *profile_wire_code(const struct profile *p, const char *table, const char *code);
/* The same for a dialect by name: "native", "open_api", "device". One that has no map of its own sends what every other does. */
const char *profile_dialect_code(const struct profile *p, const char *dialect, const char *table, const char *code);

/* Every rule with its value as the file writes it ("warn", "30", "true") and where it is written. false: there are no more. */
struct rule_view { const char *key; char value[320]; const char *source; };
bool profile_rule_at(const struct profile *p, size_t i, struct rule_view *out);

/* Key posts (F3): how many people each needs here, of a local firm and of one from outside; whether the credit system names them (locked)
 * or they are set here; which certificates a candidate must hold, all of them (codes of the table post_certificates). */
#define POST_CERTIFICATES 4
struct post {
	char code[16];
	int count, outside;
	bool locked;
	bool supervision; /* of the supervising firm, not the contractor: whose points its alarms cost */
	char certificate[POST_CERTIFICATES][16];
	size_t certificates;
	char source[192];
};
size_t profile_posts(const struct profile *p, const struct post **out); /* 0: the region names none */
const struct post *profile_post(const struct profile *p, const char *code); /* NULL: no key post here */

/*
 * Books: registers that are kept for people and are nothing but data (I5): a health card, a temperature sheet, training sessions.
 * Fields are domain/particulars.h rows; `fixed` ones stay as they were first filled, `fill` names the registration's field that a new
 * entry begins with. Entries with the same `key` fields for the same person are one; `once`: one a person. `people`: an entry is about
 * several (a session and who took part), else about one.
 */
#define BOOK_FIELDS 24
#define BOOK_ALSO 4
struct book_field {
	char name[24], label[48], help[120], codes[32], fill[24];
	char also[BOOK_ALSO][48];  /* other headings in tables */
	enum particular_kind kind;
	unsigned max_chars;
	bool required, fixed, key;
	bool find;                 /* entries are found by it: every column of the list, and what the profile says */
	int list;                  /* width of its column in the list; 0: not there */
};
/* Which field of a session says what of the training that everybody who took part has had (I1, L1): on, kind (of table training_kinds), hours, name,
 * trainer, place. */
enum book_training { BOOK_TRAINED_ON, BOOK_TRAINED_KIND, BOOK_TRAINED_HOURS, BOOK_TRAINED_NAME, BOOK_TRAINED_TRAINER, BOOK_TRAINED_PLACE, BOOK_TRAINED_PARTS };
struct book {
	char name[32], title[64], print[64]; /* print: title of its form on paper; "" : it has none */
	bool once, people, verified; /* verified: only for who was read from a card */
	bool here;		     /* "upload": false: kept in this box only */
	bool trains;
	int training[BOOK_TRAINED_PARTS]; /* places of the fields; -1: it has none */
	struct book_field field[BOOK_FIELDS];
	size_t n;
	char source[192];
};
size_t profile_books(const struct profile *p, const struct book **out); /* 0: the region keeps none */
const struct book *profile_book(const struct profile *p, const char *name); /* NULL: no such book */

/* Prompts: a part of a platform's words → cause, remedy, action (F8). Blanks and the case of letters do not count. */
#define PROMPT_ALSO 3
struct prompt {
	char match[96];	/* the platform's words, as its heading has them */
	char also[PROMPT_ALSO][96]; /* other words that mean the same */
	size_t alsos;
	char cause[600], remedy[900], action[16], source[192];
};
/* The first that the words contain; NULL when none fits. */
const struct prompt *profile_prompt(const struct profile *p, const char *words);
/* Those that the words contain, or that contain the words anywhere, in the profile's order; all for "". Returns how many of `cap`. */
size_t profile_prompts(const struct profile *p, const char *words, const struct prompt **found, size_t cap);
bool profile_prompt_own(const struct profile *p, const struct prompt *prompt); /* the region's own file has it, not the common one */
/* What begins a remedy: none, roster, amend, confirm, enter, exit, teams, participants, upload, retry, messages, posts, certificates, wages. */
bool prompt_action_known(const char *action);

#endif
