/* SPDX-License-Identifier: GPL-3.0-or-later */
/* H2–H4, S7: the register of devices and their silence; who is on a device; what the gateway is told, and what it brings. */
#include "desk/device.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "desk/alarm.h"
#include "desk/attendance.h"
#include "desk/gateway.h"
#include "desk/photo.h"
#include "desk_site.h"
#include "domain/lifecycle.h"

#define CODE(call) ({ struct err e_ = {ERR_NONE}; (call) ? e_.code : ERR_NONE; })
#define DAY_MS 86400000LL
#define MAKER "MAKER00000000000000000000000000A"

struct yard {
	struct site s;
	struct desk *runner; /* as the gateway has it */
	struct device_caller device;
	int64_t device_id;
};

static int64_t on_site(struct site *s, unsigned n)
{
	char employment[UID_TEXT];
	int64_t p = person_register(s, n, NULL);

	person_employment(s, p, employment);
	change_arrives(s, "employment.consent", employment, APPLIED);
	site_login(s, "manager");
	person_act(s, p, EVENT_SUBMIT);
	person_act(s, p, EVENT_ENTER);
	site_login(s, "clerk");
	return p;
}

static int64_t add_device(struct site *s, const char *serial)
{
	struct device_row row;
	char uid[UID_TEXT];

	OK(desk_device_add(s->d, &(struct device_new){.serial = serial, .maker = MAKER, .place = "南门", .biometric = "face"}, uid, E));
	OK(desk_device_by_serial(s->d, serial, &row, E));
	assert_string_equal(row.uid, uid);
	return row.id;
}

static struct desk *runner_of(struct site *s)
{
	struct desk *d = site_open_another(s, "clerk");
	unsigned char key[DESK_KEY_BYTES];

	OK(desk_export_key(d, key, E));
	OK(desk_adopt_key(d, key, E));
	wipe(key, sizeof(key));
	return d;
}

static void yard_open(struct yard *y, const char *profile)
{
	site_make(&y->s, profile);
	site_login(&y->s, "clerk");
	y->device_id = add_device(&y->s, "KQ-0001");
	y->runner = runner_of(&y->s);
}

static void yard_close(struct yard *y)
{
	desk_close(y->runner);
	site_drop(&y->s);
}

static void log_in(struct yard *y)
{
	OK(desk_gateway_admit(y->runner, MAKER, "KQ-0001", &y->device, E));
	OK(desk_project_use(y->runner, y->device.project, E));
}

static void give_photo(struct yard *y, int64_t person, char mark, size_t bytes)
{
	char jpeg[60000] = "\xFF\xD8\xFF\xE0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xFF\xDA\0\2";

	assert_true(bytes <= sizeof(jpeg));
	jpeg[40] = mark;
	memcpy(jpeg + bytes - 2, "\xFF\xD9", 2);
	OK(desk_photo_set(y->s.d, person, PHOTO_FACE, jpeg, bytes, E));
}

/* --- the register ------------------------------------------------------------------------------------ */

static void what_is_taken(void **state)
{
	struct device_new bad_kind = {.serial = "A1", .kind = "robot"}, bad_maker = {.serial = "A1", .maker = "short"};
	struct device_row rows[4];
	struct site s;
	char uid[UID_TEXT];
	int64_t id;
	size_t n;

	(void)state;
	site_make(&s, "national");
	site_login(&s, "clerk");
	assert_int_equal(CODE(desk_device_add(s.d, &(struct device_new){.serial = ""}, uid, &e_)), ERR_DEVICE_SERIAL);
	assert_int_equal(CODE(desk_device_add(s.d, &(struct device_new){.serial = "含汉字"}, uid, &e_)), ERR_DEVICE_SERIAL);
	assert_int_equal(CODE(desk_device_add(s.d, &(struct device_new){.serial = "123456789012345678901234567890123"}, uid, &e_)), ERR_DEVICE_SERIAL);
	assert_int_equal(CODE(desk_device_add(s.d, &bad_kind, uid, &e_)), ERR_DEVICE_WORD);
	assert_int_equal(CODE(desk_device_add(s.d, &bad_maker, uid, &e_)), ERR_DEVICE_MAKER);
	id = add_device(&s, "KQ-0001");
	assert_int_equal(CODE(desk_device_add(s.d, &(struct device_new){.serial = "KQ-0001"}, uid, &e_)), ERR_DUPLICATE);
	add_device(&s, "KQ-0002");
	OK(desk_device_edit(s.d, id, &(struct device_new){.place = "北门", .way = "进场方向"}, E));
	assert_int_equal(CODE(desk_device_edit(s.d, id, &(struct device_new){.serial = "KQ-0002"}, &e_)), ERR_DUPLICATE);
	OK(desk_device_list(s.d, 0, rows, 4, &n, E));
	assert_int_equal(n, 2);
	assert_string_equal(rows[0].place, "北门");
	assert_string_equal(rows[0].way, "in");
	assert_string_equal(rows[0].maker, MAKER); /* what was not named stays */
	OK(desk_device_withdraw(s.d, id, E));
	assert_int_equal(CODE(desk_device_edit(s.d, id, &(struct device_new){.place = "x"}, &e_)), ERR_NO_SUCH);
	add_device(&s, "KQ-0001"); /* its serial number is free again */
	site_drop(&s);
}

static void who_may_keep_it(void **state)
{
	struct account_new operator= {.name = "gate", .password = "Menwei-2026", .roles = ROLE_SITE_OPERATOR, .kdf_mib = 8};
	struct site s;
	char uid[UID_TEXT];
	int64_t id;

	(void)state;
	site_make(&s, "national");
	site_login(&s, "clerk");
	id = add_device(&s, "KQ-0001");
	site_login(&s, "manager");
	OK(desk_account_add(s.d, &operator, E));
	OK(desk_login(s.d, "gate", "Menwei-2026", E));
	assert_int_equal(CODE(desk_device_add(s.d, &(struct device_new){.serial = "KQ-0002"}, uid, &e_)), ERR_NOT_PERMITTED);
	assert_int_equal(CODE(desk_device_edit(s.d, id, &(struct device_new){.place = "x"}, &e_)), ERR_NOT_PERMITTED);
	assert_int_equal(CODE(desk_device_allow(s.d, id, false, &e_)), ERR_NOT_PERMITTED);
	assert_int_equal(CODE(desk_device_withdraw(s.d, id, &e_)), ERR_NOT_PERMITTED);
	site_drop(&s);
}

/* The alarms say the same (desk/alarm.h). */
static bool alarmed(struct yard *y)
{
	const struct alarm_query q = {.most = 10};
	struct alarm_set set;
	bool any = false;

	OK(desk_alarms(y->s.d, &q, &set, E));
	for (size_t i = 0; i < set.n; i++)
		any |= set.row[i].kind == WATCH_DEVICE && set.row[i].standing == ALARM_STANDS && set.row[i].remedy == REMEDY_DEVICES;
	desk_alarms_free(&set);
	return any;
}

static size_t silent(struct yard *y, enum device_silence *first)
{
	struct device_row rows[4];
	size_t n;

	OK(desk_device_silent(y->s.d, NULL, rows, 4, &n, E));
	*first = n ? rows[0].silence : DEVICE_HEARD;
	return n;
}

/* H4: one day a warning, two a breach where the region says so; a word ends both; a clock set back raises nothing. */
static void silence(void **state)
{
	enum device_silence how;
	struct yard y;

	(void)state;
	yard_open(&y, "shanghai");
	log_in(&y);
	OK(desk_gateway_heard(y.runner, &(struct device_heard){y.device.id, now_ms}, 1, E));
	clock_add(DAY_MS - 1);
	assert_int_equal(silent(&y, &how), 0);
	assert_false(alarmed(&y));
	clock_add(1);
	assert_int_equal(silent(&y, &how), 1);
	assert_true(alarmed(&y));
	assert_int_equal(how, DEVICE_SILENT);
	clock_add(-30 * DAY_MS);
	assert_int_equal(silent(&y, &how), 0);
	clock_add(31 * DAY_MS);
	assert_int_equal(silent(&y, &how), 1);
	OK(desk_gateway_heard(y.runner, &(struct device_heard){y.device.id, now_ms}, 1, E));
	assert_int_equal(silent(&y, &how), 0);
	assert_false(alarmed(&y));
	clock_add(DAY_MS);
	OK(desk_device_allow(y.s.d, y.device_id, false, E)); /* nobody expects it to speak */
	assert_int_equal(silent(&y, &how), 0);
	yard_close(&y);
	assert_int_equal(device_silence_of(0, 2 * DAY_MS - 1, 2), DEVICE_SILENT);
	assert_int_equal(device_silence_of(0, 2 * DAY_MS, 2), DEVICE_BREACH);
	assert_int_equal(device_silence_of(0, 2 * DAY_MS, 0), DEVICE_SILENT); /* a region without the rule */
}

/* --- logging in -------------------------------------------------------------------------------------- */

static void who_is_admitted(void **state)
{
	struct device_caller c;
	struct yard y;

	(void)state;
	yard_open(&y, "national");
	log_in(&y);
	assert_int_equal(y.device.id, y.device_id);
	assert_int_equal(CODE(desk_gateway_admit(y.runner, MAKER, "KQ-0009", &c, &e_)), ERR_DEVICE_UNKNOWN);
	assert_int_equal(CODE(desk_gateway_admit(y.runner, "OTHER", "KQ-0001", &c, &e_)), ERR_DEVICE_UNKNOWN);
	assert_int_equal(CODE(desk_gateway_admit(y.s.d, MAKER, "KQ-0001", &c, &e_)), ERR_NOT_PERMITTED); /* an account is no gateway */
	OK(desk_device_allow(y.s.d, y.device_id, false, E));
	assert_int_equal(CODE(desk_gateway_admit(y.runner, MAKER, "KQ-0001", &c, &e_)), ERR_DEVICE_UNKNOWN);
	OK(desk_device_allow(y.s.d, y.device_id, true, E));
	OK(desk_device_withdraw(y.s.d, y.device_id, E));
	assert_int_equal(CODE(desk_gateway_admit(y.runner, MAKER, "KQ-0001", &c, &e_)), ERR_DEVICE_UNKNOWN);
	yard_close(&y);
	yard_open(&y, "jiangmen"); /* H2: there devices speak to the platform themselves */
	assert_int_equal(CODE(desk_gateway_admit(y.runner, MAKER, "KQ-0001", &c, &e_)), ERR_DEVICE_DIRECT);
	yard_close(&y);
}

/* --- who is on a device ------------------------------------------------------------------------------ */

static size_t listed(struct yard *y, struct gateway_person *first)
{
	struct gateway_person *rows;
	size_t n;

	OK(desk_gateway_list(y->runner, &y->device, 65535, &rows, &n, E));
	if (n)
		*first = rows[0];
	free(rows);
	return n;
}

static struct push_row push_of(struct yard *y, int64_t person)
{
	struct push_row row, by_device[4];
	struct push_cursor at;
	bool more;
	size_t n;

	OK(desk_push_of_person(y->s.d, person, 0, &row, 1, &n, E));
	if (!n)
		return (struct push_row){.state = PUSH_NONE};
	OK(desk_push_of_device(y->s.d, y->device_id, NULL, by_device, 4, &n, &at, &more, E));
	assert_int_equal(n, 1); /* both ways of looking say the same */
	assert_int_equal(by_device[0].state, row.state);
	assert_int_equal(by_device[0].told, row.told);
	assert_int_equal(by_device[0].person, person);
	return row;
}

static enum err_code fetch(struct yard *y, const char *number, struct gateway_features *out)
{
	struct err e = {ERR_NONE};
	struct buf photo;

	buf_init(&photo, 1 << 20);
	if (desk_gateway_features(y->runner, &y->device, number, out, &photo, &e) == 0)
		assert_int_equal(photo.len, out->who.photo_bytes);
	buf_wipe_release(&photo);
	return e.code;
}

/* H3: nobody before contract and registration; waiting, failed, done, waiting anew, withdrawn, told, and back again. */
static void a_push_lives(void **state)
{
	struct gateway_features f;
	struct gateway_person p;
	char number[19], employment[UID_TEXT];
	struct yard y;
	int64_t person;

	(void)state;
	yard_open(&y, "national");
	log_in(&y);
	person_number(1, number);
	person = person_register(&y.s, 1, NULL);
	assert_int_equal(listed(&y, &p), 0);
	assert_int_equal(fetch(&y, number, &f), ERR_NO_SUCH); /* S7: not on the list: nothing is told */
	assert_int_equal(push_of(&y, person).state, PUSH_NONE);
	person_employment(&y.s, person, employment);
	change_arrives(&y.s, "employment.consent", employment, APPLIED);
	site_login(&y.s, "manager");
	person_act(&y.s, person, EVENT_SUBMIT);
	assert_int_equal(listed(&y, &p), 0);
	person_act(&y.s, person, EVENT_ENTER);
	site_login(&y.s, "clerk");
	assert_int_equal(listed(&y, &p), 1);
	assert_string_equal(p.number, number);
	assert_int_equal(p.worker, person);
	assert_int_equal(push_of(&y, person).state, PUSH_WAITING);
	assert_int_equal(fetch(&y, number, &f), ERR_DEVICE_PHOTO);
	assert_int_equal(push_of(&y, person).state, PUSH_FAILED);
	assert_true(push_of(&y, person).why[0]);
	give_photo(&y, person, 'a', 900);
	assert_int_equal(push_of(&y, person).state, PUSH_WAITING);
	assert_int_equal(fetch(&y, number, &f), ERR_NONE);
	assert_int_equal(f.who.worker, person);
	assert_int_equal(push_of(&y, person).state, PUSH_DONE);
	give_photo(&y, person, 'b', 901);
	assert_int_equal(push_of(&y, person).state, PUSH_WAITING);
	assert_int_equal(fetch(&y, number, &f), ERR_NONE);
	site_login(&y.s, "manager");
	person_act(&y.s, person, EVENT_EXIT);
	site_login(&y.s, "clerk");
	assert_int_equal(push_of(&y, person).state, PUSH_WITHDRAWN); /* at once, whatever the device does */
	assert_false(push_of(&y, person).told);
	assert_int_equal(fetch(&y, number, &f), ERR_NO_SUCH);
	assert_int_equal(listed(&y, &p), 0);
	assert_true(push_of(&y, person).told);
	yard_close(&y);
}

/* --- punches ----------------------------------------------------------------------------------------- */

static enum punched punch(struct yard *y, uint32_t worker, int64_t at_ms, const struct gateway_punch *like)
{
	struct gateway_punch p = like ? *like : (struct gateway_punch){.mode = GATEWAY_FACE};
	enum punched out;
	char words[200] = "";

	p.worker = worker;
	p.at_ms = at_ms;
	OK(desk_gateway_punch(y->runner, &y->device, &p, &out, words, sizeof(words), E));
	assert_int_equal(out == PUNCH_REFUSED, words[0] != '\0');
	return out;
}

static size_t clockings(struct yard *y, struct clock_row *first)
{
	struct clock_row rows[16];
	size_t n;

	OK(desk_clock_list(y->s.d, 0, NULL, rows, 16, &n, E));
	if (n)
		*first = rows[0];
	return n;
}

static void punches(void **state)
{
	static const char picture[52000] = "\xFF\xD8\xFF\xE0";
	struct gateway_punch by_card = {.mode = 2}, large = {.mode = GATEWAY_FACE, .picture = picture, .picture_bytes = GATEWAY_PICTURE_MAX + 1},
			     no_jpeg = {.mode = GATEWAY_FACE, .picture = "GIF89a....", .picture_bytes = 10},
			     fine = {.mode = GATEWAY_FACE, .picture = picture, .picture_bytes = 10000};
	struct clock_row row;
	struct yard y;
	int64_t person, hour = 3600000;

	(void)state;
	yard_open(&y, "national");
	log_in(&y);
	OK(desk_device_edit(y.s.d, y.device_id, &(struct device_new){.way = "out"}, E));
	person = on_site(&y.s, 1);
	clock_add(2 * hour);
	assert_int_equal(punch(&y, (uint32_t)person, now_ms, &by_card), PUNCH_REFUSED);
	assert_int_equal(punch(&y, (uint32_t)person, now_ms, &large), PUNCH_REFUSED);
	assert_int_equal(punch(&y, (uint32_t)person, now_ms, &no_jpeg), PUNCH_REFUSED);
	assert_int_equal(punch(&y, (uint32_t)person, now_ms + hour, NULL), PUNCH_REFUSED);
	assert_int_equal(punch(&y, 4000000000u, now_ms, NULL), PUNCH_REFUSED);
	assert_int_equal(clockings(&y, &row), 0);
	assert_int_equal(punch(&y, (uint32_t)person, now_ms, &fine), PUNCHED);
	assert_int_equal(punch(&y, (uint32_t)person, now_ms, &fine), PUNCHED_AGAIN);
	assert_int_equal(punch(&y, (uint32_t)person, now_ms - hour, NULL), PUNCHED); /* kept by the device while there was no network */
	assert_int_equal(clockings(&y, &row), 2);
	assert_int_equal(row.means, CLOCK_FACE);
	assert_int_equal(row.source, CLOCK_BY_DEVICE);
	assert_int_equal(row.way, CLOCK_OUT);
	assert_string_equal(row.device, "KQ-0001");
	assert_true(row.picture);
	clock_add(DAY_MS);
	site_login(&y.s, "manager");
	person_act(&y.s, person, EVENT_EXIT);
	clock_add(3 * DAY_MS);
	assert_int_equal(punch(&y, (uint32_t)person, now_ms - 3 * DAY_MS - hour, NULL), PUNCHED); /* made while he was on site */
	assert_int_equal(punch(&y, (uint32_t)person, now_ms, NULL), PUNCH_REFUSED);
	yard_close(&y);
}

/* --- collected persons ------------------------------------------------------------------------------- */

static void collect(struct yard *y, unsigned n, const void *photo, size_t bytes)
{
	char number[19];
	struct record r;

	person_number(n, number);
	record_init(&r);
	record_set(&r, F_DOC_TYPE, "01", ORIGIN_STORED);
	record_set(&r, F_NUMBER, number, ORIGIN_STORED);
	record_set(&r, F_NAME, "试采集", ORIGIN_STORED);
	OK(desk_gateway_collected(y->runner, &y->device, &r, photo, bytes, E));
	record_release(&r);
}

static void collected(void **state)
{
	char jpeg[64] = "\xFF\xD8\xFF\xE0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xFF\xDA\0\2";
	struct collected_row rows[4];
	struct roster_page page = {.cap = 4};
	struct roster_row people[4];
	struct photo photo;
	struct yard y;
	struct record r;
	int64_t person;
	size_t n;

	(void)state;
	memcpy(jpeg + 62, "\xFF\xD9", 2);
	page.row = people;
	yard_open(&y, "national");
	log_in(&y);
	collect(&y, 1, jpeg, 64);
	collect(&y, 1, jpeg, 64); /* repeated: one row */
	collect(&y, 2, NULL, 0);
	OK(desk_collected_list(y.s.d, 0, rows, 4, &n, E));
	assert_int_equal(n, 2);
	assert_string_equal(rows[0].name, "试采集");
	assert_true(rows[0].photo && !rows[0].person);
	OK(desk_roster(y.s.d, &(struct roster_query){.filter = ROSTER_ALL}, &page, E));
	assert_int_equal(page.n, 0); /* nobody is registered by a device */
	record_init(&r);
	OK(desk_collected_open(y.s.d, rows[0].id, &r, E));
	assert_string_equal(record_get(&r, F_NAME), "试采集");
	record_release(&r);
	person = person_register(&y.s, 1, NULL);
	OK(desk_collected_list(y.s.d, 0, rows, 4, &n, E));
	assert_int_equal(rows[0].person, person);
	OK(desk_collected_take(y.s.d, rows[0].id, person, E));
	OK(desk_photo_info(y.s.d, person, PHOTO_FACE, &photo, E));
	assert_true(photo.fact != 0);
	assert_int_equal(CODE(desk_collected_take(y.s.d, rows[0].id, person, &e_)), ERR_NO_SUCH);
	OK(desk_collected_drop(y.s.d, rows[1].id, E));
	OK(desk_collected_list(y.s.d, 0, rows, 4, &n, E));
	assert_int_equal(n, 0);
	yard_close(&y);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_taken), cmocka_unit_test(who_may_keep_it), cmocka_unit_test(silence),	 cmocka_unit_test(who_is_admitted),
		cmocka_unit_test(a_push_lives),	 cmocka_unit_test(punches),	    cmocka_unit_test(collected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
