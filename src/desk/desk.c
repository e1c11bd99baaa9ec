/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/desk.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "desk_private.h"
#include "retext.h"
#include "store/line.h"
#include "store/site.h"
#include "store/vault.h"

static const struct session nobody;

int desk_open(struct desk **out, const struct desk_options *options, struct err *e)
{
	struct store_options store = {
		.dir = options->dir, .file = DESK_FILE, .checkpoint = options->checkpoint, .shared = options->shared};
	struct desk *d = calloc(1, sizeof(*d));

	if (!d)
		return err_set(e, ERR_MEMORY, "desk");
	if (!text_copy(d->dir, sizeof(d->dir), options->dir) ||
	    !text_copy(d->profile_dir, sizeof(d->profile_dir),
		       options->profile_dir ? options->profile_dir : "")) {
		free(d);
		return err_set(e, ERR_TOO_LARGE, "path of the data directory");
	}
	if (store_open(&d->store, &store, e)) {
		free(d);
		return -1;
	}
	*out = d;
	return 0;
}

void desk_close(struct desk *d)
{
	if (!d)
		return;
	store_close(d->store);
	profile_free(d->profile);
	wipe(&d->session, sizeof(d->session));
	free(d);
}

const char *desk_dir(const struct desk *d)
{
	return d->dir;
}

const char *desk_profile_dir(const struct desk *d)
{
	return d->profile_dir[0] ? d->profile_dir : NULL;
}

const struct session *desk_session(const struct desk *d)
{
	return d ? &d->session : &nobody;
}

/* --- rights ------------------------------------------------------------------------------------------ */

int desk_may(struct desk *d, unsigned roles, bool key, struct err *e)
{
	const struct session *s = &d->session;

	if (!s->account && !(s->roles & ROLE_RUNNER))
		return err_set(e, ERR_NO_SESSION, NULL);
	if (s->lent && desk_refresh_loans(d, e)) /* over, or taken back meanwhile? */
		return -1;
	if (roles && !(s->roles & roles))
		return err_set(e, ERR_NOT_PERMITTED, "roles %x of %x needed", s->roles, roles);
	if (key && !s->has_key)
		return err_set(e, ERR_NOT_PERMITTED, "the account holds no key to personal data");
	return 0;
}

int desk_may_in_project(struct desk *d, unsigned roles, struct err *e)
{
	if (desk_may(d, roles, true, e))
		return -1;
	return d->project.id && d->profile ? 0 : err_set(e, ERR_NO_PROJECT, NULL);
}

int desk_audit(struct desk *d, const struct audit_entry *a, struct err *e)
{
	struct db_audit row = {.account = d->session.account, .project = d->project.id};

	text_copy(row.who, sizeof(row.who), d->session.account || d->session.roles ? d->session.display : "");
	text_copy(row.action, sizeof(row.action), a->action);
	text_copy(row.object, sizeof(row.object), a->object ? a->object : "");
	text_copy(row.object_uid, sizeof(row.object_uid), a->uid ? a->uid : "");
	text_copy(row.result, sizeof(row.result), "done");
	text_copy(row.detail, sizeof(row.detail), a->detail ? a->detail : "");
	text_copy(row.note, sizeof(row.note), a->note ? a->note : "");
	return db_audit_append(d->store, &row, e);
}

/* --- projects ---------------------------------------------------------------------------------------- */

void desk_project_as(const struct db_project *from, struct project *to)
{
	*to = (struct project){.id = from->id};
	text_copy(to->uid, sizeof(to->uid), from->uid);
	text_copy(to->code, sizeof(to->code), from->code);
	text_copy(to->name, sizeof(to->name), from->name);
	text_copy(to->profile, sizeof(to->profile), from->profile);
	text_copy(to->status, sizeof(to->status), from->status);
}


int desk_project_list(struct desk *d, struct project *rows, size_t cap, size_t *n, struct err *e)
{
	struct db_project page[16];
	int64_t after = 0;
	size_t count = 0, got;

	if (desk_may(d, 0, false, e))
		return -1;
	do {
		if (db_project_list(d->store, after, page, ARRAY_LEN(page), &got, e))
			return -1;
		for (size_t i = 0; i < got && count < cap; i++)
			desk_project_as(&page[i], &rows[count++]);
		if (got)
			after = page[got - 1].id;
	} while (got == ARRAY_LEN(page) && count < cap);
	*n = count;
	return 0;
}

int desk_load_project(struct desk *d, int64_t project, struct err *e)
{
	struct db_project row;
	struct profile *p;

	if (db_project_get(d->store, project, &row, e) ||
	    profile_load(&p, desk_profile_dir(d), row.profile, e))
		return -1;
	profile_free(d->profile);
	d->profile = p;
	desk_project_as(&row, &d->project);
	return 0;
}

int desk_visit(struct desk *d, int64_t project, struct visit *v, struct err *e)
{
	struct profile *rules = NULL;
	struct db_project row;

	*v = (struct visit){.from = d->project};
	if (project == d->project.id)
		return 0;
	if (db_project_get(d->store, project, &row, e) ||
	    (strcmp(row.profile, d->project.profile) && profile_load(&rules, desk_profile_dir(d), row.profile, e)))
		return -1;
	v->outermost = store_acts_in(d->store, d->project.id);
	if (rules) {
		v->rules = d->profile;
		d->profile = rules;
	}
	desk_project_as(&row, &d->project);
	return 0;
}

void desk_return(struct desk *d, struct visit *v)
{
	if (v->rules) {
		profile_free(d->profile);
		d->profile = v->rules;
	}
	if (v->outermost)
		store_acts_in(d->store, 0);
	d->project = v->from;
}

int desk_refresh_project(struct desk *d, struct err *e)
{
	struct db_project row;

	if (db_project_get(d->store, d->project.id, &row, e))
		return -1;
	desk_project_as(&row, &d->project);
	return 0;
}

int desk_project_use(struct desk *d, int64_t project, struct err *e)
{
	return desk_may(d, 0, false, e) ? -1 : desk_load_project(d, project, e);
}

const struct project *desk_project(const struct desk *d)
{
	return d->project.id ? &d->project : NULL;
}

const struct profile *desk_profile(const struct desk *d)
{
	return d->profile;
}

int desk_project_state(struct desk *d, enum project_state *out, struct err *e)
{
	int state = PROJECT_NONE;
	struct db_project row;

	if (db_project_get(d->store, d->project.id, &row, e))
		return -1;
	state_parse(CYCLE_PROJECT, row.status, &state);
	*out = (enum project_state)state;
	return 0;
}

const char *desk_code_word(const struct desk *d, const char *table, const char *code)
{
	const struct code *row =
		table && code[0] && d->profile ? profile_code(d->profile, table, code) : NULL;

	return row ? code_word(row) : code;
}

void desk_append(char *dst, size_t size, const char *text)
{
	size_t len = strlen(dst);

	text_copy(dst + len, size - len, text);
}

/* --- settings ---------------------------------------------------------------------------------------- */

#define SETTERS (ROLE_ADMINISTRATOR | ROLE_CLERK | ROLE_PROJECT_MANAGER)

/* Those that are not here are of the installation, those of the line (platform.…) of the project; neither is sealed. */
static const struct setting {
	const char *name;
	bool of_project; /* else of the whole installation */
	bool sealed;
	const char *word; /* set only by the system administrator, to this typed word or to nothing */
} settings[] = {
	{"platform.token", true, true},
	{"platform.corp_secret", true, true}, /* company-level secret of the open.api */
	{"platform.plain", true, false, DESK_PLAIN_WORD},
	{SETTING_WAGE_ACCOUNT, true, true},
	{SETTING_WAGE_BANK, true, false},
	{"hold_seconds", true, false},
	{"notice", true, false}, /* what a person is told when he registers (L6) */
	{"project.completion", true, false}, /* planned completion, YYYY-MM-DD (D3) */
};

static const struct setting *setting_row(const char *name)
{
	static const struct setting of_line = {NULL, true, false}, other = {NULL, false, false};

	for (size_t i = 0; i < ARRAY_LEN(settings); i++)
		if (strcmp(settings[i].name, name) == 0)
			return &settings[i];
	return strncmp(name, "platform.", strlen("platform.")) == 0 ? &of_line : &other;
}

int desk_setting_get(struct desk *d, const char *name, char *out, size_t size, struct err *e)
{
	const struct setting *s = setting_row(name);

	if (s->sealed && desk_may(d, 0, true, e))
		return -1;
	return db_setting_get(d->store, s->of_project ? d->project.id : 0, name, out, size, e);
}

int desk_setting_of(struct desk *d, int64_t project, const char *name, char *out, size_t size, struct err *e)
{
	const struct setting *s = setting_row(name);

	if (s->sealed)
		return err_set(e, ERR_INTERNAL, "%s", name);
	return db_setting_get(d->store, s->of_project ? project : 0, name, out, size, e);
}

/* DESIGN 9: transport without TLS, where the profile knows platforms that have no other. */
bool desk_plain_allowed(struct desk *d)
{
	char word[32];

	return d->profile && profile_flag(d->profile, "upload.plain", false) &&
	       !desk_setting_get(d, "platform.plain", word, sizeof(word), NULL) && !strcmp(word, DESK_PLAIN_WORD);
}

static int check_word(const struct desk *d, const struct setting *s, const char *value, struct err *e)
{
	if (!s->word || !value[0])
		return 0;
	if (!d->profile || !profile_flag(d->profile, "upload.plain", false))
		return err_set(e, ERR_PLAIN_FORBIDDEN, NULL);
	return strcmp(value, s->word) ? err_set(e, ERR_PLAIN_WORD, NULL) : 0;
}

int desk_setting_set(struct desk *d, const char *name, const char *value, struct err *e)
{
	const struct setting *s = setting_row(name);
	int rc;

	if (desk_may(d, s->word ? ROLE_ADMINISTRATOR : SETTERS, s->sealed, e) || check_word(d, s, value, e))
		return -1;
	if (s->of_project && !d->project.id)
		return err_set(e, ERR_NO_PROJECT, NULL);
	if (store_begin(d->store, e))
		return -1;
	rc = db_setting_set(d->store, s->of_project ? d->project.id : 0, name, value, s->sealed, e);
	if (!rc)
		rc = desk_audit(
			d, &(struct audit_entry){.action = "setting", .object = "setting", .uid = name}, e);
	return store_end(d->store, rc, e);
}

int desk_hold_ms(struct desk *d, int64_t *out, struct err *e)
{
	char text[24];
	char *end;
	long long seconds;

	if (db_setting_get(d->store, d->project.id, "hold_seconds", text, sizeof(text), e))
		return -1;
	seconds = strtoll(text, &end, 10);
	if (!text[0] || *end || seconds < 0 || seconds > 86400)
		seconds = profile_number(d->profile, "limits.hold_seconds", 30);
	*out = seconds * 1000;
	return 0;
}

/* --- others' work, groups, idle time ----------------------------------------------------------------- */

int desk_change_count(struct desk *d, int64_t *out, struct err *e)
{
	return store_change_count(d->store, out, e);
}

int desk_group_begin(struct desk *d, struct err *e)
{
	return desk_may(d, 0, false, e) ? -1 : store_group_begin(d->store, e);
}

int desk_group_end(struct desk *d, bool keep, struct err *e)
{
	return store_group_end(d->store, keep, e);
}

int desk_idle(struct desk *d, bool *more, struct err *e)
{
	return retext_some(d, more, e) || store_checkpoint(d->store, e) ? -1 : 0;
}
