/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Upload results by kind, again in one go, by hand, how much is missing (G1, G2, K4). */
#include "desk/results.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "folk.h"
#include "outbox_scope.h"
#include "resend.h"
#include "store/line.h"
#include "store/site.h"
#include "store/upload.h"
#include "wire.h"

static const struct {
	const char *name, *word;
} areas[UPLOAD_AREAS + 1] = {
	[AREA_COMPANY] = {"company", N_("企业")},
	[AREA_PROJECT] = {"project", N_("项目")},
	[AREA_PARTICIPANT] = {"participant", N_("参建单位")},
	[AREA_TEAM] = {"team", N_("班组")},
	[AREA_PERSON] = {"person", N_("人员")},
	[AREA_EMPLOYMENT] = {"employment", N_("聘用与合同")},
	[AREA_SITE] = {"site", N_("进退场")},
	[AREA_ATTENDANCE] = {"attendance", N_("考勤")},
	[AREA_OTHER] = {"other", N_("其他")},
};

static bool is_area(int area)
{
	return area >= 1 && area <= UPLOAD_AREAS;
}

const char *upload_area_name(int area)
{
	return is_area(area) ? areas[area].name : "";
}

const char *upload_area_word(int area)
{
	return is_area(area) ? _(areas[area].word) : "";
}

bool upload_area_parse(const char *name, int *area)
{
	for (int i = 1; i <= UPLOAD_AREAS; i++) {
		if (!strcmp(areas[i].name, name)) {
			*area = i;
			return true;
		}
	}
	return false;
}

static int area_counts(struct desk *d, struct db_area_counts *out, struct err *e)
{
	return d->session.participant ? db_area_counts_of(d->store, d->project.id, d->session.participant, out, e)
				      : db_area_counts(d->store, d->project.id, out, e);
}

int desk_upload_areas(struct desk *d, struct area_row rows[UPLOAD_AREAS], struct err *e)
{
	struct db_area_counts c;

	if (desk_may_in_project(d, 0, e) || area_counts(d, &c, e))
		return -1;
	for (int i = 0; i < UPLOAD_AREAS; i++) {
		const int64_t *n = c.n[i + 1];

		rows[i] = (struct area_row){.area = i + 1,
					    .refused = n[OUTBOX_REJECTED],
					    .unknown = n[OUTBOX_UNKNOWN],
					    .open = n[OUTBOX_HELD] + n[OUTBOX_READY] + n[OUTBOX_SENDING] +
						    n[OUTBOX_WAITING],
					    .accepted = n[OUTBOX_ACCEPTED]};
		text_copy(rows[i].word, sizeof(rows[i].word), upload_area_word(i + 1));
	}
	return 0;
}

/* --- pages ------------------------------------------------------------------------------------------- */

static int load_area(struct desk *d, const struct outbox_source *from, int after_rank, int64_t after_id, struct db_outbox *rows, size_t cap,
		     size_t *n, bool *more, struct err *e)
{
	return db_outbox_of_area(d->store, d->project.id, (enum db_area)from->what, after_rank, after_id, rows, cap, n, more, e);
}

int desk_upload_of_area(struct desk *d, int area, int after_rank, int64_t after_id, struct outbox_page *page,
			struct err *e)
{
	struct outbox_source from = {.load = load_area, .what = area};

	return desk_may_in_project(d, 0, e) ? -1 : outbox_seen(d, &from, after_rank, after_id, page, e);
}

static int load_by_hand(struct desk *d, const struct outbox_source *from, int after_rank, int64_t after_id, struct db_outbox *rows, size_t cap,
			size_t *n, bool *more, struct err *e)
{
	(void)from, (void)after_rank;
	return db_outbox_by_hand_page(d->store, d->project.id, after_id, rows, cap, n, more, e);
}

int desk_by_hand(struct desk *d, int64_t after_id, struct outbox_page *page, struct err *e)
{
	struct outbox_source from = {.load = load_by_hand};

	return desk_may_in_project(d, 0, e) ? -1 : outbox_seen(d, &from, 0, after_id, page, e);
}

/* --- again, now, by hand ----------------------------------------------------------------------------- */

static int refresh(struct desk *d, int64_t person, struct err *e)
{
	return person ? folk_refresh(d, person, false, e) : 0;
}

static bool of_area(const struct db_outbox *row, int area)
{
	return !area || row->area == area;
}

static int retry_rows(struct desk *d, int area, int64_t *n, struct err *e)
{
	int64_t ids[64], after = 0;
	struct db_outbox row;
	char detail[32];
	size_t got;
	bool sees;

	do {
		if (db_outbox_in_state(d->store, d->project.id, OUTBOX_REJECTED, after, ids, ARRAY_LEN(ids),
				       &got, e))
			return -1;
		for (size_t i = 0; i < got; i++) {
			if (db_outbox_get(d->store, ids[i], &row, e))
				return -1;
			if (outbox_sees(d, &row, &sees, e))
				return -1;
			if (!sees || !of_area(&row, area))
				continue;
			if (resend(d, &row, e) || refresh(d, row.person, e))
				return -1;
			++*n;
		}
		if (got)
			after = ids[got - 1];
	} while (got == ARRAY_LEN(ids));
	text_format(detail, sizeof(detail), "%lld", (long long)*n);
	return desk_audit(d,
			  &(struct audit_entry){.action = "retry_all",
						.object = "operation",
						.uid = upload_area_name(area),
						.detail = detail},
			  e);
}

int desk_outbox_retry_all(struct desk *d, int area, int64_t *n, struct err *e)
{
	int64_t done = 0;

	if (desk_may_in_project(d, ROLES_WITH_KEY, e) || store_begin(d->store, e) ||
	    store_end(d->store, retry_rows(d, area, &done, e), e))
		return -1;
	*n = done;
	return 0;
}

/* A row of this project in this state. */
static int open_row(struct desk *d, int64_t id, enum outbox_state state, struct db_outbox *row, struct err *e)
{
	if (outbox_open(d, id, row, e))
		return -1;
	return row->state == state ? 0 : err_set(e, ERR_FORBIDDEN, "%s", outbox_state_word(row->state));
}

static int send_one(struct desk *d, int64_t id, struct err *e)
{
	struct db_outbox row;

	if (open_row(d, id, OUTBOX_HELD, &row, e) || db_outbox_release_with(d->store, id, e))
		return -1;
	return desk_audit(
		d,
		&(struct audit_entry){
			.action = "send_now", .object = "operation", .uid = row.op, .detail = row.kind},
		e);
}

int desk_outbox_send_one(struct desk *d, int64_t id, struct err *e)
{
	if (desk_may_in_project(d, ROLES_WITH_KEY, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, send_one(d, id, e), e);
}

/* What was noted is a fact of its own: the act that is taken back when it was noted by mistake (U4). */
static int hand_fact(struct desk *d, const struct db_outbox *row, struct err *e)
{
	struct db_fact fact = {.project = row->project,
			       .subject = row->id,
			       .person = row->person,
			       .account = d->session.account,
			       .at_ms = clock_now_ms(),
			       .on = date_today(),
			       .true_on = DATE_NONE};

	text_copy(fact.cycle, sizeof(fact.cycle), "operation");
	text_copy(fact.event, sizeof(fact.event), "by_hand");
	text_copy(fact.actor, sizeof(fact.actor), actor_name(deed_actor(d, CYCLE_EMPLOYMENT)));
	text_copy(fact.authority, sizeof(fact.authority), "desk");
	return db_fact_insert(d->store, &fact, NULL, NULL, e);
}

static int hand_done(struct desk *d, int64_t id, const char *number, struct err *e)
{
	struct db_answer a = {
		.state = OUTBOX_ACCEPTED, .at_ms = clock_now_ms(), .code = OUTBOX_BY_HAND, .number = number};
	struct db_outbox row;
	bool taken;

	if (open_row(d, id, OUTBOX_WAITING, &row, e))
		return -1;
	if (strcmp(row.code, OUTBOX_BY_HAND))
		return err_set(e, ERR_FORBIDDEN, "%s", outbox_state_word(row.state));
	if (db_outbox_answer(d->store, id, &a, &taken, e) || hand_fact(d, &row, e) || refresh(d, row.person, e))
		return -1;
	return desk_audit(
		d,
		&(struct audit_entry){
			.action = "by_hand", .object = "operation", .uid = row.op, .detail = row.kind},
		e);
}

int desk_by_hand_done(struct desk *d, int64_t id, const char *number, struct err *e)
{
	if (desk_may_in_project(d, ROLES_WITH_KEY, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, hand_done(d, id, number ? number : "", e), e);
}

/* Ids of a kind, in their order, after one. */
static int of_kind(struct desk *d, const char *kind, int64_t *after, int64_t *ids, size_t cap, size_t *n, bool *more, struct err *e)
{
	struct db_outbox rows[32];
	size_t got;
	bool sees;

	*n = 0;
	if (db_outbox_by_hand_page(d->store, d->project.id, *after, rows, cap < ARRAY_LEN(rows) ? cap : ARRAY_LEN(rows), &got, more, e))
		return -1;
	for (size_t i = 0; i < got; i++) {
		*after = rows[i].id;
		if (kind && strcmp(rows[i].kind, kind))
			continue;
		if (outbox_sees(d, &rows[i], &sees, e))
			return -1;
		if (sees)
			ids[(*n)++] = rows[i].id;
	}
	return 0;
}

int desk_by_hand_count(struct desk *d, const char *kind, int64_t limit, int64_t *n, struct err *e)
{
	int64_t ids[32], after = 0;
	bool more = true;
	size_t got;

	*n = 0;
	if (desk_may_in_project(d, 0, e))
		return -1;
	if (!kind && !d->session.participant)
		return db_outbox_by_hand_count(d->store, d->project.id, limit, n, e);
	while (more && *n < limit) {
		if (of_kind(d, kind, &after, ids, ARRAY_LEN(ids), &got, &more, e))
			return -1;
		*n += (int64_t)got;
	}
	return 0;
}

static int all_done(struct desk *d, const char *kind, int64_t expect, int64_t *n, struct err *e)
{
	int64_t ids[32], after = 0;
	bool more = true;
	size_t got;

	*n = 0;
	while (more) {
		if (of_kind(d, kind, &after, ids, ARRAY_LEN(ids), &got, &more, e))
			return -1;
		for (size_t i = 0; i < got; i++, ++*n)
			if (hand_done(d, ids[i], "", e))
				return -1;
	}
	return *n == expect ? 0 : err_set(e, ERR_CONFLICT, "%lld, not %lld", (long long)*n, (long long)expect);
}

int desk_by_hand_done_kind(struct desk *d, const char *kind, int64_t expect, int64_t *n, struct err *e)
{
	if (desk_may_in_project(d, ROLES_WITH_KEY, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, all_done(d, kind, expect, n, e), e);
}

/* --- the whole --------------------------------------------------------------------------------------- */

/* Has the platform confirmed this thing's record? *outbox: its newest operation; 0: none was queued. */
static int confirmed(struct desk *d, const char *uid, const char *kind, bool *yes, int64_t *outbox,
		     enum outbox_state *state, struct err *e)
{
	struct err own = {ERR_NONE};
	struct db_outbox row;

	*yes = false;
	*outbox = 0;
	if (db_outbox_of_subject(d->store, d->project.id, uid, kind, &row, &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	*yes = row.state == OUTBOX_ACCEPTED;
	*outbox = row.id;
	*state = row.state;
	return 0;
}

static void missing_why(int64_t outbox, enum outbox_state state, char *out, size_t size)
{
	if (outbox)
		text_format(out, size, _("上传情况：%s"), outbox_state_word(state));
	else
		text_copy(out, size, _("还没有上传过"));
}

struct walk {
	struct desk *d;
	struct whole *parts;	  /* counts; NULL: only rows wanted */
	struct missing_row *rows; /* NULL: only counts wanted */
	size_t cap, n;
	bool more;
	enum part_of_whole after_part;
	int64_t after_id;
};

static int look_at(struct walk *w, enum part_of_whole part, int64_t id, const char *uid, const char *kind,
		   const char *name, struct err *e)
{
	enum outbox_state state = OUTBOX_HELD;
	struct missing_row *row;
	int64_t outbox;
	bool yes;

	if (!w->parts && (part < w->after_part || (part == w->after_part && id <= w->after_id)))
		return 0;
	if (confirmed(w->d, uid, kind, &yes, &outbox, &state, e))
		return -1;
	if (w->parts) {
		w->parts[part].of++;
		w->parts[part].n += yes;
	}
	if (yes || !w->rows)
		return 0;
	if (w->n == w->cap) {
		w->more = true;
		return 0;
	}
	row = &w->rows[w->n++];
	*row = (struct missing_row){.part = part, .id = id, .outbox = outbox};
	text_copy(row->name, sizeof(row->name), name);
	missing_why(outbox, state, row->why, sizeof(row->why));
	return 0;
}

static int walk_participants(struct walk *w, struct err *e)
{
	struct db_participant rows[16];
	int64_t after = 0;
	size_t n;

	do {
		if (db_participant_list(w->d->store, w->d->project.id, after, rows, ARRAY_LEN(rows), &n, e))
			return -1;
		for (size_t i = 0; i < n; i++) {
			after = rows[i].id;
			if (!folk_in_scope(w->d, rows[i].id))
				continue;
			if (look_at(w, WHOLE_PARTICIPANTS, rows[i].id, rows[i].uid, "participant.add",
				    rows[i].company_name, e))
				return -1;
		}
	} while (n == ARRAY_LEN(rows));
	return 0;
}

/* Teams on site. In order of their ids, so that the list of what is missing can go on from one. */
static int walk_teams(struct walk *w, struct err *e)
{
	struct db_team rows[16];
	int64_t after = 0;
	size_t n;

	do {
		if (db_team_by_id(w->d->store, w->d->project.id, after, rows, ARRAY_LEN(rows), &n, e))
			return -1;
		for (size_t i = 0; i < n; i++) {
			after = rows[i].id;
			if (rows[i].state == SITE_ENTERED && folk_in_scope(w->d, rows[i].participant) &&
			    look_at(w, WHOLE_TEAMS, rows[i].id, rows[i].uid, "team.add", rows[i].name, e))
				return -1;
		}
	} while (n == ARRAY_LEN(rows));
	return 0;
}

/* People in service, and those of them whose entry the platform has confirmed. */
static int count_people(struct desk *d, struct whole *part, struct err *e)
{
	int64_t percent = d->profile ? profile_number(d->profile, "limits.complete_percent", 1) : 1;

	int64_t of = d->session.participant;

	if (db_tally(d->store, d->project.id, ROSTER_ON_SITE, of ? SCOPE_PARTICIPANT : SCOPE_PROJECT, of, &part->of, e) ||
	    db_on_site_confirmed(d->store, d->project.id, of, &part->n, e))
		return -1;
	part->needed = (part->of * percent + 99) / 100;
	return 0;
}

/* What the dialect has no place for. */
static int count_by_hand(struct desk *d, struct whole *part, struct err *e)
{
	enum upload_dialect dialect = wire_dialect(d);
	const struct upload_file *f;
	int64_t n;

	for (unsigned i = 0; (f = upload_file_at(i)) != NULL; i++) {
		if (f->way[dialect] != WAY_BY_HAND)
			continue;
		if (db_attachment_in_role(d->store, d->project.id, d->session.participant, f->role, &n, e))
			return -1;
		part->by_hand += n;
	}
	return 0;
}

static int count_files(struct desk *d, struct whole *part, struct err *e)
{
	int64_t left = 0;

	part->with_records = wire_dialect(d) != DIALECT_NATIVE;
	if (part->with_records)
		return count_by_hand(d, part, e);
	if (db_attachment_left(d->store, d->project.id, d->session.participant, &left, &part->bytes, e) ||
	    db_attachment_all(d->store, d->project.id, d->session.participant, &part->of, e))
		return -1;
	part->n = part->of - left;
	return 0;
}

static const char *const part_words[WHOLE_PARTS] = {[WHOLE_PARTICIPANTS] = N_("参建单位"),
						    [WHOLE_TEAMS] = N_("在场班组"),
						    [WHOLE_PEOPLE] = N_("在场人员"),
						    [WHOLE_ATTACHMENTS] = N_("照片和附件")};

int desk_whole(struct desk *d, struct whole parts[WHOLE_PARTS], bool *complete, struct err *e)
{
	struct walk w = {.d = d, .parts = parts};

	memset(parts, 0, WHOLE_PARTS * sizeof(*parts));
	if (desk_may_in_project(d, 0, e) || walk_participants(&w, e) || walk_teams(&w, e) ||
	    count_people(d, &parts[WHOLE_PEOPLE], e) ||
	    count_files(d, &parts[WHOLE_ATTACHMENTS], e))
		return -1;
	parts[WHOLE_PARTICIPANTS].needed = parts[WHOLE_PARTICIPANTS].of;
	parts[WHOLE_TEAMS].needed = parts[WHOLE_TEAMS].of;
	*complete = true;
	for (int i = 0; i < WHOLE_PARTS; i++) {
		text_copy(parts[i].word, sizeof(parts[i].word), _(part_words[i]));
		*complete = *complete && parts[i].n >= parts[i].needed;
	}
	return 0;
}

int desk_missing(struct desk *d, enum part_of_whole after_part, int64_t after_id, struct missing_row *rows,
		 size_t cap, size_t *n, bool *more, struct err *e)
{
	struct walk w = {.d = d, .rows = rows, .cap = cap, .after_part = after_part, .after_id = after_id};

	if (desk_may_in_project(d, 0, e) || walk_participants(&w, e) || walk_teams(&w, e))
		return -1;
	*n = w.n;
	*more = w.more;
	return 0;
}
