/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A profile as it lies in memory, and the pieces of its loader. Private to this folder. */
#ifndef PROFILE_DATA_H
#define PROFILE_DATA_H

#include "base/dates.h"
#include "base/json.h"
#include "profile/profile.h"

#define SOURCE_TEXT 192
#define VALUE_TEXT 320
#define TABLES_MAX 48
#define SOURCES_MAX 64
#define CODES_MAX 2000
#define PROMPTS_MAX 500
#define POSTS_MAX 32
#define FILE_MAX (256 * 1024)

/* --- rules.c: the keys of section "rules" and their types --- */

enum rule_kind { RULE_NUMBER, RULE_TEXT, RULE_FLAG, RULE_SEVERITY };
struct rule {
	const char *key;
	enum rule_kind kind;
	int64_t min, max;         /* RULE_NUMBER */
	const char *const *words; /* RULE_TEXT: what it may be, NULL-terminated; NULL: a sentence */
};
#define RULES_MAX 128
size_t rule_count(void);
const struct rule *rule_at(size_t i);
int rule_index(const char *key); /* -1: no such rule */
bool dialect_known(const char *name);
bool severity_parse(const char *word, enum severity *out);
const char *severity_word(enum severity s); /* "warn" */

struct rule_value {
	bool set;
	int64_t number; /* number, flag or severity */
	char text[VALUE_TEXT];
	char source[SOURCE_TEXT];
	date_t since; /* of a number; DATE_NONE: always */
};

/* --- table.c: code tables --- */

#define DIALECTS_MAX 4 /* maps beside the common one */
struct wire_map {
	char dialect[16]; /* "" : every dialect that has none of its own */
	char **text;      /* owned, as many as codes; NULL: no map at all; NULL entries: the code itself */
};
struct table {
	char name[32];
	struct code *code; /* owned */
	size_t n;
	struct wire_map map[1 + DIALECTS_MAX]; /* the first is everybody's */
	size_t maps;
};

/* What is wrong in a table's file, for the caller to report: line 0 when the file as a whole. */
struct table_fault {
	size_t line;
	char reason[160];
};
int table_read(struct table *t, const char *path, struct table_fault *fault);
void table_release(struct table *t);
const struct code *table_code(const struct table *t, const char *code);
/* One more map, empty (the first is everybody's). NULL: too many, or no memory. */
struct wire_map *table_map(struct table *t, const char *dialect);
/* What `dialect` sends for the code: by its own map, else by everybody's, else the code itself. */
const char *table_wire(const struct table *t, const char *dialect, const char *code);

/* --- place.c: where a value of a parsed JSON text stands --- */

/* "line:column path" of `node`, which belongs to `root`, parsed from the text. A member's place is that of its key. */
void place_of(const cJSON *root, const cJSON *node, const char *text, size_t n, char *out, size_t size);

/* --- the profile --- */

struct requirement {
	bool required;
	char source[SOURCE_TEXT];
};

struct profile {
	char name[32];
	char title[64];
	struct {
		bool offered[FIELD_COUNT];
		struct requirement field[FIELD_COUNT];
	} form[FORM_COUNT];
	struct {
		bool set;
		char value[VALUE_TEXT];
	} by_default[FIELD_COUNT];
	struct {
		bool left_out, report;
		enum authority authority;
	} step[EVENT_COUNT];
	enum date_rule date[EVENT_COUNT];
	struct rule_value rule[RULES_MAX];
	struct table table[TABLES_MAX];
	size_t tables;
	struct post post[POSTS_MAX];
	size_t posts;
	struct book *book; /* owned */
	size_t books;
	struct prompt *prompt; /* owned */
	size_t prompts, own_prompts; /* the own ones come first */
};

const struct table *profile_table(const struct profile *p, const char *name);

bool prompt_fits(const struct prompt *prompt, const char *words); /* the words contain the prompt's */

/* --- load.c --- */

struct fault_sink {
	struct profile_fault *fault; /* may be NULL with cap 0 */
	size_t cap, n;
};
/* Reads common.json of dir and over it `path` (NULL: common alone). The faults say whether the profile is any good; -1: a file cannot be read. */
int profile_read(struct profile *p, const char *dir, const char *path, struct fault_sink *sink, struct err *e);

#endif
