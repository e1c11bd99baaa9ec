/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "practice_weeks.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/acts.h"
#include "desk/attendance.h"
#include "desk/books.h"
#include "desk/dossier.h"
#include "desk/exchange.h"
#include "desk/gateway.h"
#include "desk/particulars.h"
#include "desk/photo.h"
#include "desk/post.h"
#include "desk/sheet_import.h"
#include "desk/site.h"
#include "domain/id_number.h"
#include "practice_face.h"
#include "practice_site.h"

/* Days before today. Fifteen days' grace run from the filing on (CD 3.2.6), so that the days of the clockings count. */
#define DAYS_MADE 31
#define DAYS_REGISTERED 17
#define DAYS_CLOCKED 15
#define DAYS_SILENT 3
#define JPEG_MOST (1u << 20)
#define HOUR_MS 3600000LL
#define DAY_MS (24 * HOUR_MS)

/* What somebody who came with the first is, and which of the days behind us he missed: bit 0 is yesterday. */
struct someone {
	const char *name, *birth, *order; /* of the document number; the order's parity is the sex */
	const char *team;                 /* NULL: a manager, whose team follows from the participant where the region has it so */
	const char *trade, *post;         /* post "": none of the key posts */
	const char *certificates[2];
	unsigned missed;
	const char *wage; /* fen */
};
static const struct someone people[] = {
	{"钱练技", "19820314", "911", NULL, "P02", "P02", {"ZC2"}, 0x0001, "1200000"},
	{"冯练安", "19861105", "913", NULL, "P08", "P08", {"AQY", "AKC"}, 0x0A52, "900000"},
	{"褚练施", "19900722", "915", NULL, "P07", "P07", {NULL}, 0x0000, "950000"},
	{"卫练质", "19880130", "918", NULL, "P04", "P04", {"ZLY"}, 0x0400, "900000"},
	{"孔练检", "19890821", "919", NULL, "P09", "", {"ZJY"}, 0x0030, "880000"}, /* could hold a post that is vacant */
	{"蒋练木", "19791219", "931", "木工一班", "050", "", {NULL}, 0x0000, "780000"},
	{"沈练木", "19850606", "933", "木工一班", "050", "", {NULL}, 0x0012, "760000"},
	{"韩练木", "19930228", "935", "木工一班", "050", "", {NULL}, 0x0100, "720000"},
	{"杨练筋", "19810817", "937", "钢筋一班", "020", "", {NULL}, 0x0000, "800000"},
	{"朱练筋", "19970509", "939", "钢筋一班", "020", "", {NULL}, 0x1004, "700000"},
	{"秦练架", "19840901", "951", "架子工班", "030", "", {"02"}, 0x0020, "820000"},
	{"尤练砌", "19760412", "953", "砌筑班", "010", "", {NULL}, 0x0000, "690000"},
	{"许练砌", "19950925", "956", "砌筑班", "010", "", {NULL}, 0x7FFF, "690000"}, /* paid, and never clocked in */
};
#define PEOPLE ARRAY_LEN(people)

struct weeks {
	struct desk *d;
	const struct practice_weeks *of;
	date_t today;
	int64_t person[PEOPLE];
	char team[PEOPLE][UID_TEXT];
};

static void day_back(struct weeks *w, int days, int64_t hour)
{
	clock_fix_ms(date_begin_ms(w->today - days) + hour * HOUR_MS);
}

int64_t practice_weeks_begin_ms(void)
{
	return date_begin_ms(date_today() - DAYS_MADE) + 8 * HOUR_MS;
}

/* --- the project ---------------------------------------------------------------------------------------------------------------------- */

/* A building of a local firm that is large enough for the posts to be reckoned (CD 3.2.3). */
static int fill_project(struct weeks *w, struct err *e)
{
	struct sheet_findings findings;
	struct particulars sheet;
	char uid[UID_TEXT], day[DATE_TEXT];
	size_t changed;
	int rc;

	text_copy(uid, sizeof(uid), desk_project(w->d)->uid);
	if (desk_sheet(w->d, SHEET_PROJECT, uid, &sheet, e) != 0)
		return -1;
	particulars_set(&sheet, "kind", "building");
	particulars_set(&sheet, "area", "18600");
	particulars_set(&sheet, "cost", "8600");
	particulars_set(&sheet, "standing", "local");
	particulars_set(&sheet, "address", _("虚构市练习区云溪路 1 号"));
	date_format(w->today - DAYS_MADE, day);
	particulars_set(&sheet, "filed_on", day);
	date_format(w->today + 540, day);
	particulars_set(&sheet, "completes_on", day);
	rc = desk_sheet_save(w->d, &sheet, uid, &findings, &changed, e);
	wipe(&sheet, sizeof(sheet));
	return rc;
}

/* --- people --------------------------------------------------------------------------------------------------------------------------- */

/* Managers' teams may come into being by themselves (C2); where they do not, theirs is made here. */
static int manager_team(struct weeks *w, const struct team_row *rows, size_t n, char uid[UID_TEXT], struct err *e)
{
	struct team_new team = {.name = "项目管理组", .kind = "management", .participant_uid = w->of->contractor};

	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].kind, "management") == 0 && strcmp(rows[i].participant_uid, w->of->contractor) == 0) {
			memcpy(uid, rows[i].uid, UID_TEXT);
			return 0;
		}
	return desk_team_add(w->d, &team, uid, e) != 0 ? -1 : desk_team_act(w->d, uid, EVENT_SITE_ENTER, DATE_NONE, e);
}

static int find_teams(struct weeks *w, struct err *e)
{
	struct team_row rows[32];
	char managers[UID_TEXT];
	size_t n = 0;

	if (desk_team_list(w->d, rows, ARRAY_LEN(rows), &n, e) != 0 || manager_team(w, rows, n, managers, e) != 0)
		return -1;
	for (size_t i = 0; i < PEOPLE; i++) {
		text_copy(w->team[i], UID_TEXT, people[i].team ? "" : managers);
		for (size_t k = 0; k < n && people[i].team; k++)
			if (strcmp(rows[k].name, people[i].team) == 0)
				memcpy(w->team[i], rows[k].uid, UID_TEXT);
		if (!w->team[i][0])
			return err_set(e, ERR_NO_SUCH, "team of practice");
	}
	return 0;
}

struct text_of { enum field_id id; const char *value; enum value_origin origin; };

static int put_all(struct record *r, const struct text_of *texts, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (record_set(r, texts[i].id, texts[i].value, texts[i].origin) != 0)
			return err_set(e, ERR_MEMORY, "practice");
	return 0;
}

static void number_of(const struct someone *s, char number[ID_NUMBER_TEXT])
{
	char digit[2] = {'\0', '\0'};

	text_format(number, ID_NUMBER_TEXT, "440199%s%s", s->birth, s->order);
	digit[0] = id_number_check_digit(number);
	text_copy(number + 17, 2, digit);
}

static int put_card(struct record *r, const struct someone *s, struct err *e)
{
	char number[ID_NUMBER_TEXT], birth[DATE_TEXT];
	bool man = (s->order[2] - '0') % 2 == 1;
	const struct text_of texts[] = {
		{F_DOC_TYPE, "01", ORIGIN_CARD}, {F_NUMBER, number, ORIGIN_CARD}, {F_NAME, s->name, ORIGIN_CARD},
		{F_SEX, man ? "male" : "female", ORIGIN_CARD}, {F_NATION, "01", ORIGIN_CARD}, {F_BIRTH, birth, ORIGIN_CARD},
		{F_ADDRESS, "某省某市虚构区练习路8号", ORIGIN_CARD}, {F_AUTHORITY, "虚构市公安局练习分局", ORIGIN_CARD},
		{F_VALID_FROM, "2019-03-01", ORIGIN_CARD}, {F_VALID_TO, "2039-03-01", ORIGIN_CARD},
	};

	number_of(s, number);
	text_format(birth, sizeof(birth), "%.4s-%.2s-%.2s", s->birth, s->birth + 4, s->birth + 6);
	r->from_card = true;
	return put_all(r, texts, ARRAY_LEN(texts), e);
}

static int put_work(struct weeks *w, struct record *r, size_t i, struct err *e)
{
	const struct someone *s = &people[i];
	char phone[16], bank[24], from[DATE_TEXT], to[DATE_TEXT], trained[DATE_TEXT];
	const struct text_of texts[] = {
		{F_PHONE, phone, ORIGIN_TYPED}, {F_ROLE, s->team ? "20" : "10", ORIGIN_TYPED}, {F_TRADE, s->trade, ORIGIN_TYPED},
		{F_COMPANY, s->team ? w->of->labour : w->of->contractor, ORIGIN_TYPED}, {F_TEAM, w->team[i], ORIGIN_TYPED},
		{F_CONTRACT_KIND, "0", ORIGIN_TYPED}, {F_CONTRACT_FROM, from, ORIGIN_TYPED}, {F_CONTRACT_TO, to, ORIGIN_TYPED},
		{F_WAGE_KIND, "2", ORIGIN_TYPED}, {F_WAGE, s->wage, ORIGIN_TYPED}, {F_BANK_NUMBER, bank, ORIGIN_TYPED},
		{F_TRAINED_ON, trained, ORIGIN_TYPED},
	};

	text_format(phone, sizeof(phone), "138000010%02zu", i);
	text_format(bank, sizeof(bank), "622202000000001%04zu", 1000 + i);
	date_format(w->today - DAYS_REGISTERED, from);
	date_format(i == PEOPLE - 2 ? w->today + 20 : w->today + 700, to); /* one contract runs out soon */
	date_format(w->today - DAYS_REGISTERED, trained);
	return put_all(r, texts, ARRAY_LEN(texts), e);
}

/* What the region asks for besides: the first of its table, a small number. */
static const char *something(const struct profile *p, const struct field *f, const char *day)
{
	const struct code *codes;

	switch (f->kind) {
	case FIELD_CODE:
		return profile_codes(p, f->codes, &codes) ? codes[0].code : "";
	case FIELD_MONEY:
		return "600000";
	case FIELD_DIGITS:
		return "3";
	case FIELD_DATE:
		return day;
	case FIELD_YES_NO:
		return "0";
	default:
		return "练习";
	}
}

static int put_rest(struct weeks *w, struct record *r, struct err *e)
{
	const struct profile *p = desk_profile(w->d);
	char day[DATE_TEXT];

	date_format(w->today - DAYS_REGISTERED, day);
	for (int f = 0; f < FIELD_COUNT; f++)
		if (profile_required(p, FORM_REGISTER, (enum field_id)f) && !record_get(r, (enum field_id)f)[0] &&
		    record_set(r, (enum field_id)f, something(p, field_get((enum field_id)f), day), ORIGIN_TYPED) != 0)
			return err_set(e, ERR_MEMORY, "practice");
	return 0;
}

/* What arrives when the person agrees, or the platform has done its part. */
static int arrives(struct weeks *w, const char *kind, const char *subject, struct err *e)
{
	char uid[UID_TEXT];
	struct change change = {.uid = uid, .kind = kind, .subject = subject, .at_ms = clock_now_ms(), .by = _("平台")};
	enum applied result;

	uid_new(uid);
	return desk_take_changes(w->d, &change, 1, NULL, &result, e);
}

static int act_on(struct weeks *w, enum event event, const int64_t *persons, size_t n, struct err *e)
{
	struct act act = {.event = event, .persons = persons, .n = n, .on = DATE_NONE};
	struct verdict verdicts[PEOPLE];
	size_t done = 0;

	if (desk_act(w->d, &act, verdicts, &done, e) != 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (!verdicts[i].can)
			return err_set(e, ERR_FORBIDDEN, "%s: %s", event_name(event), verdicts[i].why);
	return 0;
}

static int standing_of(struct weeks *w, int64_t person, struct roster_row *out, struct err *e)
{
	struct person_file file;

	if (desk_person_file(w->d, person, &file, e) != 0)
		return -1;
	*out = file.row;
	wipe(&file, sizeof(file));
	return 0;
}

/* The steps that the region has between the offer and the employment. */
static int employ(struct weeks *w, const struct registered *who, struct err *e)
{
	struct roster_row row = {.employment = who->employment_state};

	if (row.employment == EMPLOYMENT_OFFERED &&
	    (arrives(w, "employment.consent", who->employment_uid, e) != 0 || standing_of(w, who->person, &row, e) != 0))
		return -1;
	if (row.employment == EMPLOYMENT_ACCEPTED &&
	    (act_on(w, EVENT_REGISTER, &who->person, 1, e) != 0 || standing_of(w, who->person, &row, e) != 0))
		return -1;
	return row.employment == EMPLOYMENT_PROCESSING ? arrives(w, "employment.done", who->employment_uid, e) : 0;
}

static int register_one(struct weeks *w, size_t i, struct err *e)
{
	struct registered done;
	struct findings findings;
	struct record r;
	int rc = -1;

	record_init(&r);
	if (put_card(&r, &people[i], e) == 0 && put_work(w, &r, i, e) == 0 && put_rest(w, &r, e) == 0) {
		rc = desk_register(w->d, &r, &findings, &done, e);
		if (rc != 0 && e->code == ERR_FINDINGS)
			err_set(e, ERR_FINDINGS, "%s", findings.item[0].sentence);
	}
	record_release(&r);
	if (rc != 0)
		return -1;
	w->person[i] = done.person;
	return employ(w, &done, e);
}

static int add_certificates(struct weeks *w, size_t i, struct err *e)
{
	for (size_t k = 0; k < ARRAY_LEN(people[i].certificates) && people[i].certificates[k]; k++) {
		struct certificate_new c = {.person = w->person[i], .kind = people[i].certificates[k], .number = "LX-2024-0001",
			.valid_to = people[i].team ? w->today + 25 : w->today + 900}; /* the scaffolder's lapses soon */

		if (desk_certificate_add(w->d, &c, e) != 0)
			return -1;
	}
	return 0;
}

/* Whom no device takes: there is no photograph of him. */
#define FACELESS (PEOPLE - 2)

static int add_face(struct weeks *w, size_t i, struct err *e)
{
	struct buf jpeg;
	int rc;

	buf_init(&jpeg, JPEG_MOST);
	rc = practice_face((unsigned)i, desk_photo_limit(w->d), &jpeg, e) != 0 ? -1 : desk_photo_set(w->d, w->person[i], PHOTO_FACE, jpeg.data, jpeg.len, e);
	buf_release(&jpeg);
	return rc;
}

/* Pictures are a helper's trade: where it is missing, nobody has one, and practice is not kept from beginning. */
static int add_faces(struct weeks *w, struct err *e)
{
	for (size_t i = 0; i < PEOPLE; i++)
		if (i != FACELESS && add_face(w, i, e) != 0)
			return e->code == ERR_HELPER_MISSING ? 0 : -1;
	return 0;
}

static int register_all(struct weeks *w, struct err *e)
{
	for (size_t i = 0; i < PEOPLE; i++)
		if (register_one(w, i, e) != 0 || add_certificates(w, i, e) != 0)
			return -1;
	return add_faces(w, e);
}

/* Several intentions, one transaction. */
typedef int step_fn(struct weeks *w, struct err *e);
static int in_one(struct weeks *w, step_fn *step, struct err *e)
{
	int rc;

	if (desk_group_begin(w->d, e) != 0)
		return -1;
	rc = step(w, e);
	if (desk_group_end(w->d, rc == 0, rc == 0 ? e : NULL) != 0)
		rc = -1;
	return rc;
}

/* The manager takes them on site: submitted first where that is a step. */
static int enter_all(struct weeks *w, struct err *e)
{
	int64_t waiting[PEOPLE];
	size_t n = 0;

	for (size_t i = 0; i < PEOPLE; i++) {
		struct roster_row row;

		if (standing_of(w, w->person[i], &row, e) != 0)
			return -1;
		if (row.assignment < ASSIGNMENT_CONFIRMED)
			waiting[n++] = w->person[i];
	}
	return n && act_on(w, EVENT_SUBMIT, waiting, n, e) != 0 ? -1 : act_on(w, EVENT_ENTER, w->person, PEOPLE, e);
}

/* The posts that somebody holds; the others are vacant, which is an alarm. Manager and chief supervisor change by review only. */
static int fill_posts(struct weeks *w, struct err *e)
{
	struct post_site site;

	if (desk_post_site(w->d, &site, e) != 0)
		return -1;
	for (size_t i = 0; i < PEOPLE && site.rated; i++) {
		struct post_act fill = {.event = EVENT_POST_FILL, .post = people[i].post, .seat = 1, .person = w->person[i], .on = DATE_NONE};

		if (people[i].post[0] && desk_post_act(w->d, &fill, e) != 0)
			return -1;
	}
	return 0;
}

/* --- registers, wages ----------------------------------------------------------------------------------------------------------------------- */

static const struct { const char *field, *value; } written[] = {
	{"health", "良好"}, {"local_address", "项目部宿舍"}, {"temperature", "36.5"}, {"subject", "高处作业安全教育"},
	{"hours", "4"}, {"place", "项目部会议室"}, {"teacher", "冯练安"},
};

static void write_field(struct weeks *w, const struct book_field *f, struct book_entry *entry, size_t at)
{
	char *value = entry->value[at];
	const struct code *codes;

	for (size_t i = 0; i < ARRAY_LEN(written); i++)
		if (strcmp(written[i].field, f->name) == 0)
			text_copy(value, BOOK_VALUE, written[i].value);
	if (value[0] || !f->required)
		return;
	if (f->kind == PARTICULAR_DATE)
		date_format(w->today - 1, value);
	else if (f->kind == PARTICULAR_CODE)
		text_copy(value, BOOK_VALUE, profile_codes(desk_profile(w->d), f->codes, &codes) ? codes[0].code : "");
	else
		text_copy(value, BOOK_VALUE, "无");
}

static int write_entry(struct weeks *w, const struct book *book, const int64_t *persons, size_t n, struct err *e)
{
	struct book_finding finding = {0};
	struct book_entry entry;
	int64_t id;
	int rc;

	if (desk_book_begin(w->d, book->name, book->people ? 0 : persons[0], &entry, e) != 0)
		return -1;
	for (size_t i = 0; i < book->n; i++)
		write_field(w, &book->field[i], &entry, i);
	rc = desk_book_save(w->d, book->name, &entry, book->people ? persons : NULL, book->people ? n : 0, &id, &finding, e);
	if (rc != 0 && e->code == ERR_FINDINGS)
		err_set(e, ERR_FINDINGS, "%s: %s", book->name, finding.sentence);
	wipe(&entry, sizeof(entry));
	return rc;
}

#define IN_REGISTERS 5
static int keep_registers(struct weeks *w, struct err *e)
{
	const struct book *books;
	size_t n = profile_books(desk_profile(w->d), &books);

	for (size_t b = 0; b < n; b++)
		for (size_t i = 0; i < (books[b].people ? 1 : IN_REGISTERS); i++)
			if (write_entry(w, &books[b], &w->person[PEOPLE - IN_REGISTERS + i], books[b].people ? IN_REGISTERS : 1, e) != 0)
				return -1;
	return 0;
}

/* Everybody but one, of the month of yesterday; the last two are not paid out yet. */
static void write_wages(FILE *f, const struct weeks *w)
{
	char number[ID_NUMBER_TEXT], on[DATE_TEXT];

	date_format(w->today - 1, on);
	fputs("姓名,身份证号,应发工资,实发工资,发放日期,银行卡号\n", f);
	for (size_t i = 1; i < PEOPLE; i++) {
		number_of(&people[i], number);
		fprintf(f, "%s,%s,%.*s,%.*s,%s,622202000000001%04zu\n", people[i].name, number, (int)strlen(people[i].wage) - 2, people[i].wage,
			(int)strlen(people[i].wage) - 2, people[i].wage, i < PEOPLE - 2 ? on : "", 1000 + i);
	}
}

static int read_sheet(struct desk *d, const struct sheet_import_options *o, struct err *e)
{
	struct sheet_import *import;
	bool over = false;
	int rc = 0;

	if (desk_sheet_import_open(d, o, &import, e) != 0)
		return -1;
	while (rc == 0 && !over) {
		struct pollfd p = {.fd = desk_sheet_import_fd(import), .events = POLLIN};

		poll(&p, p.fd >= 0 ? 1 : 0, p.fd >= 0 ? -1 : 0);
		rc = desk_sheet_import_step(import, &over, e);
	}
	desk_sheet_import_close(import);
	return rc;
}

/* By the way of every wage sheet. Reading tables is a package of its own: without it there is no sheet, and practice is not kept from beginning. */
static int import_wages(struct weeks *w, struct err *e)
{
	char path[4200];
	struct sheet_import_options o = {.path = path, .form = "wages", .month = month_of(w->today - 1)};
	FILE *f;
	int rc;

	text_format(path, sizeof(path), "%s/wages.csv", w->of->dir);
	f = fopen(path, "wx");
	if (!f)
		return err_errno(e, "wages.csv");
	write_wages(f, w);
	rc = fclose(f) != 0 ? err_errno(e, "wages.csv") : read_sheet(w->d, &o, e);
	unlink(path);
	return rc != 0 && e->code == ERR_HELPER_MISSING ? 0 : rc;
}

/* --- devices ------------------------------------------------------------------------------------------------------------------------------ */

static int add_device(struct weeks *w, struct err *e)
{
	struct device_new device = {.serial = PRACTICE_SILENT_DEVICE, .place = _("北门 2 号通道"), .method = "gate", .biometric = "face", .way = "out"};
	char uid[UID_TEXT];

	return desk_device_add(w->d, &device, uid, e);
}

static int clock_once(struct weeks *w, size_t i, int days, enum clock_way way, struct err *e)
{
	char number[32];
	struct clocking c = {.person = w->person[i], .means = CLOCK_FACE, .source = CLOCK_BY_DEVICE, .way = way, .device = w->of->device, .number = number,
		.at_ms = date_begin_ms(w->today - days) + (way == CLOCK_IN ? 7 : 18) * HOUR_MS + (int64_t)(i * 173 + (size_t)days * 61) * 1000};
	struct clocked out;
	struct verdict v;

	text_format(number, sizeof(number), "%d-%zu-%d", days, i, (int)way);
	if (desk_clock(w->d, &c, &v, &out, e) != 0)
		return -1;
	return v.can ? 0 : err_set(e, ERR_FORBIDDEN, "clocking: %s", v.why);
}

static int clock_all(struct weeks *w, struct err *e)
{
	for (int days = DAYS_CLOCKED; days >= 1; days--)
		for (size_t i = 0; i < PEOPLE; i++)
			if (!(people[i].missed >> (days - 1) & 1) &&
			    (clock_once(w, i, days, CLOCK_IN, e) != 0 || clock_once(w, i, days, CLOCK_OUT, e) != 0))
				return -1;
	return 0;
}

/* Somebody whom the device at the gate has collected and nobody has looked at. */
static int collect_one(struct weeks *w, int64_t device, struct err *e)
{
	static const struct someone newcomer = {.name = "何练新", .birth = "19920707", .order = "971"};
	struct device_caller caller = {.id = device, .project = desk_project(w->d)->id};
	struct record r;
	int rc = -1;

	text_copy(caller.serial, sizeof(caller.serial), w->of->device);
	record_init(&r);
	if (put_card(&r, &newcomer, e) == 0)
		rc = desk_gateway_collected(w->d, &caller, &r, NULL, 0, e);
	record_release(&r);
	return rc;
}

/* What the gateway would have brought. The second device has called once and never again. */
static int hear_devices(struct weeks *w, struct err *e)
{
	struct device_row gate, silent;
	struct device_heard heard[2];

	if (desk_device_by_serial(w->d, w->of->device, &gate, e) != 0 || desk_device_by_serial(w->d, PRACTICE_SILENT_DEVICE, &silent, e) != 0)
		return -1;
	heard[0] = (struct device_heard){gate.id, clock_now_ms()};
	heard[1] = (struct device_heard){silent.id, clock_now_ms() - DAYS_SILENT * DAY_MS};
	if (desk_gateway_heard(w->d, heard, ARRAY_LEN(heard), e) != 0)
		return -1;
	return desk_devices_served(w->d, NULL, 0) ? collect_one(w, gate.id, e) : 0;
}

static int bring_clockings(struct weeks *w, struct err *e)
{
	return !desk_clock_permitted(w->d, CLOCK_FACE) ? 0 : in_one(w, clock_all, e);
}

/* As the gateway has it: with the runner's key. */
static int as_gateway(struct weeks *w, struct err *e)
{
	unsigned char key[DESK_KEY_BYTES];
	int rc = desk_export_key(w->d, key, e);

	if (rc == 0)
		rc = desk_adopt_key(w->d, key, e);
	wipe(key, sizeof(key));
	return rc != 0 || bring_clockings(w, e) != 0 || hear_devices(w, e) != 0 ? -1 : 0;
}

/* --- all of it ------------------------------------------------------------------------------------------------------------------------------- */

static int login(struct weeks *w, size_t account, struct err *e)
{
	return desk_login(w->d, practice_accounts[account].name, PRACTICE_PASSWORD, e);
}

/* That they agreed was read weeks ago. */
static int messages_read(struct weeks *w, struct err *e)
{
	return desk_messages_seen(w->d, INT64_MAX, e);
}

static int make(struct weeks *w, struct err *e)
{
	day_back(w, DAYS_MADE, 9);
	if (fill_project(w, e) != 0 || find_teams(w, e) != 0 || add_device(w, e) != 0)
		return -1;
	day_back(w, DAYS_REGISTERED, 9);
	if (in_one(w, register_all, e) != 0)
		return -1;
	day_back(w, DAYS_REGISTERED, 15);
	if (login(w, 1, e) != 0 || in_one(w, enter_all, e) != 0 || messages_read(w, e) != 0 || login(w, 0, e) != 0 ||
	    in_one(w, fill_posts, e) != 0 || messages_read(w, e) != 0)
		return -1;
	clock_fix_ms(0);
	return as_gateway(w, e) != 0 || login(w, 0, e) != 0 || keep_registers(w, e) != 0 ? -1 : import_wages(w, e);
}

int practice_weeks_make(struct desk *d, const struct practice_weeks *of, struct err *e)
{
	struct weeks w = {.d = d, .of = of};
	int rc;

	clock_fix_ms(0);
	w.today = date_today();
	rc = make(&w, e);
	clock_fix_ms(0);
	return rc;
}
