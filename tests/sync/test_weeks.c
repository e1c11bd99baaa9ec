/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the weeks after entry send (F1, F6): bodies as the desk really makes them, held against the contract; and how small a thousand clockings
 * are on the line (P4). */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <poll.h>
#include <zlib.h>

#include "contract.h"
#include "desk/attendance.h"
#include "desk/desk_site.h"
#include "desk/device.h"
#include "desk/dossier.h"
#include "sync/native.h"

#define DAY 86400000LL

static struct site s;

static void runner(void)
{
	unsigned char key[DESK_KEY_BYTES];

	OK(desk_export_key(s.d, key, E));
	OK(desk_adopt_key(s.d, key, E));
	OK(desk_project_use(s.d, 1, E));
}

static void pay(void)
{
	char csv[400], number[19];

	person_number(1, number);
	snprintf(csv, sizeof(csv),
		 "姓名,证件号码,应发金额,实发金额,发放日期,开户行,银行卡号,银行流水号,考勤天数\n王试工,%s,6500,6000.5,2026-11-20,建设银行,622202000000000001,20261120001,20\n",
		 number);
	assert_int_equal(site_sheet(&s, "wages", csv), 1);
}

static size_t zipped(const struct buf *from)
{
	uLongf n = compressBound(from->len);
	unsigned char *to = malloc(n);

	assert_non_null(to);
	assert_int_equal(compress2(to, &n, (const unsigned char *)from->data, from->len, 6), Z_OK);
	free(to);
	return n;
}

/* Takes everything in batches of the runner's size, each held against the contract; *bytes: of those with clockings, packed. */
static size_t send_all(size_t *bytes)
{
	struct contract *c = contract_open(OPENAPI);
	char why[CONTRACT_WHY];
	struct batch b;
	struct box box;
	struct buf out;
	int64_t next;
	size_t clockings = 0;

	*bytes = 0;
	OK(desk_box(s.d, &box, E));
	do {
		struct answer answers[500];
		size_t here = 0;

		OK(desk_take_batch(s.d, 500, 1u << 20, &b, &next, E));
		if (!b.n)
			break;
		buf_init(&out, 4u << 20);
		OK(native_request(&box, b.item, b.n, &out, E));
		if (!contract_request(c, "POST", NATIVE_OPERATIONS, out.data, out.len, why))
			fail_msg("%s", why);
		for (size_t i = 0; i < b.n; i++) {
			answers[i] = (struct answer){.op = b.item[i].op, .kind = ANSWER_ACCEPTED};
			here += !strcmp(b.item[i].kind, "attendance.clock");
		}
		if (here == b.n)
			*bytes += zipped(&out);
		clockings += here == b.n ? here : 0;
		OK(desk_take_answers(s.d, answers, b.n, E));
		buf_wipe_release(&out);
		desk_release_batch(&b);
	} while (true);
	contract_close(c);
	return clockings;
}

static void bodies_keep_the_contract(void **state)
{
	struct clocking k = {.means = CLOCK_FACE, .source = CLOCK_BY_DEVICE, .device = "SN-0001"};
	int64_t person[25];
	struct clocked out;
	struct verdict v;
	char device[UID_TEXT];
	size_t bytes, n;

	(void)state;
	for (unsigned i = 0; i < 25; i++)
		person[i] = person_on_site(&s, i + 1);
	pay();
	OK(desk_training_add(s.d, &(struct training_new){.kind = "special", .on = date_of_ms(now_ms), .hours = 4, .persons = person, .n = 3}, E));
	OK(desk_device_add(s.d, &(struct device_new){.serial = "SN-0001", .place = "一号门", .way = "in"}, device, E));
	site_send_all(&s);
	send_all(&bytes);
	clock_add(21 * DAY);
	runner();
	for (int day = 0; day < 20; day++)
		for (size_t i = 0; i < 25; i++)
			for (int half = 0; half < 2; half++) {
				k.person = person[i];
				k.way = half ? CLOCK_OUT : CLOCK_IN;
				k.at_ms = now_ms - (20 - day) * DAY + (half * 9 * 3600 + (int64_t)i * 37 + day * 11) * 1000 - 6 * 3600000LL;
				OK(desk_clock(s.d, &k, &v, &out, E));
				assert_true(v.can);
			}
	site_login(&s, "clerk");
	site_send_all(&s);
	n = send_all(&bytes);
	assert_int_equal(n, 1000);
	print_message("1,000 clockings: %zu bytes packed\n", bytes);
	assert_true(bytes <= 60000); /* P4 */
}

static int opened(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	setenv("SHIMING_LIBEXEC", BIN_DIR, 1);
	site_make(&s, "shanghai");
	return 0;
}

static int closed(void **state)
{
	(void)state;
	site_drop(&s);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(bodies_keep_the_contract, opened, closed)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
