/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One sheet about one matter, to be signed: what was recorded afterwards (E9), a correction, an asking, any
 * other formality of a person; an application for a project (B8). Who asked, who decided and when, what it
 * was before and is now.
 */
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/text.h"
#include "desk/upload.h"
#include "folk.h"
#include "paper_lines.h"
#include "sheets.h"
#include "store/member.h"
#include "store/outbox.h"

#define BODY_MAX 65536
#define ASK "ask:"

/* A sheet under way: the head with its rows. */
struct writing {
	struct desk *d;
	cJSON *sheet, *rows;
};

static int sheet_begin(struct writing *w, const char *title, struct err *e)
{
	w->sheet = paper_head(w->d, title);
	w->rows = w->sheet ? cJSON_AddArrayToObject(w->sheet, "rows") : NULL;
	return w->rows ? 0 : err_set(e, ERR_MEMORY, "sheet");
}

static void row(struct writing *w, const char *label, const char *value)
{
	const char *cells[] = {label, value};

	cJSON_AddItemToArray(w->rows, cJSON_CreateStringArray(cells, 2));
}

static void heading(struct writing *w, const char *text)
{
	cJSON_AddItemToArray(w->rows, cJSON_CreateStringArray(&text, 1));
}

static void day_row(struct writing *w, const char *label, date_t on)
{
	char text[DATE_TEXT];

	date_format(on, text);
	row(w, label, text);
}

static void stamp_row(struct writing *w, const char *label, int64_t ms)
{
	char text[STAMP_TEXT];

	stamp_format(ms, text);
	row(w, label, text);
}

/* Room in full-width blanks, which paper does not draw together. */
static void signatures(struct writing *w, const char *first, const char *second)
{
	char text[300];

	text_format(text, sizeof(text), _("%s　　　　　　　　　　%s　　　　　　　　　　日期：　　　　　　　"),
		    first, second);
	row(w, "", text);
}

/* --- a person's formality ------------------------------------------------------------------------------ */

static const char *title_of(const struct db_fact *f)
{
	if (f->true_on != DATE_NONE)
		return _("事后补记单");
	if (!strncmp(f->event, ASK, strlen(ASK)))
		return _("申请单");
	return f->supersedes ? _("更正单") : _("手续办理单");
}

static int about_person(struct writing *w, int64_t person, struct err *e)
{
	struct db_member m;

	if (db_member_get(w->d->store, w->d->project.id, person, &m, e))
		return -1;
	heading(w, _("人员"));
	row(w, _("姓名"), m.name);
	row(w, _("证件尾号"), m.tail);
	row(w, _("单位"), m.company_name);
	row(w, _("班组"), m.team_name);
	return 0;
}

/* What came of it: taken back, corrected, how far its report has come. */
static void outcome_of(const struct history_row *h, char *out, size_t size)
{
	enum outbox_state state;

	text_copy(out, size, h->reversed ? _("已撤回") : h->superseded ? _("已更正或已有答复") : _("有效"));
	if (!h->upload[0] || !outbox_state_parse(h->upload, &state))
		return;
	desk_append(out, size, _("；上传："));
	desk_append(out, size, outbox_state_word(state));
}

static int about_fact(struct writing *w, const struct db_fact *f, struct err *e)
{
	struct history_row h;
	char outcome[200];
	bool evidence;

	if (history_row_out(w->d, f, &h, e) || db_attachment_of_fact(w->d->store, f->id, &evidence, e))
		return -1;
	outcome_of(&h, outcome, sizeof(outcome));
	if (f->supersedes && strncmp(f->event, ASK, strlen(ASK)) && f->true_on == DATE_NONE)
		desk_append(h.what, sizeof(h.what), _("（更正）"));
	heading(w, _("手续"));
	row(w, _("事项"), h.what);
	row(w, _("办理人"), h.by);
	stamp_row(w, _("办理时间"), f->at_ms);
	day_row(w, _("平台日期"), f->on);
	if (f->true_on != DATE_NONE) {
		day_row(w, _("实际日期"), f->true_on);
		row(w, _("印证材料"), evidence ? _("有，存于本机") : _("无"));
	}
	row(w, _("原因"), h.note);
	row(w, _("现状"), outcome);
	return 0;
}

/* Of an asking: the fact that stands for it once it is decided. */
static int about_decision(struct writing *w, const struct db_fact *f, struct err *e)
{
	struct history_row h;
	struct db_fact decided;

	if (strncmp(f->event, ASK, strlen(ASK)) || !f->superseded_by)
		return 0;
	if (db_fact_get(w->d->store, f->superseded_by, &decided, e) || history_row_out(w->d, &decided, &h, e))
		return -1;
	heading(w, _("答复"));
	row(w, _("事项"), h.what);
	row(w, _("决定人"), h.by);
	stamp_row(w, _("决定时间"), decided.at_ms);
	row(w, _("说明"), h.note);
	return 0;
}

/* --- before and after ---------------------------------------------------------------------------------- */

static int body_of(struct desk *d, int64_t fact, cJSON **out, struct err *e)
{
	struct buf text;
	int rc;

	*out = NULL;
	buf_init(&text, BODY_MAX);
	rc = db_fact_body(d->store, fact, &text, e);
	if (!rc && text.len)
		rc = json_parse(out, text.data, text.len, BODY_MAX, e);
	buf_wipe_release(&text);
	return rc;
}

static int shown(struct desk *d, enum field_id id, const char *value, char *out, size_t size, struct err *e)
{
	struct record r;
	int rc;

	record_init(&r);
	rc = record_set(&r, id, value, ORIGIN_STORED) ? err_set(e, ERR_MEMORY, "field")
	     : d->exporting_whole		      ? file_show(d, &r, id, out, size, e)
						      : file_show_masked(d, &r, id, out, size, e);
	record_release(&r);
	return rc;
}

static const char *text_in(const cJSON *body, const char *name)
{
	const char *s = body ? json_string(body, name) : NULL;

	return s ? s : "";
}

static int changed_rows(struct writing *w, const cJSON *was, const cJSON *is, struct err *e)
{
	bool any = false;

	for (enum field_id id = 0; id < FIELD_COUNT; id++) {
		const struct field *f = field_get(id);
		const char *a = text_in(was, f->name), *b = text_in(is, f->name);
		char before[NAME_TEXT], after[NAME_TEXT], text[NAME_TEXT * 2 + 20];

		if (!strcmp(a, b))
			continue;
		if (shown(w->d, id, a, before, sizeof(before), e) ||
		    shown(w->d, id, b, after, sizeof(after), e))
			return -1;
		if (!any)
			heading(w, _("更正内容（更正前 → 更正后）"));
		any = true;
		text_format(text, sizeof(text), "%s → %s", before[0] ? before : _("（空）"),
			    after[0] ? after : _("（空）"));
		row(w, _(f->label), text);
	}
	return 0;
}

/* Only of a correction: what it corrected says what was before. */
static int before_and_after(struct writing *w, const struct db_fact *f, struct err *e)
{
	cJSON *was = NULL, *is = NULL;
	int rc;

	if (!f->supersedes || !f->has_body)
		return 0;
	rc = body_of(w->d, f->supersedes, &was, e) || body_of(w->d, f->id, &is, e) ||
			     changed_rows(w, was, is, e)
		     ? -1
		     : 0;
	cJSON_Delete(was);
	cJSON_Delete(is);
	return rc;
}

static int fact_sheet(struct writing *w, const struct db_fact *f, struct err *e)
{
	if (sheet_begin(w, title_of(f), e) || about_person(w, f->person, e) || about_fact(w, f, e) ||
	    before_and_after(w, f, e) || about_decision(w, f, e))
		return -1;
	signatures(w, _("本人签名："), _("经办人签名："));
	signatures(w, _("项目经理签名："), _("单位盖章："));
	return 0;
}

static int handed_out(struct writing *w, int last, cJSON **out)
{
	if (last)
		cJSON_Delete(w->sheet);
	else
		*out = w->sheet;
	return last;
}

int desk_paper_fact(struct desk *d, int64_t fact, cJSON **out, struct err *e)
{
	struct writing w = {.d = d};
	struct folk who;
	struct db_fact f;
	int last;

	if (desk_may_in_project(d, 0, e) || db_fact_get(d->store, fact, &f, e))
		return -1;
	if (f.project != d->project.id || !f.person)
		return err_set(e, ERR_NO_SUCH, "fact of another project, or of nobody");
	last = folk_open(d, f.person, &who, e) || fact_sheet(&w, &f, e) ? -1 : 0;
	wipe(f.note, sizeof(f.note));
	return handed_out(&w, last, out);
}

/* --- an application ------------------------------------------------------------------------------------ */

static int values(struct writing *w, const char *uid, struct err *e)
{
	struct particulars p;
	const struct particular *rows = NULL;
	size_t n = particulars_rows(SHEET_APPLICATION, &rows);

	if (desk_sheet_masked(w->d, SHEET_APPLICATION, uid, &p, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (rows[i].group)
			heading(w, _(rows[i].group));
		row(w, _(rows[i].label),
		    rows[i].codes ? desk_code_word(w->d, rows[i].codes, p.value[i]) : p.value[i]);
	}
	wipe(&p, sizeof(p));
	return 0;
}

/* Who applied, who answered, when and why: oldest first. */
static int steps(struct writing *w, int64_t application, struct err *e)
{
	struct db_fact rows[16];
	int64_t after = 0;
	char text[NAME_TEXT + 300], at[STAMP_TEXT];
	struct history_row h;
	size_t n;

	heading(w, _("经过"));
	do {
		if (db_fact_of_subject(w->d->store, cycle_name(CYCLE_APPLICATION), application, after, rows,
				       ARRAY_LEN(rows), &n, e))
			return -1;
		for (size_t i = 0; i < n; i++) {
			after = rows[i].id;
			if (history_row_out(w->d, &rows[i], &h, e))
				return -1;
			stamp_format(rows[i].at_ms, at);
			text_format(text, sizeof(text), "%s  %s%s%s%s", at, h.by, h.note[0] ? "  " : "",
				    h.note, h.reversed ? _("（已撤回）") : "");
			row(w, h.what, text);
		}
	} while (n == ARRAY_LEN(rows));
	return 0;
}

int desk_paper_application(struct desk *d, const char *uid, cJSON **out, struct err *e)
{
	struct writing w = {.d = d};
	struct db_application a;
	int last;

	if (desk_may_in_project(d, 0, e) || db_application_by_uid(d->store, uid, &a, e))
		return -1;
	if (a.project != d->project.id)
		return err_set(e, ERR_NO_SUCH, "application of another project");
	last = sheet_begin(&w, _("项目申报单"), e) || values(&w, uid, e) ? -1 : 0;
	if (!last) {
		heading(&w, _("结果"));
		row(&w, _("现状"), state_word(CYCLE_APPLICATION, (int)a.state));
		day_row(&w, _("申报日期"), a.applied_on);
		day_row(&w, _("答复日期"), a.answered_on);
		last = steps(&w, a.id, e);
	}
	if (!last)
		signatures(&w, _("申报人签名："), _("单位盖章："));
	return handed_out(&w, last, out);
}

/* --- onto paper ---------------------------------------------------------------------------------------- */

int desk_paper_put(cJSON *sheet, struct office_out *out, struct err *e)
{
	cJSON *rows = cJSON_DetachItemFromObject(sheet, "rows");
	const cJSON *line;
	int last = office_out_line(out, sheet, e);

	cJSON_ArrayForEach(line, rows) if (!last) last = office_out_line(out, line, e);
	cJSON_AddItemToObject(sheet, "rows", rows);
	return last;
}
