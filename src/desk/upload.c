/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outbox as the clerk sees it, messages, and the day (G1, G3, K1). */
#include "desk/upload.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "deed.h"
#include "doubt.h"
#include "folk.h"
#include "listed.h"
#include "outbox_scope.h"
#include "resend.h"
#include "row_out.h"
#include "runner_alive.h"
#include "store/site.h"
#include "store/fact.h"
#include "store/line.h"
#include "store/outbox.h"
#include "store/upload.h"
#include "wire.h"

static const struct {
	const char *name, *word;
} states[OUTBOX_STATE_COUNT] = {
	[OUTBOX_HELD] = {"held", N_("可撤销")},
	[OUTBOX_READY] = {"ready", N_("待传")},
	[OUTBOX_SENDING] = {"sending", N_("发送中")},
	[OUTBOX_WAITING] = {"waiting", N_("平台处理中")},
	[OUTBOX_ACCEPTED] = {"accepted", N_("已确认")},
	[OUTBOX_REJECTED] = {"rejected", N_("退回")},
	[OUTBOX_UNKNOWN] = {"unknown", N_("结果待查")},
	[OUTBOX_WITHDRAWN] = {"withdrawn", N_("已撤回")},
	[OUTBOX_SUPERSEDED] = {"superseded", N_("已更正")},
};

const char *outbox_state_name(enum outbox_state s)
{
	return (unsigned)s < OUTBOX_STATE_COUNT ? states[s].name : "";
}

const char *outbox_state_word(enum outbox_state s)
{
	if (s == OUTBOX_REJECTED) /* which is also what a receiving unit does with an assignment */
		return P_("upload", "退回");
	return (unsigned)s < OUTBOX_STATE_COUNT ? _(states[s].word) : "";
}

bool outbox_state_parse(const char *name, enum outbox_state *out)
{
	for (int i = 0; i < OUTBOX_STATE_COUNT; i++)
		if (strcmp(states[i].name, name) == 0) {
			*out = (enum outbox_state)i;
			return true;
		}
	return false;
}

/* --- one row ----------------------------------------------------------------------------------------- */

/* What an operation is called. Kinds that are not here are an event of their cycle, and are called as that
 * event is. */
static const struct {
	const char *kind, *word;
} kinds[] = {
	{"company.add", N_("企业信息")},
	{"company.amend", N_("企业信息更正")},
	{"company.logged_in", N_("已登录平台")},
	{"project.offer", N_("可获取的项目")},
	{DOUBT_FOLLOWED, N_("这里撤销的手续，较新的数据已经上传，平台上已生效：照平台补记；不对的请重新办理")},
	{DOUBT_UNASKED, N_("这里已撤销、资料已不在本机，较新的数据可能上传过：请在平台上核对，有的与平台联系撤销")},
	{DOUBT_MESSAGE, N_("这里已撤销，平台上还有这条记录；仍需要的重新办理，不需要的与平台联系")},
	{"participant.add", N_("参建单位")},
	{"participant.amend", N_("参建单位更正")},
	{"participant.enter", N_("参建单位进场")},
	{"participant.exit", N_("参建单位退场")},
	{"team.add", N_("班组信息")},
	{"team.amend", N_("班组信息更正")},
	{"team.confirm_association", N_("确认关联")},
	{"team.refuse_association", N_("拒绝关联")},
	{"team.enter", N_("班组进场")},
	{"team.exit", N_("班组退场")},
	{"person.add", N_("人员信息")},
	{"person.amend", N_("人员信息更正")},
	{"card.front", N_("证件正面照")},
	{"card.back", N_("证件反面照")},
	{"person.changed", N_("平台改了人员信息")},
	{"employment.changed", N_("平台改了聘用内容")},
	{"assignment.amend", N_("分配更正")},
	{"assignment.changed", N_("平台改了分配")},
	{"company.changed", N_("平台改了企业信息")},
	{"participant.changed", N_("平台改了参建单位")},
	{"team.changed", N_("平台改了班组")},
	{"employment.offer", N_("聘用")},
	{"employment.amend", N_("聘用更正")},
	{"attendance.clock", N_("考勤")},
	{"payroll.add", N_("工资")},
	{"payroll.amend", N_("工资更正")},
	{"training.add", N_("培训")},
	{"training.amend", N_("培训更正")},
	{"training.remove", N_("培训删除")},
	{"book.add", N_("登记簿")},
	{"book.amend", N_("登记簿更正")},
	{"book.remove", N_("登记簿删除")},
	{"device.add", N_("考勤设备")},
	{"device.amend", N_("考勤设备更正")},
	{"device.remove", N_("考勤设备撤下")},
	{"post.absence", N_("缺勤报备")},
	{"contract.add", N_("劳动合同")},
	{"contract.amend", N_("劳动合同更正")},
	{"contract.end", N_("合同到期终止")},
	{"contract.terminate", N_("解除合同")},
};

/* NULL: a kind that there is no word for. */
static const char *known_word(const char *kind)
{
	const char *dot = strchr(kind, '.');
	enum event event;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			return _(kinds[i].word);
	return dot && event_parse(dot + 1, &event) ? event_word(event) : NULL;
}

static const char *kind_word(const char *kind)
{
	const char *word = known_word(kind);

	return word ? word : kind;
}

/* Why a record waits for a clerk on the platform's page, and what else is to be taken along there. */
static const struct {
	const char *kind, *words;
} pages[] = {
	{"team.associate", N_("本平台的接口不接收班组关联，附件也不接收，请在平台网页上办理并上传附件")},
	{"contract.amend", N_("本平台的接口不接收合同更正和后补的扫描件，请在平台网页上传")},
	{"device.", N_("本平台的接口不接收设备登记，请在平台网页上办理设备接入申请")},
};

/* Ours, of what the dialect has no call for. */
static const char *own_words(const struct db_outbox *row)
{
	if (!strcmp(row->code, OUTBOX_TOLD_WITH))
		return _("接口里没有单独的一项，已随同其他上传一并告知平台");
	if (row->state == OUTBOX_ACCEPTED)
		return _("已在平台网页上办完");
	if (row->reason[0]) /* this one, not its kind */
		return _(row->reason);
	for (size_t i = 0; i < ARRAY_LEN(pages); i++)
		if (!strncmp(row->kind, pages[i].kind, strlen(pages[i].kind)))
			return _(pages[i].words);
	return _("本平台的接口不接收这一项，请在平台网页上办理");
}

/* Advice for the platform's codes, where the profile has no prompt for its words. */
static const struct {
	const char *code, *advice;
} advices[] = {
	{"duplicate-person",
	 N_("平台上已有持同一证件的人员。请核对证件号码；号码无误的，请与平台联系合并。")},
	{"employed-elsewhere",
	 N_("请原单位先办理离职；原单位不办的，本人可在手机上申请离职，24 小时后自行完成。然后重新上传。")},
	{"phone", N_("打开此人，改正手机号码后保存，会自动重新上传。")},
	{"not-confirmed", N_("先由接收单位的项目经理确认，再重新上传。")},
	{"not-consented", N_("本人还没有同意聘用。等本人在手机上同意后再重新上传。")},
	{"not-entered", N_("平台上没有进场记录。先处理进场的那一条，再重新上传。")},
	{"dependency", N_("它所依据的记录平台还没有。先处理那一条，再重新上传。")},
};

static bool is_by_hand(const struct db_outbox *row)
{
	return row->state == OUTBOX_WAITING && !strcmp(row->code, OUTBOX_BY_HAND);
}

static const char *advice_for(const struct desk *d, const struct db_outbox *row)
{
	const struct prompt *p =
		d->profile && row->reason[0] ? profile_prompt(d->profile, row->reason) : NULL;

	if (is_by_hand(row))
		return _("办完后在“平台页面待办”里记下，等它的事项接着上传");
	if (row->state != OUTBOX_REJECTED)
		return "";
	if (p)
		return p->remedy;
	for (size_t i = 0; i < ARRAY_LEN(advices); i++)
		if (strcmp(advices[i].code, row->code) == 0)
			return _(advices[i].advice);
	return err_advice(ERR_OP_REJECTED);
}

/* Of another operation of a person it is his own field, as with a document's number that a contract is refused for. */
static const struct field *field_of(const struct db_outbox *row)
{
	const struct field *field = row->field[0] ? field_by_wire(row->kind, row->field) : NULL;

	return field || !row->field[0] || !row->person ? field : field_by_wire("person.add", row->field);
}

int outbox_row_out(struct desk *d, const struct db_outbox *row, struct outbox_row *out, struct err *e)
{
	const struct field *field = field_of(row);

	*out = (struct outbox_row){.id = row->id,
				   .state = row->state,
				   .person = row->person,
				   .made_ms = row->made_ms,
				   .sent_ms = row->sent_ms,
				   .answered_ms = row->answered_ms,
				   .attempts = row->attempts,
				   .held_until_ms = row->state == OUTBOX_HELD ? row->held_until_ms : 0,
				   .by_hand = is_by_hand(row),
				   .ours = !strcmp(row->code, OUTBOX_BY_HAND) || !strcmp(row->code, OUTBOX_TOLD_WITH)};
	text_copy(out->op, sizeof(out->op), row->op);
	text_copy(out->kind, sizeof(out->kind), row->kind);
	text_copy(out->kind_word, sizeof(out->kind_word), kind_word(row->kind));
	text_copy(out->subject, sizeof(out->subject), row->title);
	text_copy(out->reason_code, sizeof(out->reason_code), row->code);
	text_copy(out->reason, sizeof(out->reason), out->ours ? own_words(row) : row->reason);
	text_copy(out->advice, sizeof(out->advice), advice_for(d, row));
	text_copy(out->field, sizeof(out->field), field ? field->name : row->field);
	text_copy(out->number, sizeof(out->number), row->number);
	if (listed_words(d, row, out->listed, sizeof(out->listed), e))
		return -1;
	if (row->state != OUTBOX_HELD && row->state != OUTBOX_READY)
		return 0;
	return db_outbox_waits_for(d->store, row->id, out->waits_for, sizeof(out->waits_for), e);
}

static int load_view(struct desk *d, const struct outbox_source *from, int after_rank, int64_t after_id, struct db_outbox *rows, size_t cap,
		     size_t *n, bool *more, struct err *e)
{
	struct db_outbox_query ask = {.project = d->project.id,
				      .view = (enum db_outbox_view)from->what,
				      .after_rank = after_rank,
				      .after_id = after_id};

	return db_outbox_page(d->store, &ask, rows, cap, n, more, e);
}

int desk_outbox(struct desk *d, const struct outbox_query *q, struct outbox_page *page, struct err *e)
{
	static const enum db_outbox_view views[] = {[OUTBOX_VIEW_OPEN] = DB_OUTBOX_OPEN,
						    [OUTBOX_VIEW_REFUSED] = DB_OUTBOX_REFUSED,
						    [OUTBOX_VIEW_ALL] = DB_OUTBOX_ALL};
	struct outbox_source from = {.load = load_view, .what = views[q->view]};

	return desk_may_in_project(d, 0, e) ? -1 : outbox_seen(d, &from, q->after_rank, q->after_id, page, e);
}

int desk_outbox_get(struct desk *d, int64_t id, struct outbox_row *out, struct err *e)
{
	struct db_outbox row;

	return desk_may_in_project(d, 0, e) || outbox_open(d, id, &row, e) ? -1 : outbox_row_out(d, &row, out, e);
}

int desk_outbox_history(struct desk *d, int64_t id, struct outbox_row *rows, size_t cap, size_t *n, struct err *e)
{
	struct db_outbox page[OUTBOX_HISTORY], row;
	size_t got = 0;
	int rc;

	if (desk_may_in_project(d, 0, e) || outbox_open(d, id, &row, e) ||
	    db_outbox_about(d->store, d->project.id, row.subject, page, cap < OUTBOX_HISTORY ? cap : OUTBOX_HISTORY, &got, e))
		return -1;
	for (size_t i = 0; i < got; i++) {
		rc = outbox_row_out(d, &page[i], &rows[i], e);
		if (rc)
			return rc;
	}
	*n = got;
	wipe(page, sizeof(page));
	return 0;
}

/* --- again, and now ---------------------------------------------------------------------------------- */

int resend(struct desk *d, const struct db_outbox *row, struct err *e)
{
	struct db_outbox_new again = {.project = row->project,
				      .kind = row->kind,
				      .fact = row->fact,
				      .subject = row->subject,
				      .title = row->title,
				      .person = row->person,
				      .made_ms = clock_now_ms()};
	int64_t *needs, id;
	int rc = -1;

	if (db_outbox_needs_all(d->store, row->id, &needs, &again.n_needs, e))
		return -1;
	again.needs = needs;
	if (db_outbox_state(d->store, row->id, row->state, OUTBOX_SUPERSEDED, e) == 0)
		rc = db_outbox_insert(d->store, &again, &id, e);
	free(needs);
	return rc;
}

static int retry(struct desk *d, int64_t id, struct err *e)
{
	struct db_outbox row;

	if (outbox_open(d, id, &row, e))
		return -1;
	if (row.state != OUTBOX_REJECTED && row.state != OUTBOX_UNKNOWN)
		return err_set(e, ERR_FORBIDDEN, "%s", outbox_state_word(row.state));
	if (resend(d, &row, e) || (row.person && folk_refresh(d, row.person, false, e)))
		return -1;
	return desk_audit(
		d,
		&(struct audit_entry){
			.action = "retry", .object = "operation", .uid = row.op, .detail = row.kind},
		e);
}

int desk_outbox_retry(struct desk *d, int64_t id, struct err *e)
{
	if (desk_may_in_project(d, ROLES_WITH_KEY, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, retry(d, id, e), e);
}

int desk_outbox_send_now(struct desk *d, struct err *e)
{
	int64_t changed, next;

	if (desk_may_in_project(d, 0, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store,
			 db_outbox_release(d->store, d->project.id, clock_now_ms(), true, &changed, &next, e),
			 e);
}

/* --- counts, line, messages, day --------------------------------------------------------------------- */

int desk_outbox_counts(struct desk *d, struct outbox_counts *out, struct err *e)
{
	struct outbox_counts c;
	struct db_line line;

	if (desk_may_in_project(d, 0, e) || outbox_counts(d, c.state, e) ||
	    db_line_get(d->store, d->project.id, &line, e))
		return -1;
	c.confirmed_ms = line.confirmed_ms;
	*out = c;
	return 0;
}

void line_state_out(const struct desk *d, const struct db_line *line, struct line_state *out)
{
	*out = (struct line_state){.trouble = (enum err_code)line->trouble,
				   .at_ms = line->trouble_ms,
				   .next_try_ms = line->next_try_ms,
				   .clock_off_ms = line->clock_off_ms,
				   .behind = line->far_epoch != 0,
				   .runner_alive = runner_alive(d->dir)};
	text_copy(out->detail, sizeof(out->detail), line->detail);
}

int desk_line_state(struct desk *d, struct line_state *out, struct err *e)
{
	struct db_line line;

	if (desk_may(d, 0, false, e))
		return -1;
	if (!d->project.id)
		return err_set(e, ERR_NO_PROJECT, NULL);
	if (db_line_get(d->store, d->project.id, &line, e))
		return -1;
	line_state_out(d, &line, out);
	out->plain = desk_plain_allowed(d);
	out->paused = desk_upload_paused(d);
	return 0;
}

#define PAUSED "platform.paused"

int desk_upload_pause(struct desk *d, bool pause, struct err *e)
{
	return desk_may_in_project(d, ROLES_WITH_KEY, e) ? -1 : desk_setting_set(d, PAUSED, pause ? "1" : "", e);
}

bool desk_upload_paused(struct desk *d)
{
	char text[8];

	return !desk_setting_get(d, PAUSED, text, sizeof(text), NULL) && text[0];
}

/* None, where all that is ready waits for what somebody has to mend or to do by hand first. */
static int ready_to_go(struct desk *d, int64_t ready, int64_t *out, struct err *e)
{
	int64_t first;
	size_t n;

	if (db_outbox_select(d->store, d->project.id, &first, 1, &n, e))
		return -1;
	*out = n ? ready : 0;
	return 0;
}

int desk_upload_progress(struct desk *d, struct upload_progress *out, struct err *e)
{
	int64_t n[OUTBOX_STATE_COUNT];

	*out = (struct upload_progress){0};
	if (desk_may_in_project(d, 0, e) || outbox_counts(d, n, e) ||
	    (wire_dialect(d) == DIALECT_NATIVE &&
	     db_attachment_left(d->store, d->project.id, d->session.participant, &out->files, &out->bytes, e)))
		return -1;
	out->records = n[OUTBOX_SENDING] + n[OUTBOX_UNKNOWN];
	if (!out->records && n[OUTBOX_READY])
		return ready_to_go(d, n[OUTBOX_READY], &out->records, e);
	out->records += n[OUTBOX_READY];
	return 0;
}

/* What is to be done about it, where somebody waits for us. */
static const char *message_then(enum event event)
{
	switch (event) {
	case EVENT_CONSENT:
		return _("可以办理下一步");
	case EVENT_ASK_LEAVE:
		return _("请在“聘用与离职”里按时答复");
	case EVENT_REGISTER_REFUSED:
		return _("打开此人改正后，再办用工登记");
	default:
		return "";
	}
}

/* About an employment or an assignment that this file does not have: a copy that was lost has made it (R11). */
static bool of_nobody(const struct db_message *m, enum event event)
{
	return !m->title[0] && !m->person && (event_cycle(event) == CYCLE_EMPLOYMENT || event_cycle(event) == CYCLE_ASSIGNMENT);
}

/* What a change says, in a clerk's words: who, what, and the other side's own words. */
static void message_text(const struct db_message *m, char *out, size_t size)
{
	const char *dot = strchr(m->kind, '.'), *word = known_word(m->kind), *then = "";
	enum event event = EVENT_NONE;
	bool foreign = dot && event_parse(dot + 1, &event) && of_nobody(m, event);

	text_copy(out, size, foreign ? _("本机没有的记录") : m->title);
	if (word) {
		desk_append(out, size, out[0] ? _("：") : "");
		desk_append(out, size, word);
		then = foreign ? _("恢复旧数据前办的手续，还需要的请重新办理") : message_then(event);
	}
	if (m->note[0]) {
		desk_append(out, size, _("。"));
		desk_append(out, size, m->note);
	}
	if (then[0]) {
		desk_append(out, size, _("。"));
		desk_append(out, size, then);
	}
}

int desk_messages(struct desk *d, int64_t before_id, struct message_row *rows, size_t cap, size_t *n,
		  struct err *e)
{
	struct db_message page[8];
	size_t count = 0, got, want;

	if (desk_may_in_project(d, 0, e))
		return -1;
	do {
		want = cap - count < ARRAY_LEN(page) ? cap - count : ARRAY_LEN(page);
		if (!want)
			break;
		if (db_message_page(d->store, d->project.id, d->session.account, before_id, page, want, &got,
				    e))
			return -1;
		for (size_t i = 0; i < got; i++, count++) {
			rows[count] = (struct message_row){.id = page[i].id,
							   .at_ms = page[i].at_ms,
							   .person = page[i].person,
							   .seen = page[i].seen};
			message_text(&page[i], rows[count].text, sizeof(rows[count].text));
			before_id = page[i].id;
		}
	} while (got == want);
	*n = count;
	return 0;
}

/* What is still to come has not been seen. */
static int mark_seen(struct desk *d, int64_t up_to_id, struct err *e)
{
	struct db_message newest;
	size_t n;

	if (db_message_page(d->store, d->project.id, d->session.account, 0, &newest, 1, &n, e))
		return -1;
	if (!n)
		return 0;
	return db_message_mark_seen(d->store, d->project.id, d->session.account, up_to_id < newest.id ? up_to_id : newest.id, e);
}

int desk_messages_seen(struct desk *d, int64_t up_to_id, struct err *e)
{
	if (desk_may_in_project(d, 0, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, mark_seen(d, up_to_id, e), e);
}

#define UNSEEN_LIMIT 1000

int desk_day(struct desk *d, struct day *out, struct err *e)
{
	enum db_scope scope = d->session.participant ? SCOPE_PARTICIPANT : SCOPE_PROJECT;
	int64_t project = d->project.id, of = d->session.participant;
	date_t today = date_today();
	struct day day = {.on_site = 0};
	const struct {
		unsigned view;
		int64_t *n;
	} tallies[] = {
		{ROSTER_WAITING_CONSENT, &day.waiting_consent},
		{ROSTER_TO_SUBMIT, &day.to_submit},
		{ROSTER_TO_CONFIRM, &day.to_confirm},
		{ROSTER_TO_ENTER, &day.to_enter},
		{ROSTER_ON_SITE, &day.on_site},
		{VIEW_RETURNED, &day.returned},
	};

	if (desk_may_in_project(d, 0, e))
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(tallies); i++)
		if (db_tally(d->store, project, tallies[i].view, scope, of, tallies[i].n, e))
			return -1;
	if (db_fact_count_on(d->store, project, event_name(EVENT_OFFER), today, &day.registered_today, e) ||
	    db_fact_count_on(d->store, project, event_name(EVENT_ENTER), today, &day.entered_today, e) ||
	    db_fact_count_on(d->store, project, event_name(EVENT_EXIT), today, &day.exited_today, e) ||
	    db_message_unseen(d->store, project, d->session.account, UNSEEN_LIMIT, &day.unseen_messages, e) ||
	    db_team_leaderless(d->store, project, of, &day.leaderless, e) || desk_outbox_counts(d, &day.outbox, e) || desk_line_state(d, &day.line, e))
		return -1;
	*out = day;
	return 0;
}
