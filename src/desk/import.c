/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/import.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/held.h"
#include "base/i18n.h"
#include "base/io.h"
#include "base/text.h"
#include "check.h"
#include "folk.h"
#include "import_cells.h"
#include "office/client.h"

#define HEADINGS_WITHIN 10 /* rows that a title and notes may take above the headings */
#define LINE_MOST ((size_t)2 << 20)
#define IGNORED_TEXT 600

struct waiting { /* a row of the group under way */
	unsigned long row;
	cJSON *line;
};
struct seen {	       /* a number that came before; only its hash is kept */
	uint64_t hash; /* 0: free */
	unsigned long row;
};
struct import {
	struct desk *d;
	bool dry_run, headed, over;
	struct office_in in;
	struct import_sheet sheet;
	unsigned above; /* rows before the headings */
	struct waiting group[IMPORT_GROUP];
	size_t grouped;
	bool ended; /* the helper has told every row */
	unsigned careful; /* so many groups more go row by row */
	struct findings *findings; /* of the row under way: too large to be made anew for each */
	struct import_counts counts;
	struct import_verdict *verdict;
	size_t verdicts, room;
	struct seen *seen; /* room a power of two */
	size_t seen_n, seen_room;
	char ignored[IGNORED_TEXT];
};

const char *import_outcome_name(enum import_outcome o)
{
	static const char *const names[] = {"new", "changed", "same", "refused"};

	return names[o];
}

const char *import_outcome_word(enum import_outcome o)
{
	static const char *const words[] = {N_("新登记"), N_("已更新"), N_("没有变化"), N_("不能导入")};

	return _(words[o]);
}

/* --- numbers that came before ------------------------------------------------------------------------- */

static uint64_t hash_of(const char *type, const char *number)
{
	uint64_t h = 0xCBF29CE484222325u; /* FNV-1a */

	for (const char *s = type; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001B3u;
	for (const char *s = number; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001B3u;
	return h ? h : 1;
}

static struct seen *seen_place(struct seen *table, size_t room, uint64_t hash)
{
	size_t at = hash & (room - 1);

	while (table[at].hash && table[at].hash != hash)
		at = (at + 1) & (room - 1);
	return &table[at];
}

static int seen_grow(struct import *i, struct err *e)
{
	size_t room = i->seen_room ? i->seen_room * 2 : 1024;
	struct seen *grown = calloc(room, sizeof(*grown));

	if (!grown)
		return err_set(e, ERR_MEMORY, "import");
	for (size_t k = 0; k < i->seen_room; k++)
		if (i->seen[k].hash)
			*seen_place(grown, room, i->seen[k].hash) = i->seen[k];
	free(i->seen);
	i->seen = grown;
	i->seen_room = room;
	return 0;
}

/* *before: the row that has this number already; 0: none, and it is remembered. */
static int seen_before(struct import *i, const struct record *r, unsigned long row, unsigned long *before,
		       struct err *e)
{
	struct seen *place;

	*before = 0;
	if (!record_get(r, F_NUMBER)[0])
		return 0;
	if (i->seen_n * 2 >= i->seen_room && seen_grow(i, e))
		return -1;
	place = seen_place(i->seen, i->seen_room,
			   hash_of(record_get(r, F_DOC_TYPE), record_get(r, F_NUMBER)));
	if (place->hash) {
		*before = place->row == row ? 0 : place->row; /* the group is done again */
		return 0;
	}
	*place = (struct seen){hash_of(record_get(r, F_DOC_TYPE), record_get(r, F_NUMBER)), row};
	i->seen_n++;
	return 0;
}

/* --- one row ------------------------------------------------------------------------------------------ */

struct judging {
	struct import *i;
	struct record typed; /* what the row says */
	struct buf why;
	enum import_outcome outcome;
	int64_t person;
};

static void refuse(struct judging *j, const char *column, const char *sentence)
{
	import_why(&j->why, column, sentence);
	j->outcome = IMPORT_REFUSED;
}

static void refuse_findings(struct judging *j, const struct findings *f)
{
	for (size_t k = 0; k < f->n && j->why.len < IMPORT_WHY; k++)
		if (f->item[k].severity == SEVERITY_BLOCK)
			refuse(j, import_column_of(&j->i->sheet, f->item[k].field), f->item[k].sentence);
}

/* Refusals are the row's; what else went wrong is everybody's. */
static int refusal(struct judging *j, const struct findings *f, struct err *own, struct err *e)
{
	switch (own->code) {
	case ERR_FINDINGS:
	case ERR_DUPLICATE:
	case ERR_FORBIDDEN:
	case ERR_NO_SUCH:
	case ERR_NOT_PERMITTED:
		refuse_findings(j, f);
		if (!j->why.len)
			refuse(j, import_column_of(&j->i->sheet, F_NUMBER),
			       own->code == ERR_FORBIDDEN && own->detail[0] ? own->detail
									    : err_sentence(own->code));
		j->outcome = IMPORT_REFUSED;
		return 0;
	default:
		return err_set(e, own->code, "%s", own->detail);
	}
}

static int register_new(struct judging *j, struct err *e)
{
	struct findings *f = j->i->findings;
	struct registered done;
	struct err own = {ERR_NONE};

	f->n = 0;
	if (desk_complete_record(j->i->d, &j->typed, &own) ||
	    desk_register(j->i->d, &j->typed, f, &done, &own))
		return refusal(j, f, &own, e);
	j->outcome = IMPORT_NEW;
	j->person = j->i->dry_run ? 0 : done.person;
	return 0;
}

static bool says_else(const struct record *file, const struct record *typed, enum field_id f)
{
	const char *is = record_get(typed, f), *was = record_get(file, f);

	if (!is[0] || strcmp(is, was) == 0)
		return false;
	return f != F_LEADER || was[0] || strcmp(is, "0") != 0;
}

/* The file's record with what the row says over it; *differs: how much that is. */
static int lay_over(struct record *file, const struct record *typed, int *differs, struct err *e)
{
	*differs = 0;
	for (enum field_id f = 0; f < FIELD_COUNT; f++) {
		if (!says_else(file, typed, f))
			continue;
		++*differs;
		if (record_set(file, f, record_get(typed, f), ORIGIN_TYPED))
			return err_set(e, ERR_MEMORY, "import");
	}
	return 0;
}

static int amend_known(struct judging *j, struct folk *who, struct err *e)
{
	struct findings *f = j->i->findings;
	struct err own = {ERR_NONE};
	struct record file;
	int differs, changed = 0, last = -1;

	f->n = 0;
	record_init(&file);
	if (folk_record(j->i->d, who, &file, e) || lay_over(&file, &j->typed, &differs, e))
		goto out;
	j->person = who->person.id;
	j->outcome = IMPORT_SAME;
	last = 0;
	if (!differs)
		goto out;
	if (desk_amend(j->i->d, who->person.id, &file, f, &changed, &own))
		last = refusal(j, f, &own, e);
	else if (changed)
		j->outcome = IMPORT_CHANGED;
out:
	record_release(&file);
	return last;
}

/* Who has left is not hired again by a list: it may be an old one. */
static void refuse_left(struct judging *j, const struct folk *who)
{
	char sentence[200];

	text_format(sentence, sizeof(sentence),
		    _("此人已在本项目登记过，现在是“%s”；要重新聘用请读卡或单独登记"),
		    state_word(CYCLE_EMPLOYMENT, (int)who->employment.state));
	refuse(j, import_column_of(&j->i->sheet, F_NUMBER), sentence);
}

static int judge_known(struct judging *j, int64_t person, struct err *e)
{
	struct folk *who = calloc(1, sizeof(*who));
	int last = -1;

	if (!who)
		return err_set(e, ERR_MEMORY, "import");
	if (folk_load(j->i->d, person, who, e))
		goto out;
	last = 0;
	if (!who->employment.id)
		last = register_new(j, e);
	else if (lifecycle_final(CYCLE_EMPLOYMENT, (int)who->employment.state))
		refuse_left(j, who);
	else
		last = amend_known(j, who, e);
out:
	wipe(who, sizeof(*who));
	free(who);
	return last;
}

static int judge(struct judging *j, unsigned long row, const cJSON *cells, struct err *e)
{
	const char *usual = profile_default(j->i->d->profile, F_DOC_TYPE);
	unsigned long before;
	int64_t person = 0;
	char sentence[120];

	if (import_record(&j->i->sheet, cells, &j->typed, &j->why, e))
		return -1;
	if (!record_get(&j->typed, F_DOC_TYPE)[0] && usual &&
	    record_set(&j->typed, F_DOC_TYPE, usual, ORIGIN_DEFAULT))
		return err_set(e, ERR_MEMORY, "import");
	if (j->why.len) {
		j->outcome = IMPORT_REFUSED;
		return 0;
	}
	if (seen_before(j->i, &j->typed, row, &before, e))
		return -1;
	if (before) {
		text_format(sentence, sizeof(sentence), _("与第 %lu 行是同一个证件号码，只留一行"), before);
		refuse(j, import_column_of(&j->i->sheet, F_NUMBER), sentence);
		return 0;
	}
	if (record_get(&j->typed, F_NUMBER)[0] &&
	    db_person_by_document(j->i->d->store, record_get(&j->typed, F_DOC_TYPE),
				  record_get(&j->typed, F_NUMBER), &person, e))
		return -1;
	return person ? judge_known(j, person, e) : register_new(j, e);
}

/* --- verdicts ----------------------------------------------------------------------------------------- */

static void drop_verdict(struct import_verdict *v)
{
	held_drop(v->cells);
	free(v->why);
	wipe(v, sizeof(*v));
}

static struct import_verdict *new_verdict(struct import *i, struct err *e)
{
	struct import_verdict *grown;
	size_t room = i->room ? i->room * 2 : 256;

	if (i->verdicts == i->room) {
		grown = realloc(i->verdict, room * sizeof(*grown));
		if (!grown) {
			err_set(e, ERR_MEMORY, "import");
			return NULL;
		}
		i->verdict = grown;
		i->room = room;
	}
	i->verdict[i->verdicts] = (struct import_verdict){0};
	return &i->verdict[i->verdicts++];
}

static int note_verdict(struct judging *j, const struct waiting *w, struct err *e)
{
	struct import_verdict *v = new_verdict(j->i, e);

	if (!v)
		return -1;
	v->row = w->row;
	v->outcome = j->outcome;
	v->person = j->person;
	text_copy(v->name, sizeof(v->name), record_get(&j->typed, F_NAME));
	if (j->outcome != IMPORT_REFUSED)
		return 0;
	v->why = strdup(j->why.data ? j->why.data : "");
	v->cells = json_held(json_get(w->line, "cells"));
	return v->why && v->cells ? 0 : err_set(e, ERR_MEMORY, "import");
}

static int one_row(struct import *i, const struct waiting *w, struct err *e)
{
	struct judging j = {.i = i, .outcome = IMPORT_REFUSED};
	int last;

	record_init(&j.typed);
	buf_init(&j.why, 16384);
	last = judge(&j, w->row, json_get(w->line, "cells"), e);
	if (!last)
		last = note_verdict(&j, w, e);
	record_release(&j.typed);
	buf_release(&j.why);
	return last;
}

/* --- groups ------------------------------------------------------------------------------------------- */

static void drop_rows(struct import *i, size_t rows)
{
	for (size_t k = 0; k < rows; k++)
		cJSON_Delete(i->group[k].line);
	i->grouped -= rows;
	memmove(i->group, i->group + rows, i->grouped * sizeof(i->group[0]));
}

#define GROUP_MS 50       /* of one group where somebody waits to write: no clerk's save waits longer for it (P7) */
#define GROUP_MOST_MS 200 /* and where nobody does: a key pressed meanwhile is answered */

/* Every group is a sync of the disk and writes each page that it touched once: it is as long as keeps nobody waiting. */
static bool long_enough(const struct import *i, size_t rows, int64_t began)
{
	int64_t lasted = clock_steady_ms() - began;

	return rows >= IMPORT_GROUP_FEW && (lasted >= GROUP_MOST_MS || (lasted >= GROUP_MS && store_awaited(i->d->store)));
}

/* *rows: how many of the waiting ones were done. */
static int rows_of_group(struct import *i, bool bold, size_t *rows, struct err *e)
{
	int64_t began = clock_steady_ms();

	*rows = 0;
	while (*rows < i->grouped && !long_enough(i, *rows, began)) {
		if (one_row(i, &i->group[*rows], e))
			return -1;
		if (bold && store_group_lost(i->d->store))
			return 1;
		++*rows;
	}
	return 0;
}

static void forget_verdicts(struct import *i, size_t before)
{
	while (i->verdicts > before)
		drop_verdict(&i->verdict[--i->verdicts]);
}

/* 1: a row that was refused after it had been written took the whole group with it. */
static int try_group(struct import *i, bool bold, size_t *rows, struct err *e)
{
	size_t before = i->verdicts;
	int last = bold ? store_group_begin_bold(i->d->store, e) : store_group_begin(i->d->store, e);

	if (last)
		return last;
	last = rows_of_group(i, bold, rows, e);
	if (last)
		store_group_end(i->d->store, false, NULL);
	else
		last = store_group_end(i->d->store, !i->dry_run, e);
	if (last)
		forget_verdicts(i, before);
	return last;
}

#define CAREFUL 8 /* groups after one that was lost: the file may be full of such rows */

static int do_group(struct import *i, struct err *e)
{
	size_t before = i->verdicts, rows = 0;
	int last = try_group(i, !i->careful, &rows, e);

	if (i->careful)
		i->careful--;
	if (last == 1) {
		i->careful = CAREFUL;
		last = try_group(i, false, &rows, e);
	}
	drop_rows(i, last ? i->grouped : rows);
	for (size_t k = before; k < i->verdicts; k++) {
		i->counts.rows++;
		i->counts.n[i->verdict[k].outcome]++;
	}
	return last;
}

/* One line of the helper: the headings, or a row of the group. */
static int take_line(struct import *i, struct err *e)
{
	cJSON *line = NULL;
	const cJSON *cells;
	int last = 0;

	if (json_parse(&line, i->in.line.data, i->in.line.len, LINE_MOST, e))
		return -1;
	cells = json_get(line, "cells");
	if (i->headed && cJSON_IsArray(cells)) {
		i->group[i->grouped++] = (struct waiting){(unsigned long)json_int(line, "row", 0), line};
		return 0;
	}
	if (cJSON_IsArray(cells))
		last = import_headings(&i->sheet, cells, &i->headed, e);
	if (!last && i->headed)
		import_ignored(&i->sheet, i->ignored, sizeof(i->ignored));
	else if (!last && ++i->above == HEADINGS_WITHIN)
		last = err_set(e, ERR_IMPORT_HEADINGS, NULL);
	cJSON_Delete(line);
	return last;
}

static int record_import(struct import *i, struct err *e)
{
	char detail[160];
	int last;

	if (i->dry_run)
		return 0;
	text_format(detail, sizeof(detail), "rows=%lu new=%lu changed=%lu same=%lu refused=%lu",
		    i->counts.rows, i->counts.n[IMPORT_NEW], i->counts.n[IMPORT_CHANGED],
		    i->counts.n[IMPORT_SAME], i->counts.n[IMPORT_REFUSED]);
	if (store_begin(i->d->store, e))
		return -1;
	last = desk_audit(
		i->d,
		&(struct audit_entry){.action = "import", .object = "roster", .uid = "", .detail = detail},
		e);
	return store_end(i->d->store, last, e);
}

static int step(struct import *i, struct err *e)
{
	struct err own = {ERR_NONE};
	int got = 0;

	while (i->grouped < IMPORT_GROUP && (got = office_in_next(&i->in, &own)) > 0)
		if (take_line(i, e))
			return -1;
	if (got < 0) {
		i->ended = true;
		if (own.code != ERR_NONE)
			return err_set(e, own.code, "%s", own.detail);
		if (!i->headed)
			return err_set(e, ERR_IMPORT_HEADINGS, NULL);
	}
	while (i->grouped && (i->ended || i->grouped == IMPORT_GROUP))
		if (do_group(i, e))
			return -1;
	i->over = i->ended;
	return i->over ? record_import(i, e) : 0;
}

static void end_series(struct import *i)
{
	if (i->d && !i->dry_run)
		store_series(i->d->store, NULL);
}

int desk_import_step(struct import *i, bool *over, struct err *e)
{
	int last = i->over ? 0 : step(i, e);

	i->over |= last != 0;
	if (i->over)
		end_series(i);
	*over = i->over;
	return last;
}

/* --- life --------------------------------------------------------------------------------------------- */

int import_open_file(const char *path, struct err *e)
{
	char whole[OFFICE_PATH];
	struct stat st;
	int fd;

	if (office_path(path, whole, e))
		return -1;
	fd = io_open_as_user(whole, O_RDONLY | O_NONBLOCK | O_NOCTTY, NULL);
	if (fd < 0)
		return err_errno(e, "table");
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	return err_set(e, ERR_NOT_FOUND, "no plain file");
}

int desk_import_open(struct desk *d, const struct import_options *o, struct import **out, struct err *e)
{
	const struct transition *row = lifecycle_find(CYCLE_EMPLOYMENT, EMPLOYMENT_NONE, EVENT_OFFER);
	struct import *i;
	int fd;

	if (desk_may_in_project(d, row->roles, e))
		return -1;
	fd = import_open_file(o->path, e);
	if (fd < 0)
		return -1;
	i = calloc(1, sizeof(*i));
	if (i)
		i->findings = malloc(sizeof(*i->findings));
	if (!i || !i->findings || import_sheet_open(&i->sheet, d, e) || office_in_open(&i->in, fd, e)) {
		if (!i || !i->findings)
			err_set(e, ERR_MEMORY, "import");
		close(fd);
		desk_import_close(i);
		return -1;
	}
	close(fd);
	i->d = d;
	i->dry_run = o->dry_run;
	if (!i->dry_run)
		store_series(d->store, "import");
	*out = i;
	return 0;
}

int desk_import_fd(const struct import *i)
{
	return i->over ? -1 : office_in_fd(&i->in);
}

const struct import_counts *desk_import_counts(const struct import *i)
{
	return &i->counts;
}

const struct import_verdict *desk_import_verdict(const struct import *i, size_t n)
{
	return n < i->verdicts ? &i->verdict[n] : NULL;
}

const char *desk_import_ignored(const struct import *i)
{
	return i->ignored;
}

static const struct import_verdict *verdict_of(const void *of, size_t k)
{
	return desk_import_verdict(of, k);
}

int desk_import_report(const struct import *i, const char *kind, int fd, struct err *e)
{
	struct refused_rows rows = {.heading = i->sheet.heading, .n = i->sheet.n, .verdict = verdict_of, .of = i};

	return import_report(&rows, kind, fd, e);
}

void desk_import_close(struct import *i)
{
	if (!i)
		return;
	end_series(i);
	if (!i->over && i->counts.rows)
		record_import(i, NULL);
	drop_rows(i, i->grouped);
	office_in_release(&i->in);
	import_sheet_release(&i->sheet);
	while (i->verdicts)
		drop_verdict(&i->verdict[--i->verdicts]);
	free(i->verdict);
	free(i->seen);
	free(i->findings);
	free(i);
}
