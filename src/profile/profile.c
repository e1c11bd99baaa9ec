/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "profile/profile.h"

#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "profile_data.h"

#define COMMON "common"
#define SUFFIX ".json"

/* --- where profiles lie ----------------------------------------------------------------------------------------------- */

static bool holds_profiles(const char *dir)
{
	char path[PATH_MAX];

	return text_format(path, sizeof(path), "%s/" COMMON SUFFIX, dir) && access(path, R_OK) == 0;
}

/* PREFIX/share/shiming/profiles for a program in PREFIX/bin: true in a build tree and where it is installed. */
static bool beside_program(char *out, size_t size)
{
	char exe[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if (n <= 0)
		return false;
	exe[n] = '\0';
	return text_format(out, size, "%s/../share/shiming/profiles", dirname(exe)) && holds_profiles(out);
}

int profile_directory(char *out, size_t size, struct err *e)
{
	const char *set = secure_getenv("SHIMING_PROFILES"); /* a clerk must not choose the rules */
	char beside[PATH_MAX + 64];
	const char *found = NULL;

	if (set && *set)
		found = set;
	else if (beside_program(beside, sizeof(beside)))
		found = beside;
	else if (holds_profiles(SHIMING_PROFILES_DIR))
		found = SHIMING_PROFILES_DIR;
	if (!found || !text_copy(out, size, found))
		return err_set(e, ERR_NOT_FOUND, "profiles: none in " SHIMING_PROFILES_DIR " nor beside the program");
	return 0;
}

static bool name_ok(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");

	return n > 0 && n < 32 && name[n] == '\0' && strcmp(name, COMMON) != 0;
}

static int given_or_found(const char *dir, char *out, size_t size, struct err *e)
{
	if (!dir)
		return profile_directory(out, size, e);
	if (!text_copy(out, size, dir))
		return err_set(e, ERR_NOT_FOUND, "profiles: the directory's name is too long");
	return 0;
}

/* --- loading, checking, listing --------------------------------------------------------------------------------------- */

void profile_free(struct profile *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->tables; i++)
		table_release(&p->table[i]);
	free(p->book);
	free(p->prompt);
	free(p);
}

int profile_load(struct profile **out, const char *dir, const char *name, struct err *e)
{
	char where[PATH_MAX], path[PATH_MAX + 64];
	struct profile_fault first;
	struct fault_sink sink = {.fault = &first, .cap = 1};
	struct profile *p;

	if (!name_ok(name))
		return err_set(e, ERR_PROFILE_UNKNOWN, "not a profile's name");
	if (given_or_found(dir, where, sizeof(where), e))
		return -1;
	text_format(path, sizeof(path), "%s/%s" SUFFIX, where, name);
	if (access(path, F_OK))
		return err_set(e, ERR_PROFILE_UNKNOWN, "%s", name);
	p = calloc(1, sizeof(*p));
	if (!p)
		return err_set(e, ERR_MEMORY, "profile");
	if (profile_read(p, where, path, &sink, e)) {
		profile_free(p);
		return -1;
	}
	if (sink.n) {
		profile_free(p);
		return err_set(e, ERR_PROFILE, "%s: %s", first.place, first.reason);
	}
	*out = p;
	return 0;
}

static bool own_directory(const char *file, char *out, size_t size)
{
	char copy[PATH_MAX];

	return text_copy(copy, sizeof(copy), file) && text_copy(out, size, dirname(copy)) && holds_profiles(out);
}

static bool is_common(const char *file)
{
	const char *slash = strrchr(file, '/');

	return strcmp(slash ? slash + 1 : file, COMMON SUFFIX) == 0;
}

int profile_check(const char *dir, const char *file, struct profile_fault *faults, size_t cap, struct err *e)
{
	struct fault_sink sink = {.fault = faults, .cap = cap};
	char where[PATH_MAX];
	struct profile *p;
	int ret;

	if (dir || !own_directory(file, where, sizeof(where)))
		if (given_or_found(dir, where, sizeof(where), e))
			return -1;
	p = calloc(1, sizeof(*p));
	if (!p)
		return err_set(e, ERR_MEMORY, "profile");
	ret = profile_read(p, where, is_common(file) ? NULL : file, &sink, e);
	profile_free(p);
	return ret ? -1 : (int)sink.n;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

int profile_list(const char *dir, char names[][32], size_t cap)
{
	char where[PATH_MAX], name[NAME_MAX + 1];
	struct dirent *entry;
	size_t n = 0;
	DIR *d;

	if (given_or_found(dir, where, sizeof(where), NULL))
		return 0;
	d = opendir(where);
	if (!d)
		return 0;
	while (n < cap && (entry = readdir(d))) {
		size_t len = strlen(entry->d_name);

		if (len <= strlen(SUFFIX) || strcmp(entry->d_name + len - strlen(SUFFIX), SUFFIX) != 0)
			continue;
		text_copy(name, sizeof(name), entry->d_name);
		name[len - strlen(SUFFIX)] = '\0';
		if (name_ok(name))
			text_copy(names[n++], 32, name);
	}
	closedir(d);
	qsort(names, n, 32, by_text);
	return (int)n;
}

/* --- asking ----------------------------------------------------------------------------------------------------------- */

const char *profile_name(const struct profile *p)
{
	return p->name;
}

const char *profile_title(const struct profile *p)
{
	return p->title;
}

static bool known(enum form form, enum field_id field)
{
	return (unsigned)form < FORM_COUNT && (unsigned)field < FIELD_COUNT;
}

bool profile_required(const struct profile *p, enum form form, enum field_id field)
{
	return known(form, field) && p->form[form].field[field].required;
}

const char *profile_required_source(const struct profile *p, enum form form, enum field_id field)
{
	return profile_required(p, form, field) ? p->form[form].field[field].source : "";
}

bool profile_offers(const struct profile *p, enum form form, enum field_id field)
{
	return known(form, field) && p->form[form].offered[field];
}

const char *profile_default(const struct profile *p, enum field_id field)
{
	return (unsigned)field < FIELD_COUNT && p->by_default[field].set ? p->by_default[field].value : NULL;
}

bool profile_has_step(const struct profile *p, enum event e)
{
	return (unsigned)e >= EVENT_COUNT || !p->step[e].left_out;
}

bool profile_reports(const struct profile *p, enum event e)
{
	return profile_has_step(p, e) || p->step[e].report;
}

/* Decisions of others arrive by the native dialect only; what a dialect cannot carry is decided at the desk (DESIGN 6). */
enum authority profile_authority(const struct profile *p, enum event e)
{
	if (strcmp(profile_text(p, "upload.dialect", "native"), "native"))
		return AUTHORITY_DESK;
	return (unsigned)e < EVENT_COUNT ? p->step[e].authority : AUTHORITY_DESK;
}

enum date_rule profile_date_rule(const struct profile *p, enum event e)
{
	return (unsigned)e < EVENT_COUNT ? p->date[e] : DATE_RULE_MOMENT;
}

static const struct rule_value *value_of(const struct profile *p, const char *key, enum rule_kind kind)
{
	int i = rule_index(key);

	return i >= 0 && rule_at((size_t)i)->kind == kind && p->rule[i].set ? &p->rule[i] : NULL;
}

enum severity profile_severity(const struct profile *p, const char *rule)
{
	const struct rule_value *v = value_of(p, rule, RULE_SEVERITY);

	return v ? (enum severity)v->number : SEVERITY_NONE;
}

int64_t profile_number(const struct profile *p, const char *key, int64_t fallback)
{
	const struct rule_value *v = value_of(p, key, RULE_NUMBER);

	return v ? v->number : fallback;
}

date_t profile_since(const struct profile *p, const char *key)
{
	const struct rule_value *v = value_of(p, key, RULE_NUMBER);

	return v ? v->since : DATE_NONE;
}

const char *profile_text(const struct profile *p, const char *key, const char *fallback)
{
	const struct rule_value *v = value_of(p, key, RULE_TEXT);

	return v ? v->text : fallback;
}

bool profile_flag(const struct profile *p, const char *key, bool fallback)
{
	const struct rule_value *v = value_of(p, key, RULE_FLAG);

	return v ? v->number != 0 : fallback;
}

const struct table *profile_table(const struct profile *p, const char *name)
{
	for (size_t i = 0; i < p->tables; i++)
		if (strcmp(p->table[i].name, name) == 0)
			return &p->table[i];
	return NULL;
}

size_t profile_codes(const struct profile *p, const char *table, const struct code **out)
{
	const struct table *t = profile_table(p, table);

	if (!t)
		return 0;
	*out = t->code;
	return t->n;
}

const struct code *profile_code(const struct profile *p, const char *table, const char *code)
{
	const struct table *t = profile_table(p, table);

	return t ? table_code(t, code) : NULL;
}

const char *code_word(const struct code *c)
{
	return P_("code", c->name);
}

static bool said(const struct code *c, const char *typed)
{
	return !strcmp(c->code, typed) || !strcmp(c->name, typed) || !strcmp(c->short_name, typed) || !strcasecmp(code_word(c), typed);
}

const struct code *profile_code_said(const struct profile *p, const char *table, const char *typed)
{
	const struct code *codes;
	size_t n = profile_codes(p, table, &codes);

	for (size_t i = 0; i < n; i++)
		if (said(&codes[i], typed))
			return &codes[i];
	return NULL;
}

const char *profile_wire_code(const struct profile *p, const char *table, const char *code)
{
	return profile_dialect_code(p, profile_text(p, "upload.dialect", ""), table, code);
}

const char *profile_dialect_code(const struct profile *p, const char *dialect, const char *table, const char *code)
{
	const struct table *t = profile_table(p, table);

	return t ? table_wire(t, dialect, code) : code;
}

bool profile_rule_at(const struct profile *p, size_t i, struct rule_view *out)
{
	const struct rule_value *v = p->rule + i;

	if (i >= rule_count())
		return false;
	*out = (struct rule_view){.key = rule_at(i)->key, .source = v->source};
	switch (rule_at(i)->kind) {
	case RULE_NUMBER:
		text_format(out->value, sizeof(out->value), "%lld", (long long)v->number);
		break;
	case RULE_TEXT:
		text_copy(out->value, sizeof(out->value), v->text);
		break;
	case RULE_FLAG:
		text_copy(out->value, sizeof(out->value), v->number ? "true" : "false");
		break;
	case RULE_SEVERITY:
		text_copy(out->value, sizeof(out->value), severity_word((enum severity)v->number));
		break;
	}
	return true;
}

size_t profile_posts(const struct profile *p, const struct post **out)
{
	*out = p->post;
	return p->posts;
}

size_t profile_books(const struct profile *p, const struct book **out)
{
	*out = p->book;
	return p->books;
}

const struct book *profile_book(const struct profile *p, const char *name)
{
	for (size_t i = 0; i < p->books; i++)
		if (strcmp(p->book[i].name, name) == 0)
			return &p->book[i];
	return NULL;
}

const struct post *profile_post(const struct profile *p, const char *code)
{
	for (size_t i = 0; i < p->posts; i++)
		if (strcmp(p->post[i].code, code) == 0)
			return &p->post[i];
	return NULL;
}

/* --- prompts ---------------------------------------------------------------------------------------------------------- */

#define WORDS_MAX 1024

/* Without blanks, the ideographic one too, and in lower case: platforms set their sentences as they please. */
static void squeeze(const char *in, char *out, size_t size)
{
	size_t n = 0;

	for (; *in && n + 1 < size; in++) {
		if (strncmp(in, "\xE3\x80\x80", 3) == 0)
			in += 2;
		else if (!strchr(" \t\r\n", *in))
			out[n++] = *in >= 'A' && *in <= 'Z' ? (char)(*in - 'A' + 'a') : *in;
	}
	out[n] = '\0';
}

static bool holds(const char *text, const char *squeezed)
{
	char all[WORDS_MAX];

	squeeze(text, all, sizeof(all));
	return strstr(all, squeezed) != NULL;
}

/* The words as squeezed hold the prompt's. */
static bool named_by(const struct prompt *prompt, const char *squeezed)
{
	char match[sizeof(prompt->match)];

	squeeze(prompt->match, match, sizeof(match));
	if (strstr(squeezed, match))
		return true;
	for (size_t i = 0; i < prompt->alsos; i++) {
		squeeze(prompt->also[i], match, sizeof(match));
		if (strstr(squeezed, match))
			return true;
	}
	return false;
}

bool prompt_fits(const struct prompt *prompt, const char *words)
{
	char squeezed[WORDS_MAX];

	squeeze(words, squeezed, sizeof(squeezed));
	return named_by(prompt, squeezed);
}

static bool also_holds(const struct prompt *prompt, const char *squeezed)
{
	for (size_t i = 0; i < prompt->alsos; i++)
		if (holds(prompt->also[i], squeezed))
			return true;
	return false;
}

const struct prompt *profile_prompt(const struct profile *p, const char *words)
{
	char squeezed[WORDS_MAX];

	squeeze(words, squeezed, sizeof(squeezed));
	for (size_t i = 0; i < p->prompts; i++)
		if (named_by(&p->prompt[i], squeezed))
			return &p->prompt[i];
	return NULL;
}

size_t profile_prompts(const struct profile *p, const char *words, const struct prompt **found, size_t cap)
{
	char squeezed[WORDS_MAX];
	size_t n = 0;

	squeeze(words, squeezed, sizeof(squeezed));
	for (size_t i = 0; i < p->prompts && n < cap; i++) {
		const struct prompt *at = &p->prompt[i];

		if (named_by(at, squeezed) || also_holds(at, squeezed) || holds(at->match, squeezed) || holds(at->cause, squeezed) || holds(at->remedy, squeezed))
			found[n++] = at;
	}
	return n;
}

bool profile_prompt_own(const struct profile *p, const struct prompt *prompt)
{
	return (size_t)(prompt - p->prompt) < p->own_prompts;
}
