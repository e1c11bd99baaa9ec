/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "attendance.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "folk.h"
#include "store/undo.h"
#include "store/terms.h"
#include "wire_private.h"

#define MAY_CLOCK                                                                                            \
	(ROLE_CLERK | ROLE_PROJECT_MANAGER | ROLE_SITE_OPERATOR) /* as for the gate: I6, SH-OP 五, 六 */
#define AHEAD_MS (5 * 60 * 1000)
#define DAY_MS 86400000LL
#define HOUR_MS 3600000LL
#define KIND "attendance.clock"
#define ROWS 16

struct clock_rules attendance_rules(const struct desk *d)
{
	return (struct clock_rules){.shift_hours = (int)profile_number(d->profile, "limits.shift_hours", 16),
				    .break_hours = (int)profile_number(d->profile, "limits.break_hours", 3)};
}

int attendance_refold(struct desk *d, int64_t person, struct err *e)
{
	struct clock_rules r = attendance_rules(d);

	return db_attendance_fold(d->store, &r, d->project.id, person, INT64_MIN, e);
}

/* --- what goes up ----------------------------------------------------------------------------------------
 */

/* The open.api wants in or out said. Over the device protocol faces go up, the rest waits for the clerk (domain/upload_way.h); a region's devices that
 * speak to its platform themselves (JM-N 六(十六)) clock in nobody here. */
static bool dialect_takes(const struct desk *d, enum clock_way way)
{
	return !wire_speaks(d, "open_api") || way != CLOCK_UNKNOWN;
}

bool desk_clock_carried(const struct desk *d, enum clock_means means, char *why, size_t size)
{
	bool takes = d->profile && dialect_takes(d, CLOCK_IN);

	text_format(why, size, takes ? "%s" : _("本项目的上传方式不收“%s”的考勤，记录只留在本机"),
		    takes ? "" : clock_means_word(means));
	return takes;
}

bool desk_clock_permitted(const struct desk *d, enum clock_means means)
{
	return d->profile && profile_flag(d->profile, clock_means_rule(means), false);
}

static int report(struct desk *d, const struct db_attendance *a, const struct subject *assignment,
		  const char *name, struct err *e)
{
	struct db_fact fact = {.project = a->project,
			       .cycle = "attendance",
			       .subject = a->id,
			       .event = "clock",
			       .authority = "desk",
			       .account = a->account,
			       .at_ms = a->at_ms,
			       .on = date_of_ms(a->at_ms),
			       .true_on = DATE_NONE};
	struct db_outbox_new row = {.op = a->uid,
				    .project = a->project,
				    .kind = KIND,
				    .subject = a->uid,
				    .title = name,
				    .person = a->person,
				    .made_ms = clock_now_ms(),
				    .n_needs = 1};
	int64_t entered, id;

	text_copy(fact.actor, sizeof(fact.actor), actor_name(ACTOR_SITE));
	db_act_none(d->store); /* none is taken back (F1) */
	if (deed_reported(d, CYCLE_ASSIGNMENT, assignment->id, &entered, e) ||
	    db_fact_insert(d->store, &fact, NULL, &row.fact, e) ||
	    db_attendance_reported(d->store, a->id, row.fact, e))
		return -1;
	row.needs = &entered;
	return db_outbox_insert(d->store, &row, &id, e);
}

/* --- may he? -----------------------------------------------------------------------------------------------
 */

static bool covers(const struct db_assignment *a, date_t day)
{
	if (a->entered_on == DATE_NONE || day < a->entered_on)
		return false;
	return a->state == ASSIGNMENT_ON_SITE ||
	       (a->state == ASSIGNMENT_EXITED && (a->exited_on == DATE_NONE || day <= a->exited_on));
}

/* The assignment under which somebody was on site at that moment; id 0: he was not. Who went home on his last
 * day has it over midnight. */
static int assignment_at(struct desk *d, int64_t person, int64_t at_ms, struct db_assignment *out,
			 struct err *e)
{
	struct db_assignment rows[ROWS];
	date_t day = date_of_ms(at_ms);
	size_t n;

	out->id = 0;
	if (db_assignment_list(d->store, person, rows, ROWS, &n, e))
		return -1;
	for (size_t i = 0; i < n && !out->id; i++)
		if (rows[i].project == d->project.id && covers(&rows[i], day))
			*out = rows[i];
	return 0;
}

static bool means_ok(const struct desk *d, const struct clocking *c, struct verdict *v)
{
	char why[sizeof(v->why)];

	if (c->source == CLOCK_BY_PLATFORM || desk_clock_permitted(d, c->means))
		return true;
	text_format(why, sizeof(why), _("本地区规则不许以“%s”考勤"), clock_means_word(c->means));
	verdict_refuse(v, why, _("用规则许可的方式打卡"));
	return false;
}

static bool moment_ok(const struct clocking *c, struct verdict *v)
{
	if (c->at_ms <= clock_now_ms() + AHEAD_MS)
		return true;
	verdict_refuse(v, _("打卡时间晚于本机时间"), _("核对设备和本机的时钟"));
	return false;
}

static int on_site_ok(struct desk *d, const struct clocking *c, struct db_assignment *a, struct verdict *v,
		      struct err *e)
{
	struct folk f;

	if (assignment_at(d, c->person, c->at_ms, a, e))
		return -1;
	if (a->id)
		return 0;
	if (folk_load(d, c->person, &f, e))
		return -1;
	if (!f.assignment.id)
		verdict_refuse(v, _("没有分配到本项目，不能打卡"), _("先登记、分配、办理进场"));
	else if (f.assignment.state == ASSIGNMENT_EXITED)
		verdict_refuse(v, _("已经退场，不能打卡"), _("重新分配并办理进场后可以打卡"));
	else
		verdict_refuse(v, _("还没有进场，不能打卡"), _("先办理进场"));
	return 0;
}

static int session_ok(struct desk *d, const struct clocking *c, struct err *e)
{
	if (c->source == CLOCK_AT_DESK && c->at_ms)
		return err_set(e, ERR_INTERNAL, "a clocking at the desk is made now");
	if (desk_may_in_project(d, c->source == CLOCK_AT_DESK ? MAY_CLOCK : ROLE_RUNNER, e))
		return -1;
	return 0;
}

/* --- clocking
 * ------------------------------------------------------------------------------------------------ */

/* What comes next: out while he is in. */
static int next_way(struct desk *d, const struct db_attendance *a, enum clock_way *out, struct err *e)
{
	struct clock_rules r = attendance_rules(d);
	struct db_attendance last;
	bool found;

	if (db_attendance_last(d->store, a->project, a->person, a->at_ms, &last, &found, e))
		return -1;
	*out = found && last.way == CLOCK_IN && a->at_ms - last.at_ms <= r.shift_hours * HOUR_MS ? CLOCK_OUT
												 : CLOCK_IN;
	return 0;
}

/* A scanner reads twice, a hand lays the card down twice. */
static int just_now(struct desk *d, const struct db_attendance *a, struct db_attendance *last, bool *again,
		    struct err *e)
{
	int64_t within = profile_number(d->profile, "limits.clock_again_seconds", 60) * 1000;
	bool found;

	*again = false;
	if (db_attendance_last(d->store, a->project, a->person, a->at_ms, last, &found, e))
		return -1;
	*again = found && last->source == CLOCK_AT_DESK && a->at_ms - last->at_ms < within &&
		 (a->way == CLOCK_UNKNOWN || a->way == last->way);
	return 0;
}

static int picture_in(struct desk *d, const struct clocking *c, struct db_attendance *a, struct err *e)
{
	struct db_attachment kept;
	int64_t id;

	if (!c->picture || !c->picture_bytes)
		return 0;
	if (db_attachment_add(d->store, a->project, a->person, 0, ROLE_CLOCK, "image/jpeg", c->picture,
			      c->picture_bytes, &id, e) ||
	    db_attachment_get(d->store, id, &kept, e))
		return -1;
	text_copy(a->picture, sizeof(a->picture), kept.hash);
	return 0;
}

static int day_of(struct desk *d, const struct db_attendance *a, date_t *out, struct err *e)
{
	struct clock_day rows[ROWS];
	date_t on = date_of_ms(a->at_ms);
	size_t n;

	*out = on;
	if (db_attendance_days(d->store, a->project, a->person, on - 2, on, rows, ROWS, &n, e))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (rows[i].first_ms <= a->at_ms && a->at_ms <= rows[i].last_ms)
			*out = rows[i].day;
	return 0;
}

static int note_clocking(struct desk *d, const struct db_attendance *a, const char *person_uid, struct err *e)
{
	char detail[80];

	if (a->source != CLOCK_AT_DESK)
		return 0;
	text_format(detail, sizeof(detail), "%s %s", clock_way_name(a->way), clock_means_name(a->means));
	return desk_audit(d,
			  &(struct audit_entry){
				  .action = "clock", .object = "person", .uid = person_uid, .detail = detail},
			  e);
}

static void tell(struct desk *d, const struct folk *f, const struct db_attendance *a, struct clocked *out)
{
	out->id = a->id;
	out->way = a->way;
	out->at_ms = a->at_ms;
	text_copy(out->team, sizeof(out->team), f->team.name);
	text_copy(out->company, sizeof(out->company), f->participant.company_name);
	text_copy(out->trade, sizeof(out->trade), desk_code_word(d, "trades", f->assignment.trade));
}

/* Written: the clocking, its days, its report. */
static int write_down(struct desk *d, const struct clocking *c, const struct folk *f,
		      const struct db_assignment *under, struct db_attendance *a, struct clocked *out,
		      struct err *e)
{
	struct clock_rules r = attendance_rules(d);
	struct subject subject = {.cycle = CYCLE_ASSIGNMENT, .id = under->id};
	bool fresh;

	if ((a->way == CLOCK_UNKNOWN && a->source == CLOCK_AT_DESK && next_way(d, a, &a->way, e)) ||
	    picture_in(d, c, a, e) || db_attendance_insert(d->store, a, &fresh, &a->id, e) ||
	    db_attendance_fold(d->store, &r, a->project, a->person, a->at_ms, e))
		return -1;
	out->reported = a->source != CLOCK_BY_PLATFORM && dialect_takes(d, a->way);
	if (out->reported && report(d, a, &subject, f->person.name, e))
		return -1;
	return note_clocking(d, a, f->person.uid, e);
}

static void fill(struct desk *d, const struct clocking *c, const struct folk *f, struct db_attendance *a)
{
	*a = (struct db_attendance){.project = d->project.id,
				    .person = f->person.id,
				    .at_ms = c->at_ms,
				    .way = c->way,
				    .means = c->means,
				    .source = c->source,
				    .account = c->source == CLOCK_AT_DESK ? d->session.account : 0};
	text_copy(a->device, sizeof(a->device), c->device ? c->device : "");
	text_copy(a->number, sizeof(a->number), c->number ? c->number : "");
	if (c->uid)
		text_copy(a->uid, sizeof(a->uid), c->uid);
	else
		uid_new(a->uid);
}

static int came_before(struct desk *d, const struct db_attendance *a, struct db_attendance *there,
		       bool *again, struct err *e)
{
	int64_t id;

	if (a->source == CLOCK_AT_DESK)
		return just_now(d, a, there, again, e);
	if (db_attendance_known(d->store, a, &id, e))
		return -1;
	*again = id != 0;
	return id ? db_attendance_get(d->store, id, there, e) : 0;
}

int attendance_take(struct desk *d, const struct clocking *given, struct verdict *v, struct clocked *out,
		    struct err *e)
{
	struct clocking c = *given;
	struct db_assignment under;
	struct db_attendance a, there;
	struct folk f;

	*v = (struct verdict){.person = c.person, .can = true};
	*out = (struct clocked){.id = 0};
	c.at_ms = c.at_ms ? c.at_ms : clock_now_ms();
	if (folk_open(d, c.person, &f, e))
		return -1;
	text_copy(v->name, sizeof(v->name), f.person.name);
	fill(d, &c, &f, &a);
	if (!means_ok(d, &c, v) || !moment_ok(&c, v))
		return 0;
	if (came_before(d, &a, &there, &out->again, e))
		return -1;
	if (!out->again && on_site_ok(d, &c, &under, v, e))
		return -1;
	if (!v->can)
		return 0;
	if (out->again)
		a = there;
	else if ((a.assignment = under.id) && write_down(d, &c, &f, &under, &a, out, e))
		return -1;
	tell(d, &f, &a, out);
	return day_of(d, &a, &out->day, e);
}

int desk_clock(struct desk *d, const struct clocking *c, struct verdict *v, struct clocked *out,
	       struct err *e)
{
	if (session_ok(d, c, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, attendance_take(d, c, v, out, e), e);
}

/* --- reading
 * --------------------------------------------------------------------------------------------------- */

static void row_out(const struct db_attendance *a, struct clock_row *r)
{
	*r = (struct clock_row){.id = a->id,
				.person = a->person,
				.at_ms = a->at_ms,
				.way = a->way,
				.means = a->means,
				.source = a->source,
				.picture = a->picture[0] != '\0'};
	text_copy(r->name, sizeof(r->name), a->name);
	text_copy(r->device, sizeof(r->device), a->device);
}

/* A person's, newest first. */
static int list_of(struct desk *d, int64_t person, const struct clock_row *before, struct clock_row *rows,
		   size_t cap, size_t *n, struct err *e)
{
	int64_t until = before ? before->at_ms - 1 : INT64_MAX;
	struct db_attendance a;
	struct folk f;
	bool found = true;

	*n = 0;
	if (folk_open(d, person, &f, e))
		return -1;
	while (*n < cap) {
		if (db_attendance_last(d->store, d->project.id, f.person.id, until, &a, &found, e))
			return -1;
		if (!found)
			break;
		row_out(&a, &rows[(*n)++]);
		until = a.at_ms - 1;
	}
	return 0;
}

int desk_clock_list(struct desk *d, int64_t person, const struct clock_row *before, struct clock_row *rows,
		    size_t cap, size_t *n, struct err *e)
{
	int64_t at = before ? before->at_ms : 0, id = before ? before->id : 0;
	struct db_attendance page[ROWS];
	size_t count = 0, got;
	bool sees;

	if (desk_may_in_project(d, 0, e))
		return -1;
	if (person)
		return list_of(d, person, before, rows, cap, n, e);
	do {
		if (db_attendance_page(d->store, d->project.id, at, id, page, ROWS, &got, e))
			return -1;
		for (size_t i = 0; i < got && count < cap; i++) {
			at = page[i].at_ms;
			id = page[i].id;
			if (folk_sees(d, page[i].person, &sees, e))
				return -1;
			if (sees)
				row_out(&page[i], &rows[count++]);
		}
	} while (got == ROWS && count < cap);
	*n = count;
	return 0;
}

int desk_attended(struct desk *d, int64_t person, struct month month, uint32_t *days, int64_t *last_ms, struct err *e)
{
	int64_t last;
	struct folk f;

	if (desk_may_in_project(d, 0, e) || folk_open(d, person, &f, e) ||
	    db_attendance_month(d->store, d->project.id, f.person.id, month, days, &last, e))
		return -1;
	if (last_ms)
		*last_ms = last;
	return 0;
}

int desk_attended_days(struct desk *d, int64_t person, date_t from, date_t to, struct clock_day *rows,
		       size_t cap, size_t *n, struct err *e)
{
	struct folk f;

	if (desk_may_in_project(d, 0, e) || folk_open(d, person, &f, e))
		return -1;
	return db_attendance_days(d->store, d->project.id, f.person.id, from, to, rows, cap, n, e);
}

int desk_last_clocking(struct desk *d, int64_t person, struct clock_row *out, bool *found, struct err *e)
{
	size_t n;

	if (desk_clock_list(d, person, NULL, out, 1, &n, e))
		return -1;
	*found = n > 0;
	return 0;
}
