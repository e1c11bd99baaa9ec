/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Companies', participants' and teams' fields, for conflict.c: the rows of their sheets that travel and are
 * not fixed. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "conflict_kind.h"

struct site_kind {
	size_t (*rows)(const struct particular **out);
	int (*open)(struct holding *h, struct err *e); /* by h->uid: name and values */
	int (*write)(struct holding *h, struct err *e);
	bool (*takes)(const struct holding *h, const struct particular *row,
		      const char *value); /* NULL: whatever has the row's shape */
};

/* --- companies and participants: their sheets ---------------------------------------------------------- */

static size_t company_rows_of(const struct particular **out)
{
	return particulars_rows(SHEET_COMPANY, out);
}

static int open_company(struct holding *h, struct err *e)
{
	if (sheet_read(h->d, SHEET_COMPANY, h->uid, &h->sheet, e))
		return -1;
	text_copy(h->name, sizeof(h->name), particulars_get(&h->sheet, "name"));
	return 0;
}

static size_t participant_rows_of(const struct particular **out)
{
	return particulars_rows(SHEET_PARTICIPANT, out);
}

static int open_participant(struct holding *h, struct err *e)
{
	if (sheet_read(h->d, SHEET_PARTICIPANT, h->uid, &h->sheet, e))
		return -1;
	text_copy(h->name, sizeof(h->name), particulars_get(&h->sheet, "company"));
	return 0;
}

static int write_sheet(struct holding *h, struct err *e)
{
	return sheet_write(h->d, h->uid, &h->sheet, &h->how, e);
}

const struct site_kind company_kind = {company_rows_of, open_company, write_sheet, NULL};
const struct site_kind participant_kind = {participant_rows_of, open_participant, write_sheet, NULL};

/* --- teams ------------------------------------------------------------------------------------------- */

enum { TEAM_ROW_NAME, TEAM_ROW_KIND };

/* STD Team.Add, JM-1 2.6 */
static const struct particular team_rows[] = {
	[TEAM_ROW_NAME] = {.name = "name",
			   .wire = "teamName",
			   .label = N_("班组名称"),
			   .kind = PARTICULAR_TEXT,
			   .max_chars = 60,
			   .flags = PARTICULAR_NEEDED},
	[TEAM_ROW_KIND] = {.name = "kind",
			   .wire = "teamKind",
			   .label = N_("班组类型"),
			   .kind = PARTICULAR_CODE,
			   .max_chars = 15,
			   .flags = PARTICULAR_NEEDED,
			   .codes = "team_kinds"},
};

static size_t team_rows_of(const struct particular **out)
{
	*out = team_rows;
	return ARRAY_LEN(team_rows);
}

static int open_team(struct holding *h, struct err *e)
{
	if (team_here(h->d, h->uid, &h->team, e))
		return -1;
	text_copy(h->name, sizeof(h->name), h->team.name);
	text_copy(h->sheet.value[TEAM_ROW_NAME], sizeof(h->sheet.value[0]), h->team.name);
	text_copy(h->sheet.value[TEAM_ROW_KIND], sizeof(h->sheet.value[0]), h->team.kind);
	return 0;
}

static int write_team(struct holding *h, struct err *e)
{
	text_copy(h->team.name, sizeof(h->team.name), h->sheet.value[TEAM_ROW_NAME]);
	text_copy(h->team.kind, sizeof(h->team.kind), h->sheet.value[TEAM_ROW_KIND]);
	return team_write(h->d, &h->team, &h->how, e);
}

/* What the clerk may not make of it (C2), the platform's word does not make of it either: such a change is
 * kept and shown. */
static bool team_takes(const struct holding *h, const struct particular *row, const char *value)
{
	struct err own = {ERR_NONE};
	bool changes_kind = row == &team_rows[TEAM_ROW_KIND] && strcmp(value, h->team.kind);

	return team_may_change(&h->team, changes_kind ? value : NULL, &own) == 0;
}

const struct site_kind team_kind = {team_rows_of, open_team, write_team, team_takes};

/* --- fields ------------------------------------------------------------------------------------------ */

static int open_thing(struct holding *h, const char *subject, struct err *e)
{
	if (subject && !text_copy(h->uid, sizeof(h->uid), subject))
		return err_set(e, ERR_NO_SUCH, "subject");
	return h->kind->site->open(h, e);
}

static bool facet_at(const struct particular *rows, size_t i, struct facet *out)
{
	*out = (struct facet){.name = rows[i].name,
			      .label = rows[i].label,
			      .max_chars = rows[i].max_chars,
			      .needed = rows[i].flags & PARTICULAR_NEEDED,
			      .at = (int)i};
	return true;
}

static const struct particular *row_of(const struct holding *h, const struct facet *f)
{
	const struct particular *rows = NULL;

	h->kind->site->rows(&rows);
	return &rows[f->at];
}

static bool by_wire(const struct holding *h, const char *wire, struct facet *out)
{
	const struct particular *rows = NULL;
	size_t n = h->kind->site->rows(&rows);

	for (size_t i = 0; i < n; i++)
		if (rows[i].wire && !strcmp(rows[i].wire, wire))
			return !(rows[i].flags & PARTICULAR_FIXED) && facet_at(rows, i, out);
	return false;
}

static bool by_name(const struct holding *h, const char *name, struct facet *out)
{
	const struct particular *rows = NULL;
	size_t n = h->kind->site->rows(&rows);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(rows[i].name, name))
			return facet_at(rows, i, out);
	return false;
}

static bool code_of_wire(const struct holding *h, const struct particular *row, const char *wire, char *out,
			 size_t size)
{
	const struct code *codes;
	size_t n = profile_codes(h->d->profile, row->codes, &codes);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(profile_wire_code(h->d->profile, row->codes, codes[i].code), wire))
			return text_copy(out, size, codes[i].code);
	return false;
}

static bool read_value(const struct holding *h, const struct facet *f, const char *wire, char *out,
		       size_t size)
{
	const struct particular *row = row_of(h, f);
	char value[PARTICULAR_TEXT_MAX] = "";
	bool right =
		!wire[0] || (row->kind == PARTICULAR_CODE ? code_of_wire(h, row, wire, value, sizeof(value))
							  : particular_normalise(row, wire, value));

	right = right && (!h->kind->site->takes || h->kind->site->takes(h, row, value)) &&
		text_copy(out, size, value);
	wipe(value, sizeof(value));
	return right;
}

static const char *get_value(const struct holding *h, const struct facet *f)
{
	return h->sheet.value[f->at];
}

static bool locked(const struct holding *h, const struct facet *f)
{
	(void)h;
	(void)f;
	return false; /* no card says anything of a site */
}

static int show(const struct holding *h, const struct facet *f, const char *value, char *out, size_t size,
		struct err *e)
{
	const struct particular *row = row_of(h, f);
	struct sheet_choice c;

	(void)e;
	for (size_t i = 0; row->codes && desk_sheet_choice(h->d, row, i, &c); i++)
		if (!strcmp(value, c.code)) {
			text_copy(out, size, c.word);
			return 0;
		}
	particular_show(row, value, out, size);
	return 0;
}

static int put_value(struct holding *h, const struct facet *f, const char *value, struct err *e)
{
	return text_copy(h->sheet.value[f->at], sizeof(h->sheet.value[0]), value)
		       ? 0
		       : err_set(e, ERR_TOO_LARGE, "%s", f->name);
}

static int write_thing(struct holding *h, struct err *e)
{
	return h->kind->site->write(h, e);
}

const struct conflict_ways site_ways = {
	.open = open_thing,
	.by_wire = by_wire,
	.by_name = by_name,
	.read = read_value,
	.get = get_value,
	.locked = locked,
	.show = show,
	.put = put_value,
	.write = write_thing,
};
