/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames and messages of the device protocol (JM-3): the printed examples in both directions, what the annex
 * leaves open, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/json.h"
#include "base/text.h"
#include "device/message.h"

static const unsigned char session[DEVICE_SESSION] = {0x0f, 0x1e, 0x2d, 0x3c, 0x4b, 0x5a, 0x69, 0x78,
						      0x87, 0x96, 0xa5, 0xb4, 0xc3, 0xd2, 0xe1, 0xf0};
static const struct device_manner annex = {0};
#define MAKER "TESTVENDOR0000000000000000000001"
#define DEVICE "TESTDEVICE0000000000000000000001"
#define PUNCHED 1795163405000 /* 2026-11-20 16:30:05 in China */

static cJSON *doc;

static int load(void **state)
{
	struct buf text;
	struct err e = {0};

	(void)state;
	buf_init(&text, 1u << 16);
	assert_int_equal(io_read_file(TEST_DATA "/device/packets.json", 1u << 16, &text, &e), 0);
	assert_int_equal(json_parse(&doc, text.data, text.len, 1u << 16, &e), 0);
	buf_release(&text);
	return 0;
}

static int unload(void **state)
{
	(void)state;
	cJSON_Delete(doc);
	return 0;
}

static void packet(const char *name, struct buf *out)
{
	const char *hex = json_string(json_get(doc, "packets"), name);

	assert_non_null(hex);
	buf_init(out, 1u << 16);
	for (; *hex; hex += hex[2] ? 3 : 2) {
		unsigned char b = (unsigned char)strtoul((char[]){hex[0], hex[1], '\0'}, NULL, 16);

		buf_add(out, &b, 1);
	}
}

static struct device_frame frame_of(const struct device_manner *m, const struct buf *b, bool sum)
{
	struct device_frame f;
	struct err e = {0};
	bool by_frame;
	size_t used;

	assert_int_equal(device_frame_read(m, b->data, b->len, &f, &used, &e), DEVICE_WHOLE);
	assert_int_equal(used, b->len);
	assert_memory_equal(f.session, session, sizeof(session));
	if (sum) {
		assert_true(device_frame_sum(&f, &by_frame));
		assert_int_equal(by_frame, m->xor_frame);
	}
	return f;
}

static void frame_out(const struct device_manner *m, uint16_t command, const struct buf *content, bool sum,
		      struct buf *out)
{
	struct device_frame f = {
		.command = command, .content = (const unsigned char *)content->data, .n = content->len};
	struct err e = {0};

	memcpy(f.session, session, sizeof(session));
	buf_init(out, 1u << 20);
	assert_int_equal(device_frame_write(m, &f, sum, out, &e), 0);
}

static void assert_packet(const char *name, uint16_t command, const struct buf *content, bool sum)
{
	struct buf want, made;

	packet(name, &want);
	frame_out(&annex, command, content, sum, &made);
	assert_int_equal(made.len, want.len);
	assert_memory_equal(made.data, want.data, want.len);
	buf_release(&want);
	buf_release(&made);
}

static struct device_person somebody(void)
{
	struct device_person p = {.number = "110101199003070011",
				  .name = "测试甲",
				  .sex = DEVICE_MALE,
				  .nation = 14,
				  .address = "北京市东城区测试路1号",
				  .authority = "北京市公安局东城分局"};

	date_parse("1990-03-07", &p.birth);
	date_parse("2017-04-09", &p.valid_from);
	date_parse("2037-04-09", &p.valid_to);
	return p;
}

/* --- the examples ------------------------------------------------------------------------------------ */

static void device__login(void **state)
{
	struct device_login l = {MAKER, DEVICE}, got;
	struct device_frame f;
	struct buf content, b;
	struct err e = {0};

	(void)state;
	buf_init(&content, 4096);
	device_login_write(&annex, &l, &content);
	assert_packet("login", DEVICE_LOGIN, &content, true);
	packet("login", &b);
	f = frame_of(&annex, &b, true);
	assert_int_equal(f.command, DEVICE_LOGIN);
	assert_int_equal(device_login_read(&annex, &f, &got, &e), 0);
	assert_string_equal(got.maker, MAKER);
	assert_string_equal(got.device, DEVICE);
	buf_release(&b);
	packet("login_reply", &b);
	f = frame_of(&annex, &b, false);
	assert_int_equal(f.flag, 0);
	assert_int_equal(f.n, 0);
	buf_release(&b);
	buf_release(&content);
}

static void device__heartbeat(void **state)
{
	struct buf none = {0}, b;

	(void)state;
	assert_packet("heartbeat", DEVICE_HEARTBEAT, &none, false);
	packet("heartbeat", &b);
	assert_int_equal(frame_of(&annex, &b, false).command, DEVICE_HEARTBEAT);
	buf_release(&b);
}

static void device__collected_person(void **state)
{
	struct device_person p = somebody(), got;
	struct device_frame f;
	char reason[DEVICE_REASON];
	struct buf content, b;
	struct err e = {0};
	bool ok;

	(void)state;
	buf_init(&content, 4096);
	device_person_write(&annex, &p, &content);
	assert_packet("collect", DEVICE_COLLECT, &content, true);
	packet("collect", &b);
	f = frame_of(&annex, &b, true);
	assert_int_equal(device_person_read(&annex, &f, &got, &e), 0);
	assert_string_equal(got.number, p.number);
	assert_string_equal(got.name, p.name);
	assert_int_equal(got.sex, p.sex);
	assert_int_equal(got.nation, p.nation);
	assert_int_equal(got.birth, p.birth);
	assert_string_equal(got.address, p.address);
	assert_string_equal(got.authority, p.authority);
	assert_int_equal(got.valid_from, p.valid_from);
	assert_int_equal(got.valid_to, p.valid_to);
	assert_false(got.manual);
	buf_release(&b);
	buf_reset(&content);
	device_person_reply_write(&annex, true, "", &content);
	assert_packet("collect_reply", DEVICE_COLLECT, &content, true);
	packet("collect_reply", &b);
	f = frame_of(&annex, &b, true);
	device_person_reply_read(&annex, &f, &ok, reason);
	assert_true(ok);
	buf_release(&b);
	buf_release(&content);
}

static void device__punch(void **state)
{
	struct device_punch p = {.worker = 10001, .at_ms = PUNCHED, .mode = DEVICE_FACE}, got;
	struct device_frame f;
	struct buf content, b;
	struct err e = {0};

	(void)state;
	buf_init(&content, 4096);
	device_punch_write(&annex, &p, &content);
	assert_packet("punch", DEVICE_PUNCH, &content, true);
	packet("punch", &b);
	f = frame_of(&annex, &b, true);
	assert_int_equal(device_punch_read(&annex, &f, &got, &e), 0);
	assert_int_equal(got.worker, 10001);
	assert_true(got.at_ms == PUNCHED);
	assert_int_equal(got.mode, DEVICE_FACE);
	buf_release(&b);
	buf_release(&content);
}

static void device__whitelist_question(void **state)
{
	struct device_frame f;
	struct buf content, b;
	struct err e = {0};
	uint16_t people;
	uint32_t sum;

	(void)state;
	buf_init(&content, 64);
	device_list_ask_write(0, 0, &content);
	assert_packet("whitelist_ask", DEVICE_WHITELIST, &content, true);
	packet("whitelist_ask", &b);
	f = frame_of(&annex, &b, true);
	assert_int_equal(device_list_ask_read(&f, &people, &sum, &e), 0);
	assert_int_equal(people, 0);
	buf_release(&b);
	buf_release(&content);
}

/* --- framing ----------------------------------------------------------------------------------------- */

/* Cut anywhere, a frame is waited for; two in one read are two. */
static void device__frames_come_in_pieces(void **state)
{
	struct device_frame f;
	struct err e = {0};
	struct buf b, second;
	size_t used;

	(void)state;
	packet("collect", &b);
	packet("login", &second);
	for (size_t n = 0; n < b.len; n++)
		assert_int_equal(device_frame_read(&annex, b.data, n, &f, &used, &e), DEVICE_MORE);
	buf_add(&b, second.data, second.len / 2);
	buf_release(&second);
	assert_int_equal(device_frame_read(&annex, b.data, b.len, &f, &used, &e), DEVICE_WHOLE);
	assert_int_equal(device_frame_read(&annex, b.data + used, b.len - used, &f, &used, &e), DEVICE_MORE);
	buf_release(&b);
}

static void device__broken_frames_end_the_connection(void **state)
{
	static const struct {
		size_t at;
		unsigned char value;
	} wrong[] = {{0, 0x02}, {4, 0x7f}, {13, 0x02}, {98, 0x00}, {1, 0x40}};
	struct device_frame f;
	struct err e = {0};
	struct buf b;
	size_t used;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		packet("login", &b);
		b.data[wrong[i].at] = (char)wrong[i].value;
		assert_int_equal(device_frame_read(&annex, b.data, b.len, &f, &used, &e), DEVICE_BROKEN);
		assert_int_equal(e.code, ERR_NET_ANSWER);
		buf_release(&b);
	}
}

static void device__checksum_by_either_reading(void **state)
{
	struct device_manner by_frame = {.xor_frame = true};
	struct device_login l = {MAKER, DEVICE};
	struct device_frame f;
	struct buf content, b;
	size_t used;
	bool which;

	(void)state;
	buf_init(&content, 256);
	device_login_write(&by_frame, &l, &content);
	frame_out(&by_frame, DEVICE_LOGIN, &content, true, &b);
	assert_int_equal((unsigned char)b.data[96], 0x15); /* as computed for this reading */
	assert_int_equal(device_frame_read(&annex, b.data, b.len, &f, &used, NULL), DEVICE_WHOLE);
	assert_true(device_frame_sum(&f, &which));
	assert_true(which);
	b.data[40] ^= 1;
	assert_int_equal(device_frame_read(&annex, b.data, b.len, &f, &used, NULL), DEVICE_WHOLE);
	assert_false(device_frame_sum(&f, &which));
	buf_release(&b);
	buf_release(&content);
	packet("collect", &b); /* the other example whose sum over the frame is printed */
	assert_int_equal(device_frame_read(&annex, b.data, b.len, &f, &used, NULL), DEVICE_WHOLE);
	buf_init(&content, 1024);
	buf_add(&content, f.content, f.n - 1);
	buf_release(&b);
	frame_out(&by_frame, DEVICE_COLLECT, &content, true, &b);
	assert_int_equal((unsigned char)b.data[b.len - 3], 0x67);
	buf_release(&b);
	buf_release(&content);
}

/* --- what the annex leaves open ---------------------------------------------------------------------- */

static struct device_person there_and_back(const struct device_manner *m, const struct device_person *p)
{
	struct device_person got;
	struct device_frame f;
	struct buf content, b;
	struct err e = {0};

	buf_init(&content, 1u << 16);
	device_person_write(m, p, &content);
	frame_out(m, DEVICE_COLLECT, &content, true, &b);
	f = frame_of(m, &b, true);
	assert_int_equal(device_person_read(m, &f, &got, &e), 0);
	got.card = got.collected = (struct device_photo){0}; /* they borrow from what goes now */
	buf_release(&b);
	buf_release(&content);
	return got;
}

static void device__every_manner_is_read_back(void **state)
{
	static const struct device_manner manners[] = {
		{.pad = ' '},
		{.text = DEVICE_GB18030},
		{.text = DEVICE_UTF16LE},
		{.nation_digits = 1},
		{.nation_digits = 4},
		{.validity = DEVICE_VALIDITY_PRINT},
		{.validity = DEVICE_VALIDITY_ISO},
		{.xor_frame = true, .recollect = 1},
	};
	struct device_person p = somebody(), got;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(manners); i++) {
		got = there_and_back(&manners[i], &p);
		assert_string_equal(got.name, p.name);
		assert_string_equal(got.address, p.address);
		assert_int_equal(got.nation, 14);
		assert_int_equal(got.sex, DEVICE_MALE);
		assert_int_equal(got.valid_from, p.valid_from);
		assert_int_equal(got.valid_to, p.valid_to);
	}
	p.valid_to = DATE_LONG_TERM;
	p.sex = DEVICE_FEMALE;
	for (size_t i = 0; i < ARRAY_LEN(manners); i++) {
		got = there_and_back(&manners[i], &p);
		assert_int_equal(got.valid_to, DATE_LONG_TERM);
		assert_int_equal(got.sex, DEVICE_FEMALE);
	}
}

static void device__names_are_cut_between_characters(void **state)
{
	static const struct {
		const char *name, *got;
	} names[] = {
		{"阿卜杜热合曼·阿卜杜热西提", "阿卜杜热合曼·阿卜杜"}, /* 29 bytes and one of padding */
		{"一二三四五六七八九十", "一二三四五六七八九十"},
		{"一二三四五六七八九十百", "一二三四五六七八九十"},
		{"𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷", "𠮷𠮷𠮷𠮷𠮷𠮷𠮷"},
	};
	struct device_person p = somebody(), got;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		text_copy(p.name, sizeof(p.name), names[i].name);
		got = there_and_back(&annex, &p);
		assert_string_equal(got.name, names[i].got);
	}
}

static void device__reads_gb18030_that_nobody_announced(void **state)
{
	static const struct device_manner gb = {.text = DEVICE_GB18030};
	struct device_person p = somebody(), got;
	struct device_frame f;
	struct buf content, b;
	struct err e = {0};

	(void)state;
	buf_init(&content, 4096);
	device_person_write(&gb, &p, &content);
	frame_out(&annex, DEVICE_COLLECT, &content, true, &b);
	f = frame_of(&annex, &b, true);
	assert_int_equal(device_person_read(&annex, &f, &got, &e), 0);
	assert_string_equal(got.name, p.name);
	buf_release(&b);
	buf_release(&content);
}

static void device__year_of_a_punch(void **state)
{
	static const struct device_manner le = {.year_le = true};
	struct device_punch p = {.worker = 1, .at_ms = PUNCHED, .mode = DEVICE_FACE}, got;
	struct device_frame f;
	struct buf content, b;
	struct err e = {0};

	(void)state;
	buf_init(&content, 64);
	device_punch_write(&le, &p, &content);
	assert_memory_equal(content.data + 4, "\x26\x20\x11\x20\x16\x30\x05", 7);
	frame_out(&le, DEVICE_PUNCH, &content, true, &b);
	f = frame_of(&le, &b, true);
	assert_int_equal(device_punch_read(&le, &f, &got, &e), 0);
	assert_true(got.at_ms == PUNCHED);
	assert_int_equal(device_punch_read(&annex, &f, &got, &e),
			 0); /* 2620: a year too, only the wrong one */
	assert_false(got.at_ms == PUNCHED);
	buf_release(&b);
	buf_release(&content);
}

static void device__no_time_no_punch(void **state)
{
	static const char *const bad[] = {"\x20\x26\x13\x20\x16\x30\x05", "\x20\x26\x11\x31\x16\x30\x05",
					  "\x20\x26\x11\x20\x24\x30\x05", "\x20\x26\x11\x20\x16\x60\x05",
					  "\x20\x26\x1a\x20\x16\x30\x05"};
	struct device_punch got;
	struct err e = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		unsigned char c[16] = {1, 0, 0, 0};
		struct device_frame f = {.command = DEVICE_PUNCH, .content = c, .n = sizeof(c)};

		memcpy(c + 4, bad[i], 7);
		c[11] = DEVICE_FACE;
		assert_int_equal(device_punch_read(&annex, &f, &got, &e), -1);
	}
}

/* --- whitelist --------------------------------------------------------------------------------------- */

static int list_there_and_back(const struct device_manner *to, const struct device_manner *from, size_t n,
			       bool photos, struct device_list *got)
{
	static unsigned char picture[7] = {0xff, 0xd8, 0x01, 0x02, 0x03, 0xff, 0xd9};
	struct device_list l = {.project = 7, .title = "云溪花园一期", .n = n};
	struct device_frame f;
	struct buf content, b;
	struct err e = {0};
	int last;

	l.item = calloc(n + 1, sizeof(*l.item));
	for (size_t i = 0; i < n; i++) {
		l.item[i].worker = (uint32_t)(1000 + i);
		text_copy(l.item[i].name, sizeof(l.item[i].name), "欧阳明月");
		text_format(l.item[i].number, sizeof(l.item[i].number), "440499199%09zu", i);
		l.item[i].photo_bytes = sizeof(picture);
		if (photos)
			l.item[i].photo = (struct device_photo){picture, sizeof(picture)};
	}
	buf_init(&content, 16u << 20);
	device_list_write(to, &l, &content);
	buf_init(&b, 16u << 20);
	f = (struct device_frame){.command = DEVICE_WHITELIST,
				  .content = (const unsigned char *)content.data,
				  .n = content.len};
	last = device_list_read(from, &f, got, &e);
	for (size_t i = 0; !last && i < got->n; i++)
		got->item[i].photo = (struct device_photo){0};
	device_list_release(&l);
	buf_release(&content);
	buf_release(&b);
	return last;
}

static void device__whitelists_of_any_size(void **state)
{
	static const size_t sizes[] = {0, 1, 2, 65535};
	struct device_list got;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		assert_int_equal(list_there_and_back(&annex, &annex, sizes[i], false, &got), 0);
		assert_int_equal(got.n, sizes[i]);
		assert_string_equal(got.title, "云溪花园一期");
		if (got.n) {
			assert_string_equal(got.item[0].name, "欧阳明"); /* ten bytes: three characters */
			assert_int_equal(got.item[got.n - 1].worker, 1000 + sizes[i] - 1);
		}
		device_list_release(&got);
	}
	assert_int_equal(list_there_and_back(&annex, &annex, 65536, false, &got), -1);
}

static void device__whitelists_with_photographs(void **state)
{
	static const struct device_manner after = {.list_photos = DEVICE_PHOTOS_AFTER},
					  none = {.list_photos = DEVICE_PHOTOS_NONE};
	struct device_list got;

	(void)state;
	assert_int_equal(list_there_and_back(&after, &annex, 3, true, &got), 0); /* found out */
	assert_int_equal(got.n, 3);
	device_list_release(&got);
	assert_int_equal(list_there_and_back(&after, &none, 3, true, &got), -1);
	assert_int_equal(list_there_and_back(&annex, &after, 3, false, &got), -1);
}

/* --- features ---------------------------------------------------------------------------------------- */

static void device__features_there_and_back(void **state)
{
	static const struct device_manner as_bcd = {.nation_bcd = true};
	static const unsigned char jpeg[] = {0xff, 0xd8, 0xff, 0xd9};
	const struct device_manner *manners[] = {&annex, &as_bcd};
	char device[DEVICE_CODE], number[DEVICE_NUMBER];
	struct device_features x = {.worker = 10001, .person = somebody()}, got;
	struct device_frame f = {.command = DEVICE_FEATURES};
	struct buf content;
	struct err e = {0};

	(void)state;
	x.person.collected = (struct device_photo){jpeg, sizeof(jpeg)};
	buf_init(&content, 4096);
	for (size_t i = 0; i < ARRAY_LEN(manners); i++) {
		buf_reset(&content);
		device_features_write(manners[i], &x, &content);
		assert_int_equal(content.len, 347 + sizeof(jpeg)); /* 348 + GL + PL + HL, less the checksum */
		f.content = (const unsigned char *)content.data;
		f.n = content.len;
		assert_int_equal(device_features_read(manners[i], &f, &got, &e), 0);
		assert_int_equal(got.worker, 10001);
		assert_int_equal(got.person.nation, 14);
		assert_string_equal(got.person.name, x.person.name);
		assert_int_equal(got.person.collected.n, sizeof(jpeg));
		assert_int_equal(got.infrared.n, 0);
	}
	buf_reset(&content);
	device_features_ask_write(&annex, DEVICE, "440499199001011236", &content);
	f.content = (const unsigned char *)content.data;
	f.n = content.len;
	assert_int_equal(device_features_ask_read(&annex, &f, device, number, &e), 0);
	assert_string_equal(device, DEVICE);
	assert_string_equal(number, "440499199001011236");
	buf_release(&content);
}

/* One byte too few or too many anywhere is no message. */
static void device__lengths_must_agree(void **state)
{
	static unsigned char zeros[600];
	struct device_frame f = {.content = zeros};
	struct device_features x;
	struct device_person p;
	struct device_login l;
	struct err e = {0};

	(void)state;
	for (size_t n = 0; n < sizeof(zeros); n++) {
		f.n = n;
		assert_int_equal(device_login_read(&annex, &f, &l, &e), n == 64 ? 0 : -1);
		assert_int_equal(device_person_read(&annex, &f, &p, &e), n == 448 ? 0 : -1);
		assert_int_equal(device_features_read(&annex, &f, &x, &e), n == 347 ? 0 : -1);
	}
}

static void device__failures_are_words(void **state)
{
	static const char said[] = "设备未登记\x01\xe5\x8c";
	struct device_frame f = {.command = DEVICE_LOGIN,
				 .flag = 1,
				 .content = (const unsigned char *)said,
				 .n = sizeof(said) - 1};
	char words[64], reason[DEVICE_REASON];
	bool ok;

	(void)state;
	device_frame_words(&f, words, sizeof(words));
	assert_string_equal(words, "设备未登记");
	device_person_reply_read(&annex, &f, &ok, reason);
	assert_false(ok);
	assert_string_equal(reason, "设备未登记");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(device__login),
		cmocka_unit_test(device__heartbeat),
		cmocka_unit_test(device__collected_person),
		cmocka_unit_test(device__punch),
		cmocka_unit_test(device__whitelist_question),
		cmocka_unit_test(device__frames_come_in_pieces),
		cmocka_unit_test(device__broken_frames_end_the_connection),
		cmocka_unit_test(device__checksum_by_either_reading),
		cmocka_unit_test(device__every_manner_is_read_back),
		cmocka_unit_test(device__names_are_cut_between_characters),
		cmocka_unit_test(device__reads_gb18030_that_nobody_announced),
		cmocka_unit_test(device__year_of_a_punch),
		cmocka_unit_test(device__no_time_no_punch),
		cmocka_unit_test(device__whitelists_of_any_size),
		cmocka_unit_test(device__whitelists_with_photographs),
		cmocka_unit_test(device__features_there_and_back),
		cmocka_unit_test(device__lengths_must_agree),
		cmocka_unit_test(device__failures_are_words),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
