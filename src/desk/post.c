/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Key posts: what the region demands here, and what each month's attendance comes to. Setting them:
 * post_act.c. */
#include "post.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "dossier.h"
#include "folk.h"
#include "sheets.h"
#include "alarm.h"
#include "desk/attendance.h"
#include "store/attendance.h"
#include "store/fact.h"

#define TENURES 64

/* --- the site --------------------------------------------------------------------------------------------
 */

static date_t day_of(const struct particulars *p, const char *name)
{
	date_t on;

	return date_parse(particulars_get(p, name), &on) && on != DATE_LONG_TERM ? on : DATE_NONE;
}

/* CD 3.2.3: a building site by its area, municipal works and railways by their cost, which the sheet has in
 * ten thousands. */
static bool is_smart(const struct desk *d, const struct particulars *p, bool *known)
{
	int64_t area = profile_number(d->profile, "limits.smart_area", 0),
		cost = profile_number(d->profile, "limits.smart_cost", 0);
	const char *kind = particulars_get(p, "kind");
	bool building = strcmp(kind, "building") == 0,
	     by_cost = strcmp(kind, "municipal") == 0 || strcmp(kind, "rail") == 0;
	const char *size = particulars_get(p, building ? "area" : "cost");

	*known = kind[0] && (size[0] || !(building || by_cost));
	if (building)
		return area && strtod(size, NULL) >= (double)area;
	return by_cost && cost && strtod(size, NULL) * 10000 >= (double)cost;
}

static void site_says(const struct post_site *s, bool size_known, bool standing_known, char *out, size_t size)
{
	if (!s->any)
		text_copy(out, size, _("本地区没有规定关键岗位"));
	else if (!size_known)
		text_copy(
			out, size,
			_("项目资料里没有工程类型、面积或造价，无法判断是不是智慧工地：请在当前项目中补填"));
	else if (!standing_known)
		text_copy(out, size, _("项目资料里没有写本地还是外地企业，先按外地计：请在当前项目中补填"));
	else if (!s->smart)
		text_copy(out, size, _("不是智慧工地：岗位都由信用系统锁定，不计岗位考勤"));
	else if (s->percent && s->start == DATE_NONE)
		text_copy(out, size, _("项目资料里没有备案日期，算不出从哪天起计考勤率：请在当前项目中补填"));
	else
		text_copy(out, size, _("智慧工地：项目经理、总监由信用系统锁定，其余岗位在这里设置"));
}

static int read_site(struct desk *d, struct post_site *out, bool *outside, struct err *e)
{
	struct particulars p = {.sheet = SHEET_PROJECT};
	const struct post *posts;
	struct db_project row;
	bool size_known = true;
	const char *standing;
	int64_t made;
	int rc = -1;

	*out = (struct post_site){
		.any = profile_posts(d->profile, &posts) > 0, .start = DATE_NONE, .counts_from = DATE_NONE};
	if (db_project_get(d->store, d->project.id, &row, e) || sheet_of_project(d, &row, &p, e) ||
	    db_particulars_load(d->store, &p, row.id, row.uid, e) ||
	    db_project_made(d->store, row.id, &made, e))
		goto out;
	out->smart = !profile_number(d->profile, "limits.smart_area", 0) || is_smart(d, &p, &size_known);
	out->percent = (int)profile_number(d->profile, "limits.post_percent", 0);
	out->rated = out->any && out->smart && out->percent;
	out->stopped = strcmp(row.status, state_name(CYCLE_PROJECT, PROJECT_STOPPED)) == 0;
	out->start = day_of(&p, "supervised_on");
	if (out->start == DATE_NONE)
		out->start = day_of(&p, "filed_on");
	out->counts_from =
		post_counts_from(out->start, (int)profile_number(d->profile, "limits.post_grace_days", 0));
	out->known_from = date_of_ms(made);
	out->months = contract_months(day_of(&p, "starts_on"), day_of(&p, "completes_on"));
	out->matched = profile_number(d->profile, "limits.match_percent", 0) &&
		       (strcmp(particulars_get(&p, "kind"), "building") == 0 || strcmp(particulars_get(&p, "kind"), "municipal") == 0);
	standing = particulars_get(&p, "standing");
	*outside = strcmp(standing, "local") != 0;
	site_says(out, size_known, standing[0] != '\0', out->says, sizeof(out->says));
	rc = 0;
out:
	wipe(&p, sizeof(p));
	return rc;
}

int desk_post_site(struct desk *d, struct post_site *out, struct err *e)
{
	bool outside;

	return desk_may_in_project(d, 0, e) ? -1 : read_site(d, out, &outside, e);
}

/* --- the world of a reckoning ------------------------------------------------------------------------------
 */

int post_world(struct desk *d, struct post_world *w, struct err *e)
{
	bool outside;

	*w = (struct post_world){.d = d, .today = desk_checked_day(d)};
	if (read_site(d, &w->site, &outside, e) ||
	    db_post_list(d->store, d->project.id, w->seat, POST_SEATS, &w->seats, e))
		return -1;
	w->outside = outside;
	(void)profile_posts(d->profile, &w->first);
	if (!w->site.rated)
		return 0;
	return db_filing_list(d->store, d->project.id, w->site.known_from, w->filing, FILINGS, &w->filings, e);
}

static bool filing_counts(const struct db_filing *f)
{
	return f->post || (f->devices && f->covered >= f->devices);
}

static uint32_t excused(const struct post_world *w, int64_t post, struct month m)
{
	uint32_t out = 0;

	for (size_t i = 0; i < w->filings; i++)
		if ((!w->filing[i].post || w->filing[i].post == post) && filing_counts(&w->filing[i]))
			out |= month_span(m, w->filing[i].from, w->filing[i].to);
	return out;
}

/* --- one seat's days
 * ------------------------------------------------------------------------------------------ */

struct seat_days {
	const struct post_world *w;
	int64_t post;
	struct tenure held[TENURES];
	size_t n;
	struct err *e;
	bool failed;
};

static uint32_t days_of(int64_t person, struct month m, void *arg)
{
	struct seat_days *s = arg;
	struct desk *d = s->w->d;
	int64_t last;
	uint32_t days = 0;

	if (db_attendance_month(d->store, d->project.id, person, m, &days, &last, s->e))
		s->failed = true;
	return days;
}

static uint32_t seat_clocked(struct month m, void *arg)
{
	struct seat_days *s = arg;

	return post_clocked(m, s->held, s->n, days_of, s);
}

static uint32_t seat_excused(struct month m, void *arg)
{
	struct seat_days *s = arg;

	uint32_t stopped = 0;

	if (desk_stopped_days(s->w->d, m, &stopped, s->e))
		s->failed = true;
	return excused(s->w, s->post, m) | stopped;
}

static int seat_days(const struct post_world *w, int64_t post, struct seat_days *out, struct err *e)
{
	*out = (struct seat_days){.w = w, .post = post, .e = e};
	return post ? db_tenures(w->d->store, post, out->held, TENURES, &out->n, e) : 0;
}

/* A month whose beginning this box did not see is not reckoned. The present one is, from what is known of it.
 */
static bool beginning_known(const struct post_world *w, struct month m)
{
	return (w->site.counts_from > m.first ? w->site.counts_from : m.first) >= w->site.known_from;
}

static bool month_known(const struct post_world *w, struct month m)
{
	return month_day(m, w->today) || beginning_known(w, m);
}

static int64_t seat_id(const struct post_world *w, const struct post_row *post)
{
	for (size_t i = 0; i < w->seats; i++)
		if (w->seat[i].seat == post->seat && strcmp(w->seat[i].post, post->post) == 0)
			return w->seat[i].id;
	return 0;
}

int post_month(const struct post_world *w, const struct post_row *post, struct month m, struct post_rate *out,
	       bool *reckoned, struct err *e)
{
	struct post_month pm = {
		.month = m,
		.counts_from = w->site.counts_from,
		.today = w->today,
		.held = post->person && !post->gone,
		.percent = w->site.percent,
		.round_up = strcmp(profile_text(w->d->profile, "alarm_rounding", "up"), "up") == 0};
	struct seat_days days;

	*reckoned = false;
	if (!w->site.rated || w->site.counts_from == DATE_NONE || !month_known(w, m))
		return 0;
	if (seat_days(w, seat_id(w, post), &days, e))
		return -1;
	pm.clocked = seat_clocked(m, &days);
	pm.excused = seat_excused(m, &days);
	if (days.failed)
		return -1;
	*out = post_month_rate(&pm);
	*reckoned = out->counting > 0;
	return 0;
}

static struct absence absence_of(const struct post_world *w, struct seat_days *days)
{
	date_t from = w->site.counts_from;

	if (from != DATE_NONE && from < w->site.known_from)
		from = w->site.known_from;
	return (struct absence){
		.counts_from = from,
		.today = w->today,
		.limit = (int)profile_number(w->d->profile, "limits.supervisor_absent_days", 0),
		.clocked = seat_clocked,
		.excused = seat_excused,
		.arg = days};
}

static int absences(const struct post_world *w, const struct post_row *post, struct absence_now *now,
		    void (*each)(date_t on, void *arg), void *arg, struct err *e)
{
	struct seat_days days;
	struct absence a;

	if (seat_days(w, seat_id(w, post), &days, e))
		return -1;
	a = absence_of(w, &days);
	*now = absence_alarms(&a, each, arg);
	return days.failed ? -1 : 0;
}

int post_absences(const struct post_world *w, const struct post_row *post, void (*each)(date_t on, void *arg),
		  void *arg, struct err *e)
{
	struct absence_now now;

	return absences(w, post, &now, each, arg, e);
}

/* --- rows
 * -------------------------------------------------------------------------------------------------------- */

void post_word(const struct desk *d, const char *post, int seat, int seats, char *out, size_t size)
{
	const char *word = desk_code_word(d, "trades", post);

	if (seats > 1)
		text_format(out, size, _("%s（%d）"), word, seat);
	else
		text_copy(out, size, word);
}

static void certificate_words(const struct desk *d, const struct post *post, char *out, size_t size)
{
	out[0] = '\0';
	for (size_t i = 0; i < post->certificates; i++) {
		desk_append(out, size, i ? _("、") : "");
		desk_append(out, size, desk_code_word(d, "post_certificates", post->certificate[i]));
	}
}

static int holder_gone(struct desk *d, int64_t person, bool *gone, struct err *e)
{
	struct folk f;

	*gone = false;
	if (!person)
		return 0;
	if (folk_load(d, person, &f, e))
		return -1;
	*gone = !f.employment.id || lifecycle_final(CYCLE_EMPLOYMENT, f.employment.state);
	return 0;
}

int post_lacks(struct desk *d, const struct post *post, int64_t person, char *out, size_t size, struct err *e)
{
	out[0] = '\0';
	for (size_t i = 0; i < post->certificates; i++) {
		date_t valid_to;

		if (dossier_certificate(d, person, post->certificate[i], &valid_to, e))
			return -1;
		if (valid_to != DATE_NONE && valid_to >= date_today())
			continue;
		desk_append(out, size, out[0] ? _("、") : "");
		desk_append(out, size, desk_code_word(d, "post_certificates", post->certificate[i]));
		desk_append(out, size, valid_to == DATE_NONE ? "" : _("（已过期）"));
	}
	return 0;
}

static int holder_of(const struct post_world *w, const struct post *post, struct post_row *r, struct err *e)
{
	char lacks[NAME_TEXT];

	for (size_t i = 0; i < w->seats; i++) {
		const struct db_post *s = &w->seat[i];

		if (s->seat != r->seat || strcmp(s->post, r->post))
			continue;
		r->state = s->state;
		r->person = s->person;
		r->proposed = s->proposed;
		r->since = s->since;
		text_copy(r->uid, sizeof(r->uid), s->uid);
		text_copy(r->name, sizeof(r->name), s->name);
		text_copy(r->proposed_name, sizeof(r->proposed_name), s->proposed_name);
	}
	if (holder_gone(w->d, r->person, &r->gone, e) ||
	    (r->person && post_lacks(w->d, post, r->person, lacks, sizeof(lacks), e)))
		return -1;
	r->lapsed = r->person && lacks[0];
	return 0;
}

static void filed_today(const struct post_world *w, struct post_row *r)
{
	int64_t id = seat_id(w, r);

	for (size_t i = 0; i < w->filings; i++)
		if (id && w->filing[i].post == id && w->filing[i].from <= w->today &&
		    w->filing[i].to >= w->today)
			r->filed_today = true;
}

static int reckon(const struct post_world *w, struct post_row *r, struct err *e)
{
	bool five = strcmp(r->post, POST_SUPERVISOR) == 0 &&
		    profile_number(w->d->profile, "limits.supervisor_absent_days", 0) > 0;
	bool reckoned;

	filed_today(w, r);
	if (!w->site.rated || w->site.counts_from == DATE_NONE)
		return 0;
	r->five_days = five;
	if (five)
		return absences(w, r, &r->absence, NULL, NULL, e);
	if (post_month(w, r, month_of(w->today), &r->rate, &reckoned, e))
		return -1;
	r->rated = reckoned;
	r->partial = reckoned && !beginning_known(w, month_of(w->today));
	return 0;
}

static void say_absence(const struct post_row *r, int limit, char *out, size_t size)
{
	char on[DATE_TEXT];

	date_format(r->absence.alarm_on, on);
	if (r->absence.raised)
		text_format(out, size, _("到 %s 连续 %d 天没有打卡，本月的预警已产生"), on, limit);
	else if (r->absence.days && r->absence.alarm_on != DATE_NONE)
		text_format(out, size, _("已连续 %d 天没有打卡；到 %s 仍没有打卡就预警"), r->absence.days,
			    on);
	else
		text_format(out, size, _("连续 %d 天没有打卡才预警，不计考勤率"), limit);
}

static void say_rate(const struct post_rate *r, char *out, size_t size)
{
	char from[DATE_TEXT];

	date_format(r->last_start, from);
	if (r->met)
		text_format(out, size, _("本月应到 %d 天，已到 %d 天，够了"), r->needed, r->present);
	else if (r->lost)
		text_format(out, size, _("本月还差 %d 天，只剩 %d 天：达不到了，月末预警"), r->missing,
			    r->left);
	else
		text_format(out, size,
			    _("还差 %d 天，剩 %d 天；最迟从 %s 起天天到岗，照现在这样月末 %d.%02d%%"),
			    r->missing, r->left, from, r->expected / 100, r->expected % 100);
}

static void say_partial(const struct post_world *w, const struct post_rate *r, char *out, size_t size)
{
	char from[DATE_TEXT];

	date_format(w->site.known_from, from);
	text_format(out, size, _("本机 %s 起才有记录，到了 %d 天；本月的考勤率以平台为准"), from, r->present);
}

static void say_seat(const struct post_world *w, struct post_row *r)
{
	if (r->state == POST_NOMINATED || r->state == POST_REPLACING)
		text_format(r->says, sizeof(r->says), _("%s 待审核"), r->proposed_name);
	else if (r->gone)
		text_format(r->says, sizeof(r->says), "%s",
			    _("此人已不在本项目，等于空缺，空缺的天数也算缺勤"));
	else if (r->lapsed)
		text_format(r->says, sizeof(r->says), _("证书不全或已过期，要有：%s"), r->certificates);
	else if (r->five_days)
		say_absence(r, (int)profile_number(w->d->profile, "limits.supervisor_absent_days", 0),
			    r->says, sizeof(r->says));
	else if (r->partial)
		say_partial(w, &r->rate, r->says, sizeof(r->says));
	else if (r->rated)
		say_rate(&r->rate, r->says, sizeof(r->says));
	else if (!r->person)
		text_copy(r->says, sizeof(r->says),
			  r->locked ? _("在信用系统提交，审核通过后在这里记下") : _("还没有设置人员"));
}

static int seat_row(const struct post_world *w, const struct post *post, int seat, int seats,
		    struct post_row *r, struct err *e)
{
	*r = (struct post_row){.id = (int64_t)(post - w->first) * 100 + seat,
			       .seat = seat,
			       .seats = seats,
			       .since = DATE_NONE,
			       .locked = post->locked || !w->site.smart};
	text_copy(r->post, sizeof(r->post), post->code);
	post_word(w->d, post->code, seat, seats, r->word, sizeof(r->word));
	certificate_words(w->d, post, r->certificates, sizeof(r->certificates));
	if (holder_of(w, post, r, e) || reckon(w, r, e))
		return -1;
	say_seat(w, r);
	return 0;
}

int post_seats(const struct post_world *w, const struct post *post)
{
	return w->outside ? post->outside : post->count;
}

int post_rows(const struct post_world *w, struct post_row *rows, size_t cap, size_t *n, struct err *e)
{
	const struct post *posts;
	size_t count = profile_posts(w->d->profile, &posts), k = 0;

	for (size_t i = 0; i < count; i++)
		for (int seat = 1; seat <= post_seats(w, &posts[i]) && k < cap; seat++)
			if (seat_row(w, &posts[i], seat, post_seats(w, &posts[i]), &rows[k++], e))
				return -1;
	*n = k;
	return 0;
}

int desk_posts(struct desk *d, struct post_row *rows, size_t cap, size_t *n, struct err *e)
{
	struct post_world *w;
	int rc;

	if (desk_may_in_project(d, 0, e))
		return -1;
	w = malloc(sizeof(*w));
	if (!w)
		return err_set(e, ERR_MEMORY, "posts");
	rc = post_world(d, w, e) || post_rows(w, rows, cap, n, e) ? -1 : 0;
	free(w);
	return rc;
}

int desk_post_month(struct desk *d, const struct post_row *post, struct month m, struct post_rate *out,
		    bool *reckoned, struct err *e)
{
	struct post_world *w;
	int rc;

	if (desk_may_in_project(d, 0, e))
		return -1;
	w = malloc(sizeof(*w));
	if (!w)
		return err_set(e, ERR_MEMORY, "posts");
	rc = post_world(d, w, e) || post_month(w, post, m, out, reckoned, e) ? -1 : 0;
	free(w);
	return rc;
}
