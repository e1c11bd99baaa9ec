/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fold from facts to alarms: each kind a function that adds its rows. What is recorded of them:
 * alarm_act.c. */
#include "alarm_fold.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "hiring.h"
#include "store/line.h"

#define RECORDS 2000

/* --- words -----------------------------------------------------------------------------------------------
 */

static const struct {
	const char *name, *word;
	enum alarm_remedy remedy;
} kinds[WATCH_KINDS] = {
	[WATCH_POST_RATE] = {"post_rate", N_("人岗分离"), REMEDY_POSTS},
	[WATCH_POST_VACANT] = {"post_vacant", N_("岗位空缺"), REMEDY_POSTS},
	[WATCH_SUPERVISOR] = {"supervisor", N_("总监未打卡"), REMEDY_POSTS},
	[WATCH_MATCH] = {"match", N_("人卡分离"), REMEDY_WAGES},
	[WATCH_CREDIT] = {"credit", N_("信用扣分"), REMEDY_NONE},
	[WATCH_ASSOCIATION] = {"association", N_("班组未关联"), REMEDY_ASSOCIATIONS},
	[WATCH_MISMATCH] = {"mismatch", N_("单位不一致"), REMEDY_PERSON},
	[WATCH_LEAVE] = {"leave", N_("离职待答复"), REMEDY_HIRING},
	[WATCH_CONTRACT] = {"contract", N_("合同到期"), REMEDY_CONTRACTS},
	[WATCH_CERTIFICATE] = {"certificate", N_("证书到期"), REMEDY_CERTIFICATES},
	[WATCH_TRAINING] = {"training", N_("培训过期"), REMEDY_PERSON},
	[WATCH_APP] = {"app", N_("手机登记"), REMEDY_PERSON},
	[WATCH_OUTAGE] = {"outage", N_("设备离线"), REMEDY_FILINGS},
	[WATCH_DEVICE] = {"device", N_("设备无联系"), REMEDY_DEVICES},
	[WATCH_DUTY] = {"duty", N_("到岗履职"), REMEDY_POSTS},
	[WATCH_CARD] = {"card", N_("证件过期"), REMEDY_PERSON},
	[WATCH_CLOCK] = {"clock", N_("时钟不符"), REMEDY_CONNECTION},
};

static const char *const remedies[] = {
	[REMEDY_NONE] = N_("到平台上办理"),	    [REMEDY_POSTS] = N_("打开关键岗位"),
	[REMEDY_ASSOCIATIONS] = N_("打开班组"),	    [REMEDY_PERSON] = N_("打开档案"),
	[REMEDY_HIRING] = N_("答复离职"),	    [REMEDY_CONTRACTS] = N_("打开合同"),
	[REMEDY_CERTIFICATES] = N_("打开证书"),	    [REMEDY_FILINGS] = N_("打开报备"),
	[REMEDY_WAGES] = N_("打开工资台账"),	    [REMEDY_CONNECTION] = N_("打开平台连接"),
	[REMEDY_PARTICIPANTS] = N_("打开参建单位"),	    [REMEDY_DEVICES] = N_("打开考勤设备"),
};

const char *alarm_kind_name(enum alarm_kind k)
{
	return (unsigned)k < WATCH_KINDS ? kinds[k].name : "";
}

const char *alarm_kind_word(enum alarm_kind k)
{
	return (unsigned)k < WATCH_KINDS ? _(kinds[k].word) : "";
}

bool alarm_kind_parse(const char *name, enum alarm_kind *out)
{
	for (int k = 0; k < WATCH_KINDS; k++)
		if (strcmp(kinds[k].name, name) == 0) {
			*out = (enum alarm_kind)k;
			return true;
		}
	return false;
}

const char *alarm_remedy_word(enum alarm_remedy r)
{
	return (unsigned)r < ARRAY_LEN(remedies) ? _(remedies[r]) : "";
}

/* --- the day -----------------------------------------------------------------------------------------------
 */

int64_t desk_checked_ms(struct desk *d)
{
	int64_t now = clock_now_ms();
	struct db_line line;

	if (!d->project.id || db_line_get(d->store, d->project.id, &line, NULL) || !line.clock_at_ms)
		return now;
	/* Ours went back behind the moment at which the platform was heard: that moment is the latest known.
	 */
	return (now < line.clock_at_ms ? line.clock_at_ms : now) + line.clock_off_ms;
}

date_t desk_checked_day(struct desk *d)
{
	return date_of_ms(desk_checked_ms(d));
}

/* --- collecting --------------------------------------------------------------------------------------------
 */

/* Stable across reckonings: the same thing has the same number. */
static int64_t id_of(enum alarm_kind kind, const char *subject, int month)
{
	uint64_t h = 1469598103934665603u ^ (uint64_t)kind;

	for (; *subject; subject++)
		h = (h ^ (unsigned char)*subject) * 1099511628211u;
	h = (h ^ (uint64_t)month) * 1099511628211u;
	return (int64_t)(h >> 1) | 1;
}

/* What alarm_add() gave no row for: enough of this kind, or no memory. */
int alarm_none(const struct folding *f)
{
	return f->failed ? -1 : 0;
}

/* NULL: alarm_none(). */
struct alarm_row *alarm_add(struct folding *f, enum alarm_kind kind, const char *subject, int month,
			     struct err *e)
{
	struct alarm_row *r;

	if (f->kind != kind) {
		f->kind = kind;
		f->of_kind = 0;
	}
	if (f->of_kind++ >= f->q->most) {
		f->full = f->set->cut = true;
		return NULL;
	}
	if (f->set->n == f->room) {
		size_t room = f->room ? f->room * 2 : 64;

		r = realloc(f->set->row, room * sizeof(*r));
		if (!r) {
			f->failed = true;
			err_set(e, ERR_MEMORY, "alarms");
			return NULL;
		}
		f->set->row = r;
		f->room = room;
	}
	r = &f->set->row[f->set->n++];
	*r = (struct alarm_row){.id = id_of(kind, subject, month),
				.kind = kind,
				.due_on = DATE_NONE,
				.month = month,
				.remedy = kinds[kind].remedy};
	text_copy(r->subject, sizeof(r->subject), subject);
	return r;
}

void alarm_due(const struct folding *f, struct alarm_row *r, date_t on)
{
	r->due_on = on;
	r->standing = on != DATE_NONE && on <= f->today ? ALARM_STANDS : ALARM_COMES;
}

int alarm_month(struct month m)
{
	int year, month, day;

	date_to_ymd(m.first, &year, &month, &day);
	return year * 100 + month;
}

int alarm_limit(const struct folding *f, const char *key)
{
	return (int)profile_number(f->d->profile, key, 0);
}

/* --- what is recorded
 * --------------------------------------------------------------------------------------------------- */

static bool over(enum alarm_state s)
{
	return lifecycle_final(CYCLE_ALARM, (int)s);
}

static void say_record(struct alarm_row *r, const struct db_alarm *a)
{
	char on[DATE_TEXT];

	r->record = a->id;
	r->state = a->state;
	r->standing = over(a->state) ? ALARM_OVER : ALARM_STANDS;
	if (!r->what[0]) {
		date_format(a->raised_on, on);
		text_format(r->what, sizeof(r->what), _("平台 %s 预警；%s"), on,
			    state_word(CYCLE_ALARM, (int)a->state));
	}
}

/* F7: counted from the day of the clock-in, to the exit that the platform makes by itself. */
static void say_mismatch(const struct folding *f, struct alarm_row *r, const struct db_alarm *a)
{
	int days = alarm_limit(f, "limits.mismatch_days");

	if (!days || a->state != ALARM_RAISED)
		return;
	text_format(r->what, sizeof(r->what), _("打卡的单位不是本单位：%d 天后平台自动退场"), days);
	text_copy(r->cost, sizeof(r->cost), _("已离职的办理退场；没有离职的在平台核对并更新人员信息"));
	alarm_due(f, r, a->raised_on + days);
	r->standing = r->due_on <= f->today ? ALARM_STANDS : ALARM_COMES;
}

static int record_row(struct folding *f, const struct db_alarm *a, struct err *e)
{
	struct db_person p;
	enum alarm_kind kind;
	struct alarm_row *r;
	char title[NAME_TEXT * 2];

	if (!alarm_kind_parse(a->kind, &kind))
		return 0;
	r = alarm_add(f, kind, a->subject, a->month, e);
	if (!r)
		return alarm_none(f);
	r->due_on = a->raised_on;
	alarm_title(f->d, a, title, sizeof(title));
	text_copy(r->who, sizeof(r->who), title);
	say_record(r, a);
	if (uid_valid(a->subject) && db_person_by_uid(f->d->store, a->subject, &p, NULL) == 0)
		r->person = p.id;
	if (kind == WATCH_MISMATCH)
		say_mismatch(f, r, a);
	return 0;
}

/* The platform's word takes the place of ours: what it has withdrawn or voided is over, whatever we reckon.
 */
static int join_records(struct folding *f, struct err *e)
{
	for (size_t k = 0; k < f->records; k++) {
		const struct db_alarm *a = &f->record[k];
		bool joined = false;

		for (size_t i = 0; i < f->set->n; i++) {
			struct alarm_row *r = &f->set->row[i];

			if (strcmp(alarm_kind_name(r->kind), a->kind) || r->month != a->month ||
			    strcmp(r->subject, a->subject))
				continue;
			say_record(r, a);
			joined = true;
		}
		if (!joined && (f->q->over || !over(a->state)) && record_row(f, a, e))
			return -1;
	}
	return 0;
}

static int read_records(struct folding *f, struct err *e)
{
	f->record = calloc(RECORDS, sizeof(*f->record));
	if (!f->record)
		return err_set(e, ERR_MEMORY, "alarms");
	return f->d->session.participant
		       ? 0
		       : db_alarm_list(f->d->store, f->d->project.id, 0, f->record, RECORDS, &f->records, e);
}

/* --- the whole
 * ----------------------------------------------------------------------------------------------------------
 */

static int read_posts(struct folding *f, struct err *e)
{
	if (f->d->session.participant || !f->d->session.has_key)
		return 0;
	f->w = malloc(sizeof(*f->w));
	f->post = calloc(POST_SEATS, sizeof(*f->post));
	if (!f->w || !f->post)
		return err_set(e, ERR_MEMORY, "alarms");
	return post_world(f->d, f->w, e) || post_rows(f->w, f->post, POST_SEATS, &f->posts, e) ? -1 : 0;
}

static alarm_step *const steps[] = {
	read_records,	    read_posts,		 alarm_rates,	alarm_vacancies, alarm_supervisors, alarm_matches, alarm_outages,
	alarm_devices,	    alarm_duties,	 alarm_associations, alarm_leaves, alarm_contracts, alarm_certificates,
	alarm_trainings,    alarm_apps,		 alarm_cards,	alarm_clocks,	 join_records,	    alarm_credit,
};

/* What stands first, then by the day; without a day last. */
static int by_due(const void *a, const void *b)
{
	const struct alarm_row *x = a, *y = b;
	bool x_over = x->standing == ALARM_OVER, y_over = y->standing == ALARM_OVER;
	date_t x_on = x->due_on == DATE_NONE ? DATE_LONG_TERM : x->due_on,
	       y_on = y->due_on == DATE_NONE ? DATE_LONG_TERM : y->due_on;

	if (x_over != y_over)
		return x_over ? 1 : -1;
	if (x_on != y_on)
		return x_on < y_on ? -1 : 1;
	if (x->kind != y->kind)
		return (int)x->kind - (int)y->kind;
	return strcmp(x->who, y->who);
}

int desk_alarms(struct desk *d, const struct alarm_query *q, struct alarm_set *out, struct err *e)
{
	struct folding f = {.d = d, .q = q, .set = out, .kind = WATCH_KINDS};
	int rc = 0;

	*out = (struct alarm_set){.row = NULL};
	if (desk_may_in_project(d, 0, e))
		return -1;
	f.today = out->today = desk_checked_day(d);
	for (size_t i = 0; !rc && i < ARRAY_LEN(steps); i++) {
		f.full = false;
		rc = steps[i](&f, e);
	}
	if (!rc && out->n)
		qsort(out->row, out->n, sizeof(*out->row), by_due);
	free(f.w);
	free(f.post);
	free(f.record);
	return rc;
}

void desk_alarms_free(struct alarm_set *s)
{
	if (s->row)
		wipe(s->row, s->n * sizeof(*s->row));
	free(s->row);
	*s = (struct alarm_set){.row = NULL};
}

int desk_alarm_counts(struct desk *d, struct alarm_counts *out, struct err *e)
{
	const struct alarm_query q = {.most = 100};
	struct alarm_set set;
	int rc = desk_alarms(d, &q, &set, e);

	*out = (struct alarm_counts){.stand = 0};
	for (size_t i = 0; !rc && i < set.n; i++) {
		out->stand += set.row[i].standing == ALARM_STANDS;
		out->come += set.row[i].standing == ALARM_COMES;
	}
	if (!rc && set.n)
		text_format(out->first, sizeof(out->first), "%s %s", set.row[0].who, set.row[0].what);
	desk_alarms_free(&set);
	return rc;
}
